//! `recount audit certificate`: what is proved, in plain words.

use serde_json::json;

use super::assess::{risk, to_json};
use super::open::{Which, assessed};
use crate::error::{CliError, Outcome};
use crate::show::{self, Align, Table};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let (_, audit, now) = assessed(&args.which)?;
    let rests = audit.audit.rests();
    if as_json {
        let mut value = to_json(audit.trail.index, &audit.plan.limit, &now, None);
        if let Some(map) = value.as_object_mut() {
            map.insert("title".to_owned(), json!(audit.plan.title));
            map.insert("audited_size".to_owned(), json!(audit.plan.size));
            map.insert("rests_on".to_owned(), json!(rests.iter().map(rests_words).collect::<Vec<_>>()));
            map.insert("leaves".to_owned(), json!(audit.plan.leaves));
        }
        show::json(&value)?;
        return if now.complete { Ok(()) } else { Err(CliError::Shown(1)) };
    }
    let wrong = now.wrong(&audit.plan);
    show::line(show::bold(if wrong {
        "NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"
    } else if now.complete {
        "CERTIFIED: EVERY SEAT"
    } else {
        "PARTIAL CERTIFICATE"
    }));
    show::paragraph(format!(
        "{}: the result of the record at size {}.",
        audit.plan.title,
        show::number(audit.plan.size)
    ));
    for exception in &now.exceptions {
        show::paragraph(format!("EXCEPTION: {exception}"));
    }
    show::paragraph(if now.complete {
        format!(
            "If the seats below were wrong, an audit like this one would have ended so favourably with a chance of at most {} (the \
             largest risk measured: {}). {} were opened and counted again.",
            audit.plan.limit,
            risk(now.risk()),
            show::count(now.assessed as u64, "station", "stations")
        )
    } else {
        format!(
            "{} were opened and counted again. With a chance of at least 1 - {} all ranges below hold at once, whatever the ballots \
             that nobody has looked at say.",
            show::count(now.assessed as u64, "station", "stations"),
            audit.plan.limit
        )
    });
    show::heading("Seats");
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("reported", Align::Right),
        ("proved: at least", Align::Right),
        ("at most", Align::Right),
    ]);
    for own in now.ranges.lists.iter().filter(|own| own.high > 0) {
        table.row([own.name.clone(), show::number(own.reported), show::number(own.low), show::number(own.high)]);
    }
    table.print();
    let none: Vec<&str> = now.ranges.lists.iter().filter(|own| own.high == 0).map(|own| own.name.as_str()).collect();
    if !none.is_empty() {
        show::paragraph(format!("Proved to have no seat: {}.", none.join("; ")));
    }
    if !now.ranges.complete() {
        show::paragraph(if now.ranges.tight {
            "The ranges are tight: tallies that satisfy everything proved reach both ends."
        } else {
            "The ranges are outer bounds: proved, but perhaps wider than they need be."
        });
    }
    let people = || audit.audit.items.iter().zip(&now.items).filter(|(item, _)| item.people && item.needed);
    let (all, proved) = (people().count() as u64, people().filter(|(_, now)| now.proved).count() as u64);
    if all > 0 {
        show::paragraph(format!(
            "Who of a list sits rests on {}, {} of them proved.",
            show::count(all, "statement about people", "statements about people"),
            show::number(proved)
        ));
    }
    show::heading("What it rests on");
    show::item("The bounds on ballots per station, fixed before the seed.");
    show::item("That the boxes hold the ballots that were cast, and those who counted them again counted well.");
    for own in &rests {
        show::item(rests_words(own));
    }
    if audit.plan.without_missing {
        show::item("That stations missing from the result are left out of it: they were no part of the audit.");
    }
    for own in &audit.plan.leaves {
        show::item(own);
    }
    for remark in &now.remarks {
        show::paragraph(remark);
    }
    if now.complete { Ok(()) } else { Err(CliError::Shown(1)) }
}

fn rests_words(rests: &recount_audit::Rests) -> String {
    match &rests.source {
        recount_audit::Source::Box => format!("{}: counted again from the boxes.", rests.on),
        recount_audit::Source::Document(name) => {
            format!("{}: counted again from {name}, which no ballot shows.", rests.on)
        }
        recount_audit::Source::Trusted(why) => {
            format!("{}: taken on trust, {why}. No part of the audit checked it.", rests.on)
        }
    }
}
