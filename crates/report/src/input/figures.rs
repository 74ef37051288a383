//! From lines of a protocol to the four figures that the checks read.

use recount_forensics::pairs::Compared;
use recount_forensics::{Keys, List, Station, Table};

use super::{Choice, InputError, Sheet};

/// The figures chosen, station by station.
#[derive(Debug)]
pub struct Chosen {
    /// What the checks read.
    pub table: Table,
    /// Place of the list looked at.
    pub leader: usize,
    /// Identifiers of the stations.
    pub ids: Vec<String>,
    /// Ballots issued early.
    pub early: Option<Vec<u32>>,
    /// Ballots issued outside the station.
    pub outside: Option<Vec<u32>>,
    /// Which lines are which figure.
    pub lines: Vec<(String, String)>,
    /// What was left out, with the reason.
    pub left_out: Vec<(String, u64)>,
    /// Two counts of the same ballots.
    pub compared: Option<(Compared, Vec<String>)>,
}

/// What ballots found are made of beside the valid ones.
const NOT_VALID: [&str; 6] = ["invalid", "blank", "null", "none_of_the_above", "challenged", "spoiled"];
/// Lines that count those who took part, where no ballots issued are stated.
const TOOK_PART: [&str; 5] = ["issued", "voters_took_part", "voted", "signatures", "cast"];
/// Lines that count ballots in boxes, where no valid ones are stated.
const BOXES: [&str; 4] = ["in_boxes", "in_box", "in_portable", "in_stationary"];

/// Chooses lines and list, and leaves out stations that lack one of the figures.
///
/// # Errors
/// A line or list that is not there, or nothing left to look at.
pub fn choose(sheet: &Sheet, choice: &Choice) -> Result<Chosen, InputError> {
    let has = |code: &str| sheet.lines.iter().any(|(own, _)| own == code);
    let registered = match &choice.registered {
        Some(text) => sum_of(sheet, text)?,
        // Voters who are entered on the day are not in the list that was closed before it.
        None if has("registered") && has("added_on_day") => vec!["registered".to_owned(), "added_on_day".to_owned()],
        None if has("registered") => vec!["registered".to_owned()],
        None => Vec::new(),
    };
    let found = match &choice.found {
        Some(text) => sum_of(sheet, text)?,
        None => found_lines(sheet)?,
    };
    let issued = match &choice.issued {
        Some(text) => sum_of(sheet, text)?,
        None => issued_lines(sheet).unwrap_or_else(|| found.clone()),
    };
    let leader = leader(sheet, choice)?;
    let columns = [column(sheet, &registered), column(sheet, &issued), column(sheet, &found)];
    let mut kept = Kept::default();
    for place in 0..sheet.ids.len() {
        kept.take(sheet, place, &columns, leader);
    }
    if kept.rows.is_empty() {
        return Err(InputError::Nothing("no station states all four figures"));
    }
    let words = |lines: &[String]| lines.join(" + ");
    let expected = "expected voters of the register".to_owned();
    let lines = vec![
        ("Registered voters".to_owned(), if registered.is_empty() { expected } else { words(&registered) }),
        ("Ballots issued".to_owned(), words(&issued)),
        ("Ballots found".to_owned(), words(&found)),
        ("List looked at".to_owned(), sheet.lists.get(leader).map_or(String::new(), |own| own.1.clone())),
    ];
    Ok(kept.finish(sheet, leader, lines))
}

/// Codes of lines added up with `+`.
fn sum_of(sheet: &Sheet, text: &str) -> Result<Vec<String>, InputError> {
    let lines: Vec<String> = text.split('+').map(|own| own.trim().to_owned()).collect();
    match lines.iter().find(|line| !sheet.lines.iter().any(|(own, _)| own == *line)) {
        None => Ok(lines),
        Some(unknown) => {
            let known: Vec<&str> = sheet.lines.iter().map(|(own, _)| own.as_str()).collect();
            Err(InputError::Unknown { what: "line", wanted: unknown.clone(), known: known.join(", ") })
        }
    }
}

fn found_lines(sheet: &Sheet) -> Result<Vec<String>, InputError> {
    let of = |wanted: &[&str]| {
        let known = wanted.iter().filter(|code| sheet.lines.iter().any(|(own, _)| own == *code));
        known.map(|code| (*code).to_owned()).collect::<Vec<String>>()
    };
    let mut lines = of(&["valid"]);
    if !lines.is_empty() {
        lines.extend(of(&NOT_VALID));
        return Ok(lines);
    }
    // One line of all boxes, or the kinds of boxes added up.
    let boxes = of(&BOXES);
    match boxes.first() {
        Some(first) if !first.starts_with("in_p") && !first.starts_with("in_s") => Ok(vec![first.clone()]),
        Some(_) => Ok(boxes),
        None => Err(InputError::NoFound),
    }
}

fn issued_lines(sheet: &Sheet) -> Option<Vec<String>> {
    let mut ways: Vec<String> = sheet.lines.iter().map(|(own, _)| own.clone()).collect();
    ways.retain(|own| own.starts_with("issued_"));
    if !ways.is_empty() {
        return Some(ways);
    }
    let known = TOOK_PART.iter().find(|code| sheet.lines.iter().any(|(own, _)| own == *code));
    known.map(|code| vec![(*code).to_owned()])
}

/// The list asked for, or the one with most votes.
fn leader(sheet: &Sheet, choice: &Choice) -> Result<usize, InputError> {
    if let Some(wanted) = &choice.list {
        let place = sheet.lists.iter().position(|(id, name, _)| id == wanted || name == wanted);
        return place.ok_or_else(|| {
            let known: Vec<&str> = sheet.lists.iter().map(|(id, _, _)| id.as_str()).collect();
            InputError::Unknown { what: "list", wanted: wanted.clone(), known: known.join(", ") }
        });
    }
    let votes = |own: &(String, String, Vec<Option<u32>>)| own.2.iter().flatten().map(|v| u64::from(*v)).sum::<u64>();
    let most = sheet.lists.iter().map(votes).enumerate().max_by_key(|(place, votes)| (*votes, usize::MAX - place));
    most.map(|(place, _)| place).ok_or(InputError::Nothing("there is no list"))
}

/// The sum of some lines at each station; absent if one of them is. Without lines: the register's expected voters.
fn column(sheet: &Sheet, lines: &[String]) -> Vec<Option<u32>> {
    if lines.is_empty() {
        return sheet.expected.clone();
    }
    let own: Vec<&Vec<Option<u32>>> =
        sheet.lines.iter().filter(|(code, _)| lines.contains(code)).map(|(_, column)| column).collect();
    let sum =
        |place: usize| own.iter().try_fold(0_u32, |sum, column| sum.checked_add(column.get(place).copied().flatten()?));
    (0..sheet.ids.len()).map(sum).collect()
}

/// Stations kept so far.
#[derive(Default)]
struct Kept {
    rows: Vec<usize>,
    stations: Vec<Station>,
    lost: [u64; 4],
}

impl Kept {
    fn take(&mut self, sheet: &Sheet, place: usize, columns: &[Vec<Option<u32>>; 3], leader: usize) {
        let at = |column: &Vec<Option<u32>>| column.get(place).copied().flatten();
        let votes = sheet.lists.get(leader).and_then(|(_, _, votes)| votes.get(place).copied().flatten());
        let stated = [at(&columns[0]), at(&columns[1]), at(&columns[2]), votes];
        if let [Some(registered), Some(issued), Some(found), Some(leader)] = stated {
            self.rows.push(place);
            self.stations.push(Station { registered, issued, found, leader });
            return;
        }
        let first = stated.iter().position(Option::is_none).unwrap_or(0);
        if let Some(lost) = self.lost.get_mut(first) {
            *lost += 1;
        }
    }

    fn finish(self, sheet: &Sheet, leader: usize, lines: Vec<(String, String)>) -> Chosen {
        let reasons = [
            "registered voters not stated",
            "ballots issued not stated",
            "ballots found not stated",
            "votes of the list looked at not stated",
        ];
        let mut left_out = sheet.left_out.clone();
        let more = reasons.into_iter().zip(self.lost).filter(|(_, lost)| *lost > 0);
        left_out.extend(more.map(|(reason, lost)| (reason.to_owned(), lost)));
        let keys = |own: &Keys| Keys { of: own.pick(&self.rows), names: own.names.clone() };
        let counts = |column: &Vec<Option<u32>>| {
            self.rows.iter().map(|row| column.get(*row).copied().flatten().unwrap_or(0)).collect::<Vec<u32>>()
        };
        let line = |code: &str| sheet.lines.iter().find(|(own, _)| own == code).map(|(_, column)| counts(column));
        let lists = sheet.lists.iter().map(|(_, name, votes)| List { name: name.clone(), votes: counts(votes) });
        let mut moved = vec![None; sheet.ids.len()];
        for (now, row) in self.rows.iter().enumerate() {
            if let Some(moved) = moved.get_mut(*row) {
                *moved = Some(now);
            }
        }
        let compared = sheet.compared.clone().map(|(mut compared, columns)| {
            // Differences speak of places among the stations kept.
            for difference in &mut compared.differences {
                difference.place = moved.get(difference.place).copied().flatten().unwrap_or(usize::MAX);
            }
            (compared, columns)
        });
        let table = Table {
            region: keys(&sheet.region),
            district: keys(&sheet.district),
            lists: lists.collect(),
            stations: self.stations,
        };
        Chosen {
            leader,
            ids: self.rows.iter().filter_map(|row| sheet.ids.get(*row).cloned()).collect(),
            early: line("issued_early"),
            outside: line("issued_outside").or_else(|| line("in_portable")),
            lines,
            left_out,
            compared,
            table,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(lines: &[(&str, [Option<u32>; 2])]) -> Sheet {
        Sheet {
            ids: vec!["a".into(), "b".into()],
            region: Keys::from_names(["r", "r"]),
            district: Keys::from_names(["d", "d"]),
            expected: vec![Some(90), None],
            lines: lines.iter().map(|(code, own)| ((*code).to_owned(), own.to_vec())).collect(),
            lists: vec![
                ("x".into(), "X".into(), vec![Some(10), Some(20)]),
                ("y".into(), "Y".into(), vec![Some(30), None]),
            ],
            ..Sheet::default()
        }
    }

    fn choice() -> Choice {
        Choice::default()
    }

    #[test]
    fn lines_are_recognised_by_their_codes() {
        let both = |n| [Some(n), Some(n)];
        let own = sheet(&[
            ("registered", both(100)),
            ("issued_early", both(5)),
            ("issued_station", both(40)),
            ("valid", both(40)),
            ("invalid", both(3)),
        ]);
        let chosen = choose(&own, &choice()).unwrap();
        // Both lists have 30 votes: the first one is looked at.
        assert_eq!(chosen.leader, 0);
        let first = chosen.table.stations[0];
        assert_eq!((first.registered, first.issued, first.found, first.leader), (100, 45, 43, 10));
        assert_eq!(chosen.early, Some(vec![5, 5]));
        let asked = Choice { list: Some("y".into()), found: Some("valid".into()), ..choice() };
        let chosen = choose(&own, &asked).unwrap();
        assert_eq!((chosen.table.stations[0].found, chosen.ids.len()), (40, 1));
        assert_eq!(chosen.left_out, [("votes of the list looked at not stated".to_owned(), 1)]);
        let wrong = Choice { found: Some("valid + nonsense".into()), ..choice() };
        assert!(choose(&own, &wrong).unwrap_err().to_string().contains("nonsense"));
    }

    #[test]
    fn boxes_and_the_register_stand_in() {
        let own = sheet(&[("in_portable", [Some(4), Some(4)]), ("in_stationary", [Some(50), Some(60)])]);
        let chosen = choose(&own, &choice()).unwrap();
        let first = chosen.table.stations[0];
        assert_eq!((first.registered, first.issued, first.found), (90, 54, 54));
        assert_eq!(chosen.left_out, [("registered voters not stated".to_owned(), 1)]);
        assert!(choose(&sheet(&[]), &choice()).is_err());
    }
}
