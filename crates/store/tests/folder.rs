//! Folders that are not what a record's folder should be: nothing waits, nothing grows, nothing is followed in a circle.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use recount_store::{DirSource, ErrorKind, Reader, Source, StoreError};

use crate::support::{check, key, record, verifier};

/// A record of 700 entries with a blob, as a bare copy of its public side.
fn copy() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    record(&dir, &[300, 700]).put_blob(b"a scan").unwrap();
    let public = dir.join("public");
    assert_eq!(check(&public), 700);
    (folder, public)
}

fn replace(public: &Path, path: &str) -> PathBuf {
    let full = public.join(path);
    std::fs::remove_file(&full).unwrap();
    full
}

fn pipe(at: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(at).status().unwrap().success());
}

fn verify(public: &Path) -> Result<(), StoreError> {
    let reader = Reader::open(DirSource::open(public)?, Some(&verifier()), None)?;
    reader.verify_tree(1, |_| {})?;
    reader.verify_blobs(1, 1 << 30, |_| {}).map(drop)
}

/// Runs `verify` and fails if it does not end soon.
fn verify_soon(public: &Path) -> StoreError {
    let (send, receive) = std::sync::mpsc::channel();
    let public = public.to_path_buf();
    std::thread::spawn(move || send.send(verify(&public)));
    receive.recv_timeout(Duration::from_secs(20)).expect("reading the folder ends").unwrap_err()
}

const FILES: [&str; 4] = ["tile/entries/001", "tile/0/002.p/188", "checkpoints/300", "blob"];

fn path_of(file: &str) -> String {
    if file == "blob" { recount_store::layout::blob_path(&recount_log::sha256(b"a scan")) } else { file.to_owned() }
}

#[test]
fn pipes_and_devices_are_not_read() {
    for file in FILES {
        for device in [None, Some("/dev/zero"), Some("/dev/tty")] {
            let (_folder, public) = copy();
            let path = path_of(file);
            let full = replace(&public, &path);
            match device {
                None => pipe(&full),
                Some(device) => symlink(device, &full).unwrap(),
            }
            let error = verify_soon(&public);
            assert!(matches!(&error, StoreError::Tampered { path: named, .. } if *named == path), "{file}: {error}");
            assert_eq!(error.kind(), ErrorKind::Record);
        }
    }
    let (_folder, public) = copy();
    pipe(&replace(&public, "checkpoint"));
    assert!(matches!(verify_soon(&public), StoreError::NotARecord(_)));
}

#[test]
fn links_that_lead_nowhere_and_folders_in_a_file_s_place_are_missing_files() {
    for file in FILES {
        let (_folder, public) = copy();
        let full = replace(&public, &path_of(file));
        symlink("nowhere", &full).unwrap();
        let found = DirSource::open(&public).unwrap().get(&path_of(file), 1 << 20).unwrap();
        assert_eq!(found, None, "{file}");
        std::fs::remove_file(&full).unwrap();
        symlink(&full, &full).unwrap();
        let circle = DirSource::open(&public).unwrap().get(&path_of(file), 1 << 20);
        assert!(matches!(circle, Err(StoreError::Io { .. })), "{file}");
        std::fs::remove_file(&full).unwrap();
        std::fs::create_dir(&full).unwrap();
        let found = DirSource::open(&public).unwrap().get(&path_of(file), 1 << 20).unwrap();
        assert_eq!(found, None, "{file}");
    }
}

#[test]
fn files_with_holes_are_not_loaded() {
    for file in FILES {
        let (_folder, public) = copy();
        let path = path_of(file);
        let hollow = std::fs::File::create(replace(&public, &path)).unwrap();
        hollow.set_len(1 << 40).unwrap();
        let started = Instant::now();
        assert!(matches!(verify(&public).unwrap_err(), StoreError::TooLarge { path: named, .. } if named == path));
        assert!(started.elapsed() < Duration::from_secs(20));
    }
    let (_folder, public) = copy();
    std::fs::File::create(replace(&public, "checkpoint")).unwrap().set_len(1 << 40).unwrap();
    assert!(matches!(verify(&public).unwrap_err(), StoreError::TooLarge { .. }));
}

#[test]
fn what_does_not_belong_to_the_record_is_listed_and_left_alone() {
    let (_folder, public) = copy();
    symlink("..", public.join("circle")).unwrap();
    symlink("/etc", public.join("tile").join("elsewhere")).unwrap();
    pipe(&public.join("pipe"));
    let mut deep = public.join("deep");
    for _ in 0..100 {
        deep.push("a");
    }
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("file"), "x").unwrap();
    let reader = Reader::open(DirSource::open(&public).unwrap(), Some(&verifier()), None).unwrap();
    let report = reader.verify_tree(1, |_| {}).unwrap();
    let bottom = format!("deep{}", "/a".repeat(15));
    assert_eq!(report.strays, ["circle".to_owned(), bottom, "pipe".to_owned(), "tile/elsewhere".to_owned()]);
    assert_eq!(report.entries, 700);
}

#[test]
fn a_checkpoint_ahead_of_the_files_names_what_is_missing() {
    let (folder, public) = copy();
    let ahead = folder.path().join("ahead");
    drop(record(&ahead, &[300, 700, 1000]));
    std::fs::copy(ahead.join("public/checkpoint"), replace(&public, "checkpoint")).unwrap();
    let error = verify(&public).unwrap_err();
    assert!(matches!(&error, StoreError::Missing { path } if path.starts_with("tile/")), "{error}");
    let reader = Reader::open(DirSource::open(&public).unwrap(), Some(&key().verifier()), None).unwrap();
    assert_eq!(reader.size(), 1000);
    assert!(reader.entry(0).is_err(), "nothing is handed out that cannot be checked");
    // An older size is not read either, for nothing shows that the newest tree begins with it.
    let older = Reader::open(DirSource::open(&public).unwrap(), Some(&key().verifier()), Some(300));
    assert!(older.is_err());
}
