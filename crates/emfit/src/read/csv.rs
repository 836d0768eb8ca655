//! Columns of CSV files.

use super::cells::{Cells, number};
use super::{Data, Source, Table};
use crate::args::Choice;
use crate::failure::Failure;
use fit::{Class, Classes, ClassesError};
use std::fmt::Display;
use std::io::{self, BufRead};

/// A column: its index, and its name if there is a header.
struct Column {
    index: usize,
    name: Option<String>,
}

/// The samples of the column that the arguments choose.
pub(super) fn samples(input: impl BufRead, source: Source) -> Result<Table, Failure> {
    let mut lines = Lines::new(input, source)?;
    let column = lines.column()?;
    let (mut data, mut skipped) = (Vec::new(), 0);
    let mut more = column.name.is_none() || lines.next()?;
    while more {
        match lines.sample(&column) {
            Ok(sample) => data.push(sample),
            Err(_) if lines.source.args.skip_invalid => skipped += 1,
            Err(failure) => return Err(failure),
        }
        if data.len().is_multiple_of(1 << 16) {
            lines.source.count(data.len());
        }
        more = lines.next()?;
    }
    if data.is_empty() {
        return Err(lines.source.error("there are no samples"));
    }
    let (column, blank) = (column.name, lines.cells.blank);
    Ok(Table { data: Data::Samples(data), column, blank, skipped })
}

/// Classes: lower bound, upper bound, count.
pub(super) fn classes(input: impl BufRead, source: Source) -> Result<Table, Failure> {
    let mut lines = Lines::new(input, source)?;
    let header = lines.has_header(0);
    let names = ["lower", "upper", "count"];
    let cells = lines.cells.names();
    let found = names.map(|name| cells.iter().position(|cell| header && cell == name));
    let indices = [0, 1, 2].map(|i| if found.contains(&None) { Some(i) } else { found[i] });
    let column =
        |i: usize| Column { index: indices[i].unwrap_or(i), name: Some(names[i].into()) };
    let columns = [0, 1, 2].map(column);
    let (mut classes, mut places, mut skipped) = (Vec::new(), Vec::new(), 0);
    let mut more = !header || lines.next()?;
    while more {
        match lines.class(&columns) {
            Ok(class) => {
                classes.push(class);
                places.push(lines.cells.line());
            }
            Err(_) if lines.source.args.skip_invalid => skipped += 1,
            Err(failure) => return Err(failure),
        }
        more = lines.next()?;
    }
    let classes = Classes::new(classes).map_err(|error| match which(&error) {
        None => lines.source.error(error),
        Some(class) => lines.source.error_at(places[class], error),
    })?;
    let blank = lines.cells.blank;
    Ok(Table { data: Data::Classes(classes), column: None, blank, skipped })
}

/// The class that is wrong.
fn which(error: &ClassesError) -> Option<usize> {
    match *error {
        ClassesError::Bound { class, .. }
        | ClassesError::Backwards { class, .. }
        | ClassesError::NoWidth { class, .. }
        | ClassesError::Overlap { class, .. }
        | ClassesError::Count { class, .. } => Some(class),
        ClassesError::NoClasses | ClassesError::Sum { .. } => None,
    }
}

struct Lines<'a, R> {
    cells: Cells<R>,
    source: Source<'a>,
}

impl<'a, R: BufRead> Lines<'a, R> {
    /// On the first line.
    fn new(input: R, source: Source<'a>) -> Result<Self, Failure> {
        let cells = Cells::new(input).map_err(|error| unreadable(&source, &error))?;
        let mut lines = Self { cells, source };
        if lines.next()? { Ok(lines) } else { Err(lines.source.error("it is empty")) }
    }

    fn next(&mut self) -> Result<bool, Failure> {
        self.cells.next().map_err(|error| unreadable(&self.source, &error))
    }

    /// An error on this line.
    fn error(&self, problem: impl Display) -> Failure {
        self.source.error_at(self.cells.line(), problem)
    }

    /// Whether the first line names the columns.
    fn has_header(&self, column: usize) -> bool {
        match self.source.args.header {
            Some(choice) => choice == Choice::Yes,
            None => self.cells.get(column).and_then(number).is_none(),
        }
    }

    /// The column that the arguments choose, by the first line.
    fn column(&self) -> Result<Column, Failure> {
        let (names, args) = (self.cells.names(), self.source.args);
        let index = match &args.column {
            None if self.cells.len() == 1 => 0,
            None => {
                let problem =
                    format!("it has {}: choose one with --column", listed(&names));
                return Err(self.source.error(problem));
            }
            Some(wanted) => self.find(wanted, &names).ok_or_else(|| {
                self.error(format!(
                    "there is no column {wanted:?}: it has {}",
                    listed(&names)
                ))
            })?,
        };
        let name = self.has_header(index).then(|| short(&names[index]));
        Ok(Column { index, name })
    }

    /// By index, by name, or by a beginning that no other name has.
    fn find(&self, wanted: &str, names: &[String]) -> Option<usize> {
        if let Ok(index) = wanted.parse::<usize>() {
            return Some(index).filter(|index| *index < names.len());
        }
        if self.source.args.header == Some(Choice::No) {
            return None;
        }
        let begins = |i: &usize| names[*i].starts_with(wanted);
        let mut beginnings = (0..names.len()).filter(begins);
        let exact = names.iter().position(|name| name == wanted);
        exact.or_else(|| beginnings.next().filter(|_| beginnings.next().is_none()))
    }

    fn sample(&self, column: &Column) -> Result<f64, Failure> {
        let cell = self.number(column)?;
        if cell.is_finite() {
            Ok(cell)
        } else {
            Err(self.refuse(column, "a finite number"))
        }
    }

    fn class(&self, [lower, upper, count]: &[Column; 3]) -> Result<Class, Failure> {
        let (lower, upper) = (self.number(lower)?, self.number(upper)?);
        Ok(Class { lower, upper, count: self.number(count)? })
    }

    fn number(&self, column: &Column) -> Result<f64, Failure> {
        let cell = self.cells.get(column.index);
        cell.and_then(number).ok_or_else(|| self.refuse(column, "a number"))
    }

    /// A cell of this line that is not what it should be.
    fn refuse(&self, Column { index, name }: &Column, wanted: &str) -> Failure {
        let name = name.as_ref().map_or(String::new(), |name| format!(" ({name})"));
        let problem = match self.cells.get(*index) {
            None => format!("there is no such cell: the line has {}", self.cells.len()),
            Some(cell) => {
                format!("\"{}\" is not {wanted}", short(&String::from_utf8_lossy(cell)))
            }
        };
        self.error(format!("column {index}{name}: {problem}"))
    }
}

fn unreadable(source: &Source, error: &io::Error) -> Failure {
    source.error(format!("cannot read: {error}"))
}

/// The beginning of a text from a file, such that no part of it is a command to a terminal.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    let dots = if text.chars().nth(MOST).is_some() { "..." } else { "" };
    let start: String = text.chars().take(MOST).collect();
    format!("{}{dots}", start.escape_debug())
}

/// The columns by their names, on one line.
fn listed(names: &[String]) -> String {
    const MOST: usize = 20;
    let shown: Vec<_> =
        names.iter().take(MOST).map(|name| format!("\"{}\"", short(name))).collect();
    let dots = if names.len() > MOST { ", ..." } else { "" };
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("{} column{plural}, {}{dots}", names.len(), shown.join(", "))
}
