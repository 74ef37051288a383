//! Station results from a table and its map.

use std::collections::{BTreeMap, BTreeSet};

use recount_exchange::plan::{Import, ProtocolRow};
use recount_forensics::pairs::compare;

use super::{Choice, InputError, Sheet, Units};

/// Rows of one contest, by station and part; the last row of a place stands.
struct Standing<'a> {
    import: &'a Import,
    contest: usize,
}

impl<'a> Standing<'a> {
    /// The rows of one source, each station at the poll asked for or at its latest.
    fn of_source(&self, source: &str, poll: Option<u16>) -> BTreeMap<(usize, &'a str), &'a ProtocolRow> {
        let own = || self.import.protocols.iter().filter(|row| row.contest == self.contest);
        let is_source = |row: &&ProtocolRow| self.import.pass(row).is_some_and(|pass| pass.source == source);
        let mut latest = BTreeMap::<usize, u32>::new();
        for row in own().filter(is_source) {
            let poll = latest.entry(row.station).or_default();
            *poll = row.poll.max(*poll);
        }
        let wanted = |row: &&ProtocolRow| match poll {
            Some(poll) => row.poll == u32::from(poll),
            None => latest.get(&row.station) == Some(&row.poll),
        };
        let placed = own().filter(is_source).filter(wanted);
        let keyed = placed.map(|row| ((row.station, self.import.pass(row).map_or("", |pass| pass.part.as_str())), row));
        keyed.collect()
    }
}

fn contest(import: &Import, choice: &Choice) -> Result<usize, InputError> {
    let known = || import.contests.iter().map(|own| own.id.as_str()).collect::<Vec<_>>().join(", ");
    match &choice.contest {
        Some(wanted) => import.contests.iter().position(|own| own.id == *wanted).ok_or_else(|| InputError::Unknown {
            what: "contest",
            wanted: wanted.clone(),
            known: known(),
        }),
        None if import.contests.len() == 1 => Ok(0),
        None if import.contests.is_empty() => Err(InputError::Nothing("the table holds no results")),
        None => Err(InputError::Several { known: known() }),
    }
}

/// The columns of one contest and source; the parts of a station add up. Title, source and hash are left to the caller.
///
/// # Errors
/// A contest or source that is not there.
pub fn of_import(import: &Import, choice: &Choice) -> Result<Sheet, InputError> {
    let contest = contest(import, choice)?;
    let mut sources: Vec<&str> = Vec::new();
    for pass in &import.passes {
        if !sources.contains(&pass.source.as_str()) {
            sources.push(&pass.source);
        }
    }
    let source = match &choice.source {
        Some(wanted) => sources.iter().find(|own| *own == wanted).copied().ok_or_else(|| InputError::Unknown {
            what: "source",
            wanted: wanted.clone(),
            known: sources.join(", "),
        })?,
        None => sources.first().copied().unwrap_or(""),
    };
    let standing = Standing { import, contest };
    let rows = standing.of_source(source, choice.poll);
    let mut by_station = BTreeMap::<usize, Vec<&ProtocolRow>>::new();
    for ((station, _), row) in &rows {
        by_station.entry(*station).or_default().push(row);
    }
    let mut left_out = left_out(import);
    let has = |station: usize, wanted: &String| {
        import.stations.get(station).is_some_and(|own| own.attributes.contains_key(wanted.as_str()))
    };
    for wanted in &choice.without {
        let before = by_station.len();
        by_station.retain(|station, _| !has(*station, wanted));
        let lost = before - by_station.len();
        left_out.push((format!("stations with the attribute {wanted}"), u64::try_from(lost).unwrap_or(u64::MAX)));
    }
    let id = import.contests.get(contest).map_or("", |own| own.id.as_str());
    let mut sheet = sheet(import, id, &by_station, choice);
    sheet.left_out = left_out;
    let other = sources.iter().find(|own| **own != source);
    if let Some(other) = other.filter(|_| choice.source.is_none()) {
        sheet.compared = two_counts(import, &standing, (source, other), &by_station, choice.poll);
    }
    Ok(sheet)
}

/// Every station that the table names, with or without figures: a register to draw from. Figures are those of the first source, or
/// of the one asked for; title, source and hash are left to the caller.
///
/// # Errors
/// A contest that is not there, or several of which none was chosen.
pub fn register_of_import(import: &Import, choice: &Choice) -> Result<Sheet, InputError> {
    let contest = match contest(import, choice) {
        Err(InputError::Nothing(_)) => None,
        found => Some(found?),
    };
    let source = match &choice.source {
        Some(wanted) => wanted.as_str(),
        None => import.passes.first().map_or("", |pass| pass.source.as_str()),
    };
    let mut by_station = BTreeMap::<usize, Vec<&ProtocolRow>>::new();
    if let Some(contest) = contest {
        let standing = Standing { import, contest };
        for ((station, _), row) in standing.of_source(source, choice.poll) {
            by_station.entry(station).or_default().push(row);
        }
    }
    // With several contests a station without figures is known to belong to this one only if the table says why it has none.
    if import.contests.len() < 2 {
        for station in 0..import.stations.len() {
            by_station.entry(station).or_default();
        }
    }
    for absent in &import.absent {
        by_station.entry(absent.station).or_default();
    }
    let first = || import.lists.first().map_or("", |list| list.contest.as_str());
    let id = contest.and_then(|own| import.contests.get(own)).map_or_else(first, |own| own.id.as_str());
    Ok(sheet(import, id, &by_station, choice))
}

/// Rows without figures, by reason.
fn left_out(import: &Import) -> Vec<(String, u64)> {
    let mut reasons = BTreeMap::<String, u64>::new();
    for refused in &import.refused {
        *reasons.entry(format!("row refused: {}", refused.reason)).or_default() += 1;
    }
    // A part that a station does not have is no reason: only rows that hold nothing at all are counted.
    let whole = import.absent.iter().filter(|absent| absent.pass.is_none() || import.passes.len() == 1);
    for absent in whole {
        *reasons.entry(format!("no protocol: {}", absent.reason)).or_default() += 1;
    }
    reasons.into_iter().collect()
}

fn narrow(figure: u64) -> Option<u32> {
    u32::try_from(figure).ok()
}

fn sheet(import: &Import, contest: &str, stations: &BTreeMap<usize, Vec<&ProtocolRow>>, choice: &Choice) -> Sheet {
    // The sum of what the parts state; absent where none does.
    let sum = |rows: &[&ProtocolRow], column| {
        let stated = rows.iter().filter_map(|row| row.figures.get(column));
        stated.fold(None, |sum: Option<u64>, figure| sum.unwrap_or(0).checked_add(figure)).and_then(narrow)
    };
    let column = |column| stations.values().map(|rows| sum(rows, column)).collect::<Vec<_>>();
    let station = |place: &usize| import.stations.get(*place);
    let units =
        Units { all: import.units.iter().map(|unit| (unit.level.as_str(), unit.name.as_str(), unit.parent)).collect() };
    let places: Vec<usize> = stations.keys().filter_map(station).map(|own| own.unit).collect();
    let named = |id: &str| {
        let own = import.lists.iter().find(|list| list.contest == contest && list.id == id);
        own.map_or_else(|| id.replace('_', " "), |list| list.name.clone())
    };
    let stands = |id: &str| import.lists.iter().any(|list| list.contest == contest && list.id == id);
    let stated = |(_, column): &(String, Vec<Option<u32>>)| column.iter().any(Option::is_some);
    let lines = import.columns.lines().map(|(ix, code)| (code.to_owned(), column(ix)));
    let lists = import.columns.lists().filter(|(_, id)| stands(id));
    Sheet {
        rows: import.rows,
        ids: stations.keys().filter_map(station).map(|own| own.id.clone()).collect(),
        units: import.units.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect(),
        tree: units.tree(),
        region: units.keys(&places, choice.region.as_deref(), true),
        district: units.keys(&places, choice.district.as_deref(), false),
        unit_of: places,
        expected: stations.keys().filter_map(station).map(|own| own.expected.and_then(narrow)).collect(),
        lines: lines.filter(stated).collect(),
        lists: lists.map(|(ix, id)| (id.to_owned(), named(id), column(ix))).collect(),
        ..Sheet::default()
    }
}

/// The figures of one protocol, column by column.
type Row = Vec<Option<u32>>;

/// The two sources of the same ballots, part by part, where both state figures.
fn two_counts(
    import: &Import,
    standing: &Standing<'_>,
    (source, other): (&str, &str),
    stations: &BTreeMap<usize, Vec<&ProtocolRow>>,
    poll: Option<u16>,
) -> Option<(recount_forensics::pairs::Compared, Vec<String>)> {
    let (first, second) = (standing.of_source(source, poll), standing.of_source(other, poll));
    let columns: Vec<_> = import.columns.lines().chain(import.columns.lists()).collect();
    let row =
        |own: &ProtocolRow| columns.iter().map(|(ix, _)| own.figures.get(*ix).and_then(narrow)).collect::<Vec<_>>();
    let places: BTreeMap<usize, usize> = stations.keys().enumerate().map(|(now, station)| (*station, now)).collect();
    let both: BTreeSet<_> = first.keys().filter(|place| second.contains_key(*place)).copied().collect();
    if both.is_empty() {
        return None;
    }
    let figures: Vec<(usize, Row, Row)> = both
        .into_iter()
        .filter_map(|place| Some((*places.get(&place.0)?, row(first.get(&place)?), row(second.get(&place)?))))
        .collect();
    let pairs = figures.iter().map(|(place, a, b)| (*place, a.as_slice(), b.as_slice()));
    let compared = compare(pairs, columns.len());
    Some((compared, columns.into_iter().map(|(_, name)| name.to_owned()).collect()))
}
