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
//! | `{{#minutes PAGE}}` | how many minutes a numbered page takes |
//! | `{{#fig PAGE/NAME}}` | Figure 3.1, a link to the figure from any page |
//! | `{{#chapters}}`, alone in its paragraph | the numbered chapters, with the descriptions of their crates |
//! | `{{#bibtex}}` | how to cite the book, by `CITATION.cff` at the root of the workspace |
//! | `{{#equations}}`, alone in its paragraph | every equation, what computes it and what tests it |
//! | `{{#quiz PAGE}}`, alone in its paragraph | the quiz of the page's lesson: a question, and options that unfold to a reply; it counts neither as words nor as minutes |
//! | `{{#figure PAGE/NAME}}` and, from the next line on, a caption | the figure, with the id `fig-PAGE-NAME` and, in a numbered chapter, a number; a `?` and what follows it are no part of the id |
//! | a `rust` block of one line, `{{#include PATH:ANCHOR}}` | that excerpt of tested code, in colours, and its file's name, a link if mdBook's `git-repository-url` is known |
//! | a `console` block, or a `text` block that begins with `$ ` | the command and its output, which blank lines part; a sentence that begins a part is its caption |
//!
//! Where a page says `<span id="wu-1983" data-cited="Wu"></span>`, as a bibliography does, the first *Wu* of each
//! other page is a link to it.
//!
//! An equation is checked by the tests, and computed by the functions, whose doc comments name
//! its label. A labelled equation without a test is a problem, and so is a name in a doc comment
//! that no page labels.
//!
//! Relative links lead to pages or files under `src/`, and fragments to ids. A directive that
//! nobody knows is a problem; a backslash before it, as for mdBook, shows it as it is.
//!
//! If the book's theme has an `index.hbs` of its own with the comment `<!--press:head-->`, [`build`] finishes the
//! site: one style sheet, the contents in the page, an index for the search, what search engines and friends are
//! told. [`print()`] adds the PDF and the pictures, where there is a browser.
//!
//! The book stands in a folder of a Cargo workspace, as `book/`, and is told of in its `book.toml`.
//! The table `[preprocessor.press]` has these keys besides mdBook's own; a key that is none of
//! them, or of another type, is an error that names it.
//!
//! | key | value | if it is missing |
//! |---|---|---|
//! | `code` | list of patterns of files, from the root of the workspace: the tested Rust, which listings are cut from and whose doc comments name equations | an error |
//! | `longest-listing` | the most lines of a listing | no limit |
//! | `widest-listing` | the most characters of a line of a listing, moved to the margin | no limit |
//! | `widest-output` | the most characters of a line that a program prints | no limit |
//! | `font` | a file of all the characters that the font for the mathematics has, from the folder of the pages; a formula with another is a problem | nothing is checked |
//! | `address` | where the site will stand, for canonical addresses, pictures to share and the map of the site | these are left out |
//! | `synonyms` | table of other words for what a reader types into the search, a list each | none |
//! | `macros` | table of the book's own commands of LaTeX: name, without its backslash, and what it stands for | none |
//! | `lessons` | the folder of the lessons, from the root of the workspace; quizzes are cut from them | there are no quizzes |
//! | `beside` | list of folders of the site that others put beside the pages, into which links are not followed | none |
//! | `quotes` | the folder of another book, which this one teaches: its settings hold here too, and the directives below quote it | none |
//! | `chapters` | table of rules for chapters that are crates, below | [`check_chapters`] is an error |
//!
//! A book that quotes another is built by [`build_lessons`], one deck of slides a page included. Its pages
//! begin with TOML between two lines `+++`, see the crate `lessons`. In it `{{#formula NAME}}` is an equation,
//! `{{#prediction}}` what a page asks before its program runs, `{{#output}}` what that prints,
//! `{{#misconceptions}}`, `{{#exercises}}` and `{{#exercise ID}}` what stands in front, with the recorded
//! messages, `{{#lessons}}` and `{{#syllabus NAME}}` tables, `{{#deck}}` a line about the lesson. Each stands
//! alone in its paragraph; without an argument it is about the page's own chapter. Below the heading *Slides*
//! `---` separates slides of a title, `###`, and what is shown; from `Note: ` on a slide has notes.
//!
//! [`check_chapters`] takes every numbered page `src/NAME.md` for a chapter, of which it wants a
//! crate `crates/NAME`, an example and a test, `examples/NAME.rs` and `tests/NAME.rs` of the root
//! or of the crate, and dependencies on earlier chapters only. It is no part of [`build`]: a page
//! in the making can be looked at before all the rest is there. The keys of
//! `[preprocessor.press.chapters]`:
//!
//! | key | value | if it is missing |
//! |---|---|---|
//! | `helpers` | list of crates that are no chapters and may stand among the `[dev-dependencies]` of one | none |
//! | `lines-of-code` | the most lines of a source file, without comments, documentation, blank lines and tests | no limit |
//! | `public-items` | the most names that a crate gives away at its root, but for those of other crates: functions, types, traits, constants and modules | no limit |
//! | `words` | the most words of prose of a page, with its headings, captions and folded answers; a formula in a line is one word; listings, outputs, display formulas, tables and blocks between the lines `<div class="play">` and `</div>` have none | no limit |
//! | `minutes` | the most minutes of a page, which then says under its title how many it takes: one for 200 words, one for a listing or an output, one and a half for a display formula | no limit, and nothing is said |
//! | `ceilings` | table of what is over its limit and may not grow: a source file, the folder of a crate or a page, from the root of the workspace, and how much it may have; a ceiling without need is a problem | none |

mod chapters;
mod citation;
mod cited;
mod contents;
mod equations;
mod find;
mod finish;
mod highlight;
mod lessons;
mod links;
mod listings;
mod maths;
mod measure;
mod mentions;
mod outputs;
mod page;
mod paper;
mod pictures;
mod problem;
mod settings;
mod site;
mod slides;
mod text;
mod weave;

pub use chapters::check_chapters;
pub use paper::{Browser, print};
pub use problem::{Fault, Problem, Problems};
pub use site::{build, build_lessons};

use crate::lessons::Lessons;
use anyhow::Result;
use cited::Cited;
use equations::Equations;
use maths::Maths;
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use page::{Page, Place};
use pictures::Pictures;
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use weave::Weaver;

/// A figure by its name: one `<svg>` element, or why it cannot be drawn; `None` if there is no
/// such figure.
pub type Draw = dyn Fn(&str) -> Option<Result<String, Box<dyn Error>>>;

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
        let loaded = Loaded::of(&context.root, &context.config, &book, &mut problems)?;
        let weaver = loaded.weaver(&*self.draw);
        let Loaded { pages, place, .. } = &loaded;
        let mut woven: HashMap<_, _> = pages
            .iter()
            .map(|page| (page.path.clone(), weaver.weave(page, &mut problems)))
            .collect();
        let ids = woven
            .iter()
            .map(|(path, text)| (path.clone(), links::ids(text, place)))
            .collect();
        for page in pages {
            links::check(page, place, &ids, &mut problems);
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

/// A book, as weaving needs it.
struct Loaded {
    place: Place,
    pages: Vec<Page>,
    equations: Equations,
    maths: Maths,
    pictures: Pictures,
    cited: Cited,
    lessons: Option<Lessons>,
}

impl Loaded {
    fn of(
        root: &Path,
        config: &Config,
        book: &Book,
        problems: &mut Problems,
    ) -> Result<Self> {
        let place = Place::of(root, config)?;
        let pages = Page::all(book, &place);
        let lessons = Lessons::of(&place)?;
        let mentions = mentions::scan(&place, problems)?;
        let quoted = lessons.as_ref().map(|lessons| &lessons.quoted);
        let quoted = quoted.filter(|pages| !pages.is_empty());
        let (equations, maths) = match (quoted, &place.settings.quotes) {
            (Some(quoted), Some(folder)) => {
                let file = place.workspace.join(folder).join("book.toml");
                let other =
                    Place::of(&place.workspace.join(folder), &Config::from_disk(file)?)?;
                let equations = Equations::new(quoted, &other, mentions, problems);
                (equations.quoted(), Maths::new(&other)?)
            }
            _ => (Equations::new(&pages, &place, mentions, problems), Maths::new(&place)?),
        };
        let pictures = Pictures::new(quoted.unwrap_or(&pages), &place, problems);
        let cited = Cited::new(&pages);
        Ok(Self { place, pages, equations, maths, pictures, cited, lessons })
    }

    fn weaver<'a>(&'a self, draw: &'a Draw) -> Weaver<'a> {
        Weaver {
            place: &self.place,
            pages: &self.pages,
            equations: &self.equations,
            maths: &self.maths,
            pictures: &self.pictures,
            cited: &self.cited,
            draw,
            lessons: self.lessons.as_ref(),
        }
    }
}
