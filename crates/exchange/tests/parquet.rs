//! Parquet: what is written is read again, files of others are read, broken files are refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use recount_exchange::parquet::{Field, Limits, ParquetError, Physical, Reader, Value, Writer};
use recount_exchange::{Options, Table};

type Row = (Option<String>, Option<i64>, Option<bool>, i64);

fn fields() -> Vec<Field> {
    let field = |name: &str, physical, optional| Field { name: name.to_owned(), physical, optional };
    vec![
        field("text", Physical::Text, true),
        field("number", Physical::Integer, true),
        field("yes", Physical::Boolean, true),
        field("percent", Physical::Decimal(6), false),
    ]
}

fn write(rows: &[Row]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), fields(), vec![("origin".to_owned(), "a test".to_owned())]).unwrap();
    for (text, number, yes, percent) in rows {
        let values = [
            text.as_deref().map_or(Value::Absent, Value::Text),
            number.map_or(Value::Absent, Value::Integer),
            yes.map_or(Value::Absent, Value::Boolean),
            Value::Integer(*percent),
        ];
        writer.row(values).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: Vec<u8>) -> Result<Vec<Vec<Option<String>>>, ParquetError> {
    let mut reader = Reader::new(bytes, Limits { pages: 1 << 24, text: 1 << 24, ..Limits::default() })?;
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    while reader.row(|cell| row.push(cell.map(|bytes| String::from_utf8_lossy(bytes).into_owned())))? {
        rows.push(std::mem::take(&mut row));
    }
    Ok(rows)
}

fn as_text((text, number, yes, percent): &Row) -> Vec<Option<String>> {
    let sign = if *percent < 0 { "-" } else { "" };
    let (whole, rest) = (percent.unsigned_abs() / 1_000_000, percent.unsigned_abs() % 1_000_000);
    let percent = if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:06}") };
    vec![text.clone(), number.map(|n| n.to_string()), yes.map(|yes| yes.to_string()), Some(percent)]
}

fn row() -> impl Strategy<Value = Row> {
    let text = prop_oneof![2 => Just("station".to_owned()), 1 => "\\PC{0,9}"];
    let number = prop_oneof![3 => -3i64..3, 1 => any::<i64>()];
    (prop::option::of(text), prop::option::of(number), any::<Option<bool>>(), any::<i64>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(rows in prop::collection::vec(row(), 0..200)) {
        let expected: Vec<_> = rows.iter().map(as_text).collect();
        let bytes = write(&rows);
        prop_assert_eq!(&bytes, &write(&rows), "the same rows give the same bytes");
        prop_assert_eq!(read(bytes).unwrap(), expected);
    }

    #[test]
    fn a_broken_file_is_refused_or_read_as_something_else(
        rows in prop::collection::vec(row(), 1..40),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = write(&rows);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(bytes);
    }
}

#[test]
fn many_rows_make_many_groups() {
    let rows: Vec<Row> =
        (0..40_000).map(|n| (Some(format!("station {n}")), (n % 7 != 0).then_some(n % 500), None, n)).collect();
    let bytes = write(&rows);
    let read = read(bytes.clone()).unwrap();
    assert_eq!(read.len(), 40_000);
    assert!(read.iter().zip(&rows).all(|(read, row)| *read == as_text(row)));
    // Figures of at most 500 values take little more than nine bits each, and absent booleans nothing.
    let texts: usize = rows.iter().map(|row| row.0.as_ref().unwrap().len() + 4).sum();
    assert!(bytes.len() < texts + 40_000 * 2 + 40_000 * 8 + 30_000, "{}", bytes.len());
}

#[test]
fn a_table_is_read_from_parquet_as_from_csv() {
    let bytes = write(&[(Some("a".to_owned()), Some(5), Some(true), 1_500_000), (None, None, None, 0)]);
    let mut table = Table::from_reader(bytes.as_slice(), b',', &Options::default()).unwrap();
    assert_eq!(table.header(), ["text", "number", "yes", "percent"]);
    let mut rows = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        rows.push((row.line, (0..row.len()).map(|at| row.text(at).unwrap().to_owned()).collect::<Vec<_>>()));
    }
    assert_eq!(
        rows,
        [
            (2, vec!["a".into(), "5".into(), "true".into(), "1.500000".into()]),
            (3, vec![String::new(), String::new(), String::new(), "0".into()])
        ]
    );
}

#[test]
fn limits_hold() {
    let bytes = write(&[(Some("a".to_owned()), Some(5), Some(true), 1), (None, None, None, 0)]);
    let refused = |limits: Limits| {
        let mut reader = match Reader::new(bytes.clone(), limits) {
            Ok(reader) => reader,
            Err(why) => return why.to_string(),
        };
        loop {
            match reader.row(|_| ()) {
                Ok(true) => {}
                Ok(false) => return "read".to_owned(),
                Err(why) => return why.to_string(),
            }
        }
    };
    assert_eq!(refused(Limits::default()), "read");
    assert!(refused(Limits { rows: 1, ..Limits::default() }).contains("rows"));
    assert!(refused(Limits { columns: 3, ..Limits::default() }).contains("columns"));
    assert!(refused(Limits { text: 5, ..Limits::default() }).contains("text"));
    assert!(refused(Limits { pages: 3, ..Limits::default() }).contains("memory"));
}

#[test]
fn values_that_do_not_fit_are_refused() {
    let mut writer = Writer::new(Vec::new(), fields(), Vec::new()).unwrap();
    let row = [Value::Absent, Value::Text("five"), Value::Absent, Value::Integer(0)];
    assert!(matches!(writer.row(row), Err(ParquetError::Value { column, .. }) if column == "number"));
    let mut writer = Writer::new(Vec::new(), fields(), Vec::new()).unwrap();
    assert!(writer.row([Value::Absent]).is_err(), "a column that must be there is absent");
}

/// Files that Arrow, pandas and DuckDB wrote of one table (`interop/python/foreign.py`).
#[test]
fn files_of_others_are_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet_files");
    let rows_of = |path: &std::path::Path| {
        let mut table = Table::open(path, b',', &Options::default()).unwrap();
        let mut rows = vec![table.header().to_vec()];
        while let Some(row) = table.next_row().unwrap() {
            rows.push((0..row.len()).map(|at| row.text(at).unwrap().to_owned()).collect());
        }
        rows
    };
    let expected = rows_of(&folder.join("table.csv"));
    assert_eq!(expected.len(), 61);
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "parquet") {
            let rows = rows_of(&path);
            for (row, expected) in rows.iter().zip(&expected) {
                assert_eq!(row, expected, "{}", path.display());
            }
            assert_eq!(rows.len(), expected.len(), "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 6, "only {seen} files");
}
