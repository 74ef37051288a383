//! Paths, layouts and bundles.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed test"
)]

use proptest::prelude::*;
use recount_log::{
    Hash, MAX_ENTRY, MAX_SIZE, Tile, TileError, decode_bundle, decode_hashes, encode_bundle, encode_hashes, layout,
    leaf_hash, tile_of_node, tiles_at,
};

#[test]
fn paths_of_the_specification() {
    let tile = |level, index, width| Tile::Hashes { level, index, width }.path();
    assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile(0, 0, 256), "tile/0/000");
    assert_eq!(tile(1, 999, 17), "tile/1/999.p/17");
    assert_eq!(tile(63, 1000, 255), "tile/63/x001/000.p/255");
    assert_eq!(Tile::Entries { index: 273, width: 112 }.path(), "tile/entries/273.p/112");
    assert_eq!(tile(0, u64::MAX, 256), "tile/0/x018/x446/x744/x073/x709/x551/615");
    assert_eq!(
        Tile::parse_path("tile/0/x018/x446/x744/x073/x709/x551/616"),
        Err(TileError::Path("tile/0/x018/x446/x744/x073/x709/x551/616".into()))
    );
}

#[test]
fn only_canonical_paths_are_read() {
    for bad in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/256/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/016",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/5/",
        "tile/0/000.p/5.p/5",
        "tile/8/0/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/x001/067/",
        "tile/0/1234067",
        "/tile/0/000",
        "tile/0/000 ",
        "tile/0/-01",
        "tile/entries/x000/000",
        "tile/Entries/000",
        "tile//000",
        "tile/0//000",
        "tile/0/000.p/+5",
        "tile/0/٠٠٠",
        "tile/0/X001/000",
        "tile/data/000",
    ] {
        assert!(Tile::parse_path(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn layout_of_the_specification() {
    let rows = |size| layout(size).iter().map(|l| (l.level, l.full, l.partial)).collect::<Vec<_>>();
    assert_eq!(rows(0), []);
    assert_eq!(rows(1), [(0, 0, 1)]);
    assert_eq!(rows(256), [(0, 1, 0), (1, 0, 1)]);
    assert_eq!(rows(70_000), [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
    assert_eq!(rows(MAX_SIZE).last(), Some(&(6, 0, 1)));
    assert_eq!(rows(u64::MAX).last(), Some(&(7, 0, 255)));
    assert_eq!(
        rows(1 << 56),
        [
            (0, 1 << 48, 0),
            (1, 1 << 40, 0),
            (2, 1 << 32, 0),
            (3, 1 << 24, 0),
            (4, 1 << 16, 0),
            (5, 256, 0),
            (6, 1, 0),
            (7, 0, 1)
        ]
    );
    assert!(matches!(tiles_at(MAX_SIZE + 1).map(drop), Err(TileError::TooLarge)));
    assert!(tiles_at(u64::MAX).is_err());
    let all: Vec<String> = tiles_at(257).unwrap().map(|tile| tile.path()).collect();
    assert_eq!(all, ["tile/entries/000", "tile/entries/001.p/1", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
}

#[test]
fn bundles_are_exact() {
    let bytes = encode_bundle(["one", "", "three"]).unwrap();
    assert_eq!(bytes, b"\0\x03one\0\0\0\x05three");
    let bundle = decode_bundle(&bytes, 3).unwrap();
    assert_eq!(bundle.iter().collect::<Vec<_>>(), [&b"one"[..], b"", b"three"]);
    assert_eq!((bundle.get(1), bundle.get(3), bundle.width()), (Some(&b""[..]), None, 3));
    assert_eq!(decode_bundle(&bytes, 4), Err(TileError::CutOff(3)));
    assert_eq!(decode_bundle(&bytes, 2), Err(TileError::Trailing(7)));
    assert_eq!(decode_bundle(&bytes[..11], 3), Err(TileError::CutOff(2)));
    assert_eq!(decode_bundle(&[], 0), Err(TileError::Width(0)));
    assert_eq!(decode_bundle(&bytes, 257), Err(TileError::Width(257)));
    assert!(encode_bundle([vec![0u8; MAX_ENTRY]]).is_ok());
    assert_eq!(encode_bundle([vec![], vec![0u8; MAX_ENTRY + 1]]), Err(TileError::EntryTooLong(1)));
    assert_eq!(encode_bundle([""; 257]), Err(TileError::Width(257)));
    assert_eq!(encode_bundle([""; 0]), Err(TileError::Width(0)));
}

#[test]
fn hash_tiles_are_exact() {
    let hashes: Vec<Hash> = (0..3u8).map(|i| leaf_hash(&[i])).collect();
    let bytes = encode_hashes(&hashes);
    assert_eq!(decode_hashes(&bytes, 3), Ok(hashes));
    assert_eq!(decode_hashes(&bytes, 2), Err(TileError::HashesLength { width: 2, expected: 64, found: 96 }));
    assert!(decode_hashes(&bytes[..95], 3).is_err());
    assert_eq!(decode_hashes(&[], 0), Err(TileError::Width(0)));
}

#[test]
fn nodes_beyond_the_limit_are_refused() {
    assert!(tile_of_node(48, 0).is_ok());
    assert!(tile_of_node(0, MAX_SIZE - 1).is_ok());
    for (level, index) in [(49, 0), (48, 1), (0, MAX_SIZE), (0, u64::MAX), (255, u64::MAX)] {
        assert_eq!(tile_of_node(level, index), Err(TileError::TooLarge), "{level} {index}");
    }
}

proptest! {
    #[test]
    fn paths_round_trip(level in 0u8..64, index in any::<u64>(), shift in 0u32..64, width in 1u16..=256) {
        let index = index >> shift;
        for tile in [Tile::Hashes { level, index, width }, Tile::Entries { index, width }] {
            prop_assert_eq!(Tile::parse_path(&tile.path()), Ok(tile));
            prop_assert_eq!(tile.full().index(), index);
            prop_assert!(tile.full().is_full());
        }
    }

    #[test]
    fn what_is_read_is_canonical(path in "tile/(entries|[0-9]{1,3})/(x[0-9]{3}/){0,3}[0-9]{3}(\\.p/[0-9]{1,3})?") {
        if let Ok(tile) = Tile::parse_path(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }

    #[test]
    fn arbitrary_paths_never_panic(path in any::<String>()) {
        prop_assert!(Tile::parse_path(&path).is_err());
    }

    #[test]
    fn bundles_round_trip(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..=256)) {
        let bytes = encode_bundle(&entries).unwrap();
        let width = u16::try_from(entries.len()).unwrap();
        let bundle = decode_bundle(&bytes, width).unwrap();
        prop_assert!(bundle.iter().eq(entries.iter().map(Vec::as_slice)));
    }

    #[test]
    fn arbitrary_bundles_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), width in any::<u16>()) {
        if let Ok(bundle) = decode_bundle(&bytes, width % 300) {
            prop_assert_eq!(encode_bundle(bundle.iter()), Ok(bytes.clone()));
        }
    }

    #[test]
    fn the_layout_names_each_tile_once(size in 0u64..200_000) {
        let tiles: Vec<Tile> = tiles_at(size).unwrap().collect();
        let unique: std::collections::BTreeSet<String> = tiles.iter().map(Tile::path).collect();
        prop_assert_eq!(unique.len(), tiles.len());
        for tile in tiles {
            let again = match tile {
                Tile::Hashes { level, index, .. } => Tile::hashes_at(level, index, size),
                Tile::Entries { index, .. } => Tile::entries_at(index, size),
            };
            prop_assert_eq!(again, Some(tile));
        }
        prop_assert_eq!(Tile::entries_at(size.div_ceil(256), size), None);
    }
}
