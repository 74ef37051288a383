//! What each statement did to the totals and the seats.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::ColumnIx;
use recount_tally::chronicle::Change;
use recount_tally::claim::ContestIx;

use super::Fill;
use crate::data::figures::FigureColumns;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let mut columns = vec![
        Column::number("index", "Index of the statement in the record.").always(),
        Column::text("kind", "Its kind: protocol, ruling, register ...").always(),
        Column::text(
            "change",
            "correction: other figures of the same office; conflict: says otherwise than what goes on standing; agreement: the same \
             figures by other hands; ruling; declaration; lot; revocation; register: a change of the register after polling opened; \
             void: has no effect. First figures of a station are no change: they are in the table of protocols.",
        )
        .always(),
        Column::text("contest", "The contest whose total it changed; absent where it changed none."),
        Column::text("station", "The station that it is about, where it is one."),
        Column::text("unit", "Its unit."),
        Column::count("countable", "stations", "By how many the countable stations of the contest changed.").always(),
        Column::text("seats", "How seats changed, as LIST+1 LIST-1; absent: no change."),
        Column::flag("seats_known", "Whether seats were computed before and after it.").always(),
    ];
    let figures = FigureColumns::new(&source, columns.iter());
    // What is a figure elsewhere is a difference here.
    columns.extend(
        figures.columns().map(|column| Column {
            description: format!("Change of the total. {}", column.description).into(),
            ..column
        }),
    );
    (columns, Box::new(move |rows| fill(&source, &figures, rows)))
}

fn fill(source: &Source<'_>, figures: &FigureColumns, rows: &mut dyn Rows) -> Result<(), DataError> {
    // Of several files, one for each contest, the first also holds what changed none.
    let first = source.fold.contests().next().map(|(ix, _)| ix);
    let holds_rest = first.is_none_or(|first| source.contests.contains(&first));
    let changes = source.fold.chronicle().map(|history| history.changes()).unwrap_or_default();
    for own in changes {
        let named = own.moved.iter().map(|moved| moved.contest).chain(own.gained.iter().map(|(contest, _)| *contest));
        let contests: BTreeSet<ContestIx> = named.collect();
        if contests.is_empty() && holds_rest {
            row(source, figures, own, None, rows)?;
        }
        for contest in contests.into_iter().filter(|contest| source.contests.contains(contest)) {
            row(source, figures, own, Some(contest), rows)?;
        }
    }
    Ok(())
}

fn row(
    source: &Source<'_>,
    figures: &FigureColumns,
    own: &Change,
    contest: Option<ContestIx>,
    rows: &mut dyn Rows,
) -> Result<(), DataError> {
    let noted = usize::try_from(own.index).ok().and_then(|at| source.fold.noted().get(at));
    let kind = noted.map(|noted| noted.kind).filter(|kind| !kind.is_empty()).unwrap_or("unreadable");
    let gained = own.gained.iter().find(|(ix, _)| Some(*ix) == contest).map_or(0, |(_, by)| *by);
    let mut row = vec![
        Cell::number(own.index),
        Cell::text(kind),
        Cell::text(own.kind.name()),
        Cell::maybe(contest, |contest| Cell::text(source.contest_id(contest))),
        Cell::maybe(own.station, |station| Cell::text(source.station_id(station))),
        Cell::maybe(own.station, |station| Cell::text(source.unit_of(station))),
        Cell::Number(gained),
        Cell::text(own.seats.as_ref().map(seats).unwrap_or_default()),
        Cell::Flag(own.seats_computed),
    ];
    match contest.and_then(|contest| Some((contest, source.fold.contest(contest)?))) {
        Some((contest, state)) => {
            let moved = |column: ColumnIx| {
                let (name, is_list) = (state.columns.name(column), state.columns.is_list(column));
                let own = own
                    .moved
                    .iter()
                    .find(|own| own.contest == contest && own.is_list == is_list && Some(own.name.as_str()) == name)?;
                Some(i128::from(own.after.unwrap_or(0)) - i128::from(own.before.unwrap_or(0)))
            };
            figures.push_with(contest, state, |column| Cell::maybe(moved(column), Cell::Number), &mut row)
        }
        None => figures.push_nothing(&mut row),
    }
    rows.row(&row)
}

/// Lists whose seats changed, as `LIST+1 LIST-1`.
fn seats((before, after): &(BTreeMap<String, u64>, BTreeMap<String, u64>)) -> String {
    let lists: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of = |seats: &BTreeMap<String, u64>, list: &str| i128::from(seats.get(list).copied().unwrap_or(0));
    let each = lists.into_iter().map(|list| (list, of(after, list) - of(before, list))).filter(|(_, by)| *by != 0);
    each.map(|(list, by)| format!("{list}{by:+}")).collect::<Vec<_>>().join(" ")
}
