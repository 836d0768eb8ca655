//! The few lines of linear algebra that the book needs, for matrices of a handful of rows.
//!
//! A library such as nalgebra has all of it, but takes 17 seconds of a processor to compile, and the
//! first `cargo run --example` would have to wait for it.
//!
//! The functions take square matrices, two of one size. Nothing panics: a row that is missing, or of
//! another length, counts as NaN.

/// A matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// The matrix of so many rows and columns whose entries are `entry(row, column)`.
///
/// ```
/// assert_eq!(rate::linear::matrix(2, |i, j| f64::from(i == j)), [[1.0, 0.0], [0.0, 1.0]]);
/// ```
#[must_use]
pub fn matrix(size: usize, entry: impl Fn(usize, usize) -> f64) -> Matrix {
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// The entry in row i and column j.
fn at(a: &[Vec<f64>], i: usize, j: usize) -> f64 {
    let row = a.get(i).filter(|row| row.len() == a.len());
    row.and_then(|row| row.get(j)).copied().unwrap_or(f64::NAN)
}

/// A − B, whose entry in row i and column j is a_ij − b_ij.
///
/// ```
/// let (a, b) = ([vec![1.0, 2.0], vec![3.0, 4.0]], [vec![1.0, 1.0], vec![1.0, 1.0]]);
/// assert_eq!(rate::linear::difference(&a, &b), [[0.0, 1.0], [2.0, 3.0]]);
/// ```
#[must_use]
pub fn difference(a: &[Vec<f64>], b: &[Vec<f64>]) -> Matrix {
    matrix(a.len(), |i, j| at(a, i, j) - at(b, i, j))
}

/// A B, whose entry in row i and column j is Σ_k a_ik b_kj.
///
/// ```
/// let turn = vec![vec![0.0, -1.0], vec![1.0, 0.0]]; // by a quarter
/// let half = rate::linear::product(&turn, &turn);
/// assert_eq!(half, [[-1.0, 0.0], [0.0, -1.0]]);
/// ```
#[must_use]
pub fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Matrix {
    let terms = 0..a.len().max(b.len());
    matrix(a.len(), |i, j| terms.clone().map(|k| at(a, i, k) * at(b, k, j)).sum())
}

/// Aᵀ, whose entry in row i and column j is a_ji.
///
/// ```
/// let a = [vec![1.0, 2.0], vec![3.0, 4.0]];
/// assert_eq!(rate::linear::transposed(&a), [[1.0, 3.0], [2.0, 4.0]]);
/// ```
#[must_use]
pub fn transposed(a: &[Vec<f64>]) -> Matrix {
    matrix(a.len(), |i, j| at(a, j, i))
}

/// A with the columns beside it that `beside` gives, a row at a time.
fn augmented<R: IntoIterator<Item = f64>>(
    a: &[Vec<f64>],
    beside: impl Fn(usize) -> R,
) -> Matrix {
    let row = |i: usize| (0..a.len()).map(move |j| at(a, i, j)).chain(beside(i)).collect();
    (0..a.len()).map(row).collect()
}

/// Makes column `p` 0 in all rows from `first` on but row `p`, by taking multiples of row `p` away.
fn clear(rows: &mut Matrix, p: usize, first: usize) {
    let pivot = rows[p].clone();
    for (_, row) in rows.iter_mut().enumerate().skip(first).filter(|(i, _)| *i != p) {
        let factor = row[p] / pivot[p];
        row.iter_mut().zip(&pivot).for_each(|(entry, above)| *entry -= factor * above);
    }
}

/// D Lᵀ | L⁻¹ of a symmetric A = L D Lᵀ, where L has ones on its diagonal and nothing above it:
/// elimination turns A | 1 into it.
fn eliminated(a: &[Vec<f64>]) -> Matrix {
    let size = a.len();
    let mut rows = augmented(a, |i| (0..size).map(move |j| f64::from(i == j)));
    (0..size).for_each(|p| clear(&mut rows, p, p + 1));
    rows
}

/// The lower triangle W that makes 1 of a positive definite A:
///
/// ```text
/// W A Wᵀ = 1,   W = D^(−½) L⁻¹   where A = L D Lᵀ
/// ```
///
/// So A⁻¹ = Wᵀ W. Of a matrix that is not positive definite, entries are NaN or infinite.
///
/// ```
/// let white = rate::linear::whitening(&[vec![4.0, 0.0], vec![0.0, 0.25]]);
/// assert_eq!(white, [[0.5, 0.0], [0.0, 2.0]]);
/// ```
#[must_use]
pub fn whitening(a: &[Vec<f64>]) -> Matrix {
    let rows = eliminated(a);
    matrix(a.len(), |i, j| rows[i][a.len() + j] / rows[i][i].sqrt())
}

/// Why there is no inverse.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the matrix is not positive definite: the pivot of row {row} is {pivot}")]
pub struct NotPositiveDefinite {
    /// The first row whose pivot is not positive.
    pub row: usize,
    /// What elimination has left of its entry on the diagonal.
    pub pivot: f64,
}

/// The inverse of a symmetric A that is positive definite, symmetric to the last bit:
///
/// ```text
/// A⁻¹ = L⁻ᵀ D⁻¹ L⁻¹   where A = L D Lᵀ
/// ```
///
/// # Errors
///
/// A pivot, an entry of D, that is NaN or at most a billionth of the largest entry on the diagonal.
///
/// ```
/// use rate::linear::{NotPositiveDefinite, inverse};
/// let a = [vec![2.0, 1.0], vec![1.0, 1.0]];
/// assert_eq!(inverse(&a), Ok(vec![vec![1.0, -1.0], vec![-1.0, 2.0]]));
/// let saddle = [vec![1.0, 2.0], vec![2.0, 1.0]];
/// assert_eq!(inverse(&saddle), Err(NotPositiveDefinite { row: 1, pivot: -3.0 }));
/// ```
pub fn inverse(a: &[Vec<f64>]) -> Result<Matrix, NotPositiveDefinite> {
    let (size, rows) = (a.len(), eliminated(a));
    let least = 1e-9 * (0..size).map(|p| at(a, p, p)).fold(0.0, f64::max);
    let pivots = (0..size).map(|row| NotPositiveDefinite { row, pivot: rows[row][row] });
    if let Some(bad) = pivots.into_iter().find(|p| p.pivot.is_nan() || p.pivot <= least) {
        return Err(bad);
    }
    let part = |p: usize, i, j| rows[p][size + i] * rows[p][size + j] / rows[p][p];
    Ok(matrix(size, |i, j| (0..size).map(|p| part(p, i, j)).sum()))
}

/// The x with A x = b, for a positive definite A, however nearly singular: by Gauss and Jordan,
/// without exchanges of rows.
///
/// Of another matrix it may be NaN or infinite.
///
/// ```
/// let a = [vec![2.0, 1.0], vec![1.0, 1.0]];
/// assert_eq!(rate::linear::solution(&a, &[3.0, 2.0]), [1.0, 1.0]);
/// ```
#[must_use]
pub fn solution(a: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut rows = augmented(a, |i| [b.get(i).copied().unwrap_or(f64::NAN)]);
    (0..a.len()).for_each(|p| clear(&mut rows, p, 0));
    (0..a.len()).map(|i| rows[i][a.len()] / rows[i][i]).collect()
}

/// The eigenvalues of a symmetric matrix, the largest first, by Jacobi's rotations: each makes
/// two entries off the diagonal 0. Ten sweeps take a matrix of this size far below rounding.
///
/// ```
/// let values = rate::linear::eigenvalues(&[vec![2.0, 1.0], vec![1.0, 2.0]]);
/// assert!((values[0] - 3.0).abs() < 1e-15 && (values[1] - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn eigenvalues(a: &[Vec<f64>]) -> Vec<f64> {
    let (size, mut a) = (a.len(), matrix(a.len(), |i, j| at(a, i, j)));
    let pairs = (0..size).flat_map(|q| (0..q).map(move |p| (p, q)));
    for (p, q) in std::iter::repeat_n(pairs, 10).flatten() {
        let (twice, apart) = (2.0 * a[p][q], a[q][q] - a[p][p]);
        if twice == 0.0 {
            continue;
        }
        let tangent = twice / (apart + apart.hypot(twice).copysign(apart));
        let cos = 1.0 / (1.0 + tangent.powi(2)).sqrt();
        let sin = tangent * cos;
        let rotation = matrix(size, |i, j| match (i, j) {
            _ if (i, j) == (p, p) || (i, j) == (q, q) => cos,
            _ if (i, j) == (p, q) => sin,
            _ if (i, j) == (q, p) => -sin,
            _ => f64::from(i == j),
        });
        a = product(&product(&transposed(&rotation), &a), &rotation);
    }
    let mut values: Vec<f64> = (0..size).map(|i| a[i][i]).collect();
    values.sort_by(f64::total_cmp);
    values.reverse();
    values
}
