//! What a reader gets besides pages: the same bytes in gzip, tables, and what changed since an earlier size.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;

use crate::cli::Desk;
use crate::support::{Record, ask, serve};

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

#[test]
fn who_takes_gzip_gets_the_same_bytes_in_fewer() {
    let record = Record::new();
    let service = record.serve(&[]);
    for path in ["/en/", "/api/v1/openapi.json", "/assets/style.css", "/at/2/ky/"] {
        let plain = service.get(path);
        let packed = ask(service.addr, "GET", path, "Accept-Encoding: br, gzip\r\n", b"");
        assert_eq!((plain.status, packed.status), (200, 200), "{path}");
        assert_eq!(
            (plain.header("content-encoding"), packed.header("content-encoding")),
            (None, Some("gzip")),
            "{path}"
        );
        assert_eq!(unpacked(&packed.body), plain.body, "{path}");
        assert!(packed.body.len() * 2 < plain.body.len(), "{path}");
        for answer in [&plain, &packed] {
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path}");
            let tag = answer.header("etag").unwrap();
            for codings in ["gzip", "identity"] {
                let more = format!("Accept-Encoding: {codings}\r\nIf-None-Match: {tag}\r\n");
                let known = ask(service.addr, "GET", path, &more, b"");
                assert_eq!((known.status, known.body.len()), (304, 0), "{path} {codings}");
            }
        }
        assert_ne!(plain.header("etag"), packed.header("etag"), "other bytes, another tag");
    }
    let refused = ask(service.addr, "GET", "/en/", "Accept-Encoding: gzip;q=0\r\n", b"");
    assert_eq!(refused.header("content-encoding"), None);
    let tile = ask(service.addr, "GET", "/checkpoint", "Accept-Encoding: gzip\r\n", b"");
    assert_eq!(tile.header("content-encoding"), None, "files of the record are given as they are");
}

#[test]
fn the_tables_of_the_live_pages_are_those_that_the_command_writes() {
    let record = Record::new();
    let service = record.serve(&[]);
    let key = record.key("commission.key");
    let index = service.file(&record.protocol(&key, "1001", 80, 50, 30));
    service.wait_for_pages(index + 1);
    let page = service.get("/en/data/").text();
    record.desk.expect(0, &["export", "small", "--dir", "tables"]);
    let mut names = 0;
    for file in crate::cli::files(&record.desk.path("tables")) {
        let answer = service.get(&format!("/data/{file}"));
        assert_eq!(answer.status, 200, "{file}");
        let written = std::fs::read(record.desk.path("tables").join(&file)).unwrap();
        assert!(answer.body == written, "{file}: {} bytes, {} by the command", answer.body.len(), written.len());
        assert!(page.contains(&format!("data/{file}\"")), "{file} is linked");
        names += 1;
    }
    assert!(names > 20, "{names}");
    let earlier = service.get(&format!("/at/{index}/data/stations.csv")).text();
    assert!(service.get("/data/stations.csv").text().contains("1001") && !earlier.contains(",80,"), "{earlier}");
    assert_eq!(service.get("/data/nothing.csv").status, 404);
}

#[test]
fn what_changed_since_an_earlier_size_has_a_page() {
    let record = Record::new();
    let service = record.serve(&[]);
    let key = record.key("commission.key");
    let first = service.file(&record.protocol(&key, "1001", 80, 50, 30));
    let second = service.file(&record.protocol(&key, "1002", 60, 20, 40));
    service.wait_for_pages(second + 1);
    let page = service.get(&format!("/en/changes/since-{}/", first + 1));
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(text.contains("station/1002/") && !text.contains("station/1001/"), "one station came: {text}");
    assert_eq!(service.get(&format!("/at/{second}/ru/changes/since-{first}/")).status, 200);
    for path in [
        format!("/en/changes/since-{}/", second + 1),
        format!("/en/changes/since-{}/", second + 9),
        "/en/changes/since-01/".to_owned(),
        "/xx/changes/since-1/".to_owned(),
    ] {
        assert_eq!(service.get(&path).status, 404, "{path}");
    }
}

#[test]
fn readers_of_tables_who_do_not_read_keep_nobody_from_the_pages() {
    let desk = Desk::new();
    // Large enough that its largest table fits no buffer on the way.
    desk.synth("s", 6_000);
    let service = serve(&desk, "s", &["--cache", "0"]);
    let slow: Vec<TcpStream> = (0..6)
        .map(|_| {
            let mut stream = TcpStream::connect(service.addr).unwrap();
            stream.write_all(b"GET /data/protocols.json HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            stream
        })
        .collect();
    // The first two have begun, and stop reading; the others wait.
    std::thread::sleep(Duration::from_secs(3));
    let started = Instant::now();
    for station in 0..20 {
        assert_eq!(service.get(&format!("/en/station/s{station:07}/")).status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    // Whoever goes makes room.
    drop(slow);
    let table = service.get("/data/protocols.json");
    assert_eq!(table.status, 200, "{}", table.text());
    assert_eq!(table.header("content-length"), Some(table.body.len().to_string().as_str()), "whole, piece by piece");
    assert_eq!(table.json().as_array().map(Vec::len), Some(6_000));
}
