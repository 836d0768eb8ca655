//! What `book.toml` says, and what it may not say.

mod mini;

use mini::{BOOK_TOML, Mini};

/// The problem of a book with other settings.
fn problem(settings: &str) -> String {
    Mini::new().with("book/book.toml", settings).problems()
}

/// The problem of a book with one more line in its settings.
fn line(more: &str) -> String {
    problem(&format!("{BOOK_TOML}{more}\n"))
}

#[test]
fn the_keys_of_mdbook_are_left_to_mdbook() {
    let settings = format!("{BOOK_TOML}optional = false\nrenderers = ['html']\n");
    assert!(Mini::new().with("book/book.toml", &settings).build().is_ok());
}

#[test]
fn an_unknown_key_is_named() {
    assert!(line("longest = 3").contains("unknown field `longest`"));
    assert!(line("chapters.word = 3").contains("unknown field `word`"));
}

#[test]
fn a_value_of_another_type_is_named() {
    let settings = BOOK_TOML.replace("widest-listing = 30", "widest-listing = 'wide'");
    let problem = problem(&settings);
    assert!(problem.contains("invalid type: string \"wide\", expected usize"), "{problem}");
    assert!(problem.contains("widest-listing"), "{problem}");
}

#[test]
fn the_patterns_of_tested_code_must_be_there() {
    let settings: String =
        BOOK_TOML.split_inclusive('\n').filter(|line| !line.starts_with("code")).collect();
    assert!(problem(&settings).contains("missing field `code`"));
}

#[test]
fn a_pattern_that_is_none_is_named() {
    let problem = problem(&BOOK_TOML.replace("tests/*.rs", "tests/***.rs"));
    assert!(problem.contains("the pattern tests/***.rs"), "{problem}");
}

#[test]
fn a_font_that_is_not_there_is_named() {
    let problem = Mini::new().without("book/src/characters.txt").problems();
    assert!(problem.starts_with("preprocessor.press.font of book.toml: "), "{problem}");
    assert!(problem.contains("characters.txt"), "{problem}");
}

#[test]
fn without_a_font_every_character_is_welcome() {
    let settings: String =
        BOOK_TOML.split_inclusive('\n').filter(|line| !line.starts_with("font")).collect();
    let mini = Mini::new()
        .with("book/book.toml", &settings)
        .with("book/src/one.md", "# One\n\n$\\text{Ж}$\n");
    assert!(mini.build().is_ok());
}

#[test]
fn a_macro_that_is_no_latex_is_named() {
    let problem = line(r"macros.third = '\nonsense'");
    assert!(
        problem.contains("preprocessor.press.macros.third of book.toml: "),
        "{problem}"
    );
}
