//! Runs every story of `scenarios/*.txt`: one rule of `docs/statements.md` each.
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

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder scenarios")
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
        });
        if told.is_err() {
            failed.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    assert!(paths.len() >= 25, "only {} stories", paths.len());
    assert!(failed.is_empty(), "{} of {} stories failed: {failed:?}", failed.len(), paths.len());
}
