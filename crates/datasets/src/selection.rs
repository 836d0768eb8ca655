//! The best fits of the chapter *Selection*, and its skewed samples.

use crate::table::{DataError, Line, Recorded, Row, rows};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::Component;

/// The best fit that split and merge has found with K components, and what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// `galaxies`, or `notebook`.
    pub data: String,
    /// K.
    pub components: usize,
    /// ℓ.
    pub log_likelihood: f64,
    /// −2ℓ + 2d, where d = 3K − 1.
    pub aic: f64,
    /// −2ℓ + d ln n.
    pub bic: f64,
    /// BIC, and twice the entropy of the memberships.
    pub icl: f64,
}

impl Row for Fit {
    const NAME: &'static str = "criteria";
    const COLUMNS: &'static str = "data,K,log-likelihood,AIC,BIC,ICL";
    const TEXT: &'static str = include_str!("../../../data/criteria.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            data: line.next()?,
            components: line.next()?,
            log_likelihood: line.finite()?,
            aic: line.finite()?,
            bic: line.finite()?,
            icl: line.finite()?,
        })
    }
}

impl Recorded for Fit {
    fn cells(&self) -> Vec<String> {
        let numbers = [self.log_likelihood, self.aic, self.bic, self.icl];
        let numbers = numbers.map(|number| format!("{number:.3}"));
        [&[self.data.clone(), self.components.to_string()][..], &numbers].concat()
    }
}

/// The recorded fits: of the galaxies, then of the notebook's samples, with K = 1 to 6.
#[must_use]
pub fn fits() -> Vec<Fit> {
    rows()
}

/// The likelihood ratio of three components to four in a sample of the fit with three to the
/// galaxies. Infinite, where every start with four has led to a spike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio(pub f64);

impl Row for Ratio {
    const NAME: &'static str = "likelihood_ratios";
    const COLUMNS: &'static str = "ratio";
    const TEXT: &'static str = include_str!("../../../data/likelihood_ratios.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self(line.number()?))
    }
}

impl Recorded for Ratio {
    fn cells(&self) -> Vec<String> {
        vec![format!("{:.4}", self.0)]
    }
}

/// The recorded ratios, in the order of the replicates.
#[must_use]
pub fn ratios() -> Vec<f64> {
    rows().into_iter().map(|Ratio(ratio)| ratio).collect()
}

/// A hundred samples of one skewed population: exp(Z), where Z is from N(0, 1/2).
#[must_use]
pub fn skewed() -> Vec<f64> {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let normal = Component { weight: 1.0, mean: 0.0, variance: 0.5 };
    (0..100).map(|_| normal.draw(rng).exp()).collect()
}
