//! *Bound*: half-steps as bars, and bounds along a slice.

use crate::LabError;
use crate::control::{Control, Slider};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use crate::run::{Run, Steps};
use figures::Labels;
use figures::bound::{Slice, narrow_before_wide};
use plot::words::number;

/// The bound, the gap and the log-likelihood of six steps, up to one that the reader chooses.
pub(crate) fn half_steps(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let last = request.number("last", 6, 1..=60)?;
    let data = shelf.data.of(&mut shelf.own, request, "data=notebook")?;
    let name = format!("{} from the guess", data.source.state());
    let run = shelf
        .run
        .get(&name, || Ok::<_, LabError>(Run::new(Steps::Plain, notebook::guess())))?;
    let last = run.reach(data, last)?;
    let first = last.saturating_sub(6);
    let steps: Vec<_> = (first..=last).map(|i| (i, run.mixtures[i].clone())).collect();
    let figure = figures::bound::half_steps(&data.samples, &steps)?;
    let gain = run.values[last] - run.values[last - 1];
    let table = |step: usize| e_step::e_step(&data.samples, &run.mixtures[step]);
    let gap = bound::gap(
        &table(last - 1).map_err(em::EmError::from)?,
        &table(last).map_err(em::EmError::from)?,
    );
    let gap = gap.map_err(figures::FigureError::from)?;
    let say = format!(
        "Step {last} gains {}: the M-step raises the bound by {} and opens a gap of {}, {} % of all.",
        number(gain),
        number(gain - gap),
        number(gap),
        number((1000.0 * gap / gain).round() / 10.0),
    );
    let state = format!("figure=bound/half_steps&{}&last={last}", data.source.state());
    let controls = vec![Slider::whole_by_one("last", "last step", 1..60, last)];
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

/// The most bounds at a time.
const MOST: usize = 6;

/// A bound that touches where the reader wants, and the climb from there.
pub(crate) fn minoriser(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let data = shelf.data.of(&mut shelf.own, request, "data=notebook")?;
    let slice = shelf.slice.get(&data.source.state(), || {
        Slice::new(&data.samples, &narrow_before_wide()?, 0).map_err(LabError::from)
    })?;
    let mut means = match (request.get("touch"), request.get("means")) {
        ("", "") => vec![-2.0, 3.0, 9.0],
        ("", _) => request.numbers("means")?,
        _ => vec![request.number("touch", 0.0, f64::MIN..=f64::MAX)?],
    };
    means.drain(..means.len().saturating_sub(MOST));
    let mut last = means.last().copied().unwrap_or_default();
    let mut say = format!("The bound that touches at {} ", number(last));
    if request.get("to") == "end" {
        let (from, mut steps) = (last, 0);
        loop {
            let next = slice.next(last)?;
            (last, steps) = (next, steps + 1);
            if (slice.next(last)? - last).abs() < 1e-6 || steps == 500 {
                break;
            }
        }
        means = vec![from, last];
        say = format!("From {} it takes {steps} climbs. The bound there ", number(from));
    }
    let next = slice.next(last)?;
    let labels =
        if request.get("id").is_empty() { Labels::Searched } else { Labels::OnTop };
    let figure = slice.figure(&means, labels)?;
    let frame = &figure.frames()[0];
    let list =
        |means: &[f64]| means.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    let climbed = [&means[..], &[next]].concat();
    let controls = vec![
        Slider::under("touch", "touches at", frame, last),
        Control::button("Climb", format!("means={}", list(&climbed))),
        Control::button("Climb to the end", "to=end"),
    ];
    let say = format!("{say}has its maximum at {}.", number(next));
    let state =
        format!("figure=bound/minoriser&{}&means={}", data.source.state(), list(&means));
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}
