//! The result under the rulebook: admission, seats, margins, readings, ties, validity.

mod admission;
mod changes;
mod readings;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use recount_seats::{Language, Margin, Move, Outcome, Rulebook, Tally, Turning, Words};

pub use changes::possible;
pub use readings::readings;

use super::steps;
use crate::show::{self, Align, Table};

/// A result with what it was computed from.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The rulebook.
    pub rulebook: &'a Rulebook,
    /// The tally.
    pub tally: &'a Tally,
    /// The result.
    pub outcome: &'a Outcome,
}

/// What is shown on demand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras {
    /// How each seat came about.
    pub steps: bool,
    /// The people on the seats.
    pub members: bool,
    /// The language of the steps.
    pub language: Language,
}

impl<'a> Shown<'a> {
    /// A list's name; its identifier where the tally has none.
    pub fn name(&self, id: &str) -> String {
        self.tally.lists.iter().find(|list| list.id == id).map_or_else(|| id.to_owned(), |list| list.name.clone())
    }

    /// The unit that is the whole.
    pub fn whole(&self) -> &'a str {
        let level = self.rulebook.national_level();
        self.tally.units.iter().find(|unit| unit.level == level).map_or("national", |unit| unit.id.as_str())
    }

    /// The citation behind a key, in brackets; empty if there is none.
    pub fn cite(&self, law: Option<&str>) -> String {
        law.and_then(|key| self.outcome.laws.get(key)).map_or_else(String::new, |cite| format!(" [{cite}]"))
    }

    /// The votes of a list in the whole, as the admission saw them; without one, of the highest units that have totals.
    pub fn votes(&self, list: &str) -> Option<u64> {
        let admitted = self.outcome.admission.iter().find(|own| own.list == list).map(|own| own.votes);
        admitted.or_else(|| {
            let contest = &self.tally.totals.iter().find(|total| total.votes.contains_key(list))?.contest;
            let of_contest = || self.tally.totals.iter().filter(|total| total.contest == *contest);
            let with: BTreeSet<&str> = of_contest().map(|total| total.unit.as_str()).collect();
            let units = self.tally.units.iter();
            let parents: BTreeMap<&str, &str> =
                units.filter_map(|unit| Some((unit.id.as_str(), unit.parent.as_deref()?))).collect();
            let parent = |unit: &&str| parents.get(unit).copied();
            // A circle of parents, which the seats refuse, ends this too.
            let above = |unit| std::iter::successors(parent(&unit), parent).take(100);
            let highest = of_contest().filter(|total| above(total.unit.as_str()).all(|unit| !with.contains(unit)));
            highest.filter_map(|total| total.votes.get(list)).try_fold(0u64, |sum, votes| sum.checked_add(*votes))
        })
    }

    /// Lists with seats or votes, most seats first.
    pub fn by_seats(&self) -> Vec<(&'a str, u64)> {
        let mut seats: Vec<(&str, u64)> = self.outcome.seats.iter().map(|(list, n)| (list.as_str(), *n)).collect();
        seats.sort_by_cached_key(|(list, seats)| (Reverse((*seats, self.votes(list))), (*list).to_owned()));
        seats
    }
}

/// Prints the whole result, tie and validity included.
pub fn print(shown: Shown<'_>, extras: Extras) {
    admission::print(shown);
    seats(shown);
    if extras.steps {
        show::heading("How each seat came about");
        steps::print(shown, extras.language);
    }
    if extras.members {
        members(shown);
    }
    last_seats(shown);
    readings(shown);
}

/// Prints seats, ties, validity and notes.
pub fn seats(shown: Shown<'_>) {
    let outcome = shown.outcome;
    show::heading(&format!("Seats: {} by {}", show::number(outcome.house), outcome.rulebook));
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("name", Align::Left),
        ("votes", Align::Right),
        ("seats", Align::Right),
        ("", Align::Left),
    ]);
    for (list, seats) in shown.by_seats().into_iter().filter(|(_, seats)| *seats > 0) {
        let capped = outcome.capped.iter().any(|own| own == list);
        let exhausted = outcome.exhausted.iter().any(|own| own == list);
        let mark = match (capped, exhausted) {
            (true, _) => "at the cap",
            (_, true) => "candidates used up",
            _ => "",
        };
        table.row([
            list.to_owned(),
            shown.name(list),
            show::figure(shown.votes(list)),
            show::number(seats),
            mark.to_owned(),
        ]);
    }
    match (table.is_empty(), outcome.seats.is_empty()) {
        (false, _) => table.print(),
        (true, false) => show::line("No list has a seat for certain."),
        (true, true) => show::line("No list stands: people are elected by name."),
    }
    if outcome.vacant > 0 {
        show::paragraph(format!("{} stay vacant.", show::count(outcome.vacant, "seat", "seats")));
    }
    for tie in &outcome.undetermined {
        show::paragraph(Words::new(Language::English, outcome).tie(tie));
    }
    for finding in &outcome.validity.findings {
        let verdict = match finding.voids {
            Some(true) => "VOID",
            Some(false) => "stands",
            None => "cannot be said",
        };
        let cite = shown.cite(finding.law.as_deref());
        show::paragraph(format!("Validity, {}: {verdict} ({}).{cite}", finding.rule, finding.says));
    }
    if outcome.validity.void {
        show::paragraph(
            "By these figures the poll is VOID under the rulebook; the seats above are what they would be.",
        );
    }
    for note in &outcome.notes {
        show::paragraph(format!("Note: {note}."));
    }
}

fn members(shown: Shown<'_>) {
    show::heading("Members");
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("seat", Align::Right),
        ("candidate", Align::Left),
        ("name", Align::Left),
        ("place", Align::Right),
    ]);
    for member in &shown.outcome.members {
        let candidate = member.candidate.clone().unwrap_or_else(|| "vacant".to_owned());
        let name = member.name.clone().unwrap_or_default();
        table.row([
            member.list.clone().unwrap_or_default(),
            show::number(member.seat),
            candidate,
            name,
            member.place.map_or_else(String::new, show::number),
        ]);
    }
    if table.is_empty() {
        show::paragraph(
            "The rulebook names no members, a tie stands, or the lists of candidates are not in the register.",
        );
    } else {
        table.print();
    }
}

/// Prints the votes to the nearest change of a seat, for each list.
pub fn last_seats(shown: Shown<'_>) {
    let of = |list: &str, turning: &Turning, by: fn(&Move) -> bool| -> Option<&Margin> {
        shown.outcome.margins.iter().find(|m| m.list == list && m.turning == *turning && by(&m.by))
    };
    if !shown.outcome.margins.iter().any(|m| matches!(m.turning, Turning::GainsSeat | Turning::LosesSeat)) {
        return;
    }
    show::heading("The last seats: how few votes would move one");
    show::paragraph(
        "A list gains a seat with so many new votes, or votes taken from the list named; it loses one if so many of its \
         voters stay away, or move to the list named.",
    );
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("seats", Align::Right),
        ("gains: new", Align::Right),
        ("or taken from", Align::Left),
        ("loses: away", Align::Right),
        ("or moved to", Align::Left),
    ]);
    let votes = |margin: Option<&Margin>| {
        margin.map_or_else(String::new, |m| m.votes.map_or_else(|| "never".to_owned(), show::number))
    };
    let moved = |margin: Option<&Margin>| {
        margin.map_or_else(String::new, |m| match (&m.by, m.votes) {
            (Move::MovedFrom(other) | Move::MovedTo(other), Some(n)) => format!("{} {other}", show::number(n)),
            _ => "never".to_owned(),
        })
    };
    let is_moved: fn(&Move) -> bool = |by| matches!(by, Move::MovedFrom(_) | Move::MovedTo(_));
    for (list, seats) in shown.by_seats() {
        if !shown.outcome.margins.iter().any(|m| m.list == list && !matches!(m.turning, Turning::Test { .. })) {
            continue;
        }
        table.row([
            list.to_owned(),
            show::number(seats),
            votes(of(list, &Turning::GainsSeat, |by| *by == Move::GainedNew)),
            moved(of(list, &Turning::GainsSeat, is_moved)),
            votes(of(list, &Turning::LosesSeat, |by| *by == Move::LostBaseFalls)),
            moved(of(list, &Turning::LosesSeat, is_moved)),
        ]);
    }
    table.print();
}
