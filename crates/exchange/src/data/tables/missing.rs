//! Stations that are not countable.

use recount_election::StationIx;

use super::Fill;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        super::contest_column(),
        super::station_column(),
        super::unit_of_station_column(),
        Column::text("name", "Its name."),
        Column::text("reason", "missing, annulled, excluded, part_missing, not_computable or to_be_repeated.").always(),
        Column::number("ruling", "Index of the ruling behind it."),
        Column::text("grounds", "The grounds that the ruling gives, as a code."),
        Column::flag("received", "Whether anything was received from it.").always(),
        Column::number("poll", "The poll.").always(),
        Column::count("voters", "voters", "Voters on its register for the poll."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    let fold = source.fold;
    let register = fold.ledger().register();
    for (ix, state) in source.each_contest() {
        for (station, n) in register.geography().stations().iter().zip(0u32..) {
            let at = StationIx(n);
            if !fold.is_expected(at, ix) {
                continue;
            }
            let count = fold.count_station(at, ix, source.view);
            let Some(reason) = count.reason else { continue };
            let grounds = reason.ruling().and_then(|index| fold.rulings().get(&index));
            rows.row(&[
                Cell::text(state.id.as_str()),
                Cell::text(station.id.as_str()),
                Cell::text(source.unit_of(at)),
                Cell::text(station.name.as_deref().unwrap_or_default()),
                Cell::text(reason.code()),
                Cell::figure(reason.ruling()),
                Cell::text(grounds.map_or("", |state| &state.ruling.reason)),
                Cell::Flag(count.received),
                Cell::number(count.poll),
                Cell::figure(register.voters(at, u64::from(count.poll))),
            ])?;
        }
    }
    Ok(())
}
