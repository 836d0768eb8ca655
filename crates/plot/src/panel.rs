//! A panel: one pair of axes, what is drawn between them, and labels that find their own place.

use crate::histogram::Histogram;
use crate::room::{Room, gap};
use crate::svg::{Anchor, Pixel, Role, Svg};
use crate::{Figure, Frame, PlotError, words};
use std::f64::consts::LN_10;
use std::ops::Range;

/// The width of every picture, in its own units.
const WIDTH: u32 = 7200;
/// The size of the text on a phone; the style sheet makes it smaller on wider screens.
const TEXT: i32 = 235;
/// Room above a panel for its title and the name of the upright axis.
const TOP: u32 = 430;
/// Room under a panel for the labels of the ticks and the name of the axis, and without them.
const BOTTOM: [u32; 2] = [560, 180];
/// Room left of a panel for the labels of the ticks, unless they are long.
const LEFT: u32 = 560;
/// How far over a panel its title and the name of the upright axis stand.
const OVER: i32 = 190;
/// Room right of a panel for half of the last label.
const RIGHT: u32 = 130;
/// Room at the lower edge of a picture.
const EDGE: u32 = 30;
/// How long the mark of a tick is; its label begins as far away again.
const TICK: i32 = 50;

/// The least distance between a label and a line.
const CLEAR: i32 = 30;

/// How far from its curve a label may stand.
const FAR: i32 = 3 * TEXT;

/// The part of a picture that a panel has for itself.
pub struct Area<'a> {
    svg: &'a Svg,
    across: Range<i32>,
    down: Range<i32>,
}

/// A point in the units of the axes.
pub type Point = (f64, f64);

impl Figure {
    /// Draws a picture of panels in rows and columns, each `height` high between its axes.
    pub fn draw(
        name: &'static str,
        (rows, columns): (usize, usize),
        height: u32,
        draw: impl FnOnce(&[Area]) -> Result<(), PlotError>,
    ) -> Result<Self, PlotError> {
        Self::draw_rows(name, &vec![height; rows], columns, draw)
    }

    /// The same with rows of these heights.
    pub fn draw_rows(
        name: &'static str,
        heights: &[u32],
        columns: usize,
        draw: impl FnOnce(&[Area]) -> Result<(), PlotError>,
    ) -> Result<Self, PlotError> {
        let svg = Svg::default();
        draw(&areas(&svg, heights, columns as u32))?;
        let height: u32 = heights.iter().map(|height| TOP + height + BOTTOM[1]).sum();
        Ok(svg.into_figure(name, (WIDTH, height + BOTTOM[0] - BOTTOM[1])))
    }

    /// Adds what a reader hears who does not see the picture.
    pub fn described(self, title: &str, description: String) -> Self {
        Self { title: title.into(), description, ..self }
    }
}

/// The parts of a picture, row by row. The first column has room for the labels left of it, the last
/// row for those under it.
fn areas<'a>(svg: &'a Svg, heights: &[u32], columns: u32) -> Vec<Area<'a>> {
    let width = (WIDTH - LEFT) / columns;
    let edges: Vec<_> =
        (0..=columns).map(|i| if i == 0 { 0 } else { LEFT + i * width } as i32).collect();
    let (mut areas, mut top) = (vec![], 0);
    for (row, height) in heights.iter().enumerate() {
        let bottom = BOTTOM[usize::from(row + 1 < heights.len())];
        let end = top + (TOP + height + bottom) as i32;
        for column in edges.windows(2) {
            areas.push(Area { svg, across: column[0]..column[1], down: top..end });
        }
        top = end;
    }
    areas
}

/// One axis: its name, its range, and the labels of its ticks.
#[derive(Debug, Clone)]
pub struct Axis {
    name: &'static str,
    /// From its one end to its other.
    pub range: Range<f64>,
    ticks: Vec<f64>,
    labels: Vec<String>,
    /// The room that its labels take, if it is upright.
    pub left: u32,
}

impl Axis {
    /// An axis with about `count` round numbers.
    pub fn new(name: &'static str, range: Range<f64>, count: usize) -> Self {
        let step = step(&range, count);
        let first = (range.start / step).ceil();
        let all = (0..=2 * count).map(|i| (first + i as f64) * step);
        let ticks: Vec<_> = all.take_while(|tick| *tick <= range.end).collect();
        let labels: Vec<_> = ticks.iter().map(|tick| words::tick(*tick, step)).collect();
        Self { name, range, ticks, left: left(&labels), labels }
    }

    /// A level axis for values in `range`, and a little more at both ends, with fewer labels
    /// if they are long.
    pub fn level(name: &'static str, range: &Range<f64>, count: usize) -> Self {
        let axis = |count| Self::new(name, padded(range), count);
        let width = |label: &String| 2 * half_width(label) + TEXT;
        let fits =
            |axis: &Self| axis.labels.iter().map(width).sum::<i32>() < 1000 * count as i32;
        (1..=count).rev().map(axis).find(fits).unwrap_or_else(|| axis(1))
    }

    /// An axis of logarithms to base ten, with whole powers of ten.
    pub fn logarithmic(name: &'static str, range: Range<f64>, count: usize) -> Self {
        let mut axis = Self::new(name, range, count);
        axis.ticks.retain(|tick| tick.fract() == 0.0);
        axis.labels = axis.ticks.iter().map(|tick| words::power_of_ten(*tick)).collect();
        axis.left = left(&axis.labels);
        axis
    }

    /// A level axis of natural logarithms, and a little more at both ends, with the numbers of which
    /// these are the logarithms: powers of ten; or 1, 2 and 5 times these; or round numbers.
    pub fn level_logs(name: &'static str, range: &Range<f64>, count: usize) -> Self {
        let (inner, range) = (range, padded(range));
        let powers =
            (range.start / LN_10).floor() as i32..=(range.end / LN_10).ceil() as i32;
        let inside = |(ln, label): (f64, String)| {
            (inner.start <= ln && ln <= inner.end).then_some((ln, label))
        };
        let power = |p: i32| {
            let label = match p {
                -3..=5 => words::number(10_f64.powi(p)),
                _ => words::power_of_ten(f64::from(p)),
            };
            (f64::from(p) * LN_10, label)
        };
        let mut ticks: Vec<_> = powers.clone().map(power).filter_map(inside).collect();
        if ticks.len() < 3 {
            let three = |p| [1, 2, 5].map(|digit| f64::from(digit) * 10_f64.powi(p));
            let all = powers.flat_map(three).map(|x| (x.ln(), words::number(x)));
            ticks = all.filter_map(inside).collect();
        }
        if ticks.len() < 3 {
            let plain = Self::new(name, range.start.exp()..range.end.exp(), count);
            let all = plain.ticks.iter().map(|x| x.ln()).zip(plain.labels);
            ticks = all.filter_map(inside).collect();
        }
        let every = ticks.len().div_ceil(count + 2).max(1);
        let (ticks, labels) = ticks.into_iter().step_by(every).unzip();
        Self { name, range, ticks, left: LEFT, labels }
    }

    /// An upright axis of names, the first of them at the top: name `i` of `n` stands at `n - 1 - i`.
    pub fn names(names: &[&str]) -> Self {
        let labels: Vec<_> = names.iter().rev().map(ToString::to_string).collect();
        let ticks = (0..names.len()).map(|i| i as f64).collect();
        let range = -0.6..names.len() as f64 - 0.4;
        Self { name: "", range, ticks, left: left(&labels), labels }
    }

    /// The same axis without its name, for a panel under one that shows it.
    pub fn nameless(&self) -> Self {
        Self { name: "", ..self.clone() }
    }

    /// The same axis without labels, for a panel beside one that shows them.
    pub fn silent(&self) -> Self {
        Self { name: "", labels: vec![], left: 0, ..self.clone() }
    }
}

/// A range and a little more at both ends.
pub fn padded(range: &Range<f64>) -> Range<f64> {
    let room = 0.03 * (range.end - range.start);
    range.start - room..range.end + room
}

/// The room for labels left of a panel.
fn left(labels: &[String]) -> u32 {
    labels.iter().map(|label| 2 * half_width(label) as u32 + 120).fold(LEFT, u32::max)
}

/// Half of the width of a text.
fn half_width(text: &str) -> i32 {
    let narrow = |c: &char| " \u{202F}.,:-()fijlrtI⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(*c);
    let (narrow, wide): (Vec<_>, Vec<_>) = text.chars().partition(narrow);
    (16 * narrow.len() as i32 + 27 * wide.len() as i32) * TEXT / 100
}

/// The distance of about `count` ticks: 1, 2 or 5 times a power of ten.
fn step(range: &Range<f64>, count: usize) -> f64 {
    let rough = (range.end - range.start) / count as f64;
    let power = 10_f64.powi(rough.log10().floor() as i32);
    power
        * match rough / power {
            ..1.5 => 1.0,
            ..3.5 => 2.0,
            ..7.5 => 5.0,
            _ => 10.0,
        }
}

/// One pair of axes to draw in.
pub struct Panel<'a> {
    svg: &'a Svg,
    frame: Frame,
    room: Room,
    labels: Labels,
}

/// Where the labels of a picture stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Labels {
    /// Where a search finds room: for a picture that is looked at for long.
    #[default]
    Searched,
    /// On top of what they name, or as near to it as there is room: for a picture that another will
    /// follow, so that labels move as their curves do and seldom jump.
    OnTop,
}

impl<'a> Panel<'a> {
    /// Draws the axes and the title.
    pub fn new(
        area: &Area<'a>,
        x: &Axis,
        y: &Axis,
        title: &str,
    ) -> Result<Self, PlotError> {
        let svg = area.svg;
        let across = area.across.start + y.left as i32..area.across.end - RIGHT as i32;
        let bottom = BOTTOM[usize::from(x.labels.is_empty())] as i32;
        let down = area.down.start + TOP as i32..area.down.end - bottom;
        let frame = Frame { across, down, x: x.range.clone(), y: y.range.clone() };
        let Frame { across, down, .. } = &frame;
        let (middle, right) = ((across.start + across.end) / 2, across.end - 1);
        svg.text(x.name, Role::Ink, Anchor::Centre, (middle, area.down.end - EDGE as i32));
        for tick in &y.ticks {
            let height = frame.pixel(&(x.range.start, *tick)).1;
            svg.line(Role::Grid, &[(across.start, height), (right, height)]);
        }
        svg.line(Role::Ink, &[(across.start, down.end), (right, down.end)]);
        for (i, tick) in x.ticks.iter().enumerate() {
            let place = frame.pixel(&(*tick, y.range.start)).0;
            let label = x.labels.get(i).map_or("", String::as_str);
            svg.text(label, Role::Ink, Anchor::Top, (place, down.end + 2 * TICK));
            svg.line(Role::Ink, &[(place, down.end), (place, down.end + TICK)]);
        }
        svg.title(title, (middle, down.start - OVER));
        svg.text(y.name, Role::Ink, Anchor::Left, (area.across.start, down.start - OVER));
        for (tick, label) in y.ticks.iter().zip(&y.labels) {
            let height = frame.pixel(&(x.range.start, *tick)).1;
            svg.text(label, Role::Ink, Anchor::Before, (across.start - 80, height));
        }
        svg.frame(frame.clone());
        let (room, labels) = (Room::new(across, down), Labels::Searched);
        Ok(Self { svg, frame, room, labels })
    }

    /// The same panel with labels in other places.
    #[must_use]
    pub fn labelled(self, labels: Labels) -> Self {
        Self { labels, ..self }
    }

    /// Draws a curve, as far as it is inside the panel.
    pub fn line(&mut self, role: Role, points: &[Point]) -> Result<(), PlotError> {
        for piece in pieces(points, &self.frame.x, &self.frame.y) {
            self.room.take_line(&self.pixels(&piece));
            self.draw(role, &piece);
        }
        Ok(())
    }

    /// Draws many small dots, as far as they are inside the panel.
    pub fn dots(&mut self, role: Role, points: &[Point]) -> Result<(), PlotError> {
        let places = self.pixels(points);
        places.iter().for_each(|place| self.room.take_box(*place, (0, 0)));
        if places.is_empty() {
            return Ok(());
        }
        self.svg.dots(role, &places);
        Ok(())
    }

    /// Draws a curve that labels may cross.
    pub fn quiet_line(&self, role: Role, points: &[Point]) -> Result<(), PlotError> {
        for piece in pieces(points, &self.frame.x, &self.frame.y) {
            self.draw(role, &piece);
        }
        Ok(())
    }

    fn draw(&self, role: Role, points: &[Point]) {
        self.svg.line(role, &self.frame.pixels(points));
    }

    /// Fills a polygon.
    pub fn fill(&mut self, role: Role, corners: Vec<Point>) -> Result<(), PlotError> {
        self.svg.polygon(role, &self.frame.pixels(&corners));
        Ok(())
    }

    /// Draws bars from one height to another, without seams between them.
    pub fn bars(
        &mut self,
        role: Role,
        histogram: &Histogram,
        from: &[f64],
        to: &[f64],
    ) -> Result<(), PlotError> {
        let (feet, tops) = (histogram.outline(from), histogram.outline(to));
        for (foot, top) in feet.iter().zip(&tops) {
            self.room.take_line(&self.pixels(&[*foot, *top]));
        }
        self.fill(role, tops.into_iter().chain(feet.into_iter().rev()).collect())
    }

    /// Draws one bar that stands on 0.
    pub fn bar(
        &mut self,
        role: Role,
        across: Range<f64>,
        top: f64,
    ) -> Result<(), PlotError> {
        let Range { start, end } = across;
        self.room.take_line(&self.pixels(&[
            (start, 0.0),
            (start, top),
            (end, top),
            (end, 0.0),
        ]));
        self.fill(role, vec![(start, 0.0), (start, top), (end, top), (end, 0.0)])
    }

    /// Writes a label to the right of a point, whatever is there.
    pub fn beside(&self, text: &str, role: Role, point: Point) -> Result<(), PlotError> {
        let (x, y) = self.frame.pixel(&point);
        self.svg.text(text, role, Anchor::Beside, (x + 2 * CLEAR, y));
        Ok(())
    }

    /// Keeps labels off a line that is not drawn.
    pub fn avoid(&mut self, points: &[Point]) {
        self.room.take_line(&self.pixels(points));
    }

    /// Marks a point.
    pub fn dot(&mut self, role: Role, point: Point) -> Result<(), PlotError> {
        self.room.take_line(&self.pixels(&[point; 2]));
        self.svg.dot(role, self.frame.pixel(&point));
        Ok(())
    }

    /// Writes a label where nothing is drawn yet: close to its `own` points, best to the highest
    /// of them, and not so close to `others`. Where there is no room, there is no label.
    pub fn label(
        &mut self,
        text: &str,
        role: Role,
        own: &[Point],
        others: &[&[Point]],
    ) -> Result<(), PlotError> {
        let own = self.pixels(&thinned(own));
        let Some(peak) = own.iter().min_by_key(|(_, y)| *y).copied() else { return Ok(()) };
        let half = (half_width(text) + CLEAR, TEXT / 2 + CLEAR);
        if self.labels == Labels::OnTop {
            let Frame { across, down, .. } = &self.frame;
            let x = peak.0.clamp(across.start + half.0, across.end - half.0);
            let y = (peak.1 - half.1).max(down.start + half.1);
            let (x, y) = self.room.nearest((x, y), half).unwrap_or((x, y));
            self.room.take_box((x, y), half);
            self.svg.text(text, role, Anchor::Centre, (x, y + TEXT / 3));
            return Ok(());
        }
        let others = self.pixels(&thinned(&others.concat()));
        let near = |place: Pixel, points: &[Pixel]| {
            points.iter().map(|point| gap(place, half, *point)).min().unwrap_or(i32::MAX)
        };
        let cost = |place: &Pixel| {
            let (own, others) = (near(*place, &own), near(*place, &others).min(400));
            4 * own - 2 * others + (place.0 - peak.0).abs()
        };
        let close =
            self.room.boxes(half).into_iter().filter(|place| near(*place, &own) < FAR);
        if let Some((x, y)) = close.min_by_key(cost) {
            self.room.take_box((x, y), half);
            self.svg.text(text, role, Anchor::Centre, (x, y + TEXT / 3));
        }
        Ok(())
    }

    /// Writes labels on the curves that they name, over the highest point of each, or as near to it
    /// as no label before it is in the way. A rim of paper keeps them clear of the curves.
    pub fn label_on(&self, labels: &[(String, Role, &[Point])]) -> Result<(), PlotError> {
        let Frame { across, down, .. } = &self.frame;
        let mut taken: Vec<(Pixel, Pixel)> = vec![];
        for (text, role, own) in labels {
            let half = (half_width(text) + CLEAR, TEXT / 2 + CLEAR);
            let over = |(x, y): &Pixel| {
                let x = (*x).min(across.end - half.0).max(across.start + half.0);
                (x, (y - half.1).max(down.start + half.1))
            };
            let is_free = |(x, y): &Pixel| {
                taken.iter().all(|((other_x, other_y), size)| {
                    let (dx, dy) = ((x - other_x).abs(), (y - other_y).abs());
                    dx >= half.0 + size.0 || dy >= half.1 + size.1
                })
            };
            let mut own = self.pixels(own);
            let Some(peak) = own.iter().min_by_key(|(_, y)| *y).copied() else { continue };
            own.sort_by_key(|(x, y)| (x - peak.0).abs() + (y - peak.1).abs());
            let centre = own.iter().map(over).find(is_free).unwrap_or(over(&peak));
            self.svg.text(text, *role, Anchor::Centre, (centre.0, centre.1 + TEXT / 3));
            taken.push((centre, half));
        }
        Ok(())
    }

    /// Where points inside the panel are in the picture.
    fn pixels(&self, points: &[Point]) -> Vec<Pixel> {
        let inside =
            points.iter().filter(|point| is_inside(point, &self.frame.x, &self.frame.y));
        inside.map(|point| self.frame.pixel(point)).collect()
    }
}

impl Frame {
    /// Where a point is in the picture; what is outside the panel, at its edge.
    fn pixel(&self, (x, y): &Point) -> Pixel {
        let share = |value: f64, range: &Range<f64>| {
            ((value - range.start) / (range.end - range.start)).clamp(0.0, 1.0)
        };
        let side = |range: &Range<i32>| f64::from(range.end - range.start - 1);
        // A little more than nothing keeps what is whole but for rounding where it is.
        let right = (side(&self.across) * share(*x, &self.x) + 1e-3).floor() as i32;
        let up = (side(&self.down) * share(*y, &self.y) + 1e-3).floor() as i32;
        (self.across.start + right, self.down.end - 1 - up)
    }

    fn pixels(&self, points: &[Point]) -> Vec<Pixel> {
        points.iter().map(|point| self.pixel(point)).collect()
    }
}

fn is_inside((x, y): &Point, across: &Range<f64>, up: &Range<f64>) -> bool {
    (across.start..=across.end).contains(x) && (up.start..=up.end).contains(y)
}

/// The parts of a curve inside the panel, each up to its very edge.
fn pieces(points: &[Point], x: &Range<f64>, y: &Range<f64>) -> Vec<Vec<Point>> {
    let (mut pieces, mut piece) = (vec![], vec![]);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        match (is_inside(&a, x, y), is_inside(&b, x, y)) {
            (true, true) if piece.is_empty() => piece.extend([a, b]),
            (true, true) => piece.push(b),
            (false, true) => piece.extend([edge(b, a, x, y), b]),
            (true, false) => {
                piece.extend([a, edge(a, b, x, y)]);
                pieces.push(std::mem::take(&mut piece));
            }
            (false, false) => {}
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Where the way from a point inside to one outside leaves the panel.
fn edge(inside: Point, outside: Point, x: &Range<f64>, y: &Range<f64>) -> Point {
    let until = |from: f64, to: f64, range: &Range<f64>| match to {
        _ if to > range.end => (range.end - from) / (to - from),
        _ if to < range.start => (range.start - from) / (to - from),
        _ => 1.0,
    };
    let share = until(inside.0, outside.0, x).min(until(inside.1, outside.1, y));
    // A neighbour that is infinite or NaN shows no way.
    let cut = (
        inside.0 + share * (outside.0 - inside.0),
        inside.1 + share * (outside.1 - inside.1),
    );
    if cut.0.is_finite() && cut.1.is_finite() { cut } else { inside }
}

/// About two hundred points of curves: enough to measure distances.
fn thinned(points: &[Point]) -> Vec<Point> {
    points.iter().copied().step_by(points.len() / 200 + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_inside_the_axis() {
        assert_eq!(
            Axis::new("x", -4.3..13.0, 6).labels,
            ["−4", "−2", "0", "2", "4", "6", "8", "10", "12"]
        );
        assert_eq!(Axis::new("", 0.0..0.19, 4).labels, ["0", "0.05", "0.10", "0.15"]);
        assert_eq!(
            Axis::logarithmic("", -12.0..5.0, 4).labels,
            ["10⁻¹⁰", "10⁻⁵", "1", "10⁵"]
        );
        for range in [-1e300..1e300, 1e300..1.1e300, 0.0..1e-290, 1e8..1e8 + 1e-3] {
            let ticks = Axis::new("", range.clone(), 5).ticks;
            assert!((2..=10).contains(&ticks.len()), "{range:?}: {ticks:?}");
            assert!(ticks.iter().all(|tick| range.start <= *tick && *tick <= range.end));
        }
    }

    #[test]
    fn an_axis_of_logarithms_has_the_numbers_themselves() {
        let axis = |low: f64, high: f64| Axis::level_logs("x", &(low.ln()..high.ln()), 6);
        assert_eq!(axis(0.02, 300.0).labels, ["0.1", "1", "10", "100"]);
        assert_eq!(axis(0.9e-9, 1.1e-5).labels, ["10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵"]);
        assert_eq!(axis(0.9, 30.0).labels, ["1", "2", "5", "10", "20"]);
        let narrow = axis(43.0, 96.0);
        assert_eq!(narrow.labels, ["50", "60", "70", "80", "90"]);
        assert_eq!(narrow.ticks[0], 50_f64.ln());
        for (low, high) in [(1e-300, 1e300), (1e307, 1.7e308), (5.0, 5.0 + 1e-9)] {
            let axis = axis(low, high);
            assert!((1..=9).contains(&axis.ticks.len()), "{axis:?}");
            assert!(axis.ticks.iter().all(|tick| axis.range.contains(tick)));
        }
    }

    /// By hand: three curves with one peak. The labels stand over each other, on their curves.
    #[test]
    fn labels_on_curves_are_on_them_and_not_on_each_other() {
        let axis = Axis::new("x", 0.0..1.0, 2);
        let curve = |height: f64| -> Vec<Point> {
            let top = |x: f64| height * (1.0 - (2.0 * x - 1.0).powi(2));
            (0..=100).map(|i| f64::from(i) / 100.0).map(|x| (x, top(x))).collect()
        };
        let curves = [0.9, 0.88, 0.3].map(curve);
        let figure = Figure::draw("chapter/picture", (1, 1), 3000, |areas| {
            let panel = Panel::new(&areas[0], &axis, &axis, "")?;
            let labels = curves.iter().enumerate();
            let labels =
                labels.map(|(k, curve)| (k.to_string(), Role::Component(k), &curve[..]));
            panel.label_on(&labels.collect::<Vec<_>>())
        });
        let svg = figure.unwrap().described("", String::new()).inline();
        let place = |class: &str| {
            let (_, rest) =
                svg.split_once(&format!("<text class=\"fig-text {class}\" ")).unwrap();
            let number = |name: &str| -> i32 {
                let (_, rest) = rest.split_once(&format!("{name}=\"")).unwrap();
                rest.split('"').next().unwrap().parse().unwrap()
            };
            (number("x"), number("y"))
        };
        let [a, b, c] = ["fig-1", "fig-2", "fig-3"].map(place);
        assert!((a.0 - c.0).abs() < TEXT && a.1 < c.1, "{a:?} {c:?}");
        assert!((a.0 - b.0).abs() + (a.1 - b.1).abs() > TEXT, "{a:?} {b:?}");
    }

    #[test]
    fn what_a_picture_says_is_text_and_never_a_tag() {
        let words = "a < b & \"c\" > &lt;";
        let axis = Axis::new(words, 0.0..1.0, 2);
        let figure = Figure::draw("chapter/picture", (1, 1), 2000, |areas| {
            let mut panel = Panel::new(&areas[0], &axis, &axis, words)?;
            panel.label(words, Role::Data, &[(0.5, 0.5)], &[])
        });
        let svg = figure.unwrap().described(words, words.into()).inline();
        let escaped = ">a &lt; b &amp; &quot;c&quot; &gt; &amp;lt;</";
        // Both axes, the title of the panel and the label; title and description of the picture.
        assert_eq!(svg.matches(escaped).count(), 6, "{svg}");
        assert!(!svg.contains(words));
    }

    #[test]
    fn a_curve_is_cut_at_the_very_edge() {
        let curve =
            [(0.0, 0.0), (1.0, 2.0), (2.0, 0.0), (3.0, f64::NEG_INFINITY), (4.0, 1.0)];
        let cut = pieces(&curve, &(0.0..9.0), &(0.0..1.0));
        assert_eq!(cut[0], [(0.0, 0.0), (0.5, 1.0)]);
        assert_eq!(cut[1], [(1.5, 1.0), (2.0, 0.0), (2.0, 0.0), (2.0, 0.0)]);
        assert_eq!(cut.len(), 3);
        // Through the sides, too: a square that is larger than the panel on the right.
        let square = [(0.5, 0.25), (2.5, 0.25), (2.5, 0.75), (0.5, 0.75), (0.5, 0.25)];
        let cut = pieces(&square, &(0.0..1.0), &(0.0..1.0));
        assert_eq!(cut[0], [(0.5, 0.25), (1.0, 0.25)]);
        assert_eq!(cut[1], [(1.0, 0.75), (0.5, 0.75), (0.5, 0.25)]);
    }
}
