//! The memberships of the samples under the notebook's guess.

use e_step::e_step;
use notebook::{data, guess};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    let memberships = e_step(&data, &guess())?;

    println!("The first five samples and their memberships under the guess:");
    let print = |name: &str, row: &[f64]| {
        let cells: Vec<_> = row[..5].iter().map(|value| format!("{value:11.8}")).collect();
        println!("{name:11} {}", cells.join(" "));
    };
    print("x", &data);
    for (k, row) in memberships.components().iter().enumerate() {
        print(&format!("component {k}"), row);
    }

    // ANCHOR: far
    println!("\nA sample at 40 under the guess:");
    match e_step(&[40.0], &guess()) {
        Ok(memberships) => println!("{:?}", memberships.components()),
        Err(error) => println!("{error}"),
    }
    // ANCHOR_END: far

    println!();
    for path in figures::save("e_step")? {
        println!("{path}");
    }
    Ok(())
}
