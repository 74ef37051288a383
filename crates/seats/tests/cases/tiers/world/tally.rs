//! From units to a tally, under the names of any rulebook.

use serde_json::{Map, Value, json};

use super::{LINES, Level, Unit, World};

impl World {
    /// The tally, with the names that a rulebook uses for levels (upper, lower, single), contests (of lists,
    /// of single seats) and bases.
    pub fn tally(&self, names: &Names<'_>) -> Value {
        let level = |level: Level| match level {
            Level::Upper => names.upper,
            Level::Lower => names.lower,
            Level::Single => names.single,
        };
        let units: Vec<Value> = std::iter::once(json!({"id": "(whole)", "level": names.national}))
            .chain(self.units.iter().map(|unit| {
                let parent = unit.parent.as_deref().unwrap_or("(whole)");
                json!({"id": unit.id, "level": level(unit.level), "parent": parent})
            }))
            .collect();
        let mut register = Map::new();
        for unit in self.units.iter().filter(|unit| !unit.numbers.is_empty()) {
            let numbers: Map<String, Value> =
                unit.numbers.iter().map(|(name, number)| (own(names.numbers, name), number.clone())).collect();
            register.insert(unit.id.clone(), Value::Object(numbers));
        }
        let lists: Vec<Value> = self
            .lists
            .iter()
            .map(|(list, attributes)| {
                // Somebody who stands alone can take one seat.
                let alone = attributes.contains_key("independent").then(|| json!({"id": list, "name": list}));
                let candidates: Vec<Value> = alone.into_iter().collect();
                let attributes: Map<String, Value> =
                    attributes.iter().map(|(name, value)| (own(names.attributes, name), value.clone())).collect();
                json!({"id": list, "name": list, "attributes": attributes, "candidates": candidates})
            })
            .collect();
        json!({
            "schema": "recount-tally/1",
            "units": units,
            "lists": lists,
            "register": register,
            "nominees": self.nominees(names),
            "totals": self.totals(names),
        })
    }

    /// People who stand beside others of their list.
    fn nominees(&self, names: &Names<'_>) -> Vec<Value> {
        let of = |unit: &'_ Unit| -> Vec<Value> {
            let one = |(id, list): &(String, String)| json!({"id": id, "name": id, "contest": names.singles, "unit": unit.id, "list": list});
            unit.people.iter().map(one).collect()
        };
        self.units.iter().flat_map(of).collect()
    }

    fn totals(&self, names: &Names<'_>) -> Vec<Value> {
        let mut totals = Vec::new();
        for unit in self.units.iter().filter(|unit| unit.level != Level::Upper) {
            let contest = if unit.level == Level::Single { names.singles } else { names.lists };
            let called: &[_] = if unit.level == Level::Single { names.lines } else { &[] };
            let lines: Map<String, Value> =
                unit.lines.iter().map(|(line, value)| (own(called, line), value.clone())).collect();
            totals.push(json!({"contest": contest, "unit": unit.id, "votes": unit.votes, "lines": lines}));
        }
        for upper in self.units.iter().filter(|unit| unit.level == Level::Upper) {
            let parts = self.units.iter().filter(|unit| unit.parent.as_ref() == Some(&upper.id));
            totals.push(json!({"contest": names.lists, "unit": upper.id, "votes": sum(parts), "lines": {}}));
        }
        let votes = if self.votes.is_empty() {
            sum(self.units.iter().filter(|unit| unit.level == Level::Lower))
        } else {
            self.votes.clone()
        };
        totals.push(json!({"contest": names.lists, "unit": "(whole)", "votes": votes, "lines": self.national_lines()}));
        totals
    }

    /// Lines of the whole: as given, or the sum of those that every unit has.
    fn national_lines(&self) -> Map<String, Value> {
        let mut lines: Map<String, Value> =
            self.lines.iter().map(|(line, value)| (line.clone(), value.clone())).collect();
        for (_, line) in LINES {
            if self.lined(Level::Lower, line) && !lines.contains_key(line) {
                let units = self.units.iter().filter(|unit| unit.level == Level::Lower);
                let sum: u64 = units.filter_map(|unit| unit.lines.get(line).and_then(Value::as_u64)).sum();
                lines.insert(line.to_owned(), json!(sum));
            }
        }
        lines
    }
}

/// The rulebook's own name for something, if it has one.
fn own(names: &[(&str, &str)], plain: &str) -> String {
    names.iter().find(|(name, _)| *name == plain).map_or(plain, |(_, own)| own).to_owned()
}

/// The names of a rulebook.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    pub national: &'a str,
    pub upper: &'a str,
    pub lower: &'a str,
    pub single: &'a str,
    pub lists: &'a str,
    pub singles: &'a str,
    /// What the register calls a number.
    pub numbers: &'a [(&'a str, &'a str)],
    /// What a line of single seats is called.
    pub lines: &'a [(&'a str, &'a str)],
    /// What an attribute of a list is called.
    pub attributes: &'a [(&'a str, &'a str)],
}

impl Names<'_> {
    /// The names that the translator's own rulebooks use.
    pub const PLAIN: Names<'static> = Names {
        national: "national",
        upper: "upper",
        lower: "lower",
        single: "single",
        lists: "lists",
        singles: "single",
        numbers: &[],
        lines: &[],
        attributes: &[],
    };
}

/// Votes by list; what is no count is left for the library to refuse.
fn sum<'a>(units: impl Iterator<Item = &'a Unit>) -> Map<String, Value> {
    let mut sum: Map<String, Value> = Map::new();
    for unit in units {
        for (list, votes) in &unit.votes {
            let before = sum.get(list).and_then(Value::as_u64).unwrap_or(0);
            sum.insert(list.clone(), votes.as_u64().map_or(votes.clone(), |votes| json!(before + votes)));
        }
    }
    sum
}
