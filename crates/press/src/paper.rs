//! What needs a browser: the book as a PDF, and a picture of each page for those who share it.

use crate::highlight::escape;
use crate::text::regex;
use anyhow::{Context, Result, ensure};
use lopdf::SaveOptions;
use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The name of the book on paper.
pub const PDF: &str = "book.pdf";
/// The folder of the pictures.
const CARDS: &str = "cards";

/// A Chromium: the one that `CHROMIUM` names, or one of the system.
pub struct Browser(PathBuf);

impl Browser {
    /// The browser, if there is one.
    #[must_use]
    pub fn find() -> Option<Self> {
        let names = [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
        ];
        let named = env::var("CHROMIUM").ok().filter(|name| !name.is_empty());
        let paths: Vec<PathBuf> = env::var_os("PATH")
            .map(|paths| env::split_paths(&paths).collect())
            .unwrap_or_default();
        let on_path = |name: &str| {
            paths.iter().map(|path| path.join(name)).find(|file| file.is_file())
        };
        let mac = Path::new("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
        named
            .map(PathBuf::from)
            .map(|path| path.to_str().and_then(on_path).unwrap_or(path))
            .or_else(|| names.into_iter().find_map(on_path))
            .or_else(|| mac.is_file().then(|| mac.to_owned()))
            .map(Self)
    }

    /// Runs it without a window. It opens nothing but our own pages, so it may do without a sandbox,
    /// which root cannot have.
    fn run(&self, home: &Path, arguments: &[String]) -> Result<()> {
        let output = Command::new(&self.0)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .args(["--hide-scrollbars", "--force-color-profile=srgb"])
            .arg(format!("--user-data-dir={}", home.display()))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .with_context(|| self.0.display().to_string())?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(())
    }
}

/// Prints the book, and a picture of each page, into the folder of the site, and links them. Gives the path of
/// the PDF.
///
/// # Errors
///
/// The browser cannot be run, or a file cannot be read or written.
pub fn print(index: &Path, browser: &Browser) -> Result<PathBuf> {
    let folder = index.parent().context("the site has no folder")?;
    let home = env::temp_dir().join(format!("press-{}", std::process::id()));
    let done = pdf(folder, browser, &home).and_then(|pdf| {
        cards(folder, browser, &home)?;
        Ok(pdf)
    });
    let _ = fs::remove_dir_all(&home);
    let pdf = done?;
    for page in pages(folder)? {
        let html = fs::read_to_string(&page)?;
        fs::write(&page, linked(&html))?;
    }
    Ok(pdf)
}

fn pages(folder: &Path) -> Result<Vec<PathBuf>> {
    let pattern = format!("{}/**/*.html", glob::Pattern::escape(&folder.to_string_lossy()));
    Ok(glob::glob(&pattern)?.collect::<Result<_, _>>()?)
}

fn url(file: &Path) -> Result<String> {
    Ok(format!("file://{}", file.canonicalize()?.display()).replace(' ', "%20"))
}

/// The page with links to the PDF where it has room for them.
fn linked(html: &str) -> String {
    let bar = format!("<a class=\"bar-button\" href=\"${{1}}{PDF}\"><span>PDF</span></a>");
    let html = regex!(r"<!--press:pdf ([./]*)-->").replace_all(html, &*bar).into_owned();
    let door = format!(
        "<li><a href=\"{PDF}\">Print it <span>the whole book as a PDF</span></a></li>"
    );
    html.replace("<!--press:pdf-door-->", &door)
}

/// Prints twice: the first time tells on which page a chapter begins, the second has it in the contents.
fn pdf(folder: &Path, browser: &Browser, home: &Path) -> Result<PathBuf> {
    let source = folder.join("print.html");
    let html = fs::read_to_string(&source).context("the book has no print.html")?;
    let (copy, pdf) = (folder.join("paper.html"), folder.join(PDF));
    let mut pages = HashMap::new();
    for _ in 0..2 {
        fs::write(&copy, numbered(&patient(&html, folder)?, &pages))?;
        let flags = [
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            "--virtual-time-budget=20000",
        ];
        let mut arguments: Vec<String> = flags.map(Into::into).to_vec();
        arguments.push(format!("--print-to-pdf={}", pdf.display()));
        arguments.push(url(&copy)?);
        browser.run(home, &arguments)?;
        pages = places(&fs::read(&pdf)?);
    }
    fs::remove_file(copy)?;
    pack(&pdf).with_context(|| pdf.display().to_string())?;
    Ok(pdf)
}

/// Writes the PDF at half of its size: Chromium packs none of the tens of thousands of small objects that say
/// what is a heading and what a paragraph.
fn pack(pdf: &Path) -> Result<()> {
    let mut document = lopdf::Document::load(pdf)?;
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .compression_level(9)
        .build();
    document.save_with_options(&mut fs::File::create(pdf)?, options)?;
    Ok(())
}

/// The page with its style sheet in it, and patience: on paper all letters are there.
fn patient(html: &str, folder: &Path) -> Result<String> {
    let link = regex!(r#"<link rel="stylesheet" href="(?:\.\./)*([^"]*)">"#);
    let Some(found) = link.captures(html) else { return Ok(html.to_owned()) };
    let file = folder.join(&found[1]);
    let style = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let style = style.replace("font-display:optional", "font-display:block");
    Ok(html.replacen(&found[0], &format!("<style>{style}</style>"), 1))
}

/// The contents with the pages that are known.
fn numbered(html: &str, pages: &HashMap<String, usize>) -> String {
    let page = |mark: &regex::Captures| {
        pages.get(&mark[1]).map_or_else(|| "000".to_owned(), ToString::to_string)
    };
    regex!(r"<!--page:([^>]+?)-->").replace_all(html, page).into_owned()
}

/// On which page each place that is linked to lies, counted from 1: Chromium writes the tables of a PDF as
/// text, and its pages in order.
fn places(pdf: &[u8]) -> HashMap<String, usize> {
    let text = String::from_utf8_lossy(pdf);
    let object = regex!(r"(?m)^(\d+) 0 obj\s*<</Type /Page\s");
    let mut pages: Vec<usize> =
        object.captures_iter(&text).filter_map(|page| page[1].parse().ok()).collect();
    pages.sort_unstable();
    let place = regex!(r"/([^\s/\[\]]+) \[(\d+) 0 R /XYZ");
    place
        .captures_iter(&text)
        .filter_map(|place| {
            let page = pages.binary_search(&place[2].parse().ok()?).ok()?;
            Some((place[1].to_owned(), page + 1))
        })
        .collect()
}

/// A picture for each page that has an address, and the words of the page that name it.
fn cards(folder: &Path, browser: &Browser, home: &Path) -> Result<()> {
    for page in pages(folder)? {
        let html = fs::read_to_string(&page)?;
        let Some(mark) = regex!(r"<!--press:card ([\w-]+)-->").captures(&html) else {
            continue;
        };
        let (all, stem) = (mark[0].to_owned(), mark[1].to_owned());
        let card = folder.join(CARDS).join(&stem).with_extension("png");
        if !card.exists() {
            fs::create_dir_all(folder.join(CARDS))?;
            let drawn = folder.join("card.html");
            fs::write(&drawn, patient(&card_of(&html), folder)?)?;
            browser.run(
                home,
                &[
                    "--window-size=1200,630".into(),
                    "--virtual-time-budget=3000".into(),
                    format!("--screenshot={}", card.display()),
                    url(&drawn)?,
                ],
            )?;
            fs::remove_file(drawn)?;
        }
        let address = regex!(r#"<link rel="canonical" href="([^"]*/)[^"/]*">"#);
        let base =
            address.captures(&html).map(|found| found[1].to_owned()).unwrap_or_default();
        let tags = format!(
            "<meta property=\"og:image\" content=\"{base}{CARDS}/{stem}.png\">\n<meta property=\"og:image:width\" content=\"1200\">\n\
             <meta property=\"og:image:height\" content=\"630\">\n<meta name=\"twitter:card\" content=\"summary_large_image\">"
        );
        fs::write(&page, html.replace(&all, &tags))?;
    }
    Ok(())
}

/// The picture of a page: its title, what it is about, and its first drawing.
fn card_of(html: &str) -> String {
    let meta = |name: &str| {
        let start = format!("<meta property=\"og:{name}\" content=\"");
        let rest = html.split(&start).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let style = regex!(r#"<link rel="stylesheet"[^>]*>"#)
        .find(html)
        .map_or("", |link| link.as_str());
    let drawing = regex!(r"(?s)<figure\b.*?(<svg\b.*?</svg>)")
        .captures(html)
        .map_or("", |svg| svg.get(1).map_or("", |svg| svg.as_str()));
    let (title, book) = (meta("title"), meta("site_name"));
    let title = title.split(" \u{b7} ").next().unwrap_or(&title);
    let over = if title == book {
        String::new()
    } else {
        format!("<p class=\"over\">{}</p>", escape(&book).replace("&amp;", "&"))
    };
    format!(
        "<!DOCTYPE html><html class=\"light\"><meta charset=\"utf-8\">{style}<style>\
         html,body{{width:1200px;height:630px;overflow:hidden}}body{{display:grid;grid-template:1fr/1fr 600px;align-items:center;gap:40px;padding:64px 48px 48px 64px}}\
         .over{{margin:0;font:30px var(--sans);color:var(--faint)}}h1{{margin:10px 0 24px;font-size:76px;line-height:1.05}}\
         .about{{font:29px/1.4 var(--sans);margin:0;max-height:290px;overflow:hidden}}svg{{align-self:center;width:600px;height:auto;max-height:520px}}.fig{{font-size:170px}}\
         </style><body><div>{over}<h1>{title}</h1><p class=\"about\">{}</p></div>{drawing}</body></html>",
        crate::text::shortened(&meta("description"), 120),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_a_pdf_are_counted_in_order() {
        let pdf = b"2 0 obj\n<</Type /Page\n/Kids 1>>\n8 0 obj\n<</Type /Pages>>\n35 0 obj\n<</Type /Page\n>>\n9 0 obj\n<</a [2 0 R /XYZ 57 1 0]\n/b-c [35 0 R /XYZ 57 1 0]>>";
        let places = places(pdf);
        assert_eq!((places["a"], places["b-c"], places.len()), (1, 2, 2));
        assert_eq!(numbered("<i><!--page:b-c--></i><!--page:d-->", &places), "<i>2</i>000");
    }

    #[test]
    fn a_packed_pdf_is_smaller_and_has_all_its_objects() {
        let folder = tempfile::tempdir().unwrap();
        let pdf = folder.path().join("a.pdf");
        let mut document = lopdf::Document::with_version("1.4");
        let root = document.add_object(lopdf::dictionary! { "Type" => "Catalog" });
        document.trailer.set("Root", root);
        for i in 0..500 {
            document.add_object(lopdf::dictionary! { "S" => "P", "P" => root, "K" => i });
        }
        document.save(&pdf).unwrap();
        let before = fs::metadata(&pdf).unwrap().len();
        pack(&pdf).unwrap();
        assert!(fs::metadata(&pdf).unwrap().len() < before / 2);
        let packed = lopdf::Document::load(&pdf).unwrap();
        let paragraphs =
            packed.objects.values().filter(|o| o.as_dict().is_ok_and(|d| d.has(b"K")));
        assert_eq!(paragraphs.count(), 500);
    }

    #[test]
    fn links_to_the_pdf_stand_where_there_is_room() {
        let html = linked("<!--press:pdf ../--><ul><!--press:pdf-door--></ul>");
        assert!(
            html.contains("href=\"../book.pdf\"")
                && html.contains("<li><a href=\"book.pdf\">")
        );
    }
}
