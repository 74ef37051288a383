//! XML as far as cast-vote records need it, read into the same tree that JSON gives.
//!
//! Names lose their prefixes. An element that holds only text becomes that text; another becomes an object, attributes among its
//! keys (`ObjectId` as `@id`, as the JSON forms of NIST name it); an element that stands several times becomes an array. Document
//! types are refused, so that no entity of somebody's own is expanded.

use serde_json::{Map, Value};

use super::{CvrError, form};

/// How deep elements may lie in one another.
const DEPTH: usize = 64;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// An element that is open.
#[derive(Default)]
struct Open {
    name: String,
    own: Map<String, Value>,
    text: String,
}

/// The root element's name and content.
pub(super) fn read(bytes: &[u8]) -> Result<(String, Value), CvrError> {
    let Ok(text) = std::str::from_utf8(bytes) else { return form("the XML is not UTF-8") };
    let mut reader = Reader { text: text.trim_start_matches('\u{feff}'), at: 0 };
    let mut open: Vec<Open> = Vec::new();
    loop {
        let (words, tag) = reader.next()?;
        if let Some(top) = open.last_mut() {
            top.text.push_str(&unescape(words)?);
        }
        let Some(tag) = tag else { return form("the XML ends within an element") };
        if let Some(data) = tag.strip_prefix("![CDATA[") {
            if let Some(top) = open.last_mut() {
                top.text.push_str(data);
            }
        } else if tag.starts_with("!--") || tag.starts_with('?') {
        } else if tag.starts_with('!') {
            return form("the XML has a document type, which is not read");
        } else if let Some(name) = tag.strip_prefix('/') {
            let Some(done) = open.pop().filter(|own| own.name == local(name.trim())) else {
                return form(format!("the XML ends an element {name:?} that is not open"));
            };
            let name = done.name.clone();
            let value = close(done);
            match open.last_mut() {
                Some(above) => put(&mut above.own, name, value),
                None => return Ok((name, value)),
            }
        } else {
            let empty = tag.ends_with('/');
            let own = start(tag.trim_end_matches('/'))?;
            if open.len() >= DEPTH {
                return form("the elements of the XML are nested too deeply");
            }
            match (empty, open.last_mut()) {
                (false, _) => open.push(own),
                (true, Some(above)) => {
                    let name = own.name.clone();
                    put(&mut above.own, name, close(own));
                }
                (true, None) => return Ok((own.name.clone(), close(own))),
            }
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, name)| name)
}

fn close(own: Open) -> Value {
    let text = own.text.trim();
    if own.own.is_empty() {
        return Value::String(text.to_owned());
    }
    let mut map = own.own;
    if !text.is_empty() {
        map.insert("$".to_owned(), Value::String(text.to_owned()));
    }
    Value::Object(map)
}

fn put(map: &mut Map<String, Value>, name: String, value: Value) {
    match map.get_mut(&name) {
        None => {
            map.insert(name, value);
        }
        Some(Value::Array(several)) => several.push(value),
        Some(one) => *one = Value::Array(vec![one.take(), value]),
    }
}

fn start(tag: &str) -> Result<Open, CvrError> {
    let (name, mut rest) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
    let mut own = Open { name: local(name).to_owned(), ..Open::default() };
    if own.name.is_empty() {
        return form("an element of the XML has no name");
    }
    while let Some((key, after)) = rest.trim_start().split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some((value, after)) = quote.and_then(|quote| after.get(1..)?.split_once(quote)) else {
            return form(format!("an attribute of the element {name:?} is not in quotes"));
        };
        rest = after;
        let key = key.trim();
        if key.starts_with("xmlns") || key.ends_with("schemaLocation") {
            continue;
        }
        let key = if local(key).eq_ignore_ascii_case("objectid") { "@id" } else { local(key) };
        own.own.insert(key.to_owned(), Value::String(unescape(value)?));
    }
    Ok(own)
}

impl<'a> Reader<'a> {
    /// The text up to the next tag, and what stands in that; none at the end.
    fn next(&mut self) -> Result<(&'a str, Option<&'a str>), CvrError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some((words, tag)) = rest.split_once('<') else {
            self.at = self.text.len();
            return Ok((rest, None));
        };
        let end = [("![CDATA[", "]]>"), ("!--", "-->"), ("?", "?>"), ("", ">")];
        let (_, end) = end.into_iter().find(|(begins, _)| tag.starts_with(begins)).unwrap_or(("", ">"));
        let Some((tag, _)) = tag.split_once(end) else { return form("the XML ends within a tag") };
        self.at += words.len() + 1 + tag.len() + end.len();
        Ok((words, Some(tag)))
    }
}

/// The five entities of XML, and characters by number.
fn unescape(text: &str) -> Result<String, CvrError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((entity, after)) = after.split_once(';') else { return form("an entity of the XML has no end") };
        let number = || match entity.strip_prefix("#x") {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => entity.strip_prefix('#')?.parse().ok(),
        };
        let own = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number().and_then(char::from_u32),
        };
        let Some(own) = own else { return form(format!("the XML names an entity {entity:?} that is not known")) };
        out.push(own);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tree() {
        let text = "<?xml version=\"1.0\"?><!-- > --><a:r xmlns:a=\"x\"><b ObjectId='1'>t &amp; u</b><c/><c><d>&#65;<![CDATA[<]]></d></c></a:r>";
        let (name, value) = read(text.as_bytes()).unwrap();
        assert_eq!(name, "r");
        assert_eq!(value, json!({ "b": { "@id": "1", "$": "t & u" }, "c": ["", { "d": "A<" }] }));
        for bad in ["", "<a>", "<a></b>", "<a b=c></a>", "<!DOCTYPE a><a/>", "<a>&b;</a>", "<a", &"<a>".repeat(70)] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
