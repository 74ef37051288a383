//! How many papers are enough: counts with other papers, until the result turns.

use super::orders::Kind;
use crate::ranked::{self, Ballots, RankRules, RankedLot};

/// Ties drawn one after the other that are followed.
const DEEPEST: usize = 4;

/// What is to happen.
pub(super) enum Aim {
    /// This one is elected for certain.
    Wins(usize),
    /// The first is no longer elected for certain; the second may be instead.
    Falls(usize, usize),
}

impl Aim {
    /// Whom papers are filled in for.
    fn helped(&self) -> usize {
        match self {
            Self::Wins(who) | Self::Falls(_, who) => *who,
        }
    }

    fn reached(&self, ballots: &Ballots, rules: &RankRules, left: &mut u64) -> bool {
        match self {
            Self::Wins(who) => certain(ballots, rules, *who, &mut Vec::new(), left) == Some(true),
            Self::Falls(who, _) => certain(ballots, rules, *who, &mut Vec::new(), left) == Some(false),
        }
    }
}

/// A number of papers that is enough, the fewest that were tried, from `least` on; none: none was found.
pub(super) fn enough(
    ballots: &Ballots,
    rules: &RankRules,
    aim: &Aim,
    kind: Kind,
    least: u64,
    left: &mut u64,
) -> Option<u64> {
    let helped = aim.helped();
    let everybody = 0..ballots.candidates().len();
    let from: Vec<Option<usize>> = match (kind, aim) {
        (Kind::New, _) => vec![None],
        (Kind::Absent, Aim::Falls(who, _) | Aim::Wins(who)) => vec![Some(*who)],
        (Kind::Changed, _) => everybody.filter(|who| *who != helped).map(Some).collect(),
    };
    let mut best: Option<u64> = None;
    for giver in from {
        let pile = giver.map(|who| pile(ballots, who, helped));
        let most = pile.as_ref().map_or(ballots.papers().saturating_mul(2), |pile| pile.papers);
        let most = best.map_or(most, |best| most.min(best.saturating_sub(1)));
        let mut turned = |votes: u64| {
            let with = changed(ballots, pile.as_ref(), kind, helped, votes);
            with.is_some_and(|with| aim.reached(&with, rules, left))
        };
        best = first(least, most, &mut turned).or(best);
        if best == Some(least) {
            break;
        }
    }
    best
}

/// A number from `least` to `most` that turns the result, the fewest that doubling and halving find.
fn first(least: u64, most: u64, turned: &mut dyn FnMut(u64) -> bool) -> Option<u64> {
    if least > most {
        return None;
    }
    let (mut low, mut high) = (least, least);
    while !turned(high) {
        if high == most {
            return None;
        }
        low = high;
        high = high.saturating_mul(2).min(most);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if turned(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// The papers that prefer somebody to all others, those first that help the other least.
struct Pile {
    groups: Vec<usize>,
    papers: u64,
}

fn pile(ballots: &Ballots, giver: usize, helped: usize) -> Pile {
    let withdrawn = |who: &u16| ballots.candidates().get(usize::from(*who)).is_some_and(|one| one.withdrawn);
    let is = |who: &u16, place: usize| usize::from(*who) == place;
    let first = |group: &usize| ballots.ranking(*group).iter().find(|who| !withdrawn(who)).copied();
    let mut groups: Vec<usize> =
        (0..ballots.groups()).filter(|group| first(group).is_some_and(|who| is(&who, giver))).collect();
    // Later on the paper, or not at all: the farther the better.
    let later = |group: &usize| ballots.ranking(*group).iter().position(|who| is(who, helped)).unwrap_or(usize::MAX);
    groups.sort_by_key(|group| std::cmp::Reverse(later(group)));
    let papers = groups.iter().map(|group| ballots.size(*group)).sum();
    Pile { groups, papers }
}

/// The papers after so many of a pile were taken away or filled in for somebody, or so many were added for them.
fn changed(ballots: &Ballots, pile: Option<&Pile>, kind: Kind, helped: usize, papers: u64) -> Option<Ballots> {
    let mut taken = vec![0u64; ballots.groups()];
    let mut open = if pile.is_some() { papers } else { 0 };
    for group in pile.map(|pile| pile.groups.as_slice()).unwrap_or_default() {
        let take = open.min(ballots.size(*group));
        open -= take;
        *taken.get_mut(*group)? = take;
    }
    let mut with = Ballots::new(ballots.candidates().to_vec()).ok()?;
    for (group, taken) in taken.into_iter().enumerate() {
        let ranking = ballots.ranking(group).iter().map(|who| usize::from(*who));
        with.add_places(ballots.size(group).checked_sub(taken)?, ranking).ok()?;
    }
    if kind != Kind::Absent {
        with.add_places(papers, [helped]).ok()?;
    }
    (open == 0 && with.papers() > 0).then_some(with)
}

/// Whether somebody is elected whoever is drawn; none: not followed to the end.
fn certain(
    ballots: &Ballots,
    rules: &RankRules,
    who: usize,
    lots: &mut Vec<RankedLot>,
    left: &mut u64,
) -> Option<bool> {
    let size = ballots.groups().saturating_mul(ballots.candidates().len());
    *left = left.saturating_sub(u64::try_from(size).unwrap_or(u64::MAX));
    if *left == 0 || lots.len() > DEEPEST {
        return None;
    }
    let counted = ranked::count(ballots, 1, rules, lots).ok()?;
    let Some(tie) = &counted.tie else {
        let id = ballots.candidates().get(who).map(|one| &one.id);
        return Some(counted.elected.iter().any(|one| Some(&one.candidate) == id));
    };
    if tie.take != 1 {
        return None;
    }
    for drawn in &tie.between {
        let between = tie.between.iter().cloned().collect();
        lots.push(RankedLot { count: None, between, drawn: vec![drawn.clone()] });
        let one = certain(ballots, rules, who, lots, left);
        lots.pop();
        if one != Some(true) {
            return one;
        }
    }
    Some(true)
}
