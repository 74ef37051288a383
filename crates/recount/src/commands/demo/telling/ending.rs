//! Tuesday's ruling, what was proved, and how to go on.

use super::page::para;
use crate::commands::demo::findings::Findings;
use crate::commands::demo::play::Played;
use crate::commands::verify::Report;
use crate::show::{heading, line, number};

/// The ruling as published, and as assumed.
pub fn ruling(found: &Findings) {
    let ruling = &found.ruling;
    heading("8. Tuesday, 6 October: everything is annulled. By whom?");
    para(format!(
        "Resolution No. 249 recognised the results at all stations as invalid. Who was present and how they voted was not published, \
         so the record holds its text with one signature, that of the chair's seat (statement {}). The record's verdict:",
        number(ruling.index)
    ));
    line(format!("  VOID: {} (12 seats and 7 needed: assumed)", ruling.reason));
    line(format!(
        "  stations countable by hand before it: {}; after it: {}",
        number(ruling.countable_before),
        number(ruling.countable_after)
    ));
    line("");
    para(format!(
        "ASSUMED    that {} of the 12 seats signed the same text (statement {}): it then annuls {} stations, {} stay countable, and {}.",
        ruling.assumed_signed,
        number(ruling.assumed_index),
        number(ruling.assumed_annulled),
        number(ruling.assumed_countable),
        ruling.assumed_outcome
    ));
    line("");
    let by_code: Vec<String> = ruling.complaints_by_code.iter().map(|(code, n)| format!("{n} {code}")).collect();
    para(format!(
        "Complaints in the record: {} ({}). Answered by a ruling: {}. The law asks for a decision on each.",
        number(ruling.complaints),
        by_code.join(", "),
        number(ruling.complaints_answered)
    ));
    let present: Vec<String> =
        found.sittings.iter().filter_map(|sitting| sitting.get("present")).map(|n| number(*n)).collect();
    let quorum = found.sittings.first().and_then(|sitting| sitting.get("quorum")).copied().unwrap_or_default();
    line("");
    para(format!(
        "Parliament met again and again that month; reported present, sitting by sitting: {}. Its quorum is {quorum}.",
        present.join(", ")
    ));
}

/// The report of `recount verify`, in its own words.
pub fn verify(report: &Report) {
    heading("9. Verify: what is proved now, and what no record can prove");
    para("This is what a stranger gets who was handed two lines, the log's key and the charter's hash:");
    line("");
    report.print();
}

/// How to go on.
pub fn go_on(found: &Findings, dir: &str, kept: bool, played: &Played) {
    heading("10. Go on yourself");
    if !kept {
        para("This record is gone when the program ends. To keep one for exploring:");
        line("  recount demo --dir kg2020");
        return;
    }
    let (briefing, ruling) = (found.briefing.size, found.ruling.index);
    line(format!("  recount verify {dir} \\"));
    line(format!("    --key {} \\", played.key));
    line(format!("    --charter {}", played.charter));
    line(format!("  recount count {dir} --at {briefing} --source machine"));
    line(format!("  recount count {dir} --at {briefing}"));
    line(format!("  recount diff {dir} --from {briefing} --to {}", found.size));
    line(format!("  recount explain {dir} --statement {ruling}"));
    line(format!("  recount missing {dir} --at {briefing}"));
    line(format!("  recount compare {dir} --at {briefing} --sources machine,hand"));
    line(format!("  recount what-if {dir} --at {briefing} --annul unit:t-osh-region-1"));
    line(format!("  recount serve {dir}"));
}
