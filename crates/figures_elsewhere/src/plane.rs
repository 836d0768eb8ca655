//! The pictures of the chapter *Plane*.

use crate::FigureError;
use ::plane::{Mixture, Shape, e_step, em, log_likelihood};
use nalgebra::Vector2;
use plot::words::decimals;
use plot::{Axis, Figure, Panel, PlotError, Point, Role};
use stability::Cure;

pub(crate) const STEPS: &str = "plane/steps";
pub(crate) const SHAPES: &str = "plane/shapes";

/// Old Faithful: how long each eruption lasted, and how long it was to the next.
#[must_use]
pub fn faithful() -> Vec<Vector2<f64>> {
    let point = |e: datasets::Eruption| Vector2::new(e.duration, e.waiting);
    datasets::eruptions().into_iter().map(point).collect()
}

/// A start that is bad on purpose: both means where nothing is.
///
/// # Errors
///
/// None: it is a mixture.
pub fn start() -> Result<Mixture, FigureError> {
    let circle = [0.3, 0.0, 50.0];
    Ok(Mixture::new([(0.5, [2.2, 82.0], circle), (0.5, [4.6, 58.0], circle)])?)
}

/// Samples and the ellipses of the mixtures after several numbers of steps, a panel each. A sample has
/// the colour of its memberships; the ellipses are one and two deviations from the means.
///
/// # Errors
///
/// A sample without memberships.
pub fn steps(
    data: &[Vector2<f64>],
    run: &[(usize, Mixture)],
) -> Result<Figure, FigureError> {
    let title = |step: usize| match step {
        0 => "start".to_owned(),
        1 => "after 1 step".to_owned(),
        _ => format!("after {step} steps"),
    };
    let fits: Vec<_> =
        run.iter().map(|(step, mixture)| (title(*step), mixture.clone())).collect();
    let figure = panels(STEPS, data, &fits, 1900)?;
    let value = |(step, mixture): &(usize, Mixture)| {
        format!("{} after {step}", decimals(log_likelihood(data, mixture), 2))
    };
    Ok(figure.described(
        "Two ellipses, step by step",
        format!(
            "{} panels with {} eruptions, by their duration and the waiting time after them, coloured \
             by membership, and the ellipses of two components. The log-likelihood is {}.",
            run.len(),
            data.len(),
            run.iter().map(value).collect::<Vec<_>>().join(", "),
        ),
    ))
}

/// The fits of all four shapes, from one start.
///
/// # Errors
///
/// A component that collapses on the way.
pub fn shapes(data: &[Vector2<f64>], start: &Mixture) -> Result<Figure, FigureError> {
    let mut fits = Vec::new();
    for shape in [Shape::Spherical, Shape::Diagonal, Shape::Tied, Shape::Free] {
        let run = em(data, start.clone(), shape, Cure::Refuse);
        let end = run.take(301).last().unwrap_or_else(|| Ok(start.clone()))?;
        let name = match shape {
            Shape::Spherical => "spherical",
            Shape::Diagonal => "diagonal",
            Shape::Tied => "tied",
            Shape::Free => "free",
        };
        fits.push((format!("{name}, {}", shape.letters()), end));
    }
    let figure = panels(SHAPES, data, &fits, 2300)?;
    let value = |(name, mixture): &(String, Mixture)| {
        format!("{name}: {}", decimals(log_likelihood(data, mixture), 2))
    };
    Ok(figure.described(
        "Four shapes",
        format!(
            "Four panels with {} eruptions and the ellipses of two components: circles, ellipses \
             along the axes, one ellipse for both, and any ellipses. The log-likelihoods are {}.",
            data.len(),
            fits.iter().map(value).collect::<Vec<_>>().join(", "),
        ),
    ))
}

/// Two panels a row, each with the samples by their memberships and the ellipses.
fn panels(
    name: &'static str,
    data: &[Vector2<f64>],
    fits: &[(String, Mixture)],
    height: u32,
) -> Result<Figure, FigureError> {
    let mut colours = Vec::new();
    for (_, mixture) in fits {
        colours.push(tenths(data, mixture)?);
    }
    let x = Axis::new("eruption, min", 0.9..5.9, 5);
    let y = Axis::new("waiting, min", 38.0..102.0, 3);
    let rows = fits.len().div_ceil(2);
    Ok(Figure::draw(name, (rows, 2), height, |areas| {
        for (i, ((title, mixture), colours)) in fits.iter().zip(&colours).enumerate() {
            let y = match i {
                0 => y.clone(),
                _ if i % 2 == 0 => y.nameless(),
                _ => y.silent(),
            };
            let x = if i / 2 + 1 < rows { x.silent() } else { x.clone() };
            let mut panel = Panel::new(&areas[i], &x, &y, title)?;
            for (tenths, points) in colours.iter().enumerate() {
                panel.dots(Role::Blend(tenths), points)?;
            }
            ellipses(&mut panel, mixture)?;
        }
        Ok(())
    })?)
}

/// The samples by their memberships in component 1, to the nearest tenth.
fn tenths(
    data: &[Vector2<f64>],
    mixture: &Mixture,
) -> Result<Vec<Vec<Point>>, FigureError> {
    let memberships = e_step(data, mixture)?;
    let mut tenths = vec![Vec::new(); 11];
    for (x, r) in data.iter().zip(&memberships.components()[1]) {
        tenths[(10.0 * r).round() as usize].push((x[0], x[1]));
    }
    Ok(tenths)
}

fn ellipses(panel: &mut Panel, mixture: &Mixture) -> Result<(), PlotError> {
    for (k, c) in mixture.components().iter().enumerate() {
        for radius in [1.0, 2.0] {
            let points = c.ellipse(radius, 60);
            let line: Vec<Point> = points.iter().map(|x| (x[0], x[1])).collect();
            panel.line(Role::Component(k), &line)?;
        }
        panel.dot(Role::Component(k), (c.mean[0], c.mean[1]))?;
    }
    Ok(())
}
