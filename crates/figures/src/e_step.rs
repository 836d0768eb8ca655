//! The pictures of the chapter *E-step*.

pub mod tiles;

use crate::FigureError;
use ::e_step::{Memberships, e_step};
use ::sampling::Mixture;
use plot::Figure;
use plot::Role;
use plot::grid;
use plot::words::{component, formula, number};
use plot::{Axis, Panel};
use plot::{Histogram, wide_enough};

pub(crate) const MEMBERSHIPS: &str = "e_step/memberships";
pub(crate) const HISTOGRAM: &str = "e_step/histogram";

/// The membership of a sample in each component, by where the sample lies; behind it, without a
/// scale, the histogram of the samples. Dots mark where a membership is one half.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn memberships(mixture: &Mixture, data: &[f64]) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let halves = halves(mixture, &bins);
    let ends = [bins.range.start, bins.range.end];
    let x = Axis::level("x", &wide_enough(&[&ends[..], &halves].concat())?, 6);
    let y = Axis::new("membership", 0.0..1.06, 2);
    let table = table(mixture, grid(mixture, &x.range));
    let curve = |k: usize| table.iter().map(|(x, r)| (*x, r.components()[k][0])).collect();
    let curves: Vec<Vec<_>> = (0..mixture.components().len()).map(curve).collect();
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let heights: Vec<_> = bins.counts.iter().map(|count| 0.4 * count / highest).collect();
    let figure = Figure::draw(MEMBERSHIPS, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.bars(Role::Data, &bins, &vec![0.0; heights.len()], &heights)?;
        for (k, curve) in curves.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
        }
        for half in &halves {
            panel.dot(Role::Ink, (*half, 0.5))?;
        }
        for half in &halves {
            panel.label(
                &format!("x = {}", number(*half)),
                Role::Ink,
                &[(*half, 0.5)],
                &[],
            )?;
        }
        for (k, own) in curves.iter().enumerate() {
            let others: Vec<_> =
                curves.iter().filter(|o| *o != own).map(Vec::as_slice).collect();
            panel.label(&component(k), Role::Component(k), own, &others)?;
        }
        panel.label("samples", Role::Data, &bins.outline(&heights), &[])
    })?;
    let halves: Vec<_> = halves.iter().map(|half| number(*half)).collect();
    Ok(figure.described(
        "Membership by position",
        format!(
            "The membership of a sample at x in each component of {}, between 0 and 1, over the \
             histogram of {} samples. A membership is one half at x = {}.",
            formula(mixture),
            number(data.len() as f64),
            if halves.is_empty() { "no place in sight".into() } else { halves.join(" and ") },
        ),
    ))
}

/// The memberships at every `x`, as far as the densities do not underflow.
fn table(mixture: &Mixture, grid: Vec<f64>) -> Vec<(f64, Memberships)> {
    grid.into_iter().filter_map(|x| Some((x, e_step(&[x], mixture).ok()?))).collect()
}

/// Where a membership is one half, among the samples and half as far again to both sides.
fn halves(mixture: &Mixture, bins: &Histogram) -> Vec<f64> {
    let room = 50.0 * bins.width();
    let range = bins.range.start - room..bins.range.end + room;
    let table = table(mixture, grid(mixture, &range));
    let above = |r: &Memberships, k: usize| r.components()[k][0] > 0.5;
    let mut halves: Vec<f64> = Vec::new();
    for k in 0..mixture.components().len() {
        for pair in table.windows(2) {
            let ((left, right), (mut low, mut high)) =
                ((&pair[0].1, &pair[1].1), (pair[0].0, pair[1].0));
            if above(left, k) != above(right, k) {
                for _ in 0..60 {
                    let middle = low + (high - low) / 2.0;
                    match e_step(&[middle], mixture) {
                        Ok(r) if above(&r, k) == above(left, k) => low = middle,
                        _ => high = middle,
                    }
                }
                halves.push(high);
            }
        }
    }
    halves.sort_by(f64::total_cmp);
    halves.dedup_by(|a, b| (*a - *b).abs() < 0.2 * bins.width());
    halves
}

/// The histogram of the samples, each bar divided by the memberships of the samples in it.
///
/// # Errors
///
/// No samples; one that is not finite, or so far out that it has no memberships.
pub fn histogram(data: &[f64], mixture: &Mixture) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let memberships = e_step(data, mixture)?;
    // The tops of the layers: layer k lies on the layers before it.
    let mut tops = vec![vec![0.0; bins.counts.len()]];
    for row in memberships.components() {
        let mut top = tops[tops.len() - 1].clone();
        for (x, r) in data.iter().zip(row) {
            top[bins.bin(*x)] += r;
        }
        tops.push(top);
    }
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("samples per bin", 0.0..1.25 * highest, 5);
    let figure = Figure::draw(HISTOGRAM, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (k, layer) in tops.windows(2).enumerate() {
            panel.bars(Role::Component(k), &bins, &layer[0], &layer[1])?;
        }
        panel.line(Role::Data, &bins.outline(&bins.counts))?;
        for (k, layer) in tops.windows(2).enumerate() {
            let mostly =
                |bin: &usize| 2.0 * (layer[1][*bin] - layer[0][*bin]) > bins.counts[*bin];
            let middle = |bin| (bins.edge(bin) + bins.width() / 2.0, layer[1][bin]);
            let own: Vec<_> = (0..bins.counts.len()).filter(mostly).map(middle).collect();
            panel.label(&component(k), Role::Component(k), &own, &[])?;
        }
        Ok(())
    })?;
    let counts = memberships
        .components()
        .iter()
        .enumerate()
        .map(|(k, row)| format!("{} in {}", number(row.iter().sum()), component(k)));
    Ok(figure.described(
        "The samples, divided by membership",
        format!(
            "The histogram of {} samples, each bar divided by the memberships of its samples \
             under {}. Summed over all samples the memberships are {}.",
            number(data.len() as f64),
            formula(mixture),
            counts.collect::<Vec<_>>().join(", "),
        ),
    ))
}
