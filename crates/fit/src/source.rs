//! What a step of EM needs of the data, whatever their kind.

use crate::{FitError, table::Table, weighted::Weighted};
use compression::Guarded;
use grouped::{Class, Classes, Owned, memberships};
use one_pass::{Samples, Sums};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture};
use std::cell::RefCell;
use std::f64::consts::TAU;

/// Data of any kind.
pub(crate) enum Source<'a> {
    /// Numbers, and points that stand for them where they are many.
    Samples(&'a Samples<'a>, RefCell<Guarded<'a>>),
    /// Numbers that count more or less than once.
    Weighted(&'a Weighted),
    /// Counts in classes.
    Classes(&'a Classes),
    /// Moments in bins.
    Table(&'a Table),
}

/// So many numbers stand for all where a start is chosen: enough to find a component of one per cent.
const STARTERS: usize = 5000;

impl<'a> Source<'a> {
    pub(crate) fn samples(samples: &'a Samples<'a>) -> Self {
        Self::Samples(samples, RefCell::new(Guarded::new(samples)))
    }

    /// The log-likelihood of the mixture, and the sums of every component: the E-step. Where points stand
    /// for the samples, about the share `error` may be wrong.
    pub(crate) fn pass(
        &self,
        mixture: &Mixture,
        error: f64,
    ) -> Result<(f64, Vec<Sums>), FitError> {
        match self {
            Self::Samples(_, points) => Ok(points.borrow_mut().pass(mixture, error)?),
            Self::Weighted(samples) => samples.pass(mixture),
            Self::Classes(classes) => in_classes(classes, mixture),
            Self::Table(table) => table.pass(mixture, error),
        }
    }

    /// The same by all samples, with no points in their place, or by all rows of a table if these are
    /// enough.
    pub(crate) fn exact(&self, mixture: &Mixture) -> Result<(f64, Vec<Sums>), FitError> {
        match self {
            Self::Samples(samples, _) => Ok(one_pass::pass(samples, mixture)?),
            Self::Weighted(samples) => samples.pass(mixture),
            Self::Classes(classes) => in_classes(classes, mixture),
            Self::Table(table) => table.exact(mixture),
        }
    }

    /// All of the data as one component; each class at its middle.
    pub(crate) fn whole(&self) -> Sums {
        match self {
            Self::Samples(samples, _) => samples.sums(),
            Self::Weighted(samples) => samples.whole(),
            Self::Table(table) => table.whole(),
            Self::Classes(classes) => {
                let rows = classes.classes();
                let mut sums = Sums::new(middle(rows, 0.5, 0));
                (0..rows.len()).for_each(|c| sums.add(middle(rows, 0.5, c), rows[c].count));
                sums
            }
        }
    }

    /// How many samples have a density: none of those that are counted in classes, which have a
    /// probability.
    pub(crate) fn densities(&self) -> f64 {
        match self {
            Self::Samples(..) | Self::Weighted(_) | Self::Table(_) => self.whole().count,
            Self::Classes(_) => 0.0,
        }
    }

    /// How many classes have samples, if there are classes.
    pub(crate) fn full_classes(&self) -> Option<usize> {
        match self {
            Self::Samples(..) | Self::Weighted(_) | Self::Table(_) => None,
            Self::Classes(c) => Some(c.classes().iter().filter(|c| c.count > 0.0).count()),
        }
    }

    /// Numbers to choose starts from: all, or some drawn at random; of a class, evenly spread.
    pub(crate) fn starters(&self, seed: u64) -> Vec<f64> {
        match self {
            Self::Samples(samples, _) if samples.data().len() <= STARTERS => {
                samples.data().to_vec()
            }
            Self::Samples(samples, _) => {
                let (data, mut rng) = (samples.data(), ChaCha8Rng::seed_from_u64(seed));
                (0..STARTERS).map(|_| data[rng.random_range(0..data.len())]).collect()
            }
            Self::Weighted(samples) => samples.starters(STARTERS),
            Self::Table(table) => table.starters(STARTERS),
            Self::Classes(classes) => {
                let (rows, all) = (classes.classes(), classes.samples());
                let spread = |c: usize| {
                    let many = (rows[c].count / all * STARTERS as f64).ceil() as usize;
                    (0..many).map(move |i| middle(rows, (i as f64 + 0.5) / many as f64, c))
                };
                (0..rows.len()).flat_map(spread).collect()
            }
        }
    }

    /// Why there is no fit: a table may have been too coarse for what was on the way.
    pub(crate) fn reason(&self, error: FitError) -> FitError {
        match self {
            Self::Table(table) => table.reason(error),
            _ => error,
        }
    }

    /// The entropy of the memberships (eq:entropy-from-sums): for samples ℓ − Q, found from their
    /// sums. For classes ℓ − Q has the entropy of the places within a class too, so memberships
    /// are asked.
    pub(crate) fn entropy(
        &self,
        mixture: &Mixture,
        log_likelihood: f64,
        sums: &[Sums],
    ) -> f64 {
        match self {
            Self::Samples(..) | Self::Weighted(_) | Self::Table(_) => {
                let left = log_likelihood - expected(sums, mixture);
                if left < 0.0 { 0.0 } else { left } // rounding; NaN stays
            }
            Self::Classes(classes) => {
                let undecided = |r: f64| if r > 0.0 { -r * r.ln() } else { 0.0 };
                let class = |c: &Class| {
                    let (_, shares) = memberships(c, mixture);
                    c.count * shares.iter().map(|(r, ..)| undecided(*r)).sum::<f64>()
                };
                classes.classes().iter().filter(|c| c.count > 0.0).map(class).sum()
            }
        }
    }
}

/// Classes: what a component owns of one has a mean and a variance of its own inside.
fn in_classes(classes: &Classes, mixture: &Mixture) -> Result<(f64, Vec<Sums>), FitError> {
    let (log_likelihood, owned) = grouped::pass(classes, mixture)?;
    let sums = |(c, owned): (&Component, Owned)| {
        let mut sums = Sums::new(c.mean);
        let means = owned.means.iter().zip(owned.variances);
        for (count, (mean, variance)) in owned.counts.iter().zip(means) {
            sums.add(*mean, *count);
            sums.second += count * variance;
        }
        sums
    };
    Ok((log_likelihood, mixture.components().iter().zip(owned).map(sums).collect()))
}

/// So far between the bounds of a class; an open one is as wide as the one beside it.
fn middle(rows: &[Class], share: f64, c: usize) -> f64 {
    let width = |class: &Class| Some(class.upper - class.lower).filter(|w| w.is_finite());
    let beside =
        rows.get(c + 1).and_then(width).or_else(|| width(rows.get(c.wrapping_sub(1))?));
    let width = width(&rows[c]).or(beside).unwrap_or(1.0);
    match rows[c] {
        Class { lower, .. } if lower.is_finite() => lower + share * width,
        Class { upper, .. } if upper.is_finite() => upper - (1.0 - share) * width,
        _ => share - 0.5, // one class that holds everything
    }
}

/// Q(θ; θ) from the sums (eq:q):
///
/// ```text
/// Σ_k N_k (ln π_k − ½ ln 2πσ_k²) − S_k / 2σ_k²
/// ```
///
/// A component that owns nothing adds nothing, though ln π_k may be −∞.
// ANCHOR: expected
fn expected(sums: &[Sums], mixture: &Mixture) -> f64 {
    let one = |(sums, c): (&Sums, &Component)| {
        let height = c.weight.ln() - 0.5 * (TAU.ln() + c.variance.ln());
        sums.count * height - 0.5 * sums.about(c.mean).second / c.variance
    };
    let owners =
        sums.iter().zip(mixture.components()).filter(|(sums, _)| sums.count != 0.0);
    owners.map(one).sum()
}
// ANCHOR_END: expected
