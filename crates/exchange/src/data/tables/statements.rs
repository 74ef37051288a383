//! Every statement, and what has become of it.

use super::Fill;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::number("index", "Its index in the record, from 0.").always(),
        Column::text("kind", "charter, register, protocol, copy, ruling ...; unreadable: its bytes are no statement.")
            .always(),
        Column::text("status", "effective, superseded, contested or void.").always(),
        Column::text("signer", "Name of the first key that signed it, where it is known."),
        Column::text("station", "The station that it is about, where it is about one."),
        Column::text("reason", "Why, in a sentence; absent where it is simply effective."),
        Column::text("unit", "The unit of that station."),
        Column::count("signers", "keys", "How many known keys signed it; of void statements one at most.").always(),
        Column::text("code", "The reason in a word."),
        Column::number("by", "Index of the statement or ruling that made it so."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    let keys = source.fold.ledger().keys();
    for (noted, index) in source.fold.noted().iter().zip(0u64..) {
        let status = source.fold.status(index);
        let signers = noted.signer.iter().chain(&noted.cosigners).count() as u64;
        rows.row(&[
            Cell::number(index),
            Cell::text(if noted.kind.is_empty() { "unreadable" } else { noted.kind }),
            Cell::text(status.as_ref().map_or("", |status| status.word())),
            Cell::maybe(noted.signer, |signer| Cell::text(keys.name(signer))),
            Cell::maybe(noted.station, |station| Cell::text(source.station_id(station))),
            Cell::maybe(status.as_ref(), |status| Cell::text(status.reason())),
            Cell::maybe(noted.station, |station| Cell::text(source.unit_of(station))),
            Cell::number(signers),
            Cell::text(status.as_ref().map_or("", |status| status.code())),
            Cell::figure(status.as_ref().and_then(|status| status.by())),
        ])?;
    }
    Ok(())
}
