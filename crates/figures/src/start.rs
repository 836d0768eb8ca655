//! The picture of the chapter *Start*.

use crate::FigureError;
use ::sampling::{Component, Mixture, MixtureError};
use ::search::{Search, SearchError, best};
use ::stability::Cure;
use ::start::StartError;
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point};
use std::ops::Range;

pub(crate) const BASINS: &str = "start/basins";

/// How many means along a side of the map.
const SIDE: usize = 26;

/// Where EM with two components ends, from every pair of starting means in a range, with weights of
/// ½ and variances of 4 at the start. The map is symmetric: who exchanges the means exchanges the
/// components.
#[derive(Debug, Clone)]
pub struct Basins {
    range: Range<f64>,
    samples: usize,
    /// The log-likelihood at the end, by the mean of component 1, then of component 0.
    ends: Vec<Vec<f64>>,
}

/// The start at a place of the map.
///
/// # Errors
///
/// Means that are not finite.
pub fn at(means: [f64; 2]) -> Result<Mixture, MixtureError> {
    Mixture::new(means.map(|mean| Component { weight: 0.5, mean, variance: 4.0 }))
}

impl Basins {
    /// Runs EM from every pair.
    ///
    /// # Errors
    ///
    /// No samples, or one that is not finite, or all the same; a step without an answer.
    pub fn new(data: &[f64], range: Range<f64>) -> Result<Self, FigureError> {
        let ends = ends(data, |i| middle(&range, i))?;
        Ok(Self { range, samples: data.len(), ends })
    }

    /// The map, and on it the means of one run, mean 0 across and mean 1 upwards.
    ///
    /// # Errors
    ///
    /// Those of [`plot`].
    pub fn figure(&self, walk: &[Point]) -> Result<Figure, FigureError> {
        map(self, walk)
    }
}

fn middle(range: &Range<f64>, i: usize) -> f64 {
    range.start + (i as f64 + 0.5) * (range.end - range.start) / SIDE as f64
}

fn map(basins: &Basins, walk: &[Point]) -> Result<Figure, FigureError> {
    let Basins { range, samples, ends } = basins;
    let cell = (range.end - range.start) / SIDE as f64;
    let middle = |i: usize| middle(range, i);
    let maxima = maxima(ends);
    let place = |i: usize, j: usize| {
        maxima.iter().position(|value| same(*value, ends[j][i])).filter(|_| i != j)
    };
    let x = Axis::new("starting mean of component 0", range.clone(), 7);
    let y = Axis::new("starting mean of component 1", range.clone(), 7);
    let figure = Figure::draw(BASINS, (1, 1), 5600, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for j in 0..SIDE {
            let row: Vec<_> = (0..SIDE).map(|i| place(i, j)).collect();
            let mut i = 0;
            for run in row.chunk_by(|a, b| a == b) {
                let (left, right) =
                    (middle(i) - 0.5 * cell, middle(i + run.len()) - 0.5 * cell);
                i += run.len();
                let role = match run[0] {
                    Some(0) => Role::Share(1),
                    Some(_) => Role::Share(0),
                    None => {
                        panel.dot(Role::Sum, (middle(i - 1), middle(j)))?;
                        continue;
                    }
                };
                let (low, high) = (middle(j) - 0.5 * cell, middle(j) + 0.5 * cell);
                panel.fill(
                    role,
                    vec![(left, low), (left, high), (right, high), (right, low)],
                )?;
            }
        }
        panel.line(Role::Sum, walk)?;
        let ends = range.start..=range.end;
        let seen = |(x, y): &&Point| ends.contains(x) && ends.contains(y);
        for point in walk.first().iter().chain(&walk.last()).filter(|point| seen(point)) {
            panel.dot(Role::Ink, **point)?;
        }
        for (k, value) in maxima.iter().enumerate() {
            let name = if k == 0 { "higher" } else { "lower" };
            for own in [inmost(&place, k, |i, j| i < j), inmost(&place, k, |i, j| i > j)] {
                let own: Vec<Point> =
                    own.map(|(i, j)| (middle(i), middle(j))).into_iter().collect();
                panel.label(
                    &format!("{name}: {}", number(*value)),
                    Role::Sum,
                    &own,
                    &[],
                )?;
            }
        }
        Ok(())
    })?;
    let trapped = ends[0][0];
    Ok(figure.described(
        "Which maximum EM reaches, by the two starting means",
        format!(
            "A map of {SIDE} by {SIDE} pairs of starting means for {} samples. EM ends at the \
             log-likelihoods {}, and on the diagonal, where both means are equal, at {}.",
            samples,
            maxima.iter().map(|value| number(*value)).collect::<Vec<_>>().join(" and "),
            number(trapped),
        ),
    ))
}

/// The log-likelihood at the end of each run, by the mean of component 1, then of component 0.
fn ends(data: &[f64], middle: impl Fn(usize) -> f64) -> Result<Vec<Vec<f64>>, SearchError> {
    let (cure, tolerance, least_count) = (Cure::Refuse, 1e-6, 0.0);
    let search = Search { short: 0, finalists: 1, tolerance, cure, least_count };
    let mut ends = vec![vec![0.0; SIDE]; SIDE];
    for (i, j) in (0..SIDE).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let start = at([middle(i), middle(j)]).map_err(StartError::from)?;
        ends[i][j] = best(data, [start], &search)?.log_likelihood;
        ends[j][i] = ends[i][j];
    }
    Ok(ends)
}

/// The different ends off the diagonal, the highest first.
fn maxima(ends: &[Vec<f64>]) -> Vec<f64> {
    let off = |(j, row): (usize, &Vec<f64>)| {
        row.iter().enumerate().filter(|(i, _)| *i != j).map(|(_, value)| *value).collect()
    };
    let mut values: Vec<f64> = ends.iter().enumerate().flat_map::<Vec<_>, _>(off).collect();
    values.sort_by(f64::total_cmp);
    values.reverse();
    values.dedup_by(|a, b| same(*a, *b));
    values
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.05
}

/// The cell of basin `k` that is farthest from all other cells, on one side of the diagonal.
fn inmost(
    place: &impl Fn(usize, usize) -> Option<usize>,
    k: usize,
    side: fn(usize, usize) -> bool,
) -> Option<(usize, usize)> {
    let cells = || (0..SIDE).flat_map(|i| (0..SIDE).map(move |j| (i, j)));
    let others: Vec<_> = cells().filter(|(i, j)| place(*i, *j) != Some(k)).collect();
    let room = |(i, j): (usize, usize)| {
        // Labels are wide and low.
        let far = |(p, q): &(usize, usize)| i.abs_diff(*p) + 3 * j.abs_diff(*q);
        let rim = i.min(SIDE - 1 - i).min(3 * j.min(SIDE - 1 - j));
        others.iter().map(far).min().unwrap_or(0).min(rim)
    };
    let own = cells().filter(|(i, j)| place(*i, *j) == Some(k) && side(*i, *j));
    own.max_by_key(|at| room(*at))
}
