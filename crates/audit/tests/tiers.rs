//! Proof obligation of rulebooks whose seats follow from several steps: alliances, people within lists, bonuses, tiers that
//! make up for one another. As in `law.rs`, on random elections, and with the same variables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "law/harness.rs"]
mod harness;

use harness::{HEAD, LISTS_ONLY, Setting, Votes, audit, obligations, obligations_in, rulebook, seats};
use recount_audit::law::LawError;

/// Lists 1 and 2 share a distribution, and so do 0 and 4.
const ALLIED: Setting = Setting {
    attributes: |n| match n {
        1 | 2 => vec![("group", "one")],
        0 | 4 => vec![("group", "two")],
        _ => Vec::new(),
    },
    ..LISTS_ONLY
};

fn allied(when: &str, whole: bool, formula: &str) -> String {
    format!(
        r#"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = {when}
[[stage]]
id = "agreements"
kind = "group"
contenders = "admitted"
only_if_all_admitted = {whole}
[[stage]]
id = "seats"
kind = "allocate"
contenders = "agreements"
seats = 11
formula = {formula}
"#
    )
}

const EIGHT: &str = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
const HARE: &str =
    r#"{ family = "quota", quota = "hare", over = "contenders", rounding = "exact", remainder = "largest_fraction" }"#;

fn divisor(rule: &str) -> String {
    format!("{{ family = \"divisor\", rule = \"{rule}\" }}")
}

#[test]
fn lists_that_share_a_distribution() {
    obligations_in(ALLIED, "alliances, all admitted, D'Hondt", 201, &allied(EIGHT, true, &divisor("dhondt")));
    obligations_in(ALLIED, "alliances, those admitted, D'Hondt", 202, &allied(EIGHT, false, &divisor("dhondt")));
    obligations_in(ALLIED, "alliances, Sainte-Lague", 203, &allied(EIGHT, true, &divisor("sainte_lague")));
    obligations_in(ALLIED, "alliances, Hare", 204, &allied(EIGHT, false, HARE));
}

#[test]
fn alliances_in_districts() {
    let stages = allied(EIGHT, true, &divisor("dhondt"));
    let stages = stages.replace("seats = 11", "per = \"region\"\nseats = { from = \"region.seats\" }");
    let stages = format!("[register.region]\nseats = \"seats of the region\"\n{stages}");
    obligations_in(ALLIED, "alliances in districts", 205, &stages);
}

/// The rest of whole quotas to the highest averages: the seats of D'Hondt.
#[test]
fn whole_quotas_and_the_rest_by_averages() {
    let formula = |quota: &str, over: &str| {
        format!("{{ family = \"quota\", quota = \"{quota}\", over = \"{over}\", remainder = \"highest_averages\" }}")
    };
    let seats = |formula: &str| {
        format!(
            "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {{ quota = {{ quota = \"hare\", seats = 11, at_least = \"1\" }} }}\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontenders = \"admitted\"\nseats = 11\nformula = {formula}\n"
        )
    };
    obligations("whole Hare quotas of all, averages", 211, &seats(&formula("hare", "all_lists")));
    obligations("whole Droop quotas, averages", 212, &seats(&formula("droop", "contenders")));
    let majority = format!(
        "{}[[stage]]\nid = \"majority\"\nkind = \"bonus\"\nof = \"seats\"\nto = \"majority\"\n",
        seats(&formula("hare", "all_lists"))
    );
    obligations("averages, a seat for a majority", 213, &majority);
}

#[test]
fn more_seats_for_the_largest() {
    let stages = format!(
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {EIGHT}\n[[stage]]\nid = \"shares\"\nkind = \"allocate\"\n\
         contenders = \"admitted\"\nseats = 10\nformula = {HARE}\n[[stage]]\nid = \"seats\"\nkind = \"bonus\"\nof = \"shares\"\nto = \"largest_list\"\nseats = 5\n"
    );
    obligations("bonus", 221, &stages);
}

const TIERS: &str = r#"
[register.region]
seats = "seats of the region"
[[stage]]
id = "direct"
kind = "allocate"
contest = "lists"
per = "region"
seats = { from = "region.seats" }
formula = { family = "divisor", rule = "dhondt" }
"#;

fn tiers(more: &str) -> String {
    format!("{TIERS}{more}")
}

fn compensated(overhang: &str) -> String {
    tiers(&format!(
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {EIGHT}\n[[stage]]\nid = \"shares\"\nkind = \"allocate\"\n\
         contenders = \"admitted\"\nseats = 16\nformula = {}\n[[stage]]\nid = \"seats\"\nkind = \"compensate\"\nof = \"shares\"\nheld = \"direct\"\n\
         overhang = \"{overhang}\"\n",
        divisor("sainte_lague")
    ))
}

#[test]
fn tiers_that_make_up_for_one_another() {
    obligations("compensation, others share the rest", 231, &compensated("exclude_rerun"));
    obligations("compensation, the house grows", 232, &compensated("keep_enlarge"));
}

#[test]
fn tiers_that_do_not_know_of_each_other() {
    let stages = tiers(&format!(
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {{ seats = {{ stage = \"direct\", at_least = 1 }} }}\n\
         [[stage]]\nid = \"shares\"\nkind = \"allocate\"\ncontenders = \"admitted\"\nseats = 9\nformula = {HARE}\n\
         [[stage]]\nid = \"seats\"\nkind = \"sum\"\nof = [\"direct\", \"shares\"]\n"
    ));
    obligations("two tiers, a seat in a district admits to the second", 241, &stages);
}

#[test]
fn averages_that_continue_from_seats_in_districts() {
    let stages = tiers(&format!(
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {EIGHT}\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\n\
         contenders = \"admitted\"\nstart = \"direct\"\nseats = 6\nformula = {}\n",
        divisor("dhondt")
    ));
    obligations("averages onto seats of districts", 251, &stages);
}

/// A condition of votes per seat in so many units, as in Denmark.
#[test]
fn votes_per_seat_in_units() {
    let stages = tiers(&format!(
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\n[stage.when]\nany = [{{ share = {{ base = \"list_votes\", in = \"national\", \
         at_least = \"25/100\" }} }}, {{ votes_per_seat = {{ base = \"list_votes\", stage = \"direct\", in = \"region\", units = 2 }} }}]\n\
         [[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontenders = \"admitted\"\nseats = 12\nformula = {HARE}\n"
    ));
    obligations("votes per seat in two regions", 252, &stages);
}

/// Votes for people: a list has those of all its people.
const PEOPLE: Setting = Setting {
    head: r#"
schema = "recount-rulebook/1"
id = "made-up"
title = "Made up"
[units]
levels = ["national", "region"]
[contest.register]
kind = "list"
[contest.lists]
kind = "candidate"
[quantity.list_votes]
sum = ["lists"]
"#,
    people: 3,
    ..LISTS_ONLY
};

fn people(members: &str) -> String {
    format!(
        "[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = {EIGHT}\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\n\
         contest = \"lists\"\ncontenders = \"admitted\"\nseats = 6\nformula = {}\n[[stage]]\nid = \"members\"\nkind = \"candidates\"\nof = \"seats\"\n{members}\n",
        divisor("dhondt")
    )
}

#[test]
fn people_within_lists() {
    obligations_in(PEOPLE, "people by votes", 261, &people("order = \"votes\""));
    for (n, of) in ["list_mean", "list_votes", "hare_quota"].into_iter().enumerate() {
        let multiple = ["11/10", "30/100", "1/2"][n];
        let jump = format!("order = \"list\"\njump = {{ of = \"{of}\", at_least = \"{multiple}\" }}");
        obligations_in(PEOPLE, &format!("people who jump: {of}"), 262 + n as u64, &people(&jump));
    }
}

/// What cannot be proved is refused by name, never half proved.
#[test]
fn links_without_a_known_set_are_refused() {
    // The first region is the third list's alone, which has no share of the whole: it keeps more than its share.
    let votes: Votes = vec![(vec![10, 8, 95, 3, 2], 120), (vec![990, 670, 4, 20, 10], 1_700)];
    let rulebook = rulebook(LISTS_ONLY, &compensated("exclude_rerun"));
    let outcome = seats(LISTS_ONLY, &rulebook, &votes).unwrap();
    match audit(LISTS_ONLY, &rulebook, &votes, &outcome) {
        Err(LawError::Stage { stage, why }) => assert!(stage == "seats" && why.contains("more seats than its share")),
        other => panic!("{other:?}"),
    }
    assert!(HEAD.contains("recount-rulebook/1"));
}
