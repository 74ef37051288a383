//! The cards that can be drawn: records of the contest, and phantoms up to the manifest; or places in the manifest.

use std::collections::{BTreeMap, BTreeSet};

use recount_audit::cards::{Ballot, CardContest, CardRule};
use recount_audit::oneaudit::Pool;
use recount_audit::sample::ticket;
use recount_exchange::cvr::{Batch, CastVotes, Contest, Vote};

use super::How;
use super::input::{RuleName, Source, manifest, records, totals};
use super::pools::Pools;
use crate::commands::audit::open::refused;
use crate::error::{Outcome, input};

/// The most places of a manifest that are listed one by one.
const PLACES_MAX: u64 = 50_000_000;

/// A card that can be drawn.
pub struct Drawable {
    /// Its identifier; of a phantom or a place in a manifest `BATCH:NUMBER`.
    pub id: String,
    /// Its batch, where known.
    pub batch: String,
    /// What its record says; none for phantoms and where nothing is compared.
    pub reported: Option<Ballot>,
    /// Its pool, by number, where only its batch's totals were published.
    pub pool: Option<usize>,
}

impl Drawable {
    /// Whether, where records are compared, nothing was reported of it.
    pub fn is_phantom(&self) -> bool {
        self.reported.is_none() && self.pool.is_none()
    }
}

/// Everything that the seed is applied to.
pub struct Frame {
    /// The contest's name.
    pub name: String,
    /// Its choices.
    pub choices: Vec<String>,
    /// What is to be proved.
    pub contest: CardContest,
    /// Whether it is an instant-runoff.
    pub runoff: bool,
    /// Marks on a card at most.
    pub marks: u32,
    /// Whether papers are compared with records.
    pub compared: bool,
    /// The cards.
    pub cards: Vec<Drawable>,
    /// Batches of which only totals were published.
    pub pools: Vec<Pool>,
}

impl Frame {
    /// Reads the files.
    pub fn read(source: &Source, how: How) -> Outcome<Frame> {
        let frame = match (&source.totals, &source.cvr) {
            (Some(path), _) => polled_totals(source, how, totals(path)?),
            (None, Some(path)) => of_records(source, how, &records(path, source.format)?),
            (None, None) if source.pools.is_some() => of_pools(source, how),
            (None, None) => input("name cast-vote records with --cvr, or published totals with --totals"),
        }?;
        if frame.contest.assertions.is_empty() {
            return input("nobody loses by this report: there is nothing that papers could prove or refute");
        }
        Ok(frame)
    }

    /// Cards without a record, where records are compared.
    pub fn phantoms(&self) -> u64 {
        if !self.compared {
            return 0;
        }
        self.cards.iter().filter(|card| card.is_phantom()).count() as u64
    }

    /// Cards of which only their batch's totals are known.
    pub fn pooled(&self) -> u64 {
        self.cards.iter().filter(|card| card.pool.is_some()).count() as u64
    }

    /// The places of the cards with the lowest tickets, in order.
    pub fn draw(&self, seed: &str, count: usize) -> Vec<usize> {
        let mut order: Vec<([u8; 32], usize)> =
            self.cards.iter().enumerate().map(|(at, card)| (ticket(seed, &card.id), at)).collect();
        let by_id = |a: &([u8; 32], usize), b: &([u8; 32], usize)| {
            a.0.cmp(&b.0).then_with(|| self.cards[a.1].id.cmp(&self.cards[b.1].id))
        };
        let count = count.min(order.len());
        if count > 0 && count < order.len() {
            order.select_nth_unstable_by(count - 1, by_id);
            order.truncate(count);
        }
        order.sort_unstable_by(by_id);
        order.into_iter().take(count).map(|own| own.1).collect()
    }
}

/// What a vote says, by the rule: for a run-off up to the first preference that is given twice.
pub fn ballot(vote: &Vote, rule: CardRule) -> Ballot {
    let marks = &vote.marks;
    let place = |choice: u32| usize::try_from(choice).unwrap_or(usize::MAX);
    let mut own: Ballot = Vec::new();
    if vote.overvoted {
        return own;
    }
    match rule {
        CardRule::Runoff => {
            for mark in marks {
                if marks.iter().filter(|other| other.rank == mark.rank).count() > 1 {
                    break;
                }
                if !own.contains(&place(mark.choice)) {
                    own.push(place(mark.choice));
                }
            }
        }
        CardRule::Plurality { marks: most, .. } => {
            let all: BTreeSet<usize> = marks.iter().map(|mark| place(mark.choice)).collect();
            if u32::try_from(all.len()).is_ok_and(|n| n <= most) {
                own.extend(all);
            }
        }
    }
    own
}

/// The contest asked for, or the only one.
pub fn contest_of<'a>(cast: &'a CastVotes, name: Option<&str>) -> Outcome<(u32, &'a Contest)> {
    let found = match name {
        Some(name) => cast.contests.iter().position(|own| own.name == name),
        None if cast.contests.len() == 1 => Some(0),
        None => None,
    };
    let place = found.and_then(|at| Some((u32::try_from(at).ok()?, cast.contests.get(at)?)));
    place.map_or_else(
        || {
            let names: Vec<&str> = cast.contests.iter().map(|own| own.name.as_str()).collect();
            input(format!("name one contest with --contest: the records hold {}", names.join("; ")))
        },
        Ok,
    )
}

fn rule_of(source: &Source, said: Option<u32>) -> Outcome<CardRule> {
    if source.winners == 0 || source.marks == Some(0) {
        return input("at least one wins, and a card holds at least one mark");
    }
    Ok(match source.rule {
        RuleName::Runoff if source.winners > 1 => {
            return input("an instant-runoff has one winner; for several no sufficient set of assertions is known");
        }
        RuleName::Runoff => CardRule::Runoff,
        RuleName::Plurality => {
            let marks = source.marks.or(said).unwrap_or_else(|| u32::try_from(source.winners).unwrap_or(u32::MAX));
            CardRule::Plurality { winners: source.winners, marks }
        }
    })
}

/// The places of a manifest: `BATCH:1`, `BATCH:2`, ...
fn places(batches: &[Batch]) -> Outcome<Vec<Drawable>> {
    let all = batches.iter().fold(0_u64, |sum, batch| sum.saturating_add(batch.cards));
    if all == 0 || all > PLACES_MAX {
        return input(format!("the manifest holds {all} cards: from 1 to {PLACES_MAX} can be drawn from"));
    }
    let batch = |own: &Batch| {
        let name = own.name.clone();
        (1..=own.cards).map(move |n| Drawable {
            id: format!("{name}:{n}"),
            batch: name.clone(),
            reported: None,
            pool: None,
        })
    };
    Ok(batches.iter().flat_map(batch).collect())
}

fn polled_totals(source: &Source, how: How, totals: Vec<(String, u64)>) -> Outcome<Frame> {
    let Some(path) = &source.manifest else { return input("polling draws from a manifest: name it with --manifest") };
    if how == How::Comparison {
        return input("published totals have no records to compare with: ask for --method polling");
    }
    let CardRule::Plurality { winners, marks } = rule_of(source, None)? else {
        return input("an instant-runoff does not follow from totals: its records are needed");
    };
    let cards = places(&manifest(path)?)?;
    let (choices, votes): (Vec<String>, Vec<u64>) = totals.into_iter().unzip();
    let bound = cards.len() as u64;
    let contest = CardContest::from_totals(&choices, votes, (winners, marks), bound, bound).map_err(refused)?;
    let name = source.contest.clone().unwrap_or_else(|| "the contest".to_owned());
    Ok(Frame { name, choices, contest, runoff: false, marks, compared: false, cards, pools: Vec::new() })
}

/// Nothing but totals of batches.
fn of_pools(source: &Source, how: How) -> Outcome<Frame> {
    let (Some(path), Some(list)) = (&source.pools, &source.manifest) else {
        return input("totals of batches need a manifest: name it with --manifest");
    };
    let batches = manifest(list)?;
    let mut choices = Vec::new();
    let pools = Pools::read(path, &batches, None, &mut choices)?;
    let mut cards = Vec::new();
    fill_up(&mut cards, &CastVotes::default(), &batches, source.at_most, &pools)?;
    let name = source.contest.clone().unwrap_or_else(|| "the contest".to_owned());
    let rule = rule_of(source, None)?;
    pooled(how, rule, (name, choices), (cards, Vec::new()), pools)
}

/// Cards with records, phantoms and votes of records, joined with pools.
fn pooled(
    how: How,
    rule: CardRule,
    (name, choices): (String, Vec<String>),
    (mut cards, votes): (Vec<Drawable>, Vec<u64>),
    pools: Pools,
) -> Outcome<Frame> {
    if how != How::Comparison {
        return input("in polling every card counts as what its paper says: leave --pools out");
    }
    let CardRule::Plurality { winners, marks } = rule else {
        return input("an instant-runoff does not follow from totals: its records are needed");
    };
    let most = |pool: &Pool| u128::from(pool.ballots) * u128::from(marks);
    let more = |pool: &&Pool| {
        let sum: u128 = pool.votes.iter().map(|n| u128::from(*n)).sum();
        sum > most(pool) || pool.votes.iter().any(|n| *n > pool.ballots)
    };
    if let Some(pool) = pools.pools.iter().find(more) {
        return input(format!("a batch of {} cards has more votes than they can hold", pool.ballots));
    }
    let all = pools.pools.iter().fold(cards.len() as u64, |sum, pool| sum.saturating_add(pool.ballots));
    if all == 0 || all > PLACES_MAX {
        return input(format!("{all} cards: from 1 to {PLACES_MAX} can be drawn from"));
    }
    let found = all - cards.iter().filter(|card| card.is_phantom()).count() as u64;
    let own = |at: usize| votes.get(at).copied().unwrap_or(0).checked_add(pools.votes[at]);
    let votes: Option<Vec<u64>> = (0..choices.len()).map(own).collect();
    let Some(votes) = votes else { return input("the votes are too many to count") };
    let contest = CardContest::from_totals(&choices, votes, (winners, marks), found, all).map_err(refused)?;
    cards.extend(pools.cards());
    Ok(Frame { name, choices, contest, runoff: false, marks, compared: true, cards, pools: pools.pools })
}

fn of_records(source: &Source, how: How, cast: &CastVotes) -> Outcome<Frame> {
    let (at, own) = contest_of(cast, source.contest.as_deref())?;
    let rule = rule_of(source, own.vote_for)?;
    let mut seen = BTreeSet::new();
    let mut cards = Vec::new();
    for card in &cast.cards {
        if card.id.is_empty() || !seen.insert(card.id.as_str()) {
            return input(format!("card `{}` has no identifier of its own", card.id));
        }
        let Some(vote) = card.votes.iter().find(|vote| vote.contest == at) else { continue };
        let batch = card.batch.and_then(|at| cast.batches.get(usize::try_from(at).ok()?)).cloned().unwrap_or_default();
        cards.push(Drawable { id: card.id.clone(), batch, reported: Some(ballot(vote, rule)), pool: None });
    }
    let batches = source.manifest.as_deref().map(manifest).transpose()?;
    if let Some(path) = &source.pools {
        let Some(batches) = batches else {
            return input("totals of batches need a manifest: name it with --manifest");
        };
        let mut choices = own.choices.clone();
        let pools = Pools::read(path, &batches, Some(cast), &mut choices)?;
        let mut votes = vec![0_u64; choices.len()];
        for choice in cards.iter().filter_map(|card| card.reported.as_ref()).flatten() {
            votes[*choice] += 1;
        }
        fill_up(&mut cards, cast, &batches, source.at_most, &pools)?;
        return pooled(how, rule, (own.name.clone(), choices), (cards, votes), pools);
    }
    let compared = how == How::Comparison;
    let reported: Vec<Ballot> = cards.iter().filter_map(|card| card.reported.clone()).collect();
    let cards = match (compared, batches) {
        (true, batches) => {
            fill_up(&mut cards, cast, batches.as_deref().unwrap_or(&[]), source.at_most, &Pools::default())?;
            cards
        }
        (false, Some(batches)) => places(&batches)?,
        (false, None) => return input("polling draws from a manifest: name it with --manifest"),
    };
    if cards.len() < reported.len() {
        return input(format!(
            "the records hold {} cards of this contest and the manifest only {}",
            reported.len(),
            cards.len()
        ));
    }
    let contest = CardContest::new(&own.choices, rule, &reported, cards.len() as u64).map_err(refused)?;
    let (runoff, marks) = match rule {
        CardRule::Runoff => (true, 1),
        CardRule::Plurality { marks, .. } => (false, marks),
    };
    Ok(Frame {
        name: own.name.clone(),
        choices: own.choices.clone(),
        contest,
        runoff,
        marks,
        compared,
        cards,
        pools: Vec::new(),
    })
}

/// Adds a phantom for every card of the manifest that no record stands for: each may hold the contest, unless it is
/// known how many cards hold it.
fn fill_up(
    cards: &mut Vec<Drawable>,
    cast: &CastVotes,
    batches: &[Batch],
    at_most: Option<u64>,
    pools: &Pools,
) -> Outcome {
    let mut recorded: BTreeMap<&str, u64> = BTreeMap::new();
    for card in &cast.cards {
        let batch = card.batch.and_then(|at| cast.batches.get(usize::try_from(at).ok()?));
        *recorded.entry(batch.map_or("", String::as_str)).or_default() += 1;
    }
    if !batches.is_empty()
        && let Some(name) = recorded.keys().find(|name| !batches.iter().any(|batch| batch.name == **name))
    {
        return input(format!("batch `{name}` of the records is not in the manifest"));
    }
    let mut left = match at_most {
        None => u64::MAX,
        Some(most) => match most.checked_sub(cards.len() as u64) {
            Some(left) => left,
            None => return input(format!("{} records hold the contest, more than --at-most {most}", cards.len())),
        },
    };
    for batch in batches.iter().filter(|batch| !pools.holds(&batch.name)) {
        let own = recorded.get(batch.name.as_str()).copied().unwrap_or(0);
        let Some(missing) = batch.cards.checked_sub(own) else {
            return input(format!(
                "batch `{}`: {own} records, and {} cards in the manifest: the bound is broken",
                batch.name, batch.cards
            ));
        };
        let phantoms = missing.min(left);
        if (cards.len() as u64).saturating_add(phantoms) > PLACES_MAX {
            return input(format!("more than {PLACES_MAX} cards"));
        }
        let phantom = |n: u64| Drawable {
            id: format!("{}:without record:{n}", batch.name),
            batch: batch.name.clone(),
            reported: None,
            pool: None,
        };
        cards.extend((1..=phantoms).map(phantom));
        left -= phantoms;
    }
    if let Some(most) = at_most.filter(|_| left > 0 && left < u64::MAX) {
        return input(format!("--at-most {most} is more than manifest and records hold: leave it out"));
    }
    Ok(())
}
