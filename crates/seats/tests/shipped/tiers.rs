//! Rulebooks of elections in several tiers: every figure of their cases, not only the seats of the lists.

#[path = "../cases/tiers/compare.rs"]
#[allow(dead_code, reason = "shared with the reference cases")]
mod compare;
#[path = "../cases/tiers/world.rs"]
#[allow(dead_code, reason = "shared with the reference cases")]
mod world;

use recount_seats::Tally;

use super::support::{case, outcome};
use compare::{Found, Roles};
use world::{Names, World};

/// The ids of stages: base, single, to_units, higher, placed, grown.
type Stages = [Option<&'static str>; 6];

const NONE: Stages = [None; 6];

/// Runs a rulebook on a case's input and compares every field that the case expects.
fn tiers(name: &str, id: &str, names: &Names<'_>, stages: Stages) {
    let Some(case) = case(id) else { return };
    let read = |key: &str| case[key].as_object().unwrap_or_else(|| panic!("{id} has no `{key}`"));
    let world = World::read(read("input")).unwrap_or_else(|trouble| panic!("{id}: {trouble:?}"));
    let tally = Tally::parse(&world.tally(names).to_string()).unwrap_or_else(|refusal| panic!("{id}: {refusal}"));
    let outcome = outcome(name, &tally);
    let [base, single, to_units, higher, placed, grown] = stages.map(|stage| stage.map(str::to_owned));
    let roles = Roles { base, single, to_units, higher, placed, grown };
    let found = Found { outcome: &outcome, world: &world, roles: &roles };
    for (field, expected) in read("expected") {
        found.field(field, expected).unwrap_or_else(|trouble| panic!("{name}, {id}: {trouble:?}"));
    }
}

const DISTRICTS: Names<'static> = Names { lower: "district", ..Names::PLAIN };

pub fn norway() {
    for id in ["no-2009", "no-2013", "no-2025"] {
        tiers("no-storting", id, &DISTRICTS, [Some("district_seats"), None, None, None, Some("placed"), None]);
    }
}

pub fn iceland() {
    let names = Names { lower: "constituency", numbers: &[("more", "adjustment")], ..Names::PLAIN };
    tiers("is-althing", "is-2009", &names, [Some("constituency_seats"), None, None, None, Some("placed"), None]);
}

pub fn denmark() {
    let names = Names { upper: "region", lower: "constituency", numbers: &[("more", "levelling")], ..Names::PLAIN };
    let stages = [Some("constituency_seats"), None, None, Some("in_regions"), Some("placed"), None];
    tiers("dk-folketing", "dk-full-2015", &names, stages);
}

pub fn zurich() {
    tiers("ch-zurich", "ch-zurich-2006", &DISTRICTS, NONE);
}

pub fn czechia() {
    let names = Names { lower: "region", ..Names::PLAIN };
    let stages = [None, None, Some("region_seats"), None, None, None];
    tiers("cz-psp-2017", "cz-psp-2017", &names, stages);
    tiers("cz-psp-2021", "cz-psp-2021", &names, stages);
}

pub fn spain() {
    for id in ["es-congreso-1977", "es-congreso-1996", "es-congreso-2016"] {
        tiers("es-congreso", id, &DISTRICTS, NONE);
    }
    tiers("es-canarias", "es-canarias-2011", &Names { lower: "island", ..Names::PLAIN }, NONE);
}

pub fn finland() {
    tiers("fi-eduskunta", "fi-2019", &DISTRICTS, NONE);
}

pub fn germany() {
    let names = Names {
        lower: "land",
        single: "wahlkreis",
        lists: "second",
        singles: "first",
        lines: &[("valid", "valid_first")],
        attributes: &[("minority", "national_minority")],
        ..Names::PLAIN
    };
    let stages = [None, Some("direct"), Some("land_seats"), None, None, Some("house")];
    tiers("de-bt-2013", "de-bt-2017", &names, stages);
    tiers("de-bt-2021", "de-bt-2021-repeat", &names, stages);
    tiers("de-bt-2025", "de-bt-2025", &names, stages);
}

pub fn new_zealand() {
    let names = Names { single: "electorate", lists: "party", singles: "electorates", ..Names::PLAIN };
    for id in ["nz-2008", "nz-2011"] {
        tiers("nz-house", id, &names, [None, Some("electorate_seats"), None, None, None, None]);
    }
}

pub fn scotland() {
    let names = Names { lower: "region", single: "constituency", singles: "constituencies", ..Names::PLAIN };
    tiers("gb-sco", "gb-sco-2011", &names, [Some("seats"), Some("constituency_seats"), None, None, None, None]);
}
