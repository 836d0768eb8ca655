//! *Sampling*: the histogram of samples that are drawn afresh.

use crate::LabError;
use crate::control::{Control, Slider};
use crate::data::Source;
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use figures::sampling::AROUND;
use plot::words::{count, number};
use sampling::Mixture;

pub(crate) fn histogram(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let data = shelf.data.of(&mut shelf.own, request, "data=counted")?;
    let Source::Drawn { truth, n, seed, counted } = &data.source else {
        return Err(LabError::NotDrawn);
    };
    let bins = &data.bins.range;
    // As few different axes as possible: ends are multiples of 5.
    let low = AROUND.start.min(5.0 * (bins.start / 5.0).floor());
    let high = AROUND.end.max(5.0 * (bins.end / 5.0).ceil());
    let figure = figures::sampling::histogram(&data.samples, &(low..high))?;
    let mut controls = Control::mixture("truth.", truth, &AROUND, None);
    let kinds = [("counted", "as the weights say"), ("drawn", "by chance")];
    controls.extend([
        Control::choice("data", "each sample’s component", &kinds, kind(*counted)),
        Slider::whole("n", "samples", 10..100_000, *n),
        Control::button("Draw again", format!("seed={}", seed.wrapping_add(1))),
    ]);
    let (mean, variance) = moments(&data.samples);
    let say = format!(
        "{} samples with the mean {} and the variance {}; the mixture has {} and {}. Its density has \
         {}.",
        count(*n),
        number(mean),
        number(variance),
        number(truth.mean()),
        number(truth.variance()),
        match humps(truth) {
            1 => "one hump".into(),
            humps => format!("{humps} humps"),
        }
    );
    let state = format!("figure=sampling/histogram&{}", data.source.state());
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

fn kind(counted: bool) -> &'static str {
    if counted { "counted" } else { "drawn" }
}

fn moments(data: &[f64]) -> (f64, f64) {
    let all = vec![1.0; data.len()];
    let mean = m_step::mean(data, &all);
    (mean, m_step::variance(data, &all, mean))
}

/// How many maxima a density has.
fn humps(mixture: &Mixture) -> usize {
    let reach = |c: &sampling::Component| 5.0 * c.variance.sqrt();
    let ends = mixture.components().iter().map(|c| [c.mean - reach(c), c.mean + reach(c)]);
    let ends: Vec<_> = ends.flatten().collect();
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut grid = plot::grid(mixture, &(low..high));
    grid.dedup_by(|a, b| *a - *b < 1e-9 * (high - low)); // or rounding makes humps
    let heights: Vec<f64> = grid.iter().map(|x| density::mixture(*x, mixture)).collect();
    let mut rising: Vec<bool> = heights.windows(2).map(|h| h[1] > h[0]).collect();
    rising.dedup();
    rising.windows(2).filter(|pair| pair[0] && !pair[1]).count().max(1)
}
