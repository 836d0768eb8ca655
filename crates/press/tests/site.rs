//! Whole sites: a small one, and the book.

mod mini;

use mdbook_driver::MDBook;
use mini::{BOOK_TOML, Mini};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

fn main_of(html: &str) -> &str {
    let main = html.find("<main").expect("a page has a main element");
    &html[main..html.find("</main>").unwrap()]
}

/// A page of the small book, without the line breaks that mdBook puts between tags.
fn page(name: &str) -> String {
    let mini = Mini::new();
    let index = mini.build().unwrap();
    main_of(&fs::read_to_string(index.with_file_name(name)).unwrap()).replace(">\n", ">")
}

#[test]
fn a_labelled_equation_has_its_number_its_id_and_its_links() {
    let page = page("two.html");
    assert!(page.contains(r#"<div class="eq" id="eq-square"><div class="eq-formula""#));
    assert!(
        page.contains(r##"<span class="eq-number"><a href="#eq-square">(2.1)</a></span>"##)
    );
    assert!(page.contains(r#"By <a href="two.html#eq-square">(2.1)</a> and "#));
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
    let number =
        "<a class=\"figure-number\" href=\"#fig-two-parabola\">Figure\u{a0}2.1.</a>";
    assert!(page.contains(&format!("<figcaption>{number} A <em>parabola</em>, <")));
    assert!(
        page.contains(
            "and <a href=\"two.html#fig-two-parabola\">Figure\u{a0}2.1</a>, <span"
        )
    );
}

#[test]
fn a_listing_names_its_file_and_starts_at_the_margin() {
    let page = page("two.html");
    assert!(page.contains(r#"<p class="listing-source">crates/two/src/lib.rs</p>"#));
    let head = r#"<code class="language-rust"><span class="hl-keyword">fn</span> "#;
    assert!(page.contains(head));
    assert!(page.contains("\n    x * x\n}"));
}

#[test]
fn an_output_ends_without_an_empty_line() {
    let output = r#"$ true</code></pre><pre><code>done</code></pre></div>"#;
    assert!(page("two.html").contains(output));
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

/// The files of the book, built once as `cargo book --static` does, but elsewhere.
static SITE: LazyLock<BTreeMap<PathBuf, Vec<u8>>> = LazyLock::new(|| {
    let site = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_press"))
        .arg("--static")
        .env("MDBOOK_BUILD__BUILD_DIR", site.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(Path::new(said.trim_end()), site.path().join("index.html"));
    files(site.path())
});

/// The words between the tags.
fn words(html: &str) -> String {
    let text: String = html.split(['<', '>']).step_by(2).skip(1).collect();
    text.split_whitespace().collect()
}

/// Press within mdBook gives the pages that mdBook within press gives, before press has finished them.
#[test]
fn cargo_book_and_mdbook_give_the_same_site() {
    let theirs = tempfile::tempdir().unwrap();
    let mut mdbook = MDBook::load(the_book()).unwrap(); // runs the command of book.toml
    mdbook.config.build.build_dir = theirs.path().to_owned();
    mdbook.build().unwrap();
    let theirs = files(theirs.path());
    for (path, bytes) in
        SITE.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "html"))
    {
        let [ours, theirs] =
            [bytes, &theirs[path]].map(|page| String::from_utf8_lossy(page));
        if path != Path::new("print.html") {
            assert!(
                words(main_of(&ours)) == words(main_of(&theirs)),
                "{} differs",
                path.display()
            );
        }
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

/// What of mdBook the theme takes the place of, file by file, as mdBook 0.5.4 has it. If this fails, mdBook
/// has changed it: compare with the last version, mend `book/theme/` and `finish.rs` if need be, and write the
/// new sums.
#[test]
fn what_the_theme_replaces_is_as_it_was_in_mdbook() {
    let folder = tempfile::tempdir().unwrap();
    MDBook::init(folder.path()).copy_theme(true).build().unwrap();
    let theme = files(&folder.path().join("theme"));
    let sums: Vec<_> =
        REPLACED.iter().map(|(file, _)| (*file, sum(&theme[Path::new(file)]))).collect();
    assert_eq!(sums, REPLACED);
}

/// Fowler, Noll and Vo's hash, which is the same everywhere.
fn sum(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

const REPLACED: [(&str, u32); 6] = [
    ("index.hbs", 0xd40e_3e3c),
    ("book.js", 0xc3e2_f06c),
    ("css/chrome.css", 0x4a52_ccde),
    ("css/general.css", 0x28ac_5595),
    ("css/print.css", 0xf9f8_21f3),
    ("css/variables.css", 0x899b_2c94),
];

/// A page is one style sheet and at most two scripts, and nothing lies in the site that no page asks for.
#[test]
fn the_site_is_small() {
    let all = &*SITE;
    let pages: Vec<_> = all
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "html"))
        .collect();
    assert!(pages.len() > 25);
    let mut said = String::new();
    for (path, bytes) in &pages {
        let html = std::str::from_utf8(bytes).unwrap();
        assert_eq!(
            html.matches("<link rel=\"stylesheet\"").count(),
            1,
            "{}",
            path.display()
        );
        assert!(html.matches("<script src=").count() <= 2, "{}", path.display());
        assert!(!html.contains("onunload"));
        said += html;
    }
    for (path, bytes) in
        all.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "css"))
    {
        said += std::str::from_utf8(bytes).unwrap();
        assert!(path.to_str().unwrap().starts_with("book-"));
    }
    for path in all.keys() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let asked =
            said.contains(name) || name.ends_with(".html") || name.ends_with(".txt");
        let live = name.starts_with("live-"); // no figure of this build can be changed
        assert!(asked || live || name == ".nojekyll", "nobody asks for {}", path.display());
    }
}

/// What a search engine, a friend and a reader who looks for a word are told, of a site with an address.
#[test]
fn an_address_gives_canonical_links_and_a_map() {
    let settings = format!("{BOOK_TOML}address = 'https://example.org/book/'\n");
    let mini = Mini::new().with("book/book.toml", &settings);
    let index = mini.build().unwrap();
    let read = |name: &str| fs::read_to_string(index.with_file_name(name)).unwrap();
    assert!(
        read("two.html")
            .contains(r#"<link rel="canonical" href="https://example.org/book/two.html">"#)
    );
    for first in ["index.html", "start.html"] {
        assert!(
            read(first)
                .contains(r#"<link rel="canonical" href="https://example.org/book/">"#)
        );
    }
    assert!(read("sitemap.xml").contains("<loc>https://example.org/book/two.html</loc>"));
    assert!(read("robots.txt").contains("Sitemap: https://example.org/book/sitemap.xml"));
    let mini = Mini::new();
    let plain = mini.build().unwrap();
    assert!(!plain.with_file_name("sitemap.xml").exists());
    assert!(!fs::read_to_string(plain).unwrap().contains("canonical"));
}

#[test]
fn a_repository_gives_links_to_the_source() {
    let settings =
        format!("output.html.git-repository-url = 'https://example.org/git'\n{BOOK_TOML}");
    let mini = Mini::new().with("book/book.toml", &settings);
    let html =
        fs::read_to_string(mini.build().unwrap().with_file_name("two.html")).unwrap();
    let link =
        r#"<a href="https://example.org/git/blob/HEAD/crates/two/src/lib.rs#L5-L7">"#;
    assert!(html.contains(link), "{html}");
}

#[test]
fn the_version_is_said_once() {
    let read = |file: &str| fs::read_to_string(the_book().join("..").join(file)).unwrap();
    let version = |text: &str| {
        let line =
            text.lines().find(|line| line.starts_with("version")).unwrap().to_owned();
        line.split([':', '=']).nth(1).unwrap().trim().trim_matches('"').to_owned()
    };
    assert_eq!(version(&read("CITATION.cff")), version(&read("Cargo.toml")));
}
