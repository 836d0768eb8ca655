//! What engines have answered, and what it cost, for the chapter *Query*. `engines/run` writes it.

use crate::table::{DataError, Line, Row, rows};

/// What an engine has answered to the three queries, about the notebook's ten thousand samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// The engine, as its folder is called.
    pub engine: &'static str,
    /// How many there are, from where to where, their mean and their deviation.
    pub range: &'static str,
    /// The moments in bins of an eighth.
    pub moments: &'static str,
    /// The sums of one step from the notebook's guess.
    pub step: &'static str,
}

macro_rules! answers {
    ($($engine:literal),*) => {
        [$(Answers {
            engine: $engine,
            range: include_str!(concat!("../../../data/query/", $engine, "/range.csv")),
            moments: include_str!(concat!("../../../data/query/", $engine, "/moments.csv")),
            step: include_str!(concat!("../../../data/query/", $engine, "/step.csv")),
        }),*]
    };
}

/// The recorded answers, by the name of the engine.
#[must_use]
pub fn answers() -> Vec<Answers> {
    answers!["clickhouse", "datafusion", "duckdb", "polars", "postgres", "spark", "sqlite"]
        .to_vec()
}

/// What one run on an engine cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// `moments`, the query; `killed`, the same while a worker is killed; `step`, one exact step of EM by
    /// SQL; `fit`, EM on the table; `mixture`, an engine's own mixture of normals.
    pub task: String,
    /// The engine, or `emfit`.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// How many samples.
    pub samples: usize,
    /// How many steps of EM.
    pub steps: Option<usize>,
    /// On the clock.
    pub seconds: f64,
    /// Of all cores together.
    pub cpu: f64,
    /// The most memory.
    pub megabytes: Option<usize>,
    /// The processor.
    pub machine: String,
    /// How many threads run at once.
    pub cores: usize,
    /// Year, month and day.
    pub date: String,
    /// What was called.
    pub command: String,
}

impl Cost {
    /// Whether no more samples were given to the same engine for the same task.
    #[must_use]
    pub fn is_largest(&self, costs: &[Self]) -> bool {
        let alike =
            |other: &&Self| (&other.task, &other.engine) == (&self.task, &self.engine);
        costs.iter().filter(alike).all(|other| other.samples <= self.samples)
    }
}

impl Row for Cost {
    const NAME: &'static str = "query";
    const COLUMNS: &'static str =
        "task,engine,version,rows,steps,seconds,cpu,megabytes,machine,cores,date,command";
    const TEXT: &'static str = include_str!("../../../data/query.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            task: line.next()?,
            engine: line.next()?,
            version: line.next()?,
            samples: line.next()?,
            steps: line.maybe(Line::next)?,
            seconds: line.finite()?,
            cpu: line.finite()?,
            megabytes: line.maybe(Line::next)?,
            machine: line.next()?,
            cores: line.next()?,
            date: line.next()?,
            command: line.next()?,
        })
    }
}

/// The recorded costs, by task, engine and samples.
#[must_use]
pub fn costs() -> Vec<Cost> {
    rows()
}
