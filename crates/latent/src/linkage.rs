//! Four classes of animals, and two more inside the first.

use crate::{LatentError, Model, probability};

/// 197 animals in four classes.
///
/// From C. R. Rao, *Linear Statistical Inference and its Applications* (1965); the first example of
/// A. P. Dempster, N. M. Laird and D. B. Rubin, *Maximum likelihood from incomplete data via the EM
/// algorithm* (1977).
pub const ANIMALS: Linkage = Linkage([125, 18, 20, 34]);

/// Counts of four classes with the probabilities ½ + θ/4, (1 − θ)/4, (1 − θ)/4 and θ/4
/// (eq:linkage-classes). Unseen is how many of the first class belong to the θ/4 in it.
///
/// The parameter is θ. Errors: a θ that is no probability; counts that are all 0, or all in the
/// first class when θ is 0.
///
/// ```
/// use latent::{ANIMALS, Model};
/// assert_eq!(ANIMALS.e_step(&0.5)?, 25.0); // a fifth of 125
/// assert_eq!(ANIMALS.m_step(&25.0)?, 59.0 / 97.0);
/// # Ok::<(), latent::LatentError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Linkage(pub [u32; 4]);

// ANCHOR: linkage
impl Model for Linkage {
    type Parameters = f64;
    type Expected = f64;
    type Error = LatentError;

    /// How many are expected to be hidden in the first class (eq:linkage-e-step).
    fn e_step(&self, theta: &f64) -> Result<f64, LatentError> {
        let theta = probability("theta", *theta)?;
        Ok(f64::from(self.0[0]) * theta / (2.0 + theta))
    }

    /// The share of those that a larger θ makes more likely (eq:linkage-m-step).
    fn m_step(&self, hidden: &f64) -> Result<f64, LatentError> {
        let [_, second, third, fourth] = self.0.map(f64::from);
        probability("theta", (hidden + fourth) / (hidden + fourth + second + third))
    }
    // ANCHOR_END: linkage

    /// Without the multinomial coefficient, which does not depend on θ.
    fn log_likelihood(&self, theta: &f64) -> f64 {
        let (more, less) = (theta / 4.0, (1.0 - theta) / 4.0);
        let seen = self.0.into_iter().zip([0.5 + more, less, less, more]);
        seen.filter(|(count, _)| *count > 0)
            .map(|(count, p)| f64::from(count) * p.ln())
            .sum()
    }
}
