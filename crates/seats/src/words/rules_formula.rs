//! Formulas in words: what is divided by what.

use super::Language;
use super::phrase::phrases;
use super::rules_people;
use crate::rulebook::{Divisors, Formula, Over, QuotaKind, QuotaRule, Rounding};

/// The formula as an instruction to a reader with a pencil.
pub(super) fn formula(language: Language, formula: &Formula) -> String {
    match formula {
        Formula::Quota(rule) => quota(language, rule),
        Formula::Divisor(divisors) => self::divisors(language, divisors),
    }
}

/// A divisor rule as an instruction.
pub(super) fn divisors(language: Language, divisors: &Divisors) -> String {
    let (name, list) = divisor_name(language, divisors);
    highest_quotients(language, &name, &list)
}

fn quota(language: Language, rule: &QuotaRule) -> String {
    let (name, how) = quota_name(language, rule.quota);
    let over = match rule.over {
        Over::Contenders => of_contenders(language),
        Over::AllLists => of_all_lists(language),
    };
    let rounding = match rule.rounding {
        Rounding::Exact => exact(language),
        Rounding::HalfUp => half_up(language),
        Rounding::Floor => rounded_down(language),
        Rounding::Ceil => rounded_up(language),
    };
    let mut rest = rules_people::remainders(language, &rule.remainder);
    if let Some(least) = &rule.remainder_at_least {
        rest.push_str(&remainders_of(language, least));
    }
    let mut text = quota_formula(language, &name, &how, &over, &rounding, &rest);
    if rule.subtract_smallest {
        text.push_str(&subtracts(language));
    }
    text
}

/// A quota's name, and its formula with V votes and n seats.
pub(super) fn quota_name(language: Language, quota: QuotaKind) -> (String, &'static str) {
    match quota {
        QuotaKind::Hare => (hare(language), "V / n"),
        QuotaKind::Droop => (droop(language), "⌊V / (n + 1)⌋ + 1"),
        QuotaKind::HagenbachBischoff => (hagenbach_bischoff(language), "V / (n + 1)"),
        QuotaKind::Imperiali => (imperiali(language), "V / (n + 2)"),
    }
}

/// A divisor rule's name, and its divisors for the first, second ... seat.
fn divisor_name(language: Language, divisors: &Divisors) -> (String, String) {
    match divisors {
        Divisors::DHondt => (dhondt(language), "1, 2, 3 ...".to_owned()),
        Divisors::SainteLague => (sainte_lague(language), "1, 3, 5 ...".to_owned()),
        Divisors::ModifiedSainteLague(first) => (sainte_lague(language), format!("{first}, 3, 5 ...")),
        Divisors::Danish => (danish(language), "1, 4, 7 ...".to_owned()),
        Divisors::Adams => (adams(language), "0, 1, 2 ...".to_owned()),
        Divisors::HuntingtonHill => (huntington_hill(language), "√(0 × 1), √(1 × 2), √(2 × 3) ...".to_owned()),
        Divisors::Imperiali => (imperiali(language), "1, 3/2, 2 ...".to_owned()),
        Divisors::Listed(list) => {
            (listed(language), list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
    }
}

phrases! {
    remainders_of(least) {
        en: " (remainders of lists with {least} of the quota)",
        ru: " (остатки списков, имеющих {least} квоты)",
        ky: " (квотанын {least} бөлүгүн алган тизмелердин калдыктары)",
    }
    quota_formula(name, how, over, rounding, rest) {
        en: "Quota {name} = {how}, V {over}, n the seats, {rounding}; votes / quota, its whole part is seats; {rest}",
        ru: "Квота {name} = {how}, где V {over}, n число мандатов, {rounding}; голоса / квота, целая часть даёт мандаты; {rest}",
        ky: "Квота {name} = {how}, мында V {over}, n мандаттардын саны, {rounding}; добуш / квота, бүтүн бөлүгү мандат; {rest}",
    }
    of_contenders() {
        en: "the votes of those who contend", ru: "голоса участвующих", ky: "катышуучулардын добуштары"
    }
    of_all_lists() { en: "the votes of all lists", ru: "голоса всех списков", ky: "бардык тизмелердин добуштары" }
    exact() { en: "not rounded", ru: "без округления", ky: "тегеректөөсүз" }
    half_up() {
        en: "rounded to the nearest whole number, halves up",
        ru: "с округлением до целого, половина вверх",
        ky: "бүтүн санга тегеректелген, жарымы өйдө",
    }
    rounded_down() { en: "rounded down", ru: "с округлением вниз", ky: "ылдый тегеректелген" }
    rounded_up() { en: "rounded up", ru: "с округлением вверх", ky: "өйдө тегеректелген" }
    subtracts() {
        en: "; seats given beyond the house are taken back from the smallest remainders",
        ru: "; лишние мандаты снимаются с наименьших остатков",
        ky: "; ашыкча берилген мандаттар эң кичине калдыктардан кайтарылып алынат",
    }
    highest_quotients(name, divisors) {
        en: "Highest quotients ({name}): votes divided by {divisors}; each seat goes to the largest quotient",
        ru: "Наибольшие частные ({name}): голоса делятся на {divisors}; каждый мандат получает наибольшее частное",
        ky: "Эң чоң тийиндилер ({name}): добуштар {divisors} сандарына бөлүнөт; ар бир мандат эң чоң тийиндиге берилет",
    }
    hare() { en: "Hare", ru: "Хэйра", ky: "Хэйр" }
    droop() { en: "Droop", ru: "Друпа", ky: "Друп" }
    hagenbach_bischoff() { en: "Hagenbach-Bischoff", ru: "Хагенбаха-Бишоффа", ky: "Хагенбах-Бишофф" }
    imperiali() { en: "Imperiali", ru: "Империали", ky: "Империали" }
    dhondt() { en: "D'Hondt", ru: "д'Ондта", ky: "д'Ондт" }
    sainte_lague() { en: "Sainte-Laguë", ru: "Сент-Лагю", ky: "Сент-Лагю" }
    danish() { en: "Danish", ru: "датский метод", ky: "Дания ыкмасы" }
    adams() { en: "Adams", ru: "Адамса", ky: "Адамс" }
    huntington_hill() { en: "Huntington-Hill", ru: "Хантингтона-Хилла", ky: "Хантингтон-Хилл" }
    listed() { en: "as listed", ru: "по перечню", ky: "тизмек боюнча" }
}
