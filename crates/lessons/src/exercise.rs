//! What stands in front of a page.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The TOML in front of a page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Front {
    /// The minutes of the lecture, without exercises; 0 for a page that is none.
    #[serde(default)]
    pub minutes: usize,
    /// The exercises.
    #[serde(default, rename = "exercise")]
    pub exercises: Vec<Exercise>,
}

/// Functions that a student writes, and the tests that decide whether they are right.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// `e_step.1`: the page and a count.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// What to do, in Markdown.
    pub statement: String,
    /// What helps.
    pub hint: String,
    /// The part to whose handout it belongs, if its page is no chapter.
    pub part: Option<usize>,
    /// The functions: `e_step::numerators`, `uncertainty::bootstrap::matched`, or
    /// `stability::cure::Cure::variance`: crate, modules in files, a type, and the function.
    pub functions: Vec<String>,
    /// The tests that decide, of the chapter's own test; `lib:NAME` is a test within the crate.
    pub tests: Vec<String>,
    /// How long it takes.
    pub minutes: usize,
    /// What it is worth.
    pub points: u32,
    /// Whether it goes beyond the book.
    #[serde(default)]
    pub extension: bool,
    /// The body of a function where `todo!` would not compile, by the function's name.
    #[serde(default)]
    pub stub: BTreeMap<String, String>,
    /// Misconceptions, as code.
    #[serde(default)]
    pub wrong: Vec<Wrong>,
}

/// A misconception.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// What is misunderstood, in a few words.
    pub name: String,
    /// The function, by its last name.
    pub of: String,
    /// Its body; `original()` is what the right one gives.
    pub body: String,
    /// What to answer.
    pub reply: String,
}

impl Exercise {
    /// The crate of its functions.
    #[must_use]
    pub fn package(&self) -> &str {
        self.functions[0].split("::").next().expect("a first part")
    }

    /// The file of `tests/`, without `.rs`, that has its tests: that of the chapter, or of a module of
    /// extensions.
    #[must_use]
    pub fn target(&self) -> &str {
        match self.extension {
            true => self.functions[0].split("::").nth(1).expect("a module"),
            false => self.package(),
        }
    }

    /// The body of a function for the student to write.
    #[must_use]
    pub fn stub(&self, function: &str) -> String {
        let name = last(function);
        self.stub.get(name).cloned().unwrap_or_else(|| format!("todo!(\"{}\")", self.id))
    }

    /// The functions by their last names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(|function| last(function))
    }

    /// What is wrong with it, if something is.
    pub(crate) fn fault(&self, page: &str) -> Option<String> {
        let id = &self.id;
        let unknown =
            self.wrong.iter().find(|wrong| self.names().all(|name| name != wrong.of));
        let stray =
            self.stub.keys().find(|name| self.names().all(|own| own != name.as_str()));
        match self {
            _ if id.rsplit_once('.').is_none_or(|(name, _)| name != page) => {
                Some(format!("the exercise {id} is not called {page}.N"))
            }
            _ if self.functions.is_empty() => Some(format!("{id} has no functions")),
            _ if self.functions.iter().any(|f| f.split("::").count() < 2) => {
                Some(format!("{id}: a function is CRATE::NAME"))
            }
            _ if self.tests.is_empty() => Some(format!("{id} has no tests")),
            _ if self.wrong.is_empty() => Some(format!("{id} has no misconception")),
            _ if !(10..=60).contains(&self.minutes) => {
                Some(format!("{id} takes {} minutes: 10 to 60", self.minutes))
            }
            _ if self.points == 0 => Some(format!("{id} is worth nothing")),
            _ => unknown
                .map(|w| format!("{id}: {:?} is of {}, no function of it", w.name, w.of))
                .or(stray
                    .map(|name| format!("{id} has a stub of {name}, no function of it"))),
        }
    }
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().expect("a last part")
}
