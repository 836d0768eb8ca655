//! Two coins, and nobody noted which.

use crate::{LatentError, Model, bayes, check, probability, totals};
use e_step::Memberships;

/// Five sets of ten tosses: heads and tails.
///
/// From C. B. Do and S. Batzoglou, *What is the expectation maximization algorithm?* (2008).
pub const SETS: [[u32; 2]; 5] = [[5, 5], [9, 1], [8, 2], [4, 6], [7, 3]];

/// Sets of tosses, each of one of two coins, either of which is as likely: heads and tails of each
/// set. Unseen is which coin.
///
/// The parameters are the chances of heads of the two. Errors: a chance that is no probability; a set
/// that is impossible with both, or of so many tosses that its probability underflows; memberships of
/// another number of coins or sets; a coin that owns no toss.
///
/// ```
/// use latent::{Coins, Model, SETS};
/// let r = Coins(&SETS).e_step(&[0.6, 0.5])?;
/// assert!((r.components()[0][1] - 0.805).abs() < 5e-4); // nine heads: rather the first coin
/// # Ok::<(), latent::LatentError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Coins<'a>(pub &'a [[u32; 2]]);

impl Coins<'_> {
    /// The probability of every set, in the order of its tosses, together with each coin.
    // ANCHOR: joint
    fn joint(&self, chances: &[f64; 2]) -> Vec<Vec<f64>> {
        let row = |chance: &f64| {
            let set = |&[heads, tails]: &[u32; 2]| {
                0.5 * chance.powi(heads as i32) * (1.0 - chance).powi(tails as i32)
            };
            self.0.iter().map(set).collect()
        };
        chances.iter().map(row).collect()
    }
    // ANCHOR_END: joint
}

impl Model for Coins<'_> {
    type Parameters = [f64; 2];
    type Expected = Memberships;
    type Error = LatentError;

    /// The memberships of the sets in the coins (eq:coin-membership).
    fn e_step(&self, chances: &[f64; 2]) -> Result<Memberships, LatentError> {
        for chance in chances {
            probability("chance of heads", *chance)?;
        }
        bayes(self.joint(chances))
    }

    /// The share of heads among what each coin owns of the tosses (eq:coin-m-step).
    // ANCHOR: m_step
    fn m_step(&self, memberships: &Memberships) -> Result<[f64; 2], LatentError> {
        check(memberships, 2, self.0.len())?;
        let mut chances = [0.0; 2];
        for (component, row) in memberships.components().iter().enumerate() {
            let owned = |count: fn(&[u32; 2]) -> u32| -> f64 {
                self.0.iter().zip(row).map(|(set, r)| r * f64::from(count(set))).sum()
            };
            let (heads, tails) = (owned(|set| set[0]), owned(|set| set[1]));
            if !(heads + tails).is_normal() {
                return Err(LatentError::Empty { component });
            }
            chances[component] = heads / (heads + tails);
        }
        Ok(chances)
    }
    // ANCHOR_END: m_step

    fn log_likelihood(&self, chances: &[f64; 2]) -> f64 {
        totals(&self.joint(chances)).into_iter().map(f64::ln).sum()
    }
}
