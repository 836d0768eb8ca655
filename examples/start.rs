//! Where to begin: the symmetry trap, and three places for the means.

use datasets::old_faithful;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rate::{Information, converge};
use sampling::{Component, Mixture};
use stability::{Cure, em};
use start::{k_means_plus_plus, quantiles, random};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = old_faithful();
    trap(&data)?;
    places(&data)?;

    println!();
    for path in figures::save("start")? {
        println!("{path}");
    }
    Ok(())
}

fn trap(data: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("Old Faithful, two identical components at the start:");
    println!("step    mean 0    mean 1   variance 0   variance 1   log-likelihood");
    let half = Component { weight: 0.5, mean: 60.0, variance: 30.0 };
    let run = em(data, Mixture::new([half, half])?, Cure::Refuse).take(4);
    let run = run.collect::<Result<Vec<_>, _>>()?;
    for (step, mixture) in run.iter().enumerate() {
        let [a, b] = mixture.components() else { unreachable!("two components") };
        println!(
            "{step:4}{:10.5}{:10.5}{:13.5}{:13.5}{:17.4}",
            a.mean,
            b.mean,
            a.variance,
            b.variance,
            stability::log_likelihood(data, mixture)
        );
    }
    let rates = Information::new(data.iter().map(|x| (*x, 1.0)), &run[3])?.rates();
    let all = run[3].components()[0];
    let cubes = data.iter().map(|x| ((x - all.mean) / all.variance.sqrt()).powi(3));
    let skewness = cubes.sum::<f64>() / data.len() as f64;
    println!("Rates there: {:.5}, {:.5}, {:.5}, 0, 0.", rates[0], rates[1], rates[2]);
    let product = (rates[0] - 1.0) * (rates[2] - 1.0);
    println!("Skewness {skewness:.5}: product {product:.5}.");
    Ok(())
}

fn places(data: &[f64]) -> Result<(), Box<dyn Error>> {
    println!("\nTwo components, by where their means begin:");
    println!("            mean 0   mean 1   steps   log-likelihood");
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    for (name, start) in [
        ("quantiles", quantiles(data, 2)?),
        ("random", random(data, 2, rng)?),
        ("k-means++", k_means_plus_plus(data, 2, rng)?),
    ] {
        let [a, b] = start.components() else { unreachable!("two components") };
        print!("{name:10}{:8.1}{:9.1}", a.mean, b.mean);
        let climbed = |m: &Mixture| stability::log_likelihood(data, m);
        let end = converge(em(data, start, Cure::Refuse), climbed, 1e-6, 1000)?;
        println!("{:8}{:17.5}", end.steps, climbed(&end.mixture));
    }
    Ok(())
}
