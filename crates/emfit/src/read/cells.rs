//! Lines of cells, which know their place.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, BufRead};

/// Reads one line of cells after the other. A quoted cell may run over several lines.
pub(super) struct Cells<R> {
    input: R,
    reader: Reader,
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
}

impl<R: BufRead> Cells<R> {
    /// Cells with commas between them, or with semicolons or tabs, if the first line has more of
    /// those.
    pub fn new(mut input: R) -> io::Result<Self> {
        let first = input.fill_buf()?.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
        let outside = first.split(|byte| *byte == b'"').step_by(2).flatten();
        let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
        for byte in outside {
            counts.iter_mut().filter(|(c, _)| c == byte).for_each(|(_, count)| *count += 1);
        }
        let (delimiter, _) = *counts.iter().max_by_key(|(_, count)| *count).expect("three");
        Ok(Self {
            input,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            returned: false,
            text: vec![0; 256],
            ends: vec![0; 16],
            len: 0,
            line: 1,
            next: 1,
            blank: 0,
        })
    }

    /// Goes to the next line that is not blank. There may be none.
    pub fn next(&mut self) -> io::Result<bool> {
        loop {
            self.skip_blank()?;
            self.line = self.next;
            if !self.record()? {
                return Ok(false);
            }
            let end = self.ends[self.len - 1];
            self.next +=
                1 + self.text[..end].iter().filter(|b| **b == b'\n').count() as u64;
            if self.len > 1 || !self.text[..end].trim_ascii().is_empty() {
                return Ok(true);
            }
            self.blank += 1;
        }
    }

    /// Skips empty lines. The end of a line may be one byte or two.
    fn skip_blank(&mut self) -> io::Result<()> {
        loop {
            match self.input.fill_buf()?.first() {
                Some(b'\n') if self.returned => self.returned = false,
                Some(end @ (b'\n' | b'\r')) => {
                    self.returned = *end == b'\r';
                    self.next += 1;
                    self.blank += 1;
                }
                _ => return Ok(()),
            }
            self.input.consume(1);
        }
    }

    fn record(&mut self) -> io::Result<bool> {
        let mut used = 0;
        self.len = 0;
        loop {
            let input = self.input.fill_buf()?;
            let (text, ends) = (&mut self.text[used..], &mut self.ends[self.len..]);
            let (result, read, wrote, cells) = self.reader.read_record(input, text, ends);
            if read > 0 {
                self.returned = input[read - 1] == b'\r';
            }
            self.input.consume(read);
            used += wrote;
            self.len += cells;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::OutputEndsFull => {
                    self.ends.resize(2 * self.ends.len(), 0)
                }
                ReadRecordResult::Record => return Ok(true),
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// A cell of this line, without the space around it.
    pub fn get(&self, column: usize) -> Option<&[u8]> {
        let start = if column == 0 { 0 } else { *self.ends[..self.len].get(column - 1)? };
        let end = *self.ends[..self.len].get(column)?;
        Some(self.text[start..end].trim_ascii())
    }

    /// All cells of this line as text.
    pub fn names(&self) -> Vec<String> {
        let cells = (0..self.len).filter_map(|column| self.get(column));
        cells.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }
}

/// The number that a cell holds.
pub(super) fn number(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}
