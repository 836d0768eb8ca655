//! What a hundred steps cost, on all samples and on points, and how far points lead away.

use crate::{Desk, machine};
use ::compression::{Compressed, difference};
use anyhow::{Context, Result};
use datasets::compression::{Difference, Timing};
use notebook::{SEED, guess, truth};
use one_pass::Samples;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rayon::ThreadPoolBuilder;
use sampling::sample;
use std::hint::black_box;
use std::time::Instant;

/// The numbers of samples that are timed, on one thread.
pub const SIZES: [usize; 9] = [
    10_000,
    30_000,
    100_000,
    300_000,
    1_000_000,
    3_000_000,
    10_000_000,
    30_000_000,
    100_000_000,
];

fn draw(n: usize) -> Result<Vec<f64>> {
    Ok(sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(SEED))?)
}

/// The times for each number of samples, as far as the desk asks for them.
///
/// # Errors
///
/// No threads.
pub fn timings(desk: &Desk) -> Result<Vec<Timing>> {
    let one = ThreadPoolBuilder::new().num_threads(1).build()?;
    let sizes = desk.sizes(&SIZES)?;
    (desk.parts)(sizes.len());
    let time = |n| one.install(|| measure(n)).inspect(|_| (desk.done)());
    sizes.into_iter().map(time).collect()
}

/// Medians of rounds in which everything is timed once.
fn measure(n: usize) -> Result<Timing> {
    // ANCHOR: measure
    let data = draw(n)?;
    let mut rounds: [Vec<f64>; 5] = Default::default();
    for _ in 0..if n > 10_000_000 { 3 } else { 7 } {
        let mut clock = Instant::now();
        let mut lap = |i: usize| {
            rounds[i].push(clock.elapsed().as_secs_f64());
            clock = Instant::now();
        };
        black_box(one_pass::limits::read(&data));
        lap(0);
        let samples = Samples::new(&data)?;
        lap(1);
        let compressed = Compressed::new(&samples, 256, 4)?;
        lap(2);
        (0..100).try_fold(guess(), |m, _| compressed.step(&m).map(|s| s.1))?;
        lap(3);
        (0..100).try_fold(guess(), |m, _| one_pass::step(&samples, &m).map(|s| s.1))?;
        lap(4);
    }
    // ANCHOR_END: measure
    let [read, look, compress, points, full] = rounds.map(machine::median);
    let (machine, date) = (machine::processor(), machine::today());
    Ok(Timing { machine, date, samples: n, read, look, compress, points, full })
}

/// Ten steps on points beside those on all samples.
///
/// # Errors
///
/// None.
pub fn differences(desk: &Desk) -> Result<Vec<Difference>> {
    let data = draw(50_000)?;
    let samples = Samples::new(&data)?;
    let full = one_pass::em(&samples, guess()).nth(10).context("a run has no end")??;
    let bins = |points| (4..=10).map(move |power| (points, 1 << power));
    desk.each((1..=4).flat_map(bins).collect(), |(points, bins)| {
        let few = Compressed::new(&samples, bins, points)?;
        let few = few.em(guess()).nth(10).context("a run has no end")??;
        Ok(Difference { points, bins, difference: difference(&few, &full) })
    })
}
