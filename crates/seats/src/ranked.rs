//! Ranked ballots: papers on which voters number the candidates, and the counts that turn them into
//! seats.
//!
//! [`Ballots`] holds papers in a compact form and reads them from BLT, PrefLib and CSV texts. [`count`]
//! runs one election of one unit under [`RankRules`]: the alternative vote (`irv`), the single
//! transferable vote by quota and surplus (`stv`), or Meek's method. What comes out is the sheet of
//! the count, round by round, and, if the rules do not settle a tie, the tie instead of a guess.
//!
//! Votes are exact fractions throughout. Where a law cuts decimals, they are cut at the place it names
//! and nowhere else; what is cut is on the sheet as lost by fractions (it can be negative where a law
//! that cuts to whole votes gives back later what it cut before).

mod amount;
mod ballots;
mod blt;
mod csv;
mod engine;
mod exclusion;
mod fault;
mod meek;
mod piles;
mod preflib;
mod refusal;
mod rules;
mod sheet;
mod surplus;
mod ties;

pub use amount::Amount;
pub use ballots::{Ballots, RankedCandidate};
pub use fault::PaperFault;
pub use refusal::{BallotsError, Lacking, LotFault, RankedRefusal, RuleFault};
pub use rules::{
    ExcludedPapers, Exclusion, Meek, PapersOfSurplus, RankMethod, RankQuota, RankRules, RankTie, ShareOf, Stv, Surplus,
    SurplusOrder, Transfer,
};
pub use sheet::{ElectedAt, RankedLot, RankedOutcome, RankedTie, Round, RoundKind, TieBroken, TieQuestion};

/// Counts one election.
///
/// `lots` are the ties that were drawn outside the program; each must meet a tie that comes up.
///
/// # Errors
/// [`RankedRefusal`]: rules that cannot be, figures too large to be exact, or a lot that decides
/// nothing. A tie is not an error: see [`RankedOutcome::tie`].
pub fn count(
    ballots: &Ballots,
    seats: u64,
    rules: &RankRules,
    lots: &[RankedLot],
) -> Result<RankedOutcome, RankedRefusal> {
    rules.check(seats)?;
    match &rules.method {
        RankMethod::Meek(meek) => meek::count(ballots, seats, rules, meek, lots),
        RankMethod::Irv => engine::count(ballots, seats, rules, None, lots),
        RankMethod::Stv(stv) => engine::count(ballots, seats, rules, Some(stv), lots),
    }
}
