//! Outcomes, refusals and rulebooks in words, for a reader with the law and a pencil.
//!
//! Every sentence stands once, in all languages side by side, in a `phrases!` block (see `phrase`):
//! one that lacks a language, or names a figure that it is not given, does not compile. Sentences
//! are written so that names and figures need no declension. The Russian and Kyrgyz texts have not
//! yet been read by native speakers; `docs/glossary.md` has the terms.

mod admission;
mod counted;
mod findings;
mod margin;
mod outcome;
mod phrase;
mod refusal;
mod remark;
mod rules;
mod rules_condition;
mod rules_formula;
mod rules_people;
mod rules_seats;
mod rules_tiers;
pub(crate) mod say;
mod sheet;
mod step;
mod table;
mod validity;

pub use findings::{Finding, FindingKind};
pub use remark::Remark;
pub use say::Named;
pub use table::TABLE_COLUMNS;

use std::collections::BTreeMap;

use crate::outcome::{Margin, Outcome, Reading, Step, Test, Tie};
use crate::refusal::Refusal;

/// A language of explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Russian.
    Russian,
    /// Kyrgyz.
    Kyrgyz,
}

impl Language {
    /// All languages, English first.
    pub const ALL: [Self; 3] = [Self::English, Self::Russian, Self::Kyrgyz];

    /// Its BCP 47 code: `en`, `ru` or `ky`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Kyrgyz => "ky",
        }
    }

    /// The language of a BCP 47 tag; what follows the first `-` (a region, a script) is not asked.
    pub fn from_code(tag: &str) -> Option<Self> {
        let code = tag.split('-').next().unwrap_or(tag);
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }
}

/// Puts the parts of one outcome into words: knows the language, the names behind ids, the articles
/// behind keys and the quotas of the stages.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    language: Language,
    outcome: Option<&'a Outcome>,
    called: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Words<'a> {
    /// Words for the parts of this outcome.
    pub fn new(language: Language, outcome: &'a Outcome) -> Self {
        Self { language, outcome: Some(outcome), called: None }
    }

    /// The same words with these names, by id, before those of the outcome: in the reader's language, where there are any.
    #[must_use]
    pub fn calling(self, names: Option<&'a BTreeMap<String, String>>) -> Self {
        Self { called: names, ..self }
    }

    /// Words without an outcome: everybody is called by id.
    fn plain(language: Language) -> Self {
        Self { language, outcome: None, called: None }
    }

    /// What to call a list, person or unit: its name, with the id where others bear the same name.
    pub fn name(&self, id: &str) -> String {
        if let Some(name) = self.called.and_then(|names| names.get(id)) {
            return name.clone();
        }
        let Some(names) = self.outcome.map(|outcome| &outcome.names) else {
            return id.to_owned();
        };
        match names.get(id) {
            Some(name) if name.is_empty() || name == id => id.to_owned(),
            Some(name) if shared(names, name) => format!("{name} ({id})"),
            Some(name) => name.clone(),
            None => self.person(id).unwrap_or(id).to_owned(),
        }
    }

    /// The name of a candidate who sits for a list, or would be next.
    fn person(&self, id: &str) -> Option<&str> {
        let outcome = self.outcome?;
        let member = outcome.members.iter().find(|member| member.candidate.as_deref() == Some(id));
        let seated = member.and_then(|member| member.name.as_deref());
        let reserve = || outcome.reserves.iter().find(|one| one.candidate == id).map(|one| one.name.as_str());
        seated.or_else(reserve).filter(|name| !name.is_empty())
    }

    /// The article behind a key, in brackets after a space; empty if there is none.
    pub fn article(&self, law: Option<&str>) -> String {
        let cite = law.and_then(|key| self.outcome.and_then(|outcome| outcome.laws.get(key)));
        cite.map_or_else(String::new, |cite| format!(" [{cite}]"))
    }

    fn names<'b>(&self, ids: impl IntoIterator<Item = &'b String>) -> String {
        ids.into_iter().map(|id| self.name(id)).collect::<Vec<_>>().join(", ")
    }

    fn number(&self, number: impl Into<u128>) -> String {
        phrase::number(self.language, number.into())
    }
}

fn shared(names: &BTreeMap<String, String>, name: &str) -> bool {
    names.values().filter(|other| other.as_str() == name).nth(1).is_some()
}

impl Outcome {
    /// The outcome as plain English text; see [`Outcome::describe_in`].
    pub fn describe(&self) -> String {
        self.describe_in(Language::English)
    }
}

impl Test {
    /// The test in an English sentence, everybody called by id. [`Words::test`] knows more.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).test(self)
    }
}

impl Step {
    /// The step in an English sentence, everybody called by id. [`Words::step`] knows more.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).step(self)
    }
}

impl Tie {
    /// The tie in an English sentence, everybody called by id. [`Words::tie`] knows more.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).tie(self)
    }
}

impl Margin {
    /// The margin in an English sentence, everybody called by id. [`Words::margin`] knows more.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).margin(self)
    }
}

impl Reading {
    /// The reading in an English sentence, with the seats under it. [`Words::reading`] knows more.
    pub fn describe(&self) -> String {
        Words::plain(Language::English).reading(self)
    }
}

impl Refusal {
    /// The refusal in a sentence.
    pub fn describe_in(&self, language: Language) -> String {
        refusal::refusal(language, self)
    }
}
