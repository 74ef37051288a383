//! Names for people: lists, units, stations, keys, sources.

use recount_election::{AGAINST_ALL, StationIx, UnitIx};
use recount_record::ledger::KeyIx;
use recount_tally::claim::Slot;
use recount_tally::{Fold, Source, View};

/// The name of a list in a contest.
pub fn list(fold: &Fold, contest: &str, id: &str) -> String {
    if id == AGAINST_ALL {
        return "against all".to_owned();
    }
    let lists = fold.ledger().register().all_lists(contest);
    lists.iter().find(|list| list.id == id).map_or_else(|| id.to_owned(), |list| list.name.clone())
}

/// A unit's name.
pub fn unit(fold: &Fold, ix: UnitIx) -> String {
    fold.ledger().register().geography().unit(ix).map_or_else(String::new, |unit| unit.name.clone())
}

/// A unit's identifier.
pub fn unit_id(fold: &Fold, ix: UnitIx) -> String {
    fold.ledger().register().geography().unit(ix).map_or_else(String::new, |unit| unit.id.clone())
}

/// A station's identifier.
pub fn station_id(fold: &Fold, ix: StationIx) -> String {
    fold.ledger().register().geography().station(ix).map_or_else(String::new, |station| station.id.clone())
}

/// A key's name.
pub fn key(fold: &Fold, ix: KeyIx) -> String {
    fold.ledger().keys().name(ix).to_owned()
}

/// The offices that a key holds now: "precinct of s-1".
pub fn offices(fold: &Fold, ix: KeyIx) -> Vec<String> {
    let keys = fold.ledger().keys();
    let held = keys.get(ix).map_or(&[][..], |key| &key.offices);
    held.iter().filter_map(|office| keys.office(*office)).map(|o| format!("{} of {}", o.role.name(), o.scope)).collect()
}

/// The part of a slot, as it follows a source: "hand, part mobile".
pub fn slot(fold: &Fold, slot: Slot) -> String {
    let mut text = fold.source_name(slot).to_owned();
    if let Some(part) = slot.part {
        text.push_str(&format!(", part {}", fold.parts().get(part)));
    }
    if slot.poll > 1 {
        text.push_str(&format!(", poll {}", slot.poll));
    }
    text
}

/// Which figures a view counts, in words.
pub fn view(fold: &Fold, view: View) -> String {
    let poll = match view.poll {
        None => String::new(),
        Some(poll) => format!("; poll {poll} alone"),
    };
    let source = match view.source {
        Source::Copies => "copies of observers and parties, the first of each place".to_owned(),
        Source::Only(word) => format!("source {} alone", fold.sources().get(word)),
        Source::Deciding => deciding(fold),
    };
    format!("{source}{poll}")
}

fn deciding(fold: &Fold) -> String {
    let Some(law) = fold.law() else { return "no law yet".to_owned() };
    let standing = &law.rulebook.standing;
    let mut text = format!("source {}, which decides by law", standing.decides);
    if let Some(after) = standing.after_ruling.as_ref().filter(|after| **after != standing.decides) {
        text.push_str(&format!(" ({after} where a ruling ordered one)"));
    }
    if standing.mix_sources {
        text.push_str(&format!("; as the rulebook says, gaps are FILLED from {}", standing.preliminary.join(", ")));
    } else {
        text.push_str("; no other source is mixed in");
    }
    text
}

/// The word of a view's source for scripts.
pub fn source_word(fold: &Fold, view: View) -> String {
    match view.source {
        Source::Copies => "copies".to_owned(),
        Source::Only(word) => fold.sources().get(word).to_owned(),
        Source::Deciding => fold.law().map_or_else(String::new, |law| law.rulebook.standing.decides.clone()),
    }
}
