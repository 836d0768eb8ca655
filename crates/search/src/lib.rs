//! What the best fit is, and how to find it among many starts.
//!
//! This crate belongs to the chapter *Search*. The search knows nothing of the data, nor of how a run
//! takes its steps: that is a [`Problem`]. [`best`] searches samples by the steps of *Stability*.

mod moves;
mod plain;
mod seen;

pub use moves::SplitAndMerge;
pub use plain::{Search, best, split_and_merge};

use sampling::Mixture;
use seen::Seen;
use stability::StabilityError;
use start::StartError;

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
    /// Whether the highest end so far is admissible at rest, too: yes, unless told.
    fn holds(&self, _end: &Mixture) -> bool {
        true
    }
    /// Where to start again from the end of a long run: nowhere, unless told.
    fn moves(&self, _from: &Mixture) -> Vec<Mixture> {
        Vec::new()
    }
    /// One more run to its end, of so many components, and where it began, if the first start has led
    /// to nothing: none, unless told.
    fn last_resort(&self, _components: usize) -> Option<(Mixture, Run)> {
        None
    }
}

/// What has become of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The steps that it took.
    pub steps: usize,
    /// Where it ended, and the log-likelihood there; `None` if a step had no answer.
    pub end: Option<(Mixture, f64)>,
    /// Whether it has come to rest: a short run need not, and a long one may be out of steps.
    pub converged: bool,
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
    /// Where its run began: one of the starts, or a move.
    pub start: Mixture,
    /// The steps that led to it, short run and long.
    pub own_steps: usize,
    /// Whether it has come to rest: if not, its run was out of steps.
    pub converged: bool,
    /// Where the other long runs have ended, the highest first.
    pub lower: Vec<Fit>,
    /// All steps of all runs, short and long.
    pub steps: usize,
    /// Starts that came to the same maximum by themselves: none, if moves have found it.
    pub arrived: usize,
    /// Starts that ended at a lower one.
    pub elsewhere: usize,
    /// Starts whose short run was behind those of others before.
    pub dropped: usize,
    /// Starts that led to what is not admissible.
    pub inadmissible: usize,
    /// Starts whose run met a step without an answer.
    pub refused: usize,
}
// ANCHOR_END: best_type

/// The fit with the highest log-likelihood among the admissible ones (eq:admissible): a short run from
/// every start, and a long one if fewer than `finalists` of the starts before have been as high
/// after theirs. That a fit is admissible is asked after both, and of the highest so far whether it
/// holds at rest. From each end where none has been before, the problem's moves lead on as long as they
/// lead higher. While nothing that holds has been found, they begin where the start itself was, for the
/// first ten starts; and if the first of all has led to nothing, the problem's last resort comes last.
///
/// What n starts do is the beginning of what n + 1 do, so more starts never lead to less.
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
    for start in starts {
        if let Some(short) = seen.start(problem, start.clone())
            && seen.is_finalist(&short, finalists, P::SAME)
            && let Some(end) = seen.end(problem, &short)
        {
            seen.heights.push(short.log_likelihood);
            seen.climb(problem, end, finalists);
        }
        seen.rescue(problem, start, finalists);
    }
    seen.last_resort(problem, finalists);
    seen.choose(P::SAME)
}
// ANCHOR_END: among

/// Where a run has come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The mixture.
    pub mixture: Mixture,
    /// Its log-likelihood; with a prior, plus the log of the prior.
    pub log_likelihood: f64,
    /// The steps that led to it, short runs and long.
    pub steps: usize,
    /// Whether it has come to rest.
    pub converged: bool,
    /// Where its run began: one of the starts, or a move.
    pub start: Mixture,
}
