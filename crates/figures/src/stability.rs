//! The pictures of the chapter *Stability*.

use crate::FigureError;
use ::e_step::Memberships;
use ::sampling::{Component, Mixture};
use ::stability::{Cure, e_step, m_step, penalised_log_likelihood};
use plot::Figure;
use plot::Role;
use plot::words::{formula, number};
use plot::{Axis, Panel, Point, padded};
use std::f64::consts::LN_10;

pub(crate) const OFFSETS: &str = "stability/offsets";
pub(crate) const COLLAPSE: &str = "stability/collapse";

/// How many powers of ten are added to the samples, and in how many parts each.
const POWERS: i32 = 15;
const PARTS: i32 = 6;

/// How much of component `k`'s variance after one step is wrong when a number is added to every
/// sample, from 1 to 1e15: by the short formula, by the centred sum, and by the stable M-step,
/// which also gives the truth, with nothing added. An error below 1e-17 is drawn there.
///
/// # Errors
///
/// No samples, or one that is not finite; no component `k`; a step without an answer.
pub fn offsets(data: &[f64], start: &Mixture, k: usize) -> Result<Figure, FigureError> {
    let memberships = e_step(data, start)?;
    let components = start.components().len();
    let missing = FigureError::NoComponent { component: k, components };
    let r = memberships.components().get(k).ok_or(missing)?;
    let truth = stable(data, &memberships, k)?;
    let mut curves = [vec![], vec![], vec![]];
    for i in 0..=POWERS * PARTS {
        let power = f64::from(i) / f64::from(PARTS);
        let added = 10_f64.powf(power).round();
        let moved: Vec<f64> = data.iter().map(|x| x + added).collect();
        let squares: Vec<f64> = moved.iter().map(|x| x * x).collect();
        let mean = ::m_step::mean(&moved, r);
        let variances = [
            ::m_step::mean(&squares, r) - mean * mean,
            ::m_step::variance(&moved, r, mean),
            stable(&moved, &memberships, k)?,
        ];
        for (curve, variance) in curves.iter_mut().zip(variances) {
            curve.push((power, (variance / truth - 1.0).abs().max(1e-17).log10()));
        }
    }
    let highest = curves.iter().flatten().map(|(_, y)| *y).fold(0.0, f64::max);
    let x = Axis::logarithmic("added to every sample", 0.0..f64::from(POWERS), 5);
    let y =
        Axis::logarithmic("relative error of the variance", -17.5..highest.ceil() + 1.0, 6);
    let names = ["short formula", "centred sum", "stable"];
    let roles = [Role::Component(0), Role::Component(1), Role::Sum];
    let figure = Figure::draw(OFFSETS, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (curve, role) in curves.iter().zip(roles) {
            panel.line(role, curve)?;
        }
        for (i, (own, role)) in curves.iter().zip(roles).enumerate() {
            let others = (0..3).filter(|j| *j != i).map(|j| curves[j].as_slice());
            panel.label(names[i], role, own, &others.collect::<Vec<_>>())?;
        }
        Ok(())
    })?;
    let at = |curve: &[Point], power: i32| {
        number(10_f64.powf(curve[(power * PARTS) as usize].1))
    };
    Ok(figure.described(
        "The error of a variance by what is added to the samples",
        format!(
            "Relative errors by powers of ten, for {} samples with 1 to 10 to the {POWERS} added. \
             With 10 to the 8 added: short formula {}, centred sum {}, stable {}. With 10 to the \
             14 added: {}, {} and {}.",
            number(data.len() as f64),
            at(&curves[0], 8),
            at(&curves[1], 8),
            at(&curves[2], 8),
            at(&curves[0], 14),
            at(&curves[1], 14),
            at(&curves[2], 14),
        ),
    ))
}

/// The variance of all samples.
fn variance(data: &[f64]) -> f64 {
    let all = vec![1.0; data.len()];
    ::m_step::variance(data, &all, ::m_step::mean(data, &all))
}

fn stable(data: &[f64], memberships: &Memberships, k: usize) -> Result<f64, FigureError> {
    Ok(m_step(data, memberships, &Cure::Refuse)?.components()[k].variance)
}

/// The log-likelihood while component `k` narrows from a deviation of 10 to 1e-8; with a prior, the
/// same with the prior added, and its maximum; with a floor, a line at the floor. A run leaves a trail
/// on it: the deviation of the component, and what was climbed to, after every step.
///
/// # Errors
///
/// No samples, or one that is not finite; no component `k`; a cure without a meaning.
pub fn collapse(
    data: &[f64],
    mixture: &Mixture,
    k: usize,
    cure: &Cure,
    run: &[Mixture],
) -> Result<Figure, FigureError> {
    let components = mixture.components().len();
    if k >= components {
        return Err(FigureError::NoComponent { component: k, components });
    }
    let narrowed = |power: f64| {
        let mut components: Vec<Component> = mixture.components().to_vec();
        components[k].variance = (2.0 * power * LN_10).exp();
        Mixture::new(components)
    };
    let curve = |cure: &Cure| -> Result<Vec<Point>, FigureError> {
        let point = |i: i32| {
            let power = f64::from(i) / 80.0;
            Ok((power, penalised_log_likelihood(data, &narrowed(power)?, cure)?))
        };
        (-640..=80).map(point).collect()
    };
    let (plain, penalised) = (curve(&Cure::Refuse)?, curve(cure)?);
    let top = |curve: &[Point]| {
        let first = (f64::NAN, f64::NEG_INFINITY);
        curve.iter().copied().fold(first, |a, b| if b.1 > a.1 { b } else { a })
    };
    let prior = matches!(cure, Cure::Prior(_)).then(|| top(&penalised));
    let trail = run.iter().map(|mixture| {
        let deviation = mixture.components().get(k).map_or(f64::NAN, |c| c.variance.sqrt());
        Ok((deviation.log10(), penalised_log_likelihood(data, mixture, cure)?))
    });
    let trail = trail.collect::<Result<Vec<Point>, FigureError>>()?;
    let (highest, wide) = (top(&plain).1, plain[plain.len() - 1].1);
    let x = Axis::logarithmic("deviation of the component", -8.3..1.0, 5);
    let y = Axis::new("log-likelihood", padded(&(wide - 10.0..highest + 3.0)), 5);
    let figure = Figure::draw(COLLAPSE, (1, 1), 2800, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.line(Role::Component(0), &plain)?;
        if let Some(best) = prior {
            panel.line(Role::Component(1), &penalised)?;
            panel.dot(Role::Ink, best)?;
        }
        if let Cure::Floor(share) = cure {
            let at = 0.5 * (share * variance(data)).log10();
            let floor = [(at, y.range.start), (at, y.range.end)];
            panel.line(Role::Component(1), &floor)?;
            panel.label("floor", Role::Component(1), &[(at, 0.0)], &[&plain])?;
        }
        panel.line(Role::Sum, &trail)?;
        if let Some(point) = trail.last() {
            panel.dot(Role::Sum, *point)?;
        }
        panel.label("log-likelihood", Role::Component(0), &plain[..320], &[&penalised])?;
        match prior {
            Some(_) => {
                panel.label("with a prior", Role::Component(1), &penalised, &[&plain])
            }
            None => Ok(()),
        }
    })?;
    let maximum = prior.map(|best| {
        let deviation = number((best.0 * LN_10).exp());
        format!(
            " With a prior it has a maximum, {} at the deviation {deviation}.",
            number(best.1)
        )
    });
    Ok(figure.described(
        "A likelihood without a maximum, and one with",
        format!(
            "The log-likelihood of {} samples under {} as component {k} narrows: {} at the \
             deviation 1e-8 and rising.{}",
            number(data.len() as f64),
            formula(mixture),
            number(plain[0].1),
            maximum.unwrap_or_default(),
        ),
    ))
}
