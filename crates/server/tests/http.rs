//! The service over loopback, asked by plain sockets.

#![allow(clippy::expect_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use recount_log::SigningKey;
use recount_server::{Page, ServeError, ServeOptions, serve_until};
use recount_store::{Writer, WriterOptions};
use tempfile::TempDir;

const ORIGIN: &str = "results.example.org/2027";

struct Running {
    addr: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Result<(), ServeError>>>,
}

impl Running {
    fn start(options: ServeOptions) -> Running {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (told, addr) = std::sync::mpsc::channel();
        let options = options
            .at(SocketAddr::from(([127, 0, 0, 1], 0)))
            .on_listening(move |addr| told.send(addr).expect("the test waits"));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(serve_until(options, async move {
                let _ = stopped.await;
            }))
        });
        let addr = addr.recv_timeout(Duration::from_secs(20)).expect("it listens");
        Running { addr, stop: Some(stop), thread: Some(thread) }
    }

    fn stop(mut self) -> Result<(), ServeError> {
        drop(self.stop.take());
        self.thread.take().expect("it runs").join().expect("no panic")
    }

    fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.addr).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(request.as_bytes()).expect("sends");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("answers");
        Answer::parse(&bytes)
    }

    fn ask(&self, method: &str, path: &str, more: &str) -> Answer {
        self.raw(&format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n"))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Answer {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII").to_lowercase();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, [7; 32]).expect("a key")
}

fn options() -> WriterOptions {
    WriterOptions { full_sync: false, ..WriterOptions::default() }
}

/// A record of 300 entries and a blob; returns the blob's path.
fn record(folder: &TempDir) -> (std::path::PathBuf, String) {
    let dir = folder.path().join("record");
    let mut writer = Writer::create(&dir, ORIGIN, &key(), options()).expect("a record");
    let entries: Vec<String> = (0..300).map(|n| format!("entry {n}")).collect();
    writer.append(&entries).expect("appended");
    let hash = writer.put_blob(b"a scan").expect("a blob");
    (dir, format!("/blob/sha256/{}", hash.to_hex()))
}

fn fixed(html: &str) -> ServeOptions {
    let html = html.to_owned();
    ServeOptions::new("", Arc::new(move || Ok(Page { html: html.clone() })))
}

fn of(dir: &Path, mut options: ServeOptions) -> ServeOptions {
    options.public_dir = dir.join("public");
    options
}

#[test]
fn files_of_the_record_are_served_as_they_are() {
    let folder = TempDir::new().expect("a folder");
    let (dir, blob) = record(&folder);
    let running = Running::start(of(&dir, fixed("page")));
    let cases = [
        ("/checkpoint", "text/plain; charset=utf-8", "max-age=2"),
        ("/checkpoints/300", "text/plain; charset=utf-8", "max-age=60"),
        ("/tile/0/000", "application/octet-stream", "immutable"),
        ("/tile/0/001.p/44", "application/octet-stream", "immutable"),
        ("/tile/1/000.p/1", "application/octet-stream", "immutable"),
        ("/tile/entries/000", "application/octet-stream", "immutable"),
        ("/tile/entries/001.p/44", "application/octet-stream", "immutable"),
        (blob.as_str(), "application/octet-stream", "immutable"),
    ];
    for (path, content_type, cache) in cases {
        let answer = running.get(path);
        let bytes = std::fs::read(dir.join("public").join(&path[1..])).expect(path);
        assert_eq!((answer.status, &answer.body), (200, &bytes), "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert!(answer.header("cache-control").is_some_and(|found| found.contains(cache)), "{path}: {}", answer.head);
        assert_eq!(answer.header("content-length"), Some(bytes.len().to_string().as_str()), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("content-security-policy").is_some_and(|p| p.contains("default-src 'none'")), "{path}");

        let head = running.ask("HEAD", path, "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-length"), Some(bytes.len().to_string().as_str()), "{path}");
    }
    running.stop().expect("stops");
}

#[test]
fn a_whole_record_is_read_and_verified_over_http() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let running = Running::start(of(&dir, fixed("page")));
    let url = format!("http://{}", running.addr);
    let source = recount_store::open_source(&url).expect("an address");
    let reader = recount_store::Reader::open(source, Some(&key().verifier()), None).expect("a record");
    assert_eq!(reader.verify_tree(1, |_| {}).expect("verifies").entries, 300);
    assert_eq!(reader.entry(299).expect("an entry"), b"entry 299");
    running.stop().expect("stops");
}

#[test]
fn nothing_else_can_be_reached() {
    let folder = TempDir::new().expect("a folder");
    let (dir, blob) = record(&folder);
    assert!(dir.join("private/head.sqlite").exists(), "there is something to steal");
    std::fs::write(dir.join("public/secret.txt"), "not of the layout").expect("written");
    let running = Running::start(of(&dir, fixed("page")));
    let upper = blob.to_uppercase();
    for path in [
        "/../private/head.sqlite",
        "/%2e%2e/private/head.sqlite",
        "/..%2fprivate%2fhead.sqlite",
        "/%2e%2e%2fprivate/lock",
        "/tile/../../private/head.sqlite",
        "/tile/0/../../../private/head.sqlite",
        "/checkpoints/../../private/head.sqlite",
        "/checkpoints/..%2f..%2fprivate%2fhead.sqlite",
        "/blob/sha256/../../../private/head.sqlite",
        "/..\\private\\head.sqlite",
        "//etc/passwd",
        "/etc/passwd",
        "/secret.txt",
        "/private/head.sqlite",
        "/./checkpoint",
        "//checkpoint",
        "/checkpoint/",
        "/checkpoin%74",
        "/checkpoints",
        "/checkpoints/0300",
        "/checkpoints/299",
        "/tile",
        "/tile/0/",
        "/tile/0/002",
        "/tile/0/001.p/45",
        "/tile/0/001.p/0",
        "/tile/0/x000/001",
        "/tile/entries/001.p",
        "/index.html",
        upper.as_str(),
    ] {
        let answer = running.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("SQLite") && !answer.text().contains("not of the layout"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "a missing file may exist later");
    }
    // An absolute form of the request line is no way round either, and a null byte is no request at all.
    let absolute = "GET http://x/../private/head.sqlite HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(running.raw(absolute).status, 404);
    assert_eq!(running.raw("GET /checkpoint\0 HTTP/1.1\r\nHost: x\r\n\r\n").status, 400);
    running.stop().expect("stops");
}

#[test]
fn a_directory_or_an_endless_file_in_the_place_of_a_tile_is_not_served() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    std::fs::create_dir_all(dir.join("public/tile/3/000")).expect("a folder");
    std::fs::create_dir_all(dir.join("public/tile/2/000.p")).expect("a folder");
    std::fs::write(dir.join("public/tile/2/000.p/1"), vec![0; 33]).expect("written");
    let running = Running::start(of(&dir, fixed("page")));
    assert_eq!(running.get("/tile/3/000").status, 404);
    assert_eq!(running.get("/tile/2/000.p/1").status, 404, "33 bytes where 32 are the most");
    running.stop().expect("stops");
}

#[test]
fn only_get_and_head() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let running = Running::start(of(&dir, fixed("page")));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
        let answer = running.ask(method, "/checkpoint", "Content-Length: 0\r\n");
        assert_eq!((answer.status, answer.header("allow")), (405, Some("get, head")), "{method}");
    }
    running.stop().expect("stops");
}

#[test]
fn the_page_has_a_tag_and_a_policy() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let running = Running::start(of(&dir, fixed("<!DOCTYPE html><p>Ergebnis: 120 Sitze")));
    let page = running.get("/");
    assert_eq!((page.status, page.text().as_str()), (200, "<!DOCTYPE html><p>Ergebnis: 120 Sitze"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("style-src 'self'") && !policy.contains("unsafe"));
    let etag = page.header("etag").expect("a tag").to_owned();
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = running.ask("GET", "/", &format!("If-None-Match: {known}\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), Some(etag.as_str()));
    }
    assert_eq!(running.ask("GET", "/", "If-None-Match: \"other\"\r\n").status, 200);
    let head = running.ask("HEAD", "/", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(page.body.len().to_string().as_str()));
    let css = running.get("/style.css");
    assert_eq!((css.status, css.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert_eq!(css.text(), recount_site::STYLESHEET);
    running.stop().expect("stops");
}

/// Asks until the answer is as wanted.
#[track_caller]
fn eventually(running: &Running, path: &str, wanted: &str) {
    let start = Instant::now();
    loop {
        let text = running.get(path).text();
        if text == wanted {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{path} stays {text:?}, not {wanted:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_page_is_made_once_per_checkpoint_and_the_last_good_one_stays() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let page = move || match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(Page { html: "first".to_owned() }),
        1 => Ok(Page { html: "second".to_owned() }),
        2 => panic!("a bug in the page"),
        _ => Err("shares sum to 150 %".to_owned()),
    };
    let running = Running::start(of(&dir, ServeOptions::new("", Arc::new(page))));
    for _ in 0..20 {
        eventually(&running, "/", "first");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1, "the page is kept");

    let mut writer = Writer::open(&dir, &key(), options()).expect("opens");
    writer.append(&["one more"]).expect("appended");
    eventually(&running, "/", "second");
    assert_eq!(calls.load(Ordering::SeqCst), 2);

    writer.append(&["and one that breaks the page"]).expect("appended");
    for _ in 0..20 {
        let answer = running.get("/");
        assert_eq!((answer.status, answer.text().as_str()), (200, "second"));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 3, "a page that failed is not made again at once");
    running.stop().expect("stops");
}

#[test]
fn without_any_page_the_files_are_still_served() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let failing = ServeOptions::new("", Arc::new(|| Err("not today, and a secret path".to_owned())));
    let running = Running::start(of(&dir, failing));
    let answer = running.get("/");
    assert_eq!(answer.status, 503);
    assert!(!answer.text().contains("secret"), "reasons are for the operator");
    assert_eq!(running.get("/checkpoint").status, 200);
    running.stop().expect("stops");
}

#[test]
fn a_page_that_takes_long_holds_up_nobody_for_ever() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let slow = || {
        std::thread::sleep(Duration::from_millis(900));
        Ok(Page { html: "late".to_owned() })
    };
    let mut options = of(&dir, ServeOptions::new("", Arc::new(slow)));
    options.timeout = Duration::from_millis(200);
    let running = Running::start(options);
    let answer = running.get("/");
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(running.get("/checkpoint").status, 200, "files do not wait for the page");
    eventually(&running, "/", "late");
    running.stop().expect("stops");
}

#[test]
fn connections_are_limited_and_idle_ones_lose_their_place() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let mut options = of(&dir, fixed("page"));
    options.max_connections = 2;
    options.timeout = Duration::from_millis(400);
    let running = Running::start(options);
    // Two that say nothing, or half a request, take both places.
    let mut half = TcpStream::connect(running.addr).expect("connects");
    half.write_all(b"GET /check").expect("sends");
    let mut silent = TcpStream::connect(running.addr).expect("connects");
    std::thread::sleep(Duration::from_millis(50));
    let start = Instant::now();
    assert_eq!(running.get("/checkpoint").status, 200, "served once a place is free");
    assert!(start.elapsed() >= Duration::from_millis(200), "it had to wait: {:?}", start.elapsed());
    for stream in [&mut half, &mut silent] {
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "cut off");
    }
    running.stop().expect("stops");
}

#[test]
fn it_stops_although_somebody_holds_a_connection() {
    let folder = TempDir::new().expect("a folder");
    let (dir, _) = record(&folder);
    let mut options = of(&dir, fixed("page"));
    options.grace = Duration::from_millis(300);
    let running = Running::start(options);
    let mut held = TcpStream::connect(running.addr).expect("connects");
    held.write_all(b"GET /tile/0/000 HTTP/1.1\r\nHost: x\r\n").expect("sends");
    std::thread::sleep(Duration::from_millis(50));
    let start = Instant::now();
    running.stop().expect("stops");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn what_cannot_be_served_is_said_before_anything_listens() {
    let folder = TempDir::new().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let options = of(folder.path(), fixed("page"));
    let error = runtime.block_on(serve_until(options, std::future::pending())).expect_err("no record");
    assert!(error.to_string().contains("is not the public side of a record"), "{error}");

    let (dir, _) = record(&folder);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let options = of(&dir, fixed("page")).at(taken.local_addr().expect("an address"));
    let error = runtime.block_on(serve_until(options, std::future::pending())).expect_err("taken");
    assert!(
        matches!(error, ServeError::Bind { .. }) && error.to_string().contains("choose another address"),
        "{error}"
    );
}
