//! The command as a reader runs it: files in, text and an exit status out.

#![allow(clippy::excessive_precision)] // the digits of the oracle, as it gave them

mod desk;

use desk::{Desk, npy, numbers};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name);
    path.to_str().unwrap().to_owned()
}

fn column(samples: &[f64]) -> String {
    samples.iter().map(|x| format!("{x}\n")).collect()
}

fn close(found: [f64; 3], expected: [f64; 3], within: f64) {
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < within, "{found:?}, not {expected:?}");
    }
}

const TWO: &str = "1.0\n1.2\n0.9\n1.1\n5.0\n5.3\n4.8\n5.1\n";

#[test]
fn old_faithful_has_the_published_fit() {
    let file = data("old_faithful.csv");
    let fit = |more: &str| {
        let ran = Desk::new().run(&format!("{file} --components 2 --format json {more}"));
        let components = [0, 1].map(|k| ran.component(k));
        let rounded = components.map(|[weight, mean, variance]| {
            [weight, mean, variance.sqrt()].map(|x| format!("{x:.5}"))
        });
        (rounded, format!("{:.3}", ran.json()["log_likelihood"].as_f64().unwrap()))
    };
    let free = [["0.36089", "54.61486", "5.87122"], ["0.63911", "80.09107", "5.86773"]];
    assert_eq!(
        fit("--column waiting"),
        (free.map(|c| c.map(Into::into)), "-1034.002".into())
    );
    let tied = [["0.36085", "54.61364", "5.86909"], ["0.63915", "80.09031", "5.86909"]];
    let found = fit("--column 1 --tied");
    assert_eq!(found.1, "-1034.002");
    for (found, published) in found.0.iter().flatten().zip(tied.iter().flatten()) {
        let [found, published]: [f64; 2] = [found, *published].map(|x| x.parse().unwrap());
        assert!((found - published).abs() < 2e-5, "{found}, not {published}");
    }
}

#[test]
fn the_galaxies_have_the_published_fit() {
    let ran = Desk::new().run(&format!("{} -k 3 --format json", data("galaxies.csv")));
    let components = [0, 1, 2].map(|k| ran.component(k));
    let found = components.map(|[weight, mean, variance]| {
        let [mean, deviation] = [mean, variance.sqrt()].map(|x| x / 1000.0); // in 1000 km/s
        format!("{weight:.4} {mean:.3} {deviation:.5}")
    });
    let published =
        ["0.0854 9.710 0.42251", "0.8781 21.400 2.19455", "0.0366 33.044 0.92172"];
    assert_eq!(found, published);
    let log_likelihood = ran.json()["log_likelihood"].as_f64().unwrap();
    assert_eq!(format!("{:.3}", log_likelihood + 82.0 * 1000_f64.ln()), "-203.179");
}

#[test]
fn the_crabs_have_the_fit_of_their_chapter() {
    let desk = Desk::new();
    let args = format!("{} --classes -k 2", data("pearson_crabs.csv"));
    let ran = desk.run(&format!("{args} --format json --plot a.svg --memberships m.csv"));
    let found = [0, 1].map(|k| {
        let [weight, mean, variance] = ran.component(k);
        format!("{weight:.4} {mean:.5} {:.5}", variance.sqrt())
    });
    assert_eq!(found, ["0.4528 0.63262 0.01862", "0.5472 0.65469 0.01248"]);
    let log_likelihood = ran.json()["log_likelihood"].as_f64().unwrap();
    assert_eq!(format!("{log_likelihood:.4}"), "-2952.6959");
    assert_eq!(ran.json()["n"], 1000);
    let memberships = fs::read_to_string(desk.path("m.csv")).unwrap();
    assert!(
        memberships
            .starts_with("lower,upper,count,component_0,component_1\n-inf,0.5835,1,")
    );
    assert_eq!(memberships.lines().count(), 30);
    assert!(fs::read_to_string(desk.path("a.svg")).unwrap().contains("1000 samples"));
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("```text\ndata/old_faithful.csv,").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let ran =
        Desk::new().run(&format!("{} --column waiting -k 2", data("old_faithful.csv")));
    let lines: Vec<_> = shown.lines().skip(1).filter(|line| !line.is_empty()).collect();
    assert!(lines.len() >= 7);
    // How many steps it takes may hang on the rounding of the machine.
    for line in lines.iter().filter(|line| !line.starts_with("converged")) {
        assert!(ran.out.lines().any(|printed| printed == *line), "{line}\n{}", ran.out);
    }
}

/// Oracle: the numbers of `python3 peers/maximum.py`, which has forty digits, rounded: every digit that is
/// printed, and ten of JSON. The galaxies are in km/s, so means are thousand times as large.
#[test]
fn every_printed_digit_is_right() {
    let four = [
        [0.085365577007370919243, 9710.1411009734026448, 178514.60315312994452],
        [0.20775879888724764641, 19747.007084298755232, 189111.06751987245906],
        [0.67029836981425254957, 21912.57961481247412, 5141510.0207738528129],
        [0.036577254291128884775, 33044.526975530072903, 849561.31484426892934],
    ];
    let desk = Desk::new();
    let args = format!("{} -k 4", data("galaxies.csv"));
    let text = desk.run(&args).out;
    for line in [
        " 0   0.08536558   0.0309     9710.141      160     178514.6    95420     422.5099      113",
        " 1    0.2077588   0.0858     19747.01      167     189111.1   190687     434.8690      219",
        " 2    0.6702984   0.0897     21912.58      391      5141510   999381     2267.490      220",
        " 3   0.03657725   0.0207     33044.53      532     849561.3   693746     921.7165      376",
        "log-likelihood -763.8897", // -197.45376376 and 82 ln 1000 less
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
    let ran = desk.run(&format!("{args} --format json"));
    for (k, row) in four.iter().enumerate() {
        for (a, b) in ran.component(k).iter().zip(row) {
            assert!((a / b - 1.0).abs() < 1e-10, "{a} is not {b}");
        }
    }
    let height = -197.45376376044760416 - 82.0 * 1000_f64.ln();
    assert!((ran.json()["log_likelihood"].as_f64().unwrap() / height - 1.0).abs() < 1e-12);
    let crabs = desk.run(&format!("{} --classes -k 2", data("pearson_crabs.csv"))).out;
    for line in [
        " 0    0.4527595    0.162    0.6326165  0.00618  0.0003466825  0.0000716   0.01861941  0.00192",
        " 1    0.5472405    0.162    0.6546869  0.00180  0.0001558254  0.0000303   0.01248300  0.00121",
        "log-likelihood -2952.6959",
    ] {
        assert!(crabs.lines().any(|shown| shown == line), "{line}\n{crabs}");
    }
}

/// Law: seconds since 1970 are fitted as seconds since midnight, and show the digits that tell them apart.
#[test]
fn a_mean_far_from_0_shows_useful_digits() {
    let table = std::fs::read_to_string(data("old_faithful.csv")).unwrap();
    let later = |line: &str| {
        let wait: f64 = line.split(',').nth(1).unwrap().parse().unwrap();
        format!("{}\n", wait + 1.7e9)
    };
    let times: String = table.lines().skip(1).map(later).collect();
    let desk = Desk::with("times.csv", format!("time\n{times}"));
    let text = desk.run("times.csv -k 2").out;
    for line in [
        " 0    0.3608861   0.0312  1700000054.61    0.700     34.47122     6.31     5.871219    0.537",
        " 1    0.6391139   0.0312  1700000080.09    0.505     34.43031     4.71     5.867734    0.401",
        "log-likelihood -1034.0017",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
}

#[test]
fn the_run_of_the_notebook_can_be_repeated() {
    let data = notebook::data();
    let desk = Desk::with("notebook.csv", column(&data));
    let args = "notebook.csv --start 0.5:0:1,0.5:1:1 --steps 100 --trace --format json";
    let ran = desk.run(args).json();
    assert_eq!((&ran["iterations"], &ran["stopped"]), (&100.into(), &"iterations".into()));
    let run = em::em(&data, notebook::guess()).take(101);
    let run: Vec<_> = run.map(Result::unwrap).collect();
    let trace = ran["trace"].as_array().unwrap();
    assert_eq!(trace.len(), run.len());
    for (step, mixture) in trace.iter().zip(&run).chain([(&ran, &run[100])]) {
        for (k, c) in mixture.components().iter().enumerate() {
            close(numbers(&step["components"][k]), [c.weight, c.mean, c.variance], 1e-9);
        }
        let log_likelihood = em::log_likelihood(&data, mixture);
        assert!((step["log_likelihood"].as_f64().unwrap() - log_likelihood).abs() < 1e-7);
    }
}

#[test]
fn json_has_exactly_these_keys_and_full_precision() {
    let desk = Desk::with("two.csv", TWO);
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let plain = desk.run("two.csv -k 2 --format json").json();
    let mut expected: Vec<_> = "aic bic classes column components criterion file icl interval \
         iterations jacobian log log_likelihood n newton no_standard_errors notes rate remaining schema starts stopped \
         table \
         tried version weights"
        .split_whitespace()
        .collect();
    assert_eq!(keys(&plain), expected);
    assert!(plain["n"].is_u64());
    assert_eq!(plain["stopped"], "converged");
    let component = &plain["components"][0];
    let parameters = ["deviation", "mean", "standard_errors", "variance", "weight"];
    assert_eq!(keys(component), parameters);
    let errors = ["deviation", "mean", "variance", "weight"];
    assert_eq!(keys(&component["standard_errors"]), errors);
    let more = "two.csv -k 2 --format json --trace --timings --interval 0.5";
    let all = desk.run(more).json();
    expected.extend(["timings", "trace"]);
    expected.sort_unstable();
    assert_eq!(keys(&all), expected);
    assert_eq!(keys(&all["timings"]), ["fit", "read"]);
    assert_eq!(keys(&all["trace"][0]), ["components", "log_likelihood"]);
    assert_eq!(keys(&all["components"][1]["intervals"]), errors);
    let third = "0.3333333333333333:1:1,0.6666666666666667:5:1";
    let third = desk.run(&format!("two.csv --start {third} --steps 0 --format json"));
    assert_eq!(third.component(0)[0], 1.0 / 3.0);
}

/// What the text says, JSON says too.
#[test]
fn json_tells_all_that_the_text_does() {
    let rows: String = TWO.lines().map(|x| format!("1,{x}\n")).collect();
    let desk = Desk::with("two.csv", format!("a,x\n{rows}"));
    let told = desk.run("two.csv -c x -k 1..9 --format json").json();
    assert_eq!((&told["schema"], &told["file"]), (&1.into(), &"two.csv".into()));
    assert_eq!(told["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&told["column"], &told["weights"]), (&"x".into(), &Value::Null));
    assert_eq!((&told["classes"], &told["criterion"]), (&Value::Null, &"bic".into()));
    assert!(told["rate"].as_f64().unwrap() < 0.5);
    let starts = &told["starts"];
    let of = |key: &str| starts[key].as_u64().unwrap();
    assert_eq!(starts["all"], 20);
    assert_eq!(of("arrived") + of("elsewhere") + of("dropped") + of("refused"), 20);
    let tried = told["tried"].as_array().unwrap();
    assert_eq!(tried.len(), 5);
    let chosen = &tried[told["components"].as_array().unwrap().len() - 1];
    for key in ["log_likelihood", "aic", "bic", "icl"] {
        assert_eq!(chosen[key], told[key], "{key}");
    }
    assert_eq!(chosen["parameters"], 5);
    assert!(tried[4]["error"].as_str().unwrap().contains("8 samples for K = 5"));
    let notes: Vec<_> = told["notes"].as_array().unwrap().iter().collect();
    let text = desk.run("two.csv -c x -k 1..9").out;
    assert!(!notes.is_empty());
    for note in notes {
        let line = format!("\nnote: {}\n", note.as_str().unwrap());
        assert!(text.contains(&line), "{text}");
    }
    let saddle = "--start 0.5:3:1,0.5:3:1 --steps 0 --format json --interval 0.9";
    let saddle = desk.run(&format!("two.csv -c x {saddle}")).json();
    assert!(saddle["no_standard_errors"].as_str().unwrap().contains("component"));
    assert_eq!(saddle["components"][0]["standard_errors"], Value::Null);
    assert_eq!(saddle["components"][0]["intervals"], Value::Null);
    assert_eq!((&saddle["remaining"], &saddle["interval"]), (&Value::Null, &0.9.into()));
}

#[test]
fn bic_has_the_sign_and_the_factor_that_the_help_says() {
    let desk = Desk::with("two.csv", TWO);
    let fit = desk.run("two.csv -k 2 --format json").json();
    let number = |key: &str| fit[key].as_f64().unwrap();
    let bic = -2.0 * number("log_likelihood") + 5.0 * 8.0_f64.ln();
    assert!((number("bic") - bic).abs() < 1e-9);
    assert!(desk.run("--help").out.contains("BIC = -2 ln L + k ln n"));
}

#[test]
fn components_come_by_mean_except_from_a_start() {
    let desk = Desk::with("two.csv", TWO);
    let means = |args: &str| [0, 1].map(|k| desk.run(args).component(k)[1].round());
    assert_eq!(means("two.csv -k 2 --format json"), [1.0, 5.0]);
    assert_eq!(means("two.csv --start 0.5:5:1,0.5:1:1 --format json"), [5.0, 1.0]);
    let ran = desk.run("two.csv -k 2 --format json --trace").json();
    let trace = ran["trace"].as_array().unwrap();
    let last = trace.last().unwrap();
    close(numbers(&last["components"][0]), numbers(&ran["components"][0]), 1e-6);
    // From the very start, which has equal weights and variances.
    let [a, b] = [0, 1].map(|k| numbers(&trace[0]["components"][k]));
    assert!((a[0], a[2]) == (0.5, b[2]) && trace.len() > 5, "{a:?} {b:?}");
}

/// How many steps it takes may hang on the rounding of the machine.
#[test]
fn the_page_shows_what_the_command_prints() {
    let page = include_str!("../../../book/src/fit.md");
    let (_, rest) = page.split_once("--components 1..4\ndata/galaxies.csv").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let ran = Desk::new().run(&format!("{} -k 1..4", data("galaxies.csv")));
    let lines: Vec<_> = shown.lines().skip(1).collect();
    assert!(lines.len() > 12);
    for line in lines.iter().filter(|line| !line.starts_with("converged")) {
        assert!(ran.out.lines().any(|printed| printed == *line), "{line}\n{}", ran.out);
    }
}

#[test]
fn each_criterion_keeps_its_own_number_of_components() {
    let galaxies = data("galaxies.csv");
    let kept = |more: &str| {
        let ran =
            Desk::new().run(&format!("{galaxies} -k 1..5 --format json {more}")).json();
        (ran["components"].as_array().unwrap().len(), ran["criterion"].clone())
    };
    assert_eq!(kept(""), kept("--criterion bic"));
    assert_eq!(kept("--criterion bic"), (3, "bic".into()));
    assert_eq!(kept("--criterion icl"), (3, "icl".into()));
    let (more, name) = kept("--criterion aic");
    assert!(more > 3 && name == "aic", "{more}");
    let text = Desk::new().run(&format!("{galaxies} -k 2..3 --criterion icl")).out;
    assert!(text.contains("\nK = 3 has the smallest ICL\n"), "{text}");
}

/// By hand: of one normal with 8 samples, mean 3.05 and variance σ², the mean has the error √(σ²/8),
/// and ln σ² has √(2/8). 1.959964 errors hold 95 per cent.
#[test]
fn intervals_are_on_the_scale_on_which_the_error_is_even() {
    let desk = Desk::with("two.csv", TWO);
    let close = |a: &Value, b: f64| {
        let a = a.as_f64().unwrap();
        assert!((a / b - 1.0).abs() < 1e-5, "{a}, not {b}");
    };
    let one = desk.run("two.csv -k 1 --format json --interval 0.95").json();
    let c = &one["components"][0];
    let variance = c["variance"].as_f64().unwrap();
    let (far, intervals) = (1.959964, &c["intervals"]);
    for (end, sign) in [(0, -1.0), (1, 1.0)] {
        close(&intervals["mean"][end], 3.05 + sign * far * (variance / 8.0).sqrt());
        let ratio = (sign * far * 0.5).exp();
        close(&intervals["variance"][end], variance * ratio);
        close(&intervals["deviation"][end], (variance * ratio).sqrt());
        close(&intervals["weight"][end], 1.0);
    }
    let two = desk.run("two.csv -k 2 --format json --interval 0.95").json();
    for c in two["components"].as_array().unwrap() {
        let error = c["standard_errors"]["weight"].as_f64().unwrap();
        let odds = c["weight"].as_f64().unwrap() / (1.0 - c["weight"].as_f64().unwrap());
        for (end, sign) in [(0, -1.0), (1, 1.0)] {
            // The logit of ½ is four times as steep as ½ itself.
            let odds = odds * (sign * far * error * 4.0).exp();
            close(&c["intervals"]["weight"][end], odds / (1.0 + odds));
        }
    }
    let text = desk.run("two.csv -k 2 --interval 0.95").out;
    assert!(text.contains("\n95 % intervals\n"), "{text}");
    assert!(text.contains("  0.20 to 0.80  "), "{text}");
    for level in ["0", "1", "95", "tea"] {
        let args = format!("two.csv -k 2 --interval {level}");
        desk.fails(&args, 2, &["a number between 0 and 1"]);
    }
}

#[test]
fn columns_never_touch_and_digits_follow_the_error() {
    let far: String =
        TWO.lines().map(|x| format!("{}\n", x.parse::<f64>().unwrap() + 1.7e9)).collect();
    let tiny = column(&[1e-9, 1.2e-9, 1.1e-9, 5e-9, 5.2e-9, 1e150, 1.1e150, 1.3e150]);
    for (text, args) in [(far.as_str(), "- -k 2"), (&tiny, "- -k 1"), (TWO, "- -k 1..3")] {
        let ran = Desk::new().run_with(&format!("{args} --interval 0.99"), text);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let rows = ran.out.lines().filter(|line| line.starts_with(" 0"));
        for row in rows {
            let cells: Vec<_> = row.split("  ").filter(|cell| !cell.is_empty()).collect();
            assert!(cells.len() == 9 || cells.len() == 5, "{row}");
            let number = |cell: &str| cell.trim().parse::<f64>().is_ok() || cell == "-";
            let interval = |cell: &str| cell.split(" to ").all(number);
            assert!(cells.iter().all(|cell| interval(cell)), "{row}");
        }
    }
    let ran = Desk::new().run_with("- -k 2", far);
    assert!(ran.out.contains("  1700000001.050 "), "{}", ran.out);
}

#[test]
fn a_table_shows_people_what_was_found() {
    let desk = Desk::with("two.csv", format!("x\n{TWO}"));
    let ran = desk.run("two.csv -k 1..=2 --trace --timings");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let parts = "two.csv, column x|8 samples, 2 components|weight|mean|variance|deviation|+-|AIC|BIC|\
                 ICL|log-likelihood|converged|starts|s reading|step|weight 1";
    for part in parts.split('|') {
        assert!(ran.out.contains(part), "no {part:?} in {}", ran.out);
    }
}

#[test]
fn a_column_goes_by_index_by_name_or_by_the_beginning_of_a_name() {
    let text = "\u{feff}id;\"the; waiting\";b\r\n1;1.0;9\r\n2;1.5;9\r\n3;4;9\r\n4;5;7\r\n";
    let desk = Desk::with("a.csv", text);
    let mean = |column: &str| {
        desk.run(&format!("a.csv -k 1 --format json -c {column}")).component(0)[1]
    };
    assert_eq!(["1", "id", "b", "the;"].map(mean), [2.875, 2.5, 8.5, 2.875]);
    desk.fails("a.csv -k 1 -c tea", 2, &["a.csv:1: ", "no column \"tea\"", "\"id\""]);
    desk.fails("a.csv -k 1 -c 3", 2, &["no column \"3\"", "3 columns"]);
    desk.fails("a.csv -k 1", 2, &["a.csv", "choose one with --column"]);
}

#[test]
fn a_header_may_be_there_or_not() {
    let mean = |text: &str, more: &str| {
        Desk::new().run_with(&format!("- -k 1 --format json {more}"), text).component(0)[1]
    };
    assert_eq!(mean("x\n1\n3\n", ""), 2.0);
    assert_eq!(mean("1\n3\n", ""), 2.0);
    assert_eq!(mean("100\n1\n3\n", "--header yes"), 2.0);
    assert_eq!(mean("1\n3", "--header no"), 2.0);
    let desk = Desk::with("a.csv", "x\n1\n3\n");
    desk.fails("a.csv -k 1 --header no", 2, &["a.csv:1: ", "\"x\""]);
}

#[test]
fn blank_lines_are_counted_and_lines_keep_their_numbers() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "x", "1", "", "  ", "\"2\"", "3", "", ""].join(end);
        let ran = Desk::new().run_with("- -k 1 --format json", &text);
        assert_eq!(ran.json()["n"], 3);
        assert_eq!(ran.err, "emfit: standard input: ignored 4 blank lines\n", "{end:?}");
        let desk = Desk::with("a.csv", format!("{text}tea{end}"));
        desk.fails("a.csv -k 1", 2, &["a.csv:9: column 0 (x): \"tea\" is not a number"]);
        let quiet = Desk::new().run_with("- -k 1 --quiet", text);
        assert_eq!((quiet.code, quiet.err.as_str()), (0, ""));
    }
    let quoted = Desk::with("b.csv", "note,x\n\"two\nlines\",1\n\n,2\nlast,tea\n");
    quoted.fails("b.csv -k 1 -c x", 2, &["b.csv:6: column 1 (x): \"tea\""]);
}

#[test]
fn cells_that_are_no_numbers_are_named_or_counted() {
    let cells = [
        ("tea", "\"tea\" is not a number"),
        ("", "\"\" is not a number"),
        ("\"1,5\"", "\"1,5\" is not a number"),
        ("NaN", "\"NaN\" is not a finite number"),
        ("-inf", "\"-inf\" is not a finite number"),
        ("1e999", "\"1e999\" is not a finite number"),
        ("\u{1b}[31m", "\"\\u{1b}[31m\" is not a number"),
    ];
    for (cell, what) in cells {
        let desk = Desk::with("a.csv", format!("x,y\n1,1\n2,{cell}\n3,3\n"));
        desk.fails("a.csv -k 1 -c y", 2, &["a.csv:3: column 1 (y): ", what]);
        let ran = desk.run("a.csv -k 1 -c y --skip-invalid --format json");
        assert_eq!(ran.json()["n"], 2);
        assert_eq!(ran.err, "emfit: a.csv: ignored 1 invalid number\n");
    }
    let lines = Desk::with("a.csv", "\"two\nlines\"\ntea\n");
    lines.fails("a.csv -k 1", 2, &["a.csv:3: column 0 (two\\nlines): "]);
    let long = Desk::with("a.csv", format!("x\n{}\n", "tea".repeat(999)));
    long.fails("a.csv -k 1", 2, &["teat...\" is not a number"]);
    let short = Desk::with("a.csv", "1,1\n2\n3,3\n");
    short.fails("a.csv -k 1 -c 1", 2, &["a.csv:2: column 1: ", "the line has 1"]);
}

#[test]
fn input_without_samples_is_refused() {
    let desk = Desk::with("a.csv", "");
    desk.fails("a.csv -k 1", 2, &["a.csv: it is empty"]);
    desk.fails("missing.csv -k 1", 2, &["missing.csv: cannot read: "]);
    desk.fails(". -k 1", 2, &[".: cannot read: "]);
    for text in ["x\n", "\n\n", "x\ntea\n"] {
        Desk::with("a.csv", text).fails("a.csv -k 1 --skip-invalid", 2, &["a.csv: "]);
    }
}

#[test]
fn what_has_no_fit_says_so() {
    let two = Desk::with("a.csv", "1\n2\n1\n2\n2\n");
    two.fails("a.csv -k 3", 2, &["a.csv: ", "2 different samples for 3 components"]);
    two.fails("a.csv -k 3..9", 2, &["a.csv: ", "2 different samples for 3 components"]);
    let constant = Desk::with("a.csv", "7\n7\n7\n");
    for range in ["1", "2", "1..3", "2..3"] {
        constant.fails(&format!("a.csv -k {range}"), 2, &["a.csv: all samples are 7"]);
    }
    let few = Desk::with("a.csv", "1\n2\n");
    few.fails("a.csv -k 2", 2, &["a.csv: there are 2 samples for K = 2: each"]);
    few.fails("a.csv -k 2..3", 2, &["a.csv: there are 2 samples for K = 2"]);
    let spike = Desk::with("a.csv", "1\n2\n3\n4\n9\n");
    spike.fails(
        "a.csv -k 2",
        1,
        &["a.csv: no fit", "fewer components or a prior may help"],
    );
    let under = "a.csv -k 2 --prior=1e-9:1e-9";
    spike.fails(under, 1, &["a.csv: no fit", "no answer; fewer components may help"]);
    let far = Desk::with("a.csv", "1\n2\n3\n");
    far.fails("a.csv --start 0.5:0:1,0.5:1e9:1 --steps 2", 1, &["a.csv: ", "component 1"]);
    let classes = Desk::with("a.csv", "0,1,5\n1,2,5\n");
    classes.fails("a.csv --classes -k 3", 2, &["2 classes with samples for 3 components"]);
}

#[test]
fn a_range_has_both_ends_however_it_is_written_and_ends_with_the_samples() {
    let desk = Desk::with("a.csv", TWO);
    let plain = desk.run("a.csv -k 1..=3").out;
    assert_eq!(plain.lines().filter(|line| line.starts_with(' ')).count(), 7);
    assert_eq!(desk.run("a.csv -k 1..3").out, plain);
    assert_eq!(desk.run("a.csv -k 1-3").out, plain);
    let long = desk.run("a.csv -k 1..1000").out;
    assert!(long.contains("\n 5  there are 8 samples for K = 5"), "{long}");
    assert!(!long.contains("\n 6"), "{long}");
}

#[test]
fn a_collapse_is_told_in_few_digits() {
    let desk = Desk::with("a.csv", "0\n1\n2\n3\n1e3\n");
    let ran = desk.run("a.csv --start 0.5:1:1,0.5:1000:1e-120");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("has collapsed on the point 1000.0"), "{}", ran.err);
    assert!(ran.err.len() < 200, "{}", ran.err);
}

#[test]
fn bad_usage_is_told_on_one_line() {
    let desk = Desk::with("a.csv", TWO);
    for (args, says) in [
        ("", "<FILE>"),
        ("a.csv", "--components"),
        ("a.csv -k 0", "at least 1 component"),
        ("a.csv -k two", "a number K or a range"),
        ("a.csv -k 1..", "a number K or a range"),
        ("a.csv -k 1..2..3", "a number K or a range"),
        ("a.csv -k 1--3", "a number K or a range"),
        ("a.csv -k 3..=2", "backwards"),
        ("a.csv -k 3-2", "backwards"),
        ("a.csv -k 0..=2", "at least 1 component"),
        ("a.csv -k 1001", "at most 1000 components"),
        ("a.csv -k 1..=18446744073709551615", "at most 1000 components"),
        ("a.csv -k -1", "-1"),
        ("a.csv --start 0.5:0:1,0.6:1:1", "1.1"),
        ("a.csv --start 0.5:0:1,0.5:1", "component 1 is \"0.5:1\""),
        ("a.csv --start 0.5:0:1,0.5:1:-2", "-2"),
        ("a.csv --start 1:NaN:1", "NaN"),
        ("a.csv --start 1:0:1 -k 2", "--components asks for 2"),
        ("a.csv --start 1:0:1 --restarts 3", "--restarts"),
        ("a.csv -k 1 --steps 10", "--start"),
        ("a.csv -k 1 --restarts 0", "at least 1"),
        ("a.csv -k 1 --tolerance=-1", "0 or more"),
        ("a.csv -k 1 --tolerance NaN", "finite"),
        ("a.csv -k 1 --prior=2", "STRENGTH:SCALE"),
        ("a.csv -k 1 --prior=2:0", "above 0"),
        ("a.csv -k 1 --seed x", "--seed"),
        ("a.csv -k 1 --format xml", "--format"),
        ("a.csv -k 1 --tea", "--tea"),
        ("a.csv b.csv -k 1", "b.csv"),
    ] {
        desk.fails(args, 2, &[says]);
    }
}

#[test]
fn a_prior_a_tolerance_and_a_seed_are_heard() {
    let desk = Desk::with("a.csv", TWO);
    let fit = |more: &str| desk.run(&format!("a.csv -k 2 --format json {more}"));
    assert!(fit("--prior=100:1").component(0)[2] > 10.0 * fit("").component(0)[2]);
    assert_eq!(fit("--prior").out, fit("--prior=2:0.1").out);
    assert_eq!(fit("--seed 7 --restarts 3").out, fit("--seed 7 --restarts 3").out);
    let desk = Desk::with("notebook.csv", column(&notebook::data()));
    let steps = |tolerance: &str| {
        let start = "--start 0.5:0:1,0.5:1:1";
        let args = format!("notebook.csv {start} --format json --tolerance {tolerance}");
        desk.run(&args).json()["iterations"].as_u64().unwrap()
    };
    assert!(steps("1") < steps("1e-8"));
}

#[test]
fn arrays_of_all_kinds_of_numbers_are_read() {
    macro_rules! array {
        ($number:ty, $bytes:ident) => {
            [1u8, 2, 3, 6].map(|x| <$number>::from(x).$bytes()).concat()
        };
    }
    for (descr, bytes) in [
        ("<f8", array!(f64, to_le_bytes)),
        (">f8", array!(f64, to_be_bytes)),
        ("<f4", array!(f32, to_le_bytes)),
        (">f4", array!(f32, to_be_bytes)),
        ("<i8", array!(i64, to_le_bytes)),
        (">i4", array!(i32, to_be_bytes)),
        ("<i2", array!(i16, to_le_bytes)),
        ("|i1", array!(u8, to_le_bytes)),
        (">u8", array!(u64, to_be_bytes)),
        ("<u4", array!(u32, to_le_bytes)),
        (">u2", array!(u16, to_be_bytes)),
        ("|u1", array!(u8, to_le_bytes)),
    ] {
        let file = npy(descr, "(4,)", &bytes);
        let ran = Desk::new().run_with("- -k 1 --format json", file);
        assert_eq!(ran.component(0), [1.0, 3.0, 3.5], "{descr}");
    }
}

#[test]
fn arrays_that_are_not_what_they_say_are_refused() {
    let bytes = [1.0, 2.0, f64::NAN, 4.0].map(f64::to_le_bytes).concat();
    for (file, says) in [
        (npy("<f8", "(4,)", &bytes), "sample 2: NaN is not a finite number"),
        (npy("<f8", "(2, 2)", &bytes), "shape is (2, 2)"),
        (npy("<f8", "()", &bytes), "shape is ()"),
        (npy("<f8", "(5,)", &bytes[..16]), "ends after 2 of 5 samples"),
        (npy("<f8", "(1,)", &bytes), "goes on after its 1 sample"),
        (npy("<f8", "(0,)", &[]), "there are no samples"),
        (npy("<f8", "(999999999999999999,)", &bytes), "memory"),
        (npy("<c16", "(2,)", &bytes), "type \"<c16\""),
        (npy("<U8", "(1,)", &bytes), "type \"<U8\""),
        (b"\x93NUMPY\x01\x00\xff".to_vec(), "cannot read"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(), "header"),
    ] {
        Desk::with("a.npy", file).fails("a.npy -k 1", 2, &["a.npy: ", says]);
    }
    let desk = Desk::with("a.npy", npy("<f8", "(4,)", &bytes));
    let ran = desk.run("a.npy -k 1 --skip-invalid --format json");
    assert_eq!(ran.json()["n"], 3);
    assert_eq!(ran.err, "emfit: a.npy: ignored 1 invalid number\n");
}

#[test]
fn classes_that_overlap_run_backwards_or_count_less_than_nothing_are_refused() {
    for (rows, says) in [
        ("0,1,5\n2,1,5", "a.csv:3: class 1 runs backwards, from 2 to 1"),
        ("0,1,5\n\n1,1,5", "a.csv:4: class 1 has no width"),
        ("0,1,5\n0.5,2,5", "a.csv:3: class 1 begins at 0.5, before class 0 ends at 1"),
        ("1,2,5\n0,1,5", "a.csv:3: class 1 begins at 0, before class 0 ends at 2"),
        ("0,inf,5\n1,2,5", "a.csv:3: class 1 begins at 1"),
        ("0,1,-5", "a.csv:2: class 0 holds -5 samples"),
        ("0,1,inf", "a.csv:2: class 0 holds inf samples"),
        ("NaN,1,5", "a.csv:2: class 0 is from NaN to 1"),
        ("0,1,tea", "a.csv:2: column 2 (count): \"tea\" is not a number"),
        ("0,1", "a.csv:2: column 2 (count): there is no such cell"),
        ("0,1,0", "a.csv: the counts sum to 0"),
    ] {
        let desk = Desk::with("a.csv", format!("lower,upper,count\n{rows}\n"));
        desk.fails("a.csv --classes -k 1", 2, &[says]);
    }
    let desk = Desk::with("a.npy", npy("<f8", "(1,)", &1_f64.to_le_bytes()));
    desk.fails("a.npy --classes -k 1", 2, &["a.npy: ", "classes"]);
    desk.fails("a.npy --classes --column 1 -k 1", 2, &["--column"]);
}

#[test]
fn a_plot_shows_the_data_and_the_fit() {
    let desk = Desk::with("a.csv", format!("<x> & y\n{TWO}"));
    assert_eq!(desk.run("a.csv -k 2 --plot a.svg").code, 0);
    let svg = fs::read_to_string(desk.path("a.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("<style>"));
    assert!(svg.contains("8 samples of &lt;x&gt; &amp; y"));
    assert!(svg.contains("component 1"));
    assert_eq!(desk.files(), ["a.csv", "a.svg"]);
    fs::write(desk.path("a.svg"), "old").unwrap();
    assert_eq!(desk.run("a.csv -k 1 --plot a.svg").code, 0);
    assert!(fs::read_to_string(desk.path("a.svg")).unwrap().contains("<svg"));
}

/// The class of a text that begins like this, and where the text stands.
fn drawn(svg: &str, class: &str, text: &str) -> (String, (f64, f64)) {
    let (start, end) = (format!("<text class=\"{class}"), format!(">{text}</text>"));
    let label = svg.lines().find(|line| line.starts_with(&start) && line.ends_with(&end));
    let label = label.unwrap_or_else(|| panic!("no {text}"));
    let value = |key: &str| {
        let (_, rest) = label.split_once(&format!(" {key}=\"")).unwrap();
        rest.split('"').next().unwrap()
    };
    let class = value("class").trim_start_matches("fig-text ").to_owned();
    (class, (value("x").parse().unwrap(), value("y").parse().unwrap()))
}

#[test]
fn any_number_of_components_can_be_told_from_each_other() {
    let desk = Desk::new();
    let samples: Vec<f64> = (0..1600)
        .map(|i| f64::from(10 * (i % 16)) + (f64::from(i) * 0.618).fract() * 4.0)
        .collect();
    fs::write(desk.path("a.csv"), format!("x\n{}", column(&samples))).unwrap();
    let start: Vec<_> = (0..16).map(|k| format!("0.0625:{}:2", 10 * k + 2)).collect();
    let args = format!("a.csv --start {} --plot a.svg", start.join(","));
    assert_eq!(desk.run(&args).code, 0);
    let svg = fs::read_to_string(desk.path("a.svg")).unwrap();
    let looks: Vec<_> =
        (0..16).map(|k| drawn(&svg, "fig-text fig-", &k.to_string())).collect();
    for (k, (class, (x, _))) in looks.iter().enumerate() {
        assert!(svg.contains(&format!("<path class=\"fig-line {class}\"")), "{class}");
        assert!(looks[..k].iter().all(|(other, _)| other != class), "{k}: {class}");
        // Labels stand over the peaks, which are evenly apart.
        let even = looks[0].1.0 + (looks[15].1.0 - looks[0].1.0) * k as f64 / 15.0;
        assert!((x - even).abs() < 60.0, "{k}: {x}, not {even}");
    }
}

/// By hand: 300 samples on one side of the mean of one normal, 100 on the other.
#[test]
fn the_lower_panel_shows_what_the_fit_has_not() {
    let desk = Desk::new();
    let near = |i: u32| f64::from(i % 100) / 100.0;
    let samples: Vec<f64> =
        (0..400).map(|i| if i < 300 { near(i) } else { 4.0 * near(i) - 4.0 }).collect();
    fs::write(desk.path("a.csv"), format!("x\n{}", column(&samples))).unwrap();
    assert_eq!(desk.run("a.csv -k 1 --plot one.svg").code, 0);
    assert_eq!(desk.run("a.csv -k 3 --plot three.svg").code, 0);
    let worst = |name: &str| -> f64 {
        let svg = fs::read_to_string(desk.path(name)).unwrap();
        assert!(svg.contains(">histogram − fit, in standard errors</text>"));
        let (_, rest) = svg.split_once("in standard errors: ").unwrap();
        rest.split_once(" at most").unwrap().0.parse().unwrap()
    };
    let (one, three) = (worst("one.svg"), worst("three.svg"));
    assert!(one > 5.0 && three < 3.0, "{one} {three}");
}

#[test]
fn a_fit_of_logarithms_is_drawn_on_their_axis() {
    let desk = Desk::new();
    let samples: Vec<f64> =
        (0..300).map(|i| 10_f64.powf(f64::from(i) / 60.0 - 2.0)).collect();
    fs::write(desk.path("a.csv"), format!("x\n{}", column(&samples))).unwrap();
    assert_eq!(desk.run("a.csv -k 2 --log --plot a.svg").code, 0);
    let svg = fs::read_to_string(desk.path("a.svg")).unwrap();
    assert!(svg.contains(">density of ln x</text>"));
    let places =
        ["0.1", "1", "10", "100"].map(|label| drawn(&svg, "fig-text\"", label).1.0);
    let step = places[1] - places[0];
    assert!(step > 500.0 && places.windows(2).all(|p| (p[1] - p[0] - step).abs() <= 1.0));
}

#[test]
fn memberships_come_in_the_order_of_the_samples() {
    let desk = Desk::with("a.csv", TWO);
    assert_eq!(desk.run("a.csv -k 2 --memberships m.csv").code, 0);
    let text = fs::read_to_string(desk.path("m.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("x,component_0,component_1"));
    let samples: Vec<f64> = TWO.lines().map(|x| x.parse().unwrap()).collect();
    assert_eq!(text.lines().count(), 1 + samples.len());
    for (line, sample) in lines.zip(samples) {
        let row: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
        assert_eq!(row[0], sample);
        assert!((row[1] + row[2] - 1.0).abs() < 1e-12);
        assert_eq!(row[1] > 0.5, sample < 3.0);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_found_before_the_fit() {
    let desk = Desk::with("a.csv", TWO);
    for option in ["--plot", "--memberships"] {
        desk.fails(
            &format!("a.csv -k 1 {option} no/a.svg"),
            1,
            &["no/a.svg: cannot write: there is no such folder\n"],
        );
        desk.fails(&format!("missing.csv -k 1 {option} no/a.svg"), 1, &["no/a.svg"]);
        desk.fails(&format!("a.csv -k 1 {option} ."), 1, &[".: cannot write: "]);
        // Nothing is left behind where the fit has failed.
        desk.fails(&format!("a.csv -k 9 {option} a.svg"), 2, &["8 different samples"]);
    }
}

#[test]
fn no_file_is_written_that_is_read_or_written_for_something_else() {
    let desk = Desk::with("a.csv", TWO);
    fs::create_dir(desk.path("folder")).unwrap();
    fs::write(desk.path("old.svg"), "old").unwrap();
    let mut names = vec!["a.csv", "./a.csv", "folder/../a.csv"];
    let mut twice = vec![("b", "b"), ("b", "./b"), ("folder/b", "folder/../folder/b")];
    twice.extend([("old.svg", "old.svg"), ("old.svg", "folder/../old.svg")]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("a.csv", desk.path("link.csv")).unwrap();
        symlink("folder", desk.path("way")).unwrap();
        symlink("old.svg", desk.path("link.svg")).unwrap();
        fs::hard_link(desk.path("a.csv"), desk.path("hard.csv")).unwrap();
        fs::hard_link(desk.path("old.svg"), desk.path("hard.svg")).unwrap();
        names.extend(["link.csv", "hard.csv"]);
        twice.extend([("folder/b", "way/b"), ("link.svg", "hard.svg")]);
    }
    for name in &names {
        for option in ["--plot", "--memberships"] {
            let says = format!("{name}: it is the file to read");
            desk.fails(&format!("a.csv -k 1 {option} {name}"), 2, &[&says]);
        }
    }
    for (plot, memberships) in twice {
        let says = format!("{memberships}: it is the file for the plot");
        let args = format!("a.csv -k 1 --plot {plot} --memberships {memberships}");
        desk.fails(&args, 2, &[&says]);
    }
    assert_eq!(fs::read_to_string(desk.path("a.csv")).unwrap(), TWO);
    assert_eq!(fs::read_to_string(desk.path("old.svg")).unwrap(), "old");
}

#[cfg(unix)]
#[test]
fn a_stream_that_a_shell_has_taken_from_a_file_is_that_file() {
    let desk = Desk::with("a.csv", TWO);
    let open = || fs::File::open(desk.path("a.csv")).unwrap();
    let onto =
        || fs::OpenOptions::new().append(true).open(desk.path("a.csv")).unwrap().into();
    for (args, onto_itself, says) in [
        ("- -k 1 --memberships a.csv", false, "a.csv: it is the file to read"),
        ("a.csv -k 1", true, "standard output: it is the file to read"),
        ("- -k 1", true, "standard output: it is the file to read"),
        ("- -k 1 --plot a.csv", true, "standard output: it is the file to read"),
    ] {
        let out = if onto_itself { onto() } else { std::process::Stdio::piped() };
        let output = desk.command(args).stdin(open()).stdout(out).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said), (Some(2), format!("emfit: {says}\n")));
        assert_eq!(fs::read_to_string(desk.path("a.csv")).unwrap(), TWO);
    }
    let out = fs::File::create(desk.path("out")).unwrap();
    let output = desk.command("a.csv -k 1 --memberships out").stdout(out).output().unwrap();
    assert_eq!(output.stderr, b"emfit: out: it is standard output\n");
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let samples: Vec<f64> = (0..5000).map(|i| f64::from(i % 97)).collect();
    let desk = Desk::with("a.csv", column(&samples));
    for args in [
        "a.csv --start 0.5:0:1,0.5:50:9 --steps 2000 --trace",
        "--help",
        "--man",
        "--completions bash",
    ] {
        let mut child = desk.command(args).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args}");
        assert_eq!(output.status.code(), Some(0), "{args}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let desk = Desk::with("a.csv", TWO);
    let to = |device| fs::OpenOptions::new().write(true).open(device).unwrap();
    for (args, out) in
        [("a.csv -k 1", "/dev/full"), ("a.csv -k 1 --memberships /dev/full", "/dev/null")]
    {
        let output = desk.command(args).stdout(to(out)).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.lines().count() == 1 && said.contains("cannot write"), "{said}");
    }
}

#[test]
fn shells_and_man_have_their_companions() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = desk.run(&format!("--completions {shell}"));
        assert!(ran.code == 0 && ran.out.contains("memberships"), "{shell}");
    }
    let man = desk.run("--man");
    assert!(man.code == 0 && man.out.contains(".TH emfit 1"), "{}", man.out);
    for part in [".SH PREDICT\n", ".SS OPTIONS\n", "\\-\\-grid", "\\-\\-interval"] {
        assert!(man.out.contains(part), "{part}\n{}", man.out);
    }
    assert_eq!(desk.run("--version").out, format!("emfit {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help_tells_every_option_and_exit_status() {
    let help = Desk::new().run("--help");
    assert_eq!(help.code, 0);
    let options = "column components criterion weights classes log start steps seed restarts \
                   tolerance prior tied plot memberships interval format trace timings skip-invalid \
                   header decimal quiet completions man";
    for option in options.split_whitespace() {
        assert!(help.out.contains(&format!("--{option}")), "no --{option}");
    }
    assert!(help.out.contains("\n  predict  Labels, memberships and densities"));
    let predict = Desk::new().run("predict --help");
    for option in
        ["--column", "--header", "--decimal", "--skip-invalid", "--grid", "--output"]
    {
        assert!(predict.code == 0 && predict.out.contains(option), "no {option}");
    }
    assert!(
        help.out.contains("0 fitted, 1 could not fit or write, 2 bad usage or bad input")
    );
}
