#![no_main]
//! Any bytes are cast-vote records of a format, or an error; the first byte chooses the format.

use libfuzzer_sys::fuzz_target;
use recount_exchange::Options;
use recount_exchange::cvr::{Format, read, read_manifest};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let options = Options { max_bytes: 1 << 20, max_row: 1 << 16, ..Options::default() };
    let _ = read_manifest(rest, &options);
    let Ok(votes) = read(rest, Format::ALL[usize::from(*first) % Format::ALL.len()], &options) else { return };
    let totals = votes.totals();
    assert_eq!(totals.len(), votes.contests.len());
    for card in &votes.cards {
        assert!(card.votes.is_sorted_by(|a, b| a.contest < b.contest), "each contest once");
        assert!(card.votes.iter().all(|vote| (vote.contest as usize) < totals.len()));
    }
});
