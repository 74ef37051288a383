//! What stations that are not countable can still change.

use recount_seats::{Assumption, Possible};

use crate::show;

/// Prints, for each list and test of the whole, whether missing stations can turn it.
pub fn possible(possible: &[Possible]) {
    let Some(first) = possible.first() else { return };
    show::heading("What stations that are not counted can still change");
    let unknown = match first.stations_unknown {
        0 => String::new(),
        n => format!(" and an unknown number at {}", show::count(n, "station", "stations")),
    };
    show::paragraph(format!("Their registers hold {}{unknown}.", show::count(first.available, "voter", "voters")));
    let mut settled = 0u64;
    for own in possible {
        match own.can_turn {
            Some(false) => settled += 1,
            can => show::item(sentence(own, can == Some(true))),
        }
    }
    if settled > 0 {
        show::item(format!(
            "{}: no number of votes there can change who passes.",
            show::count(settled, "other test", "other tests")
        ));
    }
}

fn sentence(own: &Possible, sure: bool) -> String {
    let needed = own.needed.map_or_else(String::new, show::number);
    let can = if sure { "can" } else { "could perhaps" };
    let unknown = if sure { "" } else { " (the voters of some stations are not known)" };
    match own.assumption {
        Assumption::AllForIt => format!(
            "{} ({}) {can} still ENTER: with {needed} of those votes, if all who come vote for it ({}).{unknown}",
            own.name, own.list, own.base
        ),
        Assumption::NoneForIt => format!(
            "{} ({}) {can} still FALL below the line: with {needed} more voters of whom none votes for it ({}).{unknown}",
            own.name, own.list, own.base
        ),
    }
}
