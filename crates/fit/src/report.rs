//! What a fit has found, and how.

use crate::{Criteria, Ending, FitError};
use sampling::Mixture;

/// A fit, and what happened on the way.
///
/// The command `emfit` prints it, for people and for programs.
///
/// ```
/// let report = fit::Fitter::new(1).fit(&[1.0, 2.0, 6.0])?;
/// assert_eq!((report.samples, report.mixture.components()[0].mean), (3.0, 3.0));
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
    pub standard_errors: Result<Vec<StandardErrors>, FitError>,
    /// ℓ(θ), natural logarithm.
    pub log_likelihood: f64,
    /// EM steps, passes over the data, of the run that led here, its short run included.
    pub steps: usize,
    /// Newton's steps at its end.
    pub newton: usize,
    /// Why it stopped.
    pub ending: Ending,
    /// About how much log-likelihood is still to come (eq:still-to-come), or what Newton's steps say
    /// (eq:newton-left); `None` where it cannot be told, as after single steps or where steps are
    /// rounding.
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
    /// What chose among several K.
    pub criterion: Criterion,
    /// The criteria of every K that was tried.
    pub tried: Vec<Tried>,
    /// The run itself from its start on, its short run included, if it was asked for.
    pub trace: Vec<Step>,
}

impl Report {
    /// The same fit seen as one of x, where the samples are functions y of x: a density of x is that of
    /// y times |dy/dx|, so log-likelihoods gain `jacobian`, the sum of ln |dy/dx| over the samples, and
    /// criteria lose twice as much.
    ///
    /// ```
    /// let halves = fit::Fitter::new(1).fit(&[0.5, 1.0, 3.0])?; // y = x/2
    /// let whole = fit::Fitter::new(1).fit(&[1.0, 2.0, 6.0])?;
    /// let seen = halves.of_x(3.0 * 0.5_f64.ln());
    /// assert!((seen.log_likelihood - whole.log_likelihood).abs() < 1e-14);
    /// assert!((seen.bic - whole.bic).abs() < 1e-14);
    /// # Ok::<(), fit::FitError>(())
    /// ```
    #[must_use]
    pub fn of_x(mut self, jacobian: f64) -> Self {
        let costs = |criteria: [&mut f64; 3]| criteria.map(|c| *c -= 2.0 * jacobian);
        self.log_likelihood += jacobian;
        costs([&mut self.aic, &mut self.bic, &mut self.icl]);
        for criteria in self.tried.iter_mut().filter_map(|row| row.outcome.as_mut().ok()) {
            criteria.log_likelihood += jacobian;
            costs([&mut criteria.aic, &mut criteria.bic, &mut criteria.icl]);
        }
        self.trace.iter_mut().for_each(|step| step.log_likelihood += jacobian);
        self
    }
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

/// What became of the starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Starts {
    /// How many there were.
    pub all: usize,
    /// Led to the fit; none, if split and merge did.
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
    pub outcome: Result<Criteria, FitError>,
}

/// Which number chooses among several K: the smallest does (eq:aic, eq:bic, eq:icl).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Criterion {
    /// For the model that is most likely to be true.
    #[default]
    Bic,
    /// For the model that predicts best.
    Aic,
    /// For components that lie apart.
    Icl,
}

impl Criterion {
    /// The number of this criterion.
    #[must_use]
    pub fn of(self, criteria: &Criteria) -> f64 {
        match self {
            Self::Bic => criteria.bic,
            Self::Aic => criteria.aic,
            Self::Icl => criteria.icl,
        }
    }
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// θ
    pub mixture: Mixture,
    /// ℓ(θ)
    pub log_likelihood: f64,
}

impl From<[f64; 3]> for StandardErrors {
    fn from([weight, mean, variance]: [f64; 3]) -> Self {
        Self { weight: weight.abs(), mean, variance }
    }
}
