//! What the chapter *Acceleration* claims.

mod common;
use acceleration::{
    AccelerationError, Method, State, accelerate, aitken, coordinates, from_coordinates,
    readable, settle,
};
use common::{assert_close, random_mixtures};
use datasets::acceleration::{
    METHODS as NAMES, Problem, Run, five_overlapping, problem, runs,
};
use em::{EmError, em};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::{ConvergeError, Ending, Information};
use sampling::{Component, Mixture, sample};
use start::quantiles;
use std::convert::Infallible;

type States<E> = Vec<Result<State, E>>;

const METHODS: [Method; 4] = [
    Method::Plain,
    Method::Squarem,
    Method::Anderson { depth: 3 },
    Method::Anderson { depth: 5 },
];

/// Where the runs on a problem begin.
fn start_of(problem: &Problem) -> Mixture {
    quantiles(&problem.data, problem.truth.components().len()).unwrap()
}

/// A made-up map without samples: the mean k comes `rates[k]` times as far from 0 as it was. What it
/// climbs is given.
fn linear(
    rates: &[f64],
    log_likelihood: impl Fn(&Mixture) -> f64,
) -> impl Fn(&Mixture) -> Result<(f64, Mixture), Infallible> {
    move |m| {
        let parts = m.components().iter().zip(rates);
        let next = parts.map(|(c, rate)| Component { mean: rate * c.mean, ..*c });
        Ok((log_likelihood(m), Mixture::new(next).unwrap()))
    }
}

fn means(mixture: &Mixture) -> Vec<f64> {
    mixture.components().iter().map(|c| c.mean).collect()
}

fn states<E: std::fmt::Debug>(
    map: impl FnMut(&Mixture) -> Result<(f64, Mixture), E>,
    start: &Mixture,
    method: Method,
    n: usize,
) -> Vec<State> {
    accelerate(map, start.clone(), method).unwrap().take(n).map(Result::unwrap).collect()
}

/// By hand and law, eq:aitken: three terms of 200 geometric sequences give their limit.
#[test]
fn aitken_finds_the_limit_of_an_even_decay() {
    assert_eq!(aitken(0.0, 1.0, 1.5), 2.0);
    assert_eq!(aitken(3.0, 3.0, 3.0), 3.0); // nothing moves
    assert_eq!(aitken(1.0, 2.0, 3.0), f64::NEG_INFINITY); // evenly spaced
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    for _ in 0..200 {
        let (limit, part) = (rng.random_range(-5.0..5.0), rng.random_range(0.5..5.0));
        let rate: f64 = rng.random_range(-0.9..0.99);
        let [a, b, c] = [0, 1, 2].map(|t| limit + part * rate.powi(t));
        assert_close(aitken(a, b, c), limit, 1e-10);
    }
}

/// Law, eq:coordinates: there and back; and any shift of the logits is the same mixture.
#[test]
fn coordinates_lead_back_to_the_mixture() {
    for mixture in random_mixtures(200) {
        let theta = coordinates(&mixture).unwrap();
        let k = mixture.components().len();
        let moved =
            theta.iter().enumerate().map(|(p, x)| if p < k { x + 700.0 } else { *x });
        for theta in [theta.clone(), moved.collect()] {
            let back = from_coordinates(&theta).unwrap();
            for (a, b) in mixture.components().iter().zip(back.components()) {
                assert_close(a.weight, b.weight, 1e-12);
                assert_eq!(a.mean, b.mean);
                assert_close(a.variance, b.variance, 1e-14 * a.variance);
            }
        }
    }
}

/// Law, eq:yardstick: the length of a small change is what the complete information of `rate` says,
/// which has other coordinates. `settle` shows it: its bound is n times the square of the length
/// times the slowness.
#[test]
fn the_yardstick_is_the_complete_information() {
    let mut rng = ChaCha8Rng::seed_from_u64(42);
    for mixture in random_mixtures(200) {
        let theta = coordinates(&mixture).unwrap();
        let d: Vec<f64> = theta.iter().map(|_| rng.random_range(-1e-5..1e-5)).collect();
        let next = |by: f64| -> Mixture {
            let moved: Vec<_> = theta.iter().zip(&d).map(|(x, d)| x + by * d).collect();
            from_coordinates(&moved).unwrap()
        };
        // Four states at θ + (t − 4) d whose steps are t d: the ratio of the changes is 1.
        let state = |t: i32| State {
            mixture: next(f64::from(t - 4)),
            log_likelihood: 0.0,
            next: next(f64::from(2 * t - 4)),
            steps: t as usize,
        };
        let run = [1, 2, 3, 4].map(|t| Ok::<_, Infallible>(state(t)));
        let stopped = settle(run, 7, 0.0, 100).unwrap();
        assert_close(stopped.rate.unwrap(), 0.0, 1e-3);
        // From there one step of 4 d.
        let at = [(mixture.mean(), 1.0)];
        let complete = Information::new(at, &mixture).unwrap().complete;
        let (a, b) = (mixture.components(), next(4.0));
        let last = a.len() - 1;
        let change = |f: fn(&Component) -> f64| -> Vec<f64> {
            a.iter().zip(b.components()).map(|(a, b)| f(b) - f(a)).collect()
        };
        let (w, m, v) = (change(|c| c.weight), change(|c| c.mean), change(|c| c.variance));
        let e: Vec<f64> = w[..last].iter().chain(&m).chain(&v).copied().collect();
        let square: f64 = (0..e.len())
            .flat_map(|p| (0..e.len()).map(move |q| (p, q)))
            .map(|(p, q)| e[p] * complete[p][q] * e[q])
            .sum();
        assert_close(stopped.remaining / 7.0, square, 1e-3 * square);
    }
}

/// By hand, eq:squarem, eq:step-length: two parts, one extrapolation.
#[test]
fn squarem_multiplies_a_part_by_the_square_of_what_it_says() {
    let start = Mixture::new([(0.5, 1.0, 1.0), (0.5, 2.0, 1.0)]).unwrap();
    let run = states(linear(&[0.2, 0.9], |_| 0.0), &start, Method::Squarem, 3);
    let (r, v) = ([0.8, 0.2], [0.64, 0.02]); // up to the sign
    let length = |a: [f64; 2]| (a[0] * a[0] + a[1] * a[1]).sqrt();
    let alpha = length(r) / length(v);
    assert!((1.0..=10.0).contains(&alpha));
    assert_close(means(&run[2].mixture)[0], (1.0 - alpha * 0.8).powi(2), 1e-12);
    assert_close(means(&run[2].mixture)[1], 2.0 * (1.0 - alpha * 0.1).powi(2), 1e-12);
    assert_eq!(run[2].steps, 3);
    // Check yourself: parts that are equal in r, with the eigenvalues 0 and 0.99.
    let start = Mixture::new([(0.5, 1.0, 1.0), (0.5, 100.0, 1.0)]).unwrap();
    let run = states(linear(&[0.0, 0.99], |_| 0.0), &start, Method::Squarem, 3);
    assert_close(means(&run[2].mixture)[0], 0.17, 0.005);
    assert_close(means(&run[2].mixture)[1] / 100.0, 0.97, 0.005);
}

/// Law, eq:anderson: as many states to look back on as there are parts, and a linear map is at its
/// limit, whatever the weights and variances.
#[test]
fn anderson_solves_a_linear_map_of_as_many_parts_as_it_is_deep() {
    let mut rng = ChaCha8Rng::seed_from_u64(43);
    let mut checked = 0;
    for start in random_mixtures(300) {
        let k = start.components().len();
        let rates: Vec<f64> =
            (0..k).map(|k| 0.2 * k as f64 + rng.random_range(0.0..0.15)).collect();
        let run = states(
            linear(&rates, |_| 0.0),
            &start,
            Method::Anderson { depth: k },
            2 * k + 1,
        );
        let furthest =
            |s: &State| means(&s.mixture).into_iter().map(f64::abs).fold(0.0, f64::max);
        // Without the extrapolation the slowest part would still be there.
        assert!(furthest(&run[2 * k]) < 1e-6 * furthest(&run[0]), "{run:?}");
        checked += 1;
    }
    assert_eq!(checked, 300);
}

/// Law, eq:aitken, eq:squarem, eq:anderson: of one number, both methods are Aitken's.
#[test]
fn of_one_number_both_methods_are_aitkens() {
    let cosine = |m: &Mixture| {
        let [c] = m.components() else { panic!("one component") };
        Ok::<_, Infallible>((0.0, Mixture::new([(1.0, c.mean.cos(), 1.0)]).unwrap()))
    };
    for i in 0..200 {
        let a = -1.0 + 0.01 * f64::from(i);
        let end = aitken(a, a.cos(), a.cos().cos());
        let start = Mixture::new([(1.0, a, 1.0)]).unwrap();
        let of = |method| means(&states(cosine, &start, method, 3)[2].mixture)[0];
        assert_close(of(Method::Anderson { depth: 1 }), end, 1e-9);
        let alpha = (a.cos() - a) / ((a.cos().cos() - a.cos()) - (a.cos() - a));
        if alpha.abs() > 1.0 && alpha < 0.0 {
            assert_close(of(Method::Squarem), end, 1e-9);
        }
    }
}

/// Law, eq:guard: from 200 poor starts no method ever falls, but for rounding, and every call of the
/// map is counted.
// ANCHOR: monotone
#[test]
fn the_likelihood_never_falls_and_every_map_is_counted() {
    let (mut rng, mut leaps) = (ChaCha8Rng::seed_from_u64(44), 0);
    for truth in random_mixtures(200) {
        let data = sample(&truth, 60, &mut rng).unwrap();
        let start = start::random(&data, 3, &mut rng).unwrap();
        for method in METHODS {
            let mut calls = 0;
            let counted = |m: &Mixture| {
                calls += 1;
                readable(&data)(m)
            };
            let run = accelerate(counted, start.clone(), method).unwrap();
            let run: Vec<_> = run.take(60).map_while(Result::ok).collect();
            for pair in run.windows(2) {
                let rounding = 64.0 * f64::EPSILON * pair[0].log_likelihood.abs();
                assert!(pair[1].log_likelihood >= pair[0].log_likelihood - rounding);
                leaps += usize::from(pair[1].mixture != pair[0].next);
            }
            if run.len() == 60 {
                assert_eq!(run[59].steps, calls);
            }
        }
    }
    assert!(leaps > 10_000, "{leaps}");
}
// ANCHOR_END: monotone

/// Law: the plain method is EM, and so is any other while all its extrapolations are refused, be
/// it because they are low or because there is no answer. That costs 8 steps and an eighth.
#[test]
fn refused_extrapolations_leave_em_and_cost_at_most_8_maps_and_an_eighth() {
    let data = notebook::data()[..200].to_vec();
    let orbit: Vec<Mixture> =
        em(&data, notebook::guess()).take(400).collect::<Result<_, _>>().unwrap();
    for method in METHODS {
        for low in [
            Ok(f64::NEG_INFINITY),
            Ok(f64::NAN),
            Err(EmError::EStep(e_step::EStepError::NoSamples)),
        ] {
            let mut at = 0;
            let map = |m: &Mixture| {
                if *m == orbit[at] {
                    at += 1;
                    readable(&data)(m)
                } else {
                    low.map(|value| (value, m.clone()))
                }
            };
            let run = states(map, &orbit[0], method, 399);
            for (t, state) in run.iter().enumerate() {
                assert_eq!(state.mixture, orbit[t]);
                assert!(state.steps <= t + 1 + 8 + t / 8, "{} after {t}", state.steps);
            }
            assert!(method == Method::Plain || run[398].steps > 399 + 20 || low.is_err());
        }
    }
}

/// Record, no law: on these problems the limit is EM's own to 1e-8 in every coordinate, and it takes
/// no more steps.
#[test]
fn on_eight_problems_the_limit_is_ems_own() {
    let mut checked = 0;
    for seed in [100, 104, 112, 120, 132, 133, 148, 156] {
        let p = problem(seed);
        let limit = |method| {
            let run = accelerate(readable(&p.data), start_of(&p), method).unwrap();
            let end = settle(run, p.data.len(), 1e-18, 10_000).unwrap();
            assert_eq!(end.ending, Ending::Converged);
            (coordinates(&end.mixture).unwrap(), end.steps)
        };
        let (own, steps) = limit(Method::Plain);
        for method in METHODS {
            let (theirs, fewer) = limit(method);
            own.iter().zip(&theirs).for_each(|(a, b)| assert_close(*a, *b, 1e-8));
            assert!(fewer <= steps);
            checked += 1;
        }
    }
    assert_eq!(checked, 32);
}

/// The claims of the page about the whole record.
#[test]
fn the_record_bears_what_the_page_says() {
    let (nudged, rows): (Vec<_>, Vec<_>) =
        runs().into_iter().partition(|row| row.problem.starts_with("nudged"));
    let [plain, squarem, three, anderson] = NAMES.map(|name| -> Vec<Run> {
        rows.iter().filter(|row| row.method == name).cloned().collect()
    });
    assert_eq!((rows.len(), plain.len()), (248, 62));
    assert!(rows.iter().all(|row| row.missing <= 1e-8));
    let other = |a: &Run, b: &Run| (a.log_likelihood - b.log_likelihood).abs() > 1e-6;
    let elsewhere =
        |own: &[Run]| own.iter().zip(&plain).filter(|(a, b)| other(a, b)).count();
    assert_eq!([&squarem, &three, &anderson].map(|own| elsewhere(own)), [0, 4, 4]);
    let lower = |(a, b): &(&Run, &Run)| a.log_likelihood < b.log_likelihood - 1e-6;
    assert_eq!(anderson.iter().zip(&plain).filter(lower).count(), 1);
    assert_eq!(three.iter().zip(&plain).filter(lower).count(), 3);
    // Where SQUAREM ends as EM does, it is not only near: nine digits are recorded.
    for (a, b) in squarem.iter().zip(&plain) {
        assert_close(a.log_likelihood, b.log_likelihood, 1e-8);
    }
    // Rounding moves the count on the five, but neither its end nor beyond a tenth.
    assert_eq!(nudged.len(), 120);
    for row in nudged {
        assert_close(row.log_likelihood, plain[1].log_likelihood, 1e-8);
        assert!(row.steps * 10 <= plain[1].steps);
    }
    // What the stop of `settle` costs beside that of an oracle.
    let later = |own: &[Run]| {
        let all = |of: fn(&Run) -> usize| own[2..].iter().map(of).sum::<usize>() as f64;
        all(|row| row.stopped) / all(|row| row.steps) - 1.0
    };
    assert!([&squarem, &three, &anderson].map(|own| later(own)).iter().all(|l| *l < 0.02));
    assert_close(later(&plain), 0.08, 5e-3);
    for own in [&squarem, &three, &anderson] {
        assert!(own.iter().zip(&plain).all(|(own, plain)| own.steps <= plain.steps));
    }
    let fewer = anderson[2..].iter().zip(&squarem[2..]).filter(|(a, s)| a.steps < s.steps);
    assert_eq!(fewer.count(), 40);
    // The slow two: a tenth is asked for; SQUAREM needs a seventeenth.
    for i in 0..2 {
        assert!(squarem[i].steps * 17 <= plain[i].steps);
        assert!(anderson[i].steps * 10 <= plain[i].steps);
    }
}

/// Edge: a run that stands still ends, and a slow one is not taken for one. The gains of the slow
/// one are below the rounding of its log-likelihood long before it ends.
#[test]
fn a_run_that_stands_still_ends_and_a_slow_one_does_not() {
    let end = |data: &[f64], start: &Mixture, method, tolerance, steps| {
        let run = accelerate(readable(data), start.clone(), method).unwrap();
        settle(run, data.len(), tolerance, steps).unwrap()
    };
    let p = problem(100);
    let one = Mixture::new([(1.0, 3.0, 2.0)]).unwrap(); // K = 1: one step does everything
    for method in METHODS {
        for tolerance in [1e-8, 0.0] {
            let quick = end(&p.data, &start_of(&p), method, tolerance, 10_000);
            let at_limit = end(&p.data, &quick.mixture, method, tolerance, 10_000);
            let single = end(&p.data, &one, method, tolerance, 10_000);
            assert_eq!((single.ending, single.steps < 10), (Ending::Converged, true));
            assert_ne!(quick.ending, Ending::OutOfSteps);
            assert_ne!(at_limit.ending, Ending::OutOfSteps);
            assert!(quick.steps < 400, "{method:?} {}", quick.steps);
            assert!(at_limit.steps < 100, "{method:?} {}", at_limit.steps);
        }
        // Nothing moves, so nothing is seen of how slow it is.
        let limit = end(&p.data, &start_of(&p), Method::Plain, 0.0, 10_000).mixture;
        let still = end(&p.data, &limit, method, 1e-8, 10_000);
        let said = (still.ending, still.rate, still.remaining);
        assert_eq!(said, (Ending::Rounding, None, f64::INFINITY));
        assert!(still.steps <= 5, "{}", still.steps);
    }
    let slow = five_overlapping();
    let run = accelerate(readable(&slow.data), start_of(&slow), Method::Squarem).unwrap();
    let (mut values, mut quiet, mut most) = (Vec::new(), 0, 0);
    let run = run.inspect(|state| values.push(state.as_ref().unwrap().log_likelihood));
    let settled = settle(run, slow.data.len(), 1e-14, 10_000).unwrap();
    assert_eq!(settled.ending, Ending::Converged);
    for pair in values.windows(2) {
        let rounding = 64.0 * f64::EPSILON * pair[1].abs();
        quiet = if (pair[1] - pair[0]).abs() <= rounding { quiet + 1 } else { 0 };
        most = most.max(quiet);
    }
    assert!(most > 3, "{most}"); // the rule of `converge` would have ended it
}

/// Law, eq:still-to-come: where the samples lie plays no part in when a run ends, but for the digits that
/// they lose there: seconds since 1970.
#[test]
fn a_run_far_from_0_does_not_end_early() {
    let truth = Mixture::new([(0.4, 0.0, 1.0), (0.6, 2.0, 1.0)]).unwrap();
    let data = sample(&truth, 1000, &mut ChaCha8Rng::seed_from_u64(44)).unwrap();
    let far: Vec<f64> =
        data.iter().map(|x| (1024.0 * x).round() / 1024.0 + 1.7e9).collect();
    let near: Vec<f64> = far.iter().map(|x| x - 1.7e9).collect();
    let end = |data: &[f64]| {
        let start = quantiles(data, 2).unwrap();
        let run = accelerate(readable(data), start, Method::Squarem).unwrap();
        settle(run, 1000, 1e-8, 10_000).unwrap()
    };
    let (near_end, far_end) = (end(&near), end(&far));
    let back = |c: &Component| Component { mean: c.mean - 1.7e9, ..*c };
    let back = Mixture::new(far_end.mixture.components().iter().map(back)).unwrap();
    let height = |m: &Mixture| em::log_likelihood(&near, m);
    let missing = height(&near_end.mixture) - height(&back);
    assert!(missing < 1e-6, "{missing}");
    assert_ne!(far_end.ending, Ending::OutOfSteps);
    assert_close(
        back.components()[0].weight,
        near_end.mixture.components()[0].weight,
        1e-3,
    );
}

/// Edge: a weight of 0 and a collapse are EM's own, without panic and without NaN.
#[test]
fn a_dead_component_takes_plain_steps_and_a_collapse_is_ems_error() {
    let data = [-1.0, 0.0, 1.0, 3.0, 4.5, 5.0];
    let dead = Mixture::new([(0.0, 0.0, 1.0), (0.5, 1.0, 1.0), (0.5, 4.0, 1.0)]).unwrap();
    let message = "the weight of component 0 is 0: it has no logarithm";
    assert_eq!(coordinates(&dead).unwrap_err().to_string(), message);
    let spike = Mixture::new([(0.5, 3.0, 1e-3), (0.5, 2.0, 4.0)]).unwrap();
    for start in [dead, spike] {
        let own: Vec<_> = em(&data, start.clone()).take(50).collect();
        for method in METHODS {
            let run: States<_> = accelerate(readable(&data), start.clone(), method)
                .unwrap()
                .take(200)
                .collect();
            let error = run.iter().find_map(|item| item.as_ref().err());
            assert_eq!(error.is_some(), own.iter().any(Result::is_err), "{method:?}");
            assert!(run.iter().flatten().all(|s| s.log_likelihood.is_finite()));
            if error.is_some() {
                assert!(run.len() < 200 && run.last().unwrap().is_err());
            }
        }
    }
}

/// Bad input: what EM refuses is refused with the same words, and the rest has its own.
#[test]
fn bad_input_is_refused() {
    let start = notebook::guess();
    let refused = |data: &[f64]| {
        let run = accelerate(readable(data), start.clone(), Method::Squarem).unwrap();
        let item = run.take(2).collect::<States<_>>().pop().unwrap();
        let by_em = em(data, start.clone()).nth(1).unwrap().unwrap_err();
        assert_eq!(item.unwrap_err().to_string(), by_em.to_string()); // NaN is not NaN
        let run = accelerate(readable(data), start.clone(), Method::Squarem).unwrap();
        settle(run, 1, 1e-8, 10).unwrap_err().to_string()
    };
    assert_eq!(refused(&[]), "step 0: E-step: there are no samples");
    assert_eq!(
        refused(&[1.0, f64::NAN]),
        "step 0: E-step: sample 1 is NaN: a sample is a finite number"
    );
    assert!(refused(&[0.0, 1e5]).contains("sample 1, 100000, is so far"));
    assert!(refused(&[0.0]).starts_with("step 0: M-step: "));

    let none = accelerate(readable(&[0.0]), start.clone(), Method::Anderson { depth: 0 });
    let message = "the depth is 0: Anderson's method looks back on at least 1 step";
    assert_eq!(none.err().unwrap().to_string(), message);

    let data = [-1.0, 0.0, 1.0, 3.0, 4.0, 5.0];
    let stop = |tolerance, steps| {
        settle(
            accelerate(readable(&data), start.clone(), Method::Squarem).unwrap(),
            6,
            tolerance,
            steps,
        )
    };
    for bad in [-1e-6, f64::NAN, f64::INFINITY] {
        let message =
            format!("the tolerance is {bad}: a tolerance is 0 or more, and finite");
        assert_eq!(stop(bad, 10).unwrap_err().to_string(), message);
    }
    assert_eq!(stop(1e-6, 0).unwrap_err(), ConvergeError::NoSteps);
    let out = stop(0.0, 20).unwrap();
    assert_eq!((out.ending, out.steps >= 20), (Ending::OutOfSteps, true));
    let nothing = settle(States::<Infallible>::new(), 1, 1e-6, 10).unwrap_err();
    assert_eq!(nothing, ConvergeError::NoStart);
    let lost = accelerate(
        linear(&[0.5], |_| f64::NAN),
        Mixture::new([(1.0, 1.0, 1.0)]).unwrap(),
        Method::Squarem,
    );
    let lost = settle(lost.unwrap(), 1, 1e-6, 10).unwrap_err();
    assert!(lost.to_string().starts_with("the log-likelihood after step 0 is NaN"));

    let of = |theta: &[f64]| from_coordinates(theta).unwrap_err().to_string();
    assert_eq!(
        of(&[0.0; 4]),
        "there are 4 coordinates: a mixture has three for each component"
    );
    assert_eq!(of(&[]), "a mixture needs at least one component");
    assert!(of(&[f64::NAN, 0.0, 0.0]).starts_with("the weight of component 0 is NaN"));
    assert!(of(&[0.0, 0.0, 800.0]).starts_with("the variance of component 0 is inf"));
    assert_eq!(
        AccelerationError::Length { len: 4 },
        from_coordinates(&[0.0; 4]).unwrap_err()
    );
}
