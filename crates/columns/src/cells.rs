//! Lines of cells, which know their place.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, BufRead};

/// A line has no more bytes or cells than this; one that has more lacks a closing quote.
const LONGEST: usize = 1 << 24;

/// Reads one line of cells after the other. A quoted cell may run over several lines.
pub(super) struct Cells<R> {
    input: R,
    reader: Reader,
    separator: u8,
    quotes: Quotes,
    /// What was read ended in a carriage return, to which a line feed may belong.
    returned: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How many cells this line has.
    len: usize,
    /// The number of this line, from 1.
    line: u64,
    next: u64,
    pub blank: u64,
    /// How many lines begin with `#`.
    pub comments: u64,
}

impl<R: BufRead> Cells<R> {
    /// Cells with this between them. Of spaces there may be several, and some around all cells.
    pub fn new(input: R, separator: u8) -> Self {
        Self {
            input,
            reader: ReaderBuilder::new().delimiter(separator).build(),
            separator,
            quotes: Quotes::default(),
            returned: false,
            text: vec![0; 256],
            ends: vec![0; 16],
            len: 0,
            line: 1,
            next: 1,
            blank: 0,
            comments: 0,
        }
    }

    /// Goes to the next line that has cells. There may be none.
    pub fn next(&mut self) -> io::Result<bool> {
        loop {
            self.skip()?;
            self.line = self.next;
            if !self.record()? {
                return Ok(false);
            }
            self.next += 1;
            if self.quotes.seen {
                let text = &self.text[..self.ends[self.len - 1]];
                self.next += text.iter().filter(|byte| **byte == b'\n').count() as u64;
            }
            if self.separator == b' ' {
                self.close_up();
            }
            if self.len > 1 || !self.is_blank() {
                return Ok(true);
            }
            self.blank += 1;
        }
    }

    /// Whether a line of one cell, or none, has no text.
    fn is_blank(&self) -> bool {
        self.len == 0 || self.text[..self.ends[0]].trim_ascii_start().is_empty()
    }

    /// Skips empty lines and comments. The end of a line may be one byte or two.
    fn skip(&mut self) -> io::Result<()> {
        loop {
            match self.input.fill_buf()?.first() {
                Some(b'\n') if self.returned => self.returned = false,
                Some(end @ (b'\n' | b'\r')) => {
                    self.returned = *end == b'\r';
                    self.next += 1;
                    self.blank += 1;
                }
                Some(b'#') => {
                    self.skip_comment()?;
                    continue;
                }
                _ => return Ok(()),
            }
            self.input.consume(1);
        }
    }

    fn skip_comment(&mut self) -> io::Result<()> {
        self.next += 1;
        self.comments += 1;
        loop {
            let input = self.input.fill_buf()?;
            let end = input.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (used, done) = (end.map_or(input.len(), |end| end + 1), input.is_empty());
            self.returned = end.is_some_and(|end| input[end] == b'\r');
            self.input.consume(used);
            if done || end.is_some() {
                return Ok(());
            }
        }
    }

    fn record(&mut self) -> io::Result<bool> {
        let mut used = 0;
        self.len = 0;
        self.quotes.start();
        loop {
            let input = self.input.fill_buf()?;
            let (text, ends) = (&mut self.text[used..], &mut self.ends[self.len..]);
            let (result, read, wrote, cells) = self.reader.read_record(input, text, ends);
            let whole = result == ReadRecordResult::Record;
            if read > 0 {
                self.returned = input[read - 1] == b'\r';
                self.quotes.follow(&input[..read], whole, self.separator);
            }
            self.input.consume(read);
            used += wrote;
            self.len += cells;
            match result {
                ReadRecordResult::Record => return Ok(true),
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if used < LONGEST => {
                    self.text.resize(2 * self.text.len(), 0);
                }
                ReadRecordResult::OutputEndsFull if self.len < LONGEST => {
                    self.ends.resize(2 * self.ends.len(), 0);
                }
                _ => {
                    let problem =
                        format!("line {} has no end: is a quote not closed?", self.line);
                    return Err(io::Error::other(problem));
                }
            }
        }
    }

    /// Drops the cells without text: they lie between two spaces.
    fn close_up(&mut self) {
        let (mut kept, mut start) = (0, 0);
        for cell in 0..self.len {
            let end = self.ends[cell];
            if end > start {
                self.ends[kept] = end;
                (kept, start) = (kept + 1, end);
            }
        }
        self.len = kept;
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// A cell of this line, without the space around it, and without quotes behind such space,
    /// which the reader leaves.
    #[inline]
    pub fn get(&self, column: usize) -> Option<&[u8]> {
        let start = if column == 0 { 0 } else { *self.ends[..self.len].get(column - 1)? };
        let end = *self.ends[..self.len].get(column)?;
        let cell = self.text[start..end].trim_ascii();
        Some(if cell.first() == Some(&b'"') { unquoted(cell) } else { cell })
    }

    /// Whether a cell of this line goes on behind its closing quote.
    #[inline]
    pub fn goes_on(&self, column: usize) -> bool {
        self.quotes.broken.contains(&column)
    }

    /// A cell of this line as text.
    pub fn text(&self, column: usize) -> Option<String> {
        Some(String::from_utf8_lossy(self.get(column)?).into_owned())
    }

    /// All cells of this line as text.
    pub fn texts(&self) -> Vec<String> {
        (0..self.len).filter_map(|column| self.text(column)).collect()
    }
}

#[cold]
fn unquoted(cell: &[u8]) -> &[u8] {
    match cell {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'"') => inner.trim_ascii(),
        _ => cell,
    }
}

/// Follows the quotes of a line, for cells that go on behind their closing quote: the reader gives
/// 12 for `"1"2`.
#[derive(Default)]
struct Quotes {
    /// Whether there are any.
    seen: bool,
    place: Place,
    column: usize,
    /// The columns of the cells that go on.
    broken: Vec<usize>,
}

/// Where in a cell.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    Unquoted,
    Quoted,
    /// Behind a quote that closes the cell, or is doubled.
    Closed,
}

impl Quotes {
    fn start(&mut self) {
        self.seen = false;
        self.place = Place::Start;
        self.column = 0;
        self.broken.clear();
    }

    /// The next bytes of a line, all of it perhaps.
    #[inline]
    fn follow(&mut self, bytes: &[u8], whole: bool, separator: u8) {
        self.seen |= bytes.contains(&b'"');
        if self.seen || !whole {
            self.follow_each(bytes, separator);
        }
    }

    fn follow_each(&mut self, bytes: &[u8], separator: u8) {
        for byte in bytes {
            self.place = match (self.place, *byte) {
                (Place::Start | Place::Closed, b'"') => Place::Quoted,
                (Place::Quoted, b'"') => Place::Closed,
                (Place::Quoted, _) => Place::Quoted,
                (Place::Start, b' ') if separator == b' ' => Place::Start,
                (_, byte) if byte == separator => {
                    self.column += 1;
                    Place::Start
                }
                (Place::Closed, byte) if byte.is_ascii_whitespace() => Place::Closed,
                (Place::Closed, _) => {
                    self.broken.push(self.column);
                    Place::Unquoted
                }
                (Place::Start | Place::Unquoted, _) => Place::Unquoted,
            };
        }
    }
}
