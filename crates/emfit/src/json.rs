//! The report for programs.

use fit::Report;
use serde::Serialize;

/// What `fit` says, and what only the command knows.
#[derive(Serialize)]
struct Fit<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Timings>,
}

/// The seconds spent.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Timings {
    pub read: f64,
    pub fit: f64,
}

/// The report as JSON. Numbers have as many digits as tell them from all others.
pub(crate) fn json(
    report: &Report,
    timings: Option<Timings>,
) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&Fit { report, timings })? + "\n")
}
