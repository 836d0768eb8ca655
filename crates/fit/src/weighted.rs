//! Samples that count more or less than once.

use crate::FitError;
use e_step::EStepError;
use one_pass::Sums;
use sampling::{Component, Mixture};

/// The largest sum of weights: the log-likelihood and what it is made of are numbers still.
const MOST: f64 = 1e300;

/// Values in increasing order, each once, and how often each counts.
pub(crate) struct Weighted {
    values: Vec<f64>,
    counts: Vec<f64>,
    /// Where each value stood first.
    places: Vec<usize>,
    whole: Sums,
}

impl Weighted {
    /// What counts 0 is left out, and equal samples are put together.
    pub(crate) fn new(data: &[f64], weights: &[f64]) -> Result<Self, FitError> {
        if data.len() != weights.len() {
            return Err(FitError::Weights { samples: data.len(), weights: weights.len() });
        }
        if let Some(sample) = data.iter().position(|x| !x.is_finite()) {
            let error = EStepError::NotFinite { sample, value: data[sample] };
            return Err(em::EmError::from(error).into());
        }
        if let Some(sample) = weights.iter().position(|w| !(*w >= 0.0 && w.is_finite())) {
            return Err(FitError::Weight { sample, weight: weights[sample] });
        }
        let mut order: Vec<usize> = (0..data.len()).filter(|i| weights[*i] > 0.0).collect();
        order.sort_by(|a, b| data[*a].total_cmp(&data[*b]));
        let (mut values, mut counts, mut places) = (vec![], vec![], vec![]);
        for i in order {
            match counts.last_mut() {
                Some(count) if values.last() == Some(&data[i]) => *count += weights[i],
                _ => {
                    values.push(data[i]);
                    counts.push(weights[i]);
                    places.push(i);
                }
            }
        }
        let count: f64 = counts.iter().sum();
        match values.is_empty() {
            true => Err(em::EmError::from(EStepError::NoSamples).into()),
            false if count > MOST => Err(FitError::WeightSum { sum: count }),
            false => {
                let whole = whole(&values, &counts);
                Ok(Self { values, counts, places, whole })
            }
        }
    }

    /// The same with other numbers in place of the values, in the same order.
    pub(crate) fn mapped(self, number: impl Fn(f64) -> f64) -> Self {
        let values: Vec<f64> = self.values.into_iter().map(number).collect();
        Self { whole: whole(&values, &self.counts), values, ..self }
    }

    /// All of the samples as one component.
    pub(crate) fn whole(&self) -> Sums {
        self.whole
    }

    /// How many different values are below a number.
    pub(crate) fn below(&self, x: f64) -> usize {
        self.values.partition_point(|value| *value < x)
    }

    /// The log-likelihood, each sample's as often as it counts, and the sums of every component
    /// (eq:weighted-em).
    pub(crate) fn pass(&self, mixture: &Mixture) -> Result<(f64, Vec<Sums>), FitError> {
        let (ln_p, memberships) = one_pass::memberships(&self.values, mixture.components());
        if let Some(i) = ln_p.iter().position(|ln_p| !ln_p.is_finite()) {
            let (sample, value) = (self.places[i], self.values[i]);
            return Err(em::EmError::from(EStepError::Underflow { sample, value }).into());
        }
        let log_likelihood =
            self.counts.iter().zip(ln_p).map(|(count, ln_p)| count * ln_p).sum();
        let owned = |(c, row): (&Component, Vec<f64>)| {
            let mut sums = Sums::new(c.mean);
            let counted = self.values.iter().zip(&self.counts).zip(row);
            counted.for_each(|((x, count), r)| sums.add(*x, count * r));
            sums
        };
        let sums = mixture.components().iter().zip(memberships).map(owned).collect();
        Ok((log_likelihood, sums))
    }

    /// Numbers to choose starts from, at most about `most` where there are more: each value as often
    /// as it counts, or evenly by what they count.
    pub(crate) fn starters(&self, most: usize) -> Vec<f64> {
        let share = (most as f64 / self.whole.count).min(1.0);
        let all = self.values.iter().zip(&self.counts);
        if self.values.len() <= most {
            let often =
                |(x, count): (&f64, &f64)| vec![*x; (count * share).ceil() as usize];
            return all.flat_map(often).collect();
        }
        let (mut starters, mut below) = (vec![], 0.0);
        for (x, count) in all {
            below += count * share;
            while starters.len() as f64 + 0.5 < below {
                starters.push(*x);
            }
        }
        starters
    }
}

fn whole(values: &[f64], counts: &[f64]) -> Sums {
    let mut whole = Sums::new(m_step::refined_mean(values, counts));
    values.iter().zip(counts).for_each(|(x, count)| whole.add(*x, *count));
    whole
}
