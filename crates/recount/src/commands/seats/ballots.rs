//! Ranked ballots from files: BLT, PrefLib or CSV by the name's ending.

use std::path::Path;

use recount_seats::ranked::Ballots;
use recount_seats::{
    ContestKind, Language, Outcome as SeatOutcome, Rulebook, SeatCount, StageKind, Tally, Unit, Words,
};

use super::words;
use crate::error::{CliError, Outcome, input, read_text};
use crate::show;

/// Adds the papers of `[UNIT=]FILE` to the tally. Without a tally the files are all there is: units and
/// seats come from them.
pub fn add(rulebook: &Rulebook, tally: Option<Tally>, files: &[String], language: Language) -> Outcome<Tally> {
    let alone = tally.is_none();
    let mut tally = tally.unwrap_or_else(empty);
    let ranked = rulebook.contests.iter().filter(|(_, contest)| contest.kind == ContestKind::Ranked);
    let contests: Vec<&String> = ranked.map(|(key, _)| key).collect();
    let (false, [contest]) = (files.is_empty(), contests.as_slice()) else {
        return if files.is_empty() { Ok(tally) } else { input(words::no_ranked_contest(language)) };
    };
    for given in files {
        let (unit, file) = match given.split_once('=') {
            Some((unit, file)) if !Path::new(given).exists() => (Some(unit), file),
            _ => (None, given.as_str()),
        };
        let ballots = read(Path::new(file), language)?;
        if alone {
            place(rulebook, contest, unit, &ballots, &mut tally);
        }
        tally.add_ballots(contest, unit, &ballots);
    }
    Ok(tally)
}

fn empty() -> Tally {
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units: Vec::new(),
        lists: Vec::new(),
        totals: Vec::new(),
        register: std::collections::BTreeMap::new(),
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: Vec::new(),
    }
}

fn read(path: &Path, language: Language) -> Outcome<Ballots> {
    let text = read_text(path)?;
    let ending = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or("");
    let ballots = match ending {
        "blt" => Ballots::parse_blt(&text),
        "soc" | "soi" | "toc" | "toi" => Ballots::parse_preflib(&text),
        "csv" => Ballots::parse_csv(&text),
        _ => return input(format!("{}: {}", path.display(), words::endings(language))),
    };
    ballots.map_err(|why| CliError::Input(format!("{}: {}", path.display(), why.say(language))))
}

/// The unit of a file, and its seats if the file says them and the rulebook asks the register.
fn place(rulebook: &Rulebook, contest: &str, unit: Option<&str>, ballots: &Ballots, tally: &mut Tally) {
    let stages = rulebook.stages.iter();
    let ranks = stages.filter_map(|stage| if let StageKind::Rank(rank) = &stage.kind { Some(rank) } else { None });
    for rank in ranks.filter(|rank| rank.contest == contest) {
        let national = rulebook.national_level();
        let level = rank.per.as_deref().unwrap_or(national);
        let id = unit.unwrap_or("national");
        if !tally.units.iter().any(|unit| unit.id == id) {
            tally.units.push(Unit { id: id.to_owned(), level: level.to_owned(), ..Unit::default() });
        }
        if let (SeatCount::Register { name, .. }, Some(seats)) = (&rank.seats, ballots.seats) {
            tally.register.entry(id.to_owned()).or_default().insert(name.clone(), seats);
        }
    }
}

/// Prints who is elected by ranked ballots; with `sheets`, every count.
pub fn print(outcome: &SeatOutcome, sheets: bool, language: Language) {
    for stage in &outcome.stages {
        for count in &stage.counts {
            let place = count.unit.as_deref().map_or_else(String::new, |unit| format!(": {unit}"));
            show::heading(&format!("{}{place}", words::ranked_ballots(language)));
            if sheets {
                for line in Words::new(language, outcome).sheet(&count.sheet).lines() {
                    show::line(line);
                }
                continue;
            }
            for elected in &count.sheet.elected {
                show::line(words::elected_at(language, &elected.candidate, elected.count));
            }
        }
    }
}
