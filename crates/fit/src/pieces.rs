//! The last resort of a search: plain steps, and samples cut into pieces.

use crate::{run::Run, source::Source};
use acceleration::Method;
use one_pass::Sums;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
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
    /// Where plain steps lead from random samples, or from samples cut at random with a component for each
    /// piece: the first such place whose hill has a top that holds. Few samples have hills so small that
    /// SQUAREM strides over them, and that hardly a start of equal weights and variances stands on.
    /// Not for one variance, which has no spikes to run into, nor for a table, whose runs into what is too
    /// narrow for it say that it is too coarse.
    pub(crate) fn last_resort(&self, components: usize) -> Option<Mixture> {
        if self.model.tied || matches!(self.source, Source::Table(_)) {
            return None;
        }
        let seed = self.fitter.seed;
        let mut samples = self.source.starters(seed);
        samples.sort_by(f64::total_cmp);
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (mut left, mut cut) = (DENSITIES / (samples.len() * components), false);
        while left > 0 {
            let start = match cut {
                false => random(&samples, components, rng).ok(),
                true => self.pieces(&samples, components, rng),
            };
            cut = !cut;
            let end = start.and_then(|start| self.plain_steps(start));
            let top = end.and_then(|end| self.rest(&end, Method::Squarem).ok());
            if let Some(top) = &top
                && self.admits(&top.mixture)
            {
                return Some(top.mixture.clone());
            }
            left = left.saturating_sub(STEPS + top.map_or(0, |top| top.steps));
        }
        None
    }

    fn plain_steps(&self, start: Mixture) -> Option<Mixture> {
        (0..STEPS).try_fold(start, |mixture, _| Some(self.map(&mixture).ok()?.1))
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
