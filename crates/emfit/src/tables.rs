//! Tables of moments: the answers of engines.

use crate::failure::Failure;
use columns::{Data, Table};
use fit::Moments;
use std::fs;
use std::io::{self, Read, stdin};
use std::path::{Path, PathBuf};

/// What the tables are called together.
pub(crate) fn place(files: &[PathBuf]) -> String {
    let first = files.first().map(|file| columns::place(file)).unwrap_or_default();
    match files.len() {
        0 | 1 => first,
        n => format!("{first} and {} more", n - 1),
    }
}

/// Reads and merges them.
///
/// # Errors
///
/// One cannot be read, or is no table of moments: where, and why.
pub(crate) fn read(files: &[PathBuf]) -> Result<Table, Failure> {
    let (mut tables, mut notes): (Vec<Moments>, Vec<String>) = (vec![], vec![]);
    for file in files {
        let place = columns::place(file);
        let failed = |error| Failure::input(&place, format!("cannot read: {error}"));
        let text = text(file).map_err(failed)?;
        let table = Moments::read(&text).map_err(|error| Failure::input(&place, error))?;
        if !text.ends_with('\n') {
            notes.push(format!("the last line of {place} has no end: was it cut off?"));
        }
        if let Some(other) = tables.iter().position(|other| alike(other, &table)) {
            let other = columns::place(&files[other]);
            notes.push(format!(
                "{other} and {place} have the same counts in every bin: is it one table twice?"
            ));
        }
        tables.push(table);
    }
    let widths = || tables.iter().map(Moments::width);
    let (least, most) =
        (widths().fold(f64::INFINITY, f64::min), widths().fold(0.0, f64::max));
    if least < most {
        notes.push(format!("widths from {least} to {most} are merged at {most}"));
    }
    let merged = tables.into_iter().reduce(|mut all, table| {
        all.merge(&table);
        all
    });
    let merged = merged.ok_or_else(|| Failure::Input("there is no table".into()))?;
    Ok(Table { notes, ..Table::new(Data::Moments(merged), 0) })
}

fn text(file: &Path) -> io::Result<String> {
    if file.as_os_str() != "-" {
        return fs::read_to_string(file);
    }
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// Whether two tables have the same counts in every bin.
fn alike(a: &Moments, b: &Moments) -> bool {
    let counts = |table: &Moments| -> Vec<(i64, f64)> {
        table.bins().map(|(bin, moments)| (bin, moments[0])).collect()
    };
    a.width() == b.width() && a.left_out() == b.left_out() && counts(a) == counts(b)
}
