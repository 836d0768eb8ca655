//! Text that is not ours, shown such that no part of it is a command to a terminal.

/// Without control characters, line ends, and marks that hide or turn what follows.
pub fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || hidden {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The beginning of a text, such that it may stand between quotes.
pub fn short(text: &str) -> String {
    const MOST: usize = 40;
    let dots = if text.chars().nth(MOST).is_some() { "..." } else { "" };
    let start: String = text.chars().take(MOST).collect();
    let escaped = start.escape_debug().to_string().replace("\\'", "'");
    harmless(&(escaped + dots))
}
