//! Ranked ballots: the papers of each unit, under the people who stand there.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ranked::{Ballots, RankedCandidate};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{ContestKind, Rulebook};
use crate::tally::{Nominee, Tally, Unit};

/// Papers by contest and unit; the whole has none.
pub(crate) type Papers<'a> = BTreeMap<(&'a str, Option<&'a str>), Rc<Ballots>>;

/// All papers of a tally, checked.
pub(super) fn papers<'a>(
    rulebook: &Rulebook,
    tally: &'a Tally,
    units: &BTreeMap<&'a str, &'a Unit>,
    national: Option<&Unit>,
) -> Result<Papers<'a>, Refusal> {
    let mut papers = Papers::new();
    for given in &tally.ballots {
        match rulebook.contests.get(&given.contest) {
            None => return Err(Refusal::UnknownContest { contest: given.contest.clone() }),
            Some(contest) if contest.kind != ContestKind::Ranked => {
                return Err(refused(&given.contest, given.unit.as_deref(), Reason::NotRanked));
            }
            Some(_) => {}
        }
        if let Some(unit) = &given.unit
            && !units.contains_key(unit.as_str())
        {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        }
        let whole = |unit: &&str| national.is_some_and(|national| national.id == *unit);
        let unit = given.unit.as_deref().filter(|unit| !whole(unit));
        let read = |error: crate::ranked::BallotsError| refused(&given.contest, unit, Reason::Papers(error));
        let mut ballots = Ballots::new(standing(tally, &given.contest, unit)).map_err(read)?;
        for (count, ranking) in &given.papers {
            ballots.add(*count, ranking.iter().map(String::as_str)).map_err(read)?;
        }
        agrees(tally, &given.contest, given.unit.as_deref(), &ballots)?;
        if papers.insert((given.contest.as_str(), unit), Rc::new(ballots)).is_some() {
            return Err(refused(&given.contest, unit, Reason::PapersTwice));
        }
    }
    Ok(papers)
}

/// Those who stand in this unit, by id, so that the order of the input cannot matter.
fn standing(tally: &Tally, contest: &str, unit: Option<&str>) -> Vec<RankedCandidate> {
    let here = |nominee: &&Nominee| {
        nominee.contest == contest && (nominee.unit.is_none() || unit.is_none() || nominee.unit.as_deref() == unit)
    };
    let mut standing: Vec<RankedCandidate> = tally
        .nominees
        .iter()
        .filter(here)
        .map(|nominee| RankedCandidate {
            id: nominee.id.clone(),
            name: nominee.name.clone(),
            withdrawn: nominee.withdrawn,
        })
        .collect();
    standing.sort_by(|a, b| a.id.cmp(&b.id));
    standing
}

/// Where the tally also states how many valid papers there are, the papers must be as many.
fn agrees(tally: &Tally, contest: &str, unit: Option<&str>, ballots: &Ballots) -> Result<(), Refusal> {
    let total = tally.totals.iter().find(|total| total.contest == contest && Some(total.unit.as_str()) == unit);
    match total.and_then(|total| total.lines.get("valid")) {
        Some(valid) if *valid != ballots.papers() => Err(Refusal::UnitsDoNotSum {
            unit: unit.unwrap_or_default().to_owned(),
            what: "valid".to_owned(),
            whole: *valid,
            parts: ballots.papers(),
        }),
        _ => Ok(()),
    }
}

fn refused(contest: &str, unit: Option<&str>, reason: Reason) -> Refusal {
    Refusal::Papers { contest: contest.to_owned(), unit: unit.unwrap_or("national").to_owned(), reason }
}
