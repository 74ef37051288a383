//! What the writer accepts, and what it refuses to open.

use std::fs;
use std::path::{Path, PathBuf};

use recount_log::SigningKey;
use recount_store::{ErrorKind, StoreError, Writer};

use crate::support::{ORIGIN, check, entries, key, options, public, reader, record};

fn reopen(dir: &Path) -> Result<Writer, StoreError> {
    Writer::open(dir, &key(), options())
}

/// A plain copy of a whole directory.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            let _ = fs::remove_file(&target);
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn replace(from: &Path, to: &Path) {
    fs::remove_dir_all(to).unwrap();
    copy(from, to);
}

struct Scene {
    _folder: tempfile::TempDir,
    dir: PathBuf,
    old: PathBuf,
}

/// A record at 700 entries, and a copy of it as it was at 300.
fn scene(steps_between: u64) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let (dir, old) = (folder.path().join("record"), folder.path().join("old"));
    drop(record(&dir, &[100, 300]));
    copy(&dir, &old);
    let mut writer = reopen(&dir).unwrap();
    for step in 1..=steps_between {
        let to = 300 + 400 * step / steps_between;
        writer.append(&entries(writer.size(), to)).unwrap();
    }
    drop(writer);
    Scene { _folder: folder, dir, old }
}

#[test]
fn appends_are_published_at_once_and_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    let mut writer = record(&dir, &[]);
    assert_eq!(check(&dir), 0);
    for to in [1, 2, 255, 256, 257, 1_000] {
        let appended = writer.append(&entries(writer.size(), to)).unwrap();
        assert_eq!(appended.size, to);
        assert_eq!(check(&dir), to);
        assert_eq!(appended.checkpoint, public(&dir)["checkpoint"]);
        assert_eq!(appended.checkpoint, public(&dir)[&format!("checkpoints/{to}")]);
    }
    let before = public(&dir);
    let (size, root) = (writer.size(), writer.root());
    let nothing: [&[u8]; 0] = [];
    assert_eq!(writer.append(&nothing).unwrap().first, 1_000);
    drop(writer);
    let writer = reopen(&dir).unwrap();
    assert_eq!((writer.size(), writer.root(), writer.origin()), (size, root, ORIGIN));
    assert_eq!(public(&dir), before);
}

#[test]
fn full_tiles_replace_partial_ones() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    drop(record(&dir, &[1, 2, 3, 255, 256, 300]));
    let tiles: Vec<String> = public(&dir).into_keys().filter(|path| path.starts_with("tile/")).collect();
    let expected = ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"];
    assert_eq!(tiles, expected);
}

#[test]
fn what_is_too_large_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    let mut writer =
        Writer::create(&dir, ORIGIN, &key(), recount_store::WriterOptions { pool: 3, ..options() }).unwrap();
    let error = writer.append(&[vec![0; 65_535], vec![0; 65_536]]).unwrap_err();
    assert!(matches!(error, StoreError::EntryTooLong { position: 1, length: 65_536 }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(matches!(writer.append(&entries(0, 4)), Err(StoreError::BatchTooLarge { length: 4, most: 3 })));
    assert_eq!(writer.size(), 0);
    assert_eq!(writer.append(&[vec![0; 65_535]]).unwrap().size, 1);
}

#[test]
fn blobs_lie_under_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    let mut writer = record(&dir, &[]);
    let hash = writer.put_blob(b"a scan").unwrap();
    assert_eq!(writer.put_blob(b"a scan").unwrap(), hash);
    let path = dir.join("public/blob/sha256").join(hash.to_hex());
    assert_eq!(fs::read(&path).unwrap(), b"a scan");
    fs::remove_file(&path).unwrap();
    fs::write(&path, "another").unwrap();
    assert!(matches!(writer.put_blob(b"a scan"), Err(StoreError::Differs { .. })));
    writer.append(&["still usable"]).unwrap();
}

#[test]
fn a_record_has_one_writer() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    drop(record(&dir, &[10]));
    let gate = std::sync::Barrier::new(8);
    let survivors: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    gate.wait();
                    let opened = reopen(&dir);
                    gate.wait();
                    match opened {
                        Ok(mut writer) => usize::from(writer.append(&["mine"]).is_ok()),
                        Err(StoreError::Locked(_)) => 0,
                        Err(other) => panic!("{other}"),
                    }
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(survivors, 1);
    assert_eq!(reader(&dir).size(), 11);
    reopen(&dir).unwrap();
}

#[test]
fn a_record_is_made_in_an_empty_place_only() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("something"), "").unwrap();
    let made = Writer::create(folder.path(), ORIGIN, &key(), options());
    assert!(matches!(made, Err(StoreError::Exists(_))));
    assert!(matches!(reopen(&folder.path().join("nothing")), Err(StoreError::NotARecord(_))));
    let bad = Writer::create(&folder.path().join("new"), "two\nlines", &key(), options());
    assert!(matches!(bad, Err(StoreError::Invalid(_))));
    assert!(!folder.path().join("new").exists());
}

#[test]
fn another_key_is_refused() {
    let scene = scene(1);
    let other = SigningKey::from_seed(ORIGIN, [8; 32]).unwrap();
    let error = Writer::open(&scene.dir, &other, options()).unwrap_err();
    assert!(matches!(error, StoreError::OtherKey { .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Input);
}

#[test]
fn an_older_private_side_is_refused() {
    let scene = scene(1);
    replace(&scene.old.join("private"), &scene.dir.join("private"));
    let error = reopen(&scene.dir).unwrap_err();
    assert!(
        matches!(&error, StoreError::PublishedNewer { head, published } if head.size == 300 && published.size == 700)
    );
}

#[test]
fn an_older_public_side_is_repaired_from_the_staged_batches_or_refused() {
    let near = scene(1);
    let before = public(&near.dir);
    replace(&near.old.join("public"), &near.dir.join("public"));
    drop(reopen(&near.dir).unwrap());
    assert_eq!(public(&near.dir), before);

    let far = scene(4);
    replace(&far.old.join("public"), &far.dir.join("public"));
    let error = reopen(&far.dir).unwrap_err();
    assert!(matches!(error, StoreError::PublishedOlder { .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Record);
}

#[test]
fn a_fork_is_refused() {
    let scene = scene(1);
    let mut other = Writer::open(&scene.old, &key(), options()).unwrap();
    other.append(&vec!["another history"; 400]).unwrap();
    drop(other);
    replace(&scene.old.join("public"), &scene.dir.join("public"));
    let error = reopen(&scene.dir).unwrap_err();
    assert!(matches!(error, StoreError::PublishedOther { .. }), "{error}");
}

#[test]
fn a_record_rolled_back_as_a_whole_is_refused_by_who_remembers() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let remembering = || recount_store::WriterOptions { memory: Some(cache.clone()), ..options() };
    let (dir, old) = (folder.path().join("record"), folder.path().join("old"));
    let mut writer = Writer::create(&dir, ORIGIN, &key(), remembering()).unwrap();
    writer.append(&entries(0, 5)).unwrap();
    copy(&dir, &old);
    writer.append(&entries(5, 9)).unwrap();
    drop(writer);
    drop(Writer::open(&dir, &key(), remembering()).unwrap());
    let error = Writer::open(&old, &key(), remembering()).unwrap_err();
    assert!(matches!(&error, StoreError::RolledBack { seen, now, .. } if seen.size == 9 && now.size == 5), "{error}");
}

#[test]
fn what_is_missing_or_damaged_is_refused() {
    type Damage = fn(&Path);
    let cases: [(&str, Damage); 9] = [
        ("no database", |dir| fs::remove_file(dir.join("private/head.sqlite")).unwrap()),
        ("no private side", |dir| fs::remove_dir_all(dir.join("private")).unwrap()),
        ("a database of zeros", |dir| fs::write(dir.join("private/head.sqlite"), [0; 4096]).unwrap()),
        ("an empty database", |dir| fs::write(dir.join("private/head.sqlite"), []).unwrap()),
        ("no checkpoint", |dir| fs::remove_file(dir.join("public/checkpoint")).unwrap()),
        ("a checkpoint that is none", |dir| rewrite(&dir.join("public/checkpoint"), |_| b"hello".to_vec())),
        ("a changed bundle", |dir| {
            rewrite(&dir.join("public/tile/entries/002.p/188"), |mut bytes| {
                bytes[40] ^= 1;
                bytes
            });
        }),
        ("a changed tile", |dir| {
            rewrite(&dir.join("public/tile/0/001"), |mut bytes| {
                bytes[40] ^= 1;
                bytes
            });
        }),
        ("a cut tile", |dir| rewrite(&dir.join("public/tile/1/000.p/2"), |bytes| bytes[..32].to_vec())),
    ];
    for (name, damage) in cases {
        let scene = scene(1);
        damage(&scene.dir);
        match reopen(&scene.dir) {
            Err(error) => println!("{name}: {error}"),
            Ok(_) => panic!("{name}: opened"),
        }
    }
}

fn rewrite(path: &Path, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let bytes = fs::read(path).unwrap();
    fs::remove_file(path).unwrap();
    fs::write(path, change(bytes)).unwrap();
}

#[test]
fn a_full_disk_is_named_and_costs_nothing_that_was_acknowledged() {
    use recount_store::disk::{Fault, FaultyDisk, Mode};
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    drop(record(&dir, &[10]));
    let fault = Fault::new(60, Mode::Full);
    let mut writer = Writer::open_on(Box::new(FaultyDisk::new(&fault)), &dir, &key(), options()).unwrap();
    let mut acknowledged = writer.size();
    let error = loop {
        match writer.append(&entries(acknowledged, acknowledged + 1)) {
            Ok(appended) => acknowledged = appended.size,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Environment);
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert!(matches!(writer.append(&["more"]), Err(StoreError::Poisoned)));
    drop(writer);
    assert!(reopen(&dir).unwrap().size() >= acknowledged);
}

#[cfg(unix)]
#[test]
fn the_private_side_is_private_and_public_files_are_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    drop(record(&dir, &[3]));
    let mode = |path: &str| fs::metadata(dir.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("private"), 0o700);
    assert_eq!(mode("public/tile/entries/000.p/3"), 0o444);
    assert_eq!(mode("public/checkpoint"), 0o444);
}
