//! The output of a program: what was typed, and what came, section by section.

use crate::highlight::{escape, in_one_line};

/// A `console` block as HTML, in one line. Blank lines part it; a section that begins with a sentence has
/// that for its caption, and the pictures that were saved stand apart.
pub fn output(text: &str) -> String {
    let sections: Vec<&str> =
        text.trim().split("\n\n").map(|s| s.trim_matches('\n')).collect();
    let html: String = sections.into_iter().map(section).collect();
    in_one_line(&format!("<div class=\"output\">{html}</div>"))
}

fn section(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut html = String::new();
    while lines.first().is_some_and(|line| line.starts_with("$ ")) {
        let command = lines.remove(0);
        html += &format!(
            "<pre class=\"command\"><code class=\"language-console\">{}</code></pre>",
            escape(command)
        );
    }
    if lines.len() > 1 && is_sentence(lines[0]) {
        html += &format!("<p class=\"output-caption\">{}</p>", escape(lines.remove(0)));
    }
    let saved = lines.iter().all(|line| line.starts_with("target/figures/"));
    match lines.join("\n") {
        rest if rest.is_empty() => html,
        rest if saved => {
            html + &format!("<pre class=\"saved\"><code>{}</code></pre>", escape(&rest))
        }
        rest => html + &format!("<pre><code>{}</code></pre>", escape(&rest)),
    }
}

/// A line of words, not of columns, that leads to what follows.
fn is_sentence(line: &str) -> bool {
    !line.starts_with(' ') && !line.contains("  ") && line.ends_with([':', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_before_a_table_is_its_caption() {
        let html = output(
            "$ run\nFirst, a < b:\n x  y\n 1  2\n\nstep  x\n   1  2\n\ntarget/figures/a/b.svg\n\n",
        );
        assert_eq!(
            html,
            "<div class=\"output\">\
             <pre class=\"command\"><code class=\"language-console\">$ run</code></pre>\
             <p class=\"output-caption\">First, a &lt; b:</p><pre><code> x  y&#10; 1  2</code></pre>\
             <pre><code>step  x&#10;   1  2</code></pre>\
             <pre class=\"saved\"><code>target/figures/a/b.svg</code></pre></div>"
        );
    }

    #[test]
    fn what_is_no_table_is_left_as_it_is() {
        assert!(output("$ true\nDone.\n").contains("<pre><code>Done.</code></pre>"));
    }
}
