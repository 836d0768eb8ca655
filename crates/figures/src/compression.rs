//! The pictures of the chapter *Compression*.

use crate::FigureError;
use datasets::compression::{Difference, Timing};
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point};

pub(crate) const ERROR: &str = "compression/error";
pub(crate) const COST: &str = "compression/cost";

/// How far points lead away, against the number of bins: a curve for each number of points in one.
/// A difference below 1e-15 is drawn there.
///
/// # Errors
///
/// Fewer than five numbers of bins for one to four points.
pub fn error(rows: &[Difference]) -> Result<Figure, FigureError> {
    let curve = |points: usize| -> Vec<Point> {
        let own = rows.iter().filter(|row| row.points == points);
        own.map(|d| ((d.bins as f64).log10(), d.difference.max(1e-15).log10())).collect()
    };
    let curves: Vec<_> = (1..=4).map(curve).collect();
    if curves.iter().any(|curve| curve.len() < 5) {
        return Err(FigureError::NoRows);
    }
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

/// What a hundred steps cost against the number of samples: on all samples, and on points,
/// compression included; beside them what it costs to add the samples up once.
///
/// # Errors
///
/// No times.
pub fn cost(times: &[Timing]) -> Result<Figure, FigureError> {
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Err(FigureError::NoRows);
    };
    let samples = |t: &Timing| (t.samples as f64).log10();
    let curve = |time: fn(&Timing) -> f64| -> Vec<Point> {
        times.iter().map(|t| (samples(t), time(t).log10())).collect()
    };
    let curves = [
        ("all samples", Role::Component(1), curve(Timing::on_all)),
        ("compressed", Role::Component(0), curve(Timing::compressed)),
        ("reading once", Role::Data, curve(|t| t.read)),
    ];
    let x = Axis::logarithmic("samples", samples(first) - 0.1..samples(last) + 0.1, 5);
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
            number(t.samples as f64),
            number(t.on_all()),
            number(t.compressed()),
            number(t.read)
        )
    });
    Ok(figure.described(
        "What a hundred steps cost",
        format!("Seconds against samples, both by powers of ten. {}.", told.join("; ")),
    ))
}
