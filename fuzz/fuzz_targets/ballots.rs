#![no_main]
//! Texts of ranked ballots are read or refused with a sentence; papers that were read are written as BLT and
//! read again, and are counted under every law without a panic, with no more elected than there are seats.

use libfuzzer_sys::fuzz_target;
use recount_seats::ranked::{
    Ballots, ExcludedPapers, Exclusion, Meek, PapersOfSurplus, RankMethod, RankQuota, RankRules, RankTie, ShareOf, Stv,
    Surplus, SurplusOrder, Transfer, count,
};

fn law(method: RankMethod, together: bool, papers: ExcludedPapers) -> RankRules {
    let exclusion = Exclusion { together, keeps_deposit: None, papers };
    RankRules { method, exclusion, ties: vec![RankTie::EarlierCounts, RankTie::FirstCounts] }
}

fn laws() -> Vec<RankRules> {
    let exact = Surplus {
        papers: PapersOfSurplus::All,
        transfer: Transfer::Weighted,
        share_of: ShareOf::All,
        value_decimals: None,
        vote_decimals: None,
    };
    let order = SurplusOrder::LargestFirst;
    let stv = |quota, surplus, defer| RankMethod::Stv(Stv { quota, surplus, order, defer });
    let last = Surplus { papers: PapersOfSurplus::LastParcel, share_of: ShareOf::Transferable, ..exact.clone() };
    let senate = Surplus { transfer: Transfer::Unweighted, vote_decimals: Some(0), ..exact.clone() };
    let whole = Surplus { transfer: Transfer::WholePapers, ..last.clone() };
    vec![
        law(RankMethod::Irv, true, ExcludedPapers::AtOnce),
        law(stv(RankQuota::HagenbachBischoff, exact, false), true, ExcludedPapers::ByReceipt),
        law(stv(RankQuota::Hare, last, false), false, ExcludedPapers::AtOnce),
        law(stv(RankQuota::Droop, senate, false), false, ExcludedPapers::ByValue),
        law(stv(RankQuota::Droop, whole, true), true, ExcludedPapers::AtOnce),
        law(RankMethod::Meek(Meek { decimals: 9, tolerance: 4 }), false, ExcludedPapers::AtOnce),
    ]
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for read in [Ballots::parse_blt, Ballots::parse_preflib, Ballots::parse_csv] {
        let ballots = match read(text) {
            Ok(ballots) => ballots,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                continue;
            }
        };
        if ballots.candidates().iter().all(|one| one.id.trim() == one.id && !one.id.contains(['"', '\n', '\r'])) {
            let again = Ballots::parse_blt(&ballots.to_blt(None)).expect("what was written is read");
            assert!(again.iter().eq(ballots.iter()));
        }
        // Counting hundreds of candidates is slow work that finds nothing new.
        if ballots.candidates().len() > 12 || ballots.groups() > 200 {
            continue;
        }
        for law in laws() {
            let seats = if law.method == RankMethod::Irv { 1 } else { ballots.seats.unwrap_or(2).min(9) };
            match count(&ballots, seats, &law, &[]) {
                Err(refusal) => assert!(!refusal.to_string().is_empty()),
                Ok(outcome) => {
                    let given = u64::try_from(outcome.elected.len()).expect("a small number") + outcome.vacant;
                    assert!(given == seats || (given <= seats && outcome.tie.is_some()));
                    assert!(!outcome.describe().is_empty());
                }
            }
        }
    }
});
