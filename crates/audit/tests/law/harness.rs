//! Random elections through whole rulebooks: whenever all needed assertions are true of another tally, the rulebook gives it the
//! same seats (and the same people); and whatever part of them is proved, its seats lie within the ranges that follow from that part.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support; not every file uses all of it"
)]
#![allow(clippy::cast_possible_truncation, reason = "small numbers")]

use std::collections::{BTreeMap, BTreeSet};

use recount_audit::BallotRule;
use recount_audit::law::{Asked, Choice, LawAudit, LawError, LineClass, Reported, Totals, audit_of};
use recount_seats::{List, Lots, Nominee, Outcome, Rulebook, RunOptions, Tally, Total, Unit, run_with};

pub const LISTS: usize = 5;
pub const REGIONS: [&str; 2] = ["r1", "r2"];

/// What is voted on.
#[derive(Clone, Copy)]
pub struct Setting {
    /// The head of the rulebook.
    pub head: &'static str,
    /// People of each list, where votes are for people; none: votes for lists.
    pub people: usize,
    /// Attributes of the list with this number.
    pub attributes: fn(usize) -> Vec<(&'static str, &'static str)>,
}

/// Votes for lists.
pub const LISTS_ONLY: Setting = Setting { head: HEAD, people: 0, attributes: |_| Vec::new() };

/// The head of a rulebook on votes for lists.
pub const HEAD: &str = r#"
schema = "recount-rulebook/1"
id = "made-up"
title = "Made up"
[units]
levels = ["national", "region"]
[contest.lists]
kind = "list"
[quantity.list_votes]
sum = ["lists"]
[quantity.took_part]
line = "voters_took_part"
"#;

pub fn rulebook(setting: Setting, stages: &str) -> Rulebook {
    Rulebook::parse(&format!("{}{stages}", setting.head)).unwrap_or_else(|why| panic!("{why:?}"))
}

/// Numbers (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }
}

/// Votes per region and list, and those who took part there.
pub type Votes = Vec<(Vec<u64>, u64)>;

fn ids(setting: Setting) -> Vec<String> {
    let people = |n| (0..setting.people).map(move |m| format!("l{n}c{m}"));
    (0..LISTS).flat_map(|n| if setting.people == 0 { vec![format!("l{n}")] } else { people(n).collect() }).collect()
}

pub fn tally(setting: Setting, votes: &Votes) -> Tally {
    let unit = |id: &str, level: &str| Unit { id: id.to_owned(), level: level.to_owned(), ..Unit::default() };
    let total = |(region, (votes, took)): (&&str, &(Vec<u64>, u64))| Total {
        contest: "lists".to_owned(),
        unit: (*region).to_owned(),
        votes: ids(setting).into_iter().zip(votes.iter().copied()).collect(),
        against_all: None,
        lines: BTreeMap::from([("voters_took_part".to_owned(), *took)]),
    };
    let list = |n: usize| List {
        id: format!("l{n}"),
        name: format!("l{n}"),
        attributes: (setting.attributes)(n).into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        ..List::default()
    };
    let nominee = |n: usize, m: usize| Nominee {
        id: format!("l{n}c{m}"),
        name: format!("l{n}c{m}"),
        contest: "lists".to_owned(),
        list: Some(format!("l{n}")),
        ..Nominee::default()
    };
    // People of the whole are found in its total.
    let sum = |at: usize| votes.iter().map(|(votes, _)| votes[at]).sum();
    let all: Vec<u64> = (0..ids(setting).len()).map(sum).collect();
    let took = votes.iter().map(|(_, took)| took).sum();
    let whole = (setting.people > 0).then(|| total((&"n", &(all, took))));
    let register = REGIONS.iter().zip([4, 3]);
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units: std::iter::once(unit("n", "national")).chain(REGIONS.iter().map(|id| unit(id, "region"))).collect(),
        lists: (0..LISTS).map(list).collect(),
        totals: REGIONS.iter().zip(votes).map(total).chain(whole).collect(),
        register: std::iter::once(("n".to_owned(), BTreeMap::from([("seats".to_owned(), 11)])))
            .chain(register.map(|(id, n)| {
                ((*id).to_owned(), BTreeMap::from([("seats".to_owned(), n), ("adjustment".to_owned(), 3)]))
            }))
            .collect(),
        nominees: (0..LISTS).flat_map(|n| (0..setting.people).map(move |m| nominee(n, m))).collect(),
        ballots: Vec::new(),
        missing: Vec::new(),
    }
}

pub fn seats(setting: Setting, rulebook: &Rulebook, votes: &Votes) -> Option<Outcome> {
    let options = RunOptions { readings: false, ..RunOptions::default() };
    let outcome = run_with(rulebook, &tally(setting, votes), &Lots::default(), &options).ok()?;
    outcome.undetermined.is_empty().then_some(outcome)
}

fn figures(setting: Setting, votes: &Votes) -> (Totals, BTreeMap<String, Totals>) {
    let of = |(votes, took): &(Vec<u64>, u64)| {
        let all: Vec<u64> = votes.iter().copied().chain([*took]).collect();
        Totals { votes: all, found: *took, cards: *took + 3 }
    };
    let units: BTreeMap<String, Totals> = REGIONS.iter().zip(votes).map(|(id, v)| ((*id).to_owned(), of(v))).collect();
    let mut whole = Totals { votes: vec![0; ids(setting).len() + 1], found: 0, cards: 0 };
    for unit in units.values() {
        whole.votes.iter_mut().zip(&unit.votes).for_each(|(sum, n)| *sum += n);
        whole.found += unit.found;
        whole.cards += unit.cards;
    }
    (whole, units)
}

pub fn audit(setting: Setting, rulebook: &Rulebook, votes: &Votes, outcome: &Outcome) -> Result<LawAudit, LawError> {
    let (whole, units) = figures(setting, votes);
    let choices =
        ids(setting).into_iter().map(Choice::List).chain([Choice::Line("voters_took_part".to_owned())]).collect();
    let reported = Reported { contest: "lists".to_owned(), choices, rule: BallotRule::SINGLE, whole, units };
    let classes = BTreeMap::from([("voters_took_part".to_owned(), LineClass::Document("the register".to_owned()))]);
    audit_of(Asked { rulebook, tally: &tally(setting, votes), outcome, reported: &reported, classes: &classes })
}

/// Which items are true of a tally.
pub fn truth(setting: Setting, audit: &LawAudit, votes: &Votes) -> Vec<bool> {
    let (whole, units) = figures(setting, votes);
    let holds = |item: &recount_audit::law::Item| {
        let frame = &audit.frames[item.frame];
        let totals = frame.unit.as_ref().map_or(&whole, |unit| &units[unit]);
        let own: Vec<u64> = frame.columns.iter().map(|at| totals.votes[*at]).collect();
        item.assertion.holds(&own, totals.found).unwrap()
    };
    audit.items.iter().map(holds).collect()
}

fn shaken(dice: &mut Dice, votes: &Votes, by: u64) -> Votes {
    let mut moved = |n: u64| (n + dice.below(by)).saturating_sub(dice.below(by));
    votes
        .iter()
        .map(|(votes, _)| {
            let votes: Vec<u64> = votes.iter().map(|n| moved(*n)).collect();
            let took = votes.iter().sum::<u64>() + moved(4);
            (votes, took)
        })
        .collect()
}

fn elections() -> u64 {
    std::env::var("RECOUNT_AUDIT_ELECTIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}

/// Who sits, by list and unit.
type Sitting = BTreeMap<(Option<String>, Option<String>), BTreeSet<Option<String>>>;

fn sitting(of: &Outcome) -> Sitting {
    let mut all = BTreeMap::new();
    for member in &of.members {
        let key = (member.list.clone(), member.unit.clone());
        let _ = all.entry(key).or_insert_with(BTreeSet::new).insert(member.candidate.clone());
    }
    all
}

/// The obligation of one rulebook on votes for lists.
pub fn obligations(what: &str, seed: u64, stages: &str) {
    obligations_in(LISTS_ONLY, what, seed, stages);
}

/// The obligation of one rulebook.
pub fn obligations_in(setting: Setting, what: &str, seed: u64, stages: &str) {
    obligations_of(setting, what, seed, &rulebook(setting, stages));
}

/// The obligation of one rulebook, whatever it is made of.
pub fn obligations_of(setting: Setting, what: &str, seed: u64, rulebook: &Rulebook) {
    if std::env::var("RECOUNT_AUDIT_ONLY").is_ok_and(|only| only != what) {
        return;
    }
    let mut dice = Dice(seed);
    let (mut tested, mut tries, mut partly, mut narrow) = (0, 0, 0_u64, 0_u64);
    let (each, mut people, mut left) = (setting.people.max(1), 0_u64, BTreeSet::new());
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    while tested < elections() {
        tries += 1;
        assert!(tries < 2_000 + elections() * 400, "{what}: only {tested} elections after {tries} tries: {refused:?}");
        let size = 20 + dice.below(80);
        let reported: Votes = REGIONS
            .iter()
            .map(|_| {
                let votes: Vec<u64> =
                    (0..LISTS * each).map(|n| dice.below(size / (1 + (n / each) as u64 / 2)) + 1).collect();
                let took = votes.iter().sum::<u64>() + dice.below(4);
                (votes, took)
            })
            .collect();
        let Some(outcome) = seats(setting, rulebook, &reported) else { continue };
        let audit = match audit(setting, rulebook, &reported, &outcome) {
            Ok(audit) => audit,
            Err(why @ (LawError::Audit(_) | LawError::Stage { .. })) => {
                *refused.entry(why.to_string()).or_default() += 1;
                continue;
            }
            Err(why) => panic!("{what}: {why}"),
        };
        left.extend(audit.leaves.iter().cloned());
        assert!(truth(setting, &audit, &reported).iter().all(|is| *is));
        for _ in 0..6 {
            let by = 1 + dice.below(size / 6 + 2);
            let actual = shaken(&mut dice, &reported, by);
            let Some(own) = seats(setting, rulebook, &actual) else { continue };
            let mut holds = truth(setting, &audit, &actual);
            let needed = |holds: &[bool]| audit.items.iter().zip(holds).all(|(item, is)| !item.needed || *is);
            if needed(&holds) {
                assert_eq!(own.seats, outcome.seats, "{what}: {reported:?} but {actual:?}");
                // In which units the seats of lists sit is not audited.
                let placed = |id: &str| {
                    rulebook.stage(id).is_some_and(|stage| matches!(stage.kind, recount_seats::StageKind::Place(_)))
                };
                let units = |of: &Outcome| {
                    of.stages.iter().filter(|s| !placed(&s.id)).map(|s| s.units.clone()).collect::<Vec<_>>()
                };
                let given =
                    |of: &Outcome| -> Vec<_> { units(of).into_iter().flatten().map(|u| (u.unit, u.seats)).collect() };
                assert_eq!(given(&own), given(&outcome), "{what}");
                if setting.people > 0 && audit.leaves.is_empty() {
                    people += u64::from(audit.items.iter().any(|item| item.people));
                    assert_eq!(sitting(&own), sitting(&outcome), "{what}: {reported:?} but {actual:?}");
                }
                tested += 1;
            }
            // Some of what is true was proved.
            let keep = 1 + dice.below(4);
            holds.iter_mut().for_each(|is| *is = *is && dice.below(4) < keep);
            let ranges = audit.ranges(&holds).unwrap();
            partly += 1;
            for list in &ranges.lists {
                let has = own.seats.get(&list.list).copied().unwrap_or(0);
                let names: Vec<&str> =
                    audit.items.iter().zip(&holds).filter(|i| *i.1).map(|i| i.0.assertion.name.as_str()).collect();
                assert!(
                    list.low <= has && has <= list.high,
                    "{what}: {list:?} but {has}; reported {reported:?}, actual {actual:?}, proved {names:?}"
                );
                narrow += u64::from(list.low > 0 || list.high < outcome.house);
            }
        }
    }
    println!(
        "{what}: 0 of {tested} violated; {partly} partial certificates held, {narrow} of {} ranges say something",
        partly * LISTS as u64
    );
    if setting.people > 0 {
        println!("{what}: who sits was compared {people} times");
        assert!(people > tested / 4, "{what}: who sits was compared {people} times only: {left:?}");
    }
}
