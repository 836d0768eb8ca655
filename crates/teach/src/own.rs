//! Each student's own data, from a salt and a number, and the key to it.

use anyhow::{Context, Result, bail, ensure};
use fit::{Fitter, Mixture, Report};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

/// How many samples a student gets.
const SAMPLES: usize = 300;

/// The rates of EM that are asked for, so that no run is much longer than another.
const RATES: RangeInclusive<f64> = 0.75..=0.90;

/// The data of one student, and what is to be found in them.
pub struct Own {
    pub student: u64,
    pub samples: Vec<f64>,
    pub key: Key,
}

/// The fit of a student's data, a row of the lecturer's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    pub student: u64,
    pub weight_0: f64,
    pub mean_0: f64,
    pub variance_0: f64,
    pub weight_1: f64,
    pub mean_1: f64,
    pub variance_1: f64,
    pub log_likelihood: f64,
    /// How fast EM arrives.
    pub rate: f64,
    /// How often the data were drawn until they were as hard as the others.
    pub draws: u32,
}

impl Own {
    /// The data of a student. They are drawn again until BIC chooses two components, no start ends at a
    /// lower maximum, and the rate of EM lies in 0.75 to 0.90: so everybody's are about equally hard.
    ///
    /// The key is the fit, which the data determine, and not what they were drawn from.
    pub fn draw(salt: &str, student: u64) -> Result<Self> {
        let mut rng = ChaCha8Rng::from_seed(seed(salt)?);
        rng.set_stream(student);
        for draws in 1..=1000 {
            let samples = samples(&mut rng)?;
            if let Some(report) = fair(&samples) {
                let key = Key::new(student, &report, draws)?;
                return Ok(Self { student, samples, key });
            }
        }
        bail!("student {student}: of 1000 draws none is as hard as the others")
    }

    /// A table of one column.
    pub fn csv(&self) -> String {
        let lines = self.samples.iter().map(|x| format!("{x:.4}\n"));
        format!("x\n{}", lines.collect::<String>())
    }
}

/// The salt itself is the key of the cipher: nobody draws a student's data without it.
fn seed(salt: &str) -> Result<[u8; 32]> {
    let bytes = salt.as_bytes();
    ensure!(
        (8..=32).contains(&bytes.len()),
        "the salt has {} bytes: 8 to 32, and nobody should guess them",
        bytes.len()
    );
    let mut seed = [0; 32];
    seed[..bytes.len()].copy_from_slice(bytes);
    Ok(seed)
}

/// A draw from two components that overlap, rounded as it will be written.
fn samples(rng: &mut ChaCha8Rng) -> Result<Vec<f64>> {
    let weight = rng.random_range(0.3..0.7);
    let mean = rng.random_range(-5.0..15.0);
    let deviation = rng.random_range(0.7..1.5);
    let ratio = rng.random_range(0.6..1.6);
    let apart = deviation * rng.random_range(2.2..3.6);
    let mixture = Mixture::new([
        (weight, mean, deviation * deviation),
        (1.0 - weight, mean + apart, (ratio * deviation) * (ratio * deviation)),
    ])?;
    let samples = sampling::sample(&mixture, SAMPLES, rng)?;
    Ok(samples.into_iter().map(|x| (x * 1e4).round() / 1e4).collect())
}

/// The fit of data that are as hard as the others'.
fn fair(samples: &[f64]) -> Option<Report> {
    let report = Fitter::new(2).tolerance(1e-10).fit(samples).ok()?;
    let rate = report.rate?;
    if !RATES.contains(&rate) || report.starts.elsewhere > 0 {
        return None;
    }
    let chosen = Fitter::between(1..=4).fit(samples).ok()?;
    (chosen.mixture.components().len() == 2).then_some(report)
}

impl Key {
    fn new(student: u64, report: &Report, draws: u32) -> Result<Self> {
        let [a, b] = report.mixture.components() else { bail!("not two components") };
        Ok(Self {
            student,
            weight_0: a.weight,
            mean_0: a.mean,
            variance_0: a.variance,
            weight_1: b.weight,
            mean_1: b.mean,
            variance_1: b.variance,
            log_likelihood: report.log_likelihood,
            rate: report.rate.context("no rate")?,
            draws,
        })
    }

    /// The six numbers, the component with the smaller mean first.
    pub fn parameters(&self) -> [f64; 6] {
        let Self { weight_0, mean_0, variance_0, weight_1, mean_1, variance_1, .. } = *self;
        [weight_0, mean_0, variance_0, weight_1, mean_1, variance_1]
    }

    /// What an answer lacks; `None` if it is right: each number within a hundredth of its own size, a
    /// mean within a hundredth of its deviation, the log-likelihood within 0.05.
    pub fn differs(&self, answer: &Answer) -> Option<String> {
        let given = answer.parameters();
        let own = self.parameters();
        let names =
            ["weight 0", "mean 0", "variance 0", "weight 1", "mean 1", "variance 1"];
        let scales = [own[0], own[2].sqrt(), own[2], own[3], own[5].sqrt(), own[5]];
        let mut parts = names.iter().zip(given).zip(own).zip(scales);
        let height = self.log_likelihood - answer.log_likelihood;
        if height.is_nan() || height.abs() > 0.05 {
            let (given, own) = (answer.log_likelihood, self.log_likelihood);
            return Some(format!("the log-likelihood is {given}, and {own:.3} fits"));
        }
        let wrong = parts.find(|(((_, given), own), scale)| {
            let off = (given - own).abs();
            off.is_nan() || off > 0.01 * scale
        });
        wrong.map(|(((name, given), own), _)| {
            format!("{name} is {given}, and {own:.4} fits")
        })
    }
}

/// What a student has found, the file `answer.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub weights: [f64; 2],
    pub means: [f64; 2],
    pub variances: [f64; 2],
    pub log_likelihood: f64,
}

impl Answer {
    /// The six numbers, the component with the smaller mean first: labels play no part.
    fn parameters(&self) -> [f64; 6] {
        let [a, b] = if self.means[0] <= self.means[1] { [0, 1] } else { [1, 0] };
        let Self { weights: w, means: m, variances: v, .. } = self;
        [w[a], m[a], v[a], w[b], m[b], v[b]]
    }
}

/// The keys of a file; none if there is no such file yet.
pub fn keys(file: &Path) -> Result<Vec<Key>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let mut reader =
        csv::Reader::from_path(file).with_context(|| file.display().to_string())?;
    let rows = reader.deserialize().collect::<Result<_, _>>();
    rows.with_context(|| file.display().to_string())
}

/// Adds keys to a file, all or none.
///
/// # Errors
///
/// A student who is there already, or twice.
pub fn add_keys(file: &Path, new: &[Key]) -> Result<()> {
    let mut all = keys(file)?;
    let mut seen: BTreeSet<u64> = all.iter().map(|key| key.student).collect();
    if let Some(twice) = new.iter().find(|key| !seen.insert(key.student)) {
        bail!("student {} is in {} already", twice.student, file.display());
    }
    all.extend_from_slice(new);
    let mut writer = csv::Writer::from_writer(Vec::new());
    all.iter().try_for_each(|key| writer.serialize(key))?;
    fs::write(file, writer.into_inner()?).with_context(|| file.display().to_string())
}

/// The numbers of students: `7`, `1001..1100` with both ends, or `@FILE` with one a line.
pub fn students(text: &str) -> Result<Vec<u64>> {
    let number = |text: &str| -> Result<u64> {
        let text = text.trim();
        text.parse().with_context(|| format!("{text:?} is no student's number"))
    };
    let all = if let Some(file) = text.strip_prefix('@') {
        let text = fs::read_to_string(file).with_context(|| file.to_owned())?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(number).collect::<Result<Vec<_>>>()?
    } else if let Some((first, last)) = text.split_once("..") {
        let range = number(first)?..=number(last.trim_start_matches('='))?;
        ensure!(range.clone().count() <= 100_000, "{text} are too many students");
        range.collect()
    } else {
        vec![number(text)?]
    };
    ensure!(!all.is_empty(), "{text} has no students");
    let mut seen = BTreeSet::new();
    match all.iter().find(|student| !seen.insert(**student)) {
        Some(twice) => bail!("student {twice} is there twice"),
        None => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_salt_and_number_give_the_same_data_and_others_do_not() {
        let draw = |salt, student| Own::draw(salt, student).unwrap();
        let one = draw("a long secret", 1234);
        assert_eq!(one.samples, draw("a long secret", 1234).samples);
        assert_ne!(one.samples, draw("a long secret", 1235).samples);
        assert_ne!(one.samples, draw("another secret", 1234).samples);
        assert_eq!(one.samples.len(), SAMPLES);
    }

    #[test]
    fn data_are_equally_hard_and_the_key_is_their_fit() {
        for student in 1..=3 {
            let own = Own::draw("equally hard", student).unwrap();
            assert!(RATES.contains(&own.key.rate));
            let read: Vec<f64> =
                own.csv().lines().skip(1).map(|line| line.parse().unwrap()).collect();
            assert_eq!(read, own.samples);
            let [w, m, v, w2, m2, v2] = own.key.parameters();
            let mixture = Mixture::new([(w, m, v), (w2, m2, v2)]).unwrap();
            let mean = read.iter().sum::<f64>() / read.len() as f64;
            assert!((mixture.mean() - mean).abs() < 1e-6);
            let again = Fitter::new(2).start(mixture).steps(1).fit(&read).unwrap();
            assert!((again.mixture.components()[0].mean - m).abs() < 1e-5);
        }
    }

    #[test]
    fn an_answer_is_right_in_either_order_and_wrong_by_name() {
        let own = Own::draw("a long secret", 7).unwrap();
        let [w, m, v, w2, m2, v2] = own.key.parameters();
        let log_likelihood = own.key.log_likelihood;
        let mut answer =
            Answer { weights: [w2, w], means: [m2, m], variances: [v2, v], log_likelihood };
        assert_eq!(own.key.differs(&answer), None);
        answer.variances = [v2, v.sqrt() + 1.0];
        assert!(own.key.differs(&answer).unwrap().starts_with("variance 0 is"));
        answer.variances = [v2, f64::NAN];
        assert!(own.key.differs(&answer).is_some());
    }

    #[test]
    fn salts_and_numbers_that_are_none_are_refused() {
        assert!(seed("short").unwrap_err().to_string().contains("5 bytes"));
        assert_eq!(students("3..5").unwrap(), [3, 4, 5]);
        assert_eq!(
            students("seven").unwrap_err().to_string(),
            "\"seven\" is no student's number"
        );
        assert!(students("5..3").is_err());
    }

    #[test]
    fn a_student_has_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.csv");
        let key = Own::draw("a long secret", 7).unwrap().key;
        add_keys(&file, std::slice::from_ref(&key)).unwrap();
        assert_eq!(keys(&file).unwrap(), std::slice::from_ref(&key));
        let again = add_keys(&file, &[key]).unwrap_err().to_string();
        assert!(again.starts_with("student 7 is in "), "{again}");
        let list = folder.path().join("students");
        fs::write(&list, "4\n\n4\n").unwrap();
        let twice = students(&format!("@{}", list.display())).unwrap_err().to_string();
        assert_eq!(twice, "student 4 is there twice");
    }
}
