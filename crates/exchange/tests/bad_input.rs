//! Every kind of bad input ends in a clear reason with its place, and nothing else is lost.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};

use flate2::write::GzEncoder;
use recount_exchange::{FigureProblem, Import, Map, Options, PlanError, Refusal, Table, TableError, plan, read_map};

const MAP: &str = r#"
schema = "recount-map/1"
set = "small"
title = "A small table"
origin = "made up for a test"
licence = "CC0"

[contest]
id = "lists"
kind = "list"
unit = "all"

[[unit]]
level = "national"
id = "all"
name = "All"
[[unit]]
level = "region"
id = "r{region}"
name = "Region {region}"

[station]
id = "{station}"
name = "{name}"
expected = "registered"

[lines]
registered = "registered"
valid = "valid"

[votes]
prefix = "v_"

[status]
column = "status"
[[status.value]]
is = "counted"
[[status.value]]
is = "blank is zero"
empty_votes = "zero"
zero_lines = ["valid"]
[[status.value]]
is = "closed"
absent = "not_installed"
rulings = [{ effect = "annul", reason = "not_installed" }]

[[pass]]
id = "first"
source = "preliminary"
where = { round = "1" }
[[pass]]
id = "second"
source = "preliminary"
where = { round = ["2", "2a"] }
"#;

const HEADER: &str = "round,region,station,name,status,registered,valid,v_a,v_b\n";

fn map() -> Map {
    read_map(MAP).unwrap()
}

fn read_bytes(bytes: &[u8], map: &Map) -> Result<Import, PlanError> {
    let options = Options::default();
    plan(&mut Table::from_reader(bytes, map.delimiter(), &options)?, map, &options)
}

fn read(rows: &str) -> Import {
    read_bytes(format!("{HEADER}{rows}").as_bytes(), &map()).unwrap()
}

/// The only refused row: line, station, column, value and reason.
fn refused(rows: &str) -> (u64, Option<String>, Option<String>, String, Refusal) {
    let import = read(rows);
    assert_eq!(import.refused.len(), 1, "{:?}", import.refused);
    let row = import.refused.into_iter().next().unwrap();
    (row.line, row.station, row.column, row.value, row.reason)
}

const GOOD: &str = "1,1,s1,School,counted,90,50,30,20\n";

#[test]
fn a_bad_figure_refuses_its_row_and_no_other() {
    for (cell, problem) in [
        ("-5", FigureProblem::Negative),
        ("5.0", FigureProblem::Fraction),
        ("+5", FigureProblem::NotDigits),
        (" 5", FigureProblem::NotDigits),
        ("9007199254740992", FigureProblem::TooLarge),
        ("lots", FigureProblem::NotDigits),
    ] {
        let rows = format!("{GOOD}1,1,s2,School,counted,90,50,{cell},20\n1,1,s3,School,counted,90,50,30,20\n");
        let (line, station, column, value, reason) = refused(&rows);
        assert_eq!((line, station.as_deref(), column.as_deref()), (3, Some("s2"), Some("v_a")));
        assert_eq!((value.as_str(), reason), (cell, Refusal::Figure(problem)));
        let import = read(&rows);
        assert_eq!(import.protocols.len(), 2);
        // The station is expected all the same: its protocol is missing now.
        assert_eq!(import.stations.len(), 3);
    }
}

#[test]
fn empty_is_absent_unless_the_map_says_zero() {
    let import = read("1,1,s1,,counted,90,,30,\n1,1,s2,,blank is zero,,,30,\n1,1,s3,,counted,,,,\n");
    let figures = |row: usize| import.protocols[row].figures.iter().collect::<Vec<_>>();
    assert_eq!(figures(0), [Some(90), None, Some(30), None]);
    assert_eq!(figures(1), [None, Some(0), Some(30), Some(0)]);
    assert_eq!(import.protocols.len(), 2);
    assert_eq!((import.absent[0].line, import.absent[0].reason.as_str()), (4, "no_figures"));
    assert_eq!(import.stations[0].name, None);
    assert_eq!(import.stations[1].expected, None);
}

#[test]
fn a_closed_station_has_a_ruling_and_no_protocol() {
    // A ruling is read once, however many rows say it.
    let import = read("1,1,s1,,closed,90,0,0,0\n2,1,s1,,closed,90,0,0,0\n");
    assert!(import.protocols.is_empty() && import.refused.is_empty());
    assert_eq!(import.absent[0].reason, "not_installed");
    assert_eq!(import.rulings.len(), 1);
    assert_eq!(import.stations[0].expected, Some(90));
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let (line, _, _, _, reason) = refused("1,1,s1,School,counted,90,50,30\n");
    assert_eq!((line, reason), (2, Refusal::Cells { expected: 9, found: 8 }));
    let (_, station, column, value, reason) = refused("1,1,s1,School,lost,90,50,30,20\n");
    assert_eq!((station.as_deref(), column.as_deref()), (Some("s1"), Some("status")));
    assert_eq!((value.as_str(), reason), ("lost", Refusal::Status));
    let (_, _, _, _, reason) = refused("7,1,s1,School,counted,90,50,30,20\n");
    assert_eq!(reason, Refusal::NoPass);
    let (_, station, column, value, reason) = refused("1,1,s 1,School,counted,90,50,30,20\n");
    assert_eq!((station, column.as_deref(), value.as_str()), (None, Some("station"), "s 1"));
    assert!(matches!(reason, Refusal::Id { what: "station", .. }));
    let (_, _, column, _, reason) = refused("1,Чүй,s1,School,counted,90,50,30,20\n");
    assert_eq!(column.as_deref(), Some("region"));
    assert!(matches!(reason, Refusal::Id { what: "unit", .. }));
    let (_, _, column, _, reason) = refused("1,1,s1,\"Sch\u{202e}ool\",counted,90,50,30,20\n");
    assert_eq!((column.as_deref(), reason), (Some("name"), Refusal::Name));
    let import = read(&format!("{GOOD}1,2,s1,School,counted,90,50,30,21\n"));
    assert!(matches!(import.refused[0].reason, Refusal::Moved { line: 2, .. }));
}

#[test]
fn a_cell_that_is_not_utf8_refuses_its_row() {
    let mut bytes = format!("{HEADER}{GOOD}1,1,s2,").into_bytes();
    bytes.extend_from_slice(b"\xff\xfe,counted,90,50,30,20\n");
    let import = read_bytes(&bytes, &map()).unwrap();
    assert_eq!((import.refused[0].line, &import.refused[0].reason), (3, &Refusal::NotUtf8));
    assert_eq!(import.protocols.len(), 1);
}

#[test]
fn nothing_is_filed_twice() {
    let twice = format!("{GOOD}{GOOD}");
    let import = read(&twice);
    assert_eq!((import.protocols.len(), import.unchanged, import.refused.len()), (1, 1, 0));
    // Other figures for the same place in the same pass: nobody can say which is right.
    let (line, station, _, _, reason) = refused(&format!("{GOOD}1,1,s1,School,counted,90,50,31,19\n"));
    assert_eq!((line, station.as_deref()), (3, Some("s1")));
    assert_eq!(reason, Refusal::Duplicate { line: 2 });
    // In a later pass they replace the earlier ones, wherever the rows stand in the file.
    let import =
        read(&format!("2,1,s1,School,counted,90,50,31,19\n{GOOD}2,1,s2,,counted,9,5,3,2\n2a,1,s2,,counted,9,5,3,2\n"));
    let lines: Vec<_> = import.protocols.iter().map(|row| (row.line, row.supersedes)).collect();
    assert_eq!(lines, [(3, None), (2, Some(0)), (4, None)]);
    assert_eq!((import.passes[1].filed, import.passes[1].replacing, import.passes[1].unchanged), (2, 1, 1));
}

#[test]
fn copies_stand_beside_each_other() {
    let text = MAP.replacen("[contest]", "kind = \"copies\"\nby = \"observer-{name}\"\n\n[contest]", 1);
    let map = read_map(&text).unwrap();
    let rows = "1,1,s1,a,counted,90,50,30,20\n1,1,s1,b,counted,90,50,29,21\n1,1,s1,a,counted,90,50,30,20\n";
    let import = read_bytes(format!("{HEADER}{rows}").as_bytes(), &map).unwrap();
    assert!(import.copies);
    let by: Vec<_> = import.protocols.iter().map(|row| row.by.as_deref()).collect();
    assert_eq!(by, [Some("observer-a"), Some("observer-b")]);
    assert_eq!(import.unchanged, 1);
    let without = MAP.replacen("[contest]", "kind = \"copies\"\n\n[contest]", 1);
    assert!(read_map(&without).unwrap_err().to_string().contains("by"));
}

#[test]
fn every_compression_gives_the_same() {
    let plain = format!("\u{feff}{HEADER}{GOOD}").replace('\n', "\r\n").into_bytes();
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&plain).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
    for bytes in [&plain, &gzip, &zstd] {
        assert_eq!(read_bytes(bytes, &map()).unwrap().protocols.len(), 1);
    }
    // A zstd stream may have several frames, and some that readers skip.
    let (first, second) = plain.split_at(plain.len() / 2);
    let mut joined = b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec();
    joined.extend(zstd::encode_all(first, 3).unwrap());
    joined.extend(b"\x5f\x2a\x4d\x18\x01\0\0\0x");
    joined.extend(zstd::encode_all(second, 3).unwrap());
    assert_eq!(read_bytes(&joined, &map()).unwrap().protocols.len(), 1);
    joined.extend(b"no frame");
    assert!(matches!(read_bytes(&joined, &map()), Err(PlanError::Table(TableError::Io(_)))));
    let mut checked = zstd::Encoder::new(Vec::new(), 3).unwrap();
    checked.include_checksum(true).unwrap();
    std::io::Write::write_all(&mut checked, &plain).unwrap();
    let mut checked = checked.finish().unwrap();
    assert_eq!(read_bytes(&checked, &map()).unwrap().protocols.len(), 1);
    *checked.last_mut().unwrap() ^= 1;
    assert!(matches!(read_bytes(&checked, &map()), Err(PlanError::Table(TableError::Io(_)))));
    // A file that ends in the middle is an error, never a shorter table.
    for bytes in [&gzip, &zstd] {
        let cut = &bytes[..bytes.len() - 6];
        assert!(matches!(read_bytes(cut, &map()), Err(PlanError::Table(TableError::Io(_)))));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    assert!(matches!(Table::open(&path, b',', &Options::default()), Err(TableError::Io(_))));
    std::fs::write(&path, &zstd).unwrap();
    let mut table = Table::open(&path, b',', &Options::default()).unwrap();
    assert_eq!(plan(&mut table, &map(), &Options::default()).unwrap().protocols.len(), 1);
}

#[test]
fn caps_hold() {
    let bomb = zstd::encode_all(std::io::repeat(b'7').take(64 << 20), 3).unwrap();
    assert!(bomb.len() < 100_000);
    let error = read_bytes(&bomb, &map()).unwrap_err();
    assert!(matches!(error, PlanError::Table(TableError::RowTooLong { line: 1, .. })), "{error}");
    let options = Options { max_bytes: 1_000, ..Options::default() };
    let many = format!("{HEADER}{}", GOOD.repeat(1_000));
    let result = Table::from_reader(many.as_bytes(), b',', &options)
        .map_err(PlanError::from)
        .and_then(|mut table| plan(&mut table, &map(), &options));
    assert!(matches!(result, Err(PlanError::Table(TableError::TooLarge { cap: 1_000 }))));
    let options = Options { max_refused: 2, ..Options::default() };
    let bad = format!("{HEADER}{}", "x\n".repeat(3));
    let mut table = Table::from_reader(bad.as_bytes(), b',', &options).unwrap();
    let error = plan(&mut table, &map(), &options).unwrap_err();
    assert!(matches!(error, PlanError::TooManyRefused { cap: 2, line: 4, .. }));
    // A quotation mark that is never closed swallows rows up to the cap, not the memory.
    let options = Options { max_row: 10_000, ..Options::default() };
    let open = format!("{HEADER}{GOOD}1,1,\"s2,{}", GOOD.repeat(10_000));
    let mut table = Table::from_reader(open.as_bytes(), b',', &options).unwrap();
    let error = plan(&mut table, &map(), &options).unwrap_err();
    assert!(matches!(error, PlanError::Table(TableError::RowTooLong { line: 3, cap: 10_000 })), "{error}");
}

#[test]
fn a_header_that_does_not_fit_is_an_error() {
    let read = |header: &str| read_bytes(header.as_bytes(), &map()).unwrap_err().to_string();
    assert!(read("").contains("empty"));
    assert!(read("a,b,a\n").contains("two columns are called \"a\""));
    assert!(read(&HEADER.replacen("valid", "valld", 1)).contains("\"valid\", which the table does not have"));
    assert!(read(&HEADER.replacen("v_a,v_b", "a,b", 1)).contains("begins with \"v_\""));
    let declared = format!("{MAP}\n[[list]]\nid = \"a\"\nname = \"A\"\n");
    let error = read_bytes(HEADER.as_bytes(), &read_map(&declared).unwrap()).unwrap_err();
    assert!(matches!(error, PlanError::NoList { column } if column == "v_b"));
    let declared = format!("{declared}[[list]]\nid = \"b\"\nname = \"B\"\n[[list]]\nid = \"c\"\nname = \"C\"\n");
    let error = read_bytes(HEADER.as_bytes(), &read_map(&declared).unwrap()).unwrap_err();
    assert!(matches!(error, PlanError::NoColumn { column } if column == "v_c"));
    let latin = [b"caf\xe9,".as_slice(), HEADER.as_bytes()].concat();
    let error = read_bytes(&latin, &map()).unwrap_err();
    assert!(matches!(error, PlanError::Table(TableError::Header { column: 1 })));
}

#[test]
fn lists_stand_where_the_map_says() {
    let contests = MAP.replacen("id = \"lists\"", "id = \"district-{region}\"", 1).replacen(
        "unit = \"all\"",
        "unit = \"r{region}\"",
        1,
    );
    let nonzero = contests.replacen("prefix = \"v_\"", "prefix = \"v_\"\nstand = \"nonzero\"", 1);
    let rows = "1,1,s1,,counted,90,50,30,0\n1,2,s2,,counted,90,50,0,50\n1,2,s3,,counted,90,0,0,0\n";
    let table = format!("{HEADER}{rows}");
    let import = read_bytes(table.as_bytes(), &read_map(&nonzero).unwrap()).unwrap();
    let lists: Vec<_> = import
        .lists
        .iter()
        .map(|list| (list.contest.as_str(), list.id.as_str(), list.unit.as_deref().unwrap()))
        .collect();
    assert_eq!(lists, [("district-1", "a", "r1"), ("district-2", "b", "r2")]);
    assert_eq!(import.votes(&import.protocols[2]).collect::<Vec<_>>(), [("b", 0)]);
    let named = format!(
        "{contests}\n[[list]]\nid = \"a\"\nname = \"A\"\ncontests = [\"district-2\"]\n[[list]]\nid = \"b\"\nname = \"B\"\n"
    );
    let import = read_bytes(table.as_bytes(), &read_map(&named).unwrap()).unwrap();
    assert_eq!(import.refused[0].reason, Refusal::NotStanding { list: "a".to_owned() });
    assert_eq!(import.protocols.len(), 2);
}

#[test]
fn lines_are_those_of_the_file() {
    let rows =
        "1,1,s1,\"two\nlines\",counted,90,50,30,20\n\n\n1,1,s2,School,counted,90,50,x,20\n1,1,s3,,counted,90,50,y,20";
    for text in [format!("{HEADER}{rows}"), format!("{HEADER}{rows}").replace('\n', "\r\n")] {
        let import = read_bytes(text.as_bytes(), &map()).unwrap();
        let lines: Vec<_> = import.refused.iter().map(|row| row.line).collect();
        // A name of two lines is refused; the row after it begins where it begins.
        assert_eq!(lines, [2, 6, 7], "{text:?}");
    }
}
