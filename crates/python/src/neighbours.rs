//! Stations beside their neighbours: too much agreement, too little, the same figures twice, and small lists without zeros.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use recount_forensics::Table;
use recount_forensics::controls::extremes as edges;
use recount_forensics::dispersion::{Percentage, agreement as agree, usual_mask};
use recount_forensics::heaping::heaps as heaped;
use recount_forensics::neighbours::outliers as differ;
use recount_forensics::twins::{digit_edits as edited, identical};
use recount_report::Threads;

use crate::arrays::Source;
use crate::border::{between_0_and_1, compute, within, wrong};
use crate::results::{flags, labels, reals, whole};
use crate::whole::read_lists;

/// A percentage by its name.
pub fn percentage(word: &str) -> PyResult<Percentage> {
    match word {
        "turnout" => Ok(Percentage::Turnout),
        "share" => Ok(Percentage::Share),
        _ => Err(wrong(format!("percentage: there is no {word:?}; there is turnout, share"))),
    }
}

/// Districts whose stations agree better than independent ballots can: columns, the most uniform district first.
///
/// With the pooled rate p of a district, ``X2 = sum (k - n p)^2 / (n p (1 - p))`` over its stations, against the lower tail of chi-square
/// with one degree of freedom less than stations. Independent stations with one true rate give X2 near that, different true rates
/// more; only results written from above give less. ``flagged`` is by Benjamini and Hochberg at the rate ``q``. Stations of 100 to
/// 9,999 voters, ballots found and turnout below 100 % are read; districts of at least ``least`` of them.
///
/// ``dispersion`` is X2 per degree of freedom, ``median_dispersion`` its median. Totals of a district that somebody shared out among its
/// stations look the same as orders from above.
#[pyfunction]
#[pyo3(signature = (table, percentage="turnout", *, district=None, least=10, q=0.05))]
pub fn agreement<'py>(
    table: &Bound<'py, PyAny>,
    percentage: &str,
    district: Option<&Bound<'py, PyAny>>,
    least: u32,
    q: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let source = Source::new(table);
    let (stations, percentage) = (source.stations()?, self::percentage(percentage)?);
    let (keys, q) = (source.labels(district, "district", stations.len())?, between_0_and_1("q", q)?);
    let py = table.py();
    let own = compute(py, || {
        let usual = usual_mask().apply(&stations);
        agree(&usual.stations, &keys.pick(&usual.rows), percentage, least as usize, q)
    })?;
    let all = || own.districts.iter();
    let found = PyDict::new(py);
    found.set_item("key", labels(py, &keys.names, all().map(|district| district.key))?)?;
    found.set_item("stations", whole(py, all().map(|district| district.stations))?)?;
    found.set_item("pooled", reals(py, all().map(|district| district.pooled))?)?;
    found.set_item("statistic", reals(py, all().map(|district| district.statistic))?)?;
    found.set_item("dispersion", reals(py, all().map(|district| district.dispersion()))?)?;
    found.set_item("p", reals(py, all().map(|district| district.p))?)?;
    found.set_item("flagged", flags(py, all().map(|district| district.flagged))?)?;
    found.set_item("median_dispersion", own.median_dispersion)?;
    Ok(found)
}

/// Stations unlike their district: columns, the largest distance first; only those flagged by Benjamini and Hochberg at ``q``.
///
/// ``z = (logit p - median) / sqrt((1.4826 MAD)^2 + 1 / (n p (1 - p)))`` with ``p = (k + 1/2) / (n + 1)``, median and MAD over the district.
/// ``row`` is the station's place in the table. Barracks, hospitals and villages of one community differ honestly.
#[pyfunction]
#[pyo3(signature = (table, percentage="turnout", *, district=None, least=10, q=0.05))]
pub fn outliers<'py>(
    table: &Bound<'py, PyAny>,
    percentage: &str,
    district: Option<&Bound<'py, PyAny>>,
    least: u32,
    q: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let source = Source::new(table);
    let (stations, percentage) = (source.stations()?, self::percentage(percentage)?);
    let (keys, q) = (source.labels(district, "district", stations.len())?, between_0_and_1("q", q)?);
    let py = table.py();
    let (own, rows) = compute(py, || {
        let usual = usual_mask().apply(&stations);
        (differ(&usual.stations, &keys.pick(&usual.rows), percentage, least as usize, q), usual.rows)
    })?;
    let all = || own.outliers.iter();
    let found = PyDict::new(py);
    found.set_item("row", whole(py, all().filter_map(|outlier| rows.get(outlier.place).copied()))?)?;
    found.set_item("key", labels(py, &keys.names, all().map(|outlier| outlier.key))?)?;
    found.set_item("percent", reals(py, all().map(|outlier| outlier.percent))?)?;
    found.set_item("median", reals(py, all().map(|outlier| outlier.median))?)?;
    found.set_item("z", reals(py, all().map(|outlier| outlier.z))?)?;
    found.set_item("compared", own.compared)?;
    Ok(found)
}

/// Stations that agree in all four figures, against a permutation null.
///
/// The voter lists are dealt out anew among stations of similar size (steps of 2 %): of m stations with a pairs equal in N and b pairs
/// equal in (G, R, W), ``a b / C(m, 2)`` pairs are expected. ``p`` is the Poisson tail of as many pairs. ``groups`` has one array of places
/// for each set of equal stations, of at least ``at_least`` voters and turnout below 100 %.
#[pyfunction]
#[pyo3(signature = (table, *, at_least=500))]
pub fn twins<'py>(table: &Bound<'py, PyAny>, at_least: u32) -> PyResult<Bound<'py, PyDict>> {
    let stations = Source::new(table).stations()?;
    let py = table.py();
    let own = compute(py, || identical(&stations, at_least))?;
    let groups = PyList::empty(py);
    for group in own.groups {
        groups.append(whole(py, group)?)?;
    }
    let found = PyDict::new(py);
    found.set_item("groups", groups)?;
    found.set_item("stations", own.stations)?;
    found.set_item("pairs", own.pairs)?;
    found.set_item("expected_pairs", own.expected_pairs)?;
    found.set_item("p", own.p)?;
    Ok(found)
}

/// Pairs of stations of a district whose lists differ in one place, by 10, 100 or 1,000: as if a digit had been edited.
///
/// ``lists`` is a dict of names and votes (all lists of the ballot), or taken from the table. Two nulls, and the weaker counts: each
/// list's votes dealt out anew within districts (``permutations`` times, seeded), and pairs that differ by one or two votes more or less
/// than such an edit, which honest differences hit as often each. Columns ``row_a``, ``row_b``, ``list`` (its name) and ``by``.
#[pyfunction]
#[pyo3(signature = (table, *, lists=None, district=None, at_least=100, permutations=39, seed=1, threads=None))]
#[allow(clippy::too_many_arguments, reason = "independent options")]
pub fn digit_edits<'py>(
    table: &Bound<'py, PyAny>,
    lists: Option<&Bound<'py, PyAny>>,
    district: Option<&Bound<'py, PyAny>>,
    at_least: u64,
    permutations: u64,
    seed: u64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyDict>> {
    let (table, keys) = with_lists(table, lists, district)?;
    let permutations = within("permutations", permutations, 1, 10_000)?;
    let py = keys.1;
    let keys = keys.0;
    // The stream of the report with this seed.
    let own = compute(py, || edited(&table.lists, &keys.of, at_least, permutations, seed ^ 6, &Threads::new(threads)))?;
    let all = || own.edits.iter();
    let name = |edit: &recount_forensics::twins::Edit| table.lists.get(edit.list).map_or("", |list| list.name.as_str());
    let found = PyDict::new(py);
    found.set_item("row_a", whole(py, all().map(|edit| edit.pair.0))?)?;
    found.set_item("row_b", whole(py, all().map(|edit| edit.pair.1))?)?;
    found.set_item("list", all().map(name).collect::<Vec<_>>())?;
    found.set_item("by", whole(py, all().map(|edit| edit.by))?)?;
    found.set_item("near", own.near)?;
    found.set_item("expected", own.expected)?;
    found.set_item("p", own.p)?;
    Ok(found)
}

type Keyed<'py> = (crate::arrays::Labels, Python<'py>);

/// The lists and the districts of a table, without its four figures.
fn with_lists<'py>(
    table: &Bound<'py, PyAny>,
    lists: Option<&Bound<'py, PyAny>>,
    district: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Table, Keyed<'py>)> {
    let source = Source::new(table);
    let Some(given) = source.optional(lists, "lists")? else {
        return Err(wrong("lists: a dict with the votes of every list at each station is needed"));
    };
    let districts = match source.optional(district, "district")? {
        Some(found) => found,
        None => {
            return Err(wrong("the table has no column \"district\": name one with district=..., or give an array"));
        }
    };
    let keys = crate::arrays::Labels::read("district", &districts, districts.len()?)?;
    let lists = read_lists(&given, keys.of.len())?;
    Ok((Table { lists, ..Table::default() }, (keys, table.py())))
}

/// Small lists that get one vote here and two there, hardly ever none (the 1-2-1-2 pattern, D. Kireev 2021): columns.
///
/// For any spread of rates ``P(0) 2 P(2) >= P(1)^2`` (Cauchy and Schwarz), so zeros are fewest where all rates are equal; there the zeros,
/// given the stations with 0, 1 or 2 votes and their sum, have a known distribution, whose lower tail is ``p``. ``flagged`` is by Benjamini
/// and Hochberg at ``q`` over all lists and districts of at least ``least`` stations; ``published_rule`` is more than 20 ones, more than 20
/// twos and fewer than 10 zeros.
#[pyfunction]
#[pyo3(signature = (table, *, lists=None, district=None, least=20, q=0.05))]
pub fn heaps<'py>(
    table: &Bound<'py, PyAny>,
    lists: Option<&Bound<'py, PyAny>>,
    district: Option<&Bound<'py, PyAny>>,
    least: u32,
    q: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let (table, (keys, py)) = with_lists(table, lists, district)?;
    let q = between_0_and_1("q", q)?;
    let own = compute(py, || heaped(&table.lists, &keys.of, least as usize, q))?;
    let all = || own.heaps.iter();
    let name = |place: usize| table.lists.get(place).map_or("", |list| list.name.as_str());
    let found = PyDict::new(py);
    found.set_item("key", labels(py, &keys.names, all().map(|heap| heap.key))?)?;
    found.set_item("list", all().map(|heap| name(heap.list)).collect::<Vec<_>>())?;
    found.set_item("stations", whole(py, all().map(|heap| heap.stations))?)?;
    found.set_item("zeros", whole(py, all().map(|heap| heap.zeros))?)?;
    found.set_item("ones", whole(py, all().map(|heap| heap.ones))?)?;
    found.set_item("twos", whole(py, all().map(|heap| heap.twos))?)?;
    found.set_item("p", reals(py, all().map(|heap| heap.p))?)?;
    found.set_item("flagged", flags(py, all().map(|heap| heap.flagged))?)?;
    found.set_item("published_rule", flags(py, all().map(|heap| heap.published_rule))?)?;
    found.set_item("tested", own.tested)?;
    Ok(found)
}

/// Places of stations whose figures contradict each other, or stand at the edge: one array for each kind.
#[pyfunction]
pub fn extremes<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let stations = Source::new(table).stations()?;
    let py = table.py();
    let own = compute(py, || edges(&stations))?;
    let found = PyDict::new(py);
    found.set_item("issued_above_registered", whole(py, own.issued_above_registered)?)?;
    found.set_item("found_above_issued", whole(py, own.found_above_issued)?)?;
    found.set_item("leader_above_found", whole(py, own.leader_above_found)?)?;
    found.set_item("everyone_voted", whole(py, own.everyone_voted)?)?;
    found.set_item("all_for_leader", whole(py, own.all_for_leader)?)?;
    found.set_item("nobody_registered", whole(py, own.nobody_registered)?)?;
    found.set_item("nothing_found", whole(py, own.nothing_found)?)?;
    Ok(found)
}
