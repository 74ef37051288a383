#![no_main]
//! A manifest and findings, whatever they are: no panic, no NaN, and risks between 0 and 1. The text is a manifest, then behind a line
//! `%%` a plan, then behind another a sum of lines. The same bytes are ballots of an audit of cards.

use libfuzzer_sys::fuzz_target;
use recount_assessment::formula::Sum;
use recount_assessment::manifest::Manifest;
use recount_assessment::plan::Plan;
use recount_audit::batch::{Batches, Comparison, Finding, Station, Way};
use recount_audit::cards::{Ballot, CardContest, CardRule, CardTest, Method, Paper};
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

/// Ballots of four choices, two bits each, by both rules and both methods; papers are the ballots shifted by one.
fn cards(text: &str) -> Option<()> {
    let ballot = |byte: &u8| -> Ballot {
        let mut own = Ballot::new();
        for at in 0..usize::from(byte % 5) {
            let choice = usize::from((byte >> (2 * at.min(3))) & 3);
            if !own.contains(&choice) {
                own.push(choice);
            }
        }
        own
    };
    let ballots: Vec<Ballot> = text.bytes().take(300).map(|byte| ballot(&byte)).collect();
    let choices: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
    let bound = u64::try_from(ballots.len()).ok()? + u64::from(*text.as_bytes().first()? % 8);
    for rule in [CardRule::Runoff, CardRule::Plurality { winners: 2, marks: 4 }] {
        let Ok(contest) = CardContest::new(&choices, rule, &ballots, bound) else { continue };
        for assertion in &contest.assertions {
            for method in [Method::Comparison { bet: 0.9 }, Method::Polling] {
                let Ok(mut test) = CardTest::new(assertion, method) else { continue };
                for (at, own) in ballots.iter().enumerate() {
                    let paper = match ballots.get(at + 1) {
                        Some(next) if at % 5 < 4 => Paper::Ballot(next.clone()),
                        Some(_) => Paper::NoContest,
                        None => Paper::Lost,
                    };
                    test.push((at % 9 != 3).then_some(own), &paper).expect("as many cards as there are");
                    assert!((0.0..=1.0).contains(&test.risk()), "{}", test.risk());
                }
            }
        }
    }
    Some(())
}

fuzz_target!(|text: &str| {
    let _ = cards(text);
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
