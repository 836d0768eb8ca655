//! What the chapter *One pass* claims. What only the inside shows, the exponential and every kind
//! of vector unit, is tested in `crates/one_pass/src/tests.rs`.

#[path = "../../../tests/common/mod.rs"]
mod common;
use common::{assert_close, random_mixtures};
use e_step::{EStepError, e_step};
use em::EmError;
use m_step::{MStepError, m_step};
use notebook::{data, guess, truth};
use one_pass::{Samples, Sums, em, limits, no_table, one_exp, pass, step};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};
use stability::Cure;

/// 200 small problems: 60 samples, and a mixture that they are not from.
fn problems() -> Vec<(Vec<f64>, Mixture)> {
    let mut rng = ChaCha8Rng::seed_from_u64(42);
    let pairs = random_mixtures(400);
    let problem =
        |pair: &[Mixture]| (sample(&pair[0], 60, &mut rng).unwrap(), pair[1].clone());
    pairs.chunks(2).map(problem).collect()
}

/// The samples of a component with these memberships, about a centre.
fn sums(data: &[f64], memberships: &[f64], centre: f64) -> Sums {
    let mut sums = Sums::new(centre);
    data.iter().zip(memberships).for_each(|(x, r)| sums.add(*x, *r));
    sums
}

/// `k` components side by side, none like another, over the range of the notebook's samples.
fn spread(k: usize, offset: f64) -> Mixture {
    let component = |j: usize| Component {
        weight: (1.0 + (j % 3) as f64) / (0..k).map(|j| 1.0 + (j % 3) as f64).sum::<f64>(),
        mean: offset - 2.0 + 12.0 * (j as f64 + 0.5) / k as f64,
        variance: 1.0 + (j % 4) as f64,
    };
    Mixture::new((0..k).map(component)).unwrap()
}

/// The largest difference of two mixtures: of weights and variances in parts of themselves, of
/// means in parts of the larger of themselves and the deviation.
fn difference(a: &Mixture, b: &Mixture) -> f64 {
    assert_eq!(a.components().len(), b.components().len());
    let of = |(a, b): (&Component, &Component)| {
        let mean = (a.mean - b.mean).abs() / a.mean.abs().max(a.variance.sqrt());
        let relative = |a: f64, b: f64| if a == b { 0.0 } else { (a / b - 1.0).abs() };
        mean.max(relative(a.weight, b.weight)).max(relative(a.variance, b.variance))
    };
    a.components().iter().zip(b.components()).map(of).fold(0.0, f64::max)
}

/// One step by the stable steps of part III.
fn stable_step(data: &[f64], start: &Mixture) -> Mixture {
    let memberships = stability::e_step(data, start).unwrap();
    stability::m_step(data, &memberships, &Cure::Refuse).unwrap()
}

fn fast_step(data: &[f64], start: &Mixture) -> Result<Mixture, EmError> {
    Ok(step(&Samples::new(data)?, start)?.1)
}

/// By hand, eq:sums and eq:m-step-sums: the page's three samples.
#[test]
fn three_sums_by_hand() {
    let sums = sums(&[1.0, 2.0, 4.0], &[1.0, 0.5, 0.5], 2.0);
    assert_eq!((sums.count, sums.first, sums.second), (2.0, 0.0, 3.0));
    let expected = Component { weight: 2.0 / 3.0, mean: 2.0, variance: 1.5 };
    assert_eq!(sums.component(3), expected);
    assert_eq!(sums.about(0.0).second, 11.0); // 1 + 2 + 8
}

/// Law, eq:m-step-sums: the M-step of part I, by sums about any centre near the samples.
#[test]
fn three_sums_are_all_that_the_m_step_needs() {
    let mut rng = ChaCha8Rng::seed_from_u64(43);
    let mut checked = 0;
    for (data, start) in problems() {
        let Ok(memberships) = e_step(&data, &start) else { continue };
        let Ok(fitted) = m_step(&data, &memberships) else { continue };
        for (row, c) in memberships.components().iter().zip(fitted.components()) {
            let centre = c.mean + rng.random_range(-3.0..3.0);
            let own = sums(&data, row, centre).component(data.len());
            assert_close(own.weight, c.weight, 1e-15);
            assert_close(own.mean, c.mean, 1e-12);
            let far = (centre - c.mean).powi(2) + c.variance;
            assert_close(own.variance, c.variance, 1e-14 * far);
            checked += 1;
        }
    }
    assert!(checked >= 300, "{checked}");
}

/// Law, eq:new-centre and eq:merge: cut anywhere, add each part about a centre of its own: merged, they are
/// the sums of all.
#[test]
fn sums_move_and_merge() {
    let mut rng = ChaCha8Rng::seed_from_u64(44);
    for (data, _) in problems() {
        let r: Vec<f64> = data.iter().map(|_| rng.random()).collect();
        let [a, b, c] = [0; 3].map(|_| rng.random_range(-10.0..10.0));
        let (i, j) = (rng.random_range(0..30), rng.random_range(30..60));
        let whole = sums(&data, &r, a);
        let parts = [
            sums(&data[..i], &r[..i], a),
            sums(&data[i..j], &r[i..j], b),
            sums(&data[j..], &r[j..], c),
        ];
        let size = 60.0 * 40.0 * 40.0;
        for merged in [
            parts[0].merge(&parts[1]).merge(&parts[2]),
            parts[1].merge(&parts[2]).merge(&parts[0]),
            parts[2].merge(&parts[0].merge(&parts[1])),
            whole.about(b),
        ] {
            let merged = merged.about(a);
            assert_close(merged.count, whole.count, 1e-13);
            assert_close(merged.first, whole.first, 1e-15 * size);
            assert_close(merged.second, whole.second, 1e-14 * size);
        }
    }
}

/// By hand: the table of centres on the page. Two samples two apart have the variance 1.
#[test]
fn a_far_centre_eats_the_digits_of_the_variance() {
    let variance = |offset: f64, centre: f64| {
        sums(&[offset, offset + 2.0], &[1.0; 2], centre).component(2).variance
    };
    assert_eq!(variance(1e4, 0.0), 1.0);
    assert_eq!(variance(1e8, 1e8 - 50.0), 1.0);
    let far = variance(1e8 + 1.0, 0.0);
    assert!(far != 1.0, "{far}");
    let data: Vec<f64> = data().iter().map(|x| (8.0 * x).round() / 8.0).collect();
    let spoilt = |added: f64, centre: f64| {
        let moved: Vec<f64> = data.iter().map(|x| x + added).collect();
        let variance = |c| sums(&moved, &vec![1.0; moved.len()], c).component(1).variance;
        (variance(centre) / variance(added + 3.5) - 1.0).abs()
    };
    assert!(spoilt(1e8, 0.0) > 0.1 && spoilt(1e6, 0.0) > 1e-3);
    assert!(spoilt(1e8, 1e8) < 1e-14);
}

/// Law, eq:other-half: after the M-step the means and second moments of the two are those of the
/// samples, and so are the sums.
#[test]
fn two_components_leave_nothing_over() {
    let data = data();
    let samples = Samples::new(&data).unwrap();
    for start in [truth(), guess()] {
        let [zero, one] = one_exp(&samples, &start).unwrap().1[..] else { panic!("two") };
        let memberships = e_step(&data, &start).unwrap();
        for (own, row) in [zero, one].iter().zip(memberships.components()) {
            let expected = sums(&data, row, own.centre);
            assert_close(own.count, expected.count, 1e-12 * 1e4);
            assert_close(own.first, expected.first, 1e-12 * 1e5);
            assert_close(own.second, expected.second, 1e-12 * 1e5);
        }
        let (both, all) = (zero.merge(&one), samples.sums().about(zero.centre));
        assert_close(both.count, all.count, 1e-12 * all.count);
        assert_close(both.second, all.second, 1e-12 * all.second);
    }
}

/// Oracle, eq:quadratic, eq:other-half and eq:ln-product: one exponential a sample gives the
/// log-likelihood and the sums of the loop without a table.
#[test]
fn one_exponential_is_enough_for_two() {
    let mut checked = 0;
    for (data, start) in problems() {
        let samples = Samples::new(&data).unwrap();
        let Some((l, fast)) = one_exp(&samples, &start) else { continue };
        let (expected, slow) = no_table(&data, &start);
        assert_close(l, expected, 1e-12 * expected.abs());
        for (fast, slow) in fast.iter().zip(&slow) {
            let fast = fast.about(slow.centre);
            let scale = 1e-11 * samples.sums().about(slow.centre).second.max(60.0);
            assert_close(fast.count, slow.count, scale);
            assert_close(fast.first, slow.first, scale);
            assert_close(fast.second, slow.second, scale);
        }
        checked += 1;
    }
    assert!(checked >= 20, "{checked}");
}

/// Oracle: 100 steps, and every parameter of every step, as the stable steps have them.
#[test]
fn the_fast_run_is_the_readable_run() {
    let mut rng = ChaCha8Rng::seed_from_u64(45);
    let mut checked = 0;
    for (k, n) in [(1, 3001), (2, 3001), (3, 3001), (5, 2003), (64, 1009)] {
        for offset in [0.0, 1e8] {
            let shares = spread(4, offset);
            let data = sample(&shares, n, &mut rng).unwrap();
            let (samples, start) = (Samples::new(&data).unwrap(), spread(k, offset));
            let slow = stability::em(&data, start.clone(), Cure::Refuse).take(101);
            for (t, (slow, fast)) in slow.zip(em(&samples, start)).enumerate() {
                let off = difference(&slow.unwrap(), &fast.unwrap());
                assert!(off < 1e-12, "K = {k}, offset {offset:e}, step {t}: {off:e}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 10 * 101);
}

/// Oracle: the loop of part I, on the notebook's own problem and on random ones with two.
#[test]
fn the_fast_run_is_the_notebooks_run() {
    let data = data();
    let samples = Samples::new(&data).unwrap();
    let slow = ::em::em(&data, guess()).nth(100).unwrap().unwrap();
    let fast = em(&samples, guess()).nth(100).unwrap().unwrap();
    assert!(difference(&slow, &fast) < 1e-12);
    let (l, _) = pass(&samples, &fast).unwrap();
    assert_close(l, stability::log_likelihood(&data, &slow), 1e-12 * l.abs());
    let mut checked = 0;
    for (data, start) in problems() {
        let Ok(slow) = e_step(&data, &start).map(|r| m_step(&data, &r)) else { continue };
        let Ok(slow) = slow else { continue };
        let off = difference(&slow, &fast_step(&data, &start).unwrap());
        assert!(off < 1e-11, "{off:e}"); // of one step, from a start that may be far away
        checked += 1;
    }
    assert!(checked >= 150, "{checked}");
}

/// Law: blocks and their order are fixed, so threads change no bit.
#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let data = sample(&truth(), 200_001, &mut ChaCha8Rng::seed_from_u64(46)).unwrap();
    let samples = Samples::new(&data).unwrap();
    for start in [guess(), spread(3, 0.0)] {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| pass(&samples, &start).unwrap())
        };
        let one = on(1);
        assert_eq!(one, on(2));
        assert_eq!(one, on(3));
    }
}

/// Edge: every remainder of eights and of four eights, one sample, and the borders of blocks.
#[test]
fn any_number_of_samples_is_added_completely() {
    let data = sample(&truth(), 131_100, &mut ChaCha8Rng::seed_from_u64(47)).unwrap();
    let border = [4095, 4096, 4097, 65_535, 65_536, 65_537, 65_552, 131_071, 131_089];
    for n in (1..=72).chain(border) {
        let samples = Samples::new(&data[..n]).unwrap();
        let mut plain = Sums::new(0.0);
        data[..n].iter().for_each(|x| plain.add(*x, 1.0));
        let all = samples.sums().about(0.0);
        assert_eq!(all.count, n as f64);
        assert_close(all.second, plain.second, 1e-12 * plain.second);
        for k in [1, 2, 3] {
            let start = spread(k, 0.0);
            let (l, fast) = pass(&samples, &start).unwrap();
            let (expected, slow) = no_table(&data[..n], &start);
            assert_close(l, expected, 1e-13 * expected.abs());
            for (fast, slow) in fast.iter().zip(&slow) {
                let fast = fast.about(slow.centre);
                assert_close(fast.count, slow.count, 1e-12 * slow.count);
                assert_close(fast.second, slow.second, 1e-11 * slow.second);
            }
        }
    }
}

/// Edge: what one step makes of samples that are hard on arithmetic, as the stable step has it.
#[test]
fn samples_of_any_size_and_place_are_right() {
    let plain = sample(&truth(), 1003, &mut ChaCha8Rng::seed_from_u64(48)).unwrap();
    let image = |times: f64, by: f64| {
        let moved = move |x: f64| times * x + by;
        let data: Vec<f64> = plain.iter().map(|x| moved(*x)).collect();
        let start = move |start: &Mixture| {
            let component = |c: &Component| Component {
                weight: c.weight,
                mean: moved(c.mean),
                variance: c.variance * times * times,
            };
            Mixture::new(start.components().iter().map(component))
        };
        (data, start)
    };
    for (times, by) in [(1.0, 1e8), (1e-8, 1.0), (1e150, 0.0), (1e-150, 0.0), (-3.0, -1e6)]
    {
        let (data, start) = image(times, by);
        for k in [1, 2, 3, 5] {
            let start = start(&spread(k, 0.0)).unwrap();
            let off =
                difference(&stable_step(&data, &start), &fast_step(&data, &start).unwrap());
            assert!(off < 1e-12, "{times:e}, {by:e}, K = {k}: {off:e}");
        }
    }
}

/// Edge: far outliers, a spike beside a wide component, weights of next to nothing, a start far
/// away. Here one exponential does not do.
#[test]
fn where_one_exponential_would_lose_digits_the_pass_takes_more() {
    let mut data = sample(&truth(), 1003, &mut ChaCha8Rng::seed_from_u64(49)).unwrap();
    let plain = data.clone();
    data.extend([1e3, -2e4, 1e6]);
    for (data, components) in [
        (&data, [(0.5, 0.0, 1.0), (0.5, 5.0, 4.0)]),
        (&data, [(0.3, 0.0, 1.0), (0.7, 5.0, 1e9)]),
        (&plain, [(0.5, data[7], 1e-4), (0.5, 3.0, 1e4)]),
        (&plain, [(1e-12, 0.0, 1.0), (1.0 - 1e-12, 3.5, 8.0)]),
        (&plain, [(0.5, 1e4, 1e4), (0.5, 1e4 + 1.0, 1e4)]),
        (&plain, [(0.5, 1e3, 1e4), (0.5, -1e3, 1e4)]),
        (&plain, [(0.3, 0.0, 1.0), (0.7, 0.0, 1.0)]),
    ] {
        let start = Mixture::new(components).unwrap();
        let off = difference(&stable_step(data, &start), &fast_step(data, &start).unwrap());
        assert!(off < 1e-11, "{components:?}: {off:e}");
    }
    // Far away, and of one width: the odds are e to the 1e3, and no number.
    let samples = Samples::new(&data).unwrap();
    assert_eq!(one_exp(&samples, &guess()), None);
    let (l, _) = pass(&samples, &guess()).unwrap();
    assert_close(l, stability::log_likelihood(&data, &guess()), 1e-13 * l.abs());
}

/// Edge: means so far away that the logarithms of densities are rounded to 1e-7: the weights are still
/// those of a mixture, and sum to 1.
#[test]
fn weights_sum_to_one_however_far_the_means() {
    let all = sample(&truth(), 1003, &mut ChaCha8Rng::seed_from_u64(51)).unwrap();
    for data in [&all[..11], &all[..31], &all] {
        for (mean, variance) in [(1e8, 1e9), (1e10, 1e11), (1e10, 1e12), (1e12, 1e16)] {
            for more in [vec![], vec![(0.25, 3.0, variance)]] {
                let weight = (1.0 - 0.25 * more.len() as f64) / 2.0;
                let two = [(weight, -mean, variance), (weight, mean, variance)];
                let start = Mixture::new(two.into_iter().chain(more.clone())).unwrap();
                let Ok(next) = fast_step(data, &start) else { continue };
                let sum: f64 = next.components().iter().map(|c| c.weight).sum();
                assert_close(sum, 1.0, 1e-15);
            }
        }
    }
}

/// Edge: the first sample is a far outlier, and no centre for the sums of the others.
#[test]
fn an_outlier_in_front_costs_no_digits() {
    let mut data = sample(&truth(), 200_001, &mut ChaCha8Rng::seed_from_u64(52)).unwrap();
    data[0] = 1e6;
    let front = Samples::new(&data).unwrap().sums();
    data.reverse();
    let back = Samples::new(&data).unwrap().sums();
    assert_close(front.second / back.second, 1.0, 1e-12);
    assert_close(front.centre, back.centre, 1e-11);
}

/// Edge: the errors of the readable chapters, with the place and the value.
#[test]
fn what_the_readable_chapters_refuse_is_refused_with_their_errors() {
    assert_eq!(Samples::new(&[]).unwrap_err(), EStepError::NoSamples);
    let mut data = sample(&truth(), 70_001, &mut ChaCha8Rng::seed_from_u64(50)).unwrap();
    for place in [0, 5, 4096, 66_000, 70_000] {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let right = std::mem::replace(&mut data[place], value);
            let error = Samples::new(&data).unwrap_err();
            assert_eq!(error.to_string(), e_step(&data, &guess()).unwrap_err().to_string());
            assert!(error.to_string().starts_with(&format!("sample {place} is {value}")));
            data[place] = right;
        }
    }
    let refused = |data: &[f64], components: &[(f64, f64, f64)]| {
        let start = Mixture::new(components.iter().copied()).unwrap();
        let fast = fast_step(data, &start).unwrap_err();
        let slow = e_step(data, &start).map(|r| m_step(data, &r).unwrap_err());
        (fast, slow.map(EmError::from).map_err(EmError::from))
    };
    let five = [0.0, 1.0, 2.0, 3.0, 10.0];
    for (data, components) in [
        (&five[..], &[(1.0, 1.0, 1.0), (0.0, 2.0, 1.0)][..]), // a weight of nothing
        (&five, &[(0.5, 1.5, 0.5), (0.5, -35.0, 0.5)]),       // out of reach
        (&five, &[(0.3, 1.5, 2.0), (0.3, 2.0, 2.0), (0.4, -35.0, 0.1)]),
        (&[4.0; 100], &[(1.0, 1.0, 1.0)]), // all samples equal
        (&[4.0; 100], &[(0.5, 1.0, 1.0), (0.5, 3.0, 2.0)]),
        (&[1e-310, 2e-310, 0.0], &[(1.0, 0.0, 1.0)]), // squares underflow
        (&[0.0, 1.0], &[(0.5, 0.0, 1e-310), (0.5, 1.0, 1e-310)]), // log odds are no numbers
    ] {
        let (fast, slow) = refused(data, components);
        let (fast, slow) = (fast.to_string(), slow.unwrap().to_string());
        let place = |text: &str| text.split(": its variance").next().unwrap().to_owned();
        assert_eq!(place(&fast), place(&slow), "{components:?}"); // the variance is rounding
    }
    // One sample is a point.
    let fast = fast_step(&[4.2], &guess()).unwrap_err();
    assert!(matches!(fast, EmError::MStep(MStepError::Collapsed { component: 0, .. })));
    // A log density that is no number: the readable loop has given up long before.
    let far = [1.0, 2.0, 1e200];
    let slow = e_step(&far, &guess()).unwrap_err();
    assert_eq!(fast_step(&far, &guess()), Err(slow.into()));
    // Squares that overflow, though the densities do not.
    let huge = [-1e200, 1e200, 5e199];
    for components in [&[(1.0, 0.0, 1e300)][..], &[(0.5, 0.0, 1e300), (0.5, 1e150, 1e300)]]
    {
        let start = Mixture::new(components.iter().copied()).unwrap();
        let error = fast_step(&huge, &start).unwrap_err();
        assert!(matches!(error, EmError::MStep(MStepError::Mixture(_))), "{error}");
    }
}

/// Law: no sample is left out of what is measured.
#[test]
fn the_limits_read_and_exponentiate_every_sample() {
    for n in 0..40 {
        let data: Vec<f64> = (0..n).map(f64::from).collect();
        assert_eq!(limits::read(&data), f64::from(n * (n - 1) / 2));
        let sum: f64 = data.iter().map(|x| x.exp()).sum();
        assert_close(limits::exp(&data), sum, 1e-14 * sum);
    }
    assert_eq!(limits::exp(&[1e9; 8]), 8.0 * 709_f64.exp());
}

/// By hand: what a pass keeps beside ten million samples of 64 components is below a megabyte.
#[test]
fn a_pass_keeps_three_sums_a_block() {
    let blocks = 10_000_000_usize.div_ceil(65_536);
    assert_eq!((blocks, size_of::<Sums>()), (153, 32));
    assert!(blocks * 64 * size_of::<Sums>() < 320_000);
}
