#![no_main]
//! Any bytes are a Parquet table or an error, within the limits.

use libfuzzer_sys::fuzz_target;
use recount_exchange::parquet::{Limits, Reader};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { columns: 64, rows: 100_000, pages: 1 << 22, text: 1 << 22 };
    let Ok(mut reader) = Reader::new(bytes.to_vec(), limits) else { return };
    let columns = reader.names().count();
    let mut cells = 0;
    let mut rows = 0;
    while let Ok(true) = reader.row(|_| cells += 1) {
        rows += 1;
    }
    assert!(cells >= rows * columns && rows <= 100_000);
});
