//! Three ways to one count: these crates as they run everywhere, the same crates in WebAssembly, and the site's own JavaScript.
//! Every story of `scenarios/` is written out as a record, and all three must agree on every sum and every void statement.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../../tally/tests/support/expect.rs"]
mod expect;
#[path = "../../tally/tests/support/kinds.rs"]
mod kinds;
#[path = "../../tally/tests/support/story.rs"]
mod story;
#[path = "../../tally/tests/support/world.rs"]
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use recount_log::{Checkpoint, CompactRange, Hash, Tile, encode_bundle, leaf_hash, tiles_at};
use recount_wasm::Check;
use serde_json::Value;
use world::World;

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The module, where `cargo xtask wasm` has built it.
fn module() -> Option<PathBuf> {
    Some(home().join("../site/assets/recount.wasm")).filter(|path| path.exists())
}

fn has_node() -> bool {
    Command::new("node").arg("--version").output().is_ok_and(|told| told.status.success())
}

/// Writes a record as a folder of static files: checkpoint, tiles, bundles and blobs.
fn publish(world: &mut World, folder: &Path) -> Vec<u8> {
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let leaves: Vec<Hash> = world.entries.iter().map(|entry| leaf_hash(entry)).collect();
    let mut tree = CompactRange::new();
    leaves.iter().for_each(|leaf| tree.push(*leaf).unwrap());
    let size = leaves.len() as u64;
    for tile in tiles_at(size).unwrap() {
        let from = usize::try_from(tile.index()).unwrap() * 256;
        let to = from + usize::from(tile.width());
        match tile {
            Tile::Entries { .. } => write(&tile.path(), &encode_bundle(&world.entries[from..to]).unwrap()),
            Tile::Hashes { level: 0, .. } => {
                let bytes: Vec<u8> = leaves[from..to].iter().flat_map(|leaf| *leaf.as_bytes()).collect();
                write(&tile.path(), &bytes);
            }
            Tile::Hashes { .. } => panic!("a story has fewer than 256 statements"),
        }
    }
    for (hash, bytes) in &world.blobs {
        write(&format!("blob/sha256/{}", hash.to_hex()), bytes);
    }
    let checkpoint = Checkpoint { origin: world::ORIGIN.to_owned(), size, root: tree.root(), extensions: Vec::new() };
    let signed = checkpoint.sign(world.keys.get("log"), Some([7; 68]), &[], Some([1; 32])).unwrap();
    write("checkpoint", &signed);
    write("sizes.json", serde_json::to_string(&sizes(world)).unwrap().as_bytes());
    signed
}

/// Earlier sizes at which the count is asked for too: the half and the last but one.
fn sizes(world: &World) -> Vec<u64> {
    let size = world.entries.len() as u64;
    vec![size / 2, size.saturating_sub(1)]
}

fn natively(world: &mut World, checkpoint: &[u8]) -> Value {
    let key = world.keys.get("log").verifier().to_string();
    let mut check = Check::begin(&key, checkpoint, &sizes(world)).unwrap();
    world.blobs.values().for_each(|blob| check.blob(blob.clone()));
    for entries in world.entries.chunks(256) {
        check.bundle(&encode_bundle(entries).unwrap(), u16::try_from(entries.len()).unwrap()).unwrap();
    }
    serde_json::from_str(&check.finish().unwrap()).unwrap()
}

#[test]
fn all_ways_of_counting_agree_on_every_story() {
    if !has_node() {
        println!("SKIPPED: there is no node on this machine, so the JavaScript was not run");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(home().join("../../scenarios")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    let mut own = Vec::new();
    for path in &paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut story = story::Story::tell(path);
        // What has no charter is refused by all of them before anything is counted.
        if story.world.fold.ledger().charter().is_none() || story.world.fold.noted()[0].void.is_some() {
            continue;
        }
        let folder = place.path().join(&name);
        let checkpoint = publish(&mut story.world, &folder);
        own.push((name, folder, natively(&mut story.world, &checkpoint)));
    }
    assert!(own.len() >= 30, "only {} stories were counted", own.len());
    let module = module();
    if module.is_none() {
        println!("SKIPPED: the module was not built (cargo xtask wasm), so only JavaScript and native are compared");
    }
    let mut node = Command::new("node");
    node.arg(home().join("tests/agree.mjs")).arg(module.as_deref().unwrap_or(Path::new("-")));
    let told = node.args(own.iter().map(|(_, folder, _)| folder)).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8(told.stdout).unwrap();
    let mut failed = Vec::new();
    for ((name, _, native), line) in own.iter().zip(told.lines()) {
        let line: Value = serde_json::from_str(line).unwrap();
        for (way, theirs) in [("js", &line["js"]), ("wasm", &line["wasm"])] {
            if way == "wasm" && module.is_none() {
                continue;
            }
            let asked: &[&str] = &["size", "root", "charter", "void"];
            let mut apart: Vec<String> = asked
                .iter()
                .filter(|key| native[**key] != theirs[**key])
                .map(|key| format!("{key}: {} / {}", native[*key], theirs[*key]))
                .collect();
            if native["count"]["contests"] != theirs["count"]["contests"] {
                apart.push(format!("count: {} / {}", native["count"]["contests"], theirs["count"]["contests"]));
            }
            for (size, count) in native["at"].as_object().unwrap() {
                if count["contests"] != theirs["at"][size]["contests"] {
                    apart.push(format!("at {size}: {} / {}", count["contests"], theirs["at"][size]["contests"]));
                }
            }
            if way == "wasm" && native != theirs {
                apart.push("the module's text differs".to_owned());
            }
            if !apart.is_empty() {
                failed.push(format!("{name} by {way}: {apart:?} {}", line["failed"]));
            }
        }
    }
    assert_eq!(told.lines().count(), own.len());
    assert!(failed.is_empty(), "{} apart:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn what_the_log_did_not_sign_is_refused() {
    let mut story = story::Story::tell(&home().join("../../scenarios/01-first-figures.txt"));
    let place = tempfile::tempdir().unwrap();
    let checkpoint = publish(&mut story.world, place.path());
    let key = story.world.keys.get("log").verifier().to_string();
    let other = story.world.keys.get("somebody").verifier().to_string();
    assert!(Check::begin(&other, &checkpoint, &[]).is_err(), "signed with another key");
    let mut forged = checkpoint.clone();
    *forged.last_mut().unwrap() = b' ';
    assert!(Check::begin(&key, &forged, &[]).is_err(), "no note");

    let finish = |entries: &[Vec<u8>]| {
        let mut check = Check::begin(&key, &checkpoint, &[]).unwrap();
        story.world.blobs.values().for_each(|blob| check.blob(blob.clone()));
        check.bundle(&encode_bundle(entries).unwrap(), u16::try_from(entries.len()).unwrap()).unwrap();
        check.finish()
    };
    let entries = &story.world.entries;
    assert!(finish(entries).is_ok());
    assert!(finish(&entries[..entries.len() - 1]).is_err(), "one is missing");
    let mut swapped = entries.clone();
    let last = swapped.len() - 1;
    swapped.swap(last, last - 1);
    assert!(finish(&swapped).is_err(), "another order");
    let mut check = Check::begin(&key, &checkpoint, &[]).unwrap();
    assert!(check.bundle(b"\0\x05ab", 1).is_err(), "a bundle that is cut off");
}
