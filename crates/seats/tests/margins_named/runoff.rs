//! Run-offs: one vote after the other until somebody is elected, stands again, or no longer.

use proptest::prelude::*;
use recount_seats::{Declared, Exactness, Lots, Margin, Move, Outcome, Rulebook, Tally, Turning, margins, run};
use serde_json::{Map, Value, json};

use super::{of, place, rulebook};

/// A first round, and a second one if it was held.
#[derive(Debug, Clone)]
struct Rounds {
    /// Whether the base is a line of the form that counts voters, or the sum of the votes.
    line: Option<u64>,
    /// The condition to be elected in the first round.
    when: usize,
    also: bool,
    against: Option<u64>,
    first: Vec<u64>,
    second: Vec<u64>,
}

const WHEN: [&str; 3] = [
    "{ share = { base = \"valid\", more_than = \"1/2\" } }",
    "{ any = [{ share = { base = \"valid\", at_least = \"2/5\" } }, { votes = { at_least = 9 } }] }",
    "{ all = [{ share = { base = \"valid\", at_least = \"1/3\" } }, { share = { base = \"fixed\", more_than = \"1/4\" } }] }",
];

impl Rounds {
    fn rulebook(&self) -> Rulebook {
        let base = if self.line.is_some() { "line = \"valid\"\ngrows_with_votes = true" } else { "sum = [\"poll\"]" };
        let against = if self.against.is_some() { "against_all = \"repeat_if_most\"\n" } else { "" };
        let also = if self.also { ", base = \"valid\", at_least = \"1/4\"" } else { "" };
        let second = if self.second.is_empty() { "" } else { "second = \"again\"\n" };
        rulebook(&format!(
            "[contest.poll]\nkind = \"candidate\"\n{against}[contest.again]\nkind = \"candidate\"\n\
             [quantity.valid]\n{base}\n[quantity.fixed]\nline = \"fixed\"\ngrows_with_votes = false\n\
             [[stage]]\nid = \"won\"\nkind = \"runoff\"\ncontest = \"poll\"\n{second}when = {}\nties = [\"lot\"]\n\
             second_round = {{ top = 2{also} }}\n",
            WHEN[self.when]
        ))
    }

    fn tally(&self) -> Tally {
        let votes = |of: &[u64]| -> Map<String, Value> {
            of.iter().enumerate().map(|(who, votes)| (format!("p{who}"), json!(votes))).collect()
        };
        let nominee =
            |contest: &'static str| move |who: usize| json!({"id": format!("p{who}"), "name": "n", "contest": contest});
        let nominees: Vec<Value> =
            (0..self.first.len()).map(nominee("poll")).chain((0..self.second.len()).map(nominee("again"))).collect();
        let mut total = json!({"contest": "poll", "unit": "all", "votes": votes(&self.first), "lines": {"fixed": 30}});
        if let Some(against) = self.against {
            total["against_all"] = json!(against);
        }
        if let Some(line) = self.line {
            total["lines"]["valid"] = json!(self.first.iter().sum::<u64>() + line);
        }
        let mut totals = vec![total];
        if !self.second.is_empty() {
            totals.push(json!({"contest": "again", "unit": "all", "votes": votes(&self.second)}));
        }
        let tally = json!({
            "schema": "recount-tally/1", "units": [{"id": "all", "level": "national"}], "lists": [],
            "nominees": nominees, "totals": totals,
        });
        Tally::parse(&tally.to_string()).unwrap()
    }

    fn outcome(&self, rulebook: &Rulebook) -> Outcome {
        run(rulebook, &self.tally(), &Lots::none()).unwrap()
    }

    /// After some votes of a round have moved; none: there are not so many.
    fn moved(&self, second: bool, up: Option<usize>, down: Option<usize>, votes: u64) -> Option<Self> {
        let mut rounds = self.clone();
        let of = if second { &mut rounds.second } else { &mut rounds.first };
        if let Some(up) = up {
            of[up] += votes;
        }
        if let Some(down) = down {
            of[down] = of[down].checked_sub(votes)?;
        }
        Some(rounds)
    }
}

fn elected(outcome: &Outcome, who: usize) -> bool {
    outcome.members.iter().any(|member| member.candidate.as_deref() == Some(&format!("p{who}")))
}

fn stands_again(outcome: &Outcome, who: usize) -> bool {
    let again = outcome.declared.iter().filter(|one| one.what == Declared::SecondRound);
    again.flat_map(|one| &one.who).any(|one| *one == format!("p{who}"))
}

/// The margins of one question about one who stands are those of trying all.
fn check_one(rounds: &Rounds, second: bool, holds: fn(&Outcome, usize) -> bool, who: usize, found: &[&Margin]) {
    let rulebook = rounds.rulebook();
    let now = holds(&rounds.outcome(&rulebook), who);
    let fewest = |up: Option<usize>, down: Option<usize>| {
        (1..60u64).find(|votes| {
            let moved = rounds.moved(second, up, down, *votes);
            moved.is_some_and(|moved| holds(&moved.outcome(&rulebook), who) != now)
        })
    };
    assert!(found.iter().all(|margin| margin.exactness == Exactness::Exact));
    let alone = if now { fewest(None, Some(who)) } else { fewest(Some(who), None) };
    let by_itself = found.iter().find(|margin| matches!(margin.by, Move::GainedNew | Move::LostBaseFalls)).unwrap();
    assert_eq!(by_itself.votes, alone, "{who} alone in {rounds:?}: {by_itself:?}");
    let others = (0..rounds.first.len()).filter(|other| *other != who);
    let best = others
        .filter_map(|other| if now { fewest(Some(other), Some(who)) } else { fewest(Some(who), Some(other)) })
        .min();
    let moved = found.iter().find(|margin| matches!(margin.by, Move::MovedFrom(_) | Move::MovedTo(_)));
    assert_eq!(moved.and_then(|margin| margin.votes), best, "{who} in {rounds:?}");
}

fn check_first(rounds: &Rounds) {
    let found = margins(&rounds.rulebook(), &rounds.tally()).unwrap();
    let now = rounds.outcome(&rounds.rulebook());
    for who in 0..rounds.first.len() {
        let first: Vec<&Margin> =
            of(&found, who).filter(|one| matches!(one.turning, Turning::FirstRound { .. })).collect();
        check_one(rounds, false, elected, who, &first);
        let again: Vec<&Margin> =
            of(&found, who).filter(|one| matches!(one.turning, Turning::StandsAgain { .. })).collect();
        assert_eq!(again.is_empty(), elected(&now, who), "{rounds:?}");
        if !again.is_empty() {
            check_one(rounds, false, stands_again, who, &again);
        }
    }
}

fn first_rounds() -> impl Strategy<Value = Rounds> {
    let line = prop::option::of(0u64..10);
    let first = prop::collection::vec(0u64..14, 1..5);
    (line, 0..WHEN.len(), any::<bool>(), prop::option::weighted(0.3, 0u64..12), first)
        .prop_map(|(line, when, also, against, first)| Rounds { line, when, also, against, first, second: Vec::new() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn margins_of_first_rounds_are_those_of_brute_force(rounds in first_rounds()) {
        check_first(&rounds);
    }

    #[test]
    fn margins_of_second_rounds_are_those_of_brute_force(second in prop::collection::vec(0u64..12, 2)) {
        let rounds = Rounds { line: None, when: 0, also: false, against: None, first: vec![13, 12], second };
        let rounds = Rounds { first: vec![12, 12], ..rounds };
        let found = margins(&rounds.rulebook(), &rounds.tally()).unwrap();
        for who in 0..2 {
            let of: Vec<&Margin> =
                of(&found, who).filter(|one| matches!(one.turning, Turning::SecondRound { .. })).collect();
            check_one(&rounds, true, elected, who, &of);
        }
    }
}

#[test]
fn who_may_stand_again_is_drawn_and_not_chosen() {
    let rounds =
        Rounds { line: None, when: 0, also: false, against: None, first: vec![40, 30, 30], second: Vec::new() };
    let outcome = rounds.outcome(&rounds.rulebook());
    assert_eq!(outcome.undetermined.len(), 1, "{:?}", outcome.declared);
    assert_eq!(outcome.undetermined[0].between, ["p1", "p2"]);
    assert!(stands_again(&outcome, 0) && !stands_again(&outcome, 1) && !stands_again(&outcome, 2));
    let found = margins(&rounds.rulebook(), &rounds.tally()).unwrap();
    let second = found.iter().find(|one| {
        place(&one.list) == 1 && matches!(one.turning, Turning::StandsAgain { .. }) && one.by == Move::GainedNew
    });
    assert_eq!(second.unwrap().votes, Some(1));
}
