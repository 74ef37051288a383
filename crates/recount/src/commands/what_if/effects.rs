//! The effects that a call asks for.

use std::path::Path;

use recount_record::statement::{About, Effect, Kind};
use serde_json::{Value, json};

use super::Args;
use crate::commands::draft::canonical;
use crate::error::{CliError, Outcome, input, read_json};

/// A place as a call names it.
enum Named {
    Place(About),
    Statement(u64),
}

fn named(text: &str) -> Outcome<Named> {
    let bad = || {
        CliError::Input(format!(
            "\"{text}\" is not a place: write station:ID, station:ID/PART, unit:ID, statement:INDEX, or poll"
        ))
    };
    if text == "poll" {
        return Ok(Named::Place(About::Poll));
    }
    let (what, id) = text.split_once(':').filter(|(_, id)| !id.is_empty()).ok_or_else(bad)?;
    match what {
        "unit" => Ok(Named::Place(About::Unit(id.to_owned()))),
        "station" => {
            let (id, part) = id.split_once('/').map_or((id, None), |(id, part)| (id, Some(part.to_owned())));
            Ok(Named::Place(About::Station { id: id.to_owned(), part }))
        }
        "statement" => id.parse().map(Named::Statement).map_err(|_| bad()),
        _ => Err(bad()),
    }
}

fn place(text: &str, flag: &str) -> Outcome<About> {
    match named(text)? {
        Named::Place(about) => Ok(about),
        Named::Statement(_) => {
            input(format!("--{flag} {text}: a statement has no vote of its own; name a station, a unit or poll"))
        }
    }
}

/// All effects of a call, in the order of its kinds.
pub fn of(args: &Args) -> Outcome<Vec<Effect>> {
    let (poll, contest) = (args.poll, args.contest.clone());
    let mut effects = Vec::new();
    for text in &args.annul {
        effects.push(match named(text)? {
            Named::Place(about) => Effect::Annul { poll, contest: contest.clone(), about },
            Named::Statement(statement) => Effect::Exclude { statement },
        });
    }
    for text in &args.repeat {
        effects.push(Effect::Repeat { poll, contest: contest.clone(), about: place(text, "repeat")? });
    }
    for text in &args.recount {
        effects.push(Effect::Recount { poll, about: place(text, "recount")? });
    }
    effects.extend(args.exclude.iter().map(|statement| Effect::Exclude { statement: *statement }));
    effects.extend(args.restore.iter().map(|statement| Effect::Restore { statement: *statement }));
    effects.extend(args.reverse.iter().map(|ruling| Effect::Reverse { ruling: *ruling }));
    for path in &args.correct {
        effects.extend(corrections(path, poll)?);
    }
    Ok(effects)
}

/// The corrections of a file.
fn corrections(path: &Path, poll: u64) -> Outcome<Vec<Effect>> {
    let wrong = |why: String| CliError::Input(format!("{}: {why}", path.display()));
    let value: Value = read_json(path)?;
    let mut each = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    for one in &mut each {
        let Value::Object(fields) = one else { return Err(wrong("a correction is a JSON object".to_owned())) };
        fields.entry("do").or_insert_with(|| json!("correct"));
        fields.entry("poll").or_insert_with(|| json!(poll));
        if fields.get("do") != Some(&json!("correct")) {
            return Err(wrong("--correct takes corrections alone".to_owned()));
        }
    }
    // Read as the effects of a ruling, by the rules of the record.
    let ruling = json!({ "kind": "ruling", "charter": "0".repeat(64), "reason": "assumed", "effects": each });
    let value = canonical::value(&ruling, "").map_err(&wrong)?;
    let text = format!("{}\n{value}\n", recount_record::statement::TYPE_LINE);
    let statement = recount_record::entry::parse_text(&text).map_err(|why| wrong(why.to_string()))?;
    match statement.kind {
        Kind::Ruling(ruling) => Ok(ruling.effects),
        _ => Ok(Vec::new()),
    }
}
