//! Pearson's crabs: classes far out, the fit, and what points in the place of classes would give.

use datasets::{pearson, pearson_roots};
use grouped::{Class, Classes, em, log_likelihood, step};
use libm::erfc;
use rate::converge;
use sampling::{Component, Mixture};
use std::error::Error;
use std::f64::consts::{SQRT_2, TAU};

fn main() -> Result<(), Box<dyn Error>> {
    far_out();

    // ANCHOR: fit
    let classes = Classes::new(pearson())?;
    let begin = |mean| Component { weight: 0.5, mean, variance: 0.015 * 0.015 };
    let start = Mixture::new([begin(0.63), begin(0.66)])?;
    let run = em(&classes, start.clone()).take(2001).collect::<Result<Vec<_>, _>>()?;
    // ANCHOR_END: fit
    println!("\nThe crabs, after each step:");
    println!("step  weight 0     mean 0     mean 1   deviations 0, 1   log-likelihood");
    for t in [0, 1, 10, 100, 500, 1000, 2000] {
        println!("{t:4}{}{:16.4}", numbers(&run[t]), log_likelihood(&classes, &run[t]));
    }
    let limit = &run[2000];
    let best = log_likelihood(&classes, limit);
    println!(
        "The rate there, by differences of one step: {:.4}.",
        rate_at(&classes, limit)?
    );

    println!("\nStopped by what is still to come:");
    println!("tolerance  steps    rate  weight 0   missing");
    for tolerance in [1e-3, 1e-4, 1e-5] {
        let value = |m: &Mixture| log_likelihood(&classes, m);
        let fit = converge(em(&classes, start.clone()), value, tolerance, 5000)?;
        let (rate, missing) = (fit.rate.unwrap_or(f64::NAN), best - value(&fit.mixture));
        let weight = fit.mixture.components()[0].weight;
        println!("{tolerance:9.0e}{:7}{rate:8.4}{weight:10.4}{missing:10.1e}", fit.steps);
    }

    let all = Component { weight: 1.0, mean: 0.64, variance: 0.0004 };
    let one = em(&classes, Mixture::new([all])?).nth(50).ok_or("the run ended")??;
    let [a, b] = pearson_roots();
    println!("\nFits, and what their log-likelihood of the classes lacks:");
    println!("{:17}weight 0     mean 0     mean 1   deviations 0, 1      lacks", "");
    let (c, lacks) = (one.components()[0], best - log_likelihood(&classes, &one));
    println!("{:27}{:9.5}{:21.5}{lacks:19.3}", "one normal", c.mean, c.variance.sqrt());
    for (name, mixture) in [
        ("classes", limit.clone()),
        ("midpoints", points(0.0, &start)?),
        ("right bounds", points(0.002, &start)?),
        ("moments, root A", a.clone()),
        ("moments, root B", b.clone()),
    ] {
        let lacks = best - log_likelihood(&classes, &mixture);
        println!("{name:15}{}{lacks:10.3}", numbers(&mixture));
    }

    println!();
    for path in figures::save("grouped")? {
        println!("{path}");
    }
    Ok(())
}

/// Narrow classes and far ones, by the formulas with erfc and by integrals.
fn far_out() {
    println!("Classes under N(0, 1)      ln P                      variance inside");
    println!("   from   width     by erfc     by integrals      by erfc   by integrals");
    let standard = Component { weight: 1.0, mean: 0.0, variance: 1.0 };
    for (a, width) in
        [(0.0, 1.0), (10.0, 1.0), (10.0, 1e-3), (10.0, 1e-5), (40.0, 1.0), (1e6, 1.0)]
    {
        let b = a + width;
        let (ln_p, _, variance) =
            Class { lower: a, upper: b, count: 1.0 }.inside(&standard);
        // ANCHOR: textbook
        let p = 0.5 * (erfc(a / SQRT_2) - erfc(b / SQRT_2));
        let density = |z: f64| (-0.5 * z * z).exp() / TAU.sqrt() / p;
        let mean = density(a) - density(b);
        let textbook = 1.0 + a * density(a) - b * density(b) - mean * mean;
        // ANCHOR_END: textbook
        let right = (textbook / variance - 1.0).abs() < 1e-4;
        let textbook = if right { format!("{textbook:.3e}") } else { "wrong".into() };
        println!(
            "{a:7.0e}{width:8.0e}{:12.2}{ln_p:17.2}{textbook:>13}{variance:15.3e}",
            p.ln()
        );
    }
}

/// The fit of the notebook's EM, with each crab at the middle of its class, or beside it.
fn points(beside: f64, start: &Mixture) -> Result<Mixture, Box<dyn Error>> {
    let mut data = Vec::new();
    for (i, (_, _, count)) in pearson().into_iter().enumerate() {
        data.extend(std::iter::repeat_n(
            0.5815 + 0.004 * i as f64 + beside,
            count as usize,
        ));
    }
    Ok(em::em(&data, start.clone()).nth(2000).ok_or("the run ended")??)
}

/// The largest eigenvalue of the slopes of a step: an error is sent through a step again and again.
fn rate_at(classes: &Classes, limit: &Mixture) -> Result<f64, Box<dyn Error>> {
    let moved = |error: [f64; 6]| {
        let mut components = limit.components().to_vec();
        for (c, e) in components.iter_mut().zip(error.chunks(3)) {
            (c.weight, c.mean, c.variance) =
                (c.weight + e[0], c.mean + e[1], c.variance + e[2]);
        }
        let (_, next) = step(classes, &Mixture::new(components)?)?;
        let after: Vec<f64> =
            next.components().iter().flat_map(|c| [c.weight, c.mean, c.variance]).collect();
        Ok::<_, Box<dyn Error>>(after)
    };
    let (mut error, mut rate) = ([1e-4, 0.0, 0.0, -1e-4, 0.0, 0.0], 0.0);
    for _ in 0..60 {
        let (up, down) = (moved(error)?, moved(error.map(|e| -e))?);
        for (e, (up, down)) in error.iter_mut().zip(up.iter().zip(&down)) {
            *e = 0.5 * (up - down);
        }
        rate = error[0] / 1e-4;
        error = error.map(|e| e / rate);
    }
    Ok(rate)
}

/// Weight, means and deviations.
fn numbers(mixture: &Mixture) -> String {
    let [a, b] = mixture.components() else { return String::new() };
    format!(
        "{:10.4}{:11.5}{:11.5}{:10.5}{:9.5}",
        a.weight,
        a.mean,
        b.mean,
        a.variance.sqrt(),
        b.variance.sqrt()
    )
}
