//! `recount draft`: writes the text of a statement, ready to be signed.

pub mod canonical;
mod keys;

use std::path::PathBuf;

use recount_log::{Hash, sha256};
use recount_record::statement::TYPE_LINE;
use serde_json::{Map, Value, json};

use super::parse_hash;
use crate::error::{CliError, Outcome, input, read_json, read_text};
use crate::read::{self, How};
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = keys::HELP)]
pub struct Args {
    /// The kind of statement: protocol, copy, turnout, complaint, ruling, declaration, note ...
    kind: String,
    /// Hash of the charter of the record that it is for.
    #[arg(long, value_name = "HASH", value_parser = parse_hash, conflicts_with = "dir")]
    charter: Option<Hash>,
    /// The record that it is for: its charter's hash is looked up there.
    #[arg(long, value_name = "DIR|URL")]
    dir: Option<String>,
    /// The keys and values of the statement, as a JSON object or as TOML.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// One key: station=1001, lines.valid=412, or KEY:=JSON for anything else.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Where the text goes; by default standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Refuses what is no kind of statement, and says which there are.
pub fn known(kind: &str) -> Outcome {
    keys::of(kind).map(|_| ())
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let shape = keys::of(&args.kind)?;
    let mut fields = match &args.from {
        None => Map::new(),
        Some(path) => described(path)?,
    };
    for set in &args.set {
        keys::set(&mut fields, set)?;
    }
    match fields.insert("kind".to_owned(), json!(args.kind)) {
        Some(Value::String(other)) if other != args.kind => {
            return input(format!("the description is of a \"{other}\", and you asked for a \"{}\"", args.kind));
        }
        _ => {}
    }
    charter(args, &mut fields)?;
    shape.check(&fields)?;
    let value = canonical::value(&Value::Object(fields), "").map_err(CliError::Input)?;
    let text = format!("{TYPE_LINE}\n{value}\n");
    recount_record::entry::parse_text(&text)
        .map_err(|why| CliError::Input(format!("this is no {}: {why}", args.kind)))?;
    let id = sha256(text.as_bytes());
    if let Some(path) = &args.output {
        crate::output::file(path, &text)?;
    }
    if as_json {
        return show::json(&json!({ "kind": args.kind, "id": id.to_hex(), "text": text, "file": args.output }));
    }
    match &args.output {
        Some(path) => show::line(format!("{}: {} {id}; sign it with `recount sign`", path.display(), args.kind)),
        None => show::line(text.trim_end()),
    }
    Ok(())
}

/// Which record the statement is for; a charter is for its own.
fn charter(args: &Args, fields: &mut Map<String, Value>) -> Outcome {
    if args.kind == "charter" {
        if !fields.contains_key("nonce") {
            fields.insert("nonce".to_owned(), json!(crate::charter::nonce()?));
        }
        return Ok(());
    }
    let hash = match (&args.charter, &args.dir) {
        (Some(hash), _) => *hash,
        (None, Some(place)) => {
            let opened = read::open(place, &How::default())?;
            if args.kind == "seal" {
                keys::seal(fields, &opened.fold);
            }
            opened.charter
        }
        (None, None) if fields.contains_key("charter") => return Ok(()),
        (None, None) => return input("say for which record it is: --charter HASH, or --dir DIR"),
    };
    fields.insert("charter".to_owned(), json!(hash.to_hex()));
    Ok(())
}

/// A description from a file: JSON, or TOML by its ending.
fn described(path: &std::path::Path) -> Outcome<Map<String, Value>> {
    let wrong = |why: String| CliError::Input(format!("{}: {why}", path.display()));
    let value: Value = if path.extension().is_some_and(|ending| ending == "toml") {
        let text = read_text(path)?;
        toml::from_str(&text)
            .map_err(|why| crate::charter::toml_error(path, &text, why.message().to_owned(), None, why.span()))?
    } else {
        read_json(path)?
    };
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(wrong("the description must be one object".to_owned())),
    }
}
