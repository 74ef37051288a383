//! The input of an election in tiers: units inside units, by whatever names the case gives them.

#[path = "world/tally.rs"]
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub use tally::Names;

use super::super::words::{Trouble, array, failed, object, text};

/// Keys that hold units.
const UNITS: [&str; 5] = ["districts", "regions", "constituencies", "electorates", "second_votes_by_land"];
/// Keys that hold the number of single seats that each list won.
const WON: [&str; 2] = ["electorate_seats", "constituency_seats"];
/// Keys that hold the votes of lists.
const VOTES: [&str; 3] = ["votes", "list_votes", "party_votes"];
/// Numbers of a unit: in the case, and in the register.
const NUMBERS: [(&str, &str); 6] = [
    ("seats", "seats"),
    ("list_seats", "seats"),
    ("adjustment", "more"),
    ("comp", "more"),
    ("levelling", "more"),
    ("population", "population"),
];
/// Lines of a unit.
const LINES: [(&str, &str); 9] = [
    ("blank", "blank"),
    ("valid", "valid"),
    ("total_valid", "valid"),
    ("valid_votes", "valid"),
    ("valid_second_votes", "valid"),
    ("registered", "registered"),
    ("took_part", "took_part"),
    ("list_votes_total", "list_votes"),
    ("invalid", "invalid"),
];
/// Other keys of the whole.
const OTHERS: [&str; 13] = [
    "population",
    "direct_seats_by_land",
    "constituency_winners",
    "constituency_seats",
    "electorate_seats",
    "district_seats",
    "minority_parties",
    "coalition_members",
    "admitted",
    "admitted_given",
    "note",
    "base",
    "lots",
];

/// The level of a unit, from above: those that only hold others, those with votes for lists, single seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Upper,
    Lower,
    Single,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::Single => "single",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Unit {
    pub id: String,
    pub level: Level,
    pub parent: Option<String>,
    pub numbers: BTreeMap<&'static str, Value>,
    pub lines: BTreeMap<&'static str, Value>,
    pub votes: Map<String, Value>,
    /// Keys of votes that are people, with their list: where a list has more than one there.
    pub people: Vec<(String, String)>,
}

/// An election in tiers.
#[derive(Debug, Default)]
pub struct World {
    pub units: Vec<Unit>,
    /// Votes in the whole, where they are not given by unit.
    pub votes: Map<String, Value>,
    /// Lines of the whole.
    pub lines: BTreeMap<String, Value>,
    /// Attributes by list.
    pub lists: BTreeMap<String, Map<String, Value>>,
    pub admitted_given: bool,
    pub lots: Vec<(BTreeSet<String>, Vec<String>)>,
}

impl World {
    pub fn read(input: &Map<String, Value>) -> Result<Self, Trouble> {
        let known = |key: &str| {
            UNITS.contains(&key)
                || VOTES.contains(&key)
                || OTHERS.contains(&key)
                || LINES.iter().any(|(word, _)| *word == key)
        };
        if let Some(key) = input.keys().find(|key| !known(key)) {
            return failed(format!("unknown word `{key}` in input"));
        }
        let mut world = Self::default();
        for key in UNITS.iter().filter(|key| input.contains_key(**key)) {
            for (name, unit) in object(&input[*key], key)? {
                world.unit(name, unit, None)?;
            }
        }
        world.whole(input)?;
        world.singles(input)?;
        world.facts(input)?;
        Ok(world)
    }

    /// Votes and lines of the whole. Votes that are maps of maps are votes by unit.
    fn whole(&mut self, input: &Map<String, Value>) -> Result<(), Trouble> {
        for key in VOTES.iter().filter(|key| input.contains_key(**key)) {
            for (name, value) in object(&input[*key], key)? {
                if value.is_object() {
                    self.unit(name, value, None)?;
                } else {
                    self.votes.insert(name.clone(), value.clone());
                }
            }
        }
        for (word, line) in LINES {
            if let Some(value) = input.get(word) {
                self.lines.insert(line.to_owned(), value.clone());
            }
        }
        if let Some(base) = input.get("base") {
            for (line, value) in object(base, "base")? {
                self.lines.insert(line.clone(), value.clone());
            }
        }
        for (word, name) in [("population", "population"), ("district_seats", "seats")] {
            if let Some(numbers) = input.get(word) {
                for (unit, number) in object(numbers, word)? {
                    let Some(unit) = self.units.iter_mut().find(|other| other.id == *unit) else {
                        return failed(format!("`{word}` names `{unit}`, which is no unit"));
                    };
                    unit.numbers.insert(name, number.clone());
                }
            }
        }
        Ok(())
    }

    /// One unit with all that it holds.
    fn unit(&mut self, name: &str, value: &Value, parent: Option<&str>) -> Result<(), Trouble> {
        let mut id = name.to_owned();
        if self.units.iter().any(|other| other.id == id) {
            id = format!("{} {name}", parent.unwrap_or("other"));
        }
        let mut unit = Unit {
            id: id.clone(),
            level: Level::Lower,
            parent: parent.map(str::to_owned),
            numbers: BTreeMap::new(),
            lines: BTreeMap::new(),
            votes: Map::new(),
            people: Vec::new(),
        };
        if let Some(winner) = value.as_str() {
            // The winner alone.
            unit.level = Level::Single;
            unit.votes = Map::from_iter([(winner.to_owned(), json!(1))]);
            self.units.push(unit);
            return Ok(());
        }
        if let Some(candidates) = value.as_array() {
            unit.level = Level::Single;
            (unit.votes, unit.people) = people(candidates, &id)?;
            self.units.push(unit);
            return Ok(());
        }
        let map = object(value, name)?;
        if map.values().all(Value::is_number) && !map.is_empty() && !map.contains_key("seats") {
            // Nothing but numbers: the votes themselves.
            unit.votes = map.clone();
            self.units.push(unit);
            return Ok(());
        }
        let (mut inside, mut won) = (Vec::new(), Vec::new());
        for (key, value) in map {
            if let Some((_, name)) = NUMBERS.iter().find(|(word, _)| word == key) {
                if *name == "seats" && value == 0 {
                    return failed(format!("unit `{id}` has no seats"));
                }
                unit.numbers.insert(name, value.clone());
            } else if let Some((_, line)) = LINES.iter().find(|(word, _)| word == key) {
                unit.lines.insert(line, value.clone());
            } else if VOTES.contains(&key.as_str()) {
                unit.votes = object(value, key)?.clone();
            } else if WON.contains(&key.as_str()) {
                won.push(object(value, key)?);
            } else if UNITS.contains(&key.as_str()) {
                inside.extend(object(value, key)?);
            } else if key != "note" {
                return failed(format!("unknown word `{key}` in unit `{name}`"));
            }
        }
        if unit.votes.is_empty() && !inside.is_empty() {
            unit.level = Level::Upper;
        }
        self.units.push(unit);
        won.into_iter().try_for_each(|seats| self.won(Some(&id), seats))?;
        inside.into_iter().try_for_each(|(name, value)| self.unit(name, value, Some(&id)))
    }

    /// Single seats whose winners are given, without the votes of those who lost.
    fn singles(&mut self, input: &Map<String, Value>) -> Result<(), Trouble> {
        for word in WON {
            if let Some(seats) = input.get(word) {
                self.won(None, object(seats, word)?)?;
            }
        }
        if let Some(by_land) = input.get("direct_seats_by_land") {
            for (land, seats) in object(by_land, "direct_seats_by_land")? {
                self.won(Some(land), object(seats, "direct_seats_by_land")?)?;
            }
        }
        let Some(winners) = input.get("constituency_winners") else { return Ok(()) };
        for winner in array(winners, "constituency_winners")? {
            let winner = object(winner, "constituency_winners")?;
            let known = ["land", "no", "name", "party", "votes", "valid"];
            if let Some(key) = winner.keys().find(|key| !known.contains(&key.as_str())) {
                return failed(format!("unknown word `{key}` in constituency_winners"));
            }
            let of = |key: &str| winner.get(key).cloned().unwrap_or_default();
            let id = match of("no") {
                Value::Null => text(&of("name"), "name")?.to_owned(),
                Value::String(no) => no,
                no => no.to_string(),
            };
            let party = of("party").as_str().map_or_else(|| format!("ind:{id}"), str::to_owned);
            let mut lines = BTreeMap::new();
            if winner.contains_key("valid") {
                lines.insert("valid", of("valid"));
            }
            self.units.push(Unit {
                id,
                level: Level::Single,
                parent: of("land").as_str().map(str::to_owned),
                numbers: BTreeMap::new(),
                lines,
                votes: Map::from_iter([(party, of("votes"))]),
                people: Vec::new(),
            });
        }
        Ok(())
    }

    /// As many single seats as a list won there, each with one vote for it: only who won counts.
    fn won(&mut self, parent: Option<&str>, seats: &Map<String, Value>) -> Result<(), Trouble> {
        for (list, number) in seats {
            let Some(number) = number.as_u64().filter(|number| *number <= 1_000) else {
                return failed(format!("`{list}` has no number of single seats"));
            };
            for place in 1..=number {
                self.units.push(Unit {
                    id: format!("{} {list} {place}", parent.unwrap_or("seat")),
                    level: Level::Single,
                    parent: parent.map(str::to_owned),
                    numbers: BTreeMap::new(),
                    lines: BTreeMap::new(),
                    votes: Map::from_iter([(list.clone(), json!(1))]),
                    people: Vec::new(),
                });
            }
        }
        Ok(())
    }

    /// Lists with their attributes, and lots.
    fn facts(&mut self, input: &Map<String, Value>) -> Result<(), Trouble> {
        let list_of = |unit: &'_ Unit, key: &String| {
            unit.people.iter().find(|(person, _)| person == key).map_or(key.clone(), |(_, list)| list.clone())
        };
        let in_units = self.units.iter().flat_map(|unit| unit.votes.keys().map(move |key| list_of(unit, key)));
        let lists: Vec<String> = in_units.chain(self.votes.keys().cloned()).collect();
        for list in lists {
            let mut attributes = Map::new();
            attributes.insert("stands".to_owned(), json!("true"));
            if list.starts_with("ind:") {
                attributes.insert("independent".to_owned(), json!("true"));
            }
            self.lists.insert(list, attributes);
        }
        let mut mark = |list: &str, name: &str, value: Value| {
            let attributes = self.lists.entry(list.to_owned()).or_default();
            attributes.insert("stands".to_owned(), json!("true"));
            attributes.insert(name.to_owned(), value);
        };
        for (key, attribute) in [("minority_parties", "minority"), ("admitted", "admitted")] {
            for list in input.get(key).map(|lists| array(lists, key)).transpose()?.into_iter().flatten() {
                mark(text(list, key)?, attribute, json!("true"));
            }
        }
        if let Some(members) = input.get("coalition_members") {
            for (list, number) in object(members, "coalition_members")? {
                mark(list, "coalition_members", json!(number.to_string()));
            }
        }
        // All who are there are in, where the input says only that.
        if input.get("admitted_given") == Some(&Value::Bool(true)) && !input.contains_key("admitted") {
            for attributes in self.lists.values_mut() {
                attributes.insert("admitted".to_owned(), json!("true"));
            }
            self.admitted_given = true;
        }
        self.admitted_given |= input.contains_key("admitted");
        for lot in input.get("lots").map(|lots| array(lots, "lots")).transpose()?.into_iter().flatten() {
            let names = |key: &str| -> Result<Vec<String>, Trouble> {
                match lot.get(key) {
                    Some(Value::String(name)) => Ok(vec![name.clone()]),
                    Some(names) => array(names, key)?.iter().map(|name| text(name, key).map(str::to_owned)).collect(),
                    None => failed("a lot without `between` or `drawn`"),
                }
            };
            self.lots.push((names("between")?.into_iter().collect(), names("drawn")?));
        }
        Ok(())
    }

    pub fn has(&self, level: Level) -> bool {
        self.units.iter().any(|unit| unit.level == level)
    }

    pub fn has_singles(&self) -> bool {
        self.has(Level::Single)
    }

    /// Whether every unit of the level has the number.
    pub fn numbered(&self, level: Level, name: &str) -> bool {
        let mut of = self.units.iter().filter(|unit| unit.level == level).peekable();
        of.peek().is_some() && of.all(|unit| unit.numbers.contains_key(name))
    }

    /// Whether every unit of the level has the line.
    pub fn lined(&self, level: Level, name: &str) -> bool {
        let mut of = self.units.iter().filter(|unit| unit.level == level).peekable();
        of.peek().is_some() && of.all(|unit| unit.lines.contains_key(name))
    }

    pub fn levels(&self) -> Vec<&'static str> {
        let levels = [Level::Upper, Level::Lower, Level::Single].into_iter().filter(|level| self.has(*level));
        std::iter::once("national").chain(levels.map(Level::name)).collect()
    }

    pub fn register_names(&self) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        let mut names: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for unit in &self.units {
            for name in unit.numbers.keys() {
                names.entry(unit.level.name()).or_default().insert(*name);
            }
        }
        names
    }
}

type People = (Map<String, Value>, Vec<(String, String)>);

/// The votes of those who stand for one seat, by party; who has none stands for themselves. Where several stand
/// for one party, each is a person of that party.
fn people(candidates: &[Value], unit: &str) -> Result<People, Trouble> {
    let mut rows = Vec::new();
    for candidate in candidates {
        let (name, party, number) = match candidate {
            Value::Array(parts) => (parts.first(), parts.get(1), parts.get(2)),
            _ => (candidate.get("name"), candidate.get("party"), candidate.get("votes")),
        };
        let Some(number) = number else { return failed(format!("a candidate without votes in `{unit}`")) };
        rows.push((name.and_then(Value::as_str), party.and_then(Value::as_str), number));
    }
    let (mut votes, mut people) = (Map::new(), Vec::new());
    for (name, party, number) in &rows {
        let several = party.is_some() && rows.iter().filter(|(_, other, _)| other == party).count() > 1;
        let key = match (party, name) {
            (Some(party), Some(name)) if several => {
                let key = format!("{party}: {name} ({unit})");
                people.push((key.clone(), (*party).to_owned()));
                key
            }
            (Some(party), _) => (*party).to_owned(),
            (None, Some(name)) => format!("ind:{name} ({unit})"),
            (None, None) => return failed(format!("somebody without name and party in `{unit}`")),
        };
        if votes.insert(key.clone(), (*number).clone()).is_some() {
            return failed(format!("`{key}` stands twice in `{unit}`"));
        }
    }
    Ok((votes, people))
}
