//! How sure the fit of Old Faithful is, by three kinds of information and by the bootstrap; the
//! yardstick of the chapter *EM*; and how often intervals hold the truth.

use datasets::uncertainty::{PARAMETERS, WAYS, blocks, coverage};
use em::{em, log_likelihood};
use figures::uncertainty::{REPLICATES, fitted, replicates};
use notebook::{STANDARD_ERRORS, guess};
use rate::{Information, differences};
use sampling::Mixture;
use std::error::Error;
use uncertainty::{
    Bootstrap, Uncertainty, information_from_rate, numerical_information,
    observed_information, parameter, uncertainties,
};

fn main() -> Result<(), Box<dyn Error>> {
    let (data, fit) = fitted()?;
    let fits = replicates(&fit, data.len())?;
    errors(&data, &fit, &fits)?;
    ends(&data, &fit, &fits)?;
    yardstick()?;
    table();

    println!();
    for path in figures::save("uncertainty")? {
        println!("{path}");
    }
    Ok(())
}

fn errors(data: &[f64], fit: &Mixture, fits: &Bootstrap) -> Result<(), Box<dyn Error>> {
    println!("Old Faithful, estimates and their standard errors:");
    print_row("", PARAMETERS.map(String::from));
    print_row("", [0, 1, 2, 3, 4].map(|p| format!("{:.4}", parameter(p, fit))));
    // ANCHOR: ways
    let samples = || data.iter().map(|x| (*x, 1.0));
    let Information { complete, .. } = Information::new(samples(), fit)?;
    let value = |m: &Mixture| log_likelihood(data, m);
    let ways = [
        ("complete information", complete.clone()),
        ("Louis' identity", observed_information(samples(), fit)?),
        ("differences", numerical_information(fit, value)?),
        ("the rate", information_from_rate(&complete, &differences(data, fit)?)),
    ];
    // ANCHOR_END: ways
    for (name, information) in ways {
        let sure = Uncertainty::new(fit, &information)?;
        print_row(name, five(&sure.standard_errors(), |e| format!("{e:.5}")));
    }
    let spread = |p| format!("{:.3}", fits.standard_error(|m| parameter(p, m)));
    print_row("bootstrap", [0, 1, 2, 3, 4].map(spread));
    println!("Of {REPLICATES} replicates {} were refused.", fits.refused);
    Ok(())
}

fn ends(data: &[f64], fit: &Mixture, fits: &Bootstrap) -> Result<(), Box<dyn Error>> {
    let (sure, _) = uncertainties(data, fit)?;
    println!("\nIntervals, 95 %{:>17}{:>20}{:>20}", "Wald", "by logarithms", "bootstrap");
    let odds = |m: &Mixture| (parameter(0, m) / (1.0 - parameter(0, m))).ln();
    let share = |logit: f64| 1.0 / (1.0 + (-logit).exp());
    // ANCHOR: scales
    let variance = |m: &Mixture| m.components()[0].variance;
    let deviation = |m: &Mixture| variance(m).sqrt();
    let plain = sure.interval(0.95, deviation)?;
    let by_log = sure.interval(0.95, |m| deviation(m).ln())?.map(f64::exp);
    // ANCHOR_END: scales
    let weight = |m: &Mixture| parameter(0, m);
    let variance_by_log = sure.interval(0.95, |m| variance(m).ln())?.map(f64::exp);
    for (name, plain, scaled, fits) in [
        (
            "weight 0",
            sure.interval(0.95, weight)?,
            sure.interval(0.95, odds)?.map(share),
            fits.interval(0.95, weight)?,
        ),
        (
            "variance 0",
            sure.interval(0.95, variance)?,
            variance_by_log,
            fits.interval(0.95, variance)?,
        ),
        ("deviation 0", plain, by_log, fits.interval(0.95, deviation)?),
    ] {
        let [plain, scaled, fits] =
            [plain, scaled, fits].map(|[low, high]| format!("{low:8.3} to{high:7.3}"));
        println!("{name:11} {plain:>20}{scaled:>20}{fits:>20}");
    }
    Ok(())
}

fn yardstick() -> Result<(), Box<dyn Error>> {
    let data = notebook::data();
    let limit = em(&data, guess()).nth(300).ok_or("the run ended")??;
    let (sure, _) = uncertainties(&data, &limit)?;
    let ours = sure.standard_errors();
    // ANCHOR: fixed
    let drawn = limit.components()[0].weight * limit.components()[1].weight / 1e4;
    let fixed = (ours[0][0].powi(2) - drawn).sqrt();
    // ANCHOR_END: fixed
    println!("\nThe notebook's samples, standard errors:");
    print_row("", PARAMETERS.map(String::from));
    print_row("from these samples", five(&ours, |e| format!("{e:.4}")));
    let mut constants = ours.clone();
    constants[0][0] = fixed;
    print_row("counts fixed", five(&constants, |e| format!("{e:.4}")));
    print_row("the constants", five(&STANDARD_ERRORS, |e| format!("{e:.4}")));
    Ok(())
}

fn table() {
    let sizes = coverage(&blocks());
    println!(
        "\nIn {} trials, per cent of the intervals at 95 % that hold the truth:",
        sizes[0].trials
    );
    let columns: [(usize, &[usize]); 3] = [(0, &[0, 1, 2]), (1, &[0, 2]), (3, &[0, 1, 2])];
    let wide = |ways: &[usize]| 9 * ways.len() + 2;
    print!("{:14}", "");
    columns.iter().for_each(|(p, ways)| print!("{:>1$}", PARAMETERS[*p], wide(ways)));
    print!("\n    n  refused");
    for (_, ways) in columns {
        print!(
            "  {}",
            ways.iter().map(|way| format!("{:>9}", WAYS[*way])).collect::<String>()
        );
    }
    println!();
    for size in sizes {
        print!("{:5}{:9}", size.samples, size.refused);
        for (p, ways) in columns {
            let share = |way: &usize| format!("{:9.1}", 100.0 * size.shares[*way][p]);
            print!("  {}", ways.iter().map(share).collect::<String>());
        }
        println!();
    }
}

fn print_row(name: &str, cells: [String; 5]) {
    println!("{name:20}{}", cells.map(|cell| format!("{cell:>12}")).concat());
}

/// Weight, means and variances out of rows of weight, mean and variance.
fn five(rows: &[[f64; 3]], show: impl Fn(f64) -> String) -> [String; 5] {
    [rows[0][0], rows[0][1], rows[1][1], rows[0][2], rows[1][2]].map(show)
}
