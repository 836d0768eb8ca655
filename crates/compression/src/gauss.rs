//! The points that have the moments of a bin.

use crate::bins::Moments;

/// The most points whose rule eight moments determine.
pub(crate) const MOST: usize = 4;

/// The norm Σ_j p_m(t_j)² / n at which p_m vanishes on all samples: they have m different values.
const NOTHING: f64 = 1e-14;

/// What the polynomials of a bin are made from: p_{m+1} = (t − α_m) p_m − β_m p_{m−1}
/// (eq:gauss-recurrence).
#[derive(Debug, Clone, Copy)]
struct Polynomials {
    alpha: [f64; MOST],
    beta: [f64; MOST],
    /// Σ_j p_m(t_j)²
    norm: [f64; MOST],
    /// How many polynomials do not vanish on all samples.
    len: usize,
}

impl Polynomials {
    /// Of at most `points` polynomials, from the moments: `row[q]` is Σ_j p_m(t_j) t_j^q.
    // ANCHOR: recurrence
    fn new(moments: &Moments, points: usize) -> Self {
        let mut of =
            Self { alpha: [0.0; MOST], beta: [0.0; MOST], norm: [0.0; MOST], len: 0 };
        let (mut before, mut row) = ([0.0; 8], *moments);
        while of.len < points && row[of.len] > NOTHING * moments[0] {
            let m = of.len;
            let last = if m == 0 { [0.0, 1.0] } else { [before[m], before[m - 1]] };
            of.norm[m] = row[m];
            of.alpha[m] = row[m + 1] / row[m] - last[0] / last[1];
            of.beta[m] = if m == 0 { 0.0 } else { row[m] / last[1] };
            let mut next = [0.0; 8];
            for q in m + 1..2 * points - m - 1 {
                next[q] = row[q + 1] - of.alpha[m] * row[q] - of.beta[m] * before[q];
            }
            (before, row, of.len) = (row, next, m + 1);
        }
        of
    }
    // ANCHOR_END: recurrence

    /// p_m(t) for m = 0, 1, …
    fn values(&self, t: f64) -> [f64; MOST + 1] {
        let mut p = [1.0; MOST + 1];
        for m in 0..self.len {
            let before = if m == 0 { 0.0 } else { p[m - 1] };
            p[m + 1] = (t - self.alpha[m]) * p[m] - self.beta[m] * before;
        }
        p
    }

    /// p_m(t) and its slope.
    fn slope(&self, m: usize, t: f64) -> (f64, f64) {
        let (mut p, mut before) = ((1.0, 0.0), (0.0, 0.0));
        for (alpha, beta) in self.alpha.iter().zip(self.beta).take(m) {
            let d = t - alpha;
            (p, before) = ((d * p.0 - beta * before.0, p.0 + d * p.1 - beta * before.1), p);
        }
        p
    }

    /// The zero of p_m between two numbers that have no other between them; p_m is `rising` there
    /// or falls. By Newton's method, or by halving where that would leave the interval.
    fn zero(&self, m: usize, mut low: f64, mut high: f64, rising: bool) -> f64 {
        let mut t = 0.5 * (low + high);
        for _ in 0..60 {
            let (p, slope) = self.slope(m, t);
            if (p > 0.0) == rising {
                high = t
            } else {
                low = t
            }
            let next = t - p / slope;
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            if (next - t).abs() <= f64::EPSILON {
                return next;
            }
            t = next;
        }
        t
    }
}

/// At most `points` places t between −1 and 1, and how many samples each stands for, with the moments of the bin
/// (eq:gauss-rule).
// ANCHOR: rule
pub(crate) fn rule(moments: &Moments, points: usize) -> Vec<(f64, f64)> {
    let of = Polynomials::new(moments, points);
    let mut zeros = vec![];
    for m in 1..=of.len {
        let ends = [&[-1.0], &zeros[..], &[1.0]].concat(); // what parts the zeros of p_m
        let rising = |i: usize| (m - i) % 2 == 1;
        let zero = |(i, ends): (usize, &[f64])| of.zero(m, ends[0], ends[1], rising(i));
        zeros = ends.windows(2).enumerate().map(zero).collect();
    }
    let count = |t: f64| {
        let terms = of.values(t).into_iter().zip(of.norm).take(of.len);
        1.0 / terms.map(|(p, norm)| p * p / norm).sum::<f64>()
    };
    zeros.into_iter().map(|t| (t, count(t))).collect()
}
// ANCHOR_END: rule
