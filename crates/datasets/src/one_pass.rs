//! What a step costs on each rung of the ladder of the chapter *One pass*.

use crate::table::{DataError, Line, Recorded, Row, rows};

/// The rungs of the ladder, from the slowest, on a machine with so many cores.
#[must_use]
pub fn rungs(cores: usize) -> [String; 5] {
    let threads = if cores == 1 { "1 thread".into() } else { format!("{cores} threads") };
    ["readable loop".into(), "no table".into(), "one exp".into(), "vectors".into(), threads]
}

/// What no rung can beat: the exponentials alone and reading alone, on one thread, and reading on all.
pub const LIMITS: [&str; 3] =
    ["limit: one exp", "limit: reading", "limit: threads reading"];

/// The median cost of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// The processor, and its vector units.
    pub machine: String,
    /// How many threads run at once.
    pub cores: usize,
    /// Year, month and day.
    pub date: String,
    /// How many samples.
    pub samples: usize,
    /// How many components; of a limit, 1.
    pub components: usize,
    /// Which rung, or which limit.
    pub rung: String,
    /// Nanoseconds a sample.
    pub nanoseconds: f64,
}

impl Row for Cost {
    const NAME: &'static str = "one_pass";
    const COLUMNS: &'static str =
        "machine,cores,date,samples,components,rung,nanoseconds a sample";
    const TEXT: &'static str = include_str!("../../../data/one_pass.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            machine: line.next()?,
            cores: line.next()?,
            date: line.next()?,
            samples: line.next()?,
            components: line.next()?,
            rung: line.next()?,
            nanoseconds: line.finite()?,
        })
    }
}

impl Recorded for Cost {
    fn cells(&self) -> Vec<String> {
        vec![
            self.machine.clone(),
            self.cores.to_string(),
            self.date.clone(),
            self.samples.to_string(),
            self.components.to_string(),
            self.rung.clone(),
            format!("{:.4}", self.nanoseconds),
        ]
    }
}

/// The recorded costs, all from one run.
#[must_use]
pub fn costs() -> Vec<Cost> {
    rows()
}

/// The cost of a step on a rung, in nanoseconds a sample, if it was measured. A limit is one for any
/// number of components.
#[must_use]
pub fn nanoseconds(
    costs: &[Cost],
    samples: usize,
    components: usize,
    rung: &str,
) -> Option<f64> {
    let components = if LIMITS.contains(&rung) { 1 } else { components };
    let wanted = |cost: &&Cost| {
        (cost.samples, cost.components, &*cost.rung) == (samples, components, rung)
    };
    costs.iter().find(wanted).map(|cost| cost.nanoseconds)
}
