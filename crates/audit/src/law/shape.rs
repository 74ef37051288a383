//! What a formula of a rulebook is, for an audit; which have no known sufficient set.

use recount_seats::{Allocate, Divisors as Rule, Formula, Over, QuotaKind, QuotaRule, Remainder, Rounding, Stage};

use super::build::refuse;
use super::{LawError, Shape};
use crate::Ratio;
use crate::generate::{Divisors, QuotaRounding};

/// What a formula is, for an audit.
pub(super) fn shape(stage: &Stage, allocate: &Allocate, house: u64) -> Result<Shape, LawError> {
    match &allocate.formula {
        Formula::Divisor(rule) => {
            let divisors = divisors(stage, rule, house)?;
            let minimum = allocate.minimum.max(u64::from(divisors.first_is_free()));
            Ok(if minimum > 0 { Shape::AveragesFrom { divisors, minimum } } else { Shape::Averages(divisors) })
        }
        Formula::Quota(rule) => quota(stage, allocate, rule),
    }
}

fn divisors(stage: &Stage, rule: &Rule, house: u64) -> Result<Divisors, LawError> {
    let ratio = |r: recount_seats::Ratio| Ratio::new(i128::from(r.num()), i128::from(r.den()));
    Ok(match rule {
        Rule::DHondt => Divisors::DHondt,
        Rule::SainteLague => Divisors::SainteLague,
        Rule::ModifiedSainteLague(first) => Divisors::ModifiedSainteLague(ratio(*first)?),
        Rule::Danish => Divisors::Danish,
        Rule::Imperiali => Divisors::Imperiali,
        Rule::Listed(list) => {
            let list = list.iter().map(|r| ratio(*r)).collect::<Result<Vec<_>, _>>()?;
            // The first seat that a list did not win needs a divisor too.
            if u64::try_from(list.len()).is_ok_and(|n| n <= house) {
                return refuse(stage, "the table of divisors ends within the house");
            }
            Divisors::Table(list)
        }
        Rule::Adams => Divisors::Adams,
        Rule::HuntingtonHill => Divisors::HuntingtonHill,
    })
}

fn quota(stage: &Stage, allocate: &Allocate, rule: &QuotaRule) -> Result<Shape, LawError> {
    if rule.remainder_at_least.is_some() {
        return refuse(stage, "a floor under remainders has no known sufficient set");
    }
    let k = match rule.quota {
        QuotaKind::Hare => 0,
        QuotaKind::HagenbachBischoff | QuotaKind::Droop => 1,
        QuotaKind::Imperiali => 2,
    };
    let rounding = match (rule.quota, rule.rounding) {
        (QuotaKind::Droop, _) => QuotaRounding::Next,
        (_, Rounding::Exact) => QuotaRounding::Exact,
        (_, Rounding::Floor) => QuotaRounding::Down,
        (_, Rounding::Ceil) => QuotaRounding::Up,
        (_, Rounding::HalfUp) => QuotaRounding::Nearest,
    };
    let below = matches!(rounding, QuotaRounding::Down | QuotaRounding::Nearest);
    let beyond = k == 2 || below;
    if beyond && !rule.subtract_smallest {
        return refuse(stage, "whole quotas can give more seats than there are, and the law does not say what then");
    }
    let exact = rounding == QuotaRounding::Exact;
    match (rule.remainder.as_slice(), rule.over) {
        ([Remainder::LargestFraction], Over::Contenders) if allocate.minimum == 0 => {
            Ok(if exact { Shape::Remainders { k } } else { Shape::RoundedRemainders { k, rounding } })
        }
        ([Remainder::MostVotesInTurn], Over::AllLists) if k == 0 && exact => {
            Ok(Shape::InTurn { minimum: allocate.minimum })
        }
        // Whole quotas are never more than the seats by D'Hondt among those who take part, if the quota is at least
        // theirs: so averages that go on from there end where D'Hondt does.
        ([Remainder::HighestAverages], _) if k < 2 && !below && allocate.minimum == 0 => {
            Ok(Shape::Averages(Divisors::DHondt))
        }
        ([Remainder::LargestFraction], _) => refuse(
            stage,
            "largest remainders with a quota of other lists' votes, or a minimum, have no known sufficient set",
        ),
        _ => refuse(stage, "no sufficient set is known for the way in which seats left over are given"),
    }
}
