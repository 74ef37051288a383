//! Whether a map fits the record at all: what no form of the record foresees would be filed for ever and have no effect.

use std::collections::BTreeSet;

use recount_election::{Form, Forms, WHOLE};
use recount_exchange::map::Map;
use recount_exchange::plan::Import;
use recount_tally::Fold;

use super::SHOWN;

/// What a table has for columns, for whoever wrote the map; or what seems to divide its cells instead.
pub fn columns(header: &[String]) -> String {
    let other = match header {
        [only] => [';', '\t', '|'].into_iter().find(|c| only.contains(*c)),
        _ => None,
    };
    if let Some(other) = other {
        return format!(
            "its cells seem to be divided otherwise: delimiter = \"{}\" in the map",
            other.escape_default()
        );
    }
    let named: Vec<&str> = header.iter().take(SHOWN).map(String::as_str).collect();
    let more = if header.len() > SHOWN { " ..." } else { "" };
    format!("its columns are: {}{more}", named.join(", "))
}

/// Looks for a form for every contest, source and part of the table, and in it for every line that the map fills.
///
/// # Errors
/// What no form foresees, and what there is.
pub fn fit(fold: &Fold, map: &Map, import: &Import) -> Result<(), String> {
    let Some(law) = fold.law() else { return Ok(()) };
    let mut seen = BTreeSet::new();
    for row in &import.protocols {
        let (Some(contest), Some(pass)) = (import.contest(row), map.passes.get(row.pass)) else { continue };
        if !seen.insert((row.contest, row.pass)) {
            continue;
        }
        let form = form(&law.forms, &contest.id, &pass.source, &pass.part)
            .map_err(|why| format!("pass \"{}\": {why}; nothing was filed", pass.id))?;
        let known = |code: &&String| form.lines.iter().any(|line| line.code == **code);
        if let Some(code) = map.lines_of(pass).keys().find(|code| !known(code)) {
            let lines: Vec<&str> = form.lines.iter().map(|line| line.code.as_str()).collect();
            return Err(format!(
                "pass \"{}\": the form \"{}\" of the record has no line \"{code}\"; nothing was filed; its lines are: {}",
                pass.id,
                form.id,
                lines.join(", ")
            ));
        }
    }
    Ok(())
}

/// The form of a place, or what the record has instead.
fn form<'a>(forms: &'a Forms, contest: &str, source: &str, part: &str) -> Result<&'a Form, String> {
    let known: Vec<&str> = forms.contests.iter().map(|contest| contest.id.as_str()).collect();
    if forms.contest(contest).is_none() {
        return Err(format!("the record has no contest \"{contest}\"; it has: {}", known.join(", ")));
    }
    forms.form_for(contest, source, if part.is_empty() { WHOLE } else { part }).ok_or_else(|| {
        let part = if part.is_empty() { String::new() } else { format!(", part \"{part}\"") };
        let sources: BTreeSet<&str> = forms.forms.iter().flat_map(|form| &form.sources).map(String::as_str).collect();
        let sources: Vec<&str> = sources.into_iter().collect();
        format!(
            "the record has no form for source \"{source}\"{part} of contest \"{contest}\"; its forms are of the sources: {}",
            sources.join(", ")
        )
    })
}
