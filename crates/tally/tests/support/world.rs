//! A small election to test with: law, forms, keys from fixed seeds, and a record in memory that is folded as it grows.

use std::collections::BTreeMap;

use recount_log::{Hash, SigningKey, sha256};
use recount_record::entry::sign;
use recount_record::statement::{Charter, Election, Grant, Kind, Role, Statement};
use recount_record::{Entry, VoidReason};
use recount_tally::Fold;

pub const ORIGIN: &str = "log.example/2020";

/// Forms for stations counted whole and in parts, and the shorter receipt of a machine.
pub const FORMS: &str = r#"
schema = "recount-forms/1"
levels = ["country", "region", "station"]
[[contests]]
id = "lists"
title = "Parliament"
kind = "list"
unit = "country"
against_all = true
[[contests]]
id = "seat-*"
title = "Single seat"
kind = "candidate"
unit = "region"
[[forms]]
id = "hand"
title = "Protocol of the precinct"
contest = "lists"
sources = ["hand", "recount"]
[[forms.lines]]
code = "registered_voters"
title = "Voters on the list"
holds = "voters"
[[forms.lines]]
code = "took_part"
title = "Voters who took part"
holds = "voters"
[[forms.lines]]
code = "valid"
title = "Valid ballots"
holds = "ballots"
[[forms.controls]]
code = "votes-add-up"
formula = "valid = votes"
severity = "error"
[[forms]]
id = "hand-part"
title = "Protocol of a part"
contest = "lists"
sources = ["hand", "recount"]
parts = ["paper", "mobile"]
[[forms.lines]]
code = "took_part"
title = "Voters who took part"
holds = "voters"
[[forms.lines]]
code = "valid"
title = "Valid ballots"
holds = "ballots"
[[forms]]
id = "receipt"
title = "Receipt of the machine"
contest = "lists"
sources = ["machine"]
[[forms.lines]]
code = "valid"
title = "Valid ballots"
holds = "ballots"
[[forms]]
id = "seat"
title = "Protocol for a single seat"
contest = "seat-*"
[[forms.lines]]
code = "valid"
title = "Valid ballots"
holds = "ballots"
"#;

/// A rulebook with five seats by the largest remainder; settings replace single words of it.
pub fn rulebook(settings: &BTreeMap<String, String>) -> String {
    let get = |key: &str, default: &str| settings.get(key).cloned().unwrap_or_else(|| default.to_owned());
    let preliminary = get("preliminary", "machine");
    format!(
        r#"schema = "recount-rulebook/1"
id = "test"
title = "A test"
jurisdiction = "XX"
polling_day = 2020-10-04
arithmetic = "exact"
[law.x]
cite = "Law, art. 1"
[units]
levels = ["country", "region", "station"]
[contest.lists]
kind = "list"
seats = {seats}
against_all = "counted_not_contending"
[quantity.valid]
sum = ["lists"]
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
law = "x"
when = {{ share = {{ base = "valid", in = "national", at_least = "{floor}/100" }} }}
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = {seats}
law = "x"
formula = {{ family = "quota", quota = "hare", over = "contenders", rounding = "exact", remainder = "largest_fraction" }}
ties = ["lot"]
[standing]
decides = "{decides}"
after_ruling = "recount"
preliminary = ["{preliminary}"]
mix_sources = {mix}
[annulment]
turnout = "{turnout}"
registered = "{registered}"
"#,
        seats = get("seats", "5"),
        floor = get("floor", "5"),
        decides = get("decides", "hand"),
        mix = get("mix", "false"),
        turnout = get("turnout", "drop"),
        registered = get("registered", "drop"),
    )
}

/// Keys by name, each from a fixed seed.
#[derive(Default)]
pub struct Keys(BTreeMap<String, SigningKey>);

impl Keys {
    pub fn get(&mut self, name: &str) -> &SigningKey {
        let fresh = || SigningKey::from_seed(name, *sha256(name.as_bytes()).as_bytes()).expect("a key");
        self.0.entry(name.to_owned()).or_insert_with(fresh)
    }

    pub fn grant(&mut self, name: &str, role: Role, scope: &str) -> Grant {
        Grant { key: self.get(name).verifier(), role, scope: scope.to_owned() }
    }

    pub fn sign(&mut self, text: &str, names: &[&str]) -> Vec<u8> {
        for name in names {
            self.get(name);
        }
        let keys: Vec<&SigningKey> = names.iter().filter_map(|name| self.0.get(*name)).collect();
        sign(text, &keys).unwrap_or_else(|why| panic!("cannot sign {text}: {why}"))
    }
}

/// A record in memory.
pub struct World {
    pub keys: Keys,
    pub blobs: BTreeMap<Hash, Vec<u8>>,
    pub entries: Vec<Vec<u8>>,
    pub charter: Option<Hash>,
    pub fold: Fold,
}

impl World {
    pub fn new() -> World {
        World {
            keys: Keys::default(),
            blobs: BTreeMap::new(),
            entries: Vec::new(),
            charter: None,
            fold: Fold::new(ORIGIN),
        }
    }

    pub fn blob(&mut self, bytes: &[u8]) -> Hash {
        let hash = sha256(bytes);
        self.blobs.insert(hash, bytes.to_vec());
        hash
    }

    /// A charter over the law given and the usual forms.
    pub fn charter(&mut self, law: &str, keys: Vec<Grant>) -> Charter {
        Charter {
            origin: ORIGIN.to_owned(),
            nonce: "00112233445566778899aabbccddeeff".to_owned(),
            semantics: 1,
            election: Election {
                id: "test".to_owned(),
                title: "Test".to_owned(),
                polling_day: "2020-10-04".to_owned(),
            },
            rulebook: self.blob(law.as_bytes()),
            forms: self.blob(FORMS.as_bytes()),
            log: self.keys.get("log").verifier(),
            keys,
            bodies: Vec::new(),
            required: Vec::new(),
            repeats: None,
        }
    }

    pub fn text(&self, kind: Kind<'_>) -> String {
        let charter = if matches!(kind, Kind::Charter(_)) { None } else { self.charter };
        Statement { charter, kind }.to_text()
    }

    /// Files bytes as the next entry; the reason if it is void.
    pub fn push(&mut self, bytes: Vec<u8>) -> Option<VoidReason> {
        let void = self.fold.push(Entry::parse(&bytes), &self.blobs).cloned();
        self.entries.push(bytes);
        void
    }

    /// Signs and files a statement.
    #[allow(dead_code)]
    pub fn file(&mut self, kind: Kind<'_>, signers: &[&str]) -> Option<VoidReason> {
        let is_charter = matches!(kind, Kind::Charter(_)) && self.charter.is_none();
        let text = self.text(kind);
        if is_charter {
            self.charter = Some(sha256(text.as_bytes()));
        }
        let bytes = self.keys.sign(&text, signers);
        self.push(bytes)
    }

    /// A fold of the first `size` entries, made in one go.
    pub fn folded(&self, size: usize) -> Fold {
        self.folded_into(Fold::new(ORIGIN), size)
    }

    /// The same, with a chronicle.
    #[allow(dead_code)]
    pub fn chronicled(&self, size: usize) -> Fold {
        self.folded_into(Fold::new(ORIGIN).keep_chronicle(), size)
    }

    fn folded_into(&self, mut fold: Fold, size: usize) -> Fold {
        for bytes in &self.entries[..size] {
            fold.push(Entry::parse(bytes), &self.blobs);
        }
        fold
    }
}
