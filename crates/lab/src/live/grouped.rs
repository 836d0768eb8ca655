//! *Grouped*: along the ridge of the crabs.

use super::{components, decimals};
use crate::LabError;
use crate::control::Slider;
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use figures::grouped::{Ridge, fit, fitted};
use plot::words::number;

pub(crate) fn ridge(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let (classes, best) = fitted()?;
    let ridge = shelf.ridge.get("crabs", || Ridge::new(classes, best))?;
    let weight = best.components()[0].weight;
    let chosen = match request.get("weight") {
        "" => None,
        _ => Some(ridge.at(request.number("weight", weight, 0.25..=0.65)?)?),
    };
    let [a, b] = datasets::pearson_roots();
    let marks = [("root A", &a), ("root B", &b)];
    let here = chosen.as_ref().map(|mixture| ("here", mixture));
    let figure = ridge.figure(&marks.into_iter().chain(here).collect::<Vec<_>>())?;
    let frame = &figure.frames()[0];
    let mixture = chosen.as_ref().unwrap_or(best);
    let now = mixture.components()[0].weight;
    let controls = vec![Slider::under("weight", "weight held", frame, now)];
    let say = format!(
        "With the weight of component 0 held at {} the log-likelihood is {} below the best.{}",
        number(now),
        decimals(ridge.short(mixture).abs(), 3),
        components(mixture),
    );
    let (state, below) = match chosen {
        None => ("figure=grouped/ridge".into(), None),
        Some(_) => {
            (format!("figure=grouped/ridge&weight={now}"), Some(fit(classes, mixture)?))
        }
    };
    let pictures = [figure].into_iter().chain(below).collect();
    Ok(Reply { state, pictures, controls, say, ..Reply::default() })
}
