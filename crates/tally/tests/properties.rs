//! What must hold of any record: folded one by one or at once, kept or made afresh, honest or hostile; and against a slow second
//! implementation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/expect.rs"]
mod expect;
#[path = "support/kinds.rs"]
mod kinds;
#[path = "support/random.rs"]
mod random;
#[path = "support/slow.rs"]
mod slow;
#[path = "support/story.rs"]
mod story;
#[path = "support/world.rs"]
mod world;

use std::collections::BTreeMap;

use proptest::prelude::*;
use recount_record::Entry;
use recount_tally::{Fold, View};

use story::Story;

fn told(bytes: &[[u8; 8]]) -> Story {
    story_of(bytes).0
}

/// The story, and its lines for a reader of a failed test.
fn story_of(bytes: &[[u8; 8]]) -> (Story, String) {
    let mut story = Story::of(random::WORLD);
    let mut lines = Vec::new();
    for b in bytes {
        let line = random::line(&lines, *b);
        story.told(&line);
        lines.push(line);
    }
    (story, lines.join("\n"))
}

/// Everything that a reader may see of a fold.
fn seen(fold: &Fold) -> (Vec<String>, recount_log::Hash, String) {
    let statuses = (0..fold.size()).map(|index| format!("{:?}", fold.status(index))).collect();
    (statuses, fold.station_root(), figures(fold))
}

fn figures(fold: &Fold) -> String {
    let totals = fold.contests().map(|(ix, _)| format!("{:?}", fold.totals(ix, View::LAW)));
    totals.collect()
}

/// The votes of a list in the whole, by law.
fn votes(fold: &Fold, list: &str) -> Option<u64> {
    let contest = fold.contest_ix("lists")?;
    let root = fold.ledger().register().geography().root()?;
    fold.totals(contest, View::LAW).unwrap().get(&root)?.sums.list(&fold.contest(contest)?.columns, list)
}

/// The office of every authorised protocol, by name.
fn offices(fold: &Fold) -> BTreeMap<u64, String> {
    let mut offices = BTreeMap::new();
    for n in 0..fold.ledger().register().geography().stations().len() {
        let station = recount_election::StationIx(u32::try_from(n).unwrap());
        for claim in fold.station(station).map_or(&[][..], |state| &state.claims) {
            let office = claim.office.and_then(|ix| fold.ledger().keys().office(ix));
            offices.extend(office.map(|office| (claim.index, format!("{office:?}"))));
        }
    }
    offices
}

/// Few cases, so that the tests take seconds; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { 24 };
    ProptestConfig { cases, max_shrink_iters: 2000, failure_persistence: None, ..given }
}

proptest! {
    #![proptest_config(config())]

    /// After every statement kept totals equal fresh ones (`expect::invariants`); at the end one go gives the same.
    #[test]
    fn one_by_one_is_at_once(bytes in prop::collection::vec(any::<[u8; 8]>(), 1..40)) {
        let story = told(&bytes);
        let world = &story.world;
        prop_assert_eq!(seen(&world.fold), seen(&world.folded(world.entries.len())));
    }

    /// A chronicle changes nothing; what it says of a change is the difference of the folds around it; and what changed a total that
    /// was there stands in it.
    #[test]
    fn a_chronicle_tells_the_difference(bytes in prop::collection::vec(any::<[u8; 8]>(), 1..12)) {
        let (story, lines) = story_of(&bytes);
        let world = &story.world;
        let fold = world.chronicled(world.entries.len());
        prop_assert_eq!(seen(&fold), seen(&world.fold));
        let told = fold.chronicle().unwrap();
        prop_assert!(told.points().windows(2).all(|two| two[0].size < two[1].size));
        for change in told.changes() {
            let at = usize::try_from(change.index).unwrap();
            let (before, after) = (world.folded(at), world.folded(at + 1));
            for list in ["a", "b", "c"] {
                let moved = change.moved.iter().find(|own| own.is_list && own.name == list);
                let (then, now) = (votes(&before, list), votes(&after, list));
                prop_assert_eq!(moved.map(|own| (own.before, own.after)), (then != now).then_some((then, now)), "{}\n{}", list, lines);
            }
        }
        for index in 0..fold.size() {
            let at = usize::try_from(index).unwrap();
            let fell = ["a", "b", "c"].iter().any(|list| votes(&world.folded(at + 1), list) < votes(&world.folded(at), list));
            prop_assert!(!fell || told.changes().iter().any(|own| own.index == index), "{}: {}", index, lines);
        }
    }

    /// The slow implementation, straight from the rules, finds the same stations countable and the same sums.
    #[test]
    fn agrees_with_the_slow_one(bytes in prop::collection::vec(any::<[u8; 8]>(), 1..40)) {
        let (story, lines) = story_of(&bytes);
        let fold = &story.world.fold;
        let slow = slow::Slow::read(&story.world, fold, offices(fold));
        let (countable, sums) = slow.total();
        let contest = fold.contest_ix("lists").unwrap();
        let totals = fold.totals(contest, View::LAW).unwrap();
        let land = &totals[&fold.ledger().register().geography().root().unwrap()];
        prop_assert_eq!(land.coverage.countable, countable, "{}", lines);
        let columns = &fold.contest(contest).unwrap().columns;
        for list in ["a", "b", "c"] {
            prop_assert_eq!(land.sums.list(columns, list), sums.get(list).copied(), "{}\n{}", list, lines);
        }
    }

    /// Whatever bytes come: no panic, one more void statement, and no figure changes.
    #[test]
    fn hostile_entries_change_no_figure(
        bytes in prop::collection::vec(any::<[u8; 8]>(), 1..12),
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
        noise in prop::collection::vec(any::<u8>(), 0..60),
        splice in any::<bool>(),
    ) {
        let mut story = told(&bytes);
        let before = (figures(&story.world.fold), story.world.fold.station_root());
        let mut entry = story.world.entries[which.index(story.world.entries.len())].clone();
        let at = at.index(entry.len());
        if splice {
            entry.splice(at.., noise);
        } else {
            entry[at] ^= 1 << bit;
        }
        let size = story.world.fold.size();
        let void = story.world.push(entry);
        prop_assert!(void.is_some());
        prop_assert_eq!(story.world.fold.size(), size + 1);
        prop_assert_eq!((figures(&story.world.fold), story.world.fold.station_root()), before);
    }

    /// What somebody without the authority signs, however well formed, changes no figure of the count by law.
    #[test]
    fn the_unauthorised_change_no_figure(
        bytes in prop::collection::vec(any::<[u8; 8]>(), 1..12),
        more in prop::collection::vec(any::<[u8; 8]>(), 1..12),
    ) {
        let mut story = told(&bytes);
        let before = figures(&story.world.fold);
        for (n, b) in more.iter().enumerate() {
            let line = random::line(&[], *b).replacen("s0:", &format!("x{n}:"), 1);
            let line = line.split_once(" signed ").map_or(line.as_str(), |(said, _)| said);
            story.told(&format!("{line} signed party"));
        }
        prop_assert_eq!(figures(&story.world.fold), before);
    }

    #[test]
    fn random_bytes_are_no_statement(noise in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Entry::parse(&noise).is_err());
    }
}

/// The random stories are worth telling: every kind of status comes up in them, and so do counted and uncounted stations.
#[test]
fn random_stories_reach_every_status() {
    let mut found: std::collections::BTreeMap<String, u64> = BTreeMap::new();
    for n in 0..60_u64 {
        let byte = |i: u64, k: u64| {
            recount_log::sha256(&[n.to_be_bytes(), i.to_be_bytes(), k.to_be_bytes()].concat()).as_bytes()[0]
        };
        let bytes: Vec<[u8; 8]> = (0..45).map(|i| std::array::from_fn(|k| byte(i, k as u64))).collect();
        let story = told(&bytes);
        let fold = &story.world.fold;
        for (index, noted) in (0..).zip(fold.noted()) {
            let status = fold.status(index).unwrap();
            *found.entry(format!("{} {} {}", noted.kind, status.word(), status.code())).or_default() += 1;
        }
        let contest = fold.contest_ix("lists").unwrap();
        for total in fold.totals(contest, View::LAW).unwrap().values() {
            for (reason, n) in &total.coverage.reasons {
                *found.entry(format!("station {reason}")).or_default() += n;
            }
            *found.entry("station countable".to_owned()).or_default() += total.coverage.countable;
        }
    }
    for wanted in [
        "protocol effective ",
        "protocol superseded statement",
        "protocol superseded ruling",
        "protocol contested conflict",
        "protocol contested challenged",
        "protocol contested suspect",
        "protocol contested poll_closed",
        "protocol void not_listed",
        "ruling effective ",
        "ruling superseded ruling",
        "ruling void rank",
        "register contested waits",
        "register effective ",
        "copy superseded statement",
        "declaration effective ",
        "appointment effective ",
        "revocation effective ",
        "station countable",
        "station missing",
        "station annulled",
        "station part_missing",
        "station not_computable",
        "station to_be_repeated",
        "station excluded",
    ] {
        assert!(found.contains_key(wanted), "{wanted} never came up: {found:#?}");
    }
}

/// The root over the stations changes exactly when a station's leaf does.
#[test]
fn the_station_root_follows_the_stations() {
    let mut story = Story::of(random::WORLD);
    let mut root = story.world.fold.station_root();
    for (line, changes) in [
        ("n1: note remark station=101 signed obs", false),
        ("t1: turnout 101 voted=5 signed p101", false),
        ("k1: clock 1601800000", false),
        ("p1: protocol 101 hand a=1 b=2 signed p101", true),
        ("d1: again p1 signed p101", false),
        ("x1: protocol 102 hand a=1 b=2 signed p101", false),
        ("c1: copy 101 hand a=1 b=2 signed obs", true),
        ("a1: ruling court | annul station=101 signed court-1,court-2", true),
        ("a2: ruling court | annul station=201 signed court-1,court-2", true),
        ("w1: ruling palace | annul station=101 signed court-1,court-2", false),
        ("b1: body top rank=9 seats=top-1", false),
        ("v1: ruling top | reverse a1 signed top-1", true),
        ("r1: register drop 102", false),
        ("m1: ruling top | admit r1 signed top-1", true),
    ] {
        story.told(line);
        let now = story.world.fold.station_root();
        assert_eq!(now != root, changes, "{line}");
        root = now;
    }
}
