//! The normal density and its logarithm, near the mean and far from it.

use density::{ln_normal, mixture, normal};
use notebook::truth;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let truth = truth();
    println!("The density of the mixture, p(x):");
    for x in [-2.0, 0.0, 2.0, 5.0, 9.0] {
        println!("x = {x:2}   {:.8}", mixture(x, &truth));
    }

    println!("\nThe standard normal far from its mean:");
    println!(" x   density         log density");
    for x in [0.0, 1.0, 10.0, 37.0, 38.0, 39.0, 40.0] {
        println!(
            "{x:2}   {:<13.6e}   {:11.6}",
            normal(x, 0.0, 1.0),
            ln_normal(x, 0.0, 1.0)
        );
    }

    println!();
    for path in figures::save("density")? {
        println!("{path}");
    }
    Ok(())
}
