//! `--stations FILE`: every station that was looked at, one row each, for whoever goes on with programs of their own.

use std::collections::BTreeMap;
use std::path::Path;

use recount_exchange::data::{Cell, Column, DataError, Format, Rows, Schema, Sheet, write_table};
use recount_forensics::integer::{Rule, Test, Which};
use recount_forensics::report::{Ranked, Report};
use recount_report::input::Chosen;

use super::print::word;
use crate::error::{CliError, Outcome, file_error};

/// The format that a file's ending names.
pub fn format_of(path: &Path) -> Outcome<Format> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    Format::ALL
        .into_iter()
        .find(|format| format.ending() == ending)
        .ok_or_else(|| CliError::Input(format!("{}: name a file that ends in .csv, .json or .parquet", path.display())))
}

/// Writes the table.
pub fn write(path: &Path, chosen: &Chosen, report: &Report) -> Outcome {
    let format = format_of(path)?;
    let rows = |to: &mut dyn Rows| fill(chosen, report, to);
    let sheet = Sheet::made("stations", Schema { columns: columns() }, rows);
    let about = [
        ("source".to_owned(), report.subject.source.clone()),
        ("sha256".to_owned(), report.subject.hash.clone()),
        ("seed".to_owned(), report.settings.seed.to_string()),
    ];
    crate::output::stream(path, |out| {
        write_table(&sheet, format, &about, out).map_err(|why| match why {
            DataError::Io(why) => file_error(path, &why),
            why => CliError::Input(format!("{}: {why}", path.display())),
        })
    })
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("station", "Identifier of the station"),
        Column::text("region", "Its region"),
        Column::text("district", "Its district"),
        Column::count("registered", "voters", "Voters on the list").always(),
        Column::count("issued", "ballots", "Ballots given out: the numerator of turnout").always(),
        Column::count("found", "ballots", "Ballots found, valid and invalid: the denominator of shares").always(),
        Column::count("votes", "votes", "Votes of the list looked at").always(),
        Column::decimal("turnout", "percent", "Turnout; absent where nobody is registered"),
        Column::decimal("share", "percent", "Share of the list looked at; absent where no ballot was found"),
        Column::flag("round_turnout", "Whether the turnout is a whole percent as near as whole votes come").always(),
        Column::flag("round_share", "Whether the share is a whole percent as near as whole votes come").always(),
        Column::number("rank", "Place among the stations to look at first, from 1; absent for all others"),
        Column::text("reasons", "Why it is listed, the strongest reason first, apart by \"; \""),
    ]
}

fn fill(chosen: &Chosen, report: &Report, to: &mut dyn Rows) -> Result<(), DataError> {
    let table = &chosen.table;
    let test = Test::new(&table.stations, Rule::whole_percent());
    let ranked: BTreeMap<usize, (u64, &Ranked)> =
        (1..).zip(&report.ranking).map(|(rank, own)| (own.place, (rank, own))).collect();
    for (place, own) in table.stations.iter().enumerate() {
        let region = table.region.of.get(place).map_or("", |key| table.region.name(*key));
        let district = table.district.of.get(place).map_or("", |key| table.district.name(*key));
        let first = ranked.get(&place);
        let reasons =
            first.map(|(_, own)| own.reasons.iter().map(|reason| word(*reason)).collect::<Vec<_>>().join("; "));
        to.row(&[
            Cell::text(chosen.ids.get(place).map_or("", String::as_str)),
            Cell::text(region),
            Cell::text(district),
            Cell::number(own.registered),
            Cell::number(own.issued),
            Cell::number(own.found),
            Cell::number(own.leader),
            Cell::percent(own.issued.into(), own.registered.into()),
            Cell::percent(own.leader.into(), own.found.into()),
            Cell::Flag(test.hits(Which::Turnout, place)),
            Cell::Flag(test.hits(Which::Share, place)),
            Cell::maybe(first, |(rank, _)| Cell::number(*rank)),
            Cell::text(reasons.unwrap_or_default()),
        ])?;
    }
    Ok(())
}
