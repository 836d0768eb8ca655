//! How often intervals hold the truth, in samples of several sizes from the notebook's mixture.
//! The trials take a minute or two, so they are recorded in `data/coverage_trials.csv`;
//! `cargo run --release --example uncertainty trials` does them again.

use notebook::truth;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rate::Information;
use sampling::{Component, Mixture, sample};
use search::{Search, best};
use uncertainty::{Uncertainty, UncertaintyError};

/// The sizes of the samples.
pub const SIZES: [usize; 7] = [50, 100, 200, 500, 1000, 2000, 5000];

/// How many blocks of trials there are of each size; their seeds are 0, 1, ….
pub const BLOCKS: usize = 10;

/// The trials of a block.
pub const TRIALS: usize = 100;

/// The ways to an interval, in the order of their outcomes.
pub const WAYS: [&str; 3] = ["Wald", "log", "complete"];

/// The parameters, in the order of their outcomes.
pub const PARAMETERS: [&str; 5] =
    ["weight 0", "mean 0", "mean 1", "variance 0", "variance 1"];

/// What became of trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// How many had no admissible fit, or one without standard errors.
    pub refused: usize,
    /// How many intervals held the truth, by way and parameter.
    pub covered: [[usize; 5]; 3],
}

/// What an interval is for: a parameter, as it is or on another scale.
type Scale = fn(usize, &Mixture) -> f64;

/// One parameter of a mixture of two.
#[must_use]
pub fn parameter(p: usize, mixture: &Mixture) -> f64 {
    let Some([a, b]) = mixture.components().get(..2) else { return f64::NAN };
    [a.weight, a.mean, b.mean, a.variance, b.variance][p]
}

/// A parameter on a scale without bounds: the log odds of a weight, the log of a variance.
#[must_use]
// ANCHOR: unbounded
pub fn unbounded(p: usize, mixture: &Mixture) -> f64 {
    let value = parameter(p, mixture);
    match p {
        0 => (value / (1.0 - value)).ln(),
        1 | 2 => value,
        _ => value.ln(),
    }
}
// ANCHOR_END: unbounded

/// A block of trials with samples of this size.
#[must_use]
// ANCHOR: block
pub fn block(size: usize, seed: usize) -> Outcome {
    let (truth, rng) = (truth(), &mut ChaCha8Rng::seed_from_u64(seed as u64));
    let mut outcome = Outcome::default();
    for _ in 0..TRIALS {
        let data = sample(&truth, size, rng).expect("more than 0 samples");
        match covers(&data, &truth) {
            None => outcome.refused += 1,
            Some(covers) => add(&mut outcome, &covers),
        }
    }
    outcome
}
// ANCHOR_END: block

fn add(outcome: &mut Outcome, covers: &[[bool; 5]; 3]) {
    for (sums, row) in outcome.covered.iter_mut().zip(covers) {
        sums.iter_mut().zip(row).for_each(|(sum, covers)| *sum += usize::from(*covers));
    }
}

/// Whether the intervals from a sample hold the truth; `None` where there are none.
// ANCHOR: covers
fn covers(data: &[f64], truth: &Mixture) -> Option<[[bool; 5]; 3]> {
    let search = Search { short: 0, ..Search::default() };
    let mut c = best(data, [truth.clone()], &search).ok()?.mixture.components().to_vec();
    c.sort_by(|a: &Component, b| a.mean.total_cmp(&b.mean));
    let fit = Mixture::new(c).ok()?;
    let (observed, complete) = uncertainties(data, &fit).ok()?;
    let ways: [(_, Scale); 3] =
        [(&observed, parameter), (&observed, unbounded), (&complete, parameter)];
    Some(ways.map(|(sure, of)| {
        std::array::from_fn(|p| {
            let [low, high] = sure.interval(0.95, |m| of(p, m)).unwrap_or([f64::NAN; 2]);
            (low..=high).contains(&of(p, truth))
        })
    }))
}
// ANCHOR_END: covers

/// The uncertainty of a fit by the observed information, and the one that complete data would leave.
///
/// # Errors
///
/// Those of both kinds of information.
pub fn uncertainties(
    data: &[f64],
    fit: &Mixture,
) -> Result<(Uncertainty, Uncertainty), UncertaintyError> {
    let samples = || data.iter().map(|x| (*x, 1.0));
    let observed = uncertainty::observed_information(samples(), fit)?;
    let complete = Information::new(samples(), fit)?.complete;
    Ok((Uncertainty::new(fit, &observed)?, Uncertainty::new(fit, &complete)?))
}

/// The first line of the record.
#[must_use]
pub fn header() -> String {
    let columns = |way: &str| PARAMETERS.map(|p| format!(",{way}: {p}")).concat();
    format!("samples,seed,refused{}", WAYS.map(columns).concat())
}

/// A block as a line of the record.
#[must_use]
pub fn line(size: usize, seed: usize, outcome: &Outcome) -> String {
    let counts = outcome.covered.as_flattened().iter().map(|count| format!(",{count}"));
    format!("{size},{seed},{}{}", outcome.refused, counts.collect::<String>())
}

/// The recorded blocks of a size, in the order of their seeds.
#[must_use]
pub fn recorded(size: usize) -> Vec<Outcome> {
    let outcome = |line: &str| {
        let mut fields = line.split(',').map(|field| field.parse::<usize>().ok());
        let _seed = (fields.next()?? == size).then_some(fields.next()?)?;
        let mut outcome = Outcome { refused: fields.next()??, ..Outcome::default() };
        for count in outcome.covered.as_flattened_mut() {
            *count = fields.next()??;
        }
        Some(outcome)
    };
    include_str!("../../../../data/coverage_trials.csv")
        .lines()
        .filter_map(outcome)
        .collect()
}

/// The share of the trials that were not refused whose interval holds the truth, by way and
/// parameter; and how many were refused.
#[must_use]
pub fn coverage(size: usize) -> ([[f64; 5]; 3], usize) {
    let blocks = recorded(size);
    let refused: usize = blocks.iter().map(|block| block.refused).sum();
    let all = (blocks.len() * TRIALS - refused) as f64;
    let count =
        |way: usize, p: usize| blocks.iter().map(|b| b.covered[way][p]).sum::<usize>();
    let shares =
        std::array::from_fn(|way| std::array::from_fn(|p| count(way, p) as f64 / all));
    (shares, refused)
}
