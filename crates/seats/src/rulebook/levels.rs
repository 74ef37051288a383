//! Which levels of the geography a rulebook asks about.

use std::collections::BTreeSet;

use super::{Allocate, Condition, Per, Rulebook, Scope, SeatCount, StageKind, Weights};

impl Rulebook {
    /// The whole, and every level that a condition or stage asks about: totals of other levels change
    /// nothing.
    pub fn levels_used(&self) -> BTreeSet<String> {
        let mut levels: BTreeSet<String> = self.units.levels.first().cloned().into_iter().collect();
        for stage in &self.stages {
            match &stage.kind {
                StageKind::Admit { when, .. } => of_condition(when, &mut levels),
                StageKind::Allocate(allocate) => of_allocation(allocate, &mut levels),
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
        Condition::Seats { .. } | Condition::Quota { .. } | Condition::Attribute { .. } => {}
    }
}
