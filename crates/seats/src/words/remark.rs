//! Remarks: what a reader must know beside the figures. Typed, so that each language has its sentence.

use std::fmt;

use serde::{Serialize, Serializer};

use super::phrase::phrases;
use super::{Language, Words, counted, phrase};

/// Something to know about an outcome. Written (and serialised) as its English sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// No totals of a level where a share in every unit is asked; it was assumed that all pass.
    UnitsAssumed {
        /// The stage that asks.
        stage: String,
        /// The level without totals.
        level: String,
    },
    /// Lists whose candidates are not known, so that their seats are not filled by name.
    CandidatesUnknown(Vec<String>),
    /// Lists whose candidates are not known are taken as long enough.
    TakenAsLongEnough,
    /// The quotients of a stage are shown as their squares (Huntington-Hill), which order alike.
    Squares {
        /// The stage.
        stage: String,
    },
    /// No list is admitted.
    NobodyAdmitted,
    /// At least one list is admitted.
    SomebodyAdmitted,
    /// Votes against all beside those of the leading list.
    AgainstAll {
        /// Votes against all.
        against: u64,
        /// Votes of the leading list.
        leader: u64,
    },
    /// The tally has no votes against all.
    NoVotesAgainstAll {
        /// The contest.
        contest: String,
    },
    /// The turnout beside its floor.
    Turnout {
        /// The figure reached.
        of: u64,
        /// What it is a share of.
        base: u64,
        /// The share asked.
        share: String,
        /// The least figure that reaches it.
        needed: u64,
    },
    /// Seats that no unit has room for.
    Unplaced {
        /// The stage.
        stage: String,
        /// How many.
        seats: u64,
        /// The level of the units.
        level: String,
    },
    /// Seats held by right for which the house did not grow.
    Uncompensated {
        /// The stage.
        stage: String,
        /// How many.
        seats: u64,
        /// Whether they are added to the house.
        added: bool,
    },
    /// More than half of the votes, and nobody from whom a seat could come.
    MajorityInVain {
        /// The stage.
        stage: String,
        /// The list.
        list: String,
    },
    /// Whole papers were taken in the order in which the tally lists them.
    FiledLast {
        /// The stage.
        stage: String,
        /// The unit, if the stage counts in each.
        unit: Option<String>,
        /// The counts in which that mattered.
        counts: Vec<u64>,
    },
    /// The law takes whole papers as they lie, and it made no difference.
    FiledInVain {
        /// The stage.
        stage: String,
        /// The unit, if the stage counts in each.
        unit: Option<String>,
    },
    /// More of a list sit already than it has seats.
    MoreSitting {
        /// The list.
        list: String,
        /// How many sit.
        sitting: u64,
    },
    /// Fewer candidates of a kind than seats are kept for.
    FewReserved {
        /// The list.
        list: String,
        /// How many there are.
        with: u64,
        /// The attribute.
        attribute: String,
        /// Its value.
        value: String,
    },
    /// Seats that cannot be filled within a limit of those who share a value.
    LimitLeaves {
        /// Seats left.
        vacant: u64,
        /// Of so many.
        seats: u64,
        /// The most of one value.
        most: u64,
        /// The attribute.
        attribute: String,
    },
    /// More votes against all than for the first candidate.
    AgainstAllFirst {
        /// Votes against all.
        against: u64,
        /// Votes of the first candidate.
        first: u64,
    },
    /// Nobody is elected in the first round.
    NobodyInFirstRound,
    /// Seats by value of an attribute.
    SeatsByValue {
        /// The attribute.
        attribute: String,
        /// Each value with its seats.
        found: Vec<(String, u64)>,
        /// Whether every value needs so many, or one.
        each: bool,
        /// The least.
        at_least: u64,
    },
    /// Seats that are filled, and the share that must be.
    SeatsFilled {
        /// Filled.
        filled: u64,
        /// Of so many.
        house: u64,
        /// The share asked.
        share: String,
    },
    /// Stages whose result hangs on votes for people, which no margin moves.
    NoMargins {
        /// The stages.
        stages: Vec<String>,
    },
    /// People of whom no margin is told, because the work that margins may cost was used up.
    PeopleUnasked {
        /// How many.
        people: u64,
    },
    /// Several remarks.
    Several(Vec<Remark>),
    /// A sentence that has no translation.
    Plain(String),
}

impl From<String> for Remark {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::English))
    }
}

impl Serialize for Remark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Remark {
    /// The remark in a sentence, without its full stop.
    pub fn say(&self, language: Language) -> String {
        Words::plain(language).remark(self)
    }
}

impl Remark {
    /// Whether its English sentence has this text in it.
    pub fn contains(&self, text: &str) -> bool {
        self.say(Language::English).contains(text)
    }
}

impl Words<'_> {
    /// The remark in a sentence, without its full stop, lists by name.
    pub fn remark(&self, remark: &Remark) -> String {
        let language = self.language;
        let number = |number: &u64| phrase::number(language, u128::from(*number));
        match remark {
            Remark::UnitsAssumed { stage, level } => units_assumed(language, stage, level),
            Remark::CandidatesUnknown(lists) => candidates_unknown(language, &self.names(lists)),
            Remark::TakenAsLongEnough => long_enough(language),
            Remark::Squares { stage } => squares(language, stage),
            Remark::NobodyAdmitted => nobody_admitted(language),
            Remark::SomebodyAdmitted => somebody_admitted(language),
            Remark::AgainstAll { against, leader } => {
                against_all(language, &counted::votes(language, *against), &number(leader))
            }
            Remark::NoVotesAgainstAll { contest } => no_against_all(language, contest),
            Remark::Turnout { of, base, share, needed } => {
                turnout(language, &number(of), &number(base), share, &number(needed))
            }
            Remark::Unplaced { stage, seats, level } => unplaced(language, stage, &number(seats), level),
            Remark::Uncompensated { stage, seats, added: true } => uncompensated_added(language, stage, &number(seats)),
            Remark::Uncompensated { stage, seats, .. } => uncompensated(language, stage, &number(seats)),
            Remark::MajorityInVain { stage, list } => majority_in_vain(language, stage, &self.name(list)),
            Remark::FiledLast { stage, unit, counts } => {
                let counts: Vec<String> = counts.iter().map(number).collect();
                filed_last(language, &self.at(stage, unit.as_deref()), &counts.join(", "))
            }
            Remark::FiledInVain { stage, unit } => filed_in_vain(language, &self.at(stage, unit.as_deref())),
            Remark::MoreSitting { list, sitting } => more_sitting(language, &self.name(list), &number(sitting)),
            Remark::FewReserved { list, with, attribute, value } => {
                few_reserved(language, &self.name(list), &number(with), attribute, value)
            }
            Remark::LimitLeaves { vacant, seats, most, attribute } => {
                limit_leaves(language, &number(vacant), &number(seats), &number(most), attribute)
            }
            Remark::AgainstAllFirst { against, first } => {
                against_all_first(language, &counted::votes(language, *against), &number(first))
            }
            Remark::NobodyInFirstRound => nobody_in_first_round(language),
            Remark::SeatsByValue { attribute, found, each, at_least } => {
                let found: Vec<String> =
                    found.iter().map(|(value, seats)| format!("{value} {}", number(seats))).collect();
                let sentence = if *each { seats_of_each } else { seats_of_one };
                sentence(language, attribute, &found.join(", "), &number(at_least))
            }
            Remark::SeatsFilled { filled, house, share } => {
                seats_filled(language, &number(filled), &number(house), share)
            }
            Remark::NoMargins { stages } => {
                let stages: Vec<String> = stages.iter().map(|stage| format!("`{stage}`")).collect();
                no_margins(language, &stages.join(", "))
            }
            Remark::PeopleUnasked { people } => people_unasked(language, &number(people)),
            Remark::Several(remarks) => remarks.iter().map(|remark| self.remark(remark)).collect::<Vec<_>>().join("; "),
            Remark::Plain(text) => text.clone(),
        }
    }

    /// A stage, and the unit in which it works.
    fn at(&self, stage: &str, unit: Option<&str>) -> String {
        unit.map_or_else(|| format!("`{stage}`"), |unit| format!("`{stage}`, {}", self.name(unit)))
    }
}

phrases! {
    units_assumed(stage, level) {
        en: "stage `{stage}`: the tally has no totals of level `{level}`; it is assumed, not checked, that every list \
             passes there",
        ru: "этап `{stage}`: итогов уровня `{level}` нет; принято без проверки, что все списки там проходят",
        ky: "`{stage}` этабы: `{level}` деңгээлинин жыйынтыктары жок; бардык тизмелер ал жерде өтөт деп \
             текшерилбестен кабыл алынды",
    }
    no_margins(stages) {
        en: "stage {stages} passes surpluses on, and one paper can change every later transfer: how many papers would change it is said only, as a proved bound, of those elected at the first count",
        ru: "этап {stages} передаёт излишки, и один бюллетень может изменить все последующие передачи: сколько бюллетеней изменили бы результат, сказано только об избранных в первом подсчёте, как доказанная нижняя граница",
        ky: "{stages} этабы ашык добуштарды өткөрүп берет, бир бюллетень андан кийинки бардык өткөрүүнү өзгөртө алат: натыйжаны канча бюллетень өзгөртөрү биринчи саноодо шайлангандар жөнүндө гана, далилденген төмөнкү чек катары айтылды",
    }
    people_unasked(people) {
        en: "of {people} of those who stand by name no margin is told: there are too many to ask about each",
        ru: "запас голосов не указан для части кандидатов (их число: {people}): их слишком много, чтобы искать для каждого",
        ky: "аты-жөнү менен ат салышкандардын {people} үчүн добуштардын запасы айтылган жок: ар бирин издөөгө алар өтө көп",
    }
    candidates_unknown(lists) {
        en: "the tally has no candidates of: {lists}; their seats are not filled by name",
        ru: "кандидаты неизвестны для списков: {lists}; их мандаты поимённо не распределены",
        ky: "талапкерлери белгисиз тизмелер: {lists}; алардын мандаттары аты-жөнү менен бөлүштүрүлгөн жок",
    }
    long_enough() {
        en: "lists whose candidates are not in the tally are taken as long enough for their seats",
        ru: "списки, кандидаты которых не указаны, считаются достаточно длинными",
        ky: "талапкерлери көрсөтүлбөгөн тизмелер жетиштүү узун деп эсептелет",
    }
    squares(stage) {
        en: "stage `{stage}`: its quotients are shown squared, votes² / (seats × (seats + 1)), which gives the same order",
        ru: "этап `{stage}`: частные показаны в квадрате, голоса² / (мандаты × (мандаты + 1)); порядок тот же",
        ky: "`{stage}` этабы: тийиндилер квадраты менен көрсөтүлгөн, добуш² / (мандат × (мандат + 1)); ирети ошол эле",
    }
    nobody_admitted() {
        en: "no list is admitted", ru: "не допущен ни один список", ky: "бир да тизме киргизилген жок"
    }
    somebody_admitted() {
        en: "at least one list is admitted", ru: "допущен хотя бы один список", ky: "жок дегенде бир тизме киргизилди"
    }
    against_all(against, leader) {
        en: "{against} against all, {leader} for the leading list",
        ru: "против всех: {against}; за лидирующий список: {leader}",
        ky: "баарына каршы: {against}; алдыда турган тизме үчүн: {leader}",
    }
    no_against_all(contest) {
        en: "contest `{contest}`: the tally has no votes against all",
        ru: "голосование `{contest}`: голоса против всех в данных не указаны",
        ky: "`{contest}` добуш берүүсү: баарына каршы добуштар маалыматта жок",
    }
    unplaced(stage, seats, level) {
        en: "stage `{stage}`: {seats} seats have no {level} left that could take them",
        ru: "этап `{stage}`: для мандатов ({seats}) не осталось места на уровне `{level}`",
        ky: "`{stage}` этабы: мандаттар ({seats}) үчүн `{level}` деңгээлинде орун калган жок",
    }
    uncompensated(stage, seats) {
        en: "stage `{stage}`: {seats} seats that lists hold by right and that the house was not enlarged for",
        ru: "этап `{stage}`: мандаты, которые списки сохраняют по праву и ради которых палата не увеличена: {seats}",
        ky: "`{stage}` этабы: тизмелер укугу менен сактаган, бирок палата алар үчүн чоңойтулбаган мандаттар: {seats}",
    }
    uncompensated_added(stage, seats) {
        en: "stage `{stage}`: {seats} seats that lists hold by right and that the house was not enlarged for; they are \
             added",
        ru: "этап `{stage}`: мандаты, которые списки сохраняют по праву и ради которых палата не увеличена: {seats}; \
             они добавлены",
        ky: "`{stage}` этабы: тизмелер укугу менен сактаган, бирок палата алар үчүн чоңойтулбаган мандаттар: {seats}; \
             алар кошулду",
    }
    majority_in_vain(stage, list) {
        en: "stage `{stage}`: `{list}` has more than half of the votes, and no other list has a seat beyond full quotas",
        ru: "этап `{stage}`: у `{list}` больше половины голосов, но ни у кого нет мандата сверх целых квот",
        ky: "`{stage}` этабы: `{list}` добуштардын жарымынан көбүн алган, бирок эч кимде бүтүн квотадан ашык мандат жок",
    }
    filed_last(place, counts) {
        en: "stage {place}: count {counts} took whole papers filed last, in the order in which the tally lists them; \
             that order is a reading of the papers, and another could give another result",
        ru: "этап {place}: в туре {counts} взяты целые бюллетени, лежащие последними в порядке данных; этот порядок \
             есть толкование, другой мог бы дать другой результат",
        ky: "{place} этабы: {counts}-турда маалыматтагы ирет боюнча акыркы жаткан бүтүн бюллетендер алынды; бул ирет \
             чечмелөө, башкасы башка жыйынтык бермек",
    }
    filed_in_vain(place) {
        en: "stage {place}: the law takes whole papers as they lie; in this count it made no difference",
        ru: "этап {place}: закон берёт целые бюллетени так, как они лежат; в этом подсчёте это ничего не изменило",
        ky: "{place} этабы: мыйзам бүтүн бюллетендерди кандай жатса ошондой алат; бул эсепте эч нерсе өзгөргөн жок",
    }
    more_sitting(list, sitting) {
        en: "{sitting} of `{list}` sit already, more than its seats",
        ru: "от `{list}` уже заседают {sitting}, больше, чем у списка мандатов",
        ky: "`{list}` тизмесинен {sitting} мурунтан эле отурат, бул анын мандаттарынан көп",
    }
    few_reserved(list, with, attribute, value) {
        en: "list `{list}` has {with} with {attribute} = {value}, fewer than seats are kept for; others take them",
        ru: "в списке `{list}` кандидатов с {attribute} = {value}: {with}, меньше, чем оставлено мандатов; их получают \
             другие",
        ky: "`{list}` тизмесинде {attribute} = {value} талапкерлер: {with}, калтырылган мандаттардан аз; аларды башкалар \
             алат",
    }
    limit_leaves(vacant, seats, most, attribute) {
        en: "{vacant} of {seats} seats cannot be filled with at most {most} of the same {attribute}",
        ru: "мандаты, которые нельзя занять, если с одинаковым {attribute} не более {most}: {vacant} из {seats}",
        ky: "бирдей {attribute} менен эң көбү {most} болгондо ээленбей калган мандаттар: {seats} ичинен {vacant}",
    }
    against_all_first(against, first) {
        en: "{against} against all, {first} for the first candidate",
        ru: "против всех: {against}; за первого кандидата: {first}",
        ky: "баарына каршы: {against}; биринчи талапкер үчүн: {first}",
    }
    nobody_in_first_round() {
        en: "nobody has enough votes in the first round",
        ru: "в первом туре никто не набрал достаточно голосов",
        ky: "биринчи турда эч ким жетиштүү добуш алган жок",
    }
    seats_of_each(attribute, found, least) {
        en: "seats by {attribute}: {found}; each needs {least}",
        ru: "мандаты по {attribute}: {found}; каждому нужно {least}",
        ky: "{attribute} боюнча мандаттар: {found}; ар бирине {least} керек",
    }
    seats_of_one(attribute, found, least) {
        en: "seats by {attribute}: {found}; one needs {least}",
        ru: "мандаты по {attribute}: {found}; хотя бы одному нужно {least}",
        ky: "{attribute} боюнча мандаттар: {found}; жок дегенде бирине {least} керек",
    }
    seats_filled(filled, house, share) {
        en: "{filled} of {house} seats are filled; {share} is asked",
        ru: "занято мандатов: {filled} из {house}; требуется {share}",
        ky: "ээленген мандаттар: {house} ичинен {filled}; {share} талап кылынат",
    }
    turnout(of, base, share, needed) {
        en: "{of} of {base} ({share} needed: {needed})",
        ru: "{of} из {base} (нужно {share}: {needed})",
        ky: "{base} ичинен {of} (керек {share}: {needed})",
    }
}
