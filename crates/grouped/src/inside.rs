//! What a component is like inside a class, by integrals that cannot cancel.

use crate::Class;
use sampling::Component;
use std::f64::consts::TAU;
use std::sync::LazyLock;

/// The exponent at which an integral is cut off: e⁻⁴⁵ is 3e-20.
const CUT: f64 = 45.0;

impl Class {
    /// What the component is like inside this class: the logarithm of the class's probability
    /// P_ck, and the mean m_ck and the variance v_ck of the part inside (eq:tail-integrals).
    ///
    /// From the edge nearest to the component's mean, at u deviations from it, with w the width:
    ///
    /// ```text
    /// ln P = −u²/2 − ½ ln 2π + ln J₀,   J_j = ∫₀ʷ tʲ exp(−ut − t²/2) dt
    /// m = edge ± σ J₁/J₀,   v = σ² (J₂/J₀ − (J₁/J₀)²)
    /// ```
    ///
    /// Right to about 13 digits, however narrow the class and however far out, as far as u itself
    /// is. Beyond u = 1e154 the probability underflows even as a logarithm: −∞, and the moments
    /// mean nothing. The count plays no part. A class that [`Classes::new`] refuses gives nonsense.
    ///
    /// [`Classes::new`]: crate::Classes::new
    ///
    /// ```
    /// use {grouped::Class, sampling::Component};
    /// let standard = Component { weight: 1.0, mean: 0.0, variance: 1.0 };
    /// let tail = Class { lower: 1000.0, upper: f64::INFINITY, count: 1.0 };
    /// let (ln_p, mean, variance) = tail.inside(&standard);
    /// assert!((ln_p + 500_007.826_694_81).abs() < 1e-8); // P itself is 10 to the −217 151
    /// assert!((mean - 1000.000_999_998).abs() < 1e-12); // close to the edge
    /// assert!((variance / 0.999_994e-6 - 1.0).abs() < 1e-10);
    /// ```
    #[must_use]
    // ANCHOR: inside
    pub fn inside(&self, component: &Component) -> (f64, f64, f64) {
        let (mu, sigma) = (component.mean, component.variance.sqrt());
        let [a, b] = [self.lower, self.upper].map(|edge| (edge - mu) / sigma);
        let width = (self.upper - self.lower) / sigma;
        let (edge, u, [j0, j1, j2]) = if a >= 0.0 {
            (self.lower, a, integrals(a, width))
        } else if b <= 0.0 {
            let [j0, j1, j2] = integrals(-b, width);
            (self.upper, b, [j0, -j1, j2])
        } else {
            let (left, right) = (integrals(0.0, -a), integrals(0.0, b));
            (mu, 0.0, [right[0] + left[0], right[1] - left[1], right[2] + left[2]])
        };
        let (first, second) = (j1 / j0, j2 / j0);
        let ln_p = j0.ln() - 0.5 * (u * u + TAU.ln());
        (ln_p, edge + sigma * first, sigma * sigma * (second - first * first))
    }
    // ANCHOR_END: inside
}

/// J₀, J₁ and J₂ (eq:tail-integrals) by Gauss's rule, as far out as the integrand matters
/// (eq:cut).
// ANCHOR: integrals
fn integrals(u: f64, width: f64) -> [f64; 3] {
    let u = u.min(1e200); // its square is infinite, and it is not
    let end = width.min(2.0 * CUT / (u + (u * u + 2.0 * CUT).sqrt()));
    let mut sums = [0.0; 3];
    for (place, weight) in GAUSS.iter() {
        let t = end * place;
        let part = end * weight * (-t * (u + 0.5 * t)).exp();
        sums[0] += part;
        sums[1] += part * t;
        sums[2] += part * t * t;
    }
    sums
}
// ANCHOR_END: integrals

/// Gauss's rule on 0 to 1: places and weights that give the integral of every polynomial of
/// degree 63 or less.
static GAUSS: LazyLock<[(f64, f64); 32]> = LazyLock::new(|| std::array::from_fn(place));

/// The places are where Legendre's polynomial of degree 32 vanishes, found by Newton's method. It
/// begins close to cos πu, for which Bhāskara's (1 − 4u²)/(1 + u²) is near enough.
fn place(i: usize) -> (f64, f64) {
    let from_the_end = i.min(31 - i) as f64;
    let u2 = ((from_the_end + 0.75) / 32.5).powi(2);
    let mut x = (1.0 - 4.0 * u2) / (1.0 + u2) * if i < 16 { -1.0 } else { 1.0 };
    let mut slope = 0.0;
    for _ in 0..6 {
        let (mut below, mut p) = (1.0, x);
        for n in 2..=32 {
            let n = f64::from(n);
            (below, p) = (p, ((2.0 * n - 1.0) * x * p - (n - 1.0) * below) / n);
        }
        slope = 32.0 * (x * p - below) / (x * x - 1.0);
        x -= p / slope;
    }
    (0.5 * (1.0 + x), 1.0 / ((1.0 - x * x) * slope * slope))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every power of t up to the 63rd: ∫₀¹ tⁿ dt = 1/(n + 1).
    #[test]
    fn gauss_rule_is_exact_for_polynomials() {
        for n in 0..64 {
            let sum: f64 = GAUSS.iter().map(|(t, weight)| weight * t.powi(n)).sum();
            let exact = 1.0 / f64::from(n + 1);
            assert!((sum / exact - 1.0).abs() < 1e-13, "{n}: {sum}");
        }
    }
}
