//! The report for people.

use crate::json::Timings;
use fit::{Report, Step, Stopped, Tried};
use sampling::Component;
use std::fmt::{self, Write};

/// The report as a table, and what one should know of it.
pub(crate) fn text(
    title: &str,
    report: &Report,
    trace: Option<&[Step]>,
    timings: Option<Timings>,
) -> Result<String, fmt::Error> {
    let mut out = String::new();
    writeln!(out, "{title}\n")?;
    if let Some(trace) = trace {
        steps(&mut out, trace)?;
    }
    if report.tried.len() > 1 {
        tried(&mut out, report)?;
    }
    components(&mut out, report)?;
    writeln!(out, "\nlog-likelihood  {}", fixed(report.log_likelihood))?;
    writeln!(out, "AIC             {}", fixed(report.aic))?;
    writeln!(out, "BIC             {}", fixed(report.bic))?;
    writeln!(out, "ICL             {}", fixed(report.icl))?;
    writeln!(out, "stopped         {}", stopped(report))?;
    if let Some(rate) = report.rate {
        writeln!(out, "rate            {rate:.5}, of plain EM at the fit")?;
    }
    if report.starts.all > 1 {
        writeln!(out, "starts          {}", starts(report))?;
    }
    if let Some(Timings { read, fit }) = timings {
        writeln!(out, "seconds         {read:.3} reading, {fit:.3} fitting")?;
    }
    for note in notes(report) {
        writeln!(out, "note            {note}")?;
    }
    Ok(out)
}

/// Weights, means, variances and deviations, and their standard errors.
fn components(out: &mut String, report: &Report) -> fmt::Result {
    let mut rows = vec![];
    for (k, c) in report.mixture.components().iter().enumerate() {
        let deviation = c.variance.sqrt();
        rows.push((format!("component {k}"), [c.weight, c.mean, c.variance, deviation]));
        if let Some(errors) = &report.standard_errors {
            let e = &errors[k];
            // The delta method: d σ = d σ² / 2σ.
            let numbers = [e.weight, e.mean, e.variance, e.variance / (2.0 * deviation)];
            rows.push(("standard error".into(), numbers));
        }
    }
    let columns = [0, 1, 2, 3].map(|i| column(rows.iter().map(|(_, row)| row[i])));
    let names = ["weight", "mean", "variance", "deviation"];
    let cells = |i: usize| [0, 1, 2, 3].map(|j| columns[j][i].as_str());
    line(out, "", &names, &columns)?;
    for (i, (name, _)) in rows.iter().enumerate() {
        line(out, name, &cells(i), &columns)?;
    }
    Ok(())
}

fn line(
    out: &mut String,
    name: &str,
    cells: &[&str],
    columns: &[Vec<String>],
) -> fmt::Result {
    write!(out, "{name:14}")?;
    for (cell, column) in cells.iter().zip(columns) {
        let width = column.iter().map(String::len).fold(9, usize::max);
        write!(out, "  {cell:>width$}")?;
    }
    writeln!(out)
}

/// Numbers under each other: with equally many decimals, so that the largest has seven digits; in
/// powers of ten if that would be long or would show nothing.
fn column(numbers: impl Iterator<Item = f64> + Clone) -> Vec<String> {
    let largest = numbers.clone().map(f64::abs).fold(0.0, f64::max);
    let power = if largest > 0.0 { largest.log10().floor() as i32 } else { 0 };
    if (-3..9).contains(&power) {
        let decimals = (6 - power).clamp(0, 6) as usize;
        return numbers.map(|x| format!("{x:.decimals$}")).collect();
    }
    numbers.map(|x| format!("{x:.6e}")).collect()
}

/// Five decimals, but of large numbers no more digits than there are.
fn fixed(x: f64) -> String {
    if x.abs() < 1e10 { format!("{x:.5}") } else { format!("{x:e}") }
}

fn stopped(report: &Report) -> String {
    let n = report.iterations;
    let iterations = if n == 1 { "1 iteration".into() } else { format!("{n} iterations") };
    let left = match report.remaining {
        Some(gain) => format!("; at most about {gain:.1e} of log-likelihood is to come"),
        None => String::new(),
    };
    match report.stopped {
        Stopped::Converged => format!("converged after {iterations}{left}"),
        Stopped::Iterations => format!("after {iterations}, as many as were allowed{left}"),
    }
}

fn starts(report: &Report) -> String {
    let s = report.starts;
    let mut parts = vec![format!("{} led here", s.arrived)];
    let other = [
        (s.elsewhere, "to a lower maximum"),
        (s.refused, "to a spike or to nothing"),
        (s.dropped, "given up after a short run"),
    ];
    parts.extend(other.iter().filter(|o| o.0 > 0).map(|(n, what)| format!("{n} {what}")));
    format!("{}: {}", s.all, parts.join(", "))
}

/// What may mislead.
fn notes(report: &Report) -> Vec<String> {
    let mut notes = vec![];
    let whole = report.mixture.variance();
    for (k, Component { weight, variance, .. }) in
        report.mixture.components().iter().enumerate()
    {
        let count = weight * report.samples;
        if count < 10.0 {
            notes.push(format!(
                "component {k} has only {count:.1} samples: it may be chance"
            ));
        }
        if *variance < 1e-4 * whole {
            notes.push(format!(
                "component {k} is narrow, 1/{:.0} of the deviation of all: near a spike, or equal samples",
                (whole / variance).sqrt()
            ));
        }
    }
    if report.starts.elsewhere > 0 {
        notes.push("runs to the end disagreed: there are several maxima".into());
    }
    if report.standard_errors.is_none() && report.stopped == Stopped::Converged {
        notes.push(
            "there are no standard errors: the information cannot be inverted".into(),
        );
    }
    notes
}

/// The criteria of each number of components.
fn tried(out: &mut String, report: &Report) -> fmt::Result {
    let chosen = report.mixture.components().len();
    writeln!(
        out,
        "  {:>3}  {:>16}  {:>16}  {:>16}  {:>16}",
        "K", "log-likelihood", "AIC", "BIC", "ICL"
    )?;
    for Tried { components, outcome } in &report.tried {
        let mark = if *components == chosen { '*' } else { ' ' };
        write!(out, "{mark} {components:>3}")?;
        match outcome {
            Err(error) => writeln!(out, "  {error}")?,
            Ok(c) => {
                let [l, aic, bic, icl] = [c.log_likelihood, c.aic, c.bic, c.icl].map(fixed);
                writeln!(out, "  {l:>16}  {aic:>16}  {bic:>16}  {icl:>16}")?;
            }
        }
    }
    writeln!(out)
}

/// One line an iteration, from the start.
fn steps(out: &mut String, trace: &[Step]) -> fmt::Result {
    let numbers = |step: &Step| {
        let components = step.mixture.components().iter();
        let mut row: Vec<_> =
            components.flat_map(|c| [c.weight, c.mean, c.variance]).collect();
        row.push(step.log_likelihood);
        row
    };
    let rows: Vec<_> = trace.iter().map(numbers).collect();
    let Some(first) = rows.first() else { return Ok(()) };
    let columns: Vec<_> =
        (0..first.len()).map(|j| column(rows.iter().map(move |row| row[j]))).collect();
    let mut names: Vec<String> = (0..first.len() / 3)
        .flat_map(|k| ["weight", "mean", "variance"].map(|name| format!("{name} {k}")))
        .collect();
    names.push("log-likelihood".into());
    let widths: Vec<_> = columns
        .iter()
        .zip(&names)
        .map(|(column, name)| {
            column.iter().chain([name]).map(String::len).fold(0, usize::max)
        })
        .collect();
    write!(out, "iteration")?;
    for (name, width) in names.iter().zip(&widths) {
        write!(out, "  {name:>width$}")?;
    }
    writeln!(out)?;
    for i in 0..rows.len() {
        write!(out, "{i:9}")?;
        for (column, width) in columns.iter().zip(&widths) {
            write!(out, "  {:>width$}", column[i])?;
        }
        writeln!(out)?;
    }
    writeln!(out)
}
