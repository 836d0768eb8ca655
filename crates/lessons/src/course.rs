//! The parts of the book, its chapters, and what is taught of each.

use crate::{Exercise, Front, LessonError, read};
use std::path::{Path, PathBuf};

/// A page of `teach/src`.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The chapter's name, or `extensions`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The file.
    pub file: PathBuf,
    /// What stands in front.
    pub front: Front,
    /// The rest.
    pub body: String,
}

/// A part of the book.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its title.
    pub title: String,
    /// Its chapters, in order.
    pub chapters: Vec<String>,
}

/// Everything that is taught.
#[derive(Debug, Clone)]
pub struct Course {
    /// The parts of the book.
    pub parts: Vec<Part>,
    /// The lessons: of all chapters, in order, then the extensions.
    pub lessons: Vec<Lesson>,
}

/// The page that is no chapter.
const EXTENSIONS: &str = "extensions";

impl Course {
    /// The course of a workspace.
    ///
    /// # Errors
    ///
    /// A chapter without a lesson; a page that does not parse; an exercise that makes no sense.
    pub fn read(workspace: &Path) -> Result<Self, LessonError> {
        let parts = parts(&read(&workspace.join("book/src/SUMMARY.md"))?);
        let names = parts.iter().flat_map(|part| &part.chapters).map(String::as_str);
        let lesson = |name| Lesson::read(&workspace.join("teach/src"), name);
        let lessons = names.chain([EXTENSIONS]).map(lesson).collect::<Result<_, _>>()?;
        Ok(Self { parts, lessons })
    }

    /// The lesson of this name.
    #[must_use]
    pub fn lesson(&self, name: &str) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.name == name)
    }

    /// All exercises.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.lessons.iter().flat_map(|lesson| &lesson.front.exercises)
    }

    /// The chapters up to the end of a part, counted from 1.
    ///
    /// # Errors
    ///
    /// No such part.
    pub fn chapters_to(&self, part: usize) -> Result<Vec<&str>, LessonError> {
        self.check(part)?;
        let parts = self.parts[..part].iter();
        Ok(parts.flat_map(|part| part.chapters.iter().map(String::as_str)).collect())
    }

    /// The exercises of a part, its extension last.
    ///
    /// # Errors
    ///
    /// No such part.
    pub fn exercises_of(&self, part: usize) -> Result<Vec<&Exercise>, LessonError> {
        self.check(part)?;
        let chapters = &self.parts[part - 1].chapters;
        let own = |exercise: &&Exercise| match exercise.part {
            Some(other) => other == part,
            None => chapters.iter().any(|chapter| chapter == exercise.package()),
        };
        Ok(self.exercises().filter(own).collect())
    }

    fn check(&self, part: usize) -> Result<(), LessonError> {
        let parts = self.parts.len();
        let there = (1..=parts).contains(&part);
        if there { Ok(()) } else { Err(LessonError::NoPart { part, parts }) }
    }
}

impl Lesson {
    fn read(folder: &Path, name: &str) -> Result<Self, LessonError> {
        let file = folder.join(name).with_extension("md");
        let text = read(&file)?;
        let (front, body) =
            split(&text).ok_or_else(|| LessonError::NoFront(file.clone()))?;
        let front: Front = toml::from_str(front)
            .map_err(|error| LessonError::Toml { file: file.clone(), error })?;
        if let Some(what) = front.exercises.iter().find_map(|exercise| exercise.fault(name))
        {
            return Err(LessonError::Exercise { file, what });
        }
        let title = body.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(name);
        let (name, title, body) = (name.to_owned(), title.to_owned(), body.to_owned());
        Ok(Self { name, title, file, front, body })
    }
}

/// What stands in front of a page between two lines `+++`, and what follows.
#[must_use]
pub fn split(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("+++\n")?.split_once("\n+++\n")
}

fn parts(summary: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in summary.lines() {
        let chapter = line.strip_prefix("- [").and_then(|line| line.split_once("]("));
        if let Some(title) = line.strip_prefix("# ").filter(|title| *title != "Summary") {
            parts.push(Part { title: title.to_owned(), chapters: Vec::new() });
        } else if let (Some((_, path)), Some(part)) = (chapter, parts.last_mut()) {
            part.chapters.push(path.trim_end_matches(".md)").to_owned());
        }
    }
    parts
}
