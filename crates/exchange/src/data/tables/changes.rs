//! What each statement did to the totals and the seats.

use recount_tally::changes::Change;

use super::Fill;
use crate::data::figures::FigureColumns;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let mut columns = vec![
        Column::number("index", "Index of the statement in the record.").always(),
        Column::text("kind", "Its kind: protocol, ruling, register ...").always(),
        Column::text(
            "cause",
            "new: first figures of a station; superseded: other figures of the same office; conflict: says otherwise than what goes on \
             standing; ruling; void: has no effect; other: a part came, the register changed.",
        )
        .always(),
        Column::text("contest", "The contest; absent where no total changed and none is named."),
        Column::count("stations", "stations", "Stations that contribute something else than before.").always(),
        Column::text("station", "The station, where it is one."),
        Column::text("unit", "Its unit."),
        Column::count("countable", "stations", "By how many the countable stations changed.").always(),
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
    // Of several files, one for each contest, the first also holds what names no contest.
    let first = source.fold.contests().next().map(|(ix, _)| ix);
    let holds_rest = first.is_none_or(|first| source.contests.contains(&first));
    for own in source.fold.changes() {
        if own.contest.map_or(holds_rest, |contest| source.contests.contains(&contest)) {
            row(source, figures, own, rows)?;
        }
    }
    Ok(())
}

fn row(source: &Source<'_>, figures: &FigureColumns, own: &Change, rows: &mut dyn Rows) -> Result<(), DataError> {
    let noted = usize::try_from(own.index).ok().and_then(|at| source.fold.noted().get(at));
    let kind = noted.map(|noted| noted.kind).filter(|kind| !kind.is_empty()).unwrap_or("unreadable");
    let seats = own.seats.iter().flatten().map(|(list, n)| format!("{list}{n:+}")).collect::<Vec<_>>().join(" ");
    let mut row = vec![
        Cell::number(own.index),
        Cell::text(kind),
        Cell::text(own.cause.name()),
        Cell::maybe(own.contest, |contest| Cell::text(source.contest_id(contest))),
        Cell::number(own.stations),
        Cell::maybe(own.station, |station| Cell::text(source.station_id(station))),
        Cell::maybe(own.station, |station| Cell::text(source.unit_of(station))),
        Cell::number(own.countable),
        Cell::text(seats),
        Cell::Flag(own.seats.is_some()),
    ];
    let at = own.contest.and_then(|contest| Some((contest, source.fold.contest(contest)?)));
    let change = |at: usize| own.figures.get(at).filter(|n| **n != 0).map(|n| i128::from(*n));
    match at {
        Some((contest, state)) => {
            figures.push_with(contest, state, |column| Cell::maybe(change(column.index()), Cell::Number), &mut row)
        }
        None => figures.push_nothing(&mut row),
    }
    rows.row(&row)
}
