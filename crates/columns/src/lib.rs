//! From a file to the numbers of a column: CSV as people write it, NumPy arrays, Parquet behind a
//! feature, packed by gzip or not; and from numbers to CSV.
//!
//! A crate of its own, as it has to be quick and the rest of `emfit` has not.

mod cells;
mod columns;
mod csv;
mod dialect;
mod kind;
mod npy;
mod number;
#[cfg(feature = "parquet")]
mod parquet;
mod shown;
#[cfg(test)]
mod tests;
mod write;

use fit::{Classes, Moments};
use flate2::read::MultiGzDecoder;
use kind::{Kind, kind};
pub use shown::{harmless, short};
use std::fs::File;
use std::io::{self, Cursor, Read, stdin};
use std::ops::ControlFlow;
use std::path::Path;
use thiserror::Error;
pub use write::{bin_memberships, class_memberships, memberships, predictions};

/// What was read.
#[derive(Debug)]
pub struct Table {
    /// The numbers.
    pub data: Data,
    /// The weights of the samples, if they were asked for.
    pub weights: Option<Vec<f64>>,
    /// The name of the column, if it has one.
    pub column: Option<String>,
    /// How many blank lines there were.
    pub blank: u64,
    /// How many cells were skipped.
    pub skipped: u64,
    /// What else one should know of how it was read.
    pub notes: Vec<String>,
}

impl Table {
    /// Data without names.
    pub fn new(data: Data, skipped: u64) -> Self {
        Self { data, weights: None, column: None, blank: 0, skipped, notes: vec![] }
    }
}

/// What a file may hold.
#[derive(Debug)]
pub enum Data {
    /// Samples.
    Samples(Vec<f64>),
    /// Classes.
    Classes(Classes),
    /// Tables of moments, merged.
    Moments(Moments),
}

/// What --log cannot take, and what helps.
const NO_LOGARITHM: &str =
    "has no logarithm: with --log, samples are above 0; --skip-invalid leaves others out";

/// How samples are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The column of a CSV file: its name, a beginning that no other name has, or its index from 0.
    pub column: Option<String>,
    /// Whether the first line of a CSV file names the columns; without this, it does where its cell
    /// is not a number, and asks where that may be a name too.
    pub header: Option<bool>,
    /// Without this, a comma is decimal where it does not separate cells.
    pub decimal: Option<Decimal>,
    /// Skip and count the cells that are not finite numbers, instead of stopping at the first.
    pub skip_invalid: bool,
}

/// What a number of a CSV file has before its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimal {
    /// 3.14
    Point,
    /// 3,14
    Comma,
}

/// Why nothing was read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// What is wrong, and where.
    #[error("{0}")]
    Input(String),
    /// Who takes the samples wants no more.
    #[error("nobody takes the samples")]
    Stopped,
}

/// What is read, and how.
pub struct Source<'a> {
    /// The file; - is standard input.
    pub file: &'a Path,
    /// How.
    pub reading: &'a Reading,
    /// Whether it holds classes.
    pub classes: bool,
    /// Whether logarithms will be taken.
    pub log: bool,
    /// The column of the weights.
    pub weights: Option<&'a str>,
    /// Is told, now and then, how many samples there are.
    pub progress: &'a mut dyn FnMut(usize),
    /// Who takes samples before all are read.
    pub taker: Option<Taker<'a>>,
}

/// Takes some samples.
pub struct Taker<'a> {
    /// Takes them, or says that it wants no more.
    pub take: &'a mut dyn FnMut(&[f64]) -> ControlFlow<()>,
    /// How many it has taken.
    pub taken: usize,
}

impl Source<'_> {
    /// The name of the input, for messages.
    fn place(&self) -> String {
        place(self.file)
    }

    fn error(&self, problem: impl std::fmt::Display) -> ReadError {
        ReadError::Input(format!("{}: {problem}", self.place()))
    }

    /// The same on a line of the file.
    fn error_at(&self, line: u64, problem: impl std::fmt::Display) -> ReadError {
        ReadError::Input(format!("{}:{line}: {problem}", self.place()))
    }

    /// Says how many samples there are, and gives them away if somebody takes them.
    fn count(&mut self, data: &mut Vec<f64>) -> Result<(), ReadError> {
        let taken = self.taker.as_ref().map_or(0, |taker| taker.taken);
        let samples = taken + data.len();
        (self.progress)(samples);
        if let Some(taker) = &mut self.taker {
            if (taker.take)(data).is_break() {
                return Err(ReadError::Stopped);
            }
            taker.taken = samples;
            data.clear();
        }
        Ok(())
    }

    /// Whether a number is a sample; if not, what it is instead.
    fn check(&self, x: f64) -> Result<(), &'static str> {
        match () {
            () if !x.is_finite() => Err("is not a finite number"),
            () if self.log && x <= 0.0 => Err(NO_LOGARITHM),
            () => Ok(()),
        }
    }

    /// A table that has samples, and weights that are not all 0.
    fn checked(&self, table: Table) -> Result<Table, ReadError> {
        let taken = self.taker.as_ref().map_or(0, |taker| taker.taken);
        if matches!(&table.data, Data::Samples(data) if data.is_empty() && taken == 0) {
            let skipped = match table.skipped {
                0 => String::new(),
                n => format!(", of {n} that are no finite numbers"),
            };
            return Err(self.error(format!("there are no samples{skipped}")));
        }
        let sum = table.weights.as_ref().map_or(1.0, |weights| weights.iter().sum());
        if sum > 0.0 && sum < f64::INFINITY {
            Ok(table)
        } else {
            Err(self.error(format!("the weights sum to {sum}")))
        }
    }
}

/// The name of a file, for messages.
pub fn place(file: &Path) -> String {
    match file.as_os_str() == "-" {
        true => "standard input".into(),
        false => harmless(&file.display().to_string()),
    }
}

/// So many bytes of the beginning tell what the file is, and how it is written.
const HEAD: usize = 1 << 16;

/// All of a file: its beginning once more, and the rest.
type All = io::Chain<Cursor<Vec<u8>>, Box<dyn Read>>;

/// A file, and its beginning.
struct Input {
    head: Vec<u8>,
    /// Whether the beginning is all.
    whole: bool,
    all: All,
}

impl Input {
    fn new(mut rest: Box<dyn Read>) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        rest.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let whole = head.len() < HEAD;
        Ok(Self { whole, all: Cursor::new(head.clone()).chain(rest), head })
    }

    /// Without its first bytes.
    fn after(mut self, magic: &[u8]) -> io::Result<Self> {
        self.head.drain(..magic.len());
        self.all.read_exact(&mut vec![0; magic.len()])?;
        Ok(self)
    }
}

/// What gzip has packed.
struct Unpacked(MultiGzDecoder<All>);

impl Read for Unpacked {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes).map_err(|error| match error.raw_os_error() {
            Some(_) => error,
            None => io::Error::new(
                error.kind(),
                format!(
                    "its gzip data are damaged or cut short ({error}); gzip -t tests them"
                ),
            ),
        })
    }
}

/// Reads all samples, or those that nobody has taken.
///
/// # Errors
///
/// The file cannot be read, or holds something else: what is wrong and where, in one line.
pub fn read(source: Source) -> Result<Table, ReadError> {
    let failed = |error| source.error(format!("cannot read: {error}"));
    let mut input = Input::new(match source.file.as_os_str() == "-" {
        true => Box::new(stdin().lock()),
        false => Box::new(File::open(source.file).map_err(failed)?),
    })
    .map_err(failed)?;
    let mut packed = false;
    let what = |head: &[u8]| kind(head).map_err(|what| source.error(what));
    let mut found = what(&input.head)?;
    if found == Kind::Gzip {
        let unpacked = Unpacked(MultiGzDecoder::new(input.all));
        input = Input::new(Box::new(unpacked)).map_err(failed)?;
        packed = true;
        found = what(&input.head)?;
    }
    let classes = source.classes;
    match found {
        Kind::Text => {
            const MARK: &[u8] = b"\xef\xbb\xbf";
            if input.head.starts_with(MARK) {
                input = input.after(MARK).map_err(failed)?;
            }
            if classes { csv::classes(input, source) } else { csv::samples(input, source) }
        }
        Kind::Gzip => Err(source.error("it is packed by gzip twice: unpack it once")),
        _ if classes => {
            Err(source.error("classes are read from CSV files, not from arrays"))
        }
        Kind::Npy if source.weights.is_some() => {
            Err(source.error("an array has no column of weights: save both as CSV"))
        }
        Kind::Npy => npy::samples(input.after(npy::MAGIC).map_err(failed)?.all, source),
        Kind::Parquet => parquet(input.all, packed, source),
    }
}

/// The columns of a Parquet file are found from its end: what has none yet is copied to a file.
#[cfg(feature = "parquet")]
fn parquet(mut input: All, packed: bool, source: Source) -> Result<Table, ReadError> {
    let path = Some(source.file).filter(|path| path.is_file() && !packed);
    let file = match path {
        Some(path) => File::open(path),
        None => tempfile::tempfile().and_then(|mut file| {
            io::copy(&mut input, &mut file)?;
            Ok(file)
        }),
    };
    match file {
        Ok(file) => parquet::whole(file, source),
        Err(error) => Err(source.error(format!("cannot read: {error}"))),
    }
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: All, _packed: bool, source: Source) -> Result<Table, ReadError> {
    Err(source.error(
        "it is a Parquet file, which emfit reads if it is installed with --features parquet; \
         or save the column as CSV",
    ))
}
