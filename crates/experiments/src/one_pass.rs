//! What a step costs, rung by rung: from the readable loop to vector units and threads, beside the
//! cost of one exponential and of reading the samples.

use crate::{Desk, machine};
use ::one_pass::{Samples, Sums, limits, no_table, one_exp, pass, step};
use anyhow::{Context, Result};
use datasets::one_pass::{Cost, LIMITS, rungs};
use e_step::e_step;
use m_step::m_step;
use notebook::{guess, truth};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rayon::{ThreadPool, ThreadPoolBuilder};
use sampling::{Component, Mixture, sample};
use std::hint::black_box;
use std::time::Instant;

/// The sizes of the two problems with two components.
pub const SIZES: [usize; 2] = [10_000, 10_000_000];

/// The numbers of components that are measured beside, on the smaller size.
pub const MORE: [usize; 3] = [3, 8, 64];

/// How often each rung is measured.
fn rounds(n: usize) -> usize {
    if n > 1_000_000 { 15 } else { 201 }
}

/// The costs for each number of samples, as far as the desk asks for them.
///
/// # Errors
///
/// No threads.
pub fn costs(desk: &Desk) -> Result<Vec<Cost>> {
    let cores = std::thread::available_parallelism()?.get();
    let [one, all] = [1, cores].map(|n| ThreadPoolBuilder::new().num_threads(n).build());
    let (one, all) = (one?, all?);
    let sizes = desk.sizes(&SIZES)?;
    (desk.parts)(sizes.len() + MORE.len());
    let mut medians = Vec::new();
    for n in sizes {
        medians.extend(two(n, &one, &all)?);
        (desk.done)();
    }
    for k in MORE {
        medians.extend(several(k, SIZES[0])?);
        (desk.done)();
    }
    let machine = format!("{} with {}", machine::processor(), machine::vector_units());
    let date = machine::today();
    let cost = |Median { samples, components, rung, nanoseconds }| {
        let (machine, date) = (machine.clone(), date.clone());
        Cost { machine, cores, date, samples, components, rung, nanoseconds }
    };
    Ok(medians.into_iter().map(cost).collect())
}

/// The ladder: each rung once in every round, so that a disturbance falls on all of them.
fn two(n: usize, one: &ThreadPool, all: &ThreadPool) -> Result<Vec<Median>> {
    let data = sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(60))?;
    let squares: Vec<f64> = data.iter().map(|x| -0.5 * x * x).collect();
    let samples = Samples::new(&data)?;
    let start = step(&samples, &guess())?.1;
    let names = rungs(all.current_num_threads());
    let [readable, no, single, vectors, threads] =
        names.each_ref().map(|name| (&**name, 2));
    let [exp, read, readers] = LIMITS.map(|name| (name, 1));
    // One block has one thread in any case.
    let in_one_block = n <= 1 << 16;
    let alone = |run: Run| if in_one_block { run() } else { one.install(run) };
    let together = |run: Run| all.install(run);
    // The last of a step, from the sums of a loop that ends with them.
    let end = |sums: Vec<Sums>| sums.iter().map(|s| s.component(n)).collect::<Vec<_>>();
    let by_one_exp = || one_exp(&samples, &start).map(|(l, sums)| (l, end(sums)));
    by_one_exp().context("one exponential does not do")?;
    let fast = || drop(black_box(step(&samples, &start)));
    let reading = || _ = black_box(limits::read(&data));
    // ANCHOR: rungs
    let rungs: [(Rung, Run); 8] = [
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
    let differs =
        |(rung, _): &(Rung, Run)| !in_one_block || ![threads, readers].contains(rung);
    Ok(medians(n, &rungs.into_iter().filter(differs).collect::<Vec<_>>()))
}

/// More components than two.
fn several(k: usize, n: usize) -> Result<Vec<Median>> {
    let data = sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(61))?;
    let component = |j: usize| {
        let mean = -2.0 + 12.0 * (j as f64 + 0.5) / k as f64;
        Component { weight: 1.0 / k as f64, mean, variance: 2.0 }
    };
    let start = Mixture::new((0..k).map(component))?;
    let samples = Samples::new(&data)?;
    let names = rungs(1);
    let rungs: [(Rung, Run); 2] = [
        ((&names[1], k), &|| drop(black_box(no_table(&data, &start)))),
        ((&names[3], k), &|| drop(black_box(pass(&samples, &start)))),
    ];
    Ok(medians(n, &rungs))
}

/// A step.
type Run<'a> = &'a (dyn Fn() + Sync);

/// What is measured, and with how many components.
type Rung<'a> = (&'a str, usize);

struct Median {
    samples: usize,
    components: usize,
    rung: String,
    nanoseconds: f64,
}

fn medians(n: usize, rungs: &[(Rung, Run)]) -> Vec<Median> {
    let mut times = vec![Vec::with_capacity(rounds(n)); rungs.len()];
    for _ in 0..rounds(n) {
        for (times, (_, run)) in times.iter_mut().zip(rungs) {
            let start = Instant::now();
            run();
            times.push(start.elapsed().as_secs_f64() * 1e9 / n as f64);
        }
    }
    let median = |(times, ((rung, components), _)): (Vec<f64>, &(Rung, Run))| Median {
        samples: n,
        components: *components,
        rung: (*rung).to_owned(),
        nanoseconds: machine::median(times),
    };
    times.into_iter().zip(rungs).map(median).collect()
}
