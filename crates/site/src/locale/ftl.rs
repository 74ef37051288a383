//! A reader of the part of Fluent that the site's messages use.
//!
//! A message is `key = text`, and goes on in indented lines, which are joined by spaces. Within the text: `{ $variable }`,
//! `{ other-message }`, `{ "literal" }`, and a selection `{ $variable -> [key] text *[other] text }`. Keys of a selection are
//! plural categories, numbers or words. Lines that begin with `#` are comments. There are no functions, terms or attributes.

use std::collections::BTreeMap;

/// How deep selections may stand in one another.
const DEPTH: u8 = 6;

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// The value of a variable.
    Variable(&'static str),
    /// Another message.
    Message(&'static str),
    /// One of several texts, by a variable.
    Select(&'static str, Vec<Variant>),
}

/// One text of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// A plural category, a number or a word.
    pub key: &'static str,
    /// Whether it stands for every other value.
    pub is_default: bool,
    /// The text.
    pub parts: Vec<Part>,
}

type Messages = BTreeMap<&'static str, Vec<Part>>;

/// The messages of a file, and what is wrong with it.
pub fn parse(text: &'static str) -> (Messages, Vec<String>) {
    let (mut messages, mut faults) = (Messages::new(), Vec::new());
    for (line, key, body) in split(text, &mut faults) {
        match Reader::new(body).parts(false, DEPTH) {
            Ok(parts) if messages.contains_key(key) => {
                faults.push(format!("line {line}: {key} stands twice{}", empty(&parts)))
            }
            Ok(parts) => {
                messages.insert(key, parts);
            }
            Err(why) => faults.push(format!("line {line}: {key}: {why}")),
        }
    }
    (messages, faults)
}

fn empty(parts: &[Part]) -> &'static str {
    if parts.is_empty() { ", and is empty" } else { "" }
}

/// Messages as line number, key and raw text.
fn split(text: &'static str, faults: &mut Vec<String>) -> Vec<(usize, &'static str, &'static str)> {
    let mut found: Vec<(usize, &'static str, usize, usize)> = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (from, to) = (at, at + line.len());
        at = to;
        let bare = line.trim_end();
        // A brace closes a selection at the margin too.
        let goes_on = bare.starts_with([' ', '\t', '}']);
        match bare.split_once('=') {
            _ if bare.is_empty() || bare.starts_with('#') => {}
            _ if goes_on => match found.last_mut() {
                Some(last) => last.3 = to,
                None => faults.push(format!("line {}: text before the first message", number + 1)),
            },
            Some((key, _)) if is_key(key.trim()) => found.push((number + 1, key.trim(), from + key.len() + 1, to)),
            _ => faults.push(format!("line {}: neither a message nor a comment", number + 1)),
        }
    }
    found.into_iter().map(|(line, key, from, to)| (line, key, text.get(from..to).unwrap_or("").trim())).collect()
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// The names of all variables in a message.
pub fn variables(parts: &[Part], names: &mut Vec<&'static str>) {
    for part in parts {
        match part {
            Part::Variable(name) => names.push(name),
            Part::Select(name, variants) => {
                names.push(name);
                variants.iter().for_each(|variant| variables(&variant.parts, names));
            }
            Part::Text(_) | Part::Message(_) => {}
        }
    }
}

struct Reader {
    text: &'static str,
    at: usize,
}

impl Reader {
    fn new(text: &'static str) -> Reader {
        Reader { text, at: 0 }
    }

    fn rest(&self) -> &'static str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes this text if it comes next.
    fn takes(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn name(&mut self) -> Result<&'static str, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty()).ok_or("a name is missing")?;
        self.at += end;
        Ok(name)
    }

    /// Text and what stands in braces, up to the end; within a selection up to the next variant or its end.
    fn parts(&mut self, in_select: bool, depth: u8) -> Result<Vec<Part>, String> {
        let depth = depth.checked_sub(1).ok_or("selections stand too deep in one another")?;
        let (mut parts, mut text) = (Vec::new(), String::new());
        while let Some(c) = self.rest().chars().next() {
            match c {
                '{' => {
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    self.at += 1;
                    parts.push(self.placeable(depth)?);
                }
                '}' if in_select => break,
                '}' => return Err("a brace closes nothing".to_owned()),
                '[' if in_select && text.ends_with(['\n', ' ']) | parts.is_empty() => break,
                '*' if in_select && self.rest().starts_with("*[") => break,
                '\n' => {
                    self.skip_space();
                    text.push(if in_select { '\n' } else { ' ' });
                }
                c => {
                    self.at += c.len_utf8();
                    text.push(c);
                }
            }
        }
        // Spaces at the end are the file's, not the text's; those of a literal are meant.
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(parts)
    }

    fn placeable(&mut self, depth: u8) -> Result<Part, String> {
        self.skip_space();
        let part = if self.takes("\"") {
            let (literal, _) = self.rest().split_once('"').ok_or("a literal is not closed")?;
            self.at += literal.len() + 1;
            Part::Text(unescape(literal))
        } else if self.takes("$") {
            let name = self.name()?;
            self.skip_space();
            if self.takes("->") { Part::Select(name, self.variants(depth)?) } else { Part::Variable(name) }
        } else {
            Part::Message(self.name()?)
        };
        self.skip_space();
        if self.takes("}") { Ok(part) } else { Err("a brace is not closed".to_owned()) }
    }

    fn variants(&mut self, depth: u8) -> Result<Vec<Variant>, String> {
        let mut variants: Vec<Variant> = Vec::new();
        loop {
            self.skip_space();
            let is_default = self.takes("*");
            if !self.takes("[") {
                break;
            }
            self.skip_space();
            let key = self.name()?;
            self.skip_space();
            if !self.takes("]") {
                return Err("a key is not closed".to_owned());
            }
            self.skip_space();
            let parts = self.parts(true, depth)?;
            variants.push(Variant { key, is_default, parts });
        }
        if variants.iter().filter(|variant| variant.is_default).count() == 1 {
            Ok(variants)
        } else {
            Err("a selection needs one default".to_owned())
        }
    }
}

/// `\u00A0` in a literal is the character of that number.
fn unescape(literal: &str) -> String {
    let mut parts = literal.split("\\u");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let code = part.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match (code, part.get(4..)) {
            (Some(c), Some(rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_variables_and_selections() {
        let (messages, faults) = parse(
            "# comment\na = One\nb = { $n ->\n    [one] { $n } vote\n   *[other] { $n } votes\n} for { $who }\nc = long\n  text { a }{ \"\\u00A0\" }%\n",
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(messages["a"], [Part::Text("One".to_owned())]);
        let Part::Select("n", variants) = &messages["b"][0] else { panic!("{messages:?}") };
        assert_eq!(variants[0].parts, [Part::Variable("n"), Part::Text(" vote".to_owned())]);
        assert!(variants[1].is_default);
        assert_eq!(messages["b"][1..], [Part::Text(" for ".to_owned()), Part::Variable("who")]);
        assert_eq!(messages["c"][0], Part::Text("long text ".to_owned()));
        assert_eq!(messages["c"][2], Part::Text("\u{a0}".to_owned()));
        let (spaced, _) = parse("a = { \" \" }and{ \" \" }\n");
        assert_eq!(spaced["a"].last(), Some(&Part::Text(" ".to_owned())), "spaces of a literal are meant");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let (messages, faults) = parse("a = {\nb = }\nc = { $n ->\n [one] x\n}\nd = 1\nd = 2\nnonsense\n");
        assert_eq!(messages.len(), 1);
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert!(faults.iter().any(|fault| fault == "line 8: neither a message nor a comment"), "{faults:?}");
    }
}
