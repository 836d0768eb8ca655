//! Where to begin, and what a bad start costs.
//!
//! This crate belongs to the chapter *Start*. Every start has the same weights and variances,
//! π_k = 1/K and σ_k² = s²/K², where s² is the variance of the data. The strategies differ in
//! the means.

// ANCHOR: imports
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use sampling::{Component, Mixture, MixtureError};
// ANCHOR_END: imports

/// Why there is no start.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum StartError {
    #[error("there are no samples")]
    NoSamples,
    #[error("sample {sample} is {value}: a sample is a finite number")]
    NotFinite { sample: usize, value: f64 },
    #[error("all samples are {value}: there is no spread to start from")]
    Constant { value: f64 },
    #[error("0 components were asked for: a mixture needs at least 1")]
    NoComponents,
    #[error(
        "there are {distinct} different samples for {components} components: each needs one of its own"
    )]
    TooFew { distinct: usize, components: usize },
    /// The samples are so near to each other, or so far apart, that their variance is no 64-bit number.
    #[error("the start is no mixture: {0}")]
    Mixture(MixtureError),
}

impl From<MixtureError> for StartError {
    fn from(error: MixtureError) -> Self {
        Self::Mixture(error)
    }
}

/// A start with its means spread evenly over the sorted data (eq:quantile-start):
///
/// ```text
/// μ_k = the quantile (k + ½)/K of the different samples
/// ```
///
/// Between two of them it is interpolated. Equal samples count once, so that no two means are
/// equal. The order of the samples plays no part.
///
/// # Errors
///
/// No samples; one that is NaN or infinite; all the same; K = 0; fewer different samples than
/// components; a spread whose square is beyond 64-bit numbers. The error has the value.
///
/// ```
/// let start = start::quantiles(&[7.0, 1.0, 3.0, 5.0], 2)?;
/// assert_eq!([start.components()[0].mean, start.components()[1].mean], [2.0, 6.0]);
/// # Ok::<(), start::StartError>(())
/// ```
// ANCHOR: quantiles
pub fn quantiles(data: &[f64], k: usize) -> Result<Mixture, StartError> {
    let (values, variance) = checked(data, k)?;
    let quantile = |j: usize| {
        // (j + ½)/K of the way, less half a sample, in units of 1/2K.
        let place = (2 * j + 1) * values.len() - k;
        let (below, share) = (place / (2 * k), (place % (2 * k)) as f64 / (2 * k) as f64);
        let above = values[(below + 1).min(values.len() - 1)];
        values[below] + share * (above - values[below]) // in this order, far from 0 too
    };
    around((0..k).map(quantile).collect(), variance)
}
// ANCHOR_END: quantiles

/// A start with its means on samples that are likely to lie far apart (eq:d-squared): the first
/// is any sample, each further one is sample i with a probability proportional to D_i², the
/// squared distance to the nearest mean so far.
///
/// No two means are equal. The same generator in the same state gives the same start, if the
/// samples are in the same order. Source: D. Arthur and S. Vassilvitskii, *k-means++: the
/// advantages of careful seeding* (2007).
///
/// # Errors
///
/// Those of [`quantiles`].
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let data = [0.0, 0.0, 0.0, 9.0]; // what is chosen already has no chance
/// let start = start::k_means_plus_plus(&data, 2, &mut ChaCha8Rng::seed_from_u64(1))?;
/// assert_eq!(start.components()[0].mean + start.components()[1].mean, 9.0);
/// # Ok::<(), start::StartError>(())
/// ```
// ANCHOR: k_means_plus_plus
pub fn k_means_plus_plus(
    data: &[f64],
    k: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Result<Mixture, StartError> {
    let (_, variance) = checked(data, k)?;
    let squared = |x: f64, mean: f64| match x == mean {
        true => 0.0,
        false => ((x - mean).powi(2) / variance).max(1e-200), // no underflow
    };
    let mut means: Vec<f64> = data.choose(rng).copied().into_iter().collect();
    while means.len() < k {
        let nearest = |x: &f64| means.iter().map(|m| squared(*x, *m)).fold(1e200, f64::min);
        let next = data.choose_weighted(rng, nearest);
        means.push(*next.expect("there are more different samples than means"));
    }
    around(means, variance)
}
// ANCHOR_END: k_means_plus_plus

/// A start with its means on K samples that differ, any K of the different ones with the same
/// probability.
///
/// The order of the samples plays no part; the state of the generator does.
///
/// # Errors
///
/// Those of [`quantiles`].
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let draw = |seed| start::random(&[1.0, 3.0, 5.0], 2, &mut ChaCha8Rng::seed_from_u64(seed));
/// assert_eq!(draw(1)?, draw(1)?);
/// # Ok::<(), start::StartError>(())
/// ```
// ANCHOR: random
pub fn random(
    data: &[f64],
    k: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Result<Mixture, StartError> {
    let (mut values, variance) = checked(data, k)?;
    values.shuffle(rng);
    values.truncate(k);
    around(values, variance)
}
// ANCHOR_END: random

/// The start with these means and equal weights and variances.
// ANCHOR: around
fn around(means: Vec<f64>, variance: f64) -> Result<Mixture, StartError> {
    let k = means.len() as f64;
    let component =
        |mean| Component { weight: 1.0 / k, mean, variance: variance / k.powi(2) };
    let components: Vec<_> = means.into_iter().map(component).collect();
    Ok(Mixture::new(components)?)
}
// ANCHOR_END: around

/// The different samples in order, and the variance of all; if there are enough for K components.
fn checked(data: &[f64], components: usize) -> Result<(Vec<f64>, f64), StartError> {
    if components == 0 {
        return Err(StartError::NoComponents);
    }
    if let Some(sample) = data.iter().position(|x| !x.is_finite()) {
        return Err(StartError::NotFinite { sample, value: data[sample] });
    }
    let mut values = data.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    match values[..] {
        [] => return Err(StartError::NoSamples),
        [value] => return Err(StartError::Constant { value }),
        _ if values.len() < components => {
            return Err(StartError::TooFew { distinct: values.len(), components });
        }
        _ => {}
    }
    let all = vec![1.0; data.len()];
    let mean = m_step::mean(data, &all);
    let variance = m_step::variance(data, &all, mean);
    Mixture::new([Component { weight: 1.0, mean, variance }])?;
    Ok((values, variance))
}
