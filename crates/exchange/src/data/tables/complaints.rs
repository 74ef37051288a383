//! Complaints.

use std::collections::BTreeMap;

use recount_record::statement::About;

use super::{Fill, indices};
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::number("index", "Index of the complaint in the record.").always(),
        Column::number("poll", "The poll.").always(),
        Column::text("code", "What is complained of, as a code.").always(),
        Column::text("unit", "The unit that it is about; absent with station and statement: the whole poll."),
        Column::text("station", "The station that it is about."),
        Column::text("part", "The part of the station."),
        Column::number("statement", "Index of the statement that it is about."),
        Column::text("signer", "Name of the key that signed it."),
        Column::text("rulings", "Indices of the rulings that answer it, with spaces between them; absent: none does."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    let fold = source.fold;
    let mut answers: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (ruling, state) in fold.rulings() {
        for complaint in &state.ruling.complaints {
            answers.entry(*complaint).or_default().push(*ruling);
        }
    }
    for own in &fold.events().complaints {
        let (mut unit, mut station, mut part, mut statement) = ("", "", "", None);
        match &own.what.about {
            About::Poll => {}
            About::Unit(id) => unit = id,
            About::Station { id, part: of } => (station, part) = (id, of.as_deref().unwrap_or_default()),
            About::Statement(index) => statement = Some(*index),
        }
        let noted = usize::try_from(own.index).ok().and_then(|at| fold.noted().get(at));
        rows.row(&[
            Cell::number(own.index),
            Cell::number(own.what.poll),
            Cell::text(own.what.code.as_str()),
            Cell::text(unit),
            Cell::text(station),
            Cell::text(part),
            Cell::figure(statement),
            Cell::maybe(noted.and_then(|noted| noted.signer), |signer| Cell::text(fold.ledger().keys().name(signer))),
            Cell::text(indices(answers.get(&own.index).into_iter().flatten().copied())),
        ])?;
    }
    Ok(())
}
