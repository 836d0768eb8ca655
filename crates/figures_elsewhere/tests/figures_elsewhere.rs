//! What the pictures promise to the pages and to the reader.

#[path = "../../figures/tests/laws/mod.rs"]
mod laws;

use figures_elsewhere::{Figure, book, names};

fn all() -> Vec<(&'static str, Figure)> {
    names().into_iter().map(|name| (name, book(name).unwrap().unwrap())).collect()
}

#[test]
fn every_picture_keeps_the_laws_of_the_book() {
    let all = all();
    assert!(!all.is_empty() && book("latent/tea").is_none());
    laws::drawn_and_small(&all);
    laws::told_in_words(&all);
    laws::at_home_on_a_page(&all);
}

#[test]
fn drawn_twice_a_picture_is_the_same() {
    assert_eq!(all(), all());
}

/// `target/figures` and the page have one place for a name.
#[test]
fn no_name_is_a_name_of_figures() {
    assert!(names().iter().all(|name| figures::book(name).is_none()));
}
