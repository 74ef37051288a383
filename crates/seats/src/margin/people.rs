//! Margins of polls: the fewest votes by which somebody is elected for certain, or no longer, where seats go to
//! those with most votes.
//!
//! Who is elected hangs on the order of votes alone: which are larger, which are equal, which are zero. While votes
//! move, that order changes only where a number that moves meets another one. So it is enough to look at these
//! points and at their neighbours: the first of them that turns the result is the fewest there is. Under plain
//! rules more votes never unseat anybody, and halving finds it among them.

use std::collections::BTreeSet;

use crate::formula::plurality::{Stander, Tied, elect};
use crate::lots::Lots;
use crate::outcome::{Exactness, Margin, Move, Turning};
use crate::refusal::Refusal;
use crate::rulebook::{AgainstAll, Plurality, Rulebook, Stage, StageKind};
use crate::run::RunOptions;
use crate::run::machine::Work;
use crate::run::plurality::{polls, seats, standers, stands, unit_of};
use crate::run::view::{Poll, View};

/// The work that the margins of all polls may cost: each look at a poll counts those who stand there.
const MOST_WORK: u64 = 4_000_000;
/// What it costs to find the points of one shift, in looks.
const LOOK: u64 = 8;
/// Draws of one tie after the other that are followed.
const DEEPEST: usize = 6;

/// The margins of everybody who stands in a poll of a stage `plurality`.
pub(crate) fn of_people(rulebook: &Rulebook, view: &View<'_>, options: &RunOptions) -> Result<Vec<Margin>, Refusal> {
    let lots = Lots::none();
    let work = Work { rulebook, view, options, settled: &[], lots: &lots, trace: false };
    let mut margins = Vec::new();
    let mut left = MOST_WORK;
    for stage in &rulebook.stages {
        let StageKind::Plurality(rule) = &stage.kind else { continue };
        for poll in polls(&work, stage, &rule.contest, rule.per.as_deref())? {
            let seats = seats(&work, stage, &rule.seats, poll)?;
            let mut race = Race {
                rulebook,
                stage,
                rule,
                poll,
                standers: standers(poll, rule.limit.as_ref()),
                seats,
                left,
                unsure: false,
            };
            race.margins(&mut margins);
            left = race.left;
        }
    }
    Ok(margins)
}

/// One poll.
struct Race<'a> {
    rulebook: &'a Rulebook,
    stage: &'a Stage,
    rule: &'a Plurality,
    poll: &'a Poll<'a>,
    standers: Vec<Stander>,
    seats: u64,
    left: u64,
    /// Whether draws of the one at hand were not followed to their end.
    unsure: bool,
}

/// Whose votes rise, and whose fall.
#[derive(Clone, Copy)]
struct Shift {
    up: Option<usize>,
    down: Option<usize>,
}

impl Race<'_> {
    fn margins(&mut self, margins: &mut Vec<Margin>) {
        let standing: Vec<usize> =
            self.poll.entries.iter().enumerate().filter(|(_, entry)| stands(entry)).map(|(who, _)| who).collect();
        for who in standing.iter().copied() {
            if self.left == 0 {
                return;
            }
            self.unsure = false;
            let now = self.certain(who, &self.standers.clone());
            if self.left == 0 {
                return;
            }
            let (alone, by) = if now {
                (Shift { up: None, down: Some(who) }, Move::LostBaseFalls)
            } else {
                (Shift { up: Some(who), down: None }, Move::GainedNew)
            };
            let votes = self.fewest(who, now, alone, u64::MAX);
            margins.push(self.margin(who, now, by, votes));
            let mut best: Option<(u64, usize)> = None;
            for other in standing.iter().copied().filter(|other| *other != who) {
                let shift = if now {
                    Shift { up: Some(other), down: Some(who) }
                } else {
                    Shift { up: Some(who), down: Some(other) }
                };
                let below = best.map_or(u64::MAX, |(votes, _)| votes.saturating_sub(1));
                if let Some(votes) = self.fewest(who, now, shift, below) {
                    best = Some((votes, other));
                }
            }
            if let Some((votes, other)) = best {
                let other = self.id(other);
                let by = if now { Move::MovedTo(other) } else { Move::MovedFrom(other) };
                margins.push(self.margin(who, now, by, Some(votes)));
            }
        }
    }

    fn id(&self, who: usize) -> String {
        self.poll.entries.get(who).map_or_else(String::new, |entry| entry.id.to_owned())
    }

    fn margin(&self, who: usize, now: bool, by: Move, votes: Option<u64>) -> Margin {
        Margin {
            list: self.id(who),
            turning: Turning::Poll { stage: self.stage.id.clone(), elected: !now },
            by,
            unit: unit_of(self.poll),
            votes,
            exactness: if self.left > 0 && !self.unsure { Exactness::Exact } else { Exactness::Suffices },
        }
    }

    /// The fewest votes of this shift, at most so many, after which it is no longer as it is now.
    fn fewest(&mut self, who: usize, now: bool, shift: Shift, most: u64) -> Option<u64> {
        self.spend(LOOK);
        if self.left == 0 {
            return None;
        }
        let most = shift.down.map_or(most, |down| most.min(self.votes(down)));
        let points: Vec<u64> = self.points(shift).into_iter().filter(|votes| (1..=most).contains(votes)).collect();
        if self.plain() {
            let (mut low, mut high) = (0, points.len());
            while low < high {
                let middle = low + (high - low) / 2;
                if self.turned(who, now, shift, *points.get(middle)?) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return points.get(low).copied().filter(|_| self.left > 0);
        }
        let found = points.into_iter().find(|votes| self.turned(who, now, shift, *votes));
        found.filter(|_| self.left > 0)
    }

    /// Counts so many looks at all who stand.
    fn spend(&mut self, looks: u64) {
        let standing = u64::try_from(self.standers.len()).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(standing.saturating_mul(looks));
    }

    /// Whether more votes never unseat anybody: nothing but their order decides.
    fn plain(&self) -> bool {
        self.against().is_none() && self.rule.limit.as_ref().is_none_or(|limit| !limit.not_held_if_impossible)
    }

    /// Votes against all, where they can repeat the poll.
    fn against(&self) -> Option<u64> {
        let contest = self.rulebook.contests.get(&self.rule.contest)?;
        self.poll.against_all.filter(|_| contest.against_all == AgainstAll::RepeatIfMost)
    }

    fn votes(&self, who: usize) -> u64 {
        self.standers.get(who).map_or(0, |one| one.votes)
    }

    /// Where a number that moves meets another, with the neighbours, in rising order.
    fn points(&self, shift: Shift) -> BTreeSet<u64> {
        let mut met = BTreeSet::new();
        let fixed = self.standers.iter().map(|one| one.votes).chain(self.against()).chain([0]);
        for number in fixed {
            met.extend(shift.up.and_then(|up| number.checked_sub(self.votes(up))));
            met.extend(shift.down.and_then(|down| self.votes(down).checked_sub(number)));
        }
        if let (Some(up), Some(down)) = (shift.up, shift.down) {
            met.extend(self.votes(down).checked_sub(self.votes(up)).map(|gap| gap / 2));
        }
        met.iter().flat_map(|point| [point.saturating_sub(1), *point, point.saturating_add(1)]).collect()
    }

    fn turned(&mut self, who: usize, now: bool, shift: Shift, votes: u64) -> bool {
        let mut standers = self.standers.clone();
        let places = [(shift.up, true), (shift.down, false)];
        for (place, up) in places {
            let Some(one) = place.and_then(|place| standers.get_mut(place)) else { continue };
            let moved = if up { one.votes.checked_add(votes) } else { one.votes.checked_sub(votes) };
            let Some(moved) = moved else { return false };
            one.votes = moved;
        }
        self.certain(who, &standers) != now
    }

    /// Whether somebody is elected whoever is drawn in a tie.
    fn certain(&mut self, who: usize, standers: &[Stander]) -> bool {
        let most = standers.iter().map(|one| one.votes).max().unwrap_or(0);
        if self.against().is_some_and(|against| against > most) {
            return false;
        }
        self.in_each_draw(who, standers, &mut Vec::new())
    }

    fn in_each_draw(&mut self, who: usize, standers: &[Stander], drawn: &mut Vec<Vec<usize>>) -> bool {
        self.spend(1);
        if self.left == 0 || drawn.len() > DEEPEST {
            self.unsure = true;
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
                let certain = self.in_each_draw(who, standers, drawn);
                drawn.pop();
                certain
            }),
            // Several seats are drawn at once only among those who are all alike.
            Err(Tied { between, .. }) if between.contains(&who) => false,
            Err(Tied { between, seats }) => {
                drawn.push(between.into_iter().take(usize::try_from(seats).unwrap_or(usize::MAX)).collect());
                let certain = self.in_each_draw(who, standers, drawn);
                drawn.pop();
                certain
            }
        }
    }
}
