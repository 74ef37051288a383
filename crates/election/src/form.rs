//! Protocol forms as data: which numbered lines a protocol has, what each holds, and which
//! controls its figures must satisfy. Forms are TOML files (`schema = "recount-forms/1"`).
//!
//! ```
//! use recount_election::Forms;
//! let forms = Forms::parse_toml(r#"
//! schema = "recount-forms/1"
//! levels = ["national", "station"]
//! [[contests]]
//! id = "president"
//! title = "President"
//! kind = "candidate"
//! unit = "national"
//! [[forms]]
//! id = "hand"
//! title = "Protocol of the precinct"
//! contest = "president"
//! [[forms.lines]]
//! code = "valid"
//! number = "10"
//! title = "Valid ballots"
//! holds = "ballots"
//! required = true
//! [[forms.controls]]
//! code = "votes-add-up"
//! formula = "valid = votes"
//! severity = "error"
//! "#)?;
//! assert_eq!(forms.form_for("president", "hand", "").map(|form| form.id.as_str()), Some("hand"));
//! # Ok::<(), recount_election::DeclarationError>(())
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::declared::{self, DeclarationError};
use crate::figures::{Columns, ColumnsError, Figures};
use crate::formula::{Bound, Check, Formula};

mod validate;

/// The schema that this version reads.
pub const SCHEMA: &str = "recount-forms/1";

/// The part of a protocol that covers all ballots of a station.
pub const WHOLE: &str = "";

/// The forms of an election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    /// [`SCHEMA`].
    pub schema: String,
    /// Levels of the geography, highest first, down to "station".
    pub levels: Vec<String>,
    /// The election's title in other languages, by BCP 47 tag; its first is the charter's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// What is voted on.
    pub contests: Vec<Contest>,
    /// The forms; one per source and part where they differ.
    #[serde(default)]
    pub forms: Vec<Form>,
}

/// What is voted on: one ballot paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Identifier. A trailing `*` declares a family, one contest per unit: `district-*`.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// The same in other languages, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// What stands on the ballot.
    pub kind: ContestKind,
    /// The level in which it is decided: "national", "district" ...
    pub unit: String,
    /// Whether the ballot has a line "against all".
    #[serde(default)]
    pub against_all: bool,
}

/// What stands on a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContestKind {
    /// Parties' lists.
    List,
    /// Candidates.
    Candidate,
    /// Candidates in an order of preference.
    Ranked,
}

/// The form of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Identifier.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// The same in other languages, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// The contest (or family of contests) whose protocol it is.
    pub contest: String,
    /// The sources that use it; empty: every source.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The parts that use it; empty: the whole station. Where a station is counted in parts,
    /// a form for the whole station is checked against the sum of the parts' figures.
    #[serde(default)]
    pub parts: Vec<String>,
    /// The law that fixes it.
    #[serde(default)]
    pub law: String,
    /// Its lines, in print order; votes per list are not lines.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// The relations that its figures must satisfy.
    #[serde(default)]
    pub controls: Vec<Control>,
}

/// One numbered figure of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Code used in formulas and tables: `ballots_received`.
    pub code: String,
    /// Number as printed: "1a"; empty where the form prints none.
    #[serde(default)]
    pub number: String,
    /// What the form prints beside it.
    pub title: String,
    /// The same in other languages, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// What it counts.
    pub holds: Holds,
    /// Whether a protocol without it is incomplete.
    #[serde(default)]
    pub required: bool,
}

/// What a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// Ballot papers.
    Ballots,
    /// People.
    Voters,
    /// Votes (where one ballot can hold several).
    Votes,
    /// Something else: signatures, complaints, machines.
    Other,
}

/// A relation that the figures of a protocol must satisfy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Identifier within the form.
    pub code: String,
    /// The relation; see [`crate::formula`].
    pub formula: Formula,
    /// What a break means.
    pub severity: Severity,
    /// The law behind it; empty where it follows from the lines' definitions alone.
    #[serde(default)]
    pub law: String,
    /// What a break may come from, in plain words.
    #[serde(default)]
    pub note: String,
    /// The same in other languages, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

/// What a broken control means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The law demands the relation: the protocol is wrong.
    Error,
    /// It usually holds; a break wants an explanation.
    Warning,
    /// A sign of manipulation that nobody's mistake explains easily.
    Signal,
}

/// What the check of one control of a form found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<'a> {
    /// The control.
    pub control: &'a Control,
    /// What was found.
    pub check: Check,
}

impl Forms {
    /// Reads and validates forms.
    ///
    /// # Errors
    /// What is wrong, with the place in the text where it can be named.
    pub fn parse_toml(text: &str) -> Result<Self, DeclarationError> {
        declared::read(text, "a file of forms", validate::rules)
    }

    /// Checks identifiers, levels, references, duplicates, and that every control names only
    /// lines of its form.
    ///
    /// # Errors
    /// The first rule that is violated; without a place, because there is no text.
    pub fn validate(&self) -> Result<(), DeclarationError> {
        Ok(validate::rules(self)?)
    }

    /// The contest, or the family that it belongs to.
    #[must_use]
    pub fn contest(&self, id: &str) -> Option<&Contest> {
        self.contests.iter().find(|contest| covers(&contest.id, id))
    }

    /// The form of a place; `part` is [`WHOLE`] for the whole station.
    #[must_use]
    pub fn form_for(&self, contest: &str, source: &str, part: &str) -> Option<&Form> {
        self.forms.iter().find(|form| {
            covers(&form.contest, contest)
                && (form.sources.is_empty() || form.sources.iter().any(|own| own == source))
                && form.is_for_part(part)
        })
    }

    /// The columns of a contest: the lines of all of its forms in order of first appearance,
    /// then `lists`.
    ///
    /// # Errors
    /// A list that is named twice or is no identifier; too many columns.
    pub fn columns<'a>(
        &self,
        contest: &str,
        lists: impl IntoIterator<Item = &'a str>,
    ) -> Result<Columns, ColumnsError> {
        let mut codes: Vec<&str> = Vec::new();
        for form in self.forms.iter().filter(|form| covers(&form.contest, contest)) {
            for line in &form.lines {
                if !codes.contains(&line.code.as_str()) {
                    codes.push(&line.code);
                }
            }
        }
        Columns::new(contest, codes, lists)
    }
}

impl Form {
    /// Whether protocols of `part` use this form.
    #[must_use]
    pub fn is_for_part(&self, part: &str) -> bool {
        if self.parts.is_empty() { part == WHOLE } else { self.parts.iter().any(|own| own == part) }
    }

    /// Looks up the names of every control in the columns of a contest.
    #[must_use]
    pub fn bind(&self, columns: &Columns) -> Vec<(&Control, Bound)> {
        self.controls.iter().map(|control| (control, control.formula.bind(columns))).collect()
    }

    /// Checks every control on one protocol. For many protocols, [`Form::bind`] once.
    #[must_use]
    pub fn check(&self, columns: &Columns, figures: &Figures) -> Vec<Finding<'_>> {
        self.controls
            .iter()
            .map(|control| Finding { control, check: control.formula.check(columns, figures) })
            .collect()
    }

    /// The required lines that a protocol does not state.
    #[must_use]
    pub fn missing_lines(&self, columns: &Columns, figures: &Figures) -> Vec<&str> {
        let required = self.lines.iter().filter(|line| line.required);
        required.map(|line| line.code.as_str()).filter(|code| figures.line(columns, code).is_none()).collect()
    }
}

/// Whether a contest's declared identifier is `id`, or a family `prefix*` that `id` is of.
fn covers(declared: &str, id: &str) -> bool {
    declared.strip_suffix('*').map_or(declared == id, |prefix| id.starts_with(prefix))
}
