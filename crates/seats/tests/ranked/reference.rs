//! The same laws a second time, slowly: every single paper is an object with a value of its own.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use recount_seats::ranked::{
    Ballots, ExcludedPapers, PapersOfSurplus, RankMethod, RankRules, RankTie, RankedOutcome, RoundKind, ShareOf, Stv,
    Transfer, count,
};

use super::support::{Dice, gregory, inclusive_whole_votes, random, rules, stv, weighted};

type Q = BigRational;

fn q(number: u64) -> Q {
    Q::from_integer(BigInt::from(number))
}

/// Cut towards zero after some decimals.
fn cut(value: Q, decimals: Option<u32>) -> Q {
    match decimals {
        None => value,
        Some(decimals) => {
            let scale = Q::from_integer(BigInt::from(10).pow(decimals));
            (value * &scale).trunc() / scale
        }
    }
}

#[derive(Clone)]
struct Paper {
    ranking: Vec<String>,
    holder: Option<String>,
    value: Q,
    came: usize,
}

struct Count<'a> {
    law: &'a RankRules,
    stv: Option<&'a Stv>,
    papers: Vec<Paper>,
    standing: Vec<String>,
    votes: BTreeMap<String, Q>,
    sheet: Vec<BTreeMap<String, Q>>,
    elected: Vec<String>,
    /// Who, and at which count.
    surpluses: Vec<(String, usize)>,
    seats: usize,
}

enum End {
    Done,
    Tie(Vec<String>),
}

impl Count<'_> {
    fn quota(&self) -> Option<Q> {
        self.stv?;
        let papers = u64::try_from(self.papers.len()).unwrap();
        Some(q(papers / (u64::try_from(self.seats).unwrap() + 1) + 1))
    }

    fn next(&self, paper: &Paper) -> Option<String> {
        let from =
            paper.holder.as_ref().map_or(0, |holder| paper.ranking.iter().position(|id| id == holder).unwrap() + 1);
        paper.ranking[from..].iter().find(|id| self.standing.contains(id)).cloned()
    }

    /// Moves these papers to their next holders, at these values; votes by value and receiver, cut.
    fn give(&mut self, moves: Vec<(usize, Q)>) {
        let mut heaps: BTreeMap<(Q, String), u64> = BTreeMap::new();
        let now = self.sheet.len() + 1;
        for (paper, value) in moves {
            let next = self.next(&self.papers[paper]);
            if let Some(next) = &next {
                *heaps.entry((value.clone(), next.clone())).or_default() += 1;
            }
            let paper = &mut self.papers[paper];
            (paper.holder, paper.value, paper.came) = (next, value, now);
            if paper.holder.is_none() {
                paper.ranking.clear();
            }
        }
        let decimals = self.stv.and_then(|stv| stv.surplus.vote_decimals);
        for ((value, who), papers) in heaps {
            *self.votes.get_mut(&who).unwrap() += cut(value * q(papers), decimals);
        }
    }

    fn held_by(&self, who: &str) -> Vec<usize> {
        (0..self.papers.len()).filter(|paper| self.papers[*paper].holder.as_deref() == Some(who)).collect()
    }

    fn elect(&mut self) {
        let in_play: Q = self.standing.iter().map(|id| self.votes[id].clone()).sum();
        let reaches = |votes: &Q| match self.quota() {
            Some(quota) => *votes >= quota,
            None => votes.clone() * q(2) > in_play,
        };
        let mut reached: Vec<String> = self.standing.iter().filter(|id| reaches(&self.votes[*id])).cloned().collect();
        reached.sort_by(|a, b| self.votes[b].cmp(&self.votes[a]));
        for id in reached.into_iter().take(self.seats - self.elected.len()) {
            self.standing.retain(|other| *other != id);
            if self.quota().is_some_and(|quota| self.votes[&id] > quota) {
                self.surpluses.push((id.clone(), self.sheet.len()));
            }
            self.elected.push(id);
        }
    }

    /// One of the equals, by the latest count in which they differ.
    fn settle(&self, mut equals: Vec<String>, most: bool) -> Result<String, Vec<String>> {
        for counted in self.sheet.iter().rev() {
            let figures = equals.iter().map(|id| counted[id].clone());
            let best = if most { figures.max() } else { figures.min() }.unwrap();
            equals.retain(|id| counted[id] == best);
        }
        if equals.len() == 1 { Ok(equals.remove(0)) } else { Err(equals) }
    }

    fn surplus(&mut self) -> Result<(), Vec<String>> {
        let stv = self.stv.unwrap();
        let quota = self.quota().unwrap();
        let largest = self.surpluses.iter().map(|(id, _)| self.votes[id].clone()).max().unwrap();
        let equals = self.surpluses.iter().map(|(id, _)| id.clone()).filter(|id| self.votes[id] == largest).collect();
        let who = self.settle(equals, true)?;
        let place = self.surpluses.iter().position(|(id, _)| *id == who).unwrap();
        let (_, lifted) = self.surpluses.remove(place);
        let surplus = largest.clone() - &quota;
        let mut held = self.held_by(&who);
        if stv.surplus.papers == PapersOfSurplus::LastParcel {
            held.retain(|paper| self.papers[*paper].came == lifted);
        }
        let goes_on = |paper: &usize| self.next(&self.papers[*paper]).is_some();
        let moving: Vec<usize> = held.iter().copied().filter(goes_on).collect();
        let worth: Q = moving.iter().map(|paper| self.papers[*paper].value.clone()).sum();
        let of_all = stv.surplus.share_of == ShareOf::All;
        let number = q(u64::try_from(if of_all { held.len() } else { moving.len() }).unwrap());
        let new = |value: &Q| {
            if !of_all && worth <= surplus {
                return value.clone();
            }
            let value = match stv.surplus.transfer {
                Transfer::Unweighted => surplus.clone() / &number,
                _ if of_all => value * &surplus / &largest,
                _ => value * &surplus / &worth,
            };
            cut(value, stv.surplus.value_decimals)
        };
        let moves = moving.iter().map(|paper| (*paper, new(&self.papers[*paper].value))).collect();
        self.give(moves);
        for paper in held {
            if self.papers[paper].holder.as_deref() == Some(&who) {
                self.papers[paper].holder = None;
                self.papers[paper].ranking.clear();
            }
        }
        self.votes.insert(who, quota);
        self.sheet.push(self.votes.clone());
        Ok(())
    }

    fn exclude(&mut self) -> Result<(), Vec<String>> {
        let fewest = self.standing.iter().map(|id| self.votes[id].clone()).min().unwrap();
        let equals: Vec<String> = self.standing.iter().filter(|id| self.votes[*id] == fewest).cloned().collect();
        let without_papers = equals.iter().all(|id| self.held_by(id).is_empty());
        let who = if without_papers && self.standing.len() - equals.len() >= self.seats - self.elected.len() {
            equals[0].clone()
        } else {
            self.settle(equals, false)?
        };
        self.standing.retain(|id| *id != who);
        let held = self.held_by(&who);
        let mut values: Vec<Q> = held.iter().map(|paper| self.papers[*paper].value.clone()).collect();
        values.sort();
        values.dedup();
        values.reverse();
        let parts: Vec<Vec<usize>> = match self.law.exclusion.papers {
            ExcludedPapers::ByValue if !values.is_empty() => values
                .iter()
                .map(|value| held.iter().copied().filter(|paper| self.papers[*paper].value == *value).collect())
                .collect(),
            _ => vec![held],
        };
        let last = parts.len() - 1;
        for (place, part) in parts.into_iter().enumerate() {
            let worth: Q = part.iter().map(|paper| self.papers[*paper].value.clone()).sum();
            let left = &self.votes[&who] - worth;
            self.give(part.iter().map(|paper| (*paper, self.papers[*paper].value.clone())).collect());
            self.votes.insert(who.clone(), if place == last || left < q(0) { q(0) } else { left });
            self.sheet.push(self.votes.clone());
            if place < last {
                self.elect();
                if self.finished() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn finished(&mut self) -> bool {
        let open = self.seats - self.elected.len();
        if self.standing.len() > open && open > 0 {
            return false;
        }
        if open > 0 {
            let mut left = std::mem::take(&mut self.standing);
            left.sort_by(|a, b| self.votes[b].cmp(&self.votes[a]));
            self.elected.extend(left);
        }
        true
    }

    fn run(&mut self) -> End {
        let all = (0..self.papers.len()).map(|paper| (paper, q(1))).collect();
        self.give(all);
        self.sheet.push(self.votes.clone());
        loop {
            self.elect();
            if self.finished() {
                return End::Done;
            }
            let step = if self.surpluses.is_empty() { self.exclude() } else { self.surplus() };
            if let Err(equals) = step {
                return End::Tie(equals);
            }
            if self.seats == self.elected.len() {
                return End::Done;
            }
        }
    }
}

fn slowly<'a>(ballots: &Ballots, seats: u64, law: &'a RankRules) -> (Count<'a>, End) {
    let mut papers = Vec::new();
    for (number, ranking) in ballots.iter() {
        let ranking: Vec<String> = ranking.into_iter().map(str::to_owned).collect();
        let paper = Paper { ranking, holder: None, value: q(1), came: 0 };
        papers.extend(std::iter::repeat_n(paper, usize::try_from(number).unwrap()));
    }
    let standing: Vec<String> = ballots.candidates().iter().map(|candidate| candidate.id.clone()).collect();
    let mut count = Count {
        stv: if let RankMethod::Stv(stv) = &law.method { Some(stv) } else { None },
        votes: standing.iter().map(|id| (id.clone(), q(0))).collect(),
        sheet: Vec::new(),
        elected: Vec::new(),
        surpluses: Vec::new(),
        seats: usize::try_from(seats).unwrap(),
        law,
        papers,
        standing,
    };
    let end = count.run();
    (count, end)
}

/// Reads what an `Amount` writes.
fn read(text: &str) -> Q {
    if let Some((num, den)) = text.split_once('/') {
        return Q::new(num.parse().unwrap(), den.parse().unwrap());
    }
    match text.split_once('.') {
        None => Q::from_integer(text.parse().unwrap()),
        Some((whole, part)) => {
            let scale = BigInt::from(10).pow(u32::try_from(part.len()).unwrap());
            Q::new(format!("{whole}{part}").parse().unwrap(), scale)
        }
    }
}

fn same(name: &str, seed: u64, law: &RankRules, ballots: &Ballots, seats: u64) -> RankedOutcome {
    let outcome = count(ballots, seats, law, &[]).unwrap();
    let (slow, end) = slowly(ballots, seats, law);
    let context = format!("{name}, election {seed}:\n{}\n{}", ballots.to_blt(Some(seats)), outcome.describe());
    for (place, (round, sheet)) in outcome.rounds.iter().zip(&slow.sheet).enumerate() {
        for (id, votes) in outcome.candidates.iter().zip(&round.votes) {
            assert_eq!(read(&votes.to_string()), sheet[id], "{id} after count {}; {context}", place + 1);
        }
    }
    assert_eq!(outcome.rounds.len(), slow.sheet.len(), "number of counts; {context}");
    let elected: Vec<&str> = super::support::elected(&outcome);
    match end {
        End::Done => assert!(outcome.tie.is_none(), "{context}"),
        End::Tie(mut between) => {
            between.sort_by_key(|id| outcome.candidates.iter().position(|other| other == id));
            assert_eq!(outcome.tie.as_ref().map(|tie| &tie.between), Some(&between), "{context}");
        }
    }
    let (mut left, mut right) = (elected, slow.elected.iter().map(String::as_str).collect::<Vec<_>>());
    left.sort_unstable();
    right.sort_unstable();
    assert_eq!(left, right, "{context}");
    outcome
}

#[test]
fn thousands_of_random_elections_agree_with_a_count_per_paper() {
    let by_value = |law: RankRules| {
        let exclusion = recount_seats::ranked::Exclusion { papers: ExcludedPapers::ByValue, ..law.exclusion.clone() };
        RankRules { exclusion, ..law }
    };
    let ties = [RankTie::EarlierCounts];
    let laws = [
        ("irv", rules(RankMethod::Irv, &ties)),
        ("weighted inclusive, exact", rules(stv(weighted(None)), &ties)),
        ("weighted inclusive, five decimals", rules(stv(weighted(Some(5))), &ties)),
        ("weighted inclusive, by value", by_value(rules(stv(weighted(Some(5))), &ties))),
        ("gregory, exact", rules(stv(gregory(None)), &ties)),
        ("gregory, two decimals, by value", by_value(rules(stv(gregory(Some(2))), &ties))),
        ("inclusive, whole votes", rules(stv(inclusive_whole_votes()), &ties)),
    ];
    let (mut surpluses, mut ties, mut exhausted) = (0, 0, 0);
    for seed in 0..400 {
        let (ballots, seats) = random(&mut Dice::new(seed + 1), 7, 40);
        for (name, law) in &laws {
            let seats = if *name == "irv" { 1 } else { seats };
            let outcome = same(name, seed, law, &ballots, seats);
            surpluses += outcome.rounds.iter().filter(|round| matches!(round.what, RoundKind::Surplus { .. })).count();
            ties += usize::from(outcome.tie.is_some());
            exhausted += usize::from(outcome.rounds.last().is_some_and(|round| round.exhausted.is_positive()));
        }
    }
    println!("{surpluses} surpluses, {ties} open ties, {exhausted} counts with exhausted papers");
    assert!(surpluses > 500 && ties > 20 && exhausted > 500, "{surpluses} {ties} {exhausted}");
}
