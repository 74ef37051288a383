//! The tree of units and stations: order, ancestry and every refusal.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use recount_election::{Attributes, Geography, GeographyError, MAX_FIGURE, StationIx, UnitIx};

fn none() -> Attributes {
    Attributes::new()
}

fn small() -> Geography {
    let mut geography = Geography::new();
    geography.add_unit("kg", "national", None, "Kyrgyzstan", none()).unwrap();
    geography.add_unit("osh", "region", Some("kg"), "Osh", none()).unwrap();
    geography.add_unit("chuy", "region", Some("kg"), "Chuy", none()).unwrap();
    geography.add_unit("osh-1", "territory", Some("osh"), "Osh 1", none()).unwrap();
    geography.add_station("s3", "chuy", None, None, none()).unwrap();
    geography.add_station("s1", "osh-1", Some(900), Some("School 5"), none()).unwrap();
    geography.add_station("s2", "osh", Some(0), None, none()).unwrap();
    geography
}

#[test]
fn indices_follow_first_appearance() {
    let geography = small();
    let ids: Vec<_> = geography.stations().iter().map(|station| station.id.as_str()).collect();
    assert_eq!(ids, ["s3", "s1", "s2"]);
    assert_eq!(geography.station_ix("s1"), Some(StationIx(1)));
    assert_eq!(geography.station_ix("osh"), None);
    assert_eq!(geography.root(), Some(UnitIx(0)));
    assert_eq!(geography.children(UnitIx(0)), [UnitIx(1), UnitIx(2)]);
    assert_eq!(geography.stations_within(UnitIx(1)), [StationIx(2), StationIx(1)]);
    assert_eq!(geography.stations_within(UnitIx(0)).len(), 3);
}

#[test]
fn ancestry_reaches_the_root() {
    let geography = small();
    let (osh, osh_1) = (UnitIx(1), UnitIx(3));
    assert_eq!(geography.ancestors(osh_1).collect::<Vec<_>>(), [osh_1, osh, UnitIx(0)]);
    assert!(geography.is_within(osh_1, osh));
    assert!(!geography.is_within(osh, osh_1));
    assert!(geography.station_is_within(StationIx(1), osh));
    assert!(!geography.station_is_within(StationIx(0), osh));
    assert_eq!(geography.at_level(osh_1, "region"), Some(osh));
    assert_eq!(geography.at_level(osh, "territory"), None);
    assert_eq!(geography.ancestors(UnitIx(99)).count(), 0);
    assert!(!geography.station_is_within(StationIx(99), osh));
}

#[test]
fn refusals_change_nothing() {
    let mut geography = small();
    let before = geography.clone();
    let unknown = geography.add_unit("a", "region", Some("nowhere"), "A", none());
    assert!(matches!(unknown, Err(GeographyError::UnknownUnit { .. })));
    let own_parent = geography.add_unit("a", "region", Some("a"), "A", none());
    assert!(matches!(own_parent, Err(GeographyError::UnknownUnit { .. })));
    let duplicate = geography.add_unit("osh", "region", Some("kg"), "Osh", none());
    assert!(matches!(duplicate, Err(GeographyError::DuplicateUnit { .. })));
    let root = geography.add_unit("uz", "national", None, "Uz", none());
    assert!(matches!(root, Err(GeographyError::SecondRoot { .. })));
    let duplicate = geography.add_station("s1", "osh", None, None, none());
    assert!(matches!(duplicate, Err(GeographyError::DuplicateStation { .. })));
    let homeless = geography.add_station("s9", "nowhere", None, None, none());
    assert!(matches!(homeless, Err(GeographyError::UnknownUnit { .. })));
    let crowded = geography.add_station("s9", "osh", Some(MAX_FIGURE + 1), None, none());
    assert!(matches!(crowded, Err(GeographyError::Expected { .. })));
    assert!(matches!(geography.add_station("s 9", "osh", None, None, none()), Err(GeographyError::Id(_))));
    assert!(geography.set_expected(StationIx(0), Some(u64::MAX)).is_err());
    assert_eq!(geography, before);
    geography.set_expected(StationIx(0), Some(5)).unwrap();
    assert_eq!(geography.station(StationIx(0)).unwrap().expected, Some(5));
}

#[test]
fn depth_is_capped_at_sixteen_levels() {
    let mut geography = Geography::new();
    geography.add_unit("u0", "l", None, "", none()).unwrap();
    for depth in 1..16 {
        let parent = format!("u{}", depth - 1);
        geography.add_unit(&format!("u{depth}"), "l", Some(&parent), "", none()).unwrap();
    }
    let deeper = geography.add_unit("u16", "l", Some("u15"), "", none());
    assert_eq!(deeper, Err(GeographyError::TooDeep { id: "u16".to_owned() }));
    assert_eq!(geography.ancestors(UnitIx(15)).count(), 16);
}

proptest! {
    /// Whatever is added, every unit reaches the root, and the root holds every station once.
    #[test]
    fn every_tree_is_a_tree(parents in proptest::collection::vec((any::<bool>(), 0usize..40), 1..40)) {
        let mut geography = Geography::new();
        for (number, (station, parent)) in parents.iter().enumerate() {
            let parent = format!("u{parent}");
            if *station {
                let _ = geography.add_station(&format!("s{number}"), &parent, None, None, none());
            } else {
                let parent = (number > 0).then_some(parent.as_str());
                let _ = geography.add_unit(&format!("u{number}"), "l", parent, "", none());
            }
        }
        if let Some(root) = geography.root() {
            for unit in geography.units() {
                let unit = geography.unit_ix(&unit.id).unwrap();
                prop_assert!(geography.is_within(unit, root));
            }
            let mut within = geography.stations_within(root);
            within.sort();
            let count = geography.stations().len();
            prop_assert_eq!(within, (0..u32::try_from(count).unwrap()).map(StationIx).collect::<Vec<_>>());
        }
    }
}
