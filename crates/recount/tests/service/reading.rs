//! Reading: files of the record, pages, earlier sizes, tags, events, operation.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Record, ask, raw};

#[test]
fn files_of_the_record_are_served_as_they_are_and_nothing_else_is() {
    let record = Record::new();
    let service = record.serve(&[]);
    let public = record.desk.path("small/public");
    for file in crate::cli::files(&public) {
        let answer = service.get(&format!("/{file}"));
        let bytes = std::fs::read(public.join(&file)).unwrap();
        assert_eq!((answer.status, &answer.body), (200, &bytes), "{file}");
        assert_eq!(answer.header("content-length"), Some(bytes.len().to_string().as_str()), "{file}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{file}");
        assert!(answer.header("content-security-policy").is_some_and(|p| p.contains("default-src 'none'")), "{file}");
        let immutable = answer.header("cache-control").unwrap().contains("immutable");
        assert_eq!(immutable, file.starts_with("tile/") || file.starts_with("blob/"), "{file}");
        let head = ask(service.addr, "HEAD", &format!("/{file}"), "", b"");
        assert_eq!(
            (head.status, head.body.len(), head.header("content-length")),
            (200, 0, answer.header("content-length"))
        );
    }
    std::fs::write(public.join("secret.txt"), "not of the layout").unwrap();
    for path in [
        "/../private/head.sqlite",
        "/%2e%2e/private/log-key",
        "/..%2fprivate%2flog-key",
        "/tile/../../private/log-key",
        "/tile/0/..%2f..%2f..%2fprivate%2flog-key",
        "/checkpoints/..%2f..%2fprivate%2flog-key",
        "/blob/sha256/../../../private/log-key",
        "/at/1/../../private/log-key",
        "//etc/passwd",
        "/private/log-key",
        "/secret.txt",
        "/./checkpoint",
        "/checkpoint/",
        "/checkpoin%74",
        "/checkpoints/01",
        "/tile/0/999",
        "/en/station/..%2f..%2f..%2fprivate%2flog-key/",
        "/en/nothing/",
        "/api/v1/",
        "/api/v2/result",
        "/api/v1/station/%2e%2e",
        "/at/999999/en/",
        "/at/01/en/",
        "/at/x/en/",
    ] {
        let answer = service.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert_eq!(answer.json()["code"], "not-found", "{path}");
        assert!(!answer.text().contains("PRIVATE") && !answer.text().contains("not of the layout"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "a missing file may exist later");
    }
    let absolute = b"GET http://x/../private/log-key HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(service.addr, absolute).unwrap().status, 404);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
        let answer = ask(service.addr, method, "/checkpoint", "", b"");
        assert_eq!((answer.status, answer.header("allow")), (405, Some("get, head")), "{method}");
    }
}

#[test]
fn pages_carry_the_tag_of_their_size_and_strict_headers() {
    let record = Record::new();
    let service = record.serve(&[]);
    let page = service.get("/en/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    assert!(page.header("set-cookie").is_none());
    for header in ["x-content-type-options", "referrer-policy", "permissions-policy"] {
        assert!(page.header(header).is_some(), "{header}");
    }
    let etag = page.header("etag").unwrap().to_owned();
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = ask(service.addr, "GET", "/en/", &format!("If-None-Match: {known}\r\n"), b"");
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(etag.as_str())), "{known}");
    }
    assert_eq!(service.get("/api/v1/result").header("etag"), Some(etag.as_str()), "one size, one tag");
    service.file(&record.protocol(&record.key("precinct.key"), "1001", 3, 2, 1));
    service.wait_for_pages(service.json("/readyz")["record_size"].as_u64().unwrap());
    // What does not change with the record keeps its tag, and so does the checkpoint until it is another.
    let style = service.get("/assets/style.css").header("etag").unwrap().to_owned();
    let same = ask(service.addr, "GET", "/assets/style.css", &format!("If-None-Match: {style}\r\n"), b"");
    assert_eq!((same.status, style == etag), (304, false));
    let checkpoint = service.get("/checkpoint").header("etag").unwrap().to_owned();
    let same = ask(service.addr, "GET", "/checkpoint", &format!("If-None-Match: {checkpoint}\r\n"), b"");
    assert_eq!((same.status, same.body.len()), (304, 0));
    let newer = ask(service.addr, "GET", "/en/", &format!("If-None-Match: {etag}\r\n"), b"");
    assert_eq!(newer.status, 200);
    assert_ne!(newer.header("etag"), Some(etag.as_str()));
    // A folder without its slash is found; widgets may be framed anywhere, pages may not.
    let moved = service.get("/en");
    assert_eq!((moved.status, moved.header("location")), (308, Some("en/")));
    let widget = service.get("/en/widget/seats/");
    assert!(widget.header("content-security-policy").unwrap().contains("frame-ancestors *"));
    assert!(!policy.contains("frame-ancestors *"));
}

#[test]
fn every_earlier_size_stays_as_it_was() {
    let record = Record::new();
    let service = record.serve(&[]);
    let (precinct, commission) = (record.key("precinct.key"), record.key("commission.key"));
    let first = service.file(&record.protocol(&precinct, "1001", 300, 200, 100)) + 1;
    service.wait_for_pages(first);
    let then = service.json("/api/v1/result");
    let second = service.file(&record.protocol(&commission, "1002", 500, 100, 400)) + 1;
    service.wait_for_pages(second);
    let now = service.json("/api/v1/result");
    assert_ne!(then["outcome"], now["outcome"]);
    let earlier = service.json(&format!("/at/{first}/api/v1/result"));
    assert_eq!((&earlier["outcome"], &earlier["contests"]), (&then["outcome"], &then["contests"]));
    assert_eq!(earlier["record"]["size"], json!(first));
    let page = service.get(&format!("/at/{first}/en/"));
    assert!(page.status == 200 && page.header("cache-control").unwrap().contains("max-age=3600"));
    assert_eq!(service.get(&format!("/at/{}/en/", second + 1)).status, 404);
    assert_eq!(service.get("/at/0/en/").status, 200, "before the charter there was a record too");
    for size in 1..=second {
        assert_eq!(service.json(&format!("/at/{size}/api/v1/coverage"))["record"]["size"], json!(size));
    }
    let changes = service.json(&format!("/api/v1/changes?from={first}"));
    assert_eq!(
        (&changes["stations"][0]["station"], &changes["stations"][0]["in_votes"]),
        (&json!("1002"), &json!(true))
    );
}

#[test]
fn a_new_size_is_announced() {
    let record = Record::new();
    let service = record.serve(&[]);
    let mut stream = TcpStream::connect(service.addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(|line| line.unwrap());
    let mut next_size = || -> u64 {
        let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
        serde_json::from_str::<Value>(&data).unwrap()["size"].as_u64().unwrap()
    };
    let before = next_size();
    assert_eq!(service.json("/readyz")["pages_size"], json!(before), "the size that is up is told first");
    let index = service.file(&record.note(&record.key("commission.key"), 1));
    assert_eq!(next_size(), index + 1);
    assert!(service.get("/metrics").text().contains("recount_events_readers 1\n"));
    // When it is announced, the pages are up.
    assert_eq!(service.json("/api/v1/result")["record"]["size"], json!(index + 1));
}

#[test]
fn operators_see_how_it_is() {
    let record = Record::new();
    let service = record.serve(&[]);
    assert_eq!(service.get("/healthz").text(), "ok\n");
    let ready = service.json("/readyz");
    assert_eq!((&ready["ready"], &ready["alarm"], &ready["writable"]), (&json!(true), &json!(null), &json!(true)));
    let metrics = service.get("/metrics");
    assert!(metrics.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    for line in metrics.text().lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("recount_") && value.parse::<f64>().is_ok(), "{line}");
    }
}

#[test]
fn by_tls_where_there_is_a_certificate() {
    let record = Record::new();
    let desk = &record.desk;
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout"])
        .arg(desk.path("tls.key"))
        .arg("-out")
        .arg(desk.path("tls.pem"))
        .output();
    if !made.is_ok_and(|made| made.status.success()) || Command::new("curl").arg("--version").output().is_err() {
        println!("SKIPPED: no openssl and curl here");
        return;
    }
    let service = record.serve(&["--tls-cert", "tls.pem", "--tls-key", "tls.key"]);
    let curl = |path: &str| {
        let url = format!("https://{}{path}", service.addr);
        let got = Command::new("curl")
            .args(["-sS", "-i", "--max-time", "20", "--cacert"])
            .arg(desk.path("tls.pem"))
            .arg(url)
            .output();
        String::from_utf8_lossy(&got.unwrap().stdout).into_owned()
    };
    let page = curl("/en/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("strict-transport-security"), "{page}");
    // Somebody who speaks plainly, or greets and falls silent, holds up nobody.
    let mut plain = TcpStream::connect(service.addr).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let _silent = TcpStream::connect(service.addr).unwrap();
    assert!(curl("/healthz").ends_with("ok\n"));
    let why = desk.refused(2, &["serve", "small", "--tls-cert", "charter.toml", "--tls-key", "tls.key"]);
    assert!(why.contains("charter.toml"), "{why}");
}

#[test]
fn what_cannot_be_served_is_said_before_anything_listens() {
    let record = Record::new();
    let desk = &record.desk;
    assert!(desk.refused(2, &["serve", "nothing"]).contains("nothing"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    assert!(desk.refused(3, &["serve", "small", "--addr", &addr]).contains("choose another address"));
}
