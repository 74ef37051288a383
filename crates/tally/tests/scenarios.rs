//! Runs every story of `scenarios/*.txt`: one rule of `docs/statements.md` each; or those of the folder that `RECOUNT_STORIES` names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/expect.rs"]
mod expect;
#[path = "support/kinds.rs"]
mod kinds;
#[path = "support/story.rs"]
mod story;
#[path = "support/world.rs"]
mod world;

use std::path::{Path, PathBuf};

use recount_tally::Fold;

/// The folder of stories that somebody wants to hear instead of ours.
fn other() -> Option<PathBuf> {
    std::env::var_os("RECOUNT_STORIES").map(PathBuf::from)
}

fn stories() -> Vec<PathBuf> {
    let folder = other().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios"));
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|why| panic!("{}: {why}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    paths
}

/// Everything that a reader may see of a fold.
fn seen(fold: &Fold) -> (Vec<String>, recount_log::Hash, String) {
    let statuses = (0..fold.size()).map(|index| format!("{:?}", fold.status(index))).collect();
    let totals = fold.contests().map(|(ix, _)| format!("{:?}", fold.totals(ix, recount_tally::View::LAW))).collect();
    (statuses, fold.station_root(), totals)
}

#[test]
fn every_story_comes_out_as_told() {
    let mut failed = Vec::new();
    let paths = stories();
    let mut expectations = 0;
    for path in &paths {
        let told = std::panic::catch_unwind(|| {
            let story = story::Story::tell(path);
            assert!(story.expectations >= 3, "{}: expects almost nothing", path.display());
            // The same entries in one go give the same answer.
            assert_eq!(
                seen(&story.world.fold),
                seen(&story.world.folded(story.world.entries.len())),
                "{}",
                path.display()
            );
            story.expectations
        });
        match told {
            Ok(met) => expectations += met,
            Err(_) => failed.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        }
    }
    println!("{} stories told, {expectations} expectations met in those that came out", paths.len());
    assert!(paths.len() >= if other().is_some() { 1 } else { 25 }, "only {} stories", paths.len());
    assert!(failed.is_empty(), "{} of {} stories failed: {failed:?}", failed.len(), paths.len());
}
