//! The figures that can be changed: which function of `figures` draws each, from what, and what is
//! said about it.

mod bound;
mod compression;
mod grouped;
mod laboratory;
mod mixture;
mod rate;
mod sampling;
mod selection;
mod stability;
mod start;
mod steps;
mod uncertainty;

use crate::LabError;
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use ::sampling::{Component, Mixture};
use plot::words::{decimals, number};

type Answer = fn(&mut Shelf, &Request) -> Result<Reply, LabError>;

/// Every figure that can be changed, by its name.
pub(crate) const LIVE: [(&str, Answer); 16] = [
    ("sampling/histogram", sampling::histogram),
    ("density/histogram", mixture::histogram),
    ("e_step/memberships", mixture::memberships),
    ("m_step/before_and_after", mixture::before_and_after),
    ("em/half_step", steps::half_step),
    ("k_means/half_step", steps::labels),
    ("bound/half_steps", bound::half_steps),
    ("bound/minoriser", bound::minoriser),
    ("rate/distance", rate::distance),
    ("stability/collapse", stability::collapse),
    ("start/basins", start::basins),
    ("selection/fit", selection::fit),
    ("compression/error", compression::error),
    ("grouped/ridge", grouped::ridge),
    ("uncertainty/repeated", uncertainty::repeated),
    ("lab", laboratory::laboratory),
];

pub(crate) fn reply(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let name = request.get("figure");
    let known = LIVE.iter().find(|(known, _)| *known == name);
    let (_, answer) = known.ok_or_else(|| LabError::NoFigure(name.into()))?;
    answer(shelf, request)
}

/// The mixture that a request starts from, or `default`, with the changes that it makes.
fn begun(request: &Request, default: Mixture) -> Result<Mixture, LabError> {
    let start = request.mixture("start")?.unwrap_or(default);
    Ok(request.changed("", &start)?.unwrap_or(start))
}

/// A log-likelihood, of which hundredths matter.
fn height(value: f64) -> String {
    if value.abs() < 1e7 { decimals(value, 2) } else { number(value) }
}

/// The components in words.
fn components(mixture: &Mixture) -> String {
    let one = |(k, c): (usize, &Component)| {
        let [weight, mean, variance] = [c.weight, c.mean, c.variance].map(number);
        format!(" Component {k}: weight {weight}, mean {mean}, variance {variance}.")
    };
    mixture.components().iter().enumerate().map(one).collect()
}
