//! What a file is, by its first bytes.

use super::npy;

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Npy,
    Gzip,
    Parquet,
}

/// What begins like this is known and not read: what it is, and what helps.
const REFUSED: &[(&[u8], &str)] = &[
    (b"BZh", "compressed by bzip2: unpack it, as with bzip2 -dc FILE | emfit -"),
    (b"\xfd7zXZ\0", "compressed by xz: unpack it, as with xz -dc FILE | emfit -"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd: unpack it, as with zstd -dc FILE | emfit -"),
    (b"\x04\x22\x4d\x18", "compressed by lz4: unpack it, as with lz4 -dc FILE | emfit -"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office file, as .xls is: save the sheet as CSV",
    ),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file: save the column as CSV or .npy"),
    (b"ARROW1", "an Arrow (Feather) file: save the column as CSV or Parquet"),
    (b"FEA1", "a Feather file: save the column as CSV or Parquet"),
    (b"SQLite format 3\0", "an SQLite database: save the column as CSV"),
    (b"RDX2\n", "an R workspace: save the column with write.csv"),
    (b"RDX3\n", "an R workspace: save the column with write.csv"),
    (b"X\n\0\0\0", "an R object (.rds): save the column with write.csv"),
    (b"\xff\xfe\0\0", "UTF-32 text: convert it, as with iconv -f UTF-32 -t UTF-8"),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
];

const UTF_16: &str = "UTF-16 text: convert it, as with iconv -f UTF-16 -t UTF-8";

/// What the file is that begins with these bytes, or what it is that is not read.
pub(super) fn kind(head: &[u8]) -> Result<Kind, String> {
    if head.starts_with(npy::MAGIC) {
        Ok(Kind::Npy)
    } else if head.starts_with(b"\x1f\x8b") {
        Ok(Kind::Gzip)
    } else if head.starts_with(b"PAR1") {
        Ok(Kind::Parquet)
    } else if head.starts_with(b"PK\x03\x04") {
        Err(format!("it is {}", archive(head)))
    } else if let Some((_, what)) =
        REFUSED.iter().find(|(magic, _)| head.starts_with(magic))
    {
        Err(format!("it is {what}"))
    } else if let Some(utf_16) = utf_16(head) {
        Err(format!("it is {utf_16}"))
    } else if let Some(at) = head.iter().position(|byte| *byte == 0) {
        Err(format!(
            "it is not text, byte {at} is 0: what is read is CSV, .npy and Parquet, and these packed by gzip"
        ))
    } else {
        Ok(Kind::Text)
    }
}

/// Archives differ by the names of what is in them.
fn archive(head: &[u8]) -> &'static str {
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if has(b".npy") {
        "an archive of arrays (.npz): save one array with numpy.save"
    } else if has(b"[Content_Types].xml") || has(b"xl/") {
        "an Excel workbook (.xlsx): save the sheet as CSV"
    } else if has(b"opendocument.spreadsheet") {
        "a spreadsheet (.ods): save the sheet as CSV"
    } else {
        "a zip archive: unpack it first"
    }
}

/// Digits in UTF-16 without its mark: every other byte is zero.
fn utf_16(head: &[u8]) -> Option<&'static str> {
    let zeros = |from: usize| {
        let bytes = head.iter().skip(from).step_by(2);
        (bytes.clone().filter(|byte| **byte == 0).count(), bytes.count())
    };
    match (zeros(0), zeros(1)) {
        ((0, _), (odd, all)) if all > 1 && 2 * odd > all => {
            Some("UTF-16 text: convert it, as with iconv -f UTF-16LE -t UTF-8")
        }
        ((even, all), (0, _)) if all > 1 && 2 * even > all => {
            Some("UTF-16 text: convert it, as with iconv -f UTF-16BE -t UTF-8")
        }
        _ => None,
    }
}
