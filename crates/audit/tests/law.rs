//! Whole rulebooks: on random elections, if every needed assertion of a reported result is true of another tally, the
//! rulebook gives that tally the same seats, in every unit; and whatever part of the assertions is true of it, its
//! seats lie within the ranges that follow from that part. Seats come from `recount-seats`.
//!
//! `RECOUNT_AUDIT_ELECTIONS` sets the number of elections per rulebook (200 by default, 100,000 in the long version),
//! `RECOUNT_AUDIT_ONLY` names the one rulebook to be tried.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "law/harness.rs"]
mod harness;

use harness::{LISTS_ONLY, Votes, audit, obligations, rulebook, seats, truth};
use recount_audit::law::LawError;

const NATIONAL: &str = r#"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = WHEN
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = 11
formula = FORMULA
"#;

fn national(when: &str, formula: &str) -> String {
    NATIONAL.replace("WHEN", when).replace("FORMULA", formula)
}

const HARE: &str =
    r#"{ family = "quota", quota = "hare", over = "contenders", rounding = "exact", remainder = "largest_fraction" }"#;

fn kyrgyz() -> String {
    let when = r#"{ all = [
        { share = { base = "took_part", in = "national", at_least = "10/100" } },
        { share = { base = "took_part", in = "every region", at_least = "3/100" } } ] }"#;
    let cap = "[[stage]]\nid = \"cap\"\nkind = \"cap\"\nof = \"seats\"\nmax_seats = 6\nredistribute = { stage = \"seats\", without = \"capped\" }\n";
    format!("{}{cap}", national(when, HARE).replace("seats = 11", "seats = 10"))
}

#[test]
fn kyrgyz_thresholds_of_who_took_part_with_floors_in_every_region() {
    obligations("took part, floors, Hare, cap", 101, &kyrgyz());
}

/// One list meets the floors in the boxes and is held at its cap: four seats stay vacant. Nobody may be said to have them
/// because nobody else could.
#[test]
fn seats_above_a_cap_can_stay_vacant() {
    let rulebook = rulebook(LISTS_ONLY, &kyrgyz());
    let reported: Votes = vec![(vec![90, 88, 42, 10, 20], 250), (vec![58, 4, 2, 2, 3], 72)];
    let actual: Votes = vec![(vec![87, 91, 40, 12, 18], 261), (vec![67, 0, 0, 12, 6], 87)];
    let outcome = seats(LISTS_ONLY, &rulebook, &reported).unwrap();
    let own = seats(LISTS_ONLY, &rulebook, &actual).unwrap();
    assert_eq!((own.seats.get("l0"), own.seats.values().sum::<u64>()), (Some(&6), 6));
    let audit = audit(LISTS_ONLY, &rulebook, &reported, &outcome).unwrap();
    let ranges = audit.ranges(&truth(LISTS_ONLY, &audit, &actual)).unwrap();
    for list in &ranges.lists {
        let has = own.seats.get(&list.list).copied().unwrap_or(0);
        assert!(list.low <= has && has <= list.high, "{list:?} but {has}");
    }
}

/// What holds of a tally far from the reported one bounds every list of a large house all the same.
#[test]
fn wide_rungs_bound_the_lists_of_a_large_house() {
    let divisors = r#"{ family = "divisor", rule = "dhondt" }"#;
    let stages = national("{ rank = { at_most = 5 } }", divisors).replace("seats = 11", "seats = 300");
    let rulebook = rulebook(LISTS_ONLY, &stages);
    let reported: Votes = vec![(vec![2500, 1250, 750, 650, 450], 5700), (vec![1500, 1250, 750, 550, 350], 4500)];
    let actual: Votes = vec![(vec![900, 1700, 1200, 1000, 800], 5700), (vec![700, 1400, 900, 800, 600], 4500)];
    let outcome = seats(LISTS_ONLY, &rulebook, &reported).unwrap();
    let own = seats(LISTS_ONLY, &rulebook, &actual).unwrap();
    assert_eq!((outcome.seats["l0"], own.seats["l0"]), (120, 48), "far less than reported");
    let audit = audit(LISTS_ONLY, &rulebook, &reported, &outcome).unwrap();
    let ranges = audit.ranges(&truth(LISTS_ONLY, &audit, &actual)).unwrap();
    for list in &ranges.lists {
        assert!(list.low <= own.seats[&list.list], "{list:?}");
        assert!(list.high < 130 && list.high >= own.seats[&list.list], "{list:?}");
    }
}

#[test]
fn largest_remainders_with_a_threshold_of_list_votes() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    obligations("Hare", 102, &national(when, HARE));
    obligations("Hagenbach-Bischoff", 103, &national(when, &HARE.replace("\"hare\"", "\"hagenbach_bischoff\"")));
}

#[test]
fn seats_left_over_in_turn() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    let formula = r#"{ family = "quota", quota = "hare", over = "all_lists", rounding = "exact", remainder = "most_votes_in_turn" }"#;
    obligations("in turn", 104, &national(when, formula));
    obligations("in turn, at least two each", 105, &national(when, &format!("{formula}\nminimum = 2")));
}

#[test]
fn highest_averages_with_either_of_two_conditions() {
    let when = r#"{ any = [
        { share = { base = "list_votes", in = "national", at_least = "12/100" } },
        { share = { base = "took_part", in = "any region", more_than = "20/100" } } ] }"#;
    for (n, rule) in ["dhondt", "sainte_lague", "danish", "imperiali"].into_iter().enumerate() {
        let formula = format!("{{ family = \"divisor\", rule = \"{rule}\" }}");
        obligations(rule, 110 + n as u64, &national(when, &formula));
    }
    let formula = r#"{ family = "divisor", rule = "modified_sainte_lague", first = "7/5" }"#;
    let not = r#"{ not = { rank = { at_most = 1 } } }"#;
    obligations("modified, without the first", 115, &national(not, formula));
}

#[test]
fn districts_with_thresholds_of_the_whole_and_of_their_own() {
    let stages = r#"
[register.region]
seats = "seats of the region"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = { share = { base = "list_votes", in = "WHERE", at_least = "10/100" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
per = "region"
seats = { from = "region.seats" }
formula = { family = "divisor", rule = "dhondt" }
"#;
    obligations("districts, threshold of the whole", 121, &stages.replace("WHERE", "national"));
    obligations("districts, thresholds of their own", 122, &stages.replace("WHERE", "region"));
    obligations(
        "districts, Hare",
        123,
        &stages.replace("WHERE", "region").replace("{ family = \"divisor\", rule = \"dhondt\" }", HARE),
    );
}

#[test]
fn seats_for_each_before_averages() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    let formula = |rule: &str| format!("{{ family = \"divisor\", rule = \"{rule}\" }}");
    obligations("Adams", 131, &national(when, &formula("adams")));
    obligations("Huntington-Hill", 132, &national(when, &formula("huntington_hill")));
    obligations("D'Hondt, at least two each", 133, &national(when, &format!("{}\nminimum = 2", formula("dhondt"))));
}

/// The same without a condition, and with one that asks about the whole and not about the district: who has no vote has no seat
/// beforehand, and nobody may be said to have a vote before that is proved.
#[test]
fn seats_for_each_that_has_votes() {
    let free = |formula: &str| {
        format!(
            "[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontest = \"lists\"\nseats = 11\nformula = {formula}\n"
        )
    };
    let divisor = |rule: &str| format!("{{ family = \"divisor\", rule = \"{rule}\" }}");
    obligations("Adams, everybody", 134, &free(&divisor("adams")));
    obligations("Huntington-Hill, everybody", 135, &free(&divisor("huntington_hill")));
    obligations("Sainte-Lague, two each, everybody", 136, &free(&format!("{}\nminimum = 2", divisor("sainte_lague"))));
    let in_turn = r#"{ family = "quota", quota = "hare", over = "all_lists", rounding = "exact", remainder = "most_votes_in_turn" }"#;
    obligations("in turn, two each, everybody", 137, &free(&format!("{in_turn}\nminimum = 2")));
    obligations("in turn, everybody", 139, &free(in_turn));
    let districts = r#"
[register.region]
seats = "seats of the region"
[[stage]]
id = "admitted"
kind = "admit"
contest = "lists"
when = { share = { base = "list_votes", in = "national", at_least = "20/100" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
per = "region"
seats = { from = "region.seats" }
minimum = 1
formula = { family = "divisor", rule = "dhondt" }
"#;
    obligations("districts, one each, threshold of the whole", 138, districts);
}

#[test]
fn quotas_in_whole_votes_and_quotas_that_give_too_much() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "8/100" } }"#;
    let quota = |quota: &str, rounding: &str| {
        format!(
            "{{ family = \"quota\", quota = \"{quota}\", over = \"contenders\", {rounding} remainder = \"largest_fraction\", \
             over_allocation = \"subtract_smallest_remainder\" }}"
        )
    };
    obligations("Droop", 141, &national(when, &quota("droop", "")));
    for (n, rounding) in ["floor", "ceil", "half_up"].into_iter().enumerate() {
        let formula = quota("hare", &format!("rounding = \"{rounding}\","));
        obligations(&format!("Hare, {rounding}"), 142 + n as u64, &national(when, &formula));
    }
    obligations("Imperiali", 146, &national(when, &quota("imperiali", "rounding = \"exact\",")));
}

/// What cannot be proved is refused by name, never half proved.
#[test]
fn rules_without_a_known_set_are_refused() {
    let when = r#"{ share = { base = "list_votes", in = "national", at_least = "1/100" } }"#;
    let votes: Votes = vec![(vec![90, 60, 40, 20, 10], 225), (vec![80, 70, 30, 25, 9], 220)];
    for formula in [
        r#"{ family = "quota", quota = "hare", rounding = "floor", remainder = "highest_averages", over_allocation = "subtract_smallest_remainder" }"#,
        r#"{ family = "quota", quota = "imperiali", over = "contenders", rounding = "exact", remainder = "largest_fraction" }"#,
        r#"{ family = "quota", quota = "droop", over = "all_lists", remainder = "largest_fraction" }"#,
    ] {
        let rulebook = rulebook(LISTS_ONLY, &national(when, formula));
        let outcome = seats(LISTS_ONLY, &rulebook, &votes).unwrap();
        match audit(LISTS_ONLY, &rulebook, &votes, &outcome) {
            Err(LawError::Stage { stage, why }) => assert!(stage == "seats" && !why.is_empty()),
            other => panic!("{formula}: {other:?}"),
        }
    }
}
