//! The pictures of the chapter *E-step*.

pub mod tiles;

use crate::FigureError;
use ::e_step::{Memberships, e_step};
use ::sampling::Mixture;
use plot::Figure;
use plot::Histogram;
use plot::Role;
use plot::grid;
use plot::words::{component, formula, number};
use plot::{Axis, Labels, Panel};
use std::ops::Range;

pub(crate) const MEMBERSHIPS: &str = "e_step/memberships";
pub(crate) const HISTOGRAM: &str = "e_step/histogram";

/// The membership of a sample in each component, by where the sample lies; behind it, without a
/// scale, the histogram of the samples. Dots mark where a membership is one half. The axis depends on
/// the samples only, and shows a fifth of their range more at both ends.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn memberships(
    mixture: &Mixture,
    data: &[f64],
    labels: Labels,
) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let room = 20.0 * bins.width();
    let x = Axis::level("x", &(bins.range.start - room..bins.range.end + room), 6);
    let halves = halves(mixture, &x.range);
    let y = Axis::new("membership", 0.0..1.06, 2);
    let table = table(mixture, grid(mixture, &x.range));
    let curve = |k: usize| table.iter().map(|(x, r)| (*x, r.components()[k][0])).collect();
    let curves: Vec<Vec<_>> = (0..mixture.components().len()).map(curve).collect();
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let heights: Vec<_> = bins.counts.iter().map(|count| 0.4 * count / highest).collect();
    let figure = Figure::draw(MEMBERSHIPS, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?.labelled(labels);
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
        for (k, (c, own)) in mixture.components().iter().zip(&curves).enumerate() {
            let others: Vec<_> =
                curves.iter().filter(|o| *o != own).map(Vec::as_slice).collect();
            let at_mean = own.iter().find(|(x, _)| *x >= c.mean).copied();
            panel.label(&component(k), Role::Component(k), at_mean.as_slice(), &others)?;
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

/// Where in a range a membership is one half. Places nearer to each other than a thousandth of the
/// range count once.
#[must_use]
pub fn halves(mixture: &Mixture, range: &Range<f64>) -> Vec<f64> {
    let table = table(mixture, grid(mixture, range));
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
    halves.dedup_by(|a, b| (*a - *b).abs() < 1e-3 * (range.end - range.start));
    halves
}

/// The bars of a histogram, divided among components by the memberships of the samples in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Divided {
    /// The tops of the layers, those of the bars' feet first: layer k lies on the layers before it.
    tops: Vec<Vec<f64>>,
}

impl Divided {
    /// From samples, each with how often it counts, and their memberships in the same order.
    pub fn new(
        bins: &Histogram,
        samples: impl IntoIterator<Item = (f64, f64)>,
        memberships: &Memberships,
    ) -> Self {
        let places: Vec<_> =
            samples.into_iter().map(|(x, count)| (bins.bin(x), count)).collect();
        let mut tops = vec![vec![0.0; bins.counts.len()]];
        for row in memberships.components() {
            let mut top = tops[tops.len() - 1].clone();
            for ((bin, count), r) in places.iter().zip(row) {
                top[*bin] += count * r;
            }
            tops.push(top);
        }
        Self { tops }
    }

    /// The foot and the top of each layer, in the order of the components.
    pub fn layers(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        self.tops.windows(2).map(|pair| (&pair[0][..], &pair[1][..]))
    }
}

/// The histogram of the samples, each bar divided by the memberships of the samples in it.
///
/// # Errors
///
/// No samples; one that is not finite, or so far out that it has no memberships.
pub fn histogram(data: &[f64], mixture: &Mixture) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let memberships = e_step(data, mixture)?;
    let divided = Divided::new(&bins, data.iter().map(|x| (*x, 1.0)), &memberships);
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("samples per bin", 0.0..1.25 * highest, 5);
    let figure = Figure::draw(HISTOGRAM, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (k, (foot, top)) in divided.layers().enumerate() {
            panel.bars(Role::Component(k), &bins, foot, top)?;
        }
        panel.line(Role::Data, &bins.outline(&bins.counts))?;
        for (k, (foot, top)) in divided.layers().enumerate() {
            let mostly = |bin: &usize| 2.0 * (top[*bin] - foot[*bin]) > bins.counts[*bin];
            let middle = |bin| (bins.edge(bin) + bins.width() / 2.0, top[bin]);
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
