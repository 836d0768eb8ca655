//! What the pages of this book promise each other.

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../..")
}

fn page(name: &str) -> String {
    fs::read_to_string(workspace().join(format!("book/src/{name}.md"))).unwrap()
}

/// The numbered chapters, in order.
fn chapters() -> Vec<String> {
    let line = Regex::new(r"(?m)^- \[.*\]\((\w+)\.md\)").unwrap();
    line.captures_iter(&page("SUMMARY")).map(|line| line[1].to_owned()).collect()
}

/// The rows of the tables of a page, cell by cell; the heads and the rules under them left out.
fn rows(page: &str) -> Vec<Vec<String>> {
    let lines =
        page.lines().filter(|line| line.starts_with("| ") || line.starts_with("|  "));
    let cells = |line: &str| {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    let head = |row: &Vec<String>| ["symbol", "path"].contains(&&*row[0]);
    lines.map(cells).filter(|row| !head(row)).collect()
}

fn between(text: &str, mark: char) -> Vec<String> {
    text.split(mark).skip(1).step_by(2).map(str::to_owned).collect()
}

/// The text of all Rust of a crate, and of its example.
fn code(chapter: &str) -> String {
    let patterns = [
        format!("crates/{chapter}/src/**/*.rs"),
        format!("crates/*/examples/{chapter}.rs"),
        format!("examples/{chapter}.rs"),
    ];
    let files = patterns.iter().flat_map(|pattern| {
        glob::glob(workspace().join(pattern).to_str().unwrap()).unwrap()
    });
    files.map(|file| fs::read_to_string(file.unwrap()).unwrap()).collect()
}

/// No symbol has two rows; each stands on the page of the chapter that introduces it, and so do its
/// names in that chapter's code.
#[test]
fn every_symbol_has_one_meaning_and_a_chapter() {
    let (chapters, mut seen) = (chapters(), BTreeSet::new());
    let mut last = 0;
    let rows = rows(&page("symbols"));
    assert!(rows.len() > 40);
    for row in rows {
        let [symbols, names, meaning, chapter] = &row[..] else { panic!("{row:?}") };
        let chapter = chapter.split(['(', '.']).nth(1).unwrap();
        let place = chapters.iter().position(|name| name == chapter);
        let place = place.unwrap_or_else(|| panic!("{chapter} is no chapter"));
        assert!(place >= last, "{symbols} of {chapter} is out of order");
        assert!(!meaning.is_empty());
        last = place;
        let text = page(chapter);
        for symbol in between(symbols, '$') {
            assert!(seen.insert(symbol.clone()), "${symbol}$ has two meanings");
            assert!(text.contains(&symbol), "{chapter}.md has no ${symbol}$");
        }
        let code = code(chapter);
        let words = |text: &str| -> BTreeSet<String> {
            text.split(|c: char| !c.is_alphanumeric() && c != '_').map(Into::into).collect()
        };
        let known = words(&code);
        for word in between(names, '`').iter().flat_map(|name| words(name)) {
            assert!(word.len() < 2 || known.contains(&word), "{chapter} has no `{word}`");
        }
    }
}

/// Page 2 has ten rows, and says nothing that the whole table does not say.
#[test]
fn notation_is_the_beginning_of_the_symbols() {
    let symbols: BTreeSet<String> =
        rows(&page("symbols")).iter().flat_map(|row| between(&row[0], '$')).collect();
    let notation = rows(&page("notation"));
    assert_eq!(notation.len(), 10);
    for symbol in notation.iter().flat_map(|row| between(&row[0], '$')) {
        assert!(symbols.contains(&symbol), "symbols.md has no ${symbol}$");
    }
}

/// The introduction lists every chapter in order, with its minutes; the short path and the course are
/// marked there and, by the style sheet, in the contents at the side.
#[test]
fn the_paths_through_the_book_are_marked() {
    let rows = rows(&page("introduction"));
    let name = |row: &Vec<String>| row[1].split(['(', '.']).nth(1).unwrap().to_owned();
    assert_eq!(rows.iter().map(name).collect::<Vec<_>>(), chapters());
    let style = fs::read_to_string(workspace().join("book/theme/book.css")).unwrap();
    for row in &rows {
        assert_eq!(row[2], format!("{{{{#minutes {}}}}}", name(row)));
        for (mark, path) in [("●", "short"), ("○", "course")] {
            let rule = style.split(&format!("/* {path} */")).nth(1).expect(path);
            let listed = rule.split('}').next().unwrap();
            let is_listed = listed.contains(&format!("[href$=\"/{}.html\"]", name(row)))
                || listed.contains(&format!("[href=\"{}.html\"]", name(row)));
            assert_eq!(is_listed, row[0] == mark, "{} on the path {path}", name(row));
        }
    }
}

/// A chapter that shows code of its crate says once where the names in it come from.
#[test]
fn the_first_chapters_show_their_imports_once() {
    let shown = chapters().into_iter().take_while(|chapter| chapter != "one_pass");
    for chapter in shown.filter(|chapter| chapter != "search") {
        let include = format!("crates/{chapter}/src/lib.rs:imports}}}}");
        assert_eq!(page(&chapter).matches(&include).count(), 1, "{chapter}.md");
    }
}

/// A name in backquotes that reads like a test's is one.
#[test]
fn every_test_that_a_page_names_is_there() {
    let name = Regex::new(r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`").unwrap();
    let tests: String = ["tests/*.rs", "crates/*/tests/*.rs"]
        .iter()
        .flat_map(|pattern| {
            glob::glob(workspace().join(pattern).to_str().unwrap()).unwrap()
        })
        .map(|file| fs::read_to_string(file.unwrap()).unwrap())
        .collect();
    let mut named = 0;
    for file in glob::glob(workspace().join("book/src/*.md").to_str().unwrap()).unwrap() {
        let file = file.unwrap();
        for found in name.captures_iter(&fs::read_to_string(&file).unwrap()) {
            named += 1;
            let function = format!("fn {}(", &found[1]);
            assert!(tests.contains(&function), "{}: no {function}", file.display());
        }
    }
    assert!(named >= 3);
}

/// Every work of the bibliography has an anchor of its own, a surname and a year, and no work is named twice.
#[test]
fn the_bibliography_can_be_led_to() {
    let page = page("bibliography");
    let entries: Vec<_> = page.split("\n\n").skip(1).map(str::trim).collect();
    let anchor =
        Regex::new(r#"^<span id="([a-z0-9-]+)"(?: data-cited="([^"]+)")?></span>\*\*"#)
            .unwrap();
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for entry in &entries {
        let found = anchor.captures(entry).unwrap_or_else(|| panic!("no anchor: {entry}"));
        assert!(ids.insert(found[1].to_owned()), "{} is there twice", &found[1]);
        for name in found
            .get(2)
            .map_or("", |names| names.as_str())
            .split('|')
            .filter(|n| !n.is_empty())
        {
            assert!(names.insert(name.to_owned()), "{name} is cited as two works");
        }
    }
    assert!(entries.len() > 50);
    assert_eq!(
        page.matches("<span id=").count(),
        entries.len(),
        "each a paragraph of its own"
    );
    let doi =
        Regex::new(r"\[doi:(10\.\d{4,5}/\S+?)\]\(https://doi\.org/(\S+?)\)(?:[.,;) ]|$)")
            .unwrap();
    let dois: Vec<_> = doi.captures_iter(&page).collect();
    assert!(dois.len() > 40 && dois.len() == page.matches("[doi:").count());
    let mut works = BTreeSet::new();
    for found in dois {
        assert_eq!(found[1], found[2]);
        assert!(works.insert(found[1].to_owned()), "{} is there twice", &found[1]);
    }
}
