//! `rank`: people elected from ranked ballots, unit by unit or in the whole.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::grid::{Given, Grid};
use super::machine::{OpenTie, Pass, Stop, Winner, Work, has_rule};
use crate::Id;
use crate::outcome::{CountSheet, Member, StepKind, UnitOutcome};
use crate::ranked::{self, Ballots, RankTie, RankedLot, RankedOutcome, RankedTie, TieQuestion};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Rank, SeatCount, Stage, TieRule};
use crate::tally::{Nominee, Unit};
use crate::words::Remark;

/// Counts that were made, by stage, unit and what was drawn: a tie in one unit does not make the others
/// be counted again.
pub(crate) type Made = BTreeMap<(String, Option<String>, Vec<RankedLot>), Rc<RankedOutcome>>;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rank: &Rank, pass: &mut Pass) -> Result<(), Stop> {
    let lists = work.view.lists.len();
    let mut seated = Seated { given: Given { seats: vec![0; lists], ..Given::default() }, ..Seated::default() };
    match &rank.per {
        None => {
            let seats = seats(work, stage, rank, None, pass)?;
            one(work, stage, rank, None, seats, &mut seated)?;
        }
        Some(level) => {
            let units = work.view.units(level);
            if units.is_empty() {
                return Err(Refusal::NoUnits { stage: stage.id.clone(), level: level.clone() }.into());
            }
            for (place, unit) in units.iter().enumerate() {
                let seats = seats(work, stage, rank, Some((place, unit)), pass)?;
                one(work, stage, rank, Some(unit), seats, &mut seated)?;
            }
            seated.given.grid = Some(Grid { level: level.clone(), cells: std::mem::take(&mut seated.cells) });
        }
    }
    for note in seated.notes {
        pass.note(note);
    }
    pass.house = seated.given.house;
    pass.members.extend(seated.members);
    pass.winners.insert(stage.id.clone(), seated.winners);
    work.record_given(stage, "rank", seated.given, seated.units, None, pass);
    if work.trace
        && let Some(outcome) = pass.stages.last_mut()
    {
        outcome.counts = seated.sheets;
    }
    Ok(())
}

/// What the counts of a stage have given so far.
#[derive(Default)]
struct Seated {
    given: Given,
    cells: Vec<Vec<u64>>,
    units: Vec<UnitOutcome>,
    winners: Vec<Winner>,
    members: Vec<Member>,
    sheets: Vec<CountSheet>,
    notes: Vec<Remark>,
}

/// The seats of one count.
fn seats(
    work: &Work<'_>,
    stage: &Stage,
    rank: &Rank,
    unit: Option<(usize, &Unit)>,
    pass: &Pass,
) -> Result<u64, Refusal> {
    match (&rank.seats, unit) {
        (SeatCount::Fixed(seats), _) => Ok(*seats),
        (SeatCount::Register { name, .. }, Some((_, unit))) => work.view.registered(&stage.id, &unit.id, name),
        (SeatCount::Register { name, .. }, None) => work.view.registered(&stage.id, work.view.national_unit, name),
        // A checked rulebook takes them from a stage that gives seats to units of this level.
        (SeatCount::Stage(from) | SeatCount::LeftBy(from), unit) => {
            let given = pass.to_units.get(from).and_then(|given| given.seats.get(unit.map_or(0, |(place, _)| place)));
            Ok(given.copied().unwrap_or(0))
        }
    }
}

/// One count.
fn one(
    work: &Work<'_>,
    stage: &Stage,
    rank: &Rank,
    unit: Option<&Unit>,
    seats: u64,
    seated: &mut Seated,
) -> Result<(), Stop> {
    let id = unit.map(|unit| unit.id.as_str());
    let mut row = vec![0u64; work.view.lists.len()];
    let mut vacant = 0;
    if seats > 0 {
        let key = (rank.contest.as_str(), id);
        let ballots = work.view.papers.get(&key).ok_or_else(|| Refusal::Papers {
            contest: rank.contest.clone(),
            unit: id.unwrap_or(work.view.national_unit).to_owned(),
            reason: Reason::NoPapers,
        })?;
        let outcome = counted(work, stage, rank, id, seats, ballots)?;
        if let Some(tie) = &outcome.tie {
            open(work, stage, id, tie)?;
        }
        vacant = outcome.vacant;
        note(stage, rank, id, &outcome, seated);
        seat(work, stage, rank, id, &outcome, &mut row, seated);
        if work.trace {
            seated.sheets.push(CountSheet { unit: id.map(str::to_owned), sheet: (*outcome).clone() });
        }
    }
    for (sum, seats) in seated.given.seats.iter_mut().zip(&row) {
        *sum = sum.saturating_add(*seats);
    }
    seated.given.house = seated.given.house.saturating_add(seats);
    seated.given.vacant = seated.given.vacant.saturating_add(vacant);
    if let (Some(unit), true) = (unit, work.trace) {
        let seats = work.held(&row);
        seated.units.push(UnitOutcome { unit: Id::from(&unit.id), seats, vacant, quota: None });
    }
    seated.cells.push(row);
    Ok(())
}

/// The count with what is settled, made once.
fn counted(
    work: &Work<'_>,
    stage: &Stage,
    rank: &Rank,
    unit: Option<&str>,
    seats: u64,
    ballots: &Ballots,
) -> Result<Rc<RankedOutcome>, Stop> {
    let settled = work
        .settled
        .iter()
        .filter(|settled| settled.stage == stage.id && settled.unit.as_deref() == unit && !settled.drawn.is_empty());
    let lots: Vec<RankedLot> = settled
        .map(|settled| RankedLot {
            count: None,
            between: settled.between.iter().cloned().collect(),
            drawn: settled.drawn.clone(),
        })
        .collect();
    let key = (stage.id.clone(), unit.map(str::to_owned), lots);
    if let Some(made) = work.view.made.borrow().get(&key) {
        return Ok(Rc::clone(made));
    }
    // The machine compares the ways in which a tie can be drawn even where no lot may decide.
    let mut rules = rank.rules.clone();
    rules.ties = rank.rules.ties.iter().copied().take_while(|rule| *rule != RankTie::Unresolved).collect();
    if !rules.ties.contains(&RankTie::Lot) {
        rules.ties.push(RankTie::Lot);
    }
    let outcome = ranked::count(ballots, seats, &rules, &key.2).map_err(|refusal| Refusal::RankedCount {
        stage: stage.id.clone(),
        unit: unit.unwrap_or(work.view.national_unit).to_owned(),
        reason: Reason::Count(refusal),
    })?;
    let outcome = Rc::new(outcome);
    work.view.made.borrow_mut().insert(key, Rc::clone(&outcome));
    Ok(outcome)
}

fn question(asked: TieQuestion) -> StepKind {
    match asked {
        TieQuestion::Exclusion => StepKind::Exclusion,
        TieQuestion::SurplusOrder => StepKind::SurplusOrder,
        TieQuestion::Fraction => StepKind::Fraction,
    }
}

/// Stops at a tie that nothing has settled; one that is held open leaves the seats not yet won.
fn open(work: &Work<'_>, stage: &Stage, unit: Option<&str>, tie: &RankedTie) -> Result<(), Stop> {
    let mut between = tie.between.clone();
    between.sort_unstable();
    match work.settled(&stage.id, unit, &between, tie.take) {
        Some(settled) if settled.drawn.is_empty() => Ok(()),
        // Drawn before, in an earlier count: another lot between the same candidates would be needed.
        Some(_) => Err(Refusal::RankedCount {
            stage: stage.id.clone(),
            unit: unit.unwrap_or(work.view.national_unit).to_owned(),
            reason: Reason::TiedAgain(between.iter().collect()),
        }
        .into()),
        None => Err(Stop::Tied(OpenTie {
            stage: stage.id.clone(),
            unit: unit.map(str::to_owned),
            held: vec![0; between.len()],
            between,
            seats: tie.take,
            what: question(tie.question),
            by_lot: has_rule(stage, TieRule::Lot),
        })),
    }
}

fn note(stage: &Stage, rank: &Rank, unit: Option<&str>, outcome: &RankedOutcome, seated: &mut Seated) {
    let (stage, unit) = (stage.id.clone(), unit.map(str::to_owned));
    if !outcome.depends_on_order.is_empty() {
        let counts = outcome.depends_on_order.clone();
        seated.notes.push(Remark::FiledLast { stage, unit, counts });
    } else if rank.counts_only {
        seated.notes.push(Remark::FiledInVain { stage, unit });
    }
}

/// Puts those elected on their seats.
fn seat(
    work: &Work<'_>,
    stage: &Stage,
    rank: &Rank,
    unit: Option<&str>,
    outcome: &RankedOutcome,
    row: &mut [u64],
    seated: &mut Seated,
) {
    for (place, elected) in outcome.elected.iter().enumerate() {
        let nominee = work.view.nominees.get(&(rank.contest.as_str(), elected.candidate.as_str())).copied();
        let list = nominee.and_then(|nominee: &Nominee| nominee.list.as_deref()).and_then(|id| work.view.position(id));
        match list.and_then(|list| row.get_mut(list)) {
            Some(seats) => *seats += 1,
            None => seated.given.unlisted += 1,
        }
        let name = nominee.map_or_else(|| elected.candidate.clone(), |nominee| nominee.name.clone());
        seated.winners.push(Winner {
            id: elected.candidate.clone(),
            name: name.clone(),
            named: true,
            list,
            unit: unit.map(str::to_owned),
            attributes: nominee.map(|nominee| nominee.attributes.clone()).unwrap_or_default(),
        });
        seated.members.push(Member {
            stage: stage.id.clone(),
            list: list.map(|list| work.view.id(list)),
            unit: unit.map(str::to_owned),
            seat: u64::try_from(place + 1).unwrap_or(u64::MAX),
            candidate: Some(elected.candidate.clone()),
            name: Some(name),
            place: None,
            by_preference: false,
        });
    }
}
