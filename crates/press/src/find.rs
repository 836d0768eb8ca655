//! The index of the search: what stands in each section, in words. A reader's browser looks through it.

use crate::page::Page;
use crate::text::{main_of, regex, words_of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The Greek letters as a reader types them.
const LETTERS: [(char, &str); 25] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Δ', "delta"),
    ('Λ', "lambda"),
    ('ℓ', "ell"),
    ('∇', "gradient"),
];

/// The page of all letters.
const SYMBOLS: &str = "symbols";

/// The index as a script, so that it can be read from a file, too. `pages` are the pages and their HTML;
/// one that is made from the others is left out.
pub fn index(
    pages: &[(&Page, String)],
    synonyms: &BTreeMap<String, Vec<String>>,
) -> String {
    let pages: Vec<Value> = pages
        .iter()
        .filter(|(page, _)| !page.text.contains("{{#equations}}"))
        .map(|(page, html)| {
            json!([url(page), page.name, sections(&page.name, main_of(html))])
        })
        .collect();
    let mut names: BTreeMap<String, Vec<String>> = synonyms.clone();
    // A letter is looked up where all of them are explained.
    for (letter, name) in LETTERS {
        names
            .entry(letter.to_string())
            .or_default()
            .extend([name, SYMBOLS].map(str::to_owned));
        names.entry(name.to_owned()).or_default().push(SYMBOLS.to_owned());
    }
    format!("bookIndex={}\n", json!({ "synonyms": names, "pages": pages }))
}

fn url(page: &Page) -> String {
    page.path.with_extension("html").to_string_lossy().replace('\\', "/")
}

/// The sections of a page: id, heading, words, and the names of the letters in its formulas.
fn sections(title: &str, main: &str) -> Vec<Value> {
    let heading = regex!(r#"(?s)<h[1-3] id="([^"]+)">(.*?)</h[1-3]>"#);
    let output = regex!(r"(?s)<pre><code\b.*?</code></pre>|<button.*?</button>");
    let mut starts = vec![(0, 0, String::new(), title.to_owned())];
    for found in heading.captures_iter(main) {
        let all = found.get_match();
        let words = words_of(
            &regex!(r#"<span class="chapter-number">.*?</span>"#).replace(&found[2], ""),
        );
        if starts.len() == 1 && all.as_str().starts_with("<h1") {
            starts[0].1 = all.end(); // the top of the page has no need of an id
        } else {
            starts.push((all.start(), all.end(), found[1].to_owned(), words));
        }
    }
    let ends: Vec<usize> =
        starts.iter().skip(1).map(|start| start.0).chain([main.len()]).collect();
    let parts = starts.into_iter().zip(ends);
    let section =
        |((_, from, id, heading), to): ((usize, usize, String, String), usize)| {
            let html = output.replace_all(main.get(from..to).unwrap_or_default(), " ");
            let (words, letters) = (words_of(&html), letters(&html).join(" "));
            (!words.is_empty() || !id.is_empty()).then(|| match letters {
                none if none.is_empty() => json!([id, heading, words]),
                letters => json!([id, heading, words, letters]),
            })
        };
    parts.filter_map(section).collect()
}

/// The names of the Greek letters in the formulas; MathML has them as slanted letters, too.
fn letters(html: &str) -> Vec<&'static str> {
    let formulas = regex!(r"(?s)<math\b.*?</math>");
    let mut names = BTreeSet::new();
    for formula in formulas.find_iter(html) {
        for c in formula.as_str().chars() {
            let upright = match u32::from(c) {
                code @ 0x1D6FC..=0x1D714 => {
                    char::from_u32(code - 0x1D6FC + 0x3B1).unwrap_or(c)
                }
                0x1D715..=0x1D71B => match c {
                    '𝜖' => 'ε',
                    '𝜙' => 'φ',
                    _ => c,
                },
                _ => c,
            };
            names.extend(
                LETTERS
                    .iter()
                    .filter(|(letter, _)| *letter == upright)
                    .map(|(_, name)| *name),
            );
        }
    }
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_words_and_the_names_of_their_letters() {
        let main = "<h1 id=\"a\"><a><span class=\"chapter-number\">3</span> A</a></h1><p>One <math><mi>𝜎</mi></math>.</p>\
            <svg><text>10 200</text></svg><pre><code>1 2</code></pre><pre><code class=\"hljs\">fn a() {}</code></pre><h2 id=\"b\">B</h2><p>Two</p>";
        let expected = json!([["", "A page", "One.", "sigma"], ["b", "B", "Two"]]);
        assert_eq!(Value::from(sections("A page", main)), expected);
    }
}
