//! What a law says about a ranked count.

use super::refusal::{RankedRefusal, RuleFault};
use crate::Ratio;

/// The most seats of one count.
const MOST_SEATS: u64 = 500;
/// The most decimals that are kept.
const MOST_DECIMALS: u32 = 18;

/// The rules of one ranked count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankRules {
    /// How seats are won.
    pub method: RankMethod,
    /// How candidates leave the count.
    pub exclusion: Exclusion,
    /// What settles a tie, in order.
    pub ties: Vec<RankTie>,
}

/// How seats are won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankMethod {
    /// One seat: whoever has more than half of the votes still in play (the alternative vote).
    Irv,
    /// A quota, and the surplus above it passed on.
    Stv(Stv),
    /// Meek's method: keep values are found such that every elected candidate holds the quota.
    Meek(Meek),
}

/// A quota, and the surplus above it passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stv {
    /// What elects.
    pub quota: RankQuota,
    /// How a surplus is passed on.
    pub surplus: Surplus,
    /// Which surplus comes first.
    pub order: SurplusOrder,
    /// Whether surpluses wait that cannot save those who are to be excluded next.
    pub defer: bool,
}

/// The quota of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankQuota {
    /// floor(papers / (seats + 1)) + 1.
    Droop,
    /// papers / seats, exactly.
    Hare,
    /// papers / (seats + 1), exactly; more than the quota elects.
    HagenbachBischoff,
}

/// How a surplus is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surplus {
    /// The papers that are looked at.
    pub papers: PapersOfSurplus,
    /// What is passed on.
    pub transfer: Transfer,
    /// What the surplus is divided by.
    pub share_of: ShareOf,
    /// Decimals of the new value of a paper that are kept; none: exact.
    pub value_decimals: Option<u32>,
    /// Decimals of the votes that a candidate receives from papers of one value that are kept (0: whole
    /// votes); none: exact.
    pub vote_decimals: Option<u32>,
}

/// The papers that a surplus is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PapersOfSurplus {
    /// Those that came in the count which lifted the candidate to the quota.
    LastParcel,
    /// All that the candidate holds.
    All,
}

/// What is passed on of a surplus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    /// Whole papers, as many as the surplus, in proportion to the next preferences; of each
    /// sub-parcel those filed last. Which papers those are is an accident of the physical order.
    WholePapers,
    /// Every paper at its value reduced by one factor (Gregory on the last parcel; the weighted
    /// inclusive method on all papers).
    Weighted,
    /// Every paper at one new value, whatever it was worth before (the inclusive method).
    Unweighted,
}

/// What a surplus is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareOf {
    /// Papers that show a further preference; never at more than they were worth.
    Transferable,
    /// All papers looked at; what shows no further preference is exhausted.
    All,
}

/// Which surplus is passed on first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurplusOrder {
    /// The largest.
    LargestFirst,
    /// That of the candidate elected at the earlier count; within one count the largest.
    OrderOfElection,
}

/// How candidates leave the count. Whoever has the fewest votes leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Whether those whose votes together, with every waiting surplus, stay below the next candidate
    /// leave together.
    pub together: bool,
    /// A share of the quota that keeps a deposit: candidates below it that could still reach it are
    /// not excluded together.
    pub keeps_deposit: Option<Ratio>,
    /// In how many counts their papers move.
    pub papers: ExcludedPapers,
}

/// In how many counts the papers of an excluded candidate move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExcludedPapers {
    /// In one.
    AtOnce,
    /// In one for each value, the highest first.
    ByValue,
    /// In one for each count in which they came, the earliest first.
    ByReceipt,
}

/// Meek's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meek {
    /// Decimals of all figures, 1 to 9. Keep values and kept parts of papers are rounded up there,
    /// the quota is cut there and raised by one unit.
    pub decimals: u32,
    /// The count goes on once the surpluses together are below 10 to the minus this.
    pub tolerance: u32,
}

/// What settles a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankTie {
    /// The latest earlier count in which they differ.
    EarlierCounts,
    /// The earliest count in which they differ.
    FirstCounts,
    /// A lot drawn outside the program.
    Lot,
    /// Nothing: the count stops there.
    Unresolved,
}

impl RankRules {
    /// Refuses what cannot be.
    pub(super) fn check(&self, seats: u64) -> Result<(), RankedRefusal> {
        let refused = |reason: RuleFault| Err(RankedRefusal::Rules(reason));
        if !(1..=MOST_SEATS).contains(&seats) {
            return refused(RuleFault::Seats(seats, MOST_SEATS));
        }
        match &self.method {
            RankMethod::Irv if seats != 1 => refused(RuleFault::OneSeat(seats)),
            RankMethod::Meek(Meek { decimals, tolerance }) => {
                if !(1..=9).contains(decimals) || tolerance > decimals {
                    return refused(RuleFault::Meek);
                }
                Ok(())
            }
            RankMethod::Stv(stv) => {
                let decimals = [stv.surplus.value_decimals, stv.surplus.vote_decimals];
                if decimals.into_iter().flatten().any(|decimals| decimals > MOST_DECIMALS) {
                    return refused(RuleFault::Decimals(u64::from(MOST_DECIMALS)));
                }
                Ok(())
            }
            RankMethod::Irv => Ok(()),
        }
    }

    /// The rules for a tie that are asked, up to `unresolved`.
    pub(crate) fn tie_rules(&self) -> impl Iterator<Item = RankTie> {
        self.ties.iter().copied().take_while(|rule| *rule != RankTie::Unresolved)
    }
}
