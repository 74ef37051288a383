//! Whole rulebooks: on random elections, if every needed assertion of a reported result is true of another tally, the
//! rulebook gives that tally the same seats, in every unit; and whatever part of the assertions is true of it, its
//! seats lie within the ranges that follow from that part. Seats come from `recount-seats`.
//!
//! `RECOUNT_AUDIT_ELECTIONS` sets the number of elections per rulebook (200 by default, 100,000 in the long version),
//! `RECOUNT_AUDIT_ONLY` names the one rulebook to be tried.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "test support"
)]

use std::collections::BTreeMap;

use recount_audit::BallotRule;
use recount_audit::law::{Asked, Choice, LawAudit, LawError, LineClass, Reported, Totals, audit_of};
use recount_seats::{List, Lots, Outcome, Rulebook, RunOptions, Tally, Total, Unit, run_with};

const LISTS: usize = 5;
const REGIONS: [&str; 2] = ["r1", "r2"];

const HEAD: &str = r#"
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

fn rulebook(stages: &str) -> Rulebook {
    Rulebook::parse(&format!("{HEAD}{stages}")).unwrap_or_else(|why| panic!("{why:?}"))
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
type Votes = Vec<(Vec<u64>, u64)>;

fn ids() -> Vec<String> {
    (0..LISTS).map(|n| format!("l{n}")).collect()
}

fn tally(votes: &Votes) -> Tally {
    let unit = |id: &str, level: &str| Unit { id: id.to_owned(), level: level.to_owned(), ..Unit::default() };
    let total = |(region, (votes, took)): (&&str, &(Vec<u64>, u64))| Total {
        contest: "lists".to_owned(),
        unit: (*region).to_owned(),
        votes: ids().into_iter().zip(votes.iter().copied()).collect(),
        against_all: None,
        lines: BTreeMap::from([("voters_took_part".to_owned(), *took)]),
    };
    let register = REGIONS.iter().zip([4, 3]);
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units: std::iter::once(unit("n", "national")).chain(REGIONS.iter().map(|id| unit(id, "region"))).collect(),
        lists: ids().into_iter().map(|id| List { name: id.clone(), id, ..List::default() }).collect(),
        totals: REGIONS.iter().zip(votes).map(total).collect(),
        register: register.map(|(id, n)| ((*id).to_owned(), BTreeMap::from([("seats".to_owned(), n)]))).collect(),
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: Vec::new(),
    }
}

fn seats(rulebook: &Rulebook, votes: &Votes) -> Option<Outcome> {
    let options = RunOptions { readings: false, ..RunOptions::default() };
    let outcome = run_with(rulebook, &tally(votes), &Lots::default(), &options).ok()?;
    outcome.undetermined.is_empty().then_some(outcome)
}

fn figures(votes: &Votes) -> (Totals, BTreeMap<String, Totals>) {
    let of = |(votes, took): &(Vec<u64>, u64)| {
        let all: Vec<u64> = votes.iter().copied().chain([*took]).collect();
        Totals { votes: all, found: *took, cards: *took + 3 }
    };
    let units: BTreeMap<String, Totals> = REGIONS.iter().zip(votes).map(|(id, v)| ((*id).to_owned(), of(v))).collect();
    let mut whole = Totals { votes: vec![0; LISTS + 1], found: 0, cards: 0 };
    for unit in units.values() {
        whole.votes.iter_mut().zip(&unit.votes).for_each(|(sum, n)| *sum += n);
        whole.found += unit.found;
        whole.cards += unit.cards;
    }
    (whole, units)
}

fn audit(rulebook: &Rulebook, votes: &Votes, outcome: &Outcome) -> Result<LawAudit, LawError> {
    let (whole, units) = figures(votes);
    let choices = ids().into_iter().map(Choice::List).chain([Choice::Line("voters_took_part".to_owned())]).collect();
    let reported = Reported { contest: "lists".to_owned(), choices, rule: BallotRule::SINGLE, whole, units };
    let classes = BTreeMap::from([("voters_took_part".to_owned(), LineClass::Document("the register".to_owned()))]);
    audit_of(Asked { rulebook, tally: &tally(votes), outcome, reported: &reported, classes: &classes })
}

/// Which items are true of a tally.
fn truth(audit: &LawAudit, votes: &Votes) -> Vec<bool> {
    let (whole, units) = figures(votes);
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

fn obligations(what: &str, seed: u64, stages: &str) {
    if std::env::var("RECOUNT_AUDIT_ONLY").is_ok_and(|only| only != what) {
        return;
    }
    let rulebook = rulebook(stages);
    let mut dice = Dice(seed);
    let (mut tested, mut tries, mut partly, mut narrow) = (0, 0, 0_u64, 0_u64);
    while tested < elections() {
        tries += 1;
        assert!(tries < 2_000 + elections() * 400, "{what}: only {tested} elections after {tries} tries");
        let size = 20 + dice.below(80);
        let reported: Votes = REGIONS
            .iter()
            .map(|_| {
                let votes: Vec<u64> = (0..LISTS).map(|n| dice.below(size / (1 + n as u64 / 2)) + 1).collect();
                let took = votes.iter().sum::<u64>() + dice.below(4);
                (votes, took)
            })
            .collect();
        let Some(outcome) = seats(&rulebook, &reported) else { continue };
        let audit = match audit(&rulebook, &reported, &outcome) {
            Ok(audit) => audit,
            Err(LawError::Audit(_) | LawError::Stage { .. }) => continue,
            Err(why) => panic!("{what}: {why}"),
        };
        assert!(truth(&audit, &reported).iter().all(|is| *is));
        for _ in 0..6 {
            let by = 1 + dice.below(size / 6 + 2);
            let actual = shaken(&mut dice, &reported, by);
            let Some(own) = seats(&rulebook, &actual) else { continue };
            let mut holds = truth(&audit, &actual);
            let needed = |holds: &[bool]| audit.items.iter().zip(holds).all(|(item, is)| !item.needed || *is);
            if needed(&holds) {
                assert_eq!(own.seats, outcome.seats, "{what}: {reported:?} but {actual:?}");
                let units = |of: &Outcome| of.stages.iter().map(|s| s.units.clone()).collect::<Vec<_>>();
                let given =
                    |of: &Outcome| -> Vec<_> { units(of).into_iter().flatten().map(|u| (u.unit, u.seats)).collect() };
                assert_eq!(given(&own), given(&outcome), "{what}");
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
}

const NATIONAL: &str = r#"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = WHEN
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = 11
formula = FORMULA
"#;

fn national(when: &str, formula: &str) -> String {
    NATIONAL.replace("WHEN", when).replace("FORMULA", formula)
}

const HARE: &str =
    r#"{ family = "quota", quota = "hare", over = "contenders", rounding = "exact", remainder = "largest_fraction" }"#;

fn kyrgyz() -> String {
    let when = r#"{ all = [
        { share = { base = "took_part", in = "national", at_least = "10/100" } },
        { share = { base = "took_part", in = "every region", at_least = "3/100" } } ] }"#;
    let cap = "[[stage]]\nid = \"cap\"\nkind = \"cap\"\nof = \"seats\"\nmax_seats = 6\nredistribute = { stage = \"seats\", without = \"capped\" }\n";
    format!("{}{cap}", national(when, HARE).replace("seats = 11", "seats = 10"))
}

#[test]
fn kyrgyz_thresholds_of_who_took_part_with_floors_in_every_region() {
    obligations("took part, floors, Hare, cap", 101, &kyrgyz());
}

/// One list meets the floors in the boxes and is held at its cap: four seats stay vacant. Nobody may be said to have them
/// because nobody else could.
#[test]
fn seats_above_a_cap_can_stay_vacant() {
    let rulebook = rulebook(&kyrgyz());
    let reported: Votes = vec![(vec![90, 88, 42, 10, 20], 250), (vec![58, 4, 2, 2, 3], 72)];
    let actual: Votes = vec![(vec![87, 91, 40, 12, 18], 261), (vec![67, 0, 0, 12, 6], 87)];
    let outcome = seats(&rulebook, &reported).unwrap();
    let own = seats(&rulebook, &actual).unwrap();
    assert_eq!((own.seats.get("l0"), own.seats.values().sum::<u64>()), (Some(&6), 6));
    let audit = audit(&rulebook, &reported, &outcome).unwrap();
    let ranges = audit.ranges(&truth(&audit, &actual)).unwrap();
    for list in &ranges.lists {
        let has = own.seats.get(&list.list).copied().unwrap_or(0);
        assert!(list.low <= has && has <= list.high, "{list:?} but {has}");
    }
}

#[test]
fn largest_remainders_with_a_threshold_of_list_votes() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    obligations("Hare", 102, &national(when, HARE));
    obligations("Hagenbach-Bischoff", 103, &national(when, &HARE.replace("\"hare\"", "\"hagenbach_bischoff\"")));
}

#[test]
fn seats_left_over_in_turn() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    let formula = r#"{ family = "quota", quota = "hare", over = "all_lists", rounding = "exact", remainder = "most_votes_in_turn" }"#;
    obligations("in turn", 104, &national(when, formula));
    obligations("in turn, at least two each", 105, &national(when, &format!("{formula}\nminimum = 2")));
}

#[test]
fn highest_averages_with_either_of_two_conditions() {
    let when = r#"{ any = [
        { share = { base = "list_votes", in = "national", at_least = "12/100" } },
        { share = { base = "took_part", in = "any region", more_than = "20/100" } } ] }"#;
    for (n, rule) in ["dhondt", "sainte_lague", "danish", "imperiali"].into_iter().enumerate() {
        let formula = format!("{{ family = \"divisor\", rule = \"{rule}\" }}");
        obligations(rule, 110 + n as u64, &national(when, &formula));
    }
    let formula = r#"{ family = "divisor", rule = "modified_sainte_lague", first = "7/5" }"#;
    let not = r#"{ not = { rank = { at_most = 1 } } }"#;
    obligations("modified, without the first", 115, &national(not, formula));
}

#[test]
fn districts_with_thresholds_of_the_whole_and_of_their_own() {
    let stages = r#"
[register.region]
seats = "seats of the region"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = { share = { base = "list_votes", in = "WHERE", at_least = "10/100" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
per = "region"
seats = { from = "region.seats" }
formula = { family = "divisor", rule = "dhondt" }
"#;
    obligations("districts, threshold of the whole", 121, &stages.replace("WHERE", "national"));
    obligations("districts, thresholds of their own", 122, &stages.replace("WHERE", "region"));
    obligations(
        "districts, Hare",
        123,
        &stages.replace("WHERE", "region").replace("{ family = \"divisor\", rule = \"dhondt\" }", HARE),
    );
}

#[test]
fn seats_for_each_before_averages() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    let formula = |rule: &str| format!("{{ family = \"divisor\", rule = \"{rule}\" }}");
    obligations("Adams", 131, &national(when, &formula("adams")));
    obligations("Huntington-Hill", 132, &national(when, &formula("huntington_hill")));
    obligations("D'Hondt, at least two each", 133, &national(when, &format!("{}\nminimum = 2", formula("dhondt"))));
}

#[test]
fn quotas_in_whole_votes_and_quotas_that_give_too_much() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    let quota = |quota: &str, rounding: &str| {
        format!(
            "{{ family = \"quota\", quota = \"{quota}\", over = \"contenders\", {rounding} remainder = \"largest_fraction\", \
             over_allocation = \"subtract_smallest_remainder\" }}"
        )
    };
    obligations("Droop", 141, &national(when, &quota("droop", "")));
    for (n, rounding) in ["floor", "ceil", "half_up"].into_iter().enumerate() {
        let formula = quota("hare", &format!("rounding = \"{rounding}\","));
        obligations(&format!("Hare, {rounding}"), 142 + n as u64, &national(when, &formula));
    }
    obligations("Imperiali", 146, &national(when, &quota("imperiali", "rounding = \"exact\",")));
}

/// What cannot be proved is refused by name, never half proved.
#[test]
fn rules_without_a_known_set_are_refused() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "1/100" } }"#;
    let votes: Votes = vec![(vec![90, 60, 40, 20, 10], 225), (vec![80, 70, 30, 25, 9], 220)];
    for formula in [
        r#"{ family = "quota", quota = "hare", remainder = "highest_averages" }"#,
        r#"{ family = "quota", quota = "imperiali", over = "contenders", rounding = "exact", remainder = "largest_fraction" }"#,
        r#"{ family = "quota", quota = "droop", over = "all_lists", remainder = "largest_fraction" }"#,
    ] {
        let rulebook = rulebook(&national(when, formula));
        let outcome = seats(&rulebook, &votes).unwrap();
        match audit(&rulebook, &votes, &outcome) {
            Err(LawError::Stage { stage, why }) => assert!(stage == "seats" && !why.is_empty()),
            other => panic!("{formula}: {other:?}"),
        }
    }
}
