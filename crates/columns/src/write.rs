//! Samples, and what a mixture says of each, as CSV.

use compression::Compressed;
use fit::{Classes, FitError, Mixture, Moments};
use stability::log_likelihood;
use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, Write};

/// A number in as few digits as tell it from all others.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self.0.abs() {
            size if size > 0.0 && size < 1e-5 => write!(f, "{:e}", self.0),
            size if size >= 1e16 && size.is_finite() => write!(f, "{:e}", self.0),
            _ => self.0.fmt(f),
        }
    }
}

/// Samples whose memberships are computed together.
const CHUNK: usize = 4096;

/// Each sample, and the memberships of what was fitted in its place.
///
/// # Errors
///
/// What cannot be written, or is not finite.
pub fn memberships(
    out: &mut dyn Write,
    data: &[f64],
    fitted: &[f64],
    mixture: &Mixture,
) -> io::Result<()> {
    header(out, "x", mixture)?;
    for (data, fitted) in data.chunks(CHUNK).zip(fitted.chunks(CHUNK)) {
        let memberships = fit::memberships(fitted, mixture).map_err(io::Error::other)?;
        for (i, x) in data.iter().enumerate() {
            write!(out, "{}", Number(*x))?;
            for row in memberships.components() {
                write!(out, ",{}", Number(row[i]))?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Each class, and the memberships of what was fitted in its place: NaN if it is out of reach.
///
/// # Errors
///
/// What cannot be written, or is not finite.
pub fn class_memberships(
    out: &mut dyn Write,
    classes: &Classes,
    fitted: &Classes,
    mixture: &Mixture,
) -> io::Result<()> {
    header(out, "lower,upper,count", mixture)?;
    for (class, fitted) in classes.classes().iter().zip(fitted.classes()) {
        let ends = [class.lower, class.upper, class.count];
        write!(out, "{}", ends.map(|end| Number(end).to_string()).join(","))?;
        let none = || vec![f64::NAN; mixture.components().len()];
        for membership in fit::class_memberships(fitted, mixture).unwrap_or_else(none) {
            write!(out, ",{}", Number(membership))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Each bin of a table, and the memberships of its samples on average.
///
/// # Errors
///
/// What cannot be written, or is not finite.
pub fn bin_memberships(
    out: &mut dyn Write,
    table: &Moments,
    mixture: &Mixture,
) -> io::Result<()> {
    header(out, "lower,upper,count", mixture)?;
    let width = table.width();
    for (bin, moments) in table.bins() {
        let points = Compressed::of_bins(width, bin, [(bin, moments)]);
        let (values, counts): (Vec<_>, Vec<_>) = points.points().unzip();
        let memberships = fit::memberships(&values, mixture).map_err(io::Error::other)?;
        let ends = [width * bin as f64, width * (bin + 1) as f64, moments[0]];
        write!(out, "{}", ends.map(|end| Number(end).to_string()).join(","))?;
        for row in memberships.components() {
            let owned: f64 = row.iter().zip(&counts).map(|(r, count)| r * count).sum();
            write!(out, ",{}", Number(owned / moments[0]))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn header(out: &mut dyn Write, first: &str, mixture: &Mixture) -> io::Result<()> {
    write!(out, "{first}")?;
    for k in 0..mixture.components().len() {
        write!(out, ",component_{k}")?;
    }
    writeln!(out)
}

/// One line a sample: its value, the component that is most probable, the memberships, the density and
/// its logarithm. The first of several components that are as probable is the label. With `log` the
/// mixture is one of ln x.
///
/// # Errors
///
/// A sample that is not finite, or has no logarithm.
pub fn predictions(data: &[f64], log: bool, mixture: &Mixture) -> Result<String, FitError> {
    let logs: Vec<f64> = data.iter().map(|x| if log { x.ln() } else { *x }).collect();
    let memberships = fit::memberships(&logs, mixture)?;
    let mut text = String::new();
    for (i, (x, ln_x)) in data.iter().zip(&logs).enumerate() {
        let row: Vec<f64> = memberships.components().iter().map(|row| row[i]).collect();
        let ln_p = log_likelihood(&[*ln_x], mixture) - if log { *ln_x } else { 0.0 };
        // Writing to a string cannot fail.
        let _ = line(&mut text, *x, &row, ln_p);
    }
    Ok(text)
}

fn line(text: &mut String, x: f64, row: &[f64], ln_p: f64) -> fmt::Result {
    let label =
        (0..row.len()).rev().max_by(|j, k| row[*j].total_cmp(&row[*k])).unwrap_or(0);
    write!(text, "{},{label}", Number(x))?;
    for membership in row {
        write!(text, ",{}", Number(*membership))?;
    }
    writeln!(text, ",{},{}", Number(ln_p.exp()), Number(ln_p))
}
