//! What the best fit is, and how to find it among many starts.
//!
//! This crate belongs to the chapter *Search*. The search knows nothing of the data, nor of how a run
//! takes its steps: that is a [`Problem`]. [`best`] searches samples by the steps of *Stability*.

mod moves;
mod plain;

pub use moves::SplitAndMerge;
pub use plain::{Search, best, split_and_merge};

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
    /// Where to start again from the end of a long run: nowhere, unless told.
    fn moves(&self, _from: &Mixture) -> Vec<Mixture> {
        Vec::new()
    }
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

/// Log-likelihoods nearer than this share of them are the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// The fit with the highest log-likelihood among the admissible ones (eq:admissible): a short run from
/// every start, and a long one if fewer than `finalists` of the starts before have been as high
/// after theirs. That a fit is admissible is asked after both. From each end where none has been
/// before, the problem's moves lead on as long as they lead higher.
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
    let mut heights: Vec<f64> = Vec::new(); // after short runs, of those that have ended
    for start in starts {
        let Some(short) = seen.start(problem, start) else { continue };
        let level = short.log_likelihood - P::SAME;
        if heights.iter().filter(|height| **height >= level).count() >= finalists {
            seen.dropped += 1;
        } else if let Some(end) = seen.end(problem, &short) {
            heights.push(short.log_likelihood);
            seen.climb(problem, end, finalists);
        }
    }
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
}

fn higher_first(a: &Fit, b: &Fit) -> Ordering {
    b.log_likelihood.total_cmp(&a.log_likelihood)
}

/// What became of the runs so far.
#[derive(Default)]
struct Seen {
    starts: usize,
    steps: usize,
    dropped: usize,
    refused: usize,
    inadmissible: usize,
    /// Where long runs from starts have ended, and from moves.
    ended: Vec<Fit>,
    moved: Vec<Fit>,
}

impl Seen {
    fn start(&mut self, problem: &impl Problem, start: Mixture) -> Option<Fit> {
        self.starts += 1;
        let run = problem.short(start);
        self.judge(problem, run, 0)
    }

    fn end(&mut self, problem: &impl Problem, short: &Fit) -> Option<Fit> {
        let run = problem.long(&short.mixture);
        self.judge(problem, run, short.steps)
    }

    // ANCHOR: judge
    fn judge(&mut self, problem: &impl Problem, run: Run, before: usize) -> Option<Fit> {
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

    /// Keeps the end of a start; if nothing has been there before, moves lead on from it as long as
    /// they lead higher.
    // ANCHOR: climb
    fn climb<P: Problem>(&mut self, problem: &P, end: Fit, finalists: usize) {
        let mut next = Some(end.clone()).filter(|end| self.is_new(end, P::SAME));
        self.ended.push(end);
        while let Some(here) = next {
            let moved = self.moved(problem, &here, finalists);
            self.moved.extend(moved.clone());
            next = moved.filter(|fit| fit.log_likelihood > here.log_likelihood);
        }
    }

    fn is_new(&self, end: &Fit, same: f64) -> bool {
        let mut all = self.ended.iter().chain(&self.moved);
        all.all(|fit| (fit.log_likelihood - end.log_likelihood).abs() > same)
    }

    /// Where the moves from here lead: a short run of each, then long runs of the best of them until
    /// as many as there shall be finalists have ended where nothing has been before.
    fn moved<P: Problem>(
        &mut self,
        problem: &P,
        here: &Fit,
        finalists: usize,
    ) -> Option<Fit> {
        let mut moves = Self::default();
        let short = |start| moves.judge(problem, problem.short(start), 0);
        let starts = problem.moves(&here.mixture).into_iter();
        let mut tried: Vec<Fit> = starts.filter_map(short).collect();
        tried.sort_by(higher_first);
        let ends = tried.iter().filter_map(|short| moves.end(problem, short));
        let new = ends.filter(|end| self.is_new(end, P::SAME));
        let best = new.take(finalists).min_by(higher_first);
        self.steps += moves.steps;
        best
    }
    // ANCHOR_END: climb

    fn choose(self, same: f64) -> Result<Best, SearchError> {
        let Self { starts, steps, dropped, refused, inadmissible, ended, moved } = self;
        if starts == 0 {
            return Err(SearchError::NoStarts);
        }
        let mut all = [ended.clone(), moved].concat();
        all.sort_by(higher_first); // stable
        if all.is_empty() {
            let starts = refused + inadmissible;
            return Err(SearchError::NoneAdmissible {
                starts,
                refused,
                inadmissible,
                steps,
            });
        }
        let Fit { mixture, log_likelihood, steps: own_steps } = all.remove(0);
        let near = same.max(ROUNDING * log_likelihood.abs());
        let same = |fit: &&Fit| fit.log_likelihood > log_likelihood - near;
        let arrived = ended.iter().filter(same).count();
        Ok(Best {
            mixture,
            log_likelihood,
            own_steps,
            lower: all,
            steps,
            arrived,
            elsewhere: ended.len() - arrived,
            dropped,
            inadmissible,
            refused,
        })
    }
}
