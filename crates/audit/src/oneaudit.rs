//! ONEAudit: single ballots compared with the mean of the box they come from (Stark 2023, arXiv 2303.03335).

use crate::{Assorter, AuditError, Ratio};

/// Ballots of which only the totals were reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Ballots in the pool.
    pub ballots: u64,
    /// Reported votes per choice.
    pub votes: Vec<u64>,
}

impl Pool {
    /// The reported value of every card in the pool: the mean of the assorter over it.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for an empty pool, [`AuditError::Overflow`].
    pub fn mean(&self, assorter: &Assorter<'_>) -> Result<Ratio, AuditError> {
        if self.ballots == 0 {
            return Err(AuditError::Parameter { what: "pool", why: "must hold at least one ballot" });
        }
        let outside = assorter.assertion().outside().over(Ratio::count(assorter.cards()))?;
        let of_votes = assorter.assertion().of_votes(&self.votes, self.ballots)?;
        assorter.scale(of_votes.over(Ratio::count(self.ballots))?.plus(outside)?)
    }
}
