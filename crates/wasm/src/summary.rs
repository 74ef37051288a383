//! What a fold comes to, as JSON.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::StationIx;
use recount_log::Hash;
use recount_tally::declaration::DeclarationCheck;
use recount_tally::fold::ContestState;
use recount_tally::totals::{UnitTotal, UnitTotals};
use recount_tally::{Fold, Source, View};
use serde_json::{Map, Value, json};

/// The whole answer. Keys are sorted, so that the same record gives the same text everywhere.
pub fn of(fold: &Fold, earlier: &BTreeMap<u64, Fold>, root: &Hash) -> Value {
    let at: Map<String, Value> = earlier.iter().map(|(size, fold)| (size.to_string(), count(fold))).collect();
    let void = fold.noted().iter().zip(0u64..).filter_map(|(noted, index)| {
        let why = noted.void.as_ref()?;
        Some((index.to_string(), Value::from(why.code())))
    });
    json!({
        "size": fold.size(),
        "root": root.to_base64(),
        "charter": fold.ledger().charter().map(|(hash, _)| hash.to_hex()),
        "void": void.collect::<Map<_, _>>(),
        "declarations": declarations(fold),
        "count": count(fold),
        "at": at,
    })
}

fn declarations(fold: &Fold) -> Map<String, Value> {
    let word = |check: &DeclarationCheck| match check {
        DeclarationCheck::Pending => "pending",
        DeclarationCheck::Holds => "holds",
        DeclarationCheck::Differs(_) => "differs",
        DeclarationCheck::NotComputable(_) => "not_computable",
    };
    fold.declarations().iter().map(|state| (state.index.to_string(), word(&state.check).into())).collect()
}

/// Sums and coverage by contest, view and unit; and the seats.
fn count(fold: &Fold) -> Value {
    let contests = fold.contests().map(|(ix, contest)| {
        let views = views(fold).into_iter().map(|(name, view)| {
            let totals = match fold.totals(ix, view) {
                Ok(totals) => units(fold, contest, &totals),
                Err(why) => json!({ "refused": why.to_string() }),
            };
            (name, totals)
        });
        (contest.id.clone(), Value::Object(views.collect()))
    });
    let contests: Map<String, Value> = contests.collect();
    match fold.outcome(View::LAW) {
        Ok(outcome) => json!({
            "contests": contests,
            "seats": outcome.seats,
            "vacant": outcome.vacant,
            "house": outcome.house,
        }),
        Err(why) => json!({ "contests": contests, "seats": null, "why": why.to_string() }),
    }
}

/// The view by law, and every source of which a protocol was taken.
fn views(fold: &Fold) -> Vec<(String, View)> {
    let stations = fold.ledger().register().geography().stations().iter().zip(0u32..);
    let claims = stations.filter_map(|(_, n)| fold.station(StationIx(n))).flat_map(|own| &own.claims);
    let sources: BTreeSet<_> = claims.map(|claim| claim.slot.source).collect();
    let mut views = vec![("law".to_owned(), View::LAW)];
    views.extend(sources.into_iter().map(|source| {
        let view = View { source: Source::Only(source), poll: None };
        (fold.sources().get(source).to_owned(), view)
    }));
    views
}

fn units(fold: &Fold, contest: &ContestState, totals: &UnitTotals) -> Value {
    let geography = fold.ledger().register().geography();
    let of = totals.iter().filter_map(|(ix, total)| Some((geography.unit(*ix)?.id.clone(), one(contest, total))));
    Value::Object(of.collect())
}

fn one(contest: &ContestState, total: &UnitTotal) -> Value {
    let columns = &contest.columns;
    let lines = columns.lines().filter_map(|(ix, code)| Some((code.to_owned(), total.sums.at(ix.index())?.into())));
    let votes = columns.lists().filter_map(|(ix, id)| Some((id.to_owned(), total.sums.at(ix.index())?.into())));
    let own = &total.coverage;
    json!({
        "lines": lines.collect::<Map<_, _>>(),
        "votes": votes.collect::<Map<_, _>>(),
        "coverage": {
            "expected": own.expected,
            "received": own.received,
            "countable": own.countable,
            "conflicts": own.conflicts,
            "suspect": own.suspect,
            "voters": own.voters,
            "voters_uncounted": own.voters_uncounted,
            "reasons": own.reasons,
        },
    })
}
