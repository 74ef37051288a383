//! How far the argument for exact margins of seats reaches: which rulebooks it covers.
//!
//! A list's seats must never fall while it gains votes, as long as the same lists are admitted. With
//! divisors its quotients only rise against the others'; with an exact quota its share rises and each
//! other's falls, and a rival whose whole quota breaks frees the seat that its larger remainder takes.
//! In units of their own the same holds unit by unit. Rounded quotas, minima of quota formulas, lists
//! that share a distribution by quotas, seats that follow votes of units, and links between tiers break
//! the argument; then a number found suffices, and is not called exact.

use crate::rulebook::{
    Allocate, Bonus, BonusTo, CapLimit, Condition, Formula, Per, QuotaKind, Remainder, Rounding, Rulebook, Scope,
    SeatCount, StageKind, Weights,
};

/// What is known of a rulebook before any vote moves.
pub(super) struct Argument {
    /// Seats never fall while votes rise, among the same admitted lists.
    pub seats: bool,
    /// Each list's admission changes at most once along a move.
    pub admission: bool,
    pub cap: Limit,
    /// What happens in one unit stays there, as long as admission does.
    pub local: bool,
    /// Seats are given unit by unit: a list without votes in a unit does not stand there.
    pub unit_by_unit: bool,
}

/// Whether seats are cut off at a limit.
pub(super) enum Limit {
    None,
    Seats(u64),
    /// It moves with votes.
    Moving,
}

pub(super) fn argument(rulebook: &Rulebook) -> Argument {
    let admission = rulebook.stages.iter().all(|stage| match &stage.kind {
        StageKind::Admit { when, .. } => rises(when),
        _ => true,
    });
    let allocations: Vec<&Allocate> = allocations(rulebook).collect();
    let has = |kind: fn(&StageKind) -> bool| rulebook.stages.iter().any(|stage| kind(&stage.kind));
    let (capped, grouped) = (has(|kind| matches!(kind, StageKind::Cap(_))), has(|k| matches!(k, StageKind::Group(_))));
    let quotas = allocations.iter().any(|allocate| matches!(allocate.formula, Formula::Quota(_)));
    let in_units = |allocate: &&&Allocate| matches!(allocate.per, Some(Per::Unit(_)));
    let units = allocations.iter().filter(in_units).count();
    let known = rulebook.stages.iter().all(|stage| covered(rulebook, &stage.kind));
    let one_for_cap = !capped || (allocations.len() == 1 && units == 0);
    let ranked =
        rulebook.stages.iter().any(|stage| matches!(&stage.kind, StageKind::Admit { when, .. } if ranks(when)));
    let seats = admission && !ranked && known && one_for_cap && !(grouped && quotas);
    let simple = rulebook.stages.iter().all(|stage| match &stage.kind {
        StageKind::Admit { when, .. } => when.own_level().is_none() || only_own(when),
        StageKind::Allocate(allocate) => allocate.units.is_none(),
        StageKind::Sum(_) | StageKind::Candidates(_) => true,
        _ => false,
    });
    Argument {
        seats,
        admission,
        cap: limit(rulebook),
        local: seats && simple && units > 0 && units == allocations.len(),
        unit_by_unit: units > 0 || has(|kind| matches!(kind, StageKind::Biproportional(_))),
    }
}

/// The allocations that give seats to lists.
fn allocations(rulebook: &Rulebook) -> impl Iterator<Item = &Allocate> {
    rulebook.stages.iter().filter_map(|stage| match &stage.kind {
        StageKind::Allocate(allocate) if allocate.units.is_none() => Some(allocate),
        _ => None,
    })
}

fn covered(rulebook: &Rulebook, kind: &StageKind) -> bool {
    match kind {
        StageKind::Allocate(allocate) if allocate.units.is_some() => by_register(allocate),
        StageKind::Allocate(allocate) => plain(rulebook, allocate),
        StageKind::Admit { .. }
        | StageKind::Sum(_)
        | StageKind::Cap(_)
        | StageKind::Group(_)
        | StageKind::Bonus(Bonus { to: BonusTo::LargestList(_), .. })
        | StageKind::Declare(_)
        | StageKind::Candidates(_) => true,
        _ => false,
    }
}

/// Seats to units by numbers that no vote moves.
fn by_register(allocate: &Allocate) -> bool {
    allocate.per.is_none() && matches!(allocate.weights, Some(Weights::Register { .. }))
}

/// A formula that is covered, tied to no other stage that votes move.
fn plain(rulebook: &Rulebook, allocate: &Allocate) -> bool {
    let formula = match &allocate.formula {
        Formula::Divisor(_) => true,
        Formula::Quota(rule) => {
            rule.rounding == Rounding::Exact
                && rule.quota != QuotaKind::Droop
                && !rule.subtract_smallest
                && matches!(rule.remainder.as_slice(), [] | [Remainder::LargestFraction])
                && rule.remainder_at_least.is_none()
                && allocate.minimum == 0
                && !allocate.next_when_exhausted
        }
    };
    let tied = [&allocate.start, &allocate.at_least, &allocate.outside, &allocate.remainders_of];
    formula && tied.iter().all(|stage| stage.is_none()) && fixed(rulebook, &allocate.seats)
}

fn fixed(rulebook: &Rulebook, seats: &SeatCount) -> bool {
    match seats {
        SeatCount::Fixed(_) | SeatCount::Register { .. } => true,
        SeatCount::Stage(from) => rulebook.stage(from).is_some_and(
            |stage| matches!(&stage.kind, StageKind::Allocate(of) if of.units.is_some() && by_register(of)),
        ),
        SeatCount::LeftBy(_) => false,
    }
}

/// Whether more votes can only help to meet a condition: nothing under `not` but attributes, which
/// votes do not move, and no seats of other stages.
fn rises(when: &Condition) -> bool {
    match when {
        Condition::All(branches) | Condition::Any(branches) => branches.iter().all(rises),
        Condition::Not(inner) => matches!(**inner, Condition::Attribute { .. }),
        Condition::Seats { .. } | Condition::VotesPerSeat { .. } => false,
        _ => true,
    }
}

/// Whether a condition asks for a place among the lists. While votes move between two lists, a third one can
/// share a place with one, fall behind both and share it with the other: its admission changes twice.
fn ranks(when: &Condition) -> bool {
    match when {
        Condition::All(branches) | Condition::Any(branches) => branches.iter().any(ranks),
        Condition::Not(inner) => ranks(inner),
        Condition::Rank { .. } => true,
        _ => false,
    }
}

/// Whether a condition asks nothing beyond the own unit.
pub(super) fn only_own(when: &Condition) -> bool {
    match when {
        Condition::All(branches) | Condition::Any(branches) => branches.iter().all(only_own),
        Condition::Not(inner) => only_own(inner),
        Condition::Share { scope, .. } | Condition::Votes { scope, .. } | Condition::Rank { scope, .. } => {
            matches!(scope, Scope::Own(_))
        }
        Condition::Attribute { .. } => true,
        _ => false,
    }
}

/// Whether a condition is one share of the whole: its margins have a closed form.
pub(super) fn closed_form(when: &Condition) -> bool {
    matches!(when, Condition::Share { scope: Scope::National, .. })
}

/// Whether votes matter to a condition at all.
pub(super) fn asks_votes(when: &Condition) -> bool {
    match when {
        Condition::All(branches) | Condition::Any(branches) => branches.iter().any(asks_votes),
        Condition::Not(inner) => asks_votes(inner),
        Condition::Attribute { .. } => false,
        _ => true,
    }
}

fn limit(rulebook: &Rulebook) -> Limit {
    let caps = rulebook.stages.iter().filter_map(|stage| match &stage.kind {
        StageKind::Cap(cap) => Some(&cap.limit),
        _ => None,
    });
    caps.fold(Limit::None, |limit, cap| match (limit, cap) {
        (Limit::None, CapLimit::Seats(seats)) => Limit::Seats(*seats),
        _ => Limit::Moving,
    })
}
