//! Standard errors from the slopes of the log-likelihood, whatever the data.

use crate::{FitError, model::Model, source::Source};
use one_pass::Sums;
use rate::free::{moved, scales};
use rate::{Information, complete};
use sampling::{Component, Mixture};
use uncertainty::Uncertainty;

/// How much stiffer than the data the tie between tied variances is.
const STIFF: f64 = 1e6;

/// What the observed information tells.
pub(crate) struct Errors {
    /// Of weight, mean and variance of each component.
    pub(crate) standard_errors: Vec<[f64; 3]>,
    /// The rate of plain EM, where nothing is tied and nothing added.
    pub(crate) rate: Option<f64>,
}

/// By the observed information: differences of the slopes (eq:slopes-from-sums) to either side.
pub(crate) fn errors(
    source: &Source<'_>,
    model: &Model,
    mixture: &Mixture,
) -> Result<Errors, FitError> {
    let mut information = Vec::new();
    for (p, scale) in scales(mixture).into_iter().enumerate() {
        let h = 1e-4 * scale;
        let at = |h: f64| -> Result<Vec<f64>, FitError> {
            let mixture = moved(mixture, p, h)?;
            Ok(slopes(&source.pass(&mixture)?.1, model, &mixture))
        };
        let pairs = at(-h)?.into_iter().zip(at(h)?);
        information
            .push(pairs.map(|(down, up)| (down - up) / (2.0 * h)).collect::<Vec<_>>());
    }
    let rate =
        (!model.tied && model.prior.is_none()).then(|| rate(source, mixture, &information));
    if model.tied {
        tie(&mut information, mixture);
    }
    let standard_errors = Uncertainty::new(mixture, &information)?.standard_errors();
    Ok(Errors { standard_errors, rate })
}

/// The largest fraction of information that is missing.
fn rate(source: &Source<'_>, mixture: &Mixture, observed: &[Vec<f64>]) -> f64 {
    let complete = complete(source.whole().count, mixture);
    let both = complete.iter().zip(observed).enumerate();
    let missing = both.map(|(p, (c, o))| {
        c.iter()
            .zip(o)
            .enumerate()
            .map(|(q, (c, o))| c - 0.5 * (o + observed[q][p]))
            .collect()
    });
    let missing = missing.collect();
    Information { complete, missing }.rates()[0]
}

/// The slopes of the log-likelihood in the free parameters (eq:slopes-from-sums), and of the prior.
fn slopes(sums: &[Sums], model: &Model, mixture: &Mixture) -> Vec<f64> {
    let pairs = || sums.iter().zip(mixture.components());
    let last = mixture.components().len() - 1;
    let weight = |(sums, c): (&Sums, &Component)| sums.count / c.weight;
    let weights: Vec<f64> = pairs().map(weight).collect();
    let mean = |(sums, c): (&Sums, &Component)| sums.about(c.mean).distance / c.variance;
    let variance = |(sums, c): (&Sums, &Component)| {
        0.5 * (sums.about(c.mean).squares / c.variance - sums.count) / c.variance
    };
    let mut slopes: Vec<f64> = weights[..last].iter().map(|w| w - weights[last]).collect();
    slopes.extend(pairs().map(mean));
    slopes
        .extend(pairs().map(variance).zip(model.prior_slopes(mixture)).map(|(a, b)| a + b));
    slopes
}

/// Springs that hold all variances together.
fn tie(information: &mut [Vec<f64>], mixture: &Mixture) {
    let first = 2 * mixture.components().len() - 1;
    let stiff =
        (first..information.len()).map(|p| information[p][p].abs()).fold(0.0, f64::max);
    for p in first..information.len() - 1 {
        for (row, column, sign) in
            [(p, p, 1.0), (p + 1, p + 1, 1.0), (p, p + 1, -1.0), (p + 1, p, -1.0)]
        {
            information[row][column] += sign * STIFF * stiff;
        }
    }
}
