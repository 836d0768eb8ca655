//! The samples that a request names.

use crate::LabError;
use crate::kept::Kept;
use crate::request::{Request, written};
use compression::Points;
use plot::Histogram;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, MixtureError, sample, sample_counts};
use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most samples.
pub(crate) const MOST: usize = 1_000_000;

/// The most numbers of the reader's own that travel in a link.
const IN_A_LINK: usize = 500;

/// All kinds of data, by what a request calls them.
pub(crate) const KINDS: [(&str, &str); 9] = [
    ("notebook", "the notebook’s 10 000"),
    ("old_faithful", "Old Faithful, 272 waits"),
    ("galaxies", "82 galaxies"),
    ("crabs", "1000 crabs, at the middle of their classes"),
    ("three_groups", "100 in three groups"),
    ("five", "0, 1, 2, 3 and 10"),
    ("skewed", "100 of one skewed population"),
    ("drawn", "drawn afresh"),
    ("own", "my own numbers"),
];

/// Samples and their histogram, and what they were asked for by.
pub(crate) struct Data {
    pub source: Source,
    pub samples: Vec<f64>,
    pub bins: Histogram,
    /// What stands for many samples, as far as steps have made it.
    pub points: Cell<Points>,
}

/// Where samples come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    Named(&'static str),
    /// From a mixture: each component by chance, or as often as its weight says.
    Drawn {
        truth: Mixture,
        n: usize,
        seed: u64,
        counted: bool,
    },
    /// The reader's own: the numbers, or the name under which they are kept.
    Own(String),
}

impl Source {
    /// The data that the request names, or those of `default`.
    pub fn new(request: &Request, default: &str) -> Result<Self, LabError> {
        let named = Request::new(default);
        let names: Vec<_> = KINDS.iter().map(|kind| kind.0).chain(["counted"]).collect();
        let kind = match request.get("data") {
            "" => named.one_of("data", &names)?,
            _ => request.one_of("data", &names)?,
        };
        Ok(match kind {
            "drawn" | "counted" => Self::drawn(request, kind == "counted")?,
            "own" => Self::Own(request.get("samples").trim().into()),
            kind => Self::Named(kind),
        })
    }

    fn drawn(request: &Request, counted: bool) -> Result<Self, LabError> {
        let truth = request.mixture("truth")?.unwrap_or_else(notebook::truth);
        let parts = request.number("parts", truth.components().len(), 1..=6)?;
        let truth = with_parts(&truth, parts)?;
        let truth = request.changed("truth.", &truth)?.unwrap_or(truth);
        let n = request.number("n", 10_000, 1..=MOST)?;
        Ok(Self::Drawn {
            truth,
            n,
            seed: request.number("seed", 1, 0..=u64::MAX)?,
            counted,
        })
    }

    /// What a request calls them.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Named(name) => name,
            Self::Drawn { counted: true, .. } => "counted",
            Self::Drawn { .. } => "drawn",
            Self::Own(_) => "own",
        }
    }

    /// What a request says to get data of this kind, whatever was wrong with these.
    pub fn kind(&self) -> String {
        match self {
            Self::Own(_) => "data=own".into(),
            source => source.state(),
        }
    }

    /// What a request says to get these data.
    pub fn state(&self) -> String {
        match self {
            Self::Named(name) => format!("data={name}"),
            Self::Drawn { truth, n, seed, counted } => {
                let kind = if *counted { "counted" } else { "drawn" };
                format!("data={kind}&truth={}&n={n}&seed={seed}", written(truth))
            }
            Self::Own(text) => format!("data=own&samples={text}"),
        }
    }

    fn samples(&self) -> Result<Vec<f64>, LabError> {
        Ok(match self {
            Self::Named("old_faithful") => datasets::old_faithful(),
            Self::Named("galaxies") => datasets::galaxies(),
            Self::Named("crabs") => crabs(),
            Self::Named("three_groups") => datasets::start::three_groups(),
            Self::Named("five") => vec![0.0, 1.0, 2.0, 3.0, 10.0],
            Self::Named("skewed") => datasets::selection::skewed(),
            Self::Named(_) => notebook::data(),
            Self::Drawn { truth, n, seed, counted } => {
                let rng = &mut ChaCha8Rng::seed_from_u64(*seed);
                match counted {
                    true => sample_counts(truth, &counts(truth, *n), rng)?,
                    false => sample(truth, *n, rng)?,
                }
            }
            Self::Own(_) => return Err(LabError::Gone),
        })
    }
}

impl Kept<Data> {
    /// The data that a request names, or those of `default`, such as `data=notebook`.
    pub fn of(
        &mut self,
        own: &mut Kept<Vec<f64>>,
        request: &Request,
        default: &str,
    ) -> Result<&Data, LabError> {
        let source = Source::new(request, default)?;
        let name = source.state();
        Ok(self.get(&name, || Data::new(source, own))?)
    }
}

impl Data {
    /// The data of a request; long lists of the reader's own are put on the shelf `own`.
    fn new(source: Source, own: &mut Kept<Vec<f64>>) -> Result<Self, LabError> {
        let (source, samples) = match source {
            Source::Own(text) => kept(&text, own)?,
            source => {
                let samples = source.samples()?;
                (source, samples)
            }
        };
        let bins = Histogram::new(&samples)?;
        Ok(Self { source, samples, bins, points: Cell::default() })
    }
}

/// The reader's own numbers, and what to call them from now on.
fn kept(text: &str, own: &mut Kept<Vec<f64>>) -> Result<(Source, Vec<f64>), LabError> {
    if text.starts_with('#') {
        let samples = own.get(text, || Err(LabError::Gone))?.clone();
        return Ok((Source::Own(text.into()), samples));
    }
    let samples = Request::new(&format!("sample={text}")).numbers("sample")?;
    if samples.len() > MOST {
        return Err(LabError::TooMany { n: samples.len(), most: MOST });
    }
    if samples.len() <= IN_A_LINK {
        let numbers: Vec<_> = samples.iter().map(f64::to_string).collect();
        return Ok((Source::Own(numbers.join(",")), samples));
    }
    let mut hasher = DefaultHasher::new();
    samples.iter().for_each(|x| x.to_bits().hash(&mut hasher));
    let name = format!("#{:016x}", hasher.finish());
    own.get(&name, || Ok::<_, LabError>(samples.clone()))?;
    Ok((Source::Own(name), samples))
}

/// The mixture with so many components: new ones are as wide as the last, and 5 farther right.
fn with_parts(truth: &Mixture, parts: usize) -> Result<Mixture, MixtureError> {
    let mut components = truth.components().to_vec();
    components.truncate(parts);
    while let (true, Some(last)) = (components.len() < parts, components.last().copied()) {
        components.push(Component { mean: last.mean + 5.0, ..last });
    }
    let sum: f64 = components.iter().map(|c| c.weight).sum();
    components.iter_mut().for_each(|c| c.weight /= sum);
    if parts == truth.components().len() {
        Ok(truth.clone())
    } else {
        Mixture::new(components)
    }
}

/// `n` in the proportion of the weights, rounded so that they sum to `n`.
fn counts(truth: &Mixture, n: usize) -> Vec<usize> {
    let (mut share, mut before) = (0.0, 0);
    let up_to = |c: &Component| {
        share += c.weight;
        let now = ((share * n as f64).round() as usize).clamp(before, n);
        now - std::mem::replace(&mut before, now)
    };
    truth.components().iter().map(up_to).collect()
}

/// Pearson's crabs, each at the middle of its class; the open classes are as wide as the others.
fn crabs() -> Vec<f64> {
    let classes = datasets::pearson();
    let closed = |(low, high, _): &&(f64, f64, f64)| (high - low).is_finite();
    let half = classes.iter().find(closed).map_or(0.0, |(low, high, _)| (high - low) / 2.0);
    let middle =
        |low: f64, high: f64| if low.is_finite() { low + half } else { high - half };
    let all = classes.into_iter().flat_map(|(low, high, count)| {
        std::iter::repeat_n(middle(low, high), count as usize)
    });
    all.collect()
}
