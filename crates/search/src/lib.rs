//! What the best fit is, and how to find it among many starts.
//!
//! This crate belongs to the chapter *Search*. The search knows nothing of the data, nor of how a run
//! takes its steps: that is a [`Problem`]. [`best`] searches samples by the steps of *Stability*.

mod plain;

pub use plain::{Search, best};

use sampling::Mixture;
use stability::StabilityError;
use start::StartError;
use std::cmp::Ordering;

/// Why there is no best fit.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum SearchError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Cure(#[from] StabilityError),
    #[error("0 starts were given: a search needs at least 1")]
    NoStarts,
    #[error("0 finalists were asked for: a search needs at least 1")]
    NoFinalists,
    #[error("the tolerance is {tolerance}: a tolerance is 0 or more, and finite")]
    Tolerance { tolerance: f64 },
    #[error("the least count is {least_count}: a count is 0 or more, and finite")]
    LeastCount { least_count: f64 },
    #[error(
        "no fit is admissible: of {starts} starts, {refused} were refused and {inadmissible} are inadmissible, after {steps} steps in all"
    )]
    NoneAdmissible { starts: usize, refused: usize, inadmissible: usize, steps: usize },
}

/// What a search climbs: how a run goes, and which fits may be trusted.
// ANCHOR: problem
pub trait Problem {
    /// Log-likelihoods nearer than this are those of one maximum.
    const SAME: f64;
    /// A short run from a start.
    fn short(&self, start: Mixture) -> Run;
    /// A run to its end, from where a short one has come to.
    fn long(&self, from: &Mixture) -> Run;
    /// Whether the fit may be trusted, however high it is.
    fn admits(&self, mixture: &Mixture) -> bool;
}

/// What has become of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The steps that it took.
    pub steps: usize,
    /// Where it ended, and the log-likelihood there; `None` if a step had no answer.
    pub end: Option<(Mixture, f64)>,
}
// ANCHOR_END: problem

/// The best admissible fit, and what became of the starts: those not counted here were refused,
/// because a step of theirs had no answer.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: best_type
pub struct Best {
    /// The fit.
    pub mixture: Mixture,
    /// Its log-likelihood; with a prior, plus the log of the prior.
    pub log_likelihood: f64,
    /// The steps that led to it, short run and long.
    pub own_steps: usize,
    /// All steps of all runs, short and long.
    pub steps: usize,
    /// Starts that came to the same maximum.
    pub arrived: usize,
    /// Starts that ended at a lower one.
    pub elsewhere: usize,
    /// Starts whose short run was not among the best.
    pub dropped: usize,
    /// Starts that led to what is not admissible.
    pub inadmissible: usize,
    /// Starts whose run met a step without an answer.
    pub refused: usize,
}
// ANCHOR_END: best_type

/// Log-likelihoods nearer than this share of them are the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// The fit with the highest log-likelihood among the admissible ones (eq:admissible): a short run from
/// every start, then long runs of the best of them, in their order, until `finalists` of them have
/// ended and are admissible. That is asked after the short run and after the long one.
///
/// Source: C. Biernacki, G. Celeux and G. Govaert, *Choosing starting values for the EM algorithm*
/// (2003).
///
/// # Errors
///
/// No starts; no admissible fit, as with no finalists.
// ANCHOR: among
pub fn among<P: Problem>(
    problem: &P,
    starts: impl IntoIterator<Item = Mixture>,
    finalists: usize,
) -> Result<Best, SearchError> {
    let mut seen = Seen::default();
    let judged = |start| seen.judge(problem, problem.short(start), 0);
    let mut short: Vec<Fit> = starts.into_iter().filter_map(judged).collect();
    short.sort_by(higher_first); // stable
    let mut ended: Vec<Fit> = Vec::new();
    let mut rest = short.into_iter();
    while ended.len() < finalists
        && let Some(next) = rest.next()
    {
        let run = problem.long(&next.mixture);
        ended.extend(seen.judge(problem, run, next.steps));
    }
    seen.choose(ended, rest.len(), P::SAME)
}
// ANCHOR_END: among

/// Where a run has come to.
struct Fit {
    mixture: Mixture,
    log_likelihood: f64,
    /// The steps that led here.
    steps: usize,
}

fn higher_first(a: &Fit, b: &Fit) -> Ordering {
    b.log_likelihood.total_cmp(&a.log_likelihood)
}

/// What became of the runs so far.
#[derive(Default)]
struct Seen {
    runs: usize,
    steps: usize,
    refused: usize,
    inadmissible: usize,
}

impl Seen {
    // ANCHOR: judge
    fn judge(&mut self, problem: &impl Problem, run: Run, before: usize) -> Option<Fit> {
        self.runs += 1;
        self.steps += run.steps;
        match run.end {
            None => self.refused += 1,
            Some((mixture, _)) if !problem.admits(&mixture) => self.inadmissible += 1,
            Some((mixture, log_likelihood)) => {
                return Some(Fit { mixture, log_likelihood, steps: before + run.steps });
            }
        }
        None
    }
    // ANCHOR_END: judge

    fn choose(
        self,
        mut ended: Vec<Fit>,
        dropped: usize,
        same: f64,
    ) -> Result<Best, SearchError> {
        let Self { runs, steps, refused, inadmissible } = self;
        if runs == 0 {
            return Err(SearchError::NoStarts);
        }
        ended.sort_by(higher_first);
        let Some(best) = ended.first() else {
            let starts = refused + inadmissible;
            return Err(SearchError::NoneAdmissible {
                starts,
                refused,
                inadmissible,
                steps,
            });
        };
        let near = same.max(ROUNDING * best.log_likelihood.abs());
        let same = |fit: &&Fit| fit.log_likelihood > best.log_likelihood - near;
        let arrived = ended.iter().filter(same).count();
        Ok(Best {
            mixture: best.mixture.clone(),
            log_likelihood: best.log_likelihood,
            own_steps: best.steps,
            steps,
            arrived,
            elsewhere: ended.len() - arrived,
            dropped,
            inadmissible,
            refused,
        })
    }
}
