//! Russian station results as they are published: a header in the words of the protocol, another one every year.
//!
//! Columns are told by what their names mean, never by their place, since wording and order change from election to
//! election. The traps: absentee certificates are "received", "issued", "cancelled" and "lost" too; "invalid" contains "valid" and
//! "unaccounted on receipt" contains "received" in Russian; names have double spaces and quotes of several kinds. Columns that no
//! rule knows are the lists. Nothing is repaired: a row with a cell that is no whole number is left out and counted.

use recount_exchange::table::{Row, Table, TableError};
use recount_forensics::Keys;

use super::{InputError, Sheet};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Name of the federal subject.
    Region,
    /// Name of the territorial commission.
    District,
    /// Number of the station.
    Station,
    /// A line of the protocol, by its code.
    Line(&'static str),
    /// Votes.
    Votes,
    /// Nothing that is read: addresses, levels, absentee certificates.
    Other,
}

/// Words that tell a line of ballots, the first match first.
const LINES: [(&str, &str); 11] = [
    ("не учтенн", "unaccounted"),
    ("утрачен", "lost"),
    ("погашен", "cancelled"),
    ("переносн", "in_portable"),
    ("стационарн", "in_stationary"),
    ("в ящиках", "in_boxes"),
    ("недействительн", "invalid"),
    ("действительн", "valid"),
    ("досрочно", "issued_early"),
    ("вне помещени", "issued_outside"),
    ("выданн", "issued_station"),
];

fn meaning(name: &str) -> Meaning {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    match name.as_str() {
        "region" => return Meaning::Region,
        "tik" => return Meaning::District,
        "uik" => return Meaning::Station,
        "oik" | "url" | "level" | "name" => return Meaning::Other,
        _ => {}
    }
    if name.contains("открепительн") {
        return Meaning::Other;
    }
    if name.starts_with("число избирателей") || name.starts_with("число участников") {
        return Meaning::Line("registered");
    }
    if !name.contains("бюллетен") {
        return Meaning::Votes;
    }
    if let Some((_, code)) = LINES.iter().find(|(words, _)| name.contains(words)) {
        return Meaning::Line(code);
    }
    if name.contains("получен") { Meaning::Line("ballots_received") } else { Meaning::Other }
}

/// What the columns of a header mean; none if it is no such header.
fn meanings(header: &[String]) -> Option<Vec<Meaning>> {
    let found: Vec<Meaning> = header.iter().map(|name| meaning(name)).collect();
    let once = |wanted: Meaning| found.iter().filter(|own| **own == wanted).count() == 1;
    let places = once(Meaning::Region) && once(Meaning::District) && once(Meaning::Station);
    let lines = once(Meaning::Line("registered"))
        && (once(Meaning::Line("in_boxes")) || once(Meaning::Line("valid")) && once(Meaning::Line("invalid")));
    let codes: Vec<Meaning> = found.iter().copied().filter(|own| matches!(own, Meaning::Line(_))).collect();
    let distinct = codes.iter().all(|own| once(*own));
    (places && lines && distinct && found.contains(&Meaning::Votes)).then_some(found)
}

/// Whether the header is one of these.
#[must_use]
pub fn is_published(header: &[String]) -> bool {
    meanings(header).is_some()
}

/// Why a row is left out.
const NO_FIGURES: &str = "row without any figure";
const NO_NUMBER: &str = "row with a cell that is no whole number";
const CELLS: &str = "row with more or fewer cells than the header";

/// Reads such a table. Title, source and hash are left to the caller.
///
/// # Errors
/// The header is no such header, or the table cannot be read further.
pub fn read_published(table: &mut Table<'_>) -> Result<Sheet, InputError> {
    let header = table.header().to_vec();
    let Some(meanings) = meanings(&header) else {
        return Err(InputError::Nothing("the header is not one of the published Russian tables"));
    };
    let mut reading = Reading::new(&header, meanings);
    let unreadable = |_: TableError| InputError::Nothing("the table cannot be read to its end");
    while let Some(row) = table.next_row().map_err(unreadable)? {
        reading.row(row);
    }
    Ok(reading.finish())
}

struct Reading {
    meanings: Vec<Meaning>,
    sheet: Sheet,
    regions: Vec<String>,
    districts: Vec<String>,
    lost: [(&'static str, u64); 3],
}

impl Reading {
    fn new(header: &[String], meanings: Vec<Meaning>) -> Self {
        let mut sheet = Sheet::default();
        for (name, meaning) in header.iter().zip(&meanings) {
            match meaning {
                Meaning::Line(code) => sheet.lines.push(((*code).to_owned(), Vec::new())),
                Meaning::Votes => {
                    let id = (sheet.lists.len() + 1).to_string();
                    sheet.lists.push((id, list_name(name), Vec::new()));
                }
                _ => {}
            }
        }
        let lost = [(NO_FIGURES, 0), (NO_NUMBER, 0), (CELLS, 0)];
        Self { meanings, sheet, regions: Vec::new(), districts: Vec::new(), lost }
    }

    fn lose(&mut self, why: &str) {
        if let Some((_, count)) = self.lost.iter_mut().find(|(own, _)| *own == why) {
            *count += 1;
        }
    }

    fn row(&mut self, row: Row<'_>) {
        self.sheet.rows += 1;
        if row.len() != self.meanings.len() {
            return self.lose(CELLS);
        }
        let counted = |own: &Meaning| matches!(own, Meaning::Line(_) | Meaning::Votes);
        let cells: Vec<(Meaning, &str)> =
            self.meanings.iter().enumerate().map(|(at, own)| (*own, row.text(at).unwrap_or("?").trim())).collect();
        let figures: Vec<(Meaning, Option<Option<u32>>)> =
            cells.iter().filter(|(own, _)| counted(own)).map(|(own, text)| (*own, figure(text))).collect();
        if figures.iter().any(|(_, figure)| figure.is_none()) {
            return self.lose(NO_NUMBER);
        }
        if figures.iter().all(|(_, figure)| *figure == Some(None)) {
            return self.lose(NO_FIGURES);
        }
        let (mut line, mut list) = (0, 0);
        for (meaning, figure) in figures {
            let column = if meaning == Meaning::Votes {
                list += 1;
                self.sheet.lists.get_mut(list - 1).map(|own| &mut own.2)
            } else {
                line += 1;
                self.sheet.lines.get_mut(line - 1).map(|own| &mut own.1)
            };
            if let Some(column) = column {
                column.push(figure.flatten());
            }
        }
        let text = |wanted: Meaning| cells.iter().find(|(own, _)| *own == wanted).map_or("", |(_, text)| *text);
        let number = text(Meaning::Station).trim_start_matches("УИК").trim_start_matches([' ', '№']);
        let (region, district) = (text(Meaning::Region), text(Meaning::District));
        self.sheet.ids.push(format!("УИК {number}"));
        self.sheet.expected.push(None);
        self.regions.push(region.to_owned());
        self.districts.push(format!("{region} · {district}"));
    }

    fn finish(mut self) -> Sheet {
        self.sheet.region = Keys::from_names(self.regions.iter().map(String::as_str));
        self.sheet.district = Keys::from_names(self.districts.iter().map(String::as_str));
        let lost = self.lost.into_iter().filter(|(_, count)| *count > 0);
        self.sheet.left_out = lost.map(|(why, count)| (why.to_owned(), count)).collect();
        self.sheet
    }
}

/// A cell: a whole number, nothing, or (outside) no number. One program writes whole numbers as `12.0`.
#[allow(clippy::option_option, reason = "an empty cell is not a wrong one")]
fn figure(text: &str) -> Option<Option<u32>> {
    if text.is_empty() {
        return Some(None);
    }
    text.strip_suffix(".0").unwrap_or(text).parse().ok().map(Some)
}

/// A list's name without its number and the words "political party" before it.
fn list_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    let mut short = name;
    for word in ["Общественная организация", "Всероссийская", "политическая партия", "Политическая партия"]
    {
        short = short.strip_prefix(word).map_or(short, str::trim_start);
    }
    short.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_traps() {
        let cases = [
            ("Число недействительных избирательных бюллетеней", Meaning::Line("invalid")),
            ("Число действительных  избирательных бюллетеней", Meaning::Line("valid")),
            ("Число не учтенных при получении избирательных бюллетеней", Meaning::Line("unaccounted")),
            ("Число полученных открепительных  удостоверений", Meaning::Other),
            ("Число избирателей, проголосовавших по открепительным удостоверениям", Meaning::Other),
            (
                "Число избирательных бюллетеней, выданных избирателям, проголосовавшим досрочно",
                Meaning::Line("issued_early"),
            ),
            ("Число избирательных бюллетеней, выданных вне помещения", Meaning::Line("issued_outside")),
            ("Число избирательных бюллетеней, выданных в день голосования", Meaning::Line("issued_station")),
            (
                "Число избирательных бюллетеней, содержащихся в переносных ящиках для голосования",
                Meaning::Line("in_portable"),
            ),
            ("Число бюллетеней, содержащихся в ящиках для голосования", Meaning::Line("in_boxes")),
            ("ДА", Meaning::Votes),
            ("Даванков Владислав Андреевич", Meaning::Votes),
        ];
        for (name, expected) in cases {
            assert_eq!(meaning(name), expected, "{name}");
        }
        assert_eq!(list_name("10.Всероссийская политическая партия «ЕДИНАЯ РОССИЯ»"), "«ЕДИНАЯ РОССИЯ»");
        assert_eq!(
            [figure("7"), figure("7.0"), figure(""), figure("7,5")],
            [Some(Some(7)), Some(Some(7)), Some(None), None]
        );
    }
}
