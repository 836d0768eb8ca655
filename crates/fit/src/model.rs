//! The M-step from sums, with a prior or with variances that are tied.

use crate::FitError;
use m_step::{MStepError, collapsed};
use one_pass::Sums;
use sampling::{Component, Mixture};
use stability::Prior;

/// What is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Model {
    /// All components have one variance.
    pub(crate) tied: bool,
    pub(crate) prior: Option<Prior>,
    /// The variance of the data.
    pub(crate) variance: f64,
}

impl Model {
    /// The mixture that fits best, given the sums of every component (eq:m-step-sums); with a prior
    /// eq:map-variance, with tied variances their mean, weighted by the counts.
    pub(crate) fn m_step(&self, sums: &[Sums]) -> Result<Mixture, FitError> {
        let samples: f64 = sums.iter().map(|s| s.count).sum();
        let (strength, squares) = self.imaginary();
        let scatter: Vec<f64> =
            sums.iter().map(|s| s.component(1).variance * s.count).collect();
        let mut components = Vec::new();
        for (component, (sums, own)) in sums.iter().zip(&scatter).enumerate() {
            let effective_count = sums.count;
            if effective_count.is_nan() || effective_count < f64::MIN_POSITIVE {
                return Err(MStepError::Empty { component, effective_count }.into());
            }
            let (scatter, count) = match self.tied {
                true => (scatter.iter().sum::<f64>(), samples),
                false => (*own, effective_count),
            };
            let variance = (scatter + squares) / (count + strength);
            let mean = sums.component(1).mean;
            // NaN, where squares overflow, is as bad as 0: max makes 0 of it.
            if collapsed(mean, variance.max(0.0).sqrt()) {
                return Err(MStepError::Collapsed { component, mean, variance }.into());
            }
            components.push(Component {
                weight: effective_count / samples,
                mean,
                variance,
            });
        }
        Ok(Mixture::new(components).map_err(MStepError::from)?)
    }

    /// ln p(θ) of the prior, up to a constant (eq:ln-prior).
    pub(crate) fn ln_prior(&self, mixture: &Mixture) -> f64 {
        let (strength, squares) = self.imaginary();
        let one =
            |c: &Component| -0.5 * (strength * c.variance.ln() + squares / c.variance);
        let variances = if self.tied { 1 } else { mixture.components().len() };
        if strength == 0.0 {
            0.0
        } else {
            mixture.components()[..variances].iter().map(one).sum()
        }
    }

    /// The slope of the log prior in each variance; where they are tied, in the last for all.
    pub(crate) fn prior_slopes(&self, mixture: &Mixture) -> Vec<f64> {
        let (strength, squares) = self.imaginary();
        let last = mixture.components().len() - 1;
        let slope = |(k, c): (usize, &Component)| match self.tied && k < last {
            true => 0.0,
            false => 0.5 * (squares / c.variance - strength) / c.variance,
        };
        mixture.components().iter().enumerate().map(slope).collect()
    }

    /// Of numbers for each free parameter, makes those of tied variances their mean.
    pub(crate) fn level(&self, numbers: &mut [f64]) {
        if self.tied {
            let components = numbers.len().div_ceil(3);
            let variances = &mut numbers[2 * components - 1..];
            let mean = variances.iter().sum::<f64>() / components as f64;
            variances.fill(mean);
        }
    }

    /// Free parameters: weights, means, variances.
    pub(crate) fn parameters(&self, components: usize) -> usize {
        2 * components - 1 + if self.tied { 1 } else { components }
    }

    fn imaginary(&self) -> (f64, f64) {
        self.prior.map_or((0.0, 0.0), |p| {
            (p.strength(), p.strength() * p.scale() * self.variance)
        })
    }
}
