//! Opening a record: `charter.toml`, the blobs that the charter names, and the register in chunks with its seal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use recount_log::{Hash, SigningKey, VerifierKey, sha256};
use recount_record::Entry;
use recount_record::statement::{BodyDef, Charter, Election, Grant, Kind, Register, Role, Row, Statement};
use recount_store::Memory;
use recount_tally::{Blobs, Fold};
use serde::Deserialize;

use crate::error::{CliError, Outcome, input, read_text};
use crate::write::Recorder;

/// Bytes of rows in one chunk of the register: room is left for the envelope and several signatures.
const CHUNK: usize = 60_000;

/// `charter.toml`, schema `recount-charter/1`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharterFile {
    schema: String,
    /// The log's origin: a name without scheme, such as `results.example.org/2027`.
    origin: String,
    /// The rulebook, relative to this file.
    rulebook: PathBuf,
    /// The protocol forms, relative to this file.
    forms: PathBuf,
    /// The record reconstructs history: the opening key also holds the role `reconstruction`.
    #[serde(default)]
    reconstruction: bool,
    election: ElectionFile,
    #[serde(default)]
    key: Vec<KeyFile>,
    #[serde(default)]
    body: Vec<BodyFile>,
    #[serde(default)]
    required: BTreeMap<String, u64>,
    register: Option<crate::register::RegisterFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ElectionFile {
    id: String,
    title: String,
    polling_day: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key: String,
    role: String,
    scope: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyFile {
    id: String,
    title: String,
    rank: u64,
    quorum: u64,
    majority: u64,
    scope: String,
    seats: Vec<String>,
}

/// Everything that a new record begins with.
pub struct Opening {
    /// The charter, but for the nonce.
    pub charter: Charter,
    /// The rulebook's text.
    pub rulebook: String,
    /// The forms' text.
    pub forms: String,
    /// Register rows; empty if they come later, with a table.
    pub rows: Vec<Row>,
}

/// A TOML error with its place.
pub fn toml_error(
    path: &Path,
    text: &str,
    message: String,
    help: Option<String>,
    span: Option<std::ops::Range<usize>>,
) -> CliError {
    crate::error::text_error(path, text, &message, help.as_deref(), span)
}

/// Reads and checks a rulebook file.
pub fn read_rulebook(path: &Path) -> Outcome<(String, recount_seats::Rulebook)> {
    let text = read_text(path)?;
    match recount_seats::Rulebook::parse(&text) {
        Ok(rulebook) => Ok((text, rulebook)),
        Err(why) => Err(toml_error(path, &text, why.message.clone(), Some(why.help.clone()), why.span())),
    }
}

/// Reads and checks a file of forms.
pub fn read_forms(path: &Path) -> Outcome<(String, recount_election::Forms)> {
    let text = read_text(path)?;
    match recount_election::Forms::parse_toml(&text) {
        Ok(forms) => Ok((text, forms)),
        Err(why) => Err(toml_error(path, &text, why.to_string(), None, why.span().cloned())),
    }
}

fn key(text: &str, what: &str) -> Outcome<VerifierKey> {
    VerifierKey::parse(text).map_err(|why| CliError::Input(format!("{what}: \"{text}\" is not a verifier key: {why}")))
}

/// Reads `charter.toml` and everything that it names.
pub fn read_charter(path: &Path, commission: &SigningKey, log: &SigningKey) -> Outcome<Opening> {
    let text = read_text(path)?;
    let file: CharterFile =
        toml::from_str(&text).map_err(|why| toml_error(path, &text, why.message().to_owned(), None, why.span()))?;
    if file.schema != "recount-charter/1" {
        return input(format!("{}: its schema is \"{}\", not \"recount-charter/1\"", path.display(), file.schema));
    }
    if !is_day(&file.election.polling_day) {
        let (path, day) = (path.display(), &file.election.polling_day);
        return input(format!("{path}: polling_day = \"{day}\" is no day: write it as 2027-01-03"));
    }
    let beside = |name: &Path| path.parent().unwrap_or(Path::new(".")).join(name);
    let (rulebook, _) = read_rulebook(&beside(&file.rulebook))?;
    let (forms, _) = read_forms(&beside(&file.forms))?;
    let mut keys = vec![Grant { key: commission.verifier(), role: Role::Commission, scope: "*".to_owned() }];
    if file.reconstruction {
        keys.push(Grant { key: commission.verifier(), role: Role::Reconstruction, scope: "*".to_owned() });
    }
    for given in &file.key {
        let role = Role::parse(&given.role)
            .ok_or_else(|| CliError::Input(format!("{}: \"{}\" is not a role", path.display(), given.role)))?;
        keys.push(Grant { key: key(&given.key, "[[key]]")?, role, scope: given.scope.clone() });
    }
    let mut bodies = Vec::new();
    for body in file.body {
        let seats = body.seats.iter().map(|seat| key(seat, "seats")).collect::<Outcome<Vec<_>>>()?;
        let BodyFile { id, title, rank, quorum, majority, scope, .. } = body;
        bodies.push(BodyDef { id, title, rank, quorum, majority, scope, seats });
    }
    let mut required = Vec::new();
    for (role, n) in &file.required {
        let role = Role::parse(role)
            .ok_or_else(|| CliError::Input(format!("{}: [required] \"{role}\" is not a role", path.display())))?;
        required.push((role, *n));
    }
    let rows = match &file.register {
        None => Vec::new(),
        Some(register) => crate::register::read_rows(register, &beside)?,
    };
    let charter = Charter {
        origin: file.origin,
        nonce: nonce()?,
        semantics: 1,
        election: Election { id: file.election.id, title: file.election.title, polling_day: file.election.polling_day },
        rulebook: sha256(rulebook.as_bytes()),
        forms: sha256(forms.as_bytes()),
        log: log.verifier(),
        keys,
        bodies,
        required,
        repeats: None,
    };
    Ok(Opening { charter, rulebook, forms, rows })
}

/// Whether this is a day of the calendar, as YYYY-MM-DD.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Sixteen random bytes in hexadecimal.
pub fn nonce() -> Outcome<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| CliError::Environment(format!("no randomness to be had: {e}")))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Opens a record in a new directory: blobs, charter, and, if there are rows, register and seal. Returns the charter's hash.
pub fn open_record(
    dir: &Path,
    opening: &Opening,
    commission: &SigningKey,
    log: &SigningKey,
) -> Outcome<(Recorder, Hash)> {
    let text = Statement { charter: None, kind: Kind::Charter(Box::new(opening.charter.clone())) }.to_text();
    recount_record::entry::parse_text(&text).map_err(|why| CliError::Input(format!("the charter: {why}")))?;
    if let Some(folder) = Memory::default_folder()
        && Memory::new(&folder, &opening.charter.origin, &log.verifier()).seen()?.is_some()
    {
        return input(format!(
            "this machine has seen a record of {} under this log key already, and a second one would be a fork of it: take a new log key (or another seed)",
            opening.charter.origin
        ));
    }
    if dir.exists() && !dir.is_dir() {
        return input(format!("{}: this is a file; name a new folder", dir.display()));
    }
    rehearse(&text, opening, commission)?;
    let mut recorder = Recorder::create(dir, &opening.charter.origin, log)?;
    recorder.put_blob(opening.rulebook.as_bytes())?;
    recorder.put_blob(opening.forms.as_bytes())?;
    let hash = sha256(text.as_bytes());
    effective(recorder.file_texts(&[text], &[commission], "charter")?)?;
    if !opening.rows.is_empty() {
        file_register(&mut recorder, 1, &opening.rows, &[commission])?;
    }
    Ok((recorder, hash))
}

/// The blobs that a charter names, not stored yet.
struct Held<'a>(&'a Opening);

impl Blobs for Held<'_> {
    fn blob(&self, hash: &Hash) -> Option<Vec<u8>> {
        let held = [&self.0.rulebook, &self.0.forms].into_iter().find(|text| sha256(text.as_bytes()) == *hash);
        held.map(|text| text.clone().into_bytes())
    }
}

/// Folds charter and register in memory, so that what would have no effect is refused before there is a record.
fn rehearse(charter: &str, opening: &Opening, commission: &SigningKey) -> Outcome {
    let mut fold = Fold::new(&opening.charter.origin);
    let mut say = |text: &str, what: &str| -> Outcome {
        let wrong = |why: String| CliError::Input(format!("{what}: {why}; no record was made"));
        let note = recount_record::entry::sign(text, &[commission]).map_err(|why| wrong(why.to_string()))?;
        let entry = Entry::parse(&note);
        let signed = entry.as_ref().map_or_else(|_| Ok(Vec::new()), |entry| fold.signatures(entry, true));
        match fold.push_signed(entry, signed, &Held(opening)) {
            Some(why) => Err(wrong(why.to_string())),
            None => Ok(()),
        }
    };
    say(charter, "the charter")?;
    let hash = sha256(charter.as_bytes());
    let register = |rows: Vec<Row>| {
        let rows = Register { poll: 1, rows };
        Statement { charter: Some(hash), kind: Kind::Register(rows) }.to_text()
    };
    for row in &opening.rows {
        // A row that cannot be said at all is named; whether rows fit each other is seen together.
        if let Err(why) = recount_record::entry::parse_text(&register(vec![row.clone()])) {
            let shown = crate::show::shorten(&format!("{:?}", row.value().to_string()), 200);
            return input(format!("the register: {why}, in {shown}; no record was made"));
        }
    }
    chunks(hash, 1, &opening.rows).iter().try_for_each(|text| say(text, "the register"))
}

/// Files register rows in chunks, and the seal that closes them.
pub fn file_register(recorder: &mut Recorder, poll: u64, rows: &[Row], keys: &[&SigningKey]) -> Outcome {
    let charter = charter_hash(recorder)?;
    let texts = chunks(charter, poll, rows);
    effective(recorder.file_texts(&texts, keys, "register")?)?;
    seal_register(recorder, poll, keys)
}

/// Files the seal of the register as it stands.
pub fn seal_register(recorder: &mut Recorder, poll: u64, keys: &[&SigningKey]) -> Outcome {
    let charter = charter_hash(recorder)?;
    let seal = recorder.fold().ledger().register().seal(poll);
    let text = Statement { charter: Some(charter), kind: Kind::Seal(seal) }.to_text();
    effective(recorder.file_texts(&[text], keys, "seal")?)?;
    Ok(())
}

/// The record's charter hash.
pub fn charter_hash(recorder: &Recorder) -> Outcome<Hash> {
    match recorder.fold().ledger().charter() {
        Some((hash, _)) => Ok(*hash),
        None => Err(CliError::No("the record has no effective charter".to_owned())),
    }
}

fn chunks(charter: Hash, poll: u64, rows: &[Row]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut chunk: Vec<Row> = Vec::new();
    let mut bytes = 0;
    let close =
        |rows: Vec<Row>| Statement { charter: Some(charter), kind: Kind::Register(Register { poll, rows }) }.to_text();
    for row in rows {
        let size = row.value().to_string().len() + 1;
        if bytes + size > CHUNK && !chunk.is_empty() {
            texts.push(close(std::mem::take(&mut chunk)));
            bytes = 0;
        }
        bytes += size;
        chunk.push(row.clone());
    }
    if !chunk.is_empty() {
        texts.push(close(chunk));
    }
    texts
}

/// Statements that must not be void, or everything that follows from them is.
pub fn effective(filed: Vec<crate::write::Filed>) -> Outcome<Vec<crate::write::Filed>> {
    match filed.iter().find_map(|filed| filed.void.as_ref().map(|why| (filed.index, why))) {
        None => Ok(filed),
        Some((index, why)) => input(format!("statement {index} has no effect: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_are_of_the_calendar() {
        for good in ["2027-01-03", "2024-02-29", "2000-02-29", "1953-12-31"] {
            assert!(is_day(good), "{good}");
        }
        for bad in [
            "",
            "yesterday",
            "2027-1-3",
            "2023-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-04-31",
            "2027-01-00",
            "+027-01-03",
        ] {
            assert!(!is_day(bad), "{bad}");
        }
    }
}
