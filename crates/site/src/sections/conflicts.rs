//! Places where authorised statements differ, with the result under each alternative.

use maud::{Markup, html};

use recount_seats::Outcome;
use recount_tally::Fold;
use recount_tally::rivals::Rival;

use super::seats_in_words;
use crate::names;
use crate::number::grouped;
use crate::words;

/// How many conflicts are shown one by one; each costs an allocation.
const SHOWN: usize = 20;
/// How many lists of one conflict are named.
const LISTS: usize = 4;

pub(crate) fn section(fold: &Fold, outcome: Option<&Outcome>) -> Option<Markup> {
    let rivals = fold.rivals();
    if rivals.is_empty() {
        return None;
    }
    Some(html! {
        p { (words::conflicts_intro(rivals.len())) }
        ul.items { @for rival in rivals.iter().take(SHOWN) { li { (item(fold, rival, outcome)) } } }
        @if rivals.len() > SHOWN { p.small { (words::and_more_conflicts(rivals.len() - SHOWN)) } }
    })
}

fn item(fold: &Fold, rival: &Rival<'_>, outcome: Option<&Outcome>) -> Markup {
    let lists = names::all_lists(fold);
    html! {
        h3 { (names::station(fold, rival.station)) " · " (words::source(fold.source_name(rival.slot))) }
        p { (words::stands_against(rival.stands, rival.index)) }
        (differences(fold, rival))
        p.small {
            @if !fold.decides(rival) {
                (words::DOES_NOT_DECIDE)
            } @else if let Some(now) = outcome {
                @match fold.outcome_under(std::slice::from_ref(rival)) {
                    Ok(other) if other.seats == now.seats => (words::SEATS_STAY),
                    Ok(other) => { (words::SEATS_WOULD_BE) " " (seats_in_words(&lists, &other.seats)) "." },
                    Err(why) => { (words::NOT_COMPUTABLE) " " (why) },
                }
            }
        }
    }
}

fn differences(fold: &Fold, rival: &Rival<'_>) -> Markup {
    let Some(state) = fold.contest(rival.slot.contest) else { return html! {} };
    let lists = names::lists(fold, rival.slot.contest);
    let named = state.columns.lines().map(|(column, code)| (column, names::line(fold, code)));
    let named = named.chain(state.columns.lists().map(|(column, id)| (column, names::list_name(&lists, id))));
    let differs: Vec<(String, Option<u64>, Option<u64>)> = named
        .map(|(column, name)| (name, rival.standing.get(column), rival.figures.get(column)))
        .filter(|(_, stands, other)| stands != other)
        .collect();
    let figure = |n: Option<u64>| n.map_or_else(|| words::NOT_STATED.to_owned(), grouped);
    html! {
        dl.lines { @for (name, stands, other) in differs.iter().take(LISTS) {
            div { dt { bdi { (name) } } dd { (figure(*stands)) " → " (figure(*other)) } }
        } }
        @if differs.len() > LISTS { p.small { (words::and_more(differs.len() - LISTS)) } }
    }
}
