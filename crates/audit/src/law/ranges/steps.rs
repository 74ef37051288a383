//! Ranges of stages that follow from the ranges of earlier ones.

use std::collections::BTreeMap;

use super::super::{Allocation, Held, LawAudit, Step};
use crate::AuditError;
use crate::certificate::Range;

/// Ranges of a stage, by list.
#[derive(Debug, Clone, Default)]
pub(super) struct Stand {
    /// Lists by id.
    pub order: Vec<String>,
    /// Theirs.
    pub ranges: Vec<Range>,
    /// Whether they are as narrow as can be.
    pub tight: bool,
    /// Seats of the whole; none where that depends on votes.
    house: Option<u64>,
}

/// Ranges of one allocation, and whether they are tight.
type Give<'a> = dyn Fn(&Allocation) -> Result<(Vec<Range>, bool), AuditError> + 'a;

impl Stand {
    /// The range of a list.
    pub fn of(&self, list: &str) -> Range {
        let place = self.order.iter().position(|own| own == list);
        place.and_then(|at| self.ranges.get(at)).copied().unwrap_or(Range { low: 0, high: 0 })
    }

    fn add(&mut self, list: &str, range: Range) {
        match self.order.iter().position(|own| own == list) {
            Some(at) => {
                self.ranges[at].low = self.ranges[at].low.saturating_add(range.low);
                self.ranges[at].high = self.ranges[at].high.saturating_add(range.high);
            }
            None => {
                self.order.push(list.to_owned());
                self.ranges.push(range);
            }
        }
    }

    /// No list has more than others leave. Sound where seats are vacant, too.
    fn leave(&mut self) {
        let Some(house) = self.house else { return };
        let low = self.ranges.iter().fold(0_u64, |sum, range| sum.saturating_add(range.low));
        for range in &mut self.ranges {
            let left = house.saturating_sub(low.saturating_sub(range.low));
            range.high = range.high.min(left).max(range.low);
        }
    }

    fn exact(&self) -> bool {
        self.ranges.iter().all(|range| range.low == range.high)
    }
}

impl LawAudit {
    /// The ranges of the last stage, from those of each allocation and from what is proved beside.
    pub(super) fn result(&self, give: &Give<'_>, is: &dyn Fn(usize) -> bool) -> Result<Stand, AuditError> {
        let mut stands: BTreeMap<&str, Stand> = BTreeMap::new();
        let none = Stand::default();
        let mut last = None;
        for (stage, step) in &self.steps {
            let of = |id: &String| stands.get(id.as_str()).unwrap_or(&none).clone();
            let stand = match step {
                Step::Given => self.given(stage, give)?,
                Step::Same(id) => of(id),
                Step::Sum(ids) => sum(ids.iter().map(of)),
                Step::Cap { of: id, most } => cap(of(id), *most),
                Step::Bonus { of: id, seats, to, ahead } => bonus(of(id), *seats, to, ahead, is),
                Step::Majority { of: id, proof } => majority(of(id), proof, is),
                Step::Compensate { of: id, held, grows } => {
                    let held = match held {
                        Held::Stage(stage) => of(stage),
                        Held::Fixed(seats) => fixed(seats),
                    };
                    compensate(of(id), &held, *grows)
                }
                Step::Placed { of: id, start, limited, proof } => {
                    let sure = proof.iter().all(|item| is(*item));
                    placed(of(id), &start.as_ref().map(of).unwrap_or_default(), !limited, sure)
                }
                Step::Onto { start, more, seats } => onto(of(start), *more, seats, self.proved(stage, is)),
            };
            stands.insert(stage, stand);
            last = Some(stage.as_str());
        }
        Ok(last.and_then(|id| stands.remove(id)).unwrap_or_default())
    }

    fn given(&self, stage: &str, give: &Give<'_>) -> Result<Stand, AuditError> {
        let mut stand = Stand { tight: true, house: Some(0), ..Stand::default() };
        for allocation in self.allocations.iter().filter(|own| own.stage == stage) {
            let (ranges, tight) = give(allocation)?;
            stand.tight &= tight;
            stand.house = stand.house.and_then(|house| house.checked_add(allocation.house));
            for (list, range) in allocation.lists.iter().zip(ranges) {
                stand.add(list, range);
            }
        }
        Ok(stand)
    }

    /// Whether everything that the result needs is proved: what averages onto other seats need is part of it.
    fn proved(&self, _stage: &str, is: &dyn Fn(usize) -> bool) -> bool {
        self.items.iter().enumerate().all(|(at, item)| !item.needed || item.people || is(at))
    }
}

fn sum(of: impl Iterator<Item = Stand>) -> Stand {
    let mut all = Stand { tight: true, house: Some(0), ..Stand::default() };
    for own in of {
        all.tight &= own.tight;
        all.house = all.house.zip(own.house).and_then(|(a, b)| a.checked_add(b));
        for (list, range) in own.order.iter().zip(&own.ranges) {
            all.add(list, *range);
        }
    }
    all
}

/// Seats above the cap go to others, or stay vacant: nobody has them for sure.
fn cap(mut own: Stand, most: u64) -> Stand {
    if own.ranges.iter().all(|range| range.high <= most) {
        return own;
    }
    let house = own.house.unwrap_or(u64::MAX);
    for range in &mut own.ranges {
        range.low = range.low.min(most);
        range.high = if range.high == 0 { 0 } else { most.min(house) };
    }
    own.leave();
    own.tight = false;
    own
}

fn bonus(
    mut own: Stand,
    seats: u64,
    to: &str,
    ahead: &BTreeMap<String, Option<usize>>,
    is: &dyn Fn(usize) -> bool,
) -> Stand {
    let proved = |list: &str| ahead.get(list).is_some_and(|item| item.is_none_or(is));
    let first = own.of(to);
    let rivals = own.order.iter().zip(&own.ranges).filter(|(list, range)| *list != to && range.high > 0);
    let sure = first.low > 0 && rivals.clone().all(|(list, _)| proved(list));
    let may: Vec<String> = rivals
        .filter(|(list, _)| !(first.low > 0 && proved(list)))
        .map(|(list, _)| list.clone())
        .chain((first.high > 0).then(|| to.to_owned()))
        .collect();
    for (list, range) in own.order.iter().zip(&mut own.ranges) {
        if sure && list == to {
            range.low = range.low.saturating_add(seats);
        }
        if may.contains(list) {
            range.high = range.high.saturating_add(seats);
        }
    }
    own.house = own.house.and_then(|house| house.checked_add(seats));
    own.tight &= sure && may.len() == 1;
    own
}

/// One seat may move, unless it is proved that it does not.
fn majority(mut own: Stand, proof: &BTreeMap<String, Vec<usize>>, is: &dyn Fn(usize) -> bool) -> Stand {
    let Some(house) = own.house else { return Stand { tight: false, ..own } };
    let small = |list: &str| proof.get(list).is_some_and(|items| items.iter().all(|item| is(*item)));
    let large = |range: &Range| u128::from(range.low) * 2 > u128::from(house);
    let stays = own.order.iter().zip(&own.ranges).all(|(list, range)| large(range) || small(list));
    if stays {
        return own;
    }
    for range in &mut own.ranges {
        range.low = range.low.saturating_sub(1);
        range.high = if range.high == 0 { 1.min(house) } else { range.high.saturating_add(1).min(house) };
    }
    own.tight = false;
    own
}

fn fixed(seats: &BTreeMap<String, u64>) -> Stand {
    let range = |n: &u64| Range { low: *n, high: *n };
    Stand {
        order: seats.keys().cloned().collect(),
        ranges: seats.values().map(range).collect(),
        tight: true,
        house: None,
    }
}

/// The larger of a list's share and of what it holds. Where the house does not grow, lists that hold more than their
/// share leave less to the others, but nobody has less than it holds.
fn compensate(mut own: Stand, held: &Stand, grows: bool) -> Stand {
    for list in &held.order {
        if !own.order.contains(list) {
            own.add(list, Range { low: 0, high: 0 });
        }
    }
    let known = own.exact() && held.exact();
    let within = own.order.iter().zip(&own.ranges).all(|(list, range)| held.of(list).high <= range.low);
    if within {
        own.tight &= known;
        return own;
    }
    own.tight &= known;
    for (list, range) in own.order.iter().zip(&mut own.ranges) {
        let holds = held.of(list);
        if grows {
            *range = Range { low: range.low.max(holds.low), high: range.high.max(holds.high) };
        } else {
            *range = Range { low: holds.low, high: own.house.unwrap_or(u64::MAX).max(holds.high) };
        }
    }
    if grows {
        own.house = None;
    } else {
        own.leave();
    }
    own
}

/// A seat that finds no place is nobody's, until it is known whose seats are to be placed and that each finds one.
fn placed(mut own: Stand, start: &Stand, anywhere: bool, sure: bool) -> Stand {
    if anywhere || (sure && own.exact() && start.exact()) {
        return own;
    }
    for (list, range) in own.order.iter().zip(&mut own.ranges) {
        range.low = range.low.min(start.of(list).low);
    }
    own.tight = false;
    own
}

/// Everybody keeps what it starts from, and the further seats may be anybody's until all is proved.
fn onto(start: Stand, more: u64, seats: &BTreeMap<String, u64>, proved: bool) -> Stand {
    let mut own = start;
    own.house = own.house.and_then(|house| house.checked_add(more));
    for list in seats.keys().filter(|list| seats.get(*list).is_some_and(|n| *n > 0)) {
        if !own.order.contains(list) {
            own.add(list, Range { low: 0, high: 0 });
        }
    }
    for (list, range) in own.order.iter().zip(&mut own.ranges) {
        let reported = seats.get(list).copied().unwrap_or(0);
        *range = if proved {
            Range { low: reported, high: reported }
        } else {
            Range { low: range.low, high: range.high.saturating_add(more) }
        };
    }
    own.tight = proved;
    if !proved {
        own.leave();
    }
    own
}
