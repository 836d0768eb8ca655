//! The E-step: Bayes' rule turns a guess of the parameters into memberships.
//!
//! This crate belongs to the chapter *E-step*.

// ANCHOR: imports
use density::normal;
use sampling::Mixture;
// ANCHOR_END: imports

/// The memberships r_ik of n samples in K components: each between 0 and 1, and those of a
/// sample sum to 1. Valid by construction.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: memberships
pub struct Memberships {
    /// `table[k][i]` is r_ik.
    table: Vec<Vec<f64>>,
}
// ANCHOR_END: memberships

/// Why a table holds no memberships.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum MembershipsError {
    #[error("memberships need at least one component and one sample")]
    Empty,
    #[error("component {component} has {len} memberships, component 0 has {samples}")]
    Ragged { component: usize, len: usize, samples: usize },
    #[error(
        "the membership of sample {sample} in component {component} is {value}: it lies between 0 and 1"
    )]
    Value { component: usize, sample: usize, value: f64 },
    #[error("the memberships of sample {sample} sum to {sum}, not to 1")]
    Sum { sample: usize, sum: f64 },
}

impl Memberships {
    /// Memberships from anywhere: `table[k][i]` is r_ik, of sample i in component k.
    ///
    /// # Errors
    ///
    /// No components or no samples; rows that differ in length; a membership outside 0 to 1; a
    /// sample whose memberships do not sum to 1 within 1e-9. The error names the place.
    ///
    /// ```
    /// use e_step::Memberships;
    /// // Two samples, each owned by one component: labels are memberships too.
    /// assert!(Memberships::new(vec![vec![1.0, 0.0], vec![0.0, 1.0]]).is_ok());
    /// assert!(Memberships::new(vec![vec![1.0, 0.0], vec![0.5, 1.0]]).is_err());
    /// ```
    pub fn new(table: Vec<Vec<f64>>) -> Result<Self, MembershipsError> {
        let samples = table.first().map_or(0, Vec::len);
        if samples == 0 {
            return Err(MembershipsError::Empty);
        }
        for (component, row) in table.iter().enumerate() {
            if row.len() != samples {
                return Err(MembershipsError::Ragged {
                    component,
                    len: row.len(),
                    samples,
                });
            }
            for (sample, &value) in row.iter().enumerate() {
                if !(0.0..=1.0).contains(&value) {
                    return Err(MembershipsError::Value { component, sample, value });
                }
            }
        }
        for sample in 0..samples {
            let sum: f64 = table.iter().map(|row| row[sample]).sum();
            if (sum - 1.0).abs() > 1e-9 {
                return Err(MembershipsError::Sum { sample, sum });
            }
        }
        Ok(Self { table })
    }

    /// The table, one row a component: `components()[k][i]` is r_ik.
    #[must_use]
    pub fn components(&self) -> &[Vec<f64>] {
        &self.table
    }
}

/// Why the E-step has no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum EStepError {
    #[error("there are no samples")]
    NoSamples,
    #[error("sample {sample} is {value}: a sample is a finite number")]
    NotFinite { sample: usize, value: f64 },
    /// About 38 deviations away a density is 0 in 64-bit numbers. The chapter *Stability* goes on with
    /// its logarithm.
    #[error(
        "sample {sample}, {value}, is so far from every component that all densities underflow: memberships 0/0"
    )]
    Underflow { sample: usize, value: f64 },
}

/// The membership of every sample in every component by Bayes' rule (eq:bayes):
///
/// ```text
/// r_ik = π_k N(x_i; μ_k, σ_k²) / Σ_j π_j N(x_i; μ_j, σ_j²)
/// ```
///
/// # Errors
///
/// No samples; a sample that is NaN or infinite; a sample so far from every component that the
/// denominator is below the smallest normal number, 2.2e-308. The error names the sample.
///
/// ```
/// use sampling::{Component, Mixture};
/// let guess = Mixture::new([
///     (0.5, 0.0, 1.0),
///     (0.5, 1.0, 1.0),
/// ])?;
/// let memberships = e_step::e_step(&[0.5], &guess)?;
/// assert_eq!(memberships.components(), [[0.5], [0.5]]); // halfway between the two
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: e_step
pub fn e_step(data: &[f64], mixture: &Mixture) -> Result<Memberships, EStepError> {
    if data.is_empty() {
        return Err(EStepError::NoSamples);
    }
    if let Some(sample) = data.iter().position(|x| !x.is_finite()) {
        return Err(EStepError::NotFinite { sample, value: data[sample] });
    }
    let mut table = numerators(data, mixture);
    for (sample, &value) in data.iter().enumerate() {
        let total: f64 = table.iter().map(|row| row[sample]).sum();
        if !total.is_normal() {
            return Err(EStepError::Underflow { sample, value });
        }
        for row in &mut table {
            row[sample] /= total;
        }
    }
    Ok(Memberships { table })
}
// ANCHOR_END: e_step

// ANCHOR: numerators
/// π_k N(x_i; μ_k, σ_k²), one row a component: the numerators of Bayes' rule.
fn numerators(data: &[f64], mixture: &Mixture) -> Vec<Vec<f64>> {
    let row = |c: &sampling::Component| {
        data.iter().map(|&x| c.weight * normal(x, c.mean, c.variance)).collect()
    };
    mixture.components().iter().map(row).collect()
}
// ANCHOR_END: numerators
