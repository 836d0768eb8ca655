//! What is recorded for the chapter *Start*.

use datasets::start::{Outcome, Trial, trials};
use experiments::start::{TRIALS, problems, trial};

/// Oracle: the recorded trials are what the program does; here, for each problem, the two quickest
/// in which some strategies reach the best and some do not.
#[test]
fn the_recorded_trials_come_out_again() {
    let trials = trials();
    let recorded: Vec<_> = trials.chunks(TRIALS as usize).collect();
    assert_eq!(recorded.len(), problems().len());
    for ((problem, truth), own) in problems().into_iter().zip(recorded) {
        for (seed, trial) in (0..TRIALS).zip(own) {
            assert_eq!((&*trial.problem, trial.seed), (problem, seed));
        }
        let steps = |t: &&Trial| t.outcomes.iter().map(|o| o.steps).sum::<usize>();
        let mixed = |t: &&Trial| {
            let reached = |o: &Outcome| o.reached;
            t.outcomes.iter().any(reached) && !t.outcomes.iter().all(reached)
        };
        let mut mixed: Vec<_> = own.iter().filter(mixed).collect();
        mixed.sort_by_key(steps);
        for recorded in &mixed[..2] {
            let again = trial(&truth, recorded.seed).unwrap();
            assert_eq!(again, recorded.outcomes, "{problem}, {}", recorded.seed);
        }
    }
}
