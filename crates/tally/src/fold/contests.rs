//! Contests as the fold counts them: their columns, and where they are held.

use recount_election::{AGAINST_ALL, Columns, Figures, Forms, Holds, UnitIx};
use recount_record::VoidReason;

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
        self.contests().find(|(_, state)| state.id == id).map(|(ix, _)| ix)
    }

    /// Brings the contests up to the register and forms as they now are. Figures that were taken already keep their meaning:
    /// they move to the new columns by name.
    ///
    /// # Errors
    /// More contests or columns than can be counted.
    pub fn refresh(&mut self) -> Result<(), VoidReason> {
        let version = self.ledger.register().version().saturating_add(1);
        if self.seen_register == version {
            return Ok(());
        }
        let Some(law) = &self.law else { return Ok(()) };
        let ids: Vec<String> = self.ledger.register().contests().into_iter().map(str::to_owned).collect();
        let mut fresh = Vec::new();
        for id in ids {
            if let Some(state) = self.contest_state(&law.forms, &id)? {
                fresh.push(state);
            }
        }
        for state in fresh {
            match self.contest_ix(&state.id) {
                Some(ix) => self.replace_contest(ix, state),
                None if self.contests.len() < usize::from(u16::MAX) => self.contests.push(state),
                None => return Err(VoidReason::Figures("more than 65,535 contests".to_owned())),
            }
        }
        self.templates.clear();
        self.totals = None;
        self.seen_register = version;
        Ok(())
    }

    fn contest_state(&self, forms: &Forms, id: &str) -> Result<Option<ContestState>, VoidReason> {
        let Some(contest) = forms.contest(id) else { return Ok(None) };
        let register = self.ledger.register();
        let lists = register.all_lists(id);
        let mut names: Vec<&str> = lists.iter().map(|list| list.id.as_str()).collect();
        if contest.against_all && !names.contains(&AGAINST_ALL) {
            names.push(AGAINST_ALL);
        }
        let columns = forms.columns(id, names).map_err(|e| VoidReason::Figures(e.to_string()))?;
        let line_use = |code: &str| {
            let covering = forms.forms.iter().flat_map(|form| &form.lines);
            match covering.filter(|line| line.code == code).map(|line| line.holds).next() {
                Some(Holds::Voters) if code.starts_with("registered") => ColumnUse::Registered,
                Some(Holds::Voters) => ColumnUse::Turnout,
                _ => ColumnUse::Falls,
            }
        };
        let mut uses: Vec<ColumnUse> = columns.lines().map(|(_, code)| line_use(code)).collect();
        uses.resize(columns.len(), ColumnUse::Falls);
        let mut units = Vec::new();
        for list in &lists {
            match list.unit.as_ref().and_then(|unit| register.geography().unit_ix(unit)) {
                Some(unit) if !units.contains(&unit) => units.push(unit),
                Some(_) => {}
                None => {
                    units.clear();
                    break;
                }
            }
        }
        Ok(Some(ContestState { id: id.to_owned(), title: contest.title.clone(), columns, uses, units }))
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
