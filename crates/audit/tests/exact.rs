//! Risks against the same products in exact rational numbers, samplers, and inputs that must not break anything.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::*;
use recount_audit::generate::{
    Base, Condition, Contest, Divisors, Excluded, Group, largest_remainder, party_list, plurality,
};
use recount_audit::risk::{Fraction, Null, Population, measure};
use recount_audit::sample::{Weighted, lowest_tickets};
use recount_audit::{BallotRule, Ratio};

fn ratio(n: i64, d: i64) -> BigRational {
    BigRational::new(BigInt::from(n), BigInt::from(d))
}

/// The smallest `1/T` with bets of nine tenths of the largest, without replacement, exactly; zero if the draws
/// exceed what the null allows.
fn exact(eighths: &[i64], size: i64) -> BigRational {
    let (mut sum, mut wealth, mut best) = (BigRational::zero(), BigRational::one(), BigRational::one());
    for (at, x) in eighths.iter().enumerate() {
        let mu = (ratio(size, 2) - &sum) / ratio(size - i64::try_from(at).unwrap(), 1);
        let x = ratio(*x, 8);
        if mu.is_negative() || (mu.is_zero() && x.is_positive()) {
            return BigRational::zero();
        }
        wealth = if mu.is_zero() {
            BigRational::zero()
        } else {
            wealth * (BigRational::one() + ratio(9, 10) / &mu * (&x - &mu))
        };
        sum += x;
        best = best.max(wealth.clone());
    }
    if i64::try_from(eighths.len()) == Ok(size) && sum > ratio(size, 2) {
        return BigRational::zero();
    }
    best.recip()
}

proptest! {
    #[test]
    fn a_risk_is_never_reported_lower_than_it_is(eighths in prop::collection::vec(0_i64..=8, 1..28), more in 0_i64..60) {
        let size = i64::try_from(eighths.len()).unwrap() + more;
        let null = Null::new(Population::Finite(u64::try_from(size).unwrap()), 0.5, 1.0).unwrap();
        let values: Vec<f64> = eighths.iter().map(|x| f64::from(i32::try_from(*x).unwrap()) / 8.0).collect();
        let reported = measure(null, Fraction(0.9), &values).unwrap().risk;
        let exact = exact(&eighths, size).to_f64().unwrap();
        prop_assert!(reported >= exact, "{reported} below {exact}");
        prop_assert!(reported <= exact * (1.0 + 1e-9), "{reported} far above {exact}");
    }

    #[test]
    fn ratios_are_those_of_big_integers(a: i64, b in 1_i64.., c: i64, d in 1_i64..) {
        let (x, y) = (Ratio::new(a.into(), b.into()).unwrap(), Ratio::new(c.into(), d.into()).unwrap());
        let same = |r: Ratio, big: BigRational| BigRational::new(r.num().into(), r.den().into()) == big;
        let (p, q) = (ratio(a, b), ratio(c, d));
        if let Ok(sum) = x.plus(y) { prop_assert!(same(sum, &p + &q)); }
        if let Ok(product) = x.times(y) { prop_assert!(same(product, &p * &q)); }
        if let Ok(order) = x.compare(y) { prop_assert_eq!(order, p.cmp(&q)); }
        prop_assert_eq!(x.to_string().parse::<Ratio>().unwrap(), x);
    }

    #[test]
    fn every_place_is_drawn_once(weights in prop::collection::vec(0_u64..1000, 1..60), seed in "[0-9]{1,12}") {
        prop_assume!(weights.iter().any(|w| *w > 0));
        let sampler = Weighted::new(&weights).unwrap();
        let draws = sampler.without_replacement(&seed, weights.len()).unwrap();
        let mut places: Vec<usize> = draws.iter().map(|d| d.place).collect();
        places.sort_unstable();
        let all: Vec<usize> = (0..weights.len()).filter(|at| weights[*at] > 0).collect();
        prop_assert_eq!(places, all);
        // A shorter sample is the beginning of a longer one.
        let some = sampler.without_replacement(&seed, weights.len() / 2).unwrap();
        prop_assert_eq!(&draws[..some.len()], &some[..]);
    }

    #[test]
    fn no_figures_break_the_generators(
        votes in prop::collection::vec(any::<u64>(), 0..6),
        seats in prop_oneof![0_u64..200, any::<u64>()],
        k: u64,
        share in (any::<i64>(), any::<i64>()),
        values in prop::collection::vec(any::<f64>(), 0..8),
    ) {
        let found = votes.iter().fold(0_u64, |sum, v| sum.saturating_add(*v));
        let choices = (0..votes.len()).map(|i| i.to_string()).collect();
        let contest = Contest { choices, votes, found, cards: found, rule: BallotRule::SINGLE };
        let groups = Group::each(&contest);
        let share = Ratio::new(share.0.into(), share.1.into()).unwrap_or(Ratio::ONE);
        let conditions = vec![Condition::share(share, Base::Ballots); groups.len()];
        for set in [
            party_list(&contest, &groups, &conditions, seats, &Divisors::Imperiali, Excluded::Cheapest),
            largest_remainder(&contest, &groups, &conditions, seats, k),
            plurality(&contest, &groups, 2),
        ].into_iter().flatten() {
            let _ = set.hardest(&contest);
        }
        let null = Null::new(Population::Finite(5), 0.5, 1.0).unwrap();
        if let Ok(progress) = measure(null, Fraction(0.9), &values) {
            prop_assert!((0.0..=1.0).contains(&progress.risk));
            prop_assert!(progress.wealth.iter().all(|w| !w.is_nan()));
        }
    }
}

/// Without replacement the first two draws have the chances of drawing in proportion to weight.
#[test]
fn draws_are_in_proportion_to_weight() {
    let sampler = Weighted::new(&[1, 2, 5]).unwrap();
    let mut pairs = std::collections::BTreeMap::new();
    for run in 0..4000 {
        let draws = sampler.without_replacement(&format!("run {run}"), 2).unwrap();
        *pairs.entry((draws[0].place, draws[1].place)).or_insert(0) += 1;
    }
    let weights = [1.0, 2.0, 5.0];
    for (first, second) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
        let chance: f64 = weights[first] / 8.0 * weights[second] / (8.0 - weights[first]);
        let wanted = 4000.0 * chance;
        let found = f64::from(*pairs.get(&(first, second)).unwrap_or(&0));
        assert!(
            (found - wanted).abs() < 5.0 * (wanted * (1.0 - chance)).sqrt(),
            "{first}, {second}: {found} of {wanted}"
        );
    }
}

/// The sample of a part of the cards is the part of the sample (consistent sampling).
#[test]
fn tickets_do_not_depend_on_the_list() {
    let ids: Vec<String> = (0..50).map(|i| format!("card {i}")).collect();
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let part: Vec<&str> = all.iter().copied().filter(|id| !id.ends_with('3')).collect();
    let order: Vec<&str> = lowest_tickets("seed", &all, 50).into_iter().filter(|id| !id.ends_with('3')).collect();
    assert_eq!(lowest_tickets("seed", &part, 50), order);
}
