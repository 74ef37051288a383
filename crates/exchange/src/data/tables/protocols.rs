//! Every authorised protocol and copy with its figures.

use recount_election::StationIx;
use recount_tally::claim::{Claim, ContestIx};
use recount_tally::fold::ContestState;
use recount_tally::standing::By;

use super::Fill;
use crate::data::figures::FigureColumns;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let mut columns = vec![
        super::contest_column(),
        super::station_column(),
        super::unit_of_station_column(),
        Column::number("index", "Index of the statement in the record.").always(),
        Column::text("kind", "protocol, or copy: an observer's or a party's.").always(),
        Column::number("poll", "The poll.").always(),
        Column::text("part", "The part of the station; absent: the whole."),
        Column::text("source", "Of several counts of the same ballots, which: machine, hand, recount ...").always(),
        Column::text("signer", "Name of the first key that signed it.").always(),
        Column::count("signers", "keys", "How many keys signed it.").always(),
        Column::number("replaces", "Index of the statement that it says it replaces."),
        Column::flag(
            "stands",
            "Whether its figures are those that stand for its place, source and part. Of copies always absent.",
        ),
        Column::text("status", "effective, superseded, contested or void.").always(),
        Column::text("reason", "Why, in a word; absent where it is simply effective."),
        Column::number("by", "Index of the statement or ruling that made it so."),
    ];
    let figures = FigureColumns::new(&source, columns.iter());
    columns.extend(figures.columns());
    (columns, Box::new(move |rows| fill(&source, &figures, rows)))
}

fn fill(source: &Source<'_>, figures: &FigureColumns, rows: &mut dyn Rows) -> Result<(), DataError> {
    let stations = source.fold.ledger().register().geography().stations().len();
    for (ix, state) in source.each_contest() {
        for station in (0u32..).take(stations).map(StationIx) {
            let Some(own) = source.fold.station(station) else { continue };
            let protocols = own.claims.iter().map(|claim| (claim, "protocol"));
            let copies = own.copies.iter().map(|claim| (claim, "copy"));
            for (claim, kind) in protocols.chain(copies).filter(|(claim, _)| claim.slot.contest == ix) {
                row(source, figures, Place { station, contest: ix, state }, kind, claim, rows)?;
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Place<'a> {
    station: StationIx,
    contest: ContestIx,
    state: &'a ContestState,
}

fn row(
    source: &Source<'_>,
    figures: &FigureColumns,
    place: Place<'_>,
    kind: &'static str,
    claim: &Claim,
    rows: &mut dyn Rows,
) -> Result<(), DataError> {
    let fold = source.fold;
    let status = fold.status(claim.index);
    let stands = || fold.stand(place.station, claim.slot).is_some_and(|stand| stand.by == By::Claim(claim.index));
    let mut row = vec![
        Cell::text(place.state.id.as_str()),
        Cell::text(source.station_id(place.station)),
        Cell::text(source.unit_of(place.station)),
        Cell::number(claim.index),
        Cell::text(kind),
        Cell::number(claim.slot.poll),
        Cell::maybe(claim.slot.part, |part| Cell::text(fold.parts().get(part))),
        Cell::text(fold.source_name(claim.slot)),
        Cell::text(fold.ledger().keys().name(claim.signer)),
        Cell::number(claim.signers().count() as u64),
        Cell::figure(claim.supersedes),
        if kind == "copy" { Cell::Absent } else { Cell::Flag(stands()) },
        Cell::text(status.as_ref().map_or("", |status| status.word())),
        Cell::text(status.as_ref().map_or("", |status| status.code())),
        Cell::figure(status.as_ref().and_then(|status| status.by())),
    ];
    figures.push(place.contest, place.state, |column| claim.figures.get(column), &mut row);
    rows.row(&row)
}
