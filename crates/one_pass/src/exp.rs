//! The exponential of eight numbers at once.

use fearless_simd::{Simd, f64x8, i64x8, prelude::*};
use std::f64::consts::LOG2_E;

/// ln 2 in two parts: the first has zeros at its end, so n times it is exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];

/// exp r ≈ 1 + r + r² (c_0 + c_1 r + …) where |r| ≤ ½ ln 2, to 3.5e-17 of it: interpolation in
/// Chebyshev's points, solved in 64-bit numbers, whose rounding costs half of that.
const C: [f64; 10] = [
    0.5,
    0.166_666_666_666_666_69,
    0.041_666_666_666_624_13,
    0.008_333_333_333_330_062,
    0.001_388_888_891_721_371_7,
    0.000_198_412_698_630_536_18,
    2.480_152_129_595_437_6e-5,
    2.755_726_845_999_706_4e-6,
    2.762_008_844_540_974_6e-7,
    2.510_038_549_551_032e-8,
];

/// 1.5 · 2⁵²: added to a number, it leaves the nearest integer in the last bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The exponential (eq:exp), to one unit in the last place, where −708 ≤ x ≤ 709. Elsewhere any value.
#[inline(always)]
// ANCHOR: exp
pub(crate) fn exp<S: Simd>(x: f64x8<S>) -> f64x8<S> {
    let rounded = x.mul_add(LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = n.mul_add(-LN_2[0], x);
    let r = n.mul_add(-LN_2[1], r);
    let r2 = r * r;
    let r4 = r2 * r2;
    let low = r.mul_add(C[3], C[2]).mul_add(r2, r.mul_add(C[1], C[0]));
    let high = r.mul_add(C[7], C[6]).mul_add(r2, r.mul_add(C[5], C[4]));
    let series = r.mul_add(C[9], C[8]).mul_add(r4, high).mul_add(r4, low);
    let exp_r = series.mul_add(r2, r + 1.0);
    let power: i64x8<S> = rounded.bitcast::<i64x8<S>>() << 52;
    (exp_r.bitcast::<i64x8<S>>() + power).bitcast()
}
// ANCHOR_END: exp
