//! What one station contributes to a view of a contest, and the reason if it cannot be counted.

use recount_election::{Figures, StationIx, UnitIx};

use crate::claim::{ContestIx, Slot, WordIx};
use crate::fold::{ColumnUse, Fold};
use crate::standing::{By, Stand};

/// Which figures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// As the rulebook's `[standing]` decides.
    Deciding,
    /// This source alone.
    Only(WordIx),
    /// Observers' and parties' copies.
    Copies,
}

/// A way to look at the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct View {
    /// Which figures are counted.
    pub source: Source,
    /// One poll alone; `None` takes at each station the latest poll that was opened there.
    pub poll: Option<u16>,
}

impl View {
    /// The count by law: the deciding source, the latest poll.
    pub const LAW: View = View { source: Source::Deciding, poll: None };
}

/// Why a station is not countable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nothing was received.
    Missing,
    /// Annulled by the ruling at this index.
    Annulled(u64),
    /// What was received is excluded by the ruling at this index.
    Excluded(u64),
    /// A part of its ballots is missing.
    PartMissing,
    /// A part without figures of its own was annulled: the rest cannot be told from it.
    NotComputable(u64),
    /// The poll is to be repeated by this ruling; nothing was received from the next one.
    Repeat(u64),
}

impl Reason {
    /// A word for scripts and tables.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::Annulled(_) => "annulled",
            Reason::Excluded(_) => "excluded",
            Reason::PartMissing => "part_missing",
            Reason::NotComputable(_) => "not_computable",
            Reason::Repeat(_) => "to_be_repeated",
        }
    }

    /// The ruling behind it.
    pub fn ruling(self) -> Option<u64> {
        match self {
            Reason::Missing | Reason::PartMissing => None,
            Reason::Annulled(r) | Reason::Excluded(r) | Reason::NotComputable(r) | Reason::Repeat(r) => Some(r),
        }
    }
}

/// What a station contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationCount {
    /// The poll that was looked at.
    pub poll: u16,
    /// Figures that enter the totals. A station that is not countable may still keep its voters there.
    pub figures: Option<Figures>,
    /// Why it is not countable; `None` if it is.
    pub reason: Option<Reason>,
    /// Whether anything was received from it.
    pub received: bool,
    /// Claims that conflict with what stands.
    pub rivals: u32,
    /// Something that stands was signed by a suspect key.
    pub suspect: bool,
    /// A ruling corrected its figures, or ordered the recount that stands.
    pub by_ruling: Option<u64>,
}

impl StationCount {
    fn nothing(poll: u16, reason: Reason) -> StationCount {
        StationCount {
            poll,
            figures: None,
            reason: Some(reason),
            received: false,
            rivals: 0,
            suspect: false,
            by_ruling: None,
        }
    }
}

/// The sum over the parts of one source.
struct Sum {
    figures: Option<Figures>,
    reason: Option<Reason>,
    received: bool,
    rivals: u32,
    suspect: bool,
    corrected: Option<u64>,
}

impl Fold {
    /// What a station contributes to a view of a contest.
    pub fn count_station(&self, station: StationIx, contest: ContestIx, view: View) -> StationCount {
        let poll = view.poll.unwrap_or_else(|| self.current_poll(station, contest));
        if view.source == Source::Copies {
            return self.count_copies(station, contest, poll);
        }
        let above = || self.units_above(station);
        let recount = self.effects.recount(station, above(), poll, contest);
        let repeated = self.effects.repeated(station, above(), poll, Some(contest));
        let annulled = self.effects.annulled(station, above(), poll, contest).max(repeated);
        let mut last: Option<Sum> = None;
        for (source, opened) in self.sources_of(view, recount) {
            let sum = self.sum_parts(station, contest, poll, source);
            if !sum.received {
                last.get_or_insert(sum);
                continue;
            }
            let by_ruling = sum.corrected.or(opened);
            let outlives = annulled.is_none_or(|annulment| by_ruling.is_some_and(|ruling| ruling > annulment));
            if outlives {
                return StationCount {
                    poll,
                    figures: if sum.reason.is_none() { sum.figures } else { None },
                    reason: sum.reason,
                    received: true,
                    rivals: sum.rivals,
                    suspect: sum.suspect,
                    by_ruling,
                };
            }
            last = Some(sum);
            break;
        }
        self.uncounted(station, contest, poll, annulled, last)
    }

    /// A station from which nothing counts: annulled ones may keep their voters.
    fn uncounted(
        &self,
        station: StationIx,
        contest: ContestIx,
        poll: u16,
        annulled: Option<u64>,
        last: Option<Sum>,
    ) -> StationCount {
        let received = last.as_ref().is_some_and(|sum| sum.received);
        let Some(ruling) = annulled else {
            let reason = match last.and_then(|sum| sum.reason) {
                Some(reason) => reason,
                None => match poll.checked_sub(1).and_then(|_| self.repeated_before(station, contest, poll)) {
                    Some(ruling) => Reason::Repeat(ruling),
                    None => Reason::Missing,
                },
            };
            return StationCount { received, ..StationCount::nothing(poll, reason) };
        };
        let kept = last.and_then(|sum| sum.figures).and_then(|figures| self.keep_voters(contest, figures));
        StationCount { received, figures: kept, ..StationCount::nothing(poll, Reason::Annulled(ruling)) }
    }

    /// What `[annulment]` lets an annulled station keep in the denominators.
    fn keep_voters(&self, contest: ContestIx, mut figures: Figures) -> Option<Figures> {
        let state = self.contest(contest)?;
        let rule = self.law()?.rulebook.annulment;
        let keeps = |effect| effect == recount_seats::Effect::Keep;
        if !keeps(rule.turnout) && !keeps(rule.registered) {
            return None;
        }
        let columns = state.columns.lines().chain(state.columns.lists());
        for ((column, _), usage) in columns.zip(&state.uses) {
            let kept = match usage {
                ColumnUse::Falls => false,
                ColumnUse::Registered => keeps(rule.registered),
                ColumnUse::Turnout => keeps(rule.turnout),
            };
            if !kept {
                figures.clear(column);
            }
        }
        Some(figures)
    }

    /// Sources in the order in which they decide; a recount's comes with the ruling that opened it.
    fn sources_of(&self, view: View, recount: Option<u64>) -> Vec<(WordIx, Option<u64>)> {
        let Some(law) = self.law() else { return Vec::new() };
        let standing = &law.rulebook.standing;
        let mut sources = Vec::with_capacity(2);
        match view.source {
            Source::Only(source) => sources.push((source, None)),
            Source::Copies => {}
            Source::Deciding => {
                if recount.is_some() {
                    let after = standing.after_ruling.as_ref().and_then(|word| self.sources().find(word));
                    sources.extend(after.map(|source| (source, recount)));
                }
                sources.extend(self.deciding_source().map(|source| (source, None)));
                if standing.mix_sources {
                    let preliminary = standing.preliminary.iter().filter_map(|word| self.sources().find(word));
                    sources.extend(preliminary.map(|source| (source, None)));
                }
            }
        }
        sources
    }

    /// The latest poll that was opened at a station.
    pub fn current_poll(&self, station: StationIx, contest: ContestIx) -> u16 {
        let mut poll = 1;
        if self.effects.any_repeat() {
            while poll < 1000 && self.effects.repeated(station, self.units_above(station), poll, Some(contest)).is_some() {
                poll += 1;
            }
        }
        poll
    }

    fn sum_parts(&self, station: StationIx, contest: ContestIx, poll: u16, source: WordIx) -> Sum {
        let parts = self.ledger().register().parts(station);
        let annulled = self.effects.annulled_parts(station, poll, contest);
        let mut sum =
            Sum { figures: None, reason: None, received: false, rivals: 0, suspect: false, corrected: None };
        if parts.is_empty() {
            let slot = Slot { poll, contest, part: None, source };
            self.add_part(&mut sum, station, slot);
            if let (Some((_, ruling)), true) = (annulled.first(), sum.received) {
                sum.reason = Some(Reason::NotComputable(*ruling));
            }
            return sum;
        }
        for part in parts {
            let Some(part) = self.parts().find(part) else {
                // Nobody has named this part yet.
                sum.reason = sum.reason.or(Some(Reason::PartMissing));
                continue;
            };
            if annulled.iter().any(|(own, _)| *own == part) {
                sum.received = true;
                continue;
            }
            let slot = Slot { poll, contest, part: Some(part), source };
            if !self.add_part(&mut sum, station, slot) && sum.reason.is_none() {
                sum.reason = Some(Reason::PartMissing);
            }
        }
        if !sum.received {
            sum.reason = sum.reason.filter(|reason| matches!(reason, Reason::Excluded(_)));
        }
        sum
    }

    /// Adds what stands in a slot; false if nothing does.
    fn add_part(&self, sum: &mut Sum, station: StationIx, slot: Slot) -> bool {
        let Some(Stand { figures, by, rivals, suspect }) = self.stand(station, slot) else {
            let excluded = self.fates(station, slot).into_iter().find_map(|(_, fate)| match fate {
                crate::standing::Fate::Excluded(ruling) => Some(ruling),
                _ => None,
            });
            if let Some(ruling) = excluded {
                sum.received = true;
                sum.reason = Some(Reason::Excluded(ruling));
            }
            return false;
        };
        sum.received = true;
        sum.rivals = sum.rivals.saturating_add(rivals);
        sum.suspect |= suspect;
        if let By::Ruling(ruling) = by {
            sum.corrected = sum.corrected.max(Some(ruling));
        }
        match &mut sum.figures {
            None => sum.figures = Some(figures.clone()),
            // Figures are at most 2^53 - 1 and a station has few parts; a sum beyond is refused by the totals.
            Some(total) => {
                let _ = total.add_assign(figures);
            }
        }
        true
    }

    /// The first copy of a station's protocol; others that differ from it are its rivals.
    fn count_copies(&self, station: StationIx, contest: ContestIx, poll: u16) -> StationCount {
        let copies = self.station(station).map_or(&[][..], |state| &state.copies);
        let mut own = copies.iter().filter(|copy| copy.slot.contest == contest && copy.slot.poll == poll);
        let Some(first) = own.next() else { return StationCount::nothing(poll, Reason::Missing) };
        let rivals = own.filter(|copy| copy.slot == first.slot && copy.figures != first.figures).count();
        StationCount {
            figures: Some(first.figures.clone()),
            reason: None,
            received: true,
            rivals: u32::try_from(rivals).unwrap_or(u32::MAX),
            suspect: self.is_suspect(first),
            ..StationCount::nothing(poll, Reason::Missing)
        }
    }

    /// Whether a contest is held at a station that is on the register.
    pub fn is_expected(&self, station: StationIx, contest: ContestIx) -> bool {
        let register = self.ledger().register();
        let units: &[UnitIx] = self.contest(contest).map_or(&[], |state| &state.units);
        !register.is_dropped(station)
            && (units.is_empty() || units.iter().any(|u| register.geography().station_is_within(station, *u)))
    }
}
