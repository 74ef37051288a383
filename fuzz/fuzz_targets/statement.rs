#![no_main]
//! An entry is read strictly and written back byte for byte; folded after a tiny charter, whatever it says, it is one more statement with
//! a status, and without a good signature it changes no figure. Where the bytes are no signed note, they are taken as the JSON of a statement
//! that the commission signs, so that every kind is reached; then only crashes count.

use std::cell::RefCell;
use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use recount_log::{Hash, SigningKey, sha256};
use recount_record::entry::{parse_text, sign};
use recount_record::statement::{BodyDef, Charter, Election, Grant, Kind, Register, Role, Row, Statement, TYPE_LINE};
use recount_record::Entry;
use recount_tally::claim::ContestIx;
use recount_tally::{Fold, View};

const FORMS: &str = r#"
schema = "recount-forms/1"
levels = ["country", "station"]
[[contests]]
id = "lists"
title = "Lists"
kind = "list"
unit = "country"
[[forms]]
id = "hand"
title = "Protocol"
contest = "lists"
[[forms.lines]]
code = "valid"
title = "Valid"
holds = "ballots"
"#;
/// Without stages: the allocation has a target of its own.
const RULEBOOK: &str = r#"
schema = "recount-rulebook/1"
id = "fuzz"
title = "Fuzz"
jurisdiction = "XX"
polling_day = 2020-10-04
arithmetic = "exact"
[units]
levels = ["country", "station"]
[contest.lists]
kind = "list"
[standing]
decides = "hand"
after_ruling = "recount"
preliminary = ["machine"]
mix_sources = false
[annulment]
turnout = "keep"
"#;

struct World {
    key: SigningKey,
    charter: Hash,
    entries: Vec<Vec<u8>>,
    blobs: BTreeMap<Hash, Vec<u8>>,
}

impl World {
    fn new() -> World {
        let key = SigningKey::from_seed("cec", [1; 32]).expect("a key");
        let log = SigningKey::from_seed("log", [2; 32]).expect("a key");
        let mut blobs = BTreeMap::new();
        for text in [FORMS, RULEBOOK] {
            blobs.insert(sha256(text.as_bytes()), text.as_bytes().to_vec());
        }
        let grant = |role| Grant { key: key.verifier(), role, scope: "*".to_owned() };
        let charter = Charter {
            origin: "fuzz".to_owned(),
            nonce: "0".repeat(32),
            semantics: 1,
            election: Election { id: "fuzz".to_owned(), title: "Fuzz".to_owned(), polling_day: "2020-10-04".to_owned() },
            rulebook: sha256(RULEBOOK.as_bytes()),
            forms: sha256(FORMS.as_bytes()),
            log: log.verifier(),
            keys: vec![grant(Role::Commission), grant(Role::Observer)],
            bodies: vec![BodyDef {
                id: "cec".to_owned(),
                title: "Commission".to_owned(),
                rank: 1,
                quorum: 1,
                majority: 1,
                scope: "*".to_owned(),
                seats: vec![key.verifier()],
            }],
            required: Vec::new(),
            repeats: None,
        };
        let text = Statement { charter: None, kind: Kind::Charter(Box::new(charter)) }.to_text();
        let charter = sha256(text.as_bytes());
        let list = |id: &str| Row::List {
            id: id.to_owned(),
            contest: "lists".to_owned(),
            name: id.to_owned(),
            unit: None,
            attributes: Vec::new(),
        };
        let rows = vec![
            Row::Unit { id: "land".to_owned(), level: "country".to_owned(), parent: None, name: "Land".to_owned(), attributes: Vec::new() },
            Row::Station {
                id: "1".to_owned(),
                unit: "land".to_owned(),
                voters: Some(100),
                parts: Vec::new(),
                name: None,
                attributes: Vec::new(),
            },
            list("a"),
            list("b"),
        ];
        let register = Statement { charter: Some(charter), kind: Kind::Register(Register { poll: 1, rows }) }.to_text();
        let entries = [text, register].map(|text| sign(&text, &[&key]).expect("signed")).to_vec();
        World { key, charter, entries, blobs }
    }

    fn fold(&self) -> Fold {
        let mut fold = Fold::new("fuzz");
        for bytes in &self.entries {
            let void = fold.push(Entry::parse(bytes), &self.blobs);
            assert!(void.is_none(), "{void:?}");
        }
        fold
    }
}

fn figures(fold: &Fold) -> (String, Hash) {
    let totals: String = fold.contests().map(|(ix, _)| format!("{:?}", fold.totals(ix, View::LAW))).collect();
    (totals, fold.station_root())
}

/// Lines of JSON become signed statements of this record; `~` stands for the charter's hash.
fn signed(world: &World, line: &[u8]) -> Option<Vec<u8>> {
    let json = std::str::from_utf8(line).ok()?.replace('~', &world.charter.to_hex());
    let text = format!("{TYPE_LINE}\n{json}\n");
    let statement = parse_text(&text).ok()?;
    assert_eq!(statement.to_text(), text);
    sign(&text, &[&world.key]).ok()
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new());
}

fuzz_target!(|bytes: &[u8]| {
    WORLD.with_borrow(|world| {
        let mut fold = world.fold();
        if let Ok(entry) = Entry::parse(bytes) {
            assert_eq!(entry.statement.to_text(), entry.text);
        }
        let before = figures(&fold);
        if fold.push(Entry::parse(bytes), &world.blobs).is_some() {
            assert_eq!(figures(&fold), before);
        }
        for line in bytes.split(|b| *b == b'\n').take(16) {
            if let Some(entry) = signed(world, line) {
                fold.push(Entry::parse(&entry), &world.blobs);
                for contest in 0..fold.contests().count() {
                    let _ = fold.keep_totals(ContestIx(u16::try_from(contest).expect("few contests")), View::LAW);
                }
            }
        }
        for index in 0..fold.size() {
            assert!(fold.status(index).is_some());
        }
        let contests: Vec<_> = fold.contests().map(|(ix, _)| ix).collect();
        for contest in contests {
            let fresh = fold.totals(contest, View::LAW);
            assert_eq!(fold.keep_totals(contest, View::LAW).cloned(), fresh);
        }
    });
});
