//! Whether there are samples that have some moments.

/// What rounding may do to a sum, as a share of the number of samples.
const ROUNDING: f64 = 1e-9;

/// Whether numbers between −1 and 1 have these moments, but for rounding (eq:possible): the matrices
///
/// ```text
/// G⁺_pq = M_p+q + M_p+q+1,   G⁻_pq = M_p+q − M_p+q+1,   p, q = 0, …, 3
/// ```
///
/// are sums of (1 + t) v vᵀ and (1 − t) v vᵀ with v = (1, t, t², t³), so neither has a negative
/// eigenvalue.
// ANCHOR: possible
pub(crate) fn possible(moments: &[f64; 8]) -> bool {
    [1.0, -1.0].iter().all(|sign| {
        let entry = |p: usize, q: usize| {
            let rounding = if p == q { ROUNDING * moments[0] } else { 0.0 };
            moments[p + q] + sign * moments[p + q + 1] + rounding
        };
        is_positive(std::array::from_fn(|p| std::array::from_fn(|q| entry(p, q))))
    })
}
// ANCHOR_END: possible

/// Whether a symmetric matrix has positive eigenvalues only: so have its pivots.
// ANCHOR: is_positive
fn is_positive(mut matrix: [[f64; 4]; 4]) -> bool {
    for k in 0..4 {
        let pivot = matrix[k];
        if pivot[k].is_nan() || pivot[k] <= 0.0 {
            return false;
        }
        for row in &mut matrix[k + 1..] {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(pivot).for_each(|(entry, above)| *entry -= factor * above);
        }
    }
    true
}
// ANCHOR_END: is_positive

#[cfg(test)]
mod tests {
    use super::possible;
    use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

    fn of(values: &[f64]) -> [f64; 8] {
        std::array::from_fn(|p| values.iter().map(|t| t.powi(p as i32)).sum())
    }

    /// Law, eq:possible: whatever numbers between −1 and 1 there are, their moments are possible. If one of
    /// them lies outside, or a moment of one number, or of two that lie apart, is off by a thousandth,
    /// they are not.
    #[test]
    fn moments_are_possible_if_there_are_numbers_that_have_them() {
        let mut rng = ChaCha8Rng::seed_from_u64(41);
        for round in 0..4000 {
            let values: Vec<f64> = (0..rng.random_range(1..=3))
                .map(|_| (rng.random_range(-1.0..=1.0_f64) * 20.0).round() / 20.0)
                .collect();
            let many = values.repeat(rng.random_range(1..300));
            let moments = of(&many);
            assert!(possible(&moments), "{values:?}");
            let p = 1 + round % 7;
            for by in [1e-3, -1e-3] {
                let mut spoilt = moments;
                spoilt[p] += by * moments[0];
                let apart =
                    values.iter().all(|v| *v == values[0] || (v - values[0]).abs() > 0.5);
                let few = apart && values.len() <= 2;
                assert!(!(few && possible(&spoilt)), "{values:?}, {p}, {by}");
            }
        }
        for beyond in [1.1, -1.1, 2.0, -30.0] {
            assert!(!possible(&of(&[0.3, beyond])));
        }
        assert!(!possible(&[1.0, 0.0, 1.1, 0.0, 1.0, 0.0, 1.0, 0.0])); // m2 above m0
        assert!(!possible(&[1.0, 0.5, 0.2, 0.0, 0.1, 0.0, 0.1, 0.0])); // a variance below 0
        assert!(!possible(&[0.0; 8]));
        assert!(!possible(&[2.0, f64::NAN, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]));
    }
}
