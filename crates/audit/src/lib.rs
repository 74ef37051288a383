//! Risk-limiting audits of parliaments, as pure functions.
//!
//! An audit recounts stations or ballots drawn by lot until the chance that the declared seats are wrong is
//! below a limit, or until it is clear which seats are proved and which are not.
//!
//! # How the parts fit
//! 1. [`generate`] turns a reported result into a *sufficient* set of [`Assertion`]s: if all are true, no
//!    tally gives other seats. Rules without a known set are refused. [`irv`] does it for ranked ballots.
//!    [`law`] walks a whole rulebook.
//! 2. An assertion is linear in the votes, `sum a_e T_e > 0`. Its [`Assorter`] scales ballots so that the
//!    assertion reads "their mean is above one half"; margins and bounds are exact fractions ([`Ratio`]).
//! 3. [`sample`] draws stations or ballots from a seed in whole numbers; anyone derives the same sample.
//! 4. [`batch`] compares recounted stations with their protocols, [`comparison`] single ballots with their
//!    records, [`oneaudit`] single ballots with the totals of their box; [`risk`] measures what the findings
//!    say. Measures are valid at every moment, so an audit may stop or go on at will. Each assertion is tested
//!    at the full risk limit; no correction for their number is needed, for a wrong result needs only one
//!    false assertion.
//! 5. [`plan`] simulates what the audit will cost. [`certificate`] says which seats the assertions proved so
//!    far prove.
//!
//! [`peers`] holds what other tools compute, for comparison. It is never a default.
//!
//! # What is exact and what is rounded
//! Assertions, margins, bounds, samples and certificates are integers and fractions; what does not fit is
//! [`AuditError::Overflow`]. Risks are binary64, rounded against the result (see [`risk`]).
//!
//! # What an audit takes on trust
//! Every set names it ([`generate::AssertionSet::rests`]): a threshold on voters who took part or registered
//! rests on a figure that no ballot shows ([`Source`]). Besides, every audit takes on trust the upper bounds
//! on ballots fixed before the seed, and that the boxes hold the ballots that were cast.
//!
//! # Example
//! ```
//! use recount_audit::batch::{Batches, Comparison, Finding, Station, Way};
//! use recount_audit::generate::{Contest, Divisors, Group, highest_averages};
//! use recount_audit::risk::Fraction;
//! use recount_audit::BallotRule;
//!
//! let station = |i: u64| Station { name: format!("S{i}"), cards: 100, found: 100, votes: vec![60, 36 - i % 4, 4] };
//! let batches = Batches::new((0..40).map(station).collect(), BallotRule::SINGLE)?;
//! let contest = Contest {
//!     choices: ["Red", "Blue", "Gold"].map(String::from).to_vec(),
//!     votes: batches.votes().to_vec(),
//!     found: batches.found(),
//!     cards: batches.cards(),
//!     rule: BallotRule::SINGLE,
//! };
//! let set = highest_averages(&contest, &Group::each(&contest), 5, &Divisors::DHondt)?;
//! assert_eq!(set.seats, [3, 2, 0]);
//!
//! // Draw stations from the public seed, recount them, and measure.
//! let draws = batches.sampler()?.without_replacement("20 dice of 4 October", 30)?;
//! for assertion in &set.assertions {
//!     let comparison = Comparison::new(&batches, assertion)?;
//!     let mut test = comparison.test(Way::Ballots, false, Fraction(0.9))?;
//!     for draw in &draws {
//!         let station = &batches.stations()[draw.place];
//!         test.push(draw.place, &Finding::Counted { found: station.found, votes: station.votes.clone() })?;
//!     }
//!     assert!(test.risk() < 0.05, "{} is not proved", assertion.name);
//! }
//! # Ok::<(), recount_audit::AuditError>(())
//! ```

pub mod assertion;
pub mod batch;
pub mod cards;
pub mod certificate;
pub mod comparison;
mod error;
pub mod generate;
pub mod irv;
pub mod law;
pub mod oneaudit;
pub mod peers;
pub mod plan;
mod ratio;
pub mod risk;
pub mod sample;
mod scaled;

pub use assertion::{Assertion, Assorter, BallotRule, Rests, Source};
pub use error::AuditError;
pub use ratio::Ratio;
