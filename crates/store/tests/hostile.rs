//! Web servers that lie, send too much, too little or too slowly, or show each reader something else.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use recount_log::SigningKey;
use recount_store::{DirSource, HttpLimits, HttpSource, Memory, MemorySource, Reader, Source, StoreError, Writer};

use crate::server::{Answer, Request, serve, serve_raw};
use crate::support::{ORIGIN, entry, options, record, verifier};

fn limits() -> HttpLimits {
    HttpLimits { request: Duration::from_secs(20), retries: 1, ..HttpLimits::default() }
}

fn memory(sizes: &[u64]) -> MemorySource {
    let folder = tempfile::tempdir().unwrap();
    drop(record(&folder.path().join("record"), sizes));
    MemorySource::load(&DirSource::open(&folder.path().join("record")).unwrap()).unwrap()
}

/// A record of the same origin with other entries.
fn other_history(key: &SigningKey, size: usize) -> MemorySource {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    Writer::create(&dir, ORIGIN, key, options()).unwrap().append(&vec!["another history"; size]).unwrap();
    MemorySource::load(&DirSource::open(&dir).unwrap()).unwrap()
}

fn file(files: &MemorySource, request: &Request) -> Option<Vec<u8>> {
    files.files.get(request.path.trim_start_matches('/')).cloned()
}

fn answer(found: Option<Vec<u8>>) -> Answer {
    found.map_or_else(|| Answer::new(404, "no such file"), |bytes| Answer::new(200, bytes))
}

fn open(address: &str, at: Option<u64>) -> Result<Reader<HttpSource>, StoreError> {
    Reader::open(HttpSource::new(address, limits()).unwrap(), Some(&verifier()), at)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn coded(coding: &str, body: Vec<u8>) -> Answer {
    Answer { headers: vec![format!("Content-Encoding: {coding}")], ..Answer::new(200, body) }
}

#[test]
fn bundles_may_come_in_gzip_and_only_bundles_are_asked_for_so() {
    let files = memory(&[10, 300, 700]);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = asked.clone();
    let address = serve(move |request| {
        noted.lock().unwrap().push((request.path.clone(), request.accepts.clone()));
        match file(&files, &request) {
            Some(bytes) if request.path.contains("/entries/") => coded("gzip", gzip(&bytes)),
            found => answer(found),
        }
    });
    let reader = open(&address, None).unwrap();
    assert_eq!(reader.verify_tree(2, |_| {}).unwrap().entries, 700);
    assert_eq!(reader.entry(699).unwrap(), entry(699));
    for (path, accepts) in asked.lock().unwrap().iter() {
        let wanted = if path.starts_with("/tile/entries/") { "gzip, identity" } else { "identity" };
        assert_eq!(accepts, wanted, "{path}");
    }
}

#[test]
fn what_unpacks_beyond_its_cap_is_refused() {
    let hits = Arc::new(AtomicU32::new(0));
    let counted = hits.clone();
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let note = b"o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    let address = serve(move |request| {
        counted.fetch_add(1, Ordering::Relaxed);
        match request.path.trim_start_matches('/').split('/').next().unwrap_or_default() {
            "bomb" => coded("gzip", bomb.clone()),
            "broken" => coded("gzip", b"not gzip".to_vec()),
            "cut" => coded("gzip", gzip(&[7; 999])[..20].to_vec()),
            "twice" => {
                Answer { headers: vec!["Content-Encoding: gzip".to_owned(); 2], ..Answer::new(200, gzip(&gzip(note))) }
            }
            coding => coded(coding, gzip(note)),
        }
    });
    let get = |folder: &str| {
        let before = hits.load(Ordering::Relaxed);
        let found = HttpSource::new(&format!("{address}/{folder}"), limits()).unwrap().get("checkpoint", 1_000_000);
        (found, hits.load(Ordering::Relaxed) - before)
    };
    assert!(matches!(get("bomb"), (Err(StoreError::TooLarge { .. }), 1)));
    for broken in ["broken", "cut"] {
        assert!(matches!(get(broken), (Err(StoreError::Http { .. }), 2)), "{broken}");
    }
    for other in ["br", "deflate", "zstd", "twice", "gzip,gzip"] {
        assert!(matches!(get(other), (Err(StoreError::Http { .. }), 1)), "{other}");
    }
    for good in ["gzip", "x-gzip", "GZIP"] {
        assert_eq!(get(good).0.unwrap().unwrap(), note, "{good}");
    }
    let exact = HttpSource::new(&format!("{address}/gzip"), limits()).unwrap();
    assert!(exact.get("checkpoint", 51).unwrap().is_some_and(|bytes| bytes.len() == 49));
    assert!(matches!(exact.get("checkpoint", 48), Err(StoreError::TooLarge { most: 48, .. })));
}

/// Writes until the client has had enough.
fn for_ever(stream: &mut TcpStream, head: &str, piece: &[u8]) -> std::io::Result<()> {
    stream.write_all(head.as_bytes())?;
    loop {
        stream.write_all(piece)?;
    }
}

fn misbehave(path: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    const OK: &str = "HTTP/1.1 200 OK\r\n";
    match path.trim_start_matches('/').split('/').next().unwrap_or_default() {
        "endless" => for_ever(stream, &format!("{OK}Transfer-Encoding: chunked\r\n\r\n"), b"4\r\naaaa\r\n"),
        "open" => for_ever(stream, &format!("{OK}\r\n"), &[b'a'; 4096]),
        "gzip" => for_ever(stream, &format!("{OK}Content-Encoding: gzip\r\n\r\n"), &[b'a'; 4096]),
        "headers" => for_ever(stream, OK, b"X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
        "header" => for_ever(stream, &format!("{OK}X-More: "), &[b'a'; 4096]),
        "promise" => stream.write_all(format!("{OK}Content-Length: 18446744073709551615\r\n\r\nfew").as_bytes()),
        "short" => stream.write_all(format!("{OK}Content-Length: 1000\r\n\r\nfew").as_bytes()),
        "chunk" => {
            stream.write_all(format!("{OK}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nfew").as_bytes())
        }
        "drip" => {
            stream.write_all(format!("{OK}Content-Length: 100000\r\n\r\n").as_bytes())?;
            loop {
                stream.write_all(b"a")?;
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        "silent" => {
            std::thread::sleep(Duration::from_secs(10));
            Ok(())
        }
        "closed" => Ok(()),
        "noise" => stream.write_all(&[0xff; 2000]),
        "local" => stream.write_all(b"HTTP/1.1 302 x\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
        "chain" => {
            let next = format!("/chain/{}", path.len());
            stream
                .write_all(format!("HTTP/1.1 302 x\r\nLocation: {next}{path}\r\nContent-Length: 0\r\n\r\n").as_bytes())
        }
        _ => stream.write_all(b"HTTP/1.1 204 x\r\n\r\n"),
    }
}

#[test]
fn servers_that_break_the_protocol_end_in_an_error_and_soon() {
    let address = serve_raw(misbehave);
    for folder in [
        "endless", "open", "gzip", "headers", "header", "promise", "short", "chunk", "drip", "silent", "closed",
        "noise", "local", "chain", "empty",
    ] {
        let impatient = HttpLimits { request: Duration::from_millis(1500), retries: 1, ..limits() };
        let started = Instant::now();
        let found = HttpSource::new(&format!("{address}/{folder}"), impatient).unwrap().get("checkpoint", 1_000_000);
        let error = found.unwrap_err();
        let took = started.elapsed();
        println!("{folder}: {error} ({} ms)", took.as_millis());
        assert!(took < Duration::from_secs(15), "{folder}: {took:?}");
        let known = matches!(error, StoreError::Http { .. } | StoreError::TooLarge { .. });
        assert!(known, "{folder}: {error}");
    }
}

#[test]
fn a_checkpoint_ahead_of_the_files_costs_few_requests() {
    let mut files = memory(&[700]);
    files.files.insert("checkpoint".to_owned(), memory(&[700, 1000]).files["checkpoint"].clone());
    let hits = Arc::new(AtomicU32::new(0));
    let counted = hits.clone();
    let address = serve(move |request| {
        counted.fetch_add(1, Ordering::Relaxed);
        answer(file(&files, &request))
    });
    let reader = open(&address, None).unwrap();
    assert!(matches!(reader.verify_tree(1, |_| {}), Err(StoreError::Missing { .. })));
    assert!(matches!(reader.entry(999), Err(StoreError::Missing { .. })));
    assert!(open(&address, Some(700)).is_err(), "nothing shows that the newest tree begins with this one");
    assert!(hits.load(Ordering::Relaxed) < 40);
}

/// Answers from `first` until the file of this name was asked for, and from `then` afterwards.
fn turning(first: MemorySource, then: MemorySource, after: &'static str) -> String {
    let turned = AtomicU32::new(0);
    serve(move |request| {
        let files = if turned.load(Ordering::SeqCst) == 0 { &first } else { &then };
        if request.path == after {
            turned.store(1, Ordering::SeqCst);
        }
        answer(file(files, &request))
    })
}

#[test]
fn two_histories_in_one_run_are_found_out() {
    let key = crate::support::key();
    for after in ["/checkpoint", "/tile/0/000", "/tile/entries/000", "/tile/0/002.p/188"] {
        let address = turning(memory(&[700]), other_history(&key, 700), after);
        let reader = open(&address, None).unwrap();
        let error = reader.verify_tree(1, |_| {}).unwrap_err();
        assert!(matches!(error, StoreError::Tampered { .. }), "{after}: {error}");
        assert!(matches!(reader.entry(3), Err(StoreError::Tampered { .. })), "{after}");
    }
    // A record that honestly grows is not two histories.
    let address = turning(memory(&[300]), memory(&[300, 700]), "/checkpoint");
    let reader = open(&address, None).unwrap();
    assert_eq!((reader.size(), reader.verify_tree(1, |_| {}).unwrap().entries), (300, 300));
}

#[test]
fn what_was_seen_before_is_held_against_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let own = Memory::new(folder.path(), ORIGIN, &verifier());
    let serving = |files: MemorySource| serve(move |request| answer(file(&files, &request)));
    let now = open(&serving(memory(&[300, 700])), None).unwrap();
    now.remember(&own, 1).unwrap();

    let older = open(&serving(memory(&[300])), None).unwrap().check_memory(&own).unwrap_err();
    assert!(matches!(&older, StoreError::RolledBack { seen, now, .. } if (seen.size, now.size) == (700, 300)));
    for size in [700, 800] {
        let address = serving(other_history(&crate::support::key(), size));
        let forked = open(&address, None).unwrap().check_memory(&own).unwrap_err();
        assert!(matches!(&forked, StoreError::Forked { .. }), "{size}: {forked}");
    }
    // An honest checkpoint of a larger tree, and files of another: the proof fails, and nothing is remembered.
    let mut mixed = other_history(&crate::support::key(), 800);
    mixed.files.insert("checkpoint".to_owned(), memory(&[300, 700, 800]).files["checkpoint"].clone());
    let mixed = open(&serving(mixed), None).unwrap();
    assert!(matches!(mixed.check_memory(&own), Err(StoreError::Tampered { .. })));
    assert!(mixed.remember(&own, 9).is_err());
    assert_eq!(own.seen().unwrap().unwrap().head.size, 700);
    let grown = open(&serving(memory(&[300, 700, 800])), None).unwrap();
    assert_eq!(grown.check_memory(&own).unwrap().unwrap().head.size, 700);
}

#[test]
fn a_second_log_under_the_same_origin_is_another_log() {
    let stranger = SigningKey::from_seed(ORIGIN, [8; 32]).unwrap();
    let files = other_history(&stranger, 700);
    let address = serve(move |request| answer(file(&files, &request)));
    assert!(matches!(open(&address, None), Err(StoreError::Note { .. })));
    let source = HttpSource::new(&address, limits()).unwrap();
    let reader = Reader::open(source, Some(&stranger.verifier()), None).unwrap();
    // Its memory is its own: it neither contradicts the first log's nor is vouched for by it.
    let folder = tempfile::tempdir().unwrap();
    let (own, other) =
        (Memory::new(folder.path(), ORIGIN, &verifier()), Memory::new(folder.path(), ORIGIN, &stranger.verifier()));
    reader.remember(&other, 1).unwrap();
    assert_eq!(own.seen().unwrap(), None);
    assert!(other.seen().unwrap().is_some());
}
