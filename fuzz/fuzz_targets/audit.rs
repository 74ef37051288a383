#![no_main]
//! A manifest and findings, whatever they are: no panic, no NaN, and risks between 0 and 1. The text is a manifest, then behind a line
//! `%%` a plan, then behind another a sum of lines. The same bytes are ballots of an audit of cards, and pools of cards with totals.

use libfuzzer_sys::fuzz_target;
use recount_assessment::formula::Sum;
use recount_assessment::manifest::Manifest;
use recount_assessment::plan::Plan;
use recount_audit::batch::{Batches, Comparison, Finding, Station, StrataTest, Way};
use recount_audit::cards::{Ballot, CardContest, CardRule, CardTest, Method, Paper, pooled_sizes};
use recount_audit::oneaudit::Pool;
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
        let of: Vec<usize> = (0..batches.stations().len()).map(|at| at % 3).collect();
        if let Ok(mut test) = StrataTest::new(&comparison, &of, 0.9) {
            for draw in &draws {
                let Some(own) = batches.stations().get(draw.place) else { continue };
                let lost = Finding::Unavailable;
                let mut votes = own.votes.clone();
                let by = draw.place % votes.len().max(1);
                votes.rotate_left(by);
                let found = Finding::Counted { found: own.found, votes };
                if test.push(draw.place, if draw.place % 11 == 3 { &lost } else { &found }).is_err() {
                    break;
                }
            }
            assert!((0.0..=1.0).contains(&test.risk()), "{}", test.risk());
        }
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

/// Six bytes make a pool: how many ballots, in what size, and votes of three choices. Totals may be impossible: then they are refused.
fn pools(text: &str) -> Option<()> {
    let number = |bytes: &[u8], at: usize| bytes.get(at).copied().map_or(0, u64::from);
    let pool = |bytes: &[u8]| {
        let scale = 1_u64 << (number(bytes, 1) % 48);
        let votes = (2..5).map(|at| number(bytes, at).saturating_mul(scale)).collect();
        Pool { ballots: number(bytes, 0).saturating_mul(scale), votes }
    };
    let own: Vec<Pool> = text.as_bytes().chunks(6).take(20).map(pool).collect();
    let mut votes = vec![0_u64; 3];
    let mut ballots = 0_u64;
    for pool in &own {
        ballots = ballots.checked_add(pool.ballots)?;
        for (sum, n) in votes.iter_mut().zip(&pool.votes) {
            *sum = sum.checked_add(*n)?;
        }
    }
    let choices: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
    // Cards with records of their own, all blank, and phantoms.
    let cards = ballots.checked_add(u64::from(*text.as_bytes().last()?))?;
    for rule in [(1, 1), (2, 2), (1, 3)] {
        let Ok(contest) = CardContest::from_totals(&choices, votes.clone(), rule, ballots, cards) else { continue };
        for assertion in &contest.assertions {
            let Ok(bet) = assertion.pooled_bet(&own, 0.9) else { continue };
            assert!((0.0..=0.9).contains(&bet), "{bet}");
            let Ok(mut test) = CardTest::new(assertion, Method::Comparison { bet }) else { continue };
            for (at, byte) in text.bytes().take(400).enumerate() {
                let paper = match byte % 8 {
                    0 => Paper::Lost,
                    1 => Paper::NoContest,
                    2 => Paper::Ballot(Ballot::new()),
                    n => Paper::Ballot([usize::from(n % 3)].into_iter().collect()),
                };
                let mean = own.get(at % own.len().max(1)).and_then(|pool| assertion.pool_value(pool).ok());
                let pushed = match mean {
                    Some(mean) if at % 7 != 6 => test.push_pooled(mean, &paper),
                    _ => test.push((at % 2 == 0).then_some(&Ballot::new()), &paper),
                };
                assert!((0.0..=1.0).contains(&test.risk()), "{}", test.risk());
                if pushed.is_err() {
                    break;
                }
            }
            if cards < 2_000
                && let Ok(sizes) = pooled_sizes(assertion, &own, 0.9, 0.05, 2)
            {
                assert!(sizes.percent(90) <= cards);
            }
        }
    }
    Some(())
}

fuzz_target!(|text: &str| {
    let _ = cards(text);
    let _ = pools(text);
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
