//! The same answer in fewer steps: Aitken on one number, then SQUAREM and Anderson on mixtures.
//!
//! `cargo run --release --example acceleration -- --record` measures the table anew and writes it
//! to `data/`; without the argument the table is read from there.

use acceleration::{Method, aitken};
use em::em;
use figures::acceleration::trials::{
    METHODS, Problem, Row, crabs_like, five_overlapping, nudged, outcome, problem, recorded,
};
use notebook::{data, guess};
use std::error::Error;
use std::fs;

/// The seeds of the table. The guard was made with those below 100.
const SEEDS: std::ops::Range<u64> = 100..160;

/// How often the samples of the five are changed in their last digits.
const NUDGES: u64 = 120;

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        None => show(),
        Some("--record") => record(),
        Some(other) => {
            Err(format!("{other} is no argument: there is only --record").into())
        }
    }
}

fn show() -> Result<(), Box<dyn Error>> {
    one_number()?;
    let crabs = crabs_like();
    println!("\nCrabs-like, rate {:.4}:", rate_of(&crabs)?);
    println!("                 steps   settle stops at");
    for (name, method) in METHODS {
        let outcome = outcome(&crabs, method)?;
        println!("{name:12}{:9}{:18}", outcome.steps, outcome.stopped);
    }
    let rows = recorded();
    println!("\nFive overlapping, rate {:.4}, as recorded:", rate_of(&five_overlapping())?);
    for row in rows.iter().filter(|row| row.problem == "five overlapping") {
        println!("{:12}{:9}{:18}", row.method, row.steps, row.stopped);
    }
    let nudged = rows.iter().filter(|row| row.problem.starts_with("nudged"));
    let mut steps: Vec<_> = nudged.map(|row| row.steps).collect();
    steps.sort();
    if let [least, .., most] = steps[..] {
        let (times, half) = (steps.len(), steps[steps.len() / 2]);
        println!("SQUAREM, samples nudged {times} times: {least} to {most}, median {half}");
    }
    table(&rows);
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

fn rate_of(problem: &Problem) -> Result<f64, Box<dyn Error>> {
    let limit = outcome(problem, Method::Squarem)?.limit;
    let samples = problem.data.iter().map(|&x| (x, 1.0));
    Ok(rate::Information::new(samples, &limit)?.rates()[0])
}

fn table(rows: &[Row]) {
    let of = |name: &str| -> Vec<&Row> {
        let seeded = |row: &&Row| row.method == name && row.problem.parse::<u64>().is_ok();
        rows.iter().filter(seeded).collect()
    };
    let plain = of(METHODS[0].0);
    println!("\nThe table, {} problems, as recorded:", plain.len());
    println!(
        "             steps in   share of plain EM's     at most   another   most left"
    );
    println!(
        "                 all      median   largest     a tenth     limit   by settle"
    );
    for (name, _) in METHODS {
        let own = of(name);
        let share = |(own, plain): (&&Row, &&Row)| own.steps as f64 / plain.steps as f64;
        let shares: Vec<f64> = own.iter().zip(&plain).map(share).collect();
        let median = median(&shares);
        let other = |(own, plain): &(&&Row, &&Row)| {
            (own.log_likelihood - plain.log_likelihood).abs() > 1e-6
        };
        println!(
            "{name:12}{:8}{:12.3}{:10.3}{:12}{:10}{:12.1e}",
            own.iter().map(|row| row.steps).sum::<usize>(),
            median,
            shares.iter().copied().fold(0.0, f64::max),
            shares.iter().filter(|share| **share <= 0.1).count(),
            own.iter().zip(&plain).filter(other).count(),
            own.iter().map(|row| row.missing).fold(0.0, f64::max),
        );
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    0.5 * (sorted[half] + sorted[sorted.len() - 1 - half])
}

/// Runs everything, and writes down what it takes.
fn record() -> Result<(), Box<dyn Error>> {
    let slow = [("crabs-like", crabs_like()), ("five overlapping", five_overlapping())];
    let slow = slow.map(|(name, problem)| (name.to_owned(), problem));
    let seeded = SEEDS.map(|seed| (seed.to_string(), problem(seed)));
    let mut rows = "problem,method,steps,stopped,missing,log_likelihood\n".to_owned();
    let mut gaps = "problem,method,steps,gap\n".to_owned();
    for (name, problem) in slow.into_iter().chain(seeded) {
        for (method_name, method) in METHODS {
            let outcome = outcome(&problem, method)?;
            let line = Row::line(&name, method_name, &outcome);
            eprint!("{line}");
            rows += &line;
            if name.parse::<u64>().is_err() {
                for (steps, gap) in thinned(&outcome.gaps) {
                    gaps += &format!("{name},{method_name},{steps},{gap:.3e}\n");
                }
            }
        }
    }
    for seed in 0..NUDGES {
        let outcome = outcome(&nudged(seed), Method::Squarem)?;
        rows += &Row::line(&format!("nudged {seed}"), "SQUAREM", &outcome);
    }
    fs::write("data/acceleration.csv", rows)?;
    fs::write("data/acceleration_gaps.csv", gaps)?;
    println!("data/acceleration.csv\ndata/acceleration_gaps.csv");
    Ok(())
}

/// As many as a picture can show; the first at most 1e-8 and the first at most 1e-9, the end.
fn thinned(gaps: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let first = |low: f64| gaps.iter().position(|(_, gap)| *gap <= low);
    let (met, end) = (first(1e-8), first(1e-9));
    let (mut last, mut kept) = (0.0, Vec::new());
    for (i, &(steps, gap)) in gaps.iter().enumerate() {
        if steps as f64 > 1.03 * last || Some(i) == met || Some(i) == end {
            last = steps as f64;
            kept.push((steps, gap));
        }
        if Some(i) == end {
            break;
        }
    }
    kept
}
