//! The figures of the book, drawn again with the reader's own numbers.
//!
//! A request is one line of text, `figure=em/half_step&data=notebook&at=3`: a state, and behind it
//! what the reader changes. The reply is one line of JSON: the pictures, the state after the change,
//! what can be changed next, and what has happened, in words. A page sends the requests (`lab_wasm`
//! is its door), a link keeps them, and `cargo run --bin lab` answers the same lines in a
//! terminal.
//!
//! What the reader sees is settled by the request alone. Whatever is remembered between two requests
//! only saves time; but long lists of the reader's own numbers are not sent twice.
//!
//! ```
//! let mut lab = lab::Lab::default();
//! let reply = lab.reply("figure=density/histogram&mean.0=1.5");
//! assert!(reply.starts_with(r#"{"state":"figure=density/histogram&data=notebook&start=0.3,1.5,1;"#));
//! assert!(lab.reply("figure=tea").starts_with(r#"{"error":"#));
//! ```

mod control;
mod data;
mod json;
mod kept;
mod live;
mod reply;
mod request;
mod run;

pub use request::RequestError;

use kept::Shelf;
use request::Request;

/// Answers requests, and remembers what it has computed for the last ones.
#[derive(Default)]
pub struct Lab {
    shelf: Shelf,
}

/// Why there is no picture; what the page shows in its place.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum LabError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Figure(#[from] figures::FigureError),
    #[error(transparent)]
    Plot(#[from] figures::PlotError),
    #[error(transparent)]
    Mixture(#[from] sampling::MixtureError),
    #[error(transparent)]
    Sample(#[from] sampling::SampleError),
    #[error(transparent)]
    Start(#[from] start::StartError),
    #[error(transparent)]
    Step(#[from] em::EmError),
    #[error(transparent)]
    Stability(#[from] stability::StabilityError),
    #[error("there is no live figure {0:?}")]
    NoFigure(String),
    #[error("{n} samples: the laboratory takes at most {most}")]
    TooMany { n: usize, most: usize },
    #[error(transparent)]
    Uncertainty(#[from] uncertainty::UncertaintyError),
    #[error(transparent)]
    Compression(#[from] compression::CompressionError),
    #[error("samples are drawn here, by chance or counted")]
    NotDrawn,
    #[error("the cure is refuse, floor or prior")]
    NoCure,
    #[error(
        "these numbers are too many for a link, and not here any more: paste them again"
    )]
    Gone,
}

impl Lab {
    /// Answers a request, with a picture or with what is wrong.
    #[must_use]
    pub fn reply(&mut self, request: &str) -> String {
        let request = Request::new(request);
        match live::reply(&mut self.shelf, &request) {
            Ok(reply) => reply.json(&request),
            Err(error) => json::Object::new().text("error", &error.to_string()).end(),
        }
    }
}

/// The names of the figures that can be changed, `chapter/picture`.
#[must_use]
pub fn names() -> Vec<&'static str> {
    live::LIVE.iter().map(|(name, _)| *name).collect()
}
