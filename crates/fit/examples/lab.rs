use fit::*;
use std::time::Instant;
fn column(t: &str, c: usize) -> Vec<f64> {
    t.lines().skip(1).map(|l| l.split(',').nth(c).unwrap().parse().unwrap()).collect()
}
fn main() {
    let of = column(include_str!("../../../data/old_faithful.csv"), 1);
    let ga: Vec<f64> = column(include_str!("../../../data/galaxies.csv"), 0)
        .iter()
        .map(|x| x / 1000.0)
        .collect();
    let nb = notebook::data();
    for (name, d, f) in [
        ("of", &of, Fitter::new(2)),
        ("of tied", &of, Fitter::new(2).tied(true)),
        ("ga3", &ga, Fitter::new(3)),
        ("ga4", &ga, Fitter::new(4)),
        ("ga 1..6", &ga, Fitter::between(1..=6)),
        ("nb", &nb, Fitter::new(2)),
        ("nb 1..4", &nb, Fitter::between(1..=4)),
        ("of1", &of, Fitter::new(1)),
    ] {
        let t = Instant::now();
        match f.fit(d) {
            Ok(r) => {
                println!(
                    "{name}: l {:.4} maps {} {} rem {:?} bic {:.2} icl {:.2} {:?} {:.1} ms",
                    r.log_likelihood,
                    r.iterations,
                    r.stopped,
                    r.remaining,
                    r.bic,
                    r.icl,
                    r.starts,
                    t.elapsed().as_secs_f64() * 1e3
                );
                for c in r.mixture.components() {
                    println!("   {:.5} {:.5} {:.5}", c.weight, c.mean, c.variance.sqrt());
                }
                println!("   {:?}", r.standard_errors);
                for t in r.tried {
                    println!(
                        "   {} {:?}",
                        t.components,
                        t.outcome.map(|c| (c.log_likelihood, c.bic, c.icl))
                    );
                }
            }
            Err(e) => println!("{name}: {e}"),
        }
    }
}
