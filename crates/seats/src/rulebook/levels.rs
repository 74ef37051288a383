//! Which levels of the geography a rulebook asks about.

use std::collections::BTreeSet;

use super::{Allocate, Capacity, Condition, Per, Rulebook, Scope, SeatCount, StageKind, Weights};

impl Rulebook {
    /// The whole, and every level that a condition or stage asks about: totals of other levels change
    /// nothing.
    pub fn levels_used(&self) -> BTreeSet<String> {
        let mut levels: BTreeSet<String> = self.units.levels.first().cloned().into_iter().collect();
        for stage in &self.stages {
            match &stage.kind {
                StageKind::Admit { when, .. } => of_condition(when, &mut levels),
                StageKind::Allocate(allocate) => of_allocation(allocate, &mut levels),
                StageKind::Minimum(minimum) => {
                    levels.extend(minimum.per_party.levels().into_iter().map(str::to_owned));
                }
                StageKind::Place(place) => {
                    levels.insert(place.level.clone());
                    of_capacity(place.capacity.as_ref(), &mut levels);
                }
                StageKind::Biproportional(rule) => {
                    levels.insert(rule.level.clone());
                    of_capacity(Some(&rule.seats), &mut levels);
                }
                StageKind::Rank(rank) => {
                    levels.extend(rank.per.clone());
                    if let SeatCount::Register { level, .. } = &rank.seats {
                        levels.insert(level.clone());
                    }
                }
                _ => {}
            }
        }
        levels
    }
}

fn of_allocation(allocate: &Allocate, levels: &mut BTreeSet<String>) {
    levels.extend(allocate.units.clone());
    if let Some(Per::Unit(level)) = &allocate.per {
        levels.insert(level.clone());
    }
    if let SeatCount::Register { level, .. } = &allocate.seats {
        levels.insert(level.clone());
    }
    if let Some(Weights::Register { level, .. }) = &allocate.weights {
        levels.insert(level.clone());
    }
}

fn of_capacity(capacity: Option<&Capacity>, levels: &mut BTreeSet<String>) {
    if let Some(Capacity::Register { level, .. }) = capacity {
        levels.insert(level.clone());
    }
}

fn of_condition(condition: &Condition, levels: &mut BTreeSet<String>) {
    match condition {
        Condition::All(of) | Condition::Any(of) => of.iter().for_each(|inner| of_condition(inner, levels)),
        Condition::Not(inner) => of_condition(inner, levels),
        Condition::Share { scope, .. } | Condition::Votes { scope, .. } | Condition::Rank { scope, .. } => {
            match scope {
                Scope::National => {}
                Scope::Every(level) | Scope::Any(level) | Scope::Own(level) => {
                    levels.insert(level.clone());
                }
            }
        }
        Condition::VotesPerSeat { level, .. } => {
            levels.insert(level.clone());
        }
        Condition::Seats { .. } | Condition::Quota { .. } | Condition::Attribute { .. } => {}
    }
}
