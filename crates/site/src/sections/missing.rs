//! What the stations that are not in the totals can still change.

use maud::{Markup, html};

use recount_seats::{Assumption, Possible, Tally, what_missing_can_change};
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, View};

use crate::names;
use crate::number::{grouped, ratio_percent};
use crate::words;

pub(crate) fn section(fold: &Fold) -> Option<Markup> {
    let law = fold.law()?;
    let tally = tally(fold)?;
    let stations = tally.missing.iter().fold(0u64, |sum, missing| sum.saturating_add(missing.stations));
    if stations == 0 || tally.totals.iter().all(|total| total.votes.values().all(|votes| *votes == 0)) {
        return None;
    }
    let possible = match what_missing_can_change(&law.rulebook, &tally) {
        Ok(possible) => possible,
        Err(why) => return Some(html! { p.notice { (words::NOT_COMPUTABLE) " " (why) } }),
    };
    let electors = tally.missing.iter().filter_map(|missing| missing.expected_voters);
    let electors = electors.fold(0u64, u64::saturating_add);
    let turning: Vec<&Possible> = possible.iter().filter(|own| own.can_turn != Some(false)).collect();
    Some(html! {
        p { (words::missing_intro(&grouped(stations), &grouped(electors))) }
        @if turning.is_empty() {
            p { (words::MISSING_NOTHING) }
        } @else {
            ul.plain { @for own in &turning { li { (sentence(fold, own)) } } }
        }
        @if possible.len() > turning.len() && !turning.is_empty() {
            p.small { (words::missing_others(possible.len() - turning.len())) }
        }
        p.small { (words::MISSING_NOTE) }
    })
}

fn tally(fold: &Fold) -> Option<Tally> {
    let totals = fold.rulebook_contests().into_iter().map(|ix| Some((ix, fold.totals(ix, View::LAW).ok()?)));
    let totals: Vec<(ContestIx, UnitTotals)> = totals.collect::<Option<_>>()?;
    let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(ix, totals)| (*ix, totals)).collect();
    fold.tally_of(&borrowed).ok()
}

fn sentence(fold: &Fold, own: &Possible) -> Markup {
    let line = share(fold, own);
    let needed = own.needed.map_or_else(String::new, grouped);
    html! {
        strong { bdi { (own.name) } } " "
        @match own.assumption {
            Assumption::AllForIt => (words::can_enter(&line, &needed)),
            Assumption::NoneForIt => (words::can_fall(&line, &needed)),
        }
        @if own.can_turn.is_none() { " " (words::unknown_electors(own.stations_unknown)) }
    }
}

/// The line in words: "7 % of voters who took part".
fn share(fold: &Fold, own: &Possible) -> String {
    let base = names::base(fold, &own.base);
    let stage = fold.law().and_then(|law| law.rulebook.stage(&own.stage));
    let ratio = stage.and_then(|stage| match &stage.kind {
        recount_seats::StageKind::Admit { when, .. } => ratio_of(when, &own.base),
        _ => None,
    });
    ratio.map_or_else(|| base.clone(), |ratio| words::line_of(&ratio_percent(&ratio), &base))
}

pub(crate) fn ratio_of(when: &recount_seats::Condition, base: &str) -> Option<String> {
    use recount_seats::{Condition, Scope};
    match when {
        Condition::All(of) | Condition::Any(of) => of.iter().find_map(|inner| ratio_of(inner, base)),
        Condition::Not(inner) => ratio_of(inner, base),
        Condition::Share { base: own, scope: Scope::National, share, .. } if own == base => Some(share.to_string()),
        _ => None,
    }
}
