//! From `tiers` to stages, one tier after the other.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::super::words::{Trouble, array, failed, keys, object, text};
use super::Plan;
use super::formula::{continues, formula, minimum_and_ties, number, ties};
use super::threshold::{Where, when};
use super::world::{Level, World};

/// What earlier tiers have left.
struct State<'a> {
    rules: &'a Map<String, Value>,
    world: &'a World,
    plan: Plan,
    /// Stages with seats by the id of their tier.
    tiers: Vec<(String, String)>,
    /// Lists' seats in the whole, of which some are not placed yet.
    whole: Option<String>,
    /// The same for each higher unit.
    higher: Option<String>,
    admissions: Vec<(String, String)>,
}

pub fn plan(rules: &Map<String, Value>, world: &World) -> Result<Plan, Trouble> {
    keys(rules, &["tiers", "threshold", "threshold_any", "ties", "candidates", "note"], &[], "rules")?;
    let mut state = State {
        rules,
        world,
        plan: Plan::default(),
        tiers: Vec::new(),
        whole: None,
        higher: None,
        admissions: Vec::new(),
    };
    let Some(tiers) = rules.get("tiers") else { return failed("no tiers") };
    for (place, tier) in array(tiers, "tiers")?.iter().enumerate() {
        state.tier(object(tier, "tier")?, place)?;
    }
    if state.tiers.is_empty() {
        return failed("no tiers");
    }
    Ok(state.plan)
}

const KNOWN: [&str; 18] = [
    "id",
    "formula",
    "method",
    "given",
    "seats",
    "link",
    "overhang",
    "threshold",
    "threshold_any",
    "rule",
    "placement",
    "pool",
    "of",
    "note",
    "ties",
    "first",
    "over_allocation",
    "minimum",
];

impl State<'_> {
    fn tier(&mut self, tier: &Map<String, Value>, place: usize) -> Result<(), Trouble> {
        keys(tier, &KNOWN, &[], "tier")?;
        let name = tier.get("id").and_then(Value::as_str).map_or_else(|| format!("tier{place}"), str::to_owned);
        let id = format!("t{place}");
        let link = match tier.get("link") {
            None => None,
            Some(Value::String(link)) => Some((link.as_str(), tier.get("overhang"))),
            Some(link) => {
                let link = object(link, "link")?;
                keys(link, &["kind", "overhang"], &[], "link")?;
                Some((
                    link.get("kind").and_then(Value::as_str).unwrap_or(""),
                    link.get("overhang").or(tier.get("overhang")),
                ))
            }
        };
        match (tier.get("method").map(|method| text(method, "method")).transpose()?, link) {
            (Some("plurality"), _) => self.singles(tier, &id)?,
            (Some(other), _) => return failed(format!("unknown method `{other}` of a tier")),
            (None, _) if tier.get("given") == Some(&Value::Bool(true)) => self.singles(tier, &id)?,
            (None, Some(("compensate", overhang))) => self.compensate(tier, &id, overhang)?,
            (None, Some(("start_from_constituency_seats", overhang))) => {
                match overhang.map(|word| text(word, "overhang")).transpose()? {
                    None | Some("keep") => {}
                    Some(other) => return failed(format!("unknown overhang `{other}`")),
                }
                self.base(tier, &id, true)?;
            }
            (None, Some((other, _))) => return failed(format!("unknown link `{other}`")),
            (None, None) => self.unlinked(tier, &id)?,
        }
        if number(tier, "minimum")?.is_some() && (tier.contains_key("rule") || !tier.contains_key("formula")) {
            return failed("a `minimum` in a tier that allocates nothing");
        }
        if let Some(placement) = tier.get("placement") {
            let placement = text(placement, "placement")?;
            self.placement(placement, &format!("{id}p"), continues(tier), tier)?;
        }
        self.tiers.push((name, id));
        Ok(())
    }

    fn unlinked(&mut self, tier: &Map<String, Value>, id: &str) -> Result<(), Trouble> {
        if let Some(rule) = tier.get("rule") {
            return self.placement(text(rule, "rule")?, id, false, tier);
        }
        if let Some(of) = tier.get("of") {
            return self.seats_of_units(tier, id, text(of, "of")?);
        }
        if let Some(pool) = tier.get("pool") {
            return self.pool(tier, id, text(pool, "pool")?);
        }
        if continues(tier) {
            return self.continued(tier, id);
        }
        if self.whole.is_some() {
            return self.placed_by_formula(tier, id);
        }
        self.base(tier, id, false)
    }

    /// The admit stage for these conditions; none: nothing is asked.
    fn admitted(&mut self, tier: &Map<String, Value>, id: &str, lists_only: bool) -> Result<String, Trouble> {
        let single = self.plan.roles.single.clone();
        let at =
            Where { world: self.world, stages: &self.tiers, single: single.as_deref(), seats: number(tier, "seats")? };
        let mut when = when(&[self.rules, tier], &at, &mut self.plan)?;
        let alone = self.world.lists.values().any(|attributes| attributes.contains_key("independent"));
        if lists_only && alone {
            let parties = "{ not = { attribute = \"independent\" } }".to_owned();
            when = Some(when.map_or(parties.clone(), |when| format!("{{ all = [{when}, {parties}] }}")));
        }
        let Some(when) = when else { return Ok(String::new()) };
        let known = self.admissions.iter().find(|(_, other)| *other == when).map(|(stage, _)| stage.clone());
        let stage = known.unwrap_or_else(|| {
            let stage = format!("{id}a");
            let _ = writeln!(
                self.plan.stages,
                "[[stage]]\nid = \"{stage}\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {when}"
            );
            self.admissions.push((stage.clone(), when.clone()));
            stage
        });
        Ok(format!("contenders = \"{stage}\"\n"))
    }

    /// Single seats: most votes wins.
    fn singles(&mut self, tier: &Map<String, Value>, id: &str) -> Result<(), Trouble> {
        if !self.world.has_singles() {
            return failed("a tier of single seats, and none in the input");
        }
        let ties = ties(tier, self.rules)?;
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}\"\nkind = \"plurality\"\ncontest = \"single\"\nper = \"single\"\nseats = 1\n{ties}"
        );
        self.plan.roles.single = Some(id.to_owned());
        Ok(())
    }

    /// Lists in each unit.
    fn base(&mut self, tier: &Map<String, Value>, id: &str, from_singles: bool) -> Result<(), Trouble> {
        let contenders = self.admitted(tier, id, false)?;
        let seats = match (&self.plan.roles.to_units, number(tier, "seats")?) {
            (Some(stage), _) => format!("{{ from = \"{stage}\" }}"),
            (None, _) if self.world.numbered(Level::Lower, "seats") => "{ from = \"lower.seats\" }".to_owned(),
            (None, Some(seats)) => seats.to_string(),
            (None, None) => return failed("units without seats"),
        };
        let start = match (&self.plan.roles.single, from_singles) {
            (Some(single), true) => format!("start = \"{single}\"\n"),
            (None, true) => return failed("no single seats to start from"),
            (_, false) => String::new(),
        };
        let (formula, ties) = (formula(tier)?, minimum_and_ties(tier, self.rules)?);
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}\"\nkind = \"allocate\"\ncontest = \"lists\"\nper = \"lower\"\n{contenders}{start}\
             seats = {seats}\nformula = {formula}\non_exhausted = \"next_quotient\"\n{ties}"
        );
        self.plan.roles.base = Some(id.to_owned());
        Ok(())
    }

    /// Seats to units, by their votes or population.
    fn seats_of_units(&mut self, tier: &Map<String, Value>, id: &str, of: &str) -> Result<(), Trouble> {
        let Some(seats) = number(tier, "seats")? else { return failed("a tier without a number of seats") };
        let weights = if of.contains("population") {
            "lower.population"
        } else if of.contains("registered") || of.contains("took_part") {
            let line = if of.contains("registered") { "registered" } else { "took_part" };
            self.plan.need(line, format!("line = \"{line}\""));
            line
        } else if of.contains("votes") || of == "valid" {
            if self.world.lined(Level::Lower, "valid") {
                self.plan.need("valid", "line = \"valid\"".to_owned());
                "valid"
            } else {
                "lists"
            }
        } else {
            return failed(format!("seats of units by `{of}`"));
        };
        let (formula, ties) = (formula(tier)?, minimum_and_ties(tier, self.rules)?);
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}\"\nkind = \"allocate\"\ncontest = \"lists\"\ncontenders = \"units:lower\"\n\
             weights = \"{weights}\"\nseats = {seats}\nformula = {formula}\n{ties}"
        );
        self.plan.roles.to_units = Some(id.to_owned());
        Ok(())
    }

    /// Remainders of the units, and the seats that they left, together.
    fn pool(&mut self, tier: &Map<String, Value>, id: &str, pool: &str) -> Result<(), Trouble> {
        let (Some(base), true) = (self.plan.roles.base.clone(), pool.contains("remainder")) else {
            return failed(format!("unknown pool `{pool}`"));
        };
        let contenders = self.admitted(tier, id, false)?;
        let (formula, ties) = (formula(tier)?, minimum_and_ties(tier, self.rules)?);
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}\"\nkind = \"allocate\"\ncontest = \"lists\"\n{contenders}\
             votes = {{ remainders_of = \"{base}\" }}\nseats = {{ left_by = \"{base}\" }}\nformula = {formula}\n{ties}\
             [[stage]]\nid = \"{id}s\"\nkind = \"sum\"\nof = [\"{base}\", \"{id}\"]\n"
        );
        Ok(())
    }

    /// Quotients of the whole go on from the seats of the units.
    fn continued(&mut self, tier: &Map<String, Value>, id: &str) -> Result<(), Trouble> {
        let (Some(base), Some(seats)) = (self.plan.roles.base.clone(), number(tier, "seats")?) else {
            return failed("a tier that continues without a tier before it, or without seats");
        };
        let contenders = self.admitted(tier, id, true)?;
        let (formula, ties) = (formula(tier)?, minimum_and_ties(tier, self.rules)?);
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}\"\nkind = \"allocate\"\ncontest = \"lists\"\n{contenders}start = \"{base}\"\n\
             seats = {seats}\nformula = {formula}\n{ties}"
        );
        self.whole = Some(id.to_owned());
        Ok(())
    }

    fn compensate(&mut self, tier: &Map<String, Value>, id: &str, overhang: Option<&Value>) -> Result<(), Trouble> {
        let held = self.plan.roles.base.clone().or(self.plan.roles.single.clone());
        let (Some(held), Some(seats)) = (held, number(tier, "seats")?) else {
            return failed("a compensating tier without a tier before it, or without seats");
        };
        let enlarge = match overhang.map(|word| text(word, "overhang")).transpose()? {
            // In a house of fixed size, those who keep more than their share leave less to the others.
            None | Some("keep" | "keep_exclude_rerun" | "keep_and_rerun_rest") => false,
            Some("keep_enlarge_house") => true,
            Some(other) => return failed(format!("unknown overhang `{other}`")),
        };
        let contenders = self.admitted(tier, id, true)?;
        let (formula, ties) = (formula(tier)?, minimum_and_ties(tier, self.rules)?);
        // Those who do not share in the compensation hold their seats beside it, or enlarge nothing.
        let outside = if enlarge { format!("outside = \"{held}\"\n") } else { String::new() };
        let word = if enlarge { "keep_enlarge" } else { "exclude_rerun" };
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}n\"\nkind = \"allocate\"\ncontest = \"lists\"\n{contenders}{outside}seats = {seats}\n\
             formula = {formula}\n{ties}\
             [[stage]]\nid = \"{id}\"\nkind = \"compensate\"\nof = \"{id}n\"\nheld = \"{held}\"\noverhang = \"{word}\"\n"
        );
        if self.plan.roles.base.is_some() {
            self.whole = Some(id.to_owned());
        }
        Ok(())
    }

    /// A formula after the seats of the whole: they go to higher units as far as these have room, then to units.
    fn placed_by_formula(&mut self, tier: &Map<String, Value>, id: &str) -> Result<(), Trouble> {
        let formula = formula(tier)?;
        let ties = ties(tier, self.rules)?;
        let (level, capacity) = if self.higher.is_none() && self.world.numbered(Level::Upper, "more") {
            ("upper", "capacity = { from = \"upper.more\" }\n")
        } else if self.higher.is_none() && self.world.numbered(Level::Lower, "more") {
            ("lower", "capacity = { from = \"lower.more\" }\n")
        } else {
            ("lower", "")
        };
        self.place(id, level, &format!("formula = {formula}\n{capacity}{ties}"));
        Ok(())
    }

    fn place(&mut self, id: &str, level: &str, rest: &str) {
        let of = self.higher.clone().or(self.whole.clone()).unwrap_or_default();
        let start = self.plan.roles.base.clone().unwrap_or_default();
        let _ = write!(
            self.plan.stages,
            "[[stage]]\nid = \"{id}\"\nkind = \"place\"\ncontest = \"lists\"\nof = \"{of}\"\nstart = \"{start}\"\n\
             in = \"{level}\"\n{rest}"
        );
        if level == "upper" {
            self.higher = Some(id.to_owned());
            self.plan.roles.higher = Some(id.to_owned());
        } else {
            self.plan.roles.placed = Some(id.to_owned());
        }
    }

    /// Levelling seats by a sentence: its key words say what is divided by what, and how many a unit takes.
    fn placement(
        &mut self,
        sentence: &str,
        id: &str,
        continued: bool,
        tier: &Map<String, Value>,
    ) -> Result<(), Trouble> {
        if self.whole.is_none() {
            return failed("a placement without levelling seats");
        }
        let ties = ties(tier, self.rules)?;
        let (rest, level) = placement(sentence, continued, self.world)?;
        self.place(id, level, &format!("{rest}{ties}"));
        Ok(())
    }
}

/// The keys of a `place` stage, and its level.
fn placement(sentence: &str, continued: bool, world: &World) -> Result<(String, &'static str), Trouble> {
    let plain = sentence.to_lowercase().replace(' ', "");
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let rule = if has(&["2s+1", "2*s+1", "2*seats+1", "2seats+1", "sainte"]) {
        "sainte_lague"
    } else if has(&["3s+1", "3*s+1", "3*seats+1", "danish"]) {
        "danish"
    } else if has(&["(s+1)", "(seats+1)", "hondt"]) {
        "dhondt"
    } else {
        return failed(format!("unknown placement `{sentence}`: no divisor"));
    };
    let scale = if has(&["votespers", "votesperdistrictseat", "votesperconstituencyseat", "votesper"]) {
        "votes_per_seat"
    } else if has(&["share"]) {
        "share"
    } else {
        "none"
    };
    let one = has(&["onelevelling", "oneperdistrict", "oneadjustment", "oneseatper", "oneeach", "1per"]);
    let capacity = if one {
        "1".to_owned()
    } else if world.numbered(Level::Lower, "more") {
        "{ from = \"lower.more\" }".to_owned()
    } else {
        return failed(format!("unknown placement `{sentence}`: how many a unit takes"));
    };
    let national =
        !has(&["globally"]) && (continued || has(&["nationalorder", "innationalorder", "orderofthenational"]));
    let order = if national { "national" } else { "largest" };
    Ok((
        format!(
            "formula = {{ family = \"divisor\", rule = \"{rule}\" }}\nscale = \"{scale}\"\ncapacity = {capacity}\n\
             order = \"{order}\"\n"
        ),
        "lower",
    ))
}
