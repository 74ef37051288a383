//! Quick counts (parallel vote tabulation): a sample of stations, and what it says about all of them.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::quick::{
    Denominator, Estimate, NotEstimable, Return, draw, estimate, needed, neyman, post_stratified, proportional,
    size_classes, worst_case,
};

use crate::arrays::{Labels, Names, counts, even, reals};
use crate::border::{between_0_and_1, compute, wrong};
use crate::results::{dict, whole};

/// A stratum as it is named in Python.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stratum {
    /// A whole number.
    Number(i64),
    /// A word.
    Word(String),
}

impl std::fmt::Display for Stratum {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(own) => write!(to, "{own}"),
            Self::Word(own) => write!(to, "\"{own}\""),
        }
    }
}

/// Strata in the order of a dict from Python, numbered in that order, each with its value.
pub struct Register<T> {
    order: Vec<Stratum>,
    values: Vec<T>,
}

impl<T: for<'a, 'py> FromPyObject<'a, 'py>> Register<T> {
    /// From a dict.
    pub fn read(name: &str, given: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (mut order, mut values) = (Vec::new(), Vec::new());
        for (key, value) in given.iter() {
            let stratum = match key.extract::<i64>() {
                Ok(number) => Stratum::Number(number),
                Err(_) => Stratum::Word(
                    key.extract().map_err(|_| wrong(format!("{name}: a stratum is a whole number or a word")))?,
                ),
            };
            let value =
                value.extract().map_err(|_| wrong(format!("{name}[{stratum}]: a number of stations is needed")))?;
            order.push(stratum);
            values.push(value);
        }
        Ok(Self { order, values })
    }

    fn number(&self, stratum: &Stratum) -> Option<u32> {
        self.order.iter().position(|own| own == stratum).and_then(|place| u32::try_from(place).ok())
    }

    /// Why there is no estimate, with the stratum as Python names it.
    pub fn refused(&self, why: &NotEstimable) -> PyErr {
        let fields = serde_json::to_value(why).unwrap_or_default();
        let number = fields.get("stratum").and_then(serde_json::Value::as_u64).and_then(|own| u32::try_from(own).ok());
        let text = why.to_string();
        let name = number.and_then(|number| Some((number, self.order.get(number as usize)?)));
        wrong(match name {
            Some((number, name)) => text.replacen(&format!("stratum {number} "), &format!("stratum {name} "), 1),
            None => text,
        })
    }

    /// One number a station, in the order of this register.
    pub fn numbers(&self, labels: &Labels) -> PyResult<Vec<u32>> {
        let names: Vec<Stratum> = match &labels.names {
            Names::Numbers(own) => own.iter().map(|own| Stratum::Number(*own)).collect(),
            Names::Words(own) => own.iter().map(|own| Stratum::Word(own.clone())).collect(),
        };
        let one = |stratum: &Stratum| {
            self.number(stratum).ok_or_else(|| wrong(format!("stratum {stratum} is not in the register of strata")))
        };
        let numbers = names.iter().map(one).collect::<PyResult<Vec<u32>>>()?;
        Ok(labels.of.iter().filter_map(|own| numbers.get(*own as usize)).copied().collect())
    }
}

impl<T: Copy> Register<T> {
    /// By number.
    pub fn map(&self) -> BTreeMap<u32, T> {
        (0..).zip(self.values.iter().copied()).collect()
    }

    /// Back to Python's names.
    pub fn named<'py>(&self, py: Python<'py>, counts: &BTreeMap<u32, usize>) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        for (number, count) in counts {
            match self.order.get(*number as usize) {
                Some(Stratum::Number(own)) => found.set_item(own, count)?,
                Some(Stratum::Word(own)) => found.set_item(own, count)?,
                None => {}
            }
        }
        Ok(found)
    }
}

/// Returns of stations with their register.
struct Returned {
    returns: Vec<Return>,
    register: Register<usize>,
    denominator: Denominator,
    level: f64,
}

impl Returned {
    fn read(
        votes: &Bound<'_, PyAny>,
        of: &Bound<'_, PyAny>,
        stratum: &Bound<'_, PyAny>,
        stations: &Bound<'_, PyDict>,
        denominator: &str,
        level: f64,
    ) -> PyResult<Self> {
        let (votes, of) = (reals("votes", votes)?, reals("of", of)?);
        even("of", of.len(), votes.len())?;
        let labels = Labels::read("stratum", stratum, votes.len())?;
        let register = Register::read("stations", stations)?;
        let numbers = register.numbers(&labels)?;
        let one = |((votes, of), stratum): ((f64, f64), u32)| Return { stratum, votes, of };
        let returns = votes.into_iter().zip(of).zip(numbers).map(one).collect();
        let denominator = self::denominator(denominator)?;
        Ok(Self { returns, register, denominator, level: between_0_and_1("level", level)? })
    }

    fn answer<'py>(&self, py: Python<'py>, made: Result<Estimate, NotEstimable>) -> PyResult<Bound<'py, PyDict>> {
        made.map_or_else(|why| Err(self.register.refused(&why)), |estimate| dict(py, &estimate))
    }
}

/// A denominator by its word.
pub fn denominator(word: &str) -> PyResult<Denominator> {
    match word {
        "valid" => Ok(Denominator::Valid),
        "cast" => Ok(Denominator::Cast),
        "registered" => Ok(Denominator::Registered),
        _ => Err(wrong(format!("denominator: there is no {word:?}; there is valid, cast, registered"))),
    }
}

/// A share from a drawn sample of stations: the combined ratio estimate over strata, with its interval.
///
/// ``p = sum N_h mean(y_h) / sum N_h mean(m_h)`` for votes y of a denominator m, variance ``sum N_h^2 (1 - n_h / N_h) s_h^2 / n_h / M^2`` of the
/// residuals ``y - p m``, Student's t with ``sum (n_h - 1)`` degrees of freedom. The unit is the station, never the voter: intervals from
/// voters cover 24 to 39 % of the time where 95 % is claimed.
///
/// ``votes``, ``of`` and ``stratum`` have one value for each station returned (for a lead: votes of one less those of the other);
/// ``stations`` is a dict with the number of stations N_h of every stratum. A stratum with fewer than two returns has no variance:
/// then ``ValueError`` says so, and no number is made up.
#[pyfunction]
#[pyo3(signature = (votes, of, stratum, stations, *, denominator="valid", level=0.95))]
pub fn quick_count<'py>(
    py: Python<'py>,
    votes: &Bound<'py, PyAny>,
    of: &Bound<'py, PyAny>,
    stratum: &Bound<'py, PyAny>,
    stations: &Bound<'py, PyDict>,
    denominator: &str,
    level: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let own = Returned::read(votes, of, stratum, stations, denominator, level)?;
    let register = own.register.map();
    let made = compute(py, || estimate(&own.returns, &register, own.denominator, own.level))?;
    own.answer(py, made)
}

/// The same for early returns, with classes in place of strata: each class counts for all its stations, however many returned.
///
/// It removes the bias of early returns as far as arrival depends on the class alone (see :func:`quick_classes`). Classes with fewer
/// than ``least`` returns are merged into the next one of ``stations``.
#[pyfunction]
#[pyo3(signature = (votes, of, class_, stations, *, least=2, denominator="valid", level=0.95))]
#[allow(clippy::too_many_arguments, reason = "independent options")]
pub fn quick_early<'py>(
    py: Python<'py>,
    votes: &Bound<'py, PyAny>,
    of: &Bound<'py, PyAny>,
    class_: &Bound<'py, PyAny>,
    stations: &Bound<'py, PyDict>,
    least: u32,
    denominator: &str,
    level: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let own = Returned::read(votes, of, class_, stations, denominator, level)?;
    let register = own.register.map();
    let made = compute(py, || post_stratified(&own.returns, &register, least as usize, own.denominator, own.level))?;
    own.answer(py, made)
}

/// Where a share can lie whatever the missing stations say: ``(1 - q) p + q L`` to ``(1 - q) p + q U``.
///
/// ``reported`` is the share p among what has reported, ``missing`` the part q of the denominator that has not, whose own share lies
/// between ``low`` and ``high``.
#[pyfunction]
#[pyo3(signature = (reported, missing, *, low=0.0, high=1.0))]
pub fn quick_bounds(py: Python<'_>, reported: f64, missing: f64, low: f64, high: f64) -> PyResult<Bound<'_, PyDict>> {
    for (name, value) in [("reported", reported), ("missing", missing), ("low", low), ("high", high)] {
        if !(0.0..=1.0).contains(&value) {
            return Err(wrong(format!("{name}: {value} does not lie between 0 and 1")));
        }
    }
    dict(py, &worst_case(reported, missing, low, high))
}

/// Stations needed for a margin: ``n0 = z^2 S_e^2 / (margin^2 M^2)``, ``n = n0 / (1 + n0 / N)``.
///
/// ``residual_variance`` is that of ``y - p m`` over stations of an earlier election, ``mean_denominator`` the mean of m there.
#[pyfunction]
#[pyo3(signature = (residual_variance, mean_denominator, margin, stations, *, level=0.95))]
pub fn quick_size(
    residual_variance: f64,
    mean_denominator: f64,
    margin: f64,
    stations: usize,
    level: f64,
) -> PyResult<usize> {
    for (name, value) in [("residual_variance", residual_variance), ("mean_denominator", mean_denominator)] {
        if !value.is_finite() || value < 0.0 {
            return Err(wrong(format!("{name}: {value} is no such number")));
        }
    }
    let (margin, level) = (between_0_and_1("margin", margin)?, between_0_and_1("level", level)?);
    Ok(needed(residual_variance, mean_denominator, margin, level, stations))
}

/// Shares out a sample of ``total`` stations over strata: in proportion to their stations, at least two each, or with ``spread`` (the
/// residual standard deviation of each stratum) in proportion to stations times that (Neyman 1934).
#[pyfunction]
#[pyo3(signature = (stations, total, *, spread=None))]
pub fn quick_shares<'py>(
    stations: &Bound<'py, PyDict>,
    total: usize,
    spread: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let py = stations.py();
    let register = Register::<usize>::read("stations", stations)?;
    let spread = spread.map(|given| Register::<f64>::read("spread", given)).transpose()?;
    let own = register.map();
    let shares = match spread {
        None => compute(py, || proportional(&own, total))?,
        Some(spread) => {
            let number = |(stratum, value): (&Stratum, &f64)| Some((register.number(stratum)?, *value));
            let spread: BTreeMap<u32, f64> = spread.order.iter().zip(&spread.values).filter_map(number).collect();
            compute(py, || neyman(&own, &spread, total))?
        }
    };
    register.named(py, &shares)
}

/// Draws ``shares[h]`` stations of every stratum h, each set equally likely: the places of the stations drawn, ascending.
///
/// ``stratum`` has one value for each station of the register; ``seed`` comes from a public ceremony. Strata are numbered in the order
/// of ``shares``.
#[pyfunction]
pub fn quick_sample<'py>(
    stratum: &Bound<'py, PyAny>,
    shares: &Bound<'py, PyDict>,
    seed: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let py = stratum.py();
    let labels = Labels::read("stratum", stratum, stratum.len()?)?;
    let register = Register::<usize>::read("shares", shares)?;
    let (strata, counts) = (register.numbers(&labels)?, register.map());
    let drawn = compute(py, || draw(&strata, &counts, seed))?;
    whole(py, drawn.places)
}

/// Classes of size within strata, for :func:`quick_early`: ``stratum number * parts + part`` for each station.
///
/// Within every stratum the stations are put in order of ``registered`` and cut into ``parts`` classes; strata are numbered in order of
/// first appearance.
#[pyfunction]
#[pyo3(signature = (stratum, registered, *, parts=3))]
pub fn quick_classes<'py>(
    stratum: &Bound<'py, PyAny>,
    registered: &Bound<'py, PyAny>,
    parts: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let py = stratum.py();
    let sizes = counts("registered", registered)?;
    let labels = Labels::read("stratum", stratum, sizes.len())?;
    if !(1..=1000).contains(&parts) {
        return Err(wrong(format!("parts: {parts} does not lie between 1 and 1000")));
    }
    let classes = compute(py, || size_classes(&labels.of, &sizes, parts))?;
    whole(py, classes)
}
