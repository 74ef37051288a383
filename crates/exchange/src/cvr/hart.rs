//! Hart Verity's XML: one file per card, alone or in a zip archive. An option that is listed with the value 1 was marked.

use serde_json::Value;

use super::build::{Builder, mark};
use super::nist::{each, text};
use super::{CastVotes, CvrError, form, xml, zip};
use crate::table::Options;

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<CastVotes, CvrError> {
    let mut build = Builder::default();
    if bytes.starts_with(&zip::MAGIC) {
        zip::files(bytes, options.max_bytes, |name, bytes| {
            let is_card = name.to_lowercase().ends_with(".xml");
            if is_card { card(&bytes, &mut build) } else { Ok(()) }
        })?;
    } else {
        card(bytes, &mut build)?;
    }
    build.finish()
}

fn card(bytes: &[u8], build: &mut Builder) -> Result<(), CvrError> {
    let (name, root) = xml::read(bytes)?;
    if name != "CastVoteRecord" {
        return form(format!("the root element is {name:?}, not CastVoteRecord"));
    }
    let style = root.get("PrecinctSplit").map_or("", |split| text(split, "Name"));
    build.card(text(&root, "CvrGuid"), text(&root, "BatchNumber"), style)?;
    for contests in each(&root, "Contests") {
        for own in each(contests, "Contest") {
            contest(own, build)?;
        }
    }
    Ok(())
}

fn contest(own: &Value, build: &mut Builder) -> Result<(), CvrError> {
    let at = build.contest(text(own, "Name"))?;
    let mut marks = Vec::new();
    for options in each(own, "Options") {
        for option in each(options, "Option") {
            let name = match text(option, "Name") {
                "" => "write-in",
                name => name,
            };
            let choice = build.choice(at, name)?;
            if text(option, "Value") == "1" {
                marks.push(mark(choice));
            }
        }
    }
    let overvoted = text(own, "InvalidVote").eq_ignore_ascii_case("true")
        || text(own, "Overvotes").parse::<u64>().is_ok_and(|n| n > 0);
    build.vote(at, marks, overvoted);
    Ok(())
}
