//! One pass through the stages.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::Chairs;
use super::grid::{Admitted, Given, Grid, ToUnits};
use super::view::View;
use super::{
    RunOptions, admit, allocate, biproportional, bonus, candidates, cap, compensate, cover, declare, group, grow,
    minimum, place, plurality, rank, runoff, sum,
};
use crate::formula::RawStep;
use crate::lots::Lots;
use crate::outcome::{
    Admission, Declaration, Member, PassedOver, Reserve, Rival, StageOutcome, Step, StepKind, Tie, UnitOutcome,
    Unseated,
};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Allocate, Held, Rulebook, Stage, StageKind, TieRule};
use crate::words::Remark;
use crate::{Fraction, Id};

/// A tie that a pass met and nothing has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenTie {
    pub stage: String,
    /// The unit, where the stage works unit by unit.
    pub unit: Option<String>,
    /// The ids of those tied, sorted.
    pub between: Vec<String>,
    pub seats: u64,
    /// Seats of each of them so far.
    pub held: Vec<u64>,
    pub what: StepKind,
    pub by_lot: bool,
}

/// A tie that is settled, for the purpose of one pass.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub stage: String,
    pub unit: Option<String>,
    pub between: Vec<String>,
    pub seats: u64,
    /// Who is drawn; empty: nobody gets the seats (for seats taken back: everybody loses one).
    pub drawn: Vec<String>,
}

/// Why a pass ended early.
pub(crate) enum Stop {
    Refused(Refusal),
    Tied(OpenTie),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Someone elected by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Winner {
    /// The nominee's id, or that of the list whose only candidate they are.
    pub id: String,
    pub name: String,
    /// Whether the tally names them.
    pub named: bool,
    /// The position of their list.
    pub list: Option<usize>,
    pub unit: Option<String>,
    pub attributes: BTreeMap<String, String>,
}

/// What the stages have given so far, by position of the list.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    pub stages: Vec<StageOutcome>,
    pub admission: Vec<Admission>,
    /// Admit stage: who is in.
    pub admitted: BTreeMap<String, Admitted>,
    /// Group stage: the groups, each with its members by position.
    pub groups: BTreeMap<String, Vec<Vec<usize>>>,
    /// Ties between candidates of one list.
    pub candidate_ties: Vec<Tie>,
    /// The chairs of lists whose candidates' own votes decide, where margins are asked.
    pub chairs: Vec<Chairs>,
    /// Seats by stage.
    pub given: BTreeMap<String, Given>,
    /// Seats given to units, by stage.
    pub to_units: BTreeMap<String, ToUnits>,
    /// The last stage with seats.
    pub last: Option<String>,
    pub house: u64,
    pub vacant: u64,
    pub capped: Vec<usize>,
    pub exhausted: Vec<usize>,
    pub members: Vec<Member>,
    /// Those elected by name, by stage.
    pub winners: BTreeMap<String, Vec<Winner>>,
    /// Lots that settled ties between candidates of a list, by their place.
    pub used_lots: BTreeSet<usize>,
    pub reserves: Vec<Reserve>,
    pub passed_over: Vec<PassedOver>,
    pub declared: Vec<Declaration>,
    pub steps: Vec<Step>,
    pub notes: Vec<Remark>,
    /// The id and the law of the stage that wrote steps last.
    label: (Id, Option<Id>),
    /// Winners of single seats who are not covered.
    pub unseated: Vec<Unseated>,
    /// Nobody was admitted and the rulebook says that this voids the election.
    pub nobody: bool,
}

impl Pass {
    /// Seats after the last stage that gave or limited any.
    pub(crate) fn final_seats(&self, lists: usize) -> Vec<u64> {
        let last = self.last.as_ref().and_then(|stage| self.given.get(stage));
        last.map_or_else(|| vec![0; lists], |given| given.seats.clone())
    }

    /// The same by unit: of that stage, or, where it works in the whole only, of the stages whose seats are
    /// among its own (seats of districts that a national stage counts in).
    pub(crate) fn final_grids(&self, rulebook: &Rulebook) -> Vec<&Grid> {
        let mut grids = Vec::new();
        let mut waiting: Vec<&str> = self.last.as_deref().into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.given.get(id).and_then(|given| given.grid.as_ref()) {
                Some(grid) => grids.push(grid),
                None => waiting.extend(rulebook.stage(id).map(|stage| counted_in(&stage.kind)).unwrap_or_default()),
            }
        }
        grids
    }

    /// What an earlier stage gave. A checked rulebook refers only to stages before; one that gave
    /// nothing yet has given none.
    pub(crate) fn of(&self, stage: &str) -> Given {
        self.given.get(stage).cloned().unwrap_or_default()
    }

    /// The id and the law of a stage, as its steps share them.
    fn label(&mut self, stage: &Stage) -> (Id, Option<Id>) {
        let id = self.label.0.again(&stage.id);
        if self.label.1.as_deref() != stage.law.as_deref() {
            self.label.1 = stage.law.as_ref().map(Id::from);
        }
        (id, self.label.1.clone())
    }

    pub(crate) fn note(&mut self, note: impl Into<Remark>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// What a stage works with.
pub(crate) struct Work<'a> {
    pub rulebook: &'a Rulebook,
    pub view: &'a View<'a>,
    pub options: &'a RunOptions,
    pub settled: &'a [Settled],
    pub lots: &'a Lots,
    /// Whether steps and tests are written down; searches do without.
    pub trace: bool,
}

/// Steps for which room is made at once, where a stage works unit by unit.
const ROOM: usize = 512;

/// Runs all stages.
pub(crate) fn pass(work: &Work<'_>) -> Result<Pass, Stop> {
    let mut pass = Pass::default();
    for stage in &work.rulebook.stages {
        if pass.nobody {
            break;
        }
        match &stage.kind {
            StageKind::Admit { contest, when } => admit::admit(work, stage, contest, when, &mut pass)?,
            StageKind::Allocate(allocate) => allocate::stage(work, stage, allocate, &mut pass)?,
            StageKind::Sum(sum) => sum::stage(work, stage, sum, &mut pass)?,
            StageKind::Cap(cap) => cap::stage(work, stage, cap, &mut pass)?,
            StageKind::Group(group) => group::stage(work, stage, group, &mut pass)?,
            StageKind::Bonus(bonus) => bonus::stage(work, stage, bonus, &mut pass)?,
            StageKind::Compensate(compensate) => compensate::stage(work, stage, compensate, &mut pass)?,
            StageKind::Cover(cover) => cover::stage(work, stage, cover, &mut pass)?,
            StageKind::Minimum(minimum) => minimum::stage(work, stage, minimum, &mut pass)?,
            StageKind::Grow(grow) => grow::stage(work, stage, grow, &mut pass)?,
            StageKind::Place(place) => place::stage(work, stage, place, &mut pass)?,
            StageKind::Biproportional(rule) => biproportional::stage(work, stage, rule, &mut pass)?,
            // They say who sits on the seats, not how many there are.
            StageKind::Candidates(_) | StageKind::Declare(_) if !work.people() => {}
            StageKind::Candidates(candidates) => candidates::stage(work, stage, candidates, &mut pass)?,
            StageKind::Plurality(rule) => plurality::stage(work, stage, rule, &mut pass)?,
            StageKind::Runoff(rule) => runoff::stage(work, stage, rule, &mut pass)?,
            StageKind::Declare(rule) => declare::stage(work, stage, rule, &mut pass),
            StageKind::PassOn(rule) => allocate::pass_on(work, stage, rule, &mut pass)?,
            StageKind::Rank(rule) => rank::stage(work, stage, rule, &mut pass)?,
        }
    }
    Ok(pass)
}

pub(crate) fn not_yet(stage: &Stage, what: Reason) -> Refusal {
    Refusal::NotYetComputable { stage: stage.id.clone(), what }
}

impl Work<'_> {
    /// Whether it matters who sits on the seats: in an outcome, and where branches of a tie are compared. Searches
    /// ask for numbers of seats alone.
    pub(crate) fn people(&self) -> bool {
        self.trace || !self.settled.is_empty()
    }

    /// Writes down the outcome of a stage with seats of the whole.
    pub(crate) fn record(
        &self,
        stage: &Stage,
        kind: &'static str,
        seats: Vec<u64>,
        vacant: u64,
        quota: Option<Fraction>,
        pass: &mut Pass,
    ) {
        let given = Given { seats, vacant, house: pass.house, ..Given::default() };
        self.record_given(stage, kind, given, Vec::new(), quota, pass);
    }

    /// Writes down the outcome of a stage with seats; `units` tells what each unit got.
    pub(crate) fn record_given(
        &self,
        stage: &Stage,
        kind: &'static str,
        given: Given,
        units: Vec<UnitOutcome>,
        quota: Option<Fraction>,
        pass: &mut Pass,
    ) {
        if self.trace {
            pass.stages.push(StageOutcome {
                seats: self.by_id(&given.seats),
                units,
                vacant: given.vacant,
                quota,
                ..outcome_of(stage, kind)
            });
        }
        pass.vacant = given.vacant;
        pass.house = given.house;
        pass.last = Some(stage.id.clone());
        pass.given.insert(stage.id.clone(), given);
    }

    /// Seats by list id; every list is there.
    pub(crate) fn by_id(&self, seats: &[u64]) -> BTreeMap<Id, u64> {
        self.view.ids.iter().cloned().zip(seats.iter().copied()).collect()
    }

    /// The same of those who have any.
    pub(crate) fn held(&self, seats: &[u64]) -> BTreeMap<Id, u64> {
        let mut held = BTreeMap::new();
        for (id, seats) in self.view.ids.iter().zip(seats).filter(|(_, seats)| **seats > 0) {
            held.insert(id.clone(), *seats);
        }
        held
    }

    /// Turns steps on positions into steps on lists.
    pub(crate) fn steps(&self, stage: &Stage, raw: Vec<RawStep>, pass: &mut Pass) {
        if !self.trace {
            return;
        }
        let lists = self.view.lists.len();
        let groups = group::ids(self.view, pass);
        let id = |who| if who < lists { self.view.shared(who) } else { group::id_of(&groups, who) };
        self.steps_at(stage, None, &id, raw, pass);
    }

    /// Turns steps on positions into steps on those who have these ids, in a unit.
    pub(crate) fn steps_at(
        &self,
        stage: &Stage,
        unit: Option<&Id>,
        id: &dyn Fn(usize) -> Id,
        raw: Vec<RawStep>,
        pass: &mut Pass,
    ) {
        if !self.trace {
            return;
        }
        let (stage, law) = pass.label(stage);
        let mut seat = 0u64;
        if pass.steps.is_empty() && unit.is_some() {
            // The other units give about as many: room for them at once, within reason.
            pass.steps.reserve(raw.len().max(ROOM));
        }
        for step in raw {
            seat = match step.what {
                StepKind::Shared => 0,
                StepKind::TakenBack | StepKind::MajorityLoses | StepKind::PassedOn => seat.saturating_sub(step.seats),
                _ => seat.saturating_add(step.seats),
            };
            pass.steps.push(Step {
                stage: stage.clone(),
                law: law.clone(),
                seat,
                unit: unit.cloned(),
                list: id(step.who),
                held: step.held,
                seats: step.seats,
                what: step.what,
                value: step.value,
                over: step.over.map(|(who, value)| Rival { list: id(who), value }),
            });
        }
    }

    /// What has been settled about this tie.
    pub(crate) fn settled(&self, stage: &str, unit: Option<&str>, between: &[String], seats: u64) -> Option<&Settled> {
        self.settled.iter().find(|settled| {
            settled.stage == stage
                && settled.unit.as_deref() == unit
                && settled.seats == seats
                && settled.between == between
        })
    }
}

/// The earlier stages whose seats are among those of a stage.
fn counted_in(kind: &StageKind) -> Vec<&str> {
    match kind {
        StageKind::Allocate(allocate) => allocate.start.iter().map(String::as_str).collect(),
        StageKind::Sum(sum) => sum.of.iter().map(String::as_str).collect(),
        StageKind::Cap(cap) => vec![&cap.of],
        StageKind::Bonus(bonus) => vec![&bonus.of],
        StageKind::Compensate(rule) => match &rule.held {
            Held::Stage(held) => vec![&rule.of, held],
            Held::Attribute(_) => vec![&rule.of],
        },
        _ => Vec::new(),
    }
}

/// The outcome of a stage, with nothing in it yet.
pub(crate) fn outcome_of(stage: &Stage, kind: &'static str) -> StageOutcome {
    StageOutcome {
        id: stage.id.clone(),
        kind,
        law: stage.law.clone(),
        is_reading: stage.is_reading,
        seats: BTreeMap::new(),
        units: Vec::new(),
        unit_seats: BTreeMap::new(),
        counts: Vec::new(),
        vacant: 0,
        quota: None,
        divisors: Vec::new(),
    }
}

/// The allocation from which a stage with seats comes, through caps and bonuses.
pub(crate) fn allocation_of<'a>(rulebook: &'a Rulebook, stage: &str) -> Option<(&'a Stage, &'a Allocate)> {
    let stage = rulebook.stage(stage)?;
    // Each stage refers to one before it, so this ends.
    match &stage.kind {
        StageKind::Allocate(allocate) => Some((stage, allocate)),
        StageKind::Cap(cap) => allocation_of(rulebook, &cap.of),
        StageKind::Bonus(bonus) => allocation_of(rulebook, &bonus.of),
        StageKind::Compensate(compensate) => allocation_of(rulebook, &compensate.of),
        StageKind::PassOn(pass_on) => allocation_of(rulebook, &pass_on.of),
        _ => None,
    }
}

/// Whether a rule stands among those before `unresolved`.
pub(crate) fn has_rule(stage: &Stage, rule: TieRule) -> bool {
    stage.ties.iter().take_while(|other| **other != TieRule::Unresolved).any(|other| *other == rule)
}
