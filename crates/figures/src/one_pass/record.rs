//! What a step costs. It depends on the machine, so measurements are recorded in
//! `data/one_pass.csv`; `cargo run --release --example one_pass record` measures again.

/// The measured rungs of the ladder, from the slowest, on a machine with so many cores.
#[must_use]
pub fn rungs(cores: usize) -> [String; 5] {
    let threads = if cores == 1 { "1 thread".into() } else { format!("{cores} threads") };
    ["readable loop".into(), "no table".into(), "one exp".into(), "vectors".into(), threads]
}

/// What no rung can beat: the exponentials alone and reading alone, on one thread, and reading on
/// all of so many cores.
#[must_use]
pub fn limits(cores: usize) -> [String; 3] {
    let readers = format!("limit: {cores} reader{}", if cores == 1 { "" } else { "s" });
    ["limit: one exp".into(), "limit: reading".into(), readers]
}

/// Measurements of one run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// The processor, and its vector units.
    pub machine: String,
    /// How many threads run at once.
    pub cores: usize,
    /// Year, month and day.
    pub date: String,
    /// The medians.
    pub rows: Vec<Row>,
}

/// The median cost of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How many samples.
    pub samples: usize,
    /// How many components; of a limit, 1.
    pub components: usize,
    /// Which rung, or which limit.
    pub rung: String,
    /// Nanoseconds a sample.
    pub nanoseconds: f64,
}

const HEADER: &str = "machine,cores,date,samples,components,rung,nanoseconds a sample";

impl Record {
    /// The cost of a step on a rung, in nanoseconds a sample.
    #[must_use]
    pub fn nanoseconds(
        &self,
        samples: usize,
        components: usize,
        rung: &str,
    ) -> Option<f64> {
        let wanted = |row: &&Row| {
            let of_all = limits(self.cores).iter().any(|limit| limit == rung);
            row.samples == samples
                && row.rung == rung
                && (of_all || row.components == components)
        };
        self.rows.iter().find(wanted).map(|row| row.nanoseconds)
    }

    /// The record as a file.
    #[must_use]
    pub fn csv(&self) -> String {
        let Self { machine, cores, date, rows } = self;
        let line = |row: &Row| {
            let Row { samples, components, rung, nanoseconds } = row;
            format!(
                "{machine},{cores},{date},{samples},{components},{rung},{nanoseconds:.4}\n"
            )
        };
        format!("{HEADER}\n{}", rows.iter().map(line).collect::<String>())
    }

    /// The record in such a file; lines that are no measurements are left out.
    #[must_use]
    pub fn parse(csv: &str) -> Self {
        let mut record = Self::default();
        for line in csv.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [machine, cores, date, samples, components, rung, nanoseconds] = fields[..]
            else {
                continue;
            };
            let (Ok(cores), Ok(samples), Ok(components), Ok(nanoseconds)) =
                (cores.parse(), samples.parse(), components.parse(), nanoseconds.parse())
            else {
                continue;
            };
            (record.machine, record.cores, record.date) =
                (machine.into(), cores, date.into());
            record.rows.push(Row { samples, components, rung: rung.into(), nanoseconds });
        }
        record
    }
}

/// The measurements that the book shows.
#[must_use]
pub fn recorded() -> Record {
    Record::parse(include_str!("../../../../data/one_pass.csv"))
}
