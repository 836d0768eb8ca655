//! A background: samples that belong to no component, evenly spread over a known range.

use density::normal;
use sampling::{Component, Mixture, MixtureError};

/// A mixture, and beside it an even background.
#[derive(Debug, Clone, PartialEq)]
pub struct Noisy {
    /// The share of the background, between 0 and 1.
    pub share: f64,
    /// Where it begins and ends.
    pub range: [f64; 2],
    /// What all else comes from; its own weights sum to 1.
    pub mixture: Mixture,
}

impl Noisy {
    /// The density of the background inside its range.
    #[must_use]
    pub fn level(&self) -> f64 {
        1.0 / (self.range[1] - self.range[0])
    }

    /// Σ_i ln (share · level + (1 − share) p(x_i)), for samples inside the range.
    #[must_use]
    pub fn log_likelihood(&self, data: &[f64]) -> f64 {
        let background = self.share * self.level();
        let p =
            |x: f64| background + (1.0 - self.share) * density::mixture(x, &self.mixture);
        data.iter().map(|&x| p(x).ln()).sum()
    }

    /// One step of EM, the background being one component more, without parameters but its share.
    ///
    /// # Errors
    ///
    /// The components own nothing, or one of them a single place.
    pub fn step(&self, data: &[f64]) -> Result<Self, MixtureError> {
        let background = self.share * self.level();
        let height = |x: f64, c: &Component| {
            (1.0 - self.share) * c.weight * normal(x, c.mean, c.variance)
        };
        let components = self.mixture.components();
        let whole =
            |x: f64| background + components.iter().map(|c| height(x, c)).sum::<f64>();
        let noise: f64 = data.iter().map(|&x| background / whole(x)).sum();
        let all = data.len() as f64 - noise;
        let better = |c: &Component| {
            let row: Vec<f64> = data.iter().map(|&x| height(x, c) / whole(x)).collect();
            let mean = m_step::mean(data, &row);
            let variance = m_step::variance(data, &row, mean);
            Component { weight: m_step::effective_count(&row) / all, mean, variance }
        };
        let mixture = Mixture::new(components.iter().map(better))?;
        Ok(Self { share: noise / data.len() as f64, range: self.range, mixture })
    }
}
