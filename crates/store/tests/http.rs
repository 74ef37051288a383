//! Reading over http, from servers that behave and servers that do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use recount_store::{DirSource, ErrorKind, HttpLimits, HttpSource, MemorySource, Reader, Source, StoreError};

use crate::server::{Answer, serve};
use crate::support::{entry, record, verifier};

fn limits() -> HttpLimits {
    HttpLimits { request: Duration::from_secs(30), retries: 1, ..HttpLimits::default() }
}

fn memory(sizes: &[u64]) -> MemorySource {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    record(&dir, sizes).put_blob(b"a scan").unwrap();
    MemorySource::load(&DirSource::open(&dir).unwrap()).unwrap()
}

fn serve_files(files: MemorySource) -> String {
    serve(move |request| match files.files.get(request.path.trim_start_matches("/election/")) {
        Some(bytes) => Answer::new(200, bytes.clone()),
        None => Answer::new(404, "no such file"),
    }) + "/election/"
}

#[test]
fn a_record_on_a_web_server_is_verified_like_one_in_a_folder() {
    let address = serve_files(memory(&[10, 300, 700]));
    let source = HttpSource::new(&address, limits()).unwrap();
    let reader = Reader::open(source, Some(&verifier()), None).unwrap();
    assert_eq!(reader.verify_tree(2, |_| {}).unwrap().entries, 700);
    assert_eq!(reader.entry(699).unwrap(), entry(699));
    let scan = recount_log::sha256(b"a scan");
    assert_eq!(reader.source().blob(&scan, 6).unwrap().unwrap(), b"a scan");
    assert!(matches!(reader.source().blob(&scan, 5), Err(StoreError::TooLarge { most: 5, .. })));
    assert_eq!(reader.source().blob(&recount_log::sha256(b"none"), 9).unwrap(), None);

    // A size at which a checkpoint was published, and one at which none was: a web server cannot list, so the newest covers it.
    let covered = |at| {
        let source = HttpSource::new(&address, limits()).unwrap();
        let reader = Reader::open(source, Some(&verifier()), Some(at)).unwrap();
        (reader.size(), reader.checkpoint().size)
    };
    assert_eq!((covered(300), covered(20)), ((300, 300), (20, 700)));
}

#[test]
fn servers_that_misbehave_end_in_an_error_and_cost_little() {
    let hits = Arc::new(AtomicU32::new(0));
    let counted = hits.clone();
    let address = serve(move |request| {
        counted.fetch_add(1, Ordering::Relaxed);
        match request.path.trim_start_matches('/').split('/').next().unwrap_or_default() {
            "huge" => Answer::new(200, vec![b'x'; 2_000_000]),
            "slow" => {
                std::thread::sleep(Duration::from_secs(3));
                Answer::new(200, "late")
            }
            "circle" => Answer { headers: vec!["Location: /circle/checkpoint".to_owned()], ..Answer::new(302, "") },
            "broken" => Answer::new(500, "oops"),
            "forbidden" => Answer::new(403, "no"),
            _ => Answer::new(404, ""),
        }
    });
    let open = |folder: &str| {
        let patience = if folder == "slow" { Duration::from_millis(300) } else { limits().request };
        let limits = HttpLimits { request: patience, ..limits() };
        let source = HttpSource::new(&format!("{address}/{folder}"), limits).unwrap();
        let before = hits.load(Ordering::Relaxed);
        let error = Reader::open(source, Some(&verifier()), None).map(drop).unwrap_err();
        println!("{folder}: {error}");
        (error, hits.load(Ordering::Relaxed) - before)
    };
    assert!(matches!(open("huge"), (StoreError::TooLarge { .. }, 1)));
    assert!(matches!(open("slow").0, StoreError::Http { .. }));
    assert!(matches!(open("circle").0, StoreError::Http { .. }));
    assert!(matches!(open("broken"), (StoreError::Http { .. }, 2)));
    assert!(matches!(open("forbidden"), (StoreError::Http { .. }, 1)));
    let (missing, _) = open("nothing");
    assert_eq!(missing.kind(), ErrorKind::Input);
    let nobody = HttpSource::new("http://127.0.0.1:1/x", limits()).unwrap().get("checkpoint", 10).unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Environment);
}

#[test]
fn the_whole_run_has_limits() {
    let address = serve_files(memory(&[700]));
    let few = HttpLimits { bytes: 10_000, ..limits() };
    let reader = Reader::open(HttpSource::new(&address, few).unwrap(), Some(&verifier()), None).unwrap();
    assert!(matches!(reader.verify_tree(1, |_| {}), Err(StoreError::Limit { .. })));
    let brief = HttpLimits { run: Duration::ZERO, ..limits() };
    let source = HttpSource::new(&address, brief).unwrap();
    std::thread::sleep(Duration::from_millis(2));
    assert!(matches!(source.checkpoint(), Err(StoreError::Limit { .. })));
}

#[test]
fn odd_addresses_are_refused() {
    for bad in
        ["ftp://example.org", "example.org", "http://example.org/?a", "http://example.org/#a", "http://exa mple.org"]
    {
        assert!(matches!(HttpSource::new(bad, limits()), Err(StoreError::Invalid(_))), "{bad}");
    }
}
