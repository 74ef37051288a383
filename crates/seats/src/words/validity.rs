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
        validity(self.language, &finding.rule, &verdict, &self.remark(&finding.says))
    }
}

phrases! {
    void() { en: "VOID", ru: "НЕДЕЙСТВИТЕЛЬНО", ky: "ЖАРАКСЫЗ" }
    stands() { en: "stands", ru: "действительно", ky: "жарактуу" }
    unknown() { en: "cannot be said", ru: "определить нельзя", ky: "аныктоого болбойт" }
    validity(rule, verdict, figures) {
        en: "Validity, {rule}: {verdict} ({figures}).",
        ru: "Действительность выборов, {rule}: {verdict} ({figures}).",
        ky: "Шайлоонун жарактуулугу, {rule}: {verdict} ({figures}).",
    }
}
