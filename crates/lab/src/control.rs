//! What the reader can change, as the page shows it.

use crate::json::{Object, list, text};
use plot::Frame;
use plot::words::number;
use sampling::Mixture;
use std::ops::Range;

/// One input, or a group of them. A change is what the page writes behind the state.
pub(crate) enum Control {
    /// A number in a range.
    Slider(Slider),
    /// A whole number, typed.
    Number { name: &'static str, label: &'static str, range: [u64; 2], value: u64 },
    /// One of several, each with its label.
    Choice {
        name: &'static str,
        label: &'static str,
        options: Vec<(String, String)>,
        value: String,
    },
    /// A place in the panel of the figure itself, as `x,y`; then the run starts.
    Map { name: &'static str, label: &'static str },
    /// A change that is always the same.
    Button { label: &'static str, change: String, enabled: bool },
    /// Changes one after the other until there is no next one.
    Run(Option<Next>),
    /// Numbers of the reader's own, typed or from a file.
    Own { name: &'static str, value: String },
    /// A file that the reader may keep.
    Save { label: &'static str, change: &'static str },
    /// A group with a name; that of a component has its colour.
    Group { label: String, component: Option<usize>, controls: Vec<Control> },
}

/// A number in a range.
pub(crate) struct Slider {
    pub name: String,
    pub label: &'static str,
    pub range: Range<f64>,
    pub step: f64,
    pub value: f64,
    /// The same way for the same factor; the step is that of the logarithm to base ten.
    pub logarithmic: bool,
    /// It lies under the picture as the level axis does, and what it moves can be dragged there.
    pub axis: bool,
    /// It has no fractions.
    pub whole: bool,
}

/// What comes next in a run, and when.
pub(crate) struct Next {
    /// The next change.
    pub change: String,
    /// The one that leads to the end.
    pub end: String,
    /// Milliseconds until the next change.
    pub pause: usize,
}

impl Slider {
    /// A slider over a range in round steps, about four hundred.
    pub fn over(name: &str, label: &'static str, range: Range<f64>, value: f64) -> Control {
        let step = round((range.end - range.start) / 400.0);
        Self::with_step(name, label, range, step, value)
    }

    pub fn with_step(
        name: &str,
        label: &'static str,
        range: Range<f64>,
        step: f64,
        value: f64,
    ) -> Control {
        let (logarithmic, axis, whole) = (false, false, false);
        let name = name.into();
        Control::Slider(Self { name, label, range, step, value, logarithmic, axis, whole })
    }

    /// A slider over whole numbers from small to large.
    pub fn whole(
        name: &str,
        label: &'static str,
        range: Range<u32>,
        value: usize,
    ) -> Control {
        let range = f64::from(range.start)..f64::from(range.end);
        let (logarithmic, axis, whole) = (true, false, true);
        let (name, step, value) = (name.into(), 0.02, value as f64);
        Control::Slider(Self { name, label, range, step, value, logarithmic, axis, whole })
    }

    /// A slider over a few whole numbers.
    pub fn whole_by_one(
        name: &str,
        label: &'static str,
        range: Range<u32>,
        value: usize,
    ) -> Control {
        let range = f64::from(range.start)..f64::from(range.end);
        let (logarithmic, axis, whole) = (false, false, true);
        let (name, step, value) = (name.into(), 1.0, value as f64);
        Control::Slider(Self { name, label, range, step, value, logarithmic, axis, whole })
    }

    /// A slider over a range of positive numbers.
    pub fn logarithmic(
        name: &str,
        label: &'static str,
        range: Range<f64>,
        value: f64,
    ) -> Control {
        let (logarithmic, axis, whole) = (true, false, false);
        let (name, step) = (name.into(), 0.02);
        Control::Slider(Self { name, label, range, step, value, logarithmic, axis, whole })
    }

    /// A slider under the level axis of a panel.
    pub fn under(name: &str, label: &'static str, frame: &Frame, value: f64) -> Control {
        let range = frame.x.clone();
        let (name, step) = (name.into(), round((range.end - range.start) / 400.0));
        let (logarithmic, axis, whole) = (false, true, false);
        Control::Slider(Self { name, label, range, step, value, logarithmic, axis, whole })
    }

    fn json(&self) -> String {
        let Self { name, label, range, step, value, logarithmic, axis, whole } = self;
        let object =
            Object::new().text("is", "slider").text("name", name).text("label", label);
        let tidy = |end: f64| match logarithmic {
            true => end,
            false => (end / step * 20.0).round() * step / 20.0, // few digits
        };
        let object = object.number("min", tidy(range.start)).number("max", tidy(range.end));
        let object = object.number("step", *step).number("value", *value);
        let object = object.text("text", &number(*value));
        object.flag("log", *logarithmic).flag("axis", *axis).flag("whole", *whole).end()
    }
}

/// The next smaller of 1, 2 or 5 times a power of ten.
fn round(step: f64) -> f64 {
    let power = 10_f64.powi(step.log10().floor() as i32);
    let digit = step / power;
    power
        * if digit >= 5.0 {
            5.0
        } else if digit >= 2.0 {
            2.0
        } else {
            1.0
        }
}

impl Control {
    pub fn button(label: &'static str, change: impl Into<String>) -> Self {
        Self::Button { label, change: change.into(), enabled: true }
    }

    /// Controls under a heading.
    pub fn group(label: &str, controls: Vec<Self>) -> Self {
        Self::Group { label: label.into(), component: None, controls }
    }

    /// A choice of one of several by their names.
    pub fn choice(
        name: &'static str,
        label: &'static str,
        options: &[(&str, &str)],
        value: &str,
    ) -> Self {
        let owned = |(value, label): &(&str, &str)| (value.to_string(), label.to_string());
        let options = options.iter().map(owned).collect();
        Self::Choice { name, label, options, value: value.into() }
    }

    /// The sliders of a mixture, a group a component. The means lie under the axis of `frame`, if
    /// there is one; all names begin with `prefix`.
    pub fn mixture(
        prefix: &str,
        mixture: &Mixture,
        x: &Range<f64>,
        frame: Option<&Frame>,
    ) -> Vec<Self> {
        let (width, several) = (x.end - x.start, mixture.components().len() > 1);
        let group = |(k, c): (usize, &sampling::Component)| {
            let name = |part: &str| format!("{prefix}{part}.{k}");
            let mean = match frame {
                Some(frame) => Slider::under(&name("mean"), "mean", frame, c.mean),
                None => Slider::over(&name("mean"), "mean", x.clone(), c.mean),
            };
            let weight =
                Slider::with_step(&name("weight"), "weight", 0.01..0.99, 0.01, c.weight);
            let widest = width.powi(2);
            let variances = 1e-5 * widest..widest;
            let variance =
                Slider::logarithmic(&name("variance"), "variance", variances, c.variance);
            let weight = several.then_some(weight);
            let controls = [mean].into_iter().chain(weight).chain([variance]).collect();
            Self::Group { label: format!("component {k}"), component: Some(k), controls }
        };
        mixture.components().iter().enumerate().map(group).collect()
    }

    pub fn json(&self) -> String {
        let object = |kind: &str| Object::new().text("is", kind);
        let named = |kind: &str, name: &str, label: &str| {
            object(kind).text("name", name).text("label", label)
        };
        match self {
            Self::Slider(slider) => slider.json(),
            Self::Number { name, label, range: [least, most], value } => {
                named("number", name, label)
                    .number("min", *least as f64)
                    .number("max", *most as f64)
                    .raw("value", &value.to_string())
                    .end()
            }
            Self::Choice { name, label, options, value } => {
                let option =
                    |(value, label): &(String, String)| list([text(value), text(label)]);
                named("choice", name, label)
                    .text("value", value)
                    .list("options", options.iter().map(option))
                    .end()
            }
            Self::Map { name, label } => named("map", name, label).end(),
            Self::Button { label, change, enabled } => object("button")
                .text("label", label)
                .text("change", change)
                .flag("off", !enabled)
                .end(),
            Self::Run(None) => object("run").end(),
            Self::Run(Some(Next { change, end, pause })) => object("run")
                .text("change", change)
                .text("end", end)
                .number("pause", *pause as f64)
                .end(),
            Self::Own { name, value } => {
                named("own", name, "numbers").text("value", value).end()
            }
            Self::Save { label, change } => {
                object("save").text("label", label).text("change", change).end()
            }
            Self::Group { label, component, controls } => {
                let group = object("group").text("label", label);
                let group = match component {
                    Some(k) => group.number("component", *k as f64),
                    None => group,
                };
                group.list("of", controls.iter().map(Self::json)).end()
            }
        }
    }
}
