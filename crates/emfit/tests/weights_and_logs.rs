//! Data that count more than once, and data of which the logarithms are fitted.

mod desk;

use desk::Desk;
use serde_json::Value;

const KEYS: [&str; 4] = ["log_likelihood", "aic", "bic", "icl"];

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// 200 numbers above 0 in two groups, and how often each counts.
fn rows() -> Vec<(f64, u32)> {
    let x = |i: u32| {
        let small = 1.0 + 0.3 * f64::from(i * 37 % 100) / 100.0;
        if i.is_multiple_of(3) { 9.0 * small * small } else { small }
    };
    (0..200).map(|i| (x(i), i * 7 % 4)).collect()
}

/// Law: a weight of 3 is the same sample three times.
#[test]
fn a_weight_is_how_often_a_sample_counts() {
    let weighed: String = rows().iter().map(|(x, n)| format!("{x},{n}\n")).collect();
    let often: String =
        rows().iter().map(|(x, n)| format!("{x}\n").repeat(*n as usize)).collect();
    let desk = Desk::with("a.csv", format!("x,times\n{weighed}"));
    std::fs::write(desk.path("b.csv"), often).unwrap();
    for more in ["", "--log", "--tied", "--prior"] {
        let args = format!("-k 2 --format json {more}");
        let a = desk.run(&format!("a.csv -c x --weights times {args}")).json();
        let b = desk.run(&format!("b.csv {args}")).json();
        assert_eq!((&a["n"], &a["weights"]), (&b["n"], &"times".into()), "{more}");
        for key in KEYS {
            assert!((number(&a[key]) - number(&b[key])).abs() < 1e-6, "{more} {key}");
        }
        for k in [0, 1] {
            let (a, b) = (&a["components"][k], &b["components"][k]);
            for key in ["weight", "mean", "variance"] {
                let error = number(&b["standard_errors"][key]);
                assert!((number(&a[key]) - number(&b[key])).abs() < 1e-4 * error);
                assert!((number(&a["standard_errors"][key]) / error - 1.0).abs() < 1e-3);
            }
        }
    }
    let text = desk.run("a.csv -c x --weights 1 -k 2 --plot p.svg --memberships m.csv");
    assert!(
        text.out.starts_with("a.csv, column x, weights 1\n\n300 samples, 2"),
        "{}",
        text.out
    );
    let svg = std::fs::read_to_string(desk.path("p.svg")).unwrap();
    assert!(svg.contains("300 samples of x"));
    assert_eq!(desk.samples("m.csv").len(), 200);
    desk.fails("a.csv -c x --weights tea -k 2", 2, &["there is no column \"tea\""]);
    desk.fails("a.csv --classes --weights times -k 2", 2, &["--weights"]);
    let light = Desk::with("a.csv", "x,w\n1,.25\n2,.25\n5,.25\n6,.25\n");
    light.fails("a.csv -c x --weights w -k 2", 2, &["there are 1 samples for K = 2"]);
}

/// Law: the density of x is that of ln x divided by x. Scaling x adds a constant to ln x, and takes
/// the same from the log-likelihood as it takes from that of a fit of x itself.
#[test]
fn a_fit_of_logarithms_has_the_log_likelihood_of_the_data() {
    let column = |f: &dyn Fn(f64) -> f64| -> String {
        let rows: String = rows().iter().map(|(x, _)| format!("{}\n", f(*x))).collect();
        format!("x\n{rows}")
    };
    let desk = Desk::with("a.csv", column(&|x| x));
    std::fs::write(desk.path("logs.csv"), column(&f64::ln)).unwrap();
    std::fs::write(desk.path("cents.csv"), column(&|x| 100.0 * x)).unwrap();
    let fit =
        |args: &str| desk.run(&format!("{args} -k 1..3 --format json --trace")).json();
    let (log, plain, cents) = (fit("a.csv --log"), fit("logs.csv"), fit("cents.csv --log"));
    let sum: f64 = rows().iter().map(|(x, _)| x.ln()).sum();
    assert!((number(&log["jacobian"]) + sum).abs() < 1e-9);
    assert_eq!((&log["log"], &plain["log"]), (&true.into(), &false.into()));
    assert_eq!(plain["jacobian"], Value::Null);
    assert_eq!(log["components"], plain["components"]);
    let of = |a: &Value, key: &str| {
        if key == "log_likelihood" { number(&a[key]) } else { -0.5 * number(&a[key]) }
    };
    for key in KEYS {
        let rows = [(&log, &plain), (&log["tried"][0], &plain["tried"][0])];
        for (log, plain) in rows {
            assert!((of(log, key) - of(plain, key) + sum).abs() < 1e-8, "{key}");
        }
        assert!((of(&log, key) - of(&cents, key) - 200.0 * 100_f64.ln()).abs() < 1e-6);
    }
    let last = log["trace"].as_array().unwrap().last().unwrap();
    assert!(
        (number(&last["log_likelihood"]) - number(&log["log_likelihood"])).abs() < 1e-6
    );
    let text = desk.run("a.csv --log -k 2").out;
    assert!(text.starts_with("a.csv, column x, as ln x\n"), "{text}");
    assert!(text.contains("for x, not for ln x: the sum of ln x, "), "{text}");
    assert!(desk.run("--help").out.contains("the log-likelihood is that of x"));
}

/// Law: the probability of a class is the same on either scale.
#[test]
fn classes_may_have_logarithms() {
    let desk =
        Desk::with("a.csv", "lower,upper,count\n-inf,1,5\n1,2,20\n2,4,30\n4,inf,9\n");
    let logs =
        format!("-inf,0,5\n0,{0},20\n{0},{1},30\n{1},inf,9\n", 2_f64.ln(), 4_f64.ln());
    std::fs::write(desk.path("logs.csv"), logs).unwrap();
    let log =
        desk.run("a.csv --classes --log -k 1 --format json --memberships m.csv").json();
    let plain = desk.run("logs.csv --classes -k 1 --format json").json();
    assert_eq!((&log["components"], &log["aic"]), (&plain["components"], &plain["aic"]));
    assert_eq!(log["jacobian"], 0.0);
    let memberships = std::fs::read_to_string(desk.path("m.csv")).unwrap();
    assert!(memberships.contains("\n1,2,20,1\n"), "{memberships}");
    assert!(desk.run("a.csv --classes --log -k 1").out.contains("\nfor x as for ln x\n"));
    let zero = Desk::with("a.csv", "0,1,5\n1,2,20\n2,3,9\n");
    assert_eq!(zero.run("a.csv --classes --log -k 1").code, 0);
    for rows in ["-1,1,5\n1,2,20\n", "-1,0,5\n1,2,20\n", "-inf,0,5\n1,2,20\n"] {
        let desk = Desk::with("a.csv", rows);
        desk.fails("a.csv --classes --log -k 1", 2, &["class 0 is from", "above 0"]);
    }
}

#[test]
fn what_has_no_logarithm_is_refused_with_its_place() {
    let desk = Desk::with("a.csv", "x,y\n1,5\n2,0\n3,-1.5\n4,7\n");
    let cure = "with --log, samples are above 0; --skip-invalid leaves others out";
    let says = "a.csv:3: column 1 (y): \"0\" has no logarithm";
    desk.fails("a.csv -c y --log -k 1", 2, &[says, cure]);
    let ran = desk.run("a.csv -c y --log -k 1 --skip-invalid --format json");
    assert_eq!(ran.json()["n"], 2);
    assert_eq!(ran.err, "emfit: a.csv: ignored 2 invalid numbers\n");
    let bytes = [1.0, 2.0, -0.0, 4.0].map(f64::to_le_bytes).concat();
    let desk = Desk::with("a.npy", desk::npy("<f8", "(4,)", &bytes));
    desk.fails("a.npy --log -k 1", 2, &["a.npy: sample 2: -0 has no logarithm", cure]);
    assert_eq!(desk.run("a.npy --log -k 1 --skip-invalid").code, 0);
}
