//! From a file to numbers.

mod cells;
mod csv;
mod npy;

use crate::args::Args;
use crate::failure::Failure;
use crate::progress::Progress;
use fit::Classes;
use std::fs::File;
use std::io::{BufReader, Read, stdin};

/// What was read.
#[derive(Debug)]
pub(crate) struct Table {
    pub data: Data,
    /// The name of the column, if it has one.
    pub column: Option<String>,
    /// How many blank lines there were.
    pub blank: u64,
    /// How many cells were skipped.
    pub skipped: u64,
}

#[derive(Debug)]
pub(crate) enum Data {
    Samples(Vec<f64>),
    Classes(Classes),
}

/// A reader, and what the others need to know.
struct Source<'a> {
    place: String,
    args: &'a Args,
    progress: &'a mut Progress,
}

impl Source<'_> {
    fn error(&self, problem: impl std::fmt::Display) -> Failure {
        Failure::input(&self.place, problem)
    }

    /// The same on a line of the file.
    fn error_at(&self, line: u64, problem: impl std::fmt::Display) -> Failure {
        Failure::input(format!("{}:{line}", self.place), problem)
    }

    fn count(&mut self, samples: usize) {
        self.progress.show(|| format!("reading {}: {samples} samples", self.place));
    }
}

/// The name of the input, for messages.
pub(crate) fn place(args: &Args) -> String {
    match &args.file {
        Some(path) if path.as_os_str() != "-" => path.display().to_string(),
        _ => "standard input".into(),
    }
}

/// Reads what the arguments ask for.
pub(crate) fn read(args: &Args, progress: &mut Progress) -> Result<Table, Failure> {
    let source = Source { place: place(args), args, progress };
    let failed = |error| source.error(format!("cannot read: {error}"));
    let mut input: Box<dyn Read> = match &args.file {
        Some(path) if path.as_os_str() != "-" => {
            Box::new(File::open(path).map_err(failed)?)
        }
        _ => Box::new(stdin().lock()),
    };
    let mut magic = Vec::new();
    input.by_ref().take(npy::MAGIC.len() as u64).read_to_end(&mut magic).map_err(failed)?;
    if magic == npy::MAGIC {
        if args.classes {
            return Err(source.error("classes are read from CSV files, not from arrays"));
        }
        return npy::samples(input, source);
    }
    let input = BufReader::with_capacity(1 << 18, magic.as_slice().chain(input));
    if args.classes { csv::classes(input, source) } else { csv::samples(input, source) }
}
