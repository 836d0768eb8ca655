//! What keeps a covariance from collapse on a line.

use crate::{PlaneError, Shape};
use ::m_step::collapsed;
use nalgebra::{Matrix2, Vector2};
use stability::Cure;

/// What one component owns: how many samples, their mean, and their scatter about it.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub count: f64,
    pub mean: Vector2<f64>,
    pub scatter: Matrix2<f64>,
}

impl Share {
    /// Itself; if it is nothing at all, none of `all`.
    pub fn or(self, all: &Self) -> Self {
        if self.count < f64::MIN_POSITIVE { Self { count: 0.0, ..*all } } else { self }
    }
}

/// The covariances of that shape for what the components own, with a cure (eq:plane-floor,
/// eq:plane-prior).
// ANCHOR: covariances
pub fn covariances(
    owned: &[Share],
    all: &Share,
    shape: Shape,
    cure: &Cure,
) -> Result<Vec<Matrix2<f64>>, PlaneError> {
    let least = shape.of(&all.scatter) * cure.share()?;
    if !matches!(cure, Cure::Refuse) && is_flat(&all.mean, &least) {
        return Err(PlaneError::Line);
    }
    let counted: Vec<_> = owned.iter().map(|own| with_prior(own, all, cure)).collect();
    if let Some(component) = counted.iter().position(|(count, _)| *count == 0.0) {
        return Err(PlaneError::Empty { component });
    }
    let mut covariances = shape.covariances(&counted);
    for (component, (covariance, own)) in covariances.iter_mut().zip(owned).enumerate() {
        match cure {
            Cure::Floor(_) => *covariance = no_flatter(covariance, &least),
            Cure::Refuse if is_flat(&own.mean, covariance) => {
                return Err(PlaneError::Collapsed { component, mean: own.mean.into() });
            }
            _ => {}
        }
    }
    Ok(covariances)
}
// ANCHOR_END: covariances

/// How many samples a component owns and their scatter, the imaginary ones of a prior included
/// (eq:plane-prior): (N_k A_k + n₀ s₀² S) / (N_k + n₀).
// ANCHOR: with_prior
fn with_prior(own: &Share, all: &Share, cure: &Cure) -> (f64, Matrix2<f64>) {
    let Cure::Prior(prior) = cure else { return (own.count, own.scatter) };
    let count = own.count + prior.strength();
    let imaginary = all.scatter * (prior.strength() * prior.scale());
    (count, (own.scatter * own.count + imaginary) / count)
}
// ANCHOR_END: with_prior

/// The covariance with its flat directions widened to those of `least` (eq:plane-floor): where
/// `least` is a circle of radius 1, no eigenvalue is below 1.
// ANCHOR: no_flatter
fn no_flatter(covariance: &Matrix2<f64>, least: &Matrix2<f64>) -> Matrix2<f64> {
    let Some(least) = least.cholesky() else { return *covariance };
    let (l, inverse) = (least.l(), least.l().try_inverse().unwrap_or_default());
    let mut eigen = (inverse * covariance * inverse.transpose()).symmetric_eigen();
    if eigen.eigenvalues.min() >= 1.0 {
        return *covariance; // as it was, to the last bit
    }
    eigen.eigenvalues.apply(|value| *value = value.max(1.0));
    let widened = l * eigen.recompose() * l.transpose();
    (widened + widened.transpose()) / 2.0
}
// ANCHOR_END: no_flatter

/// Whether a covariance has collapsed on a point or a line: what one coordinate leaves of the other's
/// variance is rounding. One that overflows has not.
pub fn is_flat(mean: &Vector2<f64>, covariance: &Matrix2<f64>) -> bool {
    let [x, both, y] = [covariance[(0, 0)], covariance[(0, 1)], covariance[(1, 1)]];
    let left = y - both * (both / x); // what is NaN if x and both are 0
    covariance.iter().all(|entry| entry.is_finite())
        && (collapsed(mean.x, x.sqrt())
            || collapsed(mean.y, left.max(0.0).sqrt())
            || left <= 1e-12 * y)
}
