//! `cargo check-my-work`: which exercises of this handout are done.

use check_my_work::{Exercise, Limits, Outcome, first_error, programs, run};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

const HELP: &str = "\
Says which exercises of this handout are done, and what the others lack.

Usage: cargo check-my-work [CHAPTER | EXERCISE] [--format json]
       cargo check-my-work --hint EXERCISE

The exit code is 0 if all that was asked for is done, 1 if not, 2 if nothing could be checked.";

const LIMITS: Limits = Limits { time: Duration::from_secs(30), output: 1 << 20 };

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => check("", false),
        ["-h" | "--help"] => say(HELP).map(|()| true),
        ["--hint", id] => hint(id).map(|()| true),
        ["--format", "json"] => check("", true),
        [name, "--format", "json"] | ["--format", "json", name] => check(name, true),
        [name] if !name.starts_with('-') => check(name, false),
        _ => Err(format!("no such arguments: {}\n\n{HELP}", arguments.join(" "))),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints a line; a reader who has had enough is no error.
fn say(line: &str) -> Result<(), String> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// The folder of the handout: where Cargo says that this crate is, and two up.
fn root() -> Result<PathBuf, String> {
    let own =
        std::env::var("CARGO_MANIFEST_DIR").map_err(|_| "call cargo check-my-work")?;
    let root = Path::new(&own).join("../..");
    root.canonicalize().map_err(|error| format!("{own}: {error}"))
}

fn exercises(name: &str) -> Result<Vec<Exercise>, String> {
    let file = root()?.join("exercises.tsv");
    let text = fs::read_to_string(&file)
        .map_err(|error| format!("{}: {error}", file.display()))?;
    let all = Exercise::table(&text).map_err(|error| format!("exercises.tsv: {error}"))?;
    let asked = |e: &&Exercise| name.is_empty() || e.id == name || e.target == name;
    let found: Vec<Exercise> = all.iter().filter(asked).cloned().collect();
    if found.is_empty() {
        let ids: Vec<_> = all.iter().map(|exercise| exercise.id.as_str()).collect();
        return Err(format!(
            "{name} is no chapter or exercise here; these are: {}",
            ids.join(", ")
        ));
    }
    Ok(found)
}

fn hint(id: &str) -> Result<(), String> {
    for exercise in exercises(id)? {
        say(&format!("{}: {}", exercise.id, exercise.hint))?;
    }
    Ok(())
}

fn check(name: &str, json: bool) -> Result<bool, String> {
    let exercises = exercises(name)?;
    let root = root()?;
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
    let mut done = 0;
    let mut objects = Vec::new();
    for exercise in &exercises {
        if !built.contains_key(&exercise.target) {
            let same = exercises.iter().filter(|e| e.target == exercise.target);
            let own = same.flat_map(|e| &e.tests).any(|test| test.starts_with("lib:"));
            built.insert(exercise.target.clone(), build(&root, exercise, own)?);
        }
        let outcome = decide(exercise, &built[&exercise.target]);
        done += usize::from(outcome.is_done());
        match json {
            true => objects.push(format!(
                "{{\"id\":{},\"outcome\":{},\"says\":{}}}",
                quoted(&exercise.id),
                quoted(outcome.word()),
                quoted(&outcome.say())
            )),
            false => {
                let mark = if outcome.is_done() { "[x]" } else { "[ ]" };
                let Exercise { id, title, .. } = exercise;
                say(&format!("{mark} {id:<16} {title}: {}", outcome.say()))?;
            }
        }
    }
    if json {
        say(&format!("[{}]", objects.join(",\n ")))?;
    } else {
        say(&format!("\n{done} of {} done", exercises.len()))?;
        if let Some(next) = exercises.first().filter(|_| done < exercises.len()) {
            let id = &next.id;
            say(&format!(
                "`cargo check-my-work --hint {id}` gives a hint, and so for the others"
            ))?;
        }
    }
    Ok(done == exercises.len())
}

/// The programs of a chapter's tests, or what the compiler says.
type Built = Result<Vec<(String, bool, String)>, String>;

fn build(root: &Path, exercise: &Exercise, own: bool) -> Result<Built, String> {
    let cargo = std::env::var("CARGO").unwrap_or("cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["test", "--quiet", "--no-run"]);
    command.args(["--message-format", "json-render-diagnostics", "--color", "never"]);
    command.args(["--package", &exercise.package, "--test", &exercise.target]);
    command.args(own.then_some("--lib"));
    let output = command.output().map_err(|error| format!("cargo: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(match output.status.success() {
        true => Ok(programs(&String::from_utf8_lossy(&output.stdout))),
        false => Err(first_error(&said).unwrap_or_else(|| said.trim().to_owned())),
    })
}

/// Runs the tests of an exercise, each by itself, up to the first that fails.
fn decide(exercise: &Exercise, built: &Built) -> Outcome {
    let programs = match built {
        Ok(programs) => programs,
        Err(said) => return Outcome::NoProgram(said.clone()),
    };
    for test in &exercise.tests {
        let (own, name) = test.strip_prefix("lib:").map_or((false, &**test), |n| (true, n));
        let target = if own { &exercise.package } else { &exercise.target };
        let Some((.., program)) =
            programs.iter().find(|(n, o, _)| n == target && *o == own)
        else {
            return Outcome::Gone(format!("there is no test {target}"));
        };
        let mut command = Command::new(program);
        command.args(["--exact", name, "--nocapture"]).env("RUST_BACKTRACE", "0");
        let stop = |child: &mut Child| drop(child.kill());
        let outcome = match run(&mut command, Stdio::null(), &LIMITS, stop) {
            Err(error) => Outcome::Gone(error.to_string()),
            Ok(ran) if ran.code == Some(0) && !ran.output.contains("1 passed") => {
                Outcome::Gone(format!("the test {name} has not run"))
            }
            Ok(ran) => Outcome::of(&ran, &LIMITS, &exercise.id),
        };
        if !outcome.is_done() {
            return outcome;
        }
    }
    Outcome::Done
}

/// A text as JSON has it.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        c if u32::from(c) < 32 => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}
