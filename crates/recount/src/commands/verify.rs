//! `recount verify`: checks everything, and says in plain words what was proved and what nobody can prove.

use std::path::PathBuf;

use recount_log::{Checkpoint, Hash, Note, Policy};
use recount_record::VoidReason;
use recount_store::{Reader, Source, TreeReport};
use recount_tally::View;
use recount_tally::declaration::DeclarationCheck;
use recount_tally::tree::root_of;
use serde_json::{Value, json};

use super::Record;
use super::audit::{self, AuditCheck};
use crate::error::{CliError, Outcome, input, read_text};
use crate::progress::Progress;
use crate::read::{self, How, Opened};
use crate::show;

/// The largest blob that is hashed.
const BLOB_MAX: u64 = 4 << 30;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// A C2SP tlog-policy: the log and the witnesses that must have cosigned.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let policy = args.policy.as_ref().map(|path| read_policy(path)).transpose()?;
    let report = verify(&args.record.record, &args.record.how(), policy.as_ref())?;
    if as_json {
        show::json(&report.to_json())?;
    } else {
        report.print();
    }
    if report.is_verified() { Ok(()) } else { Err(CliError::Shown(1)) }
}

fn read_policy(path: &std::path::Path) -> Outcome<Policy> {
    match Policy::parse(read_text(path)?.as_bytes()) {
        Ok(policy) => Ok(policy),
        Err(why) => input(format!("{}: {why}", path.display())),
    }
}

/// What was checked, and how it came out.
pub struct Report {
    checkpoint: Checkpoint,
    size: u64,
    charter: Hash,
    log_key: String,
    author_proved: bool,
    /// Sizes seen before of other logs of this name, with other keys.
    namesakes: Vec<u64>,
    tree: TreeReport,
    statements: Statements,
    declarations: Vec<(u64, DeclarationCheck)>,
    audits: Vec<AuditCheck>,
    blobs: Blobs,
    witnesses: Option<(bool, u64)>,
    station_root: Hash,
    leaves: u64,
    stations: u64,
    countable: u64,
    sealed: bool,
    outcome: Result<String, String>,
    reconstructed: bool,
}

#[derive(Default)]
struct Statements {
    total: u64,
    void: u64,
    forged: u64,
}

#[derive(Default)]
struct Blobs {
    present: u64,
    withheld: u64,
    lost: Vec<(Hash, u64)>,
}

/// Verifies a record: bytes, signatures, authority, standing, declarations.
pub fn verify(place: &str, how: &How, policy: Option<&Policy>) -> Outcome<Report> {
    let opened = read::open(place, &How { afresh: true, ..how.clone() })?;
    let reader = &opened.reader;
    // The tree is checked byte by byte as it was frozen for the fold.
    let progress = Progress::new("checking tiles", reader.checkpoint().size);
    let tree = reader.verify_tree(read::threads(), |done| progress.at(done))?;
    drop(progress);
    reader.verify_blobs(read::threads(), BLOB_MAX, |_| {})?;
    let blobs = blobs(&opened)?;
    let witnesses = policy.map(|policy| witnesses(reader, policy)).transpose()?;
    let fold = &opened.fold;
    let void = |noted: &&recount_tally::fold::Noted| noted.void.is_some();
    let statements = Statements {
        total: fold.size(),
        void: fold.noted().iter().filter(void).count() as u64,
        forged: fold
            .noted()
            .iter()
            .filter(|noted| {
                matches!(
                    noted.void.as_deref(),
                    Some(VoidReason::BadSignature { .. } | VoidReason::UnknownSigner { .. })
                )
            })
            .count() as u64,
    };
    let register = fold.ledger().register();
    Ok(Report {
        checkpoint: reader.checkpoint().clone(),
        size: fold.size(),
        charter: opened.charter,
        log_key: opened.log_key.to_string(),
        author_proved: opened.author_proved,
        namesakes: opened.namesakes.iter().map(|head| head.size).collect(),
        tree,
        statements,
        declarations: fold.declarations().iter().map(|state| (state.index, state.check.clone())).collect(),
        audits: audit::check_all(&opened),
        blobs,
        witnesses,
        station_root: root_of(recount_keeper::station_hashes(fold)),
        leaves: register.geography().stations().len() as u64,
        stations: register.seal(1).stations,
        countable: countable(fold),
        sealed: register.sealed(1).is_some(),
        outcome: fold.outcome(View::LAW).map(|outcome| seats_line(&outcome)).map_err(|why| why.to_string()),
        reconstructed: fold.rulings().values().any(|state| state.ruling.by.is_none())
            || fold.ledger().charter().is_some_and(|(_, charter)| {
                charter.keys.iter().any(|grant| grant.role == recount_record::statement::Role::Reconstruction)
            }),
    })
}

/// Stations whose figures count by law, in the contest that has most of them.
fn countable(fold: &recount_tally::Fold) -> u64 {
    let root = fold.ledger().register().geography().root();
    let of = |(ix, _)| Some(fold.totals(ix, View::LAW).ok()?.get(&root?)?.coverage.countable);
    fold.contests().filter_map(of).max().unwrap_or(0)
}

/// One point of the report, in lines of 80.
fn point(text: impl AsRef<str>) {
    let text = text.as_ref().trim_start_matches("* ");
    for row in show::wrap(text, "* ", "  ") {
        show::line(row);
    }
}

fn seats_line(outcome: &recount_seats::Outcome) -> String {
    let mut seats: Vec<(&String, &u64)> = outcome.seats.iter().filter(|(_, n)| **n > 0).collect();
    seats.sort_by_key(|(list, n)| (std::cmp::Reverse(**n), (*list).clone()));
    let words: Vec<String> = seats.iter().map(|(list, n)| format!("{list} {n}")).collect();
    if words.is_empty() { "no seats".to_owned() } else { words.join(", ") }
}

fn blobs(opened: &Opened) -> Outcome<Blobs> {
    let mut blobs = Blobs::default();
    for (hash, index) in opened.fold.named_blobs() {
        if opened.reader.source().blob(hash, BLOB_MAX)?.is_some() {
            blobs.present += 1;
        } else if opened.fold.effects().is_withheld(hash) {
            blobs.withheld += 1;
        } else {
            blobs.lost.push((*hash, *index));
        }
    }
    Ok(blobs)
}

/// Whether the checkpoint carries the cosignatures that the policy asks for, and how many are right.
fn witnesses(reader: &Reader<read::AnySource>, policy: &Policy) -> Outcome<(bool, u64)> {
    let note = Note::parse(reader.checkpoint_bytes()).map_err(|why| CliError::No(why.to_string()))?;
    match policy.evaluate(&note) {
        Ok(verdict) => Ok((verdict.quorum, verdict.cosigned.len() as u64)),
        Err(why) => Err(CliError::No(format!("the policy does not accept the checkpoint: {why}"))),
    }
}

impl Report {
    /// Everything holds, and the author is proved.
    pub fn is_verified(&self) -> bool {
        self.author_proved
            && self.blobs.lost.is_empty()
            && self.witnesses.is_none_or(|(enough, _)| enough)
            && self.declarations.iter().all(|(_, check)| *check == DeclarationCheck::Holds)
            && self.audits.iter().all(AuditCheck::holds)
    }

    /// The report in plain words.
    pub fn print(&self) {
        let n = show::number;
        show::line(read::checkpoint_line(&self.checkpoint));
        show::heading("Proved");
        if self.author_proved {
            point("* This is the record of that log key and that charter, as they were handed to you.");
        }
        point(format!(
            "* All {} statements are in one append-only tree under the signed checkpoint; {} tile files and {} kept checkpoints are byte for byte what the statements give.",
            n(self.statements.total),
            n(self.tree.tiles),
            n(self.tree.checkpoints)
        ));
        point(format!(
            "* Every signature was checked; {} no figure ({} of them for a wrong or unknown signature).",
            show::count(self.statements.void, "statement is void and changes", "statements are void and change"),
            n(self.statements.forged)
        ));
        point("* Who may say what was derived from the charter on, at the index of each statement.");
        if self.sealed {
            point(format!(
                "* The register is sealed: {} stations were expected, so what is missing is known.",
                n(self.stations)
            ));
        }
        match &self.outcome {
            Ok(seats) => point(format!("* The result was counted again from the statements: {seats}.")),
            Err(_) if self.countable == 0 => point(
                "* The totals were counted again from the statements: no station is countable, so there is no result.",
            ),
            Err(why) => point(format!("* The totals were counted again from the statements; no seats: {why}.")),
        }
        for (index, check) in &self.declarations {
            if *check == DeclarationCheck::Holds {
                point(format!("* Declaration {index}: every figure in it follows from the statements at its size."));
            }
        }
        for text in self.audits.iter().flat_map(audit::proved_points) {
            point(text);
        }
        point(format!("* Station tree: root {} over {} leaves.", self.station_root, n(self.leaves)));
        if self.blobs.present + self.blobs.withheld > 0 {
            let (present, withheld) = (n(self.blobs.present), n(self.blobs.withheld));
            point(format!("* Blobs: {present} present and unchanged, {withheld} withheld by rulings."));
        }
        if let Some((true, count)) = self.witnesses {
            point(format!("* {count} witnesses cosigned this checkpoint: enough for the policy."));
        }
        self.print_not_proved();
        show::heading("What nobody can prove from a record");
        point("* That a figure is true: only who signed it, when it came, and that it was not changed.");
        point("* That whoever gave the commission its authority had the right to do so.");
        point("* That votes were not bought or voters not pressed: such votes are counted as they fell.");
        if self.witnesses.is_none() {
            point(
                "* That nobody was shown another record: compare the checkpoint with others, or use --policy with witnesses.",
            );
        }
        if self.reconstructed {
            point(
                "* That history was filed faithfully: parts of this record are a reconstruction from published tables.",
            );
        }
        let verdict = if self.is_verified() {
            "VERIFIED"
        } else if !self.author_proved {
            "INTERNALLY CONSISTENT, AUTHOR UNPROVED"
        } else {
            "NOT VERIFIED"
        };
        show::line("");
        show::line(show::bold(verdict));
    }

    fn print_not_proved(&self) {
        let mut open = Vec::new();
        if !self.author_proved {
            open.push("* Whose record this is: give --key and --charter as the commission handed them out.".to_owned());
            open.push(format!("(The record itself names --key {} --charter {})", self.log_key, self.charter));
        }
        if let Some(size) = self.namesakes.first() {
            let size = show::number(*size);
            open.push(format!("* That this is the log of this name that this machine saw before, at size {size}: that one has another key."));
        }
        for (index, check) in &self.declarations {
            match check {
                DeclarationCheck::Holds => {}
                DeclarationCheck::Differs(differences) => {
                    for d in differences {
                        let derived = d.derived.map_or("nothing".to_owned(), show::number);
                        let declared = show::number(d.declared);
                        open.push(format!(
                            "* Declaration {index}: {} is declared as {declared}; the statements give {derived}.",
                            d.what
                        ));
                    }
                }
                DeclarationCheck::NotComputable(why) => {
                    open.push(format!("* Declaration {index} cannot be computed: {why}."))
                }
                DeclarationCheck::Pending => open.push(format!("* Declaration {index} was not computed.")),
            }
        }
        open.extend(self.audits.iter().flat_map(audit::open_points));
        for (hash, index) in &self.blobs.lost {
            open.push(format!(
                "* Blob {hash}, named by statement {index}, is lost: not there, and not withheld by a ruling."
            ));
        }
        if let Some((false, count)) = self.witnesses {
            open.push(format!("* Only {count} witnesses cosigned: not enough for the policy."));
        }
        for path in &self.tree.strays {
            open.push(format!("* {path}: a file that nobody vouches for."));
        }
        if !open.is_empty() {
            show::heading("Not proved");
            for text in open {
                point(text);
            }
        }
    }

    /// The report for scripts.
    pub fn to_json(&self) -> Value {
        let declarations = self.declarations.iter().map(|(index, check)| {
            let (word, differences) = match check {
                DeclarationCheck::Holds => ("holds", Vec::new()),
                DeclarationCheck::Pending => ("pending", Vec::new()),
                DeclarationCheck::NotComputable(_) => ("not_computable", Vec::new()),
                DeclarationCheck::Differs(all) => (
                    "differs",
                    all.iter()
                        .map(|d| json!({ "what": d.what, "declared": d.declared, "derived": d.derived }))
                        .collect(),
                ),
            };
            json!({ "statement": index, "check": word, "differences": differences })
        });
        json!({
            "verified": self.is_verified(),
            "author_proved": self.author_proved,
            "namesakes": self.namesakes,
            "origin": self.checkpoint.origin,
            "checkpoint_size": self.checkpoint.size,
            "size": self.size,
            "root": self.checkpoint.root.to_hex(),
            "key": self.log_key,
            "charter": self.charter.to_hex(),
            "statements": self.statements.total,
            "void": self.statements.void,
            "forged": self.statements.forged,
            "tiles": self.tree.tiles,
            "checkpoints": self.tree.checkpoints,
            "unknown_files": self.tree.strays,
            "station_root": self.station_root.to_hex(),
            "stations": self.stations,
            "station_leaves": self.leaves,
            "countable": self.countable,
            "register_sealed": self.sealed,
            "seats": self.outcome.as_ref().ok(),
            "no_seats": self.outcome.as_ref().err(),
            "blobs": { "present": self.blobs.present, "withheld": self.blobs.withheld,
                "lost": self.blobs.lost.iter().map(|(hash, index)| json!({ "sha256": hash.to_hex(), "statement": index })).collect::<Vec<_>>() },
            "witnesses": self.witnesses.map(|(enough, count)| json!({ "quorum": enough, "cosigned": count })),
            "declarations": declarations.collect::<Vec<_>>(),
            "audits": self.audits.iter().map(AuditCheck::json).collect::<Vec<_>>(),
        })
    }
}
