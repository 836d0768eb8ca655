//! The notebook's whole run: one hundred steps, and the estimates beside the truth. With `five`, one
//! step of five samples.

use e_step::e_step;
use em::{em, log_likelihood};
use figures::em::means::FIVE;
use m_step::{effective_count, m_step};
use notebook::{STANDARD_ERRORS, STEPS, data, guess, truth};
use sampling::Mixture;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("five") => return by_hand(),
        Some(other) => return Err(format!("{other}: the only argument is `five`").into()),
    }
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

/// An E-step, an M-step and another E-step of five samples.
fn by_hand() -> Result<(), Box<dyn Error>> {
    let start = Mixture::new([(0.5, 2.5, 1.0), (0.5, 3.5, 1.0)])?;
    println!("samples        {}     sum", FIVE.map(|x| format!("{x:8}")).concat());
    let before = e_step(&FIVE, &start)?;
    let after = m_step(&FIVE, &before)?;
    let print = |table: &e_step::Memberships| {
        for (k, row) in table.components().iter().enumerate() {
            let cells: String = row.iter().map(|r| format!("{r:8.4}")).collect();
            println!("E  component {k} {cells}{:8.4}", effective_count(row));
        }
    };
    print(&before);
    for (k, c) in after.components().iter().enumerate() {
        let [weight, mean, variance] = [c.weight, c.mean, c.variance];
        println!(
            "M  component {k}   weight {weight:.4}, mean {mean:.4}, variance {variance:.4}"
        );
    }
    print(&e_step(&FIVE, &after)?);
    let [low, high] = [&start, &after].map(|mixture| log_likelihood(&FIVE, mixture));
    println!("The log-likelihood rises from {low:.4} to {high:.4}.");
    Ok(())
}
