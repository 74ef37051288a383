//! Margins of polls in which seats go to those with most votes, and of second rounds.

use super::People;
use super::race::{self, Budget, Moved, Race, Shift};
use crate::formula::plurality::{Stander, Tied, elect};
use crate::lots::Lots;
use crate::outcome::{Move, Turning};
use crate::refusal::Refusal;
use crate::rulebook::{AgainstAll, Plurality, Rulebook, Stage, StageKind};
use crate::run::RunOptions;
use crate::run::machine::Work;
use crate::run::plurality::{polls, seats, standers, stands, unit_of};
use crate::run::view::{Poll, View};

/// The work that the margins of all polls may cost.
const MOST_WORK: u64 = 4_000_000;
/// Draws of one tie after the other that are followed.
const DEEPEST: usize = 6;

/// The margins of everybody who stands in a poll of a stage `plurality`.
pub(super) fn of_polls(
    rulebook: &Rulebook,
    view: &View<'_>,
    options: &RunOptions,
    told: &mut People,
) -> Result<(), Refusal> {
    let lots = Lots::none();
    let work = Work { rulebook, view, options, settled: &[], lots: &lots, trace: false };
    let mut budget = Budget::new(MOST_WORK);
    for stage in &rulebook.stages {
        let StageKind::Plurality(rule) = &stage.kind else { continue };
        for poll in polls(&work, stage, &rule.contest, rule.per.as_deref())? {
            let seats = seats(&work, stage, &rule.seats, poll)?;
            let standers = standers(poll, rule.limit.as_ref());
            let against = against(rulebook, &rule.contest, poll);
            race::margins(&Plain { stage, rule, poll, standers, seats, against }, &mut budget, told);
        }
    }
    Ok(())
}

/// Votes against all, where they can repeat the poll.
pub(super) fn against(rulebook: &Rulebook, contest: &str, poll: &Poll<'_>) -> Option<u64> {
    let contest = rulebook.contests.get(contest)?;
    poll.against_all.filter(|_| contest.against_all == AgainstAll::RepeatIfMost)
}

/// Those who have not withdrawn, by position.
pub(super) fn standing(poll: &Poll<'_>) -> Vec<usize> {
    poll.entries.iter().enumerate().filter(|(_, entry)| stands(entry)).map(|(who, _)| who).collect()
}

/// The key of one who stands in a poll.
pub(super) fn id(poll: &Poll<'_>, who: usize) -> String {
    poll.entries.get(who).map_or_else(String::new, |entry| entry.id.to_owned())
}

/// Those who stand, with the votes that they have then.
pub(super) fn with_votes(standers: &[Stander], votes: &[u64]) -> Vec<Stander> {
    standers.iter().zip(votes).map(|(one, votes)| Stander { votes: *votes, ..*one }).collect()
}

/// The points at which a number that moves meets a fixed one.
pub(super) fn meets(number: u64, votes: &[Stander], shift: Shift) -> Vec<u64> {
    let of = |who: usize| votes.get(who).map_or(0, |one| one.votes);
    let up = shift.up.and_then(|up| number.checked_sub(of(up)));
    let down = shift.down.and_then(|down| of(down).checked_sub(number));
    up.into_iter().chain(down).collect()
}

/// One poll.
struct Plain<'a> {
    stage: &'a Stage,
    rule: &'a Plurality,
    poll: &'a Poll<'a>,
    standers: Vec<Stander>,
    seats: u64,
    against: Option<u64>,
}

impl Race for Plain<'_> {
    fn votes(&self) -> Vec<u64> {
        self.standers.iter().map(|one| one.votes).collect()
    }

    fn standing(&self) -> Vec<usize> {
        standing(self.poll)
    }

    fn id(&self, who: usize) -> String {
        id(self.poll, who)
    }

    fn unit(&self) -> Option<String> {
        unit_of(self.poll)
    }

    fn turning(&self, _: usize, now: bool) -> Turning {
        Turning::Poll { stage: self.stage.id.clone(), elected: !now }
    }

    fn alone(&self) -> Option<(Move, Move)> {
        Some((Move::GainedNew, Move::LostBaseFalls))
    }

    fn meets(&self, shift: Shift) -> Vec<u64> {
        self.against.map(|against| meets(against, &self.standers, shift)).unwrap_or_default()
    }

    fn plain(&self) -> bool {
        self.against.is_none() && self.rule.limit.as_ref().is_none_or(|limit| !limit.not_held_if_impossible)
    }

    fn certain(&self, who: usize, moved: &Moved, budget: &mut Budget) -> bool {
        let most = moved.votes.iter().copied().max().unwrap_or(0);
        if self.against.is_some_and(|against| against > most) {
            return false;
        }
        self.in_each_draw(who, &with_votes(&self.standers, &moved.votes), &mut Vec::new(), budget)
    }
}

impl Plain<'_> {
    fn in_each_draw(&self, who: usize, standers: &[Stander], drawn: &mut Vec<Vec<usize>>, budget: &mut Budget) -> bool {
        budget.spend(standers.len(), 1);
        if budget.left == 0 || drawn.len() > DEEPEST {
            budget.unsure = true;
            return false;
        }
        let most = self.rule.limit.as_ref().map(|limit| limit.max_per_value);
        let mut asked = drawn.iter();
        match elect(standers, self.seats, most, &mut |_, _| asked.next().cloned()) {
            Ok(elected) => {
                let held = self.rule.limit.as_ref().is_none_or(|limit| !limit.not_held_if_impossible);
                (held || elected.vacant == 0) && elected.elected.contains(&who)
            }
            Err(Tied { between, seats: 1 }) => between.iter().all(|one| {
                drawn.push(vec![*one]);
                let certain = self.in_each_draw(who, standers, drawn, budget);
                drawn.pop();
                certain
            }),
            // Several seats are drawn at once only among those who are all alike.
            Err(Tied { between, .. }) if between.contains(&who) => false,
            Err(Tied { between, seats }) => {
                drawn.push(between.into_iter().take(usize::try_from(seats).unwrap_or(usize::MAX)).collect());
                let certain = self.in_each_draw(who, standers, drawn, budget);
                drawn.pop();
                certain
            }
        }
    }
}

/// The second round of a run-off: one seat, among those who were let in.
pub(super) struct SecondRound<'a> {
    pub stage: &'a Stage,
    pub poll: &'a Poll<'a>,
    pub standers: Vec<Stander>,
    /// Those who may stand, by position.
    pub allowed: Vec<usize>,
}

impl Race for SecondRound<'_> {
    fn votes(&self) -> Vec<u64> {
        self.standers.iter().map(|one| one.votes).collect()
    }

    fn standing(&self) -> Vec<usize> {
        self.allowed.clone()
    }

    fn id(&self, who: usize) -> String {
        id(self.poll, who)
    }

    fn unit(&self) -> Option<String> {
        unit_of(self.poll)
    }

    fn turning(&self, _: usize, now: bool) -> Turning {
        Turning::SecondRound { stage: self.stage.id.clone(), elected: !now }
    }

    fn alone(&self) -> Option<(Move, Move)> {
        Some((Move::GainedNew, Move::LostBaseFalls))
    }

    fn meets(&self, _: Shift) -> Vec<u64> {
        Vec::new()
    }

    fn plain(&self) -> bool {
        true
    }

    fn certain(&self, who: usize, moved: &Moved, budget: &mut Budget) -> bool {
        budget.spend(moved.votes.len(), 1);
        let elected = elect(&with_votes(&self.standers, &moved.votes), 1, None, &mut |_, _| None);
        elected.is_ok_and(|elected| elected.elected.contains(&who))
    }
}
