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
        "figure=lab&k=99",
        "figure=lab&data=own&samples=1e300,1,2,3",
        "figure=lab&start=0.5,NaN,1;0.5,0,1",
        "figure=lab&cure=prior&strength=NaN",
    ] {
        let reply = ask(&mut lab, request);
        assert!(reply["error"].as_str().is_some_and(|error| error.len() > 9), "{request}");
    }
}

#[test]
fn numbers_that_are_refused_leave_those_before() {
    let mut lab = Lab::default();
    let many: String = (0..700).map(|i| format!("{} ", i % 37)).collect();
    let reply = ask(&mut lab, &format!("figure=lab&data=own&samples={many}"));
    let state = reply["state"].as_str().unwrap();
    let before = ask(&mut lab, state);
    assert_eq!(before["say"], reply["say"]);
    let too_many = "1 ".repeat(1_000_001);
    for refused in ["1,two", "1", "NaN", "", "#0123456789abcdef", &too_many[..]] {
        let error = ask(&mut lab, &format!("{state}&samples={refused}"));
        assert!(error["error"].is_string() && error["state"].is_null(), "{error}");
        assert!(ask(&mut lab, state) == before, "{refused:.20}");
    }
}

#[test]
fn a_truth_grows_and_shrinks_and_stays_a_mixture() {
    let mut lab = Lab::default();
    let mut parts = |state: &str, n: usize| {
        let reply = ask(&mut lab, &format!("{state}&parts={n}"));
        let state = reply["state"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned();
        let truth = state.split('&').find_map(|pair| pair.strip_prefix("truth=")).unwrap();
        let weights = truth.split(';').map(|c| c.split(',').next().unwrap());
        let weights: Vec<f64> = weights.map(|w| w.parse().unwrap()).collect();
        assert_eq!(weights.len(), n);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        state
    };
    let six = parts("figure=lab&data=drawn", 6);
    let two = parts(&six, 2);
    let state = |n| parts(&two, n);
    assert!([1, 3, 6].map(state).iter().all(|state| state.contains("&at=0&")));
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
    fn sampling() {
        let humps = |truth: &str| say(&format!("figure=sampling/histogram&truth={truth}"));
        assert!(humps("0.5,0,1;0.5,2,1").ends_with("Its density has one hump."));
        assert!(humps("0.5,0,1;0.5,2.1,1").ends_with("Its density has 2 humps."));
        assert!(humps("0.3,0,1;0.7,3,4").ends_with("Its density has 2 humps."));
        assert!(humps("0.3,0,1;0.7,2.8,4").ends_with("Its density has one hump."));
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
        let exchanged = "figure=e_step/memberships&variance.1=1&variance.0=4";
        says(exchanged, &["one half at x = 2.766 and 10.57."]);
    }

    #[test]
    fn m_step() {
        for start in ["0.5,0,1;0.5,1,1", "0.5,-3,0.1;0.5,9,30", "0.9,5,1;0.1,6,50"] {
            let request = format!("figure=m_step/before_and_after&start={start}");
            says(&request, &["the mean 3.501 and the variance 8.295"]);
        }
    }

    #[test]
    fn em() {
        let run = |second: &str, at: &str| {
            say(&format!("figure=em/half_step&start=0.5,0,1;0.5,{second},1&at={at}"))
        };
        assert!(run("1", "end").contains("After 58 steps. Log-likelihood −23 903.50"));
        let divided =
            "The E-step has divided the samples: 0.2125 to component 0, 0.7875 to";
        assert!(run("1", "1").contains(divided), "{}", run("1", "1"));
        assert!(run("1", "2").contains(
            "has fitted each component to its share. Component 0: weight 0.2125"
        ));
        let swapped = run("-3", "end");
        assert!(swapped.contains("After 76 steps. Log-likelihood −23 903.50"));
        assert!(swapped.contains("Component 0: weight 0.7019, mean 4.99"));
        assert!(run("0.02", "500").contains("After 250 steps. Log-likelihood −24 767.47"));
        assert!(run("0.02", "end").contains("After 552 steps. Log-likelihood −23 903.50"));
    }

    #[test]
    fn k_means() {
        let end = |by: &str| format!("figure=k_means/half_step&by={by}&at=end");
        let soft = ["After 58 steps.", "variance 1.013.", "mean 4.99, variance 3.95."];
        says(&end("memberships"), &soft);
        let hard = ["After 23 steps. Bound −24 360.84", "variance 0.9216."];
        says(&end("labels"), &hard);
        says(&end("labels"), &["mean 5.165, variance 3.271."]);
        let again = say("figure=k_means/half_step&by=labels&at=1000");
        assert_eq!(
            again.split_once("Component").unwrap().1,
            say(&end("labels")).split_once("Component").unwrap().1
        );
    }

    #[test]
    fn bound_half_steps() {
        for (step, share) in [(1, "0.2"), (2, "39.4"), (6, "43.5"), (40, "45.9")] {
            let request = format!("figure=bound/half_steps&last={step}");
            says(&request, &[&format!(", {share} % of all.")]);
        }
    }

    #[test]
    fn bound_minoriser() {
        let climb = |touch: &str| format!("figure=bound/minoriser&touch={touch}&to=end");
        says(&climb("2.5"), &["From 2.5 it takes 31 climbs.", "maximum at 0.0069"]);
        says(&climb("2.6"), &["From 2.6 it takes 59 climbs.", "maximum at 5.627."]);
    }

    #[test]
    fn rate() {
        for (distance, steps) in [("4", 21), ("3", 75), ("2", 696), ("1.5", 2466)] {
            let request = format!("figure=rate/distance&distance={distance}");
            says(&request, &[&format!("arrives after {steps} steps.")]);
        }
    }

    #[test]
    fn stability() {
        let run = |cure: &str| format!("figure=stability/collapse&cure={cure}&at=end");
        let end = ["After 6 steps.", "component 1 has collapsed on the point 10"];
        says(&run("refuse"), &end);
        says(&run("floor"), &["After 9 steps.", "mean 10, variance 0.1256."]);
        says(&run("prior"), &["After 7 steps.", "mean 10, variance 0.8373."]);
        says(&run("prior&strength=0.01"), &["mean 10, variance 0.01244."]);
    }

    #[test]
    fn start() {
        let run =
            |means: &str, at: &str| format!("figure=start/basins&means={means}&at={at}");
        says(&run("-1,-0.5", "2"), &["to 3.548 and 5.451 in 1 step."]);
        says(&run("-1,-0.5", "end"), &["Log-likelihood −269.54. Arrived."]);
        says(&run("3.548,5.451", "end"), &["Log-likelihood −261.55. Arrived."]);
    }

    #[test]
    fn selection() {
        let fit = |k: usize| format!("figure=selection/fit&k={k}");
        says(&fit(3), &["BIC 441.6", "mean 21.4, variance 4.816."]);
        let cut = ["mean 19.75, variance 0.1871.", "mean 21.91, variance 5.142."];
        says(&fit(4), &["AIC 416.9, BIC 443.4", cut[0], cut[1]]);
        says(&fit(5), &["Component 4"]);
    }

    #[test]
    fn compression() {
        let wrong = |d: &str| format!("figure=compression/error&deviation={d}");
        says(&wrong("1"), &["wrong by 3.332e−13"]);
        says(&wrong("0.2"), &["wrong by 1.2", "e−9, with 64 bins by 0.00013"]);
    }

    #[test]
    fn grouped() {
        for (weight, cost) in [("0.3", "0.429"), ("0.25", "0.815"), ("0.65", "1.239")] {
            let request = format!("figure=grouped/ridge&weight={weight}");
            says(&request, &[&format!("log-likelihood is {cost} below the best")]);
        }
    }

    #[test]
    fn uncertainty() {
        let draw = |rest: &str| format!("figure=uncertainty/repeated&{rest}");
        for (seed, misses) in [(1, 4), (2, 2), (3, 2), (4, 2)] {
            says(&draw(&format!("seed={seed}")), &[&format!("{misses} of 20 intervals")]);
        }
        says(&draw("n=2000"), &["1 of 20 intervals"]);
        says(&draw("way=complete"), &["9 of 20 intervals"]);
        says(&draw("way=complete&n=2000"), &["6 of 20 intervals"]);
    }

    #[test]
    fn laboratory() {
        let own = |more: &str| {
            say(&format!("figure=lab&data=own&samples=0,1,2,3,40&at=end{more}"))
        };
        for stuck in ["", "&cure=refuse"] {
            let said = own(stuck);
            assert!(
                said.starts_with("After 4 steps.") && said.contains("collapsed"),
                "{said}"
            );
        }
        assert!(
            own("&cure=floor").contains("Arrived")
                && own("&cure=prior").contains("Arrived")
        );
        let error = |n: usize| {
            let request = format!("figure=lab&data=drawn&n={n}&from=quantiles&at=end");
            let reply = ask(&mut Lab::default(), &request);
            reply["table"][1][2].as_str().unwrap().split(" ± ").nth(1).unwrap().to_owned()
        };
        assert_eq!([error(10_000), error(1_000_000)], ["0.027", "0.0028"]);
    }
}
