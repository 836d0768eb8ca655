//! The last resort of a search: plain steps, and samples cut into pieces.

use crate::run::{Fitted, Run};
use crate::source::Source;
use acceleration::Method;
use one_pass::Sums;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::Ending;
use sampling::{Component, Mixture};
use search::Problem;
use start::random;

/// Plain steps from each start.
const STEPS: usize = 50;
/// So many densities are computed in all.
const DENSITIES: usize = 4_000_000;
/// A piece has at least so many samples,
const FEWEST: usize = 2;
/// and this share of the variance of all: samples that are the same have none of their own.
const WIDE: f64 = 1e-3;

impl Run<'_, '_> {
    /// A run by plain steps, and where it begins: random samples, or in turn samples cut at random with a
    /// component for each piece. It is the first that comes to rest at what is admissible. Few samples have
    /// hills so small that SQUAREM strides over them, and that hardly a start of equal weights and
    /// variances stands on.
    ///
    /// Not for one variance, which has no spikes to run into, nor for a table, whose runs into what is too
    /// narrow for it say that it is too coarse.
    pub(crate) fn by_plain_steps(
        &self,
        components: usize,
    ) -> Option<(Mixture, search::Run)> {
        if self.model.tied || matches!(self.source, Source::Table(_)) {
            return None;
        }
        let seed = self.fitter.seed;
        let mut samples = self.source.starters(seed);
        samples.sort_unstable_by(f64::total_cmp);
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (mut left, mut cut) = (DENSITIES / (samples.len() * components), false);
        while left > 0 {
            let start = match cut {
                false => random(&samples, components, rng).ok(),
                true => self.pieces(&samples, components, rng),
            };
            cut = !cut;
            let ended = start.and_then(|start| {
                let plain = self.plain(&start, STEPS).ok()?;
                let top = self.rest(&plain.mixture, Method::Squarem).ok()?;
                Some((start, plain.trace, top))
            });
            left = left.saturating_sub(STEPS + ended.as_ref().map_or(0, |e| e.2.steps));
            if let Some((start, trace, top)) = ended
                && self.admits(&top.mixture)
            {
                let Fitted { mixture, steps, ending, .. } = top;
                let (climbed, _) = self.sketch(&mixture).ok()?;
                let (end, converged) =
                    (Some((mixture, climbed)), ending != Ending::OutOfSteps);
                self.traces.keep(trace);
                self.traces.keep(top.trace);
                return Some((start, search::Run { steps: STEPS + steps, end, converged }));
            }
        }
        None
    }

    /// Sorted samples, cut at random. `None` if they are too few.
    fn pieces(
        &self,
        samples: &[f64],
        components: usize,
        rng: &mut ChaCha8Rng,
    ) -> Option<Mixture> {
        let all = samples.len();
        let free = all.checked_sub(FEWEST * components)?;
        let cut = |_| rng.random_range(0..=free);
        let mut cuts: Vec<usize> = (1..components).map(cut).collect();
        cuts.sort_unstable();
        let ends = cuts.iter().chain([&free]).zip(1..).map(|(cut, i)| cut + FEWEST * i);
        let pieces = ends.scan(0, |from, to| {
            let piece = &samples[std::mem::replace(from, to)..to];
            let mut sums = Sums::new(piece[0]);
            piece.iter().for_each(|x| sums.add(*x, 1.0));
            let c = sums.component(all);
            Some(Component { variance: c.variance.max(WIDE * self.model.variance), ..c })
        });
        Mixture::new(pieces).ok()
    }
}
