//! The tally put through the rulebook.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::AGAINST_ALL;
use recount_seats::{
    Candidate, ContestKind, List, Lot, Lots, Missing, Nominee, Outcome, Refusal, RunOptions, Tally, Total, Unit,
};

use crate::claim::ContestIx;
use crate::count::View;
use crate::fold::Fold;
use crate::totals::{TotalsError, UnitTotals};

/// The abroad mark of a unit: it lies outside conditions "in every region".
const ABROAD: &str = "abroad";

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoOutcome {
    /// The record has no charter yet.
    #[error("the record has no charter yet")]
    NoLaw,
    /// The rulebook gives no seats.
    #[error("the rulebook has no stages: there are totals, and no seats")]
    NoStages,
    /// A total cannot be formed.
    #[error(transparent)]
    Totals(#[from] TotalsError),
    /// The rulebook refuses the tally.
    #[error("{0}")]
    Refused(Box<Refusal>),
}

impl Fold {
    /// The result of a view under the rulebook in force.
    ///
    /// # Errors
    /// See [`NoOutcome`].
    pub fn outcome(&self, view: View) -> Result<Outcome, NoOutcome> {
        let totals = self.rulebook_contests().into_iter().map(|ix| Ok((ix, self.totals(ix, view)?)));
        let totals: Vec<(ContestIx, UnitTotals)> = totals.collect::<Result<_, TotalsError>>()?;
        let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(ix, t)| (*ix, t)).collect();
        self.outcome_of(&self.tally_of(&borrowed)?)
    }

    /// The result of the view by law from totals that are kept up to date: the cost does not grow with the record.
    ///
    /// # Errors
    /// See [`NoOutcome`].
    pub fn outcome_kept(&mut self) -> Result<Outcome, NoOutcome> {
        let contests = self.rulebook_contests();
        for ix in &contests {
            self.keep_totals(*ix, View::LAW)?;
        }
        let kept = contests.into_iter().filter_map(|ix| Some((ix, self.kept_totals(ix, View::LAW)?)));
        let kept: Vec<(ContestIx, &UnitTotals)> = kept.collect();
        self.outcome_of(&self.tally_of(&kept)?)
    }

    /// A tally put through the rulebook in force, with the lots that were drawn.
    ///
    /// # Errors
    /// See [`NoOutcome`].
    pub fn outcome_of(&self, tally: &Tally) -> Result<Outcome, NoOutcome> {
        self.outcome_with(tally, &RunOptions::default())
    }

    pub(crate) fn outcome_with(&self, tally: &Tally, options: &RunOptions) -> Result<Outcome, NoOutcome> {
        let law = self.law().ok_or(NoOutcome::NoLaw)?;
        if law.rulebook.stages.is_empty() {
            return Err(NoOutcome::NoStages);
        }
        let refused = |refusal| NoOutcome::Refused(Box::new(refusal));
        recount_seats::run_with(&law.rulebook, tally, &self.lots(), options).map_err(refused)
    }

    /// The rulebook's contests that are in the register.
    pub fn rulebook_contests(&self) -> Vec<ContestIx> {
        let Some(law) = self.law() else { return Vec::new() };
        law.rulebook.contests.keys().filter_map(|id| self.contest_ix(id)).collect()
    }

    fn lots(&self) -> Lots {
        let drawn = self.events().lots.iter().filter(|lot| self.effects().excluded(lot.index).is_none());
        let lots = drawn.map(|lot| Lot {
            list: None,
            stage: lot.what.stage.clone(),
            unit: lot.what.unit.clone(),
            between: lot.what.between.iter().cloned().collect(),
            drawn: lot.what.drawn.clone(),
        });
        Lots::new(lots.collect())
    }

    /// The totals as the rulebook reads them.
    ///
    /// # Errors
    /// See [`NoOutcome`].
    pub fn tally_of(&self, contests: &[(ContestIx, &UnitTotals)]) -> Result<Tally, NoOutcome> {
        let law = self.law().ok_or(NoOutcome::NoLaw)?;
        let register = self.ledger().register();
        let geography = register.geography();
        let levels: BTreeSet<String> = law.rulebook.levels_used();
        let mut units: BTreeMap<String, Unit> = BTreeMap::new();
        let mut totals = Vec::new();
        let mut missing = Vec::new();
        let mut lists: BTreeMap<String, List> = BTreeMap::new();
        let mut nominees = Vec::new();
        let mut numbers: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for (contest, of) in contests {
            let Some(state) = self.contest(*contest) else { continue };
            for (ix, total) in *of {
                let Some(unit) = geography.unit(*ix).filter(|unit| levels.contains(&unit.level)) else { continue };
                // Levels that no rule asks about are left out, so the unit above may be further up.
                let mut above = geography.ancestors(*ix).skip(1).filter_map(|p| geography.unit(p));
                let parent = above.find(|p| levels.contains(&p.level)).map(|p| p.id.clone());
                units.entry(unit.id.clone()).or_insert_with(|| Unit {
                    id: unit.id.clone(),
                    level: unit.level.clone(),
                    parent,
                    attributes: unit
                        .attributes
                        .iter()
                        .filter(|(k, _)| *k == ABROAD)
                        .map(|(k, v)| (k.clone(), v.clone()))
                        .collect(),
                });
                if let Some(names) = law.rulebook.register.get(&unit.level) {
                    let known = names.keys().filter_map(|name| Some((name, unit.attributes.get(name)?.parse().ok()?)));
                    numbers.entry(unit.id.clone()).or_default().extend(known.map(|(name, n)| (name.clone(), n)));
                }
                let columns = &state.columns;
                let votes = columns.lists().filter(|(_, id)| *id != AGAINST_ALL);
                totals.push(Total {
                    contest: state.id.clone(),
                    unit: unit.id.clone(),
                    votes: votes.map(|(c, id)| (id.to_owned(), total.sums.at(c.index()).unwrap_or(0))).collect(),
                    against_all: total.sums.list(columns, AGAINST_ALL),
                    lines: columns
                        .lines()
                        .filter_map(|(c, code)| Some((code.to_owned(), total.sums.at(c.index())?)))
                        .collect(),
                });
                let stations = total.coverage.expected - total.coverage.countable.min(total.coverage.expected);
                if stations > 0 && unit.parent.is_some() {
                    let expected_voters = Some(total.coverage.voters_uncounted);
                    missing.push(Missing { unit: unit.id.clone(), stations, expected_voters });
                }
            }
            let by_name =
                law.rulebook.contests.get(&state.id).is_some_and(|contest| contest.kind == ContestKind::Candidate);
            // Votes against all are counted; nobody of that name contends.
            for list in register.all_lists(&state.id).into_iter().filter(|list| list.id != AGAINST_ALL) {
                if by_name {
                    nominees.push(nominee(list, &state.id));
                    continue;
                }
                lists.entry(list.id.clone()).or_insert_with(|| List {
                    id: list.id.clone(),
                    name: list.name.clone(),
                    attributes: list.attributes.clone(),
                    candidates: list
                        .candidates
                        .iter()
                        .map(|c| Candidate {
                            id: c.id.clone(),
                            name: c.name.clone(),
                            unit: c.attributes.get("unit").cloned(),
                            attributes: c.attributes.clone(),
                            withdrawn: c.attributes.get("withdrawn").is_some_and(|v| v == "true"),
                        })
                        .collect(),
                });
            }
        }
        // Missing stations are told once: at the lowest level that is there.
        let parents: BTreeSet<String> = units.values().filter_map(|unit| unit.parent.clone()).collect();
        missing.retain(|m: &Missing| !parents.contains(&m.unit));
        for nominee in &mut nominees {
            nominee.list = nominee.list.take().filter(|list| lists.contains_key(list));
            nominee.unit = nominee.unit.take().filter(|unit| units.contains_key(unit));
        }
        Ok(Tally {
            schema: Tally::SCHEMA.to_owned(),
            units: units.into_values().collect(),
            lists: lists.into_values().collect(),
            totals,
            register: numbers,
            nominees,
            ballots: Vec::new(),
            missing,
        })
    }
}

/// A nominee as the register of the record lists them: under a contest of candidates.
fn nominee(entry: &recount_election::ListDef, contest: &str) -> Nominee {
    Nominee {
        id: entry.id.clone(),
        name: entry.name.clone(),
        contest: contest.to_owned(),
        unit: entry.attributes.get("unit").cloned(),
        list: entry.attributes.get("list").cloned(),
        attributes: entry.attributes.clone(),
        withdrawn: entry.attributes.get("withdrawn").is_some_and(|v| v == "true"),
    }
}
