//! Lists with fewer candidates than seats, and candidates by votes of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_seats::{Lots, Outcome, Refusal, Rulebook, StepKind, Tally, run};

fn outcome(stages: &str, lists: &str, votes: &str) -> Result<Outcome, Refusal> {
    let rulebook = format!(
        "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[units]\nlevels = [\"national\"]\n\
         [contest.lists]\nkind = \"list\"\n{stages}"
    );
    let rulebook = Rulebook::parse(&rulebook).unwrap_or_else(|error| panic!("{error}"));
    let tally = format!(
        r#"{{"schema":"recount-tally/1","units":[{{"id":"all","level":"national"}}],"lists":[{lists}],
            "totals":[{{"contest":"lists","unit":"all","votes":{votes}}}]}}"#
    );
    run(&rulebook, &Tally::parse(&tally).unwrap(), &Lots::none())
}

fn list(id: &str, candidates: &[(&str, u64)]) -> String {
    let candidates: Vec<String> = candidates
        .iter()
        .map(|(name, votes)| format!(r#"{{"id":"{name}","name":"{name}","attributes":{{"votes":"{votes}"}}}}"#))
        .collect();
    format!(r#"{{"id":"{id}","name":"{id}","candidates":[{}]}}"#, candidates.join(","))
}

fn dhondt(seats: u64, more: &str) -> String {
    format!(
        "[[stage]]\nid = \"seats\"\nkind = \"allocate\"\nseats = {seats}\n\
         formula = {{ family = \"divisor\", rule = \"dhondt\" }}\n{more}\n"
    )
}

const MEMBERS: &str = "[[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"seats\"\n";

#[test]
fn a_full_list_leaves_its_next_seat_to_the_others() {
    let stages = dhondt(5, "on_exhausted = \"next_quotient\"");
    let lists = [list("A", &[("a", 0)]), list("B", &[("b1", 0), ("b2", 0)]), list("C", &[("c", 0)])].join(",");
    let result = outcome(&stages, &lists, r#"{"A":900,"B":100,"C":90}"#).unwrap();
    assert_eq!(result.seats.values().copied().collect::<Vec<_>>(), [1, 2, 1]);
    assert_eq!((result.vacant, result.house), (1, 5));
    assert_eq!(result.exhausted, ["A", "B", "C"]);
    // Full, but not entitled to more: not exhausted.
    let result = outcome(&dhondt(3, "on_exhausted = \"next_quotient\""), &lists, r#"{"A":150,"B":300,"C":1}"#).unwrap();
    assert_eq!(result.seats.values().copied().collect::<Vec<_>>(), [1, 2, 0]);
    assert!(result.exhausted.is_empty(), "{:?}", result.exhausted);
}

#[test]
fn without_that_rule_chairs_stay_empty() {
    let stages = format!("{}{MEMBERS}order = \"list\"\n", dhondt(3, ""));
    let lists = [list("A", &[("a", 0)]), list("B", &[("b", 0)])].join(",");
    let result = outcome(&stages, &lists, r#"{"A":900,"B":310}"#).unwrap();
    let members: Vec<_> = result.members.iter().map(|m| (m.list.as_deref().unwrap(), m.candidate.as_deref())).collect();
    assert_eq!(members, [("A", Some("a")), ("A", None), ("B", Some("b"))]);
}

#[test]
fn votes_of_their_own_lift_candidates() {
    // A quarter of the quota of 1000/4 is 62.5; who has more comes first, by votes.
    let stages =
        format!("{}{MEMBERS}order = \"list\"\njump = {{ of = \"hare_quota\", more_than = \"1/4\" }}\n", dhondt(4, ""));
    let lists = list("A", &[("first", 10), ("second", 20), ("third", 63), ("fourth", 62), ("fifth", 200)]);
    let result = outcome(&stages, &lists, r#"{"A":1000}"#).unwrap();
    let names: Vec<_> = result.members.iter().filter_map(|member| member.candidate.as_deref()).collect();
    assert_eq!(names, ["fifth", "third", "first", "second"]);
    assert_eq!(result.members.iter().filter(|member| member.by_preference).count(), 2);
}

#[test]
fn candidates_tied_for_the_last_chair_are_named() {
    let stages = format!("{}{MEMBERS}order = \"votes\"\n", dhondt(2, ""));
    let lists = list("A", &[("x", 5), ("y", 9), ("z", 5)]);
    let result = outcome(&stages, &lists, r#"{"A":19}"#).unwrap();
    let tie = &result.undetermined[0];
    assert_eq!((tie.stage.as_str(), tie.seats, tie.what), ("members", 1, StepKind::CandidateVotes));
    assert_eq!(tie.between, ["x", "z"]);
    assert_eq!((result.seats["A"], result.members.len()), (2, 1));
}

#[test]
fn candidates_without_votes_are_refused_where_votes_order_them() {
    let stages = format!("{}{MEMBERS}order = \"votes\"\n", dhondt(1, ""));
    let lists = r#"{"id":"A","name":"A","candidates":[{"id":"x","name":"x"}]}"#;
    let refusal = outcome(&stages, lists, r#"{"A":19}"#).unwrap_err();
    assert!(matches!(refusal, Refusal::CandidateVotesMissing { .. }), "{refusal}");
}
