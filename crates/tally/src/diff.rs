//! The difference between two sizes of one record, by cause.

use std::collections::BTreeMap;

use recount_election::StationIx;

use crate::claim::ContestIx;
use crate::count::{StationCount, View};
use crate::effects::Force;
use crate::fold::Fold;
use crate::turned::{Turned, overturners};

/// Why a station's contribution changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its first countable figures came.
    New,
    /// The same office filed other figures.
    Superseded,
    /// A ruling: annulment, correction, exclusion, recount, repetition, or the end of one.
    Ruling,
    /// Something else: a part came, the register or the law changed.
    Other,
}

impl Cause {
    /// A word for scripts and tables.
    pub fn name(self) -> &'static str {
        match self {
            Cause::New => "new",
            Cause::Superseded => "superseded",
            Cause::Ruling => "ruling",
            Cause::Other => "other",
        }
    }
}

/// One station whose contribution differs between the two sizes.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The station.
    pub station: StationIx,
    /// Why.
    pub cause: Cause,
    /// Indices of the statements between the two sizes that did it.
    pub statements: Vec<u64>,
    /// What it contributed before.
    pub before: StationCount,
    /// What it contributes now.
    pub after: StationCount,
    /// Columns that differ: before, now; absent where not stated.
    pub columns: Vec<(String, Option<u64>, Option<u64>)>,
}

impl Changed {
    /// Whether votes changed, and not only lines.
    pub fn in_votes(&self) -> bool {
        self.columns.iter().any(|(name, _, _)| name.starts_with("votes."))
    }
}

/// Everything that changed in one contest.
#[derive(Debug, Clone, Default)]
pub struct Difference {
    /// Stations in order of the register.
    pub stations: Vec<Changed>,
    /// Sum of the changes per column: what came, and what went.
    pub sums: BTreeMap<String, (u64, u64)>,
}

impl Difference {
    /// Stations by cause.
    pub fn by_cause(&self) -> BTreeMap<Cause, u64> {
        let mut causes = BTreeMap::new();
        for changed in &self.stations {
            *causes.entry(changed.cause).or_default() += 1;
        }
        causes
    }
}

/// What changed in a contest between an earlier and a later fold of the same record.
pub fn between(earlier: &Fold, later: &Fold, contest: &str, view: View) -> Difference {
    let mut difference = Difference::default();
    let Some(now_ix) = later.contest_ix(contest) else { return difference };
    let then_ix = earlier.contest_ix(contest);
    let turned = Turned::between(earlier, later);
    for station in later.station_numbers() {
        let expected = |fold: &Fold, ix: Option<ContestIx>| ix.is_some_and(|ix| fold.is_expected(station, ix));
        let was_listed = earlier.ledger().register().geography().station(station).is_some();
        let was_expected = was_listed && expected(earlier, then_ix);
        if !(was_expected || expected(later, Some(now_ix))) {
            continue;
        }
        let before = match then_ix {
            Some(ix) if was_listed => earlier.count_station(station, ix, view),
            _ => later_nothing(),
        };
        let after = later.count_station(station, now_ix, view);
        let columns = columns(earlier, later, then_ix, now_ix, &before, &after);
        if columns.is_empty() && before.reason == after.reason {
            continue;
        }
        for (name, x, y) in &columns {
            let (came, went) = difference.sums.entry(name.clone()).or_default();
            *came = came.saturating_add(y.unwrap_or(0).saturating_sub(x.unwrap_or(0)));
            *went = went.saturating_add(x.unwrap_or(0).saturating_sub(y.unwrap_or(0)));
        }
        let mut statements = statements(earlier.size(), later, station, now_ix, &after, &before);
        statements.extend(turned.at(later, station, now_ix));
        statements.sort_unstable();
        statements.dedup();
        let cause = cause(later, &before, &after, &statements);
        difference.stations.push(Changed { station, cause, statements, before, after, columns });
    }
    difference
}

fn later_nothing() -> StationCount {
    StationCount {
        poll: 1,
        figures: None,
        reason: Some(crate::count::Reason::Missing),
        received: false,
        rivals: 0,
        suspect: false,
        by_ruling: None,
    }
}

fn columns(
    earlier: &Fold,
    later: &Fold,
    then_ix: Option<ContestIx>,
    now_ix: ContestIx,
    before: &StationCount,
    after: &StationCount,
) -> Vec<(String, Option<u64>, Option<u64>)> {
    let Some(now) = later.contest(now_ix) else { return Vec::new() };
    let then = then_ix.and_then(|ix| earlier.contest(ix));
    let lines = now.columns.lines().map(|(ix, code)| (ix, code, false));
    let lists = now.columns.lists().map(|(ix, id)| (ix, id, true));
    let mut changed = Vec::new();
    for (ix, name, is_vote) in lines.chain(lists) {
        let y = after.figures.as_ref().and_then(|figures| figures.get(ix));
        let x = then.zip(before.figures.as_ref()).and_then(|(state, figures)| {
            if is_vote { figures.votes(&state.columns, name) } else { figures.line(&state.columns, name) }
        });
        if x != y {
            let name = if is_vote { format!("votes.{name}") } else { name.to_owned() };
            changed.push((name, x, y));
        }
    }
    changed
}

fn statements(
    from: u64,
    later: &Fold,
    station: StationIx,
    contest: ContestIx,
    after: &StationCount,
    before: &StationCount,
) -> Vec<u64> {
    let claims = later.station(station).map_or(&[][..], |state| &state.claims);
    let filed = claims.iter().filter(|claim| claim.slot.contest == contest && claim.index >= from);
    let mut indices: Vec<u64> = filed.map(|claim| claim.index).collect();
    let rulings = [after.by_ruling, after.reason.and_then(|reason| reason.ruling())];
    indices.extend(rulings.into_iter().flatten().filter(|ruling| *ruling >= from));
    // What ended a ruling's effect, or brought it back, are the rulings that speak of it.
    let ended = [before.by_ruling, before.reason.and_then(|reason| reason.ruling())];
    let now = rulings.into_iter().flatten().filter(|ruling| *ruling < from);
    let turned = ended.into_iter().flatten().filter(|ended| !in_force(later, *ended)).chain(now);
    indices.extend(turned.flat_map(|ruling| overturners(later, ruling, from)));
    indices
}

fn in_force(fold: &Fold, ruling: u64) -> bool {
    fold.rulings().get(&ruling).is_some_and(|state| state.force == Force::InForce)
}

fn cause(later: &Fold, before: &StationCount, after: &StationCount, statements: &[u64]) -> Cause {
    if statements.iter().any(|index| later.rulings().contains_key(index)) || before.poll != after.poll {
        return Cause::Ruling;
    }
    match (before.received, after.received) {
        (false, true) => Cause::New,
        (true, true) if before.reason.is_none() && after.reason.is_none() => Cause::Superseded,
        _ => Cause::Other,
    }
}
