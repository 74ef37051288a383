//! Stages of kind `rank`, from a rulebook and a tally.

use recount_seats::ranked::Ballots;
use recount_seats::{Lot, Lots, Outcome, Refusal, Rulebook, StepKind, Tally, run};
use serde_json::{Value, json};

fn shipped(name: &str) -> Rulebook {
    let path = format!("{}/../../rulebooks/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A tally with papers per unit: `(unit, seats, papers)`.
fn tally(level: &str, units: &[(&str, u64, &[&str])]) -> Tally {
    let mut tally = json!({"schema": "recount-tally/1", "units": [], "lists": [{"id": "L", "name": "L"}],
        "totals": [], "nominees": [], "ballots": [], "register": {}});
    for (unit, seats, papers) in units {
        let mut names: Vec<&str> = Vec::new();
        let mut groups = Vec::new();
        for paper in *papers {
            let (count, ranking) = paper.split_once(' ').unwrap();
            let ranking: Vec<&str> = ranking.split('>').collect();
            names.extend(&ranking);
            groups.push(json!([count.parse::<u64>().unwrap(), ranking]));
        }
        names.sort_unstable();
        names.dedup();
        let push = |key: &str, value: Value, tally: &mut Value| tally[key].as_array_mut().unwrap().push(value);
        for name in names {
            let mut nominee = json!({"id": name, "name": name, "contest": "ballots", "unit": unit});
            if name.starts_with('L') {
                nominee["list"] = json!("L");
            }
            push("nominees", nominee, &mut tally);
        }
        push("units", json!({"id": unit, "level": level}), &mut tally);
        push("ballots", json!({"contest": "ballots", "unit": unit, "papers": groups}), &mut tally);
        tally["register"][unit] = json!({"seats": seats});
    }
    Tally::parse(&tally.to_string()).unwrap()
}

fn seated(outcome: &Outcome) -> Vec<(&str, &str)> {
    let members = outcome.members.iter();
    members.map(|m| (m.unit.as_deref().unwrap_or(""), m.candidate.as_deref().unwrap_or(""))).collect()
}

const WARD: &[&str] = &["6 A>B", "3 A>C", "2 A", "3 B", "4 C", "2 D>C"];

#[test]
fn every_shipped_law_fills_two_wards() {
    for (name, level) in
        [("ie-dail", "constituency"), ("au-senate", "state"), ("gb-sco-local", "ward"), ("nz-local-stv", "ward")]
    {
        let tally = tally(level, &[("east", 2, WARD), ("west", 1, &["5 L1>L2", "4 L2", "3 L3>L2"])]);
        let outcome = run(&shipped(name), &tally, &Lots::none()).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(outcome.undetermined.is_empty(), "{name}: {:?}", outcome.undetermined);
        assert_eq!(seated(&outcome), [("east", "A"), ("east", "C"), ("west", "L2")], "{name}");
        assert_eq!((outcome.seats["L"], outcome.house, outcome.vacant), (1, 3, 0), "{name}");
        let stage = &outcome.stages[0];
        assert_eq!((stage.kind, stage.counts.len(), stage.units.len()), ("rank", 2, 2), "{name}");
        assert!(outcome.describe().contains("is elected"), "{name}");
        assert_eq!(outcome.notes.iter().any(|note| note.contains("whole papers")), name == "ie-dail", "{name}");
    }
}

#[test]
fn ties_are_asked_by_unit_and_settled_by_lots() {
    let law = shipped("gb-sco-local");
    // F and G are tied in the west; whoever leaves, the other takes the last seat beside E.
    let tally = tally("ward", &[("east", 2, WARD), ("west", 2, &["6 E", "2 F", "2 G"])]);
    let open = run(&law, &tally, &Lots::none()).unwrap();
    let tie = &open.undetermined[0];
    assert_eq!((tie.unit.as_deref(), tie.what, tie.by_lot), (Some("west"), StepKind::Exclusion, true));
    assert_eq!((tie.between.as_slice(), tie.seats), (&["F".to_owned(), "G".to_owned()][..], 1));
    assert_eq!(seated(&open), [("east", "A"), ("east", "C"), ("west", "E")], "sure whatever is drawn");
    let lot = |unit: &str, drawn: &str| -> Lot {
        let text = json!({"stage": "elected", "unit": unit, "between": ["F", "G"], "drawn": [drawn]});
        serde_json::from_value(text).unwrap()
    };
    let settled = run(&law, &tally, &Lots::new(vec![lot("west", "F")])).unwrap();
    assert_eq!(seated(&settled)[2..], [("west", "E"), ("west", "G")], "F was drawn to leave");
    let foreign = run(&law, &tally, &Lots::new(vec![lot("west", "F"), lot("east", "F")]));
    assert!(matches!(foreign, Err(Refusal::SuperfluousLot { .. })), "{foreign:?}");
}

#[test]
fn a_tie_that_changes_nobodys_seat_asks_for_nothing() {
    let tally = tally("ward", &[("east", 1, &["9 A", "2 B>A", "2 C>A"])]);
    let outcome = run(&shipped("gb-sco-local"), &tally, &Lots::none()).unwrap();
    assert_eq!((outcome.undetermined.len(), seated(&outcome)), (0, vec![("east", "A")]));
    let close = super::stage::tally("ward", &[("east", 1, &["5 A", "3 B>A", "3 C>A"])]);
    let outcome = run(&shipped("gb-sco-local"), &close, &Lots::none()).unwrap();
    assert_eq!((outcome.undetermined.len(), seated(&outcome)), (0, vec![("east", "A")]));
}

#[test]
fn ballots_from_a_file_join_a_tally() {
    let ballots = Ballots::parse_blt("3 2\n-3\n6 1 2 0\n4 2 0\n1 3 2 0\n0\n\"A\"\n\"B\"\n\"C\"\n").unwrap();
    let mut tally = Tally::parse(
        r#"{"schema":"recount-tally/1","units":[{"id":"w","level":"ward"}],"lists":[],"totals":[],"register":{"w":{"seats":1}}}"#,
    )
    .unwrap();
    tally.add_ballots("ballots", Some("w"), &ballots);
    let outcome = run(&shipped("gb-sco-local"), &tally, &Lots::none()).unwrap();
    assert_eq!(seated(&outcome), [("w", "A")]);
    assert_eq!(outcome.stages[0].counts[0].sheet.rounds[0].votes[1].to_string(), "5", "C has withdrawn");
    tally.add_ballots("ballots", Some("w"), &ballots);
    let twice = run(&shipped("gb-sco-local"), &tally, &Lots::none());
    assert!(matches!(twice, Err(Refusal::Papers { .. })), "{twice:?}");
}

#[test]
fn papers_must_be_as_many_as_the_form_says_and_for_those_who_stand() {
    let law = shipped("gb-sco-local");
    let mut good = tally("ward", &[("east", 2, WARD)]);
    let total = |valid: u64| json!({"contest": "ballots", "unit": "east", "votes": {}, "lines": {"valid": valid}});
    good.totals = vec![serde_json::from_value(total(20)).unwrap()];
    assert!(run(&law, &good, &Lots::none()).is_ok());
    good.totals = vec![serde_json::from_value(total(21)).unwrap()];
    assert!(matches!(run(&law, &good, &Lots::none()), Err(Refusal::UnitsDoNotSum { .. })));
    let mut unknown = tally("ward", &[("east", 2, WARD)]);
    unknown.ballots[0].papers.push((1, vec!["Z".into()]));
    let refusal = run(&law, &unknown, &Lots::none()).unwrap_err();
    assert!(refusal.to_string().contains("`Z` is ranked but does not stand"), "{refusal}");
    let none = Tally { ballots: Vec::new(), ..tally("ward", &[("east", 2, WARD)]) };
    assert!(matches!(run(&law, &none, &Lots::none()), Err(Refusal::Papers { .. })));
}

#[test]
fn ireland_1990() {
    let tally = json!({
        "schema": "recount-tally/1", "units": [], "lists": [], "totals": [],
        "nominees": (["Currie", "Lenihan", "Robinson"].map(|id| json!({"id": id, "name": id, "contest": "ballots"}))),
        "ballots": [{"contest": "ballots", "papers": [[612_265, ["Robinson"]], [694_484, ["Lenihan"]],
            [36_789, ["Currie", "Lenihan"]], [205_565, ["Currie", "Robinson"]], [25_548, ["Currie"]]]}],
    });
    let outcome = run(&shipped("ie-president"), &Tally::parse(&tally.to_string()).unwrap(), &Lots::none()).unwrap();
    assert_eq!(seated(&outcome), [("", "Robinson")]);
}

const HEAD: &str = "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[units]\nlevels = [\"national\", \"ward\"]\n\
    [contest.ballots]\nkind = \"ranked\"\n[contest.lists]\nkind = \"list\"\n[[stage]]\nid = \"elected\"\nkind = \"rank\"\n";

#[test]
fn rules_that_cannot_be_are_refused_at_their_place() {
    let read = |keys: &str| Rulebook::parse(&format!("{HEAD}{keys}"));
    assert!(read("method = \"irv\"\nseats = 1\n").is_ok());
    for (keys, part) in [
        ("seats = 1\n", "does not say `method`"),
        ("method = \"irv\"\nseats = 2\n", "irv gives one seat"),
        ("method = \"irv\"\nseats = 1\nquota = \"droop\"\n", "irv knows no quota"),
        ("method = \"stv\"\nseats = 2\n", "does not say `surplus`"),
        ("method = \"stv\"\nseats = 2\nsurplus = { transfer = \"random\" }\n", "not known here"),
        ("method = \"stv\"\nseats = 2\nsurplus = { transfer = \"gregory\", papers = \"all\" }\n", "do not fit"),
        ("method = \"stv\"\nseats = 2\nsurplus = { transfer = \"whole_papers\" }\n", "which whole papers"),
        (
            "method = \"stv\"\nseats = 2\nsurplus = { transfer = \"gregory\", value_decimals = 19 }\n",
            "no such decimals",
        ),
        ("method = \"stv\"\nseats = 2\nsurplus = { transfer = \"meek\", decimals = 12 }\n", "Meek's method knows"),
        (
            "method = \"stv\"\nseats = 2\nsurplus = { transfer = \"gregory\" }\nquota = \"imperiali\"\n",
            "not known here",
        ),
        ("method = \"stv\"\nseats = 1\nexclude = { keep_deposit_check = \"half\" }\n", "not a part of the quota"),
        ("method = \"stv\"\nseats = 1\ncontest = \"lists\"\n", "contest of kind `ranked`"),
        ("method = \"stv\"\nseats = 1\nties = [\"more_votes\"]\n", "not known here"),
        ("method = \"stv\"\nseats = 1\nmax_seats = 3\n", "has no meaning"),
    ] {
        let error = read(keys).expect_err(keys).to_string();
        assert!(error.contains(part), "{keys}: {error}");
    }
}
