//! A rulebook in words: every stage with its condition, formula, limits, tie rules and article.

use super::phrase::phrases;
use super::rules_condition::condition;
use super::rules_seats::{adds, allocation, compensation, joined, limit};
use super::{Language, counted, rules_people, rules_tiers};
use crate::ranked::RankMethod;
use crate::rulebook::{
    AgainstAll, CandidateOrder, Candidates, Effect, Quantity, Rank, Rulebook, Stage, StageKind, TieRule, VoidIf,
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
