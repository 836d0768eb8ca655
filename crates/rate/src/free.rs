//! The free parameters of a mixture as a list: the weights π_0 … π_{K−2}, the means, the variances.

use sampling::{Mixture, MixtureError};

/// The free parameters in their order.
#[must_use]
pub fn parameters(mixture: &Mixture) -> Vec<f64> {
    let c = mixture.components();
    let weights = c[..c.len() - 1].iter().map(|c| c.weight);
    weights.chain(c.iter().map(|c| c.mean)).chain(c.iter().map(|c| c.variance)).collect()
}

/// The mixture whose free parameter `j` is larger by `h`.
///
/// # Errors
///
/// That is no mixture. A `j` beyond the last parameter is the last one.
pub fn moved(mixture: &Mixture, j: usize, h: f64) -> Result<Mixture, MixtureError> {
    let mut c = mixture.components().to_vec();
    let last = c.len() - 1;
    if j < last {
        c[j].weight += h;
        c[last].weight -= h;
    } else if j < 2 * last + 1 {
        c[j - last].mean += h;
    } else {
        c[(j - 2 * last - 1).min(last)].variance += h;
    }
    Mixture::new(c)
}

/// How large a change of each free parameter is large: the smaller of a weight and the last, the
/// deviation for a mean, the variance itself.
#[must_use]
pub fn scales(mixture: &Mixture) -> Vec<f64> {
    let c = mixture.components();
    let last = c[c.len() - 1].weight;
    let weights = c[..c.len() - 1].iter().map(|c| c.weight.min(last));
    let means = c.iter().map(|c| c.variance.sqrt());
    weights.chain(means).chain(c.iter().map(|c| c.variance)).collect()
}
