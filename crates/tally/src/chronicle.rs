//! What a record was like at every size: shares over time, and what each change did to votes and seats.
//!
//! A fold knows how things stand. One that [keeps a chronicle](Fold::keep_chronicle) also looks before and after every statement that
//! changes something: where pages tell what each change did, and how shares came about. Like the fold, a chronicle is a pure
//! function of the entries. It costs a little with every statement, so only those keep one who show it.

use std::collections::BTreeMap;

use crate::claim::{ContestIx, Slot};
use crate::count::View;
use crate::fold::{Blobs, Fold};
use crate::totals::UnitTotal;
use recount_election::StationIx;
use recount_record::ledger::Signed;
use recount_record::statement::Protocol;
use recount_record::{Entry, EntryError, Kind};

/// Points of the timeline that are kept at most; beyond, every other one goes.
const POINTS: usize = 512;
/// Changes of which the seats before and after are computed; each costs two allocations.
const WITH_SEATS: usize = 400;

/// The count by law at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The size.
    pub size: u64,
    /// Stations that count in the first contest.
    pub countable: u64,
    /// Votes by list, as far as stated.
    pub votes: Vec<(String, u64)>,
    /// Lines by code, as far as stated.
    pub lines: Vec<(String, u64)>,
}

/// What kind of change a statement was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The same office replaced its own figures.
    Correction,
    /// Somebody says something else than what stands.
    Conflict,
    /// The same figures again, by other hands.
    Agreement,
    /// A ruling.
    Ruling,
    /// A body declared a result.
    Declaration,
    /// A lot was drawn.
    Lot,
    /// A key was revoked.
    Revocation,
    /// A change of the register after polling opened.
    Register,
    /// The statement has no effect.
    Void,
}

impl ChangeKind {
    /// A word for messages and styles.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Correction => "correction",
            ChangeKind::Conflict => "conflict",
            ChangeKind::Agreement => "agreement",
            ChangeKind::Ruling => "ruling",
            ChangeKind::Declaration => "declaration",
            ChangeKind::Lot => "lot",
            ChangeKind::Revocation => "revocation",
            ChangeKind::Register => "register",
            ChangeKind::Void => "void",
        }
    }
}

/// One column of a total that a change moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The contest.
    pub contest: ContestIx,
    /// A line's code or a list's id.
    pub name: String,
    /// Whether it is a list.
    pub is_list: bool,
    /// Before; `None` if nobody had stated it.
    pub before: Option<u64>,
    /// After.
    pub after: Option<u64>,
}

/// A statement that changed something, or tried to, and what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Index of the statement.
    pub index: u64,
    /// What it was.
    pub kind: ChangeKind,
    /// The station that it is about, if one.
    pub station: Option<StationIx>,
    /// Columns of the whole, in the count by law, that moved.
    pub moved: Vec<Moved>,
    /// Countable stations of the first contest, before and after.
    pub countable: (u64, u64),
    /// By how many the countable stations of a contest changed, where they did.
    pub gained: Vec<(ContestIx, i128)>,
    /// Seats before and after, where they were computed and differ.
    pub seats: Option<(BTreeMap<String, u64>, BTreeMap<String, u64>)>,
    /// Whether the seats were computed.
    pub seats_computed: bool,
}

/// The chronicle of a record up to the size of its fold.
#[derive(Debug, Clone, Default)]
pub struct Chronicle {
    points: Vec<Point>,
    stride: u64,
    changes: Vec<Change>,
    clocks: Vec<(u64, u64)>,
    started: bool,
    with_seats: usize,
}

/// The totals of the whole, by law.
#[derive(Debug, Default)]
struct Snapshot {
    sums: Vec<(ContestIx, u64, Vec<Option<u64>>)>,
    seats: Option<BTreeMap<String, u64>>,
}

impl Chronicle {
    /// An empty chronicle, for a fold of nothing.
    pub(crate) fn new() -> Chronicle {
        Chronicle { stride: 1, ..Chronicle::default() }
    }

    /// The timeline, by size.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Changes, by index.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The log's clock at a size, in seconds since 1970: the last one that was stated before it.
    pub fn clock_at(&self, size: u64) -> Option<u64> {
        let upto = self.clocks.partition_point(|(index, _)| *index < size);
        self.clocks.get(upto.checked_sub(1)?).map(|(_, time)| *time)
    }

    /// Folds one entry, and remembers what it did.
    pub(crate) fn push(
        &mut self,
        fold: &mut Fold,
        entry: Result<Entry<'_>, EntryError>,
        signed: Signed,
        blobs: &dyn Blobs,
    ) {
        let index = fold.size();
        let kind = entry.as_ref().ok().and_then(|entry| self.kind(fold, &entry.statement.kind));
        // A protocol for a place whose earlier ones were excluded moves totals too.
        let moves = kind.is_some();
        let seats = matches!(kind, Some(ChangeKind::Correction | ChangeKind::Ruling | ChangeKind::Lot));
        let counted = seats && self.with_seats < WITH_SEATS;
        let before = if moves { Snapshot::of(fold, counted) } else { Snapshot::default() };
        let clock = match entry.as_ref().map(|entry| &entry.statement.kind) {
            Ok(Kind::Clock(clock)) => Some(clock.time),
            _ => None,
        };
        let is_protocol = entry.as_ref().is_ok_and(|entry| matches!(entry.statement.kind, Kind::Protocol(_)));
        let void = fold.push_unseen(entry, signed, blobs).is_some();
        self.started |= is_protocol && !void;
        self.clocks.extend(clock.filter(|_| !void).map(|time| (index, time)));
        if let Some(kind) = if void { Some(ChangeKind::Void) } else { kind } {
            // What is void moved nothing.
            let (before, after) =
                if moves && !void { (before, Snapshot::of(fold, counted)) } else { Default::default() };
            self.with_seats += usize::from(counted);
            self.changes.push(change(fold, index, kind, before, after, moves && !void));
        }
        self.point(fold);
    }

    /// What a statement will be if it takes effect; `None` for what changes nothing that was there.
    fn kind(&self, fold: &Fold, kind: &Kind<'_>) -> Option<ChangeKind> {
        match kind {
            Kind::Protocol(protocol) => again(fold, protocol),
            Kind::Ruling(_) => Some(ChangeKind::Ruling),
            Kind::Declaration(_) => Some(ChangeKind::Declaration),
            Kind::Lot(_) => Some(ChangeKind::Lot),
            Kind::Revocation(_) => Some(ChangeKind::Revocation),
            Kind::Register(_) if self.started => Some(ChangeKind::Register),
            _ => None,
        }
    }

    /// Adds a point where one is due; when there are too many, every other one goes.
    fn point(&mut self, fold: &mut Fold) {
        let size = fold.size();
        self.stride = self.stride.max(1);
        if !self.started || !size.is_multiple_of(self.stride) {
            return;
        }
        self.points.extend(Point::of(fold));
        if self.points.len() > POINTS {
            self.stride = self.stride.saturating_mul(2);
            let stride = self.stride;
            self.points.retain(|point| point.size.is_multiple_of(stride));
        }
    }
}

/// A protocol for a place from which there is one already.
fn again(fold: &Fold, protocol: &Protocol<'_>) -> Option<ChangeKind> {
    let station = fold.ledger().register().geography().station_ix(&protocol.station)?;
    let contest = fold.contest_ix(&protocol.contest)?;
    let source = fold.sources().find(&protocol.source)?;
    let part = match &protocol.part {
        Some(part) => Some(fold.parts().find(part)?),
        None => None,
    };
    let same = |slot: Slot| {
        slot.contest == contest && slot.source == source && slot.part == part && u64::from(slot.poll) == protocol.poll
    };
    let there = fold.station(station)?.claims.iter().any(|claim| same(claim.slot));
    let kind = if protocol.supersedes.is_some() { ChangeKind::Correction } else { ChangeKind::Conflict };
    there.then_some(kind)
}

impl Point {
    /// The first contest by law as it stands.
    fn of(fold: &mut Fold) -> Option<Point> {
        let contest = fold.contests().next().map(|(contest, _)| contest)?;
        let unit = fold.ledger().register().geography().root()?;
        let total = fold.keep_totals(contest, View::LAW).ok()?.get(&unit)?.clone();
        Some(Point::made(fold, contest, &total))
    }

    /// The point of a total of the whole that was made already.
    pub fn made(fold: &Fold, contest: ContestIx, total: &UnitTotal) -> Point {
        let mut point =
            Point { size: fold.size(), countable: total.coverage.countable, votes: Vec::new(), lines: Vec::new() };
        if let Some(state) = fold.contest(contest) {
            let stated = |column: recount_election::ColumnIx| total.sums.at(column.index());
            let lists = state.columns.lists().filter_map(|(column, id)| Some((id.to_owned(), stated(column)?)));
            point.votes.extend(lists);
            let lines = state.columns.lines().filter_map(|(column, code)| Some((code.to_owned(), stated(column)?)));
            point.lines.extend(lines);
        }
        point
    }

    /// The votes of a list at this size.
    pub fn list(&self, id: &str) -> Option<u64> {
        self.votes.iter().find(|(own, _)| own == id).map(|(_, votes)| *votes)
    }

    /// A line at this size.
    pub fn line(&self, code: &str) -> Option<u64> {
        self.lines.iter().find(|(own, _)| own == code).map(|(_, sum)| *sum)
    }
}

impl Snapshot {
    fn of(fold: &mut Fold, seats: bool) -> Snapshot {
        let Some(unit) = fold.ledger().register().geography().root() else { return Snapshot::default() };
        let contests: Vec<(ContestIx, usize)> = fold.contests().map(|(ix, state)| (ix, state.columns.len())).collect();
        let mut snapshot = Snapshot::default();
        for (contest, columns) in contests {
            let Ok(totals) = fold.keep_totals(contest, View::LAW) else { continue };
            let Some(total) = totals.get(&unit) else { continue };
            let sums = (0..columns).map(|column| total.sums.at(column)).collect();
            snapshot.sums.push((contest, total.coverage.countable, sums));
        }
        if seats {
            snapshot.seats = fold.outcome_kept().ok().map(|outcome| outcome.seats);
        }
        snapshot
    }

    /// Countable stations of the first contest.
    fn countable(&self) -> u64 {
        self.sums.first().map_or(0, |(_, countable, _)| *countable)
    }
}

fn change(fold: &Fold, index: u64, kind: ChangeKind, before: Snapshot, after: Snapshot, moves: bool) -> Change {
    let station = usize::try_from(index).ok().and_then(|at| fold.noted().get(at)).and_then(|noted| noted.station);
    let kind = match (kind, fold.status(index).map(|status| status.word())) {
        // A claim to replace something that another office filed, or that is not there any more.
        (ChangeKind::Correction, Some("contested")) => ChangeKind::Conflict,
        (ChangeKind::Conflict, Some("effective")) => ChangeKind::Agreement,
        (kind, _) => kind,
    };
    let (mut moved, mut gained) = (Vec::new(), Vec::new());
    for (contest, countable, now) in &after.sums {
        let Some(state) = fold.contest(*contest) else { continue };
        let then = before.sums.iter().find(|(own, ..)| own == contest);
        let was = then.map_or(0, |(_, countable, _)| *countable);
        if *countable != was {
            gained.push((*contest, i128::from(*countable) - i128::from(was)));
        }
        let lines = state.columns.lines().map(|(column, name)| (column, name, false));
        let lists = state.columns.lists().map(|(column, name)| (column, name, true));
        for (column, name, is_list) in lines.chain(lists) {
            let at = |sums: &[Option<u64>]| sums.get(column.index()).copied().flatten();
            let (before, after) = (then.and_then(|(.., sums)| at(sums)), at(now));
            if before != after {
                moved.push(Moved { contest: *contest, name: name.to_owned(), is_list, before, after });
            }
        }
    }
    let countable = (before.countable(), after.countable());
    let seats_computed = moves && (before.seats.is_some() || after.seats.is_some());
    let seats = (before.seats.unwrap_or_default(), after.seats.unwrap_or_default());
    let seats = (seats_computed && seats.0 != seats.1).then_some(seats);
    Change { index, kind, station, moved, countable, gained, seats, seats_computed }
}
