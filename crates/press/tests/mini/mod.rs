//! A small workspace with a small book, without a problem until a test gives it one.
#![allow(dead_code)] // no test needs all of it

use press::Press;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// The settings that every small book has.
pub const BOOK_TOML: &str = r"
build.create-missing = false
output.html.playground.runnable = false

[preprocessor.press]
before = ['links']
code = ['examples/*.rs', 'tests/*.rs', 'crates/*/src/**/*.rs']
longest-listing = 6
widest-listing = 30
widest-output = 40
font = 'characters.txt'
macros.half = '\frac{1}{2}'
";

const FILES: [(&str, &str); 6] = [
    (
        "book/src/SUMMARY.md",
        "[Start](start.md)\n\n- [One](one.md)\n- [Two](two.md)\n\n[Appendix](appendix.md)\n",
    ),
    ("book/src/start.md", "# Start\n"),
    ("book/src/one.md", "# One\n"),
    (
        "book/src/two.md",
        r"# Two

$$
\label{eq:square}
\begin{aligned}
y &= x \cdot x \\
  &= x^2
\end{aligned}
$$

By {{#eq square}} and {{#fig two/parabola}}, $y \ge 0$; see [below](#why) and [the end](appendix.md#appendix).

{{#figure two/parabola}}
A *parabola*, $y = x^2$: {{#eq square}}.

> [!TIP]
>
> $$
> y = 1
> $$

```console
$ true
done

```

## Why?

1. First

   $$ y = \half $$

   ```rust
   {{#include ../../crates/two/src/lib.rs:square}}
   ```

<details>
<summary>Is $x < 0$?</summary>

$$ x > 0 $$

</details>
",
    ),
    ("book/src/appendix.md", "# Appendix\n\n{{#equations}}\n"),
    (
        "crates/two/src/lib.rs",
        "struct S;\nimpl S {\n    /// The square (eq:square).\n    // ANCHOR: square\n    \
         fn square(x: f64) -> f64 {\n        x * x\n    }\n    // ANCHOR_END: square\n}\n",
    ),
];

/// The tests of the book's equation, one of them in a macro.
const TESTS: &str = "\
/// eq:square at 2.\n#[test]\nfn two_squared_is_four() {}\n\n\
proptest! {\n    #![config]\n    /// eq:square\n    #[test]\n    fn no_square_is_negative(x in 0.0..1.0) {}\n}\n";

/// The workspace, gone when dropped.
pub struct Mini(TempDir);

impl Mini {
    /// With a book of two chapters.
    pub fn new() -> Self {
        FILES
            .into_iter()
            .chain([("tests/two.rs", TESTS)])
            .fold(Self::bare(), |mini, (path, text)| mini.with(path, text))
    }

    /// With a book that has no pages.
    pub fn bare() -> Self {
        Self(tempfile::tempdir().unwrap())
            .with("book/book.toml", BOOK_TOML)
            .with("book/theme/index.hbs", include_str!("../../../../book/theme/index.hbs"))
            .with("book/src/characters.txt", "≥⋅")
    }

    /// The same with this file.
    pub fn with(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// The same without this file.
    pub fn without(self, path: &str) -> Self {
        fs::remove_file(self.path(path)).unwrap();
        self
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn build(&self) -> anyhow::Result<PathBuf> {
        press::build(&self.path("book"), Press::new(draw))
    }

    /// What the build refuses.
    pub fn problems(&self) -> String {
        format!("{:#}", self.build().unwrap_err())
    }
}

fn draw(name: &str) -> Option<Result<String, Box<dyn std::error::Error>>> {
    match name {
        "two/parabola" => {
            Some(Ok("<svg role=\"img\">\n\n<path d=\"M0 0\"/>\n</svg>".to_owned()))
        }
        "two/broken" => Some(Err("no data".into())),
        _ => None,
    }
}
