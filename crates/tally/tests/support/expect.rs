//! What a story expects: lines that begin with `expect`.

use recount_tally::count::{Source, View};
use recount_tally::declaration::DeclarationCheck;
use recount_tally::fold::Fold;
use recount_tally::history::Status;
use recount_tally::totals::{UnitTotal, reason_code};

use crate::story::{Story, Words};

/// What must hold after every statement: totals kept along the way equal totals made afresh, and every statement has a status.
pub fn invariants(fold: &mut Fold) {
    let contests: Vec<_> = fold.contests().map(|(ix, _)| ix).collect();
    for contest in contests {
        for source in [Source::Deciding, Source::Copies] {
            let view = View { source, poll: None };
            let afresh = fold.totals(contest, view).expect("totals");
            let kept = fold.keep_totals(contest, view).expect("totals");
            assert_eq!(*kept, afresh, "kept totals differ from totals made afresh");
        }
    }
    for index in 0..fold.size() {
        assert!(fold.status(index).is_some());
    }
    assert!(fold.status(fold.size()).is_none());
}

/// Checks one line.
pub fn check(story: &mut Story, line: &str) {
    let mut w = Words::of(line);
    match w.next() {
        "total" => total(story, w),
        "coverage" => coverage(story, w),
        "station" => station(story, w),
        "seats" => seats(story, w),
        "conflicts" => conflicts(story, w),
        "declaration" => declaration(story, w),
        "register" => register(story, w),
        "withheld" => assert!(story.world.fold.effects().is_withheld(&story.blob(w.next()))),
        "published" => assert!(!story.world.fold.effects().is_withheld(&story.blob(w.next()))),
        "change" => change(story, w),
        "clock" => assert_eq!(story.world.fold.ledger().clock(), w.next().parse().ok()),
        "claimed" => {
            let state = &story.world.fold.rulings()[&story.index(w.next())];
            assert_eq!(state.signed, w.number("signed").expect("signed="));
            assert_eq!(state.ruling.claimed.present, w.number("present"));
        }
        "broken" => {
            let broken = story.world.fold.broken_controls().len();
            assert_eq!(broken, w.next().parse::<usize>().expect("a number"));
        }
        "differing" => {
            let contest = story.world.fold.contest_ix("lists").expect("lists");
            let found = story.world.fold.compare_copies(contest);
            assert_eq!(found.differing.len(), w.next().parse::<usize>().expect("a number"));
        }
        name => status(story, name, w),
    }
}

fn status(story: &Story, name: &str, mut w: Words<'_>) {
    let status = story.world.fold.status(story.index(name)).expect("a status");
    let found = format!("{} {}", status.word(), status.code());
    let word = w.next();
    assert_eq!(status.word(), word, "found: {found} ({})", status.reason());
    if let Some(code) = w.try_next() {
        assert_eq!(status.code(), code, "found: {found} ({})", status.reason());
    }
    if let Some(by) = w.take("by") {
        assert_eq!(status.by(), Some(story.index(by)), "by");
    }
    if let Status::Void(why) = &status {
        assert!(!why.to_string().is_empty());
    }
    w.done();
}

fn view(story: &Story, w: &mut Words<'_>) -> View {
    let source = match w.take("source") {
        None => Source::Deciding,
        Some("copies") => Source::Copies,
        Some(word) => Source::Only(story.world.fold.sources().find(word).unwrap_or_else(|| panic!("no source {word}"))),
    };
    View { source, poll: w.number("poll").map(|n| u16::try_from(n).expect("a poll")) }
}

fn unit_total(story: &Story, w: &mut Words<'_>) -> (UnitTotal, recount_election::Columns) {
    let fold = &story.world.fold;
    let contest = fold.contest_ix(w.take("contest").unwrap_or("lists")).expect("a contest");
    let view = view(story, w);
    let unit = fold.ledger().register().geography().unit_ix(w.next()).expect("a unit");
    let mut totals = fold.totals(contest, view).expect("totals");
    (totals.remove(&unit).unwrap_or_default(), fold.contest(contest).expect("a contest").columns.clone())
}

fn total(story: &Story, mut w: Words<'_>) {
    let (total, columns) = unit_total(story, &mut w);
    for (name, n) in w.rest() {
        let found = total.sums.list(&columns, name).or_else(|| total.sums.line(&columns, name));
        assert_eq!(found, n.parse().ok(), "{name}");
    }
    w.done();
}

fn coverage(story: &Story, mut w: Words<'_>) {
    let (total, _) = unit_total(story, &mut w);
    let c = &total.coverage;
    for (name, n) in w.rest() {
        let found = match name {
            "expected" => c.expected,
            "received" => c.received,
            "countable" => c.countable,
            "conflicts" => c.conflicts,
            "suspect" => c.suspect,
            "voters" => c.voters,
            "voters_uncounted" => c.voters_uncounted,
            reason => c.reasons.get(reason).copied().unwrap_or(0),
        };
        assert_eq!(found, n.parse::<u64>().expect("a number"), "{name} of {c:?}");
    }
    assert_eq!(c.expected, c.countable + c.reasons.values().sum::<u64>(), "every station is countable or has a reason");
    w.done();
}

fn station(story: &Story, mut w: Words<'_>) {
    let fold = &story.world.fold;
    let contest = fold.contest_ix("lists").expect("lists");
    let view = view(story, &mut w);
    let count = fold.count_station(story.station(w.next()), contest, view);
    assert_eq!(reason_code(count.reason), w.next(), "{count:?}");
    if let Some(by) = w.take("by") {
        let ruling = count.reason.and_then(|reason| reason.ruling()).or(count.by_ruling);
        assert_eq!(ruling, Some(story.index(by)), "by");
    }
    let columns = &fold.contest(contest).expect("lists").columns;
    for (name, n) in w.rest() {
        let figures = count.figures.as_ref();
        let found = figures.and_then(|f| f.votes(columns, name).or_else(|| f.line(columns, name)));
        assert_eq!(found, n.parse().ok(), "{name}");
    }
    w.done();
}

fn seats(story: &mut Story, mut w: Words<'_>) {
    let outcome = match w.take("under") {
        Some(name) => {
            let index = story.index(name);
            let rivals: Vec<_> = story.world.fold.rivals().into_iter().filter(|rival| rival.index == index).collect();
            assert_eq!(rivals.len(), 1, "{name} is no alternative");
            story.world.fold.outcome_under(&rivals)
        }
        None => {
            let kept = story.world.fold.outcome_kept();
            assert_eq!(kept, story.world.fold.outcome(View::LAW), "kept outcome differs");
            kept
        }
    };
    match w.try_next() {
        Some("refused") => assert!(outcome.is_err(), "{outcome:?}"),
        Some("undetermined") => assert!(!outcome.expect("an outcome").undetermined.is_empty()),
        _ => {
            let outcome = outcome.expect("an outcome");
            for (list, n) in w.rest() {
                let found = outcome.seats.get(list).copied().unwrap_or(0);
                assert_eq!(found, n.parse::<u64>().expect("a number"), "{list} of {:?}", outcome.seats);
            }
        }
    }
    w.done();
}

/// `none`, or pairs `STANDS/RIVAL`.
fn conflicts(story: &Story, mut w: Words<'_>) {
    let found: Vec<(u64, u64)> = story.world.fold.rivals().iter().map(|rival| (rival.stands, rival.index)).collect();
    let mut said = Vec::new();
    while let Some(word) = w.try_next() {
        if let Some((stands, rival)) = word.split_once('/') {
            said.push((story.index(stands), story.index(rival)));
        }
    }
    assert_eq!(found, said);
}

fn declaration(story: &Story, mut w: Words<'_>) {
    let index = story.index(w.next());
    let state = story.world.fold.declarations().iter().find(|state| state.index == index).expect("a declaration");
    let settled;
    let mut word = w.next();
    let check = if word == "settled" {
        // As a reader does: fold up to the size that it names, and compute it there.
        word = w.next();
        let size = usize::try_from(state.declaration.size).expect("a size");
        settled = story.world.folded(size).check_declaration(&state.declaration);
        &settled
    } else {
        &state.check
    };
    let found = match check {
        DeclarationCheck::Pending => "pending",
        DeclarationCheck::Holds => "holds",
        DeclarationCheck::Differs(_) => "differs",
        DeclarationCheck::NotComputable(_) => "not_computable",
    };
    assert_eq!(found, word, "{check:?}");
    w.done();
}

/// What changed at a station since a statement was filed, by which cause and which statements.
fn change(story: &Story, mut w: Words<'_>) {
    let since = usize::try_from(story.index(w.take("since").expect("since="))).expect("a size");
    let station = story.station(w.next());
    let earlier = story.world.folded(since);
    let found = recount_tally::diff::between(&earlier, &story.world.fold, "lists", View::LAW);
    let changed = found.stations.iter().find(|changed| changed.station == station);
    assert_eq!(changed.map_or("nothing", |changed| changed.cause.name()), w.next(), "{changed:?}");
    let by: Vec<u64> = w.list("by").iter().map(|name| story.index(name)).collect();
    assert_eq!(changed.map_or(&[][..], |changed| &changed.statements), by);
    w.done();
}

fn register(story: &Story, mut w: Words<'_>) {
    let register = story.world.fold.ledger().register();
    match w.next() {
        "sealed" => assert!(register.sealed(w.number("poll").unwrap_or(1)).is_some()),
        "incomplete" => assert!(register.sealed(w.number("poll").unwrap_or(1)).is_none()),
        "waiting" => {
            let waiting: Vec<u64> = register.waiting().collect();
            let said: Vec<u64> = w.try_next().into_iter().map(|name| story.index(name)).collect();
            assert_eq!(waiting, said);
        }
        "admitted" => assert!(register.admitted().contains(&story.index(w.next()))),
        "list" => {
            let list = w.next();
            assert!(story.lists("lists").iter().any(|l| l.id == list));
        }
        word => panic!("no expectation of the register: {word}"),
    }
    w.done();
}
