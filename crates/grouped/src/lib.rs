//! EM for samples of which only the class is known, as Pearson's crabs.
//!
//! This crate belongs to the chapter *Grouped*.

mod inside;

use m_step::{MStepError, collapsed, effective_count, mean, refined_mean, variance};
use sampling::{Component, Mixture};
use stability::log_sum_exp;
use std::iter::successors;

/// A class and how many samples are in it.
#[derive(Debug, Clone, Copy, PartialEq)]
// ANCHOR: class
pub struct Class {
    /// Where it begins; −∞ for a class that is open below.
    pub lower: f64,
    /// Where it ends; ∞ for a class that is open above.
    pub upper: f64,
    /// How many samples it holds: n_c, which need not be whole.
    pub count: f64,
}
// ANCHOR_END: class

impl From<(f64, f64, f64)> for Class {
    fn from((lower, upper, count): (f64, f64, f64)) -> Self {
        Self { lower, upper, count }
    }
}

/// Classes in increasing order that do not overlap, with at least one sample. A gap between two
/// is a class without samples: it says that nobody was there.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes(Vec<Class>);

/// Why a list is no list of classes. Classes are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum ClassesError {
    #[error("there are no classes")]
    NoClasses,
    #[error("class {class} is from {lower} to {upper}: a bound is a number or infinite")]
    Bound { class: usize, lower: f64, upper: f64 },
    #[error("class {class} runs backwards, from {lower} to {upper}")]
    Backwards { class: usize, lower: f64, upper: f64 },
    #[error("class {class} has no width: it begins and ends at {bound}")]
    NoWidth { class: usize, bound: f64 },
    #[error(
        "class {class} begins at {lower}, before class {previous} ends at {upper}: classes stand in increasing order and do not overlap"
    )]
    Overlap { class: usize, previous: usize, lower: f64, upper: f64 },
    #[error("class {class} holds {count} samples: a count is 0 or more, and finite")]
    Count { class: usize, count: f64 },
    #[error("the counts sum to {sum}: there must be samples, and finitely many")]
    Sum { sum: f64 },
}

impl Classes {
    /// Classes in increasing order, each as a [`Class`] or as (lower, upper, count).
    ///
    /// # Errors
    ///
    /// No classes; a bound that is NaN; a class that runs backwards or has no width; one that
    /// begins before the class before it ends; a count that is negative or not finite; no samples
    /// at all. The error names the class and the value.
    ///
    /// ```
    /// use grouped::Classes;
    /// let open = f64::INFINITY;
    /// assert!(Classes::new([(-open, 0.0, 3.0), (0.0, 1.0, 5.0), (1.0, open, 2.0)]).is_ok());
    /// let error = Classes::new([(0.0, 1.0, 5.0), (0.5, 2.0, 2.0)]).unwrap_err();
    /// assert!(error.to_string().starts_with("class 1 begins at 0.5, before class 0 ends at 1"));
    /// ```
    pub fn new(
        classes: impl IntoIterator<Item = impl Into<Class>>,
    ) -> Result<Self, ClassesError> {
        let classes: Vec<Class> = classes.into_iter().map(Into::into).collect();
        let mut end = f64::NEG_INFINITY;
        for (class, &Class { lower, upper, count }) in classes.iter().enumerate() {
            let overlap =
                || ClassesError::Overlap { class, previous: class - 1, lower, upper: end };
            match lower.partial_cmp(&upper) {
                None => return Err(ClassesError::Bound { class, lower, upper }),
                Some(std::cmp::Ordering::Greater) => {
                    return Err(ClassesError::Backwards { class, lower, upper });
                }
                Some(std::cmp::Ordering::Equal) => {
                    return Err(ClassesError::NoWidth { class, bound: lower });
                }
                Some(std::cmp::Ordering::Less) if lower < end => return Err(overlap()),
                Some(std::cmp::Ordering::Less) => end = upper,
            }
            if !(count >= 0.0 && count.is_finite()) {
                return Err(ClassesError::Count { class, count });
            }
        }
        let sum = classes.iter().map(|c| c.count).sum();
        match sum {
            _ if classes.is_empty() => Err(ClassesError::NoClasses),
            f64::MIN_POSITIVE..=f64::MAX => Ok(Self(classes)),
            _ => Err(ClassesError::Sum { sum }),
        }
    }

    /// The classes, in increasing order; there is at least one.
    #[must_use]
    pub fn classes(&self) -> &[Class] {
        &self.0
    }

    /// How many samples there are: n.
    #[must_use]
    pub fn samples(&self) -> f64 {
        self.0.iter().map(|class| class.count).sum()
    }
}

/// Why a step has no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum GroupedError {
    /// It lies more than 1e154 deviations from all of them, so that even the logarithms overflow.
    #[error(
        "class {class}, from {lower} to {upper}, is out of reach of every component: its memberships are 0/0"
    )]
    OutOfReach { class: usize, lower: f64, upper: f64 },
    #[error("M-step: {0}")]
    MStep(MStepError),
}

impl From<MStepError> for GroupedError {
    fn from(error: MStepError) -> Self {
        Self::MStep(error)
    }
}

/// What a component owns, class by class, where it owns something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Owned {
    /// n_c r_ck: how much of each.
    pub counts: Vec<f64>,
    /// m_ck: its mean there.
    pub means: Vec<f64>,
    /// v_ck: its variance there.
    pub variances: Vec<f64>,
}

/// One step of EM on classes: the log-likelihood of the mixture that goes in, and the mixture that
/// comes out (eq:class-membership, eq:class-mean, eq:class-variance).
///
/// ```text
/// r_ck = π_k P_ck / Σ_j π_j P_cj
/// π_k' = N_k / n,   μ_k' = Σ_c n_c r_ck m_ck / N_k,   N_k = Σ_c n_c r_ck
/// σ_k'² = Σ_c n_c r_ck (v_ck + (m_ck − μ_k')²) / N_k
/// ```
///
/// P, m and v are those of [`Class::inside`]. Classes without samples change nothing.
///
/// # Errors
///
/// A class with samples more than 1e154 deviations from every component; a component that owns
/// nothing, or whose deviation is no larger than the rounding of its mean; moments that overflow.
///
/// ```
/// use {grouped::{Classes, step}, sampling::{Component, Mixture}};
/// // A thousand times the same: what is known of a sample in a class that holds everything is
/// // what the mixture says already.
/// let everywhere = Classes::new([(f64::NEG_INFINITY, f64::INFINITY, 1000.0)])?;
/// let belief = Mixture::new([(1.0, 3.0, 4.0)])?;
/// let (log_likelihood, next) = step(&everywhere, &belief)?;
/// assert!(log_likelihood.abs() < 1e-10 && (next.variance() - 4.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: step
pub fn step(classes: &Classes, mixture: &Mixture) -> Result<(f64, Mixture), GroupedError> {
    let (log_likelihood, table) = pass(classes, mixture)?;
    let fitted = |(k, owned): (usize, &Owned)| owned.component(k, classes.samples());
    let components = table.iter().enumerate().map(fitted).collect::<Result<Vec<_>, _>>()?;
    Ok((log_likelihood, Mixture::new(components).map_err(MStepError::from)?))
}
// ANCHOR_END: step

/// The first half of a step: the log-likelihood, and what each component owns
/// (eq:class-membership).
///
/// # Errors
///
/// A class with samples more than 1e154 deviations from every component.
// ANCHOR: pass
pub fn pass(
    classes: &Classes,
    mixture: &Mixture,
) -> Result<(f64, Vec<Owned>), GroupedError> {
    let mut log_likelihood = 0.0;
    let mut table: Vec<Owned> = Vec::new();
    table.resize_with(mixture.components().len(), Owned::default);
    for (class, c) in classes.0.iter().enumerate().filter(|(_, c)| c.count > 0.0) {
        let (ln_p, shares) = memberships(c, mixture);
        if ln_p == f64::NEG_INFINITY {
            let Class { lower, upper, .. } = *c;
            return Err(GroupedError::OutOfReach { class, lower, upper });
        }
        log_likelihood += c.count * ln_p;
        for (owned, (share, mean, variance)) in table.iter_mut().zip(shares) {
            owned.add(c.count * share, mean, variance);
        }
    }
    Ok((log_likelihood, table))
}
// ANCHOR_END: pass

/// ln p_c of a class, and of each component its membership, its mean and its variance inside
/// (eq:class-membership).
///
/// A class that is out of reach of every component has −∞, and memberships that mean nothing.
#[must_use]
// ANCHOR: memberships
pub fn memberships(class: &Class, mixture: &Mixture) -> (f64, Vec<(f64, f64, f64)>) {
    let inside: Vec<_> = mixture.components().iter().map(|c| class.inside(c)).collect();
    let numerator = |(c, inside): (&Component, &(f64, f64, f64))| c.weight.ln() + inside.0;
    let logs: Vec<f64> = mixture.components().iter().zip(&inside).map(numerator).collect();
    let ln_p = log_sum_exp(&logs);
    let shares: Vec<f64> = logs.iter().map(|log| (log - ln_p).exp()).collect();
    let whole: f64 = shares.iter().sum(); // 1, but for the digits that a large ln p lacks
    let part = |(share, (_, mean, variance)): (f64, _)| (share / whole, mean, variance);
    (ln_p, shares.into_iter().zip(inside).map(part).collect())
}
// ANCHOR_END: memberships

impl Owned {
    /// Adds a class, unless nothing of it is owned.
    fn add(&mut self, count: f64, mean: f64, variance: f64) {
        if count > 0.0 {
            self.counts.push(count);
            self.means.push(mean);
            self.variances.push(variance);
        }
    }

    /// The component that fits best what is owned (eq:class-mean, eq:class-variance).
    // ANCHOR: component
    fn component(&self, component: usize, samples: f64) -> Result<Component, MStepError> {
        let Self { counts, means, variances } = self;
        let effective_count = effective_count(counts) + 0.0; // an empty sum is −0
        if effective_count < f64::MIN_POSITIVE {
            return Err(MStepError::Empty { component, effective_count });
        }
        let centre = refined_mean(means, counts);
        let variance = variance(means, counts, centre) + mean(variances, counts);
        if collapsed(centre, variance.sqrt()) {
            return Err(MStepError::Collapsed { component, mean: centre, variance });
        }
        Ok(Component { weight: effective_count / samples, mean: centre, variance })
    }
    // ANCHOR_END: component
}

/// The mixtures that EM on classes walks through: `start` first, without end, as `em::em`.
/// A step without an answer gives its error as the last item.
///
/// ```
/// use {grouped::{Classes, em}, sampling::{Component, Mixture}};
/// let classes = Classes::new([(0.0, 1.0, 2.0), (1.0, 2.0, 1.0), (2.0, 3.0, 1.0)])?;
/// let start = Mixture::new([(1.0, 0.0, 1.0)])?;
/// let fit = em(&classes, start).nth(100).unwrap()?;
/// let c = fit.components()[0];
/// assert!(c.variance < 0.6875 - 0.08); // that of the midpoints is 0.6875
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: em
pub fn em(
    classes: &Classes,
    start: Mixture,
) -> impl Iterator<Item = Result<Mixture, GroupedError>> {
    let next = |mixture: &Mixture| Ok(step(classes, mixture)?.1);
    successors(Some(Ok(start)), move |previous| previous.as_ref().ok().map(next))
}
// ANCHOR_END: em

/// The log-likelihood of classes (eq:grouped-log-likelihood), up to a constant:
///
/// ```text
/// ℓ(θ) = Σ_c n_c ln p_c,   p_c = Σ_k π_k P_ck
/// ```
///
/// Never above 0. A class with samples that is out of reach gives −∞; one without gives 0.
///
/// ```
/// use {grouped::{Classes, log_likelihood}, sampling::{Component, Mixture}};
/// let sides = Classes::new([(f64::NEG_INFINITY, 0.0, 3.0), (0.0, f64::INFINITY, 1.0)])?;
/// let even = Mixture::new([(1.0, 0.0, 9.0)])?;
/// assert!((log_likelihood(&sides, &even) - 4.0 * 0.5_f64.ln()).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
// ANCHOR: log_likelihood
pub fn log_likelihood(classes: &Classes, mixture: &Mixture) -> f64 {
    let held = classes.0.iter().filter(|class| class.count > 0.0);
    held.map(|class| class.count * memberships(class, mixture).0).sum()
}
// ANCHOR_END: log_likelihood
