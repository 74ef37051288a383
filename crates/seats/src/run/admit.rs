//! `admit`: who may receive seats, test by test.

use super::machine::{Pass, Stop, Work, not_yet};
use super::view::{ContestView, Figures};
use crate::formula::quota;
use crate::outcome::{Admission, StageOutcome, Test};
use crate::refusal::Refusal;
use crate::rulebook::{Condition, QuotaKind, Rounding, Scope, Stage, Strictness, VoidIf};
use crate::tally::{List, Unit};
use crate::{Ratio, Share};

pub(super) fn admit(
    work: &Work<'_>,
    stage: &Stage,
    contest: &str,
    when: &Condition,
    pass: &mut Pass,
) -> Result<(), Stop> {
    let of = work.view.of(contest)?;
    let mut admitted = Vec::with_capacity(work.view.lists.len());
    let mut judge = Judge {
        work,
        stage,
        contest,
        of,
        pass,
        tests: Vec::new(),
        total: of.whole.votes.iter().map(|votes| u128::from(*votes)).sum(),
    };
    let mut admissions = Vec::new();
    for (place, list) in work.view.lists.iter().enumerate() {
        let candidate = Candidate { place, list };
        let passes = judge.meets(when, &candidate)?;
        admitted.push(passes);
        if work.trace {
            admissions.push(Admission {
                stage: stage.id.clone(),
                list: list.id.clone(),
                name: list.name.clone(),
                votes: of.whole.votes.get(place).copied().unwrap_or(0),
                admitted: passes,
                tests: std::mem::take(&mut judge.tests),
            });
        }
    }
    pass.admission.append(&mut admissions);
    if !admitted.contains(&true) {
        if !work.rulebook.validity.void_if.contains(&VoidIf::NoListAdmitted) {
            return Err(Refusal::NobodyAdmitted { stage: stage.id.clone() }.into());
        }
        pass.nobody = true;
    }
    if work.trace {
        pass.stages.push(StageOutcome {
            id: stage.id.clone(),
            kind: "admit",
            law: stage.law.clone(),
            is_reading: stage.is_reading,
            seats: std::collections::BTreeMap::new(),
            vacant: 0,
            quota: None,
        });
    }
    pass.admitted.insert(stage.id.clone(), admitted);
    Ok(())
}

struct Candidate<'a> {
    place: usize,
    list: &'a List,
}

struct Judge<'a, 'b> {
    work: &'a Work<'a>,
    stage: &'a Stage,
    contest: &'a str,
    of: &'a ContestView<'a>,
    pass: &'b mut Pass,
    tests: Vec<Test>,
    /// All votes of the contest.
    total: u128,
}

/// A single comparison, before it is written down.
struct Asked<'a> {
    base: &'a str,
    base_value: u64,
    unit: &'a str,
    share: &'a dyn std::fmt::Display,
    strict: bool,
    votes: u64,
    needed: u64,
    passed: bool,
}

impl<'a> Judge<'a, '_> {
    fn meets(&mut self, when: &Condition, who: &Candidate<'_>) -> Result<bool, Refusal> {
        match when {
            // Every branch is judged, so that every test is on the table.
            Condition::All(branches) => {
                let mut all = true;
                for branch in branches {
                    all &= self.meets(branch, who)?;
                }
                Ok(all)
            }
            Condition::Any(branches) => {
                let mut any = false;
                for branch in branches {
                    any |= self.meets(branch, who)?;
                }
                Ok(any)
            }
            Condition::Not(inner) => Ok(!self.meets(inner, who)?),
            Condition::Share { base, scope, strictness, share } => {
                let strict = *strictness == Strictness::MoreThan;
                self.share(base, scope, strict, *share, who)
            }
            Condition::Votes { scope: Scope::National, at_least } => {
                let votes = votes_of(&self.of.whole, who);
                Ok(self.write(&Asked {
                    base: "votes",
                    base_value: *at_least,
                    unit: self.work.view.national_unit,
                    share: at_least,
                    strict: false,
                    votes,
                    needed: *at_least,
                    passed: votes >= *at_least,
                }))
            }
            Condition::Quota { quota, seats, strictness, multiple } => {
                self.quota(*quota, *seats, *strictness, *multiple, who)
            }
            Condition::Attribute { name, is, at_least, at_most } => {
                self.attribute(name, is.as_deref(), *at_least, *at_most, who)
            }
            Condition::Votes { .. } => Err(self.not_yet("a number of votes per unit")),
            Condition::Seats { .. } => Err(self.not_yet("seats won in another stage")),
            Condition::Rank { .. } => Err(self.not_yet("a rank")),
        }
    }

    fn not_yet(&self, what: &str) -> Refusal {
        not_yet(self.stage, what.to_owned())
    }

    fn write(&mut self, asked: &Asked<'_>) -> bool {
        if self.work.trace {
            self.tests.push(Test {
                law: self.stage.law.clone(),
                base: asked.base.to_owned(),
                base_value: asked.base_value,
                unit: asked.unit.to_owned(),
                share: asked.share.to_string(),
                strict: asked.strict,
                votes: asked.votes,
                needed: asked.needed,
                margin: signed_difference(asked.votes, asked.needed),
                passed: asked.passed,
            });
        }
        asked.passed
    }

    fn share(
        &mut self,
        base: &str,
        scope: &Scope,
        strict: bool,
        share: Share,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let (level, every) = match scope {
            Scope::National => return self.share_in(base, None, strict, share, who),
            Scope::Every(level) => (level, true),
            Scope::Any(level) => (level, false),
            Scope::Own(_) => return Err(self.not_yet("a share in the unit whose seats are given")),
        };
        let of = self.of;
        let Some(units) = of.levels.get(level.as_str()) else {
            return self.without_units(level);
        };
        let mut passed = every;
        for (unit, figures) in units.iter().filter(|(unit, _)| !unit.abroad()) {
            let one = self.share_in(base, Some((unit, figures)), strict, share, who)?;
            passed = if every { passed & one } else { passed | one };
        }
        Ok(passed)
    }

    fn share_in(
        &mut self,
        base: &str,
        unit: Option<(&'a Unit, &'a Figures<'a>)>,
        strict: bool,
        share: Share,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let view = self.work.view;
        let named = unit.map(|(unit, figures)| (unit.id.as_str(), figures));
        let base_value = view.base(base, self.contest, named)?;
        let (unit, figures) = named.unwrap_or((view.national_unit, &self.of.whole));
        let votes = votes_of(figures, who);
        // One list, or, in the whole, all lists together.
        let together = if named.is_none() { self.total } else { 0 };
        if votes > base_value || together > u128::from(base_value) {
            let one = votes > base_value;
            return Err(Refusal::PartAboveWhole {
                list: if one { who.list.id.clone() } else { "all lists".to_owned() },
                votes: if one { votes } else { u64::try_from(together).unwrap_or(u64::MAX) },
                base: base.to_owned(),
                base_value,
                unit: unit.to_owned(),
            });
        }
        Ok(self.write(&Asked {
            base,
            base_value,
            unit,
            share: &share,
            strict,
            votes,
            needed: share.needed(base_value, strict),
            passed: share.reached(votes, base_value, strict),
        }))
    }

    /// A condition per unit, and no totals per unit.
    fn without_units(&mut self, level: &str) -> Result<bool, Refusal> {
        if !self.work.options.assume_units_pass {
            return Err(Refusal::NoUnitTotals { stage: self.stage.id.clone(), level: level.to_owned() });
        }
        self.pass.note(format!(
            "stage `{}`: the tally has no totals of level `{level}`; it is assumed, not checked, that \
             every list passes there",
            self.stage.id
        ));
        Ok(true)
    }

    fn quota(
        &mut self,
        kind: QuotaKind,
        seats: u64,
        strictness: Strictness,
        multiple: Ratio,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let quota = quota::quota(kind, Rounding::Exact, self.total, seats);
        let strict = strictness == Strictness::MoreThan;
        let votes = votes_of(&self.of.whole, who);
        let too_large = || Refusal::TooLarge {
            what: "a multiple of the quota".to_owned(),
            unit: self.work.view.national_unit.to_owned(),
        };
        let num = quota.num.checked_mul(u128::from(multiple.num())).ok_or_else(too_large)?;
        let den = quota.den.checked_mul(u128::from(multiple.den())).ok_or_else(too_large)?;
        let least = if strict { num / den + 1 } else { num.div_ceil(den) };
        let needed = u64::try_from(least).map_err(|_| too_large())?;
        Ok(self.write(&Asked {
            base: "quota",
            base_value: u64::try_from(self.total).map_err(|_| too_large())?,
            unit: self.work.view.national_unit,
            share: &multiple,
            strict,
            votes,
            needed,
            passed: votes >= needed,
        }))
    }

    fn attribute(
        &mut self,
        name: &str,
        is: Option<&str>,
        at_least: Option<u64>,
        at_most: Option<u64>,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let value = who.list.attributes.get(name);
        let ranged = at_least.is_some() || at_most.is_some();
        let number = match value {
            Some(value) if ranged => value.parse().map_err(|_| Refusal::AttributeNotANumber {
                list: who.list.id.clone(),
                attribute: name.to_owned(),
                value: value.clone(),
            })?,
            _ => 0,
        };
        let passed = if ranged {
            at_least.is_none_or(|least| number >= least) && at_most.is_none_or(|most| number <= most)
        } else {
            value.is_some_and(|value| is.map_or(value != "false", |is| value == is))
        };
        let range = match (is, at_least, at_most) {
            (Some(is), ..) => is.to_owned(),
            (_, Some(least), Some(most)) => format!("{least} to {most}"),
            (_, Some(least), None) => format!("at least {least}"),
            (_, None, Some(most)) => format!("at most {most}"),
            _ => "present".to_owned(),
        };
        Ok(self.write(&Asked {
            base: name,
            base_value: number,
            unit: self.work.view.national_unit,
            share: &range,
            strict: false,
            votes: votes_of(&self.of.whole, who),
            needed: 0,
            passed,
        }))
    }
}

fn votes_of(figures: &Figures<'_>, who: &Candidate<'_>) -> u64 {
    figures.votes.get(who.place).copied().unwrap_or(0)
}

/// `a - b`, kept within the signed range.
fn signed_difference(a: u64, b: u64) -> i64 {
    if a >= b { i64::try_from(a - b).unwrap_or(i64::MAX) } else { i64::try_from(b - a).map_or(i64::MIN, |lack| -lack) }
}
