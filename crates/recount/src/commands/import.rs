//! `recount import`: one protocol (or copy) per row of a table; register rows in chunks with a seal; reconstructed rulings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use recount_exchange::map::{Effect as Reconstructed, read_map};
use recount_exchange::plan::{Import, Planner, ProtocolRow, Ruling as Reconstruction};
use recount_exchange::table::{Options, Table};
use recount_log::{Hash, SigningKey, sha256};
use recount_record::statement::{
    About, Claimed, Complaint, Copy, Effect, Kind, Protocol, Row, Ruling, Statement, Supersedes,
};
use serde_json::json;

use crate::charter::{charter_hash, file_register, toml_error};
use crate::error::{CliError, Outcome, input, read_text};
use crate::write::{Filed, Recorder, in_parallel};
use crate::{keys, show};

/// Refused rows shown to people; all of them are in `--json`.
const REFUSED_SHOWN: usize = 20;
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
}

/// What was filed.
#[derive(Debug, Default)]
struct Report {
    protocols: u64,
    duplicates: u64,
    void: Vec<(u64, u64, String)>,
    rulings: u64,
    register_rows: u64,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let text = read_text(&args.map)?;
    let map =
        read_map(&text).map_err(|why| toml_error(&args.map, &text, why.to_string(), None, why.span().cloned()))?;
    let wrong = |why: &dyn std::fmt::Display| CliError::Input(format!("{}: {why}", args.table.display()));
    let options = Options::default();
    let mut table = Table::open(&args.table, map.delimiter(), &options).map_err(|why| wrong(&why))?;
    let mut planner = Planner::new(&map, table.header(), &options).map_err(|why| wrong(&why))?;
    while let Some(row) = table.next_row().map_err(|why| wrong(&why))? {
        planner.row(row).map_err(|why| wrong(&why))?;
    }
    let import = planner.finish();
    let key = keys::read(&args.key)?;
    let mut recorder = Recorder::open(&args.dir)?;
    let mut filer = Filer {
        charter: charter_hash(&recorder)?,
        recorder: &mut recorder,
        key: &key,
        import: &import,
        report: Report::default(),
    };
    filer.register()?;
    filer.figures()?;
    let report = filer.report;
    if as_json { show_json(&recorder, &import, &report) } else { show_text(&recorder, &import, &report) }
}

struct Filer<'a> {
    recorder: &'a mut Recorder,
    charter: Hash,
    key: &'a SigningKey,
    import: &'a Import,
    report: Report,
}

impl Filer<'_> {
    fn statement(&self, kind: Kind<'_>) -> String {
        Statement { charter: Some(self.charter), kind }.to_text()
    }

    fn file(&mut self, texts: &[String], what: &'static str) -> Outcome<Vec<Filed>> {
        self.recorder.file_texts(texts, &[self.key], what)
    }

    /// Units, stations and lists that the record does not know yet; then the register is sealed (again).
    fn register(&mut self) -> Outcome {
        let register = self.recorder.fold().ledger().register();
        let geography = register.geography();
        let import = self.import;
        let unit_id = |at: usize| import.units.get(at).map_or(String::new(), |unit| unit.id.clone());
        let mut rows = Vec::new();
        for unit in import.units.iter().filter(|unit| geography.unit_ix(&unit.id).is_none()) {
            rows.push(Row::Unit {
                id: unit.id.clone(),
                level: unit.level.clone(),
                parent: unit.parent.map(unit_id),
                name: unit.name.clone(),
                attributes: Vec::new(),
            });
        }
        let parts = station_parts(import);
        for (at, station) in import.stations.iter().enumerate() {
            if geography.station_ix(&station.id).is_none() {
                rows.push(Row::Station {
                    id: station.id.clone(),
                    unit: unit_id(station.unit),
                    voters: station.expected,
                    parts: parts.get(at).cloned().unwrap_or_default(),
                    name: station.name.clone(),
                    attributes: station.attributes.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
                });
            }
        }
        let root = import.units.iter().find(|unit| unit.parent.is_none()).map(|unit| unit.id.as_str());
        for list in &import.lists {
            let known = register.all_lists(&list.contest).iter().any(|own| own.id == list.id);
            let contest = import.contests.iter().find(|contest| contest.id == list.contest);
            let unit = list.unit.clone().or_else(|| contest.map(|contest| contest.unit.clone()));
            if !known {
                rows.push(Row::List {
                    id: list.id.clone(),
                    contest: list.contest.clone(),
                    name: list.name.clone(),
                    unit: unit.filter(|unit| Some(unit.as_str()) != root),
                    attributes: list.attributes.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
                });
            }
        }
        self.report.register_rows = rows.len() as u64;
        if rows.is_empty() {
            return Ok(());
        }
        file_register(self.recorder, 1, &rows, &[self.key])
    }

    /// Protocols and rulings, poll by poll: a ruling may speak of the protocols of its poll, and may open the next one.
    fn figures(&mut self) -> Outcome {
        let import = self.import;
        let mut filed: Vec<Option<(u64, Hash)>> = vec![None; import.protocols.len()];
        let polls: BTreeSet<u32> = import
            .protocols
            .iter()
            .map(|row| row.poll)
            .chain(import.rulings.iter().map(|ruling| ruling.poll))
            .collect();
        for poll in polls {
            for pass in 0..import.passes.len() {
                let rows: Vec<usize> = (0..import.protocols.len())
                    .filter(|at| import.protocols[*at].poll == poll && import.protocols[*at].pass == pass)
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
        let own: Vec<&Reconstruction> = import.rulings.iter().filter(|ruling| ruling.poll == poll).collect();
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

/// The parts of each station: those that any of its rows fills.
fn station_parts(import: &Import) -> Vec<Vec<String>> {
    let mut parts: Vec<Vec<String>> = vec![Vec::new(); import.stations.len()];
    for row in &import.protocols {
        let Some(part) = import.passes.get(row.pass).map(|pass| &pass.part).filter(|part| !part.is_empty()) else {
            continue;
        };
        if let Some(own) = parts.get_mut(row.station)
            && !own.contains(part)
        {
            own.push(part.clone());
        }
    }
    parts
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

fn show_json(recorder: &Recorder, import: &Import, report: &Report) -> Outcome {
    let refused = import.refused.iter().map(|row| {
        json!({ "line": row.line, "station": row.station, "column": row.column, "value": row.value, "reason": row.reason.to_string() })
    });
    let absent = import.absent.iter().map(|row| {
        let station = import.stations.get(row.station).map(|station| station.id.clone());
        json!({ "line": row.line, "station": station, "reason": row.reason })
    });
    let passes = import.passes.iter().map(|pass| {
        json!({ "pass": pass.id, "source": pass.source, "part": pass.part, "rows": pass.rows, "filed": pass.filed, "replacing": pass.replacing, "unchanged": pass.unchanged })
    });
    let void = report.void.iter().map(|(line, index, why)| json!({ "line": line, "statement": index, "reason": why }));
    show::json(&json!({
        "size": recorder.size(),
        "rows": import.rows,
        "filed": report.protocols,
        "already_there": report.duplicates,
        "rulings": report.rulings,
        "register_rows": report.register_rows,
        "unchanged": import.unchanged,
        "passes": passes.collect::<Vec<_>>(),
        "void": void.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "absent": absent.collect::<Vec<_>>(),
    }))
}

fn show_text(recorder: &Recorder, import: &Import, report: &Report) -> Outcome {
    let n = show::number;
    show::line(format!("{}: {} rows read.", import.set, n(import.rows)));
    if report.register_rows > 0 {
        show::line(format!("Register: {} rows filed and sealed.", n(report.register_rows)));
    }
    let mut table = show::Table::new(&[
        ("pass", show::Align::Left),
        ("source", show::Align::Left),
        ("part", show::Align::Left),
        ("rows", show::Align::Right),
        ("to file", show::Align::Right),
        ("replacing", show::Align::Right),
        ("unchanged", show::Align::Right),
    ]);
    for pass in &import.passes {
        table.row([
            pass.id.clone(),
            pass.source.clone(),
            pass.part.clone(),
            n(pass.rows),
            n(pass.filed),
            n(pass.replacing),
            n(pass.unchanged),
        ]);
    }
    table.print();
    show::line(format!(
        "Filed {} statements of figures ({} were there already) and {} rulings. The record is at size {}.",
        n(report.protocols),
        n(report.duplicates),
        n(report.rulings),
        n(recorder.size())
    ));
    if !import.absent.is_empty() {
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for absent in &import.absent {
            *reasons.entry(&absent.reason).or_default() += 1;
        }
        let words: Vec<String> = reasons.iter().map(|(reason, count)| format!("{} {reason}", n(*count))).collect();
        show::line(format!("Rows without a protocol: {}.", words.join(", ")));
    }
    for (line, index, why) in &report.void {
        show::line(format!("line {line}: statement {index} is VOID: {why}"));
    }
    if !import.refused.is_empty() {
        show::line(format!("{} rows were refused; nothing of them was filed:", n(import.refused.len() as u64)));
        for row in import.refused.iter().take(REFUSED_SHOWN) {
            let station = row.station.as_deref().map_or(String::new(), |id| format!(", station {id}"));
            let column = row.column.as_deref().map_or(String::new(), |column| format!(", column {column}"));
            show::line(format!("  line {}{station}{column}: {} ({:?})", row.line, row.reason, row.value));
        }
        if import.refused.len() > REFUSED_SHOWN {
            show::line("  ... the others with --json");
        }
        return input(format!("{} rows were refused", import.refused.len()));
    }
    Ok(())
}
