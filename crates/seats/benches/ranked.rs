//! Speed of ranked counts: an election of the size of the Australian Capital Territory's Senate election
//! (285,217 papers, 23 candidates, two seats), and of a large State (12 seats, 150 candidates).
//!
//! The papers are made up: voters follow a few tickets, shuffled, so that most rankings are different.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench on fixed data")]

use recount_seats::ranked::{
    Ballots, ExcludedPapers, Exclusion, Meek, PapersOfSurplus, RankMethod, RankQuota, RankRules, RankTie,
    RankedCandidate, ShareOf, Stv, Surplus, SurplusOrder, Transfer, count,
};

fn main() {
    divan::main();
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Every paper on its own line, as a commission publishes them.
fn papers(number: usize, candidates: usize, least: usize) -> Ballots {
    let mut dice = Dice(0x5eed_1234_5678_9abc);
    let standing = (0..candidates).map(|who| RankedCandidate { id: format!("c{who}"), ..RankedCandidate::default() });
    let mut ballots = Ballots::new(standing.collect()).unwrap();
    for _ in 0..number {
        // Favourites have small numbers.
        let first = dice.below(candidates).min(dice.below(candidates)).min(dice.below(candidates));
        let mut order: Vec<usize> = (0..candidates).map(|step| (first + step) % candidates).collect();
        for _ in 0..4 {
            let (a, b) = (1 + dice.below(candidates - 1), 1 + dice.below(candidates - 1));
            order.swap(a, b);
        }
        order.truncate(least + dice.below(candidates - least + 1));
        ballots.add_places(1, order).unwrap();
    }
    ballots
}

fn law(method: RankMethod, papers: ExcludedPapers) -> RankRules {
    let exclusion = Exclusion { together: false, keeps_deposit: None, papers };
    RankRules { method, exclusion, ties: vec![RankTie::EarlierCounts, RankTie::Lot] }
}

fn senate() -> RankRules {
    let surplus = Surplus {
        papers: PapersOfSurplus::All,
        transfer: Transfer::Unweighted,
        share_of: ShareOf::All,
        value_decimals: None,
        vote_decimals: Some(0),
    };
    let stv = Stv { quota: RankQuota::Droop, surplus, order: SurplusOrder::OrderOfElection, defer: false };
    law(RankMethod::Stv(stv), ExcludedPapers::ByValue)
}

/// The target is 100 milliseconds, the limit half a second.
#[divan::bench(sample_count = 10)]
fn senate_of_a_territory(bencher: divan::Bencher<'_, '_>) {
    let (ballots, law) = (papers(285_217, 23, 6), senate());
    assert!(ballots.grouped().groups() > 100_000, "{} different rankings", ballots.grouped().groups());
    bencher.bench(|| count(&ballots, 2, &law, &[]));
}

#[divan::bench(sample_count = 5)]
fn senate_of_a_state(bencher: divan::Bencher<'_, '_>) {
    let (ballots, law) = (papers(300_000, 150, 6), senate());
    bencher.bench(|| count(&ballots, 12, &law, &[]));
}

#[divan::bench(sample_count = 5)]
fn meek_of_a_city(bencher: divan::Bencher<'_, '_>) {
    let law = law(RankMethod::Meek(Meek { decimals: 9, tolerance: 4 }), ExcludedPapers::AtOnce);
    let ballots = papers(50_000, 20, 3).grouped();
    bencher.bench(|| count(&ballots, 9, &law, &[]));
}

/// 285,217 lines of BLT.
#[divan::bench(sample_count = 5)]
fn read_blt(bencher: divan::Bencher<'_, '_>) {
    let text = papers(285_217, 23, 6).to_blt(Some(2));
    bencher.bench(|| Ballots::parse_blt(&text));
}
