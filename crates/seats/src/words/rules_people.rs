//! Stages that elect people or move the last seats, in words; and what they declare.

use super::phrase::phrases;
use super::rules_condition::condition;
use super::{Language, Words, counted};
use crate::outcome::{Declaration, Declared, PassedOver};
use crate::rulebook::{Bonus, BonusTo, Declare, PassOn, Plurality, Remainder, Runoff, ValidIf};

pub(super) fn bonus(language: Language, own: &Bonus) -> String {
    match own.to {
        BonusTo::LargestList(seats) => adds_bonus(language, &counted::seats(language, seats), &own.of),
        BonusTo::Majority => majority(language, &own.of),
    }
}

pub(super) fn pass_on(language: Language, own: &PassOn) -> String {
    passes_on(language, &own.of)
}

pub(super) fn plurality(language: Language, own: &Plurality) -> String {
    let mut text = elects(language, &own.contest);
    if let Some(limit) = &own.limit {
        text.push_str(&limited(language, &limit.max_per_value, &limit.attribute));
    }
    text
}

pub(super) fn runoff(language: Language, own: &Runoff) -> String {
    two_rounds(language, &own.contest, &condition(language, &own.when), &own.top)
}

pub(super) fn declare(language: Language, own: &Declare) -> String {
    match &own.valid_if {
        ValidIf::EachValue { attribute, at_least } => valid_each(language, &own.of, attribute, at_least),
        ValidIf::SomeValue { attribute, at_least } => valid_some(language, &own.of, attribute, at_least),
        ValidIf::Filled(share) => valid_filled(language, &own.of, share),
    }
}

/// Who takes the seats that full quotas leave, phase by phase.
pub(super) fn remainders(language: Language, phases: &[Remainder]) -> String {
    let phase = |phase: &Remainder| match phase {
        Remainder::LargestFraction => largest_remainders(language),
        Remainder::HighestAverageOnce => averages_once(language),
        Remainder::HighestAverages => averages(language),
        Remainder::MostVotesInTurn => in_turn(language),
    };
    match phases {
        [] => no_remainders(language),
        phases => phases.iter().map(phase).collect::<Vec<_>>().join("; "),
    }
}

impl Words<'_> {
    /// What a stage declares, in a sentence; without its article.
    pub fn declaration(&self, own: &Declaration) -> String {
        let place = own.unit.as_ref().map_or_else(|| the_whole(self.language), |unit| self.name(unit));
        let what = match own.what {
            Declared::RepeatElection => repeated(self.language),
            Declared::NotHeld => not_held(self.language),
            Declared::SecondRound => second_round(self.language, &self.names(&own.who)),
            Declared::Valid => valid(self.language),
            Declared::NotValid => not_valid(self.language),
        };
        format!("{place}: {what} ({}).", self.remark(&own.says))
    }

    /// Someone who had the votes and was passed over.
    pub fn passed_over(&self, own: &PassedOver) -> String {
        let place = own.unit.as_ref().map_or_else(|| the_whole(self.language), |unit| self.name(unit));
        passed(self.language, &place, &self.name(&own.candidate), &own.attribute)
    }
}

phrases! {
    adds_bonus(seats, of) {
        en: "adds {seats} to the list with most votes of stage {of}",
        ru: "добавляет {seats} списку с наибольшим числом голосов этапа {of}",
        ky: "{of} этабында эң көп добуш алган тизмеге {seats} кошот",
    }
    majority(of) {
        en: "gives a list with more than half of the votes and not of the seats of stage {of} one more, from the last seat beyond full quotas",
        ru: "даёт списку, у которого больше половины голосов, но не мандатов этапа {of}, ещё один: последний из полученных сверх целых квот",
        ky: "добуштардын жарымынан көбүн алып, {of} этабында мандаттардын жарымынан көбүн албаган тизмеге дагы бир мандат берет: бүтүн квоталардан тышкары акыркысын",
    }
    passes_on(of) {
        en: "gives seats of stage {of} that lists have no candidates for to others, by continuing its rules",
        ru: "передаёт другим мандаты этапа {of}, на которые у списков нет кандидатов, продолжая его правила",
        ky: "{of} этабында талапкери жетпеген мандаттарды ошол эле эрежелер менен башкаларга берет",
    }
    elects(contest) {
        en: "elects those with most votes in {contest}",
        ru: "избирает получивших больше всего голосов в голосовании {contest}",
        ky: "{contest} добуш берүүсүндө эң көп добуш алгандарды шайлайт",
    }
    limited(most, attribute) {
        en: ", at most {most} with the same {attribute}",
        ru: ", не более {most} с одним значением признака {attribute}",
        ky: ", {attribute} белгиси бирдей болгондордон {most} ашпайт",
    }
    two_rounds(contest, when, top) {
        en: "elects one in {contest} in two rounds: in the first who has {when}; else the first {top} stand again",
        ru: "избирает одного в голосовании {contest} в два тура: в первом того, у кого {when}; иначе первые {top} участвуют снова",
        ky: "{contest} добуш берүүсүндө бирди эки турда шайлайт: биринчисинде {when} болгонду; болбосо алгачкы {top} кайра катышат",
    }
    valid_each(of, attribute, least) {
        en: "the election of stage {of} is valid if each value of {attribute} has at least {least} seats",
        ru: "выборы этапа {of} действительны, если каждое значение признака {attribute} имеет не менее {least} мандатов",
        ky: "{attribute} белгисинин ар бир мааниси кеминде {least} мандат алса, {of} этабынын шайлоосу жарактуу",
    }
    valid_some(of, attribute, least) {
        en: "the election of stage {of} is valid if some value of {attribute} has at least {least} seats",
        ru: "выборы этапа {of} действительны, если какое-либо значение признака {attribute} имеет не менее {least} мандатов",
        ky: "{attribute} белгисинин кайсы бир мааниси кеминде {least} мандат алса, {of} этабынын шайлоосу жарактуу",
    }
    valid_filled(of, share) {
        en: "the election of stage {of} is valid if {share} of its seats are filled",
        ru: "выборы этапа {of} действительны, если замещено {share} его мандатов",
        ky: "{of} этабынын мандаттарынын {share} бөлүгү толсо, шайлоо жарактуу",
    }
    largest_remainders() {
        en: "seats left over go to the largest remainders, one each",
        ru: "оставшиеся мандаты получают наибольшие остатки, по одному",
        ky: "калган мандаттар эң чоң калдыктарга бирден берилет",
    }
    averages_once() {
        en: "seats left over go to the highest averages, one each",
        ru: "оставшиеся мандаты получают наибольшие средние, по одному",
        ky: "калган мандаттар эң жогорку орточолорго бирден берилет",
    }
    in_turn() {
        en: "seats left over go to the lists by falling votes, one each, again and again",
        ru: "оставшиеся мандаты получают списки в порядке убывания голосов, по одному, снова и снова",
        ky: "калган мандаттар добуштардын кемүү тартибинде тизмелерге бирден, кайра-кайра берилет",
    }
    averages() {
        en: "seats left over go to the highest averages, one after the other",
        ru: "оставшиеся мандаты получают наибольшие средние, один за другим",
        ky: "калган мандаттар эң жогорку орточолорго биринин артынан бири берилет",
    }
    no_remainders() {
        en: "seats left over are not given at this stage",
        ru: "оставшиеся мандаты на этом этапе не распределяются",
        ky: "калган мандаттар бул этапта бөлүштүрүлбөйт",
    }
    the_whole() { en: "The whole", ru: "В целом", ky: "Жалпысынан" }
    repeated() { en: "the poll is repeated", ru: "проводится повторное голосование", ky: "кайра добуш берүү өткөрүлөт" }
    not_held() { en: "the election is not held", ru: "выборы не состоялись", ky: "шайлоо өткөн жок" }
    second_round(who) {
        en: "a second round is needed between {who}",
        ru: "нужен второй тур, участники: {who}",
        ky: "экинчи тур керек, катышуучулар: {who}",
    }
    valid() { en: "the election is valid", ru: "выборы действительны", ky: "шайлоо жарактуу" }
    not_valid() { en: "the election is not valid", ru: "выборы недействительны", ky: "шайлоо жараксыз" }
    passed(place, who, attribute) {
        en: "{place}: {who} is passed over, one too many of the same {attribute}.",
        ru: "{place}: кандидат пропущен, лишний с тем же значением признака {attribute}: {who}.",
        ky: "{place}: {attribute} белгиси бирдей болгондордон ашык болгондуктан калтырылды: {who}.",
    }
}
