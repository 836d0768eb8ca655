//! What the laboratory promises.

use figures::{book, names};
use lab::Lab;
use serde_json::Value;

fn ask(lab: &mut Lab, request: &str) -> Value {
    let reply = lab.reply(request);
    serde_json::from_str(&reply)
        .unwrap_or_else(|error| panic!("{request}: {error}: {reply}"))
}

fn picture(reply: &Value) -> &str {
    reply["pictures"][0].as_str().unwrap_or_else(|| panic!("no picture: {reply}"))
}

/// The changes that the controls of a reply offer, each with the least and the largest value.
fn changes(controls: &Value) -> Vec<String> {
    let mut all = vec![];
    for control in controls.as_array().unwrap() {
        let name = control["name"].as_str().unwrap_or_default();
        match control["is"].as_str().unwrap() {
            "group" => all.extend(changes(&control["of"])),
            "slider" | "number" => {
                all.extend(["min", "max"].map(|end| format!("{name}={}", control[end])));
            }
            "choice" => {
                let options = control["options"].as_array().unwrap();
                all.extend(
                    options.iter().map(|o| format!("{name}={}", o[0].as_str().unwrap())),
                );
            }
            "button" | "run" => {
                let change = |key: &str| control[key].as_str().map(str::to_owned);
                all.extend([change("change"), change("end")].into_iter().flatten());
            }
            _ => {}
        }
    }
    all
}

#[test]
fn a_live_figure_begins_as_the_picture_of_the_book() {
    let mut lab = Lab::default();
    let mut compared = 0;
    for name in lab::names().into_iter().filter(|name| names().contains(name)) {
        let live = ask(&mut lab, &format!("figure={name}"));
        assert!(picture(&live) == book(name).unwrap().unwrap().inline(), "{name}");
        compared += 1;
    }
    assert!(compared >= 3);
}

#[test]
fn a_state_gives_the_same_reply_again() {
    for name in lab::names() {
        let first = ask(&mut Lab::default(), &format!("figure={name}&id=live1"));
        let state = first["state"].as_str().unwrap();
        assert!(state.starts_with(&format!("figure={name}")), "{state}");
        assert!(ask(&mut Lab::default(), &format!("{state}&id=live1")) == first, "{name}");
    }
}

#[test]
fn every_control_at_its_ends_gets_a_picture_or_a_reason() {
    for name in lab::names() {
        let mut lab = Lab::default();
        let first = ask(&mut lab, &format!("figure={name}&id=live1"));
        let state = first["state"].as_str().unwrap();
        for change in changes(&first["controls"]) {
            let reply = ask(&mut lab, &format!("{state}&{change}&id=live1"));
            let error = reply["error"].as_str().unwrap_or("none");
            assert!(!error.is_empty(), "{name} {change}");
            if reply["error"].is_null() {
                let svg = picture(&reply);
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name} {change}");
            }
        }
    }
}

#[test]
fn what_is_remembered_changes_nothing() {
    let mut old = Lab::default();
    for at in [40, 3, 0, 41, 12] {
        for figure in ["em/half_step", "density/histogram"] {
            let request = format!(
                "figure={figure}&data=old_faithful&start=0.5,60,50;0.5,80,50&at={at}"
            );
            let [remembered, fresh] =
                [&mut old, &mut Lab::default()].map(|lab| ask(lab, &request));
            assert!(remembered == fresh, "{request}");
        }
    }
}

#[test]
fn nonsense_gets_a_reason_and_no_panic() {
    let mut lab = Lab::default();
    for request in [
        "",
        "&&==",
        "figure=tea",
        "figure=em/half_step&data=tea",
        "figure=em/half_step&data=own&samples=1,NaN",
        "figure=em/half_step&data=own&samples=1,two,3",
        "figure=em/half_step&data=own&samples=",
        "figure=em/half_step&data=own&samples=#0123456789abcdef",
        "figure=em/half_step&start=1,2",
        "figure=em/half_step&start=0.5,0,-1;0.5,0,1",
        "figure=em/half_step&start=0.5,0,1",
        "figure=em/half_step&at=-1",
        "figure=em/half_step&at=99999999",
        "figure=em/half_step&mean.2=0",
        "figure=em/half_step&mean.x=0",
        "figure=em/half_step&mean.0=inf",
        "figure=em/half_step&cure=tea",
        "figure=em/half_step&data=drawn&n=99999999",
        "figure=em/half_step&data=drawn&n=0",
        "figure=em/half_step&data=drawn&seed=-1",
        "figure=em/half_step&data=own&samples=-1e308,1e308",
    ] {
        let reply = ask(&mut lab, request);
        assert!(reply["error"].as_str().is_some_and(|error| error.len() > 9), "{request}");
    }
}

/// What the folded answers of the blocks *Play* say.
mod play {
    use super::*;

    fn say(request: &str) -> String {
        let reply = ask(&mut Lab::default(), request);
        reply["say"].as_str().unwrap_or_else(|| panic!("{reply}")).replace('\u{202F}', " ")
    }

    #[track_caller]
    fn says(request: &str, words: &[&str]) {
        let said = say(request);
        words.iter().for_each(|words| assert!(said.contains(words), "{words}: {said}"));
    }

    #[test]
    fn density() {
        says("figure=density/histogram&start=0.5,0,1;0.5,1,1", &["−85 229.23"]);
        says("figure=density/histogram", &["−23 904.08"]);
    }

    #[test]
    fn e_step() {
        says("figure=e_step/memberships", &["x = −4.938 and 1.604"]);
        says("figure=e_step/memberships&variance.1=1", &["one half at x = 2.331."]);
    }

    #[test]
    fn em() {
        let run = |second: &str, at: &str| {
            say(&format!("figure=em/half_step&start=0.5,0,1;0.5,{second},1&at={at}"))
        };
        assert!(run("1", "end").contains("After 58 steps. Log-likelihood −23 903.50"));
        let swapped = run("-3", "end");
        assert!(swapped.contains("After 76 steps. Log-likelihood −23 903.50"));
        assert!(swapped.contains("Component 0: weight 0.7019, mean 4.99"));
        assert!(run("0.01", "1000").contains("After 500 steps. Log-likelihood −24 767.47"));
        assert!(run("0.01", "end").contains("After 796 steps. Log-likelihood −23 903.50"));
    }
}
