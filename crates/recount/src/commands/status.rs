//! `recount status`: coverage by source, phase, register, keys and bodies, turnout statements with their contradictions.

use std::collections::BTreeMap;

use recount_record::statement::PhaseName;
use recount_tally::Fold;
use serde_json::{Value, json};

use super::Record;
use crate::error::Outcome;
use crate::show::{self, Align, Table};
use crate::view::{coverage, names, opening, sources, state, statements, turnout};

/// Contests whose coverage is shown; more are in `recount count`.
const CONTESTS_SHOWN: usize = 3;
const PHASES: [PhaseName; 3] = [PhaseName::PollingOpened, PhaseName::PollingClosed, PhaseName::CountingEnded];

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let fold = &opened.fold;
    if as_json {
        let mut document = opening::json(opened);
        if let (Value::Object(into), Value::Object(more)) = (&mut document, json_of(fold)?) {
            into.extend(more);
        }
        return show::json(&document);
    }
    opening::print(opened);
    state::print(fold);
    phases(fold);
    show::paragraph(coverage::register_line(fold, 1));
    let register = fold.ledger().register();
    let geography = register.geography();
    show::line(format!(
        "Listed: {}, {}, {}.",
        show::count(geography.units().len() as u64, "unit", "units"),
        show::count(geography.stations().len() as u64, "station", "stations"),
        show::count(
            register
                .contests()
                .iter()
                .map(|id| register.all_lists(id).iter().filter(|list| list.id != recount_election::AGAINST_ALL).count()
                    as u64)
                .sum(),
            "list",
            "lists"
        )
    ));
    for (ix, contest) in fold.contests().take(CONTESTS_SHOWN) {
        show::heading(&format!("{} ({}): stations by source", contest.title, contest.id));
        sources::print(&sources::of(fold, ix)?);
    }
    if fold.contests().count() > CONTESTS_SHOWN {
        show::paragraph(format!(
            "... {} contests in all: `recount count` has a line for each.",
            fold.contests().count()
        ));
    }
    kinds(fold);
    authority(fold);
    turnout::print(fold);
    Ok(())
}

fn polls(fold: &Fold) -> u64 {
    let last = fold.rulings().values().flat_map(|state| &state.acts).filter_map(|act| match act {
        recount_tally::effects::Act::Repeat(scope) => Some(u64::from(scope.poll) + 1),
        _ => None,
    });
    last.max().unwrap_or(1)
}

fn phases(fold: &Fold) {
    for poll in 1..=polls(fold) {
        let said = PHASES.iter().filter_map(|phase| fold.ledger().phase(poll, *phase).map(|index| (phase, index)));
        let said: Vec<String> =
            said.map(|(phase, index)| format!("{} ({index})", phase.name().replace('_', " "))).collect();
        let said = if said.is_empty() { "no phase was announced".to_owned() } else { said.join(", ") };
        show::paragraph(format!("Poll {poll}: {said}."));
    }
    match fold.ledger().clock() {
        Some(time) => show::line(format!("Clock of the log: {}.", turnout::stamp(time))),
        None => show::line("Clock of the log: never said."),
    }
}

/// How many statements of each kind ended how.
fn count_kinds(fold: &Fold) -> BTreeMap<&'static str, BTreeMap<&'static str, u64>> {
    let mut kinds: BTreeMap<&'static str, BTreeMap<&'static str, u64>> = BTreeMap::new();
    for own in (0..fold.size()).filter_map(|index| statements::short(fold, index)) {
        *kinds.entry(own.kind).or_default().entry(own.status).or_default() += 1;
    }
    kinds
}

fn kinds(fold: &Fold) {
    show::heading(&format!("Statements: {}", show::number(fold.size())));
    let words = ["effective", "superseded", "contested", "void"];
    let mut columns = vec![("kind", Align::Left)];
    columns.extend(words.iter().map(|word| (*word, Align::Right)));
    let mut table = Table::new(&columns);
    for (kind, statuses) in count_kinds(fold) {
        let figures = words.iter().map(|word| statuses.get(word).copied().unwrap_or(0)).map(show::number);
        table.row(std::iter::once(kind.to_owned()).chain(figures));
    }
    table.print();
}

fn roles(fold: &Fold) -> BTreeMap<String, u64> {
    let keys = fold.ledger().keys();
    let mut roles = BTreeMap::new();
    for (_, key) in keys.iter() {
        let mut own: Vec<&str> =
            key.offices.iter().filter_map(|ix| keys.office(*ix)).map(|office| office.role.name()).collect();
        own.sort_unstable();
        own.dedup();
        for role in own {
            *roles.entry(role.to_owned()).or_insert(0) += 1;
        }
    }
    roles
}

fn authority(fold: &Fold) {
    let keys = fold.ledger().keys();
    show::heading("Who may speak");
    let roles: Vec<String> = roles(fold).iter().map(|(role, n)| format!("{role} {}", show::number(*n))).collect();
    show::paragraph(format!("{} known. By role: {}.", show::count(keys.len() as u64, "key", "keys"), roles.join(", ")));
    let revoked = keys.iter().filter(|(_, key)| key.revoked_at.is_some()).count() as u64;
    if revoked > 0 {
        let suspect = keys.iter().filter(|(_, key)| key.suspect_from.is_some()).count() as u64;
        show::paragraph(format!(
            "Revoked: {}, of which {suspect} with an earlier date of suspicion.",
            show::count(revoked, "key", "keys")
        ));
    }
    for (id, body) in fold.ledger().bodies() {
        show::item(format!(
            "{} ({id}): rank {}, {}, quorum {}, majority {}, for {}.",
            body.title,
            body.rank,
            show::count(body.seats.len() as u64, "seat", "seats"),
            body.quorum,
            body.majority,
            if body.scope == "*" { "the whole election" } else { &body.scope }
        ));
    }
}

fn json_of(fold: &Fold) -> Outcome<Value> {
    let mut contests = Vec::new();
    for (ix, contest) in fold.contests() {
        contests.push(
            json!({ "contest": contest.id, "title": contest.title, "sources": sources::json(&sources::of(fold, ix)?) }),
        );
    }
    let phases = (1..=polls(fold)).map(|poll| {
        let said: serde_json::Map<String, Value> =
            PHASES.iter().map(|phase| (phase.name().to_owned(), json!(fold.ledger().phase(poll, *phase)))).collect();
        json!({ "poll": poll, "phases": said, "register_sealed_by": fold.ledger().register().sealed(poll) })
    });
    let bodies = fold.ledger().bodies().iter().map(|(id, body)| {
        let seats: Vec<String> = body.seats.iter().map(|ix| names::key(fold, *ix)).collect();
        json!({ "body": id, "title": body.title, "rank": body.rank, "quorum": body.quorum, "majority": body.majority, "scope": body.scope, "seats": seats })
    });
    let register = fold.ledger().register();
    Ok(json!({
        "state": state::json(fold),
        "clock": fold.ledger().clock(),
        "polls": phases.collect::<Vec<_>>(),
        "register": {
            "units": register.geography().units().len(),
            "stations": register.geography().stations().len(),
            "changes_waiting": register.waiting().collect::<Vec<_>>(),
        },
        "contests": contests,
        "statements": count_kinds(fold),
        "keys": { "known": fold.ledger().keys().len(), "by_role": roles(fold) },
        "bodies": bodies.collect::<Vec<_>>(),
        "turnout": turnout::json(fold),
    }))
}
