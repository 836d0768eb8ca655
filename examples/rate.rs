//! How fast EM arrives on the notebook's samples, and where stopping rules would end the run.
//! `cargo run --example rate matrices` prints the second half of the chapter.

use e_step::e_step;
use em::{em, log_likelihood};
use m_step::effective_count;
use notebook::{data, guess, printed, truth};
use rate::{Information, converge, differences};
use sampling::Mixture;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("matrices") => return matrices(&data),
        Some(other) => {
            return Err(format!("{other}: the only argument is `matrices`").into());
        }
    }
    one_parameter(&data)?;
    let run: Vec<Mixture> = em(&data, guess()).take(301).collect::<Result<_, _>>()?;
    let limit = &run[300];

    println!("\nAll is free: each change as a share of the one before.");
    println!("step   weight 0     mean 0     mean 1 variance 0 variance 1");
    for t in [2, 5, 10, 20, 30, 40, 60] {
        let [before, last, now] = [t - 2, t - 1, t].map(|t| numbers(&run[t]));
        let share = |p: usize| (now[p] - last[p]) / (last[p] - before[p]);
        println!(
            "{t:4}  {}",
            [0, 1, 2, 3, 4].map(|p| format!("{:9.5}", share(p))).join("  ")
        );
    }

    println!("\nThe audit: a step of the original, from its printed rows:");
    println!("rows          weight 0    mean 1  variance 1");
    let rows = printed::mixtures().iter().map(numbers).collect::<Vec<_>>();
    for t in [20, 40, 60] {
        let [before, last, now] = [t - 10, t, t + 10].map(|t| rows[t / 10]);
        let share = |p: usize| ((now[p] - last[p]) / (last[p] - before[p])).powf(0.1);
        let shares = [0, 2, 4].map(|p| format!("{:10.4}", share(p)));
        println!("{:2}, {t}, {}  {}", t - 10, t + 10, shares.join(""));
    }

    let values: Vec<f64> = run.iter().map(|m| log_likelihood(&data, m)).collect();
    let rules = figures::rate::rules(&data, &run)?;
    println!("\nWhere rules stop           steps  short in l  weight 0");
    println!("the limit                      -           0    {:.4}", numbers(limit)[0]);
    for (rule, step) in &rules {
        let (short, weight) = (values[300] - values[*step], numbers(&run[*step])[0]);
        let short =
            if short < 1e-4 { format!("{short:.1e}") } else { format!("{short:.4}") };
        println!("{rule:26} {step:5}  {short:>10}    {weight:.4}");
    }

    let fit = converge(em(&data, guess()), |m| log_likelihood(&data, m), 1e-6, 1000)?;
    let rate = fit.rate.map_or("none".into(), |rate| format!("{rate:.4}"));
    println!("\n{:?}: the rate {rate}, still to come {:.1e}", fit.ending, fit.remaining);

    println!();
    for path in figures::save("rate")? {
        println!("{path}");
    }
    Ok(())
}

/// EM for the weight alone, from one half.
fn one_parameter(data: &[f64]) -> Result<(), Box<dyn Error>> {
    // ANCHOR: weight
    let mixture = |w: f64| Mixture::new([(w, 0.0, 1.0), (1.0 - w, 5.0, 4.0)]);
    let step = |w: f64| -> Result<f64, Box<dyn Error>> {
        let memberships = e_step(data, &mixture(w)?)?;
        Ok(effective_count(&memberships.components()[0]) / data.len() as f64)
    };
    // ANCHOR_END: weight
    println!("Only the weight is free:");
    println!("step     weight      change  as a share of the one before");
    let (mut weight, mut last) = (0.5, f64::NAN);
    for t in 1..=8 {
        let next = step(weight)?;
        let change = next - weight;
        let share = if t > 1 { format!("{:10.5}", change / last) } else { String::new() };
        println!("{t:4} {next:10.7} {change:+11.7}{share}");
        (weight, last) = (next, change);
    }
    let memberships = e_step(data, &mixture(weight)?)?;
    let undecided = memberships.components()[0].iter().map(|r| r * (1.0 - r)).sum::<f64>();
    let slope = undecided / data.len() as f64 / (weight * (1.0 - weight));
    println!("The slope, by the formula: {slope:.5}");
    Ok(())
}

/// The second half of the chapter: all parameters at once.
fn matrices(data: &[f64]) -> Result<(), Box<dyn Error>> {
    let limit = em(data, guess()).nth(300).ok_or("the run ended")??;
    let analytic = Information::new(data.iter().map(|&x| (x, 1.0)), &limit)?;
    let (formula, measured) = (analytic.derivative(), differences(data, &limit)?);
    println!(
        "DM at the limit, by the formula. A row is what comes out, a column what goes in:"
    );
    print_matrix(&formula);
    let parts = formula.iter().flatten().zip(measured.iter().flatten());
    let largest = parts.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let agree = if largest < 1e-8 { "less than 1e-8" } else { "more than 1e-8" };
    println!("By differences of one step: the same, {agree} apart.\n");

    println!("The rates, five eigenvalues of DM:");
    println!("formula     {}", five(&analytic.rates()));
    println!("differences {}", five(&rates_of(&analytic, &measured)));
    let dx = 0.01;
    let slices = (-2000..3000).map(|i| f64::from(i) * dx);
    let population = slices.map(|x| (x, density::mixture(x, &truth()) * dx));
    println!("truth       {}", five(&Information::new(population, &truth())?.rates()));
    Ok(())
}

/// The free parameters of two components.
fn numbers(mixture: &Mixture) -> [f64; 5] {
    let [a, b] = mixture.components() else { panic!("two components") };
    [a.weight, a.mean, b.mean, a.variance, b.variance]
}

/// The eigenvalues of DM: I_complete DM is what is missing.
fn rates_of(analytic: &Information, derivative: &[Vec<f64>]) -> Vec<f64> {
    let row = |complete: &Vec<f64>| {
        let column =
            |j: usize| complete.iter().zip(derivative).map(|(c, d)| c * d[j]).sum();
        (0..complete.len()).map(column).collect()
    };
    let missing = analytic.complete.iter().map(row).collect();
    Information { complete: analytic.complete.clone(), missing }.rates()
}

fn print_matrix(matrix: &[Vec<f64>]) {
    let names = ["weight 0", "mean 0", "mean 1", "variance 0", "variance 1"];
    println!("            {}", names.map(|name| format!("{name:>11}")).concat());
    for (name, row) in names.iter().zip(matrix) {
        let row: String = row.iter().map(|value| format!("{value:11.5}")).collect();
        println!("{name:12}{row}");
    }
}

/// Five decimals of each; a rounded zero without its sign.
fn five(values: &[f64]) -> String {
    let rounded = values.iter().map(|value| (value * 1e5).round() / 1e5 + 0.0);
    rounded.map(|value| format!("{value:10.5}")).collect()
}
