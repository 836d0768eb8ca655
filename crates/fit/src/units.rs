//! The units in which a fit is computed.

use crate::weighted::Weighted;
use crate::{Class, Classes, Component, FitError, Mixture, Report, Step};
use em::EmError;
use grouped::GroupedError;
use m_step::MStepError;
use one_pass::Sums;
use query::Moments;
use rate::ConvergeError;
use sampling::MixtureError;
use std::borrow::Cow;

/// x = `centre` + `scale` x′, and the fit is one of x′ (eq:units). Far from 0 little is left of 64 bits
/// for what tells samples apart, and squares of very large or small numbers are none.
///
/// The scale is a power of two and the centre a multiple of one, so that samples far from 0 lose no bit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Units {
    centre: f64,
    scale: f64,
}

/// Deviations from 0 up to which a mean is near: it costs samples four bits.
const NEAR: f64 = 16.0;

/// Deviations that are neither large nor small: their fourth powers are numbers like any other.
const USUAL: std::ops::RangeInclusive<f64> = 1e-20..=1e20;

impl Units {
    /// Those of the samples, where they are near 0 and of a usual size.
    pub const OWN: Self = Self { centre: 0.0, scale: 1.0 };

    /// The units for data with these sums.
    // ANCHOR: units
    pub fn of(whole: &Sums) -> Self {
        let all = whole.component(1);
        let deviation = all.variance.sqrt();
        let power = power_of_two(deviation);
        if !power.is_normal() {
            return Self::OWN; // what is the matter, the fit will say
        }
        let near = all.mean.abs() <= NEAR * deviation;
        Self {
            centre: if near { 0.0 } else { power * (all.mean / power).round() },
            scale: if USUAL.contains(&deviation) { 1.0 } else { power },
        }
    }
    // ANCHOR_END: units

    fn inside(&self, x: f64) -> f64 {
        (x - self.centre) / self.scale
    }

    fn outside(&self, x: f64) -> f64 {
        self.centre + self.scale * x
    }

    fn square(&self, variance: f64) -> f64 {
        self.scale * (self.scale * variance)
    }

    /// The samples in these units.
    pub fn samples<'a>(&self, data: &'a [f64]) -> Cow<'a, [f64]> {
        match *self == Self::OWN {
            true => data.into(),
            false => data.iter().map(|x| self.inside(*x)).collect(),
        }
    }

    /// The same of samples with weights.
    pub fn weighted(&self, samples: Weighted) -> Weighted {
        samples.mapped(|x| self.inside(x))
    }

    /// The same of a table of moments, unless its bins have no place there.
    pub fn moments(&self, table: &Moments) -> Option<Moments> {
        let bins = self.centre / table.width();
        let whole = bins.fract() == 0.0 && bins.abs() <= 1e15;
        let moved = whole.then(|| table.lowered(bins as i64));
        moved.and_then(|moved| moved.divided(self.scale).ok())
    }

    /// The same of classes, unless that makes one of them empty.
    pub fn classes(&self, classes: &Classes) -> Option<Classes> {
        let moved = |c: &Class| (self.inside(c.lower), self.inside(c.upper), c.count);
        Classes::new(classes.classes().iter().map(moved)).ok()
    }

    /// A start in these units. What is too far away or too wide for a number is as far and as wide as
    /// there are numbers.
    pub fn start(&self, mixture: &Mixture) -> Mixture {
        let moved = |c: &Component| {
            let mean = self.inside(c.mean).clamp(-f64::MAX, f64::MAX);
            let variance = c.variance / self.scale / self.scale;
            let variance = variance.clamp(f64::MIN_POSITIVE, f64::MAX);
            Component { weight: c.weight, mean, variance }
        };
        let moved = mixture.components().iter().map(moved);
        Mixture::new(moved).expect("it was one in other units")
    }

    /// The mixture in the caller's units.
    fn mixture(&self, mixture: &Mixture) -> Result<Mixture, MixtureError> {
        Mixture::new(mixture.components().iter().map(|c| Component {
            weight: c.weight,
            mean: self.outside(c.mean),
            variance: self.square(c.variance),
        }))
    }

    /// The report in the caller's units. `densities` is how many samples have a density, whose unit is
    /// one over that of the samples: none where they are counted in classes.
    ///
    /// # Errors
    ///
    /// A variance that is too large or too small for a number there.
    pub fn report(&self, report: Report, densities: f64) -> Result<Report, FitError> {
        if *self == Self::OWN {
            return Ok(report);
        }
        let mut report = report.of_x(-densities * self.scale.ln());
        report.mixture = self.mixture(&report.mixture)?;
        report.standard_errors = report.standard_errors.map_err(|e| self.error(e));
        for errors in report.standard_errors.iter_mut().flatten() {
            errors.mean *= self.scale;
            errors.variance = self.square(errors.variance);
        }
        for row in &mut report.tried {
            row.outcome = row.outcome.clone().map_err(|e| self.error(e));
        }
        for Step { mixture, .. } in &mut report.trace {
            *mixture = self.mixture(mixture)?;
        }
        Ok(report)
    }

    /// The error with the numbers that the caller knows.
    pub fn error(&self, error: FitError) -> FitError {
        use {e_step::EStepError::Underflow, start::StartError::Constant};
        let m_step = |error| match error {
            MStepError::Collapsed { component, mean, variance } => {
                let (mean, variance) = (self.outside(mean), self.square(variance));
                MStepError::Collapsed { component, mean, variance }
            }
            other => other,
        };
        match error {
            FitError::MStep(error) => m_step(error).into(),
            FitError::Em(EmError::MStep(error)) => EmError::from(m_step(error)).into(),
            FitError::Em(EmError::EStep(Underflow { sample, value })) => {
                let value = self.outside(value);
                EmError::from(Underflow { sample, value }).into()
            }
            FitError::Grouped(GroupedError::MStep(error)) => {
                GroupedError::from(m_step(error)).into()
            }
            FitError::Grouped(GroupedError::OutOfReach { class, lower, upper }) => {
                let [lower, upper] = [lower, upper].map(|x| self.outside(x));
                GroupedError::OutOfReach { class, lower, upper }.into()
            }
            FitError::Start(Constant { value }) => {
                Constant { value: self.outside(value) }.into()
            }
            FitError::Converge(converge) => FitError::Converge(Box::new(match *converge {
                ConvergeError::Step { step, error } => {
                    ConvergeError::Step { step, error: self.error(error) }
                }
                other => other,
            })),
            FitError::TooNarrow { component, deviation, width, wanted } => {
                let [deviation, width, wanted] =
                    [deviation, width, wanted].map(|x| self.scale * x);
                FitError::TooNarrow { component, deviation, width, wanted }
            }
            other => other,
        }
    }
}

/// The largest power of two that is not above a positive normal number.
fn power_of_two(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & f64::INFINITY.to_bits())
}
