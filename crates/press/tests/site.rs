//! Whole sites: a small one, and the book.

mod mini;

use mdbook_driver::MDBook;
use mini::Mini;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A page of the small book, without the line breaks that mdBook puts between tags.
fn page(name: &str) -> String {
    let mini = Mini::new();
    let index = mini.build().unwrap();
    let html = fs::read_to_string(index.with_file_name(name)).unwrap();
    html[html.find("<main>").unwrap()..html.find("</main>").unwrap()].replace(">\n", ">")
}

#[test]
fn a_labelled_equation_has_its_number_its_id_and_its_links() {
    let page = page("two.html");
    assert!(page.contains(r#"<div class="eq" id="eq-square"><div class="eq-formula""#));
    assert!(
        page.contains(r##"<span class="eq-number"><a href="#eq-square">(2.1)</a></span>"##)
    );
    assert!(page.contains(r#"By <a href="two.html#eq-square">(2.1)</a>"#));
    assert!(!page.contains(r"\label"));
}

#[test]
fn formulas_are_mathml_in_lines_lists_summaries_and_captions() {
    let page = page("two.html");
    assert_eq!(page.matches("<math display=\"block\">").count(), 4);
    assert_eq!(page.matches("<math>").count(), 3);
    assert!(!page.replace("$ true", "").contains('$'));
}

#[test]
fn a_figure_is_drawn_in_the_page_with_its_caption() {
    let page = page("two.html");
    assert!(page.contains(r#"<figure id="fig-two-parabola"><svg role="img">"#));
    assert!(page.contains("<figcaption>A <em>parabola</em>, <math>"));
}

#[test]
fn a_listing_names_its_file_and_starts_at_the_margin() {
    let page = page("two.html");
    assert!(page.contains(r#"<p class="listing-source">crates/two/src/lib.rs</p>"#));
    assert!(page.contains(r#"<code class="language-rust">fn square(x: f64) -&gt; f64 {"#));
    assert!(page.contains("\n    x * x\n}"));
}

#[test]
fn an_output_ends_without_an_empty_line() {
    assert!(page("two.html").contains("$ true\ndone\n</code>"));
}

#[test]
fn the_appendix_lists_an_equation_with_what_computes_and_what_checks_it() {
    let page = page("appendix.html");
    assert!(page.contains(r#"<a href="two.html#eq-square">(2.1)</a>"#));
    assert!(page.contains(
        "<dt>Computed by</dt><dd><code>square</code> <small>crates/two/src/lib.rs</small></dd>"
    ));
    assert!(
        page.contains(
            "<dd><code>two_squared_is_four</code> <small>tests/two.rs</small></dd>"
        )
    );
    assert!(page.contains("<dd><code>no_square_is_negative</code>"));
}

#[test]
fn a_warning_of_mdbook_fails_the_build() {
    let mini = Mini::new().with("book/src/one.md", "# One\n\n<div>\n\nnever closed\n");
    assert!(mini.problems().contains("unclosed HTML tag `<div>` found in `one.md`"));
}

#[test]
fn a_page_that_the_summary_names_and_nobody_wrote_fails_the_build() {
    assert!(Mini::new().without("book/src/one.md").problems().contains("one.md"));
}

fn the_book() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap())
        .join("../../book")
        .canonicalize()
        .unwrap()
}

/// Builds the book as `cargo book --static` does, but elsewhere.
fn cargo_book(site: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_press"))
        .arg("--static")
        .env("MDBOOK_BUILD__BUILD_DIR", site)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(Path::new(said.trim_end()), site.join("index.html"));
}

/// Press within mdBook gives what mdBook within press gives, but for figures that move.
#[test]
fn cargo_book_and_mdbook_give_the_same_site() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    cargo_book(ours.path());
    let mut mdbook = MDBook::load(the_book()).unwrap(); // runs the command of book.toml
    mdbook.config.build.build_dir = theirs.path().to_owned();
    mdbook.build().unwrap();
    let (ours, theirs) = (files(ours.path()), files(theirs.path()));
    assert!(ours.keys().eq(theirs.keys()));
    for (path, bytes) in &ours {
        assert!(theirs[path] == *bytes, "{} differs", path.display());
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    glob::glob(&folder.join("**/*").to_string_lossy())
        .unwrap()
        .map(Result::unwrap)
        .filter(|path| path.is_file())
        .map(|path| {
            (path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap())
        })
        .collect()
}

#[test]
fn the_picture_of_the_readme_is_what_the_chapter_em_draws() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = folder.path().join("em.svg");
    figures::book("em/fits").unwrap().unwrap().save(&drawn).unwrap();
    let kept = the_book().join("em.svg");
    assert!(
        fs::read(drawn).unwrap() == fs::read(kept).unwrap(),
        "cargo run --example em && cp target/figures/em/fits.svg book/em.svg"
    );
}

#[test]
fn the_page_is_mdbooks_own_but_for_the_access_of_two_elements() {
    let folder = tempfile::tempdir().unwrap();
    MDBook::init(folder.path()).copy_theme(true).build().unwrap();
    let own = fs::read_to_string(folder.path().join("theme/index.hbs")).unwrap();
    let label = r#"<label id="mdbook-sidebar-toggle" class="icon-button""#;
    let frame = r#"<iframe class="sidebar-iframe-outer""#;
    assert_eq!((own.matches(label).count(), own.matches(frame).count()), (1, 1));
    let changed = own
        .replace(label, &format!(r#"{label} role="button" tabindex="0""#))
        .replace(frame, &format!(r#"{frame} title="Table of contents""#));
    let ours = include_str!("../../../book/theme/index.hbs");
    let (comment, page) = ours.split_once('\n').unwrap();
    assert!(comment.starts_with("{{!--") && page == changed);
}
