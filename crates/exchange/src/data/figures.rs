//! The columns of figures: lines under their codes, votes under `votes.` and the list's identifier.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::{AGAINST_ALL, ColumnIx, Holds};
use recount_tally::claim::ContestIx;
use recount_tally::fold::ContestState;

use super::{Cell, Column, Source};

/// Which column of a table holds which figure of each contest. Contests that share a line or a list share its column.
pub(super) struct FigureColumns {
    columns: Vec<Column>,
    places: BTreeMap<ContestIx, Vec<usize>>,
}

impl FigureColumns {
    /// Of the contests of a source, beside these columns of the table.
    pub fn new<'c>(source: &Source<'_>, beside: impl Iterator<Item = &'c Column>) -> FigureColumns {
        let taken: BTreeSet<&str> = beside.map(|column| column.name.as_ref()).collect();
        let mut own = FigureColumns { columns: Vec::new(), places: BTreeMap::new() };
        let mut known: BTreeMap<(bool, String), usize> = BTreeMap::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        for is_list in [false, true] {
            for (ix, state) in source.each_contest() {
                for (_, id) in each(state).filter(|(column, _)| state.columns.is_list(*column) == is_list) {
                    let at = *known.entry((is_list, id.to_owned())).or_insert_with(|| {
                        let mut column = if is_list { votes(source, state, id) } else { line(source, id) };
                        // A line may be called like one of the table's own columns, or like a list's.
                        while taken.contains(column.name.as_ref()) || names.contains(column.name.as_ref()) {
                            column.name = format!("line.{}", column.name).into();
                        }
                        names.insert(column.name.clone().into_owned());
                        own.columns.push(column);
                        own.columns.len() - 1
                    });
                    own.places.entry(ix).or_default().push(at);
                }
            }
        }
        own
    }

    /// The columns, in the order in which [`FigureColumns::push`] fills them.
    pub fn columns(&self) -> impl Iterator<Item = Column> + '_ {
        self.columns.iter().cloned()
    }

    /// Appends the figures of one contest to a row.
    pub fn push(
        &self,
        contest: ContestIx,
        state: &ContestState,
        figure: impl Fn(ColumnIx) -> Option<u64>,
        row: &mut Vec<Cell<'_>>,
    ) {
        self.push_with(contest, state, |column| Cell::figure(figure(column)), row);
    }

    /// The same of cells.
    pub fn push_with(
        &self,
        contest: ContestIx,
        state: &ContestState,
        of: impl Fn(ColumnIx) -> Cell<'static>,
        row: &mut Vec<Cell<'_>>,
    ) {
        let from = row.len();
        self.push_nothing(row);
        let places = self.places.get(&contest).map_or(&[][..], Vec::as_slice);
        for ((column, _), at) in each(state).zip(places) {
            if let Some(cell) = row.get_mut(from + at) {
                *cell = of(column);
            }
        }
    }

    /// Appends absent figures.
    pub fn push_nothing(&self, row: &mut Vec<Cell<'_>>) {
        row.resize(row.len() + self.columns.len(), Cell::Absent);
    }
}

/// Lines first, then lists: the order in which places are kept.
fn each(state: &ContestState) -> impl Iterator<Item = (ColumnIx, &str)> {
    state.columns.lines().chain(state.columns.lists())
}

fn line(source: &Source<'_>, code: &str) -> Column {
    let forms = source.fold.law().map_or(&[][..], |law| &law.forms.forms);
    let line = forms.iter().flat_map(|form| &form.lines).find(|line| line.code == code);
    let (title, unit) = line.map_or((code, "ballots"), |line| {
        let unit = match line.holds {
            Holds::Voters => "voters",
            Holds::Ballots => "ballots",
            Holds::Votes => "votes",
            Holds::Other => "items",
        };
        (line.title.as_str(), unit)
    });
    Column::count(code.to_owned(), unit, format!("Line of the protocol: {title}"))
}

fn votes(source: &Source<'_>, state: &ContestState, id: &str) -> Column {
    let lists = source.fold.ledger().register().all_lists(&state.id);
    let name = lists.iter().find(|list| list.id == id).map(|list| list.name.as_str());
    let name = name.unwrap_or(if id == AGAINST_ALL { "against all" } else { id });
    Column::count(format!("votes.{id}"), "votes", format!("Votes for: {name}"))
}
