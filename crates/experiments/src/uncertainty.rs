//! How often intervals hold the truth, in samples of several sizes from the notebook's mixture.

use crate::Desk;
use anyhow::Result;
use datasets::uncertainty::{Block, SIZES, TRIALS};
use notebook::truth;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};
use search::{Search, best};
use selection::by_mean;
use uncertainty::{parameter, uncertainties};

/// How many blocks of trials there are of each size; their seeds are 0, 1, ….
pub const BLOCKS: u64 = 10;

/// What an interval is for: a parameter, as it is or on another scale.
type Scale = fn(usize, &Mixture) -> f64;

/// A parameter on a scale without bounds: the log odds of a weight, the log of a variance.
fn unbounded(p: usize, mixture: &Mixture) -> f64 {
    let value = parameter(p, mixture);
    match p {
        0 => (value / (1.0 - value)).ln(),
        1 | 2 => value,
        _ => value.ln(),
    }
}

/// A block of trials with samples of this size.
#[must_use]
pub fn block(samples: usize, seed: u64) -> Block {
    let (truth, rng) = (truth(), &mut ChaCha8Rng::seed_from_u64(seed));
    let mut block = Block { samples, seed, ..Block::default() };
    for _ in 0..TRIALS {
        let data = sample(&truth, samples, rng).expect("more than 0 samples");
        match covers(&data, &truth) {
            None => block.refused += 1,
            Some(covers) => {
                let counts = block.covered.as_flattened_mut().iter_mut();
                let add = |(sum, covers): (&mut usize, &bool)| *sum += usize::from(*covers);
                counts.zip(covers.as_flattened()).for_each(add);
            }
        }
    }
    block
}

/// Whether the intervals from a sample hold the truth; `None` where there are none.
fn covers(data: &[f64], truth: &Mixture) -> Option<[[bool; 5]; 3]> {
    let search = Search { short: 0, ..Search::default() };
    let fit =
        Mixture::new(by_mean(&best(data, [truth.clone()], &search).ok()?.mixture)).ok()?;
    let (observed, complete) = uncertainties(data, &fit).ok()?;
    let ways: [(_, Scale); 3] =
        [(&observed, parameter), (&observed, unbounded), (&complete, parameter)];
    Some(ways.map(|(sure, of)| {
        std::array::from_fn(|p| {
            let [low, high] = sure.interval(0.95, |m| of(p, m)).unwrap_or([f64::NAN; 2]);
            (low..=high).contains(&of(p, truth))
        })
    }))
}

/// All blocks.
///
/// # Errors
///
/// None.
pub fn blocks(desk: &Desk) -> Result<Vec<Block>> {
    let seeds = |samples| (0..BLOCKS).map(move |seed| (samples, seed));
    let all = SIZES.into_iter().flat_map(seeds).collect();
    desk.each(all, |(samples, seed)| Ok(block(samples, seed)))
}
