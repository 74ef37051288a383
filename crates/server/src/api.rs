//! The figures of an edition as JSON: what is asked, and pieces that several answers share. Votes and their denominators are integers; no
//! percentage is ever given.

mod diff;
mod findings;
mod places;
mod result;
mod said;

use std::sync::Arc;

use recount_election::{Figures, StationIx, UnitIx};
use recount_tally::claim::ContestIx;
use recount_tally::fold::ContestState;
use recount_tally::history::Status;
use recount_tally::totals::{Coverage, UnitTotal};
use recount_tally::{Fold, View};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::earlier;
use crate::edition::Edition;
use crate::problem::Problem;
use crate::reply::{JSON, TEXT};
use crate::route::{Does, Route};

pub(crate) use findings::broken_by;

/// Makes the body of an answer.
pub(crate) type Run = fn(&Call) -> Result<String, Problem>;

/// Rows that an answer gives unless asked otherwise, and at most.
const LIMIT: u64 = 100;
const LIMIT_MOST: u64 = 1000;

/// The largest whole number that every reader of JSON holds exactly (RFC 8259, section 6): 2^53 - 1.
pub(crate) const NUMBER_MOST: u64 = (1 << 53) - 1;

const fn row(
    path: &'static str,
    id: &'static str,
    query: &'static [&'static str],
    schema: &'static str,
    run: Run,
    summary: &'static str,
) -> Route {
    Route { path, id, summary, query, media_type: JSON, schema, does: Does::Api(run) }
}

/// Everything below `/api/v1/`, also to be had below `/at/{size}/api/v1/`.
pub(crate) const ROUTES: &[Route] = &[
    row(
        "/api/v1/result",
        "result",
        &[],
        "Result",
        result::result,
        "The state of the election, totals of every contest, and what the rulebook makes of them.",
    ),
    row(
        "/api/v1/coverage",
        "coverage",
        &["unit"],
        "CoverageOf",
        result::coverage,
        "Stations expected, received and countable, with the reason for every one that is not.",
    ),
    row(
        "/api/v1/units",
        "units",
        &["in", "after", "limit"],
        "Units",
        places::units,
        "Units of the geography with their coverage, in order of the register.",
    ),
    row(
        "/api/v1/units/{unit}",
        "unit",
        &[],
        "Unit",
        places::unit,
        "One unit: where it lies, what lies in it, its totals and their coverage.",
    ),
    row(
        "/api/v1/station/{station}",
        "station",
        &[],
        "Station",
        places::station,
        "One station: what it contributes, every version from every source, copies, its leaf in the station tree.",
    ),
    row(
        "/api/v1/changes",
        "changes",
        &["from", "contest", "after", "limit"],
        "Changes",
        diff::changes,
        "What changed since an earlier size, station by station, with its cause.",
    ),
    row(
        "/api/v1/missing",
        "missing",
        &["contest", "unit", "after", "limit"],
        "Missing",
        findings::missing,
        "Stations that are not countable, with the reason.",
    ),
    row(
        "/api/v1/controls",
        "controls",
        &["after", "limit"],
        "Controls",
        findings::controls,
        "Broken controls of what stands, with formula and figures.",
    ),
    row(
        "/api/v1/statements",
        "statements",
        &["after", "limit"],
        "Statements",
        said::statements,
        "Statements in the order of the record, each with what it is now.",
    ),
    row(
        "/api/v1/statements/{index}",
        "statement",
        &[],
        "Statement",
        said::statement,
        "One statement: its bytes, its signers, what it is now.",
    ),
    Route {
        path: "/api/v1/statements/{index}/receipt",
        id: "receipt",
        summary: "The receipt of a statement (C2SP tlog-proof): it is in the record of the checkpoint of this edition.",
        query: &[],
        media_type: TEXT,
        schema: "Text",
        does: Does::Api(said::receipt),
    },
];

/// One request for figures.
pub(crate) struct Call {
    pub(crate) app: Arc<App>,
    pub(crate) edition: Arc<Edition>,
    /// Of a request about changes: the edition from which on.
    pub(crate) from: Option<Arc<Edition>>,
    /// Values of the path's parameters.
    values: Vec<String>,
    query: Vec<(String, String)>,
}

impl Call {
    /// Reads what is asked; parameters that the row does not have are refused, so that a slip of the pen does not pass for an answer.
    pub(crate) async fn read(
        app: &Arc<App>,
        edition: &Arc<Edition>,
        row: &Route,
        values: Vec<String>,
        query: &str,
    ) -> Result<Call, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let read = decode(&name.replace('+', " ")).zip(decode(&value.replace('+', " ")));
            let (name, value) = read.ok_or_else(|| bad("the query is not UTF-8 behind its escapes"))?;
            if !row.query.contains(&name.as_str()) {
                return Err(bad(format!("there is no parameter \"{name}\" here")));
            }
            if pairs.iter().any(|(own, _)| *own == name) {
                return Err(bad(format!("the parameter \"{name}\" stands twice")));
            }
            pairs.push((name, value));
        }
        let mut call = Call { app: Arc::clone(app), edition: Arc::clone(edition), from: None, values, query: pairs };
        if row.query.contains(&"from") {
            let from = call.number("from")?.ok_or_else(|| bad("from=SIZE is missing: changes since which size?"))?;
            if from > edition.size() {
                let says = format!("there is no size {from} here: this edition rests on size {}", edition.size());
                return Err(Problem::not_found(says));
            }
            call.from = Some(earlier::get(app, from).await?);
        }
        Ok(call)
    }

    pub(crate) fn fold(&self) -> &Fold {
        self.edition.fold()
    }

    /// A value from the path.
    pub(crate) fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// A parameter of the query.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let read = |text: &str| {
            number(text).ok_or_else(|| bad(format!("{name}={text}: not a whole number up to {NUMBER_MOST}")))
        };
        self.param(name).map(read).transpose()
    }

    /// How many rows are wanted.
    pub(crate) fn limit(&self) -> Result<usize, Problem> {
        let limit = self.number("limit")?.unwrap_or(LIMIT);
        if !(1..=LIMIT_MOST).contains(&limit) {
            return Err(bad(format!("limit={limit}: from 1 to {LIMIT_MOST}")));
        }
        Ok(usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// The unit that a parameter names.
    pub(crate) fn unit(&self, name: &str) -> Result<Option<UnitIx>, Problem> {
        let geography = self.fold().ledger().register().geography();
        let find = |id: &str| geography.unit_ix(id).ok_or_else(|| Problem::not_found(format!("no unit \"{id}\"")));
        self.param(name).map(find).transpose()
    }

    /// The contests that are asked about: the one named, or all.
    pub(crate) fn contests(&self) -> Result<Vec<(ContestIx, &ContestState)>, Problem> {
        let all: Vec<(ContestIx, &ContestState)> = self.fold().contests().collect();
        let Some(id) = self.param("contest") else { return Ok(all) };
        let one: Vec<_> = all.into_iter().filter(|(_, state)| state.id == id).collect();
        if one.is_empty() { Err(Problem::not_found(format!("no contest \"{id}\""))) } else { Ok(one) }
    }

    /// The answer: what it rests on, then its members.
    pub(crate) fn answer(&self, members: Value) -> String {
        let moment = &self.edition.moment;
        let mut all = Map::new();
        all.insert(
            "record".to_owned(),
            json!({
                "origin": moment.checkpoint.origin,
                "size": moment.fold.size(),
                "checkpoint_size": moment.checkpoint.size,
                "root": moment.checkpoint.root.to_hex(),
                "charter": moment.charter.map(|hash| hash.to_hex()),
                "log_key": moment.log_key.as_ref().map(ToString::to_string),
                "time": moment.fold.ledger().clock(),
            }),
        );
        if let Value::Object(members) = members {
            all.extend(members);
        }
        Value::Object(all).to_string()
    }
}

/// A request that asks for something impossible.
pub(crate) fn bad(says: impl Into<String>) -> Problem {
    Problem::new("bad-request", says)
}

/// Some invariant of the figures themselves fails; the pages would not be up.
pub(crate) fn failed(why: impl std::fmt::Display) -> Problem {
    tracing::error!(why = %why, "figures could not be made");
    Problem::new("failed", "the figures could not be made")
}

/// Digits alone, without zeros in front, and no more than [`NUMBER_MOST`].
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| *number <= NUMBER_MOST && number.to_string() == text)
}

/// Undoes percent escapes; `None` if what comes out is not UTF-8 or an escape is none.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let hex = std::str::from_utf8(digits).ok().filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// One page of rows: those from `after` on, and where the next page begins.
pub(crate) fn paged<T>(rows: impl Iterator<Item = T>, after: u64, limit: usize) -> (Vec<T>, Option<u64>) {
    let start = usize::try_from(after).unwrap_or(usize::MAX);
    let mut rows = rows.skip(start);
    let page: Vec<T> = rows.by_ref().take(limit).collect();
    let next = rows.next().map(|_| after.saturating_add(page.len() as u64));
    (page, next)
}

/// What a statement is now.
pub(crate) fn status(status: &Status) -> Value {
    let some = |text: String| (!text.is_empty()).then_some(text);
    json!({
        "status": status.word(),
        "why": some(status.code().to_owned()),
        "by": status.by(),
        "reason": some(status.reason()),
    })
}

pub(crate) fn station_id(fold: &Fold, ix: StationIx) -> &str {
    fold.ledger().register().geography().station(ix).map_or("", |station| station.id.as_str())
}

pub(crate) fn unit_id(fold: &Fold, ix: UnitIx) -> &str {
    fold.ledger().register().geography().unit(ix).map_or("", |unit| unit.id.as_str())
}

/// Lines and votes of one place, as far as they are stated.
pub(crate) fn figures(state: &ContestState, figures: &Figures) -> Value {
    let lines: Map<String, Value> =
        state.columns.lines().filter_map(|(ix, code)| Some((code.to_owned(), json!(figures.get(ix)?)))).collect();
    let votes: Map<String, Value> =
        state.columns.lists().filter_map(|(ix, id)| Some((id.to_owned(), json!(figures.get(ix)?)))).collect();
    json!({ "lines": lines, "votes": votes })
}

/// The three numbers of a coverage, and the reasons.
pub(crate) fn coverage(coverage: &Coverage) -> Value {
    json!({
        "expected": coverage.expected,
        "received": coverage.received,
        "countable": coverage.countable,
        "not_countable": coverage.reasons,
        "conflicts": coverage.conflicts,
        "suspect": coverage.suspect,
        "voters": coverage.voters,
        "voters_uncounted": coverage.voters_uncounted,
    })
}

/// Sums of a unit in one contest with their coverage.
pub(crate) fn total(state: &ContestState, total: &UnitTotal) -> Value {
    let lines: Map<String, Value> = state
        .columns
        .lines()
        .filter_map(|(ix, code)| Some((code.to_owned(), json!(total.sums.at(ix.index())?))))
        .collect();
    let votes: Map<String, Value> =
        state.columns.lists().filter_map(|(ix, id)| Some((id.to_owned(), json!(total.sums.at(ix.index())?)))).collect();
    json!({
        "contest": state.id, "title": state.title, "coverage": coverage(&total.coverage), "lines": lines, "votes": votes,
    })
}

/// The totals by law of a unit in every contest held there.
pub(crate) fn totals_of(call: &Call, unit: UnitIx) -> Result<Vec<Value>, Problem> {
    let totals = call.edition.totals().map_err(failed)?;
    let contests = call.fold().contests();
    let found = contests.filter_map(|(ix, state)| Some(total(state, totals.get(&ix)?.get(&unit)?)));
    Ok(found.collect())
}

/// What a station contributes by law in one contest.
pub(crate) fn counted(fold: &Fold, station: StationIx, ix: ContestIx, state: &ContestState) -> Value {
    let count = fold.count_station(station, ix, View::LAW);
    json!({
        "contest": state.id,
        "poll": count.poll,
        "received": count.received,
        "countable": count.reason.is_none(),
        "reason": count.reason.map(recount_tally::Reason::code),
        "ruling": count.reason.and_then(recount_tally::Reason::ruling).or(count.by_ruling),
        "conflicts": count.rivals,
        "suspect": count.suspect,
        "figures": count.figures.as_ref().map(|own| figures(state, own)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_or_refused() {
        assert_eq!(decode("a%20b%C3%A9").as_deref(), Some("a bé"));
        for wrong in ["%", "%2", "%zz", "%ff", "%+1", "a%2"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_are_those_of_the_document() {
        assert_eq!(number("9007199254740991"), Some(NUMBER_MOST));
        for wrong in ["9007199254740992", "18446744073709551615", "007", "+1", "-1", "1.0", ""] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pages_of_rows_follow_each_other() {
        assert_eq!(paged(0..5, 0, 2), (vec![0, 1], Some(2)));
        assert_eq!(paged(0..5, 2, 2), (vec![2, 3], Some(4)));
        assert_eq!(paged(0..5, 4, 2), (vec![4], None));
        assert_eq!(paged(0..5, u64::MAX, 2), (vec![], None));
    }
}
