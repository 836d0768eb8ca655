//! As much of JSON as a reply needs.

use std::fmt::Write;

/// An object in the making.
pub(crate) struct Object(String);

impl Object {
    pub fn new() -> Self {
        Self("{".into())
    }

    fn name(mut self, name: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        let _ = write!(self.0, "\"{name}\":"); // a string takes all that is written
        self
    }

    /// Text that is JSON already.
    pub fn raw(self, name: &str, json: &str) -> Self {
        let mut own = self.name(name);
        own.0 += json;
        own
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        self.raw(name, &text(value))
    }

    pub fn number(self, name: &str, value: f64) -> Self {
        self.raw(name, &number(value))
    }

    pub fn flag(self, name: &str, value: bool) -> Self {
        if value { self.raw(name, "true") } else { self }
    }

    pub fn list(self, name: &str, items: impl IntoIterator<Item = String>) -> Self {
        self.raw(name, &list(items))
    }

    pub fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Items that are JSON already, in brackets.
pub(crate) fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// A string in quotes.
pub(crate) fn text(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + value.len() / 16 + 2);
    quoted.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            c if c < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The shortest digits that give the number back; `null` for what JSON has no number for.
pub(crate) fn number(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { "null".into() }
}
