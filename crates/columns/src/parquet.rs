//! Columns of Parquet files.

use super::columns::{Column, find, listed};
use super::number::half;
use super::{Data, ReadError, Source, Table};
use crate::shown::short;
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result as Read};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};

/// Rows that are read at a time.
const CHUNK: usize = 1 << 15;

/// The samples, or that the file is damaged: the library panics on some files that are.
pub(super) fn whole(file: File, source: Source) -> Result<Table, ReadError> {
    let damaged = source.error("cannot read: it is damaged");
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let table = panic::catch_unwind(AssertUnwindSafe(|| samples(file, source)));
    panic::set_hook(hook);
    table.unwrap_or(Err(damaged))
}

/// The samples of the column that the arguments choose, and their weights.
fn samples(file: File, source: Source) -> Result<Table, ReadError> {
    let failed = |error| unreadable(&source, &error);
    let file = SerializedFileReader::new(file).map_err(failed)?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    let names: Vec<String> = schema.columns().iter().map(|c| c.path().string()).collect();
    let choose = |wanted: &str| -> Result<Chosen, ReadError> {
        let index = find(wanted, &names).map_err(|problem| source.error(problem))?.index();
        let column = Column { index, name: Some(names[index].clone()) };
        let described = schema.column(index);
        let kind = Kind::of(&described).map_err(|what| {
            source.error(format!("{} holds {what}, not numbers", column.place()))
        })?;
        Ok(Chosen { column, kind, level: described.max_def_level() })
    };
    let column = match &source.reading.column {
        Some(wanted) => choose(wanted)?,
        None if names.len() == 1 => choose("0")?,
        None => {
            let problem = format!("it has {}: choose one with --column", listed(&names));
            return Err(source.error(problem));
        }
    };
    let weights = source.weights.map(choose).transpose()?;
    let groups = 0..file.num_row_groups();
    let mut rows = Rows { source, row: 0, data: vec![], weights: vec![], skipped: 0 };
    for group in groups {
        rows.group(&file, group, &column, weights.as_ref())?;
    }
    let mut table = Table::new(Data::Samples(rows.data), rows.skipped);
    table.column = column.column.name.map(|name| short(&name));
    table.weights = weights.map(|_| rows.weights);
    rows.source.checked(table)
}

/// A column, and how it writes its numbers.
struct Chosen {
    column: Column,
    kind: Kind,
    /// The level of a cell that is no null.
    level: i16,
}

impl Chosen {
    /// So many cells, or fewer where they end. A null is none.
    fn read(&self, reader: &mut ColumnReader, most: usize) -> Read<Vec<Option<f64>>> {
        let kind = self.kind;
        match reader {
            ColumnReader::Int32ColumnReader(cells) => {
                self.cells(cells, most, |x| match kind {
                    Kind::Unsigned => f64::from(*x as u32),
                    _ => kind.whole((*x).into()),
                })
            }
            ColumnReader::Int64ColumnReader(cells) => {
                self.cells(cells, most, |x| match kind {
                    Kind::Unsigned => *x as u64 as f64,
                    _ => kind.whole((*x).into()),
                })
            }
            ColumnReader::FloatColumnReader(cells) => {
                self.cells(cells, most, |x| f64::from(*x))
            }
            ColumnReader::DoubleColumnReader(cells) => self.cells(cells, most, |x| *x),
            ColumnReader::ByteArrayColumnReader(cells) => {
                self.cells(cells, most, |x| kind.bytes(x.data()))
            }
            ColumnReader::FixedLenByteArrayColumnReader(cells) => {
                self.cells(cells, most, |x| kind.bytes(x.data()))
            }
            ColumnReader::BoolColumnReader(_) | ColumnReader::Int96ColumnReader(_) => {
                Err(ParquetError::General("its columns are not what it says".into()))
            }
        }
    }

    fn cells<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        most: usize,
        number: impl Fn(&T::T) -> f64,
    ) -> Read<Vec<Option<f64>>> {
        let (mut levels, mut values) = (vec![], vec![]);
        reader.read_records(most, Some(&mut levels), None, &mut values)?;
        let mut numbers = values.iter().map(number);
        if self.level == 0 {
            return Ok(numbers.map(Some).collect());
        }
        let cell = |level| if level == self.level { numbers.next() } else { None };
        Ok(levels.into_iter().map(cell).collect())
    }
}

/// What was read so far.
struct Rows<'a> {
    source: Source<'a>,
    row: usize,
    data: Vec<f64>,
    weights: Vec<f64>,
    skipped: u64,
}

impl Rows<'_> {
    /// Reads a group of rows.
    fn group(
        &mut self,
        file: &impl FileReader,
        group: usize,
        column: &Chosen,
        weights: Option<&Chosen>,
    ) -> Result<(), ReadError> {
        let open = |chosen: &Chosen| {
            file.get_row_group(group)?.get_column_reader(chosen.column.index)
        };
        let failed = |rows: &Self, error| unreadable(&rows.source, &error);
        let mut left = file.metadata().row_group(group).num_rows().try_into().unwrap_or(0);
        let mut samples = open(column).map_err(|error| failed(self, error))?;
        let mut others =
            weights.map(open).transpose().map_err(|error| failed(self, error))?;
        while left > 0 {
            let most = CHUNK.min(left);
            let cells = column.read(&mut samples, most).map_err(|e| failed(self, e))?;
            let others = match (weights, &mut others) {
                (Some(weights), Some(reader)) => {
                    Some(weights.read(reader, most).map_err(|e| failed(self, e))?)
                }
                _ => None,
            };
            if cells.len() < most || others.as_ref().is_some_and(|cells| cells.len() < most)
            {
                let problem =
                    format!("it has fewer rows than it says: {}", self.row + cells.len());
                return Err(self.source.error(problem));
            }
            for (i, cell) in cells.into_iter().enumerate() {
                let other = weights.zip(others.as_ref().map(|cells| cells[i]));
                self.row(cell, column, other)?;
            }
            left -= most;
            self.source.count(&mut self.data)?;
        }
        Ok(())
    }

    /// Takes a row, or skips it.
    fn row(
        &mut self,
        cell: Option<f64>,
        column: &Chosen,
        weight: Option<(&Chosen, Option<f64>)>,
    ) -> Result<(), ReadError> {
        let finite = |cell: Option<f64>| cell.filter(|x| x.is_finite());
        let no_sample =
            |cell: Option<f64>| cell.is_none_or(|x| self.source.check(x).is_err());
        let mut wrong = no_sample(cell).then_some((column, cell));
        if let Some((column, cell)) = weight {
            if let Some(x) = finite(cell).filter(|x| *x < 0.0) {
                let problem = format!("{x} is no weight: weights are 0 or more");
                return Err(self.refuse(column, &problem));
            }
            wrong = wrong.or_else(|| finite(cell).is_none().then_some((column, cell)));
        }
        match (wrong, finite(cell)) {
            (Some(_), _) if self.source.reading.skip_invalid => self.skipped += 1,
            (Some((column, None)), _) => {
                return Err(
                    self.refuse(column, "it is null; --skip-invalid leaves such cells out")
                );
            }
            (Some((column, Some(x))), _) => {
                let what = self.source.check(x).err().unwrap_or("is not a finite number");
                return Err(self.refuse(column, &format!("{x} {what}")));
            }
            (None, sample) => {
                self.data.extend(sample);
                self.weights.extend(weight.and_then(|(_, weight)| weight));
            }
        }
        self.row += 1;
        Ok(())
    }

    /// An error in this row.
    fn refuse(&self, column: &Chosen, problem: &str) -> ReadError {
        let (row, place) = (self.row, column.column.place());
        self.source.error(format!("row {row}: {place}: {problem}"))
    }
}

fn unreadable(source: &Source, error: &ParquetError) -> ReadError {
    source.error(format!("cannot read: {error}"))
}

/// How a column writes its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Signed,
    Unsigned,
    Float,
    Half,
    /// Whole numbers that count units of ten to the minus this.
    Decimal(i32),
}

impl Kind {
    /// How, or what it holds instead of numbers.
    fn of(column: &ColumnDescriptor) -> Result<Self, &'static str> {
        if column.max_rep_level() > 0 {
            return Err("lists");
        }
        let logical = column.logical_type_ref();
        let decimal = match logical {
            Some(LogicalType::Decimal(decimal)) => Some(decimal.scale),
            None if column.converted_type() == ConvertedType::DECIMAL => {
                Some(column.type_scale())
            }
            _ => None,
        };
        match (column.physical_type(), decimal) {
            (Type::FLOAT | Type::DOUBLE, _) => Ok(Self::Float),
            (Type::INT32 | Type::INT64, None) => match (logical, column.converted_type()) {
                (Some(LogicalType::Integer(int)), _) if int.is_signed => Ok(Self::Signed),
                (Some(LogicalType::Integer(_)), _) => Ok(Self::Unsigned),
                (Some(_), _) => Err("dates or times"),
                (None, converted) => match converted {
                    ConvertedType::NONE
                    | ConvertedType::INT_8
                    | ConvertedType::INT_16
                    | ConvertedType::INT_32
                    | ConvertedType::INT_64 => Ok(Self::Signed),
                    ConvertedType::UINT_8
                    | ConvertedType::UINT_16
                    | ConvertedType::UINT_32
                    | ConvertedType::UINT_64 => Ok(Self::Unsigned),
                    _ => Err("dates or times"),
                },
            },
            (Type::INT96, _) => Err("dates or times"),
            (Type::BOOLEAN, _) => Err("truth values"),
            (Type::FIXED_LEN_BYTE_ARRAY, Some(_)) if column.type_length() > 16 => {
                Err("numbers of more than 38 digits")
            }
            (_, Some(scale)) => Ok(Self::Decimal(scale)),
            (Type::FIXED_LEN_BYTE_ARRAY, _) if logical == Some(&LogicalType::Float16) => {
                Ok(Self::Half)
            }
            _ => Err("text or bytes"),
        }
    }

    /// A decimal is the nearest number, as if it had been read from text.
    fn whole(self, x: i128) -> f64 {
        match self {
            Self::Decimal(scale) if scale != 0 => {
                format!("{x}e{}", -i64::from(scale)).parse().expect("it is a numeral")
            }
            _ => x as f64,
        }
    }

    /// Two bytes of a float, or the bytes of a whole number, the highest first.
    fn bytes(self, bytes: &[u8]) -> f64 {
        match (self, bytes) {
            (Self::Half, &[low, high]) => half(u16::from_le_bytes([low, high])),
            (Self::Decimal(_), &[first, ..]) if bytes.len() <= 16 => {
                let sign = if first < 128 { 0 } else { -1 };
                self.whole(bytes.iter().fold(sign, |x, byte| x << 8 | i128::from(*byte)))
            }
            _ => f64::NAN,
        }
    }
}
