//! The result under every other declared reading, side by side.

use recount_seats::{Reading, ReadingResult};

use super::Shown;
use crate::show::{self, Align, Table};

/// Readings in one table: more do not fit a terminal.
const SIDE_BY_SIDE: usize = 4;

/// Prints seats under each reading beside those of the rulebook.
pub fn readings(shown: Shown<'_>) {
    let readings = &shown.outcome.readings;
    if readings.is_empty() {
        return;
    }
    show::heading("Other readings of the law, side by side");
    for (at, chunk) in readings.chunks(SIDE_BY_SIDE).enumerate() {
        table(shown, chunk, at * SIDE_BY_SIDE);
    }
    for (reading, n) in readings.iter().zip(1..) {
        show::item(format!("[{n}] {}", words(reading)));
    }
}

fn words(reading: &Reading) -> String {
    let says = reading.says.as_ref().map_or_else(String::new, |says| format!(" {says}."));
    let result = match &reading.result {
        ReadingResult::Refused(refusal) => format!(" Refused: {refusal}."),
        ReadingResult::Outcome(outcome) if !outcome.undetermined.is_empty() => " A tie stands under it.".to_owned(),
        ReadingResult::Outcome(_) if !reading.differs => " The same seats.".to_owned(),
        ReadingResult::Outcome(_) => " DIFFERENT seats.".to_owned(),
    };
    format!("stage {}, {} = {}.{says}{result}", reading.stage, reading.field, reading.value)
}

fn table(shown: Shown<'_>, readings: &[Reading], before: usize) {
    let heads: Vec<String> = (1..=readings.len()).map(|n| format!("[{}]", before + n)).collect();
    let mut columns = vec![("list", Align::Left), ("name", Align::Left), ("chosen", Align::Right)];
    columns.extend(heads.iter().map(|head| (head.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    let of = |reading: &Reading, list: &str| match &reading.result {
        ReadingResult::Outcome(outcome) => outcome.seats.get(list).copied(),
        ReadingResult::Refused(_) => None,
    };
    for (list, seats) in shown.by_seats() {
        if seats == 0 && readings.iter().all(|reading| of(reading, list).unwrap_or(0) == 0) {
            continue;
        }
        let mut cells = vec![list.to_owned(), shown.name(list), show::number(seats)];
        cells.extend(readings.iter().map(|reading| show::figure(of(reading, list))));
        table.row(cells);
    }
    table.print();
}
