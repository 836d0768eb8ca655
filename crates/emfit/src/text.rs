//! The report for people.

use crate::answer::{Answer, Timings, Told};
use crate::interval::Intervals;
use crate::numbers::{columns, down_to, estimate, height, significant};
use fit::{Criteria, Criterion, Ending, Report, StandardErrors, Starts, Step, Tried};

/// What was fitted, the run if it was asked for, the fit, and what else one should know.
pub(crate) fn text(answer: &Answer) -> String {
    let report = answer.report;
    let mut lines = vec![title(answer), String::new()];
    lines.extend(steps(&report.trace));
    lines.push(counts(report));
    lines.push(String::new());
    lines.extend(components(report));
    lines.push(String::new());
    lines.extend(heights(report));
    lines.extend(answer.log.map(|sum| match answer.classes {
        None => {
            let sum = height(sum);
            format!(
                "for x, not for ln x: the sum of ln x, {sum}, is taken off the log-likelihood"
            )
        }
        Some(_) => "for x as for ln x".into(),
    }));
    lines.push(ending(report));
    lines.extend(answer.table.filter(|table| table.error > 0.0).map(|table| {
        format!("by these bins, about {:.0e} of a component may be wrong", table.error)
    }));
    lines.extend(starts(report));
    lines.extend(compared(report));
    if let Some((level, Some(rows))) = &answer.intervals {
        lines.extend(intervals(report, *level, rows));
    }
    lines.extend(answer.notes().into_iter().map(|note| format!("note: {note}")));
    if let Some(Timings { read, fit }) = answer.timings {
        lines.push(format!("{read:.3} s reading, {fit:.3} s fitting"));
    }
    lines.join("\n") + "\n"
}

/// Where the data come from.
fn title(answer: &Answer) -> String {
    let mut title = answer.place.clone();
    if let Some(classes) = answer.classes {
        title += &format!(", {classes} classes");
    }
    if let Some(Told { bins, width, .. }) = answer.table {
        title += &format!(", {bins} bins of {width}");
    }
    if let Some(column) = answer.column {
        title += &format!(", column {column}");
    }
    if answer.log.is_some() {
        title += ", as ln x";
    }
    if let Some(weights) = answer.weights {
        title += &format!(", weights {weights}");
    }
    title
}

/// One line a step, from the start.
fn steps(trace: &[Step]) -> Vec<String> {
    let Some(first) = trace.first() else { return vec![] };
    let mut rows = vec![vec!["step".to_owned()]];
    for k in 0..first.mixture.components().len() {
        rows[0].extend(["weight", "mean", "variance"].map(|name| format!("{name} {k}")));
    }
    rows[0].push("log-likelihood".into());
    for (i, step) in trace.iter().enumerate() {
        let mut row = vec![i.to_string()];
        for c in step.mixture.components() {
            row.extend([c.weight, c.mean, c.variance].map(|x| significant(x, 9)));
        }
        row.push(format!("{:.6}", step.log_likelihood));
        rows.push(row);
    }
    let mut lines = columns(&rows, &[]);
    lines.push(String::new());
    lines
}

fn counts(report: &Report) -> String {
    let components = report.mixture.components().len();
    let plural = if components == 1 { "" } else { "s" };
    let samples = match report.samples {
        whole if whole.fract() == 0.0 && whole < 1e15 => whole.to_string(),
        other => significant(other, 7),
    };
    format!("{samples} samples, {components} component{plural}")
}

/// The parameters. `+-` is the standard error of the number before it.
fn components(report: &Report) -> Vec<String> {
    let titles = ["weight", "mean", "variance", "deviation"];
    let titles = titles.iter().flat_map(|title| [*title, "+-"]);
    let mut rows = vec![[""].into_iter().chain(titles).map(str::to_owned).collect()];
    let doubt = report.remaining.map_or(0.0, |left| (2.0 * left).sqrt());
    for (k, c) in report.mixture.components().iter().enumerate() {
        let deviation = c.variance.sqrt();
        let errors =
            report.standard_errors.as_ref().ok().map(|rows| in_order(&rows[k], deviation));
        let mut row = vec![k.to_string()];
        for (j, number) in [c.weight, c.mean, c.variance, deviation].into_iter().enumerate()
        {
            let error = errors.map(|errors| errors[j]);
            row.push(estimate(number, error, error.unwrap_or(0.0) * doubt));
            row.push(error.map_or("-".into(), |error| significant(error, 3)));
        }
        rows.push(row);
    }
    let mut lines = columns(&rows, &[2, 11, 7, 11, 7, 11, 7, 11, 7]);
    if let Err(reason) = &report.standard_errors {
        lines.push(format!("no standard errors: {reason}"));
    }
    lines
}

/// The standard errors of weight, mean, variance and deviation (eq:delta).
fn in_order(errors: &StandardErrors, deviation: f64) -> [f64; 4] {
    let StandardErrors { weight, mean, variance } = *errors;
    [weight, mean, variance, variance / (2.0 * deviation)]
}

fn heights(report: &Report) -> Vec<String> {
    let Report { log_likelihood, aic, bic, icl, .. } = report;
    let [l, aic, bic, icl] = [*log_likelihood, *aic, *bic, *icl].map(height);
    vec![
        format!("log-likelihood {l}"),
        format!("AIC {aic}, BIC {bic}, ICL {icl} (smaller is better)"),
    ]
}

/// How the run ended.
fn ending(report: &Report) -> String {
    let plural = if report.steps == 1 { "" } else { "s" };
    let steps = match (report.steps, report.newton) {
        (n, 0) => format!("{n} step{plural}"),
        (n, newton) => format!("{n} step{plural} of EM and {newton} of Newton"),
    };
    let ended = match (report.ending, report.remaining) {
        (Ending::OutOfSteps, _) => format!("stopped after {steps}"),
        (Ending::Converged, Some(left)) => {
            format!("converged in {steps}: about {left:.0e} of log-likelihood to come")
        }
        _ => format!("converged in {steps}, to within rounding"),
    };
    match report.rate {
        Some(rate) if report.mixture.components().len() > 1 => {
            format!("{ended}; rate of EM {rate:.4}")
        }
        _ => ended,
    }
}

/// Where the starts led.
fn starts(report: &Report) -> Option<String> {
    let Starts { all, arrived, elsewhere, dropped, refused } = report.starts;
    let here = match arrived {
        0 => "none led here, split and merge did".into(),
        _ => format!("{arrived} led here"),
    };
    let parts = [
        (elsewhere, "to a lower maximum"),
        (dropped, "dropped after a short run"),
        (refused, "refused as spikes or for no answer"),
    ];
    let told = parts.iter().filter(|(n, _)| *n > 0);
    let told = told.map(|(n, what)| format!("{n} {what}"));
    let told: Vec<_> = std::iter::once(here).chain(told).collect();
    (all > 1).then(|| format!("{all} starts: {}", told.join(", ")))
}

/// A row for every K that was tried, and which was chosen.
fn compared(report: &Report) -> Vec<String> {
    if report.tried.len() < 2 {
        return vec![];
    }
    let titles = ["K", "log-likelihood", "AIC", "BIC", "ICL"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    let mut reasons: Vec<String> = vec![];
    for Tried { components, outcome } in &report.tried {
        let mut row = vec![components.to_string()];
        match outcome {
            Ok(Criteria { log_likelihood, aic, bic, icl, .. }) => {
                row.extend([*log_likelihood, *aic, *bic, *icl].map(height));
                reasons.push(String::new());
            }
            Err(reason) => reasons.push(reason.to_string()),
        }
        rows.push(row);
    }
    let mut lines = vec![String::new()];
    for (line, reason) in columns(&rows, &[2, 13, 13, 13, 13])
        .into_iter()
        .zip([String::new()].into_iter().chain(reasons))
    {
        lines.push(if reason.is_empty() { line } else { format!("{line}  {reason}") });
    }
    let chosen = report.mixture.components().len();
    lines.push(format!("K = {chosen} has the smallest {}", name(report.criterion)));
    lines
}

/// As people write it.
pub(crate) fn name(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Bic => "BIC",
        Criterion::Aic => "AIC",
        Criterion::Icl => "ICL",
    }
}

/// Intervals, down to the second digit of the standard errors.
fn intervals(report: &Report, level: f64, rows: &[Intervals]) -> Vec<String> {
    let Ok(errors) = &report.standard_errors else { return vec![] };
    let titles = ["", "weight", "mean", "variance", "deviation"];
    let mut table = vec![titles.map(str::to_owned).to_vec()];
    for (k, (row, errors)) in rows.iter().zip(errors).enumerate() {
        let deviation = report.mixture.components()[k].variance.sqrt();
        let ends = [row.weight, row.mean, row.variance, row.deviation];
        let cells =
            ends.iter().zip(in_order(errors, deviation)).map(|([low, high], error)| {
                format!("{} to {}", down_to(*low, error), down_to(*high, error))
            });
        table.push([k.to_string()].into_iter().chain(cells).collect());
    }
    let percent = format!("{:.6}", 100.0 * level);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let mut lines = vec![String::new(), format!("{percent} % intervals")];
    lines.extend(columns(&table, &[2, 20, 20, 20, 20]));
    lines
}
