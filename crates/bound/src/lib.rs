//! Why EM climbs: a lower bound of the log-likelihood, and the gap between the two.
//!
//! This crate belongs to the chapter *Bound*.

// ANCHOR: imports
use e_step::Memberships;
use m_step::expected_log_likelihood;
use sampling::Mixture;
// ANCHOR_END: imports

/// How undecided a table of memberships is (eq:entropy):
///
/// ```text
/// H(q) = −Σ_i Σ_k q_ik ln q_ik
/// ```
///
/// Between 0, for labels, and n ln K, for all alike. A membership of 0 adds nothing.
///
/// ```
/// use e_step::Memberships;
/// let table = Memberships::new(vec![vec![1.0, 0.5], vec![0.0, 0.5]])?;
/// assert_eq!(bound::entropy(&table), 2_f64.ln()); // one label, one toss of a coin
/// # Ok::<(), e_step::MembershipsError>(())
/// ```
#[must_use]
// ANCHOR: entropy
pub fn entropy(q: &Memberships) -> f64 {
    let owned = q.components().iter().flatten().filter(|q| **q > 0.0); // 0 ln 0 = 0
    owned.map(|q| -q * q.ln()).sum()
}
// ANCHOR_END: entropy

/// Which two things do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum BoundError {
    #[error("there are {samples} samples, but memberships of {memberships}")]
    Samples { samples: usize, memberships: usize },
    #[error("there are {components} components, but memberships in {memberships}")]
    Components { components: usize, memberships: usize },
}

/// The lower bound of the log-likelihood (eq:lower-bound): F(q, θ) = Q(q, θ) + H(q).
///
/// Any memberships q. A membership above 0 in a component of weight 0 gives −∞, and then [`gap`]
/// is +∞: the two have no sum. Finite where no density underflows; NaN gives NaN.
///
/// # Errors
///
/// Not one membership for each sample and component. The error has both numbers.
///
/// ```
/// use {bound::lower_bound, e_step::{Memberships, e_step}, em::log_likelihood, sampling::*};
/// let half = |mean| Component { weight: 0.5, mean, variance: 1.0 };
/// let (data, mixture) = ([0.0, 1.0], Mixture::new([half(0.0), half(1.0)])?);
/// let labels = Memberships::new(vec![vec![1.0, 0.0], vec![0.0, 1.0]])?;
/// let l = log_likelihood(&data, &mixture);
/// assert!(lower_bound(&data, &labels, &mixture)? < l);
/// assert!((lower_bound(&data, &e_step(&data, &mixture)?, &mixture)? - l).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: lower_bound
pub fn lower_bound(
    data: &[f64],
    q: &Memberships,
    mixture: &Mixture,
) -> Result<f64, BoundError> {
    check(data.len(), mixture.components().len(), q)?;
    Ok(expected_log_likelihood(data, q, mixture) + entropy(q))
}
// ANCHOR_END: lower_bound

/// How far the memberships q are from the memberships r, the Kullback-Leibler divergence
/// (eq:gap):
///
/// ```text
/// KL(q ‖ r) = Σ_i Σ_k q_ik ln(q_ik / r_ik)
/// ```
///
/// 0 if the two are the same, positive if not, up to rounding and to the 1e-9 that
/// [`Memberships::new`] allows in each sum. A q of 0 adds nothing; an r of 0
/// under a q above 0 gives +∞, even where the 0 has come from underflow.
///
/// # Errors
///
/// Two tables of different size. The error has both numbers, those of r first.
///
/// ```
/// use {bound::gap, e_step::Memberships};
/// let undecided = Memberships::new(vec![vec![0.5], vec![0.5]])?;
/// let label = Memberships::new(vec![vec![1.0], vec![0.0]])?;
/// assert_eq!(gap(&label, &undecided)?, 2_f64.ln());
/// assert_eq!(gap(&undecided, &label)?, f64::INFINITY); // no distance: the order matters
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: gap
pub fn gap(q: &Memberships, r: &Memberships) -> Result<f64, BoundError> {
    check(r.components()[0].len(), r.components().len(), q)?;
    let pairs = q.components().iter().flatten().zip(r.components().iter().flatten());
    let owned = pairs.filter(|(q, _)| **q > 0.0); // 0 ln 0 = 0
    Ok(owned.map(|(q, r)| q * (q.ln() - r.ln())).sum())
}
// ANCHOR_END: gap

/// Whether there is one membership for each sample and component.
fn check(samples: usize, components: usize, q: &Memberships) -> Result<(), BoundError> {
    let memberships = q.components()[0].len();
    if samples != memberships {
        return Err(BoundError::Samples { samples, memberships });
    }
    let memberships = q.components().len();
    if components != memberships {
        return Err(BoundError::Components { components, memberships });
    }
    Ok(())
}
