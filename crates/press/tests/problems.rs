//! Whatever press refuses, it names with file and line.

mod mini;

use mini::Mini;

/// What is wrong with the page.
fn problems(page: &str) -> String {
    Mini::new().with("book/src/one.md", page).problems()
}

/// What is wrong with the page after its heading, in line 3.
fn line_3(text: &str) -> String {
    let problems = problems(&format!("# One\n\n{text}\n"));
    let lines: Vec<_> = problems.lines().collect();
    let [line] = lines[..] else { panic!("one problem expected:\n{problems}") };
    line.strip_prefix("book/src/one.md:3: ").unwrap_or_else(|| panic!("{line}")).to_owned()
}

#[test]
fn a_book_without_problems_passes() {
    assert!(Mini::new().build().is_ok());
}

#[test]
fn all_problems_are_told_together_by_file_and_line() {
    let mini = Mini::new()
        .with("book/src/two.md", "# Two\n\n[x](nowhere.md)\n\n{{#eq nothing}}\n")
        .with("book/src/one.md", "# One\n\n[x](nowhere.md)\n")
        .with("tests/two.rs", "")
        .with("crates/two/src/lib.rs", "");
    assert_eq!(
        mini.problems(),
        "book/src/one.md:3: the link nowhere.md leads nowhere\n\
         book/src/two.md:3: the link nowhere.md leads nowhere\n\
         book/src/two.md:5: no equation is labelled nothing\n"
    );
}

#[test]
fn mathematics_that_does_not_parse() {
    assert_eq!(line_3(r"$\nonsense$"), r#"mathematics: Unknown command "\nonsense"."#);
    let fine = "# One\n\nFive \\$ for `$HOME`, and $x$.\n";
    assert!(Mini::new().with("book/src/one.md", fine).build().is_ok());
    assert_eq!(
        line_3(r"$x^{(0$"),
        r"mathematics: this $ or a brace after it has no partner; a dollar sign is \$"
    );
    assert_eq!(
        problems("# One\n\n$$\nx \\\\\n\\nonsense\n$$\n"),
        "book/src/one.md:5: mathematics: Unknown command \"\\nonsense\".\n"
    );
    assert_eq!(
        line_3(r"<summary>$\nonsense$</summary>"),
        r#"mathematics: Unknown command "\nonsense"."#
    );
}

#[test]
fn a_character_that_the_font_lacks() {
    let expected = "mathematics: the font of the book has no 'Ж' (U+0416)";
    assert_eq!(line_3(r"$\text{Ж}$"), expected);
}

#[test]
fn display_mathematics_within_a_paragraph() {
    let expected = "display mathematics stands alone in its paragraph, with a blank line on either side";
    assert_eq!(line_3("See $$x$$ here."), expected);
    assert_eq!(line_3("- $$x$$"), expected);
    assert_eq!(line_3("<div>$$x$$</div>"), expected);
    assert_eq!(
        line_3("$$x$$\n- a list"),
        "display mathematics needs a blank line after it"
    );
}

#[test]
fn code_and_escaped_dollars_are_no_mathematics() {
    let page = "# One\n\n`$\\nonsense$` costs \\$5 or \\$6.\n\n```sh\n$ echo $$\n```\n";
    assert!(Mini::new().with("book/src/one.md", page).build().is_ok());
}

#[test]
fn a_label_that_is_malformed_doubled_or_without_a_number() {
    assert_eq!(
        line_3(r"$$x \label{bayes}$$"),
        r#"the label "bayes" is not of the form eq:name (small letters, digits, hyphens)"#
    );
    assert_eq!(
        problems("# One\n\n$$\n\\label{eq:square}\nx\n$$\n"),
        "book/src/two.md:4: the equation square is labelled in book/src/one.md already\n"
    );
    let second = "$$\n\\label{eq:a} \\label{eq:b}\n$$\n";
    let mini = Mini::new()
        .with("book/src/one.md", second)
        .with("tests/one.rs", "/// eq:a\n#[test]\nfn a() {}\n");
    assert_eq!(
        mini.problems(),
        "book/src/one.md:2: a formula has one label at most, and this one is its second\n"
    );
    assert_eq!(
        Mini::new().with("book/src/start.md", "\n$$x \\label{eq:start}$$\n").problems(),
        "book/src/start.md:2: the equation start has no number, as its page has none: only \
         numbered chapters label\n"
    );
}

#[test]
fn a_reference_to_no_equation() {
    assert_eq!(line_3("By {{#eq nothing}}."), "no equation is labelled nothing");
}

#[test]
fn an_equation_that_no_test_checks() {
    let expected =
        "no test checks the equation lonely: the doc comment of a #[test] names it";
    assert_eq!(line_3(r"$$x \label{eq:lonely}$$"), expected);
    // A function that computes it is no test.
    let mini = Mini::new()
        .with("book/src/one.md", "\n\n$$x \\label{eq:lonely}$$\n")
        .with("crates/one/src/lib.rs", "/// eq:lonely\npub fn lonely() {}\n");
    assert_eq!(mini.problems(), format!("book/src/one.md:3: {expected}\n"));
}

#[test]
fn a_doc_comment_that_names_no_equation() {
    let rust = "/// All is well.\n/// See eq:nothing.\npub fn f() {}\n";
    assert_eq!(
        Mini::new().with("crates/one/src/deep/er.rs", rust).problems(),
        "crates/one/src/deep/er.rs:2: no equation is labelled nothing\n"
    );
}

#[test]
fn rust_that_does_not_parse() {
    assert_eq!(
        Mini::new().with("tests/one.rs", "fn f() {}\nfn 1() {}\n").problems(),
        "tests/one.rs:2: not the Rust that press can read: expected identifier\n"
    );
}

#[test]
fn a_figure_that_is_unknown_broken_or_without_a_caption() {
    assert_eq!(line_3("{{#figure one/none}}\nA caption."), "there is no figure one/none");
    assert_eq!(
        line_3("{{#figure two/broken}}\nA caption."),
        "the figure two/broken cannot be drawn: no data"
    );
    assert_eq!(
        line_3("{{#figure two/parabola}}"),
        "the figure two/parabola has no caption: it follows in the same paragraph"
    );
    assert_eq!(
        line_3("See {{#figure two/parabola}}"),
        "{{#figure}} opens the paragraph that it replaces"
    );
    assert_eq!(
        problems("{{#figure two/parabola}}\nA caption\nwith $\\nonsense$.\n"),
        "book/src/one.md:3: mathematics: Unknown command \"\\nonsense\".\n"
    );
}

#[test]
fn rust_that_is_not_an_include_of_an_anchor() {
    let expected =
        "a rust block is one line, {{#include PATH:ANCHOR}}, of code that is tested";
    assert_eq!(line_3("```rust\nfn main() {}\n```"), expected);
    assert_eq!(line_3("```rust,ignore\n```"), expected);
    let include = "{{#include ../../crates/two/src/lib.rs";
    assert_eq!(
        problems(&format!("```rust\n{include}}}}}\n```\n")),
        format!("book/src/one.md:2: {expected}\n")
    );
    assert_eq!(
        problems(&format!("```rust\n{include}:1:3}}}}\n```\n")),
        format!("book/src/one.md:2: {expected}\n")
    );
}

/// The problem of an excerpt from a file with this text.
fn excerpt(file: &str, text: &str) -> String {
    let page = format!("```rust\n{{{{#include ../../{file}:it}}}}\n```\n");
    Mini::new().with(file, text).with("book/src/one.md", &page).problems()
}

#[test]
fn an_excerpt_of_untested_code() {
    assert_eq!(
        excerpt("book/snippet.rs", "// ANCHOR: it\nfn f() {}\n// ANCHOR_END: it\n"),
        "book/src/one.md:2: book/snippet.rs is not tested code: no pattern of \
         preprocessor.press.code in book.toml matches it\n"
    );
}

#[test]
fn an_excerpt_that_is_missing_unclosed_empty_long_or_wide() {
    let missing =
        "book/src/one.md:2: examples/one.rs has no ANCHOR: it with its ANCHOR_END\n";
    assert_eq!(excerpt("examples/one.rs", "fn main() {}\n"), missing);
    assert_eq!(excerpt("examples/one.rs", "// ANCHOR: it\nfn main() {}\n"), missing);
    assert_eq!(
        excerpt("examples/one.rs", "// ANCHOR: it\n\n// ANCHOR_END: it\n"),
        "book/src/one.md:2: the excerpt it of examples/one.rs is empty\n"
    );
    let long = format!("// ANCHOR: it\n{}// ANCHOR_END: it\n", "//\n".repeat(7));
    assert_eq!(
        excerpt("examples/one.rs", &long),
        "book/src/one.md:2: the excerpt it of examples/one.rs has 7 lines: 6 at most\n"
    );
    let wide =
        |n| format!("    // ANCHOR: it\n    {}\n    // ANCHOR_END: it\n", "/".repeat(n));
    assert_eq!(
        excerpt("examples/one.rs", &wide(31)),
        "book/src/one.md:2: the excerpt it of examples/one.rs has a line of 31 characters: 30 \
         at most\n"
    );
    let page = "```rust\n{{#include ../../examples/one.rs:it}}\n```\n";
    let mini = Mini::new().with("examples/one.rs", &wide(30)).with("book/src/one.md", page);
    assert!(mini.build().is_ok(), "the margin does not count");
}

#[test]
fn an_output_with_a_line_that_is_wide() {
    let page = |n| format!("```console\n$ true\n{}\n\n```\n", "x".repeat(n));
    assert_eq!(
        problems(&page(41)),
        "book/src/one.md:2: a line of the output has 41 characters: 40 at most\n"
    );
    assert!(Mini::new().with("book/src/one.md", &page(40)).build().is_ok());
}

#[test]
fn any_include_of_no_file_or_no_anchor() {
    assert_eq!(
        problems("```rust\n{{#include ../../examples/none.rs:it}}\n```\n"),
        "book/src/one.md:2: examples/none.rs is no file\n"
    );
    assert_eq!(line_3("{{#include none.txt}}"), "book/src/none.txt is no file");
    assert_eq!(
        line_3("`{{#include two.md:it}}`"),
        "book/src/two.md has no ANCHOR: it with its ANCHOR_END"
    );
}

#[test]
fn directives_that_mdbook_knows_and_this_book_does_not() {
    assert_eq!(
        line_3("{{#rustdoc_include ../../crates/two/src/lib.rs:square}}"),
        "{{#rustdoc_include}} is not for this book: include an anchor of tested code"
    );
    assert_eq!(
        line_3("{{#playground ../../crates/two/src/lib.rs}}"),
        "{{#playground}} is not for this book: include an anchor of tested code"
    );
}

#[test]
fn directives_that_nobody_knows() {
    assert_eq!(line_3("{{#inclde x}}"), "nobody knows {{#inclde x}}");
    assert_eq!(
        line_3("x {{#equations}}"),
        "{{#equations}} opens the paragraph that it replaces"
    );
    let escaped = Mini::new().with("book/src/one.md", "Write `\\{{#eq square}}`.\n");
    assert!(escaped.build().is_ok());
}

#[test]
fn links_that_lead_nowhere() {
    assert_eq!(line_3("[x](none.md)"), "the link none.md leads nowhere");
    assert_eq!(line_3("![x](none.svg)"), "the link none.svg leads nowhere");
    assert_eq!(line_3("[x](../../Cargo.toml)"), "the link ../../Cargo.toml leads nowhere");
    assert_eq!(line_3("[x](/two.md)"), "the link /two.md leads nowhere");
    assert_eq!(line_3("[x][y]\n\n[y]: none.md"), "the link none.md leads nowhere");
    assert_eq!(
        line_3("An <a href=\"none.html\">x</a>"),
        "the link none.html leads nowhere"
    );
    assert_eq!(
        line_3("<p><img alt='' src='none.png'></p>"),
        "the link none.png leads nowhere"
    );
}

#[test]
fn links_to_no_id() {
    assert_eq!(
        line_3("[x](#none)"),
        "the link #none leads to book/src/one.md, which has no #none"
    );
    assert_eq!(
        line_3("[x](two.md#none)"),
        "the link two.md#none leads to book/src/two.md, which has no #none"
    );
}

#[test]
fn links_that_lead_somewhere() {
    let page = "# One\n\n[a](#one) [b](two.md#why) [c](two.md#eq-square) [d](two.html) \
                [e](two.md#fig-two-parabola) [f](https://x.org/#none) \
                [g](characters.txt) <a href='two.md#eq-square'>h</a>\n";
    assert!(Mini::new().with("book/src/one.md", page).build().is_ok());
}
