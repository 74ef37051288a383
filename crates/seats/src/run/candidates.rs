//! `candidates`: people on seats, in list order; who withdrew is passed over; a list used up leaves
//! empty chairs.

use super::machine::{Pass, Stop, Work, not_yet};
use crate::outcome::{Member, StageOutcome};
use crate::rulebook::{Candidates, Stage};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, candidates: &Candidates, pass: &mut Pass) -> Result<(), Stop> {
    if let Some(what) = &candidates.not_yet {
        return Err(not_yet(stage, what.clone()).into());
    }
    if !work.trace {
        return Ok(());
    }
    let seats = pass.seats.get(&candidates.of).cloned().unwrap_or_default();
    let mut unknown = Vec::new();
    for (list, seats) in work.view.lists.iter().zip(seats) {
        if seats == 0 {
            continue;
        }
        if list.candidates.is_empty() {
            unknown.push(list.id.as_str());
            continue;
        }
        let mut standing = list
            .candidates
            .iter()
            .zip(1u64..)
            .filter(|(candidate, _)| !(candidates.skip_withdrawn && candidate.withdrawn));
        for seat in 1..=seats {
            let next = standing.next();
            pass.members.push(Member {
                list: list.id.clone(),
                seat,
                candidate: next.map(|(candidate, _)| candidate.id.clone()),
                name: next.map(|(candidate, _)| candidate.name.clone()),
                place: next.map(|(_, place)| place),
            });
        }
    }
    if !unknown.is_empty() {
        let lists = unknown.join(", ");
        pass.note(format!("the tally has no candidates of: {lists}; their seats are not filled by name"));
    }
    pass.stages.push(StageOutcome {
        id: stage.id.clone(),
        kind: "candidates",
        law: stage.law.clone(),
        is_reading: stage.is_reading,
        seats: std::collections::BTreeMap::new(),
        vacant: 0,
        quota: None,
    });
    Ok(())
}
