//! One name, one chapter, and arrows that point backwards.

use mdbook_driver::MDBook;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../..")
}

/// The numbered chapters in the order of the summary, by the names of their pages.
fn chapters() -> Vec<String> {
    let book = MDBook::load(workspace().join("book")).unwrap().book;
    let numbered = book.chapters().filter(|chapter| chapter.number.is_some());
    numbered.filter_map(|chapter| stem(chapter.path.as_ref()?)).collect()
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_str()?.to_owned())
}

/// The names of what matches, without extensions.
fn names(pattern: &str) -> BTreeSet<String> {
    let paths = glob::glob(&workspace().join(pattern).to_string_lossy()).unwrap();
    paths.filter_map(|path| stem(&path.unwrap())).collect()
}

/// The root owns examples and tests, but for the chapters that are slow to compile: those keep
/// their own.
#[test]
fn a_chapter_is_a_page_an_example_and_a_test_of_one_name() {
    let chapters = chapters();
    for kind in ["examples", "tests"] {
        let own = |chapter: &&String| {
            names(&format!("crates/{chapter}/{kind}/*.rs")).contains(*chapter)
        };
        let mut all = names(&format!("{kind}/*.rs"));
        for chapter in chapters.iter().filter(own) {
            assert!(all.insert(chapter.clone()), "{kind} of {chapter} stand in two places");
        }
        assert_eq!(all, BTreeSet::from_iter(chapters.clone()));
    }
}

#[test]
fn a_chapter_has_a_crate() {
    let crates = names("crates/*");
    for chapter in chapters() {
        assert!(crates.contains(&chapter), "there is no crates/{chapter}");
    }
}

#[test]
fn a_chapter_depends_on_earlier_chapters_only() {
    let (chapters, crates) = (chapters(), names("crates/*"));
    for (i, chapter) in chapters.iter().enumerate() {
        let manifest = workspace().join("crates").join(chapter).join("Cargo.toml");
        let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(kind).and_then(toml::Value::as_table)
            else {
                continue;
            };
            let helps = |name: &str| {
                kind == "dev-dependencies"
                    && ["datasets", "figures", "notebook"].contains(&name)
            };
            for name in dependencies.keys() {
                if helps(name) || !crates.contains(name) {
                    continue;
                }
                assert!(chapters[..i].contains(name), "{chapter} depends on {name}");
            }
        }
    }
}
