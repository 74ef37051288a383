//! Each stage and rule on figures small enough for a pencil.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_seats::{
    Language, Lot, Lots, Margin, Move, Outcome, Refusal, Rulebook, RunOptions, StepKind, Tally, Turning, Words, run,
    run_with,
};

const HEAD: &str = "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[law.l1]\ncite = \"Act, s. 1\"\n\
    [units]\nlevels = [\"national\", \"region\"]\n[contest.lists]\nkind = \"list\"\n\
    [quantity.took_part]\nline = \"took_part\"\n[quantity.registered]\nline = \"registered\"\n\
    [quantity.list_votes]\nsum = [\"lists\"]\n";

fn rulebook(stages: &str) -> Rulebook {
    let text = format!("{HEAD}{stages}");
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn allocate(seats: u64, formula: &str) -> String {
    format!(
        "[[stage]]\nid = \"seats\"\nkind = \"allocate\"\nlaw = \"l1\"\nseats = {seats}\nformula = {{ {formula} }}\n"
    )
}

const DHONDT: &str = "family = \"divisor\", rule = \"dhondt\"";
const HARE: &str = "family = \"quota\", quota = \"hare\", rounding = \"exact\", remainder = \"largest_fraction\"";

/// Lists as `ID votes attribute=value ...`.
fn tally(lists: &[&str], against_all: u64) -> Tally {
    let mut entries = Vec::new();
    let mut votes = Vec::new();
    for list in lists {
        let mut words = list.split(' ');
        let (id, number) = (words.next().unwrap(), words.next().unwrap());
        let attributes: Vec<String> = words
            .map(|word| word.split_once('=').unwrap())
            .map(|(name, value)| format!(r#""{name}":"{value}""#))
            .collect();
        entries.push(format!(r#"{{"id":"{id}","name":"{id}","attributes":{{{}}}}}"#, attributes.join(",")));
        votes.push(format!(r#""{id}":{number}"#));
    }
    let text = format!(
        r#"{{"schema":"recount-tally/1","units":[{{"id":"all","level":"national"}}],"lists":[{}],
        "totals":[{{"contest":"lists","unit":"all","votes":{{{}}},"against_all":{against_all},
        "lines":{{"took_part":1000,"registered":2000}}}}]}}"#,
        entries.join(","),
        votes.join(",")
    );
    Tally::parse(&text).unwrap()
}

fn outcome(stages: &str, lists: &[&str]) -> Result<Outcome, Refusal> {
    run(&rulebook(stages), &tally(lists, 10), &Lots::none())
}

fn seats(outcome: &Outcome) -> Vec<u64> {
    outcome.seats.values().copied().collect()
}

#[test]
fn steps_say_who_was_beaten_by_what_under_which_article() {
    let result = outcome(&allocate(3, DHONDT), &["A 60", "B 29"]).unwrap();
    let last = result.steps.last().unwrap();
    assert_eq!((last.list.as_str(), last.held, last.seat, last.law.as_deref()), ("B", 0, 3, Some("l1")));
    assert_eq!((last.value.to_string(), last.over.as_ref().unwrap().value.to_string()), ("29/1".into(), "60/3".into()));
    let text = result.describe();
    assert!(
        text.contains(
            "Seat 3: B, which has 0 seats so far, by its quotient 29. Next in line: A with 60/3 = 20. [Act, s. 1]"
        ),
        "{text}"
    );
    assert!(text.contains("Seats: A 2, B 1."), "{text}");
    let json = serde_json::to_value(&result).unwrap();
    assert_eq!(json["steps"][2]["value"], "29/1");
}

#[test]
fn remainders_and_the_votes_behind_them() {
    let result = outcome(&allocate(8, HARE), &["A 41", "B 29", "C 17", "D 13"]).unwrap();
    assert_eq!(seats(&result), [3, 2, 2, 1]);
    let last = result.steps.last().unwrap();
    // Quota 12.5: C has 4.5 votes left (36/8), A and B have 3.5 and 4.
    assert_eq!((last.list.as_str(), last.what, last.value.to_string()), ("C", StepKind::Remainder, "36/8".into()));
}

#[test]
fn a_seat_too_many_is_taken_back_or_refused() {
    // The quota of 100 / (2 + 2) = 25 goes twice into A and once into B.
    let quota = "family = \"quota\", quota = \"imperiali\", rounding = \"exact\", remainder = \"none\"";
    let lists = ["A 52", "B 26", "C 22"];
    let refused = outcome(&allocate(2, quota), &lists);
    assert!(matches!(refused, Err(Refusal::OverAllocated { given: 3, seats: 2, .. })), "{refused:?}");
    let back = format!("{quota}, over_allocation = \"subtract_smallest_remainder\"");
    let result = outcome(&allocate(2, &back), &lists).unwrap();
    // Of the two that hold seats, B has the smaller rest: 1 against 2.
    assert_eq!(seats(&result), [2, 0, 0]);
    assert!(result.steps.iter().any(|step| step.what == StepKind::TakenBack));
}

#[test]
fn seats_that_nobody_may_take_are_vacant() {
    let quota = "family = \"quota\", quota = \"hare\", rounding = \"exact\", remainder = \"none\"";
    let result = outcome(&allocate(8, quota), &["A 41", "B 29", "C 17", "D 13"]).unwrap();
    assert_eq!((seats(&result), result.vacant), (vec![3, 2, 1, 1], 1));
}

fn capped(limit: &str, redistribute: bool) -> String {
    let again = if redistribute { "redistribute = { stage = \"seats\", without = \"capped\" }\n" } else { "" };
    format!("{}[[stage]]\nid = \"cap\"\nkind = \"cap\"\nof = \"seats\"\n{limit}\n{again}", allocate(10, HARE))
}

#[test]
fn above_the_cap_goes_to_the_others_until_nobody_is_above() {
    let lists = ["A 70", "B 26", "C 4"];
    let result = outcome(&capped("max_seats = 4", true), &lists).unwrap();
    // A is held at 4; the other 6 go 5 and 1; B is held at 4; the last 2 go to C.
    assert_eq!(
        (seats(&result), result.capped.clone(), result.vacant),
        (vec![4, 4, 2], vec!["A".into(), "B".into()], 0)
    );
    let result = outcome(&capped("max_seats = 4", false), &lists).unwrap();
    assert_eq!((seats(&result), result.vacant), (vec![4, 3, 0], 3));
    let result = outcome(&capped("max_seats = 3", true), &["A 70", "B 30"]).unwrap();
    assert_eq!((seats(&result), result.vacant), (vec![3, 3], 4));
}

#[test]
fn a_cap_by_share_counts_seats_won_elsewhere() {
    let limit = "share_multiple = { multiple = \"5/4\", base = \"list_votes\", house = 12, also_counts = \"direct\" }";
    // 50 of 100, times 5/4 of 12 is 7.5: at most 7, less 4 won directly.
    let result = outcome(&capped(limit, true), &["A 50 direct=4", "B 50"]).unwrap();
    assert_eq!((seats(&result), result.capped), (vec![3, 7], vec!["A".to_owned()]));
    let refused = outcome(&capped(limit, true), &["A 50 direct=four", "B 50"]);
    assert!(matches!(refused, Err(Refusal::AttributeNotANumber { .. })));
}

#[test]
fn joined_lists_share_their_seats_by_the_same_formula() {
    let stages = |flag: bool| {
        format!(
            "[[stage]]\nid = \"in\"\nkind = \"admit\"\nwhen = {{ share = {{ base = \"list_votes\", at_least = \"5/100\" }} }}\n\
             [[stage]]\nid = \"joined\"\nkind = \"group\"\ncontenders = \"in\"\nonly_if_all_admitted = {flag}\n{}",
            allocate(3, DHONDT).replace("seats = 3", "seats = 3\ncontenders = \"joined\"")
        )
    };
    let lists = ["A 60", "B 34 group=g", "C 27 group=g"];
    // Alone 60, 34, 30; B and C together 61, 60, 30.5.
    assert_eq!(seats(&outcome(&allocate(3, DHONDT), &lists).unwrap()), [2, 1, 0]);
    assert_eq!(seats(&outcome(&stages(true), &lists).unwrap()), [1, 1, 1]);
    let small = ["A 60", "B 34 group=g", "C 27 group=g", "D 2 group=g"];
    assert_eq!(seats(&outcome(&stages(false), &small).unwrap()), [1, 1, 1, 0]);
    assert_eq!(
        seats(&outcome(&stages(true), &small).unwrap()),
        [2, 1, 0, 0],
        "D is not admitted, so nothing is joined"
    );
    let refused = outcome(&stages(true), &["A 60", "B 34 group=g,h"]);
    assert!(matches!(refused, Err(Refusal::GroupOverlap { .. })));

    // A tie is between those who take part as one, and so is the lot.
    let equal = ["A 61", "B 34 group=g", "C 27 group=g"];
    let tied = outcome(&stages(true), &equal).unwrap();
    assert_eq!(tied.undetermined[0].between, ["A", "B + C"]);
    let lot = Lot {
        stage: "seats".to_owned(),
        between: ["A", "B + C"].map(str::to_owned).into(),
        drawn: vec!["B + C".to_owned()],
        ..Lot::default()
    };
    let stages_with_lot = stages(true) + "ties = [\"lot\"]\n";
    let drawn = run(&rulebook(&stages_with_lot), &tally(&equal, 10), &Lots::new(vec![lot])).unwrap();
    assert_eq!(seats(&drawn), [1, 1, 1]);

    // On paper: what B and C win together under both names, then what each has of it, counted from one again.
    let joined = outcome(&stages(true), &lists).unwrap();
    let words = Words::new(Language::English, &joined);
    let page: Vec<String> = joined.steps.iter().map(|step| words.step(step)).collect();
    assert_eq!(
        page,
        [
            "B + C take part as one, with 61 votes together.",
            "Seat 1: B + C, which has 0 seats so far, by its quotient 61. Next in line: A with 60.",
            "Seat 2: A, which has 0 seats so far, by its quotient 60. Next in line: B + C with 61/2 = 30.50.",
            "Seat 3: B + C, which has 1 seat so far, by its quotient 61/2 = 30.50. Next in line: A with 60/2 = 30.",
            "B + C won 2 seats as one; among themselves, by the same rule:",
            "Seat 1: B, which has 0 seats so far, by its quotient 34. Next in line: C with 27.",
            "Seat 2: C, which has 0 seats so far, by its quotient 27. Next in line: B with 34/2 = 17.",
        ]
    );
}

#[test]
fn seats_won_elsewhere_are_kept() {
    let stages = |overhang: &str| {
        format!(
            "{}[[stage]]\nid = \"kept\"\nkind = \"compensate\"\nof = \"seats\"\nheld = \"direct\"\noverhang = \"{overhang}\"\n",
            allocate(10, HARE)
        )
    };
    let lists = ["A 50 direct=6", "B 30", "C 20 direct=1"];
    let fixed = outcome(&stages("exclude_rerun"), &lists).unwrap();
    assert_eq!((seats(&fixed), fixed.house), (vec![6, 2, 2], 10));
    let grown = outcome(&stages("keep_enlarge"), &lists).unwrap();
    assert_eq!((seats(&grown), grown.house), (vec![6, 3, 2], 11));
}

#[test]
fn the_bonus_of_the_largest_list_and_its_tie() {
    let stages = format!(
        "{}[[stage]]\nid = \"more\"\nkind = \"bonus\"\nof = \"seats\"\nto = \"largest_list\"\nseats = 5\nties = [\"lot\"]\n",
        allocate(4, HARE)
    );
    let result = outcome(&stages, &["A 51", "B 29"]).unwrap();
    assert_eq!((seats(&result), result.house), (vec![8, 1], 9));
    let tied = outcome(&stages, &["A 40", "B 40"]).unwrap();
    assert_eq!((tied.undetermined.len(), tied.undetermined[0].stage.as_str(), seats(&tied)), (1, "more", vec![2, 2]));
    let lot = Lot {
        list: None,
        unit: None,
        stage: "more".into(),
        between: ["A".into(), "B".into()].into(),
        drawn: vec!["B".into()],
    };
    let drawn = run(&rulebook(&stages), &tally(&["A 40", "B 40"], 0), &Lots::new(vec![lot])).unwrap();
    assert_eq!(seats(&drawn), [2, 7]);
}

#[test]
fn more_votes_settle_a_tie_before_a_lot_does() {
    let ties = |rules: &str| format!("{}ties = [{rules}]\n", allocate(3, DHONDT));
    let lists = ["A 300", "B 100"];
    assert_eq!(outcome(&ties("\"unresolved\""), &lists).unwrap().undetermined.len(), 1);
    let settled = outcome(&ties("\"more_votes\", \"lot\""), &lists).unwrap();
    assert_eq!((seats(&settled), settled.undetermined.len()), (vec![3, 0], 0));
    assert_eq!(settled.steps.last().unwrap().what, StepKind::MoreVotes);
    // Equal votes too: the lot is asked.
    let equal = outcome(&ties("\"more_votes\", \"lot\""), &["A 100", "B 100"]).unwrap();
    assert_eq!((equal.undetermined[0].seats, equal.undetermined[0].by_lot, seats(&equal)), (1, true, vec![1, 1]));
    // What stands behind `unresolved` is never reached.
    let never = outcome(&ties("\"unresolved\", \"lot\""), &lists).unwrap();
    assert!(!never.undetermined[0].by_lot);
}

#[test]
fn the_election_is_void_by_its_own_rules() {
    let validity = "[validity]\nlaw = \"l1\"\nturnout_min = { of = \"took_part\", base = \"registered\", at_least = \"1/2\" }\n\
                    void_if = [\"against_all_leads\"]\n";
    let stages = format!("{}{validity}", allocate(3, DHONDT));
    let void =
        |against: u64| run(&rulebook(&stages), &tally(&["A 60", "B 29"], against), &Lots::none()).unwrap().validity;
    assert!(!void(60).void, "leading means more, not as many");
    assert!(void(61).void);
    let stages = stages.replace("1/2", "1001/2000");
    let short = run(&rulebook(&stages), &tally(&["A 60"], 0), &Lots::none()).unwrap().validity;
    assert_eq!((short.void, short.findings[1].voids), (true, Some(true)), "{short:?}");
}

#[test]
fn exactly_on_the_line_and_above_it() {
    let stages = |word: &str| {
        format!(
            "[[stage]]\nid = \"in\"\nkind = \"admit\"\nwhen = {{ share = {{ base = \"took_part\", {word} = \"7/100\" }} }}\n{}",
            allocate(3, DHONDT).replace("seats = 3", "seats = 3\ncontenders = \"in\"")
        )
    };
    let lists = ["A 500", "B 70"];
    assert!(outcome(&stages("at_least"), &lists).unwrap().admission[1].admitted);
    let above = outcome(&stages("more_than"), &lists).unwrap();
    assert_eq!((above.admission[1].admitted, above.admission[1].tests[0].margin), (false, -1));
    let refused = outcome(&stages("at_least"), &["A 1001"]);
    assert!(matches!(refused, Err(Refusal::PartAboveWhole { base_value: 1000, .. })));
    let refused = outcome(&stages("at_least"), &["A 600", "B 500"]);
    assert!(matches!(refused, Err(Refusal::PartAboveWhole { votes: 1100, .. })));
    let nobody = outcome(&stages("at_least"), &["A 69", "B 1"]);
    assert!(matches!(nobody, Err(Refusal::NobodyAdmitted { .. })));
}

#[test]
fn a_register_does_not_grow_with_votes() {
    let stages = format!(
        "[[stage]]\nid = \"in\"\nkind = \"admit\"\nwhen = {{ share = {{ base = \"registered\", at_least = \"5/100\" }} }}\n{}",
        allocate(3, DHONDT).replace("seats = 3", "seats = 3\ncontenders = \"in\"")
    );
    let result = outcome(&stages, &["A 500", "B 90"]).unwrap();
    let of_b: Vec<&Margin> = result.margins.iter().filter(|margin| margin.list == "B").collect();
    assert_eq!(of_b.len(), 1);
    assert_eq!((of_b[0].by.clone(), of_b[0].votes), (Move::GainedBaseFixed, Some(10)));
    assert!(matches!(of_b[0].turning, Turning::Test { meets: true, .. }));
    assert!(of_b[0].describe().contains("10 votes more"), "{}", of_b[0].describe());
}

#[test]
fn margins_of_seats_come_on_demand() {
    let options = RunOptions { seat_margins: true, ..RunOptions::default() };
    let result =
        run_with(&rulebook(&allocate(3, DHONDT)), &tally(&["A 60", "B 29"], 0), &Lots::none(), &options).unwrap();
    assert!(result.margins.iter().any(|margin| margin.turning == Turning::GainsSeat));
    assert!(outcome(&allocate(3, DHONDT), &["A 60", "B 29"]).unwrap().margins.is_empty());
}

#[test]
fn a_reading_can_set_any_key_of_a_stage() {
    let reading = "[[reading]]\nid = \"sainte-lague\"\nsays = \"the act names no divisors\"\nstage = \"seats\"\n\
        set = { formula = { family = \"divisor\", rule = \"sainte_lague\" } }\n";
    let stages = format!("{}{reading}", allocate(5, DHONDT));
    let outcome = outcome(&stages, &["A 600", "B 290", "C 110"]).unwrap();
    assert_eq!(seats(&outcome), [4, 1, 0]);
    let [reading] = outcome.readings.as_slice() else { panic!("{:?}", outcome.readings) };
    assert!(reading.differs && reading.field == "set" && reading.value.contains("sainte_lague"));
    let recount_seats::ReadingResult::Outcome(other) = &reading.result else { panic!() };
    assert_eq!(seats(other), [3, 1, 1]);
}

#[test]
fn a_reading_that_sets_what_the_stage_cannot_have_is_refused() {
    for (set, part) in [
        ("{ formula = { family = \"divisor\", rule = \"dhont\" } }", "dhont"),
        ("{ id = \"other\" }", "not its id"),
        ("{ }", "some keys"),
        ("{ max_seats = 3 }", "max_seats"),
    ] {
        let reading = format!("[[reading]]\nid = \"r\"\nsays = \"s\"\nstage = \"seats\"\nset = {set}\n");
        let text = format!("{HEAD}{}{reading}", allocate(5, DHONDT));
        let error = Rulebook::parse(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let both = "[[reading]]\nid = \"r\"\nsays = \"s\"\nstage = \"seats\"\nfield = \"base\"\nset = { seats = 3 }\n";
    assert!(Rulebook::parse(&format!("{HEAD}{}{both}", allocate(5, DHONDT))).is_err());
}
