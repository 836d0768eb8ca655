//! The report for people.

use crate::json::Timings;
use fit::{Component, Report, Step};
use std::fmt::{self, Write};

/// What was fitted, the run if it was asked for, what `fit` says, and what else one should know.
pub(crate) fn text(
    title: &str,
    report: &Report,
    timings: Option<Timings>,
) -> Result<String, fmt::Error> {
    let mut out = format!("{title}\n\n");
    steps(&mut out, &report.trace)?;
    write!(out, "{report}")?;
    for note in notes(report) {
        writeln!(out, "note: {note}")?;
    }
    if let Some(Timings { read, fit }) = timings {
        writeln!(out, "{read:.3} s reading, {fit:.3} s fitting")?;
    }
    Ok(out)
}

/// What may mislead.
fn notes(report: &Report) -> Vec<String> {
    let mut notes = vec![];
    let whole = report.mixture.variance();
    for (k, c) in report.mixture.components().iter().enumerate() {
        let Component { weight, variance, .. } = *c;
        let count = weight * report.samples;
        if count < 10.0 {
            notes.push(format!(
                "component {k} has only {count:.1} samples: it may be chance"
            ));
        }
        if variance < 1e-4 * whole {
            let times = (whole / variance).sqrt();
            notes.push(format!(
                "component {k} is {times:.0} times narrower than the whole: a spike, or samples that are rounded"
            ));
        }
    }
    if report.starts.elsewhere > 0 {
        notes.push("the starts disagreed: there are several maxima".into());
    }
    notes
}

/// One line a step, from the start.
fn steps(out: &mut String, trace: &[Step]) -> fmt::Result {
    let Some(first) = trace.first() else { return Ok(()) };
    write!(out, "step")?;
    for k in 0..first.mixture.components().len() {
        for name in ["weight", "mean", "variance"] {
            write!(out, "  {:>14}", format!("{name} {k}"))?;
        }
    }
    writeln!(out, "  {:>18}", "log-likelihood")?;
    for (i, step) in trace.iter().enumerate() {
        write!(out, "{i:9}")?;
        for c in step.mixture.components() {
            for number in [c.weight, c.mean, c.variance] {
                write!(out, "  {:>14}", nine_digits(number))?;
            }
        }
        writeln!(out, "  {:>18.6}", step.log_likelihood)?;
    }
    writeln!(out)
}

/// A number, however large or small.
fn nine_digits(number: f64) -> String {
    let power = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    match power {
        -5..9 => format!("{number:.*}", (8 - power.max(0)) as usize),
        _ => format!("{number:.6e}"),
    }
}
