//! Everything at once, as the command's JSON has it, and the calibration alone.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::calibrate::{Check, calibrate_with};
use recount_forensics::report::{Settings, report as made};
use recount_report::Threads;

use crate::arrays::{Labels, Source, counts};
use crate::border::{between_0_and_1, compute, within, wrong};
use crate::results::{dict, plain};
use crate::whole::Whole;

/// All default tests, calibrated on these very stations first: the same dictionary as ``recount forensics --json``.
///
/// ``table`` holds ``registered``, ``issued``, ``found`` and ``leader``, and where they are known ``region``, ``district``,
/// ``station`` (names), ``early``, ``outside``, ``lists`` (name to votes), ``leader_list`` (which of them ``leader`` is), ``subject``
/// and ``compared``, as :func:`read` gives them. Without ``lists`` the checks of small lists and of edited digits see the leader alone.
/// ``before`` is the same stations at an earlier election, matched by region and name.
/// The same table, seed and settings give the same report on any number of threads.
///
/// The report ranks protocols to ask for. It accuses nobody.
#[pyfunction]
#[pyo3(signature = (table, *, before=None, seed=1, elections=200, draws=100, digits=false, mixture=false, alpha=0.05, q=0.05, threads=None))]
#[allow(clippy::too_many_arguments, reason = "the options of the command")]
pub fn report<'py>(
    table: &Bound<'py, PyAny>,
    before: Option<&Bound<'py, PyAny>>,
    seed: u64,
    elections: u64,
    draws: u64,
    digits: bool,
    mixture: bool,
    alpha: f64,
    q: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyDict>> {
    within("elections", elections, 20, 100_000)?;
    let settings = Settings {
        seed,
        elections,
        draws: within("draws", draws, 10, 100_000)?,
        digits,
        mixture,
        alpha: between_0_and_1("alpha", alpha)?,
        q: between_0_and_1("q", q)?,
        ..Settings::default()
    };
    let own = Whole::read(table)?;
    let py = table.py();
    let before = before.map(|earlier| own.matched(&Whole::read(earlier)?)).transpose()?;
    let report =
        compute(py, || made(&own.input(before.as_deref()), own.subject.clone(), &settings, &Threads::new(threads)))?;
    dict(py, &report)
}

/// What each test does on clean elections with these stations, and what it would detect there. To be looked at before any p-value.
///
/// Clean elections are drawn with the sizes and districts given: turnout ``logistic(logit t + z1 s / (t (1 - t)))`` with t = 55 % and
/// s = 9 points, share likewise with 45 % and 12 points, every second election with z1 and z2 of correlation 0.4, then binomial counts.
/// ``rate`` is the part of them rejected at 5 %, with Wilson's interval; above 9 % a test is greyed and not to be used on these
/// stations. ``detects`` is the smallest part of stations altered in a known way at which at least 80 % of elections are rejected.
///
/// ``checks`` names the tests, by default those of the report; ``digits`` adds those that reject clean elections.
#[pyfunction]
#[pyo3(signature = (table, *, district=None, checks=None, digits=false, elections=200, seed=1, threads=None))]
#[allow(clippy::too_many_arguments, reason = "independent options")]
pub fn calibrate<'py>(
    table: &Bound<'py, PyAny>,
    district: Option<&Bound<'py, PyAny>>,
    checks: Option<Vec<String>>,
    digits: bool,
    elections: u64,
    seed: u64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    within("elections", elections, 20, 100_000)?;
    let source = Source::new(table);
    let sizes = counts("registered", &source.column("registered")?)?;
    let districts: Labels = source.labels_or_one(district, "district", sizes.len())?;
    let checks = match checks {
        Some(names) => names.iter().map(|name| check(name)).collect::<PyResult<Vec<Check>>>()?,
        None if digits => Check::ALL.to_vec(),
        None => Check::DEFAULT.to_vec(),
    };
    let py = table.py();
    let found =
        compute(py, || calibrate_with(&sizes, &districts.of, &checks, elections, seed, &Threads::new(threads)))?;
    plain(py, &found)
}

fn check(name: &str) -> PyResult<Check> {
    let quoted = serde_json::Value::String(name.to_owned());
    serde_json::from_value(quoted).map_err(|_| {
        let known: Vec<String> = Check::ALL.iter().filter_map(|own| serde_json::to_string(own).ok()).collect();
        wrong(format!("checks: there is no {name:?}; there is {}", known.join(", ")))
    })
}
