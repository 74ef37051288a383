//! Why papers cannot be read or counted.

use std::fmt;

use crate::words::Language;
use crate::words::say::{Named, reasons};

/// A text that is not a set of ranked ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotsError {
    /// The line, from 1, where the text has lines.
    pub line: Option<usize>,
    /// What is wrong there, and what to write.
    pub what: super::PaperFault,
}

impl BallotsError {
    pub(super) fn at(line: usize, what: super::PaperFault) -> Self {
        Self { line: Some(line), what }
    }

    pub(super) fn whole(what: super::PaperFault) -> Self {
        Self { line: None, what }
    }

    /// The same at this line, unless it already has one.
    pub(super) fn on(self, line: usize) -> Self {
        Self { line: self.line.or(Some(line)), ..self }
    }

    /// The error in a sentence.
    pub fn say(&self, language: Language) -> String {
        let what = self.what.say(language);
        match (language, self.line) {
            (Language::English, Some(line)) => format!("the ballots cannot be read: line {line}: {what}"),
            (Language::English, None) => format!("the ballots cannot be read: {what}"),
            (Language::Russian, Some(line)) => format!("бюллетени не читаются: строка {line}: {what}"),
            (Language::Russian, None) => format!("бюллетени не читаются: {what}"),
            (Language::Kyrgyz, Some(line)) => format!("бюллетендер окулбайт: {line}-сап: {what}"),
            (Language::Kyrgyz, None) => format!("бюллетендер окулбайт: {what}"),
        }
    }
}

impl fmt::Display for BallotsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::English))
    }
}

impl std::error::Error for BallotsError {}

impl std::error::Error for RankedRefusal {}

reasons! {
    /// A count that was refused.
    #[non_exhaustive]
    RankedRefusal {
        /// The rules contradict themselves or the seats.
        Rules(reason: RuleFault) {
            en: "these rules cannot be: {reason}",
            ru: "таких правил быть не может: {reason}",
            ky: "мындай эрежелер болушу мүмкүн эмес: {reason}",
        }
        /// No paper, or no candidate.
        Nothing(lacking: Lacking) {
            en: "there is nothing to count: {lacking}",
            ru: "считать нечего: {lacking}",
            ky: "эсептей турган эч нерсе жок: {lacking}",
        }
        /// Exact fractions that have grown beyond what is computed: at which count, and the bits allowed.
        TooFine(count: u64, bits: u64) {
            en: "at count {count} the exact fractions have more than {bits} bits; state the decimals to keep",
            ru: "в туре {count} точные дроби длиннее {bits} бит; укажите, сколько знаков оставлять",
            ky: "{count}-турда так бөлчөктөр {bits} биттен узун; канча белги калтырылышын көрсөтүңүз",
        }
        /// More work than one count may take.
        TooLong {
            en: "this count would take too many steps; group equal papers, or keep fewer decimals",
            ru: "в этом подсчёте было бы слишком много шагов; объедините одинаковые бюллетени или оставьте меньше знаков",
            ky: "бул эсептөөдө кадамдар өтө көп болмок; бирдей бюллетендерди бириктириңиз же азыраак белги калтырыңыз",
        }
        /// Papers of one who left and whom this count did not elect.
        NotElected(id: String) {
            en: "this count did not elect `{id}`",
            ru: "этот подсчёт не избрал `{id}`",
            ky: "бул эсептөө `{id}` талапкерин шайлаган эмес",
        }
        /// Papers of one who left, by a method that keeps no piles.
        NoPiles {
            en: "Meek's method keeps no papers of each candidate that could be counted again",
            ru: "в методе Мика нет бюллетеней каждого кандидата, которые можно пересчитать",
            ky: "Мик ыкмасында ар бир талапкердин кайра эсептей турган бюллетендери жок",
        }
        /// A lot for a tie that does not come up.
        SuperfluousLot(between: Named) {
            en: "the lot between {between} decides nothing; remove it",
            ru: "жребий между {between} ничего не решает; уберите его",
            ky: "чүчүкулак ({between}) эч нерсени чечпейт; аны алып салыңыз",
        }
        /// A lot that cannot decide its tie.
        ForeignLot(between: Named, reason: LotFault) {
            en: "the lot between {between} cannot be: {reason}",
            ru: "жребий между {between} невозможен: {reason}",
            ky: "чүчүкулак ({between}) мүмкүн эмес: {reason}",
        }
    }
}

reasons! {
    /// Rules of a count that cannot be.
    #[non_exhaustive]
    RuleFault {
        /// A number of seats beyond those that one count gives.
        Seats(seats: u64, most: u64) {
            en: "{seats} seats; one count gives 1 to {most}",
            ru: "мандатов {seats}; один подсчёт даёт от 1 до {most}",
            ky: "мандаттар {seats}; бир эсептөө 1–{most} мандат берет",
        }
        /// Several seats by a method for one.
        OneSeat(seats: u64) {
            en: "irv gives one seat, not {seats}",
            ru: "irv даёт один мандат, а не {seats}",
            ky: "irv бир мандат берет, {seats} эмес",
        }
        /// Decimals of Meek's method.
        Meek {
            en: "Meek's method keeps 1 to 9 decimals, and its tolerance is no finer",
            ru: "метод Мика оставляет от 1 до 9 знаков, и допуск не мельче",
            ky: "Мик ыкмасы 1ден 9га чейин белги калтырат, жол берилген четтөө андан майда эмес",
        }
        /// Too many decimals.
        Decimals(most: u64) {
            en: "at most {most} decimals are kept",
            ru: "знаков оставляется не более {most}",
            ky: "эң көбү {most} белги калтырылат",
        }
    }
}

reasons! {
    /// What a count lacks.
    #[non_exhaustive]
    Lacking {
        /// Candidates.
        Candidates {
            en: "nobody stands", ru: "никто не участвует", ky: "эч ким катышпайт",
        }
        /// Papers.
        Papers {
            en: "there is no paper", ru: "нет ни одного бюллетеня", ky: "бир да бюллетень жок",
        }
        /// One or the other.
        Either {
            en: "there is no paper, or nobody stands",
            ru: "нет ни одного бюллетеня или никто не участвует",
            ky: "бир да бюллетень жок же эч ким катышпайт",
        }
    }
}

reasons! {
    /// Why a lot of a count cannot be.
    #[non_exhaustive]
    LotFault {
        /// It draws too many or too few.
        Draws(drawn: usize, take: usize) {
            en: "it draws {drawn} of them, {take} must be drawn",
            ru: "вытянуто {drawn}, нужно {take}",
            ky: "{drawn} тартылган, {take} керек",
        }
        /// It draws one who is not among those tied.
        Elsewhere(other: String) {
            en: "`{other}` is drawn but is not among those between",
            ru: "`{other}` вытянут, но не назван среди тех, между кем жребий",
            ky: "`{other}` тартылган, бирок чүчүкулак алардын арасында эмес",
        }
        /// The rules want none.
        NotAllowed {
            en: "the rules let no lot decide",
            ru: "правила не дают жребию решать",
            ky: "эрежелер чүчүкулакка чечүүгө жол бербейт",
        }
        /// It names one who does not stand.
        NotStanding(id: String) {
            en: "`{id}` does not stand",
            ru: "`{id}` не участвует",
            ky: "`{id}` катышпайт",
        }
    }
}
