//! What the chapter *Online* claims.

#[path = "../../../tests/common/mod.rs"]
mod common;
use common::{assert_close, mean, random_mixtures, variance};
use figures_elsewhere::online::{
    BURN_IN, SAMPLES, SETTLED, SIZE, drifting, followed, stream,
};
use notebook::{guess, truth};
use one_pass::Samples;
use online::{Average, Online, OnlineError, StepSize};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::linear::{difference, inverse, product};
use rate::{Information, Parameter};
use sampling::{Mixture, sample};
use uncertainty::{Uncertainty, observed_information};

fn run(samples: &[f64], size: StepSize, settled: usize) -> [Mixture; 2] {
    let mut online = Online::new(guess(), size, BURN_IN).unwrap();
    let mut average = Average::default();
    for (t, x) in samples.iter().enumerate() {
        online.learn(&[*x]).unwrap();
        if t >= settled {
            average.add(online.mixture());
        }
    }
    [online.mixture().clone(), average.mixture().unwrap()]
}

fn values(mixture: &Mixture) -> Vec<f64> {
    Parameter::of(mixture).iter().map(|p| p.value(mixture)).collect()
}

/// The truth's own information of one sample, by an integral.
fn population() -> Information {
    let dx = 0.01;
    let slices = (-2000..3000).map(|i| f64::from(i) * dx);
    Information::new(slices.map(|x| (x, density::mixture(x, &truth()) * dx)), &truth())
        .unwrap()
}

/// By hand, eq:polyak: a running mean is the mean, parameter by parameter.
#[test]
fn the_average_is_the_mean_of_all_mixtures() {
    let mixture = |i: i32| {
        let w = 0.1 * f64::from(i);
        Mixture::new([(w, f64::from(i * i), 1.0), (1.0 - w, -1.0, f64::from(i))]).unwrap()
    };
    let mut average = Average::default();
    (1..=5).for_each(|i| average.add(&mixture(i)));
    for (found, expected) in
        values(&average.mixture().unwrap()).iter().zip([0.3, 11.0, -1.0, 1.0, 3.0])
    {
        assert_close(*found, expected, 1e-14);
    }
}

/// Law, eq:online-sums: the averages after some steps are those of the samples, each with the share that
/// it got and that later steps have left of it.
#[test]
fn the_averages_weigh_each_sample_by_what_is_left_of_its_share() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for start in random_mixtures(50) {
        let data = sample(&start, 40, &mut rng).unwrap();
        let size = StepSize::Constant(rng.random_range(0.01..0.3));
        let (eta, mut online) = (size.at(1), Online::new(start.clone(), size, 0).unwrap());
        // By hand: moments about 0, beginning with those of the start.
        let mut sums: Vec<[f64; 3]> = start
            .components()
            .iter()
            .map(|c| [1.0, c.mean, c.variance + c.mean.powi(2)].map(|m| c.weight * m))
            .collect();
        for x in data {
            let r = stability::e_step(&[x], online.mixture()).unwrap();
            for (sums, r) in sums.iter_mut().zip(r.components()) {
                for (sum, power) in sums.iter_mut().zip([1.0, x, x * x]) {
                    *sum += eta * (r[0] * power - *sum);
                }
            }
            online.learn(&[x]).unwrap();
            for (c, [n, d, s]) in online.mixture().components().iter().zip(&sums) {
                assert_close(c.weight, *n, 1e-12);
                assert_close(c.mean, d / n, 1e-10);
                assert_close(c.variance, s / n - (d / n).powi(2), 1e-9);
            }
        }
    }
}

/// By hand, eq:online-size.
#[test]
fn step_sizes_fall_or_stay() {
    assert_eq!(
        [1, 4, 10_000].map(|t| StepSize::Falling(0.5001).at(t) < 1.001 / (t as f64).sqrt()),
        [true; 3]
    );
    assert_eq!(StepSize::Falling(1.0).at(4), 0.25);
    assert_close(StepSize::Falling(0.6).at(100_000), 0.001, 1e-15);
    assert_eq!([1, 1000].map(|t| StepSize::Constant(0.01).at(t)), [0.01; 2]);
}

/// Law, eq:online-mean: how far one sample moves a mean, and nearly the slope of its own log-density
/// times the step size and σ²/π.
#[test]
fn one_sample_moves_a_mean_along_its_slope() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for start in random_mixtures(100) {
        let x = sample(&start, 1, &mut rng).unwrap()[0];
        for eta in [0.2, 1e-6] {
            let mut online =
                Online::new(start.clone(), StepSize::Constant(eta), 0).unwrap();
            online.learn(&[x]).unwrap();
            let r = stability::e_step(&[x], &start).unwrap();
            for (k, old) in start.components().iter().enumerate() {
                let (r, new) = (r.components()[k][0], online.mixture().components()[k]);
                let by = eta * r / ((1.0 - eta) * old.weight + eta * r) * (x - old.mean);
                assert_close(new.mean - old.mean, by, 1e-11);
                let slope = r * (x - old.mean) / old.variance;
                let along = eta * old.variance / old.weight * slope;
                assert!(eta > 0.1 || (by - along).abs() <= 2e-5 * along.abs());
            }
        }
    }
}

/// Law: a batch of all samples, wholly believed, is a step of EM; and a batch is learned as its average.
#[test]
fn one_batch_of_everything_is_a_step_of_em() {
    let data = notebook::data();
    let mut online = Online::new(guess(), StepSize::Constant(1.0), 0).unwrap();
    online.learn(&data).unwrap();
    let step = em::em(&data, guess()).nth(1).unwrap().unwrap();
    for (a, b) in values(online.mixture()).iter().zip(values(&step)) {
        assert_close(*a, b, 1e-11);
    }
}

/// Law: with one component and step sizes 1/t one pass is the fit, exactly: the mean and the variance of
/// the samples so far.
#[test]
fn nothing_is_missing_with_one_component() {
    let data = notebook::data();
    let start = Mixture::new([(1.0, 20.0, 3.0)]).unwrap();
    let mut online = Online::new(start, StepSize::Falling(1.0), 1).unwrap();
    for (t, x) in data.iter().enumerate() {
        online.learn(&[*x]).unwrap();
        if [1, 9, 99, 9999].contains(&t) {
            let c = online.mixture().components()[0];
            assert_close(c.mean, mean(&data[..=t]), 1e-12);
            assert_close(c.variance, variance(&data[..=t]), 1e-11);
        }
    }
}

/// Law, eq:online-error, eq:online-forgotten: what is left of a first error is the product, about
/// t^−(1 − ρ) with plain means and nothing with falling steps. The weight alone is free, the population
/// in the place of the samples.
#[test]
fn plain_means_do_not_forget_the_start() {
    let product = |t: u64, size: StepSize, rho: f64| -> f64 {
        (1..=t).map(|j| 1.0 - size.at(j) * (1.0 - rho)).product()
    };
    let plain = product(SAMPLES, StepSize::Falling(1.0), 0.85);
    assert_close(1e5_f64.powf(-0.15), 0.178, 5e-4);
    assert!(plain > 0.14 && plain < 0.18, "{plain}");
    assert!(product(SAMPLES, SIZE, 0.85) < 1e-16);
    let exponent: f64 = (1..=SAMPLES).map(|j| SIZE.at(j)).sum();
    assert_close(exponent, 250.0, 3.0);
    // Batches of a thousand: a hundred steps.
    assert_close(product(SAMPLES / 1000, SIZE, 0.85), 0.12, 0.001); // an eighth

    // Expected steps of the weight alone: the average of r over the population.
    let dx = 0.05;
    let xs: Vec<f64> = (-200..400).map(|i| f64::from(i) * dx).collect();
    let shares: Vec<f64> = xs.iter().map(|x| density::mixture(*x, &truth()) * dx).collect();
    let next = |w: f64| -> f64 {
        let m = Mixture::new([(w, 0.0, 1.0), (1.0 - w, 5.0, 4.0)]).unwrap();
        let r = stability::e_step(&xs, &m).unwrap();
        r.components()[0].iter().zip(&shares).map(|(r, p)| r * p).sum()
    };
    let h = 1e-4;
    let rho = (next(0.3 + h) - next(0.3 - h)) / (2.0 * h);
    let (mut w, mut t) = (0.301, 0);
    while t < 50 {
        t += 1;
        w += StepSize::Constant(0.05).at(t) * (next(w) - w);
    }
    assert_close((w - 0.3) / 0.001, product(t, StepSize::Constant(0.05), rho), 2e-3);
}

/// Law, eq:polyak: the average is the fit to all samples, within a standard error in every parameter,
/// on ten streams of a hundred thousand; the last mixture is not. By the root mean square over
/// streams and parameters.
#[test]
fn the_average_agrees_with_the_fit_to_all_samples() {
    let (mut of_average, mut of_last, mut of_truth, mut count) = (0.0, 0.0, 0.0, 0.0);
    for seed in 1..=10 {
        let data: Vec<f64> = stream(seed).take(SAMPLES as usize).collect();
        let fit =
            one_pass::em(&Samples::new(&data).unwrap(), truth()).nth(60).unwrap().unwrap();
        let information =
            observed_information(data.iter().map(|x| (*x, 1.0)), &fit).unwrap();
        let sure = Uncertainty::new(&fit, &information).unwrap();
        let [last, average] = run(&data, SIZE, SETTLED as usize);
        let (fit, last, average, truth) =
            (values(&fit), values(&last), values(&average), values(&truth()));
        for p in 0..fit.len() {
            let error = sure.covariance()[p][p].sqrt();
            let [a, l, t] = [average[p] - fit[p], last[p] - fit[p], average[p] - truth[p]]
                .map(|d| d / error);
            assert!(a.abs() < 2.0, "stream {seed}, parameter {p}: {a}");
            of_average += a * a;
            of_last += l * l;
            of_truth += t * t;
            count += 1.0;
        }
    }
    let [average, last, truth] =
        [of_average, of_last, of_truth].map(|sum: f64| (sum / count).sqrt());
    assert!(average < 0.8, "{average}");
    assert!(last > 2.0, "{last}");
    // As sure as a fit: its distance from the truth has the size of a standard error.
    assert!(truth > 0.6 && truth < 1.6, "{truth}");
}

/// Edge: a stream that was sorted ends with both components at its last samples.
#[test]
fn a_sorted_stream_is_no_stream() {
    let mut data: Vec<f64> = stream(notebook::SEED).take(SAMPLES as usize).collect();
    data.sort_by(f64::total_cmp);
    let [last, _] = run(&data, SIZE, SETTLED as usize);
    for c in last.components() {
        assert_close(c.mean, 9.8, 0.05); // both are at the largest samples
    }
}

/// Law: the state has as many numbers after a hundred thousand samples as after one.
#[test]
fn memory_does_not_depend_on_the_number_of_samples() {
    let numbers = |online: &Online, average: &Average| {
        let text = format!("{online:?}{average:?}");
        text.split(|c: char| !(c.is_ascii_digit() || "-+.eE".contains(c)))
            .filter(|word| word.parse::<f64>().is_ok())
            .count()
    };
    let (mut online, mut average) =
        (Online::new(guess(), SIZE, 10).unwrap(), Average::default());
    let mut counts = vec![];
    for (t, x) in (1..=100_000).zip(stream(3)) {
        online.learn(&[x]).unwrap();
        average.add(online.mixture());
        if [1, 1000, 100_000].contains(&t) {
            counts.push(numbers(&online, &average));
        }
    }
    assert_eq!(counts, [counts[0]; 3]);
    assert_eq!(counts[0], 8 + 6 + 1 + 2 + 6 + 1); // sums, mixture, size, counters, average, its count
}

/// Law, eq:online-spread: with a constant step size the estimates keep the covariance η/2 I_com⁻¹, for
/// all parameters together.
#[test]
fn constant_steps_tremble_by_the_complete_information() {
    let eta = 0.002;
    let complete = population().complete;
    let expected = inverse(&complete).unwrap();
    let free = Parameter::of(&truth());
    let mut online = Online::new(truth(), StepSize::Constant(eta), 0).unwrap();
    let (mut sums, mut squares, mut n) = (vec![0.0; 5], vec![0.0; 5], 0.0);
    for (t, x) in stream(4).take(1_000_000).enumerate() {
        online.learn(&[x]).unwrap();
        if t > 20_000 {
            n += 1.0;
            for (p, parameter) in free.iter().enumerate() {
                let off = parameter.value(online.mixture()) - parameter.value(&truth());
                sums[p] += off;
                squares[p] += off * off;
            }
        }
    }
    for p in 0..5 {
        let spread = squares[p] / n - (sums[p] / n).powi(2);
        // 1/η(1 − ρ) = 3500 samples are one independent look: about 280 of them, ± 9 %.
        assert_close(spread / (eta / 2.0 * expected[p][p]), 1.0, 0.3);
    }
    // For a mean it is η σ²/2π.
    assert_close(expected[2][2], 4.0 / 0.7, 1e-9);
}

/// Law, eq:online-lag: a truth that moves evenly is followed at the distance v/η, magnified by what is
/// missing: (1 − DM)⁻¹, in one parameter 1/(1 − ρ).
#[test]
fn a_moving_truth_is_followed_at_a_distance() {
    // One component: nothing is missing.
    let (eta, v) = (0.01, 0.002);
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let still = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    let mut online = Online::new(still.clone(), StepSize::Constant(eta), 0).unwrap();
    let (mut lag, mut n) = (0.0, 0.0);
    for (t, x) in sample(&still, 60_000, &mut rng).unwrap().into_iter().enumerate() {
        let truth = v * (t + 1) as f64;
        online.learn(&[truth + x]).unwrap();
        if t > 2000 {
            lag += truth - online.mixture().components()[0].mean;
            n += 1.0;
        }
    }
    // A sample is learned at once, so the lag is v (1/η − 1); spread 0.07 and 290 independent looks.
    assert_close(lag / n, v * (1.0 / eta - 1.0), 0.015);

    // Two: the same 2000 samples in every step, those of component 1 a little further each time. There
    // is no noise, and e = (1 − DM)⁻¹ w/η − w if the fit moves by w.
    let (eta, steps) = (0.05, 2000);
    let draws: Vec<(f64, f64)> = (0..2000)
        .map(|i| if i % 10 < 3 { (0.0, 0.0) } else { (5.0, 1.0) })
        .map(|(mean, moves)| {
            (mean + (1.0 + moves) * sample(&still, 1, &mut rng).unwrap()[0], moves)
        })
        .collect();
    let moved =
        |by: f64| draws.iter().map(|(x, moves)| x + moves * by).collect::<Vec<f64>>();
    let fit = |data: &[f64]| em::em(data, truth()).nth(300).unwrap().unwrap();
    let (first, v) = (fit(&moved(0.0)), 0.05 / f64::from(steps));
    let mut online = Online::new(first.clone(), StepSize::Constant(eta), 0).unwrap();
    for t in 1..=steps {
        online.learn(&moved(v * f64::from(t))).unwrap();
    }
    let last = moved(0.05);
    let end = fit(&last);
    let information = Information::new(last.iter().map(|x| (*x, 1.0)), &end).unwrap();
    let magnified = product(
        &inverse(&difference(&information.complete, &information.missing)).unwrap(),
        &information.complete,
    );
    let (ends, firsts, now) = (values(&end), values(&first), values(online.mixture()));
    let w: Vec<f64> = (0..5).map(|p| (ends[p] - firsts[p]) / f64::from(steps)).collect();
    for p in [1, 2] {
        let lag = magnified[p].iter().zip(&w).map(|(m, w)| m * w / eta).sum::<f64>() - w[p];
        assert_close((ends[p] - now[p]) / lag, 1.0, 0.03);
    }
}

/// By hand: small steps lag, large ones tremble, and in between is the best; from 0.003 on the spread is
/// all. What the page says of its table.
#[test]
fn between_lag_and_tremble_is_a_best_step_size() {
    let off = |size: f64| -> f64 {
        let run = followed(StepSize::Constant(size)).unwrap();
        let squares: f64 =
            run.iter().map(|(mean, estimate)| (mean - estimate).powi(2)).sum();
        (squares / run.len() as f64).sqrt()
    };
    let [a, b, c, d, e] = [0.0001, 0.001, 0.003, 0.01, 0.03].map(off);
    assert!(a > 5.0 * b && b < d && c < d && d < e);
    let spread = |eta: f64| (eta * 4.0 / 1.4).sqrt();
    assert_close(c / spread(0.003), 1.0, 0.1);
    assert_close(e / spread(0.03), 1.0, 0.15);
    let (low, high) = drifting(1).fold((9.0, 0.0), |(low, high): (f64, f64), (mean, _)| {
        (low.min(mean), high.max(mean))
    });
    assert!(low > 4.9 && high > 7.99 && high <= 8.0);
}

/// By hand: without a burn-in the first step has the size 1, and every average is of one sample.
#[test]
fn the_first_step_breaks_without_a_burn_in() {
    for seed in 0..50 {
        let mut online = Online::new(guess(), SIZE, 0).unwrap();
        let first = stream(seed).next().unwrap();
        let error = online.learn(&[first]).unwrap_err().to_string();
        assert!(error.contains("has collapsed on the point"), "{error}");
    }
    let survived = (0..50).filter(|seed| {
        let mut online = Online::new(guess(), SIZE, BURN_IN).unwrap();
        stream(*seed).take(1000).all(|x| online.learn(&[x]).is_ok())
    });
    assert_eq!(survived.count(), 50);
}

/// Law: samples moved by a number give a mixture moved by it, far from 0 too.
#[test]
fn a_stream_far_from_zero_is_the_same_stream() {
    let shifted = |by: f64| {
        let moved = guess()
            .components()
            .iter()
            .map(|c| (c.weight, c.mean + by, c.variance))
            .collect::<Vec<_>>();
        let mut online = Online::new(Mixture::new(moved).unwrap(), SIZE, 20).unwrap();
        for x in stream(6).take(3000) {
            // Whole 1024ths, so that a sum with `by` is exact.
            online.learn(&[(x * 1024.0).round() / 1024.0 + by]).unwrap();
        }
        values(online.mixture())
    };
    let (near, far) = (shifted(0.0), shifted(1e9));
    for (p, (a, b)) in near.iter().zip(&far).enumerate() {
        let b = if p == 1 || p == 2 { b - 1e9 } else { *b };
        assert_close(*a, b, 1e-4);
    }
}

/// Edge: bad settings and bad samples are named, and a bad sample changes nothing.
#[test]
fn bad_input_is_named_and_changes_nothing() {
    let refused = |size| Online::new(guess(), size, 0).unwrap_err();
    for power in [0.5, 1.1, f64::NAN, -1.0] {
        let error = refused(StepSize::Falling(power)).to_string();
        assert_eq!(
            error,
            format!(
                "the power of falling step sizes is {power}: it lies above 1/2, and is at most 1"
            )
        );
    }
    for size in [0.0, 1.5, f64::NAN] {
        let error = refused(StepSize::Constant(size)).to_string();
        assert_eq!(
            error,
            format!("the step size is {size}: it lies above 0, and is at most 1")
        );
    }
    let mut online = Online::new(truth(), StepSize::Constant(0.1), 0).unwrap();
    let before = format!("{online:?}");
    for (batch, message) in [
        (&[][..], "E-step: there are no samples"),
        (&[1.0, f64::NAN], "E-step: sample 1 is NaN: a sample is a finite number"),
        (&[1e6], "so far from every component"),
    ] {
        let error = online.learn(batch).unwrap_err();
        assert!(
            matches!(error, OnlineError::Em(_)) && error.to_string().contains(message),
            "{error}"
        );
        assert_eq!(format!("{online:?}"), before);
    }
    online.learn(&[1.0]).unwrap();
    assert!(Average::default().mixture().is_err());
}
