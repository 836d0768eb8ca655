//! What the page gets back.

use crate::control::Control;
use crate::json::{Object, list, number, text};
use crate::request::Request;
use plot::Figure;

/// Pictures, the state that they show, what can be changed next, and what has happened.
#[derive(Default)]
pub(crate) struct Reply {
    /// The request that gives this reply again.
    pub state: String,
    /// The figure, and what stands below its controls.
    pub pictures: Vec<Figure>,
    pub controls: Vec<Control>,
    /// For those who listen, and those who want numbers.
    pub say: String,
    /// A table, its heading first.
    pub table: Vec<Vec<String>>,
    /// The run as CSV, if it was asked for.
    pub run: String,
    /// Why there is no picture, though there are controls.
    pub problem: String,
    /// Whether the state stands in the address of the page.
    pub address: bool,
}

impl Reply {
    pub fn json(&self, request: &Request) -> String {
        let figure = self.pictures.first();
        match request.get("as") {
            "figure" => {
                let name = figure.map_or("figure", Figure::name).replace('/', "-");
                let svg = figure.map(Figure::document).unwrap_or_default();
                return file(&format!("{name}.svg"), "image/svg+xml", &svg);
            }
            "run" => return file("run.csv", "text/csv", &self.run),
            _ => {}
        }
        let id = match request.get("id") {
            "" => "fig",
            id => id,
        };
        let pictures = self.pictures.iter().map(|picture| text(&picture.inline_as(id)));
        let object = Object::new()
            .text("state", &self.state)
            .list("controls", self.controls.iter().map(Control::json))
            .text("say", &self.say)
            .flag("address", self.address);
        let object = match &self.problem[..] {
            "" => object.list("pictures", pictures),
            problem => object.text("error", problem),
        };
        let frame = figure.and_then(|figure| figure.frames().first()).map(|f| {
            let [left, right, top, bottom] =
                [f.across.start, f.across.end, f.down.start, f.down.end].map(f64::from);
            [left, right, top, bottom, f.x.start, f.x.end, f.y.start, f.y.end]
        });
        let object = match frame {
            Some(frame) => object.list("frame", frame.map(number)),
            None => object,
        };
        let row = |row: &Vec<String>| list(row.iter().map(|cell| text(cell)));
        match &self.table[..] {
            [] => object.end(),
            rows => object.list("table", rows.iter().map(row)).end(),
        }
    }
}

/// A file for the reader to keep.
fn file(name: &str, kind: &str, content: &str) -> String {
    let file = Object::new().text("name", name).text("type", kind).text("text", content);
    Object::new().raw("file", &file.end()).end()
}
