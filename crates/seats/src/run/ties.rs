//! Ties and lots: what a tie changes, what must be drawn, and which lots are of no use.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::Admitted;
use super::machine::{self, OpenTie, Pass, Settled, Stop, Work};
use super::view::View;
use super::{RunOptions, group, validity};
use crate::lots::{Lot, Lots};
use crate::outcome::{Member, Outcome, Tie};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Rulebook, Stage, StageKind, TieRule};

/// Ways of settling one tie that are compared. With more ways than this, one way per tied list is
/// taken, such that each list wins in some and loses in some.
const MOST_WAYS: usize = 64;
/// Passes made for one outcome at most; beyond, a tie is shown without comparing its branches.
const MOST_PASSES: u64 = 512;
/// And fewer where there are very many seats, so that the work stays bounded.
const MOST_SEATS_IN_PASSES: u64 = 2_000_000;

/// A finished pass, and the ties that it could not settle.
pub(crate) struct Resolved {
    pub pass: Pass,
    /// Seats by position that do not depend on a tie.
    pub sure: Vec<u64>,
    pub open: Vec<OpenTie>,
    /// People elected by name whatever a tie brings, by stage, unit and id.
    pub people: BTreeSet<Person>,
}

/// A stage, a unit, and the id of someone who is elected there.
type Person = (String, Option<String>, String);

fn people(pass: &Pass) -> BTreeSet<Person> {
    let by_stage = pass.winners.iter();
    by_stage
        .flat_map(|(stage, winners)| winners.iter().map(|one| (stage.clone(), one.unit.clone(), one.id.clone())))
        .collect()
}

/// Runs the stages, compares the branches of ties, checks the lots, and writes the outcome.
pub(crate) fn outcome(
    rulebook: &Rulebook,
    view: &View<'_>,
    lots: &Lots,
    options: &RunOptions,
) -> Result<Outcome, Refusal> {
    check(rulebook, view, lots)?;
    let work = Work { rulebook, view, options, settled: &[], lots, trace: true };
    let mut resolver = Resolver { lots, used: BTreeSet::new(), passes: 0 };
    let resolved = resolver.resolve(&work, Vec::new())?;
    resolver.used.extend(&resolved.pass.used_lots);
    if let Some((_, lot)) = lots.iter().enumerate().find(|(place, _)| !resolver.used.contains(place)) {
        return Err(Refusal::SuperfluousLot {
            stage: lot.stage.clone(),
            between: lot.between.iter().cloned().collect::<Vec<_>>().join(", "),
        });
    }
    Ok(write(&work, resolved))
}

/// What searches need: seats that do not depend on a tie, and who is admitted at each admit stage.
pub(crate) struct Sure {
    pub seats: Vec<u64>,
    pub admitted: BTreeMap<String, Admitted>,
    /// All seats, given or not.
    pub house: u64,
    /// Whether a tie stands.
    pub open: bool,
}

/// The certain seats, without steps and without lots.
pub(crate) fn sure(rulebook: &Rulebook, view: &View<'_>, options: &RunOptions) -> Result<Sure, Refusal> {
    let lots = Lots::none();
    let work = Work { rulebook, view, options, settled: &[], lots: &lots, trace: false };
    let mut resolver = Resolver { lots: &lots, used: BTreeSet::new(), passes: 0 };
    let resolved = resolver.resolve(&work, Vec::new())?;
    Ok(Sure {
        seats: resolved.sure,
        admitted: resolved.pass.admitted,
        house: resolved.pass.house,
        open: !resolved.open.is_empty(),
    })
}

/// A whole pass with steps, with what margins of people ask; none while a tie stands.
pub(crate) fn settled(rulebook: &Rulebook, view: &View<'_>, options: &RunOptions) -> Result<Option<Pass>, Refusal> {
    let lots = Lots::none();
    let options = RunOptions { seat_margins: true, ..*options };
    let work = Work { rulebook, view, options: &options, settled: &[], lots: &lots, trace: true };
    let mut resolver = Resolver { lots: &lots, used: BTreeSet::new(), passes: 0 };
    let resolved = resolver.resolve(&work, Vec::new())?;
    Ok(resolved.open.is_empty().then_some(resolved.pass))
}

impl Resolved {
    /// Whether the same lists have the same seats, in the same places.
    fn same_seats(&self, other: &Self, rulebook: &Rulebook) -> bool {
        self.sure == other.sure
            && self.pass.final_grids(rulebook) == other.pass.final_grids(rulebook)
            && self.pass.unseated == other.pass.unseated
            && self.people == other.people
            // Who may stand in a second round.
            && self.pass.declared == other.pass.declared
    }
}

struct Resolver<'a> {
    lots: &'a Lots,
    used: BTreeSet<usize>,
    passes: u64,
}

impl Resolver<'_> {
    fn resolve(&mut self, work: &Work<'_>, settled: Vec<Settled>) -> Result<Resolved, Refusal> {
        self.passes += 1;
        let now = Work { settled: &settled, ..*work };
        match machine::pass(&now) {
            Err(Stop::Refused(refusal)) => Err(refusal),
            Ok(pass) => Ok(Resolved {
                sure: pass.final_seats(work.view.lists.len()),
                // Of interest only where branches of a tie are compared.
                people: if settled.is_empty() { BTreeSet::new() } else { people(&pass) },
                pass,
                open: Vec::new(),
            }),
            Err(Stop::Tied(tie)) => self.tied(work, settled, tie),
        }
    }

    fn tied(&mut self, work: &Work<'_>, settled: Vec<Settled>, tie: OpenTie) -> Result<Resolved, Refusal> {
        let with = |drawn: Vec<String>| {
            let mut settled = settled.clone();
            let OpenTie { stage, unit, between, seats, .. } = tie.clone();
            settled.push(Settled { stage, unit, between, seats, drawn });
            settled
        };
        let lot = self.lot(&tie)?;
        let known = self.used.clone();
        let mut branches = Vec::new();
        let most = MOST_SEATS_IN_PASSES / work.rulebook.all_seats().max(1);
        if self.passes < most.min(MOST_PASSES) {
            let quiet = Work { trace: false, ..*work };
            for drawn in ways(&tie) {
                branches.push(self.resolve(&quiet, with(drawn))?);
            }
        }
        let same = branches.first().is_some_and(|first| {
            branches.iter().all(|other| other.open.is_empty() && other.same_seats(first, work.rulebook))
        });
        if same {
            // Whoever is drawn, the seats are the same: nothing is asked, and a lot is of no use.
            let drawn = ways(&tie).into_iter().next().unwrap_or_default();
            return self.resolve(work, with(drawn));
        }
        if let Some((place, drawn)) = lot {
            // What branches that were not drawn would have used does not count.
            self.used = known;
            self.used.insert(place);
            return self.resolve(work, with(drawn));
        }
        let held = self.resolve(work, with(Vec::new()))?;
        Ok(merge(held, branches, tie))
    }

    /// The lot for this tie, checked.
    fn lot(&self, tie: &OpenTie) -> Result<Option<(usize, Vec<String>)>, Refusal> {
        let found = self.lots.iter().enumerate().find(|(_, lot)| {
            lot.stage == tie.stage && lot.unit == tie.unit && lot.list.is_none() && lot.between.iter().eq(&tie.between)
        });
        let Some((place, lot)) = found else {
            return Ok(None);
        };
        if u64::try_from(lot.drawn.len()) != Ok(tie.seats) {
            return Err(foreign(lot, Reason::DrawsOthers(lot.drawn.len(), tie.seats)));
        }
        Ok(tie.by_lot.then(|| (place, lot.drawn.clone())))
    }
}

/// The ways in which a tie can be drawn.
fn ways(tie: &OpenTie) -> Vec<Vec<String>> {
    let size = tie.between.len();
    let seats = usize::try_from(tie.seats).unwrap_or(size).min(size);
    if number_of_ways(size, seats) <= MOST_WAYS {
        let mut found = Vec::new();
        choose(&tie.between, seats, &mut Vec::new(), &mut found);
        return found;
    }
    let round = tie.between.iter().chain(&tie.between);
    (0..size).map(|first| round.clone().skip(first).take(seats).cloned().collect()).collect()
}

/// Binomial coefficient, capped just above [`MOST_WAYS`].
fn number_of_ways(size: usize, seats: usize) -> usize {
    let mut ways = 1usize;
    for step in 0..seats.min(size - seats) {
        ways = ways.saturating_mul(size - step) / (step + 1);
        if ways > MOST_WAYS {
            return ways;
        }
    }
    ways
}

fn choose(from: &[String], seats: usize, so_far: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if seats == 0 {
        found.push(so_far.clone());
        return;
    }
    for (place, who) in from.iter().enumerate() {
        let rest = from.get(place + 1..).unwrap_or_default();
        if rest.len() + 1 < seats {
            break;
        }
        so_far.push(who.clone());
        choose(rest, seats - 1, so_far, found);
        so_far.pop();
    }
}

/// What holds in every branch, and the ties: this one, and those that every branch still has.
fn merge(mut held: Resolved, branches: Vec<Resolved>, tie: OpenTie) -> Resolved {
    let mut open = vec![tie];
    if let Some(first) = branches.first() {
        let mut sure = first.sure.clone();
        for branch in &branches {
            for (least, seats) in sure.iter_mut().zip(&branch.sure) {
                *least = (*least).min(*seats);
            }
        }
        held.sure = sure;
        held.people = branches.iter().fold(first.people.clone(), |all, branch| &all & &branch.people);
        seat_the_sure(&mut held, &first.pass);
        let common = first.open.iter().filter(|tie| branches.iter().all(|b| b.open.contains(tie)));
        open.extend(common.cloned());
    } else {
        open.append(&mut held.open);
    }
    held.open = open;
    held
}

/// Below an open tie a poll goes no further: whoever every branch elects there takes a seat too.
fn seat_the_sure(held: &mut Resolved, branch: &Pass) {
    for member in &branch.members {
        let same = |other: &Member| other.stage == member.stage && other.unit == member.unit;
        let person = (member.stage.clone(), member.unit.clone(), member.candidate.clone().unwrap_or_default());
        let members = &mut held.pass.members;
        let seated = members.iter().any(|other| same(other) && other.candidate == member.candidate);
        if held.people.contains(&person) && !seated {
            let after = members.iter().rposition(same).map_or(members.len(), |place| place + 1);
            members.insert(after, member.clone());
        }
    }
}

/// Lots must name a stage that gives seats, lists of the tally, and draw from those between.
fn check(rulebook: &Rulebook, view: &View<'_>, lots: &Lots) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for lot in lots.iter() {
        let stage = rulebook.stage(&lot.stage);
        let Some(stage) = stage else {
            return Err(foreign(lot, Reason::NoSuchStage));
        };
        if !lets_lot_decide(rulebook, stage) {
            return Err(foreign(lot, Reason::NoLotThere));
        }
        if let Some(id) = lot.between.iter().find(|id| !group::knows(view, id)) {
            return Err(foreign(lot, Reason::UnknownId(id.clone())));
        }
        let drawn: BTreeSet<&String> = lot.drawn.iter().collect();
        if drawn.is_empty() || drawn.len() != lot.drawn.len() || drawn.len() >= lot.between.len() {
            return Err(foreign(lot, Reason::DrawSome));
        }
        if let Some(list) = drawn.iter().find(|list| !lot.between.contains(**list)) {
            return Err(foreign(lot, Reason::DrawnElsewhere((*list).clone())));
        }
        if !seen.insert((&lot.stage, &lot.unit, &lot.list, &lot.between)) {
            return Err(foreign(lot, Reason::TwoLots));
        }
    }
    Ok(())
}

/// A cap or compensation runs its allocation again under that stage's rules.
fn lets_lot_decide(rulebook: &Rulebook, stage: &Stage) -> bool {
    let stage = match &stage.kind {
        StageKind::Cap(cap) => rulebook.stage(&cap.of).unwrap_or(stage),
        StageKind::Compensate(compensate) => rulebook.stage(&compensate.of).unwrap_or(stage),
        _ => stage,
    };
    machine::has_rule(stage, TieRule::Lot)
}

fn foreign(lot: &Lot, reason: Reason) -> Refusal {
    Refusal::ForeignLot { stage: lot.stage.clone(), reason }
}

/// Names by id: of lists, of those that take part as one, of people who stand in contests of candidates, and of candidates in ties.
fn names(view: &View<'_>, pass: &Pass, ties: &[Tie]) -> BTreeMap<String, String> {
    let lists = view.lists.iter().map(|list| (&list.id, &list.name));
    let tied: BTreeSet<&String> = ties.iter().flat_map(|tie| &tie.between).collect();
    let people = view.lists.iter().flat_map(|list| &list.candidates).filter(|person| tied.contains(&person.id));
    let people = people.map(|person| (&person.id, &person.name));
    let polls = view.polls.values().flat_map(|units| units.values()).flat_map(|poll| &poll.entries);
    let nominees = polls.filter_map(|entry| entry.nominee).map(|nominee| (&nominee.id, &nominee.name));
    let groups = group::called(view, pass, |list| &list.id).zip(group::called(view, pass, |list| &list.name));
    let groups = groups.map(|((_, ids), (_, names))| (ids, names));
    // Lists last: where an id is shared, the list keeps its name.
    let named = people.chain(nominees).chain(lists).map(|(id, name)| (id.clone(), name.clone()));
    groups.chain(named).collect()
}

fn write(work: &Work<'_>, resolved: Resolved) -> Outcome {
    let Resolved { mut pass, sure, open, people } = resolved;
    if !open.is_empty() {
        // Only those whom no tie can unseat.
        pass.members.retain(|member| {
            let id = member.candidate.clone().unwrap_or_default();
            people.contains(&(member.stage.clone(), member.unit.clone(), id))
        });
    }
    // By position, which is by id.
    pass.capped.sort_unstable();
    pass.exhausted.sort_unstable();
    let ids = |places: &[usize]| places.iter().map(|who| work.view.id(*who)).collect::<Vec<_>>();
    let mut undetermined: Vec<Tie> = open
        .iter()
        .map(|tie| Tie {
            stage: tie.stage.clone(),
            unit: tie.unit.clone(),
            list: None,
            between: tie.between.clone(),
            seats: tie.seats,
            held: tie.between.iter().cloned().zip(tie.held.iter().copied()).collect(),
            what: tie.what,
            by_lot: tie.by_lot,
        })
        .collect();
    if open.is_empty() {
        undetermined.extend(pass.candidate_ties.iter().cloned());
    }
    let laws = work.rulebook.laws.iter();
    Outcome {
        rulebook: work.rulebook.id.clone(),
        laws: laws.map(|(key, law)| (key.clone(), law.cite.clone())).collect(),
        names: names(work.view, &pass, &undetermined),
        validity: validity::validity(work.rulebook, work.view, &pass),
        seats: work.view.lists.iter().map(|list| list.id.clone()).zip(sure).collect(),
        capped: ids(&pass.capped),
        exhausted: ids(&pass.exhausted),
        members: pass.members,
        reserves: if open.is_empty() { pass.reserves } else { Vec::new() },
        passed_over: pass.passed_over,
        declared: pass.declared,
        stages: pass.stages,
        admission: pass.admission,
        vacant: pass.vacant,
        house: pass.house,
        unseated: pass.unseated,
        steps: pass.steps,
        undetermined,
        margins: Vec::new(),
        readings: Vec::new(),
        notes: pass.notes,
    }
}
