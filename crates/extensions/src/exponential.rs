//! EM for another density: a mixture of exponential distributions.

/// A share of the samples, and the mean waiting time of those.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    /// π, between 0 and 1; those of a mixture sum to 1.
    pub weight: f64,
    /// μ, above 0.
    pub mean: f64,
}

impl Exponential {
    /// exp(−x/μ) / μ, for x of 0 or more.
    #[must_use]
    pub fn density(&self, x: f64) -> f64 {
        (-x / self.mean).exp() / self.mean
    }
}

/// Σ_i ln Σ_k π_k exp(−x_i/μ_k) / μ_k.
#[must_use]
pub fn log_likelihood(data: &[f64], mixture: &[Exponential]) -> f64 {
    let p = |x: f64| mixture.iter().map(|c| c.weight * c.density(x)).sum::<f64>();
    data.iter().map(|&x| p(x).ln()).sum()
}

/// One step of EM: the memberships by Bayes' rule, then the weights and means that make Q as large as
/// it can be. There is at least one sample, and all are 0 or more and not all 0.
#[must_use]
pub fn step(data: &[f64], mixture: &[Exponential]) -> Vec<Exponential> {
    let whole = |x: f64| mixture.iter().map(|c| c.weight * c.density(x)).sum::<f64>();
    let better = |c: &Exponential| {
        let share = |x: f64| c.weight * c.density(x) / whole(x);
        let count: f64 = data.iter().map(|&x| share(x)).sum();
        let sum: f64 = data.iter().map(|&x| share(x) * x).sum();
        Exponential { weight: count / data.len() as f64, mean: sum / count }
    };
    mixture.iter().map(better).collect()
}
