//! Counts from a mixture of Poisson distributions.

use crate::{LatentError, Model, bayes, check, probability, totals};
use e_step::Memberships;

/// Days with 0, 1, … 9 notices of the death of a woman of eighty years or more, in *The Times* of
/// London, 1910 to 1912.
///
/// From V. Hasselblad, *Estimation of finite mixtures of distributions from the exponential family*
/// (1969).
pub const DAYS: [u32; 10] = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1];

/// On how many days there were 0, 1, 2, … notices, of which each day has its own Poisson
/// distribution among a few (eq:poisson). Unseen is which.
///
/// The parameters are weight and mean of each component. Errors: a weight that is no probability, or
/// weights that do not sum to 1; a mean that is negative or not finite; a count that is impossible;
/// memberships of another number of counts; a component that owns no day.
///
/// ```
/// use latent::{DAYS, Deaths, Model};
/// let one = Deaths(&DAYS).e_step(&vec![(1.0, 5.0)])?; // one component owns everything
/// let [(weight, mean)] = Deaths(&DAYS).m_step(&one)?[..] else { panic!() };
/// assert_eq!((weight, mean), (1.0, 2364.0 / 1096.0)); // so its mean is that of the days
/// # Ok::<(), latent::LatentError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Deaths<'a>(pub &'a [u32]);

/// e^−μ μ^c / c! (eq:poisson).
// ANCHOR: poisson
fn poisson(count: usize, mean: f64) -> f64 {
    (1..=count).map(|j| mean / j as f64).product::<f64>() * (-mean).exp()
}
// ANCHOR_END: poisson

impl Deaths<'_> {
    /// The probability of every count together with each component.
    fn joint(&self, components: &[(f64, f64)]) -> Vec<Vec<f64>> {
        let counts = 0..self.0.len();
        let row = |&(weight, mean): &(f64, f64)| {
            counts.clone().map(|count| weight * poisson(count, mean)).collect()
        };
        components.iter().map(row).collect()
    }
}

impl Model for Deaths<'_> {
    type Parameters = Vec<(f64, f64)>;
    type Expected = Memberships;
    type Error = LatentError;

    /// The memberships of days with so many notices (eq:bayes).
    fn e_step(&self, components: &Vec<(f64, f64)>) -> Result<Memberships, LatentError> {
        for &(weight, value) in components {
            probability("weight", weight)?;
            if !(value >= 0.0 && value.is_finite()) {
                let domain = "a mean is 0 or more, and finite";
                return Err(LatentError::Parameter { name: "mean", value, domain });
            }
        }
        let value = components.iter().map(|(weight, _)| weight).sum::<f64>();
        if (value - 1.0).abs() > 1e-9 {
            let (name, domain) = ("sum of the weights", "it is 1");
            return Err(LatentError::Parameter { name, value, domain });
        }
        bayes(self.joint(components))
    }

    /// The share of the days, and the notices of a day among them (eq:deaths-m-step).
    // ANCHOR: m_step
    fn m_step(&self, memberships: &Memberships) -> Result<Vec<(f64, f64)>, LatentError> {
        let rows = memberships.components();
        check(memberships, rows.len(), self.0.len())?;
        let all: f64 = self.0.iter().copied().map(f64::from).sum();
        let new = |(component, row): (usize, &Vec<f64>)| {
            let days = || self.0.iter().zip(row).map(|(days, r)| r * f64::from(*days));
            let owned: f64 = days().sum();
            if !owned.is_normal() {
                return Err(LatentError::Empty { component });
            }
            let notices: f64 =
                days().enumerate().map(|(count, days)| count as f64 * days).sum();
            Ok((owned / all, notices / owned))
        };
        rows.iter().enumerate().map(new).collect()
    }
    // ANCHOR_END: m_step

    fn log_likelihood(&self, components: &Vec<(f64, f64)>) -> f64 {
        let seen = self.0.iter().zip(totals(&self.joint(components)));
        seen.filter(|(days, _)| **days > 0).map(|(days, p)| f64::from(*days) * p.ln()).sum()
    }
}
