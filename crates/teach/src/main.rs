//! `cargo teach`: everything for a lecturer but the words, which `cargo book --teach` has.

mod build;
mod grade;
mod handout;
mod own;
mod prove;
mod report;
mod sandbox;
mod surgery;
mod tree;

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, Subcommand};
use grade::Grading;
use lessons::{Course, Kind, Syllabus};
use own::{Own, add_keys, students};
use report::Format;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Handouts, their proof, each student's own data, and grades
#[derive(Parser)]
#[command(name = "cargo teach", max_term_width = 100, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Proves the exercises: originals pass, stubs compile and fail, misconceptions fail
    Prove {
        /// Only this chapter or exercise
        name: Option<String>,
        /// Write down what misconceptions are told, instead of comparing it
        #[arg(long)]
        record: bool,
    },
    /// Writes what students get: a small workspace with functions to write
    Handout {
        /// A folder, new or empty, or an archive, NAME.zip
        out: PathBuf,
        /// Which part of the book, counted from 1
        #[arg(long)]
        part: usize,
        #[command(flatten)]
        own: OwnData,
    },
    /// Writes the handouts of all parts as archives
    Archives {
        /// A folder
        out: PathBuf,
    },
    /// Writes each student's own data, NUMBER.csv, without a handout
    Data {
        /// A folder, new or empty
        out: PathBuf,
        #[command(flatten)]
        own: OwnData,
    },
    /// Grades submissions against clean tests, offline, one sandbox a test
    Grade {
        /// The folders of the submissions; the name of a folder ends in the student's number
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Which part was handed out
        #[arg(long)]
        part: usize,
        /// The keys of own data, to grade own/answer.toml too
        #[arg(long)]
        key: Option<PathBuf>,
        /// How many seconds of a processor a test may take
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
        seconds: u64,
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Prints the plans of a course, made from the minutes of lectures and exercises
    Plan {
        /// Only this one
        name: Option<String>,
    },
}

#[derive(clap::Args)]
struct OwnData {
    /// Own data for this student: a number, a range A..B with both ends, or @FILE with one a line
    #[arg(long)]
    student: Option<String>,
    /// What the data are drawn with, 8 to 32 letters that no student can guess; keep it
    #[arg(long)]
    salt: Option<String>,
    /// The file that the keys are added to
    #[arg(long)]
    key: Option<PathBuf>,
}

impl OwnData {
    /// The data of all students that are asked for, and where the keys go.
    fn draw(&self) -> Result<Option<(Vec<Own>, &Path)>> {
        let Some(text) = &self.student else {
            let stray = self.salt.is_some() || self.key.is_some();
            ensure!(!stray, "--salt and --key go with --student");
            return Ok(None);
        };
        let salt = self
            .salt
            .as_deref()
            .context("--student needs --salt: what the data are drawn with")?;
        let key = self
            .key
            .as_deref()
            .context("--student needs --key: the file that the keys are added to")?;
        let students = students(text)?;
        let there = own::keys(key)?;
        if let Some(twice) = there.iter().find(|key| students.contains(&key.student)) {
            bail!("student {} is in {} already", twice.student, key.display());
        }
        let all = students.into_iter().map(|student| Own::draw(salt, student));
        Ok(Some((all.collect::<Result<_>>()?, key)))
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((first, rest)) if first == sandbox::ENTER => sandbox::enter(rest),
        _ => run(Arguments::parse().command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace that Cargo runs us in, and not the one in which we were compiled.
fn workspace() -> Result<PathBuf> {
    let own = std::env::var("CARGO_MANIFEST_DIR").context("cargo teach is run by cargo")?;
    Ok(Path::new(&own).join("../..").canonicalize()?)
}

fn run(command: Command) -> Result<()> {
    let workspace = workspace()?;
    match command {
        Command::Prove { name, record } => {
            prove::prove(&workspace, name.as_deref(), record)?;
            println!("all exercises are proved");
        }
        Command::Handout { out, part, own } => hand_out(&workspace, &out, part, &own)?,
        Command::Archives { out } => handout::archives(&workspace, &out)?,
        Command::Data { out, own } => {
            handout::vacant(&out)?;
            let (all, key) = own.draw()?.context("whose data? --student NUMBER")?;
            fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
            for own in &all {
                fs::write(out.join(format!("{}.csv", own.student)), own.csv())?;
            }
            kept(&all, key)?;
        }
        Command::Grade { folders, part, key, seconds, format } => {
            let grading =
                Grading { workspace: &workspace, part, seconds, key: key.as_deref() };
            let one = format != Format::Gradescope || folders.len() == 1;
            ensure!(one, "Gradescope's results.json is of one submission");
            let grades = grade::grade(&grading, &folders)?;
            std::io::stdout().write_all(report::report(&grades, format)?.as_bytes())?;
        }
        Command::Plan { name } => plan(&workspace, name.as_deref())?,
    }
    Ok(())
}

fn hand_out(workspace: &Path, out: &Path, part: usize, own: &OwnData) -> Result<()> {
    match own.draw()? {
        None => handout::save(&handout::handout(workspace, part, None)?, out)?,
        Some((all, key)) if all.len() == 1 => {
            handout::save(&handout::handout(workspace, part, Some(&all[0]))?, out)?;
            kept(&all, key)?;
        }
        Some((all, key)) => {
            handout::vacant(out)?;
            for own in &all {
                let tree = handout::handout(workspace, part, Some(own))?;
                handout::save(&tree, &out.join(own.student.to_string()))?;
            }
            kept(&all, key)?;
        }
    }
    println!("{}", out.display());
    Ok(())
}

/// Adds the keys to their file.
fn kept(all: &[Own], key: &Path) -> Result<()> {
    let keys: Vec<_> = all.iter().map(|own| own.key.clone()).collect();
    add_keys(key, &keys)?;
    let draws: u32 = keys.iter().map(|key| key.draws).sum();
    println!("students: {}, draws: {draws}, keys in {}", keys.len(), key.display());
    Ok(())
}

/// Whether the reader of what is printed has had enough.
fn is_closed(error: &anyhow::Error) -> bool {
    let io: Option<&io::Error> = error.downcast_ref();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn plan(workspace: &Path, name: Option<&str>) -> Result<()> {
    let course = Course::read(workspace)?;
    let syllabi = Syllabus::all(workspace, &course)?;
    let asked = |s: &&Syllabus| name.is_none_or(|name| s.name == name);
    let shown: Vec<_> = syllabi.iter().filter(asked).collect();
    if shown.is_empty() {
        let names: Vec<_> = syllabi.iter().map(|s| s.name.as_str()).collect();
        bail!("there is no syllabus {}: {}", name.unwrap_or(""), names.join(", "));
    }
    let mut out = io::stdout().lock();
    for syllabus in shown {
        writeln!(out, "{} ({})", syllabus.title, syllabus.name)?;
        for (i, session) in syllabus.sessions.iter().enumerate() {
            let used = session.minutes - session.left();
            writeln!(
                out,
                "  session {}, {} minutes, {used} planned",
                i + 1,
                session.minutes
            )?;
            for slot in &session.slots {
                let kind = if slot.kind == Kind::Lecture { "lecture " } else { "exercise" };
                writeln!(
                    out,
                    "    {:>3}  {kind}  {:<18} {}",
                    slot.minutes, slot.name, slot.title
                )?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
