//! The bound, the gap and the log-likelihood, half-step by half-step; and a slice through one mean.

use bound::{gap, lower_bound};
use e_step::e_step;
use em::{em, log_likelihood};
use notebook::{data, guess, truth};
use sampling::Mixture;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    let run: Vec<Mixture> = em(&data, guess()).take(41).collect::<Result<_, _>>()?;

    println!("step after           bound        gap  log-likelihood");
    // ANCHOR: half_steps
    for step in [0, 1, 2, 3, 4, 5, 39] {
        let q = e_step(&data, &run[step])?;
        for (half, step) in [("E-step", step), ("M-step", step + 1)] {
            let mixture = &run[step];
            let f = lower_bound(&data, &q, mixture)?;
            let kl = gap(&q, &e_step(&data, mixture)?)?;
            let l = log_likelihood(&data, mixture);
            println!("{step:4} {half} {f:14.6} {kl:10.6} {l:15.6}");
        }
    }
    // ANCHOR_END: half_steps

    println!("\nThe log-likelihood of one sample, at 40, under the guess:");
    println!("by the density     {:9.3}", em::log_likelihood(&[40.0], &guess()));
    println!("by log-sum-exp     {:9.3}", log_likelihood(&[40.0], &guess()));

    println!("\nAlong a slice, where only the mean of component 0 moves:");
    println!("start     next    after 100    log-likelihood there");
    let slice = Mixture::new([(0.3, 0.0, 1.0), (0.7, truth().mean(), truth().variance())])?;
    for start in [-2.0, 2.0, 3.0, 9.0] {
        let mut means = vec![start];
        for step in 0..100 {
            let memberships = e_step(&data, &moved(&slice, means[step])?)?;
            means.push(m_step::mean(&data, &memberships.components()[0]));
        }
        let l = log_likelihood(&data, &moved(&slice, means[100])?);
        println!("{start:5}   {:6.3}    {:9.4}   {l:21.3}", means[1], means[100]);
    }

    println!();
    for path in figures::save("bound")? {
        println!("{path}");
    }
    Ok(())
}

/// The mixture with another mean of component 0.
fn moved(mixture: &Mixture, mean: f64) -> Result<Mixture, sampling::MixtureError> {
    let mut components = mixture.components().to_vec();
    components[0].mean = mean;
    Mixture::new(components)
}
