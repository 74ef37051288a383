//! The published figures: readable, complete, and wrong exactly where the print was wrong.
#![allow(clippy::expect_used, reason = "helpers of tests")]

use recount_kg2020::{FIGURES_TOML, Figures, FiguresError, Percent, Reach, round_half_up, truncate};

fn figures() -> Figures {
    Figures::published().expect("the committed figures are readable")
}

#[test]
fn lists_sum_to_what_the_briefing_gave() {
    let figures = figures();
    let votes: u64 = figures.lists.list.iter().map(|list| list.machine_votes).sum();
    assert_eq!(votes, 1_923_216);
    assert_eq!(votes + figures.lists.against_all_machine_votes, 1_958_930);
    assert_eq!(figures.election.took_part - 1_958_930, 31_823);
}

#[test]
fn printed_shares_fit_their_votes_but_for_the_known_slip() {
    let figures = figures();
    let wrong: Vec<&str> = figures
        .lists
        .list
        .iter()
        .filter(|list| !list.machine_printed.is_rounded(list.machine_votes, figures.election.took_part, 2))
        .map(|list| list.id.as_str())
        .collect();
    assert_eq!(wrong, ["ata_meken"]);
    assert_eq!(round_half_up(80_279, figures.election.took_part, 2), Some(403));
}

#[test]
fn contradictions_are_kept() {
    let figures = figures();
    let units: u64 = figures.units.unit.iter().map(|unit| unit.voted_14h).sum();
    assert_eq!(units, 990_522);
    assert_eq!(figures.turnout.statement[0].voted, 990_492);
    assert!(!figures.night.stations_printed.is_rounded(figures.night.stations, figures.election.stations, 2));
    assert_eq!(round_half_up(2_339, 2_475, 1), Some(945));
    assert_eq!(figures.election.slips.stations_missing_printed, 957);
    assert_eq!(figures.election.stations - figures.lists.hand_stations, 917);
}

#[test]
fn form_two_is_fourteen_percent_of_the_register() {
    let figures = figures();
    assert_eq!(round_half_up(figures.form2.citizens, figures.election.registered, 1), Some(141));
    assert!(figures.form2.repeated > figures.form2.twice + figures.form2.three_times);
}

#[test]
fn shares_of_two_units_are_complete() {
    let figures = figures();
    let sums: Vec<(String, u64)> = figures
        .units
        .unit
        .iter()
        .filter_map(|unit| {
            let shares = unit.list_shares(&figures.lists.list).expect("readable")?;
            assert_eq!(shares.len(), 17);
            Some((unit.id.clone(), shares.iter().map(|share| share.of(10_000)).sum()))
        })
        .collect();
    assert_eq!(sums, [("bishkek".to_owned(), 9_801), ("talas".to_owned(), 9_807)]);
}

#[test]
fn every_source_is_used_or_refused() {
    for source in &figures().source {
        let uses = FIGURES_TOML.matches(&format!("\"{}\"", source.id)).count();
        assert!(uses >= 2, "source {} is never used", source.id);
        let address = source.url.as_deref().map(|url| url.starts_with("https://"));
        assert_eq!(address, (source.reach != Reach::Outlet).then_some(true), "{source:?}");
    }
    let broken = FIGURES_TOML.replacen("source = \"blic-1008\"", "source = \"nobody\"", 1);
    assert_eq!(
        Figures::parse(&broken),
        Err(FiguresError::Source { place: "parliament.sitting".to_owned(), id: "nobody".to_owned() })
    );
}

#[test]
fn bad_text_is_refused_with_its_place() {
    let twice = FIGURES_TOML.replacen("id = \"mekenim\"", "id = \"birimdik\"", 1);
    assert!(matches!(Figures::parse(&twice), Err(FiguresError::Twice { what: "list", .. })));
    let unknown = FIGURES_TOML.replacen("rejected =", "refused_all =", 1);
    assert!(matches!(Figures::parse(&unknown), Err(FiguresError::Toml(text)) if text.contains("refused_all")));
    let comma = FIGURES_TOML.replacen("\"27.49\"", "\"27,49\"", 1);
    assert!(matches!(Figures::parse(&comma), Err(FiguresError::Toml(text)) if text.contains("27,49")));
    let share = FIGURES_TOML.replacen("ordo = \"0.33\"\n", "", 1);
    assert!(matches!(Figures::parse(&share), Err(FiguresError::Percent(text)) if text.contains("bishkek")));
    let negative = FIGURES_TOML.replacen("487685", "-487685", 1);
    assert!(matches!(Figures::parse(&negative), Err(FiguresError::Toml(_))));
    let fewer = FIGURES_TOML.replacen("id = \"batken\"", "id = \"talas\"", 1);
    assert!(matches!(Figures::parse(&fewer), Err(FiguresError::Twice { what: "unit", .. })));
}

#[test]
fn percentages_mean_what_is_printed() {
    for text in ["", ".", "5.", ".5", "-1", "1e2", "1.2345678", "1234.5", "١", "1 "] {
        assert!(Percent::parse(text).is_err(), "{text:?}");
    }
    for text in ["0", "7", "0.7", "28.11", "4.50", "0.07", "100.00"] {
        assert_eq!(Percent::parse(text).map(|percent| percent.to_string()), Ok(text.to_owned()));
    }
    let half = Percent::parse("12.5").expect("a percentage");
    assert!(half.is_rounded(1, 8, 1) && half.is_rounded(1, 8, 3) && half.is_truncated(1, 8, 1));
    assert!(!half.is_rounded(1, 8, 0), "a figure cannot be compared to fewer decimals than it has");
    assert_eq!((half.of(8), half.of(4)), (1, 1), "halves go up");
    assert_eq!((round_half_up(1, 0, 2), truncate(1, 0, 2)), (None, None));
    assert_eq!((round_half_up(2, 3, 0), truncate(2, 3, 0)), (Some(67), Some(66)));
}
