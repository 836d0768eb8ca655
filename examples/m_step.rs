//! One E-step and one M-step from the notebook's guess.

use e_step::e_step;
use m_step::{effective_count, m_step, mean, variance};
use notebook::{data, guess};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    let memberships = e_step(&data, &guess())?;

    // ANCHOR: pieces
    for (k, row) in memberships.components().iter().enumerate() {
        let count = effective_count(row);
        let mean = mean(&data, row);
        println!("component {k}");
        println!("  effective count {count:13.6}");
        println!("  weight          {:13.8}", count / data.len() as f64);
        println!("  mean            {mean:13.8}");
        println!("  variance        {:13.8}", variance(&data, row, mean));
    }
    // ANCHOR_END: pieces

    let after = m_step(&data, &memberships)?;
    let n = data.len() as f64;
    let sample_mean = data.iter().sum::<f64>() / n;
    let sample_variance = data.iter().map(|x| (x - sample_mean).powi(2)).sum::<f64>() / n;
    println!("\n            samples        fitted mixture");
    println!("mean     {sample_mean:13.10}   {:13.10}", after.mean());
    println!("variance {sample_variance:13.10}   {:13.10}", after.variance());

    // ANCHOR: offset
    println!("\nThe variance of component 1 with a number added to every sample:");
    println!("added   E[x²] − μ²     E[(x − μ)²]");
    let r = &memberships.components()[1];
    for added in [0.0, 1e4, 1e6, 1e7, 1e8, 1e9] {
        let moved: Vec<f64> = data.iter().map(|x| x + added).collect();
        let squares: Vec<f64> = moved.iter().map(|x| x * x).collect();
        let mu = mean(&moved, r);
        let short = mean(&squares, r) - mu * mu;
        println!("{added:5.0e}   {short:11.3}    {:11.3}", variance(&moved, r, mu));
    }
    // ANCHOR_END: offset

    println!();
    for path in figures::save("m_step")? {
        println!("{path}");
    }
    Ok(())
}
