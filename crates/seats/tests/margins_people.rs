//! Margins of polls against brute force: one vote after the other until somebody is elected, or no longer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use proptest::prelude::*;
use recount_seats::{Exactness, Language, Lots, Margin, Move, Rulebook, Tally, Turning, margins, run};
use serde_json::{Map, json};

/// One poll: its seats, the limit on a gender, whether votes against all can repeat it.
#[derive(Debug, Clone)]
struct Poll {
    seats: u64,
    most: Option<u64>,
    not_held: bool,
    against: Option<u64>,
    /// Votes and gender.
    stand: Vec<(u64, bool)>,
}

impl Poll {
    fn rulebook(&self) -> Rulebook {
        let against = if self.against.is_some() { "against_all = \"repeat_if_most\"\n" } else { "" };
        let impossible = if self.not_held { "not_held" } else { "vacant" };
        let limit = self.most.map_or_else(String::new, |most| {
            format!("limit = {{ attribute = \"gender\", max_per_value = {most}, if_impossible = \"{impossible}\" }}\n")
        });
        let text = format!(
            "schema = \"recount-rulebook/1\"\nid = \"r\"\ntitle = \"r\"\n[units]\nlevels = [\"national\"]\n\
             [contest.poll]\nkind = \"candidate\"\n{against}\
             [[stage]]\nid = \"won\"\nkind = \"plurality\"\ncontest = \"poll\"\nseats = {}\nties = [\"lot\"]\n{limit}",
            self.seats
        );
        Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn tally(&self) -> Tally {
        let mut votes = Map::new();
        let mut nominees = Vec::new();
        for (place, (number, gender)) in self.stand.iter().enumerate() {
            let (id, gender) = (format!("p{place}"), if *gender { "f" } else { "m" });
            votes.insert(id.clone(), json!(number));
            nominees.push(json!({"id": id, "name": id, "contest": "poll", "attributes": {"gender": gender}}));
        }
        let mut total = json!({"contest": "poll", "unit": "all", "votes": votes});
        if let Some(against) = self.against {
            total["against_all"] = json!(against);
        }
        let tally = json!({
            "schema": "recount-tally/1", "units": [{"id": "all", "level": "national"}], "lists": [],
            "nominees": nominees, "totals": [total],
        });
        Tally::parse(&tally.to_string()).unwrap()
    }

    /// Whether somebody is elected, whatever a lot brings.
    fn elects(&self, rulebook: &Rulebook, who: usize) -> bool {
        let outcome = run(rulebook, &self.tally(), &Lots::none()).unwrap();
        outcome.members.iter().any(|member| member.candidate.as_deref() == Some(&format!("p{who}")))
    }

    /// After some votes have moved; none: there are not so many.
    fn moved(&self, up: Option<usize>, down: Option<usize>, votes: u64) -> Option<Self> {
        let mut poll = self.clone();
        if let Some(up) = up {
            poll.stand[up].0 += votes;
        }
        if let Some(down) = down {
            poll.stand[down].0 = poll.stand[down].0.checked_sub(votes)?;
        }
        Some(poll)
    }

    /// The fewest votes that turn it, by trying all.
    fn fewest(&self, rulebook: &Rulebook, who: usize, up: Option<usize>, down: Option<usize>) -> Option<u64> {
        let now = self.elects(rulebook, who);
        (1..60).find(|votes| self.moved(up, down, *votes).is_some_and(|poll| poll.elects(rulebook, who) != now))
    }
}

fn polls() -> impl Strategy<Value = Poll> {
    let stand = prop::collection::vec((0u64..12, any::<bool>()), 1..5);
    (1u64..4, prop::option::of(1u64..3), any::<bool>(), prop::option::of(0u64..12), stand)
        .prop_map(|(seats, most, not_held, against, stand)| Poll { seats, most, not_held, against, stand })
}

fn place(id: &str) -> usize {
    id.trim_start_matches('p').parse().unwrap()
}

fn check(poll: &Poll) {
    let rulebook = poll.rulebook();
    let found: Vec<Margin> = margins(&rulebook, &poll.tally()).unwrap();
    let of = |who: usize| found.iter().filter(move |margin| place(&margin.list) == who);
    let everybody = 0..poll.stand.len();
    for who in everybody.clone() {
        let now = poll.elects(&rulebook, who);
        for margin in of(who) {
            assert_eq!(margin.turning, Turning::Poll { stage: "won".into(), elected: !now });
            assert_eq!(margin.exactness, Exactness::Exact);
        }
        let shift = |other: usize| if now { (Some(other), Some(who)) } else { (Some(who), Some(other)) };
        let alone = if now { (None, Some(who)) } else { (Some(who), None) };
        let by_itself = of(who).find(|margin| matches!(margin.by, Move::GainedNew | Move::LostBaseFalls)).unwrap();
        assert_eq!(by_itself.votes, poll.fewest(&rulebook, who, alone.0, alone.1), "{who} alone in {poll:?}");
        let others = everybody.clone().filter(|other| *other != who);
        let best = others.filter_map(|other| poll.fewest(&rulebook, who, shift(other).0, shift(other).1)).min();
        let moved = of(who).find(|margin| matches!(margin.by, Move::MovedFrom(_) | Move::MovedTo(_)));
        assert_eq!(moved.and_then(|margin| margin.votes), best, "{who} in {poll:?}");
        if let Some(Move::MovedFrom(other) | Move::MovedTo(other)) = moved.map(|margin| &margin.by) {
            let (up, down) = shift(place(other));
            assert_eq!(poll.fewest(&rulebook, who, up, down), best, "{who} and {other} in {poll:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn margins_of_polls_are_those_of_brute_force(poll in polls()) {
        check(&poll);
    }
}

#[test]
fn a_seat_by_hand() {
    let poll =
        Poll { seats: 1, most: None, not_held: false, against: None, stand: vec![(100, true), (90, true), (3, true)] };
    let margins = margins(&poll.rulebook(), &poll.tally()).unwrap();
    let find = |id: &str, by: &Move| margins.iter().find(|one| one.list == id && one.by == *by).unwrap().votes;
    // Ten who stay away, or five who change their mind, leave a lot to decide.
    assert_eq!(find("p0", &Move::LostBaseFalls), Some(10));
    assert_eq!(find("p0", &Move::MovedTo("p1".into())), Some(5));
    assert_eq!(find("p1", &Move::GainedNew), Some(11));
    assert_eq!(find("p1", &Move::MovedFrom("p0".into())), Some(6));
    assert_eq!(find("p2", &Move::GainedNew), Some(98));
    let said = run(&poll.rulebook(), &poll.tally(), &Lots::none()).unwrap();
    let words = recount_seats::Words::new(Language::English, &said);
    let of = margins.iter().find(|one| one.list == "p0").unwrap();
    assert_eq!(
        words.margin(of),
        "p0 would not be elected for certain at stage won with 10 votes fewer, if they stay away; one fewer would not do."
    );
}

#[test]
fn a_large_poll_ends_in_time_and_says_so() {
    let stand = (0..300).map(|place| (1_000_000 - place, place % 2 == 0)).collect();
    let poll = Poll { seats: 40, most: None, not_held: false, against: None, stand };
    let margins = margins(&poll.rulebook(), &poll.tally()).unwrap();
    assert!(margins.iter().any(|margin| margin.exactness == Exactness::Suffices));
}
