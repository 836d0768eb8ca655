//! What the tables promise.

use datasets::{DataError, Recorded, TABLES, Table, read, write};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

#[test]
fn every_file_is_a_table_and_every_table_is_explained() {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let csv = files.filter(|path| path.extension().is_some_and(|e| e == "csv"));
    let files: BTreeSet<_> =
        csv.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let known = BTreeSet::from(TABLES.map(|table| table.name.to_owned()));
    assert_eq!(files, known);
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let rows =
        readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(".csv` |"));
    let explained: Vec<_> = rows.map(|(name, _)| name.to_owned()).collect();
    assert_eq!(explained, TABLES.map(|table| table.name));
}

#[test]
fn every_line_of_every_file_is_a_row() {
    for Table { name, text, count } in TABLES {
        assert_eq!(text, fs::read_to_string(folder().join(format!("{name}.csv"))).unwrap());
        assert_eq!(count(text).unwrap(), text.lines().count() - 1, "{name}");
    }
}

/// The columns that take any text.
const WORDS: [&str; 12] = [
    "data", "date", "engine", "machine", "method", "peer", "problem", "rung", "task",
    "version", "command", "found_by",
];

#[test]
fn a_cell_that_is_none_of_its_column_is_refused_with_its_place() {
    for Table { name, text, count } in TABLES {
        let columns: Vec<_> = text.lines().next().unwrap().split(',').collect();
        for line in [2, text.lines().count()] {
            for (i, column) in
                columns.iter().enumerate().filter(|(_, c)| !WORDS.contains(c))
            {
                for bad in ["1O", "NaN", " 1"] {
                    let broken = broken(text, line, |cells| cells[i] = bad);
                    let told = count(&broken).unwrap_err().to_string();
                    let place =
                        format!("{name}.csv, line {line}, column {column:?}: {bad:?} is ");
                    assert!(told.starts_with(&place), "{told}");
                }
            }
        }
    }
}

#[test]
fn a_line_with_a_cell_too_few_or_too_many_is_refused_with_its_place() {
    for Table { name, text, count } in TABLES {
        let columns = text.lines().next().unwrap().split(',').count();
        let last = text.lines().count();
        for (line, found) in [(2, columns + 1), (last, columns + 1), (2, columns - 1)] {
            let broken = broken(text, line, |cells| cells.resize(found, "1"));
            let told = count(&broken).unwrap_err().to_string();
            let words = format!("there are {found} cells for {columns} columns");
            assert_eq!(told, format!("{name}.csv, line {line}: {words}"));
        }
    }
}

#[test]
fn a_quote_and_a_blank_line_are_refused_with_their_place() {
    for Table { name, text, count } in TABLES {
        let last = text.lines().count();
        let quoted = broken(text, last, |cells| cells[0] = "\"1\"");
        let told = count(&quoted).unwrap_err().to_string();
        assert!(told.starts_with(&format!("{name}.csv, line {last}: there is a quote")));
        let told = count(&format!("{text}\n")).unwrap_err().to_string();
        assert!(
            told.starts_with(&format!("{name}.csv, line {}: there are 0 cells", last + 1))
        );
    }
}

#[test]
fn other_columns_and_no_rows_are_refused() {
    for Table { name, text, count } in TABLES {
        let (columns, rest) = text.split_once('\n').unwrap();
        for other in ["", "x", &columns.to_uppercase(), &format!("{columns},more")] {
            let error = count(&format!("{other}\n{rest}")).unwrap_err();
            let DataError::Columns { file, expected, .. } = &error else {
                panic!("{error}")
            };
            assert_eq!((&**file, &**expected), (&*format!("{name}.csv"), columns));
        }
        assert!(matches!(count(""), Err(DataError::Columns { .. })));
        assert!(matches!(count(columns), Err(DataError::Empty { .. })));
    }
}

/// The text with one line changed, counted from 1. No cell of ours has a comma.
fn broken<'a>(text: &'a str, line: usize, change: impl Fn(&mut Vec<&'a str>)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut cells = text.lines().nth(line - 1).unwrap().split(',').collect();
    change(&mut cells);
    lines[line - 1] = cells.join(",");
    lines.join("\n") + "\n"
}

/// Law: what is read and written again is the same to the last digit.
#[test]
fn a_recorded_table_is_written_as_it_stands_in_its_file() {
    fn same<R: Recorded>() {
        assert_eq!(write(&read::<R>(R::TEXT).unwrap()), R::TEXT);
    }
    same::<datasets::start::Trial>();
    same::<datasets::selection::Fit>();
    same::<datasets::selection::Ratio>();
    same::<datasets::one_pass::Cost>();
    same::<datasets::compression::Timing>();
    same::<datasets::compression::Difference>();
    same::<datasets::acceleration::Run>();
    same::<datasets::acceleration::Gap>();
    same::<datasets::uncertainty::Block>();
}

/// Every folder of answers is read, and no answer is too large for a book.
#[test]
fn every_engine_that_has_answered_is_read() {
    let folders = fs::read_dir(folder().join("query")).unwrap();
    let folders = folders.map(|entry| entry.unwrap()).filter(|e| e.path().is_dir());
    let mut engines: Vec<_> =
        folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    engines.sort();
    let answers = datasets::query::answers();
    assert_eq!(engines, answers.iter().map(|a| a.engine).collect::<Vec<_>>());
    for answer in answers {
        let texts = [answer.range, answer.moments, answer.step];
        assert!(texts.iter().all(|text| text.lines().count() > 1 && text.len() < 100_000));
    }
}

/// By hand: what the readers of the measured tables count on.
#[test]
fn the_measured_tables_have_the_sizes_that_are_published() {
    assert_eq!(datasets::old_faithful().len(), 272);
    let galaxies = datasets::galaxies();
    assert_eq!(galaxies.len(), 82);
    assert!(galaxies.is_sorted());
    let crabs = datasets::pearson();
    assert_eq!(crabs.len(), 29);
    assert!(crabs.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!((crabs[0].0, crabs[28].1), (f64::NEG_INFINITY, f64::INFINITY));
}

/// By hand: shares and their intervals, of the recorded trials with unequal weights. Law: each end
/// is 1.96 of its own standard errors from the share, so that 0 of 200 does not mean never.
#[test]
fn with_unequal_weights_no_strategy_is_safe() {
    use datasets::start::{STRATEGIES, scores, trials};
    let trials = trials();
    let scores = scores(&trials);
    let (problem, scores) = scores[2];
    assert_eq!((problem, STRATEGIES[3]), ("unequal weights", "five random"));
    let by_hand = [
        (0.0, [0.0, 0.0188]),
        (0.36, [0.2967, 0.4286]),
        (0.215, [0.1637, 0.2770]),
        (0.75, [0.6857, 0.8049]),
        (0.63, [0.5612, 0.6939]),
    ];
    for (score, (share, interval)) in scores.iter().zip(by_hand) {
        assert!((score.share - share).abs() < 1e-12);
        for (end, expected) in score.interval.into_iter().zip(interval) {
            assert!((end - expected).abs() < 5e-5);
            let error = (end * (1.0 - end) / 200.0).abs().sqrt();
            assert!(((share - end).abs() - 1.96 * error).abs() < 1e-7);
        }
    }
}
