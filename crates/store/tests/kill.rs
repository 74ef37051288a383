//! A writer in a process of its own, killed without warning.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use recount_store::{Writer, WriterOptions};

use crate::support::{ORIGIN, check, entries, key};

const DIR: &str = "RECOUNT_TEST_KILLED_WRITER";

fn durable() -> WriterOptions {
    WriterOptions { keep: 2, ..WriterOptions::default() }
}

/// Not a test of its own: what the child process runs.
#[test]
fn killed_writer() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let mut writer = Writer::open(dir.as_ref(), &key(), durable()).unwrap();
    let mut out = std::io::stdout();
    for step in 0u64.. {
        let size = writer.size();
        let appended = writer.append(&entries(size, size + 1 + step * 29 % 300)).unwrap();
        writeln!(out, "acknowledged {}", appended.size).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    drop(Writer::create(&dir, ORIGIN, &key(), durable()).unwrap());
    let mut last = 0;
    for round in 0..6u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::killed_writer", "--nocapture"])
            .env(DIR, &dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = |line: std::io::Result<String>| -> Option<u64> {
            line.unwrap().split("acknowledged ").nth(1).map(|size| size.trim().parse().unwrap())
        };
        // Wait for the first one, so that something is always under way; then kill at another moment each round.
        last = lines.by_ref().find_map(acknowledged).expect("the child died by itself").max(last);
        let started = Instant::now();
        std::thread::sleep(Duration::from_micros(1_700 * round * round + 300));
        child.kill().unwrap();
        last = lines.filter_map(acknowledged).max().unwrap_or(last).max(last);
        child.wait().unwrap();
        let published = check(&dir);
        let writer = Writer::open(&dir, &key(), durable()).unwrap();
        assert!(published >= last, "{published} published, {last} acknowledged");
        assert!(writer.size() >= published);
        println!(
            "round {round}: killed after {:?}, {last} acknowledged, {} recovered",
            started.elapsed(),
            writer.size()
        );
        drop(writer);
        assert!(check(&dir) >= last);
    }
}
