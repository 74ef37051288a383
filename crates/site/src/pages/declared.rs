//! What bodies declared of a unit, and whether it holds when it is computed again. Figures that differ stand side by side.

use maud::{Markup, html};

use recount_election::UnitIx;
use recount_tally::declaration::{DeclarationCheck, DeclarationState, Difference};

use super::Cx;
use super::station::statement;
use crate::locale::say;
use crate::names;

/// Declarations of one unit that are shown, the last first.
const DECLARATIONS: usize = 10;
/// Figures of one declaration that are shown; the data hold all.
const FIGURES: usize = 200;

/// Whether the declared figures hold, in a sentence.
pub(crate) fn verdict(cx: &Cx<'_>, check: &DeclarationCheck) -> String {
    match check {
        DeclarationCheck::Holds => cx.t.word("declaration-holds"),
        DeclarationCheck::Pending => cx.t.word("declaration-pending"),
        DeclarationCheck::Differs(figures) => say!(cx.t, "declaration-differs", figures = figures.len()),
        DeclarationCheck::NotComputable(why) => say!(cx.t, "declaration-not-computable", why = why),
    }
}

/// The declarations of a unit; nothing where there is none.
pub(crate) fn section(cx: &Cx<'_>, unit: UnitIx) -> Markup {
    let own = of_unit(cx, unit);
    html! { @if !own.is_empty() {
        section aria-labelledby="declared" {
            h2 #declared { (cx.t.word("declared-title")) }
            ul.items { @for state in own.iter().rev().take(DECLARATIONS) { li { (item(cx, state)) } } }
            @if own.len() > DECLARATIONS { p.small { (say!(cx.t, "and-more", more = own.len() - DECLARATIONS)) } }
        }
    } }
}

/// Whether the last declaration of a unit does not hold: then it is the first thing to be told.
pub(crate) fn is_contradicted(cx: &Cx<'_>, unit: UnitIx) -> bool {
    of_unit(cx, unit).last().is_some_and(|own| contradicts(&own.check))
}

/// Whether declared figures were computed again, and differ.
pub(crate) fn contradicts(check: &DeclarationCheck) -> bool {
    matches!(check, DeclarationCheck::Differs(_))
}

fn of_unit<'a>(cx: &Cx<'a>, unit: UnitIx) -> Vec<&'a DeclarationState> {
    let fold = &*cx.site.fold;
    let Some(unit) = fold.ledger().register().geography().unit(unit) else { return Vec::new() };
    fold.declarations().iter().filter(|own| own.declaration.unit == unit.id).collect()
}

fn item(cx: &Cx<'_>, state: &DeclarationState) -> Markup {
    let own = &state.declaration;
    let contest = cx.site.fold.contest_ix(&own.contest);
    html! {
        h3 { bdi { (names::body(&cx.site.fold, &own.by)) } }
        p.small {
            (statement(cx, state.index)) " · " (say!(cx.t, "declared-size", size = own.size)) " · " (cx.source(&own.source))
            @if let Some(contest) = contest { " · " bdi { (cx.contest(contest)) } }
        }
        p { (verdict(cx, &state.check)) }
        @if let DeclarationCheck::Differs(figures) = &state.check { (differences(cx, state, figures)) }
    }
}

/// Declared and computed figures that are not the same.
fn differences(cx: &Cx<'_>, state: &DeclarationState, figures: &[Difference]) -> Markup {
    let heading = format!("declared-{}", state.index);
    let by = |own: &Difference| Some(i128::from(own.declared) - i128::from(own.derived?));
    html! {
        div.scroll role="group" tabindex="0" aria-labelledby=(heading) { table.compare {
            caption id=(heading) { (cx.t.word("declared-differing")) }
            thead { tr {
                th scope="col" { (cx.t.word("figure")) }
                th.n scope="col" { (cx.t.word("declared-figure")) }
                th.n scope="col" { (cx.t.word("derived-figure")) }
                th.n scope="col" { (cx.t.word("declared-more")) }
            } }
            tbody { @for own in figures.iter().take(FIGURES) { tr {
                th scope="row" { bdi { (named(cx, state, &own.what)) } }
                td.n { (cx.n(own.declared)) }
                td.n { (own.derived.map_or_else(|| "–".to_owned(), |n| cx.n(n))) }
                td.n { (by(own).map_or_else(|| "–".to_owned(), |by| cx.t.signed(by))) }
            } } }
        } }
        @if figures.len() > FIGURES { p.small { (say!(cx.t, "and-more", more = figures.len() - FIGURES)) } }
    }
}

/// What a declared figure is called: a list's votes or seats, or a line of the form.
fn named(cx: &Cx<'_>, state: &DeclarationState, what: &str) -> String {
    let Some(contest) = cx.site.fold.contest_ix(&state.declaration.contest) else { return what.to_owned() };
    if let Some(list) = what.strip_prefix("seats.").filter(|list| seats_of(state, list)) {
        return format!("{}: {}", cx.t.word("seats"), cx.column(contest, list, true));
    }
    cx.column(contest, what, state.declaration.votes.iter().any(|(list, _)| list == what))
}

fn seats_of(state: &DeclarationState, list: &str) -> bool {
    state.declaration.seats.iter().any(|(own, _)| own == list)
}
