//! The command as a reader runs it, in a folder of its own.
#![allow(dead_code)] // each file of tests needs some of it

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What a run has left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// A component's weight, mean and variance.
    pub fn component(&self, k: usize) -> [f64; 3] {
        numbers(&self.json()["components"][k])
    }
}

pub fn numbers(component: &Value) -> [f64; 3] {
    ["weight", "mean", "variance"].map(|key| component[key].as_f64().unwrap())
}

/// A folder of its own, with files in it.
pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let desk = Self::new();
        fs::write(desk.path(name), content).unwrap();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn files(&self) -> Vec<String> {
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| name(entry.unwrap()))
            .collect();
        names.sort();
        names
    }

    /// The first column of a file of memberships.
    pub fn samples(&self, name: &str) -> Vec<f64> {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let samples = text.lines().skip(1).map(|line| line.split(',').next().unwrap());
        samples.map(|x| x.parse().unwrap()).collect()
    }

    /// In the folder. No argument has spaces.
    pub fn command(&self, args: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emfit"));
        command.current_dir(self.0.path()).args(args.split_whitespace());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &str) -> Ran {
        self.run_with(args, "")
    }

    pub fn run_with(&self, args: &str, input: impl AsRef<[u8]>) -> Ran {
        let mut child = self.command(args).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("no signal has ended it");
        Ran { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs what must fail: with this status, one line that says all of this, and no new file.
    pub fn fails(&self, args: &str, code: i32, says: &[&str]) {
        let before = self.files();
        let ran = self.run(args);
        assert_eq!(ran.code, code, "{args}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{args}: {}", ran.err);
        assert!(ran.err.starts_with("emfit: "), "{args}: {}", ran.err);
        assert_eq!(ran.out, "", "{args}");
        for part in says {
            assert!(ran.err.contains(part), "{args}: no {part:?} in {}", ran.err);
        }
        assert_eq!(self.files(), before, "{args} left a file");
    }
}

/// A file of NumPy's, version 1.
pub fn npy(descr: &str, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let header = format!(
        "{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}     \n"
    );
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.bytes());
    file.extend(bytes);
    file
}
