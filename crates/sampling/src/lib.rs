//! A mixture is a draw in two stages: choose a component, then draw from it.
//!
//! This crate belongs to the chapter *Sampling*. It owns the types that every later chapter
//! uses: a [`Component`] and a [`Mixture`], which is valid by construction.

// ANCHOR: imports
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
// ANCHOR_END: imports

/// One normal population N(μ, σ²) and its share π of the mixture.
///
/// The spread is always the variance σ², never the deviation σ; means are in the units of the
/// data, variances in those units squared.
// ANCHOR: component
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// π: the share of the samples that come from here, between 0 and 1.
    pub weight: f64,
    /// μ: the mean.
    pub mean: f64,
    /// σ²: the variance.
    pub variance: f64,
}
// ANCHOR_END: component

impl Component {
    /// One number from N(μ, σ²) (eq:location-scale): μ + σ Z, where Z is from N(0, 1).
    ///
    /// ```
    /// use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # use sampling::Component;
    /// let draw = |mean, variance| {
    ///     let rng = &mut ChaCha8Rng::seed_from_u64(1);
    ///     Component { weight: 1.0, mean, variance }.draw(rng)
    /// };
    /// assert_eq!(draw(5.0, 4.0), 5.0 + 2.0 * draw(0.0, 1.0)); // moved and stretched
    /// ```
    // ANCHOR: draw
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        let standard: f64 = rng.sample(StandardNormal);
        self.mean + self.variance.sqrt() * standard
    }
    // ANCHOR_END: draw
}

/// A component from (weight, mean, variance).
impl From<(f64, f64, f64)> for Component {
    fn from((weight, mean, variance): (f64, f64, f64)) -> Self {
        Self { weight, mean, variance }
    }
}

/// All the parameters θ of a mixture of K normal components; valid by construction.
///
/// ```
/// use sampling::{Mixture, MixtureError};
///
/// assert!(Mixture::new([(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)]).is_ok());
/// assert_eq!(Mixture::new([(0.3, 0.0, 1.0)]), Err(MixtureError::WeightSum { sum: 0.3 }));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    components: Vec<Component>,
}

/// Why a list of components is no mixture.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum MixtureError {
    #[error("a mixture needs at least one component")]
    NoComponents,
    #[error(
        "the weight of component {component} is {weight}: a weight lies between 0 and 1"
    )]
    Weight { component: usize, weight: f64 },
    #[error("the mean of component {component} is {mean}: a mean is a finite number")]
    Mean { component: usize, mean: f64 },
    #[error(
        "the variance of component {component} is {variance}: a variance is positive and finite"
    )]
    Variance { component: usize, variance: f64 },
    #[error("the weights sum to {sum}, not to 1")]
    WeightSum { sum: f64 },
}

impl Mixture {
    /// A mixture of these components, counted from 0, each a [`Component`] or its numbers
    /// (weight, mean, variance). Rounding is allowed for: weights may exceed 1, or their sum miss
    /// it, by 1e-9.
    ///
    /// # Errors
    ///
    /// No components; a weight below 0 or above 1; a mean that is not finite; a variance that is
    /// not positive and finite; weights that do not sum to 1. The error names the component and
    /// the value.
    pub fn new(
        components: impl IntoIterator<Item = impl Into<Component>>,
    ) -> Result<Self, MixtureError> {
        Self::checked(components.into_iter().map(Into::into).collect())
    }

    fn checked(components: Vec<Component>) -> Result<Self, MixtureError> {
        if components.is_empty() {
            return Err(MixtureError::NoComponents);
        }
        // ANCHOR: new
        for (component, c) in components.iter().enumerate() {
            let Component { weight, mean, variance } = *c;
            if !(0.0..=1.0 + TOLERANCE).contains(&weight) {
                return Err(MixtureError::Weight { component, weight });
            }
            if !mean.is_finite() {
                return Err(MixtureError::Mean { component, mean });
            }
            if !(variance > 0.0 && variance.is_finite()) {
                return Err(MixtureError::Variance { component, variance });
            }
        }
        // ANCHOR_END: new
        let sum: f64 = components.iter().map(|c| c.weight).sum();
        if (sum - 1.0).abs() > TOLERANCE {
            return Err(MixtureError::WeightSum { sum });
        }
        Ok(Self { components })
    }

    /// The components in the order given; there is at least one.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// One of the components, component k with probability π_k.
    ///
    /// ```
    /// use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # use sampling::{Component, Mixture, MixtureError};
    /// let never = Component { weight: 0.0, mean: 0.0, variance: 1.0 };
    /// let always = Component { weight: 1.0, mean: 5.0, variance: 4.0 };
    /// let mixture = Mixture::new([never, always])?;
    /// assert_eq!(*mixture.choose(&mut ChaCha8Rng::seed_from_u64(1)), always);
    /// # Ok::<(), MixtureError>(())
    /// ```
    // ANCHOR: choose
    pub fn choose(&self, rng: &mut (impl Rng + ?Sized)) -> &Component {
        self.components
            .choose_weighted(rng, |component| component.weight)
            .expect("the weights of a mixture sum to one")
    }
    // ANCHOR_END: choose

    /// The mean of a sample from the mixture (eq:mixture-mean): Σ π_k μ_k.
    ///
    /// ```
    /// # use sampling::{Mixture, MixtureError};
    /// let mixture = Mixture::new([(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)])?;
    /// assert_eq!(mixture.mean(), 3.5);
    /// assert!((mixture.variance() - 8.35).abs() < 1e-14);
    /// # Ok::<(), MixtureError>(())
    /// ```
    #[must_use]
    // ANCHOR: mean
    pub fn mean(&self) -> f64 {
        self.components.iter().map(|c| c.weight * c.mean).sum()
    }
    // ANCHOR_END: mean

    /// The variance of a sample from the mixture (eq:mixture-variance): the mean of the
    /// variances and the variance of the means, Σ π_k (σ_k² + (μ_k − μ)²).
    ///
    /// ```
    /// # use sampling::{Component, Mixture, MixtureError};
    /// // Two narrow components far apart make a wide mixture.
    /// let mixture = Mixture::new([
    ///     (0.5, -10.0, 1.0),
    ///     (0.5, 10.0, 1.0),
    /// ])?;
    /// assert_eq!(mixture.variance(), 101.0);
    /// # Ok::<(), MixtureError>(())
    /// ```
    #[must_use]
    // ANCHOR: variance
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let around = |c: &Component| c.variance + (c.mean - mean).powi(2);
        self.components.iter().map(|c| c.weight * around(c)).sum()
    }
    // ANCHOR_END: variance
}

/// How far rounding may take a sum of weights from 1.
const TOLERANCE: f64 = 1e-9;

/// Why no samples could be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum SampleError {
    #[error("0 samples were asked for: a sample needs at least 1")]
    NoSamples,
    #[error(
        "{counts} counts were given for {components} components: each component needs one"
    )]
    Counts { counts: usize, components: usize },
}

/// Draws `n` samples from the mixture (eq:two-stages): for each, a component is chosen, then a
/// number is drawn from it.
///
/// # Errors
///
/// `n` is 0.
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// # use sampling::{Component, Mixture, sample};
/// let mixture = Mixture::new([(1.0, 5.0, 4.0)])?;
/// let once = sample(&mixture, 3, &mut ChaCha8Rng::seed_from_u64(1))?;
/// let again = sample(&mixture, 3, &mut ChaCha8Rng::seed_from_u64(1))?;
/// assert_eq!(once, again); // the same seed, the same samples
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: sample
pub fn sample(
    mixture: &Mixture,
    n: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Result<Vec<f64>, SampleError> {
    if n == 0 {
        return Err(SampleError::NoSamples);
    }
    Ok((0..n).map(|_| mixture.choose(rng).draw(rng)).collect())
}
// ANCHOR_END: sample

/// Draws exactly `counts[k]` samples from component k and shuffles them together. The weights
/// play no part.
///
/// # Errors
///
/// Not one count for each component, or all counts are 0.
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// # use sampling::{Component, Mixture, sample_counts};
/// let mixture = Mixture::new([
///     (0.3, -100.0, 1.0),
///     (0.7, 100.0, 1.0),
/// ])?;
/// let data = sample_counts(&mixture, &[30, 70], &mut ChaCha8Rng::seed_from_u64(1))?;
/// assert_eq!(data.iter().filter(|x| **x < 0.0).count(), 30); // not about 30: exactly
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: sample_counts
pub fn sample_counts(
    mixture: &Mixture,
    counts: &[usize],
    rng: &mut (impl Rng + ?Sized),
) -> Result<Vec<f64>, SampleError> {
    let components = mixture.components.len();
    if counts.len() != components {
        return Err(SampleError::Counts { counts: counts.len(), components });
    }
    let mut data = Vec::new();
    for (component, &count) in mixture.components.iter().zip(counts) {
        data.extend((0..count).map(|_| component.draw(rng)));
    }
    if data.is_empty() {
        return Err(SampleError::NoSamples);
    }
    data.shuffle(rng);
    Ok(data)
}
// ANCHOR_END: sample_counts
