//! Proves the exercises: originals pass, stubs and misconceptions fail.

use crate::build::{Bench, Target, own_group, stop, target, target_folder};
use crate::surgery::{CHOICE, Place, find, switched};
use crate::tree::{Edit, Tree, all_chapters};
use anyhow::{Context, Result, bail, ensure};
use check_my_work::{Limits, Outcome, run};
use lessons::{Course, Exercise, Syllabus};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

const LIMITS: Limits = Limits { time: Duration::from_secs(60), output: 1 << 20 };

/// The record of what misconceptions are told, by exercise and name.
pub type Messages = BTreeMap<String, BTreeMap<String, String>>;

/// Something to be proved: with this body chosen, the tests pass or fail.
struct Claim<'a> {
    exercise: &'a Exercise,
    /// What [`CHOICE`] is.
    key: String,
    passes: bool,
    /// The misconception whose message is recorded.
    wrong: Option<&'a str>,
}

/// Proves all exercises, or those of a chapter. With `record` what misconceptions are told is
/// written down, without it compared.
pub fn prove(workspace: &Path, only: Option<&str>, record: bool) -> Result<()> {
    let begun = Instant::now();
    let course = Course::read(workspace)?;
    for syllabus in Syllabus::all(workspace, &course)? {
        println!("the syllabus {} fits", syllabus.name);
    }
    let asked = |e: &&Exercise| {
        only.is_none_or(|o| e.id == o || e.package() == o || e.target() == o)
    };
    let exercises: Vec<&Exercise> = course.exercises().filter(asked).collect();
    ensure!(!exercises.is_empty(), "{} is no chapter or exercise", only.unwrap_or(""));
    let folder = target_folder(workspace, "prove");
    let bench =
        Bench { root: folder.join("tree"), target: folder.join("target"), offline: false };
    let chapters = all_chapters(&course);
    let mut tree = Tree::new(workspace, &chapters, &exercises)?;
    instrument(&mut tree, &exercises)?;
    tree.write(&bench.root)?;
    let targets: BTreeSet<Target> = exercises
        .iter()
        .flat_map(|exercise| exercise.tests.iter().map(|test| target(exercise, test).0))
        .collect();
    let programs = bench.programs(&targets)?.map_err(|said| {
        anyhow::anyhow!("the instrumented copy does not compile: {said}")
    })?;
    println!("built after {} s", begun.elapsed().as_secs());

    let claims: Vec<Claim> =
        exercises.iter().flat_map(|exercise| claims(exercise)).collect();
    let (faults, messages) = judge(&claims, &programs)?;
    println!(
        "{} exercises: {} bodies judged after {} s",
        exercises.len(),
        claims.len(),
        begun.elapsed().as_secs()
    );
    let mut faults = faults;
    faults.extend(compare(workspace, messages, only.is_some(), record)?);

    // As students get them: every body gone at once.
    let mut tree = Tree::new(workspace, &chapters, &exercises)?;
    tree.with_stubs(&exercises)?;
    tree.write(&bench.root)?;
    let packages = exercises.iter().map(|exercise| exercise.package()).collect();
    if let Err(said) = bench.check(&packages)? {
        faults.push(format!("the handout does not compile: {said}"));
    }
    println!("all stubs compiled after {} s", begun.elapsed().as_secs());
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// Puts a switch between all bodies into each function.
fn instrument(tree: &mut Tree, exercises: &[&Exercise]) -> Result<()> {
    let mut bodies: BTreeMap<Place, Vec<(String, String)>> = BTreeMap::new();
    for exercise in exercises {
        for (function, name) in exercise.functions.iter().zip(exercise.names()) {
            let id = &exercise.id;
            let own = bodies.entry(Place::new(function)?).or_default();
            let stub = exercise.stub(function);
            own.push((format!("{id}/stub"), stub.clone()));
            own.push((format!("{id}/stub of {name}"), stub));
            for wrong in exercise.wrong.iter().filter(|wrong| wrong.of == name) {
                own.push((format!("{id}/{}", wrong.name), wrong.body.clone()));
            }
        }
    }
    let mut edits: BTreeMap<PathBuf, Vec<Edit>> = BTreeMap::new();
    for (place, bodies) in bodies {
        let text = tree.text(&place.file)?;
        let function = find(text, &place)?;
        let new = switched(text, &function, &bodies);
        edits.entry(place.file).or_default().push((function.body, new));
    }
    tree.edit(edits)
}

fn claims(exercise: &Exercise) -> Vec<Claim<'_>> {
    let id = &exercise.id;
    let claim = |key: String, passes, wrong| Claim { exercise, key, passes, wrong };
    let mut all =
        vec![claim(String::new(), true, None), claim(format!("{id}/stub"), false, None)];
    if exercise.functions.len() > 1 {
        let names = exercise.names();
        all.extend(names.map(|name| claim(format!("{id}/stub of {name}"), false, None)));
    }
    let wrong = exercise.wrong.iter();
    all.extend(
        wrong.map(|w| claim(format!("{id}/{}", w.name), false, Some(w.name.as_str()))),
    );
    all
}

/// Runs the tests of every claim, a few at a time.
fn judge(
    claims: &[Claim],
    programs: &BTreeMap<Target, PathBuf>,
) -> Result<(Vec<String>, Messages)> {
    let (next, faults) = (Mutex::new(claims.iter()), Mutex::new(Vec::new()));
    let messages = Mutex::new(Messages::new());
    let work = || -> Result<()> {
        loop {
            let Some(claim) = next.lock().expect("nobody panics").next() else {
                return Ok(());
            };
            let outcome = outcome(claim, programs)?;
            if outcome.is_done() != claim.passes {
                let key = if claim.passes { "the original" } else { &claim.key };
                let fault = format!("{}: {key}: {}", claim.exercise.id, outcome.say());
                faults.lock().expect("nobody panics").push(fault);
            }
            if let (Some(name), Outcome::NotYet(said)) = (claim.wrong, &outcome) {
                let mut messages = messages.lock().expect("nobody panics");
                let own = messages.entry(claim.exercise.id.clone()).or_default();
                own.insert(name.to_owned(), said.clone());
            } else if let Some(name) = claim.wrong {
                let mut messages = messages.lock().expect("nobody panics");
                let own = messages.entry(claim.exercise.id.clone()).or_default();
                own.insert(name.to_owned(), outcome.say());
            }
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().try_for_each(|one| one.join().expect("nobody panics"))
    })?;
    let mut faults = faults.into_inner().expect("nobody panics");
    faults.sort();
    Ok((faults, messages.into_inner().expect("nobody panics")))
}

/// What the tests of an exercise come to, up to the first that fails.
fn outcome(claim: &Claim, programs: &BTreeMap<Target, PathBuf>) -> Result<Outcome> {
    for test in &claim.exercise.tests {
        let (target, name) = target(claim.exercise, test);
        let program =
            programs.get(&target).with_context(|| format!("no program of {target:?}"))?;
        let mut command = Command::new(program);
        command.args(["--exact", &name, "--nocapture"]).env(CHOICE, &claim.key);
        command.env("RUST_BACKTRACE", "0");
        own_group(&mut command);
        let ran = run(&mut command, Stdio::null(), &LIMITS, stop)?;
        if ran.code == Some(0) && !ran.output.contains("1 passed") {
            bail!("{}: there is no test {name}", claim.exercise.id);
        }
        let outcome = Outcome::of(&ran, &LIMITS, &claim.exercise.id);
        if !outcome.is_done() {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Done)
}

const RECORD: &str = "teach/messages.toml";

/// Compares what misconceptions are told with the record, or writes it.
fn compare(
    workspace: &Path,
    found: Messages,
    partial: bool,
    record: bool,
) -> Result<Vec<String>> {
    let file = workspace.join(RECORD);
    let text = fs::read_to_string(&file).unwrap_or_default();
    let old: Messages = toml::from_str(&text).with_context(|| RECORD.to_owned())?;
    if record {
        let mut all = if partial { old } else { Messages::new() };
        all.extend(found);
        let head = "# What the tests say to each misconception. `cargo teach prove --record` writes this file,\n# `cargo teach prove` compares.\n\n";
        fs::write(&file, format!("{head}{}", toml::to_string(&all)?))?;
        println!("recorded in {RECORD}");
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    for (id, names) in &found {
        for (name, said) in names {
            let before = old.get(id).and_then(|names| names.get(name));
            if before.is_none_or(|before| rounded(before) != rounded(said)) {
                faults.push(format!(
                    "{id}: {name}: the test says {said:?}, {RECORD} has {before:?}; `cargo teach prove --record` writes it anew"
                ));
            }
        }
    }
    let stray = old.iter().flat_map(|(id, names)| names.keys().map(move |name| (id, name)));
    for (id, name) in stray.filter(|_| !partial) {
        if found.get(id).is_none_or(|names| !names.contains_key(name)) {
            faults.push(format!("{RECORD} has {id}: {name}, which is no misconception"));
        }
    }
    Ok(faults)
}

/// A message with its numbers to five digits: the last ones differ between machines, and what is
/// rounding is none.
fn rounded(message: &str) -> String {
    let number = regex::Regex::new(r"-?\d+\.\d+(e-?\d+)?").expect("a regex");
    let short = |found: &regex::Captures| match found[0].parse::<f64>() {
        Ok(value) if value.abs() > 1e-7 => format!("{value:.4e}"),
        _ => "0".to_owned(),
    };
    number.replace_all(message, short).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_differ_in_rounding_are_the_same() {
        assert_eq!(rounded("0.4546616728 is not 0"), rounded("0.4546616729 is not 0"));
        assert_ne!(rounded("0.4546 is not 0"), rounded("0.4547 is not 0"));
        assert_eq!(rounded("within 0.00000000000001"), rounded("within 0.00000000000002"));
    }
}
