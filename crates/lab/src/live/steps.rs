//! Figures of a run, half-step by half-step.

use super::{components, height};
use crate::LabError;
use crate::control::{Control, Next, Slider};
use crate::data::Data;
use crate::kept::{Kept, Shelf};
use crate::reply::Reply;
use crate::request::{Request, written};
use crate::run::{MANY, Place, Run, Steps};
use figures::Figure;
use figures::e_step::Divided;
use plot::Histogram;
use plot::words::number;
use sampling::{Component, Mixture};

/// *EM*: an E-step divides the bars, an M-step moves the curves.
pub(crate) fn half_step(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    halves("em/half_step", shelf, request, Steps::new(request, 0)?)
}

/// *k-means*: the same, and labels in place of memberships.
pub(crate) fn labels(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let ways = [("memberships", "memberships"), ("labels", "labels")];
    let way = request.one_of("by", &ways.map(|way| way.0))?;
    let steps = if way == "labels" { Steps::Labels } else { Steps::Plain };
    let mut reply = halves("k_means/half_step", shelf, request, steps)?;
    reply.controls.insert(0, Control::choice("by", "the M-step takes", &ways, way));
    Ok(reply)
}

fn halves(
    name: &'static str,
    shelf: &mut Shelf,
    request: &Request,
    steps: Steps,
) -> Result<Reply, LabError> {
    let data = shelf.data.of(&mut shelf.own, request, "data=notebook")?;
    let (run, place) = walk(data, &mut shelf.run, request, notebook::guess(), steps)?;
    let figure = picture(data, run, &place, steps)?.called(name);
    let frame = figure.frames().first().cloned();
    let mixture = &run.mixtures[place.step];
    let mut controls = stepping(run, &place);
    controls.extend(Control::mixture("", mixture, &data.bins.range, frame.as_ref()));
    let state = format!(
        "figure={name}&{}{}&start={}&at={}&top={}",
        data.source.state(),
        steps.state(),
        written(&run.mixtures[0]),
        place.at(),
        place.top
    );
    let also = match steps {
        Steps::Labels => {
            let value = em::log_likelihood(&data.samples, mixture);
            format!(" Log-likelihood {}.", height(value))
        }
        _ => String::new(),
    };
    let say = format!("{}{also}{}", said(run, &place), components(mixture));
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

/// The run that a request asks for, and the place in it. What is changed is the mixture that the reader
/// sees, at the place in the run where he is; a new run starts there.
pub(super) fn walk<'a>(
    data: &Data,
    runs: &'a mut Kept<Run>,
    request: &Request,
    default: Mixture,
    steps: Steps,
) -> Result<(&'a mut Run, Place), LabError> {
    let start = request.mixture("start")?.unwrap_or(default);
    let name = |start: &Mixture| {
        format!("{}&{}{}", data.source.state(), written(start), steps.state())
    };
    let new = |start: &Mixture| Ok::<_, LabError>(Run::new(steps, start.clone()));
    let run = runs.get(&name(&start), || new(&start))?;
    let place = run.place(data, request)?;
    let changed = request.changed("", &run.mixtures[place.step])?;
    let moved = changed.is_some();
    let start = changed.unwrap_or(start);
    let run = runs.get(&name(&start), || new(&start))?;
    let place = if moved { run.place(data, &Request::new("at=0"))? } else { place };
    Ok((run, place))
}

/// The bars in the colours of the last E-step, and over them the curves of the last M-step.
pub(super) fn picture(
    data: &Data,
    run: &Run,
    place: &Place,
    steps: Steps,
) -> Result<Figure, LabError> {
    let Some(last) = (place.step + usize::from(place.half)).checked_sub(1) else {
        return Ok(figures::em::half_step(&data.bins, None, &run.mixtures[place.step])?);
    };
    let old = &run.mixtures[last];
    let divided = match data.samples.len() {
        ..MANY => {
            let memberships = steps.memberships(&data.samples, old)?;
            let samples = data.samples.iter().map(|x| (*x, 1.0));
            Divided::new(&data.bins, samples, &memberships)
        }
        _ => {
            let places = places(&data.bins);
            let values: Vec<f64> = places.iter().map(|place| place.0).collect();
            Divided::new(&data.bins, places, &steps.memberships(&values, old)?)
        }
    };
    Ok(figures::em::half_step(
        &data.bins,
        Some((old, &divided)),
        &run.mixtures[place.step],
    )?)
}

/// Sixteen places in each bar, which share its samples: enough for a picture of any number of them.
fn places(bins: &Histogram) -> Vec<(f64, f64)> {
    let place = |(bin, count): (usize, &f64)| {
        let (left, width, count) = (bins.edge(bin), bins.width(), count / 16.0);
        (0..16).map(move |i| (left + width * (f64::from(i) + 0.5) / 16.0, count))
    };
    bins.counts.iter().enumerate().flat_map(place).collect()
}

/// The buttons and the slider that lead through a run.
pub(super) fn stepping(run: &Run, place: &Place) -> Vec<Control> {
    let at = place.at();
    let end = run.end.as_ref().filter(|_| place.step + 1 == run.mixtures.len());
    let (e_step, m_step) = match end {
        Some(end) => (end.after_e_step && !place.half, false),
        None => (!place.half, place.half),
    };
    let to = |label, change: usize, enabled| {
        let change = format!("at={change}");
        Control::Button { label, change, enabled }
    };
    let arrived = !place.half && run.arrival(place.step).is_some();
    let further = match at {
        ..40 => 1,
        40..120 => 2,
        _ => 2 * (at / 60),
    };
    let next = (end.is_none() && !arrived).then(|| Next {
        change: format!("at={}", at + further),
        end: "at=end".into(),
        pause: if at < 12 { 350 } else { 40 },
    });
    vec![
        to("E-step", at + 1, e_step),
        to("M-step", at + 1, m_step),
        to("Back", at.saturating_sub(1), at > 0),
        Control::Run(next),
        to("Start again", 0, at > 0),
        Slider::with_step("at", "half-steps", 0.0..place.top as f64, 1.0, at as f64),
    ]
}

/// What an E-step has done, by the weights that follow from it.
fn divided(next: &Mixture) -> String {
    let share =
        |(k, c): (usize, &Component)| format!("{} to component {k}", number(c.weight));
    let shares: Vec<_> = next.components().iter().enumerate().map(share).collect();
    format!(" The E-step has divided the samples: {}.", shares.join(", "))
}

/// What has happened.
pub(super) fn said(run: &Run, place: &Place) -> String {
    let step = place.step;
    let at = match (step, place.half) {
        (0, false) => "At the start.".to_owned(),
        (0, true) => "After the first E-step.".to_owned(),
        (1, false) => "After 1 step.".to_owned(),
        (_, false) => format!("After {step} steps."),
        (_, true) => format!("After the E-step that follows step {step}."),
    };
    let value = run.values[step];
    let gain = match step.checked_sub(1).map(|before| value - run.values[before]) {
        Some(gain) if place.half || gain.abs() <= 64.0 * f64::EPSILON * value.abs() => {
            String::new()
        }
        Some(gain) => format!(", {} more than before", number(gain)),
        None => String::new(),
    };
    let end = match (&run.end, run.arrival(step)) {
        (Some(end), _) if step + 1 == run.mixtures.len() => {
            format!(" No step leads on from here. {}.", end.reason)
        }
        (_, Some(arrived)) if !place.half && arrived == step => {
            " Arrived: all steps to come would add less than a millionth.".to_owned()
        }
        (_, Some(arrived)) if !place.half => format!(" It arrived after {arrived} steps."),
        _ => String::new(),
    };
    let change = match (place.half, run.mixtures.get(step + 1)) {
        (true, Some(next)) => divided(next),
        (false, _) if step > 0 && end.is_empty() => {
            " The M-step has fitted each component to its share.".into()
        }
        _ => String::new(),
    };
    format!("{at} {} {}{gain}.{change}{end}", run.climbs(), height(value))
}
