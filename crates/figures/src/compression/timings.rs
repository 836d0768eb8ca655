//! What a hundred steps cost, on all samples and on points. Times belong to a machine, so they are
//! recorded in `data/compression.csv`; `cargo run --release --example compression time` takes
//! them again.

/// Seconds, for one number of samples: each is the median of several rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// How many samples.
    pub samples: f64,
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
    /// A hundred steps by compressing first.
    #[must_use]
    pub fn compressed(&self) -> f64 {
        self.look + self.compress + self.points
    }

    /// A line of the record.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { samples, read, look, compress, points, full } = self;
        format!("{samples},{read:.3e},{look:.3e},{compress:.3e},{points:.3e},{full:.3e}")
    }

    fn parse(line: &str) -> Option<Self> {
        let numbers: Option<Vec<f64>> = line.split(',').map(|n| n.parse().ok()).collect();
        let [samples, read, look, compress, points, full] = numbers?[..] else {
            return None;
        };
        Some(Self { samples, read, look, compress, points, full })
    }
}

/// The line of the record that names the columns.
pub const HEADER: &str = "samples,read,look,compress,100 steps on points,100 steps on all";

const RECORD: &str = include_str!("../../../../data/compression.csv");

/// On which machine and when the record was made, and how.
#[must_use]
pub fn machine() -> &'static str {
    RECORD.lines().next().unwrap_or_default().trim_start_matches("# ")
}

/// The recorded times, by the number of samples.
#[must_use]
pub fn recorded() -> Vec<Timing> {
    RECORD.lines().filter_map(Timing::parse).collect()
}
