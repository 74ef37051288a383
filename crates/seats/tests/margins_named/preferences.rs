//! Candidates within lists: one vote after the other until somebody sits, or no longer.

use proptest::prelude::*;
use recount_seats::{
    Exactness, Language, Lots, Margin, Move, Outcome, Rulebook, RunOptions, Tally, Turning, Words, margins, run,
    run_with,
};
use serde_json::{Value, json};

use super::{of, place, rulebook};

/// One list, its chairs and its candidates: votes and gender.
#[derive(Debug, Clone)]
struct List {
    seats: u64,
    votes: u64,
    order: &'static str,
    jump: Option<&'static str>,
    reserve: bool,
    list_order: bool,
    people: Vec<(u64, bool)>,
}

const JUMPS: [&str; 3] = [
    "{ at_least = \"1/4\", of = \"list_votes\" }",
    "{ more_than = \"1\", of = \"list_mean\" }",
    "{ more_than = \"1/4\", of = \"hare_quota\" }",
];

impl List {
    fn rulebook(&self) -> Rulebook {
        let jump = self.jump.map_or_else(String::new, |jump| format!("jump = {jump}\n"));
        let reserve =
            if self.reserve { "reserve = { attribute = \"gender\", is = \"f\", at_least = \"1/2\" }\n" } else { "" };
        let ties = if self.list_order { "list_order" } else { "lot" };
        rulebook(&format!(
            "[contest.lists]\nkind = \"list\"\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\n\
             seats = {}\nformula = {{ family = \"divisor\", rule = \"dhondt\" }}\n\
             [[stage]]\nid = \"people\"\nkind = \"candidates\"\nof = \"seats\"\norder = \"{}\"\n{jump}{reserve}\
             ties = [\"{ties}\"]\n",
            self.seats, self.order
        ))
    }

    fn tally(&self) -> Tally {
        let one = |(who, (votes, gender)): (usize, &(u64, bool))| {
            let gender = if *gender { "f" } else { "m" };
            json!({"id": format!("p{who}"), "name": format!("Name {who}"), "attributes": {"votes": votes.to_string(), "gender": gender}})
        };
        let people: Vec<Value> = self.people.iter().enumerate().map(one).collect();
        let tally = json!({
            "schema": "recount-tally/1", "units": [{"id": "all", "level": "national"}],
            "lists": [{"id": "A", "name": "A", "candidates": people}],
            "totals": [{"contest": "lists", "unit": "all", "votes": {"A": self.votes}}],
        });
        Tally::parse(&tally.to_string()).unwrap()
    }

    fn outcome(&self, rulebook: &Rulebook) -> Outcome {
        run(rulebook, &self.tally(), &Lots::none()).unwrap()
    }

    fn moved(&self, up: Option<usize>, down: Option<usize>, votes: u64) -> Option<Self> {
        let mut list = self.clone();
        if let Some(up) = up {
            list.people[up].0 += votes;
        }
        if let Some(down) = down {
            list.people[down].0 = list.people[down].0.checked_sub(votes)?;
        }
        Some(list)
    }
}

fn sits(outcome: &Outcome, who: usize) -> bool {
    outcome.members.iter().any(|member| member.candidate.as_deref() == Some(&format!("p{who}")))
}

fn check(list: &List) {
    let rulebook = list.rulebook();
    let found: Vec<Margin> = margins(&rulebook, &list.tally()).unwrap();
    let found: Vec<Margin> =
        found.into_iter().filter(|margin| matches!(margin.turning, Turning::Chair { .. })).collect();
    if usize::try_from(list.seats).unwrap() >= list.people.len() {
        assert!(found.is_empty(), "a chair for everybody");
        return;
    }
    let now = list.outcome(&rulebook);
    for who in 0..list.people.len() {
        let now = sits(&now, who);
        let fewest = |up: Option<usize>, down: Option<usize>| {
            let turned = |list: List| sits(&list.outcome(&rulebook), who) != now;
            (1..60u64).find(|votes| list.moved(up, down, *votes).is_some_and(turned))
        };
        assert!(of(&found, who).all(|one| one.exactness == Exactness::Exact));
        let alone = if now { fewest(None, Some(who)) } else { fewest(Some(who), None) };
        let by_itself =
            of(&found, who).find(|one| matches!(one.by, Move::GainedBaseFixed | Move::LostBaseFixed)).unwrap();
        let turning = Turning::Chair { stage: "people".into(), list: "A".into(), elected: !now };
        assert_eq!(by_itself.turning, turning);
        assert_eq!(by_itself.votes, alone, "{who} alone in {list:?}");
        let others = (0..list.people.len()).filter(|other| *other != who);
        let best = others
            .filter_map(|other| if now { fewest(Some(other), Some(who)) } else { fewest(Some(who), Some(other)) })
            .min();
        let moved = of(&found, who).find(|one| matches!(one.by, Move::MovedFrom(_) | Move::MovedTo(_)));
        assert_eq!(moved.and_then(|one| one.votes), best, "{who} in {list:?}");
    }
}

fn lists() -> impl Strategy<Value = List> {
    let people = prop::collection::vec((0u64..14, any::<bool>()), 1..6);
    let jump = prop::option::of(prop::sample::select(JUMPS.to_vec()));
    let order = prop::sample::select(vec!["list", "votes"]);
    (1u64..4, 20u64..50, order, jump, any::<bool>(), any::<bool>(), people)
        .prop_filter("votes decide", |(_, _, order, jump, ..)| *order == "votes" || jump.is_some())
        .prop_map(|(seats, votes, order, jump, reserve, list_order, people)| List {
            seats,
            votes,
            order,
            jump,
            reserve,
            list_order,
            people,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn margins_within_lists_are_those_of_brute_force(list in lists()) {
        check(&list);
    }
}

#[test]
fn a_chair_by_hand() {
    let list = List {
        seats: 1,
        votes: 40,
        order: "votes",
        jump: None,
        reserve: false,
        list_order: false,
        people: vec![(7, false), (12, false), (3, false)],
    };
    let found = margins(&list.rulebook(), &list.tally()).unwrap();
    let votes = |who: usize, by: &Move| {
        found.iter().find(|one| one.list.starts_with('p') && place(&one.list) == who && one.by == *by).unwrap().votes
    };
    // Five marks fewer, or three that go to the next, leave a lot to decide.
    assert_eq!(votes(1, &Move::LostBaseFixed), Some(5));
    assert_eq!(votes(1, &Move::MovedTo("p0".into())), Some(3));
    assert_eq!(votes(0, &Move::GainedBaseFixed), Some(6));
    assert_eq!(votes(0, &Move::MovedFrom("p1".into())), Some(3));
    let outcome = list.outcome(&list.rulebook());
    let first = found.iter().find(|one| one.list == "p1" && one.by == Move::LostBaseFixed).unwrap();
    assert_eq!(
        Words::new(Language::English, &outcome).margin(first),
        "Name 1 would not sit for A for certain at stage people with 5 votes fewer of their own, with the votes of the \
         list fixed; one fewer would not do."
    );
}

#[test]
fn of_many_long_lists_some_people_of_each_are_asked_about_and_the_rest_is_said() {
    let rules = List {
        seats: 100,
        votes: 0,
        order: "list",
        jump: Some(JUMPS[2]),
        reserve: false,
        list_order: false,
        people: Vec::new(),
    }
    .rulebook();
    let run_on = |lists: u64, people: u64| {
        let one = |list: u64, who: u64| {
            let votes = 1_000 + (list * 131 + who * 377) % 900;
            json!({"id": format!("p{list}-{who}"), "name": format!("{who}"), "attributes": {"votes": votes.to_string()}})
        };
        let listed: Vec<Value> = (0..lists)
            .map(|list| {
                let people: Vec<Value> = (0..people).map(|who| one(list, who)).collect();
                json!({"id": format!("l{list}"), "name": format!("L{list}"), "candidates": people})
            })
            .collect();
        let votes: serde_json::Map<String, Value> =
            (0..lists).map(|list| (format!("l{list}"), json!(people * 2_000 + list))).collect();
        let tally = json!({
            "schema": "recount-tally/1", "units": [{"id": "all", "level": "national"}], "lists": listed,
            "totals": [{"contest": "lists", "unit": "all", "votes": votes}],
        });
        let options = RunOptions { seat_margins: true, ..RunOptions::default() };
        run_with(&rules, &Tally::parse(&tally.to_string()).unwrap(), &Lots::none(), &options).unwrap()
    };
    let said =
        |outcome: &Outcome| outcome.notes.iter().map(ToString::to_string).find(|note| note.contains("no margin"));
    let few = run_on(3, 6);
    assert_eq!(said(&few), None);
    let many = run_on(24, 250);
    let why = said(&many).expect("what is left out is said");
    assert!(why.contains("stand by name"), "{why}");
    for list in 0..24 {
        let own = format!("p{list}-");
        assert!(
            many.margins.iter().any(|margin| margin.list.starts_with(&own)),
            "somebody of list {list} is asked about"
        );
    }
}
