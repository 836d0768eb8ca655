//! The picture of the chapter *Acceleration*.

use crate::FigureError;
use datasets::acceleration::Gap;
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel, Point};

pub(crate) const GAPS: &str = "acceleration/gaps";

/// The lowest gap that is drawn; what is below, or 0 by rounding, ends there.
const LOWEST: f64 = 1e-9;

/// How much log-likelihood is missing after how many steps, both by powers of ten, for plain EM,
/// SQUAREM and Anderson's method on the two slow problems.
///
/// # Errors
///
/// A method without gaps.
pub fn gaps(gaps: &[Gap]) -> Result<Figure, FigureError> {
    let methods = [
        ("plain EM", Role::Sum),
        ("SQUAREM", Role::Component(0)),
        ("Anderson 5", Role::Component(1)),
    ];
    let curves = ["crabs-like", "five overlapping"].map(|problem| {
        let curve = |(method, _): &(&str, Role)| -> Vec<Point> {
            let own = gaps.iter().filter(|g| g.problem == problem && g.method == *method);
            let point = |g: &Gap| ((g.steps as f64).log10(), g.gap.max(LOWEST).log10());
            own.map(point).collect()
        };
        (problem, methods.each_ref().map(curve))
    });
    let last = |curve: &Vec<Point>| curve.last().copied();
    let ends: Option<Vec<Point>> =
        curves.iter().flat_map(|(_, curves)| curves.iter().map(last)).collect();
    let Some(ends) = ends else { return Err(FigureError::NoRows) };
    let most = ends.iter().map(|end| end.0).fold(1.0, f64::max);
    let tops =
        curves.iter().flat_map(|(_, curves)| curves.iter().filter_map(|c| c.first()));
    let highest = tops.map(|top| top.1).fold(1.0, f64::max);
    let x = Axis::logarithmic("EM steps", 0.0..most + 0.1, 5);
    let y = Axis::logarithmic("log-likelihood missing", LOWEST.log10()..highest + 0.5, 5);
    let figure = Figure::draw(GAPS, (2, 1), 2300, |areas| {
        for (row, ((problem, curves), area)) in curves.iter().zip(areas).enumerate() {
            let x = if row == 0 { x.silent() } else { x.clone() };
            let mut panel = Panel::new(area, &x, &y, problem)?;
            for ((_, role), curve) in methods.iter().zip(curves) {
                panel.line(*role, curve)?;
            }
            for ((name, role), curve) in methods.iter().zip(curves) {
                let own: Vec<_> = curve
                    .iter()
                    .filter(|at| (-8.0..-2.0).contains(&at.1))
                    .copied()
                    .collect();
                let others = curves.iter().filter(|c| *c != curve).map(Vec::as_slice);
                panel.label(name, *role, &own, &others.collect::<Vec<_>>())?;
            }
        }
        Ok(())
    })?;
    let told = curves.iter().map(|(problem, curves)| {
        let each = methods.iter().zip(curves).map(|((name, _), curve)| {
            let steps = curve.iter().find(|at| at.1 <= -8.0).map_or(f64::NAN, |at| at.0);
            format!("{name} {}", number(10f64.powf(steps).round()))
        });
        format!("{problem}: {}", each.collect::<Vec<_>>().join(", "))
    });
    Ok(figure.described(
        "What is missing after how many steps",
        format!(
            "How much log-likelihood is missing, against EM steps, both by powers of ten. Steps until \
             10⁻⁸ are missing: {}.",
            told.collect::<Vec<_>>().join("; "),
        ),
    ))
}
