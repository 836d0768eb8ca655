//! The pictures of the chapter *Search*.

use crate::FigureError;
use ::sampling::{Component, Mixture};
use ::search::{Search, SearchError, best, split_and_merge};
use ::stability::log_likelihood;
use ::start::{StartError, quantiles};
use datasets::galaxies;
use datasets::start::{STRATEGIES as NAMES, Trial, scores};
use plot::words::{decimals, formula, number};
use plot::{Axis, Figure, Histogram, Panel, Point, Role, densities, fit};

pub(crate) const STRATEGIES: &str = "search/strategies";
pub(crate) const MOVE: &str = "search/move";

/// How often each strategy reaches the best fit known, with Wilson's interval at 95 %,
/// and the steps that a trial costs; two panels for each problem.
///
/// # Errors
///
/// No trials.
pub fn strategies(trials: &[Trial]) -> Result<Figure, FigureError> {
    let rows = scores(trials);
    if rows.is_empty() {
        return Err(FigureError::NoRows);
    }
    let y = Axis::names(&NAMES);
    let share = Axis::new("share that reach the best", -0.03..1.03, 2);
    let steps = Axis::logarithmic("steps in a trial", 0.8..3.6, 3);
    let figure = Figure::draw(STRATEGIES, (rows.len(), 2), 1300, |areas| {
        for (row, (problem, scores)) in rows.iter().enumerate() {
            let below =
                |x: &Axis| if row + 1 < rows.len() { x.silent() } else { x.clone() };
            let mut left = Panel::new(&areas[2 * row], &below(&share), &y, problem)?;
            let mut right =
                Panel::new(&areas[2 * row + 1], &below(&steps), &y.silent(), "")?;
            for (i, score) in scores.iter().enumerate() {
                let at = (NAMES.len() - 1 - i) as f64;
                left.line(Role::Sum, &score.interval.map(|end| (end, at)))?;
                left.dot(Role::Sum, (score.share, at))?;
                right.dot(Role::Sum, (score.steps.log10(), at))?;
            }
        }
        Ok(())
    })?;
    let told = rows.iter().map(|(problem, scores)| {
        let each = NAMES.iter().zip(scores).map(|(name, score)| {
            let (share, steps) = (100.0 * score.share, number(score.steps.round()));
            format!("{name} {share:.1} % in {steps} steps")
        });
        format!("{problem}: {}", each.collect::<Vec<_>>().join(", "))
    });
    Ok(figure.described(
        "What the strategies reach, and what they cost",
        format!(
            "In {} trials of {}.",
            trials.len() / rows.len(),
            told.collect::<Vec<_>>().join(". Of ")
        ),
    ))
}

/// The galaxies under four components: where the quantiles lead, the move from there, and where that
/// leads. The components that stay are first, then come the two that the move merges: in their place
/// stand the merged one and the new one.
///
/// # Errors
///
/// None; a search without an answer would be told.
pub fn freed() -> Result<(Vec<f64>, [Mixture; 3]), SearchError> {
    let data = galaxies();
    let search = Search { short: 20, finalists: 3, least_count: 2.0, ..Search::default() };
    let start = || quantiles(&data, 4);
    let stuck = best(&data, [start()?], &search)?.mixture;
    let free = split_and_merge(&data, [start()?], &search)?;
    let stays = |c: &Component| {
        let same = |other: &Component| (other.mean, other.variance) == (c.mean, c.variance);
        free.start.components().iter().any(same)
    };
    let (stay, go): (Vec<Component>, Vec<_>) =
        stuck.components().iter().partition(|c| stays(c));
    let stuck = Mixture::new([stay, go].concat()).map_err(StartError::from)?;
    Ok((data, [stuck, free.start, free.mixture]))
}

/// What a move makes of a fit: the fit where it is stuck, with the two components that are merged
/// last; the move, with the merged one and the new one last; and where EM leads from there.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn moved(data: &[f64], states: &[Mixture; 3]) -> Result<Figure, FigureError> {
    let bins = Histogram::with_bins(data, 40)?;
    let x = Axis::level("velocity in 1000 km/s", &bins.range, 6);
    let y = Axis::new("density", densities(&bins, 1.0), 3);
    let heights = states.each_ref().map(|m| decimals(log_likelihood(data, m), 3));
    let names = [
        ("stuck", ["a", "b"]),
        ("two merged, one new", ["a and b", "new"]),
        ("after EM", ["a and b", "new"]),
    ];
    let figure = Figure::draw(MOVE, (3, 1), 1500, |areas| {
        for (i, ((title, last), mixture)) in names.iter().zip(states).enumerate() {
            let x = if i < 2 { x.silent() } else { x.clone() };
            let y = if i == 0 { y.clone() } else { y.nameless() };
            let title = format!("{title}: {}", heights[i]);
            let mut panel = Panel::new(&areas[i], &x, &y, &title)?;
            let curves = fit(&mut panel, &bins, mixture, &x.range)?;
            let k = mixture.components().len();
            for (name, own) in last.iter().zip(k.saturating_sub(2)..k) {
                let others = (0..k).filter(|other| *other != own).map(|k| &*curves[k]);
                let others: Vec<&[Point]> = others.collect();
                panel.label(name, Role::Component(own), &curves[own], &others)?;
            }
        }
        Ok(())
    })?;
    let told = states.iter().zip(names).zip(&heights);
    let told = told
        .map(|((m, (title, _)), l)| format!("{title}, log-likelihood {l}: {}", formula(m)));
    Ok(figure.described(
        "Split and merge at work",
        format!(
            "The histogram of {} samples under three mixtures. {}.",
            data.len(),
            told.collect::<Vec<_>>().join(". ")
        ),
    ))
}
