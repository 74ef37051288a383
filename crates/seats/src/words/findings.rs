//! What a rulebook leaves open, doubts or cannot prove: told before anybody relies on it.

use super::Language;
use super::phrase::phrases;
use crate::rulebook::{CandidateOrder, Formula, QuotaKind, Rounding, Rulebook, Stage, StageKind, TieRule, VoidIf};

/// One thing that a reader of a rulebook must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stage, law or table that is meant.
    pub place: String,
    /// What is to be known.
    pub what: FindingKind,
}

/// What is to be known about a rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    /// A stage names no article.
    NoLaw,
    /// A citation was written from memory and is to be checked.
    FromMemory,
    /// A citation that nothing refers to.
    UnusedLaw,
    /// The stage as a whole is a reading of an unclear law.
    IsReading,
    /// A field is doubtful; the result is computed under the other values too.
    Doubtful {
        /// The field.
        field: String,
        /// The other values.
        others: Vec<String>,
        /// Why the one in force was chosen.
        because: Option<String>,
    },
    /// A tie at this stage stops the computation: no rule is written, or the law has none.
    NoTieRule,
    /// Nothing says what follows if no list is admitted: such a tally is refused.
    NobodyAdmitted,
    /// Nothing says what follows if a list has fewer candidates than seats: they are not looked at.
    NoExhaustion,
    /// Seats above the cap stay vacant.
    CapLeavesVacant,
    /// Seats that full quotas leave are given to nobody here.
    RemaindersNotGiven,
    /// The quota can give more seats than there are; such a tally is refused.
    MayOverAllocate,
    /// The seats are not filled with people.
    NoPeople,
    /// Nothing says how a vacant seat is filled later.
    NoVacancy,
    /// Nothing says when the election is void.
    NoValidity,
    /// Nothing says what an annulled station does to the bases; they are taken to lose it.
    NoAnnulment,
    /// Nothing says which count decides; the hand count is taken.
    NoStanding,
    /// There is no stage: totals, and no seats.
    NoStages,
    /// This version does not compute it.
    NotComputed(String),
}

impl Rulebook {
    /// Every doubt, missing or weak citation, open question and uncomputed stage of the rulebook.
    /// None does not mean that the law is right, only that the file leaves none of these open.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Found(Vec::new());
        for (key, law) in &self.laws {
            let text = format!("{} {}", law.cite, law.text.as_deref().unwrap_or_default()).to_lowercase();
            found.add_if(text.contains("from memory") || text.contains("to be checked"), key, FindingKind::FromMemory);
            found.add_if(!self.cited_laws.contains(key), key, FindingKind::UnusedLaw);
        }
        for stage in &self.stages {
            self.of_stage(stage, &mut found);
        }
        for reading in &self.readings {
            let what = FindingKind::Doubtful {
                field: reading.field.word().to_owned(),
                others: vec![reading.value.clone()],
                because: None,
            };
            found.add_if(true, &reading.stage, what);
        }
        self.of_whole(&mut found);
        found.0
    }

    fn of_stage(&self, stage: &Stage, found: &mut Found) {
        let id = &stage.id;
        found.add_if(stage.law.is_none(), id, FindingKind::NoLaw);
        found.add_if(stage.is_reading, id, FindingKind::IsReading);
        if let Some(doubt) = &stage.doubt {
            let what = FindingKind::Doubtful {
                field: doubt.field.word().to_owned(),
                others: doubt.other_readings.clone(),
                because: doubt.chosen_because.clone(),
            };
            found.add_if(true, id, what);
        }
        // What can be written and not be computed: running it is refused.
        if let StageKind::Grow(own) = &stage.kind
            && let Some(only) = own.ignored.as_ref().and_then(|ignored| ignored.only_from.as_ref())
        {
            found.add_if(self.stage(only).is_none(), id, FindingKind::NotComputed(format!("only_from = \"{only}\"")));
        }
        let settles = |rule: &TieRule| *rule != TieRule::Unresolved;
        let no_rule = !stage.ties.iter().take_while(|rule| settles(rule)).any(|rule| *rule == TieRule::Lot);
        match &stage.kind {
            StageKind::Admit { .. } => {
                let decided = self.validity.void_if.contains(&VoidIf::NoListAdmitted);
                found.add_if(!decided, id, FindingKind::NobodyAdmitted);
            }
            StageKind::Allocate(own) => {
                found.add_if(no_rule, id, FindingKind::NoTieRule);
                // Seats that go to units are nobody's yet.
                let to_lists = own.units.is_none() || own.per.is_some();
                found.add_if(to_lists && !own.next_when_exhausted, id, FindingKind::NoExhaustion);
                formula(&own.formula, id, found);
            }
            StageKind::Cap(own) => found.add_if(!own.redistribute, id, FindingKind::CapLeavesVacant),
            StageKind::Plurality(_)
            | StageKind::Runoff(_)
            | StageKind::PassOn(_)
            | StageKind::Bonus(_)
            | StageKind::Grow(_)
            | StageKind::Place(_)
            | StageKind::Biproportional(_)
            | StageKind::Rank(_) => {
                found.add_if(no_rule, id, FindingKind::NoTieRule);
            }
            StageKind::Candidates(own) => {
                // Only votes of their own can tie.
                let by_votes = own.order == CandidateOrder::Votes || own.jump.is_some();
                found.add_if(by_votes && no_rule, id, FindingKind::NoTieRule);
            }
            StageKind::Group(_)
            | StageKind::Compensate(_)
            | StageKind::Sum(_)
            | StageKind::Declare(_)
            | StageKind::Cover(_)
            | StageKind::Minimum(_) => {}
        }
    }

    fn of_whole(&self, found: &mut Found) {
        let any = |kind: fn(&StageKind) -> bool| self.stages.iter().any(|stage| kind(&stage.kind));
        // Polls elect people; seats of lists need a stage that says who sits on them.
        let polls = any(|kind| matches!(kind, StageKind::Plurality(_) | StageKind::Runoff(_)));
        let lists =
            any(|kind| matches!(kind, StageKind::Allocate(_) | StageKind::Biproportional(_) | StageKind::Grow(_)));
        let people = any(|kind| matches!(kind, StageKind::Candidates(_) | StageKind::Rank(_))) || polls && !lists;
        let declared = any(|kind| matches!(kind, StageKind::Declare(_)));
        found.add_if(self.stages.is_empty(), "stage", FindingKind::NoStages);
        found.add_if(!people && !self.stages.is_empty(), "stage", FindingKind::NoPeople);
        found.add_if(self.vacancies.is_empty(), "vacancy", FindingKind::NoVacancy);
        found.add_if(!declared && self.is_unstated("validity"), "validity", FindingKind::NoValidity);
        found.add_if(self.is_unstated("annulment"), "annulment", FindingKind::NoAnnulment);
        found.add_if(self.is_unstated("standing"), "standing", FindingKind::NoStanding);
    }

    fn is_unstated(&self, table: &str) -> bool {
        self.unstated.contains(&table)
    }
}

fn formula(formula: &Formula, id: &str, found: &mut Found) {
    if let Formula::Quota(rule) = formula {
        found.add_if(rule.remainder.is_empty(), id, FindingKind::RemaindersNotGiven);
        // Only these quotas can be so small that full quotas exceed the house.
        let small = match rule.quota {
            QuotaKind::Hare => matches!(rule.rounding, Rounding::Floor | Rounding::HalfUp),
            QuotaKind::Droop => false,
            QuotaKind::HagenbachBischoff | QuotaKind::Imperiali => true,
        };
        found.add_if(small && !rule.subtract_smallest, id, FindingKind::MayOverAllocate);
    }
}

struct Found(Vec<Finding>);

impl Found {
    fn add_if(&mut self, holds: bool, place: &str, what: FindingKind) {
        if holds {
            self.0.push(Finding { place: place.to_owned(), what });
        }
    }
}

impl Finding {
    /// The key of the finding, for scripts.
    pub fn code(&self) -> &'static str {
        match &self.what {
            FindingKind::NoLaw => "no_law",
            FindingKind::FromMemory => "from_memory",
            FindingKind::UnusedLaw => "unused_law",
            FindingKind::IsReading => "is_reading",
            FindingKind::Doubtful { .. } => "doubtful",
            FindingKind::NoTieRule => "no_tie_rule",
            FindingKind::NobodyAdmitted => "nobody_admitted",
            FindingKind::NoExhaustion => "no_exhaustion",
            FindingKind::CapLeavesVacant => "cap_leaves_vacant",
            FindingKind::RemaindersNotGiven => "remainders_not_given",
            FindingKind::MayOverAllocate => "may_over_allocate",
            FindingKind::NoPeople => "no_people",
            FindingKind::NoVacancy => "no_vacancy",
            FindingKind::NoValidity => "no_validity",
            FindingKind::NoAnnulment => "no_annulment",
            FindingKind::NoStanding => "no_standing",
            FindingKind::NoStages => "no_stages",
            FindingKind::NotComputed(_) => "not_computed",
        }
    }

    /// The finding in a sentence.
    pub fn say(&self, language: Language) -> String {
        let what = match &self.what {
            FindingKind::NoLaw => no_law(language),
            FindingKind::FromMemory => from_memory(language),
            FindingKind::UnusedLaw => unused_law(language),
            FindingKind::IsReading => is_reading(language),
            FindingKind::Doubtful { field, others, because } => {
                let because = because.as_ref().map_or_else(String::new, |because| format!(" ({because})"));
                doubtful(language, field, &others.join(", "), &because)
            }
            FindingKind::NoTieRule => no_tie_rule(language),
            FindingKind::NobodyAdmitted => nobody_admitted(language),
            FindingKind::NoExhaustion => no_exhaustion(language),
            FindingKind::CapLeavesVacant => cap_leaves_vacant(language),
            FindingKind::RemaindersNotGiven => remainders_not_given(language),
            FindingKind::MayOverAllocate => may_over_allocate(language),
            FindingKind::NoPeople => no_people(language),
            FindingKind::NoVacancy => no_vacancy(language),
            FindingKind::NoValidity => no_validity(language),
            FindingKind::NoAnnulment => no_annulment(language),
            FindingKind::NoStanding => no_standing(language),
            FindingKind::NoStages => no_stages(language),
            FindingKind::NotComputed(what) => not_computed(language, what),
        };
        format!("{}: {what}.", self.place)
    }
}

phrases! {
    no_law() {
        en: "no article of a law is named (`law` is missing)",
        ru: "не указана статья закона (нет `law`)",
        ky: "мыйзамдын беренеси көрсөтүлгөн эмес (`law` жок)",
    }
    from_memory() {
        en: "the citation was written from memory and must be checked against the text of the law",
        ru: "ссылка записана по памяти, её нужно сверить с текстом закона",
        ky: "шилтеме эстен жазылган, аны мыйзамдын тексти менен салыштыруу керек",
    }
    unused_law() {
        en: "this citation is declared and nothing refers to it",
        ru: "эта ссылка объявлена, но нигде не используется",
        ky: "бул шилтеме жарыяланган, бирок эч жерде колдонулбайт",
    }
    is_reading() {
        en: "the whole stage is a reading: the law does not say it in these words",
        ru: "весь этап является толкованием: закон не говорит этого прямо",
        ky: "бүт этап чечмелөө болуп саналат: мыйзам муну түз айтпайт",
    }
    doubtful(field, others, because) {
        en: "`{field}` is doubtful{because}; the result is shown under these too: {others}",
        ru: "`{field}` под сомнением{because}; результат показывается и при: {others}",
        ky: "`{field}` күмөндүү{because}; жыйынтык булар менен да көрсөтүлөт: {others}",
    }
    no_tie_rule() {
        en: "no rule ends every tie (no lot): a tie stops the computation",
        ru: "нет правила на случай любого равенства (нет жребия): вычисление остановится",
        ky: "ар кандай теңдикти чечүүчү эреже жок (чүчүкулак жок): эсептөө токтойт",
    }
    nobody_admitted() {
        en: "nothing says what follows if no list is admitted; such figures are refused",
        ru: "не сказано, что делать, если не допущен ни один список; такие данные отклоняются",
        ky: "бир да тизме киргизилбесе эмне болору айтылган эмес; мындай маалымат четке кагылат",
    }
    no_exhaustion() {
        en: "nothing says who takes the seats of a list with too few candidates (`on_exhausted` is missing)",
        ru: "не сказано, кому мандаты списка, в котором не хватает кандидатов (нет `on_exhausted`)",
        ky: "талапкери жетишпеген тизменин мандаттары кимге өтөрү айтылган эмес (`on_exhausted` жок)",
    }
    cap_leaves_vacant() {
        en: "seats above the cap stay vacant (`redistribute` is missing)",
        ru: "мандаты сверх предела остаются вакантными (нет `redistribute`)",
        ky: "чектен ашкан мандаттар бош калат (`redistribute` жок)",
    }
    remainders_not_given() {
        en: "seats that full quotas leave are given to nobody at this stage",
        ru: "мандаты, оставшиеся после целых квот, на этом этапе никому не даются",
        ky: "бүтүн квоталардан калган мандаттар бул этапта эч кимге берилбейт",
    }
    may_over_allocate() {
        en: "the quota can give more seats than there are, and nothing says which to take back; such figures are refused",
        ru: "квота может дать больше мандатов, чем есть, и не сказано, у кого снять; такие данные отклоняются",
        ky: "квота бар болгондон көп мандат бериши мүмкүн, кимден алынары айтылган эмес; мындай маалымат четке кагылат",
    }
    no_people() {
        en: "no stage puts people on the seats",
        ru: "ни один этап не распределяет мандаты между людьми",
        ky: "бир да этап мандаттарды адамдарга бөлүштүрбөйт",
    }
    no_vacancy() {
        en: "nothing says how a vacant seat is filled later",
        ru: "не сказано, как замещается освободившийся мандат",
        ky: "бошогон мандат кантип толтурулары айтылган эмес",
    }
    no_validity() {
        en: "nothing says when the election as a whole is void",
        ru: "не сказано, когда выборы в целом недействительны",
        ky: "шайлоо качан толугу менен жараксыз болору айтылган эмес",
    }
    no_annulment() {
        en: "nothing says what annulled stations do to the bases; they are taken out of them",
        ru: "не сказано, как отменённые участки влияют на базы; они из баз исключаются",
        ky: "жокко чыгарылган участкалар базаларга кандай таасир этери айтылган эмес; алар базалардан чыгарылат",
    }
    no_standing() {
        en: "nothing says which count decides; the count by hand is taken",
        ru: "не сказано, какой подсчёт решающий; берётся ручной",
        ky: "кайсы эсептөө чечүүчү экени айтылган эмес; кол менен саналганы алынат",
    }
    no_stages() {
        en: "there are no stages: totals, and no seats",
        ru: "этапов нет: только итоги голосования, без мандатов",
        ky: "этаптар жок: добуш берүүнүн жыйынтыгы гана, мандатсыз",
    }
    not_computed(what) {
        en: "this version does not compute it ({what}); running it is refused",
        ru: "эта версия этого не вычисляет ({what}); при запуске будет отказ",
        ky: "бул версия муну эсептебейт ({what}); иштетүүдө баш тартылат",
    }
}
