//! The pictures of the chapter *Selection*, and what they are drawn from.

use crate::FigureError;
use ::sampling::{Component, Mixture};
use ::search::Search;
use ::selection::{Criteria, Plan, p_value};
use plot::Figure;
use plot::Histogram;
use plot::Role;
use plot::words::{formula, number};
use plot::{Axis, Panel, Point};
use plot::{densities, fit};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use std::f64::consts::TAU;

pub(crate) const CRITERIA: &str = "selection/criteria";
pub(crate) const FITS: &str = "selection/fits";
pub(crate) const RATIOS: &str = "selection/ratios";

/// How the galaxies are fitted.
#[must_use]
// ANCHOR: plan
pub fn plan() -> Plan {
    let search = Search { short: 20, finalists: 3, tolerance: 1e-4, ..Search::default() };
    Plan { starts: 60, seed: 1, search: Search { least_count: 2.0, ..search } }
}
// ANCHOR_END: plan

/// The same with fewer starts and shorter runs, for the bootstrap.
#[must_use]
pub fn short_plan() -> Plan {
    let search = Search { finalists: 1, tolerance: 1e-2, ..plan().search };
    Plan { starts: 30, search, ..plan() }
}

/// A hundred samples of one skewed population: exp(Z), where Z is from N(0, 1/2).
#[must_use]
pub fn skewed() -> Vec<f64> {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let normal = Component { weight: 1.0, mean: 0.0, variance: 0.5 };
    (0..100).map(|_| normal.draw(rng).exp()).collect()
}

/// The criteria for K = 1 to 6, as the example has recorded them: for the galaxies, and for the
/// notebook's samples after its long search.
#[must_use]
pub fn recorded_criteria() -> [(&'static str, Vec<Criteria>); 2] {
    let text = include_str!("../../../data/criteria.csv");
    ["galaxies", "notebook"].map(|name| {
        let rows = text.lines().filter_map(|line| line.strip_prefix(name));
        let row = |row: &str| {
            let numbers: Vec<f64> = row.split(',').filter_map(|n| n.parse().ok()).collect();
            let [k, log_likelihood, aic, bic, icl] = numbers[..] else { return None };
            let parameters = 3 * k as usize - 1;
            Some(Criteria { parameters, log_likelihood, aic, bic, icl })
        };
        (name, rows.filter_map(row).collect())
    })
}

/// The likelihood ratios of three components to four in samples of the fit with three to the
/// galaxies, as the example has recorded them.
#[must_use]
pub fn recorded_ratios() -> Vec<f64> {
    let lines = include_str!("../../../data/likelihood_ratios.csv").lines().skip(1);
    lines.filter_map(|line| line.parse().ok()).collect()
}

/// The share of the chi-square distribution with 3 degrees of freedom at `x` and above.
///
/// With t = u², the integral of u² exp(−u²/2) from √x on, times 2/√2π, by the midpoint rule.
#[must_use]
pub fn chi_square_tail(x: f64) -> f64 {
    let (from, width) = (x.sqrt(), 0.005);
    let middle = |i: i32| from + (f64::from(i) + 0.5) * width;
    let height = |u: f64| u * u * (-0.5 * u * u).exp();
    (0..3000).map(|i| width * height(middle(i))).sum::<f64>() * 2.0 / TAU.sqrt()
}

type Value = fn(&Criteria) -> f64;

/// AIC, BIC and ICL for K = 1, 2, …, each less its least value; a panel for each data set.
///
/// # Errors
///
/// No data sets, or one without criteria.
pub fn criteria(sets: &[(&str, Vec<Criteria>)]) -> Result<Figure, FigureError> {
    if sets.is_empty() || sets.iter().any(|(_, rows)| rows.is_empty()) {
        return Err(FigureError::NoFits);
    }
    let kinds: [(&str, Value); 3] =
        [("AIC", |c| c.aic), ("BIC", |c| c.bic), ("ICL", |c| c.icl)];
    let curve = |rows: &[Criteria], value: Value| -> Vec<Point> {
        let least = rows.iter().map(value).fold(f64::INFINITY, f64::min);
        rows.iter().map(|c| ((c.parameters + 1) as f64 / 3.0, value(c) - least)).collect()
    };
    let most = sets.iter().map(|(_, rows)| rows.len()).max().unwrap_or(1);
    let x = Axis::new("components K", 0.8..most as f64 + 0.2, most);
    let y = Axis::new("criterion, less its least value", -5.0..85.0, 4);
    let figure = Figure::draw(CRITERIA, (sets.len(), 1), 2200, |areas| {
        for (row, ((name, rows), area)) in sets.iter().zip(areas).enumerate() {
            let x = if row + 1 < sets.len() { x.silent() } else { x.clone() };
            let y = if row == 0 { y.clone() } else { y.nameless() };
            let mut panel = Panel::new(area, &x, &y, name)?;
            let curves = kinds.map(|(_, value)| curve(rows, value));
            for (k, curve) in curves.iter().enumerate() {
                panel.line(Role::Component(k), curve)?;
                for point in curve.iter().filter(|(_, y)| *y <= 85.0) {
                    panel.dot(Role::Component(k), *point)?;
                }
            }
            for (k, (kind, _)) in kinds.iter().enumerate() {
                let others = curves.iter().filter(|c| **c != curves[k]);
                let others: Vec<_> = others.map(Vec::as_slice).collect();
                let own: Vec<Point> = clearest(&curves[k], &others).into_iter().collect();
                panel.label(kind, Role::Component(k), &own, &others)?;
            }
        }
        Ok(())
    })?;
    let told = sets.iter().map(|(name, rows)| {
        let each = kinds.map(|(kind, value)| {
            let values = rows.iter().map(|c| format!("{:.1}", value(c)));
            format!("{kind} {}", values.collect::<Vec<_>>().join(", "))
        });
        format!("{name}: {}", each.join("; "))
    });
    Ok(figure.described(
        "What each number of components costs",
        format!("For K from 1 to {most}. {}.", told.collect::<Vec<_>>().join(". ")),
    ))
}

/// The point of a curve, of those inside the panel, that is farthest from the other curves.
fn clearest(curve: &[Point], others: &[&[Point]]) -> Option<Point> {
    let room = |i: &usize| {
        let far = |other: &&[Point]| (other[*i].1.min(85.0) - curve[*i].1).abs();
        others.iter().map(far).fold(85.0, f64::min)
    };
    let inside = (0..curve.len()).filter(|i| curve[*i].1 <= 85.0);
    inside.max_by(|i, j| room(i).total_cmp(&room(j))).map(|i| curve[i])
}

/// The histograms of several data sets, each under a mixture that was fitted to it.
///
/// # Errors
///
/// No data sets; no samples in one, or one that is not finite.
pub fn fits(sets: &[(&str, Vec<f64>, Mixture)]) -> Result<Figure, FigureError> {
    if sets.is_empty() {
        return Err(FigureError::NoFits);
    }
    let figure = Figure::draw(FITS, (sets.len().div_ceil(2), 2), 1900, |areas| {
        for (i, ((name, data, mixture), area)) in sets.iter().zip(areas).enumerate() {
            let bins = Histogram::new(data)?;
            let x = Axis::level("", &bins.range, 3);
            let y = Axis::new("density", densities(&bins, 1.0), 3);
            let y = if i == 0 { y } else { y.nameless() };
            let mut panel = Panel::new(area, &x, &y, name)?;
            fit(&mut panel, &bins, mixture, &x.range)?;
        }
        Ok(())
    })?;
    let told = sets.iter().map(|(name, data, mixture)| {
        format!("{name}: {} samples, {}", number(data.len() as f64), formula(mixture))
    });
    Ok(figure.described(
        "Fits over histograms",
        format!("{}.", told.collect::<Vec<_>>().join(". ")),
    ))
}

/// The p-value against the likelihood ratio, by the replicates and by chi-square with 3 degrees of
/// freedom; with dots at the observed ratio.
///
/// # Errors
///
/// No replicates; a ratio that is negative or NaN, or an observed one that is infinite.
pub fn ratios(replicates: &[f64], observed: f64) -> Result<Figure, FigureError> {
    let shares = [p_value(observed, replicates)?, chi_square_tail(observed)];
    let bootstrap = |x: f64| p_value(x, replicates).unwrap_or(f64::NAN); // checked above
    let grid = || (0..=300).map(|i| f64::from(i) * 0.1);
    let curve = |share: &dyn Fn(f64) -> f64| -> Vec<Point> {
        grid().map(|x| (x, share(x).log10())).collect()
    };
    let curves = [curve(&bootstrap), curve(&chi_square_tail)];
    let x = Axis::new("likelihood ratio", 0.0..30.0, 6);
    let y = Axis::logarithmic("p-value", -3.2..0.2, 4);
    let figure = Figure::draw(RATIOS, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (k, curve) in curves.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
        }
        for (k, share) in shares.into_iter().enumerate() {
            panel.dot(Role::Component(k), (observed, share.log10()))?;
        }
        for (k, name) in ["bootstrap", "chi-square"].into_iter().enumerate() {
            let own = (observed, shares[k].log10());
            let text = format!("{name}: {}", number(shares[k]));
            panel.label(&text, Role::Component(k), &[own], &[&curves[1 - k]])?;
        }
        Ok(())
    })?;
    Ok(figure.described(
        "The likelihood ratio under the bootstrap, and under chi-square",
        format!(
            "By powers of ten, the p-value of a likelihood ratio from 0 to 30: by {} replicates, and \
             by chi-square with 3 degrees of freedom. At the observed ratio {}: {} and {}.",
            replicates.len(),
            number(observed),
            number(shares[0]),
            number(shares[1]),
        ),
    ))
}
