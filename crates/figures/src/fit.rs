//! The pictures of the chapter *Fit*.

use crate::FigureError;
use ::sampling::Mixture;
use datasets::fit::Peer;
use datasets::{galaxies, old_faithful, pearson};
use notebook::data;
use plot::Histogram;
use plot::Role;
use plot::words::{count, formula, number};
use plot::{Area, Axis, Panel};
use plot::{Figure, PlotError};
use plot::{curves, densities, fit};

pub(crate) const FITS: &str = "fit/fits";
pub(crate) const PEERS: &str = "fit/peers";
pub(crate) const SPEED: &str = "fit/speed";

/// The data sets of the book.
pub const NAMES: [&str; 4] = ["notebook", "Old Faithful", "galaxies", "crabs"];

/// Fits of the samples of the notebook, of the waits of Old Faithful, of the galaxies and of the crabs,
/// over the histograms of their data; the crabs' closed classes are bars.
///
/// # Errors
///
/// Those of [`plot`].
pub fn fits(mixtures: &[Mixture; 4]) -> Result<Figure, FigureError> {
    let samples = [data(), old_faithful(), galaxies()];
    let figure = Figure::draw(FITS, (2, 2), 1900, |areas| {
        for (i, data) in samples.iter().enumerate() {
            let (bins, mixture) = (Histogram::new(data)?, &mixtures[i]);
            let x = Axis::level("", &bins.range, 3);
            let y = Axis::new("density", densities(&bins, 1.0), 3);
            let y = if i == 0 { y } else { y.nameless() };
            let mut panel = Panel::new(&areas[i], &x, &y, NAMES[i])?;
            fit(&mut panel, &bins, mixture, &x.range)?;
        }
        in_classes(&areas[3], NAMES[3], &mixtures[3])
    })?;
    let told = NAMES.iter().zip(mixtures);
    let told = told.map(|(name, mixture)| format!("{name}: {}", formula(mixture)));
    Ok(figure.described(
        "Four data sets and their fits",
        format!("{}.", told.collect::<Vec<_>>().join(". ")),
    ))
}

/// Bars of the closed classes, and the curves.
fn in_classes(area: &Area, name: &str, mixture: &Mixture) -> Result<(), PlotError> {
    let closed = |(lower, upper, _): &(f64, f64, f64)| (upper - lower).is_finite();
    let bars: Vec<_> = pearson().into_iter().filter(closed).collect();
    let samples: f64 = pearson().iter().map(|class| class.2).sum();
    let height =
        |(lower, upper, count): &(f64, f64, f64)| count / samples / (upper - lower);
    let x = Axis::level("", &(bars[0].0..bars[bars.len() - 1].1), 3);
    let highest = bars.iter().map(height).fold(0.0, f64::max);
    let mut panel = Panel::new(area, &x, &Axis::new("", 0.0..1.1 * highest, 3), name)?;
    for bar in &bars {
        panel.bar(Role::Data, bar.0..bar.1, height(bar))?;
    }
    let components = mixture.components().len();
    for (k, curve) in curves(mixture, &x.range).iter().enumerate() {
        panel.line(if k < components { Role::Component(k) } else { Role::Sum }, curve)?;
    }
    Ok(())
}

/// Log-likelihoods no farther than this from the best are the best.
const NOTHING: f64 = 1e-6;

/// What the log-likelihood of each program's defaults lacks to the best of them, and the time that
/// the fit took, from the record: a panel a problem.
///
/// # Errors
///
/// No rows.
pub fn defaults(rows: &[Peer]) -> Result<Figure, FigureError> {
    let problems = different(rows.iter().map(|row| (row.data.clone(), row.components)));
    let most = rows.len().checked_div(problems.len()).ok_or(FigureError::NoRows)?;
    let x = Axis::logarithmic("log-likelihood that is missing", -6.3..2.3, 5);
    let mut told = Vec::new();
    let shape = (problems.len(), 1);
    let figure = Figure::draw(PEERS, shape, 270 * most as u32, |areas| {
        for (i, (data, components)) in problems.iter().enumerate() {
            let own = |row: &&Peer| (&row.data, &row.components) == (data, components);
            let own: Vec<_> = rows.iter().filter(own).collect();
            let heights = own.iter().filter_map(|row| row.log_likelihood);
            let best = heights.fold(f64::NEG_INFINITY, f64::max);
            let names: Vec<_> = own
                .iter()
                .map(|row| format!("{} {}", row.peer, time(row.seconds)))
                .collect();
            let x = if i + 1 < problems.len() { x.silent() } else { x.clone() };
            let title = format!("{}, K = {components}", data.replace("old_f", "Old F"));
            let mut panel = Panel::new(&areas[i], &x, &named(&names), &title)?;
            told.push(title);
            for (j, row) in own.iter().enumerate() {
                let Some(l) = row.log_likelihood else { continue };
                let at = (own.len() - 1 - j) as f64;
                let missing = (best - l).max(NOTHING).log10();
                panel.line(Role::Data, &[(-6.0, at), (missing, at)])?;
                panel.dot(role(row), (missing, at))?;
                told.push(format!("{}, {}", names[j], number(best - l)));
            }
        }
        Ok(())
    })?;
    Ok(figure.described(
        "What the defaults of fitters reach, and how fast",
        format!("The time, and the log-likelihood that is missing. {}.", told.join("; ")),
    ))
}

/// What a plain step costs in each program for each sample and component, from the record: a panel
/// a number of samples.
///
/// # Errors
///
/// No rows.
pub fn speed(rows: &[Peer]) -> Result<Figure, FigureError> {
    let sizes = different(rows.iter().map(|row| row.samples));
    let most = rows.len().checked_div(sizes.len()).ok_or(FigureError::NoRows)?;
    let x = Axis::logarithmic("nanoseconds for a sample and component", LEFT..3.3, 5);
    let mut told = Vec::new();
    let figure = Figure::draw(SPEED, (sizes.len(), 1), 270 * most as u32, |areas| {
        for (i, n) in sizes.iter().enumerate() {
            let own: Vec<_> = rows.iter().filter(|row| row.samples == *n).collect();
            let cost = |row: &Peer| row.nanoseconds.filter(|ns| *ns > 0.0);
            let name = |row: &&Peer| {
                format!("{} {}", row.peer, cost(row).map_or("?".into(), number))
            };
            let names: Vec<_> = own.iter().map(name).collect();
            let x = if i + 1 < sizes.len() { x.silent() } else { x.clone() };
            let title = format!("{} samples", count(*n));
            let mut panel = Panel::new(&areas[i], &x, &named(&names), &title)?;
            told.push(format!("{title}: {}", names.join(", ")));
            for (j, row) in own.iter().enumerate() {
                let Some(ns) = cost(row) else { continue };
                let at = (own.len() - 1 - j) as f64;
                let (end, low, high) = (ns.log10().max(LEFT), at - 0.3, at + 0.3);
                let corners = vec![(LEFT, low), (LEFT, high), (end, high), (end, low)];
                panel.line(role(row), &corners)?;
                panel.fill(role(row), corners)?;
            }
        }
        Ok(())
    })?;
    Ok(figure.described(
        "What a step of EM costs in six programs",
        format!("Nanoseconds for each sample and component. {}.", told.join(". ")),
    ))
}

/// An axis of names with as much room in every panel.
fn named(names: &[String]) -> Axis {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut axis = Axis::names(&names);
    axis.left = axis.left.max(2100);
    axis
}

/// Ours, or another's.
fn role(row: &Peer) -> Role {
    if ["ours", "emfit"].contains(&row.peer.as_str()) {
        Role::Component(0)
    } else {
        Role::Data
    }
}

/// The left end of the bars: 0.1 nanoseconds.
const LEFT: f64 = -1.0;

/// Seconds, in two digits.
fn time(seconds: f64) -> String {
    match seconds {
        ..0.002 => format!("{:.1} ms", 1e3 * seconds),
        ..1.0 => format!("{:.0} ms", 1e3 * seconds),
        _ => format!("{seconds:.1} s"),
    }
}

/// Each once, in the order of their first time.
fn different<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for item in all {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}
