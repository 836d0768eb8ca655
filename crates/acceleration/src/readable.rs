//! The map of the readable chapters.

use e_step::e_step;
use em::EmError;
use m_step::m_step;
use sampling::Mixture;

/// One step of the readable chapters as a map: ℓ(θ) and M(θ). It computes the densities twice
/// where once would do.
///
/// The step refuses what [`e_step`](e_step::e_step()) and [`m_step`](m_step::m_step()) refuse.
///
/// ```
/// let (log_likelihood, next) = acceleration::readable(&[-1.0, 0.0, 2.0])(&notebook::guess())?;
/// assert!(em::log_likelihood(&[-1.0, 0.0, 2.0], &next) > log_likelihood);
/// # Ok::<(), em::EmError>(())
/// ```
// ANCHOR: readable
pub fn readable(data: &[f64]) -> impl Fn(&Mixture) -> Result<(f64, Mixture), EmError> + '_ {
    |mixture| {
        let memberships = e_step(data, mixture)?;
        Ok((em::log_likelihood(data, mixture), m_step(data, &memberships)?))
    }
}
// ANCHOR_END: readable
