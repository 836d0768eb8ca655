//! What `cargo teach` writes and refuses, as far as nothing has to be compiled for it.

mod desk;
use desk::{Handout, printed, refused, workspace};
use std::fs;

#[test]
fn a_handout_has_functions_to_write_and_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let handout = Handout::new(folder.path(), "one");
    let density = handout.read(desk::DENSITY);
    assert_eq!(density.matches("todo!(").count(), 3);
    assert!(density.contains("{\n    todo!(\"density.1\")\n}"), "{density}");
    assert!(!density.contains("ANCHOR") && density.contains("(eq:normal)"));
    let readme = handout.read("README.md");
    assert!(
        readme.contains("## e_step.1 Bayes' rule") && !readme.contains("misconception")
    );
    assert!(readme.contains("## extensions.1"));
    assert!(handout.read("exercises.tsv").lines().count() >= 14);
    let own = [
        "check_my_work",
        "density",
        "e_step",
        "em",
        "extensions",
        "m_step",
        "notebook",
        "sampling",
    ];
    let mut crates: Vec<_> = fs::read_dir(handout.0.join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    crates.sort();
    assert_eq!(crates, own);
    let text = handout.read("crates/extensions/src/lib.rs");
    assert!(text.contains("pub mod exponential;") && !text.contains("skewness"));
    let tests = handout.read("crates/em/tests/em.rs");
    assert!(!tests.contains("figures::") && !tests.contains("rate::linear"));
    assert!(tests.contains("fn the_loop_is_the_e_step_and_the_m_step_in_turn("));
}

#[test]
fn a_later_part_has_the_earlier_ones_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("two");
    printed(&["handout", out.to_str().unwrap(), "--part", "2"]);
    let read = |file: &str| fs::read_to_string(out.join(file)).unwrap();
    assert!(!read(desk::EM).contains("todo!"));
    assert!(read("crates/bound/src/lib.rs").contains("todo!(\"bound.2\")"));
}

#[test]
fn an_archive_unpacks_into_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("course.zip");
    printed(&["handout", out.to_str().unwrap(), "--part", "1"]);
    let mut zip = zip::ZipArchive::new(fs::File::open(&out).unwrap()).unwrap();
    assert!(zip.file_names().all(|name| name.unwrap().starts_with("course/")));
    assert!(zip.by_name("course/crates/em/src/lib.rs").unwrap().size() > 1000);
    assert!(
        refused(&["handout", out.to_str().unwrap(), "--part", "1"]).contains("already")
    );
}

#[test]
fn a_folder_that_is_not_empty_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "mine").unwrap();
    let out = folder.path().to_str().unwrap();
    let said = refused(&["handout", out, "--part", "1"]);
    assert!(said.ends_with("is not empty\n"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let said = refused(&["handout", &format!("{out}/thesis.tex"), "--part", "1"]);
    assert!(said.ends_with("is no folder\n"), "{said}");
}

#[test]
fn a_part_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("x");
    for part in ["0", "99"] {
        let said = refused(&["handout", out.to_str().unwrap(), "--part", part]);
        assert!(
            said.starts_with(&format!("error: there is no part {part}: the book has "))
        );
    }
}

#[test]
fn own_data_need_a_salt_a_key_and_a_student_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (out, key) = (path("out"), path("key.csv"));
    let call = |more: &[&str]| {
        let all = [&["data", &out, "--student", "7"], more].concat();
        refused(&all)
    };
    assert!(call(&["--key", &key]).starts_with("error: --student needs --salt"));
    assert!(call(&["--salt", "a long secret"]).starts_with("error: --student needs --key"));
    assert!(call(&["--key", &key, "--salt", "short"]).contains("8 to 32"));
    assert!(
        refused(&["handout", &out, "--part", "1", "--salt", "x"]).contains("--student")
    );
    let said = printed(&[
        "data",
        &out,
        "--student",
        "7..8",
        "--salt",
        "a long secret",
        "--key",
        &key,
    ]);
    assert!(said.starts_with("students: 2, "), "{said}");
    let samples = fs::read_to_string(folder.path().join("out/7.csv")).unwrap();
    assert_eq!(samples.lines().count(), 301);
    let other = path("other");
    let again = refused(&[
        "data",
        &other,
        "--student",
        "8..9",
        "--salt",
        "a long secret",
        "--key",
        &key,
    ]);
    assert!(again.starts_with("error: student 8 is in "), "{again}");
    assert!(!folder.path().join("other").exists());
    let handout = path("handout");
    printed(&[
        "handout",
        &handout,
        "--part",
        "1",
        "--student",
        "9",
        "--salt",
        "a long secret",
        "--key",
        &key,
    ]);
    assert!(folder.path().join("handout/own/data.csv").is_file());
    assert_eq!(fs::read_to_string(&key).unwrap().lines().count(), 4);
}

#[test]
fn plans_are_made_from_the_minutes() {
    let said = printed(&["plan", "three_hours"]);
    assert!(said.starts_with("Three hours (three_hours)\n  session 1, 90 minutes, "));
    assert!(said.contains("30  lecture   e_step"), "{said}");
    assert!(
        refused(&["plan", "tomorrow"])
            .contains("there is no syllabus tomorrow: three_hours")
    );
}

#[test]
fn what_is_no_submission_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["ada-7", "bob-7", "eve"] {
        fs::create_dir(path(name)).unwrap();
    }
    let grade = |more: &[&str]| refused(&[&["grade", "--part", "1"], more].concat());
    assert!(grade(&[&path("nobody")]).ends_with("nobody is no folder\n"));
    let said = grade(&[&path("ada-7"), &path("bob-7")]);
    assert_eq!(said, "error: student 7 is there twice, the second time as bob-7\n");
    assert!(grade(&[&path("eve"), &path("eve")]).contains("eve is there twice"));
    assert!(grade(&[&path("eve"), "--key", &path("none.csv")]).contains("there is no"));
    assert!(
        grade(&[&path("eve"), &path("ada-7"), "--format", "gradescope"]).contains("one")
    );
}

/// What press shows of a lesson is what the tests have said.
#[test]
fn every_misconception_has_its_message_on_record() {
    let text = fs::read_to_string(workspace().join("teach/messages.toml")).unwrap();
    let record: toml::Table = text.parse().unwrap();
    let course = lessons::Course::read(&workspace()).unwrap();
    let mut count = 0;
    for exercise in course.exercises() {
        for wrong in &exercise.wrong {
            let said = record.get(&exercise.id).and_then(|names| names.get(&wrong.name));
            assert!(said.is_some(), "{}: {} has no message", exercise.id, wrong.name);
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}
