//! `recount forensics`: statistical checks on station results, calibrated on these very stations before anything is said.

mod annex;
mod print;
pub(super) mod record;
mod stations;
pub(super) mod table;

use std::path::PathBuf;

use recount_forensics::between::Matched;
use recount_forensics::report::{Input, Report, Settings, Subject, report};
use recount_log::{Hash, VerifierKey};

use super::{parse_hash, parse_key};
use crate::error::{CliError, Outcome};
use crate::read::How;
use crate::show;
use recount_report::Threads;
use recount_report::input::{Choice, Chosen, InputError, Sheet, choose};
use recount_report::lang::{self, Lang};
use recount_report::page;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A table of station results, or a record (directory or http(s) address).
    #[arg(value_name = "TABLE|DIR|URL", required_unless_present = "record")]
    what: Option<String>,
    /// A record: a directory, or an http(s) address.
    #[arg(long, value_name = "DIR|URL", conflicts_with = "what")]
    record: Option<String>,
    /// Read the record as it stood at this size.
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
    /// For a table: what its columns and rows mean. Russian tables as published need none.
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    #[command(flatten)]
    asked: Asked,
    /// The same stations at an earlier election, matched by their identifiers.
    #[arg(long, value_name = "TABLE")]
    before: Option<PathBuf>,
    /// The map of the earlier table.
    #[arg(long, value_name = "MAP.toml", requires = "before")]
    before_map: Option<PathBuf>,
    /// Digit tests too. They reject clean elections: read the warning beside them.
    #[arg(long)]
    digits: bool,
    /// The mixture of honest and altered stations too, on 1,000 stations drawn from the table.
    #[arg(long)]
    mixture: bool,
    /// Seed of everything that is drawn: the same seed gives the same report.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Clean elections simulated to see how the tests behave on these stations.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(20..=100_000))]
    elections: u64,
    /// Draws of bootstraps and of the published simulation.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    draws: u32,
    /// Threads; by default one for each processor. Their number does not change the report.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// The report as one page of HTML, for reading, sending and printing.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Of a record: the report as pages in every language, for `recount publish --pages FILE` and `recount serve --pages FILE`.
    #[arg(long, value_name = "FILE")]
    pages: Option<PathBuf>,
    /// Every station with its percentages and what points at it, as a table: .csv, .json or .parquet by the file's ending.
    #[arg(long, value_name = "FILE")]
    stations: Option<PathBuf>,
    /// Outlines of regions for maps in these pages: GeoJSON polygons whose `id` is the unit's, or the region's name.
    #[arg(long, value_name = "GEOJSON")]
    outlines: Option<PathBuf>,
    /// The language of that page: en, ky or ru. What is printed here and in --json stays English.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: &'static Lang,
}

/// Which figures are looked at.
#[derive(Debug, Clone, clap::Args)]
pub struct Asked {
    /// The contest, where there are several.
    #[arg(long, value_name = "ID")]
    contest: Option<String>,
    /// The source of the figures, such as hand or machine; by default what the law counts, or the first of the map.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The poll; by default the latest at each station.
    #[arg(long, value_name = "N")]
    poll: Option<u16>,
    /// The list looked at; by default the one with most votes.
    #[arg(long, value_name = "ID")]
    list: Option<String>,
    /// Lines that are registered voters: "registered".
    #[arg(long, value_name = "LINES")]
    registered: Option<String>,
    /// Lines that are ballots issued: "issued_early + issued_station + issued_outside".
    #[arg(long, value_name = "LINES")]
    issued: Option<String>,
    /// Lines that are ballots found: "valid + invalid".
    #[arg(long, value_name = "LINES")]
    found: Option<String>,
    /// The level of units that are regions; by default the first below the whole.
    #[arg(long, value_name = "LEVEL")]
    region: Option<String>,
    /// The level of units that are districts; by default the last above the stations.
    #[arg(long, value_name = "LEVEL")]
    district: Option<String>,
    /// Leave out stations that have this attribute, such as remote or mobile (may be repeated).
    #[arg(long, value_name = "ATTRIBUTE")]
    without: Vec<String>,
}

impl Asked {
    fn choice(&self) -> Choice {
        let own = self.clone();
        Choice {
            contest: own.contest,
            source: own.source,
            poll: own.poll,
            list: own.list,
            registered: own.registered,
            issued: own.issued,
            found: own.found,
            region: own.region,
            district: own.district,
            without: own.without,
        }
    }
}

fn language(tag: &str) -> Result<&'static Lang, String> {
    let known: Vec<&str> = lang::all().iter().map(Lang::tag).collect();
    Lang::of(tag).ok_or_else(|| format!("there is {}", known.join(", ")))
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    args.stations.as_deref().map(stations::format_of).transpose()?;
    let (sheet, size) = read(args)?;
    let chosen = choose(&sheet, &args.asked.choice()).map_err(|why| wrong(&sheet.source, &why))?;
    let matched = match &args.before {
        Some(table) => Some(matched(args, &chosen, table)?),
        None => None,
    };
    let settings = Settings {
        seed: args.seed,
        elections: args.elections,
        draws: usize::try_from(args.draws).unwrap_or(usize::MAX),
        digits: args.digits,
        mixture: args.mixture,
        ..Settings::default()
    };
    let outlines = maps(args, &sheet)?;
    let made = made(sheet, &chosen, matched.as_deref(), &settings, args.threads);
    if let Some(path) = &args.html {
        crate::output::file(path, page::page_with_maps(args.lang, &made, &outlines))?;
    }
    if let (Some(path), Some(size)) = (&args.pages, size) {
        crate::annex::write(path, &annex::annexes(&made, &outlines, size))?;
    }
    if let Some(path) = &args.stations {
        stations::write(path, &chosen, &made)?;
    }
    if as_json {
        return show::json(&made);
    }
    print::print(&made);
    if let Some(path) = &args.html {
        show::line("");
        show::line(format!("The whole report: {}", path.display()));
    }
    Ok(())
}

/// Outlines of the regions, if a file names them; one that names none of them is refused.
fn maps(args: &Args, sheet: &Sheet) -> Outcome<page::Outlines> {
    let (Some(file), Some(outlines)) = (&args.outlines, super::publish::outlines(args.outlines.as_deref())?) else {
        return Ok(page::Outlines::new());
    };
    let found = sheet.outlines(|unit| outlines.of(unit));
    if found.is_empty() {
        let known: Vec<&str> = sheet.region.names.iter().take(3).map(String::as_str).collect();
        return Err(CliError::Input(format!(
            "{}: no outline has the name or the identifier of a region, such as {}",
            file.display(),
            known.join(", ")
        )));
    }
    Ok(found)
}

/// Computes the report.
fn made(
    sheet: Sheet,
    chosen: &Chosen,
    before: Option<&[Matched]>,
    settings: &Settings,
    threads: Option<usize>,
) -> Report {
    let subject = Subject {
        title: sheet.title,
        source: sheet.source,
        hash: sheet.hash,
        rows: sheet.rows,
        figures: chosen.lines.clone(),
        left_out: chosen.left_out.clone(),
    };
    let looked_at = Input {
        table: &chosen.table,
        leader: chosen.leader,
        stations: &chosen.ids,
        early: chosen.early.as_deref(),
        outside: chosen.outside.as_deref(),
        before,
        compared: chosen.compared.as_ref().map(|(compared, columns)| (compared, columns.as_slice())),
    };
    report(&looked_at, subject, settings, &Threads::new(threads))
}

/// The stations; of a record its size too.
fn read(args: &Args) -> Outcome<(Sheet, Option<u64>)> {
    let what = args.record.as_deref().or(args.what.as_deref()).unwrap_or("");
    let is_table = args.record.is_none() && (args.map.is_some() || std::path::Path::new(what).is_file());
    if !is_table {
        let how = How { at: args.at, key: args.key.clone(), charter: args.charter, ..How::default() };
        let (sheet, size) = record::read(what, &how, &args.asked.choice())?;
        return Ok((sheet, Some(size)));
    }
    if args.pages.is_some() {
        return Err(CliError::Input("--pages: pages of a site belong to a record, and this is a table".to_owned()));
    }
    Ok((table::read(std::path::Path::new(what), args.map.as_deref(), &args.asked.choice())?, None))
}

/// The stations that the earlier table has too.
fn matched(args: &Args, chosen: &Chosen, table: &std::path::Path) -> Outcome<Vec<Matched>> {
    // The lists of another election have other names.
    let choice = Choice { list: None, ..args.asked.choice() };
    let sheet = table::read(table, args.before_map.as_deref(), &choice)?;
    let earlier = choose(&sheet, &choice).map_err(|why| wrong(&sheet.source, &why))?;
    let places = by_name(&earlier);
    let here = by_name(chosen);
    let one = |(name, place): (&(&str, &str), &Option<usize>)| {
        let place = (*place)?;
        let before = *earlier.table.stations.get((*places.get(name)?)?)?;
        let (after, key) = (*chosen.table.stations.get(place)?, *chosen.table.district.of.get(place)?);
        Some(Matched { place, key, before, after })
    };
    let mut all: Vec<Matched> = here.iter().filter_map(one).collect();
    all.sort_by_key(|own| own.place);
    if all.is_empty() {
        return Err(CliError::Input(format!("{}: no station has an identifier of the later table", table.display())));
    }
    Ok(all)
}

/// Stations by region and identifier; none for a name that two stations have.
fn by_name(chosen: &Chosen) -> std::collections::BTreeMap<(&str, &str), Option<usize>> {
    let mut names = std::collections::BTreeMap::new();
    for (place, id) in chosen.ids.iter().enumerate() {
        let region = chosen.table.region.of.get(place).map_or("", |key| chosen.table.region.name(*key));
        names.entry((region, id.as_str())).and_modify(|own| *own = None).or_insert(Some(place));
    }
    names
}

fn wrong(source: &str, why: &InputError) -> CliError {
    CliError::Input(format!("{source}: {why}"))
}
