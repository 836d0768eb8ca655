//! The same answer in fewer steps: Aitken on one number, then SQUAREM and Anderson on mixtures.

use acceleration::{Method, accelerate, aitken, readable, settle};
use datasets::acceleration::{METHODS, Problem, Run, crabs_like, five_overlapping, runs};
use em::em;
use notebook::{data, guess};
use start::quantiles;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    one_number()?;
    let runs = runs();
    println!("\nCrabs-like, rate {:.4}, as recorded:", rate_of(&crabs_like())?);
    println!("                steps   settle stops at");
    print("crabs-like", &runs);
    println!("\nFive overlapping, rate {:.4}, as recorded:", rate_of(&five_overlapping())?);
    print("five overlapping", &runs);
    nudged(&runs);
    table(&runs);
    println!();
    for path in figures::save("acceleration")? {
        println!("{path}");
    }
    Ok(())
}

/// Aitken's guess from three weights in a row.
fn one_number() -> Result<(), Box<dyn Error>> {
    // ANCHOR: one_number
    let run: Vec<_> = em(&data(), guess()).take(201).collect::<Result<_, _>>()?;
    let weight = |t: usize| run[t].components()[0].weight;
    println!("step   weight 0   missing    Aitken   missing");
    for t in [5, 10, 20, 30, 40] {
        let end = aitken(weight(t - 2), weight(t - 1), weight(t));
        let missing = [weight(t), end].map(|value| (weight(200) - value).abs());
        println!(
            "{t:4}{:11.5}{:10.1e}{end:10.5}{:10.1e}",
            weight(t),
            missing[0],
            missing[1]
        );
    }
    // ANCHOR_END: one_number
    Ok(())
}

/// The rate of EM where SQUAREM ends.
fn rate_of(Problem { data, truth }: &Problem) -> Result<f64, Box<dyn Error>> {
    let start = quantiles(data, truth.components().len())?;
    let run = accelerate(readable(data), start, Method::Squarem)?;
    let limit = settle(run, data.len(), 1e-14, 60_000)?.mixture;
    let samples = data.iter().map(|x| (*x, 1.0));
    Ok(rate::Information::new(samples, &limit)?.rates()[0])
}

fn print(problem: &str, runs: &[Run]) {
    for run in runs.iter().filter(|run| run.problem == problem) {
        println!("{:12}{:9}{:18}", run.method, run.steps, run.stopped);
    }
}

/// What rounding alone does to the steps for the five.
fn nudged(runs: &[Run]) {
    let nudged = runs.iter().filter(|run| run.problem.starts_with("nudged"));
    let mut steps: Vec<_> = nudged.map(|run| run.steps).collect();
    steps.sort();
    if let [least, .., most] = steps[..] {
        let (times, half) = (steps.len(), steps[steps.len() / 2]);
        println!("SQUAREM, samples nudged {times} times: {least} to {most}, median {half}");
    }
}

fn table(runs: &[Run]) {
    let of = |name: &str| -> Vec<&Run> {
        runs.iter().filter(|run| run.is_seeded() && run.method == name).collect()
    };
    let plain = of(METHODS[0]);
    println!("\nThe table, {} problems, as recorded:", plain.len());
    println!(
        "            steps in   share of plain EM's     at most   another   most left"
    );
    println!(
        "                 all      median   largest     a tenth     limit   by settle"
    );
    for name in METHODS {
        let own = of(name);
        let share = |(own, plain): (&&Run, &&Run)| own.steps as f64 / plain.steps as f64;
        let shares: Vec<f64> = own.iter().zip(&plain).map(share).collect();
        let median = median(&shares);
        let other = |(own, plain): &(&&Run, &&Run)| {
            (own.log_likelihood - plain.log_likelihood).abs() > 1e-6
        };
        println!(
            "{name:12}{:8}{:12.3}{:10.3}{:12}{:10}{:12.1e}",
            own.iter().map(|run| run.steps).sum::<usize>(),
            median,
            shares.iter().copied().fold(0.0, f64::max),
            shares.iter().filter(|share| **share <= 0.1).count(),
            own.iter().zip(&plain).filter(other).count(),
            own.iter().map(|run| run.missing).fold(0.0, f64::max),
        );
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    0.5 * (sorted[half] + sorted[sorted.len() - 1 - half])
}
