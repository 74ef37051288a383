//! Ranked ballots as a tree of their beginnings, one candidate after the other. A walk that stops at the first
//! candidate who still stands passes few of its nodes, however many ballots there are.

use crate::AuditError;

/// A beginning of rankings.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    candidate: u8,
    /// Ballots that begin so.
    ballots: u64,
    /// The next node that does not begin so.
    after: u32,
}

/// All beginnings, each before those that continue it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// From rankings by candidates' numbers, each with its ballots. Their sum must have been checked.
    ///
    /// # Errors
    /// [`AuditError::TooLarge`] for candidates above 255 or more than four billion beginnings.
    pub(super) fn new(mut rows: Vec<(u64, Vec<usize>)>) -> Result<Self, AuditError> {
        rows.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut last: &[usize] = &[];
        for (ballots, ranking) in &rows {
            let common = ranking.iter().zip(last).take_while(|(a, b)| a == b).count();
            close(&mut nodes, &mut open, common)?;
            for at in &open {
                nodes[*at].ballots += ballots;
            }
            for candidate in &ranking[common..] {
                let candidate =
                    u8::try_from(*candidate).map_err(|_| AuditError::TooLarge("the number of candidates"))?;
                open.push(nodes.len());
                nodes.push(Node { candidate, ballots: *ballots, after: 0 });
            }
            last = ranking;
        }
        close(&mut nodes, &mut open, 0)?;
        Ok(Self { nodes })
    }

    /// Adds the ballots whose first standing candidate is `c` to `tally[c]`.
    pub(super) fn tally(&self, standing: u128, tally: &mut [u64]) {
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            if standing >> node.candidate & 1 == 1 {
                tally[usize::from(node.candidate)] += node.ballots;
                at = node.after as usize;
            } else {
                at += 1;
            }
        }
    }

    /// Ballots with `winner` first, less those that rank `loser` and not `winner` above it.
    pub(super) fn lead_before(&self, winner: usize, loser: usize) -> i128 {
        let (mut at, mut next_root, mut lead) = (0, 0, 0_i128);
        while let Some(node) = self.nodes.get(at) {
            let first = at == next_root;
            if first {
                next_root = node.after as usize;
            }
            let candidate = usize::from(node.candidate);
            if candidate == winner || candidate == loser {
                let counts = i128::from(first || candidate == loser) * i128::from(node.ballots);
                lead += if candidate == winner { counts } else { -counts };
                at = node.after as usize;
            } else {
                at += 1;
            }
        }
        lead
    }

    /// [`Self::lead_before`] of all pairs, in one walk: `leads[winner][loser]`.
    pub(super) fn leads_before(&self, candidates: usize) -> Vec<Vec<i128>> {
        let mut first = vec![0_i128; candidates];
        let mut ranked = vec![0_i128; candidates];
        // Ballots that rank the one (first number) above the other.
        let mut above = vec![vec![0_i128; candidates]; candidates];
        let mut path: Vec<(usize, u32)> = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            while path.last().is_some_and(|(_, after)| *after as usize <= at) {
                path.pop();
            }
            let (own, ballots) = (usize::from(node.candidate), i128::from(node.ballots));
            if path.is_empty() {
                first[own] += ballots;
            }
            ranked[own] += ballots;
            for (earlier, _) in &path {
                above[*earlier][own] += ballots;
            }
            path.push((own, node.after));
        }
        let lead = |w: usize, l: usize| first[w] - (ranked[l] - above[w][l]);
        (0..candidates).map(|w| (0..candidates).map(|l| lead(w, l)).collect()).collect()
    }
}

/// Ends the beginnings that are longer than `keep`.
fn close(nodes: &mut [Node], open: &mut Vec<usize>, keep: usize) -> Result<(), AuditError> {
    let after = u32::try_from(nodes.len()).map_err(|_| AuditError::TooLarge("the number of rankings"))?;
    for at in open.drain(keep.min(open.len())..) {
        nodes[at].after = after;
    }
    Ok(())
}
