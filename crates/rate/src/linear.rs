//! The few lines of linear algebra that the rate needs, for matrices of a handful of rows.

/// A matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// The matrix of this size whose entries are `entry(row, column)`.
pub fn matrix(size: usize, entry: impl Fn(usize, usize) -> f64) -> Matrix {
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// The matrix A B.
pub fn product(a: &Matrix, b: &Matrix) -> Matrix {
    matrix(a.len(), |i, j| (0..b.len()).map(|k| a[i][k] * b[k][j]).sum())
}

/// Aᵀ.
pub fn transposed(a: &Matrix) -> Matrix {
    matrix(a.len(), |i, j| a[j][i])
}

/// The lower triangle W with W A Wᵀ = 1, for a positive definite A. Elimination turns A | 1 into
/// D Lᵀ | L⁻¹, where A = L D Lᵀ; W is D^(−½) L⁻¹.
pub fn whitening(a: &Matrix) -> Matrix {
    let size = a.len();
    let beside = |i: usize| (0..size).map(move |j| f64::from(i == j));
    let mut rows: Matrix =
        (0..size).map(|i| a[i].iter().copied().chain(beside(i)).collect()).collect();
    for p in 0..size {
        let pivot = rows[p].clone();
        for row in &mut rows[p + 1..] {
            let factor = row[p] / pivot[p];
            row.iter_mut().zip(&pivot).for_each(|(entry, above)| *entry -= factor * above);
        }
    }
    matrix(size, |i, j| rows[i][size + j] / rows[i][i].sqrt())
}

/// The eigenvalues of a symmetric matrix, the largest first, by Jacobi's rotations: each makes
/// two entries off the diagonal 0. Ten sweeps take a matrix of this size far below rounding.
pub fn eigenvalues(mut a: Matrix) -> Vec<f64> {
    let size = a.len();
    let pairs = (0..size).flat_map(|q| (0..q).map(move |p| (p, q)));
    for (p, q) in std::iter::repeat_n(pairs, 10).flatten() {
        let angle = 0.5 * (2.0 * a[p][q]).atan2(a[q][q] - a[p][p]);
        let (sin, cos) = angle.sin_cos();
        let rotation = matrix(size, |i, j| match (i, j) {
            _ if (i, j) == (p, p) || (i, j) == (q, q) => cos,
            _ if (i, j) == (p, q) => sin,
            _ if (i, j) == (q, p) => -sin,
            _ => f64::from(i == j),
        });
        a = product(&product(&transposed(&rotation), &a), &rotation);
    }
    let mut values: Vec<f64> = (0..size).map(|i| a[i][i]).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}
