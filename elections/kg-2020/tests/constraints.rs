//! Every published figure holds in both worlds, to the last vote.
#![allow(clippy::expect_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use recount_kg2020::{Figures, HandCount, LISTS, Slip, Story, Totals, World, generate};

const MACHINE: [u64; LISTS] = [
    487_685, 475_372, 174_317, 141_940, 136_276, 115_288, 80_279, 66_747, 60_305, 46_568, 42_862, 42_460, 32_795,
    12_468, 4_395, 3_459,
];

fn stories() -> &'static [Story; 2] {
    static STORIES: OnceLock<[Story; 2]> = OnceLock::new();
    STORIES
        .get_or_init(|| [World::Same, World::Differs].map(|world| generate(world).expect("both worlds are feasible")))
}

fn figures() -> Figures {
    Figures::published().expect("readable")
}

/// Largest remainder (Hare) over the given lists, written plainly for the test.
fn hare(votes: &[(usize, u64)], seats: u64) -> BTreeMap<usize, u64> {
    let sum: u64 = votes.iter().map(|(_, votes)| votes).sum();
    let mut given: BTreeMap<usize, u64> = votes.iter().map(|&(list, votes)| (list, votes * seats / sum)).collect();
    let mut rest: Vec<(u64, usize)> = votes.iter().map(|&(list, votes)| (votes * seats % sum, list)).collect();
    rest.sort_unstable();
    rest.reverse();
    let left = seats - given.values().sum::<u64>();
    for (_, list) in rest.into_iter().take(usize::try_from(left).expect("few")) {
        *given.entry(list).or_default() += 1;
    }
    given
}

/// Lists with 7 % of `base` and the seats that they get.
fn parliament(votes: &[u64; LISTS], base: u64) -> Vec<(usize, u64)> {
    let admitted: Vec<(usize, u64)> =
        votes.iter().copied().enumerate().filter(|(_, votes)| votes * 100 >= 7 * base).collect();
    hare(&admitted, 120).into_iter().collect()
}

fn unit_of(story: &Story) -> BTreeMap<&str, &str> {
    story.stations.iter().map(|station| (station.id.as_str(), station.unit.as_str())).collect()
}

fn add(sum: &mut (u64, [u64; LISTS], u64), voters: u64, votes: &[u64; LISTS], against_all: u64) {
    sum.0 += voters;
    sum.1.iter_mut().zip(votes).for_each(|(sum, more)| *sum += more);
    sum.2 += against_all;
}

type ByUnit<'a> = BTreeMap<&'a str, (u64, [u64; LISTS], u64)>;

fn machine_by_unit(story: &Story) -> ByUnit<'_> {
    let units = unit_of(story);
    let mut sums = ByUnit::new();
    for count in &story.machine {
        add(
            sums.entry(units[count.station.as_str()]).or_default(),
            count.voters_took_part,
            &count.votes,
            count.against_all,
        );
    }
    sums
}

fn hand_by_unit(story: &Story) -> ByUnit<'_> {
    let units = unit_of(story);
    let mut sums = ByUnit::new();
    for count in &story.hand {
        add(
            sums.entry(units[count.station.as_str()]).or_default(),
            count.voters_took_part,
            &count.votes,
            count.against_all,
        );
    }
    sums
}

#[test]
fn register_has_the_published_numbers() {
    for story in stories() {
        let abroad = story.stations.iter().filter(|station| station.unit == "abroad").count();
        assert_eq!((story.stations.len() - abroad, abroad), (2_430, 45));
        assert_eq!(story.stations.iter().map(|station| station.registered).sum::<u64>(), 3_523_554);
        let ids: BTreeSet<&str> = story.stations.iter().map(|station| station.id.as_str()).collect();
        assert_eq!(ids.len(), 2_475);
        assert_eq!((story.units.len(), story.units.iter().filter(|unit| unit.threshold).count()), (10, 9));
        assert_eq!(story.territories.len(), 55);
        for (unit, number) in [("bishkek", 233), ("osh-city", 76)] {
            assert_eq!(story.stations.iter().filter(|station| station.unit == unit).count(), number);
        }
        for station in &story.stations {
            assert!((100..=2_800).contains(&station.registered), "{station:?}");
            let territory = story.territories.iter().find(|territory| territory.id == station.territory);
            assert_eq!(territory.map(|territory| &territory.unit), Some(&station.unit));
        }
        assert_eq!(
            story.stations.iter().find(|one| one.id == story.zardaly).map(|one| one.unit.as_str()),
            Some("batken")
        );
    }
}

#[test]
fn register_changed_in_the_last_week_as_published() {
    let figures = figures();
    for story in stories() {
        let change = &story.register_change;
        assert_eq!(
            (change.before_home, change.before_abroad, change.after_home, change.after_abroad),
            (2_462, 44, 2_430, 45)
        );
        assert_eq!((change.removed.len(), change.added.len()), (32, 1));
        let ids: BTreeSet<&str> = story.stations.iter().map(|station| station.id.as_str()).collect();
        assert!(change.removed.iter().all(|gone| !ids.contains(gone.id.as_str()) && gone.registered_before > 0));
        let mut before: BTreeMap<&str, u64> = BTreeMap::new();
        for station in &story.stations {
            assert_eq!(station.registered_before == 0, change.added.contains(&station.id), "{station:?}");
            *before.entry(&station.unit).or_default() += station.registered_before;
        }
        for gone in &change.removed {
            *before.entry(&gone.unit).or_default() += gone.registered_before;
        }
        for unit in &figures.units.unit {
            assert!(unit.before_share.is_rounded(before[unit.id.as_str()], 3_523_554, 2), "{}", unit.id);
        }
    }
}

#[test]
fn machine_totals_are_the_published_ones() {
    for story in stories() {
        assert_eq!(story.machine.len(), 2_429);
        let totals = &story.machine_totals;
        assert_eq!(totals.votes, MACHINE);
        assert_eq!((totals.against_all, totals.invalid, totals.voters_took_part), (35_714, 31_823, 1_990_753));
        let counted: BTreeSet<&str> = story.machine.iter().map(|count| count.station.as_str()).collect();
        assert_eq!(counted.len(), 2_429);
        for station in &story.stations {
            let missing = station.unit == "abroad" || station.id == story.zardaly;
            assert_eq!(counted.contains(station.id.as_str()), !missing, "{station:?}");
        }
    }
}

#[test]
fn totals_are_the_sums_of_the_stations() {
    for story in stories() {
        let mut machine = (0, [0; LISTS], 0);
        for count in &story.machine {
            add(&mut machine, count.voters_took_part, &count.votes, count.against_all);
        }
        let of = |totals: &Totals| (totals.voters_took_part, totals.votes, totals.against_all);
        assert_eq!(machine, of(&story.machine_totals));
        let mut hand = (0, [0; LISTS], 0);
        for count in &story.hand {
            add(&mut hand, count.voters_took_part, &count.votes, count.against_all);
        }
        assert_eq!(hand, of(&story.hand_totals));
    }
}

#[test]
fn every_station_adds_up() {
    for story in stories() {
        let registered: BTreeMap<&str, u64> =
            story.stations.iter().map(|station| (station.id.as_str(), station.registered)).collect();
        for count in &story.machine {
            let sum = count.votes.iter().sum::<u64>() + count.against_all + count.invalid_or_unread;
            assert_eq!(sum, count.voters_took_part, "{count:?}");
            assert!(count.voters_took_part <= registered[count.station.as_str()], "{count:?}");
            assert!(count.voters_took_part > 0 && (0..=900).contains(&count.at_minute), "{count:?}");
        }
        for count in &story.hand {
            let valid = count.votes.iter().sum::<u64>() + count.against_all;
            assert_eq!((valid, valid + count.invalid), (count.valid, count.voters_took_part), "{count:?}");
            assert_eq!(count.registered, registered[count.station.as_str()]);
            assert!(count.voters_took_part <= count.registered + count.additional_list, "{count:?}");
            assert!((0..900).contains(&count.at_minute), "{count:?}");
        }
    }
}

#[test]
fn shares_of_bishkek_and_talas_are_the_printed_ones() {
    let figures = figures();
    for story in stories() {
        let sums = machine_by_unit(story);
        let mut compared = 0;
        for unit in &figures.units.unit {
            let Some(shares) = unit.list_shares(&figures.lists.list).expect("readable") else {
                continue;
            };
            let (voters, votes, against_all) = sums[unit.id.as_str()];
            for (share, votes) in shares.iter().zip(votes.iter().chain([&against_all])) {
                assert!(share.is_rounded(*votes, voters, 2), "{}: {votes} of {voters} is not {share}", unit.id);
                compared += 1;
            }
        }
        assert_eq!(compared, 34);
    }
}

#[test]
fn turnouts_are_the_printed_ones() {
    let figures = figures();
    for story in stories() {
        let sums = machine_by_unit(story);
        let mut registered: BTreeMap<&str, u64> = BTreeMap::new();
        for station in &story.stations {
            *registered.entry(&station.unit).or_default() += station.registered;
        }
        let mut finals = Vec::new();
        for unit in &figures.units.unit {
            let (id, all) = (unit.id.as_str(), registered[unit.id.as_str()]);
            assert!(unit.turnout_14h.is_rounded(unit.voted_14h, all, 2), "{id} at 14:00");
            assert!(unit.voted_14h < sums[id].0, "{id}: fewer at the end than at 14:00");
            if let Some(last) = unit.turnout_final {
                assert!(last.is_rounded(sums[id].0, all, 2), "{id} at the end");
                finals.push(id);
            }
            // The published lowest and highest are Batken and Osh city.
            assert!(sums[id].0 * registered["batken"] >= sums["batken"].0 * all, "{id} below Batken");
            assert!(sums[id].0 * registered["osh-city"] <= sums["osh-city"].0 * all, "{id} above Osh city");
        }
        assert_eq!(finals, ["osh-city", "talas", "batken"]);
        assert!(figures.election.turnout.is_rounded(1_990_753, 3_523_554, 2));
    }
}

#[test]
fn admitted_lists_pass_in_every_unit() {
    for story in stories() {
        for (unit, (voters, votes, _)) in machine_by_unit(story) {
            // four by those who took part, Mekenchil by list votes; the others that the hand count admits too
            for list in [0, 1, 2, 3, 4, 5] {
                assert!(votes[list] * 1_000 > 7 * voters, "{unit}: {}", story.lists[list].id);
            }
        }
        let hand = hand_by_unit(story);
        assert_eq!(hand.len(), 9, "some stations of every unit are counted by hand");
        for (unit, (voters, votes, _)) in hand {
            for list in [0, 1, 2, 4, 5] {
                assert!(votes[list] * 1_000 > 7 * voters, "{unit}: {}", story.lists[list].id);
            }
        }
    }
}

#[test]
fn hand_shares_are_the_printed_ones() {
    let figures = figures();
    for story in stories() {
        assert_eq!(story.hand.len(), 1_558);
        for totals in [&story.hand_totals, &story.hand_alternative] {
            assert_eq!(totals.stations, 1_558);
            let voters = totals.voters_took_part;
            for (list, &votes) in figures.lists.list.iter().zip(&totals.votes) {
                let (printed, decimals) = (list.hand_printed, list.hand_decimals);
                assert!(printed.is_rounded(votes, voters, decimals), "{}: {votes} of {voters}", list.id);
                assert!(decimals == 2 || printed.is_truncated(votes, voters, 1), "{}: {votes} of {voters}", list.id);
            }
            let against_all = figures.lists.against_all_hand_printed;
            assert!(
                against_all.is_rounded(totals.against_all, voters, 1)
                    && against_all.is_truncated(totals.against_all, voters, 1)
            );
            assert_eq!(totals.votes.iter().sum::<u64>() + totals.against_all + totals.invalid, voters);
        }
    }
}

#[test]
fn one_morning_offers_four_parliaments() {
    for story in stories() {
        let machine = &story.machine_totals;
        let list_votes = machine.votes.iter().sum();
        assert_eq!(parliament(&machine.votes, machine.voters_took_part), [(0, 46), (1, 45), (2, 16), (3, 13)]);
        assert_eq!(parliament(&machine.votes, list_votes), [(0, 41), (1, 40), (2, 15), (3, 12), (4, 12)]);
        let hand = |totals: &Totals| parliament(&totals.votes, totals.voters_took_part);
        assert_eq!(hand(&story.hand_totals), [(0, 34), (1, 43), (2, 16), (4, 14), (5, 13)]);
        assert_eq!(hand(&story.hand_alternative), [(0, 34), (1, 43), (2, 17), (4, 14), (5, 12)]);
    }
}

#[test]
fn margins_at_the_line_are_the_known_ones() {
    let line = (7 * 1_990_753_u64).div_ceil(100);
    for story in stories() {
        assert_eq!(story.machine_totals.votes[3] - line, 2_587);
        assert_eq!(line - story.machine_totals.votes[4], 3_077);
    }
}

#[test]
fn worlds_are_what_they_say() {
    let differing = |story: &Story| {
        let machine: BTreeMap<&str, _> = story.machine.iter().map(|count| (count.station.as_str(), count)).collect();
        let differs = |hand: &&HandCount| {
            let count = machine[hand.station.as_str()];
            assert_eq!(count.voters_took_part, hand.voters_took_part, "{}", hand.station);
            assert!(count.at_minute < hand.at_minute, "{}", hand.station);
            (count.votes, count.against_all, count.invalid_or_unread) != (hand.votes, hand.against_all, hand.invalid)
        };
        story.hand.iter().filter(differs).count()
    };
    let [same, differs] = stories();
    assert_eq!(differing(same), 0);
    let number = differing(differs);
    assert_eq!(number, 780);
    assert_eq!(same.hand_totals, differs.hand_totals);
    assert_eq!(same.stations, differs.stations);
    let ids = |story: &Story| story.hand.iter().map(|hand| hand.station.clone()).collect::<BTreeSet<_>>();
    assert_eq!(ids(same), ids(differs));
    assert_ne!(same.world.assumption(), differs.world.assumption());
}

#[test]
fn controls_hold_except_where_an_error_was_put() {
    for story in stories() {
        let mut slips: BTreeMap<Slip, u64> = BTreeMap::new();
        for count in &story.hand {
            let issued = count.early + count.issued_at_station + count.issued_outside;
            let boxes = count.portable_box + count.stationary_box;
            let controls = [
                count.ballots_received == issued + count.cancelled,
                boxes == count.valid + count.invalid,
                issued <= count.registered + count.additional_list,
                boxes <= issued,
                count.portable_box <= count.early + count.issued_outside,
            ];
            assert_eq!(controls.iter().all(|&holds| holds), count.slip.is_none(), "{count:?}");
            if let Some(slip) = count.slip {
                *slips.entry(slip).or_default() += 1;
            }
        }
        assert_eq!(slips.values().copied().collect::<Vec<_>>(), [9, 9, 9, 9]);
    }
}

#[test]
fn choice_of_stations_matters_only_where_the_world_says_so() {
    // Birimdik's machine share at the stations counted by hand and at the others, in hundredths of a percent, per unit.
    let gaps = |story: &Story| -> Vec<u64> {
        let units = unit_of(story);
        let hand: BTreeSet<&str> = story.hand.iter().map(|hand| hand.station.as_str()).collect();
        let mut sums: BTreeMap<(&str, bool), (u64, u64)> = BTreeMap::new();
        for count in &story.machine {
            let key = (units[count.station.as_str()], hand.contains(count.station.as_str()));
            let sum = sums.entry(key).or_default();
            *sum = (sum.0 + count.votes[0] * 10_000, sum.1 + count.voters_took_part);
        }
        let share = |unit, by_hand| sums[&(unit, by_hand)].0 / sums[&(unit, by_hand)].1;
        let named = story.units.iter().filter(|unit| unit.threshold).map(|unit| unit.id.as_str());
        named.map(|unit| share(unit, false).abs_diff(share(unit, true))).collect()
    };
    let [same, differs] = stories();
    assert!(gaps(same).iter().all(|&gap| gap > 500), "{:?}", gaps(same));
    assert!(gaps(differs).iter().all(|&gap| gap < 5), "{:?}", gaps(differs));
}
