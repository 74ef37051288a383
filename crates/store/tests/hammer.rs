//! Readers at work while the record grows.

use std::sync::atomic::{AtomicBool, Ordering};

use recount_store::{Head, StoreError};

use crate::support::{check, entries, entry, reader, record};

/// Reads until the writer is done; every record seen is complete and begins with the one seen before.
fn read_on(dir: &std::path::Path, done: &AtomicBool) -> u64 {
    let mut before = Head { size: 0, root: recount_log::empty_root() };
    let mut rounds = 0;
    loop {
        let last = done.load(Ordering::Acquire);
        let reader = reader(dir);
        let now = Head { size: reader.checkpoint().size, root: reader.checkpoint().root };
        assert!(now.size >= before.size);
        assert_eq!(reader.prover().unwrap().root_at(before.size).unwrap(), before.root);
        let report = reader.verify_tree(1, |_| {}).unwrap();
        assert_eq!((report.entries, report.strays), (now.size, Vec::new()));
        let part = before.size..now.size;
        reader
            .entries(part, |index, found| {
                assert_eq!(found, entry(index));
                Ok::<_, StoreError>(())
            })
            .unwrap();
        before = now;
        rounds += 1;
        if last {
            return rounds;
        }
    }
}

#[test]
fn readers_always_find_a_complete_record() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    let mut writer = record(&dir, &[]);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers = [scope.spawn(|| read_on(&dir, &done)), scope.spawn(|| read_on(&dir, &done))];
        for step in 0..120 {
            let size = writer.size();
            writer.append(&entries(size, size + 1 + step * 13 % 71)).unwrap();
        }
        done.store(true, Ordering::Release);
        for reader in readers {
            println!("{} rounds", reader.join().unwrap());
        }
    });
    assert_eq!(check(&dir), writer.size());
}
