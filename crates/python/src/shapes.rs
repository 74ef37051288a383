//! The shape of a country's stations in turnout and share: pictures, accounts and models.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::between::changes as between;
use recount_forensics::comet::core;
use recount_forensics::dispersion::usual_mask;
use recount_forensics::fingerprint::fingerprint as print;
use recount_forensics::report::{Settings, accounts, model};
use recount_forensics::slopes::slopes as lines;
use recount_forensics::spectrum::spectrum;
use recount_forensics::standard::{SIDE, standardised as beside};
use recount_forensics::{Mask, Station};
use recount_report::Threads;

use crate::arrays::{Source, counts, even};
use crate::border::{between_0_and_1, compute, within, wrong};
use crate::neighbours::percentage;
use crate::results::{dict, plain, reals, square, whole};
use crate::whole::Whole;

/// The stations of pictures and lines: ballots found, at least 100 voters.
fn large(stations: &[Station]) -> Vec<Station> {
    Mask { found_some: true, at_least: 100, ..Mask::default() }.apply(stations).stations
}

/// Tenths of a percent that hold more stations than counting noise explains.
///
/// Percentages are counted in bins of 0.1 points centred on multiples of 0.1, decided in whole numbers. Under the null of
/// :func:`integer` the count of every bin is Poisson-binomial: ``observed``, ``mean`` and ``sd`` are arrays of 1,001 bins, exact, and
/// ``spikes`` lists the bins that stand out with their exact tails, by Benjamini and Hochberg at half of ``q`` (two percentages are
/// looked at) over the bins from 3 to 97 percent. Unlike the envelope of Rozenas (Political Analysis 25:41, 2017) nothing depends on a
/// number of draws.
#[pyfunction]
#[pyo3(signature = (table, percentage="turnout", *, q=0.05, threads=None))]
pub fn spikes<'py>(
    table: &Bound<'py, PyAny>,
    percentage: &str,
    q: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyDict>> {
    let (stations, percentage) = (Source::new(table).stations()?, self::percentage(percentage)?);
    let q = between_0_and_1("q", q)?;
    let py = table.py();
    let own = compute(py, || {
        spectrum(&Mask::published().apply(&stations).stations, percentage, 0.5 * q, &Threads::new(threads))
    })?;
    let found = PyDict::new(py);
    found.set_item("stations", own.stations)?;
    found.set_item("excess", own.excess())?;
    found.set_item("spikes", plain(py, &own.spikes)?)?;
    found.set_item("judged", own.judged)?;
    found.set_item("observed", whole(py, own.observed)?)?;
    found.set_item("mean", reals(py, own.mean)?)?;
    found.set_item("sd", reals(py, own.sd)?)?;
    Ok(found)
}

/// Stations by turnout (rows) and share (columns) on a grid of ``side`` cells (Klimek and others, PNAS 109:16469, 2012): a picture, no test.
///
/// ``cells[i, j]`` counts stations with ``floor(side G / N) = i`` and ``floor(side W / R) = j``, 100 % in the last cell; with
/// ``by_registered`` their voters.
#[pyfunction]
#[pyo3(signature = (table, *, side=100, by_registered=false))]
pub fn fingerprint<'py>(table: &Bound<'py, PyAny>, side: u64, by_registered: bool) -> PyResult<Bound<'py, PyDict>> {
    let stations = Source::new(table).stations()?;
    let side = within("side", side, 1, 1000)?;
    let py = table.py();
    let own = compute(py, || print(&large(&stations), u32::try_from(side).unwrap_or(1000), by_registered))?;
    let found = PyDict::new(py);
    found.set_item("cells", square(py, &own.cells, side)?)?;
    found.set_item("stations", own.stations)?;
    Ok(found)
}

/// The standardised fingerprint (Jimenez, Hidalgo and Klimek, Science Advances 3:e1602363, 2017): every station beside its neighbours.
///
/// Turnout and share less their district's mean, over its standard deviation; ``cells`` goes from -4 to 4 in 80 steps. ``high_high`` and
/// ``low_low`` count stations more than two deviations above and below in both.
#[pyfunction]
#[pyo3(signature = (table, *, district=None, least=10))]
pub fn standardised<'py>(
    table: &Bound<'py, PyAny>,
    district: Option<&Bound<'py, PyAny>>,
    least: u32,
) -> PyResult<Bound<'py, PyDict>> {
    let source = Source::new(table);
    let stations = source.stations()?;
    let keys = source.labels(district, "district", stations.len())?;
    let py = table.py();
    let own = compute(py, || {
        let usual = usual_mask().apply(&stations);
        beside(&usual.stations, &keys.pick(&usual.rows), least as usize)
    })?;
    let found = PyDict::new(py);
    found.set_item("cells", square(py, &own.cells, SIDE)?)?;
    found.set_item("stations", own.stations)?;
    found.set_item("districts", own.districts)?;
    found.set_item("high_high", own.high_high)?;
    found.set_item("low_low", own.low_low)?;
    Ok(found)
}

/// S. Shpilkin's accounting of votes by turnout: an identity under an assumption, not a test, and refused where no clean peak exists.
///
/// With votes L for the leader and O for the others in bins of one percent of turnout, and k = L / O over the 15 points left of the
/// others' peak t0, ``A = sum over t > t0 of (L - k O)`` votes are not explained if support does not rise with turnout.
/// ``whole["verdict"]`` has the ``estimate`` with its range over t0 +- 5 points, or why it is ``refused``; ``whole["curve"]`` has one
/// account for every reference point. ``interval`` (95 %) draws whole districts again. ``regions`` has region by region, whose sum
/// leaves out the refused ones. ``leader`` and ``others`` are the votes by bin. Stations below 10,000 voters are read.
#[pyfunction]
#[pyo3(signature = (table, *, draws=100, seed=1))]
pub fn shpilkin<'py>(table: &Bound<'py, PyAny>, draws: u64, seed: u64) -> PyResult<Bound<'py, PyDict>> {
    let own = Whole::read(table)?;
    let settings = Settings { draws: within("draws", draws, 10, 100_000)?, seed, ..Settings::default() };
    let py = table.py();
    let made = compute(py, || accounts(&own.input(None), &settings))?;
    let found = dict(py, &made)?;
    found.set_item("leader", whole(py, made.leader)?)?;
    found.set_item("others", whole(py, made.others)?)?;
    let regions: Vec<&str> = made.regions.regions.iter().map(|region| own.table.region.name(region.key)).collect();
    found.set_item("region_names", regions)?;
    Ok(found)
}

/// The model of Klimek and others (PNAS 109:16469, 2012), fitted with bootstrap intervals beside a clean election, or refused.
///
/// Honest turnout ``a ~ TN(tau, sigma_tau)`` and share ``v ~ TN(nu, sigma_nu)``; with probability f_i a part ``x ~ TN(0, theta)`` of the
/// absent is added, with f_e ``x ~ 1 - TN(0, 0.075)``: ``W/N = a v + x (1 - a) + x^alpha (1 - v) a``, turnout ``1 - (1 - x)(1 - a)``.
///
/// f_i is not the share of altered stations: one honest normal cannot describe a country of different places, and every right tail
/// that it misses is booked as addition. Read it beside ``control``, which is the same fit to a clean election.
#[pyfunction]
#[pyo3(signature = (table, *, draws=100, seed=1, threads=None))]
pub fn klimek<'py>(
    table: &Bound<'py, PyAny>,
    draws: u64,
    seed: u64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyDict>> {
    let own = Whole::read(table)?;
    let settings = Settings { draws: within("draws", draws, 10, 100_000)?, seed, ..Settings::default() };
    let py = table.py();
    let made = compute(py, || model(&own.input(None), &settings, &Threads::new(threads)))?;
    dict(py, &made)
}

/// The core of the comet: where half of the stations lie closest together (minimum covariance determinant, Rousseeuw 1984).
///
/// ``raw`` is the mean (turnout, share in percent) of the half with the smallest determinant of its covariance, ``reweighted`` that of the
/// stations within its 97.5 % ellipse. ``cleanness`` says whether it may stand for the clean part: that needs less turnout than the
/// whole. ``None`` for fewer than ten stations.
#[pyfunction]
#[pyo3(signature = (table, *, by_registered=true, seed=1))]
pub fn comet_core<'py>(
    table: &Bound<'py, PyAny>,
    by_registered: bool,
    seed: u64,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let stations = Source::new(table).stations()?;
    let py = table.py();
    // The stream of the report with this seed.
    let made = compute(py, || {
        let large = large(&stations);
        core(&large, by_registered, seed ^ 7).map(|core| (core, core.cleanness(&large)))
    })?;
    let Some((core, cleanness)) = made else { return Ok(None) };
    let found = dict(py, &core)?;
    found.set_item("cleanness", plain(py, &cleanness)?)?;
    Ok(Some(found))
}

/// How the leader's and the others' votes per voter move with turnout (Sobyanin and Sukhovolsky 1993): effect sizes, never a test.
///
/// Slopes of W/N and (R - W)/N on G/N. With turnout and preference independent they are S and 1 - S; additions pull them to 1 and 0.
#[pyfunction]
pub fn slopes<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let stations = Source::new(table).stations()?;
    let py = table.py();
    let made = compute(py, || lines(&large(&stations)))?;
    dict(py, &made)
}

/// Ballots issued ``early`` or ``outside`` the station: how much, where, and whether their share of all ballots looks round.
///
/// ``ballots`` is a column of the table or an array. ``round`` and ``tail`` are the integer test on the share of such ballots; ``mostly`` has
/// the places of stations where they are at least half.
#[pyfunction]
#[pyo3(signature = (table, ballots, *, region=None))]
pub fn outside<'py>(
    table: &Bound<'py, PyAny>,
    ballots: &Bound<'py, PyAny>,
    region: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let source = Source::new(table);
    let stations = source.stations()?;
    let Some(given) = source.optional(Some(ballots), "outside")? else { return Err(wrong("ballots are needed")) };
    let ballots = counts("ballots", &given)?;
    even("ballots", ballots.len(), stations.len())?;
    let keys = source.labels_or_one(region, "region", stations.len())?;
    let py = table.py();
    let made = compute(py, || recount_forensics::outside::outside(&stations, &ballots, &keys.of))?;
    let found = dict(py, &made)?;
    found.set_item("mostly", whole(py, made.mostly)?)?;
    let regions = made.regions.iter().map(|(key, ..)| *key);
    found.set_item("region_names", crate::results::labels(py, &keys.names, regions)?)?;
    Ok(found)
}

/// The same stations at two elections: who jumped, against the median change of the district, in log odds.
///
/// ``z = (change - median) / sqrt((1.4826 MAD)^2 + noise of both counts)``; columns of the stations flagged by Benjamini and Hochberg at
/// ``q``, the largest distance first. Both tables need ``station`` (names), and ``region`` where names repeat between regions. New borders
/// and new lists of voters make jumps too.
#[pyfunction]
#[pyo3(signature = (table, before, percentage="turnout", *, least=10, q=0.05))]
pub fn changes<'py>(
    table: &Bound<'py, PyAny>,
    before: &Bound<'py, PyAny>,
    percentage: &str,
    least: u32,
    q: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let (own, percentage, q) = (Whole::read(table)?, self::percentage(percentage)?, between_0_and_1("q", q)?);
    let matched = own.matched(&Whole::read(before)?)?;
    let py = table.py();
    let made = compute(py, || between(&matched, percentage, least as usize, q))?;
    let all = || made.jumps.iter();
    let found = PyDict::new(py);
    found.set_item("row", whole(py, all().map(|jump| jump.place))?)?;
    found.set_item("key", all().map(|jump| own.table.district.name(jump.key)).collect::<Vec<_>>())?;
    found.set_item("before", reals(py, all().map(|jump| jump.percent.0))?)?;
    found.set_item("after", reals(py, all().map(|jump| jump.percent.1))?)?;
    found.set_item("z", reals(py, all().map(|jump| jump.z))?)?;
    found.set_item("compared", made.compared)?;
    found.set_item("median", made.median)?;
    Ok(found)
}
