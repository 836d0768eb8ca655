//! Submissions that are right, half done and hostile.

use crate::desk::{DENSITY, E_STEP, EM, EXTENSION, Handout, M_STEP, SAMPLING, teach};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// One call for all submissions: building is what takes time.
fn grades(folder: &Path, names: &[&str]) -> Value {
    let paths: Vec<String> =
        names.iter().map(|name| folder.join(name).to_str().unwrap().to_owned()).collect();
    let mut arguments = vec!["grade", "--part", "1", "--seconds", "5", "--format", "json"];
    arguments.extend(paths.iter().map(String::as_str));
    let output = teach(&arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.starts_with("guarded: "), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is said of an exercise, and its points.
fn mark(grade: &Value, id: &str) -> (String, u64) {
    let all = grade["exercises"].as_array().unwrap();
    let mark =
        all.iter().find(|mark| mark["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    (mark["says"].as_str().unwrap().to_owned(), mark["points"].as_u64().unwrap())
}

#[test]
#[ignore = "compiles and runs submissions: .ci/run"]
fn every_submission_is_graded_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "of the lecturer").unwrap();
    let outside = outside.to_str().unwrap();

    let right = Handout::new(folder.path(), "ada-1");
    for file in [SAMPLING, DENSITY, E_STEP, M_STEP, EM, EXTENSION] {
        right.solve(file);
    }

    let half = Handout::new(folder.path(), "bob-2");
    half.solve(SAMPLING);
    half.body(DENSITY, "density.2", "normal(x, mean, variance).ln()");
    // An import, a helper and a body of one's own are lifted together.
    let with_helper = half
        .read(EM)
        .replace("todo!(\"em.2\")", "data.iter().map(|&x| of_one(x, mixture)).sum()");
    half.write(EM, &format!("{with_helper}\nuse density::mixture as p;\nfn of_one(x: f64, m: &Mixture) -> f64 {{\n    p(x, m).ln()\n}}\n"));

    let hostile = Handout::new(folder.path(), "mallory-3");
    hostile.body(SAMPLING, "sampling.1", "let _ = rng; loop { std::hint::spin_loop() }");
    hostile.body(
        SAMPLING,
        "sampling.2",
        "loop { println!(\"{}\", \"x\".repeat(1 << 20)) }",
    );
    hostile.body(SAMPLING, "sampling.3", "panic!(\"give me the points\")");
    hostile.body(
        DENSITY,
        "density.1",
        "println!(\"test ok\\ntest result: ok. 1 passed\"); std::process::exit(0)",
    );
    hostile.body(
        DENSITY,
        "density.2",
        &format!("std::fs::read(\"{outside}/secret\").unwrap().len() as f64"),
    );
    hostile.body(
        DENSITY,
        "density.3",
        &format!("std::fs::write(\"{outside}/mine\", \"x\").unwrap(); 0.0"),
    );
    hostile.body(E_STEP, "e_step.1", "let x: u32 = \"no number\"; x");
    hostile.body(
        E_STEP,
        "e_step.2",
        &format!("use std::include_str as told; told!(\"{outside}/secret\"); todo!()"),
    );
    hostile.write("crates/e_step/tests/e_step.rs", "#[test]\nfn bayes_rule_by_hand() {}\n");
    hostile.write("crates/e_step/build.rs", "fn main() { panic!() }\n");
    hostile.body(
        EM,
        "em.1",
        "{ std::net::TcpStream::connect(\"127.0.0.1:9\").unwrap(); None }",
    );
    hostile.body(EM, "em.2", "log_likelihood(data, mixture) + 1.0");
    hostile.solve(M_STEP);

    let deep = Handout::new(folder.path(), "deep-4");
    let brackets = format!("{}1{}", "(".repeat(50_000), ")".repeat(50_000));
    deep.body(EM, "em.2", &format!("{brackets} as f64"));

    let empty = folder.path().join("empty-5");
    fs::create_dir(&empty).unwrap();

    let all = grades(folder.path(), &["ada-1", "bob-2", "mallory-3", "deep-4", "empty-5"]);
    let [ada, bob, mallory, deep, empty] = [0, 1, 2, 3, 4].map(|i| &all[i]);

    assert_eq!(ada["points"], ada["of"], "{ada:#}");
    assert_eq!(ada["notes"], Value::Array(vec![]));

    assert_eq!(mark(bob, "sampling.2"), ("done".to_owned(), 2));
    assert_eq!(mark(bob, "density.1"), ("not begun".to_owned(), 0));
    assert!(mark(bob, "density.2").0.contains("-inf is not"), "{bob:#}");
    assert_eq!(mark(bob, "em.2"), ("done".to_owned(), 1), "{bob:#}");

    let says = |id: &str| {
        let (says, points) = mark(mallory, id);
        assert_eq!(points, 0, "{id}: {says}");
        says
    };
    assert!(says("sampling.1").contains("has not ended after 5 s"), "{mallory:#}");
    assert!(says("sampling.2").contains("has printed more than 64 KiB"));
    assert!(says("sampling.3").contains("give me the points"));
    assert!(says("density.1").contains("ended itself before the test had decided"));
    let guarded = cfg!(target_os = "linux");
    if guarded {
        assert!(says("density.2").contains("Permission denied"), "{}", says("density.2"));
        assert!(says("density.3").contains("Permission denied"), "{}", says("density.3"));
        assert!(!Path::new(outside).join("mine").exists());
    }
    let said = says("e_step.1");
    assert!(said.starts_with("does not compile: mismatched types"), "{said}");
    assert!(says("e_step.2").contains("include_str! is refused"));
    assert!(says("em.1").contains("not yet: "), "{}", says("em.1"));
    assert!(says("em.2").contains("stack is full"), "{}", says("em.2"));
    assert_eq!(mark(mallory, "m_step.3"), ("done".to_owned(), 2), "the rest is graded");
    let notes = mallory["notes"].to_string();
    assert!(notes.contains("crates/e_step/tests/e_step.rs is not as it was: ours is used"));
    assert!(notes.contains("speaks of files") && notes.contains("speaks of the network"));

    assert!(mark(deep, "em.2").0.contains("brackets nested more than"), "{deep:#}");
    assert_eq!(empty["points"], 0);
    assert!(empty["notes"].to_string().contains("no handout in it"), "{empty:#}");
}
