//! Samples of which only a table of moments is known.

use crate::source::Source;
use crate::units::Units;
use crate::weighted::Weighted;
use crate::{FitError, Fitter, Report};
use compression::TRUSTED;
use one_pass::Sums;
use query::{Levels, Moments};
use sampling::{Component, Mixture};
use std::cell::RefCell;

/// The share of a component's samples that may be wrong in the end (eq:slope-error): seven digits are
/// shown.
const ENOUGH: f64 = 1e-8;
/// The error grows with this power of the width.
const POWER: f64 = 8.0;
/// Points in a bin of many values. One that has fewer has the values themselves.
const FULL: usize = 4;

/// Steps that follow a component that is too narrow, to see how narrow it is.
const FOLLOWED: usize = 200;
/// Points do not tell apart what is narrower than this share of a bin.
const TOLD_APART: f64 = 0.01;

/// A table and its points, and the highest place where a run has met a component that is too narrow
/// for it.
pub(crate) struct Table {
    levels: Levels,
    points: Weighted,
    /// All of the samples as one component.
    whole: Sums,
    narrow: RefCell<Option<(f64, Mixture)>>,
}

impl Table {
    fn new(moments: Moments) -> Result<Self, FitError> {
        let whole = whole(&moments);
        let levels = Levels::new(moments);
        let (values, counts): (Vec<_>, Vec<_>) = levels.points().points().unzip();
        let points = Weighted::new(&values, &counts)?;
        Ok(Self { levels, points, whole, narrow: RefCell::default() })
    }

    /// All of the samples as one component.
    pub fn whole(&self) -> Sums {
        self.whole
    }

    /// Numbers to choose starts from: each point's, evenly spread half-way to its neighbours, as the
    /// samples may be. A new search begins.
    pub fn starters(&self, most: usize) -> Vec<f64> {
        self.narrow.take();
        let all = self.points.starters(most);
        let groups: Vec<&[f64]> = all.chunk_by(|a, b| a == b).collect();
        let spread = |i: usize| {
            let half_way =
                |to: usize| 0.5 * (groups[i][0] + groups.get(to).unwrap_or(&groups[i])[0]);
            let (from, to) = (half_way(i.saturating_sub(1)), half_way(i + 1));
            let count = groups[i].len() as f64;
            (0..groups[i].len()).map(move |j| from + (to - from) * (j as f64 + 0.5) / count)
        };
        (0..groups.len()).flat_map(spread).collect()
    }

    /// The log-likelihood, and the sums of every component, by the coarsest table that can be trusted.
    ///
    /// # Errors
    ///
    /// A component so narrow that it may lie between the points. It is remembered, with the
    /// log-likelihood that the points give.
    pub fn pass(
        &self,
        mixture: &Mixture,
        error: f64,
    ) -> Result<(f64, Vec<Sums>), FitError> {
        let pass = self.levels.pass(mixture, error)?;
        let (component, narrowest) = narrowest(mixture);
        let width = self.levels.finest().width();
        let between = mixture.components().len() > 1 && width > 0.5 * narrowest;
        if between && !self.has_all_values(mixture.components()[component].mean) {
            let mut highest = self.narrow.borrow_mut();
            let lower = |(height, met): &(f64, Mixture)| {
                met.components().len() != mixture.components().len() || *height < pass.0
            };
            if highest.as_ref().is_none_or(lower) {
                *highest = Some((pass.0, mixture.clone()));
            }
            return Err(self.too_narrow(mixture, f64::INFINITY));
        }
        Ok(pass)
    }

    /// The same at the end of a search.
    ///
    /// # Errors
    ///
    /// Too much is wrong by the finest table, or a run was higher than this when it met a component that
    /// is too narrow.
    pub fn exact(&self, mixture: &Mixture) -> Result<(f64, Vec<Sums>), FitError> {
        let pass = self.pass(mixture, TRUSTED)?;
        let error = self.levels.error(mixture);
        match &*self.narrow.borrow() {
            Some((height, met))
                if met.components().len() == mixture.components().len()
                    && *height > pass.0 =>
            {
                Err(self.too_narrow(&self.followed(met), f64::INFINITY))
            }
            _ if error > ENOUGH => Err(self.too_narrow(mixture, error)),
            _ => Ok(pass),
        }
    }

    /// Why there is no fit.
    pub fn reason(&self, error: FitError) -> FitError {
        match (error, self.narrow.take()) {
            (FitError::NoneAdmissible { .. }, Some((_, met))) => {
                self.too_narrow(&self.followed(&met), f64::INFINITY)
            }
            (error, _) => error,
        }
    }

    /// Whether the bin of a place has so few different values that the points are these.
    fn has_all_values(&self, x: f64) -> bool {
        let width = self.levels.finest().width();
        let bin = (x / width).floor();
        let inside = |edge: f64| self.points.below(edge * width);
        inside(bin + 1.0) - inside(bin) < FULL
    }

    /// Where EM on the points leads while its narrowest component becomes narrower.
    fn followed(&self, met: &Mixture) -> Mixture {
        let least = TOLD_APART * self.levels.finest().width();
        let step = |mixture: &Mixture| {
            let (_, sums) = self.levels.pass(mixture, TRUSTED).ok()?;
            let all: f64 = sums.iter().map(|sums| sums.count).sum();
            let one =
                |sums: &Sums| Component { weight: sums.count / all, ..sums.component(1) };
            let next = Mixture::new(sums.iter().map(one)).ok()?;
            let (before, after) = (narrowest(mixture).1, narrowest(&next).1);
            (least < after && after < before).then_some(next)
        };
        let way = std::iter::successors(Some(met.clone()), step);
        way.take(FOLLOWED).last().expect("it begins there")
    }

    /// What is too narrow, and the width that is not: the error grows with the eighth power of it.
    fn too_narrow(&self, mixture: &Mixture, error: f64) -> FitError {
        let width = self.levels.finest().width();
        let (component, deviation) = narrowest(mixture);
        let wanted = match error.is_finite() {
            true => width * (TRUSTED / error).powf(1.0 / POWER),
            false => deviation / 8.0,
        };
        let wanted = wanted.min(width / 2.0).log2().floor().exp2();
        FitError::TooNarrow { component, deviation, width, wanted }
    }
}

/// The component with the least deviation.
fn narrowest(mixture: &Mixture) -> (usize, f64) {
    let deviations = mixture.components().iter().map(|c| c.variance.sqrt());
    let least = deviations.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    least.expect("a mixture has a component")
}

/// All of the samples as one component, by the moments of the bins about their middles (eq:merge).
fn whole(table: &Moments) -> Sums {
    let half = 0.5 * table.width();
    let sums = |(bin, [m0, m1, m2, ..]): (i64, [f64; 8])| Sums {
        centre: table.width() * (bin as f64 + 0.5),
        count: m0,
        first: half * m1,
        second: half * half * m2,
    };
    let all = table.bins().map(sums).reduce(|all, more| all.merge(&more));
    all.map_or(Sums::new(0.0), |all| all.about(all.component(1).mean))
}

impl Fitter {
    /// Fits samples of which only a table of moments is known, as the query of the crate `query` gives it.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit`]; a component too narrow for the bins of the table, with the width to ask for.
    ///
    /// ```
    /// use fit::{Fitter, Moments};
    /// let data: Vec<f64> = (0..9000).map(|i| f64::from(i % 97 * (i % 89)) / 1e3).collect();
    /// let (all, few) = (Fitter::new(2).fit(&data)?, Moments::of(&data, 1.0 / 64.0)?);
    /// let few = Fitter::new(2).fit_moments(&few)?;
    /// assert!((few.log_likelihood / all.log_likelihood - 1.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit_moments(&self, table: &Moments) -> Result<Report, FitError> {
        self.fit_moments_with(table, &mut |_, _| ())
    }

    /// The same, told of its progress: starts done, of how many.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit_moments`].
    pub fn fit_moments_with(
        &self,
        table: &Moments,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Report, FitError> {
        let units = Units::of(&whole(table));
        let moved = units.moments(table);
        let units = if moved.is_some() { units } else { Units::OWN };
        let table = Table::new(moved.unwrap_or_else(|| table.clone()))?;
        self.run(&Source::Table(&table), units, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Law, eq:merge: bins about their middles have the count, mean and variance of their samples, near 0,
    /// far from it, and with an outlier.
    #[test]
    fn the_bins_as_one_component_are_the_samples_as_one() {
        let near: Vec<f64> = (0..500).map(|i| f64::from(i % 97 * (i % 89)) / 1e3).collect();
        let far = near.iter().map(|x| x + 1e9).collect();
        let outlier = near.iter().copied().chain([-1e6]).collect();
        for data in [near.clone(), far, outlier] {
            let bins = whole(&Moments::of(&data, 0.0625).unwrap()).component(data.len());
            let samples =
                one_pass::Samples::new(&data).unwrap().sums().component(data.len());
            assert_eq!((bins.weight, samples.weight), (1.0, 1.0));
            let off = (bins.mean - samples.mean).abs();
            assert!(off <= 1e-15 * samples.mean.abs() + 1e-13 * samples.variance.sqrt());
            assert!((bins.variance / samples.variance - 1.0).abs() < 1e-12, "{bins:?}");
        }
        assert_eq!(whole(&Moments::of(&[], 1.0).unwrap()).count, 0.0);
    }
}
