//! Controls that are broken.

use super::{Fill, word};
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        super::contest_column(),
        super::station_column(),
        super::unit_of_station_column(),
        Column::number("poll", "The poll.").always(),
        Column::text("part", "The part of the station; absent: the whole, or the sum of its parts."),
        Column::text("source", "The source whose figures break it.").always(),
        Column::text("form", "The protocol form.").always(),
        Column::text("control", "Code of the control.").always(),
        Column::text("severity", "error, warning or signal.").always(),
        Column::text("formula", "What must hold, by the codes of lines.").always(),
        Column::text("figures", "The same with the figures put in.").always(),
        Column::text("law", "The law that says so."),
        Column::text("note", "What it means."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    for own in &source.broken().0 {
        if !source.contests.contains(&own.slot.contest) {
            continue;
        }
        rows.row(&[
            Cell::text(source.contest_id(own.slot.contest)),
            Cell::text(source.station_id(own.station)),
            Cell::text(source.unit_of(own.station)),
            Cell::number(own.slot.poll),
            Cell::maybe(own.slot.part, |part| Cell::text(source.fold.parts().get(part))),
            Cell::text(source.fold.source_name(own.slot)),
            Cell::text(own.form),
            Cell::text(own.control.code.as_str()),
            Cell::text(word(&own.control.severity)),
            Cell::text(own.control.formula.text()),
            Cell::text(own.figures.as_str()),
            Cell::text(own.control.law.as_str()),
            Cell::text(own.control.note.as_str()),
        ])?;
    }
    Ok(())
}
