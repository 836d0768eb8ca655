//! The same samples three times: coloured by the truth, uncoloured, and by membership.

use crate::FigureError;
use ::e_step::{Memberships, MembershipsError, e_step};
use ::sampling::Mixture;
use plot::Figure;
use plot::Histogram;
use plot::Role;
use plot::words::{component, formula};
use plot::{Axis, Panel};
use rand::{SeedableRng, rngs::ChaCha8Rng};

pub(crate) const COLOURS: &str = "e_step/colours";

/// Samples with the components that they came from.
#[must_use]
pub fn labelled(mixture: &Mixture, n: usize, seed: u64) -> Vec<(f64, usize)> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let all = mixture.components();
    let draw = |_| {
        let chosen = mixture.choose(rng);
        let k = all.iter().position(|c| c == chosen).unwrap_or_default();
        (chosen.draw(rng), k)
    };
    (0..n).map(draw).collect()
}

/// The truth about labelled samples, as memberships.
///
/// # Errors
///
/// No samples or no components; a label that is no component.
pub fn whole(
    samples: &[(f64, usize)],
    components: usize,
) -> Result<Memberships, MembershipsError> {
    let row = |k| samples.iter().map(|(_, own)| f64::from(*own == k)).collect();
    Memberships::new((0..components).map(row).collect())
}

/// Each sample as a tile over its place: coloured by the component that it came from; without
/// colour; divided by its memberships under the mixture, component 0 at the left.
///
/// # Errors
///
/// No samples; one that is not finite or has no memberships.
pub fn colours(mixture: &Mixture, samples: &[(f64, usize)]) -> Result<Figure, FigureError> {
    let data: Vec<f64> = samples.iter().map(|(x, _)| *x).collect();
    let (memberships, components) = (e_step(&data, mixture)?, mixture.components().len());
    let truth = whole(samples, components)?;
    let figure = rows(
        COLOURS,
        &data,
        mixture,
        &[
            ("by the truth", Some(&truth)),
            ("as we see them", None),
            ("by membership", Some(&memberships)),
        ],
    )?;
    let most =
        |i: &usize| memberships.components().iter().map(|row| row[*i]).fold(0.0, f64::max);
    let undecided = (0..data.len()).filter(|i| most(i) < 0.9);
    Ok(figure.described(
        "Samples by the truth, uncoloured, and by membership",
        format!(
            "{} samples of {}, each a tile over its place, in three panels: coloured by the \
             component that it came from; all alike; divided by its memberships. No membership \
             of {} of them reaches 0.9.",
            data.len(),
            formula(mixture),
            undecided.count(),
        ),
    ))
}

/// Each sample as a tile over its place, in a panel for each title: divided by memberships, component
/// 0 at the left, or without colour. The first panel names the components where the mixture has them.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn rows(
    name: &'static str,
    data: &[f64],
    mixture: &Mixture,
    rows: &[(&str, Option<&Memberships>)],
) -> Result<Figure, FigureError> {
    let bins = Histogram::with_bins(data, 48)?;
    let mut order: Vec<usize> = (0..data.len()).collect();
    order.sort_by(|a, b| data[*a].total_cmp(&data[*b]));
    let x = Axis::level("x", &bins.range, 6);
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let y = Axis::new("", 0.0..highest + 1.0, 1).silent();
    let gap = 0.06 * bins.width();
    let figure = Figure::draw(name, (rows.len(), 1), 1150, |areas| {
        for (row, (title, memberships)) in rows.iter().enumerate() {
            let axis = if row + 1 < rows.len() { x.silent() } else { x.clone() };
            let mut panel = Panel::new(&areas[row], &axis, &y, title)?;
            let mut stacks = vec![0.0; bins.counts.len()];
            for i in &order {
                let bin = bins.bin(data[*i]);
                let (mut left, foot) = (bins.edge(bin) + gap, stacks[bin] + 0.06);
                stacks[bin] += 1.0;
                let shares = memberships.iter().flat_map(|m| m.components());
                let mut parts: Vec<(Role, f64)> =
                    shares.enumerate().map(|(k, r)| (Role::Component(k), r[*i])).collect();
                if parts.is_empty() {
                    parts.push((Role::Data, 1.0));
                }
                for (role, share) in parts {
                    let (right, top) =
                        (left + (bins.width() - 2.0 * gap) * share, foot + 0.88);
                    let corners =
                        vec![(left, foot), (left, top), (right, top), (right, foot)];
                    panel.avoid(&corners);
                    if share > 0.005 {
                        panel.fill(role, corners)?;
                    }
                    left = right;
                }
            }
            if row == 0 {
                for (k, c) in mixture.components().iter().enumerate() {
                    let bin = bins.bin(c.mean);
                    let own = [(c.mean, stacks[bin] + 0.5)];
                    panel.label(&component(k), Role::Component(k), &own, &[])?;
                }
            }
        }
        Ok(())
    })?;
    Ok(figure)
}
