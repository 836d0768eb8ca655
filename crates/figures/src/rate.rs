//! The pictures of the chapter *Rate*.

use crate::FigureError;
use ::em::log_likelihood;
use ::rate::converge;
use ::sampling::{Component, Mixture};
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point};
use std::convert::Infallible;
use std::f64::consts::LN_10;

pub(crate) const ERROR: &str = "rate/error";
pub(crate) const STOPPING: &str = "rate/stopping";

/// How far the first mean and the last variance are from the limit after every step, by powers of
/// ten, and the slope that the rate predicts.
///
/// # Errors
///
/// No fits.
pub fn error(run: &[Mixture], limit: &Mixture, rate: f64) -> Result<Figure, FigureError> {
    let values = |m: &Mixture| {
        let [first, .., last] = m.components() else { return [f64::NAN; 2] };
        [first.mean, last.variance]
    };
    let end = values(limit);
    let curves = [0, 1].map(|p| -> Vec<Point> {
        let error = |m: &Mixture| (values(m)[p] - end[p]).abs().log10();
        run.iter().enumerate().map(|(t, m)| (t as f64, error(m))).collect()
    });
    let Some(middle) = curves[0].get(run.len() / 2) else {
        return Err(FigureError::NoFits);
    };
    // Two decades below the curve of the mean: near enough to compare, with room for a label.
    let line = |t: f64| middle.1 - 2.0 + (t - middle.0) * rate.log10();
    let steps = run.len() as f64 - 1.0;
    let predicted: Vec<_> = (0..run.len()).map(|t| (t as f64, line(t as f64))).collect();
    let x = Axis::level("step", &(0.0..steps.max(1.0)), 5);
    let low = (line(steps) - 0.5).floor();
    let y = Axis::logarithmic("distance from the limit", low..1.5, 6);
    let figure = Figure::draw(ERROR, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.line(Role::Sum, &predicted)?;
        for (p, curve) in curves.iter().enumerate() {
            panel.line(Role::Component(p), curve)?;
        }
        let third = run.len() / 3..;
        let [mean, variance] = &curves;
        for (name, p, own, others) in [
            ("mean 0", 0, mean, [variance, &predicted]),
            ("variance 1", 1, variance, [mean, &predicted]),
        ] {
            let others = others.map(Vec::as_slice);
            panel.label(name, Role::Component(p), &own[third.clone()], &others)?;
        }
        let text = format!("slope of ρ = {}", number(rate));
        panel.label(&text, Role::Sum, &predicted[third], &[mean, variance])
    })?;
    let distances = curves.each_ref().map(|c| number((c[run.len() / 2].1 * LN_10).exp()));
    Ok(figure.described(
        "The distance from the limit, step by step",
        format!(
            "By powers of ten, how far the mean of component 0 and the variance of the last \
             component are from the limit after 0 to {steps} steps. At step {}: {}. Both curves \
             run parallel to a straight line that falls by the factor {} a step.",
            run.len() / 2,
            distances.join(" and "),
            number(rate),
        ),
    ))
}

/// Stopping rules by name, and the first step at which each of them holds; the last step of the
/// run for one that never does.
///
/// # Errors
///
/// A log-likelihood of the run that is not finite.
pub fn rules(
    data: &[f64],
    run: &[Mixture],
) -> Result<Vec<(&'static str, usize)>, FigureError> {
    let values: Vec<f64> = run.iter().map(|m| log_likelihood(data, m)).collect();
    let gain = |t: usize| values[t] - values[t - 1];
    let mean_gain = |t: usize| gain(t) / data.len() as f64;
    let change = |t: usize| largest_change(&run[t - 1], &run[t]);
    let first = |holds: &dyn Fn(usize) -> bool| {
        (1..run.len()).find(|t| holds(*t)).unwrap_or(run.len() - 1)
    };
    let again = run.iter().cloned().map(Ok::<_, Infallible>);
    let promised = converge(again, |m| log_likelihood(data, m), 1e-6, run.len())?;
    let rules = vec![
        ("mean gain under 10⁻³", first(&|t| mean_gain(t) < 1e-3)),
        ("mean gain under 10⁻⁶", first(&|t| mean_gain(t) < 1e-6)),
        ("change under 10⁻³", first(&|t| change(t) < 1e-3)),
        ("gain under 10⁻³", first(&|t| gain(t) < 1e-3)),
        ("still to come under 10⁻⁶", promised.steps),
    ];
    Ok(rules)
}

/// The largest change of a weight, mean or variance.
fn largest_change(before: &Mixture, after: &Mixture) -> f64 {
    let pairs = before.components().iter().zip(after.components());
    let change = |(a, b): (&Component, &Component)| {
        [b.weight - a.weight, b.mean - a.mean, b.variance - a.variance]
    };
    pairs.flat_map(change).map(f64::abs).fold(0.0, f64::max)
}

/// How much log-likelihood is missing to the limit after every step, by powers of ten, and where
/// several rules stop.
///
/// # Errors
///
/// No values, or one that is not finite.
pub fn stopping(
    gaps: &[f64],
    rules: &[(&'static str, usize)],
) -> Result<Figure, FigureError> {
    if let Some(step) = gaps.iter().position(|gap| !gap.is_finite()) {
        return Err(FigureError::LogLikelihood { step, value: gaps[step] });
    }
    let curve: Vec<_> =
        gaps.iter().enumerate().map(|(t, gap)| (t as f64, gap.log10())).collect();
    let powers = curve.iter().map(|(_, power)| *power).filter(|power| power.is_finite());
    let (low, high) = powers.fold((0.0, 1.0), |(low, high), power| {
        (power.floor().min(low), power.ceil().max(high))
    });
    let Some(last) = curve.last() else { return Err(FigureError::NoLogLikelihoods) };
    let x = Axis::level("step", &(0.0..last.0.max(1.0)), 5);
    let y = Axis::logarithmic("log-likelihood short of the limit", low..high, 5);
    let dots: Vec<_> =
        rules.iter().filter_map(|(name, step)| Some((*name, *curve.get(*step)?))).collect();
    let figure = Figure::draw(STOPPING, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.line(Role::Sum, &curve)?;
        for (_, dot) in &dots {
            panel.dot(Role::Component(1), *dot)?;
        }
        for (name, dot) in &dots {
            panel.label(name, Role::Component(1), &[*dot], &[])?;
        }
        Ok(())
    })?;
    let places = rules.iter().filter_map(|(name, step)| {
        Some(format!("{name}: after {step} steps, {} short", number(*gaps.get(*step)?)))
    });
    Ok(figure.described(
        "Where several rules stop",
        format!(
            "By powers of ten, how much log-likelihood is missing to the limit after each step, \
             with a dot where each rule stops. {}.",
            places.collect::<Vec<_>>().join("; "),
        ),
    ))
}
