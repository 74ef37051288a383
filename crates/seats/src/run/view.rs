//! The tally as the stages read it: positions instead of ids, totals by contest and level.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{rank, view_ballots, view_check, view_polls};
use crate::Id;
use crate::refusal::{Figure, Reason, Refusal};
use crate::rulebook::{Quantity, Rulebook};
use crate::tally::{List, Nominee, Tally, Total, Unit};

/// The figures of one contest in one unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures<'a> {
    /// Votes by position of the list.
    pub votes: Vec<u64>,
    /// The positions of all lists that have votes here, in order; some of them may have none.
    pub standing: Vec<usize>,
    /// Votes for people of no list, in a contest of candidates.
    pub unlisted: u64,
    pub against_all: Option<u64>,
    /// Lines of the form, sorted by name.
    pub lines: Vec<(&'a str, u64)>,
}

/// The positions of those with votes.
pub(crate) fn standing(votes: &[u64]) -> Vec<usize> {
    let mut standing = Vec::with_capacity(votes.len());
    for (place, votes) in votes.iter().enumerate() {
        if *votes > 0 {
            standing.push(place);
        }
    }
    standing
}

impl Figures<'_> {
    /// The lists that have votes here, with them.
    pub(crate) fn with_votes(&self) -> impl Iterator<Item = (usize, u64)> {
        let votes = self.standing.iter().map(|place| (*place, self.votes.get(*place).copied().unwrap_or(0)));
        votes.filter(|(_, votes)| *votes > 0)
    }

    /// A line of the form.
    pub(crate) fn line(&self, name: &str) -> Option<u64> {
        self.lines.iter().find(|(line, _)| *line == name).map(|(_, number)| *number)
    }

    /// All votes for lists and people.
    pub(crate) fn sum(&self) -> Option<u64> {
        self.votes.iter().try_fold(self.unlisted, |sum, votes| sum.checked_add(*votes))
    }
}

/// One who stands in one unit of a contest of candidates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// The key of the votes: a nominee's or a list's id.
    pub id: &'a str,
    pub name: &'a str,
    /// The position of their list.
    pub list: Option<usize>,
    pub votes: u64,
    /// Who it is, if the tally names them.
    pub nominee: Option<&'a Nominee>,
}

/// A contest of candidates in one unit.
#[derive(Debug, Clone)]
pub(crate) struct Poll<'a> {
    /// The unit; none: the whole.
    pub unit: Option<&'a Unit>,
    /// Sorted by id.
    pub entries: Vec<Entry<'a>>,
    pub against_all: Option<u64>,
}

/// Figures by unit, units by id.
pub(crate) type ByUnit<'a> = Vec<(&'a Unit, Figures<'a>)>;

/// All figures of one contest.
#[derive(Debug, Clone)]
pub(crate) struct ContestView<'a> {
    /// Of the whole.
    pub whole: Figures<'a>,
    /// By level, then by unit id.
    pub levels: BTreeMap<&'a str, ByUnit<'a>>,
}

/// The most units above one another; a geography has a handful of levels.
const LONGEST_CHAIN: usize = 100;

/// The whole tally.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    pub rulebook: &'a Rulebook,
    /// Sorted by id, so that the order of the input cannot matter.
    pub lists: Vec<&'a List>,
    /// Their ids, as a trace shares them.
    pub ids: Vec<Id>,
    pub contests: BTreeMap<&'a str, ContestView<'a>>,
    /// Contests of candidates, each with its units by id.
    pub polls: view_polls::Polls<'a>,
    /// Ranked ballots, by contest and unit.
    pub papers: view_ballots::Papers<'a>,
    /// Counts of ranked ballots that were made.
    pub made: RefCell<rank::Made>,
    /// Everybody who stands by name, by contest and id.
    pub nominees: BTreeMap<(&'a str, &'a str), &'a Nominee>,
    /// All units by level, each level sorted by id.
    pub levels: BTreeMap<&'a str, Vec<&'a Unit>>,
    /// All units by id.
    pub units: BTreeMap<&'a str, &'a Unit>,
    /// Numbers that are not votes, by unit and name.
    pub register: &'a BTreeMap<String, BTreeMap<String, u64>>,
    pub national_unit: &'a str,
}

impl<'a> View<'a> {
    pub(crate) fn new(rulebook: &'a Rulebook, tally: &'a Tally) -> Result<Self, Refusal> {
        tally.check_schema()?;
        let units = view_check::units(rulebook, tally)?;
        let mut lists: Vec<&List> = tally.lists.iter().collect();
        let sorted = lists.array_windows::<2>().all(|[a, b]| a.id < b.id);
        if !sorted {
            lists.sort_by(|a, b| a.id.cmp(&b.id));
        }
        if let Some([list, _]) = lists.array_windows::<2>().find(|[a, b]| !sorted && a.id == b.id) {
            return Err(Refusal::DuplicateList { list: list.id.clone() });
        }
        let national = view_check::national_unit(rulebook, tally)?;
        let mut view = Self {
            rulebook,
            ids: lists.iter().map(|list| Id::from(&list.id)).collect(),
            lists,
            contests: BTreeMap::new(),
            polls: BTreeMap::new(),
            papers: view_ballots::papers(rulebook, tally, &units, national)?,
            made: RefCell::default(),
            nominees: tally.nominees.iter().map(|one| ((one.contest.as_str(), one.id.as_str()), one)).collect(),
            levels: BTreeMap::new(),
            units: BTreeMap::new(),
            register: &tally.register,
            national_unit: national.map_or("national", |unit| unit.id.as_str()),
        };
        for unit in units.values() {
            view.levels.entry(&unit.level).or_default().push(unit);
        }
        view.polls = view_polls::polls(&view, rulebook, tally, &units)?;
        for (contest, figures) in view.figures(rulebook, tally, &units)? {
            view_check::sums(rulebook, tally, contest, &figures, national, &view.lists)?;
            let contest_view = view.contest(rulebook, figures, national)?;
            view.contests.insert(contest, contest_view);
        }
        view.units = units;
        Ok(view)
    }

    /// The units of a level, by id.
    pub(crate) fn units(&self, level: &str) -> &[&'a Unit] {
        self.levels.get(level).map_or(&[], Vec::as_slice)
    }

    /// The unit with this id.
    pub(crate) fn unit(&self, id: &str) -> Option<&'a Unit> {
        self.units.get(id).copied()
    }

    /// The position, within its level, of the unit of `level` in which a unit lies (or that it is).
    pub(crate) fn above(&self, unit: &Unit, level: &str) -> Option<usize> {
        let mut unit = unit;
        // Parents may be written in a circle; no chain is longer than there are units.
        for _ in 0..=self.units.len() {
            if unit.level == level {
                return self.units(level).binary_search_by(|other| other.id.cmp(&unit.id)).ok();
            }
            unit = self.units.get(unit.parent.as_deref()?)?;
        }
        None
    }

    /// The units above a unit, nearest first. Parents may be written in a circle: no chain is followed
    /// further than this.
    pub(crate) fn all_above(&self, unit: &Unit) -> Vec<&'a Unit> {
        let mut parent = unit.parent.as_deref();
        let mut above = Vec::new();
        while let Some(unit) = parent.and_then(|id| self.units.get(id).copied())
            && above.len() < LONGEST_CHAIN
        {
            above.push(unit);
            parent = unit.parent.as_deref();
        }
        above
    }

    /// Whether a unit is another or lies in it.
    pub(crate) fn lies_in(&self, unit: &str, other: &str) -> bool {
        let found = self.units.get(unit);
        unit == other || found.is_some_and(|unit| self.all_above(unit).iter().any(|above| above.id == other))
    }

    /// A number of the register.
    pub(crate) fn registered(&self, stage: &str, unit: &str, name: &str) -> Result<u64, Refusal> {
        self.register.get(unit).and_then(|numbers| numbers.get(name)).copied().ok_or_else(|| Refusal::RegisterMissing {
            stage: stage.to_owned(),
            unit: unit.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The figures of a contest in one unit.
    pub(crate) fn figures_in(&self, contest: &str, unit: &Unit) -> Result<&Figures<'a>, Refusal> {
        let rows = self.of(contest)?.levels.get(unit.level.as_str());
        let found = rows.and_then(|rows| {
            rows.binary_search_by(|(other, _)| other.id.cmp(&unit.id)).ok().and_then(|place| rows.get(place))
        });
        found
            .map(|(_, figures)| figures)
            .ok_or_else(|| Refusal::UnitMissing { contest: contest.to_owned(), unit: unit.id.clone() })
    }

    /// Whether a list, unit, nominee or candidate has this id.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.position(id).is_some()
            || self.units.contains_key(id)
            || self.polls.values().flatten().any(|(_, poll)| poll.entries.iter().any(|entry| entry.id == id))
            || self.nominees.keys().any(|(_, nominee)| *nominee == id)
            || self.lists.iter().any(|list| list.candidates.iter().any(|candidate| candidate.id == id))
    }

    /// Figures by contest, units by id.
    fn figures(
        &self,
        rulebook: &Rulebook,
        tally: &'a Tally,
        units: &BTreeMap<&'a str, &'a Unit>,
    ) -> Result<BTreeMap<&'a str, ByUnit<'a>>, Refusal> {
        let mut contests: Vec<(&str, ByUnit<'_>)> = Vec::new();
        // Totals mostly come as the units do: the next of them is looked at first.
        let mut ahead = units.range::<&str, _>(..);
        for total in &tally.totals {
            let place = match contests.iter().position(|(contest, _)| *contest == total.contest) {
                Some(place) => place,
                None if rulebook.contests.contains_key(&total.contest) => {
                    contests.push((&total.contest, Vec::with_capacity(tally.totals.len())));
                    ahead = units.range::<&str, _>(..);
                    contests.len() - 1
                }
                None => return Err(Refusal::UnknownContest { contest: total.contest.clone() }),
            };
            let unknown = || Refusal::UnknownUnit { unit: total.unit.clone() };
            let named = |(_, unit): &(&&'a str, &&'a Unit)| unit.id == total.unit;
            let unit = match ahead.next().filter(named) {
                Some((_, unit)) => *unit,
                None => {
                    ahead = units.range(total.unit.as_str()..);
                    ahead.next().filter(named).map(|(_, unit)| *unit).ok_or_else(unknown)?
                }
            };
            let mut votes = vec![0; self.lists.len()];
            let mut unlisted = 0;
            if let Some(poll) = self.poll(&total.contest, &total.unit) {
                unlisted = view_polls::by_list(poll, &mut votes)?;
            } else {
                self.by_place(total, &mut votes)?;
            }
            let figures = Figures {
                standing: standing(&votes),
                votes,
                unlisted,
                against_all: total.against_all,
                lines: total.lines.iter().map(|(line, number)| (line.as_str(), *number)).collect(),
            };
            if let Some((_, of_contest)) = contests.get_mut(place) {
                of_contest.push((unit, figures));
            }
        }
        for (contest, of_contest) in &mut contests {
            if of_contest.array_windows::<2>().all(|[(a, _), (b, _)]| a.id < b.id) {
                continue;
            }
            of_contest.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
            if let Some([(unit, _), _]) = of_contest.array_windows::<2>().find(|[(a, _), (b, _)]| a.id == b.id) {
                return Err(Refusal::DuplicateTotal { contest: (*contest).to_owned(), unit: unit.id.clone() });
            }
        }
        Ok(contests.into_iter().collect())
    }

    /// Puts votes by id in the positions of their lists. Both are sorted by id, so one walk along the lists
    /// finds all; what is not ahead is nowhere.
    fn by_place(&self, total: &Total, votes: &mut [u64]) -> Result<(), Refusal> {
        let mut ahead = self.lists.iter().zip(votes);
        for (id, number) in &total.votes {
            let unknown = || Refusal::UnknownList { list: id.clone(), unit: total.unit.clone() };
            // Most differ in length or in the last letter.
            let last = id.as_bytes().last();
            let (_, place) =
                ahead.find(|(list, _)| list.id.as_bytes().last() == last && list.id == *id).ok_or_else(unknown)?;
            *place = *number;
        }
        Ok(())
    }

    fn contest(
        &self,
        rulebook: &Rulebook,
        figures: ByUnit<'a>,
        national: Option<&'a Unit>,
    ) -> Result<ContestView<'a>, Refusal> {
        let mut whole = None;
        let mut levels: BTreeMap<&str, ByUnit<'_>> = BTreeMap::new();
        for (unit, figures) in figures {
            if national.is_some_and(|national| std::ptr::eq(national, unit)) {
                whole = Some(figures);
            } else {
                levels.entry(&unit.level).or_default().push((unit, figures));
            }
        }
        let whole = match whole {
            Some(whole) => whole,
            None => {
                // The highest level that has totals: `view_check::sums` has seen that it is whole.
                let level = rulebook.units.levels.iter().find_map(|level| levels.get(level.as_str()));
                let parts = level.map(Vec::as_slice).unwrap_or_default();
                view_check::add(parts.iter().map(|(_, figures)| figures), self.national_unit, &self.lists)?
            }
        };
        Ok(ContestView { whole, levels })
    }

    /// A contest of candidates in one unit.
    fn poll(&self, contest: &str, unit: &str) -> Option<&Poll<'a>> {
        self.polls.get(contest)?.get(unit)
    }

    /// The position of a list.
    pub(crate) fn position(&self, list: &str) -> Option<usize> {
        self.lists.binary_search_by(|other| other.id.as_str().cmp(list)).ok()
    }

    /// The id of the list at a position.
    pub(crate) fn id(&self, place: usize) -> String {
        self.lists.get(place).map_or_else(String::new, |list| list.id.clone())
    }

    /// The same, shared.
    #[inline]
    pub(crate) fn shared(&self, place: usize) -> Id {
        self.ids.get(place).cloned().unwrap_or_default()
    }

    /// A fact about a list as a whole number; 0 if it is not there.
    pub(crate) fn number(&self, list: &List, attribute: &str) -> Result<u64, Refusal> {
        let Some(value) = list.attributes.get(attribute) else {
            return Ok(0);
        };
        value.parse().map_err(|_| Refusal::AttributeNotANumber {
            list: list.id.clone(),
            attribute: attribute.to_owned(),
            value: value.clone(),
        })
    }

    /// The contest, or the refusal that it has no totals.
    pub(crate) fn of(&self, contest: &str) -> Result<&ContestView<'a>, Refusal> {
        self.contests.get(contest).ok_or_else(|| Refusal::NoTotals { contest: contest.to_owned() })
    }

    /// The value of a base. `unit` is `None` for the whole.
    pub(crate) fn base(&self, name: &str, contest: &str, unit: Option<(&str, &Figures<'a>)>) -> Result<u64, Refusal> {
        let label = unit.map_or(self.national_unit, |(id, _)| id);
        let missing = |lacking: Reason| Refusal::BaseMissing { base: name.to_owned(), unit: label.to_owned(), lacking };
        let figures = match unit {
            Some((_, figures)) => figures,
            None => &self.of(contest)?.whole,
        };
        match self.rulebook.quantities.get(name) {
            None => Err(missing(Reason::Declaration)),
            Some(Quantity::Line { line, .. }) => figures.line(line).ok_or_else(|| missing(Reason::Line(line.clone()))),
            Some(Quantity::Sum(parts)) => {
                let mut sum = 0u64;
                for part in parts {
                    let value = self.part(part, contest, unit, figures, &missing)?;
                    sum = sum.checked_add(value).ok_or_else(|| too_large(name, label))?;
                }
                Ok(sum)
            }
        }
    }

    fn part(
        &self,
        part: &str,
        contest: &str,
        unit: Option<(&str, &Figures<'a>)>,
        figures: &Figures<'a>,
        missing: &dyn Fn(Reason) -> Refusal,
    ) -> Result<u64, Refusal> {
        let label = unit.map_or(self.national_unit, |(id, _)| id);
        if part == "against_all" {
            return figures.against_all.ok_or_else(|| missing(Reason::AgainstAll));
        }
        if part == contest {
            return figures.sum().ok_or_else(|| too_large(part, label));
        }
        if self.rulebook.contests.contains_key(part) {
            let other = self.of(part)?;
            let figures = match unit {
                None => Some(&other.whole),
                Some((id, _)) => {
                    other.levels.values().flatten().find(|(unit, _)| unit.id == id).map(|(_, figures)| figures)
                }
            };
            let figures = figures.ok_or_else(|| missing(Reason::Contest(part.to_owned())))?;
            return figures.sum().ok_or_else(|| too_large(part, label));
        }
        self.base(part, contest, unit)
    }

    /// Whether a new vote for a list of this contest makes the base one greater.
    pub(crate) fn grows(&self, base: &str, contest: &str) -> bool {
        match self.rulebook.quantities.get(base) {
            None => false,
            Some(Quantity::Line { grows, .. }) => *grows,
            Some(Quantity::Sum(parts)) => {
                parts.iter().any(|part| part == contest || (part != "against_all" && self.grows(part, contest)))
            }
        }
    }
}

fn too_large(what: &str, unit: &str) -> Refusal {
    Refusal::TooLarge { what: Figure::Of(what.to_owned()), unit: unit.to_owned() }
}
