//! The four data sets of the book, each fitted by one call.

use datasets::{galaxies, old_faithful, pearson};
use figures::fit::NAMES;
use fit::{Criteria, Fitter, Report, Starts};
use grouped::Classes;
use notebook::data;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    // ANCHOR: fit
    let reports = [
        Fitter::new(2).fit(&data())?,
        Fitter::new(2).fit(&old_faithful())?,
        Fitter::between(1..=6).fit(&galaxies())?,
        Fitter::new(2).fit_classes(&Classes::new(pearson())?)?,
    ];
    // ANCHOR_END: fit
    println!("{:14}weight    +-       mean     +-  deviation     +-", "");
    for (name, report) in NAMES.iter().zip(&reports) {
        print(name, report);
    }
    let four = Fitter::new(4).fit(&galaxies())?;
    print("galaxies, 4", &four);
    println!("\nThe galaxies:\n K  log-likelihood     AIC     BIC     ICL");
    for row in &reports[2].tried {
        let Criteria { log_likelihood, aic, bic, icl, .. } = row.outcome.clone()?;
        let k = row.components;
        println!("{k:2}{log_likelihood:16.2}{aic:8.1}{bic:8.1}{icl:8.1}");
    }
    println!();
    for path in figures::save("fit")? {
        println!("{path}");
    }
    Ok(())
}

/// As many digits as are the same on every platform.
fn print(name: &str, report: &Report) {
    let components = report.mixture.components();
    let least = components.iter().map(|c| c.variance.sqrt()).fold(f64::INFINITY, f64::min);
    let places = (3.0 - least.log10().floor()).max(0.0) as usize;
    let errors = report.standard_errors.as_deref().unwrap_or_default();
    for (k, (c, e)) in components.iter().zip(errors).enumerate() {
        let (name, deviation) = (if k == 0 { name } else { "" }, c.variance.sqrt());
        println!(
            "{name:14}{:6.3} {:5.3} {:10.places$} {:6.*} {deviation:10.places$} {:6.*}",
            c.weight,
            e.weight,
            c.mean,
            places - 1,
            e.mean,
            places - 1,
            e.variance / (2.0 * deviation),
        );
    }
    let (l, rate) = (report.log_likelihood, report.rate.unwrap_or(f64::NAN));
    let Starts { all, arrived, elsewhere, dropped, refused } = report.starts;
    println!("{:14}log-likelihood {l:.3}, rate {rate:.3}", "");
    println!(
        "{:14}{all} starts: {arrived} here, {elsewhere} lower, {dropped} dropped, {refused} refused",
        ""
    );
}
