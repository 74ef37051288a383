//! A list: admission tests with their figures, votes by unit, and, below the lowest unit, stations with their statements.

use recount_election::{AGAINST_ALL, StationIx, UnitIx};
use recount_seats::Words;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;
use recount_tally::standing::By;
use recount_tally::totals::UnitTotals;
use serde_json::{Value, json};

use super::Asked;
use crate::commands::count;
use crate::error::{CliError, Outcome, input};
use crate::show::{self, Align, Table};
use crate::view::computed::{self, Computed};
use crate::view::outcome::Shown;
use crate::view::{names, opening};

/// Stations shown to people.
const STATIONS_SHOWN: usize = 60;

struct Found<'a> {
    contest: ContestIx,
    id: &'a str,
    unit: UnitIx,
    totals: &'a UnitTotals,
}

pub fn run(asked: &Asked<'_>, id: &str, unit: Option<&str>, contest: Option<&str>) -> Outcome {
    let fold = asked.fold;
    let root = fold.ledger().register().geography().root();
    let unit = unit.map(|unit| count::unit(fold, unit)).transpose()?.or(root);
    let Some(unit) = unit else { return input("the register is empty") };
    let contest = contest.map(|contest| count::contest(fold, contest)).transpose()?;
    let contests: Vec<ContestIx> = fold
        .contests()
        .filter(|(ix, state)| contest.is_none_or(|own| own == *ix) && state.columns.list(id).is_some())
        .map(|(ix, _)| ix)
        .collect();
    if contests.is_empty() {
        let mut known: Vec<&str> =
            fold.contests().flat_map(|(_, state)| state.columns.lists().map(|(_, id)| id)).collect();
        known.sort_unstable();
        known.dedup();
        known.truncate(30);
        return input(format!("no list \"{id}\" stands there; there are: {}", known.join(", ")));
    }
    let computed = computed::compute(fold, asked.view)?;
    let mut documents = Vec::new();
    if !asked.as_json {
        opening::print(asked.opened);
        show::paragraph(format!("Counted: {}.", names::view(fold, asked.view)));
        if Some(unit) == root {
            tests(asked, &computed, id);
        }
    }
    for contest in contests {
        let totals = computed::totals(fold, contest, asked.view)?;
        let found = Found { contest, id, unit, totals: &totals };
        if asked.as_json { documents.push(json_of(asked, &found)) } else { print(asked, &found) }
    }
    if asked.as_json {
        let outcome = computed.outcome.as_ref().ok();
        let admission: Vec<_> = outcome.iter().flat_map(|o| &o.admission).filter(|own| own.list == id).collect();
        let margins: Vec<_> = outcome.iter().flat_map(|o| &o.margins).filter(|own| own.list == id).collect();
        return show::json(&json!({
            "record": opening::json(asked.opened),
            "list": id,
            "source": names::source_word(fold, asked.view),
            "admission": admission,
            "margins": margins,
            "seats": outcome.and_then(|o| o.seats.get(id)),
            "contests": documents,
        }));
    }
    Ok(())
}

/// Every admission test of the list, and its seats.
fn tests(asked: &Asked<'_>, computed: &Computed, id: &str) {
    let fold = asked.fold;
    let (Ok(outcome), Some(tally), Some(law)) = (&computed.outcome, &computed.tally, fold.law()) else {
        if let Err(why) = &computed.outcome {
            show::paragraph(format!("No result: {why}."));
        }
        return;
    };
    let shown = Shown { rulebook: &law.rulebook, tally, outcome };
    let words = Words::new(asked.language, outcome);
    for own in outcome.admission.iter().filter(|own| own.list == id) {
        let verdict = if own.admitted { "ADMITTED" } else { "NOT ADMITTED" };
        show::heading(&format!("{} ({id}): {verdict} at stage {}", own.name, own.stage));
        for test in &own.tests {
            show::item(format!("{}{}", words.test(test), words.article(test.law.as_deref())));
        }
    }
    if let Some(seats) = outcome.seats.get(id) {
        show::line(format!("Seats: {}.", show::number(*seats)));
    }
    for step in outcome.steps.iter().filter(|step| step.list == id) {
        show::item(crate::view::steps::words(shown, step, asked.language));
    }
    for margin in outcome.margins.iter().filter(|margin| margin.list == id) {
        show::item(words.margin(margin));
    }
}

fn votes(fold: &Fold, found: &Found<'_>, unit: UnitIx) -> Option<u64> {
    let state = fold.contest(found.contest)?;
    found.totals.get(&unit)?.sums.list(&state.columns, found.id)
}

fn print(asked: &Asked<'_>, found: &Found<'_>) {
    let fold = asked.fold;
    let geography = fold.ledger().register().geography();
    let Some(state) = fold.contest(found.contest) else { return };
    let name = names::list(fold, &state.id, found.id);
    show::heading(&format!("{name} ({}) in {}: votes by unit", found.id, names::unit(fold, found.unit)));
    let mut table = Table::new(&[
        ("unit", Align::Left),
        ("name", Align::Left),
        ("countable", Align::Right),
        ("expected", Align::Right),
        ("votes", Align::Right),
    ]);
    let mut line = |unit: UnitIx, id: String, name: String| {
        let Some(total) = found.totals.get(&unit) else { return };
        let votes = show::figure(votes(fold, found, unit));
        table.row([id, name, show::number(total.coverage.countable), show::number(total.coverage.expected), votes]);
    };
    for unit in geography.children(found.unit) {
        line(*unit, names::unit_id(fold, *unit), names::unit(fold, *unit));
    }
    line(found.unit, names::unit_id(fold, found.unit), "in all".to_owned());
    table.print();
    if let Some(child) = geography.children(found.unit).first() {
        show::paragraph(format!(
            "--unit {} shows one of them, down to stations and statements.",
            names::unit_id(fold, *child)
        ));
    }
    let stations = stations(asked, found);
    if stations.is_empty() {
        return;
    }
    let mut table = Table::new(&[
        ("station", Align::Left),
        ("votes", Align::Right),
        ("from", Align::Left),
        ("why not countable", Align::Left),
    ]);
    for own in stations.iter().take(STATIONS_SHOWN) {
        let from: Vec<String> = own.from.iter().map(|(word, index)| format!("{word} {index}")).collect();
        table.row([own.station.clone(), show::figure(own.votes), from.join(", "), own.reason.to_owned()]);
    }
    table.print();
    if stations.len() > STATIONS_SHOWN {
        show::paragraph(format!("... {} stations in all: --json has every one.", show::number(stations.len() as u64)));
    }
}

/// What one station gives to the list.
struct Given {
    station: String,
    votes: Option<u64>,
    from: Vec<(&'static str, u64)>,
    reason: &'static str,
}

/// The stations directly in the unit.
fn stations(asked: &Asked<'_>, found: &Found<'_>) -> Vec<Given> {
    let fold = asked.fold;
    let geography = fold.ledger().register().geography();
    let own = geography.stations_of(found.unit).iter().filter(|station| fold.is_expected(**station, found.contest));
    own.filter_map(|station| given(asked, found, *station)).collect()
}

fn given(asked: &Asked<'_>, found: &Found<'_>, station: StationIx) -> Option<Given> {
    let fold = asked.fold;
    let state = fold.contest(found.contest)?;
    let count = fold.count_station(station, found.contest, asked.view);
    let votes = count.figures.as_ref().and_then(|figures| figures.votes(&state.columns, found.id));
    let mut from = Vec::new();
    for slot in fold.slots(station).into_iter().filter(|slot| slot.contest == found.contest && slot.poll == count.poll)
    {
        // What stands in other sources is not what was counted.
        let only = recount_tally::View { source: recount_tally::Source::Only(slot.source), poll: Some(slot.poll) };
        let counted =
            count.figures.is_some() && fold.count_station(station, found.contest, only).figures == count.figures;
        if let Some(stand) = fold.stand(station, slot).filter(|_| counted || slot.part.is_some()) {
            from.push(match stand.by {
                By::Claim(index) => ("statement", index),
                By::Ruling(index) => ("ruling", index),
            });
        }
    }
    let reason = count.reason.map_or("", |reason| reason.code());
    Some(Given { station: names::station_id(fold, station), votes, from, reason })
}

fn json_of(asked: &Asked<'_>, found: &Found<'_>) -> Value {
    let fold = asked.fold;
    let geography = fold.ledger().register().geography();
    let units = geography.children(found.unit).iter().map(|unit| {
        json!({ "unit": names::unit_id(fold, *unit), "name": names::unit(fold, *unit), "votes": votes(fold, found, *unit) })
    });
    let stations = stations(asked, found).into_iter().map(|own| {
        let from: Vec<Value> = own.from.iter().map(|(word, index)| json!({ *word: index })).collect();
        json!({ "station": own.station, "votes": own.votes, "from": from, "reason": (!own.reason.is_empty()).then_some(own.reason) })
    });
    json!({
        "contest": fold.contest(found.contest).map(|state| state.id.clone()),
        "against_all": found.id == AGAINST_ALL,
        "unit": names::unit_id(fold, found.unit),
        "votes": votes(fold, found, found.unit),
        "units": units.collect::<Vec<_>>(),
        "stations": stations.collect::<Vec<_>>(),
    })
}

/// A result is needed to explain a seat.
pub fn result<'a>(fold: &'a Fold, computed: &'a Computed) -> Outcome<Shown<'a>> {
    match (&computed.outcome, &computed.tally, fold.law()) {
        (Ok(outcome), Some(tally), Some(law)) => Ok(Shown { rulebook: &law.rulebook, tally, outcome }),
        (Err(why), _, _) => Err(CliError::Input(format!("there are no seats to explain: {why}"))),
        _ => input("there are no seats to explain"),
    }
}
