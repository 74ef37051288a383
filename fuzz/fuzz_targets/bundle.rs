#![no_main]
//! An entry bundle is read exactly, without copying, and written back byte for byte. The first two bytes are the width.

use libfuzzer_sys::fuzz_target;
use recount_log::{decode_bundle, decode_hashes, encode_bundle, encode_hashes};

fuzz_target!(|bytes: &[u8]| {
    let Some((width, bytes)) = bytes.split_first_chunk::<2>() else { return };
    let width = u16::from_be_bytes(*width);
    if let Ok(bundle) = decode_bundle(bytes, width) {
        assert_eq!(bundle.iter().count(), usize::from(width));
        assert_eq!(encode_bundle(bundle.iter()).as_deref(), Ok(bytes));
        assert!(bundle.get(width).is_none() && bundle.get(width - 1).is_some());
    }
    if let Ok(hashes) = decode_hashes(bytes, width) {
        assert_eq!(encode_hashes(&hashes), bytes);
    }
});
