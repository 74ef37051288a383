//! Elections in several tiers: from a case's `tiers`, `act` or `method` to a rulebook, and the fields that
//! such cases expect.
//!
//! Nothing here knows a case: tiers are read one after the other by their words (a formula for the units that
//! have seats, a link, a placement), and the prose of a placement by its key words.

#[path = "tiers/acts.rs"]
mod acts;
#[path = "tiers/compare.rs"]
mod compare;
#[path = "tiers/formula.rs"]
mod formula;
#[path = "tiers/stages.rs"]
mod stages;
#[path = "tiers/threshold.rs"]
mod threshold;
#[path = "tiers/world.rs"]
pub mod world;

use std::fmt::Write;

use serde_json::{Map, Value};

use super::words::{Trouble, object};
use compare::Roles;
use world::World;

/// A rulebook and what its stages are for.
#[derive(Default)]
pub struct Plan {
    /// The stages, as TOML.
    pub stages: String,
    /// Bases that the rulebook must declare: name and TOML.
    pub quantities: Vec<(String, String)>,
    pub roles: Roles,
}

impl Plan {
    fn need(&mut self, name: &str, toml: String) {
        if !self.quantities.iter().any(|(other, _)| other == name) {
            self.quantities.push((name.to_owned(), toml));
        }
    }

    fn rulebook(&self, world: &World) -> String {
        let mut toml = String::from("schema = \"recount-rulebook/1\"\nid = \"case\"\ntitle = \"case\"\n");
        let levels: Vec<String> = world.levels().iter().map(|level| format!("\"{level}\"")).collect();
        let _ = writeln!(toml, "[units]\nlevels = [{}]", levels.join(", "));
        for (level, names) in world.register_names() {
            let _ = writeln!(
                toml,
                "[register]\n{}",
                names.iter().map(|n| format!("{level}.{n} = \"{n}\"\n")).collect::<String>()
            );
        }
        toml.push_str("[contest.lists]\nkind = \"list\"\n");
        if world.has_singles() {
            toml.push_str("[contest.single]\nkind = \"candidate\"\n");
        }
        for (name, body) in &self.quantities {
            let _ = writeln!(toml, "[quantity.{name}]\n{body}");
        }
        // One table for all register numbers.
        let once = toml.replacen("[register]\n", "\u{0}", 1).replace("[register]\n", "");
        once.replace('\u{0}', "[register]\n") + &self.stages
    }
}

/// Runs a case of this family; none: it is not one.
pub fn case(rules: &Value, input: &Value, expected: &Value) -> Option<Result<(), Trouble>> {
    let map = rules.as_object()?;
    let act = map.get("act").and_then(Value::as_str).is_some_and(|act| act.starts_with("BWahlG"));
    let biproportional = map.get("method").and_then(Value::as_str) == Some("biproportional");
    (act || biproportional || (map.contains_key("tiers") && !map.contains_key("act")))
        .then(|| run(map, input, expected))
}

fn run(rules: &Map<String, Value>, input: &Value, expected: &Value) -> Result<(), Trouble> {
    let (plan, world) = read(rules, input)?;
    compare::compare(&plan.rulebook(&world), &world, &plan.roles, expected)
}

fn read(rules: &Map<String, Value>, input: &Value) -> Result<(Plan, World), Trouble> {
    let world = World::read(object(input, "input")?)?;
    let plan = if rules.contains_key("act") {
        acts::plan(rules, &world)?
    } else if rules.contains_key("method") {
        acts::biproportional(rules, &world)?
    } else {
        stages::plan(rules, &world)?
    };
    Ok((plan, world))
}

/// The rulebook (TOML) and the tally (JSON) of a case of this family, for measurements.
#[allow(dead_code, reason = "the bench of elections uses it")]
pub fn texts(rules: &Value, input: &Value) -> Result<(String, String), Trouble> {
    let (plan, world) = read(object(rules, "rules")?, input)?;
    Ok((plan.rulebook(&world), world.tally(&world::Names::PLAIN).to_string()))
}
