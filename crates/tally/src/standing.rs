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
        if let Some((figures, ruling)) = correction {
            return Some(Stand { figures, by: By::Ruling(ruling), rivals, suspect: false });
        }
        let standing = fates.iter().find(|(_, fate)| *fate == Fate::Stands);
        standing.map(|(claim, _)| self.standing(claim, rivals))
    }

    fn standing<'a>(&self, claim: &'a Claim, rivals: u32) -> Stand<'a> {
        Stand { figures: &claim.figures, by: By::Claim(claim.index), rivals, suspect: self.is_suspect(claim) }
    }

    /// Whether a signer's key was revoked with a date of suspicion before this claim.
    pub fn is_suspect(&self, claim: &Claim) -> bool {
        let keys = self.ledger().keys();
        claim.signers().any(|ix| {
            keys.get(ix).and_then(|key| key.suspect_from).is_some_and(|from| from <= claim.index)
        })
    }

    fn claims_in(&self, station: StationIx, slot: Slot) -> impl Iterator<Item = &Claim> {
        let claims = self.station(station).map_or(&[][..], |state| &state.claims);
        claims.iter().filter(move |claim| claim.slot == slot)
    }

    /// What has become of every claim in a slot, in order of index.
    pub fn fates(&self, station: StationIx, slot: Slot) -> Vec<(&Claim, Fate)> {
        let mut fates: Vec<(&Claim, Fate)> = Vec::new();
        let mut standing: Option<usize> = None;
        for claim in self.claims_in(station, slot) {
            let fate = match (self.effects.excluded(claim.index), standing.map(|at| fates[at].0)) {
                (Some(ruling), _) => Fate::Excluded(ruling),
                (None, None) => Fate::Stands,
                (None, Some(old)) if claim.supersedes == Some(old.index) && self.may_supersede(station, claim, old) => {
                    if let Some(at) = standing {
                        fates[at].1 = Fate::Superseded(claim.index);
                    }
                    Fate::Stands
                }
                (None, Some(old)) if claim.figures == old.figures => Fate::Agrees(old.index),
                (None, Some(old)) => Fate::Conflicts(old.index),
            };
            if fate == Fate::Stands {
                standing = Some(fates.len());
            }
            fates.push((claim, fate));
        }
        self.choose(&mut fates);
        if let Some((_, ruling)) = self.effects.correction(station, slot) {
            for (claim, fate) in &mut fates {
                if claim.index < ruling && !matches!(fate, Fate::Excluded(_)) {
                    *fate = Fate::Corrected(ruling);
                } else if *fate == Fate::Stands {
                    // After a correction only a ruling decides.
                    *fate = Fate::Conflicts(ruling);
                }
            }
        }
        fates
    }

    /// The claim that a ruling restored last stands; the others were passed over by it.
    fn choose(&self, fates: &mut [(&Claim, Fate)]) {
        let restored = |claim: &Claim| self.effects.restored(claim.index);
        let Some((chosen, ruling)) = fates
            .iter()
            .filter_map(|(claim, _)| restored(claim).map(|ruling| (claim.index, ruling)))
            .max_by_key(|(_, ruling)| *ruling)
        else {
            return;
        };
        for (claim, fate) in fates {
            if claim.index == chosen {
                *fate = Fate::Stands;
            } else if matches!(fate, Fate::Stands | Fate::Conflicts(_)) {
                *fate = Fate::PassedOver(ruling);
            }
        }
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
