//! Partial certificates against every tally of small houses: nothing outside the range, and both ends of
//! a range that calls itself tight are reached.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "test support"
)]

use recount_audit::certificate::{Certificate, Method, certificate};
use recount_audit::generate::{
    Base, Condition, Contest, Divisors, Excluded, Group, highest_averages, largest_remainder, party_list,
};
use recount_audit::{Assertion, BallotRule, Ratio};

const LISTS: usize = 3;
const MOST: u64 = 28;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }
}

fn contest(votes: &[u64]) -> Contest {
    let all: u64 = votes.iter().sum();
    let choices = (0..votes.len()).map(|i| format!("L{i}")).collect();
    Contest { choices, votes: votes.to_vec(), found: all, cards: all, rule: BallotRule::SINGLE }
}

/// Allocation with divisors times two; `None` if a tie decides.
fn averages(votes: &[u64], out: &[bool], seats: u64, twice: fn(u64) -> u64) -> Option<Vec<u64>> {
    let mut won = vec![0_u64; votes.len()];
    for _ in 0..seats {
        let mut best: Option<usize> = None;
        for at in (0..votes.len()).filter(|at| votes[*at] > 0 && !out[*at]) {
            let ahead = best.is_none_or(|b| votes[at] * twice(won[b] + 1) > votes[b] * twice(won[at] + 1));
            if ahead {
                best = Some(at);
            }
        }
        won[best?] += 1;
    }
    for a in (0..votes.len()).filter(|a| won[*a] > 0) {
        for b in (0..votes.len()).filter(|b| *b != a && !out[*b]) {
            if votes[a] * twice(won[b] + 1) <= votes[b] * twice(won[a]) {
                return None;
            }
        }
    }
    Some(won)
}

fn remainder(votes: &[u64], seats: u64, k: u64) -> Option<Vec<u64>> {
    let all: u64 = votes.iter().sum();
    if all == 0 {
        return None;
    }
    let mut won: Vec<u64> = votes.iter().map(|v| v * (seats + k) / all).collect();
    let mut rest: Vec<(u64, usize)> = votes.iter().enumerate().map(|(at, v)| (v * (seats + k) % all, at)).collect();
    rest.sort_unstable_by(|a, b| b.cmp(a));
    let more = seats.checked_sub(won.iter().sum::<u64>())? as usize;
    if more > 0 && rest.get(more).is_some_and(|r| r.0 == rest[more - 1].0) {
        return None;
    }
    rest.get(..more)?.iter().for_each(|r| won[r.1] += 1);
    Some(won)
}

/// All tallies with up to `MOST` votes for each list, as small-integer tests of the proved assertions.
fn reached(proved: &[Assertion], seats_of: impl Fn(&[u64]) -> Option<Vec<u64>>) -> Option<(Vec<u64>, Vec<u64>)> {
    let rows: Vec<[i128; LISTS]> = proved
        .iter()
        .map(|a| {
            let factor: i128 = a.terms().iter().map(|t| t.1.den()).product();
            let mut row = [0; LISTS];
            a.terms().iter().for_each(|t| row[t.0] = t.1.num() * (factor / t.1.den()));
            row
        })
        .collect();
    let (mut low, mut high) = (vec![u64::MAX; LISTS], vec![0; LISTS]);
    let mut any = false;
    for n in 0..(MOST + 1).pow(LISTS as u32) {
        let votes = [n % (MOST + 1), n / (MOST + 1) % (MOST + 1), n / (MOST + 1).pow(2)];
        let holds = rows.iter().all(|r| r.iter().zip(votes).map(|(by, v)| by * i128::from(v)).sum::<i128>() > 0);
        if !holds {
            continue;
        }
        let Some(won) = seats_of(&votes) else { continue };
        any = true;
        for at in 0..LISTS {
            low[at] = low[at].min(won[at]);
            high[at] = high[at].max(won[at]);
        }
    }
    any.then_some((low, high))
}

fn check(what: &str, certificate: &Certificate, found: &(Vec<u64>, Vec<u64>), tight: bool) {
    for at in 0..LISTS {
        let range = certificate.ranges[at];
        assert!(range.low <= found.0[at] && found.1[at] <= range.high, "{what}: {range:?} but {found:?} at {at}");
        if tight {
            assert_eq!((range.low, range.high), (found.0[at], found.1[at]), "{what}: not reached, list {at}");
        }
    }
}

/// Some of the assertions, as an audit in progress has them.
fn some(dice: &mut Dice, all: &[Assertion]) -> Vec<Assertion> {
    let keep = 1 + dice.below(4);
    all.iter().filter(|_| dice.below(4) < keep).cloned().collect()
}

/// A rule and its divisors times two.
type Rule = (Divisors, fn(u64) -> u64);

#[test]
fn highest_averages_are_tight() {
    let rules: [Rule; 3] =
        [(Divisors::DHondt, |i| 2 * i), (Divisors::SainteLague, |i| 4 * i - 2), (Divisors::Imperiali, |i| i + 1)];
    let (mut dice, mut tested) = (Dice(5), 0);
    while tested < 30 {
        let (divisors, twice) = &rules[tested % 3];
        let votes: Vec<u64> = (0..LISTS).map(|_| 1 + dice.below(30)).collect();
        let (c, seats) = (contest(&votes), 1 + dice.below(4));
        let groups = Group::each(&c);
        let Ok(set) = highest_averages(&c, &groups, seats, divisors) else { continue };
        let proved = some(&mut dice, &set.assertions);
        let method = Method::HighestAverages(divisors.clone());
        let found = certificate(&c, &groups, &vec![Condition::Free; LISTS], seats, &method, &proved).unwrap();
        let Some(all) = reached(&proved, |v| averages(v, &[false; LISTS], seats, *twice)) else { continue };
        let names: Vec<&str> = proved.iter().map(|a| a.name.as_str()).collect();
        assert!(found.tight);
        check(&format!("{votes:?} {seats} {divisors:?} {names:?}"), &found, &all, true);
        tested += 1;
    }
}

#[test]
fn largest_remainders_are_tight() {
    let (mut dice, mut tested) = (Dice(6), 0);
    while tested < 24 {
        let k = tested % 2;
        let votes: Vec<u64> = (0..LISTS).map(|_| 1 + dice.below(30)).collect();
        let (c, seats) = (contest(&votes), 1 + dice.below(4));
        let groups = Group::each(&c);
        let free = vec![Condition::Free; LISTS];
        let Ok(set) = largest_remainder(&c, &groups, &free, seats, k) else { continue };
        let proved = some(&mut dice, &set.assertions);
        let method = Method::LargestRemainder { k };
        let found = certificate(&c, &groups, &free, seats, &method, &proved).unwrap();
        let Some(all) = reached(&proved, |v| remainder(v, seats, k)) else { continue };
        let names: Vec<&str> = proved.iter().map(|a| a.name.as_str()).collect();
        assert!(found.tight);
        check(&format!("{votes:?} {seats} k={k} {names:?}"), &found, &all, true);
        tested += 1;
    }
}

#[test]
fn thresholds_give_sound_outer_bounds() {
    let (mut dice, mut tested) = (Dice(7), 0);
    let fifth = Ratio::new(1, 5).unwrap();
    while tested < 16 {
        let votes: Vec<u64> = (0..LISTS).map(|_| 1 + dice.below(30)).collect();
        let (c, seats) = (contest(&votes), 1 + dice.below(5));
        let groups = Group::each(&c);
        let conditions = vec![Condition::share(fifth, Base::Votes(vec![0, 1, 2])); LISTS];
        let Ok(set) = party_list(&c, &groups, &conditions, seats, &Divisors::DHondt, Excluded::Cheapest) else {
            continue;
        };
        let proved = some(&mut dice, &set.assertions);
        let method = Method::HighestAverages(Divisors::DHondt);
        let found = certificate(&c, &groups, &conditions, seats, &method, &proved).unwrap();
        assert!(!found.tight);
        let seats_of = |v: &[u64]| {
            let all: u64 = v.iter().sum();
            let out: Vec<bool> = v.iter().map(|v| v * 5 < all).collect();
            averages(v, &out, seats, |i| 2 * i)
        };
        let Some(all) = reached(&proved, seats_of) else { continue };
        check(&format!("{votes:?} {seats}"), &found, &all, false);
        tested += 1;
        let whole = certificate(&c, &groups, &conditions, seats, &method, &set.assertions).unwrap();
        assert!(whole.complete(), "everything is proved, but {:?} of {:?}", whole.ranges, set.seats);
    }
}

/// A full set proves every seat; nothing proved proves nothing.
#[test]
fn all_or_nothing() {
    let c = contest(&[530, 240, 230]);
    let groups = Group::each(&c);
    let set = highest_averages(&c, &groups, 9, &Divisors::SainteLague).unwrap();
    let free = vec![Condition::Free; 3];
    let method = Method::HighestAverages(Divisors::SainteLague);
    let full = certificate(&c, &groups, &free, 9, &method, &set.assertions).unwrap();
    assert!(full.complete() && full.tight);
    assert_eq!(full.ranges.iter().map(|r| r.low).collect::<Vec<_>>(), set.seats);
    let none = certificate(&c, &groups, &free, 9, &method, &[]).unwrap();
    assert!(none.ranges.iter().all(|r| r.low == 0 && r.high == 9));
}
