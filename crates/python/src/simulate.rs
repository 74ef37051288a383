//! Simulated elections.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::Station;
use recount_forensics::random::Random;
use recount_forensics::simulate::{Alteration, Recipe};
use recount_forensics::special::LogFactorial;

use crate::arrays::counts;
use crate::border::{between_0_and_1, compute, wrong};
use crate::results::whole;

/// An election with stations of these sizes: clean, or altered in a known way.
///
/// Turnout ``logistic(logit t + z1 s / (t (1 - t)))`` with ``t = turnout``, ``s = turnout_spread``, share likewise, z1 and z2 normal with
/// correlation ``rho``; then ``G ~ Bin(N, T)``, ``R = G``, ``W ~ Bin(G, S)``. ``alteration`` alters a random ``fraction`` of the stations:
/// ``stuff`` (a part of the absent added), ``steal`` (a part of the others' votes moved), ``round_five`` (stuffed up to a multiple of
/// 5 % turnout), ``rewrite`` (round figures throughout), ``invent`` (the last digit as people invent it). The same ``seed`` and
/// ``number`` draw the same election on every machine.
#[pyfunction]
#[pyo3(signature = (registered, *, seed=1, number=0, turnout=0.55, turnout_spread=0.09, share=0.45, share_spread=0.12, rho=0.0,
                    alteration=None, fraction=0.1))]
#[allow(clippy::too_many_arguments, reason = "the recipe has five numbers")]
pub fn simulate<'py>(
    registered: &Bound<'py, PyAny>,
    seed: u64,
    number: u64,
    turnout: f64,
    turnout_spread: f64,
    share: f64,
    share_spread: f64,
    rho: f64,
    alteration: Option<&str>,
    fraction: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let sizes = counts("registered", registered)?;
    let level = |name, value| between_0_and_1(name, value);
    let spread = |name: &str, value: f64| {
        if (0.0..=1.0).contains(&value) {
            Ok(value)
        } else {
            Err(wrong(format!("{name}: {value} does not lie between 0 and 1")))
        }
    };
    if rho.is_nan() || rho.abs() > 1.0 {
        return Err(wrong(format!("rho: {rho} is no correlation")));
    }
    let recipe = Recipe {
        turnout: level("turnout", turnout)?,
        turnout_spread: spread("turnout_spread", turnout_spread)?,
        share: level("share", share)?,
        share_spread: spread("share_spread", share_spread)?,
        rho,
    };
    let fraction = spread("fraction", fraction)?;
    let alteration = alteration.map(altered).transpose()?;
    let py = registered.py();
    let stations: Vec<Station> = compute(py, || {
        let facts = LogFactorial::up_to(sizes.iter().copied().max().unwrap_or(0));
        let mut random = Random::stream(seed, number);
        let mut stations = recipe.election(&sizes, &mut random, &facts);
        if let Some(alteration) = alteration {
            alteration.apply(&mut stations, fraction, &mut random);
        }
        stations
    })?;
    let table = PyDict::new(py);
    table.set_item("registered", whole(py, stations.iter().map(|own| own.registered))?)?;
    table.set_item("issued", whole(py, stations.iter().map(|own| own.issued))?)?;
    table.set_item("found", whole(py, stations.iter().map(|own| own.found))?)?;
    table.set_item("leader", whole(py, stations.iter().map(|own| own.leader))?)?;
    Ok(table)
}

fn altered(word: &str) -> PyResult<Alteration> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|_| {
        wrong(format!("alteration: there is no {word:?}; there is stuff, steal, round_five, rewrite, invent"))
    })
}
