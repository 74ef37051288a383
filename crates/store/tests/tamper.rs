//! Single-bit flips over everything public: found, unless nobody vouches for the bit, and never a panic.

use std::collections::BTreeMap;

use recount_log::{GREASE_NAME, Note};
use recount_store::{DirSource, MemorySource, Reader, StoreError};

use crate::support::{record, verifier};

const FLIPS: u64 = 10_000;

/// What nobody vouches for: the signature lines of a checkpoint that are not the log's.
fn is_vouched_for(path: &str, bytes: &[u8], at: usize) -> bool {
    if !path.starts_with("checkpoint") {
        return true;
    }
    let mut start = Note::parse(bytes).unwrap().text().len() + 1;
    for line in bytes[start..].split_inclusive(|byte| *byte == b'\n') {
        if (start..start + line.len()).contains(&at) {
            return !String::from_utf8_lossy(line).contains(GREASE_NAME);
        }
        start += line.len();
    }
    true
}

fn verify(source: &MemorySource) -> Result<(), StoreError> {
    struct Borrowed<'a>(&'a MemorySource);
    impl recount_store::Source for Borrowed<'_> {
        fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.get(path, most)
        }
        fn list(&self) -> Result<Option<Vec<String>>, StoreError> {
            self.0.list()
        }
        fn name(&self) -> String {
            self.0.name()
        }
    }
    let reader = Reader::open(Borrowed(source), Some(&verifier()), None)?;
    reader.verify_tree(1, |_| {})?;
    reader.verify_blobs(1, u64::MAX, |_| {})?;
    Ok(())
}

/// Fixed pseudo-random numbers (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

fn small_record() -> MemorySource {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    let mut writer = record(&dir, &[]);
    writer.put_blob(b"the rulebook").unwrap();
    writer.put_blob(&vec![b'x'; 3_000]).unwrap();
    for to in [3, 200, 256, 300, 513, 600, 601] {
        writer.append(&crate::support::entries(writer.size(), to)).unwrap();
    }
    drop(writer);
    MemorySource::load(&DirSource::open(&dir).unwrap()).unwrap()
}

#[test]
fn every_flipped_bit_is_found_unless_nobody_vouches_for_it() {
    let mut source = small_record();
    verify(&source).unwrap();
    let paths: Vec<String> = source.files.keys().cloned().collect();
    let total: usize = source.files.values().map(Vec::len).sum();
    let mut numbers = Numbers(2020);
    let mut hit: BTreeMap<&str, u64> = BTreeMap::new();
    let mut unvouched = 0;
    for flip in 0..FLIPS {
        // Every other flip by file, so that small files are hit often; the rest evenly over all bytes.
        let (path, at) = if flip % 2 == 0 {
            let path = &paths[numbers.below(paths.len())];
            (path, numbers.below(source.files[path].len()))
        } else {
            let mut at = numbers.below(total);
            let path = paths.iter().find(|path| {
                let length = source.files[*path].len();
                let found = at < length;
                at = if found { at } else { at - length };
                found
            });
            (path.unwrap(), at)
        };
        let bit = 1u8 << numbers.below(8);
        let vouched = is_vouched_for(path, &source.files[path], at);
        source.files.get_mut(path).unwrap()[at] ^= bit;
        let result = verify(&source);
        source.files.get_mut(path).unwrap()[at] ^= bit;
        if vouched {
            assert!(result.is_err(), "{path}: byte {at}, bit {bit:#04x}: not found");
        } else {
            unvouched += 1;
        }
        *hit.entry(path.split('/').next().unwrap_or_default()).or_default() += 1;
    }
    verify(&source).unwrap();
    println!(
        "{FLIPS} flips over {total} bytes in {} files, {unvouched} of them in unknown checkpoint lines: {hit:?}",
        paths.len()
    );
    assert!(hit.values().all(|hits| *hits > 100) && hit.len() == 4);
    assert!(unvouched < FLIPS / 2);
}

#[test]
fn files_cut_short_or_made_longer_are_found() {
    let source = small_record();
    for path in source.files.keys() {
        let mut cut = source.clone();
        cut.files.get_mut(path).unwrap().pop();
        assert!(verify(&cut).is_err(), "{path}: cut");
        let mut longer = source.clone();
        longer.files.get_mut(path).unwrap().push(0);
        assert!(verify(&longer).is_err(), "{path}: longer");
    }
}
