//! Margins of run-offs, of candidates within lists and of ranked papers, against brute force on small cases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "margins_named/preferences.rs"]
mod preferences;
#[path = "margins_named/ranked.rs"]
mod ranked;
#[path = "margins_named/runoff.rs"]
mod runoff;

use recount_seats::{Margin, Rulebook};

/// A rulebook in few words.
fn rulebook(text: &str) -> Rulebook {
    let head = "schema = \"recount-rulebook/1\"\nid = \"r\"\ntitle = \"r\"\n[units]\nlevels = [\"national\"]\n";
    Rulebook::parse(&format!("{head}{text}")).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Whose margin it is, by the number in `p0`.
fn place(id: &str) -> usize {
    id.trim_start_matches('p').parse().unwrap()
}

/// The margins of one.
fn of(margins: &[Margin], who: usize) -> impl Iterator<Item = &Margin> {
    margins.iter().filter(move |margin| place(&margin.list) == who)
}
