//! Points that stand for samples: how exact they are, when they are not trusted, what they save.

use compression::{Compressed, Guarded, difference, fit};
use datasets::compression::timings;
use notebook::{SEED, guess, truth};
use one_pass::Samples;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = draw(280_000)?;
    accuracy(&data)?;
    trust(&data)?;

    let samples = Samples::new(&data)?;
    let fit = fit(&samples, guess(), 1e-9, 1000)?;
    println!(
        "\nA fit to a gradient of 1e-9: {} steps, {} on all samples.",
        fit.steps, fit.full
    );
    println!(
        "Left, by all samples: {:.1e}. Log-likelihood {:.4}.",
        fit.left, fit.log_likelihood
    );

    let timings = timings();
    println!("\n{}, one thread, {}", timings[0].machine, timings[0].date);
    println!("samples  on all, ms  by points, ms  times faster  in compressions");
    for t in timings {
        let (all, few) = (t.on_all(), t.compressed());
        println!(
            "{:7.0e}{:12.2}{:15.2}{:14.1}{:17.1}",
            t.samples as f64,
            1e3 * all,
            1e3 * few,
            all / few,
            few / t.compress
        );
    }

    println!();
    for path in figures::save("compression")? {
        println!("{path}");
    }
    Ok(())
}

fn draw(n: usize) -> Result<Vec<f64>, Box<dyn Error>> {
    Ok(sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(SEED))?)
}

/// How far runs on points are from the run on all samples.
fn accuracy(data: &[f64]) -> Result<(), Box<dyn Error>> {
    let samples = Samples::new(data)?;
    let full = one_pass::em(&samples, guess()).take(301).collect::<Result<Vec<_>, _>>()?;
    let (log_likelihood, _) = one_pass::step(&samples, &full[100])?;
    println!("{} samples; the largest difference from the run on all of them:", data.len());
    println!("points  bins   kept   step 1  step 10  step 100      end        l");
    for points in 1..=4 {
        for bins in [64, 256, 1024] {
            let compressed = Compressed::new(&samples, bins, points)?;
            let run = compressed.em(guess()).take(301).collect::<Result<Vec<_>, _>>()?;
            let at = |step: usize| tiny(difference(&run[step], &full[step]));
            let l = compressed.step(&full[100])?.0 / log_likelihood - 1.0;
            println!(
                "{points:6} {bins:5} {:6} {} {} {}  {} {}",
                compressed.points().len(),
                at(1),
                at(10),
                at(100),
                at(300),
                tiny(l.abs())
            );
        }
    }
    Ok(())
}

/// One digit; below 5e-13 rounding has a say.
fn tiny(difference: f64) -> String {
    if difference < 5e-13 { " < 5e-13".into() } else { format!("{difference:8.0e}") }
}

/// What guarded steps take, when all is well and when it is not.
fn trust(data: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("\nBins of guarded steps          step 1       2       3       4");
    let pair = |means: [f64; 2], variances: [f64; 2]| {
        let half =
            |k: usize| Component { weight: 0.5, mean: means[k], variance: variances[k] };
        Mixture::new([half(0), half(1)])
    };
    let spike = pair([3.5, 20.0], [8.0, 1.0])?;
    for (name, more, start) in [
        ("the guess", &[][..], guess()),
        ("a sample at 100", &[100.0], guess()),
        ("a sample at 1000000", &[1e6], guess()),
        ("a spike at 20 and 20.2", &[20.0, 20.2], spike.clone()),
        ("a spike at 20 and 20.0002", &[20.0, 20.0002], spike),
        ("means at −200 and 207", &[], pair([-200.0, 207.0], [1.0; 2])?),
    ] {
        let data = [data, more].concat();
        println!("{name:30}{}", taken(&data, start)?);
    }
    Ok(())
}

/// The bins of four steps.
fn taken(data: &[f64], start: Mixture) -> Result<String, Box<dyn Error>> {
    let samples = Samples::new(data)?;
    let (mut guarded, mut mixture, mut line) =
        (Guarded::new(&samples), start, String::new());
    for _ in 0..4 {
        let step = guarded.step(&mixture);
        let word = match (&step, guarded.bins()) {
            (Err(_), _) => "refused".into(),
            (Ok(_), None) => "all".into(),
            (Ok(_), Some(bins)) => bins.to_string(),
        };
        line += &format!("{word:>8}");
        let Ok((_, next)) = step else { break };
        mixture = next;
    }
    Ok(line)
}
