//! Two columns beside each other: two counts of the same ballots, and two elections of the same units.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat};
use recount_forensics::flow::flow as flowing;
use recount_forensics::pairs::{compare, sampled_total};

use crate::arrays::{even, reals};
use crate::border::{between_0_and_1, compute, wrong};
use crate::results::{dict, reals as real_column};

/// A column in which figures may be missing: `None`, NaN or pandas' NA.
fn stated(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<Option<u32>>> {
    let numpy = given.py().import("numpy")?;
    let masked = numpy.getattr("ma")?.getattr("MaskedArray")?;
    if given.is_instance(&masked)? {
        return Err(wrong(format!("{name} is a masked array: give None where a figure is missing")));
    }
    let array = numpy.call_method1("asarray", (given, "object"))?;
    if array.getattr("ndim")?.extract::<usize>()? != 1 {
        return Err(wrong(format!("{name}: one dimension is needed")));
    }
    let one = |(place, value): (usize, Bound<'_, PyAny>)| {
        let missing = value.is_none()
            || value.cast::<PyFloat>().is_ok_and(|own| own.value().is_nan())
            || value.get_type().name()?.to_string_lossy() == "NAType";
        if missing {
            return Ok(None);
        }
        let whole = value.call_method0("__index__").and_then(|own| own.extract::<u32>());
        let shown = || value.repr().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
        whole.map(Some).map_err(|_| {
            wrong(format!("{name}[{place}] is {}: a whole number of 0 to 4,294,967,295, or None, is needed", shown()))
        })
    };
    let all: Vec<Bound<'_, PyAny>> = array.call_method0("tolist")?.extract()?;
    all.into_iter().enumerate().map(one).collect()
}

/// Two counts of the same ballots: machine and hand, protocol and copy. Which figures differ, and how.
///
/// ``first`` and ``second`` are dicts of columns with the same names, one row a station in the same order; a figure may be missing
/// (``None``, NaN), and only figures that both state are compared. Every station that differs is in ``differences`` with its ``place``, its
/// ``columns`` (number of the column, first figure, second) and its ``class``: ``digit_edit`` (one or two figures, each one slip of the pen
/// away), ``few_figures`` (one or two otherwise) or ``rewrite`` (three or more). ``classes`` counts equal, digit_edit, few_figures, rewrite;
/// ``net`` and ``absolute`` sum the differences of every column, second less first; ``columns`` has their names. It is what ``compared`` of
/// :func:`read` and of the report holds.
///
/// Copies are no random sample: sums are over what was compared, and only a drawn sample may be scaled up (:func:`pairs_total`).
#[pyfunction]
pub fn pairs<'py>(first: &Bound<'py, PyDict>, second: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let py = first.py();
    let mut names = Vec::new();
    let mut both: Vec<[Vec<Option<u32>>; 2]> = Vec::new();
    for (name, given) in first.iter() {
        let name = name.str()?.to_string_lossy().into_owned();
        let Some(other) = second.get_item(&name)? else {
            return Err(wrong(format!("second has no column {name:?}, which first has")));
        };
        both.push([stated(&format!("first[{name:?}]"), &given)?, stated(&format!("second[{name:?}]"), &other)?]);
        names.push(name);
    }
    if names.is_empty() || second.len() != names.len() {
        return Err(wrong("first and second need the same columns, at least one"));
    }
    let stations = both.first().map_or(0, |own| own[0].len());
    for (name, own) in names.iter().zip(&both) {
        even(&format!("first[{name:?}]"), own[0].len(), stations)?;
        even(&format!("second[{name:?}]"), own[1].len(), stations)?;
    }
    let made = compute(py, || {
        let row = |which: usize| {
            let figures = |place: usize| both.iter().map(|own| own[which].get(place).copied().flatten()).collect();
            (0..stations).map(figures).collect::<Vec<Vec<Option<u32>>>>()
        };
        let (first, second) = (row(0), row(1));
        let rows = first.iter().zip(&second).enumerate();
        compare(rows.map(|(place, (a, b))| (place, a.as_slice(), b.as_slice())), names.len())
    })?;
    let found = dict(py, &made)?;
    found.set_item("columns", names)?;
    Ok(found)
}

/// The sum of differences over all ``stations`` from those of a drawn sample: ``N dbar`` with variance ``N^2 (1 - n / N) s^2 / n`` and
/// Student's t.
///
/// ``differences`` are whole numbers, second count less first, of a simple random sample; copies that somebody happened to make are none.
#[pyfunction]
#[pyo3(signature = (differences, stations, *, level=0.95))]
pub fn pairs_total<'py>(differences: &Bound<'py, PyAny>, stations: usize, level: f64) -> PyResult<Bound<'py, PyDict>> {
    let py = differences.py();
    let numpy = py.import("numpy")?;
    let array = numpy.call_method1("asarray", (differences,))?;
    if !matches!(array.getattr("dtype")?.getattr("kind")?.extract::<char>()?, 'i' | 'u') {
        return Err(wrong("differences: whole numbers are needed"));
    }
    let own: Vec<i64> = array.call_method0("tolist")?.extract()?;
    let level = between_0_and_1("level", level)?;
    match compute(py, || sampled_total(&own, stations, level))? {
        Some(total) => dict(py, &total),
        None => Err(wrong(format!(
            "{} differences of {stations} stations: at least two are needed, and no more than stations",
            own.len()
        ))),
    }
}

/// The flow of the vote between two elections (Myagkov, Ordeshook and Shakin 2009): an ecological regression over matched units.
///
/// ``before`` and ``after`` are dicts of columns (categories) with one share of the registered voters a unit, the same units in the same
/// order; the shares of a unit should add up to 1 (those who stayed at home are a category). ``free[i, j]`` is what least squares without
/// constraints say went from category i to j: entries below 0 or above 1 are the signal to look for. ``constrained`` has rows that are
/// nonnegative and add up to 1: the true optimum, with its sum of squares ``objective``. No voter is followed, and units whose lists
/// changed bias it without a trace: an effect size, never a test.
#[pyfunction]
pub fn flow<'py>(before: &Bound<'py, PyDict>, after: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let py = before.py();
    let (from, to) = (rows("before", before)?, rows("after", after)?);
    if from.1.len() != to.1.len() {
        return Err(wrong(format!("after has {} units where before has {}", to.1.len(), from.1.len())));
    }
    let made = compute(py, || flowing(&from.1, &to.1))?.map_err(|why| wrong(why.to_string()))?;
    let shape = (from.0.len(), to.0.len());
    let found = PyDict::new(py);
    found.set_item("before", from.0)?;
    found.set_item("after", to.0)?;
    for (name, matrix) in [("free", made.free), ("constrained", made.constrained)] {
        let flat = real_column(py, matrix.into_iter().flatten())?;
        found.set_item(name, flat.call_method1("reshape", shape)?)?;
    }
    found.set_item("objective", made.objective)?;
    found.set_item("units", made.units)?;
    Ok(found)
}

/// Names of columns, and one row a unit.
fn rows(name: &str, given: &Bound<'_, PyDict>) -> PyResult<(Vec<String>, Vec<Vec<f64>>)> {
    let (mut names, mut columns) = (Vec::new(), Vec::<Vec<f64>>::new());
    for (own, column) in given.iter() {
        let own = own.str()?.to_string_lossy().into_owned();
        let column = reals(&format!("{name}[{own:?}]"), &column)?;
        if columns.first().is_some_and(|first| first.len() != column.len()) {
            return Err(wrong(format!("{name}[{own:?}] has {} units, another column has others", column.len())));
        }
        names.push(own);
        columns.push(column);
    }
    let units = columns.first().map_or(0, Vec::len);
    let row = |place: usize| columns.iter().filter_map(|own| own.get(place).copied()).collect();
    Ok((names, (0..units).map(row).collect()))
}
