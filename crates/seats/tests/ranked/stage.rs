//! Stages of kind `rank`, from a rulebook and a tally.

use recount_seats::ranked::Ballots;
use recount_seats::{Language, Lot, Lots, Refusal, Rulebook, StepKind, Tally, run};
use serde_json::json;

use super::wards::{WARD, seated, tally};

fn shipped(name: &str) -> Rulebook {
    let path = format!("{}/../../rulebooks/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
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
    let close = super::wards::tally("ward", &[("east", 1, &["5 A", "3 B>A", "3 C>A"])]);
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

#[test]
fn a_sheet_is_told_in_every_language() {
    let tally = tally("ward", &[("east", 2, WARD), ("west", 2, &["6 E", "2 F", "2 G"])]);
    let outcome = run(&shipped("gb-sco-local"), &tally, &Lots::none()).unwrap();
    for (language, words) in [
        (Language::English, ["quota 7.", "first preferences.", "is excluded", "Elected: A, C."]),
        (Language::Russian, ["квота: 7.", "первые предпочтения.", "выбывает", "Избраны: A, C."]),
        (Language::Kyrgyz, ["квота: 7.", "биринчи артыкчылыктар.", "чыгат", "Шайланды: A, C."]),
    ] {
        let text = outcome.describe_in(language);
        for word in words {
            assert!(text.contains(word), "{word}\n{text}");
        }
    }
}
