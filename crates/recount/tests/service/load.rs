//! Load: filings at a steady rate, with readers of events connected. A few seconds by default; `RECOUNT_LOAD_SECONDS`, `RECOUNT_LOAD_RATE` and
//! `RECOUNT_LOAD_READERS` ask for more, `RECOUNT_LOAD_STRICT=1` (for a release build on a quiet machine) also for the goals in seconds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{sleep, sleep_until};

use crate::support::Record;

/// Connections on which statements are filed.
const LANES: u64 = 64;
/// Goals: answered, and seen by the last reader.
const GOAL: Duration = Duration::from_secs(1);

fn asked(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

async fn send(stream: &TcpStream, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        stream.writable().await.unwrap();
        match stream.try_write(bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(why) => assert_eq!(why.kind(), std::io::ErrorKind::WouldBlock, "{why}"),
        }
    }
}

/// Reads until the text holds a whole answer with a body of the length that it tells.
async fn answer(stream: &TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 16_384];
    loop {
        stream.readable().await.unwrap();
        match stream.try_read(&mut piece) {
            Ok(0) => panic!("cut off: {}", String::from_utf8_lossy(&bytes)),
            Ok(n) => bytes.extend_from_slice(&piece[..n]),
            Err(why) => assert_eq!(why.kind(), std::io::ErrorKind::WouldBlock, "{why}"),
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|n| n.parse().ok());
        if length.is_some_and(|length: usize| body.len() >= length) {
            return text.into_owned();
        }
    }
}

/// One reader of events: when it first heard of each size.
async fn reader(addr: SocketAddr, stop: Arc<AtomicBool>, connected: Arc<AtomicU64>) -> Vec<(u64, Instant)> {
    let stream = TcpStream::connect(addr).await.unwrap();
    send(&stream, b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let (mut heard, mut rest, mut piece) = (Vec::new(), String::new(), [0; 2048]);
    while !stop.load(Ordering::Relaxed) {
        let ready = tokio::time::timeout(Duration::from_millis(500), stream.readable()).await;
        if ready.is_err() {
            continue;
        }
        match stream.try_read(&mut piece) {
            Ok(0) => panic!("a reader was cut off"),
            Ok(n) => rest.push_str(&String::from_utf8_lossy(&piece[..n])),
            Err(_) => continue,
        }
        let now = Instant::now();
        while let Some((line, after)) = rest.split_once('\n') {
            if let Some(size) = line.trim_end().strip_prefix("id: ") {
                if heard.is_empty() {
                    connected.fetch_add(1, Ordering::Relaxed);
                }
                heard.push((size.parse().unwrap(), now));
            }
            rest = after.to_owned();
        }
    }
    heard
}

fn percentile(sorted: &[Duration], of_a_thousand: usize) -> Duration {
    sorted[(sorted.len() * of_a_thousand / 1000).min(sorted.len() - 1)]
}

#[test]
fn filings_at_a_steady_rate_are_answered_and_seen() {
    let (seconds, rate) = (asked("RECOUNT_LOAD_SECONDS", 3), asked("RECOUNT_LOAD_RATE", 50));
    let (readers, strict) = (asked("RECOUNT_LOAD_READERS", 100), asked("RECOUNT_LOAD_STRICT", 0) == 1);
    let record = Record::new();
    let key = record.key("commission.key");
    let total = seconds * rate;
    let entries: Arc<Vec<Vec<u8>>> = Arc::new((0..total).map(|n| record.note(&key, n)).collect());
    let service = record.serve(&[]);
    let addr = service.addr;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (filed, heard) = runtime.block_on(async move {
        let (stop, connected) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut listening = Vec::new();
        for n in 0..readers {
            listening.push(tokio::spawn(reader(addr, Arc::clone(&stop), Arc::clone(&connected))));
            if n % 100 == 99 {
                sleep(Duration::from_millis(20)).await;
            }
        }
        while connected.load(Ordering::Relaxed) < readers {
            sleep(Duration::from_millis(10)).await;
        }
        let (next, filed) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::new())));
        let start = tokio::time::Instant::now();
        let mut lanes = Vec::new();
        for _ in 0..LANES {
            let (next, filed, entries) = (Arc::clone(&next), Arc::clone(&filed), Arc::clone(&entries));
            lanes.push(tokio::spawn(async move {
                let stream = TcpStream::connect(addr).await.unwrap();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(entry) = entries.get(usize::try_from(n).unwrap()) else { return };
                    // Each has its time: one that waits for a lane is late, and that counts.
                    let due = start + Duration::from_micros(n * 1_000_000 / rate);
                    sleep_until(due).await;
                    let head =
                        format!("POST /statements HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", entry.len());
                    send(&stream, &[head.as_bytes(), entry].concat()).await;
                    let text = answer(&stream).await;
                    assert!(text.starts_with("HTTP/1.1 201"), "{text}");
                    let index = text.split("\"index\":").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
                    filed.lock().await.push((index.parse::<u64>().unwrap(), due.into_std(), due.elapsed()));
                }
            }));
        }
        for lane in lanes {
            lane.await.unwrap();
        }
        sleep(Duration::from_secs(3)).await;
        stop.store(true, Ordering::Relaxed);
        let mut heard = Vec::new();
        for one in listening {
            heard.push(one.await.unwrap());
        }
        (Arc::into_inner(filed).unwrap().into_inner(), heard)
    });
    assert_eq!(filed.len() as u64, total);
    let mut answered: Vec<Duration> = filed.iter().map(|(_, _, took)| *took).collect();
    answered.sort_unstable();
    // A hundred statements, as the slowest reader heard of each.
    let mut seen: Vec<Duration> = filed
        .iter()
        .step_by(filed.len().div_ceil(100))
        .map(|(index, due, _)| {
            let first = |heard: &Vec<(u64, Instant)>| heard.iter().find(|(size, _)| size > index).map(|(_, at)| *at);
            let last = heard.iter().map(|one| first(one).expect("every reader heard of it")).max();
            last.map_or(Duration::ZERO, |last| last.saturating_duration_since(*due))
        })
        .collect();
    seen.sort_unstable();
    println!(
        "{total} filings at {rate} a second, {readers} readers: answered p50 {:?} p99 {:?} max {:?}; seen by the last reader p50 {:?} p99 {:?} max {:?}",
        percentile(&answered, 500),
        percentile(&answered, 990),
        percentile(&answered, 1000),
        percentile(&seen, 500),
        percentile(&seen, 990),
        percentile(&seen, 1000),
    );
    // Where the time went, for whoever asks.
    for line in service.get("/metrics").text().lines().filter(|line| line.contains("_sum ") || line.contains("_count "))
    {
        println!("{line}");
    }
    if strict {
        assert!(percentile(&answered, 990) <= GOAL, "p99 {:?}", percentile(&answered, 990));
        assert!(readers == 0 || percentile(&seen, 1000) <= GOAL, "seen {:?}", percentile(&seen, 1000));
    }
}
