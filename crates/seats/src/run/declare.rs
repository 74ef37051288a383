//! `declare`: whether an election is valid, from who was elected.

use std::collections::BTreeMap;

use super::machine::{Pass, Work, outcome_of};
use crate::outcome::{Declaration, Declared};
use crate::rulebook::{Declare, Stage, ValidIf};
use crate::words::Remark;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Declare, pass: &mut Pass) {
    let winners = pass.winners.get(&rule.of).map(Vec::as_slice).unwrap_or_default();
    let (valid, says) = match &rule.valid_if {
        ValidIf::EachValue { attribute, at_least } | ValidIf::SomeValue { attribute, at_least } => {
            // Every value that stands, so that one without a seat counts as none.
            let mut values: BTreeMap<&str, u64> = BTreeMap::new();
            let polls = work.view.polls.values().flat_map(BTreeMap::values);
            for nominee in polls.flat_map(|poll| &poll.entries).filter_map(|entry| entry.nominee) {
                values.extend(nominee.attributes.get(attribute).map(|value| (value.as_str(), 0)));
            }
            for winner in winners {
                if let Some(number) = winner.attributes.get(attribute).and_then(|value| values.get_mut(value.as_str()))
                {
                    *number = number.saturating_add(1);
                }
            }
            let enough = |number: &u64| number >= at_least;
            let each = matches!(rule.valid_if, ValidIf::EachValue { .. });
            let valid = if each { values.values().all(enough) } else { values.values().any(enough) };
            let found = values.iter().map(|(value, number)| ((*value).to_owned(), *number)).collect();
            (valid, Remark::SeatsByValue { attribute: attribute.clone(), found, each, at_least: *at_least })
        }
        ValidIf::Filled(share) => {
            let house = pass.of(&rule.of).house;
            let filled = u64::try_from(winners.len()).unwrap_or(u64::MAX);
            (share.reached(filled, house, false), Remark::SeatsFilled { filled, house, share: share.to_string() })
        }
    };
    pass.declared.push(Declaration {
        stage: stage.id.clone(),
        law: stage.law.clone(),
        unit: None,
        what: if valid { Declared::Valid } else { Declared::NotValid },
        who: Vec::new(),
        says,
    });
    if work.trace {
        pass.stages.push(outcome_of(stage, "declare"));
    }
}
