//! How many components: the criteria, the bootstrap of the likelihood ratio, a skewed population.

use datasets::galaxies;
use datasets::selection::{Fit, fits, skewed};
use figures::selection::chi_square_tail;
use search::{Best, Search, SearchError};
use selection::{Criteria, Plan, p_value, plan, short_plan};
use std::error::Error;
use std::io::{IsTerminal, Write, stderr};

/// The replicates of each bootstrap.
const REPLICATES: usize = 39;

fn main() -> Result<(), Box<dyn Error>> {
    println!("The galaxies, {} starts each:", plan().starts);
    let velocities = galaxies();
    table(&velocities, 6, &plan(), &[])?;

    println!("\nThe notebook's samples, one start each, beside split and merge:");
    let mut long = fits();
    long.retain(|fit| fit.data == "notebook");
    let search = Search { tolerance: 0.3, ..Search::default() };
    let one_start = Plan { starts: 1, seed: 1, search };
    table(&notebook::data(), 6, &one_start, &long)?;

    bootstrap(&velocities)?;

    println!("\nOne skewed population, 100 samples:");
    table(&skewed(), 4, &plan(), &[])?;

    println!();
    for path in figures::save("selection")? {
        println!("{path}");
    }
    Ok(())
}

/// The criteria for K = 1, 2, …, a star at the least of each; and what split and merge has found, or
/// what became of the starts.
fn table(
    data: &[f64],
    most: usize,
    plan: &Plan,
    long: &[Fit],
) -> Result<(), Box<dyn Error>> {
    let rows = rows(data, most, plan)?;
    let kinds: [fn(&Criteria) -> f64; 3] = [|c| c.aic, |c| c.bic, |c| c.icl];
    let least =
        kinds.map(|kind| rows.iter().map(|(_, c)| kind(c)).fold(f64::INFINITY, f64::min));
    let more = if long.is_empty() {
        "   arrived   inadmissible"
    } else {
        "   split and merge      AIC"
    };
    println!("K   d  log-likelihood        AIC        BIC        ICL {more}");
    for (k, (fit, c)) in (1..).zip(&rows) {
        print!("{k}{:4}{:16.3}", c.parameters, c.log_likelihood);
        for (kind, least) in kinds.iter().zip(least) {
            let star = if kind(c) == least { "*" } else { " " };
            print!("{:10.1}{star}", kind(c));
        }
        match long.get(k - 1) {
            Some(long) => println!("{:19.3}{:9.1}", long.log_likelihood, long.aic),
            None => println!("{:11}{:15}", fit.arrived, fit.inadmissible),
        }
    }
    Ok(())
}

fn rows(
    data: &[f64],
    most: usize,
    plan: &Plan,
) -> Result<Vec<(Best, Criteria)>, Box<dyn Error>> {
    let row = |k| -> Result<_, SearchError> {
        progress("K", k, most);
        let fit = plan.fit(data, k)?;
        let criteria = Criteria::new(data, &fit.mixture);
        Ok((fit, criteria.expect("the search has checked the samples")))
    };
    let rows: Result<Vec<_>, _> = (1..=most).map(row).collect();
    Ok(rows?)
}

fn bootstrap(velocities: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("\nThe galaxies, K components against K + 1, {REPLICATES} replicates each:");
    println!("K   ratio   chi-square   bootstrap   replicates over 7.81   infinite");
    for k in 1..=3 {
        let observed = short_plan().ratio(velocities, k)?;
        let ratios = replicates(velocities, k, REPLICATES)?;
        let p = p_value(observed, &ratios)?;
        let over = ratios.iter().filter(|ratio| **ratio > 7.81).count();
        let infinite = ratios.iter().filter(|ratio| ratio.is_infinite()).count();
        println!(
            "{k}{observed:8.2}{:13.4}{p:12.3}{over:23}{infinite:11}",
            chi_square_tail(observed)
        );
    }
    Ok(())
}

fn replicates(
    velocities: &[f64],
    k: usize,
    all: usize,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut ratios = Vec::new();
    for (b, ratio) in short_plan().replicates(velocities, k)?.take(all).enumerate() {
        ratios.push(ratio?);
        progress("replicate", b + 1, all);
    }
    Ok(ratios)
}

/// Says on a terminal how far it is; elsewhere, nothing.
fn progress(what: &str, done: usize, all: usize) {
    if stderr().is_terminal() {
        let end = if done == all { "\r\x1b[K" } else { "" };
        eprint!("\r{what} {done} of {all}{end}");
        let _ = stderr().flush(); // progress that cannot be shown is no error
    }
}
