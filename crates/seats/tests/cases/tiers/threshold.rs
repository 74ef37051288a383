//! Who is admitted: `threshold` (all must hold) and `threshold_any` (one suffices), of the election or a tier.

use serde_json::{Map, Value};

use super::super::words::{Asked, Trouble, array, by_size, coalition, failed, keys, object, quoted, ratio, text};
use super::Plan;
use super::world::{Level, World};

/// What the conditions refer to.
pub struct Where<'a> {
    pub world: &'a World,
    /// Stages with seats that conditions may name: by the id of their tier, and single seats.
    pub stages: &'a [(String, String)],
    pub single: Option<&'a str>,
    /// All seats of the tier, of which a quota is taken.
    pub seats: Option<u64>,
}

/// The `when` of an admit stage; none: nothing is asked.
pub fn when(of: &[&Map<String, Value>], at: &Where<'_>, plan: &mut Plan) -> Result<Option<String>, Trouble> {
    if at.world.admitted_given {
        return Ok(Some("{ attribute = \"admitted\" }".to_owned()));
    }
    let mut parts = Vec::new();
    for rules in of {
        let mut asked = Vec::new();
        for threshold in rules.get("threshold").map(|t| array(t, "threshold")).transpose()?.into_iter().flatten() {
            asked.extend(one(object(threshold, "threshold")?, at, plan)?);
        }
        parts.append(&mut by_size(&asked));
        if let Some(any) = rules.get("threshold_any") {
            let mut branches = Vec::new();
            for threshold in array(any, "threshold_any")? {
                let asked = one(object(threshold, "threshold")?, at, plan)?;
                if asked.as_ref().is_some_and(|asked| asked.range.is_some()) {
                    return failed("`for_` in threshold_any");
                }
                branches.extend(asked.map(|asked| asked.toml));
            }
            if !branches.is_empty() {
                parts.push(format!("{{ any = [{}] }}", branches.join(", ")));
            }
        }
    }
    Ok(match parts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(format!("{{ all = [{}] }}", parts.join(", "))),
    })
}

/// What is asked of all lists, and is no share.
fn plain(toml: String) -> Result<Option<Asked>, Trouble> {
    Ok(Some(Asked { toml, place: None, range: None }))
}

fn one(threshold: &Map<String, Value>, at: &Where<'_>, plan: &mut Plan) -> Result<Option<Asked>, Trouble> {
    let known = [
        "min_pct",
        "of",
        "scope",
        "in_any",
        "optional_input",
        "already_applied",
        "alternative",
        "alternatives",
        "rule",
        "for_",
        "minority",
        "direct_min",
        "seats_in",
        "min",
        "rank_in_district",
        "quota",
        "min_quotas",
        "note",
    ];
    keys(threshold, &known, &[], "threshold")?;
    if threshold.get("already_applied") == Some(&Value::Bool(true)) {
        return Ok(None);
    }
    if threshold.get("minority") == Some(&Value::Bool(true)) {
        return plain("{ attribute = \"minority\" }".to_owned());
    }
    if let Some(least) = threshold.get("direct_min") {
        let (Some(single), Some(least)) = (at.single, least.as_u64()) else {
            return failed("`direct_min` without single seats, or it is no number");
        };
        return plain(format!("{{ seats = {{ stage = \"{single}\", at_least = {least} }} }}"));
    }
    if let Some(tier) = threshold.get("seats_in") {
        let tier = text(tier, "seats_in")?;
        let least = threshold.get("min").map_or(Some(1), Value::as_u64);
        let stage = at.stages.iter().find(|(id, _)| id == tier);
        let (Some((_, stage)), Some(least)) = (stage, least) else {
            return failed(format!("no earlier tier `{tier}` gives seats, or `min` is no number"));
        };
        return plain(format!("{{ seats = {{ stage = \"{stage}\", at_least = {least} }} }}"));
    }
    if let Some(rank) = threshold.get("rank_in_district") {
        return plain(format!("{{ rank = {{ in = \"lower\", at_most = {rank} }} }}"));
    }
    if let Some(quota) = threshold.get("quota") {
        let (Some(multiple), Some(seats)) = (threshold.get("min_quotas"), at.seats) else {
            return failed("a quota without `min_quotas`, or without a number of seats");
        };
        let (multiple, quota) = (ratio(multiple, 1, "min_quotas")?, quoted(text(quota, "quota")?));
        return plain(format!("{{ quota = {{ quota = {quota}, seats = {seats}, at_least = \"{multiple}\" }} }}"));
    }
    let Some(percent) = threshold.get("min_pct") else { return failed("a threshold in prose alone") };
    let range = threshold.get("for_").map(|range| text(range, "for_").and_then(coalition)).transpose()?;
    let (toml, place) = share(percent, threshold, at, plan)?;
    Ok(Some(Asked { toml, place: Some(place), range }))
}

/// A share, and where it is taken.
fn share(
    percent: &Value,
    threshold: &Map<String, Value>,
    at: &Where<'_>,
    plan: &mut Plan,
) -> Result<(String, &'static str), Trouble> {
    let said = threshold.get("of").map(|of| text(of, "of")).transpose()?.unwrap_or("valid");
    // `each_region` alone asks for the votes that are valid there.
    let in_each = said.strip_prefix("each_region").map(|rest| rest.strip_prefix('_').unwrap_or("valid"));
    let place = match (threshold.get("scope").and_then(Value::as_str), threshold.get("in_any").and_then(Value::as_str))
    {
        (None, None) if in_each.is_some() => "every lower",
        (None | Some("national" | "region" | "country" | "whole"), None) => "national",
        (Some("district" | "own district" | "constituency" | "island"), None) => "lower",
        (None, Some("district" | "constituency" | "region")) => "any lower",
        (scope, any) => return failed(format!("unknown scope `{scope:?}` or in_any `{any:?}`")),
    };
    let of = in_each.unwrap_or(said);
    let own = place != "national";
    let given = |line: &str| {
        if own {
            at.world.lined(Level::Lower, line)
        } else {
            at.world.lines.contains_key(line) || at.world.lined(Level::Lower, line)
        }
    };
    match of {
        "valid" if given("valid") => plan.need("valid", "line = \"valid\"".to_owned()),
        "valid" => plan.need("valid", "sum = [\"lists\"]".to_owned()),
        "list_votes" => plan.need("list_votes", "sum = [\"lists\"]".to_owned()),
        "valid_incl_blank" if given("valid_incl_blank") => {
            plan.need("valid_incl_blank", "line = \"valid_incl_blank\"".to_owned());
        }
        "valid_incl_blank" => {
            plan.need("blank", "line = \"blank\"".to_owned());
            plan.need("valid_incl_blank", "sum = [\"lists\", \"blank\"]".to_owned());
        }
        "registered" | "took_part" | "valid_incl_against_all" => plan.need(of, format!("line = \"{of}\"")),
        of if of.starts_with("implied") => plan.need(of, format!("line = \"{of}\"")),
        other => return failed(format!("unknown base `{other}`")),
    }
    let share = ratio(percent, 100, "min_pct")?;
    Ok((format!("{{ share = {{ base = \"{of}\", in = \"{place}\", at_least = \"{share}\" }} }}"), place))
}
