//! Contests as the fold counts them: their columns, and where they are held.

use std::collections::BTreeSet;

use recount_election::{AGAINST_ALL, ColumnIx, Columns, ColumnsError, Figures, Forms, Holds, ListDef, UnitIx};
use recount_record::VoidReason;
use recount_record::statement::{Register, Row};

use super::Fold;
use crate::claim::ContestIx;

/// What a column is good for when a station is annulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUse {
    /// Votes for a list, or ballots: fall with the annulment.
    Falls,
    /// Voters on the register: the rulebook's `[annulment] registered` decides.
    Registered,
    /// Voters who took part: the rulebook's `[annulment] turnout` decides.
    Turnout,
}

/// One contest.
#[derive(Debug, Clone)]
pub struct ContestState {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Its columns: lines of all its forms, then lists.
    pub columns: Columns,
    /// What each column is good for when a station is annulled.
    pub uses: Vec<ColumnUse>,
    /// Units in which alone the contest is held; empty means everywhere.
    pub units: Vec<UnitIx>,
}

impl ContestState {
    fn use_of(&self, line: &str) -> Option<ColumnUse> {
        self.columns.line(line).and_then(|column| self.uses.get(column.index()).copied())
    }
}

impl Fold {
    /// The contests, in order of first appearance in the register.
    pub fn contests(&self) -> impl Iterator<Item = (ContestIx, &ContestState)> {
        self.contests.iter().zip(0u16..).map(|(state, n)| (ContestIx(n), state))
    }

    /// A contest by number.
    pub fn contest(&self, ix: ContestIx) -> Option<&ContestState> {
        self.contests.get(ix.0 as usize)
    }

    /// A contest by identifier.
    pub fn contest_ix(&self, id: &str) -> Option<ContestIx> {
        self.contest_index.get(id).copied()
    }

    /// Brings the contests up to the forms and the whole register as they now are.
    pub(super) fn refresh(&mut self) -> Result<(), VoidReason> {
        let ids: Vec<String> = self.ledger.register().contests().into_iter().map(str::to_owned).collect();
        ids.iter().try_for_each(|id| self.refresh_contest(id))
    }

    /// Brings the contests up to the lists that a register statement names.
    pub(super) fn refresh_lists(&mut self, register: &Register) -> Result<(), VoidReason> {
        let named = register.rows.iter().filter_map(|row| match row {
            Row::List { contest, .. } => Some(contest.as_str()),
            _ => None,
        });
        let named: BTreeSet<&str> = named.collect();
        named.into_iter().try_for_each(|id| self.refresh_contest(id))
    }

    /// Figures that were taken already keep their meaning: they move to the new columns by name.
    fn refresh_contest(&mut self, id: &str) -> Result<(), VoidReason> {
        let Some(law) = &self.law else { return Ok(()) };
        self.templates.clear();
        self.totals = None;
        let old = self.contest_ix(id);
        let Some(state) = self.contest_state(&law.forms, id, old.and_then(|ix| self.contest(ix)))? else {
            return Ok(());
        };
        match old {
            Some(ix) => self.replace_contest(ix, state),
            None => {
                let ix = u16::try_from(self.contests.len());
                let ix = ix.map_err(|_| VoidReason::Figures("more than 65,535 contests".to_owned()))?;
                self.contest_index.insert(id.to_owned(), ContestIx(ix));
                self.contests.push(state);
            }
        }
        Ok(())
    }

    fn contest_state(
        &self,
        forms: &Forms,
        id: &str,
        old: Option<&ContestState>,
    ) -> Result<Option<ContestState>, VoidReason> {
        let Some(contest) = forms.contest(id) else { return Ok(None) };
        let register = self.ledger.register();
        let lists = register.all_lists(id);
        let mut names: Vec<&str> = lists.iter().map(|list| list.id.as_str()).collect();
        if contest.against_all && !names.contains(&AGAINST_ALL) {
            names.push(AGAINST_ALL);
        }
        let wrong = |e: ColumnsError| VoidReason::Figures(e.to_string());
        let declared = forms.columns(id, [""; 0]).map_err(wrong)?;
        let mut codes: Vec<&str> = declared.lines().map(|(_, code)| code).collect();
        // Columns in which figures may have been taken stay, though no form or list names them any more.
        if let Some(old) = old {
            codes.extend(old.columns.lines().map(|(_, code)| code).filter(|code| declared.line(code).is_none()));
            let listed: BTreeSet<&str> = names.iter().copied().collect();
            names.extend(old.columns.lists().map(|(_, list)| list).filter(|list| !listed.contains(list)));
        }
        let columns = Columns::new(id, codes, names).map_err(wrong)?;
        let line_use = |(_, code): (ColumnIx, &str)| {
            let mut named = forms.forms.iter().flat_map(|form| &form.lines).filter(|line| line.code == code);
            match named.next().map(|line| line.holds) {
                Some(Holds::Voters) if code.starts_with("registered") => ColumnUse::Registered,
                Some(Holds::Voters) => ColumnUse::Turnout,
                Some(_) => ColumnUse::Falls,
                None => old.and_then(|old| old.use_of(code)).unwrap_or(ColumnUse::Falls),
            }
        };
        let mut uses: Vec<ColumnUse> = columns.lines().map(line_use).collect();
        uses.resize(columns.len(), ColumnUse::Falls);
        let units = self.units_of(&lists);
        Ok(Some(ContestState { id: id.to_owned(), title: contest.title.clone(), columns, uses, units }))
    }

    /// The units in which alone lists stand; empty if one stands everywhere.
    fn units_of(&self, lists: &[&ListDef]) -> Vec<UnitIx> {
        let geography = self.ledger.register().geography();
        let mut units = BTreeSet::new();
        for list in lists {
            match list.unit.as_ref().and_then(|unit| geography.unit_ix(unit)) {
                Some(unit) => units.insert(unit),
                None => return Vec::new(),
            };
        }
        units.into_iter().collect()
    }

    fn replace_contest(&mut self, ix: ContestIx, state: ContestState) {
        let Some(old) = self.contests.get(ix.0 as usize) else { return };
        if old.columns != state.columns {
            let moved = |figures: &Figures| move_figures(&old.columns, &state.columns, figures);
            for station in &mut self.stations {
                for claim in station.claims.iter_mut().chain(&mut station.copies).filter(|c| c.slot.contest == ix) {
                    claim.figures = moved(&claim.figures);
                }
            }
            for ruling in self.rulings.values_mut() {
                for act in &mut ruling.acts {
                    if let crate::effects::Act::Correct(_, slot, figures) = act
                        && slot.contest == ix
                    {
                        *figures = moved(figures);
                    }
                }
            }
            self.effects = crate::effects::Effects::of(&self.rulings);
        }
        self.contests[ix.0 as usize] = state;
    }
}

/// Figures under other columns of the same contest, by name. A column that is gone had no figure, or its figure is dropped with it.
fn move_figures(from: &Columns, to: &Columns, figures: &Figures) -> Figures {
    let mut moved = Figures::absent(to);
    let lines = from.lines().filter_map(|(ix, code)| Some((to.line(code)?, figures.get(ix)?)));
    let lists = from.lists().filter_map(|(ix, id)| Some((to.list(id)?, figures.get(ix)?)));
    for (column, n) in lines.chain(lists) {
        // The figure was accepted once; it is accepted again.
        let _ = moved.set(column, n);
    }
    moved
}
