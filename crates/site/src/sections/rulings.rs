//! Rulings: what was decided, by whom, with which quorum proved and which only claimed.

use maud::{Markup, html};

use recount_record::statement::{About, Effect};
use recount_tally::Fold;
use recount_tally::effects::{Force, RulingState};

use crate::names;
use crate::words;

/// How many are shown, the latest first.
const SHOWN: usize = 30;
/// How many effects of one ruling are shown.
const EFFECTS: usize = 6;

pub(crate) fn section(fold: &Fold) -> Option<Markup> {
    let (rulings, complaints) = (fold.rulings(), fold.events().complaints.len());
    if rulings.is_empty() && complaints == 0 {
        return None;
    }
    Some(html! {
        p { (words::rulings_intro(rulings.len(), complaints)) }
        ul.items { @for (index, state) in rulings.iter().rev().take(SHOWN) { li { (item(fold, *index, state)) } } }
        @if rulings.len() > SHOWN { p.small { (words::and_more(rulings.len() - SHOWN)) } }
    })
}

fn item(fold: &Fold, index: u64, state: &RulingState) -> Markup {
    let ruling = &state.ruling;
    let by = ruling.by.as_ref().map_or_else(|| words::NO_BODY.to_owned(), |id| names::body(fold, id));
    html! {
        h3 { (words::ruling_of(index, &by)) }
        ul.plain {
            @for effect in ruling.effects.iter().take(EFFECTS) { li { (effect_in_words(fold, effect)) } }
            @if ruling.effects.len() > EFFECTS { li { (words::and_more(ruling.effects.len() - EFFECTS)) } }
        }
        dl.lines {
            div { dt { (words::GROUNDS) } dd { (ruling.reason) @if let Some(law) = &ruling.law { ", " (names::law(fold, law)) } } }
            (quorum(fold, state))
            div { dt { (words::FORCE) } dd { (force(state.force)) } }
        }
    }
}

fn quorum(fold: &Fold, state: &RulingState) -> Markup {
    let claimed = state.ruling.claimed;
    let body = state.ruling.by.as_ref().and_then(|id| fold.ledger().bodies().get(id));
    html! {
        div {
            dt { (words::SIGNED) }
            dd {
                @match body {
                    Some(body) => (words::seats_signed(state.signed, body.seats.len(), body.quorum, body.majority)),
                    None => (words::NO_QUORUM),
                }
            }
        }
        @if claimed != Default::default() {
            div {
                dt { (words::CLAIMED) }
                dd { (words::claimed(claimed.present, claimed.votes_for, claimed.against)) }
            }
        }
    }
}

fn force(force: Force) -> String {
    match force {
        Force::InForce => words::IN_FORCE.to_owned(),
        Force::Suspended(by) => words::suspended(by),
        Force::Reversed(by) => words::reversed(by),
    }
}

fn effect_in_words(fold: &Fold, effect: &Effect) -> String {
    match effect {
        Effect::Correct { station, .. } => words::effect(effect.word(), station),
        Effect::Recount { about, poll } | Effect::Annul { about, poll, .. } | Effect::Repeat { about, poll, .. } => {
            words::effect_in_poll(effect.word(), &place(fold, about), *poll)
        }
        Effect::Reject { complaint } => words::effect(effect.word(), &words::complaint(*complaint)),
        Effect::Exclude { statement } | Effect::Restore { statement } | Effect::Admit { statement } => {
            words::effect(effect.word(), &words::statement(*statement))
        }
        Effect::Withhold { blob } => words::effect(effect.word(), &blob.to_hex()),
        Effect::Replace { what, .. } => words::effect(effect.word(), what),
        Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
            words::effect(effect.word(), &words::ruling(*ruling))
        }
    }
}

fn place(fold: &Fold, about: &About) -> String {
    match about {
        About::Poll => words::WHOLE_POLL.to_owned(),
        About::Unit(id) => names::unit_by_id(fold, id),
        About::Station { id, part: None } => words::station(id),
        About::Station { id, part: Some(part) } => format!("{}, {part}", words::station(id)),
        About::Statement(index) => words::statement(*index),
    }
}
