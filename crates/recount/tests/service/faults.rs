//! What goes wrong: killed under load, a full disk, floods, requests that are none. Nothing acknowledged is ever lost.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use recount_log::SigningKey;
use recount_store::{DirSource, Reader};
use serde_json::json;

use crate::support::{Record, raw, serve, try_ask};

/// Every acknowledged statement stands where it was said to stand, byte for byte.
fn check_all_there(dir: &std::path::Path, acknowledged: &BTreeMap<u64, Vec<u8>>) {
    let reader = Reader::open(DirSource::open(dir).unwrap(), None, None).unwrap();
    for (index, entry) in acknowledged {
        assert_eq!(&reader.entry(*index).unwrap(), entry, "statement {index} was acknowledged");
    }
}

#[test]
fn killed_under_load_it_loses_nothing_that_was_acknowledged() {
    let record = Record::new();
    let key = record.key("commission.key");
    let acknowledged = Arc::new(Mutex::new(BTreeMap::new()));
    let next = AtomicU64::new(0);
    for round in 0..3u64 {
        let mut service = record.serve(&[]);
        let addr = service.addr;
        let before = acknowledged.lock().unwrap().len();
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    loop {
                        let entry = record.note(&key, next.fetch_add(1, Ordering::SeqCst));
                        match try_ask(addr, "POST", "/statements", "", &entry) {
                            Some(answer) if answer.status == 201 => {
                                let index = answer.json()["index"].as_u64().unwrap();
                                assert!(
                                    acknowledged.lock().unwrap().insert(index, entry).is_none(),
                                    "one index, one statement"
                                );
                            }
                            Some(answer) => panic!("{}", answer.text()),
                            None => return,
                        }
                    }
                });
            }
            let started = Instant::now();
            while acknowledged.lock().unwrap().len() < before + 40 {
                assert!(started.elapsed() < crate::support::PATIENCE);
                std::thread::sleep(Duration::from_millis(3 + round));
            }
            service.child.kill().unwrap();
            service.child.wait().unwrap();
        });
    }
    // The next start completes what was committed, and goes on.
    let service = record.serve(&[]);
    let index = service.file(&record.note(&key, 1 << 40));
    assert!(index >= acknowledged.lock().unwrap().len() as u64);
    service.wait_for_pages(index + 1);
    drop(service);
    check_all_there(&record.desk.path("small"), &acknowledged.lock().unwrap());
    record.desk.expect(0, &["verify", "small", "--key", &record.log, "--charter", &record.charter.to_hex()]);
}

/// A small file system of its own, where this process may mount one.
struct Mounted(std::path::PathBuf);

impl Mounted {
    fn new(path: std::path::PathBuf) -> Option<Mounted> {
        std::fs::create_dir(&path).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(&path).output().ok()?;
        done.status.success().then_some(Mounted(path))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn with_a_full_disk_readers_keep_their_pages_and_filing_comes_back() {
    let record = Record::new();
    let Some(mounted) = Mounted::new(record.desk.path("disk")) else {
        println!("SKIPPED: no small file system can be mounted here");
        return;
    };
    let moved = Command::new("cp").arg("-a").arg(record.desk.path("small")).arg(&mounted.0).status().unwrap();
    assert!(moved.success());
    let service = serve(&record.desk, "disk/small", &[]);
    let key = record.key("commission.key");
    let mut acknowledged = BTreeMap::new();
    let first = record.note(&key, 0);
    acknowledged.insert(service.file(&first), first);
    let ballast = mounted.0.join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    drop(file);
    let mut full = false;
    for n in 1..200 {
        let entry = record.note(&key, n);
        let answer = service.post(&entry);
        if answer.status == 201 {
            acknowledged.insert(answer.json()["index"].as_u64().unwrap(), entry);
            continue;
        }
        assert_eq!((answer.status, &answer.json()["code"]), (503, &json!("not-durable")), "{}", answer.text());
        assert!(answer.header("retry-after").is_some());
        full = true;
        break;
    }
    assert!(full, "the disk was full");
    assert_eq!(service.get("/en/").status, 200, "readers keep their pages");
    assert_eq!((service.get("/checkpoint").status, &service.json("/readyz")["writable"]), (200, &json!(false)));
    std::fs::remove_file(&ballast).unwrap();
    let started = Instant::now();
    let entry = record.note(&key, 1_000);
    let index = loop {
        let answer = service.post(&entry);
        if matches!(answer.status, 200 | 201) {
            break answer.json()["index"].as_u64().unwrap();
        }
        assert!(started.elapsed() < Duration::from_secs(20), "it recovers by itself: {}", answer.text());
        std::thread::sleep(Duration::from_millis(100));
    };
    acknowledged.insert(index, entry);
    service.wait_for_pages(index + 1);
    drop(service);
    check_all_there(&mounted.0.join("small"), &acknowledged);
    record.desk.expect(0, &["verify", "disk/small", "--key", &record.log, "--charter", &record.charter.to_hex()]);
}

#[test]
fn a_flood_of_bad_signatures_reaches_neither_the_record_nor_honest_signers() {
    let record = Record::new();
    let service = record.serve(&[]);
    let size = service.json("/readyz")["record_size"].as_u64().unwrap();
    let (addr, key) = (service.addr, record.key("commission.key"));
    let imposter = SigningKey::from_seed("commission.small.example", [9; 32]).unwrap();
    let stop = AtomicU64::new(0);
    let flood = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for lane in 0..8u64 {
            let (record, imposter, stop, flood) = (&record, &imposter, &stop, &flood);
            scope.spawn(move || {
                let bad = record.note(imposter, 1_000 + lane);
                while stop.load(Ordering::Relaxed) == 0 {
                    let answer = try_ask(addr, "POST", "/statements", "", &bad).unwrap();
                    assert_eq!(answer.status, 403);
                    flood.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for n in 0..10 {
            let started = Instant::now();
            service.file(&record.note(&key, n));
            let took = started.elapsed();
            assert!(took < Duration::from_secs(5), "an honest signer waited {took:?}");
            assert_eq!(service.get("/en/").status, 200);
        }
        stop.store(1, Ordering::Relaxed);
    });
    assert!(flood.into_inner() > 100);
    assert_eq!(service.json("/readyz")["record_size"].as_u64(), Some(size + 10));
}

#[test]
fn requests_that_are_none_do_no_harm() {
    let record = Record::new();
    let service = record.serve(&[]);
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(2_000_000));
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Y: z\r\n".repeat(50_000));
    let cases: Vec<Vec<u8>> = vec![
        b"\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"GET /checkpoint\0 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n".to_vec(),
        b"POST /statements HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_vec(),
        b"POST /statements HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello".to_vec(),
        b"POST /statements HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(),
        b"POST /statements HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n".to_vec(),
        long.into_bytes(),
        many.into_bytes(),
    ];
    for case in cases {
        let shown = String::from_utf8_lossy(&case[..case.len().min(60)]).into_owned();
        if let Some(answer) = raw_until_closed(&service, &case) {
            assert!((400..500).contains(&answer), "{shown:?}: {answer}");
        }
        assert_eq!(service.get("/healthz").status, 200, "{shown:?}");
    }
    // A body in chunks without a length is cut at the limit.
    let mut chunked = b"POST /statements HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..40 {
        chunked.extend_from_slice(b"1000\r\n");
        chunked.extend_from_slice(&[b'a'; 0x1000]);
        chunked.extend_from_slice(b"\r\n");
    }
    assert_eq!(raw(service.addr, &chunked).map(|answer| answer.status), Some(413));
}

/// Sends, ends the sending side, and reads the status, if any.
fn raw_until_closed(service: &crate::support::Service, request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(service.addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let _ = stream.write_all(request);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.split(' ').nth(1).and_then(|word| word.parse().ok())
}

#[test]
fn it_stops_when_told_and_answers_what_it_has_taken() {
    let record = Record::new();
    let mut service = record.serve(&[]);
    let mut events = TcpStream::connect(service.addr).unwrap();
    events.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let key = record.key("commission.key");
    let index = service.file(&record.note(&key, 1));
    let started = Instant::now();
    let done = Command::new("kill").args(["-TERM", &service.child.id().to_string()]).status().unwrap();
    assert!(done.success());
    assert!(service.child.wait().unwrap().success());
    assert!(started.elapsed() < Duration::from_secs(8), "readers of events do not hold it up: {:?}", started.elapsed());
    let reader = Reader::open(DirSource::open(&record.desk.path("small")).unwrap(), None, None).unwrap();
    assert_eq!(reader.size(), index + 1);
}
