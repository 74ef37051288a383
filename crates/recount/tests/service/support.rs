//! A small record with controls, keys of its own, a running service, and a client that speaks plain HTTP/1.1.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use recount_log::{Hash, SigningKey};
use recount_record::statement::{About, Kind, NoteStatement, Protocol, Statement};
use serde_json::Value;

use crate::cli::Desk;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A record of two stations: `commission.key` speaks for all, `precinct.key` for station 1001.
pub struct Record {
    pub desk: Desk,
    pub charter: Hash,
    pub log: String,
}

impl Record {
    pub fn new() -> Record {
        let desk = Desk::new();
        for name in ["small.example", "commission.small.example", "precinct.small.example"] {
            let file = format!("{}.key", name.split('.').next().unwrap());
            desk.expect(0, &["key", "new", name, "-o", &file]);
        }
        let precinct = desk.expect(0, &["key", "show", "precinct.key"]);
        desk.write("units.csv", "id,level,in,name\ncountry,national,,Country\n");
        desk.write("stations.csv", "id,in,voters,name\n1001,country,900,School\n1002,country,700,Library\n");
        desk.write("lists.csv", "id,contest,name\na,lists,List A\nb,lists,List B\n");
        desk.write(
            "forms.toml",
            "schema = \"recount-forms/1\"\nlevels = [\"national\", \"station\"]\n[[contests]]\nid = \"lists\"\ntitle = \"Council\"\nkind = \"list\"\nunit = \"national\"\n[[forms]]\nid = \"protocol\"\ntitle = \"Protocol\"\ncontest = \"lists\"\nsources = [\"hand\"]\nlines = [{ code = \"valid\", title = \"Valid\", holds = \"ballots\", required = true }]\n[[forms.controls]]\ncode = \"votes-add-up\"\nformula = \"valid = votes\"\nseverity = \"error\"\n",
        );
        desk.write(
            "rulebook.toml",
            "schema = \"recount-rulebook/1\"\nid = \"council\"\ntitle = \"Council\"\n[units]\nlevels = [\"national\", \"station\"]\n[contest.lists]\nkind = \"list\"\nseats = 5\n[quantity.list_votes]\nsum = [\"lists\"]\n[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = { share = { base = \"list_votes\", in = \"national\", at_least = \"5/100\" } }\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontenders = \"admitted\"\nseats = 5\nformula = { family = \"divisor\", rule = \"dhondt\" }\n[standing]\ndecides = \"hand\"\n",
        );
        desk.write(
            "charter.toml",
            &format!("schema = \"recount-charter/1\"\norigin = \"small.example\"\nrulebook = \"rulebook.toml\"\nforms = \"forms.toml\"\n[election]\nid = \"small\"\ntitle = \"A small council\"\npolling_day = \"2027-01-03\"\n[[key]]\nkey = \"{}\"\nrole = \"precinct\"\nscope = \"1001\"\n[register]\nunits = \"units.csv\"\nstations = \"stations.csv\"\nlists = \"lists.csv\"\n", precinct.trim()),
        );
        let made = desk.json(&[
            "init",
            "small",
            "--charter",
            "charter.toml",
            "--key",
            "commission.key",
            "--log-key",
            "small.key",
        ]);
        let charter = Hash::from_hex(made["charter"].as_str().unwrap()).unwrap();
        let log = made["key"].as_str().unwrap().to_owned();
        Record { desk, charter, log }
    }

    /// A key of the desk.
    pub fn key(&self, name: &str) -> SigningKey {
        recount_keeper::read_key(&self.desk.path(name)).unwrap()
    }

    /// A signed note statement that no other has.
    pub fn note(&self, key: &SigningKey, n: u64) -> Vec<u8> {
        let note = NoteStatement {
            code: "observation".to_owned(),
            about: About::Poll,
            figures: vec![("n".to_owned(), n)],
            sources: Vec::new(),
            blobs: Vec::new(),
        };
        self.sign(Kind::Note(note), key)
    }

    /// A signed protocol.
    pub fn protocol(&self, key: &SigningKey, station: &str, valid: u64, a: u64, b: u64) -> Vec<u8> {
        let protocol = Protocol {
            poll: 1,
            contest: "lists".into(),
            station: station.into(),
            part: None,
            source: "hand".into(),
            lines: vec![("valid".into(), valid)],
            votes: vec![("a".into(), a), ("b".into(), b)],
            supersedes: None,
            time: None,
            row: None,
            blobs: Vec::new(),
        };
        self.sign(Kind::Protocol(protocol), key)
    }

    pub fn sign(&self, kind: Kind<'_>, key: &SigningKey) -> Vec<u8> {
        let text = Statement { charter: Some(self.charter), kind }.to_text();
        recount_record::entry::sign(&text, &[key]).unwrap()
    }

    /// The running service.
    pub fn serve(&self, more: &[&str]) -> Service {
        serve(&self.desk, "small", more)
    }
}

/// A service that ends with the test.
pub struct Service {
    pub child: Child,
    pub addr: SocketAddr,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn serve(desk: &Desk, dir: &str, more: &[&str]) -> Service {
    let mut args = vec!["serve", dir, "--addr", "127.0.0.1:0", "--json", "--log-level", "warn"];
    args.extend(more);
    let mut child = desk.command(&args).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap_or_else(|why| panic!("{why}: {line:?}"));
    let address = told["address"].as_str().unwrap();
    let addr = address.split("://").nth(1).unwrap().trim_end_matches('/').parse().unwrap();
    Service { child, addr }
}

impl Service {
    pub fn get(&self, path: &str) -> Answer {
        ask(self.addr, "GET", path, "", b"")
    }

    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    pub fn post(&self, bytes: &[u8]) -> Answer {
        ask(self.addr, "POST", "/statements", "Content-Type: text/plain\r\n", bytes)
    }

    /// Files what must be taken; its index.
    pub fn file(&self, bytes: &[u8]) -> u64 {
        let answer = self.post(bytes);
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
        answer.json()["index"].as_u64().unwrap()
    }

    /// Waits until the pages rest on this size.
    pub fn wait_for_pages(&self, size: u64) -> Duration {
        let started = Instant::now();
        while self.json("/readyz")["pages_size"].as_u64() < Some(size) {
            assert!(started.elapsed() < PATIENCE, "{}", self.json("/readyz"));
            std::thread::sleep(Duration::from_millis(5));
        }
        started.elapsed()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn parse(bytes: &[u8]) -> Answer {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII").to_lowercase();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|why| panic!("{why}: {}", self.text()))
    }
}

/// One request on a connection of its own.
pub fn ask(addr: SocketAddr, method: &str, path: &str, more: &str, body: &[u8]) -> Answer {
    try_ask(addr, method, path, more, body).expect("an answer")
}

/// The same; `None` if the service is gone.
pub fn try_ask(addr: SocketAddr, method: &str, path: &str, more: &str, body: &[u8]) -> Option<Answer> {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}{length}\r\n");
    raw(addr, &[head.as_bytes(), body].concat())
}

/// Bytes as they are; `None` if nothing that begins like an answer came back.
pub fn raw(addr: SocketAddr, request: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(addr).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A service that answers early may have stopped reading.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes.starts_with(b"HTTP/1.1 ").then(|| Answer::parse(&bytes))
}
