//! Figures of a mixture that the reader sets.

use super::{begun, components, height};
use crate::LabError;
use crate::control::Control;
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::{Request, written};
use crate::run::Steps;
use figures::{Figure, Labels};
use plot::words::{count, number};
use sampling::Mixture;

/// *Density*: fit by hand, by the log-likelihood.
pub(crate) fn histogram(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let mixture = begun(request, notebook::truth())?;
    let data = shelf.data.of(&mut shelf.own, request, "data=notebook")?;
    let figure = figures::density::histogram(&data.samples, &mixture, labels(request))?;
    let value = Steps::Plain.climbed(&data.samples, &mixture)?;
    let controls = vec![
        Control::button("The truth", format!("start={}", written(&notebook::truth()))),
        Control::button("The guess", format!("start={}", written(&notebook::guess()))),
    ];
    let say = format!("Log-likelihood {}.{}", height(value), components(&mixture));
    let state = format!("figure=density/histogram&{}", data.source.state());
    Ok(of_mixture(state, figure, &mixture, controls, say))
}

/// *E-step*: where a membership is one half.
pub(crate) fn memberships(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let mixture = begun(request, notebook::truth())?;
    let data = shelf.data.of(&mut shelf.own, request, "data=notebook")?;
    let figure = figures::e_step::memberships(&mixture, &data.samples, labels(request))?;
    let range = figure.frames().first().map_or(0.0..1.0, |frame| frame.x.clone());
    let halves = figures::e_step::halves(&mixture, &range);
    let places: Vec<_> = halves.into_iter().map(number).collect();
    let say = match places.len() {
        0 => "No membership in sight is one half.".to_owned(),
        _ => format!("A membership is one half at x = {}.", places.join(" and ")),
    };
    let state = format!("figure=e_step/memberships&{}", data.source.state());
    let controls = vec![
        Control::button("The truth", format!("start={}", written(&notebook::truth()))),
        Control::button("The guess", format!("start={}", written(&notebook::guess()))),
    ];
    let say = format!("{say}{}", components(&mixture));
    Ok(of_mixture(state, figure, &mixture, controls, say))
}

/// *M-step*: a mixture and what one step makes of it.
pub(crate) fn before_and_after(
    shelf: &mut Shelf,
    request: &Request,
) -> Result<Reply, LabError> {
    let before = begun(request, notebook::guess())?;
    let data = shelf.data.of(&mut shelf.own, request, "data=notebook")?;
    let after = em::em(&data.samples, before.clone()).nth(1).unwrap_or(Ok(before.clone()));
    let state = format!("figure=m_step/before_and_after&{}", data.source.state());
    let after = match after {
        Ok(after) => after,
        Err(error) => {
            let (state, problem) = (with_start(state, &before), error.to_string());
            let controls = Control::mixture("", &before, &data.bins.range, None);
            return Ok(Reply { state, controls, problem, ..Reply::default() });
        }
    };
    let figure =
        figures::m_step::before_and_after(&data.samples, &before, &after, labels(request))?;
    let controls = vec![
        Control::button("Take the step", format!("start={}", written(&after))),
        Control::button("The guess", format!("start={}", written(&notebook::guess()))),
    ];
    let say = format!(
        "After the step the mixture has the mean {} and the variance {}; so have the {} samples.{}",
        number(after.mean()),
        number(after.variance()),
        count(data.samples.len()),
        components(&after),
    );
    Ok(of_mixture(state, figure, &before, controls, say))
}

/// Labels found by a search for the picture of the page, and quick ones for those that follow.
fn labels(request: &Request) -> Labels {
    if request.get("id").is_empty() { Labels::Searched } else { Labels::OnTop }
}

fn with_start(state: String, mixture: &Mixture) -> String {
    format!("{state}&start={}", written(mixture))
}

fn of_mixture(
    state: String,
    figure: Figure,
    mixture: &Mixture,
    buttons: Vec<Control>,
    say: String,
) -> Reply {
    let frame = figure.frames().first().cloned();
    let range = frame.as_ref().map_or(0.0..1.0, |frame| frame.x.clone());
    let mut controls = Control::mixture("", mixture, &range, frame.as_ref());
    controls.extend(buttons);
    let state = with_start(state, mixture);
    Reply { state, pictures: vec![figure], controls, say, ..Reply::default() }
}
