//! A rulebook in words: every stage with its condition, formula, limits, tie rules and article.

use std::fmt::Display;

use super::phrase::phrases;
use super::rules_condition::condition;
use super::{Language, counted, rules_formula, rules_people, rules_tiers};
use crate::ranked::RankMethod;
use crate::rulebook::{
    AgainstAll, Allocate, CandidateOrder, Candidates, Cap, CapLimit, Compensate, Effect, Group, Held, Overhang, Per,
    Quantity, Rank, Rulebook, SeatCount, Stage, StageKind, TieRule, VoidIf, Weights,
};

impl Rulebook {
    /// What the rulebook does, in words: a line for each base, stage, rule of validity and reading.
    /// What it leaves open is told by [`Rulebook::findings`].
    pub fn explain_in(&self, language: Language) -> Vec<String> {
        let mut lines = vec![levels(language, &self.units.levels.join(", "))];
        for (level, number) in &self.units.required {
            lines.push(required(language, level, &counted::units(language, *number)));
        }
        for (key, quantity) in &self.quantities {
            lines.push(base(language, key, quantity));
        }
        for (key, contest) in &self.contests {
            lines.extend(match contest.against_all {
                AgainstAll::None => None,
                AgainstAll::CountedNotContending => Some(against_all_counted(language, key)),
                AgainstAll::RepeatIfMost => Some(against_all_repeats(language, key)),
            });
        }
        lines.extend(self.stages.iter().map(|stage| self.stage_in(language, stage)));
        lines.push(self.standing_in(language));
        lines.push(annulment(
            language,
            &effect(language, self.annulment.turnout),
            &effect(language, self.annulment.registered),
        ));
        for rule in &self.validity.void_if {
            lines.push(match rule {
                VoidIf::AgainstAllLeads => void_against_all(language),
                VoidIf::NoListAdmitted => void_nobody(language),
            });
        }
        if let Some(floor) = &self.validity.turnout_min {
            lines.push(void_turnout(language, &floor.of, &floor.at_least, &floor.base));
        }
        for own in &self.readings {
            lines.push(reading(language, &own.id, &own.says, &own.stage, &own.field.word(), &own.value));
        }
        lines
    }

    fn standing_in(&self, language: Language) -> String {
        let standing = &self.standing;
        let mut text = decides(language, &standing.decides);
        if let Some(source) = &standing.after_ruling {
            text.push(' ');
            text.push_str(&after_ruling(language, source));
        }
        text.push(' ');
        text.push_str(&if standing.mix_sources { mixed(language) } else { never_mixed(language) });
        text
    }

    /// One stage: what it does, its article, its tie rules, its doubt.
    fn stage_in(&self, language: Language, stage: &Stage) -> String {
        let cite = stage.law.as_ref().and_then(|key| self.laws.get(key));
        let cite = cite.map_or_else(String::new, |law| format!(" [{}]", law.cite));
        let mut text = format!("{}{cite}", stage_is(language, &stage.id, &kind(language, &stage.kind)));
        let rules: Vec<String> = stage.ties.iter().map(|rule| tie_rule(language, *rule)).collect();
        if !rules.is_empty() {
            text.push(' ');
            text.push_str(&ties(language, &rules.join(", → ")));
        }
        text
    }
}

fn base(language: Language, key: &str, quantity: &Quantity) -> String {
    match quantity {
        Quantity::Line { line, grows: true } => base_line(language, &key, line),
        Quantity::Line { line, grows: false } => base_fixed_line(language, &key, line),
        Quantity::Sum(of) => base_sum(language, &key, &of.join(" + ")),
    }
}

fn kind(language: Language, kind: &StageKind) -> String {
    match kind {
        StageKind::Admit { contest, when } => admits(language, contest, &condition(language, when)),
        StageKind::Allocate(allocate) => allocation(language, allocate),
        StageKind::Sum(sum) => adds(language, &sum.of.join(" + ")),
        StageKind::Cap(cap) => limit(language, cap),
        StageKind::Group(group) => joined(language, group),
        StageKind::Bonus(own) => rules_people::bonus(language, own),
        StageKind::PassOn(own) => rules_people::pass_on(language, own),
        StageKind::Plurality(own) => rules_people::plurality(language, own),
        StageKind::Runoff(own) => rules_people::runoff(language, own),
        StageKind::Declare(own) => rules_people::declare(language, own),
        StageKind::Compensate(own) => compensation(language, own),
        StageKind::Cover(own) => rules_tiers::cover(language, own),
        StageKind::Minimum(own) => rules_tiers::minimum(language, own),
        StageKind::Grow(own) => rules_tiers::grow(language, own),
        StageKind::Place(own) => rules_tiers::place(language, own),
        StageKind::Biproportional(own) => rules_tiers::biproportional(language, own),
        StageKind::Candidates(own) => people(language, own),
        StageKind::Rank(own) => rank(language, own),
    }
}

fn rank(language: Language, own: &Rank) -> String {
    let mut text = match &own.rules.method {
        RankMethod::Irv => by_majority(language, &own.contest),
        RankMethod::Stv(_) => by_quota(language, &own.contest),
        RankMethod::Meek(_) => by_keep_values(language, &own.contest),
    };
    if let Some(level) = &own.per {
        text.push_str(&in_each(language, level));
    }
    text
}

fn allocation(language: Language, own: &Allocate) -> String {
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

fn limit(language: Language, cap: &Cap) -> String {
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

fn joined(language: Language, group: &Group) -> String {
    match group.only_if_all_admitted {
        true => joined_all(language, &group.contenders),
        false => joined_admitted(language, &group.contenders),
    }
}

fn compensation(language: Language, own: &Compensate) -> String {
    let (Held::Attribute(held) | Held::Stage(held)) = &own.held;
    match own.overhang {
        Overhang::ExcludeRerun => overhang_rerun(language, &own.of, held),
        Overhang::KeepEnlarge => overhang_enlarge(language, &own.of, held),
    }
}

fn people(language: Language, own: &Candidates) -> String {
    let mut text = match own.order {
        CandidateOrder::List => people_by_list(language, &own.of),
        CandidateOrder::Votes => people_by_votes(language, &own.of),
    };
    if let Some(jump) = &own.jump {
        text.push_str(&with_jump(language, &jump.multiple));
    }
    if own.skip_withdrawn {
        text.push_str(&without_withdrawn(language));
    }
    if let Some(first) = &own.first {
        text.push_str(&first_those_of(language, first));
    }
    if let Some(rule) = &own.reserve {
        text.push_str(&reserved(language, &rule.at_least, &rule.attribute, &rule.is));
    }
    text
}

fn tie_rule(language: Language, rule: TieRule) -> String {
    match rule {
        TieRule::MoreVotes => by_more_votes(language),
        TieRule::FewerVotes => by_fewer_votes(language),
        TieRule::ListOrder => by_list_order(language),
        TieRule::Lot => by_lot(language),
        TieRule::Unresolved => by_nothing(language),
    }
}

fn effect(language: Language, effect: Effect) -> String {
    match effect {
        Effect::Keep => kept(language),
        Effect::Drop => dropped(language),
    }
}

phrases! {
    by_list_order() { en: "list order", ru: "порядок в списке", ky: "тизмедеги ирет" }
    first_those_of(stage) {
        en: "; those elected at stage {stage} come first",
        ru: "; сначала избранные на этапе {stage}",
        ky: "; алгач {stage} этабында шайлангандар",
    }
    reserved(share, attribute, is) {
        en: "; {share} of the seats are kept for {attribute} = {is}",
        ru: "; доля мандатов {share} закреплена за {attribute} = {is}",
        ky: "; мандаттардын {share} бөлүгү {attribute} = {is} үчүн сакталат",
    }
    levels(levels) { en: "Levels: {levels}.", ru: "Уровни: {levels}.", ky: "Деңгээлдер: {levels}." }
    required(level, units) {
        en: "Required at level {level}: totals of {units}.",
        ru: "На уровне {level} нужны итоги: {units}.",
        ky: "{level} деңгээлинде жыйынтыктар керек: {units}.",
    }
    base_line(key, line) {
        en: "Base {key}: line {line} of the form; it grows with each new vote.",
        ru: "База {key}: строка {line} протокола; растёт с каждым новым голосом.",
        ky: "{key} базасы: протоколдун {line} сабы; ар бир жаңы добуш менен өсөт.",
    }
    base_fixed_line(key, line) {
        en: "Base {key}: line {line} of the form; new votes do not change it.",
        ru: "База {key}: строка {line} протокола; новые голоса её не меняют.",
        ky: "{key} базасы: протоколдун {line} сабы; жаңы добуштар аны өзгөртпөйт.",
    }
    base_sum(key, sum) { en: "Base {key}: {sum}.", ru: "База {key}: {sum}.", ky: "{key} базасы: {sum}." }
    against_all_counted(contest) {
        en: "Contest {contest}: votes against all are counted and win nothing.",
        ru: "Голосование {contest}: голоса против всех учитываются, но мандатов не дают.",
        ky: "{contest} добуш берүүсү: баарына каршы добуштар эсептелет, бирок мандат бербейт.",
    }
    against_all_repeats(contest) {
        en: "Contest {contest}: if votes against all lead, the poll is repeated.",
        ru: "Голосование {contest}: если лидируют голоса против всех, проводится повторное голосование.",
        ky: "{contest} добуш берүүсү: баарына каршы добуштар алдыда болсо, добуш берүү кайталанат.",
    }
    stage_is(stage, what) {
        en: "Stage {stage}: {what}.",
        ru: "Этап {stage}: {what}.",
        ky: "{stage} этабы: {what}.",
    }
    admits(contest, condition) {
        en: "a list of {contest} may receive seats if it has {condition}",
        ru: "список ({contest}) допускается к распределению мандатов, если имеет {condition}",
        ky: "тизме ({contest}) мандат бөлүштүрүүгө киргизилет, эгер анда болсо: {condition}",
    }
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
    people_by_list(of) {
        en: "puts candidates on the seats of stage {of} in the order of their list",
        ru: "распределяет мандаты этапа {of} между кандидатами в порядке списка",
        ky: "{of} этабынын мандаттарын талапкерлерге тизмедеги ирети боюнча берет",
    }
    people_by_votes(of) {
        en: "puts candidates on the seats of stage {of} by votes of their own",
        ru: "распределяет мандаты этапа {of} между кандидатами по числу личных голосов",
        ky: "{of} этабынын мандаттарын талапкерлерге өз добуштары боюнча берет",
    }
    with_jump(multiple) {
        en: "; who has {multiple} of the mark in votes of their own comes first",
        ru: "; первыми идут набравшие личных голосов {multiple} от установленной меры",
        ky: "; белгиленген ченемдин {multiple} бөлүгүн өз добушу менен алгандар биринчи болот",
    }
    without_withdrawn() {
        en: "; who withdrew is passed over",
        ru: "; выбывшие пропускаются",
        ky: "; чыгып кеткендер өткөрүп жиберилет",
    }
    by_majority(contest) {
        en: "elects one person from the ranked ballots of {contest} by the alternative vote",
        ru: "избирает одного человека по бюллетеням с предпочтениями {contest} (альтернативное голосование)",
        ky: "{contest} артыкчылыктуу бюллетендери боюнча бир адам шайлайт (альтернативдүү добуш)",
    }
    by_quota(contest) {
        en: "elects people from the ranked ballots of {contest} by the single transferable vote",
        ru: "избирает людей по бюллетеням с предпочтениями {contest} (единый передаваемый голос)",
        ky: "{contest} артыкчылыктуу бюллетендери боюнча адамдарды шайлайт (бирдиктүү өткөрүлүүчү добуш)",
    }
    by_keep_values(contest) {
        en: "elects people from the ranked ballots of {contest} by Meek's method",
        ru: "избирает людей по бюллетеням с предпочтениями {contest} (метод Мика)",
        ky: "{contest} артыкчылыктуу бюллетендери боюнча адамдарды шайлайт (Мик ыкмасы)",
    }
    in_each(level) { en: ", in each {level}", ru: ", в каждой территории уровня {level}", ky: ", ар бир {level} боюнча" }
    ties(rules) { en: "Ties: {rules}.", ru: "При равенстве: {rules}.", ky: "Теңдик болгондо: {rules}." }
    by_more_votes() { en: "more votes in all", ru: "большее число голосов", ky: "жалпы добушу көбүрөөк" }
    by_fewer_votes() { en: "fewer votes in all", ru: "меньшее число голосов", ky: "жалпы добушу азыраак" }
    by_lot() { en: "a lot", ru: "жребий", ky: "чүчүкулак" }
    by_nothing() {
        en: "nothing, the computation stops",
        ru: "ничего, вычисление останавливается",
        ky: "эч нерсе, эсептөө токтойт",
    }
    decides(source) {
        en: "The count that decides: {source}.",
        ru: "Решающий подсчёт: {source}.",
        ky: "Чечүүчү эсептөө: {source}.",
    }
    after_ruling(source) {
        en: "After a ruling: {source}.", ru: "После решения по спору: {source}.", ky: "Талаш боюнча чечимден кийин: {source}."
    }
    mixed() {
        en: "Gaps are filled from preliminary counts.",
        ru: "Пробелы заполняются предварительными данными.",
        ky: "Боштуктар алдын ала маалыматтар менен толтурулат.",
    }
    never_mixed() {
        en: "Counts are never mixed.",
        ru: "Разные подсчёты не смешиваются.",
        ky: "Ар башка эсептөөлөр аралаштырылбайт.",
    }
    annulment(turnout, registered) {
        en: "Annulled stations: those who took part {turnout}, those registered {registered}.",
        ru: "Отменённые участки: принявшие участие {turnout}, внесённые в список {registered}.",
        ky: "Жокко чыгарылган участкалар: катышкандар {turnout}, тизмедегилер {registered}.",
    }
    kept() { en: "stay in the bases", ru: "остаются в базах", ky: "базаларда калат" }
    dropped() { en: "leave the bases", ru: "исключаются из баз", ky: "базалардан чыгарылат" }
    void_against_all() {
        en: "Void if more votes are against all than for any list.",
        ru: "Недействительны, если против всех подано больше голосов, чем за любой список.",
        ky: "Баарына каршы добуштар ар бир тизменикинен көп болсо, жараксыз.",
    }
    void_nobody() {
        en: "Void if no list is admitted.",
        ru: "Недействительны, если не допущен ни один список.",
        ky: "Бир да тизме киргизилбесе, жараксыз.",
    }
    void_turnout(of, share, base) {
        en: "Void unless {of} is at least {share} of {base}.",
        ru: "Недействительны, если {of} менее {share} от {base}.",
        ky: "{of} саны {base} ичинен {share} үлүшүнө жетпесе, жараксыз.",
    }
    reading(id, says, stage, field, value) {
        en: "Reading {id}: {says} (stage {stage}, {field} = {value}).",
        ru: "Толкование {id}: {says} (этап {stage}, {field} = {value}).",
        ky: "{id} чечмелөөсү: {says} ({stage} этабы, {field} = {value}).",
    }
}
