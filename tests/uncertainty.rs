//! What the chapter *Uncertainty* claims.

mod common;
use common::{assert_close, groups_apart, integral};
use datasets::old_faithful;
use datasets::uncertainty::{blocks, coverage};
use em::{em, log_likelihood};
use figures::uncertainty::{fitted, replicates};
use notebook::{STANDARD_ERRORS, guess, truth};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::{Information, Parameter, differences};
use sampling::{Component, Mixture, MixtureError, sample};
use std::sync::LazyLock;
use uncertainty::{
    Bootstrap, Uncertainty, UncertaintyError, bootstrap, information_from_rate,
    numerical_information, observed_information, parameter, uncertainties,
};

/// 200 random sets of samples, each with a limit of EM at which no step moves a parameter by more
/// than 1e-11 and the first rate is at most 0.98.
static LIMITS: LazyLock<Vec<(Vec<f64>, Mixture)>> = LazyLock::new(|| {
    let mut rng = ChaCha8Rng::seed_from_u64(51);
    let limit = |i: usize| {
        let truth = groups_apart(1 + i % 3, &mut rng);
        let data = sample(&truth, 200, &mut rng).unwrap();
        let run: Vec<_> = em(&data, truth).take(1000).map_while(Result::ok).collect();
        let rest = |pair: &&[Mixture]| {
            let apart = |p: Parameter| p.value(&pair[0]) - p.value(&pair[1]);
            Parameter::of(&pair[0]).into_iter().all(|p| apart(p).abs() < 1e-11)
        };
        let limit = run.windows(2).find(rest)?[1].clone();
        (Information::new(once(&data), &limit).unwrap().rates()[0] < 0.98)
            .then_some((data, limit))
    };
    (0..).filter_map(limit).take(200).collect()
});

/// Every sample counts once.
fn once(data: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    data.iter().map(|x| (*x, 1.0))
}

/// How large a change of each free parameter is large.
fn scales(mixture: &Mixture) -> Vec<f64> {
    Parameter::of(mixture).iter().map(|p| p.scale(mixture)).collect()
}

fn observed(data: &[f64], mixture: &Mixture) -> Uncertainty {
    Uncertainty::new(mixture, &observed_information(once(data), mixture).unwrap()).unwrap()
}

/// Law, eq:louis, eq:numerical and eq:sem: three ways, one matrix. In the units of each parameter's
/// scale the entries differ by less than 1e-5 and 1e-6 of n.
// ANCHOR: agree
#[test]
fn louis_differences_and_the_rate_agree() {
    for (data, limit) in LIMITS.iter() {
        let louis = observed_information(once(data), limit).unwrap();
        let complete = Information::new(once(data), limit).unwrap().complete;
        let value = |m: &Mixture| log_likelihood(data, m);
        let numerical = numerical_information(limit, value).unwrap();
        let rate = information_from_rate(&complete, &differences(data, limit).unwrap());
        let unit = scales(limit);
        for (p, row) in louis.iter().enumerate() {
            for (q, entry) in row.iter().enumerate() {
                let error = |other: f64| (entry - other) * unit[p] * unit[q] / 200.0;
                assert_close(error(numerical[p][q]), 0.0, 1e-5);
                assert_close(error(rate[p][q]), 0.0, 1e-6);
            }
        }
    }
}
// ANCHOR_END: agree

/// Law, eq:covariance: the covariance is the inverse of the information.
#[test]
fn covariance_times_information_is_one() {
    for (data, limit) in LIMITS.iter() {
        let information = observed_information(once(data), limit).unwrap();
        let sure = Uncertainty::new(limit, &information).unwrap();
        for (p, row) in sure.covariance().iter().enumerate() {
            for q in 0..row.len() {
                let entry: f64 = row.iter().zip(&information).map(|(c, i)| c * i[q]).sum();
                let unit = scales(limit);
                assert_close(entry * unit[q] / unit[p], f64::from(p == q), 1e-9);
            }
        }
    }
}

/// Law, eq:larger: complete information is always surer, and observed information is so by at
/// most the first rate.
#[test]
fn complete_information_is_always_too_sure() {
    let mut smaller = 0;
    for (data, limit) in LIMITS.iter() {
        let information = Information::new(once(data), limit).unwrap();
        let (observed, complete) = uncertainties(data, limit).unwrap();
        let most = 1.0 / (1.0 - information.rates()[0]).sqrt();
        let pairs = observed.standard_errors().into_iter().zip(complete.standard_errors());
        for (o, c) in pairs.flat_map(|(o, c)| o.into_iter().zip(c)) {
            assert!(
                c <= o * (1.0 + 1e-9) && o <= c * most * (1.0 + 1e-9),
                "{c} {o} {most}"
            );
            smaller += usize::from(c < 0.99 * o);
        }
    }
    assert!(smaller > 500, "{smaller}");
}

/// Law, eq:information-identity: over a population, the mean product of the slopes of ln p is the
/// information of a sample; the slopes by differences.
#[test]
fn the_spread_of_the_slopes_is_the_mean_bend() {
    for mixture in common::random_mixtures(200) {
        let slope = |x: f64, p: Parameter| {
            let h = 1e-5 * p.scale(&mixture);
            let at = |h| density::mixture(x, &p.moved(&mixture, h).unwrap());
            (at(h) - at(-h)) / (2.0 * h) / density::mixture(x, &mixture)
        };
        let grid = || (-700..=700).map(|i| f64::from(i) * 0.05);
        let inside = || grid().filter(|x| density::mixture(*x, &mixture) > 1e-200);
        let weight = |x: f64| density::mixture(x, &mixture) * 0.05;
        let information =
            observed_information(inside().map(|x| (x, weight(x))), &mixture).unwrap();
        let (free, unit) = (Parameter::of(&mixture), scales(&mixture));
        let slopes: Vec<Vec<f64>> =
            inside().map(|x| free.iter().map(|p| slope(x, *p)).collect()).collect();
        for (p, row) in information.iter().enumerate() {
            for (q, entry) in row.iter().enumerate() {
                let products = inside().zip(&slopes).map(|(x, s)| weight(x) * s[p] * s[q]);
                let error = (products.sum::<f64>() - entry) * unit[p] * unit[q];
                assert_close(error, 0.0, 1e-6);
            }
        }
    }
}

/// Law: the order of the components plays no part, though another weight is left out.
#[test]
fn permuting_the_components_permutes_the_standard_errors() {
    for (data, limit) in LIMITS.iter() {
        let mut components = limit.components().to_vec();
        components.rotate_left(1);
        let rotated = Mixture::new(components).unwrap();
        let mut expected = observed(data, limit).standard_errors();
        expected.rotate_left(1);
        let errors = observed(data, &rotated).standard_errors();
        for (a, b) in errors.as_flattened().iter().zip(expected.as_flattened()) {
            assert_close(*a, *b, 1e-8 * b);
        }
    }
}

/// Law: with the data stretched by s and moved, standard errors of weights stay, those of means
/// stretch by s and those of variances by s².
#[test]
fn standard_errors_stretch_with_the_data() {
    let mut rng = ChaCha8Rng::seed_from_u64(52);
    for (data, limit) in LIMITS.iter() {
        let (s, by) =
            (10f64.powf(rng.random_range(-6.0..6.0)), rng.random_range(-9.0..9.0));
        let moved: Vec<f64> = data.iter().map(|x| s * (x + by)).collect();
        let component = |c: &Component| (c.weight, s * (c.mean + by), s * s * c.variance);
        let stretched = Mixture::new(limit.components().iter().map(component)).unwrap();
        let errors = observed(&moved, &stretched).standard_errors();
        for (a, b) in errors.into_iter().zip(observed(data, limit).standard_errors()) {
            for (p, power) in [1.0, s, s * s].into_iter().enumerate() {
                assert_close(a[p], b[p] * power, 1e-8 * b[p] * power);
            }
        }
    }
}

/// Law, eq:delta, against the bends of the log-likelihood in other coordinates: the log odds of
/// the weight, the means, the logs of the deviations. Covariances come from those of sums.
#[test]
fn the_delta_method_inverts_the_information_about_other_parameters() {
    let mut checked = 0;
    for (data, limit) in LIMITS.iter().filter(|(_, m)| m.components().len() == 2).take(30) {
        let coordinate = |p: usize, m: &Mixture| match p {
            0 => (m.components()[0].weight / m.components()[1].weight).ln(),
            1 | 2 => m.components()[p - 1].mean,
            _ => 0.5 * m.components()[p - 3].variance.ln(),
        };
        let at = |y: [f64; 5]| {
            let w = 1.0 / (1.0 + (-y[0]).exp());
            let [a, b] = [3, 4].map(|p| (2.0 * y[p]).exp());
            log_likelihood(data, &Mixture::new([(w, y[1], a), (1.0 - w, y[2], b)]).unwrap())
        };
        let centre: [f64; 5] = std::array::from_fn(|p| coordinate(p, limit));
        let h = 1e-3;
        let shifted = |p: usize, a: f64, q: usize, b: f64| {
            let mut y = centre;
            y[p] += a;
            y[q] += b;
            at(y)
        };
        let bend = |p, q| {
            let sum = shifted(p, h, q, h) + shifted(p, -h, q, -h);
            (shifted(p, h, q, -h) + shifted(p, -h, q, h) - sum) / (4.0 * h * h)
        };
        let sure = observed(data, limit);
        let variance =
            |p, q| sure.standard_error(|m| coordinate(p, m) + coordinate(q, m)).powi(2);
        let covariance = |p, q| match p == q {
            true => 0.25 * variance(p, p),
            false => 0.5 * variance(p, q) - 0.125 * (variance(p, p) + variance(q, q)),
        };
        for (p, q) in (0..5).flat_map(|p| (0..5).map(move |q| (p, q))) {
            let entry: f64 = (0..5).map(|r| bend(p, r) * covariance(r, q)).sum();
            assert_close(entry, f64::from(p == q), 1e-3);
            checked += 1;
        }
    }
    assert_eq!(checked, 750);
}

/// Law, eq:delta: for what is a parameter itself, the last weight too, it is the standard error.
#[test]
fn the_delta_method_gives_the_standard_errors_themselves() {
    for (data, limit) in LIMITS.iter() {
        let sure = observed(data, limit);
        for (k, [weight, mean, variance]) in sure.standard_errors().into_iter().enumerate()
        {
            let by =
                |of: fn(&Component) -> f64| sure.standard_error(|m| of(&m.components()[k]));
            assert_close(by(|c| c.weight), weight, 1e-8);
            assert_close(by(|c| c.mean), mean, 1e-8 * mean);
            assert_close(by(|c| c.variance), variance, 1e-8 * variance);
        }
    }
}

/// By hand, eq:covariance: far apart, components are populations of their own, with σ/√N and
/// σ²√(2/N), and the weight is a share of n draws.
#[test]
fn far_apart_components_have_the_errors_of_separate_samples() {
    let far = Mixture::new([(0.25, -50.0, 4.0), (0.75, 50.0, 1.0)]).unwrap();
    let samples = [(-52.0, 50.0), (-48.0, 50.0), (49.0, 150.0), (51.0, 150.0)];
    let information = observed_information(samples, &far).unwrap();
    let errors = Uncertainty::new(&far, &information).unwrap().standard_errors();
    let share = (0.25f64 * 0.75 / 400.0).sqrt();
    let expected = [
        [share, 0.2, 4.0 * 0.02f64.sqrt()],
        [share, (1.0f64 / 300.0).sqrt(), (2.0f64 / 300.0).sqrt()],
    ];
    for (a, b) in errors.as_flattened().iter().zip(expected.as_flattened()) {
        assert_close(*a, *b, 1e-12);
    }
}

/// By hand, eq:wald: the normal distribution's numbers, and a deviation on two scales.
#[test]
fn intervals_hold_as_many_errors_as_the_normal_distribution_says() {
    let one = Mixture::new([(1.0, 3.0, 4.0)]).unwrap();
    let sure = Uncertainty::new(&one, &[vec![25.0, 0.0], vec![0.0, 1.0]]).unwrap();
    let lopsided = Uncertainty::new(&one, &[vec![25.0, 2.0], vec![-2.0, 1.0]]).unwrap();
    assert_eq!(lopsided, sure); // both halves count
    for (level, errors) in [
        (0.95, 1.959_963_984_540_054),
        (0.99, 2.575_829_303_548_901),
        (0.682_689_492_137_086, 1.0),
        (1e-3, 1.253_314_465_4e-3),
    ] {
        let [low, high] = sure.interval(level, |m| m.components()[0].mean).unwrap();
        assert_close(0.5 * (low + high), 3.0, 1e-14);
        assert_close(0.5 * (high - low), 0.2 * errors, 1e-10);
    }
    // The error of ln σ² is 1/4, whatever the scale: the interval is a factor to either side.
    let log = sure.interval(0.95, |m| m.components()[0].variance.ln()).unwrap();
    assert_close(log[1].exp() / 4.0, 0.25f64.mul_add(1.959_963_984_54, 0.0).exp(), 1e-8);
}

/// Oracle, eq:numerical: any log-likelihood will do. That of the crabs' classes hardly knows the
/// weight; the number is by normal distribution functions, apart from this book's code.
#[test]
fn the_weight_of_the_crabs_is_hardly_known() {
    let classes = grouped::Classes::new(datasets::pearson()).unwrap();
    let start =
        Mixture::new([(0.4528, 0.63262, 3.46704e-4), (0.5472, 0.65469, 1.557504e-4)])
            .unwrap();
    let limit = grouped::em(&classes, start).nth(1500).unwrap().unwrap();
    let value = |m: &Mixture| grouped::log_likelihood(&classes, m);
    let information = numerical_information(&limit, value).unwrap();
    let errors = Uncertainty::new(&limit, &information).unwrap().standard_errors();
    assert_close(errors[0][0], 0.16156, 5e-4);
    assert_close(errors[0][1], 0.00618, 5e-5);
    assert_close(errors[1][1], 0.00180, 2e-5);
}

/// Oracle: the standard errors of Old Faithful; three ways give one, the bootstrap confirms it.
#[test]
fn old_faithfuls_standard_errors() {
    let (data, fit) = fitted().unwrap();
    let (observed, complete) = uncertainties(&data, &fit).unwrap();
    let expected = [[0.03116, 0.69967, 6.30948], [0.03116, 0.50459, 4.70547]];
    for (a, b) in
        observed.standard_errors().as_flattened().iter().zip(expected.as_flattened())
    {
        assert_close(*a, *b, 5e-6 + 1e-6 * b);
    }
    // The page: the slowest direction has 2.9 times the variance of complete data.
    let rates = Information::new(once(&data), &fit).unwrap().rates();
    assert_close(1.0 / (1.0 - rates[0]), 2.92, 5e-3);
    for (p, share) in [0.93, 0.85, 0.88, 0.78, 0.78].into_iter().enumerate() {
        let [c, o] = [&complete, &observed].map(|u| u.standard_error(|m| parameter(p, m)));
        assert_close(c / o, share, 0.01);
    }
    // The page: the deviations by hand, se(σ²) / 2σ.
    let deviation = |m: &Mixture| m.components()[0].variance.sqrt();
    assert_close(observed.standard_error(deviation), 6.3095 / (2.0 * 5.8712), 1e-5);
    let fits = replicates(&fit, data.len()).unwrap();
    assert_eq!((fits.fits.len(), fits.refused), (1000, 0));
    for p in 0..5 {
        let ratio = fits.standard_error(|m| parameter(p, m))
            / observed.standard_error(|m| parameter(p, m));
        assert_close(ratio, 1.0, 0.05); // about two standard errors of the spread of 1000
    }
}

/// By hand, eq:random-counts: information knows of counts drawn at random, the
/// notebook's constants of counts that are fixed. The population's information has both.
#[test]
fn the_constants_of_the_notebook_are_the_information_of_the_population() {
    let slices = (-2000..3000).map(|i| f64::from(i) * 0.01);
    let population = slices.map(|x| (x, 1e4 * density::mixture(x, &truth()) * 0.01));
    let information = observed_information(population, &truth()).unwrap();
    let mut errors = Uncertainty::new(&truth(), &information).unwrap().standard_errors();
    assert_close(errors[0][0], 0.0067, 5e-5);
    for row in &mut errors {
        row[0] = (row[0].powi(2) - 0.21 / 1e4).sqrt();
    }
    for (a, b) in errors.as_flattened().iter().zip(STANDARD_ERRORS.as_flattened()) {
        assert_close(*a, *b, 5e-4 * b);
    }
    let limit = em(&notebook::data(), guess()).nth(300).unwrap().unwrap();
    let ours = observed(&notebook::data(), &limit).standard_errors();
    assert_close(ours[0][0], 0.0066, 5e-5);
}

/// Law, eq:bootstrap: with many samples its errors are those of the information, to within four
/// standard errors of a deviation of 400.
#[test]
fn with_many_samples_the_bootstrap_meets_the_information() {
    let far = Mixture::new([(0.4, -3.0, 1.0), (0.6, 3.0, 2.0)]).unwrap();
    let fit = |data: &[f64]| em(data, far.clone()).nth(12).unwrap();
    let fits = bootstrap(&far, 1000, 400, fit, &mut ChaCha8Rng::seed_from_u64(53)).unwrap();
    let slices = (-1500..1500).map(|i| f64::from(i) * 0.01);
    let population = slices.map(|x| (x, 1000.0 * density::mixture(x, &far) * 0.01));
    let information = observed_information(population, &far).unwrap();
    let sure = Uncertainty::new(&far, &information).unwrap();
    for p in 0..5 {
        let of = |m: &Mixture| parameter(p, m);
        let ratio = fits.standard_error(of) / sure.standard_error(of);
        assert_close(ratio, 1.0, 4.0 / 800f64.sqrt());
    }
}

/// Law: for well separated components 95 % hold 95 %, to within four standard errors.
#[test]
fn well_separated_intervals_hold_what_they_say() {
    let far = Mixture::new([(0.4, -10.0, 1.0), (0.6, 10.0, 4.0)]).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(54);
    let mut held = [0; 5];
    for _ in 0..400 {
        let data = sample(&far, 400, &mut rng).unwrap();
        let sure = observed(&data, &em(&data, far.clone()).nth(3).unwrap().unwrap());
        for (p, held) in held.iter_mut().enumerate() {
            let [low, high] = sure.interval(0.95, |m| parameter(p, m)).unwrap();
            *held += usize::from((low..=high).contains(&parameter(p, &far)));
        }
    }
    for held in held {
        assert_close(held as f64 / 400.0, 0.95, 4.0 * (0.95 * 0.05 / 400.0f64).sqrt());
    }
}

/// Law, eq:too-sure, and what the page says of the recorded trials, in standard errors of a share.
#[test]
fn observed_information_covers_and_complete_information_does_not() {
    let sizes = coverage(&blocks());
    let error = |share: f64| (share * (1.0 - share) / 1000.0).sqrt();
    for (size, refused) in sizes.iter().zip([11, 1, 0, 0, 0, 0, 0]) {
        assert_eq!((size.trials, size.refused), (1000, refused));
        let [wald, log, _] = size.shares;
        for share in wald.into_iter().chain(log).filter(|_| size.samples >= 500) {
            assert_close(share, 0.95, 4.0 * error(0.95));
        }
        if size.samples <= 100 {
            assert!(wald.iter().all(|share| *share < 0.95 - 2.0 * error(0.95)), "{wald:?}");
            assert!([0, 3, 4].iter().all(|p| log[*p] > wald[*p]));
        }
    }
    let density = |x: f64| density::mixture(x, &truth());
    let dx = 0.01;
    let population =
        || (-2000..3000).map(|i| (f64::from(i) * dx, density(f64::from(i) * dx) * dx));
    let complete = Information::new(population(), &truth()).unwrap().complete;
    let information = observed_information(population(), &truth()).unwrap();
    let [o, c] = [information, complete].map(|i| Uncertainty::new(&truth(), &i).unwrap());
    for p in 0..5 {
        let ratio =
            c.standard_error(|m| parameter(p, m)) / o.standard_error(|m| parameter(p, m));
        let reach = 1.959_963_98 * ratio;
        let held = integral(-reach, reach, |z| density::normal(z, 0.0, 1.0));
        assert_close(sizes[6].shares[2][p], held, 4.0 * error(held));
        assert_close(held, [0.819, 0.798, 0.809, 0.795, 0.781][p], 5e-4);
    }
}

/// Law: what order a fit has its components in plays no part for the bootstrap.
#[test]
fn the_bootstrap_puts_switched_components_back() {
    let three = Mixture::new([(0.3, 4.0, 1.0), (0.3, -4.0, 1.0), (0.4, 0.0, 1.0)]).unwrap();
    let run = |turn: usize| {
        let fit = |data: &[f64]| {
            let fit = em(data, three.clone()).nth(5).unwrap().unwrap();
            let mut components = fit.components().to_vec();
            components.rotate_left(turn);
            Mixture::new(components)
        };
        bootstrap(&three, 100, 20, fit, &mut ChaCha8Rng::seed_from_u64(55)).unwrap()
    };
    let straight = run(0);
    assert!(straight.fits.iter().all(|m| m.components()[1].mean < -2.0));
    assert_eq!(run(1), straight);
    assert_eq!(run(2), straight);
}

/// By hand, eq:bootstrap: the spread of three fits, their percentiles, and refusals, which count.
#[test]
fn refused_replicates_are_counted() {
    let one = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    let mut call = 0.0;
    let fit = |_: &[f64]| {
        call += 1.0;
        Mixture::new([(1.0, 2.0 * call, 4.5 - call)])
    };
    let rng = &mut ChaCha8Rng::seed_from_u64(56);
    let fits = bootstrap(&one, 5, 6, fit, rng).unwrap();
    assert_eq!((fits.fits.len(), fits.refused), (4, 2));
    let mean = |m: &Mixture| m.components()[0].mean;
    assert_close(fits.standard_error(mean), (20.0f64 / 3.0).sqrt(), 1e-15);
    let [low, high] = fits.interval(0.5, mean).unwrap();
    assert_eq!([low, high], [3.5, 6.5]);
    let none = Bootstrap { fits: vec![], refused: 0 };
    assert!(
        none.standard_error(mean).is_nan() && none.interval(0.5, mean).unwrap()[0].is_nan()
    );
}

/// Edge: where the log-likelihood has no single top, the error says what is in the way.
#[test]
fn what_is_no_maximum_is_refused() {
    let data = old_faithful();
    let refuse = |m: &Mixture| {
        let information = observed_information(once(&data), m).unwrap();
        Uncertainty::new(m, &information).unwrap_err().to_string()
    };
    // The saddle of the chapter Start, and two of three components that are the same.
    let one = em(&data, Mixture::new([(1.0, 70.0, 100.0)]).unwrap())
        .nth(1)
        .unwrap()
        .unwrap()
        .components()[0];
    let twins = |d: f64| {
        let half = (0.5, one.mean, one.variance);
        Mixture::new([half, (0.5, one.mean, one.variance * (1.0 + d))]).unwrap()
    };
    assert_eq!(
        refuse(&twins(0.0)),
        "components 0 and 1 are the same: their weights are anybody's guess"
    );
    for d in [1e-12, 1e-9, 1e-6] {
        assert!(
            refuse(&twins(d)).contains("in the direction of the weight of component 0: ")
        );
    }
    let a = fitted().unwrap().1.components().to_vec();
    let three = [
        a[0],
        Component { weight: 0.3, ..a[1] },
        Component { weight: a[1].weight - 0.3, ..a[1] },
    ];
    assert!(refuse(&Mixture::new(three).unwrap()).starts_with("components 1 and 2"));
    let near = Component { mean: three[2].mean + 1e-4, ..three[2] };
    let refused = refuse(&Mixture::new([three[0], three[1], near]).unwrap());
    assert!(refused.contains("does not bend down"), "{refused}");
    // A saddle by hand.
    let saddle = Uncertainty::new(
        &Mixture::new([(1.0, 0.0, 1.0)]).unwrap(),
        &[vec![1.0, 2.0], vec![2.0, 1.0]],
    );
    assert_eq!(
        saddle,
        Err(UncertaintyError::NotAMaximum { parameter: Parameter::Variance(0) })
    );
}

/// Bad input: the message has the place and the value.
#[test]
fn what_has_no_standard_errors_is_refused() {
    let one = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    let observed = |samples: &[(f64, f64)]| {
        observed_information(samples.iter().copied(), &one).unwrap_err().to_string()
    };
    assert_eq!(observed(&[]), "there are no samples");
    assert_eq!(
        observed(&[(1.0, 1.0), (f64::NAN, 1.0)]),
        "sample 1 is NaN: a sample is a finite number"
    );
    assert!(observed(&[(99.0, 1.0)]).contains("underflow"));
    for bad in [-1.0, f64::INFINITY, f64::NAN] {
        let message =
            format!("sample 1 counts {bad} times: a count is 0 or more, and finite");
        assert_eq!(observed(&[(1.0, 1.0), (2.0, bad)]), message);
    }
    assert_eq!(observed(&[(1.0, 0.0)]), "all counts are 0: nothing was observed");

    let new = |m: &Mixture, information: &[Vec<f64>]| {
        Uncertainty::new(m, information).unwrap_err().to_string()
    };
    let size = "the information is no matrix of 2 rows and columns";
    for bad in [vec![], vec![vec![1.0]], vec![vec![1.0, 0.0], vec![0.0]]] {
        assert_eq!(new(&one, &bad), size);
    }
    let nan = numerical_information(&one, |_| f64::NAN).unwrap();
    assert_eq!(
        new(&one, &nan),
        "the information about the mean of component 0 and the mean of component 0 is NaN: it must be finite"
    );
    let empty = Mixture::new([(0.0, 3.0, 1.0), (1.0, 0.0, 1.0)]).unwrap();
    let five = vec![vec![1.0; 5]; 5];
    assert_eq!(
        new(&empty, &five),
        "component 0 has the weight 0: nothing is known of its mean"
    );
    // A step of 0 moves no weight: differences have no answer, and say where.
    let zero = numerical_information(&empty, |_| 0.0).unwrap();
    assert!(zero[0][0].is_nan());
    // Sizes that differ.
    let [small, large] = [1, 3].map(|size| vec![vec![1.0; size]; size]);
    let two = vec![vec![1.0; 2]; 2];
    for (complete, derivative) in
        [(&two, &small), (&two, &large), (&small, &two), (&large, &two)]
    {
        let information = information_from_rate(complete, derivative);
        assert!(Uncertainty::new(&one, &information).is_err());
    }

    let sure = Uncertainty::new(&one, &[vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    let fit = |_: &[f64]| -> Result<Mixture, MixtureError> { Ok(one.clone()) };
    let rng = &mut ChaCha8Rng::seed_from_u64(57);
    let fits = bootstrap(&one, 1, 2, fit, rng).unwrap();
    for level in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
        let message = format!("the level is {level}: a level lies between 0 and 1");
        assert_eq!(sure.interval(level, |_| 0.0).unwrap_err().to_string(), message);
        assert_eq!(fits.interval(level, |_| 0.0).unwrap_err().to_string(), message);
    }
    assert!(sure.standard_error(|_| f64::NAN).is_nan());
    let mut boot = |n, replicates, fit: fn(&[f64]) -> Result<Mixture, MixtureError>| {
        bootstrap(&one, n, replicates, fit, rng).unwrap_err().to_string()
    };
    let good = |_: &[f64]| Mixture::new([(1.0, 0.0, 1.0)]);
    let bad = |_: &[f64]| Mixture::new([] as [Component; 0]);
    assert_eq!(boot(0, 9, good), "0 samples were asked for: a sample needs at least 1");
    assert_eq!(boot(9, 0, good), "0 replicates were asked for: a spread needs at least 2");
    assert_eq!(boot(9, 4, bad), "4 of 4 replicates were refused: a spread needs 2 fits");
    let two =
        |_: &[f64]| Mixture::new([Component { weight: 0.5, mean: 0.0, variance: 1.0 }; 2]);
    assert_eq!(boot(9, 4, two), "the fit of replicate 0 has 2 components, not 1");
}
