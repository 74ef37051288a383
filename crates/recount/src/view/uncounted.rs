//! Stations that are not countable, grouped by reason, with the votes that therefore are not counted.

use std::collections::BTreeMap;

use recount_election::{StationIx, UnitIx};
use recount_tally::claim::ContestIx;
use recount_tally::count::Reason;
use recount_tally::totals::Coverage;
use recount_tally::{Fold, Source, View};

/// Stations with one reason.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// How many.
    pub stations: u64,
    /// Voters on their registers, as far as it says.
    pub voters: u64,
    /// Stations from which figures were received all the same.
    pub received: u64,
    /// Votes in those figures, by list: they are not counted.
    pub votes: BTreeMap<String, u64>,
}

/// A reason: its code, and the code of the ruling's grounds, empty without a ruling.
pub type Key = (&'static str, String);

/// One station that is not countable.
pub struct Uncounted {
    /// The station.
    pub station: StationIx,
    /// The reason.
    pub reason: Reason,
    /// Whether anything was received.
    pub received: bool,
    /// The poll that was looked at.
    pub poll: u16,
    /// Voters on its register.
    pub voters: Option<u64>,
}

/// Every station of a contest (in a unit) that is not countable.
pub fn stations(fold: &Fold, contest: ContestIx, view: View, within: Option<UnitIx>) -> Vec<Uncounted> {
    let register = fold.ledger().register();
    let geography = register.geography();
    let mut found = Vec::new();
    for (_, n) in geography.stations().iter().zip(0u32..) {
        let station = StationIx(n);
        if within.is_some_and(|unit| !geography.station_is_within(station, unit)) || !fold.is_expected(station, contest)
        {
            continue;
        }
        let count = fold.count_station(station, contest, view);
        if let Some(reason) = count.reason {
            let voters = register.voters(station, u64::from(count.poll));
            found.push(Uncounted { station, reason, received: count.received, poll: count.poll, voters });
        }
    }
    found
}

/// The grounds of the ruling behind a reason; empty without a ruling.
pub fn grounds(fold: &Fold, reason: Reason) -> String {
    let ruling = reason.ruling().and_then(|index| fold.rulings().get(&index));
    ruling.map_or_else(String::new, |state| state.ruling.reason.clone())
}

/// The same stations by reason; `coverage` is that of the contest in the unit.
pub fn groups(
    fold: &Fold,
    contest: ContestIx,
    view: View,
    within: Option<UnitIx>,
    coverage: &Coverage,
) -> BTreeMap<Key, Group> {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    // The stations of a large record are not all visited again to find none.
    if coverage.countable == coverage.expected {
        return groups;
    }
    for own in stations(fold, contest, view, within) {
        let group = groups.entry((own.reason.code(), grounds(fold, own.reason))).or_default();
        group.stations += 1;
        group.voters = group.voters.saturating_add(own.voters.unwrap_or(0));
        if own.received {
            group.received += 1;
            add_votes(fold, contest, view, &own, &mut group.votes);
        }
    }
    groups
}

/// Adds the votes of the last protocol in each place of the view's source.
fn add_votes(fold: &Fold, contest: ContestIx, view: View, own: &Uncounted, votes: &mut BTreeMap<String, u64>) {
    let source = match view.source {
        Source::Only(source) => Some(source),
        Source::Deciding => fold.deciding_source(),
        Source::Copies => None,
    };
    let (Some(source), Some(state), Some(contest_state)) = (source, fold.station(own.station), fold.contest(contest))
    else {
        return;
    };
    let mut last = BTreeMap::new();
    for claim in &state.claims {
        if claim.slot.contest == contest && claim.slot.poll == own.poll && claim.slot.source == source {
            last.insert(claim.slot, &claim.figures);
        }
    }
    for figures in last.values() {
        for (column, id) in contest_state.columns.lists() {
            if let Some(n) = figures.get(column) {
                let sum = votes.entry(id.to_owned()).or_insert(0);
                *sum = sum.saturating_add(n);
            }
        }
    }
}
