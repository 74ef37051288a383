//! `sum`: the seats of stages that do not know of each other, added up (parallel systems).

use super::grid::Given;
use super::machine::{Pass, Stop, Work};
use crate::rulebook::{Stage, Sum};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, sum: &Sum, pass: &mut Pass) -> Result<(), Stop> {
    let mut all = Given { seats: vec![0; work.view.lists.len()], ..Given::default() };
    for part in sum.of.iter().map(|part| pass.of(part)) {
        for (sum, seats) in all.seats.iter_mut().zip(&part.seats) {
            *sum = sum.saturating_add(*seats);
        }
        all.house = all.house.saturating_add(part.house);
        all.vacant = all.vacant.saturating_add(part.vacant);
        all.unlisted = all.unlisted.saturating_add(part.unlisted);
    }
    work.record_given(stage, "sum", all, Vec::new(), None, pass);
    Ok(())
}
