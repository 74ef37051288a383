//! From a case's `input` to a tally and lots.

use std::collections::{BTreeMap, BTreeSet};

use recount_seats::{Lot, Lots};
use serde_json::{Map, Value, json};

use super::words::{Trouble, array, failed, keys, object, text};

const KNOWN: [&str; 21] = [
    "votes",
    "votes_list",
    "against_all",
    "base",
    "total_valid",
    "blank",
    "admitted",
    "admitted_given",
    "coalition_members",
    "regions",
    "expected_regions",
    "lots",
    "candidates",
    "single_member",
    "house",
    "minority_parties",
    "note",
    "lists",
    "groups",
    "constituency_seats",
    "candidate_votes_above_quarter",
];
const LATER: [&str; 18] = [
    "districts",
    "district_seats",
    "constituencies",
    "constituency_winners",
    "direct_seats_by_land",
    "electorates",
    "electorate_seats",
    "party_votes",
    "second_votes_by_land",
    "valid_second_votes",
    "population",
    "ballots",
    "ballots_file",
    "formal",
    "list",
    "elected",
    "vacated",
    "withdrawn_before_allocation",
];

pub struct Input {
    input: Map<String, Value>,
    /// Names with their votes, as written: the library refuses what is no count, or stands twice.
    lists: Vec<(String, Value)>,
    lines: Map<String, Value>,
    /// The bases that the rulebook must declare, with their TOML.
    pub quantities: BTreeMap<String, String>,
    pub elsewhere: Map<String, Value>,
}

/// What cannot be in one election: votes above the whole, more voters than electors, names that nobody stands under.
fn consistent(input: &Map<String, Value>, lists: &[(String, Value)]) -> Result<(), Trouble> {
    let sum = lists.iter().map(|(_, votes)| votes.as_u64().map(u128::from)).sum::<Option<u128>>();
    let total = input.get("total_valid").and_then(Value::as_u64).map(u128::from);
    if let (Some(sum), Some(total)) = (sum, total)
        && sum > total
    {
        return failed(format!("the lists have {sum} votes, more than `total_valid` of {total}"));
    }
    let base = |name: &str| input.get("base").and_then(|base| base.get(name)).and_then(Value::as_u64);
    if let (Some(registered), Some(took_part)) = (base("registered"), base("took_part"))
        && took_part > registered
    {
        return failed(format!("{took_part} took part, more than the {registered} who are registered"));
    }
    let stands = |name: &str| lists.iter().any(|(list, _)| list == name);
    for key in ["admitted", "candidates", "coalition_members"] {
        let named: Vec<&str> = match input.get(key) {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            Some(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        if let Some(name) = named.into_iter().find(|name| !stands(name)) {
            return failed(format!("`{key}` names `{name}`, which does not stand"));
        }
    }
    Ok(())
}

impl Input {
    pub fn read(input: &Map<String, Value>) -> Result<Self, Trouble> {
        keys(input, &KNOWN, &LATER, "input")?;
        let mut lists = Vec::new();
        if let Some(votes) = input.get("votes") {
            let votes = object(votes, "votes")?;
            lists.extend(votes.iter().map(|(list, votes)| (list.clone(), votes.clone())));
        }
        for pair in input.get("votes_list").map(|v| array(v, "votes_list")).transpose()?.into_iter().flatten() {
            match array(pair, "votes_list")?.as_slice() {
                [name, votes] => lists.push((text(name, "votes_list")?.to_owned(), votes.clone())),
                _ => return failed("votes_list holds something else than pairs"),
            }
        }
        // With candidates of their own, a list's votes are the sum of theirs.
        if let Some(by_list) = input.get("lists") {
            for (list, candidates) in object(by_list, "lists")? {
                let votes = array(candidates, "lists")?.iter().map(|pair| pair.get(1).and_then(Value::as_u64));
                // What does not sum to a count is left for the library to refuse.
                let sum = votes.sum::<Option<u64>>();
                lists.push((list.clone(), json!(sum)));
            }
        }
        if let Some(held) = input.get("constituency_seats") {
            for list in object(held, "constituency_seats")?.keys() {
                if !lists.iter().any(|(other, _)| other == list) {
                    lists.push((list.clone(), json!(0)));
                }
            }
        }
        consistent(input, &lists)?;
        let lines = match input.get("base") {
            Some(base) => {
                let mut base = object(base, "base")?.clone();
                base.retain(|_, value| !value.is_null());
                base
            }
            None => Map::new(),
        };
        Ok(Self {
            lists,
            lines,
            quantities: BTreeMap::new(),
            elsewhere: match input.get("single_member") {
                Some(seats) => object(seats, "single_member")?.clone(),
                None => Map::new(),
            },
            input: input.clone(),
        })
    }

    /// All seats won in constituencies.
    pub fn held(&self) -> u64 {
        let held = self.input.get("constituency_seats").and_then(Value::as_object);
        held.into_iter().flat_map(Map::values).filter_map(Value::as_u64).sum()
    }

    /// All seats that a share is taken of, where the input says it.
    pub fn house(&self) -> Option<&Value> {
        self.input.get("house")
    }

    /// Whether the input says how many stood.
    pub fn stood(&self) -> bool {
        self.input.contains_key("candidates")
    }

    /// The least votes that are a share of a base which somebody worked out from printed percentages. Such a base
    /// can be a little less than the votes themselves, which the library would refuse as a base.
    pub fn votes_for_share(&self, base: &str, place: &str, share: &str) -> Option<u128> {
        let (num, den) = share.split_once('/')?;
        let (num, den) = (num.parse::<u128>().ok()?, den.parse::<u128>().ok().filter(|den| *den > 0)?);
        let whole = self.lines.get(base).and_then(Value::as_u64).map(u128::from)?;
        let votes = self.lists.iter().map(|(_, votes)| votes.as_u64().map(u128::from)).sum::<Option<u128>>()?;
        let asked = base.starts_with("implied") && place == "national" && whole < votes && num <= den;
        asked.then(|| (num * whole).div_ceil(den))
    }

    /// Whether the input says who is in.
    pub fn admitted_given(&self) -> bool {
        self.input.get("admitted_given") == Some(&Value::Bool(true)) || self.input.contains_key("admitted")
    }

    /// Declares a base: from `base`, else as the vocabulary says, else a line that is not there.
    pub fn need(&mut self, base: &str) -> Result<(), Trouble> {
        let bases = ["list_votes", "registered", "took_part", "valid", "valid_incl_blank", "valid_incl_against_all"];
        if !bases.contains(&base) && !base.starts_with("implied") {
            return failed(format!("unknown base `{base}`"));
        }
        let toml = if self.lines.contains_key(base) {
            format!("line = \"{base}\"")
        } else {
            match base {
                "valid" => match self.input.get("total_valid") {
                    Some(total) => {
                        self.lines.insert("valid".to_owned(), total.clone());
                        "line = \"valid\"".to_owned()
                    }
                    None => "sum = [\"lists\"]".to_owned(),
                },
                "list_votes" => "sum = [\"lists\"]".to_owned(),
                "valid_incl_blank" => {
                    self.need("valid")?;
                    if let Some(blank) = self.input.get("blank") {
                        self.lines.insert("blank".to_owned(), blank.clone());
                    }
                    self.quantities.insert("blank".to_owned(), "line = \"blank\"".to_owned());
                    "sum = [\"valid\", \"blank\"]".to_owned()
                }
                _ => format!("line = \"{base}\""),
            }
        };
        self.quantities.insert(base.to_owned(), toml);
        Ok(())
    }

    pub fn tally(&self) -> Result<Value, Trouble> {
        let mut units = vec![json!({"id": "(whole)", "level": "national"})];
        // A region that is expected and not there, or there and not expected, is the library's to refuse.
        let expected = self.names("expected_regions")?;
        units.extend(expected.iter().flatten().map(|name| json!({"id": name, "level": "region"})));
        let votes: Map<String, Value> = self.lists.iter().cloned().collect();
        let mut total = json!({"contest": "lists", "unit": "(whole)", "votes": votes, "lines": self.lines});
        if let Some(against) = self.input.get("against_all").filter(|votes| !votes.is_null()) {
            total["against_all"] = against.clone();
        }
        let mut totals = vec![total];
        if let Some(regions) = self.input.get("regions") {
            for (name, region) in object(regions, "regions")? {
                let mut lines = object(region, "region")?.clone();
                // Nothing but lists: the votes themselves.
                let bare = !lines.is_empty() && lines.keys().all(|key| self.lists.iter().any(|(list, _)| list == key));
                let votes = if bare { json!(std::mem::take(&mut lines)) } else { json!({}) };
                let votes = lines.remove("votes").unwrap_or(votes);
                // The same words as for the whole.
                if let Some(base) = lines.remove("base") {
                    lines.extend(object(&base, "base")?.clone());
                }
                if let Some(total) = lines.remove("total_valid") {
                    lines.insert("valid".to_owned(), total);
                }
                if expected.is_none() {
                    units.push(json!({"id": name, "level": "region"}));
                }
                totals.push(json!({"contest": "lists", "unit": name, "votes": votes, "lines": lines}));
            }
        }
        Ok(json!({
            "schema": "recount-tally/1",
            "units": units,
            "lists": self.list_entries()?,
            "totals": totals,
        }))
    }

    fn list_entries(&self) -> Result<Vec<Value>, Trouble> {
        let admitted = self.names("admitted")?;
        let minority = self.names("minority_parties")?;
        let mut entries = Vec::new();
        for (name, _) in &self.lists {
            let mut attributes = Map::new();
            attributes.insert("stands".to_owned(), json!("true"));
            if admitted.as_ref().is_none_or(|admitted| admitted.contains(name)) {
                attributes.insert("admitted".to_owned(), json!("true"));
            }
            if minority.as_ref().is_some_and(|minority| minority.contains(name)) {
                attributes.insert("minority".to_owned(), json!("true"));
            }
            for key in ["coalition_members", "single_member", "constituency_seats"] {
                if let Some(number) = self.input.get(key).and_then(|map| map.get(name)) {
                    attributes.insert(key.to_owned(), json!(number.to_string()));
                }
            }
            let groups = self.groups_of(name)?;
            if !groups.is_empty() {
                attributes.insert("group".to_owned(), json!(groups.join(",")));
            }
            let candidates = self.candidates_of(name)?;
            entries.push(json!({
                "id": name, "name": name, "attributes": attributes, "candidates": candidates,
            }));
        }
        Ok(entries)
    }

    /// The groups that a list is in, by their place; more than one is the library's to refuse.
    fn groups_of(&self, list: &str) -> Result<Vec<String>, Trouble> {
        let groups = self.input.get("groups").map(|groups| array(groups, "groups")).transpose()?;
        let mut found = Vec::new();
        for (place, members) in groups.into_iter().flatten().enumerate() {
            let members = array(members, "groups")?;
            let times = members.iter().filter(|member| *member == list).count();
            // Twice in one group is as wrong as in two.
            found.extend((0..times).map(|time| format!("{place}{}", "'".repeat(time))));
        }
        Ok(found)
    }

    /// Groups with a member that is not in the tally. Where the tally has only those who are admitted, the member is
    /// one that is not, and a group that needs them all is none; elsewhere nobody knows who that is.
    pub fn without_strangers(&mut self, all_needed: bool, only_admitted: bool) -> Result<(), Trouble> {
        let Some(groups) = self.input.get_mut("groups").and_then(Value::as_array_mut) else { return Ok(()) };
        let stands = |member: &Value| self.lists.iter().any(|(list, _)| member == list);
        for members in groups.iter_mut().filter_map(Value::as_array_mut) {
            let Some(stranger) = members.iter().find(|member| !stands(member)).cloned() else { continue };
            if !only_admitted {
                return failed(format!("a group names {stranger}, which does not stand"));
            }
            members.retain(|member| stands(member) && !all_needed);
        }
        Ok(())
    }

    /// Candidates with votes of their own, or as many as stood.
    fn candidates_of(&self, list: &str) -> Result<Vec<Value>, Trouble> {
        let of = |key: &str| self.input.get(key).and_then(|map| map.get(list));
        let candidate =
            |name: &str, votes: &Value| json!({"id": name, "name": name, "attributes": {"votes": votes.to_string()}});
        let mut candidates = Vec::new();
        if let Some(pairs) = of("lists") {
            for pair in array(pairs, "lists")? {
                match array(pair, "lists")?.as_slice() {
                    [name, votes] => candidates.push(candidate(text(name, "lists")?, votes)),
                    _ => return failed("lists holds something else than pairs"),
                }
            }
        }
        if let Some(votes) = of("candidate_votes_above_quarter") {
            let votes = object(votes, "candidate_votes_above_quarter")?;
            candidates.extend(votes.iter().map(|(name, votes)| candidate(name, votes)));
        }
        if let Some(stood) = of("candidates") {
            let Some(stood) = stood.as_u64().filter(|stood| (1..=10_000).contains(stood)) else {
                return failed(format!("`candidates` of `{list}` is no number of people"));
            };
            if of("lists").is_some() {
                // Those with votes of their own are those who stood.
                return match u64::try_from(candidates.len()) {
                    Ok(number) if number == stood => Ok(candidates),
                    _ => failed(format!("`candidates` of `{list}` is not the number of its people in `lists`")),
                };
            }
            candidates.extend(
                (1..=stood).map(|place| json!({"id": format!("{list} {place}"), "name": format!("{list} {place}")})),
            );
        }
        Ok(candidates)
    }

    fn names(&self, key: &str) -> Result<Option<BTreeSet<String>>, Trouble> {
        let Some(names) = self.input.get(key) else {
            return Ok(None);
        };
        array(names, key)?.iter().map(|name| text(name, key).map(str::to_owned)).collect::<Result<_, _>>().map(Some)
    }

    /// Lots of the one allocation.
    pub fn lots(&self) -> Result<Lots, Trouble> {
        let mut lots = Vec::new();
        for lot in self.input.get("lots").map(|lots| array(lots, "lots")).transpose()?.into_iter().flatten() {
            let lot = object(lot, "lot")?;
            keys(lot, &["between", "drawn"], &[], "lot")?;
            let names = |value: Option<&Value>| match value {
                Some(Value::String(name)) => Ok(vec![name.clone()]),
                Some(names) => array(names, "lot")?.iter().map(|n| text(n, "lot").map(str::to_owned)).collect(),
                None => failed("a lot without `between` or `drawn`"),
            };
            lots.push(Lot {
                list: None,
                unit: None,
                stage: "seats".to_owned(),
                between: names(lot.get("between"))?.into_iter().collect(),
                drawn: names(lot.get("drawn"))?,
            });
        }
        Ok(Lots::new(lots))
    }
}
