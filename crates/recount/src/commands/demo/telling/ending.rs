//! Tuesday's ruling, what was proved, and how to go on.

use super::page::para;
use crate::commands::demo::findings::Findings;
use crate::commands::demo::play::Played;
use crate::error::Outcome;
use crate::read::{self, How};
use crate::show::{heading, line, number};

/// The ruling as published, and as assumed.
pub fn ruling(found: &Findings) {
    let ruling = &found.ruling;
    heading("8. Tuesday, 6 October: everything is annulled. By whom?");
    para(&format!(
        "Resolution No. 249 recognised the results at all stations as invalid. Who was present and who voted for it was not \
         published, so the record can hold no more than its text with one signature (statement {}).",
        number(ruling.index)
    ));
    line(format!("  VOID: {}", ruling.reason));
    line(format!(
        "  countable by hand before it: {}; after it: {}",
        number(ruling.countable_before),
        number(ruling.countable_after)
    ));
    line("");
    para(&format!(
        "ASSUMED    that {} of the 12 seats signed the same text (statement {}): it then annuls {} stations, and {} stay countable.",
        ruling.assumed_signed,
        number(ruling.assumed_index),
        number(ruling.assumed_annulled),
        number(ruling.assumed_countable)
    ));
    para(&format!("           What stands then: {}.", ruling.assumed_outcome));
    line("");
    let by_code: Vec<String> = ruling.complaints_by_code.iter().map(|(code, n)| format!("{n} {code}")).collect();
    para(&format!(
        "Complaints in the record: {} ({}). Answered by a ruling: {}. The law asks for a decision on each.",
        number(ruling.complaints),
        by_code.join(", "),
        number(ruling.complaints_answered)
    ));
    let present: Vec<String> =
        found.sittings.iter().filter_map(|sitting| sitting.get("present")).map(|n| number(*n)).collect();
    let quorum = found.sittings.first().and_then(|sitting| sitting.get("quorum")).copied().unwrap_or_default();
    line("");
    para(&format!(
        "Parliament met again and again that month; reported present, sitting by sitting: {}. Its quorum is {quorum}.",
        present.join(", ")
    ));
}

/// Reads the whole record as a stranger does, with the two things that a stranger must be given.
pub fn verify(dir: &str, played: &Played) -> Outcome {
    heading("9. Verify: what is proved now");
    let how = How { at: None, key: Some(played.key.clone()), charter: Some(played.charter), afresh: true };
    let opened = read::open(dir, &how)?;
    let void = opened.fold.noted().iter().filter(|noted| noted.void.is_some()).count();
    line(format!("  {}", read::checkpoint_line(opened.reader.checkpoint())));
    line(format!(
        "  {} statements, every signature checked, {} void; stations' root {}",
        number(opened.size()),
        void,
        opened.fold.station_root().to_base64()
    ));
    line("");
    para("PROVED     that these statements, in this order and none other, are what the holder of the log's key signed; that each was signed by whom it names; that whoever said it had the authority to say it then; and that every total, seat and margin above follows from them.");
    para("CANNOT     be proved by any record: that a figure was true when it was filed; that votes were not bought (bought votes leave turnout and counts intact); that nothing was kept from the record; that a body was the legitimate one. It shows who said what, and when, and that nothing changed afterwards.");
    Ok(())
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
    line(format!("  recount what-if {dir} --at {briefing} --annul unit:osh-region"));
    line(format!("  recount serve {dir}"));
}
