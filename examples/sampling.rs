//! Draws the notebook's samples and their histogram.

use notebook::{COUNTS, SEED, data, truth};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let (truth, data) = (truth(), data());
    let n = data.len() as f64;
    let mean = data.iter().sum::<f64>() / n;
    let variance = data.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;

    println!("{n} samples with the seed {SEED}; the first five:");
    println!("{:.6?}\n", &data[..5]);
    println!("            samples   mixture");
    println!("mean       {mean:8.5}  {:8.5}", truth.mean());
    println!("variance   {variance:8.5}  {:8.5}\n", truth.variance());

    // ANCHOR: counts
    let rng = &mut ChaCha8Rng::seed_from_u64(SEED);
    let first = truth.components()[0];
    let counts: Vec<_> = (0..8)
        .map(|_| (0..10_000).filter(|_| *truth.choose(rng) == first).count())
        .collect();
    // ANCHOR_END: counts
    println!("How many of 10000 samples come from component 0, in eight fresh draws:");
    println!("{counts:?}");
    println!("The notebook takes exactly {} each time.\n", COUNTS[0]);

    for path in figures::save("sampling")? {
        println!("{path}");
    }
    Ok(())
}
