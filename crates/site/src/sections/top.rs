//! Title, state and checkpoint.

use maud::{Markup, html};

use recount_tally::Fold;
use recount_tally::declaration::DeclarationCheck;

use crate::frame::Frame;
use crate::names;
use crate::number::{grouped, iso, utc};
use crate::standing::{State, state};
use crate::words;

pub(crate) fn header(fold: &Fold, frame: &Frame) -> Markup {
    let election = fold.ledger().charter().map(|(_, charter)| &charter.election);
    html! {
        header {
            @if let Some(election) = election {
                h1 { (election.title) }
                p.day { (words::POLLING_DAY) " " time datetime=(election.polling_day) { (election.polling_day) } }
            } @else {
                h1 { (words::UNTITLED) }
            }
            (state_line(fold))
            (strip(fold, frame))
        }
    }
}

fn state_line(fold: &Fold) -> Markup {
    let sealed = fold.ledger().register().sealed(1).is_some();
    let (class, word, sentence) = match state(fold) {
        State::NoCharter => ("none", words::STATE_NONE, words::NO_CHARTER.to_owned()),
        State::Annulled { ruling, repeat } => {
            let by = fold.rulings().get(&ruling).and_then(|state| state.ruling.by.as_ref());
            let by = by.map_or_else(|| words::NO_BODY.to_owned(), |id| names::body(fold, id));
            ("annulled", words::STATE_ANNULLED, words::annulled_by(ruling, &by, repeat))
        }
        State::Declared(declared) => {
            let by = names::body(fold, &declared.declaration.by);
            let check = match &declared.check {
                DeclarationCheck::Holds => words::DECLARATION_HOLDS.to_owned(),
                DeclarationCheck::Pending => words::DECLARATION_PENDING.to_owned(),
                DeclarationCheck::Differs(differences) => words::declaration_differs(differences.len()),
                DeclarationCheck::NotComputable(why) => words::declaration_not_computable(why),
            };
            ("declared", words::STATE_DECLARED, words::declared_by(&by, declared.declaration.size, &check))
        }
        State::Preliminary => ("preliminary", words::STATE_PRELIMINARY, words::PRELIMINARY.to_owned()),
    };
    html! {
        p class={ "state " (class) } {
            strong { (word) } " " (sentence)
            @if fold.law().is_some() && !sealed { " " (words::REGISTER_INCOMPLETE) }
        }
    }
}

fn strip(fold: &Fold, frame: &Frame) -> Markup {
    let origin = fold.ledger().charter().map(|(_, charter)| charter.origin.as_str());
    html! {
        dl.strip {
            div { dt { (words::SIZE) } dd { (grouped(fold.size())) } }
            @if let Some(time) = fold.ledger().clock() {
                div { dt { (words::LOG_CLOCK) } dd { time datetime=(iso(time)) { (utc(time)) } } }
            }
            @if let Some(origin) = origin { div { dt { (words::ORIGIN) } dd { (origin) } } }
            @if let Some(checkpoint) = frame.checkpoint.as_ref().filter(|own| own.size == fold.size()) {
                div { dt { (words::ROOT) } dd { code { (checkpoint.root.to_hex()) } } }
            }
        }
    }
}
