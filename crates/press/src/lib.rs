//! Builds the book.
//!
//! Press is a preprocessor of mdBook, and mdBook itself as a library around it: `cargo book` needs
//! nothing that Cargo does not fetch, and `mdbook serve book` gives the same site. It sets the
//! mathematics, cuts the listings from tested code, draws the figures, numbers the equations, and
//! refuses whatever mdBook would let pass. All problems are told together, each with its line.
//!
//! What an author writes:
//!
//! | in the Markdown | on the page |
//! |---|---|
//! | `$x_i$`, in raw HTML too | a formula in the line, as MathML; in tables write `\mid` for a bar |
//! | `$$ ... $$`, alone in its paragraph | a display formula |
//! | `\label{eq:NAME}` in a display formula of a numbered chapter | its number, (3.1), and the id `eq-NAME` |
//! | `{{#eq NAME}}` | (3.1), a link to the equation from any page |
//! | `{{#equations}}`, alone in its paragraph | every equation, what computes it and what tests it |
//! | `{{#figure PAGE/NAME}}` and, from the next line on, a caption | the figure, with the id `fig-PAGE-NAME` |
//! | a `rust` block of one line, `{{#include PATH:ANCHOR}}` | that excerpt, at most 20 lines, and its file's name |
//! | a `console` block | without the empty last line, which trycmd wants and no reader |
//!
//! An equation is checked by the tests, and computed by the functions, whose doc comments name
//! its label: in `tests/`, `crates/*/src/` and `crates/*/tests/`. A labelled equation without a
//! test is a problem, and so is a name in a doc comment that no page labels.
//!
//! Relative links lead to pages or files under `src/`, and fragments to ids. Every character of a
//! formula is in the book's font, `src/fonts/`. A directive that nobody knows is a problem; a
//! backslash before it, as for mdBook, shows it as it is.

mod equations;
mod links;
mod listings;
mod maths;
mod mentions;
mod page;
mod pictures;
mod problem;
mod site;
mod weave;

pub use problem::{Fault, Problem, Problems};
pub use site::build;

use anyhow::{Context, Result};
use equations::Equations;
use maths::Maths;
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use page::{Page, Place};
use std::collections::HashMap;
use std::error::Error;
use std::fs;
use weave::Weaver;

/// A figure by its name: one `<svg>` element, or why it cannot be drawn; `None` if there is no
/// such figure.
pub type Draw = dyn Fn(&str) -> Option<Result<String, Box<dyn Error>>>;

/// The characters that the font for the mathematics has, from the folder of the pages.
const FONT: &str = "fonts/book-math-characters.txt";

/// The preprocessor.
pub struct Press {
    draw: Box<Draw>,
}

impl Press {
    /// A press that gets its figures from `draw`.
    pub fn new(
        draw: impl Fn(&str) -> Option<Result<String, Box<dyn Error>>> + 'static,
    ) -> Self {
        Self { draw: Box::new(draw) }
    }
}

impl Preprocessor for Press {
    fn name(&self) -> &str {
        "press"
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let mut problems = Problems::default();
        let place = Place::of(context)?;
        let font = place.workspace.join(&place.src).join(FONT);
        let font = fs::read_to_string(&font).with_context(|| font.display().to_string())?;
        let maths = Maths::new(&font);
        let pages = Page::all(&book, &place);
        let mentions = mentions::scan(&place.workspace, &mut problems)?;
        let equations = Equations::new(&pages, &place, mentions, &mut problems);
        let weaver = Weaver {
            place: &place,
            pages: &pages,
            equations: &equations,
            maths: &maths,
            draw: &*self.draw,
        };
        let mut woven: HashMap<_, _> = pages
            .iter()
            .map(|page| (page.path.clone(), weaver.weave(page, &mut problems)))
            .collect();
        let ids = woven
            .iter()
            .map(|(path, text)| (path.clone(), links::ids(text, &place)))
            .collect();
        for page in &pages {
            links::check(page, &place, &ids, &mut problems);
        }
        problems.into_result()?;
        book.for_each_chapter_mut(|chapter| {
            chapter.content = chapter
                .path
                .as_ref()
                .and_then(|path| woven.remove(path))
                .unwrap_or_default();
        });
        Ok(book)
    }
}

/// The press of this book, which gets its figures from the crate `figures`.
#[must_use]
pub fn of_the_book() -> Press {
    Press::new(|name| figures::book(name).map(|drawn| Ok(drawn?.inline())))
}
