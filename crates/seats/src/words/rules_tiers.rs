//! Linked tiers in words: minima, growing houses, levelling seats, seats of districts and lists at once.

use super::phrase::phrases;
use super::{Language, counted, rules_formula};
use crate::rulebook::{Biproportional, Capacity, Cover, Grow, Minimum, Place, PlaceOrder, Scale, Voters};

pub(super) fn minimum(language: Language, own: &Minimum) -> String {
    minimum_is(language, &own.per_party)
}

pub(super) fn grow(language: Language, own: &Grow) -> String {
    let start = counted::seats(language, own.start);
    let rule = rules_formula::divisors(language, &own.rule);
    let mut text = grows(language, &start, &own.every, &rule);
    if let Some(ignored) = &own.ignored {
        text.push_str(&ignores(language, &counted::seats(language, ignored.max_total)));
    }
    if own.add_shortfall {
        text.push_str(&adds_shortfall(language));
    }
    if let Some(outside) = &own.outside {
        text.push_str(&taken_off(language, outside));
    }
    text
}

pub(super) fn place(language: Language, own: &Place) -> String {
    let rule = rules_formula::divisors(language, &own.rule);
    let mut text = places(language, &own.of, &own.level, &rule);
    text.push_str(&match own.order {
        PlaceOrder::Largest => largest_first(language),
        PlaceOrder::National => national_order(language),
    });
    match own.scale {
        Scale::None => {}
        Scale::VotesPerSeat => text.push_str(&per_seat(language)),
        Scale::Share => text.push_str(&by_share(language)),
    }
    if let Some(capacity) = &own.capacity {
        text.push_str(&at_most(language, &self::capacity(language, capacity)));
    }
    if let Some(start) = &own.start {
        text.push_str(&sits_already(language, start));
    }
    text
}

pub(super) fn biproportional(language: Language, own: &Biproportional) -> String {
    let rule = rules_formula::divisors(language, &own.rule);
    let voters = match own.voters {
        Voters::Rounded => voter_numbers(language),
        Voters::Votes => plain_votes(language),
    };
    both(language, &own.level, &capacity(language, &own.seats), &voters, &rule)
}

pub(super) fn cover(language: Language, own: &Cover) -> String {
    covers(language, &own.held, &own.of, &own.base)
}

fn capacity(language: Language, capacity: &Capacity) -> String {
    match capacity {
        Capacity::Fixed(seats) => counted::seats(language, *seats),
        Capacity::Register { level, name } => format!("{level}.{name}"),
        Capacity::Stage(stage) => stage.clone(),
    }
}

phrases! {
    minimum_is(expression) {
        en: "says what each list must have at least: {expression}",
        ru: "определяет, сколько мандатов список должен иметь не менее: {expression}",
        ky: "ар бир тизменин кеминде канча мандаты болушу керегин аныктайт: {expression}",
    }
    grows(start, every, rule) {
        en: "gives {start}, and one more at a time until every list has what stage {every} says. {rule}",
        ru: "распределяет {start} и добавляет по одному, пока каждый список не получит указанное этапом {every}. {rule}",
        ky: "{start} бөлүштүрүп, ар бир тизме {every} этабы көрсөткөндү алганча бирден кошот. {rule}",
    }
    ignores(seats) {
        en: ". It need not grow for a lack, of all lists together, of {seats}",
        ru: ". Общая нехватка всех списков не более чем на это число не требует роста: {seats}",
        ky: ". Бардык тизмелердин жалпы жетишпегени ушул сандан ашпаса, өсүү талап кылынбайт: {seats}",
    }
    adds_shortfall() {
        en: ". What is lacking is added in the end",
        ru: ". Недостающее добавляется в конце",
        ky: ". Жетпегени аягында кошулат",
    }
    taken_off(stage) {
        en: ". Seats of stage {stage} whose holders do not contend are taken off first",
        ru: ". Сначала вычитаются мандаты этапа {stage}, чьи обладатели здесь не участвуют",
        ky: ". Алгач {stage} этабындагы бул жерде катышпагандардын мандаттары алынып салынат",
    }
    places(of, level, rule) {
        en: "says in which units of level {level} the seats of stage {of} sit. {rule}",
        ru: "определяет, за какими территориями уровня {level} закрепляются мандаты этапа {of}. {rule}",
        ky: "{of} этабынын мандаттары {level} деңгээлиндеги кайсы аймактарга таандык экенин аныктайт. {rule}",
    }
    largest_first() {
        en: ". The largest quotient of all is placed first",
        ru: ". Первым закрепляется наибольшее из всех частных",
        ky: ". Эң чоң тийинди биринчи жайгаштырылат",
    }
    national_order() {
        en: ". Seats are placed in the order in which the lists received them in the whole",
        ru: ". Мандаты закрепляются в том порядке, в каком списки получили их в целом",
        ky: ". Мандаттар тизмелер аларды жалпысынан алган иретте жайгаштырылат",
    }
    per_seat() {
        en: ". Quotients are measured in votes per seat of the unit",
        ru: ". Частные измеряются в голосах на один мандат территории",
        ky: ". Тийиндилер аймактын бир мандатына туура келген добуш менен өлчөнөт",
    }
    by_share() {
        en: ". Shares of the unit's votes are compared",
        ru: ". Сравниваются доли в голосах территории",
        ky: ". Аймактын добуштарындагы үлүштөр салыштырылат",
    }
    at_most(capacity) {
        en: ". A unit receives at most: {capacity}",
        ru: ". Территория получает не более: {capacity}",
        ky: ". Аймак алат, эң көп дегенде: {capacity}",
    }
    sits_already(stage) {
        en: ". Seats of stage {stage} sit there already",
        ru: ". Мандаты этапа {stage} уже закреплены",
        ky: ". {stage} этабынын мандаттары мурунтан эле жайгашкан",
    }
    voter_numbers() {
        en: "votes divided by the unit's seats, rounded, added up",
        ru: "голоса, делённые на мандаты территории, с округлением, сложенные",
        ky: "аймактын мандаттарына бөлүнүп, тегеректелип, кошулган добуштар",
    }
    plain_votes() { en: "votes", ru: "голоса", ky: "добуштар" }
    both(level, seats, voters, rule) {
        en: "gives seats of the units of level {level} ({seats}) and of the lists ({voters}) at once: each cell is its \
             votes over a divisor of the unit and one of the list, rounded. Lists in the whole: {rule}",
        ru: "распределяет сразу мандаты территорий уровня {level} ({seats}) и списков ({voters}): каждая клетка равна \
             голосам, делённым на делитель территории и делитель списка, с округлением. Списки в целом: {rule}",
        ky: "{level} деңгээлиндеги аймактардын ({seats}) жана тизмелердин ({voters}) мандаттарын бир убакта \
             бөлүштүрөт: ар бир уяча добуштардын аймактын жана тизменин бөлүүчүсүнө бөлүнгөнү, тегеректелген. \
             Тизмелер жалпысынан: {rule}",
    }
    covers(held, of, base) {
        en: "winners of stage {held} take the seats that their list has there at stage {of}, those with the largest \
             share of {base} first; who is not covered has no seat",
        ru: "победители этапа {held} занимают мандаты своего списка на этапе {of}, первыми те, чья доля в {base} \
             больше; кому мандата не хватило, тот его не получает",
        ky: "{held} этабынын жеңүүчүлөрү {of} этабындагы өз тизмесинин мандаттарын ээлейт, {base} ичиндеги үлүшү \
             чоңдор биринчи; мандат жетпегени аны албайт",
    }
}
