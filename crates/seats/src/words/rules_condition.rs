//! Conditions in words: shares, votes, seats, quotas, attributes and ranks, and where each is asked.

use super::phrase::{self, phrases};
use super::{Language, counted, rules_formula};
use crate::rulebook::{Condition, Scope, Strictness};

/// A condition, with brackets where alternatives stand within conjunctions.
pub(super) fn condition(language: Language, of: &Condition) -> String {
    let join = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Condition::All(_) | Condition::Any(_) => format!("({})", condition(language, part)),
                _ => condition(language, part),
            })
            .collect();
        parts.join(&format!(" {word} "))
    };
    match of {
        Condition::All(parts) => join(parts, &and(language)),
        Condition::Any(parts) => join(parts, &or(language)),
        Condition::Not(inner) => not(language, &condition(language, inner)),
        Condition::Share { base, scope, strictness, share } => {
            let place = place(language, scope);
            match strictness {
                Strictness::AtLeast => share_at_least(language, share, base, &place),
                Strictness::MoreThan => share_more_than(language, share, base, &place),
            }
        }
        Condition::Votes { scope, at_least } => {
            votes_at_least(language, &counted::votes_genitive(language, *at_least), &place(language, scope))
        }
        Condition::Seats { stage, at_least } => {
            seats_at_least(language, &counted::seats_genitive(language, *at_least), stage)
        }
        Condition::VotesPerSeat { base, stage, level, units } => {
            per_seat(language, base, stage, level, &phrase::number(language, u128::from(*units)))
        }
        Condition::Quota { quota, seats, strictness, multiple } => {
            let (name, _) = rules_formula::quota_name(language, *quota);
            let seats = counted::seats(language, *seats);
            match strictness {
                Strictness::AtLeast => quota_at_least(language, multiple, &name, &seats),
                Strictness::MoreThan => quota_more_than(language, multiple, &name, &seats),
            }
        }
        Condition::Attribute { name, is, at_least, at_most } => {
            let mut range: Vec<String> = is.iter().map(|is| format!("= {is}")).collect();
            range.extend(at_least.map(|least| format!("≥ {least}")));
            range.extend(at_most.map(|most| format!("≤ {most}")));
            let range = range.join(", ");
            attribute(language, &format!("{name} {range}").trim_end())
        }
        Condition::Rank { scope, at_most } => rank_at_most(language, at_most, &place(language, scope)),
    }
}

pub(super) fn place(language: Language, scope: &Scope) -> String {
    match scope {
        Scope::National => in_whole(language),
        Scope::Every(level) => in_every(language, level),
        Scope::Any(level) => in_any(language, level),
        Scope::Own(level) => in_own(language, level),
    }
}

phrases! {
    and() { en: "and", ru: "и", ky: "жана" }
    or() { en: "or", ru: "или", ky: "же" }
    not(condition) { en: "not ({condition})", ru: "не ({condition})", ky: "эмес ({condition})" }
    share_at_least(share, base, place) {
        en: "at least {share} of {base} {place}",
        ru: "не менее {share} от {base} {place}",
        ky: "{place} {base} ичинен кеминде {share}",
    }
    share_more_than(share, base, place) {
        en: "more than {share} of {base} {place}",
        ru: "более {share} от {base} {place}",
        ky: "{place} {base} ичинен {share} үлүшүнөн көп",
    }
    votes_at_least(votes, place) {
        en: "at least {votes} {place}", ru: "не менее {votes} {place}", ky: "{place} кеминде {votes}"
    }
    seats_at_least(seats, stage) {
        en: "at least {seats} at stage {stage}",
        ru: "не менее {seats} на этапе {stage}",
        ky: "{stage} этабында кеминде {seats}",
    }
    per_seat(base, stage, level, units) {
        en: "at least {base} over the seats of stage {stage} (votes for each seat on average) in {units} units of level {level}",
        ru: "не менее {base} на один мандат этапа {stage} (в среднем) в стольких территориях уровня {level}: {units}",
        ky: "{level} деңгээлиндеги {units} аймакта {stage} этабынын бир мандатына туура келген {base} санынан (орточо) кем эмес",
    }
    quota_at_least(multiple, quota, seats) {
        en: "at least {multiple} of the quota ({quota}, {seats})",
        ru: "не менее {multiple} квоты ({quota}, {seats})",
        ky: "квотанын кеминде {multiple} ({quota}, {seats})",
    }
    quota_more_than(multiple, quota, seats) {
        en: "more than {multiple} of the quota ({quota}, {seats})",
        ru: "более {multiple} квоты ({quota}, {seats})",
        ky: "квотанын {multiple} үлүшүнөн көп ({quota}, {seats})",
    }
    attribute(what) {
        en: "the attribute {what}", ru: "признак {what}", ky: "белги: {what}"
    }
    rank_at_most(place, scope) {
        en: "a place from 1 to {place} by votes {scope}",
        ru: "место по голосам от 1 до {place} {scope}",
        ky: "{scope} добуш боюнча 1ден {place} чейинки орун",
    }
    in_whole() { en: "in the whole", ru: "в целом", ky: "жалпысынан" }
    in_every(level) {
        en: "in every unit of level {level}",
        ru: "в каждой территории уровня {level}",
        ky: "{level} деңгээлиндеги ар бир аймакта",
    }
    in_any(level) {
        en: "in at least one unit of level {level}",
        ru: "хотя бы в одной территории уровня {level}",
        ky: "{level} деңгээлиндеги жок дегенде бир аймакта",
    }
    in_own(level) {
        en: "in the unit of level {level} whose seats are given",
        ru: "в той территории уровня {level}, мандаты которой распределяются",
        ky: "мандаттары бөлүштүрүлүп жаткан {level} деңгээлиндеги аймакта",
    }
}
