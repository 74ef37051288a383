//! Columns from Python: whole numbers of any width, from whatever numpy can read, copied and checked one by one.
//!
//! A float is never rounded and a missing value never read as 0: what is no whole number of 0 to 4,294,967,295 is refused with the
//! column's name and the first place that is wrong.

use std::collections::HashMap;
use std::hash::Hash;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyList, PyString};
use recount_forensics::{Keys, Station, table};

use crate::border::wrong;

/// Something with columns by name: a dict of arrays, a data frame, a structured array.
pub struct Source<'py>(Bound<'py, PyAny>);

impl<'py> Source<'py> {
    /// Wraps it.
    pub fn new(table: &Bound<'py, PyAny>) -> Self {
        Self(table.clone())
    }

    /// A column that must be there.
    pub fn column(&self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.0.get_item(name).map_err(|why| {
            wrong(format!(
                "the table has no column \"{name}\" (it must be a dict, a data frame or a structured array): {why}"
            ))
        })
    }

    /// A column given as an array or by its name; without either the one of the usual name, if there is one.
    pub fn optional(&self, given: Option<&Bound<'py, PyAny>>, usual: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        match given {
            Some(given) => match given.cast::<PyString>() {
                Ok(name) => self.column(&name.to_string_lossy()).map(Some),
                Err(_) => Ok(Some(given.clone())),
            },
            None => Ok(self.0.get_item(usual).ok().filter(|found| !found.is_none())),
        }
    }

    /// The four figures of each station.
    pub fn stations(&self) -> PyResult<Vec<Station>> {
        let column = |name: &str| counts(name, &self.column(name)?);
        let (registered, issued) = (column("registered")?, column("issued")?);
        let (found, leader) = (column("found")?, column("leader")?);
        table::stations(&registered, &issued, &found, &leader).map_err(|uneven| wrong(uneven.to_string()))
    }

    /// One label a station: a district or a region. Must be there.
    pub fn labels(&self, given: Option<&Bound<'py, PyAny>>, usual: &str, stations: usize) -> PyResult<Labels> {
        match self.optional(given, usual)? {
            Some(found) => self.numbered(given.is_none(), usual, &found, stations),
            None => {
                Err(wrong(format!("the table has no column \"{usual}\": name one with {usual}=..., or give an array")))
            }
        }
    }

    /// The same where it may be missing: then all stations are in one group without a name.
    pub fn labels_or_one(&self, given: Option<&Bound<'py, PyAny>>, usual: &str, stations: usize) -> PyResult<Labels> {
        match self.optional(given, usual)? {
            Some(found) => self.numbered(given.is_none(), usual, &found, stations),
            None => Ok(Labels { of: vec![0; stations], names: Names::Words(vec![String::new()]) }),
        }
    }

    /// Numbers the labels in order of first appearance, or as a table from [`crate::read`] names them: it knows districts whose
    /// stations were all left out, too.
    fn numbered(&self, is_usual: bool, usual: &str, found: &Bound<'py, PyAny>, stations: usize) -> PyResult<Labels> {
        let known = if is_usual { self.optional(None, &format!("{usual}_names"))? } else { None };
        match known {
            Some(known) => Labels::known(usual, found, &known, stations),
            None => Labels::read(usual, found, stations),
        }
    }
}

/// One label a station, numbered in order of first appearance.
pub struct Labels {
    /// Number of each station's label.
    pub of: Vec<u32>,
    /// The labels.
    pub names: Names,
}

/// Labels as they were given.
pub enum Names {
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// Words.
    Words(Vec<String>),
}

impl Labels {
    /// Reads whole numbers or words.
    pub fn read(name: &str, given: &Bound<'_, PyAny>, expected: usize) -> PyResult<Self> {
        let array = one_dimension(name, given)?;
        let labels = if is_whole(&array)? {
            let (of, names) = numbered(whole(name, &array)?);
            Self { of, names: Names::Numbers(names) }
        } else {
            let (of, names) = numbered(words(name, &array)?);
            Self { of, names: Names::Words(names) }
        };
        even(name, labels.of.len(), expected)?;
        Ok(labels)
    }

    /// Reads words that are numbered already.
    fn known(name: &str, given: &Bound<'_, PyAny>, known: &Bound<'_, PyAny>, expected: usize) -> PyResult<Self> {
        let names = words(&format!("{name}_names"), &one_dimension(&format!("{name}_names"), known)?)?;
        let numbers: HashMap<&str, u32> = names.iter().map(String::as_str).zip(0..).collect();
        let all = texts(name, given, expected)?;
        let one = |(place, label): (usize, &String)| {
            let number = numbers.get(label.as_str()).copied();
            number.ok_or_else(|| wrong(format!("{name}[{place}] is {label:?}, which {name}_names does not have")))
        };
        let of = all.iter().enumerate().map(one).collect::<PyResult<Vec<u32>>>()?;
        Ok(Self { of, names: Names::Words(names) })
    }

    /// As keys with names.
    pub fn keys(&self) -> Keys {
        let names = match &self.names {
            Names::Numbers(names) => names.iter().map(i64::to_string).collect(),
            Names::Words(names) => names.clone(),
        };
        Keys { of: self.of.clone(), names }
    }

    /// The numbers of some stations.
    pub fn pick(&self, rows: &[usize]) -> Vec<u32> {
        rows.iter().filter_map(|row| self.of.get(*row)).copied().collect()
    }
}

fn numbered<T: Hash + Eq + Clone>(all: Vec<T>) -> (Vec<u32>, Vec<T>) {
    let (mut seen, mut names) = (HashMap::<T, u32>::new(), Vec::new());
    let mut number = |label: T| {
        *seen.entry(label).or_insert_with_key(|label| {
            names.push(label.clone());
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let of = all.into_iter().map(&mut number).collect();
    (of, names)
}

/// Refuses columns of different lengths.
pub fn even(name: &str, found: usize, expected: usize) -> PyResult<()> {
    if found == expected {
        return Ok(());
    }
    Err(wrong(format!("{name} has {found} values where there are {expected} stations")))
}

/// A column of counts.
pub fn counts(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
    let array = one_dimension(name, given)?;
    let narrow = |(place, value): (usize, i64)| {
        u32::try_from(value).map_err(|_| {
            let why = if value < 0 { "is negative" } else { "is more than 4,294,967,295" };
            wrong(format!("{name}[{place}] is {value}, which {why}"))
        })
    };
    whole(name, &array)?.into_iter().enumerate().map(narrow).collect()
}

/// A column of words, such as the names of stations; numbers are written out.
pub fn texts(name: &str, given: &Bound<'_, PyAny>, expected: usize) -> PyResult<Vec<String>> {
    let array = one_dimension(name, given)?;
    let texts = if is_whole(&array)? {
        whole(name, &array)?.iter().map(i64::to_string).collect()
    } else {
        words(name, &array)?
    };
    even(name, texts.len(), expected)?;
    Ok(texts)
}

/// A column of finite floats; whole numbers are taken too.
pub fn reals(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let array = one_dimension(name, given)?;
    let kind = kind(&array)?;
    if !matches!(kind, 'i' | 'u' | 'f') {
        return Err(wrong(format!("{name} holds {}: numbers are needed", dtype(&array)?)));
    }
    let values: Vec<f64> = bytes(&array, "<f8")?.into_iter().map(f64::from_le_bytes).collect();
    match values.iter().position(|value| !value.is_finite()) {
        Some(place) => {
            Err(wrong(format!("{name}[{place}] is {}: every value must be there and finite", values[place])))
        }
        None => Ok(values),
    }
}

/// An array of one dimension without hidden values.
fn one_dimension<'py>(name: &str, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = given.py();
    let numpy = py.import("numpy")?;
    let masked = numpy.getattr("ma")?.getattr("MaskedArray")?;
    if given.is_instance(&masked)? && numpy.getattr("ma")?.call_method1("is_masked", (given,))?.is_truthy()? {
        return Err(wrong(format!("{name} is a masked array with values masked: leave those stations out first")));
    }
    let array = numpy.call_method1("asarray", (given,)).map_err(|why| wrong(format!("{name} is no array: {why}")))?;
    let shape: Vec<usize> = array.getattr("shape")?.extract()?;
    match shape.len() {
        1 => Ok(array),
        0 => Err(wrong(format!("{name} is a single value: an array with one value for each station is needed"))),
        _ => Err(wrong(format!("{name} has the shape {shape:?}: one dimension is needed"))),
    }
}

fn kind(array: &Bound<'_, PyAny>) -> PyResult<char> {
    let kind: String = array.getattr("dtype")?.getattr("kind")?.extract()?;
    Ok(kind.chars().next().unwrap_or('?'))
}

fn dtype(array: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(array.getattr("dtype")?.str()?.to_string_lossy().into_owned())
}

/// Whether it holds whole numbers and nothing else.
fn is_whole(array: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(match kind(array)? {
        'i' | 'u' => true,
        'O' => match array.len()? {
            0 => false,
            _ => array.get_item(0)?.extract::<i64>().is_ok(),
        },
        _ => false,
    })
}

/// The values of a numeric array as eight little-endian bytes each, whatever its strides and byte order.
fn bytes(array: &Bound<'_, PyAny>, dtype: &str) -> PyResult<Vec<[u8; 8]>> {
    let own = array.call_method1("astype", (dtype,))?.call_method0("tobytes")?;
    let own = own.cast::<PyBytes>()?;
    Ok(own.as_bytes().chunks_exact(8).map(|own| own.try_into().unwrap_or_default()).collect())
}

/// Whole numbers; what does not fit 64 bits with a sign is refused.
fn whole(name: &str, array: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    // An empty list has no kind of its own: numpy calls it float.
    if array.is_empty()? {
        return Ok(Vec::new());
    }
    match kind(array)? {
        'i' => Ok(bytes(array, "<i8")?.into_iter().map(i64::from_le_bytes).collect()),
        'u' => {
            let narrow = |(place, value): (usize, [u8; 8])| {
                let value = u64::from_le_bytes(value);
                i64::try_from(value)
                    .map_err(|_| wrong(format!("{name}[{place}] is {value}, which is more than 4,294,967,295")))
            };
            bytes(array, "<u8")?.into_iter().enumerate().map(narrow).collect()
        }
        'f' => Err(no_floats(name, array)?),
        'O' => objects(name, array),
        _ => Err(wrong(format!("{name} holds {}: whole numbers are needed", dtype(array)?))),
    }
}

/// What is wrong with floats: the first that is missing or no whole number, or that they are floats at all.
fn no_floats(name: &str, array: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let values: Vec<f64> = bytes(array, "<f8")?.into_iter().map(f64::from_le_bytes).collect();
    let off = values.iter().position(|value| !value.is_finite() || value.fract() != 0.0 || *value < 0.0);
    Ok(wrong(match off {
        Some(place) if values[place].is_nan() => {
            format!("{name}[{place}] is missing (NaN): leave such stations out first, and say how many they were")
        }
        Some(place) => format!("{name}[{place}] is {}: whole numbers of voters or ballots are needed", values[place]),
        None => {
            format!("{name} holds floats ({}): give whole numbers, such as {name}.astype(\"int64\")", dtype(array)?)
        }
    }))
}

/// Python's own whole numbers, as data frames with missing values hand them out.
fn objects(name: &str, array: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    let all = array.call_method0("tolist")?;
    let one = |(place, value): (usize, Bound<'_, PyAny>)| {
        let refuse = || wrong(format!("{name}[{place}] is {}: whole numbers are needed", shown(&value)));
        if value.is_instance_of::<PyBool>() { Err(refuse()) } else { value.extract::<i64>().map_err(|_| refuse()) }
    };
    all.cast::<PyList>()?.iter().enumerate().map(one).collect()
}

fn words(name: &str, array: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if !array.is_empty()? && !matches!(kind(array)?, 'U' | 'O' | 'T') {
        return Err(wrong(format!("{name} holds {}: whole numbers or words are needed", dtype(array)?)));
    }
    let all = array.call_method0("tolist")?;
    let one = |(place, value): (usize, Bound<'_, PyAny>)| {
        let word = value.cast::<PyString>().ok().and_then(|word| word.to_cow().ok().map(|word| word.into_owned()));
        word.ok_or_else(|| {
            wrong(format!("{name}[{place}] is {}: words, or whole numbers throughout, are needed", shown(&value)))
        })
    };
    all.cast::<PyList>()?.iter().enumerate().map(one).collect()
}

/// A value as Python prints it, shortened.
fn shown(value: &Bound<'_, PyAny>) -> String {
    let text = value.repr().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    text.chars().take(60).collect()
}
