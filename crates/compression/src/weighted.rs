//! EM on points that count more than once.

use crate::Compressed;
use e_step::EStepError;
use m_step::{MStepError, collapsed, effective_count, refined_mean, variance};
use one_pass::Sums;
use sampling::{Component, Mixture};

/// The error (eq:slope-error) up to which a step trusts the points: rounding is not much less.
pub const TRUSTED: f64 = 1e-13;

impl Compressed {
    /// The components with their means measured from where the points are.
    fn lowered(&self, mixture: &Mixture) -> Vec<Component> {
        let lowered = |c: &Component| Component { mean: c.mean - self.origin, ..*c };
        mixture.components().iter().map(lowered).collect()
    }

    /// The log-likelihood, and how many samples each component owns at every point: n_i r_ik
    /// (eq:weighted-em).
    pub(crate) fn owned(
        &self,
        mixture: &Mixture,
    ) -> Result<(f64, Vec<Vec<f64>>), EStepError> {
        // ANCHOR: owned
        let (ln_p, mut owned) = one_pass::memberships(&self.above, &self.lowered(mixture));
        let log_likelihood =
            self.counts.iter().zip(ln_p).map(|(count, ln_p)| count * ln_p).sum();
        for row in &mut owned {
            row.iter_mut().zip(&self.counts).for_each(|(owned, count)| *owned *= count);
        }
        // ANCHOR_END: owned
        Ok((self.finite(log_likelihood, mixture)?, owned))
    }

    fn finite(&self, log_likelihood: f64, mixture: &Mixture) -> Result<f64, EStepError> {
        if log_likelihood.is_finite() {
            return Ok(log_likelihood);
        }
        let far = |x: &f64| !stability::log_likelihood(&[*x], mixture).is_finite();
        let values: Vec<f64> = self.points().map(|(x, _)| x).collect();
        let sample = values.iter().position(far).unwrap_or(0);
        Err(EStepError::Underflow { sample, value: values[sample] })
    }

    /// Weights, means and variances from what the components own.
    // ANCHOR: m_step
    pub(crate) fn m_step(&self, owned: &[Vec<f64>]) -> Result<Mixture, MStepError> {
        let mut components = Vec::new();
        for (component, owned) in owned.iter().enumerate() {
            let effective_count = effective_count(owned);
            if effective_count < f64::MIN_POSITIVE {
                return Err(MStepError::Empty { component, effective_count });
            }
            let weight = effective_count / self.samples;
            let mean = refined_mean(&self.above, owned);
            let variance = variance(&self.above, owned, mean);
            let mean = self.origin + mean;
            if collapsed(mean, variance.sqrt()) {
                return Err(MStepError::Collapsed { component, mean, variance });
            }
            components.push(Component { weight, mean, variance });
        }
        Ok(Mixture::new(components)?)
    }
    // ANCHOR_END: m_step

    /// The sums of every component about its mean, from what it owns.
    pub(crate) fn sums(&self, mixture: &Mixture, owned: &[Vec<f64>]) -> Vec<Sums> {
        let sums = |(c, owned): (&Component, &Vec<f64>)| {
            let mut sums = Sums::new(c.mean - self.origin);
            self.above.iter().zip(owned).for_each(|(x, owned)| sums.add(*x, *owned));
            Sums { centre: c.mean, ..sums }
        };
        mixture.components().iter().zip(owned).map(sums).collect()
    }

    /// The log-likelihood and what the components own, if that is wrong by no more than `error`.
    pub(crate) fn trusted(
        &self,
        mixture: &Mixture,
        error: f64,
    ) -> Option<(f64, Vec<Vec<f64>>)> {
        let (log_likelihood, owned) =
            self.resolves(mixture).then(|| self.owned(mixture).ok())??;
        let trusted = self.error_of(mixture, &owned) <= error;
        trusted.then_some((log_likelihood, owned))
    }

    /// Whether no component is so narrow that it may lie between the points.
    pub(crate) fn resolves(&self, mixture: &Mixture) -> bool {
        let c = mixture.components();
        c.len() == 1 || c.iter().all(|c| self.width <= 0.5 * c.variance.sqrt())
    }

    /// About which share of a component's samples is wrong, at worst (eq:slope-error).
    pub(crate) fn error_of(&self, mixture: &Mixture, owned: &[Vec<f64>]) -> f64 {
        let (c, m) = (self.lowered(mixture), self.points as i32);
        if !self.resolves(mixture) {
            return f64::INFINITY;
        }
        let mut wrong = vec![0.0; c.len()];
        // ANCHOR: error
        for (i, x) in self.above.iter().enumerate() {
            let slope = |c: &Component| (c.mean - x) / c.variance;
            let j =
                (1..c.len()).fold(0, |j, k| if owned[k][i] > owned[j][i] { k } else { j });
            for k in (0..c.len()).filter(|k| *k != j) {
                let across = self.width * (slope(&c[k]) - slope(&c[j]));
                let square = across * across;
                let e = owned[k][i] * (1..m).fold(square, |power, _| power * square);
                wrong[k] += e;
                wrong[j] += e;
            }
        }
        let factorial: f64 = (1..=2 * m).map(f64::from).product();
        let share = |(wrong, owned): (&f64, &Vec<f64>)| wrong / effective_count(owned);
        let worst = wrong.iter().zip(owned).map(share).fold(0.0, worse);
        4.0 / 16_f64.powi(m) / factorial * worst
        // ANCHOR_END: error
    }
}

/// The larger of two errors. One that is no number is as bad as infinite: `f64::max` would drop it.
fn worse(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::INFINITY } else { a.max(b) }
}
