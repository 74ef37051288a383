//! Ranges of one allocation: who takes part, which alliances count, and what follows for each list.
//!
//! Where it is not proved whether a list of an alliance takes part, each way is looked at, and the widest ends count.

use super::super::groups::{contenders, in_effect, joined};
use super::super::{Allocation, Item, LawAudit};
use super::field::{Field, Share, open, shares};
use super::shares::{less, sum};
use crate::certificate::{Admission, Range};
use crate::generate::Group;
use crate::{Assertion, AuditError, Ratio};

/// So many lists whose part in an alliance is open are looked at both ways.
const OPEN: usize = 6;

/// One allocation with what is proved.
struct Known<'a> {
    allocation: &'a Allocation,
    groups: Vec<Group>,
    shares: Vec<Share>,
    assertions: Vec<Assertion>,
}

impl LawAudit {
    /// The ranges of an allocation, and whether they are tight.
    pub(super) fn of_allocation(
        &self,
        allocation: &Allocation,
        proved: &[bool],
    ) -> Result<(Vec<Range>, bool), AuditError> {
        let is = |item: &usize| proved.get(*item).copied().unwrap_or(false);
        let status = |at: usize| match (allocation.proof[at].iter().all(is), allocation.admitted[at]) {
            (true, true) => Admission::In,
            (true, false) => Admission::Out,
            (false, _) => Admission::Open,
        };
        let status: Vec<Admission> = (0..allocation.lists.len()).map(status).collect();
        let own = |item: &&Item| item.frame == allocation.frame;
        let known = self.items.iter().zip(proved).filter(|(item, proved)| own(item) && **proved);
        let group =
            |at: usize| Group { name: String::new(), cells: allocation.cells[at].clone(), most: allocation.most[at] };
        let known = Known {
            allocation,
            groups: (0..allocation.lists.len()).map(group).collect(),
            shares: shares(allocation, proved)?,
            assertions: known.map(|(item, _)| item.assertion.clone()).collect(),
        };
        if allocation.alliances.is_empty() {
            let (ranges, tight) = known.alone(&status)?;
            return Ok((ranges, tight && allocation.proof.iter().all(Vec::is_empty)));
        }
        Ok((known.every_way(&status)?, false))
    }
}

impl Known<'_> {
    fn alone(&self, status: &[Admission]) -> Result<(Vec<Range>, bool), AuditError> {
        let field = Field {
            house: self.allocation.house,
            groups: self.groups.clone(),
            status: status.to_vec(),
            reported: self.allocation.admitted.clone(),
            shares: self.shares.clone(),
            whole: true,
        };
        field.ranges(&self.allocation.shape, &self.assertions)
    }

    /// With each list of an alliance whose part is open once in and once out.
    fn every_way(&self, status: &[Admission]) -> Result<Vec<Range>, AuditError> {
        let allied = |at: &usize| self.allocation.alliances.iter().any(|members| members.contains(at));
        let open_ones: Vec<usize> =
            (0..status.len()).filter(|at| allied(at) && status[*at] == Admission::Open).collect();
        if open_ones.len() > OPEN {
            return Ok(open(self.allocation.house, status));
        }
        let mut all: Option<Vec<Range>> = None;
        for way in 0..(1_usize << open_ones.len()) {
            let mut own = status.to_vec();
            for (bit, at) in open_ones.iter().enumerate() {
                own[*at] = if way >> bit & 1 == 1 { Admission::In } else { Admission::Out };
            }
            let ranges = self.one_way(&own)?;
            all = Some(match all {
                None => ranges,
                Some(old) => old
                    .iter()
                    .zip(&ranges)
                    .map(|(a, b)| Range { low: a.low.min(b.low), high: a.high.max(b.high) })
                    .collect(),
            });
        }
        Ok(all.unwrap_or_default())
    }

    /// The outer allocation, then that of each alliance: what it has at least and at most bounds what its lists have, for
    /// averages never take a seat from anybody in a larger house.
    fn one_way(&self, status: &[Admission]) -> Result<Vec<Range>, AuditError> {
        let own = self.allocation;
        let in_it: Vec<bool> = status.iter().map(|status| *status != Admission::Out).collect();
        let alliances = in_effect(&own.alliances, own.only_whole, &in_it);
        let mut members = contenders(&alliances, &in_it);
        let out: Vec<usize> = (0..status.len()).filter(|at| !in_it[*at]).collect();
        members.extend(out.iter().map(|at| vec![*at]));
        let part = |members: &Vec<usize>| -> Result<Share, AuditError> {
            let low = sum(members.iter().map(|at| self.shares[*at].low))?;
            let high = sum(members.iter().map(|at| self.shares[*at].high))?;
            Ok(Share { low, high: less(high, Ratio::ONE)? })
        };
        let field = Field {
            house: own.house,
            groups: joined(&members, &self.groups),
            status: members.iter().map(|own| status[own[0]]).collect(),
            // Votes of a list that was not reported to take part are in no reported quota.
            reported: members.iter().map(|members| members.iter().all(|at| own.admitted[*at])).collect(),
            shares: members.iter().map(part).collect::<Result<_, _>>()?,
            whole: true,
        };
        let (outer, _) = field.ranges(&own.shape, &self.assertions)?;
        let mut all = vec![Range { low: 0, high: 0 }; status.len()];
        for (members, range) in members.iter().zip(outer) {
            match members.as_slice() {
                [only] => all[*only] = range,
                several => {
                    for (at, range) in several.iter().zip(self.inside(several, range)?) {
                        all[*at] = range;
                    }
                }
            }
        }
        Ok(all)
    }

    /// What lists of an alliance with so many seats can have.
    fn inside(&self, members: &[usize], of: Range) -> Result<Vec<Range>, AuditError> {
        let with = |house: u64| -> Result<Vec<Range>, AuditError> {
            if house == 0 {
                return Ok(members.iter().map(|_| Range { low: 0, high: 0 }).collect());
            }
            let field = Field {
                house,
                groups: members.iter().map(|at| self.groups[*at].clone()).collect(),
                status: vec![Admission::In; members.len()],
                reported: vec![true; members.len()],
                shares: members.iter().map(|at| self.shares[*at]).collect(),
                whole: false,
            };
            Ok(field.ranges(&self.allocation.shape, &self.assertions)?.0)
        };
        let averages = matches!(self.allocation.shape, super::super::Shape::Averages(_));
        if !averages && of.low != of.high {
            return Ok(members.iter().map(|_| Range { low: 0, high: of.high }).collect());
        }
        let (low, high) = (with(of.low)?, with(of.high)?);
        Ok(low.iter().zip(&high).map(|(a, b)| Range { low: a.low, high: b.high }).collect())
    }
}
