//! The house that a book of crates is: one name, one chapter, in four places; arrows that point
//! backwards; and a measure for everything that grows.

use crate::measure::{lines_of_code, minutes, public_items, test_modules, words};
use crate::page::{Page, Place};
use crate::problem::{Fault, Problems};
use crate::settings::Rules;
use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const NO_RULES: &str = "book.toml has no [preprocessor.press.chapters]";

/// Checks the chapters of a book against the rules of its `book.toml`, given its folder.
///
/// # Errors
///
/// Every breach of the rules; a `book.toml` without rules; whatever mdBook refuses to load.
pub fn check_chapters(book: &Path) -> Result<()> {
    let mdbook = MDBook::load(book)?;
    let place = Place::of(&mdbook.root, &mdbook.config)?;
    let pages = Page::all(&mdbook.book, &place);
    let rules = place.settings.chapters.as_ref().context(NO_RULES)?;
    let mut house = House {
        chapters: pages.iter().filter_map(chapter).collect(),
        place: &place,
        rules,
        ceilings: rules.ceilings.clone(),
        problems: Problems::default(),
    };
    for (i, (name, page)) in house.chapters.clone().into_iter().enumerate() {
        house.parts(name)?;
        house.entries(name)?;
        if house.has(&crate_of(name).join("Cargo.toml")) {
            house.arrows(i, name)?;
            house.code(name)?;
        }
        house.measure(&page.file, "words of prose", words(&page.text, &place), rules.words);
        let (count, most) =
            (minutes(&page.text, &place), rules.minutes.unwrap_or(usize::MAX));
        if count > most {
            house.problems.add(
                &page.file,
                1,
                Fault::OverLimit { what: "minutes", count, most },
            );
        }
    }
    house.strays(&pages)?;
    Ok(house.problems.into_result()?)
}

/// A numbered page and its name.
fn chapter(page: &Page) -> Option<(&str, &Page)> {
    page.number.as_ref().and(Some((page.path.file_stem()?.to_str()?, page)))
}

fn crate_of(chapter: &str) -> PathBuf {
    Path::new("crates").join(chapter)
}

/// Where the example or the test of a chapter may stand.
fn homes(kind: &str, chapter: &str) -> [PathBuf; 2] {
    let file = Path::new(kind).join(chapter).with_extension("rs");
    [file.clone(), crate_of(chapter).join(file)]
}

struct House<'a> {
    /// The numbered pages by their names, in order.
    chapters: Vec<(&'a str, &'a Page)>,
    place: &'a Place,
    rules: &'a Rules,
    /// The ceilings that nothing has been held against yet.
    ceilings: BTreeMap<PathBuf, usize>,
    problems: Problems,
}

impl House<'_> {
    fn has(&self, file: &Path) -> bool {
        self.place.workspace.join(file).is_file()
    }

    fn read(&self, file: &Path) -> Result<String> {
        fs::read_to_string(self.place.workspace.join(file))
            .with_context(|| file.display().to_string())
    }

    fn manifest(&self, file: &Path) -> Result<toml::Table> {
        self.read(file)?.parse().with_context(|| file.display().to_string())
    }

    /// Notes a fault at the first line of a file that is the one.
    fn fault(
        &mut self,
        file: &Path,
        is: impl Fn(&str) -> bool,
        fault: Fault,
    ) -> Result<()> {
        let line = self.read(file)?.lines().position(is);
        self.problems.add(file, 1 + line.unwrap_or(0), fault);
        Ok(())
    }

    /// A chapter has a crate, an example and a test.
    fn parts(&mut self, name: &str) -> Result<()> {
        let mut faults = Vec::new();
        let chapter = || name.to_owned();
        for file in ["Cargo.toml", "src/lib.rs"].map(|file| crate_of(name).join(file)) {
            if !self.has(&file) {
                let place = file.display().to_string();
                faults.push(Fault::Missing { chapter: chapter(), part: "crate", place });
            }
        }
        for (kind, part) in [("examples", "example"), ("tests", "test")] {
            let homes = homes(kind, name);
            match homes.each_ref().map(|home| self.has(home)) {
                [false, false] => {
                    let place = format!("{} or {}", homes[0].display(), homes[1].display());
                    faults.push(Fault::Missing { chapter: chapter(), part, place });
                }
                [true, true] => {
                    faults.push(Fault::TwoHomes { chapter: chapter(), kind, homes });
                }
                _ => {}
            }
        }
        let summary = self.place.src.join("SUMMARY.md");
        let link = format!("({name}.md)");
        faults
            .into_iter()
            .try_for_each(|fault| self.fault(&summary, |line| line.contains(&link), fault))
    }

    /// The workspace knows a chapter, and so does its root if the example or the test is there.
    fn entries(&mut self, name: &str) -> Result<()> {
        let file = Path::new("Cargo.toml");
        let manifest = self.manifest(file)?;
        let listed =
            |table: Option<&toml::Value>| table.and_then(|table| table.get(name)).is_some();
        let workspace =
            manifest.get("workspace").and_then(|table| table.get("dependencies"));
        let at_the_root =
            ["examples", "tests"].iter().any(|kind| self.has(&homes(kind, name)[0]));
        let root = !at_the_root || listed(manifest.get("dev-dependencies"));
        for (entry, table) in
            [(listed(workspace), "workspace.dependencies"), (root, "dev-dependencies")]
        {
            if !entry {
                let fault = Fault::NoEntry { chapter: name.to_owned(), table };
                self.fault(file, |line| line == format!("[{table}]"), fault)?;
            }
        }
        Ok(())
    }

    /// A chapter depends on earlier chapters only, its tests on helpers too.
    fn arrows(&mut self, i: usize, chapter: &str) -> Result<()> {
        let file = crate_of(chapter).join("Cargo.toml");
        let manifest = self.manifest(&file)?;
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let table = manifest.get(kind).and_then(toml::Value::as_table);
            for name in table.into_iter().flat_map(toml::Table::keys) {
                let stranger = !self.has(&crate_of(name).join("Cargo.toml"));
                let helps = kind == "dev-dependencies" && self.rules.helpers.contains(name);
                let earlier = self.chapters[..i].iter().any(|(earlier, _)| earlier == name);
                if !(stranger || helps || earlier) {
                    let is = |line: &str| line.split([' ', '.', '=']).next() == Some(name);
                    let (chapter, name) = (chapter.to_owned(), name.clone());
                    self.fault(&file, is, Fault::LaterChapter { chapter, name })?;
                }
            }
        }
        Ok(())
    }

    /// The lengths of a chapter's crate and of its files.
    fn code(&mut self, name: &str) -> Result<()> {
        let krate = crate_of(name);
        let lib = krate.join("src/lib.rs");
        if !self.has(&lib) {
            return Ok(());
        }
        let rust = syn::parse_file(&self.read(&lib)?)
            .with_context(|| lib.display().to_string())?;
        let tests: Vec<_> = test_modules(&rust)
            .iter()
            .map(|module| krate.join("src").join(module).with_extension("rs"))
            .collect();
        let limit = self.rules.public_items;
        self.measure(&krate, "public items", public_items(&rust), limit);
        for file in self.place.files(&format!("{}/src/**/*.rs", krate.display()))? {
            if !tests.contains(&file) {
                let lines = lines_of_code(&self.read(&file)?)
                    .with_context(|| file.display().to_string())?;
                self.measure(&file, "lines of code", lines, self.rules.lines_of_code);
            }
        }
        Ok(())
    }

    /// Holds a length against its limit, or its ceiling if it has one.
    fn measure(
        &mut self,
        file: &Path,
        what: &'static str,
        count: usize,
        limit: Option<usize>,
    ) {
        let Some(limit) = limit else { return };
        let ceiling = self.ceilings.remove(file);
        let most = ceiling.unwrap_or(limit);
        if count > most {
            self.problems.add(file, 1, Fault::OverLimit { what, count, most });
        } else if ceiling.is_some() && count <= limit {
            let (file, most) = (file.to_owned(), limit);
            let book = self.place.src.with_file_name("book.toml");
            let fault = Fault::IdleCeiling { file, what, count, most };
            self.problems.add(&book, 1, fault);
        }
    }

    /// What belongs to no chapter.
    fn strays(&mut self, pages: &[Page]) -> Result<()> {
        let own = ["SUMMARY.md", self.place.html.input_404.as_deref().unwrap_or("404.md")]
            .map(|file| self.place.src.join(file));
        for file in self.place.files(&format!("{}/*.md", self.place.src.display()))? {
            if !own.contains(&file) && pages.iter().all(|page| page.file != file) {
                self.problems.add(&file, 1, Fault::NotInSummary);
            }
        }
        for kind in ["examples", "tests"] {
            for file in self.place.files(&format!("{kind}/*.rs"))? {
                let name = file.file_stem().unwrap_or_default();
                if self.chapters.iter().all(|(chapter, _)| name != *chapter) {
                    self.problems.add(&file, 1, Fault::NoChapter);
                }
            }
        }
        let book = self.place.src.with_file_name("book.toml");
        for file in self.ceilings.keys() {
            self.problems.add(&book, 1, Fault::StrayCeiling(file.clone()));
        }
        Ok(())
    }
}
