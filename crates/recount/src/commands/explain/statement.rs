//! A statement: its text and identity, its signers with the offices that they held at its index, and what has become of it.

use recount_log::leaf_hash;
use recount_record::{Entry, VoidReason};
use recount_tally::Fold;
use serde_json::{Value, json};

use super::Asked;
use crate::error::{Outcome, input};
use crate::read;
use crate::show;
use crate::view::{names, opening, statements};

/// One signature line.
struct Signer {
    name: String,
    known: bool,
    offices: Vec<String>,
    seats: Vec<String>,
}

pub fn run(asked: &Asked<'_>, index: u64) -> Outcome {
    let (opened, fold) = (asked.opened, asked.fold);
    let Some(short) = statements::short(fold, index) else {
        return input(format!("there is no statement {index}: the record has {} from 0", fold.size()));
    };
    let bytes = opened.reader.entry(index)?;
    let proof = opened.reader.inclusion_proof(index)?;
    // Authority is judged at the statement's index: as the record stood just before it, or, for the charter, by its own word.
    let before = read::fold_record(&opened.reader, index.max(1), opened.size())?;
    let entry = Entry::parse(&bytes);
    let signers: Vec<Signer> = match &entry {
        Ok(entry) => entry.lines.iter().map(|line| signer(&before, line.name())).collect(),
        Err(_) => Vec::new(),
    };
    let signatures =
        match fold.noted().get(usize::try_from(index).unwrap_or(usize::MAX)).and_then(|noted| noted.void.as_deref()) {
            Some(VoidReason::BadSignature { .. } | VoidReason::UnknownSigner { .. } | VoidReason::Unreadable(_)) => {
                "NOT all valid"
            }
            _ => "all valid",
        };
    let text =
        entry.as_ref().map_or_else(|_| String::from_utf8_lossy(&bytes).into_owned(), |entry| entry.text.to_owned());
    let id = entry.as_ref().ok().map(|entry| entry.id);
    if asked.as_json {
        let lines = signers
            .iter()
            .map(|own| json!({ "name": own.name, "known": own.known, "offices": own.offices, "seats": own.seats }));
        return show::json(&json!({
            "record": opening::json(opened),
            "statement": statements::json(&short),
            "id": id.map(|id| id.to_hex()),
            "text": text,
            "signers": lines.collect::<Vec<Value>>(),
            "signatures_valid": signatures == "all valid",
            "leaf_hash": leaf_hash(&bytes).to_hex(),
            "inclusion_proof": proof.iter().map(recount_log::Hash::to_hex).collect::<Vec<_>>(),
        }));
    }
    opening::print(opened);
    show::heading(&format!("Statement {index}: {}", short.kind));
    let reason = if short.reason.is_empty() { String::new() } else { format!(": {}", short.reason) };
    show::paragraph(format!("Status: {}{reason}.", short.status.to_uppercase()));
    if let Some(id) = id {
        show::line(format!("Identity (SHA-256 of its text): {id}"));
    }
    show::line(format!("Signatures: {signatures}."));
    for own in &signers {
        show::item(words(own));
    }
    show::line("");
    show::line(text.trim_end());
    show::line("");
    show::line(format!("Leaf hash: {}", leaf_hash(&bytes)));
    let checkpoint = opened.reader.checkpoint();
    show::paragraph(format!(
        "Included in the tree of size {} (root {}) by a proof of {}. `recount prove DIR --statement {index}` writes it as a receipt that anyone can check offline.",
        checkpoint.size,
        checkpoint.root,
        show::count(proof.len() as u64, "hash", "hashes")
    ));
    Ok(())
}

fn signer(before: &Fold, name: &str) -> Signer {
    let found = before.ledger().keys().find(name).map(|(ix, _)| ix);
    let bodies = before.ledger().bodies().iter();
    let seats =
        bodies.filter(|(_, body)| found.is_some_and(|ix| body.seats.contains(&ix))).map(|(id, _)| id.clone()).collect();
    let offices = found.map_or_else(Vec::new, |ix| names::offices(before, ix));
    Signer { name: name.to_owned(), known: found.is_some(), offices, seats }
}

fn words(own: &Signer) -> String {
    if !own.known {
        return format!("{}: the record knew no such key at this index.", own.name);
    }
    let mut held: Vec<String> = own.offices.clone();
    held.extend(own.seats.iter().map(|body| format!("a seat of {body}")));
    if held.is_empty() {
        format!("{}: held no office at this index.", own.name)
    } else {
        format!("{}: {}.", own.name, held.join("; "))
    }
}
