//! What was computed about a case, and the comparison with what the case expects.

use std::collections::BTreeMap;

use recount_log::Hash;
use serde_json::{Value, json};

/// Fields that explain a case to people; they are not compared unless something computes them.
const PROSE: [&str; 9] = ["desc", "description", "error", "reason", "note", "notes", "comment", "ambiguous", "source"];

/// Named values. A value may have several accepted spellings, such as a hash in Base64 and in hexadecimal.
#[derive(Default)]
pub struct Facts(BTreeMap<&'static str, Vec<Value>>);

impl Facts {
    pub fn valid(valid: bool) -> Facts {
        let mut facts = Facts::default();
        facts.set("valid", valid);
        facts
    }

    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.0.entry(name).or_default().push(value.into());
    }

    pub fn set_hash(&mut self, name: &'static str, hash: &Hash) {
        self.set(name, hash.to_base64());
        self.set(name, hash.to_hex());
    }

    pub fn set_hashes(&mut self, name: &'static str, hashes: &[Hash]) {
        self.set(name, json!(hashes.iter().map(Hash::to_base64).collect::<Vec<_>>()));
        self.set(name, json!(hashes.iter().map(Hash::to_hex).collect::<Vec<_>>()));
    }

    /// A list whose repeated items a verifier may also report once, as Go's does.
    pub fn set_names(&mut self, name: &'static str, all: Vec<String>) {
        let mut once: Vec<String> = Vec::new();
        for item in &all {
            if !once.contains(item) {
                once.push(item.clone());
            }
        }
        self.set(name, all);
        self.set(name, once);
    }

    /// Every expected field must be computed and equal.
    pub fn compare(&self, expect: &Value) -> Result<(), String> {
        let expect = expect.as_object().ok_or("\"expect\" is not an object")?;
        let mut compared = 0usize;
        for (name, wanted) in expect {
            match self.0.get(name.as_str()) {
                Some(found) if found.contains(wanted) => compared += 1,
                Some(found) => {
                    let shown = found.first().unwrap_or(&Value::Null);
                    return Err(format!("{name}: expected {wanted}, computed {shown}"));
                }
                None if PROSE.contains(&name.as_str()) => {}
                None => return Err(format!("nothing computes the expected field {name:?}")),
            }
        }
        if compared == 0 { Err("the case expects nothing that can be compared".to_owned()) } else { Ok(()) }
    }
}
