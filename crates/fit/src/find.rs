//! The best fit of so many components: the search, and the polish of what it has found.

use crate::problem::LEAST;
use crate::run::{Fitted, Run};
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
    /// The best admissible fit of so many components.
    pub(crate) fn best(
        &self,
        components: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Found, FitError> {
        let found = self.searched(self, components, progress)?;
        self.polished(found)
    }

    /// What the search finds. The first starts are those that grow, then come the quantiles; of the rest
    /// every fourth is random samples and the others are k-means++.
    fn searched<P: Problem>(
        &self,
        problem: &P,
        components: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Best, FitError> {
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
        let problem = SplitAndMerge::new(problem, &starters);
        let starts: Vec<_> = problem.grown(components).into_iter().chain(starts).collect();
        let all = starts.len();
        let told = starts.into_iter().enumerate().inspect(|(i, _)| progress(*i, all));
        let found = among(&problem, told.map(|(_, start)| start), FINALISTS);
        progress(all, all);
        let prior = self.fitter.prior.is_some();
        let none = FitError::NoneAdmissible { components, starts: all, prior };
        found.map_err(|_| none)
    }

    /// What the search has found, at rest: it holds there, for the search has asked.
    fn polished(&self, found: Best) -> Result<Found, FitError> {
        let Best { arrived, elsewhere, dropped, .. } = found;
        let refused = found.refused + found.inadmissible;
        let all = arrived + elsewhere + dropped + refused;
        let starts = Starts { all, arrived, elsewhere, dropped, refused };
        let mut fitted = self.rest(&found.mixture, Method::Squarem)?;
        fitted.steps += found.own_steps;
        fitted.trace = self.traces.before(fitted.trace);
        let criteria = self.criteria(&fitted.mixture)?;
        Ok(Found { fitted, starts, criteria })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fitter, model::Model, source::Source, trace::Traces};
    use one_pass::Samples;
    use sampling::Mixture;

    /// The same search, which does not ask whether a fit holds.
    struct Unguarded<'a, 'b, 'c>(&'a Run<'b, 'c>);

    impl Problem for Unguarded<'_, '_, '_> {
        const SAME: f64 = <Run as Problem>::SAME;

        fn short(&self, start: Mixture) -> search::Run {
            self.0.short(start)
        }

        fn long(&self, from: &Mixture) -> search::Run {
            self.0.long(from)
        }

        fn admits(&self, mixture: &Mixture) -> bool {
            self.0.admits(mixture)
        }
    }

    /// Edge: what is highest where fits are compared collapses, or leaves what is admissible, when the rest
    /// of it has come. The search puts it aside in time, and its fit is no lower than where any of 200
    /// random starts leads by plain steps. In the second nothing holds that an unguarded search finds; in
    /// the third what holds of it is lower.
    #[test]
    fn a_fit_that_does_not_hold_gives_way_to_the_best_that_does() {
        let first: &[f64] = &[
            -2.1, -1.9, -1.3, -1.2, -1.0, -0.7, -0.4, 0.0, 0.1, 0.1, 0.4, 0.9, 1.0, 1.2,
            3.0, 4.5, 5.6, 5.9, 6.3, 6.3, 6.4, 6.7, 7.0, 7.0, 7.0, 7.1, 7.5,
        ];
        let second: &[f64] = &[
            -1.2, -1.0, 0.0, 0.6, 0.8, 1.2, 1.2, 2.4, 3.0, 3.8, 4.4, 5.0, 5.0, 5.8, 6.2,
            6.4, 6.8, 6.8, 6.8, 7.0, 7.4, 8.2, 8.2,
        ];
        let third: &[f64] = &[
            -1.2, -1.2, -1.0, -0.8, -0.8, 0.4, 0.6, 1.6, 2.2, 2.4, 2.8, 3.4, 3.4, 3.8, 4.4,
            6.4, 6.6, 7.0, 7.0, 7.0, 7.4, 7.6, 8.4,
        ];
        for (data, k) in [(first, 3), (second, 4), (third, 4)] {
            let samples = Samples::new(data).unwrap();
            let (source, fitter) = (Source::samples(&samples), Fitter::new(k));
            let variance = source.whole().component(1).variance;
            let model = Model { tied: false, prior: None, variance };
            let traces = Traces::default();
            let run = Run { fitter: &fitter, source: &source, model, traces };

            let unguarded = run.searched(&Unguarded(&run), k, &mut |_, _| ()).unwrap();
            assert!(run.admits(&unguarded.mixture));
            let height = |m: &Mixture| source.exact(m).unwrap().0;
            let held = |m: &Mixture| {
                let end = run.rest(m, Method::Squarem).ok()?.mixture;
                run.admits(&end).then(|| height(&end))
            };
            assert_eq!(held(&unguarded.mixture), None);
            let next = unguarded.lower.iter().find_map(|fit| held(&fit.mixture));

            let fit = fitter.fit(data).unwrap();
            assert!(run.admits(&fit.mixture) && fit.ending == rate::Ending::Rounding);
            let known = (0..200).filter_map(|seed| {
                let start = random(data, k, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
                let end = run.rest(&start, Method::Plain).ok()?.mixture;
                run.admits(&end).then(|| height(&end))
            });
            let known = known.fold(f64::NEG_INFINITY, f64::max);
            let found = fit.log_likelihood;
            assert!(known.is_finite() && found > known - 1e-6, "{found} {known}");
            assert_eq!(next.is_none(), data == second);
            let mut before = f64::NEG_INFINITY;
            for restarts in [1, 5, 20, 40] {
                let now = Fitter::new(k).restarts(restarts).fit(data);
                let now = now.map_or(f64::NEG_INFINITY, |fit| fit.log_likelihood);
                assert!(now >= before - 1e-3, "{restarts}: {now} {before}");
                before = now;
            }
            assert_eq!(next.is_some_and(|next| next < found - 1.0), data == third);
        }
    }

    /// Edge: on a few samples, rounded to halves and fifths, no start and no move leads to a fit, but plain
    /// steps from some random starts do. The search finds one that is no lower, with any number of restarts.
    #[test]
    fn a_fit_is_found_that_only_plain_steps_lead_to() {
        let first: &[f64] = &[
            -1.5, -0.5, 0.0, 0.5, 1.0, 1.0, 1.5, 1.5, 2.0, 2.5, 2.5, 3.0, 3.5, 4.5, 4.5,
            6.5, 7.0, 7.0, 7.5, 7.5, 8.0,
        ];
        let second: &[f64] = &[
            -1.0, -1.0, -1.0, 1.0, 1.0, 1.5, 1.5, 1.5, 2.0, 2.5, 2.5, 3.0, 3.0, 3.0, 5.0,
            6.0, 6.0, 6.0, 6.5, 6.5, 7.0, 7.0, 7.5,
        ];
        let third: &[f64] = &[
            -1.6, -1.4, -0.4, -0.2, 0.0, 0.6, 0.8, 1.4, 2.4, 3.0, 4.2, 4.4, 5.4, 6.4, 6.6,
            7.0, 7.4, 7.8,
        ];
        for (data, k) in [(first, 3), (second, 4), (third, 4)] {
            let samples = Samples::new(data).unwrap();
            let (source, fitter) = (Source::samples(&samples), Fitter::new(k));
            let variance = source.whole().component(1).variance;
            let model = Model { tied: false, prior: None, variance };
            let run =
                Run { fitter: &fitter, source: &source, model, traces: Traces::default() };

            let known = (0..200).filter_map(|seed| {
                let start = random(data, k, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
                let end = run.rest(&start, Method::Plain).ok()?.mixture;
                run.admits(&end).then(|| source.exact(&end).unwrap().0)
            });
            let known = known.fold(f64::NEG_INFINITY, f64::max);
            assert!(known.is_finite());
            for restarts in [1, 20, 40] {
                let fit = Fitter::new(k).restarts(restarts).fit(data).unwrap();
                assert!(run.admits(&fit.mixture) && fit.ending == rate::Ending::Rounding);
                assert!(
                    fit.log_likelihood > known - 1e-6,
                    "{} {known}",
                    fit.log_likelihood
                );
                let Starts { all, arrived, elsewhere, dropped, refused } = fit.starts;
                assert_eq!(all, arrived + elsewhere + dropped + refused);
                let told = Fitter::new(k).restarts(restarts).trace(true).fit(data).unwrap();
                assert_eq!(told.mixture, fit.mixture);
                let (first, last) = (&told.trace[0], told.trace.last().unwrap());
                assert!(told.trace.len() > 50 && fit.steps > 50);
                assert!(first.log_likelihood < last.log_likelihood - 1.0);
                assert!((last.log_likelihood - fit.log_likelihood).abs() < 1e-9);
            }
        }
    }
}
