//! Station results from a record, at its size.

use recount_election::StationIx;
use recount_forensics::pairs::of_differences;
use recount_tally::compare::Comparison;
use recount_tally::{Fold, Source, View};

use recount_report::input::{Choice, Sheet, Units};

use crate::commands::count::{level_is_there, poll_is_open};
use crate::error::{CliError, Outcome, input};
use crate::read::{self, How};

/// Reads a record as the law counts it, or one source of it; and the size looked at.
pub fn read(place: &str, how: &How, choice: &Choice) -> Outcome<(Sheet, u64)> {
    read_stations(place, how, choice, false)
}

/// The same with every station that is expected, also those without figures: a register to draw from.
pub fn register(place: &str, how: &How, choice: &Choice) -> Outcome<Sheet> {
    Ok(read_stations(place, how, choice, true)?.0)
}

fn read_stations(place: &str, how: &How, choice: &Choice, every: bool) -> Outcome<(Sheet, u64)> {
    let opened = read::open(place, how)?;
    // After a vote was annulled as a whole nothing counts: what is looked at is the count as it stood before. Every signature was checked.
    let ruling = recount_site::annulled_whole_by(&opened.fold);
    let before = ruling.map(|index| read::fold_record(&opened.reader, index, index)).transpose()?;
    let fold = before.as_ref().unwrap_or(&opened.fold);
    let source = match &choice.source {
        None => Source::Deciding,
        Some(wanted) => Source::Only(
            fold.sources()
                .find(wanted)
                .ok_or_else(|| CliError::Input(format!("the record has no source \"{wanted}\"")))?,
        ),
    };
    let view = View { source, poll: choice.poll };
    let known: Vec<&str> = fold.contests().map(|(_, own)| own.id.as_str()).collect();
    let wanted = match (&choice.contest, &known[..]) {
        (Some(wanted), _) => wanted.as_str(),
        (None, [only]) => only,
        (None, []) => return input("the record has no contest yet"),
        (None, _) => {
            return input(format!(
                "the record holds several contests: choose one with --contest: {}",
                known.join(", ")
            ));
        }
    };
    let Some(contest) = fold.contest_ix(wanted) else {
        return input(format!("the record has no contest \"{wanted}\"; it has {}", known.join(", ")));
    };
    for level in [&choice.region, &choice.district].into_iter().flatten() {
        level_is_there(fold, level)?;
    }
    if let Some(poll) = choice.poll {
        poll_is_open(fold, u64::from(poll))?;
    }
    let stations = fold.ledger().register().geography().stations();
    let known = |own: &&String| !stations.iter().any(|station| station.attributes.contains_key(own.as_str()));
    if let Some(own) = choice.without.iter().find(known) {
        return input(format!("--without {own}: no station of the register has this attribute"));
    }
    let mut sheet = gathered(fold, contest, view, choice, every);
    let checkpoint = opened.reader.checkpoint();
    sheet.source = format!("record {} at size {}", checkpoint.origin, fold.size());
    if let Some(index) = ruling {
        sheet.source.push_str(&format!(", before statement {index} annulled the vote"));
    }
    sheet.hash = checkpoint.root.to_hex();
    Ok((sheet, fold.size()))
}

fn narrow(figure: u64) -> Option<u32> {
    u32::try_from(figure).ok()
}

fn gathered(fold: &Fold, contest: recount_tally::claim::ContestIx, view: View, choice: &Choice, every: bool) -> Sheet {
    let register = fold.ledger().register();
    let geography = register.geography();
    let Some(state) = fold.contest(contest) else { return Sheet::default() };
    let mut reasons = std::collections::BTreeMap::<String, u64>::new();
    let (mut places, mut figures, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = 0;
    for (station, n) in geography.stations().iter().zip(0u32..) {
        let at = StationIx(n);
        if !fold.is_expected(at, contest) {
            continue;
        }
        rows += 1;
        if let Some(own) = choice.without.iter().find(|own| station.attributes.contains_key(own.as_str())) {
            *reasons.entry(format!("stations with the attribute {own}")).or_default() += 1;
            continue;
        }
        let count = fold.count_station(at, contest, view);
        match (count.reason, count.figures) {
            (reason, own) if every || (reason.is_none() && own.is_some()) => {
                places.push((at, station));
                figures.push(own.filter(|_| reason.is_none()));
                expected.push(register.voters(at, u64::from(count.poll)).and_then(narrow));
            }
            (reason, _) => {
                let word = reason.map_or("no figures", recount_tally::count::Reason::code);
                *reasons.entry(format!("not countable: {word}")).or_default() += 1;
            }
        }
    }
    let column = |ix| figures.iter().map(|own| own.as_ref()?.get(ix).and_then(narrow)).collect::<Vec<_>>();
    let lists = register.all_lists(&state.id);
    let named = |id: &str| {
        lists.iter().find(|list| list.id == id).map_or_else(|| id.replace('_', " "), |list| list.name.clone())
    };
    let parent = |unit: &recount_election::Unit| unit.parent.and_then(|parent| usize::try_from(parent.0).ok());
    let units = Units {
        all: geography.units().iter().map(|unit| (unit.level.as_str(), unit.name.as_str(), parent(unit))).collect(),
    };
    let of: Vec<usize> = places.iter().map(|(_, own)| usize::try_from(own.unit.0).unwrap_or(usize::MAX)).collect();
    let title = fold.ledger().charter().map_or_else(String::new, |(_, charter)| charter.election.title.clone());
    let columns = &state.columns;
    let stated = |(_, column): &(String, Vec<Option<u32>>)| column.iter().any(Option::is_some);
    Sheet {
        title,
        rows,
        ids: places.iter().map(|(_, own)| own.id.clone()).collect(),
        units: geography.units().iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect(),
        tree: units.tree(),
        region: units.keys(&of, choice.region.as_deref(), true),
        district: units.keys(&of, choice.district.as_deref(), false),
        unit_of: of,
        expected,
        lines: columns.lines().map(|(ix, code)| (code.to_owned(), column(ix))).filter(stated).collect(),
        lists: columns.lists().map(|(ix, id)| (id.to_owned(), named(id), column(ix))).collect(),
        left_out: reasons.into_iter().collect(),
        compared: compared(fold, contest, &places.iter().map(|(at, _)| *at).collect::<Vec<_>>()),
        ..Sheet::default()
    }
}

/// Copies against protocols, where there are any; else the first two sources that count the same ballots.
fn compared(
    fold: &Fold,
    contest: recount_tally::claim::ContestIx,
    places: &[StationIx],
) -> Option<(recount_forensics::pairs::Compared, Vec<String>)> {
    let copies = fold.compare_copies(contest);
    let comparison = if copies.compared > 0 { copies } else { of_sources(fold, contest)? };
    let state = fold.contest(contest)?;
    let lines = state.columns.lines().map(|(_, code)| code.to_owned());
    let columns: Vec<String> = lines.chain(state.columns.lists().map(|(_, id)| format!("votes.{id}"))).collect();
    let differing = comparison.differing.iter().map(|own| {
        let place = places.iter().position(|at| *at == own.station).unwrap_or(usize::MAX);
        let one = |(name, a, b): &(String, u64, u64)| {
            Some((columns.iter().position(|own| own == name)?, narrow(*a)?, narrow(*b)?))
        };
        (place, own.columns.iter().filter_map(one).collect::<Vec<_>>())
    });
    let equal = usize::try_from(comparison.compared).unwrap_or(usize::MAX).saturating_sub(comparison.differing.len());
    let equal = std::iter::repeat_n((usize::MAX, Vec::new()), equal);
    Some((of_differences(differing.chain(equal), columns.len()), columns.clone()))
}

fn of_sources(fold: &Fold, contest: recount_tally::claim::ContestIx) -> Option<Comparison> {
    let sources: Vec<_> = fold.sources().iter().map(|(ix, _)| ix).collect();
    let pairs = sources.iter().enumerate().flat_map(|(at, a)| sources.iter().skip(at + 1).map(move |b| (*a, *b)));
    pairs.map(|(a, b)| fold.compare_sources(contest, a, b)).find(|found| found.compared > 0)
}
