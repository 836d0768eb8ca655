//! The way to a fit, told when it is known which of many runs has led there.

use crate::Step;
use sampling::Mixture;
use std::cell::RefCell;

/// The runs of a search, from their first mixture to their last.
#[derive(Default)]
pub(crate) struct Traces(RefCell<Vec<Vec<Step>>>);

impl Traces {
    /// Keeps a run.
    pub(crate) fn keep(&self, run: Vec<Step>) {
        self.0.borrow_mut().push(run);
    }

    /// All runs that led to the last one, each from where the one before has ended, and this one.
    pub(crate) fn before(&self, last: Vec<Step>) -> Vec<Step> {
        let (mut runs, mut parts) = (self.0.borrow_mut(), vec![last]);
        let mut ends_at = |start: &Mixture| {
            let is_end =
                |run: &Vec<Step>| run.last().is_some_and(|step| step.mixture == *start);
            runs.iter().position(is_end).map(|found| runs.swap_remove(found))
        };
        while let Some(start) = parts.last().and_then(|run| run.first())
            && let Some(run) = ends_at(&start.mixture)
        {
            parts.push(run);
        }
        let mut whole: Vec<Step> = parts.into_iter().rev().flatten().collect();
        whole.dedup_by(|b, a| a.mixture == b.mixture);
        whole
    }
}
