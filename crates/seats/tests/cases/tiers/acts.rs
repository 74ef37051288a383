//! Rules that a case gives by the name of their act: the German federal elections act in its versions of
//! 2013, 2020 and 2023; and biproportional seats by their two sentences.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::super::words::{Trouble, failed, keys, object, text};
use super::Plan;
use super::formula::{number, ties};
use super::threshold::{Where, when};
use super::world::{Level, World};

const SAINTE_LAGUE: &str = "formula = { family = \"divisor\", rule = \"sainte_lague\" }\n";

pub fn plan(rules: &Map<String, Value>, world: &World) -> Result<Plan, Trouble> {
    let known = ["act", "base", "seats", "free_overhang", "threshold", "threshold_any", "tiers", "ties", "note"];
    keys(rules, &known, &[], "rules")?;
    let act = rules.get("act").map(|act| text(act, "act")).transpose()?.unwrap_or_default();
    let year: String = act.trim_start_matches("BWahlG").trim_start().chars().take(4).collect();
    if !world.has_singles() || !world.has(Level::Lower) {
        return failed("the act needs second votes by Land and the winners of constituencies");
    }
    let mut plan = Plan::default();
    plan.stages.push_str(&format!(
        "[[stage]]\nid = \"direct\"\nkind = \"plurality\"\ncontest = \"single\"\nper = \"single\"\nseats = 1\n{}",
        ties(&Map::new(), rules)?
    ));
    plan.roles.single = Some("direct".to_owned());
    let at = Where { world, stages: &[], single: Some("direct"), seats: number(rules, "seats")? };
    // The act's own threshold, where the case does not repeat it.
    let own = json!({"threshold_any": [{"min_pct": "5", "of": "valid"}, {"direct_min": 3}, {"minority": true}]});
    let said = rules.contains_key("threshold") || rules.contains_key("threshold_any");
    let asked = if said { rules } else { object(&own, "act")? };
    let when = when(&[asked], &at, &mut plan)?.unwrap_or_else(|| "{ attribute = \"stands\" }".to_owned());
    let _ = writeln!(plan.stages, "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {when}");
    match year.as_str() {
        "2013" => grown(rules, &mut plan, "sum over lower of max(direct, first)", false)?,
        "2020" => grown(
            rules,
            &mut plan,
            "max(sum over lower of max(direct, ceil((direct + first) / 2)), sum over lower of first)",
            true,
        )?,
        "2023" => covered(rules, &mut plan, world)?,
        _ => return failed(format!("unknown act `{act}`")),
    }
    Ok(plan)
}

/// The acts of 2013 and 2020: a distribution by Land says what each party has at least, and the house grows.
fn grown(rules: &Map<String, Value>, plan: &mut Plan, minimum: &str, free: bool) -> Result<(), Trouble> {
    let base = number(rules, "base")?.or(number(rules, "seats")?).unwrap_or(598);
    let free = match (number(rules, "free_overhang")?, free) {
        (Some(0), _) | (None, false) => None,
        (Some(seats), _) => Some(seats),
        (None, true) => Some(3),
    };
    let _ = write!(
        plan.stages,
        "[[stage]]\nid = \"lands\"\nkind = \"allocate\"\ncontenders = \"units:lower\"\nweights = \"lower.population\"\n\
         seats = {base}\n{SAINTE_LAGUE}\
         [[stage]]\nid = \"first\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"lower\"\ncontenders = \"admitted\"\n\
         seats = {{ from = \"lands\" }}\n{SAINTE_LAGUE}\
         [[stage]]\nid = \"minima\"\nkind = \"minimum\"\nper_party = \"{minimum}\"\n\
         [[stage]]\nid = \"overhang\"\nkind = \"minimum\"\n\
         per_party = \"sum over lower of (max(direct, first) - first)\"\n"
    );
    let ignored = free.map_or(String::new(), |free| {
        format!(", shortfall_ignored = {{ max_total = {free}, only_from = \"overhang\" }}")
    });
    let _ = write!(
        plan.stages,
        "[[stage]]\nid = \"house\"\nkind = \"grow\"\ncontest = \"lists\"\ncontenders = \"admitted\"\nstart = {base}\n\
         {SAINTE_LAGUE}until = {{ every = \"minima\"{ignored} }}\nthen = \"add_shortfall\"\n\
         [[stage]]\nid = \"land_lists\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"party\"\n\
         contenders = \"units:lower\"\nweights = \"lists\"\nseats = {{ from = \"house\" }}\nat_least = \"direct\"\n\
         {SAINTE_LAGUE}"
    );
    plan.roles.grown = Some("house".to_owned());
    plan.roles.to_units = Some("lands".to_owned());
    Ok(())
}

/// The act of 2023: the house is fixed, and winners of constituencies need the cover of second votes.
fn covered(rules: &Map<String, Value>, plan: &mut Plan, world: &World) -> Result<(), Trouble> {
    let seats = number(rules, "seats")?.or(number(rules, "base")?).unwrap_or(630);
    let _ = write!(
        plan.stages,
        "[[stage]]\nid = \"house\"\nkind = \"allocate\"\ncontest = \"lists\"\ncontenders = \"admitted\"\n\
         seats = {seats}\n{SAINTE_LAGUE}\
         [[stage]]\nid = \"land_lists\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"party\"\n\
         contenders = \"units:lower\"\nweights = \"lists\"\nseats = {{ from = \"house\" }}\n{SAINTE_LAGUE}"
    );
    // Without the votes of the constituencies nothing can be said about single winners.
    if world.lined(Level::Single, "valid") {
        plan.need("valid_first", "line = \"valid\"".to_owned());
        plan.stages.push_str(
            "[[stage]]\nid = \"covered\"\nkind = \"compensate\"\nof = \"land_lists\"\nheld = \"direct\"\n\
             contest = \"single\"\nbase = \"valid_first\"\noverhang = \"forfeit\"\n",
        );
    }
    Ok(())
}

/// `upper` and `lower` in a sentence each.
pub fn biproportional(rules: &Map<String, Value>, world: &World) -> Result<Plan, Trouble> {
    keys(rules, &["method", "upper", "lower", "threshold", "threshold_any", "ties", "note"], &[], "rules")?;
    let sentence = |key: &str| -> Result<String, Trouble> {
        let text = rules.get(key).map(|text_| text(text_, key)).transpose()?.unwrap_or_default();
        Ok(text.to_lowercase().replace(['_', '-'], " "))
    };
    let (upper, lower) = (sentence("upper")?, sentence("lower")?);
    let rule = if upper.contains("hondt") {
        "dhondt"
    } else if upper.is_empty() || upper.contains("sainte lague") || upper.contains("sl ") {
        "sainte_lague"
    } else {
        return failed(format!("unknown upper apportionment `{upper}`"));
    };
    let voters = if upper.contains("voter number") || upper.contains("district seats") { "rounded" } else { "votes" };
    if !(lower.is_empty() || lower.contains("sl ") || lower.contains("sainte lague")) {
        return failed(format!("unknown lower apportionment `{lower}`"));
    }
    let mut plan = Plan::default();
    let at = Where { world, stages: &[], single: None, seats: None };
    let contenders = match when(&[rules], &at, &mut plan)? {
        Some(when) => {
            let _ = writeln!(
                plan.stages,
                "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {when}"
            );
            "contenders = \"admitted\"\n"
        }
        None => "",
    };
    let _ = write!(
        plan.stages,
        "[[stage]]\nid = \"seats\"\nkind = \"biproportional\"\ncontest = \"lists\"\n{contenders}in = \"lower\"\n\
         seats = {{ from = \"lower.seats\" }}\nvoters = \"{voters}\"\n\
         formula = {{ family = \"divisor\", rule = \"{rule}\" }}\n{}",
        ties(&Map::new(), rules)?
    );
    plan.roles.base = Some("seats".to_owned());
    Ok(plan)
}
