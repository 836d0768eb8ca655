//! The same samples three times: coloured by the truth, uncoloured, and by membership.

use crate::FigureError;
use ::e_step::e_step;
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

/// Each sample as a tile over its place: coloured by the component that it came from; without
/// colour; divided by its memberships under the mixture, component 0 at the left.
///
/// # Errors
///
/// No samples; one that is not finite or has no memberships.
pub fn colours(mixture: &Mixture, samples: &[(f64, usize)]) -> Result<Figure, FigureError> {
    let mut samples = samples.to_vec();
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    let data: Vec<f64> = samples.iter().map(|(x, _)| *x).collect();
    let bins = Histogram::with_bins(&data, 48)?;
    let memberships = e_step(&data, mixture)?;
    let components = mixture.components().len();
    // By the truth, a sample is of one component, whole.
    let labels = |i: usize, k: usize| f64::from(u8::from(samples[i].1 == k));
    let shares = |i: usize, k: usize| memberships.components()[k][i];
    let x = Axis::level("x", &bins.range, 6);
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let y = Axis::new("", 0.0..highest + 1.0, 1).silent();
    let titles = ["by the truth", "as we see them", "by membership"];
    let figure = Figure::draw(COLOURS, (3, 1), 1150, |areas| {
        for (row, title) in titles.into_iter().enumerate() {
            let axis = if row < 2 { x.silent() } else { x.clone() };
            let mut panel = Panel::new(&areas[row], &axis, &y, title)?;
            let mut stacks = vec![0.0; bins.counts.len()];
            for (i, sample) in data.iter().enumerate() {
                let bin = bins.bin(*sample);
                let gap = 0.06 * bins.width();
                let (mut left, foot) = (bins.edge(bin) + gap, stacks[bin] + 0.06);
                stacks[bin] += 1.0;
                let parts: Vec<(Role, f64)> = match row {
                    0 => (0..components)
                        .map(|k| (Role::Component(k), labels(i, k)))
                        .collect(),
                    1 => vec![(Role::Data, 1.0)],
                    _ => (0..components)
                        .map(|k| (Role::Component(k), shares(i, k)))
                        .collect(),
                };
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
    let undecided = (0..data.len()).filter(|i| {
        let most = (0..components).map(|k| shares(*i, k)).fold(0.0, f64::max);
        most < 0.9
    });
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
