//! Audits of rules in several steps through the real binary: lists that share a distribution (Israel), a bonus, tiers that make
//! up for one another, people within lists; right seats certified, wrong ones caught, and all of it derived again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/audit.rs"]
mod audit;
#[path = "common/cli.rs"]
mod cli;

use audit::{Box, Form, begin, boxes, range, sample};
use cli::Desk;
use serde_json::Value;

/// A record of made-up stations under a rulebook.
struct Made {
    desk: Desk,
    key: String,
    charter: String,
}

/// A choice, and its votes in the station with a number.
type Column<'a> = (&'a str, fn(u64) -> u64);

/// What is voted on.
struct Country<'a> {
    rulebook: &'a str,
    levels: &'a str,
    units: &'a str,
    contests: &'a str,
    contest: &'a str,
    lists: &'a str,
    /// The unit of a station.
    unit: fn(u64) -> &'static str,
    stations: u64,
    votes: &'a [Column<'a>],
}

impl Country<'_> {
    fn made(&self) -> Made {
        let desk = Desk::new();
        desk.expect(0, &["key", "new", "council.example", "-o", "log.key"]);
        desk.expect(0, &["key", "new", "commission.council.example", "-o", "commission.key"]);
        desk.write("units.csv", self.units);
        let station = |n: u64| format!("s{n:03},{},2000,Station {n}\n", (self.unit)(n));
        let stations: String = (0..self.stations).map(station).collect();
        desk.write("stations.csv", &format!("id,in,voters,name\n{stations}"));
        desk.write("lists.csv", self.lists);
        desk.write(
            "forms.toml",
            &format!(
                r#"
schema = "recount-forms/1"
levels = {}
{}
[[forms]]
id = "protocol"
title = "Protocol"
contest = "{}"
sources = ["hand", "recount"]
lines = [
  {{ code = "voters_took_part", title = "Signatures", holds = "voters", required = true }},
  {{ code = "valid", title = "Valid", holds = "ballots", required = true }},
  {{ code = "invalid", title = "Invalid", holds = "ballots", required = true }},
]
"#,
                self.levels, self.contests, self.contest
            ),
        );
        let standing = "[standing]\ndecides = \"hand\"\nafter_ruling = \"recount\"\n";
        desk.write("rulebook.toml", &format!("{}\n{standing}", self.rulebook));
        desk.write(
            "charter.toml",
            "schema = \"recount-charter/1\"\norigin = \"council.example\"\nrulebook = \"rulebook.toml\"\nforms = \"forms.toml\"\n[election]\nid = \"council\"\ntitle = \"A council\"\npolling_day = \"2027-01-03\"\n[register]\nunits = \"units.csv\"\nstations = \"stations.csv\"\nlists = \"lists.csv\"\n",
        );
        let opened = desk.json(&[
            "init",
            "record",
            "--charter",
            "charter.toml",
            "--key",
            "commission.key",
            "--log-key",
            "log.key",
        ]);
        let text = |key: &str| opened[key].as_str().unwrap().to_owned();
        let made = Made { key: text("key"), charter: text("charter"), desk };
        let reported: Vec<Box> = (0..self.stations).map(|n| self.station(n)).collect();
        made.file(self.contest, "hand", &reported);
        made
    }

    fn station(&self, n: u64) -> Box {
        let mut figures: std::collections::BTreeMap<String, u64> =
            self.votes.iter().map(|(id, votes)| (format!("list:{id}"), votes(n))).collect();
        let all: u64 = figures.values().sum::<u64>() + 3;
        figures.insert("line:voters_took_part".to_owned(), all);
        Box { station: format!("s{n:03}"), bound: all, found: all, figures }
    }
}

impl Made {
    fn file(&self, contest: &str, source: &'static str, boxes: &[Box]) {
        let form = Form {
            contest,
            source,
            part: None,
            lines: &|own, valid| {
                vec![("valid", valid), ("invalid", own.found - valid), ("voters_took_part", own.bound)]
            },
            empty: &|_| Vec::new(),
        };
        form.file(&self.desk, "record", &self.charter, "commission.key", boxes);
    }

    fn certificate(&self) -> Value {
        let output = self.desk.run(&["audit", "certificate", "record", "--json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", cli::text(&output.stderr)))
    }

    fn verified(&self) -> Value {
        let args = ["verify", "record", "--key", &self.key, "--charter", &self.charter, "--json"];
        let own: Value = serde_json::from_str(&self.desk.expect(0, &args)).unwrap();
        own["audits"][0].clone()
    }

    /// Every box is found to hold what the closure makes of it; the last certificate.
    fn count_all(&self, contest: &str, make: fn(&mut Box)) -> Value {
        let mut all = boxes(&self.desk, "plan");
        all.values_mut().for_each(make);
        let all: Vec<Box> = all.into_values().collect();
        self.file(contest, "recount", &all);
        self.certificate()
    }
}

fn shipped(name: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks");
    std::fs::read_to_string(root.join(name)).unwrap()
}

const LISTS: &str = r#"[[contests]]
id = "lists"
title = "Lists"
kind = "list"
unit = "national"
"#;

/// Ten lists, two pairs with surplus agreements, one list below the threshold whose agreement does not count.
fn knesset(rulebook: &str) -> Country<'_> {
    Country {
        rulebook,
        levels: "[\"national\", \"station\"]",
        units: "id,level,in,name\ncountry,national,,Country\n",
        contests: LISTS,
        contest: "lists",
        lists: "id,contest,name,group\na,lists,Alef,one\nb,lists,Bet,one\nc,lists,Gimel,two\nd,lists,Dalet,two\ne,lists,He,three\n\
                f,lists,Vav,three\ng,lists,Zayin,\nh,lists,Het,\n",
        unit: |_| "country",
        stations: 120,
        votes: &[
            ("a", |n| 231 + n % 11),
            ("b", |n| 107 + n % 7),
            ("c", |n| 158 + n % 5),
            ("d", |n| 83 + n % 9),
            ("e", |n| 61 + n % 3),
            ("f", |n| 17 + n % 2),
            ("g", |n| 94 + n % 13),
            ("h", |n| 42 + n % 4),
        ],
    }
}

#[test]
fn israel_with_surplus_agreements() {
    let rulebook = shipped("il-knesset.toml").replace("[vacancy]\nrule = \"next_on_list\"", "");
    let made = knesset(&rulebook).made();
    let plan = begin(&made.desk, "record", "commission.key", 60, &["--limit", "1/10"]);
    assert_eq!(plan["plan"]["seats"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>(), 120);
    let names: Vec<&str> =
        plan["assertions"].as_array().unwrap().iter().map(|own| own["name"].as_str().unwrap()).collect();
    // The agreement of two lists in the Knesset counts, that with a list below the threshold does not.
    assert!(names.iter().any(|name| name.contains("Alef + Bet/")), "{names:?}");
    assert!(
        names.iter().any(|name| name.contains("Gimel + Dalet/")) && !names.iter().any(|name| name.contains("He + Vav"))
    );
    assert!(names.iter().any(|name| name.starts_with("Vav below 13/400")), "{names:?}");
    let all = boxes(&made.desk, "plan");
    let drawn: Vec<Box> = sample(&made.desk, "record", 60).iter().map(|id| all[id].clone()).collect();
    made.file("lists", "recount", &drawn);
    let partial = made.certificate();
    println!("israel, 60 of 120 stations: {}", partial["lists"]);
    assert_eq!((&partial["complete"], &partial["ranges_tight"]), (&false.into(), &false.into()));
    for list in ["a", "b", "c", "d", "e", "g", "h"] {
        let (reported, low, high) = range(&partial, list);
        assert!(low <= reported && reported <= high && low > 0 && high < 80, "{list}: {low} to {high}");
    }
    assert!(range(&partial, "f").1 == 0 && range(&partial, "f").2 < 40, "a list below the threshold");
    assert_eq!((&made.verified()["holds"], &made.verified()["assessed"]), (&true.into(), &60.into()));
    let now = made.count_all("lists", |_| {});
    assert_eq!(now["complete"], true, "{now}");
}

#[test]
fn israel_with_votes_moved_within_an_alliance() {
    let rulebook = shipped("il-knesset.toml").replace("[vacancy]\nrule = \"next_on_list\"", "");
    let made = knesset(&rulebook).made();
    begin(&made.desk, "record", "commission.key", 40, &["--limit", "1/10"]);
    // The alliance has what it has; inside it, seats of the second were written down for the first.
    fn other(own: &mut Box) {
        *own.figures.get_mut("list:a").unwrap() -= 12;
        *own.figures.get_mut("list:b").unwrap() += 12;
    }
    let mut all = boxes(&made.desk, "plan");
    all.values_mut().for_each(other);
    let drawn: Vec<Box> = sample(&made.desk, "record", 40).iter().map(|id| all[id].clone()).collect();
    made.file("lists", "recount", &drawn);
    let now = made.desk.json(&["audit", "assess", "record"]);
    let needed = now["assertions"].as_array().unwrap().iter().filter(|own| own["needed"] == true);
    let suspect: Vec<&str> = needed
        .filter(|own| own["estimate"].as_f64().is_some_and(|n| n < 0.0))
        .map(|own| own["name"].as_str().unwrap())
        .collect();
    assert!(suspect.iter().any(|name| name.starts_with("Alef/") && name.contains("> Bet/")), "{suspect:?}");
    let now = made.count_all("lists", other);
    assert_eq!(now["complete"], false);
    let told = made.desk.expect(1, &["audit", "certificate", "record"]);
    assert!(told.contains("NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"), "{told}");
    assert_eq!((&made.verified()["holds"], &made.verified()["wrong"]), (&true.into(), &true.into()));
}

const SMALL: &str = r#"
schema = "recount-rulebook/1"
id = "council"
title = "Council"
[units]
levels = ["national", "region", "station"]
[register]
region.seats = "seats of the region"
[contest.lists]
kind = "list"
[quantity.valid]
sum = ["lists"]
[[stage]]
id = "direct"
kind = "allocate"
contest = "lists"
per = "region"
seats = { from = "region.seats" }
formula = { family = "divisor", rule = "dhondt" }
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = { share = { base = "valid", in = "national", at_least = "5/100" } }
[[stage]]
id = "shares"
kind = "allocate"
contenders = "admitted"
seats = 9
formula = { family = "divisor", rule = "sainte_lague" }
[[stage]]
id = "levelled"
kind = "compensate"
of = "shares"
held = "direct"
overhang = "exclude_rerun"
[[stage]]
id = "seats"
kind = "bonus"
of = "levelled"
to = "largest_list"
seats = 3
"#;

#[test]
fn a_bonus_after_tiers_that_make_up_for_one_another() {
    let country = Country {
        rulebook: SMALL,
        levels: "[\"national\", \"region\", \"station\"]",
        units: "id,level,in,name,seats\ncountry,national,,Country,\nnorth,region,country,North,2\nsouth,region,country,South,2\n",
        contests: LISTS,
        contest: "lists",
        lists: "id,contest,name\na,lists,Apple\nb,lists,Birch\nc,lists,Cedar\n",
        unit: |n| if n.is_multiple_of(2) { "north" } else { "south" },
        stations: 60,
        votes: &[("a", |n| 190 + n % 5), ("b", |n| 122 + n % 7), ("c", |n| 62 + n % 3)],
    };
    let made = country.made();
    let plan = begin(&made.desk, "record", "commission.key", 50, &["--limit", "1/10"]);
    let seats = |list: &str| plan["plan"]["seats"][list].as_u64().unwrap();
    assert_eq!(seats("a") + seats("b") + seats("c"), 12);
    assert!(plan["assertions"].as_array().unwrap().iter().any(|own| own["name"] == "Apple > Birch"), "{plan}");
    let all = boxes(&made.desk, "plan");
    let drawn: Vec<Box> = sample(&made.desk, "record", 50).iter().map(|id| all[id].clone()).collect();
    made.file("lists", "recount", &drawn);
    let now = made.certificate();
    println!("bonus after tiers, 50 of 60 stations: {}", now["lists"]);
    for list in ["a", "b", "c"] {
        let (reported, low, high) = range(&now, list);
        assert!(reported == seats(list) && low <= reported && reported <= high);
    }
    assert_eq!(made.verified()["holds"], true);
    let now = made.count_all("lists", |_| {});
    assert_eq!(now["complete"], true, "{now}");
}

const OPEN: &str = r#"
schema = "recount-rulebook/1"
id = "council"
title = "Council"
[units]
levels = ["national", "station"]
[contest.lists]
kind = "list"
[contest.people]
kind = "candidate"
[[stage]]
id = "seats"
kind = "allocate"
contest = "people"
seats = 3
formula = { family = "divisor", rule = "sainte_lague" }
[[stage]]
id = "members"
kind = "candidates"
of = "seats"
order = "votes"
"#;

/// Votes are for people; a list has those of all of its people, and its seats go to those with most.
#[test]
fn people_within_lists() {
    let country = Country {
        rulebook: OPEN,
        levels: "[\"national\", \"station\"]",
        units: "id,level,in,name\ncountry,national,,Country\n",
        contests: "[[contests]]\nid = \"lists\"\ntitle = \"Lists\"\nkind = \"list\"\nunit = \"national\"\n[[contests]]\nid = \"people\"\n\
                   title = \"People\"\nkind = \"candidate\"\nunit = \"national\"\n",
        contest: "people",
        lists: "id,contest,name,list\na,lists,Apple,\nb,lists,Birch,\na1,people,Ann,a\na2,people,Abe,a\na3,people,Ada,a\nb1,people,Ben,b\nb2,people,Bea,b\n",
        unit: |_| "country",
        stations: 40,
        votes: &[
            ("a1", |n| 40 + n % 3),
            ("a2", |n| 95 + n % 5),
            ("a3", |n| 71 + n % 2),
            ("b1", |n| 30 + n % 4),
            ("b2", |n| 80 + n % 3),
        ],
    };
    let made = country.made();
    let plan = begin(&made.desk, "record", "commission.key", 36, &["--limit", "1/10", "--contest", "people"]);
    assert_eq!((plan["plan"]["seats"]["a"].as_u64(), plan["plan"]["seats"]["b"].as_u64()), (Some(2), Some(1)));
    let named = |name: &str| plan["assertions"].as_array().unwrap().iter().any(|own| own["name"] == name);
    assert!(named("Abe > Ann") && named("Ada > Ann") && named("Bea > Ben"), "{plan}");
    let all = boxes(&made.desk, "plan");
    let drawn: Vec<Box> = sample(&made.desk, "record", 36).iter().map(|id| all[id].clone()).collect();
    made.file("people", "recount", &drawn);
    let now = made.certificate();
    println!("people, 36 of 40 stations: risk {}, {}", now["risk"], now["lists"]);
    assert_eq!((&now["complete"], &now["lists"][0]["name"]), (&true.into(), &"Apple".into()));
    let told = made.desk.expect(0, &["audit", "certificate", "record"]);
    assert!(told.contains("Who of a list sits rests on 3 statements about people, 3 of them proved."), "{told}");
    assert_eq!(made.verified()["holds"], true);
    let now = made.count_all("people", |_| {});
    assert_eq!(now["complete"], true, "{now}");
}

const PLAIN: &str = r#"
schema = "recount-rulebook/1"
id = "council"
title = "Council"
[units]
levels = ["national", "region", "station"]
[contest.lists]
kind = "list"
[[stage]]
id = "seats"
kind = "allocate"
contest = "lists"
seats = 3
formula = { family = "divisor", rule = "sainte_lague" }
"#;

/// Two regions, each with a draw of its own.
#[test]
fn stations_drawn_apart_in_regions() {
    let country = Country {
        rulebook: PLAIN,
        levels: "[\"national\", \"region\", \"station\"]",
        units: "id,level,in,name\ncountry,national,,Country\nnorth,region,country,North\nsouth,region,country,South\n",
        contests: LISTS,
        contest: "lists",
        lists: "id,contest,name\na,lists,Apple\nb,lists,Birch\nc,lists,Cedar\n",
        unit: |n| if n % 3 == 0 { "north" } else { "south" },
        stations: 90,
        votes: &[("a", |n| 190 + n % 5), ("b", |n| 102 + n % 7), ("c", |n| 12 + n % 3)],
    };
    let made = country.made();
    let refused = |args: &[&str]| {
        let args: Vec<&str> = ["audit", "plan", "record", "--repetitions", "1"].iter().chain(args).copied().collect();
        made.desk.refused(2, &args)
    };
    assert!(refused(&["--strata", "county"]).contains("is in no stratum by `unit county`"));
    assert!(refused(&["--strata", "attribute:machine"]).contains("is in no stratum"));
    assert!(refused(&["--strata", "region", "--bet", "adaptive 9/10"]).contains("strata are joined with a fixed bet"));
    let plan = begin(&made.desk, "record", "commission.key", 60, &["--limit", "1/10", "--strata", "region"]);
    assert_eq!(plan["plan"]["strata"], "unit region");
    assert!(plan["stations"]["p90"].as_u64().unwrap() <= 90 && plan["stations"]["full_counts"] == 0, "{plan}");
    let draw = made.desk.json(&["audit", "draw", "record", "--stations", "60"]);
    let drawn: Vec<(String, String)> = draw["sample"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["station"].as_str().unwrap().to_owned(), own["stratum"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(
        drawn.iter().filter(|own| own.1 == "north").count(),
        20,
        "a third of the stations, a third of the sample"
    );
    let shown = made.desk.expect(0, &["audit", "plan", "record", "--repetitions", "1", "--strata", "region"]);
    assert!(shown.contains("Stations are drawn apart by unit `region`: 2 strata"), "{shown}");
    // The first station of the north is not opened: nothing of the north counts, everything of the south does.
    let first = drawn.iter().find(|own| own.1 == "north").unwrap().0.clone();
    let text = std::fs::read_to_string(made.desk.path("plan/manifest.csv")).unwrap();
    assert!(text.starts_with("station,stratum,units,bound,found,list:a"), "{}", &text[..60]);
    let station = |id: &str| country.station(id[1..].parse().unwrap());
    let but: Vec<Box> = drawn.iter().filter(|own| own.0 != first).map(|own| station(&own.0)).collect();
    made.file("lists", "recount", &but);
    let now = made.desk.json(&["audit", "assess", "record"]);
    assert_eq!(
        (&now["assessed"], &now["complete"], &now["waiting"][0]),
        (&40.into(), &false.into(), &first.as_str().into())
    );
    assert!(now["assertions"].as_array().unwrap().iter().any(|own| own["more"].as_u64().is_some()), "{now}");
    made.file("lists", "recount", &[station(&first)]);
    let now = made.desk.json(&["audit", "assess", "record", "--sign", "commission.key", "--complete"]);
    println!("two strata, 60 of 90 stations: risk {}", now["risk"]);
    assert_eq!((&now["assessed"], &now["complete"]), (&60.into(), &true.into()));
    let own = made.verified();
    assert_eq!((&own["holds"], &own["complete"], &own["assessed"]), (&true.into(), &true.into(), &60.into()), "{own}");
}

/// What a stratum hides is found: votes of one region were written down for another list.
#[test]
fn a_wrong_seat_in_one_stratum_is_not_certified() {
    let country = Country {
        rulebook: PLAIN,
        levels: "[\"national\", \"region\", \"station\"]",
        units: "id,level,in,name\ncountry,national,,Country\nnorth,region,country,North\nsouth,region,country,South\n",
        contests: LISTS,
        contest: "lists",
        lists: "id,contest,name\na,lists,Apple\nb,lists,Birch\nc,lists,Cedar\n",
        unit: |n| if n % 2 == 0 { "north" } else { "south" },
        stations: 60,
        votes: &[("a", |n| 190 + n % 5), ("b", |n| 102 + n % 7), ("c", |n| 12 + n % 3)],
    };
    let made = country.made();
    begin(&made.desk, "record", "commission.key", 50, &["--limit", "1/10", "--strata", "region"]);
    fn other(own: &mut Box) {
        if own.station[1..].parse::<u64>().unwrap().is_multiple_of(2) {
            *own.figures.get_mut("list:a").unwrap() -= 150;
            *own.figures.get_mut("list:b").unwrap() += 150;
        }
    }
    let ids = sample(&made.desk, "record", 50);
    let found: Vec<Box> = ids
        .iter()
        .map(|id| {
            let mut own = country.station(id[1..].parse().unwrap());
            other(&mut own);
            own
        })
        .collect();
    made.file("lists", "recount", &found);
    let now = made.certificate();
    assert_eq!(now["complete"], false);
    assert_eq!(made.verified()["holds"], true);
    let rest: Vec<Box> = (0..60)
        .map(|n| country.station(n))
        .filter(|own| !ids.contains(&own.station))
        .map(|mut own| {
            other(&mut own);
            own
        })
        .collect();
    made.file("lists", "recount", &rest);
    let told = made.desk.expect(1, &["audit", "certificate", "record"]);
    assert!(told.contains("NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"), "{told}");
}
