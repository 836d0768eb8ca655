//! What can be wrong with the book, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is wrong, at a line of a source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{}:{line}: {fault}", file.display())]
pub struct Problem {
    /// The file, from the root of the workspace.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// Everything that press refuses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum Fault {
    #[error("mathematics: {0}")]
    Mathematics(String),
    #[error("mathematics: the font of the book has no {0:?} (U+{code:04X})", code = u32::from(*.0))]
    Character(char),
    #[error(r"mathematics: this $ or a brace after it has no partner; a dollar sign is \$")]
    LoneDollar,
    #[error(
        "display mathematics stands alone in its paragraph, with a blank line on either side"
    )]
    DisplayNotAlone,
    #[error("{0} needs a blank line after it")]
    NoBlankLine(&'static str),

    #[error("the label {0:?} is not of the form eq:name (small letters, digits, hyphens)")]
    LabelForm(String),
    #[error("a formula has one label at most, and this one is its second")]
    SecondLabel,
    #[error("the equation {slug} is labelled in {} already", first.display())]
    DuplicateLabel { slug: String, first: PathBuf },
    #[error(
        "the equation {0} has no number, as its page has none: only numbered chapters label"
    )]
    UnnumberedPage(String),
    #[error("no equation is labelled {0}")]
    UnknownEquation(String),
    #[error("no test checks the equation {0}: the doc comment of a #[test] names it")]
    Untested(String),
    #[error("not the Rust that press can read: {0}")]
    Rust(String),

    #[error("the figure {0} stands on this page already")]
    TwiceShown(String),
    #[error("there is no figure {0}")]
    UnknownFigure(String),
    #[error("the figure {0} has no caption: it follows in the same paragraph")]
    NoCaption(String),
    #[error("the figure {name} cannot be drawn: {reason}")]
    Undrawable { name: String, reason: String },

    #[error(
        "a rust block is one line, {{{{#include PATH:ANCHOR}}}}, of code that is tested"
    )]
    NotAnInclude,
    #[error("{} is no file", .0.display())]
    NoFile(PathBuf),
    #[error("{} is not tested code: no pattern of preprocessor.press.code in book.toml matches it", .0.display())]
    Untestable(PathBuf),
    #[error("{} has no ANCHOR: {anchor} with its ANCHOR_END", file.display())]
    NoAnchor { file: PathBuf, anchor: String },
    #[error("no page shows a numbered figure {0}")]
    UnknownNumber(String),
    #[error("the excerpt {anchor} of {} is empty", file.display())]
    EmptyExcerpt { file: PathBuf, anchor: String },
    #[error("the excerpt {anchor} of {} has {lines} lines: {most} at most", file.display())]
    LongExcerpt { file: PathBuf, anchor: String, lines: usize, most: usize },
    #[error("the excerpt {anchor} of {} has a line of {width} characters: {most} at most", file.display())]
    WideExcerpt { file: PathBuf, anchor: String, width: usize, most: usize },

    #[error("a line of the output has {width} characters: {most} at most")]
    WideOutput { width: usize, most: usize },

    #[error("CITATION.cff: {0}")]
    Citation(String),
    #[error("no numbered page is called {0}")]
    UnknownChapter(String),

    #[error(
        "there is no lesson {0}, or it has no quiz: teach/src/{0}.md has a section Quiz of a question and options, - [ ] or - [x], with replies"
    )]
    NoQuiz(String),
    #[error("{{{{#{directive}}}}}: {what}")]
    NoQuotation { directive: String, what: String },
    #[error("a deck has {count} slides: {most} at most")]
    ManySlides { count: usize, most: usize },
    #[error("a slide begins with its title, ### and some words")]
    UntitledSlide,

    #[error("{{{{#{0}}}}} opens the paragraph that it replaces")]
    Misplaced(&'static str),
    #[error("{{{{#{0}}}}} is not for this book: include an anchor of tested code")]
    Refused(String),
    #[error("nobody knows {0}")]
    UnknownDirective(String),

    #[error("the chapter {chapter} has no {part}: there is no {place}")]
    Missing { chapter: String, part: &'static str, place: String },
    #[error("the chapter {chapter} has two {kind}: {} and {}", homes[0].display(), homes[1].display())]
    TwoHomes { chapter: String, kind: &'static str, homes: [PathBuf; 2] },
    #[error("the chapter {chapter} is not among the [{table}]")]
    NoEntry { chapter: String, table: &'static str },
    #[error("the chapter {chapter} depends on {name}, which is no earlier chapter")]
    LaterChapter { chapter: String, name: String },
    #[error("no line of SUMMARY.md leads here")]
    NotInSummary,
    #[error("no numbered chapter of SUMMARY.md has this name")]
    NoChapter,
    #[error("{count} {what}: {most} at most")]
    OverLimit { what: &'static str, count: usize, most: usize },
    #[error(
        "{} has no need of its ceiling in preprocessor.press.chapters: {count} {what}, where {most} are allowed", file.display()
    )]
    IdleCeiling { file: PathBuf, what: &'static str, count: usize, most: usize },
    #[error("preprocessor.press.chapters has a ceiling for {}, where nothing is measured", .0.display())]
    StrayCeiling(PathBuf),

    #[error("the link {0} leads nowhere")]
    BrokenLink(String),
    #[error("the link {link} leads to {}, which has no #{fragment}", page.display())]
    BrokenFragment { link: String, page: PathBuf, fragment: String },
}

/// All the problems of a book.
#[derive(Debug, Default, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Notes a fault.
    pub fn add(&mut self, file: &Path, line: usize, fault: Fault) {
        self.0.push(Problem { file: file.to_owned(), line, fault });
    }

    /// The problems, if there are any, by file and line, each once.
    pub fn into_result(mut self) -> Result<(), Self> {
        self.0.sort();
        self.0.dedup();
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|problem| writeln!(f, "{problem}"))
    }
}
