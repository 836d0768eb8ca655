//! What the pictures promise to the pages and to the reader.

mod laws;

use figures::{Figure, FigureError, Labels, PlotError, book, names};
use laws::between;
use sampling::Mixture;
use std::collections::HashMap;
use std::fs;

fn all() -> Vec<(&'static str, Figure)> {
    names().into_iter().map(|name| (name, book(name).unwrap().unwrap())).collect()
}

#[test]
fn every_picture_keeps_the_laws_of_the_book() {
    assert!(names().len() >= 34 && book("sampling/tea").is_none());
    let ids = laws::keep(all);
    assert!(ids.contains("fig-em-log-likelihood-title"));
}

#[test]
fn the_dots_of_the_memberships_are_where_the_formula_says() {
    let svg = book("e_step/memberships").unwrap().unwrap().inline();
    assert!(svg.contains(">x = 1.604</text>") && svg.contains(">x = −4.938</text>"));
}

#[test]
fn no_samples_and_samples_that_are_no_numbers_are_refused() {
    type Draw = fn(&[f64]) -> Result<Figure, FigureError>;
    let draws: [Draw; 6] = [
        |data| figures::sampling::histogram(data, &(0.0..1.0)),
        |data| figures::density::histogram(data, &notebook::truth(), Labels::OnTop),
        |data| figures::e_step::memberships(&notebook::truth(), data, Labels::OnTop),
        |data| figures::e_step::histogram(data, &notebook::truth()),
        |data| {
            let (before, after) = (notebook::guess(), notebook::truth());
            figures::m_step::before_and_after(data, &before, &after, Labels::OnTop)
        },
        |data| figures::em::fits(data, &[(0, notebook::truth())]),
    ];
    for draw in draws {
        assert!(matches!(draw(&[]), Err(FigureError::Plot(PlotError::NoSamples))));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = draw(&[1.0, bad]).unwrap_err();
            assert!(matches!(
                error,
                FigureError::Plot(PlotError::NotFinite { sample: 1, .. })
            ));
            let message = format!("sample 1 is {bad}: a sample is a finite number");
            assert_eq!(error.to_string(), message);
        }
    }
    assert!(matches!(figures::em::fits(&[1.0], &[]), Err(FigureError::NoFits)));
}

#[test]
fn a_map_needs_samples_that_differ() {
    let message =
        |data: &[f64]| figures::start::Basins::new(data, 0.0..1.0).unwrap_err().to_string();
    assert_eq!(message(&[]), "there are no samples");
    assert_eq!(message(&[1.0, f64::NAN]), "sample 1 is NaN: a sample is a finite number");
    assert!(message(&[2.0; 9]).starts_with("all samples are 2"));
}

#[test]
fn criteria_and_ratios_need_some() {
    use figures::selection::{criteria, fits, ratios};
    assert!(matches!(criteria(&[]), Err(FigureError::NoFits)));
    assert!(matches!(fits(&[]), Err(FigureError::NoFits)));
    let error = fits(&[("", vec![1.0, f64::NAN], notebook::truth())]).unwrap_err();
    assert_eq!(error.to_string(), "sample 1 is NaN: a sample is a finite number");
    let error = ratios(&[], 1.0).unwrap_err();
    assert_eq!(error.to_string(), "0 replicates were given: a p-value needs at least 1");
    assert!(ratios(&[1.0], f64::NAN).unwrap_err().to_string().contains("NaN"));
}

#[test]
fn pictures_of_records_need_rows() {
    use figures::{acceleration, compression, fit, one_pass, search, uncertainty};
    for none in [
        search::strategies(&[]),
        acceleration::gaps(&[]),
        uncertainty::coverages(&[]),
        one_pass::ladder(&[]),
        compression::error(&[]),
        compression::cost(&[]),
        fit::defaults(&[]),
        fit::speed(&[]),
    ] {
        assert_eq!(none.unwrap_err().to_string(), "there are too few rows for a picture");
    }
}

#[test]
fn log_likelihoods_are_finite() {
    let log_likelihood = |values: &[f64]| figures::em::log_likelihood(values, Some(1));
    assert!(matches!(log_likelihood(&[]), Err(FigureError::NoLogLikelihoods)));
    let error = log_likelihood(&[-3.0, f64::NEG_INFINITY]).unwrap_err();
    assert!(matches!(error, FigureError::LogLikelihood { step: 1, .. }));
    for values in
        [&[-3.0][..], &[-3.0; 5], &[0.0, 1e-300], &[-1e300, 1e300], &[5.0, 1.0, 3.0]]
    {
        assert!(!log_likelihood(values).unwrap().inline().contains("NaN"), "{values:?}");
    }
}

/// Finite data and any mixture whose densities are defined (variances up to 2.8e307) give a picture
/// without NaN, or an error that says why.
#[test]
fn extreme_samples_and_mixtures_do_no_harm() {
    let many: Vec<_> = (0..40).map(|k| (1.0 / 40.0, f64::from(k), 0.3)).collect();
    let mixtures = [
        notebook::truth(),
        Mixture::new([(1.0, 0.0, 1.0)]).unwrap(),
        Mixture::new([(0.0, 0.0, 1e-300), (1.0, 1e300, 1e307)]).unwrap(),
        Mixture::new([(0.5, -f64::MAX, 5e-324), (0.5, f64::MAX, 1e307)]).unwrap(),
        Mixture::new([(0.5, 3.0, 1e-20), (0.5, 3.0, 1e-20)]).unwrap(),
        Mixture::new(many).unwrap(),
    ];
    let samples: [&[f64]; 9] = [
        &[0.0],
        &[3.0; 50],
        &[1e300],
        &[-1e300, 1e300],
        &[-f64::MAX, f64::MAX],
        &[f64::MAX],
        &[0.0, 5e-324],
        &[1e8, 1e8 + 1e-7, 1e8 + 1.0],
        &[0.0, 1e-280, 1.0, 2.0, 40.0],
    ];
    for m in &mixtures {
        let mut figures = vec![figures::density::logarithms(m)];
        for data in samples {
            figures.extend([
                figures::sampling::histogram(data, &figures::sampling::AROUND),
                figures::density::histogram(data, m, Labels::OnTop),
                figures::e_step::memberships(m, data, Labels::OnTop),
                figures::e_step::histogram(data, m),
                figures::m_step::before_and_after(data, m, &mixtures[0], Labels::Searched),
                figures::em::fits(data, &[(0, m.clone()), (7, m.clone()), (9, m.clone())]),
            ]);
        }
        for figure in figures.into_iter().flatten() {
            let svg = figure.inline();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.len() < 200_000);
        }
    }
}

#[test]
fn bounds_that_cannot_be_drawn_are_refused() {
    use figures::bound::{half_steps, minoriser};
    let (data, truth) = ([0.0, 1.0, 5.0], notebook::truth());
    let (one, two) = (
        Mixture::new([(1.0, 0.0, 1.0)]).unwrap(),
        [(0, truth.clone()), (1, truth.clone())],
    );
    assert!(half_steps(&data, &two).is_ok());
    for few in [&two[..0], &two[..1]] {
        assert!(matches!(half_steps(&data, few), Err(FigureError::NoFits)));
    }
    let error = half_steps(&data, &[(0, truth.clone()), (1, one)]).unwrap_err();
    assert_eq!(error.to_string(), "there are 1 components, but memberships in 2");
    let error = minoriser(&data, &truth, 2, &[0.0]).unwrap_err();
    assert_eq!(error.to_string(), "there is no component 2: the mixture has 2");
    assert!(matches!(
        minoriser(&[], &truth, 0, &[0.0]),
        Err(FigureError::Plot(PlotError::NoSamples))
    ));
    let error = minoriser(&data, &truth, 0, &[f64::NAN]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the mean of component 0 is NaN: a mean is a finite number"
    );
    for data in [&[0.0][..], &[3.0; 50], &[1e100], &[-30.0, 30.0], &[0.0, 5e-324]] {
        for figure in [half_steps(data, &two), minoriser(data, &truth, 1, &[0.0, 9.0])] {
            let Ok(figure) = figure else { continue };
            let svg = figure.inline();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}

#[test]
fn a_saved_picture_stands_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/folder/picture.svg");
    let figure = figures::sampling::histogram(&[1.0, 2.0, 4.0], &(0.0..1.0)).unwrap();
    figure.save(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(text.contains("<style>") && text.contains("prefers-color-scheme: dark"));
    assert!(text.contains("background:") && !text.contains("@import"));
    let page = figure.inline();
    assert_eq!(
        text.replace(
            &format!("<style>{}</style>\n", between(&text, "<style>", "</style>")),
            ""
        ),
        page
    );
}

#[test]
fn a_path_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let figure = figures::sampling::histogram(&[1.0, 2.0], &(0.0..1.0)).unwrap();
    for path in [folder.path().to_owned(), folder.path().join("file/picture.svg")] {
        fs::write(folder.path().join("file"), "").unwrap();
        let error = figure.save(&path).unwrap_err();
        assert!(matches!(error, PlotError::Write { .. }));
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}

/// WCAG 2.2: 4.5 : 1 for labels on the page, 3 : 1 for lines on the bars behind them.
#[test]
fn labels_and_curves_are_seen_on_every_theme() {
    let style = include_str!("../../../book/theme/figures.css");
    let light = between(style, ":root {", "}");
    let dark = between(style, "html.navy {", "}");
    let alone = between(style, "prefers-color-scheme: dark) {", "}");
    let print = between(style, "@media print {", "}");
    assert_eq!(colours(&alone.replace("--fig-paper", "")), colours(dark));
    assert_eq!(colours(&print.replace("--fig-paper", "")), colours(light));
    for (page, sheet) in [("#ffffff", light), ("#fffdf8", light), ("#161923", dark)] {
        let page = rgb(page);
        let colours = colours(sheet);
        let bars = [0, 1, 2].map(|i| 0.28 * colours["data"][i] + 0.72 * page[i]);
        for name in ["data", "sum", "1", "2", "3", "4", "5", "6"] {
            let colour = colours[name];
            assert!(contrast(colour, page) >= 4.5, "{name}: {}", contrast(colour, page));
            assert!(name == "data" || contrast(colour, bars) >= 3.0, "{name} on bars");
        }
    }
}

fn colours(sheet: &str) -> HashMap<&str, [f64; 3]> {
    let lines = sheet.lines().filter_map(|line| line.trim().strip_prefix("--fig-"));
    let pairs = lines.filter_map(|line| line.trim_end_matches(';').split_once(": "));
    pairs
        .filter(|(_, value)| value.starts_with('#'))
        .map(|(name, v)| (name, rgb(v)))
        .collect()
}

fn rgb(hex: &str) -> [f64; 3] {
    [1, 3, 5].map(|i| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0)
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear =
        |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let luminance = |c: [f64; 3]| {
        0.05 + 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2])
    };
    let (a, b) = (luminance(a), luminance(b));
    a.max(b) / a.min(b)
}
