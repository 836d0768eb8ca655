//! Columns of CSV files.

use super::cells::Cells;
use super::columns::{Column, Found, find, listed};
use super::dialect::Dialect;
use super::number::{Notation, is_numeral};
use super::{Data, Decimal, Input, ReadError, Source, Table};
use crate::shown::short;
use fit::{Class, Classes, ClassesError};
use std::fmt::Display;
use std::io::{self, BufRead, BufReader};

/// Samples after which one says how many there are.
const CHUNK: usize = 1 << 16;

/// The samples of the column that the arguments choose, and their weights.
pub(super) fn samples(input: Input, source: Source) -> Result<Table, ReadError> {
    let mut lines = lines(input, source)?;
    let (column, weights) = lines.choose()?;
    let mut data = vec![];
    let mut all_weights = weights.map(|_| vec![]);
    let mut skipped = 0;
    let mut more = !lines.header || lines.next()?;
    while more {
        match lines.sample(column).and_then(|x| Ok((x, lines.weight(weights)?))) {
            Ok((sample, weight)) => {
                data.push(sample);
                if let Some(weights) = &mut all_weights {
                    weights.push(weight);
                }
            }
            Err(wrong) if lines.source.reading.skip_invalid && wrong.is_one_line() => {
                skipped += 1
            }
            Err(wrong) => return Err(lines.refuse(wrong)),
        }
        if data.len().is_multiple_of(CHUNK) {
            lines.source.count(&mut data)?;
        }
        more = lines.next()?;
    }
    let column = lines.column(column).name.map(|name| short(&name));
    let table = Table { column, ..lines.table(Data::Samples(data), skipped) };
    lines.source.checked(Table { weights: all_weights, ..table })
}

/// Classes: lower bound, upper bound, count.
pub(super) fn classes(input: Input, source: Source) -> Result<Table, ReadError> {
    let mut lines = lines(input, source)?;
    let columns = lines.class_columns()?;
    let (mut classes, mut places, mut skipped) = (Vec::new(), Vec::new(), 0);
    let mut more = !lines.header || lines.next()?;
    while more {
        match lines.class(columns) {
            Ok(class) => {
                classes.push(class);
                places.push(lines.cells.line());
            }
            Err(wrong) if lines.source.reading.skip_invalid && wrong.is_one_line() => {
                skipped += 1
            }
            Err(wrong) => return Err(lines.refuse(wrong)),
        }
        more = lines.next()?;
    }
    let classes = Classes::new(classes).map_err(|error| match which(&error) {
        None => lines.source.error(error),
        Some(class) => lines.source.error_at(places[class], error),
    })?;
    Ok(lines.table(Data::Classes(classes), skipped))
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

/// What is wrong with a line, and in which column.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    TooLong,
    TooShort,
    NoNumber(usize),
    NoSample(usize),
    Negative(usize),
}

impl Wrong {
    /// Whether it is this line's alone, so that it can be skipped. What is true of the whole file
    /// is not: cells that commas have cut in two, or a column that does not hold weights.
    fn is_one_line(self) -> bool {
        !matches!(self, Self::TooLong | Self::Negative(_))
    }
}

struct Lines<'a, R> {
    cells: Cells<R>,
    source: Source<'a>,
    dialect: Dialect,
    decimal: Notation,
    /// The first line: its number, and its cells.
    first: (u64, Vec<String>),
    /// Whether they are names.
    header: bool,
    notes: Vec<String>,
}

/// On the first line.
fn lines(input: Input, source: Source) -> Result<Lines<impl BufRead>, ReadError> {
    let dialect = Dialect::of(&input.head, input.whole, source.reading.decimal)
        .map_err(|problem| source.error(problem))?;
    let input = BufReader::with_capacity(1 << 18, input.all);
    let cells = Cells::new(input, dialect.separator);
    let (decimal, notes) = (dialect.decimal, vec![]);
    let mut lines =
        Lines { cells, source, dialect, decimal, first: (1, vec![]), header: false, notes };
    if !lines.next()? {
        return Err(lines.source.error(match lines.cells.comments {
            0 => "it is empty",
            _ => "it is empty but for lines that begin with #",
        }));
    }
    lines.first = (lines.cells.line(), lines.cells.texts());
    Ok(lines)
}

impl<R: BufRead> Lines<'_, R> {
    fn next(&mut self) -> Result<bool, ReadError> {
        let unreadable =
            |error: io::Error| self.source.error(format!("cannot read: {error}"));
        self.cells.next().map_err(unreadable)
    }

    /// An error on this line.
    fn error(&self, problem: impl Display) -> ReadError {
        self.source.error_at(self.cells.line(), problem)
    }

    fn names(&self) -> &[String] {
        &self.first.1
    }

    fn column(&self, index: usize) -> Column {
        let name = self.names().get(index).filter(|_| self.header);
        Column { index, name: name.cloned() }
    }

    /// The column of the samples and that of the weights, by the first line.
    fn choose(&mut self) -> Result<(usize, Option<usize>), ReadError> {
        let column = match &self.source.reading.column {
            Some(wanted) => self.find(wanted)?,
            None if self.names().len() == 1 => Found::Index(0),
            None => {
                let problem =
                    format!("it has {}: choose one with --column", listed(self.names()));
                return Err(self.source.error(problem + &self.one_number(self.names())));
            }
        };
        let weights = self.source.weights.map(|wanted| self.find(wanted)).transpose()?;
        self.header = match (self.source.reading.header, column, weights) {
            (Some(named), ..) => named,
            (None, Found::Name(_), _) | (None, _, Some(Found::Name(_))) => true,
            (None, Found::Index(index), _) => {
                self.dialect.has_header(self.names(), index).map_err(|problem| {
                    let (place, cell) =
                        (self.column(index).place(), short(&self.names()[index]));
                    self.error(format!(
                        "{place}: \"{cell}\" {problem}: say --header yes or --header no"
                    ))
                })?
            }
        };
        let decimal_comma = self.source.reading.decimal == Some(Decimal::Comma);
        if let (true, true, [name]) = (decimal_comma, self.header, self.names())
            && name.contains(',')
        {
            return Err(self.error(format!(
                "\"{}\" is one name if commas are decimal: put semicolons between the cells",
                short(name)
            )));
        }
        let wanted = [self.source.reading.column.as_deref(), self.source.weights];
        for (wanted, found) in wanted.into_iter().zip([Some(column), weights]) {
            if let (Some(wanted), Some(found), true) = (wanted, found, self.header) {
                self.notes.extend(self.other_of_this_name(wanted, found));
            }
        }
        Ok((column.index(), weights.map(Found::index)))
    }

    fn find(&self, wanted: &str) -> Result<Found, ReadError> {
        let unnamed = vec![String::new(); self.names().len()];
        let no_header = self.source.reading.header == Some(false);
        if no_header && !wanted.parse().is_ok_and(|index: usize| index < unnamed.len()) {
            return Err(self.error(format!(
                "there is no column \"{}\": it has {}, which without a header go by their index",
                short(wanted),
                listed(self.names())
            )));
        }
        find(wanted, if no_header { &unnamed } else { self.names() }).map_err(|problem| {
            let comments = match self.cells.comments {
                0 => "",
                _ => "; a line that begins with # names nothing",
            };
            self.error(problem + comments)
        })
    }

    /// What was wanted is an index, and the name of another column too.
    fn other_of_this_name(&self, wanted: &str, found: Found) -> Option<String> {
        let other = self.names().iter().position(|name| name == wanted)?;
        (other != found.index()).then(|| {
            format!(
                "{wanted} is taken as an index, {}; the column named {wanted} has the index {other}",
                self.column(found.index()).place(),
            )
        })
    }

    /// The columns of classes.
    fn class_columns(&mut self) -> Result<[usize; 3], ReadError> {
        const NAMES: [&str; 3] = ["lower", "upper", "count"];
        let is_number = |cell: &String| { self.decimal }.number(cell.as_bytes()).is_some();
        self.header = match self.source.reading.header {
            Some(named) => named,
            None => !self.names().iter().all(is_number),
        };
        let width = self.names().len();
        if !self.header {
            return match width {
                3 => Ok([0, 1, 2]),
                _ => Err(self.error(format!(
                    "classes have three columns, lower, upper and count: it has {width}{}",
                    self.one_number(self.names())
                ))),
            };
        }
        let mut columns = [0; 3];
        for (column, name) in columns.iter_mut().zip(NAMES) {
            let mut found = (0..width).filter(|i| self.names()[*i] == name);
            *column = match (found.next(), found.next()) {
                (Some(only), None) => only,
                (None, _) => {
                    let names = listed(self.names());
                    return Err(self.error(format!(
                        "classes have the columns lower, upper and count: it has {names}"
                    )));
                }
                (Some(_), Some(_)) => {
                    return Err(self.error(format!("two columns are named {name}")));
                }
            };
        }
        Ok(columns)
    }

    #[inline]
    fn sample(&mut self, column: usize) -> Result<f64, Wrong> {
        let sample = self.number(column)?;
        if self.source.check(sample).is_ok() {
            Ok(sample)
        } else {
            Err(Wrong::NoSample(column))
        }
    }

    /// The weight of this line; 1 if there are none.
    fn weight(&mut self, column: Option<usize>) -> Result<f64, Wrong> {
        let Some(column) = column else { return Ok(1.0) };
        match self.number(column)? {
            weight if !weight.is_finite() => Err(Wrong::NoSample(column)),
            weight if weight < 0.0 => Err(Wrong::Negative(column)),
            weight => Ok(weight),
        }
    }

    fn class(&mut self, [lower, upper, count]: [usize; 3]) -> Result<Class, Wrong> {
        let (lower, upper) = (self.number(lower)?, self.number(upper)?);
        Ok(Class { lower, upper, count: self.number(count)? })
    }

    #[inline]
    fn number(&mut self, column: usize) -> Result<f64, Wrong> {
        let width = self.first.1.len();
        if self.cells.len() != width {
            let long = self.cells.len() > width;
            return Err(if long { Wrong::TooLong } else { Wrong::TooShort });
        }
        let cell = self.cells.get(column).filter(|_| !self.cells.goes_on(column));
        let number = cell.and_then(|cell| self.decimal.number(cell));
        number.ok_or(Wrong::NoNumber(column))
    }

    /// Says what is wrong with this line.
    fn refuse(&self, wrong: Wrong) -> ReadError {
        let (len, width, line) = (self.cells.len(), self.names().len(), self.first.0);
        let index = match wrong {
            Wrong::TooLong => width,
            Wrong::TooShort => len,
            Wrong::NoNumber(index) | Wrong::NoSample(index) | Wrong::Negative(index) => {
                index
            }
        };
        let cell = self.cells.text(index).unwrap_or_default();
        let shown = short(&cell);
        let problem = match wrong {
            Wrong::TooLong => {
                let cure = self.why_too_long();
                format!(
                    "\"{shown}\" is too many: the line has {len}, line {line} has {width}{cure}"
                )
            }
            Wrong::TooShort => {
                format!(
                    "there is no such cell: the line has {len}, line {line} has {width}"
                )
            }
            Wrong::NoNumber(_) if self.cells.goes_on(index) => {
                format!("\"{shown}\" is not a number: it goes on behind its closing quote")
            }
            Wrong::NoNumber(_) => {
                format!("\"{shown}\" is not a number{}", self.decimal.cure(&cell))
            }
            Wrong::NoSample(_) => {
                let x = { self.decimal }.number(cell.trim().as_bytes()).unwrap_or(f64::NAN);
                let what = self.source.check(x).err().unwrap_or_default();
                format!("\"{shown}\" {what}")
            }
            Wrong::Negative(_) => {
                format!("\"{shown}\" is no weight: weights are 0 or more")
            }
        };
        self.error(format!("{}: {problem}", self.column(index).place()))
    }

    /// What may have made a line longer than the first.
    fn why_too_long(&self) -> String {
        let (cells, width) = (self.cells.texts(), self.names().len());
        match self.dialect.separator {
            b' ' | b'\t' if cells.len() == width + 1 => {
                "; if it begins with the name of the row, as R's write.table has it, write it with \
                 row.names = FALSE"
                    .into()
            }
            _ if width == 1 => self.one_number(&cells),
            b',' if cells[width..].iter().all(|cell| is_numeral(cell)) => {
                "; if commas are decimal, put semicolons between the cells".into()
            }
            _ => String::new(),
        }
    }

    /// What helps if the cells of a line are one number, cut at its commas.
    fn one_number(&self, cells: &[String]) -> String {
        let digits = |cell: &String| cell.bytes().all(|byte| byte.is_ascii_digit());
        let whole = self.dialect.separator == b',' && cells.iter().skip(1).all(digits);
        let number = short(&cells.join(","));
        match cells {
            [first, rest @ ..] if whole && is_numeral(first) && !rest.is_empty() => {
                let thousands = rest.iter().all(|cell| cell.len() == 3);
                let said = self.source.reading.decimal == Some(Decimal::Comma);
                let cure = match (rest.len(), thousands) {
                    (1, _) if first.contains('.') => {
                        "take the point away, and say --decimal comma"
                    }
                    (1, _) if said => "put it in quotes",
                    (1, false) => "say --decimal comma",
                    (1, true) => {
                        "take the comma away, or say --decimal comma if it is decimal"
                    }
                    (_, true) => "take the commas away",
                    (_, false) => return String::new(),
                };
                format!("; if {number} is one number, {cure}")
            }
            _ => String::new(),
        }
    }

    /// What was read, with notes of what was not.
    fn table(&mut self, data: Data, skipped: u64) -> Table {
        let mut notes = std::mem::take(&mut self.notes);
        match self.cells.comments {
            0 => {}
            1 => notes.push("ignored 1 line that begins with #".into()),
            n => notes.push(format!("ignored {n} lines that begin with #")),
        }
        if self.decimal == Notation::Comma && self.source.reading.decimal.is_none() {
            notes.push("read with decimal commas: 1,234 is 1.234".into());
        }
        let blank = self.cells.blank;
        Table { data, weights: None, column: None, blank, skipped, notes }
    }
}
