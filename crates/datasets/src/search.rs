//! What the defaults of the chapter *Fit* find beside the best that is known, for the chapter *Search*.
//! `bash peers/run search` writes it.

use crate::table::{DataError, Line, Row, rows};

/// One data set with one number of components.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The data, named after where R has them.
    pub data: String,
    /// How many samples.
    pub samples: usize,
    /// K.
    pub components: usize,
    /// The highest proper maximum of all that others have found: ℓ.
    pub best_known: Option<f64>,
    /// Who has found it.
    pub found_by: String,
    /// ℓ of ours.
    pub ours: Option<f64>,
    /// How much ours is lower.
    pub short: Option<f64>,
}

impl Row for Compared {
    const NAME: &'static str = "search";
    const COLUMNS: &'static str = "data,samples,components,best_known,found_by,ours,short";
    const TEXT: &'static str = include_str!("../../../data/search.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            data: line.next()?,
            samples: line.next()?,
            components: line.next()?,
            best_known: line.maybe(Line::finite)?,
            found_by: line.next()?,
            ours: line.maybe(Line::finite)?,
            short: line.maybe(Line::finite)?,
        })
    }
}

/// The recorded rows.
#[must_use]
pub fn compared() -> Vec<Compared> {
    rows()
}
