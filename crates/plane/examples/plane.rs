//! Old Faithful in the plane: the run, the fit, four shapes, two units, and a collapse.

use figures_elsewhere::plane::{faithful, start};
use nalgebra::Vector2;
use plane::{Mixture, Shape, em, log_likelihood};
use rate::remaining_gain;
use stability::{Cure, Prior};
use std::error::Error;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let data = faithful();
    let start = start()?;
    run(&data, &start)?;
    let fit =
        em(&data, start, Shape::Free, Cure::Refuse).nth(100).ok_or("the run ended")??;
    shapes(&data, &fit)?;
    units(&data, &fit)?;
    collapse(&data)?;

    println!();
    for path in figures_elsewhere::save("plane")? {
        println!("{path}");
    }
    Ok(())
}

fn run(data: &[Vector2<f64>], start: &Mixture) -> Done {
    println!("step  weight 0   mean 0            mean 1            log-likelihood");
    // ANCHOR: run
    let run = em(data, start.clone(), Shape::Free, Cure::Refuse);
    let run: Vec<Mixture> = run.take(101).collect::<Result<_, _>>()?;
    // ANCHOR_END: run
    for step in [0, 1, 2, 5, 10, 15, 20, 30, 100] {
        let [a, b] = [0, 1].map(|k| run[step].components()[k]);
        print!("{step:4}{:10.6}", a.weight);
        [a, b].iter().for_each(|c| print!("{:9.5}{:10.5}", c.mean.x, c.mean.y));
        println!("{:15.5}", log_likelihood(data, &run[step]));
    }
    let value = |step: usize| log_likelihood(data, &run[step]);
    let moved = |step: usize| {
        run[step + 1].components()[0].mean.y - run[step].components()[0].mean.y
    };
    let (rate, gain) = (moved(22) / moved(21), value(12) - value(11));
    let (guess, missing) = (remaining_gain(gain, rate), value(100) - value(12));
    println!(
        "Rate {rate:.3}. After step 12 still to come: {guess:.1e} by the rate, {missing:.1e} in fact."
    );
    println!("\nThe fit, a component a line:");
    for (k, c) in run[100].components().iter().enumerate() {
        let [x, both, y] = [(0, 0), (0, 1), (1, 1)].map(|at| c.covariance[at]);
        println!(
            "{k}: weight {:.7}, mean ({:.6}, {:.6}), covariance {x:.7} {both:.7} {y:.6}",
            c.weight, c.mean.x, c.mean.y
        );
    }
    Ok(())
}

fn shapes(data: &[Vector2<f64>], start: &Mixture) -> Done {
    println!("\nshape      mclust  parameters  log-likelihood        BIC");
    for shape in Shape::ALL {
        // ANCHOR: shapes
        let fit = em(data, start.clone(), shape, Cure::Refuse)
            .nth(300)
            .ok_or("the run ended")??;
        let (l, d) = (log_likelihood(data, &fit), shape.parameters(2));
        let bic = -2.0 * l + d as f64 * (data.len() as f64).ln();
        // ANCHOR_END: shapes
        let name = format!("{shape:?}");
        println!("{name:11}{:6}{d:12}{l:16.4}{bic:11.3}", shape.letters());
    }
    Ok(())
}

fn units(data: &[Vector2<f64>], start: &Mixture) -> Done {
    println!("\nThe weight of component 1, with the eruptions in minutes and in seconds:");
    let seconds = |x: &Vector2<f64>| Vector2::new(60.0 * x.x, x.y);
    let in_seconds: Vec<_> = data.iter().map(seconds).collect();
    let stretched = Mixture::new(start.components().iter().map(|c| {
        let [x, both, y] = [(0, 0), (0, 1), (1, 1)].map(|at| c.covariance[at]);
        (c.weight, seconds(&c.mean).into(), [3600.0 * x, 60.0 * both, y])
    }))?;
    for shape in [Shape::Spherical, Shape::Free] {
        print!("{:10}", format!("{shape:?}"));
        for (data, start) in [(data, start), (&in_seconds[..], &stretched)] {
            let fit =
                em(data, start.clone(), shape, Cure::Refuse).nth(300).ok_or("ended")??;
            print!("{:12.6}", fit.components()[1].weight);
        }
        println!();
    }
    Ok(())
}

fn collapse(data: &[Vector2<f64>]) -> Done {
    println!("\nA third component on two samples:");
    // ANCHOR: collapse
    let flat = [0.01, 0.0, 0.5];
    let start = Mixture::new([
        (0.35, [2.0, 54.0], [0.1, 0.0, 34.0]),
        (0.64, [4.3, 80.0], [0.2, 0.0, 36.0]),
        (0.01, [3.3, 74.0], flat),
    ])?;
    let prior = Cure::Prior(Prior::new(2.0, 0.1, 1.0)?);
    for (name, cure) in
        [("refuse", Cure::Refuse), ("floor", Cure::Floor(1e-3)), ("prior", prior)]
    {
        let mut run = em(data, start.clone(), Shape::Free, cure).take(1001);
        let (mut steps, mut last) = (0, start.clone());
        let error = run.find_map(|item| {
            item.map(|mixture| (steps, last) = (steps + 1, mixture)).err()
        });
        // ANCHOR_END: collapse
        match error {
            Some(error) => println!("{name:8} step {steps}: {error}"),
            None => {
                let c = last.components()[2];
                let spread = c.covariance.symmetric_eigenvalues();
                let (low, high) = (spread.min().sqrt(), spread.max().sqrt());
                let l = log_likelihood(data, &last);
                println!(
                    "{name:8} weight {:.4}, deviations {high:.4} and {low:.4}, log-likelihood {l:.3}",
                    c.weight
                );
            }
        }
    }
    Ok(())
}
