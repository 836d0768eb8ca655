//! The pictures of the book's last part, as the crate `figures` has those of the others: a module for
//! each chapter, [`book`] for the pages, and [`save`] for the examples. It stands alone so that the
//! first chapters need not wait for the crates of the last.
//!
//! ```
//! let figure = figures_elsewhere::book("latent/unseen").expect("it is named")?;
//! assert!(figure.inline().starts_with("<svg"));
//! # Ok::<(), figures_elsewhere::FigureError>(())
//! ```

pub mod k_means;
pub mod latent;
pub mod online;
pub mod plane;

pub use plot::{Figure, PlotError};

use notebook::{data, truth};
use plot::Album;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum FigureError {
    #[error(transparent)]
    Plot(#[from] PlotError),
    #[error(transparent)]
    Latent(#[from] ::latent::LatentError),
    #[error(transparent)]
    KMeans(#[from] ::k_means::KMeansError),
    #[error(transparent)]
    Online(#[from] ::online::OnlineError),
    #[error(transparent)]
    Plane(#[from] ::plane::PlaneError),
    #[error(transparent)]
    Mixture(#[from] sampling::MixtureError),
    #[error(transparent)]
    Memberships(#[from] e_step::MembershipsError),
    #[error(transparent)]
    EStep(#[from] e_step::EStepError),
    #[error(transparent)]
    MStep(#[from] m_step::MStepError),
    #[error(transparent)]
    Em(#[from] em::EmError),
    #[error(transparent)]
    Figures(#[from] figures::FigureError),
}

/// The pictures by name, in the order of the book.
const BOOK: Album<FigureError> = Album(&[
    (latent::UNSEEN, latent::unseen),
    (latent::RATES, latent::rates),
    (k_means::COLOURS, || {
        let samples = figures::e_step::tiles::labelled(&truth(), 120, notebook::SEED);
        let [soft, _, nearest] = k_means::three_fits(&data())?;
        k_means::colours(&samples, &soft.mixture, &nearest.judge)
    }),
    (k_means::FITS, || k_means::fits(&data(), &k_means::three_fits(&data())?)),
    (k_means::LIMIT, || k_means::limit(&data()[..500], &[1.0, 6.0])),
    (plane::STEPS, || {
        let (data, start) = (plane::faithful(), plane::start()?);
        let run: Vec<_> =
            ::plane::em(&data, start, ::plane::Shape::Free, ::stability::Cure::Refuse)
                .take(21)
                .collect::<Result<_, _>>()?;
        let shown = [0, 1, 2, 5, 10, 20].map(|step| (step, run[step].clone()));
        plane::steps(&data, &shown)
    }),
    (plane::SHAPES, || plane::shapes(&plane::faithful(), &plane::start()?)),
    (online::AVERAGE, online::average),
    (online::DRIFT, online::drift),
]);

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
pub fn save(chapter: &str) -> Result<Vec<String>, FigureError> {
    BOOK.save(chapter)
}

/// The picture of that name; `None` if there is none.
#[must_use]
pub fn book(name: &str) -> Option<Result<Figure, FigureError>> {
    BOOK.draw(name)
}
