//! What students get: a small workspace with functions to write.

use crate::own::Own;
use crate::tree::{Tree, files_below};
use anyhow::{Context, Result, ensure};
use lessons::{Course, Exercise};
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// The test of a student's own data, and the answer to be filled in.
const OWN_TEST: &str = include_str!("../own/own.rs");
const OWN_CARGO: &str = include_str!("../own/Cargo.toml");
const ANSWER: &str = include_str!("../own/answer.toml");

/// The handout of a part, as files.
pub fn handout(workspace: &Path, part: usize, own: Option<&Own>) -> Result<Tree> {
    let course = Course::read(workspace)?;
    let chapters = course.chapters_to(part)?;
    let exercises = course.exercises_of(part)?;
    let mut tree = Tree::new(workspace, &chapters, &exercises)?;
    tree.with_stubs(&exercises)?;
    let checker = workspace.join("crates/check_my_work");
    for file in ["Cargo.toml", "src/lib.rs", "src/main.rs", "src/run.rs"] {
        let text =
            fs::read_to_string(checker.join(file)).with_context(|| file.to_owned())?;
        tree.files.insert(Path::new("crates/check_my_work").join(file), text);
    }
    let alias = "[alias]\ncheck-my-work = \"run --quiet --package check_my_work --\"\n";
    tree.files.insert(".cargo/config.toml".into(), alias.to_owned());
    tree.files.insert(".gitignore".into(), "/target/\n".to_owned());
    let mut table: String = exercises.iter().map(|e| row(e).line() + "\n").collect();
    if let Some(own) = own {
        table += &(own_row().line() + "\n");
        tree.files.insert("own/data.csv".into(), own.csv());
        tree.files.insert("own/answer.toml".into(), ANSWER.to_owned());
        tree.files.insert("crates/own/Cargo.toml".into(), OWN_CARGO.to_owned());
        let lib =
            "//! Your own data: tests/own.rs says whether `own/answer.toml` fits them.\n";
        tree.files.insert("crates/own/src/lib.rs".into(), lib.to_owned());
        tree.files.insert("crates/own/tests/own.rs".into(), OWN_TEST.to_owned());
    }
    tree.files.insert("exercises.tsv".into(), table);
    let readme = readme(&course, part, &exercises, own);
    tree.files.insert("README.md".into(), readme);
    Ok(tree)
}

fn row(exercise: &Exercise) -> check_my_work::Exercise {
    check_my_work::Exercise {
        id: exercise.id.clone(),
        package: exercise.package().to_owned(),
        target: exercise.target().to_owned(),
        tests: exercise.tests.clone(),
        title: exercise.title.clone(),
        hint: exercise.hint.clone(),
    }
}

fn own_row() -> check_my_work::Exercise {
    let tests = [
        "the_fit_has_the_mean_and_the_variance_of_the_samples",
        "the_log_likelihood_is_that_of_the_fit",
        "one_step_more_moves_nothing",
    ];
    check_my_work::Exercise {
        id: "own".to_owned(),
        package: "own".to_owned(),
        target: "own".to_owned(),
        tests: tests.map(str::to_owned).to_vec(),
        title: "Your own data".to_owned(),
        hint:
            "EM from two or three starts; the best of them until nothing moves. All digits."
                .to_owned(),
    }
}

fn readme(
    course: &Course,
    part: usize,
    exercises: &[&Exercise],
    own: Option<&Own>,
) -> String {
    let title = &course.parts[part - 1].title;
    let minutes: usize = exercises.iter().filter(|e| !e.extension).map(|e| e.minutes).sum();
    let mut text = format!(
        "# {title}: exercises

This is part {part} of the book *EM, Step by Step* with holes in it: where a function says `todo!(\"…\")` you write its body. What earlier parts have made is here, whole. You need Rust 1.91 or later, and nothing else.

```sh
cargo check-my-work              # what is done, what is not yet, and why
cargo check-my-work {first}     # one exercise; a chapter's name works too
cargo check-my-work --hint {first}
```

The first call compiles for some seconds, later ones answer at once. The formula is in the comment above each function, the derivation in the book. Close the book, though: it prints the solutions, and an exercise is there to be done from memory. On paper it works too: write the formula, then the body, and compare.

Write bodies; leave names and arguments as they are. Functions of your own beside them are welcome. Tests are there to be read, and are not collected: your work is graded with others' copies of them.

All exercises together take {minutes} minutes.

",
        first = exercises[0].id,
    );
    for exercise in exercises {
        let kind = if exercise.extension {
            ", an extension: the book does not solve it"
        } else {
            ""
        };
        let points = if exercise.points == 1 { "point" } else { "points" };
        let _ = write!(
            text,
            "## {} {}\n\n{} minutes, {} {points}{kind}.\n\n{}\n\n",
            exercise.id,
            exercise.title,
            exercise.minutes,
            exercise.points,
            exercise.statement.trim()
        );
        for function in &exercise.functions {
            if let Ok(place) = crate::surgery::Place::new(function) {
                let _ = writeln!(text, "- `{}` in `{}`", place.name, place.file.display());
            }
        }
        let _ = writeln!(
            text,
            "- decided by {} in `{}`\n",
            exercise
                .tests
                .iter()
                .map(|t| format!("`{}`", t.trim_start_matches("lib:")))
                .collect::<Vec<_>>()
                .join(" and "),
            crate::tree::tests_of(exercise.package(), exercise.target()).display(),
        );
    }
    if let Some(own) = own {
        let _ = write!(
            text,
            "## Your own data\n\n`own/data.csv` holds 300 samples that nobody else has (number {}). Fit a mixture of two normal components by EM, write what you find into `own/answer.toml`, and explain it on one page: how sure each number is, why two components, and what could be wrong. `cargo check-my-work own` says whether it is a fit; it uses your functions, so the exercises come first.\n\n",
            own.student
        );
    }
    text += "## Licence\n\nEither of Apache License, Version 2.0 or MIT license, as the book.\n";
    text
}

/// Writes a handout into a folder, which is new or empty, or into an archive, `OUT.zip`.
pub fn save(tree: &Tree, out: &Path) -> Result<()> {
    if out.extension().is_some_and(|extension| extension == "zip") {
        ensure!(!out.exists(), "{} is there already", out.display());
        let name = out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return fs::write(out, packed(tree, &name)?)
            .with_context(|| out.display().to_string());
    }
    vacant(out)?;
    tree.write(out)
}

/// That a folder is new or empty.
pub fn vacant(out: &Path) -> Result<()> {
    if out.exists() {
        ensure!(out.is_dir(), "{} is no folder", out.display());
        let mut entries = fs::read_dir(out).with_context(|| out.display().to_string())?;
        ensure!(entries.next().is_none(), "{} is not empty", out.display());
    }
    Ok(())
}

/// An archive in which all files lie in one folder.
fn packed(tree: &Tree, folder: &str) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (file, text) in &tree.files {
        let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
        zip.start_file(format!("{folder}/{}", parts.join("/")), options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The archives of all parts, `part-1.zip` and so on, in place of those that are there.
pub fn archives(workspace: &Path, out: &Path) -> Result<()> {
    let course = Course::read(workspace)?;
    fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    for part in 1..=course.parts.len() {
        let name = format!("em-part-{part}");
        let file = out.join(&name).with_extension("zip");
        let bytes = packed(&handout(workspace, part, None)?, &name)?;
        fs::write(&file, &bytes).with_context(|| file.display().to_string())?;
        println!("{} ({} KB)", file.display(), bytes.len() / 1000);
    }
    Ok(())
}

/// The files of a submission that a handout has too, and that are not as they were, but for `expected`.
pub fn changed(tree: &Tree, submission: &Path, expected: &[&Path]) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for path in files_below(submission)? {
        let file = path.strip_prefix(submission)?;
        let Some(ours) = tree.files.get(file).filter(|_| !expected.contains(&file)) else {
            continue;
        };
        if fs::read(&path)? != ours.as_bytes() {
            changed.push(file.display().to_string());
        }
    }
    Ok(changed)
}
