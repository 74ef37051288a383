//! Planted faults: pages that break an invariant, break off, or take long. The service runs inside the test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use recount_server::{MakePages, Moment, Page, Pages, ServeError, ServeOptions, serve_until};
use serde_json::{Value, json};

use crate::support::{Answer, PATIENCE, Record, ask};

/// A service in a thread of the test.
struct Inside {
    addr: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Result<(), ServeError>>>,
}

impl Inside {
    fn start(mut options: ServeOptions) -> Inside {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (told, addr) = std::sync::mpsc::channel();
        options.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        options.on_listening = Some(Box::new(move |addr| told.send(addr).unwrap()));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(serve_until(options, async move {
                let _ = stopped.await;
            }))
        });
        Inside { addr: addr.recv_timeout(PATIENCE).unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    fn get(&self, path: &str) -> Answer {
        ask(self.addr, "GET", path, "", b"")
    }

    fn ready(&self) -> Value {
        self.get("/readyz").json()
    }

    fn file(&self, entry: &[u8]) -> u64 {
        let answer = ask(self.addr, "POST", "/statements", "", entry);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["size"].as_u64().unwrap()
    }

    fn until(&self, what: &str, holds: impl Fn(&Value) -> bool) {
        let started = Instant::now();
        while !holds(&self.ready()) {
            assert!(started.elapsed() < PATIENCE, "{what}: {}", self.ready());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn stop(mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap().unwrap();
    }
}

/// One page that says its size.
struct Sized(u64);

impl Pages for Sized {
    fn page(&self, path: &str) -> Option<Page> {
        let body = format!("size {}", self.0).into_bytes();
        path.is_empty().then_some(Page { media_type: "text/plain; charset=utf-8", body, embed: false })
    }
}

fn pages(make: impl Fn(u64) -> Result<(), String> + Send + Sync + 'static) -> MakePages {
    Arc::new(move |moment: Moment| {
        let size = moment.fold.size();
        make(size)?;
        Ok(Box::new(Sized(size)) as Box<dyn Pages>)
    })
}

fn options(record: &Record, pages: MakePages) -> ServeOptions {
    let mut options = ServeOptions::new(record.desk.path("small"), pages);
    options.accept = true;
    options
}

#[test]
fn nothing_of_a_size_whose_shares_pass_a_hundred_percent_is_put_up() {
    let record = Record::new();
    let planted = Arc::new(AtomicBool::new(false));
    let bug = Arc::clone(&planted);
    let make = move |_| match bug.load(Ordering::SeqCst) {
        true => Err("the votes add up to 150, which is more than 100 % of their base of 100".to_owned()),
        false => Ok(()),
    };
    let service = Inside::start(options(&record, pages(make)));
    let key = record.key("commission.key");
    let good = service.file(&record.note(&key, 1));
    service.until("the good size is up", |ready| ready["pages_size"] == json!(good));
    planted.store(true, Ordering::SeqCst);
    let bad = service.file(&record.note(&key, 2));
    service.until("the alarm is raised", |ready| {
        ready["alarm"].as_str().is_some_and(|why| why.contains("more than 100 %"))
    });
    // Statements are taken all the same; what readers see is the last good size, everywhere.
    let worse = service.file(&record.note(&key, 3));
    service.until("the alarm names the newest size", |ready| {
        ready["alarm"].as_str().is_some_and(|why| why.starts_with(&format!("size {worse}:")))
    });
    let ready = service.ready();
    assert_eq!(
        (&ready["ready"], &ready["pages_size"], &ready["record_size"]),
        (&json!(true), &json!(good), &json!(worse))
    );
    assert_eq!(service.get("/").text(), format!("size {good}"));
    assert_eq!(service.get("/api/v1/result").json()["record"]["size"], json!(good));
    assert_eq!(service.get(&format!("/at/{bad}/")).status, 404);
    assert_eq!(service.get(&format!("/api/v1/statements/{}", bad - 1)).status, 404);
    let metrics = service.get("/metrics").text();
    assert!(metrics.contains("recount_alarm 1\n") && metrics.contains("recount_violations_total 2\n"), "{metrics}");
    // Mended, the next size goes up, and the alarm is over.
    planted.store(false, Ordering::SeqCst);
    let mended = service.file(&record.note(&key, 4));
    service.until("the mended size is up", |ready| ready["pages_size"] == json!(mended) && ready["alarm"].is_null());
    service.stop();
}

#[test]
fn pages_that_break_off_take_nothing_down() {
    let record = Record::new();
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    let make = move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        1 => panic!("a bug in the pages"),
        _ => Ok(()),
    };
    let service = Inside::start(options(&record, pages(make)));
    let first = service.ready()["pages_size"].clone();
    let key = record.key("commission.key");
    service.file(&record.note(&key, 1));
    service.until("the alarm is raised", |ready| ready["alarm"].as_str().is_some_and(|why| why.contains("broke off")));
    assert_eq!(service.ready()["pages_size"], first);
    let next = service.file(&record.note(&key, 2));
    service.until("the next size is up", |ready| ready["pages_size"] == json!(next));
    service.stop();
}

#[test]
fn slow_pages_hold_up_neither_files_nor_filing() {
    let record = Record::new();
    let make = |_| {
        std::thread::sleep(Duration::from_millis(700));
        Ok(())
    };
    let service = Inside::start(options(&record, pages(make)));
    let key = record.key("commission.key");
    let started = Instant::now();
    let mut last = 0;
    for n in 0..10 {
        last = service.file(&record.note(&key, n));
        assert_eq!(service.get("/checkpoint").status, 200);
    }
    assert!(started.elapsed() < Duration::from_millis(6_000), "ten filings, not ten editions: {:?}", started.elapsed());
    service.until("the last size is up", |ready| ready["pages_size"] == json!(last));
    service.stop();
}

#[test]
fn readers_of_events_and_connections_are_limited() {
    use std::io::{Read, Write};
    let record = Record::new();
    let mut limited = options(&record, pages(|_| Ok(())));
    limited.events = 2;
    limited.timeout = Duration::from_millis(400);
    limited.grace = Duration::from_millis(300);
    let service = Inside::start(limited);
    let open = || {
        let mut stream = std::net::TcpStream::connect(service.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        (stream, String::from_utf8_lossy(&head).into_owned())
    };
    let (first, status) = open();
    let second = open();
    assert_eq!((status.as_str(), second.1.as_str()), ("HTTP/1.1 200", "HTTP/1.1 200"));
    assert_eq!(open().1, "HTTP/1.1 503");
    drop(first);
    let started = Instant::now();
    while open().1 != "HTTP/1.1 200" {
        assert!(started.elapsed() < PATIENCE, "a place becomes free");
        std::thread::sleep(Duration::from_millis(20));
    }
    // Half a request loses its place.
    let mut half = std::net::TcpStream::connect(service.addr).unwrap();
    half.set_read_timeout(Some(PATIENCE)).unwrap();
    half.write_all(b"POST /statements HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf").unwrap();
    let mut rest = Vec::new();
    let _ = half.read_to_end(&mut rest);
    let said = String::from_utf8_lossy(&rest).into_owned();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408") || said.starts_with("HTTP/1.1 503"), "{said}");
    assert_eq!(service.get("/healthz").status, 200);
    service.stop();
}
