//! Standard errors from the slopes of the log-likelihood, whatever the data.

use crate::{FitError, model::Model, source::Source};
use compression::TRUSTED;
use one_pass::Sums;
use rate::linear::{Matrix, difference, matrix};
use rate::{Information, Parameter, complete};
use sampling::Mixture;
use uncertainty::Uncertainty;

/// How much stiffer than the data the springs between tied variances are: a standard error is off by
/// less than a millionth.
const STIFF: f64 = 1e6;

/// What the observed information tells.
pub(crate) struct Errors {
    /// Of weight, mean and variance of each component.
    pub(crate) standard_errors: Vec<[f64; 3]>,
    /// The rate of plain EM, where nothing is tied and nothing added.
    pub(crate) rate: Option<f64>,
}

/// By the observed information.
pub(crate) fn errors(
    source: &Source<'_>,
    model: &Model,
    mixture: &Mixture,
) -> Result<Errors, FitError> {
    let information = information(source, model, mixture)?;
    let rate = (!model.tied && model.prior.is_none())
        .then(|| rate(source.whole().count, mixture, &information));
    let standard_errors = uncertainty(model, mixture, information)?.standard_errors();
    Ok(Errors { standard_errors, rate })
}

/// What the observed information tells of the free parameters; tied variances are held together.
pub(crate) fn uncertainty(
    model: &Model,
    mixture: &Mixture,
    mut information: Matrix,
) -> Result<Uncertainty, FitError> {
    if model.tied {
        tie(&mut information, mixture);
    }
    Ok(Uncertainty::new(mixture, &information)?)
}

/// The observed information: differences of the slopes (eq:slopes-from-sums) to either side, near and
/// twice as far away (eq:richardson).
///
/// Each difference is divided by how far the parameter has really moved, which far from 0 is not how
/// far it was told to.
pub(crate) fn information(
    source: &Source<'_>,
    model: &Model,
    mixture: &Mixture,
) -> Result<Matrix, FitError> {
    let mut information = Vec::new();
    // ANCHOR: information
    for parameter in Parameter::of(mixture) {
        let at = |h: f64| -> Result<(f64, Vec<f64>), FitError> {
            let moved = parameter.moved(mixture, h * parameter.scale(mixture))?;
            let slopes = slopes(&source.pass(&moved, TRUSTED)?.1, model, &moved);
            Ok((parameter.value(&moved), slopes))
        };
        let bends = |h: f64| -> Result<Vec<f64>, FitError> {
            let ((low, down), (high, up)) = (at(-h)?, at(h)?);
            Ok(down.iter().zip(up).map(|(down, up)| (down - up) / (high - low)).collect())
        };
        let (near, far) = (bends(1e-3)?, bends(2e-3)?);
        information.push(near.iter().zip(far).map(|(n, f)| n + (n - f) / 3.0).collect());
    }
    // ANCHOR_END: information
    Ok(information)
}

/// The largest fraction of information that is missing: I_mis = I_com − I_obs.
fn rate(samples: f64, mixture: &Mixture, observed: &[Vec<f64>]) -> f64 {
    let complete = complete(samples, mixture);
    let symmetric = matrix(observed.len(), |p, q| 0.5 * (observed[p][q] + observed[q][p]));
    let missing = difference(&complete, &symmetric);
    Information { complete, missing }.rates()[0]
}

/// The slopes of the log-likelihood, and of the prior, in the free parameters
/// (eq:slopes-from-sums):
///
/// ```text
/// ∂ℓ/∂π_k = N_k / π_k − N_K−1 / π_K−1
/// ∂ℓ/∂μ_k = D_k / σ_k²
/// ∂ℓ/∂σ_k² = (S_k / σ_k² − N_k) / 2σ_k²
/// ```
///
/// N, D and S are count, first and second about μ_k.
// ANCHOR: slopes
pub(crate) fn slopes(sums: &[Sums], model: &Model, mixture: &Mixture) -> Vec<f64> {
    let (c, prior) = (mixture.components(), model.prior_slopes(mixture));
    let weight = |k: usize| sums[k].count / c[k].weight;
    let slope = |parameter: Parameter| match parameter {
        Parameter::Weight(k) => weight(k) - weight(c.len() - 1),
        Parameter::Mean(k) => sums[k].about(c[k].mean).first / c[k].variance,
        Parameter::Variance(k) => {
            let excess = sums[k].about(c[k].mean).second / c[k].variance - sums[k].count;
            0.5 * excess / c[k].variance + prior[k]
        }
    };
    Parameter::of(mixture).into_iter().map(slope).collect()
}
// ANCHOR_END: slopes

/// Springs that hold all variances together (eq:spring):
///
/// ```text
/// I + κ J,   where vᵀ J v = Σ_k (v_k+1 − v_k)² over the variances
/// ```
///
/// As κ grows, nothing is left but the direction in which all variances move as one.
fn tie(information: &mut [Vec<f64>], mixture: &Mixture) {
    let free = Parameter::of(mixture);
    let variances: Vec<usize> =
        (0..free.len()).filter(|p| matches!(free[*p], Parameter::Variance(_))).collect();
    let stiff = variances.iter().map(|p| information[*p][*p].abs()).fold(0.0, f64::max);
    for pair in variances.windows(2) {
        let (p, q) = (pair[0], pair[1]);
        for (row, column, sign) in [(p, p, 1.0), (q, q, 1.0), (p, q, -1.0), (q, p, -1.0)] {
            information[row][column] += sign * STIFF * stiff;
        }
    }
}
