//! The ladder of the chapter *One pass*, by criterion: `cargo bench --package bench`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use notebook::{guess, truth};
use one_pass::{Samples, limits, no_table, one_exp, pass, step};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rayon::ThreadPoolBuilder;
use sampling::{Component, Mixture, sample};

fn two(c: &mut Criterion) {
    let mut group = c.benchmark_group("two components");
    group.sample_size(10);
    for n in [10_000, 10_000_000] {
        let data = sample(&truth(), n, &mut ChaCha8Rng::seed_from_u64(60)).unwrap();
        let squares: Vec<f64> = data.iter().map(|x| -0.5 * x * x).collect();
        let samples = Samples::new(&data).unwrap();
        let start = step(&samples, &guess()).unwrap().1;
        group.throughput(Throughput::Elements(n as u64));
        let mut bench = |name: &str, run: &(dyn Fn() -> f64 + Sync)| {
            group.bench_function(BenchmarkId::new(name, n), |b| b.iter(run));
        };
        bench("limit: one exp", &|| limits::exp(&squares));
        bench("first look", &|| Samples::new(&data).unwrap().sums().second);
        bench("no table", &|| no_table(&data, &start).0);
        for threads in [1, 2] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let one_exp = || one_exp(&samples, &start).unwrap().0;
            let pass = || pass(&samples, &start).unwrap().0;
            bench(&format!("one exp, {threads} threads"), &|| pool.install(one_exp));
            bench(&format!("vectors, {threads} threads"), &|| pool.install(pass));
            let read = || limits::read(&data);
            bench(&format!("limit: reading, {threads} threads"), &|| pool.install(read));
        }
    }
}

fn several(c: &mut Criterion) {
    let data = sample(&truth(), 10_000, &mut ChaCha8Rng::seed_from_u64(61)).unwrap();
    let samples = Samples::new(&data).unwrap();
    let mut group = c.benchmark_group("several components, 10000 samples");
    for k in [1, 3, 8, 64] {
        let component = |j: usize| {
            let mean = -2.0 + 12.0 * (j as f64 + 0.5) / k as f64;
            Component { weight: 1.0 / k as f64, mean, variance: 2.0 }
        };
        let start = Mixture::new((0..k).map(component)).unwrap();
        group.throughput(Throughput::Elements((k * data.len()) as u64));
        group.bench_function(BenchmarkId::new("vectors", k), |b| {
            b.iter(|| pass(&samples, &start).unwrap().0);
        });
    }
}

criterion_group!(benches, two, several);
criterion_main!(benches);
