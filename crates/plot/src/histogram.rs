//! Samples in bins.

use crate::PlotError;
use std::ops::Range;

/// As many bins as the notebook has.
const BINS: usize = 100;

/// How many samples fall in each of some bins of equal width, from the minimum to the maximum.
pub struct Histogram {
    /// From the minimum to the maximum.
    pub range: Range<f64>,
    /// The samples in each bin.
    pub counts: Vec<f64>,
}

impl Histogram {
    /// A hundred bins.
    pub fn new(data: &[f64]) -> Result<Self, PlotError> {
        Self::with_bins(data, BINS)
    }

    /// The same with so many bins.
    pub fn with_bins(data: &[f64], bins: usize) -> Result<Self, PlotError> {
        Self::counted(data.iter().map(|x| (*x, 1.0)), range(data)?, bins)
    }

    /// The same for samples that do not count once each.
    pub fn weighted(data: &[f64], weights: &[f64], bins: usize) -> Result<Self, PlotError> {
        let each = data.iter().copied().zip(weights.iter().copied());
        Self::counted(each, range(data)?, bins)
    }

    fn counted(
        data: impl IntoIterator<Item = (f64, f64)>,
        range: Range<f64>,
        bins: usize,
    ) -> Result<Self, PlotError> {
        let mut histogram = Self { range, counts: vec![0.0; bins] };
        for (x, often) in data {
            let bin = histogram.bin(x);
            histogram.counts[bin] += often;
        }
        Ok(histogram)
    }

    /// The bin that `x` falls in; the maximum falls in the last.
    pub fn bin(&self, x: f64) -> usize {
        let bin = (x - self.range.start) / self.width();
        (bin as usize).min(self.counts.len() - 1)
    }

    /// The width of a bin.
    pub fn width(&self) -> f64 {
        (self.range.end - self.range.start) / self.counts.len() as f64
    }

    /// The left edge of a bin, which is the right edge of the bin before.
    pub fn edge(&self, bin: usize) -> f64 {
        self.range.start + bin as f64 * self.width()
    }

    /// The steps over bars of these heights, two points a bar.
    pub fn outline(&self, heights: &[f64]) -> Vec<(f64, f64)> {
        let bars = heights.iter().enumerate();
        bars.flat_map(|(bin, &h)| [(self.edge(bin), h), (self.edge(bin + 1), h)]).collect()
    }

    /// The heights of the bars whose areas sum to one.
    pub fn densities(&self) -> Vec<f64> {
        let samples: f64 = self.counts.iter().sum();
        self.counts.iter().map(|count| count / samples / self.width()).collect()
    }
}

/// The range of samples; wide enough for an axis, even if there is only one.
fn range(data: &[f64]) -> Result<Range<f64>, PlotError> {
    if data.is_empty() {
        return Err(PlotError::NoSamples);
    }
    match data.iter().position(|x| !x.is_finite()) {
        Some(sample) => Err(PlotError::NotFinite { sample, value: data[sample] }),
        None => wide_enough(data),
    }
}

/// From the least to the greatest of finite values. Values that differ too little to be told
/// apart on an axis get room to both sides.
pub fn wide_enough(values: &[f64]) -> Result<Range<f64>, PlotError> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let farthest = low.abs().max(high.abs());
    if farthest.is_nan() || farthest > f64::MAX / 16.0 {
        return Err(PlotError::TooWide { low, high });
    }
    let least = (1e-12 * farthest).max(1e-290);
    if high - low >= least {
        return Ok(low..high);
    }
    let room = (0.01 * low.abs()).max(0.5);
    Ok(low - room..high + room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_scaled_as_a_density_have_areas_that_sum_to_one() {
        let histogram = Histogram::new(&[0.0, 0.1, 0.5, 3.0, 7.5, 20.0]).unwrap();
        let area: f64 = histogram.densities().iter().map(|d| d * histogram.width()).sum();
        assert!((area - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_sample_falls_in_one_bin_and_the_maximum_in_the_last() {
        let histogram = Histogram::new(&[0.0, 0.5, 99.0, 99.5, 100.0]).unwrap();
        assert_eq!(histogram.range, 0.0..100.0);
        assert_eq!((histogram.counts[0], histogram.counts[99]), (2.0, 3.0));
        assert_eq!(histogram.counts.iter().sum::<f64>(), 5.0);
    }

    #[test]
    fn a_weight_is_how_often_a_sample_counts() {
        let weighted = Histogram::weighted(&[0.0, 1.0, 10.0], &[0.5, 2.0, 3.0], 5).unwrap();
        assert_eq!(weighted.counts, [2.5, 0.0, 0.0, 0.0, 3.0]);
    }

    #[test]
    fn a_single_value_has_room_to_both_sides() {
        assert_eq!(Histogram::new(&[7.0]).unwrap().range, 6.5..7.5);
        assert_eq!(Histogram::new(&[7.0; 9]).unwrap().range, 6.5..7.5);
        let far = Histogram::new(&[1e300; 2]).unwrap();
        assert!(far.width() > 0.0);
        assert_eq!(far.counts.iter().sum::<f64>(), 2.0);
    }

    #[test]
    fn samples_too_far_apart_for_an_axis_are_refused() {
        let error = Histogram::new(&[-1.7e308, 1.7e308]).err();
        assert!(matches!(error, Some(PlotError::TooWide { .. })));
    }
}
