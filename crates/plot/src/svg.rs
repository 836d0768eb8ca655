//! A drawing backend for plotters that writes SVG with roles in place of colours.
//!
//! Colours pass through plotters as three bytes. Here they carry a [`Role`], which becomes a
//! class; the style sheet gives the class its colour, in every theme.

use plotters::style::Color;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend,
    DrawingErrorKind, FontStyle,
};
use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

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

impl Color for Role {
    fn to_backend_color(&self) -> BackendColor {
        // Whose colours have come before has other dashes.
        let dash = match self {
            Self::Component(k) if *k >= LOOKS => 1 + (k + k / LOOKS) % LOOKS,
            _ => 0,
        };
        let index = match self {
            Self::Ink => 0,
            Self::Grid => 1,
            Self::Data => 2,
            Self::Sum => 3,
            Self::Component(k) => 4 + (k % LOOKS) as u8,
            Self::Share(k) => (4 + LOOKS + k % LOOKS) as u8,
            Self::Blend(tenths) => (4 + 2 * LOOKS + tenths.min(&10)) as u8,
        };
        BackendColor { alpha: 1.0, rgb: (index, dash as u8, 0) }
    }
}

/// The classes of the roles.
const CLASSES: [&str; 15 + 2 * LOOKS] = [
    "",
    " fig-grid",
    " fig-data",
    " fig-sum",
    " fig-1",
    " fig-2",
    " fig-3",
    " fig-4",
    " fig-5",
    " fig-6",
    " fig-1 fig-share",
    " fig-2 fig-share",
    " fig-3 fig-share",
    " fig-4 fig-share",
    " fig-5 fig-share",
    " fig-6 fig-share",
    " fig-mix-0",
    " fig-mix-1",
    " fig-mix-2",
    " fig-mix-3",
    " fig-mix-4",
    " fig-mix-5",
    " fig-mix-6",
    " fig-mix-7",
    " fig-mix-8",
    " fig-mix-9",
    " fig-mix-10",
];

fn class(color: BackendColor) -> String {
    let (index, dash, _) = color.rgb;
    let class = CLASSES[usize::from(index) % CLASSES.len()];
    if dash == 0 { class.into() } else { format!("{class} fig-dash-{dash}") }
}

/// Writes what plotters draws, one element a line. Clones write to the same text.
#[derive(Debug, Clone)]
pub struct Svg {
    /// Width and height.
    pub size: (u32, u32),
    /// What is drawn so far.
    pub text: Rc<RefCell<String>>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Svg {
    fn write(&self, element: &str) -> Drawn {
        *self.text.borrow_mut() += element;
        Ok(())
    }
}

impl Svg {
    /// Many small dots as one element: strokes without length, whose ends are round.
    pub fn dots(&self, role: Role, places: &[BackendCoord]) -> Drawn {
        let (class, d) = (class(role.to_backend_color()), |(x, y)| format!("M{x} {y}h0"));
        let d: String = places.iter().copied().map(d).collect();
        self.write(&format!("<path class=\"fig-dots{class}\" d=\"{d}\"/>\n"))
    }
}

impl DrawingBackend for Svg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.write(&format!(
            "<path class=\"fig-fill{}\" d=\"M{x} {y}h1v1h-1z\"/>\n",
            class(color)
        ))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let (class, d) = (class(style.color()), path_data(path));
        self.write(&format!("<path class=\"fig-line{class}\" d=\"{d}\"/>\n"))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let (class, d) = (class(style.color()), path_data(corners));
        self.write(&format!("<path class=\"fig-fill{class}\" d=\"{d}z\"/>\n"))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        let class = class(style.color());
        self.write(&format!(
            "<circle class=\"fig-dot{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>\n"
        ))
    }

    /// Nothing here measures text. plotters would ask for fonts, which a page in a browser lacks.
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        _text: &str,
        _style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((0, 0))
    }

    /// The size is the style sheet's affair; the offsets are in units of it.
    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let dy = match style.anchor().v_pos {
            VPos::Top => " dy=\".8em\"",
            VPos::Center => " dy=\".35em\"",
            VPos::Bottom => "",
        };
        let title =
            if matches!(style.style(), FontStyle::Bold) { " fig-title" } else { "" };
        let (class, text) = (class(style.color()), escaped(text));
        self.write(&format!(
            "<text class=\"fig-text{class}{title}\" x=\"{x}\" y=\"{y}\"{anchor}{dy}>{text}</text>\n"
        ))
    }
}

/// Text as XML and HTML read it, between tags or in an attribute.
pub(crate) fn escaped(text: &str) -> String {
    // The ampersand first: the others bring one along.
    [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")]
        .into_iter()
        .fold(text.to_owned(), |text, (mark, name)| text.replace(mark, name))
}

/// The `d` of a path: as few points as show the same line, each relative to the one before.
fn path_data(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let points = simplify(&points.into_iter().collect::<Vec<_>>());
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
fn simplify(points: &[BackendCoord]) -> Vec<BackendCoord> {
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
fn distance(point: BackendCoord, a: BackendCoord, b: BackendCoord) -> f64 {
    let minus =
        |p: BackendCoord, q: BackendCoord| (f64::from(p.0 - q.0), f64::from(p.1 - q.1));
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
                let class = class(Role::Component(k).to_backend_color());
                let (colour, dash) = class.split_once(" fig-dash-").unwrap_or((&class, ""));
                let own = colour.trim_start_matches(" fig-").to_owned();
                let dash = if dash.is_empty() { own.clone() } else { dash.to_owned() };
                (own, dash)
            })
            .collect();
        assert_eq!(looks.len(), 36);
        assert_eq!(class(Role::Component(3).to_backend_color()), " fig-4");
        for class in (1..=6).map(|dash| format!(".fig-line.fig-dash-{dash} ")) {
            assert!(crate::STYLE.contains(&class), "{class}");
        }
    }

    #[test]
    fn a_straight_line_keeps_its_ends_only() {
        assert_eq!(path_data((0..=100).map(|x| (x, 2 * x))), "M0 0l100 200");
        assert_eq!(path_data([(0, 0), (5, 0), (5, 9), (1, 2)]), "M0 0h5v9l-4-7");
        assert_eq!(path_data([]), "");
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
