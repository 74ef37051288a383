#![no_main]
//! A map is read or refused with a place that lies in its text, and one that was read can be used on any table.

use libfuzzer_sys::fuzz_target;
use recount_exchange::{Options, Table, plan, read_map};

/// Columns that the seeds name, and a few rows.
const TABLE: &str = "region,station,status,round,poll,registered,valid,v_a,v_b\n\
                     1,s1,counted,1,1,90,50,30,20\n\
                     1,s2,counted,2,2,90,,,\n\
                     2,s1,late,1,0,x,50,30,21\n\
                     1,s1,counted,2,1,90,50,30,21\n";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let map = match read_map(text) {
        Ok(map) => map,
        Err(error) => {
            if let Some(span) = error.span() {
                assert!(text.get(span.clone()).is_some());
            }
            return assert!(!error.to_string().is_empty());
        }
    };
    let options = Options::default();
    let mut table = Table::from_reader(TABLE.as_bytes(), map.delimiter(), &options).expect("a sound header");
    if let Ok(import) = plan(&mut table, &map, &options) {
        assert_eq!(import.rows, 4);
        import.geography().expect("checked row by row");
    }
});
