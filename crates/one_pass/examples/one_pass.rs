//! What a step costs, rung by rung: from the readable loop to vector units and threads,
//! beside the cost of one exponential and of reading the samples.

use e_step::e_step;
use fearless_simd::Level;
use figures::one_pass::record::{Record, Row, limits as names_of_limits, recorded, rungs};
use m_step::m_step;
use notebook::{data, guess, truth};
use one_pass::{Samples, Sums, limits, no_table, one_exp, pass, step};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rayon::{ThreadPool, ThreadPoolBuilder};
use sampling::{Component, Mixture, sample};
use std::error::Error;
use std::hint::black_box;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The recorded measurements.
const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/one_pass.csv");

/// The sizes of the two problems with two components, and how often each rung is measured.
const SIZES: [(usize, usize); 2] = [(10_000, 201), (10_000_000, 15)];

/// The numbers of components that are measured beside, on the smaller size.
const MORE: [usize; 3] = [3, 8, 64];

fn main() -> Result<(), Box<dyn Error>> {
    let record = match std::env::args().nth(1).as_deref() {
        None => measured()?,
        Some("recorded") => recorded(),
        Some("record") => {
            let record = measured()?;
            std::fs::write(RECORD, record.csv())?;
            println!("data/one_pass.csv");
            record
        }
        Some(other) => return Err(format!("{other}: only `record` or `recorded`").into()),
    };
    print(&record);
    centres();
    let path = "target/figures/one_pass.svg";
    figures::one_pass::ladder(&record)?.save(path)?;
    println!("\n{path}");
    Ok(())
}

fn print(record: &Record) {
    println!("{}, {}, {} cores", record.date, record.machine, record.cores);
    println!("\nA step with two components, in nanoseconds a sample and in exps:");
    println!("{:16}{:>20}{:>20}", "", "10 000 samples", "10 000 000 samples");
    let (rungs, limits) = (rungs(record.cores), names_of_limits(record.cores));
    let measured = |name: &&String| {
        SIZES.iter().any(|(n, _)| record.nanoseconds(*n, 2, name).is_some())
    };
    for name in rungs.iter().chain(&limits).filter(measured) {
        print!("{name:16}");
        for (n, _) in SIZES {
            let exp = record.nanoseconds(n, 1, &limits[0]).unwrap_or(f64::NAN);
            match record.nanoseconds(n, 2, name) {
                Some(ns) => print!("{ns:12.3}{:8.2}", ns / exp),
                None => print!("{:>20}", "one block"),
            }
        }
        println!();
    }
    println!("\nWith more, in nanoseconds a sample and component, and in exps:");
    println!("{:16}{}", "", MORE.map(|k| format!("{:>20}", format!("K = {k}"))).concat());
    for name in [&rungs[1], &rungs[3]] {
        print!("{name:16}");
        for k in MORE {
            let ns = record.nanoseconds(SIZES[0].0, k, name).unwrap_or(f64::NAN) / k as f64;
            let exp = record.nanoseconds(SIZES[0].0, 1, &limits[0]);
            print!("{ns:12.3}{:8.2}", ns / exp.unwrap_or(f64::NAN));
        }
        println!();
    }
}

/// The variance of the notebook's samples, in whole eighths, by sums about three centres.
fn centres() {
    println!("\nThe variance with a number added, by sums about");
    println!("added           0    the number      the mean");
    let eighths: Vec<f64> = data().iter().map(|x| (8.0 * x).round() / 8.0).collect();
    for added in [0.0, 1e4, 1e6, 1e8] {
        let moved: Vec<f64> = eighths.iter().map(|x| x + added).collect();
        // ANCHOR: centres
        let variance = |centre: f64| {
            let mut sums = Sums::new(centre);
            moved.iter().for_each(|x| sums.add(*x, 1.0));
            sums.component(moved.len()).variance
        };
        // ANCHOR_END: centres
        let [zero, number, mean] = [0.0, added, added + 3.5].map(variance);
        println!("{added:5.0e}{zero:12.6}{number:14.6}{mean:14.6}");
    }
}

/// Measures everything.
fn measured() -> Result<Record, Box<dyn Error>> {
    let cores = std::thread::available_parallelism()?.get();
    let [one, all] = [1, cores].map(|n| ThreadPoolBuilder::new().num_threads(n).build());
    let (one, all) = (one?, all?);
    let mut rows = Vec::new();
    for (n, rounds) in SIZES {
        eprintln!("{n} samples, {rounds} rounds");
        let mut ladder = two(n, rounds, &one, &all)?;
        if n <= 1 << 16 {
            let threads = [&rungs(cores)[4], &names_of_limits(cores)[2]];
            ladder.retain(|row| !threads.contains(&&row.rung)); // one block, one thread
        }
        rows.extend(ladder);
    }
    for k in MORE {
        eprintln!("{k} components");
        rows.extend(several(k, SIZES[0].0, SIZES[0].1)?);
    }
    let (machine, date) = (machine(), date());
    Ok(Record { machine, cores, date, rows })
}

/// The ladder: each rung once in every round, so that a disturbance falls on all of them.
fn two(
    n: usize,
    rounds: usize,
    one: &ThreadPool,
    all: &ThreadPool,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let data = sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(60))?;
    let squares: Vec<f64> = data.iter().map(|x| -0.5 * x * x).collect();
    let (samples, start) = (Samples::new(&data)?, one_step(&data)?);
    let [readable, no, single, vectors, threads] =
        rungs(all.current_num_threads()).map(|name| (name, 2));
    let [exp, read, readers] =
        names_of_limits(all.current_num_threads()).map(|name| (name, 1));
    // One block has one thread in any case.
    let alone = |run: Run| if n <= 1 << 16 { run() } else { one.install(run) };
    let together = |run: Run| if n <= 1 << 16 { run() } else { all.install(run) };
    // The last of a step, from the sums of a loop that ends with them.
    let end = |sums: Vec<Sums>| sums.iter().map(|s| s.component(n)).collect::<Vec<_>>();
    let by_one_exp = || one_exp(&samples, &start).map(|(l, sums)| (l, end(sums)));
    by_one_exp().ok_or("one exponential does not do")?;
    let fast = || drop(black_box(step(&samples, &start)));
    let reading = || _ = black_box(limits::read(&data));
    // ANCHOR: rungs
    let rungs: [((String, usize), Run); 8] = [
        (readable, &|| {
            black_box(e_step(&data, &start).map(|table| m_step(&data, &table))).ok();
            black_box(em::log_likelihood(&data, &start));
        }),
        (no, &|| {
            let (log_likelihood, sums) = no_table(&data, &start);
            black_box((log_likelihood, end(sums)));
        }),
        (single, &|| alone(&|| drop(black_box(by_one_exp())))),
        (vectors, &|| alone(&fast)),
        (threads, &|| together(&fast)),
        (exp, &|| _ = black_box(limits::exp(&squares))),
        (read, &|| alone(&reading)),
        (readers, &|| together(&reading)),
    ];
    // ANCHOR_END: rungs
    Ok(medians(n, rounds, &rungs))
}

/// More components than two.
fn several(k: usize, n: usize, rounds: usize) -> Result<Vec<Row>, Box<dyn Error>> {
    let data = sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(61))?;
    let component = |j: usize| {
        let mean = -2.0 + 12.0 * (j as f64 + 0.5) / k as f64;
        Component { weight: 1.0 / k as f64, mean, variance: 2.0 }
    };
    let start = Mixture::new((0..k).map(component))?;
    let samples = Samples::new(&data)?;
    let [_, no, _, vectors, _] = rungs(1).map(|name| (name, k));
    let rungs: [((String, usize), Run); 2] = [
        (no, &|| drop(black_box(no_table(&data, &start)))),
        (vectors, &|| drop(black_box(pass(&samples, &start)))),
    ];
    Ok(medians(n, rounds, &rungs))
}

/// The mixture after one step from the notebook's guess.
fn one_step(data: &[f64]) -> Result<Mixture, Box<dyn Error>> {
    Ok(one_pass::step(&Samples::new(data)?, &guess())?.1)
}

/// A step.
type Run<'a> = &'a (dyn Fn() + Sync);

fn medians(n: usize, rounds: usize, rungs: &[((String, usize), Run)]) -> Vec<Row> {
    let mut times = vec![Vec::with_capacity(rounds); rungs.len()];
    for _ in 0..rounds {
        for (times, (_, run)) in times.iter_mut().zip(rungs) {
            let start = Instant::now();
            run();
            times.push(start.elapsed().as_secs_f64() * 1e9 / n as f64);
        }
    }
    let row = |(mut times, ((rung, components), _)): (Vec<f64>, &((String, usize), _))| {
        times.sort_by(f64::total_cmp);
        let nanoseconds = times[rounds / 2];
        Row { samples: n, components: *components, rung: rung.clone(), nanoseconds }
    };
    times.into_iter().zip(rungs).map(row).collect()
}

/// The processor, as far as the system tells, and its vector units.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1));
    let model = model.map_or(std::env::consts::ARCH, str::trim).replace(',', " ");
    let level = format!("{:?}", Level::new());
    format!("{model} with {}", level.split(['(', ' ']).next().unwrap_or_default())
}

/// Today in Greenwich, as year-month-day: days since 1970 by the calendar of 400 years.
fn date() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs());
    let days = seconds / 86_400 + 719_468; // since the first of March of the year 0
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153; // from March
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!("{}-{month:02}-{day:02}", 400 * era + year)
}
