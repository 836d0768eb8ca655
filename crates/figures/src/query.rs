//! The pictures of the chapter *Query*.

use crate::FigureError;
use datasets::query::Cost;
use plot::words::{count, number};
use plot::{Axis, Figure, Panel, Point, Role};
use std::collections::BTreeMap;

pub(crate) const TABLES: &str = "query/tables";
pub(crate) const COST: &str = "query/cost";

/// The samples as three machines have them: a sixth, a third, and a half.
#[must_use]
pub fn parts(data: &[f64]) -> [&[f64]; 3] {
    let (first, rest) = data.split_at(data.len() / 6);
    let (second, third) = rest.split_at(rest.len() * 2 / 5);
    [first, second, third]
}

/// How many samples lie in each bin of a width: the first column of a table of moments.
fn counts(data: &[f64], width: f64) -> BTreeMap<i64, f64> {
    let mut counts = BTreeMap::new();
    for x in data {
        *counts.entry((x / width).floor() as i64).or_insert(0.0) += 1.0;
    }
    counts
}

/// The counts of three machines, and below them their sum, one part upon the other.
///
/// # Errors
///
/// No samples.
pub fn tables(data: &[f64]) -> Result<Figure, FigureError> {
    const WIDTH: f64 = 0.5;
    let all = counts(data, WIDTH);
    let (Some((first, _)), Some((last, _))) = (all.first_key_value(), all.last_key_value())
    else {
        return Err(FigureError::NoRows);
    };
    let bins = *first..=*last;
    let own = parts(data).map(|part| counts(part, WIDTH));
    // Heights of machines 0 to m together, in every bin.
    let heights_of = |machines: &[BTreeMap<i64, f64>]| -> Vec<f64> {
        let of = |bin: i64| machines.iter().filter_map(|table| table.get(&bin)).sum();
        bins.clone().map(of).collect()
    };
    let outline = |heights: &[f64]| -> Vec<Point> {
        let step = |(bin, height): (i64, &f64)| {
            [(bin as f64 * WIDTH, *height), ((bin + 1) as f64 * WIDTH, *height)]
        };
        bins.clone().zip(heights).flat_map(step).collect()
    };
    let highest = |tables: &[BTreeMap<i64, f64>]| {
        1.15 * tables.iter().flat_map(BTreeMap::values).copied().fold(0.0, f64::max)
    };
    let x = Axis::level("x", &(*first as f64 * WIDTH..(*last + 1) as f64 * WIDTH), 6);
    // The titles say what is counted. Both rows have one scale.
    let tops = [highest(&own[..2]), highest(std::slice::from_ref(&all))];
    let y = tops.map(|top| Axis::new("", 0.0..top, (top / 200.0).ceil() as usize));
    let heights = tops.map(|top| (4400.0 * top / tops[1]) as u32);
    let axes = [(x.silent(), y[0].clone()), (x.silent(), y[0].silent())];
    let axes = [axes, [(x.clone(), y[1].clone()), (x.clone(), y[1].silent())]].concat();
    let figure = Figure::draw_rows(TABLES, &heights, 2, |areas| {
        for (machine, (area, (x, y))) in areas.iter().zip(&axes).take(3).enumerate() {
            let samples: f64 = own[machine].values().sum();
            let title = format!("machine {machine}: {} samples", count(samples as usize));
            let mut panel = Panel::new(area, x, y, &title)?;
            let role = Role::Component(machine);
            let line = outline(&heights_of(&own[machine..=machine]));
            panel.fill(role, closed(&line, &[]))?;
            panel.line(role, &line)?;
        }
        let title = format!("all: {} samples", count(data.len()));
        let mut panel = Panel::new(&areas[3], &axes[3].0, &axes[3].1, &title)?;
        let mut below: Vec<Point> = vec![];
        for machine in 0..3 {
            let line = outline(&heights_of(&own[..=machine]));
            panel.fill(Role::Component(machine), closed(&line, &below))?;
            panel.line(Role::Component(machine), &line)?;
            below = line;
        }
        Ok(())
    })?;
    let told = own.iter().map(|table| count(table.values().sum::<f64>() as usize));
    Ok(figure.described(
        "Tables from three machines become one",
        format!(
            "Three histograms with the same bins, of {} samples, and a fourth whose bars are theirs \
             put upon each other: {} samples in {} bins.",
            told.collect::<Vec<_>>().join(", "),
            count(data.len()),
            all.len()
        ),
    ))
}

/// What lies between two lines, or between one and the axis.
fn closed(line: &[Point], below: &[Point]) -> Vec<Point> {
    let ends = [line[line.len() - 1], line[0]].map(|(x, _)| (x, 0.0));
    let back: Vec<Point> = match below.is_empty() {
        true => ends.to_vec(),
        false => below.iter().rev().copied().collect(),
    };
    line.iter().copied().chain(back).collect()
}

/// A curve of the picture of costs: its name, its role, the task and the engine, and how often.
type Curve = (&'static str, Role, &'static str, &'static str, f64);

const CURVES: [Curve; 5] = [
    ("query, DuckDB", Role::Component(0), "moments", "duckdb", 1.0),
    ("query, Spark", Role::Component(2), "moments", "spark", 1.0),
    ("100 exact steps, DuckDB", Role::Component(1), "step", "duckdb", 100.0),
    ("100 steps of Spark’s mixture", Role::Component(3), "mixture", "spark", 100.0),
    ("EM on the table", Role::Data, "fit", "emfit", 1.0),
];

/// Seconds against rows, both by powers of ten: the query, EM on its table, a hundred exact steps by SQL,
/// and Spark's own mixture where it was measured.
///
/// # Errors
///
/// No costs.
pub fn cost(costs: &[Cost]) -> Result<Figure, FigureError> {
    let curve = |(name, role, task, engine, times): &Curve| {
        let own = costs.iter().filter(|c| (&*c.task, &*c.engine) == (*task, *engine));
        let point = |c: &Cost| {
            let times = times / c.steps.unwrap_or(1) as f64;
            ((c.samples as f64).log10(), (times * c.seconds).log10())
        };
        (*name, *role, own.map(point).collect::<Vec<Point>>())
    };
    let curves: Vec<_> =
        CURVES.iter().map(curve).filter(|(_, _, curve)| !curve.is_empty()).collect();
    let points = || curves.iter().flat_map(|(_, _, curve)| curve);
    let least = |of: fn(&Point) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Point) -> f64| points().map(of).fold(f64::NEG_INFINITY, f64::max);
    if curves.is_empty() {
        return Err(FigureError::NoRows);
    }
    let x = Axis::logarithmic("rows", least(|p| p.0) - 0.1..most(|p| p.0) + 0.1, 5);
    let y = Axis::logarithmic("seconds", least(|p| p.1) - 0.4..most(|p| p.1) + 0.9, 6);
    let figure = Figure::draw(COST, (1, 1), 3600, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (_, role, curve) in &curves {
            panel.line(*role, curve)?;
            for dot in curve {
                panel.dot(*role, *dot)?;
            }
        }
        for (i, (name, role, curve)) in curves.iter().enumerate() {
            let others = (0..curves.len()).filter(|j| *j != i);
            let others: Vec<_> = others.map(|j| curves[j].2.as_slice()).collect();
            panel.label(name, *role, curve, &others)?;
        }
        Ok(())
    })?;
    let told = curves.iter().map(|(name, _, curve)| {
        let (rows, seconds) = curve[curve.len() - 1];
        format!(
            "{name} {} s for {} rows",
            number(10_f64.powf(seconds)),
            count(10_f64.powf(rows).round() as usize)
        )
    });
    Ok(figure.described(
        "What a fit costs on an engine",
        format!(
            "Seconds against rows, both by powers of ten: {}.",
            told.collect::<Vec<_>>().join("; ")
        ),
    ))
}
