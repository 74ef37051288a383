//! Partial certificates of a whole law: the seats that what is proved so far leaves possible for each list.
//!
//! Two ways, both sound, and the narrower end of each counts. The first reads pairs of lists, as
//! [`crate::certificate`] does; it is tight where who takes part is known. The second reads bounds on shares of
//! all votes: with the list's own share as low, and everybody else's as high, as is proved, a rule that never
//! takes seats for more votes gives the least it can have; and the reverse. Who may or may not take part is
//! counted against the list both times.
//!
//! Stages that follow from others take their ranges from those: `steps`.

mod alliances;
mod field;
mod shares;
mod steps;

use std::collections::BTreeMap;

use super::LawAudit;
use crate::AuditError;
use crate::certificate::Range;

/// One list in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRange {
    /// Its id.
    pub list: String,
    /// Its name.
    pub name: String,
    /// Seats as reported.
    pub reported: u64,
    /// Seats that are proved at least.
    pub low: u64,
    /// Seats that are proved at most.
    pub high: u64,
}

/// What is proved about everybody's seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranges {
    /// In order of lists. People elected by name stand as themselves.
    pub lists: Vec<ListRange>,
    /// Whether both ends of every range are reached by tallies that satisfy what is proved. Otherwise ranges
    /// are outer bounds: proved, but perhaps wider than need be.
    pub tight: bool,
}

impl Ranges {
    /// Whether every seat is proved.
    pub fn complete(&self) -> bool {
        self.lists.iter().all(|list| list.low == list.high)
    }
}

impl LawAudit {
    /// The ranges that follow if these items (by number) are proved.
    ///
    /// # Errors
    /// [`AuditError::Overflow`], [`AuditError::Parameter`].
    pub fn ranges(&self, proved: &[bool]) -> Result<Ranges, AuditError> {
        let everything = self
            .items
            .iter()
            .zip(proved.iter().chain(std::iter::repeat(&false)))
            .all(|(item, proved)| !item.needed || item.people || *proved);
        let reported = self.result(
            &|allocation| {
                let exact = allocation.seats.iter().map(|n| Range { low: *n, high: *n }).collect();
                Ok((exact, true))
            },
            &|_| true,
        )?;
        let is = |item: usize| proved.get(item).copied().unwrap_or(false);
        let now = if everything {
            reported.clone()
        } else {
            self.result(&|allocation| self.of_allocation(allocation, proved), &is)?
        };
        let names: BTreeMap<&str, &str> = self
            .allocations
            .iter()
            .flat_map(|own| own.lists.iter().zip(&own.names))
            .map(|(id, name)| (id.as_str(), name.as_str()))
            .collect();
        let one = |(list, range): (&String, &Range)| {
            let name = names.get(list.as_str()).map_or_else(|| list.clone(), |name| (*name).to_owned());
            let own = reported.of(list);
            ListRange { list: list.clone(), name, reported: own.low, low: range.low, high: range.high }
        };
        Ok(Ranges { lists: now.order.iter().zip(&now.ranges).map(one).collect(), tight: now.tight })
    }
}
