//! The last pass over the site that mdBook has written: one style sheet, few scripts, contents that know
//! where they stand, what search engines and friends are told, the search, the footer.

use crate::citation::Citation;
use crate::contents::line;
use crate::find;
use crate::highlight::escape;
use crate::page::{Page, Place};
use crate::text::{main_of, regex, shortened, words_of};
use anyhow::{Context, Result};
use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// What of the site is no page of the book.
const PRINT: &str = "print.html";
const MISSING: &str = "404.html";

/// A site in the making.
pub struct Site<'a> {
    /// The folder of the site.
    pub folder: &'a Path,
    pub place: &'a Place,
    pub pages: &'a [Page],
    /// The title of the book.
    pub title: String,
}

impl Site<'_> {
    /// Finishes the site, if its theme has room for that.
    pub fn finish(&self) -> Result<()> {
        let theme = self.place.book().join("theme/index.hbs");
        if !fs::read_to_string(theme).is_ok_and(|page| page.contains("<!--press:head-->")) {
            return Ok(());
        }
        let style = self.style()?;
        let citation = Citation::of(self.place)?;
        self.sweep(&style)?;
        let mut texts = Vec::new();
        for page in self.pages {
            texts.push((page, self.read(&page.path.with_extension("html"))?));
        }
        let index = find::index(&texts, &self.place.settings.synonyms);
        let index = self.write_hashed("search", "js", &index)?;
        let looks = Looks { style: &style, index: &index, citation: citation.as_ref() };
        for (page, html) in &texts {
            let file = page.path.with_extension("html");
            let html = self.page(html, page.stem(), Some(page), &looks);
            self.write(&file, &html)?;
        }
        for name in [MISSING, PRINT, "index.html"] {
            let file = Path::new(name);
            if texts.iter().any(|(page, _)| page.path.with_extension("html") == file)
                || !self.folder.join(file).is_file()
            {
                continue;
            }
            let mut html = self.read(file)?;
            if name == PRINT {
                html = self.print(&html, citation.as_ref());
            }
            let first = if name == "index.html" { self.pages.first() } else { None };
            self.write(file, &self.page(&html, "", first, &looks))?;
        }
        self.sitemap(citation.as_ref())
    }

    fn read(&self, file: &Path) -> Result<String> {
        fs::read_to_string(self.folder.join(file))
            .with_context(|| file.display().to_string())
    }

    fn write(&self, file: &Path, text: &str) -> Result<()> {
        let path = self.folder.join(file);
        fs::write(&path, text).with_context(|| path.display().to_string())
    }

    /// A file whose name changes with its text.
    fn write_hashed(&self, name: &str, kind: &str, text: &str) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let name = format!("{name}-{:08x}.{kind}", hasher.finish() as u32);
        self.write(Path::new(&name), text)?;
        Ok(name)
    }

    /// The style sheets of the book as one.
    fn style(&self) -> Result<String> {
        let mut style = String::new();
        for file in &self.place.html.additional_css {
            let path = self.place.book().join(file);
            let text =
                fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            style += &small_style(&text).replace("../fonts/", "fonts/");
        }
        self.write_hashed("book", "css", &style)
    }

    /// Takes away what mdBook has brought along and no page asks for: its scripts, styles and fonts. What
    /// stands among the pages stays, and so do the scripts of the book, without what is for their authors.
    fn sweep(&self, style: &str) -> Result<()> {
        let own: HashSet<PathBuf> =
            self.place.html.additional_js.iter().map(hashless).collect();
        let mut folders = HashSet::new();
        for path in glob::glob(&format!(
            "{}/**/*",
            glob::Pattern::escape(&self.folder.to_string_lossy())
        ))? {
            let path = path?;
            let file = path.strip_prefix(self.folder)?;
            let source = self.place.workspace.join(&self.place.src).join(file);
            let kept = file.to_str() == Some(style)
                || source.is_file()
                || file.extension().is_none_or(|kind| kind == "html" || kind == "svg");
            if path.is_dir() || (kept && file != Path::new("toc.html")) {
                continue;
            }
            if own.contains(&hashless(file)) {
                let text = fs::read_to_string(&path)?;
                fs::write(&path, small_script(&text))?;
                continue;
            }
            fs::remove_file(&path)?;
            folders.extend(file.parent().map(|folder| self.folder.join(folder)));
        }
        // Those that are empty now.
        folders.iter().for_each(|folder| drop(fs::remove_dir(folder)));
        Ok(())
    }

    fn page(&self, html: &str, stem: &str, page: Option<&Page>, looks: &Looks) -> String {
        let styles = regex!(r#"(?m)^<link rel="stylesheet" href="[^"]*">\n*"#);
        let up = "../".repeat(page.map_or(0, |page| page.path.components().count() - 1));
        let main = main_of(html).to_owned();
        let mut html = styles.replace_all(html, "").into_owned();
        if stem == "index" {
            let title = format!("<title>{}</title>", escape(&self.title));
            html = regex!(r"<title>[^<]*</title>").replace(&html, &*title).into_owned();
        }
        let mut put = |mark: &str, text: &str| html = html.replacen(mark, text, 1);
        put("<!--press:head-->", &self.head(&main, stem, page, looks, &up));
        put("<!--press:foot-->", &self.foot(looks, &up));
        put("<!--press:pdf-->", &format!("<!--press:pdf {up}-->"));
        put(
            "<search id=\"mdbook-search-wrapper\"",
            &format!(
                "<search id=\"mdbook-search-wrapper\" data-index=\"{up}{}\"",
                looks.index
            ),
        );
        // Nothing is painted before a figure has its controls: it would move what stands below.
        let script = regex!(r#"(<script src="[^"]*live[^"]*" defer)(></script>\n*)"#);
        let kept =
            if main.contains("data-reply=") { "$1 blocking=\"render\"$2" } else { "" };
        html = script.replace_all(&html, kept).into_owned();
        let html = regex!(r"<!--press:(?:head|foot|pdf)-->").replace_all(&html, "");
        let html = contents(&html, stem);
        boxes(&options(&tables(&html)))
    }

    /// What the head of a page says.
    fn head(
        &self,
        main: &str,
        stem: &str,
        page: Option<&Page>,
        looks: &Looks,
        up: &str,
    ) -> String {
        let mut head = format!("<link rel=\"stylesheet\" href=\"{up}{}\">\n", looks.style);
        let fonts: Vec<&str> = [
            ("math", main.contains("<math")), // the heaviest first
            ("serif", true),
            ("display", true),
            ("sans", true),
            ("code", main.contains("<pre")),
            ("serif-italic", first_screen(main).contains("<em")),
            ("serif-bold", first_screen(main).contains("<strong")),
        ]
        .into_iter()
        .filter_map(|(font, wanted)| wanted.then_some(font))
        .collect();
        // From a file they come no sooner, and the browser would complain.
        head += &format!(
            "<script>if(location.protocol!=\"file:\")for(const f of {fonts:?})document.head.append(Object.assign(document.createElement(\"link\"),\
             {{rel:\"preload\",as:\"font\",type:\"font/woff2\",crossOrigin:\"\",href:\"{up}fonts/book-\"+f+\".woff2\"}}))</script>\n"
        );
        let Some(page) = page else { return head };
        let description = attribute(&self.description(page, main));
        let name = if stem == "index" {
            self.title.clone()
        } else {
            format!("{} \u{b7} {}", page.name, self.title)
        };
        let name = attribute(&name);
        head += &format!(
            "<meta property=\"og:title\" content=\"{name}\">\n<meta property=\"og:description\" content=\"{description}\">\n\
             <meta property=\"og:type\" content=\"{}\">\n<meta property=\"og:site_name\" content=\"{}\">\n",
            if page.number.is_some() { "article" } else { "website" },
            attribute(&self.title),
        );
        if let Some(address) = &self.place.settings.address {
            let url = self.address(address, page);
            head += &format!(
                "<link rel=\"canonical\" href=\"{url}\">\n<meta property=\"og:url\" content=\"{url}\">\n<!--press:card {stem}-->\n"
            );
        }
        head
    }

    /// The address of a page; the first is the folder itself.
    fn address(&self, address: &str, page: &Page) -> String {
        let address = address.trim_end_matches('/');
        let first = self.pages.first().is_some_and(|first| first.path == page.path);
        let file = page.path.with_extension("html");
        if first { format!("{address}/") } else { format!("{address}/{}", file.display()) }
    }

    /// What a page is about, in a line or two: what its crate says, and how it begins.
    pub fn description(&self, page: &Page, main: &str) -> String {
        let paragraph = regex!(r"(?s)<p>(.*?)</p>");
        let plain = paragraph.captures_iter(main).map(|found| found[1].to_owned());
        let first =
            plain.into_iter().find(|html| !html.contains("<math")).unwrap_or_default();
        let first = words_of(&first);
        match line(page, self.place).filter(|_| page.number.is_some()) {
            Some(line) => shortened(&format!("{line}. {first}"), 200),
            None => shortened(&first, 200),
        }
    }

    fn foot(&self, looks: &Looks, up: &str) -> String {
        let Some(citation) = looks.citation else { return String::new() };
        let source = match &self.place.html.git_repository_url {
            Some(url) => format!(" <a href=\"{url}\">Source</a>"),
            None => String::new(),
        };
        // What teaches a book lies in a folder of it, and is cited as the book is.
        let book = if self.place.settings.quotes.is_some() { "../" } else { "" };
        format!(
            "<p><span>{}, version {} of {}</span> <span>{}</span>{source} <a href=\"{up}{book}index.html#cite\">How to cite</a> <a href=\"{up}print.html\">All on one page</a></p>",
            escape(&self.title),
            citation.version,
            citation.date,
            citation.licences.join(" or "),
        )
    }

    /// The whole book for paper: a title page, and contents whose pages `cargo book --pdf` fills in.
    fn print(&self, html: &str, citation: Option<&Citation>) -> String {
        let main = main_of(html);
        let mark = "<div style=\"break-before: page;";
        // The first page of the site is no page of the book on paper.
        let landing = main.contains("class=\"hero\"");
        let body = match main.find(mark).filter(|_| landing) {
            Some(at) => &main[at..],
            None => main,
        };
        let mut list = String::new();
        let mut part = None;
        let headings = regex!(r#"<h1 id="([^"]+)">(?s:(.*?))</h1>"#);
        for heading in headings.captures_iter(body) {
            let number = regex!(r#"<span class="chapter-number">(.*?)</span>"#)
                .captures(&heading[2])
                .map(|n| n[1].to_owned());
            let number = number.unwrap_or_default();
            let page =
                self.pages.iter().find(|page| page.number.as_deref() == Some(&*number));
            if let Some(title) = page
                .and_then(|page| page.part.clone())
                .filter(|title| part.as_ref() != Some(title))
            {
                list += &format!("<li class=\"part\">{}</li>", escape(&title));
                part = Some(title);
            }
            let name = words_of(
                &regex!(r#"<span class="chapter-number">.*?</span>"#)
                    .replace(&heading[2], ""),
            );
            list += &format!(
                "<li><a href=\"#{id}\"><span class=\"n\">{number}</span><span>{name}</span><span class=\"dots\"></span><span class=\"page\"><!--page:{id}--></span></a></li>",
                id = &heading[1],
                name = escape(&name),
            );
        }
        let imprint = citation.map_or(String::new(), |c| {
            format!(
                "{}<br>Version {} of {}<br>{}",
                escape(&c.author),
                c.version,
                c.date,
                c.licences.join(" or ")
            )
        });
        let address = self
            .place
            .settings
            .address
            .as_ref()
            .map_or(String::new(), |url| format!("<br>{url}"));
        let front = format!(
            "<section class=\"title-page\"><p class=\"title\">{}</p><p class=\"subtitle\">A book on expectation maximisation that you can run</p>\
             <p class=\"imprint\">{imprint}{address}</p></section>\
             <section class=\"print-contents\"><h2>Contents</h2><ol>{list}</ol></section>",
            escape(&self.title),
        );
        let body = regex!(r#" data-lab="[^"]*" data-reply="[^"]*""#).replace_all(body, "");
        html.replacen(main, &format!("{front}{body}"), 1)
    }

    fn sitemap(&self, citation: Option<&Citation>) -> Result<()> {
        let Some(address) = &self.place.settings.address else { return Ok(()) };
        let date =
            citation.map_or(String::new(), |c| format!("<lastmod>{}</lastmod>", c.date));
        let urls: String = self
            .pages
            .iter()
            .map(|page| {
                format!("<url><loc>{}</loc>{date}</url>\n", self.address(address, page))
            })
            .collect();
        let map = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
        );
        self.write(Path::new("sitemap.xml"), &map)?;
        let robots = format!(
            "User-agent: *\nAllow: /\nSitemap: {}/sitemap.xml\n",
            address.trim_end_matches('/')
        );
        self.write(Path::new("robots.txt"), &robots)
    }
}

/// What all pages have.
struct Looks<'a> {
    style: &'a str,
    index: &'a str,
    citation: Option<&'a Citation>,
}

/// A file's name without what changes with its text: `theme/live-0a1b2c3d.js` is `theme/live.js`.
fn hashless(file: impl AsRef<Path>) -> PathBuf {
    let name = file.as_ref().to_string_lossy().replace('\\', "/");
    PathBuf::from(&*regex!(r"-[0-9a-f]{8}\.").replace(&name, "."))
}

fn attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;")
}

/// The contents without the empty items of mdBook, and with a mark at the page itself.
fn contents(html: &str, stem: &str) -> String {
    let empty =
        regex!(r#"<li class="chapter-item expanded "><li class="(spacer|part-title)">"#);
    let html = empty.replace_all(html, "<li class=\"$1\">");
    let html = regex!(r#"(<li class="(?:spacer|part-title)">[^<]*</li>)</li>"#)
        .replace_all(&html, "$1");
    let Some((before, contents)) = html.split_once("<nav id=\"contents\"") else {
        return html.into_owned();
    };
    let own = format!("<a href=\"{stem}.html\"");
    format!(
        "{before}<nav id=\"contents\"{}",
        contents.replacen(&own, &format!("{own} aria-current=\"page\""), 1)
    )
}

/// What of a page is seen before anybody scrolls, and a bit more.
fn first_screen(main: &str) -> &str {
    main.get(..main.floor_char_boundary(12_000)).unwrap_or(main)
}

/// Tables of words become cards on a phone: each cell knows the head of its column.
fn tables(html: &str) -> String {
    const SHORT: usize = 20; // what begins a row and is no longer stays in one line
    let table =
        regex!(r#"(?s)<div class="table-wrapper">\s*<table>(.*?)</table>\s*</div>"#);
    let (row, cell) =
        (regex!(r"(?s)<tr>(.*?)</tr>"), regex!(r"(?s)<(t[dh])\b([^>]*)>(.*?)</t[dh]>"));
    let done = table.replace_all(html, |found: &regex::Captures| {
        let long =
            cell.captures_iter(&found[1]).any(|c| words_of(&c[3]).chars().count() > 34);
        if !long {
            return found[0].to_owned();
        }
        let heads: Vec<String> = match row.captures(&found[1]) {
            Some(first) => cell.captures_iter(&first[1]).map(|c| words_of(&c[3])).collect(),
            None => Vec::new(),
        };
        let rows = row.replace_all(&found[1], |line: &regex::Captures| {
            let mut column = 0;
            let cells = cell.replace_all(&line[1], |c: &regex::Captures| {
                let (tag, own, text) = (&c[1], &c[2], &c[3]);
                let head = heads.get(column).map_or("", String::as_str);
                column += 1;
                let whole = column == 1
                    && !text.contains("<math")
                    && words_of(text).chars().count() <= SHORT;
                let whole = if whole { " class=\"whole\"" } else { "" };
                match tag {
                    "td" => format!(
                        "<td role=\"cell\"{whole} data-label=\"{}\"{own}>{text}</td>",
                        attribute(head)
                    ),
                    _ => format!("<th role=\"columnheader\"{own}>{text}</th>"),
                }
            });
            format!("<tr role=\"row\">{cells}</tr>")
        });
        let rows = rows
            .replace("<thead>", "<thead role=\"rowgroup\">")
            .replace("<tbody>", "<tbody role=\"rowgroup\">");
        // Columns as wide as their cells are long on average, whatever the fonts are that come late.
        let mut widths = vec![0; heads.len()];
        let mut lines = 0;
        for line in row.captures_iter(&found[1]) {
            lines += 1;
            for (width, c) in widths.iter_mut().zip(cell.captures_iter(&line[1])) {
                *width += words_of(&c[3]).chars().count();
            }
        }
        widths.iter_mut().for_each(|width| *width = (*width / lines.max(1)).clamp(8, 60));
        let sum: usize = widths.iter().sum();
        let columns: String = widths
            .iter()
            .map(|width| format!("<col style=\"width:{}%\">", 100 * width / sum.max(1)))
            .collect();
        format!(
            "<div class=\"table-wrapper cards\"><table role=\"table\"><colgroup>{columns}</colgroup>{rows}</table></div>"
        )
    });
    done.into_owned()
}

/// CSS without comments and line breaks.
fn small_style(text: &str) -> String {
    let text = regex!(r"(?s)/\*.*?\*/").replace_all(text, "");
    let text = regex!(r"\s+").replace_all(&text, " ");
    regex!(r" ?([{};]) ?|([:,]) ").replace_all(text.trim(), "$1$2").replace(";}", "}")
}

/// A script without the lines of comments and the indentation.
fn small_script(text: &str) -> String {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// No line ends within an option or another word with a hyphen that is code, if it is short enough; within a
/// longer name one may end after an underscore.
fn options(html: &str) -> String {
    const LONGEST: usize = 24; // as much as a phone holds in a card of a table
    let code = regex!(r"(<pre[^>]*>)?<code>([^<]*)</code>");
    let done = code.replace_all(html, |found: &regex::Captures| {
        if found.get(1).is_some() {
            return found[0].to_owned();
        }
        let words = found[2].split(' ').map(|word| {
            let long = words_of(word).chars().count() > LONGEST;
            match (word.contains('-'), word.contains('_')) {
                (true, _) if !long => format!("<span class=\"whole\">{word}</span>"),
                (_, true) if long => word.replace('_', "_<wbr>"),
                _ => word.to_owned(),
            }
        });
        format!("<code>{}</code>", words.collect::<Vec<_>>().join(" "))
    });
    done.into_owned()
}

/// The boxes of a list of options, which nobody can tick: signs with a name.
fn boxes(html: &str) -> String {
    let said = |name: &str, sign: char| {
        format!(r#"<span role="img" aria-label="{name}">{sign}</span>"#)
    };
    html.replace(r#"<input disabled="" type="checkbox" checked="">"#, &said("right", '☑'))
        .replace(r#"<input disabled="" type="checkbox">"#, &said("wrong", '☐'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_is_written_small() {
        assert_eq!(
            small_style("/* a */\na :is(b) {\n  c: d, e;\n  f: calc(1px + 2px);\n}\n"),
            "a :is(b){c:d,e;f:calc(1px + 2px)}"
        );
    }

    #[test]
    fn a_script_loses_its_comments_and_nothing_else() {
        assert_eq!(small_script("// a\n  b(\"//c\"); // d\n\n"), "b(\"//c\"); // d\n");
    }

    #[test]
    fn the_contents_have_no_empty_items_and_know_the_page() {
        let html = "<nav id=\"contents\"><ol><li class=\"chapter-item expanded \"><a href=\"a.html\">A</a></li><li class=\"chapter-item expanded \"><li class=\"part-title\">P</li></li></ol>";
        assert_eq!(
            contents(html, "a"),
            "<nav id=\"contents\"><ol><li class=\"chapter-item expanded \"><a href=\"a.html\" aria-current=\"page\">A</a></li><li class=\"part-title\">P</li></ol>"
        );
    }

    #[test]
    fn options_are_not_broken_at_their_hyphens() {
        let long = format!("<code>--{}</code>", "a".repeat(30));
        assert_eq!(
            options(&format!(
                "<code>emfit --log</code>, {long}, <pre><code>a --b</code></pre>"
            )),
            format!(
                "<code>emfit <span class=\"whole\">--log</span></code>, {long}, <pre><code>a --b</code></pre>"
            )
        );
    }

    #[test]
    fn long_names_are_broken_after_an_underscore() {
        let html =
            "<code>a_long_name_of_a_test_that_says_it_all</code>, <code>short_name</code>";
        assert_eq!(
            options(html),
            "<code>a_<wbr>long_<wbr>name_<wbr>of_<wbr>a_<wbr>test_<wbr>that_<wbr>says_<wbr>it_<wbr>all</code>, <code>short_name</code>"
        );
    }

    #[test]
    fn tables_of_words_know_the_heads_of_their_columns() {
        let long = "x ".repeat(20);
        let html = |cell: &str| {
            format!(
                "<div class=\"table-wrapper\"><table><thead><tr><th>A</th></tr></thead><tbody><tr><td>{cell}</td></tr></tbody></table></div>"
            )
        };
        assert_eq!(tables(&html("1")), html("1"));
        assert!(tables(&html(&long)).contains("<td role=\"cell\" data-label=\"A\">x x"));
        let rows = html(&long).replace("<tbody>", "<tbody><tr><td>10-11</td></tr>");
        assert!(
            tables(&rows)
                .contains("<td role=\"cell\" class=\"whole\" data-label=\"A\">10-11")
        );
    }
}
