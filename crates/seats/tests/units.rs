//! Allocations that work unit by unit, give seats to units, or split a list's seats among units, on
//! figures small enough for a pencil.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::collections::BTreeMap;
use std::fmt::Write;

use recount_seats::{Lot, Lots, Outcome, Refusal, Rulebook, StepKind, Tally, run};

const HEAD: &str = "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n\
    [units]\nlevels = [\"national\", \"region\", \"district\"]\n[register]\ndistrict.seats = \"as in the law\"\n\
    region.population = \"people\"\n[contest.lists]\nkind = \"list\"\n[contest.seats]\nkind = \"candidate\"\n\
    [quantity.votes]\nsum = [\"lists\"]\n";
const DHONDT: &str = "formula = { family = \"divisor\", rule = \"dhondt\" }";

fn rulebook(stages: &str) -> Rulebook {
    let text = format!("{HEAD}{stages}").replace("DHONDT", DHONDT);
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Districts as `(id, region, seats, [votes of A, B, C])`.
fn tally(districts: &[(&str, &str, u64, [u64; 3])]) -> Tally {
    let (mut units, mut totals, mut register) = (String::new(), Vec::new(), Vec::new());
    let regions: BTreeMap<&str, u64> = districts.iter().map(|(_, region, seats, _)| (*region, *seats)).collect();
    for (region, population) in &regions {
        let _ = write!(units, r#"{{"id":"{region}","level":"region"}},"#);
        register.push(format!(r#""{region}":{{"population":{population}}}"#));
    }
    for (id, region, seats, [a, b, c]) in districts {
        let _ = write!(units, r#"{{"id":"{id}","level":"district","parent":"{region}"}},"#);
        totals.push(format!(r#"{{"contest":"lists","unit":"{id}","votes":{{"A":{a},"B":{b},"C":{c}}}}}"#));
        register.push(format!(r#""{id}":{{"seats":{seats}}}"#));
    }
    let text = format!(
        r#"{{"schema":"recount-tally/1","units":[{}],"lists":[{{"id":"A","name":"A"}},{{"id":"B","name":"B"}},
        {{"id":"C","name":"C"}}],"totals":[{}],"register":{{{}}}}}"#,
        units.trim_end_matches(','),
        totals.join(","),
        register.join(",")
    );
    Tally::parse(&text).unwrap()
}

fn outcome(stages: &str, districts: &[(&str, &str, u64, [u64; 3])]) -> Result<Outcome, Refusal> {
    run(&rulebook(stages), &tally(districts), &Lots::none())
}

fn seats(outcome: &Outcome) -> Vec<u64> {
    outcome.seats.values().copied().collect()
}

const TWO: [(&str, &str, u64, [u64; 3]); 2] = [("d1", "r1", 3, [600, 300, 20]), ("d2", "r1", 2, [100, 400, 30])];
const PER: &str = "[[stage]]\nid = \"d\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"district\"\nseats = { from = \"district.seats\" }\nDHONDT\n";

#[test]
fn lists_in_each_district_with_seats_of_the_register() {
    let outcome = outcome(PER, &TWO).unwrap();
    // d1: A 600, 300 and B 300; d2: B 400, 200.
    assert_eq!(seats(&outcome), [2, 3, 0]);
    assert_eq!(outcome.house, 5);
    let units = &outcome.stages[0].units;
    assert_eq!((units[0].unit.as_str(), units[0].seats["A"], units[0].seats["B"]), ("d1", 2, 1));
    assert_eq!(units[1].seats, BTreeMap::from([("B".into(), 2)]));
    assert!(outcome.steps.iter().all(|step| step.unit.is_some()));
}

#[test]
fn a_threshold_in_the_own_district_admits_there_alone() {
    let admit = "[[stage]]\nid = \"in\"\nkind = \"admit\"\ncontest = \"lists\"\n\
        when = { any = [ { share = { base = \"votes\", in = \"district\", at_least = \"3/10\" } }, { rank = { in = \"district\", at_most = 1 } } ] }\n";
    let stages = format!("{admit}{}", PER.replace("per =", "contenders = \"in\"\nper ="));
    let outcome = outcome(&stages, &TWO).unwrap();
    // A has 100 of 530 in d2: out there, in at d1.
    assert_eq!(seats(&outcome), [2, 3, 0]);
    assert_eq!(outcome.admission[0].units, ["d1"]);
    assert_eq!(outcome.admission[1].units, ["d1", "d2"]);
    assert!(!outcome.admission[2].admitted);
    // The same admission cannot serve seats of the whole.
    let whole = format!("{admit}[[stage]]\nid = \"s\"\nkind = \"allocate\"\ncontenders = \"in\"\nseats = 3\nDHONDT\n");
    let refused = run(&rulebook(&whole), &tally(&TWO), &Lots::none()).unwrap_err();
    assert!(matches!(refused, Refusal::AdmittedElsewhere { .. }), "{refused}");
}

#[test]
fn lists_that_take_part_as_one_are_named_in_each_district() {
    let stages = "[[stage]]\nid = \"in\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = { votes = { at_least = 1 } }\n\
        [[stage]]\nid = \"joined\"\nkind = \"group\"\ncontenders = \"in\"\n"
        .to_owned()
        + &PER.replace("DHONDT", "contenders = \"joined\"\nDHONDT");
    let mut tally = tally(&TWO);
    for list in tally.lists.iter_mut().skip(1) {
        list.attributes.insert("group".to_owned(), "g".to_owned());
    }
    let outcome = run(&rulebook(&stages), &tally, &Lots::none()).unwrap();
    // d1: A 600, 300 (before 200), B and C together 320, all of it B's; d2: together 430, 215.
    assert_eq!(seats(&outcome), [2, 3, 0]);
    let won = outcome.steps.iter().filter(|step| step.what == StepKind::Quotient && step.list != "A");
    let won: Vec<(&str, &str)> = won.map(|step| (step.unit.as_deref().unwrap(), step.list.as_str())).collect();
    assert_eq!(won, [("d1", "B + C"), ("d1", "B"), ("d2", "B + C"), ("d2", "B + C"), ("d2", "B"), ("d2", "B")]);
    assert!(outcome.steps.iter().all(|step| outcome.names.contains_key(step.list.as_str())));
    let over = outcome.steps.iter().filter_map(|step| step.over.as_ref());
    assert!(over.clone().count() > 0 && over.clone().all(|rival| outcome.names.contains_key(rival.list.as_str())));
}

#[test]
fn seats_to_regions_by_population_and_by_votes_then_to_lists() {
    let stages = "[[stage]]\nid = \"shares\"\nkind = \"allocate\"\ncontenders = \"units:district\"\ncontest = \"lists\"\n\
        seats = 5\nDHONDT\n[[stage]]\nid = \"d\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"district\"\n\
        seats = { from = \"shares\" }\nDHONDT\n";
    let outcome = outcome(stages, &TWO).unwrap();
    // 920 and 530 votes: 920, 530, 460, 306.7, 265.
    assert_eq!(outcome.stages[0].unit_seats, BTreeMap::from([("d1".into(), 3), ("d2".into(), 2)]));
    assert_eq!(seats(&outcome), [2, 3, 0]);
    let population = "[[stage]]\nid = \"p\"\nkind = \"allocate\"\ncontenders = \"units:region\"\n\
        weights = \"region.population\"\nseats = 4\nDHONDT\n";
    let districts = [("d1", "r1", 3, [1, 0, 0]), ("d2", "r2", 1, [1, 0, 0])];
    let outcome = run(&rulebook(population), &tally(&districts), &Lots::none()).unwrap();
    assert_eq!(outcome.stages[0].unit_seats, BTreeMap::from([("r1".into(), 3), ("r2".into(), 1)]));
}

#[test]
fn each_lists_seats_among_districts_with_a_floor() {
    let stages = format!(
        "{PER}[[stage]]\nid = \"all\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 10\nDHONDT\n\
         [[stage]]\nid = \"split\"\nkind = \"allocate\"\nper = \"party\"\ncontenders = \"units:district\"\n\
         weights = \"lists\"\nseats = {{ from = \"all\" }}\nat_least = \"d\"\n\
         formula = {{ family = \"divisor\", rule = \"sainte_lague\" }}\n"
    );
    let outcome = outcome(&stages, &TWO).unwrap();
    // All: 700, 700, 50 in ten seats: 5, 5, 0. A: 600 and 100: 600, 200, 120, 100 (d2), 85.7.
    assert_eq!(seats(&outcome), [5, 5, 0]);
    let rows = &outcome.stages[2].units;
    assert_eq!((rows[0].seats["A"], rows[1].seats["A"]), (4, 1));
    assert_eq!((rows[0].seats["B"], rows[1].seats["B"]), (2, 3));
}

#[test]
fn quotients_continue_from_seats_held() {
    let stages = format!(
        "{PER}[[stage]]\nid = \"more\"\nkind = \"allocate\"\ncontest = \"lists\"\nstart = \"d\"\nseats = 2\nDHONDT\n"
    );
    let outcome = outcome(&stages, &TWO).unwrap();
    // A 700/3, 700/4; B 700/4; C 50/1: A, then A and B tied at 175.
    assert_eq!(outcome.house, 7);
    assert_eq!(outcome.undetermined.len(), 1);
    assert_eq!(seats(&outcome), [3, 3, 0]);
    assert_eq!(outcome.undetermined[0].held["A"], 3);
}

#[test]
fn remainders_of_districts_are_pooled() {
    let stages = "[[stage]]\nid = \"first\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"district\"\n\
        seats = { from = \"district.seats\" }\n\
        formula = { family = \"quota\", quota = \"hare\", rounding = \"floor\", remainder = \"none\" }\n\
        [[stage]]\nid = \"second\"\nkind = \"allocate\"\ncontest = \"lists\"\nvotes = { remainders_of = \"first\" }\n\
        seats = { left_by = \"first\" }\nstart = \"first\"\n\
        formula = { family = \"quota\", quota = \"hare\", remainder = \"largest_fraction\" }\n";
    let outcome = outcome(stages, &TWO).unwrap();
    // d1: quota 306: A 1 (294 left), B 0 (300), C 20; d2: quota 265: A 0 (100), B 1 (135), C 30.
    // Three seats left; pooled 394, 435, 50; quota 293: A 1 (101), B 1 (142); the third to B.
    assert_eq!(outcome.stages[0].vacant, 3);
    assert_eq!(seats(&outcome), [2, 3, 0]);
    assert_eq!((outcome.house, outcome.vacant), (5, 0));
}

#[test]
fn a_tie_and_its_lot_name_the_district() {
    let districts = [("d1", "r1", 1, [100, 100, 20]), ("d2", "r1", 1, [100, 100, 30])];
    let stages = PER.replace("DHONDT", "DHONDT\nties = [\"lot\"]");
    let open = outcome(&stages, &districts).unwrap();
    assert_eq!(seats(&open), [0, 0, 0]);
    assert_eq!(open.undetermined[0].unit.as_deref(), Some("d1"));
    let lot = |unit: &str, drawn: &str| Lot {
        list: None,
        stage: "d".into(),
        unit: Some(unit.into()),
        between: ["A".into(), "B".into()].into(),
        drawn: vec![drawn.into()],
    };
    let with = |lots: Vec<Lot>| run(&rulebook(&stages), &tally(&districts), &Lots::new(lots));
    assert_eq!(seats(&with(vec![lot("d1", "A"), lot("d2", "B")]).unwrap()), [1, 1, 0]);
    assert_eq!(with(vec![lot("d1", "A")]).unwrap().undetermined[0].unit.as_deref(), Some("d2"));
    let superfluous = with(vec![lot("d1", "A"), lot("d2", "A"), lot("r1", "A")]).unwrap_err();
    assert!(matches!(superfluous, Refusal::SuperfluousLot { .. }), "{superfluous}");
}

#[test]
fn what_is_not_in_the_tally_is_refused() {
    let mut tally = tally(&TWO);
    tally.register.remove("d2");
    let refused = run(&rulebook(PER), &tally, &Lots::none()).unwrap_err();
    assert!(matches!(&refused, Refusal::RegisterMissing { unit, .. } if unit == "d2"), "{refused}");
    let huge = [("d1", "r1", u64::MAX, [600, 300, 20])];
    assert!(matches!(outcome(PER, &huge).unwrap_err(), Refusal::TooManySeats { .. }));
    let empty = [("d1", "r1", 1, [0, 0, 0])];
    assert!(matches!(outcome(PER, &empty).unwrap_err(), Refusal::NoVotes { .. }));
}

#[test]
fn what_does_not_fit_together_is_refused_when_read() {
    for (stages, part) in [
        (PER.replace("per = \"district\"", "per = \"village\""), "village"),
        (PER.replace("per = \"district\"", "per = \"party\""), "do not fit"),
        (PER.replace("per = \"district\"\n", ""), "register's seats"),
        (PER.replace("district.seats", "district.chairs"), "chairs"),
        (PER.replace("per =", "weights = \"votes\"\nper ="), "weights"),
        (PER.replace("per =", "start = \"nothing\"\nper ="), "nothing"),
    ] {
        let text = format!("{HEAD}{stages}").replace("DHONDT", DHONDT);
        let error = Rulebook::parse(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_tie_in_a_district_is_drawn_even_where_the_whole_levels_it_out() {
    // Whoever wins d2, the national seats are the same: but another list sits for the district.
    let districts = [("d1", "r1", 1, [500, 100, 20]), ("d2", "r1", 1, [100, 100, 30])];
    let national = "[[stage]]\nid = \"all\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 8\nDHONDT\n\
        [[stage]]\nid = \"level\"\nkind = \"compensate\"\nof = \"all\"\nheld = \"d\"\noverhang = \"exclude_rerun\"\n";
    let stages = format!("{}{national}", PER.replace("DHONDT", "DHONDT\nties = [\"lot\"]"));
    let open = outcome(&stages, &districts).unwrap();
    assert_eq!(open.undetermined.iter().map(|tie| tie.unit.as_deref()).collect::<Vec<_>>(), [Some("d2")]);
    assert_eq!(seats(&open), [6, 2, 0]);
}

/// Denmark in small: three regions of five constituencies with nine seats each. Everywhere 90,000 votes; X has
/// `votes` of them in each constituency of the regions named.
fn denmark(votes: &[(&str, u64)]) -> Outcome {
    use serde_json::json;
    let (mut units, mut totals, mut register) = (Vec::new(), Vec::new(), serde_json::Map::new());
    for region in ["east", "north", "west"] {
        let x = votes.iter().find(|(name, _)| *name == region).map_or(0, |(_, votes)| *votes);
        let poll = |of: u64| json!({"A": (50_000 - x) * of, "B": 40_000 * of, "X": x * of});
        units.push(json!({"id": region, "level": "region"}));
        totals.push(json!({"contest": "lists", "unit": region, "votes": poll(5)}));
        register.insert(region.to_owned(), json!({"levelling": 14}));
        for number in 1..=5 {
            let id = format!("{region}{number}");
            units.push(json!({"id": id, "level": "constituency", "parent": region}));
            totals.push(json!({"contest": "lists", "unit": id, "votes": poll(1)}));
            register.insert(id, json!({"seats": 9}));
        }
    }
    let lists = ["A", "B", "X"].map(|id| json!({"id": id, "name": id}));
    let tally = json!({"schema": "recount-tally/1", "units": units, "lists": lists, "totals": totals,
        "register": register});
    let law = Rulebook::parse(include_str!("../../../rulebooks/dk-folketing.toml")).unwrap();
    run(&law, &Tally::parse(&tally.to_string()).unwrap(), &Lots::none()).unwrap()
}

#[test]
fn votes_for_a_seat_in_two_of_three_danish_regions_let_a_list_in() {
    // A region has 450,000 votes and 45 constituency seats: 10,000 votes for each.
    let takes_part = |outcome: &Outcome| outcome.admission.iter().find(|one| &*one.list == "X").unwrap().admitted;
    let edge = denmark(&[("east", 2_000), ("west", 2_000)]);
    let x = edge.admission.iter().find(|one| &*one.list == "X").unwrap();
    assert!(x.admitted, "10,000 votes in each of two regions");
    let of = |unit: &str| x.tests.iter().find(|test| &*test.unit == unit && &*test.share == "1/45").unwrap();
    assert_eq!((of("east").needed, of("east").margin, of("east").passed), (10_000, 0, true));
    assert_eq!((of("north").votes, of("north").passed), (0, false));
    let share = x.tests.iter().find(|test| &*test.unit == "national" && &*test.share == "2/100").unwrap();
    assert!(!share.passed, "20,000 of 1,350,000 are less than 2 percent");
    // 94.63, 77.78 and 2.59 of 175: the two largest fractions are those of the others.
    let national = edge.stages.iter().find(|stage| stage.id == "national").unwrap();
    assert_eq!(national.seats.values().copied().collect::<Vec<_>>(), [95, 78, 2]);
    assert!(!takes_part(&denmark(&[("east", 2_000), ("west", 1_999)])), "one vote for each constituency short");
    assert!(!takes_part(&denmark(&[("east", 4_000)])), "one region is not enough");
    let said = edge.describe();
    assert!(said.contains("450,000 × 1/45 = 10,000"), "{said}");
}

#[test]
fn an_average_for_a_seat_needs_a_stage_with_seats_there() {
    let admit = "[[stage]]\nid = \"in\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = { votes_per_seat = \
                 { base = \"votes\", stage = \"d\", in = \"region\", units = 1 } }\n";
    let read = |stages: String| Rulebook::parse(&format!("{HEAD}{stages}").replace("DHONDT", DHONDT));
    let both = format!("{PER}{admit}");
    assert!(read(both.clone()).is_ok());
    for (stages, part) in [
        (both.replace("stage = \"d\"", "stage = \"e\""), "stage before this one"),
        (both.replace("base = \"votes\"", "base = \"none\""), "no base `none`"),
        (both.replace("in = \"region\"", "in = \"national\""), "level below the whole"),
        (both.replace("units = 1", "units = 0"), "in no unit"),
    ] {
        let error = read(stages).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    // Totals of districts alone: no figures of regions.
    let districts = [("d1", "r1", 3, [500, 100, 20])];
    assert!(matches!(outcome(&both, &districts).unwrap_err(), Refusal::NoUnitTotals { .. }));
}
