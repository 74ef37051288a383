//! An audit of a small council, every step through the real binary: plan, seed, draw, sheets, blind entry, assessment,
//! certificate, verification; and what must not pass.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "common/audit.rs"]
mod audit;
#[path = "common/cli.rs"]
mod cli;

use audit::{Box, Form, boxes, range, sample};
use cli::{Desk, too_wide};
use serde_json::Value;

const STATIONS: u64 = 40;

/// A council of three seats, three lists, forty stations, all reported.
fn council() -> (Desk, Value) {
    let desk = Desk::new();
    desk.expect(0, &["key", "new", "council.example", "-o", "log.key"]);
    desk.expect(0, &["key", "new", "commission.council.example", "-o", "commission.key"]);
    desk.write("units.csv", "id,level,in,name\ncountry,national,,Country\n");
    let stations: String = (0..STATIONS).map(|n| format!("s{n:02},country,400,Station {n}\n")).collect();
    desk.write("stations.csv", &format!("id,in,voters,name\n{stations}"));
    desk.write("lists.csv", "id,contest,name\na,lists,Apple\nb,lists,Birch\nc,lists,Cedar\n");
    desk.write(
        "forms.toml",
        r#"
schema = "recount-forms/1"
levels = ["national", "station"]
[[contests]]
id = "lists"
title = "Council"
kind = "list"
unit = "national"
[[forms]]
id = "protocol"
title = "Protocol"
contest = "lists"
sources = ["hand", "recount"]
lines = [
  { code = "voters_took_part", title = "Signatures", holds = "voters", required = true },
  { code = "valid", title = "Valid", holds = "ballots", required = true },
  { code = "invalid", title = "Invalid", holds = "ballots", required = true },
]
"#,
    );
    desk.write(
        "rulebook.toml",
        r#"
schema = "recount-rulebook/1"
id = "council"
title = "Council"
[units]
levels = ["national", "station"]
[contest.lists]
kind = "list"
seats = 3
[quantity.took_part]
line = "voters_took_part"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = { share = { base = "took_part", in = "national", at_least = "5/100" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = 3
formula = { family = "divisor", rule = "sainte_lague" }
[standing]
decides = "hand"
after_ruling = "recount"
"#,
    );
    desk.write(
        "charter.toml",
        "schema = \"recount-charter/1\"\norigin = \"council.example\"\nrulebook = \"rulebook.toml\"\nforms = \"forms.toml\"\n[election]\nid = \"council\"\ntitle = \"A council\"\npolling_day = \"2027-01-03\"\n[register]\nunits = \"units.csv\"\nstations = \"stations.csv\"\nlists = \"lists.csv\"\n",
    );
    let opened =
        desk.json(&["init", "council", "--charter", "charter.toml", "--key", "commission.key", "--log-key", "log.key"]);
    let reported: Vec<Box> = (0..STATIONS).map(|n| station(&format!("s{n:02}"), 200 - n % 7, 100 + n % 5, 4)).collect();
    form("hand").file(&desk, "council", opened["charter"].as_str().unwrap(), "commission.key", &reported);
    (desk, opened)
}

fn station(id: &str, a: u64, b: u64, c: u64) -> Box {
    let all = a + b + c;
    let figures = [("list:a", a), ("list:b", b), ("list:c", c), ("line:voters_took_part", all + 2)];
    Box {
        station: id.to_owned(),
        bound: all + 2,
        found: all + 2,
        figures: figures.into_iter().map(|(name, n)| (name.to_owned(), n)).collect(),
    }
}

fn form(source: &'static str) -> Form<'static> {
    Form {
        contest: "lists",
        source,
        part: None,
        lines: &|own, valid| vec![("valid", valid), ("invalid", own.found - valid)],
        empty: &|_| Vec::new(),
    }
}

fn plan(desk: &Desk) -> Value {
    audit::begin(desk, "council", "commission.key", 16, &["--limit", "1/10"])
}

fn charter(opened: &Value) -> &str {
    opened["charter"].as_str().unwrap()
}

fn verify(desk: &Desk, opened: &Value, code: i32) -> Value {
    let args = ["verify", "council", "--key", opened["key"].as_str().unwrap(), "--charter", charter(opened), "--json"];
    serde_json::from_str(&desk.expect(code, &args)).unwrap()
}

#[test]
fn a_right_result_is_certified_and_derived_again() {
    let (desk, opened) = council();
    let shown = desk.expect(0, &["audit", "plan", "council", "--repetitions", "5"]);
    assert!(too_wide(&shown).is_empty(), "{:?}", too_wide(&shown));
    assert!(shown.contains("Bound on the ballots of a station: voters_took_part (chosen here"), "{shown}");
    let filed = plan(&desk);
    assert_eq!(filed["plan"]["bases"]["voters_took_part"], "document: the signed register");
    assert!(filed["plan"]["assertions"][0].as_u64().unwrap() >= 6);
    // A contribution that comes after the closing is refused at the desk.
    desk.refused(2, &["audit", "seed", "council", "--text", "late", "--sign", "commission.key"]);
    let drawn = desk.expect(0, &["audit", "draw", "council"]);
    assert!(too_wide(&drawn).is_empty() && drawn.contains("1 1 5 3 6 2 4 4 2 1"), "{drawn}");
    desk.expect(0, &["audit", "sheets", "council", "-o", "sheets.html"]);
    let sheets = std::fs::read_to_string(desk.path("sheets.html")).unwrap();
    // Two copies for each station, and a list; no sheet shows what was reported.
    assert_eq!(sheets.matches("<section class=\"sheet\">").count(), 32);
    assert!(
        sheets.contains("Apple<small>votes.a</small>") && sheets.contains("Signatures<small>lines.voters_took_part")
    );
    assert!(sheets.contains("Stations to open") && !sheets.contains(">200<"));
    for (language, word) in [("ru", "Первый экземпляр"), ("ky", "Биринчи нуска")] {
        desk.expect(0, &["audit", "sheets", "council", "-o", "sheets.html", "--lang", language]);
        assert!(std::fs::read_to_string(desk.path("sheets.html")).unwrap().contains(word), "{language}");
    }

    // Nothing is found yet: nothing is proved, and the certificate says so.
    desk.expect(1, &["audit", "certificate", "council"]);
    let all = boxes(&desk, "plan");
    let sample = sample(&desk, "council", 16);
    enter_blindly(&desk, &all[&sample[0]]);
    let rest: Vec<Box> = sample[1..].iter().map(|id| all[id].clone()).collect();
    form("recount").file(&desk, "council", charter(&opened), "commission.key", &rest);
    let now = desk.json(&["audit", "assess", "council", "--sign", "commission.key", "--complete"]);
    assert_eq!(
        (&now["complete"], &now["assessed"], &now["discrepancies"]),
        (&true.into(), &16.into(), &serde_json::json!([]))
    );
    assert!(now["risk"].as_f64().unwrap() <= 0.1);
    let certificate = desk.expect(0, &["audit", "certificate", "council"]);
    assert!(
        certificate.contains("CERTIFIED: EVERY SEAT") && certificate.contains("the signed register"),
        "{certificate}"
    );
    assert!(too_wide(&certificate).is_empty() && too_wide(&desk.expect(0, &["audit", "assess", "council"])).is_empty());
    let verified = verify(&desk, &opened, 0);
    let own = &verified["audits"][0];
    assert_eq!(
        (&own["holds"], &own["complete"], &own["claims"][0]["completed"]),
        (&true.into(), &true.into(), &true.into())
    );
}

/// Two people count; where they differ nothing is filed, and no figure is told.
fn enter_blindly(desk: &Desk, own: &Box) {
    let figure = |name: &str| own.figures[name];
    let valid = figure("list:a") + figure("list:b") + figure("list:c");
    let text = format!(
        "votes.a = {}\nvotes.b={}\nvotes.c={}\nlines.valid={valid}\nlines.invalid={}\nlines.voters_took_part={}\n",
        figure("list:a"),
        figure("list:b"),
        figure("list:c"),
        own.found - valid,
        figure("line:voters_took_part"),
    );
    desk.write("first.txt", &text);
    desk.write("second.txt", &text.replace("votes.b=", "votes.b=1"));
    let enter = |second: &str, code| {
        let args = ["audit", "enter", "council", "--station", &own.station, "--first", "first.txt", "--second", second];
        let args: Vec<&str> = args.into_iter().chain(["--sign", "commission.key"]).collect();
        let output = desk.run(&args);
        assert_eq!(output.status.code(), Some(code), "{}", cli::text(&output.stderr));
        cli::text(&output.stderr)
    };
    let differ = enter("second.txt", 1);
    assert!(differ.contains("votes.b") && !differ.contains(&figure("list:b").to_string()), "{differ}");
    // A list that nobody knows is refused before anything is filed, though both wrote it.
    desk.write("first.txt", &text.replace("votes.b=", "votes.bb="));
    let unknown = enter("first.txt", 2);
    assert!(
        unknown.contains("`votes.bb`: no such list; nothing was filed") && unknown.contains("votes.b"),
        "{unknown}"
    );
    // So are a line that the form does not have, and a sheet without one of the lists: nothing is not 0.
    desk.write("first.txt", &text.replace("lines.valid=", "lines.vaild="));
    let unknown = enter("first.txt", 2);
    assert!(unknown.contains("`lines.vaild`: no such line; nothing was filed") && unknown.contains("lines.valid"));
    desk.write("first.txt", &text.replace("votes.c=", "# votes.c="));
    let short = enter("first.txt", 2);
    assert!(short.contains("left out: votes.c; nothing was filed"), "{short}");
    desk.write("first.txt", &text);
    enter("first.txt", 0);
}

#[test]
fn a_wrong_seat_is_caught_and_a_false_claim_does_not_verify() {
    let (desk, opened) = council();
    plan(&desk);
    let mut all = boxes(&desk, "plan");
    // In truth Birch is ahead: votes were written down for Apple that Birch had.
    for own in all.values_mut() {
        *own.figures.get_mut("list:a").unwrap() -= 60;
        *own.figures.get_mut("list:b").unwrap() += 60;
    }
    let sample: Vec<Box> = sample(&desk, "council", 16).iter().map(|id| all[id].clone()).collect();
    form("recount").file(&desk, "council", charter(&opened), "commission.key", &sample);
    let now = desk.json(&["audit", "assess", "council"]);
    assert_eq!(now["complete"], false);
    let worst = now["assertions"].as_array().unwrap().iter().filter(|a| a["needed"] == true);
    assert!(worst.clone().any(|a| a["estimate"].as_f64().unwrap() < 0.0), "an assertion looks false");
    assert_eq!(now["discrepancies"].as_array().unwrap().len(), 32);
    // A claim that everything is proved is filed by somebody in a hurry.
    let size = now["size"].as_u64().unwrap();
    let plan = now["plan"].to_string();
    desk.say(
        "council",
        "note",
        "commission.key",
        &["code=audit.completed", &format!("statement:={plan}"), &format!("figures.size={size}"), "figures.complete=1"],
    );
    let verified = verify(&desk, &opened, 1);
    assert_eq!(verified["audits"][0]["holds"], false);
    // The full count says what is right.
    let drawn: std::collections::BTreeSet<&String> = sample.iter().map(|own| &own.station).collect();
    let rest: Vec<Box> = all.values().filter(|own| !drawn.contains(&own.station)).cloned().collect();
    form("recount").file(&desk, "council", charter(&opened), "commission.key", &rest);
    let now: Value = serde_json::from_str(&desk.expect(1, &["audit", "assess", "council", "--json"])).unwrap();
    assert_eq!(
        (&now["full_count"], &now["recounted"]["a"], &now["recounted"]["b"]),
        (&true.into(), &1.into(), &2.into())
    );
    assert!(now["assertions"].as_array().unwrap().iter().any(|a| a["needed"] == true && a["false"] == true));
    let told = desk.expect(1, &["audit", "certificate", "council"]);
    assert!(told.contains("NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"), "{told}");
}

#[test]
fn lost_mixed_and_overfull_boxes() {
    let (desk, opened) = council();
    plan(&desk);
    let all = boxes(&desk, "plan");
    let sample = sample(&desk, "council", 16);
    let sign = ["--sign", "commission.key"];
    let enter = |more: &[&str]| {
        let args: Vec<&str> = ["audit", "enter", "council"].iter().chain(more).chain(&sign).copied().collect();
        desk.expect(0, &args);
    };
    // What would say nothing, or speak of a box that is not there, is not filed.
    for (wrong, says) in [
        (["--unavailable", " "], "say why the box cannot be counted"),
        (["--mixed", "nowhere"], "there is no station `nowhere`"),
        (["--mixed", &sample[0]], "name the other stations"),
    ] {
        let args = [&["audit", "enter", "council", "--station", &sample[0]][..], &wrong, &sign].concat();
        let err = desk.refused(2, &args);
        assert!(err.contains(says) && err.contains("nothing was filed"), "{err}");
    }
    // The first box burnt; the second is mixed with one that was not drawn.
    let other = all.keys().find(|id| !sample.contains(id)).unwrap().clone();
    enter(&["--station", &sample[0], "--unavailable", "fire of 5 January"]);
    enter(&["--station", &sample[1], "--mixed", &other]);
    let mut found: Vec<Box> = sample[1..].iter().map(|id| all[id].clone()).collect();
    // Ballots of Apple lie in the other box: the sum is right.
    *found[0].figures.get_mut("list:a").unwrap() -= 20;
    found[0].found -= 20;
    let mut neighbour = all[&other].clone();
    *neighbour.figures.get_mut("list:a").unwrap() += 20;
    neighbour.found += 20;
    found.push(neighbour);
    form("recount").file(&desk, "council", charter(&opened), "commission.key", &found);
    let now = desk.json(&["audit", "assess", "council"]);
    assert_eq!((&now["assessed"], &now["exceptions"]), (&16.into(), &serde_json::json!([])));
    let plain = now["risk"].as_f64().unwrap();
    // One lost box costs, and is said to.
    assert!(plain > 0.0 && plain < 1.0, "{plain}");
    verify(&desk, &opened, 0);
    // A box beyond its bound stops the audit: nothing is proved, whatever was proved before.
    let next = audit::sample(&desk, "council", 17).pop().unwrap();
    let mut overfull = all[&next].clone();
    *overfull.figures.get_mut("list:b").unwrap() += 9;
    overfull.found += 9;
    form("recount").file(&desk, "council", charter(&opened), "commission.key", &[overfull]);
    let now: Value = serde_json::from_str(&desk.expect(1, &["audit", "assess", "council", "--json"])).unwrap();
    assert!(
        now["exceptions"][0].as_str().unwrap().contains("the bound fixed before the seed"),
        "{}",
        now["exceptions"]
    );
    assert_eq!((&now["proved"], &range(&now, "a")), (&0.into(), &(range(&now, "a").0, 0, 3)));
}

#[test]
fn what_is_wrong_is_said() {
    let (desk, _) = council();
    let no = |args: &[&str]| desk.refused(2, args);
    assert!(no(&["audit", "assess", "council"]).contains("no audit has been planned"));
    assert!(no(&["audit", "plan", "council", "--limit", "2"]).contains("no risk limit"));
    assert!(no(&["audit", "plan", "council", "--bound", "valid + nothing"]).contains("no line `nothing`"));
    assert!(
        no(&["audit", "plan", "council", "--base", "voters_took_part=perhaps"])
            .contains("write box, document or trusted")
    );
    assert!(no(&["audit", "plan", "council", "--source", "other", "--sign", "commission.key"]).contains("no form"));
    assert!(no(&["audit", "plan", "council", "--bet", "share 2"]).contains("no bet rule"));
    desk.json(&[
        "audit",
        "plan",
        "council",
        "--base",
        "voters_took_part=trusted: the register is sealed",
        "--sign",
        "commission.key",
    ]);
    assert!(no(&["audit", "draw", "council"]).contains("not closed"));
    assert!(no(&["audit", "draw", "council", "--sign", "commission.key"]).contains("nobody has contributed"));
}
