//! The statements of an audit: notes with known codes, in the order of the log.

use recount_log::{Hash, sha256};
use recount_record::ledger::KeyIx;
use recount_record::statement::{About, NoteStatement, Role};
use recount_tally::Fold;
use recount_tally::fold::Event;

/// A plan: names the plan's blob and then the manifest's.
pub const PLAN: &str = "audit.plan";
/// A contribution to the seed, about the plan's statement.
pub const SEED: &str = "audit.seed";
/// Closes the contributions (the first), and says how many stations are to be opened.
pub const DRAW: &str = "audit.draw";
/// A station's box cannot be counted again.
pub const UNAVAILABLE: &str = "audit.unavailable";
/// Boxes whose ballots cannot be told apart.
pub const MIXED: &str = "audit.mixed";
/// What an assessment came to.
pub const ASSESSED: &str = "audit.assessed";
/// The audit is over.
pub const COMPLETED: &str = "audit.completed";
/// The key under which notes about stations name the plan's statement.
pub const OF: &str = "plan";

/// Roles that run an audit.
const ROLES: [Role; 4] = [Role::Commission, Role::Auditor, Role::Court, Role::Reconstruction];

/// A contribution to the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Its statement.
    pub index: u64,
    /// Who signed it.
    pub by: String,
    /// What was thrown or thought up.
    pub text: String,
}

/// The end of the contributions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Its statement.
    pub index: u64,
    /// The seed that it states.
    pub stated: Option<String>,
    /// Stations to be opened, by this or a later such note.
    pub stations: u64,
}

/// What a note claims about an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its statement.
    pub index: u64,
    /// Whether it says that the audit is over.
    pub completed: bool,
    /// The size that it speaks of.
    pub size: u64,
    /// Its figures.
    pub figures: Vec<(String, u64)>,
}

/// One audit, as its statements tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// The plan's statement: what others name.
    pub index: u64,
    /// SHA-256 of the plan.
    pub plan: Hash,
    /// SHA-256 of the manifest.
    pub manifest: Hash,
    /// Contributions between the plan and the closing.
    pub contributions: Vec<Contribution>,
    /// The closing.
    pub closing: Option<Closing>,
    /// Stations that cannot be counted again, with the statement.
    pub unavailable: Vec<(u64, String)>,
    /// Boxes that were mixed.
    pub mixed: Vec<(u64, Vec<String>)>,
    /// Claims about assessments.
    pub claims: Vec<Claim>,
    /// Notes that have no part in the audit, and why.
    pub ignored: Vec<(u64, &'static str)>,
}

impl Trail {
    /// The seed, once contributions are closed: `SHA256` of the plan's hash and all contributions in order.
    pub fn seed(&self) -> Option<String> {
        self.closing.as_ref()?;
        let mut text = format!("recount-audit-seed/1\n{}\n", self.plan.to_hex());
        for own in &self.contributions {
            text.push_str(&format!("{} {} {}\n", own.index, own.by, own.text));
        }
        Some(sha256(text.as_bytes()).to_hex())
    }
}

/// Whether a key runs audits: by an office that it holds, or that it held when it spoke and lost since.
fn runs(fold: &Fold, key: KeyIx, index: u64) -> bool {
    let keys = fold.ledger().keys();
    keys.get(key).is_some_and(|own| {
        let holds = |office| keys.office(office).is_some_and(|office| ROLES.contains(&office.role));
        own.offices.iter().any(|office| holds(*office)) || own.revoked_at.is_some_and(|at| at > index)
    })
}

fn figure(note: &NoteStatement, name: &str) -> Option<u64> {
    note.figures.iter().find(|(own, _)| own == name).map(|(_, n)| *n)
}

/// The audits of a record, in order of their plans.
pub fn trails(fold: &Fold) -> Vec<Trail> {
    let mut trails: Vec<Trail> = Vec::new();
    for note in fold.events().notes.iter().filter(|note| note.what.code.starts_with("audit.")) {
        if fold.effects().excluded(note.index).is_some() {
            continue;
        }
        let signers = fold.noted().get(usize::try_from(note.index).unwrap_or(usize::MAX));
        let signers: Vec<KeyIx> =
            signers.iter().flat_map(|n| n.signer.into_iter().chain(n.cosigners.iter().copied())).collect();
        let by = signers.first().map_or(String::new(), |key| fold.ledger().keys().name(*key).to_owned());
        let official = signers.iter().any(|key| runs(fold, *key, note.index));
        if note.what.code == PLAN {
            if let ([plan, manifest, ..], true) = (note.what.blobs.as_slice(), official) {
                trails.push(Trail {
                    index: note.index,
                    plan: plan.sha256,
                    manifest: manifest.sha256,
                    contributions: Vec::new(),
                    closing: None,
                    unavailable: Vec::new(),
                    mixed: Vec::new(),
                    claims: Vec::new(),
                    ignored: Vec::new(),
                });
            }
            continue;
        }
        let of = match note.what.about {
            About::Statement(index) => Some(index),
            _ => figure(&note.what, OF),
        };
        let Some(trail) = trails.iter_mut().find(|trail| Some(trail.index) == of) else { continue };
        enter(trail, note, by, official);
    }
    trails
}

fn enter(trail: &mut Trail, note: &Event<NoteStatement>, by: String, official: bool) {
    let (index, what) = (note.index, &note.what);
    if what.code != SEED && !official {
        trail.ignored.push((index, "its signer runs no audit"));
        return;
    }
    match what.code.as_str() {
        SEED if trail.closing.is_some() => trail.ignored.push((index, "it came after the contributions were closed")),
        SEED => {
            let text = what.sources.join(" ");
            trail.contributions.push(Contribution { index, by, text });
        }
        DRAW => {
            let stations = figure(what, "stations").unwrap_or(0);
            match &mut trail.closing {
                Some(closing) => closing.stations = closing.stations.max(stations),
                None if trail.contributions.is_empty() => {
                    trail.ignored.push((index, "nobody has contributed to the seed"))
                }
                None => trail.closing = Some(Closing { index, stated: what.sources.first().cloned(), stations }),
            }
        }
        UNAVAILABLE => match &what.about {
            About::Station { id, .. } => trail.unavailable.push((index, id.clone())),
            _ => trail.ignored.push((index, "it names no station")),
        },
        MIXED => trail.mixed.push((index, what.sources.clone())),
        ASSESSED | COMPLETED => trail.claims.push(Claim {
            index,
            completed: what.code == COMPLETED,
            size: figure(what, "size").unwrap_or(index),
            figures: what.figures.clone(),
        }),
        _ => trail.ignored.push((index, "its code is not one of an audit")),
    }
}
