//! The pictures of the chapter *Selection*.

use crate::FigureError;
use ::sampling::Mixture;
use ::selection::p_value;
use datasets::selection::Fit;
use plot::Figure;
use plot::Histogram;
use plot::Role;
use plot::words::{formula, number};
use plot::{Axis, Panel, Point};
use plot::{densities, fit};
use std::f64::consts::TAU;

pub(crate) const CRITERIA: &str = "selection/criteria";
pub(crate) const FITS: &str = "selection/fits";
pub(crate) const RATIOS: &str = "selection/ratios";

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

type Value = fn(&Fit) -> f64;

/// AIC, BIC and ICL for K = 1, 2, …, each less its least value; a panel for each data set, whose fits
/// stand in a row.
///
/// # Errors
///
/// No fits.
pub fn criteria(fits: &[Fit]) -> Result<Figure, FigureError> {
    let sets: Vec<_> = fits.chunk_by(|a, b| a.data == b.data).collect();
    let most = sets.iter().map(|rows| rows.len()).max().ok_or(FigureError::NoFits)?;
    let kinds: [(&str, Value); 3] =
        [("AIC", |c| c.aic), ("BIC", |c| c.bic), ("ICL", |c| c.icl)];
    let curve = |rows: &[Fit], value: Value| -> Vec<Point> {
        let least = rows.iter().map(value).fold(f64::INFINITY, f64::min);
        rows.iter().map(|fit| (fit.components as f64, value(fit) - least)).collect()
    };
    let x = Axis::new("components K", 0.8..most as f64 + 0.2, most);
    let y = Axis::new("criterion, less its least value", -5.0..85.0, 4);
    let figure = Figure::draw(CRITERIA, (sets.len(), 1), 2200, |areas| {
        for (row, (rows, area)) in sets.iter().zip(areas).enumerate() {
            let x = if row + 1 < sets.len() { x.silent() } else { x.clone() };
            let y = if row == 0 { y.clone() } else { y.nameless() };
            let mut panel = Panel::new(area, &x, &y, &rows[0].data)?;
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
    let told = sets.iter().map(|rows| {
        let each = kinds.map(|(kind, value)| {
            let values = rows.iter().map(|c| format!("{:.1}", value(c)));
            format!("{kind} {}", values.collect::<Vec<_>>().join(", "))
        });
        format!("{}: {}", rows[0].data, each.join("; "))
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
