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
            Remark::Several(remarks) => remarks.iter().map(|remark| self.remark(remark)).collect::<Vec<_>>().join("; "),
            Remark::Plain(text) => text.clone(),
        }
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
    turnout(of, base, share, needed) {
        en: "{of} of {base} ({share} needed: {needed})",
        ru: "{of} из {base} (нужно {share}: {needed})",
        ky: "{base} ичинен {of} (керек {share}: {needed})",
    }
}
