//! What the tests share: a log key, entries that depend on nothing but their index, records of any size.

use std::collections::BTreeMap;
use std::path::Path;

use recount_log::{SigningKey, VerifierKey};
use recount_store::{DirSource, MemorySource, Reader, Writer, WriterOptions};

pub const ORIGIN: &str = "results.example.org/test";

pub fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, [7; 32]).unwrap()
}

pub fn verifier() -> VerifierKey {
    key().verifier()
}

/// Options for speed and for equal bytes: nothing is synced, and "random" bytes are always the same.
pub fn options() -> WriterOptions {
    WriterOptions {
        full_sync: false,
        keep: 2,
        pool: 100_000,
        entropy: Box::new(|buffer| {
            buffer.fill(0x42);
            Ok(())
        }),
        ..WriterOptions::default()
    }
}

/// The entry of this index: of 0 to 60 bytes, some empty.
pub fn entry(index: u64) -> Vec<u8> {
    let length = usize::try_from(index * 37 % 61).unwrap();
    format!("{index:0>60}").into_bytes()[60 - length..].to_vec()
}

pub fn entries(from: u64, to: u64) -> Vec<Vec<u8>> {
    (from..to).map(entry).collect()
}

/// A record in `dir` that grew to each of these sizes in turn.
pub fn record(dir: &Path, sizes: &[u64]) -> Writer {
    let mut writer = Writer::create(dir, ORIGIN, &key(), options()).unwrap();
    for size in sizes {
        writer.append(&entries(writer.size(), *size)).unwrap();
    }
    writer
}

/// Every public file of a record.
pub fn public(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    MemorySource::load(&DirSource::open(dir).unwrap()).unwrap().files
}

pub fn reader(dir: &Path) -> Reader<DirSource> {
    Reader::open(DirSource::open(dir).unwrap(), Some(&verifier()), None).unwrap()
}

/// Checks a record's public side completely: tree, tiles, kept checkpoints, blobs, and that the entries are the expected ones.
pub fn check(dir: &Path) -> u64 {
    let reader = reader(dir);
    reader.verify_tree(1, |_| {}).unwrap();
    reader.verify_blobs(1, u64::MAX, |_| {}).unwrap();
    reader
        .entries(0..reader.size(), |index, found| {
            assert_eq!(found, entry(index), "entry {index}");
            Ok::<_, recount_store::StoreError>(())
        })
        .unwrap();
    reader.size()
}
