//! A record in memory, made of signed statements as anybody would file them. Its figures are made up but for the totals.

use std::collections::BTreeMap;
use std::rc::Rc;

use recount_log::{Checkpoint, Hash, SigningKey, sha256};
use recount_record::{Entry, entry};
use recount_site::{Frame, Verified};
use recount_tally::Fold;
use serde_json::{Value, json};

pub const ORIGIN: &str = "results.example.org/2020";
pub const RULEBOOK: &str = include_str!("../../../../rulebooks/kg-jk-2020.toml");

/// Names of units; the last is abroad.
const UNITS: [&str; 10] =
    ["Bishkek", "Osh city", "Chüy", "Ysyk-Köl", "Naryn", "Talas", "Jalal-Abad", "Osh", "Batken", "Abroad"];
/// Parts of every total, in thousandths.
const WEIGHTS: [u64; 10] = [114, 41, 166, 88, 59, 45, 186, 204, 84, 13];
const STATIONS: usize = 3;
/// Lists with their votes as counted by machine and, in part, by hand.
pub const LISTS: [(&str, &str, u64, u64); 7] = [
    ("birimdik", "Birimdik", 487_685, 260_000),
    ("mekenim", "Mekenim Kyrgyzstan", 475_372, 326_000),
    ("kyrgyzstan", "Kyrgyzstan", 174_317, 124_000),
    ("butun", "Butun Kyrgyzstan", 141_940, 82_000),
    ("mekenchil", "Mekenchil", 136_276, 103_500),
    ("respublika", "Respublika", 115_288, 94_400),
    ("ata-meken", "Ata Meken", 80_279, 52_000),
];
const AGAINST_ALL: u64 = 35_714;
const TOOK_PART: u64 = 1_990_753;
const TOOK_PART_BY_HAND: u64 = 1_333_000;
const REGISTERED: u64 = 3_523_554;

pub const FORMS: &str = r#"
schema = "recount-forms/1"
levels = ["national", "region", "station"]
titles = { ky = "Жогорку Кеңештин шайлоосу" }
[[contests]]
id = "lists"
title = "Jogorku Kenesh"
titles = { ky = "Жогорку Кеңеш" }
kind = "list"
unit = "national"
against_all = true
[[forms]]
id = "protocol"
title = "Protocol"
contest = "lists"
lines = [
  { code = "registered", number = "1", title = "Voters on the register", holds = "voters" },
  { code = "voters_took_part", number = "2", title = "Voters who took part", titles = { ky = "Добуш бергендер" }, holds = "voters" },
]
[[forms.controls]]
code = "votes-within-voters"
formula = "votes + against_all <= voters_took_part"
severity = "error"
note = "Nobody votes twice."
notes = { ky = "Эч ким эки жолу добуш бербейт." }
"#;

/// A record that grows, and its fold.
pub struct Record {
    pub fold: Fold,
    entries: Vec<Vec<u8>>,
    blobs: BTreeMap<Hash, Vec<u8>>,
    charter: Option<Hash>,
    pub log: Rc<SigningKey>,
    pub commission: Rc<SigningKey>,
    pub seats: Vec<Rc<SigningKey>>,
    pub territorial: Rc<SigningKey>,
}

fn key(name: &str, seed: u8) -> Rc<SigningKey> {
    Rc::new(SigningKey::from_seed(name, [seed; 32]).unwrap())
}

impl Record {
    /// A record with a charter and a register, and no votes. `names` replaces the names of lists.
    pub fn open(rulebook: &str, names: &[(&str, &str)]) -> Record {
        let mut record = Record {
            fold: Fold::new(ORIGIN),
            entries: Vec::new(),
            blobs: BTreeMap::new(),
            charter: None,
            log: key(ORIGIN, 1),
            commission: key("cec.example.org", 2),
            seats: (0..5).map(|n| key(&format!("cec-seat-{n}.example.org"), 10 + n)).collect(),
            territorial: key("talas.example.org", 3),
        };
        let mut blob = |text: &str| {
            let hash = sha256(text.as_bytes());
            record.blobs.insert(hash, text.as_bytes().to_vec());
            hash.to_hex()
        };
        let (rulebook, forms) = (blob(rulebook), blob(FORMS));
        let seats: Vec<String> = record.seats.iter().map(|seat| seat.verifier().to_string()).collect();
        let charter = json!({
            "kind": "charter", "origin": ORIGIN, "nonce": "00112233445566778899aabbccddeeff", "semantics": 1,
            "election": {"id": "kg-2020", "title": "Jogorku Kenesh, 4 October 2020", "polling_day": "2020-10-04"},
            "rulebook": rulebook, "forms": forms, "log": record.log.verifier().to_string(),
            "keys": [
                {"key": record.commission.verifier().to_string(), "role": "commission", "scope": "*"},
                {"key": record.territorial.verifier().to_string(), "role": "territorial", "scope": "talas"},
            ],
            "bodies": [{"id": "cec", "title": "Central Election Commission", "rank": 1, "quorum": 4, "majority": 3,
                "scope": "*", "seats": seats}],
        });
        let commission = record.commission.clone();
        record.file(charter, &[&commission]);
        record.file(json!({"kind": "register", "poll": 1, "rows": rows(names)}), &[&commission]);
        record
    }

    /// Signs and folds a statement; it must take effect.
    pub fn file(&mut self, statement: Value, keys: &[&SigningKey]) {
        let mut statement = statement;
        if let (Some(charter), Some(fields)) = (self.charter, statement.as_object_mut()) {
            fields.insert("charter".to_owned(), json!(charter.to_hex()));
        }
        let text = format!("recount/statement/v1\n{statement}\n");
        let bytes = entry::sign(&text, keys).unwrap_or_else(|why| panic!("{why}: {text}"));
        self.charter = self.charter.or(Some(sha256(text.as_bytes())));
        let why = self.fold.push(Entry::parse(&bytes), &self.blobs).map(ToString::to_string);
        assert_eq!(why, None, "{text}");
        self.entries.push(bytes);
    }

    /// The same record folded to a smaller size.
    pub fn at(&self, size: u64) -> Fold {
        let mut fold = Fold::new(ORIGIN).keep_chronicle();
        for bytes in self.entries.iter().take(usize::try_from(size).unwrap()) {
            fold.push(Entry::parse(bytes), &self.blobs);
        }
        fold
    }

    pub fn protocol(&mut self, station: &str, source: &str, lines: Value, votes: Value) {
        let commission = self.commission.clone();
        let statement = json!({"kind": "protocol", "poll": 1, "contest": "lists", "station": station, "source": source,
            "lines": lines, "votes": votes});
        self.file(statement, &[&commission]);
    }

    /// What a reader who checked everything would say.
    pub fn frame(&self) -> Frame {
        let root = recount_log::empty_root();
        Frame {
            base_url: Some("https://results.example.org/2020".to_owned()),
            vkey: Some(self.log.verifier()),
            charter: self.charter,
            checkpoint: Some(Checkpoint {
                origin: ORIGIN.to_owned(),
                size: self.fold.size(),
                root,
                extensions: Vec::new(),
            }),
            verified: Verified {
                log_key: true,
                charter: true,
                tree: true,
                statements: true,
                declarations: true,
                witnesses: 2,
            },
            ..Frame::default()
        }
    }
}

fn unit_id(n: usize) -> String {
    UNITS[n].to_lowercase().replace(' ', "-").replace('ü', "u").replace('ö', "o")
}

fn station_id(unit: usize, n: usize) -> String {
    format!("{}{:03}", unit + 1, n + 1)
}

fn rows(names: &[(&str, &str)]) -> Vec<Value> {
    let mut rows = vec![json!({"unit_id": "kg", "level": "national", "name": "Kyrgyzstan"})];
    for (n, name) in UNITS.iter().enumerate() {
        let mut row = json!({"unit_id": unit_id(n), "level": "region", "in": "kg", "name": name});
        if *name == "Abroad" {
            row["attributes"] = json!({"abroad": "true"});
        }
        if *name == "Talas" {
            row["attributes"] = json!({"name-ky": "Талас"});
        }
        rows.push(row);
    }
    for n in 0..UNITS.len() {
        for s in 0..STATIONS {
            rows.push(json!({"station_id": station_id(n, s), "in": unit_id(n), "voters": part(REGISTERED, n, s)}));
        }
    }
    for (id, name, ..) in LISTS {
        let name = names.iter().find(|(own, _)| *own == id).map_or(name, |(_, name)| name);
        let mut row = json!({"list_id": id, "contest": "lists", "name": name});
        if id == "ata-meken" {
            row["attributes"] = json!({"name-ky": "Ата Мекен"});
        }
        rows.push(row);
    }
    rows
}

/// What one station has of a total: thousandths, and the last station of all what rounding leaves.
fn part(total: u64, unit: usize, station: usize) -> u64 {
    let of = |unit: usize| total * WEIGHTS[unit] / 1000 / STATIONS as u64;
    if (unit, station) == (UNITS.len() - 1, STATIONS - 1) {
        let given: u64 = (0..UNITS.len()).map(|n| of(n) * STATIONS as u64).sum();
        return total - given + of(unit);
    }
    of(unit)
}

/// Machine counts of every station, with the published totals.
pub fn machine(record: &mut Record) {
    for unit in 0..UNITS.len() {
        for s in 0..STATIONS {
            let figure = |total| part(total, unit, s);
            let mut votes: BTreeMap<&str, u64> = LISTS.iter().map(|(id, _, n, _)| (*id, figure(*n))).collect();
            votes.insert("against_all", figure(AGAINST_ALL));
            let lines = json!({"registered": figure(REGISTERED), "voters_took_part": figure(TOOK_PART)});
            record.protocol(&station_id(unit, s), "machine", lines, json!(votes));
        }
    }
}

/// Hand counts of two stations of three in every unit.
pub fn hand(record: &mut Record) {
    for unit in 0..UNITS.len() {
        for s in 0..STATIONS - 1 {
            let figure = |total: u64| part(total * 3 / 2, unit, s);
            let mut votes: BTreeMap<&str, u64> = LISTS.iter().map(|(id, _, _, n)| (*id, figure(*n))).collect();
            votes.insert("against_all", figure(24_000));
            let lines = json!({"registered": part(REGISTERED, unit, s), "voters_took_part": figure(TOOK_PART_BY_HAND)});
            record.protocol(&station_id(unit, s), "hand", lines, json!(votes));
        }
    }
}

/// The night with everything that the page has a section for.
pub fn night() -> Record {
    let mut record = Record::open(RULEBOOK, &[]);
    machine(&mut record);
    hand(&mut record);
    let (log, territorial, commission) = (record.log.clone(), record.territorial.clone(), record.commission.clone());
    record.file(
        json!({"kind": "protocol", "poll": 1, "contest": "lists", "station": "6001", "source": "hand",
            "lines": {"registered": 52_000, "voters_took_part": 9_000}, "votes": {"butun": 9_400, "birimdik": 100}}),
        &[&territorial],
    );
    record.file(json!({"kind": "complaint", "poll": 1, "station": "6001", "code": "figures"}), &[&commission]);
    record.file(json!({"kind": "note", "code": "synthetic"}), &[&commission]);
    record.file(json!({"kind": "clock", "time": 1_601_874_000}), &[&log]);
    record
}

/// The ruling that annuls everything, signed by three of five seats.
pub fn annul(record: &mut Record) {
    let seats = record.seats.clone();
    let ruling = json!({"kind": "ruling", "by": "cec", "reason": "unrest", "law": "l65",
        "effects": [{"do": "repeat", "poll": 1}], "claimed": {"present": 4, "for": 4}});
    record.file(ruling, &[&seats[0], &seats[1], &seats[2]]);
}
