//! The free parameters of a mixture, by name.

use sampling::{Mixture, MixtureError};
use std::fmt;

/// A free parameter of a mixture. The components are counted from 0, as everywhere.
///
/// The last weight is what the others leave, so it is not free, and [`Parameter::of`] does not list
/// it. Of a component that the mixture does not have, the numbers are NaN, and nothing moves.
///
/// ```
/// use {rate::Parameter, sampling::Mixture};
/// let mixture = Mixture::new([(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)])?;
/// let free = Parameter::of(&mixture); // row and column 0 of every matrix, and so on
/// assert_eq!(free[0].to_string(), "the weight of component 0");
/// let values: Vec<f64> = free.iter().map(|p| p.value(&mixture)).collect();
/// assert_eq!(values, [0.3, 0.0, 5.0, 1.0, 4.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// π_k
    Weight(usize),
    /// μ_k
    Mean(usize),
    /// σ_k²
    Variance(usize),
}

impl Parameter {
    /// The 3K − 1 free parameters of a mixture of K components, in the order of every matrix of this
    /// book: π_0 … π_{K−2}, then μ_0 … μ_{K−1}, then σ_0² … σ_{K−1}².
    #[must_use]
    pub fn of(mixture: &Mixture) -> Vec<Self> {
        let k = mixture.components().len();
        let weights = (0..k - 1).map(Self::Weight);
        weights.chain((0..k).map(Self::Mean)).chain((0..k).map(Self::Variance)).collect()
    }

    /// Whose parameter it is: k.
    #[must_use]
    pub fn component(self) -> usize {
        let (Self::Weight(k) | Self::Mean(k) | Self::Variance(k)) = self;
        k
    }

    /// What it is in this mixture.
    #[must_use]
    pub fn value(self, mixture: &Mixture) -> f64 {
        let Some(own) = mixture.components().get(self.component()) else { return f64::NAN };
        match self {
            Self::Weight(_) => own.weight,
            Self::Mean(_) => own.mean,
            Self::Variance(_) => own.variance,
        }
    }

    /// How large a change of it is large: the smaller of a weight and the last, the deviation for a
    /// mean, the variance itself.
    #[must_use]
    pub fn scale(self, mixture: &Mixture) -> f64 {
        let components = mixture.components();
        let Some(own) = components.get(self.component()) else { return f64::NAN };
        match self {
            Self::Weight(_) => own.weight.min(components[components.len() - 1].weight),
            Self::Mean(_) => own.variance.sqrt(),
            Self::Variance(_) => own.variance,
        }
    }

    /// The mixture in which it is larger by `h`, and no other free parameter has changed. What a weight
    /// gains, the last one loses.
    ///
    /// # Errors
    ///
    /// That is no mixture.
    pub fn moved(self, mixture: &Mixture, h: f64) -> Result<Mixture, MixtureError> {
        let mut components = mixture.components().to_vec();
        let last = components.len() - 1;
        if let Some(own) = components.get_mut(self.component()) {
            match self {
                Self::Weight(_) => {
                    own.weight += h;
                    components[last].weight -= h;
                }
                Self::Mean(_) => own.mean += h,
                Self::Variance(_) => own.variance += h,
            }
        }
        Mixture::new(components)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Weight(_) => "weight",
            Self::Mean(_) => "mean",
            Self::Variance(_) => "variance",
        };
        write!(f, "the {name} of component {}", self.component())
    }
}
