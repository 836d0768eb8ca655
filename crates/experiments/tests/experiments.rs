//! What the command `cargo record` promises.

use datasets::TABLES;
use experiments::{Depends, Desk, EXPERIMENTS, Make, quick};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[test]
fn every_table_that_is_not_measured_by_others_is_recorded() {
    let measured = ["old_faithful", "galaxies", "pearson_crabs"];
    let tables = TABLES.map(|table| table.name).into_iter();
    let recorded: Vec<_> = tables.filter(|name| !measured.contains(name)).collect();
    assert_eq!(recorded, EXPERIMENTS.map(|experiment| experiment.name));
}

#[test]
fn what_is_checked_depends_on_nothing_and_takes_a_minute() {
    let quick = quick();
    assert!(!quick.is_empty() && quick.iter().all(|e| e.depends == Depends::Nothing));
    assert!(quick.iter().map(|e| e.seconds).sum::<u32>() <= 60);
}

/// Oracle: a table comes out as it is recorded, but for the last digits of small differences. What
/// is done is told, part by part.
#[test]
fn differences_come_out_again() {
    let (all, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (parts, count) = (|n| all.store(n, Relaxed), || _ = done.fetch_add(1, Relaxed));
    let desk = Desk { parts: &parts, done: &count, most: usize::MAX };
    let again = experiments::compression::differences(&desk).unwrap();
    let recorded = datasets::compression::differences();
    assert_eq!((recorded.len(), all.into_inner(), done.into_inner()), (28, 28, 28));
    for (a, b) in again.iter().zip(&recorded) {
        assert_eq!((a.points, a.bins), (b.points, b.bins));
        let close = (a.difference - b.difference).abs() < 1e-3 * b.difference + 1e-12;
        assert!(close, "{a:?} {b:?}");
    }
}

/// Small sizes are timed in the same way; what is timed has a time, and stands in a table.
#[test]
fn times_are_taken_up_to_a_size() {
    let desk = |most| Desk { parts: &|_| (), done: &|| (), most };
    for name in ["one_pass", "compression"] {
        let experiment = EXPERIMENTS.iter().find(|e| e.name == name).unwrap();
        let table = TABLES.iter().find(|table| table.name == name).unwrap();
        let Make::Text(make) = experiment.make else { panic!("{name} is made here") };
        let rows = (table.count)(&make(&desk(10_000)).unwrap()).unwrap();
        assert_eq!(rows, if name == "one_pass" { 12 } else { 1 });
        let error = make(&desk(9_999)).unwrap_err().to_string();
        assert_eq!(error, "9999 samples are fewer than are ever timed");
    }
}
