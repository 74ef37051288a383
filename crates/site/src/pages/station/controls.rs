//! The controls on what stands at a station, each with its formula, its figures and what came of it.

use maud::{Markup, html};

use recount_election::{Check, Severity, WHOLE};
use recount_tally::claim::ContestIx;

use super::versions::Version;
use super::{Cx, standing};
use crate::locale::say;

pub(crate) fn section(cx: &Cx<'_>, contest: ContestIx, versions: &[Version<'_>]) -> Markup {
    let checked: Vec<Markup> = standing(versions).filter_map(|own| one(cx, contest, own)).collect();
    html! { @if !checked.is_empty() { h3 { (cx.t.word("title-controls")) } @for own in &checked { (own) } } }
}

/// The controls of the form on one version.
fn one(cx: &Cx<'_>, contest: ContestIx, own: &Version<'_>) -> Option<Markup> {
    let fold = &*cx.site.fold;
    let state = fold.contest(contest)?;
    let source = fold.source_name(own.slot);
    let part = own.slot.part.map_or(WHOLE, |part| fold.parts().get(part));
    let form = fold.law()?.forms.form_for(&state.id, source, part)?;
    let findings = form.check(&state.columns, own.figures);
    let broken = findings.iter().filter(|own| matches!(own.check, Check::Broken { .. } | Check::Overflow)).count();
    if findings.is_empty() {
        return None;
    }
    let summary = say!(cx.t, "controls-of", source = cx.source(source), n = findings.len(), broken = broken);
    Some(html! {
        details open[broken > 0] {
            summary { (summary) }
            ul.controls { @for finding in &findings {
                @let (key, class) = match &finding.check {
                    Check::Holds => ("control-holds", "yes"),
                    Check::Broken { .. } | Check::Overflow => ("control-broken", "no"),
                    Check::NotCheckable { .. } => ("control-not-checkable", "unknown"),
                };
                li class=(class) {
                    span.tag { (cx.t.word(key)) } " " code { (finding.control.code) } " "
                    @if class == "no" { span.small { (cx.t.word(severity(finding.control.severity))) } }
                    div.formula { code { (finding.control.formula) } }
                    div.formula { code { (finding.control.formula.explain(&state.columns, own.figures)) } }
                    @if let Check::NotCheckable { missing } = &finding.check { p.small { (say!(cx.t, "figures-absent", names = missing.join(", "))) } }
                    @if class == "no" && !finding.control.law.is_empty() { p.small { bdi { (finding.control.law) } } }
                }
            } }
        }
    })
}

/// The message of a severity.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "severity-error",
        Severity::Warning => "severity-warning",
        Severity::Signal => "severity-signal",
    }
}
