//! What a fit has found, and how.

use sampling::Mixture;
use std::fmt;

/// A fit, and what happened on the way.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// How many samples there were.
    pub samples: f64,
    /// The fit. By mean, except from a start of the caller's, whose order stays.
    pub mixture: Mixture,
    /// A standard error for each number of each component.
    pub standard_errors: Option<Vec<StandardErrors>>,
    /// ℓ(θ), natural logarithm.
    pub log_likelihood: f64,
    /// EM maps of the run that led here.
    pub iterations: usize,
    /// Why it stopped.
    pub stopped: Stopped,
    /// The log-likelihood that may still be to come; `None` where it cannot be told.
    pub remaining: Option<f64>,
    /// The rate of convergence of plain EM here.
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
pub struct StandardErrors {
    /// Of the weight.
    pub weight: f64,
    /// Of the mean.
    pub mean: f64,
    /// Of the variance.
    pub variance: f64,
}

/// Why a run stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// No more than the tolerance is to come.
    Converged,
    /// As many iterations as were allowed.
    Iterations,
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

/// What a number of components is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// ℓ(θ)
    pub log_likelihood: f64,
    /// −2 ℓ + 2 d
    pub aic: f64,
    /// −2 ℓ + d ln n
    pub bic: f64,
    /// BIC + twice the entropy of the memberships.
    pub icl: f64,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// θ
    pub mixture: Mixture,
    /// ℓ(θ)
    pub log_likelihood: f64,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Converged => "converged",
            Self::Iterations => "iterations",
        })
    }
}
