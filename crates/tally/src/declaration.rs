//! Declarations, checked: "the result at size N is this" is computed again.

use recount_election::UnitIx;
use recount_record::VoidReason;
use recount_record::statement::Declaration;

use crate::count::{Source, View};
use crate::fold::Fold;

/// What came of computing a declaration again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclarationCheck {
    /// It speaks of an earlier size: fold up to that size and ask [`Fold::check_declaration`].
    Pending,
    /// Every figure in it is derived again.
    Holds,
    /// Some figures differ.
    Differs(Vec<Difference>),
    /// It cannot be computed.
    NotComputable(String),
}

/// A declared figure that differs from the derived one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// A line's code, a list's id, or `seats.` with a list's id.
    pub what: String,
    /// As declared.
    pub declared: u64,
    /// As derived; `None` where nothing states it.
    pub derived: Option<u64>,
}

/// A declaration with the outcome of its check.
#[derive(Debug, Clone)]
pub struct DeclarationState {
    /// Index of the statement.
    pub index: u64,
    /// What it says.
    pub declaration: Declaration,
    /// What came of computing it again.
    pub check: DeclarationCheck,
}

impl Fold {
    /// All declarations in order.
    pub fn declarations(&self) -> &[DeclarationState] {
        &self.declarations
    }

    pub(crate) fn take_declaration(&mut self, index: u64, declaration: &Declaration) -> Result<(), VoidReason> {
        let listed = |what, id: &str| VoidReason::NotListed { what, id: id.to_owned() };
        let contest = self.contest_ix(&declaration.contest).ok_or_else(|| listed("contest", &declaration.contest))?;
        let unit = self.ledger.register().geography().unit_ix(&declaration.unit);
        let unit = unit.ok_or_else(|| listed("unit", &declaration.unit))?;
        let poll = u16::try_from(declaration.poll).map_err(|_| VoidReason::PollNotOpen(declaration.poll))?;
        let check = if declaration.size == index {
            self.check_declaration(declaration)
        } else if declaration.size < index {
            DeclarationCheck::Pending
        } else {
            DeclarationCheck::NotComputable(format!("it speaks of size {}, which was not reached", declaration.size))
        };
        self.declared.entry((poll, contest, unit)).or_insert(index);
        self.declarations.push(DeclarationState { index, declaration: declaration.clone(), check });
        Ok(())
    }

    /// Computes a declaration again from this fold, which must stand at the size that it names.
    pub fn check_declaration(&self, declaration: &Declaration) -> DeclarationCheck {
        match self.differences(declaration) {
            Ok(differences) if differences.is_empty() => DeclarationCheck::Holds,
            Ok(differences) => DeclarationCheck::Differs(differences),
            Err(why) => DeclarationCheck::NotComputable(why),
        }
    }

    /// Enters the outcome of a check that was made at an earlier size.
    pub fn settle_declaration(&mut self, index: u64, check: DeclarationCheck) {
        if let Some(state) = self.declarations.iter_mut().find(|state| state.index == index) {
            state.check = check;
        }
    }

    fn differences(&self, declaration: &Declaration) -> Result<Vec<Difference>, String> {
        let contest = self.contest_ix(&declaration.contest).ok_or("its contest is not listed at that size")?;
        let geography = self.ledger().register().geography();
        let unit: UnitIx = geography.unit_ix(&declaration.unit).ok_or("its unit is not listed at that size")?;
        let source = if Some(declaration.source.as_str()) == self.law().map(|l| l.rulebook.standing.decides.as_str()) {
            Source::Deciding
        } else {
            Source::Only(self.sources().find(&declaration.source).ok_or("nothing was filed from its source")?)
        };
        let view = View { source, poll: u16::try_from(declaration.poll).ok() };
        let total = self.total_of_unit(contest, view, unit).map_err(|e| e.to_string())?;
        let columns = &self.contest(contest).ok_or("its contest is not listed")?.columns;
        let sums = total.as_ref().map(|total| &total.sums);
        let mut differences = Vec::new();
        let mut compare = |what: String, declared: u64, derived: Option<u64>| {
            if derived != Some(declared) {
                differences.push(Difference { what, declared, derived });
            }
        };
        for (code, n) in &declaration.lines {
            compare(code.clone(), *n, sums.and_then(|sums| sums.line(columns, code)));
        }
        for (list, n) in &declaration.votes {
            compare(list.clone(), *n, sums.and_then(|sums| sums.list(columns, list)));
        }
        if !declaration.seats.is_empty() {
            let outcome = self.outcome(view).map_err(|refusal| refusal.to_string())?;
            for (list, n) in &declaration.seats {
                compare(format!("seats.{list}"), *n, outcome.seats.get(list).copied());
            }
        }
        Ok(differences)
    }
}
