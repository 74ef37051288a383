//! Very many random cases against a second slow version: a table of every quotient, sorted; quotas and
//! remainders on common denominators. Written without the library's code and without its big numbers.
//!
//! `cargo test` runs 20,000; `RECOUNT_CASES=1000000 cargo test --release --test theorems_many` runs more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "common/flat.rs"]
mod flat;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use recount_seats::{Lots, Rulebook, Tally, run};

/// SplitMix64: reproducible, and good enough to choose cases.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    DHondt,
    SainteLague,
    Modified,
    Danish,
    Imperiali,
    Adams,
    HuntingtonHill,
    Hare,
    Droop,
    HagenbachBischoff,
    ImperialiQuota,
}

use Rule::{
    Adams, DHondt, Danish, Droop, HagenbachBischoff, Hare, HuntingtonHill, Imperiali, ImperialiQuota, Modified,
    SainteLague,
};

const RULES: [(Rule, &str); 11] = [
    (DHondt, "family = \"divisor\", rule = \"dhondt\""),
    (SainteLague, "family = \"divisor\", rule = \"sainte_lague\""),
    (Modified, "family = \"divisor\", rule = \"modified_sainte_lague\", first = \"7/5\""),
    (Danish, "family = \"divisor\", rule = \"danish\""),
    (Imperiali, "family = \"divisor\", rule = \"imperiali\""),
    (Adams, "family = \"divisor\", rule = \"adams\""),
    (HuntingtonHill, "family = \"divisor\", rule = \"huntington_hill\""),
    (Hare, "family = \"quota\", quota = \"hare\", remainder = \"largest_fraction\""),
    (Droop, "family = \"quota\", quota = \"droop\", remainder = \"largest_fraction\""),
    (HagenbachBischoff, "family = \"quota\", quota = \"hagenbach_bischoff\", remainder = \"largest_fraction\""),
    (ImperialiQuota, "family = \"quota\", quota = \"imperiali\", remainder = \"largest_fraction\""),
];

/// Seats that are certain, those tied for the rest, and how many that is.
type Answer = Option<(Vec<u64>, BTreeSet<usize>, u64)>;

/// What ranks the (s+1)-th seat of a list with v votes, as a fraction.
fn quotient(rule: Rule, v: u128, s: u128) -> (u128, u128) {
    match rule {
        DHondt => (v, s + 1),
        SainteLague => (v, 2 * s + 1),
        Modified if s == 0 => (5 * v, 7),
        Modified => (v, 2 * s + 1),
        Danish => (v, 3 * s + 1),
        Imperiali => (2 * v, s + 2),
        Adams => (v, s),
        HuntingtonHill => (v * v, s * (s + 1)),
        _ => unreachable!("a quota"),
    }
}

fn order(one: (u128, u128), other: (u128, u128)) -> Ordering {
    (one.0.checked_mul(other.1).expect("small figures")).cmp(&other.0.checked_mul(one.1).expect("small figures"))
}

/// Every quotient there could be, in one sorted table; the first seats of it win.
fn by_table(rule: Rule, votes: &[u64], seats: u64) -> Answer {
    let free = matches!(rule, Adams | HuntingtonHill);
    let standing: Vec<usize> = (0..votes.len()).filter(|list| votes[*list] > 0).collect();
    if standing.is_empty() {
        return None;
    }
    let mut held = vec![0u64; votes.len()];
    let mut left = usize::try_from(seats).unwrap();
    if free {
        left = left.checked_sub(standing.len())?;
        standing.iter().for_each(|list| held[*list] = 1);
    }
    let mut table: Vec<((u128, u128), usize)> = Vec::new();
    for list in standing {
        let first = u64::from(free);
        table.extend((first..seats + first).map(|s| (quotient(rule, votes[list].into(), s.into()), list)));
    }
    table.sort_by(|a, b| order(b.0, a.0));
    let Some(last) = left.checked_sub(1).map(|last| table[last].0) else {
        return Some((held, BTreeSet::new(), 0));
    };
    let above = table.iter().take_while(|row| order(row.0, last) == Ordering::Greater).count();
    let equal: Vec<usize> =
        table[above..].iter().take_while(|row| row.0.0 * last.1 == last.0 * row.0.1).map(|row| row.1).collect();
    table[..above].iter().for_each(|row| held[row.1] += 1);
    if above + equal.len() == left {
        equal.iter().for_each(|list| held[*list] += 1);
        return Some((held, BTreeSet::new(), 0));
    }
    Some((held, equal.into_iter().collect(), u64::try_from(left - above).unwrap()))
}

/// Whole quotas, then the largest remainders, with votes and quota on the same denominator.
fn by_quota(rule: Rule, votes: &[u64], seats: u64) -> Answer {
    let total: u128 = votes.iter().map(|votes| u128::from(*votes)).sum();
    let n = u128::from(seats);
    let (quota, den) = match rule {
        Hare => (total, n),
        Droop => (total / (n + 1) + 1, 1),
        HagenbachBischoff => (total, n + 1),
        ImperialiQuota => (total, n + 2),
        _ => unreachable!("a divisor"),
    };
    if total == 0 {
        return None;
    }
    let mut held = vec![0u64; votes.len()];
    let mut rests: Vec<(u128, usize)> = Vec::new();
    for (list, votes) in votes.iter().enumerate().filter(|(_, votes)| **votes > 0) {
        let scaled = u128::from(*votes) * den;
        held[list] = u64::try_from(scaled / quota).unwrap();
        rests.push((scaled % quota, list));
    }
    let left = usize::try_from(seats.checked_sub(held.iter().sum())?).unwrap();
    if left > rests.len() {
        return None;
    }
    rests.sort_by(|a, b| b.cmp(a));
    let (Some(last), Some(next)) = (left.checked_sub(1).map(|last| rests[last].0), rests.get(left)) else {
        rests.iter().take(left).for_each(|rest| held[rest.1] += 1);
        return Some((held, BTreeSet::new(), 0));
    };
    if last != next.0 {
        rests.iter().take(left).for_each(|rest| held[rest.1] += 1);
        return Some((held, BTreeSet::new(), 0));
    }
    let above = rests.iter().filter(|rest| rest.0 > last).count();
    rests.iter().take(above).for_each(|rest| held[rest.1] += 1);
    let tied = rests.iter().filter(|rest| rest.0 == last).map(|rest| rest.1).collect();
    Some((held, tied, u64::try_from(left - above).unwrap()))
}

fn rulebook(formula: &str, seats: u64) -> Rulebook {
    let text = format!(
        "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[units]\nlevels = [\"national\"]\n\
         [contest.lists]\nkind = \"list\"\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\nseats = {seats}\n\
         formula = {{ {formula} }}\n"
    );
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn tally(votes: &[u64]) -> Tally {
    flat::tally(votes.iter().enumerate().map(|(place, votes)| (format!("{place:03}"), *votes)))
}

#[test]
fn the_table_of_quotients_agrees() {
    let cases = std::env::var("RECOUNT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(20_000u64);
    let mut random = Random(2_026);
    let mut rulebooks: BTreeMap<(Rule, u64), Rulebook> = BTreeMap::new();
    let (mut tied, mut refused) = (0u64, 0u64);
    for _ in 0..cases {
        let (rule, formula) = RULES[usize::try_from(random.below(11)).unwrap()];
        let seats = 1 + random.below(24);
        // Small figures tie; Huntington-Hill's squares leave room for 40 bits, the others for 63.
        let bits = if rule == HuntingtonHill { 28 } else { 63 };
        let most = [6, 40, 1_000, 1_000_000, 1 << bits][usize::try_from(random.below(5)).unwrap()];
        let votes: Vec<u64> = (0..1 + random.below(8)).map(|_| random.below(most + 1)).collect();
        let slow = match rule {
            Hare | Droop | HagenbachBischoff | ImperialiQuota => by_quota(rule, &votes, seats),
            _ => by_table(rule, &votes, seats),
        };
        let rulebook = rulebooks.entry((rule, seats)).or_insert_with(|| rulebook(formula, seats));
        let Ok(fast) = run(rulebook, &tally(&votes), &Lots::none()) else {
            // The sum of huge votes may leave 64 bits; then nothing is said.
            let fits = votes.iter().try_fold(0u64, |sum, votes| sum.checked_add(*votes)).is_some();
            assert!(slow.is_none() || !fits, "{rule:?} {seats} {votes:?}: refused, not {slow:?}");
            refused += 1;
            continue;
        };
        let tie = fast.undetermined.first();
        let between = tie.map_or_else(BTreeSet::new, |tie| tie.between.iter().map(|id| id.parse().unwrap()).collect());
        tied += u64::from(tie.is_some());
        let fast = (fast.seats.into_values().collect(), between, tie.map_or(0, |tie| tie.seats));
        assert_eq!(Some(fast), slow, "{rule:?} {seats} {votes:?}");
    }
    println!("{cases} cases agree, {tied} with a tie, {refused} refused by both");
    assert!(cases < 1_000 || (tied > cases / 50 && refused > 0), "the cases reach ties and refusals");
}
