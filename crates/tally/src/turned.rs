//! Rulings that began or ceased to act between two sizes of a record: what a changed figure may rest on though nobody filed one.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::StationIx;
use recount_record::ledger::Place;
use recount_record::statement::Effect;

use crate::claim::ContestIx;
use crate::effects::{Act, Force, RulingState};
use crate::fold::Fold;

/// One effect that began or ceased to act.
struct Turn {
    contest: Option<ContestIx>,
    place: Place,
    /// The statements between the two sizes that did it.
    by: Vec<u64>,
}

/// Effects that began or ceased to act, by place.
pub(crate) struct Turned {
    stations: BTreeMap<StationIx, Vec<Turn>>,
    wider: Vec<Turn>,
}

impl Turned {
    pub(crate) fn between(earlier: &Fold, later: &Fold) -> Turned {
        let mut turned = Turned { stations: BTreeMap::new(), wider: Vec::new() };
        for (index, state) in later.rulings() {
            let acted = earlier.rulings().get(index).is_some_and(|old| old.force == Force::InForce);
            if acted == (state.force == Force::InForce) {
                continue;
            }
            let by = if *index >= earlier.size() { vec![*index] } else { overturners(later, *index, earlier.size()) };
            for act in &state.acts {
                turned.enter(later, act, &by);
            }
        }
        turned
    }

    fn enter(&mut self, later: &Fold, act: &Act, by: &[u64]) {
        let statement = |statement: u64| {
            let noted = usize::try_from(statement).ok().and_then(|at| later.noted().get(at))?;
            let station = noted.station?;
            let claims = later.station(station).map_or(&[][..], |state| &state.claims);
            let claim = claims.iter().find(|claim| claim.index == statement)?;
            Some((Some(claim.slot.contest), Place::Station(station)))
        };
        let (contest, place) = match act {
            // A recount that is only ordered changes nothing; where its figures count, the count names it.
            Act::None | Act::Withhold(_) | Act::Recount(_) => return,
            Act::Correct(station, slot, _) => (Some(slot.contest), Place::Station(*station)),
            Act::Annul(scope) | Act::Repeat(scope) => (scope.contest, scope.place),
            Act::Exclude(index) | Act::Restore(index) => match statement(*index) {
                Some(found) => found,
                None => return,
            },
        };
        let turn = Turn { contest, place, by: by.to_vec() };
        match place {
            Place::Station(station) => self.stations.entry(station).or_default().push(turn),
            _ => self.wider.push(turn),
        }
    }

    /// The statements that made rulings begin or cease to act on a station.
    pub(crate) fn at(&self, later: &Fold, station: StationIx, contest: ContestIx) -> impl Iterator<Item = u64> {
        let own = self.stations.get(&station).into_iter().flatten();
        let above = self.wider.iter().filter(move |turn| later.ledger().covers(turn.place, Place::Station(station)));
        let meets = move |turn: &&Turn| turn.contest.is_none_or(|own| own == contest);
        own.chain(above).filter(meets).flat_map(|turn| turn.by.iter().copied())
    }
}

/// The rulings from a size on that speak of a ruling, or of one that speaks of it, and so on.
pub(crate) fn overturners(fold: &Fold, ruling: u64, from: u64) -> Vec<u64> {
    let mut about = BTreeSet::from([ruling]);
    for (index, state) in fold.rulings().range(ruling.saturating_add(1)..) {
        if targets(state).any(|target| about.contains(&target)) {
            about.insert(*index);
        }
    }
    about.range(from..).copied().collect()
}

fn targets(state: &RulingState) -> impl Iterator<Item = u64> {
    state.ruling.effects.iter().filter_map(|effect| match effect {
        Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => Some(*ruling),
        _ => None,
    })
}
