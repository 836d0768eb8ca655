//! A workspace made of some of the crates of this one, with other bodies in some of their functions.

use crate::surgery::{Place, enters, find, replaced, uncommented, without};
use anyhow::{Context, Result};
use lessons::{Course, Exercise};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The crate of the extensions, of which a tree has the modules that it needs.
const EXTENSIONS: &str = "extensions";

/// Crates that help to test chapters, and are no chapters.
const HELPERS: [&str; 2] = ["notebook", "datasets"];

/// Files in the making, by their paths from the root.
pub struct Tree {
    pub files: BTreeMap<PathBuf, String>,
}

/// Bytes of a file, and what stands in their place.
pub type Edit = (Range<usize>, String);

impl Tree {
    /// The crates of these chapters, of the extensions of these exercises, and what their tests need.
    /// Each crate has its tests, `crates/NAME/tests/NAME.rs`, as far as they use nothing else.
    pub fn new(
        workspace: &Path,
        chapters: &[&str],
        exercises: &[&Exercise],
    ) -> Result<Self> {
        let maker = Maker::new(workspace, chapters, exercises)?;
        maker.make(chapters, exercises)
    }

    /// The text of a file.
    pub fn text(&self, file: &Path) -> Result<&str> {
        let text = self.files.get(file);
        text.map(String::as_str).with_context(|| format!("there is no {}", file.display()))
    }

    /// Puts a body in place of that of each function of an exercise.
    pub fn with_stubs(&mut self, exercises: &[&Exercise]) -> Result<()> {
        let mut edits: BTreeMap<PathBuf, Vec<Edit>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for exercise in exercises {
            for function in &exercise.functions {
                let place = Place::new(function)?;
                if seen.insert(place.clone()) {
                    let body = find(self.text(&place.file)?, &place)?.body;
                    let stub = format!("{{\n    {}\n}}", exercise.stub(function));
                    edits.entry(place.file).or_default().push((body, stub));
                }
            }
        }
        self.edit(edits)
    }

    /// Changes files.
    pub fn edit(&mut self, edits: BTreeMap<PathBuf, Vec<Edit>>) -> Result<()> {
        for (file, edits) in edits {
            let text = replaced(self.text(&file)?, edits);
            self.files.insert(file, text);
        }
        Ok(())
    }

    /// Writes what is not there already, and takes away the Rust that is there and not in the tree.
    pub fn write(&self, root: &Path) -> Result<()> {
        for (file, text) in &self.files {
            let path = root.join(file);
            if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue; // Cargo goes by the time of the last change
            }
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        for path in files_below(&root.join("crates")).unwrap_or_default() {
            if !self.files.contains_key(path.strip_prefix(root)?) {
                fs::remove_file(&path).with_context(|| path.display().to_string())?;
                // A folder without a manifest would be no member of the workspace.
                let empty = path.ancestors().skip(1).take_while(|folder| *folder != root);
                empty.map_while(|folder| fs::remove_dir(folder).ok()).for_each(drop);
            }
        }
        Ok(())
    }
}

/// All files below a folder.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => files.extend(files_below(&entry.path())?),
            kind if kind.is_file() => files.push(entry.path()),
            _ => {} // no links
        }
    }
    files.sort();
    Ok(files)
}

/// What a tree is made from.
struct Maker<'a> {
    workspace: &'a Path,
    /// The manifest at the root.
    root: Table,
    /// The crates of the tree.
    own: BTreeSet<String>,
    /// Those of the workspace that are not in the tree.
    absent: BTreeSet<String>,
    /// The modules of the extensions.
    modules: BTreeSet<String>,
}

impl<'a> Maker<'a> {
    fn new(
        workspace: &'a Path,
        chapters: &[&str],
        exercises: &[&Exercise],
    ) -> Result<Self> {
        let root = manifest(&workspace.join("Cargo.toml"))?;
        let extensions = exercises.iter().filter(|exercise| exercise.extension);
        let modules: BTreeSet<String> =
            extensions.map(|exercise| exercise.target().to_owned()).collect();
        let mut own: BTreeSet<String> =
            chapters.iter().chain(&HELPERS).map(|name| (*name).to_owned()).collect();
        if !modules.is_empty() {
            own.insert(EXTENSIONS.to_owned());
        }
        let crates = fs::read_dir(workspace.join("crates"))?;
        let mut absent = BTreeSet::new();
        for entry in crates {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !own.contains(&name) {
                absent.insert(name);
            }
        }
        Ok(Self { workspace, root, own, absent, modules })
    }

    fn make(&self, chapters: &[&str], exercises: &[&Exercise]) -> Result<Tree> {
        let mut files = BTreeMap::new();
        let mut needed = BTreeSet::new();
        for name in chapters {
            self.chapter(name, name, &mut files, &mut needed)?;
        }
        for module in &self.modules {
            let solution = Path::new("crates").join(EXTENSIONS).join("src").join(module);
            self.copy(&solution.with_extension("rs"), &mut files)?;
            self.tests(EXTENSIONS, module, &mut files)?;
        }
        if !self.modules.is_empty() {
            let lines = self.modules.iter().map(|module| format!("pub mod {module};\n"));
            let text = format!(
                "//! What the book does not solve.\n\n{}",
                lines.collect::<String>()
            );
            files.insert(Path::new("crates").join(EXTENSIONS).join("src/lib.rs"), text);
            self.cargo(EXTENSIONS, &mut files, &mut needed)?;
        }
        let missing = exercises.iter().flat_map(|exercise| {
            let place = |test: &&String| !test.starts_with("lib:");
            exercise.tests.iter().filter(place).map(move |test| (exercise, test))
        });
        for (exercise, test) in missing {
            let file = tests_of(exercise.package(), exercise.target());
            let text = files.get(&file).map_or("", String::as_str);
            anyhow::ensure!(
                text.contains(&format!("fn {test}(")),
                "{}: the tests of {} have no {test}, or it uses a crate that no handout has",
                exercise.id,
                exercise.target()
            );
        }
        // Helpers, as far as some test needs them, and theirs.
        let mut done = BTreeSet::new();
        while let Some(helper) =
            HELPERS.into_iter().find(|name| needed.contains(*name) && !done.contains(name))
        {
            done.insert(helper);
            for file in
                files_below(&self.workspace.join("crates").join(helper).join("src"))?
            {
                self.copy(file.strip_prefix(self.workspace)?, &mut files)?;
            }
            self.cargo(helper, &mut files, &mut needed)?;
        }
        self.copy(Path::new("tests/common/mod.rs"), &mut files)?;
        let reads = |text: &String| text.contains("../data/");
        if done.contains("datasets") || files.values().any(reads) {
            for file in files_below(&self.workspace.join("data"))? {
                self.copy(file.strip_prefix(self.workspace)?, &mut files)?;
            }
        }
        files.insert("Cargo.toml".into(), self.top(&needed)?);
        files.insert("Cargo.lock".into(), read(&self.workspace.join("Cargo.lock"))?);
        files.insert("LICENSE-MIT".into(), read(&self.workspace.join("LICENSE-MIT"))?);
        files
            .insert("LICENSE-APACHE".into(), read(&self.workspace.join("LICENSE-APACHE"))?);
        Ok(Tree { files })
    }

    fn chapter(
        &self,
        package: &str,
        target: &str,
        files: &mut BTreeMap<PathBuf, String>,
        needed: &mut BTreeSet<String>,
    ) -> Result<()> {
        let sources = self.workspace.join("crates").join(package).join("src");
        for file in files_below(&sources)? {
            self.copy(file.strip_prefix(self.workspace)?, files)?;
        }
        self.tests(package, target, files)?;
        self.cargo(package, files, needed)
    }

    fn copy(&self, file: &Path, files: &mut BTreeMap<PathBuf, String>) -> Result<()> {
        let text = read(&self.workspace.join(file))?;
        let is_mark = |line: &&str| line.trim_start().starts_with("// ANCHOR");
        let text = match file.extension().is_some_and(|extension| extension == "rs") {
            true => text.split_inclusive('\n').filter(|line| !is_mark(line)).collect(),
            false => text,
        };
        files.insert(file.to_owned(), text);
        Ok(())
    }

    /// The tests of a chapter, wherever they stand, beside its crate.
    fn tests(
        &self,
        package: &str,
        target: &str,
        files: &mut BTreeMap<PathBuf, String>,
    ) -> Result<()> {
        let beside = tests_of(package, target);
        let at_the_root = Path::new("tests").join(target).with_extension("rs");
        let from = match self.workspace.join(&beside).is_file() {
            true => &beside,
            false => &at_the_root,
        };
        let mut all = BTreeMap::new();
        self.copy(from, &mut all)?;
        let text = without(&all[from], &self.absent)
            .with_context(|| from.display().to_string())?;
        // Those at the root have moved two folders down.
        let text = match *from == at_the_root {
            true => text
                .replace(
                    "\nmod common;",
                    "\n#[path = \"../../../tests/common/mod.rs\"]\nmod common;",
                )
                .replace("include_str!(\"../", "include_str!(\"../../../"),
            false => text,
        };
        files.insert(beside, text);
        Ok(())
    }

    /// The manifest of a crate, with the dependencies that it uses here.
    fn cargo(
        &self,
        package: &str,
        files: &mut BTreeMap<PathBuf, String>,
        needed: &mut BTreeSet<String>,
    ) -> Result<()> {
        let file = Path::new("crates").join(package).join("Cargo.toml");
        let mut manifest = manifest(&self.workspace.join(&file))?;
        manifest.remove("bench");
        manifest.remove("features");
        let all = |kind: &str| {
            let texts = files
                .iter()
                .filter(|(path, _)| path.starts_with(file.with_file_name(kind)));
            texts.map(|(_, text)| text.as_str()).collect::<String>()
        };
        let common = read(&self.workspace.join("tests/common/mod.rs"))?;
        let sources = all("src");
        let code = uncommented(&sources);
        let docs: String =
            sources.lines().filter(|l| l.trim_start().starts_with("//")).collect();
        let tests = format!("{}{common}{docs}{code}", uncommented(&all("tests")));
        let there = |name: &str| !self.absent.contains(name) && name != package;
        let is_used = |text: &str, name: &str| {
            enters(text, name) || text.contains(&format!("use {{{name}::"))
        };
        // What the chapter itself depends on stays; of the others, what is used.
        let from = manifest.remove("dev-dependencies");
        let root = self.root.get("dev-dependencies").cloned();
        let mut dev = Table::new();
        for (name, value) in
            [root, from].into_iter().flatten().filter_map(into_table).flatten()
        {
            if there(&name) && is_used(&tests, &name) {
                dev.insert(name, value);
            }
        }
        if package == EXTENSIONS {
            let all = manifest.get_mut("dependencies").and_then(Value::as_table_mut);
            let all = all.context("no dependencies")?;
            let of_tests =
                all.iter().filter(|(name, _)| there(name) && is_used(&tests, name));
            dev.extend(of_tests.map(|(name, value)| (name.clone(), value.clone())));
            all.retain(|name, _| there(name) && is_used(&code, name));
        }
        let tables = [manifest.get("dependencies"), manifest.get("target")];
        for table in tables.into_iter().flatten() {
            names(table, needed);
        }
        needed.extend(dev.keys().cloned());
        manifest.insert("dev-dependencies".to_owned(), Value::Table(dev));
        files.insert(file, toml::to_string(&manifest)?);
        Ok(())
    }

    /// The manifest at the root.
    fn top(&self, needed: &BTreeSet<String>) -> Result<String> {
        let workspace = self.root.get("workspace").context("no workspace")?;
        let mut dependencies =
            workspace["dependencies"].as_table().cloned().unwrap_or_default();
        let wanted = |name: &str| needed.contains(name) || self.own.contains(name);
        dependencies.retain(|name, value| {
            wanted(name) && (value.get("path").is_none() || self.own.contains(name))
        });
        let mut top = Table::new();
        let mut own = Table::new();
        own.insert("resolver".to_owned(), "3".into());
        own.insert("members".to_owned(), vec!["crates/*"].into());
        own.insert("package".to_owned(), workspace["package"].clone());
        own.insert("dependencies".to_owned(), Value::Table(dependencies));
        // An empty function uses none of its arguments; unsafe code stays forbidden.
        let lints = "rust.unused = \"allow\"\nrust.unsafe_code = \"forbid\"";
        own.insert("lints".to_owned(), Value::Table(lints.parse()?));
        top.insert("workspace".to_owned(), Value::Table(own));
        let profile = "dev.opt-level = 1\ndev.debug = \"line-tables-only\"";
        top.insert("profile".to_owned(), Value::Table(profile.parse()?));
        Ok(toml::to_string(&top)?)
    }
}

/// The file that has the tests of a chapter, in a tree.
pub fn tests_of(package: &str, target: &str) -> PathBuf {
    Path::new("crates").join(package).join("tests").join(target).with_extension("rs")
}

/// All chapters of the course.
pub fn all_chapters(course: &Course) -> Vec<&str> {
    course.parts.iter().flat_map(|part| part.chapters.iter().map(String::as_str)).collect()
}

fn into_table(value: Value) -> Option<Table> {
    match value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// The keys of every table that is named `dependencies`, or of this one.
fn names(table: &Value, found: &mut BTreeSet<String>) {
    let Some(table) = table.as_table() else { return };
    for (name, value) in table {
        match value.get("dependencies") {
            Some(deeper) => names(deeper, found),
            None => drop(found.insert(name.clone())),
        }
    }
}

fn manifest(file: &Path) -> Result<Table> {
    read(file)?.parse().with_context(|| file.display().to_string())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| file.display().to_string())
}
