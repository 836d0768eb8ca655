//! The best fit of so many components: the search, and the polish of what it has found.

use crate::run::{Fitted, LEAST, Run};
use crate::{Criteria, FitError, Starts};
use acceleration::Method;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use search::{Best, Problem, SplitAndMerge, among};
use start::{k_means_plus_plus, quantiles, random};

/// A start goes on to its end if fewer than so many before were as high after their short runs: the
/// best one does not always stay the best.
const FINALISTS: usize = 3;

/// The best fit of so many components.
pub(crate) struct Found {
    pub(crate) fitted: Fitted,
    pub(crate) starts: Starts,
    pub(crate) criteria: Criteria,
}

impl Run<'_, '_> {
    /// The best admissible fit of so many components. The first starts are those that grow, then come
    /// the quantiles; of the rest every fourth is random samples and the others are k-means++.
    pub(crate) fn best(
        &self,
        components: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Found, FitError> {
        if let Some(classes) = self.source.full_classes().filter(|c| *c < components) {
            return Err(FitError::TooFewClasses { classes, components });
        }
        let (seed, all) = (self.fitter.seed, self.fitter.restarts);
        let starters = self.source.starters(seed);
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let start = |i| match i {
            0 => quantiles(&starters, components),
            _ if i % 4 == 0 => random(&starters, components, rng),
            _ => k_means_plus_plus(&starters, components, rng),
        };
        let starts = (0..all).map(start).collect::<Result<Vec<_>, _>>()?;
        let samples = self.source.whole().count;
        if samples < LEAST * components as f64 {
            return Err(FitError::FewSamples { samples, components });
        }
        let problem = SplitAndMerge::new(self, &starters);
        let starts: Vec<_> = problem.grown(components).into_iter().chain(starts).collect();
        let all = starts.len();
        let told = starts.into_iter().enumerate().inspect(|(i, _)| progress(*i, all));
        let found = among(&problem, told.map(|(_, start)| start), FINALISTS);
        progress(all, all);
        let none = FitError::NoneAdmissible {
            components,
            starts: all,
            prior: self.fitter.prior.is_some(),
        };
        let Ok(found) = found else { return Err(none) };
        self.polished(found, all).unwrap_or(Err(none))
    }

    /// The best end that is admissible at rest too: a run that is polished may turn into a spike, and
    /// then the next one takes its place.
    fn polished(&self, found: Best, all: usize) -> Option<Result<Found, FitError>> {
        let starts = Starts {
            all,
            arrived: found.arrived,
            elsewhere: found.elsewhere,
            dropped: found.dropped,
            refused: found.refused + found.inadmissible,
        };
        let first = (found.mixture, found.own_steps);
        let others = found.lower.into_iter().map(|fit| (fit.mixture, fit.steps));
        let mut ends = std::iter::once(first).chain(others);
        let mut fitted = ends.find_map(|(mixture, steps)| {
            let fitted = self.rest(&mixture, Method::Squarem).ok()?;
            let steps = steps + fitted.steps;
            self.admits(&fitted.mixture).then_some(Fitted { steps, ..fitted })
        })?;
        fitted.trace = self.traces.before(fitted.trace);
        let criteria = self.criteria(&fitted.mixture);
        Some(criteria.map(|criteria| Found { fitted, starts, criteria }))
    }
}
