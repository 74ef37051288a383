//! The border between Python and the computing: the interpreter's lock is given up while numbers are worked on, and nothing that
//! goes wrong inside reaches Python as anything but an exception.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

/// Computes without the interpreter's lock, so that other threads of Python go on; a panic becomes a `RuntimeError`.
pub fn compute<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| catch_unwind(AssertUnwindSafe(work))).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        PyRuntimeError::new_err(format!("the computation failed, which is a mistake in it: {text}"))
    })
}

/// A `ValueError`.
pub fn wrong(text: impl Into<String>) -> PyErr {
    PyValueError::new_err(text.into())
}

/// A number that must lie strictly between 0 and 1, such as a level or a rate of false discoveries.
pub fn between_0_and_1(name: &str, value: f64) -> PyResult<f64> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(wrong(format!("{name}: {value} does not lie between 0 and 1")))
    }
}

/// A count within bounds.
pub fn within(name: &str, value: u64, low: u64, high: u64) -> PyResult<usize> {
    if !(low..=high).contains(&value) {
        return Err(wrong(format!("{name}: {value} does not lie between {low} and {high}")));
    }
    usize::try_from(value).map_err(|_| wrong(format!("{name}: {value} is too large")))
}
