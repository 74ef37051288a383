//! The state of the election: one sentence above all figures.

use recount_record::ledger::Place;
use recount_tally::declaration::DeclarationState;
use recount_tally::effects::{Act, Force, Scope};
use recount_tally::{Fold, View};

/// In which state the election stands at a size.
#[derive(Debug)]
pub enum State<'a> {
    /// There is no charter: nothing can be said.
    NoCharter,
    /// A ruling in force annulled the whole vote, and nothing counts.
    Annulled {
        /// Index of the ruling.
        ruling: u64,
        /// Whether it orders the vote to be repeated.
        repeat: bool,
    },
    /// A body declared the result of the whole.
    Declared(&'a DeclarationState),
    /// Neither: figures may still change.
    Preliminary,
}

/// The state of the election as rulings and declarations leave it.
#[must_use]
pub fn state(fold: &Fold) -> State<'_> {
    state_with(fold, annulled(fold))
}

/// The same where the annulment of the whole is known already: finding it may look at every station.
pub(crate) fn state_with(fold: &Fold, annulled: Option<(u64, bool)>) -> State<'_> {
    if fold.law().is_none() {
        return State::NoCharter;
    }
    if let Some((ruling, repeat)) = annulled {
        return State::Annulled { ruling, repeat };
    }
    let root = fold.ledger().register().geography().root();
    let root = root.and_then(|root| fold.ledger().register().geography().unit(root)).map(|unit| unit.id.as_str());
    let declared = fold.declarations().iter().rev().find(|state| Some(state.declaration.unit.as_str()) == root);
    declared.map_or(State::Preliminary, State::Declared)
}

/// The ruling that annulled the whole vote, if one is in force and nothing counts. The result as it stood before is that of
/// the record at this size: fold that far, and put it into [`crate::Frame::before`].
#[must_use]
pub fn annulled_whole_by(fold: &Fold) -> Option<u64> {
    annulled(fold).map(|(ruling, _)| ruling)
}

/// The ruling that annulled the whole vote, and whether it orders the vote to be repeated.
pub(crate) fn annulled(fold: &Fold) -> Option<(u64, bool)> {
    let in_force = fold.rulings().iter().rev().filter(|(_, state)| state.force == Force::InForce);
    let whole = in_force.flat_map(|(index, state)| state.acts.iter().map(move |act| (*index, act)));
    let found = whole.filter_map(|(index, act)| match act {
        Act::Annul(scope) if is_whole(fold, *scope) => Some((index, false)),
        Act::Repeat(scope) if is_whole(fold, *scope) => Some((index, true)),
        _ => None,
    });
    found.into_iter().next().filter(|_| nothing_counts(fold))
}

fn is_whole(fold: &Fold, scope: Scope) -> bool {
    let everywhere = match scope.place {
        Place::All => true,
        Place::Unit(unit) => fold.ledger().register().geography().root() == Some(unit),
        Place::Station(_) => false,
    };
    everywhere && scope.part.is_none() && (scope.contest.is_none() || fold.contests().count() == 1)
}

fn nothing_counts(fold: &Fold) -> bool {
    let Some(root) = fold.ledger().register().geography().root() else { return true };
    fold.contests().all(|(contest, _)| {
        let totals = fold.totals(contest, View::LAW).unwrap_or_default();
        totals.get(&root).is_none_or(|total| total.coverage.countable == 0)
    })
}
