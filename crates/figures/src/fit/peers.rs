//! What other programs reach and cost. It depends on the machine, so it is recorded in
//! `data/peers.csv`; `bash peers/run` measures again.

/// The record as it stands in its file.
const RECORD: &str = include_str!("../../../../data/peers.csv");

/// What was measured of one program on one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// `speed`, the cost of plain steps, or `fits`, what the defaults reach.
    pub task: String,
    /// The data.
    pub data: String,
    /// How many samples.
    pub samples: usize,
    /// K
    pub components: usize,
    /// The program.
    pub peer: String,
    /// Of a step, for each sample and component.
    pub nanoseconds: Option<f64>,
    /// ℓ where it stopped.
    pub log_likelihood: Option<f64>,
    /// How long the fit took.
    pub seconds: f64,
    /// Where and when.
    pub place: String,
}

/// The rows of a file with these columns, in its order; lines that are no measurements are left out.
#[must_use]
pub fn parse(csv: &str) -> Vec<Row> {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap_or_default();
    let row = |cells: Vec<&str>| {
        let cell = |name| cells.get(names.iter().position(|n| *n == name)?).copied();
        let number = |name| cell(name)?.parse::<f64>().ok();
        Some(Row {
            task: cell("task")?.into(),
            data: cell("data")?.into(),
            samples: number("samples")? as usize,
            components: number("components")? as usize,
            peer: cell("peer")?.into(),
            nanoseconds: number("nanoseconds"),
            log_likelihood: number("log_likelihood"),
            seconds: number("seconds")?,
            place: format!("{}, {}", cell("machine")?, cell("date")?),
        })
    };
    lines.filter_map(row).collect()
}

/// The recorded rows of a task, but for the crabs at the middles of their classes: the chapter
/// *Grouped* says why that is a mistake.
#[must_use]
pub fn recorded(task: &str) -> Vec<Row> {
    let shown = |row: &Row| row.task == task && row.data != "pearson_crabs";
    parse(RECORD).into_iter().filter(shown).collect()
}
