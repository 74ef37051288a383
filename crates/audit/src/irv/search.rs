//! The search for the cheapest sufficient set: branch and bound over the ends of elimination orders.

use std::collections::BTreeSet;

use super::{Claim, Rankings};
use crate::AuditError;

/// Assertions that prove an instant-runoff winner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunoffSet {
    /// The reported order of elimination, the winner last.
    pub order: Vec<usize>,
    /// The assertions; the smallest lead among them is as large as it can be.
    pub claims: Vec<Claim>,
    /// That smallest lead, in ballots.
    pub least_lead: i128,
}

/// An end of an elimination order, with the best assertion against it or against a shorter end of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    /// The lead of that assertion: small is hard. First in the order of nodes.
    lead: i128,
    suffix: Vec<usize>,
    /// How many last candidates of `suffix` that assertion already rules out.
    rules_out: usize,
    claim: Option<Claim>,
}

struct Search<'a> {
    ballots: &'a Rankings,
    /// Leads of all `NotBefore` claims.
    before: Vec<Vec<i128>>,
    work: u64,
}

/// The set of assertions whose hardest one is as easy as possible, without any that the others make
/// unnecessary. `work` limits the ends of orders that are looked at.
///
/// # Errors
/// [`AuditError::Tie`], [`AuditError::NoSufficientSet`] if some other winner cannot be ruled out,
/// [`AuditError::TooLarge`] beyond the limit of work.
pub fn raire(ballots: &Rankings, work: u64) -> Result<RunoffSet, AuditError> {
    let order = ballots.order()?;
    let size = ballots.candidates();
    let winner = order[size - 1];
    let before = (0..size)
        .map(|w| (0..size).map(|l| Claim::NotBefore { winner: w, loser: l }.lead(ballots)).collect())
        .collect();
    let mut search = Search { ballots, before, work };
    let mut claims = search.claims(winner)?;
    trim(&mut claims, ballots, winner, work);
    let least_lead = claims.iter().map(|c| c.lead(ballots)).min().unwrap_or_else(|| i128::from(ballots.total()));
    Ok(RunoffSet { order, claims, least_lead })
}

impl Search<'_> {
    fn claims(&mut self, winner: usize) -> Result<Vec<Claim>, AuditError> {
        let size = self.ballots.candidates();
        let mut open: BTreeSet<Node> = BTreeSet::new();
        for other in (0..size).filter(|c| *c != winner) {
            open.insert(self.node(vec![other], None)?);
        }
        // No set can have a smallest lead above `cap`: some full order needs an assertion that hard.
        let mut cap = i128::MAX;
        let mut found: BTreeSet<Claim> = BTreeSet::new();
        while let Some(hardest) = open.pop_first() {
            if hardest.lead < cap && hardest.suffix.len() < size {
                for next in (0..size).filter(|c| !hardest.suffix.contains(c)) {
                    let suffix: Vec<usize> = std::iter::once(next).chain(hardest.suffix.iter().copied()).collect();
                    let child = self.node(suffix, Some(&hardest))?;
                    open.insert(child);
                }
                continue;
            }
            if hardest.lead <= 0 {
                return Err(AuditError::NoSufficientSet(
                    "an elimination order with another winner cannot be ruled out",
                ));
            }
            cap = cap.min(hardest.lead);
            let end = hardest.suffix[hardest.suffix.len() - hardest.rules_out..].to_vec();
            found.extend(hardest.claim);
            open.retain(|node| !node.suffix.ends_with(&end));
        }
        Ok(found.into_iter().collect())
    }

    /// The node of an end, with the best assertion against it or inherited from its parent.
    fn node(&mut self, suffix: Vec<usize>, parent: Option<&Node>) -> Result<Node, AuditError> {
        self.work = self.work.checked_sub(1).ok_or(AuditError::TooLarge("the search for assertions"))?;
        let (first, rest) = (suffix[0], &suffix[1..]);
        let size = self.ballots.candidates();
        let mut best: Option<(i128, Claim)> = None;
        let mut offer = |lead: i128, claim: Claim| {
            if best.as_ref().is_none_or(|b| lead > b.0) {
                best = Some((lead, claim));
            }
        };
        for loser in rest {
            offer(self.before[first][*loser], Claim::NotBefore { winner: first, loser: *loser });
        }
        for earlier in (0..size).filter(|c| !suffix.contains(c)) {
            offer(self.before[earlier][first], Claim::NotBefore { winner: earlier, loser: first });
        }
        if !rest.is_empty() {
            let mut standing = suffix.clone();
            standing.sort_unstable();
            let up: Vec<bool> = (0..size).map(|c| suffix.contains(&c)).collect();
            let tally = self.ballots.tally(&up);
            for loser in rest {
                let lead = i128::from(tally[first]) - i128::from(tally[*loser]);
                offer(lead, Claim::NotNext { winner: first, loser: *loser, standing: standing.clone() });
            }
        }
        let length = suffix.len();
        Ok(match (best, parent) {
            (Some((lead, claim)), parent) if parent.is_none_or(|p| lead > p.lead) => {
                Node { lead, suffix, rules_out: length, claim: Some(claim) }
            }
            (_, Some(parent)) => {
                Node { lead: parent.lead, suffix, rules_out: parent.rules_out, claim: parent.claim.clone() }
            }
            _ => Node { lead: i128::MIN, suffix, rules_out: length, claim: None },
        })
    }
}

/// Whether the assertions rule out every order with another winner; `None` beyond the limit of work.
pub(super) fn sufficient(claims: &[Claim], candidates: usize, winner: usize, work: &mut u64) -> Option<bool> {
    let mut stack: Vec<Vec<usize>> = (0..candidates).filter(|c| *c != winner).map(|c| vec![c]).collect();
    while let Some(suffix) = stack.pop() {
        *work = work.checked_sub(1)?;
        if claims.iter().any(|claim| claim.rules_out(&suffix)) {
            continue;
        }
        if suffix.len() == candidates {
            return Some(false);
        }
        for next in (0..candidates).filter(|c| !suffix.contains(c)) {
            stack.push(std::iter::once(next).chain(suffix.iter().copied()).collect());
        }
    }
    Some(true)
}

/// Leaves out, hardest first, every assertion without which the rest suffices. Stops when work runs out:
/// the set is sufficient at every moment.
fn trim(claims: &mut Vec<Claim>, ballots: &Rankings, winner: usize, mut work: u64) {
    let mut order: Vec<(i128, Claim)> = claims.iter().map(|c| (c.lead(ballots), c.clone())).collect();
    order.sort();
    for (_, claim) in order {
        let rest: Vec<Claim> = claims.iter().filter(|c| **c != claim).cloned().collect();
        match sufficient(&rest, ballots.candidates(), winner, &mut work) {
            None => return,
            Some(true) => *claims = rest,
            Some(false) => {}
        }
    }
}
