//! How far apart two fits are.

use sampling::{Component, Mixture};

/// The largest difference of a parameter: of weights and variances as a share, of means in
/// deviations. The second mixture is the measure, and the components are in one order.
///
/// ```
/// let of = |mean| sampling::Mixture::new([(1.0, mean, 4.0)]);
/// assert_eq!(compression::difference(&of(3.0)?, &of(2.0)?), 0.5);
/// # Ok::<(), sampling::MixtureError>(())
/// ```
#[must_use]
pub fn difference(a: &Mixture, b: &Mixture) -> f64 {
    let of = |(a, b): (&Component, &Component)| {
        let mean = (a.mean - b.mean) / b.variance.sqrt();
        [a.weight / b.weight - 1.0, mean, a.variance / b.variance - 1.0]
    };
    let pairs = a.components().iter().zip(b.components());
    pairs.flat_map(of).map(f64::abs).fold(0.0, f64::max)
}
