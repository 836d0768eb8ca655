//! What other people's programs reach and cost, for the chapter *Fit*. `peers/peers.py` writes it.

use crate::table::{DataError, Line, Row, rows};

/// What was measured of one program on one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Peer {
    /// `speed`, the cost of plain steps, or `fits`, what the defaults reach.
    pub task: String,
    /// The data.
    pub data: String,
    /// How many samples.
    pub samples: usize,
    /// K.
    pub components: usize,
    /// The program.
    pub peer: String,
    /// Its version.
    pub version: String,
    /// How many steps were timed.
    pub iterations: Option<usize>,
    /// How often they were timed.
    pub repeats: Option<usize>,
    /// Of a step, for each sample and component.
    pub nanoseconds: Option<f64>,
    /// How many times as long as ours.
    pub times_ours: Option<f64>,
    /// ℓ where it stopped.
    pub log_likelihood: Option<f64>,
    /// How long a hundred steps, or the fit, took.
    pub seconds: f64,
    /// The processor.
    pub machine: String,
    /// How many threads run at once.
    pub cores: usize,
    /// Year, month and day.
    pub date: String,
    /// What was called.
    pub command: String,
}

impl Row for Peer {
    const NAME: &'static str = "peers";
    const COLUMNS: &'static str = "task,data,samples,components,peer,version,iterations,repeats,\
        nanoseconds,times_ours,log_likelihood,seconds,machine,cores,date,command";
    const TEXT: &'static str = include_str!("../../../data/peers.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            task: line.next()?,
            data: line.next()?,
            samples: line.next()?,
            components: line.next()?,
            peer: line.next()?,
            version: line.next()?,
            iterations: line.maybe(Line::next)?,
            repeats: line.maybe(Line::next)?,
            nanoseconds: line.maybe(Line::finite)?,
            times_ours: line.maybe(Line::finite)?,
            log_likelihood: line.maybe(Line::finite)?,
            seconds: line.finite()?,
            machine: line.next()?,
            cores: line.next()?,
            date: line.next()?,
            command: line.next()?,
        })
    }
}

/// The recorded rows: those of `speed`, then those of `fits`.
#[must_use]
pub fn peers() -> Vec<Peer> {
    rows()
}
