#![no_main]
//! A tile has one path only: what is read is written back the same.

use libfuzzer_sys::fuzz_target;
use recount_log::{Tile, tile_of_node};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(path) = std::str::from_utf8(bytes)
        && let Ok(tile) = Tile::parse_path(path)
    {
        assert_eq!(tile.path(), path);
        assert!((1..=256).contains(&tile.width()));
        assert!(Tile::parse_path(&tile.full().path()).is_ok());
        if let Tile::Hashes { level, index, .. } = tile {
            let _ = Tile::hashes_at(level, index, u64::MAX);
        }
    }
    if let Some((level, rest)) = bytes.split_first()
        && let Some(index) = rest.first_chunk::<8>()
    {
        let index = u64::from_le_bytes(*index);
        if let Ok(place) = tile_of_node(*level, index) {
            assert!(place.first + place.count <= 256);
            assert!(place.tile(1 << 48).is_some());
        }
    }
});
