//! Notes, keys, checkpoints and their cosignatures.

use std::collections::BTreeSet;

use recount_log::mldsa::{self, MlDsaCosigner, MlDsaKey};
use recount_log::{
    Checkpoint, Hash, KeyError, KeyKind, Note, NoteError, NoteRef, Policy, SignatureLine, SigningKey, VerifierKey,
    cosignature, empty_root, key_id, sha256,
};
use serde_json::{Value, json};

use crate::facts::Facts;
use crate::input::{Input, from_hex, to_hex};

/// The verifier keys of a case: Ed25519 of both kinds, and ML-DSA-44.
#[derive(Default)]
pub struct Keys {
    pub ed25519: Vec<VerifierKey>,
    pub mldsa: Vec<MlDsaKey>,
}

impl Keys {
    /// Keys of a signature type that this crate does not verify are left out: their lines count as unknown. A malformed key is an error.
    pub fn of(input: &Input) -> Result<Keys, String> {
        let mut keys = Keys::default();
        for text in input.texts(&["log_vkey", "log_vkeys", "vkey", "vkeys", "witness_vkey", "witness_vkeys"]) {
            match VerifierKey::parse(text) {
                Ok(key) => keys.ed25519.push(key),
                Err(KeyError::Unsupported(0x06)) => keys.mldsa.push(MlDsaKey::parse(text).map_err(|e| e.to_string())?),
                Err(KeyError::Unsupported(_)) => {}
                Err(error) => return Err(format!("{text}: {error}")),
            }
        }
        Ok(keys)
    }
}

pub fn note_bytes(input: &Input) -> Result<Vec<u8>, String> {
    input
        .bytes(&["note_b64", "note_hex", "note", "checkpoint_b64", "checkpoint", "text", "msg", "body"])
        .ok_or("the input has no note".to_owned())
}

/// Verifies with all keys: which lines are by known keys, which are not.
fn verify_all(note: &Note, keys: &Keys) -> Result<(Vec<usize>, Vec<usize>), String> {
    let mut verified = Vec::new();
    match note.verify(&keys.ed25519) {
        Ok(found) => verified = found.verified,
        Err(NoteError::NoKnownKey) => {}
        Err(error) => return Err(error.to_string()),
    }
    for (number, line) in note.signatures().iter().enumerate() {
        for key in keys.mldsa.iter().filter(|key| key.name() == line.name && key.id() == line.id) {
            let checkpoint = Checkpoint::parse_body(note.text()).map_err(|e| e.to_string())?;
            key.verify_line(&checkpoint, line).ok_or("bad ML-DSA-44 signature")?;
            verified.push(number);
        }
    }
    verified.sort_unstable();
    if verified.is_empty() {
        return Err(NoteError::NoKnownKey.to_string());
    }
    let unknown = (0..note.signatures().len()).filter(|number| !verified.contains(number)).collect();
    Ok((verified, unknown))
}

fn names(note: &Note, numbers: &[usize]) -> Vec<String> {
    numbers.iter().filter_map(|number| note.signatures().get(*number)).map(|line| line.name.clone()).collect()
}

pub fn verify(input: &Input) -> Result<Facts, String> {
    let bytes = note_bytes(input)?;
    let Ok(keys) = Keys::of(input) else { return Ok(Facts::valid(false)) };
    let Ok(note) = Note::parse(&bytes) else { return Ok(Facts::valid(false)) };
    if note.to_bytes() != bytes {
        return Err("the note is not written as it was read".to_owned());
    }
    if keys.mldsa.is_empty()
        && NoteRef::parse(&bytes).map(|n| n.verify(&keys.ed25519)) != Ok(note.verify(&keys.ed25519))
    {
        return Err("the borrowed note disagrees with the owned one".to_owned());
    }
    let Ok((verified, unknown)) = verify_all(&note, &keys) else { return Ok(Facts::valid(false)) };
    let mut facts = Facts::valid(true);
    facts.set("text", note.text());
    facts.set_names("verified", names(&note, &verified));
    facts.set_names("unverified", names(&note, &unknown));
    facts.set_names("unknown", names(&note, &unknown));
    Ok(facts)
}

/// Everything the input can sign with: `PRIVATE+KEY+...` texts, or a name and a seed.
fn signers(input: &Input) -> Result<Vec<SigningKey>, String> {
    let fields = ["skey", "skeys", "signer", "signers", "key", "keys", "private_key", "private_keys", "signing_key"];
    let mut out = Vec::new();
    for text in input.texts(&fields).into_iter().filter(|text| text.starts_with("PRIVATE+KEY+")) {
        let key = SigningKey::parse(text).map_err(|e| e.to_string())?;
        if key.encode() != text {
            return Err("the signing key is not written as it was read".to_owned());
        }
        out.push(key);
    }
    if let Some(seed) = input.bytes(&["seed_hex", "seed_b64"]) {
        let seed = seed.try_into().map_err(|_| "the seed is not 32 bytes")?;
        let name = input.text(&["name", "key_name", "origin"])?;
        out.push(SigningKey::from_seed(name, seed).map_err(|e| e.to_string())?);
    }
    if out.is_empty() { Err("the input has no signing key".to_owned()) } else { Ok(out) }
}

pub fn sign(input: &Input) -> Result<Facts, String> {
    let keys = match signers(input) {
        Ok(keys) => keys,
        Err(error) if error.starts_with("the input") => return Err(error),
        Err(_) => return Ok(Facts::valid(false)),
    };
    let text = input.text(&["text", "body", "checkpoint_body", "msg"])?;
    let mut lines = Vec::new();
    for old in input.texts(&["signature_lines", "existing"]) {
        lines.push(SignatureLine::parse(old.trim_end_matches('\n')).map_err(|e| e.to_string())?);
    }
    let new: Vec<SignatureLine> = keys.iter().map(|key| key.sign(text)).collect();
    lines.extend(new.iter().cloned());
    let Ok(note) = Note::new(text, lines) else { return Ok(Facts::valid(false)) };
    let verifiers: Vec<VerifierKey> = keys.iter().map(SigningKey::verifier).collect();
    let mut facts = Facts::valid(note.verify(&verifiers).is_ok());
    let written = String::from_utf8(note.to_bytes()).map_err(|e| e.to_string())?;
    for name in ["note", "signed", "signed_note", "output", "checkpoint"] {
        facts.set(name, written.clone());
    }
    facts.set("vkeys", json!(verifiers.iter().map(ToString::to_string).collect::<Vec<_>>()));
    facts.set("signature_lines", json!(new.iter().map(ToString::to_string).collect::<Vec<_>>()));
    facts.set("signature_lines", json!(new.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>()));
    if let ([line], [verifier]) = (new.as_slice(), verifiers.as_slice()) {
        facts.set("vkey", verifier.to_string());
        facts.set("key_id", format!("{:08x}", verifier.id()));
        facts.set("signature_line", line.to_string());
        facts.set("signature_line", format!("{line}\n"));
        facts.set("signature_hex", to_hex(&line.signature));
        facts.set("public_hex", to_hex(&verifier.public()));
        facts.set("pub_hex", to_hex(&verifier.public()));
    }
    Ok(facts)
}

fn one_key(case: &Value) -> Result<(String, String), String> {
    if let Some(text) = case.as_str().or(case["vkey"].as_str()) {
        let id = match VerifierKey::parse(text) {
            Ok(key) if key.to_string() == text => key.id(),
            Ok(_) => return Err("the key is not written as it was read".to_owned()),
            Err(KeyError::Unsupported(0x06)) => MlDsaKey::parse(text).map_err(|e| e.to_string())?.id(),
            Err(error) => return Err(error.to_string()),
        };
        return Ok((format!("{id:08x}"), text.to_owned()));
    }
    let name = case["name"].as_str().ok_or("a key has no name")?;
    let kind = case["type"].as_u64().and_then(|kind| u8::try_from(kind).ok()).ok_or("a key has no type")?;
    let public =
        case["pub_hex"].as_str().or(case["public_hex"].as_str()).and_then(from_hex).ok_or("a key has no pub_hex")?;
    let id = key_id(name, kind, &public);
    let known = match kind {
        1 => Some(KeyKind::Ed25519),
        4 => Some(KeyKind::Cosignature),
        _ => None,
    };
    let mut text = String::new();
    if let (Some(known), Ok(public)) = (known, <[u8; 32]>::try_from(public)) {
        let key = VerifierKey::from_public(name, known, public).map_err(|e| e.to_string())?;
        if key.id() != id || VerifierKey::parse(&key.to_string()) != Ok(key.clone()) {
            return Err("the key's id differs from the formula, or the key cannot be read back".to_owned());
        }
        text = key.to_string();
    }
    Ok((format!("{id:08x}"), text))
}

pub fn keys(input: &Input) -> Result<Facts, String> {
    let mut cases = input.list(&["cases", "vkeys", "keys"]);
    if cases.is_empty() {
        cases.push(&input.0);
    }
    let found: Vec<Result<(String, String), String>> = cases.into_iter().map(one_key).collect();
    let good = found.iter().all(Result::is_ok);
    let all_bad = found.iter().all(Result::is_err);
    if !good && !all_bad {
        return Err(format!("some keys are good and some are not: {found:?}"));
    }
    let mut facts = Facts::valid(good);
    let (ids, texts): (Vec<String>, Vec<String>) = found.into_iter().flatten().unzip();
    if let ([id], [text]) = (ids.as_slice(), texts.as_slice()) {
        facts.set("key_id", id.clone());
        facts.set("vkey", text.clone());
    }
    facts.set("key_ids", ids);
    facts.set("vkeys", texts);
    Ok(facts)
}

/// The quorum through a policy, where the log's key is called like the origin as policies require; counted by hand otherwise.
fn quorum_met(note: &Note, keys: &Keys, wanted: u64, verified: &[usize]) -> Result<bool, String> {
    let log = keys.ed25519.iter().filter(|key| key.kind() == KeyKind::Ed25519);
    let mut policy: String = log.map(|key| format!("log {key}\n")).collect();
    let witnesses = keys.ed25519.iter().filter(|key| key.kind() == KeyKind::Cosignature).map(ToString::to_string);
    let witnesses: Vec<String> = witnesses.chain(keys.mldsa.iter().map(ToString::to_string)).collect();
    let ed25519 = keys.ed25519.iter().filter(|key| key.kind() == KeyKind::Cosignature);
    let known: BTreeSet<(&str, u32)> =
        ed25519.map(|key| (key.name(), key.id())).chain(keys.mldsa.iter().map(|key| (key.name(), key.id()))).collect();
    // A witness counts once, however often it signed.
    let lines = verified.iter().filter_map(|number| note.signatures().get(*number));
    let signed: BTreeSet<(&str, u32)> = lines.map(|line| (line.name.as_str(), line.id)).collect();
    let counted = signed.intersection(&known).count() as u64;
    if wanted == 0 || wanted > witnesses.len() as u64 {
        return Ok(wanted == 0);
    }
    let members: String = (0..witnesses.len()).map(|number| format!(" w{number}")).collect();
    for (number, witness) in witnesses.iter().enumerate() {
        policy.push_str(&format!("witness w{number} {witness}\n"));
    }
    policy.push_str(&format!("group g {wanted}{members}\nquorum g\n"));
    match Policy::parse(policy.as_bytes()).map(|policy| policy.evaluate(note)) {
        Ok(Ok(verdict)) if verdict.quorum != (counted >= wanted) => Err("the policy counts differently".to_owned()),
        _ => Ok(counted >= wanted),
    }
}

pub fn checkpoint(input: &Input) -> Result<Facts, String> {
    let bytes = note_bytes(input)?;
    let Ok(keys) = Keys::of(input) else { return Ok(Facts::valid(false)) };
    let Ok(note) = Note::parse(&bytes) else { return Ok(Facts::valid(false)) };
    let (Ok((verified, unknown)), Ok(stated)) = (verify_all(&note, &keys), Checkpoint::parse_body(note.text())) else {
        return Ok(Facts::valid(false));
    };
    if stated.to_body() != note.text() {
        return Err("the checkpoint is not written as it was read".to_owned());
    }
    let mut valid = stated.size > 0 || stated.root == empty_root();
    for key in keys.ed25519.iter().filter(|key| key.kind() == KeyKind::Ed25519) {
        match Checkpoint::open(&bytes, key) {
            Ok((opened, _)) if opened != stated => {
                return Err("opening gives another checkpoint than reading".to_owned());
            }
            Ok(_) | Err(recount_log::CheckpointError::Note(NoteError::NoKnownKey)) => {}
            Err(_) => valid = false,
        }
    }
    let mut facts = Facts::default();
    if let Ok(wanted) = input.number(&["quorum"]) {
        let met = quorum_met(&note, &keys, wanted, &verified)?;
        facts.set("quorum", met);
        facts.set("quorum_met", met);
        // A policy first asks for the log's own signature, if the log's key is known.
        let mut logs = keys.ed25519.iter().filter(|key| key.kind() == KeyKind::Ed25519).peekable();
        let signed = logs.peek().is_none()
            || logs.any(|key| note.signatures().iter().any(|line| line.name == key.name() && line.id == key.id()));
        valid &= met && signed;
    }
    facts.set("valid", valid);
    facts.set("origin", stated.origin.clone());
    facts.set("size", stated.size);
    facts.set_hash("root", &stated.root);
    facts.set("extensions", stated.extensions.clone());
    facts.set("text", note.text());
    let times: Vec<u64> = note
        .signatures()
        .iter()
        .flat_map(|line| keys.ed25519.iter().filter_map(|key| cosignature::verify_line(key, note.text(), line)))
        .collect();
    facts.set("times", times.clone());
    facts.set("timestamps", times);
    facts.set_names("verified", names(&note, &verified));
    facts.set_names("unverified", names(&note, &unknown));
    Ok(facts)
}

pub fn mldsa44(input: &Input) -> Result<Facts, String> {
    let text = input.text(&["vkey", "witness_vkey"])?;
    let Ok(key) = MlDsaKey::parse(text) else { return Ok(Facts::valid(false)) };
    if key.to_string() != text {
        return Err("the key is not written as it was read".to_owned());
    }
    let checkpoint = Checkpoint::parse_body(input.text(&["checkpoint_body", "body", "text"])?).ok();
    let line = SignatureLine::parse(input.text(&["signature_line", "line"])?.trim_end_matches('\n')).ok();
    let mut facts = Facts::default();
    let public: Hash = sha256(key.public());
    facts.set_hash("public_key_sha256", &public);
    facts.set("key_id", format!("{:08x}", key.id()));
    if let Some(seed) = input.bytes(&["seed_hex"]) {
        check_seed(&key, seed, checkpoint.as_ref())?;
    }
    if let Some(line) = &line {
        facts.set("line_signature_bytes", line.signature.len() + 4);
    }
    let (Some(checkpoint), Some(line)) = (checkpoint, line) else {
        facts.set("valid", false);
        return Ok(facts);
    };
    facts.set("valid", key.verify_line(&checkpoint, &line).is_some());
    if let Some((time, _)) = line.signature.split_first_chunk::<8>() {
        let time = u64::from_be_bytes(*time);
        facts.set("time", time);
        facts.set("timestamp", time);
        if let Ok(signed) = mldsa::message(key.name(), time, &checkpoint.origin, 0, checkpoint.size, &checkpoint.root) {
            facts.set("message_hex", to_hex(&signed));
        }
    }
    Ok(facts)
}

/// The seed must give the key, and what is signed with it must verify.
fn check_seed(key: &MlDsaKey, seed: Vec<u8>, checkpoint: Option<&Checkpoint>) -> Result<(), String> {
    let seed = seed.try_into().map_err(|_| "the seed is not 32 bytes")?;
    let cosigner = MlDsaCosigner::from_seed(key.name(), seed).map_err(|e| e.to_string())?;
    if cosigner.verifier() != key {
        return Err("the seed gives another key".to_owned());
    }
    let Some(checkpoint) = checkpoint else { return Ok(()) };
    let signable = mldsa::message(key.name(), 1, &checkpoint.origin, 0, 0, &checkpoint.root).is_ok();
    match cosigner.cosign(checkpoint, 1) {
        Ok(own) if key.verify_line(checkpoint, &own) == Some(1) => Ok(()),
        Err(_) if !signable => Ok(()), // a name that is too long
        other => Err(format!("our own signature does not verify: {other:?}")),
    }
}
