//! What a reader can check: published figures against the record, copies, sources, controls, turnout.

use std::collections::BTreeMap;

use recount_kg2020::{round_half_up, truncate};
use recount_tally::Fold;
use serde::Serialize;

use super::count::{name, totals};
use super::{Notes, contest, only};
use crate::error::{CliError, Outcome};

/// Everything that was checked.
#[derive(Debug, Serialize)]
pub struct Checks {
    /// Published figures of the country that the record's totals meet, and how many were published.
    pub published: (u64, u64),
    /// Published shares and turnouts of regions that hold, and how many were published.
    pub published_in_regions: (u64, u64),
    /// Stations missing from the hand count, as printed.
    pub hand_missing_printed: u64,
    /// The regions.
    pub regions: Vec<Region>,
    /// Stations with a machine count and a hand count.
    pub both_counts: u64,
    /// Of them, those where the two differ.
    pub counts_differ: u64,
    /// Observers' copies.
    pub copies: u64,
    /// Copies that differ from the protocol.
    pub copies_differ: u64,
    /// One copy that differs: station, list, votes in the protocol, votes in the copy.
    pub copy_example: Option<(String, String, u64, u64)>,
    /// Stations with a broken control.
    pub control_stations: u64,
    /// Broken controls by code.
    pub controls: BTreeMap<String, u64>,
    /// One broken control: station, formula, the formula with the figures put in.
    pub control_example: Option<(String, String, String)>,
}

/// One region by the machine count.
#[derive(Debug, Serialize)]
pub struct Region {
    /// Name.
    pub name: String,
    /// Whether the 0.7 % test applies.
    pub tested: bool,
    /// Countable stations, stations on the register.
    pub stations: (u64, u64),
    /// Voters who took part, voters on the register.
    pub turnout: (u64, u64),
    /// Whether the shares of lists here were published; if not they are synthetic, and so is the 0.7 % test.
    pub shares_published: bool,
    /// The admitted list with the fewest votes here, and its votes.
    pub weakest: Option<(String, u64)>,
}

/// A turnout as announced.
#[derive(Debug, Serialize)]
pub struct Turnout {
    /// Seconds since 1970.
    pub time: u64,
    /// The announced total.
    pub voted: u64,
    /// Share printed, in hundredths of a percent.
    pub printed_share: Option<u64>,
    /// Sum of the regions announced with it, if any were.
    pub sum_of_regions: Option<u64>,
}

/// Announced turnouts, each with the sum of the regions announced with it.
pub fn turnout(fold: &Fold) -> Vec<Turnout> {
    let all = &fold.events().turnouts;
    all.iter()
        .filter(|one| one.what.of == "*")
        .map(|whole| {
            let parts: Vec<u64> = all
                .iter()
                .filter(|one| one.what.of != "*" && one.what.time == whole.what.time)
                .map(|one| one.what.voted)
                .collect();
            Turnout {
                time: whole.what.time,
                voted: whole.what.voted,
                printed_share: whole.what.printed_share,
                sum_of_regions: (!parts.is_empty()).then(|| parts.iter().sum()),
            }
        })
        .collect()
}

/// Everything that can be checked at the briefing; copies of the following hours come with the whole record.
pub fn checks(fold: &Fold, whole: &Fold, notes: &Notes<'_>) -> Outcome<Checks> {
    let ix = contest(fold)?;
    let word = |source: &str| {
        fold.sources()
            .find(source)
            .ok_or_else(|| CliError::No(format!("nothing was filed from the source \"{source}\"")))
    };
    let counts = fold.compare_sources(ix, word("machine")?, word("hand")?);
    let copies = whole.compare_copies(ix);
    let geography = whole.ledger().register().geography();
    let station = |at| geography.station(at).map_or(String::new(), |station| station.id.clone());
    let copy_example = copies.differing.first().and_then(|one| {
        let of_a_list = |(column, a, b): &(String, u64, u64)| Some((column.strip_prefix("votes.")?.to_owned(), *a, *b));
        let (list, protocol, copy) = one.columns.iter().find_map(of_a_list)?;
        Some((station(one.station), name(whole, &list), protocol, copy))
    });
    let broken = fold.broken_controls();
    let mut controls: BTreeMap<String, u64> = BTreeMap::new();
    for one in &broken {
        *controls.entry(one.control.code.clone()).or_default() += 1;
    }
    let stations: std::collections::BTreeSet<_> = broken.iter().map(|one| one.station).collect();
    let control_example =
        broken.first().map(|one| (station(one.station), one.control.formula.to_string(), one.figures.clone()));
    let (regions, published_in_regions) = regions(fold, notes)?;
    Ok(Checks {
        published: published(fold, notes)?,
        published_in_regions,
        hand_missing_printed: notes.figure("briefing", "hand_missing_printed"),
        regions,
        both_counts: counts.compared,
        counts_differ: counts.differing.len() as u64,
        copies: copies.compared,
        copies_differ: copies.differing.len() as u64,
        copy_example,
        control_stations: stations.len() as u64,
        controls,
        control_example,
    })
}

/// How many of the published figures of the country the totals meet.
fn published(fold: &Fold, notes: &Notes<'_>) -> Outcome<(u64, u64)> {
    let said = notes.figures("briefing");
    let machine = super::count::count(fold, only(fold, "machine")?)?;
    let hand = super::count::count(fold, only(fold, "hand")?)?;
    let votes = |count: &super::Count, list: &str| match list {
        recount_election::AGAINST_ALL => Some(count.against_all),
        list => count.parties.iter().find(|party| party.id == list).map(|party| party.votes),
    };
    let (mut held, mut of) = (0, 0);
    for (key, figure) in &said {
        let holds = match key.split_once('.') {
            Some(("machine", list)) => votes(&machine, list) == Some(*figure),
            Some(("hand_hundredths", list)) => {
                votes(&hand, list).and_then(|n| round_half_up(n, hand.took_part, 2)) == Some(u128::from(*figure))
            }
            Some(("hand_tenths", list)) => {
                votes(&hand, list).and_then(|n| truncate(n, hand.took_part, 1)) == Some(u128::from(*figure))
            }
            _ => match key.as_str() {
                "took_part" => machine.took_part == *figure,
                "hand_stations" => hand.stations == *figure,
                "without_machine_count" => machine.expected - machine.stations.min(machine.expected) == *figure,
                _ => continue,
            },
        };
        of += 1;
        held += u64::from(holds);
    }
    Ok((held, of))
}

/// The regions by the machine count, and how many of their published figures hold.
fn regions(fold: &Fold, notes: &Notes<'_>) -> Outcome<(Vec<Region>, (u64, u64))> {
    let view = only(fold, "machine")?;
    let totals = totals(fold, view)?;
    let state = fold.contest(contest(fold)?).ok_or_else(|| CliError::No("no contest".to_owned()))?;
    let count = super::count::count(fold, view)?;
    let admitted: Vec<&super::Party> = count.parties.iter().filter(|party| party.admitted).collect();
    let said = notes.units("published-unit");
    let (mut held, mut of) = (0, 0);
    let mut regions = Vec::new();
    let geography = fold.ledger().register().geography();
    for (ix, total) in &totals {
        let Some(unit) = geography.unit(*ix).filter(|unit| unit.level == "region") else { continue };
        let took_part = total.sums.line(&state.columns, "voters_took_part").unwrap_or(0);
        let votes = |list: &str| total.sums.list(&state.columns, list).unwrap_or(0);
        let published = said.get(&unit.id);
        for (key, figure) in published.into_iter().flatten() {
            let share = match key.strip_prefix("share.") {
                Some(list) => round_half_up(votes(list), took_part, 2),
                None => round_half_up(took_part, total.coverage.voters, 2),
            };
            of += 1;
            held += u64::from(share == Some(u128::from(*figure)));
        }
        let weakest = admitted.iter().map(|party| (party.name.clone(), votes(&party.id))).min_by_key(|(_, n)| *n);
        regions.push(Region {
            name: unit.name.clone(),
            tested: !unit.attributes.contains_key("abroad"),
            stations: (total.coverage.countable, total.coverage.expected),
            turnout: (took_part, total.coverage.voters),
            shares_published: published.is_some_and(|figures| figures.keys().any(|key| key.starts_with("share."))),
            weakest: weakest.filter(|_| took_part > 0),
        });
    }
    Ok((regions, (held, of)))
}
