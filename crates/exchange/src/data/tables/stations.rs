//! What each station contributes, and why some contribute nothing.

use recount_election::StationIx;
use recount_tally::claim::ContestIx;
use recount_tally::standing::By;
use recount_tally::{Fold, Source as Figures, View};

use super::{Fill, indices};
use crate::data::figures::FigureColumns;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let mut columns = vec![
        super::contest_column(),
        super::station_column(),
        super::unit_of_station_column(),
        Column::count("voters", "voters", "Voters on its register for the poll."),
        Column::number("poll", "The poll: 1 is the first, a repetition opens the next.").always(),
        Column::text(
            "status",
            "countable, or why it is not: missing, annulled, excluded, part_missing, not_computable, to_be_repeated.",
        )
        .always(),
    ];
    let behind = [
        Column::text("name", "Its name."),
        Column::number(
            "ruling",
            "Index of the ruling because of which it is not countable, or that corrected its figures.",
        ),
        Column::flag("received", "Whether anything was received from it.").always(),
        Column::text("source", "The source whose figures stand; several, with spaces, where its parts differ."),
        Column::text(
            "statements",
            "Indices of the statements and rulings whose figures are summed here, with spaces between them.",
        ),
        Column::count("conflicts", "statements", "Authorised statements that say otherwise.").always(),
        Column::flag("suspect", "Whether something that stands was signed by a key that was revoked as suspect.")
            .always(),
        Column::count("controls_broken", "controls", "Controls that its standing figures break, of every source.")
            .always(),
    ];
    let figures = FigureColumns::new(&source, columns.iter().chain(&behind));
    columns.extend(figures.columns());
    columns.extend(behind);
    (columns, Box::new(move |rows| fill(&source, &figures, rows)))
}

fn fill(source: &Source<'_>, figures: &FigureColumns, rows: &mut dyn Rows) -> Result<(), DataError> {
    let register = source.fold.ledger().register();
    let geography = register.geography();
    let (_, broken) = source.broken();
    for (ix, state) in source.each_contest() {
        for (station, n) in geography.stations().iter().zip(0u32..) {
            let at = StationIx(n);
            if !source.fold.is_expected(at, ix) {
                continue;
            }
            let count = source.fold.count_station(at, ix, source.view);
            let rests = rests_on(source.fold, at, ix, source.view, count.poll);
            let ruling = count.reason.and_then(|reason| reason.ruling()).or(count.by_ruling);
            let mut row = vec![
                Cell::text(state.id.as_str()),
                Cell::text(station.id.as_str()),
                Cell::text(source.unit_of(at)),
                Cell::figure(register.voters(at, u64::from(count.poll))),
                Cell::number(count.poll),
                Cell::text(count.reason.map_or("countable", |reason| reason.code())),
            ];
            figures.push(ix, state, |column| count.figures.as_ref().and_then(|own| own.get(column)), &mut row);
            row.extend([
                Cell::text(station.name.as_deref().unwrap_or_default()),
                Cell::figure(ruling),
                Cell::Flag(count.received),
                Cell::text(rests.sources.join(" ")),
                Cell::text(indices(rests.statements)),
                Cell::number(count.rivals),
                Cell::Flag(count.suspect),
                Cell::number(broken.get(&(ix, at)).copied().unwrap_or(0)),
            ]);
            rows.row(&row)?;
        }
    }
    Ok(())
}

/// What the figures of a station rest on in a view.
#[derive(Default)]
struct Rests<'a> {
    sources: Vec<&'a str>,
    statements: Vec<u64>,
}

fn rests_on(fold: &Fold, station: StationIx, contest: ContestIx, view: View, poll: u16) -> Rests<'_> {
    let mut rests = Rests::default();
    if view.source == Figures::Copies {
        let copies = fold.station(station).map_or(&[][..], |state| &state.copies);
        let mut own = copies.iter().filter(|copy| copy.slot.contest == contest && copy.slot.poll == poll);
        rests.statements.extend(own.next().map(|copy| copy.index));
        return rests;
    }
    for slot in fold.slots(station) {
        if slot.contest != contest || slot.poll != poll {
            continue;
        }
        let counted = match view.source {
            Figures::Only(source) => Some(source),
            _ => fold.counted_source(station, contest, slot.part),
        };
        if counted != Some(slot.source) {
            continue;
        }
        if let Some(stand) = fold.stand(station, slot) {
            let (By::Claim(index) | By::Ruling(index)) = stand.by;
            rests.statements.push(index);
            let source = fold.source_name(slot);
            if !rests.sources.contains(&source) {
                rests.sources.push(source);
            }
        }
    }
    rests
}
