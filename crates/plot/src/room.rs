//! Where in a panel there is room for a label.

use crate::svg::Pixel;
use std::ops::Range;

/// The cells of a panel, and which of them are drawn on.
pub(crate) struct Room {
    origin: Pixel,
    taken: Vec<Vec<bool>>,
}

/// The side of a cell.
const CELL: i32 = 40;

/// How far from its place every box is tried, in cells.
const NEAR: i32 = 20;

impl Room {
    pub fn new(across: &Range<i32>, down: &Range<i32>) -> Self {
        let [columns, rows] =
            [across, down].map(|side| ((side.end - side.start) / CELL) as usize);
        Self { origin: (across.start, down.start), taken: vec![vec![false; columns]; rows] }
    }

    /// Takes the cells along a line.
    pub fn take_line(&mut self, points: &[Pixel]) {
        for pair in points.windows(2) {
            let ((x, y), (dx, dy)) =
                (pair[0], (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
            let steps = dx.abs().max(dy.abs()) / CELL + 1;
            for i in 0..=steps {
                self.take_box((x + dx * i / steps, y + dy * i / steps), (0, 0));
            }
        }
    }

    /// Takes the cells of a box, given by its centre and half of its size.
    pub fn take_box(&mut self, centre: Pixel, half: Pixel) {
        let (columns, rows) = self.cells(centre, half);
        for row in self.taken.iter_mut().take(rows.end).skip(rows.start) {
            row.iter_mut()
                .take(columns.end)
                .skip(columns.start)
                .for_each(|cell| *cell = true);
        }
    }

    /// The centres of the boxes of that size that touch nothing, from the top left to the
    /// bottom right.
    pub fn boxes(&self, half: Pixel) -> Vec<Pixel> {
        let height = self.taken.len() as i32;
        let width = self.taken.first().map_or(0, Vec::len) as i32;
        let centre =
            |column, row| (self.origin.0 + CELL * column, self.origin.1 + CELL * row);
        let (across, down) = (half.0 / CELL + 1, half.1 / CELL + 1);
        (down..height - down)
            .flat_map(|row| (across..width - across).map(move |column| centre(column, row)))
            .filter(|centre| self.is_free(*centre, half))
            .collect()
    }

    /// The centre of the box of that size that touches nothing and is nearest to a place, if there
    /// is one. Far from the place the search is as coarse as the cells.
    pub fn nearest(&self, (x, y): Pixel, half: Pixel) -> Option<Pixel> {
        let height = self.taken.len() as i32;
        let width = self.taken.first().map_or(0, Vec::len) as i32;
        let ends = (self.origin.0 + CELL * width, self.origin.1 + CELL * height);
        let inside = |centre: &Pixel| {
            (self.origin.0 + half.0..ends.0 - half.0).contains(&centre.0)
                && (self.origin.1 + half.1..ends.1 - half.1).contains(&centre.1)
        };
        let distance = |centre: &Pixel| (centre.0 - x).pow(2) + (centre.1 - y).pow(2);
        let steps = || -NEAR..=NEAR;
        let near = steps()
            .flat_map(|row| steps().map(move |column| (column, row)))
            .map(|(column, row)| (x + CELL * column, y + CELL * row))
            .filter(|centre| inside(centre) && self.is_free(*centre, half))
            .min_by_key(distance);
        near.or_else(|| self.boxes(half).into_iter().min_by_key(distance))
    }

    fn is_free(&self, centre: Pixel, half: Pixel) -> bool {
        let (columns, rows) = self.cells(centre, half);
        self.taken[rows].iter().all(|row| !row[columns.clone()].contains(&true))
    }

    /// The columns and rows of a box.
    fn cells(&self, (x, y): Pixel, half: Pixel) -> (Range<usize>, Range<usize>) {
        let index = |offset: i32| offset.div_euclid(CELL).max(0) as usize;
        let (x, y) = (x - self.origin.0, y - self.origin.1);
        (index(x - half.0)..index(x + half.0) + 1, index(y - half.1)..index(y + half.1) + 1)
    }
}

/// From a box, given by its centre and half of its size, to a point.
pub(crate) fn gap(centre: Pixel, half: Pixel, point: Pixel) -> i32 {
    let dx = ((point.0 - centre.0).abs() - half.0).max(0);
    let dy = ((point.1 - centre.1).abs() - half.1).max(0);
    dx.max(dy) + dx.min(dy) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_finds_room_beside_a_line_and_never_on_it() {
        let mut room = Room::new(&(0..2000), &(0..1000));
        room.take_line(&[(0, 500), (2000, 500)]);
        let boxes = room.boxes((200, 100));
        assert!(!boxes.is_empty());
        assert!(boxes.iter().all(|(_, y)| (y - 500).abs() > 100));
        for (place, own) in [((1000, 500), (1000, 360)), ((1000, 100), (1000, 100))] {
            let (x, y) = room.nearest(place, (200, 80)).unwrap();
            assert!((x - own.0).abs() <= 40 && (y - own.1).abs() <= 60, "{x} {y}");
        }
        // All near places are taken: the next one is far.
        room.take_box((500, 500), (900, 500));
        let (x, _) = room.nearest((200, 200), (200, 80)).unwrap();
        assert!((1600..1700).contains(&x), "{x}");
        room.take_box((1000, 500), (1000, 500));
        assert!(room.boxes((200, 100)).is_empty());
        assert!(room.nearest((1000, 500), (200, 80)).is_none());
    }
}
