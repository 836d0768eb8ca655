//! What the tests of the command share: calling it, and handouts to play with.
#![allow(dead_code)] // each test file uses some of it

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Calls `cargo teach`.
pub fn teach(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_teach")).args(arguments).output().unwrap()
}

/// What a call prints, which must succeed.
pub fn printed(arguments: &[&str]) -> String {
    let output = teach(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The one line that a call fails with.
pub fn refused(arguments: &[&str]) -> String {
    let output = teach(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A handout of Part I in a folder of this name.
pub struct Handout(pub PathBuf);

impl Handout {
    pub fn new(folder: &Path, name: &str) -> Self {
        let path = folder.join(name);
        printed(&["handout", path.to_str().unwrap(), "--part", "1"]);
        Self(path)
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The solution, which is the file of the repository.
    pub fn solve(&self, file: &str) {
        fs::copy(workspace().join(file), self.0.join(file)).unwrap();
    }

    /// Writes a body in the place of the `number`th stub of an exercise.
    pub fn body(&self, file: &str, id: &str, body: &str) {
        let stub = format!("todo!(\"{id}\")");
        let text = self.read(file);
        assert!(text.contains(&stub), "{file} has no {stub}");
        self.write(file, &text.replacen(&stub, body, 1));
    }

    /// Calls `cargo check-my-work` in it: what it says, and its exit code.
    pub fn check(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let cargo = std::env::var("CARGO").unwrap_or("cargo".to_owned());
        let mut command = Command::new(cargo);
        command.arg("check-my-work").args(arguments).current_dir(&self.0);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO")) {
            if !["CARGO_HOME"].contains(&name.as_str()) {
                command.env_remove(name);
            }
        }
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8_lossy(&said).into_owned(), output.status.code())
    }
}

pub const SAMPLING: &str = "crates/sampling/src/lib.rs";
pub const DENSITY: &str = "crates/density/src/lib.rs";
pub const E_STEP: &str = "crates/e_step/src/lib.rs";
pub const M_STEP: &str = "crates/m_step/src/lib.rs";
pub const EM: &str = "crates/em/src/lib.rs";
pub const EXTENSION: &str = "crates/extensions/src/exponential.rs";
