//! What a rulebook does, in words, and what it leaves open.

use recount_seats::{Language, Rulebook};
use serde_json::json;

use crate::error::Outcome;
use crate::show;

/// Prints what a checked rulebook says, stage by stage; then each doubt, missing or weak citation and open question.
pub fn run(rulebook: &Rulebook, language: Language, as_json: bool) -> Outcome {
    let lines = rulebook.explain_in(language);
    let findings = rulebook.findings();
    if as_json {
        let findings: Vec<_> = findings
            .iter()
            .map(|own| json!({ "code": own.code(), "place": own.place, "says": own.say(language) }))
            .collect();
        return show::json(&json!({
            "rulebook": rulebook.id, "title": rulebook.title, "says": lines, "findings": findings,
        }));
    }
    show::title(&format!("{} ({})", rulebook.title, rulebook.id));
    lines.iter().for_each(show::item);
    let (well_formed, open) = match language {
        Language::English => ("The rulebook is well-formed.", "To know before relying on it:"),
        Language::Russian => ("Файл правил составлен верно.", "Что нужно знать, прежде чем на него полагаться:"),
        Language::Kyrgyz => ("Эрежелер файлы туура түзүлгөн.", "Ага таянуудан мурун эмнени билүү керек:"),
    };
    show::line(well_formed);
    if !findings.is_empty() {
        show::line(open);
        findings.iter().for_each(|own| show::item(own.say(language)));
    }
    Ok(())
}
