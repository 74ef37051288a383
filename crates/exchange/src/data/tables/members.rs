//! The people on the seats.

use super::Fill;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::text("stage", "The stage of the rulebook that seated them.").always(),
        Column::text("list", "Identifier of their list; absent: elected without one."),
        Column::text("unit", "The unit of the seat, where seats belong to units."),
        Column::number("seat", "The seat within the list (and unit), from 1.").always(),
        Column::text(
            "candidate",
            "Identifier of the candidate; absent: the seat is vacant because the list is used up.",
        ),
        Column::text("name", "Their name."),
        Column::number("place", "The place on the list as nominated, from 1."),
        Column::flag("by_preference", "Whether votes of their own lifted them before others on the list.").always(),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    for own in source.outcome.into_iter().flat_map(|outcome| &outcome.members) {
        rows.row(&[
            Cell::text(own.stage.as_str()),
            Cell::text(own.list.as_deref().unwrap_or_default()),
            Cell::text(own.unit.as_deref().unwrap_or_default()),
            Cell::number(own.seat),
            Cell::text(own.candidate.as_deref().unwrap_or_default()),
            Cell::text(own.name.as_deref().unwrap_or_default()),
            Cell::figure(own.place),
            Cell::Flag(own.by_preference),
        ])?;
    }
    Ok(())
}
