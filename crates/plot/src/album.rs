//! Pictures by name.

use crate::{Figure, PlotError};

/// The pictures of a book, or of some of its chapters: each by its name, `chapter/picture`, and what
/// draws it, in the order of the pages.
///
/// ```
/// use plot::{Album, Axis, Figure, Panel, PlotError};
/// const BOOK: Album<PlotError> = Album(&[("page/empty", || {
///     let axis = Axis::new("x", 0.0..1.0, 4);
///     Figure::draw("page/empty", (1, 1), 3000, |areas| {
///         Panel::new(&areas[0], &axis, &axis, "").map(|_| ())
///     })
/// })]);
/// assert_eq!(BOOK.names(), ["page/empty"]);
/// assert!(BOOK.draw("page/empty").is_some_and(|drawn| drawn.is_ok()));
/// assert!(BOOK.draw("page/tea").is_none());
/// ```
pub struct Album<E: 'static>(pub &'static [(&'static str, Draw<E>)]);

type Draw<E> = fn() -> Result<Figure, E>;

impl<E: From<PlotError>> Album<E> {
    /// The names, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    /// The picture of that name; `None` if there is none.
    #[must_use]
    pub fn draw(&self, name: &str) -> Option<Result<Figure, E>> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, draw)| draw())
    }

    /// Saves the pictures of a chapter under `target/figures/` of the folder where the program runs.
    /// Gives the paths, in order.
    ///
    /// # Errors
    ///
    /// A picture cannot be drawn or written.
    pub fn save(&self, chapter: &str) -> Result<Vec<String>, E> {
        let own = self.0.iter().filter(|(name, _)| name.split('/').next() == Some(chapter));
        own.map(|(name, draw)| {
            let path = format!("target/figures/{name}.svg");
            draw()?.save(&path)?;
            Ok(path)
        })
        .collect()
    }
}
