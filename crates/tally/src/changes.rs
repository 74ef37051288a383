//! What each statement did to the count by law, kept while the record is folded.
//!
//! The last state of a record does not tell what its totals were before; whoever wants a feed or a timeline asks for it with
//! [`Fold::keep_changes`] before the first statement is folded.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::{Columns, StationIx};
use recount_record::statement::{About, Effect, Kind, Row};
use recount_seats::RunOptions;

use crate::claim::ContestIx;
use crate::count::{StationCount, View};
use crate::effects::RulingState;
use crate::fold::Fold;
use crate::history::{Contest as Disputed, Status};
use crate::totals::UnitTotals;

/// How often the seats are computed again, before and after one statement. Later changes say nothing about seats.
const SEATS_MAX: u32 = 4_000;
/// How far rulings about rulings are followed.
const DEPTH: u8 = 8;

/// Why a total changed, or what was said in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The first figures of a station came.
    New,
    /// The same office filed other figures.
    Superseded,
    /// A statement says otherwise than the one that stands, which goes on standing.
    Conflict,
    /// A ruling.
    Ruling,
    /// The statement has no effect.
    Void,
    /// Something else: a part came, the register changed.
    Other,
}

impl Cause {
    /// A word for scripts and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Cause::New => "new",
            Cause::Superseded => "superseded",
            Cause::Conflict => "conflict",
            Cause::Ruling => "ruling",
            Cause::Void => "void",
            Cause::Other => "other",
        }
    }
}

/// What one statement did to one contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Index of the statement.
    pub index: u64,
    /// Why.
    pub cause: Cause,
    /// The contest; none for void statements that name none, and for rulings that change no total.
    pub contest: Option<ContestIx>,
    /// How many stations contribute something else than before.
    pub stations: u64,
    /// The station, where it is about one.
    pub station: Option<StationIx>,
    /// By how many the countable stations changed.
    pub countable: i64,
    /// By how much each column of the contest's total changed, by position; empty where none did. Kept within 64 bits.
    pub figures: Box<[i64]>,
    /// By how many seats each list's number changed; none where seats were not computed, or there are none.
    pub seats: Option<Vec<(String, i64)>>,
}

/// The changes so far, and what is needed to tell the next.
#[derive(Debug, Clone)]
pub(crate) struct Changes {
    kept: Vec<Change>,
    seats_left: u32,
}

/// What was so before a statement.
#[derive(Debug)]
pub(crate) struct Before {
    cause: Option<Cause>,
    counts: Vec<(ContestIx, StationIx, StationCount)>,
    seats: Option<BTreeMap<String, u64>>,
}

impl Fold {
    /// Keeps what every further statement does to the count by law. To be asked of an empty fold.
    pub fn keep_changes(&mut self) {
        self.changes.get_or_insert(Changes { kept: Vec::new(), seats_left: SEATS_MAX });
    }

    /// What each statement did, in order; empty unless [`Fold::keep_changes`] was asked for.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        self.changes.as_ref().map_or(&[], |changes| &changes.kept)
    }

    /// What is so before a statement, as far as it may change.
    pub(crate) fn before(&mut self, kind: &Kind<'_>) -> Option<Before> {
        self.changes.as_ref()?;
        let contests = || self.contests().map(|(ix, _)| ix).collect::<Vec<_>>();
        let (stations, contests, cause) = match kind {
            Kind::Protocol(protocol) => {
                let station = self.ledger().register().geography().station_ix(&protocol.station)?;
                (vec![station], self.contest_ix(&protocol.contest).into_iter().collect(), None)
            }
            Kind::Ruling(ruling) => (self.touched_by(&ruling.effects, DEPTH), contests(), Some(Cause::Ruling)),
            Kind::Register(register) => {
                let geography = self.ledger().register().geography();
                let named = register.rows.iter().filter_map(|row| match row {
                    Row::Station { id, .. } | Row::Drop { station: id } => geography.station_ix(id),
                    _ => None,
                });
                let filed = |station: &StationIx| self.station(*station).is_some_and(|own| !own.claims.is_empty());
                (named.filter(filed).collect(), contests(), Some(Cause::Other))
            }
            _ => return None,
        };
        let mut counts = Vec::new();
        for contest in contests {
            let expected = stations.iter().filter(|station| self.is_expected(**station, contest));
            counts
                .extend(expected.map(|station| (contest, *station, self.count_station(*station, contest, View::LAW))));
        }
        // A first protocol brings new figures; only where some were there do they change.
        let disturbs = cause == Some(Cause::Ruling) || counts.iter().any(|(_, _, count)| count.received);
        let seats = if disturbs && !counts.is_empty() { self.seats_kept() } else { None };
        Some(Before { cause, counts, seats })
    }

    /// Notes what a statement did that had authority.
    pub(crate) fn after(&mut self, index: u64, before: Option<Before>) {
        let Some(before) = before else { return };
        let mut changes: BTreeMap<ContestIx, Change> = BTreeMap::new();
        for (contest, station, was) in &before.counts {
            let is = self.count_station(*station, *contest, View::LAW);
            // Where the contest has new columns, the same figures lie in other places.
            let moved = was.figures.as_ref().zip(is.figures.as_ref()).is_some_and(|(was, is)| was.len() != is.len());
            if is.reason == was.reason && (moved || is.figures == was.figures) {
                continue;
            }
            let columns = self.contest(*contest).map_or(0, |state| state.columns.len());
            let cause = before.cause.unwrap_or_else(|| cause(was, &is));
            let change = changes.entry(*contest).or_insert_with(|| Change {
                contest: Some(*contest),
                figures: vec![0; columns].into(),
                ..empty(index, cause)
            });
            change.add(*station, was, &is);
        }
        if changes.is_empty() {
            let station = before.counts.first().map(|(_, station, _)| *station);
            if let Some(cause) = self.said_in_vain(index, before.cause) {
                let contest = before.counts.first().map(|(contest, _, _)| *contest).filter(|_| before.cause.is_none());
                let station = station.filter(|_| before.cause.is_none());
                self.note(Change { contest, station, ..empty(index, cause) });
            }
            return;
        }
        let seats = before.seats.and_then(|was| Some(differences(&was, &self.seats_kept()?)));
        for (_, change) in changes {
            self.note(Change { seats: seats.clone(), ..change });
        }
    }

    /// Notes a statement that is void.
    pub(crate) fn noted_void(&mut self, index: u64, station: Option<StationIx>) {
        if self.changes.is_some() {
            self.note(Change { station, ..empty(index, Cause::Void) });
        }
    }

    /// Figures that were kept by position find their new one.
    pub(crate) fn move_changes(&mut self, contest: ContestIx, from: &Columns, to: &Columns) {
        let Some(changes) = &mut self.changes else { return };
        let lines = from.lines().map(|(ix, code)| (ix.index(), to.line(code)));
        let lists = from.lists().map(|(ix, id)| (ix.index(), to.list(id)));
        let places: Vec<_> = lines.chain(lists).filter_map(|(at, to)| Some((at, to?.index()))).collect();
        for change in changes.kept.iter_mut().filter(|own| own.contest == Some(contest) && !own.figures.is_empty()) {
            let mut moved = vec![0; to.len()];
            for (at, to) in &places {
                if let (Some(slot), Some(n)) = (moved.get_mut(*to), change.figures.get(*at)) {
                    *slot = *n;
                }
            }
            change.figures = moved.into();
        }
    }

    fn note(&mut self, change: Change) {
        if let Some(changes) = &mut self.changes {
            changes.kept.push(change);
        }
    }

    /// What a statement with authority was good for that changed no total.
    fn said_in_vain(&self, index: u64, cause: Option<Cause>) -> Option<Cause> {
        match (cause, self.status(index)) {
            (Some(Cause::Ruling), _) => Some(Cause::Ruling),
            (None, Some(Status::Contested(Disputed::Conflict(_)))) => Some(Cause::Conflict),
            _ => None,
        }
    }

    /// The seats by the count by law; none where there are none, or too many were computed.
    fn seats_kept(&mut self) -> Option<BTreeMap<String, u64>> {
        let left = &mut self.changes.as_mut()?.seats_left;
        *left = left.checked_sub(1)?;
        if self.law()?.rulebook.stages.is_empty() {
            return None;
        }
        let contests = self.rulebook_contests();
        for ix in &contests {
            self.keep_totals(*ix, View::LAW).ok()?;
        }
        let kept = contests.iter().filter_map(|ix| Some((*ix, self.kept_totals(*ix, View::LAW)?)));
        let kept: Vec<(ContestIx, &UnitTotals)> = kept.collect();
        let options = RunOptions { readings: false, ..RunOptions::default() };
        self.outcome_with(&self.tally_of(&kept).ok()?, &options).ok().map(|outcome| outcome.seats)
    }

    /// Every station whose contribution effects may change.
    fn touched_by(&self, effects: &[Effect], depth: u8) -> Vec<StationIx> {
        let mut touched = BTreeSet::new();
        for effect in effects {
            match effect {
                Effect::Correct { station, .. } => {
                    touched.extend(self.place(&About::Station { id: station.clone(), part: None }))
                }
                Effect::Recount { about, .. } | Effect::Annul { about, .. } | Effect::Repeat { about, .. } => {
                    touched.extend(self.place(about));
                }
                Effect::Exclude { statement } | Effect::Restore { statement } => {
                    touched.extend(self.place(&About::Statement(*statement)));
                }
                Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                    touched.extend(
                        self.rulings().get(ruling).map(|own| self.touched_again(own, depth)).unwrap_or_default(),
                    );
                }
                Effect::Admit { .. } | Effect::Replace { .. } => return self.station_numbers().collect(),
                Effect::Reject { .. } | Effect::Withhold { .. } => {}
            }
        }
        touched.into_iter().collect()
    }

    /// Stations that a ruling touches whose force changes, and those of the rulings that it overturned itself.
    fn touched_again(&self, state: &RulingState, depth: u8) -> Vec<StationIx> {
        match depth.checked_sub(1) {
            Some(depth) => self.touched_by(&state.ruling.effects, depth),
            None => self.station_numbers().collect(),
        }
    }

    fn place(&self, about: &About) -> Vec<StationIx> {
        let geography = self.ledger().register().geography();
        match about {
            About::Poll => self.station_numbers().collect(),
            About::Unit(id) => geography.unit_ix(id).map(|unit| geography.stations_within(unit)).unwrap_or_default(),
            About::Station { id, .. } => geography.station_ix(id).into_iter().collect(),
            About::Statement(index) => {
                let noted = usize::try_from(*index).ok().and_then(|at| self.noted().get(at));
                noted.and_then(|noted| noted.station).into_iter().collect()
            }
        }
    }
}

fn empty(index: u64, cause: Cause) -> Change {
    Change {
        index,
        cause,
        contest: None,
        stations: 0,
        station: None,
        countable: 0,
        figures: Box::default(),
        seats: None,
    }
}

fn cause(was: &StationCount, is: &StationCount) -> Cause {
    match (was.received, is.received) {
        (false, true) => Cause::New,
        (true, true) if was.reason.is_none() && is.reason.is_none() => Cause::Superseded,
        _ => Cause::Other,
    }
}

fn differences(was: &BTreeMap<String, u64>, is: &BTreeMap<String, u64>) -> Vec<(String, i64)> {
    let lists: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let seats =
        |of: &BTreeMap<String, u64>, list: &str| i64::try_from(of.get(list).copied().unwrap_or(0)).unwrap_or(i64::MAX);
    let each = lists.into_iter().map(|list| (list.clone(), seats(is, list).saturating_sub(seats(was, list))));
    each.filter(|(_, change)| *change != 0).collect()
}

impl Change {
    fn add(&mut self, station: StationIx, was: &StationCount, is: &StationCount) {
        self.station = if self.stations == 0 { Some(station) } else { None };
        self.stations += 1;
        self.countable += i64::from(is.reason.is_none()) - i64::from(was.reason.is_none());
        for (figures, adds) in [(&was.figures, false), (&is.figures, true)] {
            let figures = figures.iter().flat_map(|own| own.iter());
            for (sum, n) in self.figures.iter_mut().zip(figures) {
                let n = i64::try_from(n.unwrap_or(0)).unwrap_or(i64::MAX);
                *sum = if adds { sum.saturating_add(n) } else { sum.saturating_sub(n) };
            }
        }
    }
}
