//! *Stability*: five samples, a collapse, and its cures.

use super::components;
use super::steps::{said, stepping, walk};
use crate::LabError;
use crate::control::{Control, Slider};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::{Request, written};
use crate::run::Steps;
use sampling::Mixture;
use stability::Cure;

pub(crate) fn collapse(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let steps = match request.get("cure") {
        "" => Steps::new(&Request::new("cure=prior"), 0)?,
        _ => Steps::new(request, 0)?,
    };
    let Steps::Stable(cure) = steps else { return Err(LabError::NoCure) };
    let data = shelf.data.of(&mut shelf.own, request, "data=five")?;
    let start = start::quantiles(&data.samples, 2)?;
    let (run, place) = walk(data, &mut shelf.run, request, start, steps)?;
    let settled = Mixture::new([(0.8, 1.5, 1.25), (0.2, 10.0, 1.0)])?;
    let step = place.step;
    let trail = if place.at() == 0 { &[][..] } else { &run.mixtures[..=step] };
    let figure = figures::stability::collapse(&data.samples, &settled, 1, &cure, trail)?;
    let kinds = [("refuse", "none"), ("floor", "a floor"), ("prior", "a prior")];
    let (kind, strength) = match cure {
        Cure::Refuse => ("refuse", None),
        Cure::Floor(floor) => {
            let range = 1e-6..1.0;
            (
                "floor",
                Some(Slider::logarithmic("floor", "share of the variance", range, floor)),
            )
        }
        Cure::Prior(prior) => {
            let (range, strength) = (0.01..10.0, prior.strength());
            ("prior", Some(Slider::logarithmic("strength", "strength", range, strength)))
        }
    };
    let mut controls = vec![Control::choice("cure", "cure", &kinds, kind)];
    controls.extend(strength);
    controls.push(Control::group("Steps", stepping(run, &place)));
    let mixture = &run.mixtures[step];
    let state = format!(
        "figure=stability/collapse&{}{}&start={}&at={}&top={}",
        data.source.state(),
        steps.state(),
        written(&run.mixtures[0]),
        place.at(),
        place.top,
    );
    let say = format!("{}{}", said(run, &place), components(mixture));
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}
