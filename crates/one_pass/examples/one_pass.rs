//! What a step costs, rung by rung, as recorded: from the readable loop to vector units and threads,
//! beside the cost of one exponential and of reading the samples; and about which centre sums are.

use datasets::one_pass::{Cost, LIMITS, costs, nanoseconds, rungs};
use notebook::data;
use one_pass::Sums;
use std::error::Error;

/// The sizes of the two problems with two components.
const SIZES: [usize; 2] = [10_000, 10_000_000];

/// The numbers of components beside, on the smaller size.
const MORE: [usize; 3] = [3, 8, 64];

fn main() -> Result<(), Box<dyn Error>> {
    print(&costs());
    centres();
    println!();
    for path in figures::save("one_pass")? {
        println!("{path}");
    }
    Ok(())
}

fn print(costs: &[Cost]) {
    let Cost { date, machine, cores, .. } = &costs[0];
    println!("{date}, {machine}, {cores} cores");
    println!("\nA step with two components, in nanoseconds a sample and in exps:");
    println!("{:22}{:>20}{:>20}", "", "10 000 samples", "10 000 000 samples");
    let rungs = rungs(*cores);
    let measured =
        |name: &&str| SIZES.iter().any(|n| nanoseconds(costs, *n, 2, name).is_some());
    for name in rungs.iter().map(String::as_str).chain(LIMITS).filter(measured) {
        print!("{name:22}");
        for n in SIZES {
            let exp = nanoseconds(costs, n, 1, LIMITS[0]).unwrap_or(f64::NAN);
            match nanoseconds(costs, n, 2, name) {
                Some(ns) => print!("{ns:12.3}{:8.2}", ns / exp),
                None => print!("{:>20}", "one block"),
            }
        }
        println!();
    }
    println!("\nWith more, in nanoseconds a sample and component, and in exps:");
    println!("{:22}{}", "", MORE.map(|k| format!("{:>20}", format!("K = {k}"))).concat());
    for name in [&rungs[1], &rungs[3]] {
        print!("{name:22}");
        for k in MORE {
            let ns = nanoseconds(costs, SIZES[0], k, name).unwrap_or(f64::NAN) / k as f64;
            let exp = nanoseconds(costs, SIZES[0], 1, LIMITS[0]);
            print!("{ns:12.3}{:8.2}", ns / exp.unwrap_or(f64::NAN));
        }
        println!();
    }
}

/// The variance of the notebook's samples, in whole eighths, by sums about three centres.
fn centres() {
    println!("\nThe variance with a number added, by sums about");
    println!("added           0    the number      the mean");
    let eighths: Vec<f64> = data().iter().map(|x| (8.0 * x).round() / 8.0).collect();
    for added in [0.0, 1e4, 1e6, 1e8] {
        let moved: Vec<f64> = eighths.iter().map(|x| x + added).collect();
        // ANCHOR: centres
        let variance = |centre: f64| {
            let mut sums = Sums::new(centre);
            moved.iter().for_each(|x| sums.add(*x, 1.0));
            sums.component(moved.len()).variance
        };
        // ANCHOR_END: centres
        let [zero, number, mean] = [0.0, added, added + 3.5].map(variance);
        println!("{added:5.0e}{zero:12.6}{number:14.6}{mean:14.6}");
    }
}
