//! Every test of admission.

use super::Fill;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::text("stage", "The stage of the rulebook.").always(),
        Column::text("list", "Identifier of the list.").always(),
        Column::text("name", "Its name.").always(),
        Column::flag("admitted", "Whether the list may receive seats by this stage.").always(),
        Column::text("unit", "The unit in which the test is asked."),
        Column::text("base", "What is asked about: a quantity of the rulebook, votes, quota or an attribute.").always(),
        Column::count("base_value", "votes", "The value of the base in this unit.").always(),
        Column::text("asked", "The share, the multiple of the quota or the number that is asked.").always(),
        Column::flag("strict", "Whether the very edge fails.").always(),
        Column::count("votes", "votes", "Votes of the list in this unit.").always(),
        Column::count(
            "needed",
            "votes",
            "The least votes that pass with this base; 0 where votes are not asked about.",
        )
        .always(),
        Column::count("margin", "votes", "Votes less those needed.").always(),
        Column::flag("passed", "Whether the test is passed.").always(),
        Column::text("law", "The key of the law in the rulebook."),
        Column::text("article", "The law that says so."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    let Some(outcome) = source.outcome else { return Ok(()) };
    for own in &outcome.admission {
        for test in &own.tests {
            let article = test.law.as_ref().and_then(|key| outcome.laws.get(&**key));
            rows.row(&[
                Cell::text(own.stage.as_str()),
                Cell::text(own.list.as_str()),
                Cell::text(own.name.as_str()),
                Cell::Flag(own.admitted),
                Cell::text(test.unit.as_str()),
                Cell::text(test.base.as_str()),
                Cell::number(test.base_value),
                Cell::text(test.share.as_str()),
                Cell::Flag(test.strict),
                Cell::number(test.votes),
                Cell::number(test.needed),
                Cell::number(test.margin),
                Cell::Flag(test.passed),
                Cell::text(test.law.as_deref().unwrap_or_default()),
                Cell::text(article.map_or("", String::as_str)),
            ])?;
        }
    }
    Ok(())
}
