//! What was read, and who vouches for it.

use recount_record::statement::Charter;
use serde_json::{Value, json};

use crate::read::Opened;
use crate::show;

/// The charter of a record that was opened.
pub fn charter(opened: &Opened) -> Option<&Charter> {
    opened.fold.ledger().charter().map(|(_, charter)| charter)
}

/// Prints title, checkpoint, author and signatures.
pub fn print(opened: &Opened) {
    if let Some(charter) = charter(opened) {
        show::title(&format!("{} ({})", charter.election.title, charter.election.polling_day));
    }
    let checkpoint = opened.reader.checkpoint();
    let root: String = checkpoint.root.to_hex().chars().take(16).collect();
    let covered = if checkpoint.size == opened.size() {
        format!("root {root}...")
    } else {
        format!("covered by the checkpoint of size {}, root {root}...", show::number(checkpoint.size))
    };
    show::paragraph(format!("Read: {} at size {}, {covered}", checkpoint.origin, show::number(opened.size())));
    author(opened.author_proved);
    let before = opened.trusted_to.min(opened.size());
    let now = opened.size() - before;
    show::paragraph(match (before, now) {
        (0, now) => format!("Signatures: those of all {} checked now.", show::count(now, "statement", "statements")),
        (before, 0) => format!("Signatures: those of all {} were checked by this reader before.", show::number(before)),
        (before, now) => format!(
            "Signatures: {} checked by this reader before, {} now.",
            show::count(before, "statement was", "statements were"),
            show::number(now)
        ),
    });
}

/// Prints who vouches for it.
pub fn author(proved: bool) {
    if proved {
        show::line("Author: proved by the log key and charter hash that you gave.");
    } else {
        show::paragraph(
            "Author: NOT PROVED. Give --key and --charter as the election's commission hands them out, not as this record says.",
        );
    }
}

/// The same for scripts.
pub fn json(opened: &Opened) -> Value {
    let checkpoint = opened.reader.checkpoint();
    let before = opened.trusted_to.min(opened.size());
    let election = charter(opened).map(|charter| {
        json!({ "id": charter.election.id, "title": charter.election.title, "polling_day": charter.election.polling_day })
    });
    json!({
        "origin": checkpoint.origin,
        "size": opened.size(),
        "checkpoint_size": checkpoint.size,
        "root": checkpoint.root.to_hex(),
        "charter": opened.charter.to_hex(),
        "log_key": opened.log_key.to_string(),
        "author_proved": opened.author_proved,
        "signatures": { "checked_before": before, "checked_now": opened.size() - before },
        "election": election,
    })
}
