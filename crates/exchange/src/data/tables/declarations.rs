//! Declared results, computed again.

use recount_tally::declaration::DeclarationCheck;

use super::Fill;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::number("index", "Index of the declaration in the record.").always(),
        Column::text("by", "The body that declared.").always(),
        Column::number("poll", "The poll.").always(),
        Column::text("contest", "The contest.").always(),
        Column::text("unit", "The unit whose result it is.").always(),
        Column::text("source", "The source that was summed.").always(),
        Column::number("size", "The size of the record that it speaks of.").always(),
        Column::text("check", "holds, differs, or not_computable.").always(),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    for own in source.fold.declarations() {
        let check = match &own.check {
            DeclarationCheck::Holds => "holds",
            DeclarationCheck::Differs(_) => "differs",
            DeclarationCheck::Pending | DeclarationCheck::NotComputable(_) => "not_computable",
        };
        rows.row(&[
            Cell::number(own.index),
            Cell::text(own.declaration.by.as_str()),
            Cell::number(own.declaration.poll),
            Cell::text(own.declaration.contest.as_str()),
            Cell::text(own.declaration.unit.as_str()),
            Cell::text(own.declaration.source.as_str()),
            Cell::number(own.declaration.size),
            Cell::text(check),
        ])?;
    }
    Ok(())
}
