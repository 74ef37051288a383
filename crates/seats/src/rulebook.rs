//! Rulebooks: the arithmetic of an election law as data.
//!
//! The text is TOML of the schema `recount-rulebook/1`. Parsing checks everything that can be
//! known without votes: unknown keys, kinds, bases, laws and stages, shares over the whole, zero
//! seats; every refusal points at the place in the text.

mod allocate;
mod check;
mod condition;
mod error;
mod expression;
mod formula;
mod keys;
mod levels;
mod meaning;
mod nomination;
mod parts;
mod people;
mod rank;
mod raw;
mod schema;
mod stage;
mod tiers;

use std::collections::{BTreeMap, BTreeSet};

pub use allocate::{Allocate, Per, SeatCount, Sum, Weights};
pub(crate) use condition::scope_of;
pub use condition::{Condition, Scope, Strictness};
pub use error::RulebookError;
pub(crate) use expression::Uncomputable;
pub use expression::{Expression, Operator};
pub use formula::{Divisors, Formula, Over, QuotaKind, QuotaRule, Remainder, Rounding};
pub use nomination::{CountMinimum, IfNone, Nomination, ShareLimit, ShareMinimum, Vacancy, VacancyRule};
pub use parts::{
    AgainstAll, Annulment, Contest, ContestKind, DeclaredReading, Effect, Law, Quantity, Standing, TurnoutFloor, Units,
    Validity, VoidIf,
};
pub use people::{Declare, Limit, PassOn, Plurality, Reserve, Runoff, SeatsEach, ValidIf};
pub use rank::Rank;
pub use schema::{rulebook_reference, rulebook_schema};
pub use stage::{
    Bonus, BonusTo, CandidateOrder, Candidates, Cap, CapLimit, Compensate, Doubt, DoubtField, Group, Held, Jump,
    JumpBase, Overhang, Stage, StageKind, TieRule,
};
pub use tiers::{Biproportional, Capacity, Cover, Grow, Ignored, Minimum, Place, PlaceOrder, Scale, Voters};

/// The most seats that all stages together may give. Far above any parliament; with the limits below
/// it keeps a hostile file from asking for endless work or memory.
pub(crate) const MOST_SEATS: u64 = 20_000;
/// The most stages.
const MOST_STAGES: usize = 100;
/// The most readings, of all doubts together.
const MOST_READINGS: usize = 32;

/// A checked rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    /// Its key, such as `kg-jk-2020`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Country or body.
    pub jurisdiction: Option<String>,
    /// The polling day, as written.
    pub polling_day: Option<String>,
    /// Citations by key.
    pub laws: BTreeMap<String, Law>,
    /// The geography that rules refer to.
    pub units: Units,
    /// Numbers that are not votes, by level and name, with a word of explanation.
    pub register: BTreeMap<String, BTreeMap<String, String>>,
    /// What is voted, by key.
    pub contests: BTreeMap<String, Contest>,
    /// The named bases of percentages.
    pub quantities: BTreeMap<String, Quantity>,
    /// The steps from votes to members, in order.
    pub stages: Vec<Stage>,
    /// Which count decides where several exist.
    pub standing: Standing,
    /// What the annulment of a station does to the denominators.
    pub annulment: Annulment,
    /// When the election as a whole is void.
    pub validity: Validity,
    /// Doubts declared for the rulebook as a whole, each computed beside the result.
    pub readings: Vec<DeclaredReading>,
    /// The keys of the laws that something refers to.
    pub cited_laws: BTreeSet<String>,
    /// The tables that are not there although a default stands in for them: `standing`,
    /// `annulment`, `validity`.
    pub unstated: Vec<&'static str>,
    /// What a list must look like to be registered.
    pub nomination: Nomination,
    /// How seats are filled that become vacant later.
    pub vacancies: Vec<Vacancy>,
}

impl Rulebook {
    /// The schema that this version reads.
    pub const SCHEMA: &str = "recount-rulebook/1";

    /// Reads and checks a rulebook.
    ///
    /// # Errors
    /// [`RulebookError`] with the place in the text, what is wrong there and what to do.
    pub fn parse(text: &str) -> Result<Self, RulebookError> {
        let raw = raw::read(text).map_err(|error| RulebookError::toml(&error))?;
        check::rulebook(raw, text)
    }

    /// The level of the whole: the first of `units.levels`.
    pub fn national_level(&self) -> &str {
        self.units.levels.first().map_or("national", String::as_str)
    }

    /// The seats of all stages together.
    pub(crate) fn all_seats(&self) -> u64 {
        let seats = self.stages.iter().map(|stage| match &stage.kind {
            StageKind::Allocate(Allocate { seats: SeatCount::Fixed(seats), .. }) => *seats,
            StageKind::Bonus(Bonus { to: BonusTo::LargestList(seats), .. }) => *seats,
            StageKind::Grow(grow) => grow.start,
            StageKind::Rank(Rank { seats: SeatCount::Fixed(seats), .. }) => *seats,
            _ => 0,
        });
        seats.fold(0, u64::saturating_add)
    }

    /// The stage with this id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }
}
