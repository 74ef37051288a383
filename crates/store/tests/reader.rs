//! What readers get, and when they refuse.

use recount_log::{Checkpoint, Hash, Receipt, SigningKey, Tile, leaf_hash, verify_consistency, verify_inclusion};
use recount_store::{DirSource, Head, Memory, MemorySource, Reader, Source, StoreError, Verified};

use crate::support::{ORIGIN, entries, entry, key, reader, record, verifier};

const SIZES: &[u64] = &[1, 5, 200, 256, 300, 513, 700];

fn memory(sizes: &[u64]) -> MemorySource {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    drop(record(&dir, sizes));
    MemorySource::load(&DirSource::open(&dir).unwrap()).unwrap()
}

fn open(source: MemorySource, at: Option<u64>) -> Result<Reader<MemorySource>, StoreError> {
    Reader::open(source, Some(&verifier()), at)
}

#[test]
fn every_range_gives_exactly_its_entries_on_any_number_of_threads() {
    let reader = open(memory(SIZES), None).unwrap();
    for (from, to) in [(0, 700), (0, 1), (0, 0), (255, 257), (256, 512), (1, 699), (699, 700), (511, 700)] {
        for threads in [1, 2, 3] {
            let mut found = Vec::new();
            reader
                .scan(
                    from..to,
                    threads,
                    |part| part.iter().map(|(index, entry)| (index, entry.to_vec())).collect::<Vec<_>>(),
                    |part| {
                        found.extend(part);
                        Ok::<_, StoreError>(())
                    },
                )
                .unwrap();
            let expected: Vec<_> = (from..to).map(|index| (index, entry(index))).collect();
            assert_eq!(found, expected, "{from}..{to}, {threads} threads");
        }
    }
    let beyond = reader.entries(0..701, |_, _| Ok::<_, StoreError>(()));
    assert!(matches!(beyond, Err(StoreError::NotCovered { asked: 701, size: 700, .. })));
}

#[test]
fn a_size_is_covered_by_the_next_checkpoint_that_was_published() {
    let source = memory(SIZES);
    for (at, cover) in [(0, 0), (1, 1), (2, 5), (5, 5), (6, 200), (299, 300), (514, 700), (700, 700)] {
        let reader = open(source.clone(), Some(at)).unwrap();
        assert_eq!((reader.size(), reader.checkpoint().size), (at, cover));
        let report = reader.verify_tree(1, |_| {}).unwrap();
        assert_eq!((report.entries, report.strays.len()), (cover, 0), "{at}");
        assert_eq!(report.later.is_empty(), cover == 700, "{at}: {:?}", report.later);
        let mut read = 0;
        reader
            .entries(0..at, |index, found| {
                assert_eq!(found, entry(index));
                read += 1;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(read, at);
    }
    assert!(matches!(open(source, Some(701)), Err(StoreError::NotCovered { asked: 701, .. })));
}

#[test]
fn proofs_and_receipts_hold() {
    let reader = open(memory(SIZES), None).unwrap();
    let root = reader.checkpoint().root;
    let mut prover = reader.prover().unwrap();
    for index in [0, 1, 255, 256, 511, 512, 698, 699] {
        let proof = prover.inclusion(index).unwrap();
        verify_inclusion(index, 700, &leaf_hash(&entry(index)), &proof, &root).unwrap();
        let receipt = Receipt::parse(&reader.receipt(index).unwrap().format()).unwrap();
        receipt.verify(&leaf_hash(&entry(index)), &verifier(), None).unwrap();
    }
    for old in [0, 1, 255, 256, 300, 699, 700] {
        let proof = prover.consistency(old).unwrap();
        verify_consistency(old, 700, &prover.root_at(old).unwrap(), &root, &proof).unwrap();
    }
    assert!(prover.inclusion(700).is_err());
    assert!(prover.consistency(701).is_err());
}

#[test]
fn parts_are_checked_against_the_tree_before_they_are_handed_out() {
    let mut changed = memory(SIZES);
    changed.files.get_mut("tile/entries/001").unwrap()[30] ^= 1;
    let reader = open(changed.clone(), None).unwrap();
    assert_eq!(reader.entry(10).unwrap(), entry(10));
    assert!(matches!(reader.entry(300), Err(StoreError::Tampered { .. })));

    // A tile that fits the changed bundle does not fit the tree.
    let bundle = changed.files["tile/entries/001"].clone();
    let leaves: Vec<Hash> = recount_log::decode_bundle(&bundle, 256).unwrap().iter().map(leaf_hash).collect();
    changed.files.insert("tile/0/001".to_owned(), recount_log::encode_hashes(&leaves));
    let reader = open(changed, None).unwrap();
    assert!(matches!(reader.entry(300), Err(StoreError::Tampered { path, .. }) if path == "tile/0/001"));
    assert!(reader.verify_tree(1, |_| {}).is_err());
    let whole = reader.entries(0..700, |_, _| Ok::<_, StoreError>(()));
    assert!(matches!(whole, Err(StoreError::Tampered { .. })));
}

#[test]
fn missing_files_are_named() {
    let complete = memory(SIZES);
    for tile in recount_log::tiles_at(700).unwrap() {
        let mut source = complete.clone();
        source.files.remove(&tile.path()).unwrap();
        match open(source, None).and_then(|reader| reader.verify_tree(2, |_| {})) {
            Err(StoreError::Missing { path }) => assert_eq!(path, tile.path()),
            other => panic!("{}: {other:?}", tile.path()),
        }
    }
}

#[test]
fn partial_tiles_fall_back_to_full_ones() {
    let source = memory(SIZES);
    let partial = Tile::Entries { index: 0, width: 200 };
    assert!(!source.files.contains_key(&partial.path()));
    let expected = recount_log::encode_bundle(entries(0, 200)).unwrap();
    assert_eq!(source.tile(&partial).unwrap(), expected);
    assert_eq!(source.tile(&Tile::Hashes { level: 0, index: 0, width: 200 }).unwrap().len(), 200 * 32);
}

#[test]
fn files_that_nobody_vouches_for_are_reported() {
    let mut source = memory(SIZES);
    for stray in ["index.html", "tile/0/00", "tile/0/000.p/256", "checkpoints/01", "blob/sha256/ab"] {
        source.files.insert(stray.to_owned(), b"?".to_vec());
    }
    source.files.insert("tile/0/003".to_owned(), vec![0; 32 * 256]);
    source.files.insert("checkpoints/900".to_owned(), b"?".to_vec());
    // Fits the tree as far as it reaches, and says more.
    let mut wider = source.files["tile/0/002.p/188"].clone();
    wider.extend([7; 32]);
    source.files.insert("tile/0/002.p/189".to_owned(), wider);
    let report = open(source, None).unwrap().verify_tree(2, |_| {}).unwrap();
    assert_eq!(report.strays, ["blob/sha256/ab", "checkpoints/01", "index.html", "tile/0/00", "tile/0/000.p/256"]);
    assert_eq!(report.later, ["checkpoints/900", "tile/0/002.p/189", "tile/0/003"]);
}

#[test]
fn a_log_that_signed_two_histories_is_found_out() {
    let mut source = memory(SIZES);
    let forged = Checkpoint { origin: ORIGIN.to_owned(), size: 300, root: Hash([1; 32]), extensions: Vec::new() };
    source.files.insert("checkpoints/300".to_owned(), forged.sign(&key(), None, &[], None).unwrap());
    assert!(matches!(open(source.clone(), Some(300)), Err(StoreError::Forked { .. })));
    let verified = open(source, None).unwrap().verify_tree(1, |_| {});
    assert!(matches!(verified, Err(StoreError::Tampered { path, .. }) if path == "checkpoints/300"));
}

#[test]
fn a_stranger_s_key_proves_nothing() {
    let source = memory(SIZES);
    let other = SigningKey::from_seed("other.example", [9; 32]).unwrap().verifier();
    assert!(matches!(Reader::open(source.clone(), Some(&other), None), Err(StoreError::Note { .. })));
    let reader = Reader::open(source, None, None).unwrap();
    assert!(!reader.is_author_proved());
    reader.verify_tree(1, |_| {}).unwrap();
}

#[test]
fn a_hostile_size_costs_nothing() {
    let mut source = memory(&[3]);
    let huge = Checkpoint { origin: ORIGIN.to_owned(), size: 1 << 48, root: Hash([1; 32]), extensions: Vec::new() };
    source.files.insert("checkpoint".to_owned(), huge.sign(&key(), None, &[], None).unwrap());
    let reader = open(source, None).unwrap();
    assert!(matches!(reader.verify_tree(2, |_| {}), Err(StoreError::Missing { .. } | StoreError::Tampered { .. })));
    assert!(reader.entry((1 << 48) - 1).is_err());
    assert!(reader.inclusion_proof(0).is_err());
}

#[test]
fn memory_finds_rollbacks_and_forks_and_keeps_what_was_verified() {
    let folder = tempfile::tempdir().unwrap();
    let memory_of = |name: &str| Memory::new(&folder.path().join(name), ORIGIN, &verifier());
    let (small, large) = (open(memory(&[300]), None).unwrap(), open(memory(&[300, 700]), None).unwrap());

    let growing = memory_of("growing");
    assert_eq!(small.check_memory(&growing).unwrap(), None);
    small.remember(&growing, 3).unwrap();
    let verified = Some(Verified { checks: 3, head: Head { size: 300, root: small.checkpoint().root } });
    large.remember(&growing, 0).unwrap();
    let seen = large.check_memory(&growing).unwrap().unwrap();
    assert_eq!((seen.head.size, seen.verified), (700, verified));
    assert_eq!(seen.checkpoint, large.checkpoint_bytes());
    let rolled_back = small.check_memory(&growing).unwrap_err();
    assert!(matches!(&rolled_back, StoreError::RolledBack { seen, now, .. } if (seen.size, now.size) == (700, 300)));
    assert!(small.remember(&growing, 9).is_err());
    large.remember(&growing, 2).unwrap();
    assert_eq!(large.check_memory(&growing).unwrap().unwrap().verified, verified);

    let other_dir = folder.path().join("other");
    let mut writer = record(&other_dir, &[]);
    writer.append(&vec!["another history"; 800]).unwrap();
    let forked = reader(&other_dir).check_memory(&growing).unwrap_err();
    assert!(matches!(&forked, StoreError::Forked { seen, now, .. } if (seen.size, now.size) == (700, 800)), "{forked}");
}
