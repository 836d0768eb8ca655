//! *Uncertainty*: the same experiment again and again.

use crate::LabError;
use crate::control::{Control, Slider};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use notebook::truth;
use plot::words::{count, number};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rate::converge;
use sampling::{Mixture, sample};
use std::f64::consts::LN_2;
use std::ops::Range;
use uncertainty::{parameter, uncertainties};

/// How often the experiment is done.
const EXPERIMENTS: usize = 20;

/// The parameters that an interval may be for.
const PARAMETERS: [(&str, &str); 5] = [
    ("0", "weight of component 0"),
    ("1", "mean of component 0"),
    ("2", "mean of component 1"),
    ("3", "variance of component 0"),
    ("4", "variance of component 1"),
];

pub(crate) fn repeated(_: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let n = request.number("n", 200, 50..=2000)?;
    let seed = request.number("seed", 1, 0..=u64::MAX)?;
    let p = request.number("p", 1, 0..=4)?;
    let ways = [("observed", "observed information"), ("complete", "complete information")];
    let way = request.one_of("way", &ways.map(|way| way.0))?;
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut intervals = Vec::new();
    for _ in 0..EXPERIMENTS {
        let data = sample(&truth(), n, rng)?;
        intervals.extend(interval(&data, p, way == "complete"));
    }
    let (name, value) = (PARAMETERS[p].1, parameter(p, &truth()));
    let figure =
        figures::uncertainty::repeated(name, value, &intervals, &range(value, &intervals))?;
    let misses =
        intervals.iter().filter(|[low, high]| !(*low..=*high).contains(&value)).count();
    let refused = match EXPERIMENTS - intervals.len() {
        0 => String::new(),
        refused => format!(" {refused} more had no fit to trust."),
    };
    let say = format!(
        "{misses} of {} intervals at 95 % miss the truth, {}. Each is from {} samples.{refused}",
        intervals.len(),
        number(value),
        count(n),
    );
    let controls = vec![
        Control::choice("p", "interval for the", &PARAMETERS, &p.to_string()),
        Control::choice("way", "by the", &ways, way),
        Slider::whole("n", "samples", 50..2000, n),
        Control::button("Draw again", format!("seed={}", seed.wrapping_add(1))),
    ];
    let state = format!("figure=uncertainty/repeated&n={n}&seed={seed}&p={p}&way={way}");
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

/// The interval from one sample, by a run that begins at the truth; `None` where there is none.
fn interval(data: &[f64], p: usize, complete: bool) -> Option<[f64; 2]> {
    let value = |m: &Mixture| em::log_likelihood(data, m);
    let run = converge(em::em(data, truth()), value, 1e-6, 1000).ok()?;
    let both = uncertainties(data, &run.mixture).ok()?;
    let sure = if complete { both.1 } else { both.0 };
    sure.interval(0.95, |m| parameter(p, m)).ok()
}

/// About twice what an interval is wide to both sides, with few different ends.
fn range(centre: f64, intervals: &[[f64; 2]]) -> Range<f64> {
    let mut widths: Vec<f64> = intervals.iter().map(|[low, high]| high - low).collect();
    widths.sort_by(f64::total_cmp);
    let width = widths.get(widths.len() / 2).copied().unwrap_or(1.0);
    let room = 2_f64.powi(((1.5 * width).ln() / LN_2).ceil() as i32);
    centre - room..centre + room
}
