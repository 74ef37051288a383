//! A whole outcome in words: admission, quotas, steps, seats, people, ties, margins, readings, notes.

use super::phrase::phrases;
use super::{Language, Words, counted};
use crate::outcome::{Margin, Member, Outcome, Reading, ReadingResult, StepKind, Tie, Unseated};

impl Outcome {
    /// The outcome as plain text in a language: who is admitted and by how many votes, each step with
    /// its arithmetic, rival and article, seats, ties, margins, readings side by side, notes. Lines
    /// end with `\n`.
    pub fn describe_in(&self, language: Language) -> String {
        let words = Words::new(language, self);
        let mut lines = vec![head(language, &self.rulebook, &counted::seats(language, self.house))];
        words.admissions(self, &mut lines);
        words.stages(self, &mut lines);
        lines.push(seats(language, &words.seats_line(self)));
        if self.vacant > 0 {
            lines.push(vacant(language, &counted::seats(language, self.vacant)));
        }
        if !self.exhausted.is_empty() {
            lines.push(exhausted(language, &words.names(&self.exhausted)));
        }
        lines.extend(self.undetermined.iter().map(|tie| words.tie(tie)));
        let findings = self.validity.findings.iter();
        lines.extend(findings.map(|own| format!("{}{}", words.validity(own), words.article(own.law.as_deref()))));
        words.members(self, &mut lines);
        lines.extend(self.passed_over.iter().map(|own| words.passed_over(own)));
        let declared = self.declared.iter();
        lines.extend(declared.map(|own| format!("{}{}", words.declaration(own), words.article(own.law.as_deref()))));
        lines.extend(self.unseated.iter().map(|own| words.unseated(own)));
        words.margins(&self.margins, &mut lines);
        words.readings(self, &mut lines);
        lines.extend(self.notes.iter().map(|remark| note(language, &words.remark(remark))));
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

impl Words<'_> {
    fn admissions(&self, outcome: &Outcome, lines: &mut Vec<String>) {
        for admission in &outcome.admission {
            lines.push(self.admission(admission));
            // What decided: the tests that it failed, or, if it passed them all, the closest one.
            let failed = admission.tests.iter().filter(|test| !test.passed);
            let closest = admission.tests.iter().min_by_key(|test| test.margin);
            let told: Vec<_> = match failed.clone().next() {
                Some(_) => failed.collect(),
                None => closest.into_iter().collect(),
            };
            lines.extend(
                told.into_iter().map(|test| format!("  {}{}", self.test(test), self.article(test.law.as_deref()))),
            );
        }
    }

    /// Each stage's quota, then its steps.
    fn stages(&self, outcome: &Outcome, lines: &mut Vec<String>) {
        for stage in &outcome.stages {
            if let Some(quota) = stage.quota {
                lines.push(self.quota(&stage.id, quota));
            }
            for unit in &stage.units {
                let place = format!("{}, {}", stage.id, self.name(&unit.unit));
                lines.extend(unit.quota.map(|quota| self.quota(&place, quota)));
            }
            for count in &stage.counts {
                let place = count.unit.as_ref().map_or_else(String::new, |unit| format!(", {}", self.name(unit)));
                let article = self.article(stage.law.as_deref());
                lines.push(format!("{}{article}", ranked(self.language, &format!("{}{place}", stage.id))));
                lines.extend(self.sheet(&count.sheet).lines().map(str::to_owned));
            }
            let steps = outcome.steps.iter().filter(|step| step.stage == stage.id);
            lines.extend(steps.map(|step| format!("{}{}", self.step(step), self.article(step.law.as_deref()))));
            lines.extend(
                stage.divisors.iter().map(|own| divisor(self.language, &stage.id, &self.name(&own.of), &own.value)),
            );
            if !stage.unit_seats.is_empty() {
                let seats = stage.unit_seats.iter();
                let seats: Vec<String> =
                    seats.map(|(unit, seats)| format!("{} {}", self.name(unit), self.number(*seats))).collect();
                lines.push(unit_seats(self.language, &stage.id, &seats.join(", ")));
            }
        }
    }

    /// Lists with seats, most seats first.
    fn seats_line(&self, outcome: &Outcome) -> String {
        let mut seats: Vec<_> = outcome.seats.iter().filter(|(_, seats)| **seats > 0).collect();
        seats.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let seats = seats.iter().map(|(list, seats)| format!("{} {}", self.name(list), self.number(**seats)));
        let seats: Vec<String> = seats.collect();
        if seats.is_empty() { none(self.language) } else { seats.join(", ") }
    }

    fn members(&self, outcome: &Outcome, lines: &mut Vec<String>) {
        if !outcome.members.is_empty() {
            lines.push(people(self.language));
            lines.extend(outcome.members.iter().map(|member| format!("  {}", self.member(member))));
        }
    }

    /// A person on a seat, or an empty chair.
    pub fn member(&self, member: &Member) -> String {
        let list = member.list.as_ref().map_or_else(|| no_list(self.language), |list| self.name(list));
        let list = member.unit.as_ref().map_or_else(|| list.clone(), |unit| format!("{}, {list}", self.name(unit)));
        let seat = self.number(member.seat);
        let name = member.name.as_ref().or(member.candidate.as_ref());
        match (name, member.place) {
            (None, _) => empty_chair(self.language, &list, &seat),
            (Some(name), Some(place)) if member.by_preference => {
                by_preference(self.language, &list, &seat, name, &self.number(place))
            }
            (Some(name), Some(place)) => by_place(self.language, &list, &seat, name, &self.number(place)),
            (Some(name), None) => person(self.language, &list, &seat, name),
        }
    }

    /// A winner of a single seat without a seat.
    pub fn unseated(&self, own: &Unseated) -> String {
        let share = super::phrase::valued(self.language, own.share);
        unseated(self.language, &self.name(&own.list), &self.name(&own.unit), &share)
    }

    fn margins(&self, margins: &[Margin], lines: &mut Vec<String>) {
        if !margins.is_empty() {
            lines.push(margins_head(self.language));
            lines.extend(margins.iter().map(|margin| format!("  {}", self.margin(margin))));
        }
    }

    /// The other readings, each with the seats under it and what changes against those chosen.
    fn readings(&self, outcome: &Outcome, lines: &mut Vec<String>) {
        if outcome.readings.is_empty() {
            return;
        }
        lines.push(readings_head(self.language));
        lines.push(format!("  {}", chosen(self.language, &self.seats_line(outcome))));
        for reading in &outcome.readings {
            lines.push(format!("  {}", self.reading(reading)));
            lines.extend(self.changes(outcome, reading).map(|changes| format!("    {changes}")));
        }
    }

    /// What a reading changes for whom: `Ata Meken 0 → 12`.
    fn changes(&self, outcome: &Outcome, reading: &Reading) -> Option<String> {
        let ReadingResult::Outcome(other) = &reading.result else { return None };
        let changed = outcome.seats.iter().filter_map(|(list, seats)| {
            let then = other.seats.get(list).copied().unwrap_or(0);
            (then != *seats).then(|| format!("{} {} → {}", self.name(list), self.number(*seats), self.number(then)))
        });
        let changed: Vec<String> = changed.collect();
        (!changed.is_empty()).then(|| changes(self.language, &changed.join(", ")))
    }

    /// The reading in a sentence, with the seats under it.
    pub fn reading(&self, reading: &Reading) -> String {
        let language = self.language;
        let head = reading_head(language, &reading.id, &reading.field, &reading.value);
        // Of a doubt, `says` gives the reason for the reading chosen, not for this one.
        let says = reading.says.as_ref().filter(|_| !reading.id.contains('='));
        let says = says.map_or_else(String::new, |says| format!(" {says}:"));
        let result = match &reading.result {
            ReadingResult::Refused(why) => refused(language, &why.describe_in(language)),
            ReadingResult::Outcome(_) if !reading.differs => same(language),
            ReadingResult::Outcome(outcome) => {
                let ties: String = outcome.undetermined.iter().map(|tie| format!(" {}", self.tie(tie))).collect();
                format!("{}.{ties}", self.seats_line(outcome))
            }
        };
        format!("{head}{says} {result}")
    }

    /// The tie in a sentence: who, how many seats, at which step, and what must be drawn.
    pub fn tie(&self, tie: &Tie) -> String {
        let language = self.language;
        let between = self.names(&tie.between);
        let stage = match &tie.unit {
            Some(unit) => format!("{}, {}", tie.stage, self.name(unit)),
            None => tie.stage.clone(),
        };
        let seats = counted::seats(language, tie.seats);
        let remedy = match tie.by_lot {
            true => must_draw(language, &self.number(tie.seats)),
            false => nothing_settles(language),
        };
        let mut text = match tie.what {
            StepKind::TakenBack | StepKind::MajorityLoses => tied_back(language, &stage, &between, &seats, &remedy),
            StepKind::Exclusion => return tied_exclusion(language, &stage, &between, &remedy),
            StepKind::SurplusOrder => return tied_surplus(language, &stage, &between, &remedy),
            StepKind::Fraction => return tied_fraction(language, &stage, &between, &remedy),
            _ => tied(language, &stage, &between, &seats, &remedy),
        };
        let held: Vec<String> =
            tie.held.iter().map(|(who, held)| format!("{} {}", self.name(who), self.number(*held))).collect();
        if !held.is_empty() {
            text.push(' ');
            text.push_str(&held_before(language, &held.join(", ")));
        }
        text
    }
}

phrases! {
    tied_exclusion(stage, between, remedy) {
        en: "UNDETERMINED at stage {stage}: {between} are tied, and one of them must leave the count; {remedy}.",
        ru: "НЕ ОПРЕДЕЛЕНО на этапе {stage}: равенство, {between}; один из них должен выбыть; {remedy}.",
        ky: "АНЫКТАЛГАН ЖОК, {stage} этабы: {between} тең, алардын бири чыгышы керек; {remedy}.",
    }
    tied_surplus(stage, between, remedy) {
        en: "UNDETERMINED at stage {stage}: the surpluses of {between} are equal, and one must go first; {remedy}.",
        ru: "НЕ ОПРЕДЕЛЕНО на этапе {stage}: излишки равны, {between}; один передаётся первым; {remedy}.",
        ky: "АНЫКТАЛГАН ЖОК, {stage} этабы: {between}, ашыкчалары тең, бири биринчи өтүшү керек; {remedy}.",
    }
    tied_fraction(stage, between, remedy) {
        en: "UNDETERMINED at stage {stage}: {between} have equal fractions of a paper; {remedy}.",
        ru: "НЕ ОПРЕДЕЛЕНО на этапе {stage}: равные доли бюллетеня, {between}; {remedy}.",
        ky: "АНЫКТАЛГАН ЖОК, {stage} этабы: {between}, бюллетендин үлүштөрү тең; {remedy}.",
    }
    ranked(stage) {
        en: "Stage {stage}, count of ranked ballots:",
        ru: "Этап {stage}, подсчёт бюллетеней с предпочтениями:",
        ky: "{stage} этабы, артыкчылыктуу бюллетендердин эсеби:",
    }
    head(rulebook, seats) {
        en: "Rulebook {rulebook}: {seats}.",
        ru: "Правила {rulebook}: {seats}.",
        ky: "{rulebook} эрежелери: {seats}.",
    }
    seats(seats) { en: "Seats: {seats}.", ru: "Мандаты: {seats}.", ky: "Мандаттар: {seats}." }
    none() { en: "none", ru: "нет", ky: "жок" }
    divisor(stage, of, value) {
        en: "Stage {stage}, divisor of {of}: {value}.",
        ru: "Этап {stage}, делитель, {of}: {value}.",
        ky: "{stage} этабы, бөлүүчү, {of}: {value}.",
    }
    unit_seats(stage, seats) {
        en: "Stage {stage}, seats of each unit: {seats}.",
        ru: "Этап {stage}, мандаты территорий: {seats}.",
        ky: "{stage} этабы, аймактардын мандаттары: {seats}.",
    }
    no_list() { en: "without a list", ru: "вне списков", ky: "тизмесиз" }
    vacant(seats) {
        en: "Nobody can take {seats}: vacant.",
        ru: "Остаётся вакантными: {seats}.",
        ky: "Бош калганы: {seats}.",
    }
    exhausted(lists) {
        en: "Lists whose candidates are used up, and that would have more seats: {lists}.",
        ru: "Списки, кандидаты которых исчерпаны и которые получили бы больше мандатов: {lists}.",
        ky: "Талапкерлери түгөнгөн, антпесе көбүрөөк мандат алмак тизмелер: {lists}.",
    }
    people() { en: "Who takes the seats:", ru: "Кто получает мандаты:", ky: "Мандаттарды ким алат:" }
    empty_chair(list, seat) {
        en: "{list}, seat {seat}: vacant, its candidates are used up.",
        ru: "{list}, мандат {seat}: вакантен, кандидаты списка исчерпаны.",
        ky: "{list}, {seat}-мандат: бош, тизмедеги талапкерлер түгөндү.",
    }
    by_preference(list, seat, name, place) {
        en: "{list}, seat {seat}: {name}, place {place} on the list, lifted by votes of their own.",
        ru: "{list}, мандат {seat}: {name}, место в списке {place}, выдвинулся по личным голосам.",
        ky: "{list}, {seat}-мандат: {name}, тизмедеги орду {place}, өз добуштары менен алдыга чыкты.",
    }
    unseated(list, unit, share) {
        en: "{list}: won {unit} with a share of {share} and has no seat, as its seats there do not cover it.",
        ru: "{list}: победил в {unit} (доля {share}), но мандата не получает: мандатов списка на него не хватило.",
        ky: "{list}: {unit} жеңди (үлүшү {share}), бирок мандат албайт: тизменин мандаттары жетпеди.",
    }
    by_place(list, seat, name, place) {
        en: "{list}, seat {seat}: {name}, place {place} on the list.",
        ru: "{list}, мандат {seat}: {name}, место в списке {place}.",
        ky: "{list}, {seat}-мандат: {name}, тизмедеги орду {place}.",
    }
    person(list, seat, name) {
        en: "{list}, seat {seat}: {name}.",
        ru: "{list}, мандат {seat}: {name}.",
        ky: "{list}, {seat}-мандат: {name}.",
    }
    margins_head() {
        en: "How few votes would change something:",
        ru: "Сколько голосов изменило бы результат:",
        ky: "Канча добуш жыйынтыкты өзгөртмөк:",
    }
    readings_head() {
        en: "Readings of the law, side by side:",
        ru: "Толкования закона, рядом:",
        ky: "Мыйзамдын чечмеленишлери, катар:",
    }
    chosen(seats) { en: "Chosen: {seats}.", ru: "Выбранное: {seats}.", ky: "Тандалганы: {seats}." }
    changes(list) { en: "Changes: {list}.", ru: "Изменения: {list}.", ky: "Өзгөрүүлөр: {list}." }
    reading_head(id, field, value) {
        en: "Reading {id} ({field} = {value}):",
        ru: "Толкование {id} ({field} = {value}):",
        ky: "{id} чечмелөөсү ({field} = {value}):",
    }
    refused(why) { en: "refused: {why}.", ru: "отказ: {why}.", ky: "баш тартуу: {why}." }
    same() { en: "the same seats.", ru: "те же мандаты.", ky: "мандаттар ошол эле." }
    note(what) { en: "Note: {what}.", ru: "Примечание: {what}.", ky: "Эскертүү: {what}." }
    tied(stage, between, seats, remedy) {
        en: "UNDETERMINED at stage {stage}: {between} are tied with {seats} to give; {remedy}.",
        ru: "НЕ РЕШЕНО на этапе {stage}: равенство ({between}), распределить осталось {seats}; {remedy}.",
        ky: "{stage} этабында ЧЕЧИЛГЕН ЖОК: теңдик ({between}), бөлүштүрүүгө {seats} калды; {remedy}.",
    }
    tied_back(stage, between, seats, remedy) {
        en: "UNDETERMINED at stage {stage}: {between} are tied with {seats} to give back; {remedy}.",
        ru: "НЕ РЕШЕНО на этапе {stage}: равенство ({between}), снять нужно {seats}; {remedy}.",
        ky: "{stage} этабында ЧЕЧИЛГЕН ЖОК: теңдик ({between}), кайтарып алуу керек: {seats}; {remedy}.",
    }
    must_draw(seats) {
        en: "a lot must draw {seats} of them",
        ru: "жребием нужно определить из них: {seats}",
        ky: "чүчүкулак менен алардын ичинен аныктоо керек: {seats}",
    }
    nothing_settles() {
        en: "the rulebook does not say what settles it",
        ru: "правила не говорят, чем это решается",
        ky: "эрежелер муну эмне чечерин айтпайт",
    }
    held_before(held) {
        en: "Seats before it: {held}.",
        ru: "Мандатов до этого: {held}.",
        ky: "Буга чейинки мандаттар: {held}.",
    }
}
