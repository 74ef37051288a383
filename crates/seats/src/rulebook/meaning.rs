//! Words and numbers with their meaning, or a refusal at their place.

use super::{
    MOST_SEATS, RulebookError,
    raw::{Spanned, Text},
};
use crate::Ratio;

/// One of these words, as its meaning.
pub(super) fn one_of<T: Clone>(text: &Text, words: &[(&str, T)]) -> Result<T, RulebookError> {
    let found = words.iter().find(|(word, _)| *word == text.as_ref());
    found.map(|(_, meaning)| meaning.clone()).ok_or_else(|| {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        RulebookError::at(
            text.span(),
            format!("`{}` is not known here", text.as_ref()),
            format!("use one of: {}", known.join(", ")),
        )
    })
}

/// As [`one_of`], with a meaning for what is not written.
pub(super) fn one_of_or<T: Clone>(text: Option<&Text>, words: &[(&str, T)], default: T) -> Result<T, RulebookError> {
    text.map_or(Ok(default), |text| one_of(text, words))
}

/// Refuses a name that is not among those known.
pub(super) fn known(text: &Text, names: &[String], what: &str) -> Result<(), RulebookError> {
    if names.contains(text.as_ref()) {
        return Ok(());
    }
    Err(RulebookError::at(
        text.span(),
        format!("there is no {what} `{}`", text.as_ref()),
        if names.is_empty() { "declare it first".to_owned() } else { format!("known: {}", names.join(", ")) },
    ))
}

pub(super) fn ratio(text: &Text) -> Result<Ratio, RulebookError> {
    Ratio::parse(text.as_ref()).map_err(|what| RulebookError::at(text.span(), what, "write a ratio such as \"7/5\""))
}

pub(super) fn share(text: &Text) -> Result<crate::Share, RulebookError> {
    crate::Share::parse(text.as_ref())
        .map_err(|what| RulebookError::at(text.span(), what, "write a ratio from 0 to 1 such as \"7/100\""))
}

pub(super) fn seats(number: &Spanned<u64>) -> Result<u64, RulebookError> {
    seats_at(*number.as_ref(), number.span())
}

pub(super) fn seats_at(number: u64, span: std::ops::Range<usize>) -> Result<u64, RulebookError> {
    if (1..=MOST_SEATS).contains(&number) {
        return Ok(number);
    }
    Err(RulebookError::at(span, format!("{number} seats"), format!("write a number of seats from 1 to {MOST_SEATS}")))
}
