//! Figures of a run, half-step by half-step.

use super::{components, height};
use crate::LabError;
use crate::control::{Control, Next, Slider};
use crate::data::Data;
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::{Request, written};
use crate::run::{Place, Run, Steps};
use figures::Figure;
use figures::e_step::Divided;
use plot::words::number;
use sampling::Mixture;

/// *EM*: an E-step divides the bars, an M-step moves the curves.
pub(crate) fn half_step(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    shelf.data(request, "data=notebook")?;
    let steps = Steps::new(request, 0)?;
    let Walk { data, run, place } = walk(shelf, request, notebook::guess(), steps)?;
    let figure = picture(data, run, &place, steps)?;
    let frame = figure.frames().first().cloned();
    let mixture = &run.mixtures[place.step];
    let mut controls = stepping(run, &place);
    controls.extend(Control::mixture("", mixture, &data.bins.range, frame.as_ref()));
    let state = format!(
        "figure=em/half_step&{}{}&start={}&at={}&top={}",
        data.source.state(),
        steps.state(request),
        written(&run.mixtures[0]),
        place.at(),
        place.top
    );
    let say = format!("{}{}", said(run, &place), components(mixture));
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

/// A run on the data of the shelf, and a place in it.
pub(super) struct Walk<'a> {
    pub data: &'a Data,
    pub run: &'a mut Run,
    pub place: Place,
}

/// The run that a request asks for. Its data are on the shelf. What is changed is the mixture that the
/// reader sees, at the place in the run where he is; a new run starts there.
pub(super) fn walk<'a>(
    shelf: &'a mut Shelf,
    request: &Request,
    default: Mixture,
    steps: Steps,
) -> Result<Walk<'a>, LabError> {
    let Shelf { data, run, .. } = shelf;
    let data = data.last().ok_or(LabError::Gone)?;
    let from = request.mixture("start")?.unwrap_or(default);
    let name = |from: &Mixture| {
        format!("{}&{}{}", data.source.state(), written(from), steps.state(request))
    };
    let kept =
        run.get(&name(&from), || Ok::<_, LabError>(Run::new(steps, from.clone())))?;
    let place = kept.place(&data.samples, request)?;
    let Some(changed) = request.changed("", &kept.mixtures[place.step])? else {
        return Ok(Walk { data, run: run.last_mut().ok_or(LabError::Gone)?, place });
    };
    let kept =
        run.get(&name(&changed), || Ok::<_, LabError>(Run::new(steps, changed.clone())))?;
    let place = kept.place(&data.samples, &Request::new("at=0"))?;
    Ok(Walk { data, run: kept, place })
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
    let memberships = steps.memberships(&data.samples, old)?;
    let samples = data.samples.iter().map(|x| (*x, 1.0));
    let divided = Divided::new(&data.bins, samples, &memberships);
    Ok(figures::em::half_step(
        &data.bins,
        Some((old, &divided)),
        &run.mixtures[place.step],
    )?)
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
        ..120 => 2,
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
    let gain = match step.checked_sub(1) {
        Some(before) if !place.half => {
            format!(", {} more than before", number(value - run.values[before]))
        }
        _ => String::new(),
    };
    let end = match &run.end {
        Some(end) if step + 1 == run.mixtures.len() => {
            format!(" No step leads on from here. {}.", end.reason)
        }
        _ if !place.half && run.arrival(step) == Some(step) => {
            " Arrived: less than a millionth is still to come.".to_owned()
        }
        _ => String::new(),
    };
    format!("{at} Log-likelihood {}{gain}.{end}", height(value))
}
