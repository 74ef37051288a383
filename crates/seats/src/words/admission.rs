//! Admission in words: each test with its arithmetic, and by how many votes it passes or fails.

use super::phrase::{phrases, valued};
use super::{Words, counted};
use crate::outcome::{Admission, Test};
use crate::{Fraction, Share};

impl Words<'_> {
    /// Whether a list is in or out, with its votes.
    pub fn admission(&self, admission: &Admission) -> String {
        let name = self.name(&admission.list);
        let votes = counted::votes(self.language, admission.votes);
        match admission.admitted {
            true => admitted(self.language, &name, &votes),
            false => not_admitted(self.language, &name, &votes),
        }
    }

    /// The test in a sentence: what was asked of what, what that is in votes, and the distance.
    pub fn test(&self, test: &Test) -> String {
        let verdict = match test.passed {
            true => passes(self.language),
            false => fails(self.language),
        };
        let share = Share::parse(&test.share).ok().filter(|_| test.share.contains('/'));
        let share = share.filter(|share| share.needed(test.base_value, test.strict) == test.needed);
        let asked = match share {
            Some(share) if test.base != "quota" => self.share_asked(test, share),
            _ if test.base == "quota" => self.quota_asked(test),
            _ if test.needed == 0 => {
                let has = self.number(test.base_value);
                return attribute_asked(self.language, &verdict, &test.base, &test.share, &has);
            }
            _ => {
                let needed = counted::votes_genitive(self.language, test.needed);
                votes_asked(self.language, &needed, &self.name(&test.unit))
            }
        };
        let votes = counted::votes(self.language, test.votes);
        let distance = counted::votes_genitive(self.language, test.margin.unsigned_abs());
        let distance = match test.margin {
            0.. => to_spare(self.language, &counted::votes(self.language, test.margin.unsigned_abs())),
            _ => short(self.language, &distance),
        };
        compared(self.language, &verdict, &asked, &votes, &distance)
    }

    /// `base × share = so many votes`.
    fn share_asked(&self, test: &Test, share: Share) -> String {
        let ratio = share.ratio();
        let line = Fraction::new(u128::from(test.base_value) * u128::from(ratio.num()), ratio.den());
        let line = if line.num.is_multiple_of(line.den) { Fraction::new(line.num / line.den, 1u8) } else { line };
        let (base, line) = (self.number(test.base_value), valued(self.language, line));
        let needed = self.number(test.needed);
        let unit = self.name(&test.unit);
        match test.strict {
            true => share_more_than(self.language, &test.share, &test.base, &unit, &base, &line, &needed),
            false => share_at_least(self.language, &test.share, &test.base, &unit, &base, &line, &needed),
        }
    }

    fn quota_asked(&self, test: &Test) -> String {
        let needed = self.number(test.needed);
        let all = self.number(test.base_value);
        quota_multiple(self.language, &test.share, &all, &needed)
    }
}

phrases! {
    admitted(list, votes) {
        en: "{list}: {votes}, ADMITTED.",
        ru: "{list}: {votes}, ДОПУЩЕН к распределению мандатов.",
        ky: "{list}: {votes}, мандат бөлүштүрүүгө КИРГИЗИЛДИ.",
    }
    not_admitted(list, votes) {
        en: "{list}: {votes}, NOT ADMITTED.",
        ru: "{list}: {votes}, НЕ ДОПУЩЕН к распределению мандатов.",
        ky: "{list}: {votes}, мандат бөлүштүрүүгө КИРГИЗИЛГЕН ЖОК.",
    }
    passes() { en: "passes", ru: "выполнено", ky: "аткарылды" }
    fails() { en: "fails", ru: "не выполнено", ky: "аткарылган жок" }
    attribute_asked(verdict, name, asked, has) {
        en: "{verdict}: `{name}` {asked} is asked, it has {has}.",
        ru: "{verdict}: требуется признак `{name}` ({asked}), имеется {has}.",
        ky: "{verdict}: `{name}` белгиси талап кылынат ({asked}), бар болгону {has}.",
    }
    compared(verdict, asked, votes, distance) {
        en: "{verdict}: {asked}; it has {votes}, {distance}.",
        ru: "{verdict}: {asked}; получено {votes}, {distance}.",
        ky: "{verdict}: {asked}; алганы {votes}, {distance}.",
    }
    to_spare(votes) { en: "{votes} to spare", ru: "запас: {votes}", ky: "ашыгы: {votes}" }
    short(votes) { en: "{votes} short", ru: "не хватает {votes}", ky: "{votes} жетпейт" }
    share_at_least(share, base, unit, whole, line, needed) {
        en: "at least {share} of {base} in {unit}, {whole} × {share} = {line}, so {needed} votes",
        ru: "не менее {share} от {base} ({unit}), {whole} × {share} = {line}, то есть голосов нужно {needed}",
        ky: "{base} ({unit}) ичинен кеминде {share}, {whole} × {share} = {line}, демек {needed} добуш керек",
    }
    share_more_than(share, base, unit, whole, line, needed) {
        en: "more than {share} of {base} in {unit}, {whole} × {share} = {line}, so {needed} votes",
        ru: "более {share} от {base} ({unit}), {whole} × {share} = {line}, то есть голосов нужно {needed}",
        ky: "{base} ({unit}) ичинен {share} үлүшүнөн көп, {whole} × {share} = {line}, демек {needed} добуш керек",
    }
    quota_multiple(multiple, all, needed) {
        en: "{multiple} of the quota of all {all} votes, so {needed} votes",
        ru: "{multiple} квоты от всех голосов ({all}), то есть голосов нужно {needed}",
        ky: "бардык добуштардын ({all}) квотасынан {multiple}, демек {needed} добуш керек",
    }
    votes_asked(votes, unit) {
        en: "at least {votes} in {unit}",
        ru: "не менее {votes} ({unit})",
        ky: "кеминде {votes} ({unit})",
    }
}
