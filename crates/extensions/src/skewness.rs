//! A fourth sum: how lopsided what a component owns is, in the same pass.

/// Four sums over samples, about a centre c, each sample counted by its membership r.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FourSums {
    /// c
    pub centre: f64,
    /// Σ r
    pub count: f64,
    /// Σ r (x − c)
    pub first: f64,
    /// Σ r (x − c)²
    pub second: f64,
    /// Σ r (x − c)³
    pub third: f64,
}

impl FourSums {
    /// No samples yet.
    #[must_use]
    pub fn new(centre: f64) -> Self {
        Self { centre, count: 0.0, first: 0.0, second: 0.0, third: 0.0 }
    }

    /// One sample more.
    pub fn add(&mut self, sample: f64, membership: f64) {
        let by = sample - self.centre;
        self.count += membership;
        self.first += membership * by;
        self.second += membership * by * by;
        self.third += membership * by * by * by;
    }

    /// The same samples from another centre.
    #[must_use]
    pub fn about(&self, centre: f64) -> Self {
        let b = self.centre - centre;
        let Self { count, first, second, third, .. } = *self;
        Self {
            centre,
            count,
            first: first + b * count,
            second: second + 2.0 * b * first + b * b * count,
            third: third + 3.0 * b * second + 3.0 * b * b * first + b * b * b * count,
        }
    }

    /// The samples of both, about the centre of the first.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let other = other.about(self.centre);
        Self {
            centre: self.centre,
            count: self.count + other.count,
            first: self.first + other.first,
            second: self.second + other.second,
            third: self.third + other.third,
        }
    }

    /// The third central moment over the third power of the deviation: 0 for what is symmetric.
    #[must_use]
    pub fn skewness(&self) -> f64 {
        let own = self.about(self.centre + self.first / self.count);
        own.third / own.count / (own.second / own.count).powf(1.5)
    }
}
