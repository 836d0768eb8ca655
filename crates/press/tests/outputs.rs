//! Every output that the book shows was printed: `TRYCMD=overwrite` prints it anew.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use trycmd::TestCases;
use trycmd::schema::Bin;

/// Runs the `console` blocks of Markdown files as a reader would, from the root of the workspace.
fn run(pages: &[&str]) {
    std::env::set_current_dir(
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../.."),
    )
    .unwrap();
    let cases = TestCases::new();
    cases.register_bin("cargo", Bin::Path(env!("CARGO").into()));
    for page in pages {
        cases.case(page);
    }
    cases.run();
}

/// The examples save their figures on the way: each is drawn exactly as its page shows it.
#[test]
fn the_outputs_and_figures_on_the_pages_are_what_the_programs_make() {
    run(&["README.md", "book/src/*.md"]);
    let all = figures::names()
        .into_iter()
        .map(|name| (name, figures::book(name).unwrap().unwrap()));
    let elsewhere = figures_elsewhere::names()
        .into_iter()
        .map(|name| (name, figures_elsewhere::book(name).unwrap().unwrap()));
    for (name, shown) in all.chain(elsewhere) {
        let path = format!("target/figures/{name}.svg");
        let saved = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert!(saved == shown.document(), "{path} is not what the page shows");
    }
}

#[test]
fn an_output_that_is_stale_fails_or_is_printed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("stale.md");
    let stale = "```console\n$ cargo --version\ncargo 0.0.0\n\n```\n";
    fs::write(&page, stale).unwrap();
    let result = catch_unwind(|| run(&[page.to_str().unwrap()]));
    assert!(result.is_err() || fs::read_to_string(&page).unwrap() != stale);
}
