//! Readings: the whole outcome under every other value of a doubtful field.

use super::view::View;
use super::{RunOptions, ties};
use crate::lots::Lots;
use crate::margin;
use crate::outcome::{Outcome, Reading, ReadingResult};
use crate::refusal::Refusal;
use crate::rulebook::{CapLimit, Condition, DoubtField, Rulebook, Scope, StageKind};

pub(super) fn readings(
    rulebook: &Rulebook,
    view: &View<'_>,
    lots: &Lots,
    options: &RunOptions,
    chosen: &Outcome,
) -> Result<Vec<Reading>, Refusal> {
    let mut readings = Vec::new();
    for stage in &rulebook.stages {
        let Some(doubt) = &stage.doubt else {
            continue;
        };
        for value in &doubt.other_readings {
            let other = with(rulebook, &stage.id, doubt.field, value);
            readings.push(Reading {
                id: format!("{}.{}={value}", stage.id, doubt.field.word()),
                stage: stage.id.clone(),
                field: doubt.field.word().to_owned(),
                value: value.clone(),
                says: doubt.chosen_because.clone(),
                ..under(&other, view, lots, options, chosen)
            });
        }
    }
    for declared in &rulebook.readings {
        let other = match &declared.alternative {
            Some(alternative) => (**alternative).clone(),
            None => with(rulebook, &declared.stage, declared.field, &declared.value),
        };
        readings.push(Reading {
            id: declared.id.clone(),
            stage: declared.stage.clone(),
            field: declared.field.word().to_owned(),
            value: declared.value.clone(),
            says: Some(declared.says.clone()),
            ..under(&other, view, lots, options, chosen)
        });
    }
    Ok(readings)
}

/// The outcome of another rulebook on the same tally. Lots of the chosen reading need not fit
/// another one: there, only those that decide something are used.
fn under(other: &Rulebook, view: &View<'_>, lots: &Lots, options: &RunOptions, chosen: &Outcome) -> Reading {
    let view = View { rulebook: other, ..view.clone() };
    let outcome = match ties::outcome(other, &view, lots, options) {
        Err(Refusal::SuperfluousLot { .. } | Refusal::ForeignLot { .. }) => {
            ties::outcome(other, &view, &Lots::none(), options)
        }
        outcome => outcome,
    };
    let (differs, result) = match outcome {
        Ok(mut outcome) => {
            outcome.margins = margin::of_admission(other, &view, &outcome, margin::Asked::NotOwn);
            let differs = outcome.seats != chosen.seats
                || outcome.undetermined != chosen.undetermined
                || outcome.validity.void != chosen.validity.void;
            (differs, ReadingResult::Outcome(Box::new(outcome)))
        }
        Err(refusal) => (true, ReadingResult::Refused(refusal)),
    };
    Reading {
        id: String::new(),
        stage: String::new(),
        field: String::new(),
        value: String::new(),
        says: None,
        differs,
        result,
    }
}

/// The rulebook with one field of one stage changed.
fn with(rulebook: &Rulebook, stage: &str, field: DoubtField, value: &str) -> Rulebook {
    let mut other = rulebook.clone();
    let levels = rulebook.units.levels.clone();
    let Some(stage) = other.stages.iter_mut().find(|other| other.id == stage) else {
        return other;
    };
    match (&mut stage.kind, field) {
        (StageKind::Admit { when, .. }, DoubtField::Base) => {
            if let Some(chosen) = first_base(when) {
                each_share(when, &mut |base, _| {
                    if *base == chosen {
                        value.clone_into(base);
                    }
                });
            }
        }
        (StageKind::Admit { when, .. }, DoubtField::In) => {
            if let Some(place) = crate::rulebook::scope_of(value, &levels) {
                each_share(when, &mut |_, scope| {
                    if *scope != Scope::National {
                        *scope = place.clone();
                    }
                });
            }
        }
        (StageKind::Cap(cap), DoubtField::MaxSeats) => {
            if let Ok(seats) = value.parse() {
                cap.limit = CapLimit::Seats(seats);
            }
        }
        (StageKind::Cap(cap), DoubtField::Redistribute) => cap.redistribute = value == "rerun",
        _ => {}
    }
    other
}

fn first_base(when: &Condition) -> Option<String> {
    match when {
        Condition::All(branches) | Condition::Any(branches) => branches.iter().find_map(first_base),
        Condition::Not(inner) => first_base(inner),
        Condition::Share { base, .. } => Some(base.clone()),
        _ => None,
    }
}

fn each_share(when: &mut Condition, change: &mut dyn FnMut(&mut String, &mut Scope)) {
    match when {
        Condition::All(branches) | Condition::Any(branches) => {
            for branch in branches {
                each_share(branch, change);
            }
        }
        Condition::Not(inner) => each_share(inner, change),
        Condition::Share { base, scope, .. } => change(base, scope),
        _ => {}
    }
}
