//! What is recorded: every table of `data/` that a program has made, and how it is made again.
//!
//! `cargo record NAME` is the command. The rows of the tables are those of [`datasets`]; the module
//! of a chapter makes them.

pub mod acceleration;
pub mod compression;
mod machine;
pub mod one_pass;
pub mod selection;
pub mod start;
pub mod uncertainty;

use Depends::{Engines, Nothing, Peers, Processor, Rounding};
use anyhow::{Result, ensure};
use datasets::{Recorded, write};
use rayon::prelude::*;

/// What a recorded table depends on, beside the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depends {
    /// The same digits everywhere.
    Nothing,
    /// The last digits of sums and exponentials, which differ between processors and platforms.
    Rounding,
    /// Times: the processor, and what else it does.
    Processor,
    /// Times, and other people's programs.
    Peers,
    /// Times, and the engines that answer queries.
    Engines,
}

impl Depends {
    /// In a word or two.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Nothing => "nothing",
            Rounding => "the last digits of the processor",
            Processor => "the times of the processor",
            Peers => "the times of the processor, and the peers' programs",
            Engines => "the times of the processor, and the engines",
        }
    }
}

/// A table that is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Experiment {
    /// It stands in `data/NAME.csv`.
    pub name: &'static str,
    /// How long it takes on two cores, in seconds.
    pub seconds: u32,
    /// On what it depends.
    pub depends: Depends,
    /// Makes it.
    pub make: Make,
}

/// How a table is made.
#[derive(Debug, Clone, Copy)]
pub enum Make {
    /// A function gives its text.
    Text(fn(&Desk) -> Result<String>),
    /// A script, from the root of the repository, and what it is told: it writes to `data/` itself.
    Script(&'static str),
}

/// Everything that is recorded, in the order of `data/README.md`.
pub const EXPERIMENTS: [Experiment; 12] = [
    experiment("start_trials", 60, Nothing, |desk| text(start::trials(desk))),
    experiment("criteria", 2, Nothing, |desk| text(selection::fits(desk))),
    experiment("likelihood_ratios", 60, Nothing, |desk| text(selection::ratios(desk))),
    experiment("one_pass", 60, Processor, |desk| text(one_pass::costs(desk))),
    experiment("compression", 60, Processor, |desk| text(compression::timings(desk))),
    experiment("compression_errors", 1, Rounding, |desk| {
        text(compression::differences(desk))
    }),
    experiment("acceleration", 60, Rounding, |desk| text(acceleration::runs(desk))),
    experiment("acceleration_gaps", 60, Rounding, |desk| text(acceleration::gaps(desk))),
    experiment("coverage_trials", 60, Nothing, |desk| text(uncertainty::blocks(desk))),
    Experiment {
        name: "peers",
        seconds: 600,
        depends: Peers,
        make: Make::Script("peers/run"),
    },
    Experiment {
        name: "query",
        seconds: 300,
        depends: Engines,
        make: Make::Script("engines/run record"),
    },
    Experiment {
        name: "search",
        seconds: 1800,
        depends: Peers,
        make: Make::Script("peers/run search"),
    },
];

const fn experiment(
    name: &'static str,
    seconds: u32,
    depends: Depends,
    make: fn(&Desk) -> Result<String>,
) -> Experiment {
    Experiment { name, seconds, depends, make: Make::Text(make) }
}

/// Those that depend on nothing, the shortest first, as many as are done in a minute.
#[must_use]
pub fn quick() -> Vec<Experiment> {
    let mut quick: Vec<_> =
        EXPERIMENTS.into_iter().filter(|e| e.depends == Nothing).collect();
    quick.sort_by_key(|experiment| experiment.seconds);
    let mut all = 0;
    quick.retain(|experiment| {
        all += experiment.seconds;
        all <= 60
    });
    quick
}

fn text<R: Recorded>(rows: Result<Vec<R>>) -> Result<String> {
    Ok(write(&rows?))
}

/// Where an experiment is made: who hears how far it is, and how large it may be.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Hears of how many parts it is made.
    pub parts: &'a (dyn Fn(usize) + Sync),
    /// Hears that a part is done.
    pub done: &'a (dyn Fn() + Sync),
    /// The most samples that are timed.
    pub most: usize,
}

impl Desk<'_> {
    /// Makes a part of each item, on all cores; the parts are in the order of the items.
    fn each<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        make: impl Fn(T) -> Result<R> + Sync,
    ) -> Result<Vec<R>> {
        (self.parts)(items.len());
        items.into_par_iter().map(|item| make(item).inspect(|_| (self.done)())).collect()
    }

    /// The sizes that are not too large.
    fn sizes(&self, sizes: &[usize]) -> Result<Vec<usize>> {
        let sizes: Vec<_> = sizes.iter().copied().filter(|n| *n <= self.most).collect();
        ensure!(!sizes.is_empty(), "{} samples are fewer than are ever timed", self.most);
        Ok(sizes)
    }
}
