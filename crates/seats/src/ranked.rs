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

/// Counts again the papers that elected someone who left (a countback): those that they held when they were elected,
/// each at the value at which it came, for the one whom it prefers among `may_follow`, those who were not elected
/// then included. Whoever has more than half of what is in play follows; until then the one with fewest leaves.
///
/// `first` is the count that elected them, by the same papers and rules. Ties are settled by the rules' own words and
/// by the lots that were `drawn` for this count.
///
/// # Errors
/// [`RankedRefusal`]: as [`count`]; nobody may follow; a method without piles; someone whom the count did not elect.
pub fn countback(
    ballots: &Ballots,
    first: &RankedOutcome,
    rules: &RankRules,
    left: &str,
    may_follow: &std::collections::BTreeSet<String>,
    drawn: &[RankedLot],
) -> Result<RankedOutcome, RankedRefusal> {
    let stv = match &rules.method {
        RankMethod::Meek(_) => return Err(RankedRefusal::NoPiles),
        RankMethod::Irv => None,
        RankMethod::Stv(stv) => Some(stv),
    };
    let place = ballots.place(left).ok_or_else(|| RankedRefusal::NotElected(left.to_owned()))?;
    let may_follow: Vec<bool> =
        ballots.candidates().iter().map(|one| !one.withdrawn && may_follow.contains(&one.id)).collect();
    if !may_follow.contains(&true) {
        return Err(RankedRefusal::Nothing(Lacking::Candidates));
    }
    // The first count as it was made, with its lots; the second one by the same words, one seat.
    let mut as_made = rules.clone();
    as_made.ties.retain(|rule| *rule != RankTie::Unresolved && *rule != RankTie::Lot);
    as_made.ties.push(RankTie::Lot);
    let exclusion = Exclusion { together: false, keeps_deposit: None, ..rules.exclusion.clone() };
    let again = RankRules { method: RankMethod::Irv, exclusion, ties: rules.ties.clone() };
    engine::countback(ballots, (first.seats, &as_made, stv, &first.lots), &again, place, &may_follow, drawn)
}
