//! The bound, the gap and the log-likelihood, half-step by half-step; and a slice through one mean.

use bound::{entropy, gap, lower_bound};
use e_step::{Memberships, e_step};
use em::{em, log_likelihood};
use m_step::expected_log_likelihood;
use notebook::{data, guess, truth};
use sampling::Mixture;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    one_sample()?;
    let data = data();
    let run: Vec<Mixture> = em(&data, guess()).take(41).collect::<Result<_, _>>()?;

    println!("\nstep after           bound        gap  log-likelihood");
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

/// The three parts of the log-likelihood of one sample, whatever its memberships.
fn one_sample() -> Result<(), Box<dyn Error>> {
    let (data, mixture) = ([2.0], guess());
    let r = e_step(&data, &mixture)?;
    println!("One sample, at 2, under the guess:");
    println!("               q_0     q_1        Q       H     gap     sum");
    let shares = |share: f64| Memberships::new(vec![vec![share], vec![1.0 - share]]);
    for (name, q) in [
        ("component 0", shares(1.0)?),
        ("halves", shares(0.5)?),
        ("Bayes' rule", r.clone()),
        ("component 1", shares(0.0)?),
    ] {
        let [a, b] = [0, 1].map(|k| q.components()[k][0]);
        let expected = expected_log_likelihood(&data, &q, &mixture);
        let parts = [expected, entropy(&q) + 0.0, gap(&q, &r)?]; // of labels it is −0
        let [q, h, kl] = parts;
        let sum = parts.iter().sum::<f64>();
        println!("{name:12}{a:7.3} {b:7.3} {q:8.3} {h:7.3} {kl:7.3} {sum:7.3}");
    }
    Ok(())
}
