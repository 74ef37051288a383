//! Apportionment as a textbook writes it, on big rationals, without any of the library's code.
//!
//! `None`: the formula gives nothing (no votes, too many or too few to give).

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{ToPrimitive, Zero};

type Rational = Ratio<BigInt>;
type Seats = Option<(Vec<u64>, BTreeSet<usize>)>;

fn whole(number: u64) -> Rational {
    Rational::from(BigInt::from(number))
}

/// The figure that orders the next seat of a list that holds `held`.
fn figure(rule: &str, votes: u64, held: u64) -> Rational {
    let (v, s) = (whole(votes), whole(held));
    let (one, two, three) = (whole(1), whole(2), whole(3));
    if rule.contains("modified") {
        let divisor = if held == 0 { whole(7) / whole(5) } else { two * s + one };
        return v / divisor;
    }
    match rule.trim_start_matches("rule = ").trim_matches('"') {
        "dhondt" => v / (s + one),
        "sainte_lague" => v / (two * s + one),
        "danish" => v / (three * s + one),
        "imperiali" => v / ((s + &two) / two),
        "adams" => v / s,
        "huntington_hill" => &v * &v / (&s * (&s + one)),
        other => unreachable!("{other}"),
    }
}

/// One seat at a time to the highest figure; who is tied for the last seats, if anybody.
pub fn divisor(rule: &str, votes: &[u64], seats: u64) -> Seats {
    let free = rule.contains("adams") || rule.contains("huntington");
    let standing: Vec<usize> = (0..votes.len()).filter(|list| votes[*list] > 0).collect();
    if standing.is_empty() {
        return None;
    }
    let mut held = vec![0u64; votes.len()];
    let mut left = seats;
    if free {
        for list in &standing {
            held[*list] = 1;
            left = left.checked_sub(1)?;
        }
    }
    while left > 0 {
        let best = standing.iter().map(|list| figure(rule, votes[*list], held[*list])).max()?;
        let first: BTreeSet<usize> =
            standing.iter().copied().filter(|list| figure(rule, votes[*list], held[*list]) == best).collect();
        let size = u64::try_from(first.len()).ok()?;
        if size > left {
            return Some((held, first));
        }
        for list in first {
            held[list] += 1;
        }
        left -= size;
    }
    Some((held, BTreeSet::new()))
}

/// Full quotas, then one seat to each of the largest remainders.
pub fn quota(kind: &str, votes: &[u64], seats: u64) -> Seats {
    let total: Rational = votes.iter().map(|votes| whole(*votes)).sum();
    if total.is_zero() {
        return None;
    }
    let quota = match kind {
        "hare" => total / whole(seats),
        "droop" => (total / whole(seats + 1)).floor() + whole(1),
        "hagenbach_bischoff" => total / whole(seats + 1),
        "imperiali" => total / whole(seats + 2),
        other => unreachable!("{other}"),
    };
    let mut held = vec![0u64; votes.len()];
    let mut rests = Vec::new();
    for (list, votes) in votes.iter().enumerate().filter(|(_, votes)| **votes > 0) {
        let full = (whole(*votes) / &quota).floor();
        rests.push((whole(*votes) - &full * &quota, list));
        held[list] = full.to_integer().to_u64()?;
    }
    let given: u64 = held.iter().sum();
    let left = usize::try_from(seats.checked_sub(given)?).ok()?;
    if left > rests.len() {
        return None;
    }
    rests.sort_by(|a, b| b.0.cmp(&a.0));
    if left == 0 {
        return Some((held, BTreeSet::new()));
    }
    let edge = rests[left - 1].0.clone();
    let tied: BTreeSet<usize> = rests.iter().filter(|(rest, _)| *rest == edge).map(|(_, list)| *list).collect();
    let above = rests.iter().filter(|(rest, _)| *rest > edge).count();
    let settled = above + tied.len() == left;
    for (rest, list) in &rests {
        if *rest > edge || (settled && *rest == edge) {
            held[*list] += 1;
        }
    }
    Some((held, if settled { BTreeSet::new() } else { tied }))
}
