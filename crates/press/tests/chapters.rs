//! One name, one chapter, in four places; arrows that point backwards; limits.

mod mini;

use mini::{BOOK_TOML, Mini};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The chapter `hello`, added to a workspace without chapters as CONTRIBUTING.md says.
const HELLO: [(&str, &str); 7] = [
    (
        "book/src/hello.md",
        "# Hello\n\n$$ 2 x = x + x \\label{eq:twice} $$\n\n```rust\n\
         {{#include ../../crates/hello/src/lib.rs:twice}}\n```\n\n\
         {{#figure two/parabola}}\nNot $2 x$.\n\n## Check yourself\n\n\
         <details><summary>Is {{#eq twice}} $x^2$?</summary>\n\nFor two $x$.\n\n</details>\n",
    ),
    ("book/src/SUMMARY.md", "# Summary\n\n- [Hello](hello.md)\n"),
    (
        "crates/hello/Cargo.toml",
        "[package]\nname = 'hello'\nedition = '2024'\n\n[lints]\nworkspace = true\n",
    ),
    (
        "crates/hello/src/lib.rs",
        "//! Says hello.\n\n/// 2 x (eq:twice).\n// ANCHOR: twice\n\
         pub fn twice(x: f64) -> f64 {\n    2.0 * x\n}\n// ANCHOR_END: twice\n",
    ),
    (
        "examples/hello.rs",
        "//! Hello.\nfn main() {\n    println!(\"{}\", hello::twice(1.0));\n}\n",
    ),
    (
        "tests/hello.rs",
        "//! What Hello claims.\n/// eq:twice\n#[test]\nfn twice_is_a_sum() {\n    \
         assert_eq!(hello::twice(1.5), 1.5 + 1.5);\n}\n",
    ),
    (
        "Cargo.toml",
        "[workspace]\nmembers = ['crates/*']\n\n\
         [workspace.dependencies]\nhello = { path = 'crates/hello' }\n\n\
         [workspace.lints.rust]\nmissing_docs = 'deny'\n\n\
         [package]\nname = 'book'\nedition = '2024'\n\n[dev-dependencies]\nhello.workspace = true\n",
    ),
];

/// A workspace whose only chapter is `hello`.
fn hello() -> Mini {
    let rules = "[preprocessor.press.chapters]\nhelpers = ['helper']\nlines-of-code = 3\n\
                 public-items = 1\nwords = 14\n";
    HELLO
        .into_iter()
        .chain([("book/book.toml", &*format!("{BOOK_TOML}\n{rules}"))])
        .fold(Mini::bare(), |mini, (path, text)| mini.with(path, text))
}

fn text(path: &str) -> &'static str {
    HELLO.iter().find(|(file, _)| *file == path).unwrap().1
}

/// What the rules for chapters refuse.
fn refused(mini: &Mini) -> String {
    format!("{:#}", press::check_chapters(&mini.path("book")).unwrap_err())
}

fn workspace() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../..")
}

#[test]
fn the_chapters_of_the_book_keep_the_rules() {
    if let Err(problems) = press::check_chapters(&workspace().join("book")) {
        panic!("{problems:#}");
    }
}

#[test]
fn a_chapter_with_its_four_parts_is_accepted_by_every_check() {
    let mini = hello();
    press::check_chapters(&mini.path("book")).unwrap();
    mini.build().unwrap();
    let target = mini.path("target");
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        let cargo = cargo.args(arguments).current_dir(mini.path(""));
        cargo.env("CARGO_TARGET_DIR", &target).output().unwrap()
    };
    let test = cargo(&["test", "--quiet", "--offline", "--workspace"]);
    assert!(test.status.success(), "{}", String::from_utf8_lossy(&test.stderr));
    let example = cargo(&["run", "--quiet", "--offline", "--example", "hello"]);
    assert_eq!(String::from_utf8_lossy(&example.stdout), "2\n");
}

#[test]
fn a_chapter_without_a_page_is_refused() {
    let mini = hello().without("book/src/hello.md");
    assert!(refused(&mini).contains("hello.md"));
    assert!(mini.problems().contains("hello.md"));
}

#[test]
fn a_chapter_that_the_summary_leaves_out_is_refused() {
    let mini = hello().with("book/src/SUMMARY.md", "# Summary\n");
    assert_eq!(
        refused(&mini),
        "book/src/hello.md:1: no line of SUMMARY.md leads here\n\
         examples/hello.rs:1: no numbered chapter of SUMMARY.md has this name\n\
         tests/hello.rs:1: no numbered chapter of SUMMARY.md has this name\n"
    );
}

#[test]
fn a_chapter_without_a_crate_is_refused() {
    let missing = |file: &str| {
        format!(
            "book/src/SUMMARY.md:3: the chapter hello has no crate: there is no \
             crates/hello/{file}\n"
        )
    };
    let mini = hello().without("crates/hello/src/lib.rs");
    assert_eq!(refused(&mini), missing("src/lib.rs"));
    let mini = mini.without("crates/hello/Cargo.toml");
    assert_eq!(refused(&mini), missing("Cargo.toml") + &missing("src/lib.rs"));
}

#[test]
fn a_chapter_without_an_example_is_refused() {
    assert_eq!(
        refused(&hello().without("examples/hello.rs")),
        "book/src/SUMMARY.md:3: the chapter hello has no example: there is no \
         examples/hello.rs or crates/hello/examples/hello.rs\n"
    );
}

#[test]
fn a_chapter_without_a_test_is_refused() {
    assert_eq!(
        refused(&hello().without("tests/hello.rs")),
        "book/src/SUMMARY.md:3: the chapter hello has no test: there is no \
         tests/hello.rs or crates/hello/tests/hello.rs\n"
    );
}

#[test]
fn a_chapter_that_the_workspace_does_not_list_is_refused() {
    let root = text("Cargo.toml");
    let without = |line| hello().with("Cargo.toml", &root.replace(line, ""));
    assert_eq!(
        refused(&without("hello = { path = 'crates/hello' }\n")),
        "Cargo.toml:4: the chapter hello is not among the [workspace.dependencies]\n"
    );
    assert_eq!(
        refused(&without("hello.workspace = true\n")),
        "Cargo.toml:14: the chapter hello is not among the [dev-dependencies]\n"
    );
}

/// Then its crate has them, and the root need not know it.
#[test]
fn a_chapter_that_is_slow_to_compile_keeps_its_example_and_its_test() {
    let root = text("Cargo.toml").replace("hello.workspace = true\n", "");
    let slow = hello()
        .with("crates/hello/examples/hello.rs", text("examples/hello.rs"))
        .with("crates/hello/tests/hello.rs", text("tests/hello.rs"));
    assert_eq!(
        refused(&slow),
        "book/src/SUMMARY.md:3: the chapter hello has two examples: examples/hello.rs and \
         crates/hello/examples/hello.rs\n\
         book/src/SUMMARY.md:3: the chapter hello has two tests: tests/hello.rs and \
         crates/hello/tests/hello.rs\n"
    );
    let slow = slow
        .without("examples/hello.rs")
        .without("tests/hello.rs")
        .with("Cargo.toml", &root);
    press::check_chapters(&slow.path("book")).unwrap();
}

#[test]
fn a_chapter_depends_on_earlier_chapters_and_its_tests_on_helpers() {
    let rest =
        "[dependencies]\nserde = '1'\n\n[dev-dependencies]\nhelper.workspace = true\n";
    let manifest = |name| format!("{}\n{rest}{name}.workspace = true\n", HELLO[2].1);
    let root = text("Cargo.toml")
        .replace("\n[workspace.lints", "world = {}\n\n[workspace.lints")
        .replace("hello.workspace", "world = {}\nhello.workspace");
    let both =
        ["crates/helper/Cargo.toml", "crates/world/Cargo.toml", "crates/world/src/lib.rs"]
            .into_iter()
            .chain(["examples/world.rs", "tests/world.rs", "book/src/world.md"])
            .fold(hello(), |mini, path| mini.with(path, ""))
            .with("book/src/SUMMARY.md", "- [Hello](hello.md)\n- [World](world.md)\n")
            .with("Cargo.toml", &root)
            .with("crates/world/Cargo.toml", &manifest("hello"));
    press::check_chapters(&both.path("book")).unwrap();
    let both = both.with("crates/hello/Cargo.toml", &manifest("world"));
    let later = "depends on world, which is no earlier chapter\n";
    assert_eq!(
        refused(&both),
        format!("crates/hello/Cargo.toml:13: the chapter hello {later}")
    );
    let both = both
        .with("crates/hello/Cargo.toml", "")
        .with("crates/world/Cargo.toml", "[dependencies]\nhelper = {}\n");
    assert_eq!(
        refused(&both),
        "crates/world/Cargo.toml:2: the chapter world depends on helper, which is no earlier \
         chapter\n"
    );
}

#[test]
fn comments_documentation_blank_lines_and_tests_are_no_code() {
    let lib = text("crates/hello/src/lib.rs");
    let rest = "// Why.\n/* Why\nnot. */\n\n#[cfg(test)]\nmod unit {\n    fn f() {}\n}\n\n\
                #[cfg(test)]\nmod tests;\n";
    let mini = hello().with("crates/hello/src/lib.rs", &format!("{lib}{rest}")).with(
        "crates/hello/src/tests.rs",
        "//! Tests.\n\n\n\nfn f() {\n}\n\nfn g() {\n}\n",
    );
    press::check_chapters(&mini.path("book")).unwrap();
    let mini = mini.with("crates/hello/src/lib.rs", &format!("{lib}\nmod tests;\n{rest}"));
    assert_eq!(refused(&mini), "crates/hello/src/lib.rs:1: 4 lines of code: 3 at most\n");
}

#[test]
fn public_items_are_the_names_that_a_crate_gives_away() {
    let lib = text("crates/hello/src/lib.rs");
    let count = |more: &str| {
        let mini = hello()
            .with("book/book.toml", &format!("{BOOK_TOML}\nchapters.public-items = 0\n"))
            .with("crates/hello/src/lib.rs", &format!("{lib}{more}"));
        let refused = refused(&mini);
        let count =
            refused.strip_prefix("crates/hello:1: ").unwrap_or_else(|| panic!("{refused}"));
        count.split(' ').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(count(""), 1);
    assert_eq!(count("fn f() {}\nstruct S;\nimpl S { pub fn f() {} }\nuse std::f64;\n"), 1);
    assert_eq!(count("pub struct S;\nimpl S { pub fn f() {} }\npub enum E {}\n"), 3);
    assert_eq!(count("pub const C: f64 = 0.0;\npub type T = f64;\npub trait R {}\n"), 4);
    assert_eq!(count("mod inner;\npub use inner::{f as h, deep::S};\n"), 3);
    assert_eq!(count("mod inner;\npub use self::inner::S;\npub use other::T;\n"), 2);
    assert_eq!(
        count("pub mod inner { pub fn f() {}\n pub fn g() {} }\npub(crate) mod m;\n"),
        2
    );
}

#[test]
fn prose_has_headings_captions_and_folded_answers_and_nothing_that_is_looked_at() {
    let page = text("book/src/hello.md"); // Hello, Not 2x, Check yourself, Is x²?, For two x
    let prose = |more: &str| hello().with("book/src/hello.md", &format!("{page}{more}"));
    let looked_at = "\n| a | b |\n|---|---|\n| c | d |\n\n```sh\nls a\n```\n\n$$ a + b $$\n\n\
                     <!-- a\nb -->\n\n{{#eq twice}}\n\n–\n\n\
                     <div class=\"play\">\n\nDo this.\n\n</div>\n";
    let mini = prose(looked_at);
    let words = |refused: String| {
        let count = refused.strip_prefix("book/src/hello.md:1: ").unwrap().to_owned();
        assert!(count.ends_with(" words of prose: 14 at most\n"), "{count}");
        count.split(' ').next().unwrap().parse::<usize>().unwrap()
    };
    let read = format!("{looked_at}\n{}\n", "- *One*word, `two words`, $x$.\n".repeat(3));
    assert_eq!(words(refused(&prose(&read))), 10 + 3 * 4);
    press::check_chapters(&mini.path("book")).unwrap();
}

/// Two of the three minutes of `hello` are its formula and its listing: 1.5 and 1, and 10 words.
#[test]
fn a_page_says_how_long_it_takes_and_stays_below_the_limit() {
    let with = |most: usize, more: &str| {
        let rules = format!("chapters.minutes = {most}\n");
        hello()
            .with("book/book.toml", &format!("{BOOK_TOML}{rules}"))
            .with("book/src/hello.md", &format!("{}{more}", text("book/src/hello.md")))
    };
    let mini = with(3, "\nIt takes {{#minutes hello}} minutes.\n");
    press::check_chapters(&mini.path("book")).unwrap();
    mini.build().unwrap();
    let page = fs::read_to_string(mini.path("book/book/hello.html")).unwrap();
    assert!(page.contains("<p class=\"minutes\">3 minutes</p>"), "{page}");
    assert!(page.contains("It takes 3 minutes."), "{page}");
    let longer = with(3, &"word ".repeat(95)); // 105 words are more than half a minute
    assert_eq!(refused(&longer), "book/src/hello.md:1: 4 minutes: 3 at most\n");
    let unknown = with(3, "\n{{#minutes tea}}\n").problems();
    assert!(unknown.contains("no numbered page is called tea"), "{unknown}");
}

#[test]
fn what_is_over_its_limit_stays_below_its_ceiling_or_loses_it() {
    let with = |ceilings: &str| {
        let rules = format!(
            "chapters.lines-of-code = 2\nchapters.words = 100\nchapters.ceilings = {ceilings}\n"
        );
        hello().with("book/book.toml", &format!("{BOOK_TOML}{rules}"))
    };
    let lib = "crates/hello/src/lib.rs";
    press::check_chapters(&with(&format!("{{ '{lib}' = 3 }}")).path("book")).unwrap();
    press::check_chapters(&with(&format!("{{ '{lib}' = 4 }}")).path("book")).unwrap();
    let grown = text(lib).replace("2.0 * x", "let twice = 2.0 * x;\n    twice");
    assert_eq!(
        refused(&with(&format!("{{ '{lib}' = 3 }}")).with(lib, &grown)),
        format!("{lib}:1: 4 lines of code: 3 at most\n")
    );
    assert_eq!(
        refused(&with(&format!("{{ '{lib}' = 3, 'book/src/hello.md' = 200 }}"))),
        "book/book.toml:1: book/src/hello.md has no need of its ceiling in \
         preprocessor.press.chapters: 10 words of prose, where 100 are allowed\n"
    );
    assert_eq!(
        refused(&with(&format!("{{ '{lib}' = 3, 'README.md' = 200 }}"))),
        "book/book.toml:1: preprocessor.press.chapters has a ceiling for README.md, where \
         nothing is measured\n"
    );
}

#[test]
fn a_book_without_rules_for_chapters_cannot_be_checked() {
    let mini = hello().with("book/book.toml", BOOK_TOML);
    assert_eq!(refused(&mini), "book.toml has no [preprocessor.press.chapters]");
}

/// The limits are numbers of `book.toml`; CONTRIBUTING.md says the same ones.
#[test]
fn contributing_states_the_limits() {
    let read = |file: &str| fs::read_to_string(workspace().join(file)).unwrap();
    let (book, contributing) = (read("book/book.toml"), read("CONTRIBUTING.md"));
    let book: toml::Table = book.parse().unwrap();
    let press = &book["preprocessor"]["press"];
    for (number, unit) in [
        (&press["longest-listing"], "lines"),
        (&press["widest-listing"], "characters"),
        (&press["widest-output"], "characters"),
        (&press["chapters"]["lines-of-code"], "lines of code"),
        (&press["chapters"]["public-items"], "public items"),
        (&press["chapters"]["words"], "words of prose"),
        (&press["chapters"]["minutes"], "minutes"),
    ] {
        let limit = format!("at most {number} {unit}");
        assert!(contributing.contains(&limit), "CONTRIBUTING.md does not say: {limit}");
    }
}
