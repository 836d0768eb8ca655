//! What a fit has found, and how.

use crate::{Criteria, Ending};
use sampling::Mixture;
use std::fmt;

/// A fit, and what happened on the way.
///
/// `{}` prints a table for people. With the feature `serde` it serialises for programs, under the
/// names `n`, `components` (each `weight`, `mean`, `variance`, `standard_errors`),
/// `log_likelihood`, `iterations`, `stopped`, `aic`, `bic`, `icl`, and `trace` if it was kept.
///
/// ```
/// let report = fit::Fitter::new(1).fit(&[1.0, 2.0, 6.0])?;
/// assert!(report.to_string().starts_with("3 samples, 1 component\n"));
/// let errors = report.standard_errors.expect("one normal has them");
/// assert!((errors[0].mean - (14.0_f64 / 9.0).sqrt()).abs() < 1e-6); // √(σ²/n)
/// # Ok::<(), fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// How many samples there were; not a whole number where counts of classes are not.
    pub samples: f64,
    /// The fit. By mean, except from a start of the caller's, whose order stays.
    pub mixture: Mixture,
    /// A standard error for each number of each component, or why there are none.
    pub standard_errors: Result<Vec<StandardErrors>, String>,
    /// ℓ(θ), natural logarithm.
    pub log_likelihood: f64,
    /// EM steps, passes over the data, of the run that led here, its short run included.
    pub steps: usize,
    /// Why it stopped.
    pub ending: Ending,
    /// About how much log-likelihood is still to come (eq:still-to-come); `None` where it cannot be
    /// told, as after single steps or where steps are rounding.
    pub remaining: Option<f64>,
    /// The rate of convergence of plain EM here (eq:missing-fraction); `None` with a prior, tied
    /// variances, or without standard errors.
    pub rate: Option<f64>,
    /// −2 ℓ + 2 d
    pub aic: f64,
    /// −2 ℓ + d ln n
    pub bic: f64,
    /// BIC + twice the entropy of the memberships.
    pub icl: f64,
    /// What became of the starts.
    pub starts: Starts,
    /// The criteria of every K that was tried.
    pub tried: Vec<Tried>,
    /// The run itself, if it was asked for.
    pub trace: Vec<Step>,
}

/// Standard errors of one component.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StandardErrors {
    /// Of the weight.
    pub weight: f64,
    /// Of the mean.
    pub mean: f64,
    /// Of the variance.
    pub variance: f64,
}

/// What became of the starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Starts {
    /// How many there were.
    pub all: usize,
    /// Led to the fit.
    pub arrived: usize,
    /// Led to a lower maximum.
    pub elsewhere: usize,
    /// Given up after a short run.
    pub dropped: usize,
    /// Led to a spike, to an empty component or to no answer.
    pub refused: usize,
}

/// A number of components that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// K
    pub components: usize,
    /// ℓ, AIC, BIC and ICL of its best fit, or why there is none.
    pub outcome: Result<Criteria, String>,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// θ
    pub mixture: Mixture,
    /// ℓ(θ)
    pub log_likelihood: f64,
}

/// A table for people. `+-` is the standard error of the number before it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let components = self.mixture.components();
        let plural = if components.len() == 1 { "" } else { "s" };
        let samples = match self.samples {
            whole if whole.fract() == 0.0 && whole < 1e15 => whole.to_string(),
            other => significant(other, 7),
        };
        writeln!(f, "{samples} samples, {} component{plural}", components.len())?;
        writeln!(f)?;
        let titles = ["weight", "mean", "variance", "deviation"];
        writeln!(f, "  {}", titles.map(|t| format!("{t:>13} {:>8}", "+-")).join(""))?;
        for (k, c) in components.iter().enumerate() {
            let deviation = c.variance.sqrt();
            let errors = self.standard_errors.as_ref().ok().map(|rows| {
                let StandardErrors { weight, mean, variance } = rows[k];
                [weight, mean, variance, variance / (2.0 * deviation)] // eq:delta
            });
            write!(f, "{k:>2}")?;
            for (j, value) in [c.weight, c.mean, c.variance, deviation].iter().enumerate() {
                let error = errors.map_or("-".into(), |e| significant(e[j], 3));
                write!(f, "{:>13} {error:>8}", significant(*value, 7))?;
            }
            writeln!(f)?;
        }
        if let Err(reason) = &self.standard_errors {
            writeln!(f, "no standard errors: {reason}")?;
        }
        writeln!(f)?;
        let Self { aic, bic, icl, .. } = self;
        let [l, aic, bic, icl] = [self.log_likelihood, *aic, *bic, *icl].map(height);
        writeln!(f, "log-likelihood {l}")?;
        writeln!(f, "AIC {aic}, BIC {bic}, ICL {icl} (smaller is better)")?;
        self.how(f)?;
        self.compared(f)
    }
}

impl Report {
    /// How the run ended, and where the starts led.
    fn how(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = match self.steps {
            1 => "1 step".to_string(),
            n => format!("{n} steps"),
        };
        match (self.ending, self.remaining) {
            (Ending::OutOfSteps, _) => write!(f, "stopped after {steps}")?,
            (_, Some(left)) => write!(
                f,
                "converged in {steps}: about {left:.0e} of log-likelihood to come"
            )?,
            (_, None) => write!(f, "converged in {steps}, to within rounding")?,
        }
        match self.rate {
            Some(rate) if self.mixture.components().len() > 1 => {
                writeln!(f, "; rate of EM {rate:.4}")?;
            }
            _ => writeln!(f)?,
        }
        let Starts { all, arrived, elsewhere, dropped, refused } = self.starts;
        if all > 1 {
            let parts = [
                (arrived, "led here"),
                (elsewhere, "to a lower maximum"),
                (dropped, "dropped after a short run"),
                (refused, "refused as spikes or for no answer"),
            ];
            let told = parts.iter().filter(|(n, _)| *n > 0);
            let told: Vec<_> = told.map(|(n, what)| format!("{n} {what}")).collect();
            writeln!(f, "{all} starts: {}", told.join(", "))?;
        }
        Ok(())
    }

    /// A row for every K that was tried.
    fn compared(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.tried.len() < 2 {
            return Ok(());
        }
        writeln!(f)?;
        let titles = ["log-likelihood", "AIC", "BIC", "ICL"];
        writeln!(f, " K{}", titles.map(|t| format!("{t:>15}")).join(""))?;
        for Tried { components, outcome } in &self.tried {
            match outcome {
                Ok(Criteria { log_likelihood, aic, bic, icl, .. }) => {
                    let row = [*log_likelihood, *aic, *bic, *icl].map(height);
                    writeln!(
                        f,
                        "{components:>2}{}",
                        row.map(|x| format!("{x:>15}")).join("")
                    )?;
                }
                Err(reason) => writeln!(f, "{components:>2} {reason}")?,
            }
        }
        Ok(())
    }
}

/// So many digits, however large or small the number.
fn significant(value: f64, digits: i32) -> String {
    let power = value.abs().log10().floor();
    match value.abs() {
        0.0 => "0".into(),
        size if !(1e-5..1e9).contains(&size) => {
            format!("{value:.*e}", (digits - 1) as usize)
        }
        _ => format!("{value:.*}", (digits - 1 - power as i32).max(0) as usize),
    }
}

/// A log-likelihood or a criterion: four decimal places, of which a difference of 0.01 matters.
fn height(value: f64) -> String {
    if value.abs() < 1e10 { format!("{value:.4}") } else { format!("{value:.9e}") }
}

impl From<[f64; 3]> for StandardErrors {
    fn from([weight, mean, variance]: [f64; 3]) -> Self {
        Self { weight: weight.abs(), mean, variance }
    }
}

#[cfg(feature = "serde")]
mod for_programs {
    use super::{Ending, Report, StandardErrors, Step};
    use sampling::{Component, Mixture};
    use serde::{Serialize, Serializer, ser::SerializeMap};

    #[derive(Serialize)]
    struct Row<'a> {
        weight: f64,
        mean: f64,
        variance: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        standard_errors: Option<Option<&'a StandardErrors>>,
    }

    fn rows<'a>(
        mixture: &Mixture,
        errors: impl Fn(usize) -> Option<Option<&'a StandardErrors>>,
    ) -> Vec<Row<'a>> {
        let row = |(k, &Component { weight, mean, variance })| {
            let standard_errors = errors(k);
            Row { weight, mean, variance, standard_errors }
        };
        mixture.components().iter().enumerate().map(row).collect()
    }

    impl Serialize for Step {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(2))?;
            map.serialize_entry("components", &rows(&self.mixture, |_| None))?;
            map.serialize_entry("log_likelihood", &self.log_likelihood)?;
            map.end()
        }
    }

    impl Serialize for Report {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let errors =
                |k: usize| Some(self.standard_errors.as_ref().ok().map(|rows| &rows[k]));
            let mut map = serializer.serialize_map(None)?;
            match self.samples.fract() == 0.0 {
                true => map.serialize_entry("n", &(self.samples as u64))?,
                false => map.serialize_entry("n", &self.samples)?,
            }
            map.serialize_entry("components", &rows(&self.mixture, errors))?;
            map.serialize_entry("log_likelihood", &self.log_likelihood)?;
            map.serialize_entry("iterations", &self.steps)?;
            let stopped = match self.ending {
                Ending::Converged | Ending::Rounding => "converged",
                Ending::OutOfSteps => "iterations",
            };
            map.serialize_entry("stopped", stopped)?;
            map.serialize_entry("aic", &self.aic)?;
            map.serialize_entry("bic", &self.bic)?;
            map.serialize_entry("icl", &self.icl)?;
            if !self.trace.is_empty() {
                map.serialize_entry("trace", &self.trace)?;
            }
            map.end()
        }
    }
}
