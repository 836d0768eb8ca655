//! The report for programs.

use crate::answer::Answer;
use crate::interval::Intervals;
use crate::text::name;
use fit::{Component, Criteria, Ending, Mixture, Starts, Step, Tried};
use serde_json::{Value, json};

/// The version of the form: it grows when a key goes or means something else, and not when one is
/// added.
pub(crate) const SCHEMA: u64 = 1;

/// The report as JSON. Numbers have as many digits as tell them from all others; what there is
/// not, or is no finite number, is null.
pub(crate) fn json(answer: &Answer) -> String {
    let report = answer.report;
    let Starts { all, arrived, elsewhere, dropped, refused } = report.starts;
    let mut value = json!({
        "schema": SCHEMA,
        "version": env!("CARGO_PKG_VERSION"),
        "file": answer.place,
        "column": answer.column,
        "weights": answer.weights,
        "classes": answer.classes,
        "table": answer.table.map(|table| json!({
            "width": table.width,
            "bins": table.bins,
            "left_out": count(table.left_out),
            "null": count(table.null),
            "error": table.error,
        })),
        "log": answer.log.is_some(),
        "jacobian": answer.log.map(|sum| 0.0 - sum),
        "n": count(report.samples),
        "components": components(answer),
        "no_standard_errors": report.standard_errors.as_ref().err().map(ToString::to_string),
        "interval": answer.intervals.as_ref().map(|(level, _)| level),
        "log_likelihood": report.log_likelihood,
        "iterations": report.steps,
        "newton": report.newton,
        "stopped": match report.ending {
            Ending::Converged | Ending::Rounding => "converged",
            Ending::OutOfSteps => "iterations",
        },
        "remaining": report.remaining,
        "rate": report.rate,
        "aic": report.aic,
        "bic": report.bic,
        "icl": report.icl,
        "criterion": name(report.criterion).to_lowercase(),
        "starts": {
            "all": all,
            "arrived": arrived,
            "elsewhere": elsewhere,
            "dropped": dropped,
            "refused": refused,
        },
        "tried": report.tried.iter().map(tried).collect::<Vec<_>>(),
        "notes": answer.notes(),
    });
    if !report.trace.is_empty() {
        value["trace"] = report.trace.iter().map(step).collect();
    }
    if let Some(timings) = answer.timings {
        value["timings"] = json!({ "read": timings.read, "fit": timings.fit });
    }
    format!("{value:#}\n")
}

/// A whole number, as far as it is one.
fn count(samples: f64) -> Value {
    match samples.fract() == 0.0 && samples < 1e15 {
        true => (samples as u64).into(),
        false => samples.into(),
    }
}

fn components(answer: &Answer) -> Value {
    let report = answer.report;
    let intervals = answer.intervals.as_ref().and_then(|(_, rows)| rows.as_ref());
    let row = |(k, c): (usize, &Component)| {
        let errors = report.standard_errors.as_ref().ok().map(|rows| rows[k]);
        let deviation = c.variance.sqrt();
        let mut row = parameters(c);
        row["deviation"] = deviation.into();
        row["standard_errors"] = errors.map_or(Value::Null, |e| {
            json!({
                "weight": e.weight,
                "mean": e.mean,
                "variance": e.variance,
                "deviation": e.variance / (2.0 * deviation),
            })
        });
        if answer.intervals.is_some() {
            row["intervals"] = intervals.map_or(Value::Null, |rows| {
                let Intervals { weight, mean, variance, deviation } = rows[k];
                json!({
                    "weight": weight, "mean": mean, "variance": variance, "deviation": deviation,
                })
            });
        }
        row
    };
    report.mixture.components().iter().enumerate().map(row).collect()
}

fn parameters(c: &Component) -> Value {
    json!({ "weight": c.weight, "mean": c.mean, "variance": c.variance })
}

fn step(step: &Step) -> Value {
    let rows = |mixture: &Mixture| mixture.components().iter().map(parameters).collect();
    let rows: Value = rows(&step.mixture);
    json!({ "components": rows, "log_likelihood": step.log_likelihood })
}

fn tried(Tried { components, outcome }: &Tried) -> Value {
    match outcome {
        Ok(Criteria { parameters, log_likelihood, aic, bic, icl, .. }) => json!({
            "components": components,
            "parameters": parameters,
            "log_likelihood": log_likelihood,
            "aic": aic,
            "bic": bic,
            "icl": icl,
        }),
        Err(reason) => json!({ "components": components, "error": reason.to_string() }),
    }
}
