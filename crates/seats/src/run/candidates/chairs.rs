//! The chairs of one list in one place, such that they can be filled again with other votes.

use super::order::{Place, Runner, Runners};
use super::ranks;
use crate::formula::seating::seat;
use crate::rulebook::{CandidateOrder, Candidates, Stage, TieRule};
use crate::run::machine::has_rule;

/// The chairs of one list whose candidates' own votes decide who sits on them.
#[derive(Debug)]
pub(crate) struct Chairs {
    /// The stage.
    pub stage: String,
    /// The list's id.
    pub list: String,
    /// The unit; none: the whole.
    pub unit: Option<String>,
    /// Chairs that nobody holds beforehand.
    seats: u64,
    /// Of them, those kept for some.
    reserve: u64,
    ordered: bool,
    by_list: bool,
    /// Whether chairs can be kept for some.
    pub reserves: bool,
    /// The votes that lift a candidate before others.
    pub lifts: Option<u128>,
    /// Whether these votes are marks beside a vote for the list, and not themselves votes for it.
    pub beside: bool,
    pub people: Vec<Sitter>,
}

/// One who can sit there.
#[derive(Debug)]
pub(crate) struct Sitter {
    pub id: String,
    place: u64,
    pub votes: u64,
    reserved_for: bool,
}

impl Chairs {
    /// Those of a place; none where no votes decide, or where there is a chair for everybody.
    pub(super) fn new(
        stage: &Stage,
        rule: &Candidates,
        place: &Place<'_>,
        runners: &Runners<'_>,
        seats: u64,
        reserve: u64,
    ) -> Option<Self> {
        let sitter = |one: &Runner<'_>| {
            Some(Sitter { id: one.id.to_owned(), place: one.place, votes: one.votes?, reserved_for: one.reserved_for })
        };
        let people: Vec<Sitter> = runners.people.iter().map(sitter).collect::<Option<_>>()?;
        let all = u64::try_from(people.len()).is_ok_and(|people| people <= seats);
        (seats > 0 && !all).then(|| Self {
            stage: stage.id.clone(),
            list: place.list.id.clone(),
            unit: place.unit.map(|unit| unit.id.clone()),
            seats,
            reserve,
            ordered: rule.order == CandidateOrder::Votes,
            by_list: has_rule(stage, TieRule::ListOrder),
            reserves: rule.reserve.is_some(),
            lifts: runners.lifts,
            beside: !place.list.candidates.is_empty(),
            people,
        })
    }

    /// Whether one of them sits for certain with these votes, whoever is drawn in a tie.
    pub(crate) fn seats(&self, who: usize, votes: &[u64]) -> bool {
        let runner = |one: &'_ Sitter| Runner {
            id: "",
            name: "",
            place: one.place,
            votes: Some(one.votes),
            reserved_for: one.reserved_for,
        };
        let runners = Runners { people: self.people.iter().map(runner).collect(), lifts: self.lifts };
        let standing = runners.standing(self.ordered, votes.iter().map(|votes| Some(*votes)));
        let ranks = ranks(self.by_list, self.reserves, &standing);
        let place = self.people.get(who).map(|one| one.place);
        let seated = seat(&ranks, self.seats, self.reserve, &mut |_, _| Some(Vec::new())).unwrap_or_default();
        seated.who.iter().filter_map(|at| standing.get(*at)).any(|one| Some(one.place) == place)
    }
}
