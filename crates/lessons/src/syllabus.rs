//! Plans of a course, made from the minutes.

use crate::{Course, LessonError, read};
use serde::Deserialize;
use std::path::Path;

/// A plan: what is done in which session.
#[derive(Debug, Clone)]
pub struct Syllabus {
    /// How it is called for: `three_hours`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its sessions, in order.
    pub sessions: Vec<Session>,
}

/// A stretch of time without a break.
#[derive(Debug, Clone)]
pub struct Session {
    /// How long it is.
    pub minutes: usize,
    /// What is done in it.
    pub slots: Vec<Slot>,
}

/// Something that is done.
#[derive(Debug, Clone)]
pub struct Slot {
    /// A chapter or an exercise, by its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Which of the two.
    pub kind: Kind,
    /// How long it takes.
    pub minutes: usize,
}

/// What is done in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A lecture.
    Lecture,
    /// An exercise.
    Exercise,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    syllabus: Vec<Wish>,
}

/// A syllabus as it is asked for: how long the sessions are, and what is taught.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
    title: String,
    sessions: Vec<usize>,
    chapters: Vec<String>,
    exercises: Vec<String>,
}

impl Session {
    /// What is left of it.
    #[must_use]
    pub fn left(&self) -> usize {
        self.minutes - self.slots.iter().map(|slot| slot.minutes).sum::<usize>()
    }
}

impl Syllabus {
    /// The syllabi that `teach/syllabi.toml` asks for. Each lecture is followed by its exercises; what
    /// no longer fits into a session begins the next.
    ///
    /// # Errors
    ///
    /// A file that does not parse; a chapter or an exercise that is none; more than the sessions hold.
    pub fn all(workspace: &Path, course: &Course) -> Result<Vec<Self>, LessonError> {
        let file = workspace.join("teach/syllabi.toml");
        let wishes: File = toml::from_str(&read(&file)?)
            .map_err(|error| LessonError::Toml { file, error })?;
        wishes.syllabus.into_iter().map(|wish| wish.plan(course)).collect()
    }
}

impl Wish {
    fn plan(self, course: &Course) -> Result<Syllabus, LessonError> {
        let session = |&minutes: &usize| Session { minutes, slots: Vec::new() };
        let mut sessions: Vec<Session> = self.sessions.iter().map(session).collect();
        let mut now = 0;
        for slot in self.slots(course)? {
            let fits = |session: &Session| session.left() >= slot.minutes;
            match sessions[now..].iter().position(fits) {
                Some(later) => {
                    now += later;
                    sessions[now].slots.push(slot);
                }
                None => {
                    let (name, minutes) = (slot.name, slot.minutes);
                    return Err(LessonError::Overfull {
                        syllabus: self.name,
                        name,
                        minutes,
                    });
                }
            }
        }
        if let Some(idle) = sessions.iter().position(|session| session.slots.is_empty()) {
            return Err(LessonError::Idle { syllabus: self.name, session: idle + 1 });
        }
        Ok(Syllabus { name: self.name, title: self.title, sessions })
    }

    /// Everything that is done, in order.
    fn slots(&self, course: &Course) -> Result<Vec<Slot>, LessonError> {
        let stranger = |name: &String, what| LessonError::NoSlot {
            syllabus: self.name.clone(),
            name: name.clone(),
            what,
        };
        let mut slots = Vec::new();
        for name in &self.chapters {
            let lesson = course.lesson(name).ok_or_else(|| stranger(name, "chapter"))?;
            slots.push(Slot {
                name: name.clone(),
                title: lesson.title.clone(),
                kind: Kind::Lecture,
                minutes: lesson.front.minutes,
            });
            let asked = |id: &String| self.exercises.contains(id);
            for exercise in lesson.front.exercises.iter().filter(|e| asked(&e.id)) {
                slots.push(Slot {
                    name: exercise.id.clone(),
                    title: exercise.title.clone(),
                    kind: Kind::Exercise,
                    minutes: exercise.minutes,
                });
            }
        }
        let missing = |id: &&String| slots.iter().all(|slot| slot.name != **id);
        match self.exercises.iter().find(missing) {
            Some(id) => Err(stranger(id, "exercise of its chapters")),
            None => Ok(slots),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_session_is_empty() {
        let course = Course { parts: vec![], lessons: vec![] };
        let text = "name = 'short'\ntitle = 'S'\nsessions = [90, 45]\nchapters = []\nexercises = []";
        let wish: Wish = toml::from_str(text).unwrap();
        assert_eq!(
            wish.plan(&course).unwrap_err().to_string(),
            "the syllabus short has nothing to do in its session 1"
        );
    }
}
