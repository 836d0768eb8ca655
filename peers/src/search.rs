//! Whether the defaults of `fit` find the best proper maximum that anybody finds.
//!
//! A maximum is proper if each component has at least 5 samples' worth and at least a thousandth of
//! the data's variance. The best known is the best of what mclust and mixtools returned and of 200
//! random starts, all taken to rest by plain EM.

use crate::{Result, samples_of, text};
use fit::Fitter;
use one_pass::Samples;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::Mixture;
use std::{collections::BTreeMap, fs, path::Path, thread, time::Instant};

/// Random starts for each data set and K.
const STARTS: u64 = 200;
/// Steps after which random starts are compared, and most steps to rest.
const STEPS: [usize; 2] = [2000, 200_000];
/// How far behind the best a random start may be and still go on.
const BEHIND: f64 = 2.0;

/// The columns of the record.
const HEADER: &str = "data,samples,components,best_known,found_by,ours,short";

/// A maximum, and who found it.
#[derive(Clone)]
struct Found {
    log_likelihood: f64,
    mixture: Mixture,
    by: String,
}

/// Prints the best proper maximum known of every data set of the folder, K = 2 to 6: data, K, the
/// log-likelihood, who found it, and the mixture.
///
/// # Errors
///
/// A file cannot be read.
pub fn best(folder: &str, fits: &str) -> Result<()> {
    let mut theirs: BTreeMap<(String, usize), Vec<Found>> = BTreeMap::new();
    for line in fs::read_to_string(fits)?.lines() {
        let [data, k, by, fit] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("{fits}: not four cells: {line}").into());
        };
        let found = Found { log_likelihood: f64::NAN, mixture: parse(fit)?, by: by.into() };
        theirs.entry((data.into(), k.parse()?)).or_default().push(found);
    }
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| file.path().extension().is_some_and(|e| e == "csv"));
    files.sort_by_key(|file| file.file_name());
    for file in files {
        let (name, data) = (name_of(&file.path()), samples_of(&file.path())?);
        for k in 2..=6 {
            eprint!("\r{name}, K = {k}        ");
            let theirs = theirs.remove(&(name.clone(), k)).unwrap_or_default();
            match best_known(&data, k, theirs) {
                Some(Found { log_likelihood, mixture, by }) => {
                    println!("{name}\t{k}\t{log_likelihood}\t{by}\t{}", text(&mixture));
                }
                None => println!("{name}\t{k}\t\tnobody\t"),
            }
        }
    }
    eprintln!();
    Ok(())
}

/// Prints the record: what the defaults find beside the best known.
///
/// # Errors
///
/// A file cannot be read; a fit of the defaults is short by more than 0.01, or there is none.
pub fn compare(folder: &str, known: &str) -> Result<()> {
    println!("{HEADER}");
    let (mut rows, mut without, mut short_ones) = (0, 0, Vec::new());
    let mut milliseconds = 0.0;
    for line in fs::read_to_string(known)?.lines() {
        let [name, k, best, by, _] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("{known}: not five cells: {line}").into());
        };
        let data = samples_of(&Path::new(folder).join(format!("{name}.csv")))?;
        let fitter = Fitter::new(k.parse()?);
        let began = Instant::now();
        let ours = fitter.fit(&data);
        milliseconds += 1e3 * began.elapsed().as_secs_f64();
        let value = ours.as_ref().map_or(f64::NEG_INFINITY, |r| r.log_likelihood);
        let shown = ours.map_or(String::new(), |r| format!("{:.4}", r.log_likelihood));
        let n = data.len();
        let Ok(best) = best.parse::<f64>() else {
            without += 1;
            println!("{name},{n},{k},,{by},{shown},");
            continue;
        };
        let short = (best - value).max(0.0);
        println!("{name},{n},{k},{best:.4},{by},{shown},{short:.4}");
        rows += 1;
        if short > 0.01 {
            short_ones.push(format!("{name}, K = {k}: short by {short:.4} ({by})"));
        }
    }
    eprintln!(
        "{rows} fits compared, {without} without a proper maximum, {} short; {:.0} ms for each",
        short_ones.len(),
        milliseconds / (rows + without) as f64
    );
    if short_ones.is_empty() { Ok(()) } else { Err(short_ones.join("\n").into()) }
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into()
}

/// weight:mean:variance of every component, as `peers.R` and `search.R` write it.
fn parse(text: &str) -> Result<Mixture> {
    let mut components = Vec::new();
    for part in text.split(',') {
        let numbers: Vec<f64> =
            part.split(':').map(str::parse).collect::<std::result::Result<_, _>>()?;
        let [weight, mean, variance] = numbers[..] else {
            return Err(format!("not weight:mean:variance: {part}").into());
        };
        components.push((weight, mean, variance));
    }
    let sum: f64 = components.iter().map(|c| c.0).sum();
    Ok(Mixture::new(components.into_iter().map(|(w, m, v)| (w / sum, m, v)))?)
}

/// The best proper maximum of all.
fn best_known(data: &[f64], k: usize, theirs: Vec<Found>) -> Option<Found> {
    let samples = Samples::new(data).ok()?;
    let run = |seed: u64| {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let begin = start::random(data, k, rng).ok()?;
        let by = "random".into();
        rest(&samples, Found { log_likelihood: f64::NAN, mixture: begin, by }, STEPS[0])
    };
    let halves: Vec<Vec<Found>> = thread::scope(|scope| {
        let half =
            |odd: u64| move || (0..STARTS / 2).filter_map(|i| run(2 * i + odd)).collect();
        [0, 1].map(|odd| scope.spawn(half(odd))).map(|h| h.join().expect("no panic")).into()
    });
    let mut random = halves.concat();
    random.retain(|found| is_proper(data, &found.mixture));
    let best = random.iter().map(|f| f.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
    random.retain(|found| found.log_likelihood > best - BEHIND);
    random.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood));
    random.dedup_by(|a, b| (a.log_likelihood - b.log_likelihood).abs() < 1e-6);
    let ended =
        theirs.into_iter().chain(random).filter_map(|f| rest(&samples, f, STEPS[1]));
    let proper = ended.filter(|found| is_proper(data, &found.mixture));
    proper.max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood))
}

/// Plain EM until no parameter moves by more than rounding, or for as many steps.
fn rest(samples: &Samples, from: Found, steps: usize) -> Option<Found> {
    let mut mixture = from.mixture;
    for _ in 0..steps {
        let next = one_pass::step(samples, &mixture).ok()?.1;
        let pairs = next.components().iter().zip(mixture.components());
        let still = pairs.into_iter().all(|(a, b)| {
            let scale = a.variance.sqrt();
            (a.weight - b.weight).abs() < 1e-12
                && (a.mean - b.mean).abs() < 1e-11 * scale
                && (a.variance / b.variance - 1.0).abs() < 1e-11
        });
        mixture = next;
        if still {
            break;
        }
    }
    let log_likelihood = one_pass::step(samples, &mixture).ok()?.0;
    Some(Found { log_likelihood, mixture, by: from.by })
}

fn is_proper(data: &[f64], mixture: &Mixture) -> bool {
    let n = data.len() as f64;
    let mean = data.iter().sum::<f64>() / n;
    let variance = data.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let proper =
        |c: &sampling::Component| n * c.weight >= 5.0 && c.variance >= 1e-3 * variance;
    mixture.components().iter().all(proper)
}
