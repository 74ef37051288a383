//! `pass_on`: seats that lists cannot fill with candidates go on to others, after everything else was
//! settled. The seats beyond full quotas are continued where the allocation stopped (Dutch Kieswet,
//! article P 10).

use super::{At, refusal, room, settle};
use crate::formula::{Contender, quota};
use crate::refusal::Refusal;
use crate::rulebook::{Allocate, Formula, PassOn, Stage};
use crate::run::grid::Given;
use crate::run::machine::{Pass, Stop, Work, allocation_of};

pub(in crate::run) fn pass_on(work: &Work<'_>, stage: &Stage, rule: &PassOn, pass: &mut Pass) -> Result<(), Stop> {
    let Some((source, allocation)) = allocation_of(work.rulebook, &rule.of) else {
        return Ok(());
    };
    let given = pass.of(&rule.of);
    let (Formula::Quota(formula), Some(quota)) = (&allocation.formula, given.quota) else {
        return Err(Refusal::NoVotes { stage: stage.id.clone() }.into());
    };
    let contends = super::contends(work, source, allocation, pass)?;
    let votes = &work.view.of(&allocation.contest)?.whole.votes;
    let asked = Allocate { next_when_exhausted: true, ..allocation.clone() };
    let contenders: Vec<Contender> = votes
        .iter()
        .zip(&work.view.lists)
        .enumerate()
        .map(|(who, (votes, list))| Contender {
            room: room(&asked, list, None),
            ..Contender::of(if contends.get(who) == Some(&true) { *votes } else { 0 })
        })
        .collect();
    let at = At {
        stage,
        unit: None,
        id: &|who| work.view.shared(who),
        all: votes.iter().map(|votes| u128::from(*votes)).sum(),
    };
    let before = quota::Before { quota, seats: given.seats, residuals: given.residuals };
    let mut award =
        quota::pass_on(formula, &contenders, before, work.trace).map_err(|unable| refusal(unable, &at, given.house))?;
    if let Some(tie) = award.tie.take() {
        settle::settle(work, &at, tie, &contenders, &mut award)?;
    }
    for who in &award.exhausted {
        if !pass.exhausted.contains(who) {
            pass.exhausted.push(*who);
        }
    }
    super::note_room(work, &asked, &contends, &award.seats, pass);
    work.steps(stage, award.steps, pass);
    let given = Given {
        seats: award.seats,
        vacant: given.vacant.saturating_add(award.vacant),
        house: given.house,
        residuals: award.residuals,
        quota: Some(quota),
        ..Given::default()
    };
    work.record_given(stage, "pass_on", given, Vec::new(), None, pass);
    Ok(())
}
