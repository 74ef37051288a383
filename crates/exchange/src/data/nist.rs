//! The result as an election results report of NIST SP 1500-100 (version 2), in JSON.
//!
//! Units and stations become reporting units, lists parties, candidates candidates; every list has a count for each unit and
//! station that stated one, and, where seats are given, one of the type `seats` for the whole. What the format has no place for
//! (lines of the protocol, coverage with reasons, margins, statements) is in the tables of the package.
//!
//! Source: NIST SP 1500-100r2, "Election Results Common Data Format Specification", and its JSON schema in
//! `usnistgov/ElectionResultsReporting`.

use std::io::Write;

use recount_election::{AGAINST_ALL, ColumnIx, Figures, StationIx, UnitIx};
use recount_seats::ContestKind;
use recount_tally::claim::ContestIx;
use recount_tally::declaration::{DeclarationCheck, DeclarationState};
use recount_tally::fold::ContestState;
use recount_tally::totals::UnitTotals;
use serde_json::{Map, Value, json};

use super::descriptor::time;
use super::{DataError, Source};

/// Names come from the register, which does not tell their language.
const LANGUAGE: &str = "und";

/// Writes the report of a source. The time is that of the record's last clock statement, else the polling day.
///
/// # Errors
/// The bytes cannot be written, or a total cannot be formed.
pub fn write_report(source: &Source<'_>, out: &mut dyn Write) -> Result<(), DataError> {
    let mut totals = Vec::new();
    for (ix, state) in source.each_contest() {
        totals.push((ix, state, source.fold.totals(ix, source.view)?));
    }
    // What is long is written piece by piece, inside of the object that the head began.
    begin(out, &head(source, &totals))?;
    out.write_all(b",\n\"GpUnit\":")?;
    array(out, units(source))?;
    out.write_all(b",\n\"Party\":")?;
    array(out, parties(source).into_iter())?;
    out.write_all(b",\n\"Election\":[")?;
    election(source, &totals, out)?;
    out.write_all(b"]}\n")?;
    Ok(out.flush()?)
}

type Totals<'a> = Vec<(ContestIx, &'a ContestState, UnitTotals)>;

fn array(out: &mut dyn Write, items: impl Iterator<Item = Value>) -> Result<(), DataError> {
    out.write_all(b"[")?;
    for (n, item) in items.enumerate() {
        out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
        out.write_all(item.to_string().as_bytes())?;
    }
    out.write_all(b"]")?;
    Ok(())
}

/// Writes an object without its end.
fn begin(out: &mut dyn Write, object: &Value) -> Result<(), DataError> {
    let text = object.to_string();
    Ok(out.write_all(text.strip_suffix('}').unwrap_or(&text).as_bytes())?)
}

fn words(text: &str) -> Value {
    let own = json!({ "@type": "ElectionResults.LanguageString", "Content": text, "Language": LANGUAGE });
    json!({ "@type": "ElectionResults.InternationalizedText", "Text": [own] })
}

fn local(id: &str) -> Value {
    json!([{ "@type": "ElectionResults.ExternalIdentifier", "Type": "local-level", "Value": id }])
}

fn unit_id(unit: UnitIx) -> String {
    format!("unit-{}", unit.0)
}

fn station_id(station: StationIx) -> String {
    format!("station-{}", station.0)
}

fn head(source: &Source<'_>, totals: &Totals<'_>) -> Value {
    let fold = source.fold;
    let charter = fold.ledger().charter().map(|(_, charter)| charter);
    let day = charter.map_or("", |own| &own.election.polling_day);
    let moment = fold.ledger().clock().and_then(time).unwrap_or_else(|| format!("{day}T00:00:00Z"));
    json!({
        "@type": "ElectionResults.ElectionReport",
        "Format": "precinct-level",
        "GeneratedDate": moment,
        "Issuer": charter.map_or("", |own| &own.origin),
        "IssuerAbbreviation": charter.map_or("", |own| &own.election.id),
        "Notes": format!("Record {} at size {}.", charter.map_or("", |own| &own.origin), fold.size()),
        "SequenceEnd": 1,
        "SequenceStart": 1,
        "Status": status(source, totals),
        "VendorApplicationId": concat!("recount ", env!("CARGO_PKG_VERSION")),
    })
}

/// Certified where a body declared the whole and the record gives it; else complete or partial.
fn status(source: &Source<'_>, totals: &Totals<'_>) -> &'static str {
    let geography = source.fold.ledger().register().geography();
    let root = geography.root();
    let whole = root.and_then(|root| geography.unit(root)).map_or("", |unit| &unit.id);
    let holds = |own: &DeclarationState| own.declaration.unit == whole && own.check == DeclarationCheck::Holds;
    let open = |totals: &UnitTotals| {
        let total = root.and_then(|root| totals.get(&root));
        total.is_some_and(|total| total.coverage.countable < total.coverage.expected)
    };
    match (source.fold.declarations().iter().any(holds), totals.iter().any(|(_, _, own)| open(own))) {
        (true, _) => "certified",
        (false, true) => "unofficial-partial",
        (false, false) => "unofficial-complete",
    }
}

/// Units from the whole down, then stations.
fn units<'a>(source: &'a Source<'_>) -> impl Iterator<Item = Value> + 'a {
    let register = source.fold.ledger().register();
    let geography = register.geography();
    let units = geography.units().iter().zip(0u32..).map(move |(unit, n)| {
        let at = UnitIx(n);
        let below = geography.children(at).iter().map(|own| unit_id(*own));
        let stations = geography.stations_of(at).iter().map(|own| station_id(*own));
        let mut own = Map::new();
        own.insert("@id".to_owned(), json!(unit_id(at)));
        own.insert("@type".to_owned(), json!("ElectionResults.ReportingUnit"));
        own.insert("ExternalIdentifier".to_owned(), local(&unit.id));
        own.insert("Name".to_owned(), words(&unit.name));
        own.insert("ComposingGpUnitIds".to_owned(), json!(below.chain(stations).collect::<Vec<_>>()));
        own.insert("Type".to_owned(), json!(if unit.parent.is_none() { "country" } else { "other" }));
        if unit.parent.is_some() {
            own.insert("OtherType".to_owned(), json!(unit.level));
        }
        Value::Object(own)
    });
    let stations = geography.stations().iter().zip(0u32..).map(move |(station, n)| {
        let at = StationIx(n);
        let mut own = Map::new();
        own.insert("@id".to_owned(), json!(station_id(at)));
        own.insert("@type".to_owned(), json!("ElectionResults.ReportingUnit"));
        own.insert("ExternalIdentifier".to_owned(), local(&station.id));
        own.insert("Name".to_owned(), words(station.name.as_deref().unwrap_or(&station.id)));
        own.insert("Type".to_owned(), json!("precinct"));
        own.extend(register.voters(at, 1).map(|n| ("VotersRegistered".to_owned(), json!(n))));
        Value::Object(own)
    });
    units.chain(stations)
}

fn is_of_lists(source: &Source<'_>, contest: &str) -> bool {
    let law = source.fold.law();
    let forms = law.and_then(|law| law.forms.contest(contest)).map(|own| own.kind);
    let rules = law.and_then(|law| law.rulebook.contests.get(contest)).map(|own| own.kind);
    rules.map_or(forms == Some(recount_election::ContestKind::List), |kind| kind == ContestKind::List)
}

/// Lists of contests of lists; a list that stands in two contests is one party. Votes against all go under a party of that name.
fn parties(source: &Source<'_>) -> Vec<Value> {
    let register = source.fold.ledger().register();
    let mut parties: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (_, state) in source.each_contest().filter(|(_, state)| is_of_lists(source, &state.id)) {
        let names = register.all_lists(&state.id);
        for (_, id) in state.columns.lists() {
            let name = names.iter().find(|list| list.id == id).map(|list| list.name.clone());
            let name = name.unwrap_or_else(|| if id == AGAINST_ALL { "Against all".to_owned() } else { id.to_owned() });
            parties.entry(id.to_owned()).or_insert(name);
        }
    }
    let party = |(id, name): (String, String)| {
        json!({
            "@id": format!("party-{id}"), "@type": "ElectionResults.Party", "ExternalIdentifier": local(&id), "Name": words(&name),
        })
    };
    parties.into_iter().map(party).collect()
}

fn election(source: &Source<'_>, totals: &Totals<'_>, out: &mut dyn Write) -> Result<(), DataError> {
    let charter = source.fold.ledger().charter().map(|(_, charter)| &charter.election);
    let day = charter.map_or("", |own| &own.polling_day);
    let root = source.fold.ledger().register().geography().root().unwrap_or(UnitIx(0));
    let own = json!({
        "@type": "ElectionResults.Election",
        "ElectionScopeId": unit_id(root),
        "Name": words(charter.map_or("", |own| &own.title)),
        "StartDate": day,
        "EndDate": day,
        "Type": "general",
    });
    begin(out, &own)?;
    out.write_all(b",\n\"Candidate\":")?;
    array(out, candidates(source).into_iter())?;
    out.write_all(b",\n\"Contest\":[")?;
    for (n, (ix, state, of)) in totals.iter().enumerate() {
        out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
        contest(source, *ix, state, of, out)?;
    }
    out.write_all(b"]}")?;
    Ok(())
}

fn candidate_id(contest: ContestIx, column: ColumnIx) -> String {
    format!("candidate-{}-{}", contest.0, column.index())
}

/// Those who stand in contests of candidates.
fn candidates(source: &Source<'_>) -> Vec<Value> {
    let register = source.fold.ledger().register();
    let mut all = Vec::new();
    for (ix, state) in source.each_contest().filter(|(_, state)| !is_of_lists(source, &state.id)) {
        let names = register.all_lists(&state.id);
        for (column, id) in state.columns.lists().filter(|(_, id)| *id != AGAINST_ALL) {
            let name = names.iter().find(|list| list.id == id).map_or(id, |list| list.name.as_str());
            all.push(json!({
                "@id": candidate_id(ix, column), "@type": "ElectionResults.Candidate",
                "BallotName": words(name), "ExternalIdentifier": local(id),
            }));
        }
    }
    all
}

fn contest(
    source: &Source<'_>,
    ix: ContestIx,
    state: &ContestState,
    totals: &UnitTotals,
    out: &mut dyn Write,
) -> Result<(), DataError> {
    let geography = source.fold.ledger().register().geography();
    let root = geography.root().unwrap_or(UnitIx(0));
    let district = state.units.first().filter(|_| state.units.len() == 1).copied().unwrap_or(root);
    let lists = is_of_lists(source, &state.id);
    let coverage = totals.get(&root).map(|total| &total.coverage);
    let mut own = Map::new();
    let mut put = |key: &str, value: Value| own.insert(key.to_owned(), value);
    put("@id", json!(format!("contest-{}", ix.0)));
    put("@type", json!(if lists { "ElectionResults.PartyContest" } else { "ElectionResults.CandidateContest" }));
    put("ElectionDistrictId", json!(unit_id(district)));
    put("ExternalIdentifier", local(&state.id));
    put("Name", json!(state.title));
    if !lists {
        put("VotesAllowed", json!(1));
    }
    if let Some(coverage) = coverage {
        put("TotalSubUnits", json!(coverage.expected));
        put("SubUnitsReported", json!(coverage.countable));
    }
    begin(out, &Value::Object(own))?;
    out.write_all(b",\n\"ContestSelection\":[")?;
    let stations = stations(source, ix);
    for (n, (column, id)) in state.columns.lists().enumerate() {
        out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
        begin(out, &selection(ix, column, id, lists))?;
        out.write_all(b",\"VoteCounts\":")?;
        let of_units = totals.iter().filter_map(|(unit, total)| Some((unit_id(*unit), total.sums.at(column.index())?)));
        let of_stations = stations.iter().filter_map(|(at, own)| Some((station_id(*at), own.get(column)?)));
        let counts = of_units.chain(of_stations).map(|(unit, n)| count(&unit, n, "total"));
        let seats = source.outcome.filter(|_| lists).and_then(|outcome| outcome.seats.get(id));
        array(out, counts.chain(seats.map(|n| count(&unit_id(root), *n, "seats"))))?;
        out.write_all(b"}")?;
    }
    out.write_all(b"]}")?;
    Ok(())
}

fn selection(contest: ContestIx, column: ColumnIx, id: &str, lists: bool) -> Value {
    let name = format!("selection-{}-{}", contest.0, column.index());
    if lists {
        json!({ "@id": name, "@type": "ElectionResults.PartySelection", "PartyIds": [format!("party-{id}")] })
    } else if id == AGAINST_ALL {
        json!({ "@id": name, "@type": "ElectionResults.CandidateSelection" })
    } else {
        let candidate = candidate_id(contest, column);
        json!({ "@id": name, "@type": "ElectionResults.CandidateSelection", "CandidateIds": [candidate] })
    }
}

fn count(unit: &str, n: u64, kind: &str) -> Value {
    json!({ "@type": "ElectionResults.VoteCounts", "Count": n, "GpUnitId": unit, "Type": kind })
}

/// What the countable stations contribute.
fn stations(source: &Source<'_>, contest: ContestIx) -> Vec<(StationIx, Figures)> {
    let stations = source.fold.ledger().register().geography().stations().len();
    let numbered = (0u32..).take(stations).map(StationIx);
    let expected = numbered.filter(|station| source.fold.is_expected(*station, contest));
    let counted = expected.filter_map(|station| {
        let count = source.fold.count_station(station, contest, source.view);
        Some((station, count.figures.filter(|_| count.reason.is_none())?))
    });
    counted.collect()
}
