//! Maps: every rule, the place in the text of what is wrong, and no panic on any bytes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use recount_exchange::{Options, Table, plan, read_map};

const MAP: &str = r#"
schema = "recount-map/1"
set = "small"
title = "A small table"
origin = "made up for a test"
licence = "CC0"
delimiter = ";"

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
id = "{region|slug}"
name = "{region}"

[station]
id = "{station|field:1:/}"
attributes = { area = "{region|first:3}" }

[lines]
valid = "valid"

[votes]
prefix = "v_"

[[list]]
id = "a"
name = "A"
[[list]]
id = "b"
name = "B"

[status]
column = "status"
[[status.value]]
is = "counted"
[[status.value]]
is = "late"
zero_lines = ["valid"]
rulings = [{ effect = "exclude", reason = "too_late" }]

[[pass]]
id = "first"
source = "hand"
poll = "{poll}"
unless = { status = "test" }
"#;

#[test]
fn errors_name_their_place() {
    read_map(MAP).unwrap();
    for (from, to, place, message) in [
        ("recount-map/1", "recount-map/2", "\"recount-map/2\"", "unknown"),
        ("set = \"small\"", "set = \"very small\"", "\"very small\"", "not allowed"),
        ("delimiter = \";\"", "delimiter = \"x\"", "\"x\"", "cannot divide"),
        ("title", "titel", "titel", "unknown field"),
        ("id = \"all\"", "id = \"{region}\"", "\"{region}\"", "whole"),
        ("level = \"region\"", "level = \"national\"", "\"national\"", "twice"),
        ("{region|slug}", "{region|slugs}", "\"{region|slugs}\"", "no filter"),
        ("{station|field:1:/}", "{station", "\"{station\"", "braces"),
        ("id = \"b\"", "id = \"a\"", "\"a\"", "twice"),
        ("is = \"late\"", "is = \"counted\"", "\"counted\"", "twice"),
        ("zero_lines = [\"valid\"]", "zero_lines = [\"vali\"]", "\"vali\"", "unknown line"),
        ("effect = \"exclude\"", "effect = \"forget\"", "\"forget\"", "unknown variant"),
        ("reason = \"too_late\"", "reason = \"too late\"", "\"too late\"", "not allowed"),
        ("source = \"hand\"", "source = \"\"", "\"\"", "empty"),
    ] {
        assert!(MAP.contains(from), "{from}");
        let text = MAP.replacen(from, to, 1);
        let error = read_map(&text).unwrap_err();
        assert!(error.to_string().contains(message), "{to}: {error}");
        let span = error.span().unwrap_or_else(|| panic!("{to}: no place")).clone();
        assert_eq!(&text[span], place, "{to}");
    }
    let passes = MAP.split("[[pass]]").next().unwrap();
    assert!(read_map(passes).unwrap_err().to_string().contains("pass"));
    assert!(read_map(&" ".repeat((1 << 20) + 1)).is_err());
}

#[test]
fn polls_and_attributes_come_from_the_row() {
    let map = read_map(MAP).unwrap();
    let csv = "region;station;status;valid;v_a;v_b;poll\n\
               Ысык-Көл;7/x;counted;5;3;2;1\n\
               Talas;8/x;late;;3;2;2\n\
               Talas;9;counted;5;3;2;0\n\
               Talas;9;test;5;3;2;1\n";
    let options = Options::default();
    let mut table = Table::from_reader(csv.as_bytes(), map.delimiter(), &options).unwrap();
    let import = plan(&mut table, &map, &options).unwrap();
    let reasons: Vec<_> = import.refused.iter().map(|row| (row.line, row.reason.to_string())).collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[0].1.contains("unit"), "{reasons:?}");
    assert_eq!(reasons[1], (4, "a poll is a number from 1 to 999".to_owned()));
    assert_eq!(reasons[2].0, 5);
    assert_eq!((import.protocols[0].poll, import.stations[0].attributes["area"].as_str()), (2, "Tal"));
    assert_eq!(import.rulings[0].poll, 2);
    assert_eq!(import.lines(&import.protocols[0]).collect::<Vec<_>>(), [("valid", 0)]);
}

proptest! {
    #[test]
    fn no_damaged_map_panics(at in 0..MAP.len(), with in "\\PC{0,6}", cut in 0usize..40) {
        let mut text = MAP.as_bytes().to_vec();
        let end = (at + cut).min(text.len());
        text.splice(at..end, with.bytes());
        let text = String::from_utf8_lossy(&text);
        if let Err(error) = read_map(&text) && let Some(span) = error.span() {
            prop_assert!(span.start <= span.end && span.end <= text.len());
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), magic in 0usize..3) {
        let map = read_map(MAP).unwrap();
        let options = Options::default();
        let head: &[u8] = [b"".as_slice(), b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd"][magic];
        let bytes = [head, &bytes].concat();
        if let Ok(mut table) = Table::from_reader(bytes.as_slice(), map.delimiter(), &options) {
            let _ = plan(&mut table, &map, &options);
        }
    }

    /// Every row is accounted for: filed, unchanged, absent or refused.
    #[test]
    fn every_row_is_accounted_for(rows in proptest::collection::vec(
        ("(a|b|ч)?", "[12]/", "counted|late|test|", "[0-9]{0,2}|-1", "[0-9]?", "[0-9]?", "[012]"), 0..30,
    )) {
        let map = read_map(MAP).unwrap();
        let mut csv = String::from("region;station;status;valid;v_a;v_b;poll\n");
        for (region, station, status, valid, a, b, poll) in &rows {
            csv.push_str(&format!("{region};{station};{status};{valid};{a};{b};{poll}\n"));
        }
        let options = Options::default();
        let mut table = Table::from_reader(csv.as_bytes(), map.delimiter(), &options).unwrap();
        let import = plan(&mut table, &map, &options).unwrap();
        let unchanged = usize::try_from(import.unchanged).unwrap();
        prop_assert_eq!(
            import.protocols.len() + unchanged + import.absent.len() + import.refused.len(),
            rows.len()
        );
        import.geography().unwrap();
        for (position, row) in import.protocols.iter().enumerate() {
            prop_assert!(row.supersedes.is_none_or(|before| before < position));
        }
    }
}
