//! `recount missing`: stations that are not countable, by unit and reason.

use std::collections::BTreeMap;

use recount_election::UnitIx;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;
use serde_json::json;

use super::Record;
use super::count::{self, Which};
use crate::error::Outcome;
use crate::show::{self, Align, Table};
use crate::view::coverage::{reason_words, register_line};
use crate::view::uncounted::{self, Uncounted};
use crate::view::{names, opening};

/// Stations listed without `--all`.
const SHOWN: usize = 40;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    #[command(flatten)]
    which: Which,
    /// Group by units of this level; by default the units just below the whole.
    #[arg(long, value_name = "LEVEL")]
    by: Option<String>,
    /// Only this contest.
    #[arg(long, value_name = "CONTEST")]
    contest: Option<String>,
    /// List every station.
    #[arg(long)]
    all: bool,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let fold = &opened.fold;
    let view = args.which.view(fold)?;
    let contests: Vec<ContestIx> = match &args.contest {
        Some(id) => vec![count::contest(fold, id)?],
        None => fold.contests().map(|(ix, _)| ix).collect(),
    };
    let level = level(fold, args.by.as_deref())?;
    if as_json {
        let each = contests.iter().map(|contest| {
            let stations = uncounted::stations(fold, *contest, view, None);
            let stations = stations.iter().map(|own| json_of(fold, own));
            json!({ "contest": fold.contest(*contest).map(|state| state.id.clone()), "stations": stations.collect::<Vec<_>>() })
        });
        return show::json(
            &json!({ "record": opening::json(opened), "source": names::source_word(fold, view), "contests": each.collect::<Vec<_>>() }),
        );
    }
    opening::print(opened);
    show::paragraph(format!("Counted: {}.", names::view(fold, view)));
    show::paragraph(register_line(fold, 1));
    let mut complete = 0u64;
    for contest in &contests {
        let stations = uncounted::stations(fold, *contest, view, None);
        if stations.is_empty() && contests.len() > 1 {
            complete += 1;
            continue;
        }
        print(args, fold, *contest, &level, &stations);
    }
    if complete > 0 {
        show::line("");
        show::paragraph(format!(
            "{}: every station is countable.",
            show::count(complete, "other contest", "other contests")
        ));
    }
    Ok(())
}

/// The level asked for, or the second one of the register.
fn level(fold: &Fold, asked: Option<&str>) -> Outcome<String> {
    let units = fold.ledger().register().geography().units();
    match asked {
        Some(level) => count::level_is_there(fold, level).map(|()| level.to_owned()),
        None => Ok(units
            .iter()
            .find(|unit| unit.parent.is_some())
            .or(units.first())
            .map_or_else(String::new, |unit| unit.level.clone())),
    }
}

fn print(args: &Args, fold: &Fold, contest: ContestIx, level: &str, stations: &[Uncounted]) {
    let title = fold.contest(contest).map_or_else(String::new, |state| format!("{} ({})", state.title, state.id));
    show::heading(&format!("{title}: {} not countable", show::count(stations.len() as u64, "station", "stations")));
    if stations.is_empty() {
        show::line("Every station of the register is countable.");
        return;
    }
    let geography = fold.ledger().register().geography();
    let mut groups: BTreeMap<(Option<UnitIx>, &str, String), (u64, u64)> = BTreeMap::new();
    for own in stations {
        let unit = geography.station(own.station).and_then(|station| geography.at_level(station.unit, level));
        let key = (unit, own.reason.code(), uncounted::grounds(fold, own.reason));
        let group = groups.entry(key).or_default();
        group.0 += 1;
        group.1 = group.1.saturating_add(own.voters.unwrap_or(0));
    }
    let mut table = Table::new(&[
        (level, Align::Left),
        ("reason", Align::Left),
        ("stations", Align::Right),
        ("voters", Align::Right),
    ]);
    for ((unit, code, grounds), (stations, voters)) in groups {
        let name = unit.map_or_else(|| "(elsewhere)".to_owned(), |unit| names::unit(fold, unit));
        table.row([name, words(code, &grounds), show::number(stations), show::number(voters)]);
    }
    table.print();
    show::line("");
    let shown = if args.all { stations.len() } else { stations.len().min(SHOWN) };
    let mut table = Table::new(&[
        ("station", Align::Left),
        ("in", Align::Left),
        ("name", Align::Left),
        ("reason", Align::Left),
        ("ruling", Align::Right),
        ("voters", Align::Right),
    ]);
    for own in stations.iter().take(shown) {
        let station = geography.station(own.station);
        table.row([
            names::station_id(fold, own.station),
            station.map_or_else(String::new, |station| names::unit(fold, station.unit)),
            station.and_then(|station| station.name.clone()).unwrap_or_default(),
            words(own.reason.code(), &uncounted::grounds(fold, own.reason)),
            own.reason.ruling().map_or_else(String::new, |ruling| ruling.to_string()),
            show::figure(own.voters),
        ]);
    }
    table.print();
    if shown < stations.len() {
        show::paragraph(format!("... {} more: --all lists every one.", show::number((stations.len() - shown) as u64)));
    }
}

fn words(code: &str, grounds: &str) -> String {
    if grounds.is_empty() { reason_words(code).to_owned() } else { format!("{} ({grounds})", reason_words(code)) }
}

fn json_of(fold: &Fold, own: &Uncounted) -> serde_json::Value {
    let geography = fold.ledger().register().geography();
    let units: Vec<String> = geography
        .station(own.station)
        .map(|station| geography.ancestors(station.unit).map(|unit| names::unit_id(fold, unit)).collect())
        .unwrap_or_default();
    let grounds = uncounted::grounds(fold, own.reason);
    json!({
        "station": names::station_id(fold, own.station),
        "units": units,
        "reason": own.reason.code(),
        "grounds": (!grounds.is_empty()).then_some(grounds),
        "ruling": own.reason.ruling(),
        "received": own.received,
        "poll": own.poll,
        "voters": own.voters,
    })
}
