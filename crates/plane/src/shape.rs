//! Which covariances a component may have.

use nalgebra::Matrix2;

/// Which covariance matrices are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
// ANCHOR: shape
pub enum Shape {
    /// Circles, each of its own size: σ_k² times the identity.
    Spherical,
    /// Ellipses along the axes: one variance for each coordinate.
    Diagonal,
    /// Any ellipse, the same for all components.
    Tied,
    /// Any ellipse.
    Free,
}
// ANCHOR_END: shape

impl Shape {
    /// All of them, from the fewest parameters of two components to the most.
    pub const ALL: [Self; 4] = [Self::Spherical, Self::Tied, Self::Diagonal, Self::Free];

    /// What mclust calls it, by volume, shape and orientation: E is equal for all components, V
    /// varies, I is the identity.
    ///
    /// ```
    /// assert_eq!(plane::Shape::Spherical.letters(), "VII"); // circles have no orientation
    /// ```
    #[must_use]
    pub fn letters(self) -> &'static str {
        match self {
            Self::Spherical => "VII",
            Self::Diagonal => "VVI",
            Self::Tied => "EEE",
            Self::Free => "VVV",
        }
    }

    /// How many free parameters a mixture of so many components has: weights, means, covariances.
    ///
    /// ```
    /// assert_eq!(plane::Shape::ALL.map(|shape| shape.parameters(2)), [7, 8, 9, 11]);
    /// ```
    #[must_use]
    pub fn parameters(self, components: usize) -> usize {
        let covariances = match self {
            Self::Spherical => components,
            Self::Diagonal => 2 * components,
            Self::Tied => 3,
            Self::Free => 3 * components,
        };
        (components - 1) + 2 * components + covariances
    }

    /// The covariance of this shape that fits a scatter best (eq:plane-covariance,
    /// eq:plane-shapes).
    // ANCHOR: of
    pub(crate) fn of(self, scatter: &Matrix2<f64>) -> Matrix2<f64> {
        match self {
            Self::Spherical => Matrix2::identity() * (scatter.trace() / 2.0),
            Self::Diagonal => Matrix2::from_diagonal(&scatter.diagonal()),
            Self::Tied | Self::Free => *scatter,
        }
    }
    // ANCHOR_END: of

    /// The covariances of this shape that fit best: for each component, how many samples it owns, and
    /// their scatter (eq:plane-shapes).
    // ANCHOR: shaped
    pub(crate) fn covariances(self, owned: &[(f64, Matrix2<f64>)]) -> Vec<Matrix2<f64>> {
        let count: f64 = owned.iter().map(|(count, _)| count).sum();
        let together = owned.iter().map(|(own, scatter)| scatter * (own / count)).sum();
        let covariance = |(_, scatter): &(f64, Matrix2<f64>)| match self {
            Self::Tied => together,
            _ => self.of(scatter),
        };
        owned.iter().map(covariance).collect()
    }
    // ANCHOR_END: shaped
}
