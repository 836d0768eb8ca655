//! A stream of 100 000 samples that is never stored: where online EM arrives, beside EM that reads all
//! samples again and again; what a burn-in does; and a mean that moves.

use figures_elsewhere::online::{BURN_IN, SAMPLES, SETTLED, SIZE, followed, stream};
use notebook::{SEED, guess, truth};
use one_pass::Samples;
use online::{Average, Online, OnlineError, StepSize};
use rate::Parameter;
use sampling::Mixture;
use std::error::Error;
use uncertainty::{Uncertainty, observed_information};

fn main() -> Result<(), Box<dyn Error>> {
    agreement()?;
    burn_in()?;
    drift()?;
    println!();
    for path in figures_elsewhere::save("online")? {
        println!("{path}");
    }
    Ok(())
}

/// The last mixture and the average of those after `settled` steps.
// ANCHOR: read
fn read(
    samples: impl Iterator<Item = f64>,
    size: StepSize,
    settled: u64,
) -> Result<[Mixture; 2], Box<dyn Error>> {
    let mut online = Online::new(guess(), size, BURN_IN)?;
    let mut average = Average::default();
    for (t, x) in samples.enumerate() {
        online.learn(&[x])?;
        if t as u64 >= settled {
            average.add(online.mixture());
        }
    }
    Ok([online.mixture().clone(), average.mixture()?])
}
// ANCHOR_END: read

/// The last mixture when `size` samples make a step.
fn in_batches(samples: &[f64], size: usize) -> Result<Mixture, OnlineError> {
    let mut online = Online::new(guess(), SIZE, 0)?;
    samples.chunks(size).try_for_each(|batch| online.learn(batch))?;
    Ok(online.mixture().clone())
}

fn agreement() -> Result<(), Box<dyn Error>> {
    let data: Vec<f64> = stream(SEED).take(SAMPLES as usize).collect(); // to compare with
    let samples = Samples::new(&data)?;
    let batch: Vec<Mixture> =
        one_pass::em(&samples, guess()).take(201).collect::<Result<_, _>>()?;
    let limit = &batch[200];
    let information = observed_information(data.iter().map(|x| (*x, 1.0)), limit)?;
    let covariance = Uncertainty::new(limit, &information)?;
    let free = Parameter::of(limit);
    let errors: Vec<f64> =
        (0..free.len()).map(|p| covariance.covariance()[p][p].sqrt()).collect();

    let row = |name: &str, cells: Vec<String>| println!("{name:28}{}", cells.concat());
    println!("{} thousand samples, from the notebook's guess:", SAMPLES / 1000);
    row(
        "",
        ["weight 0", "mean 0", "mean 1", "var. 0", "var. 1"]
            .map(|n| format!("{n:>9}"))
            .to_vec(),
    );
    let of = |mixture: &Mixture| {
        free.iter().map(|p| format!("{:9.4}", p.value(mixture))).collect()
    };
    row("truth", of(&truth()));
    row("EM on all, 200 steps", of(limit));
    row("its standard errors", errors.iter().map(|e| format!("{e:9.4}")).collect());
    println!("off from it, in standard errors:");
    let off = |mixture: &Mixture| -> Vec<String> {
        let off =
            free.iter().zip(&errors).map(|(p, e)| (p.value(mixture) - p.value(limit)) / e);
        off.map(|off| format!("{off:+9.2}")).collect()
    };
    row("EM on all, 1 step", off(&batch[1]));
    row("EM on all, 10 steps", off(&batch[10]));
    let once = || data.iter().copied();
    let [last, average] = read(once(), SIZE, SETTLED)?;
    row("online, the last mixture", off(&last));
    row("online, the average", off(&average));
    row("  with step sizes 1/t", off(&read(once(), StepSize::Falling(1.0), 0)?[0]));
    for size in [10, 100, 1000] {
        row(&format!("  in batches of {size}"), off(&in_batches(&data, size)?));
    }
    Ok(())
}

/// Streams of a thousand samples: how many break, and how far from the truth the others get.
fn burn_in() -> Result<(), Box<dyn Error>> {
    println!("\n200 streams of 1000 samples, by the length of the burn-in:");
    println!("burn-in  broken  mean 1 lowest  highest");
    for burn_in in [0, 1, 2, 5, 20, 100] {
        let mut broken = 0;
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        for seed in 0..200 {
            let mut online = Online::new(guess(), SIZE, burn_in)?;
            for x in stream(seed).take(1000) {
                if online.learn(&[x]).is_err() {
                    broken += 1;
                    break;
                }
                let mean = online.mixture().components()[1].mean;
                (lowest, highest) = (lowest.min(mean), highest.max(mean));
            }
        }
        let [lowest, highest] = [lowest, highest].map(|mean| match mean.is_finite() {
            true => format!("{mean:.2}"),
            false => "-".into(),
        });
        println!("{burn_in:7}{broken:8}{lowest:>15}{highest:>9}");
    }
    Ok(())
}

fn drift() -> Result<(), OnlineError> {
    println!(
        "\nThe mean of component 1 goes from 5 to 8 and back. How far off, root mean square:"
    );
    println!("step size     off   spread by the formula");
    let moving = truth().components()[1];
    for size in [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03] {
        let run = followed(StepSize::Constant(size))?;
        let squares: f64 =
            run.iter().map(|(mean, estimate)| (mean - estimate).powi(2)).sum();
        let off = (squares / run.len() as f64).sqrt();
        let spread = (size * moving.variance / (2.0 * moving.weight)).sqrt();
        println!("{size:9}{off:8.3}{spread:24.3}");
    }
    Ok(())
}
