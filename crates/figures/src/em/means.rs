//! Two components whose means alone move: the log-likelihood as a map, and ways up it.

use crate::FigureError;
use ::em::log_likelihood;
use ::sampling::Mixture;
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point, Surface};
use std::ops::Range;

pub(crate) const CONTOURS: &str = "em/contours";
pub(crate) const GRADIENT: &str = "em/gradient";

/// Five samples for computing by hand.
pub const FIVE: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 7.0];

/// ½ N(a, 1) + ½ N(b, 1).
///
/// # Errors
///
/// A mean that is not finite.
pub fn halves([a, b]: [f64; 2]) -> Result<Mixture, FigureError> {
    Ok(Mixture::new([(0.5, a, 1.0), (0.5, b, 1.0)])?)
}

/// The next two means, by EM with all else held (eq:gradient-step): a mean moves by σ²/N_k times the
/// slope of the log-likelihood.
///
/// # Errors
///
/// A sample without memberships; a mean that is not finite.
pub fn em_step(data: &[f64], means: [f64; 2]) -> Result<[f64; 2], FigureError> {
    let memberships = ::e_step::e_step(data, &halves(means)?)?;
    Ok([0, 1].map(|k| ::m_step::mean(data, &memberships.components()[k])))
}

/// The next two means, by gradient ascent with the step length `length`.
///
/// # Errors
///
/// A sample without memberships; a mean that is not finite.
pub fn gradient_step(
    data: &[f64],
    means: [f64; 2],
    length: f64,
) -> Result<[f64; 2], FigureError> {
    let memberships = ::e_step::e_step(data, &halves(means)?)?;
    Ok([0, 1].map(|k| {
        let row = &memberships.components()[k];
        let slope: f64 = data.iter().zip(row).map(|(x, r)| r * (x - means[k])).sum();
        means[k] + length * slope
    }))
}

/// The means after 0, 1, … `steps` steps.
///
/// # Errors
///
/// Those of the step.
pub fn path(
    start: [f64; 2],
    steps: usize,
    step: impl Fn([f64; 2]) -> Result<[f64; 2], FigureError>,
) -> Result<Vec<[f64; 2]>, FigureError> {
    let mut path = vec![start];
    for _ in 0..steps {
        path.push(step(path[path.len() - 1])?);
    }
    Ok(path)
}

/// The log-likelihood over two means as level lines, and EM's way from each start.
///
/// # Errors
///
/// Those of [`em_step`].
pub fn contours(data: &[f64], starts: &[[f64; 2]]) -> Result<Figure, FigureError> {
    let middle = data.iter().sum::<f64>() / data.len() as f64;
    let em = |means| em_step(data, means);
    let paths = starts.iter().map(|s| path(*s, 40, em)).collect::<Result<Vec<_>, _>>()?;
    let top = paths[0][40];
    let height = |means| Ok::<_, FigureError>(log_likelihood(data, &halves(means)?));
    let (highest, saddle) = (height(top)?, height([middle; 2])?);
    let lower = [1.0, 2.5, 5.0, 9.0, 15.0, 23.0].map(|by| saddle - by);
    let upper = [0.1, 0.3, 0.55, 0.8].map(|share| saddle + share * (highest - saddle));
    let levels: Vec<_> = lower.into_iter().chain([saddle]).chain(upper).collect();
    let figure = map(CONTOURS, data, 0.0..8.0, 0.0..8.0, &levels, 5800, |panel| {
        let mirrored = [top[1], top[0]];
        for path in &paths {
            draw(panel, Role::Component(0), path)?;
        }
        for (name, at, end) in [
            ("maximum", mirrored, highest),
            ("the same maximum", top, highest),
            ("saddle", [middle; 2], saddle),
        ] {
            let at = at.into();
            panel.dot(Role::Sum, at)?;
            panel.label(&format!("{name}, {}", number(end)), Role::Sum, &[at], &[])?;
        }
        for start in starts {
            panel.label("start", Role::Component(0), &[(*start).into()], &[])?;
        }
        Ok(())
    })?;
    Ok(figure.described(
        "The log-likelihood over two means",
        format!(
            "A map of the log-likelihood of the samples {data:?} under ½ N(a, 1) + ½ N(b, 1), \
             by its level lines. It is symmetric about the diagonal. Two equal maxima, {}, lie at \
             ({}, {}) and mirrored; between them, at both means {}, is a saddle with {}. EM goes \
             up from {} starts.",
            number(highest),
            number(top[0]),
            number(top[1]),
            number(middle),
            number(saddle),
            starts.len(),
        ),
    ))
}

/// EM's way to the maximum beside those of gradient ascent with several step lengths, each of so many
/// steps.
///
/// # Errors
///
/// Those of the steps.
pub fn gradient(
    data: &[f64],
    start: [f64; 2],
    lengths: &[f64],
    steps: usize,
) -> Result<Figure, FigureError> {
    let em = path(start, steps, |means| em_step(data, means))?;
    let mut ways = vec![("EM".to_owned(), em)];
    for length in lengths {
        let way = path(start, steps, |means| gradient_step(data, means, *length))?;
        ways.push((format!("length {length}"), way));
    }
    let height = |means| Ok::<_, FigureError>(log_likelihood(data, &halves(means)?));
    let highest = height(path(start, 60, |means| em_step(data, means))?[60])?;
    let levels = [0.1, 0.3, 0.7, 1.3, 2.2, 3.4, 4.8, 6.5, 9.0].map(|by| highest - by);
    let figure = map(GRADIENT, data, 0.4..4.6, 3.2..6.8, &levels, 4800, |panel| {
        for (k, (name, way)) in ways.iter().enumerate().rev() {
            draw(panel, Role::Component(k), way)?;
            let points: Vec<Point> = way[1..].iter().copied().map(Into::into).collect();
            panel.label(name, Role::Component(k), &points, &[])?;
        }
        panel.label("start", Role::Ink, &[start.into()], &[])
    })?;
    let ends = ways.iter().map(|(name, way)| {
        let end = way[steps];
        Ok(format!(
            "{name} ends at ({}, {}) with {}",
            number(end[0]),
            number(end[1]),
            number(height(end)?)
        ))
    });
    let ends = ends.collect::<Result<Vec<_>, FigureError>>()?;
    Ok(figure.described(
        "EM beside gradient ascent",
        format!(
            "The same map, nearer. From the means {} and {}, {steps} steps each: {}.",
            number(start[0]),
            number(start[1]),
            ends.join("; ")
        ),
    ))
}

/// The level lines of the log-likelihood, and what is drawn over them.
fn map(
    name: &'static str,
    data: &[f64],
    x: Range<f64>,
    y: Range<f64>,
    levels: &[f64],
    height: u32,
    over: impl FnOnce(&mut Panel) -> Result<(), plot::PlotError>,
) -> Result<Figure, FigureError> {
    let l = |a, b| halves([a, b]).map_or(f64::NAN, |m| log_likelihood(data, &m));
    let surface = Surface::new(x.clone(), y.clone(), 81, l);
    let across = Axis::new("mean of component 0", x, 7);
    let up = Axis::new("mean of component 1", y, 7);
    Ok(Figure::draw(name, (1, 1), height, |areas| {
        let mut panel = Panel::new(&areas[0], &across, &up, "")?;
        for level in levels {
            for line in surface.level(*level) {
                panel.quiet_line(Role::Data, &line)?;
            }
        }
        over(&mut panel)
    })?)
}

/// A line from mean to mean, with a dot at each as far as they can be told apart.
fn draw(panel: &mut Panel, role: Role, path: &[[f64; 2]]) -> Result<(), plot::PlotError> {
    let points: Vec<Point> = path.iter().copied().map(Into::into).collect();
    panel.line(role, &points)?;
    let apart = |a: &Point, b: &Point| (a.0 - b.0).hypot(a.1 - b.1) > 0.02;
    for (i, point) in points.iter().enumerate() {
        if i == 0 || apart(point, &points[i - 1]) {
            panel.dot(role, *point)?;
        }
    }
    Ok(())
}
