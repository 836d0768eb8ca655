//! What a step of EM needs of the data, whatever their kind.

use crate::FitError;
use one_pass::{Samples, Sums, pass};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::Mixture;

/// Data of any kind.
pub(crate) enum Source<'a> {
    /// Numbers.
    Samples(Samples<'a>),
}

/// A sample of so many stands for all where a start is chosen.
const STARTERS: usize = 2000;

impl Source<'_> {
    /// The log-likelihood of the mixture, and the sums of every component: the E-step.
    pub(crate) fn pass(&self, mixture: &Mixture) -> Result<(f64, Vec<Sums>), FitError> {
        match self {
            Self::Samples(samples) => Ok(pass(samples, mixture)?),
        }
    }

    /// All of the data as one component.
    pub(crate) fn whole(&self) -> Sums {
        match self {
            Self::Samples(samples) => samples.sums(),
        }
    }

    /// Numbers to choose starts from: all, or some drawn at random.
    pub(crate) fn starters(&self, seed: u64) -> Vec<f64> {
        match self {
            Self::Samples(samples) if samples.data().len() <= STARTERS => {
                samples.data().to_vec()
            }
            Self::Samples(samples) => {
                let (data, mut rng) = (samples.data(), ChaCha8Rng::seed_from_u64(seed));
                (0..STARTERS).map(|_| data[rng.random_range(0..data.len())]).collect()
            }
        }
    }
}
