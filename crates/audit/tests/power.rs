//! How soon audits of right results end, on data that other programs were given too. `RECOUNT_AUDIT_POWER` names a file
//! of made-up samples (cards with errors of no, one or two votes; papers; stations); for each the median and the
//! ninetieth percentile of cards or stations are printed. The table of `docs/audits.md` sets them beside what SHANGRLA
//! and Arlo need for the same samples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    reason = "test support"
)]

use recount_audit::batch::{Batches, Comparison, Finding, Station, Way};
use recount_audit::plan::Sizes;
use recount_audit::risk::{
    Agrapa, Alpha, Bet, Constant, Fraction, Null, Population, Rates, ShrinkTrunc, optimal_comparison_mean, sample_size,
};
use recount_audit::{Assertion, BallotRule, Ratio};
use serde_json::Value;

const LIMIT: f64 = 0.05;

fn show(what: &str, how: &str, draws: &[Option<u64>], all: u64) {
    let sizes = Sizes::new(draws, all).unwrap();
    println!("{:<60} median {:6}  90% {:6}", format!("{what}: {how}"), sizes.percent(50), sizes.percent(90));
}

fn samples(of: &Value) -> Vec<Vec<usize>> {
    let number = |n: &Value| n.as_u64().unwrap() as usize;
    let one = |audit: &Value| audit.as_array().unwrap().iter().map(number).collect();
    of["audits"].as_array().unwrap().iter().map(one).collect()
}

fn run<B: Bet + Clone>(what: &str, how: &str, null: &Null, bet: &B, values: &[f64], audits: &[Vec<usize>]) {
    let stop =
        |audit: &Vec<usize>| sample_size(null.clone(), bet.clone(), audit.iter().map(|at| values[*at]), LIMIT).unwrap();
    let draws: Vec<Option<u64>> = audits.iter().map(stop).collect();
    show(what, how, &draws, audits[0].len() as u64);
}

fn comparison(what: &str, of: &Value) {
    let (margin, size) = (of["margin"].as_f64().unwrap(), of["N"].as_u64().unwrap());
    let clean = 1.0 / (2.0 - margin);
    let (values, audits) = ([clean, clean / 2.0, 0.0], samples(of));
    let null = Null::new(Population::Finite(size), 0.5, 2.0 * clean).unwrap();
    run(what, "nine tenths of the largest bet", &null, &Fraction(0.9), &values, &audits);
    let rates = Rates::new(&values, &[0.0, 0.001, 0.000_1], 1_000.0, 0.9);
    run(what, "COBRA", &null, &rates, &values, &audits);
    let alpha = Alpha(Constant(optimal_comparison_mean(2.0 * clean, 1e-4)));
    run(what, "ALPHA, optimal comparison", &null, &alpha, &values, &audits);
}

fn polling(what: &str, of: &Value) {
    let (share, size) = (of["share"].as_f64().unwrap(), of["N"].as_u64().unwrap());
    let null = Null::new(Population::Finite(size), 0.5, 1.0).unwrap();
    let alpha = Alpha(ShrinkTrunc::new(share, (share - 0.5) / 2.0, 100.0, 0.0, 1e-6));
    run(what, "ALPHA with shrinkage", &null, &alpha, &[0.0, 1.0], &samples(of));
    run(what, "aGRAPA", &null, &Agrapa::new(0.3, 0.5, 0.9, 0.1), &[0.0, 1.0], &samples(of));
}

fn stations(what: &str, of: &Value) {
    let one = |(at, row): (usize, &Value)| {
        let n = |place: usize| row[place].as_u64().unwrap();
        Station { name: at.to_string(), cards: n(0), found: n(0), votes: vec![n(1), n(2)] }
    };
    let rows: Vec<Station> = of["stations"].as_array().unwrap().iter().enumerate().map(one).collect();
    let batches = Batches::new(rows, BallotRule::SINGLE).unwrap();
    let pair = Assertion::new("a > b", [(0, Ratio::ONE), (1, Ratio::whole(-1))]).unwrap();
    let comparison = Comparison::new(&batches, &pair).unwrap();
    let all = batches.stations().len();
    for (how, way) in [("by ballots", Way::Ballots), ("by bounds", Way::Bounds)] {
        let sampler = comparison.sampler(way).unwrap();
        let stop = |run: u64| {
            let draws = sampler.without_replacement(&format!("power {run}"), all).unwrap();
            let mut test = comparison.test(way, false, Fraction(0.9)).unwrap();
            let place = draws.iter().position(|draw| {
                let own = &batches.stations()[draw.place];
                test.push(draw.place, &Finding::Counted { found: own.found, votes: own.votes.clone() }).unwrap();
                test.met(LIMIT)
            });
            place.map(|at| at as u64 + 1)
        };
        let draws: Vec<Option<u64>> = (0..100).map(stop).collect();
        show(what, how, &draws, all as u64);
    }
}

#[test]
fn on_the_same_data() {
    let Ok(path) = std::env::var("RECOUNT_AUDIT_POWER") else {
        println!("SKIPPED: RECOUNT_AUDIT_POWER names no file");
        return;
    };
    let all: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for (what, of) in all.as_object().unwrap() {
        match (of.get("stations"), of.get("share")) {
            (Some(_), _) => stations(what, of),
            (None, Some(_)) => polling(what, of),
            (None, None) => comparison(what, of),
        }
    }
}
