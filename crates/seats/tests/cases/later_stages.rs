//! The stages around the allocation: groups before it, compensation, bonus and candidates after it.

use serde_json::{Map, Value, json};

use super::input::Input;
use super::rules;
use super::words::{Trouble, failed, keys, object, pending, ratio, text};

/// The group stage, and who contends for the seats.
pub fn group(rules: &Map<String, Value>) -> Result<(String, &'static str), Trouble> {
    let Some(apparentement) = rules.get("apparentement") else {
        return Ok((String::new(), "admitted"));
    };
    let apparentement = object(apparentement, "apparentement")?;
    keys(apparentement, &["method", "only_if_all_members_admitted"], &[], "apparentement")?;
    match apparentement.get("method").and_then(Value::as_str) {
        Some("bader_ofer") => {}
        other => return failed(format!("unknown apparentement `{other:?}`")),
    }
    let all = apparentement.get("only_if_all_members_admitted") == Some(&Value::Bool(true));
    let toml = format!(
        "[[stage]]\nid = \"groups\"\nkind = \"group\"\ncontenders = \"admitted\"\nonly_if_all_admitted = {all}\n"
    );
    Ok((toml, "groups"))
}

/// Seats on top of those won in constituencies, by divisors that go on from them: the same as a house of both
/// together in which nobody falls below what they hold.
pub fn started(rules: &Map<String, Value>, input: &Input) -> Result<Option<Map<String, Value>>, Trouble> {
    let kind = rules.get("link").map(|link| link.get("kind").unwrap_or(link));
    if kind.and_then(Value::as_str) != Some("start_from_constituency_seats") {
        return Ok(None);
    }
    let divisor = rules.get("formula").and_then(|formula| formula.get("family")) == Some(&json!("divisor"));
    let (true, Some(seats)) = (divisor, rules.get("seats").and_then(Value::as_u64)) else {
        return failed("a start from constituency seats needs a divisor formula and a number of seats");
    };
    let mut rules = rules.clone();
    rules.insert("seats".to_owned(), json!(seats + input.held()));
    rules.insert("link".to_owned(), json!({"kind": "compensate", "overhang": "keep"}));
    Ok(Some(rules))
}

/// Seats won in constituencies that are more than the share.
pub fn compensate(rules: &Map<String, Value>) -> Result<String, Trouble> {
    let Some(link) = rules.get("link") else {
        return Ok(String::new());
    };
    let (kind, overhang) = match link {
        Value::String(kind) => (kind.as_str(), rules.get("overhang")),
        _ => {
            let link = object(link, "link")?;
            keys(link, &["kind", "overhang"], &[], "link")?;
            (link.get("kind").and_then(Value::as_str).unwrap_or(""), link.get("overhang"))
        }
    };
    if kind != "compensate" {
        return pending(format!("link `{kind}`"));
    }
    let overhang = match overhang.map(|word| text(word, "overhang")).transpose()? {
        // In a house of fixed size, those who keep more than their share leave less to the others.
        None | Some("keep" | "keep_exclude_rerun" | "keep_and_rerun_rest") => "exclude_rerun",
        Some("keep_enlarge_house") => "keep_enlarge",
        Some(other) => return failed(format!("unknown overhang `{other}`")),
    };
    Ok(format!(
        "[[stage]]\nid = \"compensated\"\nkind = \"compensate\"\nof = \"seats\"\nheld = \"constituency_seats\"\n\
         overhang = \"{overhang}\"\n"
    ))
}

pub fn bonus(rules: &Map<String, Value>, of: &str) -> Result<String, Trouble> {
    let Some(bonus) = rules.get("bonus") else {
        return Ok(String::new());
    };
    let bonus = object(bonus, "bonus")?;
    keys(bonus, &["seats", "to"], &[], "bonus")?;
    match (bonus.get("seats"), bonus.get("to").and_then(Value::as_str)) {
        (Some(seats), Some("largest_list")) => Ok(format!(
            "[[stage]]\nid = \"with_bonus\"\nkind = \"bonus\"\nof = \"{of}\"\nto = \"largest_list\"\nseats = {seats}\n{}",
            rules::ties(rules)?
        )),
        (_, to) => failed(format!("unknown bonus to {to:?}")),
    }
}

/// `order`, and who jumps it: written as `jump`, or as `preference` in one sentence.
pub fn candidates(rules: &Map<String, Value>, of: &str) -> Result<String, Trouble> {
    let Some(candidates) = rules.get("candidates") else {
        return Ok(String::new());
    };
    let candidates = object(candidates, "candidates")?;
    keys(candidates, &["order", "jump", "jumpers", "preference"], &[], "candidates")?;
    let order = match candidates.get("order").map(|order| text(order, "order")).transpose()? {
        None | Some("list") => "list",
        Some("votes") => "votes",
        Some(other) => return failed(format!("unknown order `{other}`")),
    };
    match candidates.get("jumpers").map(|jumpers| text(jumpers, "jumpers")).transpose()? {
        None | Some("by votes") => {}
        Some(other) => return failed(format!("unknown jumpers `{other}`")),
    }
    let jump = match (candidates.get("jump"), candidates.get("preference")) {
        (Some(rule), None) => jump(text(rule, "jump")?)?,
        (None, Some(rule)) => {
            let rule = text(rule, "preference")?;
            jump(rule.strip_suffix(", by votes, then list order").unwrap_or(rule))?
        }
        (None, None) => String::new(),
        _ => return failed("both `jump` and `preference`"),
    };
    // Where the order is that of the list, it settles equal votes too, unless the case says otherwise.
    let ties = match rules.contains_key("ties") || order == "votes" {
        true => rules::ties(rules)?,
        false => "ties = [\"list_order\"]\n".to_owned(),
    };
    Ok(format!("[[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"{of}\"\norder = \"{order}\"\n{jump}{ties}"))
}

/// Those who stood, in their order, take the seats of their list; what is left of these is vacant.
pub fn people(of: &str) -> String {
    format!("[[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"{of}\"\norder = \"list\"\n")
}

/// `candidate votes >= 110% of the list mean`, `> 25% of kiesdeler`.
fn jump(rule: &str) -> Result<String, Trouble> {
    let unknown = || Trouble::Failed(format!("unknown jump `{rule}`"));
    let short = rule.strip_prefix("candidate votes ").unwrap_or(rule);
    let (word, rest) = match short.strip_prefix(">= ") {
        Some(rest) => ("at_least", rest),
        None => ("more_than", short.strip_prefix("> ").ok_or_else(unknown)?),
    };
    let (percent, of) = rest.split_once("% of ").ok_or_else(unknown)?;
    let of = match of.strip_prefix("the ").unwrap_or(of) {
        "list mean" => "list_mean",
        "list votes" | "list's votes" => "list_votes",
        "kiesdeler" | "quota" => "hare_quota",
        _ => return Err(unknown()),
    };
    let multiple = ratio(&Value::String(percent.to_owned()), 100, "jump")?;
    Ok(format!("jump = {{ of = \"{of}\", {word} = \"{multiple}\" }}\n"))
}
