#![no_main]
//! Any bytes are a table or an error; of a table, every row is filed, unchanged, absent or refused.

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recount_exchange::{Map, Options, Table, plan, read_map};

/// One pass takes every row, so that each row must come out once.
static MAP: LazyLock<Map> = LazyLock::new(|| {
    read_map(
        r#"
schema = "recount-map/1"
set = "small"
title = "A small table"
origin = "made up"
licence = "CC0"
[contest]
id = "c-{region}"
kind = "list"
unit = "r{region}"
[[unit]]
level = "national"
id = "all"
name = "All"
[[unit]]
level = "region"
id = "r{region}"
name = "{name|slug}"
[station]
id = "{station}"
name = "{name}"
expected = "registered"
[lines]
registered = "registered"
[votes]
prefix = "v_"
stand = "nonzero"
[[pass]]
id = "only"
source = "hand"
"#,
    )
    .expect("a sound map")
});

fuzz_target!(|bytes: &[u8]| {
    let options = Options { max_bytes: 1 << 22, max_row: 1 << 16, ..Options::default() };
    let Ok(mut table) = Table::from_reader(bytes, MAP.delimiter(), &options) else { return };
    let Ok(import) = plan(&mut table, &MAP, &options) else { return };
    let geography = import.geography().expect("checked row by row");
    assert_eq!(geography.stations().len(), import.stations.len());
    let rows = import.protocols.len() + import.absent.len() + import.refused.len();
    assert_eq!(u64::try_from(rows).expect("few rows") + import.unchanged, import.rows);
    assert!(import.refused.is_sorted_by_key(|refused| refused.line));
    for (position, row) in import.protocols.iter().enumerate() {
        assert!(row.supersedes.is_none_or(|before| before < position));
        assert!(import.station(row).is_some() && import.contest(row).is_some() && import.pass(row).is_some());
    }
});
