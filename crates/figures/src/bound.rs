//! The pictures of the chapter *Bound*.

use crate::FigureError;
use ::bound::{gap, lower_bound};
use ::e_step::e_step;
use ::em::log_likelihood;
use ::sampling::Mixture;
use plot::Figure;
use plot::Role;
use plot::words::{formula, number};
use plot::{Axis, Panel, Point};
use plot::{Histogram, wide_enough};

pub(crate) const HALF_STEPS: &str = "bound/half_steps";
pub(crate) const MINORISER: &str = "bound/minoriser";

/// The bound, the gap on top of it, and the log-likelihood, after both halves of every step from
/// each of the mixtures, neighbours in a run of EM, to the next.
///
/// # Errors
///
/// Fewer than two mixtures; mixtures of different size; samples without memberships; a bound
/// that is not finite.
pub fn half_steps(
    data: &[f64],
    mixtures: &[(usize, Mixture)],
) -> Result<Figure, FigureError> {
    let ([(before, _), ..], [_, .., (last, _)]) = (mixtures, mixtures) else {
        return Err(FigureError::NoFits);
    };
    // Two bars a step: the bound after the M-step, and after the E-step that follows.
    let (mut bars, mut tops) = (vec![], vec![]);
    for pair in mixtures.windows(2) {
        let (old, new) = (e_step(data, &pair[0].1)?, e_step(data, &pair[1].1)?);
        for q in [&old, &new] {
            bars.push((lower_bound(data, q, &pair[1].1)?, gap(q, &new)?));
        }
        tops.push(log_likelihood(data, &pair[1].1));
    }
    let ends: Vec<_> = bars.iter().flat_map(|(bound, gap)| [*bound, bound + gap]).collect();
    let ends = wide_enough(&ends)?;
    let room = 0.12 * (ends.end - ends.start);
    let (low, high) = (ends.start - room, ends.end + room);
    // The bars are made of narrow ones; left of the first there is room for the names.
    let left = *before as f64 - 0.2;
    let narrow = (100 / (mixtures.len() + 1)).max(1) as f64;
    let bins = Histogram { range: left..left + 100.0 / narrow, counts: vec![0.0; 100] };
    let (mut bounds, mut sums) = (vec![low; 100], vec![low; 100]);
    for bin in 0..100 {
        let at = bins.edge(bin) + bins.width() / 2.0;
        let off = at - at.round();
        let step = at.round() as usize;
        let bar = 2 * step.saturating_sub(*before) + usize::from(off > 0.0);
        if let Some((bound, gap)) = bar.checked_sub(2).and_then(|bar| bars.get(bar))
            && (0.03..0.4).contains(&off.abs())
        {
            (bounds[bin], sums[bin]) = (*bound, bound + gap);
        }
    }
    let x = Axis::new("step", left..*last as f64 + 0.5, mixtures.len());
    let y = Axis::new("log-likelihood", low..high, 4);
    let figure = Figure::draw(HALF_STEPS, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.bars(Role::Component(0), &bins, &vec![low; 100], &bounds)?;
        panel.bars(Role::Component(1), &bins, &bounds, &sums)?;
        for (i, top) in tops.iter().enumerate() {
            let step = (before + 1 + i) as f64;
            panel.line(Role::Sum, &[(step - 0.45, *top), (step + 0.45, *top)])?;
        }
        let (bound, gap) = bars[0];
        let side = *before as f64 + 0.6; // the left edge of the first bar
        panel.label("gap", Role::Component(1), &[(side, bound + gap / 2.0)], &[])?;
        let middle = (low + bound) / 2.0;
        panel.label("bound", Role::Component(0), &[(side, middle)], &[])?;
        let half = tops.len() / 2;
        let end = ((before + 1 + half) as f64, tops[half]);
        panel.label("log-likelihood", Role::Sum, &[end], &[])
    })?;
    let gaps: Vec<_> = bars.iter().step_by(2).map(|(_, gap)| number(*gap)).collect();
    Ok(figure.described(
        "The bound and the gap, half-step by half-step",
        format!(
            "Two bars for each of the steps {} to {last}: after the M-step and after the E-step \
             that follows. Each is the bound, and the gap on top of it; the top is the \
             log-likelihood, from {} to {}. After the M-steps the gap is {}; after every E-step \
             it is 0.",
            before + 1,
            number(tops[0]),
            number(tops[tops.len() - 1]),
            gaps.join(", "),
        ),
    ))
}

/// The log-likelihood along a slice in which only the mean of component `k` moves, and the lower
/// bounds that touch it where that mean is one of `current`, each with its maximum.
///
/// # Errors
///
/// No samples, or one that is not finite or has no memberships; no component `k`; means that are
/// not finite.
pub fn minoriser(
    data: &[f64],
    mixture: &Mixture,
    k: usize,
    current: &[f64],
) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let components = mixture.components().len();
    let Some(moving) = mixture.components().get(k) else {
        return Err(FigureError::NoComponent { component: k, components });
    };
    let moved = |mean: f64| {
        let mut components = mixture.components().to_vec();
        components[k].mean = mean;
        Mixture::new(components)
    };
    let x = Axis::level("mean", &bins.range, 6);
    let width = x.range.end - x.range.start;
    let grid: Vec<_> =
        (0..=120).map(|i| x.range.start + width * f64::from(i) / 120.0).collect();
    let height = |mean: f64| -> Result<Point, FigureError> {
        Ok((mean, log_likelihood(data, &moved(mean)?)))
    };
    let curve = grid.iter().map(|mean| height(*mean)).collect::<Result<Vec<_>, _>>()?;
    // A bound along the slice is a parabola: its top, and how it falls.
    let (mut touches, mut tops, mut bounds) = (vec![], vec![], vec![]);
    for mean in current {
        let q = e_step(data, &moved(*mean)?)?;
        let memberships = &q.components()[k];
        let next = ::m_step::mean(data, memberships);
        let top = lower_bound(data, &q, &moved(next)?)?;
        let bend = ::m_step::effective_count(memberships) / (2.0 * moving.variance);
        let parabola = |m: &f64| (*m, top - bend * (m - next).powi(2));
        touches.push(height(*mean)?);
        tops.push((next, top));
        bounds.push(grid.iter().map(parabola).collect::<Vec<_>>());
    }
    let heights: Vec<_> = curve.iter().map(|(_, l)| *l).collect();
    let range = wide_enough(&heights)?;
    let room = 0.2 * (range.end - range.start);
    let y = Axis::new("log-likelihood", range.start..range.end + room, 4);
    let figure = Figure::draw(MINORISER, (1, 1), 3600, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.line(Role::Sum, &curve)?;
        for (i, bound) in bounds.iter().enumerate() {
            panel.line(Role::Component(i), bound)?;
            panel.dot(Role::Sum, touches[i])?;
            panel.dot(Role::Component(i), tops[i])?;
        }
        for (i, (mean, _)) in tops.iter().enumerate() {
            panel.label(&number(*mean), Role::Component(i), &[tops[i]], &[&curve])?;
            panel.label(&number(touches[i].0), Role::Sum, &[touches[i]], &[&bounds[i]])?;
        }
        let others: Vec<_> = bounds.iter().map(Vec::as_slice).collect();
        panel.label("log-likelihood", Role::Sum, &curve, &others)
    })?;
    let steps = current.iter().zip(&tops).zip(&touches).map(|((mean, top), touch)| {
        format!(
            "the one that touches it at {}, at the height {}, has its maximum {} at {}",
            number(*mean),
            number(touch.1),
            number(top.1),
            number(top.0)
        )
    });
    Ok(figure.described(
        "Lower bounds that touch the log-likelihood",
        format!(
            "The log-likelihood of {} samples along a slice in the mean of component {k} of {}, \
             and {} lower bounds, parabolas: {}.",
            number(data.len() as f64),
            formula(mixture),
            current.len(),
            steps.collect::<Vec<_>>().join("; "),
        ),
    ))
}
