//! The pictures of the chapter *Compression*.

use crate::FigureError;
use ::sampling::{Component, Mixture};
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point};
use plot::{Figure, PlotError};
use timings::{Timing, recorded};

pub mod timings;

pub(crate) const ERROR: &str = "compression/error";
pub(crate) const COST: &str = "compression/cost";

/// The largest difference of a parameter: of weights and variances as a share, of means in deviations.
#[must_use]
// ANCHOR: difference
pub fn difference(a: &Mixture, b: &Mixture) -> f64 {
    let of = |(a, b): (&Component, &Component)| {
        let mean = (a.mean - b.mean) / b.variance.sqrt();
        [a.weight / b.weight - 1.0, mean, a.variance / b.variance - 1.0]
    };
    let pairs = a.components().iter().zip(b.components());
    pairs.flat_map(of).map(f64::abs).fold(0.0, f64::max)
}
// ANCHOR_END: difference

/// How far ten steps from the guess on one to four points a bin lead away from ten steps on all of
/// 50 000 samples: rows of points, bins and the difference, as recorded.
#[must_use]
pub fn errors() -> Vec<(usize, usize, f64)> {
    let lines = include_str!("../../../data/compression_errors.csv").lines().skip(1);
    let row = |line: &str| {
        let mut cells = line.split(',');
        let (points, bins) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
        Some((points, bins, cells.next()?.parse().ok()?))
    };
    lines.filter_map(row).collect()
}

/// The differences of [`errors`] against the number of bins. One below 1e-15 is drawn there.
///
/// # Errors
///
/// plotters' own.
pub fn error(rows: &[(usize, usize, f64)]) -> Result<Figure, FigureError> {
    let curve = |points: usize| -> Vec<Point> {
        let own = rows.iter().filter(|row| row.0 == points);
        own.map(|(_, bins, error)| ((*bins as f64).log10(), error.max(1e-15).log10()))
            .collect()
    };
    let curves: Vec<_> = (1..=4).map(curve).collect();
    let x = Axis::logarithmic("bins", 1.15..3.1, 2);
    let y = Axis::logarithmic("difference from all samples", -15.5..0.0, 6);
    let role = |i: usize| Role::Component(i);
    let figure = Figure::draw(ERROR, (1, 1), 3600, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (i, curve) in curves.iter().enumerate() {
            panel.line(role(i), curve)?;
            for dot in curve {
                panel.dot(role(i), *dot)?;
            }
        }
        for (i, curve) in curves.iter().enumerate() {
            let name = if i == 0 { "1 point".into() } else { format!("{} points", i + 1) };
            let others = (0..4).filter(|j| *j != i).map(|j| curves[j].as_slice());
            panel.label(&name, role(i), &curve[2..5], &others.collect::<Vec<_>>())?;
        }
        Ok(())
    })?;
    let told = curves.iter().enumerate().map(|(i, curve)| {
        let ends = [curve[0], curve[4]].map(|(_, y)| number(10_f64.powf(y)));
        format!("with up to {} a bin from {} to {}", i + 1, ends[0], ends[1])
    });
    Ok(figure.described(
        "How the error falls with bins and points",
        format!(
            "By powers of ten, the largest difference of a parameter after 10 steps, against \
             the number of bins. From 16 to 256 bins it falls {}.",
            told.collect::<Vec<_>>().join(", ")
        ),
    ))
}

/// What a hundred steps cost against the number of samples, by the recorded times: on all samples,
/// and on points, compression included; beside them what it costs to add the samples up once.
///
/// # Errors
///
/// No recorded times.
pub fn cost() -> Result<Figure, FigureError> {
    let times = recorded();
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Err(PlotError::NoSamples.into());
    };
    let curve = |time: fn(&Timing) -> f64| -> Vec<Point> {
        times.iter().map(|t| (t.samples.log10(), time(t).log10())).collect()
    };
    let curves = [
        ("all samples", Role::Component(1), curve(|t| t.look + t.full)),
        ("compressed", Role::Component(0), curve(Timing::compressed)),
        ("reading once", Role::Data, curve(|t| t.read)),
    ];
    let x = Axis::logarithmic(
        "samples",
        first.samples.log10() - 0.1..last.samples.log10() + 0.1,
        5,
    );
    let heights = || curves.iter().flat_map(|(_, _, curve)| curve).map(|(_, y)| *y);
    let (low, high) = (heights().fold(0.0, f64::min), heights().fold(0.0, f64::max));
    let y = Axis::logarithmic("seconds", low.floor()..high + 0.3, 6);
    let figure = Figure::draw(COST, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (_, role, curve) in &curves {
            panel.line(*role, curve)?;
            for dot in curve {
                panel.dot(*role, *dot)?;
            }
        }
        for (i, (name, role, curve)) in curves.iter().enumerate() {
            let others: Vec<_> =
                (0..3).filter(|j| *j != i).map(|j| curves[j].2.as_slice()).collect();
            panel.label(name, *role, curve, &others)?;
        }
        Ok(())
    })?;
    let told = [first, last].map(|t| {
        format!(
            "{} samples: {} s on all, {} s compressed, {} s to read once",
            number(t.samples),
            number(t.look + t.full),
            number(t.compressed()),
            number(t.read)
        )
    });
    Ok(figure.described(
        "What a hundred steps cost",
        format!("Seconds against samples, both by powers of ten. {}.", told.join("; ")),
    ))
}
