//! What the search climbs: runs by SQUAREM, and which fits may be trusted.

use crate::run::{COMPARED, Fitted, Run};
use acceleration::{Method, accelerate};
use rate::Ending;
use sampling::Mixture;
use search::Problem;

/// Steps of the short run that every start gets. SQUAREM in so many climbs as far as EM in a hundred
/// or two, which tells hills apart.
const SHORT: usize = 20;
/// A component has at least so many samples' worth...
pub(crate) const LEAST: f64 = 2.0;
/// ... and so many if it is narrow:
const LEAST_NARROW: f64 = 30.0;
/// its variance is below this share of the data's.
const NARROW: f64 = 1e-4;

impl Problem for Run<'_, '_> {
    /// Long runs have up to [`COMPARED`] to come.
    const SAME: f64 = 10.0 * COMPARED;

    fn short(&self, start: Mixture) -> search::Run {
        let run = accelerate(|m| self.sketch(m), start, Method::Squarem)
            .expect("the method has no depth");
        let mut short = search::Run { steps: 0, end: None, converged: false };
        let mut trace = Vec::new();
        for state in self.traced(run, &mut trace) {
            short.end = state.ok().map(|state| {
                short.steps = state.steps;
                (state.mixture, state.log_likelihood)
            });
            if short.end.is_none() || short.steps >= SHORT {
                break;
            }
        }
        self.traces.keep(trace);
        short
    }

    fn long(&self, from: &Mixture) -> search::Run {
        let Ok(run) = self.settled(from, COMPARED) else {
            return search::Run { steps: 0, end: None, converged: false };
        };
        let Fitted { mixture, steps, ending, trace, .. } = run;
        self.traces.keep(trace);
        let end = self.sketch(&mixture).ok().map(|(climbed, _)| (mixture, climbed));
        search::Run { steps, end, converged: ending != Ending::OutOfSteps }
    }

    /// Whether the run is admissible at rest too: with what is still to come it may turn into a spike.
    fn holds(&self, end: &Mixture) -> bool {
        self.rest(end, Method::Squarem).is_ok_and(|fitted| self.admits(&fitted.mixture))
    }

    /// Whether no component is a spike (eq:no-spike):
    ///
    /// ```text
    /// n π_k ≥ 2, and n π_k ≥ 30 or σ_k² ≥ s² / 10 000
    /// ```
    // ANCHOR: admits
    fn admits(&self, mixture: &Mixture) -> bool {
        let (samples, narrow) = (self.source.whole().count, NARROW * self.model.variance);
        mixture.components().iter().all(|c| {
            let count = c.weight * samples;
            count >= LEAST && (c.variance >= narrow || count >= LEAST_NARROW)
        })
    }
    // ANCHOR_END: admits

    fn last_resort(&self, components: usize) -> Option<(Mixture, search::Run)> {
        self.by_plain_steps(components)
    }
}
