//! What is taught: the pages of `teach/src`, one a chapter, each with its exercises in front.
//!
//! A page begins with TOML between two lines `+++`: the minutes of the lecture and the exercises. Then
//! follows Markdown with sections. Press weaves the instructor's book, the quizzes and the slides from
//! it; the crate `teach` makes handouts, proves the exercises and grades.

mod course;
mod exercise;
mod syllabus;

pub use course::{Course, Lesson, Part, split};
pub use exercise::{Exercise, Front, Wrong};
pub use syllabus::{Kind, Session, Slot, Syllabus};

use std::path::{Path, PathBuf};

/// Why the sources could not be read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum LessonError {
    #[error("{}: {error}", file.display())]
    Read { file: PathBuf, error: std::io::Error },
    #[error("{}: {error}", file.display())]
    Toml { file: PathBuf, error: toml::de::Error },
    #[error("{}: it does not begin with TOML between two lines +++", .0.display())]
    NoFront(PathBuf),
    #[error("{}: {what}", file.display())]
    Exercise { file: PathBuf, what: String },
    #[error("there is no part {part}: the book has {parts}")]
    NoPart { part: usize, parts: usize },
    #[error("the syllabus {syllabus} names {name}, which is no {what}")]
    NoSlot { syllabus: String, name: String, what: &'static str },
    #[error(
        "the syllabus {syllabus} does not fit: {name} takes {minutes} minutes and no session has them left"
    )]
    Overfull { syllabus: String, name: String, minutes: usize },
    #[error("the syllabus {syllabus} has nothing to do in its session {session}")]
    Idle { syllabus: String, session: usize },
}

fn read(file: &Path) -> Result<String, LessonError> {
    std::fs::read_to_string(file)
        .map_err(|error| LessonError::Read { file: file.to_owned(), error })
}
