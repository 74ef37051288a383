//! The sheet of a ranked count in words, one count after the other.

use super::phrase::phrases;
use super::{Language, Words};
use crate::ranked::{Amount, RankedOutcome, RankedTie, Round, RoundKind, TieBroken, TieQuestion};

impl RankedOutcome {
    /// The sheet as plain English text, one count after the other. Lines end with `\n`; candidates are
    /// called by their ids.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).sheet(self)
    }
}

impl RoundKind {
    /// What the count does, in an English sentence.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).count(self)
    }
}

impl TieBroken {
    /// The tie and what settled it, in an English sentence.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).broken(self)
    }
}

impl RankedTie {
    /// The tie in an English sentence, with what must be drawn.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).ranked_tie(self)
    }
}

impl Words<'_> {
    /// The sheet of a ranked count, one count after the other. Lines end with `\n`.
    pub fn sheet(&self, sheet: &RankedOutcome) -> String {
        let language = self.language;
        let mut lines = vec![match &sheet.quota {
            Some(quota) => head_quota(language, &sheet.papers, &sheet.seats, &self.amount(quota)),
            None => head_majority(language, &sheet.papers, &sheet.seats),
        }];
        for round in &sheet.rounds {
            self.round(sheet, round, &mut lines);
        }
        lines.extend(sheet.depends_on_order.iter().map(|count| physical_order(language, count)));
        lines.extend(sheet.tie.as_ref().map(|tie| self.ranked_tie(tie)));
        let elected: Vec<String> = sheet.elected.iter().map(|elected| self.name(&elected.candidate)).collect();
        lines.push(match elected.is_empty() {
            true => nobody_elected(language),
            false => all_elected(language, &elected.join(", ")),
        });
        if sheet.vacant > 0 {
            lines.push(stay_vacant(language, &sheet.vacant));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn round(&self, sheet: &RankedOutcome, round: &Round, lines: &mut Vec<String>) {
        let language = self.language;
        lines.extend(round.ties.iter().map(|tie| self.broken(tie)));
        lines.push(count_is(language, &round.count, &self.count(&round.what)));
        for ((candidate, votes), received) in sheet.candidates.iter().zip(&round.votes).zip(&round.received) {
            if votes.is_zero() && received.is_zero() {
                continue;
            }
            let gained = match received.is_positive()
                && !matches!(round.what, RoundKind::FirstPreferences | RoundKind::Countback { .. })
            {
                true => format!(" (+{})", self.amount(received)),
                false => String::new(),
            };
            lines.push(format!("  {}: {}{gained}", self.name(candidate), self.amount(votes)));
        }
        if !round.exhausted.is_zero() {
            lines.push(exhausted(language, &self.amount(&round.exhausted)));
        }
        if !round.lost.is_zero() {
            lines.push(lost(language, &self.amount(&round.lost)));
        }
        for candidate in &round.elected {
            let as_last = sheet.elected.iter().any(|elected| elected.candidate == *candidate && !elected.reached);
            let sentence = if as_last { elected_as_last } else { elected };
            lines.push(sentence(language, &self.name(candidate)));
        }
    }

    /// What a count does, in a sentence.
    pub fn count(&self, what: &RoundKind) -> String {
        let language = self.language;
        match what {
            RoundKind::FirstPreferences => first_preferences(language),
            RoundKind::Countback { of } => papers_again(language, &self.name(of)),
            RoundKind::Surplus { of, surplus, value: Some(value) } => {
                surplus_at(language, &self.name(of), &self.amount(surplus), &self.amount(value))
            }
            RoundKind::Surplus { of, surplus, value: None } => {
                surplus_whole(language, &self.name(of), &self.amount(surplus))
            }
            RoundKind::Exclusion { of, value } => {
                let sentence = if of.len() == 1 { one_excluded } else { several_excluded };
                match value {
                    Some(value) => moved_at(language, &sentence(language, &self.names(of)), &self.amount(value)),
                    None => format!("{}.", sentence(language, &self.names(of))),
                }
            }
            RoundKind::Surpluses { iterations } => surpluses(language, iterations),
        }
    }

    /// A tie on the way and what settled it, in a sentence.
    pub fn broken(&self, tie: &TieBroken) -> String {
        let language = self.language;
        let by = match tie.by.as_str() {
            "lot" => by_lot(language),
            "first_counts" => by_first_counts(language),
            _ => by_earlier_counts(language),
        };
        let (between, taken) = (self.names(&tie.between), self.names(&tie.taken));
        tie_between(language, &between, &asked(language, tie.question), &taken, &by)
    }

    /// The tie at which a count stands, with what must be drawn.
    pub fn ranked_tie(&self, tie: &RankedTie) -> String {
        let language = self.language;
        let remedy = if tie.by_lot { must_draw(language, &tie.take) } else { nothing_settles(language) };
        let between = self.names(&tie.between);
        undetermined(language, &tie.count, &between, &asked(language, tie.question), &remedy)
    }

    /// An amount of votes, exact, with the decimal sign of the language.
    fn amount(&self, amount: &Amount) -> String {
        match self.language {
            Language::English => amount.to_string(),
            Language::Russian | Language::Kyrgyz => amount.to_string().replace('.', ","),
        }
    }
}

fn asked(language: Language, question: TieQuestion) -> String {
    match question {
        TieQuestion::Exclusion => who_is_excluded(language),
        TieQuestion::SurplusOrder => whose_surplus(language),
        TieQuestion::Fraction => who_receives(language),
    }
}

phrases! {
    head_quota(papers, seats, quota) {
        en: "{papers} papers, {seats} to be elected, quota {quota}.",
        ru: "Бюллетеней: {papers}; избирается: {seats}; квота: {quota}.",
        ky: "Бюллетендер: {papers}; шайланат: {seats}; квота: {quota}.",
    }
    head_majority(papers, seats) {
        en: "{papers} papers, {seats} to be elected, a majority of the votes in play elects.",
        ru: "Бюллетеней: {papers}; избирается: {seats}; избирает большинство голосов, остающихся в подсчёте.",
        ky: "Бюллетендер: {papers}; шайланат: {seats}; эсепте калган добуштардын көпчүлүгү шайлайт.",
    }
    physical_order(count) {
        en: "Count {count} took whole papers from piles whose papers differ: another physical order could give another \
             result. The order given was used.",
        ru: "В туре {count} целые бюллетени взяты из стопок, где бюллетени различаются: другой порядок мог бы дать \
             другой результат. Использован порядок данных.",
        ky: "{count}-турда ар башка бюллетендер жаткан топтомдордон бүтүн бюллетендер алынды: башка ирет башка жыйынтык \
             бермек. Маалыматтын ирети колдонулду.",
    }
    nobody_elected() { en: "Elected: nobody.", ru: "Не избран никто.", ky: "Эч ким шайланган жок." }
    all_elected(names) { en: "Elected: {names}.", ru: "Избраны: {names}.", ky: "Шайланды: {names}." }
    stay_vacant(seats) {
        en: "{seats} seats stay vacant.",
        ru: "Вакантных мандатов: {seats}.",
        ky: "Бош калган мандаттар: {seats}.",
    }
    count_is(count, what) { en: "Count {count}: {what}", ru: "Тур {count}: {what}", ky: "{count}-тур: {what}" }
    exhausted(votes) { en: "  exhausted: {votes}", ru: "  исчерпано: {votes}", ky: "  түгөнгөнү: {votes}" }
    lost(votes) {
        en: "  lost by fractions: {votes}",
        ru: "  потеряно при отбрасывании долей: {votes}",
        ky: "  үлүштөрдү кыскартууда жоголгону: {votes}",
    }
    elected(name) { en: "  {name} is elected.", ru: "  {name}: избрание.", ky: "  {name} шайланды." }
    elected_as_last(name) {
        en: "  {name} is elected as one of the last remaining.",
        ru: "  {name}: избрание в числе последних оставшихся.",
        ky: "  {name} акыркы калгандардын бири катары шайланды.",
    }
    papers_again(name) {
        en: "the papers that elected {name}, for those who may follow.",
        ru: "бюллетени, которыми занял мандат {name}, между теми, кто может его занять.",
        ky: "{name} мандат алган бюллетендер, мандатты ала тургандардын ортосунда.",
    }
    first_preferences() { en: "first preferences.", ru: "первые предпочтения.", ky: "биринчи артыкчылыктар." }
    surplus_at(name, votes, value) {
        en: "the surplus of {name}, {votes} votes, is passed on at {value}.",
        ru: "передаётся излишек, {name}, голосов: {votes}, по стоимости {value}.",
        ky: "{name} ашыкчасы, добуш: {votes}, {value} наркы менен өтөт.",
    }
    surplus_whole(name, votes) {
        en: "the surplus of {name}, {votes} votes, is passed on in whole papers.",
        ru: "передаётся излишек, {name}, голосов: {votes}, целыми бюллетенями.",
        ky: "{name} ашыкчасы, добуш: {votes}, бүтүн бюллетендер менен өтөт.",
    }
    one_excluded(names) { en: "{names} is excluded", ru: "выбывает {names}", ky: "{names} чыгат" }
    several_excluded(names) { en: "{names} are excluded", ru: "выбывают {names}", ky: "{names} чыгышат" }
    moved_at(excluded, value) {
        en: "{excluded}; papers of value {value} move.",
        ru: "{excluded}; переходят бюллетени стоимостью {value}.",
        ky: "{excluded}; наркы {value} бюллетендер өтөт.",
    }
    surpluses(iterations) {
        en: "surpluses are passed on; the papers were gone through {iterations} times.",
        ru: "передаются излишки; просмотров бюллетеней: {iterations}.",
        ky: "ашыкчалар өтөт; бюллетендер {iterations} жолу каралды.",
    }
    who_is_excluded() { en: "who is excluded", ru: "кто выбывает", ky: "ким чыгат" }
    whose_surplus() { en: "whose surplus comes first", ru: "чей излишек первый", ky: "кимдин ашыкчасы биринчи" }
    who_receives() {
        en: "who receives a paper for equal fractions",
        ru: "кто получает бюллетень при равных долях",
        ky: "үлүштөр тең болгондо бюллетенди ким алат",
    }
    by_lot() { en: "drawn by lot", ru: "по жребию", ky: "чүчүкулак менен" }
    by_first_counts() {
        en: "by the earliest count in which they differ",
        ru: "по самому раннему туру, где они различаются",
        ky: "айырмаланган эң эрте тур боюнча",
    }
    by_earlier_counts() {
        en: "by the latest earlier count in which they differ",
        ru: "по последнему из прежних туров, где они различаются",
        ky: "айырмаланган мурунку турлардын акыркысы боюнча",
    }
    tie_between(between, asked, taken, by) {
        en: "Tie between {between} ({asked}): {taken}, {by}.",
        ru: "Равенство, {between} ({asked}): {taken}, {by}.",
        ky: "Теңдик, {between} ({asked}): {taken}, {by}.",
    }
    must_draw(number) {
        en: "a lot must draw {number} of them",
        ru: "жребием нужно определить из них: {number}",
        ky: "чүчүкулак менен алардын ичинен аныктоо керек: {number}",
    }
    nothing_settles() {
        en: "the rules do not say what settles it",
        ru: "правила не говорят, чем это решается",
        ky: "эрежелер муну эмне чечерин айтпайт",
    }
    undetermined(count, between, asked, remedy) {
        en: "UNDETERMINED at count {count}: {between} are tied ({asked}); {remedy}.",
        ru: "НЕ ОПРЕДЕЛЕНО в туре {count}: равенство, {between} ({asked}); {remedy}.",
        ky: "АНЫКТАЛГАН ЖОК, {count}-тур: {between} тең ({asked}); {remedy}.",
    }
}
