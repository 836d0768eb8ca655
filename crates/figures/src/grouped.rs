//! The pictures of the chapter *Grouped*.

use crate::FigureError;
use ::grouped::{Class, Classes, GroupedError, log_likelihood, step};
use ::sampling::{Component, Mixture};
use plot::Role;
use plot::label;
use plot::words::{component, number};
use plot::{Axis, Panel, Point, padded};
use plot::{Figure, PlotError};
use std::sync::LazyLock;

pub(crate) const FIT: &str = "grouped/fit";
pub(crate) const RIDGE: &str = "grouped/ridge";

/// Closed classes as bars whose areas are shares of all samples, and over them each component with
/// its weight, and their sum. Open classes have no width, so they have no bar: their counts stand at
/// the ends.
///
/// # Errors
///
/// No closed class.
pub fn fit(classes: &Classes, mixture: &Mixture) -> Result<Figure, FigureError> {
    let all = classes.classes();
    let closed = |c: &&Class| (c.upper - c.lower).is_finite();
    let density = |c: &Class| c.count / classes.samples() / (c.upper - c.lower);
    let bars: Vec<&Class> = all.iter().filter(closed).collect();
    let ends = bars.first().zip(bars.last()).map(|(a, b)| a.lower..b.upper);
    let ends = ends.ok_or(PlotError::NoSamples)?;
    let room = 0.065 * (ends.end - ends.start);
    let x = Axis::new("ratio of forehead to body", ends.start - room..ends.end + room, 6);
    let highest = bars.iter().map(|c| density(c)).fold(0.0, f64::max);
    let y = Axis::new("density", 0.0..1.1 * highest, 5);
    let curves = plot::curves(mixture, &x.range);
    let figure = Figure::draw(FIT, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for c in &bars {
            let top = density(c);
            panel.bar(Role::Data, c.lower..c.upper, top)?;
        }
        if let Some((sum, components)) = curves.split_last() {
            panel.line(Role::Sum, sum)?;
            for (k, curve) in components.iter().enumerate() {
                panel.line(Role::Component(k), curve)?;
            }
        }
        for c in all.iter().filter(|c| !closed(c)) {
            let (at, side) = if c.lower.is_finite() {
                (c.lower + 0.5 * room, "above")
            } else {
                (c.upper - 0.5 * room, "below")
            };
            let text = format!("{} {side}", number(c.count));
            panel.label(&text, Role::Ink, &[(at, 0.1 * highest)], &[])?;
        }
        label(&mut panel, &curves, component)
    })?;
    let numbers = mixture.components().iter().enumerate().map(|(k, c)| {
        let deviation = number(c.variance.sqrt());
        format!(
            "component {k} has the weight {}, the mean {} and the deviation {deviation}",
            number(c.weight),
            number(c.mean)
        )
    });
    Ok(figure.described(
        "Samples in classes and the mixture fitted to them",
        format!(
            "{} samples in {} classes, {} of them closed, from {} to {}. Over the bars the fit: {}.",
            number(classes.samples()),
            all.len(),
            bars.len(),
            number(ends.start),
            number(ends.end),
            numbers.collect::<Vec<_>>().join("; "),
        ),
    ))
}

/// Pearson's crabs and their fit, 1000 steps from his first root.
///
/// # Errors
///
/// None; a step without an answer would be told.
pub fn fitted() -> Result<&'static (Classes, Mixture), FigureError> {
    type Fit = (Classes, Mixture);
    static FIT: LazyLock<Result<Fit, GroupedError>> = LazyLock::new(|| {
        let classes = Classes::new(datasets::pearson()).expect("29 classes");
        let [root, _] = datasets::pearson_roots();
        let last = ::grouped::em(&classes, root).nth(1000).expect("a run has a start")?;
        Ok((classes, last))
    });
    Ok(FIT.as_ref().map_err(|error| *error)?)
}

/// How high two components reach when the weight of the first is held, by that weight, from 0.25 to
/// 0.65.
#[derive(Debug, Clone)]
pub struct Ridge {
    classes: Classes,
    fit: Mixture,
    /// By their weight.
    mixtures: Vec<Mixture>,
}

fn weight(mixture: &Mixture) -> f64 {
    mixture.components()[0].weight
}

impl Ridge {
    /// The ridge on which a fit lies, walked to both sides.
    ///
    /// # Errors
    ///
    /// A step without an answer.
    pub fn new(classes: &Classes, fit: &Mixture) -> Result<Self, FigureError> {
        let (classes, fit) = (classes.clone(), fit.clone());
        let side = |to: f64| -> Result<Vec<Mixture>, FigureError> {
            let (mut mixtures, from) = (vec![fit.clone()], weight(&fit));
            for i in 1..=12 {
                let next = from + (to - from) * f64::from(i) / 12.0;
                mixtures.push(held(&classes, mixtures[i as usize - 1].clone(), next, 60)?);
            }
            Ok(mixtures)
        };
        let (mut mixtures, right) = (side(0.25)?, side(0.65)?);
        mixtures.reverse();
        mixtures.extend_from_slice(&right[1..]);
        Ok(Self { classes, fit, mixtures })
    }

    /// The log-likelihood of a mixture less that of the fit.
    #[must_use]
    pub fn short(&self, mixture: &Mixture) -> f64 {
        log_likelihood(&self.classes, mixture) - log_likelihood(&self.classes, &self.fit)
    }

    /// The mixture on the ridge at a weight, from between its neighbours that are known.
    ///
    /// # Errors
    ///
    /// A weight that is not between 0 and 1; a step without an answer.
    pub fn at(&self, held_weight: f64) -> Result<Mixture, FigureError> {
        let right = self.mixtures.partition_point(|m| weight(m) < held_weight);
        let right = right.clamp(1, self.mixtures.len() - 1);
        let [from, to] = [right - 1, right].map(|i| &self.mixtures[i]);
        let share = (held_weight - weight(from)) / (weight(to) - weight(from));
        let between = |a: f64, b: f64| a + share * (b - a);
        let pairs = from.components().iter().zip(to.components());
        let components = pairs.map(|(from, to)| Component {
            weight: between(from.weight, to.weight),
            mean: between(from.mean, to.mean),
            variance: between(from.variance, to.variance),
        });
        held(&self.classes, Mixture::new(components)?, held_weight, 15)
    }

    /// The ridge, the fit, and other mixtures by their names.
    ///
    /// # Errors
    ///
    /// Those of [`plot`].
    pub fn figure(&self, others: &[(&str, &Mixture)]) -> Result<Figure, FigureError> {
        let point = |m: &Mixture| (weight(m), self.short(m));
        let ridge: Vec<Point> = self.mixtures.iter().map(point).collect();
        let lowest = ridge.iter().map(|point| point.1).fold(0.0, f64::min);
        let x = Axis::new("weight of component 0", 0.25..0.65, 5);
        let y = Axis::new("log-likelihood less the best", padded(&(1.1 * lowest..0.25)), 5);
        let figure = Figure::draw(RIDGE, (1, 1), 2600, |areas| {
            let mut panel = Panel::new(&areas[0], &x, &y, "")?;
            panel.line(Role::Sum, &ridge)?;
            let fitted = [("fit", &self.fit)];
            let marks: Vec<(&str, Point)> =
                (fitted.iter().chain(others)).map(|(name, m)| (*name, point(m))).collect();
            for (_, point) in &marks {
                panel.dot(Role::Ink, *point)?;
            }
            for (name, point) in &marks {
                panel.label(name, Role::Ink, &[*point], &[])?;
            }
            Ok(())
        })?;
        let ends = [ridge[0], ridge[ridge.len() - 1]];
        let [left, right] =
            ends.map(|(w, l)| format!("{} at the weight {}", number(l), number(w)));
        let others = others.iter().map(|(name, m)| {
            let (w, l) = point(m);
            format!("{name} at the weight {}: {}", number(w), number(l))
        });
        Ok(figure.described(
            "A ridge of the log-likelihood",
            format!(
                "The best log-likelihood with the weight of component 0 held, less that of the \
                 fit, which has the weight {}. It is {left} and {right}. {}.",
                number(weight(&self.fit)),
                others.collect::<Vec<_>>().join("; "),
            ),
        ))
    }
}

/// 60 steps of EM with the first of two weights held at `weight`: Q is a sum of a part for the
/// weights and a part for the rest, so the rest may climb alone.
fn held(
    classes: &Classes,
    from: Mixture,
    weight: f64,
    steps: usize,
) -> Result<Mixture, FigureError> {
    let hold = |m: &Mixture| {
        let weights = [weight, 1.0 - weight];
        let components = m.components().iter().zip(weights);
        let held = components.map(|(c, weight)| Component { weight, ..*c });
        Mixture::new(held)
    };
    let mut mixture = hold(&from)?;
    for _ in 0..steps {
        mixture = hold(&step(classes, &mixture)?.1)?;
    }
    Ok(mixture)
}
