//! Turnout statements, and where they contradict themselves or each other. They are shown, never smoothed and never counted.

use std::collections::BTreeMap;

use recount_election::calendar::moment;
use recount_record::statement::Turnout;
use recount_tally::Fold;
use recount_tally::fold::Event;
use serde_json::{Value, json};

use crate::show::{self, Align, Table};

/// Statements shown to people; all are in `--json`.
const SHOWN: usize = 24;
/// Contradictions shown to people.
const FINDINGS_SHOWN: usize = 12;

/// The level of what a statement is about; the whole has none, a station "station".
fn level(fold: &Fold, of: &str) -> Option<String> {
    let geography = fold.ledger().register().geography();
    match geography.unit_ix(of) {
        Some(ix) if Some(ix) == geography.root() => None,
        Some(ix) => geography.unit(ix).map(|unit| unit.level.clone()),
        None if of == "*" => None,
        None => Some("station".to_owned()),
    }
}

/// Contradictions, each with the statements behind it.
pub fn contradictions(fold: &Fold) -> Vec<(Vec<u64>, String)> {
    let all = &fold.events().turnouts;
    let mut found = Vec::new();
    for event in all {
        found.extend(within(event).into_iter().map(|says| (vec![event.index], says)));
    }
    parts_against_whole(fold, &mut found);
    falling(all, &mut found);
    found.sort();
    found
}

/// A statement against itself.
fn within(event: &Event<Turnout>) -> Vec<String> {
    let said = &event.what;
    let n = show::number;
    let mut found = Vec::new();
    let Some(registered) = said.registered else { return found };
    if said.voted > registered {
        found.push(format!("{}: {} took part of {} registered.", said.of, n(said.voted), n(registered)));
    }
    if let Some(printed) = said.printed_share.filter(|_| registered > 0)
        && !rounds_to(said.voted, registered, printed)
    {
        let own = show::percent(said.voted, registered);
        found.push(format!(
            "{}: prints {}.{:02} %, but {} of {} are {own}.",
            said.of,
            printed / 100,
            printed % 100,
            n(said.voted),
            n(registered)
        ));
    }
    found
}

/// Whether a share in ten-thousandths is `part` of `whole`, rounded or cut off, to two decimals, one, or none.
fn rounds_to(part: u64, whole: u64, printed: u64) -> bool {
    let (part, whole, printed) = (u128::from(part), u128::from(whole), u128::from(printed));
    [1u128, 10, 100].into_iter().any(|step| {
        let cut = part * 10_000 / (whole * step) * step;
        let half_up = (2 * part * 10_000 + whole * step) / (2 * whole * step) * step;
        printed == cut || printed == half_up
    })
}

/// The units of one level against the whole announced at the same time.
fn parts_against_whole(fold: &Fold, found: &mut Vec<(Vec<u64>, String)>) {
    let geography = fold.ledger().register().geography();
    let mut wholes: BTreeMap<(u64, u64), &Event<Turnout>> = BTreeMap::new();
    let mut parts: BTreeMap<(u64, u64, String), BTreeMap<&str, &Event<Turnout>>> = BTreeMap::new();
    for event in &fold.events().turnouts {
        let said = &event.what;
        match level(fold, &said.of) {
            None => {
                wholes.insert((said.poll, said.time), event);
            }
            Some(level) => {
                parts.entry((said.poll, said.time, level)).or_default().insert(&said.of, event);
            }
        }
    }
    for ((poll, time, level), parts) in &parts {
        let Some(whole) = wholes.get(&(*poll, *time)) else { continue };
        let of_level = geography.units().iter().filter(|unit| unit.level == *level).count();
        let sum = parts.values().fold(0u64, |sum, event| sum.saturating_add(event.what.voted));
        let complete = of_level > 0 && parts.len() >= of_level;
        let said = whole.what.voted;
        if sum > said || (complete && sum != said) {
            let indices = std::iter::once(whole.index).chain(parts.values().map(|event| event.index)).collect();
            let (more, by) = if sum > said { ("more", sum - said) } else { ("fewer", said - sum) };
            let which = if complete {
                format!("all {} units of level {level}", parts.len())
            } else {
                format!("{} of {of_level} units of level {level}", parts.len())
            };
            let (sum, said, by) = (show::number(sum), show::number(said), show::number(by));
            found.push((
                indices,
                format!("{}: {which} sum to {sum}, {by} {more} than the {said} announced with them.", stamp(*time)),
            ));
        }
    }
}

/// A later figure of the same place that is lower.
fn falling(all: &[Event<Turnout>], found: &mut Vec<(Vec<u64>, String)>) {
    let mut last: BTreeMap<(u64, &str), Vec<&Event<Turnout>>> = BTreeMap::new();
    for event in all {
        last.entry((event.what.poll, &event.what.of)).or_default().push(event);
    }
    for events in last.values_mut() {
        events.sort_by_key(|event| (event.what.time, event.index));
        for pair in events.windows(2) {
            let [a, b] = pair else { continue };
            if b.what.time > a.what.time && b.what.voted < a.what.voted {
                let (x, y) = (show::number(a.what.voted), show::number(b.what.voted));
                let (from, to) = (stamp(a.what.time), stamp(b.what.time));
                found.push((vec![a.index, b.index], format!("{}: fell from {x} ({from}) to {y} ({to}).", a.what.of)));
            }
        }
    }
}

/// A time for people: 2020-10-04 06:00 UTC; the number of seconds where no calendar has it.
pub fn stamp(seconds: u64) -> String {
    moment(seconds).map_or_else(
        || seconds.to_string(),
        |at| format!("{}-{:02}-{:02} {:02}:{:02} UTC", at.year, at.month, at.day, at.hour, at.minute),
    )
}

/// Prints turnout statements about the whole and its units, and every contradiction.
pub fn print(fold: &Fold) {
    let all = &fold.events().turnouts;
    if all.is_empty() {
        return;
    }
    show::heading(&format!("Turnout statements: {} (as claimed; never counted)", show::number(all.len() as u64)));
    let mut table = Table::new(&[
        ("time claimed", Align::Left),
        ("of", Align::Left),
        ("voted", Align::Right),
        ("registered", Align::Right),
        ("printed", Align::Right),
        ("statement", Align::Right),
    ]);
    let of_units: Vec<&Event<Turnout>> =
        all.iter().filter(|event| level(fold, &event.what.of).is_none_or(|level| level != "station")).collect();
    for event in of_units.iter().take(SHOWN) {
        let said = &event.what;
        let printed =
            said.printed_share.map_or_else(String::new, |share| format!("{}.{:02} %", share / 100, share % 100));
        table.row([
            stamp(said.time),
            said.of.clone(),
            show::number(said.voted),
            show::figure(said.registered),
            printed,
            event.index.to_string(),
        ]);
    }
    table.print();
    if of_units.len() > SHOWN {
        show::paragraph(format!(
            "... and {} more: --json has all of them.",
            show::number((of_units.len() - SHOWN) as u64)
        ));
    }
    let found = contradictions(fold);
    for (_, says) in found.iter().take(FINDINGS_SHOWN) {
        show::item(format!("CONTRADICTION: {says}"));
    }
    if found.len() > FINDINGS_SHOWN {
        show::item(format!("{} contradictions in all: --json has every one.", show::number(found.len() as u64)));
    }
}

/// The same for scripts.
pub fn json(fold: &Fold) -> Value {
    let each = fold.events().turnouts.iter().map(|event| {
        let said = &event.what;
        json!({
            "statement": event.index, "of": said.of, "poll": said.poll, "time": said.time, "voted": said.voted,
            "registered": said.registered, "stations": said.stations, "printed_share_in_ten_thousandths": said.printed_share,
        })
    });
    let found = contradictions(fold);
    let found = found.iter().map(|(statements, says)| json!({ "statements": statements, "says": says }));
    json!({ "statements": each.collect::<Vec<_>>(), "contradictions": found.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_shares_may_be_rounded_or_cut() {
        assert!(rounds_to(1_990_753, 3_523_554, 5_649));
        assert!(rounds_to(1_990_753, 3_523_554, 5_650));
        assert!(rounds_to(1_990_753, 3_523_554, 5_600));
        assert!(rounds_to(1_990_753, 3_523_554, 5_640));
        assert!(!rounds_to(1_990_753, 3_523_554, 5_660));
        assert!(!rounds_to(1_990_753, 3_523_554, 5_800));
    }

    #[test]
    fn times_are_of_the_calendar_where_it_reaches() {
        assert_eq!(stamp(1_601_769_600), "2020-10-04 00:00 UTC");
        assert_eq!(stamp(u64::MAX), u64::MAX.to_string());
    }
}
