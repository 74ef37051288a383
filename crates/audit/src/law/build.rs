//! The walk through the stages.

use std::collections::BTreeMap;

use recount_seats::{Quantity, Stage, StageKind, VoidIf};

use super::{Allocation, Asked, Choice, Frame, Item, LawAudit, LawError, ListRange, Step, Totals};
use crate::generate::Contest;
use crate::{Assertion, AuditError, BallotRule, Ratio};

/// What is being gathered.
pub(super) struct Builder<'a> {
    pub asked: Asked<'a>,
    pub frames: Vec<Frame>,
    pub items: Vec<Item>,
    pub allocations: Vec<Allocation>,
    pub steps: Vec<(String, Step)>,
    pub leaves: Vec<String>,
    /// Assertions that each stage with seats needs, by stage.
    pub of_stage: BTreeMap<String, Vec<usize>>,
    /// Whether what is added is about people.
    pub people: bool,
    /// The stage that is walked.
    now: String,
    /// Names of choices.
    names: Vec<String>,
    /// Frames as contests, once made.
    contests: Vec<Option<Contest>>,
    /// Numbers of assertions by frame and name.
    index: BTreeMap<(usize, String), Vec<usize>>,
}

/// A refusal about a stage.
pub(super) fn refuse<T>(stage: &Stage, why: impl Into<String>) -> Result<T, LawError> {
    Err(LawError::Stage { stage: stage.id.clone(), why: why.into() })
}

/// Everything that an audit of this result tests.
///
/// # Errors
/// [`LawError`] with the reason: a stage without a known sufficient set, a tie or a lot, figures that do not
/// fit together.
pub fn audit_of(asked: Asked<'_>) -> Result<LawAudit, LawError> {
    let outcome = asked.outcome;
    // Ties between people of one list leave seats as they are.
    if outcome.undetermined.iter().any(|tie| tie.list.is_none()) {
        return Err(LawError::Result(
            "a tie is open: votes alone do not decide, so there is no result to audit".into(),
        ));
    }
    if !outcome.exhausted.is_empty() {
        return Err(LawError::Result("a list ran out of candidates: no sufficient set is known for that".into()));
    }
    if !one_contest(asked) {
        return Err(LawError::Result(
            "the rulebook joins several contests; sets of assertions over several ballots are not known here".into(),
        ));
    }
    let mut builder = Builder {
        asked,
        frames: Vec::new(),
        items: Vec::new(),
        allocations: Vec::new(),
        steps: Vec::new(),
        leaves: Vec::new(),
        of_stage: BTreeMap::new(),
        people: false,
        now: String::new(),
        names: names(asked),
        contests: Vec::new(),
        index: BTreeMap::new(),
    };
    for stage in &asked.rulebook.stages {
        builder.now.clone_from(&stage.id);
        builder.stage(stage)?;
    }
    builder.validity()?;
    if builder.steps.is_empty() {
        return Err(LawError::Result("no stage of the rulebook gives seats".into()));
    }
    let Builder { frames, items, allocations, steps, leaves, .. } = builder;
    let audit = LawAudit { frames, items, allocations, steps, leaves };
    let ranges = audit.ranges(&vec![true; audit.items.len()])?;
    let given = |list: &ListRange| asked.outcome.seats.get(&list.list).is_none_or(|seats| *seats == list.reported);
    if ranges.complete() && ranges.lists.iter().all(given) {
        return Ok(audit);
    }
    Err(LawError::Result("the seats do not follow from the stages that are audited".into()))
}

/// Whether all that gives seats reads the votes of one contest.
fn one_contest(asked: Asked<'_>) -> bool {
    let own = &asked.reported.contest;
    let other = |stage: &Stage| match &stage.kind {
        StageKind::Admit { contest, .. } => contest != own,
        StageKind::Allocate(allocate) => !allocate.contest.is_empty() && allocate.contest != *own,
        StageKind::Plurality(plurality) => plurality.contest != *own,
        _ => false,
    };
    let contests = &asked.rulebook.contests;
    let quantity = |id: &String| match asked.rulebook.quantities.get(id) {
        Some(Quantity::Sum(of)) => of.iter().any(|part| contests.contains_key(part) && part != own),
        _ => false,
    };
    contests.len() == 1 || !(asked.rulebook.stages.iter().any(other) || asked.rulebook.quantities.keys().any(quantity))
}

/// The name of every choice: with its id where two lists have the same.
fn names(asked: Asked<'_>) -> Vec<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for name in asked.outcome.names.values() {
        *count.entry(name).or_default() += 1;
    }
    let one = |choice: &Choice| match choice {
        Choice::AgainstAll => "against all".to_owned(),
        Choice::Line(code) => code.clone(),
        Choice::List(id) => {
            let name = asked.outcome.names.get(id).map_or(id.as_str(), String::as_str);
            if count.get(name).is_some_and(|n| *n > 1) { format!("{name} ({id})") } else { name.to_owned() }
        }
    };
    asked.reported.choices.iter().map(one).collect()
}

impl Builder<'_> {
    fn stage(&mut self, stage: &Stage) -> Result<(), LawError> {
        match &stage.kind {
            // Conditions are proved by the stage that uses them.
            StageKind::Admit { .. } => Ok(()),
            StageKind::Allocate(allocate) => self.allocate(stage, allocate),
            StageKind::Plurality(plurality) => self.plurality(stage, plurality),
            StageKind::Cap(cap) => self.cap(stage, cap),
            StageKind::Candidates(candidates) => self.candidates(stage, candidates),
            StageKind::Sum(sum) => self.sum(stage, &sum.of),
            StageKind::PassOn(pass) => self.same(stage, &pass.of),
            StageKind::Place(place) => self.place(stage, place),
            StageKind::Group(_) => Ok(()),
            StageKind::Bonus(bonus) => self.bonus(stage, bonus),
            StageKind::Compensate(compensate) => self.compensate(stage, compensate),
            StageKind::Cover(_) => refuse(stage, "no sufficient set is known for seats that winners take from lists"),
            StageKind::Minimum(_) | StageKind::Grow(_) => {
                refuse(stage, "no sufficient set is known for a house that grows until minima are met")
            }
            StageKind::Biproportional(_) => {
                refuse(stage, "no sufficient set is known for seats given to lists and units at once")
            }
            StageKind::Runoff(_) | StageKind::Declare(_) => refuse(stage, "rounds of a run-off are audited one by one"),
            StageKind::Rank(_) => {
                refuse(stage, "ranked ballots cannot be audited from station totals; single ballots are needed")
            }
        }
    }

    /// Conditions of validity that votes decide.
    fn validity(&mut self) -> Result<(), LawError> {
        let validity = &self.asked.rulebook.validity;
        if self.asked.outcome.validity.void {
            return Err(LawError::Result("the election is void by the rulebook: there are no seats to audit".into()));
        }
        if validity.void_if.contains(&VoidIf::AgainstAllLeads) && self.column(&Choice::AgainstAll).is_some() {
            let frame = self.lists_frame(None);
            let columns = self.frame_choices(frame);
            let contest = self.contest(frame)?;
            let against = columns.iter().position(|c| *c == Choice::AgainstAll);
            let lists = columns.iter().enumerate().filter(|(_, c)| matches!(c, Choice::List(_)));
            let leader = lists.max_by_key(|(at, _)| contest.votes.get(*at).copied().unwrap_or(0)).map(|(at, _)| at);
            if let (Some(against), Some(leader)) = (against, leader) {
                let name = format!("{} > against all", self.name_at(frame, leader));
                let pair = Assertion::new(name, [(leader, Ratio::ONE), (against, Ratio::whole(-1))])?;
                self.add(frame, pair, true)?;
            }
        }
        if let Some(floor) = &validity.turnout_min {
            let share = floor.at_least.ratio();
            self.leaves.push(format!(
                "That turnout reached {share} of {} is taken from the register as published.",
                floor.base
            ));
        }
        Ok(())
    }

    /// The position of a choice.
    pub fn column(&self, choice: &Choice) -> Option<usize> {
        self.asked.reported.choices.iter().position(|own| own == choice)
    }

    /// Figures of a unit.
    pub fn totals(&self, unit: Option<&str>) -> Result<&Totals, LawError> {
        match unit {
            None => Ok(&self.asked.reported.whole),
            Some(unit) => {
                let missing = || LawError::Result(format!("unit `{unit}` has no stations in the manifest"));
                self.asked.reported.units.get(unit).ok_or_else(missing)
            }
        }
    }

    /// The frame of these columns in a unit, with so many more marks on one place than votes.
    pub fn frame(&mut self, unit: Option<&str>, columns: Vec<usize>, more: u32) -> usize {
        let rule = self.asked.reported.rule;
        let rule = BallotRule { votes: rule.votes.saturating_add(more), per_choice: rule.per_choice };
        let frame = Frame { unit: unit.map(str::to_owned), columns, rule };
        if let Some(at) = self.frames.iter().position(|own| *own == frame) {
            return at;
        }
        self.frames.push(frame);
        self.frames.len() - 1
    }

    /// Columns of lists, then of votes against all.
    pub fn list_columns(&self) -> Vec<usize> {
        let choices = &self.asked.reported.choices;
        let lists = (0..choices.len()).filter(|at| matches!(choices[*at], Choice::List(_)));
        let against = (0..choices.len()).filter(|at| choices[*at] == Choice::AgainstAll);
        lists.chain(against).collect()
    }

    /// The frame of the votes in a unit.
    pub fn lists_frame(&mut self, unit: Option<&str>) -> usize {
        let columns = self.list_columns();
        self.frame(unit, columns, 0)
    }

    /// The choices of a frame.
    pub fn frame_choices(&self, frame: usize) -> Vec<Choice> {
        let columns = self.frames.get(frame).map_or(&[][..], |f| &f.columns);
        columns.iter().filter_map(|at| self.asked.reported.choices.get(*at)).cloned().collect()
    }

    /// The name of a list: with its id where two have the same.
    pub fn list_name(&self, id: &str) -> String {
        let at = self.asked.reported.choices.iter().position(|c| matches!(c, Choice::List(own) if own == id));
        // A list of people is nobody's choice by itself.
        let known = || self.asked.tally.lists.iter().find(|list| list.id == id).map(|list| list.name.clone());
        at.and_then(|at| self.names.get(at)).cloned().or_else(known).unwrap_or_else(|| id.to_owned())
    }

    /// The name of a column of a frame.
    pub fn name_at(&self, frame: usize, at: usize) -> String {
        let column = self.frames.get(frame).and_then(|own| own.columns.get(at));
        column.and_then(|column| self.names.get(*column)).cloned().unwrap_or_default()
    }

    /// A frame as a contest with its reported figures.
    pub fn contest(&self, frame: usize) -> Result<Contest, LawError> {
        if let Some(Some(made)) = self.contests.get(frame) {
            return Ok(made.clone());
        }
        let Some(own) = self.frames.get(frame) else {
            return Err(LawError::Result("a frame that does not exist".into()));
        };
        let totals = self.totals(own.unit.as_deref())?;
        let votes = own.columns.iter().map(|at| totals.votes.get(*at).copied().unwrap_or(0)).collect();
        let choices = (0..own.columns.len()).map(|at| self.name_at(frame, at)).collect();
        Ok(Contest { choices, votes, found: totals.found, cards: totals.cards, rule: own.rule })
    }

    /// Notes what the stage that is walked needs.
    fn belongs(&mut self, item: usize, needed: bool) {
        if needed && !self.people {
            let own = self.of_stage.entry(self.now.clone()).or_default();
            if !own.contains(&item) {
                own.push(item);
            }
        }
    }

    /// The stage that is walked gives seats.
    pub fn step(&mut self, stage: &Stage, step: Step) {
        self.steps.push((stage.id.clone(), step));
    }

    /// Adds an assertion, once; returns its number. What no ballot can speak against needs no audit: none.
    pub fn add(&mut self, frame: usize, assertion: Assertion, needed: bool) -> Result<Option<usize>, LawError> {
        if self.contests.get(frame).is_none_or(Option::is_none) {
            let made = self.contest(frame)?;
            self.contests.resize(self.contests.len().max(frame + 1), None);
            self.contests[frame] = Some(made);
        }
        let Some(Some(contest)) = self.contests.get(frame) else { return Ok(None) };
        match assertion.assorter(contest.rule, contest.cards.max(1)) {
            Err(AuditError::Trivial(_)) => return Ok(None),
            other => other.map(|_| ())?,
        }
        if !assertion.holds(&contest.votes, contest.found)? {
            return Err(AuditError::NotReported(assertion.name.clone()).into());
        }
        let same = self.index.entry((frame, assertion.name.clone())).or_default();
        if let Some(at) = same.iter().copied().find(|at| self.items[*at].assertion == assertion) {
            self.items[at].needed |= needed;
            self.items[at].people &= self.people;
            self.belongs(at, needed);
            return Ok(Some(at));
        }
        let at = self.items.len();
        same.push(at);
        self.items.push(Item { frame, assertion, needed, people: self.people });
        self.belongs(at, needed);
        Ok(Some(at))
    }
}
