//! What one station contributes to a view of a contest, and the reason if it cannot be counted.

use recount_election::{Figures, StationIx, UnitIx};

use crate::claim::{ContestIx, Slot, WordIx};
use crate::effects::Order;
use crate::fold::{ColumnUse, Fold};
use crate::rivals::Rival;
use crate::standing::{By, Fate, Stand};

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

/// What one part of a station comes to.
enum Part<'a> {
    /// It counts; with the ruling that corrected or opened what counts.
    Counts(Stand<'a>, Option<Order>),
    /// It is annulled, with what was there, and whether anything was received.
    Annulled(Order, Option<&'a Figures>, bool),
    /// What was received is excluded.
    Excluded(u64),
    /// Nothing was received.
    Missing,
}

/// The sum over the parts of a station.
#[derive(Default)]
struct Sum {
    figures: Option<Figures>,
    reason: Option<Reason>,
    received: bool,
    rivals: u32,
    suspect: bool,
    by_ruling: Option<u64>,
}

/// One place of which a part is asked: the station in one contest and poll, seen in one way.
#[derive(Clone, Copy)]
struct Asked<'a> {
    station: StationIx,
    contest: ContestIx,
    poll: u16,
    view: View,
    /// The latest annulment or repetition of the whole station.
    annulled: Option<Order>,
    /// Claims that are assumed to stand in their slots.
    instead: &'a [Rival<'a>],
}

impl Fold {
    /// What a station contributes to a view of a contest.
    pub fn count_station(&self, station: StationIx, contest: ContestIx, view: View) -> StationCount {
        self.count_under(station, contest, view, &[])
    }

    /// The same, if these claims stood in the slots in which they conflict with what stands.
    pub(crate) fn count_under(
        &self,
        station: StationIx,
        contest: ContestIx,
        view: View,
        instead: &[Rival<'_>],
    ) -> StationCount {
        let poll = view.poll.unwrap_or_else(|| self.current_poll(station, contest));
        if view.source == Source::Copies {
            return self.count_copies(station, contest, poll);
        }
        let annulled = self.annulment(station, contest, poll);
        let sum = self.sum_parts(Asked { station, contest, poll, view, annulled, instead });
        let (received, rivals, suspect) = (sum.received, sum.rivals, sum.suspect);
        match sum.reason {
            None => StationCount {
                poll,
                figures: sum.figures,
                reason: None,
                received,
                rivals,
                suspect,
                by_ruling: sum.by_ruling,
            },
            Some(Reason::Annulled(ruling)) => {
                let kept = sum.figures.and_then(|figures| self.keep_voters(contest, figures));
                StationCount { received, figures: kept, ..StationCount::nothing(poll, Reason::Annulled(ruling)) }
            }
            Some(Reason::Missing) => {
                let repeat = self.repeated_before(station, contest, poll);
                StationCount::nothing(poll, repeat.map_or(Reason::Missing, Reason::Repeat))
            }
            Some(reason) => StationCount {
                received,
                rivals,
                suspect,
                by_ruling: sum.by_ruling,
                ..StationCount::nothing(poll, reason)
            },
        }
    }

    /// The latest annulment or repetition of a whole station.
    fn annulment(&self, station: StationIx, contest: ContestIx, poll: u16) -> Option<Order> {
        let repeated = self.effects.repeated(station, self.units_above(station), poll, Some(contest));
        self.effects.annulled(station, self.units_above(station), poll, contest).max(repeated)
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

    /// Sources in the order in which they decide at a part; a recount's comes with the ruling that opened it.
    fn sources_of(&self, asked: Asked<'_>, part: Option<WordIx>) -> impl Iterator<Item = (WordIx, Option<Order>)> + '_ {
        let order = &self.order;
        let recount = || {
            let above = self.units_above(asked.station);
            order.after_ruling.zip(self.effects.recount(asked.station, above, asked.poll, asked.contest, part))
        };
        let (only, recount, deciding) = match asked.view.source {
            Source::Only(source) => {
                let opened = recount().filter(|(own, _)| *own == source).map(|(_, ruling)| ruling);
                (Some((source, opened)), None, false)
            }
            Source::Copies => (None, None, false),
            Source::Deciding => (None, recount().map(|(source, ruling)| (source, Some(ruling))), true),
        };
        let lawful = order.decides.into_iter().chain(order.stand_in.iter().copied()).filter(move |_| deciding);
        only.into_iter().chain(recount).chain(lawful.map(|source| (source, None)))
    }

    /// The latest poll that was opened at a station.
    pub fn current_poll(&self, station: StationIx, contest: ContestIx) -> u16 {
        let mut poll = 1;
        if self.effects.any_repeat() {
            while poll < 1000
                && self.effects.repeated(station, self.units_above(station), poll, Some(contest)).is_some()
            {
                poll += 1;
            }
        }
        poll
    }

    fn sum_parts(&self, asked: Asked<'_>) -> Sum {
        let parts = self.ledger().register().parts(asked.station);
        let annulled = self.effects.annulled_parts(asked.station, asked.poll, asked.contest);
        let mut sum = Sum::default();
        let mut missing = 0;
        let mut left_out = None;
        let mut left = Sum::default();
        // The earliest ruling behind what counts: an annulment of ballots that nobody can tell apart from the rest must be older.
        let mut oldest = Some((u64::MAX, 0));
        let one = [None];
        let named: Vec<Option<&str>>;
        let slots: &[Option<&str>] = if parts.is_empty() {
            &one
        } else {
            named = parts.iter().map(|part| Some(part.as_str())).collect();
            &named
        };
        for part in slots {
            let word = part.and_then(|part| self.parts().find(part));
            let found = match (part, word) {
                // Nobody has named this part yet.
                (Some(_), None) => asked.annulled.map_or(Part::Missing, |ruling| Part::Annulled(ruling, None, false)),
                _ => self.part(asked, word, &annulled),
            };
            match found {
                Part::Counts(stand, by_ruling) => {
                    sum.add(&stand);
                    sum.by_ruling = sum.by_ruling.max(by_ruling.map(|(ruling, _)| ruling));
                    oldest = oldest.min(by_ruling);
                }
                Part::Annulled(order, figures, received) => {
                    sum.received |= received;
                    if asked.annulled.is_some_and(|whole| whole >= order) {
                        sum.add_figures(figures);
                        sum.reason = sum.reason.max(Some(Reason::Annulled(order.0)));
                    } else {
                        left_out = left_out.max(Some(order.0));
                        left.add_figures(figures);
                    }
                }
                Part::Excluded(ruling) => {
                    sum.received = true;
                    sum.reason = sum.reason.or(Some(Reason::Excluded(ruling)));
                }
                Part::Missing => missing += 1,
            }
        }
        let unlisted = annulled.iter().filter(|(own, _)| !slots.contains(&Some(self.parts().get(*own))));
        let unlisted = unlisted.map(|(_, ruling)| *ruling).max();
        let unlisted = unlisted.filter(|ruling| sum.received && oldest.is_none_or(|oldest| oldest < *ruling));
        let nothing = sum.figures.is_none();
        sum.reason = match sum.reason {
            Some(reason) => Some(reason),
            None if missing > 0 && sum.received => Some(Reason::PartMissing),
            None if missing > 0 => Some(Reason::Missing),
            None => match (unlisted, left_out) {
                (_, Some(ruling)) if nothing => Some(Reason::Annulled(ruling)),
                (Some((ruling, _)), _) => Some(Reason::NotComputable(ruling)),
                _ => None,
            },
        };
        if matches!(sum.reason, Some(Reason::Annulled(_))) {
            // Annulled part by part, it is annulled all the same, with what it may keep.
            sum.add_figures(left.figures.as_ref());
        }
        sum
    }

    /// What one part comes to: the first source in order from which anything stands that no annulment is newer than.
    fn part<'a>(&'a self, asked: Asked<'a>, part: Option<WordIx>, annulled: &[(WordIx, Order)]) -> Part<'a> {
        let own = annulled.iter().filter(|(own, _)| Some(*own) == part).map(|(_, ruling)| *ruling).max();
        let annulled = asked.annulled.max(own);
        let mut excluded = None;
        let mut taken = None;
        for (source, opened) in self.sources_of(asked, part) {
            let slot = Slot { poll: asked.poll, contest: asked.contest, part, source };
            let Some(mut stand) = self.stand(asked.station, slot) else {
                excluded = excluded.or_else(|| self.excluded_in(asked.station, slot));
                continue;
            };
            let by_ruling = self.behind(asked.station, slot, &stand).max(opened);
            if let Some(rival) = asked.instead.iter().find(|rival| rival.station == asked.station && rival.slot == slot)
            {
                stand.figures = rival.figures;
            }
            if outlives(by_ruling, annulled) {
                return Part::Counts(stand, by_ruling);
            }
            taken = taken.or(Some(stand.figures));
        }
        match (annulled, excluded) {
            (Some(annulment), _) => Part::Annulled(annulment, taken, taken.is_some() || excluded.is_some()),
            (None, Some(ruling)) => Part::Excluded(ruling),
            (None, None) => Part::Missing,
        }
    }

    /// The correction whose figures stand in a slot.
    fn behind(&self, station: StationIx, slot: Slot, stand: &Stand<'_>) -> Option<Order> {
        match stand.by {
            By::Ruling(_) => self.effects.correction_at(station, slot).map(|(_, order)| order),
            By::Claim(_) => None,
        }
    }

    /// The source that counts at a part of a station by law; where all are annulled, the one that would.
    pub fn counted_source(&self, station: StationIx, contest: ContestIx, part: Option<WordIx>) -> Option<WordIx> {
        let poll = self.current_poll(station, contest);
        let asked = Asked {
            station,
            contest,
            poll,
            view: View::LAW,
            annulled: self.annulment(station, contest, poll),
            instead: &[],
        };
        let parts = self.effects.annulled_parts(station, poll, contest);
        let own = parts.iter().filter(|(own, _)| Some(*own) == part).map(|(_, ruling)| *ruling).max();
        let mut first = None;
        for (source, opened) in self.sources_of(asked, part) {
            let slot = Slot { poll, contest, part, source };
            let Some(stand) = self.stand(station, slot) else { continue };
            if outlives(self.behind(station, slot, &stand).max(opened), asked.annulled.max(own)) {
                return Some(source);
            }
            first = first.or(Some(source));
        }
        first
    }

    fn excluded_in(&self, station: StationIx, slot: Slot) -> Option<u64> {
        self.fates(station, slot).into_iter().find_map(|(_, fate)| match fate {
            Fate::Excluded(ruling) => Some(ruling),
            _ => None,
        })
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

/// Whether figures count in spite of an annulment: only those behind which a later ruling stands.
fn outlives(by_ruling: Option<Order>, annulled: Option<Order>) -> bool {
    annulled.is_none_or(|annulment| by_ruling.is_some_and(|ruling| ruling > annulment))
}

impl Sum {
    fn add(&mut self, stand: &Stand<'_>) {
        self.received = true;
        self.rivals = self.rivals.saturating_add(stand.rivals);
        self.suspect |= stand.suspect;
        self.add_figures(Some(stand.figures));
    }

    fn add_figures(&mut self, figures: Option<&Figures>) {
        match (&mut self.figures, figures) {
            (_, None) => {}
            (None, Some(figures)) => self.figures = Some(figures.clone()),
            // Figures are at most 2^53 - 1 and a station has few parts; a sum beyond is refused by the totals.
            (Some(total), Some(figures)) => {
                let _ = total.add_assign(figures);
            }
        }
    }
}
