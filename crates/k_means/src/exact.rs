//! The best k-means that there is, in one dimension.

use crate::{KMeansError, check, mean};

/// The centres with the least cost of all, in order (eq:slices). On a line the groups of the best are
/// slices of the sorted samples, and the best slices of the first b samples end with a slice before
/// which the best slices of fewer samples lie:
///
/// ```text
/// V_k(b) = min_a V_{k−1}(a) + (the cost of the samples a, …, b − 1 about their mean)
/// ```
///
/// Takes time in proportion to K n².
///
/// # Errors
///
/// No samples; one that is not finite; no groups; more groups than samples; samples so far apart that
/// the sum of their squares overflows.
///
/// Source: H. Wang and M. Song, *Ckmeans.1d.dp: optimal k-means clustering in one dimension by dynamic
/// programming* (2011).
///
/// ```
/// assert_eq!(k_means::optimum(&[11.0, 0.0, 9.0, 1.0], 2)?, [0.5, 10.0]);
/// # Ok::<(), k_means::KMeansError>(())
/// ```
pub fn optimum(data: &[f64], groups: usize) -> Result<Vec<f64>, KMeansError> {
    check(data, groups)?;
    if data.len() < groups {
        return Err(KMeansError::TooFew { samples: data.len(), groups });
    }
    let mut sorted = data.to_vec();
    sorted.sort_by(f64::total_cmp);
    let costs = Costs::new(&sorted);
    // ANCHOR: optimum
    // With no slice at all, no sample is covered at no cost, and more cannot be covered.
    let mut least = vec![f64::INFINITY; sorted.len() + 1];
    least[0] = 0.0;
    let mut begins = Vec::new();
    for _ in 0..groups {
        // The last slice begins at a and ends before b.
        let last = |b: usize| {
            let choices = (0..b).map(|a| (least[a] + costs.slice(a, b), a));
            choices.fold((f64::INFINITY, 0), |best, c| if c.0 < best.0 { c } else { best })
        };
        let (next, begin): (Vec<f64>, Vec<usize>) = (0..=sorted.len()).map(last).unzip();
        least = next;
        begins.push(begin);
    }
    // ANCHOR_END: optimum
    if let (false, [least, .., largest]) = (least[sorted.len()].is_finite(), &sorted[..]) {
        return Err(KMeansError::Overflow { least: *least, largest: *largest });
    }
    // ANCHOR: backwards
    let (mut centres, mut b) = (Vec::new(), sorted.len());
    for begin in begins.iter().rev() {
        centres.push(mean(&sorted[begin[b]..b]));
        b = begin[b];
    }
    centres.reverse();
    // ANCHOR_END: backwards
    Ok(centres)
}

/// Sums over the first samples, from which the cost of any slice follows at once.
// ANCHOR: costs
struct Costs {
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Costs {
    fn new(sorted: &[f64]) -> Self {
        let centre = mean(sorted); // squares of large numbers would lose the digits
        let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
        for (i, x) in sorted.iter().map(|x| x - centre).enumerate() {
            sums.push(sums[i] + x);
            squares.push(squares[i] + x * x);
        }
        Self { sums, squares }
    }

    /// Of the samples a, …, b − 1 about their mean.
    fn slice(&self, a: usize, b: usize) -> f64 {
        let sum = self.sums[b] - self.sums[a];
        self.squares[b] - self.squares[a] - sum * sum / (b - a) as f64
    }
}
// ANCHOR_END: costs
