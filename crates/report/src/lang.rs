//! The languages of a report: English in the code, the others as gettext catalogues in `locales/`, keyed by the English text.
//!
//! Keyed by text and not by name, because part of what a report says comes from the checks themselves (what each cannot show, why a
//! figure is refused), which know no language. A text that a catalogue lacks stays English. Adding a language is adding a file.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::sync::OnceLock;

/// Catalogues: BCP 47 tag and text.
const FILES: [(&str, &str); 2] = [("ky", include_str!("../locales/ky.po")), ("ru", include_str!("../locales/ru.po"))];

/// One language of reports.
#[derive(Debug)]
pub struct Lang {
    tag: &'static str,
    texts: BTreeMap<String, String>,
    group: &'static str,
    decimal: &'static str,
}

/// All of them, English first.
#[must_use]
pub fn all() -> &'static [Lang] {
    static ALL: OnceLock<Vec<Lang>> = OnceLock::new();
    ALL.get_or_init(|| {
        let english = Lang { tag: "en", texts: BTreeMap::new(), group: ",", decimal: "." };
        let other =
            |(tag, text): &(&'static str, &str)| Lang { tag, texts: catalogue(text), group: "\u{a0}", decimal: "," };
        std::iter::once(english).chain(FILES.iter().map(other)).collect()
    })
}

impl Lang {
    /// The language of a tag, such as "ru".
    #[must_use]
    pub fn of(tag: &str) -> Option<&'static Lang> {
        all().iter().find(|own| own.tag == tag)
    }

    /// English, which every text has.
    #[must_use]
    pub fn english() -> &'static Lang {
        static ENGLISH: Lang = Lang { tag: "en", texts: BTreeMap::new(), group: ",", decimal: "." };
        &ENGLISH
    }

    /// Its tag after BCP 47.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// What stands between groups of three digits.
    pub(crate) fn group(&self) -> &'static str {
        self.group
    }

    /// A figure with the decimal sign of the language.
    pub(crate) fn decimal(&self, text: &str) -> String {
        text.replace('.', self.decimal)
    }

    /// A text without figures.
    pub(crate) fn say<'a>(&'a self, english: &'a str) -> &'a str {
        self.texts.get(english).map_or(english, String::as_str)
    }

    /// A text with figures: `{}` are filled in order, `{0}` and on by place.
    pub(crate) fn fill(&self, english: &str, parts: &[&dyn Display]) -> String {
        let text = self.say(english);
        let mut out = String::with_capacity(text.len() + 16 * parts.len());
        let mut next = 0;
        for (hole, rest) in holes(text) {
            let place = hole.map(|own| own.parse().unwrap_or(next));
            if let Some(part) = place.and_then(|place: usize| parts.get(place)) {
                next += 1;
                // Writing to a string does not fail.
                let _ = write!(out, "{part}");
            }
            out.push_str(rest);
        }
        out
    }

    /// A text that was made elsewhere, with its figures in it already: the catalogue's pattern that fits it is filled anew.
    pub(crate) fn known(&self, english: &str) -> String {
        if self.texts.is_empty() {
            return english.replace(" %", "\u{a0}%");
        }
        if self.texts.contains_key(english) {
            return self.say(english).to_owned();
        }
        let fits = self.texts.keys().filter_map(|pattern| Some((pattern, captured(pattern, english)?)));
        let Some((pattern, parts)) = fits.max_by_key(|(pattern, _)| pattern.len()) else { return english.to_owned() };
        let parts: Vec<String> =
            parts.into_iter().map(|own| if figure(own) { self.decimal(own) } else { self.known(own) }).collect();
        let parts: Vec<&dyn Display> = parts.iter().map(|own| own as &dyn Display).collect();
        self.fill(pattern, &parts)
    }
}

/// Fills the holes of a text of the page.
macro_rules! fill {
    ($t:expr, $english:expr $(, $part:expr)* $(,)?) => {
        $t.fill($english, &[$(&$part as &dyn std::fmt::Display),*])
    };
}
pub(crate) use fill;

/// A pattern with fewer letters of its own fits anything.
const LEAST: usize = 8;

fn figure(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || ".,-−".contains(c))
}

/// The text before the first hole (with no hole), then every hole's content with the text behind it.
fn holes(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let mut rest = text;
    let head = rest.find('{').unwrap_or(rest.len());
    let first = &rest[..head];
    rest = &rest[head..];
    let mut pieces = vec![(None, first)];
    while let Some((hole, behind)) = rest.strip_prefix('{').and_then(|own| own.split_once('}')) {
        let end = behind.find('{').unwrap_or(behind.len());
        pieces.push((Some(hole), &behind[..end]));
        rest = &behind[end..];
    }
    pieces.into_iter()
}

/// What stands in the holes of a pattern if the text fits it.
fn captured<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = holes(pattern);
    let (_, head) = pieces.next()?;
    let mut rest = text.strip_prefix(head)?;
    let (mut found, mut fixed) = (Vec::new(), head.len());
    let mut pieces = pieces.peekable();
    while let Some((_, behind)) = pieces.next() {
        let end = if pieces.peek().is_none() && rest.ends_with(behind) {
            rest.len() - behind.len()
        } else {
            rest.find(behind).filter(|_| !behind.is_empty())?
        };
        found.push(&rest[..end]);
        fixed += behind.len();
        rest = &rest[end + behind.len()..];
    }
    (rest.is_empty() && !found.is_empty() && fixed >= LEAST).then_some(found)
}

/// Reads a gettext catalogue: `msgid` and `msgstr`, each a quoted text that may go on in quoted lines.
fn catalogue(text: &str) -> BTreeMap<String, String> {
    let (mut texts, mut key, mut value, mut in_value) = (BTreeMap::new(), String::new(), String::new(), false);
    let mut keep = |key: &mut String, value: &mut String| {
        let (key, value) = (std::mem::take(key), std::mem::take(value));
        if !key.is_empty() && !value.is_empty() {
            texts.insert(key, value);
        }
    };
    for line in text.lines().map(str::trim) {
        let quoted = if let Some(rest) = line.strip_prefix("msgid ") {
            keep(&mut key, &mut value);
            in_value = false;
            rest
        } else if let Some(rest) = line.strip_prefix("msgstr ") {
            in_value = true;
            rest
        } else {
            line
        };
        let inner = quoted.strip_prefix('"').and_then(|own| own.strip_suffix('"'));
        let inner = inner.unwrap_or("").replace("\\\"", "\"").replace("\\\\", "\\");
        if in_value { value.push_str(&inner) } else { key.push_str(&inner) }
    }
    keep(&mut key, &mut value);
    texts
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "test support")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn texts_are_filled_in_any_order() {
        let texts = catalogue(
            "msgid \"{} of {}\"\nmsgstr \"из {1} \"\n\"ровно {0}\"\n\n# x\nmsgid \"rejects {} % so\"\nmsgstr \"{} %!\"\n",
        );
        let own = Lang { tag: "xx", texts, group: " ", decimal: "," };
        assert_eq!(fill!(own, "{} of {}", 3, "many"), "из many ровно 3");
        assert_eq!(fill!(own, "not there {}.", 1), "not there 1.");
        assert_eq!(own.known("rejects 12.5 % so"), "12,5 %!");
        assert_eq!(own.known("something else"), "something else");
        assert_eq!(fill!(Lang::english(), "{}{} and {}", 1, 2), "12 and ");
    }

    /// Every quoted text of a source file that is handed to `say` or `fill!`, and every constant of the words.
    fn texts_of(source: &str, all: bool) -> Vec<String> {
        let source = source.split("#[cfg(test)]").next().unwrap_or("");
        let joined: Vec<&str> = source.split("\\\n").map(str::trim_start).collect();
        let source = joined.concat();
        let mut found = Vec::new();
        let marks: &[&str] = if all { &["\""] } else { &["say(\"", "fill!(t, \"", "fill!(\nt,\n\""] };
        let squeezed: Vec<&str> = source.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
        let source = squeezed.join("\n");
        for mark in marks {
            let mut rest = &source[..];
            while let Some((_, behind)) = rest.split_once(mark) {
                let end = behind.find('"').unwrap();
                found.push(behind[..end].to_owned());
                rest = &behind[end + 1..];
            }
        }
        found
    }

    #[test]
    fn every_catalogue_has_every_text_with_its_holes() {
        let home = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page");
        let mut wanted = BTreeSet::new();
        for entry in std::fs::read_dir(home).unwrap() {
            let path = entry.unwrap().path();
            let words = path.file_name().unwrap().to_str().unwrap().starts_with("words");
            wanted.extend(texts_of(&std::fs::read_to_string(path).unwrap(), words));
        }
        wanted.retain(|text| text.contains(' ') || text.chars().next().is_some_and(char::is_uppercase));
        assert!(wanted.len() > 200, "{}", wanted.len());
        let count = |text: &str| text.matches('{').count();
        for own in all().iter().skip(1) {
            let missing: Vec<&String> = wanted.iter().filter(|text| !own.texts.contains_key(*text)).collect();
            assert!(missing.is_empty(), "{} lacks {missing:#?}", own.tag);
            for (english, text) in &own.texts {
                assert_eq!(count(english), count(text), "{}: {english}: {text}", own.tag);
            }
        }
    }
}
