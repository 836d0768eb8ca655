//! The average of the mixtures on the way.

use sampling::{Component, Mixture, MixtureError};

/// Polyak's average (eq:polyak): the mean of weights, means and variances over all mixtures that were
/// added, component by component.
///
/// From B. T. Polyak and A. B. Juditsky, *Acceleration of stochastic approximation by averaging*
/// (1992).
///
/// ```
/// use {online::Average, sampling::Mixture};
/// let mut average = Average::default();
/// average.add(&Mixture::new([(1.0, 2.0, 1.0)])?);
/// average.add(&Mixture::new([(1.0, 4.0, 5.0)])?);
/// assert_eq!(average.mixture()?, Mixture::new([(1.0, 3.0, 3.0)])?);
/// # Ok::<(), sampling::MixtureError>(())
/// ```
// ANCHOR: average
#[derive(Debug, Clone, Default)]
pub struct Average {
    mean: Vec<Component>,
    mixtures: u64,
}

impl Average {
    /// One mixture more, with as many components as those before.
    pub fn add(&mut self, mixture: &Mixture) {
        self.mixtures += 1;
        self.mean.resize(mixture.components().len(), (0.0, 0.0, 0.0).into());
        let share = 1.0 / self.mixtures as f64;
        for (mean, new) in self.mean.iter_mut().zip(mixture.components()) {
            mean.weight += share * (new.weight - mean.weight);
            mean.mean += share * (new.mean - mean.mean);
            mean.variance += share * (new.variance - mean.variance);
        }
    }
    // ANCHOR_END: average

    /// The average.
    ///
    /// # Errors
    ///
    /// Nothing was added; or mixtures of different sizes were, and their weights do not sum to 1.
    pub fn mixture(&self) -> Result<Mixture, MixtureError> {
        Mixture::new(self.mean.clone())
    }
}
