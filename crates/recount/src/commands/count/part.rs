//! The totals of one contest: of the whole, of one unit, or by the units of a level.

use recount_election::UnitIx;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;
use recount_tally::fold::ContestState;
use recount_tally::totals::{UnitTotal, UnitTotals};
use serde_json::{Value, json};

use super::Asked;
use crate::error::Outcome;
use crate::show::{self, Align, Table};
use crate::view::computed::{self, Computed};
use crate::view::{coverage, names, totals};

/// Lists with a column of their own in a table by units.
const LISTS_SHOWN: usize = 4;

/// The totals of a contest, computed once.
fn totals_of(fold: &Fold, contest: ContestIx, asked: &Asked, computed: Option<&Computed>) -> Outcome<UnitTotals> {
    match computed.and_then(|computed| computed.totals_of(contest)) {
        Some(totals) => Ok(totals.clone()),
        None => computed::totals(fold, contest, asked.view),
    }
}

fn of_unit<'a>(fold: &Fold, totals: &'a UnitTotals, unit: Option<UnitIx>) -> Option<&'a UnitTotal> {
    let unit = unit.or_else(|| fold.ledger().register().geography().root())?;
    totals.get(&unit)
}

/// Prints coverage, totals and lines of the whole or of the unit asked for.
pub fn print(fold: &Fold, contest: ContestIx, asked: &Asked, computed: Option<&Computed>) -> Outcome {
    let Some(state) = fold.contest(contest) else { return Ok(()) };
    let place = asked.unit.map_or_else(
        || "the whole".to_owned(),
        |unit| format!("{} ({})", names::unit(fold, unit), names::unit_id(fold, unit)),
    );
    show::heading(&format!("{} ({}): {place}", state.title, state.id));
    let all = totals_of(fold, contest, asked, computed)?;
    match of_unit(fold, &all, asked.unit) {
        Some(total) => super::print_unit(fold, contest, asked, total),
        None => show::line("No station of the register belongs to this contest here."),
    }
    Ok(())
}

/// The same for scripts; with a level, every unit of it too.
pub fn json(
    fold: &Fold,
    contest: ContestIx,
    asked: &Asked,
    computed: Option<&Computed>,
    level: Option<&str>,
) -> Outcome<Value> {
    let Some(state) = fold.contest(contest) else { return Ok(Value::Null) };
    let all = totals_of(fold, contest, asked, computed)?;
    let total = of_unit(fold, &all, asked.unit);
    let units = match level {
        None => None,
        Some(level) => {
            let each = units_of(fold, &all, asked.unit, level)?.into_iter().map(|(unit, total)| {
                json!({
                    "unit": names::unit_id(fold, unit),
                    "name": names::unit(fold, unit),
                    "coverage": coverage::json(fold, contest, asked.view, Some(unit), &total.coverage),
                    "totals": totals::json(fold, contest, total),
                })
            });
            Some(each.collect::<Vec<_>>())
        }
    };
    Ok(json!({
        "contest": state.id,
        "title": state.title,
        "coverage": total.map(|total| coverage::json(fold, contest, asked.view, asked.unit, &total.coverage)),
        "totals": total.map(|total| totals::json(fold, contest, total)),
        "units": units,
    }))
}

fn units_of<'a>(
    fold: &Fold,
    all: &'a UnitTotals,
    within: Option<UnitIx>,
    level: &str,
) -> Outcome<Vec<(UnitIx, &'a UnitTotal)>> {
    let geography = fold.ledger().register().geography();
    let of_level = |unit: &UnitIx| geography.unit(*unit).is_some_and(|unit| unit.level == level);
    super::level_is_there(fold, level)?;
    let inside = |unit: &UnitIx| within.is_none_or(|outer| geography.is_within(*unit, outer));
    Ok(all.iter().filter(|(unit, _)| of_level(unit) && inside(unit)).map(|(unit, total)| (*unit, total)).collect())
}

/// Prints one line for each unit of a level.
pub fn print_by(fold: &Fold, asked: &Asked, level: &str) -> Outcome {
    for contest in &asked.contests {
        let Some(state) = fold.contest(*contest) else { continue };
        show::heading(&format!("{} ({}) by {level}", state.title, state.id));
        let all = computed::totals(fold, *contest, asked.view)?;
        let units = units_of(fold, &all, asked.unit, level)?;
        let Some(whole) = of_unit(fold, &all, asked.unit) else {
            show::line("No station of the register belongs to this contest here.");
            continue;
        };
        let lists = totals::rows(fold, *contest, &whole.sums).into_iter().take(LISTS_SHOWN).map(|row| row.id);
        let mut lists: Vec<String> = lists.collect();
        // The names of units matter more than a further list.
        let mut table = by_units(fold, state, &units, whole, &lists);
        while table.width() > show::WIDTH && lists.len() > 1 {
            lists.pop();
            table = by_units(fold, state, &units, whole, &lists);
        }
        table.print();
        show::paragraph(
            "\"votes\" are those for all lists; the lists with most votes have columns, --json has all of them with their bases.",
        );
    }
    Ok(())
}

/// One line for each unit, with a column for each of these lists.
fn by_units(
    fold: &Fold,
    state: &ContestState,
    units: &[(UnitIx, &UnitTotal)],
    whole: &UnitTotal,
    lists: &[String],
) -> Table {
    let mut columns =
        vec![("unit", Align::Left), ("countable", Align::Right), ("expected", Align::Right), ("votes", Align::Right)];
    columns.extend(lists.iter().map(|list| (list.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    let mut line = |name: String, total: &UnitTotal| {
        let votes = crate::view::bases::votes(state, &total.sums);
        let mut cells = vec![
            name,
            show::number(total.coverage.countable),
            show::number(total.coverage.expected),
            show::figure(votes),
        ];
        cells.extend(lists.iter().map(|list| show::figure(total.sums.list(&state.columns, list))));
        table.row(cells);
    };
    for (unit, total) in units {
        line(names::unit(fold, *unit), total);
    }
    line("in all".to_owned(), whole);
    table
}
