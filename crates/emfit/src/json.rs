//! The report for programs.

use fit::{Report, StandardErrors, Step};
use serde::Serialize;

#[derive(Serialize)]
struct Fit {
    n: Count,
    components: Vec<Fitted>,
    log_likelihood: f64,
    iterations: usize,
    stopped: String,
    aic: f64,
    bic: f64,
    icl: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Vec<Traced>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Timings>,
}

/// Samples are whole; the counts of classes need not be.
#[derive(Serialize)]
#[serde(untagged)]
enum Count {
    Whole(u64),
    Parts(f64),
}

#[derive(Serialize)]
struct Fitted {
    #[serde(flatten)]
    component: Component,
    standard_errors: Option<Component>,
}

#[derive(Serialize)]
struct Component {
    weight: f64,
    mean: f64,
    variance: f64,
}

#[derive(Serialize)]
struct Traced {
    components: Vec<Component>,
    log_likelihood: f64,
}

/// The seconds spent.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Timings {
    pub read: f64,
    pub fit: f64,
}

impl From<&sampling::Component> for Component {
    fn from(c: &sampling::Component) -> Self {
        Self { weight: c.weight, mean: c.mean, variance: c.variance }
    }
}

impl From<&StandardErrors> for Component {
    fn from(e: &StandardErrors) -> Self {
        Self { weight: e.weight, mean: e.mean, variance: e.variance }
    }
}

/// The report as JSON. Numbers have as many digits as tell them from all others.
pub(crate) fn json(
    report: &Report,
    trace: Option<&[Step]>,
    timings: Option<Timings>,
) -> serde_json::Result<String> {
    let errors = report.standard_errors.as_deref();
    let fitted = |(k, c): (usize, &sampling::Component)| Fitted {
        component: c.into(),
        standard_errors: errors.map(|errors| (&errors[k]).into()),
    };
    let traced = |step: &Step| Traced {
        components: step.mixture.components().iter().map(Component::from).collect(),
        log_likelihood: step.log_likelihood,
    };
    let whole = report.samples.fract() == 0.0;
    serde_json::to_string_pretty(&Fit {
        n: if whole {
            Count::Whole(report.samples as u64)
        } else {
            Count::Parts(report.samples)
        },
        components: report.mixture.components().iter().enumerate().map(fitted).collect(),
        log_likelihood: report.log_likelihood,
        iterations: report.iterations,
        stopped: report.stopped.to_string(),
        aic: report.aic,
        bic: report.bic,
        icl: report.icl,
        trace: trace.map(|steps| steps.iter().map(traced).collect()),
        timings,
    })
}
