//! A rulebook and a tally, without a record.

use crate::island::{desk, flat, steady, whole};

fn tally(votes: [u64; 3]) -> String {
    let [a, b, c] = votes;
    let sum = a + b + c;
    format!(
        r#"{{"schema":"recount-tally/1","units":[{{"id":"island","level":"national"}}],
"lists":[{{"id":"a","name":"Alliance"}},{{"id":"b","name":"Bloc"}},{{"id":"c","name":"Centre"}}],
"totals":[{{"contest":"lists","unit":"island","votes":{{"a":{a},"b":{b},"c":{c}}},"against_all":0,"lines":{{"took_part":{sum}}}}}]}}"#
    )
}

const ASSUMED: &str = "--assume-units-pass";

#[test]
fn a_tally_gives_seats() {
    let desk = desk();
    desk.write("tally.json", &tally([600, 300, 100]));
    let out = desk.expect(0, &["seats", "rulebook.toml", "tally.json", ASSUMED, "--steps"]);
    insta::assert_snapshot!("seats", steady(&out));
    let json = desk.json(&["seats", "rulebook.toml", "tally.json", ASSUMED]);
    assert_eq!(json["result"]["seats"], serde_json::json!({"a": 6, "b": 3, "c": 1}));
}

#[test]
fn an_unresolved_tie_is_a_no_until_its_lot_is_given() {
    let desk = desk();
    desk.write("tally.json", &tally([450, 450, 100]));
    let out = desk.expect(1, &["seats", "rulebook.toml", "tally.json", ASSUMED]);
    assert!(
        flat(&out).contains(
            "UNDETERMINED at stage seats: Alliance, Bloc are tied with 1 seat to give; a lot must draw 1 of them."
        ),
        "{out}"
    );
    desk.write("lots.json", r#"[{"stage":"seats","between":["a","b"],"drawn":["b"]}]"#);
    let json = desk.json(&["seats", "rulebook.toml", "tally.json", "--lots", "lots.json", ASSUMED]);
    assert_eq!(json["result"]["seats"]["b"], 5);
    desk.write("lots.json", r#"[{"stage":"seats","between":["a","c"],"drawn":["c"]}]"#);
    desk.refused(2, &["seats", "rulebook.toml", "tally.json", "--lots", "lots.json", ASSUMED]);
    desk.write("lots.json", "{");
    let err = desk.refused(2, &["seats", "rulebook.toml", "tally.json", "--lots", "lots.json", ASSUMED]);
    assert!(err.contains("lots.json"), "{err}");
}

#[test]
fn refusals_say_what_to_supply() {
    let desk = desk();
    desk.write("tally.json", &tally([600, 300, 100]));
    let err = desk.refused(2, &["seats", "rulebook.toml", "tally.json"]);
    assert!(err.contains("asks for a share in each region"), "{err}");
    desk.write("tally.json", &tally([600, 300, 100]).replace("600", "-600"));
    let err = desk.refused(2, &["seats", "rulebook.toml", "tally.json", ASSUMED]);
    assert!(err.contains("tally.json") && err.contains("line 3"), "{err}");
    let err = desk.refused(2, &["seats", "rulebook.toml", "nowhere.json"]);
    assert!(err.contains("nowhere.json"), "{err}");
    desk.refused(2, &["seats", "rulebook.toml"]);
}

#[test]
fn a_wrong_rulebook_is_shown_at_its_place() {
    let desk = desk();
    let text = std::fs::read_to_string(desk.path("rulebook.toml")).unwrap();
    desk.write("wrong.toml", &text.replace("quota = \"hare\"", "quota = \"hair\""));
    let err = desk.refused(2, &["seats", "wrong.toml", "--check"]);
    assert!(err.contains("wrong.toml:") && err.contains("hair") && err.contains("here"), "{err}");
}

#[test]
fn a_rulebook_is_told_in_words() {
    let out = desk().expect(0, &["seats", "rulebook.toml", "--check"]);
    insta::assert_snapshot!("check", out.trim_end());
}

#[test]
fn the_tally_of_a_record_gives_the_seats_of_its_count() {
    let desk = whole();
    desk.expect(0, &["export", "rec", "--what", "tally", "--format", "json", "-o", "exported.json"]);
    let alone = desk.json(&["seats", "rulebook.toml", "exported.json"]);
    assert_eq!(alone["result"]["seats"], desk.json(&["count", "rec"])["result"]["seats"]);
}

#[test]
fn the_computation_is_explained_in_words_as_a_table_and_as_json() {
    let desk = desk();
    desk.write("tally.json", &tally([600, 300, 100]));
    let explain = |format: &str, lang: &str| {
        desk.expect(0, &["seats", "rulebook.toml", "tally.json", ASSUMED, "--explain", format, "--lang", lang])
    };
    let english = explain("text", "en");
    assert!(english.contains("Alliance: 600 votes / (1,000/10) = 6 whole quotas, 0 votes left over"), "{english}");
    let russian = explain("text", "ru");
    assert!(russian.contains("Мандаты: Alliance 6, Bloc 3, Centre 1."), "{russian}");
    assert!(explain("text", "ky").contains("Мандаттар: Alliance 6, Bloc 3, Centre 1."));
    let table = explain("csv", "en");
    assert!(table.starts_with("row,stage,") && table.contains("\nstep,seats,"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&explain("json", "en")).unwrap();
    assert_eq!(json["steps"][0]["what"], "full_quota");
    desk.refused(2, &["seats", "rulebook.toml", "tally.json", ASSUMED, "--explain", "text", "--lang", "de"]);
    // What stops a computation is said in the language too, and a tie is still a "no".
    let err = desk.refused(2, &["seats", "rulebook.toml", "tally.json", "--lang", "ru"]);
    assert!(err.contains("требует доли в каждой территории"), "{err}");
    desk.write("tally.json", &tally([450, 450, 100]));
    let tied = desk.expect(1, &["seats", "rulebook.toml", "tally.json", ASSUMED, "--explain", "text", "--lang", "ky"]);
    assert!(tied.contains("ЧЕЧИЛГЕН ЖОК"), "{tied}");
}

#[test]
fn a_rulebook_is_told_in_every_language_with_what_it_leaves_open() {
    let desk = desk();
    let json = desk.json(&["seats", "rulebook.toml", "--check"]);
    let codes: Vec<&str> =
        json["findings"].as_array().unwrap().iter().map(|own| own["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"doubtful") && codes.contains(&"no_vacancy"), "{codes:?}");
    let russian = desk.expect(0, &["seats", "rulebook.toml", "--check", "--lang", "ru"]);
    assert!(russian.contains("Файл правил составлен верно.") && russian.contains("замещается"), "{russian}");
}

#[test]
fn the_schema_is_the_published_one() {
    let schema: serde_json::Value = serde_json::from_str(&desk().expect(0, &["seats", "--schema"])).unwrap();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rulebook.schema.json");
    let published: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(schema, published);
}

#[test]
fn ranked_ballots_from_a_file_elect_people() {
    let desk = desk();
    desk.write(
        "ward.toml",
        "schema = \"recount-rulebook/1\"\nid = \"ward\"\ntitle = \"A ward\"\n[units]\nlevels = [\"national\", \"ward\"]\n\
         [register]\nward.seats = \"members\"\n[contest.ballots]\nkind = \"ranked\"\n[[stage]]\nid = \"elected\"\n\
         kind = \"rank\"\nmethod = \"stv\"\nper = \"ward\"\nseats = { from = \"ward.seats\" }\n\
         surplus = { transfer = \"weighted_inclusive_gregory\", value_decimals = 5 }\nties = [\"lot\"]\n",
    );
    desk.write("east.blt", "4 2\n6 1 2 0\n3 1 3 0\n2 1 0\n3 2 0\n4 3 0\n2 4 3 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n");
    let out = desk.expect(0, &["seats", "ward.toml", "--ballots", "east=east.blt", "--steps"]);
    assert!(out.contains("the surplus of A, 4 votes") && out.contains("Elected: A, C."), "{out}");
    let json = desk.json(&["seats", "ward.toml", "--ballots", "east=east.blt"]);
    assert_eq!(json["result"]["members"][1]["candidate"], "C");
    desk.write("east.csv", "count,1,2\n1,A,,B\n");
    let err = desk.refused(2, &["seats", "ward.toml", "--ballots", "east=east.csv"]);
    assert!(err.contains("east.csv") && err.contains("line 2"), "{err}");
    desk.refused(2, &["seats", "ward.toml", "--ballots", "east.txt"]);
}

#[test]
fn a_vacant_seat_goes_to_whom_the_law_or_a_lot_names() {
    let desk = desk();
    desk.write(
        "open.toml",
        "schema = \"recount-rulebook/1\"\nid = \"r\"\ntitle = \"r\"\n[units]\nlevels = [\"national\"]\n\
         [contest.lists]\nkind = \"list\"\n[law.l1]\ncite = \"Art. 1\"\n\
         [[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 2\n\
         formula = { family = \"divisor\", rule = \"dhondt\" }\n\
         [[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"seats\"\norder = \"votes\"\n\
         [vacancy]\nlaw = \"l1\"\nrule = \"next_by_votes\"\n",
    );
    let candidate = |id: &str, votes: u32| {
        format!(r#"{{"id":"{id}","name":"{}","attributes":{{"votes":"{votes}"}}}}"#, id.to_uppercase())
    };
    let all = [("v", 9), ("w", 8), ("x", 3), ("y", 3)].map(|(id, votes)| candidate(id, votes)).join(",");
    desk.write(
        "open.json",
        &format!(
            r#"{{"schema":"recount-tally/1","units":[{{"id":"island","level":"national"}}],
"lists":[{{"id":"a","name":"Alliance","candidates":[{all}]}}],
"totals":[{{"contest":"lists","unit":"island","votes":{{"a":100}}}}]}}"#
        ),
    );
    let ask = ["seats", "open.toml", "open.json", "--vacancy", "v"];
    let tied = desk.expect(1, &ask);
    assert!(tied.contains("x, y have the same votes: a lot must decide. [Art. 1]"), "{tied}");
    let with = [&ask[..], &["--vacancy-lots", "drawn.json"]].concat();
    desk.write("drawn.json", r#"[{"between":["x","y"],"drawn":["y"]}]"#);
    let decided = desk.expect(0, &with);
    assert!(decided.contains("Y (y) follows. [Art. 1]"), "{decided}");
    assert_eq!(desk.json(&with)["succession"]["follows"]["candidate"]["id"], "y");
    // A lot that decides nothing, one that is none, and a file that is not there are refused.
    desk.write("drawn.json", r#"[{"between":["w","y"],"drawn":["y"]}]"#);
    desk.refused(2, &with);
    desk.write("drawn.json", "[{");
    assert!(desk.refused(2, &with).contains("drawn.json"));
    assert!(desk.refused(2, &[&ask[..], &["--vacancy-lots", "none.json"]].concat()).contains("there is no such file"));
    desk.refused(2, &["seats", "open.toml", "open.json", "--vacancy", "x"]);
}
