//! Cases of ranked ballots: `irv` and `stv`, with ballots in the case or in a file beside it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use recount_seats::ranked::RankedOutcome;
use recount_seats::{Lot, Lots, Outcome, Rulebook, Tally, run};
use serde_json::{Map, Value, json};

use super::words::{Trouble, accepted, array, failed, keys, object, quoted, text};

const RULES: [&str; 7] = ["method", "quota", "seats", "transfer", "rounding", "ties", "note"];
const INPUT: [&str; 7] = ["ballots", "ballots_file", "formal", "candidates", "withdrawn", "lots", "note"];
const EXPECTED: [&str; 9] =
    ["elected", "quota", "first_count", "plurality_would_be", "tie", "without_lot", "error", "vacant", "note"];

/// Runs the case if it is one of ranked ballots.
pub fn case(rules: &Value, input: &Value, expected: &Value) -> Option<Result<(), Trouble>> {
    let method = rules.get("method").and_then(Value::as_str)?;
    ["irv", "stv"].contains(&method).then(|| one(rules, input, expected))
}

fn one(rules: &Value, input: &Value, expected: &Value) -> Result<(), Trouble> {
    let (rules, input) = (object(rules, "rules")?, object(input, "input")?);
    let expected = object(expected, "expected")?;
    keys(rules, &RULES, &[], "rules")?;
    keys(input, &INPUT, &[], "input")?;
    keys(expected, &EXPECTED, &[], "expected")?;
    let text = rulebook(rules, expected)?;
    let tally = tally(input)?;
    let outcome = Rulebook::parse(&text)
        .map_err(|error| format!("rulebook: {error}"))
        .and_then(|rulebook| outcome_of(&rulebook, &tally, lots(input)));
    if expected.contains_key("error") {
        return match outcome {
            Err(_) => Ok(()),
            Ok(outcome) => accepted(&outcome.members),
        };
    }
    same_as(&outcome.map_err(Trouble::Failed)?, expected)?;
    let Some(without) = expected.get("without_lot") else { return Ok(()) };
    let outcome = Rulebook::parse(&text)
        .map_err(|error| format!("rulebook: {error}"))
        .and_then(|rulebook| outcome_of(&rulebook, &tally, Ok(Lots::none())));
    same_as(&outcome.map_err(Trouble::Failed)?, object(without, "without_lot")?)
}

/// What the case states, and no more.
fn same_as(outcome: &Outcome, expected: &Map<String, Value>) -> Result<(), Trouble> {
    let counts = outcome.stages.iter().flat_map(|stage| &stage.counts);
    let Some(sheet) = counts.map(|count| &count.sheet).next() else { return failed("no count was made") };
    expected.iter().try_for_each(|(field, expected)| compare(outcome, sheet, field, expected))
}

fn outcome_of(rulebook: &Rulebook, tally: &str, lots: Result<Lots, Trouble>) -> Result<Outcome, String> {
    let tally = Tally::parse(tally).map_err(|refusal| refusal.to_string())?;
    let lots = lots.map_err(|trouble| format!("{trouble:?}"))?;
    run(rulebook, &tally, &lots).map_err(|refusal| refusal.to_string())
}

fn rulebook(rules: &Map<String, Value>, expected: &Map<String, Value>) -> Result<String, Trouble> {
    let mut toml = String::from(
        "schema = \"recount-rulebook/1\"\nid = \"case\"\ntitle = \"case\"\n[units]\nlevels = [\"national\"]\n\
         [contest.ballots]\nkind = \"ranked\"\n[[stage]]\nid = \"elected\"\nkind = \"rank\"\n",
    );
    let _ = writeln!(toml, "method = {}", quoted(text(&rules["method"], "method")?));
    // A case that leaves the seats to its prose says how many were elected.
    let seats = match (rules.get("seats"), expected.get("elected").and_then(Value::as_array)) {
        (Some(seats), _) => seats.clone(),
        (None, Some(elected)) => json!(elected.len()),
        (None, None) => json!(1),
    };
    let _ = writeln!(toml, "seats = {seats}");
    if let Some(quota) = rules.get("quota") {
        let _ = writeln!(toml, "quota = {}", quoted(text(quota, "quota")?));
    }
    let rounding = rules.get("rounding").map(|rounding| text(rounding, "rounding")).transpose()?;
    // Where nothing is said of surpluses, and there can be one, all papers go on at a smaller value.
    let several = seats.as_u64().is_some_and(|seats| seats > 1) && rules.get("method").is_some_and(|m| m == "stv");
    let said = rules.get("transfer").map(|transfer| text(transfer, "transfer")).transpose()?;
    if let Some(transfer) = said.or(several.then_some("weighted_inclusive_gregory")) {
        let mut parts = vec![format!("transfer = {}", quoted(transfer))];
        if transfer == "whole_papers" {
            parts.push("choose = \"physical_order\"".to_owned());
        }
        parts.extend(rounding.map(decimals).transpose()?.flatten());
        let _ = writeln!(toml, "surplus = {{ {} }}", parts.join(", "));
    } else if rounding.is_some_and(|rounding| rounding != "exact") {
        return failed("`rounding` without `transfer`");
    }
    let mut ties = Vec::new();
    for word in rules.get("ties").map(|ties| array(ties, "ties")).transpose()?.into_iter().flatten() {
        ties.push(match text(word, "ties")? {
            "undefined_in_text_found" => "\"unresolved\"",
            "lot" => "\"lot\"",
            "earlier_counts" => "\"earlier_counts\"",
            "first_counts" => "\"first_counts\"",
            other => return failed(format!("unknown tie rule `{other}`")),
        });
    }
    let _ = writeln!(toml, "ties = [{}]", ties.join(", "));
    Ok(toml)
}

/// `exact`, `truncate to whole votes`, `truncate to 5 decimals`.
fn decimals(rounding: &str) -> Result<Option<String>, Trouble> {
    let number = rounding.strip_prefix("truncate to ").and_then(|rest| rest.strip_suffix(" decimals"));
    match (rounding, number) {
        ("exact", _) => Ok(None),
        ("truncate to whole votes", _) => Ok(Some("vote_decimals = 0".to_owned())),
        (_, Some(number)) => Ok(Some(format!("value_decimals = {number}"))),
        _ => failed(format!("unknown rounding `{rounding}`")),
    }
}

fn tally(input: &Map<String, Value>) -> Result<String, Trouble> {
    let file = input.get("ballots_file").map(|name| text(name, "ballots_file").and_then(file)).transpose()?;
    let (ballots, names) = match (&file, input.get("ballots")) {
        (Some(file), None) => {
            let file = object(file, "ballots_file")?;
            keys(file, &["candidates", "ballots"], &[], "ballots_file")?;
            (file.get("ballots"), file.get("candidates"))
        }
        (None, ballots) => (ballots, input.get("candidates")),
        _ => return failed("both `ballots` and `ballots_file`"),
    };
    let Some(ballots) = ballots else { return failed("no ballots") };
    let mut standing: BTreeSet<String> = BTreeSet::new();
    let name_of = |key: &str| names.and_then(|names| names.get(key)).and_then(Value::as_str).unwrap_or(key).to_owned();
    match names {
        Some(Value::Object(names)) => standing.extend(names.keys().map(|key| name_of(key))),
        Some(Value::Array(names)) => standing.extend(names.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => {}
    }
    let mut papers = Vec::new();
    for paper in array(ballots, "ballots")? {
        let [count, ranking] = array(paper, "ballots")?.as_slice() else {
            return failed("ballots holds something else than pairs");
        };
        let ranking: Vec<String> = match ranking {
            // One letter for each candidate.
            Value::String(letters) => letters.chars().map(|letter| name_of(&letter.to_string())).collect(),
            _ => array(ranking, "ballots")?
                .iter()
                .map(|key| text(key, "ballots").map(name_of))
                .collect::<Result<_, _>>()?,
        };
        if names.is_none() {
            standing.extend(ranking.iter().cloned());
        }
        papers.push(json!([count, ranking]));
    }
    let withdrawn: Vec<&str> = match input.get("withdrawn") {
        Some(names) => array(names, "withdrawn")?.iter().filter_map(Value::as_str).collect(),
        None => Vec::new(),
    };
    let nominees = standing
        .iter()
        .map(|id| json!({"id": id, "name": id, "contest": "ballots", "withdrawn": withdrawn.contains(&id.as_str())}));
    let mut tally = json!({
        "schema": "recount-tally/1",
        "units": [{"id": "all", "level": "national"}],
        "lists": [],
        "nominees": nominees.collect::<Vec<_>>(),
        "totals": [],
        "ballots": [{"contest": "ballots", "unit": "all", "papers": papers}],
    });
    if let Some(formal) = input.get("formal") {
        tally["totals"] = json!([{"contest": "ballots", "unit": "all", "votes": {}, "lines": {"valid": formal}}]);
    }
    Ok(tally.to_string())
}

/// A file beside the case file or, for cases that came without it, beside the shared ones.
fn file(name: &str) -> Result<Value, Trouble> {
    let (cases, _) = super::path();
    let path = Path::new(&cases).parent().map(|folder| folder.join(name)).unwrap_or_default();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases").join(name);
    let path = if !path.is_file() && shared.is_file() { shared } else { path };
    let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    read.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()))
        .map_err(|error| Trouble::Failed(format!("{}: {error}", path.display())))
}

fn lots(input: &Map<String, Value>) -> Result<Lots, Trouble> {
    let names = |value: Option<&Value>| -> Vec<String> {
        if let Some(name) = value.and_then(Value::as_str) {
            return vec![name.to_owned()];
        }
        let names = value.and_then(Value::as_array).into_iter().flatten();
        names.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut lots = Vec::new();
    for lot in input.get("lots").map(|lots| array(lots, "lots")).transpose()?.into_iter().flatten() {
        let mut read: Lot = serde_json::from_value(json!({"stage": "elected", "between": [], "drawn": []})).unwrap();
        read.between = names(lot.get("between")).into_iter().collect();
        read.drawn = names(lot.get("drawn"));
        lots.push(read);
    }
    Ok(Lots::new(lots))
}

fn compare(outcome: &Outcome, sheet: &RankedOutcome, field: &str, expected: &Value) -> Result<(), Trouble> {
    let first = || sheet.rounds.first().map(|round| &round.votes).into_iter().flatten();
    match field {
        // What the count would be without its lots is compared on its own.
        "note" | "without_lot" => Ok(()),
        "elected" if outcome.undetermined.is_empty() => {
            names(field, expected, outcome.members.iter().filter_map(|member| member.candidate.as_deref()))
        }
        "elected" => failed(format!("a tie is open: {:?}", outcome.undetermined)),
        "quota" => {
            let quota = sheet.quota.as_ref().and_then(recount_seats::ranked::Amount::to_whole);
            same(field, expected, &json!(quota))
        }
        "first_count" => {
            let votes: Map<String, Value> = sheet
                .candidates
                .iter()
                .zip(first())
                .map(|(id, votes)| (id.clone(), json!(votes.to_whole())))
                .filter(|(id, votes)| *votes != json!(0) || expected.get(id).is_some())
                .collect();
            same(field, expected, &Value::Object(votes))
        }
        "plurality_would_be" => {
            let most = first().max();
            let leading = sheet.candidates.iter().zip(first()).filter(|(_, votes)| Some(*votes) == most);
            names(field, expected, leading.map(|(id, _)| id.as_str()))
        }
        "vacant" => same(field, expected, &json!(outcome.vacant)),
        "tie" => {
            let expected = object(expected, "tie")?;
            keys(expected, &["between", "seats", "kind", "to", "count"], &[], "tie")?;
            let between = expected.get("between").cloned().unwrap_or_default();
            let found = outcome.undetermined.iter().any(|tie| {
                let seats = expected.get("seats").is_none_or(|seats| seats.as_u64() == Some(tie.seats));
                seats && names("between", &between, tie.between.iter().map(String::as_str)).is_ok()
            });
            if found { Ok(()) } else { failed(format!("ties: {:?}", outcome.undetermined)) }
        }
        other => failed(format!("`{other}` is not compared")),
    }
}

fn same(field: &str, expected: &Value, found: &Value) -> Result<(), Trouble> {
    if expected == found { Ok(()) } else { failed(format!("{field} is {found}, expected {expected}")) }
}

fn names<'a>(field: &str, expected: &Value, found: impl Iterator<Item = &'a str>) -> Result<(), Trouble> {
    let want: BTreeSet<&str> = array(expected, field)?.iter().filter_map(Value::as_str).collect();
    let have: BTreeSet<&str> = found.collect();
    if want == have { Ok(()) } else { failed(format!("{field}: {have:?}, expected {want:?}")) }
}
