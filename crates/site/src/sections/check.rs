//! How to check everything, and what was checked when the page was made.

use maud::{Markup, html};

use recount_tally::Fold;

use crate::frame::Frame;
use crate::number::grouped;
use crate::words;

pub(crate) fn section(fold: &Fold, frame: &Frame, root: &str) -> Markup {
    let verified = frame.verified;
    let checks = [
        (verified.log_key, words::CHECKED_LOG_KEY),
        (verified.charter, words::CHECKED_CHARTER),
        (verified.tree, words::CHECKED_TREE),
        (verified.statements, words::CHECKED_STATEMENTS),
        (verified.declarations, words::CHECKED_DECLARATIONS),
    ];
    html! {
        p { (words::CHECK_INTRO) }
        pre tabindex="0" { code { (command(fold, frame)) } }
        h3 { (words::CHECKED) }
        p { @if verified.is_anchored() { (words::ANCHORED) } @else { strong { (words::NOT_ANCHORED) } } }
        ul.checks {
            @for (done, what) in checks {
                li class=(if done { "yes" } else { "no" }) {
                    span.tag { @if done { (words::DONE) } @else { (words::NOT_DONE) } } " " (what)
                }
            }
            @if verified.witnesses > 0 {
                li.yes { span.tag { (words::DONE) } " " (words::witnesses(verified.witnesses)) }
            }
        }
        h3 { (words::BYTES) }
        dl.lines.long {
            @if let Some(vkey) = &frame.vkey { div { dt { (words::LOG_KEY) } dd { code { (vkey) } } } }
            @if let Some(hash) = charter(fold, frame) { div { dt { (words::CHARTER) } dd { code { (hash) } } } }
            @if let Some(law) = fold.law() {
                div { dt { (words::RULEBOOK) } dd { (law.rulebook.title) " " code { (law.rulebook_hash.to_hex()) } } }
            }
            @if let Some(checkpoint) = &frame.checkpoint {
                div { dt { (words::CHECKPOINT) } dd { code { (checkpoint.origin) } ", " (grouped(checkpoint.size)) ", " code { (checkpoint.root.to_hex()) } } }
            }
        }
        @if frame.base_url.is_some() { p { a href={ (root) "checkpoint" } { (words::CHECKPOINT_FILE) } } }
        p.small { (words::CANNOT_PROVE) }
    }
}

fn charter(fold: &Fold, frame: &Frame) -> Option<String> {
    let own = fold.ledger().charter().map(|(hash, _)| *hash);
    frame.charter.or(own).map(|hash| hash.to_hex())
}

/// The command with everything that is known filled in.
pub(crate) fn command(fold: &Fold, frame: &Frame) -> String {
    let url = frame.base_url.as_deref().unwrap_or(words::URL_HERE);
    let key = frame.vkey.as_ref().map_or_else(|| words::KEY_HERE.to_owned(), ToString::to_string);
    let charter = charter(fold, frame).unwrap_or_else(|| words::CHARTER_HERE.to_owned());
    format!("recount verify {url} \\\n  --key {key} \\\n  --charter {charter} \\\n  --at {}", fold.size())
}
