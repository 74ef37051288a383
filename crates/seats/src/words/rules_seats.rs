//! Stages that give and limit seats in words.

use std::fmt::Display;

use super::phrase::phrases;
use super::{Language, counted, rules_formula};
use crate::rulebook::{Allocate, Cap, CapLimit, Compensate, Group, Held, Overhang, Per, SeatCount, Weights};

pub(super) fn allocation(language: Language, own: &Allocate) -> String {
    let seats = match &own.seats {
        SeatCount::Fixed(number) => counted::seats(language, *number),
        SeatCount::Stage(from) => seats_from(language, from),
        SeatCount::Register { level, name } => seats_registered(language, level, name),
        SeatCount::LeftBy(from) => seats_left(language, from),
    };
    let who = match (&own.units, &own.contenders) {
        (Some(level), _) => units_of(language, level),
        (None, Some(stage)) => those_of(language, stage),
        (None, None) => all_lists(language),
    };
    let mut text = gives(language, &seats, &who, &rules_formula::formula(language, &own.formula));
    match &own.per {
        Some(Per::Unit(level)) => text.push_str(&per_unit(language, level)),
        Some(Per::Party) => text.push_str(&per_list(language)),
        None => {}
    }
    match &own.weights {
        Some(Weights::Register { level, name }) => text.push_str(&weighed_by(language, &format!("{level}.{name}"))),
        Some(Weights::Quantity(name) | Weights::Contest(name)) => text.push_str(&weighed_by(language, name)),
        None => {}
    }
    for (stage, phrase) in [
        (&own.remainders_of, remainders_count as fn(Language, &dyn Display) -> String),
        (&own.start, starts_with),
        (&own.at_least, not_below),
        (&own.outside, outside),
    ] {
        text.extend(stage.as_ref().map(|stage| phrase(language, stage)));
    }
    if own.minimum > 0 {
        text.push_str(&with_minimum(language, &counted::seats_genitive(language, own.minimum)));
    }
    if own.next_when_exhausted {
        text.push_str(&next_when_exhausted(language));
    }
    text
}

pub(super) fn limit(language: Language, cap: &Cap) -> String {
    let most = match &cap.limit {
        CapLimit::Seats(number) => counted::seats_genitive(language, *number),
        CapLimit::ShareMultiple { multiple, base, house, .. } => {
            share_multiple(language, multiple, base, &counted::seats_genitive(language, *house))
        }
    };
    match cap.redistribute {
        true => cap_rerun(language, &cap.of, &most),
        false => cap_vacant(language, &cap.of, &most),
    }
}

pub(super) fn joined(language: Language, group: &Group) -> String {
    match group.only_if_all_admitted {
        true => joined_all(language, &group.contenders),
        false => joined_admitted(language, &group.contenders),
    }
}

pub(super) fn compensation(language: Language, own: &Compensate) -> String {
    let (Held::Attribute(held) | Held::Stage(held)) = &own.held;
    match own.overhang {
        Overhang::ExcludeRerun => overhang_rerun(language, &own.of, held),
        Overhang::KeepEnlarge => overhang_enlarge(language, &own.of, held),
    }
}

phrases! {
    seats_from(from) {
        en: "as many seats as {from} says",
        ru: "столько мандатов, сколько указывает {from}",
        ky: "{from} көрсөткөндөй сандагы мандат",
    }
    seats_registered(level, name) {
        en: "as many seats as the register says ({level}.{name})",
        ru: "столько мандатов, сколько указано в реестре ({level}.{name})",
        ky: "реестрде көрсөтүлгөндөй сандагы мандат ({level}.{name})",
    }
    seats_left(from) {
        en: "the seats that stage {from} left to nobody",
        ru: "мандаты, которые этап {from} никому не дал",
        ky: "{from} этабы эч кимге бербеген мандаттар",
    }
    units_of(level) {
        en: "the units of level {level}", ru: "территории уровня {level}", ky: "{level} деңгээлиндеги аймактар"
    }
    per_unit(level) {
        en: ". So in each unit of level {level}, with its own votes",
        ru: ". Так в каждой территории уровня {level}, по её голосам",
        ky: ". {level} деңгээлиндеги ар бир аймакта ушундай, өз добуштары менен",
    }
    per_list() { en: ". So for each list", ru: ". Так для каждого списка", ky: ". Ар бир тизме үчүн ушундай" }
    weighed_by(what) {
        en: ". What counts for a unit: {what}",
        ru: ". Для территории считается: {what}",
        ky: ". Аймак үчүн эсептелет: {what}",
    }
    remainders_count(stage) {
        en: ". Instead of votes, the remainders of stage {stage} count",
        ru: ". Вместо голосов считаются остатки этапа {stage}",
        ky: ". Добуштардын ордуна {stage} этабынын калдыктары эсептелет",
    }
    starts_with(stage) {
        en: ". Seats of stage {stage} are held at the outset",
        ru: ". Мандаты этапа {stage} уже имеются к началу",
        ky: ". {stage} этабынын мандаттары башында эле бар",
    }
    not_below(stage) {
        en: ". Nobody falls below the seats of stage {stage}",
        ru: ". Никто не получает меньше, чем на этапе {stage}",
        ky: ". Эч ким {stage} этабындагыдан аз албайт",
    }
    outside(stage) {
        en: ". Seats of stage {stage} whose holders do not contend are taken off first",
        ru: ". Сначала вычитаются мандаты этапа {stage}, чьи обладатели здесь не участвуют",
        ky: ". Алгач {stage} этабындагы бул жерде катышпагандардын мандаттары алынып салынат",
    }
    adds(stages) {
        en: "adds the seats of {stages}", ru: "складывает мандаты: {stages}", ky: "мандаттарды кошот: {stages}"
    }
    those_of(stage) {
        en: "those admitted at stage {stage}",
        ru: "допущенные на этапе {stage}",
        ky: "{stage} этабында киргизилгендер",
    }
    all_lists() { en: "all lists", ru: "все списки", ky: "бардык тизмелер" }
    gives(seats, who, formula) {
        en: "gives {seats}; contenders: {who}. {formula}",
        ru: "распределяет {seats}; участвуют: {who}. {formula}",
        ky: "{seats} бөлүштүрөт; катышуучулар: {who}. {formula}",
    }
    with_minimum(seats) {
        en: ". Each contender with a vote first has {seats}",
        ru: ". Каждый участник с голосами сначала получает не менее {seats}",
        ky: ". Добушу бар ар бир катышуучу алгач кеминде {seats} алат",
    }
    next_when_exhausted() {
        en: ". A list whose candidates are used up leaves its next seat to the others",
        ru: ". Если кандидаты списка исчерпаны, следующий мандат переходит к другим",
        ky: ". Тизменин талапкерлери түгөнсө, кийинки мандат башкаларга өтөт",
    }
    share_multiple(multiple, base, house) {
        en: "{multiple} times its share of {base}, of {house}",
        ru: "{multiple} от своей доли в {base}, из {house}",
        ky: "{base} ичиндеги өз үлүшүнүн {multiple} бөлүгү, {house} ичинен",
    }
    cap_rerun(of, most) {
        en: "no list keeps more than {most} of stage {of}; what is above goes to the others by the same formula",
        ru: "ни один список не сохраняет более {most} этапа {of}; излишек распределяется между другими по той же формуле",
        ky: "{of} этабында бир да тизмеде {most} чегинен ашык калбайт; ашыгы ошол эле формула менен башкаларга бөлүнөт",
    }
    cap_vacant(of, most) {
        en: "no list keeps more than {most} of stage {of}; what is above stays vacant",
        ru: "ни один список не сохраняет более {most} этапа {of}; излишек остаётся вакантным",
        ky: "{of} этабында бир да тизмеде {most} чегинен ашык калбайт; ашыгы бош калат",
    }
    joined_all(of) {
        en: "joined lists of stage {of} receive seats as one, if all of them are admitted, and share them by the same formula",
        ru: "объединённые списки этапа {of} получают мандаты как один, если допущены все, и делят их по той же формуле",
        ky: "{of} этабынын бириккен тизмелери баары киргизилсе, мандаттарды бир тизме катары алып, ошол эле формула менен бөлүшөт",
    }
    joined_admitted(of) {
        en: "joined lists of stage {of} that are admitted receive seats as one, and share them by the same formula",
        ru: "допущенные из объединённых списков этапа {of} получают мандаты как один и делят их по той же формуле",
        ky: "{of} этабынын бириккен тизмелеринин киргизилгендери мандаттарды бир тизме катары алып, ошол эле формула менен бөлүшөт",
    }
    overhang_rerun(of, held) {
        en: "a list that won more elsewhere ({held}) than its share of stage {of} keeps that; the others share the rest afresh",
        ru: "список, получивший в другом месте ({held}) больше своей доли этапа {of}, сохраняет это; остальное делится заново между другими",
        ky: "башка жерде ({held}) {of} этабындагы үлүшүнөн көп алган тизме аны сактайт; калганы башкалардын ортосунда кайра бөлүнөт",
    }
    overhang_enlarge(of, held) {
        en: "a list that won more elsewhere ({held}) than its share of stage {of} keeps that, and the house grows",
        ru: "список, получивший в другом месте ({held}) больше своей доли этапа {of}, сохраняет это, и палата увеличивается",
        ky: "башка жерде ({held}) {of} этабындагы үлүшүнөн көп алган тизме аны сактайт, палата чоңоёт",
    }
}
