//! How seats came about: each step with its figures, the rival that it beat, and the article.

use recount_seats::{Language, Step, StepKind, Words};

use super::outcome::Shown;
use crate::show;

/// Prints every step.
pub fn print(shown: Shown<'_>, language: Language) {
    for stage in &shown.outcome.stages {
        if let Some(quota) = stage.quota {
            show::paragraph(Words::new(language, shown.outcome).quota(&stage.id, quota));
        }
    }
    for step in &shown.outcome.steps {
        show::item(words(shown, step, language));
    }
}

/// A step in a sentence, with its article.
pub fn words(shown: Shown<'_>, step: &Step, language: Language) -> String {
    let words = Words::new(language, shown.outcome);
    format!("[{}] {}{}", step.stage, words.step(step), words.article(step.law.as_deref()))
}

/// The step that gave a seat of the stage that fills the house last: the first whose running number reaches it.
pub fn of_seat<'a>(shown: Shown<'a>, seat: u64) -> Option<&'a Step> {
    let gives = |step: &&Step| !matches!(step.what, StepKind::TakenBack | StepKind::Capped);
    let last = shown.outcome.steps.iter().rev().find(|step| gives(step)).map(|step| step.stage.as_str())?;
    let mut from = 0;
    for step in shown.outcome.steps.iter().filter(|step| step.stage == last).filter(gives) {
        if (from..=step.seat).contains(&seat) && seat > step.seat.saturating_sub(step.seats) {
            return Some(step);
        }
        from = step.seat;
    }
    None
}
