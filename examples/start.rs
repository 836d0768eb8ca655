//! Where to begin: the symmetry trap, a spike, the published fit, and what strategies cost.

use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture};
use stability::{Cure, em};
use start::trials::{names, problems, scores};
use start::{Search, best, old_faithful, quantiles, random};
use std::error::Error;
use std::io::{IsTerminal, Write, stderr};

/// The trials of each problem, unless an argument says how many.
const TRIALS: u64 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let trials = std::env::args().nth(1).map_or(Ok(TRIALS), |n| n.parse())?;
    if trials == 0 {
        return Err("0 trials were asked for: a share needs at least 1".into());
    }
    let data = old_faithful();
    trap(&data)?;
    spike(&data)?;
    fit(&data)?;
    let scores = strategies(trials)?;

    println!();
    let groups = figures::start::three_groups();
    for (figure, path) in [
        (figures::start::basins(&groups, -2.0..12.0)?, "target/figures/start.svg"),
        (
            figures::start::strategies(&scores, trials)?,
            "target/figures/start_strategies.svg",
        ),
    ] {
        figure.save(path)?;
        println!("{path}");
    }
    Ok(())
}

fn trap(data: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("Old Faithful, two identical components at the start:");
    println!("step    mean 0    mean 1   variance 0   variance 1   log-likelihood");
    let half = Component { weight: 0.5, mean: 60.0, variance: 30.0 };
    for (step, mixture) in
        em(data, Mixture::new([half, half])?, Cure::Refuse).take(4).enumerate()
    {
        let mixture = mixture?;
        let [a, b] = mixture.components() else { unreachable!("two components") };
        println!(
            "{step:4}{:10.5}{:10.5}{:13.5}{:13.5}{:17.4}",
            a.mean,
            b.mean,
            a.variance,
            b.variance,
            bound::log_likelihood(data, &mixture)
        );
    }
    Ok(())
}

fn spike(data: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("\nThe same data, one component on the 15 samples that are 78, by the floor:");
    println!("  floor   deviation 0   N_0   log-likelihood   highest   admissible");
    for share in [1e-4, 1e-6, 1e-8, 1e-10] {
        // ANCHOR: spike
        let all = quantiles(data, 1)?.components()[0];
        let spike = Mixture::new([
            Component { weight: 0.05, mean: 78.0, variance: share * all.variance },
            Component { weight: 0.95, ..all },
        ])?;
        let cure = Cure::Floor(share);
        let spiked = em(data, spike.clone(), cure).nth(50).ok_or("the run ended")??;
        let search = Search { cure, ..Search::default() };
        let chosen = best(data, [spike, quantiles(data, 2)?], &search)?;
        // ANCHOR_END: spike
        let (c, l) = (spiked.components()[0], bound::log_likelihood(data, &spiked));
        let highest = if l > chosen.log_likelihood { "spike" } else { "fit" };
        println!(
            "{share:7.0e}{:14.6}{:6.1}{l:17.2}{highest:>10}{:>13}",
            c.variance.sqrt(),
            c.weight * data.len() as f64,
            format!("{:.2}", chosen.log_likelihood),
        );
    }
    Ok(())
}

fn fit(data: &[f64]) -> Result<(), Box<dyn Error>> {
    // ANCHOR: fit
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let starts = (0..20).map(|_| random(data, 2, rng)).collect::<Result<Vec<_>, _>>()?;
    let search = Search { finalists: 20, tolerance: 1e-12, ..Search::default() };
    let best = best(data, starts, &search)?;
    // ANCHOR_END: fit
    println!(
        "\n20 random starts: {} arrived, {} ended elsewhere, {} inadmissible, {} refused.",
        best.arrived, best.elsewhere, best.inadmissible, best.refused
    );
    println!("Log-likelihood {:.3}. Beside the published fit:", best.log_likelihood);
    let mut c = best.mixture.components().to_vec();
    c.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    for (name, ours, published) in [
        ("weight    0", c[0].weight, "0.36089"),
        ("mean      0", c[0].mean, "54.61486"),
        ("mean      1", c[1].mean, "80.09107"),
        ("deviation 0", c[0].variance.sqrt(), "5.87122"),
        ("deviation 1", c[1].variance.sqrt(), "5.86773"),
    ] {
        println!("{name}  {ours:9.5}  {published:>9}");
    }
    Ok(())
}

/// The scores of the strategies on every problem.
type Scores = Vec<(&'static str, Vec<start::trials::Score>)>;

fn strategies(trials: u64) -> Result<Scores, Box<dyn Error>> {
    println!("\nTrials of {trials} that reach the best fit known, and steps a trial:");
    print!("{:18}", "");
    names().iter().for_each(|name| print!("{name:>14}"));
    println!();
    let mut rows = Vec::new();
    for (problem, truth) in problems() {
        let scores = scores(&truth, trials, |done| progress(problem, done, trials))?;
        print!("{problem:18}");
        for score in &scores {
            print!("{:7}{:7.0}", score.successes, score.steps as f64 / trials as f64);
        }
        println!();
        rows.push((problem, scores));
    }
    Ok(rows)
}

/// Says on a terminal how far the trials are; elsewhere, nothing.
// ANCHOR: progress
fn progress(problem: &str, done: u64, all: u64) {
    if stderr().is_terminal() {
        let end = if done == all { "\r\x1b[K" } else { "" };
        eprint!("\r{problem}: trial {done} of {all}{end}");
        let _ = stderr().flush(); // progress that cannot be shown is no error
    }
}
// ANCHOR_END: progress
