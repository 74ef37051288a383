//! Elections of people, vacancies, and the Dutch council law: from a case's words to a rulebook.
//!
//! `act` "Kieswet ..." says everything by itself: below 19 seats the rules of small councils, from 19 those
//! of large ones. `method` plurality and multi_member_plurality elect from one list of candidates.
//! `vacancy` asks who follows.

use std::collections::BTreeSet;

use recount_seats::{
    Declared, Follows, Lot, Lots, Outcome, Rulebook, RunOptions, Tally, VacatedSeat, run_with, successor,
};
use serde_json::{Map, Value, json};

use super::compare;
use super::input::Input;
use super::later_stages;
use super::rules::{self, Translated};
use super::words::{Trouble, accepted, array, failed, keys, object, pending, quoted, text};

/// Runs a case of this family; none: it is not one.
pub fn case(rules: &Value, input: &Value, expected: &Value) -> Option<Result<(), Trouble>> {
    let map = rules.as_object()?;
    let word = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or("");
    if word("act").starts_with("Kieswet") {
        return Some(kieswet(map, input).and_then(|translated| compare::compare(&translated, expected)));
    }
    if ["plurality", "multi_member_plurality"].contains(&word("method")) {
        return Some(plurality(map, input, expected));
    }
    map.contains_key("vacancy").then(|| vacancy(map, input, expected))
}

const HEAD: &str =
    "schema = \"recount-rulebook/1\"\nid = \"case\"\ntitle = \"case\"\n[units]\nlevels = [\"national\"]\n";
/// The least seats of a large council.
const LARGE: u64 = 19;

/// Full quotas; then the remainders of small councils or the averages of large ones; then the absolute
/// majority; then candidates used up.
fn kieswet(rules: &Map<String, Value>, input: &Value) -> Result<Translated, Trouble> {
    let known = ["act", "seats", "method", "note", "ties", "candidates", "on_exhaustion"];
    keys(rules, &known, &[], "rules")?;
    let input = Input::read(object(input, "input")?)?;
    let Some(seats) = rules.get("seats").filter(|seats| seats.is_number()) else {
        return failed("`seats` is not a number");
    };
    let remainder = if seats.as_u64().is_some_and(|seats| seats >= LARGE) {
        "remainder = \"highest_averages\""
    } else {
        "remainder = [\"largest_fraction\", \"highest_average_once\", \"highest_averages\"], \
         remainder_at_least = \"3/4\""
    };
    let mut toml = format!(
        "{HEAD}[contest.lists]\nkind = \"list\"\n\
         [[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = {seats}\n\
         formula = {{ family = \"quota\", quota = \"hare\", rounding = \"exact\", {remainder} }}\nties = [\"lot\"]\n\
         [[stage]]\nid = \"majority\"\nkind = \"bonus\"\nof = \"seats\"\nto = \"majority\"\nties = [\"lot\"]\n\
         [[stage]]\nid = \"passed_on\"\nkind = \"pass_on\"\nof = \"majority\"\nties = [\"lot\"]\n"
    );
    toml.push_str(&later_stages::candidates(rules, "passed_on")?);
    Ok(Translated {
        rulebook: toml,
        tally: input.tally()?.to_string(),
        lots: input.lots()?,
        options: RunOptions::default(),
        unfilled: false,
        elsewhere: Map::new(),
    })
}

/// One poll of people.
struct Poll {
    rulebook: String,
    tally: String,
}

/// The attribute of a limit, or a name of its own.
fn poll(rules: &Map<String, Value>, input: &Map<String, Value>, seats: &Value) -> Result<Poll, Trouble> {
    let mut stage = format!("[[stage]]\nid = \"elected\"\nkind = \"plurality\"\ncontest = \"poll\"\nseats = {seats}\n");
    let mut attribute = "gender".to_owned();
    if let Some(quota) = rules.get("quota") {
        let quota = object(quota, "quota")?;
        keys(quota, &["attribute", "max_per_value", "if_impossible", "note"], &[], "quota")?;
        let (Some(name), Some(most)) = (quota.get("attribute"), quota.get("max_per_value")) else {
            return failed("a quota without `attribute` or `max_per_value`");
        };
        attribute = text(name, "attribute")?.to_owned();
        let impossible = match quota.get("if_impossible").map(|word| text(word, "if_impossible")).transpose()? {
            None | Some("leave_vacant" | "vacant") => "vacant",
            Some("cancel_district") => "not_held",
            Some(other) => return failed(format!("unknown if_impossible `{other}`")),
        };
        stage.push_str(&format!(
            "limit = {{ attribute = {}, max_per_value = {most}, if_impossible = \"{impossible}\" }}\n",
            quoted(&attribute)
        ));
    }
    stage.push_str(&rules::ties(rules)?);
    let against = match rules.get("against_all").map(|word| text(word, "against_all")).transpose()? {
        None | Some("counted") => "counted_not_contending",
        Some("repeat_if_most") => "repeat_if_most",
        Some(other) => return failed(format!("unknown against_all `{other}`")),
    };
    let rulebook = format!("{HEAD}[contest.poll]\nkind = \"candidate\"\nagainst_all = \"{against}\"\n{stage}");
    Ok(Poll { rulebook, tally: people(input, &attribute)?.to_string() })
}

/// Candidates as `[name, attribute or null, votes]` or `[name, votes]`.
fn people(input: &Map<String, Value>, attribute: &str) -> Result<Value, Trouble> {
    let Some(candidates) = input.get("candidates").filter(|candidates| *candidates != &json!([])) else {
        return failed("no candidates");
    };
    let withdrawn = names(input, "withdrawn_before_allocation")?;
    let (mut nominees, mut votes) = (Vec::new(), Map::new());
    for candidate in array(candidates, "candidates")? {
        let (name, value, number) = match array(candidate, "candidate")?.as_slice() {
            [name, number] => (name, &Value::Null, number),
            [name, value, number] => (name, value, number),
            _ => return failed("a candidate is neither [name, votes] nor [name, attribute, votes]"),
        };
        let name = text(name, "candidate")?;
        let attributes = match value {
            Value::Null => json!({}),
            Value::String(value) => json!({ attribute: value }),
            other => json!({ attribute: other.to_string() }),
        };
        nominees.push(json!({
            "id": name, "name": name, "contest": "poll", "attributes": attributes,
            "withdrawn": withdrawn.iter().any(|other| other == name),
        }));
        votes.insert(name.to_owned(), number.clone());
    }
    let mut total = json!({"contest": "poll", "unit": "(whole)", "votes": votes});
    if let Some(against) = input.get("against_all").filter(|against| !against.is_null()) {
        total["against_all"] = against.clone();
    }
    Ok(json!({
        "schema": "recount-tally/1", "units": [{"id": "(whole)", "level": "national"}], "lists": [],
        "nominees": nominees, "totals": [total],
    }))
}

/// A list of names, or one name, or nothing.
fn names(input: &Map<String, Value>, key: &str) -> Result<Vec<String>, Trouble> {
    match input.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(name)) => Ok(vec![name.clone()]),
        Some(names) => array(names, key)?.iter().map(|name| text(name, key).map(str::to_owned)).collect(),
    }
}

fn plurality(rules: &Map<String, Value>, input: &Value, expected: &Value) -> Result<(), Trouble> {
    keys(rules, &["method", "seats", "quota", "ties", "against_all", "note"], &[], "rules")?;
    let input = object(input, "input")?;
    let known = ["candidates", "against_all", "lots", "note", "withdrawn_before_allocation", "base", "total_valid"];
    keys(input, &known, &["districts", "lists"], "input")?;
    let one = json!(1);
    let Poll { rulebook, tally } = poll(rules, input, rules.get("seats").unwrap_or(&one))?;
    let mut lots = Vec::new();
    for lot in input.get("lots").map(|lots| array(lots, "lots")).transpose()?.into_iter().flatten() {
        let lot = object(lot, "lot")?;
        keys(lot, &["between", "drawn"], &[], "lot")?;
        let between: BTreeSet<String> = names(lot, "between")?.into_iter().collect();
        lots.push(Lot { stage: "elected".to_owned(), between, drawn: names(lot, "drawn")?, ..Lot::default() });
    }
    let translated = Translated {
        rulebook,
        tally,
        lots: Lots::new(lots),
        options: RunOptions::default(),
        unfilled: false,
        elsewhere: Map::new(),
    };
    let expected = object(expected, "expected")?;
    let outcome = compare::run(&translated, &compare::placed(&translated));
    if expected.contains_key("error") {
        return match outcome {
            Err(_) => Ok(()),
            Ok(outcome) => accepted(&outcome.members),
        };
    }
    let outcome = outcome.map_err(Trouble::Failed)?;
    expected.iter().try_for_each(|(field, value)| elected(&translated, &outcome, field, value))
}

fn elected(translated: &Translated, outcome: &Outcome, field: &str, expected: &Value) -> Result<(), Trouble> {
    let open = !outcome.undetermined.is_empty();
    match field {
        "note" => Ok(()),
        "tie" => compare::tie(outcome, expected),
        "elected" if open => failed(format!("a tie is open: {:?}", outcome.undetermined)),
        "elected" => compare::names(field, expected, outcome.members.iter().filter_map(|one| one.candidate.clone())),
        "passed_over" => compare::names(field, expected, outcome.passed_over.iter().map(|one| one.candidate.clone())),
        "vacant" if expected.as_u64() == Some(outcome.vacant) => Ok(()),
        "vacant" => failed(format!("vacant is {}, expected {expected}", outcome.vacant)),
        "outcome" => {
            let found = outcome.declared.iter().map(|one| match one.what {
                Declared::RepeatElection => "repeat_election",
                Declared::NotHeld => "district_election_not_held",
                Declared::SecondRound => "second_round",
                Declared::Valid => "valid",
                Declared::NotValid => "not_valid",
            });
            let found: Vec<&str> = found.collect();
            if expected.as_str().is_some_and(|word| found.contains(&word)) {
                return Ok(());
            }
            // A poll about which nothing is declared has simply elected.
            if found.is_empty() && expected.as_str() == Some("elected") && !open {
                return Ok(());
            }
            failed(format!("outcome {found:?}, expected {expected}"))
        }
        "without_lot" => {
            let outcome = compare::run(translated, &Lots::none()).map_err(Trouble::Failed)?;
            let expected = object(expected, field)?;
            expected.iter().try_for_each(|(field, value)| elected(translated, &outcome, field, value))
        }
        other => pending(format!("comparing `{other}` of a poll")),
    }
}

/// Who follows: the rule by its word, the seats as the input says them.
fn vacancy(rules: &Map<String, Value>, input: &Value, expected: &Value) -> Result<(), Trouble> {
    keys(rules, &["vacancy", "seats", "note"], &[], "rules")?;
    let input = object(input, "input")?;
    let known = ["candidates", "list", "seats", "withdrawn_before_allocation", "elected", "vacated", "left", "note"];
    keys(input, &known, &[], "input")?;
    let rule = match rules.get("vacancy").map(|word| text(word, "vacancy")).transpose()?.unwrap_or("") {
        "next_on_list" => "rule = \"next_on_list\"",
        "next_by_votes" => "rule = \"next_by_votes\"",
        "next_by_votes_same_gender_else_other" => "rule = \"next_by_votes\"\nsame = \"gender\"\nothers = \"next\"",
        "next_by_votes_same_gender" => "rule = \"next_by_votes\"\nsame = \"gender\"\nothers = \"none\"",
        "by_election" => "rule = \"by_election\"",
        "countback" => "rule = \"countback\"",
        other => return failed(format!("unknown vacancy `{other}`")),
    };
    let seated: Vec<String> = names(input, "elected")?;
    let seats = input.get("seats").cloned().unwrap_or_else(|| json!(seated.len()));
    let Poll { rulebook, tally } =
        if input.contains_key("list") { one_list(input, &seats)? } else { poll(&Map::new(), input, &seats)? };
    let expected = object(expected, "expected")?;
    let answer = follow(&format!("{rulebook}[vacancy]\n{rule}\n"), &tally, seated, input);
    if expected.contains_key("error") {
        return match answer {
            Err(_) => Ok(()),
            Ok(follows) => accepted(&follows),
        };
    }
    let follows = answer.map_err(Trouble::Failed)?;
    for (field, expected) in expected {
        let right = match (field.as_str(), &follows) {
            ("note", _) => true,
            ("successor", Follows::Candidate { id, .. }) => expected.as_str() == Some(id),
            ("successor", _) => expected.is_null(),
            ("vacant", Follows::Vacant) => expected == 1 || expected == true,
            ("vacant", _) => expected == 0 || expected == false,
            ("outcome", Follows::Vacant) => expected == "vacant",
            ("outcome", Follows::ByElection) => expected == "by_election",
            ("outcome", Follows::Countback) => expected == "countback",
            ("tie", Follows::Tied(between)) => {
                let names = object(expected, "tie")?.get("between").cloned().unwrap_or_default();
                return compare::names("between", &names, between.iter().cloned());
            }
            ("outcome" | "tie", _) => false,
            (other, _) => return failed(format!("unknown word `{other}` in expected")),
        };
        if !right {
            return failed(format!("{field}: {follows:?}, expected {expected}"));
        }
    }
    Ok(())
}

/// One list with these candidates, and its seats.
fn one_list(input: &Map<String, Value>, seats: &Value) -> Result<Poll, Trouble> {
    let withdrawn = names(input, "withdrawn_before_allocation")?;
    let candidates: Vec<Value> = names(input, "list")?
        .iter()
        .map(|name| json!({"id": name, "name": name, "withdrawn": withdrawn.contains(name)}))
        .collect();
    let tally = json!({
        "schema": "recount-tally/1", "units": [{"id": "(whole)", "level": "national"}],
        "lists": [{"id": "list", "name": "list", "candidates": candidates}],
        "totals": [{"contest": "lists", "unit": "(whole)", "votes": {"list": 1}}],
    });
    let rulebook = format!(
        "{HEAD}[contest.lists]\nkind = \"list\"\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\nseats = {seats}\n\
         formula = {{ family = \"divisor\", rule = \"dhondt\" }}\n\
         [[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"seats\"\norder = \"list\"\n"
    );
    Ok(Poll { rulebook, tally: tally.to_string() })
}

/// Each seat vacated in turn; the answer is that of the last.
fn follow(rulebook: &str, tally: &str, seated: Vec<String>, input: &Map<String, Value>) -> Result<Follows, String> {
    let rulebook = Rulebook::parse(rulebook).map_err(|error| format!("rulebook: {error}"))?;
    let tally = Tally::parse(tally).map_err(|refusal| refusal.to_string())?;
    let outcome = run_with(&rulebook, &tally, &Lots::none(), &RunOptions::default()).map_err(|r| r.to_string())?;
    let words = |key: &str| names(input, key).map_err(|trouble| format!("{trouble:?}"));
    let mut seated: BTreeSet<String> = seated.into_iter().collect();
    let mut left: BTreeSet<String> = words("left")?.into_iter().collect();
    let mut follows = Err("nobody has left a seat".to_owned());
    for candidate in words("vacated")? {
        let seat = VacatedSeat {
            candidate: candidate.clone(),
            seated: seated.clone(),
            left: left.clone(),
            ..VacatedSeat::default()
        };
        let answer = successor(&rulebook, &tally, &outcome, &seat).map_err(|refusal| refusal.to_string())?;
        seated.remove(&candidate);
        left.insert(candidate);
        if let Follows::Candidate { id, .. } = &answer.follows {
            seated.insert(id.clone());
        }
        follows = Ok(answer.follows);
    }
    follows
}
