//! Rulings, one row per effect.

use recount_record::statement::{About, Effect};
use recount_tally::effects::{Force, RulingState};

use super::{Fill, indices};
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        Column::number("index", "Index of the ruling in the record.").always(),
        Column::text("by", "The body that ruled; absent: told by whoever imported history."),
        Column::number("rank", "Rank of the body: higher ones may overturn lower ones.").always(),
        Column::count("signed", "keys", "Seats of the body that signed.").always(),
        Column::count("claimed_present", "members", "Members said to have been present, without proof."),
        Column::count("claimed_for", "members", "Members said to have voted for it, without proof."),
        Column::count("claimed_against", "members", "Members said to have voted against it, without proof."),
        Column::text("force", "in_force, suspended or reversed.").always(),
        Column::number("force_by", "Index of the ruling that suspended or reversed it."),
        Column::text("reason", "The grounds, as a code.").always(),
        Column::text("law", "The legal basis."),
        Column::text("complaints", "Indices of the complaints that it answers, with spaces between them."),
        Column::number("effect", "Which of its effects, from 1.").always(),
        Column::text("does", "reject, correct, recount, annul, repeat, exclude, restore, admit, withhold, replace, suspend, reverse or reinstate.").always(),
        Column::number("poll", "The poll that the effect is about."),
        Column::text("contest", "The contest that it is about; absent: all."),
        Column::text("unit", "The unit that it is about."),
        Column::text("station", "The station that it is about."),
        Column::text("part", "The part of the station."),
        Column::text("source", "The source that is corrected."),
        Column::number("statement", "Index of the statement, complaint or ruling that it is about."),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    for (index, state) in source.fold.rulings() {
        for (effect, n) in state.ruling.effects.iter().zip(1u64..) {
            row(*index, state, n, effect, rows)?;
        }
    }
    Ok(())
}

fn row(index: u64, state: &RulingState, n: u64, effect: &Effect, rows: &mut dyn Rows) -> Result<(), DataError> {
    let ruling = &state.ruling;
    let (force, by) = match state.force {
        Force::InForce => ("in_force", None),
        Force::Suspended(by) => ("suspended", Some(by)),
        Force::Reversed(by) => ("reversed", Some(by)),
    };
    let target = Target::of(effect);
    rows.row(&[
        Cell::number(index),
        Cell::text(ruling.by.as_deref().unwrap_or_default()),
        Cell::number(state.rank),
        Cell::number(state.signed),
        Cell::figure(ruling.claimed.present),
        Cell::figure(ruling.claimed.votes_for),
        Cell::figure(ruling.claimed.against),
        Cell::text(force),
        Cell::figure(by),
        Cell::text(ruling.reason.as_str()),
        Cell::text(ruling.law.as_deref().unwrap_or_default()),
        Cell::text(indices(ruling.complaints.iter().copied())),
        Cell::number(n),
        Cell::text(effect.word()),
        Cell::figure(target.poll),
        Cell::text(target.contest),
        Cell::text(target.unit),
        Cell::text(target.station),
        Cell::text(target.part),
        Cell::text(target.source),
        Cell::figure(target.statement),
    ])
}

/// What an effect is about.
#[derive(Default)]
struct Target<'a> {
    poll: Option<u64>,
    contest: &'a str,
    unit: &'a str,
    station: &'a str,
    part: &'a str,
    source: &'a str,
    statement: Option<u64>,
}

impl<'a> Target<'a> {
    fn of(effect: &'a Effect) -> Target<'a> {
        match effect {
            Effect::Correct { poll, contest, station, part, source, .. } => Target {
                poll: Some(*poll),
                contest,
                station,
                part: part.as_deref().unwrap_or_default(),
                source,
                ..Target::default()
            },
            Effect::Recount { poll, about } => Target { poll: Some(*poll), ..Target::about(about) },
            Effect::Annul { poll, contest, about } | Effect::Repeat { poll, contest, about } => {
                Target { poll: Some(*poll), contest: contest.as_deref().unwrap_or_default(), ..Target::about(about) }
            }
            Effect::Reject { complaint: index }
            | Effect::Exclude { statement: index }
            | Effect::Restore { statement: index }
            | Effect::Admit { statement: index }
            | Effect::Suspend { ruling: index }
            | Effect::Reverse { ruling: index }
            | Effect::Reinstate { ruling: index } => Target { statement: Some(*index), ..Target::default() },
            Effect::Withhold { .. } | Effect::Replace { .. } => Target::default(),
        }
    }

    fn about(about: &'a About) -> Target<'a> {
        match about {
            About::Poll => Target::default(),
            About::Unit(unit) => Target { unit, ..Target::default() },
            About::Station { id, part } => {
                Target { station: id, part: part.as_deref().unwrap_or_default(), ..Target::default() }
            }
            About::Statement(index) => Target { statement: Some(*index), ..Target::default() },
        }
    }
}
