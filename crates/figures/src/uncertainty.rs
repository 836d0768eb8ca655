//! The pictures of the chapter *Uncertainty*.

use crate::FigureError;
use ::em::{em, log_likelihood};
use ::rate::{Ending, converge};
use ::sampling::Mixture;
use ::start::quantiles;
use ::uncertainty::{Bootstrap, UncertaintyError, bootstrap, parameter, uncertainties};
use datasets::old_faithful;
use datasets::uncertainty::{Block, PARAMETERS, WAYS, coverage};
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use std::ops::Range;

pub(crate) const INTERVALS: &str = "uncertainty/intervals";
pub(crate) const REPEATED: &str = "uncertainty/repeated";
pub(crate) const COVERAGE: &str = "uncertainty/coverage";

/// The ways to an interval of the first picture.
const INTERVAL_WAYS: [&str; 3] = ["complete", "observed", "bootstrap"];

/// How many samples the bootstrap draws afresh.
pub const REPLICATES: usize = 1000;

/// Old Faithful's waiting times, and the fit of two components to them.
///
/// # Errors
///
/// None; a start or a run without an answer would be told.
pub fn fitted() -> Result<(Vec<f64>, Mixture), FigureError> {
    let data = old_faithful();
    let limit = em(&data, quantiles(&data, 2)?).nth(100).ok_or(FigureError::NoFits)??;
    Ok((data, limit))
}

/// Fits to [`REPLICATES`] samples from a fit, from which each run starts.
///
/// # Errors
///
/// Those of [`bootstrap`].
// ANCHOR: replicates
pub fn replicates(fit: &Mixture, n: usize) -> Result<Bootstrap, UncertaintyError> {
    let again = |data: &[f64]| {
        let value = |m: &Mixture| log_likelihood(data, m);
        let run = converge(em(data, fit.clone()), value, 1e-6, 1000).ok();
        let arrived = run.filter(|run| run.ending == Ending::Converged);
        arrived.map(|run| run.mixture).ok_or("collapsed, or out of steps")
    };
    bootstrap(fit, n, REPLICATES, again, &mut ChaCha8Rng::seed_from_u64(1))
}
// ANCHOR_END: replicates

/// Intervals at 95 % for the free parameters, by complete information, by observed information,
/// and between percentiles of a bootstrap, in standard errors from the estimate.
///
/// # Errors
///
/// No standard errors.
pub fn intervals(
    data: &[f64],
    fit: &Mixture,
    replicates: &Bootstrap,
) -> Result<Figure, FigureError> {
    let (observed, complete) = uncertainties(data, fit)?;
    let of = |p: usize| move |m: &Mixture| parameter(p, m);
    let mut ends = Vec::new();
    for p in 0..PARAMETERS.len() {
        ends.push([
            complete.interval(0.95, of(p))?,
            observed.interval(0.95, of(p))?,
            replicates.interval(0.95, of(p))?,
        ]);
    }
    let (x, y) = (Axis::new("standard errors", -2.3..2.3, 5), Axis::names(&INTERVAL_WAYS));
    let mut told = Vec::new();
    let figure = Figure::draw(INTERVALS, (PARAMETERS.len(), 1), 860, |areas| {
        for (p, (area, name)) in areas.iter().zip(PARAMETERS).enumerate() {
            let (centre, error) = (of(p)(fit), observed.standard_error(of(p)));
            let last = p + 1 == PARAMETERS.len();
            let x = if last { x.clone() } else { x.silent() };
            let title = format!("{name}: {} ± {}", number(centre), number(error));
            let mut panel = Panel::new(area, &x, &y, &title)?;
            panel.line(Role::Data, &[(0.0, -0.6), (0.0, 2.6)])?;
            for (i, (ends, way)) in ends[p].iter().zip(INTERVAL_WAYS).enumerate() {
                let at = (INTERVAL_WAYS.len() - 1 - i) as f64;
                let points = ends.map(|end| ((end - centre) / error, at));
                panel.line(Role::Sum, &points)?;
                for point in points {
                    panel.dot(Role::Sum, point)?;
                }
                let [low, high] = ends.map(number);
                told.push(format!("{name}, {way}: {low} to {high}"));
            }
        }
        Ok(())
    })?;
    Ok(figure.described(
        "Intervals at 95 % for the parameters of Old Faithful, by three ways",
        format!("{}.", told.join("; ")),
    ))
}

/// Intervals for one parameter, each from samples of its own, and a line at the truth. Those that miss
/// it stand out. The axis shows the given range.
///
/// # Errors
///
/// Those of [`plot`].
pub fn repeated(
    parameter: &str,
    truth: f64,
    intervals: &[[f64; 2]],
    range: &Range<f64>,
) -> Result<Figure, FigureError> {
    let n = intervals.len();
    let x = Axis::level("value", range, 6);
    let y = Axis::new("experiment", 0.0..n as f64 + 1.0, 4);
    let misses = |ends: &&[f64; 2]| !(ends[0]..=ends[1]).contains(&truth);
    let figure = Figure::draw(REPEATED, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, parameter)?;
        panel.line(Role::Data, &[(truth, 0.0), (truth, n as f64 + 1.0)])?;
        for (i, ends) in intervals.iter().enumerate() {
            let at = (i + 1) as f64;
            let role = if misses(&ends) { Role::Component(1) } else { Role::Component(0) };
            let seen = ends.map(|end| (end.clamp(x.range.start, x.range.end), at));
            panel.line(role, &seen)?;
            if misses(&ends) {
                let middle = (0.5 * (seen[0].0 + seen[1].0), at);
                panel.dot(role, middle)?;
            }
        }
        Ok(())
    })?;
    let told = intervals.iter().map(|ends| {
        let [low, high] = ends.map(number);
        format!("{low} to {high}")
    });
    Ok(figure.described(
        "Intervals at 95 %, each from samples of its own",
        format!(
            "{n} intervals for the {parameter}, whose truth is {}; {} miss it. {}.",
            number(truth),
            intervals.iter().filter(misses).count(),
            told.collect::<Vec<_>>().join("; "),
        ),
    ))
}

/// How often intervals at 95 % hold the truth, by the number of samples.
///
/// # Errors
///
/// No trials.
pub fn coverages(blocks: &[Block]) -> Result<Figure, FigureError> {
    let sizes = coverage(blocks);
    let [first, .., last] = &sizes[..] else { return Err(FigureError::NoRows) };
    let x = Axis::logarithmic("samples", 1.6..3.8, 3);
    let y = Axis::new("share holding the truth", 0.55..1.0, 4);
    let shown = [0, 1, 3];
    let figure = Figure::draw(COVERAGE, (shown.len(), 1), 1500, |areas| {
        for (i, p) in shown.into_iter().enumerate() {
            let (x, y) =
                if i == 2 { (x.clone(), y.nameless()) } else { (x.silent(), y.clone()) };
            let y = if i == 0 { y } else { y.nameless() };
            let mut panel = Panel::new(&areas[i], &x, &y, PARAMETERS[p])?;
            let curve = |way: usize| -> Vec<Point> {
                sizes
                    .iter()
                    .map(|c| ((c.samples as f64).log10(), c.shares[way][p]))
                    .collect()
            };
            let nominal = [(1.6, 0.95), (3.8, 0.95)];
            panel.line(Role::Data, &nominal)?;
            let ways: &[usize] = if p == 1 { &[0, 2] } else { &[0, 1, 2] };
            let roles = [Role::Component(0), Role::Sum, Role::Component(1)];
            for way in ways {
                panel.line(roles[*way], &curve(*way))?;
            }
            for way in ways {
                let others: Vec<_> =
                    ways.iter().filter(|other| *other != way).map(|w| curve(*w)).collect();
                let others: Vec<&[Point]> = others.iter().map(Vec::as_slice).collect();
                panel.label(WAYS[*way], roles[*way], &curve(*way), &others)?;
            }
        }
        Ok(())
    })?;
    let told = WAYS.iter().enumerate().flat_map(|(way, name)| {
        shown.map(|p| {
            let ends = [first, last].map(|c| number(100.0 * c.shares[way][p]));
            format!("{name}, {}: from {} to {} %", PARAMETERS[p], ends[0], ends[1])
        })
    });
    Ok(figure.described(
        &format!(
            "How often intervals at 95 % hold the truth, from {} to {} samples",
            first.samples, last.samples
        ),
        format!("{}.", told.collect::<Vec<_>>().join(", ")),
    ))
}
