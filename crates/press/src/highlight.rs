//! Rust in colours, once, when the book is built: a page needs no script for it.

use regex::{Captures, Regex};
use std::sync::LazyLock;

const KEYWORDS: [&str; 35] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum",
    "extern", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move",
    "mut", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "type",
    "unsafe", "use", "where", "while",
];
const VALUES: [&str; 6] = ["true", "false", "None", "Some", "Ok", "Err"];
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8",
    "u16", "u32", "u64", "u128", "usize",
];

/// Text as HTML shows it.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// HTML in one line, so that Markdown leaves it alone; within `<pre>` it has its lines again.
pub fn in_one_line(html: &str) -> String {
    html.replace('\n', "&#10;")
}

/// Rust as HTML, with a class for whatever has a colour.
pub fn rust(code: &str) -> String {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r##"(?x)
              (?<comment> //[^\n]* | /\*(?s:.*?)\*/ )
            | (?<string> b?"(?:[^"\\]|\\(?s:.))*" | r\#+"(?s:.*?)"\#+ | r"[^"]*" | b?'(?:[^'\\\n]|\\[^\n]+?)' )
            | (?<lifetime> '[a-z_]\w* )
            | (?<attribute> \#!?\[[^\]]*\] )
            | (?<number> \b\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?\w*\b )
            | (?<word> \b[A-Za-z_]\w*\b )(?<after> ![(\[{] | (?:::<[^>()]*>)?\( )?"##,
        )
        .expect("a regex")
    });
    let mut html = String::with_capacity(2 * code.len());
    let mut done = 0;
    for token in TOKEN.captures_iter(code) {
        let whole = token.get_match();
        html += &escape(&code[done..whole.start()]);
        html += &coloured(&token);
        done = whole.end();
    }
    html + &escape(&code[done..])
}

fn coloured(token: &Captures) -> String {
    let after = token.name("after").map_or("", |after| after.as_str());
    let text = token[0].strip_suffix(after).unwrap_or(&token[0]);
    let class = match token.name("word") {
        Some(word) => of_word(word.as_str(), after),
        None if token.name("comment").is_some() => "comment",
        None if token.name("string").is_some() => "string",
        None if token.name("number").is_some() => "number",
        None if token.name("lifetime").is_some() => "keyword",
        None => "comment",
    };
    let text = escape(text);
    let after = escape(after);
    if class.is_empty() {
        text + &after
    } else {
        format!("<span class=\"hl-{class}\">{text}</span>{after}")
    }
}

fn of_word(word: &str, after: &str) -> &'static str {
    let constant = word.len() > 1 && !word.contains(char::is_lowercase);
    match word {
        _ if KEYWORDS.contains(&word) => "keyword",
        "Self" => "type",
        _ if VALUES.contains(&word) => "number",
        _ if PRIMITIVES.contains(&word) => "type",
        _ if constant => "number",
        _ if word.starts_with(char::is_uppercase) => "type",
        _ if !after.is_empty() => "function",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_token_has_its_class() {
        let span =
            |class: &str, text: &str| format!("<span class=\"hl-{class}\">{text}</span>");
        assert_eq!(
            rust("fn f(x: f64)"),
            span("keyword", "fn")
                + " "
                + &span("function", "f")
                + "(x: "
                + &span("type", "f64")
                + ")"
        );
        assert_eq!(
            rust("// a < b\n1e-8"),
            span("comment", "// a &lt; b") + "\n" + &span("number", "1e-8")
        );
        assert_eq!(
            rust("'a' &'a"),
            span("string", "'a'") + " &amp;" + &span("keyword", "'a")
        );
        assert_eq!(rust("\"x // \\\" y\";"), span("string", "\"x // \\\" y\"") + ";");
        assert_eq!(rust("0..10"), span("number", "0") + ".." + &span("number", "10"));
        assert_eq!(rust("sum::<f64>()"), span("function", "sum") + "::&lt;f64&gt;()");
        assert_eq!(
            rust("vec![PI; n]"),
            span("function", "vec") + "![" + &span("number", "PI") + "; n]"
        );
        assert_eq!(rust("a != b"), "a != b");
        assert_eq!(rust("#[test]"), span("comment", "#[test]"));
    }

    #[test]
    fn nothing_is_lost() {
        let code = include_str!("highlight.rs");
        let html = rust(code);
        let plain =
            Regex::new("</?span[^>]*>").unwrap().replace_all(&html, "").into_owned();
        assert_eq!(plain, escape(code));
    }
}
