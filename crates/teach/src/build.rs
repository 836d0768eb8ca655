//! Cargo, and the programs that it builds.

use anyhow::{Context, Result};
use check_my_work::{Limits, Ran, first_error, programs, run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long the compiler may take, and what it may say.
const LIMITS: Limits = Limits { time: Duration::from_secs(3600), output: 64 << 20 };

/// Where tests are: a crate, a target, and whether they are within the crate.
pub type Target = (String, String, bool);

/// A workspace that is built outside of ours.
pub struct Bench {
    /// Its root.
    pub root: PathBuf,
    /// Where Cargo puts what it builds.
    pub target: PathBuf,
    /// Whether Cargo may ask the network for crates.
    pub offline: bool,
}

impl Bench {
    fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = std::env::var("CARGO").unwrap_or("cargo".to_owned());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root).args(arguments);
        command.args(["--color", "never", "--target-dir"]).arg(&self.target);
        command.args(self.offline.then_some("--offline"));
        command.env_remove("RUSTFLAGS");
        own_group(&mut command);
        command
    }

    fn ask(&self, command: &mut Command) -> Result<Ran> {
        run(command, Stdio::null(), &LIMITS, stop).context("cargo")
    }

    /// Whether the crates compile; if not, what the compiler says first.
    pub fn check(&self, packages: &BTreeSet<&str>) -> Result<Result<(), String>> {
        let mut command = self.cargo(&["check", "--quiet"]);
        for package in packages {
            command.args(["--package", package]);
        }
        let ran = self.ask(&mut command)?;
        Ok(if ran.code == Some(0) { Ok(()) } else { Err(said(&ran)) })
    }

    /// The programs of these tests; if they do not compile, what the compiler says first.
    pub fn programs(
        &self,
        targets: &BTreeSet<Target>,
    ) -> Result<Result<BTreeMap<Target, PathBuf>, String>> {
        let mut found = BTreeMap::new();
        for own in [false, true] {
            let mut command = self.cargo(&["test", "--quiet", "--no-run"]);
            command.args(["--message-format", "json-render-diagnostics"]);
            command.args(own.then_some("--lib"));
            let mut asked = BTreeMap::new();
            for (package, target, _) in targets.iter().filter(|target| target.2 == own) {
                command.args(["--package", package]);
                if !own {
                    command.args(["--test", target]);
                }
                asked.insert(target.as_str(), (package.clone(), target.clone(), own));
            }
            if asked.is_empty() {
                continue;
            }
            let ran = self.ask(&mut command)?;
            if ran.code != Some(0) {
                return Ok(Err(said(&ran)));
            }
            for (name, of_the_crate, program) in programs(&ran.output) {
                if let Some(target) = asked.get(name.as_str())
                    && of_the_crate == own
                {
                    found.insert(target.clone(), PathBuf::from(program));
                }
            }
        }
        Ok(Ok(found))
    }
}

fn said(ran: &Ran) -> String {
    match ran.late {
        true => "the compiler has not ended in an hour".to_owned(),
        false => first_error(&ran.output).unwrap_or_else(|| {
            ran.output.lines().find(|line| !line.starts_with('{')).unwrap_or("").to_owned()
        }),
    }
}

/// Where the tests of an exercise are, and its own name in that program.
pub fn target(exercise: &lessons::Exercise, test: &str) -> (Target, String) {
    let package = exercise.package().to_owned();
    match test.strip_prefix("lib:") {
        Some(name) => ((package.clone(), package, true), name.to_owned()),
        None => ((package, exercise.target().to_owned(), false), test.to_owned()),
    }
}

/// Puts a program and all that it starts into a group, which [`stop`] ends.
pub fn own_group(command: &mut Command) {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends a program, and where the system knows groups all that it has started.
pub fn stop(child: &mut Child) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = child.kill();
}

/// The folder of Cargo's targets for what this command builds.
pub fn target_folder(workspace: &Path, name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or(workspace.join("target"), PathBuf::from);
    target.join("teach").join(name)
}
