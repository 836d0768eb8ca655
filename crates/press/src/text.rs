//! The words of a rendered page, without what is no text: mathematics, drawings, outputs.

/// A regex that is known to be one.
macro_rules! regex {
    ($text:expr) => {{
        static REGEX: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| regex::Regex::new($text).expect("a regex"));
        &*REGEX
    }};
}
pub(crate) use regex;

/// What stands in `<main>`.
pub fn main_of(html: &str) -> &str {
    let start = html.find("<main").and_then(|at| Some(at + html[at..].find('>')? + 1));
    let end = html.rfind("</main>");
    match (start, end) {
        (Some(start), Some(end)) if start <= end => &html[start..end],
        _ => "",
    }
}

/// The words of a piece of HTML, in one line.
pub fn words_of(html: &str) -> String {
    let silent = regex!(
        r#"(?s)<math\b.*?</math>|<svg\b.*?</svg>|<script\b.*?</script>|<pre class="saved">.*?</pre>|<!--.*?-->"#
    );
    let breaks = regex!(
        r"(?s)</?(?:p|div|li|ul|ol|td|th|tr|table|dd|dt|dl|pre|figure|figcaption|details|summary|h[1-6]|br|section)\b[^>]*>"
    );
    let html = silent.replace_all(html, " ");
    let html = breaks.replace_all(&html, " ");
    let text = regex!(r"(?s)<[^>]*>").replace_all(&html, "");
    let text = decoded(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    regex!(r" +([,.;:?!)])").replace_all(&text, "$1").into_owned()
}

/// Text with its characters in place of their entities.
fn decoded(text: &str) -> String {
    let numbered =
        regex!(r"&#(x?)([0-9a-fA-F]+);").replace_all(text, |c: &regex::Captures| {
            let code = u32::from_str_radix(&c[2], if c[1].is_empty() { 10 } else { 16 });
            code.ok().and_then(char::from_u32).map_or(String::new(), String::from)
        });
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")]
        .into_iter()
        .fold(numbered.into_owned(), |text, (name, mark)| text.replace(name, mark))
}

/// As much of a text as fits, to the end of a sentence if one ends late enough, else of a word.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most - 1).collect();
    match cut.rfind(". ") {
        Some(end) if 2 * end > most => cut[..=end].to_owned(),
        _ => format!("{}\u{2026}", &cut[..cut.rfind(' ').unwrap_or(cut.len())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mathematics_and_drawings_are_no_words() {
        let html = "<p>Let <math><mi>x</mi></math>, a <em>num</em>ber &amp; one&#8217;s.</p><svg><text>10</text></svg><p>Then</p>";
        assert_eq!(words_of(html), "Let, a number & one\u{2019}s. Then");
    }

    #[test]
    fn a_text_is_cut_after_a_sentence_or_a_word() {
        assert_eq!(shortened("One two. Three four five.", 12), "One two.");
        assert_eq!(shortened("One two three four", 12), "One two\u{2026}");
        assert_eq!(shortened("One", 12), "One");
    }

    #[test]
    fn the_text_is_that_of_main() {
        assert_eq!(main_of("<main id=\"main\">a</main>"), "a");
        assert_eq!(main_of("<p>a</p>"), "");
    }
}
