//! Ties on the way: what settles them, and the lots that were drawn.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::ballots::Ballots;
use super::refusal::{LotFault, RankedRefusal};
use super::rules::{RankRules, RankTie};
use super::sheet::{RankedLot, RankedTie, Round, TieBroken, TieQuestion};

/// Why a count ends early.
pub(super) enum Halt {
    Refused(RankedRefusal),
    Tied(RankedTie),
}

impl From<RankedRefusal> for Halt {
    fn from(refusal: RankedRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A tie that came up.
pub(super) struct Question<'a> {
    pub what: TieQuestion,
    /// By position.
    pub between: &'a [usize],
    /// How many must be taken.
    pub take: usize,
    /// The count that is being made.
    pub count: u64,
}

/// Settles ties by the rules and the lots.
pub(super) struct Judge<'a> {
    ballots: &'a Ballots,
    rules: &'a RankRules,
    lots: &'a [RankedLot],
    used: Vec<bool>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(ballots: &'a Ballots, rules: &'a RankRules, lots: &'a [RankedLot]) -> Self {
        Self { ballots, rules, lots, used: vec![false; lots.len()] }
    }

    /// Takes as many as are asked, and says by which rule. Those excluded had fewest before, all
    /// others most.
    pub(super) fn take(&mut self, question: &Question<'_>, rounds: &[Round]) -> Result<(Vec<usize>, TieBroken), Halt> {
        let mut between = question.between.to_vec();
        between.sort_unstable();
        let mut taken: Vec<usize> = Vec::new();
        let rules: Vec<RankTie> = self.rules.tie_rules().collect();
        for rule in &rules {
            let open = question.take.saturating_sub(taken.len());
            let by = match rule {
                RankTie::EarlierCounts => "earlier_counts",
                RankTie::FirstCounts => "first_counts",
                RankTie::Lot => "lot",
                RankTie::Unresolved => break,
            };
            if *rule == RankTie::Lot {
                let Some(drawn) = self.lot(&between, open, question.count)? else { continue };
                taken.extend(drawn);
            } else {
                let (sure, rest) = by_history(&between, open, rounds, *rule, question.what);
                taken.extend(sure);
                between = rest;
            }
            if taken.len() == question.take {
                taken.sort_unstable();
                let broken = TieBroken {
                    question: question.what,
                    between: question.between.iter().map(|who| self.ballots.id(*who)).collect(),
                    taken: taken.iter().map(|who| self.ballots.id(*who)).collect(),
                    by: by.to_owned(),
                };
                return Ok((taken, broken));
            }
        }
        let open = question.take.saturating_sub(taken.len());
        Err(Halt::Tied(RankedTie {
            count: question.count,
            question: question.what,
            between: between.iter().map(|who| self.ballots.id(*who)).collect(),
            take: u64::try_from(open).unwrap_or(u64::MAX),
            by_lot: rules.contains(&RankTie::Lot),
        }))
    }

    /// The lot drawn between exactly these.
    fn lot(&mut self, between: &[usize], take: usize, count: u64) -> Result<Option<Vec<usize>>, Halt> {
        let ids: BTreeSet<String> = between.iter().map(|who| self.ballots.id(*who)).collect();
        let fits = |lot: &RankedLot| lot.between == ids && lot.count.is_none_or(|drawn_for| drawn_for == count);
        let unused = self.lots.iter().zip(&mut self.used).find(|(lot, used)| !**used && fits(lot));
        let Some((lot, used)) = unused else { return Ok(None) };
        *used = true;
        let drawn: BTreeSet<&String> = lot.drawn.iter().collect();
        if lot.drawn.len() != take || drawn.len() != take {
            return Err(foreign(lot, LotFault::Draws(drawn.len(), take)).into());
        }
        if let Some(other) = drawn.iter().find(|id| !lot.between.contains(**id)) {
            return Err(foreign(lot, LotFault::Elsewhere((*other).clone())).into());
        }
        Ok(Some(lot.drawn.iter().filter_map(|id| self.ballots.place(id)).collect()))
    }

    /// Refuses lots that cannot be and, once the count is finished, those that were of no use.
    pub(super) fn check_lots(&self, finished: bool) -> Result<(), RankedRefusal> {
        let by_lot = self.rules.tie_rules().any(|rule| rule == RankTie::Lot);
        for (lot, used) in self.lots.iter().zip(&self.used) {
            if !by_lot {
                return Err(foreign(lot, LotFault::NotAllowed));
            }
            if let Some(id) = lot.between.iter().find(|id| self.ballots.place(id).is_none()) {
                return Err(foreign(lot, LotFault::NotStanding(id.clone())));
            }
            if finished && !used {
                return Err(RankedRefusal::SuperfluousLot(lot.between.iter().collect()));
            }
        }
        Ok(())
    }
}

fn foreign(lot: &RankedLot, reason: LotFault) -> RankedRefusal {
    RankedRefusal::ForeignLot(lot.between.iter().collect(), reason)
}

/// Those who come first by their votes at other counts, and, if the last places are tied even so,
/// those between whom they lie.
fn by_history(
    between: &[usize],
    take: usize,
    rounds: &[Round],
    rule: RankTie,
    question: TieQuestion,
) -> (Vec<usize>, Vec<usize>) {
    let compare = |a: &usize, b: &usize| {
        let at = |round: &Round| {
            let order = round.votes.get(*a).cmp(&round.votes.get(*b));
            if question == TieQuestion::Exclusion { order } else { order.reverse() }
        };
        let differ = |order: &Ordering| *order != Ordering::Equal;
        let found = match rule {
            RankTie::FirstCounts => rounds.iter().map(at).find(differ),
            _ => rounds.iter().rev().map(at).find(differ),
        };
        found.unwrap_or(Ordering::Equal)
    };
    let mut order = between.to_vec();
    order.sort_by(compare);
    let Some(last) = take.checked_sub(1).and_then(|last| order.get(last)).copied() else {
        return (Vec::new(), order);
    };
    let (mut sure, mut rest) = (Vec::new(), Vec::new());
    for who in order {
        match compare(&who, &last) {
            Ordering::Less => sure.push(who),
            Ordering::Equal => rest.push(who),
            Ordering::Greater => {}
        }
    }
    if sure.len() + rest.len() == take {
        sure.append(&mut rest);
    }
    rest.sort_unstable();
    (sure, rest)
}
