//! Standing: which claim counts in each slot of a station, and why each other one does not.

use recount_election::{Figures, StationIx};

use crate::claim::{Claim, Slot};
use crate::fold::Fold;

/// What has become of one claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stands: its figures count.
    Stands,
    /// It says the same as the one that stands, by other hands.
    Agrees(u64),
    /// The same office replaced it.
    Superseded(u64),
    /// It says something else than the one that stands; only a ruling decides.
    Conflicts(u64),
    /// A ruling took it out.
    Excluded(u64),
    /// A ruling put other figures in its place.
    Corrected(u64),
    /// A ruling chose another claim.
    PassedOver(u64),
}

/// Whose figures stand in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The claim at this index.
    Claim(u64),
    /// The figures of the ruling at this index.
    Ruling(u64),
}

/// What stands in a slot.
#[derive(Debug, Clone, Copy)]
pub struct Stand<'a> {
    /// Its figures.
    pub figures: &'a Figures,
    /// Whose they are.
    pub by: By,
    /// How many claims conflict with it.
    pub rivals: u32,
    /// One of its signers' keys was revoked as suspect from before its index.
    pub suspect: bool,
}

/// The latest ruling that decided a slot: what is before it is settled, what comes after it is measured against it.
#[derive(Debug, Clone, Copy)]
enum Decided<'a> {
    /// It put these figures there.
    Correction(&'a Figures, u64),
    /// It chose the claim at the first index.
    Choice(u64, u64),
}

impl Decided<'_> {
    fn ruling(self) -> u64 {
        match self {
            Decided::Correction(_, ruling) | Decided::Choice(_, ruling) => ruling,
        }
    }
}

/// The claims of one slot while they are read in order.
struct Walk<'a> {
    fates: Vec<(&'a Claim, Fate)>,
    standing: Option<usize>,
}

impl Fold {
    /// What stands in a slot; `None` if nothing does.
    pub fn stand(&self, station: StationIx, slot: Slot) -> Option<Stand<'_>> {
        let mut own = self.claims_in(station, slot);
        let first = own.next();
        let alone = own.next().is_none();
        let correction = self.effects.correction(station, slot);
        if let (Some(claim), true, None) = (first, alone, correction) {
            // The common case: one claim, and perhaps a ruling that took it out.
            return self.effects.excluded(claim.index).is_none().then(|| self.standing(claim, 0));
        }
        let fates = self.fates(station, slot);
        let rivals = fates.iter().filter(|(_, fate)| matches!(fate, Fate::Conflicts(_))).count();
        let rivals = u32::try_from(rivals).unwrap_or(u32::MAX);
        if let Some((claim, _)) = fates.iter().find(|(_, fate)| *fate == Fate::Stands) {
            return Some(self.standing(claim, rivals));
        }
        correction.map(|(figures, ruling)| Stand { figures, by: By::Ruling(ruling), rivals, suspect: false })
    }

    fn standing<'a>(&self, claim: &'a Claim, rivals: u32) -> Stand<'a> {
        Stand { figures: &claim.figures, by: By::Claim(claim.index), rivals, suspect: self.is_suspect(claim) }
    }

    /// Whether a signer's key was revoked with a date of suspicion before this claim, and no ruling has confirmed it since.
    pub fn is_suspect(&self, claim: &Claim) -> bool {
        let keys = self.ledger().keys();
        let revoked = claim.signers().filter_map(|ix| keys.get(ix)?.suspected_by(claim.index)).max();
        let confirmed = |revoked| self.effects.restored_at(claim.index).is_some_and(|(ruling, _)| ruling > revoked);
        revoked.is_some_and(|revoked| !confirmed(revoked))
    }

    fn claims_in(&self, station: StationIx, slot: Slot) -> impl Iterator<Item = &Claim> {
        let claims = self.station(station).map_or(&[][..], |state| &state.claims);
        claims.iter().filter(move |claim| claim.slot == slot)
    }

    /// What has become of every claim in a slot, in order of index.
    pub fn fates(&self, station: StationIx, slot: Slot) -> Vec<(&Claim, Fate)> {
        let mut decided = self.decided(station, slot);
        let mut settled = None;
        let mut walk = Walk { fates: Vec::new(), standing: None };
        for claim in self.claims_in(station, slot) {
            if let Some(decision) = decided.filter(|decision| decision.ruling() < claim.index) {
                walk.settle(decision);
                settled = decided.take();
            }
            let fate = match self.effects.excluded(claim.index) {
                Some(ruling) => Fate::Excluded(ruling),
                None => self.fate(station, &mut walk, settled, claim),
            };
            if fate == Fate::Stands {
                walk.standing = Some(walk.fates.len());
            }
            walk.fates.push((claim, fate));
        }
        if let Some(decision) = decided {
            walk.settle(decision);
            settled = Some(decision);
        }
        walk.measure_again(settled);
        walk.fates
    }

    fn fate(&self, station: StationIx, walk: &mut Walk<'_>, settled: Option<Decided<'_>>, claim: &Claim) -> Fate {
        let measure = |figures: &Figures, index: u64| {
            if claim.figures == *figures { Fate::Agrees(index) } else { Fate::Conflicts(index) }
        };
        match (walk.standing.and_then(|at| walk.fates.get_mut(at)), settled) {
            (Some((old, fate)), _) => {
                if claim.supersedes == Some(old.index) && self.may_supersede(station, claim, old) {
                    *fate = Fate::Superseded(claim.index);
                    return Fate::Stands;
                }
                measure(&old.figures, old.index)
            }
            // After a correction only a ruling decides.
            (None, Some(Decided::Correction(figures, ruling))) => measure(figures, ruling),
            (None, _) => Fate::Stands,
        }
    }

    /// The latest correction or choice in a slot.
    fn decided(&self, station: StationIx, slot: Slot) -> Option<Decided<'_>> {
        let corrected = self.effects.correction_at(station, slot);
        let corrected = corrected.map(|(figures, order)| (order, Decided::Correction(figures, order.0)));
        let chosen = self.claims_in(station, slot).filter_map(|claim| {
            let order = self.effects.restored_at(claim.index)?;
            Some((order, Decided::Choice(claim.index, order.0)))
        });
        corrected.into_iter().chain(chosen).max_by_key(|(order, _)| *order).map(|(_, decided)| decided)
    }

    /// The same office, and no superior declaration in between.
    fn may_supersede(&self, station: StationIx, claim: &Claim, old: &Claim) -> bool {
        let same = claim.office.is_some() && claim.office == old.office;
        same && !self.units_above(station).any(|unit| {
            let declared = self.declared.get(&(claim.slot.poll, claim.slot.contest, unit));
            declared.is_some_and(|at| *at < claim.index)
        })
    }

    /// Every slot of a station in which anything was filed or put by a ruling.
    pub fn slots(&self, station: StationIx) -> Vec<Slot> {
        let claims = self.station(station).map_or(&[][..], |state| &state.claims);
        let mut slots: Vec<Slot> = claims.iter().map(|claim| claim.slot).collect();
        slots.extend(self.effects.corrected_slots(station));
        slots.sort_unstable();
        slots.dedup();
        slots
    }
}

impl Walk<'_> {
    /// A ruling decides about everything so far.
    fn settle(&mut self, decision: Decided<'_>) {
        self.standing = None;
        for (at, (claim, fate)) in self.fates.iter_mut().enumerate() {
            match decision {
                _ if matches!(fate, Fate::Excluded(_)) => {}
                Decided::Correction(_, ruling) => *fate = Fate::Corrected(ruling),
                Decided::Choice(chosen, _) if claim.index == chosen => {
                    *fate = Fate::Stands;
                    self.standing = Some(at);
                }
                Decided::Choice(..) if matches!(fate, Fate::Superseded(_)) => {}
                Decided::Choice(_, ruling) => *fate = Fate::PassedOver(ruling),
            }
        }
    }

    /// Who agreed with what stood then, and says something else than what its office put there since, conflicts with that now.
    /// A conflict stays one, whatever the office says later: only a ruling decides.
    fn measure_again(&mut self, settled: Option<Decided<'_>>) {
        let now = match (self.standing.and_then(|at| self.fates.get(at)), settled) {
            (Some((claim, _)), _) => Some((&claim.figures, claim.index)),
            (None, Some(Decided::Correction(figures, ruling))) => Some((figures, ruling)),
            (None, _) => None,
        };
        let Some((figures, index)) = now else { return };
        for (claim, fate) in &mut self.fates {
            match fate {
                Fate::Agrees(_) if claim.figures == *figures => *fate = Fate::Agrees(index),
                Fate::Agrees(_) | Fate::Conflicts(_) => *fate = Fate::Conflicts(index),
                _ => {}
            }
        }
    }
}
