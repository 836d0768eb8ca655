//! Which of the columns is meant.

use crate::shown::short;

/// A column: its index, and its name if there is a header.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub index: usize,
    pub name: Option<String>,
}

impl Column {
    /// As messages name it.
    pub fn place(&self) -> String {
        let name =
            self.name.as_ref().map_or(String::new(), |name| format!(" ({})", short(name)));
        format!("column {}{name}", self.index)
    }
}

/// How a column was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Name(usize),
    Index(usize),
}

impl Found {
    pub fn index(self) -> usize {
        match self {
            Self::Name(index) | Self::Index(index) => index,
        }
    }
}

/// The column with this index, this name, or a name that begins like this.
pub(super) fn find(wanted: &str, names: &[String]) -> Result<Found, String> {
    let index: Option<usize> = wanted.parse().ok();
    if let Some(index) = index.filter(|index| *index < names.len()) {
        return Ok(Found::Index(index));
    }
    let like = |matches: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..names.len()).filter(|i| matches(&names[*i])).collect()
    };
    let wanted_shown = short(wanted);
    match like(&|name| name == wanted)[..] {
        [one] => return Ok(Found::Name(one)),
        [] => {}
        ref several => {
            let indices: Vec<_> = several.iter().map(usize::to_string).collect();
            return Err(format!(
                "the columns {} are all named \"{wanted_shown}\": choose one by its index",
                indices.join(", ")
            ));
        }
    }
    match like(&|name| index.is_none() && name.starts_with(wanted))[..] {
        [one] => Ok(Found::Name(one)),
        [] => {
            Err(format!("there is no column \"{wanted_shown}\": it has {}", listed(names)))
        }
        ref several => {
            let begun: Vec<_> = several.iter().map(|i| names[*i].clone()).collect();
            let begun = listed(&begun);
            Err(format!(
                "\"{wanted_shown}\" begins the names of {begun}: say more of it, or the index"
            ))
        }
    }
}

/// The columns by their names, on one line.
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 20;
    let shown: Vec<_> =
        names.iter().take(MOST).map(|name| format!("\"{}\"", short(name))).collect();
    let dots = if names.len() > MOST { ", ..." } else { "" };
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("{} column{plural}, {}{dots}", names.len(), shown.join(", "))
}
