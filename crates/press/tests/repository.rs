//! What the texts of the repository speak of is there.

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The texts that speak of files and commands.
const TEXTS: [&str; 16] = [
    "*.md",
    "Cargo.toml",
    "data/README.md",
    "engines/README.md",
    "engines/run",
    "peers/README.md",
    "peers/run",
    ".ci/run",
    ".github/workflows/*.yml",
    "book/book.toml",
    "book/src/*.md",
    "teach/*.toml",
    "teach/src/*.md",
    "examples/**/*.rs",
    "tests/**/*.rs",
    "crates/*/**/*.rs",
];

fn workspace() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../..")
}

/// What matches, from the root of the workspace.
fn files(pattern: &str) -> Vec<PathBuf> {
    let workspace = workspace();
    let paths = glob::glob(workspace.join(pattern).to_str().unwrap()).unwrap();
    paths.map(|path| path.unwrap().strip_prefix(&workspace).unwrap().to_owned()).collect()
}

fn read(file: impl AsRef<Path>) -> String {
    fs::read_to_string(workspace().join(file)).unwrap()
}

/// What each text says that matches, once. Press itself speaks of books that do not exist.
fn said(pattern: &str) -> BTreeSet<(PathBuf, String)> {
    let regex = Regex::new(pattern).unwrap();
    let mut said = BTreeSet::new();
    let texts = TEXTS.into_iter().flat_map(files);
    for file in texts.filter(|file| !file.starts_with("crates/press")) {
        let text = read(&file);
        said.extend(regex.captures_iter(&text).map(|c| (file.clone(), c[1].to_owned())));
    }
    said
}

/// The texts that say what is not there.
fn missing(pattern: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let said = said(pattern);
    assert!(!said.is_empty(), "nothing matches {pattern}");
    said.iter()
        .filter(|(_, what)| !what.contains("NAME") && !is_there(what))
        .map(|(file, what)| format!("{}: {what}", file.display()))
        .collect()
}

/// But for the site and what lies beside it, which `cargo book --teach` makes.
#[test]
fn every_path_leads_to_a_file_or_a_folder() {
    let path = r"(?m)(?:^|[\s`(\[\x22'])((?:\.ci|book|crates|data|engines|examples|peers|teach|tests)/[\w./-]*)";
    let is_there = |path: &str| {
        let path = path.trim_end_matches('.');
        let is_made = path.starts_with("teach/")
            && (path.ends_with(".html") || path.ends_with(".zip"));
        // What a handout has, and the made-up paths of the tests that grade.
        let in_handouts = ["crates/a/", "crates/own/", "tests/a.rs", "tests/own.rs"];
        let made_up = ["crates/em/tests/em.rs", "crates/e_step/build.rs"];
        let is_made = is_made
            || in_handouts.iter().any(|begin| path.starts_with(begin))
            || made_up.contains(&path)
            || path == "crates/e_step/tests/e_step.rs";
        is_made || path.starts_with("book/book") || workspace().join(path).exists()
    };
    assert_eq!(missing(path, is_there), [""; 0]);
}

#[test]
fn every_command_names_what_is_there() {
    let target = |kind: &str, name: &str| {
        !files(&format!("{kind}/{name}.rs")).is_empty()
            || !files(&format!("crates/*/{kind}/{name}.rs")).is_empty()
            || !files(&format!("crates/*/{kind}/{name}/main.rs")).is_empty()
    };
    assert_eq!(missing(r"--example (\w+)", |name| target("examples", name)), [""; 0]);
    assert_eq!(missing(r"--test (\w+)", |name| target("tests", name)), [""; 0]);
    let package = r"cargo [^\n`]*(?:--package|--bin|-p) (\w+)";
    let is_there = |name: &str| {
        workspace().join("crates").join(name).is_dir() || workspace().join(name).is_dir()
    };
    assert_eq!(missing(package, is_there), [""; 0]);
}

#[test]
fn the_readme_of_the_data_lists_every_file_and_no_other() {
    let row = Regex::new(r"(?m)^\| `([^`]+)`").unwrap();
    let text = read("data/README.md");
    let listed: BTreeSet<_> =
        row.captures_iter(&text).map(|row| row[1].to_owned()).collect();
    let there: BTreeSet<_> = files("data/*")
        .iter()
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|file| file != "README.md")
        .collect();
    assert_eq!(listed, there);
}

#[test]
fn the_readme_lists_every_crate() {
    let readme = read("README.md");
    let tree = readme.split("## The tree").nth(1).unwrap().split("\n## ").next().unwrap();
    let word = Regex::new(r"\w+").unwrap();
    let words: BTreeSet<_> = word.find_iter(tree).map(|word| word.as_str()).collect();
    let crates = files("crates/*/Cargo.toml");
    assert!(!crates.is_empty());
    for manifest in crates {
        let name = manifest.parent().unwrap().file_name().unwrap().to_str().unwrap();
        assert!(words.contains(name), "the tree of README.md has no {name}");
    }
}

#[test]
fn the_readme_lists_every_example() {
    let readme = read("README.md");
    let list = readme.lines().find(|line| line.starts_with("`cargo run --example NAME`"));
    let list = list.expect("the list of the examples");
    let examples = [files("examples/*.rs"), files("crates/*/examples/*.rs")].concat();
    assert!(!examples.is_empty());
    for example in examples {
        let name = example.file_stem().unwrap().to_str().unwrap();
        assert!(list.contains(&format!("`{name}`")), "README.md does not list {name}");
    }
}

/// A library with other features is compiled again, and all that stands on it.
#[test]
fn what_the_tests_have_compiled_is_not_compiled_again_for_the_book() {
    let libraries = |edges: &str| -> BTreeSet<String> {
        let arguments = ["tree", "--offline", "--no-dedupe", "--prefix", "none"];
        let cargo = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--edges", edges, "--format", "{p} with {f}"])
            .current_dir(workspace())
            .output()
            .unwrap();
        assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
        String::from_utf8(cargo.stdout).unwrap().lines().map(str::to_owned).collect()
    };
    let book = libraries("normal,build");
    assert!(book.iter().any(|library| library.starts_with("mdbook-driver")));
    let tests = libraries("normal,build,dev");
    let again: Vec<_> = book.difference(&tests).collect();
    assert_eq!(again, [""; 0]);
}
