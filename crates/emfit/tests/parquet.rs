//! Parquet files: each kind of number, nulls, and what is no number.

mod desk;

use desk::Desk;
use flate2::{Compression, write::GzEncoder};
use parquet::basic::Compression as Codec;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs;
use std::io::Write;
use std::sync::Arc;

const READ: &str = "--start 1:0:1 --steps 0 --memberships m.csv";

/// A file with one column `x`, in groups of two rows. A row without a value is a null.
fn file<T: DataType>(kind: &str, rows: &[Option<T::T>], codec: Codec) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message m {{ {kind}; }}")).unwrap());
    let properties = WriterProperties::builder().set_compression(codec).build();
    let mut bytes = vec![];
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    for rows in rows.chunks(2) {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let values: Vec<T::T> = rows.iter().flatten().cloned().collect();
        let levels: Vec<i16> = rows.iter().map(|row| row.is_some().into()).collect();
        column.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn reads(bytes: &[u8], args: &str) -> (Vec<f64>, String) {
    let desk = Desk::with("a.parquet", bytes);
    let ran = desk.run(&format!("a.parquet {READ} {args}"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    (desk.samples("m.csv"), ran.err)
}

fn refuses(bytes: &[u8], args: &str, message: &str) {
    let desk = Desk::with("a.parquet", bytes);
    desk.fails(&format!("a.parquet {READ} {args}"), 2, &[]);
    let said = desk.run(&format!("a.parquet {READ} {args}")).err;
    assert_eq!(said, format!("emfit: a.parquet{message}\n"));
}

fn reads_as<T: DataType>(kind: &str, values: &[T::T], numbers: &[f64]) {
    for required in ["required", "optional"] {
        let rows: Vec<_> = values.iter().cloned().map(Some).collect();
        let bytes = file::<T>(&format!("{required} {kind}"), &rows, Codec::UNCOMPRESSED);
        assert_eq!(reads(&bytes, "").0, numbers, "{required} {kind}");
    }
}

fn fixed(bytes: &[u8]) -> FixedLenByteArray {
    ByteArray::from(bytes.to_vec()).into()
}

#[test]
fn all_kinds_of_numbers_are_read() {
    reads_as::<DoubleType>("double x", &[1.0, -2.5, 1e10], &[1.0, -2.5, 1e10]);
    reads_as::<FloatType>("float x", &[1.0, -2.5, 0.1], &[1.0, -2.5, f64::from(0.1_f32)]);
    reads_as::<Int32Type>("int32 x", &[1, -2, i32::MIN], &[1.0, -2.0, -2147483648.0]);
    reads_as::<Int64Type>("int64 x", &[1, -2, 1 << 60], &[1.0, -2.0, 2_f64.powi(60)]);
    reads_as::<Int32Type>("int32 x (INTEGER(8, true))", &[1, -2, 127], &[1.0, -2.0, 127.0]);
    reads_as::<Int32Type>(
        "int32 x (INTEGER(32, false))",
        &[1, -1, 0],
        &[1.0, 4294967295.0, 0.0],
    );
    reads_as::<Int32Type>("int32 x (UINT_32)", &[1, -1, 0], &[1.0, 4294967295.0, 0.0]);
    reads_as::<Int64Type>(
        "int64 x (INTEGER(64, false))",
        &[1, i64::MIN, 0],
        &[1.0, 2_f64.powi(63), 0.0],
    );
    reads_as::<Int32Type>("int32 x (DECIMAL(9, 2))", &[110, -333, 1], &[1.1, -3.33, 0.01]);
    reads_as::<Int64Type>(
        "int64 x (DECIMAL(18, 4))",
        &[11000, -3, 7],
        &[1.1, -0.0003, 0.0007],
    );
    let big = 1234567890123456789_i128 * 10_i128.pow(12);
    let values = [fixed(&big.to_be_bytes()), fixed(&(-7_i128).to_be_bytes())];
    reads_as::<FixedLenByteArrayType>(
        "fixed_len_byte_array(16) x (DECIMAL(38, 12))",
        &values,
        &[1234567890123456789.0, -7e-12],
    );
    let values = [ByteArray::from(vec![1, 0]), ByteArray::from(vec![0xff])];
    reads_as::<ByteArrayType>("binary x (DECIMAL(5, 1))", &values, &[25.6, -0.1]);
    let values = [fixed(&0x3c00_u16.to_le_bytes()), fixed(&0xc100_u16.to_le_bytes())];
    reads_as::<FixedLenByteArrayType>(
        "fixed_len_byte_array(2) x (FLOAT16)",
        &values,
        &[1.0, -2.5],
    );
}

#[test]
fn nulls_and_what_is_not_finite_are_named_or_left_out() {
    let rows = [Some(1.0), Some(2.0), Some(3.0), None, Some(f64::NAN), Some(6.0)];
    let bytes = file::<DoubleType>("optional double x", &rows, Codec::UNCOMPRESSED);
    refuses(
        &bytes,
        "",
        ": row 3: column 0 (x): it is null; --skip-invalid leaves such cells out",
    );
    let note = "emfit: a.parquet: ignored 2 invalid numbers\n";
    assert_eq!(reads(&bytes, "--skip-invalid"), (vec![1.0, 2.0, 3.0, 6.0], note.into()));
    let bytes =
        file::<DoubleType>("required double x", &[rows[0], rows[4]], Codec::UNCOMPRESSED);
    refuses(&bytes, "", ": row 1: column 0 (x): NaN is not a finite number");
    let nothing =
        file::<DoubleType>("optional double x", &[None, None], Codec::UNCOMPRESSED);
    refuses(
        &nothing,
        "--skip-invalid",
        ": there are no samples, of 2 that are no finite numbers",
    );
    let empty = file::<DoubleType>("optional double x", &[], Codec::UNCOMPRESSED);
    refuses(&empty, "", ": there are no samples");
}

#[test]
fn what_is_no_number_is_refused_by_name() {
    let int = |kind: &str| file::<Int32Type>(kind, &[Some(1)], Codec::UNCOMPRESSED);
    let dates = ": column 0 (x) holds dates or times, not numbers";
    refuses(&int("required int32 x (DATE)"), "", dates);
    refuses(&int("required int32 x (TIME_MILLIS)"), "", dates);
    let times = file::<Int64Type>(
        "required int64 x (TIMESTAMP(MICROS, true))",
        &[Some(1)],
        Codec::UNCOMPRESSED,
    );
    refuses(&times, "", dates);
    let text = file::<ByteArrayType>(
        "required binary x (UTF8)",
        &[Some("1".into())],
        Codec::UNCOMPRESSED,
    );
    refuses(&text, "", ": column 0 (x) holds text or bytes, not numbers");
    let desk = Desk::with("a.parquet", int("required int32 x"));
    desk.fails("a.parquet --classes -k 1", 2, &["classes are read from CSV files"]);
}

#[test]
fn any_codec_that_is_built_in_is_read_from_a_file_a_pipe_or_gzip() {
    let numbers: Vec<f64> = (0..20_000).map(|i| f64::from(i % 97)).collect();
    let rows: Vec<_> = numbers.iter().copied().map(Some).collect();
    for codec in [
        Codec::UNCOMPRESSED,
        Codec::SNAPPY,
        Codec::GZIP(Default::default()),
        Codec::ZSTD(Default::default()),
        Codec::LZ4_RAW,
    ] {
        let rows = if codec == Codec::SNAPPY { &rows[..] } else { &rows[..9] };
        let bytes = file::<DoubleType>("required double x", rows, codec);
        assert_eq!(reads(&bytes, "").0, numbers[..rows.len()], "{codec:?}");
    }
    let bytes = file::<DoubleType>("required double x", &rows[..9], Codec::UNCOMPRESSED);
    let mut packed = GzEncoder::new(vec![], Compression::fast());
    packed.write_all(&bytes).unwrap();
    for input in [bytes, packed.finish().unwrap()] {
        let desk = Desk::new();
        let ran = desk.run_with(&format!("- {READ}"), input);
        assert_eq!(
            (ran.code, desk.samples("m.csv")),
            (0, numbers[..9].to_vec()),
            "{}",
            ran.err
        );
    }
}

/// What pyarrow has written: pages of version 2, a dictionary, two groups of rows.
fn pyarrow() -> Vec<u8> {
    fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pyarrow.parquet")).unwrap()
}

#[test]
fn a_file_of_another_hand_is_read() {
    let bytes =
        fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pyarrow.parquet")).unwrap();
    assert_eq!(reads(&bytes, "-c waiting").0, [79.0, 54.0, 74.0, 62.0, 79.0]);
    assert_eq!(reads(&bytes, "-c 0 --skip-invalid").0, [3.6, 1.8, 2.283, 4.533]);
    assert_eq!(reads(&bytes, "-c place.depth").0, [1.5, 2.5, 3.5, 4.5, 5.5]);
    refuses(
        &bytes,
        "",
        ": it has 4 columns, \"eruption\", \"waiting\", \"note\", \"place.depth\": choose one with \
         --column",
    );
    refuses(&bytes, "-c note", ": column 2 (note) holds text or bytes, not numbers");
    refuses(
        &bytes,
        "-c tea",
        ": there is no column \"tea\": it has 4 columns, \"eruption\", \"waiting\", \"note\", \
         \"place.depth\"",
    );
}

#[test]
fn a_damaged_file_is_refused() {
    let rows: Vec<_> = (0..50).map(|i| Some(f64::from(i))).collect();
    let bytes = file::<DoubleType>("optional double x", &rows, Codec::SNAPPY);
    for length in [4, 8, 12, bytes.len() / 2, bytes.len() - 1] {
        let desk = Desk::with("a.parquet", &bytes[..length]);
        desk.fails("a.parquet -k 1", 2, &["a.parquet: cannot read: "]);
    }
    // The library has panicked on these.
    for (at, bit) in [(899, 0), (903, 7), (904, 0), (1285, 0)] {
        let mut bytes = pyarrow();
        bytes[at] ^= 1 << bit;
        let desk = Desk::with("a.parquet", bytes);
        desk.fails("a.parquet -k 1 -c 0 --skip-invalid", 2, &["a.parquet: cannot read: "]);
    }
}
