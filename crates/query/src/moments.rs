//! A table of moments: what the query answers.

use crate::QueryError;
use compression::Compressed;
use std::collections::BTreeMap;

/// So many widths from 0 are bins counted, as in the query: up to here whole numbers are exact.
pub(crate) const FARTHEST: f64 = 1e15;

/// Σ t^p over the samples of each bin, p = 0, 1, …, 7 (eq:bin-moments): bin b reaches from b to b + 1
/// widths, t from −1 to 1 across it, and a width is a power of two. Empty bins have no row.
///
/// ```
/// use query::Moments;
/// // Two machines, and one that has the samples of both.
/// let [here, there] = [Moments::of(&[0.1, 0.7], 0.25)?, Moments::of(&[0.2, 5.0], 0.25)?];
/// let mut both = here.clone();
/// both.merge(&there);
/// assert_eq!(both, Moments::of(&[0.2, 0.1, 0.7, 5.0], 0.25)?);
/// assert_eq!((both.samples(), both.bins().count()), (4.0, 3));
/// # Ok::<(), query::QueryError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: moments
pub struct Moments {
    /// The width of a bin, a power of two.
    width: f64,
    /// The moments of each bin that has samples.
    bins: BTreeMap<i64, [f64; 8]>,
    /// Rows without a bin: NULL, NaN, infinite, or too far from 0.
    left_out: f64,
    /// How many of these are NULL.
    null: f64,
}
// ANCHOR_END: moments

impl Moments {
    /// A table without rows.
    ///
    /// # Errors
    ///
    /// A width that is no power of two.
    pub(crate) fn new(width: f64) -> Result<Self, QueryError> {
        match down_to_a_power_of_two(width) {
            Some(near) if near == width => {
                Ok(Self { width, bins: BTreeMap::new(), left_out: 0.0, null: 0.0 })
            }
            near => Err(QueryError::Width { width, near: near.unwrap_or(0.125) }),
        }
    }

    /// What the query answers for samples that are in memory: for tests, and for a machine that has
    /// no engine (eq:bin-place). A sample that is not finite, or beyond 10¹⁵ widths, is left out and
    /// counted.
    ///
    /// # Errors
    ///
    /// A width that is no power of two.
    // ANCHOR: of
    pub fn of(data: &[f64], width: f64) -> Result<Self, QueryError> {
        let mut table = Self::new(width)?;
        for x in data {
            let place = x / width;
            if place.abs() <= FARTHEST {
                let t = 2.0 * (place - place.floor()) - 1.0;
                table.add(place.floor() as i64, &std::array::from_fn(|p| t.powi(p as i32)));
            } else {
                table.left_out += 1.0;
            }
        }
        Ok(table)
    }
    // ANCHOR_END: of

    pub(crate) fn leave_out(&mut self, rows: f64, null: f64) {
        self.left_out += rows;
        self.null += null;
    }

    /// Adds to the moments of a bin.
    pub(crate) fn add(&mut self, bin: i64, moments: &[f64; 8]) {
        let sums = self.bins.entry(bin).or_default();
        sums.iter_mut().zip(moments).for_each(|(sum, more)| *sum += more);
    }

    /// The samples of both tables (eq:table-merge), with the width of the coarser one.
    // ANCHOR: merge
    pub fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        while self.width < other.width {
            *self = self.coarser();
        }
        while other.width < self.width {
            other = other.coarser();
        }
        other.bins.iter().for_each(|(bin, moments)| self.add(*bin, moments));
        self.leave_out(other.left_out, other.null);
    }
    // ANCHOR_END: merge

    /// The table of the same samples in bins of twice the width (eq:table-coarser).
    #[must_use]
    // ANCHOR: coarser
    pub fn coarser(&self) -> Self {
        let mut table = Self { width: 2.0 * self.width, bins: BTreeMap::new(), ..*self };
        for (bin, moments) in &self.bins {
            let side = if bin.rem_euclid(2) == 0 { -1.0 } else { 1.0 };
            let (mut moved, mut half) = (*moments, 1.0);
            for p in 0..8 {
                for q in (p + 1..8).rev() {
                    moved[q] += side * moved[q - 1];
                }
                moved[p] *= half;
                half /= 2.0;
            }
            table.add(bin.div_euclid(2), &moved);
        }
        table
    }
    // ANCHOR_END: coarser

    /// The table of the samples less so many widths: the same numbers, in other bins. Far from 0 a
    /// fit keeps its digits that way.
    #[must_use]
    pub fn lowered(&self, bins: i64) -> Self {
        let lowered = self.bins.iter().map(|(bin, moments)| (bin - bins, *moments));
        Self { bins: lowered.collect(), ..*self }
    }

    /// The table of the samples divided by a power of two: the same numbers, in bins of another width.
    ///
    /// # Errors
    ///
    /// What is no power of two, or leaves bins no width.
    pub fn divided(&self, by: f64) -> Result<Self, QueryError> {
        Self::new(by)?;
        let Self { width, .. } = Self::new(self.width / by)?;
        Ok(Self { width, ..self.clone() })
    }

    /// The bin with the most samples; 0 if there are none.
    #[must_use]
    pub fn fullest(&self) -> i64 {
        self.bins.iter().max_by(|a, b| a.1[0].total_cmp(&b.1[0])).map_or(0, |(bin, _)| *bin)
    }

    /// The points that have these moments, at most four in a bin (eq:gauss-rule), measured from where
    /// the fullest bin begins.
    #[must_use]
    pub fn points(&self) -> Compressed {
        Compressed::of_bins(self.width, self.fullest(), self.bins())
    }

    /// The width of a bin.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width
    }

    /// The bins that have samples, and their moments.
    pub fn bins(&self) -> impl ExactSizeIterator<Item = (i64, [f64; 8])> {
        self.bins.iter().map(|(bin, moments)| (*bin, *moments))
    }

    /// How many samples are in bins.
    #[must_use]
    pub fn samples(&self) -> f64 {
        self.bins.values().map(|moments| moments[0]).sum()
    }

    /// How many rows are in none: NULL, NaN, infinite, or beyond 10¹⁵ widths.
    #[must_use]
    pub fn left_out(&self) -> f64 {
        self.left_out
    }

    /// How many of these are NULL.
    #[must_use]
    pub fn null(&self) -> f64 {
        self.null
    }
}

/// The largest power of two that is not above a number; `None` if that, or one over it, is no normal
/// number.
pub(crate) fn down_to_a_power_of_two(x: f64) -> Option<f64> {
    let power = f64::from_bits(x.abs().to_bits() & f64::INFINITY.to_bits());
    (x > 0.0 && power.is_normal() && power.recip().is_normal()).then_some(power)
}
