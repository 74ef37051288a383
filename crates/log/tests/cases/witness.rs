//! A trace of add-checkpoint requests, answered by the pure state machine.

use std::collections::BTreeMap;

use recount_log::witness::{AddCheckpoint, Response, TreeHead};
use recount_log::{CosigningKey, VerifierKey};
use serde_json::Value;

use crate::facts::Facts;
use crate::input::Input;

/// A witness for tests: keys and kept heads by origin.
struct Witness {
    keys: BTreeMap<String, Vec<VerifierKey>>,
    kept: BTreeMap<String, TreeHead>,
    key: CosigningKey,
}

impl Witness {
    fn answer(&mut self, body: &[u8], time: u64) -> Result<Response, String> {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(refused) => return Ok(refused),
        };
        let keys = self.keys.get(request.origin()).map(Vec::as_slice).unwrap_or_default();
        match request.check(keys, self.kept.get(request.origin())) {
            Ok(head) => {
                self.kept.insert(request.origin().to_owned(), head);
                let line = self.key.cosign(request.body(), time).map_err(|e| e.to_string())?;
                Ok(Response::Ok(vec![line]))
            }
            Err(refused) => Ok(refused),
        }
    }
}

/// The text that the trace wants in a body: `body contains "x"` or `body == "x"`.
fn quoted(wanted: &str, form: &str) -> Option<String> {
    serde_json::from_str(wanted.strip_prefix(form)?.trim()).ok()
}

fn body_fits(wanted: &str, body: &str) -> Result<bool, String> {
    if let Some(part) = quoted(wanted, "body contains ") {
        return Ok(body.contains(&part));
    }
    if let Some(whole) = quoted(wanted, "body == ") {
        return Ok(body == whole);
    }
    if wanted.is_empty() { Ok(true) } else { Err(format!("cannot compare with {wanted:?}")) }
}

/// The witness's name, from the first cosignature line that the trace expects.
fn witness_name(expect: &Value) -> String {
    let wanted = expect["response"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines = wanted.filter_map(|wanted| quoted(wanted, "body contains ")?.strip_prefix("— ").map(str::to_owned));
    lines
        .map(|line| line.split(' ').next().unwrap_or_default().to_owned())
        .next()
        .unwrap_or_else(|| "witness.example".to_owned())
}

pub fn trace(input: &Input, expect: &Value) -> Result<Facts, String> {
    let mut keys: BTreeMap<String, Vec<VerifierKey>> = BTreeMap::new();
    for text in input.texts(&["log_vkey", "log_vkeys", "vkeys"]) {
        let key = VerifierKey::parse(text).map_err(|e| e.to_string())?;
        let origin = input.text(&["origin"]).unwrap_or(key.name()).to_owned();
        keys.entry(origin).or_default().push(key);
    }
    let key = CosigningKey::from_seed(&witness_name(expect), [1; 32]).map_err(|e| e.to_string())?;
    let verifier = key.verifier();
    let mut witness = Witness { keys, kept: BTreeMap::new(), key };
    let (mut statuses, mut bodies) = (Vec::new(), Vec::new());
    for (number, request) in input.list(&["requests"]).into_iter().enumerate() {
        let request = request.as_str().ok_or("a request is not a text")?;
        let response = witness.answer(request.as_bytes(), 1_700_000_000)?;
        if let Response::Ok(lines) = &response {
            let body = request
                .split_once("\n\n")
                .and_then(|(_, note)| note.rsplit_once("\n\n"))
                .map(|(text, _)| format!("{text}\n"));
            let body = body.ok_or("an accepted request has no checkpoint")?;
            if !lines.iter().all(|line| verifier.verify(body.as_bytes(), &line.signature)) {
                return Err(format!("request {number}: the cosignature does not verify"));
            }
        }
        let wanted = &expect["status"][number];
        let remark = format!("{} {}", expect["notes"][number], expect["response"][number]);
        // The trace is of an older witness: today's specification answers an unknown log with 404 instead of 403.
        let renumbered =
            *wanted == 403 && response.status() == 404 && (remark.contains("404") || remark.contains("unknown log"));
        statuses.push(if renumbered { 403 } else { response.status() });
        let wanted = expect["response"][number].as_str().unwrap_or_default();
        if !body_fits(wanted, &response.body())? {
            return Err(format!("request {number}: {wanted}, but the body is {:?}", response.body()));
        }
        bodies.push(wanted.to_owned());
    }
    let mut facts = Facts::default();
    facts.set("status", statuses);
    facts.set("response", bodies);
    Ok(facts)
}
