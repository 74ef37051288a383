//! Real tables, with the figures that were published or counted independently.
//! The tables are not part of the repository; without them these tests are skipped, loudly.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use recount_election::{Check, Figures, Form, Forms};
use recount_exchange::{Effect, Import, Options, ProtocolRow, Table, plan, read_map};

/// Reads a table with its map; `None` where the table is not here.
fn import(folder: &str, map: &str, table: &str) -> Option<(Import, Forms)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = here.join("../../../shared/data").join(format!("{table}.csv.zst"));
    if !path.is_file() {
        eprintln!("SKIPPED: the table {table}.csv.zst is not in ../shared/data");
        return None;
    }
    let folder = here.join("../../elections").join(folder);
    let map = read_map(&fs::read_to_string(folder.join(map)).unwrap()).unwrap();
    let forms = fs::read_to_string(folder.join(map.forms.as_deref().unwrap())).unwrap();
    let forms = Forms::parse_toml(&forms).unwrap();
    let options = Options::default();
    let mut table = Table::open(&path, map.delimiter(), &options).unwrap();
    let import = plan(&mut table, &map, &options).unwrap_or_else(|error| panic!("{error}"));
    import.geography().unwrap();
    Some((import, forms))
}

fn sum<'a>(import: &Import, rows: impl Iterator<Item = &'a ProtocolRow>) -> Figures {
    let mut total = Figures::absent(&import.columns);
    rows.for_each(|row| total.add_assign(&row.figures).unwrap());
    total
}

fn line(import: &Import, total: &Figures, code: &str) -> u64 {
    total.line(&import.columns, code).unwrap()
}

fn votes(import: &Import, total: &Figures, list: &str) -> u64 {
    total.votes(&import.columns, list).unwrap()
}

fn rulings(import: &Import, effect: Effect, reason: &str) -> usize {
    import.rulings.iter().filter(|ruling| ruling.effect == effect && ruling.reason == reason).count()
}

/// How often each control of the forms is broken, protocol by protocol.
fn broken(import: &Import, forms: &Forms) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for pass in 0..import.passes.len() {
        let (source, part) = (&import.passes[pass].source, &import.passes[pass].part);
        // All contests of a table have one form.
        let form = forms.form_for(&import.contests[0].id, source, part).unwrap();
        let rows = import.protocols.iter().filter(|row| row.pass == pass);
        count_broken(import, form, rows.map(|row| &row.figures), &mut found);
    }
    found
}

fn count_broken<'a>(
    import: &Import,
    form: &Form,
    figures: impl Iterator<Item = &'a Figures>,
    found: &mut BTreeMap<String, usize>,
) {
    let controls = form.bind(&import.columns);
    for figures in figures {
        for (control, bound) in &controls {
            if matches!(bound.check(figures), Check::Broken { .. }) {
                *found.entry(control.code.clone()).or_default() += 1;
            }
        }
    }
}

fn counts(of: &[(&str, usize)]) -> BTreeMap<String, usize> {
    of.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
}

#[test]
fn bolivia_2019() {
    let Some((import, forms)) = import("bolivia2019", "map.toml", "bolivia2019") else { return };
    assert!(import.refused.is_empty(), "{:?}", import.refused.first());
    let passes: Vec<_> = import
        .passes
        .iter()
        .map(|pass| (pass.id.as_str(), pass.rows, pass.filed, pass.replacing, pass.unchanged))
        .collect();
    assert_eq!(
        passes,
        [
            ("trep-1", 28_975, 28_975, 0, 0),
            // No table of the first round was changed in the second; 3,831 are new.
            ("trep-2", 32_806, 3_831, 0, 28_975),
            ("final", 34_555, 34_555, 0, 0),
        ]
    );
    assert_eq!(import.stations.len(), 34_555);
    // None lies in another unit; 78 have another name.
    assert_eq!(import.moved, 78);
    let last: Vec<_> = import.protocols.iter().filter(|row| row.pass == 2).collect();
    let total = sum(&import, last.iter().copied());
    assert_eq!(votes(&import, &total, "mas_ipsp"), 2_889_359);
    assert_eq!(votes(&import, &total, "cc"), 2_240_920);
    assert_eq!(line(&import, &total, "registered"), 7_315_364);
    let preliminary = sum(&import, import.protocols.iter().filter(|row| row.pass < 2));
    assert_eq!(votes(&import, &preliminary, "mas_ipsp"), 2_738_136);

    let early: BTreeMap<usize, &ProtocolRow> =
        import.protocols.iter().filter(|row| row.pass < 2).map(|row| (row.station, row)).collect();
    let (mut new, mut changed, mut in_votes) = (0, 0, 0);
    for row in last {
        let Some(before) = early.get(&row.station) else {
            new += 1;
            continue;
        };
        changed += usize::from(before.figures != row.figures);
        in_votes += usize::from(import.votes(before).ne(import.votes(row)));
    }
    assert_eq!((new, changed, in_votes), (1_749, 706, 546));
    // Of the tables at which nobody voted, 4 are in the final count and 6 + 1 in the rounds.
    assert_eq!(broken(&import, &forms), counts(&[("table-voted", 11)]));
}

#[test]
fn peru_2021() {
    let Some((import, forms)) = import("peru2021-r1", "map.toml", "peru2021_r1") else { return };
    assert!(import.refused.is_empty(), "{:?}", import.refused.first());
    assert_eq!((import.rows, import.stations.len()), (86_488, 86_488));
    assert_eq!(import.protocols.len(), 81_924 + 3_081 + 949 + 3 + 32);
    assert_eq!(rulings(&import, Effect::Reject, "resolved_after_dispute"), 3_081);
    assert_eq!(rulings(&import, Effect::Annul, "annulled"), 949);
    assert_eq!(rulings(&import, Effect::Annul, "lost"), 3);
    assert_eq!(rulings(&import, Effect::Annul, "not_installed"), 499);
    assert_eq!(rulings(&import, Effect::Exclude, "in_process"), 32);
    assert_eq!(import.rulings.len(), 3_081 + 949 + 3 + 499 + 32);
    assert_eq!(import.absent.len(), 499);
    assert!(import.absent.iter().all(|absent| absent.reason == "not_installed"));

    let total = sum(&import, import.protocols.iter());
    assert_eq!(votes(&import, &total, "p16"), 2_724_752);
    assert_eq!(votes(&import, &total, "p11"), 1_930_762);
    assert_eq!(line(&import, &total, "voters_took_part"), 17_713_716);
    let expected: u64 = import.stations.iter().filter_map(|station| station.expected).sum();
    assert_eq!(expected, 25_287_954);
    let excluded: Vec<usize> =
        import.rulings.iter().filter(|ruling| ruling.effect == Effect::Exclude).map(|ruling| ruling.station).collect();
    let without = import.protocols.iter().filter(|row| !excluded.contains(&row.station));
    let without = sum(&import, without);
    assert_eq!(votes(&import, &without, "p16"), 2_724_752 - 210);
    assert_eq!(votes(&import, &without, "p11"), 1_930_762 - 224);
    assert_eq!(broken(&import, &forms), counts(&[]));
    // The empty cells of a counted sheet are zero, those of an annulled one are absent.
    let row = |id: &str| import.protocols.iter().find(|row| import.station(row).unwrap().id == id).unwrap();
    assert_eq!(row("000031").figures.votes(&import.columns, "p10"), Some(0));
    assert_eq!(row("080315").figures.votes(&import.columns, "p10"), None);
    assert_eq!(row("080315").figures.line(&import.columns, "invalid"), Some(115));
}

#[test]
fn georgia_2016() {
    let Some((first, forms)) = import("georgia2016-major", "map.toml", "georgia2016_major") else { return };
    let (again, _) = import("georgia2016-major", "rerun.toml", "georgia2016_major_rerun").unwrap();
    assert!(first.refused.is_empty() && again.refused.is_empty());
    assert_eq!((first.protocols.len(), first.contests.len()), (3_495, 73));
    let total = sum(&first, first.protocols.iter());
    assert_eq!(votes(&first, &total, "41_georgian_dream"), 793_270);
    assert_eq!(line(&first, &total, "issued"), 1_776_825);
    let lists = |import: &Import, contest: &str| -> Vec<String> {
        let lists = import.lists.iter().filter(|list| list.contest == contest);
        lists.map(|list| list.id.split('_').next().unwrap().to_owned()).collect()
    };
    assert_eq!(lists(&first, "district-36"), ["1", "3", "5", "7", "8", "17", "23", "41"]);
    assert_eq!(lists(&first, "district-66"), ["1", "5", "7", "8", "28", "41"]);
    // The repeat vote has the lists of the first.
    for contest in ["district-36", "district-66"] {
        assert_eq!(lists(&again, contest), lists(&first, contest));
    }
    assert_eq!(first.lists.iter().find(|list| list.contest == "district-36").unwrap().unit.as_deref(), Some("d36"));

    assert_eq!(again.protocols.len(), 4);
    assert!(again.protocols.iter().all(|row| row.poll == 2));
    let issued = |import: &Import, id: &str| {
        let row = import.protocols.iter().find(|row| import.station(row).unwrap().id == id);
        row.map(|row| line(import, &row.figures, "issued"))
    };
    assert_eq!((issued(&first, "36-22.48"), issued(&again, "36-22.48")), (Some(617), Some(762)));
    assert_eq!((issued(&first, "66-67.38"), issued(&again, "66-67.38")), (Some(433), Some(461)));
    assert_eq!((issued(&first, "66-67.79"), issued(&first, "66-67.108")), (None, None));
    let effects: Vec<_> = again.rulings.iter().map(|ruling| (ruling.poll, ruling.effect)).collect();
    assert_eq!(effects, [(1, Effect::Annul), (1, Effect::Repeat)].repeat(4));
    assert_eq!(
        broken(&first, &forms),
        counts(&[("ballots-within-signatures", 55), ("afternoon-within-total", 6), ("signatures-within-received", 7),])
    );
}

#[test]
fn bulgaria_2021() {
    let Some((import, forms)) = import("bulgaria-20210711", "map.toml", "bulgaria_20210711") else { return };
    assert!(import.refused.is_empty(), "{:?}", import.refused.first());
    let filed: Vec<_> = import.passes.iter().map(|pass| pass.filed).collect();
    assert_eq!(filed, [13_005, 9_674, 9_580]);
    // 94 stations with a machine lack its data.
    assert_eq!(import.absent.len(), 94);
    assert!(import.absent.iter().all(|absent| absent.pass == Some(2) && absent.reason == "no_figures"));

    let hand = sum(&import, import.protocols.iter().filter(|row| row.pass < 2));
    assert_eq!(votes(&import, &hand, "22"), 657_829);
    assert_eq!(votes(&import, &hand, "5"), 642_165);
    assert_eq!(votes(&import, &hand, "7"), 292_514);
    assert_eq!(line(&import, &hand, "voters_took_part"), 2_775_754);

    let typed: BTreeMap<usize, &ProtocolRow> =
        import.protocols.iter().filter(|row| row.pass == 1).map(|row| (row.station, row)).collect();
    let exported = import.protocols.iter().filter(|row| row.pass == 2);
    let differ: Vec<&str> = exported
        .filter(|row| import.votes(row).ne(import.votes(typed[&row.station])))
        .map(|row| import.station(row).unwrap().id.as_str())
        .collect();
    assert_eq!(differ, ["040400071", "193300015", "234615021", "234617071", "244604033", "244614057"]);

    assert_eq!(
        broken(&import, &forms),
        counts(&[("paper-balance", 1), ("paper-votes-add-up", 1), ("machine-votes-add-up", 1)])
    );
    // Controls on the station as a whole see the sum of its parts.
    let whole = forms.form_for("lists", "hand", "").unwrap();
    let mut stations: BTreeMap<usize, Figures> = BTreeMap::new();
    for row in import.protocols.iter().filter(|row| row.pass < 2) {
        let total = stations.entry(row.station).or_insert_with(|| Figures::absent(&import.columns));
        total.add_assign(&row.figures).unwrap();
    }
    let mut found = BTreeMap::new();
    count_broken(&import, whole, stations.values(), &mut found);
    assert_eq!(found, counts(&[("voted-is-found", 23), ("voted-within-register", 14), ("votes-add-up", 2)]));
}

#[test]
fn russia_2018() {
    let Some((import, forms)) = import("russia-2018", "map.toml", "russia_2018") else { return };
    assert!(import.refused.is_empty(), "{:?}", import.refused.first());
    assert_eq!(import.protocols.len(), 97_699);
    assert_eq!((import.units.len(), import.stations.len()), (1 + 87 + 2_778, 97_699));
    let annulled: Vec<usize> = import.rulings.iter().map(|ruling| ruling.station).collect();
    assert_eq!(rulings(&import, Effect::Annul, "annulled_after_certification"), 4);
    assert_eq!(annulled.len(), 4);
    let total = sum(&import, import.protocols.iter());
    assert_eq!(line(&import, &total, "registered"), 109_008_428);
    assert_eq!(votes(&import, &total, "putin"), 56_430_712);
    let left = sum(&import, import.protocols.iter().filter(|row| !annulled.contains(&row.station)));
    assert_eq!(line(&import, &left, "registered"), 109_001_306);
    assert_eq!(votes(&import, &left, "putin"), 56_426_519);
    let found = broken(&import, &forms);
    assert_eq!(
        found,
        counts(&[("boxes-within-issued", 6), ("portable-within-outside", 26), ("everybody-voted", 2_613)])
    );
}

#[test]
fn russia_2021() {
    let Some((import, forms)) = import("russia-2021", "map.toml", "russia_2021") else { return };
    assert!(import.refused.is_empty(), "{:?}", import.refused.first());
    assert_eq!((import.rows, import.stations.len()), (96_325, 96_325));
    assert_eq!(import.protocols.len(), 96_308);
    assert_eq!(import.absent.len(), 17);
    for absent in &import.absent {
        assert_eq!(absent.reason, "no_data");
        assert_eq!(import.stations[absent.station].expected, None);
    }
    let remote = import.stations.iter().filter(|station| station.attributes.contains_key("remote"));
    let remote: Vec<u64> = remote.filter_map(|station| station.expected).collect();
    assert_eq!(remote.len(), 33);
    assert!(remote.iter().all(|&registered| registered > 20_000));
    let total = sum(&import, import.protocols.iter());
    assert_eq!(line(&import, &total, "registered"), 109_204_662);
    assert_eq!(votes(&import, &total, "er"), 28_064_200);
    let found = broken(&import, &forms);
    assert_eq!(found.get("boxes-within-issued"), Some(&7));
    assert_eq!(found.get("portable-within-outside"), Some(&13));
}
