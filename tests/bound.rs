//! What the chapter *Bound* claims.

mod common;
use bound::{BoundError, entropy, gap, lower_bound};
use common::{assert_close, random_mixtures};
use e_step::{Memberships, e_step};
use em::{em, log_likelihood};
use m_step::{effective_count, expected_log_likelihood, m_step};
use notebook::{data, guess, truth};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};

/// A mixture, samples from another one, and any memberships that fit both in size.
struct Problem {
    theta: Mixture,
    data: Vec<f64>,
    q: Memberships,
}

/// 200 problems. The variances are at least 1, so that no membership underflows.
fn problems() -> Vec<Problem> {
    let mixtures: Vec<_> = random_mixtures(400).iter().map(wider).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let problem = |pair: &[Mixture]| {
        let data = sample(&pair[0], 60, &mut rng).unwrap();
        let q = random_memberships(pair[1].components().len(), data.len(), &mut rng);
        Problem { theta: pair[1].clone(), data, q }
    };
    mixtures.chunks(2).map(problem).collect()
}

fn wider(mixture: &Mixture) -> Mixture {
    let mut components = mixture.components().to_vec();
    components.iter_mut().for_each(|c| c.variance += 1.0);
    Mixture::new(components).unwrap()
}

/// Memberships that owe nothing to Bayes' rule; some of them are 0.
fn random_memberships(
    components: usize,
    samples: usize,
    rng: &mut ChaCha8Rng,
) -> Memberships {
    let mut table = vec![vec![0.0; samples]; components];
    for i in 0..samples {
        let keep = rng.random_range(0..components);
        for (k, row) in table.iter_mut().enumerate() {
            let is_zero = k != keep && rng.random_range(0..4) == 0;
            row[i] = if is_zero { 0.0 } else { rng.random_range(0.01..1.0) };
        }
        let sum: f64 = table.iter().map(|row| row[i]).sum();
        table.iter_mut().for_each(|row| row[i] /= sum);
    }
    Memberships::new(table).unwrap()
}

/// Another mixture of the same size, near or far.
fn other(mixture: &Mixture, rng: &mut ChaCha8Rng) -> Mixture {
    let scale = 10f64.powf(rng.random_range(-3.0..0.0));
    let mut change = || scale * rng.random_range(-1.0..1.0);
    let mut components = mixture.components().to_vec();
    for c in &mut components {
        c.weight *= f64::exp(change());
        c.mean += 3.0 * change();
        c.variance *= f64::exp(change());
    }
    with_weights(components)
}

/// The weights shrink or grow together until they sum to 1.
fn with_weights(mut components: Vec<Component>) -> Mixture {
    let sum: f64 = components.iter().map(|c| c.weight).sum();
    components.iter_mut().for_each(|c| c.weight /= sum);
    Mixture::new(components).unwrap()
}

/// By hand, eq:entropy, eq:gap and eq:identity: a sample at 2 under the guess, half in each
/// component. The log odds are 2 − ½.
#[test]
fn one_sample_in_numbers() {
    let [a, b] =
        [2.0_f64, 1.0].map(|z| 0.5 * (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt());
    let l = (a + b).ln();
    let r1 = 1.0 / (1.0 + (-1.5_f64).exp());
    let expected = 0.5 * a.ln() + 0.5 * b.ln();
    let divergence = 0.5 * (0.5 / (1.0 - r1)).ln() + 0.5 * (0.5 / r1).ln();
    for (value, printed, digits) in [
        (a, 0.0270, 5e-5),
        (b, 0.1210, 5e-5),
        (a + b, 0.1480, 5e-5),
        (l, -1.911, 5e-4),
        (r1, 0.8176, 5e-5),
        (expected, -2.862, 5e-4),
        (l - expected, 0.951, 5e-4),
        (divergence, 0.258, 5e-4),
    ] {
        assert_close(value, printed, digits);
    }
    let halves = Memberships::new(vec![vec![0.5], vec![0.5]]).unwrap();
    let r = e_step(&[2.0], &guess()).unwrap();
    assert_close(expected_log_likelihood(&[2.0], &halves, &guess()), expected, 1e-14);
    assert_close(entropy(&halves), 2_f64.ln(), 1e-15);
    assert_close(gap(&halves, &r).unwrap(), divergence, 1e-14);
    assert_close(expected + 2_f64.ln() + divergence, l, 1e-14);
}

/// By hand and law, eq:entropy: from 0, for labels, to n ln K, for all alike.
#[test]
fn entropy_is_between_labels_and_all_alike() {
    let labels = Memberships::new(vec![vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    assert_eq!(entropy(&labels), 0.0);
    let quarter = Memberships::new(vec![vec![0.25], vec![0.75]]).unwrap();
    assert_close(entropy(&quarter), 4_f64.ln() - 0.75 * 3_f64.ln(), 1e-15);
    for Problem { q, data, .. } in problems() {
        let (n, k) = (data.len() as f64, q.components().len() as f64);
        assert!((0.0..=n * k.ln() + 1e-12).contains(&entropy(&q)));
        let alike = vec![vec![1.0 / k; data.len()]; q.components().len()];
        let alike = Memberships::new(alike).unwrap();
        assert_close(entropy(&alike), n * k.ln(), 1e-12);
    }
}

/// The theorem of the chapter, eq:identity, eq:lower-bound and eq:gap.
// ANCHOR: identity
#[test]
fn bound_and_gap_make_the_log_likelihood_whatever_the_memberships() {
    for Problem { theta, data, q } in problems() {
        let l = log_likelihood(&data, &theta);
        let f = lower_bound(&data, &q, &theta).unwrap();
        let kl = gap(&q, &e_step(&data, &theta).unwrap()).unwrap();
        assert_close(f + kl, l, 1e-12 * l.abs().max(f.abs()));
    }
}
// ANCHOR_END: identity

/// Law, eq:gap-sign: the gap is 0 between equal tables only.
#[test]
fn the_gap_is_never_negative() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let mut positive = 0;
    for Problem { theta, data, q } in problems() {
        let r = e_step(&data, &theta).unwrap();
        assert_eq!(gap(&r, &r).unwrap(), 0.0);
        if q != r {
            assert!(gap(&q, &r).unwrap() > 0.0);
            positive += 1;
        }
        // Tables so near that little more than rounding is left of the gap.
        let near = e_step(&data, &other(&theta, &mut rng)).unwrap();
        assert!(gap(&r, &near).unwrap() > -1e-13);
    }
    assert!(positive > 100, "{positive}"); // with one component there is one table only
}

/// Law, eq:gap-sign and eq:e-step-maximum: memberships by Bayes' rule, and no others, make the
/// bound as large as it can be.
#[test]
fn no_other_memberships_raise_the_bound_as_far() {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let mut worse = 0;
    for Problem { theta, data, .. } in problems() {
        let k = theta.components().len();
        let r = e_step(&data, &theta).unwrap();
        let best = lower_bound(&data, &r, &theta).unwrap();
        assert_close(best, log_likelihood(&data, &theta), 1e-12 * best.abs());
        for _ in 0..5 {
            let random = random_memberships(k, data.len(), &mut rng);
            let near = e_step(&data, &other(&theta, &mut rng)).unwrap();
            for q in [random, near] {
                let f = lower_bound(&data, &q, &theta).unwrap();
                assert!(f <= best + 1e-12 * best.abs());
                worse += usize::from(f < best - 1e-9 * best.abs());
            }
        }
    }
    assert!(worse > 1000, "{worse}");
}

/// Law, eq:m-step-maximum: no other mixture raises the bound as far as the M-step.
#[test]
fn no_other_mixture_raises_the_bound_as_far() {
    let mut worse = 0;
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    for Problem { theta, data, q } in problems() {
        let best = m_step(&data, &q).unwrap();
        let f = |mixture: &Mixture| lower_bound(&data, &q, mixture).unwrap();
        let rounding = 1e-12 * f(&best).abs();
        assert!(f(&theta) <= f(&best) + rounding);
        for _ in 0..5 {
            let value = f(&other(&best, &mut rng));
            assert!(value <= f(&best) + rounding);
            worse += usize::from(value < f(&best) - 1e-9 * f(&best).abs());
        }
    }
    assert!(worse > 900, "{worse}");
}

/// Law, eq:half-steps: bound and log-likelihood in the order of the page.
#[test]
fn the_bound_never_falls_in_either_half_of_a_step() {
    let mut checked = 0;
    for Problem { theta, data, .. } in problems() {
        let run: Vec<_> = em(&data, theta).map_while(Result::ok).take(10).collect();
        for pair in run.windows(2) {
            let [old, new] = [0, 1].map(|i| e_step(&data, &pair[i]));
            let (Ok(old), Ok(new)) = (old, new) else { continue };
            let f = |q, mixture| lower_bound(&data, q, mixture).unwrap();
            let climb = [f(&old, &pair[0]), f(&old, &pair[1]), f(&new, &pair[1])];
            assert!(climb.is_sorted_by(|a, b| *b >= a - 1e-12 * a.abs()), "{climb:?}");
            assert_close(climb[2], log_likelihood(&data, &pair[1]), 1e-12 * climb[2].abs());
            checked += 1;
        }
    }
    assert!(checked >= 1500, "{checked}");
}

/// Law, eq:exact-gain: for any two mixtures, from an M-step or not.
#[test]
fn the_log_likelihood_gains_what_q_gains_and_the_gap_that_opens() {
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let mut checked = 0;
    for Problem { theta, data, .. } in problems() {
        let r = e_step(&data, &theta).unwrap();
        let after = m_step(&data, &r).unwrap();
        for new in [other(&theta, &mut rng), after] {
            let q = |mixture| expected_log_likelihood(&data, &r, mixture);
            let l = |mixture| log_likelihood(&data, mixture);
            let Ok(r_new) = e_step(&data, &new) else { continue };
            let opened = gap(&r, &r_new).unwrap();
            if opened.is_infinite() {
                continue; // a membership has underflowed
            }
            let scale = q(&theta).abs().max(q(&new).abs());
            assert_close(l(&new) - l(&theta), q(&new) - q(&theta) + opened, 1e-12 * scale);
            checked += 1;
        }
    }
    assert!(checked >= 350, "{checked}");
}

/// Law, eq:fisher: along every parameter the log-likelihood and Q have the same slope at the
/// mixture that the memberships are from, by central differences.
#[test]
fn the_log_likelihood_and_q_have_the_same_slopes_at_the_current_mixture() {
    let (h, mut steep) = (1e-5, 0);
    for Problem { theta, data, .. } in problems() {
        let r = e_step(&data, &theta).unwrap();
        for k in 0..theta.components().len() {
            let changes: [fn(&mut Component, f64); 3] = [
                |c, by| c.weight *= 1.0 + by,
                |c, by| c.mean += by,
                |c, by| c.variance *= 1.0 + by,
            ];
            for change in changes {
                let moved = |by| {
                    let mut components = theta.components().to_vec();
                    change(&mut components[k], by);
                    with_weights(components)
                };
                let (up, down) = (moved(h), moved(-h));
                let l = log_likelihood(&data, &up) - log_likelihood(&data, &down);
                let q = expected_log_likelihood(&data, &r, &up)
                    - expected_log_likelihood(&data, &r, &down);
                // In units of ℓ: its rounding, and h³ times the third derivatives, which are
                // up to about a hundred a sample.
                let rounding = 3e-14 * log_likelihood(&data, &theta).abs();
                assert_close(l, q, rounding + 100.0 * h.powi(3) * data.len() as f64);
                steep += usize::from(l.abs() > 1e-5);
            }
        }
    }
    assert!(steep > 500, "{steep}"); // slopes of 0 would prove nothing
}

/// By hand, eq:fisher-mean: the slope along a mean, by the formula of the M-step.
#[test]
fn the_slope_of_the_log_likelihood_along_a_mean() {
    let h = 1e-4;
    for Problem { theta, data, .. } in problems() {
        let r = e_step(&data, &theta).unwrap();
        for (k, c) in theta.components().iter().enumerate() {
            let l = |mean| log_likelihood(&data, &with_mean(&theta, k, mean));
            let pull: f64 =
                data.iter().zip(&r.components()[k]).map(|(x, r)| r * (x - c.mean)).sum();
            let slope = (l(c.mean + h) - l(c.mean - h)) / (2.0 * h);
            assert_close(slope, pull / c.variance, 1e-6 * slope.abs().max(1.0));
        }
    }
}

fn with_mean(mixture: &Mixture, k: usize, mean: f64) -> Mixture {
    let mut components = mixture.components().to_vec();
    components[k].mean = mean;
    Mixture::new(components).unwrap()
}

/// Law, eq:minorise: on a grid along every mean, variance and weight.
#[test]
fn the_bound_lies_below_the_log_likelihood_and_touches_it() {
    let mut below = 0;
    for Problem { theta, data, .. } in problems() {
        let r = e_step(&data, &theta).unwrap();
        let check = |mixture: &Mixture| {
            let (f, l) =
                (lower_bound(&data, &r, mixture).unwrap(), log_likelihood(&data, mixture));
            assert!(f <= l + 1e-12 * f.abs(), "{f} is above {l}");
            l - f
        };
        assert_close(check(&theta), 0.0, 1e-12 * log_likelihood(&data, &theta).abs());
        for k in 0..theta.components().len() {
            for i in -4..=4 {
                let by = f64::from(i) / 2.0;
                for part in 0..3 {
                    let mut components = theta.components().to_vec();
                    let c = &mut components[k];
                    match part {
                        0 => c.mean += by,
                        1 => c.variance *= by.exp(),
                        _ => c.weight *= by.exp(),
                    }
                    below += usize::from(check(&with_weights(components)) > 1e-6);
                }
            }
        }
    }
    assert!(below > 5000, "{below}"); // not merely equal
}

/// Law, eq:slice: along one mean the bound is a parabola with its top at the mean of the M-step.
#[test]
fn along_a_mean_the_bound_is_a_parabola() {
    for Problem { theta, data, q } in problems() {
        for (k, c) in theta.components().iter().enumerate() {
            let memberships = &q.components()[k];
            let next = m_step::mean(&data, memberships);
            let f = |mean| lower_bound(&data, &q, &with_mean(&theta, k, mean)).unwrap();
            for mean in [next - 3.0, next - 0.1, next + 1.0, c.mean] {
                let fall = effective_count(memberships) * (mean - next).powi(2)
                    / (2.0 * c.variance);
                assert_close(f(mean), f(next) - fall, 1e-12 * (f(next).abs() + fall));
            }
        }
    }
}

/// Edge, eq:no-gain: at the end of a run neither Q nor the gap has anything left to give.
#[test]
fn at_a_fixed_point_nothing_is_gained_and_nothing_moves() {
    let data = data();
    let last = em(&data, guess()).nth(400).unwrap().unwrap();
    let r = e_step(&data, &last).unwrap();
    let next = m_step(&data, &r).unwrap();
    let l = log_likelihood(&data, &last);
    assert_close(log_likelihood(&data, &next), l, 1e-13 * l.abs());
    assert_close(lower_bound(&data, &r, &next).unwrap(), l, 1e-13 * l.abs());
    assert_close(gap(&r, &e_step(&data, &next).unwrap()).unwrap(), 0.0, 1e-12);
    for (a, b) in last.components().iter().zip(next.components()) {
        assert_close(a.weight, b.weight, 1e-11);
        assert_close(a.mean, b.mean, 1e-11);
        assert_close(a.variance, b.variance, 1e-11);
    }
}

/// Edge, eq:no-gain: identical components. No gap ever opens; the first step gains by Q alone,
/// and no later step gains anything.
#[test]
fn identical_components_gain_once_and_never_again() {
    let half = Component { weight: 0.5, mean: 1.0, variance: 1.0 };
    let data = data();
    let run: Vec<_> = em(&data, Mixture::new([half, half]).unwrap())
        .take(4)
        .collect::<Result<_, _>>()
        .unwrap();
    let l: Vec<_> = run.iter().map(|mixture| log_likelihood(&data, mixture)).collect();
    let tables: Vec<_> =
        run.iter().map(|mixture| e_step(&data, mixture).unwrap()).collect();
    for pair in tables.windows(2) {
        assert_close(gap(&pair[0], &pair[1]).unwrap(), 0.0, 1e-12);
    }
    assert!(l[1] > l[0] + 1000.0);
    assert_close(l[2], l[1], 1e-13 * l[1].abs());
    // Not a maximum: the notebook's run ends far higher.
    assert!(
        em(&data, guess())
            .nth(30)
            .unwrap()
            .is_ok_and(|m| log_likelihood(&data, &m) > l[3] + 500.0)
    );
}

/// Edge: 0 ln 0 is 0, in the entropy, in the bound and in the gap.
#[test]
fn memberships_of_0_add_nothing() {
    let data = [-1.0, 0.5, 7.0];
    let labels = Memberships::new(vec![vec![1.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]]).unwrap();
    let l = log_likelihood(&data, &truth());
    let f = lower_bound(&data, &labels, &truth()).unwrap();
    let kl = gap(&labels, &e_step(&data, &truth()).unwrap()).unwrap();
    assert!(f < l && kl.is_finite());
    assert_close(f + kl, l, 1e-14);

    // A component of weight 0 harms only memberships that it has.
    let c = |weight, mean| Component { weight, mean, variance: 1.0 };
    let idle = Mixture::new([c(1.0, 0.0), c(0.0, 5.0)]).unwrap();
    let r = e_step(&data, &idle).unwrap();
    assert_eq!(lower_bound(&data, &r, &idle).unwrap(), log_likelihood(&data, &idle));
    assert_eq!(lower_bound(&data, &labels, &idle).unwrap(), f64::NEG_INFINITY);
    assert_eq!(gap(&labels, &r).unwrap(), f64::INFINITY);
    assert!(gap(&r, &labels).unwrap().is_infinite());
}

/// Edge: a membership that underflows makes the gap infinite; the difference ℓ − F stays right.
#[test]
fn the_gap_is_infinite_where_a_membership_has_underflowed() {
    let c = |mean| Component { weight: 0.5, mean, variance: 1.0 };
    let apart = Mixture::new([c(0.0), c(40.0)]).unwrap();
    let half = Memberships::new(vec![vec![0.5], vec![0.5]]).unwrap();
    let r = e_step(&[0.0], &apart).unwrap();
    assert_eq!(r.components()[1][0], 0.0);
    assert_eq!(gap(&half, &r).unwrap(), f64::INFINITY);
    let (f, l) =
        (lower_bound(&[0.0], &half, &apart).unwrap(), log_likelihood(&[0.0], &apart));
    assert_close(l - f, 400.0 - 2_f64.ln(), 1e-12); // ½ · 40²/2, less ln 2
}

/// The trap of the page: where EM ends along the slice depends on the start.
#[test]
fn neighbouring_starts_end_on_different_hills() {
    let data = data();
    let slice = Mixture::new([(0.3, 0.0, 1.0), (0.7, 3.5, 8.35)]).unwrap();
    let l = |mean| log_likelihood(&data, &with_mean(&slice, 0, mean));
    let end = |start| {
        (0..100).fold(start, |mean, _| {
            let r = e_step(&data, &with_mean(&slice, 0, mean)).unwrap();
            let next = m_step::mean(&data, &r.components()[0]);
            assert!(l(next) >= l(mean) - 1e-12 * l(mean).abs());
            next
        })
    };
    let (left, right) = (end(2.0), end(3.0));
    assert!(left < 0.1 && right > 5.5);
    for top in [left, right] {
        assert!(l(top) > l(top - 0.1) && l(top) > l(top + 0.1));
    }
    assert!(l(left) > l(right) + 5.0);
}

/// The answer to a question of the page: labels leave a gap of −ln r for each sample.
#[test]
fn with_whole_labels_the_gap_never_closes() {
    let data = data();
    let r = e_step(&data, &truth()).unwrap();
    let labels = labels(&r);
    assert_eq!(entropy(&labels), 0.0);
    let kl = gap(&labels, &r).unwrap();
    let by_hand: f64 = (0..data.len())
        .map(|i| -f64::max(r.components()[0][i], r.components()[1][i]).ln())
        .sum();
    assert_close(kl, by_hand, 1e-9);
    assert!(kl > 100.0);
    // Any other label of a sample opens the gap further.
    let mut table = labels.components().to_vec();
    table.iter_mut().for_each(|row| row[0] = 1.0 - row[0]);
    assert!(gap(&Memberships::new(table).unwrap(), &r).unwrap() > kl);
}

/// The answer goes on: from the maximum, a step by whole labels raises the bound, closes more of
/// the gap than that, and the log-likelihood falls.
#[test]
fn a_step_by_whole_labels_lowers_the_log_likelihood_from_its_maximum() {
    let data = data();
    let best = em(&data, guess()).nth(100).unwrap().unwrap();
    let labels = labels(&e_step(&data, &best).unwrap());
    let after = m_step(&data, &labels).unwrap();
    let f = |mixture: &Mixture| lower_bound(&data, &labels, mixture).unwrap();
    let gain = |l: &dyn Fn(&Mixture) -> f64| l(&after) - l(&best);
    assert_close(gain(&f), 77.593, 1e-3);
    assert_close(gain(&|mixture| log_likelihood(&data, mixture)), -49.2555, 1e-3);
}

/// Every sample wholly in its most probable component of two.
fn labels(r: &Memberships) -> Memberships {
    let [a, b] = r.components() else { panic!("two components") };
    let first: Vec<f64> = a.iter().zip(b).map(|(a, b)| f64::from(a >= b)).collect();
    let second = first.iter().map(|first| 1.0 - first).collect();
    Memberships::new(vec![first, second]).unwrap()
}

#[test]
fn what_does_not_go_together_is_refused() {
    let q = Memberships::new(vec![vec![0.5; 3]; 2]).unwrap();
    let short = Memberships::new(vec![vec![0.5; 2]; 2]).unwrap();
    let narrow = Memberships::new(vec![vec![1.0; 3]]).unwrap();
    let error = BoundError::Samples { samples: 2, memberships: 3 };
    assert_eq!(lower_bound(&[0.0, 1.0], &q, &guess()), Err(error));
    assert_eq!(gap(&q, &short), Err(error));
    assert_eq!(error.to_string(), "there are 2 samples, but memberships of 3");
    let one = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    let error = BoundError::Components { components: 1, memberships: 2 };
    assert_eq!(lower_bound(&[0.0; 3], &q, &one), Err(error));
    assert_eq!(gap(&q, &narrow), Err(error));
    assert_eq!(error.to_string(), "there are 1 components, but memberships in 2");
    assert!(lower_bound(&[], &q, &guess()).is_err());
}

#[test]
fn a_sample_that_is_no_number_has_no_bound() {
    let q = Memberships::new(vec![vec![0.5], vec![0.5]]).unwrap();
    assert!(lower_bound(&[f64::NAN], &q, &guess()).unwrap().is_nan());
    assert_eq!(lower_bound(&[f64::INFINITY], &q, &guess()).unwrap(), f64::NEG_INFINITY);
}
