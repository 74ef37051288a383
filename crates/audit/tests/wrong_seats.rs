//! Every method with every family of rules: wrong seats are certified no more often than the risk limit says.
//!
//! For each family a made-up election whose hardest assertion is made false, only just, by errors of several patterns,
//! among them such as are placed where a sample looks least and such as hide behind errors the other way. Each audit may
//! stop at the moment that looks best. `RECOUNT_AUDIT_RUNS` sets the audits per family, pattern and method (50 by
//! default, 10,000 in the long version, which prints the table of `docs/audits.md`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    reason = "test support"
)]

#[path = "wrong_seats/elections.rs"]
mod elections;
#[path = "wrong_seats/methods.rs"]
mod methods;

use std::collections::BTreeMap;

use elections::{Election, Pattern};
use methods::{Audit, METHODS};

const LIMIT: f64 = 0.05;

fn runs() -> u64 {
    std::env::var("RECOUNT_AUDIT_RUNS").ok().and_then(|n| n.parse().ok()).unwrap_or(50)
}

/// The limit and four standard errors of its estimate.
fn allowed() -> f64 {
    LIMIT + 4.0 * (LIMIT * (1.0 - LIMIT) / runs() as f64).sqrt()
}

/// The share of audits that certify, by method.
fn shares(audit: &Audit, runs: u64, whole: bool) -> BTreeMap<&'static str, f64> {
    let mut passed: BTreeMap<&'static str, u64> = BTreeMap::new();
    for run in 0..runs {
        let sample = audit.sample(run, whole);
        for (name, method) in METHODS {
            if let Some(risk) = method(audit, &sample) {
                assert!((0.0..=1.0).contains(&risk), "{name}: {risk}");
                *passed.entry(name).or_default() += u64::from(risk <= LIMIT);
            }
        }
    }
    passed.into_iter().map(|(name, n)| (name, n as f64 / runs as f64)).collect()
}

#[test]
fn wrong_winners_and_shares_pass_no_more_often_than_the_limit() {
    check(&["plurality", "two winners, two marks", "two thirds", "instant-runoff"]);
}

#[test]
fn wrong_seats_by_averages_pass_no_more_often_than_the_limit() {
    check(&["D'Hondt", "Sainte-Lague", "D'Hondt, threshold"]);
}

#[test]
fn wrong_seats_by_remainders_pass_no_more_often_than_the_limit() {
    check(&["Huntington-Hill", "Hare", "Droop in whole votes"]);
}

fn check(families: &[&str]) {
    let mut table: BTreeMap<&'static str, BTreeMap<&'static str, (f64, f64)>> = BTreeMap::new();
    let elections: Vec<Election> = Election::all().into_iter().filter(|e| families.contains(&e.name)).collect();
    assert_eq!(elections.len(), families.len());
    for election in elections {
        let right = Audit::new(&election, &election.cards(None));
        assert!(right.holds(), "{}", election.name);
        // Half a sample, for a whole one proves what is right by counting.
        let power = shares(&right, runs().min(1_000), false);
        for pattern in Pattern::ALL {
            let audit = Audit::new(&election, &election.cards(Some(pattern)));
            assert!(!audit.holds(), "{}, {pattern:?}", election.name);
            for (method, share) in shares(&audit, runs(), true) {
                assert!(share <= allowed(), "{}, {pattern:?}, {method}: {share}", election.name);
                let row = table.entry(method).or_default().entry(election.name).or_insert((0.0, power[method]));
                row.0 = row.0.max(share);
            }
        }
    }
    let mut useful = 0;
    for (method, row) in &table {
        for (family, (wrong, power)) in row {
            println!("{method:<42} {family:<34} {wrong:.4} {power:.3}");
            useful += u32::from(*power > 0.5);
        }
    }
    println!("{} patterns, {} audits each; last: right seats certified by half a sample", Pattern::ALL.len(), runs());
    assert!(table.len() + 4 > METHODS.len(), "methods were never run");
    assert!(useful > 10, "methods that never certify anything prove nothing: {useful}");
}
