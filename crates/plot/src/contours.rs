//! Level lines of a surface.

use crate::panel::Point;
use std::collections::HashMap;
use std::ops::Range;

/// A surface by its heights at the crossings of a grid: `heights[j][i]` is the one at column i and
/// row j.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// From the first column to the last.
    pub x: Range<f64>,
    /// From the first row to the last.
    pub y: Range<f64>,
    /// Row by row.
    pub heights: Vec<Vec<f64>>,
}

/// The side of a cell that a level line crosses: its crossing with the smaller numbers, and whether
/// it runs along a column.
type Side = (usize, usize, bool);

impl Surface {
    /// A function at `side` by `side` crossings.
    pub fn new(
        x: Range<f64>,
        y: Range<f64>,
        side: usize,
        height: impl Fn(f64, f64) -> f64,
    ) -> Self {
        let at = |range: &Range<f64>, i: usize| {
            range.start + (range.end - range.start) * i as f64 / (side - 1) as f64
        };
        let row = |j| (0..side).map(|i| height(at(&x, i), at(&y, j))).collect();
        let heights = (0..side).map(row).collect();
        Self { x, y, heights }
    }

    /// The lines along which the surface has the height `level`, straight inside a cell.
    #[must_use]
    pub fn level(&self, level: f64) -> Vec<Vec<Point>> {
        let mut next: HashMap<Side, Vec<Side>> = HashMap::new();
        for (a, b) in self.segments(level) {
            next.entry(a).or_default().push(b);
            next.entry(b).or_default().push(a);
        }
        let mut ends: Vec<Side> = next.keys().copied().collect();
        ends.sort_by_key(|side| (next[side].len(), *side)); // open lines first, from their ends
        let mut lines = Vec::new();
        for end in ends {
            let (mut line, mut here) = (vec![self.point(end, level)], end);
            while let Some(there) = next.get_mut(&here).and_then(Vec::pop) {
                let back = next.entry(there).or_default();
                back.retain(|side| *side != here);
                line.push(self.point(there, level));
                here = there;
            }
            if line.len() > 1 {
                lines.push(line);
            }
        }
        lines
    }

    /// What a level line does in each cell: the two sides that it joins.
    fn segments(&self, level: f64) -> Vec<(Side, Side)> {
        let above = |i: usize, j: usize| self.heights[j][i] >= level;
        let mut segments = Vec::new();
        for j in 0..self.heights.len().saturating_sub(1) {
            for i in 0..self.heights[j].len().saturating_sub(1) {
                let around = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
                let sides =
                    [(i, j, false), (i + 1, j, true), (i, j + 1, false), (i, j, true)];
                let up = around.map(|(i, j)| above(i, j));
                let crossed: Vec<_> = (0..4)
                    .filter(|s| up[*s] != up[(s + 1) % 4])
                    .map(|s| sides[s])
                    .collect();
                match crossed[..] {
                    [a, b] => segments.push((a, b)),
                    [a, b, c, d] => {
                        let mean =
                            around.iter().map(|(i, j)| self.heights[*j][*i]).sum::<f64>();
                        let joined = (mean / 4.0 >= level) == up[0];
                        let pairs =
                            if joined { [(a, b), (c, d)] } else { [(d, a), (b, c)] };
                        segments.extend(pairs);
                    }
                    _ => {}
                }
            }
        }
        segments
    }

    /// Where the level line crosses a side.
    fn point(&self, (i, j, along_column): Side, level: f64) -> Point {
        let (p, q) = if along_column { (i, j + 1) } else { (i + 1, j) };
        let (low, high) = (self.heights[j][i], self.heights[q][p]);
        let share = (level - low) / (high - low);
        let place = |range: &Range<f64>, count: usize, from: usize, to: usize| {
            let at = from as f64 + share * (to as f64 - from as f64);
            range.start + (range.end - range.start) * at / (count - 1) as f64
        };
        let (rows, columns) = (self.heights.len(), self.heights[j].len());
        (place(&self.x, columns, i, p), place(&self.y, rows, j, q))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_lines_of_a_cone_are_closed_circles() {
        let cone = Surface::new(-2.0..2.0, -2.0..2.0, 41, |x, y| -x.hypot(y));
        let lines = cone.level(-1.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        for (x, y) in &lines[0] {
            assert!((x.hypot(*y) - 1.0).abs() < 0.005, "{x} {y}");
        }
        assert!(lines[0].len() > 80);
    }

    #[test]
    fn a_line_that_leaves_the_grid_is_open_and_a_level_out_of_reach_has_none() {
        let slope = Surface::new(0.0..1.0, 0.0..1.0, 11, |x, _| x);
        let lines = slope.level(0.55);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|(x, _)| (x - 0.55).abs() < 1e-12));
        assert_eq!(lines[0].len(), 11);
        assert_eq!(slope.level(2.0), Vec::<Vec<Point>>::new());
    }

    /// On both sides of a saddle the lines go round other corners, and never cross.
    #[test]
    fn below_and_above_a_saddle_the_lines_join_other_corners() {
        let saddle = Surface::new(-1.0..1.0, -1.0..1.0, 20, |x, y| x * y);
        for level in [-0.1, 0.1] {
            let lines = saddle.level(level);
            assert_eq!(lines.len(), 2);
            for (x, y) in lines.concat() {
                assert!((x * y - level).abs() < 0.004, "{x} {y}");
            }
        }
    }
}
