//! Stages of linked tiers, on elections small enough to check by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_seats::{Lots, Outcome, Refusal, Rulebook, Tally, run};
use serde_json::{Value, json};

const HEAD: &str = r#"
schema = "recount-rulebook/1"
id = "tiers"
title = "tiers"
[units]
levels = ["national", "land", "seat"]
[register]
land.seats = "seats"
land.room = "levelling seats"
[contest.lists]
kind = "list"
[contest.first]
kind = "list"
[quantity.valid]
line = "valid"
"#;

/// Seats of each Land by d'Hondt.
const BASE: &str = r#"
[[stage]]
id = "base"
kind = "allocate"
contest = "lists"
per = "land"
seats = { from = "land.seats" }
formula = { family = "divisor", rule = "dhondt" }
"#;

/// Each single seat to the most votes.
const DIRECT: &str = r#"
[[stage]]
id = "direct"
kind = "allocate"
contest = "first"
per = "seat"
seats = 1
formula = { family = "divisor", rule = "dhondt" }
"#;

/// Units with the votes of lists A, B, C; seats, room; single seats as (land, votes of A, votes of B, valid).
fn tally(lands: &[(&str, [u64; 3], u64, u64)], singles: &[(&str, u64, u64, u64)]) -> Tally {
    let mut units = Vec::new();
    let mut totals = Vec::new();
    let mut register = serde_json::Map::new();
    for (land, [a, b, c], seats, room) in lands {
        units.push(json!({"id": land, "level": "land"}));
        totals.push(json!({"contest": "lists", "unit": land, "votes": {"A": a, "B": b, "C": c}}));
        register.insert((*land).to_owned(), json!({"seats": seats, "room": room}));
    }
    for (place, (land, a, b, valid)) in singles.iter().enumerate() {
        let id = format!("{place}");
        units.push(json!({"id": id, "level": "seat", "parent": land}));
        totals.push(json!({"contest": "first", "unit": id, "votes": {"A": a, "B": b}, "lines": {"valid": valid}}));
    }
    let lists: Vec<Value> = ["A", "B", "C"].iter().map(|list| json!({"id": list, "name": list})).collect();
    let tally =
        json!({"schema": "recount-tally/1", "units": units, "lists": lists, "totals": totals, "register": register});
    Tally::parse(&tally.to_string()).unwrap()
}

fn rulebook(stages: &[&str]) -> Rulebook {
    let text = format!("{HEAD}{}", stages.concat());
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn outcome(rulebook: &Rulebook, tally: &Tally) -> Outcome {
    run(rulebook, tally, &Lots::none()).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn lot(stage: &str, unit: &str, between: &[&str], drawn: &[&str]) -> Lots {
    serde_json::from_value(json!([{"stage": stage, "unit": unit, "between": between, "drawn": drawn}])).unwrap()
}

/// Seats of a list in a unit after the last stage.
fn cell(outcome: &Outcome, unit: &str, list: &str) -> u64 {
    let stage = outcome.stages.iter().rfind(|stage| !stage.units.is_empty()).unwrap();
    let unit = stage.units.iter().find(|other| other.unit == unit).unwrap();
    unit.seats.get(list).copied().unwrap_or(0)
}

const BIPROPORTIONAL: &str = r#"
[[stage]]
id = "seats"
kind = "biproportional"
contest = "lists"
in = "land"
seats = { from = "land.seats" }
voters = "votes"
formula = { family = "divisor", rule = "sainte_lague" }
ties = ["lot"]
"#;

#[test]
fn biproportional_seats_have_both_totals_and_their_divisors() {
    let rulebook = rulebook(&[BIPROPORTIONAL]);
    let outcome = outcome(&rulebook, &tally(&[("x", [90, 30, 0], 3, 0), ("y", [20, 70, 10], 2, 0)], &[]));
    assert!(outcome.undetermined.is_empty());
    assert_eq!((outcome.seats["A"], outcome.seats["B"], outcome.house), (3, 2, 5));
    // The other table with these totals, 3 and 0 in x, has the larger product of (2k-1)/votes.
    assert_eq!((cell(&outcome, "x", "A"), cell(&outcome, "x", "B"), cell(&outcome, "y", "B")), (2, 1, 1));
    assert_eq!(outcome.stages[0].divisors.len(), 5);
}

#[test]
fn a_circle_of_equal_seats_is_a_tie_that_one_lot_settles() {
    let rulebook = rulebook(&[BIPROPORTIONAL]);
    let tally = tally(&[("x", [5, 5, 0], 1, 0), ("y", [5, 5, 0], 1, 0)], &[]);
    let open = outcome(&rulebook, &tally);
    assert_eq!(open.undetermined.len(), 1);
    let tie = &open.undetermined[0];
    assert_eq!((tie.unit.as_deref(), tie.between.as_slice(), tie.seats), (Some("x"), &["A".into(), "B".into()][..], 1));
    for (drawn, other) in [("A", "B"), ("B", "A")] {
        let settled = run(&rulebook, &tally, &lot("seats", "x", &["A", "B"], &[drawn])).unwrap();
        assert!(settled.undetermined.is_empty());
        assert_eq!((cell(&settled, "x", drawn), cell(&settled, "y", other)), (1, 1));
    }
    let foreign = run(&rulebook, &tally, &lot("seats", "y", &["A", "B"], &["A"]));
    assert!(matches!(foreign, Err(Refusal::SuperfluousLot { .. })), "{foreign:?}");
}

#[test]
fn totals_that_no_seats_can_have_are_refused_with_their_reason() {
    // x votes for A alone and has two seats; A has one in the whole.
    let rulebook = rulebook(&[BIPROPORTIONAL]);
    let refused = run(&rulebook, &tally(&[("x", [10, 0, 0], 2, 0), ("y", [0, 95, 0], 1, 0)], &[]), &Lots::none());
    let Err(Refusal::NoBiproportionalSeats { units, lists, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!((units.as_str(), lists.as_str()), ("x", "A"));
}

const PLACED: &str = r#"
[[stage]]
id = "whole"
kind = "allocate"
contest = "lists"
start = "base"
seats = 1
formula = { family = "divisor", rule = "dhondt" }
[[stage]]
id = "placed"
kind = "place"
contest = "lists"
of = "whole"
start = "base"
in = "land"
formula = { family = "divisor", rule = "dhondt" }
capacity = { from = "land.room" }
ties = ["lot"]
"#;

#[test]
fn a_levelling_seat_sits_where_its_quotient_is_largest_and_there_is_room() {
    let rulebook = rulebook(&[BASE, PLACED]);
    let roomy = outcome(&rulebook, &tally(&[("x", [90, 10, 0], 1, 1), ("y", [60, 50, 0], 1, 1)], &[]));
    assert_eq!(cell(&roomy, "y", "B"), 1);
    assert_eq!(roomy.seats["B"], 1);
    let full = outcome(&rulebook, &tally(&[("x", [90, 10, 0], 1, 1), ("y", [60, 50, 0], 1, 0)], &[]));
    assert_eq!((cell(&full, "x", "B"), cell(&full, "y", "B")), (1, 0));
}

#[test]
fn where_a_seat_sits_can_be_a_tie_though_no_list_gains_by_it() {
    let rulebook = rulebook(&[BASE, PLACED]);
    let tally = tally(&[("x", [90, 40, 0], 1, 1), ("y", [70, 40, 0], 1, 1)], &[]);
    let open = outcome(&rulebook, &tally);
    assert_eq!(open.undetermined.len(), 1, "{:?}", open.undetermined);
    assert_eq!(open.undetermined[0].between, ["x", "y"]);
    assert_eq!(open.seats["B"], 1);
    let settled = run(&rulebook, &tally, &lot("placed", "B", &["x", "y"], &["y"])).unwrap();
    assert!(settled.undetermined.is_empty());
    assert_eq!(cell(&settled, "y", "B"), 1);
}

#[test]
fn more_seats_in_units_than_a_list_has_are_refused() {
    let below = r#"
[[stage]]
id = "less"
kind = "allocate"
contest = "lists"
seats = 1
formula = { family = "divisor", rule = "dhondt" }
[[stage]]
id = "placed"
kind = "place"
contest = "lists"
of = "less"
start = "base"
in = "land"
formula = { family = "divisor", rule = "dhondt" }
"#;
    let refused = run(&rulebook(&[BASE, below]), &tally(&[("x", [9, 1, 0], 2, 0)], &[]), &Lots::none());
    assert!(matches!(&refused, Err(Refusal::PlacedBelowHeld { held: 2, seats: 1, .. })), "{refused:?}");
}

const COVER: &str = r#"
[[stage]]
id = "covered"
kind = "compensate"
of = "base"
held = "direct"
contest = "first"
base = "valid"
overhang = "forfeit"
ties = ["lot"]
"#;

#[test]
fn winners_beyond_the_seats_of_their_list_have_none() {
    let rulebook = rulebook(&[BASE, DIRECT, COVER]);
    // A has one of two seats in x, and won three constituencies: the share decides, not the votes.
    let singles = [("x", 50, 10, 100), ("x", 40, 10, 60), ("x", 45, 10, 80)];
    let outcome = outcome(&rulebook, &tally(&[("x", [50, 50, 0], 2, 0)], &singles));
    let unseated: Vec<&str> = outcome.unseated.iter().map(|winner| winner.unit.as_str()).collect();
    assert_eq!(unseated, ["0", "2"]);
    assert_eq!((outcome.seats["A"], outcome.seats["B"]), (1, 1));
}

#[test]
fn equal_shares_of_winners_are_a_tie() {
    let rulebook = rulebook(&[BASE, DIRECT, COVER]);
    let tally = tally(&[("x", [50, 50, 0], 2, 0)], &[("x", 50, 10, 100), ("x", 40, 10, 80)]);
    let open = outcome(&rulebook, &tally);
    assert_eq!(open.undetermined.len(), 1);
    assert_eq!(open.undetermined[0].between, ["0", "1"]);
    let settled = run(&rulebook, &tally, &lot("covered", "x", &["0", "1"], &["1"])).unwrap();
    assert_eq!(settled.unseated.iter().map(|winner| winner.unit.as_str()).collect::<Vec<_>>(), ["0"]);
}

const GROW: &str = r#"
[[stage]]
id = "minima"
kind = "minimum"
per_party = "sum over land of max(direct, base)"
[[stage]]
id = "spare"
kind = "minimum"
per_party = "sum over land of (max(direct, base) - base)"
[[stage]]
id = "house"
kind = "grow"
contest = "lists"
start = 4
formula = { family = "divisor", rule = "sainte_lague" }
until = { every = "minima"IGNORED }
then = "add_shortfall"
ties = ["lot"]
"#;

#[test]
fn the_house_grows_for_seats_won_and_stops_short_of_those_ignored() {
    let lands = [("x", [10, 25, 5], 2, 0), ("y", [10, 25, 5], 2, 0)];
    let singles = [("x", 9, 1, 10), ("x", 9, 1, 10), ("x", 9, 1, 10)];
    let tally = tally(&lands, &singles);
    let all = outcome(&rulebook(&[BASE, DIRECT, &GROW.replace("IGNORED", "")]), &tally);
    // A won three in x, where it has no list seat: its third seat by 20/5 comes after B's sixth, 50/11.
    assert_eq!(all.seats["A"], 3);
    assert_eq!(all.house, all.seats.values().sum::<u64>());
    let some = ", shortfall_ignored = { max_total = 1, only_from = \"spare\" }";
    let some = outcome(&rulebook(&[BASE, DIRECT, &GROW.replace("IGNORED", some)]), &tally);
    assert!(some.house < all.house);
    assert_eq!(some.seats["A"], 3);
    assert!(some.notes.iter().any(|note| note.contains("1 seats that lists hold by right")), "{:?}", some.notes);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    /// Few votes, so that ties are everywhere: it ends, with every seat given, vacant or tied, or refused.
    #[test]
    fn any_votes_end(votes in proptest::collection::vec(([0u64..4, 0..4, 0..4], 0u64..4, 0u64..3), 1..4)) {
        let names = ["x", "y", "z"];
        let lands: Vec<_> = votes.iter().zip(names).map(|((votes, seats, room), name)| (name, *votes, *seats, *room)).collect();
        let tally = tally(&lands, &[("x", 2, 1, 3), ("x", 2, 2, 4)]);
        let grow = GROW.replace("IGNORED", "");
        for stages in [&[BASE, PLACED][..], &[BIPROPORTIONAL], &[BASE, DIRECT, COVER], &[BASE, DIRECT, &grow]] {
            if let Ok(outcome) = run(&rulebook(stages), &tally, &Lots::none())
                && outcome.undetermined.is_empty()
            {
                assert!(outcome.seats.values().sum::<u64>() + outcome.vacant <= outcome.house, "{outcome:?}");
            }
        }
    }
}

#[test]
fn minima_that_have_no_value_are_refused() {
    for (expression, reason) in
        [("base - 5", "below zero"), ("base / 2", "no whole number"), ("base / (base - base)", "divides by zero")]
    {
        let stage = format!("[[stage]]\nid = \"minima\"\nkind = \"minimum\"\nper_party = \"{expression}\"\n");
        let refused = run(&rulebook(&[BASE, &stage]), &tally(&[("x", [9, 1, 0], 1, 0)], &[]), &Lots::none());
        assert!(refused.as_ref().is_err_and(|refusal| refusal.to_string().contains(reason)), "{refused:?}");
    }
}

#[test]
fn wrong_keys_are_refused_where_they_stand() {
    let minimum = |text: &str| format!("[[stage]]\nid = \"m\"\nkind = \"minimum\"\nper_party = \"{text}\"\n");
    let place = |rest: &str| {
        format!("[[stage]]\nid = \"p\"\nkind = \"place\"\ncontest = \"lists\"\nof = \"base\"\nin = \"land\"\n{rest}\n")
    };
    let wrong = [
        (minimum("max(base"), "makes no sense after 8 characters"),
        (minimum("later + 1"), "`later`"),
        (minimum("sum over city of base"), "`city`"),
        (minimum("sum over land of (sum over seat of base)"), "inside another"),
        (place("formula = { family = \"divisor\", rule = \"adams\" }"), "needs a divisor rule"),
        (place("formula = { family = \"divisor\", rule = \"dhondt\" }\nscale = \"area\""), "`area`"),
        (place("formula = { family = \"divisor\", rule = \"dhondt\" }\ncapacity = { from = \"land.size\" }"), "`size`"),
        (place("formula = { family = \"divisor\", rule = \"dhondt\" }\nseats = 3"), "`seats` has no meaning"),
        (
            "[[stage]]\nid = \"g\"\nkind = \"grow\"\ncontest = \"lists\"\nstart = 4\n\
          formula = { family = \"divisor\", rule = \"dhondt\" }\nuntil = { every = \"base\" }\n"
                .to_owned(),
            "`base`",
        ),
    ];
    for (stage, why) in wrong {
        let error = Rulebook::parse(&format!("{HEAD}{BASE}{stage}")).unwrap_err();
        assert!(error.to_string().contains(why), "{stage}: {error}");
        assert!(error.span().is_some(), "{stage}: {error}");
    }
}
