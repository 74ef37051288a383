//! What was said and filed around the counts, and that the same world is the same story.
#![allow(clippy::expect_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use recount_kg2020::{Basis, ComplaintCode, Figures, Story, World, generate};

fn story(world: World) -> Story {
    generate(world).expect("both worlds are feasible")
}

#[test]
fn same_world_gives_the_same_bytes() {
    for world in [World::Same, World::Differs] {
        assert_eq!(format!("{:?}", story(world)), format!("{:?}", story(world)));
    }
    assert_ne!(story(World::Same).machine, story(World::Differs).machine);
}

/// FNV-1a of the figures that a record would hold: they stay the same on every machine and compiler.
fn checksum(story: &Story) -> u64 {
    let mut sum = 0xCBF2_9CE4_8422_2325_u64;
    let mut take = |number: u64| {
        for byte in number.to_le_bytes() {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    };
    for count in &story.machine {
        count.votes.iter().chain([&count.against_all, &count.invalid_or_unread]).for_each(|&number| take(number));
    }
    for count in &story.hand {
        count.votes.iter().chain([&count.cancelled, &count.stationary_box]).for_each(|&number| take(number));
    }
    sum
}

#[test]
fn a_change_of_the_stations_is_deliberate() {
    // When the generator is changed on purpose, these change with it.
    assert_eq!(
        [checksum(&story(World::Same)), checksum(&story(World::Differs))],
        [10_041_145_617_117_769_460, 7_792_416_151_534_708_955]
    );
}

#[test]
fn generation_is_quick() {
    let start = Instant::now();
    let _ = story(World::Differs);
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "took {:?}: far from the 2 s that a debug build may take",
        start.elapsed()
    );
}

#[test]
fn everything_says_that_it_is_synthetic() {
    let story = story(World::Same);
    assert!(story.synthetic);
    for basis in [Basis::Published, Basis::Computed, Basis::Assumed, Basis::Synthetic] {
        assert!(story.provenance.iter().any(|line| line.basis == basis));
    }
}

#[test]
fn turnout_keeps_its_contradictions() {
    let story = story(World::Same);
    let said: Vec<(i64, u64, String)> =
        story.turnout.iter().map(|one| (one.at_minute, one.voted, one.percent.to_string())).collect();
    assert_eq!(
        said,
        [
            (-360, 990_492, "28.11".to_owned()),
            (150, 1_980_240, "56.2".to_owned()),
            (900, 1_990_753, "56.50".to_owned()),
        ]
    );
    assert_eq!(story.turnout[0].units.iter().map(|(_, voted, _)| voted).sum::<u64>(), 990_522);
    assert!(story.turnout[0].contradiction.is_some());
    assert_eq!(story.briefing_minute, 900);
}

#[test]
fn election_night_has_exactly_so_many_machine_counts() {
    for world in [World::Same, World::Differs] {
        let story = story(world);
        let before = story.machine.iter().filter(|count| count.at_minute <= story.night.at_minute).count();
        assert_eq!((before as u64, story.night.stations), (2_339, 2_339));
        assert_eq!(
            (story.night.stations_printed.to_string(), story.night.lists_over_threshold),
            ("82.38".to_owned(), 5)
        );
        let over = |until: i64| {
            let counts = story.machine.iter().filter(|count| count.at_minute <= until);
            let voters: u64 = counts.clone().map(|count| count.voters_took_part).sum();
            let votes = |list: usize| counts.clone().map(|count| count.votes[list]).sum::<u64>();
            (0..16).filter(|&list| votes(list) * 100 >= 7 * voters).collect::<Vec<_>>()
        };
        assert_eq!((over(story.night.at_minute), over(story.briefing_minute)), (vec![0, 1, 2, 3, 4], vec![0, 1, 2, 3]));
        assert!(story.machine.is_sorted_by_key(|count| (count.at_minute, count.station.clone())));
        assert!(story.hand.is_sorted_by_key(|count| (count.at_minute, count.station.clone())));
    }
}

#[test]
fn copies_differ_where_they_say_so_and_still_add_up() {
    for world in [World::Same, World::Differs] {
        let story = story(world);
        let hand: BTreeMap<&str, _> = story.hand.iter().map(|hand| (hand.station.as_str(), hand)).collect();
        assert_eq!(story.copies.len(), 48);
        assert_eq!(story.copies.iter().filter(|copy| copy.differs).count(), 14);
        for copy in &story.copies {
            let protocol = hand[copy.station.as_str()];
            assert_eq!(copy.differs, copy.votes != protocol.votes, "{copy:?}");
            assert_eq!(copy.votes.iter().sum::<u64>() + copy.against_all + copy.invalid, copy.voters_took_part);
            assert!(copy.at_minute > protocol.at_minute);
        }
    }
}

#[test]
fn complaints_follow_the_published_numbers() {
    let story = story(World::Same);
    assert_eq!(story.complaints.iter().filter(|one| one.at_minute <= -480).count(), 21);
    let sample: Vec<_> = story.complaints.iter().filter(|one| one.by == "sample").collect();
    assert_eq!(sample.len(), 67);
    // 7.4 % of 300 stations is no whole number; 22 is the nearest.
    assert_eq!(sample.iter().filter(|one| one.code == ComplaintCode::BoxReplaced).count(), 22);
    for one in &story.complaints {
        assert!(story.stations.iter().any(|station| station.id == one.station && station.unit != "abroad"));
        assert!((-720..0).contains(&one.at_minute) && !one.code.code().is_empty());
    }
}

#[test]
fn ruling_claims_nothing_that_is_not_published() {
    let ruling = story(World::Same).ruling;
    assert_eq!((ruling.number.as_str(), ruling.date.as_str()), ("249", "2020-10-06"));
    assert_eq!((ruling.votes_for, ruling.present), (None, None));
    assert!(!ruling.grounds_by_station && ruling.at_minute > 900);
}

#[test]
fn notes_carry_numbers_and_known_sources() {
    let (story, figures) = (story(World::Same), Figures::published().expect("readable"));
    assert!(
        story
            .notes
            .iter()
            .all(|note| !note.sources.is_empty() && note.sources.iter().all(|id| figures.source(id).is_some()))
    );
    assert!(story.notes.is_sorted_by_key(|note| note.date.clone()));
    let form2 = story.notes.iter().find(|note| note.subject == "form-2").expect("a note on Form No. 2");
    assert!(form2.text.contains("496239") && form2.text.contains("42386"), "{}", form2.text);
    let sittings: Vec<_> = story.notes.iter().filter(|note| note.subject == "sitting").collect();
    assert_eq!(sittings.len(), 6);
    assert!(sittings.iter().all(|note| note.text.contains("the quorum is 61")));
}
