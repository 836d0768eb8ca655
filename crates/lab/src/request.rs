//! What the reader asks for: `name=value` pairs, as in the fragment of a link.

use crate::LabError;
use sampling::{Component, Mixture};
use std::ops::RangeInclusive;

/// What is wrong with a request.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum RequestError {
    #[error("{name} is {value:?}: it must be a number{of}")]
    Number { name: String, value: String, of: &'static str },
    #[error("{name} is {value}: it lies between {least} and {most}")]
    Range { name: String, value: f64, least: f64, most: f64 },
    #[error("{name} is {value:?}: it is one of {known}")]
    Unknown { name: &'static str, value: String, known: String },
    #[error("component {component} is {value:?}: it is a weight, a mean and a variance")]
    Component { component: usize, value: String },
    #[error("there is no component {component} to change: the mixture has {components}")]
    NoComponent { component: String, components: usize },
}

/// A request, taken apart. Where a name stands twice, the later value counts: a change is written
/// behind the state that it changes.
pub(crate) struct Request<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Request<'a> {
    /// Pairs between `&`; what is no pair is left out.
    pub fn new(text: &'a str) -> Self {
        Self(text.trim().split('&').filter_map(|pair| pair.split_once('=')).collect())
    }

    /// The value of that name; empty if there is none.
    pub fn get(&self, name: &str) -> &'a str {
        self.0.iter().rfind(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }

    /// Whether a change stands behind the state's own value.
    pub fn is_changed(&self, name: &str) -> bool {
        self.0.iter().filter(|(own, _)| *own == name).count() > 1
    }

    /// Whether a name begins so.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.0.iter().any(|(name, _)| name.starts_with(prefix))
    }

    /// The value of that name, which is one of those known; the first of them if there is none.
    pub fn one_of(
        &self,
        name: &'static str,
        known: &[&'static str],
    ) -> Result<&'static str, RequestError> {
        let value = self.get(name);
        let found = known.iter().find(|known| **known == value || value.is_empty());
        let unknown =
            || RequestError::Unknown { name, value: value.into(), known: known.join(", ") };
        found.copied().ok_or_else(unknown)
    }

    /// A number of a range; `default` if the name is not there.
    pub fn number<T: Parameter>(
        &self,
        name: &str,
        default: T,
        range: RangeInclusive<T>,
    ) -> Result<T, RequestError> {
        let value = match self.get(name) {
            "" => default,
            text => parsed(name, text)?,
        };
        if range.contains(&value) {
            return Ok(value);
        }
        let [value, least, most] =
            [value, *range.start(), *range.end()].map(Parameter::as_f64);
        Err(RequestError::Range { name: name.into(), value, least, most })
    }

    /// Numbers with commas, semicolons or blanks between them.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, RequestError> {
        let parts =
            self.get(name).split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        parts.filter(|part| !part.is_empty()).map(|part| parsed(name, part)).collect()
    }

    /// `weight,mean,variance;weight,mean,variance`; `None` if the name is not there.
    pub fn mixture(&self, name: &str) -> Result<Option<Mixture>, LabError> {
        if self.get(name).is_empty() {
            return Ok(None);
        }
        let mut components = Vec::new();
        for (component, value) in self.get(name).split(';').enumerate() {
            let numbers: Result<Vec<f64>, _> =
                value.split(',').map(|part| parsed(name, part)).collect();
            let [weight, mean, variance] = numbers?[..] else {
                let value = value.to_owned();
                return Err(RequestError::Component { component, value }.into());
            };
            components.push(Component { weight, mean, variance });
        }
        Ok(Some(Mixture::new(components)?))
    }

    /// A mixture after the changes `mean.0=1.5`, `weight.1=0.2` or `variance.0=4` that the request
    /// makes to it, in their order; `None` if it makes none. The names begin with `prefix`. When a
    /// weight is set, the others share what is left in the proportion that they had.
    pub fn changed(
        &self,
        prefix: &str,
        mixture: &Mixture,
    ) -> Result<Option<Mixture>, LabError> {
        let mut components = mixture.components().to_vec();
        let mut changes = 0;
        for (name, text) in &self.0 {
            let Some((part, k)) = name.strip_prefix(prefix).and_then(|n| n.split_once('.'))
            else {
                continue;
            };
            if !["weight", "mean", "variance"].contains(&part) {
                continue;
            }
            let value: f64 = parsed(name, text)?;
            let known = k.parse().ok().filter(|k: &usize| *k < components.len());
            let Some(k) = known else {
                let components = components.len();
                return Err(
                    RequestError::NoComponent { component: k.into(), components }.into()
                );
            };
            changes += 1;
            match part {
                "mean" => components[k].mean = value,
                "variance" => components[k].variance = value,
                _ => set_weight(&mut components, k, value),
            }
        }
        if changes == 0 {
            return Ok(None);
        }
        Ok(Some(Mixture::new(components)?))
    }
}

fn set_weight(components: &mut [Component], k: usize, weight: f64) {
    let others = components.len() as f64 - 1.0;
    let rest: f64 = components.iter().map(|c| c.weight).sum::<f64>() - components[k].weight;
    for (j, c) in components.iter_mut().enumerate() {
        c.weight = match () {
            () if j == k => weight,
            () if rest > 0.0 => c.weight / rest * (1.0 - weight),
            () => (1.0 - weight) / others,
        };
    }
}

fn parsed<T: Parameter>(name: &str, text: &str) -> Result<T, RequestError> {
    let wrong = || {
        let end = text.char_indices().nth(40).map_or(text.len(), |(end, _)| end);
        RequestError::Number { name: name.into(), value: text[..end].into(), of: T::KIND }
    };
    T::parse(text.trim()).ok_or_else(wrong)
}

/// A number of a request.
pub(crate) trait Parameter: Copy + PartialOrd {
    /// What it is beside a number.
    const KIND: &'static str;
    fn parse(text: &str) -> Option<Self>;
    fn as_f64(self) -> f64;
}

impl Parameter for f64 {
    const KIND: &'static str = "";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn as_f64(self) -> f64 {
        self
    }
}

impl Parameter for u64 {
    const KIND: &'static str = " without a sign or a fraction, and not too large";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn as_f64(self) -> f64 {
        self as f64
    }
}

/// The same on machines of 32 bits and of 64.
impl Parameter for usize {
    const KIND: &'static str = u64::KIND;

    fn parse(text: &str) -> Option<Self> {
        Some(u64::parse(text)?.try_into().unwrap_or(usize::MAX))
    }

    fn as_f64(self) -> f64 {
        self as f64
    }
}

/// A mixture as [`Request::mixture`] reads it, in all digits.
pub(crate) fn written(mixture: &Mixture) -> String {
    let one = |c: &Component| format!("{},{},{}", c.weight, c.mean, c.variance);
    mixture.components().iter().map(one).collect::<Vec<_>>().join(";")
}
