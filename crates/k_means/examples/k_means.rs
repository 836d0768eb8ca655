//! Memberships and labels side by side, k-means as a limit, and how near its starts come to the best.

use bound::{gap, lower_bound};
use datasets::galaxies;
use e_step::e_step;
use em::{em, log_likelihood};
use k_means::{classification_em, cost, labels, lloyd, optimum, soft_cost, soft_step};
use m_step::m_step;
use notebook::{STANDARD_ERRORS, data, guess, truth};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::Mixture;
use start::{k_means_plus_plus, random};
use std::error::Error;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let data = data();
    let em = em(&data, guess()).nth(300).ok_or("the run ended")??;
    one_run(&data, &em)?;
    beside_the_truth(&data, &em)?;
    limit(&data)?;
    starts(&galaxies())?;

    println!();
    for path in figures_elsewhere::save("k_means")? {
        println!("{path}");
    }
    Ok(())
}

/// Classification EM from where EM has arrived.
fn one_run(data: &[f64], em: &Mixture) -> Done {
    println!("Labels, from where EM has arrived:");
    println!("step          bound         gap  log-likelihood");
    // ANCHOR: run
    let run: Vec<_> =
        classification_em(data, em.clone()).take(200).collect::<Result<_, _>>()?;
    let settled = run.windows(2).position(|pair| pair[0] == pair[1]).ok_or("it goes on")?;
    for step in [0, 1, 2, 5, 10, settled] {
        let memberships = e_step(data, &run[step])?;
        let labels = labels(&memberships);
        let f = lower_bound(data, &labels, &run[step])?;
        let kl = gap(&labels, &memberships)?;
        let l = log_likelihood(data, &run[step]);
        println!("{step:4} {f:14.3} {kl:11.3} {l:15.3}");
    }
    // ANCHOR_END: run
    Ok(())
}

fn beside_the_truth(data: &[f64], em: &Mixture) -> Done {
    let hard = classification_em(data, em.clone()).nth(200).ok_or("the run ended")??;
    // ANCHOR: groups
    let centres = optimum(data, 2)?;
    let alike = Mixture::new(centres.iter().map(|centre| (0.5, *centre, 1.0)))?;
    let groups = m_step(data, &labels(&e_step(data, &alike)?))?;
    // ANCHOR_END: groups
    println!(
        "\n                   weight 0   mean 0  variance 0   mean 1  variance 1  wrong labels"
    );
    let (truth, all) =
        (truth(), [("EM", em, em), ("labels", &hard, &hard), ("k-means", &groups, &alike)]);
    for (name, mixture, judge) in [("truth", &truth, &truth)].iter().chain(&all) {
        let [w, m0, v0, _, m1, v1] = numbers(mixture);
        let wrong = 100.0 * wrong(judge)?;
        println!("{name:17}{w:10.4}{m0:9.4}{v0:12.4}{m1:9.4}{v1:12.4}{wrong:12.2} %");
    }
    println!("Off by, in standard errors:");
    for (name, mixture, _) in all {
        print!("{name:17}");
        let ([w, m0, v0, _, m1, v1], t) = (numbers(mixture), numbers(&truth));
        let [se0, se1] = STANDARD_ERRORS;
        let off = [(w - t[0]) / se0[0], (m0 - t[1]) / se0[1], (v0 - t[2]) / se0[2]];
        let more = [(m1 - t[4]) / se1[1], (v1 - t[5]) / se1[2]];
        let off = off.iter().chain(&more).zip([10, 9, 12, 9, 12]);
        off.for_each(|(off, width)| print!("{off:+width$.1}"));
        println!();
    }
    Ok(())
}

/// Weight, mean and variance of both components.
fn numbers(mixture: &Mixture) -> [f64; 6] {
    let [a, b] = [0, 1].map(|k| mixture.components()[k]);
    [a.weight, a.mean, a.variance, b.weight, b.mean, b.variance]
}

/// The share of all samples of the truth that get a wrong label from a mixture.
fn wrong(mixture: &Mixture) -> Result<f64, Box<dyn Error>> {
    let step = 1e-3;
    let grid: Vec<f64> = (-12_000..20_000).map(|i| step * (f64::from(i) + 0.5)).collect();
    let labels = labels(&stability::e_step(&grid, mixture)?);
    let mut wrong = 0.0;
    for (c, row) in truth().components().iter().zip(labels.components()) {
        let missed = grid.iter().zip(row).filter(|(_, own)| **own == 0.0);
        wrong += missed
            .map(|(x, _)| c.weight * density::normal(*x, c.mean, c.variance))
            .sum::<f64>();
    }
    Ok(step * wrong)
}

fn limit(data: &[f64]) -> Done {
    println!("\nEqual weights, one given variance:");
    println!("variance   mean 0   mean 1       soft cost            cost");
    for variance in [16.0, 8.0, 4.0, 1.0, 0.1, 0.01] {
        // ANCHOR: limit
        let mut means = vec![1.0, 6.0];
        for _ in 0..300 {
            means = soft_step(data, &means, variance)?;
        }
        // ANCHOR_END: limit
        let (soft, hard) = (soft_cost(data, &means, variance), cost(data, &means));
        println!("{variance:8} {:8.4} {:8.4} {soft:15.3} {hard:15.3}", means[0], means[1]);
    }
    let lloyds = lloyd(data, vec![1.0, 6.0])?.last().ok_or("no start")?;
    for (name, centres) in [("Lloyd", lloyds), ("best", optimum(data, 2)?)] {
        let hard = cost(data, &centres);
        println!("{name:>8} {:8.4} {:8.4} {:15} {hard:15.3}", centres[0], centres[1], "");
    }
    Ok(())
}

fn starts(data: &[f64]) -> Done {
    println!(
        "\nThe galaxies, 1000 starts: mean cost over the least, and how many arrive there:"
    );
    println!("                 k-means++         then Lloyd         blind, then Lloyd");
    println!("K  least cost    cost   bound     cost  arrive           cost  arrive");
    for k in 2..=6 {
        let least = cost(data, &optimum(data, k)?);
        let (mut before, mut after, mut blind) = (0.0, [0.0; 2], [0.0; 2]);
        for seed in 0..1000 {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            // ANCHOR: starts
            let means = |start: Mixture| -> Vec<f64> {
                start.components().iter().map(|c| c.mean).collect()
            };
            let seeded = means(k_means_plus_plus(data, k, rng)?);
            before += cost(data, &seeded) / least;
            for (from, sums) in
                [(seeded, &mut after), (means(random(data, k, rng)?), &mut blind)]
            {
                let end = lloyd(data, from)?.last().ok_or("no start")?;
                let ratio = cost(data, &end) / least;
                sums[0] += ratio;
                sums[1] += f64::from(ratio < 1.0 + 1e-9);
            }
            // ANCHOR_END: starts
        }
        let bound = 8.0 * ((k as f64).ln() + 2.0);
        let [before, a, b] = [before, after[0], blind[0]].map(|sum| sum / 1000.0);
        print!("{k} {least:11.3} {before:7.3} {bound:7.2}");
        println!(" {a:8.3} {:7} {b:14.3} {:7}", after[1], blind[1]);
    }
    Ok(())
}
