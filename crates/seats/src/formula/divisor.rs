//! Highest averages: each seat goes to the largest quotient, compared as exact fractions.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::{Award, Contender, RawStep, RawTie, Unable};
use crate::Fraction;
use crate::outcome::StepKind;
use crate::rulebook::Divisors;

/// The quotients of a divisor rule.
struct Scale<'a> {
    rule: &'a Divisors,
}

impl Scale<'_> {
    /// Whether the first divisor is zero, so that everybody's first seat comes before any second.
    fn first_is_free(&self) -> bool {
        matches!(self.rule, Divisors::Adams | Divisors::HuntingtonHill)
    }

    /// The quotient of `votes` with `held` seats. `None`: the listed divisors end here.
    fn quotient(&self, votes: u64, held: u64) -> Option<Fraction> {
        let (v, s) = (u128::from(votes), u128::from(held));
        let (num, den) = match self.rule {
            Divisors::DHondt => (v, s + 1),
            Divisors::SainteLague => (v, 2 * s + 1),
            Divisors::Danish => (v, 3 * s + 1),
            Divisors::Adams => (v, s),
            // The square of the quotient, which orders alike: v^2 / (s (s + 1)).
            Divisors::HuntingtonHill => (v * v, s * (s + 1)),
            Divisors::Imperiali => (2 * v, s + 2),
            Divisors::ModifiedSainteLague(first) => {
                let odd = 2 * s + 1;
                if s == 0 { (v * u128::from(first.den()), u128::from(first.num())) } else { (v, odd) }
            }
            Divisors::Listed(ratios) => {
                let ratio = ratios.get(usize::try_from(held).ok()?)?;
                (v * u128::from(ratio.den()), u128::from(ratio.num()))
            }
        };
        Some(Fraction::new(num, den))
    }
}

/// The quotient of `votes` with `held` seats; none where the rule has no divisor for that.
pub(crate) fn quotient(rule: &Divisors, votes: u64, held: u64) -> Option<Fraction> {
    let scale = Scale { rule };
    if held == 0 && scale.first_is_free() { None } else { scale.quotient(votes, held) }
}

/// A contender's next quotient, ordered by it and then by position.
#[derive(Clone, Copy)]
struct Next {
    value: Fraction,
    who: usize,
}

impl Ord for Next {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.compare(&other.value).then_with(|| Reverse(self.who).cmp(&Reverse(other.who)))
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

/// Steps for which room is made at once.
const ROOM: usize = 256;

/// Gives `seats` by `rule`, beside those that contenders hold at the outset: their quotients continue
/// from there. Contenders without votes receive none; `minimum` seats, and those below which it does
/// not fall, come first to each other contender (one, where the first divisor is zero).
pub(crate) fn allocate(
    rule: &Divisors,
    contenders: &[Contender],
    seats: u64,
    minimum: u64,
    trace: bool,
) -> Result<Award, Unable> {
    let scale = Scale { rule };
    let mut award = Award { seats: vec![0; contenders.len()], ..Award::default() };
    let minimum = minimum.max(u64::from(scale.first_is_free()));
    let mut left = minima(contenders, seats, minimum, trace, &mut award)?;
    let mut queue = Queue::new(scale, contenders, &award.seats);
    if trace {
        award.steps.reserve(usize::try_from(left).unwrap_or(ROOM).min(ROOM));
    }
    let mut last = None;
    while left > 0 {
        if let Some(length) = queue.ended {
            return Err(Unable::DivisorsExhausted { length });
        }
        let Some((top, rival)) = queue.first_two() else {
            award.vacant = left;
            break;
        };
        last = Some(top.value);
        if rival.is_none_or(|rival| rival.value.compare(&top.value) != Ordering::Equal) {
            give(&mut award, &top, rival.as_ref(), trace);
            queue.next(&award.seats, top.who);
            left -= 1;
            continue;
        }
        let group = queue.equal(top);
        let size = u64::try_from(group.len()).unwrap_or(u64::MAX);
        if size > left {
            award.tie = tie(&group, left);
            break;
        }
        for next in &group {
            give(&mut award, next, queue.heap.peek(), trace);
        }
        for next in &group {
            queue.push(&award.seats, next.who);
        }
        left -= size;
    }
    // Full, with a next quotient above the last that received a seat: it would have received more.
    let wants =
        |next: &&Next| award.vacant > 0 || last.is_some_and(|last| next.value.compare(&last) == Ordering::Greater);
    award.exhausted = queue.full.iter().filter(wants).map(|next| next.who).collect();
    Ok(award)
}

fn tie(group: &[Next], left: u64) -> Option<RawTie> {
    let value = group.first()?.value;
    Some(RawTie { between: group.iter().map(|next| next.who).collect(), seats: left, what: StepKind::Quotient, value })
}

fn minima(contenders: &[Contender], seats: u64, minimum: u64, trace: bool, award: &mut Award) -> Result<u64, Unable> {
    if contenders.iter().all(|contender| contender.votes == 0) {
        return Err(Unable::NoVotes);
    }
    let mut needed = 0u64;
    for ((who, contender), held) in contenders.iter().enumerate().zip(&mut award.seats) {
        *held = contender.start;
        let asked = if contender.votes == 0 { 0 } else { minimum };
        let least = asked.max(contender.least);
        let first = least.min(contender.room.unwrap_or(least)).saturating_sub(contender.start);
        if trace && contender.start > 0 {
            award.steps.push(RawStep {
                who,
                held: 0,
                seats: contender.start,
                what: StepKind::Held,
                value: Fraction::new(contender.votes, 1u8),
                over: None,
            });
        }
        if first == 0 {
            continue;
        }
        needed = needed.checked_add(first).ok_or(Unable::TooLarge)?;
        *held = contender.start.saturating_add(first);
        if trace {
            award.steps.push(RawStep {
                who,
                held: contender.start,
                seats: first,
                what: StepKind::Minimum,
                value: Fraction::new(contender.votes, 1u8),
                over: None,
            });
        }
    }
    seats.checked_sub(needed).ok_or(Unable::MinimumAboveSeats { needed })
}

/// The next quotients of all who can take a seat, and of those who are full.
struct Queue<'a> {
    scale: Scale<'a>,
    contenders: &'a [Contender],
    heap: BinaryHeap<Next>,
    full: Vec<Next>,
    /// Where the listed divisors ended, if one needs more of them.
    ended: Option<u64>,
}

impl<'a> Queue<'a> {
    /// The quotients of all.
    fn new(scale: Scale<'a>, contenders: &'a [Contender], held: &[u64]) -> Self {
        let mut queue = Self { scale, contenders, heap: BinaryHeap::new(), full: Vec::new(), ended: None };
        let mut first = Vec::with_capacity(contenders.len());
        for who in 0..contenders.len() {
            first.extend(queue.quotient(held, who));
        }
        queue.heap = BinaryHeap::from(first);
        queue
    }

    /// The largest quotient and the one after it, which in a heap is the larger of two.
    fn first_two(&self) -> Option<(Next, Option<Next>)> {
        let mut first = self.heap.as_slice().iter().take(3).copied();
        let top = first.next()?;
        Some((top, first.max()))
    }

    /// Puts the next quotient of the one at the top in its place.
    fn next(&mut self, held: &[u64], who: usize) {
        let next = self.quotient(held, who);
        if let Some(mut top) = self.heap.peek_mut() {
            match next {
                Some(next) => *top = next,
                None => {
                    PeekMut::pop(top);
                }
            }
        }
    }

    /// The top and all that are equal to it.
    fn equal(&mut self, top: Next) -> Vec<Next> {
        let value = top.value;
        let mut group = Vec::new();
        while self.heap.peek().is_some_and(|next| value.compare(&next.value) == Ordering::Equal) {
            group.extend(self.heap.pop());
        }
        group
    }

    fn push(&mut self, held: &[u64], who: usize) {
        let next = self.quotient(held, who);
        self.heap.extend(next);
    }

    /// The next quotient of one who can take a seat; of one who is full it is kept apart.
    fn quotient(&mut self, held: &[u64], who: usize) -> Option<Next> {
        let (contender, held) = (self.contenders.get(who)?, *held.get(who)?);
        // With no room at all there is no first seat, which for some rules has no quotient.
        if contender.votes == 0 || (held == 0 && self.scale.first_is_free()) {
            return None;
        }
        let Some(value) = self.scale.quotient(contender.votes, held) else {
            self.ended = Some(held);
            return None;
        };
        if contender.room.is_some_and(|room| held >= room) {
            self.full.push(Next { value, who });
            return None;
        }
        Some(Next { value, who })
    }
}

fn give(award: &mut Award, next: &Next, rival: Option<&Next>, trace: bool) {
    let Some(held) = award.seats.get_mut(next.who) else {
        return;
    };
    if trace {
        award.steps.push(RawStep {
            who: next.who,
            held: *held,
            seats: 1,
            what: StepKind::Quotient,
            value: next.value,
            over: rival.map(|rival| (rival.who, rival.value)),
        });
    }
    *held += 1;
}
