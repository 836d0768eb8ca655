//! What the pictures promise to the pages and to the reader.

#[path = "../../figures/tests/laws/mod.rs"]
mod laws;

use figures_elsewhere::{Figure, book, names};

fn all() -> Vec<(&'static str, Figure)> {
    names().into_iter().map(|name| (name, book(name).unwrap().unwrap())).collect()
}

#[test]
fn every_picture_keeps_the_laws_of_the_book() {
    assert!(!names().is_empty() && book("latent/tea").is_none());
    laws::keep(all);
}

/// `target/figures` and the page have one place for a name.
#[test]
fn no_name_is_a_name_of_figures() {
    assert!(names().iter().all(|name| figures::book(name).is_none()));
}
