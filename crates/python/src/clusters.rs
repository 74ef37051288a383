//! Quick counts in two stages: units first, in proportion to their voters, then stations within them.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::quick::{ClusterReturn, draw_two_stage, estimate_clusters};

use crate::arrays::{Labels, counts, even, reals};
use crate::border::{between_0_and_1, compute, within as between, wrong};
use crate::quick::{Register, denominator};
use crate::results::{dict, labels, reals as real_column, whole};

/// Draws a sample in two stages: ``units[h]`` units of every stratum h with chances in proportion to their voters (systematic
/// selection, Madow 1949; a unit larger than a step for certain), then at most ``within`` stations of each, each set equally likely.
///
/// ``unit``, ``registered`` and ``stratum`` have one value for each station of the register; all stations of a unit are in one stratum.
/// Columns of the stations drawn, in the order of the register: ``row`` (the place), ``unit``, ``stratum``, and ``weight``, which is one
/// over the chance to be drawn; ``units`` counts the units of every stratum, for :func:`quick_clusters`. Units are numbered in order of
/// first appearance: the same register in the same order and the same ``seed`` give the same sample.
#[pyfunction]
#[pyo3(signature = (unit, registered, stratum, units, *, within, seed))]
pub fn quick_two_stage<'py>(
    unit: &Bound<'py, PyAny>,
    registered: &Bound<'py, PyAny>,
    stratum: &Bound<'py, PyAny>,
    units: &Bound<'py, PyDict>,
    within: u64,
    seed: u64,
) -> PyResult<Bound<'py, PyDict>> {
    let py = unit.py();
    let sizes = counts("registered", registered)?;
    let (names, strata) = (Labels::read("unit", unit, sizes.len())?, Labels::read("stratum", stratum, sizes.len())?);
    let register = Register::<usize>::read("units", units)?;
    let numbers = register.numbers(&strata)?;
    let mut of = BTreeMap::new();
    for (place, (own, stratum)) in names.of.iter().zip(&numbers).enumerate() {
        if *of.entry(*own).or_insert(*stratum) != *stratum {
            return Err(wrong(format!("stratum[{place}] is not that of the other stations of its unit")));
        }
    }
    let (within, wanted) = (between("within", within, 1, 1_000_000)?, register.map());
    let made = compute(py, || draw_two_stage(&names.of, &sizes, &of, &wanted, within, seed))?;
    let rows = || made.drawn.iter().map(|own| own.place);
    let found = PyDict::new(py);
    found.set_item("row", whole(py, rows())?)?;
    found.set_item("unit", labels(py, &names.names, made.drawn.iter().map(|own| own.unit))?)?;
    found.set_item("stratum", labels(py, &strata.names, rows().filter_map(|row| strata.of.get(row).copied()))?)?;
    found.set_item("weight", real_column(py, made.drawn.iter().map(|own| own.weight))?)?;
    found.set_item("units", register.named(py, &made.units)?)?;
    Ok(found)
}

/// A share from a sample in two stages, with the variance between units of a stratum (Hansen, Hurwitz and Madow 1953).
///
/// ``p = sum w y / sum w m``; with ``z_c = sum over the unit of w (y - p m)``, variance ``sum over strata of a / (a - 1) sum (z_c - mean z)^2 /
/// (sum w m)^2`` for a units with returns; Student's t with units less strata degrees of freedom. ``design_effect`` is that variance over
/// the one of as many stations drawn singly.
///
/// One value for each station returned; ``weight`` as :func:`quick_two_stage` drew it, where stations of a unit are missing times
/// those drawn there over those returned. ``units`` is its count of units of every stratum.
#[pyfunction]
#[pyo3(signature = (votes, of, unit, stratum, weight, units, *, denominator="valid", level=0.95))]
#[allow(clippy::too_many_arguments, reason = "columns of one table")]
pub fn quick_clusters<'py>(
    votes: &Bound<'py, PyAny>,
    of: &Bound<'py, PyAny>,
    unit: &Bound<'py, PyAny>,
    stratum: &Bound<'py, PyAny>,
    weight: &Bound<'py, PyAny>,
    units: &Bound<'py, PyDict>,
    denominator: &str,
    level: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let py = votes.py();
    let (votes, of, weight) = (reals("votes", votes)?, reals("of", of)?, reals("weight", weight)?);
    even("of", of.len(), votes.len())?;
    even("weight", weight.len(), votes.len())?;
    if let Some(place) = weight.iter().position(|own| *own <= 0.0) {
        return Err(wrong(format!("weight[{place}] is {}: a chance is above 0", weight[place])));
    }
    let unit = Labels::read("unit", unit, votes.len())?;
    let strata = Labels::read("stratum", stratum, votes.len())?;
    let register = Register::<usize>::read("units", units)?;
    let numbers = register.numbers(&strata)?;
    let (denominator, level) = (self::denominator(denominator)?, between_0_and_1("level", level)?);
    let one = |place: usize| {
        let (stratum, unit) = (*numbers.get(place)?, *unit.of.get(place)?);
        Some(ClusterReturn {
            stratum,
            unit,
            weight: *weight.get(place)?,
            votes: *votes.get(place)?,
            of: *of.get(place)?,
        })
    };
    let returns: Vec<ClusterReturn> = (0..votes.len()).filter_map(one).collect();
    let known = register.map();
    let made = compute(py, || estimate_clusters(&returns, &known, denominator, level))?;
    made.map_or_else(|why| Err(register.refused(&why)), |found| dict(py, &found))
}
