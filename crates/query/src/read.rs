//! From the answer of an engine, saved as CSV, to a table.

use crate::QueryError;
use crate::moments::Moments;
use crate::possible::possible;
use csv::{ReaderBuilder, StringRecord, Trim};

/// The columns of the query.
const COLUMNS: [&str; 11] =
    ["width", "bin", "m0", "filled", "m1", "m2", "m3", "m4", "m5", "m6", "m7"];

/// How clients write NULL.
const NULL: [&str; 6] = ["", "null", "\\n", "none", "nan", "<null>"];

impl Moments {
    /// The table in the text of a CSV file, whose first line names the columns: in any order, in capital
    /// letters or small ones. Rows of one bin add up, as those of two tables that were put together.
    /// The row without a bin says what is left out.
    ///
    /// # Errors
    ///
    /// The place and the reason: a column that is not there; a line with fewer cells, where a table
    /// was cut off; a cell that is not what its column is for, as a negative count; moments that
    /// no samples have (eq:possible); several widths, or one that is no power of two; no samples.
    ///
    /// ```
    /// let text = "bin,WIDTH,m0,filled,m1,m2,m3,m4,m5,m6,m7\n0,0.5,2,2,1,1,1,1,1,1,1\n,0.5,3,1,,,,,,,\n";
    /// let table = query::Moments::read(text)?;
    /// assert_eq!((table.samples(), table.left_out(), table.null()), (2.0, 3.0, 2.0));
    /// let cut = query::Moments::read(&text[..60]).unwrap_err();
    /// assert_eq!(cut.to_string(), "line 2: there are 9 cells for 11 columns: is it cut off?");
    /// # Ok::<(), query::QueryError>(())
    /// ```
    pub fn read(text: &str) -> Result<Self, QueryError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = ReaderBuilder::new()
            .trim(Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let names = reader.headers().map_err(no_table)?.clone();
        let places = places(&names)?;
        let mut table: Option<Self> = None;
        for cells in reader.records() {
            let cells = cells.map_err(no_table)?;
            let line = cells.position().map_or(0, csv::Position::line);
            if cells.len() != names.len() {
                let (found, expected) = (cells.len(), names.len());
                return Err(QueryError::Cells { line, found, expected });
            }
            let row = Row { line, cells: places.map(|place| &cells[place]) };
            let width = row.number(0)?;
            let table = match &mut table {
                None => table.insert(Self::new(width).map_err(|_| row.width())?),
                Some(table) if table.width() == width => table,
                Some(table) => {
                    let first = table.width();
                    return Err(QueryError::Widths { line, width, first });
                }
            };
            row.add_to(table)?;
        }
        match table {
            None => Err(QueryError::NoTable("there are no rows".into())),
            Some(table) if table.samples() == 0.0 => Err(QueryError::NoSamples {
                left_out: table.left_out(),
                null: table.null(),
            }),
            Some(table) => Ok(table),
        }
    }
}

fn no_table(error: csv::Error) -> QueryError {
    QueryError::NoTable(error.to_string())
}

/// Where each column stands.
fn places(names: &StringRecord) -> Result<[usize; 11], QueryError> {
    let mut places = [0; 11];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        let is = |found: &&str| found.eq_ignore_ascii_case(name);
        *place = names.iter().position(|found| is(&found)).ok_or_else(|| {
            QueryError::Columns { missing: name, expected: COLUMNS.join(",") }
        })?;
    }
    Ok(places)
}

/// A line, its cells in the order of [`COLUMNS`].
struct Row<'a> {
    line: u64,
    cells: [&'a str; 11],
}

impl Row<'_> {
    fn refuse(&self, column: usize, reason: &'static str) -> QueryError {
        let (line, column, value) =
            (self.line, COLUMNS[column], self.cells[column].to_owned());
        QueryError::Cell { line, column, value, reason }
    }

    fn width(&self) -> QueryError {
        self.refuse(0, "it is no power of two")
    }

    fn is_null(&self, column: usize) -> bool {
        NULL.iter().any(|null| self.cells[column].eq_ignore_ascii_case(null))
    }

    fn number(&self, column: usize) -> Result<f64, QueryError> {
        let number = self.cells[column].parse().ok().filter(|x: &f64| x.is_finite());
        number.ok_or_else(|| self.refuse(column, "it is no finite number"))
    }

    fn whole(&self, column: usize, most: f64) -> Result<f64, QueryError> {
        let whole =
            Some(self.number(column)?).filter(|x| x.fract() == 0.0 && x.abs() <= most);
        whole.ok_or_else(|| self.refuse(column, "it is no whole number of the query"))
    }

    fn count(&self, column: usize) -> Result<f64, QueryError> {
        let count = Some(self.whole(column, f64::MAX)?).filter(|count| *count >= 0.0);
        count.ok_or_else(|| self.refuse(column, "it is a count, 0 or more"))
    }

    fn add_to(&self, table: &mut Moments) -> Result<(), QueryError> {
        let (line, m0, filled) = (self.line, self.count(2)?, self.count(3)?);
        if filled > m0 {
            return Err(QueryError::Filled { line, m0, filled });
        }
        // Some clients print NULL as 0; the moments of that row are NULL too.
        if self.is_null(1) || (4..11).all(|column| self.is_null(column)) {
            table.leave_out(m0, m0 - filled);
            return Ok(());
        }
        let bin = self.whole(1, 1e15)? as i64;
        if filled != m0 {
            return Err(QueryError::Filled { line, m0, filled });
        }
        let mut moments = [m0; 8];
        for (p, moment) in moments.iter_mut().enumerate().skip(1) {
            *moment = self.number(p + 3)?;
        }
        match m0 == 0.0 || possible(&moments) {
            true if m0 > 0.0 => table.add(bin, &moments),
            true => {}
            false => return Err(QueryError::Impossible { line, bin }),
        }
        Ok(())
    }
}
