#![no_main]
//! Receipts are written back byte for byte, and no arbitrary proof verifies.

use libfuzzer_sys::fuzz_target;
use recount_log::{
    Hash, Receipt, SigningKey, leaf_hash, verify_consistency, verify_inclusion, verify_subtree_consistency,
};

/// Three numbers of eight bytes, then hashes.
fn numbers_and_hashes(bytes: &[u8]) -> Option<([u64; 3], Vec<Hash>)> {
    let (numbers, rest) = bytes.split_first_chunk::<24>()?;
    let mut out = [0u64; 3];
    for (to, from) in out.iter_mut().zip(numbers.as_chunks::<8>().0) {
        *to = u64::from_le_bytes(*from);
    }
    Some((out, rest.as_chunks::<32>().0.iter().map(|hash| Hash(*hash)).collect()))
}

fuzz_target!(|bytes: &[u8]| {
    let leaf = leaf_hash(b"an entry that nobody logged");
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.format(), bytes);
        let stated = receipt.stated().expect("checked when read");
        assert!(verify_inclusion(receipt.index, stated.size, &leaf, &receipt.proof, &stated.root).is_err());
        let key = SigningKey::from_seed("log.example", [1; 32]).expect("a valid name").verifier();
        assert!(receipt.verify(&leaf, &key, None).is_err());
    }
    if let Some(([start, end, size], hashes)) = numbers_and_hashes(bytes) {
        let root = leaf_hash(b"a root that no proof leads to");
        assert!(verify_inclusion(start, size, &leaf, &hashes, &root).is_err());
        assert!(verify_subtree_consistency(start, end, size, &leaf, &root, &hashes).is_err());
        assert!(verify_consistency(start, size, &leaf, &root, &hashes).is_err());
    }
});
