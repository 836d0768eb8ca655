//! What the command reads, and what it refuses by name instead of reading it wrong.

mod desk;

use desk::{Desk, npy};
use flate2::{Compression, write::GzEncoder};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

/// Nothing is fitted, so that little can fail but reading.
const READ: &str = "--start 1:0:1 --steps 0 --memberships m.csv";

/// Reads `a.csv`: the samples as they were taken, and what was said.
fn reads(content: impl AsRef<[u8]>, args: &str) -> (Vec<f64>, String) {
    let desk = Desk::with("a.csv", content);
    let ran = desk.run(&format!("a.csv {READ} {args}"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    (desk.samples("m.csv"), ran.err)
}

/// Is refused with exactly this.
fn refuses(content: impl AsRef<[u8]>, args: &str, message: &str) {
    let desk = Desk::with("a.csv", content);
    desk.fails(&format!("a.csv {READ} {args}"), 2, &[]);
    let said = desk.run(&format!("a.csv {READ} {args}")).err;
    assert_eq!(said, format!("emfit: a.csv{message}\n"), "{args}");
}

fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(content.as_ref()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_comma_inside_a_number_is_no_end_of_it() {
    refuses(
        "x\n1,5\n2,7\n",
        "",
        ":2: column 1: \"5\" is too many: the line has 2, line 1 has 1; if 1,5 is one number, say \
         --decimal comma",
    );
    refuses(
        "x\n1\n1,234\n",
        "",
        ":3: column 1: \"234\" is too many: the line has 2, line 1 has 1; if 1,234 is one number, \
         take the comma away, or say --decimal comma if it is decimal",
    );
    refuses(
        "x\n1,234,567\n",
        "",
        ":2: column 1: \"234\" is too many: the line has 3, line 1 has 1; if 1,234,567 is one \
         number, take the commas away",
    );
    refuses(
        "x,y\n1,5,2\n",
        "-c x",
        ":2: column 2: \"2\" is too many: the line has 3, line 1 has 2; if commas are decimal, put \
         semicolons between the cells",
    );
    refuses(
        "1,5\n2,7\n",
        "",
        ": it has 2 columns, \"1\", \"5\": choose one with --column; if 1,5 is one number, say \
         --decimal comma",
    );
    // The cures help.
    assert_eq!(reads("x\n1,5\n2,7\n", "--decimal comma").0, [1.5, 2.7]);
    assert_eq!(reads("1,5\n2,7\n", "--decimal comma").0, [1.5, 2.7]);
    assert_eq!(reads("x\n1\n1,234\n", "--decimal comma").0, [1.0, 1.234]);
    assert_eq!(reads("x;y\n1,5;2\n2;3\n", "-c x").0, [1.5, 2.0]);
}

#[test]
fn decimal_commas_are_read_where_commas_separate_nothing() {
    let note = "emfit: a.csv: read with decimal commas: 1,234 is 1.234\n";
    for separator in [";", "\t", " ", "|"] {
        let text = "x;y\n1,5;0,25\n-2,75e1;1\n3;-1\n".replace(';', separator);
        assert_eq!(
            reads(&text, "-c x"),
            (vec![1.5, -27.5, 3.0], note.into()),
            "{separator}"
        );
        assert_eq!(
            reads(&text, "-c y --decimal comma"),
            (vec![0.25, 1.0, -1.0], "".into())
        );
    }
    // Between semicolons a comma is decimal even if it could separate thousands; it says so.
    assert_eq!(reads("x;y\n1,234;1\n", "-c x"), (vec![1.234], note.into()));
    let thousands = "\"1,234\" is not a number; if the comma separates thousands, take it away; \
                     if it is decimal, say --decimal comma";
    refuses("x\ty\n1,234\t1\n", "-c x", &format!(":2: column 0 (x): {thousands}"));
    refuses("x,y\n\"1,234\",1\n", "-c x", &format!(":2: column 0 (x): {thousands}"));
    assert_eq!(reads("x,y\n\"1,234\",1\n", "-c x --decimal comma").0, [1.234]);
    refuses(
        "x,y\n1.5,1\n\"1,5\",1\n",
        "-c x",
        ":2: column 0 (x): \"1.5\" is not a number; some cells have decimal commas: say --decimal \
         comma, or --decimal point",
    );
    refuses(
        "1,5 2,5\n3,5 4,5\n",
        "-c 0",
        ": either spaces or commas stand between its cells: say --decimal comma, or put \
         semicolons there",
    );
    assert_eq!(reads("1,5 2,5\n3,5 4,5\n", "-c 0 --decimal comma").0, [1.5, 3.5]);
    refuses(
        "x,y\n1,2\n3,4\n",
        "--decimal comma",
        ":1: \"x,y\" is one name if commas are decimal: put semicolons between the cells",
    );
}

#[test]
fn points_and_commas_in_one_file_are_asked_about() {
    let both = "x;y\n1,50;1.234\n2;3\n"; // 1234, in German
    let ask = "some cells have decimal commas: say --decimal comma, or --decimal point";
    let message = |cell| format!(":2: column {cell} is not a number; {ask}");
    refuses(both, "-c y", &message("1 (y): \"1.234\""));
    refuses(both, "-c x", &message("0 (x): \"1,50\""));
    assert_eq!(reads(both, "-c y --decimal point").0, [1.234, 3.0]);
    assert_eq!(reads(both, "-c x --decimal comma").0, [1.5, 2.0]);
    refuses(
        both,
        "-c y --decimal comma",
        ":2: column 1 (y): \"1.234\" is not a number; numbers have a decimal comma here; if not, \
         say --decimal point",
    );
}

#[test]
fn separators_of_thousands_are_not_read_over() {
    for cell in [
        "\"1,234.5\"",
        "\"1.234,5\"",
        "1 234",
        "1'234",
        "1_234",
        "1\u{202f}234",
        "\"1,234,567\"",
    ] {
        let shown = cell.trim_matches('"').escape_default().to_string().replace("\\'", "'");
        refuses(
            format!("x\n1\n{cell}\n"),
            "",
            &format!(
                ":3: column 0 (x): \"{shown}\" is not a number; take the separators of thousands \
                 away"
            ),
        );
    }
}

#[test]
fn all_lines_have_as_many_cells_as_the_first() {
    refuses(
        "x,y\n1,2\n3\n",
        "-c x",
        ":3: column 1 (y): there is no such cell: the line has 1, line 1 has 2",
    );
    refuses(
        "# a\n\nx;y\n1;2\n3;4;tea\n",
        "-c x --skip-invalid",
        ":5: column 2: \"tea\" is too many: the line has 3, line 3 has 2",
    );
    refuses(
        "x,y\n1,2,\n",
        "-c x",
        ":2: column 2: \"\" is too many: the line has 3, line 1 has 2",
    );
    refuses(
        "\"x\" \"y\"\n\"1\" 2 3\n\"2\" 4 5\n",
        "-c x",
        ":2: column 2: \"3\" is too many: the line has 3, line 1 has 2; if it begins with the name \
         of the row, as R's write.table has it, write it with row.names = FALSE",
    );
    let note = "emfit: a.csv: ignored 1 invalid number\n";
    assert_eq!(
        reads("x,y\n1,2\n3\n4,5\n", "-c x --skip-invalid"),
        (vec![1.0, 4.0], note.into())
    );
}

#[test]
fn a_name_that_stands_twice_asks_for_the_index() {
    refuses(
        "x,y,x\n1,2,3\n",
        "-c x",
        ":1: the columns 0, 2 are all named \"x\": choose one by its index",
    );
    assert_eq!(reads("x,y,x\n1,2,3\n", "-c 2").0, [3.0]);
    refuses(
        "tea,toast,ham\n1,2,3\n",
        "-c t",
        ":1: \"t\" begins the names of 2 columns, \"tea\", \"toast\": say more of it, or the index",
    );
    let both = "emfit: a.csv: 1 is taken as an index, column 1 (b); the column named 1 has the \
                index 2\n";
    assert_eq!(reads("a,b,1\n1,2,3\n4,5,6\n", "-c 1"), (vec![2.0, 5.0], both.into()));
}

#[test]
fn a_header_of_numbers_is_asked_about() {
    let ask = |place: &str| {
        format!(
            ":1: {place} may be the name of the column or its first number: say --header yes or \
             --header no"
        )
    };
    for (text, column, place) in [
        ("2019,2020\n12,15\n13,17\n", 1, "column 1: \"2020\""),
        ("0,1\n1.5,7\n2.5,8\n", 0, "column 0: \"0\""), // as pandas counts columns
        ("1,2,3\n7,7,7\n", 2, "column 2: \"3\""),
        ("7\n1.5\n2.5\n3.5\n", 0, "column 0: \"7\""),
        ("country,2019\n1,5\n2,6\n", 1, "column 1: \"2019\""),
        (",0\n0,5\n1,6\n", 1, "column 1: \"0\""),
        ("NA,1\n2,3\n4,5\n", 1, "column 1: \"1\""),
    ] {
        let column = format!("-c {column}");
        refuses(text, &column, &ask(place));
        let named = reads(text, &format!("{column} --header yes")).0;
        let data = reads(text, &format!("{column} --header no")).0;
        assert_eq!(data[1..], named, "{text}");
    }
    // Who names a column says that it has a name.
    assert_eq!(reads("2019,2020\n12,15\n13,17\n", "-c 2020").0, [15.0, 17.0]);
    // A first line like the others is data.
    for text in ["1\n3\n", "1,2\n2,3\n3,4\n", "1990,2\n1991,7\n", "1.0\n2.5\n3.5\n4.5\n"] {
        assert_eq!(reads(text, "-c 0").0.len(), text.lines().count(), "{text}");
    }
    for cell in ["NA", "\"1,5\"", "12%", "<0.5", "$7", "1\u{2009}234"] {
        let shown = cell.trim_matches('"').escape_default().to_string().replace("\\'", "'");
        refuses(
            format!("{cell}\n1\n2\n"),
            "",
            &format!(
                ":1: column 0: \"{shown}\" may be the name of the column or its first cell: say \
                 --header yes or --header no"
            ),
        );
    }
    refuses(
        "5,x\n1,2\n",
        "-c x --header no",
        ":1: there is no column \"x\": it has 2 columns, \"5\", \"x\", which without a header go by \
         their index",
    );
}

#[test]
fn marks_comments_and_ends_of_lines_are_read_over() {
    assert_eq!(reads("\u{feff}x\r\n1\r\n2\r\n", ""), (vec![1.0, 2.0], "".into()));
    let comments = "\u{feff}# by hand\n#\nx\n1\n# here \"is\n2\n";
    let note = "emfit: a.csv: ignored 3 lines that begin with #\n";
    assert_eq!(reads(comments, ""), (vec![1.0, 2.0], note.into()));
    let one = "emfit: a.csv: ignored 1 line that begins with #\n";
    assert_eq!(reads("1\r# two\r3", ""), (vec![1.0, 3.0], one.into()));
    assert_eq!(reads("1\n3\n#", "").0, [1.0, 3.0]);
    assert_eq!(reads("1\n#2\n3\n", "--quiet").1, "");
    refuses("# 1\n#2\n", "", ": it is empty but for lines that begin with #");
    refuses("1\n# two\ntea\n", "", ":3: column 0: \"tea\" is not a number");
    refuses(
        "#x,y\n1,2\n",
        "-c x",
        ":2: there is no column \"x\": it has 2 columns, \"1\", \"2\"; a line that begins with # \
         names nothing",
    );
}

#[test]
fn cells_stand_between_spaces_or_bars_too() {
    for text in [
        "x y\n1 2\n3 4\n",
        "  x   y  \n1  2\n  3 4\n",
        "x|y\n1|2\n3|4\n",
        "x | y\n1 | 2\n3 | 4\n",
    ] {
        assert_eq!(reads(text, "-c y").0, [2.0, 4.0], "{text}");
    }
    assert_eq!(reads("\"a b\" y\n1 2\n\"3\" \"4\"\n", "-c y").0, [2.0, 4.0]);
    assert_eq!(reads("x, \"y\"\n1, \"2\"\n", "-c y").0, [2.0]);
    assert_eq!(reads("waiting time\n54\n74\n", "").0, [54.0, 74.0]);
    assert_eq!(reads("1 2\n", "-c 1").0, [2.0]);
}

#[test]
fn a_cell_that_goes_on_behind_its_quote_is_no_number() {
    let goes_on = "is not a number: it goes on behind its closing quote";
    refuses("x\n\"1\"2\n", "", &format!(":2: column 0 (x): \"12\" {goes_on}"));
    refuses("x,y\n3,\"1\".5\n", "-c y", &format!(":2: column 1 (y): \"1.5\" {goes_on}"));
    assert_eq!(
        reads("note,y\n\"a\"b,1\n\"c \"\"d\"\"\",2\n\"e\" ,\"3\" \n", "-c y").0,
        [1.0, 2.0, 3.0]
    );
}

#[test]
fn classes_go_by_their_names() {
    let classes = "count,upper,lower\n5,1,0\n7,2,1\n";
    let desk = Desk::with("a.csv", classes);
    assert_eq!(desk.run(&format!("a.csv --classes {READ}")).code, 0);
    let written = fs::read_to_string(desk.path("m.csv")).unwrap();
    assert!(
        written.starts_with("lower,upper,count,component_0\n0,1,5,1\n1,2,7,1\n"),
        "{written}"
    );
    refuses(
        "from,to,n\n0,1,5\n",
        "--classes",
        ":1: classes have the columns lower, upper and count: it has 3 columns, \"from\", \"to\", \
         \"n\"",
    );
    refuses(
        "lower,upper,count,count\n0,1,5,6\n",
        "--classes",
        ":1: two columns are named count",
    );
    refuses(
        "0,1,2,3\n",
        "--classes",
        ":1: classes have three columns, lower, upper and count: it has 4",
    );
}

#[test]
fn what_gzip_has_packed_is_read() {
    let desk = Desk::new();
    for content in [
        "x\n1\n2\n".as_bytes(),
        &npy("<f8", "(2,)", &[1.0, 2.0].map(f64::to_le_bytes).concat()),
    ] {
        let ran = desk.run_with(&format!("- {READ}"), gzip(content));
        assert_eq!((ran.code, desk.samples("m.csv")), (0, vec![1.0, 2.0]), "{}", ran.err);
    }
    refuses(gzip(gzip("x\n1\n")), "", ": it is packed by gzip twice: unpack it once");
    let packed = gzip("x\n1\n2\n3\n4\n".repeat(9));
    let damaged = |how: &dyn Fn(&mut Vec<u8>)| {
        let mut packed = packed.clone();
        how(&mut packed);
        let desk = Desk::with("a.gz", packed);
        desk.fails(
            &format!("a.gz {READ}"),
            2,
            &["emfit: a.gz: cannot read: its gzip data are damaged", "gzip -t"],
        );
    };
    damaged(&|packed| packed.truncate(packed.len() - 1));
    damaged(&|packed| packed.truncate(12));
    damaged(&|packed| *packed.last_mut().unwrap() ^= 1);
    damaged(&|packed| packed.extend(b"tea"));
    damaged(&|packed| packed[12] ^= 0xff);
    // The checksum of an array comes after its last number.
    let mut array = gzip(npy("<f8", "(1,)", &1_f64.to_le_bytes()));
    let checksum = array.len() - 8;
    array[checksum] ^= 1;
    Desk::with("a.gz", array).fails("a.gz -k 1", 2, &["its gzip data are damaged"]);
}

#[test]
fn other_files_are_refused_by_name() {
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "x\n1\n2\n3\n".encode_utf16().flat_map(bytes).collect()
    };
    let iconv =
        |from: &str| format!("UTF-16 text: convert it, as with iconv -f {from} -t UTF-8");
    let zip = |name: &str| format!("PK\x03\x04\x14\0\0\0\0\0{name}\0\0").into_bytes();
    let unpack = |what: &str| {
        format!("compressed by {what}: unpack it, as with {what} -dc FILE | emfit -")
    };
    for (content, is) in [
        ([&b"\xff\xfe"[..], &utf_16(u16::to_le_bytes)].concat(), iconv("UTF-16")),
        ([&b"\xfe\xff"[..], &utf_16(u16::to_be_bytes)].concat(), iconv("UTF-16")),
        (utf_16(u16::to_le_bytes), iconv("UTF-16LE")),
        (utf_16(u16::to_be_bytes), iconv("UTF-16BE")),
        (zip("x.npy"), "an archive of arrays (.npz): save one array with numpy.save".into()),
        (zip("[Content_Types].xml"), "an Excel workbook (.xlsx): save the sheet as CSV".into()),
        (
            zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
            "a spreadsheet (.ods): save the sheet as CSV".into(),
        ),
        (zip("a.csv"), "a zip archive: unpack it first".into()),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "an old Office file, as .xls is: save the sheet as CSV".into()),
        (b"BZh91AY".to_vec(), unpack("bzip2")),
        (b"\xfd7zXZ\0\0".to_vec(), unpack("xz")),
        (b"\x28\xb5\x2f\xfd\0".to_vec(), unpack("zstd")),
        (b"\x89HDF\r\n\x1a\n".to_vec(), "an HDF5 file: save the column as CSV or .npy".into()),
        (b"X\n\0\0\0\x03\0\x04".to_vec(), "an R object (.rds): save the column with write.csv".into()),
        (
            b"1\n2\n\0\n".to_vec(),
            "not text, byte 4 is 0: what is read is CSV, .npy and Parquet, and these packed by gzip"
                .into(),
        ),
    ] {
        refuses(&content, "", &format!(": it is {is}"));
        refuses(gzip(&content), "", &format!(": it is {is}"));
        refuses(&content, "--classes", &format!(": it is {is}"));
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_says_how_to_have_it() {
    refuses(
        "PAR1\x15\x04PAR1",
        "",
        ": it is a Parquet file, which emfit reads if it is installed with --features parquet; or \
         save the column as CSV",
    );
}

#[test]
fn arrays_with_one_long_side_and_of_16_bits_are_read() {
    let bytes = [1.0, 2.5, -3.0].map(f64::to_le_bytes).concat();
    for shape in ["(3,)", "(3, 1)", "(1, 3)", "(1, 3, 1)"] {
        assert_eq!(reads(npy("<f8", shape, &bytes), "").0, [1.0, 2.5, -3.0], "{shape}");
    }
    assert_eq!(reads(npy("<f8", "(1, 1)", &bytes[..8]), "").0, [1.0]);
    let half = [0x3c00_u16, 0x4100, 0xc200];
    assert_eq!(
        reads(npy("<f2", "(3,)", &half.map(u16::to_le_bytes).concat()), "").0,
        [1.0, 2.5, -3.0]
    );
    assert_eq!(
        reads(npy(">f2", "(3,)", &half.map(u16::to_be_bytes).concat()), "").0,
        [1.0, 2.5, -3.0]
    );
    refuses(
        npy("<f8", "(3, 2)", &bytes),
        "",
        ": its shape is (3, 2): what is read has one dimension; save one column, as a[:, 0]",
    );
    refuses(npy("<f8", "(0, 1)", &[]), "", ": there are no samples");
    refuses(npy("<f8", "(x,)", &bytes), "", ": its shape (x,) is not made of numbers");
}

#[cfg(unix)]
#[test]
fn names_of_files_are_no_commands_to_a_terminal() {
    let name = "a\u{1b}[31m\n\u{202e}b";
    let shown = "a\\u{1b}[31m\\n\\u{202e}b";
    let desk = Desk::with(name, "x\ntea\n");
    for (args, says) in [
        (
            vec![name, "-k1"],
            format!("emfit: {shown}:2: column 0 (x): \"tea\" is not a number\n"),
        ),
        (vec!["none", "-k1", "--plot", name], "emfit: none: cannot read: ".into()),
        (
            vec![name, "-k1", "--plot", name],
            format!("emfit: {shown}: it is the file to read\n"),
        ),
        (
            vec![name, "-k1", "-c", name],
            format!("emfit: {shown}:1: there is no column \"{shown}\": "),
        ),
    ] {
        let said = desk.command("").args(&args).output().unwrap();
        let said = String::from_utf8(said.stderr).unwrap();
        assert!(said.starts_with(&says), "{said}");
        assert!(!said.trim_end().contains(|c: char| c.is_control()), "{said:?}");
    }
    fs::write(desk.path(name), "\u{1b}[31mx\n1\n2\n# no\n").unwrap();
    let ran =
        desk.command("").args([name, "-k1", "--plot", "b\u{1b}[0m.svg"]).output().unwrap();
    let text = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    assert!(text.contains(&format!("{shown}, column \\u{{1b}}[31mx\n")), "{text}");
    assert!(text.contains(&format!("{shown}: ignored 1 line")), "{text}");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let svg = fs::read(desk.path("b\u{1b}[0m.svg")).unwrap();
    assert!(!svg.contains(&0x1b));
}

/// Files that are in order, to begin with.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        "x\n1\n2\n3\n",
        "a,b,c\n1,2.5,tea\n-3,4e3,\"to\"\"ast\"\n5,.5,\n",
        "\u{feff}# c\r\n\"x y\";z\r\n1,5;2\r\n\r\n3;\"4,5\"\r\n",
        "x y z\n 1  2 3\n4 5 6\n",
        "1\t2\n3\t4\n",
        "lower,upper,count\n-inf,0,3\n0,1,5\n1,inf,2\n",
        "\"two\nlines\",b\n1,2\n",
        "2019|2020\n1|2\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    let numbers = [1.0, 2.5, -3.0, 1e300].map(f64::to_le_bytes).concat();
    seeds.push(npy("<f8", "(4,)", &numbers));
    seeds.push(npy(">i2", "(4, 4)", &numbers));
    seeds.push(npy("<f2", "(16, 1)", &numbers));
    let packed: Vec<_> = seeds.iter().map(gzip).collect();
    seeds.extend(packed);
    seeds
}

/// A file in which some things were changed.
fn mutated(rng: &mut ChaCha8Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    const BYTES: &[u8] =
        b"\0\x01\t\n\r\x1a \"#',-.:;|+0129eENaN()\x1b\x1f\x8b\x93\xef\xbb\xbf\xff\xfe";
    const WORDS: &[&str] = &[
        "\"",
        "\"\"",
        "\n\n",
        "\r\n",
        "1e999",
        "NaN",
        "inf",
        "-0",
        "1,234.5",
        "\u{feff}",
        "\n#",
        "PK\x03\x04",
        "PAR1",
        "9999999999999999999",
        "(1, 1)",
        "'shape':",
        "\u{1b}[31m",
        "0x10",
    ];
    let mut file = seeds.choose(rng).unwrap().clone();
    for _ in 0..rng.random_range(1..=4) {
        let at = rng.random_range(0..=file.len());
        let to = rng.random_range(at..=file.len());
        let byte = *BYTES.choose(rng).unwrap();
        match rng.random_range(0..9) {
            0 if at < file.len() => file[at] = byte,
            1 if at < file.len() => file[at] ^= 1 << rng.random_range(0..8),
            2 => file.insert(at, byte),
            3 => drop(file.splice(at..at, WORDS.choose(rng).unwrap().bytes())),
            4 => file.truncate(at),
            5 => drop(file.drain(at..to)),
            6 => drop(file.splice(at..at, file[at..to].to_vec())),
            7 => file = [&file[at..], &file[..at]].concat(),
            _ => {
                let other = seeds.choose(rng).unwrap();
                let from = rng.random_range(0..=other.len());
                file.truncate(at);
                file.extend(&other[from..]);
            }
        }
    }
    file
}

/// Runs on a file that may hold anything, and checks what must hold of any.
fn survives(desk: &Desk, file: &[u8], args: &str) -> i32 {
    let shown = || format!("{args}: {:?}", String::from_utf8_lossy(file));
    let began = Instant::now();
    let ran = desk.run_with(&format!("- {READ} --format json {args}"), file);
    assert!(began.elapsed() < Duration::from_secs(20), "{}", shown());
    let lines: Vec<_> = ran.err.lines().collect();
    assert!(
        lines.iter().all(|line| line.starts_with("emfit: ")),
        "{} {}",
        ran.err,
        shown()
    );
    assert!(
        !ran.err.contains(|c: char| c.is_control() && c != '\n'),
        "{} {}",
        ran.err,
        shown()
    );
    assert!([0, 1, 2].contains(&ran.code), "{} {} {}", ran.code, ran.err, shown());
    if ran.code == 0 {
        let samples = desk.samples("m.csv");
        assert!(samples.iter().all(|x| !x.is_nan()), "{}", shown());
        if !args.contains("--classes") {
            assert_eq!(ran.json()["n"], samples.len(), "{}", shown());
        }
        fs::remove_file(desk.path("m.csv")).unwrap();
    } else {
        assert!(ran.out.is_empty() && !lines.is_empty(), "{} {}", ran.err, shown());
    }
    assert!(desk.files().is_empty(), "{:?} {}", desk.files(), shown());
    ran.code
}

const ARGS: &[&str] = &[
    "",
    "-c 0",
    "-c 0 --skip-invalid",
    "-c 1 --skip-invalid",
    "-c 0 --header yes --skip-invalid",
    "-c 1 --header no --decimal comma",
    "-c x",
    "--classes",
];

/// So many seconds of it: EMFIT_FUZZ=600 cargo test --release -p emfit --test input anything
#[test]
fn anything_may_be_in_a_file() {
    let seconds = std::env::var("EMFIT_FUZZ").ok().map(|seconds| seconds.parse().unwrap());
    let began = Instant::now();
    let (desk, seeds) = (Desk::new(), seeds());
    let (mut rng, mut codes) = (ChaCha8Rng::seed_from_u64(1), [0; 3]);
    for case in 0.. {
        let enough = match seconds {
            None => case == 400,
            Some(seconds) => began.elapsed() > Duration::from_secs(seconds),
        };
        if enough {
            break;
        }
        let file = mutated(&mut rng, &seeds);
        codes[survives(&desk, &file, ARGS.choose(&mut rng).unwrap()) as usize] += 1;
    }
    println!("{codes:?}");
    assert!(codes[0] > 10 && codes[2] > 100, "{codes:?}");
}
