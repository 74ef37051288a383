//! A seat: the step that gave it, with the quotient or remainder that decided, the rival that it beat, and the article.

use recount_seats::Words;
use serde_json::json;

use super::{Asked, list};
use crate::error::{Outcome, input};
use crate::show;
use crate::view::{computed, names, opening, steps};

pub fn run(asked: &Asked<'_>, seat: u64) -> Outcome {
    let fold = asked.fold;
    let computed = computed::compute(fold, asked.view)?;
    let shown = list::result(fold, &computed)?;
    let house = shown.outcome.house;
    if seat == 0 || seat > house {
        return input(format!("there is no seat {seat}: the house has {house}, counted from 1"));
    }
    let step = steps::of_seat(shown, seat);
    if asked.as_json {
        return show::json(&json!({
            "record": opening::json(asked.opened),
            "source": names::source_word(fold, asked.view),
            "seat": seat,
            "house": house,
            "step": step,
            "law": step.and_then(|step| step.law.as_deref()).and_then(|key| shown.outcome.laws.get(key)),
            "undetermined": shown.outcome.undetermined,
        }));
    }
    let words = Words::new(asked.language, shown.outcome);
    opening::print(asked.opened);
    show::heading(&format!("Seat {seat} of {house}"));
    let Some(step) = step else {
        show::paragraph("No step gives this seat: it is vacant, or it depends on a tie.");
        for tie in &shown.outcome.undetermined {
            show::item(words.tie(tie));
        }
        return Ok(());
    };
    show::paragraph(format!("It goes to {} ({}).", shown.name(&step.list), step.list));
    show::item(steps::words(shown, step, asked.language));
    show::item(format!(
        "The figure that decided: {}. Before this step the list held {}.",
        step.value,
        show::count(step.held, "seat", "seats")
    ));
    if let Some(rival) = &step.over {
        show::item(format!("The nearest rival: {} ({}) with {}.", shown.name(&rival.list), rival.list, rival.value));
    }
    if let Some(quota) = shown.outcome.stages.iter().find(|stage| stage.id == step.stage).and_then(|stage| stage.quota)
    {
        show::item(format!("The quota of stage {}: {quota} votes.", step.stage));
    }
    if let Some(votes) = shown.votes(&step.list) {
        show::item(format!("Its votes: {}; `explain --list {}` says where from.", show::number(votes), step.list));
    }
    Ok(())
}
