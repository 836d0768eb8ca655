//! The notebook's whole run: one hundred steps, and the estimates beside the truth.

use em::{em, log_likelihood};
use notebook::{STANDARD_ERRORS, STEPS, data, guess, truth};
use sampling::Mixture;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    // ANCHOR: run
    let run: Vec<Mixture> = em(&data, guess()).take(STEPS + 1).collect::<Result<_, _>>()?;
    // ANCHOR_END: run

    println!("      {:34}{:34}     log-", "component 0", "component 1");
    let titles = format!("{:>11}{:>12}{:>11}", "weight", "mean", "variance");
    println!("step{titles}{titles} likelihood");
    // ANCHOR: table
    for (step, mixture) in run[1..].iter().enumerate().step_by(10) {
        print!("{step:4}");
        for c in mixture.components() {
            print!("{:11.8}{:12.8}{:11.8}", c.weight, c.mean, c.variance);
        }
        println!("{:11.3}", log_likelihood(&data, mixture));
    }
    // ANCHOR_END: table

    println!("\nAfter {STEPS} steps, beside the truth:");
    println!(
        "                 estimate   truth   standard error   off by, in standard errors"
    );
    let last = &run[STEPS];
    for (k, (c, t)) in last.components().iter().zip(truth().components()).enumerate() {
        let rows = [
            ("weight", c.weight, t.weight),
            ("mean", c.mean, t.mean),
            ("variance", c.variance, t.variance),
        ];
        for ((name, estimate, truth), error) in rows.into_iter().zip(STANDARD_ERRORS[k]) {
            let difference = (estimate - truth) / error;
            println!(
                "{name:8} {k}    {estimate:11.8}   {truth:5}   {error:14.4}   {difference:+.1}"
            );
        }
    }

    println!();
    for path in figures::save("em")? {
        println!("{path}");
    }
    Ok(())
}
