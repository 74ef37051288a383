//! How each seat came about.

use recount_seats::Fraction;

use super::{Fill, word};
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::number("step", "The step, from 1.").always(),
        Column::text("stage", "The stage of the rulebook.").always(),
        Column::text("unit", "The unit in which the stage gave the seat, where it works unit by unit."),
        Column::number("seat", "The last of the seats given so far in this stage, from 1.").always(),
        Column::text("list", "Who received it: a list, or a unit where seats are given to units.").always(),
        Column::text("name", "Its name."),
        Column::count("held", "seats", "Seats that it had before.").always(),
        Column::count("seats", "seats", "Seats given in this step (taken back, for taken_back).").always(),
        Column::text("why", "Why: full_quota, remainder, quotient, highest_average, minimum, lot ...").always(),
        Column::text(
            "value",
            "The figure that decided, as an exact fraction: the quotient, or the remainder in votes.",
        )
        .always(),
        Column::decimal(
            "value_decimal",
            "votes",
            "The same, rounded half up at six digits; absent where it is too large.",
        ),
        Column::text("over", "The nearest rival that it beat."),
        Column::text("over_value", "The rival's figure, as an exact fraction."),
        Column::decimal("over_decimal", "votes", "The same, rounded."),
        Column::text("law", "The key of the law in the rulebook."),
        Column::text("article", "The law that says so."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn rounded(fraction: Fraction) -> Cell<'static> {
    Cell::ratio(fraction.num, fraction.den, 1)
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    let Some(outcome) = source.outcome else { return Ok(()) };
    for (own, n) in outcome.steps.iter().zip(1u64..) {
        let article = own.law.as_ref().and_then(|key| outcome.laws.get(&**key));
        let over = own.over.as_ref();
        rows.row(&[
            Cell::number(n),
            Cell::text(own.stage.as_str()),
            Cell::text(own.unit.as_deref().unwrap_or_default()),
            Cell::number(own.seat),
            Cell::text(own.list.as_str()),
            Cell::text(outcome.names.get(&*own.list).map_or("", String::as_str)),
            Cell::number(own.held),
            Cell::number(own.seats),
            Cell::text(word(&own.what)),
            Cell::text(own.value.to_string()),
            rounded(own.value),
            Cell::text(over.map_or("", |rival| &rival.list)),
            Cell::maybe(over, |rival| Cell::text(rival.value.to_string())),
            Cell::maybe(over, |rival| rounded(rival.value)),
            Cell::text(own.law.as_deref().unwrap_or_default()),
            Cell::text(article.map_or("", String::as_str)),
        ])?;
    }
    Ok(())
}
