//! *Rate*: how fast EM arrives, by the distance of two components.

use crate::LabError;
use crate::control::{Control, Slider};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use crate::run::{Run, Steps};
use em::EmError;
use plot::words::number;
use rate::Information;

/// How many samples there are.
const SAMPLES: usize = 1000;

/// Two components of one size with the variance 1, as far apart as the reader wants.
pub(crate) fn distance(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let distance: f64 = request.number("distance", 4.0, 1.5..=8.0)?;
    let seed = request.number("seed", 1, 0..=u64::MAX)?;
    let drawn =
        format!("data=counted&truth=0.5,0,1;0.5,{distance},1&n={SAMPLES}&seed={seed}");
    let data = shelf.data.of(&mut shelf.own, &Request::new(&drawn), &drawn)?;
    let start =
        || Ok::<_, LabError>(Run::new(Steps::Plain, start::quantiles(&data.samples, 2)?));
    let run = shelf.run.get(&format!("{drawn} from the quantiles"), start)?;
    let steps = run.settle(data)?;
    // As many steps again, and again, until what they lack is nothing beside what the picture shows.
    let last = run.reach(data, 3 * steps)?;
    let limit = run.mixtures[last].clone();
    let information = Information::new(data.samples.iter().map(|x| (*x, 1.0)), &limit);
    let rate = information.map_err(EmError::from)?.rates()[0];
    let figure = figures::rate::error(&run.mixtures[..=steps], &limit, rate)?
        .called("rate/distance");
    let controls = vec![
        Slider::with_step("distance", "distance of the means", 1.5..8.0, 0.1, distance),
        Control::button("Draw again", format!("seed={}", seed.wrapping_add(1))),
    ];
    let say = format!(
        "Means {} apart: each step leaves {} of the distance from the limit, and EM arrives after \
         {steps} steps.",
        number(distance),
        number(rate),
    );
    let state = format!("figure=rate/distance&distance={distance}&seed={seed}");
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}
