//! What the chapter *Search* claims.

mod common;
use common::{assert_close, random_mixtures, variance};
use datasets::old_faithful;
use density::mixture as density_of;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};
use search::{Problem, Run, Search, SearchError, among, best, split_and_merge};
use stability::{Cure, em, log_likelihood};
use start::{quantiles, random};

/// 200 small problems: 60 samples, a number of components, and a generator for the starts.
fn samples() -> impl Iterator<Item = (Vec<f64>, usize, ChaCha8Rng)> {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    random_mixtures(200).into_iter().map(move |mixture| {
        let data = sample(&mixture, 60, &mut rng).unwrap();
        let k = rng.random_range(1..=4);
        (data, k, ChaCha8Rng::seed_from_u64(rng.random_range(0..1_000_000)))
    })
}

/// Law, eq:spike: the bound holds for every mixture, and rises by m ln 10 with every power of
/// ten that the deviation of the spike falls by.
#[test]
fn a_spike_on_equal_samples_gains_without_bound() {
    for (mut data, k, _) in samples() {
        let m = 2 + k;
        let at = data[0];
        data[..m].fill(at);
        let n = data.len() as f64;
        let fit = quantiles(&data, 3).unwrap();
        let share = m as f64 / n;
        let bound = |sigma: f64| {
            let spike = share.ln() - sigma.ln() - 0.5 * std::f64::consts::TAU.ln();
            log_likelihood(&data, &fit)
                + (n - m as f64) * (1.0 - share).ln()
                + m as f64 * (spike - density_of(at, &fit).ln())
        };
        for sigma in [1.0, 1e-2, 1e-4] {
            let mut spiked = vec![(share, at, sigma * sigma)];
            let rest = fit.components().iter();
            spiked.extend(rest.map(|c| ((1.0 - share) * c.weight, c.mean, c.variance)));
            assert!(
                log_likelihood(&data, &Mixture::new(spiked.clone()).unwrap())
                    >= bound(sigma) - 1e-9
            );
            let rise = bound(0.1 * sigma) - bound(sigma);
            assert_close(rise, m as f64 * 10_f64.ln(), 1e-9);
        }
    }
}

/// Samples with ties, which lure to spikes, and starts some of which are on them.
fn lured() -> impl Iterator<Item = (Vec<f64>, Vec<Mixture>)> {
    samples().map(|(mut data, k, mut rng)| {
        data.truncate(30);
        let at = data[0];
        data[..4].fill(at);
        let k = k.clamp(2, 3);
        let mut starts: Vec<_> =
            (0..3).map(|_| random(&data, k, &mut rng).unwrap()).collect();
        let mut spike = starts[0].components().to_vec();
        spike[0].mean = at;
        spike[0].variance *= 1e-8;
        starts.push(Mixture::new(spike).unwrap());
        (data, starts)
    })
}

/// Whether eq:admissible holds with the share 1e-4 and the least count 5.
fn admissible(mixture: &Mixture, data: &[f64]) -> bool {
    let (floor, n) = (1.000001e-4 * variance(data), data.len() as f64);
    mixture.components().iter().all(|c| c.variance > floor && n * c.weight >= 5.0)
}

/// Law, eq:admissible: if all are finalists, the choice is admissible, is the best of the fits that
/// the starts reach alone, and costs their steps; so more starts reach no less.
#[test]
fn more_starts_reach_no_less_and_cost_their_sum() {
    let (mut risen, mut spikes) = (0, 0);
    for (data, starts) in lured() {
        let search = Search { tolerance: 1e-2, finalists: 4, ..Search::default() };
        let none = (f64::NEG_INFINITY, 0, 1);
        let alone: Vec<_> = starts
            .iter()
            .map(|start| match best(&data, [start.clone()], &search) {
                Ok(fit) => (fit.log_likelihood, fit.steps, 0),
                Err(SearchError::NoneAdmissible { steps, .. }) => (none.0, steps, none.2),
                Err(error) => panic!("{error}"),
            })
            .collect();
        let highest = alone.iter().map(|(l, ..)| *l).fold(none.0, f64::max);
        let steps = alone.iter().map(|(_, steps, _)| steps).sum::<usize>();
        let failed = alone.iter().map(|(.., failed)| failed).sum::<usize>();
        match best(&data, starts, &search) {
            Ok(fit) => {
                assert_eq!((fit.log_likelihood, fit.steps), (highest, steps));
                assert_eq!(fit.inadmissible + fit.refused, failed);
                assert_eq!((fit.arrived + fit.elsewhere, fit.dropped), (4 - failed, 0));
                assert!(admissible(&fit.mixture, &data));
                let l = log_likelihood(&data, &fit.mixture);
                assert_close(l, fit.log_likelihood, 1e-9 * l.abs());
                risen += usize::from(highest > alone[0].0 + 0.1);
            }
            Err(_) => assert_eq!(failed, 4),
        }
        spikes += failed;
    }
    assert!(risen > 30 && spikes > 400, "{risen} {spikes}");
}

/// Law: what is dropped was worse after the short run than the choice is in the end.
#[test]
fn the_choice_is_at_least_as_good_as_every_admissible_short_run() {
    let mut checked = 0;
    for (data, starts) in lured() {
        let search = Search::default();
        let Ok(chosen) = best(&data, starts.clone(), &search) else { continue };
        if chosen.inadmissible > 1 {
            continue; // a long run may have turned into a spike
        }
        for start in starts {
            let run = em(&data, start, search.cure).nth(search.short).unwrap().unwrap();
            if admissible(&run, &data) {
                assert!(chosen.log_likelihood >= log_likelihood(&data, &run) - 1e-9);
                checked += 1;
            }
        }
    }
    assert!(checked > 80, "{checked}");
}

/// Law: a start goes on if fewer than so many before it were as high after their short runs, of those
/// that have ended and are admissible; the others are counted.
#[test]
fn only_finalists_go_on() {
    let [mut all_dropped, mut spikes] = [0; 2];
    for (i, (data, starts)) in lured().enumerate() {
        let finalists = 1 + i % 2;
        let search = Search { finalists, tolerance: 1e-2, ..Search::default() };
        let (mut heights, mut ends, mut dropped) = (vec![], vec![], 0);
        for start in &starts {
            let mut run = em(&data, start.clone(), search.cure);
            let short = run.nth(search.short).unwrap().unwrap();
            let height = log_likelihood(&data, &short);
            let as_high = heights.iter().filter(|h| **h >= height - 1e-3).count();
            match best(&data, [start.clone()], &search) {
                _ if !admissible(&short, &data) => {}
                _ if as_high >= finalists => dropped += 1,
                Err(_) => spikes += 1,
                Ok(end) => {
                    heights.push(height);
                    ends.push(end.log_likelihood);
                }
            }
        }
        all_dropped += dropped;
        let Ok(fit) = best(&data, starts, &search) else {
            assert!(ends.is_empty());
            continue;
        };
        assert_eq!((fit.arrived + fit.elsewhere, fit.dropped), (ends.len(), dropped));
        let highest = ends.into_iter().fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(fit.log_likelihood, highest);
    }
    assert!(all_dropped > 30 && spikes > 10, "{all_dropped} {spikes}");
}

/// Law, eq:merged: a move keeps all components but two, in whose place stand one with their weight, mean
/// and variance together, and a new one; and EM ends higher from there.
#[test]
fn a_move_merges_two_and_adds_one() {
    let (data, [stuck, moved, end]) = figures::search::freed().unwrap();
    let arrived = em(&data, moved.clone(), Cure::Refuse).nth(2000).unwrap().unwrap();
    let ([kept @ .., a, b], [still @ .., both, new]) =
        (stuck.components(), moved.components())
    else {
        panic!("four components")
    };
    let keep = 1.0 - new.weight;
    assert_eq!((kept.len(), still.len()), (2, 2));
    for (before, after) in kept.iter().zip(still) {
        assert_eq!((after.mean, after.variance), (before.mean, before.variance));
        assert_close(after.weight, keep * before.weight, 1e-15);
    }
    let weight = a.weight + b.weight;
    let pair = Mixture::new([*a, *b].map(|c| (c.weight / weight, c.mean, c.variance)));
    let pair = pair.unwrap();
    assert_close(both.weight, keep * weight, 1e-15);
    assert_close(both.mean, pair.mean(), 1e-12);
    assert_close(both.variance, pair.variance(), 1e-12);
    let [stuck, low, high] = [stuck, moved, end].map(|m| log_likelihood(&data, &m));
    assert!(low < stuck && stuck + 1.0 < high, "{stuck} {low} {high}");
    assert_close(log_likelihood(&data, &arrived), high, 1e-5);
}

/// Edge: components one deviation apart: where 10 000 steps are not enough, the fit says so.
#[test]
fn a_fit_that_is_out_of_steps_says_so() {
    let truth = Mixture::new([(0.5, 0.0, 1.0), (0.5, 1.0, 1.0)]).unwrap();
    let search = Search { tolerance: 1e-9, ..Search::default() };
    let [mut converged, mut out] = [0; 2];
    for seed in 0..8 {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let data = sample(&truth, 200, rng).unwrap();
        let Ok(fit) = best(&data, [quantiles(&data, 2).unwrap()], &search) else {
            continue;
        };
        assert_eq!(fit.converged, fit.own_steps < 10_000 + search.short, "{seed}");
        *if fit.converged { &mut converged } else { &mut out } += 1;
    }
    assert!(converged > 0 && out > 0, "{converged} {out}");
}

/// Law: the same seed, the same fit, to the last bit.
#[test]
fn a_search_with_the_same_seed_gives_the_same_fit() {
    let data = old_faithful();
    let search = |seed| {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let starts: Vec<_> = (0..5).map(|_| random(&data, 3, rng).unwrap()).collect();
        best(&data, starts, &Search { tolerance: 1e-3, ..Search::default() }).unwrap()
    };
    assert_eq!(search(7), search(7));
}

/// Oracle: Benaglia and others (2009) start at the weights 1/2, the means 55 and 80 and one
/// deviation of 5, and take nine steps that keep one deviation. So do we, to every printed digit.
#[test]
fn old_faithful_has_the_published_fit() {
    let data = old_faithful();
    let step = |from: &Mixture| {
        let next = em(&data, from.clone(), Cure::Refuse).nth(1).unwrap().unwrap();
        let c = next.components();
        let v = c.iter().map(|c| c.weight * c.variance).sum();
        Mixture::new([(c[0].weight, c[0].mean, v), (c[1].weight, c[1].mean, v)]).unwrap()
    };
    let start = Mixture::new([(0.5, 55.0, 25.0), (0.5, 80.0, 25.0)]).unwrap();
    let run: Vec<_> =
        std::iter::successors(Some(start), |m| Some(step(m))).take(101).collect();
    let [a, b] = run[9].components() else { panic!("two components") };
    assert_close(a.weight, 0.3608498, 5e-8);
    assert_close(a.mean, 54.61364, 5e-6);
    assert_close(b.mean, 80.09031, 5e-6);
    assert_close(a.variance.sqrt(), 5.869089, 5e-7);
    assert_close(log_likelihood(&data, &run[9]), -1034.00176, 5e-6);
    assert_close(run[100].components()[0].mean, 54.61363, 5e-6);

    // With a deviation for each, the fit is hardly higher.
    let search = Search { tolerance: 1e-12, ..Search::default() };
    let fit = best(&data, [quantiles(&data, 2).unwrap()], &search).unwrap();
    assert_close(fit.log_likelihood - log_likelihood(&data, &run[100]), 1.05e-5, 5e-8);
}

/// Edge, eq:admissible: the spike has the higher likelihood, and is not chosen.
#[test]
fn the_highest_likelihood_may_be_a_spike_and_is_not_chosen() {
    let data = old_faithful();
    let s2 = variance(&data);
    let spike = Mixture::new([(0.05, 78.0, 1e-8 * s2), (0.95, 70.0, s2)]).unwrap();
    let cure = Cure::Floor(1e-8);
    let spiked = em(&data, spike.clone(), cure).nth(50).unwrap().unwrap();
    assert!(log_likelihood(&data, &spiked) > -1013.0);
    let search = Search { cure, ..Search::default() };
    let chosen =
        best(&data, [spike.clone(), quantiles(&data, 2).unwrap()], &search).unwrap();
    assert!(chosen.log_likelihood < -1034.0 && chosen.inadmissible == 1);

    // Without a cure the spike is refused; with a prior it flows into the fit.
    let search = Search { cure: Cure::Refuse, ..search };
    let chosen =
        best(&data, [spike.clone(), quantiles(&data, 2).unwrap()], &search).unwrap();
    assert_eq!((chosen.arrived, chosen.refused), (1, 1));
    let prior = Cure::Prior(stability::Prior::new(2.0, 0.1, 1.0).unwrap());
    let search = Search { cure: prior, ..search };
    let chosen = best(&data, [spike.clone()], &search).unwrap();
    assert!(chosen.mixture.components().iter().all(|c| c.variance > 20.0));

    // With nothing but the spike there is no fit.
    let alone = best(&data, [spike], &Search::default()).unwrap_err();
    assert!(matches!(
        alone,
        SearchError::NoneAdmissible { starts: 1, inadmissible: 1, .. }
    ));
    assert!(alone.to_string().starts_with(
        "no fit is admissible: of 1 starts, 0 were refused and 1 are inadmissible"
    ));
}

#[test]
fn a_search_refuses_what_makes_no_sense() {
    let data = [0.0, 1.0, 2.0, 5.0, 6.0, 7.0];
    let start = || [quantiles(&data, 2).unwrap()];
    let message =
        |data: &[f64], search| best(data, start(), &search).unwrap_err().to_string();
    let search = Search { least_count: 1.0, ..Search::default() };
    assert!(best(&data, start(), &search).is_ok());
    let none: [Mixture; 0] = [];
    assert_eq!(best(&data, none, &search), Err(SearchError::NoStarts));
    assert_eq!(
        SearchError::NoStarts.to_string(),
        "0 starts were given: a search needs at least 1"
    );
    for (tolerance, shown) in [(-1.0, "-1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        assert_eq!(
            message(&data, Search { tolerance, ..search }),
            format!("the tolerance is {shown}: a tolerance is 0 or more, and finite")
        );
        assert_eq!(
            message(&data, Search { least_count: tolerance, ..search }),
            format!("the least count is {shown}: a count is 0 or more, and finite")
        );
    }
    assert_eq!(
        message(&data, Search { finalists: 0, ..search }),
        "0 finalists were asked for: a search needs at least 1"
    );
    assert!(message(&data, Search { cure: Cure::Floor(-2.0), ..search }).contains("-2"));
    assert_eq!(message(&[], search), "there are no samples");
    assert_eq!(
        message(&[3.0, 3.0], search),
        "all samples are 3: there is no spread to start from"
    );
    assert_eq!(
        message(&[0.0, f64::NAN], search),
        "sample 1 is NaN: a sample is a finite number"
    );
}

/// Law: what n starts do is the beginning of what n + 1 do: more starts never lead to less.
#[test]
fn more_starts_never_lead_to_less() {
    let mut risen = 0;
    for (data, starts) in lured().step_by(4) {
        for finalists in [1, 3] {
            let search = Search { finalists, tolerance: 1e-2, ..Search::default() };
            let mut before = (f64::NEG_INFINITY, 0);
            for n in 1..=starts.len() {
                let now = match split_and_merge(&data, starts[..n].to_vec(), &search) {
                    Ok(fit) => (fit.log_likelihood, fit.steps),
                    Err(SearchError::NoneAdmissible { steps, .. }) => (before.0, steps),
                    Err(error) => panic!("{error}"),
                };
                assert!(now.0 >= before.0 && now.1 >= before.1, "{now:?} {before:?}");
                risen += usize::from(now.0 > before.0 + 0.1);
                before = now;
            }
        }
    }
    assert!(risen > 20, "{risen}");
}

/// Oracle: where one start is stuck, split and merge find the best fits that are known.
#[test]
fn a_fit_that_is_stuck_is_freed() {
    let search = Search {
        short: 20,
        finalists: 3,
        tolerance: 1e-6,
        least_count: 2.0,
        ..Search::default()
    };
    let skewed = datasets::selection::skewed();
    for (data, k, stuck, free) in
        [(datasets::galaxies(), 4, -199.2528, -197.4538), (skewed, 4, -112.6149, -112.0)]
    {
        let start = || [quantiles(&data, k).unwrap()];
        let alone = best(&data, start(), &search).unwrap();
        assert_close(alone.log_likelihood, stuck, 1e-3);
        let moved = split_and_merge(&data, start(), &search).unwrap();
        assert!(moved.log_likelihood > free - 1e-3, "{}", moved.log_likelihood);
        assert_eq!((moved.arrived, moved.elsewhere), (0, 1));
        assert!(moved.lower.iter().any(|fit| fit.mixture == alone.mixture));
        assert!(moved.lower.is_sorted_by(|a, b| a.log_likelihood >= b.log_likelihood));
    }
}

/// A problem whose runs have no answer from means below 0, and end where they begin from others.
struct Cliff;

impl Problem for Cliff {
    const SAME: f64 = 1e-3;

    fn short(&self, start: Mixture) -> Run {
        let end = (start.mean() >= 0.0).then(|| (start.clone(), start.mean()));
        Run { steps: 1, end, converged: true }
    }

    fn long(&self, from: &Mixture) -> Run {
        self.short(from.clone())
    }

    fn admits(&self, _: &Mixture) -> bool {
        true
    }

    fn last_resort(&self, components: usize) -> Option<(Mixture, Run)> {
        let one = |mean| Mixture::new([(1.0, mean, 1.0)]).unwrap();
        (components == 1).then(|| {
            (one(-9.0), Run { steps: 50, end: Some((one(3.0), 3.0)), converged: true })
        })
    }
}

/// By hand: the last resort is asked if the first start leads to nothing, whatever comes after it, and
/// counts as a start. What is higher wins.
#[test]
fn the_last_resort_comes_last_and_only_if_the_first_start_has_failed() {
    let search = |means: &[f64]| {
        let one = |mean: &f64| Mixture::new([(1.0, *mean, 1.0)]).unwrap();
        among(&Cliff, means.iter().map(one), 3).unwrap()
    };
    let lost = search(&[-1.0, -2.0]);
    assert_eq!((lost.log_likelihood, lost.own_steps, lost.start.mean()), (3.0, 50, -9.0));
    assert_eq!((lost.arrived, lost.elsewhere, lost.refused), (1, 0, 2));
    let lower = search(&[-1.0, 2.0]);
    assert_eq!((lower.log_likelihood, lower.arrived, lower.elsewhere), (3.0, 1, 1));
    let higher = search(&[-1.0, 4.0]);
    assert_eq!((higher.log_likelihood, higher.arrived, higher.elsewhere), (4.0, 1, 1));
    let first = search(&[1.0, -1.0]);
    assert_eq!((first.log_likelihood, first.arrived, first.refused), (1.0, 1, 1));
}
