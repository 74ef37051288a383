//! Ranked papers: all ways to fill in one paper, two papers, and so on otherwise, until somebody is elected, or no
//! longer.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use recount_seats::{Exactness, Lots, Margin, Move, Rulebook, Tally, Turning, margins, run};
use serde_json::{Value, json};

use super::{of, rulebook};

/// How many papers there are of each ranking; candidates by number.
type Papers = BTreeMap<Vec<usize>, u64>;

fn law(ties: &str) -> Rulebook {
    rulebook(&format!(
        "[contest.ballots]\nkind = \"ranked\"\n[[stage]]\nid = \"ranked\"\nkind = \"rank\"\nmethod = \"irv\"\n\
         seats = 1\nties = {ties}\n"
    ))
}

fn tally(papers: &Papers, candidates: usize) -> Tally {
    let ids = |ranking: &Vec<usize>| ranking.iter().map(|who| format!("p{who}")).collect::<Vec<_>>();
    let papers: Vec<Value> = papers.iter().map(|(ranking, count)| json!([count, ids(ranking)])).collect();
    let nominees: Vec<Value> =
        (0..candidates).map(|who| json!({"id": format!("p{who}"), "name": "n", "contest": "ballots"})).collect();
    let tally = json!({
        "schema": "recount-tally/1", "units": [{"id": "all", "level": "national"}], "lists": [], "totals": [],
        "nominees": nominees, "ballots": [{"contest": "ballots", "papers": papers}],
    });
    Tally::parse(&tally.to_string()).unwrap()
}

/// Everybody who can win by some draw: a count of its own, by the words of the law.
fn winners(papers: &Papers, left: &[usize]) -> BTreeSet<usize> {
    let votes: Vec<u64> = left
        .iter()
        .map(|who| {
            let first = |ranking: &[usize]| ranking.iter().find(|one| left.contains(one)) == Some(who);
            papers.iter().filter(|(ranking, _)| first(ranking)).map(|(_, count)| count).sum()
        })
        .collect();
    let all: u64 = votes.iter().sum();
    if let Some(place) = votes.iter().position(|votes| 2 * votes > all) {
        return [left[place]].into();
    }
    if let [only] = left {
        return [*only].into();
    }
    let fewest = votes.iter().min().unwrap();
    let last = left.iter().zip(&votes).filter(|(_, votes)| *votes == fewest).map(|(who, _)| *who);
    last.flat_map(|last| {
        let rest: Vec<usize> = left.iter().copied().filter(|who| *who != last).collect();
        winners(papers, &rest)
    })
    .collect()
}

fn certain(papers: &Papers, candidates: usize, who: usize) -> bool {
    winners(papers, &(0..candidates).collect::<Vec<_>>()) == [who].into()
}

/// All rankings of one candidate or more.
fn rankings(candidates: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = (0..candidates).map(|who| vec![who]).collect();
    let mut at = 0;
    while at < all.len() {
        for who in 0..candidates {
            if !all[at].contains(&who) {
                let mut longer = all[at].clone();
                longer.push(who);
                all.push(longer);
            }
        }
        at += 1;
    }
    all
}

/// The fewest papers changed, added or kept back (a paper taken away, one added, or both) that turn it.
fn fewest(papers: &Papers, candidates: usize, who: usize, take: bool, add: bool) -> Option<u64> {
    let now = certain(papers, candidates, who);
    let rankings = rankings(candidates);
    let mut seen: BTreeSet<Papers> = [papers.clone()].into();
    let mut edge = vec![papers.clone()];
    for changed in 1..=2 {
        let mut next = Vec::new();
        for papers in edge {
            let taken: Vec<Papers> = if take {
                papers.keys().map(|ranking| without(&papers, ranking)).collect()
            } else {
                vec![papers.clone()]
            };
            for papers in taken {
                let added = rankings.iter().filter(|_| add).map(|ranking| {
                    let mut with = papers.clone();
                    *with.entry(ranking.clone()).or_default() += 1;
                    with
                });
                let all: Vec<Papers> = if add { added.collect() } else { vec![papers] };
                for papers in all.into_iter().filter(|papers| !papers.is_empty()) {
                    if certain(&papers, candidates, who) != now {
                        return Some(changed);
                    }
                    if seen.insert(papers.clone()) {
                        next.push(papers);
                    }
                }
            }
        }
        edge = next;
    }
    None
}

fn without(papers: &Papers, ranking: &Vec<usize>) -> Papers {
    let mut left = papers.clone();
    let count = left.get_mut(ranking).unwrap();
    *count -= 1;
    if *count == 0 {
        left.remove(ranking);
    }
    left
}

/// The proved number and the number that suffices.
fn between<'a>(margins: impl Iterator<Item = &'a Margin>) -> (u64, Option<u64>) {
    let (mut least, mut enough) = (1, None);
    for margin in margins {
        match margin.exactness {
            Exactness::AtLeast => least = margin.votes.unwrap(),
            Exactness::Suffices => enough = margin.votes,
            Exactness::Exact => {
                least = margin.votes.unwrap();
                enough = margin.votes;
            }
        }
    }
    (least, enough)
}

fn check(papers: &Papers, candidates: usize) {
    let everybody: Vec<usize> = (0..candidates).collect();
    let winners = winners(papers, &everybody);
    let found = margins(&law("[\"lot\"]"), &tally(papers, candidates)).unwrap();
    if winners.len() > 1 {
        assert!(found.is_empty(), "a tie stands: {papers:?}");
        return;
    }
    for who in everybody {
        let now = winners.contains(&who);
        let turning = Turning::Ranked { stage: "ranked".into(), elected: !now };
        assert!(of(&found, who).count() >= 2 && of(&found, who).all(|one| one.turning == turning));
        let alone = if now { Move::LostBaseFalls } else { Move::GainedNew };
        for (by, take, add) in [(&Move::PapersChanged, true, true), (&alone, now, !now)] {
            let (least, enough) = between(of(&found, who).filter(|one| one.by == *by));
            let exact = fewest(papers, candidates, who, take, add);
            // Beyond two papers nothing was tried.
            assert!(least <= exact.unwrap_or(u64::MAX), "{who} {by:?}: {least} in {papers:?}, not {exact:?}");
            assert!(enough.unwrap_or(u64::MAX) >= exact.unwrap_or(3), "{who} {by:?}: {enough:?} in {papers:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn bounds_of_ranked_papers_hold(counts in prop::collection::vec((0usize..15, 1u64..4), 2..6)) {
        let rankings = rankings(3);
        let mut papers = Papers::new();
        for (ranking, count) in counts {
            *papers.entry(rankings[ranking].clone()).or_default() += count;
        }
        check(&papers, 3);
    }
}

#[test]
fn mostly_the_bound_is_reached() {
    // 41 p0; 30 p1 > p2; 29 p2 > p1: p1 wins by 59 to 41, and does so only while p2 leaves first.
    let papers: Papers = [(vec![0], 41), (vec![1, 2], 30), (vec![2, 1], 29)].into();
    let found = margins(&law("[\"lot\"]"), &tally(&papers, 3)).unwrap();
    let changed: Vec<(usize, Option<u64>, Exactness)> = (0..3)
        .flat_map(|who| of(&found, who).filter(|one| one.by == Move::PapersChanged).map(move |one| (who, one)))
        .map(|(who, one)| (who, one.votes, one.exactness))
        .collect();
    // One paper makes the last two equal: a lot, and perhaps p2. It takes two for p2 to be sure, ten for p0.
    assert!(changed.contains(&(1, Some(1), Exactness::Exact)), "{changed:?}");
    assert!(changed.contains(&(2, Some(1), Exactness::Exact)), "{changed:?}");
    assert!(changed.contains(&(0, Some(10), Exactness::Exact)), "{changed:?}");
}

#[test]
fn a_large_count_is_bounded_in_time() {
    // Twelve candidates, 400 kinds of papers.
    let mut papers = Papers::new();
    let mut number = 12_345u64;
    for _ in 0..400 {
        let mut ranking: Vec<usize> = Vec::new();
        for _ in 0..5 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let who = usize::try_from((number >> 33) % 12).unwrap();
            if !ranking.contains(&who) {
                ranking.push(who);
            }
        }
        *papers.entry(ranking).or_default() += 1 + (number >> 40) % 1_000;
    }
    let law = law("[\"earlier_counts\", \"lot\"]");
    let tally = tally(&papers, 12);
    let winner = run(&law, &tally, &Lots::none()).unwrap().members[0].candidate.clone().unwrap();
    let found = margins(&law, &tally).unwrap();
    let least = found.iter().find(|one| one.list == winner && one.by == Move::PapersChanged).unwrap();
    assert!(least.votes.unwrap() > 1, "{least:?}");
}

#[test]
fn with_surpluses_only_the_quota_of_the_first_count_is_bounded() {
    let law = rulebook(
        "[contest.ballots]\nkind = \"ranked\"\n[[stage]]\nid = \"ranked\"\nkind = \"rank\"\nmethod = \"stv\"\n\
         quota = \"droop\"\nsurplus = { transfer = \"weighted_inclusive_gregory\" }\nseats = 2\nties = [\"lot\"]\n",
    );
    let papers: Papers = [(vec![0, 1], 40), (vec![1], 20), (vec![2], 25)].into();
    let found = margins(&law, &tally(&papers, 3)).unwrap();
    // 85 papers, a quota of 29: eleven papers above it, so twelve must change.
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((only.list.as_str(), only.votes, only.exactness), ("p0", Some(12), Exactness::AtLeast));
}
