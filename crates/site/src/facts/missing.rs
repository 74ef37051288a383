//! Stations that are not countable by law, and what they can still change.

use std::collections::BTreeMap;

use recount_election::{StationIx, UnitIx};
use recount_seats::{Possible, Refusal, Tally, what_missing_can_change};
use recount_tally::claim::ContestIx;
use recount_tally::count::Reason;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, View};

use super::stations;
use crate::counts::{ContestCounts, Count};

/// A station whose figures do not count in a contest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MissingStation {
    pub station: StationIx,
    pub contest: ContestIx,
    pub reason: Reason,
    /// Voters on its register, where known.
    pub voters: Option<u64>,
    /// Where nothing came of it: the statement by which half of the stations of its unit had come. Since then it is late.
    pub late: Option<u64>,
}

/// All of them, with what they can change.
#[derive(Debug)]
pub(crate) struct MissingStations {
    /// In the order of the register.
    pub stations: Vec<MissingStation>,
    /// What could turn; `None` where the rulebook gives no seats or nothing is counted yet.
    pub possible: Option<Result<Vec<Possible>, Refusal>>,
    /// Stations and electors as the rulebook reads them.
    pub told: (u64, u64),
}

impl MissingStations {
    pub(crate) fn of(fold: &Fold, contests: &[ContestCounts]) -> MissingStations {
        let counts = || contests.iter().filter_map(|own| own.counts.iter().find(|count| count.decides));
        let mut found = Vec::new();
        let mut halves = BTreeMap::new();
        for count in counts().filter(|count| count.whole.coverage.countable < count.whole.coverage.expected) {
            for station in stations(fold).filter(|station| fold.is_expected(*station, count.contest)) {
                let own = fold.count_station(station, count.contest, View::LAW);
                let Some(reason) = own.reason else { continue };
                let voters = fold.ledger().register().voters(station, u64::from(own.poll));
                let late = if own.received { None } else { late(fold, &mut halves, station, count.contest) };
                found.push(MissingStation { station, contest: count.contest, reason, voters, late });
            }
        }
        let tally = tally(fold, &counts().collect::<Vec<_>>());
        let told = tally.as_ref().map_or((0, 0), |tally| {
            let stations = tally.missing.iter().fold(0u64, |sum, own| sum.saturating_add(own.stations));
            let electors = tally.missing.iter().filter_map(|own| own.expected_voters);
            (stations, electors.fold(0u64, u64::saturating_add))
        });
        let possible = fold.law().zip(tally).and_then(|(law, tally)| {
            let counted = tally.totals.iter().any(|total| total.votes.values().any(|votes| *votes > 0));
            let asked = told.0 > 0 && counted && !law.rulebook.stages.is_empty();
            asked.then(|| what_missing_can_change(&law.rulebook, &tally))
        });
        MissingStations { stations: found, possible, told }
    }
}

/// The statement by which half of the stations of a station's unit had come; none while fewer have.
fn late(
    fold: &Fold,
    halves: &mut BTreeMap<(ContestIx, UnitIx), Option<u64>>,
    station: StationIx,
    contest: ContestIx,
) -> Option<u64> {
    let geography = fold.ledger().register().geography();
    let unit = geography.station(station)?.unit;
    *halves.entry((contest, unit)).or_insert_with(|| {
        let expected = geography.stations_within(unit).into_iter().filter(|own| fold.is_expected(*own, contest));
        let mut came: Vec<Option<u64>> = expected.map(|own| first(fold, own, contest)).collect();
        let half = came.len().div_ceil(2).checked_sub(1)?;
        // Those that have not come stand last.
        came.sort_unstable_by_key(|index| index.unwrap_or(u64::MAX));
        came.get(half).copied().flatten()
    })
}

/// The first protocol of a station in a contest.
fn first(fold: &Fold, station: StationIx, contest: ContestIx) -> Option<u64> {
    let claims = &fold.station(station)?.claims;
    claims.iter().filter(|claim| claim.slot.contest == contest).map(|claim| claim.index).min()
}

fn tally(fold: &Fold, by_law: &[&Count]) -> Option<Tally> {
    let rulebook = fold.rulebook_contests();
    let totals = by_law.iter().filter(|count| rulebook.contains(&count.contest));
    let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.map(|count| (count.contest, &count.totals)).collect();
    fold.tally_of(&borrowed).ok()
}
