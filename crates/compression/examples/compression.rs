//! Points that stand for samples: how exact they are, when they are not trusted, what they save.

use compression::{Compressed, Guarded, fit};
use figures::compression::difference;
use figures::compression::timings::{HEADER, Timing, machine, recorded};
use notebook::{SEED, guess, truth};
use one_pass::Samples;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};
use std::error::Error;
use std::hint::black_box;
use std::iter::once;
use std::time::{Instant, SystemTime};

/// The recorded times.
const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/compression.csv");

/// The recorded errors.
const ERRORS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/compression_errors.csv");

type Failure = Box<dyn Error + Send + Sync>; // threads may pass it on

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {}
        ["errors"] => return record_errors(),
        ["time"] => return record(7),
        ["time", "1e8"] => return record(8),
        _ => return Err("the only arguments are `errors`, `time` and `time 1e8`".into()),
    }
    let data = draw(280_000)?;
    accuracy(&data)?;
    trust(&data)?;

    let samples = Samples::new(&data)?;
    let fit = fit(&samples, guess(), 1e-9, 1000)?;
    println!(
        "\nA fit to a gradient of 1e-9: {} steps, {} on all samples.",
        fit.steps, fit.full
    );
    println!(
        "Left, by all samples: {:.1e}. Log-likelihood {:.4}.",
        fit.left, fit.log_likelihood
    );

    println!("\n{}", machine());
    println!("samples  on all, ms  by points, ms  times faster  in compressions");
    for t in recorded() {
        let (all, few) = (t.look + t.full, t.compressed());
        println!(
            "{:7.0e}{:12.2}{:15.2}{:14.1}{:17.1}",
            t.samples,
            1e3 * all,
            1e3 * few,
            all / few,
            few / t.compress
        );
    }

    println!();
    for path in figures::save("compression")? {
        println!("{path}");
    }
    Ok(())
}

fn draw(n: usize) -> Result<Vec<f64>, Failure> {
    Ok(sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(SEED))?)
}

/// How far runs on points are from the run on all samples.
fn accuracy(data: &[f64]) -> Result<(), Failure> {
    let samples = Samples::new(data)?;
    let full = one_pass::em(&samples, guess()).take(301).collect::<Result<Vec<_>, _>>()?;
    let (log_likelihood, _) = one_pass::step(&samples, &full[100])?;
    println!("{} samples; the largest difference from the run on all of them:", data.len());
    println!("points  bins   kept   step 1  step 10  step 100      end        l");
    for points in 1..=4 {
        for bins in [64, 256, 1024] {
            let compressed = Compressed::new(&samples, bins, points)?;
            let run = compressed.em(guess()).take(301).collect::<Result<Vec<_>, _>>()?;
            let at = |step: usize| tiny(difference(&run[step], &full[step]));
            let l = compressed.step(&full[100])?.0 / log_likelihood - 1.0;
            println!(
                "{points:6} {bins:5} {:6} {} {} {}  {} {}",
                compressed.points().len(),
                at(1),
                at(10),
                at(100),
                at(300),
                tiny(l.abs())
            );
        }
    }
    Ok(())
}

/// One digit; below 5e-13 rounding has a say.
fn tiny(difference: f64) -> String {
    if difference < 5e-13 { " < 5e-13".into() } else { format!("{difference:8.0e}") }
}

/// What guarded steps take, when all is well and when it is not.
fn trust(data: &[f64]) -> Result<(), Failure> {
    println!("\nBins of guarded steps          step 1       2       3       4");
    let pair = |means: [f64; 2], variances: [f64; 2]| {
        let half =
            |k: usize| Component { weight: 0.5, mean: means[k], variance: variances[k] };
        Mixture::new([half(0), half(1)])
    };
    let spike = pair([3.5, 20.0], [8.0, 1.0])?;
    for (name, more, start) in [
        ("the guess", &[][..], guess()),
        ("a sample at 100", &[100.0], guess()),
        ("a sample at 1000000", &[1e6], guess()),
        ("a spike at 20 and 20.2", &[20.0, 20.2], spike.clone()),
        ("a spike at 20 and 20.0002", &[20.0, 20.0002], spike),
        ("means at −200 and 207", &[], pair([-200.0, 207.0], [1.0; 2])?),
    ] {
        let data = [data, more].concat();
        println!("{name:30}{}", taken(&data, start)?);
    }
    Ok(())
}

/// The bins of four steps.
fn taken(data: &[f64], start: Mixture) -> Result<String, Failure> {
    let samples = Samples::new(data)?;
    let (mut guarded, mut mixture, mut line) =
        (Guarded::new(&samples), start, String::new());
    for _ in 0..4 {
        let step = guarded.step(&mixture);
        let word = match (&step, guarded.bins()) {
            (Err(_), _) => "refused".into(),
            (Ok(_), None) => "all".into(),
            (Ok(_), Some(bins)) => bins.to_string(),
        };
        line += &format!("{word:>8}");
        let Ok((_, next)) = step else { break };
        mixture = next;
    }
    Ok(line)
}

/// Runs ten steps on points again, beside those on all samples.
fn record_errors() -> Result<(), Failure> {
    let data = draw(50_000)?;
    let samples = Samples::new(&data)?;
    let full = one_pass::em(&samples, guess()).nth(10).ok_or("a run has no end")??;
    let mut lines = vec!["points,bins,difference".to_owned()];
    for points in 1..=4 {
        for bins in (4..=10).map(|power| 1 << power) {
            let few = Compressed::new(&samples, bins, points)?;
            let few = few.em(guess()).nth(10).ok_or("a run has no end")??;
            lines.push(format!("{points},{bins},{:.3e}", difference(&few, &full)));
        }
    }
    std::fs::write(ERRORS, lines.join("\n") + "\n")?;
    println!("data/compression_errors.csv");
    Ok(())
}

/// Takes the times again, on one thread, up to ten to the `most` samples.
fn record(most: u32) -> Result<(), Failure> {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let mut lines = vec![format!("# {}", here()), HEADER.into()];
    for half in 8..=2 * most {
        let n = 10_f64.powf(f64::from(half) / 2.0);
        let n = if half % 2 == 0 { n } else { 3.0 * 10_f64.powi(half as i32 / 2) };
        let line = one.install(|| measure(n as usize))?.line();
        println!("{line}");
        lines.push(line);
    }
    std::fs::write(RECORD, lines.join("\n") + "\n")?;
    println!("data/compression.csv");
    Ok(())
}

/// Medians of rounds in which everything is timed once.
// ANCHOR: measure
fn measure(n: usize) -> Result<Timing, Failure> {
    let data = draw(n)?;
    let mut rounds: [Vec<f64>; 5] = Default::default();
    for _ in 0..if n > 10_000_000 { 3 } else { 7 } {
        let mut clock = Instant::now();
        let mut lap = |i: usize| {
            rounds[i].push(clock.elapsed().as_secs_f64());
            clock = Instant::now();
        };
        black_box(one_pass::limits::read(&data));
        lap(0);
        let samples = Samples::new(&data)?;
        lap(1);
        let compressed = Compressed::new(&samples, 256, 4)?;
        lap(2);
        compressed.em(guess()).nth(100).transpose()?;
        lap(3);
        one_pass::em(&samples, guess()).nth(100).transpose()?;
        lap(4);
    }
    // ANCHOR_END: measure
    let [read, look, compress, points, full] = rounds.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    Ok(Timing { samples: n as f64, read, look, compress, points, full })
}

/// The processor, the day and the command.
fn here() -> String {
    let all = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name =
        all.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let arguments = once("time".to_owned()).chain(std::env::args().skip(2));
    format!(
        "{}, one thread, {}: cargo run --release --example compression {}",
        name.unwrap_or(std::env::consts::ARCH),
        today(),
        arguments.collect::<Vec<_>>().join(" ")
    )
}

/// The day in Greenwich, by the calendar that begins its years in March.
fn today() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let days = now.as_secs() / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (400 * era + year, month + 3)
    } else {
        (400 * era + year + 1, month - 9)
    };
    format!("{year}-{month:02}-{day:02}")
}
