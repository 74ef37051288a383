//! What an election in tiers came to, against what the case expects.

use std::collections::{BTreeMap, BTreeSet};

use recount_seats::{Id, Lot, Lots, Outcome, Rulebook, RunOptions, StageOutcome, StepKind, Tally, Tie, run_with};
use serde_json::Value;

use super::super::words::{Trouble, accepted, array, failed, object, text};
use super::world::{Names, World};

type Row = BTreeMap<String, u64>;
type Grid = BTreeMap<String, Row>;

pub fn compare(rulebook: &str, world: &World, roles: &Roles, expected: &Value) -> Result<(), Trouble> {
    let expected = object(expected, "expected")?;
    let parsed = match (Rulebook::parse(rulebook), Tally::parse(&world.tally(&Names::PLAIN).to_string())) {
        (Err(error), _) => Err(format!("rulebook: {error}\n{rulebook}")),
        (_, Err(refusal)) => Err(refusal.to_string()),
        (Ok(rulebook), Ok(tally)) => Ok((rulebook, tally)),
    };
    let outcome = match &parsed {
        Ok((rulebook, tally)) => with_lots(rulebook, tally, world),
        Err(why) => Err(why.clone()),
    };
    if expected.contains_key("error") {
        return match outcome {
            Err(_) => Ok(()),
            Ok(outcome) => accepted(&outcome.seats),
        };
    }
    let outcome = outcome.map_err(Trouble::Failed)?;
    let found = Found { outcome: &outcome, world, roles };
    expected
        .iter()
        .filter(|(field, _)| *field != "without_lot")
        .try_for_each(|(field, expected)| found.field(field, expected))?;
    let Some(without) = expected.get("without_lot") else { return Ok(()) };
    let outcome = parsed.and_then(|(rulebook, tally)| {
        run_with(&rulebook, &tally, &Lots::none(), &RunOptions::default()).map_err(|refusal| refusal.to_string())
    });
    let outcome = outcome.map_err(Trouble::Failed)?;
    let found = Found { outcome: &outcome, world, roles };
    object(without, "without_lot")?.iter().try_for_each(|(field, expected)| found.field(field, expected))
}

/// Runs it; lots of the case go to the open ties between the same names.
fn with_lots(rulebook: &Rulebook, tally: &Tally, world: &World) -> Result<Outcome, String> {
    let options = RunOptions::default();
    let run = |lots: &[Lot]| {
        run_with(rulebook, tally, &Lots::new(lots.to_vec()), &options).map_err(|refusal| refusal.to_string())
    };
    let mut placed: Vec<Lot> = Vec::new();
    let mut waiting = world.lots.clone();
    loop {
        let outcome = run(&placed)?;
        let matches =
            |tie: &Tie, between: &BTreeSet<String>| tie.between.iter().cloned().collect::<BTreeSet<_>>() == *between;
        let found = waiting.iter().enumerate().find_map(|(place, (between, _))| {
            outcome.undetermined.iter().find(|tie| matches(tie, between)).map(|tie| (place, tie.clone()))
        });
        let Some((place, tie)) = found else {
            return if waiting.is_empty() { Ok(outcome) } else { Err(format!("lots for no tie: {waiting:?}")) };
        };
        let (between, drawn) = waiting.remove(place);
        placed.push(Lot { stage: tie.stage, unit: tie.unit, list: tie.list, between, drawn });
    }
}

/// The ids of stages by what their seats mean.
#[derive(Default, Clone)]
pub struct Roles {
    /// Seats by unit before any levelling.
    pub base: Option<String>,
    /// Single seats.
    pub single: Option<String>,
    /// Seats that units receive.
    pub to_units: Option<String>,
    /// Seats by higher unit, levelling included.
    pub higher: Option<String>,
    /// Seats placed, one after the other.
    pub placed: Option<String>,
    /// The house that grew.
    pub grown: Option<String>,
}

/// The fields of an outcome by the words of the cases.
pub struct Found<'a> {
    pub outcome: &'a Outcome,
    pub world: &'a World,
    pub roles: &'a Roles,
}

impl Found<'_> {
    pub fn field(&self, field: &str, expected: &Value) -> Result<(), Trouble> {
        if field != "tie" && field != "note" && !self.outcome.undetermined.is_empty() && field != "admitted" {
            return failed(format!("a tie is open: {:?}", self.outcome.undetermined));
        }
        match field {
            "note" => Ok(()),
            "seats" => row(field, expected, &self.outcome.seats),
            "house" if expected.as_u64() == Some(self.outcome.house) => Ok(()),
            "house" => failed(format!("house is {}, expected {expected}", self.outcome.house)),
            "vacant" if expected.as_u64() == Some(self.outcome.vacant) => Ok(()),
            "admitted" => self.admitted(expected),
            "tie" => self.tie(expected),
            "total" => self.total(expected),
            "district_seats" => grid(field, expected, &self.last()),
            "constituency_seats" => match expected.as_object().and_then(|map| map.values().next()) {
                Some(Value::Object(_)) => grid(field, expected, &self.of(self.roles.base.as_ref())),
                _ => row(field, expected, &self.totals(self.roles.base.as_ref().or(self.roles.single.as_ref()))),
            },
            "region_seats" => row(field, expected, &self.to_units()?),
            "compensatory" | "levelling_seats" | "adjustment_seats" => {
                row(field, expected, &less(&self.outcome.seats, &self.totals(self.roles.base.as_ref())))
            }
            "regional_compensatory" => {
                let base = self.up(&self.of(self.roles.base.as_ref()));
                grid(field, expected, &less_grid(&self.of(self.roles.higher.as_ref()), &base))
            }
            "constituency_compensatory" => {
                grid(field, expected, &less_grid(&self.last(), &self.of(self.roles.base.as_ref())))
            }
            "regions" => self.regions(expected),
            "levelling" => self.levelling(expected),
            "adjustment_in_order" => self.in_order(expected),
            "by_land" => grid(field, expected, &turned(&self.last())),
            "winners_without_seat" => self.unseated(expected),
            "uncompensated" => row(field, expected, &self.uncompensated()),
            other => failed(format!("unknown word `{other}` in expected")),
        }
    }

    fn stage(&self, id: Option<&String>) -> Option<&StageOutcome> {
        self.outcome.stages.iter().find(|stage| Some(&stage.id) == id)
    }

    fn of(&self, id: Option<&String>) -> Grid {
        self.stage(id).map_or_else(Grid::new, cells)
    }

    /// The last stage that gives seats by unit.
    fn last(&self) -> Grid {
        self.outcome.stages.iter().rfind(|stage| !stage.units.is_empty()).map_or_else(Grid::new, cells)
    }

    fn totals(&self, id: Option<&String>) -> Row {
        self.stage(id).map_or_else(Row::new, |stage| listed(&stage.seats))
    }

    /// Units' seats: as a stage gave them, or as many as sit there in the end.
    fn to_units(&self) -> Result<Row, Trouble> {
        if let Some(stage) = self.stage(self.roles.to_units.as_ref()) {
            return Ok(listed(&stage.unit_seats));
        }
        Ok(self.last().into_iter().map(|(unit, row)| (unit, row.values().sum())).collect())
    }

    /// The same seats by higher unit.
    fn up(&self, cells: &Grid) -> Grid {
        let mut sums = Grid::new();
        for (unit, row) in cells {
            let parent = self.world.units.iter().find(|other| other.id == *unit).and_then(|unit| unit.parent.clone());
            let sum = sums.entry(parent.unwrap_or_default()).or_default();
            for (list, seats) in row {
                *sum.entry(list.clone()).or_default() += seats;
            }
        }
        sums
    }

    fn admitted(&self, expected: &Value) -> Result<(), Trouble> {
        let last = self.outcome.admission.last().map(|admission| admission.stage.clone());
        let of = self.outcome.admission.iter().filter(|admission| Some(&admission.stage) == last.as_ref());
        let have: BTreeSet<String> = of.filter(|admission| admission.admitted).map(|a| a.list.to_string()).collect();
        let want = names(expected, "admitted")?;
        if have == want { Ok(()) } else { failed(format!("admitted: {have:?}, expected {want:?}")) }
    }

    fn tie(&self, expected: &Value) -> Result<(), Trouble> {
        let want = names(expected.get("between").unwrap_or(&Value::Null), "between")?;
        let seats = expected.get("seats").and_then(Value::as_u64);
        let matches = |tie: &&Tie| {
            tie.between.iter().cloned().collect::<BTreeSet<_>>() == want && seats.is_none_or(|seats| seats == tie.seats)
        };
        match self.outcome.undetermined.iter().find(matches) {
            Some(_) => Ok(()),
            None => failed(format!("ties: {:?}", self.outcome.undetermined)),
        }
    }

    /// Only the lists that are named: seats here and single seats together.
    fn total(&self, expected: &Value) -> Result<(), Trouble> {
        let named = object(expected, "total")?;
        let have =
            named.keys().map(|list| (list.clone(), self.outcome.seats.get(list).copied().unwrap_or(0))).collect();
        row("total", expected, &have)
    }

    /// For each unit: `constituency` and `list`.
    fn regions(&self, expected: &Value) -> Result<(), Trouble> {
        let single = self.up(&self.of(self.roles.single.as_ref()));
        let all = self.of(self.roles.base.as_ref());
        for (unit, expected) in object(expected, "regions")? {
            let none = Row::new();
            let (won, all) = (single.get(unit).unwrap_or(&none), all.get(unit).unwrap_or(&none));
            for (field, expected) in object(expected, unit)? {
                let found = match field.as_str() {
                    "constituency" | "constituencies" | "single" => won.clone(),
                    "list" | "region" => less(all, won),
                    "total" | "seats" => all.clone(),
                    other => return failed(format!("unknown word `{other}` in regions")),
                };
                row(&format!("{field} in {unit}"), expected, &found)?;
            }
        }
        Ok(())
    }

    /// The seats placed, one after the other: unit and list.
    fn placed(&self) -> Vec<(String, String)> {
        let steps = self.outcome.steps.iter().filter(|step| Some(step.stage.as_str()) == self.roles.placed.as_deref());
        steps.map(|step| (step.unit.clone().unwrap_or_default().into(), step.list.to_string())).collect()
    }

    /// Unit and list, or unit and lists with their numbers.
    fn levelling(&self, expected: &Value) -> Result<(), Trouble> {
        let mut found = Grid::new();
        for (unit, list) in self.placed() {
            *found.entry(unit).or_default().entry(list).or_default() += 1;
        }
        let mut want = serde_json::Map::new();
        for (unit, lists) in object(expected, "levelling")? {
            let lists = match lists {
                Value::String(list) => serde_json::json!({ list.as_str(): 1 }),
                Value::Array(lists) => {
                    let mut row = Row::new();
                    for list in lists {
                        *row.entry(text(list, "levelling")?.to_owned()).or_default() += 1;
                    }
                    serde_json::json!(row)
                }
                other => other.clone(),
            };
            want.insert(unit.clone(), lists);
        }
        grid("levelling", &Value::Object(want), &found)
    }

    fn in_order(&self, expected: &Value) -> Result<(), Trouble> {
        let mut want = Vec::new();
        for pair in array(expected, "adjustment_in_order")? {
            match array(pair, "adjustment_in_order")?.as_slice() {
                [unit, list] => want.push((text(unit, "unit")?.to_owned(), text(list, "list")?.to_owned())),
                _ => return failed("adjustment_in_order holds something else than pairs"),
            }
        }
        let have = self.placed();
        if have == want { Ok(()) } else { failed(format!("adjustment_in_order: {have:?}, expected {want:?}")) }
    }

    fn unseated(&self, expected: &Value) -> Result<(), Trouble> {
        let name = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let want: BTreeSet<String> = array(expected, "winners_without_seat")?.iter().map(name).collect();
        let have: BTreeSet<String> = self.outcome.unseated.iter().map(|winner| winner.unit.clone()).collect();
        if have == want { Ok(()) } else { failed(format!("winners_without_seat: {have:?}, expected {want:?}")) }
    }

    /// Seats held by right for which the house did not grow.
    fn uncompensated(&self) -> Row {
        let steps =
            self.outcome.steps.iter().filter(|step| {
                Some(step.stage.as_str()) == self.roles.grown.as_deref() && step.what == StepKind::Overhang
            });
        steps.map(|step| (step.list.to_string(), step.seats)).collect()
    }
}

fn cells(stage: &StageOutcome) -> Grid {
    stage.units.iter().map(|unit| (unit.unit.to_string(), listed(&unit.seats))).collect()
}

fn turned(cells: &Grid) -> Grid {
    let mut turned = Grid::new();
    for (unit, row) in cells {
        for (list, seats) in row {
            turned.entry(list.clone()).or_default().insert(unit.clone(), *seats);
        }
    }
    turned
}

fn less(all: &Row, part: &Row) -> Row {
    all.iter().map(|(list, seats)| (list.clone(), seats - part.get(list).copied().unwrap_or(0))).collect()
}

fn less_grid(all: &Grid, part: &Grid) -> Grid {
    let none = Row::new();
    all.iter().map(|(unit, row)| (unit.clone(), less(row, part.get(unit).unwrap_or(&none)))).collect()
}

fn names(value: &Value, what: &str) -> Result<BTreeSet<String>, Trouble> {
    array(value, what)?.iter().map(|name| text(name, what).map(str::to_owned)).collect()
}

/// Lists that are not named have none.
fn row(field: &str, expected: &Value, found: &Row) -> Result<(), Trouble> {
    let expected = object(expected, field)?;
    let lists: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let mut wrong = Vec::new();
    for list in lists {
        let (want, have) = (expected.get(list).map_or(Some(0), Value::as_u64), found.get(list).copied().unwrap_or(0));
        if want != Some(have) {
            wrong.push(format!("{list} {have}, expected {:?}", expected.get(list)));
        }
    }
    if wrong.is_empty() { Ok(()) } else { failed(format!("{field}: {}", wrong.join("; "))) }
}

/// Units that are not named have none.
fn grid(field: &str, expected: &Value, found: &Grid) -> Result<(), Trouble> {
    let expected = object(expected, field)?;
    let (none, nothing) = (Row::new(), Value::Object(serde_json::Map::new()));
    let units: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    for unit in units {
        let (want, have) = (expected.get(unit).unwrap_or(&nothing), found.get(unit).unwrap_or(&none));
        row(&format!("{field} of {unit}"), want, have)?;
    }
    Ok(())
}

/// Seats by id, as the cases write them.
fn listed(seats: &BTreeMap<Id, u64>) -> Row {
    seats.iter().map(|(id, seats)| (id.to_string(), *seats)).collect()
}
