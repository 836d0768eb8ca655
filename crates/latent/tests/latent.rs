//! What the chapter *Latent* claims.

#[path = "../../../tests/common/mod.rs"]
mod common;
use common::{assert_close, random_mixtures};
use e_step::MembershipsError;
use figures_elsewhere::latent::{after, start_of_deaths};
use latent::{
    ANIMALS, Coins, DAYS, Deaths, LatentError, Linkage, Model, Normals, SETS, em,
};
use notebook::{STEPS, data, guess, truth};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};
use std::fmt::Debug;

/// A model whose unseen part can be listed.
trait Complete: Model<Parameters: Clone + Debug, Error: Debug> {
    /// For each thing seen, how often it was, and ln p(x, z; θ) for every z.
    fn complete(&self, theta: &Self::Parameters) -> Vec<(f64, Vec<f64>)>;

    /// Any parameters.
    fn any(&self, rng: &mut ChaCha8Rng) -> Self::Parameters;
}

impl Complete for Coins<'_> {
    fn complete(&self, chances: &[f64; 2]) -> Vec<(f64, Vec<f64>)> {
        let set = |&[heads, tails]: &[u32; 2]| {
            let ln = |p: &f64| {
                0.5_f64.ln() + f64::from(heads) * p.ln() + f64::from(tails) * (1.0 - p).ln()
            };
            (1.0, chances.iter().map(ln).collect())
        };
        self.0.iter().map(set).collect()
    }

    fn any(&self, rng: &mut ChaCha8Rng) -> [f64; 2] {
        [0; 2].map(|_| rng.random_range(0.05..0.95))
    }
}

/// z animals of the first class are hidden: one thing was seen, and there are 126 values of z.
impl Complete for Linkage {
    fn complete(&self, theta: &f64) -> Vec<(f64, Vec<f64>)> {
        let [first, second, third, fourth] = self.0;
        let choose = |z: u32| {
            (1..=z).map(|j| (f64::from(first - z + j) / f64::from(j)).ln()).sum::<f64>()
        };
        let ln = |z: u32| {
            choose(z)
                + f64::from(first - z) * 0.5_f64.ln()
                + f64::from(z + fourth) * (theta / 4.0).ln()
                + f64::from(second + third) * ((1.0 - theta) / 4.0).ln()
        };
        vec![(1.0, (0..=first).map(ln).collect())]
    }

    fn any(&self, rng: &mut ChaCha8Rng) -> f64 {
        rng.random_range(0.05..0.95)
    }
}

impl Complete for Deaths<'_> {
    fn complete(&self, components: &Vec<(f64, f64)>) -> Vec<(f64, Vec<f64>)> {
        let count = |(count, days): (usize, &u32)| {
            let ln = |&(weight, mean): &(f64, f64)| {
                let factorial: f64 = (1..=count).map(|j| (j as f64).ln()).sum();
                weight.ln() + count as f64 * mean.ln() - mean - factorial
            };
            (f64::from(*days), components.iter().map(ln).collect())
        };
        self.0.iter().enumerate().map(count).collect()
    }

    fn any(&self, rng: &mut ChaCha8Rng) -> Vec<(f64, f64)> {
        let weight = rng.random_range(0.05..0.95);
        vec![
            (weight, rng.random_range(0.2..5.0)),
            (1.0 - weight, rng.random_range(0.2..5.0)),
        ]
    }
}

impl Complete for Normals<'_> {
    fn complete(&self, mixture: &Mixture) -> Vec<(f64, Vec<f64>)> {
        let ln = |x: f64| {
            let of = |c: &sampling::Component| {
                c.weight.ln() + density::ln_normal(x, c.mean, c.variance)
            };
            (1.0, mixture.components().iter().map(of).collect())
        };
        self.0.iter().map(|x| ln(*x)).collect()
    }

    fn any(&self, rng: &mut ChaCha8Rng) -> Mixture {
        let weight = rng.random_range(0.2..0.8);
        let mut normal =
            |weight| (weight, rng.random_range(-3.0..6.0), rng.random_range(1.0..9.0));
        Mixture::new([normal(weight), normal(1.0 - weight)]).unwrap()
    }
}

/// What each value of z gets by Bayes' rule.
fn shares(ln: &[f64]) -> Vec<f64> {
    let largest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = ln.iter().map(|l| (l - largest).exp()).sum();
    ln.iter().map(|l| (l - largest).exp() / total).collect()
}

fn ln_total(ln: &[f64]) -> f64 {
    let largest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + ln.iter().map(|l| (l - largest).exp()).sum::<f64>().ln()
}

type Table = Vec<(f64, Vec<f64>)>;

/// Σ over what was seen and over z: how often, times a function of q, r and ln p(x, z).
fn sum(q: &Table, table: &Table, of: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let parts = q.iter().zip(table).map(|((_, q), (times, ln))| {
        let each = q.iter().zip(shares(ln)).zip(ln).map(|((q, r), ln)| of(*q, r, *ln));
        times * each.sum::<f64>()
    });
    parts.sum()
}

/// The memberships of every z under these parameters.
fn bayes(table: &Table) -> Table {
    table.iter().map(|(times, ln)| (*times, shares(ln))).collect()
}

/// Q(θ′; θ), from the definition.
fn q<M: Complete>(model: &M, new: &M::Parameters, old: &M::Parameters) -> f64 {
    let both = (model.complete(new), bayes(&model.complete(old)));
    sum(&both.1, &both.0, |q, _, ln| if q > 0.0 { q * ln } else { 0.0 })
}

fn step<M: Complete>(model: &M, theta: &M::Parameters) -> M::Parameters {
    model.m_step(&model.e_step(theta).unwrap()).unwrap()
}

/// Calls a check with each of the four models and 50 seeds.
macro_rules! for_all_models {
    ($check:ident) => {
        let samples = sample(&truth(), 60, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
        for seed in 0..50 {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            $check(&Coins(&SETS), rng);
            $check(&ANIMALS, rng);
            $check(&Deaths(&DAYS), rng);
            $check(&Normals(&samples), rng);
        }
    };
}

/// Law, eq:latent-marginal: the log-likelihood is the complete density with z summed out.
#[test]
fn the_unseen_is_summed_out() {
    fn check<M: Complete>(model: &M, rng: &mut ChaCha8Rng) {
        let theta = model.any(rng);
        let all: f64 =
            model.complete(&theta).iter().map(|(times, ln)| times * ln_total(ln)).sum();
        assert_close(model.log_likelihood(&theta) / all, 1.0, 1e-12);
    }
    for_all_models!(check);
}

/// Law, eq:latent-q, eq:latent-step: no parameters have a larger Q than those of the M-step, near or
/// far, with Q from its definition.
#[test]
fn the_two_steps_make_q_as_large_as_it_can_be() {
    fn check<M: Complete>(model: &M, rng: &mut ChaCha8Rng) {
        let theta = model.any(rng);
        let best = step(model, &theta);
        let top = q(model, &best, &theta);
        for _ in 0..20 {
            assert!(q(model, &model.any(rng), &theta) <= top + 1e-12 * top.abs());
        }
        // A step from the best is near it, in whatever the parameters are.
        let near = step(model, &best);
        assert!(q(model, &near, &theta) <= top + 1e-12 * top.abs());
    }
    for_all_models!(check);
}

/// Law, eq:latent-bound: the log-likelihood is Q and the entropy, and the divergence, whatever q is.
#[test]
fn the_identity_of_bound_holds_word_for_word() {
    fn check<M: Complete>(model: &M, rng: &mut ChaCha8Rng) {
        let theta = model.any(rng);
        let table = model.complete(&theta);
        let mut any = |(times, ln): &(f64, Vec<f64>)| {
            let rough: Vec<f64> = ln.iter().map(|_| rng.random_range(0.01..1.0)).collect();
            let total: f64 = rough.iter().sum();
            (*times, rough.iter().map(|u| u / total).collect())
        };
        let any: Table = table.iter().map(&mut any).collect();
        let bound = sum(&any, &table, |q, _, ln| q * (ln - q.ln()));
        // ln (q / r), where r may underflow: q's own logarithm less ln p(x, z) and ln p(x).
        let gap: f64 = any
            .iter()
            .zip(&table)
            .map(|((times, q), (_, ln))| {
                let each = q.iter().zip(ln).map(|(q, l)| q * (q.ln() - (l - ln_total(ln))));
                times * each.sum::<f64>()
            })
            .sum();
        let l = model.log_likelihood(&theta);
        assert!(gap > 0.0 && bound < l);
        assert_close((bound + gap) / l, 1.0, 1e-12);
        let touching =
            sum(
                &bayes(&table),
                &table,
                |q, _, ln| if q > 0.0 { q * (ln - q.ln()) } else { 0.0 },
            );
        assert_close(touching / l, 1.0, 1e-12);
    }
    for_all_models!(check);
}

/// Law, eq:latent-gain: the log-likelihood gains what Q gains and the divergence on top, from and to any
/// parameters; so no step falls.
#[test]
fn the_gain_is_that_of_q_and_a_divergence() {
    fn check<M: Complete>(model: &M, rng: &mut ChaCha8Rng) {
        let mut old = model.any(rng);
        for t in 0..6 {
            let new = if t < 3 { model.any(rng) } else { step(model, &old) };
            let (before, then) = (model.complete(&old), model.complete(&new));
            let divergence: f64 = before
                .iter()
                .zip(&then)
                .map(|((times, a), (_, b))| {
                    let (la, lb) = (ln_total(a), ln_total(b));
                    let each = shares(a).into_iter().zip(a.iter().zip(b));
                    times * each.map(|(r, (a, b))| r * ((a - la) - (b - lb))).sum::<f64>()
                })
                .sum();
            let gain = model.log_likelihood(&new) - model.log_likelihood(&old);
            let of_q = q(model, &new, &old) - q(model, &old, &old);
            let scale = model.log_likelihood(&old).abs() + of_q.abs();
            assert!(divergence >= -1e-12 * scale);
            assert_close(gain, of_q + divergence, 1e-12 * scale);
            assert!(t < 3 || gain >= -1e-12 * scale);
            old = new;
        }
    }
    for_all_models!(check);
}

/// What one parameter misses, from the complete log-densities: the covariance of their slopes over z,
/// and their bends; and the slope of a step.
fn missing_and_slope<M: Complete>(
    model: &M,
    limit: &M::Parameters,
    moved: impl Fn(&M::Parameters, f64) -> M::Parameters,
    read: impl Fn(&M::Parameters) -> f64,
) -> [f64; 2] {
    let h = 1e-4;
    let tables = [-h, 0.0, h].map(|h| model.complete(&moved(limit, h)));
    let (mut missing, mut complete) = (0.0, 0.0);
    for (i, (times, ln)) in tables[1].iter().enumerate() {
        let r = shares(ln);
        let slopes: Vec<f64> = (0..r.len())
            .map(|z| (tables[2][i].1[z] - tables[0][i].1[z]) / (2.0 * h))
            .collect();
        let mean: f64 = r.iter().zip(&slopes).map(|(r, s)| r * s).sum();
        for (z, r) in r.iter().enumerate() {
            let bend = tables[2][i].1[z] - 2.0 * ln[z] + tables[0][i].1[z];
            missing += times * r * (slopes[z] - mean).powi(2);
            complete -= times * r * bend / (h * h);
        }
    }
    let after = |h: f64| read(&step(model, &moved(limit, h)));
    [missing / complete, (after(h) - after(-h)) / (2.0 * h)]
}

/// Law, eq:latent-rate: for one parameter of any of the models, the others held, a step multiplies the
/// error by the missing share of the information.
#[test]
fn the_rate_is_the_missing_share_word_for_word() {
    let (coins, deaths) = (Coins(&SETS), Deaths(&DAYS));
    let chances = after(&coins, [0.6, 0.5], 100).unwrap();
    let days = after(&deaths, start_of_deaths(), 10_000).unwrap();
    let data = data();
    let normals = Normals(&data);
    let mixture = after(&normals, guess(), 300).unwrap();
    let weight = |m: &Mixture, h: f64| {
        let [a, b] = m.components() else { panic!() };
        Mixture::new([
            (a.weight + h, a.mean, a.variance),
            (b.weight - h, b.mean, b.variance),
        ])
        .unwrap()
    };
    for [missing, slope] in [
        missing_and_slope(&coins, &chances, |c, h| [c[0] + h, c[1]], |c| c[0]),
        missing_and_slope(&coins, &chances, |c, h| [c[0], c[1] + h], |c| c[1]),
        missing_and_slope(
            &ANIMALS,
            &after(&ANIMALS, 0.5, 60).unwrap(),
            |t, h| t + h,
            |t| *t,
        ),
        missing_and_slope(
            &deaths,
            &days,
            |d, h| vec![(d[0].0 + h, d[0].1), (d[1].0 - h, d[1].1)],
            |d| d[0].0,
        ),
        missing_and_slope(
            &deaths,
            &days,
            |d, h| vec![(d[0].0, d[0].1 + h), d[1]],
            |d| d[0].1,
        ),
        missing_and_slope(&normals, &mixture, weight, |m| m.components()[0].weight),
    ] {
        assert!(slope > 0.1 && slope < 1.0);
        assert_close(missing, slope, 2e-6);
    }
}

/// Law: the chapters of the notebook are one instance; the numbers are the same, to the last bit.
#[test]
fn the_loop_of_em_is_one_instance() {
    let data = data();
    let ours: Vec<Mixture> =
        em(&Normals(&data), guess()).take(STEPS + 1).collect::<Result<_, _>>().unwrap();
    let theirs: Vec<Mixture> =
        em::em(&data, guess()).take(STEPS + 1).collect::<Result<_, _>>().unwrap();
    assert_eq!(ours, theirs);
    let last = &ours[STEPS];
    assert_eq!(Normals(&data).log_likelihood(last), em::log_likelihood(&data, last));
    // Errors too: the runs of small samples that collapse end at the same step, in the same words.
    let mut collapsed = 0;
    for start in random_mixtures(100) {
        let few = sample(&start, 8, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
        let ours: Vec<_> = em(&Normals(&few), start.clone()).take(60).collect();
        assert_eq!(ours, em::em(&few, start).take(60).collect::<Vec<_>>());
        collapsed += usize::from(ours.last().unwrap().is_err());
    }
    assert!(collapsed > 5 && collapsed < 95, "{collapsed}");
}

/// By hand, eq:coin-membership, eq:coin-m-step: the numbers of Do and Batzoglou.
#[test]
fn two_coins_by_hand() {
    let coins = Coins(&SETS);
    let memberships = coins.e_step(&[0.6, 0.5]).unwrap();
    for (i, (r, [heads, tails])) in memberships.components()[0].iter().zip(SETS).enumerate()
    {
        let powers = |p: f64| p.powi(heads as i32) * (1.0 - p).powi(tails as i32);
        assert_close(*r, powers(0.6) / (powers(0.6) + powers(0.5)), 1e-15);
        assert_close(*r, [0.449, 0.805, 0.733, 0.352, 0.647][i], 5e-4);
    }
    let [heads, tails] = [0, 1].map(|side| -> f64 {
        let row = memberships.components()[0].iter().zip(SETS);
        row.map(|(r, set)| r * f64::from(set[side])).sum()
    });
    assert_close(heads, 21.297, 5e-4);
    assert_close(tails, 8.572, 5e-4);
    let first = after(&coins, [0.6, 0.5], 1).unwrap();
    assert_close(first[0], heads / (heads + tails), 1e-15);
    for (steps, chances) in
        [(1, [0.713012, 0.581339]), (10, [0.796744, 0.519659]), (100, [0.796789, 0.519583])]
    {
        for (found, expected) in
            after(&coins, [0.6, 0.5], steps).unwrap().iter().zip(chances)
        {
            assert_close(*found, expected, 5e-7);
        }
    }
}

/// By hand: nobody knows which coin is which, so the two may change places; and two that begin alike
/// stay alike.
#[test]
fn coins_have_no_names() {
    let coins = Coins(&SETS);
    let run = |start| after(&coins, start, 40).unwrap();
    let [a, b] = run([0.6, 0.5]);
    assert_eq!(run([0.5, 0.6]), [b, a]);
    let [a, b] = run([0.4, 0.4]);
    assert_close(a, 33.0 / 50.0, 1e-15);
    assert_eq!(a, b);
}

/// By hand, eq:linkage-classes, eq:linkage-e-step, eq:linkage-m-step, eq:linkage-limit: the numbers of
/// Dempster, Laird and Rubin, and the root of the quadratic.
#[test]
fn linkage_by_hand() {
    assert_eq!(ANIMALS.e_step(&0.5).unwrap(), 125.0 * 0.125 / (0.5 + 0.125));
    for (steps, theta) in
        [0.608247423, 0.624321050, 0.626488879, 0.626777322].iter().enumerate()
    {
        assert_close(after(&ANIMALS, 0.5, steps + 1).unwrap(), *theta, 5e-10);
    }
    let limit = (15.0 + 53809_f64.sqrt()) / 394.0;
    assert_close(limit, 0.6268214979, 5e-11);
    assert_close(197.0 * limit * limit - 15.0 * limit - 68.0, 0.0, 1e-12);
    assert_close(after(&ANIMALS, 0.5, 40).unwrap(), limit, 1e-15);
    // ℓ has its slope 0 there: (125/(2 + θ) − 38/(1 − θ) + 34/θ).
    assert_close(125.0 / (2.0 + limit) - 38.0 / (1.0 - limit) + 34.0 / limit, 0.0, 1e-12);
}

/// By hand, eq:linkage-rate: the rate by missing information, and by the errors of the run.
#[test]
fn the_rate_of_linkage() {
    let limit = (15.0 + 53809_f64.sqrt()) / 394.0;
    let hidden = 125.0 * limit / (2.0 + limit);
    let complete = (hidden + 34.0) / limit.powi(2) + 38.0 / (1.0 - limit).powi(2);
    let missing = hidden * 2.0 / (2.0 + limit) / limit.powi(2); // a binomial variance over θ²
    assert_close(missing / complete, 0.13277873, 5e-9);
    // I_obs is the bend of ℓ.
    let bend =
        125.0 / (2.0 + limit).powi(2) + 38.0 / (1.0 - limit).powi(2) + 34.0 / limit.powi(2);
    assert_close(complete - missing, bend, 1e-10);
    let error = |steps| after(&ANIMALS, 0.5, steps).unwrap() - limit;
    assert_close(error(7) / error(6), missing / complete, 2e-6);
}

/// By hand, eq:poisson, eq:deaths-m-step: Hasselblad's fit of the deaths, and how slowly EM gets there.
#[test]
fn deaths_by_hand() {
    assert_eq!(DAYS.iter().sum::<u32>(), 365 + 365 + 366);
    let deaths = Deaths(&DAYS);
    let one = after(&deaths, vec![(1.0, 1.0)], 1).unwrap();
    assert_close(one[0].1, 2364.0 / 1096.0, 1e-14);
    assert_close(deaths.log_likelihood(&one), -2001.39785, 5e-6);
    let run = |steps| after(&deaths, start_of_deaths(), steps).unwrap();
    assert_close(run(536)[0].0, 0.3527, 5e-5);
    let end = run(6000);
    let off = |steps| (run(steps)[0].0 - end[0].0).abs();
    assert!(off(2600) > 5e-7 && off(2800) < 5e-7); // six digits: about 2700
    // As the tests of the R package SQUAREM have it, found with a tolerance of 1e-8.
    for (found, expected) in [
        (end[1].0, 0.640_114_602_991),
        (end[0].1, 1.256_095_101_266),
        (end[1].1, 2.663_404_356_662),
    ] {
        assert_close(found, expected, 2e-8);
    }
    assert_close(deaths.log_likelihood(&end), -1989.94586, 5e-6);
    let weight = |steps| run(steps)[0].0;
    let rate = (weight(2001) - weight(2000)) / (weight(2000) - weight(1999));
    assert_close(rate, 0.99567, 5e-6);
    // The moments of all days are kept: Σ π μ is their mean.
    let mean = end.iter().map(|(weight, mean)| weight * mean).sum::<f64>();
    assert_close(mean, 2364.0 / 1096.0, 1e-13);
}

/// Edge: bad input is named.
#[test]
fn bad_parameters_and_impossible_observations_are_named() {
    fn message<T: Debug>(result: Result<T, LatentError>) -> String {
        result.unwrap_err().to_string()
    }
    let coins = Coins(&SETS);
    assert_eq!(
        message(coins.e_step(&[0.6, 1.5])),
        "the chance of heads is 1.5: a probability lies between 0 and 1"
    );
    assert_eq!(
        message(coins.e_step(&[0.0, 1.0])),
        "observation 0 has the probability 0 under these parameters"
    );
    assert_eq!(
        message(ANIMALS.e_step(&f64::NAN)),
        "the theta is NaN: a probability lies between 0 and 1"
    );
    assert_eq!(
        message(Linkage([0; 4]).m_step(&0.0)),
        "the theta is NaN: a probability lies between 0 and 1"
    );
    let deaths = Deaths(&DAYS);
    assert_eq!(
        message(deaths.e_step(&vec![(1.0, -1.0)])),
        "the mean is -1: a mean is 0 or more, and finite"
    );
    assert_eq!(
        message(deaths.e_step(&vec![(2.0, 1.0)])),
        "the weight is 2: a probability lies between 0 and 1"
    );
    assert_eq!(
        message(deaths.e_step(&vec![(0.5, 1.0), (0.3, 2.0)])),
        "the sum of the weights is 0.8: it is 1"
    );
    let nobody = e_step::Memberships::new(vec![vec![1.0; 5], vec![0.0; 5]]).unwrap();
    assert_eq!(message(coins.m_step(&nobody)), "component 1 owns nothing");
    assert_eq!(
        message(deaths.m_step(&nobody)),
        "there are 10 observations, but memberships of 5"
    );
    let third = e_step::Memberships::new(vec![vec![1.0; 5], vec![0.0; 5], vec![0.0; 5]]);
    assert_eq!(
        message(coins.m_step(&third.unwrap())),
        "there are 2 components, but memberships in 3"
    );
    let huge = Coins(&[[u32::MAX, u32::MAX]; 5]); // the sum is no u32
    let all = e_step::Memberships::new(vec![vec![0.5; 5]; 2]).unwrap();
    assert_eq!(huge.m_step(&all), Ok([0.5; 2]));
    let none = vec![(0.5, 1.0), (0.5, 2.0)];
    assert_eq!(message(Deaths(&[]).e_step(&none)), MembershipsError::Empty.to_string());
    // After an error the run is over.
    let run: Vec<_> = em(&coins, [0.0, 1.0]).take(5).collect();
    assert_eq!(run.len(), 2);
    assert!(matches!(run[1], Err(LatentError::Impossible { observation: 0 })));
    // At the edges the log-likelihood is −∞ or finite, never NaN.
    assert_eq!(ANIMALS.log_likelihood(&0.0), f64::NEG_INFINITY);
    assert!(Linkage([3, 0, 0, 0]).log_likelihood(&1.0).is_finite());
}
