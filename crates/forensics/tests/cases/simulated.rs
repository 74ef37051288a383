//! False-positive rates and power on simulated elections of 2,000 stations.

use recount_forensics::{
    calibrate::{Check, Counts, Design, Plan},
    random::Random,
    simulate::{Alteration, Recipe},
};
use serde_json::{Value, json};

use crate::{Trouble, data::Library};

const CHECKS: [(&str, Check); 6] = [
    ("int_either", Check::IntegerEither),
    ("int_turnout", Check::IntegerTurnout),
    ("last_digit", Check::LastDigit),
    ("second_digit_2BL", Check::SecondDigit),
    ("last_two_rep", Check::RepeatedPairs),
    ("turnout_share_corr", Check::Correlation),
];

const STATIONS: usize = 2000;

/// Where the sizes of the stations of a design come from, by its word.
enum Sizes {
    Pool(Vec<u32>),
    Narrow,
    Lognormal,
}

impl Sizes {
    fn of(word: &str, library: &mut Library) -> Result<Self, Trouble> {
        match word {
            "real2018" => {
                let input = json!({"inputs": ["dkobak/elections data/2018.csv.zip"]});
                let election = library.input(&input, 0)?;
                let all = election.table.stations.iter().map(|s| s.registered);
                Ok(Self::Pool(all.filter(|n| (20..=3500).contains(n)).collect()))
            }
            "narrow" => Ok(Self::Narrow),
            "lognormal" => Ok(Self::Lognormal),
            other => Err(Trouble::Failed(format!("station sizes `{other}` are not known"))),
        }
    }

    fn draw(&self, random: &mut Random) -> u32 {
        match self {
            Self::Pool(pool) => pool[random.below(pool.len())],
            Self::Narrow => 200 + u32::try_from(random.below(201)).unwrap(),
            Self::Lognormal => {
                let size = libm::exp(6.0 + 1.2 * random.normal()).clamp(20.0, 20_000.0);
                format!("{:.0}", size.floor()).parse().unwrap()
            }
        }
    }
}

/// Simulates `count` elections, each with sizes of its own.
fn run(sizes: &Sizes, rho: f64, count: u64, altered: Option<(Alteration, f64)>) -> Counts {
    let checks = CHECKS.map(|(_, check)| check);
    let one = |number: u64| {
        let mut random = Random::stream(77, number);
        let sizes: Vec<u32> = (0..STATIONS).map(|_| sizes.draw(&mut random)).collect();
        let design = Design::new(&sizes, &[], Recipe { rho, ..Recipe::default() }, 0.05);
        design.run(Plan { seed: 5, first: number, count: 1, altered }, &checks)
    };
    let mut counts = one(0);
    for number in 1..count {
        assert!(counts.add(&one(number)));
    }
    counts
}

fn compare(label: &str, expected: &Value, counts: &Counts, allowed: impl Fn(f64) -> f64, wrong: &mut Vec<String>) {
    for (word, rate) in expected.as_object().into_iter().flatten() {
        let Some((_, check)) = CHECKS.iter().find(|(own, _)| own == word) else {
            wrong.push(format!("{label} {word} was not computed"));
            continue;
        };
        let (expected, got) = (rate.as_f64().unwrap(), counts.rate(*check));
        if (expected - got).abs() > allowed(expected) {
            wrong.push(format!("{label} {word}: {got:.4}, expected {expected} within {:.3}", allowed(expected)));
        }
    }
}

fn verdict(wrong: Vec<String>) -> Result<(), Trouble> {
    if wrong.is_empty() { Ok(()) } else { Err(Trouble::Failed(wrong.join("; "))) }
}

/// A named case file gets the full number of simulated elections, a run on the side fewer of them.
fn full() -> bool {
    std::env::var("RECOUNT_FORENSICS_CASES").is_ok()
}

pub fn clean(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    // The reference figures are of 300 elections; so many of our own leave nearly all of the stated band to theirs.
    let elections = if full() { 4000 } else { 200 };
    let mut wrong = Vec::new();
    for (label, expected) in case["expected"].as_object().into_iter().flatten() {
        let (word, rho) = label.split_once("/rho").ok_or_else(|| Trouble::Failed(label.clone()))?;
        let rho: f64 = rho.parse().map_err(|_| Trouble::Failed(label.clone()))?;
        let counts = run(&Sizes::of(word, library)?, rho, elections, None);
        // The stated band is the 99 % one of 300 elections at 5 %; at other rates and for our own elections, the same.
        let band = |p: f64| 2.576 * (p * (1.0 - p) * (1.0 / 300.0 + 1.0 / elections as f64)).sqrt();
        compare(label, expected, &counts, |p| band(p.max(0.05)).max(0.033), &mut wrong);
        for check in [Check::IntegerEither, Check::IntegerTurnout] {
            let rate = counts.rate(check);
            if full() && !(0.02..=0.09).contains(&rate) {
                wrong.push(format!("{label} {check:?}: rate {rate} is not a level of 5 %"));
            }
        }
    }
    verdict(wrong)
}

pub fn power(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let sizes = Sizes::of("real2018", library)?;
    let elections = if full() { 1000 } else { 60 };
    let mut wrong = Vec::new();
    for (label, expected) in case["expected"].as_object().into_iter().flatten() {
        let bad = || Trouble::Failed(format!("`{label}` is not understood"));
        let (word, fraction) = label.split_once('/').ok_or_else(bad)?;
        let alteration = match word {
            "stuff" => Alteration::Stuff,
            "steal" => Alteration::Steal,
            "round5" => Alteration::RoundFive,
            "rewrite" => Alteration::Rewrite,
            "invent" => Alteration::Invent,
            _ => return Err(bad()),
        };
        let counts = run(&sizes, 0.0, elections, Some((alteration, fraction.parse().map_err(|_| bad())?)));
        let noise = |p: f64| 2.6 * (p.clamp(0.1, 0.9) * (1.0 - p.clamp(0.1, 0.9)) / elections as f64).sqrt();
        compare(label, expected, &counts, |p| if full() { 0.15 } else { 0.15 + noise(p) }, &mut wrong);
    }
    verdict(wrong)
}
