//! The figures that can be changed: which function of `figures` draws each, from what, and what is
//! said about it.

mod mixture;
mod steps;

use crate::LabError;
use crate::data::{Data, Source};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use plot::words::{decimals, number};
use sampling::Mixture;

type Answer = fn(&mut Shelf, &Request) -> Result<Reply, LabError>;

/// Every figure that can be changed, by its name.
pub(crate) const LIVE: [(&str, Answer); 4] = [
    ("density/histogram", mixture::histogram),
    ("e_step/memberships", mixture::memberships),
    ("m_step/before_and_after", mixture::before_and_after),
    ("em/half_step", steps::half_step),
];

pub(crate) fn reply(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let name = request.get("figure");
    let known = LIVE.iter().find(|(known, _)| *known == name);
    let (_, answer) = known.ok_or_else(|| LabError::NoFigure(name.into()))?;
    answer(shelf, request)
}

impl Shelf {
    /// The data that a request names, or those of `default`, such as `data=notebook`.
    pub fn data(
        &mut self,
        request: &Request,
        default: &str,
    ) -> Result<&mut Data, LabError> {
        let source = Source::new(request, default)?;
        let Self { data, own, .. } = self;
        data.get(&source.state(), || Data::new(source, own))
    }
}

/// The mixture that a request starts from, or `default`, with the changes that it makes.
fn start(request: &Request, default: Mixture) -> Result<Mixture, LabError> {
    let start = request.mixture("start")?.unwrap_or(default);
    Ok(request.changed("", &start)?.unwrap_or(start))
}

/// A log-likelihood, of which hundredths matter.
fn height(value: f64) -> String {
    if value.abs() < 1e7 { decimals(value, 2) } else { number(value) }
}

/// The components in words.
fn components(mixture: &Mixture) -> String {
    let one = |(k, c): (usize, &sampling::Component)| {
        let [weight, mean, variance] = [c.weight, c.mean, c.variance].map(number);
        format!(" Component {k}: weight {weight}, mean {mean}, variance {variance}.")
    };
    mixture.components().iter().enumerate().map(one).collect()
}
