//! Languages: one Fluent file each in `locales/`, named by its BCP 47 tag. Adding a language is adding a file.
//!
//! The messages are a subset of Fluent (see `ftl`): texts, variables, references to other messages, and selections by plural
//! category, number or word. How numbers and dates look are messages too. A message that a file lacks is taken from English, and
//! a test says so.

mod ftl;
mod plural;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use recount_election::calendar::moment;
use recount_seats::Language;

use crate::assets;
use ftl::{Part, parse};

/// How deep messages may refer to one another.
const DEPTH: u8 = 8;
/// The language that has every message.
const COMPLETE: &str = "en";

/// A value that stands in a message.
#[derive(Debug, Clone)]
pub enum Arg<'a> {
    /// A number: grouped as the language does, and asked for its plural category.
    Number(u64),
    /// A text.
    Text(Cow<'a, str>),
}

impl From<u64> for Arg<'_> {
    fn from(n: u64) -> Self {
        Arg::Number(n)
    }
}

impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Arg::Number(u64::try_from(n).unwrap_or(u64::MAX))
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Text(Cow::Owned(text))
    }
}

/// One language.
#[derive(Debug)]
pub struct Locale {
    tag: &'static str,
    messages: BTreeMap<&'static str, Vec<Part>>,
    faults: Vec<String>,
    group: String,
    decimal: String,
}

/// All languages that have a file, in the order of their tags.
pub fn locales() -> &'static [Locale] {
    static ALL: OnceLock<Vec<Locale>> = OnceLock::new();
    ALL.get_or_init(|| assets::locales().iter().map(|(tag, text)| Locale::new(tag, text)).collect())
}

fn complete() -> Option<&'static Locale> {
    locales().iter().find(|locale| locale.tag == COMPLETE)
}

impl Locale {
    fn new(tag: &'static str, text: &'static str) -> Locale {
        let (messages, faults) = parse(text);
        let mut locale = Locale { tag, messages, faults, group: String::new(), decimal: String::new() };
        locale.group = locale.own("number-group");
        locale.decimal = locale.own("number-decimal");
        locale
    }

    fn own(&self, key: &str) -> String {
        let mut out = String::new();
        if let Some(parts) = self.messages.get(key) {
            self.put(&mut out, parts, &[], DEPTH);
        }
        out
    }

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// `ltr` or `rtl`.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        match self.tag.split('-').next().unwrap_or(self.tag) {
            "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ku" | "ps" | "sd" | "ug" | "ur" | "yi" => "rtl",
            _ => "ltr",
        }
    }

    /// The language in which seats are explained: this one, or English where the explanations do not speak it.
    #[must_use]
    pub fn explains_in(&self) -> Language {
        Language::from_code(self.tag).unwrap_or_default()
    }

    /// What is wrong with its file, line by line.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Every message with the names of the variables that it uses, in order.
    pub fn messages(&self) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> + '_ {
        self.messages.iter().map(|(key, parts)| {
            let mut names = Vec::new();
            ftl::variables(parts, &mut names);
            names.sort_unstable();
            names.dedup();
            (*key, names)
        })
    }

    /// A message without variables.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// Whether there is a message of this name.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.messages.contains_key(key) || complete().is_some_and(|complete| complete.messages.contains_key(key))
    }

    /// A message with its variables. One that no file has is shown by name.
    #[must_use]
    pub fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let mut out = String::with_capacity(64);
        if let Some(parts) = self.messages.get(key) {
            self.put(&mut out, parts, args, DEPTH);
        } else if let Some((complete, parts)) = complete().and_then(|own| Some((own, own.messages.get(key)?))) {
            complete.put(&mut out, parts, args, DEPTH);
        } else {
            out.push_str(key);
        }
        out
    }

    fn put(&self, out: &mut String, parts: &[Part], args: &[(&str, Arg<'_>)], depth: u8) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Variable(name) => match find(args, name) {
                    Some(Arg::Number(n)) => self.put_number(out, *n),
                    Some(Arg::Text(text)) => out.push_str(text),
                    None => out.push_str(name),
                },
                Part::Message(key) => {
                    if let Some(parts) = self.messages.get(key) {
                        self.put(out, parts, args, depth);
                    }
                }
                Part::Select(name, variants) => {
                    let chosen = find(args, name).and_then(|arg| {
                        variants.iter().find(|variant| match arg {
                            Arg::Number(n) => variant.key.parse() == Ok(*n),
                            Arg::Text(text) => variant.key == text.as_ref(),
                        })
                    });
                    let plural = || match find(args, name) {
                        Some(Arg::Number(n)) => {
                            let category = plural::category(self.tag, *n);
                            variants.iter().find(|variant| variant.key == category)
                        }
                        _ => None,
                    };
                    let chosen = chosen.or_else(plural).or_else(|| variants.iter().find(|own| own.is_default));
                    if let Some(variant) = chosen {
                        self.put(out, &variant.parts, args, depth);
                    }
                }
            }
        }
    }

    fn put_number(&self, out: &mut String, n: u64) {
        let digits = n.to_string();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(&self.group);
            }
            out.push(digit);
        }
    }

    /// A number, its digits grouped.
    #[must_use]
    pub fn number(&self, n: u64) -> String {
        let mut out = String::with_capacity(16);
        self.put_number(&mut out, n);
        out
    }

    /// A number with its sign: `+12`, `−3`, `0`.
    #[must_use]
    pub fn signed(&self, n: i128) -> String {
        let size = self.number(u64::try_from(n.unsigned_abs()).unwrap_or(u64::MAX));
        match n {
            0 => size,
            1.. => format!("+{size}"),
            _ => format!("\u{2212}{size}"),
        }
    }

    /// `part / whole` in percent with two decimals, half up; `None` for an empty whole. Where that would read as a whole percentage,
    /// which the part misses or exceeds, with more decimals: a threshold may lie there, and 4.9999 % is not 5.00 %.
    #[must_use]
    pub fn percent(&self, part: u64, whole: u64) -> Option<String> {
        let (part, whole) = (u128::from(part), u128::from(whole));
        let exact = (part * 100).checked_rem(whole)? == 0;
        let rounded = |scale: u128| (part * 200 * scale + whole) / (2 * whole);
        let tells = |scale: &u128| exact || !rounded(*scale).is_multiple_of(*scale);
        let scale = [100, 1_000, 10_000, 100_000].into_iter().find(tells).unwrap_or(1_000_000);
        let (rounded, decimals) = (rounded(scale), scale.ilog10() as usize);
        let digits = format!("{}{}{:0decimals$}", rounded / scale, self.decimal, rounded % scale);
        Some(self.say("percent", &[("n", digits.into())]))
    }

    /// A ratio such as `7/1000` in percent without losing anything, or the ratio itself where percent would not be exact.
    #[must_use]
    pub fn ratio(&self, ratio: &str) -> String {
        let exact = || {
            let (num, den) = ratio.split_once('/')?;
            let (num, den): (u64, u64) = (num.parse().ok()?, den.parse().ok()?);
            let scaled = num.checked_mul(1_000_000)?;
            if den == 0 || scaled % den != 0 {
                return None;
            }
            let (whole, rest) = (scaled / den / 10_000, scaled / den % 10_000);
            let decimals = format!("{rest:04}");
            let decimals = decimals.trim_end_matches('0');
            let point = if decimals.is_empty() { "" } else { self.decimal.as_str() };
            Some(self.say("percent", &[("n", format!("{whole}{point}{decimals}").into())]))
        };
        exact().unwrap_or_else(|| ratio.to_owned())
    }

    /// Seconds since 1970 as date and time in UTC; their number where no calendar has them.
    #[must_use]
    pub fn time(&self, seconds: u64) -> String {
        let Some(at) = moment(seconds) else { return seconds.to_string() };
        let clock = format!("{:02}:{:02}", at.hour, at.minute);
        self.say("date-time", &[("date", self.civil(at.year, at.month, at.day).into()), ("time", clock.into())])
    }

    /// `YYYY-MM-DD` as a date; the text itself if it is none.
    #[must_use]
    pub fn date(&self, day: &str) -> String {
        let mut parts = day.splitn(3, '-').map(|part| part.parse::<u64>().ok());
        match (parts.next().flatten(), parts.next().flatten(), parts.next().flatten()) {
            (Some(year), Some(month @ 1..=12), Some(day)) => self.civil(year, month, day),
            _ => day.to_owned(),
        }
    }

    fn civil(&self, year: u64, month: u64, day: u64) -> String {
        // Neither day nor year is grouped.
        self.say(
            "date",
            &[
                ("day", day.to_string().into()),
                ("month", self.word(&format!("month-{month}")).into()),
                ("year", year.to_string().into()),
            ],
        )
    }
}

fn find<'b, 'a>(args: &'b [(&str, Arg<'a>)], name: &str) -> Option<&'b Arg<'a>> {
    args.iter().find(|(own, _)| *own == name).map(|(_, arg)| arg)
}

/// Seconds since 1970 for machines: `2020-10-05T05:00:00Z`.
pub(crate) fn iso(seconds: u64) -> String {
    moment(seconds).map_or_else(
        || seconds.to_string(),
        |at| {
            let (year, month, day) = (at.year, at.month, at.day);
            format!("{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", at.hour, at.minute, at.second)
        },
    )
}

/// A message with variables: `say!(t, KEY, votes = n, list = &name)`.
macro_rules! say {
    ($t:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $t.say($key, &[$((stringify!($name), $crate::locale::Arg::from($value))),*])
    };
}
pub(crate) use say;
