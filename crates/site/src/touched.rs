//! The last statement that touches each place. A page of a place rests on the record up to there: what comes later leaves it as
//! it is, so one more statement does not rewrite a country.

use std::collections::BTreeMap;

use recount_election::{StationIx, UnitIx};
use recount_record::ledger::Place;
use recount_record::statement::{About, Effect};
use recount_tally::Fold;
use recount_tally::effects::{Act, RulingState};

use crate::facts;
use crate::pages::SYNTHETIC;
use crate::standing::{State, state_with};

/// How far rulings about rulings are followed.
const DEPTH: u8 = 8;

/// Sizes on which pages of places rest: one more than the index of the last statement that touches them.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    everywhere: u64,
    stations: Vec<u64>,
    /// Of a unit with everything below it.
    units: Vec<u64>,
}

/// Statements about a station other than its protocols and copies, in order.
pub(crate) type Events = BTreeMap<StationIx, Vec<u64>>;

struct Walk<'a> {
    fold: &'a Fold,
    touched: Touched,
    /// Of a unit itself, and so of everything below it.
    below: Vec<u64>,
    events: Events,
}

impl Touched {
    pub(crate) fn of(fold: &Fold, annulled: Option<(u64, bool)>) -> (Touched, Events) {
        let geography = fold.ledger().register().geography();
        let touched = Touched {
            everywhere: 0,
            stations: vec![0; geography.stations().len()],
            units: vec![0; geography.units().len()],
        };
        let below = vec![0; geography.units().len()];
        let mut walk = Walk { fold, touched, below, events: Events::new() };
        walk.noted(annulled);
        walk.claims();
        walk.said();
        walk.rulings();
        walk.suspects();
        walk.carry();
        walk.events.values_mut().for_each(|own| {
            own.sort_unstable();
            own.dedup();
        });
        (walk.touched, walk.events)
    }

    /// The size on which the page of a station rests.
    pub(crate) fn station(&self, station: StationIx) -> u64 {
        self.stations.get(station.0 as usize).copied().unwrap_or(0).max(self.everywhere)
    }

    /// The size on which the page of a unit rests.
    pub(crate) fn unit(&self, unit: UnitIx) -> u64 {
        self.units.get(unit.0 as usize).copied().unwrap_or(0).max(self.everywhere)
    }
}

fn raise(slot: Option<&mut u64>, index: u64) {
    if let Some(slot) = slot {
        *slot = (*slot).max(index.saturating_add(1));
    }
}

impl Walk<'_> {
    fn everywhere(&mut self, index: u64) {
        raise(Some(&mut self.touched.everywhere), index);
    }

    fn station(&mut self, station: StationIx, index: u64) {
        raise(self.touched.stations.get_mut(station.0 as usize), index);
    }

    fn unit(&mut self, unit: UnitIx, index: u64) {
        raise(self.below.get_mut(unit.0 as usize), index);
    }

    fn place(&mut self, place: Place, index: u64) {
        match place {
            Place::All => self.everywhere(index),
            Place::Unit(unit) => self.unit(unit, index),
            Place::Station(station) => self.station(station, index),
        }
    }

    /// The station that a statement is about.
    fn statement(&mut self, statement: u64, index: u64) {
        let noted = usize::try_from(statement).ok().and_then(|at| self.fold.noted().get(at));
        if let Some(station) = noted.and_then(|noted| noted.station) {
            self.station(station, index);
            self.events.entry(station).or_default().push(index);
        }
    }

    /// What is only said about a unit stands on its own page alone.
    fn unit_alone(&mut self, id: &str, index: u64) {
        if let Some(unit) = self.fold.ledger().register().geography().unit_ix(id) {
            raise(self.touched.units.get_mut(unit.0 as usize), index);
        }
    }

    fn about(&mut self, about: &About, index: u64) {
        let geography = self.fold.ledger().register().geography();
        match about {
            About::Poll => {}
            About::Unit(id) => self.unit_alone(id, index),
            About::Station { id, .. } => {
                if let Some(station) = geography.station_ix(id) {
                    self.station(station, index);
                    self.events.entry(station).or_default().push(index);
                }
            }
            About::Statement(statement) => self.statement(*statement, index),
        }
    }

    /// Statements that name a station, and those that every page rests on.
    fn noted(&mut self, annulled: Option<(u64, bool)>) {
        let fold = self.fold;
        for (noted, index) in fold.noted().iter().zip(0u64..) {
            if let Some(station) = noted.station {
                self.station(station, index);
                // A void protocol is no claim; it is shown among what else was said.
                if noted.void.is_some() || noted.kind == "turnout" {
                    self.events.entry(station).or_default().push(index);
                }
            } else if noted.void.is_none() && matches!(noted.kind, "charter" | "body" | "register") {
                self.everywhere(index);
            }
        }
        match state_with(fold, annulled) {
            State::Annulled { ruling, .. } => self.everywhere(ruling),
            State::Declared(declared) => self.everywhere(declared.index),
            State::NoCharter | State::Preliminary => {}
        }
    }

    fn claims(&mut self) {
        let fold = self.fold;
        for station in facts::stations(fold) {
            let Some(state) = fold.station(station) else { continue };
            for claim in state.claims.iter().chain(&state.copies) {
                self.station(station, claim.index);
            }
        }
    }

    /// Complaints, notes, turnout of units and declarations.
    fn said(&mut self) {
        let fold = self.fold;
        let events = fold.events();
        events.complaints.iter().for_each(|own| self.about(&own.what.about, own.index));
        for own in &events.notes {
            self.about(&own.what.about, own.index);
            // The sentence above every page hangs on it.
            if own.what.code == SYNTHETIC {
                self.everywhere(own.index);
            }
        }
        events.turnouts.iter().for_each(|own| self.unit_alone(&own.what.of, own.index));
        fold.declarations().iter().for_each(|own| self.unit_alone(&own.declaration.unit, own.index));
    }

    fn rulings(&mut self) {
        let fold = self.fold;
        for (index, state) in fold.rulings() {
            self.ruling(state, *index, DEPTH);
            for complaint in &state.ruling.complaints {
                self.complaint(*complaint, *index);
            }
        }
    }

    fn complaint(&mut self, complaint: u64, index: u64) {
        let fold = self.fold;
        let complaints = &fold.events().complaints;
        let found = complaints.binary_search_by_key(&complaint, |own| own.index);
        if let Some(own) = found.ok().and_then(|at| complaints.get(at)) {
            self.about(&own.what.about, index);
        }
    }

    /// Every place on which a ruling acts, and those of rulings that it touches in turn.
    fn ruling(&mut self, state: &RulingState, index: u64, depth: u8) {
        let Some(depth) = depth.checked_sub(1) else { return self.everywhere(index) };
        let fold = self.fold;
        for act in &state.acts {
            match act {
                Act::None | Act::Withhold(_) => {}
                Act::Correct(station, ..) => self.act(Place::Station(*station), index),
                Act::Recount(scope) | Act::Annul(scope) | Act::Repeat(scope) => self.act(scope.place, index),
                Act::Exclude(statement) | Act::Restore(statement) => self.statement(*statement, index),
            }
        }
        for effect in &state.ruling.effects {
            match effect {
                Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                    match fold.rulings().get(ruling) {
                        Some(other) => self.ruling(other, index, depth),
                        None => self.everywhere(index),
                    }
                }
                Effect::Withhold { blob } => {
                    if let Some(named) = fold.named_blobs().get(blob) {
                        self.statement(*named, index);
                    }
                }
                Effect::Reject { complaint } => self.complaint(*complaint, index),
                Effect::Admit { .. } | Effect::Replace { .. } => self.everywhere(index),
                _ => {}
            }
        }
    }

    fn act(&mut self, place: Place, index: u64) {
        self.place(place, index);
        if let Place::Station(station) = place {
            self.events.entry(station).or_default().push(index);
        }
    }

    /// A revocation with a date of suspicion marks statements of before.
    fn suspects(&mut self) {
        let fold = self.fold;
        let keys = fold.ledger().keys();
        if keys.iter().all(|(_, key)| key.suspect_from.is_none()) {
            return;
        }
        for station in facts::stations(fold) {
            let Some(state) = fold.station(station) else { continue };
            for claim in state.claims.iter().chain(&state.copies) {
                for key in claim.signers().filter_map(|ix| keys.get(ix)).filter(|key| key.is_suspect_at(claim.index)) {
                    if let Some(index) = key.suspected_by(claim.index) {
                        self.station(station, index);
                    }
                }
            }
        }
    }

    /// What touches a unit touches everything below it; what touches a station touches the units above.
    fn carry(&mut self) {
        let geography = self.fold.ledger().register().geography();
        // A unit stands after the one above it.
        for (at, unit) in geography.units().iter().enumerate() {
            let above = unit.parent.and_then(|parent| self.below.get(parent.0 as usize)).copied().unwrap_or(0);
            if let Some(own) = self.below.get_mut(at) {
                *own = (*own).max(above);
            }
        }
        for (station, own) in geography.stations().iter().zip(&mut self.touched.stations) {
            let unit = station.unit.0 as usize;
            *own = (*own).max(self.below.get(unit).copied().unwrap_or(0));
            if let Some(above) = self.touched.units.get_mut(unit) {
                *above = (*above).max(*own);
            }
        }
        for at in (0..self.touched.units.len()).rev() {
            let own = self.below.get(at).copied().unwrap_or(0).max(self.touched.units.get(at).copied().unwrap_or(0));
            if let Some(slot) = self.touched.units.get_mut(at) {
                *slot = own;
            }
            let parent = geography.units().get(at).and_then(|unit| unit.parent);
            if let Some(above) = parent.and_then(|parent| self.touched.units.get_mut(parent.0 as usize)) {
                *above = (*above).max(own);
            }
        }
    }
}
