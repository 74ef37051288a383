//! `recount import`: one protocol (or copy) per row of a table; register rows in chunks with a seal; reconstructed rulings.

mod forms;
mod register;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use recount_exchange::map::{Effect as Reconstructed, read_map};
use recount_exchange::plan::{Import, Planner, ProtocolRow, Ruling as Reconstruction};
use recount_exchange::table::{Options, Table};
use recount_log::{Hash, SigningKey, sha256};
use recount_record::statement::{
    About, Claimed, Complaint, Copy, Effect, Kind, Protocol, Ruling, Statement, Supersedes,
};

use crate::charter::{charter_hash, toml_error};
use crate::error::{CliError, Outcome, input, read_text};
use crate::write::{Filed, Recorder, in_parallel};
use crate::{keys, show};

/// Refused rows shown to people; all of them are in `--json`.
const SHOWN: usize = 20;
/// What to do about stations and lists that a sealed register does not know.
const CORRECT: &str = "Correct the table, or list them with --extend-register";
/// Protocols whose texts are held at once.
const BATCH: usize = 16_384;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: PathBuf,
    /// The table: CSV, plain or compressed with zstd or gzip.
    table: PathBuf,
    /// What its columns and rows mean.
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// The key that files the rows.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// List stations, units and lists that the sealed register does not know, and seal it again; otherwise their rows are refused.
    #[arg(long)]
    extend_register: bool,
}

/// What was filed.
#[derive(Debug, Default)]
struct Report {
    protocols: u64,
    duplicates: u64,
    void: Vec<(u64, u64, String)>,
    rulings: u64,
    register_rows: u64,
    /// Indices of what was filed now.
    fresh: Vec<u64>,
    /// How many of them contradict what was there.
    contested: u64,
    /// Lines and stations that the sealed register does not list.
    unlisted: Vec<(u64, String)>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let text = read_text(&args.map)?;
    let map =
        read_map(&text).map_err(|why| toml_error(&args.map, &text, why.to_string(), None, why.span().cloned()))?;
    let wrong = |why: &dyn std::fmt::Display| CliError::Input(format!("{}: {why}", args.table.display()));
    let options = Options::default();
    let mut table = Table::open(&args.table, map.delimiter(), &options).map_err(|why| wrong(&why))?;
    let unfit = |why| wrong(&format!("{why}; {}", forms::columns(table.header())));
    let mut planner = Planner::new(&map, table.header(), &options).map_err(unfit)?;
    while let Some(row) = table.next_row().map_err(|why| wrong(&why))? {
        planner.row(row).map_err(|why| wrong(&why))?;
    }
    let import = planner.finish();
    let key = keys::read(&args.key)?;
    let mut recorder = Recorder::open(&args.dir)?;
    forms::fit(recorder.fold(), &map, &import)
        .map_err(|why| CliError::Input(format!("{}: {why}", args.map.display())))?;
    let mut filer = Filer {
        charter: charter_hash(&recorder)?,
        recorder: &mut recorder,
        key: &key,
        import: &import,
        report: Report::default(),
        unlisted: BTreeSet::new(),
    };
    filer.register(args.extend_register)?;
    filer.figures()?;
    let mut report = filer.report;
    let contested = |index: &&u64| recorder.fold().status(**index).is_some_and(|status| status.word() == "contested");
    report.contested = report.fresh.iter().filter(contested).count() as u64;
    if as_json {
        told::json(&recorder, &import, &report)?
    } else {
        told::text(&recorder, &import, &report)
    }
    verdict(&import, &report)
}

/// Rows that were refused, or filed in vain, are a wrong input, whatever became of the others.
fn verdict(import: &Import, report: &Report) -> Outcome {
    let (refused, void) = ((import.refused.len() + report.unlisted.len()) as u64, report.void.len() as u64);
    let mut why = Vec::new();
    if refused > 0 {
        why.push(format!("{} refused", show::count(refused, "row was", "rows were")));
    }
    if void > 0 {
        why.push(format!("{} filed without effect (VOID)", show::count(void, "statement was", "statements were")));
    }
    if why.is_empty() { Ok(()) } else { input(why.join("; ")) }
}

struct Filer<'a> {
    recorder: &'a mut Recorder,
    charter: Hash,
    key: &'a SigningKey,
    import: &'a Import,
    report: Report,
    /// Stations of the table that the sealed register does not list.
    unlisted: BTreeSet<usize>,
}

impl Filer<'_> {
    fn statement(&self, kind: Kind<'_>) -> String {
        Statement { charter: Some(self.charter), kind }.to_text()
    }

    fn file(&mut self, texts: &[String], what: &'static str) -> Outcome<Vec<Filed>> {
        self.recorder.file_texts(texts, &[self.key], what)
    }

    /// Protocols and rulings, poll by poll: a ruling may speak of the protocols of its poll, and may open the next one.
    fn figures(&mut self) -> Outcome {
        let import = self.import;
        let mut filed: Vec<Option<(u64, Hash)>> = vec![None; import.protocols.len()];
        for poll in register::polls(import) {
            for pass in 0..import.passes.len() {
                let rows: Vec<usize> = (0..import.protocols.len())
                    .filter(|at| import.protocols[*at].poll == poll && import.protocols[*at].pass == pass)
                    .filter(|at| !self.unlisted.contains(&import.protocols[*at].station))
                    .collect();
                for batch in rows.chunks(BATCH) {
                    self.protocols(batch, &mut filed)?;
                }
            }
            self.rulings(poll, &filed)?;
        }
        Ok(())
    }

    fn protocols(&mut self, batch: &[usize], filed: &mut [Option<(u64, Hash)>]) -> Outcome {
        let earlier: &[Option<(u64, Hash)>] = filed;
        let (import, charter) = (self.import, self.charter);
        let texts: Vec<String> = in_parallel(batch, |at| {
            let row = &import.protocols[*at];
            let supersedes = row.supersedes.and_then(|old| earlier.get(old).copied().flatten());
            Statement { charter: Some(charter), kind: protocol(import, row, supersedes) }.to_text()
        });
        let outcome = self.file(&texts, "filing protocols")?;
        for ((at, text), done) in batch.iter().zip(&texts).zip(outcome) {
            filed[*at] = Some((done.index, sha256(text.as_bytes())));
            self.report.protocols += u64::from(!done.duplicate);
            self.report.fresh.extend((!done.duplicate).then_some(done.index));
            self.report.duplicates += u64::from(done.duplicate);
            if let Some(why) = done.void {
                self.report.void.push((self.import.protocols[*at].line, done.index, why));
            }
        }
        Ok(())
    }

    /// Rulings reconstructed from the table: they claim no votes and no quorum.
    fn rulings(&mut self, poll: u32, filed: &[Option<(u64, Hash)>]) -> Outcome {
        let import = self.import;
        let of_poll = import.rulings.iter().filter(|ruling| ruling.poll == poll);
        let own: Vec<&Reconstruction> = of_poll.filter(|ruling| !self.unlisted.contains(&ruling.station)).collect();
        // A rejected complaint is reconstructed before the ruling that rejects it; all of them are filed at once.
        let rejected = |ruling: &&&Reconstruction| ruling.effect == Reconstructed::Reject;
        let complaints: Vec<String> = own.iter().filter(rejected).map(|ruling| self.complaint(ruling)).collect();
        let mut complaints = self.file(&complaints, "filing complaints")?.into_iter();
        let by_place = by_place(import, filed);
        let mut texts = Vec::with_capacity(own.len());
        for ruling in own {
            let complaint = if ruling.effect == Reconstructed::Reject { complaints.next() } else { None };
            let statements = by_place.get(&(ruling.station, ruling.contest, poll)).map_or(&[][..], Vec::as_slice);
            texts.push(self.ruling(ruling, complaint.map(|filed| filed.index), statements));
        }
        let outcome = self.file(&texts, "filing rulings")?;
        self.report.rulings += outcome.iter().filter(|done| !done.duplicate).count() as u64;
        for done in outcome {
            if let Some(why) = done.void {
                self.report.void.push((0, done.index, why));
            }
        }
        Ok(())
    }

    fn about(&self, ruling: &Reconstruction) -> About {
        let station = self.import.stations.get(ruling.station).map_or(String::new(), |station| station.id.clone());
        About::Station { id: station, part: None }
    }

    fn complaint(&self, ruling: &Reconstruction) -> String {
        let (poll, about) = (u64::from(ruling.poll), self.about(ruling));
        self.statement(Kind::Complaint(Complaint { poll, about, code: ruling.reason.clone(), blobs: Vec::new() }))
    }

    fn ruling(&self, ruling: &Reconstruction, complaint: Option<u64>, statements: &[u64]) -> String {
        let contests = &self.import.contests;
        let contest = contests.get(ruling.contest).filter(|_| contests.len() > 1).map(|contest| contest.id.clone());
        let (poll, about) = (u64::from(ruling.poll), self.about(ruling));
        let effects = match ruling.effect {
            Reconstructed::Annul => vec![Effect::Annul { poll, contest, about }],
            Reconstructed::Repeat => vec![Effect::Repeat { poll, contest, about }],
            Reconstructed::Exclude => {
                statements.iter().map(|statement| Effect::Exclude { statement: *statement }).collect()
            }
            Reconstructed::Reject => complaint.into_iter().map(|complaint| Effect::Reject { complaint }).collect(),
        };
        self.statement(Kind::Ruling(Ruling {
            by: None,
            effects,
            law: None,
            reason: ruling.reason.clone(),
            complaints: complaint.into_iter().collect(),
            claimed: Claimed::default(),
            blobs: Vec::new(),
        }))
    }
}

/// Indices of the filed protocols, by station, contest and poll.
fn by_place(import: &Import, filed: &[Option<(u64, Hash)>]) -> BTreeMap<(usize, usize, u32), Vec<u64>> {
    let mut places: BTreeMap<(usize, usize, u32), Vec<u64>> = BTreeMap::new();
    for (row, filed) in import.protocols.iter().zip(filed) {
        if let Some((index, _)) = filed {
            places.entry((row.station, row.contest, row.poll)).or_default().push(*index);
        }
    }
    places
}

fn protocol<'a>(import: &'a Import, row: &'a ProtocolRow, supersedes: Option<(u64, Hash)>) -> Kind<'a> {
    let station = import.station(row).map_or("", |station| &station.id);
    let contest = import.contest(row).map_or("", |contest| &contest.id);
    let pass = import.pass(row);
    let part = pass.map(|pass| pass.part.as_str()).filter(|part| !part.is_empty());
    let source = pass.map_or("", |pass| &pass.source);
    let sorted = |mut counts: Vec<(std::borrow::Cow<'a, str>, u64)>| {
        counts.sort();
        counts
    };
    let lines = sorted(import.lines(row).map(|(code, n)| (code.into(), n)).collect());
    let votes = sorted(import.votes(row).map(|(list, n)| (list.into(), n)).collect());
    let (poll, contest, station) = (u64::from(row.poll), contest.into(), station.into());
    let (part, source) = (part.map(Into::into), source.into());
    if import.copies {
        return Kind::Copy(Copy { poll, contest, station, part, source, lines, votes, blobs: Vec::new() });
    }
    let supersedes = supersedes.map(|(index, text)| Supersedes { index, text });
    let row = Some(row.line);
    Kind::Protocol(Protocol {
        poll,
        contest,
        station,
        part,
        source,
        lines,
        votes,
        supersedes,
        time: None,
        row,
        blobs: Vec::new(),
    })
}
