//! Grades, for people and for programs.

use crate::grade::Grade;
use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::json;
use std::fmt::Write;

/// How grades are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For the eye
    Table,
    /// A line a submission, for a spreadsheet
    Csv,
    /// Everything
    Json,
    /// Gradescope's results.json, of one submission
    Gradescope,
}

/// The grades in a format.
pub fn report(grades: &[Grade], format: Format) -> Result<String> {
    Ok(match format {
        Format::Table => table(grades),
        Format::Csv => csv(grades)?,
        Format::Json => {
            serde_json::to_string_pretty(&grades.iter().map(all).collect::<Vec<_>>())?
                + "\n"
        }
        Format::Gradescope => match grades {
            [grade] => serde_json::to_string_pretty(&gradescope(grade))? + "\n",
            _ => bail!(
                "Gradescope's results.json is of one submission, and these are {}",
                grades.len()
            ),
        },
    })
}

fn table(grades: &[Grade]) -> String {
    let mut text = String::new();
    for grade in grades {
        let _ =
            writeln!(text, "{}: {} of {} points", grade.name, grade.points(), grade.most());
        for mark in &grade.marks {
            let (id, points, most) = (&mark.id, mark.points, mark.most);
            let _ = writeln!(text, "  {points:>2} of {most:<2}  {id:<18} {}", mark.says);
        }
        for remark in &grade.remarks {
            let _ = writeln!(text, "  note: {remark}");
        }
        text.push('\n');
    }
    text
}

fn csv(grades: &[Grade]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let ids = grades.first().into_iter().flat_map(|grade| &grade.marks);
    let head = ["submission".to_owned(), "points".to_owned(), "of".to_owned()];
    let ids = ids.map(|mark| mark.id.clone());
    writer.write_record(head.into_iter().chain(ids).chain(["notes".to_owned()]))?;
    for grade in grades {
        let head =
            [grade.name.clone(), grade.points().to_string(), grade.most().to_string()];
        let marks = grade.marks.iter().map(|mark| mark.points.to_string());
        let notes = grade.remarks.iter().cloned().collect::<Vec<_>>().join("; ");
        writer.write_record(head.into_iter().chain(marks).chain([notes]))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn all(grade: &Grade) -> serde_json::Value {
    let mark = |mark: &crate::grade::Mark| {
        json!({
            "id": mark.id, "title": mark.title, "points": mark.points, "of": mark.most,
            "outcome": mark.word, "says": mark.says,
        })
    };
    json!({
        "submission": grade.name,
        "points": grade.points(),
        "of": grade.most(),
        "exercises": grade.marks.iter().map(mark).collect::<Vec<_>>(),
        "notes": grade.remarks,
    })
}

/// As <https://gradescope-autograders.readthedocs.io/en/latest/specs/> has it.
fn gradescope(grade: &Grade) -> serde_json::Value {
    let test = |mark: &crate::grade::Mark| {
        json!({
            "name": format!("{} {}", mark.id, mark.title),
            "number": mark.id,
            "score": mark.points,
            "max_score": mark.most,
            "status": if mark.word == "done" { "passed" } else { "failed" },
            "output": mark.says,
            "visibility": "visible",
        })
    };
    json!({
        "score": grade.points(),
        "output": grade.remarks.iter().cloned().collect::<Vec<_>>().join("\n"),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": grade.marks.iter().map(test).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::Mark;
    use std::collections::BTreeSet;

    fn grades() -> Vec<Grade> {
        let mark = |id: &str, points, word, says: &str| Mark {
            id: id.into(),
            title: "T".into(),
            points,
            most: 2,
            word,
            says: says.into(),
        };
        let marks = vec![
            mark("em.1", 2, "done", "done"),
            mark("em.2", 0, "not_yet", "not yet: \"1, 2\" is not 3"),
        ];
        let remarks = BTreeSet::from(["tests changed, twice".to_owned()]);
        vec![Grade { name: "ada".into(), marks, remarks }]
    }

    #[test]
    fn every_format_has_the_points_and_the_reasons() {
        let table = report(&grades(), Format::Table).unwrap();
        assert!(table.starts_with("ada: 2 of 4 points\n   2 of 2   em.1"), "{table}");
        assert!(table.contains("note: tests changed, twice"));
        let csv = report(&grades(), Format::Csv).unwrap();
        assert_eq!(
            csv,
            "submission,points,of,em.1,em.2,notes\nada,2,4,2,0,\"tests changed, twice\"\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&report(&grades(), Format::Json).unwrap()).unwrap();
        assert_eq!(json[0]["exercises"][1]["says"], "not yet: \"1, 2\" is not 3");
    }

    #[test]
    fn gradescope_gets_its_results() {
        let text = report(&grades(), Format::Gradescope).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["score"], 2);
        assert_eq!(json["tests"][0]["status"], "passed");
        assert_eq!(json["tests"][1]["max_score"], 2);
        let two: Vec<Grade> = grades().into_iter().chain(grades()).collect();
        assert!(report(&two, Format::Gradescope).is_err());
    }
}
