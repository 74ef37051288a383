//! Reading the input of a case generously: the same thing may be called differently in different kinds.

use std::path::Path;

use base64ct::{Base64, Encoding};
use recount_log::Hash;
use serde_json::Value;

pub struct Input(pub Value);

impl Input {
    pub fn any(&self, names: &[&str]) -> Option<&Value> {
        names.iter().find_map(|name| self.0.get(name)).filter(|value| !value.is_null())
    }

    pub fn text(&self, names: &[&str]) -> Result<&str, String> {
        self.any(names).and_then(Value::as_str).ok_or_else(|| format!("the input has no text {names:?}"))
    }

    pub fn number(&self, names: &[&str]) -> Result<u64, String> {
        self.any(names).and_then(Value::as_u64).ok_or_else(|| format!("the input has no number {names:?}"))
    }

    /// A number as [`Input::number`], or one that no tree size can be (negative, broken, above 64 bits): `None`. A text of digits is a number.
    pub fn size(&self, names: &[&str]) -> Result<Option<u64>, String> {
        let value = self.any(names).ok_or_else(|| format!("the input has no number {names:?}"))?;
        match value {
            Value::Number(_) => Ok(value.as_u64()),
            Value::String(text) => Ok(text.parse().ok()),
            _ => Err(format!("no number: {value}")),
        }
    }

    pub fn list(&self, names: &[&str]) -> Vec<&Value> {
        self.any(names).and_then(Value::as_array).map(|list| list.iter().collect()).unwrap_or_default()
    }

    /// A hash in Base64 or hexadecimal; `None` if it is not 32 bytes, which some cases try.
    pub fn hash(&self, names: &[&str]) -> Result<Option<Hash>, String> {
        self.text(names).map(read_hash)
    }

    /// A list of hashes, absent or null meaning none; `None` if one is not 32 bytes.
    pub fn hashes(&self, names: &[&str]) -> Option<Vec<Hash>> {
        self.list(names).into_iter().map(|hash| hash.as_str().and_then(read_hash)).collect()
    }

    /// Every string below the given fields, in order: a field may hold one or a list.
    pub fn texts(&self, names: &[&str]) -> Vec<&str> {
        let mut out = Vec::new();
        for value in names.iter().filter_map(|name| self.0.get(name)) {
            out.extend(value.as_str());
            out.extend(value.as_array().into_iter().flatten().filter_map(Value::as_str));
        }
        out
    }

    /// A list of byte strings under `name_b64`, `name_hex` or `name` (text).
    pub fn byte_strings(&self, names: &[&str]) -> Result<Vec<Vec<u8>>, String> {
        for name in names {
            if let Some(value) = self.0.get(name) {
                let list = value.as_array().ok_or_else(|| format!("{name} is not a list"))?;
                return list
                    .iter()
                    .map(|item| bytes_of(name, item).ok_or_else(|| format!("{name}: unreadable {item}")))
                    .collect();
            }
        }
        Err(format!("the input has no list {names:?}"))
    }

    pub fn bytes(&self, names: &[&str]) -> Option<Vec<u8>> {
        names.iter().find_map(|name| self.0.get(name).and_then(|value| bytes_of(name, value)))
    }
}

fn bytes_of(name: &str, value: &Value) -> Option<Vec<u8>> {
    let text = value.as_str()?;
    if name.ends_with("_b64") || name.ends_with("_base64") {
        return Base64::decode_vec(text).ok();
    }
    if name.ends_with("_hex") {
        return from_hex(text);
    }
    Some(text.as_bytes().to_vec())
}

pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok().filter(|_| pair.len() == 2))
        .collect()
}

pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn to_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

fn read_hash(text: &str) -> Option<Hash> {
    Hash::from_base64(text).or_else(|| Hash::from_hex(text))
}

/// Puts the contents of named files in place: `x_file: "name"` becomes `x` (if it is text) and `x_b64`. Names are relative to the case file.
pub fn with_files(value: &Value, folder: &Path) -> Result<Value, String> {
    let mut out = value.clone();
    let Some(fields) = value.as_object() else { return Ok(out) };
    for (name, file) in fields {
        let (Some(stem), Some(file)) = (name.strip_suffix("_file"), file.as_str()) else { continue };
        let path = folder.join(file);
        let bytes = std::fs::read(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        let object = out.as_object_mut().ok_or("not an object")?;
        object.remove(name);
        object.insert(format!("{stem}_b64"), to_base64(&bytes).into());
        if let Ok(text) = String::from_utf8(bytes) {
            object.insert(stem.to_owned(), text.into());
        }
    }
    Ok(out)
}
