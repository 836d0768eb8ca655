//! The pictures of the chapter *Bound*.

use crate::FigureError;
use ::bound::{gap, lower_bound};
use ::e_step::e_step;
use ::em::log_likelihood;
use ::sampling::{Mixture, MixtureError};
use plot::Figure;
use plot::Role;
use plot::words::{formula, number};
use plot::{Axis, Labels, Panel, Point};
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

/// A narrow component before a wide one, which has the mean and the variance of the truth: the mixture
/// of which only the mean of component 0 moves.
///
/// # Errors
///
/// None; the truth has a variance.
pub fn narrow_before_wide() -> Result<Mixture, MixtureError> {
    let truth = notebook::truth();
    Mixture::new([(0.3, 0.0, 1.0), (0.7, truth.mean(), truth.variance())])
}

/// The log-likelihood of samples along a slice in which only the mean of one component moves.
#[derive(Debug, Clone)]
pub struct Slice {
    data: Vec<f64>,
    mixture: Mixture,
    k: usize,
    curve: Vec<Point>,
    x: Axis,
    y: Axis,
}

/// A lower bound along a slice: where it touches the log-likelihood, and its maximum.
struct Minoriser {
    touch: Point,
    top: Point,
    curve: Vec<Point>,
}

impl Slice {
    /// The slice in the mean of component `k`, across the samples.
    ///
    /// # Errors
    ///
    /// No samples, or one that is not finite or has no density; no component `k`.
    pub fn new(data: &[f64], mixture: &Mixture, k: usize) -> Result<Self, FigureError> {
        let components = mixture.components().len();
        if k >= components {
            return Err(FigureError::NoComponent { component: k, components });
        }
        let x = Axis::level("mean", &Histogram::new(data)?.range, 6);
        let y = Axis::new("log-likelihood", 0.0..1.0, 4); // until its range is known
        let (data, mixture) = (data.to_vec(), mixture.clone());
        let mut slice = Self { data, mixture, k, curve: vec![], x, y };
        let heights = slice.grid().map(|mean| slice.height(mean));
        slice.curve = heights.collect::<Result<Vec<_>, _>>()?;
        let heights: Vec<_> = slice.curve.iter().map(|(_, l)| *l).collect();
        let range = wide_enough(&heights)?;
        let room = 0.2 * (range.end - range.start);
        slice.y = Axis::new("log-likelihood", range.start..range.end + room, 4);
        Ok(slice)
    }

    fn grid(&self) -> impl Iterator<Item = f64> + use<> {
        let (start, width) = (self.x.range.start, self.x.range.end - self.x.range.start);
        (0..=120).map(move |i| start + width * f64::from(i) / 120.0)
    }

    fn moved(&self, mean: f64) -> Result<Mixture, MixtureError> {
        let mut components = self.mixture.components().to_vec();
        components[self.k].mean = mean;
        Mixture::new(components)
    }

    fn height(&self, mean: f64) -> Result<Point, FigureError> {
        Ok((mean, log_likelihood(&self.data, &self.moved(mean)?)))
    }

    /// Where the bound that touches at a mean has its maximum: the mean after a step in which nothing
    /// else moves.
    ///
    /// # Errors
    ///
    /// A mean that is not finite, or from which a sample has no memberships.
    pub fn next(&self, mean: f64) -> Result<f64, FigureError> {
        let q = e_step(&self.data, &self.moved(mean)?)?;
        Ok(::m_step::mean(&self.data, &q.components()[self.k]))
    }

    /// A bound along the slice is a parabola: its top, and how it falls.
    fn minoriser(&self, mean: f64) -> Result<Minoriser, FigureError> {
        let q = e_step(&self.data, &self.moved(mean)?)?;
        let memberships = &q.components()[self.k];
        let next = ::m_step::mean(&self.data, memberships);
        let top = lower_bound(&self.data, &q, &self.moved(next)?)?;
        let variance = self.mixture.components()[self.k].variance;
        let bend = ::m_step::effective_count(memberships) / (2.0 * variance);
        let curve = self.grid().map(|m| (m, top - bend * (m - next).powi(2))).collect();
        Ok(Minoriser { touch: self.height(mean)?, top: (next, top), curve })
    }

    /// The slice, and the lower bounds that touch it where the mean is one of `current`, each with
    /// its maximum.
    ///
    /// # Errors
    ///
    /// As [`Slice::next`].
    pub fn figure(&self, current: &[f64], labels: Labels) -> Result<Figure, FigureError> {
        let bounds = current.iter().map(|mean| self.minoriser(*mean));
        let bounds = bounds.collect::<Result<Vec<_>, _>>()?;
        let figure = Figure::draw(MINORISER, (1, 1), 3600, |areas| {
            let mut panel = Panel::new(&areas[0], &self.x, &self.y, "")?.labelled(labels);
            panel.line(Role::Sum, &self.curve)?;
            for (i, bound) in bounds.iter().enumerate() {
                panel.line(Role::Component(i), &bound.curve)?;
                panel.dot(Role::Sum, bound.touch)?;
                panel.dot(Role::Component(i), bound.top)?;
            }
            for (i, Minoriser { touch, top, curve }) in bounds.iter().enumerate() {
                panel.label(&number(top.0), Role::Component(i), &[*top], &[&self.curve])?;
                panel.label(&number(touch.0), Role::Sum, &[*touch], &[curve])?;
            }
            let others: Vec<_> = bounds.iter().map(|bound| &bound.curve[..]).collect();
            panel.label("log-likelihood", Role::Sum, &self.curve, &others)
        })?;
        let steps = bounds.iter().map(|Minoriser { touch, top, .. }| {
            format!(
                "the one that touches it at {}, at the height {}, has its maximum {} at {}",
                number(touch.0),
                number(touch.1),
                number(top.1),
                number(top.0)
            )
        });
        Ok(figure.described(
            "Lower bounds that touch the log-likelihood",
            format!(
                "The log-likelihood of {} samples along a slice in the mean of component {} of \
                 {}, and {} lower bounds, parabolas: {}.",
                number(self.data.len() as f64),
                self.k,
                formula(&self.mixture),
                current.len(),
                steps.collect::<Vec<_>>().join("; "),
            ),
        ))
    }
}

/// [`Slice::figure`] of a slice that is needed once.
///
/// # Errors
///
/// Those of [`Slice::new`] and [`Slice::figure`].
pub fn minoriser(
    data: &[f64],
    mixture: &Mixture,
    k: usize,
    current: &[f64],
) -> Result<Figure, FigureError> {
    Slice::new(data, mixture, k)?.figure(current, Labels::Searched)
}
