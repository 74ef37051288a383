//! Coverage by source: the one that decides first, then the others from which anything was filed, then copies.

use recount_tally::claim::ContestIx;
use recount_tally::totals::Coverage;
use recount_tally::{Fold, Source, View};
use serde_json::{Value, json};

use super::{computed, names};
use crate::error::Outcome;
use crate::show::{self, Align, Table};

/// Coverage of the whole by one source.
pub struct BySource {
    /// The source; `copies` for copies.
    pub source: String,
    /// Whether it decides by law.
    pub decides: bool,
    /// Its coverage.
    pub coverage: Coverage,
}

/// The coverage of a contest by source; sources from which nothing came are left out, but for the deciding one.
pub fn of(fold: &Fold, contest: ContestIx) -> Outcome<Vec<BySource>> {
    let deciding = names::source_word(fold, View::LAW);
    let others = fold.sources().iter().filter(|(_, word)| *word != deciding).map(|(ix, _)| Source::Only(ix));
    let mut found = Vec::new();
    for source in std::iter::once(Source::Deciding).chain(others).chain([Source::Copies]) {
        let view = View { source, poll: None };
        let totals = computed::totals(fold, contest, view)?;
        let root = fold.ledger().register().geography().root();
        let Some(total) = root.and_then(|root| totals.get(&root)) else { continue };
        let decides = source == Source::Deciding;
        if decides || total.coverage.received > 0 {
            found.push(BySource { source: names::source_word(fold, view), decides, coverage: total.coverage.clone() });
        }
    }
    Ok(found)
}

/// Prints one line for each source.
pub fn print(sources: &[BySource]) {
    let mut table = Table::new(&[
        ("source", Align::Left),
        ("expected", Align::Right),
        ("received", Align::Right),
        ("countable", Align::Right),
        ("conflicts", Align::Right),
        ("suspect", Align::Right),
        ("", Align::Left),
    ]);
    for own in sources {
        let c = &own.coverage;
        let figures = [c.expected, c.received, c.countable, c.conflicts, c.suspect].map(show::number);
        let mark = if own.decides { "decides by law" } else { "" };
        table.row(std::iter::once(own.source.clone()).chain(figures).chain([mark.to_owned()]));
    }
    table.print();
}

/// The same for scripts.
pub fn json(sources: &[BySource]) -> Value {
    let each = sources.iter().map(|own| {
        let c = &own.coverage;
        json!({
            "source": own.source, "decides": own.decides, "expected": c.expected, "received": c.received,
            "countable": c.countable, "reasons": c.reasons, "conflicts": c.conflicts, "suspect": c.suspect,
        })
    });
    Value::Array(each.collect())
}
