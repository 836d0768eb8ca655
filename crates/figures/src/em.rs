//! The pictures of the chapter *EM*.

pub mod means;

use crate::FigureError;
use crate::e_step::Divided;
use ::sampling::Mixture;
use plot::Figure;
use plot::Role;
use plot::words::{formula, number};
use plot::{Axis, Labels, Panel, Point, padded};
use plot::{Histogram, wide_enough};
use plot::{curves, densities, fit, label};

pub(crate) const FITS: &str = "em/fits";
pub(crate) const FOUND: &str = "em/found";
pub(crate) const HALF_STEP: &str = "em/half_step";
pub(crate) const LOG_LIKELIHOOD: &str = "em/log_likelihood";

/// The histogram of the samples under the mixtures after several numbers of steps, a panel each.
///
/// # Errors
///
/// No fits; no samples, or one that is not finite.
pub fn fits(data: &[f64], fits: &[(usize, Mixture)]) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let [.., (last, final_fit)] = fits else { return Err(FigureError::NoFits) };
    let x = Axis::level("x", &bins.range, 3);
    let y = Axis::new("density", densities(&bins, 2.0), 3);
    let rows = fits.len().div_ceil(2);
    let figure = Figure::draw(FITS, (rows, 2), 2200, |areas| {
        for (i, ((step, mixture), area)) in fits.iter().zip(areas).enumerate() {
            let y = match i {
                0 => y.clone(),
                _ if i % 2 == 0 => y.nameless(),
                _ => y.silent(),
            };
            let x = if i / 2 + 1 < rows { x.silent() } else { x.clone() };
            let mut panel = Panel::new(area, &x, &y, &title(*step))?;
            let curves = fit(&mut panel, &bins, mixture, &x.range)?;
            if i + 1 == fits.len() {
                label(&mut panel, &curves, |k| format!("k = {k}"))?;
            }
        }
        Ok(())
    })?;
    Ok(figure.described(
        "The mixture, step by step",
        format!(
            "{} panels with the histogram of {} samples and the mixture after {} steps. A \
             curve higher than the axis leaves its panel. After {last} steps the mixture is {}.",
            fits.len(),
            number(data.len() as f64),
            fits.iter().map(|(i, _)| i.to_string()).collect::<Vec<_>>().join(", "),
            formula(final_fit),
        ),
    ))
}

/// The samples as they come; and what EM has found in them, each bar divided by the memberships of its
/// samples.
///
/// # Errors
///
/// No samples; one that is not finite, or so far out that it has no memberships.
pub fn found(data: &[f64], fitted: &Mixture) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let memberships = ::e_step::e_step(data, fitted)?;
    let divided = Divided::new(&bins, data.iter().map(|x| (*x, 1.0)), &memberships);
    let x = Axis::level("x", &bins.range, 6);
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let y = Axis::new("numbers in a bar", 0.0..1.25 * highest, 3);
    let feet = vec![0.0; bins.counts.len()];
    let figure = Figure::draw(FOUND, (2, 1), 1900, |areas| {
        let mut upper = Panel::new(&areas[0], &x.silent(), &y, "the numbers")?;
        upper.bars(Role::Data, &bins, &feet, &bins.counts)?;
        let mut lower = Panel::new(&areas[1], &x, &y.nameless(), "the groups in them")?;
        for (k, (foot, top)) in divided.layers().enumerate() {
            lower.bars(Role::Component(k), &bins, foot, top)?;
        }
        for (k, c) in fitted.components().iter().enumerate() {
            let share = format!("{} %", number((1000.0 * c.weight).round() / 10.0));
            let own = [(c.mean, bins.counts[bins.bin(c.mean)])];
            lower.label(&share, Role::Component(k), &own, &[])?;
        }
        Ok(())
    })?;
    Ok(figure.described(
        "Ten thousand numbers, and the groups in them",
        format!(
            "Two panels with the histogram of {} samples. In the second each bar is divided \
             between the components of {}.",
            number(data.len() as f64),
            formula(fitted),
        ),
    ))
}

/// One half-step: each bar divided by the memberships under an old mixture, which an E-step has made,
/// and over them the curves of the new one. After an E-step the two are the same; an M-step moves the
/// curves to their colours. Without an old one the bars are not divided yet.
///
/// The axes depend on the bars only, so that one picture may take the place of another.
///
/// # Errors
///
/// Those of [`plot`].
pub fn half_step(
    bins: &Histogram,
    old: Option<(&Mixture, &Divided)>,
    new: &Mixture,
) -> Result<Figure, FigureError> {
    let (bars, feet) = (bins.densities(), vec![0.0; bins.counts.len()]);
    let samples: f64 = bins.counts.iter().sum();
    let scaled = |counts: &[f64]| -> Vec<f64> {
        counts.iter().map(|count| count / samples / bins.width()).collect()
    };
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("density", densities(bins, 2.0), 4);
    let curves = curves(new, &x.range);
    let figure = Figure::draw(HALF_STEP, (1, 1), 3600, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?.labelled(Labels::OnTop);
        match old {
            None => panel.bars(Role::Data, bins, &feet, &bars)?,
            Some((_, divided)) => {
                for (k, (foot, top)) in divided.layers().enumerate() {
                    panel.bars(Role::Share(k), bins, &scaled(foot), &scaled(top))?;
                }
                panel.line(Role::Data, &bins.outline(&bars))?;
            }
        }
        let Some((sum, components)) = curves.split_last() else { return Ok(()) };
        panel.line(Role::Sum, sum)?;
        for (k, curve) in components.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
        }
        for (k, curve) in components.iter().enumerate() {
            panel.label(&format!("k = {k}"), Role::Component(k), curve, &[])?;
        }
        Ok(())
    })?;
    let divided = match old {
        Some((old, _)) => format!(", divided by the memberships under {}", formula(old)),
        None => String::new(),
    };
    Ok(figure.described(
        "Half a step of EM",
        format!(
            "The histogram of {} samples, scaled as a density{divided}. Over it the mixture {}.",
            number(samples),
            formula(new),
        ),
    ))
}

fn title(step: usize) -> String {
    match step {
        0 => "start".into(),
        1 => "after 1 step".into(),
        _ => format!("after {step} steps"),
    }
}

/// The log-likelihood after every step, from step 1 on, since a start may lie so low that all else would be
/// one line; and below it, from the start, by powers of ten, what is still missing to the largest. With a dot where a reader is, if that is given.
///
/// # Errors
///
/// No values, or one that is not finite.
pub fn log_likelihood(values: &[f64], here: Option<usize>) -> Result<Figure, FigureError> {
    if let Some(step) = values.iter().position(|value| !value.is_finite()) {
        return Err(FigureError::LogLikelihood { step, value: values[step] });
    }
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return Err(FigureError::NoLogLikelihoods);
    };
    let range = wide_enough(if values.len() > 2 { &values[1..] } else { values })?;
    let largest = values.iter().copied().fold(*first, f64::max);
    let curve = |y: &dyn Fn(f64) -> f64| -> Vec<Point> {
        values.iter().enumerate().map(|(i, value)| (i as f64, y(*value))).collect()
    };
    let missing = curve(&|value| (largest - value).log10());
    let powers = missing.iter().map(|(_, power)| *power).filter(|power| power.is_finite());
    let (low, high) = powers.fold((0.0, 1.0), |(low, high), power| {
        (power.floor().min(low), power.ceil().max(high))
    });
    let x = Axis::level("step", &wide_enough(&[0.0, values.len() as f64 - 1.0])?, 5);
    let upper = Axis::new("log-likelihood", padded(&range), 4);
    let mut lower = Axis::logarithmic("still missing to the largest", low..high, 4);
    lower.left = upper.left.max(lower.left);
    // Sums of numbers of this size are not known more exactly.
    let rounding = (32.0 * f64::EPSILON * largest.abs()).log10();
    let noise: Vec<_> =
        missing.iter().copied().filter(|(_, power)| *power < rounding).collect();
    let figure = Figure::draw(LOG_LIKELIHOOD, (2, 1), 1900, |areas| {
        let mut panel = Panel::new(&areas[0], &x.silent(), &upper, "")?;
        let points = curve(&|value| value);
        let shown = &points[usize::from(values.len() > 2)..];
        panel.line(Role::Sum, shown)?;
        if let Some(point) = here.and_then(|step| points.get(step))
            && point.1 >= range.start
        {
            panel.dot(Role::Component(1), *point)?;
        }
        for end in [&shown[..1], &shown[shown.len() - 1..]] {
            panel.label(&number(end[0].1), Role::Sum, end, &[])?;
        }
        let mut panel = Panel::new(&areas[1], &x, &lower, "")?;
        panel.line(Role::Sum, &missing)?;
        if let Some(point) = here.and_then(|step| missing.get(step))
            && point.1.is_finite()
        {
            panel.dot(Role::Component(1), *point)?;
        }
        panel.label("rounding", Role::Ink, &noise, &[])
    })?;
    Ok(figure.described(
        "The log-likelihood, step by step",
        format!(
            "The log-likelihood after 0 to {} steps, from {} to {}. Below it, by powers of ten, \
             what is still missing to the largest: {} at the start.",
            values.len() - 1,
            number(*first),
            number(*last),
            number(largest - first),
        ),
    ))
}
