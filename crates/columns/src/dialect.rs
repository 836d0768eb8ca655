//! How a file of cells is written, told from its beginning.

use super::Decimal;
use super::cells::Cells;
use super::number::{Notation, is_missing, is_numeral, whole};

/// So many lines of the beginning are looked at.
const LINES: usize = 50;

/// The cells of a line.
type Row = Vec<String>;

/// What the beginning tells.
pub(super) struct Dialect {
    /// What stands between cells.
    pub separator: u8,
    pub decimal: Notation,
    /// The lines below the first.
    below: Vec<Row>,
}

impl Dialect {
    /// Of a file that begins like this, or is this if it is `whole`.
    pub fn of(
        head: &[u8],
        whole: bool,
        decimal: Option<Decimal>,
    ) -> Result<Self, &'static str> {
        // A comma that is decimal separates cells only if these stand in quotes.
        let quoted = || head.windows(2).any(|pair| matches!(pair, b"\"," | b",\""));
        let comma = decimal != Some(Decimal::Comma) || quoted();
        let (separator, rows) = separator(|separator| rows(head, whole, separator), comma)?;
        let cells = rows.iter().flatten().map(String::as_str);
        let decimal = match decimal {
            Some(Decimal::Comma) => Notation::Comma,
            Some(Decimal::Point) => Notation::Point,
            None => Notation::of(cells, separator),
        };
        let below = rows.into_iter().skip(1).collect();
        Ok(Self { separator, decimal, below })
    }

    /// Whether the first line names the columns, by its cell in this one. It is an error where
    /// nobody can know.
    pub fn has_header(
        &self,
        first: &[String],
        column: usize,
    ) -> Result<bool, &'static str> {
        let numbers_below = |column: usize| self.numbers_below(column).next().is_some();
        let odd = |cell: &str| is_missing(cell) || is_numeral(cell);
        let others = || {
            let others = first.iter().enumerate().filter(|(other, _)| *other != column);
            others.filter(|(i, cell)| !self.is_number(cell) && numbers_below(*i))
        };
        let cell = &first[column];
        if self.is_number(cell) {
            if others().next().is_some() || self.may_be_names(first, column) {
                return Err("may be the name of the column or its first number");
            }
            Ok(false)
        } else if odd(cell) && numbers_below(column) && others().all(|(_, cell)| odd(cell))
        {
            Err("may be the name of the column or its first cell")
        } else {
            Ok(true)
        }
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
/// decimal, and spaces last, as they stand in names. `comma` says whether a comma may separate.
fn separator(
    rows: impl Fn(u8) -> Vec<Row>,
    comma: bool,
) -> Result<(u8, Vec<Row>), &'static str> {
    let width = |rows: &[Row], line: usize| rows.get(line).map_or(0, Vec::len);
    let fits = |rows: &[Row]| {
        width(rows, 0) > 1 && (rows.len() == 1 || width(rows, 1) == width(rows, 0))
    };
    let spaces = rows(b' ');
    let spaced = fits(&spaces) && !spaces[0].iter().any(|cell| cell.ends_with(','));
    for candidate in [b'\t', b';', b'|'] {
        let rows = rows(candidate);
        if fits(&rows) {
            return Ok((candidate, rows));
        }
    }
    // Numbers with commas inside, not commas with spaces behind them.
    let with_commas = |row: &Row| {
        let ends = |cell: &String| cell.ends_with(|c: char| c.is_ascii_digit());
        let number =
            |cell: &String| is_numeral(cell) && ends(cell) && !cell.starts_with(',');
        row.iter().all(number) && row.iter().any(|cell| cell.contains(','))
    };
    let commas = if comma { rows(b',') } else { vec![] };
    match (spaced && spaces.iter().any(with_commas), fits(&commas)) {
        (true, true) => {
            return Err(
                "either spaces or commas stand between its cells: say --decimal comma, \
                        or put semicolons there",
            );
        }
        (true, false) => return Ok((b' ', spaces)),
        (false, true) => return Ok((b',', commas)),
        (false, false) => {}
    }
    let numbers = |row: &Row| row.iter().all(|cell| is_numeral(cell));
    if spaced && (spaces.len() > 1 || spaces.iter().all(numbers)) {
        return Ok((b' ', spaces));
    }
    // The second line will be refused.
    let others = [b'\t', b';', b'|'].map(|candidate| (candidate, rows(candidate)));
    let most = others.into_iter().chain(comma.then_some((b',', commas)));
    Ok(match most.max_by_key(|(_, rows)| width(rows, 0)) {
        Some((separator, rows)) if width(&rows, 0) > 1 => (separator, rows),
        // As R's write.table has them, with a name for each row and none for the names.
        _ if width(&spaces, 0) > 1 && width(&spaces, 1) == width(&spaces, 0) + 1 => {
            (b' ', spaces)
        }
        _ => {
            let none = if comma { b',' } else { b';' };
            (none, rows(none))
        }
    })
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
