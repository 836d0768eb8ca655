//! EM for any model with something unseen: one trait, one loop, four models.
//!
//! This crate belongs to the chapter *Latent*.

mod coins;
mod deaths;
mod linkage;

pub use coins::{Coins, SETS};
pub use deaths::{DAYS, Deaths};
pub use linkage::{ANIMALS, Linkage};

// ANCHOR: imports
use e_step::{Memberships, MembershipsError, e_step};
use em::EmError;
use m_step::m_step;
use sampling::Mixture;
use std::iter::successors;
// ANCHOR_END: imports

/// What was seen, and a model of it that has something unseen.
// ANCHOR: model
pub trait Model {
    /// θ.
    type Parameters;
    /// What is expected of the unseen: all that Q needs.
    type Expected;
    /// Why a step has no answer.
    type Error;

    /// What Q(θ′; θ) needs, whatever θ′ is (eq:latent-q).
    fn e_step(&self, theta: &Self::Parameters) -> Result<Self::Expected, Self::Error>;

    /// The θ′ where Q(θ′; θ) is largest (eq:latent-step).
    fn m_step(&self, expected: &Self::Expected) -> Result<Self::Parameters, Self::Error>;

    /// ln p(x; θ): all that was seen, with the unseen summed out (eq:latent-marginal).
    fn log_likelihood(&self, theta: &Self::Parameters) -> f64;
}
// ANCHOR_END: model

/// The parameters that EM walks through (eq:latent-step), from the start on, without end.
///
/// Lazy; a step without an answer gives its error as the last item.
///
/// ```
/// use latent::{ANIMALS, em};
/// let theta = em(&ANIMALS, 0.5).nth(1).unwrap()?;
/// assert!((theta - 59.0 / 97.0).abs() < 1e-15); // 25 of the 125 are expected to be hidden
/// # Ok::<(), latent::LatentError>(())
/// ```
// ANCHOR: em
pub fn em<M: Model>(
    model: &M,
    start: M::Parameters,
) -> impl Iterator<Item = Result<M::Parameters, M::Error>> {
    successors(Some(Ok(start)), move |previous| {
        let theta = previous.as_ref().ok()?;
        Some(model.e_step(theta).and_then(|expected| model.m_step(&expected)))
    })
}
// ANCHOR_END: em

/// Samples from a mixture of normal components: the five chapters of the notebook.
///
/// ```
/// use latent::{Model, Normals};
/// let data = notebook::data();
/// let next = Normals(&data).e_step(&notebook::guess()).and_then(|r| Normals(&data).m_step(&r));
/// assert_eq!(next?, em::em(&data, notebook::guess()).nth(1).unwrap()?);
/// # Ok::<(), em::EmError>(())
/// ```
#[derive(Debug, Clone, Copy)]
// ANCHOR: normals
pub struct Normals<'a>(pub &'a [f64]);

impl Model for Normals<'_> {
    type Parameters = Mixture;
    type Expected = Memberships;
    type Error = EmError;

    fn e_step(&self, mixture: &Mixture) -> Result<Memberships, EmError> {
        Ok(e_step(self.0, mixture)?)
    }

    fn m_step(&self, memberships: &Memberships) -> Result<Mixture, EmError> {
        Ok(m_step(self.0, memberships)?)
    }

    fn log_likelihood(&self, mixture: &Mixture) -> f64 {
        em::log_likelihood(self.0, mixture)
    }
}
// ANCHOR_END: normals

/// Why a step of coins, animals or deaths has no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum LatentError {
    #[error("the {name} is {value}: {domain}")]
    Parameter { name: &'static str, value: f64, domain: &'static str },
    #[error("observation {observation} has the probability 0 under these parameters")]
    Impossible { observation: usize },
    #[error("component {component} owns nothing")]
    Empty { component: usize },
    #[error("there are {components} components, but memberships in {memberships}")]
    Components { components: usize, memberships: usize },
    #[error("there are {observations} observations, but memberships of {memberships}")]
    Observations { observations: usize, memberships: usize },
    #[error(transparent)]
    Memberships(#[from] MembershipsError),
}

/// A parameter that is a probability.
fn probability(name: &'static str, value: f64) -> Result<f64, LatentError> {
    let domain = "a probability lies between 0 and 1";
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(LatentError::Parameter { name, value, domain })
    }
}

/// Memberships of so many observations in so many components.
fn check(
    memberships: &Memberships,
    components: usize,
    observations: usize,
) -> Result<(), LatentError> {
    let rows = memberships.components();
    if rows.len() != components {
        return Err(LatentError::Components { components, memberships: rows.len() });
    }
    if rows[0].len() != observations {
        return Err(LatentError::Observations { observations, memberships: rows[0].len() });
    }
    Ok(())
}

/// Bayes' rule: from the probability of every observation together with each cause, a row a cause,
/// to memberships (eq:bayes).
// ANCHOR: bayes
fn bayes(mut joint: Vec<Vec<f64>>) -> Result<Memberships, LatentError> {
    for (observation, total) in totals(&joint).into_iter().enumerate() {
        if !total.is_normal() {
            return Err(LatentError::Impossible { observation });
        }
        joint.iter_mut().for_each(|row| row[observation] /= total);
    }
    Ok(Memberships::new(joint)?)
}
// ANCHOR_END: bayes

/// The probability of every observation, its cause summed out.
fn totals(joint: &[Vec<f64>]) -> Vec<f64> {
    let observations = joint.first().map_or(0, Vec::len);
    (0..observations).map(|i| joint.iter().map(|row| row[i]).sum()).collect()
}
