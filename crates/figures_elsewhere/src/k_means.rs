//! The pictures of the chapter *k-means*.

use crate::FigureError;
use ::k_means::{classification_em, labels, lloyd, optimum, soft_step};
use ::sampling::Mixture;
use e_step::Memberships;
use figures::e_step::{Divided, tiles};
use plot::words::{count, formula, number};
use plot::{Axis, Figure, Histogram, Panel, Point, Role, curves, densities};
use stability::e_step;

pub(crate) const COLOURS: &str = "k_means/colours";
pub(crate) const FITS: &str = "k_means/fits";
pub(crate) const LIMIT: &str = "k_means/limit";

/// A fit to samples that are divided among its components.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// How they are divided.
    pub title: &'static str,
    /// The shares of each sample.
    pub memberships: Memberships,
    /// What fits them.
    pub mixture: Mixture,
    /// By which the samples are divided.
    pub judge: Mixture,
}

/// Where memberships, labels and the nearest of the two best centres lead.
///
/// # Errors
///
/// Too few samples; one that is not finite; a component that collapses.
pub fn three_fits(data: &[f64]) -> Result<[Fitted; 3], FigureError> {
    let start = notebook::guess();
    let soft = ::em::em(data, start.clone()).take(301).last().unwrap_or(Ok(start))?;
    let hard = classification_em(data, soft.clone())
        .take(51)
        .last()
        .unwrap_or(Ok(soft.clone()))?;
    let centres = optimum(data, 2)?;
    let alike = Mixture::new(centres.iter().map(|centre| (0.5, *centre, 1.0)))?;
    let memberships = e_step(data, &soft)?;
    let labels = |judge: &Mixture| Ok::<_, FigureError>(labels(&e_step(data, judge)?));
    let (own, nearest) = (labels(&hard)?, labels(&alike)?);
    let groups = ::m_step::m_step(data, &nearest)?;
    let fitted = |title, memberships, mixture: &Mixture, judge: &Mixture| {
        let (mixture, judge) = (mixture.clone(), judge.clone());
        Fitted { title, memberships, mixture, judge }
    };
    Ok([
        fitted("memberships: EM", memberships, &soft, &soft),
        fitted("labels: classification EM", own, &hard, &hard),
        fitted("labels: k-means", nearest, &groups, &alike),
    ])
}

/// Each sample as a tile over its place: coloured by the component that it came from; without colour;
/// divided by its memberships under a mixture; by the label of the nearest mean of another.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn colours(
    samples: &[(f64, usize)],
    mixture: &Mixture,
    nearest: &Mixture,
) -> Result<Figure, FigureError> {
    let data: Vec<f64> = samples.iter().map(|(x, _)| *x).collect();
    let truth = tiles::whole(samples, mixture.components().len())?;
    let soft = e_step(&data, mixture)?;
    let hard = labels(&e_step(&data, nearest)?);
    let centres: Vec<f64> = nearest.components().iter().map(|c| c.mean).collect();
    let rows = [
        ("by the truth", Some(&truth)),
        ("as we see them", None),
        ("by membership", Some(&soft)),
        ("by label", Some(&hard)),
    ];
    let figure = tiles::rows(COLOURS, &data, mixture, &rows)?;
    let wrong = |own: &&Memberships| {
        let rows = own.components().iter().zip(truth.components());
        rows.map(|(own, truth)| {
            own.iter().zip(truth).map(|(a, b)| (a - b).abs()).sum::<f64>()
        })
        .sum::<f64>()
            / 2.0
    };
    Ok(figure.described(
        "Samples by the truth, uncoloured, by membership and by label",
        format!(
            "{} samples, each a tile over its place, in four panels: coloured by the component that \
             it came from; all alike; divided by its memberships under {}; in the colour of the \
             nearest of the centres {}. By label, {} have the wrong colour.",
            data.len(),
            formula(mixture),
            listed(&centres),
            number(wrong(&&hard)),
        ),
    ))
}

fn listed(values: &[f64]) -> String {
    values.iter().map(|value| number(*value)).collect::<Vec<_>>().join(" and ")
}

/// The histogram of the samples under several fits, a panel each: each bar divided by the memberships
/// that the fit was made from, and over it the fit.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn fits(data: &[f64], fits: &[Fitted]) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let scale = 1.0 / (data.len() as f64 * bins.width());
    let scaled =
        |counts: &[f64]| counts.iter().map(|count| count * scale).collect::<Vec<_>>();
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("density", densities(&bins, 1.05), 3);
    let figure = Figure::draw(FITS, (fits.len(), 1), 1700, |areas| {
        for (i, Fitted { title, memberships, mixture, .. }) in fits.iter().enumerate() {
            let x = if i + 1 < fits.len() { x.silent() } else { x.clone() };
            let y = if i == 0 { y.clone() } else { y.nameless() };
            let mut panel = Panel::new(&areas[i], &x, &y, title)?;
            let divided = Divided::new(&bins, data.iter().map(|x| (*x, 1.0)), memberships);
            for (k, (foot, top)) in divided.layers().enumerate() {
                panel.bars(Role::Share(k), &bins, &scaled(foot), &scaled(top))?;
            }
            panel.line(Role::Data, &bins.outline(&bins.densities()))?;
            let all = curves(mixture, &x.range);
            for (k, curve) in all[..all.len() - 1].iter().enumerate() {
                panel.line(Role::Component(k), curve)?;
            }
            for (k, curve) in all[..all.len() - 1].iter().enumerate() {
                panel.label(&format!("k = {k}"), Role::Component(k), curve, &[])?;
            }
        }
        Ok(())
    })?;
    let words = fits.iter().map(|fit| format!("{}: {}", fit.title, formula(&fit.mixture)));
    Ok(figure.described(
        "Memberships and labels",
        format!(
            "{} panels with the histogram of {} samples, each bar divided between two components, \
             and the fit that follows. {}.",
            fits.len(),
            count(data.len()),
            words.collect::<Vec<_>>().join("; "),
        ),
    ))
}

/// Where the means come to rest when all variances are given, by the variance: from k-means, where it
/// is small, to the variance of the samples, where they meet.
///
/// # Errors
///
/// Too few samples, or one that is not finite.
pub fn limit(data: &[f64], start: &[f64]) -> Result<Figure, FigureError> {
    let centres = lloyd(data, start.to_vec())?.last().unwrap_or_default();
    let all = vec![1.0; data.len()];
    let spread = ::m_step::variance(data, &all, ::m_step::mean(data, &all));
    let mut logs: Vec<f64> = (-60..=20).map(|i| 0.1 * f64::from(i) + spread.ln()).collect();
    logs.extend([-0.06, -0.03, -0.015, -0.005].map(|near| spread.ln() + near));
    logs.sort_by(f64::total_cmp);
    let (mut means, mut rest) = (centres.clone(), Vec::new());
    for ln in logs {
        for _ in 0..2000 {
            let next = soft_step(data, &means, ln.exp())?;
            let moved =
                next.iter().zip(&means).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            means = next;
            if moved < 1e-6 {
                break;
            }
        }
        rest.push((ln, means.clone()));
    }
    let along =
        |k: usize| rest.iter().map(|(ln, means)| (*ln, means[k])).collect::<Vec<Point>>();
    let lines: Vec<Vec<Point>> = (0..centres.len()).map(along).collect();
    let x = Axis::level_logs("variance", &(rest[0].0..rest[rest.len() - 1].0), 6);
    let (low, high) = (centres[0], centres[centres.len() - 1]);
    let room = 0.25 * (high - low);
    let y = Axis::new("mean", low - room..high + room, 4);
    let figure = Figure::draw(LIMIT, (1, 1), 2600, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for centre in &centres {
            let level = [(x.range.start, *centre), (x.range.end, *centre)];
            panel.quiet_line(Role::Grid, &level)?;
        }
        let upright = [(spread.ln(), y.range.start), (spread.ln(), y.range.end)];
        panel.quiet_line(Role::Grid, &upright)?;
        for (k, line) in lines.iter().enumerate() {
            panel.line(Role::Component(k), line)?;
        }
        for (k, line) in lines.iter().enumerate() {
            panel.label(&format!("k = {k}"), Role::Component(k), &line[..20], &[])?;
        }
        let at = [(spread.ln(), y.range.end)];
        panel.label("variance of the samples", Role::Ink, &at, &[])
    })?;
    Ok(figure.described(
        "From memberships to labels",
        format!(
            "Where two means come to rest, for {} samples with the variance {}, by the variance that \
             both components are given. Where that is small they are the centres of k-means, {}; from \
             the variance of the samples on both are one.",
            count(data.len()),
            number(spread),
            listed(&centres),
        ),
    ))
}
