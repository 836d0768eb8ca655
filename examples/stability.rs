//! Naive and stable arithmetic side by side, and what the cures make of a collapse.

use ::e_step::EStepError;
use ::m_step::{MStepError, mean, variance};
use density::ln_normal;
use e_step::Memberships;
use notebook::{data, guess};
use sampling::{Component, Mixture};
use stability::{
    Cure, Prior, StabilityError, e_step, em, log_sum_exp, m_step, penalised_log_likelihood,
};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    far_samples()?;
    offsets()?;
    scales()?;
    collapse()?;

    println!();
    for path in figures::save("stability")? {
        println!("{path}");
    }
    Ok(())
}

/// Memberships in component 0 of samples far from both.
fn far_samples() -> Result<(), EStepError> {
    println!("The membership in component 0 under the guess:");
    println!("sample      part I  logarithms      stable");
    for x in [30.0, 40.0, 1e9, 1e16, 1e300] {
        let part_1 = match ::e_step::e_step(&[x], &guess()) {
            Ok(r) => format!("{:.3e}", r.components()[0][0]),
            Err(_) => "0/0".into(),
        };
        let log = |c: &Component| c.weight.ln() + ln_normal(x, c.mean, c.variance);
        let logs: Vec<f64> = guess().components().iter().map(log).collect();
        let by_logs = (logs[0] - log_sum_exp(&logs)).exp();
        let stable = e_step(&[x], &guess())?.components()[0][0];
        println!("{x:6e} {part_1:>11} {by_logs:11.3e} {stable:11.3e}");
    }
    Ok(())
}

/// The notebook's samples in whole eighths: adding up to 1e15 to them is exact.
fn eighths() -> Vec<f64> {
    data().iter().map(|x| (8.0 * x).round() / 8.0).collect()
}

/// The memberships in two components in parts of 1024, the same on every machine.
fn rounded(r: &Memberships) -> Result<Memberships, e_step::MembershipsError> {
    let part = |r: &f64| (1024.0 * r).round() / 1024.0;
    let one: Vec<f64> = r.components()[1].iter().map(part).collect();
    Memberships::new(vec![one.iter().map(|r| 1.0 - r).collect(), one])
}

/// One step from the guess, with a number added to everything.
fn offsets() -> Result<(), Box<dyn Error>> {
    println!("\nComponent 1 after one step, with a number added to samples and guess:");
    println!("         mean less the number        variance");
    println!("added       plain      stable       short         plain        stable");
    let data = eighths();
    for added in [0.0, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12, 1e14] {
        let moved: Vec<f64> = data.iter().map(|x| x + added).collect();
        let start = guess().components().to_vec();
        let start = start.iter().map(|c| Component { mean: c.mean + added, ..*c });
        let start = Mixture::new(start)?;

        let memberships = rounded(&e_step(&moved, &start)?)?;
        let r = &memberships.components()[1];
        let plain = mean(&moved, r);
        let centred = variance(&moved, r, plain);
        let stable = m_step(&moved, &memberships, &Cure::Refuse)?.components()[1];

        let squares: Vec<f64> = moved.iter().map(|x| x * x).collect();
        let short = mean(&squares, r) - plain.powi(2);
        println!(
            "{added:5.0e} {:11.7} {:11.7} {:>11} {:13.9} {:13.9}",
            plain - added,
            stable.mean - added,
            if short.abs() < 1e4 { format!("{short:.5}") } else { format!("{short:.1e}") },
            centred,
            stable.variance,
        );
    }
    Ok(())
}

/// One normal population for all samples, each multiplied by `s`.
fn scales() -> Result<(), Box<dyn Error>> {
    println!("\nThe variance of all samples times s, divided by s²:");
    println!("     s     part I   stable");
    let (data, all) = (data(), Memberships::new(vec![vec![1.0; data().len()]])?);
    for s in [1e-310, 1e-200, 1e-150, 1.0, 1e150, 1e153, 1e155, 1e300] {
        let scaled: Vec<f64> = data.iter().map(|x| s * x).collect();
        let unscaled = |m: Mixture| format!("{:.7}", m.components()[0].variance / s / s);
        let part_1 = match ::m_step::m_step(&scaled, &all) {
            Ok(mixture) => unscaled(mixture),
            Err(MStepError::Collapsed { .. }) => "collapsed".into(),
            Err(_) => "overflow".into(),
        };
        let stable = match m_step(&scaled, &all, &Cure::Refuse) {
            Ok(mixture) => unscaled(mixture),
            Err(error) => error.to_string(),
        };
        println!("{s:6e}  {part_1:>9}   {stable}");
    }
    Ok(())
}

const FIVE: [f64; 5] = [0.0, 1.0, 2.0, 3.0, 10.0];

fn two(mean: f64) -> Result<Mixture, sampling::MixtureError> {
    let half = |mean| Component { weight: 0.5, mean, variance: 0.5 };
    Mixture::new([half(1.5), half(mean)])
}

fn weak_prior() -> Result<Cure, StabilityError> {
    Ok(Cure::Prior(Prior::new(2.0, 0.1, 1.0)?)) // two samples at a tenth of the variance
}

fn prior_on_both() -> Result<Cure, StabilityError> {
    Ok(Cure::Prior(Prior::new(2.0, 0.1, 2.0)?)) // and one sample more for each weight
}

/// What each cure makes of five points and two bad starts.
fn collapse() -> Result<(), Box<dyn Error>> {
    let absolute = |unit: f64| Cure::Floor(1e-6 / (12.56 * unit * unit));
    for (mean, title) in [(10.0, "on the 10"), (-100.0, "at -100, out of reach")] {
        println!(
            "\nPoints 0, 1, 2, 3, 10; component 1 starts {title}; after 100 steps it is:"
        );
        println!("cure                weight   mean   variance   log-likelihood");
        let mut cures = vec![
            ("refuse", Cure::Refuse),
            ("floor 0.01", Cure::Floor(0.01)),
            ("prior, a = 1", weak_prior()?),
            ("prior, a = 2", prior_on_both()?),
        ];
        if mean == 10.0 {
            cures.insert(1, ("floor 1e-6 m²", absolute(1.0)));
            cures.insert(2, ("floor 1e-6 km²", absolute(1e-3)));
        }
        for (name, cure) in cures {
            print!("{name:17} ");
            let run: Result<Vec<_>, _> = em(&FIVE, two(mean)?, cure).take(101).collect();
            match run {
                Err(error) => println!("{error}"),
                Ok(run) => {
                    let c = run[100].components()[1];
                    let l = penalised_log_likelihood(&FIVE, &run[100], &Cure::Refuse)?;
                    println!(
                        "{:8.5} {:6.3} {:10.6} {l:16.5}",
                        c.weight, c.mean, c.variance
                    );
                }
            }
        }
    }
    Ok(())
}
