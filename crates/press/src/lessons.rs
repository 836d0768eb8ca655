//! What is taught of a page: its quiz, and in the instructor's book whatever is quoted by name, so that
//! no note can drift from what it speaks of.

use crate::page::{Page, Place};
use crate::problem::{Fault, Problems};
use crate::weave::{Loom, Weaver};
use ::lessons::{Course, Exercise, Kind, Lesson, Syllabus};
use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_markdown::pulldown_cmark::html::push_html;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::sync::LazyLock;

/// What misconceptions are told, by exercise and name.
type Messages = BTreeMap<String, BTreeMap<String, String>>;

/// The lessons of a book, and the pages that they quote.
pub struct Lessons {
    /// The pages of the book that is taught, if this book quotes it.
    pub quoted: Vec<Page>,
    quizzes: BTreeMap<String, Page>,
    taught: Option<Taught>,
}

struct Taught {
    course: Course,
    messages: Messages,
    syllabi: Vec<Syllabus>,
}

impl Lessons {
    /// Of a book whose settings name lessons.
    pub fn of(place: &Place) -> Result<Option<Self>> {
        let Some(folder) = &place.settings.lessons else { return Ok(None) };
        let mut quizzes = BTreeMap::new();
        for file in place.files(&format!("{}/*.md", folder.display()))? {
            let text = fs::read_to_string(place.workspace.join(&file))?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let path = file.file_name().unwrap_or_default().into();
            let page =
                Page { name: name.clone(), part: None, number: None, path, file, text };
            quizzes.insert(name, page);
        }
        let Some(quotes) = &place.settings.quotes else {
            return Ok(Some(Self { quoted: Vec::new(), quizzes, taught: None }));
        };
        let book = MDBook::load(place.workspace.join(quotes))?;
        let quoted = Page::all(&book.book, &Place::of(&book.root, &book.config)?);
        let course = Course::read(&place.workspace)?;
        let syllabi = Syllabus::all(&place.workspace, &course)?;
        let record = place.workspace.join("teach/messages.toml");
        let text =
            fs::read_to_string(&record).with_context(|| record.display().to_string())?;
        let messages =
            toml::from_str(&text).with_context(|| record.display().to_string())?;
        Ok(Some(Self {
            quoted,
            quizzes,
            taught: Some(Taught { course, messages, syllabi }),
        }))
    }
}

/// Whether a directive is one of these; each stands alone in its paragraph.
pub fn is_one(directive: &str) -> bool {
    const ALL: [&str; 10] = [
        "quiz",
        "formula",
        "prediction",
        "output",
        "misconceptions",
        "exercises",
        "exercise",
        "syllabus",
        "lessons",
        "deck",
    ];
    ALL.contains(&directive)
}

/// What stands in the place of a directive.
pub fn quoted(
    weaver: &Weaver,
    page: &Page,
    directive: &str,
    argument: &str,
    problems: &mut Problems,
) -> Result<String, Fault> {
    let own = page.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = if argument.is_empty() { &own } else { argument };
    let fault = |what: String| Fault::NoQuotation { directive: directive.to_owned(), what };
    if directive == "quiz" {
        let source = weaver.lessons.and_then(|lessons| lessons.quizzes.get(name));
        let source = source.ok_or_else(|| Fault::NoQuiz(name.to_owned()))?;
        // Its links and formulas are those of the page that it stands on.
        let own = Page {
            name: page.name.clone(),
            part: None,
            number: None,
            path: page.path.clone(),
            file: source.file.clone(),
            text: source.text.clone(),
        };
        return quiz(weaver, &own, name, problems)
            .ok_or_else(|| Fault::NoQuiz(name.to_owned()));
    }
    let lessons = weaver.lessons.filter(|lessons| lessons.taught.is_some());
    let lessons =
        lessons.ok_or_else(|| Fault::UnknownDirective(format!("{{{{#{directive}}}}}")))?;
    let taught = lessons.taught.as_ref().expect("it is there");
    let chapter = || {
        let named = |page: &&Page| page.path.file_stem() == Some(name.as_ref());
        let found = lessons.quoted.iter().find(named);
        found.ok_or_else(|| fault(format!("the book has no page {name}")))
    };
    let lesson = || {
        let found = taught.course.lesson(name);
        found.ok_or_else(|| fault(format!("there is no lesson {name}")))
    };
    match directive {
        "formula" => weaver
            .equations
            .quote(argument, page, weaver.maths)
            .ok_or_else(|| Fault::UnknownEquation(argument.to_owned())),
        "prediction" => prediction(weaver, chapter()?, problems).ok_or_else(|| {
            fault(format!("{name} has no paragraph that begins with Predict"))
        }),
        "output" => {
            let named = |page: &&Page| page.path.file_stem() == Some(own.as_ref());
            let page = lessons.quoted.iter().find(named);
            let page = page.ok_or_else(|| fault(format!("the book has no page {own}")))?;
            output(page, argument).map_err(fault)
        }
        "misconceptions" => misconceptions(lesson()?, &taught.messages).map_err(fault),
        "exercises" => Ok(lesson()?.front.exercises.iter().map(exercise).collect()),
        "exercise" => {
            let found = taught.course.exercises().find(|exercise| exercise.id == name);
            let found =
                found.ok_or_else(|| fault(format!("there is no exercise {name}")))?;
            Ok(format!(
                "**{} {}**, {} minutes.\n\n{}\n",
                found.id, found.title, found.minutes, found.statement
            ))
        }
        "syllabus" => {
            let found = taught.syllabi.iter().find(|syllabus| syllabus.name == name);
            Ok(syllabus(
                found.ok_or_else(|| fault(format!("there is no syllabus {name}")))?,
            ))
        }
        "lessons" => Ok(table(&taught.course)),
        _ => {
            let lesson = lesson()?;
            let own: usize = lesson.front.exercises.iter().map(|e| e.minutes).sum();
            Ok(format!(
                "{} minutes of lecture, {own} of exercises, {} of reading for the student. The page: [{}](../{name}.html). The slides: <a href=\"slides/{name}.html\">a deck</a>.\n",
                lesson.front.minutes,
                crate::measure::minutes(&chapter()?.text, weaver.place),
                lesson.title,
            ))
        }
    }
}

/// The bytes of a section of a lesson, below its heading.
pub fn section(text: &str, heading: &str) -> Option<std::ops::Range<usize>> {
    let mark = format!("\n## {heading}\n");
    let begin = text.find(&mark)? + mark.len();
    let end = text[begin..].find("\n## ").map_or(text.len(), |at| begin + at + 1);
    Some(begin..end)
}

/// A question whose options unfold to a reply, in one block of HTML.
fn quiz(
    weaver: &Weaver,
    source: &Page,
    name: &str,
    problems: &mut Problems,
) -> Option<String> {
    let woven = Loom::new(weaver, source, section(&source.text, "Quiz")?, problems).weave();
    let mut parts = woven.split("\n- [");
    let question = html(parts.next()?);
    let mut options = String::new();
    let (mut right, mut count) = (0, 0);
    for part in parts {
        let (mark, rest) = part.split_once("] ")?;
        let (option, reply) = rest.split_once('\n')?;
        let reply: Vec<&str> = reply.lines().map(str::trim).collect();
        let reply = reply.join("\n");
        if reply.trim().is_empty() {
            return None;
        }
        count += 1;
        right += usize::from(mark == "x");
        let option = html(option);
        let option = option.trim_start_matches("<p>").trim_end_matches("</p>");
        let _ = write!(
            options,
            "<details name=\"quiz-{name}\"><summary>{option}</summary>{}</details>",
            html(&reply)
        );
    }
    (right == 1 && count >= 2).then(|| {
        format!(
            "<div class=\"quiz\"><p><strong>Quiz.</strong></p>{question}{options}</div>"
        )
    })
}

/// Markdown as HTML in one line, which Markdown leaves alone.
fn html(markdown: &str) -> String {
    let mut html = String::new();
    push_html(&mut html, new_cmark_parser(markdown.trim(), &MarkdownOptions::default()));
    html.split_whitespace().collect::<Vec<_>>().join(" ").replace("> <p", "><p")
}

/// Where a page runs its program.
fn run(page: &Page) -> Option<usize> {
    page.text.find("\n## Run it\n")
}

/// What the page asks to predict before its program runs: the first such paragraph there.
fn prediction(weaver: &Weaver, page: &Page, problems: &mut Problems) -> Option<String> {
    let run = run(page)?;
    let at = run + page.text[run..].find("Predict")?;
    let begin = page.text[..at].rfind("\n\n")? + 2;
    let end = page.text[at..].find("\n\n").map_or(page.text.len(), |end| at + end);
    let woven = Loom::new(weaver, page, begin..end, problems).weave();
    Some(format!("> {}\n", elsewhere(&woven).replace('\n', "\n> ")))
}

/// Links of the book that is taught, seen from a folder of it.
fn elsewhere(markdown: &str) -> String {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(\]\(|href=")(\w+)\.md"#).expect("a regex"));
    LINK.replace_all(markdown, |link: &Captures| {
        format!("{}../{}.html", &link[1], &link[2])
    })
    .into_owned()
}

/// The first output of the program of a page, without the pictures that it has saved. Of its parts, between
/// which a line is blank, only those that begin with one of these words, if there are any: `Words | Others`.
fn output(page: &Page, wanted: &str) -> Result<String, String> {
    let block = || {
        let run = run(page)?;
        let begin = run + page.text[run..].find("```console\n")? + "```console\n".len();
        let end = begin + page.text[begin..].find("\n```")?;
        Some(&page.text[begin..end])
    };
    let block = block().ok_or_else(|| format!("{} has no console block", page.name))?;
    let commands = block.lines().take_while(|line| line.starts_with("$ ")).count();
    let (commands, rest) = block
        .split_at(block.split_inclusive('\n').take(commands).map(str::len).sum::<usize>());
    let parts: Vec<&str> = rest
        .split("\n\n")
        .map(|part| part.trim_matches('\n'))
        .filter(|part| !part.is_empty() && !part.starts_with("target/figures/"))
        .collect();
    let part = |words: &str| {
        let found = parts.iter().find(|part| part.trim_start().starts_with(words.trim()));
        found.copied().ok_or_else(|| {
            format!("the output of {} has no part that begins with {words}", page.name)
        })
    };
    let parts = match wanted {
        "" => parts.clone(),
        wanted => wanted.split('|').map(str::trim).map(part).collect::<Result<_, _>>()?,
    };
    Ok(format!("```text\n{commands}{}\n```\n", parts.join("\n\n")))
}

fn misconceptions(lesson: &Lesson, messages: &Messages) -> Result<String, String> {
    let mut text = String::new();
    for exercise in &lesson.front.exercises {
        for wrong in &exercise.wrong {
            let said = messages.get(&exercise.id).and_then(|names| names.get(&wrong.name));
            let said = said.ok_or_else(|| {
                format!("teach/messages.toml has no {}: {}", exercise.id, wrong.name)
            })?;
            let _ = write!(
                text,
                "**{}** (`{}`, {}). {}\n\n> The test says: `{}`\n\n",
                capital(&wrong.name),
                wrong.of,
                exercise.id,
                wrong.reply,
                said.replace('`', "'")
            );
        }
    }
    Ok(text)
}

fn exercise(exercise: &Exercise) -> String {
    let list = |all: Vec<&str>| {
        all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let names = exercise.names().collect();
    let tests = exercise.tests.iter().map(|test| test.trim_start_matches("lib:")).collect();
    let kind = if exercise.extension { ", an extension" } else { "" };
    let points = if exercise.points == 1 { "point" } else { "points" };
    format!(
        "### {} {}\n\n{}\n\n{} minutes, {} {points}{kind}. To write: {}. Decided by {}.\n\n*Hint:* {}\n\n",
        exercise.id,
        exercise.title,
        exercise.statement.trim(),
        exercise.minutes,
        exercise.points,
        list(names),
        list(tests),
        exercise.hint
    )
}

fn syllabus(syllabus: &Syllabus) -> String {
    let mut text = String::from("| session | what | minutes |\n|---|---|---|\n");
    for (i, session) in syllabus.sessions.iter().enumerate() {
        for (j, slot) in session.slots.iter().enumerate() {
            let number = if j == 0 { (i + 1).to_string() } else { String::new() };
            let what = match slot.kind {
                Kind::Lecture => format!("[{}]({}.md), lecture", slot.title, slot.name),
                Kind::Exercise => format!("{} {}", slot.name, slot.title),
            };
            let _ = writeln!(text, "| {number} | {what} | {} |", slot.minutes);
        }
        let _ = writeln!(text, "| | *left for questions* | {} |", session.left());
    }
    text
}

fn table(course: &Course) -> String {
    let mut text = String::from(
        "| part | chapter | lecture | exercises | points |\n|---|---|---|---|---|\n",
    );
    for (i, part) in course.parts.iter().enumerate() {
        for (j, name) in part.chapters.iter().enumerate() {
            let Some(lesson) = course.lesson(name) else { continue };
            let exercises = &lesson.front.exercises;
            let minutes: usize = exercises.iter().map(|e| e.minutes).sum();
            let points: u32 = exercises.iter().map(|e| e.points).sum();
            let number =
                if j == 0 { format!("{} {}", i + 1, part.title) } else { String::new() };
            let _ = writeln!(
                text,
                "| {number} | [{}]({name}.md) | {} | {} in {minutes} | {points} |",
                lesson.title,
                lesson.front.minutes,
                exercises.len()
            );
        }
    }
    text
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
