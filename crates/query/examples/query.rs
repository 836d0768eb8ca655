//! Tables of moments: of three machines, of several engines, in bins of many widths; and what the query
//! costs.

use compression::difference;
use datasets::query::{Answers, Cost, answers, costs};
use notebook::{STEPS, data, guess};
use one_pass::Samples;
use query::{Levels, Moments};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rand_distr::{Cauchy, Distribution};
use sampling::Mixture;
use std::error::Error;

/// The bins of the recorded tables.
const EIGHTH: f64 = 0.125;

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    machines(&data)?;
    engines()?;
    widths(&data)?;
    rows(&data)?;
    cost();
    println!();
    for path in figures::save("query")? {
        println!("{path}");
    }
    Ok(())
}

/// Three tables become one.
fn machines(data: &[f64]) -> Result<(), Box<dyn Error>> {
    let grid: Vec<f64> = data.iter().map(|x| (128.0 * x).round() / 128.0).collect();
    let mut all = Moments::of(&[], EIGHTH)?;
    println!("machine  samples  rows");
    for (machine, part) in figures::query::parts(&grid).into_iter().enumerate() {
        let table = Moments::of(part, EIGHTH)?;
        println!("{machine:7} {:8} {:5}", table.samples(), table.bins().len());
        all.merge(&table);
    }
    println!("    all {:8} {:5}", all.samples(), all.bins().len());
    println!("The same bits as from one machine: {}", all == Moments::of(&grid, EIGHTH)?);
    Ok(())
}

/// A hundred steps from the notebook's guess.
fn fit(levels: &Levels) -> Result<(Mixture, f64), Box<dyn Error>> {
    let mut mixture = guess();
    for _ in 0..STEPS {
        mixture = levels.step(&mixture)?.1;
    }
    let log_likelihood = levels.step(&mixture)?.0;
    Ok((mixture, log_likelihood))
}

/// The fit from the table of each engine.
fn engines() -> Result<(), Box<dyn Error>> {
    println!("\nA hundred steps of EM on what each engine has answered:");
    println!(
        "engine      rows  samples      weight 0         mean 0    variance 0  log-likelihood"
    );
    for Answers { engine, moments, .. } in answers() {
        let table = Moments::read(moments)?;
        let (rows, samples) = (table.bins().len(), table.samples());
        let (mixture, log_likelihood) = fit(&Levels::new(table))?;
        let c = mixture.components()[0];
        println!(
            "{engine:11} {rows:4} {samples:8}  {:12.10}  {:13.10}  {:12.10}{log_likelihood:16.5}",
            c.weight, c.mean, c.variance
        );
    }
    Ok(())
}

/// One fine table, made coarser: the estimate, and how far the fit is from that of all samples.
fn widths(data: &[f64]) -> Result<(), Box<dyn Error>> {
    let samples = Samples::new(data)?;
    let full = one_pass::em(&samples, guess()).nth(STEPS).ok_or("a run has no end")??;
    let mut table = Moments::of(data, EIGHTH / 16.0)?;
    println!("\nwidth  rows  points  estimate  off after 100 steps");
    while table.width() <= 1.0 {
        let levels = Levels::new(table.clone());
        let points = table.points();
        let run = points.em(guess()).nth(STEPS).ok_or("a run has no end")??;
        println!(
            "{:>5} {:5} {:7} {:9.0e} {:>20}",
            fraction(table.width()),
            table.bins().len(),
            points.points().len(),
            levels.error(&full),
            tiny(difference(&run, &full))
        );
        table = table.coarser();
    }
    Ok(())
}

/// A power of two as people write it.
fn fraction(width: f64) -> String {
    if width < 1.0 { format!("1/{}", 1.0 / width) } else { width.to_string() }
}

/// One digit; below 5e-13 rounding has a say.
fn tiny(difference: f64) -> String {
    if difference < 5e-13 { "< 5e-13".into() } else { format!("{difference:.0e}") }
}

/// How many rows come back, whatever the samples are.
fn rows(data: &[f64]) -> Result<(), Box<dyn Error>> {
    let (cauchy, mut rng) = (Cauchy::new(0.0, 1.0)?, ChaCha8Rng::seed_from_u64(1));
    let tails: Vec<f64> = (0..data.len() / 10).map(|_| cauchy.sample(&mut rng)).collect();
    println!("\nrows for 10000 samples             width  rows");
    for (what, more, width) in [
        ("the notebook's", &[][..], EIGHTH),
        ("two of them moved to 1e12", &[1e12, 1e12 + 1.0], EIGHTH),
        ("one in ten of them from Cauchy's", &tails, EIGHTH),
        ("bins for a spike of 0.001", &[], EIGHTH / 1024.0),
    ] {
        let data = [&data[more.len()..], more].concat();
        let table = Moments::of(&data, width)?;
        println!("{what:33} {:>6} {:5}", fraction(width), table.bins().len());
    }
    Ok(())
}

/// What was measured, and what follows for 1e12 rows on a hundred machines.
fn cost() {
    let costs = costs();
    let mut before = None;
    for cost in costs.iter().filter(|cost| cost.is_largest(&costs)) {
        let Cost { machine, cores, .. } = cost;
        if before.replace(machine) != Some(machine) {
            println!("\n{machine}, {cores} cores");
            println!(
                "task     engine       rows  seconds  CPU ns a row    MB  on 100 machines"
            );
        }
        let each = cost.cpu / cost.samples as f64;
        let line = format!(
            "{:8} {:10} {:6.0e} {:8.3} {:13.2} {:>5}  {}",
            cost.task,
            cost.engine,
            cost.samples as f64,
            cost.seconds,
            1e9 * each,
            cost.megabytes.map_or(String::new(), |mb| mb.to_string()),
            on_a_hundred_machines(&cost.task, each / cost.steps.unwrap_or(1) as f64),
        );
        println!("{}", line.trim_end());
    }
    for mixture in costs.iter().filter(|cost| cost.task == "mixture") {
        let Cost { engine, samples, steps: Some(steps), cpu, .. } = mixture else {
            continue;
        };
        let same = |cost: &&Cost| {
            (&*cost.task, &cost.engine, cost.samples) == ("moments", engine, *samples)
        };
        if let Some(query) = costs.iter().find(same) {
            println!(
                "{steps} steps of {engine}'s own, {:.0e} rows: {:.0} times the CPU of its query",
                *samples as f64,
                cpu / query.cpu
            );
        }
    }
}

/// How long a task takes for 1e12 rows: with sixteen cores a machine, and reading eight bytes a row at
/// 1 GB/s a machine. An engine's own mixture reads once and keeps the rows in memory.
fn on_a_hundred_machines(task: &str, seconds_a_row: f64) -> String {
    const ROWS: f64 = 1e12;
    let (cores, reading) = (ROWS * seconds_a_row / 1600.0, 8.0 * ROWS / 100e9);
    match task {
        "moments" => clock(cores + reading),
        "step" => clock(100.0 * (cores + reading)) + ", 100 steps",
        "mixture" => clock(100.0 * cores + reading) + ", 100 steps",
        _ => String::new(),
    }
}

fn clock(seconds: f64) -> String {
    match seconds {
        ..600.0 => format!("{seconds:.0} s"),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}
