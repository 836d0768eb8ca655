//! Data as their natural logarithms, and the fit of these as one of the data themselves.

use columns::{Data, Table};
use fit::{Class, Classes};

/// The logarithms of the data, and what their log-likelihood has too much: the sum of ln x over the
/// samples, since the density of x is that of ln x divided by x. Of classes it has nothing too
/// much: the probability of a class is the same on either scale.
///
/// # Errors
///
/// A class that is not above 0.
pub(crate) fn logarithms(table: &Table) -> Result<(Data, f64), String> {
    match &table.data {
        Data::Samples(data) => {
            let logs: Vec<f64> = data.iter().map(|x| x.ln()).collect();
            let sum = sum(&logs, table.weights.as_deref());
            Ok((Data::Samples(logs), sum))
        }
        Data::Classes(classes) => Ok((Data::Classes(of_classes(classes)?), 0.0)),
        Data::Moments(_) => Err("logarithms are taken in the query".into()),
    }
}

/// In parts, so that little is lost where there are many.
fn sum(logs: &[f64], weights: Option<&[f64]>) -> f64 {
    const PART: usize = 4096;
    match weights {
        None => logs.chunks(PART).map(|part| part.iter().sum::<f64>()).sum(),
        Some(weights) => {
            let parts = logs.chunks(PART).zip(weights.chunks(PART));
            parts.map(|(x, w)| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>()).sum()
        }
    }
}

/// What is open below begins at 0.
fn of_classes(classes: &Classes) -> Result<Classes, String> {
    let log = |(i, class): (usize, &Class)| {
        let &Class { lower, upper, count } = class;
        if lower < 0.0 && lower.is_finite() || upper <= 0.0 {
            return Err(format!(
                "class {i} is from {lower} to {upper}: with --log, classes are above 0"
            ));
        }
        Ok(Class { lower: lower.max(0.0).ln(), upper: upper.ln(), count })
    };
    let logs: Result<Vec<_>, _> = classes.classes().iter().enumerate().map(log).collect();
    Classes::new(logs?).map_err(|error| format!("of the logarithms, {error}"))
}
