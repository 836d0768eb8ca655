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
            let (words, letters) = (words_of(&spelled(&html)), letters(&html).join(" "));
            (!words.is_empty() || !id.is_empty()).then(|| match letters {
                none if none.is_empty() => json!([id, heading, words]),
                letters => json!([id, heading, words, letters]),
            })
        };
    parts.filter_map(section).collect()
}

/// Formulas in a line that are simple enough, as one would type them; three dots for the others, since a sentence
/// with a hole is none.
fn spelled(html: &str) -> String {
    let formula = regex!(r"(?s)<math>(.*?)</math>");
    let index =
        regex!(r"<msub><m[in][^>]*>([^<]+)</m[in]><m[in][^>]*>([^<]+)</m[in]></msub>");
    let root = regex!(r"<msqrt><m[in][^>]*>([^<]+)</m[in]></msqrt>");
    let letter = regex!(r"</?(?:mi|mn|mo|mrow|mspace)\b[^>]*>");
    let done = formula.replace_all(html, |found: &regex::Captures| {
        let flat = index.replace_all(&found[1], "${1}_$2");
        let flat = root.replace_all(&flat, "√$1");
        let flat = letter.replace_all(&flat, "");
        if flat.contains('<') {
            "…".to_owned()
        } else {
            flat.chars().map(upright).collect()
        }
    });
    done.into_owned()
}

/// The names of the Greek letters in the formulas.
fn letters(html: &str) -> Vec<&'static str> {
    let formulas = regex!(r"(?s)<math\b.*?</math>");
    let mut names = BTreeSet::new();
    for formula in formulas.find_iter(html) {
        for c in formula.as_str().chars().map(upright) {
            let known = LETTERS.iter().filter(|(letter, _)| *letter == c);
            names.extend(known.map(|(_, name)| *name));
        }
    }
    names.into_iter().collect()
}

/// The Greek letter that MathML has as a slanted one.
fn upright(c: char) -> char {
    match u32::from(c) {
        code @ 0x1D6FC..=0x1D714 => char::from_u32(code - 0x1D6FC + 0x3B1).unwrap_or(c),
        0x1D716 => 'ε',
        0x1D719 => 'φ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_spelled_where_it_can_be() {
        let spelled = |html: &str| words_of(&spelled(html));
        let index = "<msub><mi class=\"lean\">N</mi><mi>k</mi></msub>";
        assert_eq!(
            spelled(&format!("the <math>{index}<mo>&#61;</mo><mn>1</mn></math>.")),
            "the N_k=1."
        );
        assert_eq!(spelled("by <math><msqrt><mn>2</mn></msqrt></math>, not"), "by √2, not");
        let tall = "by <math><msup><mi>x</mi><mn>2</mn></msup></math>, not";
        assert_eq!(spelled(tall), "by …, not");
        let display = "so <math display=\"block\"><mi>x</mi></math> is";
        assert_eq!(spelled(display), "so is");
    }

    #[test]
    fn sections_have_words_and_the_names_of_their_letters() {
        let main = "<h1 id=\"a\"><a><span class=\"chapter-number\">3</span> A</a></h1><p>One <math><mi>𝜎</mi></math>.</p>\
            <svg><text>10 200</text></svg><pre><code>1 2</code></pre><pre><code class=\"hljs\">fn a() {}</code></pre><h2 id=\"b\">B</h2><p>Two</p>";
        let expected = json!([["", "A page", "One σ.", "sigma"], ["b", "B", "Two"]]);
        assert_eq!(Value::from(sections("A page", main)), expected);
    }
}
