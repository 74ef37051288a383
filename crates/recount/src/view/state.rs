//! The state of the count: what was ruled about the whole, what was declared, and how the declarations check.

use recount_exchange::declarations;
use recount_record::ledger::Place;
use recount_tally::Fold;
use recount_tally::declaration::{DeclarationCheck, DeclarationState};
use recount_tally::effects::{Act, Force, RulingState};
use serde_json::{Value, json};

use crate::show;

/// The rulings in force that annul or repeat the whole vote: index, state, whether it is to be repeated.
pub fn annulled(fold: &Fold) -> Vec<(u64, &RulingState, bool)> {
    let root = fold.ledger().register().geography().root();
    let whole = |place: Place| match place {
        Place::All => true,
        Place::Unit(unit) => Some(unit) == root,
        Place::Station(_) => false,
    };
    let in_force = fold.rulings().iter().filter(|(_, state)| state.force == Force::InForce);
    in_force
        .filter_map(|(index, state)| {
            let mut acts = state.acts.iter();
            let repeats = state.acts.iter().any(|act| matches!(act, Act::Repeat(scope) if whole(scope.place)));
            let ends = acts.any(|act| matches!(act, Act::Annul(scope) | Act::Repeat(scope) if whole(scope.place) && scope.part.is_none()));
            ends.then_some((*index, state, repeats))
        })
        .collect()
}

/// Who ruled, and how that is proved: signatures of seats, or only a claim.
pub fn by_whom(fold: &Fold, state: &RulingState) -> String {
    let Some(id) = &state.ruling.by else { return "reconstructed: no body, no votes on the record".to_owned() };
    let Some(body) = fold.ledger().bodies().get(id) else { return id.clone() };
    let mut text = format!(
        "{}: {} of {} seats signed, majority {}, quorum {}",
        body.title,
        show::number(state.signed),
        show::number(body.seats.len() as u64),
        show::number(body.majority),
        show::number(body.quorum)
    );
    if let Some(present) = state.ruling.claimed.present.filter(|present| *present > state.signed) {
        text.push_str(&format!("; {} present is claimed, not proved", show::number(present)));
    }
    text
}

/// Prints the state of the whole and every declaration.
pub fn print(fold: &Fold) {
    for (index, state, repeats) in annulled(fold) {
        let next = if repeats { " AND TO BE REPEATED" } else { "" };
        show::paragraph(format!(
            "State: ANNULLED{next} by ruling {index} ({}). By law nothing of it counts; --at {index} shows the count just before.",
            by_whom(fold, state)
        ));
    }
    if fold.declarations().is_empty() {
        if annulled(fold).is_empty() {
            show::line("State: preliminary; nobody has declared a result.");
        }
        return;
    }
    for state in fold.declarations() {
        show::paragraph(declaration(fold, state));
        if let DeclarationCheck::Differs(differences) = &state.check {
            for difference in differences {
                show::item(format!(
                    "{}: declared {}, derived {}.",
                    difference.what,
                    show::number(difference.declared),
                    show::figure(difference.derived)
                ));
            }
        }
    }
}

/// A declaration with what came of computing it again, in a sentence.
pub fn declaration(fold: &Fold, state: &DeclarationState) -> String {
    let declared = &state.declaration;
    let signer = fold.noted().get(usize::try_from(state.index).unwrap_or(usize::MAX)).and_then(|noted| noted.signer);
    let by = signer.map_or_else(String::new, |ix| format!(" by {}", super::names::key(fold, ix)));
    let check = match &state.check {
        DeclarationCheck::Holds => "computed again, every figure HOLDS".to_owned(),
        DeclarationCheck::Differs(differences) => {
            format!("computed again, {} DIFFER", show::count(differences.len() as u64, "figure", "figures"))
        }
        DeclarationCheck::Pending => "not computed again".to_owned(),
        DeclarationCheck::NotComputable(why) => format!("cannot be computed again: {why}"),
    };
    format!(
        "Declaration {}{by}: {} of unit {}, source {}, at size {}: {check}.",
        state.index,
        declared.contest,
        declared.unit,
        declared.source,
        show::number(declared.size)
    )
}

/// The same for scripts.
pub fn json(fold: &Fold) -> Value {
    let ended = annulled(fold);
    let word = match (ended.is_empty(), fold.declarations().is_empty()) {
        (false, _) => "annulled",
        (true, false) => "declared",
        (true, true) => "preliminary",
    };
    let ended = ended.iter().map(|(index, state, repeats)| {
        json!({ "ruling": index, "repeat": repeats, "by": state.ruling.by, "seats_signed": state.signed })
    });
    json!({ "state": word, "annulled_by": ended.collect::<Vec<_>>(), "declarations": declarations(fold) })
}
