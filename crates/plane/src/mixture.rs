//! Normal densities in the plane, and mixtures of them.

use nalgebra::{Matrix2, Vector2};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use sampling::MixtureError;
use stability::StabilityError;
use std::f64::consts::TAU;

/// One normal population N(μ, Σ) in the plane and its share π of the mixture.
///
/// Means are in the units of the data, one for each coordinate, covariances in their products.
#[derive(Debug, Clone, Copy, PartialEq)]
// ANCHOR: component
pub struct Component {
    /// π: the share of the samples that come from here, between 0 and 1.
    pub weight: f64,
    /// μ: the mean, a point.
    pub mean: Vector2<f64>,
    /// Σ: the covariance, a matrix.
    pub covariance: Matrix2<f64>,
}
// ANCHOR_END: component

/// A component from its weight, its mean, and the entries Σ₀₀, Σ₀₁ and Σ₁₁ of its covariance.
impl From<(f64, [f64; 2], [f64; 3])> for Component {
    fn from((weight, mean, [x, both, y]): (f64, [f64; 2], [f64; 3])) -> Self {
        Self { weight, mean: mean.into(), covariance: Matrix2::new(x, both, both, y) }
    }
}

/// The natural logarithm of the normal density in the plane (eq:plane-normal):
///
/// ```text
/// ln N(x; μ, Σ) = −½ |L⁻¹ (x − μ)|² − ln L₀₀ L₁₁ − ln 2π,   where Σ = L Lᵀ
/// ```
///
/// In units of one over an area. NaN if Σ is not positive definite.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// let ln = plane::ln_normal(&Vector2::new(1.0, 2.0), &Vector2::zeros(), &Matrix2::identity());
/// // Without a covariance, the product of two densities on a line.
/// assert_eq!(ln, -0.5 - 2.0 - std::f64::consts::TAU.ln());
/// ```
#[must_use]
// ANCHOR: ln_normal
pub fn ln_normal(x: &Vector2<f64>, mean: &Vector2<f64>, covariance: &Matrix2<f64>) -> f64 {
    let Some(l) = covariance.cholesky().map(|cholesky| cholesky.l()) else {
        return f64::NAN;
    };
    let circled = l.solve_lower_triangular(&(x - mean)).expect("no diagonal entry is 0");
    -0.5 * circled.norm_squared() - (l[(0, 0)] * l[(1, 1)]).ln() - TAU.ln()
}
// ANCHOR_END: ln_normal

impl Component {
    /// One point from N(μ, Σ) (eq:plane-draw): μ + L z, where both coordinates of z are from N(0, 1)
    /// and Σ = L Lᵀ.
    ///
    /// ```
    /// use {plane::Component, rand::{SeedableRng, rngs::ChaCha8Rng}};
    /// let draw = |mean, scale| {
    ///     let own: Component = (1.0, mean, [scale * scale, 0.0, 4.0 * scale * scale]).into();
    ///     own.draw(&mut ChaCha8Rng::seed_from_u64(1))
    /// };
    /// let (one, other) = (draw([0.0, 0.0], 1.0), draw([5.0, 5.0], 2.0));
    /// assert_eq!([5.0 + 2.0 * one.x, 5.0 + 2.0 * one.y], [other.x, other.y]);
    /// ```
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> Vector2<f64> {
        let z = Vector2::from_fn(|_, _| rng.sample(StandardNormal));
        self.mean + self.root() * z
    }

    /// The ellipse of the points that are so many deviations from the mean (eq:plane-ellipse), as a
    /// closed line through `sides` + 1 of them: μ + radius · L (cos t, sin t).
    ///
    /// ```
    /// let circle: plane::Component = (1.0, [5.0, 0.0], [4.0, 0.0, 4.0]).into();
    /// assert_eq!(circle.ellipse(1.0, 4)[0], nalgebra::Vector2::new(7.0, 0.0));
    /// ```
    #[must_use]
    // ANCHOR: ellipse
    pub fn ellipse(&self, radius: f64, sides: usize) -> Vec<Vector2<f64>> {
        let angles = (0..=sides).map(|side| TAU * side as f64 / sides as f64);
        let on_circle = angles.map(|t| radius * Vector2::new(t.cos(), t.sin()));
        on_circle.map(|point| self.mean + self.root() * point).collect()
    }
    // ANCHOR_END: ellipse

    /// L; NaN if Σ is not positive definite.
    fn root(&self) -> Matrix2<f64> {
        let nothing = Matrix2::from_element(f64::NAN);
        self.covariance.cholesky().map_or(nothing, |cholesky| cholesky.l())
    }
}

/// All the parameters θ of a mixture of K normal components in the plane; valid by construction.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    components: Vec<Component>,
}

/// Why there is no mixture in the plane, or no step.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum PlaneError {
    /// Along one coordinate it is no mixture of the first part.
    #[error("coordinate {coordinate}: {error}")]
    Coordinate { coordinate: usize, error: MixtureError },
    #[error(
        "the covariance of component {component} is {rows:?}: a covariance is symmetric and positive definite"
    )]
    Covariance { component: usize, rows: [[f64; 2]; 2] },
    #[error("there are no samples")]
    NoSamples,
    #[error(
        "sample {sample} is {value:?}: both coordinates of a sample are finite numbers"
    )]
    NotFinite { sample: usize, value: [f64; 2] },
    #[error(
        "sample {sample}, {value:?}, is so far from every component that the squared distance overflows"
    )]
    Far { sample: usize, value: [f64; 2] },
    #[error("there are {samples} samples, but memberships of {memberships}")]
    Lengths { samples: usize, memberships: usize },
    #[error("component {component} owns nothing")]
    Empty { component: usize },
    /// There the likelihood has no maximum.
    #[error(
        "component {component} has collapsed on ({:.4}, {:.4}) or on a line through it",
        mean[0],
        mean[1]
    )]
    Collapsed { component: usize, mean: [f64; 2] },
    #[error("all samples lie on a line: there is no area to measure a cure by")]
    Line,
    #[error(transparent)]
    Cure(#[from] StabilityError),
}

impl Mixture {
    /// A mixture of these components, counted from 0, each a [`Component`] or its numbers: weight,
    /// mean, and the entries Σ₀₀, Σ₀₁ and Σ₁₁ of the covariance.
    ///
    /// # Errors
    ///
    /// What is no mixture along one coordinate; a covariance that is not symmetric and positive
    /// definite. The error has the place and the value.
    ///
    /// ```
    /// use plane::Mixture;
    /// assert!(Mixture::new([(1.0, [0.0, 0.0], [1.0, 0.9, 1.0])]).is_ok());
    /// assert!(Mixture::new([(1.0, [0.0, 0.0], [1.0, 1.1, 1.0])]).is_err());
    /// ```
    pub fn new(
        components: impl IntoIterator<Item = impl Into<Component>>,
    ) -> Result<Self, PlaneError> {
        let mixture = Self { components: components.into_iter().map(Into::into).collect() };
        for coordinate in [0, 1] {
            let wrong = |error| PlaneError::Coordinate { coordinate, error };
            mixture.along(coordinate).map_err(wrong)?;
        }
        for (component, Component { covariance, .. }) in
            mixture.components.iter().enumerate()
        {
            let is_symmetric = covariance[(0, 1)] == covariance[(1, 0)];
            if !is_symmetric || covariance.cholesky().is_none() {
                let rows = covariance.transpose().into(); // nalgebra counts by columns
                return Err(PlaneError::Covariance { component, rows });
            }
        }
        Ok(mixture)
    }

    /// The components in the order given; there is at least one.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The mixture of one coordinate alone (eq:plane-marginal): its mean and its variance in each
    /// component.
    ///
    /// # Errors
    ///
    /// There is no such coordinate, or no variance in it: only before a mixture is one.
    fn along(&self, coordinate: usize) -> Result<sampling::Mixture, MixtureError> {
        let own = |c: &Component| {
            (c.weight, c.mean[coordinate], c.covariance[(coordinate, coordinate)])
        };
        sampling::Mixture::new(self.components.iter().map(own))
    }

    /// The mixtures of the two coordinates, each alone (eq:plane-marginal): who sees one only has a
    /// mixture of the first part.
    ///
    /// ```
    /// let tilted = plane::Mixture::new([(1.0, [2.0, 5.0], [4.0, 1.0, 9.0])])?;
    /// let [x, y] = tilted.coordinates();
    /// assert_eq!((x.variance(), y.variance()), (4.0, 9.0));
    /// # Ok::<(), plane::PlaneError>(())
    /// ```
    #[must_use]
    pub fn coordinates(&self) -> [sampling::Mixture; 2] {
        [0, 1].map(|j| {
            self.along(j).expect("a mixture in the plane is one in each coordinate")
        })
    }
}
