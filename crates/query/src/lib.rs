//! Past one machine: what EM needs of any number of samples is the answer to one SQL query.
//!
//! This crate belongs to the chapter *Query*. [`sql`] has the texts, [`Moments`] is the table that
//! comes back, [`Levels`] are the points that EM takes in the place of the samples. No engine is
//! among its dependencies.

mod levels;
mod moments;
mod possible;
mod read;
pub mod sql;

pub use levels::Levels;
pub use moments::Moments;

/// Why there is no table of moments.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum QueryError {
    #[error("the width of a bin is {width:e}: it is a power of two, such as {near:e}")]
    Width { width: f64, near: f64 },
    #[error(
        "line 1: there is no column {missing}: the columns are {expected}, in any order"
    )]
    Columns { missing: &'static str, expected: String },
    #[error("line {line}: there are {found} cells for {expected} columns: is it cut off?")]
    Cells { line: u64, found: usize, expected: usize },
    #[error("line {line}: {column} is {value:?}: {reason}")]
    Cell { line: u64, column: &'static str, value: String, reason: &'static str },
    #[error(
        "line {line}: the width is {width:e}, above it is {first:e}: a table has one width"
    )]
    Widths { line: u64, width: f64, first: f64 },
    #[error("line {line}: of {m0} rows in the bin {filled} are not NULL: all of them are")]
    Filled { line: u64, m0: f64, filled: f64 },
    #[error("line {line}: no samples have the moments of the bin {bin}")]
    Impossible { line: u64, bin: i64 },
    #[error("{0}")]
    NoTable(String),
    #[error(
        "there are no samples: {left_out} rows are left out, of which {null} are NULL and the \
         others no finite numbers or too far from 0"
    )]
    NoSamples { left_out: f64, null: f64 },
}
