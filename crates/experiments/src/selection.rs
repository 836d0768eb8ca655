//! The long searches with one to six components, and the bootstrap of the likelihood ratio.

use crate::Desk;
use anyhow::Result;
use datasets::galaxies;
use datasets::selection::{Fit, Ratio};
use fit::Fitter;
use selection::{Criteria, short_plan};

/// The most components of the searches.
pub const MOST: usize = 6;

/// The replicates of the bootstrap.
pub const REPLICATES: usize = 999;

/// The fits of the chapter *Fit*, by split and merge, to the galaxies and to the notebook's samples, with
/// K = 1 to [`MOST`].
///
/// # Errors
///
/// None: every search finds a fit.
pub fn fits(desk: &Desk) -> Result<Vec<Fit>> {
    let sets = [("galaxies", galaxies()), ("notebook", notebook::data())];
    // ANCHOR: fits
    let searches = sets.iter().flat_map(|set| (1..=MOST).map(move |k| (set, k)));
    desk.each(searches.collect(), |((name, data), components)| {
        let best = Fitter::new(components).fit(data)?.mixture;
        let Criteria { log_likelihood, aic, bic, icl, .. } = Criteria::new(data, &best)?;
        Ok(Fit { data: (*name).into(), components, log_likelihood, aic, bic, icl })
    })
    // ANCHOR_END: fits
}

/// The likelihood ratios of three components to four in [`REPLICATES`] samples of the fit with three
/// to the galaxies.
///
/// # Errors
///
/// None: every replicate has a fit with three.
pub fn ratios(desk: &Desk) -> Result<Vec<Ratio>> {
    (desk.parts)(REPLICATES);
    let (plan, galaxies) = (short_plan(), galaxies());
    let replicates = plan.replicates(&galaxies, 3)?.take(REPLICATES);
    replicates.inspect(|_| (desk.done)()).map(|ratio| Ok(Ratio(ratio?))).collect()
}
