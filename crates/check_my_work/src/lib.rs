//! Says which exercises are done: it runs the tests that decide, and tells what they say.
//!
//! This crate is part of every handout and must compile at once, so it stands on the standard library
//! alone. Exercises are lines of `exercises.tsv`, see [`Exercise`].

mod run;

pub use run::{Limits, Ran, run};

use std::time::Duration;

/// An exercise of a handout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// `e_step.1`.
    pub id: String,
    /// The crate whose tests decide.
    pub package: String,
    /// The file of its tests, without `.rs`.
    pub target: String,
    /// The tests that decide; `lib:NAME` is a test within the crate.
    pub tests: Vec<String>,
    /// What it is, in a few words.
    pub title: String,
    /// What helps.
    pub hint: String,
}

impl Exercise {
    /// The exercises of a table: a line each, with tabs between id, package, target, tests (with
    /// commas between them), title and hint.
    ///
    /// # Errors
    ///
    /// A line with other than six cells, by its number.
    ///
    /// ```
    /// use check_my_work::Exercise;
    /// let line = "e_step.1\te_step\te_step\tbayes_rule_by_hand\tBayes' rule\tBefore you see x?\n";
    /// assert_eq!(Exercise::table(line).unwrap()[0].tests, ["bayes_rule_by_hand"]);
    /// assert_eq!(Exercise::table("e_step.1").unwrap_err(), "line 1 has 1 cells, not 6");
    /// ```
    pub fn table(text: &str) -> Result<Vec<Self>, String> {
        let line = |(i, line): (usize, &str)| {
            let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let count = cells.len();
            let [id, package, target, tests, title, hint] = cells
                .try_into()
                .map_err(|_| format!("line {} has {count} cells, not 6", i + 1))?;
            let tests = tests.split(',').map(str::to_owned).collect();
            Ok(Self { id, package, target, tests, title, hint })
        };
        text.lines().enumerate().map(line).collect()
    }

    /// The line of a table that is this exercise.
    ///
    /// ```
    /// use check_my_work::Exercise;
    /// let line = "em.2\tem\tem\ta,b\tℓ\tA sum of logarithms.";
    /// assert_eq!(Exercise::table(line).unwrap()[0].line(), line);
    /// ```
    #[must_use]
    pub fn line(&self) -> String {
        let Self { id, package, target, tests, title, hint } = self;
        let tests = tests.join(",");
        [id, package, target, &tests, title, hint].map(|cell| plain(cell)).join("\t")
    }
}

/// Without what would end a cell.
fn plain(text: &str) -> String {
    text.split(['\t', '\n']).map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// What has become of an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All tests that decide pass.
    Done,
    /// It still says `todo!`.
    NotBegun,
    /// It uses another exercise, which still says `todo!`.
    Waits(String),
    /// A test fails, and says this.
    NotYet(String),
    /// The crate does not compile; the compiler says this.
    NoProgram(String),
    /// A test has not ended in this time.
    Late(Duration),
    /// A test has printed more than this many bytes.
    Loud(usize),
    /// The program has ended, and no test has said how.
    Gone(String),
}

impl Outcome {
    /// What a test of an exercise has come to, from how it ran.
    #[must_use]
    pub fn of(ran: &Ran, limits: &Limits, exercise: &str) -> Self {
        match ran {
            Ran { late: true, .. } => Self::Late(limits.time),
            Ran { loud: true, .. } => Self::Loud(limits.output),
            Ran { code: Some(0), .. } => Self::Done,
            Ran { code: Some(101), output, .. } => match message(output) {
                Some(said) => match said.strip_prefix("not yet implemented: ") {
                    Some(id) if id == exercise => Self::NotBegun,
                    Some(id) => Self::Waits(id.to_owned()),
                    None => Self::NotYet(said),
                },
                None => Self::Gone("the test failed and gave no reason".to_owned()),
            },
            Ran { code: Some(code), .. } => {
                Self::Gone(format!("the program ended itself with exit code {code}"))
            }
            Ran { code: None, output, .. } if output.contains("overflowed its stack") => {
                Self::Gone("the stack is full: a function calls itself for ever".to_owned())
            }
            Ran { code: None, .. } => {
                Self::Gone("the system has stopped the program".to_owned())
            }
        }
    }

    /// Whether the exercise is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        *self == Self::Done
    }

    /// In one word, for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotBegun => "not_begun",
            Self::Waits(_) => "waits",
            Self::NotYet(_) => "not_yet",
            Self::NoProgram(_) => "does_not_compile",
            Self::Late(_) => "too_slow",
            Self::Loud(_) => "too_loud",
            Self::Gone(_) => "ended_itself",
        }
    }

    /// In words.
    #[must_use]
    pub fn say(&self) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::NotBegun => "not begun".to_owned(),
            Self::Waits(id) => format!("its test needs {id}, which is not begun"),
            Self::NotYet(said) => format!("not yet: {said}"),
            Self::NoProgram(said) => format!("does not compile: {said}"),
            Self::Late(time) => {
                format!("not yet: it has not ended after {} s", time.as_secs())
            }
            Self::Loud(bytes) => {
                format!("not yet: it has printed more than {} KiB", bytes / 1024)
            }
            Self::Gone(said) => format!("not yet: {said}"),
        }
    }
}

/// What a failing test has said, in one line.
///
/// ```
/// let output = "thread 'a' (7) panicked at tests/a.rs:3:5:\n1 is not 2\nnote: run with `R`\n";
/// assert_eq!(check_my_work::message(output).unwrap(), "1 is not 2");
/// // What the test has said and what says that it failed may come in any order.
/// let output = "thread 'a' (7) panicked at tests/a.rs:3:5:\n1 is not 2\nFAILED\n";
/// assert_eq!(check_my_work::message(output).unwrap(), "1 is not 2");
/// ```
#[must_use]
pub fn message(output: &str) -> Option<String> {
    let mut lines = output
        .lines()
        .skip_while(|line| {
            !(line.starts_with("thread '") && line.contains(" panicked at "))
        })
        .skip(1)
        .take_while(|line| !line.starts_with("note: ") && !line.starts_with("failures:"))
        .map(str::trim)
        .filter(|line| {
            let of_the_tests = ["", "running 1 test", "FAILED"].contains(line);
            !of_the_tests && !line.starts_with("test ")
        })
        .peekable();
    lines.peek()?;
    let text = lines.collect::<Vec<_>>().join("; ");
    Some(if text.chars().count() > 400 {
        text.chars().take(400).collect::<String>() + " …"
    } else {
        text
    })
}

/// What the compiler says first.
///
/// ```
/// let said = "warning: x\n\nerror[E0425]: no `y`\n --> crates/a/src/lib.rs:1:1\n  |\n";
/// assert_eq!(check_my_work::first_error(said).unwrap(), "no `y` (crates/a/src/lib.rs:1:1)");
/// ```
#[must_use]
pub fn first_error(compiler: &str) -> Option<String> {
    let mut lines = compiler.lines().skip_while(|line| !line.starts_with("error"));
    let said = lines.next()?.split_once(": ")?.1;
    let place = lines.next().and_then(|line| line.trim().strip_prefix("--> "));
    Some(place.map_or(said.to_owned(), |place| format!("{said} ({place})")))
}

/// The programs of the tests that Cargo has built, by the names of their targets and whether they are
/// the crate's own tests: from what it prints with `--message-format json-render-diagnostics`.
#[must_use]
pub fn programs(json: &str) -> Vec<(String, bool, String)> {
    let program = |line: &str| {
        let executable = field(line, "\"executable\":\"")?;
        let target = line.split_once("\"target\":")?.1;
        let own = !target.contains("\"kind\":[\"test\"]");
        Some((field(target, "\"name\":\"")?, own, executable))
    };
    json.lines().filter(|line| line.contains("\"test\":true")).filter_map(program).collect()
}

/// A text of JSON that follows a key.
fn field(json: &str, key: &str) -> Option<String> {
    let mut text = String::new();
    let mut letters = json.split_once(key)?.1.chars();
    loop {
        match letters.next()? {
            '"' => return Some(text),
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
}
