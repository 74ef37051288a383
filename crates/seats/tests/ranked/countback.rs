//! Countbacks: small ones done by hand, and by the rule of a rulebook.

use std::collections::BTreeSet;

use recount_seats::ranked::{RankMethod, RankTie, RankedLot, RankedRefusal, count, countback};
use recount_seats::{
    Because, Follows, Lots, Reason, Refusal, Rulebook, Succession, Tally, VacatedSeat, run, successor,
};

use super::support::{ballots, elected, gregory, meek, rules, stv, votes};
use super::wards::tally;

const PAPERS: [&str; 5] = ["4 A>B", "2 A>C", "3 D", "2 B>A", "1 C>A>B"];

fn may(ids: &str) -> BTreeSet<String> {
    ids.split(' ').map(str::to_owned).collect()
}

/// Quota 5. A has 6 and passes on 1 at 1/6 each; C leaves with 1 1/3, then D with 3: B is the last.
#[test]
fn papers_go_to_the_first_whom_they_prefer_among_those_who_may_follow() {
    let (papers, law) = (ballots("A B C D", &PAPERS), rules(stv(gregory(None)), &[]));
    let first = count(&papers, 2, &law, &[]).unwrap();
    assert_eq!(elected(&first), ["A", "B"]);
    // A's six papers at their full value: four name nobody who may follow, two name C.
    let for_a = countback(&papers, &first, &law, "A", &may("C D"), &[]).unwrap();
    assert_eq!(elected(&for_a), ["C"]);
    assert_eq!((for_a.papers, votes(&for_a, 1)), (6, ["0", "0", "2", "0"].map(str::to_owned).to_vec()));
    assert_eq!(for_a.rounds[0].exhausted.to_string(), "4");
    // B's pile: two of its own, four of A's at 1/6, and C's paper, which goes back to C.
    let for_b = countback(&papers, &first, &law, "B", &may("C D"), &[]).unwrap();
    assert_eq!((elected(&for_b), for_b.papers), (vec!["C"], 7));
    assert_eq!(for_b.rounds[0].exhausted.to_string(), "8/3");
    assert!(for_b.rounds[0].lost.is_zero());
}

/// A holds 5 of 9: 2 prefer B, 2 C, 1 D. D leaves first, for C.
#[test]
fn the_one_with_fewest_leaves_until_somebody_has_the_majority() {
    let (papers, law) = (ballots("A B C D E", &["2 A>B", "2 A>C", "1 A>D>C", "4 E"]), rules(RankMethod::Irv, &[]));
    let first = count(&papers, 1, &law, &[]).unwrap();
    assert_eq!(elected(&first), ["A"]);
    let again = countback(&papers, &first, &law, "A", &may("B C D E"), &[]).unwrap();
    assert_eq!(elected(&again), ["C"], "E, who was second, is on none of A's papers");
    let without = countback(&papers, &first, &law, "A", &may("B D E"), &[]).unwrap();
    assert_eq!((elected(&without), without.rounds.len()), (vec!["B"], 1), "2 of 3 in play");
    // B and C are equal without D's paper; nothing settles who leaves.
    let (papers, ids) = (ballots("A B C", &["2 A>B", "2 A>C", "1 A"]), may("B C"));
    let first = count(&papers, 1, &law, &[]).unwrap();
    let tied = countback(&papers, &first, &law, "A", &ids, &[]).unwrap().tie.unwrap();
    assert_eq!(tied.between, ["B", "C"]);
    // A lot decides it, where the rules let one; a second one is of no use.
    let law = rules(RankMethod::Irv, &[RankTie::Lot]);
    let lot = RankedLot { count: None, between: ids.clone(), drawn: vec!["B".to_owned()] };
    let drawn = countback(&papers, &first, &law, "A", &ids, std::slice::from_ref(&lot)).unwrap();
    assert_eq!(elected(&drawn), ["C"], "B leaves the count");
    let twice = countback(&papers, &first, &law, "A", &ids, &[lot.clone(), lot]);
    assert!(matches!(twice, Err(RankedRefusal::SuperfluousLot(_))), "{twice:?}");
}

#[test]
fn what_cannot_be_counted_again_is_refused() {
    let papers = ballots("A B C D", &PAPERS);
    let law = rules(stv(gregory(None)), &[]);
    let first = count(&papers, 2, &law, &[]).unwrap();
    let ask = |left: &str, ids: &str| countback(&papers, &first, &law, left, &may(ids), &[]);
    assert!(matches!(ask("D", "C"), Err(RankedRefusal::NotElected(id)) if id == "D"));
    assert!(matches!(ask("Z", "C"), Err(RankedRefusal::NotElected(id)) if id == "Z"));
    assert!(matches!(ask("A", "Z"), Err(RankedRefusal::Nothing(_))));
    let by_meek = rules(meek(), &[]);
    let first = count(&papers, 2, &by_meek, &[]).unwrap();
    assert!(matches!(countback(&papers, &first, &by_meek, "A", &may("C"), &[]), Err(RankedRefusal::NoPiles)));
}

fn law(vacancy: &str) -> Result<Rulebook, String> {
    let text = format!(
        "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[units]\nlevels = [\"national\", \"ward\"]\n\
         [register]\nward.seats = \"seats\"\n[contest.ballots]\nkind = \"ranked\"\nunit = \"ward\"\n\
         [contest.mayor]\nkind = \"candidate\"\n\
         [[stage]]\nid = \"council\"\nkind = \"rank\"\ncontest = \"ballots\"\nmethod = \"stv\"\nper = \"ward\"\n\
         seats = {{ from = \"ward.seats\" }}\nsurplus = {{ papers = \"last_parcel\", transfer = \"gregory\" }}\nties = [\"lot\"]\n\
         [[stage]]\nid = \"mayor\"\nkind = \"plurality\"\ncontest = \"mayor\"\nseats = 1\n{vacancy}"
    );
    Rulebook::parse(&text).map_err(|error| error.to_string())
}

const RULES: &str = "[[vacancy]]\nof = \"council\"\nrule = \"countback\"\nif_none = \"by_election\"\n\
                     [[vacancy]]\nrule = \"by_election\"\n";

fn election() -> Tally {
    let mut all = tally("ward", &[("east", 2, &PAPERS)]);
    let mut value = serde_json::to_value(&all).unwrap();
    let mayors = ["M", "N"].map(|id| serde_json::json!({"id": id, "name": id, "contest": "mayor"}));
    value["nominees"].as_array_mut().unwrap().extend(mayors);
    value["units"].as_array_mut().unwrap().push(serde_json::json!({"id": "town", "level": "national"}));
    value["totals"] = serde_json::json!([{"contest": "mayor", "unit": "town", "votes": {"M": 9, "N": 3}}]);
    all = Tally::parse(&value.to_string()).unwrap();
    all
}

fn ask(law: &Rulebook, all: &Tally, who: &str, left: &[&str], seated: &[&str]) -> Result<Succession, Refusal> {
    let outcome = run(law, all, &Lots::none()).unwrap();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let seat =
        VacatedSeat { candidate: who.to_owned(), left: ids(left), seated: ids(seated), ..VacatedSeat::default() };
    successor(law, all, &outcome, &seat)
}

#[test]
fn each_kind_of_seat_has_its_rule() {
    let (law, all) = (law(RULES).unwrap(), election());
    let follows = |who: &str, left: &[&str]| ask(&law, &all, who, left, &[]).map(|found| found.follows);
    assert!(matches!(follows("A", &[]).unwrap(), Follows::Candidate { id, .. } if id == "C"));
    assert!(matches!(follows("A", &["C"]).unwrap(), Follows::Candidate { id, .. } if id == "D"));
    assert_eq!(follows("A", &["C", "D"]).unwrap(), Follows::ByElection, "nobody is left");
    assert_eq!(follows("M", &[]).unwrap(), Follows::ByElection);
    let found = ask(&law, &all, "A", &[], &[]).unwrap();
    let because = |who: &str| found.considered.iter().find(|one| one.candidate == who).map(|one| one.because.clone());
    assert_eq!(found.count.as_ref().map(|sheet| sheet.papers), Some(6));
    assert_eq!((found.rule, found.unit.as_deref()), ("countback", Some("east")));
    let expected = [Because::LeftTheSeat, Because::HasASeat, Because::WonCountback, Because::LostCountback];
    assert_eq!(["A", "B", "C", "D"].map(|who| because(who).unwrap()), expected);
    // C, who followed, was not elected by the first count: whose papers would be counted is not said.
    let later = ask(&law, &all, "C", &["A"], &["C", "B", "M"]);
    let not_elected = |reason: &Reason| matches!(reason, Reason::Count(RankedRefusal::NotElected(id)) if id == "C");
    assert!(matches!(&later, Err(Refusal::RankedCount { reason, .. }) if not_elected(reason)), "{later:?}");
}

#[test]
fn without_the_papers_it_is_said_that_they_are_needed() {
    let (law, all) = (law(RULES).unwrap(), election());
    let outcome = run(&law, &all, &Lots::none()).unwrap();
    let seat = VacatedSeat { candidate: "A".to_owned(), ..VacatedSeat::default() };
    let bare = Tally { ballots: Vec::new(), ..all };
    assert_eq!(successor(&law, &bare, &outcome, &seat).unwrap().follows, Follows::Countback);
}

#[test]
fn rules_of_vacancies_are_checked_when_read() {
    for (rules, part) in [
        ("[[vacancy]]\nof = \"nowhere\"\nrule = \"by_election\"\n", "no stage `nowhere`"),
        ("[[vacancy]]\nof = \"mayor\"\nrule = \"countback\"\n", "counts no ranked ballots"),
        ("[[vacancy]]\nrule = \"by_election\"\n[[vacancy]]\nrule = \"next_on_list\"\n", "two rules"),
        (
            "[[vacancy]]\nof = \"mayor\"\nrule = \"by_election\"\n[[vacancy]]\nof = \"mayor\"\nrule = \"next_by_votes\"\n",
            "two rules",
        ),
    ] {
        let error = law(rules).expect_err(rules);
        assert!(error.contains(part), "{rules}{error}");
    }
    assert_eq!(law("[vacancy]\nrule = \"countback\"\n").unwrap().vacancies.len(), 1);
    let only = law("[[vacancy]]\nof = \"council\"\nrule = \"countback\"\n").unwrap();
    assert!(matches!(ask(&only, &election(), "M", &[], &[]), Err(Refusal::NoVacancyRule)));
    assert!(matches!(
        ask(&only, &election(), "D", &[], &[]),
        Err(Refusal::NotSeated { reason: Reason::NobodySeated, .. })
    ));
}
