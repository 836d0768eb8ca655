//! What every picture of the book promises to its page and to the reader.

use plot::Figure;
use std::collections::HashSet;
use std::thread;

/// The text between the first `open` and the `close` after it.
pub fn between<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let (_, rest) = text.split_once(open).unwrap_or_else(|| panic!("no {open}"));
    rest.split_once(close).unwrap_or_else(|| panic!("no {close}")).0
}

/// All laws. Drawn twice, a picture is the same. Gives the ids.
pub fn keep(draw: fn() -> Vec<(&'static str, Figure)>) -> HashSet<String> {
    let again = thread::spawn(draw);
    let all = draw();
    drawn_and_small(&all);
    at_home_on_a_page(&all);
    let ids = told_in_words(&all);
    for (once, twice) in all.iter().zip(again.join().unwrap()) {
        assert!(*once == twice, "{} is not the same when it is drawn again", once.0);
    }
    ids
}

/// It is drawn, and it is small.
fn drawn_and_small(all: &[(&str, Figure)]) {
    for (name, figure) in all {
        let svg = figure.inline();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{name}");
        assert!(svg.contains("<path "), "{name}");
        assert!(svg.len() < 40_000, "{name} has {} bytes", svg.len());
    }
}

/// It has a title and a description with numbers, by ids that no other has. Gives the ids.
fn told_in_words(all: &[(&str, Figure)]) -> HashSet<String> {
    let mut ids = HashSet::new();
    for (name, figure) in all {
        let svg = figure.inline();
        let labels = between(&svg, "role=\"img\" aria-labelledby=\"", "\"");
        let (title, description) = labels.split_once(' ').unwrap();
        assert!(!between(&svg, &format!("<title id=\"{title}\">"), "</title>").is_empty());
        let words = between(&svg, &format!("<desc id=\"{description}\">"), "</desc>");
        assert!(
            words.contains(|c: char| c.is_ascii_digit()),
            "{name}: no number in {words}"
        );
        assert!(
            ids.insert(title.to_owned()) && ids.insert(description.to_owned()),
            "{name}"
        );
    }
    ids
}

/// It has classes and no colours, no blank lines, and no number that is none.
fn at_home_on_a_page(all: &[(&str, Figure)]) {
    let style = include_str!("../../../../book/theme/figures.css");
    for (name, figure) in all {
        let svg = figure.inline().replace("linfa", ""); // a name, no infinity
        for literal in ["#", "rgb", "fill=", "stroke=", "style", "opacity", "NaN", "inf"] {
            assert!(!svg.contains(literal), "{name} has {literal}");
        }
        assert!(svg.lines().all(|line| !line.trim().is_empty()), "{name}");
        assert!(svg.is_ascii() || !svg.contains(">-"), "{name}: a hyphen for a minus sign");
        for classes in svg.split("class=\"").skip(1) {
            for class in classes.split('"').next().unwrap().split(' ') {
                assert!(
                    style.contains(&format!(".{class}")),
                    "{name}: no style for {class}"
                );
            }
        }
    }
}
