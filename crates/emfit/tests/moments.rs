//! Queries for an engine, and fits from the tables that it answers.

mod desk;
use desk::Desk;
use query::Moments;
use std::fs;

/// A recorded answer.
const RECORDED: &str = include_str!("../../../data/query/duckdb/moments.csv");
const HEAD: &str = "width,bin,m0,filled,m1,m2,m3,m4,m5,m6,m7";

/// As a client of an engine saves it.
fn csv(data: &[f64], width: f64) -> String {
    let mut text = format!("{HEAD}\n");
    for (bin, m) in Moments::of(data, width).unwrap().bins() {
        let moments: Vec<String> = m.iter().skip(1).map(f64::to_string).collect();
        text += &format!("{width},{bin},{},{},{}\n", m[0], m[0], moments.join(","));
    }
    text
}

#[test]
fn a_recorded_table_gives_the_fit_of_the_samples() {
    let desk = Desk::with("table.csv", RECORDED);
    let table = desk.run("moments table.csv -k 2 --format json");
    let samples: Vec<String> = notebook::data().iter().map(f64::to_string).collect();
    let all = desk.run_with("- -k 2 --format json", samples.join("\n"));
    assert_eq!(table.err, "");
    for k in 0..2 {
        for (a, b) in table.component(k).into_iter().zip(all.component(k)) {
            assert!((a / b - 1.0).abs() < 1e-8, "{a}, {b}");
        }
    }
    let (few, all) = (table.json(), all.json());
    assert_eq!(few["n"], 10_000);
    assert_eq!(few["table"]["bins"], 123);
    assert_eq!(few["table"]["width"], 0.125);
    assert!(few["table"]["error"].as_f64().unwrap() < 1e-13);
    assert!(all["table"].is_null());
    for key in ["log_likelihood", "bic", "icl", "rate"] {
        let [a, b] = [&few, &all].map(|json| json[key].as_f64().unwrap());
        assert!((a / b - 1.0).abs() < 1e-7, "{key}: {a}, {b}");
    }
}

#[test]
fn everything_else_works_on_tables_too() {
    let desk = Desk::with("table.csv", RECORDED);
    let ran = desk.run(
        "moments table.csv -k 1..3 --interval 0.95 --plot fit.svg --memberships m.csv --timings",
    );
    assert_eq!((ran.code, &*ran.err), (0, ""), "{}", ran.err);
    for part in
        ["table.csv, 123 bins of 0.125", "10000 samples", "95 % intervals", "K = 2 has"]
    {
        assert!(ran.out.contains(part), "no {part:?} in {}", ran.out);
    }
    assert!(fs::read_to_string(desk.path("fit.svg")).unwrap().contains("10 000 samples"));
    let memberships = fs::read_to_string(desk.path("m.csv")).unwrap();
    let (mut count, mut owned) = (0.0, 0.0);
    for line in memberships.lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(cells[1] - cells[0], 0.125);
        assert!((cells[3] + cells[4] - 1.0).abs() < 1e-12);
        count += cells[2];
        owned += cells[2] * cells[3];
    }
    assert_eq!(count, 1e4);
    let weight = desk.run("moments table.csv -k 2 --format json").component(0)[0];
    assert!((owned / count - weight).abs() < 1e-7, "{owned}");
    let json = desk.run("moments table.csv -k 2 --format json");
    fs::write(desk.path("fit.json"), &json.out).unwrap();
    let again = desk.run("moments table.csv --start fit.json --format json");
    assert!((again.component(0)[1] - json.component(0)[1]).abs() < 1e-9);
    let streamed = desk.run_with("moments - -k 2 --format json", RECORDED);
    assert_eq!(streamed.component(1), json.component(1));
    desk.fails("moments - - -k 2", 2, &["standard input: it is given more than once"]);
    desk.fails("moments - --start -", 2, &["both the data and the start"]);
}

#[test]
fn tables_of_parts_are_merged() {
    let data = notebook::data();
    let (few, rest) = data.split_at(3000);
    let desk = Desk::with("few.csv", csv(few, 0.125));
    fs::write(desk.path("rest.csv"), csv(rest, 0.0625)).unwrap();
    fs::write(desk.path("all.csv"), csv(&data, 0.125)).unwrap();
    let merged = desk.run("moments few.csv rest.csv -k 2 --format json");
    assert_eq!(
        merged.err.trim_end(),
        "emfit: few.csv and 1 more: widths from 0.0625 to 0.125 are merged at 0.125"
    );
    let whole = desk.run("moments all.csv -k 2 --format json");
    for (a, b) in merged.component(0).into_iter().zip(whole.component(0)) {
        assert!((a / b - 1.0).abs() < 1e-11, "{a}, {b}");
    }
    let twice = desk.run("moments all.csv all.csv -k 2 --quiet");
    assert_eq!((twice.code, &*twice.err), (0, ""));
    let twice = desk.run("moments all.csv all.csv -k 2");
    assert!(twice.err.contains("all.csv and all.csv have the same counts in every bin"));
    assert!(twice.out.contains("20000 samples"), "{}", twice.out);
}

#[test]
fn what_is_left_out_is_told() {
    let desk = Desk::with("table.csv", format!("{RECORDED}0.125,,12,9,,,,,,,\n"));
    let ran = desk.run("moments table.csv -k 2");
    let note =
        "note: 12 rows were left out: 3 NULL, and 9 no finite numbers or too far from 0";
    assert!(ran.out.contains(note), "{}", ran.out);
    assert!(ran.out.contains("10000 samples"));
    let json = desk.run("moments table.csv -k 2 --format json").json();
    assert_eq!(
        (&json["table"]["left_out"], &json["table"]["null"]),
        (&12.into(), &3.into())
    );
}

#[test]
fn a_table_that_is_none_is_refused_in_one_line() {
    let desk = Desk::new();
    let good = "1,0,2,2,0,1,0,1,0,1,0";
    for (text, says) in [
        (format!("{HEAD}\n{good}\n1,3,2,2,0"), "bad.csv: line 3: there are 5 cells for 11"),
        (format!("{HEAD}\n1,3,-2,-2,0,1,0,1,0,1,0\n"), "bad.csv: line 2: m0 is \"-2\""),
        (
            format!("{HEAD}\n1,3,2,2,0,3,0,1,0,1,0\n"),
            "bad.csv: line 2: no samples have the moments",
        ),
        (format!("{HEAD}\n0.3,3,2,2,0,1,0,1,0,1,0\n"), "bad.csv: line 2: width is \"0.3\""),
        (String::new(), "bad.csv: line 1: there is no column width"),
        (
            format!("{HEAD}\n1,,7,7,,,,,,,\n"),
            "bad.csv: there are no samples: 7 rows are left out",
        ),
        (
            "a,b\n1,2\n".into(),
            "bad.csv: line 1: there is no column width: the columns are width,bin",
        ),
    ] {
        fs::write(desk.path("bad.csv"), text).unwrap();
        desk.fails("moments bad.csv -k 2", 2, &[says]);
    }
    fs::write(desk.path("bad.csv"), b"\xff\xfe\x00").unwrap();
    desk.fails("moments bad.csv -k 2", 2, &["bad.csv: cannot read: "]);
    desk.fails("moments none.csv -k 2", 2, &["none.csv: cannot read: "]);
    desk.fails("moments -k 2", 2, &["<FILE.csv>"]);
    fs::write(desk.path("good.csv"), RECORDED).unwrap();
    desk.fails("moments good.csv", 2, &["--components <K|A..B>"]);
    desk.fails("moments good.csv -k 2 --plot good.csv", 2, &["it is a table to read"]);
    let cut = desk.run_with("moments - -k 2", RECORDED.trim_end());
    assert!(
        cut.err.contains("the last line of standard input has no end: was it cut off?")
    );
}

#[test]
fn a_table_that_is_too_coarse_names_the_component_and_the_width() {
    let truth = sampling::Mixture::new([(0.2, 1.0, 1e-4), (0.8, 0.0, 4.0)]).unwrap();
    let mut rng = <rand::rngs::ChaCha8Rng as rand::SeedableRng>::seed_from_u64(1);
    let data = sampling::sample(&truth, 20_000, &mut rng).unwrap();
    let desk = Desk::with("table.csv", csv(&data, 0.125));
    let wanted = 1.0 / 1024.0; // the deviation is 0.01: an eighth of it, and less
    let width = format!("ask for a table with the width {wanted}");
    let says = ["is too narrow for bins of the width 0.125", &*width];
    desk.fails("moments table.csv -k 2", 1, &says);
    let fine = Desk::with("table.csv", csv(&data, wanted)).run("moments table.csv -k 2");
    assert!(fine.out.contains("20000 samples, 2 components"), "{}", fine.err);
}

#[test]
fn the_queries_are_printed_for_any_engine() {
    let desk = Desk::new();
    let of = |args: &str| desk.run(&format!("sql --table t --column c {args}"));
    let first = of("");
    assert_eq!(first.out, query::sql::range("t", "c"));
    assert!(first.err.contains("--around MEAN,DEVIATION"), "{}", first.err);
    let eighth = query::sql::moments("t", "c", 0.125).unwrap();
    for args in ["--width 0.125", "--width 2^-3", "--width=1.25e-1", "--around=-3,32.5"] {
        let ran = of(args);
        assert_eq!((&*ran.out, &*ran.err), (&*eighth, ""), "{args}");
    }
    let step = of("--step 0.5:-1:1,0.5:1:1").out;
    assert!(step.contains("x - (-1e0) AS u0"), "{step}");
    let json = desk.run_with("- -k 1 --format json", "1\n2\n4\n").out;
    fs::write(desk.path("fit.json"), json).unwrap();
    assert!(of("--step fit.json").out.contains("g0 AS most"));
    for (args, says) in [
        ("--width 0.1", "0.1"),
        ("--width ten", "it is a number, as 0.125 or 2^-3"),
        ("--around 1", "it is MEAN,DEVIATION, as 3.5,2.9"),
        ("--around 1,0", "the deviation 0 leaves bins no width"),
        ("--width 1 --around 1,1", "cannot be used with"),
        ("--step none.json", "none.json: cannot read"),
    ] {
        desk.fails(&format!("sql --table t --column c {args}"), 2, &[says]);
    }
    desk.fails("sql --table t --column x;drop", 2, &["it would end the query"]);
    desk.fails("sql --table t", 2, &["--column"]);
    let help = desk.run("sql --help").out + &desk.run("moments --help").out;
    assert!(help.contains("--around") && help.contains("FILE.csv"));
    assert!(desk.run("--man").out.contains("MOMENTS"));
    assert!(desk.run("--completions bash").out.contains("moments"));
}
