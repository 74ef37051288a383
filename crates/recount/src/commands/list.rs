//! `recount list`: statements by station, signer and kind, and what has become of each.

use clap::ValueEnum;
use serde_json::json;

use super::Record;
use crate::error::{Outcome, input};
use crate::show::{self, Align, Table};
use crate::view::opening;
use crate::view::statements::{self, Short};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// Only statements about this station.
    #[arg(long, value_name = "STATION")]
    station: Option<String>,
    /// Only statements whose first signer is this key.
    #[arg(long, value_name = "KEY NAME")]
    signer: Option<String>,
    /// Only statements of this kind: protocol, copy, ruling ...
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only statements that ended so.
    #[arg(long)]
    status: Option<Status>,
    /// At most so many, the latest; 0 lists all.
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// What has become of a statement.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Status {
    Effective,
    Superseded,
    Contested,
    Void,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Status::Effective => "effective",
            Status::Superseded => "superseded",
            Status::Contested => "contested",
            Status::Void => "void",
        }
    }
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let fold = &opened.fold;
    if let Some(id) = &args.station
        && fold.ledger().register().geography().station_ix(id).is_none()
    {
        return input(format!("there is no station \"{id}\" in the register"));
    }
    if let Some(name) = &args.signer
        && fold.ledger().keys().find(name).is_none()
    {
        return input(format!("the record knows no key \"{name}\""));
    }
    if let Some(kind) = &args.kind {
        super::draft::known(kind)?;
    }
    let all: Vec<Short> =
        (0..fold.size()).filter_map(|index| statements::short(fold, index)).filter(|own| args.wants(own)).collect();
    let from = if args.limit == 0 { 0 } else { all.len().saturating_sub(args.limit) };
    let shown = all.get(from..).unwrap_or_default();
    if as_json {
        let each: Vec<serde_json::Value> = shown.iter().map(statements::json).collect();
        return show::json(&json!({ "record": opening::json(opened), "found": all.len(), "statements": each }));
    }
    opening::print(opened);
    show::line("");
    let mut table = Table::new(&[
        ("index", Align::Right),
        ("kind", Align::Left),
        ("station", Align::Left),
        ("signer", Align::Left),
        ("status", Align::Left),
        ("why", Align::Left),
    ]);
    for own in shown {
        table.row([
            own.index.to_string(),
            own.kind.to_owned(),
            own.station.clone(),
            own.signer.clone(),
            own.status.to_owned(),
            own.why.clone(),
        ]);
    }
    if table.is_empty() {
        show::line("No statement is so.")
    } else {
        table.print()
    }
    if shown.iter().any(|own| !own.why.is_empty()) {
        show::line("`explain --statement INDEX` gives the reason in full.");
    }
    if from > 0 {
        show::paragraph(format!(
            "The latest {} of {}: --limit 0 lists all.",
            show::number(shown.len() as u64),
            show::number(all.len() as u64)
        ));
    }
    Ok(())
}

impl Args {
    fn wants(&self, own: &Short) -> bool {
        self.station.as_ref().is_none_or(|id| own.station == *id)
            && self.signer.as_ref().is_none_or(|name| own.signer == *name)
            && self.kind.as_ref().is_none_or(|kind| own.kind == kind)
            && self.status.is_none_or(|status| own.status == status.word())
    }
}
