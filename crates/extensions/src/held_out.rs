//! How many components, by samples that the fit has not seen.

use search::SearchError;
use selection::Plan;
use stability::log_likelihood;

/// How well K components predict: the mean log-likelihood of a sample under a fit that has not seen
/// it. Sample i is in fold i mod `folds`; each fold in turn is held out, and the others are fitted.
///
/// `folds` is at least 2 and at most the number of samples.
///
/// # Errors
///
/// The samples outside of some fold have no fit.
pub fn score(
    data: &[f64],
    k: usize,
    folds: usize,
    plan: &Plan,
) -> Result<f64, SearchError> {
    let mut sum = 0.0;
    for fold in 0..folds {
        let part = |inside: bool| -> Vec<f64> {
            let own =
                data.iter().enumerate().filter(|(i, _)| (i % folds == fold) == inside);
            own.map(|(_, x)| *x).collect()
        };
        let fit = plan.fit(&part(false), k)?;
        sum += log_likelihood(&part(true), &fit.mixture);
    }
    Ok(sum / data.len() as f64)
}
