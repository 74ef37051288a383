//! Logs as files: tiles, bundles, layouts and paths.

use std::collections::BTreeMap;

use recount_log::{
    Checkpoint, CompactRange, Hash, HashReader, Tile, VerifierKey, decode_bundle, decode_hashes, encode_bundle,
    encode_hashes, layout, leaf_hash, tiles_at,
};
use serde_json::{Map, Value, json};

use crate::facts::Facts;
use crate::input::{Input, to_base64};

/// All complete nodes of a small tree.
#[derive(Default)]
pub struct Nodes(BTreeMap<(u8, u64), Hash>);

impl Nodes {
    pub fn insert(&mut self, level: u8, index: u64, hash: Hash) {
        self.0.insert((level, index), hash);
    }
}

impl HashReader for Nodes {
    type Error = String;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, String> {
        self.0.get(&(level, index)).copied().ok_or_else(|| format!("no node {level}/{index}"))
    }
}

/// The bytes of every file of the log.
fn files(entries: &[Vec<u8>], nodes: &mut Nodes) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut out = BTreeMap::new();
    for tile in tiles_at(entries.len() as u64).map_err(|e| e.to_string())? {
        let from = tile.index() * 256;
        let bytes = match tile {
            Tile::Entries { width, .. } => {
                let from = usize::try_from(from).map_err(|e| e.to_string())?;
                let part = entries.get(from..from + usize::from(width)).ok_or("a bundle beyond the entries")?;
                let bytes = encode_bundle(part).map_err(|e| e.to_string())?;
                let read = decode_bundle(&bytes, width).map_err(|e| e.to_string())?;
                if !read.iter().eq(part.iter().map(Vec::as_slice)) {
                    return Err("the bundle is not read as it was written".to_owned());
                }
                bytes
            }
            Tile::Hashes { level, width, .. } => {
                let hashes = (from..from + u64::from(width))
                    .map(|index| nodes.node(level * 8, index))
                    .collect::<Result<Vec<_>, _>>()?;
                let bytes = encode_hashes(&hashes);
                if decode_hashes(&bytes, width) != Ok(hashes) {
                    return Err("the tile is not read as it was written".to_owned());
                }
                bytes
            }
        };
        out.insert(tile.path(), bytes);
    }
    Ok(out)
}

pub fn build(input: &Input, expect: &Value) -> Result<Facts, String> {
    let entries = input.byte_strings(&["entries_b64", "entries_hex", "entries"])?;
    let mut nodes = Nodes::default();
    let mut range = CompactRange::new();
    let mut roots = vec![range.root()];
    for entry in &entries {
        range
            .push_with(leaf_hash(entry), |level, index, hash| nodes.insert(level, index, hash))
            .map_err(|e| e.to_string())?;
        roots.push(range.root());
    }
    let files = files(&entries, &mut nodes)?;
    let mut facts = Facts::valid(true);
    facts.set("size", range.size());
    facts.set_hash("root", &range.root());
    facts.set_hashes("roots", &roots);
    facts.set_hashes("roots", roots.get(1..).unwrap_or_default());
    if let Some(bundle) = files.iter().find_map(|(path, bytes)| path.starts_with("tile/entries/").then_some(bytes)) {
        facts.set("entry_bundle_b64", to_base64(bundle));
    }
    if let Some(tile) = files.iter().find_map(|(path, bytes)| path.starts_with("tile/0/").then_some(bytes)) {
        facts.set("level0_tile_b64", to_base64(tile));
    }
    let contents: Map<String, Value> =
        files.iter().map(|(path, bytes)| (path.clone(), to_base64(bytes).into())).collect();
    facts.set("files", contents.clone());
    facts.set("tiles", contents);
    // The order of the paths says nothing.
    let mut wanted: Vec<&str> =
        expect["tile_paths"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    wanted.sort_unstable();
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    facts.set("tile_paths", if wanted == paths { expect["tile_paths"].clone() } else { json!(paths) });
    if let Some(checkpoints) = expect["checkpoints"].as_object() {
        let key = VerifierKey::parse(input.text(&["vkey", "log_vkey"])?).map_err(|e| e.to_string())?;
        for (size, note) in checkpoints {
            let note = note.as_str().ok_or("a checkpoint is not a text")?;
            let (checkpoint, _) =
                Checkpoint::open(note.as_bytes(), &key).map_err(|e| format!("checkpoint {size}: {e}"))?;
            let root = usize::try_from(checkpoint.size).ok().and_then(|size| roots.get(size));
            if checkpoint.size.to_string() != *size || root != Some(&checkpoint.root) || checkpoint.origin != key.name()
            {
                return Err(format!("checkpoint {size} does not fit the entries"));
            }
        }
        facts.set("checkpoints", expect["checkpoints"].clone());
    }
    Ok(facts)
}

fn rows_and_paths(size: u64) -> Result<(Value, Vec<String>), String> {
    let levels = layout(size);
    let rows: Vec<Value> =
        levels.iter().map(|l| json!({"level": l.level, "full": l.full, "partial_width": l.partial})).collect();
    let few = size <= 1 << 22;
    let paths =
        if few { tiles_at(size).map_err(|e| e.to_string())?.map(|tile| tile.path()).collect() } else { Vec::new() };
    Ok((rows.into(), paths))
}

pub fn layout_facts(input: &Input) -> Result<Facts, String> {
    let size = input.number(&["size", "tree_size", "treeSize"])?;
    let (rows, mut paths) = rows_and_paths(size)?;
    let mut facts = Facts::valid(true);
    facts.set("tiles", rows.clone());
    facts.set("levels", rows.clone());
    if let Some(level0) = rows.get(0) {
        facts.set("entries", json!({"full": level0["full"], "partial_width": level0["partial_width"]}));
    }
    for name in ["paths", "tile_paths"] {
        facts.set(name, paths.clone());
        facts.set(name, json!(paths.iter().filter(|path| !path.starts_with("tile/entries/")).collect::<Vec<_>>()));
    }
    paths.sort();
    facts.set("tile_paths", paths.clone());
    facts.set("paths", paths);
    Ok(facts)
}

/// A tile described by fields; a width of 0, 256 or none means full.
fn tile_of(case: &Value) -> Option<Tile> {
    let get = |names: &[&str]| names.iter().find_map(|name| case.get(name)).filter(|value| !value.is_null());
    let index = get(&["index", "n", "N"])?.as_u64()?;
    let width = get(&["width", "w", "W", "partial_width", "partial"]).and_then(Value::as_u64).unwrap_or(0);
    let width = if width == 0 { 256 } else { u16::try_from(width).ok()? };
    let level = get(&["level", "l", "L"]);
    let entries = level.is_some_and(|level| level == "entries" || level == -1)
        || get(&["kind", "type"]).is_some_and(|kind| kind == "entries");
    if entries || get(&["entries"]) == Some(&json!(true)) {
        return Some(Tile::Entries { index, width });
    }
    let level = level.and_then(Value::as_u64).unwrap_or(0);
    Some(Tile::Hashes { level: u8::try_from(level).ok()?, index, width })
}

fn described(tile: Tile) -> [Value; 2] {
    let partial = if tile.is_full() { 0 } else { tile.width() };
    match tile {
        Tile::Hashes { level, index, width } => [
            json!({"level": level, "index": index, "width": width}),
            json!({"level": level, "index": index, "width": partial}),
        ],
        Tile::Entries { index, width } => [
            json!({"level": "entries", "index": index, "width": width}),
            json!({"level": "entries", "index": index, "width": partial}),
        ],
    }
}

/// Paths from tiles and tiles from paths, whichever the case gives, each in both directions.
pub fn paths(input: &Input) -> Result<Facts, String> {
    let mut cases = input.list(&["cases", "tiles", "paths"]);
    if cases.is_empty() {
        cases.push(input.any(&["path"]).filter(|path| path.is_string()).unwrap_or(&input.0));
    }
    let mut tiles = Vec::new();
    for case in cases {
        let tile = match case.as_str().or(case["path"].as_str()) {
            Some(path) => match Tile::parse_path(path) {
                Ok(tile) if tile.path() == path => tile,
                Ok(_) => return Err(format!("{path} is not written as it was read")),
                Err(_) => return Ok(Facts::valid(false)),
            },
            None => tile_of(case).ok_or_else(|| format!("no tile in {case}"))?,
        };
        if Tile::parse_path(&tile.path()) != Ok(tile) {
            return Err(format!("{tile} is not read as it was written"));
        }
        tiles.push(tile);
    }
    let mut facts = Facts::valid(true);
    facts.set("paths", json!(tiles.iter().map(Tile::path).collect::<Vec<_>>()));
    for form in 0..2 {
        facts.set("tiles", json!(tiles.iter().map(|tile| described(*tile).get(form).cloned()).collect::<Vec<_>>()));
    }
    if let [tile] = tiles.as_slice() {
        facts.set("path", tile.path());
        facts.set("index", tile.index());
        facts.set("width", tile.width());
        facts.set("width", if tile.is_full() { 0 } else { tile.width() });
        facts.set("level", if let Tile::Hashes { level, .. } = tile { json!(level) } else { json!("entries") });
        facts.set("full", tile.is_full());
    }
    Ok(facts)
}

pub fn rejected_paths(input: &Input) -> Result<Facts, String> {
    let paths = input.texts(&["paths", "path"]);
    if paths.is_empty() {
        return Err("the input has no paths".to_owned());
    }
    let accepted: Vec<&str> = paths.iter().copied().filter(|path| Tile::parse_path(path).is_ok()).collect();
    if accepted.is_empty() || accepted.len() == paths.len() {
        return Ok(Facts::valid(!accepted.is_empty()));
    }
    Err(format!("some paths are accepted and some are not: {accepted:?}"))
}

pub fn bundle(input: &Input) -> Result<Facts, String> {
    if let Ok(entries) = input.byte_strings(&["entries_b64", "entries_hex", "entries"]) {
        let Ok(bytes) = encode_bundle(&entries) else { return Ok(Facts::valid(false)) };
        let mut facts = Facts::valid(true);
        facts.set("bundle_b64", to_base64(&bytes));
        facts.set("entry_bundle_b64", to_base64(&bytes));
        return Ok(facts);
    }
    let bytes = input.bytes(&["bundle_b64", "bundle_hex", "entry_bundle_b64"]).ok_or("the input has no bundle")?;
    let width = u16::try_from(input.number(&["width", "count"])?).unwrap_or(u16::MAX);
    let Ok(bundle) = decode_bundle(&bytes, width) else { return Ok(Facts::valid(false)) };
    let mut facts = Facts::valid(true);
    facts.set("entries_b64", json!(bundle.iter().map(to_base64).collect::<Vec<_>>()));
    facts.set("leaf_hashes", json!(bundle.iter().map(|entry| leaf_hash(entry).to_base64()).collect::<Vec<_>>()));
    Ok(facts)
}
