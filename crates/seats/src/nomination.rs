//! `[nomination]`: whether the lists of a tally look as the law asks. Nothing here changes a seat.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::rulebook::{CountMinimum, Nomination, Rulebook, ShareLimit, ShareMinimum};
use crate::tally::{Candidate, List, Tally};

/// One rule about one list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NominationFinding {
    /// The list.
    pub list: String,
    /// The word of the rulebook: `list_length`, `share_limits`, `max_gap_in_order`, `share_minimums`,
    /// `count_minimums` or `of_which_in_first_50`.
    pub rule: String,
    /// The attribute that is counted, if one is.
    pub attribute: Option<String>,
    /// The key of the law.
    pub law: Option<String>,
    /// Whether the list meets it; none: it cannot be said, `says` tells why.
    pub met: Option<bool>,
    /// The figures in a sentence.
    pub says: String,
}

/// Checks every list of a tally against the rulebook's `[nomination]`. A list is judged as it was
/// nominated: who withdrew later still counts. Lists without candidates in the tally cannot be judged.
///
/// The limit on the order (`max_gap_in_order = 3`) is read as: at most three candidates with the same
/// value follow each other.
pub fn check_nomination(rulebook: &Rulebook, tally: &Tally) -> Vec<NominationFinding> {
    let rules = &rulebook.nomination;
    let mut findings = Vec::new();
    for list in &tally.lists {
        let mut judge = Judge { rules, list, findings: &mut findings };
        judge.length();
        rules.share_limits.iter().for_each(|limit| judge.share_limit(limit));
        rules.share_minimums.iter().for_each(|minimum| judge.share_minimum(minimum));
        rules.count_minimums.iter().for_each(|minimum| judge.count_minimum(minimum));
    }
    findings
}

struct Judge<'a> {
    rules: &'a Nomination,
    list: &'a List,
    findings: &'a mut Vec<NominationFinding>,
}

impl Judge<'_> {
    fn write(&mut self, rule: &str, attribute: Option<&str>, met: Option<bool>, says: String) {
        let known = !self.list.candidates.is_empty();
        self.findings.push(NominationFinding {
            list: self.list.id.clone(),
            rule: rule.to_owned(),
            attribute: attribute.map(str::to_owned),
            law: self.rules.law.clone(),
            met: met.filter(|_| known),
            says: if known { says } else { "the tally has no candidates of this list".to_owned() },
        });
    }

    fn length(&mut self) {
        let Some((fewest, most)) = self.rules.list_length else {
            return;
        };
        let length = count(self.list.candidates.iter());
        let says = format!("{length} candidates, {fewest} to {most} are asked");
        self.write("list_length", None, Some((fewest..=most).contains(&length)), says);
    }

    fn share_limit(&mut self, limit: &ShareLimit) {
        let attribute = limit.attribute.as_str();
        let all = count(self.list.candidates.iter());
        let values = values(self.list, attribute);
        let unknown = all - values.values().sum::<u64>();
        let most = values.iter().max_by_key(|(_, number)| **number);
        let (value, number) = most.map_or(("", 0), |(value, number)| (*value, *number));
        let met = match (limit.max.reached(number, all, true), limit.max.reached(number + unknown, all, true)) {
            (true, _) => Some(false),
            (false, true) => None,
            (false, false) => Some(true),
        };
        let lacking = if unknown > 0 { format!(", {unknown} without the attribute") } else { String::new() };
        let says = format!("{number} of {all} are `{value}`, at most {} may be{lacking}", limit.max);
        self.write("share_limits", Some(attribute), met, says);
        if let Some(gap) = limit.max_gap_in_order {
            let (longest, from) = longest_run(&self.list.candidates, attribute);
            let met = if unknown > 0 && longest <= gap { None } else { Some(longest <= gap) };
            let says = format!("{longest} of the same value in a row from place {from}, at most {gap} may be{lacking}");
            self.write("max_gap_in_order", Some(attribute), met, says);
        }
    }

    fn share_minimum(&mut self, minimum: &ShareMinimum) {
        let all = count(self.list.candidates.iter());
        let number = count(self.list.candidates.iter().filter(|one| has(one, &minimum.attribute)));
        let needed = minimum.min.needed(all, false);
        let says = format!("{number} of {all}, at least {needed} are asked ({})", minimum.min);
        self.write("share_minimums", Some(&minimum.attribute), Some(number >= needed), says);
    }

    fn count_minimum(&mut self, minimum: &CountMinimum) {
        let number = count(self.list.candidates.iter().filter(|one| has(one, &minimum.attribute)));
        let says = format!("{number}, at least {} are asked", minimum.min);
        self.write("count_minimums", Some(&minimum.attribute), Some(number >= minimum.min), says);
        if let Some(first) = minimum.of_which_in_first_50 {
            let number = count(self.list.candidates.iter().take(50).filter(|one| has(one, &minimum.attribute)));
            let says = format!("{number} among the first 50, at least {first} are asked");
            self.write("of_which_in_first_50", Some(&minimum.attribute), Some(number >= first), says);
        }
    }
}

fn count<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> u64 {
    u64::try_from(candidates.count()).unwrap_or(u64::MAX)
}

/// Present and not `false`, as conditions of admission read attributes.
fn has(candidate: &Candidate, attribute: &str) -> bool {
    candidate.attributes.get(attribute).is_some_and(|value| value != "false")
}

fn values<'a>(list: &'a List, attribute: &str) -> BTreeMap<&'a str, u64> {
    let mut values = BTreeMap::new();
    for value in list.candidates.iter().filter_map(|candidate| candidate.attributes.get(attribute)) {
        *values.entry(value.as_str()).or_insert(0) += 1;
    }
    values
}

/// The most candidates in a row with the same value, and the place of the first of them.
fn longest_run(candidates: &[Candidate], attribute: &str) -> (u64, u64) {
    let (mut longest, mut from) = (0u64, 1u64);
    let (mut run, mut before) = (0u64, None);
    for (candidate, place) in candidates.iter().zip(1u64..) {
        let value = candidate.attributes.get(attribute);
        run = if value.is_some() && value == before { run + 1 } else { u64::from(value.is_some()) };
        before = value;
        if run > longest {
            (longest, from) = (run, place + 1 - run);
        }
    }
    (longest, from)
}
