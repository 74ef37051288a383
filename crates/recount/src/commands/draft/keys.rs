//! The keys of each kind of statement, so that everything missing or misspelt is named at once. See `docs/statements.md`.

use recount_tally::Fold;
use serde_json::{Map, Value, json};

use crate::error::{CliError, Outcome, input};

/// Shown under `--help`.
pub const HELP: &str = "\
Example:
  recount draft protocol --dir DIR --set poll=1 --set contest=lists --set station=1001 \\
    --set source=hand --set lines.valid=412 --set votes.a=300 --set votes.b=112 -o 1001.txt
  recount sign 1001.txt --key precinct-1001.key
  recount file DIR 1001.txt";

/// The keys of one kind, beside `kind` and `charter`.
pub struct Shape {
    kind: &'static str,
    needs: &'static [&'static str],
    may: &'static [&'static str],
}

const SHAPES: [Shape; 16] = [
    Shape {
        kind: "charter",
        needs: &["origin", "nonce", "semantics", "election", "rulebook", "forms", "log", "keys"],
        may: &["bodies", "required", "repeats"],
    },
    Shape { kind: "body", needs: &["id", "title", "rank", "quorum", "majority", "scope", "seats"], may: &[] },
    Shape { kind: "register", needs: &["poll", "rows"], may: &[] },
    Shape { kind: "seal", needs: &["poll", "chunks", "units", "stations", "lists", "root"], may: &[] },
    Shape { kind: "appointment", needs: &["grants"], may: &[] },
    Shape { kind: "revocation", needs: &["keys", "reason"], may: &["suspect_from"] },
    Shape { kind: "phase", needs: &["poll", "phase"], may: &[] },
    Shape { kind: "clock", needs: &["time"], may: &[] },
    Shape {
        kind: "protocol",
        needs: &["poll", "contest", "station", "source"],
        may: &["part", "lines", "votes", "supersedes", "time", "row", "blobs"],
    },
    Shape { kind: "copy", needs: &["poll", "contest", "station", "source"], may: &["part", "lines", "votes", "blobs"] },
    Shape {
        kind: "turnout",
        needs: &["poll", "of", "voted", "time"],
        may: &["registered", "stations", "printed_share"],
    },
    Shape { kind: "complaint", needs: &["poll", "code"], may: &["unit", "station", "part", "statement", "blobs"] },
    Shape { kind: "ruling", needs: &["effects", "reason"], may: &["by", "law", "complaints", "claimed", "blobs"] },
    Shape {
        kind: "declaration",
        needs: &["by", "poll", "contest", "unit", "source", "size"],
        may: &["lines", "votes", "seats"],
    },
    Shape { kind: "lot", needs: &["poll", "contest", "stage", "between", "drawn"], may: &["unit"] },
    Shape {
        kind: "note",
        needs: &["code"],
        may: &["unit", "station", "part", "statement", "figures", "sources", "blobs"],
    },
];

/// Keys whose values are whole numbers.
const NUMBERS: [&str; 17] = [
    "poll",
    "rank",
    "quorum",
    "majority",
    "chunks",
    "units",
    "stations",
    "lists",
    "time",
    "row",
    "voted",
    "registered",
    "printed_share",
    "statement",
    "size",
    "suspect_from",
    "semantics",
];
/// Objects of whole numbers.
const COUNTS: [&str; 8] =
    ["lines.", "votes.", "figures.", "seats.", "claimed.", "required.", "supersedes.index", "repeats.ruling"];

/// Unknown keys that a message names.
const NAMED: usize = 20;

/// The shape of a kind.
pub fn of(kind: &str) -> Outcome<&'static Shape> {
    match SHAPES.iter().find(|shape| shape.kind == kind) {
        Some(shape) => Ok(shape),
        None => {
            let kinds: Vec<&str> = SHAPES.iter().map(|shape| shape.kind).collect();
            input(format!("\"{kind}\" is not a kind of statement; there are: {}", kinds.join(", ")))
        }
    }
}

impl Shape {
    /// Names every key that is missing or not known, in one message.
    pub fn check(&self, fields: &Map<String, Value>) -> Outcome {
        let envelope = ["kind", "charter"];
        let known = |key: &str| envelope.iter().chain(self.needs).chain(self.may).any(|own| *own == key);
        let missing: Vec<&str> = self.needs.iter().copied().filter(|key| !fields.contains_key(*key)).collect();
        let unknown: Vec<&str> = fields.keys().map(String::as_str).filter(|key| !known(key)).collect();
        if missing.is_empty() && unknown.is_empty() {
            return Ok(());
        }
        let mut why = Vec::new();
        if !missing.is_empty() {
            why.push(format!("missing: {}", missing.join(", ")));
        }
        if !unknown.is_empty() {
            let more = unknown.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            why.push(format!("not known here: {}{more}", unknown[..unknown.len().min(NAMED)].join(", ")));
        }
        if !self.may.is_empty() {
            why.push(format!("may also have: {}", self.may.join(", ")));
        }
        input(format!("the keys of a {}: {}", self.kind, why.join("; ")))
    }
}

/// Sets one key, given as KEY=VALUE or KEY:=JSON; points in the key lead into objects.
pub fn set(fields: &mut Map<String, Value>, text: &str) -> Outcome {
    let wrong = |why: &str| CliError::Input(format!("--set {text}: {why}"));
    let (key, value) = text.split_once('=').ok_or_else(|| wrong("write KEY=VALUE"))?;
    let (key, value) = match key.strip_suffix(':') {
        Some(key) => (key, serde_json::from_str(value).map_err(|why| wrong(&why.to_string()))?),
        None if NUMBERS.contains(&key) || COUNTS.iter().any(|prefix| key.starts_with(prefix)) => {
            let n: u64 = value.parse().map_err(|_| wrong("a whole number is asked"))?;
            (key, json!(n))
        }
        None => (key, json!(value)),
    };
    let mut inner = fields;
    let mut steps: Vec<&str> = key.splitn(2, '.').collect();
    let last = steps.pop().ok_or_else(|| wrong("the key is empty"))?;
    for step in steps {
        let next = inner.entry(step.to_owned()).or_insert_with(|| json!({}));
        inner = next.as_object_mut().ok_or_else(|| wrong("the key leads into something that is no object"))?;
    }
    if last.is_empty() {
        return Err(wrong("the key is empty"));
    }
    inner.insert(last.to_owned(), value);
    Ok(())
}

/// Fills in the seal that would close the register as it stands.
pub fn seal(fields: &mut Map<String, Value>, fold: &Fold) {
    let poll = fields.get("poll").and_then(Value::as_u64).unwrap_or(1);
    let seal = fold.ledger().register().seal(poll);
    let own = [
        ("poll", json!(seal.poll)),
        ("chunks", json!(seal.chunks)),
        ("units", json!(seal.units)),
        ("stations", json!(seal.stations)),
        ("lists", json!(seal.lists)),
        ("root", json!(seal.root.to_hex())),
    ];
    for (key, value) in own {
        fields.entry(key).or_insert(value);
    }
}
