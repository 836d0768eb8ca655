//! Labels in place of memberships: classification EM, Lloyd's algorithm, and the best k-means that
//! there is in one dimension.
//!
//! This crate belongs to the chapter *k-means*.

mod exact;
mod lloyd;
mod soft;

pub use exact::optimum;
pub use lloyd::{cost, lloyd};
pub use soft::{soft_cost, soft_step};

// ANCHOR: imports
use e_step::Memberships;
use em::EmError;
use m_step::m_step;
use sampling::Mixture;
use stability::e_step;
use std::iter::successors;
// ANCHOR_END: imports

/// Each sample whole in the component that it most probably came from (eq:label):
///
/// ```text
/// ẑ_i = argmax_k r_ik
/// ```
///
/// As memberships: 1 in component ẑ_i and 0 in the others. Of equal memberships the first counts.
///
/// ```
/// use e_step::Memberships;
/// let r = Memberships::new(vec![vec![0.4, 0.5, 0.9], vec![0.6, 0.5, 0.1]])?;
/// assert_eq!(k_means::labels(&r).components(), [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]]);
/// # Ok::<(), e_step::MembershipsError>(())
/// ```
#[must_use]
// ANCHOR: labels
pub fn labels(memberships: &Memberships) -> Memberships {
    let mut table = memberships.components().to_vec();
    for i in 0..table[0].len() {
        let larger =
            |best: usize, k: usize| if table[k][i] > table[best][i] { k } else { best };
        let label = (0..table.len()).fold(0, larger);
        for (k, row) in table.iter_mut().enumerate() {
            row[i] = f64::from(k == label);
        }
    }
    Memberships::new(table).expect("labels are memberships")
}
// ANCHOR_END: labels

/// The mixtures that EM walks through with labels in place of memberships (eq:classification-em):
/// `start` first, without end.
///
/// The labels are those of the E-step of the chapter *Stability*, so no sample is too far out. From
/// some step on all mixtures are the same. A step without an answer gives its error as the last item.
///
/// Source: G. Celeux and G. Govaert, *A classification EM algorithm for clustering and two stochastic
/// versions* (1992).
///
/// ```
/// use sampling::Mixture;
/// let (data, start) = ([0.0, 1.0, 9.0, 11.0], Mixture::new([(0.5, 0.0, 1.0), (0.5, 9.0, 1.0)])?);
/// let settled = k_means::classification_em(&data, start).nth(5).unwrap()?;
/// assert_eq!(settled, Mixture::new([(0.5, 0.5, 0.25), (0.5, 10.0, 1.0)])?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: classification_em
pub fn classification_em(
    data: &[f64],
    start: Mixture,
) -> impl Iterator<Item = Result<Mixture, EmError>> {
    successors(Some(Ok(start)), move |previous| {
        previous.as_ref().ok().map(|mixture| step(data, mixture))
    })
}

fn step(data: &[f64], mixture: &Mixture) -> Result<Mixture, EmError> {
    let memberships = e_step(data, mixture)?;
    Ok(m_step(data, &labels(&memberships))?)
}
// ANCHOR_END: classification_em

/// Why there is no k-means.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum KMeansError {
    #[error("there are no samples")]
    NoSamples,
    #[error("sample {sample} is {value}: a sample is a finite number")]
    NotFinite { sample: usize, value: f64 },
    #[error("0 groups were asked for: k-means needs at least 1")]
    NoGroups,
    #[error("the centre of group {group} is {value}: a centre is a finite number")]
    Centre { group: usize, value: f64 },
    #[error("there are {samples} samples for {groups} groups: each needs one of its own")]
    TooFew { samples: usize, groups: usize },
    #[error(
        "the samples reach from {least} to {largest}: the sum of their squares overflows"
    )]
    Overflow { least: f64, largest: f64 },
}

/// The samples that have a k-means.
fn check(data: &[f64], groups: usize) -> Result<(), KMeansError> {
    match data.iter().position(|x| !x.is_finite()) {
        _ if data.is_empty() => Err(KMeansError::NoSamples),
        _ if groups == 0 => Err(KMeansError::NoGroups),
        Some(sample) => Err(KMeansError::NotFinite { sample, value: data[sample] }),
        None => Ok(()),
    }
}

/// The mean of a group.
fn mean(group: &[f64]) -> f64 {
    m_step::refined_mean(group, &vec![1.0; group.len()])
}
