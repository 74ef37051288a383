//! Totals and coverage of every unit.

use super::Fill;
use crate::data::figures::FigureColumns;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let mut columns = vec![
        super::contest_column(),
        Column::text("unit", "Identifier of the unit.").always(),
        Column::text("level", "Its level: national, region ...").always(),
        Column::text("name", "Its name."),
        Column::text("in", "Identifier of the unit above; absent for the whole."),
        Column::count("expected", "stations", "Stations of the contest in the unit.").always(),
        Column::count("received", "stations", "Stations from which something was received.").always(),
        Column::count("countable", "stations", "Stations that the figures are the sum of.").always(),
        Column::count("voters", "voters", "Voters on the registers of the stations.").always(),
    ];
    let behind = [
        Column::count("conflicts", "stations", "Stations where authorised statements conflict.").always(),
        Column::count(
            "suspect",
            "stations",
            "Stations where what stands was signed by a key that was revoked as suspect.",
        )
        .always(),
        Column::count("voters_uncounted", "voters", "Voters on the registers of stations that are not countable.")
            .always(),
    ];
    let figures = FigureColumns::new(&source, columns.iter().chain(&behind));
    columns.extend(figures.columns());
    columns.extend(behind);
    (columns, Box::new(move |rows| fill(&source, &figures, rows)))
}

fn fill(source: &Source<'_>, figures: &FigureColumns, rows: &mut dyn Rows) -> Result<(), DataError> {
    let geography = source.fold.ledger().register().geography();
    for (ix, state) in source.each_contest() {
        for (unit, total) in &source.fold.totals(ix, source.view)? {
            let Some(unit) = geography.unit(*unit) else { continue };
            let above = unit.parent.and_then(|parent| geography.unit(parent)).map_or("", |parent| &parent.id);
            let coverage = &total.coverage;
            let mut row = vec![
                Cell::text(state.id.as_str()),
                Cell::text(unit.id.as_str()),
                Cell::text(unit.level.as_str()),
                Cell::text(unit.name.as_str()),
                Cell::text(above),
                Cell::number(coverage.expected),
                Cell::number(coverage.received),
                Cell::number(coverage.countable),
                Cell::number(coverage.voters),
            ];
            figures.push(ix, state, |column| total.sums.at(column.index()), &mut row);
            let behind = [coverage.conflicts, coverage.suspect, coverage.voters_uncounted];
            row.extend(behind.map(Cell::number));
            rows.row(&row)?;
        }
    }
    Ok(())
}
