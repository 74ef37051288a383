//! What Python gets: dictionaries as in the command's JSON, and columns as numpy arrays.

use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyDict, PyList};
use serde::Serialize;

use crate::arrays::Names;
use crate::border::wrong;

/// A value as dictionaries, lists and numbers: through the text that the command prints, so that every digit is the same.
pub fn plain<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value).map_err(|why| wrong(why.to_string()))?;
    py.import("json")?.call_method1("loads", (text,))
}

/// A value that becomes a dictionary.
pub fn dict<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyDict>> {
    Ok(plain(py, value)?.cast_into::<PyDict>()?)
}

fn array<'py>(py: Python<'py>, bytes: &[u8], dtype: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("numpy")?.call_method1("frombuffer", (PyByteArray::new(py, bytes), dtype))
}

/// Counts or places as an array of int64.
pub fn whole<'py, T: TryInto<i64>>(
    py: Python<'py>,
    values: impl IntoIterator<Item = T>,
) -> PyResult<Bound<'py, PyAny>> {
    let bytes: Vec<u8> =
        values.into_iter().flat_map(|value| value.try_into().unwrap_or(i64::MAX).to_le_bytes()).collect();
    array(py, &bytes, "<i8")
}

/// Numbers as an array of float64.
pub fn reals<'py>(py: Python<'py>, values: impl IntoIterator<Item = f64>) -> PyResult<Bound<'py, PyAny>> {
    let bytes: Vec<u8> = values.into_iter().flat_map(f64::to_le_bytes).collect();
    array(py, &bytes, "<f8")
}

/// Yes or no as an array of bool.
pub fn flags<'py>(py: Python<'py>, values: impl IntoIterator<Item = bool>) -> PyResult<Bound<'py, PyAny>> {
    let bytes: Vec<u8> = values.into_iter().map(u8::from).collect();
    array(py, &bytes, "?")
}

/// A square picture as an array of two dimensions.
pub fn square<'py>(py: Python<'py>, cells: &[u64], side: usize) -> PyResult<Bound<'py, PyAny>> {
    whole(py, cells.iter().copied())?.call_method1("reshape", (side, side))
}

/// The labels of some keys, as they were given: an array of whole numbers, or a list of words.
pub fn labels<'py>(py: Python<'py>, names: &Names, keys: impl IntoIterator<Item = u32>) -> PyResult<Bound<'py, PyAny>> {
    let keys = keys.into_iter().map(|key| key as usize);
    match names {
        Names::Numbers(own) => whole(py, keys.map(|key| own.get(key).copied().unwrap_or(-1))),
        Names::Words(own) => {
            let words: Vec<&str> = keys.map(|key| own.get(key).map_or("", String::as_str)).collect();
            Ok(PyList::new(py, words)?.into_any())
        }
    }
}
