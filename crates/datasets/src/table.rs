//! The one reader of tables, and the one writer. No cell has a comma, a quote or a line end, so
//! that a line is split at its commas and the tables need no crate for CSV, on a first build or on
//! the way to a browser.

use std::fmt::Display;
use std::iter::once;
use std::str::{FromStr, Split};

/// Why a text is not the table that it should be.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum DataError {
    #[error("{file}, line 1: the columns are {found:?}, not {expected:?}")]
    Columns { file: String, found: String, expected: String },
    #[error("{file}, line {line}: there are {found} cells for {expected} columns")]
    Length { file: String, line: usize, found: usize, expected: usize },
    #[error("{file}, line {line}, column {column:?}: {value:?} is refused: {reason}")]
    Cell { file: String, line: usize, column: String, value: String, reason: String },
    #[error("{file}: there are no rows")]
    Empty { file: String },
    #[error("{file}, line {line}: there is a quote, and no cell here is quoted")]
    Quote { file: String, line: usize },
}

/// A row of a table of `data/`.
pub trait Row: Sized {
    /// The file in `data/`, without `.csv`.
    const NAME: &'static str;
    /// Its first line.
    const COLUMNS: &'static str;
    /// All of it.
    const TEXT: &'static str;

    /// The row that a line holds.
    ///
    /// # Errors
    ///
    /// A cell with something else than the column is for.
    fn read(line: &mut Line) -> Result<Self, DataError>;
}

/// A row that a program has recorded, and can write as its file has it.
pub trait Recorded: Row {
    /// The cells, with as many digits as are recorded.
    fn cells(&self) -> Vec<String>;
}

/// A line of a table, whose cells are taken one after the other.
#[derive(Debug)]
pub struct Line<'a> {
    file: &'a str,
    line: usize,
    columns: Split<'a, char>,
    cells: Split<'a, char>,
}

impl Line<'_> {
    /// The next cell.
    pub(crate) fn next<T: FromStr<Err: Display>>(&mut self) -> Result<T, DataError> {
        self.take(|text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// The next cell, a number: NaN is none, ±∞ is one.
    pub(crate) fn number(&mut self) -> Result<f64, DataError> {
        let number =
            |x: f64| Some(x).filter(|x| !x.is_nan()).ok_or("it is no number".into());
        self.take(|text| {
            text.parse().map_err(|_| "it is no number".into()).and_then(number)
        })
    }

    /// The next cell, a finite number.
    pub(crate) fn finite(&mut self) -> Result<f64, DataError> {
        let finite = |x: &f64| x.is_finite();
        self.take(|text| {
            text.parse().ok().filter(finite).ok_or("it is no finite number".into())
        })
    }

    /// What `read` makes of the next cell; of an empty one, nothing.
    pub(crate) fn maybe<T>(
        &mut self,
        read: fn(&mut Self) -> Result<T, DataError>,
    ) -> Result<Option<T>, DataError> {
        if self.cells.clone().next() == Some("") {
            self.take(|_| Ok(()))?;
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// The next cell, 0 or 1.
    pub(crate) fn flag(&mut self) -> Result<bool, DataError> {
        self.take(|text| match text {
            "0" => Ok(false),
            "1" => Ok(true),
            _ => Err("it is neither 0 nor 1".into()),
        })
    }

    fn take<T>(
        &mut self,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, DataError> {
        let column = self.columns.next().unwrap_or_default();
        let value = self.cells.next().unwrap_or_default();
        read(value).map_err(|reason| DataError::Cell {
            file: self.file.to_owned(),
            line: self.line,
            column: column.to_owned(),
            value: value.to_owned(),
            reason,
        })
    }
}

/// The rows of a text, in its order.
///
/// # Errors
///
/// Other columns than the table has; no rows; a line with a cell too few or too many; a cell with
/// something else than its column is for. The error names the file and, as far as there is one, the
/// line, the column and the cell.
///
/// ```
/// use datasets::{Galaxy, read};
/// assert_eq!(read::<Galaxy>("velocity_km_per_s\n9172\n")?[0].velocity, 9172.0);
/// let error = read::<Galaxy>("velocity_km_per_s\n9172\n9 350\n").unwrap_err().to_string();
/// assert!(error.starts_with("galaxies.csv, line 3, column \"velocity_km_per_s\": \"9 350\""));
/// # Ok::<(), datasets::DataError>(())
/// ```
pub fn read<R: Row>(text: &str) -> Result<Vec<R>, DataError> {
    let (file, mut rows) = (format!("{}.csv", R::NAME), Vec::new());
    each_line(&file, R::COLUMNS, text, &mut |line| {
        rows.push(R::read(line)?);
        Ok(())
    })?;
    if rows.is_empty() { Err(DataError::Empty { file }) } else { Ok(rows) }
}

fn each_line(
    file: &str,
    columns: &str,
    text: &str,
    read: &mut dyn FnMut(&mut Line) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let found = text.lines().next().unwrap_or_default();
    let own = || file.to_owned();
    if found != columns {
        let (found, expected) = (found.to_owned(), columns.to_owned());
        return Err(DataError::Columns { file: own(), found, expected });
    }
    let expected = columns.split(',').count();
    for (row, text) in text.lines().enumerate().skip(1) {
        let line = row + 1;
        if text.contains('"') {
            return Err(DataError::Quote { file: own(), line });
        }
        let found = if text.is_empty() { 0 } else { text.split(',').count() };
        if found != expected {
            return Err(DataError::Length { file: own(), line, found, expected });
        }
        read(&mut Line {
            file,
            line,
            columns: columns.split(','),
            cells: text.split(','),
        })?;
    }
    Ok(())
}

/// The text of a recorded table: its columns, and a line for each row.
///
/// # Panics
///
/// A cell has a comma, a quote or a line end.
#[must_use]
pub fn write<R: Recorded>(rows: &[R]) -> String {
    let plain = |cell: &String| !cell.contains([',', '"', '\n', '\r']);
    let line = |row: &R| {
        let cells = row.cells();
        assert!(cells.iter().all(plain), "{}.csv: {cells:?}", R::NAME);
        cells.join(",")
    };
    once(R::COLUMNS.to_owned())
        .chain(rows.iter().map(line))
        .map(|line| line + "\n")
        .collect()
}

/// The rows of the file in `data/`.
pub(crate) fn rows<R: Row>() -> Vec<R> {
    let Ok(rows) = read(R::TEXT) else { panic!("a test reads every table") };
    rows
}

/// A table of `data/`.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The file, without `.csv`.
    pub name: &'static str,
    /// All of it.
    pub text: &'static str,
    /// How many rows a text has, if it is such a table.
    pub count: fn(&str) -> Result<usize, DataError>,
}

impl Table {
    pub(crate) const fn of<R: Row>() -> Self {
        let count = |text: &str| read::<R>(text).map(|rows| rows.len());
        Self { name: R::NAME, text: R::TEXT, count }
    }
}
