//! What became of the runs of a search.

use crate::{Best, Fit, Problem, Run, SearchError};
use sampling::Mixture;
use std::cmp::Ordering;

/// Log-likelihoods nearer than this share of them are the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// So many starts are moved if nothing has led anywhere.
const FIRST: usize = 10;

fn higher_first(a: &Fit, b: &Fit) -> Ordering {
    b.log_likelihood.total_cmp(&a.log_likelihood)
}

/// What became of the runs so far.
#[derive(Default)]
pub(crate) struct Seen {
    starts: usize,
    steps: usize,
    dropped: usize,
    refused: usize,
    inadmissible: usize,
    /// The log-likelihoods after the short runs of those that have ended.
    pub(crate) heights: Vec<f64>,
    /// The highest end that holds.
    best: Option<Fit>,
    /// How many components the first start has, if it has led to nothing that holds.
    lost: Option<usize>,
    /// Where long runs from starts have ended, and from moves.
    ended: Vec<Fit>,
    moved: Vec<Fit>,
}

impl Seen {
    pub(crate) fn start(&mut self, problem: &impl Problem, start: Mixture) -> Option<Fit> {
        self.starts += 1;
        let run = problem.short(start.clone());
        self.judge(problem, run, start, 0)
    }

    /// Whether fewer than so many before were as high after their short runs.
    pub(crate) fn is_finalist(&mut self, short: &Fit, finalists: usize, same: f64) -> bool {
        let as_high = |height: &&f64| **height >= short.log_likelihood - same;
        let is_finalist = self.heights.iter().filter(as_high).count() < finalists;
        self.dropped += usize::from(!is_finalist);
        is_finalist
    }

    pub(crate) fn end(&mut self, problem: &impl Problem, short: &Fit) -> Option<Fit> {
        let run = problem.long(&short.mixture);
        self.judge(problem, run, short.start.clone(), short.steps)
    }

    /// Remembers the end if it is the highest that holds.
    fn keep(&mut self, problem: &impl Problem, end: &Fit) {
        let best = self.best.as_ref();
        let is_highest = best.is_none_or(|best| end.log_likelihood > best.log_likelihood);
        if is_highest && problem.holds(&end.mixture) {
            self.best = Some(end.clone());
        }
    }

    // ANCHOR: judge
    fn judge(
        &mut self,
        problem: &impl Problem,
        run: Run,
        start: Mixture,
        before: usize,
    ) -> Option<Fit> {
        self.steps += run.steps;
        match run.end {
            None => self.refused += 1,
            Some((mixture, _)) if !problem.admits(&mixture) => self.inadmissible += 1,
            Some((mixture, log_likelihood)) => {
                let steps = before + run.steps;
                let converged = run.converged;
                return Some(Fit { mixture, log_likelihood, steps, converged, start });
            }
        }
        None
    }
    // ANCHOR_END: judge

    /// Keeps the end of a start; if nothing has been there before, moves lead on from it as long as
    /// they lead higher.
    // ANCHOR: climb
    pub(crate) fn climb<P: Problem>(&mut self, problem: &P, end: Fit, finalists: usize) {
        let new = self.is_new(&end, P::SAME);
        self.keep(problem, &end);
        self.ended.push(end.clone());
        if new {
            self.lead_on(problem, end, finalists);
        }
    }

    fn lead_on<P: Problem>(&mut self, problem: &P, from: Fit, finalists: usize) {
        let mut next = Some(from);
        while let Some(here) = next {
            let moved = self.moved(problem, &here, finalists);
            self.moved.extend(moved.clone());
            next = moved.filter(|fit| fit.log_likelihood > here.log_likelihood);
        }
    }
    // ANCHOR_END: climb

    /// If nothing that holds has been found yet, moves begin at the start itself; if not even these lead
    /// anywhere from the first start, that is remembered.
    pub(crate) fn rescue<P: Problem>(
        &mut self,
        problem: &P,
        start: Mixture,
        finalists: usize,
    ) {
        let components = start.components().len();
        if self.starts <= FIRST && self.best.is_none() {
            let (mixture, log_likelihood) = (start.clone(), f64::NEG_INFINITY);
            let (steps, converged) = (0, false);
            let from = Fit { mixture, log_likelihood, steps, converged, start };
            self.lead_on(problem, from, finalists);
        }
        if self.starts == 1 && self.best.is_none() {
            self.lost = Some(components);
        }
    }

    /// If the first start has led to nothing, the problem's last resort. It hangs on none of the starts
    /// between, so that more of them never lead to less.
    pub(crate) fn last_resort<P: Problem>(&mut self, problem: &P, finalists: usize) {
        let last = self.lost.and_then(|components| problem.last_resort(components));
        if let Some((start, run)) = last
            && let Some(end) = self.judge(problem, run, start, 0)
        {
            self.climb(problem, end, finalists);
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
        let starts = problem.moves(&here.mixture).into_iter();
        let mut tried: Vec<Fit> =
            starts.filter_map(|start| moves.start(problem, start)).collect();
        tried.sort_by(higher_first);
        let ends = tried.iter().filter_map(|short| moves.end(problem, short));
        let new = ends.filter(|end| self.is_new(end, P::SAME));
        let new: Vec<Fit> = new.take(finalists).collect();
        new.iter().for_each(|end| self.keep(problem, end));
        self.steps += moves.steps;
        new.into_iter().min_by(higher_first)
    }

    pub(crate) fn choose(self, same: f64) -> Result<Best, SearchError> {
        let Self { starts, steps, dropped, refused, mut inadmissible, best, ended, .. } =
            self;
        let Some(Fit { mixture, log_likelihood, steps: own_steps, converged, start }) =
            best
        else {
            inadmissible += ended.len();
            return Err(match starts {
                0 => SearchError::NoStarts,
                _ => SearchError::NoneAdmissible {
                    starts: refused + inadmissible,
                    refused,
                    inadmissible,
                    steps,
                },
            });
        };
        let near = same.max(ROUNDING * log_likelihood.abs());
        let above = |fit: &&Fit| fit.log_likelihood - log_likelihood;
        let arrived = ended.iter().filter(|fit| above(fit).abs() < near).count();
        let elsewhere = ended.iter().filter(|fit| above(fit) <= -near).count();
        inadmissible += ended.len() - arrived - elsewhere;
        let mut lower = [ended, self.moved].concat();
        lower.retain(|fit| fit.log_likelihood <= log_likelihood && fit.mixture != mixture);
        lower.sort_by(higher_first); // stable
        Ok(Best {
            mixture,
            log_likelihood,
            start,
            own_steps,
            converged,
            lower,
            steps,
            arrived,
            elsewhere,
            dropped,
            inadmissible,
            refused,
        })
    }
}
