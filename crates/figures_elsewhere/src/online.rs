//! The pictures of the chapter *Online*, and the streams that they and the chapter's example follow.

use crate::FigureError;
use ::online::{Average, Online, OnlineError, StepSize};
use notebook::{SEED, STANDARD_ERRORS, guess, truth};
use plot::words::{count, number};
use plot::{Axis, Figure, Panel, Point, Role};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture};
use std::iter::repeat_with;

pub(crate) const AVERAGE: &str = "online/average";
pub(crate) const DRIFT: &str = "online/drift";

/// How many samples of the streams we look at.
pub const SAMPLES: u64 = 100_000;

/// Step sizes that fall, and the steps before the mixture begins to move.
pub const SIZE: StepSize = StepSize::Falling(0.6);
/// In these first steps the mixture stays.
pub const BURN_IN: u64 = 100;
/// The average begins when so many samples are past.
pub const SETTLED: u64 = 10_000;

/// Samples from the notebook's truth, without end.
// ANCHOR: stream
pub fn stream(seed: u64) -> impl Iterator<Item = f64> {
    let (truth, mut rng) = (truth(), ChaCha8Rng::seed_from_u64(seed));
    repeat_with(move || truth.choose(&mut rng).draw(&mut rng))
}
// ANCHOR_END: stream

/// A stream whose component 1 wanders: its mean, and the sample.
pub fn drifting(seed: u64) -> impl Iterator<Item = (f64, f64)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (still, moving) = (truth().components()[0], truth().components()[1]);
    (1..=SAMPLES).map(move |t| {
        let mean = wandering(t);
        let now =
            Mixture::new([still, Component { mean, ..moving }]).expect("a mean has moved");
        (mean, now.choose(&mut rng).draw(&mut rng))
    })
}

/// From 5 to 8 and back.
fn wandering(t: u64) -> f64 {
    let half = SAMPLES as f64 / 2.0;
    5.0 + 3.0 * (1.0 - (t as f64 - half).abs() / half)
}

/// The mean of component 1 and its estimate, sample by sample, from the truth on.
///
/// # Errors
///
/// Those of the step size and of the steps.
pub fn followed(size: StepSize) -> Result<Vec<(f64, f64)>, OnlineError> {
    let mut online = Online::new(truth(), size, 0)?;
    let follow = |(mean, x)| {
        online.learn(&[x])?;
        Ok((mean, online.mixture().components()[1].mean))
    };
    drifting(SEED).map(follow).collect()
}

/// The mean of component 1 on the way through the stream: the last estimate and the average, with two
/// standard errors about the truth.
pub(crate) fn average() -> Result<Figure, FigureError> {
    let (mut online, mut average) =
        (Online::new(guess(), SIZE, BURN_IN)?, Average::default());
    let (mut last, mut mean): (Vec<Point>, Vec<Point>) = Default::default();
    let mut next = 100.0;
    for (t, x) in (1..=SAMPLES).zip(stream(SEED)) {
        online.learn(&[x])?;
        if t > SETTLED {
            average.add(online.mixture());
        }
        if t as f64 >= next {
            next *= 10_f64.powf(0.01);
            let at = (t as f64).log10();
            last.push((at, online.mixture().components()[1].mean));
            if t > SETTLED {
                mean.push((at, average.mixture()?.components()[1].mean));
            }
        }
    }
    let error = |t: f64| 2.0 * STANDARD_ERRORS[1][1] * (1e4 / t).sqrt();
    let funnel = |sign: f64| -> Vec<Point> {
        let at = (200..=500).map(|i| f64::from(i) / 100.0);
        at.map(|x| (x, 5.0 + sign * error(10_f64.powf(x)))).collect()
    };
    let x = Axis::logarithmic("samples seen", 1.95..5.05, 4);
    let y = Axis::new("mean of component 1", 4.4..5.6, 5);
    let figure = Figure::draw(AVERAGE, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for edge in [funnel(-1.0), funnel(1.0)] {
            panel.line(Role::Component(1), &edge)?;
        }
        panel.line(Role::Data, &last)?;
        panel.line(Role::Component(0), &mean)?;
        panel.label(
            "two standard errors",
            Role::Component(1),
            &funnel(1.0)[..150],
            &[&last],
        )?;
        panel.label("the last mixture", Role::Data, &last[20..], &[&mean])?;
        panel.label("the average", Role::Component(0), &mean, &[&last])
    })?;
    let end = |curve: &[Point]| curve.last().map_or(f64::NAN, |(_, y)| *y);
    Ok(figure.described(
        "The mean of component 1 on the way through a stream",
        format!(
            "Against the samples seen, by powers of ten from 100 to {}. The last mixture wanders \
             about 5 and ends at {}; the average from sample {} on is smooth and ends at {}. Two \
             standard errors of a fit to all samples seen narrow from {} to {}.",
            count(SAMPLES as usize),
            number(end(&last)),
            count(SETTLED as usize),
            number(end(&mean)),
            number(error(100.0)),
            number(error(SAMPLES as f64)),
        ),
    ))
}

/// The step sizes with which the drifting stream is followed in the picture.
const FOLLOWERS: [f64; 3] = [0.0001, 0.001, 0.02];

const ROLES: [Role; 3] = [Role::Component(1), Role::Component(0), Role::Data];

/// A mean that moves, and three that follow it.
pub(crate) fn drift() -> Result<Figure, FigureError> {
    let thinned = |run: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| -> Vec<Point> {
        run.iter()
            .enumerate()
            .step_by(300)
            .map(|(t, pair)| (t as f64 / 1e3, of(pair)))
            .collect()
    };
    let runs: Vec<_> = FOLLOWERS
        .iter()
        .map(|size| followed(StepSize::Constant(*size)))
        .collect::<Result<_, _>>()?;
    let moving = thinned(&runs[0], |pair| pair.0);
    let curves: Vec<Vec<Point>> =
        runs.iter().map(|run| thinned(run, |pair| pair.1)).collect();
    let x = Axis::level("thousands of samples seen", &(0.0..SAMPLES as f64 / 1e3), 5);
    let y = Axis::new("mean of component 1", 4.0..9.0, 5);
    let figure = Figure::draw(DRIFT, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for k in [2, 1, 0] {
            panel.line(ROLES[k], &curves[k])?;
        }
        panel.line(Role::Sum, &moving)?;
        for (k, size) in FOLLOWERS.iter().enumerate() {
            let text = format!("η = {}", number(*size));
            panel.label(&text, ROLES[k], &curves[k], &[&moving])?;
        }
        panel.label("the truth", Role::Sum, &moving[..100], &[&curves[0]])
    })?;
    let told = FOLLOWERS.iter().zip(&runs).map(|(size, run)| {
        let squares =
            run.iter().map(|(mean, estimate)| (mean - estimate).powi(2)).sum::<f64>();
        let off = (squares / run.len() as f64).sqrt();
        format!("with step size {} by {}", number(*size), number(off))
    });
    Ok(figure.described(
        "A mean that moves, and three that follow it",
        format!(
            "Over {} samples the mean of component 1 goes from 5 to 8 and back. Estimates with \
             constant step sizes are off by, as a root mean square: {}.",
            count(SAMPLES as usize),
            told.collect::<Vec<_>>().join(", ")
        ),
    ))
}
