//! The picture of the chapter *Search*.

use crate::FigureError;
use datasets::start::{STRATEGIES as NAMES, Trial, scores};
use plot::words::number;
use plot::{Axis, Figure, Panel, Role};

pub(crate) const STRATEGIES: &str = "search/strategies";

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
