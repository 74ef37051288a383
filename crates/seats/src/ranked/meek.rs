//! Meek's method: every elected candidate keeps a part of each paper, such that all of them hold the
//! quota; what is not kept goes on to the next preference at once.
//!
//! B. L. Meek, "Une nouvelle approche du scrutin transférable" (1969); I. D. Hill, B. A. Wichmann and
//! D. R. Woodall, "Algorithm 123: Single Transferable Vote by Meek's Method", The Computer Journal 30
//! (1987); New Zealand: Local Electoral Regulations 2001, Schedule 1A. All figures are whole numbers of
//! the smallest unit: the kept part of each paper and the keep values are rounded up, the quota is cut
//! and raised by one unit, so that a paper never gives more than it is worth and no more candidates
//! than seats can reach the quota.

use super::amount::Amount;
use super::ballots::Ballots;
use super::refusal::{Lacking, RankedRefusal};
use super::rules::{Meek, RankRules};
use super::sheet::{ElectedAt, RankedLot, RankedOutcome, RankedTie, Round, RoundKind, TieBroken, TieQuestion};
use super::ties::{Halt, Judge, Question};

/// How often the papers are gone through between two decisions at most.
const MOST_ITERATIONS: u64 = 1_000;
/// The most preferences that are looked at in one count.
const MOST_STEPS: u64 = 20_000_000_000;

pub(super) fn count(
    ballots: &Ballots,
    seats: u64,
    rules: &RankRules,
    meek: &Meek,
    lots: &[RankedLot],
) -> Result<RankedOutcome, RankedRefusal> {
    let unit = 10u64.pow(meek.decimals);
    let standing = ballots.candidates().iter().map(|candidate| match candidate.withdrawn {
        true => State::Out,
        false => State::Hopeful,
    });
    let mut run = Run {
        judge: Judge::new(ballots, rules, lots),
        state: standing.collect(),
        keep: ballots.candidates().iter().map(|candidate| if candidate.withdrawn { 0 } else { unit }).collect(),
        votes: vec![0; ballots.candidates().len()],
        stuck: 0,
        quota: 0,
        tolerance: u128::from(10u64.pow(meek.decimals - meek.tolerance)),
        steps: 0,
        rounds: Vec::new(),
        elected: Vec::new(),
        vacant: 0,
        ballots,
        rules,
        seats,
        unit,
    };
    if !run.state.contains(&State::Hopeful) || ballots.papers() == 0 {
        return Err(RankedRefusal::Nothing(Lacking::Either));
    }
    run.judge.check_lots(false)?;
    match run.all() {
        Ok(()) => {
            run.judge.check_lots(true)?;
            Ok(run.outcome(None))
        }
        Err(Halt::Tied(tie)) => Ok(run.outcome(Some(tie))),
        Err(Halt::Refused(refusal)) => Err(refusal),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Hopeful,
    Elected,
    Out,
}

struct Run<'a> {
    ballots: &'a Ballots,
    rules: &'a RankRules,
    judge: Judge<'a>,
    seats: u64,
    /// One vote, in the smallest unit.
    unit: u64,
    state: Vec<State>,
    keep: Vec<u64>,
    /// In the smallest unit, as are `stuck`, `quota` and `tolerance`.
    votes: Vec<u128>,
    stuck: u128,
    quota: u128,
    tolerance: u128,
    steps: u64,
    rounds: Vec<Round>,
    elected: Vec<ElectedAt>,
    vacant: u64,
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), Halt> {
        self.tally()?;
        self.close(RoundKind::FirstPreferences, Vec::new());
        loop {
            self.elect();
            if self.finished() {
                return Ok(());
            }
            if self.surpluses()? {
                // Somebody new reached the quota.
                continue;
            }
            let (out, ties) = self.lowest()?;
            for who in &out {
                self.leave(*who);
            }
            self.tally()?;
            let of = out.iter().map(|who| self.ballots.id(*who)).collect();
            self.close(RoundKind::Exclusion { of, value: None }, ties);
        }
    }

    /// Goes through the papers with the present keep values.
    fn tally(&mut self) -> Result<(), RankedRefusal> {
        let unit = u128::from(self.unit);
        self.votes.fill(0);
        self.stuck = 0;
        for group in 0..self.ballots.groups() {
            let papers = u128::from(self.ballots.size(group));
            let mut rest = self.unit;
            for who in self.ballots.ranking(group) {
                self.steps += 1;
                let who = usize::from(*who);
                let keep = self.keep.get(who).copied().unwrap_or(0);
                if keep == 0 {
                    continue;
                }
                // Both are at most 10^9.
                let kept = if keep == self.unit { rest } else { (rest * keep).div_ceil(self.unit) };
                if let Some(votes) = self.votes.get_mut(who) {
                    *votes += u128::from(kept) * papers;
                }
                rest -= kept;
                if rest == 0 {
                    break;
                }
            }
            self.stuck += u128::from(rest) * papers;
        }
        if self.steps > MOST_STEPS {
            return Err(RankedRefusal::TooLong);
        }
        let in_play = u128::from(self.ballots.papers()) * unit - self.stuck;
        self.quota = in_play / (u128::from(self.seats) + 1) + 1;
        Ok(())
    }

    fn of(&self, state: State) -> Vec<usize> {
        let found = self.state.iter().enumerate().filter(|(_, other)| **other == state);
        found.map(|(who, _)| who).collect()
    }

    fn votes_of(&self, who: usize) -> u128 {
        self.votes.get(who).copied().unwrap_or(0)
    }

    /// Elects those who reach the quota.
    fn elect(&mut self) {
        let mut reached = self.of(State::Hopeful);
        reached.retain(|who| self.votes_of(*who) >= self.quota);
        reached.sort_by_key(|who| (std::cmp::Reverse(self.votes_of(*who)), *who));
        reached.truncate(self.open_seats());
        for who in &reached {
            self.seat(*who, true);
        }
    }

    fn seat(&mut self, who: usize, reached: bool) {
        if let Some(state) = self.state.get_mut(who) {
            *state = State::Elected;
        }
        let candidate = self.ballots.id(who);
        let count = u64::try_from(self.rounds.len()).unwrap_or(u64::MAX);
        if let Some(round) = self.rounds.last_mut() {
            round.elected.push(candidate.clone());
        }
        self.elected.push(ElectedAt { candidate, count, reached });
    }

    fn leave(&mut self, who: usize) {
        if let (Some(state), Some(keep)) = (self.state.get_mut(who), self.keep.get_mut(who)) {
            *state = State::Out;
            *keep = 0;
        }
    }

    fn open_seats(&self) -> usize {
        usize::try_from(self.seats).unwrap_or(usize::MAX).saturating_sub(self.elected.len())
    }

    fn finished(&mut self) -> bool {
        let (open, mut left) = (self.open_seats(), self.of(State::Hopeful));
        if open > 0 && left.len() > open {
            return false;
        }
        if open > 0 {
            left.sort_by_key(|who| (std::cmp::Reverse(self.votes_of(*who)), *who));
            self.vacant = u64::try_from(open - left.len()).unwrap_or(u64::MAX);
            for who in left {
                self.seat(who, false);
            }
        }
        true
    }

    /// Lowers keep values until the surpluses are small, no longer fall, or somebody new reaches the
    /// quota; says whether that was so.
    fn surpluses(&mut self) -> Result<bool, Halt> {
        let mut before = u128::MAX;
        let mut iterations = 0;
        let mut new = false;
        loop {
            let surplus = self.surplus();
            if surplus < self.tolerance || surplus >= before || iterations >= MOST_ITERATIONS || new {
                break;
            }
            before = surplus;
            for who in self.of(State::Elected) {
                let votes = self.votes_of(who).max(1);
                if let Some(keep) = self.keep.get_mut(who) {
                    let next = (u128::from(*keep) * self.quota).div_ceil(votes);
                    *keep = u64::try_from(next).unwrap_or(u64::MAX).min(self.unit);
                }
            }
            self.tally()?;
            iterations += 1;
            new = self.of(State::Hopeful).iter().any(|who| self.votes_of(*who) >= self.quota);
        }
        if iterations > 0 {
            self.close(RoundKind::Surpluses { iterations }, Vec::new());
        }
        Ok(new)
    }

    fn surplus(&self) -> u128 {
        self.of(State::Elected).iter().map(|who| self.votes_of(*who).saturating_sub(self.quota)).sum()
    }

    /// Who leaves: the one with the fewest votes, or those who cannot matter.
    fn lowest(&mut self) -> Result<(Vec<usize>, Vec<TieBroken>), Halt> {
        let mut order = self.of(State::Hopeful);
        order.sort_by_key(|who| (self.votes_of(*who), *who));
        let most = order.len().saturating_sub(self.open_seats());
        let mut together = self.surplus();
        let mut number = 0;
        for (place, who) in order.iter().enumerate().take(most) {
            together += self.votes_of(*who);
            if order.get(place + 1).is_some_and(|next| together < self.votes_of(*next)) {
                number = place + 1;
            }
        }
        if self.rules.exclusion.together && number > 1 {
            order.truncate(number);
            return Ok((order, Vec::new()));
        }
        let fewest = order.first().map_or(0, |who| self.votes_of(*who));
        order.retain(|who| self.votes_of(*who) == fewest);
        if order.len() == 1 {
            return Ok((order, Vec::new()));
        }
        let count = u64::try_from(self.rounds.len()).unwrap_or(u64::MAX) + 1;
        let question = Question { what: TieQuestion::Exclusion, between: &order, take: 1, count };
        let (taken, broken) = self.judge.take(&question, &self.rounds)?;
        Ok((taken, vec![broken]))
    }

    fn amount(&self, units: u128) -> Amount {
        Amount::ratio(units, self.unit)
    }

    fn close(&mut self, what: RoundKind, ties: Vec<TieBroken>) {
        let votes: Vec<Amount> = self.votes.iter().map(|votes| self.amount(*votes)).collect();
        let received = votes.iter().enumerate().map(|(who, votes)| {
            let before = self.rounds.last().and_then(|round| round.votes.get(who));
            let more = before.map_or_else(|| votes.clone(), |before| votes.minus(before));
            if more.is_positive() { more } else { Amount::zero() }
        });
        let round = Round {
            count: u64::try_from(self.rounds.len()).unwrap_or(u64::MAX) + 1,
            what,
            received: received.collect(),
            votes: votes.clone(),
            exhausted: self.amount(self.stuck),
            lost: Amount::zero(),
            quota: Some(self.amount(self.quota)),
            keep: self.keep.iter().map(|keep| self.amount(u128::from(*keep))).collect(),
            elected: Vec::new(),
            ties,
        };
        self.rounds.push(round);
    }

    fn outcome(self, tie: Option<RankedTie>) -> RankedOutcome {
        RankedOutcome {
            seats: self.seats,
            papers: self.ballots.papers(),
            candidates: self.ballots.candidates().iter().map(|candidate| candidate.id.clone()).collect(),
            quota: self.rounds.last().and_then(|round| round.quota.clone()),
            elected: self.elected,
            vacant: self.vacant,
            rounds: self.rounds,
            tie,
            depends_on_order: Vec::new(),
            lots: Vec::new(),
        }
    }
}
