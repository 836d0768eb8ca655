//! EM on a stream that is never stored: the three sums as running averages.
//!
//! This crate belongs to the chapter *Online*.

mod average;

pub use average::Average;

// ANCHOR: imports
use e_step::{EStepError, e_step};
use em::EmError;
use m_step::{MStepError, collapsed};
use one_pass::Sums;
use sampling::Mixture;
// ANCHOR_END: imports

/// How much a step gives to what is new: its share of the sums (eq:online-size).
// ANCHOR: size
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StepSize {
    /// t^−α in step t = 1, 2, …, for a stream that stays as it is; α in (½, 1].
    Falling(f64),
    /// The same in every step, for a stream that changes; in (0, 1].
    Constant(f64),
}

impl StepSize {
    /// η_t.
    #[must_use]
    pub fn at(self, step: u64) -> f64 {
        match self {
            Self::Falling(power) => (step as f64).powf(-power),
            Self::Constant(size) => size,
        }
    }
}
// ANCHOR_END: size

/// Why a stream cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum OnlineError {
    #[error(
        "the power of falling step sizes is {power}: it lies above 1/2, and is at most 1"
    )]
    Power { power: f64 },
    #[error("the step size is {size}: it lies above 0, and is at most 1")]
    Size { size: f64 },
    #[error(transparent)]
    Em(#[from] EmError),
}

impl From<EStepError> for OnlineError {
    fn from(error: EStepError) -> Self {
        Self::Em(error.into())
    }
}

/// EM that learns from a sample, or a batch, and forgets it: K times three running averages, and the
/// mixture that they make.
///
/// From O. Cappé and E. Moulines, *On-line expectation-maximization algorithm for latent data models*
/// (2009); with batches, P. Liang and D. Klein, *Online EM for unsupervised models* (2009).
///
/// ```
/// use {online::{Online, StepSize}, sampling::Mixture};
/// let start = Mixture::new([(1.0, 0.0, 1.0)])?;
/// let mut online = Online::new(start, StepSize::Constant(0.5), 0)?;
/// online.learn(&[4.0])?; // halfway there
/// assert_eq!(online.mixture().components()[0].mean, 2.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: online
#[derive(Debug, Clone)]
pub struct Online {
    sums: Vec<Sums>,
    mixture: Mixture,
    size: StepSize,
    burn_in: u64,
    steps: u64,
}
// ANCHOR_END: online

impl Online {
    /// Begins at a mixture, with the averages that samples from it would have. In the first `burn_in`
    /// steps the averages learn and the mixture stays.
    ///
    /// # Errors
    ///
    /// A power or a size out of its range.
    pub fn new(start: Mixture, size: StepSize, burn_in: u64) -> Result<Self, OnlineError> {
        match size {
            StepSize::Falling(power) if power > 0.5 && power <= 1.0 => {}
            StepSize::Constant(size) if size > 0.0 && size <= 1.0 => {}
            StepSize::Falling(power) => return Err(OnlineError::Power { power }),
            StepSize::Constant(size) => return Err(OnlineError::Size { size }),
        }
        let sums = start.components().iter().map(|c| Sums {
            centre: c.mean,
            count: c.weight,
            first: 0.0,
            second: c.weight * c.variance,
        });
        Ok(Self { sums: sums.collect(), mixture: start, size, burn_in, steps: 0 })
    }

    /// One step: the batch, which may be one sample, takes its share of the averages
    /// (eq:online-sums), and these make the next mixture (eq:m-step-sums).
    ///
    /// # Errors
    ///
    /// No samples, one that is not finite, or one so far out that its densities underflow: then
    /// nothing has changed, and the next batch may follow. A component that owns nothing any more,
    /// or has collapsed: then the stream needs another start.
    // ANCHOR: learn
    pub fn learn(&mut self, batch: &[f64]) -> Result<(), OnlineError> {
        let memberships = e_step(batch, &self.mixture)?;
        self.steps += 1;
        let size = self.size.at(self.steps);
        for (sums, row) in self.sums.iter_mut().zip(memberships.components()) {
            sums.count *= 1.0 - size;
            sums.first *= 1.0 - size;
            sums.second *= 1.0 - size;
            for (x, r) in batch.iter().zip(row) {
                sums.add(*x, size * r / batch.len() as f64);
            }
        }
        if self.steps > self.burn_in {
            self.mixture = m_step(&mut self.sums).map_err(EmError::from)?;
        }
        Ok(())
    }
    // ANCHOR_END: learn

    /// The mixture after the last step.
    #[must_use]
    pub fn mixture(&self) -> &Mixture {
        &self.mixture
    }
}

/// The mixture that averages make, which are then measured from its means: so a mean may travel far,
/// and its variance keeps its digits.
fn m_step(averages: &mut [Sums]) -> Result<Mixture, MStepError> {
    let mut components = Vec::new();
    for (component, sums) in averages.iter_mut().enumerate() {
        if !sums.count.is_normal() {
            return Err(MStepError::Empty { component, effective_count: sums.count });
        }
        let c = sums.component(1);
        let rounding = 4.0 * f64::EPSILON * sums.second / sums.count;
        if c.variance <= rounding || collapsed(c.mean, c.variance.sqrt()) {
            let (mean, variance) = (c.mean, c.variance.max(0.0));
            return Err(MStepError::Collapsed { component, mean, variance });
        }
        *sums = sums.about(c.mean);
        components.push(c);
    }
    Ok(Mixture::new(components)?)
}
