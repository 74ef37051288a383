//! `[validity]`: whether the election as a whole stands, with the figures.

use super::machine::Pass;
use super::view::View;
use crate::outcome::{Validity, ValidityFinding};
use crate::rulebook::{Rulebook, TurnoutFloor, VoidIf};
use crate::words::Remark;

pub(super) fn validity(rulebook: &Rulebook, view: &View<'_>, pass: &Pass) -> Validity {
    let rules = &rulebook.validity;
    let mut findings = Vec::new();
    for rule in &rules.void_if {
        let (word, voids, says) = match rule {
            VoidIf::NoListAdmitted => (
                "no_list_admitted",
                Some(pass.nobody),
                if pass.nobody { Remark::NobodyAdmitted } else { Remark::SomebodyAdmitted },
            ),
            VoidIf::AgainstAllLeads => {
                let (voids, says) = against_all(view);
                ("against_all_leads", voids, says)
            }
        };
        findings.push(ValidityFinding { rule: word.to_owned(), law: rules.law.clone(), voids, says });
    }
    if let Some(floor) = &rules.turnout_min {
        findings.push(turnout(rulebook, view, floor));
    }
    Validity { void: findings.iter().any(|finding| finding.voids == Some(true)), findings }
}

fn against_all(view: &View<'_>) -> (Option<bool>, Remark) {
    let mut voids = false;
    let mut says = Vec::new();
    for (contest, of) in &view.contests {
        let leader = of.whole.votes.iter().copied().max().unwrap_or(0);
        match of.whole.against_all {
            None => return (None, Remark::NoVotesAgainstAll { contest: (*contest).to_owned() }),
            Some(against) => {
                voids |= against > leader;
                says.push(Remark::AgainstAll { against, leader });
            }
        }
    }
    (Some(voids), Remark::Several(says))
}

fn turnout(rulebook: &Rulebook, view: &View<'_>, floor: &TurnoutFloor) -> ValidityFinding {
    let contest = view.contests.keys().next().copied().unwrap_or_default();
    let figures =
        view.base(&floor.of, contest, None).and_then(|of| view.base(&floor.base, contest, None).map(|base| (of, base)));
    let (voids, says) = match figures {
        Ok((of, base)) => (
            Some(!floor.at_least.reached(of, base, false)),
            Remark::Turnout { of, base, share: floor.at_least.to_string(), needed: floor.at_least.needed(base, false) },
        ),
        Err(refusal) => (None, Remark::Plain(refusal.to_string())),
    };
    ValidityFinding { rule: "turnout_min".to_owned(), law: rulebook.validity.law.clone(), voids, says }
}
