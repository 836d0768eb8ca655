//! Samples that have been looked at once.

use crate::{Sums, total};
use e_step::EStepError;
use fearless_simd::{Level, Simd, dispatch, f64x8, prelude::*};

/// Samples that are looked at together: they stay in the nearest cache.
const BLOCK: usize = 1 << 12;

/// Finite samples, at least one, and what one look at them tells: their sums, the least and the
/// largest.
///
/// ```
/// let samples = one_pass::Samples::new(&[1.0, 2.0, 6.0])?;
/// assert_eq!(samples.sums().centre, 3.0); // the mean
/// assert_eq!(samples.sums().second, 14.0); // n times the variance
/// # Ok::<(), e_step::EStepError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    data: &'a [f64],
    sums: Sums,
    range: [f64; 2],
}

impl<'a> Samples<'a> {
    /// Looks at every sample once, block by block: the sums of a block about its mean (eq:sums),
    /// and the sums of all blocks merged (eq:merge).
    ///
    /// # Errors
    ///
    /// No samples; a sample that is NaN or infinite, with its place. It is looked for only when
    /// it has spoilt the sums.
    // ANCHOR: new
    pub fn new(data: &'a [f64]) -> Result<Self, EStepError> {
        let &first = data.first().ok_or(EStepError::NoSamples)?;
        let (mut sums, mut range) = (Sums::new(first), [first; 2]);
        for block in data.chunks(BLOCK) {
            let (eights, rest) = block.as_chunks::<8>();
            let look = dispatch!(Level::new(), simd => look(simd, eights));
            sums = sums.merge(&look.0);
            range = [range[0].min(look.1[0]), range[1].max(look.1[1])];
            for &x in rest {
                sums.add(x, 1.0);
                range = [range[0].min(x), range[1].max(x)];
            }
            sums = sums.about(sums.component(1).mean); // the first sample may be an outlier
        }
        if !sums.second.is_finite()
            && let Some(sample) = data.iter().position(|x| !x.is_finite())
        {
            return Err(EStepError::NotFinite { sample, value: data[sample] });
        }
        Ok(Self { data, sums, range })
    }
    // ANCHOR_END: new

    /// The samples themselves.
    #[must_use]
    pub fn data(&self) -> &'a [f64] {
        self.data
    }

    /// All samples as one component: their number, and n times their variance, about their mean.
    #[must_use]
    pub fn sums(&self) -> Sums {
        self.sums
    }

    /// The least and the largest.
    #[must_use]
    pub fn range(&self) -> [f64; 2] {
        self.range
    }
}

/// Sums about the mean, and the range, of samples in whole eights.
#[inline(always)]
pub(crate) fn look<S: Simd>(simd: S, eights: &[[f64; 8]]) -> (Sums, [f64; 2]) {
    let count = 8.0 * eights.len() as f64;
    let mut sum = f64x8::splat(simd, 0.0);
    let mut low = f64x8::splat(simd, f64::INFINITY);
    let mut high = f64x8::splat(simd, f64::NEG_INFINITY);
    for x in eights {
        let x = f64x8::from_slice(simd, x);
        sum += x;
        low = low.min(x);
        high = high.max(x);
    }
    let centre = if eights.is_empty() { 0.0 } else { total(sum) / count };
    let [mut first, mut second] = [f64x8::splat(simd, 0.0); 2];
    for x in eights {
        let d = f64x8::from_slice(simd, x) - centre;
        first += d;
        second = d.mul_add(d, second);
    }
    let sums = Sums { centre, count, first: total(first), second: total(second) };
    (sums, [low.reduce_min(), high.reduce_max()])
}
