//! `admit`: who may receive seats, test by test.

mod single;

use super::grid::Admitted;
use super::machine::{Pass, Stop, Work, outcome_of};
use super::view::{ContestView, Figures};
use crate::outcome::{Admission, Test};
use crate::refusal::Refusal;
use crate::rulebook::{Condition, Scope, Stage, Strictness, VoidIf};
use crate::tally::{List, Unit};
use crate::words::Remark;
use crate::{Id, Share};

pub(super) fn admit(
    work: &Work<'_>,
    stage: &Stage,
    contest: &str,
    when: &Condition,
    pass: &mut Pass,
) -> Result<(), Stop> {
    let of = work.view.of(contest)?;
    let lists = work.view.lists.len();
    let mut judge = Judge {
        work,
        stage,
        contest,
        of,
        pass,
        own: None,
        units_asked: Vec::new(),
        tests: vec![Vec::new(); if work.trace { lists } else { 0 }],
        asked_of_whole: false,
        total: of.whole.votes.iter().map(|votes| u128::from(*votes)).sum(),
        last_base: None,
        last_share: None,
        last_seats: None,
        written: Written { law: stage.law.as_ref().map(Id::from), base: Named::default(), unit: Named::default() },
    };
    let mut found = Found { whole: vec![false; lists], tests: Vec::new(), units: vec![Vec::new(); lists] };
    let units = match when.own_level() {
        None => {
            judge.everybody(when, &mut found)?;
            None
        }
        Some(level) => Some((level.to_owned(), judge.in_each(level, when, &mut found)?)),
    };
    found.tests = std::mem::take(&mut judge.tests);
    found.write(work, stage, of, pass);
    if !found.whole.contains(&true) {
        if !work.rulebook.validity.void_if.contains(&VoidIf::NoListAdmitted) {
            return Err(Refusal::NobodyAdmitted { stage: stage.id.clone() }.into());
        }
        pass.nobody = true;
    }
    if work.trace {
        pass.stages.push(outcome_of(stage, "admit"));
    }
    pass.admitted.insert(stage.id.clone(), Admitted { whole: found.whole, units });
    Ok(())
}

/// Tests for which room is made at once.
const ROOM: usize = 1_000;

/// The unit whose seats are given, with its figures; none: the whole.
type Own<'a> = Option<(&'a Unit, &'a Figures<'a>)>;

/// What was found about each list, by position.
struct Found {
    whole: Vec<bool>,
    tests: Vec<Vec<Test>>,
    /// The units in which it is admitted, where the condition is about the own unit.
    units: Vec<Vec<Id>>,
}

impl Found {
    fn write(&mut self, work: &Work<'_>, stage: &Stage, of: &ContestView<'_>, pass: &mut Pass) {
        if !work.trace {
            return;
        }
        let id = Id::from(&stage.id);
        let found = self.tests.iter_mut().zip(&mut self.units).zip(&self.whole);
        for ((place, list), ((tests, units), admitted)) in work.view.lists.iter().enumerate().zip(found) {
            pass.admission.push(Admission {
                stage: id.clone(),
                list: work.view.shared(place),
                name: if list.name == list.id { work.view.shared(place) } else { Id::from(&list.name) },
                votes: of.whole.votes.get(place).copied().unwrap_or(0),
                admitted: *admitted,
                units: std::mem::take(units),
                tests: std::mem::take(tests),
            });
        }
    }
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
    /// The unit whose seats are given, for conditions about it.
    own: Own<'a>,
    /// In how many units each list is asked.
    units_asked: Vec<usize>,
    /// The tests of each list, by position; empty where nothing is written down.
    tests: Vec<Vec<Test>>,
    /// Whether a test was about the whole.
    asked_of_whole: bool,
    /// All votes of the contest.
    total: u128,
    /// The base asked last, and in which unit: the next list asks for the same.
    last_base: Option<(&'a str, &'a str, u64)>,
    /// The share asked last, as written.
    last_share: Option<(Share, Id)>,
    written: Written<'a>,
    /// The seats of an earlier stage by unit of a level, asked last.
    last_seats: Option<(String, String, Vec<u64>)>,
}

/// The law of the stage, and the base and unit written last: the next test names the same.
struct Written<'a> {
    law: Option<Id>,
    base: Named<'a>,
    unit: Named<'a>,
}

/// A text and the id made of it.
#[derive(Default)]
struct Named<'a>(&'a str, Id);

impl<'a> Named<'a> {
    /// The id of this text: mostly the very one asked last.
    fn again(&mut self, text: &'a str) -> Id {
        if !std::ptr::eq(self.0, text) {
            *self = Self(text, self.1.again(text));
        }
        self.1.clone()
    }
}

/// A single comparison, before it is written down.
struct Asked<'a> {
    /// The position of the list.
    who: usize,
    base: &'a str,
    base_value: u64,
    unit: &'a str,
    share: Id,
    strict: bool,
    votes: u64,
    needed: u64,
    passed: bool,
}

impl<'a> Judge<'a, '_> {
    /// A condition of the whole.
    fn everybody(&mut self, when: &'a Condition, found: &mut Found) -> Result<(), Refusal> {
        for (place, list) in self.work.view.lists.iter().enumerate() {
            let passes = self.meets(when, &Candidate { place, list })?;
            if let Some(whole) = found.whole.get_mut(place) {
                *whole = passes;
            }
        }
        Ok(())
    }

    /// A condition about the own unit, in each unit. A list without votes there is not asked.
    fn in_each(&mut self, level: &str, when: &'a Condition, found: &mut Found) -> Result<Vec<Vec<bool>>, Refusal> {
        let view = self.work.view;
        let units = view.units(level);
        let mut rows = Vec::with_capacity(units.len());
        self.units_asked = vec![0; view.lists.len()];
        let of = view.rows(self.contest, level)?;
        for (place, unit) in units.iter().enumerate() {
            for list in &of.at(unit, place)?.standing {
                if let Some(asked) = self.units_asked.get_mut(*list) {
                    *asked += 1;
                }
            }
        }
        for (place, unit) in units.iter().enumerate() {
            let figures = of.at(unit, place)?;
            self.own = Some((unit, figures));
            let name = Id::from(&unit.id);
            self.written.unit = Named(&unit.id, name.clone());
            let mut row = vec![false; view.lists.len()];
            for (place, _) in figures.with_votes() {
                let Some(list) = view.lists.get(place) else { continue };
                let before = self.tests.get(place).map_or(0, Vec::len);
                let passes = self.meets(when, &Candidate { place, list })?;
                if self.asked_of_whole && before > 0 {
                    self.keep_once(place, before);
                }
                if !passes {
                    continue;
                }
                if let (Some(cell), Some(whole)) = (row.get_mut(place), found.whole.get_mut(place)) {
                    (*cell, *whole) = (true, true);
                }
                if let Some(units) = found.units.get_mut(place).filter(|_| self.work.trace) {
                    if units.is_empty() {
                        units.reserve_exact(self.units_asked.get(place).copied().unwrap_or(0).min(ROOM));
                    }
                    units.push(name.clone());
                }
            }
            rows.push(row);
        }
        if rows.is_empty() {
            return Err(Refusal::NoUnits { stage: self.stage.id.clone(), level: level.to_owned() });
        }
        Ok(rows)
    }

    /// Of the tests of a list since there were so many: those of the whole, which are the same for every unit, are
    /// dropped.
    fn keep_once(&mut self, place: usize, before: usize) {
        let whole = self.work.view.national_unit;
        if let Some(tests) = self.tests.get_mut(place) {
            let mut at = 0;
            tests.retain(|test| {
                at += 1;
                at <= before || test.unit != whole
            });
        }
    }

    fn meets(&mut self, when: &'a Condition, who: &Candidate<'_>) -> Result<bool, Refusal> {
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
            Condition::Votes { scope, at_least } => {
                self.places(scope, |judge, unit| Ok(judge.votes(unit, *at_least, who)))
            }
            Condition::Rank { scope, at_most } => self.places(scope, |judge, unit| Ok(judge.rank(unit, *at_most, who))),
            Condition::Seats { stage, at_least } => Ok(self.seats(stage, *at_least, who)),
            Condition::VotesPerSeat { base, stage, level, units } => self.per_seat(base, stage, level, *units, who),
            Condition::Quota { quota, seats, strictness, multiple } => {
                self.quota(*quota, *seats, *strictness, *multiple, who)
            }
            Condition::Attribute { name, is, at_least, at_most } => {
                self.attribute(name, is.as_deref(), *at_least, *at_most, who)
            }
        }
    }

    /// A test where it is asked: in the whole, in every or any unit of a level, in the own unit.
    fn places(
        &mut self,
        scope: &'a Scope,
        mut test: impl FnMut(&mut Self, Own<'a>) -> Result<bool, Refusal>,
    ) -> Result<bool, Refusal> {
        let (level, every) = match scope {
            Scope::National => return test(self, None),
            Scope::Own(_) => {
                let own = self.own;
                return test(self, own);
            }
            Scope::Every(level) => (level, true),
            Scope::Any(level) => (level, false),
        };
        let of = self.of;
        let Some(units) = of.levels.get(level.as_str()) else {
            return self.without_units(level);
        };
        let mut passed = every;
        for (unit, figures) in units.iter().filter(|(unit, _)| !unit.abroad()) {
            let one = test(self, Some((unit, figures)))?;
            passed = if every { passed & one } else { passed | one };
        }
        Ok(passed)
    }

    /// The unit and its figures; without one, the whole.
    fn place(&self, unit: Option<(&'a Unit, &'a Figures<'a>)>) -> (&'a str, &'a Figures<'a>) {
        unit.map_or((self.work.view.national_unit, &self.of.whole), |(unit, figures)| (unit.id.as_str(), figures))
    }

    #[inline]
    fn write(&mut self, asked: Asked<'a>) -> bool {
        if let Some(tests) = self.tests.get_mut(asked.who) {
            self.asked_of_whole |= std::ptr::eq(asked.unit, self.work.view.national_unit);
            if tests.is_empty() {
                // A test or more in each unit: room for them at once, within reason.
                tests.reserve_exact(self.units_asked.get(asked.who).copied().unwrap_or(0).min(ROOM));
            }
            tests.push(Test {
                law: self.written.law.clone(),
                base: self.written.base.again(asked.base),
                base_value: asked.base_value,
                unit: self.written.unit.again(asked.unit),
                share: asked.share,
                strict: asked.strict,
                votes: asked.votes,
                needed: asked.needed,
                margin: signed_difference(asked.votes, asked.needed),
                passed: asked.passed,
            });
        }
        asked.passed
    }

    /// The value of a base in a unit.
    fn base(&mut self, base: &'a str, unit: Option<(&'a str, &Figures<'a>)>) -> Result<u64, Refusal> {
        let id = unit.map_or("", |(id, _)| id);
        if let Some((last, place, value)) = &self.last_base
            && (std::ptr::eq(*place, id) || *place == id)
            && (std::ptr::eq(*last, base) || *last == base)
        {
            return Ok(*value);
        }
        let value = self.work.view.base(base, self.contest, unit)?;
        self.last_base = Some((base, id, value));
        Ok(value)
    }

    /// A number as written; nothing where nothing is written down.
    fn number(&self, number: impl std::fmt::Display) -> Id {
        if self.work.trace { number.to_string().into() } else { Id::default() }
    }

    /// A share as written.
    fn written(&mut self, share: Share) -> Id {
        if let Some((last, text)) = &self.last_share
            && *last == share
        {
            return text.clone();
        }
        let text = Id::from(share.to_string());
        self.last_share = Some((share, text.clone()));
        text
    }

    /// A condition per unit, and no totals per unit.
    fn without_units(&mut self, level: &str) -> Result<bool, Refusal> {
        if !self.work.options.assume_units_pass {
            return Err(Refusal::NoUnitTotals { stage: self.stage.id.clone(), level: level.to_owned() });
        }
        self.pass.note(Remark::UnitsAssumed { stage: self.stage.id.clone(), level: level.to_owned() });
        Ok(true)
    }
}

fn votes_of(figures: &Figures<'_>, who: &Candidate<'_>) -> u64 {
    figures.votes.get(who.place).copied().unwrap_or(0)
}

/// `a - b`, kept within the signed range.
fn signed_difference(a: u64, b: u64) -> i64 {
    if a >= b { i64::try_from(a - b).unwrap_or(i64::MAX) } else { i64::try_from(b - a).map_or(i64::MIN, |lack| -lack) }
}
