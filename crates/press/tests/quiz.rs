//! Quizzes: cut from the lessons, woven into the page, and no part of its length.

mod mini;

use mini::{BOOK_TOML, Mini};
use std::fs;

const QUIZ: &str = "
Is $x^2$ ever below 0?

- [ ] Yes, for a negative $x$

  Two minuses are a plus, by {{#eq square}}.

- [x] No

  Right.
";

/// A book whose first page has the quiz of a lesson.
fn with(quiz: &str) -> Mini {
    let lesson =
        format!("+++\nminutes = 10\n+++\n# One\n\n## Quiz\n{quiz}\n## Slides\n\n### A\n");
    Mini::new()
        .with("book/book.toml", &format!("{BOOK_TOML}lessons = 'teach/src'\n"))
        .with("book/src/one.md", "# One\n\n{{#quiz one}}\n\n## Run it\n")
        .with("teach/src/one.md", &lesson)
}

#[test]
fn an_option_unfolds_to_its_reply() {
    let mini = with(QUIZ);
    let index = mini.build().unwrap();
    let page = fs::read_to_string(index.with_file_name("one.html")).unwrap();
    let page = page.replace('\n', "");
    assert_eq!(page.matches("<details name=\"quiz-one\">").count(), 2, "{page}");
    assert!(page.contains("<summary>No</summary><p>Right.</p></details>"), "{page}");
    assert!(page.contains("<summary>Yes, for a negative <math"), "{page}");
    assert!(page.contains("two.html#eq-square\">(2.1)</a>.</p>"), "{page}");
    assert!(!page.contains("[x]") && !page.contains("### A"), "{page}");
}

#[test]
fn a_quiz_counts_neither_as_words_nor_as_minutes() {
    let settings = format!("{BOOK_TOML}lessons = 'teach/src'\nchapters.minutes = 1\n");
    let long = QUIZ.replace("Right.", &"right ".repeat(500));
    let mini = with(&long).with("book/book.toml", &settings);
    let index = mini.build().unwrap();
    let page = fs::read_to_string(index.with_file_name("one.html")).unwrap();
    assert!(page.contains("<p class=\"minutes\">1 minutes</p>"), "{page}");
}

#[test]
fn what_is_no_quiz_is_named_with_its_line() {
    let no_quiz = |mini: Mini| {
        let problems = mini.problems();
        assert!(
            problems.starts_with(
                "book/src/one.md:3: there is no lesson one, or it has no quiz"
            ),
            "{problems}"
        );
    };
    no_quiz(with(&QUIZ.replace("[ ]", "[x]"))); // two are right
    no_quiz(with(&QUIZ.replace("[x]", "[ ]"))); // none is
    no_quiz(with(&QUIZ.replace("  Right.\n", ""))); // without a reply
    no_quiz(with(QUIZ).without("teach/src/one.md"));
    let misplaced = with(QUIZ).with("book/src/one.md", "# One\n\nSee {{#quiz one}}.\n");
    assert_eq!(
        misplaced.problems(),
        "book/src/one.md:3: {{#quiz}} opens the paragraph that it replaces\n"
    );
    let in_it = with(&QUIZ.replace("x^2", "\\nonsense")).problems();
    assert!(in_it.starts_with("teach/src/one.md:8: mathematics"), "{in_it}");
}

#[test]
fn a_page_of_the_book_quotes_nothing_else() {
    let problems =
        with(QUIZ).with("book/src/one.md", "# One\n\n{{#exercises}}\n").problems();
    assert_eq!(problems, "book/src/one.md:3: nobody knows {{#exercises}}\n");
}
