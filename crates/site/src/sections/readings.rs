//! The result under each other reading of the law.

use maud::{Markup, html};

use recount_seats::{Outcome, Reading, ReadingResult};
use recount_tally::Fold;

use super::seats_in_words;
use crate::names;
use crate::words;

pub(crate) fn section(fold: &Fold, outcome: &Outcome) -> Option<Markup> {
    if outcome.readings.is_empty() {
        return None;
    }
    let lists = names::all_lists(fold);
    let mut reasons: Vec<&str> = outcome.readings.iter().filter_map(reason).collect();
    reasons.dedup();
    Some(html! {
        p { (words::READINGS_INTRO) }
        @for reason in reasons { p.small { (words::chosen_because(reason)) } }
        div {
            table {
                thead { tr {
                    th scope="col" { (words::READING) }
                    th scope="col" { (words::SEATS) }
                    th scope="col" { (words::CHANGE) }
                } }
                tbody {
                    tr.chosen {
                        th scope="row" { (words::AS_COMPUTED) }
                        td { (seats_in_words(&lists, &outcome.seats)) }
                        td { "–" }
                    }
                    @for reading in &outcome.readings { tr {
                        th scope="row" { (title(fold, reading)) }
                        @match &reading.result {
                            ReadingResult::Outcome(other) => {
                                td { (seats_in_words(&lists, &other.seats)) }
                                td { @if reading.differs { strong { (words::DIFFERS) } } @else { (words::SAME) } }
                            },
                            ReadingResult::Refused(why) => td colspan="2" { (words::NOT_COMPUTABLE) " " (why) },
                        }
                    } }
                }
            }
        }
    })
}

/// What the rulebook says about a reading that it declares by name; for other values of a doubtful field, the value.
fn title(fold: &Fold, reading: &Reading) -> String {
    let of_field = reading.id.contains('=');
    match (&reading.says, reading.field.as_str()) {
        (Some(says), _) if !of_field => says.clone(),
        (_, "base") => words::share_taken_of(&names::base(fold, &reading.value)),
        (_, field) => format!("{}: {} = {}", reading.stage, field.replace('_', " "), reading.value),
    }
}

/// Why the reading above was chosen, where the rulebook says so.
fn reason(reading: &Reading) -> Option<&str> {
    reading.says.as_deref().filter(|_| reading.id.contains('='))
}
