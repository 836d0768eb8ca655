//! The parametric bootstrap: what repeating the whole experiment would show.

use crate::{UncertaintyError, check_level};
use rand::Rng;
use sampling::{Mixture, sample};

/// Fits to samples that were drawn from a fit.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: bootstrap_type
pub struct Bootstrap {
    /// The fits, each with its components in the order of the mixture that was drawn from.
    pub fits: Vec<Mixture>,
    /// How many replicates had no fit.
    pub refused: usize,
}
// ANCHOR_END: bootstrap_type

/// Draws `n` samples from the mixture and fits them, `replicates` times (eq:bootstrap).
///
/// A fit that is an error is counted as refused: let `fit` refuse what has collapsed or not arrived.
/// It may show progress too. Components of a fit are put in the order of the mixture's by their
/// means: the smallest goes where the smallest was. Between components of equal means ranks are
/// chance and cannot undo switched labels: do not trust the spread of either. Source: B. Efron,
/// *Bootstrap methods: another look at the jackknife* (1979).
///
/// # Errors
///
/// Fewer than two replicates, or fewer than two that are not refused; `n` is 0; a fit with another
/// number of components.
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// use {sampling::{Component, Mixture, MixtureError}, uncertainty::bootstrap};
/// let one = Mixture::new([(1.0, 5.0, 4.0)])?;
/// let fit = |data: &[f64]| -> Result<Mixture, MixtureError> {
///     let mean = data.iter().sum::<f64>() / data.len() as f64;
///     Mixture::new([Component { weight: 1.0, mean, variance: 4.0 }])
/// };
/// let replicates = bootstrap(&one, 100, 1000, fit, &mut ChaCha8Rng::seed_from_u64(1))?;
/// let error = replicates.standard_error(|m| m.components()[0].mean);
/// assert!((error - 2.0 / 100f64.sqrt()).abs() < 0.01); // σ/√n, and nobody derived it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: bootstrap
pub fn bootstrap<E>(
    mixture: &Mixture,
    n: usize,
    replicates: usize,
    mut fit: impl FnMut(&[f64]) -> Result<Mixture, E>,
    rng: &mut (impl Rng + ?Sized),
) -> Result<Bootstrap, UncertaintyError> {
    let mut fits = Vec::new();
    for replicate in 0..replicates {
        let data = sample(mixture, n, rng)?;
        if let Ok(fit) = fit(&data) {
            fits.push(matched(&fit, mixture, replicate)?);
        }
    }
    enough(fits, replicates)
}
// ANCHOR_END: bootstrap

/// The fits, if there are enough for a spread.
fn enough(fits: Vec<Mixture>, replicates: usize) -> Result<Bootstrap, UncertaintyError> {
    let refused = replicates - fits.len();
    match fits.len() {
        _ if replicates < 2 => Err(UncertaintyError::Replicates { replicates }),
        0 | 1 => Err(UncertaintyError::Refused { refused, replicates }),
        _ => Ok(Bootstrap { fits, refused }),
    }
}

/// The fit with its components in the order of the mixture's, by the ranks of their means.
// ANCHOR: matched
fn matched(
    fit: &Mixture,
    mixture: &Mixture,
    replicate: usize,
) -> Result<Mixture, UncertaintyError> {
    let [components, expected] = [fit, mixture].map(|m| m.components().len());
    if components != expected {
        return Err(UncertaintyError::Components { replicate, components, expected });
    }
    let mut ordered = mixture.components().to_vec();
    for (from, to) in ranks(fit).into_iter().zip(ranks(mixture)) {
        ordered[to] = fit.components()[from];
    }
    Ok(Mixture::new(ordered)?)
}

/// The components in the order of their means.
fn ranks(mixture: &Mixture) -> Vec<usize> {
    let c = mixture.components();
    let mut order: Vec<usize> = (0..c.len()).collect();
    order.sort_by(|a, b| c[*a].mean.total_cmp(&c[*b].mean));
    order
}
// ANCHOR_END: matched

impl Bootstrap {
    /// The deviation of a function of the mixture over the fits (eq:bootstrap), about their mean,
    /// with one fit less in the denominator. NaN for fewer than two fits.
    #[must_use]
    // ANCHOR: spread
    pub fn standard_error(&self, of: impl Fn(&Mixture) -> f64) -> f64 {
        let values: Vec<f64> = self.fits.iter().map(of).collect();
        if values.len() < 2 {
            return f64::NAN;
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (n - 1.0)).sqrt()
    }
    // ANCHOR_END: spread

    /// The percentile interval of a function of the mixture: equally many fits lie outside at either
    /// end, and `level` of them between. Interpolated; NaN for no fits.
    ///
    /// # Errors
    ///
    /// A level that is not between 0 and 1.
    // ANCHOR: percentile
    pub fn interval(
        &self,
        level: f64,
        of: impl Fn(&Mixture) -> f64,
    ) -> Result<[f64; 2], UncertaintyError> {
        check_level(level)?;
        let mut values: Vec<f64> = self.fits.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| {
            let place = share * values.len().saturating_sub(1) as f64;
            let at = |i: f64| values.get(i as usize).copied().unwrap_or(f64::NAN);
            at(place.floor()) + (at(place.ceil()) - at(place.floor())) * place.fract()
        };
        Ok([0.5 - level / 2.0, 0.5 + level / 2.0].map(quantile))
    }
    // ANCHOR_END: percentile
}
