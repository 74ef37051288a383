//! Proof obligation of every generator: on random elections, if all assertions of a reported result are
//! true of another tally, that tally gives the same seats. Seats are computed here a second time, by other
//! code. `RECOUNT_AUDIT_ELECTIONS` sets the number of elections per rule (1,000 by default, 100,000 in the long version).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "test support"
)]

use recount_audit::generate::{
    Base, Condition, Contest, Divisors, Excluded, Group, QuotaRounding, highest_averages, highest_averages_from,
    largest_remainder, largest_remainder_rounded, party_list, plurality,
};
use recount_audit::law::quota_in_turn;
use recount_audit::{Assertion, AuditError, BallotRule, Ratio, Source};

/// Deterministic numbers (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }
}

fn elections() -> u64 {
    std::env::var("RECOUNT_AUDIT_ELECTIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000)
}

fn contest(votes: Vec<u64>) -> Contest {
    let all: u64 = votes.iter().sum::<u64>() + 5;
    let choices = (0..votes.len()).map(|i| format!("L{i}")).collect();
    Contest { choices, votes, found: all, cards: all, rule: BallotRule::SINGLE }
}

/// A reported tally and a "true" one nearby.
fn pair(dice: &mut Dice, lists: u64, size: u64) -> (Vec<u64>, Vec<u64>) {
    let reported: Vec<u64> = (0..lists).map(|_| 1 + dice.below(size)).collect();
    let shake = 1 + dice.below(size / 4 + 1);
    let mut moved = |v: u64| (v + dice.below(shake)).saturating_sub(dice.below(shake));
    let actual = reported.iter().map(|v| moved(*v)).collect();
    (reported, actual)
}

fn all_true(assertions: &[Assertion], votes: &[u64]) -> bool {
    let found = votes.iter().sum::<u64>() + 5;
    assertions.iter().all(|a| a.holds(votes, found).unwrap())
}

/// Highest averages by sorting all quotients; `None` if a tie decides. Divisors as numerators over 10.
fn averages(votes: &[Option<u64>], seats: usize, divisor: fn(u64) -> u64) -> Option<Vec<u64>> {
    let mut quotients: Vec<(u64, u64, usize)> = Vec::new();
    for (at, votes) in votes.iter().enumerate() {
        for i in 1..=seats as u64 {
            quotients.extend(votes.filter(|v| *v > 0).map(|v| (v, divisor(i), at)));
        }
    }
    quotients.sort_by(|a, b| (b.0 * a.1).cmp(&(a.0 * b.1)));
    if quotients.len() < seats {
        return None;
    }
    if quotients.len() > seats
        && quotients[seats - 1].0 * quotients[seats].1 == quotients[seats].0 * quotients[seats - 1].1
    {
        return None;
    }
    let mut won = vec![0; votes.len()];
    quotients[..seats].iter().for_each(|q| won[q.2] += 1);
    Some(won)
}

/// Largest remainder with quota E/(S+k); `None` if a tie decides.
fn remainder(votes: &[Option<u64>], seats: u64, k: u64) -> Option<Vec<u64>> {
    let all: u64 = votes.iter().flatten().sum();
    if all == 0 {
        return None;
    }
    let mut won: Vec<u64> = votes.iter().map(|v| v.unwrap_or(0) * (seats + k) / all).collect();
    let mut rest: Vec<(u64, usize)> =
        votes.iter().enumerate().filter_map(|(at, v)| v.map(|v| (v * (seats + k) % all, at))).collect();
    rest.sort_unstable_by(|a, b| b.cmp(a));
    let given: u64 = won.iter().sum();
    if given == seats + 1 {
        // One whole quota too many: taken from the smallest remainder that has a seat.
        rest.retain(|r| won[r.1] > 0);
        let (last, other) = (rest.pop()?, rest.last());
        if other.is_some_and(|o| o.0 == last.0) {
            return None;
        }
        won[last.1] -= 1;
        return Some(won);
    }
    let more = seats.checked_sub(given)? as usize;
    if more > rest.len() || (more > 0 && more < rest.len() && rest[more - 1].0 == rest[more].0) {
        return None;
    }
    rest[..more].iter().for_each(|r| won[r.1] += 1);
    Some(won)
}

fn inside(votes: &[u64], share: (u64, u64)) -> Vec<Option<u64>> {
    let all: u64 = votes.iter().sum();
    votes.iter().map(|v| (v * share.1 >= all * share.0).then_some(*v)).collect()
}

/// Looks for a violation among `wanted` elections in which all assertions are true; returns how many
/// elections were tested and how many violated.
fn search(
    seed: u64,
    wanted: u64,
    make: impl Fn(&Contest, u64, u64) -> Result<(Vec<u64>, Vec<Assertion>), AuditError>,
    seats_of: impl Fn(&[u64], u64, u64) -> Option<Vec<u64>>,
) -> (u64, u64) {
    let mut dice = Dice(seed);
    let (mut tested, mut wrong, mut tries) = (0, 0, 0);
    while tested < wanted {
        tries += 1;
        assert!(tries < wanted * 200, "too few elections with all assertions true");
        let (lists, seats, kind) = (2 + dice.below(5), 1 + dice.below(9), dice.below(4));
        let (reported, actual) = pair(&mut dice, lists, 60);
        let Ok((won, assertions)) = make(&contest(reported.clone()), seats, kind) else { continue };
        if let Some(again) = seats_of(&reported, seats, kind) {
            assert_eq!(won, again, "another allocation: {reported:?}, {seats} seats");
        }
        if !all_true(&assertions, &actual) {
            continue;
        }
        tested += 1;
        let own = seats_of(&actual, seats, kind);
        if own.as_ref() != Some(&won) {
            wrong += 1;
            if wrong == 1 {
                println!(
                    "for example {seats} seats, kind {kind}, reported {reported:?} {won:?}, actual {actual:?} {own:?}"
                );
            }
        }
    }
    (tested, wrong)
}

/// A rule and its divisors once more, by ten.
type Rule = (Divisors, fn(u64) -> u64);

fn at(kind: u64) -> &'static Rule {
    static TABLE: [Rule; 4] = [
        (Divisors::DHondt, |i| i * 10),
        (Divisors::SainteLague, |i| (2 * i - 1) * 10),
        (Divisors::Danish, |i| (3 * i - 2) * 10),
        (Divisors::Imperiali, |i| (i + 1) * 5),
    ];
    &TABLE[kind as usize]
}

fn tenth() -> Ratio {
    Ratio::new(1, 10).unwrap()
}

fn tenths(contest: &Contest) -> Vec<Condition> {
    let base = Base::Votes((0..contest.votes.len()).collect());
    vec![Condition::share(tenth(), base); contest.votes.len()]
}

#[test]
fn highest_averages_of_all_kinds() {
    let make = |c: &Contest, seats, kind| {
        highest_averages(c, &Group::each(c), seats, &at(kind).0).map(|s| (s.seats, s.assertions))
    };
    let seats = |votes: &[u64], seats: u64, kind| {
        averages(&votes.iter().map(|v| Some(*v)).collect::<Vec<_>>(), seats as usize, at(kind).1)
    };
    let (tested, wrong) = search(11, elections(), make, seats);
    println!("highest averages: {wrong} of {tested} violated");
    assert_eq!(wrong, 0);
}

#[test]
fn highest_averages_with_a_threshold() {
    for (seed, excluded) in [(21, Excluded::Below), (22, Excluded::Cheapest), (23, Excluded::NoSeatAnyway)] {
        let make = |c: &Contest, seats, kind| {
            party_list(c, &Group::each(c), &tenths(c), seats, &at(kind).0, excluded).map(|s| (s.seats, s.assertions))
        };
        let seats = |votes: &[u64], seats: u64, kind| averages(&inside(votes, (1, 10)), seats as usize, at(kind).1);
        let (tested, wrong) = search(seed, elections(), make, seats);
        println!("threshold, {excluded:?}: {wrong} of {tested} violated");
        assert_eq!(wrong, 0);
    }
}

/// The shortcut of rlauxe d465bfd: an excluded list's first quotient is compared with the weakest reported
/// seat alone. It is not sufficient: the true tally can make another winner's seat weaker.
#[test]
fn comparing_an_excluded_list_with_the_weakest_seat_alone_is_not_sufficient() {
    let make = |c: &Contest, seats, _| -> Result<(Vec<u64>, Vec<Assertion>), AuditError> {
        let groups = Group::each(c);
        let set = party_list(c, &groups, &tenths(c), seats, &Divisors::DHondt, Excluded::Below)?;
        let quotient = |at: &usize| Ratio::count(c.votes[*at]).over(Ratio::count(set.seats[*at])).unwrap();
        let weakest = (0..groups.len())
            .filter(|at| set.seats[*at] > 0)
            .min_by(|a, b| quotient(a).compare(quotient(b)).unwrap())
            .unwrap();
        let mut assertions: Vec<Assertion> =
            set.assertions.iter().filter(|a| !a.name.contains("below")).cloned().collect();
        for (at, _) in groups.iter().enumerate().filter(|(at, _)| c.votes[*at] * 10 < c.votes.iter().sum()) {
            let by = Ratio::ONE.over(Ratio::count(set.seats[weakest]))?;
            assertions.push(Assertion::new("shortcut", [(weakest, by), (at, Ratio::whole(-1))])?);
        }
        if !all_true(&assertions, &c.votes) {
            return Err(AuditError::Tie);
        }
        Ok((set.seats, assertions))
    };
    let seats = |votes: &[u64], seats: u64, _| averages(&inside(votes, (1, 10)), seats as usize, |i| i * 10);
    let (tested, wrong) = search(31, 5 * elections(), make, seats);
    println!("shortcut: {wrong} of {tested} violated");
    assert!(wrong > 0, "the negative control found nothing");
}

#[test]
fn largest_remainder_of_two_quotas() {
    for k in [0, 1] {
        let make = |c: &Contest, seats, _| {
            let free = vec![Condition::Free; c.votes.len()];
            largest_remainder(c, &Group::each(c), &free, seats, k).map(|s| (s.seats, s.assertions))
        };
        let seats = |votes: &[u64], seats, _| remainder(&votes.iter().map(|v| Some(*v)).collect::<Vec<_>>(), seats, k);
        let (tested, wrong) = search(41 + k, elections(), make, seats);
        println!("largest remainder, k = {k}: {wrong} of {tested} violated");
        assert_eq!(wrong, 0);
    }
}

/// One seat for each with votes, then averages: Adams divides by 1, 2, ..., Huntington-Hill by the roots of 2, 6, ...
fn after_one(votes: &[u64], seats: u64, roots: bool) -> Option<Vec<u64>> {
    let mut won: Vec<u64> = votes.iter().map(|v| u64::from(*v > 0)).collect();
    let left = seats.checked_sub(won.iter().sum())? as usize;
    let mut quotients: Vec<(u64, u64, usize)> = Vec::new();
    for (at, v) in votes.iter().enumerate().filter(|(_, v)| **v > 0) {
        quotients.extend((2..=seats + 1).map(|i| if roots { (v * v, i * (i - 1), at) } else { (*v, i - 1, at) }));
    }
    quotients.sort_by(|a, b| (b.0 * a.1).cmp(&(a.0 * b.1)));
    if left > 0
        && quotients.get(left).is_some_and(|next| {
            let last = quotients[left - 1];
            last.0 * next.1 == next.0 * last.1
        })
    {
        return None;
    }
    quotients.iter().take(left).for_each(|q| won[q.2] += 1);
    Some(won)
}

#[test]
fn a_seat_for_each_and_then_averages() {
    for (seed, divisors, roots) in [(46, Divisors::Adams, false), (47, Divisors::HuntingtonHill, true)] {
        let make = |c: &Contest, seats: u64, _| {
            highest_averages_from(c, &Group::each(c), seats + 4, &divisors, 0).map(|s| (s.seats, s.assertions))
        };
        let (tested, wrong) = search(seed, elections(), make, |votes, seats, _| after_one(votes, seats + 4, roots));
        println!("{divisors:?}: {wrong} of {tested} violated");
        assert_eq!(wrong, 0);
    }
}

/// The quota as a whole number, by kind: Droop, then E/S down, up, to the nearest.
fn whole_quota(votes: &[u64], seats: u64, kind: u64) -> Option<Vec<u64>> {
    let all: u64 = votes.iter().sum();
    let quota = match kind {
        0 => all / (seats + 1) + 1,
        1 => all / seats,
        2 => all.div_ceil(seats),
        _ => (2 * all + seats) / (2 * seats),
    };
    if quota == 0 {
        return None;
    }
    let mut won: Vec<u64> = votes.iter().map(|v| v / quota).collect();
    let mut rest: Vec<(u64, usize)> = votes.iter().enumerate().map(|(at, v)| (v % quota, at)).collect();
    rest.sort_unstable();
    let given: u64 = won.iter().sum();
    let (more, off) = (given < seats, given.abs_diff(seats) as usize);
    if more {
        rest.reverse();
    } else {
        rest.retain(|r| won[r.1] > 0);
    }
    if off > rest.len() || (off > 0 && off < rest.len() && rest[off - 1].0 == rest[off].0) {
        return None;
    }
    for r in &rest[..off] {
        won[r.1] = if more { won[r.1] + 1 } else { won[r.1] - 1 };
    }
    Some(won)
}

#[test]
fn largest_remainder_of_quotas_in_whole_votes() {
    let kinds = [QuotaRounding::Next, QuotaRounding::Down, QuotaRounding::Up, QuotaRounding::Nearest];
    let make = |c: &Contest, seats, kind: u64| {
        let free = vec![Condition::Free; c.votes.len()];
        let rounding = kinds[kind as usize];
        largest_remainder_rounded(c, &Group::each(c), &free, seats, u64::from(kind == 0), rounding)
            .map(|s| (s.seats, s.assertions))
    };
    let (tested, wrong) = search(56, elections(), make, whole_quota);
    println!("quotas in whole votes: {wrong} of {tested} violated");
    assert_eq!(wrong, 0);
}

/// 8 seats and a quota of 25/8, rounded up to 4: two groups have 3 and 2 whole quotas, and three seats are left. With 26
/// votes it is the same, so that no margin between the two could tell: such few votes are refused.
#[test]
fn a_rounded_quota_of_few_votes_is_refused() {
    let set = |votes: Vec<u64>, rounding| {
        let c = contest(votes);
        largest_remainder_rounded(&c, &Group::each(&c), &vec![Condition::Free; c.votes.len()], 8, 0, rounding)
    };
    assert!(matches!(set(vec![16, 10], QuotaRounding::Up), Err(AuditError::NoSufficientSet(_))));
    let large = set(vec![40, 25], QuotaRounding::Up).unwrap();
    assert_eq!(large.seats, [5, 3]);
    assert!(!all_true(&large.assertions, &[16, 10]), "too few votes are not proved");
    // A quota rounded down can give a second seat too many to the only group.
    let c = contest(vec![100]);
    let one = largest_remainder_rounded(&c, &Group::each(&c), &[Condition::Free], 8, 1, QuotaRounding::Down);
    assert!(one.is_err());
}

#[test]
fn largest_remainder_with_a_threshold() {
    let make = |c: &Contest, seats, _| {
        largest_remainder(c, &Group::each(c), &tenths(c), seats, 0).map(|s| (s.seats, s.assertions))
    };
    let (tested, wrong) = search(51, elections(), make, |votes, seats, _| remainder(&inside(votes, (1, 10)), seats, 0));
    println!("largest remainder with threshold: {wrong} of {tested} violated");
    assert_eq!(wrong, 0);
}

/// Whole quotas of all votes, at least `minimum` each for those above a tenth, the rest in turn by falling votes.
fn in_turn(votes: &[u64], seats: u64, minimum: u64) -> Option<Vec<u64>> {
    let all: u64 = votes.iter().sum();
    let inside: Vec<usize> = (0..votes.len()).filter(|at| all > 0 && votes[*at] * 10 >= all).collect();
    let mut won = vec![0; votes.len()];
    let mut turn = Vec::new();
    for at in &inside {
        let quotas = votes[*at] * seats / all;
        won[*at] = quotas.max(minimum);
        if quotas >= minimum {
            turn.push(*at);
        }
    }
    let mut left = seats.checked_sub(won.iter().sum::<u64>())?;
    turn.sort_by_key(|at| std::cmp::Reverse(votes[*at]));
    if left > 0 && turn.is_empty() {
        return None;
    }
    let last = left as usize % turn.len().max(1);
    if last > 0 && votes[turn[last - 1]] == votes[turn[last]] {
        return None;
    }
    for at in turn.iter().cycle() {
        if left == 0 {
            break;
        }
        won[*at] += 1;
        left -= 1;
    }
    Some(won)
}

#[test]
fn quotas_and_the_rest_in_turn() {
    let make = |c: &Contest, seats: u64, kind: u64| -> Result<(Vec<u64>, Vec<Assertion>), AuditError> {
        let (groups, conditions) = (Group::each(c), tenths(c));
        let all: Vec<usize> = (0..c.votes.len()).collect();
        let mut assertions = Vec::new();
        let mut inside = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            assertions.extend(conditions[at].proof(c, group)?);
            if conditions[at].met(c, group)? {
                inside.push(at);
            }
        }
        let members: Vec<Group> = inside.iter().map(|at| groups[*at].clone()).collect();
        let set = quota_in_turn(c, &members, &all, seats, kind % 3)?;
        assertions.extend(set.assertions);
        if !all_true(&assertions, &c.votes) {
            return Err(AuditError::Tie);
        }
        let mut won = vec![0; groups.len()];
        inside.iter().zip(&set.seats).for_each(|(at, n)| won[*at] = *n);
        Ok((won, assertions))
    };
    let (tested, wrong) = search(81, elections(), make, |votes, seats, kind| in_turn(votes, seats, kind % 3));
    println!("in turn: {wrong} of {tested} violated");
    assert_eq!(wrong, 0);
}

#[test]
fn plurality_of_several_winners() {
    let make =
        |c: &Contest, seats: u64, _| plurality(c, &Group::each(c), seats as usize).map(|s| (s.seats, s.assertions));
    let seats = |votes: &[u64], seats: u64, _| {
        let mut order: Vec<u64> = votes.to_vec();
        order.sort_unstable_by(|a, b| b.cmp(a));
        let seats = (seats as usize).min(votes.len());
        if seats < order.len() && order[seats - 1] == order[seats] {
            return None;
        }
        Some(votes.iter().map(|v| u64::from(*v >= order[seats - 1])).collect())
    };
    let (tested, wrong) = search(61, elections(), make, seats);
    println!("plurality: {wrong} of {tested} violated");
    assert_eq!(wrong, 0);
}

/// A floor in every one of two regions, or a share of the whole: cells are lists in regions.
#[test]
fn conditions_in_every_unit_and_in_any() {
    let lists = 3_usize;
    let groups: Vec<Group> =
        (0..lists).map(|l| Group { name: format!("L{l}"), cells: vec![l, l + lists], most: None }).collect();
    let region = |r: usize| -> Vec<usize> { (0..lists).map(|l| l + r * lists).collect() };
    let floor = |l: usize, r: usize| Condition::Share {
        share: Ratio::new(1, 4).unwrap(),
        base: Base::Votes(region(r)),
        cells: vec![l + r * lists],
    };
    let condition = |l: usize| {
        let whole = Condition::share(Ratio::new(2, 5).unwrap(), Base::Votes((0..2 * lists).collect()));
        Condition::Any(vec![whole, Condition::All(vec![floor(l, 0), floor(l, 1)])])
    };
    let conditions: Vec<Condition> = (0..lists).map(condition).collect();
    let seats_of = |votes: &[u64]| {
        let total = |l: usize| votes[l] + votes[l + lists];
        let all: u64 = votes.iter().sum();
        let sum = |r: usize| region(r).iter().map(|c| votes[*c]).sum::<u64>();
        let reached = |l: usize, r: usize| votes[l + r * lists] * 4 >= sum(r);
        let admitted = |l: usize| total(l) * 5 >= all * 2 || (reached(l, 0) && reached(l, 1));
        averages(&(0..lists).map(|l| admitted(l).then(|| total(l))).collect::<Vec<_>>(), 7, |i| i * 10)
    };
    let mut dice = Dice(71);
    let (mut tested, mut tries) = (0, 0);
    while tested < elections() {
        tries += 1;
        assert!(tries < elections() * 100);
        let (reported, actual) = pair(&mut dice, 6, 60);
        let c = contest(reported);
        let Ok(set) = party_list(&c, &groups, &conditions, 7, &Divisors::DHondt, Excluded::Cheapest) else { continue };
        if all_true(&set.assertions, &actual) {
            tested += 1;
            assert_eq!(seats_of(&actual), Some(set.seats), "{actual:?}");
        }
    }
    println!("conditions in units: 0 of {tested} violated");
}

/// A base that no ballot shows is named by the set.
#[test]
fn what_is_taken_on_trust_is_named() {
    let c = contest(vec![62, 30, 10]);
    let register = Base::Figure {
        what: "voters on the register".into(),
        value: 120,
        source: Source::Document("the signed register".into()),
    };
    let conditions = vec![Condition::share(tenth(), register); 3];
    let set = party_list(&c, &Group::each(&c), &conditions, 5, &Divisors::DHondt, Excluded::Below).unwrap();
    let rests = set.rests();
    assert_eq!(rests.len(), 1);
    assert_eq!(rests[0].on, "voters on the register");
    assert!(set.assertions.iter().any(|a| a.name == "L2 below 1/10" && a.holds(&c.votes, c.found).unwrap()));
}
