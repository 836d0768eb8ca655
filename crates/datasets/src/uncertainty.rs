//! The trials of the chapter *Uncertainty*: how often intervals hold the truth.

use crate::table::{DataError, Line, Recorded, Row, rows};

/// The sizes of the samples.
pub const SIZES: [usize; 7] = [50, 100, 200, 500, 1000, 2000, 5000];

/// The trials of a block.
pub const TRIALS: usize = 100;

/// The ways to an interval, in the order of their counts.
pub const WAYS: [&str; 3] = ["Wald", "log", "complete"];

/// The parameters, in the order of their counts.
pub const PARAMETERS: [&str; 5] =
    ["weight 0", "mean 0", "mean 1", "variance 0", "variance 1"];

/// What became of [`TRIALS`] trials with samples of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Block {
    /// The size of the samples.
    pub samples: usize,
    /// The seed of the block.
    pub seed: u64,
    /// How many had no admissible fit, or one without standard errors.
    pub refused: usize,
    /// How many intervals held the truth, by way and parameter.
    pub covered: [[usize; 5]; 3],
}

impl Row for Block {
    const NAME: &'static str = "coverage_trials";
    const COLUMNS: &'static str = "samples,seed,refused,\
        Wald: weight 0,Wald: mean 0,Wald: mean 1,Wald: variance 0,Wald: variance 1,\
        log: weight 0,log: mean 0,log: mean 1,log: variance 0,log: variance 1,\
        complete: weight 0,complete: mean 0,complete: mean 1,complete: variance 0,\
        complete: variance 1";
    const TEXT: &'static str = include_str!("../../../data/coverage_trials.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        let (samples, seed, refused) = (line.next()?, line.next()?, line.next()?);
        let mut block = Self { samples, seed, refused, ..Self::default() };
        for count in block.covered.as_flattened_mut() {
            *count = line.next()?;
        }
        Ok(block)
    }
}

impl Recorded for Block {
    fn cells(&self) -> Vec<String> {
        let counts = self.covered.as_flattened().iter().map(usize::to_string);
        let head =
            [self.samples.to_string(), self.seed.to_string(), self.refused.to_string()];
        head.into_iter().chain(counts).collect()
    }
}

/// The recorded blocks: those of a size in a row, in the order of their seeds.
#[must_use]
pub fn blocks() -> Vec<Block> {
    rows()
}

/// What the blocks of one size say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// The size of the samples.
    pub samples: usize,
    /// The share of the trials that were not refused whose interval holds the truth, by way and
    /// parameter.
    pub shares: [[f64; 5]; 3],
    /// How many trials there were.
    pub trials: usize,
    /// How many of them were refused.
    pub refused: usize,
}

/// What the blocks say of each size, in their order.
#[must_use]
pub fn coverage(blocks: &[Block]) -> Vec<Coverage> {
    blocks.chunk_by(|a, b| a.samples == b.samples).map(of_one_size).collect()
}

fn of_one_size(blocks: &[Block]) -> Coverage {
    let refused: usize = blocks.iter().map(|block| block.refused).sum();
    let trials = blocks.len() * TRIALS;
    let count =
        |way: usize, p: usize| blocks.iter().map(|b| b.covered[way][p]).sum::<usize>();
    let share = |way: usize, p: usize| count(way, p) as f64 / (trials - refused) as f64;
    let shares = std::array::from_fn(|way| std::array::from_fn(|p| share(way, p)));
    Coverage { samples: blocks[0].samples, shares, trials, refused }
}
