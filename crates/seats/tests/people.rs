//! Stages that put people on seats: polls, two rounds, candidates of lists, and what is declared.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_seats::ranked::RankedLot;
use recount_seats::{
    Declared, Follows, Lot, Lots, Outcome, Refusal, Rulebook, StepKind, Tally, VacatedSeat, check_nomination, run,
    successor, without_margins,
};
use serde_json::{Map, Value, json};

const HEAD: &str = "schema = \"recount-rulebook/1\"\nid = \"r\"\ntitle = \"r\"\n[units]\nlevels = [\"national\", \"district\"]\n\
     [contest.lists]\nkind = \"list\"\n[contest.poll]\nkind = \"candidate\"\nunit = \"district\"\n\
     [contest.again]\nkind = \"candidate\"\nunit = \"district\"\n\
     [quantity.valid]\nsum = [\"poll\"]\n[quantity.registered]\nline = \"registered\"\n";
const DHONDT: &str = "formula = { family = \"divisor\", rule = \"dhondt\" }\n";

fn rulebook(stages: &str) -> Rulebook {
    Rulebook::parse(&format!("{HEAD}{stages}")).unwrap_or_else(|error| panic!("{error}\n{stages}"))
}

/// Polls as `[contest, district, [[id, list or null, votes] ...]]`, and lists with candidates.
fn tally(polls: &Value, lists: &Value) -> Tally {
    let (mut units, mut nominees, mut totals, mut entries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for poll in polls.as_array().unwrap() {
        if !units.iter().any(|unit: &Value| unit["id"] == poll[1]) {
            units.push(json!({"id": poll[1], "level": "district"}));
        }
        let mut votes = Map::new();
        for one in poll[2].as_array().unwrap() {
            votes.insert(one[0].as_str().unwrap().to_owned(), one[2].clone());
            nominees.push(json!({
                "id": one[0], "name": one[0], "contest": poll[0], "unit": poll[1], "list": one[1],
            }));
        }
        totals.push(json!({
            "contest": poll[0], "unit": poll[1], "votes": votes, "lines": {"registered": 1000},
        }));
    }
    let mut votes = Map::new();
    for (list, of) in lists.as_object().unwrap() {
        votes.insert(list.clone(), of["votes"].clone());
        entries.push(json!({"id": list, "name": list, "candidates": of["candidates"]}));
    }
    units.push(json!({"id": "all", "level": "national"}));
    if !votes.is_empty() {
        totals.push(json!({"contest": "lists", "unit": "all", "votes": votes}));
    }
    let tally = json!({
        "schema": "recount-tally/1", "units": units, "lists": entries, "nominees": nominees, "totals": totals,
    });
    Tally::parse(&tally.to_string()).unwrap()
}

fn candidates(of: &[(&str, u64, &str)]) -> Value {
    let one = |(id, votes, gender): &(&str, u64, &str)| json!({"id": id, "name": id, "attributes": {"votes": votes.to_string(), "gender": gender}});
    of.iter().map(one).collect()
}

fn people(outcome: &Outcome) -> Vec<&str> {
    outcome.members.iter().map(|member| member.candidate.as_deref().unwrap_or("-")).collect()
}

fn lot(stage: &str, unit: Option<&str>, list: Option<&str>, between: &[&str], drawn: &[&str]) -> Lots {
    Lots::new(vec![Lot {
        stage: stage.to_owned(),
        unit: unit.map(str::to_owned),
        list: list.map(str::to_owned),
        between: between.iter().map(|id| (*id).to_owned()).collect(),
        drawn: drawn.iter().map(|id| (*id).to_owned()).collect(),
    }])
}

#[test]
fn a_tie_in_one_district_leaves_the_others_elected() {
    let rules = rulebook("[[stage]]\nid = \"won\"\nkind = \"plurality\"\ncontest = \"poll\"\nties = [\"lot\"]\n");
    let polls =
        json!([["poll", "d1", [["a", "A", 60], ["b", "A", 60]]], ["poll", "d2", [["c", null, 9], ["d", "A", 8]]],]);
    let polls = tally(&polls, &json!({"A": {"votes": 0, "candidates": []}}));
    let open = run(&rules, &polls, &Lots::none()).unwrap();
    // Whoever is drawn, list A has the seat; but not the same person.
    assert_eq!((open.seats["A"], people(&open)), (1, vec!["c"]));
    assert_eq!(open.undetermined[0].unit.as_deref(), Some("d1"));
    let drawn = run(&rules, &polls, &lot("won", Some("d1"), None, &["a", "b"], &["b"])).unwrap();
    assert_eq!(people(&drawn), ["b", "c"]);
    assert!(drawn.steps.iter().any(|step| step.what == StepKind::Lot && step.list == "b"));
    let foreign = run(&rules, &polls, &lot("won", Some("d2"), None, &["c", "d"], &["c"]));
    assert!(matches!(foreign, Err(Refusal::SuperfluousLot { .. })), "{foreign:?}");
}

#[test]
fn two_rounds() {
    let rules = rulebook(
        "[[stage]]\nid = \"won\"\nkind = \"runoff\"\ncontest = \"poll\"\nsecond = \"again\"\n\
         when = { all = [{ share = { base = \"valid\", more_than = \"1/2\" } }, { share = { base = \"registered\", at_least = \"1/4\" } }] }\n\
         second_round = { top = 2, base = \"registered\", at_least = \"1/8\" }\n",
    );
    let first = |d2: &[(&str, u64)]| {
        let d2: Vec<Value> = d2.iter().map(|(id, votes)| json!([id, null, votes])).collect();
        json!(["poll", "d2", d2])
    };
    let clear = json!(["poll", "d1", [["a", null, 260], ["b", null, 200]]]);
    // More than half, but fewer than a quarter of the register.
    let low = first(&[("c", 240), ("d", 100), ("e", 90)]);
    let result = run(&rules, &tally(&json!([clear, low]), &json!({})), &Lots::none()).unwrap();
    assert_eq!((people(&result), result.house, result.vacant), (vec!["a"], 2, 1));
    assert_eq!(
        (result.declared[0].what, result.declared[0].who.clone()),
        (Declared::SecondRound, vec!["c".into(), "d".into()])
    );
    // An eighth of the register lets a third one stand again.
    let three = first(&[("c", 240), ("d", 200), ("e", 125)]);
    let second = json!(["again", "d2", [["c", null, 10], ["d", null, 20], ["e", null, 5]]]);
    let result =
        run(&rules, &tally(&json!([clear, three, second, ["again", "d1", []]]), &json!({})), &Lots::none()).unwrap();
    assert_eq!(people(&result), ["a", "d"]);
    let refused = run(&rules, &tally(&json!([clear, low, second, ["again", "d1", []]]), &json!({})), &Lots::none());
    assert!(matches!(refused, Err(Refusal::BadNominee { .. })), "{refused:?}");
}

fn open_list(more: &str) -> Rulebook {
    rulebook(&format!(
        "[[stage]]\nid = \"won\"\nkind = \"plurality\"\ncontest = \"poll\"\n\
         [[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 3\n{DHONDT}\
         [[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"seats\"\norder = \"votes\"\n{more}"
    ))
}

#[test]
fn lots_between_candidates_name_their_list() {
    let rules = open_list("ties = [\"lot\"]\n");
    // The same ids stand on both lists.
    let list =
        |votes: u64| json!({"votes": votes, "candidates": candidates(&[("x", 5, "m"), ("y", 5, "f"), ("z", 1, "m")])});
    let tally = tally(&json!([["poll", "d1", [["p", null, 1]]]]), &json!({"A": list(100), "B": list(200)}));
    let open = run(&rules, &tally, &Lots::none()).unwrap();
    let tie = &open.undetermined[0];
    assert_eq!((tie.list.as_deref(), tie.between.len(), tie.seats, tie.by_lot), (Some("A"), 2, 1, true));
    let drawn = run(&rules, &tally, &lot("members", None, Some("A"), &["x", "y"], &["y"])).unwrap();
    assert!(drawn.undetermined.is_empty());
    assert_eq!(people(&drawn), ["p", "y", "x", "y"]);
    let other = run(&rules, &tally, &lot("members", None, Some("B"), &["x", "y"], &["y"]));
    assert!(matches!(other, Err(Refusal::SuperfluousLot { .. })), "{other:?}");
    let many = run(&rules, &tally, &lot("members", None, Some("A"), &["x", "y", "z"], &["y"]));
    assert!(matches!(many, Err(Refusal::SuperfluousLot { .. })), "{many:?}");
    let by_list = run(&open_list("ties = [\"list_order\"]\n"), &tally, &Lots::none()).unwrap();
    assert_eq!(people(&by_list), ["p", "x", "x", "y"]);
}

#[test]
fn who_sits_already_comes_first_or_is_passed_over() {
    let polls = json!([["poll", "d1", [["y", "A", 9]]]]);
    let lists = json!({"A": {"votes": 100, "candidates": candidates(&[("x", 5, "m"), ("y", 4, "f"), ("z", 3, "m"), ("w", 2, "f")])}});
    let tally = tally(&polls, &lists);
    let first = run(&open_list("first = \"won\"\n"), &tally, &Lots::none()).unwrap();
    assert_eq!(people(&first), ["y", "x", "z"]);
    let without = run(&open_list("without = \"won\"\n"), &tally, &Lots::none()).unwrap();
    assert_eq!(people(&without), ["y", "x", "z", "w"]);
    let reserved = "without = \"won\"\nreserve = { attribute = \"gender\", is = \"f\", at_least = \"1/3\" }\n";
    let reserved = run(&open_list(reserved), &tally, &Lots::none()).unwrap();
    assert_eq!(people(&reserved), ["y", "x", "z", "w"]);
    assert!(first.reserves.iter().map(|one| one.candidate.as_str()).eq(["w"]));
}

#[test]
fn candidates_by_district() {
    let rules = rulebook(&format!(
        "[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"poll\"\nper = \"district\"\nseats = 2\n{DHONDT}\
         [[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"seats\"\norder = \"votes\"\n"
    ));
    let polls = json!([
        ["poll", "d1", [["a1", "A", 30], ["a2", "A", 40], ["b1", "B", 20]]],
        ["poll", "d2", [["a3", "A", 10], ["b2", "B", 50], ["b3", "B", 51]]],
    ]);
    let empty = json!({"votes": 0, "candidates": []});
    let result = run(&rules, &tally(&polls, &json!({"A": empty, "B": empty})), &Lots::none()).unwrap();
    let seated: Vec<(&str, &str)> =
        result.members.iter().map(|one| (one.unit.as_deref().unwrap(), one.candidate.as_deref().unwrap())).collect();
    assert_eq!(seated, [("d1", "a2"), ("d1", "a1"), ("d2", "b3"), ("d2", "b2")]);
}

#[test]
fn seats_without_candidates_are_passed_on_after_the_majority() {
    let rules = rulebook(
        "[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 15\n\
         formula = { family = \"quota\", quota = \"hare\", remainder = [\"largest_fraction\", \"highest_average_once\", \"highest_averages\"], remainder_at_least = \"3/4\" }\n\
         [[stage]]\nid = \"majority\"\nkind = \"bonus\"\nof = \"seats\"\nto = \"majority\"\n\
         [[stage]]\nid = \"passed_on\"\nkind = \"pass_on\"\nof = \"majority\"\n",
    );
    let named = |list: &str, number: usize| -> Value {
        (0..number).map(|place| json!({"id": format!("{list}{place}"), "name": "-"})).collect()
    };
    // Without the end of list 2 the result is 8, 3, 2, 1, 1: the majority took a seat from list 4.
    let lists = json!({
        "1": {"votes": 2571, "candidates": named("a", 20)}, "2": {"votes": 977, "candidates": named("b", 2)},
        "3": {"votes": 567, "candidates": named("c", 9)}, "4": {"votes": 536, "candidates": named("d", 9)},
        "5": {"votes": 453, "candidates": named("e", 9)},
    });
    let result = run(&rules, &tally(&json!([]), &lists), &Lots::none()).unwrap();
    let of = |stage: &str| -> Vec<u64> {
        result.stages.iter().find(|one| one.id == stage).unwrap().seats.values().copied().collect()
    };
    assert_eq!((of("seats"), of("majority")), (vec![7, 3, 2, 2, 1], vec![8, 3, 2, 1, 1]));
    // The largest remainder left is that of list 1 (189.1 votes); list 4 has had its own.
    assert_eq!((of("passed_on"), result.exhausted.clone()), (vec![9, 2, 2, 1, 1], vec!["2".to_owned()]));
    let kinds: Vec<StepKind> = result.steps.iter().map(|step| step.what).collect();
    assert!(kinds.contains(&StepKind::Majority) && kinds.contains(&StepKind::PassedOn));
}

#[test]
fn lists_are_checked_as_they_were_nominated() {
    let rules = rulebook(
        "[nomination]\nlist_length = [2, 4]\nshare_limits = [{ attribute = \"gender\", max = \"70/100\", max_gap_in_order = 2 }]\n\
         share_minimums = [{ attribute = \"young\", min = \"1/4\" }]\ncount_minimums = [{ attribute = \"young\", min = 1, of_which_in_first_50 = 1 }]\n",
    );
    let list = |of: &[(&str, u64, &str)]| json!({"votes": 0, "candidates": candidates(of)});
    let lists = json!({"A": list(&[("a", 0, "m"), ("b", 0, "m"), ("c", 0, "m"), ("d", 0, "f")]), "B": list(&[])});
    let mut tally = serde_json::to_value(tally(&json!([]), &lists)).unwrap();
    tally["lists"][0]["candidates"][3]["attributes"]["young"] = json!("true");
    let findings = check_nomination(&rules, &Tally::parse(&tally.to_string()).unwrap());
    let of = |list: &str| -> Vec<(&str, Option<bool>)> {
        findings.iter().filter(|one| one.list == list).map(|one| (one.rule.as_str(), one.met)).collect()
    };
    let words =
        ["list_length", "share_limits", "max_gap_in_order", "share_minimums", "count_minimums", "of_which_in_first_50"];
    let met = [true, false, false, true, true, true];
    assert_eq!(of("A"), words.into_iter().zip(met.map(Some)).collect::<Vec<_>>());
    assert!(of("B").iter().all(|(_, met)| met.is_none()));
}

#[test]
fn stages_that_no_margin_moves_are_named() {
    let head = HEAD.replace("\n\n", "\n");
    let plain =
        format!("{head}[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 3\n{DHONDT}");
    let ranked = |method: &str, seats: u64| {
        format!(
            "schema = \"recount-rulebook/1\"\nid = \"r\"\ntitle = \"r\"\n[units]\nlevels = [\"national\"]\n\
             [contest.ballots]\nkind = \"ranked\"\n[[stage]]\nid = \"ranked\"\nkind = \"rank\"\nmethod = \"{method}\"\n\
             seats = {seats}\nties = [\"lot\"]\n"
        )
    };
    let stv = "quota = \"droop\"\nsurplus = { transfer = \"weighted_inclusive_gregory\" }\n";
    let named = |text: &str| without_margins(&Rulebook::parse(text).unwrap()).map(|remark| remark.to_string());
    assert_eq!(named(&plain), None);
    assert_eq!(named(&ranked("irv", 1)), None);
    assert_eq!(named(&format!("{}{stv}", ranked("stv", 1))), None, "nothing is passed on");
    assert!(named(&format!("{}{stv}", ranked("stv", 2))).unwrap().contains("`ranked`"));
}

#[test]
fn nobody_follows_who_sits_or_has_left() {
    let rules = open_list(
        "[vacancy]\nrule = \"next_by_votes\"\nsame = \"gender\"\nothers = \"none\"\nif_none = \"by_election\"\n",
    );
    let lists = json!({"A": {"votes": 100, "candidates": candidates(&[
        ("x", 5, "m"), ("y", 4, "f"), ("z", 3, "m"), ("v", 2, "m"), ("w", 2, "m"),
    ])}});
    let tally = tally(&json!([["poll", "d1", [["p", null, 9]]]]), &lists);
    let outcome = run(&rules, &tally, &Lots::none()).unwrap();
    let ask = |candidate: &str, left: &[&str]| {
        let left = left.iter().map(|id| (*id).to_owned()).collect();
        let seat = VacatedSeat { candidate: candidate.to_owned(), left, ..VacatedSeat::default() };
        successor(&rules, &tally, &outcome, &seat).map(|succession| succession.follows)
    };
    assert_eq!(ask("y", &[]).unwrap(), Follows::ByElection);
    assert_eq!(ask("x", &[]).unwrap(), Follows::Tied(vec!["v".into(), "w".into()]));
    assert!(matches!(ask("x", &["v"]).unwrap(), Follows::Candidate { id, .. } if id == "w"));
    assert!(matches!(ask("v", &[]), Err(Refusal::NotSeated { .. })));
    assert!(matches!(ask("nobody", &[]), Err(Refusal::NotSeated { .. })));
    // Equal votes: a lot between exactly these, of one of them, decides; any other is refused.
    let lots = |between: &[&str], drawn: &str| {
        let between = between.iter().map(|id| (*id).to_owned()).collect();
        let left = ["z".to_owned()].into();
        let lots = vec![RankedLot { count: None, between, drawn: vec![drawn.to_owned()] }];
        let seat = VacatedSeat { candidate: "x".to_owned(), left, lots, ..VacatedSeat::default() };
        successor(&rules, &tally, &outcome, &seat).map(|succession| succession.follows)
    };
    assert_eq!(ask("x", &["z"]).unwrap(), Follows::Tied(vec!["v".to_owned(), "w".to_owned()]));
    assert!(matches!(lots(&["v", "w"], "w").unwrap(), Follows::Candidate { id, .. } if id == "w"));
    for (between, drawn) in [(&["v", "w"], "z"), (&["v", "z"], "v")] {
        assert!(matches!(lots(between, drawn), Err(Refusal::SuperfluousLot { .. })), "{between:?}");
    }
    let without = open_list("");
    let seat = VacatedSeat { candidate: "x".to_owned(), ..VacatedSeat::default() };
    assert!(matches!(successor(&without, &tally, &outcome, &seat), Err(Refusal::NoVacancyRule)));
}

#[test]
fn what_has_no_meaning_is_refused_when_read() {
    let refused = |stages: &str| Rulebook::parse(&format!("{HEAD}{stages}")).unwrap_err().to_string();
    let allocate = format!("[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 3\n{DHONDT}");
    let cases = [
        ("[[stage]]\nid = \"s\"\nkind = \"plurality\"\ncontest = \"lists\"\n".to_owned(), "candidate"),
        (format!("{allocate}[[stage]]\nid = \"m\"\nkind = \"bonus\"\nof = \"seats\"\nto = \"majority\"\n"), "quotas"),
        (format!("{allocate}[[stage]]\nid = \"m\"\nkind = \"candidates\"\nof = \"seats\"\norder = \"list\"\nfirst = \"seats\"\n"), "plurality"),
        ("[vacancy]\nrule = \"next_on_list\"\nsame = \"gender\"\n".to_owned(), "next_by_votes"),
        ("[[stage]]\nid = \"s\"\nkind = \"plurality\"\ncontest = \"poll\"\nlimit = { attribute = \"g\", max_per_value = 0 }\n".to_owned(), "nobody"),
        (allocate.replace(DHONDT, "formula = { family = \"quota\", quota = \"hare\", remainder = [\"highest_averages\", \"largest_fraction\"] }\n"), "follow each other"),
    ];
    for (stages, word) in cases {
        let error = refused(&stages);
        assert!(error.contains(word), "{error}");
    }
}
