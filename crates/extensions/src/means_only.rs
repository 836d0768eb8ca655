//! A step that moves the means and nothing else.

use e_step::e_step;
use em::EmError;
use sampling::{Component, Mixture};

/// One step of EM where the weights and the variances are known and stay: the means alone move, to
/// where Q is as large as it can be.
///
/// # Errors
///
/// Those of the E-step; a component that owns nothing.
pub fn step(data: &[f64], mixture: &Mixture) -> Result<Mixture, EmError> {
    let memberships = e_step(data, mixture)?;
    let rows = mixture.components().iter().zip(memberships.components());
    let moved = rows.map(|(c, row)| Component { mean: m_step::mean(data, row), ..*c });
    Ok(Mixture::new(moved).map_err(m_step::MStepError::from)?)
}
