//! The picture: a reader's own data, their fit, and what is between them.

use columns::Data;
use fit::{Class, Classes, Mixture, Moments};
use plot::words::{component, count, formula, number};
use plot::{Axis, Figure, Histogram, Panel, PlotError, Point, Role};
use plot::{curves, wide_enough};
use std::ops::Range;

const FIT: &str = "emfit/fit";

/// What is drawn.
pub(crate) struct Picture<'a> {
    /// The name of the column, if it has one.
    pub name: &'a str,
    /// The data, or their logarithms.
    pub data: &'a Data,
    pub weights: Option<&'a [f64]>,
    pub log: bool,
    pub mixture: &'a Mixture,
}

/// The data in bins or classes.
struct Bars {
    cells: Vec<Class>,
    range: Range<f64>,
    samples: f64,
    /// Of what kind they are.
    kind: String,
}

impl Picture<'_> {
    /// The histogram, scaled as a density, under the mixture and its components; below it, what it
    /// has more than the mixture.
    ///
    /// # Errors
    ///
    /// Samples or classes too far apart for an axis.
    pub fn draw(&self) -> Result<Figure, PlotError> {
        let bars = match self.data {
            Data::Samples(data) => self.in_bins(data)?,
            Data::Classes(classes) => self.in_classes(classes)?,
            Data::Moments(table) => self.in_table(table),
        };
        let how_many = match bars.samples.fract() == 0.0 {
            true => count(bars.samples as usize),
            false => number(bars.samples),
        };
        let title = format!("{how_many} samples{}", of(self.name));
        let x = match self.log {
            true => Axis::level_logs("x", &bars.range, 6),
            false => Axis::level("x", &bars.range, 6),
        };
        let rest = residuals(&bars, self.mixture);
        let figure = Figure::draw_rows(FIT, &[2900, 1100], 1, |areas| {
            self.fit(
                Panel::new(&areas[0], &x.silent(), &self.upright(&bars, &x), &title)?,
                &bars,
                &x,
            )?;
            between(&areas[1], &x, &rest)
        })?;
        let farthest = rest.iter().map(|(_, z)| z.abs()).fold(0.0, f64::max);
        let what = if self.log { "ln x" } else { "x" };
        Ok(figure.described(
            &format!("{title} and their fit"),
            format!(
                "The histogram of {title} in {}, scaled so that the areas of its bars sum to one. \
                 Over it the mixture {} of {what}: each component with its weight, and their sum. \
                 Below, what the histogram has more than the sum, in standard errors: {} at most.",
                bars.kind,
                formula(self.mixture),
                number(farthest),
            ),
        ))
    }

    /// The width of a bin by Scott's rule for one normal distribution with the variance that there is
    /// inside the components.
    fn scott(&self, samples: f64) -> f64 {
        let inside: f64 =
            self.mixture.components().iter().map(|c| c.weight * c.variance).sum();
        3.49 * inside.sqrt() * samples.powf(-1.0 / 3.0)
    }

    /// From 10 to 100 bins of about that width.
    fn in_bins(&self, data: &[f64]) -> Result<Bars, PlotError> {
        let (mut values, mut weights) = (vec![], vec![]);
        if let Some(all) = self.weights {
            let counted = data.iter().zip(all).filter(|(_, weight)| **weight > 0.0);
            (values, weights) = counted.unzip();
        }
        let bins = |bins| match self.weights {
            Some(_) => Histogram::weighted(&values, &weights, bins),
            None => Histogram::with_bins(data, bins),
        };
        let ten = bins(10)?;
        let samples: f64 = ten.counts.iter().sum();
        let width = self.scott(samples);
        let bins = bins((10.0 * ten.width() / width).clamp(10.0, 100.0) as usize)?;
        let cell = |(bin, &count): (usize, &f64)| Class {
            lower: bins.edge(bin),
            upper: bins.edge(bin + 1),
            count,
        };
        let cells: Vec<_> = bins.counts.iter().enumerate().map(cell).collect();
        let kind = format!("{} bins", cells.len());
        Ok(Bars { cells, range: bins.range.clone(), samples, kind })
    }

    /// An open class is drawn as wide as the first that is closed; what lies between classes is
    /// empty.
    fn in_classes(&self, classes: &Classes) -> Result<Bars, PlotError> {
        let (all, samples) = (classes.classes(), classes.samples());
        let closed = all.iter().map(|c| c.upper - c.lower).find(|width| width.is_finite());
        let width = closed.unwrap_or(self.mixture.variance().sqrt());
        let mut cells: Vec<Class> = Vec::new();
        for &Class { lower, upper, count } in all {
            let lower = match lower.is_finite() {
                true => lower,
                false if upper.is_finite() => upper - width,
                false => self.mixture.mean() - width,
            };
            let upper = if upper.is_finite() { upper } else { lower + width };
            if let Some(end) = cells.last().map(|c| c.upper).filter(|end| *end < lower) {
                cells.push(Class { lower: end, upper: lower, count: 0.0 });
            }
            cells.push(Class { lower, upper, count });
        }
        let ends: Vec<f64> = cells.iter().flat_map(|c| [c.lower, c.upper]).collect();
        let kind = format!("{} classes", all.len());
        Ok(Bars { cells, range: wide_enough(&ends)?, samples, kind })
    }

    /// The bins of the table, made coarser until there are at most 100 across the range and they are as
    /// wide as those of samples would be.
    fn in_table(&self, table: &Moments) -> Bars {
        let (mut table, samples) = (table.clone(), table.samples());
        let wanted = self.scott(samples);
        let ends = |table: &Moments| {
            let bins = table.bins().map(|(bin, _)| bin);
            bins.fold((i64::MAX, i64::MIN), |(low, high), bin| {
                (low.min(bin), high.max(bin))
            })
        };
        let across = |table: &Moments| ends(table).1 - ends(table).0 + 1;
        let narrow = |table: &Moments| 2.0 * table.width() <= wanted && across(table) > 20;
        while across(&table) > 100 || narrow(&table) {
            table = table.coarser();
        }
        let (first, last) = ends(&table);
        let edge = |bin: i64| bin as f64 * table.width();
        let empty = |bin| Class { lower: edge(bin), upper: edge(bin + 1), count: 0.0 };
        let mut cells: Vec<Class> = (first..=last).map(empty).collect();
        table.bins().for_each(|(bin, m)| cells[(bin - first) as usize].count = m[0]);
        let kind = format!("{} bins", cells.len());
        Bars { cells, range: edge(first)..edge(last + 1), samples, kind }
    }

    fn upright(&self, bars: &Bars, x: &Axis) -> Axis {
        let curves = curves(self.mixture, &x.range);
        let bar = bars.outline().iter().map(|(_, height)| *height).fold(0.0, f64::max);
        let highest =
            curves.iter().flatten().map(|(_, y)| *y).fold(bar, f64::max).min(3.0 * bar);
        let name = if self.log { "density of ln x" } else { "density" };
        Axis::new(name, 0.0..1.25 * highest, 4)
    }

    fn fit(&self, mut panel: Panel, bars: &Bars, x: &Axis) -> Result<(), PlotError> {
        let ends = [(bars.range.start, 0.0), (bars.range.end, 0.0)];
        let corners = [ends[0]].into_iter().chain(bars.outline()).chain([ends[1]]);
        panel.fill(Role::Data, corners.collect())?;
        let curves = curves(self.mixture, &x.range);
        let Some((sum, components)) = curves.split_last() else { return Ok(()) };
        panel.line(Role::Sum, sum)?;
        for (k, curve) in components.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
        }
        // Many names are short, so that all have room.
        let name = if components.len() < 4 { component } else { |k| format!("{k}") };
        let labels = components.iter().enumerate();
        let labels = labels.map(|(k, own)| (name(k), Role::Component(k), &own[..]));
        let mut labels: Vec<_> = labels.collect();
        // The sum is told from the components where it is farthest above all of them.
        let above = |i: &usize| {
            sum[*i].1 - components.iter().map(|own| own[*i].1).fold(0.0, f64::max)
        };
        if let Some(i) = (0..sum.len()).max_by(|i, j| above(i).total_cmp(&above(j))) {
            labels.push(("sum".into(), Role::Sum, &sum[i..=i]));
        }
        panel.label_on(&labels)
    }
}

impl Bars {
    /// The steps over the bars, whose areas sum to one.
    fn outline(&self) -> Vec<Point> {
        let bar = |c: &Class| {
            let height = c.count / self.samples / (c.upper - c.lower);
            [(c.lower, height), (c.upper, height)]
        };
        self.cells.iter().flat_map(bar).collect()
    }
}

/// So many samples are expected in a bar of the lower panel, at least.
const EXPECTED: f64 = 5.0;

/// What bars hold more than the mixture expects there, in standard errors, √(n p (1 − p)): bars are
/// put together until enough is expected. The outermost ones reach to infinity.
fn residuals(bars: &Bars, mixture: &Mixture) -> Vec<(Range<f64>, f64)> {
    let last = bars.cells.len() - 1;
    let mut together: Vec<(Class, f64)> = vec![];
    for (i, cell) in bars.cells.iter().enumerate() {
        let reach = Class {
            lower: if i == 0 { f64::NEG_INFINITY } else { cell.lower },
            upper: if i == last { f64::INFINITY } else { cell.upper },
            count: 1.0,
        };
        let p = Classes::new([reach])
            .map_or(0.0, |c| grouped::log_likelihood(&c, mixture).exp());
        match together.last_mut().filter(|(_, p)| p * bars.samples < EXPECTED) {
            Some((class, share)) => {
                class.upper = cell.upper;
                class.count += cell.count;
                *share += p;
            }
            None => together.push((*cell, p)),
        }
    }
    if let [.., (before, p), (rest, q)] = &mut together[..]
        && *q * bars.samples < EXPECTED
    {
        before.upper = rest.upper;
        before.count += rest.count;
        *p += *q;
        together.pop();
    }
    let residual = |(class, p): (Class, f64)| {
        let error = (bars.samples * p * (1.0 - p)).sqrt();
        let more = class.count - bars.samples * p;
        (class.lower..class.upper, if error > 0.0 { more / error } else { 0.0 })
    };
    together.into_iter().map(residual).collect()
}

/// Bars up or down from 0; nineteen of twenty are to end inside the band.
fn between(
    area: &plot::Area,
    x: &Axis,
    rest: &[(Range<f64>, f64)],
) -> Result<(), PlotError> {
    let farthest = rest.iter().map(|(_, z)| z.abs()).fold(3.0, f64::max);
    let y = Axis::new(
        "histogram − fit, in standard errors",
        -1.1 * farthest..1.1 * farthest,
        3,
    );
    let mut panel = Panel::new(area, x, &y, "")?;
    let Range { start, end } = x.range;
    panel.fill(Role::Grid, vec![(start, -2.0), (start, 2.0), (end, 2.0), (end, -2.0)])?;
    for (across, z) in rest {
        panel.bar(Role::Data, across.clone(), *z)?;
    }
    panel.line(Role::Ink, &[(start, 0.0), (end, 0.0)])
}

/// The name of a column, unless it is too long for a title.
fn of(name: &str) -> String {
    match name.chars().count() {
        1..=40 => format!(" of {name}"),
        _ => String::new(),
    }
}
