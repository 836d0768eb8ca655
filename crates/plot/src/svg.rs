//! Writes SVG with roles in place of colours: a [`Role`] is a class, and the style sheet gives the
//! class its colour, in every theme.

use crate::{Figure, Frame};
use std::cell::RefCell;
use std::fmt::Write;

/// A place in a picture, in its own units, from its top left corner.
pub(crate) type Pixel = (i32, i32);

/// What a mark stands for.
#[derive(Debug, Clone, Copy)]
pub enum Role {
    /// Axes and words.
    Ink,
    /// What is only there to measure by.
    Grid,
    /// The samples.
    Data,
    /// A mixture as a whole.
    Sum,
    /// Component k; colours repeat after six, colour and dash together after 36.
    Component(usize),
    /// An area that belongs to component k, with curves over it.
    Share(usize),
    /// A sample by its membership in component 1, in tenths; the rest belongs to component 0.
    Blend(usize),
}

/// How many looks there are for components.
const LOOKS: usize = 6;

impl Role {
    fn class(self) -> String {
        match self {
            Self::Ink => String::new(),
            Self::Grid => " fig-grid".into(),
            Self::Data => " fig-data".into(),
            Self::Sum => " fig-sum".into(),
            Self::Component(k) if k < LOOKS => format!(" fig-{}", k + 1),
            // Whose colours have come before has other dashes.
            Self::Component(k) => {
                format!(" fig-{} fig-dash-{}", k % LOOKS + 1, 1 + (k + k / LOOKS) % LOOKS)
            }
            Self::Share(k) => format!(" fig-{} fig-share", k % LOOKS + 1),
            Self::Blend(tenths) => format!(" fig-mix-{}", tenths.min(10)),
        }
    }
}

/// Which point of a text stands at its place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor {
    Left,
    Centre,
    /// The middle of its left edge.
    Beside,
    /// The middle of its right edge.
    Before,
    /// The middle of its upper edge.
    Top,
}

/// A picture in the making: an element a line. The words come last, over whatever is drawn.
#[derive(Debug, Default)]
pub(crate) struct Svg {
    body: RefCell<String>,
    words: RefCell<String>,
    frames: RefCell<Vec<Frame>>,
}

impl Svg {
    fn write(&self, element: &str) {
        *self.body.borrow_mut() += element;
    }

    /// Remembers where a panel lies.
    pub fn frame(&self, frame: Frame) {
        self.frames.borrow_mut().push(frame);
    }

    pub fn line(&self, role: Role, points: &[Pixel]) {
        let (class, d) = (role.class(), path_data(points));
        self.write(&format!("<path class=\"fig-line{class}\" d=\"{d}\"/>\n"));
    }

    pub fn polygon(&self, role: Role, corners: &[Pixel]) {
        let (class, d) = (role.class(), path_data(corners));
        self.write(&format!("<path class=\"fig-fill{class}\" d=\"{d}z\"/>\n"));
    }

    pub fn dot(&self, role: Role, (x, y): Pixel) {
        let class = role.class();
        self.write(&format!(
            "<circle class=\"fig-dot{class}\" cx=\"{x}\" cy=\"{y}\" r=\"55\"/>\n"
        ));
    }

    /// Many small dots as one element: strokes without length, whose ends are round. From left to
    /// right, each is told from the one before, and is right to a fifteenth of its width: short to say.
    pub fn dots(&self, role: Role, places: &[Pixel]) {
        let class = role.class();
        let near = |(x, y): &Pixel| (10 * ((x + 5) / 10), 10 * ((y + 5) / 10));
        let mut places: Vec<_> = places.iter().map(near).collect();
        places.sort_unstable();
        let from = [(0, 0)].into_iter().chain(places.iter().copied());
        let d =
            from.zip(&places).map(|((x0, y0), (x, y))| format!("m{} {}h0", x - x0, y - y0));
        let d: String = d.collect();
        self.write(&format!("<path class=\"fig-dots{class}\" d=\"{d}\"/>\n"));
    }

    pub fn text(&self, text: &str, role: Role, anchor: Anchor, at: Pixel) {
        self.words(text, &role.class(), anchor, at);
    }

    pub fn title(&self, text: &str, at: Pixel) {
        self.words(text, " fig-title", Anchor::Centre, at);
    }

    /// The size is the style sheet's affair; the offset is in units of it.
    fn words(&self, text: &str, class: &str, anchor: Anchor, (x, y): Pixel) {
        if text.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Left => "",
            Anchor::Centre => " text-anchor=\"middle\"",
            Anchor::Beside => " dy=\".33em\"",
            Anchor::Before => " text-anchor=\"end\" dy=\".33em\"",
            Anchor::Top => " text-anchor=\"middle\" dy=\".8em\"",
        };
        let text = escaped(text);
        *self.words.borrow_mut() += &format!(
            "<text class=\"fig-text{class}\" x=\"{x}\" y=\"{y}\"{anchor}>{text}</text>\n"
        );
    }

    /// The finished picture.
    pub fn into_figure(self, name: &'static str, size: (u32, u32)) -> Figure {
        let body = self.body.into_inner() + &self.words.into_inner();
        let frames = self.frames.into_inner();
        let (title, description) = Default::default();
        Figure { name, title, description, size, body, frames }
    }
}

/// Text as XML and HTML read it, between tags or in an attribute, with the apostrophes of the pages.
pub(crate) fn escaped(text: &str) -> String {
    // The ampersand first: the others bring one along.
    [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "’")]
        .into_iter()
        .fold(text.to_owned(), |text, (mark, name)| text.replace(mark, name))
}

/// The `d` of a path: as few points as show the same line, each relative to the one before.
fn path_data(points: &[Pixel]) -> String {
    let points = simplify(points);
    let mut d = points.first().map_or(String::new(), |(x, y)| format!("M{x} {y}"));
    for step in points.windows(2) {
        let (dx, dy) = (step[1].0 - step[0].0, step[1].1 - step[0].1);
        // Writing to a string cannot fail.
        let _ = match (dx, dy) {
            (dx, 0) => write!(d, "h{dx}"),
            (0, dy) => write!(d, "v{dy}"),
            (dx, dy) if dy < 0 => write!(d, "l{dx}{dy}"),
            (dx, dy) => write!(d, "l{dx} {dy}"),
        };
    }
    d
}

/// How far a simplified line may stray, in units of the picture: a fifth of a pixel.
const TOLERANCE: f64 = 2.0;

/// Leaves out every point that lies on the line without it, by Ramer, Douglas and Peucker.
fn simplify(points: &[Pixel]) -> Vec<Pixel> {
    let [first, inner @ .., last] = points else { return points.to_vec() };
    let far = inner.iter().enumerate().map(|(i, p)| (i + 1, distance(*p, *first, *last)));
    match far.max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((farthest, distance)) if distance > TOLERANCE => {
            let mut kept = simplify(&points[..=farthest]);
            kept.pop();
            kept.extend(simplify(&points[farthest..]));
            kept
        }
        _ => vec![*first, *last],
    }
}

/// From a point to the segment between `a` and `b`.
fn distance(point: Pixel, a: Pixel, b: Pixel) -> f64 {
    let minus = |p: Pixel, q: Pixel| (f64::from(p.0 - q.0), f64::from(p.1 - q.1));
    let ((x, y), (u, v)) = (minus(point, a), minus(b, a));
    let length = (u * u + v * v).max(1.0);
    let along = ((x * u + y * v) / length).clamp(0.0, 1.0);
    (x - along * u).hypot(y - along * v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_36_components_look_the_same() {
        let looks: std::collections::BTreeSet<_> = (0..36)
            .map(|k| {
                let class = Role::Component(k).class();
                let (colour, dash) = class.split_once(" fig-dash-").unwrap_or((&class, ""));
                let own = colour.trim_start_matches(" fig-").to_owned();
                let dash = if dash.is_empty() { own.clone() } else { dash.to_owned() };
                (own, dash)
            })
            .collect();
        assert_eq!(looks.len(), 36);
        assert_eq!(Role::Component(3).class(), " fig-4");
        for class in (1..=6).map(|dash| format!(".fig-line.fig-dash-{dash} ")) {
            assert!(crate::STYLE.contains(&class), "{class}");
        }
    }

    #[test]
    fn a_straight_line_keeps_its_ends_only() {
        assert_eq!(
            path_data(&[(0, 0), (1, 2), (30, 60), (99, 198), (100, 200)]),
            "M0 0l100 200"
        );
        assert_eq!(path_data(&[(0, 0), (5, 0), (5, 9), (1, 2)]), "M0 0h5v9l-4-7");
        assert_eq!(path_data(&[]), "");
    }

    #[test]
    fn a_simplified_curve_stays_within_the_tolerance() {
        let curve: Vec<_> = (0..2000).map(|x| (x, (x * x) / 1000)).collect();
        let simple = simplify(&curve);
        assert!(simple.len() < 100);
        for p in curve {
            let off =
                simple.windows(2).map(|s| distance(p, s[0], s[1])).fold(9.0, f64::min);
            assert!(off <= TOLERANCE);
        }
    }
}
