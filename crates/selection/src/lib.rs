//! How many components.
//!
//! This crate belongs to the chapter *Selection*. It compares fits with different K: by what a
//! parameter costs, and by what a component too many gains.

mod plans;

pub use plans::{plan, short_plan};

// ANCHOR: imports
use bound::entropy;
use e_step::EStepError;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};
use search::{Best, Search, SearchError, best};
use stability::{e_step, log_likelihood};
use start::{k_means_plus_plus, quantiles, random};
// ANCHOR_END: imports

/// Why two fits could not be compared.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum SelectionError {
    #[error(transparent)]
    Fit(#[from] SearchError),
    #[error("replicate {replicate}: {error}")]
    Replicate { replicate: u64, error: SearchError },
    #[error("0 replicates were given: a p-value needs at least 1")]
    NoReplicates,
    #[error("the ratio of the samples is {value}: a ratio is 0 or more, and finite")]
    Observed { value: f64 },
    #[error("the ratio of replicate {replicate} is {value}: a ratio is 0 or more")]
    Ratio { replicate: usize, value: f64 },
}

/// The components in the order of their means, to be printed (eq:permutation). Equal means keep
/// their order.
#[must_use]
// ANCHOR: by_mean
pub fn by_mean(mixture: &Mixture) -> Vec<Component> {
    let mut components = mixture.components().to_vec();
    components.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    components
}
// ANCHOR_END: by_mean

/// What a fit costs by three criteria. For all of them less is better, and only differences for
/// the same samples mean something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// d = 3K − 1, the free parameters.
    pub parameters: usize,
    /// ℓ, the log-likelihood.
    pub log_likelihood: f64,
    /// −2ℓ + 2d.
    pub aic: f64,
    /// −2ℓ + d ln n.
    pub bic: f64,
    /// BIC + 2H, where H is the entropy of the memberships.
    pub icl: f64,
}

impl Criteria {
    /// The criteria of a mixture for these samples (eq:free-parameters, eq:aic, eq:bic, eq:icl).
    /// The mixture is the best fit with its K; for another one the numbers are no criteria.
    ///
    /// Finite, unless twice the log-likelihood is beyond 64-bit numbers; then ∞.
    ///
    /// # Errors
    ///
    /// No samples; one that is NaN or infinite. The error names it.
    ///
    /// ```
    /// use {sampling::{Component, Mixture}, selection::Criteria};
    /// let one = Mixture::new([(1.0, 0.0, 1.0)])?;
    /// let c = Criteria::new(&[-1.0, 1.0], &one)?;
    /// assert_eq!(c.parameters, 2);
    /// assert_eq!(c.bic, c.icl); // with one component, nothing is undecided
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    // ANCHOR: criteria
    pub fn new(data: &[f64], mixture: &Mixture) -> Result<Self, EStepError> {
        let undecided = entropy(&e_step(data, mixture)?);
        let parameters = 3 * mixture.components().len() - 1;
        let log_likelihood = log_likelihood(data, mixture);
        Ok(Self::of(log_likelihood, parameters, data.len() as f64, undecided))
    }

    /// The same for any model: from its log-likelihood, its free parameters, the number of
    /// samples, and the entropy of the memberships.
    #[must_use]
    pub fn of(log_likelihood: f64, parameters: usize, samples: f64, entropy: f64) -> Self {
        let d = parameters as f64;
        let aic = -2.0 * log_likelihood + 2.0 * d;
        let bic = -2.0 * log_likelihood + d * samples.ln();
        let icl = bic + 2.0 * entropy;
        Self { parameters, log_likelihood, aic, bic, icl }
    }
    // ANCHOR_END: criteria
}

/// How to fit every K in the same way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// How many starts: one from the quantiles, then k-means++ and random draws in turn.
    pub starts: usize,
    /// The seed of the starts and of the replicates.
    pub seed: u64,
    /// The search among the starts.
    pub search: Search,
}

impl Plan {
    /// The best admissible fit with K components.
    ///
    /// # Errors
    ///
    /// Those of [`quantiles`] and [`best`]: among them no starts, K = 0, constant data, and fewer
    /// different samples than components.
    ///
    /// ```
    /// use {datasets::galaxies, selection::Plan, search::Search};
    /// let search = Search { least_count: 2.0, ..Search::default() };
    /// let plan = Plan { starts: 4, seed: 1, search };
    /// let fit = plan.fit(&galaxies(), 3)?;
    /// assert!((fit.log_likelihood + 203.1792).abs() < 1e-4); // the published value
    /// # Ok::<(), search::SearchError>(())
    /// ```
    // ANCHOR: fit
    pub fn fit(&self, data: &[f64], k: usize) -> Result<Best, SearchError> {
        let rng = &mut ChaCha8Rng::seed_from_u64(self.seed);
        let start = |i| match i {
            0 => quantiles(data, k),
            _ if i % 2 == 1 => k_means_plus_plus(data, k, rng),
            _ => random(data, k, rng),
        };
        let starts = (0..self.starts).map(start).collect::<Result<Vec<_>, _>>()?;
        best(data, starts, &self.search)
    }
    // ANCHOR_END: fit

    /// The likelihood ratio of K + 1 components to K (eq:ratio): 2 (ℓ_{K+1} − ℓ_K). With a prior,
    /// each log-likelihood has the log of the prior added, as in [`Best`].
    ///
    /// Never negative: the fit with K is one with K + 1 (eq:nested), so where the search finds no
    /// better one, the ratio is 0. Infinite if no fit with K + 1 is admissible: all starts have led
    /// to spikes.
    ///
    /// # Errors
    ///
    /// Those of [`Plan::fit`] for K or K + 1, but no admissible fit only for K.
    ///
    /// ```
    /// use {datasets::galaxies, selection::Plan, search::Search};
    /// let search = Search { least_count: 2.0, ..Search::default() };
    /// let plan = Plan { starts: 4, seed: 1, search };
    /// let fits = [plan.fit(&galaxies(), 2)?, plan.fit(&galaxies(), 3)?];
    /// let gain = fits[1].log_likelihood - fits[0].log_likelihood;
    /// assert_eq!(plan.ratio(&galaxies(), 2)?, 2.0 * gain);
    /// assert!(gain > 10.0); // for three parameters
    /// # Ok::<(), search::SearchError>(())
    /// ```
    pub fn ratio(&self, data: &[f64], k: usize) -> Result<f64, SearchError> {
        let fewer = self.fit(data, k)?.log_likelihood;
        match self.fit(data, k + 1) {
            Ok(more) => Ok(2.0 * (more.log_likelihood - fewer).max(0.0)),
            Err(SearchError::NoneAdmissible { .. }) => Ok(f64::INFINITY),
            Err(error) => Err(error),
        }
    }

    /// The likelihood ratios of samples from the fit with K components, as many samples each time
    /// as there are data, without end: the parametric bootstrap. Replicate b depends on the seed
    /// and on b alone.
    ///
    /// # Errors
    ///
    /// The data have no fit with K. A replicate from which no search can start is an error; one without
    /// an admissible fit with K has the ratio ∞, which makes no p-value smaller.
    ///
    /// ```
    /// use {datasets::galaxies, selection::{Plan, p_value}, search::Search};
    /// let search = Search { least_count: 2.0, ..Search::default() };
    /// let plan = Plan { starts: 4, seed: 1, search };
    /// let of_one = plan.replicates(&galaxies(), 1)?.take(3).collect::<Result<Vec<_>, _>>()?;
    /// let observed = plan.ratio(&galaxies(), 1)?;
    /// assert!(observed > 40.0 && of_one.iter().all(|ratio| *ratio < 7.0));
    /// assert_eq!(p_value(observed, &of_one)?, 0.25); // the least that three replicates can show
    /// # Ok::<(), selection::SelectionError>(())
    /// ```
    // ANCHOR: replicates
    pub fn replicates(
        &self,
        data: &[f64],
        k: usize,
    ) -> Result<impl Iterator<Item = Result<f64, SelectionError>>, SelectionError> {
        let fit = self.fit(data, k)?.mixture;
        Ok((0..).map(move |replicate| {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            rng.set_stream(replicate + 1);
            let again = sample(&fit, data.len(), &mut rng).expect("there are samples");
            match self.ratio(&again, k) {
                Err(SearchError::NoneAdmissible { .. }) => Ok(f64::INFINITY),
                ratio => {
                    ratio.map_err(|error| SelectionError::Replicate { replicate, error })
                }
            }
        }))
    }
    // ANCHOR_END: replicates
}

/// How rare a ratio as large as the observed one is among B replicates (eq:p-value):
/// (1 + how many are at least as large) / (B + 1). Never below 1/(B + 1).
///
/// # Errors
///
/// No replicates; a ratio that is negative or NaN, or an observed one that is infinite.
///
/// ```
/// assert_eq!(selection::p_value(8.0, &[1.0, 2.0, 9.0]), Ok(0.5));
/// ```
pub fn p_value(observed: f64, replicates: &[f64]) -> Result<f64, SelectionError> {
    if replicates.is_empty() {
        return Err(SelectionError::NoReplicates);
    }
    if !(observed >= 0.0 && observed.is_finite()) {
        return Err(SelectionError::Observed { value: observed });
    }
    if let Some(replicate) = replicates.iter().position(|r| r.is_nan() || *r < 0.0) {
        return Err(SelectionError::Ratio { replicate, value: replicates[replicate] });
    }
    let larger = replicates.iter().filter(|ratio| **ratio >= observed).count();
    Ok((1 + larger) as f64 / (1 + replicates.len()) as f64)
}
