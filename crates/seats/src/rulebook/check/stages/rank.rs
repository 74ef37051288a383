//! The keys of `rank`.

use super::super::super::rank::Rank;
use super::super::super::raw::{self, Spanned};
use super::super::super::{ContestKind, RulebookError, SeatCount, TieRule};
use super::{Place, allocate};
use crate::Ratio;
use crate::ranked::{
    ExcludedPapers, Exclusion, Meek, PapersOfSurplus, RankMethod, RankQuota, RankRules, RankTie, ShareOf, Stv, Surplus,
    SurplusOrder, Transfer,
};

pub(super) fn rank(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Rank, RulebookError> {
    let contest = contest(raw, place)?;
    let per = raw.per.take();
    if let Some(per) = &per {
        raw::known(per, &place.known.levels, "level")?;
    }
    let per = per.map(Spanned::into_inner);
    let seats = place.needs(raw.seats.take(), "seats")?;
    let seats_at = seats.span();
    let seats = allocate::seats(seats, per.clone().map(super::super::super::Per::Unit).as_ref(), place)?;
    let by_unit = matches!(seats, SeatCount::Fixed(_) | SeatCount::Register { .. });
    if !(by_unit || per.is_some() && matches!(seats, SeatCount::Stage(_))) {
        return Err(RulebookError::at(
            seats_at,
            "a ranked count needs the number of seats of each unit",
            "write a number, { from = \"LEVEL.name\" } or, with per, { from = \"STAGE that gives seats to units\" }",
        ));
    }
    let rules = RankRules {
        method: method(raw, &seats, place)?,
        exclusion: raw.exclude.take().map_or_else(|| Ok(plain_exclusion()), exclusion)?,
        ties: ties(raw.ties.take())?,
    };
    let words = [("ballots", false), ("counts_only", true)];
    Ok(Rank { contest, per, seats, rules, counts_only: raw::one_of_or(raw.replayable.as_ref(), &words, false)? })
}

/// The contest named, or the only one of ranked ballots.
fn contest(raw: &raw::Stage, place: &Place<'_>) -> Result<String, RulebookError> {
    let kinds = place.known.kinds.iter();
    let ranked: Vec<String> =
        kinds.filter(|(_, kind)| **kind == ContestKind::Ranked).map(|(key, _)| key.clone()).collect();
    match (&raw.contest, ranked.as_slice()) {
        (Some(text), _) => raw::known(text, &ranked, "contest of kind `ranked`").map(|()| text.as_ref().clone()),
        (None, [only]) => Ok(only.clone()),
        (None, _) => place.needs(None, "contest"),
    }
}

fn method(raw: &mut raw::Stage, seats: &SeatCount, place: &Place<'_>) -> Result<RankMethod, RulebookError> {
    let method = place.needs(raw.method.take(), "method")?;
    let quota_words =
        [("droop", RankQuota::Droop), ("hare", RankQuota::Hare), ("hagenbach_bischoff", RankQuota::HagenbachBischoff)];
    let quota = raw::one_of_or(raw.quota.as_ref(), &quota_words, RankQuota::Droop)?;
    let order_words =
        [("largest_first", SurplusOrder::LargestFirst), ("order_of_election", SurplusOrder::OrderOfElection)];
    let order = raw::one_of_or(raw.surplus_order.as_ref(), &order_words, SurplusOrder::LargestFirst)?;
    if !raw::one_of(&method, &[("irv", false), ("stv", true)])? {
        let surplus = raw.surplus.as_ref().map(Spanned::span).or(raw.quota.as_ref().map(Spanned::span));
        if let Some(span) = surplus.or(raw.surplus_order.as_ref().map(Spanned::span)) {
            return Err(RulebookError::at(span, "irv knows no quota and no surplus", "remove it, or write stv"));
        }
        return match seats {
            SeatCount::Fixed(1) => Ok(RankMethod::Irv),
            _ => Err(RulebookError::at(method.span(), "irv gives one seat", "write seats = 1, or method = \"stv\"")),
        };
    }
    let Some(surplus) = raw.surplus.take() else {
        // With one seat nothing is ever passed on.
        return match seats {
            SeatCount::Fixed(1) => Ok(RankMethod::Stv(Stv { quota, surplus: gregory(), order, defer: false })),
            _ => place.needs(None, "surplus"),
        };
    };
    if surplus.as_ref().transfer.as_ref() == "meek" {
        return meek(&surplus, quota).map(RankMethod::Meek);
    }
    let defer = surplus.as_ref().wait_if_cannot_matter.unwrap_or(false);
    Ok(RankMethod::Stv(Stv { quota, surplus: self::surplus(&surplus)?, order, defer }))
}

fn gregory() -> Surplus {
    Surplus {
        papers: PapersOfSurplus::LastParcel,
        transfer: Transfer::Weighted,
        share_of: ShareOf::Transferable,
        value_decimals: None,
        vote_decimals: None,
    }
}

fn surplus(raw: &Spanned<raw::Surplus>) -> Result<Surplus, RulebookError> {
    let (span, raw) = (raw.span(), raw.as_ref());
    let (last, all) = (PapersOfSurplus::LastParcel, PapersOfSurplus::All);
    let words = [
        ("whole_papers", (Transfer::WholePapers, last, ShareOf::Transferable)),
        ("gregory", (Transfer::Weighted, last, ShareOf::Transferable)),
        ("inclusive_gregory", (Transfer::Unweighted, all, ShareOf::All)),
        ("weighted_inclusive_gregory", (Transfer::Weighted, all, ShareOf::All)),
        ("meek", (Transfer::Weighted, all, ShareOf::All)),
    ];
    let (transfer, papers, share_of) = raw::one_of(&raw.transfer, &words)?;
    let named = raw::one_of_or(raw.papers.as_ref(), &[("last_parcel", last), ("all", all)], papers)?;
    if named != papers {
        return Err(RulebookError::at(
            span,
            "`papers` and `transfer` do not fit",
            "gregory and whole papers take the last parcel, the inclusive methods take all",
        ));
    }
    let whole = transfer == Transfer::WholePapers;
    if whole != raw.choose.is_some() {
        return Err(RulebookError::at(
            span,
            "`choose` says which whole papers are taken",
            "write choose = \"physical_order\" with transfer = \"whole_papers\", and only there",
        ));
    }
    raw::one_of_or(raw.choose.as_ref(), &[("physical_order", ())], ())?;
    if let Some(other) = raw.decimals.as_ref().or(raw.tolerance.as_ref()) {
        return Err(RulebookError::at(
            other.span(),
            "these are figures of Meek's method",
            "write value_decimals or vote_decimals",
        ));
    }
    let decimals = [&raw.value_decimals, &raw.vote_decimals];
    if let Some(wrong) = decimals.into_iter().flatten().find(|number| whole || *number.as_ref() > 18) {
        return Err(RulebookError::at(wrong.span(), "no such decimals", "write 0 to 18, and none for whole papers"));
    }
    Ok(Surplus {
        papers,
        transfer,
        share_of: raw::one_of_or(
            raw.of.as_ref(),
            &[("transferable", ShareOf::Transferable), ("all", ShareOf::All)],
            share_of,
        )?,
        value_decimals: raw.value_decimals.as_ref().map(|number| *number.as_ref()),
        vote_decimals: raw.vote_decimals.as_ref().map(|number| *number.as_ref()),
    })
}

fn meek(raw: &Spanned<raw::Surplus>, quota: RankQuota) -> Result<Meek, RulebookError> {
    let (span, raw) = (raw.span(), raw.as_ref());
    let decimals = raw.decimals.as_ref().map_or(9, |number| *number.as_ref());
    let tolerance = raw.tolerance.as_ref().map_or(decimals.min(4), |number| *number.as_ref());
    let others = raw.papers.is_some()
        || raw.of.is_some()
        || raw.choose.is_some()
        || raw.value_decimals.is_some()
        || raw.vote_decimals.is_some()
        || raw.wait_if_cannot_matter.is_some();
    if others || quota != RankQuota::Droop || !(1..=9).contains(&decimals) || tolerance > decimals {
        return Err(RulebookError::at(
            span,
            "Meek's method knows decimals (1 to 9) and tolerance (no finer), and a quota of its own",
            "write surplus = { transfer = \"meek\", decimals = 9, tolerance = 4 }",
        ));
    }
    Ok(Meek { decimals, tolerance })
}

fn plain_exclusion() -> Exclusion {
    Exclusion { together: false, keeps_deposit: None, papers: ExcludedPapers::AtOnce }
}

fn exclusion(raw: Spanned<raw::Exclude>) -> Result<Exclusion, RulebookError> {
    let raw = raw.into_inner();
    raw::one_of_or(raw.order.as_ref(), &[("fewest", ())], ())?;
    let words = [
        ("at_once", ExcludedPapers::AtOnce),
        ("by_value", ExcludedPapers::ByValue),
        ("by_receipt", ExcludedPapers::ByReceipt),
    ];
    Ok(Exclusion {
        together: raw.together_if_cannot_matter.unwrap_or(false),
        keeps_deposit: raw.keep_deposit_check.as_ref().map(deposit).transpose()?,
        papers: raw::one_of_or(raw.papers.as_ref(), &words, ExcludedPapers::AtOnce)?,
    })
}

/// `quota/4`.
fn deposit(text: &Spanned<String>) -> Result<Ratio, RulebookError> {
    let part = text.as_ref().strip_prefix("quota/").and_then(|part| Ratio::parse(&format!("1/{part}")).ok());
    part.ok_or_else(|| RulebookError::at(text.span(), "not a part of the quota", "write \"quota/4\""))
}

fn ties(raw: Option<Vec<Spanned<String>>>) -> Result<Vec<RankTie>, RulebookError> {
    let words = [
        ("earlier_counts", RankTie::EarlierCounts),
        ("first_counts", RankTie::FirstCounts),
        ("lot", RankTie::Lot),
        ("unresolved", RankTie::Unresolved),
    ];
    raw.unwrap_or_default().iter().map(|text| raw::one_of(text, &words)).collect()
}

/// What the machine must know of them: whether a lot may decide.
pub(super) fn machine_ties(rules: &RankRules) -> Vec<TieRule> {
    let word = |rule: &RankTie| match rule {
        RankTie::Lot => Some(TieRule::Lot),
        RankTie::Unresolved => Some(TieRule::Unresolved),
        RankTie::EarlierCounts | RankTie::FirstCounts => None,
    };
    rules.ties.iter().filter_map(word).collect()
}
