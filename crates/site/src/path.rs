//! Addresses of pages: from a path to what it names, and back. Identifiers are escaped, so that none leaves its folder.

use recount_election::{Geography, StationIx, UnitIx};

use crate::locale::{Locale, locales};

/// What a path names.
#[derive(Debug)]
pub(crate) enum Route {
    /// The page on which a reader chooses a language.
    Languages,
    /// A page in a language.
    Page(&'static Locale, View),
    /// A file below `assets/`.
    Asset(String),
}

/// A page, whatever its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    /// The front page.
    Front,
    /// One of the pages of which there is one each.
    Single(Single),
    /// A further page of one of those, from 2.
    More(Single, usize),
    /// What changed since an earlier size.
    Since(u64),
    /// A unit, and which page of its stations, from 1.
    Place(UnitIx, usize),
    /// A station.
    Station(StationIx),
    /// A page that somebody else made, by its address below the language.
    Annex(String),
}

/// Pages of which there is one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Single {
    Why,
    Changes,
    Missing,
    Controls,
    Rulings,
    Check,
    Data,
    Print,
    WidgetSeats,
    WidgetCoverage,
    Feed,
}

impl Single {
    pub(crate) const ALL: [Single; 11] = [
        Single::Why,
        Single::Changes,
        Single::Missing,
        Single::Controls,
        Single::Rulings,
        Single::Check,
        Single::Data,
        Single::Print,
        Single::WidgetSeats,
        Single::WidgetCoverage,
        Single::Feed,
    ];

    /// Those that go on on further pages.
    pub(crate) const PAGED: [Single; 4] = [Single::Why, Single::Changes, Single::Missing, Single::Rulings];

    pub(crate) fn address(self) -> &'static str {
        match self {
            Single::Why => "why/",
            Single::Changes => "changes/",
            Single::Missing => "missing/",
            Single::Controls => "controls/",
            Single::Rulings => "rulings/",
            Single::Check => "check/",
            Single::Data => "data/",
            Single::Print => "print/",
            Single::WidgetSeats => "widget/seats/",
            Single::WidgetCoverage => "widget/coverage/",
            Single::Feed => "changes.atom",
        }
    }
}

impl View {
    /// The address below the language's folder.
    pub(crate) fn address(&self, geography: &Geography) -> String {
        match self {
            View::Front => String::new(),
            View::Single(single) => single.address().to_owned(),
            View::More(single, page) => format!("{}page-{page}/", single.address()),
            View::Since(size) => format!("changes/since-{size}/"),
            View::Place(unit, page) => {
                let first = geography.root() == Some(*unit) && *page == 1;
                let id = geography.unit(*unit).map_or("", |unit| &unit.id);
                match (first, page) {
                    (true, _) => "place/".to_owned(),
                    (false, 1) => format!("place/{}/", escape(id)),
                    (false, page) => format!("place/{}/page-{page}/", escape(id)),
                }
            }
            View::Station(station) => {
                format!("station/{}/", escape(geography.station(*station).map_or("", |station| &station.id)))
            }
            View::Annex(address) => address.clone(),
        }
    }
}

/// What a path names; `None` if it is no address of this site. Pages of places are there if the place is.
pub(crate) fn route(path: &str, geography: &Geography) -> Option<Route> {
    if path.is_empty() {
        return Some(Route::Languages);
    }
    let (first, rest) = path.split_once('/')?;
    if first == "assets" {
        return Some(Route::Asset(rest.to_owned()));
    }
    let locale = locales().iter().find(|locale| locale.tag() == first)?;
    Some(Route::Page(locale, view(rest, geography)?))
}

fn view(path: &str, geography: &Geography) -> Option<View> {
    if path.is_empty() {
        return Some(View::Front);
    }
    if let Some(single) = Single::ALL.into_iter().find(|single| single.address() == path) {
        return Some(View::Single(single));
    }
    if path == "place/" {
        return Some(View::Place(geography.root()?, 1));
    }
    let mut parts = path.strip_suffix('/')?.split('/');
    match (parts.next()?, parts.next().and_then(unescape), parts.next(), parts.next()) {
        ("station", Some(id), None, None) => Some(View::Station(geography.station_ix(&id)?)),
        ("place", Some(id), page, None) => {
            let unit = geography.unit_ix(&id)?;
            let page = match page {
                None if geography.root() == Some(unit) => return None,
                None => 1,
                Some(page) => page.strip_prefix("page-")?.parse().ok().filter(|page| *page > 1)?,
            };
            Some(View::Place(unit, page))
        }
        (first, Some(page), None, None) if page.starts_with("page-") => {
            let single = Single::PAGED.into_iter().find(|own| own.address().strip_suffix('/') == Some(first))?;
            Some(View::More(single, page.strip_prefix("page-")?.parse().ok().filter(|page| *page > 1)?))
        }
        _ => Some(View::Annex(path.to_owned())),
    }
}

/// An identifier as one segment of a path: letters, digits, `_` and `-` stand for themselves, every other byte is `~` and
/// two hexadecimal digits. What comes out is never `.` or `..` and holds no slash.
pub(crate) fn escape(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => out.push(char::from(byte)),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                let digit = |n: u8| HEX.get(usize::from(n)).map_or('0', |digit| char::from(*digit));
                out.extend(['~', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

/// The identifier behind a segment; `None` if it was not escaped like this, so that every page has one address.
fn unescape(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut parts = segment.split('~');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend(part.get(2..)?.bytes());
    }
    String::from_utf8(bytes).ok().filter(|id| escape(id) == segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_identifiers_stay_one_segment() {
        for id in ["..", ".", "../../etc/passwd", "a/b", "/", "a:b", "~", "чүй", "con.", "1-2_3"] {
            let escaped = escape(id);
            assert!(escaped.bytes().all(|c| c.is_ascii_alphanumeric() || b"~_-".contains(&c)), "{escaped}");
            assert_eq!(unescape(&escaped).as_deref(), Some(id));
        }
        assert_eq!(escape("a/.."), "a~2F~2E~2E");
        assert_eq!(unescape("a.b"), None, "a page has one address");
        assert_eq!(unescape("~2f"), None);
        assert_eq!(unescape("~"), None);
        assert_eq!(unescape("~é"), None);
    }
}
