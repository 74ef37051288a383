//! Whether the election as a whole stands, in words.

use super::Words;
use super::phrase::phrases;
use crate::outcome::ValidityFinding;

impl Words<'_> {
    /// One condition of validity in a sentence, with its figures; without its article.
    pub fn validity(&self, finding: &ValidityFinding) -> String {
        let verdict = match finding.voids {
            Some(true) => void(self.language),
            Some(false) => stands(self.language),
            None => unknown(self.language),
        };
        let rule = match finding.rule.as_str() {
            "against_all_leads" => against_all_leads(self.language),
            "no_list_admitted" => no_list_admitted(self.language),
            "turnout_min" => turnout_min(self.language),
            other => other.to_owned(),
        };
        validity(self.language, &rule, &verdict, &self.remark(&finding.says))
    }
}

phrases! {
    void() { en: "VOID", ru: "НЕДЕЙСТВИТЕЛЬНО", ky: "ЖАРАКСЫЗ" }
    against_all_leads() {
        en: "against_all_leads", ru: "лидируют ли голоса против всех", ky: "баарына каршы добуштар алдыдабы"
    }
    no_list_admitted() {
        en: "no_list_admitted", ru: "допущен ли хоть один список", ky: "жок дегенде бир тизме киргизилдиби"
    }
    turnout_min() { en: "turnout_min", ru: "достаточна ли явка", ky: "келүү жетиштүүбү" }
    stands() { en: "stands", ru: "действительно", ky: "жарактуу" }
    unknown() { en: "cannot be said", ru: "определить нельзя", ky: "аныктоого болбойт" }
    validity(rule, verdict, figures) {
        en: "Validity, {rule}: {verdict} ({figures}).",
        ru: "Действительность выборов, {rule}: {verdict} ({figures}).",
        ky: "Шайлоонун жарактуулугу, {rule}: {verdict} ({figures}).",
    }
}
