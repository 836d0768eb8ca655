//! The drawing kit: panels with axes, histograms, curves, and labels that find their own place.
//!
//! It knows samples and mixtures, and no chapter. What comes out is SVG
//! whose colours are CSS variables, so that a picture follows the theme of the page around it.
//!
//! ```
//! use plot::{Axis, Figure, Panel, PlotError, Role};
//! let axis = Axis::new("x", 0.0..1.0, 4);
//! let figure = Figure::draw("page/picture", (1, 1), 3000, |areas| {
//!     Panel::new(&areas[0], &axis, &axis, "")?.line(Role::Sum, &[(0.0, 0.0), (1.0, 1.0)])
//! })?;
//! let figure = figure.described("A diagonal", "From 0 to 1.".into());
//! assert!(figure.inline().starts_with("<svg"));
//! # Ok::<(), PlotError>(())
//! ```

mod album;
mod contours;
mod curves;
mod histogram;
mod panel;
mod room;
mod svg;
pub mod words;

pub use album::Album;
pub use contours::Surface;
pub use curves::{curves, densities, fit, grid, label};
pub use histogram::{Histogram, wide_enough};
pub use panel::{Area, Axis, Labels, Panel, Point, padded};
pub use svg::Role;

use std::fs;
use std::ops::Range;
use std::path::Path;
use svg::escaped;

/// The style sheet of the book's pictures; a file of its own takes it along.
const STYLE: &str = include_str!("../../../book/theme/figures.css");

/// A finished picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    name: &'static str,
    title: String,
    description: String,
    size: (u32, u32),
    body: String,
    frames: Vec<Frame>,
}

/// Where a panel lies in its picture, in the picture's own units, and which numbers its axes show.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// From the left to the right.
    pub across: Range<i32>,
    /// From the top to the bottom.
    pub down: Range<i32>,
    /// What the level axis shows.
    pub x: Range<f64>,
    /// What the upright axis shows, from the bottom to the top.
    pub y: Range<f64>,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum PlotError {
    #[error("there are no samples")]
    NoSamples,
    #[error("sample {sample} is {value}: a sample is a finite number")]
    NotFinite { sample: usize, value: f64 },
    #[error("an axis from {low:e} to {high:e} is too long for 64-bit numbers")]
    TooWide { low: f64, high: f64 },
    #[error("cannot write {path}: {error}")]
    Write { path: String, error: String },
}

impl Figure {
    /// What it is called: `chapter/picture`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The same picture by another name, where a page has two of a kind.
    #[must_use]
    pub fn called(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// One `<svg>` element for a page that has `figures.css`. Its only colours are classes; it
    /// holds no blank line, which would end an HTML block in Markdown.
    #[must_use]
    pub fn inline(&self) -> String {
        self.svg("fig", "")
    }

    /// The same for a page that has another of this name: its ids begin with `prefix`.
    #[must_use]
    pub fn inline_as(&self, prefix: &str) -> String {
        self.svg(prefix, "")
    }

    /// The panels, in the order of reading.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The text of a file of its own, with the styles for light and dark.
    #[must_use]
    pub fn document(&self) -> String {
        self.svg("fig", &format!("<style>\n{STYLE}</style>\n"))
    }

    /// Writes a file of its own, and the folder for it.
    ///
    /// # Errors
    ///
    /// The folder or the file cannot be written. The error names the path.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let path = path.as_ref();
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(path, self.document()))
            .map_err(|error| {
                let (path, error) = (path.display().to_string(), error.to_string());
                PlotError::Write { path, error }
            })
    }

    fn svg(&self, prefix: &str, style: &str) -> String {
        let Self { size: (width, height), body, .. } = self;
        let height = height + 40; // the descenders of the lowest words
        let [title, description] = [&self.title, &self.description].map(|t| escaped(t));
        let id = format!("{prefix}-{}", self.name.replace(['/', '_'], "-"));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="fig" role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width} {height}">
<title id="{id}-title">{title}</title>
<desc id="{id}-desc">{description}</desc>
{style}{body}</svg>
"#
        )
    }
}
