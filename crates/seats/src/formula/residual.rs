//! The seats that full quotas leave, in the phases that a rulebook names.
//!
//! Each phase gives seats in a fixed order of figures, so equal figures matter only across the last
//! seat of all: a tie is always at the end. Every seat given is written down with its phase, because
//! later rules ask who had the last one (an absolute majority) and who has had one already
//! (candidates used up).

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::{Award, Contender, RawStep, RawTie, Unable};
use crate::Fraction;
use crate::outcome::StepKind;
use crate::rulebook::{QuotaRule, Remainder};

/// One seat beyond full quotas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Residual {
    /// Who received it.
    pub who: usize,
    /// In which phase.
    pub phase: Remainder,
    /// The remainder in votes, or the average.
    pub value: Fraction,
}

/// One who competes in a phase, with the figure that orders it.
#[derive(Clone, Copy)]
struct Entry {
    who: usize,
    value: Fraction,
}

/// Larger figures first; equal ones in the order of positions.
fn order(a: &Entry, b: &Entry) -> Ordering {
    b.value.compare(&a.value).then(a.who.cmp(&b.who))
}

/// What a phase works on.
struct Hand<'a> {
    rule: &'a QuotaRule,
    contenders: &'a [Contender],
    /// Remainders in units of 1/den votes, of those who compete with theirs.
    rests: &'a [(usize, u128)],
    trace: bool,
}

/// Gives out `left` seats beyond those in `award`, which says too what was given before.
pub(crate) fn hand_out(
    rule: &QuotaRule,
    contenders: &[Contender],
    rests: &[(usize, u128)],
    left: u64,
    trace: bool,
    award: &mut Award,
) -> Result<(), Unable> {
    let hand = Hand { rule, contenders, rests, trace };
    let mut left = left;
    for phase in &rule.remainder {
        if left == 0 || award.tie.is_some() {
            return Ok(());
        }
        left = match phase {
            Remainder::LargestFraction => hand.once(*phase, hand.fractions(award), left, award),
            Remainder::HighestAverageOnce => hand.once(*phase, hand.averages(*phase, award), left, award),
            Remainder::HighestAverages => hand.free(left, award),
            Remainder::MostVotesInTurn => hand.in_turn(left, award),
        };
    }
    if left == 0 || award.tie.is_some() {
        return Ok(());
    }
    let all_full = contenders.iter().zip(&award.seats).all(|(contender, held)| !can_take(contender, *held));
    if all_full || rule.remainder.is_empty() {
        award.vacant = left;
        return Ok(());
    }
    let lists = u64::try_from(hand.fractions(award).len()).unwrap_or(u64::MAX);
    Err(Unable::RemaindersExhausted { left, lists })
}

fn can_take(contender: &Contender, held: u64) -> bool {
    contender.votes > 0 && contender.room.is_none_or(|room| held < room)
}

impl Hand<'_> {
    fn quota(&self, award: &Award) -> Fraction {
        award.quota.unwrap_or(Fraction::new(1u8, 1u8))
    }

    /// The remainders of those who may take a seat for theirs.
    fn fractions(&self, award: &Award) -> Vec<Entry> {
        let quota = self.quota(award);
        let open = |who: usize| {
            let held = award.seats.get(who).copied().unwrap_or(0);
            self.contenders
                .get(who)
                .is_some_and(|contender| can_take(contender, held) && self.reaches(contender, quota))
                && !award.served(who, Remainder::LargestFraction)
        };
        let rests = self.rests.iter().filter(|(who, _)| open(*who));
        rests.map(|(who, rest)| Entry { who: *who, value: Fraction::new(*rest, quota.den) }).collect()
    }

    /// Whether its votes reach the least multiple of the quota.
    fn reaches(&self, contender: &Contender, quota: Fraction) -> bool {
        let Some(least) = self.rule.remainder_at_least else {
            return true;
        };
        // votes >= least * quota, as fractions that are compared without overflow.
        let votes =
            Fraction::new(u128::from(contender.votes) * u128::from(least.den()), u128::from(least.num().max(1)));
        least.num() == 0 || votes.compare(&quota) != Ordering::Less
    }

    /// The averages of those who may take a seat in this phase.
    fn averages(&self, phase: Remainder, award: &Award) -> Vec<Entry> {
        let entries = self.contenders.iter().zip(&award.seats).enumerate();
        entries
            .filter(|(who, (contender, held))| can_take(contender, **held) && !award.served(*who, phase))
            .map(|(who, (contender, held))| Entry { who, value: average(contender.votes, *held) })
            .collect()
    }

    /// One seat at most to each, by falling figures.
    fn once(&self, phase: Remainder, mut entries: Vec<Entry>, left: u64, award: &mut Award) -> u64 {
        entries.sort_by(order);
        let count = usize::try_from(left).unwrap_or(usize::MAX);
        let edge = count.checked_sub(1).and_then(|last| entries.get(last)).copied();
        let tied = match (edge, entries.get(count)) {
            (Some(last), Some(next)) => last.value.compare(&next.value) == Ordering::Equal,
            _ => false,
        };
        let equal = |entry: &&Entry| edge.is_some_and(|edge| entry.value.compare(&edge.value) == Ordering::Equal);
        let sure =
            if tied { entries.iter().take_while(|entry| !equal(entry)).count() } else { count.min(entries.len()) };
        for (place, entry) in entries.iter().enumerate().take(sure) {
            let beaten = |other: &&Entry| other.value.compare(&entry.value) == Ordering::Less;
            let rival = if self.trace { entries.iter().skip(place + 1).find(beaten) } else { None };
            self.give(phase, *entry, rival.copied(), award);
        }
        let left = left.saturating_sub(u64::try_from(sure).unwrap_or(u64::MAX));
        if let Some(edge) = edge.filter(|_| tied) {
            let between = entries.iter().filter(equal).map(|entry| entry.who).collect();
            award.tie = Some(RawTie { between, seats: left, what: step_kind(phase), value: edge.value });
            award.tied_in = Some(phase);
        }
        left
    }

    /// One seat each by falling votes, round after round, among those who compete with a remainder.
    fn in_turn(&self, mut left: u64, award: &mut Award) -> u64 {
        let phase = Remainder::MostVotesInTurn;
        while left > 0 && award.tie.is_none() {
            let competing = self.rests.iter().filter_map(|(who, _)| {
                let contender = self.contenders.get(*who)?;
                let held = award.seats.get(*who).copied()?;
                can_take(contender, held).then(|| Entry { who: *who, value: Fraction::new(contender.votes, 1u8) })
            });
            let entries: Vec<Entry> = competing.collect();
            if entries.is_empty() {
                return left;
            }
            left = self.once(phase, entries, left, award);
        }
        left
    }

    /// One seat after the other to the highest average.
    fn free(&self, mut left: u64, award: &mut Award) -> u64 {
        let phase = Remainder::HighestAverages;
        let mut heap: BinaryHeap<Next> = self.averages(phase, award).into_iter().map(Next).collect();
        while left > 0 {
            let Some(Next(first)) = heap.pop() else {
                return left;
            };
            let mut group = vec![first];
            while heap.peek().is_some_and(|next| next.0.value.compare(&first.value) == Ordering::Equal) {
                group.extend(heap.pop().map(|next| next.0));
            }
            let size = u64::try_from(group.len()).unwrap_or(u64::MAX);
            if size > left {
                let between = group.iter().map(|entry| entry.who).collect();
                award.tie = Some(RawTie { between, seats: left, what: step_kind(phase), value: first.value });
                award.tied_in = Some(phase);
                return left;
            }
            left -= size;
            for entry in group {
                let rival = heap.peek().map(|next| next.0);
                self.give(phase, entry, rival, award);
                let held = award.seats.get(entry.who).copied().unwrap_or(0);
                if let Some(contender) = self.contenders.get(entry.who).filter(|contender| can_take(contender, held)) {
                    heap.push(Next(Entry { who: entry.who, value: average(contender.votes, held) }));
                }
            }
        }
        0
    }

    fn give(&self, phase: Remainder, entry: Entry, rival: Option<Entry>, award: &mut Award) {
        let Some(held) = award.seats.get_mut(entry.who) else {
            return;
        };
        if self.trace {
            award.steps.push(RawStep {
                who: entry.who,
                held: *held,
                seats: 1,
                what: step_kind(phase),
                value: entry.value,
                over: rival.map(|rival| (rival.who, rival.value)),
            });
        }
        *held = held.saturating_add(1);
        award.residuals.push(Residual { who: entry.who, phase, value: entry.value });
    }
}

/// Votes per seat with one seat more.
fn average(votes: u64, held: u64) -> Fraction {
    Fraction::new(votes, u128::from(held) + 1)
}

/// How a seat of this phase is explained.
pub(crate) fn step_kind(phase: Remainder) -> StepKind {
    match phase {
        Remainder::LargestFraction => StepKind::Remainder,
        Remainder::HighestAverageOnce | Remainder::HighestAverages => StepKind::HighestAverage,
        Remainder::MostVotesInTurn => StepKind::InTurn,
    }
}

/// An entry in the heap: the largest figure first, then the first position.
struct Next(Entry);

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.value.compare(&other.0.value).then_with(|| Reverse(self.0.who).cmp(&Reverse(other.0.who)))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next {}
