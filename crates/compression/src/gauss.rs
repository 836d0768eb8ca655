//! The points that have the moments of a bin.

use crate::bins::Moments;

/// The most points whose rule eight moments determine.
pub(crate) const MOST: usize = 4;

/// The mean of p_m(t_j)² at which p_m vanishes on all samples: they have m different values.
const NOTHING: f64 = 1e-14;

/// A number beside the diagonal that is none: the places are right to 1e-16.
const NEGLIGIBLE: f64 = 1e-17;

/// Rounds of turns. Five have always been enough, and one that finds nothing to turn costs nothing.
const ROUNDS: usize = 8;

/// A symmetric matrix of at most four rows and columns.
pub(crate) type Matrix = [[f64; MOST]; MOST];

/// The matrix whose eigenvalues are the places (eq:gauss-matrix), of at most `points` rows, and how
/// many it has: as many as there are polynomials that do not vanish on all samples.
///
/// What rounding would drive out of the bin is held at its end (eq:gauss-inside).
pub(crate) fn matrix(moments: &Moments, points: usize) -> (Matrix, usize) {
    let mut matrix = [[0.0; MOST]; MOST];
    // ANCHOR: recurrence
    let (mut before, mut row) = ([0.0; 8], *moments); // row[q] is Σ_j p_m(t_j) t_j^q
    let (mut left, mut right) = (f64::INFINITY, f64::INFINITY);
    for m in 0..points {
        if row[m] <= NOTHING * moments[0] || left <= 0.0 || right <= 0.0 {
            return (matrix, m);
        }
        let last = if m == 0 { [0.0, 1.0] } else { [before[m], before[m - 1]] };
        let alpha = row[m + 1] / row[m] - last[0] / last[1];
        let beta = if m == 0 { 0.0 } else { row[m] / last[1] };
        let mut next = [0.0; 8];
        for q in m + 1..2 * points - m - 1 {
            next[q] = row[q + 1] - alpha * row[q] - beta * before[q];
        }
        (before, row) = (row, next);
        let beta = beta.min(2.0 / (1.0 / left + 1.0 / right));
        let alpha = alpha.max(beta / left - 1.0).min(1.0 - beta / right);
        (left, right) = (1.0 + alpha - beta / left, 1.0 - alpha - beta / right);
        set(&mut matrix, m, alpha, beta.sqrt());
    }
    // ANCHOR_END: recurrence
    (matrix, points)
}

/// One row more: a number on the diagonal, and one to both sides of it.
fn set(matrix: &mut Matrix, m: usize, on: f64, beside: f64) {
    matrix[m][m] = on;
    if m > 0 {
        (matrix[m][m - 1], matrix[m - 1][m]) = (beside, beside);
    }
}

/// Turns rows and columns p and q so that they meet in a 0, and two numbers of a vector with them.
fn turn(matrix: &mut Matrix, vector: &mut [f64; MOST], [p, q]: [usize; 2]) {
    if matrix[p][q].abs() <= NEGLIGIBLE {
        return;
    }
    // ANCHOR: turn
    let cot = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]); // of twice the angle
    let tan = cot.signum() / (cot.abs() + (cot * cot + 1.0).sqrt());
    let cos = 1.0 / (tan * tan + 1.0).sqrt();
    let turned = |a: f64, b: f64| (cos * (a - tan * b), cos * (b + tan * a));
    for row in matrix.iter_mut() {
        (row[p], row[q]) = turned(row[p], row[q]);
    }
    let (to_q, from_q) = matrix.split_at_mut(q);
    for (a, b) in to_q[p].iter_mut().zip(&mut from_q[0]) {
        (*a, *b) = turned(*a, *b);
    }
    (vector[p], vector[q]) = turned(vector[p], vector[q]);
    // ANCHOR_END: turn
}

/// At most `points` places t from −1 to 1, the least first, and how many samples each stands for:
/// together exactly as many as the bin has, and with its moments (eq:gauss-rule).
// ANCHOR: rule
pub(crate) fn rule(moments: &Moments, points: usize) -> Vec<(f64, f64)> {
    let (mut matrix, len) = matrix(moments, points);
    let mut first = [1.0, 0.0, 0.0, 0.0]; // numbers of the eigenvectors
    let pairs = (1..len).flat_map(|q| (0..q).map(move |p| [p, q]));
    for pair in std::iter::repeat_n(pairs, ROUNDS).flatten() {
        turn(&mut matrix, &mut first, pair);
    }
    let point = |i: usize| (matrix[i][i].clamp(-1.0, 1.0), moments[0] * first[i].powi(2));
    let mut rule = (0..len).map(point).collect();
    balance(&mut rule, moments[0]);
    rule
}
// ANCHOR_END: rule

/// Rounds the counts to digits that `all` has, so that no sum of them is rounded, and leaves the rest
/// to the largest: together they are `all`.
fn balance(rule: &mut Vec<(f64, f64)>, all: f64) {
    rule.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut rest = all;
    for (_, count) in rule.iter_mut().skip(1) {
        *count = all + *count - all;
        rest -= *count;
    }
    rule.iter_mut().take(1).for_each(|largest| largest.1 = rest);
    rule.retain(|point| point.1 > 0.0);
    rule.sort_by(|a, b| a.0.total_cmp(&b.0));
}
