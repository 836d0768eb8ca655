//! Three models with something unseen, and one loop: two coins, linkage, deaths.

use figures_elsewhere::latent::{after, start_of_deaths};
use latent::{ANIMALS, Coins, DAYS, Deaths, LatentError, Model, SETS, em};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    coins()?;
    linkage()?;
    deaths()?;
    println!();
    for path in figures_elsewhere::save("latent")? {
        println!("{path}");
    }
    Ok(())
}

fn coins() -> Result<(), LatentError> {
    let coins = Coins(&SETS);
    let memberships = coins.e_step(&[0.6, 0.5])?;
    let [of_0, of_1] = memberships.components() else { panic!("two coins") };
    println!("Two coins, from 0.6 and 0.5. What each coin owns after the first E-step:");
    println!("                        coin 0                  coin 1");
    println!("set  heads  tails       r   heads   tails       r   heads   tails");
    let mut sums = [0.0; 4];
    for (i, (set, (a, b))) in SETS.iter().zip(of_0.iter().zip(of_1)).enumerate() {
        let [heads, tails] = set.map(f64::from);
        let owned = [a * heads, a * tails, b * heads, b * tails];
        sums = [0, 1, 2, 3].map(|j| sums[j] + owned[j]);
        let [h, t, i1, u] = owned;
        println!("{i:3}{heads:7}{tails:7}{a:8.3}{h:8.3}{t:8.3}{b:8.3}{i1:8.3}{u:8.3}");
    }
    let [h, t, i, u] = sums;
    println!("sum              {h:16.3}{t:8.3}{i:16.3}{u:8.3}");
    println!("\nstep    coin 0    coin 1  log-likelihood");
    // ANCHOR: run
    for (step, chances) in em(&coins, [0.6, 0.5]).take(31).enumerate() {
        let chances = chances?;
        if [0, 1, 2, 10, 30].contains(&step) {
            let [a, b] = chances;
            println!("{step:4}{a:10.6}{b:10.6}{:16.6}", coins.log_likelihood(&chances));
        }
    }
    // ANCHOR_END: run
    Ok(())
}

fn linkage() -> Result<(), LatentError> {
    println!("\nLinkage, from 0.5:");
    println!("step      hidden        theta       error  as a share of the one before");
    let limit = (15.0 + 53809_f64.sqrt()) / 394.0;
    let mut last = f64::NAN;
    for (step, theta) in em(&ANIMALS, 0.5).take(9).enumerate() {
        let theta = theta?;
        let (hidden, error) = (ANIMALS.e_step(&theta)?, theta - limit);
        let share = if step > 0 { format!("{:11.7}", error / last) } else { String::new() };
        println!("{step:4}{hidden:12.6}{theta:13.9}{error:12.1e}{share}");
        last = error;
    }
    let hidden = ANIMALS.e_step(&limit)?;
    let [_, b, c, d] = ANIMALS.0.map(f64::from);
    let complete = (hidden + d) / limit.powi(2) + (b + c) / (1.0 - limit).powi(2);
    let missing = 2.0 * hidden / (2.0 + limit) / limit.powi(2);
    println!("Missing {missing:.4} of {complete:.4}: {:.7}", missing / complete);
    Ok(())
}

fn deaths() -> Result<(), LatentError> {
    let deaths = Deaths(&DAYS);
    let one = after(&deaths, vec![(1.0, 1.0)], 1)?;
    println!("\nDeaths: one component {:.6}, {:.5}", one[0].1, deaths.log_likelihood(&one));
    println!("Two, from 0.3, 1 and 2.5:");
    println!(" step   weight 0    mean 0    mean 1  log-likelihood");
    for (step, parts) in em(&deaths, start_of_deaths()).take(6001).enumerate() {
        let parts = parts?;
        if [0, 1, 10, 100, 536, 2000, 6000].contains(&step) {
            let ([(w, a), (_, b)], l) = (&parts[..], deaths.log_likelihood(&parts)) else {
                panic!("two components")
            };
            println!("{step:5}{w:11.7}{a:10.6}{b:10.6}{l:16.6}");
        }
    }
    Ok(())
}
