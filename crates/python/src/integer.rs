//! Integer and round percentages.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::integer::{Rule, Test, Weight, Which, by_group, monte_carlo as drawn, robustness as levels};
use recount_forensics::report::Rounded;
use recount_forensics::{Mask, Station, Tested};

use crate::arrays::Source;
use crate::border::{between_0_and_1, compute, within, wrong};
use crate::results::{dict, flags, labels, plain, reals, whole};

/// The stations that the test reads: those of Kobak, Shpilkin and Pshenichnikov, or all.
fn tested(stations: &[Station], at_least: Option<u32>) -> Tested {
    at_least.map_or_else(Mask::default, Mask::published_from).apply(stations)
}

fn rule(period: u64) -> PyResult<Rule> {
    let period = within("period", period, 1, 100)?;
    Ok(Rule::every(u32::try_from(period).unwrap_or(100)))
}

fn which(word: &str) -> PyResult<Which> {
    match word {
        "either" => Ok(Which::Either),
        "turnout" => Ok(Which::Turnout),
        "share" => Ok(Which::Share),
        _ => Err(wrong(format!("which: there is no {word:?}; there is either, turnout, share"))),
    }
}

fn rounded(test: &Test, which: Which) -> Rounded {
    Rounded {
        which,
        stations: test.count(which),
        tail: test.tail(which),
        registered: test.weighted(which, Weight::Registered),
        registered_tail: test.weighted_tail(which, Weight::Registered),
        leader: test.weighted(which, Weight::Leader),
        leader_tail: test.weighted_tail(which, Weight::Leader),
    }
}

/// Whole percentages of turnout G/N and share W/R against their exact null (Kobak, Shpilkin and Pshenichnikov, Annals of Applied
/// Statistics 10:54, 2016).
///
/// A station hits when a percentage lies within 0.05 of a multiple of ``period``: with r = 100 k mod (period n),
/// ``20 min(r, period n - r) <= n``, in whole numbers. Under the null G* ~ Bin(N, G/N) and W* ~ Bin(R, W/R), so each station hits with
/// the chance ``pi = sum over hits of Bin(k; n, p)``, either with ``1 - (1 - pi_1)(1 - pi_2)``, and the count of hits is Poisson-binomial:
/// mean ``sum pi``, variance ``sum pi (1 - pi)``, exact upper tail (below 1e-15: the bound). Weighted by voters or votes: ``sum w pi``,
/// ``sum w^2 pi (1 - pi)``, and a saddlepoint tail, labelled so.
///
/// ``at_least`` is the published mask's least number of voters (it also leaves out percentages above 99); ``None`` reads all stations.
///
/// It sees rounded figures alone: stuffing and stealing that leave no round percentage are invisible to it.
#[pyfunction]
#[pyo3(signature = (table, *, period=1, at_least=Some(100)), text_signature = "(table, *, period=1, at_least=100)")]
pub fn integer<'py>(table: &Bound<'py, PyAny>, period: u64, at_least: Option<u32>) -> PyResult<Bound<'py, PyDict>> {
    let (stations, rule) = (Source::new(table).stations()?, rule(period)?);
    let py = table.py();
    let (tested, all) = compute(py, || {
        let tested = tested(&stations, at_least);
        let test = Test::new(&tested.stations, rule);
        let all = [Which::Either, Which::Turnout, Which::Share].map(|which| rounded(&test, which));
        (tested, all)
    })?;
    let [either, turnout, share] = all;
    let found = PyDict::new(py);
    found.set_item("tested", tested.stations.len())?;
    found.set_item("excluded", plain(py, &tested.excluded)?)?;
    for (name, own) in [("either", either), ("turnout", turnout), ("share", share)] {
        found.set_item(name, dict(py, &own)?)?;
    }
    Ok(found)
}

/// Station by station: whether its percentages are whole, and how often they would be by chance.
///
/// ``row`` has the places of the stations tested in the table; ``hits_turnout`` and ``hits_share`` say whether each is whole,
/// ``chance_turnout`` and ``chance_share`` have pi (see :func:`integer`).
#[pyfunction]
#[pyo3(signature = (table, *, period=1, at_least=Some(100)), text_signature = "(table, *, period=1, at_least=100)")]
pub fn integer_stations<'py>(
    table: &Bound<'py, PyAny>,
    period: u64,
    at_least: Option<u32>,
) -> PyResult<Bound<'py, PyDict>> {
    let (stations, rule) = (Source::new(table).stations()?, rule(period)?);
    let py = table.py();
    let (tested, test) = compute(py, || {
        let tested = tested(&stations, at_least);
        let test = Test::new(&tested.stations, rule);
        (tested, test)
    })?;
    let found = PyDict::new(py);
    let places = || 0..tested.rows.len();
    for (name, which) in [("turnout", Which::Turnout), ("share", Which::Share)] {
        found.set_item(format!("hits_{name}"), flags(py, places().map(|place| test.hits(which, place)))?)?;
        found.set_item(format!("chance_{name}"), reals(py, places().map(|place| test.chance(which, place)))?)?;
    }
    found.set_item("row", whole(py, tested.rows)?)?;
    Ok(found)
}

/// The test region by region, or by any other grouping: columns, one row a group.
///
/// ``by`` is the name of a column or an array. ``p`` is the exact tail, ``p_normal`` the normal one, too small in small groups and
/// shown for comparison. ``flagged`` is by Benjamini and Hochberg at the rate ``q`` over all groups of at least ``least`` stations.
#[pyfunction]
#[pyo3(signature = (table, by=None, *, which="either", least=50, q=0.05, period=1, at_least=Some(100)), text_signature = "(table, by=None, *, which='either', least=50, q=0.05, period=1, at_least=100)")]
#[allow(clippy::too_many_arguments, reason = "independent options")]
pub fn integer_groups<'py>(
    table: &Bound<'py, PyAny>,
    by: Option<&Bound<'py, PyAny>>,
    which: &str,
    least: u32,
    q: f64,
    period: u64,
    at_least: Option<u32>,
) -> PyResult<Bound<'py, PyDict>> {
    let source = Source::new(table);
    let (stations, rule, which) = (source.stations()?, rule(period)?, self::which(which)?);
    let q = between_0_and_1("q", q)?;
    let keys = source.labels(by, "region", stations.len())?;
    let py = table.py();
    let groups = compute(py, || {
        let tested = tested(&stations, at_least);
        let test = Test::new(&tested.stations, rule);
        by_group(&test, &keys.pick(&tested.rows), which, least as usize, q)
    })?;
    let own = || groups.groups.iter();
    let found = PyDict::new(py);
    found.set_item("key", labels(py, &keys.names, own().map(|group| group.key))?)?;
    found.set_item("stations", whole(py, own().map(|group| group.stations))?)?;
    found.set_item("observed", whole(py, own().map(|group| group.excess.observed))?)?;
    found.set_item("mean", reals(py, own().map(|group| group.excess.mean))?)?;
    found.set_item("sd", reals(py, own().map(|group| group.excess.sd))?)?;
    found.set_item("excess", reals(py, own().map(|group| group.excess.excess))?)?;
    found.set_item("z", reals(py, own().map(|group| group.excess.z))?)?;
    found.set_item("p", reals(py, own().map(|group| group.tail.p))?)?;
    found.set_item("p_normal", reals(py, own().map(|group| group.p_normal))?)?;
    found.set_item("flagged", flags(py, own().map(|group| group.flagged))?)?;
    found.set_item("too_small", groups.too_small)?;
    Ok(found)
}

/// The test among stations of at least 100, 300 and 500 voters: ``robust`` only if the tail is below ``alpha`` at every level.
///
/// Coarse fractions of small stations fade with size; figures made to look round stay. Canada 2011, counted cleanly, has z = 2.2 from
/// 100 voters and 0.0 from 500.
#[pyfunction]
#[pyo3(signature = (table, *, which="either", period=1, alpha=0.05))]
pub fn robustness<'py>(
    table: &Bound<'py, PyAny>,
    which: &str,
    period: u64,
    alpha: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let (stations, rule, which) = (Source::new(table).stations()?, rule(period)?, self::which(which)?);
    let alpha = between_0_and_1("alpha", alpha)?;
    let py = table.py();
    let found = compute(py, || levels(&stations, rule, which, alpha))?;
    dict(py, &found)
}

/// The published Monte Carlo, seeded, as a cross-check of the exact null: ``mean``, ``sd`` and the ``counts`` of ``draws`` elections.
#[pyfunction]
#[pyo3(signature = (table, *, which="either", draws=1000, seed=1, period=1, at_least=Some(100)), text_signature = "(table, *, which='either', draws=1000, seed=1, period=1, at_least=100)")]
pub fn monte_carlo<'py>(
    table: &Bound<'py, PyAny>,
    which: &str,
    draws: u64,
    seed: u64,
    period: u64,
    at_least: Option<u32>,
) -> PyResult<Bound<'py, PyDict>> {
    let (stations, rule, which) = (Source::new(table).stations()?, rule(period)?, self::which(which)?);
    let draws = within("draws", draws, 1, 1_000_000)?;
    let py = table.py();
    let own = compute(py, || drawn(&tested(&stations, at_least).stations, rule, which, draws, seed))?;
    let found = PyDict::new(py);
    found.set_item("draws", own.replicates)?;
    found.set_item("mean", own.mean)?;
    found.set_item("sd", own.sd)?;
    found.set_item("counts", whole(py, own.counts)?)?;
    Ok(found)
}
