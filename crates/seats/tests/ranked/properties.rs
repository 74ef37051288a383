//! What must hold whatever the papers are.

use std::collections::BTreeSet;

use recount_seats::ranked::{
    Ballots, ExcludedPapers, Exclusion, RankMethod, RankRules, RankTie, RankedCandidate, RankedOutcome, RankedRefusal,
    count,
};

use super::support::{Dice, elected, gregory, inclusive_whole_votes, meek, random, rules, stv, weighted, whole_papers};

fn all_laws() -> Vec<(&'static str, RankRules)> {
    let ties = [RankTie::EarlierCounts, RankTie::Lot];
    let mut laws = vec![
        ("weighted", rules(stv(weighted(None)), &ties)),
        ("scotland", rules(stv(weighted(Some(5))), &ties)),
        ("gregory", rules(stv(gregory(None)), &ties)),
        ("senate", rules(stv(inclusive_whole_votes()), &ties)),
        ("whole papers", rules(stv(whole_papers()), &ties)),
        ("meek", rules(meek(), &ties)),
    ];
    for papers in [ExcludedPapers::ByValue, ExcludedPapers::ByReceipt] {
        let exclusion = Exclusion { together: true, keeps_deposit: None, papers };
        laws.push(("together", RankRules { exclusion, ..rules(stv(weighted(None)), &ties) }));
    }
    laws
}

/// Votes, exhausted and lost of a count, as one number of millionths of a millionth.
fn sum(outcome: &RankedOutcome, round: usize) -> u128 {
    let round = &outcome.rounds[round];
    let parts = round.votes.iter().chain([&round.exhausted, &round.lost]);
    let scale = 10u128.pow(12);
    // Meek's figures have nine decimals; all others are compared through fractions of small numbers.
    parts.map(|part| part.to_fraction().map_or(0, |f| f.num * scale / f.den)).sum()
}

#[test]
fn no_vote_appears_or_is_lost() {
    for seed in 0..400 {
        let (ballots, seats) = random(&mut Dice::new(seed + 10_000), 6, 25);
        for (name, law) in all_laws() {
            let outcome = count(&ballots, seats, &law, &[]).unwrap();
            for (place, round) in outcome.rounds.iter().enumerate() {
                let exact = ["weighted", "gregory", "whole papers", "meek", "together"].contains(&name);
                assert!(!exact || round.lost.is_zero(), "{name} {seed}: {} lost", round.lost);
                // Scotland cuts five decimals of each paper, the Senate less than a vote for each heap.
                let most = if name == "senate" { 200 } else { 1 };
                let lost = round.lost.to_fraction().map_or(0, |f| f.num / f.den);
                assert!(lost < most, "{name} {seed}: {} lost", round.lost);
                let whole = u128::from(ballots.papers()) * 10u128.pow(12);
                if name != "senate" {
                    let sum = sum(&outcome, place);
                    assert!(whole - sum < 50 && sum <= whole, "{name} {seed} count {}: {sum}", place + 1);
                }
            }
        }
    }
}

#[test]
fn as_many_are_elected_as_there_are_seats_and_nobody_twice() {
    for seed in 0..400 {
        let (ballots, seats) = random(&mut Dice::new(seed + 20_000), 8, 30);
        for (name, law) in all_laws() {
            let outcome = count(&ballots, seats, &law, &[]).unwrap();
            let names: BTreeSet<&str> = elected(&outcome).into_iter().collect();
            assert_eq!(names.len(), outcome.elected.len(), "{name} {seed}");
            if outcome.tie.is_none() {
                assert_eq!(u64::try_from(names.len()).unwrap() + outcome.vacant, seats, "{name} {seed}");
            }
            assert!(!outcome.describe().is_empty() && serde_json::to_string(&outcome).is_ok());
        }
    }
}

/// The order in which candidates stand and papers lie does not matter, nor whether papers are grouped.
#[test]
fn neutral_to_order() {
    for seed in 0..400 {
        let mut dice = Dice::new(seed + 30_000);
        let (ballots, seats) = random(&mut dice, 7, 30);
        let mut standing: Vec<RankedCandidate> = ballots.candidates().to_vec();
        standing.reverse();
        let mut papers: Vec<(u64, Vec<&str>)> = ballots.iter().collect();
        for place in (1..papers.len()).rev() {
            papers.swap(place, dice.below(place + 1));
        }
        let mut turned = Ballots::new(standing).unwrap();
        for (number, ranking) in papers {
            turned.add(number, ranking).unwrap();
        }
        for (name, law) in all_laws().into_iter().filter(|(name, _)| *name != "whole papers") {
            let facts = |ballots: &Ballots| {
                let outcome = count(ballots, seats, &law, &[]).unwrap();
                let tie = outcome.tie.clone().map(|tie| (tie.count, tie.between.into_iter().collect::<BTreeSet<_>>()));
                let names: BTreeSet<String> = elected(&outcome).into_iter().map(str::to_owned).collect();
                (names, tie, outcome.rounds.len())
            };
            let first = facts(&ballots);
            assert_eq!(first, facts(&turned), "{name} {seed}");
            assert_eq!(first, facts(&ballots.grouped()), "{name} {seed}, grouped");
        }
    }
}

/// Dummett's proportionality for solid coalitions: voters who all rank the same candidates before all
/// others, and are as many as k Droop quotas, elect k of them.
#[test]
fn solid_coalitions_get_their_quotas() {
    let mut held = 0;
    for seed in 0..1_500 {
        let (ballots, seats) = random(&mut Dice::new(seed + 40_000), 5, 12);
        let number = ballots.candidates().len();
        let quota = ballots.papers() / (seats + 1) + 1;
        for (name, law) in all_laws() {
            if ["senate", "scotland"].contains(&name) {
                // What is cut can cost a coalition that has its quotas to the vote.
                continue;
            }
            let outcome = count(&ballots, seats, &law, &[]).unwrap();
            if outcome.tie.is_some() {
                continue;
            }
            let names: BTreeSet<&str> = elected(&outcome).into_iter().collect();
            for set in 1u32..1 << number {
                let members: BTreeSet<&str> = (0..number)
                    .filter(|who| set & (1 << who) != 0)
                    .map(|who| ballots.candidates()[who].id.as_str())
                    .collect();
                let solid = |ranking: &[&str]| {
                    ranking.get(..members.len()).is_some_and(|top| top.iter().all(|id| members.contains(id)))
                };
                let voters: u64 = ballots.iter().filter(|(_, r)| solid(r)).map(|(number, _)| number).sum();
                let due = (voters / quota).min(u64::try_from(members.len()).unwrap());
                let won = u64::try_from(names.intersection(&members).count()).unwrap();
                assert!(won >= due, "{name} {seed}: {members:?} won {won} of {due}\n{}", outcome.describe());
                held += u64::from(due > 0);
            }
        }
    }
    assert!(held > 10_000, "{held}");
}

#[test]
fn a_majority_of_first_preferences_wins_and_what_cannot_be_counted_is_refused() {
    let law = rules(RankMethod::Irv, &[]);
    for seed in 0..300 {
        let (ballots, _) = random(&mut Dice::new(seed + 50_000), 6, 10);
        let outcome = count(&ballots, 1, &law, &[]).unwrap();
        let half = ballots.papers() / 2;
        let over = outcome.rounds[0].votes.iter().position(|votes| votes.to_whole().unwrap() > half);
        if let Some(over) = over {
            assert_eq!(elected(&outcome), [outcome.candidates[over].as_str()]);
            assert_eq!(outcome.rounds.len(), 1);
        }
    }
    let (ballots, _) = random(&mut Dice::new(1), 4, 10);
    for (seats, law) in [(2, law.clone()), (0, law.clone()), (501, rules(meek(), &[]))] {
        assert!(matches!(count(&ballots, seats, &law, &[]), Err(RankedRefusal::Rules { .. })));
    }
    let nobody = Ballots::new(Vec::new()).unwrap();
    assert!(matches!(count(&nobody, 1, &law, &[]), Err(RankedRefusal::Nothing { .. })));
    assert!(matches!(count(&nobody, 1, &rules(meek(), &[]), &[]), Err(RankedRefusal::Nothing { .. })));
}
