//! The counting table of `irv` and `stv`: who stands, who holds which papers, and what comes next.

use std::collections::VecDeque;

use super::amount::Amount;
use super::ballots::Ballots;
use super::exclusion::Part;
use super::piles::{Bundle, From, Parcel, by_value, next, papers, sort};
use super::refusal::{Lacking, RankedRefusal};
use super::rules::{RankQuota, RankRules, Stv, SurplusOrder};
use super::sheet::{ElectedAt, RankedLot, RankedOutcome, RankedTie, Round, RoundKind, TieBroken, TieQuestion};
use super::ties::{Halt, Judge, Question};

/// The most bits below the line of an exact fraction.
const MOST_BITS: u64 = 8_192;

pub(super) fn count(
    ballots: &Ballots,
    seats: u64,
    rules: &RankRules,
    stv: Option<&Stv>,
    lots: &[RankedLot],
) -> Result<RankedOutcome, RankedRefusal> {
    let mut table = Table::new(ballots, seats, rules, stv, lots)?;
    table.judge.check_lots(false)?;
    match table.run() {
        Ok(()) => {
            table.judge.check_lots(true)?;
            Ok(table.outcome(None))
        }
        Err(Halt::Tied(tie)) => Ok(table.outcome(Some(tie))),
        Err(Halt::Refused(refusal)) => Err(refusal),
    }
}

/// Counts again the papers that a candidate held when they were elected, each at the value at which it came and
/// for the one whom it prefers among those of whom `may_follow` holds; one of them is elected, by a majority
/// of what is in play.
///
/// # Errors
/// As [`count`]; [`RankedRefusal::NotElected`] if this count did not elect the one who left.
pub(super) fn countback(
    ballots: &Ballots,
    first: (u64, &RankRules, Option<&Stv>, &[RankedLot]),
    rules: &RankRules,
    left: usize,
    may_follow: &[bool],
    drawn: &[RankedLot],
) -> Result<RankedOutcome, RankedRefusal> {
    let (seats, first_rules, stv, lots) = first;
    let mut table = Table::new(ballots, seats, first_rules, stv, lots)?;
    table.watched = Some(left);
    if let Err(Halt::Refused(refusal)) = table.run() {
        return Err(refusal);
    }
    let pile = table.pile_at_election.take().ok_or_else(|| RankedRefusal::NotElected(ballots.id(left)))?;
    let mut table = Table::new(ballots, 1, rules, None, drawn)?;
    table.judge.check_lots(false)?;
    table.continuing = may_follow.to_vec();
    match table.count_again(pile, left) {
        Ok(()) => {
            table.judge.check_lots(true)?;
            Ok(table.outcome(None))
        }
        Err(Halt::Tied(tie)) => Ok(table.outcome(Some(tie))),
        Err(Halt::Refused(refusal)) => Err(refusal),
    }
}

/// An elected candidate whose surplus has not been passed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub who: usize,
    /// The count that elected them.
    pub count: u64,
}

pub(super) struct Table<'a> {
    pub ballots: &'a Ballots,
    pub rules: &'a RankRules,
    pub stv: Option<&'a Stv>,
    pub judge: Judge<'a>,
    seats: u64,
    /// By position of the candidate, as are votes, piles and received.
    pub continuing: Vec<bool>,
    pub votes: Vec<Amount>,
    pub piles: Vec<Vec<Parcel>>,
    received: Vec<Amount>,
    pub exhausted: Amount,
    pub quota: Option<Amount>,
    /// The count that is being made, from 1.
    pub count: u64,
    pub rounds: Vec<Round>,
    elected: Vec<ElectedAt>,
    vacant: u64,
    pub waiting: Vec<Waiting>,
    /// Papers of excluded candidates that still have to move.
    pub moving: VecDeque<Part>,
    pub ties: Vec<TieBroken>,
    pub depends_on_order: Vec<u64>,
    /// The papers in the count, and what they are worth together.
    papers: u64,
    worth: Amount,
    /// A candidate whose papers are kept as they are when elected.
    watched: Option<usize>,
    pile_at_election: Option<Vec<Parcel>>,
    lots: &'a [RankedLot],
}

impl<'a> Table<'a> {
    fn new(
        ballots: &'a Ballots,
        seats: u64,
        rules: &'a RankRules,
        stv: Option<&'a Stv>,
        lots: &'a [RankedLot],
    ) -> Result<Self, RankedRefusal> {
        let continuing: Vec<bool> = ballots.candidates().iter().map(|candidate| !candidate.withdrawn).collect();
        if !continuing.contains(&true) {
            return Err(RankedRefusal::Nothing(Lacking::Candidates));
        }
        if ballots.papers() == 0 {
            return Err(RankedRefusal::Nothing(Lacking::Papers));
        }
        let size = continuing.len();
        Ok(Self {
            judge: Judge::new(ballots, rules, lots),
            quota: stv.map(|stv| quota(stv.quota, ballots.papers(), seats)),
            votes: vec![Amount::zero(); size],
            piles: vec![Vec::new(); size],
            received: vec![Amount::zero(); size],
            exhausted: Amount::zero(),
            count: 1,
            rounds: Vec::new(),
            elected: Vec::new(),
            vacant: 0,
            waiting: Vec::new(),
            moving: VecDeque::new(),
            ties: Vec::new(),
            depends_on_order: Vec::new(),
            papers: ballots.papers(),
            worth: Amount::whole(ballots.papers()),
            watched: None,
            pile_at_election: None,
            lots,
            ballots,
            rules,
            stv,
            seats,
            continuing,
        })
    }

    fn run(&mut self) -> Result<(), Halt> {
        self.first_preferences()?;
        self.go_on()
    }

    /// The count after its first round.
    fn go_on(&mut self) -> Result<(), Halt> {
        loop {
            self.elect();
            if self.finished() {
                return Ok(());
            }
            if let Some(part) = self.moving.pop_front() {
                self.move_part(part)?;
            } else if self.waiting.is_empty() || self.surpluses_wait() {
                self.exclude()?;
            } else {
                let waiting = self.next_surplus()?;
                self.pass_on(waiting)?;
            }
        }
    }

    fn first_preferences(&mut self) -> Result<(), Halt> {
        let mut piles: Vec<Vec<Bundle>> = vec![Vec::new(); self.continuing.len()];
        let mut sums = vec![0u64; self.continuing.len()];
        let mut stuck = 0u64;
        for group in 0..self.ballots.groups() {
            let papers = self.ballots.size(group);
            let Some((at, who)) = next(self.ballots, &self.continuing, group, 0) else {
                stuck += papers;
                continue;
            };
            if let (Some(pile), Some(sum)) = (piles.get_mut(who), sums.get_mut(who)) {
                pile.push(Bundle { group, at, papers });
                *sum += papers;
            }
        }
        for (who, (bundles, sum)) in piles.into_iter().zip(sums).enumerate().filter(|(_, (_, sum))| *sum > 0) {
            self.credit(who, Amount::whole(1), bundles, &Amount::whole(sum))?;
        }
        self.exhausted = Amount::whole(stuck);
        self.close(RoundKind::FirstPreferences);
        Ok(())
    }

    /// Papers of someone who left, from the first preference on.
    fn count_again(&mut self, pile: Vec<Parcel>, left: usize) -> Result<(), Halt> {
        self.papers = pile.iter().map(|parcel| papers(&parcel.bundles)).sum();
        self.worth = Amount::zero();
        for (value, bundles) in by_value(pile) {
            self.worth = self.worth.plus(&value.times(&Amount::whole(papers(&bundles))));
            let sorted = sort(self.ballots, &self.continuing, &bundles, From::FirstPreference);
            for heap in sorted.heaps {
                let votes = value.times(&Amount::whole(heap.papers));
                self.credit(heap.who, value.clone(), heap.bundles, &votes)?;
            }
            self.exhausted = self.exhausted.plus(&value.times(&Amount::whole(sorted.stuck)));
        }
        self.close(RoundKind::Countback { of: self.ballots.id(left) });
        self.go_on()
    }

    /// Gives papers of one value to a candidate, for this many votes.
    pub(super) fn credit(
        &mut self,
        who: usize,
        value: Amount,
        bundles: Vec<Bundle>,
        votes: &Amount,
    ) -> Result<(), RankedRefusal> {
        if let (Some(pile), Some(held), Some(received)) =
            (self.piles.get_mut(who), self.votes.get_mut(who), self.received.get_mut(who))
        {
            *held = held.plus(votes);
            *received = received.plus(votes);
            if held.fineness().max(value.fineness()) > MOST_BITS {
                return Err(RankedRefusal::TooFine(self.count, MOST_BITS));
            }
            pile.push(Parcel { count: self.count, value, bundles });
        }
        Ok(())
    }

    /// Puts the count that was made on the sheet.
    pub(super) fn close(&mut self, what: RoundKind) {
        let held = self.votes.iter().fold(self.exhausted.clone(), |sum, votes| sum.plus(votes));
        let received = std::mem::replace(&mut self.received, vec![Amount::zero(); self.votes.len()]);
        self.rounds.push(Round {
            count: self.count,
            what,
            received,
            votes: self.votes.clone(),
            exhausted: self.exhausted.clone(),
            lost: self.worth.minus(&held),
            quota: self.quota.clone(),
            keep: Vec::new(),
            elected: Vec::new(),
            ties: std::mem::take(&mut self.ties),
        });
        self.count += 1;
    }

    pub(super) fn votes_of(&self, who: usize) -> Amount {
        self.votes.get(who).cloned().unwrap_or_else(Amount::zero)
    }

    /// Seats that are still open.
    pub(super) fn open_seats(&self) -> usize {
        usize::try_from(self.seats).unwrap_or(usize::MAX).saturating_sub(self.elected.len())
    }

    /// Those in the count, fewest votes first; equals in the order in which they stand.
    pub(super) fn fewest_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.continuing.len()).filter(|who| self.continues(*who)).collect();
        order.sort_by(|a, b| self.votes.get(*a).cmp(&self.votes.get(*b)));
        order
    }

    fn continues(&self, who: usize) -> bool {
        self.continuing.get(who).copied().unwrap_or(false)
    }

    /// Elects those who reach the quota, or the majority of what is in play.
    fn elect(&mut self) {
        let mut order = self.fewest_first();
        order.reverse();
        // Equals back in the order in which they stand.
        order.sort_by(|a, b| self.votes.get(*b).cmp(&self.votes.get(*a)).then(a.cmp(b)));
        let strictly = self.stv.is_none_or(|stv| stv.quota == RankQuota::HagenbachBischoff);
        let needed = self.quota.clone().unwrap_or_else(|| {
            let in_play = order.iter().fold(Amount::zero(), |sum, who| sum.plus(&self.votes_of(*who)));
            in_play.over(&Amount::whole(2))
        });
        let reached = |votes: &Amount| if strictly { *votes > needed } else { *votes >= needed };
        order.retain(|who| self.votes.get(*who).is_some_and(reached));
        order.truncate(self.open_seats());
        for who in order {
            self.seat(who, true);
            if self.quota.as_ref().is_some_and(|quota| self.votes_of(who) > *quota) {
                self.waiting.push(Waiting { who, count: self.count - 1 });
            }
        }
    }

    fn seat(&mut self, who: usize, reached: bool) {
        if let Some(continues) = self.continuing.get_mut(who) {
            *continues = false;
        }
        if self.watched == Some(who) {
            self.pile_at_election = self.piles.get(who).cloned();
        }
        let candidate = self.ballots.id(who);
        let count = self.count - 1;
        if let Some(round) = self.rounds.last_mut() {
            round.elected.push(candidate.clone());
        }
        self.elected.push(ElectedAt { candidate, count, reached });
    }

    /// Whether all seats are filled. As many candidates as seats, or fewer, are elected now.
    fn finished(&mut self) -> bool {
        let open = self.open_seats();
        if open == 0 {
            return true;
        }
        let mut left = self.fewest_first();
        if left.len() > open {
            return false;
        }
        left.sort_by(|a, b| self.votes.get(*b).cmp(&self.votes.get(*a)).then(a.cmp(b)));
        self.vacant = u64::try_from(open - left.len()).unwrap_or(u64::MAX);
        for who in left {
            self.seat(who, false);
        }
        true
    }

    /// The surplus that is passed on next.
    fn next_surplus(&mut self) -> Result<Waiting, Halt> {
        let by_age = self.stv.is_some_and(|stv| stv.order == SurplusOrder::OrderOfElection);
        let oldest = self.waiting.iter().map(|waiting| waiting.count).min().unwrap_or(0);
        let mut first: Vec<Waiting> = self.waiting.clone();
        first.retain(|waiting| !by_age || waiting.count == oldest);
        let largest = first.iter().map(|waiting| self.votes_of(waiting.who)).max().unwrap_or_else(Amount::zero);
        first.retain(|waiting| self.votes_of(waiting.who) == largest);
        let between: Vec<usize> = first.iter().map(|waiting| waiting.who).collect();
        let who = self.settle(TieQuestion::SurplusOrder, &between)?;
        let place = self.waiting.iter().position(|waiting| waiting.who == who).unwrap_or(0);
        Ok(self.waiting.remove(place))
    }

    /// The one of these, or the one whom the rules take.
    pub(super) fn settle(&mut self, what: TieQuestion, between: &[usize]) -> Result<usize, Halt> {
        if let [only] = between {
            return Ok(*only);
        }
        let question = Question { what, between, take: 1, count: self.count };
        let (taken, broken) = self.judge.take(&question, &self.rounds)?;
        self.ties.push(broken);
        Ok(taken.first().copied().unwrap_or(0))
    }

    fn outcome(self, tie: Option<RankedTie>) -> RankedOutcome {
        RankedOutcome {
            seats: self.seats,
            papers: self.papers,
            candidates: self.ballots.candidates().iter().map(|candidate| candidate.id.clone()).collect(),
            quota: self.quota,
            elected: self.elected,
            vacant: self.vacant,
            rounds: self.rounds,
            tie,
            depends_on_order: self.depends_on_order,
            lots: self.lots.to_vec(),
        }
    }
}

fn quota(kind: RankQuota, papers: u64, seats: u64) -> Amount {
    match kind {
        RankQuota::Droop => Amount::whole(papers / (seats + 1) + 1),
        RankQuota::Hare => Amount::ratio(papers, seats),
        RankQuota::HagenbachBischoff => Amount::ratio(papers, seats + 1),
    }
}
