//! Every picture of the book, but for those of its last part: `figures_elsewhere` has them, so that
//! the first chapters need not wait for the crates of the last.
//!
//! A chapter's pictures are the functions of the module that has its name; each takes what the
//! chapter's own functions take and give, and draws with [`plot`]. [`book`] draws what the pages
//! show, and [`save`] the same for the examples.
//!
//! ```
//! use figures::sampling::{AROUND, histogram};
//! let figure = histogram(&notebook::data(), &AROUND)?;
//! assert!(figure.inline().starts_with("<svg"));
//! # Ok::<(), figures::FigureError>(())
//! ```

pub mod acceleration;
pub mod bound;
pub mod compression;
pub mod density;
pub mod e_step;
pub mod em;
pub mod fit;
pub mod grouped;
pub mod m_step;
pub mod one_pass;
pub mod query;
pub mod rate;
pub mod sampling;
pub mod search;
pub mod selection;
pub mod stability;
pub mod start;
pub mod uncertainty;

use datasets::galaxies;
use notebook::{STEPS, data, guess, truth};
use plot::Album;
pub use plot::{Figure, Labels, PlotError};
use std::convert::Infallible;
use std::sync::LazyLock;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum FigureError {
    #[error(transparent)]
    Plot(#[from] PlotError),
    #[error("there are no fits")]
    NoFits,
    #[error("there are too few rows for a picture")]
    NoRows,
    #[error("there are no log-likelihoods")]
    NoLogLikelihoods,
    #[error("the log-likelihood after step {step} is {value}: only finite ones are drawn")]
    LogLikelihood { step: usize, value: f64 },
    #[error("there is no component {component}: the mixture has {components}")]
    NoComponent { component: usize, components: usize },
    #[error(transparent)]
    EStep(::e_step::EStepError),
    #[error(transparent)]
    Memberships(#[from] ::e_step::MembershipsError),
    #[error(transparent)]
    Mixture(#[from] ::sampling::MixtureError),
    #[error(transparent)]
    Bound(#[from] ::bound::BoundError),
    #[error(transparent)]
    Em(#[from] ::em::EmError),
    #[error(transparent)]
    MStep(#[from] ::m_step::MStepError),
    #[error(transparent)]
    Stability(#[from] ::stability::StabilityError),
    #[error(transparent)]
    Converge(#[from] ::rate::ConvergeError<Infallible>),
    #[error(transparent)]
    Start(#[from] ::start::StartError),
    #[error(transparent)]
    Search(#[from] ::search::SearchError),
    #[error(transparent)]
    Selection(#[from] ::selection::SelectionError),
    #[error(transparent)]
    Uncertainty(#[from] ::uncertainty::UncertaintyError),
    #[error(transparent)]
    Grouped(#[from] ::grouped::GroupedError),
}

impl From<::e_step::EStepError> for FigureError {
    fn from(error: ::e_step::EStepError) -> Self {
        Self::EStep(error)
    }
}

/// The book's pictures by name, with the samples and mixtures of the notebook.
const BOOK: Album<FigureError> = Album(&[
    (sampling::HISTOGRAM, || sampling::histogram(&data(), &sampling::AROUND)),
    (density::HISTOGRAM, || density::histogram(&data(), &truth(), Labels::Searched)),
    (density::LOGARITHMS, || density::logarithms(&truth())),
    (e_step::MEMBERSHIPS, || e_step::memberships(&truth(), &data(), Labels::Searched)),
    (e_step::HISTOGRAM, || e_step::histogram(&data(), &guess())),
    (e_step::tiles::COLOURS, || {
        let samples = e_step::tiles::labelled(&truth(), 180, notebook::SEED);
        e_step::tiles::colours(&truth(), &samples)
    }),
    (m_step::BEFORE_AND_AFTER, || {
        m_step::before_and_after(&data(), &guess(), &run()?[1], Labels::Searched)
    }),
    (em::FITS, || {
        let run = run()?;
        let fits = [0, 1, 2, 5, 10, STEPS].map(|step| (step, run[step].clone()));
        em::fits(&data(), &fits)
    }),
    (em::FOUND, || em::found(&data(), &run()?[STEPS])),
    (em::LOG_LIKELIHOOD, || {
        let data = data();
        let values: Vec<_> =
            run()?.iter().map(|m| ::em::log_likelihood(&data, m)).collect();
        em::log_likelihood(&values, None)
    }),
    (em::means::CONTOURS, || {
        em::means::contours(&em::means::FIVE, &[[2.5, 3.5], [3.3, 0.6], [0.7, 0.7]])
    }),
    (em::means::GRADIENT, || {
        em::means::gradient(&em::means::FIVE, [2.5, 3.5], &[0.05, 0.8], 8)
    }),
    (bound::HALF_STEPS, || {
        let run = run()?;
        let steps: Vec<_> = (0..=6).map(|step| (step, run[step].clone())).collect();
        bound::half_steps(&data(), &steps)
    }),
    (bound::MINORISER, || {
        bound::minoriser(&data(), &bound::narrow_before_wide()?, 0, &[-2.0, 3.0, 9.0])
    }),
    (rate::ERROR, || {
        let (samples, limit) = (data().into_iter().map(|x| (x, 1.0)), limit()?);
        let rates = ::rate::Information::new(samples, limit)?.rates();
        rate::error(run()?, limit, rates[0])
    }),
    (rate::STOPPING, || {
        let (data, run, limit) = (data(), run()?, limit()?);
        let value = |m| ::em::log_likelihood(&data, m);
        let gaps: Vec<_> = run[..=80].iter().map(|m| value(limit) - value(m)).collect();
        rate::stopping(&gaps, &rate::rules(&data, run)?)
    }),
    (stability::OFFSETS, || {
        let eighths: Vec<f64> = data().iter().map(|x| (8.0 * x).round() / 8.0).collect();
        stability::offsets(&eighths, &guess(), 1)
    }),
    (stability::COLLAPSE, || {
        let settled = ::sampling::Mixture::new([(0.8, 1.5, 1.25), (0.2, 10.0, 1.0)])?;
        let prior = ::stability::Cure::Prior(::stability::Prior::new(2.0, 0.1, 1.0)?);
        stability::collapse(&[0.0, 1.0, 2.0, 3.0, 10.0], &settled, 1, &prior, &[])
    }),
    (start::BASINS, || {
        start::Basins::new(&datasets::start::three_groups(), -2.0..12.0)?.figure(&[])
    }),
    (search::STRATEGIES, || search::strategies(&datasets::start::trials())),
    (search::MOVE, || {
        let (data, states) = search::freed()?;
        search::moved(&data, &states)
    }),
    (selection::CRITERIA, || selection::criteria(&datasets::selection::fits())),
    (selection::FITS, || {
        let (galaxies, skewed) = (galaxies(), datasets::selection::skewed());
        let fit = |data: &[f64], k| -> Result<_, FigureError> {
            let fit = ::selection::plan().fit(data, k)?.mixture;
            Ok(::sampling::Mixture::new(::selection::by_mean(&fit))?)
        };
        let (three, four, two) = (fit(&galaxies, 3)?, fit(&galaxies, 4)?, fit(&skewed, 2)?);
        selection::fits(&[
            ("galaxies, K = 3", galaxies.clone(), three),
            ("galaxies, K = 4", galaxies, four),
            ("notebook, K = 2", data(), limit()?.clone()),
            ("one skewed, K = 2", skewed, two),
        ])
    }),
    (selection::RATIOS, || {
        let observed = ::selection::short_plan().ratio(&galaxies(), 3)?;
        selection::ratios(&datasets::selection::ratios(), observed)
    }),
    (acceleration::GAPS, || acceleration::gaps(&datasets::acceleration::gaps())),
    (uncertainty::INTERVALS, || {
        let (data, fit) = uncertainty::fitted()?;
        let replicates = uncertainty::replicates(&fit, data.len())?;
        uncertainty::intervals(&data, &fit, &replicates)
    }),
    (uncertainty::COVERAGE, || uncertainty::coverages(&datasets::uncertainty::blocks())),
    (grouped::FIT, || {
        let (classes, fit) = grouped::fitted()?;
        grouped::fit(classes, fit)
    }),
    (grouped::RIDGE, || {
        let ((classes, fit), [a, b]) = (grouped::fitted()?, datasets::pearson_roots());
        grouped::Ridge::new(classes, fit)?.figure(&[("root A", &a), ("root B", &b)])
    }),
    (one_pass::LADDER, || one_pass::ladder(&datasets::one_pass::costs())),
    (compression::ERROR, || compression::error(&datasets::compression::differences())),
    (compression::COST, || compression::cost(&datasets::compression::timings())),
    (query::TABLES, || query::tables(&data())),
    (query::COST, || query::cost(&datasets::query::costs())),
    (fit::FITS, || {
        let galaxies = ::selection::plan().fit(&galaxies(), 3)?.mixture;
        let galaxies = ::sampling::Mixture::new(::selection::by_mean(&galaxies))?;
        let waits = uncertainty::fitted()?.1;
        fit::fits(&[limit()?.clone(), waits, galaxies, crab_limit()?])
    }),
    (fit::PEERS, || fit::defaults(&peers("fits"))),
    (fit::SPEED, || fit::speed(&peers("speed"))),
]);

/// EM on the notebook's samples from the notebook's guess, run once.
fn run() -> Result<&'static [::sampling::Mixture], ::em::EmError> {
    static RUN: LazyLock<Result<Vec<::sampling::Mixture>, ::em::EmError>> =
        LazyLock::new(|| ::em::em(&data(), guess()).take(STEPS + 1).collect());
    RUN.as_deref().map_err(|error| *error)
}

/// Where that run arrives: 200 steps after its last.
fn limit() -> Result<&'static ::sampling::Mixture, ::em::EmError> {
    static LIMIT: LazyLock<Result<::sampling::Mixture, ::em::EmError>> =
        LazyLock::new(|| {
            let last = run()?[STEPS].clone();
            ::em::em(&data(), last).take(201).last().expect("a run has a start")
        });
    LIMIT.as_ref().map_err(|error| *error)
}

/// Where that run arrives, a hundred steps of SQUAREM later.
fn crab_limit() -> Result<::sampling::Mixture, FigureError> {
    let (classes, fit) = grouped::fitted()?;
    let map = |mixture: &_| ::grouped::step(classes, mixture);
    let squarem = ::acceleration::Method::Squarem;
    let run = ::acceleration::accelerate(map, fit.clone(), squarem).expect("no depth");
    let last = run.map_while(Result::ok).take_while(|state| state.steps <= 100).last();
    Ok(last.map_or_else(|| fit.clone(), |state| state.mixture))
}

/// The recorded rows of a task, but for the crabs at the middles of their classes: the chapter
/// *Grouped* says why that is a mistake.
fn peers(task: &str) -> Vec<datasets::fit::Peer> {
    let mut rows = datasets::fit::peers();
    rows.retain(|row| row.task == task && row.data != "pearson_crabs");
    rows
}

/// The names of the pictures, `chapter/picture`, in the order of the book.
#[must_use]
pub fn names() -> Vec<&'static str> {
    BOOK.names()
}

/// Saves the pictures of a chapter, as its page shows them, under `target/figures/` of the folder
/// where the program runs. Gives the paths, in the order of the book.
///
/// # Errors
///
/// A picture cannot be drawn or written.
///
/// ```no_run
/// assert_eq!(figures::save("em")?, ["target/figures/em/fits.svg", "target/figures/em/log_likelihood.svg"]);
/// # Ok::<(), figures::FigureError>(())
/// ```
pub fn save(chapter: &str) -> Result<Vec<String>, FigureError> {
    BOOK.save(chapter)
}

/// The book's picture of that name, with the notebook's samples; `None` if there is none.
///
/// ```
/// assert!(figures::book("em/fits").is_some());
/// assert!(figures::book("em/tea").is_none());
/// ```
#[must_use]
pub fn book(name: &str) -> Option<Result<Figure, FigureError>> {
    BOOK.draw(name)
}
