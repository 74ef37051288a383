//! What is wrong with a rulebook, where, and what to do.

use std::ops::Range;

use thiserror::Error;

/// A rulebook was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}; {help}")]
pub struct RulebookError {
    span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl RulebookError {
    /// The bytes of the text that are meant, if one place is meant.
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    pub(crate) fn at(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span: Some(span), message: message.into(), help: help.into() }
    }

    pub(crate) fn whole(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: help.into() }
    }

    pub(crate) fn toml(error: &toml::de::Error) -> Self {
        Self {
            span: error.span(),
            message: error.message().trim().replace('\n', " "),
            help: "correct this place in the TOML text; unknown keys are not ignored".to_owned(),
        }
    }
}
