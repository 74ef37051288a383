//! Explanations: the arithmetic is on the page, in every language alike.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::collections::BTreeSet;

use recount_seats::ranked::{Ballots, Lacking, LotFault, RankedRefusal, RuleFault};
use recount_seats::{
    Language, Lots, Named, Outcome, Reason, Refusal, Rulebook, RunOptions, TABLE_COLUMNS, Tally, Words, run, run_with,
};

const RULEBOOK: &str = include_str!("../../../rulebooks/kg-jk-2020.toml");

/// The machine count of 4 October 2020 as read out the next morning, the seven largest lists.
const TALLY: &str = r#"{
  "schema": "recount-tally/1",
  "units": [{"id": "kg", "level": "national"}],
  "lists": [
    {"id": "birimdik", "name": "Биримдик"},
    {"id": "mekenim", "name": "Мекеним Кыргызстан"},
    {"id": "kyrgyzstan", "name": "Кыргызстан"},
    {"id": "butun", "name": "Бүтүн Кыргызстан"},
    {"id": "mekenchil", "name": "Мекенчил"},
    {"id": "twin-1", "name": "Ата Мекен"},
    {"id": "twin-2", "name": "Ата Мекен"}
  ],
  "totals": [{"contest": "lists", "unit": "kg",
    "votes": {"birimdik": 487685, "mekenim": 475372, "kyrgyzstan": 174317, "butun": 141940, "mekenchil": 136276,
      "twin-1": 80279, "twin-2": 1},
    "against_all": 35714, "lines": {"voters_took_part": 1990753}}]
}"#;

fn outcome(tally: &str) -> Outcome {
    let rulebook = Rulebook::parse(RULEBOOK).unwrap();
    let options = RunOptions { assume_units_pass: true, seat_margins: true, ..RunOptions::default() };
    run_with(&rulebook, &Tally::parse(tally).unwrap(), &Lots::none(), &options).unwrap()
}

/// The whole numbers of a text in order of value, however they are grouped.
fn figures(text: &str) -> Vec<u64> {
    let joined: Vec<char> = text.chars().collect();
    let mut plain = String::new();
    for (place, sign) in joined.iter().enumerate() {
        let inside = *sign == '\u{a0}'
            || (*sign == ','
                && joined.get(place.wrapping_sub(1)).is_some_and(char::is_ascii_digit)
                && joined.get(place + 1..place + 4).is_some_and(|three| three.iter().all(char::is_ascii_digit)));
        if !inside {
            plain.push(*sign);
        }
    }
    let mut found: Vec<u64> =
        plain.split(|sign: char| !sign.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    found.sort_unstable();
    found
}

#[test]
fn a_reader_can_follow_it_with_a_pencil() {
    let text = outcome(TALLY).describe();
    for sentence in [
        "Биримдик: 487,685 votes, ADMITTED.",
        // 1,990,753 × 7/100, and who misses it by how many.
        "fails: at least 7/100 of took_part in kg, 1,990,753 × 7/100 = 13,935,271/100 = 139,352.71, so 139,353 votes; \
         it has 136,276 votes, 3,077 votes short. [Constitutional law No 68 of 2 July 2011, art. 64(2)]",
        "Stage seats: one seat costs a quota of 1,279,314/120 = 10,660.95 votes.",
        // 45 × 10,660.95 = 479,742.75; 487,685 - 479,742.75 = 7,942.25.
        "Биримдик: 487,685 votes / (1,279,314/120) = 45 whole quotas, 953,070/120 = 7,942.25 votes left over: 45 seats.",
        "Seat 119: Биримдик, by its remainder of 953,070/120 = 7,942.25 votes.",
        "Next in line: Мекеним Кыргызстан with 754,824/120 = 6,290.20.",
        "Ата Мекен (twin-1)",
        "Seats: Биримдик 46, Мекеним Кыргызстан 45, Кыргызстан 16, Бүтүн Кыргызстан 13.",
        "Changes: Биримдик 46 → 41",
        "one fewer would not do.",
    ] {
        assert!(text.contains(sentence), "{sentence}\n{text}");
    }
}

#[test]
fn every_language_has_the_same_figures_and_no_words_of_another() {
    let tie = TALLY.replace("475372", "487685");
    for tally in [TALLY, tie.as_str()] {
        let outcome = outcome(tally);
        let english = outcome.describe_in(Language::English);
        let source = format!("{RULEBOOK} {tally}");
        let ids: BTreeSet<&str> = words_of(&source).collect();
        for language in [Language::Russian, Language::Kyrgyz] {
            let text = outcome.describe_in(language);
            assert_eq!(figures(&text), figures(&english), "{}:\n{text}", language.code());
            let foreign: Vec<&str> = words_of(&text).filter(|word| !ids.contains(word)).collect();
            assert!(foreign.is_empty(), "{}: {foreign:?}\n{text}", language.code());
        }
    }
}

/// Words in Latin letters.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_ascii_alphabetic()).filter(|word| word.len() > 2)
}

#[test]
fn a_tie_says_who_how_many_and_what_must_be_drawn() {
    let outcome = outcome(&TALLY.replace("475372", "487685"));
    let words = |language| {
        let ties = outcome.undetermined.iter().map(|tie| Words::new(language, &outcome).tie(tie));
        ties.collect::<Vec<_>>()
    };
    assert_eq!(
        words(Language::English),
        [
            "UNDETERMINED at stage seats: Биримдик, Мекеним Кыргызстан are tied with 1 seat to give; the rulebook does not \
          say what settles it. Seats before it: Биримдик 45, Мекеним Кыргызстан 45."
        ]
    );
    assert_eq!(
        words(Language::Russian),
        [
            "НЕ РЕШЕНО на этапе seats: равенство (Биримдик, Мекеним Кыргызстан), распределить осталось 1 мандат; правила \
          не говорят, чем это решается. Мандатов до этого: Биримдик 45, Мекеним Кыргызстан 45."
        ]
    );
}

#[test]
fn refusals_speak_every_language() {
    let rulebook = Rulebook::parse(RULEBOOK).unwrap();
    let refusal = run(&rulebook, &Tally::parse(TALLY).unwrap(), &Lots::none()).unwrap_err();
    assert!(matches!(refusal, Refusal::NoUnitTotals { .. }));
    assert_eq!(refusal.describe_in(Language::English), refusal.to_string());
    assert!(refusal.describe_in(Language::Russian).contains("этап `admitted` требует доли в каждой"));
    assert!(refusal.describe_in(Language::Kyrgyz).contains("`admitted` этабы"));
}

/// Words of Latin letters outside backticks.
fn latin(text: &str) -> Vec<String> {
    let outside: String = text.split('`').step_by(2).collect();
    let words = outside.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 2);
    words
        .filter(|word| !["irv", "ceil", "floor", "soc", "soi", "validity", "vacancy"].contains(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_reasons_of_refusals_speak_every_language() {
    let id = || "a".to_owned();
    let named: Named = [id(), "b".to_owned()].iter().collect();
    let ballots = Ballots::parse_blt("2 1\n1 1 1 0\n0\n\"A\"\n\"B\"\n").unwrap_err();
    let reasons = [
        Reason::ContestOfLists,
        Reason::ListUnknown,
        Reason::StandsTwice,
        Reason::NotInSecondRound(named.clone()),
        Reason::NotRanked,
        Reason::PapersTwice,
        Reason::NoPapers,
        Reason::Papers(ballots),
        Reason::Count(RankedRefusal::Rules(RuleFault::Seats(7, 5))),
        Reason::Count(RankedRefusal::Nothing(Lacking::Candidates)),
        Reason::Count(RankedRefusal::ForeignLot(named.clone(), LotFault::NotAllowed)),
        Reason::Count(RankedRefusal::TooFine(3, 4096)),
        Reason::TiedAgain(named),
        Reason::DrawsOthers(2, 1),
        Reason::NoSuchStage,
        Reason::UnknownId(id()),
        Reason::SeveralSeats,
        Reason::NotWhole,
    ];
    for reason in reasons {
        let refusals = [
            Refusal::ForeignLot { stage: id(), reason: reason.clone() },
            Refusal::BadNominee { nominee: id(), reason: reason.clone() },
            Refusal::Papers { contest: id(), unit: id(), reason: reason.clone() },
            Refusal::RankedCount { stage: id(), unit: id(), reason: reason.clone() },
            Refusal::NotSeated { candidate: id(), reason: reason.clone() },
            Refusal::Uncomputable { stage: id(), list: id(), reason: reason.clone() },
        ];
        for refusal in refusals {
            let english = refusal.describe_in(Language::English);
            assert!(english.ends_with(&reason.say(Language::English)), "{english}");
            for language in [Language::Russian, Language::Kyrgyz] {
                let says = refusal.describe_in(language);
                assert!(says.ends_with(&reason.say(language)), "{says}");
                assert_eq!(latin(&says), Vec::<String>::new(), "{says}");
            }
        }
    }
}

#[test]
fn papers_that_cannot_be_read_say_so_in_every_language() {
    let texts =
        ["", "x", "2 1\n1 3 0\n0\n", "2 1\n1 1=2 0\n", "2 1\n1 1 - 2 0\n", "2 1\n0.5 1 0\n", "2 1\n1 1 0\n0\n\"A\"\n"];
    let csv = ["", "count,2", "1,2\nA,B,C\n", "1,2,3\nA,,B\n", "1\n\"A\n", "count,1\nx,A\n"];
    let preflib =
        ["", "# ALTERNATIVE NAME 2: A\n", "# ALTERNATIVE NAME 1: A\n1 1\n", "# ALTERNATIVE NAME 1: A\n1: {1}\n"];
    let errors = texts.iter().map(|text| Ballots::parse_blt(text).unwrap_err());
    let errors = errors.chain(csv.iter().map(|text| Ballots::parse_csv(text).unwrap_err()));
    for error in errors.chain(preflib.iter().map(|text| Ballots::parse_preflib(text).unwrap_err())) {
        assert_eq!(error.say(Language::English), error.to_string());
        for language in [Language::Russian, Language::Kyrgyz] {
            assert_eq!(latin(&error.say(language)), Vec::<String>::new(), "{}", error.say(language));
        }
    }
}

#[test]
fn languages_go_by_their_codes() {
    for language in Language::ALL {
        assert_eq!(Language::from_code(language.code()), Some(language));
    }
    assert_eq!(Language::from_code("ru-KG"), Some(Language::Russian));
    assert_eq!(Language::from_code("de"), None);
}

#[test]
fn a_rulebook_is_explained_in_every_language() {
    let rulebook = Rulebook::parse(RULEBOOK).unwrap();
    let english = rulebook.explain_in(Language::English).join("\n");
    for sentence in [
        "Stage admitted: a list of lists may receive seats if it has at least 7/100 of took_part in the whole and at \
         least 7/1000 of took_part in every unit of level region. [Constitutional law No 68 of 2 July 2011, art. 64(2)]",
        "Stage seats: gives 120 seats; contenders: those admitted at stage admitted. Quota Hare = V / n, V the votes of \
         those who contend, n the seats, not rounded; votes / quota, its whole part is seats; seats left over go to \
         the largest remainders, one each.",
        "Stage cap: no list keeps more than 65 seats of stage seats; what is above goes to the others",
        "Void if no list is admitted.",
    ] {
        assert!(english.contains(sentence), "{sentence}\n{english}");
    }
    let ids: BTreeSet<&str> = words_of(RULEBOOK).collect();
    for language in [Language::Russian, Language::Kyrgyz] {
        let lines = rulebook.explain_in(language);
        let findings: Vec<String> = rulebook.findings().iter().map(|finding| finding.say(language)).collect();
        let text = format!("{}\n{}", lines.join("\n"), findings.join("\n"));
        let foreign: Vec<&str> = words_of(&text).filter(|word| !ids.contains(word)).collect();
        assert!(foreign.is_empty(), "{}: {foreign:?}\n{text}", language.code());
        assert_eq!(figures(&lines.join("\n")), figures(&english), "{}", language.code());
    }
}

#[test]
fn what_a_rulebook_leaves_open_is_named() {
    let codes = |text: &str| -> Vec<String> {
        let rulebook = Rulebook::parse(text).unwrap();
        rulebook.findings().iter().map(|finding| format!("{} {}", finding.place, finding.code())).collect()
    };
    assert_eq!(
        codes(RULEBOOK),
        ["admitted doubtful", "seats no_tie_rule", "seats no_exhaustion", "cap is_reading", "admitted doubtful"]
    );
    let bare = r#"
schema = "recount-rulebook/1"
id = "x"
title = "x"
[law.l1]
cite = "Act, s. 1 (from memory)"
[units]
levels = ["national"]
[contest.lists]
kind = "list"
[quantity.all]
sum = ["lists"]
[[stage]]
id = "in"
kind = "admit"
when = { share = { base = "all", in = "national", at_least = "5/100" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "in"
seats = 10
formula = { family = "quota", quota = "imperiali", remainder = "none" }
[[stage]]
id = "cap"
kind = "cap"
of = "seats"
max_seats = 6
"#;
    assert_eq!(
        codes(bare),
        [
            "l1 from_memory",
            "l1 unused_law",
            "in no_law",
            "in nobody_admitted",
            "seats no_law",
            "seats no_tie_rule",
            "seats no_exhaustion",
            "seats remainders_not_given",
            "seats may_over_allocate",
            "cap no_law",
            "cap cap_leaves_vacant",
            "stage no_people",
            "vacancy no_vacancy",
            "validity no_validity",
            "annulment no_annulment",
            "standing no_standing"
        ]
    );
    // Whatever is decided is no longer named.
    let decided = bare
        .replace("(from memory)", "")
        .replace("kind = \"admit\"", "kind = \"admit\"\nlaw = \"l1\"")
        .replace("seats = 10", "seats = 10\nlaw = \"l1\"\nties = [\"lot\"]\non_exhausted = \"next_quotient\"")
        .replace(
            "remainder = \"none\"",
            "remainder = \"largest_fraction\", over_allocation = \"subtract_smallest_remainder\"",
        )
        .replace(
            "max_seats = 6",
            "max_seats = 6\nlaw = \"l1\"\nredistribute = { stage = \"seats\", without = \"capped\" }",
        )
        + "[[stage]]\nid = \"people\"\nkind = \"candidates\"\nof = \"cap\"\norder = \"list\"\nlaw = \"l1\"\n\
           [vacancy]\nrule = \"next_on_list\"\n[annulment]\nturnout = \"drop\"\n[standing]\ndecides = \"hand\"\n\
           [validity]\nvoid_if = [\"no_list_admitted\"]\n";
    assert_eq!(codes(&decided), Vec::<String>::new());
}

#[test]
fn a_table_has_a_row_for_each_test_step_and_seat() {
    let outcome = outcome(&TALLY.replace("Мекенчил", "=HYPERLINK(1)"));
    let table = outcome.table_in(Language::Russian);
    let mut lines = table.split("\r\n");
    assert_eq!(lines.next().unwrap().split(',').collect::<Vec<_>>(), TABLE_COLUMNS);
    let page = include_str!("../../../docs/rulebooks.md");
    assert!(TABLE_COLUMNS.iter().all(|column| page.contains(&format!("`{column}`"))));
    let rows: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let of = |kind: &str| rows.iter().filter(|row| row.split(',').next() == Some(kind)).count();
    assert_eq!(of("test"), outcome.admission.iter().map(|admission| admission.tests.len()).sum::<usize>());
    assert_eq!((of("step"), of("tie"), of("reading")), (outcome.steps.len(), 0, outcome.readings.len()));
    assert!(of("seats") >= outcome.seats.len() * 2);
    assert!(rows.iter().any(|row| row.contains(",'=HYPERLINK(1),")), "{table}");
    assert!(rows.iter().all(|row| !row.contains(",=")), "{table}");
    assert!(table.contains("step,seats,,,birimdik,Биримдик,"), "{table}");
}

#[test]
fn every_rulebook_that_ships_is_told_in_every_language() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks");
    let mut told = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let rulebook = Rulebook::parse(&source).unwrap();
        let ids: BTreeSet<&str> = words_of(&source).collect();
        let english = rulebook.explain_in(Language::English);
        for language in [Language::Russian, Language::Kyrgyz] {
            let mut lines = rulebook.explain_in(language);
            assert_eq!(lines.len(), english.len(), "{}", path.display());
            lines.extend(rulebook.findings().iter().map(|finding| finding.say(language)));
            let text = lines.join("\n");
            // Words of the language of rulebooks, which stand in backquotes or are values of keys.
            let known = [
                "hand",
                "law",
                "redistribute",
                "exhausted",
                "national",
                "vacancy",
                "validity",
                "annulment",
                "standing",
                "stage",
            ];
            let foreign: Vec<&str> =
                words_of(&text).filter(|word| !ids.contains(word) && !known.contains(word)).collect();
            assert!(foreign.is_empty(), "{} {}: {foreign:?}\n{text}", path.display(), language.code());
        }
        told += 1;
    }
    assert!(told >= 2);
}
