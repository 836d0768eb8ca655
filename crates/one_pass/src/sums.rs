//! The three sums that the M-step needs, and how they move and merge.

use sampling::Component;

/// Three sums over the samples of one component, about a centre c (eq:sums):
///
/// ```text
/// count = Σ_i r_ik,   first = Σ_i r_ik (x_i − c),   second = Σ_i r_ik (x_i − c)²
/// ```
///
/// ```
/// use one_pass::Sums;
/// let mut sums = Sums::new(2.0);
/// sums.add(1.0, 0.5); // half of the sample 1
/// sums.add(4.0, 1.0);
/// assert_eq!((sums.count, sums.first, sums.second), (1.5, 1.5, 4.5));
/// assert_eq!(sums.about(3.0).second, 3.0); // 0.5 · 2² + 1 · 1²
/// ```
// ANCHOR: sums
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// c: what the moments are measured from.
    pub centre: f64,
    /// Σ r
    pub count: f64,
    /// Σ r (x − c)
    pub first: f64,
    /// Σ r (x − c)²
    pub second: f64,
}

impl Sums {
    /// No samples yet.
    #[must_use]
    pub fn new(centre: f64) -> Self {
        Self { centre, count: 0.0, first: 0.0, second: 0.0 }
    }

    /// One sample more, of which the component owns `membership`.
    pub fn add(&mut self, sample: f64, membership: f64) {
        let by = sample - self.centre;
        self.count += membership;
        self.first += membership * by;
        self.second += membership * by * by;
    }
    // ANCHOR_END: sums

    /// The same samples seen from another centre (eq:new-centre):
    ///
    /// ```text
    /// first′ = first + b count,   second′ = second + b (first + first′),   b = c − c′
    /// ```
    ///
    /// The count stays.
    #[must_use]
    // ANCHOR: about
    pub fn about(&self, centre: f64) -> Self {
        let by = self.centre - centre;
        let first = self.first + by * self.count;
        let second = self.second + by * (self.first + first);
        Self { centre, first, second, ..*self }
    }
    // ANCHOR_END: about

    /// The samples of both, about the centre of the first: its sums, and those of the other about
    /// the same centre, added (eq:merge).
    ///
    /// From T. F. Chan, G. H. Golub and R. J. LeVeque, *Algorithms for computing the sample
    /// variance*, The American Statistician 37 (1983).
    ///
    /// ```
    /// use one_pass::Sums;
    /// let [mut near, mut far] = [Sums::new(1.0), Sums::new(1e8)];
    /// near.add(1.0, 1.0);
    /// far.add(1e8 + 2.0, 1.0);
    /// assert_eq!(near.merge(&far).component(2).variance, (0.5e8 + 0.5_f64).powi(2));
    /// ```
    #[must_use]
    // ANCHOR: merge
    pub fn merge(&self, other: &Self) -> Self {
        let other = other.about(self.centre);
        Self {
            centre: self.centre,
            count: self.count + other.count,
            first: self.first + other.first,
            second: self.second + other.second,
        }
    }
    // ANCHOR_END: merge

    /// What is left of these when `other` is taken away.
    pub(crate) fn less(&self, other: &Self) -> Self {
        let other = other.about(self.centre);
        Self {
            centre: self.centre,
            count: self.count - other.count,
            first: self.first - other.first,
            second: self.second - other.second,
        }
    }

    /// Σ r (x − mean)²
    fn scatter(&self) -> f64 {
        self.second - self.first * self.first / self.count
    }

    /// The least of the shares of count and scatter: what is left of the digits when these are
    /// found as a difference. NaN if the scatter is.
    pub(crate) fn share_of(&self, whole: &Self) -> f64 {
        let (count, scatter) = (self.count / whole.count, self.scatter() / whole.scatter());
        if count < scatter { count } else { scatter }
    }

    /// Whether the centre is near enough to the mean: the variance keeps all but three digits.
    pub(crate) fn is_centred(&self) -> bool {
        !(self.scatter() < self.second / 1024.0)
    }

    /// Weight, mean and variance of what the component owns of n samples: the M-step
    /// (eq:m-step-sums).
    ///
    /// NaN where nothing is owned. The variance has lost as many digits as the squared distance
    /// from centre to mean has more of them.
    #[must_use]
    // ANCHOR: component
    pub fn component(&self, samples: usize) -> Component {
        let shift = self.first / self.count;
        Component {
            weight: self.count / samples as f64,
            mean: self.centre + shift,
            variance: self.second / self.count - shift * shift,
        }
    }
    // ANCHOR_END: component
}
