//! What the chapter *Grouped* claims.

mod common;
use common::{assert_close, random_mixtures};
use datasets::{pearson, pearson_roots};
use grouped::{Class, Classes, GroupedError, em, log_likelihood, step};
use m_step::MStepError;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};

const OPEN: f64 = f64::INFINITY;
const STANDARD: Component = Component { weight: 1.0, mean: 0.0, variance: 1.0 };

fn class(lower: f64, upper: f64) -> Class {
    Class { lower, upper, count: 1.0 }
}

/// The crabs' start in the example.
fn start() -> Mixture {
    Mixture::new([(0.5, 0.63, 0.015 * 0.015), (0.5, 0.66, 0.015 * 0.015)]).unwrap()
}

/// Classes of this width that cover the line, with these samples in them.
fn grouped(data: &[f64], width: f64) -> Classes {
    let bound = |i: i32| match i {
        -20 => -OPEN,
        20 => OPEN,
        i => width * f64::from(i),
    };
    let within = |i: i32| {
        let held = data.iter().filter(|x| bound(i) < **x && **x <= bound(i + 1));
        (bound(i), bound(i + 1), held.count() as f64)
    };
    Classes::new((-20..20).map(within)).unwrap()
}

/// 200 times samples in classes, with a mixture that they are not from.
fn problems() -> Vec<(Classes, Mixture)> {
    let mut rng = ChaCha8Rng::seed_from_u64(60);
    let problem = |pair: &[Mixture]| {
        let data = sample(&pair[0], 60, &mut rng).unwrap();
        (grouped(&data, rng.random_range(0.1..3.0)), pair[1].clone())
    };
    random_mixtures(400).chunks(2).map(problem).collect()
}

#[track_caller]
fn assert_same(a: &Mixture, b: &Mixture, tolerance: f64) {
    for (a, b) in a.components().iter().zip(b.components()) {
        assert_close(a.weight, b.weight, tolerance);
        assert_close(a.mean, b.mean, tolerance);
        assert_close(a.variance, b.variance, tolerance * a.variance.max(1.0));
    }
}

/// Oracle, eq:tail-integrals, eq:cut: ln P, the mean's distance from the nearest edge (or from 0), and
/// the variance under N(0, 1), by the textbook's formulas with 120 to 400 digits (mpmath).
#[test]
#[allow(clippy::excessive_precision)] // the oracle has more digits than we
fn narrow_and_far_classes_keep_their_digits() {
    let up = 1.0 / 1024.0;
    for (lower, upper, edge, [ln_p, distance, variance]) in [
        (
            -OPEN,
            0.0,
            0.0,
            [-std::f64::consts::LN_2, -0.797884560802865356, 0.363380227632418657],
        ),
        (
            -1.0,
            2.0,
            0.0,
            [-0.200166294324462580, 0.229637179091328969, 0.519762539211533936],
        ),
        (0.0, 1.0, 0.0, [-1.07486232686207138, 0.4598622292864265, 0.0796518248485113123]),
        (
            -1e-6,
            2e-6,
            0.0,
            [-13.6358368025013372, 4.99999999999624977e-7, 7.49999999999774932e-13],
        ),
        (
            0.3,
            OPEN,
            0.3,
            [-0.962102818168850657, 0.698165968858483331, 0.303114489270350292],
        ),
        (
            -OPEN,
            -3.0,
            -3.0,
            [-6.60772622151034954, -0.283098654930436507, 0.0705591867852681169],
        ),
        (
            5.0,
            5.25,
            5.0,
            [-15.3732958986657021, 0.0990616689162512598, 0.00479861748200266384],
        ),
        (
            10.0,
            11.0,
            10.0,
            [-53.2313102255831249, 0.0980683749330191445, 0.00942077190233649509],
        ),
        (
            -10.0 - up,
            -10.0,
            -10.0,
            [-57.8552893362220839, -0.000487486483886521639, 7.94724781824814415e-8],
        ),
        (
            40.0,
            41.0,
            40.0,
            [-804.608442013753788, 0.0249688472072637207, 0.000622668378591386263],
        ),
        (
            1e3,
            OPEN,
            1e3,
            [-500007.826694812184, 0.000999998000009999926, 9.99994000049999482e-7],
        ),
        (
            1e3,
            1e3 + up,
            1e3,
            [-500008.299266381138, 0.000410043527946957399, 7.58220628363829968e-8],
        ),
        (1e6, 1e6 + 1.0, 1e6, [-500000000014.734449, 9.99999999998e-7, 9.99999999994e-13]),
    ] {
        let (l, m, v) = class(lower, upper).inside(&STANDARD);
        assert_close(l, ln_p, 1e-13 + 4.0 * f64::EPSILON * ln_p.abs());
        let rounding = f64::EPSILON * f64::abs(edge);
        assert_close(m - edge, distance, 2e-13 * distance.abs() + rounding);
        assert_close(v / variance, 1.0, 3e-13);
    }
}

/// Law, eq:class-probability: classes that cover the line have the probability 1, for every mixture.
#[test]
fn classes_that_cover_the_line_have_probability_one() {
    for (classes, mixture) in problems() {
        for c in mixture.components() {
            let p = classes.classes().iter().map(|class| class.inside(c).0.exp());
            assert_close(p.sum(), 1.0, 1e-13);
        }
    }
}

/// Law, eq:tail-integrals: two halves of a class make the whole, however far out and however narrow.
#[test]
fn the_parts_of_a_class_make_the_whole() {
    let mut rng = ChaCha8Rng::seed_from_u64(61);
    for c in random_mixtures(400).iter().map(|mixture| mixture.components()[0]) {
        let distance = c.variance.sqrt() * rng.random_range(-60.0..60.0);
        let (lower, width) = (c.mean + distance, 10_f64.powf(rng.random_range(-4.0..2.0)));
        let (middle, upper) = (lower + rng.random_range(0.1..0.9) * width, lower + width);
        let (ln_p, mean, variance) = class(lower, upper).inside(&c);
        let parts =
            [class(lower, middle), class(middle, upper)].map(|part| part.inside(&c));
        let shares = parts.map(|part| (part.0 - ln_p).exp());
        // The exponent is rounded by 1e-16 of up to 1e4 here.
        assert_close(shares[0] + shares[1], 1.0, 1e-11);
        let centre: f64 = (0..2).map(|i| shares[i] * (parts[i].1 - mean)).sum();
        assert_close(centre / variance.sqrt(), 0.0, 1e-8);
        let spread = |i: usize| shares[i] * (parts[i].2 + (parts[i].1 - mean).powi(2));
        assert_close((spread(0) + spread(1)) / variance, 1.0, 1e-8);
    }
}

/// Law, eq:class-membership: dividing a class says nothing new if its samples are divided as the
/// mixture expects them.
#[test]
fn a_class_divided_as_expected_gives_the_same_step() {
    for (classes, mixture) in problems() {
        let halves = classes.classes().iter().flat_map(|&Class { lower, upper, count }| {
            let middle = if lower == -OPEN {
                upper - 1.0
            } else if upper == OPEN {
                lower + 1.0
            } else {
                0.5 * (lower + upper)
            };
            let p = |lower, upper| {
                let one = Classes::new([class(lower, upper)]).unwrap();
                log_likelihood(&one, &mixture)
            };
            let left = count * (p(lower, middle) - p(lower, upper)).exp();
            [(lower, middle, left), (middle, upper, (count - left).max(0.0))]
        });
        let halves = Classes::new(halves.collect::<Vec<_>>()).unwrap();
        let (a, b) = (step(&classes, &mixture), step(&halves, &mixture));
        let (Ok((_, a)), Ok((_, b))) = (a, b) else { continue };
        assert_same(&a, &b, 1e-9);
    }
}

/// Law, eq:class-mean, eq:class-variance, eq:class-membership: with as many samples in each class as
/// the mixture expects, the mixture is the limit. Midpoints make the variance of N(0, 1) too large by
/// a twelfth of the squared width (Sheppard).
#[test]
fn classes_filled_as_a_mixture_expects_give_that_mixture() {
    let mut rng = ChaCha8Rng::seed_from_u64(62);
    let filled = |mixture: &Mixture, width: f64| {
        let classes = grouped(&[0.0], width).classes().to_vec();
        let expected = classes.into_iter().map(|c| {
            let p = |k: &Component| k.weight * c.inside(k).0.exp();
            (c.lower, c.upper, 1000.0 * mixture.components().iter().map(p).sum::<f64>())
        });
        Classes::new(expected.collect::<Vec<_>>()).unwrap()
    };
    for mixture in random_mixtures(200) {
        let classes = filled(&mixture, rng.random_range(0.1..3.0));
        assert_same(&step(&classes, &mixture).unwrap().1, &mixture, 1e-10);
    }
    for width in [0.5, 0.8, 1.0] {
        let classes = filled(&Mixture::new([(1.0, 0.0, 1.0)]).unwrap(), width);
        let closed = classes.classes().iter().filter(|c| (c.upper - c.lower).is_finite());
        let square = |c: &Class| c.count * (0.5 * (c.lower + c.upper)).powi(2);
        let variance = closed.map(square).sum::<f64>() / classes.samples();
        assert_close(variance, 1.0 + width * width / 12.0, 1e-6);
    }
}

/// Law, eq:grouped-gain: no step lowers the log-likelihood, and it is never above 0.
#[test]
fn the_log_likelihood_of_classes_never_falls() {
    let mut steps = 0;
    for (classes, start) in problems() {
        let mut last = f64::NEG_INFINITY;
        let mut mixture = start;
        for _ in 0..30 {
            let Ok((value, next)) = step(&classes, &mixture) else { break };
            assert_close(value, log_likelihood(&classes, &mixture), 0.0);
            assert!(
                value <= 0.0 && value >= last - 1e-11 * value.abs(),
                "{last} to {value}"
            );
            (last, mixture, steps) = (value, next, steps + 1);
        }
    }
    assert!(steps > 5000, "{steps}");
}

/// Law, eq:grouped-log-likelihood, eq:class-membership: around each sample a class that narrows. A step
/// is that of the samples, up to the square of the width, and the log-likelihood too, but for n ln w.
#[test]
fn narrow_classes_are_points() {
    let mut rng = ChaCha8Rng::seed_from_u64(63);
    let mut checked = 0;
    for pair in random_mixtures(400).chunks(2) {
        let mut data = sample(&pair[0], 30, &mut rng).unwrap();
        data.sort_by(f64::total_cmp);
        data.dedup_by(|a, b| *a - *b < 2e-3);
        let Ok(r) = e_step::e_step(&data, &pair[1]) else { continue };
        let Ok(plain) = m_step::m_step(&data, &r) else { continue };
        let errors = [1e-3, 1e-4, 1e-9].map(|w| {
            let around = Classes::new(data.iter().map(|x| (x - 0.5 * w, x + 0.5 * w, 1.0)));
            let (value, next) = step(&around.unwrap(), &pair[1]).unwrap();
            let points = em::log_likelihood(&data, &pair[1]) + data.len() as f64 * w.ln();
            let off = |(a, b): (&Component, &Component)| {
                (a.weight - b.weight).abs()
                    + (a.mean - b.mean).abs()
                    + (a.variance - b.variance).abs()
            };
            let pairs = next.components().iter().zip(plain.components());
            (pairs.map(off).fold(0.0, f64::max), (value - points).abs())
        });
        for (w, (parameters, value)) in [1e-3, 1e-4, 1e-9].into_iter().zip(errors) {
            // The narrowest component has a variance of 0.1; a sample may lie 60 deviations out.
            assert!(parameters < 300.0 * w * w + 1e-6 * w + 1e-11, "{w}: {parameters}");
            // Bounds are rounded by 1e-16 of up to 30, which is much of a narrow width.
            assert!(value < 1e4 * w * w + 2e-14 / w + 1e-9, "{w}: {value}");
        }
        if errors[0].0 > 1e-7 {
            let ratio = errors[0].0 / errors[1].0;
            assert!((95.0..105.0).contains(&ratio), "{ratio}");
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

/// Law: move and stretch the classes and the start, and a step moves and stretches; ℓ stays.
#[test]
fn a_step_moves_and_stretches_with_the_classes() {
    let mut rng = ChaCha8Rng::seed_from_u64(64);
    let mut checked = 0;
    for (classes, start) in problems() {
        let (by, times) =
            (rng.random_range(-100.0..100.0), 2_f64.powi(rng.random_range(-300..300)));
        let image = |x: f64| times * (x + by);
        let moved =
            classes.classes().iter().map(|c| (image(c.lower), image(c.upper), c.count));
        let moved = Classes::new(moved.collect::<Vec<_>>()).unwrap();
        let components = start.components().iter();
        let components =
            components.map(|c| (c.weight, image(c.mean), c.variance * times * times));
        let moved_start = Mixture::new(components).unwrap();
        let Ok((value, next)) = step(&classes, &start) else { continue };
        let (moved_value, moved_next) = step(&moved, &moved_start).unwrap();
        assert_close(moved_value, value, 1e-10 * value.abs());
        for (a, b) in next.components().iter().zip(moved_next.components()) {
            assert_close(b.weight, a.weight, 1e-9);
            assert_close(b.mean / times - by, a.mean, 1e-9);
            assert_close(b.variance / times / times, a.variance, 1e-9 * a.variance);
        }
        checked += 1;
    }
    assert!(checked > 150, "{checked}");
}

/// A gap says the same as a class without samples, inside and at the ends.
#[test]
fn a_gap_is_a_class_without_samples() {
    let all = Classes::new(pearson()).unwrap();
    assert_eq!(pearson()[27].2, 0.0);
    let held = pearson().into_iter().filter(|class| class.2 > 0.0);
    let held = Classes::new(held.collect::<Vec<_>>()).unwrap();
    assert_eq!((all.classes().len(), held.classes().len()), (29, 28));
    assert_eq!(step(&all, &start()), step(&held, &start()));
}

/// Published, eq:class-mean and eq:class-variance: the grouped fit of the crabs and its rate.
#[test]
fn the_crabs_are_fitted() {
    let classes = Classes::new(pearson()).unwrap();
    let run: Vec<_> = em(&classes, start()).take(2001).map(Result::unwrap).collect();
    let numbers = |m: &Mixture| {
        let [a, b] = m.components() else { panic!("two components") };
        [a.weight, a.mean, b.mean, a.variance.sqrt(), b.variance.sqrt()]
    };
    let expected = [0.4528, 0.63262, 0.65469, 0.01862, 0.01248];
    for (number, expected) in numbers(&run[2000]).into_iter().zip(expected) {
        assert_close(number, expected, if expected == 0.4528 { 5e-5 } else { 5e-6 });
    }
    assert_close(log_likelihood(&classes, &run[2000]), -2952.6959, 5e-5);
    for p in 0..5 {
        let [before, last, now] = [799, 800, 801].map(|t| numbers(&run[t])[p]);
        assert_close((now - last) / (last - before), 0.9943, 5e-5);
    }
    // No other start of forty finds more.
    let mut rng = ChaCha8Rng::seed_from_u64(65);
    for _ in 0..40 {
        let mut any = |low: f64, high: f64| rng.random_range(low..high);
        let variances = [any(0.005, 0.03).powi(2), any(0.005, 0.03).powi(2)];
        let start = Mixture::new([
            (0.5, any(0.6, 0.645), variances[0]),
            (0.5, any(0.645, 0.68), variances[1]),
        ])
        .unwrap();
        let end = em(&classes, start).nth(200).unwrap().unwrap();
        assert!(log_likelihood(&classes, &end) < -2952.6958);
    }
}

/// Between the weights of Pearson's roots the best fit with that weight lacks at most 0.2.
#[test]
fn the_ridge_is_nearly_level_between_the_roots() {
    let classes = Classes::new(pearson()).unwrap();
    for (root, most) in pearson_roots().into_iter().zip([0.02, 0.2]) {
        let weight = root.components()[0].weight;
        let mut mixture = root;
        for _ in 0..500 {
            let mut components = step(&classes, &mixture).unwrap().1.components().to_vec();
            (components[0].weight, components[1].weight) = (weight, 1.0 - weight);
            mixture = Mixture::new(components).unwrap();
        }
        let lacks = -2952.6959 - log_likelihood(&classes, &mixture);
        assert!((0.0..most).contains(&lacks), "{lacks}");
    }
}

/// Each crab as a point at `beside` from the middle of its class.
fn points(beside: f64) -> Vec<f64> {
    let middles = (0..29).map(|i| 0.5815 + 0.004 * f64::from(i) + beside);
    let crabs = middles.zip(pearson()).map(|(x, class)| vec![x; class.2 as usize]);
    crabs.flatten().collect()
}

/// Published: points in the place of classes, at the middles and at the right bounds.
#[test]
fn points_in_the_place_of_classes_are_wrong_by_what_the_page_says() {
    let fit = |beside| em::em(&points(beside), start()).nth(2000).unwrap().unwrap();
    let (middles, right) = (fit(0.0), fit(0.002));
    let [a, b] = middles.components() else { panic!("two components") };
    let deviations = [a.variance.sqrt(), b.variance.sqrt()];
    assert_close(a.weight, 0.4327, 1e-4);
    for (number, expected) in [
        (a.mean, 0.63174),
        (b.mean, 0.65458),
        (deviations[0], 0.01831),
        (deviations[1], 0.01262),
    ] {
        assert_close(number, expected, 1e-5);
    }
    let classes = Classes::new(pearson()).unwrap();
    assert_close(log_likelihood(&classes, &right), -2952.6959 - 6.523, 5e-3);
    for (a, b) in middles.components().iter().zip(right.components()) {
        assert_close(b.mean - a.mean, 0.002, 1e-6);
        assert_close(b.variance, a.variance, 1e-9);
    }
}

/// By hand, eq:five-moments: both of Pearson's roots have the first five moments of the crabs, and the
/// first comes nearer to the sixth. The product of their means' distances solves his equation.
#[test]
fn both_of_pearsons_roots_have_the_first_five_moments_of_the_crabs() {
    let data = points(0.0);
    let mean = common::mean(&data);
    // In hundredths, about the mean.
    let moment = |j: i32| {
        common::mean(&data.iter().map(|x| (100.0 * (x - mean)).powi(j)).collect::<Vec<_>>())
    };
    let m: Vec<f64> = (0..=6).map(moment).collect();
    let of_root = |root: &Mixture| -> Vec<f64> {
        let mut sums = vec![0.0; 7];
        for c in root.components() {
            let (d, v) = (100.0 * (c.mean - mean), 1e4 * c.variance);
            let mut moments = vec![1.0, d];
            for j in 2..7 {
                moments.push(d * moments[j - 1] + (j - 1) as f64 * v * moments[j - 2]);
            }
            sums.iter_mut()
                .zip(moments)
                .for_each(|(sum, moment)| *sum += c.weight * moment);
        }
        sums
    };
    let [a, b] = pearson_roots();
    for root in [&a, &b] {
        for (of_root, of_crabs) in of_root(root).iter().zip(&m[..=5]) {
            assert_close(*of_root, *of_crabs, 1e-6);
        }
    }
    assert_close(of_root(&a)[6] - m[6], 30.95, 0.01);
    assert_close(of_root(&b)[6] - m[6], 42.92, 0.01);

    // His equation for the product p (Pearson 1894), with l and k made of the moments.
    let (s, l, k) = (m[3], 9.0 * m[2] * m[2] - 3.0 * m[4], 30.0 * m[2] * m[3] - 3.0 * m[5]);
    let coefficients = [
        -24.0 * s.powi(6),
        32.0 * s.powi(4) * l,
        24.0 * s.powi(3) * k - 7.0 * (s * l).powi(2),
        288.0 * s.powi(4) - 12.0 * l * k * s - l.powi(3),
        -148.0 * s * s * l - 2.0 * k * k,
        10.0 * l * l - 24.0 * s * k,
        36.0 * s * s,
        -28.0 * l,
        0.0,
        24.0,
    ];
    let nonic = |p: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * p + c);
    let product = |root: &Mixture| {
        let [a, b] = root.components() else { panic!("two components") };
        1e4 * (a.mean - mean) * (b.mean - mean)
    };
    let (a, b) = (product(&a), product(&b));
    for p in [a, b] {
        assert!(nonic(p - 1e-4) * nonic(p + 1e-4) < 0.0, "{p}");
    }
    // Between −10 and 10 it changes its sign at these two, and once more where p is positive.
    let grid: Vec<f64> = (0..20_000).map(|i| -10.0 + 1e-3 * (f64::from(i) + 0.5)).collect();
    let crossed = grid.windows(2).filter(|p| nonic(p[0]) * nonic(p[1]) < 0.0);
    let crossed: Vec<f64> = crossed.map(|p| p[0]).collect();
    assert_eq!(crossed.len(), 3, "{crossed:?}");
    for (found, expected) in crossed.iter().zip([a, b, 0.667]) {
        assert_close(*found, expected, 2e-3);
    }
}

/// A component inside one class: the likelihood is flat there, and the run stays where it began.
#[test]
fn a_component_inside_one_class_does_not_collapse() {
    let classes = Classes::new([
        (-OPEN, 0.0, 10.0),
        (0.0, 1.0, 20.0),
        (1.0, 2.0, 10.0),
        (2.0, 9.0, 0.0),
        (9.0, 10.0, 5.0),
        (10.0, OPEN, 0.0),
    ]);
    let classes = classes.unwrap();
    for deviation in [0.05, 0.01, 1e-6] {
        let start =
            Mixture::new([(0.9, 0.5, 1.0), (0.1, 9.4, deviation * deviation)]).unwrap();
        let end = em(&classes, start).nth(500).unwrap().unwrap();
        let c = end.components()[1];
        assert_close(c.variance.sqrt(), deviation, 1e-9 * deviation);
        assert_close(c.mean, 9.4, 1e-9);
        assert_close(c.weight, 5.0 / 45.0, 1e-9);
        let flat = 5.0 * (5.0 / 45.0_f64).ln();
        let rest = Classes::new(classes.classes()[..3].to_vec()).unwrap();
        let others = log_likelihood(
            &rest,
            &Mixture::new([(1.0, end.components()[0].mean, end.components()[0].variance)])
                .unwrap(),
        );
        let all = others + 40.0 * (40.0 / 45.0_f64).ln() + flat;
        assert_close(log_likelihood(&classes, &end), all, 1e-6);
    }
    // A wide start is drawn in, until the class holds all of it.
    let wide = Mixture::new([(0.9, 0.5, 1.0), (0.1, 9.4, 4.0)]).unwrap();
    let c = em(&classes, wide).nth(2000).unwrap().unwrap().components()[1];
    assert!((0.05..0.2).contains(&c.variance.sqrt()), "{c:?}");
}

/// Every refusal says which class, and what is wrong with it.
#[test]
fn what_is_no_list_of_classes_is_refused() {
    let nan = f64::NAN;
    let first = (0.0, 1.0, 3.0);
    for (bad, message) in [
        ((nan, 2.0, 1.0), "class 1 is from NaN to 2: a bound is a number or infinite"),
        ((1.0, nan, 1.0), "class 1 is from 1 to NaN: a bound is a number or infinite"),
        ((3.0, 2.0, 1.0), "class 1 runs backwards, from 3 to 2"),
        ((OPEN, -OPEN, 1.0), "class 1 runs backwards, from inf to -inf"),
        ((2.0, 2.0, 1.0), "class 1 has no width: it begins and ends at 2"),
        ((OPEN, OPEN, 1.0), "class 1 has no width: it begins and ends at inf"),
        (
            (0.5, 2.0, 1.0),
            "class 1 begins at 0.5, before class 0 ends at 1: classes stand in increasing order and do not overlap",
        ),
        (
            (-2.0, -1.0, 1.0),
            "class 1 begins at -2, before class 0 ends at 1: classes stand in increasing order and do not overlap",
        ),
        ((1.0, 2.0, -1.0), "class 1 holds -1 samples: a count is 0 or more, and finite"),
        ((1.0, 2.0, nan), "class 1 holds NaN samples: a count is 0 or more, and finite"),
        ((1.0, 2.0, OPEN), "class 1 holds inf samples: a count is 0 or more, and finite"),
    ] {
        assert_eq!(Classes::new([first, bad]).unwrap_err().to_string(), message);
    }
    let refused = |classes: &[(f64, f64, f64)]| {
        Classes::new(classes.iter().copied()).unwrap_err().to_string()
    };
    assert_eq!(refused(&[]), "there are no classes");
    let sum = "the counts sum to 0: there must be samples, and finitely many";
    assert_eq!(refused(&[(0.0, 1.0, 0.0), (1.0, 2.0, 0.0)]), sum);
    let sum = "the counts sum to inf: there must be samples, and finitely many";
    assert_eq!(refused(&[(0.0, 1.0, 1e308), (1.0, 2.0, 1e308)]), sum);
    assert!(Classes::new([(-OPEN, OPEN, 0.5)]).is_ok());
}

/// At the edge of 64-bit numbers a step gives finite numbers or an error that says why not.
#[test]
fn steps_far_out_have_an_answer_or_a_reason() {
    let at = |lower, upper| Classes::new([(lower, upper, 2.0)]).unwrap();
    let two = Mixture::new([(0.5, 0.0, 1.0), (0.5, 1e-4, 1.0)]).unwrap();
    let (_, next) = step(&at(1e4, 1e4 + 1.0), &two).unwrap(); // the log odds are 1 there
    assert_close(next.components()[1].weight, 1.0 / (1.0 + f64::exp(-1.0)), 1e-7);
    for c in next.components() {
        assert_close(c.mean, 1e4 + 1e-4, 1e-8); // the tail within the class falls as e^(−10⁴ t)
        assert_close(c.variance, 1e-8, 1e-12);
    }
    let far = step(&at(1e200, f64::MAX), &two).unwrap_err();
    assert_eq!(far, GroupedError::OutOfReach { class: 0, lower: 1e200, upper: f64::MAX });
    assert!(far.to_string().starts_with("class 0, from 1000"));
    assert_eq!(log_likelihood(&at(1e200, f64::MAX), &two), f64::NEG_INFINITY);
    // One component reaches the class, and the other owns nothing.
    let one = Mixture::new([(0.5, 0.0, 1.0), (0.5, 5e3, 1.0)]).unwrap();
    let nothing = MStepError::Empty { component: 0, effective_count: 0.0 };
    assert_eq!(step(&at(5e3, 5e3 + 1.0), &one), Err(GroupedError::MStep(nothing)));
    // A class too narrow for its own mean.
    let thin = at(1.0, 1.0 + f64::EPSILON);
    let error =
        step(&thin, &Mixture::new([(1.0, 1.0, 1.0)]).unwrap()).unwrap_err().to_string();
    assert!(
        error.starts_with("M-step: component 0 has collapsed on the point 1"),
        "{error}"
    );
    for bound in [1e-300, 1.0, 1e100, 1e160, 1e300, f64::MAX] {
        for variance in [1e-300, 1.0, 1e300] {
            for (lower, upper) in
                [(-bound, bound), (bound, OPEN), (-OPEN, bound), (0.0, bound)]
            {
                let c = Component { weight: 1.0, mean: 0.5, variance };
                let (ln_p, ..) = class(lower, upper).inside(&c);
                assert!(ln_p <= 1e-13, "{lower} {upper} {variance}: {ln_p}"); // and no NaN
                if let Ok((value, next)) =
                    step(&at(lower, upper), &Mixture::new([c]).unwrap())
                {
                    assert!(value.is_finite() && next.components()[0].variance > 0.0);
                }
            }
        }
    }
}
