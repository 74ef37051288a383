//! Who leaves the count, and where their papers go.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::engine::Table;
use super::piles::{Bundle, From, Parcel, by_value, papers, sort};
use super::rules::ExcludedPapers;
use super::sheet::{RoundKind, TieQuestion};
use super::ties::Halt;

/// Papers of excluded candidates that move in one count.
pub(super) struct Part {
    of: Vec<usize>,
    /// The value of all these papers, if a count moves those of one value.
    value: Option<Amount>,
    papers: BTreeMap<Amount, Vec<Bundle>>,
    /// What each of them gives up.
    debits: Vec<(usize, Amount)>,
    last: bool,
}

impl Table<'_> {
    /// Whether surpluses wait because they cannot save those who would be excluded.
    pub(super) fn surpluses_wait(&self) -> bool {
        self.stv.is_some_and(|stv| stv.defer) && self.hopeless(&self.fewest_first(), 1).is_some()
    }

    /// How many of the lowest, at least `least`, stay below the next one with all their votes and every
    /// waiting surplus together.
    fn hopeless(&self, order: &[usize], least: usize) -> Option<usize> {
        let waiting = self.waiting.iter().fold(Amount::zero(), |sum, waiting| {
            let quota = self.quota.clone().unwrap_or_else(Amount::zero);
            sum.plus(&self.votes_of(waiting.who).minus(&quota))
        });
        let most = order.len().saturating_sub(self.open_seats());
        let most = if self.rules.exclusion.together { most } else { most.min(1) };
        let mut together = waiting;
        let mut found = None;
        for (place, who) in order.iter().enumerate().take(most) {
            together = together.plus(&self.votes_of(*who));
            let below = order.get(place + 1).is_some_and(|next| together < self.votes_of(*next));
            if below && place + 1 >= least && !self.could_keep_deposit(order, &together) {
                found = Some(place + 1);
            }
        }
        found
    }

    /// Whether the lowest is below the deposit and could reach it with the votes of the others.
    fn could_keep_deposit(&self, order: &[usize], together: &Amount) -> bool {
        let (Some(share), Some(quota)) = (self.rules.exclusion.keeps_deposit, &self.quota) else {
            return false;
        };
        let deposit = quota.times(&Amount::ratio(share.num(), share.den()));
        order.first().is_some_and(|lowest| self.votes_of(*lowest) < deposit && *together >= deposit)
    }

    /// Excludes one candidate, or those who cannot matter, and moves the first of their papers.
    pub(super) fn exclude(&mut self) -> Result<(), Halt> {
        let order = self.fewest_first();
        let together = self.hopeless(&order, 2).filter(|_| self.rules.exclusion.together);
        let out = match together {
            Some(number) => order.into_iter().take(number).collect(),
            None => {
                let fewest = order.first().map(|who| self.votes_of(*who)).unwrap_or_else(Amount::zero);
                let standing = order.len();
                let lowest: Vec<usize> = order.into_iter().filter(|who| self.votes_of(*who) == fewest).collect();
                let left = standing.saturating_sub(lowest.len());
                match lowest.first() {
                    // All of them leave, one after the other, and no paper moves: the order is of no account.
                    Some(first) if left >= self.open_seats() && self.empty_handed(&lowest) => vec![*first],
                    _ => vec![self.settle(TieQuestion::Exclusion, &lowest)?],
                }
            }
        };
        for who in &out {
            if let Some(continues) = self.continuing.get_mut(*who) {
                *continues = false;
            }
        }
        self.moving = self.parts(&out).into();
        match self.moving.pop_front() {
            Some(part) => self.move_part(part),
            None => Ok(()),
        }
    }

    /// Whether nobody of these holds a paper and no surplus waits that could bring them one.
    fn empty_handed(&self, who: &[usize]) -> bool {
        self.waiting.is_empty() && who.iter().all(|who| self.piles.get(*who).is_none_or(Vec::is_empty))
    }

    /// The papers of those excluded, in the counts in which they move.
    fn parts(&mut self, out: &[usize]) -> Vec<Part> {
        // Parcels by the count they move in: one key for each count, in order.
        let mut parts: BTreeMap<Key, Vec<(usize, Parcel)>> = BTreeMap::new();
        for who in out {
            for parcel in self.piles.get_mut(*who).map(std::mem::take).unwrap_or_default() {
                let key = match self.rules.exclusion.papers {
                    ExcludedPapers::AtOnce => Key::Once,
                    ExcludedPapers::ByValue => Key::Value(std::cmp::Reverse(parcel.value.clone())),
                    ExcludedPapers::ByReceipt => Key::Count(parcel.count),
                };
                parts.entry(key).or_default().push((*who, parcel));
            }
        }
        if parts.is_empty() {
            parts.insert(Key::Once, Vec::new());
        }
        let number = parts.len();
        let parts = parts.into_iter().enumerate().map(|(place, (key, parcels))| Part {
            of: out.to_vec(),
            value: if let Key::Value(value) = key { Some(value.0) } else { None },
            debits: parcels
                .iter()
                .map(|(who, parcel)| (*who, parcel.value.times(&Amount::whole(papers(&parcel.bundles)))))
                .collect(),
            papers: by_value(parcels.into_iter().map(|(_, parcel)| parcel)),
            last: place + 1 == number,
        });
        parts.collect()
    }

    /// Moves papers of excluded candidates to their next preferences.
    pub(super) fn move_part(&mut self, part: Part) -> Result<(), Halt> {
        let decimals = self.stv.and_then(|stv| stv.surplus.vote_decimals);
        for (value, bundles) in part.papers {
            let sorted = sort(self.ballots, &self.continuing, &bundles, From::Here);
            for heap in sorted.heaps {
                let votes = value.times(&Amount::whole(heap.papers)).cut(decimals);
                self.credit(heap.who, value.clone(), heap.bundles, &votes)?;
            }
            let stuck = value.times(&Amount::whole(sorted.stuck)).cut(decimals);
            self.exhausted = self.exhausted.plus(&stuck);
        }
        for (who, debit) in part.debits {
            if let Some(votes) = self.votes.get_mut(who) {
                // With cut votes a candidate may hold less than the papers are worth together.
                *votes = if debit < *votes { votes.minus(&debit.cut(decimals)) } else { Amount::zero() };
            }
        }
        if part.last {
            for who in &part.of {
                if let Some(votes) = self.votes.get_mut(*who) {
                    *votes = Amount::zero();
                }
            }
        }
        let of = part.of.iter().map(|who| self.ballots.id(*who)).collect();
        self.close(RoundKind::Exclusion { of, value: part.value });
        Ok(())
    }
}

/// What decides in which count a parcel moves.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Once,
    Value(std::cmp::Reverse<Amount>),
    Count(u64),
}
