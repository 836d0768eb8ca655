//! What a fit says of other data, and where a fit begins that another has found.

mod desk;

use desk::{Desk, npy};
use fit::Mixture;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::fs;
use std::io::Write;
use std::process::Stdio;

const TWO: &str = "1.0\n1.2\n0.9\n1.1\n5.0\n5.3\n4.8\n5.1\n";

/// A desk with a fit of two components.
fn fitted(more: &str) -> Desk {
    let desk = Desk::with("a.csv", TWO);
    fs::write(
        desk.path("m.json"),
        desk.run(&format!("a.csv -k 2 --format json {more}")).out,
    )
    .unwrap();
    desk
}

/// x, label, memberships, density and its logarithm.
fn rows(text: &str) -> Vec<Vec<f64>> {
    let mut lines = text.lines();
    let header = "x,label,component_0,component_1,density,log_density";
    assert_eq!(lines.next(), Some(header));
    lines.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect()
}

/// The answer to a model by hand: ½ N(0, 1) + ½ N(2, 1).
#[test]
fn a_prediction_is_bayes_rule_and_the_density() {
    let desk = Desk::with("a.csv", "y,x\n9,0\n9,1\n9,2.5\n9,-40\n");
    fs::write(desk.path("m.json"), BY_HAND).unwrap();
    let ran = desk.run("predict m.json a.csv --column x");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let found = rows(&ran.out);
    assert_eq!(found.len(), 4);
    let normal = |z: f64| -0.5 * z * z - 0.5 * (2.0 * std::f64::consts::PI).ln();
    for (row, x) in found.iter().zip([0.0, 1.0, 2.5, -40.0]) {
        let second = 1.0 / (1.0 + (2.0_f64 - 2.0 * x).exp());
        let ln_p = normal(x) + (0.5 * (1.0 + (2.0_f64 * x - 2.0).exp())).ln();
        let expected =
            [x, f64::from(u8::from(x > 1.0)), 1.0 - second, second, ln_p.exp(), ln_p];
        for (a, b) in row.iter().zip(expected) {
            assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{row:?}, not {expected:?}");
        }
    }
    // Far out the density is 0 in 64-bit numbers, and its logarithm is not.
    assert_eq!(found[3][4], 0.0);
}

const BY_HAND: &str = r#"{"components": [
    {"weight": 0.5, "mean": 0, "variance": 1}, {"weight": 0.5, "mean": 2.0, "variance": 1}]}"#;

/// Law: a prediction of the data that were fitted has their memberships and their log-likelihood.
#[test]
fn a_prediction_of_the_data_repeats_the_fit() {
    for more in ["", "--log"] {
        let desk = fitted(&format!("--memberships m.csv {more}"));
        let model = fs::read_to_string(desk.path("m.json")).unwrap();
        let model: serde_json::Value = serde_json::from_str(&model).unwrap();
        let found = rows(&desk.run("predict m.json a.csv").out);
        let memberships = fs::read_to_string(desk.path("m.csv")).unwrap();
        for (row, line) in found.iter().zip(memberships.lines().skip(1)) {
            let told: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            assert_eq!([row[0], row[2], row[3]], told[..]);
        }
        let log_likelihood: f64 = found.iter().map(|row| row[5]).sum();
        assert!((log_likelihood - model["log_likelihood"].as_f64().unwrap()).abs() < 1e-9);
    }
}

/// Law: a density has the area 1, of x too if ln x was fitted.
#[test]
fn densities_on_a_grid_have_the_area_one() {
    for (more, low) in [("", "-5"), ("--log", "1e-3")] {
        let desk = fitted(more);
        let ran = desk.run(&format!("predict m.json --grid {low}:15:100001"));
        let found = rows(&ran.out);
        assert_eq!((found.len(), found[100_000][0]), (100_001, 15.0));
        let step = found[1][0] - found[0][0];
        let area: f64 = found.iter().map(|row| row[4] * step).sum();
        assert!((area - 1.0).abs() < 1e-6, "{area}");
    }
    let desk = fitted("--log");
    let says = ["--grid: it begins at 0: with a fit of --log, it is above 0"];
    desk.fails("predict m.json --grid 0:1:9", 2, &says);
    for grid in ["1", "1:2", "2:1:9", "1:1:9", "1:2:1", "0:inf:9", "a:b:c", "1:2:-3"] {
        desk.fails(&format!("predict m.json --grid {grid}"), 2, &["--grid"]);
    }
}

#[test]
fn data_are_read_as_in_fitting() {
    let desk = fitted("");
    let plain = desk.run("predict m.json a.csv").out;
    let array: Vec<u8> =
        TWO.lines().flat_map(|x| x.parse::<f64>().unwrap().to_le_bytes()).collect();
    fs::write(desk.path("a.npy"), npy("<f8", "(8,)", &array)).unwrap();
    assert_eq!(desk.run("predict m.json a.npy").out, plain);
    let commas: String =
        TWO.lines().map(|x| format!("{};9\n", x.replace('.', ","))).collect();
    fs::write(desk.path("b.csv"), format!("x;y\n{commas}")).unwrap();
    let ran = desk.run("predict m.json b.csv -c x");
    assert_eq!(ran.out, plain);
    assert!(ran.err.contains("decimal commas"), "{}", ran.err);
    assert_eq!(desk.run("predict m.json b.csv -c x --quiet").err, "");
    assert_eq!(desk.run_with("predict m.json -", TWO).out, plain);
    let model = fs::read_to_string(desk.path("m.json")).unwrap();
    assert_eq!(desk.run_with("predict - a.csv", model).out, plain);
    fs::write(desk.path("c.csv"), format!("x\ntea\n{TWO}")).unwrap();
    desk.fails("predict m.json c.csv", 2, &["c.csv:2: column 0 (x): \"tea\""]);
    let ran = desk.run("predict m.json c.csv --skip-invalid");
    assert_eq!(
        (ran.out, ran.err.as_str()),
        (plain, "emfit: c.csv: ignored 1 invalid number\n")
    );
}

#[test]
fn a_prediction_into_a_file_is_whole_or_not_there() {
    let desk = fitted("");
    let plain = desk.run("predict m.json a.csv").out;
    let ran = desk.run("predict m.json a.csv --output p.csv");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(desk.path("p.csv")).unwrap(), plain);
    let long: String = (0..200_000).map(|i| format!("{i}\n")).collect();
    fs::write(desk.path("long.csv"), long + "tea\n").unwrap();
    desk.fails("predict m.json long.csv -o q.csv", 2, &["long.csv:200001: "]);
    desk.fails("predict m.json a.csv -o a.csv", 2, &["a.csv: it is the file to read"]);
    desk.fails("predict m.json a.csv -o ./m.json", 2, &["./m.json: it is the model"]);
    desk.fails("predict m.json a.csv -o no/p.csv", 1, &["no/p.csv: cannot write"]);
    desk.fails("predict m.json none.csv", 2, &["none.csv: cannot read"]);
    desk.fails("predict m.json a.csv --grid 0:1:2", 2, &["--grid"]);
    desk.fails("predict m.json", 2, &["<FILE>"]);
    desk.fails("predict - -", 2, &["standard input: both the model and the data"]);
    desk.fails("predict m.json a.csv --column tea", 2, &["no column \"tea\""]);
}

/// What was read is answered before the rest has come, so that nothing is kept.
#[test]
fn a_prediction_is_written_while_it_is_read() {
    let desk = fitted("");
    let mut child =
        desk.command("predict m.json -").stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let part: String =
            (0..100_000).map(|i| format!("{}\n", f64::from(i % 7))).collect();
        (0..5).for_each(|_| input.write_all(part.as_bytes()).unwrap());
        input // and there may be more
    });
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..400_000 {
        line.clear();
        std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    }
    assert!(line.starts_with("3,1,"), "{line}"); // sample 399 998: 99 998 mod 7
    drop(writer.join().unwrap());
    std::io::copy(&mut out, &mut std::io::sink()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_is_no_model_is_refused_with_its_place() {
    let component = r#"{"weight": 1, "mean": 0, "variance": 1}"#;
    for (text, says) in [
        ("", "it is no JSON: EOF while parsing a value at line 1 column 0"),
        ("tea", "it is no JSON: expected"),
        ("[1, 2]", "it has no list \"components\""),
        ("{}", "it has no list \"components\""),
        (r#"{"components": 3}"#, "it has no list \"components\""),
        (r#"{"components": []}"#, "at least one component"),
        (
            r#"{"components": [{"weight": 1, "mean": 0}]}"#,
            "component 0 has no number \"variance\"",
        ),
        (
            r#"{"components": [{"weight": 1, "mean": null, "variance": 1}]}"#,
            "component 0 has no number \"mean\"",
        ),
        (
            r#"{"components": [{"weight": 1, "mean": 0, "variance": -1}]}"#,
            "the variance of component 0 is -1",
        ),
        (
            &format!(r#"{{"components": [{component}, {component}]}}"#),
            "the weights sum to 2",
        ),
        (
            &format!(r#"{{"schema": 99, "components": [{component}]}}"#),
            "its schema is 99: this emfit knows 1",
        ),
    ] {
        let desk = Desk::with("m.json", text);
        fs::write(desk.path("a.csv"), TWO).unwrap();
        desk.fails("predict m.json a.csv", 2, &["m.json: ", says]);
        desk.fails("a.csv --start m.json", 2, &["m.json: ", says]);
    }
    let desk = Desk::with("a.csv", TWO);
    desk.fails("predict none.json a.csv", 2, &["none.json: cannot read: "]);
    desk.fails("predict . a.csv", 2, &[".: cannot read: "]);
    desk.fails("a.csv --start none.json", 2, &["none.json: cannot read: "]);
}

/// Law: where a fit has ended, nothing is left to do.
#[test]
fn a_fit_begins_where_another_ended() {
    let desk = fitted("");
    let first = desk.run("a.csv -k 2 --format json");
    for start in ["a.csv --start m.json", "a.csv -k 2 --start ./m.json"] {
        let again = desk.run(&format!("{start} --format json"));
        for k in [0, 1] {
            for (a, b) in again.component(k).iter().zip(first.component(k)) {
                assert!((a - b).abs() < 1e-9, "{a}, not {b}");
            }
        }
        assert!(again.json()["iterations"].as_u64().unwrap() <= 5);
    }
    let model = fs::read_to_string(desk.path("m.json")).unwrap();
    let ran = desk.run_with("a.csv --start - --steps 0 --format json", &model);
    assert_eq!([0, 1].map(|k| ran.component(k)), [0, 1].map(|k| first.component(k)));
    desk.fails("a.csv --start m.json -k 3", 2, &["--start has 2", "asks for 3"]);
    desk.fails("a.csv --start m.json --log", 2, &["m.json: ", "leave --log out"]);
    desk.fails("- --start -", 2, &["standard input: both the data and the start"]);
    desk.fails(
        "a.csv --start m.json --plot m.json",
        2,
        &["m.json: it is the file of the start"],
    );
    let logs = fitted("--log");
    logs.fails("a.csv --start m.json", 2, &["m.json: ", "say --log"]);
    assert_eq!(logs.run("a.csv --start m.json --log").code, 0);
}

/// Law: what is printed is a start, though the digits that are left out do not sum to 1.
#[test]
fn printed_weights_are_a_start() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let desk = Desk::with("a.csv", TWO);
    for _ in 0..30 {
        let shares: Vec<f64> = (0..rng.random_range(1..6)).map(|_| rng.random()).collect();
        let sum: f64 = shares.iter().sum();
        let start: Vec<_> =
            shares.iter().map(|share| format!("{:.7}:3:4", share / sum)).collect();
        let start = start.join(",");
        let ran = desk.run(&format!("a.csv --start {start} --steps 0 --format json"));
        let weights: f64 = (0..shares.len()).map(|k| ran.component(k)[0]).sum();
        assert!((weights - 1.0).abs() < 1e-9, "{start}");
    }
    let ran = desk.run("a.csv --start 0.50000001:1:1,0.5:5:1 --steps 0 --format json");
    assert_eq!(ran.component(0)[0], 0.50000001 / 1.00000001);
    assert_eq!(desk.run("a.csv --start 1.00000001:1:1").code, 0);
    desk.fails("a.csv --start 0.50001:1:1,0.5:5:1", 2, &["the weights sum to 1.00001"]);
    let exact = Mixture::new([(0.5, 1.0, 1.0), (0.5, 5.0, 1.0)]).unwrap();
    let ran = desk.run("a.csv --start 0.5:1:1,0.5:5:1 --steps 0 --format json");
    assert_eq!(ran.component(1)[1], exact.components()[1].mean);
}
