#![no_main]
//! A manifest and findings, whatever they are: no panic, no NaN, and risks between 0 and 1. The text is a manifest, then behind a line
//! `%%` a plan, then behind another a sum of lines.

use libfuzzer_sys::fuzz_target;
use recount_assessment::formula::Sum;
use recount_assessment::manifest::Manifest;
use recount_assessment::plan::Plan;
use recount_audit::batch::{Batches, Comparison, Finding, Station, Way};
use recount_audit::risk::Fraction;
use recount_audit::{Assertion, BallotRule, Ratio};

fn assess(manifest: &Manifest) -> Option<()> {
    let columns = manifest.choices.len();
    let stations = manifest.rows.iter().map(|row| Station {
        name: row.station.clone(),
        cards: row.bound,
        found: row.found,
        votes: row.figures.iter().map(|n| n.unwrap_or(0)).collect(),
    });
    let batches = Batches::new(stations.collect(), BallotRule::SINGLE).ok()?;
    let draws = batches.sampler().ok()?.without_replacement("fuzz", 40).ok()?;
    for (a, b) in [(0, 1), (1, 0), (0, columns.saturating_sub(1))] {
        let terms = [(a, Ratio::ONE), (b, Ratio::new(-1, 3).ok()?)];
        let Ok(assertion) = Assertion::new("pair", terms) else { continue };
        let Ok(comparison) = Comparison::new(&batches, &assertion) else { continue };
        for way in [Way::Ballots, Way::Bounds] {
            let Ok(mut test) = comparison.test(way, false, Fraction(0.9)) else { continue };
            for (n, draw) in draws.iter().enumerate() {
                let Some(own) = batches.stations().get(draw.place) else { continue };
                let mut votes = own.votes.clone();
                if n % 3 == 0 {
                    votes.reverse();
                }
                let finding = if n % 7 == 5 { Finding::Unavailable } else { Finding::Counted { found: own.found, votes } };
                if test.push(draw.place, &finding).is_err() {
                    break;
                }
                let risk = test.risk();
                assert!((0.0..=1.0).contains(&risk), "{risk}");
                assert!(!test.wealth().is_nan());
            }
        }
    }
    Some(())
}

fuzz_target!(|text: &str| {
    let mut parts = text.split("\n%%\n");
    if let Ok(manifest) = Manifest::parse(parts.next().unwrap_or("")) {
        let again = Manifest::parse(&manifest.to_csv()).expect("what was written is read");
        assert_eq!(again, manifest);
        let _ = assess(&manifest);
    }
    if let Ok(plan) = Plan::parse(parts.next().unwrap_or("").as_bytes()) {
        assert!(plan.limit().is_ok_and(|limit| limit > 0.0 && limit < 1.0));
    }
    if let Ok(sum) = Sum::parse(parts.next().unwrap_or("")) {
        assert_eq!(Sum::parse(sum.text()).expect("what was written is read").text(), sum.text());
    }
});
