//! How a file of cells is written, told from its beginning.

use super::cells::Cells;
use super::number::{Decimal, is_missing, is_numeral, whole};
use crate::args;

/// So many lines of the beginning are looked at.
const LINES: usize = 50;

/// The cells of a line.
type Row = Vec<String>;

/// What the beginning tells.
pub(super) struct Dialect {
    /// What stands between cells.
    pub separator: u8,
    pub decimal: Decimal,
    /// The lines below the first.
    below: Vec<Row>,
}

impl Dialect {
    /// Of a file that begins like this, or is this if it is `whole`.
    pub fn of(head: &[u8], whole: bool, decimal: Option<args::Decimal>) -> Self {
        // A comma that is decimal separates cells only if these stand in quotes.
        let quoted = || head.windows(2).any(|pair| matches!(pair, b"\"," | b",\""));
        let comma = decimal != Some(args::Decimal::Comma) || quoted();
        let (separator, rows) = separator(|separator| rows(head, whole, separator), comma);
        let cells = rows.iter().flatten().map(String::as_str);
        let decimal = match decimal {
            Some(args::Decimal::Comma) => Decimal::Comma,
            Some(args::Decimal::Point) => Decimal::Point,
            None if separator == b',' => Decimal::Point,
            None => Decimal::of(cells, separator == b';'),
        };
        let below = rows.into_iter().skip(1).collect();
        Self { separator, decimal, below }
    }

    /// Whether the first line names the columns, by its cell in this one. It is an error where
    /// nobody can know.
    pub fn has_header(&self, first: &[String], column: usize) -> Result<bool, String> {
        let cell = &first[column];
        let numbers_below = |column: usize| self.numbers_below(column).next().is_some();
        let mut others = (0..first.len()).filter(|other| *other != column);
        let other_names = others.any(|c| !self.is_number(&first[c]) && numbers_below(c));
        if self.is_number(cell) {
            if other_names || self.may_be_names(first, column) {
                return Err("may be the name of the column or its first number".into());
            }
            return Ok(false);
        }
        let odd = is_missing(cell) || is_numeral(cell);
        if odd && !other_names && numbers_below(column) {
            let cure = self.decimal.cure(cell);
            return Err(format!("is not a number, or is it the name of the column?{cure}"));
        }
        Ok(true)
    }

    fn is_number(&self, cell: &str) -> bool {
        { self.decimal }.number(cell.as_bytes()).is_some()
    }

    fn numbers_below(&self, column: usize) -> impl Iterator<Item = &str> {
        let cells = self.below.iter().filter_map(move |row| row.get(column));
        cells.map(String::as_str).filter(|cell| self.is_number(cell))
    }

    /// Whether the numbers of the first line look like names, and those below do not.
    fn may_be_names(&self, first: &[String], column: usize) -> bool {
        let whole_numbers = |row: &[String]| -> Option<Vec<i64>> {
            row.iter().filter(|cell| self.is_number(cell)).map(|cell| whole(cell)).collect()
        };
        let Some(first) = whole_numbers(first) else { return false };
        let only_here = |what: fn(&[i64]) -> bool| {
            let also = |row: &Row| whole_numbers(row).is_some_and(|row| what(&row));
            what(&first) && !self.below.is_empty() && !self.below.iter().any(also)
        };
        let fractions = self.numbers_below(column).all(|cell| whole(cell).is_none());
        let other_kind = fractions && self.numbers_below(column).count() >= 3;
        other_kind || only_here(are_counted) || only_here(are_years)
    }
}

/// As columns without names are counted: 0, 1 or 1, 2, 3.
fn are_counted(row: &[i64]) -> bool {
    let counted =
        |from: i64| row.iter().zip(from..).all(|(number, count)| *number == count);
    row.len() > 1 && counted(0) || row.len() > 2 && counted(1)
}

/// Years, each another.
fn are_years(row: &[i64]) -> bool {
    let year = |(i, number): (usize, &i64)| {
        (1800..=2100).contains(number) && !row[..i].contains(number)
    };
    row.len() > 1 && row.iter().enumerate().all(year)
}

/// What separates the cells, and the first lines by it.
///
/// It gives the first two lines as many cells, at least two. Commas come late, as they may be
/// decimal, and spaces last, as they stand in names.
fn separator(rows: impl Fn(u8) -> Vec<Row>, comma: bool) -> (u8, Vec<Row>) {
    let width = |rows: &[Row], line: usize| rows.get(line).map(Vec::len);
    let fits = |rows: &[Row]| {
        let first = width(rows, 0).unwrap_or(0);
        first > 1 && width(rows, 1).is_none_or(|second| second == first)
    };
    let spaces = rows(b' ');
    let decimals = |row: &Row| {
        let comma = |cell: &String| Decimal::Comma.number(cell.as_bytes()).is_some();
        row.iter().all(comma) && row.iter().any(|cell| cell.contains(','))
    };
    let mut most: (usize, u8, Vec<Row>) = (1, b',', vec![]);
    for candidate in [b'\t', b';', b'|', b','] {
        if candidate == b',' {
            if fits(&spaces) && spaces.iter().skip(1).any(decimals) {
                return (b' ', spaces);
            }
            if !comma {
                continue;
            }
        }
        let rows = rows(candidate);
        if fits(&rows) {
            return (candidate, rows);
        }
        if let Some(first) = width(&rows, 0).filter(|first| *first > most.0) {
            most = (first, candidate, rows);
        }
    }
    let numbers = |row: &Row| row.iter().all(|cell| is_numeral(cell));
    let named_rows = width(&spaces, 0).is_some_and(|first| {
        first > 1 && width(&spaces, 1) == Some(first + 1) // as R's write.table has them
    });
    if fits(&spaces) && (spaces.len() > 1 || spaces.iter().all(numbers))
        || most.0 == 1 && named_rows
    {
        return (b' ', spaces);
    }
    match most {
        (1, ..) => {
            let only = if comma { b',' } else { b';' };
            (only, rows(only))
        }
        (_, separator, rows) => (separator, rows),
    }
}

/// The first lines that are whole, or the beginning of the first.
fn rows(head: &[u8], whole: bool, separator: u8) -> Vec<Row> {
    let mut cells = Cells::new(head, separator);
    let mut rows = vec![];
    while rows.len() < LINES && cells.next().is_ok_and(|more| more) {
        rows.push(cells.texts());
    }
    if !whole && rows.len() > 1 {
        rows.pop(); // it may have been cut
    }
    rows
}
