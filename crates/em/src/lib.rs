//! The whole loop: the E-step and the M-step, again and again.
//!
//! This crate belongs to the chapter *EM*.

// ANCHOR: imports
use e_step::{EStepError, e_step};
use m_step::{MStepError, m_step};
use sampling::Mixture;
use std::iter::successors;
// ANCHOR_END: imports

/// Which of the two steps has no answer, and why.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum EmError {
    #[error("E-step: {0}")]
    EStep(EStepError),
    #[error("M-step: {0}")]
    MStep(MStepError),
}

impl From<EStepError> for EmError {
    fn from(error: EStepError) -> Self {
        Self::EStep(error)
    }
}

impl From<MStepError> for EmError {
    fn from(error: MStepError) -> Self {
        Self::MStep(error)
    }
}

/// The mixtures that EM walks through: θ⁽⁰⁾ = `start`, θ⁽¹⁾, θ⁽²⁾, … (eq:em), without end.
///
/// Lazy: a step is taken when the mixture before it is asked for. A step without an answer
/// gives its error as the last item.
///
/// ```
/// use sampling::{Component, Mixture};
/// let start = Mixture::new([
///     (0.5, 0.0, 1.0),
///     (0.5, 4.0, 1.0),
/// ])?;
/// let data = [-1.0, 0.0, 1.0, 3.0, 4.0, 5.0];
/// let twenty_steps = em::em(&data, start).nth(20).unwrap()?;
/// assert!((twenty_steps.mean() - 2.0).abs() < 1e-12); // the mean of the data
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: em
pub fn em(data: &[f64], start: Mixture) -> impl Iterator<Item = Result<Mixture, EmError>> {
    successors(Some(Ok(start)), move |previous| {
        previous.as_ref().ok().map(|mixture| step(data, mixture))
    })
}

/// One step: memberships from the mixture, a better mixture from the memberships.
fn step(data: &[f64], mixture: &Mixture) -> Result<Mixture, EmError> {
    let memberships = e_step(data, mixture)?;
    Ok(m_step(data, &memberships)?)
}
// ANCHOR_END: em

/// How well a mixture explains the samples (eq:log-likelihood), by the natural logarithm:
///
/// ```text
/// ℓ(θ) = Σ_i ln p(x_i)
/// ```
///
/// A sum, not a mean. No samples give 0; a sample whose density underflows gives −∞; NaN gives NaN.
///
/// ```
/// use sampling::{Component, Mixture};
/// let standard = Mixture::new([(1.0, 0.0, 1.0)])?;
/// let expected = density::ln_normal(0.5, 0.0, 1.0) + density::ln_normal(-2.0, 0.0, 1.0);
/// assert!((em::log_likelihood(&[0.5, -2.0], &standard) - expected).abs() < 1e-15);
/// # Ok::<(), sampling::MixtureError>(())
/// ```
#[must_use]
// ANCHOR: log_likelihood
pub fn log_likelihood(data: &[f64], mixture: &Mixture) -> f64 {
    data.iter().map(|&x| density::mixture(x, mixture).ln()).sum()
}
// ANCHOR_END: log_likelihood
