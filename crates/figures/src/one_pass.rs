//! The picture of the chapter *One pass*.

use crate::FigureError;
use datasets::one_pass::{Cost, LIMITS, nanoseconds, rungs};
use plot::Figure;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel};

pub(crate) const LADDER: &str = "one_pass/ladder";

/// The left end of the bars: 0.01 nanoseconds.
const LEFT: f64 = -2.0;

/// What a step with two components costs on each rung, per sample, and the limits: as
/// bars on a logarithmic axis, with the most samples that were measured.
///
/// # Errors
///
/// No costs.
pub fn ladder(costs: &[Cost]) -> Result<Figure, FigureError> {
    let most = costs.iter().max_by_key(|cost| cost.samples).ok_or(FigureError::NoRows)?;
    let (n, rungs) = (most.samples, rungs(most.cores));
    let cost = |name: &&str| nanoseconds(costs, n, 2, name).filter(|ns| *ns > 0.0);
    let all = rungs.iter().map(String::as_str).chain(LIMITS);
    let names: Vec<&str> = all.filter(|name| cost(name).is_some()).collect();
    let bars: Vec<_> = names.iter().map(cost).collect();
    let x = Axis::logarithmic("nanoseconds a sample", LEFT..3.1, 5);
    let figure = Figure::draw(LADDER, (1, 1), 2900, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &Axis::names(&names), "")?;
        for (i, ns) in bars.iter().enumerate() {
            let (Some(ns), at) = (ns, (names.len() - 1 - i) as f64) else { continue };
            let (end, low, high) = (ns.log10().max(LEFT), at - 0.3, at + 0.3);
            let limit = LIMITS.contains(&names[i]);
            let role = if limit { Role::Data } else { Role::Component(0) };
            let corners = vec![(LEFT, low), (LEFT, high), (end, high), (end, low)];
            panel.line(role, &corners)?;
            panel.fill(role, corners)?;
            panel.beside(&number(*ns), Role::Ink, (end, at))?;
        }
        Ok(())
    })?;
    let told = names
        .iter()
        .zip(&bars)
        .filter_map(|(name, ns)| ns.map(|ns| format!("{name} {}", number(ns))));
    Ok(figure.described(
        "What a step costs on each rung of the ladder",
        format!(
            "Nanoseconds a sample, with 2 components and {} samples: {}.",
            number(n as f64),
            told.collect::<Vec<_>>().join(", ")
        ),
    ))
}
