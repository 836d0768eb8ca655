//! What points cost beside all samples, and how far they lead away, in the chapter *Compression*.

use crate::table::{DataError, Line, Recorded, Row, rows};

/// Seconds on one thread, for one number of samples: each is the median of several rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// The processor.
    pub machine: String,
    /// Year, month and day.
    pub date: String,
    /// How many samples.
    pub samples: usize,
    /// To add them up.
    pub read: f64,
    /// To make `Samples` of them.
    pub look: f64,
    /// To compress them.
    pub compress: f64,
    /// A hundred steps on the points.
    pub points: f64,
    /// A hundred steps on all samples.
    pub full: f64,
}

impl Timing {
    /// A hundred steps on all samples, the first look included.
    #[must_use]
    pub fn on_all(&self) -> f64 {
        self.look + self.full
    }

    /// A hundred steps by compressing first.
    #[must_use]
    pub fn compressed(&self) -> f64 {
        self.look + self.compress + self.points
    }
}

impl Row for Timing {
    const NAME: &'static str = "compression";
    const COLUMNS: &'static str =
        "machine,date,samples,read,look,compress,100 steps on points,100 steps on all";
    const TEXT: &'static str = include_str!("../../../data/compression.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            machine: line.next()?,
            date: line.next()?,
            samples: line.next()?,
            read: line.finite()?,
            look: line.finite()?,
            compress: line.finite()?,
            points: line.finite()?,
            full: line.finite()?,
        })
    }
}

impl Recorded for Timing {
    fn cells(&self) -> Vec<String> {
        let seconds = [self.read, self.look, self.compress, self.points, self.full];
        let seconds = seconds.map(|seconds| format!("{seconds:.3e}"));
        let head = [self.machine.clone(), self.date.clone(), self.samples.to_string()];
        [&head[..], &seconds].concat()
    }
}

/// The recorded times, by the number of samples.
#[must_use]
pub fn timings() -> Vec<Timing> {
    rows()
}

/// How far ten steps from the notebook's guess on a few points a bin lead away from ten steps on all
/// of 50 000 samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The most points in a bin.
    pub points: usize,
    /// How many bins.
    pub bins: usize,
    /// The largest difference of a parameter.
    pub difference: f64,
}

impl Row for Difference {
    const NAME: &'static str = "compression_errors";
    const COLUMNS: &'static str = "points,bins,difference";
    const TEXT: &'static str = include_str!("../../../data/compression_errors.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self { points: line.next()?, bins: line.next()?, difference: line.finite()? })
    }
}

impl Recorded for Difference {
    fn cells(&self) -> Vec<String> {
        let Self { points, bins, difference } = self;
        vec![points.to_string(), bins.to_string(), format!("{difference:.3e}")]
    }
}

/// The recorded differences, by points and bins.
#[must_use]
pub fn differences() -> Vec<Difference> {
    rows()
}
