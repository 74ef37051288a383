//! Declarations: texts in TOML with a schema and rules beyond it (forms, maps of tables), read with the place of what is wrong.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::id::check_id;

/// The longest declaration, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// Why a text declares nothing valid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeclarationError {
    /// Not TOML, an unknown or missing key, a wrong type, or a formula or template that does not parse.
    #[error("{message}")]
    Toml {
        /// What is wrong.
        message: String,
        /// Bytes of the text that it is about.
        span: Option<Range<usize>>,
    },
    /// Well-formed, but against a rule.
    #[error("{message}")]
    Rule {
        /// Which rule, and by what.
        message: String,
        /// Bytes of the text that it is about, where they can be found.
        span: Option<Range<usize>>,
    },
}

impl DeclarationError {
    /// The bytes of the text that the error is about, where known.
    #[must_use]
    pub const fn span(&self) -> Option<&Range<usize>> {
        match self {
            Self::Toml { span, .. } | Self::Rule { span, .. } => span.as_ref(),
        }
    }
}

/// A broken rule, and the value that broke it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    message: String,
    value: String,
}

impl Broken {
    /// The rule that `value` breaks.
    #[must_use]
    pub fn new(value: &str, message: impl Into<String>) -> Self {
        Self { message: message.into(), value: value.to_owned() }
    }
}

impl From<Broken> for DeclarationError {
    /// Without a place, because there is no text.
    fn from(broken: Broken) -> Self {
        Self::Rule { message: broken.message, span: None }
    }
}

/// Reads a declaration and applies `rules` to it; `what` names it in errors ("a map").
///
/// # Errors
/// What is wrong, with the place in the text where it can be named.
pub fn read<T: DeserializeOwned>(
    text: &str,
    what: &str,
    rules: impl FnOnce(&T) -> Result<(), Broken>,
) -> Result<T, DeclarationError> {
    if text.len() > MAX_TEXT {
        let message = format!("{what} has at most {MAX_TEXT} bytes");
        return Err(DeclarationError::Rule { message, span: None });
    }
    let declared: T = toml::from_str(text)
        .map_err(|error| DeclarationError::Toml { message: error.message().to_owned(), span: error.span() })?;
    match rules(&declared) {
        Ok(()) => Ok(declared),
        Err(broken) => Err(DeclarationError::Rule { span: find(text, &broken.value), message: broken.message }),
    }
}

/// The last place where the text holds `value` as a string: of two duplicates, the second.
fn find(text: &str, value: &str) -> Option<Range<usize>> {
    let quoted = format!("\"{value}\"");
    text.rfind(&quoted).map(|start| start..start + quoted.len())
}

/// The name is an identifier; `what` it names is for the error.
///
/// # Errors
/// It is none.
pub fn id(what: &str, name: &str) -> Result<(), Broken> {
    check_id(name).map_err(|error| Broken::new(name, format!("{what}: {error}")))
}

/// None of the names occurs twice.
///
/// # Errors
/// The first that does.
pub fn distinct<'a>(what: &str, mut names: impl Iterator<Item = &'a str>) -> Result<(), Broken> {
    let mut seen = BTreeSet::new();
    names.try_for_each(|name| once(&mut seen, what, name))
}

/// Every name is an identifier, and none occurs twice.
///
/// # Errors
/// The first that is none, or occurs again.
pub fn names<'a>(what: &str, mut names: impl Iterator<Item = &'a str>) -> Result<(), Broken> {
    let mut seen = BTreeSet::new();
    names.try_for_each(|name| {
        id(what, name)?;
        once(&mut seen, what, name)
    })
}

fn once<'a>(seen: &mut BTreeSet<&'a str>, what: &str, name: &'a str) -> Result<(), Broken> {
    if seen.insert(name) { Ok(()) } else { Err(Broken::new(name, format!("the {what} {name:?} is declared twice"))) }
}
