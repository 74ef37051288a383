//! From a case's `rules` to a rulebook.

use std::fmt::Write;

use recount_seats::{Lots, RunOptions};
use serde_json::{Map, Value};

use super::input::Input;
use super::later_stages;
use super::words::{Asked, Trouble, array, by_size, coalition, failed, keys, object, quoted, ratio, text};

/// A case as the library takes it.
pub struct Translated {
    pub rulebook: String,
    /// JSON, so that the library reads the figures itself.
    pub tally: String,
    pub lots: Lots,
    pub options: RunOptions,
    /// Whether a seat that a list has nobody for is vacant, and not the list's.
    pub unfilled: bool,
    /// Seats that count beside those of the rulebook, by list.
    pub elsewhere: Map<String, Value>,
}

/// Words of other families, whole.
const LATER: [&str; 8] = ["tiers", "act", "method", "vacancy", "base", "free_overhang", "against_all", "quota"];
const KNOWN: [&str; 17] = [
    "seats",
    "formula",
    "threshold",
    "threshold_any",
    "quota_base",
    "cap",
    "ties",
    "minimum",
    "first",
    "over_allocation",
    "on_exhaustion",
    "note",
    "bonus",
    "candidates",
    "link",
    "overhang",
    "apparentement",
];

pub fn translate(rules: &Value, input: &Value) -> Result<Translated, Trouble> {
    let rules = object(rules, "rules")?;
    keys(rules, &KNOWN, &LATER, "rules")?;
    let mut input = Input::read(object(input, "input")?)?;
    if let Some(apparentement) = rules.get("apparentement") {
        let all_needed = apparentement.get("only_if_all_members_admitted") == Some(&Value::Bool(true));
        let applied = |threshold: &Value| threshold.get("already_applied") == Some(&Value::Bool(true));
        let thresholds = rules.get("threshold").and_then(Value::as_array);
        let only_admitted = input.admitted_given() || thresholds.is_some_and(|all| all.iter().any(applied));
        input.without_strangers(all_needed, only_admitted)?;
    }
    let started = later_stages::started(rules, &input)?;
    let rules = started.as_ref().unwrap_or(rules);
    let admission = admission(rules, &mut input)?;
    let mut toml = String::from("schema = \"recount-rulebook/1\"\nid = \"case\"\ntitle = \"case\"\n");
    toml.push_str("[units]\nlevels = [\"national\", \"region\"]\n");
    toml.push_str("[contest.lists]\nkind = \"list\"\n");
    let cap = cap(rules, &mut input)?;
    let quantities: String =
        input.quantities.iter().map(|(name, body)| format!("[quantity.{name}]\n{body}\n")).collect();
    toml.push_str(&quantities);
    let _ = write!(
        toml,
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\nwhen = {}\n",
        admission.when.replace("SEATS", &seats(rules)?.to_string())
    );
    let (group, contenders) = later_stages::group(rules)?;
    toml.push_str(&group);
    toml.push_str(&allocation(rules, contenders)?);
    let mut last = "seats";
    let stages = [
        ("cap", cap),
        ("compensated", later_stages::compensate(rules)?),
        ("with_bonus", later_stages::bonus(rules, if rules.contains_key("cap") { "cap" } else { "seats" })?),
    ];
    for (id, stage) in stages {
        if !stage.is_empty() {
            toml.push_str(&stage);
            last = id;
        }
    }
    toml.push_str(&later_stages::candidates(rules, last)?);
    let unfilled = rules.get("on_exhaustion").map_or(input.stood(), |word| word != "next_quotient");
    if unfilled && !rules.contains_key("candidates") {
        toml.push_str(&later_stages::people(last));
    }
    Ok(Translated {
        unfilled,
        rulebook: toml,
        tally: input.tally()?.to_string(),
        lots: input.lots()?,
        options: RunOptions { assume_units_pass: admission.regions_optional, ..RunOptions::default() },
        elsewhere: input.elsewhere.clone(),
    })
}

struct Admission {
    when: String,
    regions_optional: bool,
}

/// All of `threshold`, any of `threshold_any`; who is given as admitted is in by that alone.
fn admission(rules: &Map<String, Value>, input: &mut Input) -> Result<Admission, Trouble> {
    let all = rules.get("threshold").map(|t| array(t, "threshold")).transpose()?;
    let any = rules.get("threshold_any").map(|t| array(t, "threshold_any")).transpose()?;
    let mut asked = Vec::new();
    let mut regions_optional = true;
    let first_base =
        all.into_iter().flatten().chain(any.into_iter().flatten()).find_map(|threshold| {
            threshold.get("of").and_then(Value::as_str).filter(|of| !of.starts_with("each_region"))
        });
    for threshold in all.into_iter().flatten() {
        match one(threshold, first_base, input)? {
            One::Applied => {}
            One::Condition { condition, optional } => {
                regions_optional &= optional;
                asked.push(condition);
            }
        }
    }
    let mut conditions = by_size(&asked);
    if let Some(any) = any {
        let mut branches = Vec::new();
        for threshold in any {
            match one(threshold, first_base, input)? {
                One::Condition { condition: Asked { range: Some(_), .. }, .. } => {
                    return failed("`for_` in threshold_any");
                }
                One::Condition { condition, .. } => branches.push(condition.toml),
                One::Applied => branches.push("{ attribute = \"stands\" }".to_owned()),
            }
        }
        conditions.push(format!("{{ any = [{}] }}", branches.join(", ")));
    }
    let when = if input.admitted_given() {
        "{ attribute = \"admitted\" }".to_owned()
    } else if conditions.is_empty() {
        "{ attribute = \"stands\" }".to_owned()
    } else {
        format!("{{ all = [{}] }}", conditions.join(", "))
    };
    Ok(Admission { when, regions_optional })
}

enum One {
    Applied,
    Condition { condition: Asked, optional: bool },
}

/// What is asked of all lists, and is no share.
fn plain(toml: String) -> Result<One, Trouble> {
    Ok(One::Condition { condition: Asked { toml, place: None, range: None }, optional: true })
}

fn one(threshold: &Value, first_base: Option<&str>, input: &mut Input) -> Result<One, Trouble> {
    let threshold = object(threshold, "threshold")?;
    let known = [
        "min_pct",
        "of",
        "scope",
        "optional_input",
        "already_applied",
        "alternative",
        "alternatives",
        "rule",
        "for_",
        "quota",
        "min_quotas",
        "minority",
        "direct_min",
        "seats_in",
        "min",
        "rank_in_district",
        "in_any",
    ];
    keys(threshold, &known, &[], "threshold")?;
    if threshold.get("already_applied") == Some(&Value::Bool(true)) {
        return Ok(One::Applied);
    }
    // With one total there is one district, and it is the whole.
    match threshold.get("scope").map(|scope| text(scope, "scope")).transpose()? {
        None | Some("national" | "district" | "region") => {}
        Some(scope) => return failed(format!("unknown scope `{scope}`")),
    }
    if let Some(rank) = threshold.get("rank_in_district") {
        let toml = format!("{{ rank = {{ in = \"national\", at_most = {rank} }} }}");
        return plain(toml);
    }
    if threshold.contains_key("direct_min") || threshold.contains_key("seats_in") {
        let least = threshold.get("direct_min").or(threshold.get("min")).map_or("1".to_owned(), Value::to_string);
        let toml = format!("{{ attribute = {{ name = \"constituency_seats\", at_least = {least} }} }}");
        return plain(toml);
    }
    if threshold.get("minority") == Some(&Value::Bool(true)) {
        return plain("{ attribute = \"minority\" }".to_owned());
    }
    if let Some(quota) = threshold.get("quota") {
        let Some(multiple) = threshold.get("min_quotas") else {
            return failed("a quota without `min_quotas`");
        };
        let multiple = ratio(multiple, 1, "min_quotas")?;
        let quota = quoted(text(quota, "quota")?);
        let toml = format!("{{ quota = {{ quota = {quota}, seats = SEATS, at_least = \"{multiple}\" }} }}");
        return plain(toml);
    }
    let (Some(percent), Some(of)) = (threshold.get("min_pct"), threshold.get("of")) else {
        // Prose alone: it acts only through the lists given as admitted.
        return if input.admitted_given() { Ok(One::Applied) } else { failed("a threshold in prose alone") };
    };
    let share = ratio(percent, 100, "min_pct")?;
    let (base, place, optional) = base(text(of, "of")?, first_base, threshold)?;
    if !input.admitted_given() {
        input.need(&base)?;
    } else {
        return Ok(One::Applied);
    }
    let toml = match input.votes_for_share(&base, place, &share) {
        Some(votes) => format!("{{ votes = {{ in = \"{place}\", at_least = {votes} }} }}"),
        None => format!("{{ share = {{ base = \"{base}\", in = \"{place}\", at_least = \"{share}\" }} }}"),
    };
    let range = threshold.get("for_").map(|range| text(range, "for_").and_then(coalition)).transpose()?;
    Ok(One::Condition { condition: Asked { toml, place: Some(place), range }, optional })
}

/// The base's name, where it is taken, and whether its absence is allowed.
fn base(
    of: &str,
    first_base: Option<&str>,
    threshold: &Map<String, Value>,
) -> Result<(String, &'static str, bool), Trouble> {
    let Some(rest) = of.strip_prefix("each_region") else {
        return match threshold.get("in_any").map(|place| text(place, "in_any")).transpose()? {
            None => Ok((of.to_owned(), "national", true)),
            Some("region" | "district" | "constituency") => Ok((of.to_owned(), "any region", false)),
            Some(other) => failed(format!("unknown in_any `{other}`")),
        };
    };
    let optional = threshold.get("optional_input") == Some(&Value::Bool(true));
    let base = match rest.strip_prefix('_') {
        Some(base) => base.to_owned(),
        None if rest.is_empty() => first_base.unwrap_or("valid").to_owned(),
        None => return failed(format!("unknown base `{of}`")),
    };
    Ok((base, "every region", optional))
}

fn allocation(rules: &Map<String, Value>, contenders: &str) -> Result<String, Trouble> {
    let Some(formula) = rules.get("formula") else {
        return failed("no formula");
    };
    let formula = object(formula, "formula")?;
    let known = ["family", "quota", "rounding", "remainders", "rule", "first", "over_allocation"];
    keys(formula, &known, &["continues"], "formula")?;
    let mut parts = Vec::new();
    for (key, value) in formula {
        match key.as_str() {
            "first" => {}
            "remainders" => {
                let remainder = match text(value, key)? {
                    "largest" => "largest_fraction",
                    other => other,
                };
                parts.push(format!("remainder = {}", quoted(remainder)));
            }
            // The word itself goes into the rulebook, which refuses it if it is none.
            _ => parts.push(format!("{key} = {}", quoted(text(value, key)?))),
        }
    }
    if let Some(first) = formula.get("first").or_else(|| rules.get("first")) {
        parts.push(format!("first = \"{}\"", ratio(first, 1, "first")?));
    }
    let divisor = formula.get("family").and_then(Value::as_str) == Some("divisor");
    if let Some(over) = rules.get("over_allocation") {
        parts.push(format!("over_allocation = {}", quoted(text(over, "over_allocation")?)));
    }
    if !divisor && !formula.contains_key("remainders") {
        parts.push("remainder = \"largest_fraction\"".to_owned());
    }
    match rules.get("quota_base").and_then(Value::as_str) {
        None | Some("admitted_lists") => {}
        Some("all_lists" | "list_votes" | "valid") if !divisor => parts.push("over = \"all_lists\"".to_owned()),
        Some(other) => return failed(format!("unknown quota_base `{other}`")),
    }
    let seats = seats(rules)?;
    let mut toml = format!(
        "[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontenders = \"{contenders}\"\nseats = {seats}\n\
         formula = {{ {} }}\n",
        parts.join(", ")
    );
    if let Some(minimum) = rules.get("minimum") {
        let _ = writeln!(toml, "minimum = {minimum}");
    }
    match rules.get("on_exhaustion").map(|word| text(word, "on_exhaustion")).transpose()? {
        // A seat that a list has nobody for stays vacant: `later_stages::candidates` sees to it.
        None | Some("vacant" | "leave_vacant") => {}
        Some("next_quotient") => toml.push_str("on_exhausted = \"next_quotient\"\n"),
        Some(other) => return failed(format!("unknown on_exhaustion `{other}`")),
    }
    toml.push_str(&ties(rules)?);
    Ok(toml)
}

fn seats(rules: &Map<String, Value>) -> Result<&Value, Trouble> {
    match rules.get("seats") {
        // What is no whole number above zero, the library refuses.
        Some(seats) if seats.is_number() => Ok(seats),
        _ => failed("`seats` is not a number"),
    }
}

pub fn ties(rules: &Map<String, Value>) -> Result<String, Trouble> {
    let mut words = Vec::new();
    if let Some(ties) = rules.get("ties") {
        for word in array(ties, "ties")? {
            words.push(match text(word, "ties")? {
                "undefined_in_text_found" => "\"unresolved\"",
                "more_votes" => "\"more_votes\"",
                "lot" => "\"lot\"",
                other => return failed(format!("unknown tie rule `{other}`")),
            });
        }
    }
    Ok(format!("ties = [{}]\n", words.join(", ")))
}

fn cap(rules: &Map<String, Value>, input: &mut Input) -> Result<String, Trouble> {
    let Some(cap) = rules.get("cap") else {
        return Ok(String::new());
    };
    let cap = object(cap, "cap")?;
    let known = ["max_seats", "redistribute", "kind", "multiple", "of", "house", "counts"];
    keys(cap, &known, &[], "cap")?;
    let limit = match (cap.get("max_seats"), cap.get("kind").and_then(Value::as_str)) {
        (Some(seats), None) => {
            // Which seats count, and of what, is said of a share.
            let none = ["multiple", "of", "house"].iter().all(|key| !cap.contains_key(*key));
            if !none || cap.get("counts").is_some_and(|counts| counts != "list") {
                return failed("a cap by a number that says what a share is of");
            }
            format!("max_seats = {seats}")
        }
        (None, Some("share_multiple")) => {
            let (Some(multiple), Some(house)) = (cap.get("multiple"), cap.get("house").or(input.house()).cloned())
            else {
                return failed("a share_multiple without `multiple` or `house`");
            };
            if cap.get("of").is_some_and(|of| of != "vote_share") {
                return failed(format!("unknown `of` of a cap: {:?}", cap.get("of")));
            }
            let also = match cap.get("counts").and_then(Value::as_str) {
                None | Some("list") => "",
                Some("list+single_member") => ", also_counts = \"single_member\"",
                Some(other) => return failed(format!("unknown counts `{other}`")),
            };
            input.need("valid")?;
            let multiple = ratio(multiple, 1, "multiple")?;
            format!("share_multiple = {{ multiple = \"{multiple}\", base = \"valid\", house = {house}{also} }}")
        }
        _ => return failed("a cap without one limit"),
    };
    let again = match cap.get("redistribute").and_then(Value::as_str) {
        None => "",
        Some("rerun_without_capped") => "redistribute = { stage = \"seats\", without = \"capped\" }\n",
        Some(other) => return failed(format!("unknown redistribute `{other}`")),
    };
    Ok(format!("[[stage]]\nid = \"cap\"\nkind = \"cap\"\nof = \"seats\"\n{limit}\n{again}"))
}
