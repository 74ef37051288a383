//! What audits cost: a pass over a million cards, a million cards from ballots to a risk, sample sizes by simulation,
//! a hundred thousand stations with three hundred assertions, and instant-runoffs.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "benches")]

use divan::{Bencher, black_box};
use recount_audit::batch::{Batches, Comparison, Finding, Station, Way};
use recount_audit::comparison::{Audited, Overstatement, Reported, Style, overstatement};
use recount_audit::irv::{Rankings, raire};
use recount_audit::plan::{Dice, Mix, cards};
use recount_audit::risk::{
    Alpha, Constant, Fraction, Martingale, Null, Population, ShrinkTrunc, optimal_comparison_mean,
};
use recount_audit::sample::ticket;
use recount_audit::{Assertion, BallotRule, Ratio};

fn main() {
    divan::main();
}

const CARDS: u64 = 1_000_000;
const MARGIN: f64 = 0.02;

fn clean() -> f64 {
    1.0 / (2.0 - MARGIN)
}

fn null() -> Null {
    Null::new(Population::Finite(CARDS), 0.5, 2.0 * clean()).unwrap()
}

/// One risk over a million overstatement values; goal 0.02 s.
#[divan::bench(sample_count = 10)]
fn risk_of_a_million_values(bencher: Bencher<'_, '_>) {
    let values: Vec<f64> = (0..CARDS).map(|n| if n % 1_000 == 7 { clean() / 2.0 } else { clean() }).collect();
    bencher.bench_local(|| {
        let rule = ShrinkTrunc::new(clean(), 0.5, 100.0, 0.0, 1e-6);
        let mut test = Martingale::new(null(), Alpha(rule));
        test.push_all(&values).unwrap();
        black_box(test.risk())
    });
}

/// A million ballots and their records: assorter, overstatements, tickets of the sample, risk; goal 1.5 s.
#[divan::bench(sample_count = 3)]
fn a_million_cards_end_to_end(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let pair = Assertion::new("A > B", [(0, Ratio::ONE), (1, Ratio::whole(-1))]).unwrap();
        let record = |n: u64| if n % 100 < 51 { [1, 0] } else { [0, 1] };
        let assorter = pair.assorter(BallotRule::SINGLE, CARDS).unwrap();
        // There are few different ballots: each is valued once.
        let value = |of: [u64; 2]| assorter.value(&of).unwrap();
        let (a, b) = (value([1, 0]), value([0, 1]));
        let margin = Ratio::new(2, 100).unwrap();
        let scale = Overstatement::new(assorter.upper().unwrap(), margin).unwrap();
        let x = |reported: Ratio, audited: Ratio| {
            let omega = overstatement(Reported::Value(reported), Audited::Value(audited), Style::Sampled).unwrap();
            scale.value(omega).unwrap().to_f64()
        };
        let table = [x(a, a), x(b, b), x(a, b), x(b, a)];
        let mut order: Vec<([u8; 8], u32)> = (0..CARDS)
            .map(|n| {
                let full = ticket("4162253166", &format!("card-{n}"));
                let mut short = [0; 8];
                short.copy_from_slice(&full[..8]);
                (short, u32::try_from(n).unwrap())
            })
            .collect();
        order.sort_unstable();
        let mut test = Martingale::new(null(), Alpha(Constant(optimal_comparison_mean(2.0 * clean(), 1e-4))));
        for (_, card) in &order {
            let n = u64::from(*card);
            let at = usize::from(record(n) == [0, 1]) + if n % 10_000 == 3 { 2 } else { 0 };
            test.push(table[at]).unwrap();
        }
        black_box(test.risk())
    });
}

/// The size of a comparison of ballots at a margin of two percent, 500 repetitions; goal 0.5 s.
#[divan::bench(sample_count = 5)]
fn sample_size_of_500_comparisons(bencher: Bencher<'_, '_>) {
    let mix = Mix::comparison(CARDS, clean(), 0.001, 0.0).unwrap();
    let bet = Alpha(Constant(optimal_comparison_mean(2.0 * clean(), 1e-4)));
    bencher.bench_local(|| black_box(cards(&mix, &null(), &bet, 0.05, "bench", 500).unwrap().percent(90)));
}

/// The same for polling.
#[divan::bench(sample_count = 3)]
fn sample_size_of_500_polls(bencher: Bencher<'_, '_>) {
    let mix = Mix::new(&[(1.0, 510_000), (0.0, 490_000)]).unwrap();
    let null = Null::new(Population::Finite(CARDS), 0.5, 1.0).unwrap();
    let bet = Alpha(ShrinkTrunc::new(0.51, 0.005, 100.0, 0.0, 1e-6));
    bencher.bench_local(|| black_box(cards(&mix, &null, &bet, 0.05, "bench", 500).unwrap().percent(90)));
}

/// A hundred thousand stations, three hundred assertions, five hundred recounts assessed; goal 1 s.
#[divan::bench(sample_count = 3)]
fn a_hundred_thousand_stations(bencher: Bencher<'_, '_>) {
    const LISTS: usize = 20;
    let station = |n: u64| {
        let votes: Vec<u64> = (0..LISTS as u64).map(|l| 60 / (l + 1) + (n * (l + 3)) % 7).collect();
        let found = votes.iter().sum();
        Station { name: format!("S{n}"), cards: found, found, votes }
    };
    let batches = Batches::new((0..100_000).map(station).collect(), BallotRule::SINGLE).unwrap();
    let pair = |a: usize, b: usize| {
        let by = Ratio::new(-1, 3).unwrap();
        Assertion::new(format!("{a} > {b}/3"), [(a, Ratio::ONE), (b, by)]).unwrap()
    };
    let all = (0..LISTS).flat_map(|a| (0..LISTS).filter(move |b| *b != a).map(move |b| (a, b)));
    let assertions: Vec<Assertion> = all
        .map(|(a, b)| pair(a, b))
        .filter(|own| own.holds(batches.votes(), batches.found()).unwrap())
        .take(300)
        .collect();
    let draws = batches.sampler().unwrap().without_replacement("dice", 500).unwrap();
    bencher.bench_local(|| {
        let mut worst: f64 = 0.0;
        for assertion in &assertions {
            let comparison = Comparison::new(&batches, assertion).unwrap();
            let mut test = comparison.test(Way::Ballots, false, Fraction(0.9)).unwrap();
            for draw in &draws {
                let own = &batches.stations()[draw.place];
                let finding = Finding::Counted { found: own.found, votes: own.votes.clone() };
                test.push(draw.place, &finding).unwrap();
            }
            worst = worst.max(test.risk());
        }
        black_box((assertions.len(), worst))
    });
}

/// The example of the guide to RAIRE.
#[divan::bench]
fn raire_of_the_guide() -> usize {
    let rows = vec![
        (5_000, vec![2, 1, 0]),
        (1_000, vec![1, 2, 3]),
        (1_500, vec![3, 0]),
        (4_000, vec![0, 3]),
        (2_000, vec![3]),
    ];
    raire(&Rankings::new(4, rows).unwrap(), 1_000_000).unwrap().claims.len()
}

/// As many candidates and ballots as in the hardest mayoral contest of New South Wales in 2021 (10 and 45,155), made up:
/// each ballot ranks a few, the earlier numbers more often. Goal: raire-rs took 0.17 s for that contest.
#[divan::bench(sample_count = 3)]
fn raire_of_ten_candidates(bencher: Bencher<'_, '_>) {
    let mut dice = Dice::new("runoff", 1);
    let mut kinds: std::collections::BTreeMap<Vec<usize>, u64> = std::collections::BTreeMap::new();
    for _ in 0..45_155 {
        let mut left: Vec<usize> = (0..10).collect();
        let mut ranking = Vec::new();
        for _ in 0..=dice.below(6) {
            // The smaller of two draws.
            let of = u64::try_from(left.len()).unwrap();
            let at = dice.below(of).min(dice.below(of));
            ranking.push(left.remove(usize::try_from(at).unwrap()));
        }
        *kinds.entry(ranking).or_default() += 1;
    }
    let ballots = Rankings::new(10, kinds.into_iter().map(|(ranking, n)| (n, ranking)).collect()).unwrap();
    bencher.bench_local(|| black_box(raire(&ballots, 10_000_000).map(|set| set.claims.len())));
}
