//! `group`: lists that share a distribution (apparentement). A group receives seats as if it were
//! one list; its members share them by the same formula.

use std::collections::BTreeMap;

use super::machine::{Pass, Stop, Work, outcome_of};
use super::view::View;
use crate::Id;
use crate::refusal::Refusal;
use crate::rulebook::{Group, Stage};
use crate::tally::List;

/// Between the names of lists that take part as one.
const BETWEEN: &str = " + ";

pub(super) fn stage(work: &Work<'_>, stage: &Stage, group: &Group, pass: &mut Pass) -> Result<(), Stop> {
    let admitted = pass.admitted.get(&group.contenders).cloned().unwrap_or_default();
    let whole = admitted.in_whole(&group.contenders, stage)?;
    let is_in = |who: &usize| whole.get(*who) == Some(&true);
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (who, list) in work.view.lists.iter().enumerate() {
        let Some(groups) = list.attributes.get("group") else {
            continue;
        };
        if groups.contains(',') {
            return Err(Refusal::GroupOverlap { list: list.id.clone(), groups: groups.clone() }.into());
        }
        members.entry(groups).or_default().push(who);
    }
    let mut groups = Vec::new();
    for mut members in members.into_values() {
        if group.only_if_all_admitted && !members.iter().all(is_in) {
            continue;
        }
        members.retain(is_in);
        if members.len() > 1 {
            groups.push(members);
        }
    }
    if work.trace {
        pass.stages.push(outcome_of(stage, "group"));
    }
    pass.admitted.insert(stage.id.clone(), admitted);
    pass.groups.insert(stage.id.clone(), groups);
    Ok(())
}

/// Groups by the position of their first member, each called by what its members are called.
pub(super) fn called<'a>(
    view: &'a View<'_>,
    pass: &'a Pass,
    name: impl Fn(&'a List) -> &'a String,
) -> impl Iterator<Item = (usize, String)> {
    pass.groups
        .values()
        .flatten()
        .filter_map(move |members| members.first().map(|first| (*first, together(view, members, &name))))
}

/// The ids under which groups stand in steps, each with its position there: that of its first member, after all the lists.
pub(super) fn ids(view: &View<'_>, pass: &Pass) -> Vec<(usize, Id)> {
    let lists = view.lists.len();
    called(view, pass, |list| &list.id).map(|(first, ids)| (lists.saturating_add(first), Id::from(&ids))).collect()
}

/// The id at a position of steps that is none of a list.
pub(super) fn id_of(groups: &[(usize, Id)], place: usize) -> Id {
    groups.iter().find(|(group, _)| *group == place).map(|(_, id)| id.clone()).unwrap_or_default()
}

/// What the members are called, one after the other.
pub(super) fn together<'a>(view: &'a View<'_>, members: &[usize], name: impl Fn(&'a List) -> &'a String) -> String {
    let names = members.iter().filter_map(|who| view.lists.get(*who)).map(|list| name(list).as_str());
    names.collect::<Vec<_>>().join(BETWEEN)
}

/// Whether a name in a lot is that of a list, or of lists that take part as one.
pub(super) fn knows(view: &View<'_>, id: &str) -> bool {
    view.knows(id) || id.split(BETWEEN).all(|part| view.knows(part))
}
