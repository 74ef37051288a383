//! Passing on a surplus.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::engine::{Table, Waiting};
use super::piles::{Bundle, From, Heap, Sorted, by_value, papers, sort};
use super::rules::{PapersOfSurplus, ShareOf, Surplus, Transfer};
use super::sheet::{RoundKind, TieQuestion};
use super::ties::{Halt, Question};

/// What is above the quota, and the papers that it is taken from.
struct Source {
    surplus: Amount,
    held: Amount,
    /// Papers sorted to their next preference, by value.
    sorted: BTreeMap<Amount, Sorted>,
}

impl Source {
    fn papers(&self, share_of: ShareOf) -> u64 {
        let of = |sorted: &Sorted| match share_of {
            ShareOf::Transferable => sorted.transferable(),
            ShareOf::All => sorted.transferable() + sorted.stuck,
        };
        self.sorted.values().map(of).sum()
    }

    fn worth(&self, share_of: ShareOf) -> Amount {
        self.sorted.iter().fold(Amount::zero(), |sum, (value, sorted)| {
            let stuck = if share_of == ShareOf::All { sorted.stuck } else { 0 };
            sum.plus(&value.times(&Amount::whole(sorted.transferable() + stuck)))
        })
    }
}

impl Table<'_> {
    /// Passes on the surplus of an elected candidate.
    pub(super) fn pass_on(&mut self, waiting: Waiting) -> Result<(), Halt> {
        let (Some(stv), Some(quota)) = (self.stv, self.quota.clone()) else { return Ok(()) };
        let held = self.votes_of(waiting.who);
        let pile = self.piles.get_mut(waiting.who).map(std::mem::take).unwrap_or_default();
        let looked_at = pile.into_iter().filter(|parcel| match stv.surplus.papers {
            PapersOfSurplus::LastParcel => parcel.count == waiting.count,
            PapersOfSurplus::All => true,
        });
        let values = by_value(looked_at);
        let sorted = values
            .into_iter()
            .map(|(value, bundles)| (value, sort(self.ballots, &self.continuing, &bundles, From::Here)));
        let source = Source { surplus: held.minus(&quota), held, sorted: sorted.collect() };
        let surplus = source.surplus.clone();
        let value = match stv.surplus.transfer {
            Transfer::WholePapers => {
                self.whole_papers(source)?;
                None
            }
            Transfer::Weighted => Some(self.reduced(source, &stv.surplus)?),
            Transfer::Unweighted => Some(self.at_one_value(source, &stv.surplus)?),
        };
        if let Some(votes) = self.votes.get_mut(waiting.who) {
            *votes = quota;
        }
        self.close(RoundKind::Surplus { of: self.ballots.id(waiting.who), surplus, value });
        Ok(())
    }

    /// Every paper at its value times one factor, which is returned.
    fn reduced(&mut self, source: Source, rule: &Surplus) -> Result<Amount, Halt> {
        let worth = source.worth(rule.share_of);
        let base = match (rule.share_of, rule.papers) {
            // All papers together are worth the votes held, up to what was cut.
            (ShareOf::All, PapersOfSurplus::All) => source.held.clone(),
            _ => worth.clone(),
        };
        let enough = source.surplus >= base;
        let factor = if enough { Amount::whole(1) } else { source.surplus.over(&base) };
        let beyond = if enough { source.surplus.minus(&base) } else { Amount::zero() };
        for (value, sorted) in source.sorted {
            let new = value.times(&factor).cut(rule.value_decimals);
            self.hand_over(&new, sorted, rule)?;
        }
        self.exhausted = self.exhausted.plus(&beyond);
        Ok(factor)
    }

    /// Every paper at one new value, which is returned.
    fn at_one_value(&mut self, source: Source, rule: &Surplus) -> Result<Amount, Halt> {
        let transferable = source.worth(ShareOf::Transferable);
        if rule.share_of == ShareOf::Transferable && source.surplus >= transferable {
            return self.reduced(source, rule);
        }
        let number = Amount::whole(source.papers(rule.share_of));
        let new = source.surplus.over(&number).cut(rule.value_decimals);
        // One heap for each candidate, whatever its papers were worth: decimals are cut once.
        let mut heaps: BTreeMap<usize, Heap> = BTreeMap::new();
        let mut stuck = 0;
        for sorted in source.sorted.into_values() {
            stuck += sorted.stuck;
            for heap in sorted.heaps {
                let joined = heaps.entry(heap.who).or_insert_with(|| Heap { who: heap.who, ..Heap::default() });
                joined.papers += heap.papers;
                joined.bundles.extend(heap.bundles);
            }
        }
        self.hand_over(&new, Sorted { heaps: heaps.into_values().collect(), stuck }, rule)?;
        Ok(new)
    }

    /// Gives sorted papers to the candidates at this value.
    fn hand_over(&mut self, value: &Amount, sorted: Sorted, rule: &Surplus) -> Result<(), Halt> {
        let worth = |papers: u64| value.times(&Amount::whole(papers)).cut(rule.vote_decimals);
        if rule.share_of == ShareOf::All {
            self.exhausted = self.exhausted.plus(&worth(sorted.stuck));
        }
        for heap in sorted.heaps {
            self.credit(heap.who, value.clone(), heap.bundles, &worth(heap.papers))?;
        }
        Ok(())
    }

    /// As many whole papers as the surplus, in proportion to the next preferences: whole parts first,
    /// then the largest fractions; of each heap the papers filed last.
    fn whole_papers(&mut self, source: Source) -> Result<(), Halt> {
        let number = source.papers(ShareOf::Transferable);
        let surplus = source.surplus.to_whole().unwrap_or(0);
        let heaps: Vec<Heap> = source.sorted.into_values().flat_map(|sorted| sorted.heaps).collect();
        let take = if number <= surplus {
            self.exhausted = self.exhausted.plus(&Amount::whole(surplus - number));
            heaps.iter().map(|heap| heap.papers).collect()
        } else {
            self.shares(&heaps, surplus, number)?
        };
        for (heap, take) in heaps.into_iter().zip(take).filter(|(_, take)| *take > 0) {
            if take < heap.papers && self.differ(&heap) && self.depends_on_order.last() != Some(&self.count) {
                self.depends_on_order.push(self.count);
            }
            let moved = filed_last(heap.bundles, take);
            let votes = Amount::whole(papers(&moved));
            self.credit(heap.who, Amount::whole(1), moved, &votes)?;
        }
        Ok(())
    }

    /// How many papers of each heap go over: `surplus` of `number` in all.
    fn shares(&mut self, heaps: &[Heap], surplus: u64, number: u64) -> Result<Vec<u64>, Halt> {
        let (surplus, number) = (u128::from(surplus), u128::from(number).max(1));
        let share = |heap: &Heap| u128::from(heap.papers) * surplus;
        let mut take: Vec<u64> =
            heaps.iter().map(|heap| u64::try_from(share(heap) / number).unwrap_or(u64::MAX)).collect();
        let whole: u128 = take.iter().copied().map(u128::from).sum();
        let mut left = usize::try_from(surplus.saturating_sub(whole)).unwrap_or(usize::MAX);
        // Largest fraction first, then the larger heap; what is equal in both is a tie.
        let mut order: Vec<(u128, u64, usize)> =
            heaps.iter().enumerate().map(|(place, heap)| (share(heap) % number, heap.papers, place)).collect();
        order.sort_by(|a, b| b.cmp(a));
        let mut order = order.as_slice();
        while left > 0 {
            let Some((fraction, size, _)) = order.first().copied() else { break };
            let equal = order.iter().take_while(|other| other.0 == fraction && other.1 == size).count();
            let (level, rest) = order.split_at(equal);
            let places: Vec<usize> = level.iter().map(|(_, _, place)| *place).collect();
            let lucky = if equal <= left { places } else { self.fractions(heaps, &places, left)? };
            left -= lucky.len().min(left);
            for place in lucky {
                if let Some(papers) = take.get_mut(place) {
                    *papers += 1;
                }
            }
            order = rest;
        }
        Ok(take)
    }

    /// Which heaps of equal fractions and sizes receive one paper more.
    fn fractions(&mut self, heaps: &[Heap], places: &[usize], take: usize) -> Result<Vec<usize>, Halt> {
        let who = |place: &usize| heaps.get(*place).map_or(0, |heap| heap.who);
        let between: Vec<usize> = places.iter().map(who).collect();
        let question = Question { what: TieQuestion::Fraction, between: &between, take, count: self.count };
        let (taken, broken) = self.judge.take(&question, &self.rounds)?;
        self.ties.push(broken);
        Ok(places.iter().copied().filter(|place| taken.contains(&who(place))).collect())
    }

    /// Whether papers of the heap differ in what they say about those still in the count.
    fn differ(&self, heap: &Heap) -> bool {
        let further = |bundle: &Bundle| {
            let ranking = self.ballots.ranking(bundle.group).get(bundle.at..).unwrap_or_default();
            let in_count = |who: &u16| self.continuing.get(usize::from(*who)).copied().unwrap_or(false);
            ranking.iter().copied().filter(in_count).collect::<Vec<u16>>()
        };
        let mut bundles = heap.bundles.iter().map(further);
        let first = bundles.next();
        bundles.any(|other| Some(other) != first)
    }
}

/// The last papers of a heap, in the order in which they lie.
fn filed_last(bundles: Vec<Bundle>, take: u64) -> Vec<Bundle> {
    let mut left = take;
    let mut moved = Vec::new();
    for bundle in bundles.into_iter().rev() {
        if left == 0 {
            break;
        }
        let papers = bundle.papers.min(left);
        left -= papers;
        moved.push(Bundle { papers, ..bundle });
    }
    moved.reverse();
    moved
}
