//! A student's way through a handout.

use crate::desk::{DENSITY, E_STEP, EM, EXTENSION, Handout, M_STEP, SAMPLING};

#[test]
#[ignore = "compiles a handout: .ci/run"]
fn a_student_breaks_mends_and_is_told_when_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let handout = Handout::new(folder.path(), "course");

    let (said, code) = handout.check(&["density"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[ ] density.1        The normal density: not begun"), "{said}");
    assert!(said.contains("0 of 3 done"), "{said}");

    handout.body(DENSITY, "density.1", "(-(x - mean).powi(2) / (2.0 * variance)).exp()");
    let (said, _) = handout.check(&["density.1"]);
    assert!(said.contains("not yet: ") && said.contains("is not 1 within"), "{said}");
    assert!(!said.contains("RUST_BACKTRACE") && !said.contains("panicked"), "{said}");

    let text = handout.read(DENSITY);
    let wrong = "(-(x - mean).powi(2) / (2.0 * variance)).exp()";
    handout.write(DENSITY, &text.replace(wrong, "variance.hight()"));
    let (said, _) = handout.check(&["density.1"]);
    assert!(said.contains("does not compile: no method named `hight`"), "{said}");
    assert!(said.contains("crates/density/src/lib.rs:"), "{said}");

    handout.solve(DENSITY);
    let (said, _) = handout.check(&["density.3"]);
    assert!(said.contains("its test needs sampling.2, which is not begun"), "{said}");
    handout.solve(SAMPLING);
    let (said, code) = handout.check(&["density"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("3 of 3 done"), "{said}");

    let (said, code) = handout.check(&["--hint", "e_step.1"]);
    assert_eq!(
        (said.as_str(), code),
        ("e_step.1: Before you see x, how likely is component k?\n", Some(0))
    );
    let (said, code) = handout.check(&["tea"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("tea is no chapter or exercise here; these are: sampling.1, "),
        "{said}"
    );

    for file in [E_STEP, M_STEP, EM, EXTENSION] {
        handout.solve(file);
    }
    let (said, code) = handout.check(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("[ ]"), "{said}");
    let (said, _) = handout.check(&["em", "--format", "json"]);
    assert!(
        said.starts_with("[{\"id\":\"em.1\",\"outcome\":\"done\",\"says\":\"done\"}"),
        "{said}"
    );
}
