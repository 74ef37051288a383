//! Tests that are shown on request alone: digits, and the mixture of the eforensics class.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::random::Random;
use recount_forensics::report::digit_tests;
use recount_forensics::{Mask, mixture as fitted};

use crate::arrays::Source;
use crate::border::{compute, within, wrong};
use crate::results::{dict, plain};

/// Last digits, second digits (2BL) and last pairs of the leader's votes, each beside the same test on registered voters.
///
/// They reject clean elections: of stations with 200 to 400 voters the last digit rejects 33 % and the second digit 82 % at nominal 5 %,
/// and Canada 2011 fails both. Hence the argument ``knowing_that_clean_elections_fail``, which must be ``True``. If the registered voters
/// fail as well, which no vote can have moved, the test says nothing. Look at ``calibrate(table, digits=True)`` first.
///
/// Last digits of figures of at least 100 against 1/10 each; second digits against ``sum over k = 1..9 of log10(1 + 1 / (10 k + d))``; pairs
/// after Beber and Scacco (Political Analysis 20:211, 2012).
#[pyfunction]
#[pyo3(signature = (table, *, knowing_that_clean_elections_fail=false))]
pub fn digits<'py>(table: &Bound<'py, PyAny>, knowing_that_clean_elections_fail: bool) -> PyResult<Bound<'py, PyDict>> {
    if !knowing_that_clean_elections_fail {
        return Err(wrong(
            "digit tests reject clean elections: call digits(table, knowing_that_clean_elections_fail=True), and show \
             calibrate(table, digits=True) beside them",
        ));
    }
    let stations = Source::new(table).stations()?;
    let py = table.py();
    let made = compute(py, || digit_tests(&stations))?;
    dict(py, &made)
}

/// A finite mixture of honest, incrementally and extremely altered stations (the class of eforensics), with a clean election beside it.
///
/// Abstentions ``A ~ Bin(N, (1 - tau) {1, 1 - i_m, 1 - c_m})``, votes ``W ~ Bin(N, p_W)`` with ``p_W = nu (1 - a)`` for honest stations and
/// ``nu (1 - s)/(1 - m) (1 - m - a) + a (m - s)/(1 - m) + s`` for altered ones; logit tau and logit nu vary normally between stations and
/// are integrated out, so the fit is a maximum and no chain. ``stations`` of at least 100 and below 10,000 voters are drawn for it.
///
/// The parts are those of a curve, not of stations. Read ``fit["parameters"]["parts"]`` (honest, incremental, extreme) beside
/// ``fit["control"]["parts"]``, which are found where nothing was altered; ``fit["told"]`` says whether each altered kind is told from none,
/// and ``fit["width"]`` has 95 % intervals, or why there are none. ``fit`` is ``None`` for fewer than 50 stations.
#[pyfunction]
#[pyo3(signature = (table, *, stations=1000, seed=1))]
pub fn mixture<'py>(table: &Bound<'py, PyAny>, stations: u64, seed: u64) -> PyResult<Bound<'py, PyDict>> {
    let all = Source::new(table).stations()?;
    let most = within("stations", stations, 50, 1_000_000)?;
    let py = table.py();
    let (drawn, fit) = compute(py, || {
        let mask = Mask { found_some: true, at_least: 100, below: Some(10_000), ..Mask::default() };
        let mut drawn = mask.apply(&all).stations;
        // The stream of the report with this seed.
        Random::stream(seed ^ 8, 0).shuffle(&mut drawn);
        drawn.truncate(most);
        (drawn.len(), fitted::fit(&drawn, Some(seed ^ 8)))
    })?;
    let found = PyDict::new(py);
    found.set_item("stations", drawn)?;
    found.set_item("fit", plain(py, &fit)?)?;
    Ok(found)
}
