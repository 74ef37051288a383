//! Rules and papers in few words.

use recount_seats::ranked::{
    Ballots, ExcludedPapers, Exclusion, Meek, PapersOfSurplus, RankMethod, RankQuota, RankRules, RankTie,
    RankedCandidate, RankedOutcome, ShareOf, Stv, Surplus, SurplusOrder, Transfer,
};

/// Papers such as `6 A>B`.
pub fn ballots(candidates: &str, papers: &[&str]) -> Ballots {
    let standing = candidates.split(' ').map(|id| RankedCandidate { id: id.into(), name: id.into(), withdrawn: false });
    let mut ballots = Ballots::new(standing.collect()).unwrap();
    for paper in papers {
        let (count, ranking) = paper.split_once(' ').unwrap();
        ballots.add(count.parse().unwrap(), ranking.split('>')).unwrap();
    }
    ballots
}

pub fn rules(method: RankMethod, ties: &[RankTie]) -> RankRules {
    let exclusion = Exclusion { together: false, keeps_deposit: None, papers: ExcludedPapers::AtOnce };
    RankRules { method, exclusion, ties: ties.to_vec() }
}

pub fn stv(surplus: Surplus) -> RankMethod {
    RankMethod::Stv(Stv { quota: RankQuota::Droop, surplus, order: SurplusOrder::LargestFirst, defer: false })
}

/// The weighted inclusive method.
pub fn weighted(value_decimals: Option<u32>) -> Surplus {
    Surplus {
        papers: PapersOfSurplus::All,
        transfer: Transfer::Weighted,
        share_of: ShareOf::All,
        value_decimals,
        vote_decimals: None,
    }
}

/// Gregory's method on the last parcel.
pub fn gregory(value_decimals: Option<u32>) -> Surplus {
    Surplus { papers: PapersOfSurplus::LastParcel, share_of: ShareOf::Transferable, ..weighted(value_decimals) }
}

/// The inclusive method with whole votes, as the Australian Senate counts.
pub fn inclusive_whole_votes() -> Surplus {
    Surplus { transfer: Transfer::Unweighted, vote_decimals: Some(0), ..weighted(None) }
}

/// Whole papers of the last parcel, as the Dáil counts.
pub fn whole_papers() -> Surplus {
    Surplus { transfer: Transfer::WholePapers, ..gregory(None) }
}

pub fn meek() -> RankMethod {
    RankMethod::Meek(Meek { decimals: 9, tolerance: 4 })
}

pub fn elected(outcome: &RankedOutcome) -> Vec<&str> {
    outcome.elected.iter().map(|elected| elected.candidate.as_str()).collect()
}

/// Votes after a count (from 1), as text, in the order of the candidates.
pub fn votes(outcome: &RankedOutcome, count: usize) -> Vec<String> {
    outcome.rounds[count - 1].votes.iter().map(ToString::to_string).collect()
}

/// A small generator, so that a failing election is found again by its number.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// A random election: up to `candidates` candidates, partial rankings.
pub fn random(dice: &mut Dice, candidates: usize, groups: usize) -> (Ballots, u64) {
    let number = 2 + dice.below(candidates - 1);
    let standing = (0..number).map(|who| RankedCandidate { id: format!("c{who}"), ..RankedCandidate::default() });
    let mut ballots = Ballots::new(standing.collect()).unwrap();
    for _ in 0..1 + dice.below(groups) {
        let mut order: Vec<usize> = (0..number).collect();
        for place in (1..number).rev() {
            order.swap(place, dice.below(place + 1));
        }
        order.truncate(1 + dice.below(number));
        let count = u64::try_from(1 + dice.below(9)).unwrap();
        ballots.add_places(count, order).unwrap();
    }
    let seats = u64::try_from(1 + dice.below(number)).unwrap();
    (ballots, seats)
}
