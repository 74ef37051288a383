//! What the record says, read back from it: every figure that the demo tells comes from here.

mod checks;
mod count;

use std::collections::BTreeMap;

use recount_record::statement::About;
use recount_tally::effects::Force;
use recount_tally::history::Status;
use recount_tally::{Fold, Source, View};
use serde::Serialize;

use super::opening::{CONTEST, COUNTRY};
use super::play::{Marks, Played};
use crate::error::{CliError, Outcome};
use crate::read::{self, How};

pub use checks::{Checks, Region, Turnout};
pub use count::{Count, Line, Missing, Party, Seats};

/// Everything that the demo tells.
#[derive(Debug, Serialize)]
pub struct Findings {
    /// The assumption of this world, from the record's own remark.
    pub assumption: String,
    /// Size of the record.
    pub size: u64,
    /// Stations that are synthetic: all of them.
    pub synthetic_stations: u64,
    /// The register and its late change.
    pub register: Register,
    /// Form No. 2, as published.
    pub form_2: BTreeMap<String, u64>,
    /// Turnout as announced.
    pub turnout: Vec<Turnout>,
    /// Election night.
    pub night: Night,
    /// The briefing of 5 October, 11:00.
    pub briefing: Briefing,
    /// What else can be checked at the briefing.
    pub checks: Checks,
    /// The ruling of 6 October.
    pub ruling: Ruling,
    /// Parliament's sittings after it.
    pub sittings: Vec<BTreeMap<String, u64>>,
}

/// The register at its two seals.
#[derive(Debug, Serialize)]
pub struct Register {
    /// Size at which the register of 28 September is sealed.
    pub size_before: u64,
    /// Stations then.
    pub stations_before: u64,
    /// Size at which the register of polling day is sealed.
    pub size: u64,
    /// Stations then.
    pub stations: u64,
    /// Of them, not there before.
    pub new: u64,
    /// Taken off since.
    pub gone: u64,
    /// Stations whose number of voters changed.
    pub voters_changed: u64,
    /// Voters on the register.
    pub voters: u64,
}

/// Election night: what was said, and what the record held then.
#[derive(Debug, Serialize)]
pub struct Night {
    /// Size then.
    pub size: u64,
    /// As said.
    pub said: BTreeMap<String, u64>,
    /// Machine counts in the record.
    pub stations: u64,
    /// Stations on the register.
    pub expected: u64,
    /// Lists at or above the line by the machine count then.
    pub over: Vec<String>,
}

/// Two results of one morning.
#[derive(Debug, Serialize)]
pub struct Briefing {
    /// Size of the record at that time.
    pub size: u64,
    /// The machine count, divided by those who took part.
    pub machine: Count,
    /// Its seats if the share is one of the votes for lists.
    pub machine_by_list_votes: Seats,
    /// Its seats if the share is one of the valid votes.
    pub machine_by_valid: Seats,
    /// The partial hand count, divided by those who took part.
    pub hand: Count,
    /// Its seats with other totals that round to the same published shares.
    pub hand_within_rounding: Seats,
    /// Lists at the line by the machine count.
    pub line: Vec<Line>,
    /// What the stations without a machine count could still change.
    pub missing: Missing,
}

/// The ruling of 6 October: as published, and as assumed.
#[derive(Debug, Serialize)]
pub struct Ruling {
    /// Its index as published.
    pub index: u64,
    /// What became of it: why it is void.
    pub reason: String,
    /// Countable stations of the hand count just before.
    pub countable_before: u64,
    /// Countable stations of the hand count just after.
    pub countable_after: u64,
    /// Index of the same text with assumed signatures.
    pub assumed_index: u64,
    /// Seats that sign it there.
    pub assumed_signed: u64,
    /// Stations annulled by it.
    pub assumed_annulled: u64,
    /// Countable stations after it.
    pub assumed_countable: u64,
    /// The parliament after it, in words.
    pub assumed_outcome: String,
    /// Complaints filed.
    pub complaints: u64,
    /// Complaints by subject.
    pub complaints_by_code: BTreeMap<String, u64>,
    /// Complaints that any ruling in force answers.
    pub complaints_answered: u64,
}

/// Reads the record back, at each of its turns.
pub fn read(place: &str, played: &Played) -> Outcome<Findings> {
    let at = |size: u64| -> Outcome<Fold> {
        let how = How {
            at: Some(size),
            key: Some(played.key.clone()),
            charter: Some(played.charter),
            afresh: false,
            ..How::default()
        };
        Ok(read::open(place, &how)?.fold)
    };
    let marks = played.marks;
    let before = at(marks.register_before)?;
    let sealed = at(marks.sealed)?;
    let night = at(marks.night)?;
    let briefing = at(marks.briefing)?;
    let ruled = at(marks.ruling)?;
    let end = at(marks.assumed)?;
    let notes = Notes(&end);
    let assumption = notes.text(place, "synthetic")?.lines().nth(1).unwrap_or_default().to_owned();
    Ok(Findings {
        assumption,
        size: end.size(),
        synthetic_stations: notes.figure("synthetic", "stations"),
        register: register(&before, &sealed, &marks),
        form_2: notes.figures("form-2"),
        turnout: checks::turnout(&end),
        night: told_at_night(&night, &notes)?,
        briefing: count::briefing(&briefing, &notes)?,
        checks: checks::checks(&briefing, &end, &notes)?,
        ruling: ruling(&briefing, &ruled, &end, &marks)?,
        sittings: notes.all("sitting"),
    })
}

/// Remarks of the record, by code.
pub struct Notes<'a>(&'a Fold);

impl Notes<'_> {
    /// The figures of every remark with this code.
    pub fn all(&self, code: &str) -> Vec<BTreeMap<String, u64>> {
        let notes = self.0.events().notes.iter().filter(|note| note.what.code == code);
        notes.map(|note| note.what.figures.iter().cloned().collect()).collect()
    }

    /// The figures of the first.
    pub fn figures(&self, code: &str) -> BTreeMap<String, u64> {
        self.all(code).into_iter().next().unwrap_or_default()
    }

    /// One figure of the first.
    pub fn figure(&self, code: &str, name: &str) -> u64 {
        self.figures(code).get(name).copied().unwrap_or_default()
    }

    /// The figures of each remark with this code about a unit.
    pub fn units(&self, code: &str) -> BTreeMap<String, BTreeMap<String, u64>> {
        let notes = self.0.events().notes.iter().filter(|note| note.what.code == code);
        notes
            .filter_map(|note| match &note.what.about {
                About::Unit(unit) => Some((unit.clone(), note.what.figures.iter().cloned().collect())),
                _ => None,
            })
            .collect()
    }

    /// The text of the first.
    fn text(&self, place: &str, code: &str) -> Outcome<String> {
        let note = self.0.events().notes.iter().find(|note| note.what.code == code);
        let blob = note.and_then(|note| note.what.blobs.first()).map(|blob| blob.sha256);
        let blob = blob.ok_or_else(|| CliError::No(format!("the record has no remark \"{code}\" with a text")))?;
        let source = recount_store::open_source(place)?;
        let bytes = recount_store::Source::blob(&source, &blob, 1 << 20)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The contest of a fold.
fn contest(fold: &Fold) -> Outcome<recount_tally::claim::ContestIx> {
    fold.contest_ix(CONTEST).ok_or_else(|| CliError::No(format!("the record has no contest \"{CONTEST}\"")))
}

/// The view of one source.
fn only(fold: &Fold, source: &str) -> Outcome<View> {
    let found = fold.sources().find(source);
    let source = found.ok_or_else(|| CliError::No(format!("nothing was filed from the source \"{source}\"")))?;
    Ok(View { source: Source::Only(source), poll: Some(1) })
}

fn register(before: &Fold, sealed: &Fold, marks: &Marks) -> Register {
    let stations = |fold: &Fold| {
        let register = fold.ledger().register();
        let all = register.geography().stations().iter().zip(0u32..);
        let listed = all.filter(|(_, n)| !register.is_dropped(recount_election::StationIx(*n)));
        listed
            .map(|(station, n)| (station.id.clone(), register.voters(recount_election::StationIx(n), 1).unwrap_or(0)))
            .collect::<BTreeMap<String, u64>>()
    };
    let (old, new) = (stations(before), stations(sealed));
    let count = |n: usize| n as u64;
    Register {
        size_before: marks.register_before,
        stations_before: count(old.len()),
        size: marks.sealed,
        stations: count(new.len()),
        new: count(new.keys().filter(|id| !old.contains_key(*id)).count()),
        gone: count(old.keys().filter(|id| !new.contains_key(*id)).count()),
        voters_changed: count(
            new.iter().filter(|(id, voters)| old.get(*id).is_some_and(|before| before != *voters)).count(),
        ),
        voters: new.values().sum(),
    }
}

fn told_at_night(night: &Fold, notes: &Notes<'_>) -> Outcome<Night> {
    let count = count::count(night, only(night, "machine")?)?;
    let over = count.parties.iter().filter(|party| party.over_the_line).map(|party| party.name.clone()).collect();
    Ok(Night {
        size: night.size(),
        said: notes.figures("election-night"),
        stations: count.stations,
        expected: count.expected,
        over,
    })
}

fn ruling(briefing: &Fold, ruled: &Fold, end: &Fold, marks: &Marks) -> Outcome<Ruling> {
    let index = marks.ruling.saturating_sub(1);
    let reason = match ruled.status(index) {
        Some(Status::Void(why)) => why.to_string(),
        Some(status) => status.word().to_owned(),
        None => String::new(),
    };
    let coverage = |fold: &Fold| -> Outcome<recount_tally::totals::Coverage> {
        let totals = fold.totals(contest(fold)?, View::LAW).map_err(|why| CliError::No(why.to_string()))?;
        let root = fold.ledger().register().geography().unit_ix(COUNTRY);
        Ok(root.and_then(|root| totals.get(&root)).map(|total| total.coverage.clone()).unwrap_or_default())
    };
    let after = coverage(end)?;
    let in_force = end.rulings().iter().filter(|(_, state)| state.force == Force::InForce);
    let (assumed_index, signed) = in_force.clone().next_back().map_or((0, 0), |(index, state)| (*index, state.signed));
    let answered: std::collections::BTreeSet<u64> =
        in_force.flat_map(|(_, state)| state.ruling.complaints.iter().copied()).collect();
    let mut complaints_by_code: BTreeMap<String, u64> = BTreeMap::new();
    for complaint in &end.events().complaints {
        *complaints_by_code.entry(complaint.what.code.clone()).or_default() += 1;
    }
    Ok(Ruling {
        index,
        reason,
        countable_before: coverage(briefing)?.countable,
        countable_after: coverage(ruled)?.countable,
        assumed_index,
        assumed_signed: signed,
        assumed_annulled: after.reasons.get("annulled").copied().unwrap_or_default(),
        assumed_countable: after.countable,
        assumed_outcome: count::outcome_in_words(end)?,
        complaints: end.events().complaints.len() as u64,
        complaints_by_code,
        complaints_answered: answered.len() as u64,
    })
}
