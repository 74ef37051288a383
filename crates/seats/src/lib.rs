//! A rulebook and a tally give a parliament, with every step explained, exactly.
//!
//! The **rulebook** is the arithmetic of an election law as data (TOML, schema
//! `recount-rulebook/1`), with the article behind each rule. The **tally** is votes per list and
//! unit. [`run`] puts the tally through the rulebook's stages and returns an [`Outcome`]: who is
//! admitted and by how many votes, who has which seat and over whom, where a tie stops the
//! computation, and what the result would be under each other reading that the rulebook declares.
//!
//! Everything is integers: shares are ratios such as `"7/100"`, comparisons are cross products.
//! The same rulebook, tally and lots give the same outcome on any machine.
//!
//! # What it is not
//! It does not know where a tally comes from (`recount-tally` does), it does not guess: a missing
//! base, a missing region or an unknown key is a [`Refusal`] or a [`RulebookError`] with a
//! sentence that says what to do. It never breaks a tie by itself.
//!
//! # Example
//! ```
//! use recount_seats::{Lots, Rulebook, Tally, run};
//!
//! let rulebook = Rulebook::parse(r#"
//! schema = "recount-rulebook/1"
//! id = "council"
//! title = "A council of five"
//! [units]
//! levels = ["national"]
//! [contest.lists]
//! kind = "list"
//! [quantity.list_votes]
//! sum = ["lists"]
//! [[stage]]
//! id = "admitted"
//! kind = "admit"
//! when = { share = { base = "list_votes", in = "national", at_least = "5/100" } }
//! [[stage]]
//! id = "seats"
//! kind = "allocate"
//! contenders = "admitted"
//! seats = 5
//! formula = { family = "divisor", rule = "dhondt" }
//! "#)?;
//! let tally = Tally::parse(r#"{
//!   "schema": "recount-tally/1",
//!   "units": [{"id": "all", "level": "national"}],
//!   "lists": [{"id": "A", "name": "A"}, {"id": "B", "name": "B"}, {"id": "C", "name": "C"}],
//!   "totals": [{"contest": "lists", "unit": "all", "votes": {"A": 600, "B": 380, "C": 20}}]
//! }"#)?;
//! let outcome = run(&rulebook, &tally, &Lots::none())?;
//! assert_eq!(outcome.seats["A"], 3);
//! assert_eq!(outcome.seats["B"], 2);
//! assert!(!outcome.admission[2].admitted);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where things are
//! `rulebook` reads and checks the TOML; `tally` and `lots` are the inputs; `formula` holds the
//! arithmetic of quotas and divisors; `run` is the stage machine, one file per stage kind;
//! `ranked` counts ranked ballots; `outcome` is what comes out; `margin` and `missing` say what could still change it;
//! `words` puts outcomes and rulebooks into words, in three languages.

mod formula;
mod fraction;
mod id;
mod lots;
mod margin;
mod missing;
mod nomination;
mod outcome;
pub mod ranked;
mod refusal;
mod rulebook;
mod run;
mod share;
mod tally;
mod vacancy;
mod words;

pub use fraction::Fraction;
pub use id::Id;
pub use lots::{Lot, Lots};
pub use margin::{margins, without_margins};
pub use missing::{what_missing_can_change, what_missing_can_change_in_units};
pub use nomination::{NominationFinding, check_nomination};
pub use outcome::{
    Admission, Assumption, CountSheet, Declaration, Declared, Divisor, Exactness, Margin, Member, Move, Outcome,
    PassedOver, Possible, Reading, ReadingResult, Reserve, Rival, StageOutcome, Step, StepKind, Test, Tie, Turning,
    UnitOutcome, Unseated, Validity, ValidityFinding,
};
pub use refusal::{Figure, Reason, Refusal};
pub use rulebook::{
    AgainstAll, Allocate, Annulment, Biproportional, Bonus, BonusTo, CandidateOrder, Candidates, Cap, CapLimit,
    Capacity, Compensate, Condition, Contest, ContestKind, CountMinimum, Cover, Declare, DeclaredReading, Divisors,
    Doubt, DoubtField, Effect, Expression, Formula, Group, Grow, Held, IfNone, Ignored, Jump, JumpBase, Law, Limit,
    Minimum, Nomination, Operator, Over, Overhang, PassOn, Per, Place, PlaceOrder, Plurality, Quantity, QuotaKind,
    QuotaRule, Rank, Remainder, Reserve as ReservedSeats, Rounding, Rulebook, RulebookError, Runoff, Scale, Scope,
    SeatCount, SeatsEach, ShareLimit, ShareMinimum, Stage, StageKind, Standing, Strictness, Sum, TieRule, TurnoutFloor,
    Units, Vacancy, VacancyRule, ValidIf, Validity as ValidityRules, VoidIf, Voters, Weights, rulebook_reference,
    rulebook_schema,
};
pub use run::{RunOptions, run, run_with};
pub use share::{Ratio, Share};
pub use tally::{Candidate, List, Missing, Nominee, RankedPapers, Tally, Total, Unit};
pub use vacancy::{Because, Considered, Follows, Succession, VacatedSeat, successor};
pub use words::{Finding, FindingKind, Language, Named, Remark, TABLE_COLUMNS, Words};
