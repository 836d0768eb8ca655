//! *Start*: a map of starts, and the walk from one of them.

use super::height;
use super::steps::stepping;
use crate::LabError;
use crate::control::{Control, Slider};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use crate::run::{Run, Steps};
use figures::start::{Basins, at};
use plot::words::number;

pub(crate) fn basins(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let data = shelf.data.of(&mut shelf.own, request, "data=three_groups")?;
    let name = data.source.state();
    let basins = shelf.basins.get(&name, || Basins::new(&data.samples, -2.0..12.0))?;
    let (means, place) = match means(request)? {
        None => ([0.0, 5.0], None),
        Some((means, moved)) => {
            let start = || Ok::<_, LabError>(Run::new(Steps::Plain, at(means)?));
            let run = shelf.run.get(&format!("{name} {means:?}"), start)?;
            let from = Request::new("at=0");
            let place = run.place(data, if moved { &from } else { request })?;
            (means, Some((run, place)))
        }
    };
    let range = -2.0..12.0;
    let mut controls = vec![
        Control::Map { name: "click", label: "Click a start in the map, or set it here:" },
        Slider::with_step("first", "starting mean 0", range.clone(), 0.1, means[0]),
        Slider::with_step("second", "starting mean 1", range, 0.1, means[1]),
    ];
    let Some((run, place)) = place else {
        let (state, pictures) =
            (format!("figure=start/basins&{name}"), vec![basins.figure(&[])?]);
        let say = "No start is chosen yet.".into();
        return Ok(Reply { state, pictures, controls, say, ..Reply::default() });
    };
    let walk = run.mixtures[..=place.step].iter().filter_map(|m| match m.components() {
        [a, b] => Some((a.mean, b.mean)),
        _ => None,
    });
    let walk: Vec<_> = walk.collect();
    let figure = basins.figure(&walk)?;
    controls.push(Control::group("Steps", stepping(run, &place)));
    let [from, now] = [walk[0], walk[walk.len() - 1]].map(|(a, b)| [a, b].map(number));
    let way = match place.step {
        0 => String::new(),
        1 => format!(" to {} and {} in 1 step", now[0], now[1]),
        steps => format!(" to {} and {} in {steps} steps", now[0], now[1]),
    };
    let value = height(run.values[place.step]);
    let arrived = run.arrival(place.step).map_or("", |_| " Arrived.");
    let say = format!(
        "From the means {} and {}{way}. Log-likelihood {value}.{arrived}",
        from[0], from[1]
    );
    let [a, b] = means;
    let state = format!(
        "figure=start/basins&{name}&means={a},{b}&at={}&top={}",
        place.at(),
        place.top
    );
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

/// The starting means, and whether the reader has just set them.
fn means(request: &Request) -> Result<Option<([f64; 2], bool)>, LabError> {
    let pair = |name: &str| -> Result<Option<[f64; 2]>, LabError> {
        Ok(request.numbers(name)?.get(..2).map(|pair| [pair[0], pair[1]]))
    };
    if let Some(clicked) = pair("click")? {
        return Ok(Some((clicked, true)));
    }
    let old = pair("means")?;
    let moved = ["first", "second"].iter().any(|name| !request.get(name).is_empty());
    let [a, b] = old.unwrap_or([0.0, 5.0]);
    let every = f64::MIN..=f64::MAX;
    let new =
        [request.number("first", a, every.clone())?, request.number("second", b, every)?];
    Ok((moved || old.is_some()).then_some((new, moved)))
}
