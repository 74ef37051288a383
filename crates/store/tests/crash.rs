//! Stops the write path at every file and database operation, in several ways, then opens the record again and goes on.
//!
//! Each time: what was acknowledged is there, readers found a valid record in between, and in the end the public bytes are those of
//! an undisturbed run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use recount_store::disk::{Disk, Fault, FaultyDisk, Mode, RealDisk};
use recount_store::layout::blob_path;
use recount_store::{DirSource, StoreError, Writer};

use crate::support::{ORIGIN, check, entries, key, options, public};

/// One step of a story.
#[derive(Clone, Copy)]
enum Step {
    /// Append until the record has this size.
    Grow(u64),
    /// Store this blob.
    Blob(&'static [u8]),
    /// Close and open again.
    Reopen,
}
use Step::{Blob, Grow, Reopen};

/// A record from its creation across the edges of the first tiles.
const FROM_NOTHING: &[Step] = &[
    Blob(b"one"),
    Grow(1),
    Grow(255),
    Grow(256),
    Blob(b"two, longer"),
    Grow(257),
    Reopen,
    Grow(511),
    Grow(512),
    Grow(900),
];

/// Across the edge where a tile of level 1 is completed.
const LARGE: &[Step] = &[Grow(65_535), Grow(65_536), Reopen, Grow(65_537)];

struct Story<'a> {
    steps: &'a [Step],
    dir: &'a Path,
    writer: Option<Writer>,
    acknowledged: u64,
    blobs: Vec<&'static [u8]>,
}

impl<'a> Story<'a> {
    fn new(steps: &'a [Step], dir: &'a Path) -> Story<'a> {
        Story { steps, dir, writer: None, acknowledged: 0, blobs: Vec::new() }
    }

    /// Plays the story from wherever the record stands.
    fn play(&mut self, disk: &dyn Fn() -> Box<dyn Disk>) -> Result<(), StoreError> {
        self.writer = None;
        self.writer = Some(self.open(disk)?);
        for step in self.steps {
            match *step {
                Reopen => {
                    self.writer = None;
                    self.writer = Some(self.open(disk)?);
                }
                Blob(bytes) => {
                    self.writer.as_mut().unwrap().put_blob(bytes)?;
                    self.blobs.push(bytes);
                }
                Grow(to) => {
                    let writer = self.writer.as_mut().unwrap();
                    if writer.size() < to {
                        self.acknowledged = writer.append(&entries(writer.size(), to))?.size;
                    }
                }
            }
        }
        Ok(())
    }

    fn open(&self, disk: &dyn Fn() -> Box<dyn Disk>) -> Result<Writer, StoreError> {
        match Writer::open_on(disk(), self.dir, &key(), options()) {
            Err(StoreError::NotARecord(_) | StoreError::Unfinished(_))
                if self.acknowledged == 0 && self.blobs.is_empty() =>
            {
                let _ = fs::remove_dir_all(self.dir);
                Writer::create_on(disk(), self.dir, ORIGIN, &key(), options())
            }
            other => other,
        }
    }
}

fn real() -> Box<dyn Disk> {
    Box::new(RealDisk::new(false))
}

/// Stops at one operation, checks, and completes the story.
fn stop_and_go_on(steps: &[Step], dir: &Path, fault: &Fault, expected: &BTreeMap<String, Vec<u8>>, what: &str) {
    let mut story = Story::new(steps, dir);
    let stopped = story.play(&|| Box::new(FaultyDisk::new(fault))).expect_err(what);
    assert!(fault.struck() && !matches!(stopped, StoreError::Poisoned), "{what}: {stopped}");
    // A writer that failed half way does not go on.
    if let Some(writer) = &mut story.writer {
        assert!(writer.append(&entries(0, 1)).is_err(), "{what}: went on after {stopped}");
    }
    story.writer = None;
    // What readers find between the crash and the recovery is a valid record that holds everything acknowledged.
    if DirSource::open(dir).is_ok() {
        let size = check(dir);
        assert!(size >= story.acknowledged, "{what}: {size} published, {} acknowledged", story.acknowledged);
    } else {
        assert_eq!(story.acknowledged, 0, "{what}: nothing published");
    }
    for blob in &story.blobs {
        let path = dir.join("public").join(blob_path(&recount_log::sha256(blob)));
        assert_eq!(&fs::read(&path).unwrap(), blob, "{what}: blob lost");
    }
    let acknowledged = story.acknowledged;
    story.play(&real).unwrap_or_else(|error| panic!("{what}: cannot go on: {error}"));
    assert!(story.writer.as_ref().unwrap().size() >= acknowledged);
    story.writer = None;
    let found = public(dir);
    for path in found.keys().chain(expected.keys()) {
        assert!(found.get(path) == expected.get(path), "{what}: {path} differs");
    }
}

/// A copy of a record: the public files, which never change in place, are linked.
fn copy_record(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_record(&entry.path(), &target);
        } else if entry.path().components().any(|part| part.as_os_str() == "private") {
            fs::copy(entry.path(), target).unwrap();
        } else {
            fs::hard_link(entry.path(), target).unwrap();
        }
    }
}

/// Runs a story with a stop at each `stride`th operation; returns how many stops there were.
fn every_operation(steps: &[Step], base: Option<&Path>, mode: Mode, stride: usize) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let fresh = |name: String| {
        let dir = folder.path().join(name);
        if let Some(base) = base {
            copy_record(base, &dir);
        }
        dir
    };
    let undisturbed = fresh("undisturbed".to_owned());
    let counted = Fault::new(u64::MAX, mode);
    let mut story = Story::new(steps, &undisturbed);
    story.play(&|| Box::new(FaultyDisk::new(&counted))).unwrap();
    story.writer = None;
    check(&undisturbed);
    let expected = public(&undisturbed);
    let points: Vec<u64> = match mode {
        Mode::Partial | Mode::Full => counted.writes(),
        _ => (1..=counted.operations()).step_by(stride).collect(),
    };
    for at in &points {
        let dir = fresh(format!("stopped-{at}"));
        stop_and_go_on(steps, &dir, &Fault::new(*at, mode), &expected, &format!("{mode:?} at operation {at}"));
        fs::remove_dir_all(&dir).unwrap();
    }
    println!("{} stops, {mode:?}", points.len());
    points.len()
}

fn large_base(folder: &Path) -> std::path::PathBuf {
    let dir = folder.join("base");
    drop(crate::support::record(&dir, &[65_000, 65_529, 65_530]));
    dir
}

/// At least this many stops in each of three ways, and a quarter of it in each of two: together more than 1,000 with the second story.
const LEAST: usize = 300;

#[test]
fn stops_before_every_operation() {
    assert!(every_operation(FROM_NOTHING, None, Mode::Before, 1) >= LEAST);
}

#[test]
fn stops_after_every_operation() {
    assert!(every_operation(FROM_NOTHING, None, Mode::After, 1) >= LEAST);
}

#[test]
fn loses_power_at_every_operation() {
    assert!(every_operation(FROM_NOTHING, None, Mode::PowerCut, 1) >= LEAST);
}

/// A failure that passes: the writer must not go on as if the batch had failed or succeeded, for it does not know.
#[test]
fn a_passing_failure_ends_the_writer_but_not_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    drop(crate::support::record(&base, &[250]));
    for at in 1.. {
        let dir = folder.path().join(at.to_string());
        copy_record(&base, &dir);
        let fault = Fault::new(at, Mode::Glitch);
        let Ok(mut writer) = Writer::open_on(Box::new(FaultyDisk::new(&fault)), &dir, &key(), options()) else {
            continue; // failed while opening: nothing was promised
        };
        let blob = writer.put_blob(b"a scan").or_else(|_| writer.put_blob(b"a scan"));
        assert!(blob.is_ok(), "operation {at}: blobs can be tried again");
        let mut acknowledged = 250;
        let mut failed = false;
        for to in [260, 270, 280] {
            match writer.append(&entries(acknowledged, to)) {
                Ok(done) => {
                    assert!(!failed, "operation {at}: went on");
                    acknowledged = done.size;
                }
                Err(error) => {
                    assert_eq!(matches!(error, StoreError::Poisoned), failed, "operation {at}: {error}");
                    failed = true;
                }
            }
        }
        drop(writer);
        let mut writer = Writer::open(&dir, &key(), options()).unwrap();
        assert!(writer.size() >= acknowledged, "operation {at}");
        let size = writer.size();
        writer.append(&entries(size, 300)).unwrap();
        assert_eq!(check(&dir), 300);
        if !fault.struck() {
            assert!(at > 50, "{at}");
            break;
        }
    }
}

#[test]
fn stops_within_every_write_and_fills_the_disk_at_every_write() {
    assert!(every_operation(FROM_NOTHING, None, Mode::Partial, 1) >= LEAST / 4);
    assert!(every_operation(FROM_NOTHING, None, Mode::Full, 1) >= LEAST / 4);
}

#[test]
fn stops_and_power_cuts_across_the_edge_of_level_one() {
    let folder = tempfile::tempdir().unwrap();
    let base = large_base(folder.path());
    // Every stop here costs a record of 65,536 entries: every ninth operation stands for its neighbours.
    let stops =
        every_operation(LARGE, Some(&base), Mode::Before, 9) + every_operation(LARGE, Some(&base), Mode::PowerCut, 9);
    assert!(stops >= 40, "{stops}");
}
