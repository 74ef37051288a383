//! Restricted canonical JSON: the only JSON that a statement may hold.
//!
//! A subset of RFC 8785 in which every value has exactly one spelling, so that *reading is checking*: the
//! parser accepts a text only if it is already canonical, and nothing is ever re-serialised to verify.
//! Keys are ASCII, sorted and unique; numbers are integers with |n| <= 2^53-1; there is no `null` and no float; strings are
//! NFC without control or bidirectional formatting characters; the only escapes are `\"` and `\\`.
//!
//! ```
//! use recount_record::json::Value;
//! let value = Value::parse(r#"{"n":3,"kind":"note"}"#);
//! assert!(value.is_err(), "keys are not sorted");
//! let value = Value::parse(r#"{"kind":"note","size":3}"#).unwrap();
//! assert_eq!(value.to_string(), r#"{"kind":"note","size":3}"#);
//! ```

use std::borrow::Cow;
use std::fmt;

use thiserror::Error;
use unicode_normalization::{IsNormalized, is_nfc_quick};

/// The largest magnitude of an integer: 2^53 - 1 (RFC 8785 section 3.2.2.3, I-JSON).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
/// How deep arrays and objects may nest.
const MAX_DEPTH: u8 = 12;

/// Why a text is not restricted canonical JSON, and the byte at which that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not canonical JSON at byte {at}: {why}")]
pub struct JsonError {
    /// Offset in bytes from the start of the JSON text.
    pub at: usize,
    /// What is wrong there.
    pub why: &'static str,
}

/// One JSON value; strings borrow from the text wherever they hold no escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// An integer within ±(2^53 - 1).
    Int(i64),
    /// A string, without its quotes.
    Str(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object; the pairs are in ascending order of key.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Reads a whole text; anything before, between or after that is not canonical is an error.
    pub fn parse(text: &'a str) -> Result<Value<'a>, JsonError> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(0)?;
        if parser.at != text.len() {
            return Err(parser.error("text goes on after the value"));
        }
        Ok(value)
    }

    /// A string value.
    pub fn str(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::Str(text.into())
    }

    /// An object from pairs in any order; a later pair with the same key replaces an earlier one.
    pub fn object<K: Into<Cow<'a, str>>>(pairs: impl IntoIterator<Item = (K, Value<'a>)>) -> Value<'a> {
        let sorted: std::collections::BTreeMap<Cow<'a, str>, Value<'a>> =
            pairs.into_iter().map(|(key, value)| (key.into(), value)).collect();
        Value::Object(sorted.into_iter().collect())
    }

    /// The value under a key of an object.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        let Value::Object(pairs) = self else { return None };
        pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The same value, owning its strings.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Bool(b) => Value::Bool(b),
            Value::Int(n) => Value::Int(n),
            Value::Str(s) => Value::Str(Cow::Owned(s.into_owned())),
            Value::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Value::Object(pairs) => Value::Object(
                pairs.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned())).collect(),
            ),
        }
    }
}

impl fmt::Display for Value<'_> {
    /// The canonical text. It parses again exactly if strings and keys obey the restrictions of this module.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(b) => write!(f, "{b}"),
            Value::Int(n) => write!(f, "{n}"),
            Value::Str(s) => write_string(f, s),
            Value::Array(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(",")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Value::Object(pairs) => {
                f.write_str("{")?;
                for (i, (key, value)) in pairs.iter().enumerate() {
                    if i > 0 {
                        f.write_str(",")?;
                    }
                    write_string(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\']) {
        f.write_str(&rest[..at])?;
        f.write_str(if rest.as_bytes()[at] == b'"' { "\\\"" } else { "\\\\" })?;
        rest = &rest[at + 1..];
    }
    f.write_str(rest)?;
    f.write_str("\"")
}

/// Whether a string may stand in a statement; the error says why not.
pub fn check_string(text: &str) -> Result<(), &'static str> {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Ok(());
    }
    for c in text.chars() {
        match c {
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => return Err("control character in a string"),
            '\u{2028}' | '\u{2029}' => return Err("line or paragraph separator in a string"),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                return Err("bidirectional control in a string");
            }
            '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' => return Err("noncharacter in a string"),
            _ => {}
        }
    }
    let normal = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => unicode_normalization::is_nfc(text),
    };
    if normal { Ok(()) } else { Err("string is not in Unicode normal form NFC") }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, why: &'static str) -> JsonError {
        JsonError { at: self.at, why }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8, why: &'static str) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return Err(self.error(why));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: u8) -> Result<Value<'a>, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deep"));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::Str(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(Value::Int(self.integer()?)),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => Err(self.error("null is not allowed: leave the key out")),
            Some(_) => Err(self.error("a value was expected here, without spaces")),
            None => Err(self.error("the text ends too early")),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, JsonError> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.error("unknown word"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self, depth: u8) -> Result<Value<'a>, JsonError> {
        self.at += 1;
        let mut pairs: Vec<(Cow<'a, str>, Value<'a>)> = Vec::with_capacity(12);
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(pairs));
        }
        loop {
            let start = self.at;
            let key = self.string()?;
            if !key.is_ascii() {
                return Err(JsonError { at: start, why: "key is not ASCII" });
            }
            if pairs.last().is_some_and(|(last, _)| *last >= key) {
                return Err(JsonError { at: start, why: "keys are not sorted and unique" });
            }
            self.expect(b':', "a colon was expected after the key")?;
            let value = self.value(depth + 1)?;
            pairs.push((key, value));
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(pairs));
                }
                _ => return Err(self.error("a comma or the end of the object was expected")),
            }
        }
    }

    fn array(&mut self, depth: u8) -> Result<Value<'a>, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.error("a comma or the end of the array was expected")),
            }
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.expect(b'"', "a string was expected")?;
        let text = self.text;
        let start = self.at;
        // The common case, in one pass: printable ASCII up to the closing quote.
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let plain = rest.iter().take_while(|b| matches!(b, 0x20..0x7f) && !matches!(b, b'"' | b'\\')).count();
        if rest.get(plain) == Some(&b'"') {
            self.at = start + plain + 1;
            return Ok(Cow::Borrowed(&text[start..start + plain]));
        }
        let mut plain_from = start;
        let mut unescaped: Option<String> = None;
        loop {
            match self.peek() {
                None => return Err(self.error("the string does not end")),
                Some(b'"') => break,
                Some(b'\\') => {
                    let next = text.as_bytes().get(self.at + 1).copied();
                    let (Some(b'"') | Some(b'\\')) = next else {
                        return Err(self.error("only \\\" and \\\\ may be escaped"));
                    };
                    let out = unescaped.get_or_insert_with(String::new);
                    out.push_str(&text[plain_from..self.at]);
                    plain_from = self.at + 1;
                    self.at += 2;
                }
                Some(_) => self.at += 1,
            }
        }
        let end = self.at;
        self.at += 1;
        let found = match unescaped {
            None => Cow::Borrowed(&text[start..end]),
            Some(mut out) => {
                out.push_str(&text[plain_from..end]);
                Cow::Owned(out)
            }
        };
        check_string(&found).map_err(|why| JsonError { at: start, why })?;
        Ok(found)
    }

    fn integer(&mut self) -> Result<i64, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let digits_from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        let error = |why| JsonError { at: start, why };
        let digits = &self.text[digits_from..self.at];
        if digits.is_empty() {
            return Err(error("a digit was expected"));
        }
        if digits.starts_with('0') && (digits.len() > 1 || digits_from > start) {
            return Err(error("number with a leading zero, or minus zero"));
        }
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err(error("only integers are allowed"));
        }
        match self.text[start..self.at].parse::<i64>() {
            Ok(n) if n.abs() <= MAX_INTEGER => Ok(n),
            _ => Err(error("integer beyond 2^53 - 1")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_every_second_spelling() {
        for text in [
            "",
            " {}",
            "{} ",
            "{ }",
            r#"{"b":1,"a":1}"#,
            r#"{"a":1,"a":1}"#,
            "01",
            "-0",
            "1.0",
            "1e3",
            "9007199254740992",
            "-9007199254740992",
            "null",
            "tru",
            r#""\u0041""#,
            r#""\n""#,
            r#""\/""#,
            "\"\u{1}\"",
            "\"\u{7f}\"",
            "\"\u{85}\"",
            "\"\u{2028}\"",
            "\"\u{202e}\"",
            "\"\u{2066}\"",
            "\"e\u{301}\"",
            "\"\u{fffe}\"",
            r#"{"é":1}"#,
            "[1,]",
            "[,1]",
            "{\"a\":}",
            "[",
            "\"",
            "-",
            "99999999999999999999999",
            "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]",
            "\u{feff}{}",
        ] {
            assert!(Value::parse(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn strings_with_escapes_round_trip() {
        let text = r#"{"a":"say \"yes\" \\ no","b":["Ош","Өзгөн",-5,9007199254740991,true,false,{}]}"#;
        assert_eq!(Value::parse(text).unwrap().to_string(), text);
    }

    fn value() -> impl Strategy<Value = Value<'static>> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::Int),
            "[ -~а-яө]{0,12}".prop_filter_map("NFC", |s| check_string(&s).is_ok().then(|| Value::str(s))),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::btree_map("[ -~]{0,8}", inner, 0..6).prop_map(Value::object),
            ]
        })
    }

    proptest! {
        #[test]
        fn round_trips(value in value()) {
            let text = value.to_string();
            prop_assert_eq!(Value::parse(&text).unwrap(), value);
        }

        #[test]
        fn whatever_parses_is_canonical(text in r#"[\[\]{}",:0-9a-c\\ -]{0,40}"#) {
            if let Ok(value) = Value::parse(&text) {
                prop_assert_eq!(value.to_string(), text);
            }
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = Value::parse(&text);
        }
    }
}
