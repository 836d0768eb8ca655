//! What best means: a spike, the published fit, and what strategies of search reach and cost.

use datasets::old_faithful;
use datasets::start::{STRATEGIES, scores, trials};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture};
use search::{Search, best, split_and_merge};
use stability::{Cure, em};
use start::{quantiles, random};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = old_faithful();
    spike(&data)?;
    fit(&data)?;
    strategies();
    moves()?;
    one_move()?;
    compared();

    println!();
    for path in figures::save("search")? {
        println!("{path}");
    }
    Ok(())
}

fn spike(data: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("Old Faithful, one component on the 15 samples that are 78, by the floor:");
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
        let (c, l) = (spiked.components()[0], stability::log_likelihood(data, &spiked));
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
    let mut c = best.mixture.components().to_vec();
    c.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    println!("{:14}{:>12}{:>26}", "", "ours", "published, one deviation");
    for (name, ours, published) in [
        ("weight 0", c[0].weight, "0.36085"),
        ("mean 0", c[0].mean, "54.61364"),
        ("mean 1", c[1].mean, "80.09031"),
        ("deviation 0", c[0].variance.sqrt(), "5.86909"),
        ("deviation 1", c[1].variance.sqrt(), "5.86909"),
        ("log-likelihood", best.log_likelihood, "-1034.002"),
    ] {
        println!("{name:14}{ours:12.5}{published:>26}");
    }
    Ok(())
}

fn strategies() {
    let trials = trials();
    let rows = scores(&trials);
    println!(
        "\nTrials of {} that reach the best fit known, in per cent; steps of a trial:",
        trials.len() / rows.len()
    );
    print!("{:11}", "");
    rows.iter().for_each(|(problem, _)| print!("{problem:>21}"));
    println!();
    for (i, name) in STRATEGIES.iter().enumerate() {
        print!("{name:11}");
        for (_, scores) in &rows {
            let score = &scores[i];
            let (share, [low, high]) = (100.0 * score.share, score.interval);
            let interval = format!("{:.0}-{:.0}", 100.0 * low, 100.0 * high);
            print!("{share:8.1} {interval:>6}{:6.0}", score.steps);
        }
        println!();
    }
}

/// What split and merge make of one start.
fn moves() -> Result<(), Box<dyn Error>> {
    println!("\nThe galaxies and the skewed population, from the quantiles alone:");
    println!(
        "{:10}{:>3}{:>12}{:>18}{:>8}{:>8}",
        "", "K", "stuck", "split and merge", "steps", "steps"
    );
    for (name, data) in
        [("galaxies", datasets::galaxies()), ("skewed", datasets::selection::skewed())]
    {
        for k in [3, 4] {
            // ANCHOR: moves
            let search =
                Search { short: 20, finalists: 3, least_count: 2.0, ..Search::default() };
            let stuck = best(&data, [quantiles(&data, k)?], &search)?;
            let free = split_and_merge(&data, [quantiles(&data, k)?], &search)?;
            // ANCHOR_END: moves
            let heights = (stuck.log_likelihood, free.log_likelihood);
            let steps = (stuck.steps, free.steps);
            println!(
                "{name:10}{k:3}{:12.3}{:18.3}{:8}{:8}",
                heights.0, heights.1, steps.0, steps.1
            );
        }
    }
    Ok(())
}

/// The move that is drawn.
fn one_move() -> Result<(), Box<dyn Error>> {
    let (data, states) = figures::search::freed()?;
    println!("\nFour components of the galaxies, means and deviations:");
    println!("{:72}log-likelihood", "");
    for (name, mixture) in ["stuck", "moved", "after EM"].into_iter().zip(states) {
        print!("{name:9}");
        for c in mixture.components() {
            print!("{:8.2} +-{:5.2}", c.mean, c.variance.sqrt());
        }
        println!("{:13.3}", stability::log_likelihood(&data, &mixture));
    }
    Ok(())
}

/// What the defaults of the chapter *Fit* find beside the best that is known.
fn compared() {
    let rows = datasets::search::compared();
    println!(
        "\nThe defaults of emfit beside the best proper maximum known, data sets by K:"
    );
    println!("K   higher   within 0.01   lower   nobody has one");
    for k in 2..=6 {
        let of_k = || rows.iter().filter(|row| row.components == k);
        let above = |row: &datasets::search::Compared| Some(row.ours? - row.best_known?);
        let above: Vec<f64> = of_k().filter_map(above).collect();
        let higher = above.iter().filter(|by| **by > 0.01).count();
        let lower = above.iter().filter(|by| **by < -0.01).count();
        let nobody = of_k().filter(|row| row.best_known.is_none()).count();
        let level = above.len() - higher - lower;
        println!("{k}{higher:9}{level:14}{lower:8}{nobody:17}");
    }
    for row in rows.iter().filter(|row| row.short.is_some_and(|short| short > 0.01)) {
        let short = row.short.unwrap_or(f64::NAN);
        println!("lower by {short:.2}: {}, K = {}", row.data, row.components);
    }
}
